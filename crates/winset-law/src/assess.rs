//! The question and the answer: what is owed on one entry.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assessment::{Assessment, Component, Need};
use crate::base::base_rate;
use crate::charge::charge;
use crate::entry::{Entry, Supposing};
use crate::evaluate::sum;
use crate::law::Law;
use crate::measure::Effect;
use crate::money::plus;
use crate::schedule::Line;
use crate::trace::{Asked, Trace};
use crate::{Country, GoodsCode, LawError, Money};

/// What the rules look at, without what only the importer knows.
#[derive(Clone, Copy)]
pub(crate) struct Question {
    pub(crate) importer: Country,
    pub(crate) goods: GoodsCode,
    pub(crate) origin: Country,
    pub(crate) on: Date,
    pub(crate) known: Option<Date>,
    pub(crate) value: Decimal,
}

impl Law {
    /// What is owed on an entry, as the law was known on a day (`None`: all acts in the data).
    ///
    /// # Errors
    /// No schedule or line, a date outside the law in the data, a code too short for one answer, a
    /// specific duty without a quantity in its unit, a value or content out of range.
    pub fn assess(&self, entry: &Entry, known_on: Option<Date>) -> Result<Assessment, LawError> {
        entry.check()?;
        let question = Question {
            importer: entry.importer,
            goods: entry.goods,
            origin: entry.origin,
            on: entry.on,
            known: known_on,
            value: entry.value.amount,
        };
        self.covered(entry.importer, entry.on, known_on)?;
        let line = self.line(&question)?;
        let mut trace = Trace::of(self.measures.len());
        let base = base_rate(line, &question, entry);
        let base_amount = charge(base.rate, question.value, &question, Decimal::ZERO, entry)?;
        let active = self.evaluate(&question, base_amount, entry, &mut trace)?;
        let mut components = vec![Component {
            measure: "base".into(),
            heading: None,
            authority: base.column(),
            basis: question.value,
            rate: base.rate.to_string().into(),
            amount: base_amount,
            source: format!("schedule of {}, line {}", entry.importer.name(), line.code).into(),
        }];
        let mut total = base_amount;
        for a in active.iter().filter(|a| a.yields_to.is_none()) {
            let Effect::Charges { text, .. } = &a.provision.effect else {
                continue;
            };
            total = plus(total, a.amount)?;
            let heading = if a.amount.is_zero() {
                a.measure.heading_if_nothing_due.as_ref()
            } else {
                a.provision.heading.as_ref().or(a.measure.heading.as_ref())
            };
            if a.amount.is_zero() && heading.is_none() {
                continue;
            }
            components.push(Component {
                measure: a.measure.id.clone(),
                heading: heading.cloned(),
                authority: a.measure.authority.clone(),
                basis: a.basis,
                rate: text.clone(),
                amount: a.amount,
                source: a.provision.act.source.clone(),
            });
        }
        components.extend(trace.exemptions);
        let mut needs = Vec::new();
        for asked in trace.asked {
            let total_if_yes = self.supposing(&question, entry, &asked)?;
            if total_if_yes != Some(total) {
                needs.push(Need {
                    fact: asked.fact,
                    question: asked.asks,
                    total_if_yes,
                });
            }
        }
        Ok(Assessment {
            goods: entry.goods,
            origin: entry.origin,
            importer: entry.importer,
            entry_date: entry.on,
            known_on,
            value: entry.value,
            components,
            total: Money::new(total, entry.value.currency),
            effective_rate: total.checked_div(question.value),
            needs,
            trace: trace.steps,
        })
    }

    /// The total if what was asked were so; `None` where the answer is a number.
    fn supposing(
        &self,
        q: &Question,
        entry: &Entry,
        asked: &Asked,
    ) -> Result<Option<Decimal>, LawError> {
        if asked.fact.starts_with("content:") || asked.fact.ends_with("_share") {
            return Ok(None);
        }
        let inputs = Supposing {
            entry,
            what: &asked.fact,
            loaded: asked.loaded,
        };
        let line = self.line(q)?;
        let base = charge(
            base_rate(line, q, &inputs).rate,
            q.value,
            q,
            Decimal::ZERO,
            &inputs,
        )?;
        let active = self.evaluate(q, base, &inputs, &mut ())?;
        sum(base, &active).map(Some)
    }

    /// Whether the files hold the law of a day, as known on a day.
    pub(crate) fn covered(
        &self,
        importer: Country,
        on: Date,
        known: Option<Date>,
    ) -> Result<(), LawError> {
        let mut outside = None;
        for covers in self.covers.iter().filter(|c| c.importer == importer) {
            let later = on >= covers.to && known.is_none_or(|known| known > covers.acts_to);
            if on >= covers.from && !later {
                return Ok(());
            }
            outside = Some(covers);
        }
        match outside {
            None => Ok(()),
            Some(covers) => Err(LawError::NotInData {
                importer,
                on,
                from: covers.from,
                to: covers.to,
                acts_to: covers.acts_to,
            }),
        }
    }

    pub(crate) fn line(&self, q: &Question) -> Result<&Line, LawError> {
        self.schedule(q.importer)
            .ok_or(LawError::NoSchedule {
                importer: q.importer,
            })?
            .line(q.goods, q.on)
    }
}
