//! Duties of which only the base takes a quantity: a specific base duty and shares of the value.

use rust_decimal::Decimal;

use crate::LawError;
use crate::assess::Question;
use crate::base::base_rate;
use crate::cell::Cell;
use crate::charge::charge;
use crate::entry::Entry;
use crate::law::Law;
use crate::measure::Effect;
use crate::money::plus;
use crate::plan::{Plain, Plan, Words, decimal};
use crate::rate::Rate;
use crate::rounding::Rounding;
use crate::schedule::{Column, Line};

/// A base duty that is charged on each entry, and a plan of all other duties.
#[derive(Clone, Debug)]
pub(crate) struct Mixed {
    /// With a base duty of nothing.
    plan: Plan,
    rate: Rate,
    rounding: Option<Rounding>,
}

/// The duties of a mixed plan on an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sums {
    pub(crate) base: Decimal,
    pub(crate) total: Decimal,
    pub(crate) payable: Decimal,
}

/// The sum of an amount and of digits over a power of ten; `None` where it may not be exact.
pub(crate) fn sum(amount: Decimal, digits: u128, scale: u32) -> Option<Decimal> {
    let common = amount.scale().max(scale);
    let scaled = |digits: u128, scale: u32| digits.checked_mul(10u128.pow(common - scale));
    let amount = scaled(amount.mantissa().unsigned_abs(), amount.scale())?;
    let sum = amount.checked_add(scaled(digits, scale)?)?;
    (sum >> 96 == 0).then(|| decimal(sum, common))
}

impl Mixed {
    pub(crate) fn new(plan: Plan, rate: &Rate, rounding: Option<&Rounding>) -> Self {
        Self {
            plan,
            rate: rate.clone(),
            rounding: rounding.cloned(),
        }
    }

    /// What an entry with a quantity owes; `None` where sums may not be exact, and the law must be asked.
    ///
    /// # Errors
    /// A quantity in another unit; amounts that are too large.
    pub(crate) fn on(
        &self,
        entry: &Entry,
        q: &Question<'_>,
        value: Plain,
        words: &Words,
    ) -> Result<Option<Sums>, LawError> {
        let base = charge(&self.rate, q.value, q, Decimal::ZERO, entry)?;
        let (largest, scale) = self.plan.largest(value, words);
        let Some(total) =
            sum(base, largest, scale).and_then(|_| sum(base, self.plan.total_digits(value), scale))
        else {
            return Ok(None);
        };
        let payable = match &self.rounding {
            None => total,
            Some(rule) => {
                let rounded = Question {
                    value: rule.value(q.value),
                    rounding: Some(rule),
                    ..*q
                };
                let base = charge(&self.rate, rounded.value, &rounded, Decimal::ZERO, entry)?;
                if rule.of_component {
                    plus(rule.duty(base), self.plan.payable(value, words))?
                } else {
                    let (digits, scale) = self.plan.on_rounded(value, words);
                    match sum(base, digits, scale) {
                        Some(sum) => rule.duty(sum),
                        None => return Ok(None),
                    }
                }
            }
        };
        Ok(Some(Sums {
            base,
            total,
            payable,
        }))
    }

    /// The plan of all duties but the base.
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }
}

impl Law {
    /// The same line without a base duty, where no duty or question but the base duty itself hangs on it.
    pub(crate) fn without_base(&self, cell: &Cell, line: &Line) -> Option<Line> {
        let apart = cell.candidates.iter().all(|c| {
            let measure = &self.measures[c.measure];
            let share = match &measure.provisions[c.provision].effect {
                Effect::Charges { rate, .. } => rate.as_ad_valorem().is_some(),
                Effect::Ends => true,
            };
            share && !measure.replaces_base
        });
        let free = |column: &Column| Column::plain(column.name, Rate::FREE);
        apart.then(|| Line {
            mfn: free(&line.mfn),
            others: free(&line.others),
            preferences: Vec::new(),
            ..line.clone()
        })
    }

    /// The rate of the base duty of an entry.
    pub(crate) fn rate_of<'l>(line: &'l Line, q: &Question<'_>, entry: &Entry) -> &'l Rate {
        base_rate(line, q, entry).rate
    }
}
