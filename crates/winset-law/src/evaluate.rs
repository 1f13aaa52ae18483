//! Which measures apply to an entry, and what each charges.

use rust_decimal::Decimal;

use crate::LawError;
use crate::assess::Question;
use crate::assessment::Reason;
use crate::charge::charge;
use crate::entry::{Fact, Inputs};
use crate::goods::Within;
use crate::law::Law;
use crate::measure::{Basis, Effect, InForce, Measure, Provision};
use crate::money::{plus, times};
use crate::rate::Rate;
use crate::trace::{Asked, Sink};

/// A measure that is in force for the entry and not wholly exempt.
#[derive(Clone)]
pub(crate) struct Active<'a> {
    /// Its number in the law.
    pub(crate) number: usize,
    pub(crate) measure: &'a Measure,
    pub(crate) provision: &'a Provision,
    pub(crate) rate: &'a Rate,
    /// The share of its basis that no exemption frees.
    kept: Decimal,
    pub(crate) basis: Decimal,
    pub(crate) amount: Decimal,
    pub(crate) yields_to: Option<usize>,
}

impl Law {
    /// All measures that apply, with their amounts.
    pub(crate) fn evaluate<'a, I: Inputs, S: Sink>(
        &'a self,
        q: &Question,
        base: Decimal,
        inputs: &I,
        sink: &mut S,
    ) -> Result<Vec<Active<'a>>, LawError> {
        let mut active = self.applying(0..self.measures.len(), q, inputs, sink)?;
        charge_all(&mut active, q, base, inputs)?;
        let settlement = self.settlement(q, &active)?;
        settlement.apply(q, base, inputs, &mut active)?;
        for a in &active {
            sink.step(a.measure, || match a.yields_to {
                Some(to) => {
                    let other = active
                        .iter()
                        .find(|o| o.number == to)
                        .map(|o| &o.provision.act.source);
                    (
                        Reason::Yields(self.measures[to].id.clone()),
                        other.unwrap_or(&a.provision.act.source).clone(),
                    )
                }
                None if a.amount.is_zero() => (Reason::NothingDue, a.provision.act.source.clone()),
                None => (Reason::Owed, a.provision.act.source.clone()),
            });
        }
        Ok(active)
    }

    /// Which of some measures, by their numbers in ascending order, apply; nothing is charged yet.
    pub(crate) fn applying<'a, I: Inputs, S: Sink>(
        &'a self,
        numbers: impl Iterator<Item = usize>,
        q: &Question,
        inputs: &I,
        sink: &mut S,
    ) -> Result<Vec<Active<'a>>, LawError> {
        let mut active: Vec<Active<'a>> = Vec::with_capacity(8);
        for number in numbers {
            let measure = self.measures[number].as_ref();
            if measure.importer != q.importer {
                continue;
            }
            let Some(provision) = self.in_force(measure, q, inputs, sink)? else {
                continue;
            };
            if let Basis::Content(of) = &measure.basis {
                sink.need(|| {
                    inputs.content(of, q.value).is_none().then(|| Asked {
                        fact: format!("content:{of}").into(),
                        asks: format!("What is the value of the {of} content?").into(),
                        loaded: None,
                    })
                });
            }
            let (mut exempt, mut kept) = (None, Decimal::ONE);
            for number in &self.exempted_by[number] {
                let exemption = &self.exemptions[*number];
                let Some((act, relief)) = exemption.relief(q, inputs, sink)? else {
                    continue;
                };
                sink.exempt(exemption, act);
                match relief {
                    None => {
                        exempt = Some((exemption, act));
                        break;
                    }
                    Some(share) => kept = times(kept, Decimal::ONE - share)?,
                }
            }
            if let Some((exemption, act)) = exempt {
                sink.step(measure, || {
                    (Reason::Exempt(exemption.id.clone()), act.source.clone())
                });
                continue;
            }
            let Effect::Charges { rate, .. } = &provision.effect else {
                continue;
            };
            active.push(Active {
                number,
                measure,
                provision,
                rate,
                kept,
                basis: Decimal::ZERO,
                amount: Decimal::ZERO,
                yields_to: None,
            });
        }
        Ok(active)
    }

    fn in_force<'a, I: Inputs, S: Sink>(
        &'a self,
        measure: &'a Measure,
        q: &Question,
        inputs: &I,
        sink: &mut S,
    ) -> Result<Option<&'a Provision>, LawError> {
        let own = || {
            measure
                .provisions
                .first()
                .map_or_else(|| "".into(), |p| p.act.source.clone())
        };
        let within = measure.goods.holds(q.goods, q.on);
        if within == Within::No {
            sink.step(measure, || (Reason::OtherGoods, own()));
            return Ok(None);
        }
        let ambiguous = || LawError::Ambiguous {
            goods: q.goods,
            why: format!("`{}` covers only some of its lines", measure.id),
            lines: self
                .schedule(q.importer)
                .map_or_else(String::new, |s| s.below(q.goods, q.on)),
        };
        let provision = match measure.in_force(q.goods, q.origin, q.on, q.known) {
            InForce::Yes(provision) => provision,
            InForce::Partly => return Err(ambiguous()),
            InForce::Ended(p) => {
                sink.step(measure, || (Reason::Ended, p.act.source.clone()));
                return Ok(None);
            }
            InForce::Suspended(s) => {
                sink.step(measure, || {
                    (Reason::Suspended(s.until), s.act.source.clone())
                });
                return Ok(None);
            }
            InForce::Voided(v) => {
                sink.step(measure, || (Reason::Voided, v.act.source.clone()));
                return Ok(None);
            }
            InForce::NotYetKnown(p) => {
                let because = || Reason::NotYetKnown(p.act.id.clone(), p.act.known);
                sink.step(measure, || (because(), p.act.source.clone()));
                return Ok(None);
            }
            InForce::OtherOrigin => {
                sink.step(measure, || (Reason::OtherOrigin, own()));
                return Ok(None);
            }
            InForce::OtherDate => {
                sink.step(measure, || (Reason::OtherDate, own()));
                return Ok(None);
            }
        };
        if within == Within::Partly {
            return Err(ambiguous());
        }
        if let Some(fact) = &measure.fact
            && !matches!(inputs.fact(fact), Some(Fact::Is(true)))
        {
            if let (Some(asks), None) = (&measure.asks, inputs.fact(fact)) {
                sink.need(|| {
                    Some(Asked {
                        fact: fact.clone(),
                        asks: asks.clone(),
                        loaded: None,
                    })
                });
            }
            sink.step(measure, || {
                (
                    Reason::NotStated(fact.clone()),
                    provision.act.source.clone(),
                )
            });
            return Ok(None);
        }
        Ok(Some(provision))
    }
}

