//! What each candidate charges on one entry, once its conditions and exemptions are asked.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::LawError;
use crate::assess::Question;
use crate::assessment::Reason;
use crate::cell::{Candidate, Cell};
use crate::charge::{Counted, charge};
use crate::condition::{Condition, Holds};
use crate::entry::Inputs;
use crate::law::Law;
use crate::measure::{Act, Basis, Effect, Exemption, Measure, Provision};
use crate::money::{plus, times};
use crate::rate::Rate;
use crate::relief::Relief;
use crate::settle::{claimed, settle, settle_families};
use crate::trace::{Asked, Sink, asks_more, unless};

/// A candidate whose conditions hold and that is not wholly exempt.
#[derive(Clone)]
pub(crate) struct Active<'a> {
    /// Its place among the candidates.
    pub(crate) at: usize,
    /// Its number in the law.
    pub(crate) number: usize,
    pub(crate) measure: &'a Measure,
    pub(crate) provision: &'a Provision,
    pub(crate) rate: &'a Rate,
    /// Whether an inclusive rate on a part of the value counts the base duty of the whole article.
    whole_base: bool,
    /// The share of its basis that no exemption frees.
    kept: Decimal,
    /// The heading that an exemption from the other share gives it.
    pub(crate) rest_heading: Option<&'a Arc<str>>,
    pub(crate) basis: Decimal,
    pub(crate) amount: Decimal,
    pub(crate) yields_to: Option<usize>,
    /// The part of its basis on which another measure prevails.
    pub(crate) yields_part: Decimal,
}

/// A candidate that an exemption frees.
pub(crate) struct Freed<'a> {
    at: usize,
    exemption: &'a Exemption,
    act: &'a Act,
    /// The candidate where it is freed wholly, as it would apply; nothing where a share of it applies.
    whole: Option<Active<'a>>,
}

/// The duty on one entry, in parts.
pub(crate) struct Duty<'a> {
    /// The base duty, which inclusive rates count.
    pub(crate) base: Decimal,
    /// The place in `active` of the measure that is owed in place of the base duty.
    pub(crate) in_lieu: Option<usize>,
    pub(crate) active: Vec<Active<'a>>,
}

impl Duty<'_> {
    /// The sum of all that is owed.
    pub(crate) fn total(&self) -> Result<Decimal, LawError> {
        let base = match self.in_lieu {
            Some(_) => Decimal::ZERO,
            None => self.base,
        };
        let amounts = self.active.iter().map(|a| a.amount);
        amounts.into_iter().try_fold(base, plus)
    }
}

