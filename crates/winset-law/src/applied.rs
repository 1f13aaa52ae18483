//! The rate on a line without an entry: what averages and models ask for.

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::assess::Question;
use crate::assumptions::{Assumptions, Way};
use crate::base::base_rate;
use crate::charge::charge;
use crate::law::Law;
use crate::{Country, GoodsCode, LawError};

/// A line, an origin, and the two dates.
#[derive(Clone, Copy, Debug)]
pub struct RateOf {
    /// Whose border.
    pub importer: Country,
    /// The goods.
    pub goods: GoodsCode,
    /// The origin.
    pub origin: Country,
    /// The entry date.
    pub on: Date,
    /// The day as of which acts count; all acts in the data where absent.
    pub known_on: Option<Date>,
    /// The base rate as a fraction, to use where the schedule's cannot be computed without a quantity or
    /// has no line for the code: usually duty over value as collected.
    pub base_if_unknown: Option<f64>,
}

/// Where a base rate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseFrom {
    /// The schedule.
    Schedule,
    /// [`RateOf::base_if_unknown`].
    Given,
}

/// A rate in parts, as fractions of value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AppliedRate {
    /// The base rate.
    pub base: f64,
    /// Where it comes from.
    pub base_from: BaseFrom,
    /// What measures add.
    pub additional: f64,
}

impl AppliedRate {
    /// Base and additional rate.
    pub fn total(&self) -> f64 {
        self.base + self.additional
    }
}

impl Law {
    /// The rate on a line as a fraction of value, without a trace.
    ///
    /// # Errors
    /// As [`Law::assess`]; a base rate that needs a quantity where none is given in its stead.
    pub fn rate(&self, of: &RateOf, assumptions: &Assumptions) -> Result<AppliedRate, LawError> {
        self.rate_by(of, assumptions, &mut Vec::new())
    }

    /// As [`Law::rate`], with each measure's part in `parts`, by its number in [`Law::measures`].
    pub(crate) fn rate_by(
        &self,
        of: &RateOf,
        assumptions: &Assumptions,
        parts: &mut Vec<(usize, f64)>,
    ) -> Result<AppliedRate, LawError> {
        parts.clear();
        let q = Question {
            importer: of.importer,
            goods: of.goods,
            origin: of.origin,
            on: of.on,
            known: of.known_on,
            value: Decimal::ONE,
            rounding: None,
            currency: None,
            exchange: None,
        };
        self.covered(of.importer, of.origin, of.on, of.known_on)?;
        // Not the day's compiled law: its cells are checked against this one.
        let cell = self.cell(&q.scope(), 0..self.measures.len(), |_, _| {})?;
        let mut rate = AppliedRate {
            base: 0.0,
            base_from: BaseFrom::Schedule,
            additional: 0.0,
        };
        for (way, weight) in assumptions.ways(of.goods, of.origin) {
            if weight == 0.0 {
                continue;
            }
            let inputs = assumptions.on(of.goods, way);
            let computed = self.line(&q).and_then(|line| {
                if way == Way::Free {
                    return Ok(Decimal::ZERO);
                }
                let inputs = match way {
                    Way::Preferred(claim) => assumptions.claiming_preference(of.goods, claim),
                    _ => assumptions.on(of.goods, way),
                };
                let column = base_rate(line, &q, &inputs).rate;
                charge(column, q.value, &q, Decimal::ZERO, &inputs)
            });
            let mut base = 0.0;
            // Where a measure takes the place of the base duty, nobody asks what is wrong with it.
            let ask = || match (computed, usable(of.base_if_unknown)) {
                (Ok(exact), _) => {
                    base = fraction(exact);
                    Ok(exact)
                }
                (Err(_), Some(given)) => {
                    rate.base_from = BaseFrom::Given;
                    base = given;
                    Decimal::from_f64(given).ok_or(LawError::TooLarge)
                }
                (Err(error), None) => Err(error),
            };
            let duty = self.evaluate(&cell, &q, ask, &inputs, &mut ())?;
            rate.base += weight * duty.in_lieu.map_or(base, |_| 0.0);
            for a in duty.active {
                rate.add(a.number, weight * fraction(a.amount), parts);
            }
        }
        Ok(rate)
    }
}

impl AppliedRate {
    /// Adds the part of a measure.
    pub(crate) fn add(&mut self, measure: usize, part: f64, parts: &mut Vec<(usize, f64)>) {
        if part != 0.0 {
            self.additional += part;
            parts.push((measure, part));
        }
    }
}

/// An exact share of a value of one, as the nearest binary number.
pub(crate) fn fraction(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or(0.0)
}

/// A base rate given in place of the schedule's, if it is a number that a rate can be.
pub(crate) fn usable(given: Option<f64>) -> Option<f64> {
    given.filter(|rate| (0.0..1e12).contains(rate))
}
