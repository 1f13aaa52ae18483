//! The cloud of all packages behind a frontier, thinned for drawing.

use rayon::prelude::*;
use serde::Serialize;

use crate::grid::{Grid, Scope, Vector, dimensions, with_dimensions};
use crate::walk::{Node, Step, Visitor, Walk, prefixes};
use crate::{Package, Talks, TalksError, units};

/// Up to so many packages are all counted; beyond, so many are drawn.
const MOST_COUNTED: u128 = 1 << 25;
const DRAWN: u64 = 1 << 19;

/// Two parties' payoffs from all packages, as counts on a grid with one package for each cell that is not empty.
///
/// Drawing one point a cell shows the whole outline, however thin the cloud is there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cloud {
    /// The party on each axis.
    pub parties: [usize; 2],
    /// Smallest payoff on each axis.
    pub low: [f64; 2],
    /// Largest payoff on each axis.
    pub high: [f64; 2],
    /// Cells along each axis.
    pub across: usize,
    /// Whether all packages were counted; otherwise the counts are of 524,288 packages drawn with a fixed seed.
    pub complete: bool,
    /// The cells that are not empty, column by column.
    pub cells: Vec<Cell>,
}

/// One cell of a [`Cloud`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// Along the first axis, from 0.
    pub column: usize,
    /// Along the second axis, from 0.
    pub row: usize,
    /// Packages in it.
    pub count: u64,
    /// One of them.
    pub package: Package,
    /// Its payoffs on the two axes.
    pub payoffs: [f64; 2],
}

/// Half-filled cells: how many packages, and the first.
type Tally = Vec<Option<(u64, Box<[u16]>, [i64; 2])>>;

#[derive(Clone, Copy)]
struct Frame {
    parties: [usize; 2],
    low: [i64; 2],
    high: [i64; 2],
    across: usize,
}

impl Frame {
    fn empty(parties: [usize; 2], across: usize) -> Self {
        Self {
            parties,
            low: [i64::MAX; 2],
            high: [i64::MIN; 2],
            across,
        }
    }

    fn widen(&mut self, point: [i64; 2]) {
        for axis in 0..2 {
            self.low[axis] = self.low[axis].min(point[axis]);
            self.high[axis] = self.high[axis].max(point[axis]);
        }
    }

    fn cell(&self, point: [i64; 2]) -> usize {
        let along = |axis: usize| {
            let width = i128::from(self.high[axis]) - i128::from(self.low[axis]) + 1;
            let at = i128::from(point[axis]) - i128::from(self.low[axis]);
            (at * self.across as i128 / width) as usize
        };
        along(0) * self.across + along(1)
    }

    fn count(&self, tally: &mut Tally, point: [i64; 2], places: &[u16]) {
        match &mut tally[self.cell(point)] {
            Some((count, _, _)) => *count += 1,
            empty => *empty = Some((1, places.into(), point)),
        }
    }
}

struct Ranger {
    frame: Frame,
}

impl<const D: usize> Visitor<D> for Ranger {
    fn enter(&mut self, node: &Node<'_, D>) -> Step {
        let inside = (0..2).all(|axis| {
            let p = self.frame.parties[axis];
            node.upper.0[p] <= self.frame.high[axis] && node.lower.0[p] >= self.frame.low[axis]
        });
        if inside { Step::Skip } else { Step::Descend }
    }

    fn package(&mut self, total: &Vector<D>, _triggered: u32, _places: &[u16]) {
        self.frame.widen(self.frame.parties.map(|p| total.0[p]));
    }
}

struct Tallier {
    frame: Frame,
    tally: Tally,
}

impl<const D: usize> Visitor<D> for Tallier {
    fn enter(&mut self, _node: &Node<'_, D>) -> Step {
        Step::Descend
    }

    fn package(&mut self, total: &Vector<D>, _triggered: u32, places: &[u16]) {
        self.frame.count(
            &mut self.tally,
            self.frame.parties.map(|p| total.0[p]),
            places,
        );
    }
}

impl Talks {
    /// The cloud of all packages, mandates and ratifiers left aside, with `across` × `across` cells (at most 256;
    /// 64 gives at most 4,096 points). The same talks give the same cloud.
    ///
    /// # Errors
    /// A party that does not exist; more than 32 parties.
    pub fn cloud(&self, parties: [usize; 2], across: usize) -> Result<Cloud, TalksError> {
        parties.iter().try_for_each(|p| self.check_party(*p))?;
        let across = across.clamp(1, 256);
        let scope = Scope::all(self);
        let complete = scope.packages() <= MOST_COUNTED;
        let (frame, tally) = with_dimensions!(dimensions(self, &scope)?, D => {
            let grid = Grid::<D>::new(self, scope);
            if complete { counted(&grid, parties, across) } else { drawn(&grid, parties, across) }
        });
        let cells = tally.into_iter().enumerate().filter_map(|(i, cell)| {
            cell.map(|(count, places, point)| Cell {
                column: i / across,
                row: i % across,
                count,
                package: Package::new(places),
                payoffs: point.map(units::value),
            })
        });
        Ok(Cloud {
            parties,
            low: frame.low.map(units::value),
            high: frame.high.map(units::value),
            across,
            complete,
            cells: cells.collect(),
        })
    }
}

fn counted<const D: usize>(grid: &Grid<D>, parties: [usize; 2], across: usize) -> (Frame, Tally) {
    let mut ranger = Ranger {
        frame: Frame::empty(parties, across),
    };
    Walk::new(grid).run(&[], &mut ranger);
    let frame = ranger.frame;
    let parts: Vec<Tally> = prefixes(grid)
        .par_iter()
        .map_init(
            || Walk::new(grid),
            |walk, prefix| {
                let mut tallier = Tallier {
                    frame,
                    tally: vec![None; across * across],
                };
                walk.run(prefix, &mut tallier);
                tallier.tally
            },
        )
        .collect();
    (frame, join(parts, across))
}

fn join(parts: Vec<Tally>, across: usize) -> Tally {
    let mut all: Tally = vec![None; across * across];
    for part in parts {
        for (mine, theirs) in all.iter_mut().zip(part) {
            match (mine.as_mut(), theirs) {
                (Some((count, _, _)), Some((more, _, _))) => *count += more,
                (None, Some(first)) => *mine = Some(first),
                _ => {}
            }
        }
    }
    all
}

fn drawn<const D: usize>(grid: &Grid<D>, parties: [usize; 2], across: usize) -> (Frame, Tally) {
    let point = |k: u64| {
        let places: Vec<u16> = grid
            .options
            .iter()
            .enumerate()
            .map(|(issue, options)| (mixed(k, issue as u64) % options.len() as u64) as u16)
            .collect();
        let total = grid.total(&places).0;
        (parties.map(|p| total.0[p]), places)
    };
    let points: Vec<_> = (0..DRAWN).into_par_iter().map(point).collect();
    let mut frame = Frame::empty(parties, across);
    for (point, _) in &points {
        frame.widen(*point);
    }
    let mut tally = vec![None; across * across];
    for (point, places) in &points {
        frame.count(&mut tally, *point, places);
    }
    (frame, tally)
}

/// `SplitMix64` (Steele, Lea and Flood 2014) of two numbers.
fn mixed(k: u64, issue: u64) -> u64 {
    let mut z = (k << 16 | issue)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
