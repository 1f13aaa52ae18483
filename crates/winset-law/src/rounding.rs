//! Rounding: dated rules of law, not a property of a number type.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::Country;
use crate::file::{RawRounding, Word};
use crate::measure::Act;
use crate::read::Reader;

/// How an importer rounds what is paid, from a day to a day.
#[derive(Clone, Debug)]
pub(crate) struct Rounding {
    pub(crate) importer: Country,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) act: Arc<Act>,
    /// Places of the entered value, as a power of ten; `None`: not rounded.
    value: Option<u32>,
    quantity: Option<u32>,
    /// Specific rates above this amount a unit round the quantity to these places.
    dear: Option<(Decimal, u32)>,
    duty: Option<u32>,
    /// Whether each component is rounded, or their sum.
    pub(crate) of_component: bool,
}

/// To so many places; a half goes up.
pub(crate) fn half_up(amount: Decimal, places: u32) -> Decimal {
    amount.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

impl Rounding {
    fn to(amount: Decimal, places: Option<u32>) -> Decimal {
        places.map_or(amount, |places| half_up(amount, places))
    }

    /// To how many places the entered value and the duties are rounded; `None`: not at all.
    pub(crate) fn places_of(&self) -> (Option<u32>, Option<u32>) {
        (self.value, self.duty)
    }

    /// The entered value that a duty is a share of.
    pub(crate) fn value(&self, value: Decimal) -> Decimal {
        Self::to(value, self.value)
    }

    /// The quantity that a specific rate of so much a unit counts.
    pub(crate) fn quantity(&self, quantity: Decimal, rate: Decimal) -> Decimal {
        match self.dear {
            Some((above, places)) if rate > above => half_up(quantity, places),
            _ => Self::to(quantity, self.quantity),
        }
    }

    /// The duty that is paid.
    pub(crate) fn duty(&self, duty: Decimal) -> Decimal {
        Self::to(duty, self.duty)
    }
}

impl Reader<'_> {
    pub(crate) fn rounding(&mut self, raw: &RawRounding) -> Option<Rounding> {
        let importer = self.country(&raw.importer);
        let (from, to) = self.days(&raw.from, raw.to.as_ref());
        let act = self.act(&raw.act);
        let of_component = match raw.of.as_ref().map(|w| (w, w.get_ref().as_str())) {
            None | Some((_, "component")) => true,
            Some((_, "total")) => false,
            Some((word, other)) => {
                self.fault(
                    word,
                    format!("`{other}` cannot be rounded"),
                    "write \"component\" or \"total\"",
                );
                true
            }
        };
        let dear = raw.quantity_if_rate_above.as_ref().and_then(|dear| {
            let above = dear.rate.get_ref().trim().parse().ok();
            if above.is_none() {
                self.fault(
                    &dear.rate,
                    format!("`{}` is no amount", dear.rate.get_ref()),
                    "write an amount a unit, such as \"1.00\"",
                );
            }
            Some((above?, self.places(Some(&dear.round))?))
        });
        Some(Rounding {
            importer: importer?,
            from,
            to,
            act: act?,
            value: self.places(raw.value.as_ref()),
            quantity: self.places(raw.quantity.as_ref()),
            dear,
            duty: self.places(raw.duty.as_ref()),
            of_component,
        })
    }

    /// `1` is no place, `0.01` two; `none` and nothing round nothing.
    fn places(&mut self, word: Option<&Word>) -> Option<u32> {
        let word = word?;
        match word.get_ref().trim() {
            "none" => None,
            "1" => Some(0),
            "0.1" => Some(1),
            "0.01" => Some(2),
            "0.001" => Some(3),
            other => {
                self.fault(
                    word,
                    format!("`{other}` is no unit to round to"),
                    "write \"1\", \"0.1\", \"0.01\", \"0.001\" or \"none\"",
                );
                None
            }
        }
    }
}
