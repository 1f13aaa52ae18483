//! What holds the win-set down: its size without one ratifier or mandate, and the least that opens an empty one.

use serde::Serialize;

use crate::alone::stopped_alone;
use crate::grid::{Grid, Scope, Vector, dimensions, with_dimensions};
use crate::walk::{Node, Step, Visitor, Walk};
use crate::{Bound, Count, Package, Talks, TalksError, count, units};

/// Something that keeps packages out of the win-set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Restriction {
    /// All limits of one ratifier.
    Ratifier(String),
    /// One mandate.
    Mandate {
        /// Whose.
        party: String,
        /// On which issue.
        issue: String,
    },
}

impl std::fmt::Display for Restriction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ratifier(name) => write!(f, "{name}"),
            Self::Mandate { party, issue } => write!(f, "the mandate of {party} on {issue}"),
        }
    }
}

/// The win-set without one restriction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IfDropped {
    /// What is dropped.
    pub restriction: Restriction,
    /// The size of the win-set then.
    pub win_set: Count,
}

/// How far one limit has to move, all else as it is, for the win-set not to be empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Relaxation {
    /// Whose limit.
    pub ratifier: String,
    /// What is limited, with its unit.
    pub what: String,
    /// The limit as it stands.
    pub from: Bound,
    /// The limit that lets the first package in.
    pub to: Bound,
    /// How far that is; above 0.
    pub by: f64,
    /// A package that is then in the win-set.
    pub package: Package,
}

/// The least that opens an empty win-set.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Opening {
    /// Issues on which the mandates together allow no option.
    pub closed_issues: Vec<String>,
    /// Each limit that opens the win-set by moving alone, the smallest share of the limit's own range first.
    pub moves: Vec<Relaxation>,
    /// The smallest sets of ratifiers and mandates without which the win-set is not empty; none if no such set of
    /// up to three exists, as where no package beats no deal for all.
    pub drops: Vec<Vec<Restriction>>,
}

/// Finds the admitted package with the largest value in one dimension.
struct Largest<'a, const D: usize> {
    grid: &'a Grid<D>,
    dimension: usize,
    any: bool,
    best: Option<(i64, Vec<u16>)>,
}

impl<const D: usize> Visitor<D> for Largest<'_, D> {
    fn enter(&mut self, node: &Node<'_, D>) -> Step {
        let done = self
            .best
            .as_ref()
            .is_some_and(|(b, _)| self.any || node.upper.0[self.dimension] <= *b);
        if done || self.grid.excludes(node) {
            Step::Skip
        } else {
            Step::Descend
        }
    }

    fn package(&mut self, total: &Vector<D>, triggered: u32, places: &[u16]) {
        let value = total.0[self.dimension];
        if self.best.as_ref().is_none_or(|(b, _)| value > *b) && self.grid.admits(total, triggered)
        {
            self.best = Some((value, places.to_vec()));
        }
    }
}

impl Talks {
    /// The size of the win-set without each ratifier, and without each mandate, one at a time.
    ///
    /// # Errors
    /// More than 32 parties and limits together.
    pub fn if_dropped(&self) -> Result<Vec<IfDropped>, TalksError> {
        let scope = Scope::win_set(self);
        let ratifiers = self.ratifiers();
        let (win_set, by_ratifier) = if ratifiers.len() > 1 {
            self.stopped_alone(&ratifiers, scope.clone())?
        } else {
            (count::count(self, scope.clone())?, Vec::new())
        };
        let mut by_ratifier = by_ratifier.into_iter();
        let without = |restriction: Restriction| {
            let dropped = self.scope_without(&[&restriction]);
            let win_set = match &restriction {
                // Whom a single ratifier stops, nobody stops without it.
                Restriction::Ratifier(_) => match by_ratifier.next() {
                    Some(gained) => win_set + gained,
                    None => count::count(self, dropped)?,
                },
                Restriction::Mandate { .. } => {
                    win_set + count::count(self, dropped.beyond(&scope))?
                }
            };
            Ok(IfDropped {
                restriction,
                win_set,
            })
        };
        self.restrictions().into_iter().map(without).collect()
    }

    /// The size of the win-set, and how many packages each ratifier keeps out alone.
    fn stopped_alone(
        &self,
        ratifiers: &[&str],
        scope: Scope,
    ) -> Result<(Count, Vec<Count>), TalksError> {
        let number = |l: &usize| {
            let name = self.limits[*l].ratifier.as_str();
            1 + ratifiers.iter().position(|r| *r == name).unwrap_or(0)
        };
        let mut counts = with_dimensions!(dimensions(self, &scope)?, D => {
            let grid = Grid::<D>::new(self, scope).weightiest_first();
            let group: Vec<usize> = grid.scope.limits.iter().map(number).collect();
            stopped_alone(&grid, &group, ratifiers.len())
        });
        let alone = counts.split_off(1);
        Ok((counts[0], alone))
    }

