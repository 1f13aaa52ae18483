//! Packages that a single ratifier keeps out of the win-set, counted in one walk for all ratifiers.

use rayon::prelude::*;

use crate::Count;
use crate::count::{MOST_NODES, below};
use crate::grid::{Grid, Vector};
use crate::walk::{Node, Step, Visitor, Walk, prefixes};

/// What a walk counts: packages that no group of limits stops, then those that each group stops alone.
struct Tally<'a, const D: usize> {
    grid: &'a Grid<D>,
    /// The group of each limit, from 1.
    group: &'a [usize],
    below: &'a [u128],
    nodes_left: u64,
    counts: Vec<u128>,
    open: u128,
}

impl<const D: usize> Tally<'_, D> {
    fn add(&mut self, group: usize, packages: u128) {
        self.counts[group] = self.counts[group].saturating_add(packages);
    }
}

impl<const D: usize> Visitor<D> for Tally<'_, D> {
    fn enter(&mut self, node: &Node<'_, D>) -> Step {
        let grid = self.grid;
        let floor = &grid.floor;
        if (0..grid.parties).any(|p| node.upper.0[p] < floor[p]) {
            return Step::Skip;
        }
        let active = grid.always | node.triggered;
        let possible = active | node.may_trigger;
        // Limits that are surely broken, and of those that may be broken the groups they belong to.
        let (mut stopped, mut doubtful) = (0, None);
        let mut doubts_differ = false;
        for (l, group) in self.group.iter().enumerate() {
            let d = grid.parties + l;
            if possible & (1 << d) == 0 || node.lower.0[d] >= floor[d] {
                continue;
            }
            if active & (1 << d) != 0 && node.upper.0[d] < floor[d] {
                if stopped != 0 && stopped != *group {
                    return Step::Skip;
                }
                stopped = *group;
            } else {
                doubts_differ |= doubtful.is_some_and(|g| g != *group);
                doubtful = Some(*group);
            }
        }
        let settled = !doubts_differ && doubtful.is_none_or(|g| g == stopped);
        let beats = (0..grid.parties).all(|p| node.lower.0[p] >= floor[p])
            && (0..grid.parties).any(|p| node.lower.0[p] > floor[p]);
        let packages = self.below[node.places.len()];
        if settled && beats {
            self.add(stopped, packages);
            return Step::Skip;
        }
        if self.nodes_left == 0 {
            self.open = self.open.saturating_add(packages);
            return Step::Skip;
        }
        self.nodes_left -= 1;
        Step::Descend
    }

    fn package(&mut self, total: &Vector<D>, triggered: u32, _places: &[u16]) {
        let grid = self.grid;
        let gains = total.0.iter().zip(&grid.floor).take(grid.parties);
        if !gains.clone().all(|(x, n)| x >= n) || !gains.clone().any(|(x, n)| x > n) {
            return;
        }
        let active = grid.always | triggered;
        let mut stopped = 0;
        for (l, group) in self.group.iter().enumerate() {
            let d = grid.parties + l;
            if active & (1 << d) != 0 && total.0[d] < grid.floor[d] {
                if stopped != 0 && stopped != *group {
                    return;
                }
                stopped = *group;
            }
        }
        self.add(stopped, 1);
    }
}

/// The packages that meet all limits, then for each group of limits those that break limits of that group only;
/// of those that beat no deal. `group` has a number from 1 to `groups` for each limit of the grid.
pub(crate) fn stopped_alone<const D: usize>(
    grid: &Grid<D>,
    group: &[usize],
    groups: usize,
) -> Vec<Count> {
    let below = below(grid);
    let parts = prefixes(grid);
    // As much as counting for one group after the other would look at.
    let allowance = MOST_NODES * groups as u64 / parts.len().max(1) as u64;
    let counts: Vec<(Vec<u128>, u128)> = parts
        .par_iter()
        .map_init(
            || Walk::new(grid),
            |walk, prefix| {
                let mut tally = Tally {
                    grid,
                    group,
                    below: &below,
                    nodes_left: allowance,
                    counts: vec![0; groups + 1],
                    open: 0,
                };
                walk.run(prefix, &mut tally);
                (tally.counts, tally.open)
            },
        )
        .collect();
    let open = counts.iter().fold(0u128, |n, c| n.saturating_add(c.1));
    (0..=groups)
        .map(|g| {
            let sure = counts.iter().fold(0u128, |n, c| n.saturating_add(c.0[g]));
            Count {
                at_least: sure,
                at_most: sure.saturating_add(open),
            }
        })
        .collect()
}
