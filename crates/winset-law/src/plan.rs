//! Duties that are a share of value whatever the value: worked out once, then one multiplication an entry.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::LawError;
use crate::assess::Question;
use crate::assessment::Assessment;
use crate::base::base_rate;
use crate::entry::Entry;
use crate::fee::Clamp;
use crate::law::Law;
use crate::measure::Effect;
use crate::money::{plus, times};
use crate::rate::Rate;
use crate::rounding::Rounding;

/// What is owed on goods of an origin on a day, of which nothing but the value is stated, as shares of it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Each component: measure, share of the value.
    pub(crate) parts: Vec<(Arc<str>, Decimal)>,
    pub(crate) total: Decimal,
    pub(crate) headings: Arc<str>,
    /// What is still to be known, and the share if it is so.
    pub(crate) needs: Vec<(Arc<str>, Option<Decimal>)>,
    rounding: Option<Rounding>,
    fees: Vec<Clamp>,
}

impl Plan {
    /// The sum of the fees on a value.
    pub(crate) fn fees(&self, value: Decimal) -> Result<Decimal, LawError> {
        let fees = self.fees.iter();
        fees.map(|fee| fee.of(value))
            .try_fold(Decimal::ZERO, |sum, fee| plus(sum, fee?))
    }

    /// What is paid on a value.
    pub(crate) fn payable(&self, value: Decimal) -> Result<Decimal, LawError> {
        let Some(rule) = &self.rounding else {
            return times(self.total, value);
        };
        let value = rule.value(value);
        if !rule.of_component {
            return times(self.total, value).map(|total| rule.duty(total));
        }
        self.parts
            .iter()
            .try_fold(Decimal::ZERO, |sum, (_, share)| {
                plus(sum, rule.duty(times(*share, value)?))
            })
    }
}

impl Rate {
    /// Whether the duty is a share of the value, whatever the value, once the base duty is one.
    fn is_share(&self) -> bool {
        match self {
            Self::Inclusive(_) => true,
            Self::Greater(a, b) | Self::Lesser(a, b) => a.is_share() && b.is_share(),
            Self::Capped { rate, .. } => rate.is_share(),
            other => other.as_ad_valorem().is_some(),
        }
    }
}

impl Law {
    /// The plan of an entry that states nothing but its value; `None` where some duty is not a share of it.
    ///
    /// # Errors
    /// As [`Law::assess`].
    pub(crate) fn plan(&self, entry: &Entry, q: &Question<'_>) -> Result<Option<Plan>, LawError> {
        // On a value of one the duties are the shares.
        let mut one = entry.clone();
        one.value.amount = Decimal::ONE;
        let answer = match self.answer(&one, q.known, false) {
            Ok(answer) => answer,
            // A rate by quantity, or a value that decides: no plan, the entry itself must be asked.
            Err(LawError::NeedsQuantity { .. } | LawError::NeedsPart { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        if !self.shares_only(&one, q)? {
            return Ok(None);
        }
        let parts = answer
            .components
            .iter()
            .filter(|c| !c.amount.is_zero() || &*c.measure == "base");
        Ok(Some(Plan {
            parts: parts.map(|c| (c.measure.clone(), c.amount)).collect(),
            total: answer.total.amount,
            headings: answer.headings().join(";").into(),
            needs: Self::needs_of(&answer),
            rounding: self.rounding(q).cloned(),
            fees: self.clamps(q, &one),
        }))
    }

    fn needs_of(answer: &Assessment) -> Vec<(Arc<str>, Option<Decimal>)> {
        let needs = answer.needs.iter();
        needs.map(|n| (n.fact.clone(), n.total_if_yes)).collect()
    }

    /// Whether every duty that can be owed on an entry is a share of its value.
    fn shares_only(&self, entry: &Entry, q: &Question<'_>) -> Result<bool, LawError> {
        let day = self.day(q.importer, q.on, q.known);
        let questions = match self.place(&day, &q.scope()) {
            Ok(_) => vec![*q],
            Err(_) => self.lines_below(&day, q)?,
        };
        for q in questions {
            let place = self.place(&day, &q.scope())?;
            let candidates = &day.cell(self, place).candidates;
            let mut measures = candidates.iter().map(|c| {
                match &self.measures[c.measure].provisions[c.provision].effect {
                    Effect::Charges { rate, .. } => rate.is_share(),
                    Effect::Ends => true,
                }
            });
            let base = self
                .line(&q)
                .map(|line| base_rate(line, &q, entry).rate.is_share());
            if !measures.all(|share| share) || !base.unwrap_or(false) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
