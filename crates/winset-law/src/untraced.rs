//! An answer without its trace: what a table of many entries shows.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::LawError;
use crate::assess::Question;
use crate::assessment::{Assessment, Need, Reason};
use crate::cell::Cell;
use crate::entry::Entry;
use crate::law::Law;
use crate::measure::{Act, Exemption, Measure};
use crate::money::plus;
use crate::quota::{Position, Quota};
use crate::reading::Reading;
use crate::schedule::Line;
use crate::trace::{Asked, Sink};

thread_local! {
    /// The name of the base duty among the components.
    static BASE: Arc<str> = "base".into();
}

/// A component.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) measure: Arc<str>,
    pub(crate) heading: Option<Arc<str>>,
    pub(crate) amount: Decimal,
}

impl Part {
    /// Whether it is shown among the amounts.
    pub(crate) fn is_owed(&self) -> bool {
        !self.amount.is_zero() || &*self.measure == "base"
    }
}

/// What is owed on one entry.
#[derive(Clone, Debug)]
pub(crate) struct Untraced {
    /// All components, also those that come to nothing.
    pub(crate) parts: Vec<Part>,
    /// What is still to be known.
    pub(crate) needs: Vec<Need>,
    pub(crate) total: Decimal,
    pub(crate) payable: Decimal,
    pub(crate) fees: Decimal,
}

/// Keeps what is asked and the exemptions that are declared, and no reasons.
#[derive(Default)]
struct Asking {
    asked: Vec<Asked>,
    exemptions: Vec<(usize, Part)>,
}

impl Sink for Asking {
    fn step(&mut self, _: usize, _: &Measure, _: impl FnOnce() -> (Reason, Arc<str>)) {}

    fn need(&mut self, need: impl FnOnce() -> Option<Asked>) {
        if let Some(need) = need()
            && !(self.asked.iter()).any(|a| a.fact == need.fact && a.answer == need.answer)
        {
            self.asked.push(need);
        }
    }

    fn exempt(&mut self, exemption: &Exemption, _: &Act, place: usize) {
        // One heading is declared once, whatever it frees from.
        let known = |(_, p): &(usize, Part)| p.heading == exemption.heading;
        if !self.exemptions.iter().any(known) {
            let part = Part {
                measure: exemption.id.clone(),
                heading: exemption.heading.clone(),
                amount: Decimal::ZERO,
            };
            self.exemptions.push((place, part));
        }
    }

    fn reads(&mut self, _: &Reading) {}

    fn quota(&mut self, _: &Quota, _: &Position) {}
}

impl Law {
    /// What is owed on an entry that [`Entry::check`] lets pass, of goods that are one class of the day's law;
    /// without a line where the schedule has none: the same as [`Law::assess`].
    ///
    /// # Errors
    /// As [`Law::assess`], in the same order.
    pub(crate) fn untraced(
        &self,
        cell: &Cell,
        line: Option<&Line>,
        q: &Question<'_>,
        entry: &Entry,
    ) -> Result<Untraced, LawError> {
        let mut asking = Asking::default();
        let base = || self.base_duty(line, q, entry);
        let duty = self.evaluate(cell, q, base, entry, &mut asking)?;
        let total = duty.total()?;
        let mut parts = Vec::with_capacity(4);
        if duty.in_lieu.is_none() {
            parts.push(Part {
                measure: BASE.with(Clone::clone),
                heading: None,
                amount: duty.base,
            });
        }
        parts.extend(self.declared(&duty, q).map(|declared| Part {
            measure: declared.active.measure.id.clone(),
            heading: declared.heading.cloned(),
            amount: declared.amount,
        }));
        asking.exemptions.sort_by_key(|(place, _)| *place);
        parts.extend(asking.exemptions.into_iter().map(|(_, part)| part));
        let mut needs = Vec::new();
        for asked in asking.asked {
            let if_so = self.supposing(cell, line, q, entry, &asked)?;
            if if_so != Some(total) {
                needs.push(Need::new(asked, if_so));
            }
        }
        let payable = self.payable(cell, line, q, entry, &duty)?;
        let fees = self.clamps(q, entry);
        let value = entry.value.amount;
        Ok(Untraced {
            parts,
            needs,
            total,
            payable,
            fees: fees
                .iter()
                .try_fold(Decimal::ZERO, |sum, fee| plus(sum, fee.of(value)?))?,
        })
    }
}

impl Untraced {
    /// An assessment without its trace.
    pub(crate) fn of(answer: Assessment) -> Result<Self, LawError> {
        let fees = answer.fees.iter();
        Ok(Self {
            parts: answer
                .components
                .into_iter()
                .map(|c| Part {
                    measure: c.measure,
                    heading: c.heading,
                    amount: c.amount,
                })
                .collect(),
            needs: answer.needs,
            total: answer.total.amount,
            payable: answer.payable.amount,
            fees: fees.map(|f| f.amount).try_fold(Decimal::ZERO, plus)?,
        })
    }

    /// The headings to declare.
    pub(crate) fn headings(&self) -> Vec<&str> {
        let parts = self.parts.iter();
        parts.filter_map(|part| part.heading.as_deref()).collect()
    }

    /// Whether two lines of one short code owe the same under the same headings.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        self.total == other.total && self.headings() == other.headings()
    }
}
