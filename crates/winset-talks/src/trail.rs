//! How each partial package of a merge came about, so that ties are counted and listed without search.

use crate::Package;
use crate::archive::Ties;
use crate::grid::Grid;
use crate::parts::Part;

/// Where a partial package comes from: one of the layer before and a combination of the part, or a join of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Via(u64);

const JOINED: u64 = 1 << 63;

impl Via {
    pub(crate) fn new(before: usize, combination: usize) -> Self {
        Self((before as u64) << 32 | combination as u64)
    }
}

/// One part's step: a way for each partial package, and the joins that ties make.
#[derive(Default)]
pub(crate) struct Layer {
    pub(crate) via: Vec<Via>,
    joins: Vec<(Via, Via)>,
}

impl Layer {
    /// Two ways that lead to the same vector.
    pub(crate) fn join(&mut self, one: Via, other: Via) -> Via {
        self.joins.push((one, other));
        Via(JOINED | (self.joins.len() - 1) as u64)
    }

    /// Every `(partial package before, combination)` behind a way.
    fn each(&self, via: Via, visit: &mut impl FnMut(usize, usize)) {
        if via.0 & JOINED == 0 {
            visit(
                (via.0 >> 32) as usize,
                (via.0 & u64::from(u32::MAX)) as usize,
            );
        } else {
            let (one, other) = self.joins[(via.0 & !JOINED) as usize];
            self.each(one, visit);
            self.each(other, visit);
        }
    }
}

/// All layers of a merge.
#[derive(Default)]
pub(crate) struct Trail {
    pub(crate) layers: Vec<Layer>,
}

impl Trail {
    /// Number of packages behind each partial package of the last layer; saturates.
    pub(crate) fn counts(&self) -> Vec<u128> {
        let mut counts = vec![1u128];
        for layer in &self.layers {
            let mut next = vec![0u128; layer.via.len()];
            for (count, via) in next.iter_mut().zip(&layer.via) {
                layer.each(*via, &mut |before, _| {
                    *count = count.saturating_add(counts[before]);
                });
            }
            counts = next;
        }
        counts
    }

    /// Lists the packages behind partial packages of the last layer, `cap` of them at most.
    pub(crate) fn lister<'t, const D: usize>(
        &'t self,
        grid: &'t Grid<D>,
        parts: &'t [Part<D>],
        cap: usize,
    ) -> Lister<'t, D> {
        Lister {
            trail: self,
            grid,
            parts,
            cap: cap.max(1),
            places: vec![0; grid.options.len()],
            ways: Vec::new(),
        }
    }
}

/// Follows a trail back, with the memory that it takes.
pub(crate) struct Lister<'t, const D: usize> {
    trail: &'t Trail,
    grid: &'t Grid<D>,
    parts: &'t [Part<D>],
    cap: usize,
    /// The place of the option of each issue on the way that is followed.
    places: Vec<u16>,
    /// Ways not followed yet, those of the last layer first.
    ways: Vec<(usize, usize)>,
}

impl<const D: usize> Lister<'_, D> {
    /// The packages behind one partial package of the last layer, in ascending order.
    pub(crate) fn ties(&mut self, index: usize, count: u128) -> Ties {
        let mut listed = Vec::with_capacity(1);
        self.follow(self.trail.layers.len(), index, &mut listed);
        listed.sort_unstable();
        Ties { count, listed }
    }

    fn follow(&mut self, depth: usize, index: usize, listed: &mut Vec<Package>) {
        if listed.len() >= self.cap {
            return;
        }
        let Some(layer) = depth.checked_sub(1).map(|d| &self.trail.layers[d]) else {
            listed.push(self.grid.package(&self.places));
            return;
        };
        let part = &self.parts[depth - 1];
        let first = self.ways.len();
        let ways = &mut self.ways;
        layer.each(layer.via[index], &mut |before, combination| {
            ways.push((before, combination));
        });
        for way in first..self.ways.len() {
            let (before, combination) = self.ways[way];
            let places = &part.combinations[combination].places;
            for (issue, place) in part.issues.iter().zip(places) {
                self.places[*issue] = *place;
            }
            self.follow(depth - 1, before, listed);
        }
        self.ways.truncate(first);
    }
}
