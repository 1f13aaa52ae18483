//! The nearest package that can be signed.

use serde::Serialize;

use crate::grid::{Grid, Scope, Vector, dimensions, with_dimensions};
use crate::walk::{Node, Step, Visitor, Walk};
use crate::{Package, Talks, TalksError, units};

/// One option changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The issue, counted from 0.
    pub issue: usize,
    /// The option before.
    pub from: u16,
    /// The option after.
    pub to: u16,
}

/// A package of the win-set near another package.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Repair {
    /// The package.
    pub package: Package,
    /// What was changed to get there; empty if the package was in the win-set.
    pub changes: Vec<Change>,
    /// Each party's payoff.
    pub payoffs: Vec<f64>,
    /// What the party asked about loses by the changes; below 0 if it gains.
    pub loss: f64,
}

struct Nearest<'a, const D: usize> {
    grid: &'a Grid<D>,
    from: &'a [u16],
    most_changes: usize,
    /// Changes that issues from a depth on are bound to need, as their option is not on the menu.
    forced: Vec<usize>,
    party: usize,
    best: Option<i64>,
    found: Vec<(Vector<D>, Package)>,
}

impl<const D: usize> Nearest<'_, D> {
    fn changes(&self, places: &[u16]) -> usize {
        let menu = self.grid.scope.menu.iter();
        let decided = menu.zip(places).zip(self.from);
        let changed = decided
            .filter(|((menu, place), from)| menu[usize::from(**place)] != **from)
            .count();
        changed + self.forced[places.len()]
    }
}

impl<const D: usize> Visitor<D> for Nearest<'_, D> {
    fn enter(&mut self, node: &Node<'_, D>) -> Step {
        let cut = self.grid.excludes(node)
            || self.best.is_some_and(|b| node.upper.0[self.party] < b)
            || self.changes(node.places) > self.most_changes;
        if cut { Step::Skip } else { Step::Descend }
    }

    fn package(&mut self, total: &Vector<D>, triggered: u32, places: &[u16]) {
        let payoff = total.0[self.party];
        if self.best.is_some_and(|b| payoff < b)
            || self.changes(places) > self.most_changes
            || !self.grid.admits(total, triggered)
        {
            return;
        }
        if self.best != Some(payoff) {
            self.best = Some(payoff);
            self.found.clear();
        }
        self.found.push((*total, self.grid.package(places)));
    }
}

impl Talks {
    /// The packages of the win-set with the fewest changed issues; among those, the ones that cost `party` least.
    /// All ties are given, in ascending order; none if the win-set is empty.
    ///
    /// # Errors
    /// A package of another length or with an option that does not exist; a party that does not exist; more than
    /// 32 parties and limits together.
    pub fn cheapest_repair(
        &self,
        package: &Package,
        party: usize,
    ) -> Result<Vec<Repair>, TalksError> {
        self.check(package)?;
        self.check_party(party)?;
        let scope = Scope::win_set(self);
        if scope.packages() == 0 {
            return Ok(Vec::new());
        }
        Ok(with_dimensions!(dimensions(self, &scope)?, D => {
            self.nearest::<D>(&Grid::new(self, scope), package, party)
        }))
    }

    fn nearest<const D: usize>(
        &self,
        grid: &Grid<D>,
        package: &Package,
        party: usize,
    ) -> Vec<Repair> {
        let from = package.options();
        let before = self.exact_payoffs(package)[party];
        let mut forced = vec![0usize];
        for (menu, option) in grid.scope.menu.iter().zip(from).rev() {
            let rest = forced.last().copied().unwrap_or(0);
            forced.push(rest + usize::from(!menu.contains(option)));
        }
        forced.reverse();
        let mut walk = Walk::new(grid);
        for most_changes in forced[0]..=from.len() {
            let mut nearest = Nearest {
                grid,
                from,
                most_changes,
                forced: forced.clone(),
                party,
                best: None,
                found: Vec::new(),
            };
            walk.run(&[], &mut nearest);
            if nearest.found.is_empty() {
                continue;
            }
            let repair = |(total, to): (Vector<D>, Package)| Repair {
                changes: changes(from, to.options()),
                payoffs: units::values(&total.0[..grid.parties]),
                loss: units::value(before - total.0[party]),
                package: to,
            };
            return nearest.found.into_iter().map(repair).collect();
        }
        Vec::new()
    }
}

pub(crate) fn changes(from: &[u16], to: &[u16]) -> Vec<Change> {
    let both = from.iter().zip(to).enumerate();
    both.filter(|(_, (a, b))| a != b)
        .map(|(issue, (a, b))| Change {
            issue,
            from: *a,
            to: *b,
        })
        .collect()
}
