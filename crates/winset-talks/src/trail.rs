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

    /// The packages behind one partial package of the last layer, `cap` of them at most, in ascending order.
    pub(crate) fn ties<const D: usize>(
        &self,
        grid: &Grid<D>,
        parts: &[Part<D>],
        index: usize,
        count: u128,
        cap: usize,
    ) -> Ties {
        let mut listed = Vec::new();
        let mut places = vec![0u16; grid.options.len()];
        self.follow(
            grid,
            parts,
            self.layers.len(),
            index,
            cap.max(1),
            &mut places,
            &mut listed,
        );
        listed.sort_unstable();
        Ties { count, listed }
    }

    #[allow(clippy::too_many_arguments)]
    fn follow<const D: usize>(
        &self,
        grid: &Grid<D>,
        parts: &[Part<D>],
        depth: usize,
        index: usize,
        cap: usize,
        places: &mut [u16],
        listed: &mut Vec<Package>,
    ) {
        if listed.len() >= cap {
            return;
        }
        let Some(layer) = depth.checked_sub(1).map(|d| &self.layers[d]) else {
            listed.push(grid.package(places));
            return;
        };
        let part = &parts[depth - 1];
        let mut ways = Vec::new();
        layer.each(layer.via[index], &mut |before, combination| {
            ways.push((before, combination));
        });
        for (before, combination) in ways {
            for (issue, place) in part
                .issues
                .iter()
                .zip(&part.combinations[combination].places)
            {
                places[*issue] = *place;
            }
            self.follow(grid, parts, depth - 1, before, cap, places, listed);
        }
    }
}
