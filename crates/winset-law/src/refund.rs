//! What comes back of a duty that was paid, where the law was known otherwise on the entry date.

use jiff::civil::Date;

use crate::law::Law;
use crate::{Assessment, Entry, Money};

/// What an importer who paid what was known to be owed on the entry date gets back: a later act voided a duty or lowered
/// it for entries already made.
#[derive(Clone, Debug, PartialEq)]
pub struct Refund {
    /// What was paid: the duties payable as the law was known on the entry date.
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
        let paid = self.answer(entry, Some(entry.on), false).ok()?.payable;
        let amount = paid.amount - answer.payable.amount;
        (amount > rust_decimal::Decimal::ZERO).then(|| Refund {
            paid,
            amount: Money::new(amount, paid.currency),
        })
    }
}
