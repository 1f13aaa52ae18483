//! The points that nothing found so far dominates, with all packages that tie on each.

use crate::Package;
use crate::grid::Vector;

/// How many packages give one vector of payoffs, and the first of them by their options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ties {
    pub(crate) count: u128,
    pub(crate) listed: Vec<Package>,
}

impl Ties {
    /// Lists a package among the first `cap`, whatever the order in which packages come.
    fn list(&mut self, package: Package, cap: usize) {
        if self.listed.len() >= cap && self.listed.last().is_none_or(|last| *last < package) {
            return;
        }
        let place = self.listed.partition_point(|p| *p < package);
        self.listed.insert(place, package);
        self.listed.truncate(cap);
    }
}

/// A point that is not dominated.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) payoffs: Vec<i64>,
    pub(crate) ties: Ties,
}

/// A set of mutually undominated vectors, compared on their first `parties` dimensions.
#[derive(Clone, Debug)]
pub(crate) struct Archive<const D: usize> {
    parties: usize,
    cap: usize,
    /// With two parties: falling in the first, rising in the second.
    keys: Vec<Vector<D>>,
    ties: Vec<Ties>,
    /// The key that dominated last; neighbours in a walk fall to the same one.
    last: usize,
}

impl<const D: usize> Archive<D> {
    pub(crate) fn new(parties: usize, cap: usize) -> Self {
        Self {
            parties,
            cap,
            keys: Vec::new(),
            ties: Vec::new(),
            last: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn at_least(&self, a: &Vector<D>, b: &Vector<D>) -> bool {
        (0..self.parties).all(|p| a.0[p] >= b.0[p])
    }

    fn same(&self, a: &Vector<D>, b: &Vector<D>) -> bool {
        a.0[..self.parties] == b.0[..self.parties]
    }

    /// Whether a point of the archive is at least `corner` everywhere and above it somewhere.
    pub(crate) fn dominates(&mut self, corner: &Vector<D>) -> bool {
        if let Some(key) = self.keys.get(self.last)
            && self.at_least(key, corner)
        {
            return !self.same(key, corner);
        }
        let found = if self.parties == 2 {
            let [x, y] = [corner.0[0], corner.0[1]];
            let i = self.keys.partition_point(|k| k.0[0] > x);
            if i > 0 && self.keys[i - 1].0[1] >= y {
                Some(i - 1)
            } else {
                self.keys
                    .get(i)
                    .is_some_and(|k| k.0[0] == x && k.0[1] >= y)
                    .then_some(i)
            }
        } else {
            self.keys.iter().position(|k| self.at_least(k, corner))
        };
        let Some(found) = found else { return false };
        self.last = found;
        !self.same(&self.keys[found], corner)
    }

    /// Takes a vector unless something dominates it; drops what it dominates. Says whether it is a new point.
    pub(crate) fn offer(&mut self, key: &Vector<D>, package: impl FnOnce() -> Package) -> bool {
        if self.dominates(key) {
            return false;
        }
        if let Some(i) = self.place_of(key) {
            let ties = &mut self.ties[i];
            ties.count = ties.count.saturating_add(1);
            if self.cap > 0 {
                ties.list(package(), self.cap);
            }
            return false;
        }
        self.insert(
            *key,
            Ties {
                count: 1,
                listed: vec![package()],
            },
        );
        true
    }

    fn place_of(&self, key: &Vector<D>) -> Option<usize> {
        if self.parties == 2 {
            let i = self.keys.partition_point(|k| k.0[0] > key.0[0]);
            return self
                .keys
                .get(i)
                .is_some_and(|k| self.same(k, key))
                .then_some(i);
        }
        self.keys.iter().position(|k| self.same(k, key))
    }

    fn insert(&mut self, key: Vector<D>, ties: Ties) {
        if self.parties == 2 {
            let start = self.keys.partition_point(|k| k.0[0] > key.0[0]);
            let beaten = self.keys[start..]
                .iter()
                .take_while(|k| k.0[1] <= key.0[1])
                .count();
            self.keys.splice(start..start + beaten, [key]);
            self.ties.splice(start..start + beaten, [ties]);
            self.last = start;
            return;
        }
        let mut kept = 0;
        for i in 0..self.keys.len() {
            if !self.at_least(&key, &self.keys[i]) {
                self.keys.swap(kept, i);
                self.ties.swap(kept, i);
                kept += 1;
            }
        }
        self.keys.truncate(kept);
        self.ties.truncate(kept);
        self.last = kept;
        self.keys.push(key);
        self.ties.push(ties);
    }

    /// Takes the points of another archive.
    pub(crate) fn merge(&mut self, other: Self) {
        for (key, ties) in other.keys.into_iter().zip(other.ties) {
            self.take(key, ties);
        }
    }

    /// Takes a vector with all its ties.
    pub(crate) fn take(&mut self, key: Vector<D>, ties: Ties) {
        if self.dominates(&key) {
            return;
        }
        let Some(i) = self.place_of(&key) else {
            self.insert(key, ties);
            return;
        };
        let mine = &mut self.ties[i];
        mine.count = mine.count.saturating_add(ties.count);
        for package in ties.listed {
            mine.list(package, self.cap);
        }
    }

    /// The points, falling in the first party's payoff, then in the second's, and so on.
    pub(crate) fn into_found(self) -> Vec<Found> {
        let parties = self.parties;
        let mut found: Vec<Found> = self
            .keys
            .into_iter()
            .zip(self.ties)
            .map(|(key, ties)| Found {
                payoffs: key.0[..parties].to_vec(),
                ties,
            })
            .collect();
        found.sort_by(|a, b| b.payoffs.cmp(&a.payoffs));
        found
    }
}
