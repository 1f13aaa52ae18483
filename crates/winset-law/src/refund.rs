//! What comes back of a duty that was paid, where the law was known otherwise on the entry date.

use jiff::civil::Date;

use crate::law::Law;
use crate::{Assessment, Entry, Money};

/// What an importer who paid what was known to be owed on the entry date gets back: a later act voided a duty or lowered
/// it for entries already made.
#[derive(Clone, Debug, PartialEq)]
pub struct Refund {
    /// What was paid: the duties payable as the law was known on the entry date, with those that were collected although an
    /// act had made them void.
    pub paid: Money,
    /// What comes back: what was paid less what is payable.
    pub amount: Money,
}

impl Law {
    /// The refund of an entry; nothing unless the law is asked as known on a day after it, and where no answer could be had
    /// on the entry date.
    pub(crate) fn refund(
        &self,
        entry: &Entry,
        known_on: Option<Date>,
        answer: &Assessment,
    ) -> Option<Refund> {
        known_on.filter(|known| *known > entry.on)?;
        let then = self.collected_as_known(entry);
        let paid = self.answer(entry, Some(then), false).ok()?.payable;
        let amount = paid.amount - answer.payable.amount;
        (amount > rust_decimal::Decimal::ZERO).then(|| Refund {
            paid,
            amount: Money::new(amount, paid.currency),
        })
    }

    /// The day as of which the law was collected on an entry: the entry date, or the eve of an act that had made a duty void which
    /// was collected all the same.
    fn collected_as_known(&self, entry: &Entry) -> Date {
        let measures = self
            .measures
            .iter()
            .filter(|m| m.importer() == entry.importer());
        let voided = measures
            .flat_map(|m| m.voidings())
            .filter(|(stopped, act)| act.known <= entry.on && entry.on < *stopped);
        let first = voided.map(|(_, act)| act.known).min();
        first
            .and_then(|known| known.yesterday().ok())
            .unwrap_or(entry.on)
    }
}
