//! The question and the answer: what is owed on one entry.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assessment::{Assessment, Component, Need, Reason, Step, Trace};
use crate::base::base_rate;
use crate::cell::{Cell, Scope};
use crate::charge::charge;
use crate::day::Day;
use crate::entry::{Entry, Inputs};
use crate::evaluate::{Active, Duty};
use crate::exchange::{ExchangeRates, Rule};
use crate::fault::differ;
use crate::filing::Filing;
use crate::law::Law;
use crate::measure::Effect;
use crate::money::plus;
use crate::rounding::Rounding;
use crate::schedule::Line;
use crate::supposing::Supposing;
use crate::trace::{Asked, Kept};
use crate::{Country, Currency, GoodsCode, LawError, Money};

/// What the rules look at, without what only the importer knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) importer: Country,
    pub(crate) goods: GoodsCode,
    pub(crate) origin: Country,
    pub(crate) on: Date,
    pub(crate) known: Option<Date>,
    pub(crate) value: Decimal,
    /// How quantities are rounded; not at all where absent.
    pub(crate) rounding: Option<&'a Rounding>,
    /// The currency of the value; absent, it is that of the importer's law.
    pub(crate) currency: Option<Currency>,
    pub(crate) exchange: Option<&'a ExchangeRates>,
}

/// A measure as it is declared.
pub(crate) struct Declared<'d> {
    pub(crate) active: &'d Active<'d>,
    pub(crate) heading: Option<&'d Arc<str>>,
    /// Whether the heading says that nothing is owed on the basis.
    free: bool,
    pub(crate) basis: Decimal,
    pub(crate) amount: Decimal,
}

impl Question<'_> {
    /// An amount of the law in the currency of the value.
    pub(crate) fn in_its_currency(&self, amount: Money) -> Result<Decimal, LawError> {
        let to = self.currency.unwrap_or(amount.currency);
        self.converted(amount, to)
    }

    /// An amount in another currency, by the importer's rule for the entry date.
    pub(crate) fn converted(&self, amount: Money, to: Currency) -> Result<Decimal, LawError> {
        if amount.currency == to {
            return Ok(amount.amount);
        }
        let rates = self.exchange.ok_or(LawError::Currencies {
            left: amount.currency,
            right: to,
        })?;
        let rule = Rule::of(self.importer);
        Ok(rates.convert(amount, to, self.on, rule)?.amount)
    }

    pub(crate) fn scope(&self) -> Scope {
        Scope {
            importer: self.importer,
            goods: self.goods,
            origin: self.origin,
            on: self.on,
            known: self.known,
        }
    }
}

impl Law {
    /// What is owed on an entry, as the law was known on a day (`None`: all acts in the data).
    ///
    /// # Errors
    /// No schedule or line, a date outside the law in the data, a code too short for one answer, a
    /// specific duty without a quantity in its unit, a value or content out of range.
    pub fn assess(&self, entry: &Entry, known_on: Option<Date>) -> Result<Assessment, LawError> {
        let mut answer = self.answer(entry, known_on, true)?;
        answer.refund = self.refund(entry, known_on, &answer);
        answer.unasked = self.unasked(entry);
        Ok(answer)
    }

    /// As [`Law::assess`]; without a trace it costs less time, and no memory that is kept.
    pub(crate) fn answer(
        &self,
        entry: &Entry,
        known_on: Option<Date>,
        traced: bool,
    ) -> Result<Assessment, LawError> {
        self.check(entry)?;
        self.covered(entry.importer, entry.origin, entry.on, known_on)?;
        let day = self.day(entry.importer, entry.on, known_on);
        let question = Question {
            importer: entry.importer,
            goods: entry.goods,
            origin: entry.origin,
            on: entry.on,
            known: known_on,
            value: entry.value.amount,
            rounding: None,
            currency: Some(entry.value.currency),
            exchange: self.exchange.as_deref(),
        };
        match self.assess_line(&day, &question, entry, traced) {
            Err(LawError::Ambiguous { .. }) => self.assess_lines(&day, &question, entry, traced),
            answer => answer,
        }
    }

