//! The frontier of additive payoffs for any number of parties and ratifiers: partial frontiers merged part by part.
//!
//! A partial package carries what it has gathered for each limit as well. It is dropped where another is at least
//! as good in everything and better in a payoff: whatever completes the one completes the other. Equal payoffs
//! with different slack are both kept, so that no tie is lost.

use std::cmp::Reverse;

use crate::archive::{Archive, Found, Ties};
use crate::grid::{Grid, Vector};
use crate::parts::Part;
use crate::trail::{Layer, Trail, Via};
use crate::walk::extremes;

#[derive(Clone, Copy)]
struct State<const D: usize> {
    total: Vector<D>,
    triggered: u32,
    via: Via,
}

/// What the parts still to come can add.
struct Rest<const D: usize> {
    most: Vector<D>,
    least: Vector<D>,
    may_trigger: u32,
}

/// All undominated payoffs of the packages a grid admits; `Err(part)` where more than `most` partial packages
/// have to be kept.
pub(crate) fn frontier<const D: usize>(
    grid: &Grid<D>,
    parts: &[Part<D>],
    most: usize,
    cap: usize,
) -> Result<Vec<Found>, usize> {
    let mut states = vec![State {
        total: Vector::ZERO,
        triggered: 0,
        via: Via::new(0, 0),
    }];
    let mut trail = Trail::default();
    for (k, part) in parts.iter().enumerate() {
        let rest = rest(&parts[k + 1..]);
        let mut candidates = Vec::with_capacity(states.len() * part.combinations.len());
        for (before, state) in states.iter().enumerate() {
            for (c, combination) in part.combinations.iter().enumerate() {
                let total = state.total + combination.total;
                let triggered = state.triggered | combination.triggered;
                let via = Via::new(before, c);
                candidates.extend(settle(
                    grid,
                    &rest,
                    State {
                        total,
                        triggered,
                        via,
                    },
                ));
            }
        }
        let mut layer = Layer::default();
        states = undominated(grid, &join_equal(candidates, &mut layer), most).ok_or(k)?;
        layer.via.extend(states.iter().map(|s| s.via));
        trail.layers.push(layer);
    }
    let counts = trail.counts();
    let mut archive: Archive<D> = Archive::new(grid.parties, cap);
    let mut lister = trail.lister(grid, parts, cap);
    for (i, state) in states.iter().enumerate() {
        if grid.admits(&state.total, state.triggered) && !archive.dominates(&state.total) {
            let ties: Ties = lister.ties(i, counts[i]);
            archive.take(state.total, ties);
        }
    }
    let mut found = archive.into_found();
    for point in &mut found {
        point.ties.listed.sort_unstable();
    }
    Ok(found)
}

fn rest<const D: usize>(parts: &[Part<D>]) -> Rest<D> {
    let mut rest = Rest {
        most: Vector::ZERO,
        least: Vector::ZERO,
        may_trigger: 0,
    };
    for part in parts {
        let (high, low) = extremes(part.combinations.iter().map(|c| &c.total));
        rest.most += high;
        rest.least += low;
        rest.may_trigger |= part.combinations.iter().fold(0, |m, c| m | c.triggered);
    }
    rest
}

/// Drops what can no longer be admitted, and forgets by how much a limit that can no longer fail will be met.
fn settle<const D: usize>(grid: &Grid<D>, rest: &Rest<D>, mut state: State<D>) -> Option<State<D>> {
    for d in 0..D {
        if grid.floor[d] == i64::MIN {
            continue;
        }
        let bit = 1 << d;
        let active = (grid.always | state.triggered) & bit != 0;
        if active && state.total.0[d] + rest.most.0[d] < grid.floor[d] {
            return None;
        }
        if d >= grid.parties {
            let sure = grid.floor[d] - rest.least.0[d];
            if state.total.0[d] >= sure || (!active && rest.may_trigger & bit == 0) {
                state.total.0[d] = sure;
                state.triggered &= !bit;
            }
        }
    }
    Some(state)
}

/// Sorts, falling; makes one of those that are equal.
fn join_equal<const D: usize>(mut states: Vec<State<D>>, layer: &mut Layer) -> Vec<State<D>> {
    states.sort_by_key(|s| Reverse((s.total, s.triggered)));
    let mut joined: Vec<State<D>> = Vec::with_capacity(states.len());
    for state in states {
        match joined.last_mut() {
            Some(last) if last.total == state.total && last.triggered == state.triggered => {
                last.via = layer.join(last.via, state.via);
            }
            _ => joined.push(state),
        }
    }
    joined
}

/// The states that none at least as good in everything beats in a payoff.
fn undominated<const D: usize>(
    grid: &Grid<D>,
    states: &[State<D>],
    most: usize,
) -> Option<Vec<State<D>>> {
    let used = grid.parties + grid.scope.limits.len();
    let planar = used <= 3 && grid.triggers.iter().flatten().all(|t| *t == 0);
    let mut kept: Vec<State<D>> = Vec::new();
    let mut steps = Steps::default();
    let mut start = 0;
    while start < states.len() {
        let same =
            |s: &&State<D>| s.total.0[..grid.parties] == states[start].total.0[..grid.parties];
        let end = start + states[start..].iter().take_while(same).count();
        let before = kept.len();
        for state in &states[start..end] {
            let beaten = if planar {
                steps.covers(state.total.0[1], state.total.0[D.min(3) - 1])
            } else {
                kept[..before].iter().any(|k| {
                    (0..used).all(|d| k.total.0[d] >= state.total.0[d])
                        && k.triggered & !state.triggered == 0
                })
            };
            if !beaten {
                kept.push(*state);
            }
        }
        if planar {
            for state in &kept[before..] {
                steps.add(state.total.0[1], state.total.0[D.min(3) - 1]);
            }
        }
        if kept.len() > most {
            return None;
        }
        start = end;
    }
    Some(kept)
}

/// A staircase of two numbers, falling in the first and rising in the second.
#[derive(Default)]
struct Steps(Vec<(i64, i64)>);

impl Steps {
    fn covers(&self, y: i64, z: i64) -> bool {
        let i = self.0.partition_point(|s| s.0 >= y);
        i > 0 && self.0[i - 1].1 >= z
    }

    fn add(&mut self, y: i64, z: i64) {
        if self.covers(y, z) {
            return;
        }
        let start = self.0.partition_point(|s| s.0 > y);
        let beaten = self.0[start..].iter().take_while(|s| s.1 <= z).count();
        self.0.splice(start..start + beaten, [(y, z)]);
    }
}
