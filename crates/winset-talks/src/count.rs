//! How many packages a set of mandates and limits leaves, without listing them.

use rayon::prelude::*;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::grid::{Grid, Scope, Vector, dimensions, with_dimensions};
use crate::walk::{Node, Step, Visitor, Walk, prefixes};
use crate::{Talks, TalksError, halves};

/// A number of packages, exact unless counting it would have taken too long.
///
/// `u128::MAX` stands for that many or more. In JSON an exact count is a number, any other an object with
/// `at_least` and `at_most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// There are no fewer than this.
    pub at_least: u128,
    /// There are no more than this.
    pub at_most: u128,
}

impl Count {
    /// A number that is known.
    pub fn exactly(n: u128) -> Self {
        Self {
            at_least: n,
            at_most: n,
        }
    }

    /// The number, if it is known.
    pub fn exact(self) -> Option<u128> {
        (self.at_least == self.at_most).then_some(self.at_least)
    }
}

impl std::ops::Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            at_least: self.at_least.saturating_add(other.at_least),
            at_most: self.at_most.saturating_add(other.at_most),
        }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.exact() {
            Some(n) => write!(f, "{n}"),
            None => write!(f, "{} to {}", self.at_least, self.at_most),
        }
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(n) = self.exact() {
            return serializer.serialize_u128(n);
        }
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("at_least", &self.at_least)?;
        map.serialize_entry("at_most", &self.at_most)?;
        map.end()
    }
}

/// Nodes looked at before a count is left as an interval; a few seconds at worst.
pub(crate) const MOST_NODES: u64 = 20_000_000;

struct Counter<'a, const D: usize> {
    grid: &'a Grid<D>,
    /// Packages below a node, by the number of decided issues.
    below: &'a [u128],
    nodes_left: u64,
    sure: u128,
    open: u128,
}

impl<const D: usize> Visitor<D> for Counter<'_, D> {
    fn enter(&mut self, node: &Node<'_, D>) -> Step {
        if self.grid.excludes(node) {
            return Step::Skip;
        }
        let below = self.below[node.places.len()];
        if self.grid.admits_all(node) {
            self.sure = self.sure.saturating_add(below);
            return Step::Skip;
        }
        if self.nodes_left == 0 {
            self.open = self.open.saturating_add(below);
            return Step::Skip;
        }
        self.nodes_left -= 1;
        Step::Descend
    }

    fn package(&mut self, total: &Vector<D>, triggered: u32, _places: &[u16]) {
        let admitted = self.grid.admits(total, triggered);
        self.sure = self.sure.saturating_add(u128::from(admitted));
    }
}

/// The number of packages in a scope.
pub(crate) fn count(talks: &Talks, scope: Scope) -> Result<Count, TalksError> {
    let scope = scope.reduced(talks)?;
    let packages = scope.packages();
    if packages == 0 || (scope.limits.is_empty() && !scope.beats_no_deal) {
        return Ok(Count::exactly(packages));
    }
    Ok(with_dimensions!(dimensions(talks, &scope)?, D => {
        let grid = Grid::<D>::new(talks, scope);
        if settled(&grid) {
            walked(&grid, MOST_NODES, &[Vec::new()])
        } else {
            halves::count(&grid).map_or_else(
                || {
                    let grid = grid.weightiest_first();
                    walked(&grid, MOST_NODES, &prefixes(&grid))
                },
                Count::exactly,
            )
        }
    }))
}

/// Packages below a node, by the number of decided issues.
pub(crate) fn below<const D: usize>(grid: &Grid<D>) -> Vec<u128> {
    let mut below = vec![1u128];
    for options in grid.options.iter().rev() {
        let last = below.last().copied().unwrap_or(1);
        below.push(last.saturating_mul(options.len() as u128));
    }
    below.reverse();
    below
}

fn walked<const D: usize>(grid: &Grid<D>, most_nodes: u64, parts: &[Vec<u16>]) -> Count {
    let below = below(grid);
    // Each part has its own allowance, so that the interval is the same on any number of threads.
    let allowance = most_nodes / parts.len() as u64;
    let counts: Vec<(u128, u128)> = parts
        .par_iter()
        .map_init(
            || Walk::new(grid),
            |walk, prefix| {
                let mut counter = Counter {
                    grid,
                    below: &below,
                    nodes_left: allowance,
                    sure: 0,
                    open: 0,
                };
                walk.run(prefix, &mut counter);
                (counter.sure, counter.open)
            },
        )
        .collect();
    let sure = counts.iter().fold(0u128, |n, c| n.saturating_add(c.0));
    let open = counts.iter().fold(0u128, |n, c| n.saturating_add(c.1));
    Count {
        at_least: sure,
        at_most: sure.saturating_add(open),
    }
}

/// Whether the first look decides: all packages are admitted, or none.
fn settled<const D: usize>(grid: &Grid<D>) -> bool {
    struct First<'a, const D: usize>(&'a Grid<D>, bool);
    impl<const D: usize> Visitor<D> for First<'_, D> {
        fn enter(&mut self, node: &Node<'_, D>) -> Step {
            // Reaching no deal exactly takes one line of packages, which a walk sorts out at once.
            let floors = (0..D).all(|d| node.lower.0[d] >= self.0.floor[d]);
            self.1 = floors || self.0.excludes(node);
            Step::Skip
        }

        fn package(&mut self, _total: &Vector<D>, _triggered: u32, _places: &[u16]) {}
    }
    let mut first = First(grid, false);
    Walk::new(grid).run(&[], &mut first);
    first.1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Bound, Issue, Limit, Party, Payoff};

    fn table() -> impl Strategy<Value = Payoff> {
        let values = prop::collection::vec(prop::collection::vec(-3i32..=3, 3), 5);
        values.prop_map(|t| {
            Payoff::additive(
                t.into_iter()
                    .map(|r| r.into_iter().map(f64::from).collect())
                    .collect(),
            )
        })
    }

    proptest! {
        #[test]
        fn halves_and_walks_count_alike(
            payoffs in prop::collection::vec(table(), 1..=2),
            quantities in prop::collection::vec(table(), 0..=2),
            no_deal in -3i32..=3,
            beats: bool,
        ) {
            let issue = |i: usize| Issue {
                name: i.to_string(),
                options: ["a", "b", "c"].map(Into::into).into(),
            };
            let party = |(p, payoff): (usize, Payoff)| Party {
                name: p.to_string(),
                no_deal: f64::from(no_deal),
                payoff,
            };
            let limit = |quantity: Payoff| Limit {
                ratifier: "body".into(),
                party: 0,
                what: "quantity".into(),
                quantity,
                bound: Bound::AtLeast(1.0),
                asked: None,
            };
            let talks = Talks::new(
                (0..5).map(issue).collect(),
                payoffs.into_iter().enumerate().map(party).collect(),
                Vec::new(),
                quantities.into_iter().map(limit).collect(),
            )
            .unwrap();
            let mut scope = Scope { beats_no_deal: beats, ..Scope::win_set(&talks) };
            if beats {
                scope.limits.clear();
            }
            let grid = Grid::<4>::new(&talks, scope);
            if let Some(matched) = halves::count(&grid) {
                prop_assert_eq!(Count::exactly(matched), walked(&grid, u64::MAX, &prefixes(&grid)));
            } else {
                prop_assert!(!beats && grid.scope.limits.is_empty());
            }
            let cut = walked(&grid, 0, &prefixes(&grid));
            let full = walked(&grid, u64::MAX, &prefixes(&grid)).at_least;
            prop_assert!(cut.at_least <= full && full <= cut.at_most);
        }
    }
}