    /// What would open the win-set; everything is empty if it is open.
    ///
    /// # Errors
    /// More than 32 parties and limits together.
    pub fn smallest_opening(&self) -> Result<Opening, TalksError> {
        let mut opening = Opening::default();
        if self.is_open(&[])? {
            return Ok(opening);
        }
        let menu = Scope::win_set(self).menu;
        let closed = self.issues.iter().zip(&menu).filter(|(_, m)| m.is_empty());
        opening.closed_issues = closed.map(|(issue, _)| issue.name.clone()).collect();
        let mut moves = Vec::new();
        for limit in 0..self.limits.len() {
            moves.extend(self.move_of(limit)?);
        }
        moves.sort_by(|a, b| a.0.total_cmp(&b.0));
        opening.moves = moves
            .into_iter()
            .map(|(_, relaxation)| relaxation)
            .collect();

        let all = self.restrictions();
        for size in 1..=3 {
            for set in subsets(all.len(), size) {
                let set: Vec<&Restriction> = set.iter().map(|i| &all[*i]).collect();
                if self.is_open(&set)? {
                    opening.drops.push(set.into_iter().cloned().collect());
                }
            }
            if !opening.drops.is_empty() {
                break;
            }
        }
        Ok(opening)
    }

    fn restrictions(&self) -> Vec<Restriction> {
        let ratifiers = self
            .ratifiers()
            .into_iter()
            .map(|r| Restriction::Ratifier(r.to_owned()));
        let mut all: Vec<Restriction> = ratifiers.collect();
        for m in 0..self.mandates.len() {
            let restriction = self.mandate_restriction(m);
            if !all.contains(&restriction) {
                all.push(restriction);
            }
        }
        all
    }

    fn mandate_restriction(&self, mandate: usize) -> Restriction {
        let mandate = &self.mandates[mandate];
        Restriction::Mandate {
            party: self.parties[mandate.party].name.clone(),
            issue: self.issues[mandate.issue].name.clone(),
        }
    }

    fn scope_without(&self, dropped: &[&Restriction]) -> Scope {
        let ratifier = |l: usize| {
            let name = &self.limits[l].ratifier;
            !dropped
                .iter()
                .any(|r| matches!(r, Restriction::Ratifier(n) if n == name))
        };
        let mandate = |m: usize| !dropped.contains(&&self.mandate_restriction(m));
        Scope::win_set_where(self, mandate, ratifier)
    }

    fn is_open(&self, dropped: &[&Restriction]) -> Result<bool, TalksError> {
        let scope = self.scope_without(dropped);
        Ok(with_dimensions!(dimensions(self, &scope)?, D => {
            let grid = Grid::<D>::new(self, scope);
            let mut search = Largest { grid: &grid, dimension: 0, any: true, best: None };
            Walk::new(&grid).run(&[], &mut search);
            search.best.is_some()
        }))
    }

    /// How far one limit has to move, with the share of the range of its quantity that this is.
    fn move_of(&self, limit: usize) -> Result<Option<(f64, Relaxation)>, TalksError> {
        let scope = Scope::win_set(self);
        Ok(with_dimensions!(dimensions(self, &scope)?, D => {
            let mut grid = Grid::<D>::new(self, scope);
            let dimension = grid.parties + limit;
            grid.release(dimension);
            let mut search = Largest { grid: &grid, dimension, any: false, best: None };
            Walk::new(&grid).run(&[], &mut search);
            search.best.map(|(value, places)| {
                let (exact, stated) = (&self.quantities[limit], &self.limits[limit]);
                let by = units::value(exact.floor - value);
                let to = match stated.bound {
                    Bound::AtLeast(_) => Bound::AtLeast(units::value(value)),
                    Bound::AtMost(_) => Bound::AtMost(units::value(-value)),
                };
                let spread: i64 = exact
                    .quantity
                    .values
                    .iter()
                    .map(|row| row.iter().max().unwrap_or(&0) - row.iter().min().unwrap_or(&0))
                    .sum();
                let share = by / units::value(spread.max(1));
                (share, Relaxation {
                    ratifier: stated.ratifier.clone(),
                    what: stated.what.clone(),
                    from: stated.bound,
                    to,
                    by,
                    package: grid.package(&places),
                })
            })
        }))
    }
}

impl<const D: usize> Grid<D> {
    /// Takes the floor off one dimension.
    fn release(&mut self, dimension: usize) {
        let bit = 1 << dimension;
        self.floor[dimension] = i64::MIN;
        self.always &= !bit;
        self.triggers.iter_mut().flatten().for_each(|t| *t &= !bit);
    }
}

/// All ways to take `size` of `n` things, in lexicographic order.
fn subsets(n: usize, size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    (0..n)
        .flat_map(|first| {
            subsets(n - first - 1, size - 1)
                .into_iter()
                .map(move |rest| {
                    std::iter::once(first)
                        .chain(rest.iter().map(|r| r + first + 1))
                        .collect()
                })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn subsets_are_all_there() {
        assert_eq!(super::subsets(3, 2), [[0, 1], [0, 2], [1, 2]]);
        assert_eq!(super::subsets(2, 3), Vec::<Vec<usize>>::new());
        assert_eq!(super::subsets(6, 3).len(), 20);
    }
}
