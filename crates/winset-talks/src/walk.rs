//! Depth-first walk over packages with exact bounds on what is still open.

use crate::grid::{Grid, Vector};

/// What to do with the packages below a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Descend,
    Skip,
}

/// A node: the first issues are decided, the rest is open.
pub(crate) struct Node<'a, const D: usize> {
    /// No package below exceeds this in any dimension.
    pub(crate) upper: Vector<D>,
    /// No package below is under this in any dimension.
    pub(crate) lower: Vector<D>,
    /// Limits whose body the decided options ask, one bit a dimension.
    pub(crate) triggered: u32,
    /// Limits that an open issue may still bring into play.
    pub(crate) may_trigger: u32,
    /// The decided places on the menu.
    pub(crate) places: &'a [u16],
}

/// What a walk is for.
pub(crate) trait Visitor<const D: usize> {
    /// Looks at a node with at least two open issues, or at the root.
    fn enter(&mut self, node: &Node<'_, D>) -> Step;
    /// Takes one package.
    fn package(&mut self, total: &Vector<D>, triggered: u32, places: &[u16]);
}

/// Walks the packages of a [`Grid`], or those with the first few issues decided.
pub(crate) struct Walk<'a, const D: usize> {
    grid: &'a Grid<D>,
    /// `levels[depth]`: the open issues' option vectors, with what they add to the decided options.
    levels: Vec<Vec<Vec<Vector<D>>>>,
    /// Pairs by their lower issue: `(higher issue, index)`.
    pairs_from: Vec<Vec<(usize, usize)>>,
    /// Pairs with both issues open at a depth: the sum of their largest and smallest values.
    open_pairs: Vec<(Vector<D>, Vector<D>)>,
    /// Sums over the issues from a depth on; used where there are no pairs.
    open_options: Vec<(Vector<D>, Vector<D>)>,
    may_trigger: Vec<u32>,
    places: Vec<u16>,
}

pub(crate) fn extremes<'v, const D: usize>(
    mut vectors: impl Iterator<Item = &'v Vector<D>>,
) -> (Vector<D>, Vector<D>) {
    let first = vectors.next().copied().unwrap_or(Vector::ZERO);
    vectors.fold((first, first), |(high, low), v| (high.max(*v), low.min(*v)))
}

impl<'a, const D: usize> Walk<'a, D> {
    pub(crate) fn new(grid: &'a Grid<D>) -> Self {
        let issues = grid.options.len();
        let mut pairs_from = vec![Vec::new(); issues];
        for (k, pair) in grid.pairs.iter().enumerate() {
            pairs_from[pair.a].push((pair.b, k));
        }
        let none = (Vector::ZERO, Vector::ZERO);
        let mut open_pairs = vec![none; issues + 1];
        let mut open_options = vec![none; issues + 1];
        let mut may_trigger = vec![0; issues + 1];
        for depth in (0..issues).rev() {
            open_pairs[depth] = open_pairs[depth + 1];
            for (_, k) in &pairs_from[depth] {
                let (high, low) = extremes(grid.pairs[*k].values.iter().flatten());
                open_pairs[depth].0 += high;
                open_pairs[depth].1 += low;
            }
            let (high, low) = extremes(grid.options[depth].iter());
            open_options[depth] = (
                open_options[depth + 1].0 + high,
                open_options[depth + 1].1 + low,
            );
            may_trigger[depth] = grid.triggers[depth]
                .iter()
                .fold(may_trigger[depth + 1], |m, t| m | t);
        }
        let levels = if grid.pairs.is_empty() {
            vec![grid.options.clone()]
        } else {
            vec![grid.options.clone(); issues]
        };
        Self {
            grid,
            levels,
            pairs_from,
            open_pairs,
            open_options,
            may_trigger,
            places: Vec::with_capacity(issues),
        }
    }

    /// Walks every package whose first places are `prefix`.
    pub(crate) fn run(&mut self, prefix: &[u16], visitor: &mut impl Visitor<D>) {
        if self.grid.options.iter().any(Vec::is_empty) {
            return;
        }
        let mut sum = Vector::ZERO;
        let mut triggered = 0;
        self.places.clear();
        for (depth, place) in prefix.iter().enumerate() {
            let place = usize::from(*place);
            sum += self.level(depth)[depth][place];
            triggered |= self.grid.triggers[depth][place];
            self.decide(depth, place);
            self.places.push(place as u16);
        }
        let depth = prefix.len();
        if depth == self.grid.options.len() {
            visitor.package(&sum, triggered, &self.places);
        } else if self.enter(depth, sum, triggered, visitor) == Step::Descend {
            self.descend(depth, sum, triggered, visitor);
        }
    }

