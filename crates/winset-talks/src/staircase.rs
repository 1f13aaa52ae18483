//! The frontier of two parties' additive payoffs: partial frontiers merged part by part, sorted all the way.
//!
//! A partial package that another one dominates cannot be completed to an undominated package, because the rest
//! adds the same to both. So the partial frontiers, which stay short, are all that has to be kept.

use std::cmp::Reverse;

use crate::grid::Grid;
use crate::parts::Part;
use crate::trail::{Layer, Trail, Via};

/// A partial package: both payoffs, and its way.
#[derive(Clone, Copy)]
struct Stair {
    x: i64,
    y: i64,
    via: Via,
}

/// The undominated totals, falling in the first payoff, with the trail to their packages; `Err(part)` where
/// there are more than `most` partial packages.
pub(crate) fn staircase<const D: usize>(
    parts: &[Part<D>],
    most: usize,
) -> Result<(Vec<[i64; 2]>, Trail), usize> {
    let mut points = vec![[0i64; 2]];
    let mut trail = Trail::default();
    let (mut merged, mut spare) = (Vec::new(), Vec::new());
    for (k, part) in parts.iter().enumerate() {
        let mut layer = Layer::default();
        merged.clear();
        for (combination, [x, y]) in undominated(part) {
            spare.clear();
            merge(
                &merged,
                &points,
                [x, y],
                combination,
                &mut spare,
                &mut layer,
            );
            std::mem::swap(&mut merged, &mut spare);
        }
        if merged.len() > most {
            return Err(k);
        }
        points.clear();
        points.extend(merged.iter().map(|s: &Stair| [s.x, s.y]));
        layer.via.extend(merged.iter().map(|s| s.via));
        trail.layers.push(layer);
    }
    Ok((points, trail))
}

/// The combinations of a part that no other dominates; equal ones all stay.
fn undominated<const D: usize>(part: &Part<D>) -> Vec<(usize, [i64; 2])> {
    let mut sorted: Vec<(usize, [i64; 2])> = part
        .combinations
        .iter()
        .enumerate()
        .map(|(c, o)| (c, [o.total.0[0], o.total.0[1]]))
        .collect();
    sorted.sort_by_key(|(_, total)| Reverse(*total));
    let mut last: Option<[i64; 2]> = None;
    sorted.retain(|(_, v)| {
        let keep = last.is_none_or(|l| v[1] > l[1] || *v == l);
        if keep {
            last = Some(*v);
        }
        keep
    });
    sorted
}

/// Merges a staircase with `points` shifted by one combination.
fn merge(
    one: &[Stair],
    points: &[[i64; 2]],
    shift: [i64; 2],
    combination: usize,
    into: &mut Vec<Stair>,
    layer: &mut Layer,
) {
    let shifted = |j: usize| {
        let [x, y] = points[j];
        Stair {
            x: x + shift[0],
            y: y + shift[1],
            via: Via::new(j, combination),
        }
    };
    let mut highest = i64::MIN;
    let (mut i, mut j) = (0, 0);
    loop {
        let next = match (one.get(i), j < points.len()) {
            (None, false) => break,
            (Some(a), false) => {
                i += 1;
                *a
            }
            (None, true) => {
                j += 1;
                shifted(j - 1)
            }
            (Some(a), true) => {
                let b = shifted(j);
                if (a.x, a.y) == (b.x, b.y) {
                    i += 1;
                    j += 1;
                    if a.y > highest {
                        highest = a.y;
                        let via = layer.join(a.via, b.via);
                        into.push(Stair { via, ..*a });
                    }
                    continue;
                }
                if (a.x, a.y) > (b.x, b.y) {
                    i += 1;
                    *a
                } else {
                    j += 1;
                    b
                }
            }
        };
        if next.y > highest {
            highest = next.y;
            into.push(next);
        }
    }
}

/// Whether a grid is what [`staircase`] handles: one or two parties, no limits.
pub(crate) fn fits<const D: usize>(grid: &Grid<D>) -> bool {
    grid.parties <= 2 && grid.scope.limits.is_empty()
}
