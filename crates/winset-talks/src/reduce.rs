//! What a look at single options settles before a search: options that no admitted package takes, and limits that
//! no package breaks.

use crate::grid::{Grid, Scope, Vector, dimensions, with_dimensions};
use crate::walk::extremes;
use crate::{Talks, TalksError};

impl Scope {
    /// A scope with the same admitted packages, with fewer options and limits where bounds show that they cannot
    /// matter.
    pub(crate) fn reduced(mut self, talks: &Talks) -> Result<Self, TalksError> {
        if !self.beats_no_deal && self.limits.is_empty() {
            return Ok(self);
        }
        loop {
            let options: usize = self.menu.iter().map(Vec::len).sum();
            let limits = self.limits.len();
            self = with_dimensions!(dimensions(talks, &self)?, D => {
                let grid = Grid::<D>::new(talks, self);
                grid.reduced_scope()
            });
            let left: usize = self.menu.iter().map(Vec::len).sum();
            if (left, self.limits.len()) == (options, limits) || self.packages() == 0 {
                return Ok(self);
            }
        }
    }
}

impl<const D: usize> Grid<D> {
    fn reduced_scope(self) -> Scope {
        let mut scope = self.scope.clone();
        if scope.packages() == 0 {
            return scope;
        }
        for (issue, menu) in scope.menu.iter_mut().enumerate() {
            let mut place = 0;
            menu.retain(|_| {
                let (upper, _) = self.bounds_with(issue, place);
                let active = self.always | self.triggers[issue][place];
                place += 1;
                !(0..D).any(|d| active & (1 << d) != 0 && upper.0[d] < self.floor[d])
            });
        }
        // Any one issue splits all packages; the least of what its options leave is the least of all.
        let least = (0..self.options[0].len())
            .map(|place| self.bounds_with(0, place).1)
            .reduce(Vector::min)
            .unwrap_or(Vector::ZERO);
        let asked = self
            .triggers
            .iter()
            .flatten()
            .fold(self.always, |m, t| m | t);
        let mut dimension = self.parties;
        scope.limits.retain(|_| {
            let d = dimension;
            dimension += 1;
            asked & (1 << d) != 0 && least.0[d] < self.floor[d]
        });
        scope
    }

    /// No package with this option exceeds the first or is under the second in any dimension.
    fn bounds_with(&self, issue: usize, place: usize) -> (Vector<D>, Vector<D>) {
        let mut sum = (self.options[issue][place], self.options[issue][place]);
        let mut add = |(high, low): (Vector<D>, Vector<D>)| {
            sum.0 += high;
            sum.1 += low;
        };
        let mut others = self.options.clone();
        for pair in &self.pairs {
            if pair.a == issue {
                let row = &pair.values[place];
                others[pair.b]
                    .iter_mut()
                    .zip(row)
                    .for_each(|(o, v)| *o += *v);
            } else if pair.b == issue {
                let column = pair.values.iter().map(|row| row[place]);
                others[pair.a]
                    .iter_mut()
                    .zip(column)
                    .for_each(|(o, v)| *o += v);
            } else {
                add(extremes(pair.values.iter().flatten()));
            }
        }
        for (other, options) in others.iter().enumerate() {
            if other != issue {
                add(extremes(options.iter()));
            }
        }
        sum
    }
}
