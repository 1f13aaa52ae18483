//! What an exemption frees on one entry.

use rust_decimal::Decimal;

use crate::condition::Holds;
use crate::entry::{Fact, Inputs};
use crate::measure::Exemption;
use crate::reading::Reading;
use crate::trace::{Answer, Asked, Sink};

impl Exemption {
    /// Of an entry whose goods, origin and dates it covers: `Some(None)` if all is exempt, `Some(share)` if
    /// a share of the value is.
    pub(crate) fn relief<I: Inputs, S: Sink>(
        &self,
        inputs: &I,
        readings: &[Reading],
        sink: &mut S,
    ) -> Option<Option<Decimal>> {
        for condition in &self.when {
            match condition.holds(inputs, readings) {
                Holds::Yes => {}
                Holds::No => return None,
                Holds::Unknown => {
                    let number = self.relieves_share.is_some() && condition.witness().is_some();
                    sink.need(|| Asked::of(condition, self.asks.as_ref(), number));
                    return None;
                }
            }
        }
        let Some(share_of) = &self.relieves_share else {
            return Some(None);
        };
        match inputs.fact(share_of) {
            Some(Fact::Number(share)) if *share <= Decimal::ONE => Some(Some(*share)),
            Some(_) => None,
            None => {
                sink.need(|| {
                    Some(Asked {
                        fact: share_of.clone(),
                        asks: self.asks.clone()?,
                        answer: Answer::Number(Decimal::ONE),
                    })
                });
                None
            }
        }
    }
}
