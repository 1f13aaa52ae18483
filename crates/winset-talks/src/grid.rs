//! The tables laid out for a search: one vector of integers for each option, payoffs first, limits after.

use std::ops::AddAssign;

use crate::{Package, Talks, TalksError};

/// One number for each dimension: the parties' payoffs, then the limits' quantities, then zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Vector<const D: usize>(pub(crate) [i64; D]);

impl<const D: usize> Vector<D> {
    pub(crate) const ZERO: Self = Self([0; D]);

    pub(crate) fn max(self, other: Self) -> Self {
        Self(std::array::from_fn(|d| self.0[d].max(other.0[d])))
    }

    pub(crate) fn min(self, other: Self) -> Self {
        Self(std::array::from_fn(|d| self.0[d].min(other.0[d])))
    }
}

impl<const D: usize> std::ops::Add for Vector<D> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|d| self.0[d] + other.0[d]))
    }
}

impl<const D: usize> AddAssign for Vector<D> {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// Which packages a search is about.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// The options of each issue that may be chosen, ascending.
    pub(crate) menu: Vec<Vec<u16>>,
    /// The limits that must hold, by number.
    pub(crate) limits: Vec<usize>,
    /// Whether no party may be below no deal, and one must be above.
    pub(crate) beats_no_deal: bool,
}

impl Scope {
    /// Every package.
    pub(crate) fn all(talks: &Talks) -> Self {
        let menu = talks
            .issues
            .iter()
            .map(|i| (0..i.options.len() as u16).collect())
            .collect();
        Self {
            menu,
            limits: Vec::new(),
            beats_no_deal: false,
        }
    }

    /// The win-set without the mandates and limits for which `keep_…` says no.
    pub(crate) fn win_set_where(
        talks: &Talks,
        keep_mandate: impl Fn(usize) -> bool,
        keep_limit: impl Fn(usize) -> bool,
    ) -> Self {
        let mut scope = Self::all(talks);
        for (m, mandate) in talks.mandates.iter().enumerate() {
            if keep_mandate(m) {
                scope.menu[mandate.issue].retain(|o| mandate.allowed.contains(&usize::from(*o)));
            }
        }
        scope.limits = (0..talks.limits.len()).filter(|l| keep_limit(*l)).collect();
        scope.beats_no_deal = true;
        scope
    }

    /// The win-set.
    pub(crate) fn win_set(talks: &Talks) -> Self {
        Self::win_set_where(talks, |_| true, |_| true)
    }

    /// This scope, wider than another on one issue, without the packages on the menu of the other.
    pub(crate) fn beyond(mut self, other: &Self) -> Self {
        for (menu, there) in self.menu.iter_mut().zip(&other.menu) {
            if menu.len() != there.len() {
                menu.retain(|o| !there.contains(o));
                return self;
            }
        }
        self.menu.iter_mut().for_each(Vec::clear);
        self
    }

    /// Number of packages on the menu; saturates.
    pub(crate) fn packages(&self) -> u128 {
        self.menu
            .iter()
            .fold(1, |n, m| n.saturating_mul(m.len() as u128))
    }
}

/// Pair values of two issues, the lower one first: `values[a][b]`.
#[derive(Clone, Debug)]
pub(crate) struct PairGrid<const D: usize> {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) values: Vec<Vec<Vector<D>>>,
}

/// A [`Scope`] of some [`Talks`], as vectors.
#[derive(Clone, Debug)]
pub(crate) struct Grid<const D: usize> {
    /// `options[issue][place on the menu]`.
    pub(crate) options: Vec<Vec<Vector<D>>>,
    /// At most one for each two issues.
    pub(crate) pairs: Vec<PairGrid<D>>,
    /// The first so many dimensions are payoffs.
    pub(crate) parties: usize,
    /// What each dimension must reach; `i64::MIN` where nothing is asked.
    pub(crate) floor: [i64; D],
    /// A bit for each dimension whose floor always counts.
    pub(crate) always: u32,
    /// A bit for each dimension whose floor an option brings into play: `triggers[issue][place]`.
    pub(crate) triggers: Vec<Vec<u32>>,
    /// The issue of the talks behind each issue of the grid.
    pub(crate) order: Vec<usize>,
    /// What the vectors are of; its menu is in the order of the talks.
    pub(crate) scope: Scope,
}