impl Law {
    /// What is owed. `base` is asked for the base duty where no measure takes its place.
    pub(crate) fn evaluate<'a, I: Inputs, S: Sink>(
        &'a self,
        cell: &Cell,
        q: &Question,
        base: impl FnOnce() -> Result<Decimal, LawError>,
        inputs: &I,
        sink: &mut S,
    ) -> Result<Duty<'a>, LawError> {
        let mut freed = Vec::new();
        let active = self.applying(cell, q, inputs, &mut freed, sink)?;
        let mut duty = charge_all(cell, active, q, base, inputs)?;
        if S::LISTENS {
            self.tell_freed(cell, q, freed, &mut duty, sink)?;
        }
        for a in &duty.active {
            if !a.yields_part.is_zero() && a.yields_to.is_none() {
                self.tell_readings(&a.measure.whole_base_when, sink);
            }
            sink.step(a.number, a.measure, || match a.yields_to {
                Some(to) => {
                    // What the record of the relation cites, else the act of the measure that prevails.
                    let relation = self.between.on(a.number, to, q.on, q.known);
                    let record = relation.and_then(|pair| self.stackings[pair.by?].source.clone());
                    let source = record.unwrap_or_else(|| {
                        let mut others = duty.active.iter();
                        let other = others.find(|o| o.number == to).unwrap_or(a);
                        other.provision.act.source.clone()
                    });
                    (Reason::Yields(self.measures[to].id.clone()), source)
                }
                None if a.amount.is_zero() => (Reason::NothingDue, a.provision.act.source.clone()),
                None => (Reason::Owed, a.provision.act.source.clone()),
            });
        }
        Ok(duty)
    }

    /// Which of the candidates apply; nothing is charged yet.
    pub(crate) fn applying<'a, I: Inputs, S: Sink>(
        &'a self,
        cell: &Cell,
        q: &Question,
        inputs: &I,
        freed: &mut Vec<Freed<'a>>,
        sink: &mut S,
    ) -> Result<Vec<Active<'a>>, LawError> {
        let mut active: Vec<Active<'a>> = Vec::with_capacity(cell.candidates.len());
        'candidates: for (at, candidate) in cell.candidates.iter().enumerate() {
            let number = candidate.measure;
            let measure = self.measures[number].as_ref();
            let provision = &measure.provisions[candidate.provision];
            if !self.conditions_hold(candidate, provision, inputs, sink) {
                continue;
            }
            if let Basis::Content(of) = &measure.basis {
                sink.need(|| {
                    inputs
                        .content(of, q.value)
                        .is_none()
                        .then(|| Asked::content(of))
                });
            }
            let Effect::Charges { rate, .. } = &provision.effect else {
                continue;
            };
            let mut own = Active {
                at,
                number,
                measure,
                provision,
                rate,
                whole_base: false,
                kept: Decimal::ONE,
                rest_heading: None,
                basis: Decimal::ZERO,
                amount: Decimal::ZERO,
                yields_to: None,
                yields_part: Decimal::ZERO,
            };
            for frees in &candidate.exemptions {
                let exemption = self.exemptions[frees.exemption].as_ref();
                let tell = |whole| Freed {
                    at,
                    exemption,
                    act: exemption.periods[frees.period].act.as_ref(),
                    whole,
                };
                match exemption.relief(inputs, &self.readings, frees.asks, sink) {
                    Relief::None => {}
                    Relief::Share(share) => {
                        own.kept = times(own.kept, Decimal::ONE - share)?;
                        own.rest_heading = own.rest_heading.or(exemption.heading_of_rest.as_ref());
                        if S::LISTENS && !share.is_zero() {
                            freed.push(tell(None));
                        }
                    }
                    Relief::All => {
                        if S::LISTENS {
                            freed.push(tell(Some(own)));
                        }
                        continue 'candidates;
                    }
                }
            }
            own.whole_base = self.counts_whole_base(measure, inputs);
            active.push(own);
        }
        Ok(active)
    }

    /// Tells of the exemptions. An exemption from a measure that would wholly yield to another all the same frees from nothing:
    /// the measure yields.
    fn tell_freed<'a, S: Sink>(
        &'a self,
        cell: &Cell,
        q: &Question,
        freed: Vec<Freed<'a>>,
        duty: &mut Duty<'a>,
        sink: &mut S,
    ) -> Result<(), LawError> {
        let filing = self.filing(q);
        let mut yielding = Vec::new();
        for Freed {
            at,
            exemption,
            act,
            whole,
        } in freed
        {
            if let Some(to) = claimed(cell, &duty.active, at)?.all_of(q.value) {
                yielding.extend(whole.map(|mut own| {
                    own.basis = q.value;
                    own.lose_to(to);
                    own
                }));
                continue;
            }
            let number = cell.candidates[at].measure;
            let measure = self.measures[number].as_ref();
            if exemption.heading.is_some() {
                let place = filing.map_or(0, |filing| filing.place(&measure.authority));
                sink.exempt(exemption, act, place);
            }
            if whole.is_some() {
                sink.step(number, measure, || {
                    (Reason::Exempt(exemption.id.clone()), act.source.clone())
                });
            }
        }
        duty.active.append(&mut yielding);
        Ok(())
    }

    fn counts_whole_base<I: Inputs>(&self, measure: &Measure, inputs: &I) -> bool {
        let mut when = measure.whole_base_when.iter();
        !measure.whole_base_when.is_empty()
            && when.all(|c| c.holds(inputs, &self.readings) == Holds::Yes)
    }

    /// Tells of the readings among some conditions.
    fn tell_readings<S: Sink>(&self, conditions: &[Condition], sink: &mut S) {
        for condition in conditions {
            if let Condition::Reads(id, _) = condition
                && let Some(reading) = self.readings.iter().find(|r| r.id == *id)
            {
                sink.reads(reading);
            }
        }
    }

    fn conditions_hold<I: Inputs, S: Sink>(
        &self,
        candidate: &Candidate,
        provision: &Provision,
        inputs: &I,
        sink: &mut S,
    ) -> bool {
        let number = candidate.measure;
        let measure = self.measures[number].as_ref();
        let told = |c: &Condition| {
            let mut quotas = candidate.quotas.iter();
            quotas.any(|at| self.quotas[at.quota].answers(at, c).is_some())
        };
        if !measure.when.iter().any(told) {
            sink.need(|| unless(&measure.when, measure.asks.as_ref(), inputs));
        }
        for condition in &measure.when {
            let mut holds = condition.holds(inputs, &self.readings);
            // What the importer states goes before what the quota's keeper tells.
            let stated = || {
                condition
                    .asked()
                    .is_some_and(|fact| inputs.fact(&fact).is_some())
            };
            for at in candidate.quotas.iter().filter(|_| !stated()) {
                let quota = &self.quotas[at.quota];
                if let Some(so) = quota.answers(at, condition) {
                    holds = if so { Holds::Yes } else { Holds::No };
                    sink.quota(quota, at);
                }
            }
            self.tell_readings(std::slice::from_ref(condition), sink);
            if let Condition::Content(of) = condition {
                let unknown = || inputs.content(of, Decimal::ONE).is_none();
                sink.need(|| unknown().then(|| Asked::content(of)));
            }
            let reason = match holds {
                Holds::Yes => continue,
                Holds::No => Reason::NotSo,
                Holds::Unknown => {
                    let asks = (measure.asks.as_ref(), asks_more(&measure.when));
                    sink.need(|| Asked::of(condition, asks, false));
                    Reason::NotStated
                }
            };
            sink.step(number, measure, || {
                let condition = condition.to_string().into();
                (reason(condition), provision.act.source.clone())
            });
            return false;
        }
        true
    }
}

