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
        let (mut whole, mut part, mut part_to) = (None, Decimal::ZERO, None);
        for edge in cell.edges.iter().filter(|e| e.who == *who) {
            let Some(other) = find(active, edge.to).map(|i| &active[i]) else {
                continue;
            };
            if !other.claims() {
                continue;
            }
            if edge.part {
                part = plus(part, other.basis)?;
                part_to = Some(other.number);
            } else {
                whole = whole.or(Some(other.number));
            }
        }
        let own = &mut active[own];
        let left = (own.basis - part).max(Decimal::ZERO);
        if let Some(to) = whole {
            own.lose_to(to);
        } else if let Some(to) = part_to.filter(|_| left.is_zero()) {
            own.lose_to(to);
        } else if !part.is_zero() {
            own.amount = own.charge(left, q, base, inputs)?;
            own.basis = left;
            own.yields_part = part;
        }
    }
    Ok(())
}