    fn level(&self, depth: usize) -> &Vec<Vec<Vector<D>>> {
        if self.grid.pairs.is_empty() {
            &self.levels[0]
        } else {
            &self.levels[depth]
        }
    }

    /// Lets the open issues know that `depth` has been decided.
    fn decide(&mut self, depth: usize, place: usize) {
        if self.grid.pairs.is_empty() || depth + 1 >= self.levels.len() {
            return;
        }
        let (above, below) = self.levels.split_at_mut(depth + 1);
        for issue in depth + 1..self.grid.options.len() {
            below[0][issue].copy_from_slice(&above[depth][issue]);
        }
        for (issue, k) in &self.pairs_from[depth] {
            for (cell, add) in below[0][*issue]
                .iter_mut()
                .zip(&self.grid.pairs[*k].values[place])
            {
                *cell += *add;
            }
        }
    }

    fn enter(
        &self,
        depth: usize,
        sum: Vector<D>,
        triggered: u32,
        visitor: &mut impl Visitor<D>,
    ) -> Step {
        let (mut upper, mut lower) = (sum, sum);
        if self.grid.pairs.is_empty() {
            upper += self.open_options[depth].0;
            lower += self.open_options[depth].1;
        } else {
            upper += self.open_pairs[depth].0;
            lower += self.open_pairs[depth].1;
            for options in &self.levels[depth][depth..] {
                let (high, low) = extremes(options.iter());
                upper += high;
                lower += low;
            }
        }
        let may_trigger = self.may_trigger[depth];
        visitor.enter(&Node {
            upper,
            lower,
            triggered,
            may_trigger,
            places: &self.places,
        })
    }

    fn descend(
        &mut self,
        depth: usize,
        sum: Vector<D>,
        triggered: u32,
        visitor: &mut impl Visitor<D>,
    ) {
        let options = self.grid.options[depth].len();
        if depth + 1 == self.grid.options.len() {
            self.places.push(0);
            for place in 0..options {
                let total = sum + self.level(depth)[depth][place];
                self.places[depth] = place as u16;
                visitor.package(
                    &total,
                    triggered | self.grid.triggers[depth][place],
                    &self.places,
                );
            }
            self.places.pop();
            return;
        }
        // A node with one open issue is cheaper to walk than to bound.
        let bound = depth + 2 < self.grid.options.len();
        for place in 0..options {
            let sum = sum + self.level(depth)[depth][place];
            let triggered = triggered | self.grid.triggers[depth][place];
            self.decide(depth, place);
            self.places.push(place as u16);
            if !bound || self.enter(depth + 1, sum, triggered, visitor) == Step::Descend {
                self.descend(depth + 1, sum, triggered, visitor);
            }
            self.places.pop();
        }
    }
}

/// Prefixes that cut the packages into a few hundred parts, in lexicographic order.
pub(crate) fn prefixes<const D: usize>(grid: &Grid<D>) -> Vec<Vec<u16>> {
    const ENOUGH: usize = 128;
    let mut parts: Vec<Vec<u16>> = vec![Vec::new()];
    for options in &grid.options {
        if parts.len() >= ENOUGH || parts.len() * options.len() > 64 * ENOUGH {
            break;
        }
        let longer = parts.iter().flat_map(|p| {
            (0..options.len() as u16).map(move |o| p.iter().copied().chain([o]).collect())
        });
        parts = longer.collect();
    }
    parts
}

impl<const D: usize> Grid<D> {
    /// Whether no package below a node can meet the floors that count for all of them.
    pub(crate) fn excludes(&self, node: &Node<'_, D>) -> bool {
        let active = self.always | node.triggered;
        (0..D).any(|d| active & (1 << d) != 0 && node.upper.0[d] < self.floor[d])
    }

    /// Whether every package below a node is admitted.
    pub(crate) fn admits_all(&self, node: &Node<'_, D>) -> bool {
        let possible = self.always | node.triggered | node.may_trigger;
        let held = (0..D).all(|d| possible & (1 << d) == 0 || node.lower.0[d] >= self.floor[d]);
        held && (!self.scope.beats_no_deal
            || (0..self.parties).any(|p| node.lower.0[p] > self.floor[p]))
    }
}
