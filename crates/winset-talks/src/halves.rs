//! Counting where payoffs add and at most two floors count: both halves of the issues listed, then matched.

use std::collections::HashMap;

use crate::grid::{Grid, Vector};

/// Halves longer than this are not listed.
const MOST_LISTED: usize = 1 << 20;

/// The number of admitted packages; `None` where this way does not fit the question.
///
/// With the first half sorted by one sum and the second by the other's need for it, a tree of counts over the
/// second sum answers each package of the first half in logarithmic time.
pub(crate) fn count<const D: usize>(grid: &Grid<D>) -> Option<u128> {
    let limits = grid.scope.limits.len();
    let beats = grid.scope.beats_no_deal;
    // A limit whose body is asked about some packages only, or about none, is no plain floor.
    let conditional = (0..limits).any(|l| grid.always & (1 << (grid.parties + l)) == 0);
    if !grid.pairs.is_empty() || conditional || (beats && limits > 0) {
        return None;
    }
    let [a, b] = match (beats, grid.parties, limits) {
        (true, 1, _) => [0, 0],
        (true, 2, _) => [0, 1],
        (false, p, 1) => [p, p],
        (false, p, 2) => [p, p + 1],
        _ => return None,
    };
    let mut split = 0;
    let length =
        |range: &[Vec<Vector<D>>]| range.iter().fold(1usize, |n, o| n.saturating_mul(o.len()));
    while split < grid.options.len()
        && length(&grid.options[..=split]) <= length(&grid.options[split..])
    {
        split += 1;
    }
    let (first, second) = grid.options.split_at(split);
    if length(first) > MOST_LISTED || length(second) > MOST_LISTED {
        return None;
    }
    let (first, second) = (sums(first, [a, b]), sums(second, [a, b]));
    let floor = [grid.floor[a], grid.floor[b]];
    let above = at_least(first.clone(), second.clone(), floor);
    // A package that gives every party exactly what no deal gives does not beat it.
    Some(if beats {
        above - equal(&first, &second, floor)
    } else {
        above
    })
}

fn sums<const D: usize>(issues: &[Vec<Vector<D>>], [a, b]: [usize; 2]) -> Vec<[i64; 2]> {
    let mut sums = vec![[0i64; 2]];
    for options in issues {
        let longer = sums
            .iter()
            .flat_map(|s| options.iter().map(|o| [s[0] + o.0[a], s[1] + o.0[b]]));
        sums = longer.collect();
    }
    sums
}

/// Pairs of one entry each whose sums reach the floor in both numbers.
fn at_least(mut first: Vec<[i64; 2]>, mut second: Vec<[i64; 2]>, floor: [i64; 2]) -> u128 {
    first.sort_unstable_by_key(|f| f[0]);
    second.sort_unstable_by_key(|s| std::cmp::Reverse(s[0]));
    let mut heights: Vec<i64> = second.iter().map(|s| s[1]).collect();
    heights.sort_unstable();
    let mut tree = Tree(vec![0; heights.len() + 1]);
    let mut seen = 0;
    let mut total = 0u128;
    for f in first {
        while seen < second.len() && f[0] + second[seen][0] >= floor[0] {
            tree.add(heights.partition_point(|h| *h < second[seen][1]));
            seen += 1;
        }
        let short = tree.below(heights.partition_point(|h| *h < floor[1] - f[1]));
        total += u128::from(seen as u64 - short);
    }
    total
}

fn equal(first: &[[i64; 2]], second: &[[i64; 2]], floor: [i64; 2]) -> u128 {
    let mut times: HashMap<[i64; 2], u64> = HashMap::new();
    for s in second {
        *times.entry(*s).or_default() += 1;
    }
    let need = |f: &[i64; 2]| [floor[0] - f[0], floor[1] - f[1]];
    first
        .iter()
        .filter_map(|f| times.get(&need(f)))
        .map(|n| u128::from(*n))
        .sum()
}

/// Counts by rank, with prefix sums in logarithmic time (Fenwick 1994).
struct Tree(Vec<u64>);

impl Tree {
    fn add(&mut self, rank: usize) {
        let mut i = rank + 1;
        while i < self.0.len() {
            self.0[i] += 1;
            i += i & i.wrapping_neg();
        }
    }

    /// How many were added with a rank below this.
    fn below(&self, rank: usize) -> u64 {
        let (mut i, mut sum) = (rank, 0);
        while i > 0 {
            sum += self.0[i];
            i &= i - 1;
        }
        sum
    }
}
