//! What an exemption frees on one entry.

use rust_decimal::Decimal;

use crate::condition::Holds;
use crate::entry::{Fact, Inputs};
use crate::measure::Exemption;
use crate::reading::Reading;
use crate::trace::{Answer, Asked, Sink, asks_more, unless};

/// What an exemption frees of an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Relief {
    None,
    All,
    /// A share of the value.
    Share(Decimal),
}

impl Exemption {
    /// What it frees of an entry whose goods, origin and dates it covers; whether its question is put is said.
    pub(crate) fn relief<I: Inputs, S: Sink>(
        &self,
        inputs: &I,
        readings: &[Reading],
        asked: bool,
        sink: &mut S,
    ) -> Relief {
        let asks = self.asks.as_ref().filter(|_| asked);
        sink.need(|| unless(&self.when, asks, inputs));
        for condition in &self.when {
            match condition.holds(inputs, readings) {
                Holds::Yes => {}
                Holds::No => return Relief::None,
                Holds::Unknown => {
                    let number = self.relieves_share.is_some() && condition.witness().is_some();
                    let more = self.relieves_share.is_some() || asks_more(&self.when);
                    sink.need(|| Asked::of(condition, (asks, more), number));
                    return Relief::None;
                }
            }
        }
        let Some(share_of) = &self.relieves_share else {
            return Relief::All;
        };
        match inputs.fact(share_of) {
            Some(Fact::Number(share)) if *share <= Decimal::ONE => Relief::Share(*share),
            Some(_) => Relief::None,
            None => {
                sink.need(|| {
                    Some(Asked {
                        fact: share_of.clone(),
                        asks: asks?.clone(),
                        answer: Answer::Number(Decimal::ONE),
                    })
                });
                Relief::None
            }
        }
    }
}
