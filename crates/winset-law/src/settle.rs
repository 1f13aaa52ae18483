//! Stacking: which of the measures on one entry yields to which, and on what share of the value.

use rust_decimal::Decimal;

use crate::LawError;
use crate::assess::Question;
use crate::cell::Cell;
use crate::entry::Inputs;
use crate::evaluate::Active;
use crate::money::plus;

fn find(active: &[Active<'_>], candidate: usize) -> Option<usize> {
    active.iter().position(|a| a.at == candidate)
}

/// Of each family only the member with the lowest (or highest) duty is owed; of equals the first by name.
pub(crate) fn settle_families(cell: &Cell, active: &mut [Active<'_>]) {
    for (members, highest) in &cell.families {
        let present = || members.iter().filter_map(|m| find(active, *m));
        let owed = if *highest {
            present().rev().max_by_key(|i| active[*i].amount)
        } else {
            present().min_by_key(|i| active[*i].amount)
        };
        let Some(owed) = owed else {
            continue;
        };
        let number = active[owed].number;
        let others: Vec<usize> = present().filter(|i| *i != owed).collect();
        for other in others {
            active[other].lose_to(number);
        }
    }
}

/// What others claim of the value that a candidate is on.
pub(crate) struct Claimed {
    /// The number of the measure that prevails on all of it.
    whole: Option<usize>,
    /// The part on which some prevail, and the last of them.
    part: Decimal,
    part_to: Option<usize>,
}

impl Claimed {
    /// The measure to which one on a value wholly yields.
    pub(crate) fn all_of(&self, value: Decimal) -> Option<usize> {
        self.whole.or(self.part_to.filter(|_| self.part >= value))
    }
}

/// What those to which a candidate yields claim.
pub(crate) fn claimed(cell: &Cell, active: &[Active<'_>], who: usize) -> Result<Claimed, LawError> {
    let mut claimed = Claimed {
        whole: None,
        part: Decimal::ZERO,
        part_to: None,
    };
    for edge in cell.edges.iter().filter(|e| e.who == who) {
        let Some(other) = find(active, edge.to).map(|i| &active[i]) else {
            continue;
        };
        if !other.claims() {
            continue;
        }
        if edge.part {
            claimed.part = plus(claimed.part, other.basis)?;
            claimed.part_to = Some(other.number);
        } else {
            claimed.whole = claimed.whole.or(Some(other.number));
        }
    }
    Ok(claimed)
}

/// Lets measures yield.
pub(crate) fn settle<I: Inputs>(
    cell: &Cell,
    q: &Question,
    base: Decimal,
    inputs: &I,
    active: &mut [Active<'_>],
) -> Result<(), LawError> {
    if let Some(measures) = &cell.circle {
        let measures = measures.to_string();
        return Err(LawError::Circle { measures, on: q.on });
    }
    for who in &cell.order {
        let Some(own) = find(active, *who) else {
            continue;
        };
        if active[own].yields_to.is_some() {
            continue;
        }
        let claimed = claimed(cell, active, *who)?;
        let own = &mut active[own];
        if let Some(to) = claimed.all_of(own.basis) {
            own.lose_to(to);
        } else if !claimed.part.is_zero() {
            let left = own.basis - claimed.part;
            own.amount = own.charge(left, q, base, inputs)?;
            own.basis = left;
            own.yields_part = claimed.part;
        }
    }
    Ok(())
}