    /// A short code: the answer of its lines, if they agree on what is owed.
    fn assess_lines(
        &self,
        day: &Day,
        q: &Question<'_>,
        entry: &Entry,
        traced: bool,
    ) -> Result<Assessment, LawError> {
        let mut first: Option<Assessment> = None;
        for of_line in self.lines_below(day, q)? {
            let answer = self.assess_line(day, &of_line, entry, traced)?;
            let Some(first) = &mut first else {
                first = Some(answer);
                continue;
            };
            if !first.agrees(&answer) {
                return Err(LawError::Ambiguous {
                    goods: q.goods,
                    why: differ(
                        [&*first, &answer].map(|a| (a.goods, a.total, a.headings().join(";"))),
                    ),
                    lines: self.schedule_of(q.importer)?.below(q.goods, q.on),
                });
            }
            if traced && !first.is_made_up_as(&answer) {
                first.trace.tell_once(Step {
                    measure: "base".into(),
                    applied: true,
                    because: Reason::AsOf(first.goods.to_string().into()),
                    source: format!("schedule of {}", q.importer.name()).into(),
                });
            }
            Need::merge(&mut first.needs, answer.needs);
        }
        let mut answer = first.ok_or(LawError::NoLine {
            importer: q.importer,
            goods: q.goods,
            on: q.on,
        })?;
        answer.goods = entry.goods;
        Ok(answer)
    }