/// Works out the basis and the duty of each measure and lets them yield to one another.
pub(crate) fn charge_all<'a, I: Inputs>(
    cell: &Cell,
    mut active: Vec<Active<'a>>,
    q: &Question,
    base: impl FnOnce() -> Result<Decimal, LawError>,
    inputs: &I,
) -> Result<Duty<'a>, LawError> {
    for a in &mut active {
        a.basis = match &a.measure.basis {
            Basis::Value => q.value,
            // Not stated, it is the whole value.
            Basis::Content(of) => inputs.content(of, q.value).unwrap_or(q.value),
        };
        if a.kept != Decimal::ONE {
            a.basis = times(a.basis, a.kept)?;
        }
    }
    let in_lieu = in_lieu(cell, &mut active);
    let base = match in_lieu {
        Some(at) => {
            let own = &mut active[at];
            own.amount = charge(own.rate, own.basis, q, Decimal::ZERO, inputs)?;
            own.amount
        }
        None => base()?,
    };
    for (i, a) in active.iter_mut().enumerate() {
        if Some(i) != in_lieu && a.yields_to.is_none() {
            a.amount = a.charge(a.basis, q, base, inputs)?;
        }
    }
    settle_families(cell, &mut active);
    settle(cell, q, base, inputs, &mut active)?;
    Ok(Duty {
        base,
        in_lieu,
        active,
    })
}

/// The measure that is owed in place of the base duty: of several the one that yields to no other.
fn in_lieu(cell: &Cell, active: &mut [Active<'_>]) -> Option<usize> {
    let replacing: Vec<usize> = (0..active.len())
        .filter(|i| active[*i].measure.replaces_base)
        .collect();
    let yields = |i: &usize| {
        let (own, others) = (active[*i].at, &replacing);
        let to_another = |to: usize| others.iter().any(|o| active[*o].at == to);
        cell.edges.iter().any(|e| e.who == own && to_another(e.to))
    };
    let owed = replacing.iter().copied().find(|i| !yields(i))?;
    let number = active[owed].number;
    for other in replacing {
        if other != owed {
            active[other].lose_to(number);
        }
    }
    Some(owed)
}

impl Active<'_> {
    /// The duty on a basis beside a base duty.
    pub(crate) fn charge<I: Inputs>(
        &self,
        basis: Decimal,
        q: &Question,
        base: Decimal,
        inputs: &I,
    ) -> Result<Decimal, LawError> {
        let base = Counted {
            duty: base,
            whole: self.whole_base,
        };
        charge(self.rate, basis, q, base, inputs)
    }

    /// Another measure takes its place.
    pub(crate) fn lose_to(&mut self, other: usize) {
        self.yields_to = Some(other);
        self.yields_part = self.basis;
        self.amount = Decimal::ZERO;
    }

    /// Whether the duty is the same fraction of value for all goods and base rates.
    pub(crate) fn is_fixed(&self) -> bool {
        self.measure.basis == Basis::Value
            && self.kept == Decimal::ONE
            && !self.measure.replaces_base
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
