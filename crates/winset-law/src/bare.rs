//! Entries of which nothing is stated that no other entry states too, as most are.

use jiff::civil::Date;

use crate::entry::Entry;
use crate::plan::{Plain, decimal};
use crate::statement::Stated;
use crate::{Country, Currency, GoodsCode, Money};

/// Goods of an origin that enter on a day, with a value in their importer's currency, perhaps claims and facts that other entries
/// share, and nothing else that a duty may hang on but perhaps a quantity: small, so that a table of them is quickly looked up; see
/// [`Batch::find`](crate::Batch::find).
#[derive(Clone, Copy, Debug)]
pub struct Bare {
    pub(crate) goods: GoodsCode,
    pub(crate) value: Plain,
    pub(crate) on: Date,
    pub(crate) known_on: Option<Date>,
    pub(crate) importer: Country,
    pub(crate) origin: Country,
    pub(crate) stated: Stated,
    currency: Currency,
}

impl Bare {
    /// As [`Entry::new`], and the day as of which acts count; `None` where only an [`Entry`] can say it: a value of zero, below
    /// it or above 10^15, with more than six digits behind the point, or in another currency than that of the importer's law.
    pub fn new(
        importer: Country,
        goods: GoodsCode,
        origin: Country,
        (on, known_on): (Date, Option<Date>),
        value: Money,
    ) -> Option<Self> {
        let of_law = importer.currency();
        let plain = Plain::of(value.amount)
            .filter(|plain| plain.digits > 0 && of_law.is_none_or(|c| c == value.currency))?;
        Some(Self {
            goods,
            value: plain,
            on,
            known_on,
            importer,
            origin,
            stated: Stated::NOTHING,
            currency: value.currency,
        })
    }

    /// With claims and facts, as the batch that is then asked numbered them: [`Batch::stated`](crate::Batch::stated).
    #[must_use]
    pub fn stating(mut self, stated: Stated) -> Self {
        self.stated = stated;
        self
    }

    /// Where the goods enter.
    pub fn importer(&self) -> Country {
        self.importer
    }

    /// The same as an entry, without a quantity and what is stated.
    pub(crate) fn entry(&self) -> Entry {
        let amount = decimal(self.value.digits.into(), self.value.scale);
        let value = Money::new(amount, self.currency);
        Entry::new(self.importer, self.goods, self.origin, self.on, value)
    }
}