    /// The question for each line of a short code, once for all lines that no rule of the day tells apart.
    pub(crate) fn lines_below<'q>(
        &self,
        day: &Day,
        q: &Question<'q>,
    ) -> Result<Vec<Question<'q>>, LawError> {
        let schedule = self.schedule_of(q.importer)?;
        let mut questions: Vec<Question<'q>> = Vec::new();
        let mut seen = Vec::new();
        for goods in schedule.codes_below(q.goods, q.on) {
            let of_line = Question { goods, ..*q };
            let place = self.place(day, &of_line.scope())?;
            let line = schedule.line(goods, q.on).ok().map(|l| l.code);
            if !seen.contains(&(place, line)) {
                seen.push((place, line));
                questions.push(of_line);
            }
        }
        Ok(questions)
    }

    fn assess_line(
        &self,
        day: &Day,
        q: &Question<'_>,
        entry: &Entry,
        traced: bool,
    ) -> Result<Assessment, LawError> {
        let place = self.place(day, &q.scope())?;
        let cell = day.cell(self, place);
        let line = self.line(q).ok();
        let mut kept = Kept::default();
        let duty = self.evaluate(cell, q, || self.base_duty(line, q, entry), entry, &mut kept)?;
        let total = duty.total()?;
        let components = self.components(&duty, q, entry, line, kept.exemptions)?;
        let mut needs = Vec::new();
        for asked in kept.asked {
            let if_so = self.supposing(cell, line, q, entry, &asked)?;
            if if_so != Some(total) {
                needs.push(Need::new(asked, if_so));
            }
        }
        let currency = entry.value.currency;
        tell_exchange(q, &mut kept.readings);
        let payable = self.payable(cell, line, q, entry, &duty)?;
        let trace = if traced {
            Trace::new(kept.readings, day.steps_out(self, place), kept.steps)
        } else {
            Trace::default()
        };
        Ok(Assessment {
            goods: q.goods,
            origin: entry.origin,
            importer: entry.importer,
            entry_date: entry.on,
            known_on: q.known,
            value: entry.value,
            components,
            total: Money::new(total, currency),
            payable: Money::new(payable, currency),
            fees: self.fees_of(q, entry)?,
            effective_rate: total.checked_div(q.value),
            refund: None,
            needs,
            unasked: Vec::new(),
            trace,
        })
    }

    /// The components in the order in which their headings are declared: the base duty, what is owed, what
    /// applies and comes to nothing, what exempts.
    fn components(
        &self,
        duty: &Duty<'_>,
        q: &Question<'_>,
        entry: &Entry,
        line: Option<&Line>,
        mut exemptions: Vec<(usize, Component)>,
    ) -> Result<Vec<Component>, LawError> {
        let mut components = Vec::with_capacity(4);
        if duty.in_lieu.is_none() {
            let line = line.map_or_else(|| self.line(q), Ok)?;
            let base = base_rate(line, q, entry);
            components.push(Component {
                measure: "base".into(),
                heading: None,
                authority: base.column(),
                basis: q.value,
                rate: base.rate.to_string().into(),
                amount: duty.base,
                source: format!("schedule of {}, line {}", q.importer.name(), line.code).into(),
            });
        }
        for d in self.declared(duty, q) {
            let (measure, provision) = (d.active.measure, d.active.provision);
            let Effect::Charges { text, .. } = &provision.effect else {
                continue;
            };
            components.push(Component {
                measure: measure.id.clone(),
                heading: d.heading.cloned(),
                authority: measure.authority.clone(),
                basis: d.basis,
                rate: if d.free { "Free".into() } else { text.clone() },
                amount: d.amount,
                source: provision.act.source.clone(),
            });
        }
        exemptions.sort_by_key(|(place, _)| *place);
        components.extend(exemptions.into_iter().map(|(_, component)| component));
        Ok(components)
    }

    /// The measures on an entry in the order in which they are declared: what is owed or comes to nothing,
    /// then what yields and is declared all the same.
    pub(crate) fn declared<'d>(
        &self,
        duty: &'d Duty<'_>,
        q: &Question<'_>,
    ) -> impl Iterator<Item = Declared<'d>> {
        let filing = self.filing(q);
        let place = |a: &Active<'_>| filing.map_or(0, |f| f.place(&a.measure.authority));
        let mut order: Vec<usize> = (0..duty.active.len()).collect();
        if order.len() > 1 {
            order.sort_by_key(|i| (duty.in_lieu != Some(*i), place(&duty.active[*i])));
        }
        let (mut owed, mut yielding) = (Vec::with_capacity(order.len()), Vec::new());
        for i in order {
            let active = &duty.active[i];
            let measure = active.measure;
            let (basis, amount) = (active.basis, active.amount);
            let declared = |heading, basis, amount| Declared {
                active,
                heading,
                free: false,
                basis,
                amount,
            };
            if measure.heading_if_yields.is_some() && !active.yields_part.is_zero() {
                let heading = measure.heading_if_yields.as_ref();
                yielding.push(declared(heading, Decimal::ZERO, Decimal::ZERO));
            }
            if active.yields_to.is_some() {
                continue;
            }
            if !amount.is_zero() || duty.in_lieu == Some(i) {
                let own = active.rest_heading.or(active.provision.heading.as_ref());
                let heading = own.or(measure.heading.as_ref());
                owed.push(declared(heading, basis, amount));
            } else if let Some(heading) = &measure.heading_if_nothing_due
                // What no value is left for is not declared as if the base duty reached it.
                && !basis.is_zero()
            {
                owed.push(declared(Some(heading), basis, amount));
            }
            if let Some(heading) = &measure.heading_of_rest
                && basis < q.value
            {
                owed.push(Declared {
                    free: true,
                    ..declared(Some(heading), q.value - basis, Decimal::ZERO)
                });
            }
        }
        owed.into_iter().chain(yielding)
    }

    /// The order of declaration of an importer.
    pub(crate) fn filing(&self, q: &Question<'_>) -> Option<&Filing> {
        let known = self.filings.iter().filter(|f| {
            f.importer == q.importer && q.known.is_none_or(|known| f.act.known <= known)
        });
        known.max_by_key(|f| f.act.known)
    }

    /// The rounding of an importer on a day: that of the latest act.
    pub(crate) fn rounding(&self, q: &Question<'_>) -> Option<&Rounding> {
        let known = self.roundings.iter().filter(|r| {
            r.importer == q.importer
                && r.from <= q.on
                && q.on < r.to
                && q.known.is_none_or(|known| r.act.known <= known)
        });
        known.max_by_key(|r| r.act.known)
    }

    /// What is paid: the duties on rounded value and quantities, rounded as the importer's law says.
    pub(crate) fn payable(
        &self,
        cell: &Cell,
        line: Option<&Line>,
        q: &Question<'_>,
        entry: &Entry,
        duty: &Duty<'_>,
    ) -> Result<Decimal, LawError> {
        let Some(rule) = self.rounding(q) else {
            return duty.total();
        };
        let value = rule.value(q.value);
        if value == q.value && entry.quantity.is_none() {
            return rule.paid(duty);
        }
        let rounded = Question {
            value,
            rounding: Some(rule),
            ..*q
        };
        let base = || self.base_duty(line, &rounded, entry);
        rule.paid(&self.evaluate(cell, &rounded, base, entry, &mut ())?)
    }

    /// The total if what was asked were so; none where the files do not hold the rate that it would be owed at.
    pub(crate) fn supposing(
        &self,
        cell: &Cell,
        line: Option<&Line>,
        q: &Question<'_>,
        entry: &Entry,
        asked: &Asked,
    ) -> Result<Option<Decimal>, LawError> {
        let inputs = Supposing::new(entry, asked);
        let base = || self.base_duty(line, q, &inputs);
        match self.evaluate(cell, q, base, &inputs, &mut ()) {
            Ok(duty) => duty.total().map(Some),
            Err(LawError::RateText { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether the files hold the law of a day on an origin, as known on a day.
    pub(crate) fn covered(
        &self,
        importer: Country,
        origin: Country,
        on: Date,
        known: Option<Date>,
    ) -> Result<(), LawError> {
        let mut outside = None;
        for covers in self.covers.iter().filter(|c| c.importer == importer) {
            if !covers.origins.contains(origin) {
                continue;
            }
            let later = on >= covers.to && known.is_none_or(|known| known > covers.acts_to);
            if on >= covers.from && !later {
                return Ok(());
            }
            outside = Some(covers);
        }
        match outside {
            None if !self.covers.iter().any(|c| c.importer == importer) => Ok(()),
            None => Err(LawError::NoOrigin { importer, origin }),
            Some(covers) => Err(LawError::NotInData {
                importer,
                origin: Some(origin),
                on,
                from: covers.from,
                to: covers.to,
                acts_to: covers.acts_to,
            }),
        }
    }

    /// The duty of the column that an entry's origin and claims open.
    pub(crate) fn base_duty<I: Inputs>(
        &self,
        line: Option<&Line>,
        q: &Question<'_>,
        inputs: &I,
    ) -> Result<Decimal, LawError> {
        // What is wrong with the line is said where it is needed.
        let line = line.map_or_else(|| self.line(q), Ok)?;
        let column = base_rate(line, q, inputs).rate;
        charge(column, q.value, q, Decimal::ZERO, inputs)
    }

    pub(crate) fn line(&self, q: &Question<'_>) -> Result<&Line, LawError> {
        self.schedule_of(q.importer)?.line(q.goods, q.on)
    }
}

/// Says at which rate amounts of the law are converted, if the value is in another currency and there is one: without, an amount
/// that must be converted is an error by itself.
fn tell_exchange(q: &Question<'_>, steps: &mut Vec<Step>) {
    let (Some(of_entry), Some(of_law)) = (q.currency, q.importer.currency()) else {
        return;
    };
    let Some(rates) = q.exchange.filter(|_| of_entry != of_law) else {
        return;
    };
    let rule = Rule::of(q.importer);
    let Ok(rate) = rates.rate(of_entry, of_law, q.on, rule) else {
        return;
    };
    let rate = rate.round_dp(6).normalize();
    steps.push(Step {
        measure: "exchange-rate".into(),
        applied: true,
        because: Reason::Converted(format!("1 {of_entry} = {rate} {of_law}, {rule}").into()),
        source: "European Central Bank, euro reference rates, cross rate".into(),
    });
}

impl Rounding {
    /// The sum that is paid of duties.
    fn paid(&self, duty: &Duty<'_>) -> Result<Decimal, LawError> {
        if !self.of_component {
            return duty.total().map(|total| self.duty(total));
        }
        let base = match duty.in_lieu {
            Some(_) => Decimal::ZERO,
            None => self.duty(duty.base),
        };
        let parts = duty.active.iter().map(|a| self.duty(a.amount));
        parts.into_iter().try_fold(base, plus)
    }
}

impl Assessment {
    /// Whether two lines of one short code owe the same under the same headings.
    fn agrees(&self, other: &Self) -> bool {
        self.total == other.total && self.headings() == other.headings()
    }

    /// Whether what they owe is made up of the same parts, too: a base duty that an inclusive rate tops up may differ.
    fn is_made_up_as(&self, other: &Self) -> bool {
        let amounts =
            |a: &Self| -> Vec<Decimal> { a.components.iter().map(|c| c.amount).collect() };
        amounts(self) == amounts(other)
    }
}
