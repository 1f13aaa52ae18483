//! Stacking: which of the measures on one entry yields to which, and on what share of the value.

use rust_decimal::Decimal;

use crate::LawError;
use crate::assess::Question;
use crate::charge::charge;
use crate::entry::Inputs;
use crate::evaluate::Active;
use crate::law::Law;
use crate::measure::{Effect, Yield};
use crate::money::plus;

/// Among the measures of one entry, by their places in the list, `who` yields to `to`.
#[derive(Clone, Copy, Debug)]
struct Edge {
    who: usize,
    to: usize,
    part: bool,
}

/// The relations that hold among the measures of one entry, and the order in which they are followed:
/// each measure after those it yields to. What is owed has no part in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settlement {
    edges: Vec<Edge>,
    order: Vec<usize>,
}

impl Law {
    /// The relations among measures that apply together.
    pub(crate) fn settlement(
        &self,
        q: &Question,
        active: &[Active<'_>],
    ) -> Result<Settlement, LawError> {
        let holds = |r: &Yield| {
            r.from <= q.on && q.on < r.until && q.known.is_none_or(|known| r.known <= known)
        };
        // Between two measures the relation of the latest act prevails, in whichever direction.
        let latest = |i: usize, r: &Yield| {
            let (there, back) = (self.yields[i].iter(), self.yields[r.to].iter());
            !there
                .filter(|o| o.to == r.to)
                .chain(back.filter(|o| o.to == i))
                .any(|o| o.known > r.known && holds(o))
        };
        let mut edges = Vec::new();
        for (who, a) in active.iter().enumerate() {
            for relation in &self.yields[a.number] {
                let Some(to) = active.iter().position(|o| o.number == relation.to) else {
                    continue;
                };
                if holds(relation) && latest(a.number, relation) {
                    let part = relation.part;
                    edges.push(Edge { who, to, part });
                }
            }
        }
        let mut order = Vec::new();
        let mut left: Vec<usize> = edges.iter().map(|e| e.who).collect();
        left.dedup();
        while !left.is_empty() {
            let waits = |who: usize| edges.iter().any(|e| e.who == who && left.contains(&e.to));
            let ready: Vec<usize> = left.iter().copied().filter(|who| !waits(*who)).collect();
            if ready.is_empty() {
                let names: Vec<&str> = left
                    .iter()
                    .map(|i| active[*i].measure.id.as_ref())
                    .collect();
                return Err(LawError::Circle {
                    measures: names.join(", "),
                    on: q.on,
                });
            }
            left.retain(|who| !ready.contains(who));
            order.extend(ready);
        }
        Ok(Settlement { edges, order })
    }
}

impl Settlement {
    /// Lets measures yield.
    pub(crate) fn apply<I: Inputs>(
        &self,
        q: &Question,
        base: Decimal,
        inputs: &I,
        active: &mut [Active<'_>],
    ) -> Result<(), LawError> {
        for &who in &self.order {
            let (mut whole, mut part) = (None, Decimal::ZERO);
            for edge in self.edges.iter().filter(|e| e.who == who) {
                let other = &active[edge.to];
                if !other.claims() {
                    continue;
                }
                if edge.part {
                    part = plus(part, other.basis)?;
                } else {
                    whole = whole.or(Some(other.number));
                }
            }
            let own = &mut active[who];
            if let Some(to) = whole {
                own.yields_to = Some(to);
                own.amount = Decimal::ZERO;
            } else if !part.is_zero() {
                let basis = (own.basis - part).max(Decimal::ZERO);
                if let Effect::Charges { rate, .. } = &own.provision.effect {
                    own.amount = charge(rate, basis, q, base, inputs)?;
                }
                own.basis = basis;
            }
        }
        Ok(())
    }
}