impl<const D: usize> Grid<D> {
    pub(crate) fn new(talks: &Talks, scope: Scope) -> Self {
        let parties = talks.parties.len();
        let mut floor = [i64::MIN; D];
        let mut always = 0;
        if scope.beats_no_deal {
            floor[..parties].copy_from_slice(&talks.no_deal);
            always = (1u32 << parties) - 1;
        }
        let mut triggers: Vec<Vec<u32>> = scope.menu.iter().map(|m| vec![0; m.len()]).collect();
        let mut tables: Vec<_> = talks.payoffs.iter().collect();
        for (k, l) in scope.limits.iter().enumerate() {
            let dimension = parties + k;
            tables.push(&talks.quantities[*l].quantity);
            floor[dimension] = talks.quantities[*l].floor;
            match &talks.limits[*l].asked {
                None => always |= 1 << dimension,
                Some(choices) => {
                    for choice in choices {
                        let place = scope.menu[choice.issue]
                            .iter()
                            .position(|o| usize::from(*o) == choice.option);
                        if let Some(place) = place {
                            triggers[choice.issue][place] |= 1 << dimension;
                        }
                    }
                }
            }
        }
        let vector = |of: &dyn Fn(usize) -> i64| {
            Vector(std::array::from_fn(|d| {
                if d < tables.len() { of(d) } else { 0 }
            }))
        };
        let options = scope
            .menu
            .iter()
            .enumerate()
            .map(|(i, m)| {
                m.iter()
                    .map(|o| vector(&|d| tables[d].values[i][usize::from(*o)]))
                    .collect()
            })
            .collect();
        let mut pairs: Vec<PairGrid<D>> = Vec::new();
        for (d, table) in tables.iter().enumerate() {
            for pair in &table.pairs {
                let (a, b) = (pair.rows, pair.columns);
                let place = pairs
                    .iter()
                    .position(|p| (p.a, p.b) == (a, b))
                    .unwrap_or_else(|| {
                        let values =
                            vec![vec![Vector::ZERO; scope.menu[b].len()]; scope.menu[a].len()];
                        pairs.push(PairGrid { a, b, values });
                        pairs.len() - 1
                    });
                for (row, oa) in pairs[place].values.iter_mut().zip(&scope.menu[a]) {
                    for (cell, ob) in row.iter_mut().zip(&scope.menu[b]) {
                        cell.0[d] += pair.values[usize::from(*oa)][usize::from(*ob)];
                    }
                }
            }
        }
        Self {
            options,
            pairs,
            parties,
            floor,
            always,
            triggers,
            order: (0..scope.menu.len()).collect(),
            scope,
        }
    }

    /// Whether a total meets every floor that counts, and beats no deal where that is asked.
    pub(crate) fn admits(&self, total: &Vector<D>, triggered: u32) -> bool {
        let active = self.always | triggered;
        let held = (0..D).all(|d| active & (1 << d) == 0 || total.0[d] >= self.floor[d]);
        held && (!self.scope.beats_no_deal || (0..self.parties).any(|p| total.0[p] > self.floor[p]))
    }

    /// The package behind places on the menu.
    pub(crate) fn package(&self, places: &[u16]) -> Package {
        let mut options = vec![0; places.len()];
        for (issue, place) in self.order.iter().zip(places) {
            options[*issue] = self.scope.menu[*issue][usize::from(*place)];
        }
        Package::from(options)
    }
}

/// How many dimensions a scope needs.
pub(crate) fn dimensions(talks: &Talks, scope: &Scope) -> Result<usize, TalksError> {
    let found = talks.parties.len() + scope.limits.len();
    if found > 32 {
        Err(TalksError::TooMany { found })
    } else {
        Ok(found)
    }
}

/// Runs an expression with the constant `$D` set to the smallest compiled size that holds `$dimensions`.
macro_rules! with_dimensions {
    ($dimensions:expr, $D:ident => $body:expr) => {
        match $dimensions {
            0..=2 => {
                const $D: usize = 2;
                $body
            }
            3 => {
                const $D: usize = 3;
                $body
            }
            4 => {
                const $D: usize = 4;
                $body
            }
            5..=6 => {
                const $D: usize = 6;
                $body
            }
            7..=10 => {
                const $D: usize = 10;
                $body
            }
            11..=16 => {
                const $D: usize = 16;
                $body
            }
            _ => {
                const $D: usize = 32;
                $body
            }
        }
    };
}
pub(crate) use with_dimensions;
