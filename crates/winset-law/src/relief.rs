//! What an exemption frees on one entry.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::LawError;
use crate::assess::Question;
use crate::entry::{Fact, Inputs};
use crate::goods::Within;
use crate::measure::{Act, Exemption};
use crate::trace::{Asked, Sink};

impl Exemption {
    /// `Some((act, None))` if all is exempt, `Some((act, Some(share)))` if a share of the value is.
    pub(crate) fn relief<'a, I: Inputs, S: Sink>(
        &'a self,
        q: &Question,
        inputs: &I,
        sink: &mut S,
    ) -> Result<Option<(&'a Act, Option<Decimal>)>, LawError> {
        let period = self.periods.iter().find(|(origins, from, to, act)| {
            origins.contains(q.origin)
                && *from <= q.on
                && q.on < *to
                && q.known.is_none_or(|known| act.known <= known)
        });
        let Some((.., act)) = period else {
            return Ok(None);
        };
        if let Some(goods) = &self.goods {
            match goods.holds(q.goods, q.on) {
                Within::No => return Ok(None),
                Within::Yes => {}
                Within::Partly => {
                    return Err(LawError::Ambiguous {
                        goods: q.goods,
                        why: format!("`{}` covers only some of its lines", self.id),
                        lines: "the codes below it".to_owned(),
                    });
                }
            }
        }
        let mut ask = |fact: &str, loaded: Option<Date>| {
            if let Some(asks) = &self.asks {
                sink.need(|| {
                    Some(Asked {
                        fact: fact.into(),
                        asks: asks.clone(),
                        loaded,
                    })
                });
            }
        };
        if let Some(fact) = &self.fact {
            match inputs.fact(fact) {
                Some(Fact::Is(true)) => {}
                Some(_) => return Ok(None),
                None => {
                    ask(fact, None);
                    return Ok(None);
                }
            }
        }
        if let Some(claim) = &self.claim
            && !inputs.claims(claim)
        {
            ask(claim, None);
            return Ok(None);
        }
        if let Some(before) = self.loaded_before {
            match inputs.loaded() {
                Some(loaded) if loaded < before => {}
                Some(_) => return Ok(None),
                None => {
                    ask("loaded", before.yesterday().ok());
                    return Ok(None);
                }
            }
        }
        if let Some((fact, least)) = &self.share_at_least {
            match inputs.fact(fact) {
                Some(Fact::Share(share)) if share >= *least => {}
                Some(_) => return Ok(None),
                None => {
                    ask(fact, None);
                    return Ok(None);
                }
            }
        }
        let Some(share_of) = &self.relieves_share else {
            return Ok(Some((act, None)));
        };
        match inputs.fact(share_of) {
            Some(Fact::Share(share)) => Ok(Some((act, Some(share)))),
            Some(Fact::Is(_)) => Ok(None),
            None => {
                ask(share_of, None);
                Ok(None)
            }
        }
    }
}