/// Works out the basis and the duty of each measure, before any yields.
pub(crate) fn charge_all<I: Inputs>(
    active: &mut [Active<'_>],
    q: &Question,
    base: Decimal,
    inputs: &I,
) -> Result<(), LawError> {
    for a in active {
        a.basis = match &a.measure.basis {
            Basis::Value => q.value,
            // Not stated, it is the whole value.
            Basis::Content(of) => inputs.content(of, q.value).unwrap_or(q.value),
        };
        if a.kept != Decimal::ONE {
            a.basis = times(a.basis, a.kept)?;
        }
        a.amount = charge(a.rate, a.basis, q, base, inputs)?;
    }
    Ok(())
}

/// The sum of a base duty and what applies on top.
pub(crate) fn sum(base: Decimal, active: &[Active<'_>]) -> Result<Decimal, LawError> {
    active
        .iter()
        .try_fold(base, |total, a| plus(total, a.amount))
}

impl Active<'_> {
    /// Whether the duty is the same fraction of value for all goods and base rates.
    pub(crate) fn is_fixed(&self) -> bool {
        self.measure.basis == Basis::Value
            && self.kept == Decimal::ONE
            && self.rate.as_ad_valorem().is_some()
    }

    /// Whether others yield to it. "Subject to" an action means that a duty is owed under it (CSMS
    /// 65054270), so neither an exempt article nor one without the material counts; an inclusive rate
    /// that the base already reaches does, for the article then has its own heading under the action
    /// (HTSUS 9903.94.40).
    pub(crate) fn claims(&self) -> bool {
        let inclusive = || matches!(self.rate, Rate::Inclusive(_));
        self.yields_to.is_none()
            && (!self.amount.is_zero() || (!self.basis.is_zero() && inclusive()))
    }
}
