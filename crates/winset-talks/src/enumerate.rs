//! The frontier by a walk over packages that leaves out what bounds show to be dominated.

use rayon::prelude::*;

use crate::archive::{Archive, Found};
use crate::grid::{Grid, Vector};
use crate::walk::{Node, Step, Visitor, Walk, prefixes};

struct Collector<'a, const D: usize> {
    grid: &'a Grid<D>,
    /// Payoffs that some admitted package is known to reach; they only ever cut.
    known: Archive<D>,
    archive: Archive<D>,
}

impl<const D: usize> Visitor<D> for Collector<'_, D> {
    fn enter(&mut self, node: &Node<'_, D>) -> Step {
        let cut = self.grid.excludes(node)
            || self.archive.dominates(&node.upper)
            || self.known.dominates(&node.upper);
        if cut { Step::Skip } else { Step::Descend }
    }

    fn package(&mut self, total: &Vector<D>, triggered: u32, places: &[u16]) {
        if self.grid.admits(total, triggered) && !self.known.dominates(total) {
            self.archive.offer(total, || self.grid.package(places));
        }
    }
}

/// All undominated payoffs of the packages a grid admits, with every tie counted and the first `cap` listed.
///
/// The packages are cut into parts by their first issues; the parts are walked in parallel, each by itself, and
/// joined, so that the answer does not depend on the number of threads.
pub(crate) fn frontier<const D: usize>(grid: &Grid<D>, cap: usize) -> Vec<Found> {
    let grid = &grid.weightiest_first();
    let known = first_guess(grid);
    let parts: Vec<Archive<D>> = prefixes(grid)
        .par_iter()
        .map_init(
            || Walk::new(grid),
            |walk, prefix| {
                let archive = Archive::new(grid.parties, cap);
                let mut collector = Collector {
                    grid,
                    known: known.clone(),
                    archive,
                };
                walk.run(prefix, &mut collector);
                collector.archive
            },
        )
        .collect();
    let mut archive = Archive::new(grid.parties, cap);
    for part in parts {
        archive.merge(part);
    }
    archive.into_found()
}

/// Whether a grid admits any package.
pub(crate) fn is_open<const D: usize>(grid: &Grid<D>) -> bool {
    struct Any<'a, const D: usize>(&'a Grid<D>, bool);
    impl<const D: usize> Visitor<D> for Any<'_, D> {
        fn enter(&mut self, node: &Node<'_, D>) -> Step {
            if self.1 || self.0.excludes(node) {
                Step::Skip
            } else {
                Step::Descend
            }
        }

        fn package(&mut self, total: &Vector<D>, triggered: u32, _places: &[u16]) {
            self.1 = self.1 || self.0.admits(total, triggered);
        }
    }
    let grid = &grid.weightiest_first();
    let mut any = Any(grid, false);
    Walk::new(grid).run(&[], &mut any);
    any.1
}

/// Good packages to cut with: for several weightings of the parties, change one issue at a time while the
/// weighted sum of payoffs grows; then, from every point so found, all that one change leads to (Paquete, Chiarandini
/// and Stützle 2004, "Pareto local optimum sets in the biobjective traveling salesman problem").
pub(crate) fn first_guess<const D: usize>(grid: &Grid<D>) -> Archive<D> {
    const WEIGHTS: usize = 33;
    const MOST_LOOKS: usize = 5000;
    let mut known = Archive::new(grid.parties, 0);
    let issues = grid.options.len();
    if grid.options.iter().any(Vec::is_empty) {
        return known;
    }
    let mut fresh: Vec<Vec<u16>> = Vec::new();
    for k in 0..WEIGHTS {
        let weights: Vec<f64> = (0..grid.parties)
            .map(|p| {
                let along = ((k * (p + 1)) % WEIGHTS) as f64 / (WEIGHTS - 1) as f64;
                if p == 0 { 1.0 - along } else { along }
            })
            .collect();
        let mut places = vec![0u16; issues];
        let worth = |total: &Vector<D>| -> f64 {
            weights
                .iter()
                .zip(&total.0)
                .map(|(w, v)| w * (*v as f64))
                .sum()
        };
        let mut best = grid.total(&places);
        for _sweep in 0..4 {
            for issue in 0..issues {
                for place in 0..grid.options[issue].len() as u16 {
                    let before = std::mem::replace(&mut places[issue], place);
                    let total = grid.total(&places);
                    if worth(&total.0) > worth(&best.0) {
                        best = total;
                    } else {
                        places[issue] = before;
                    }
                }
            }
        }
        if grid.admits(&best.0, best.1) && known.offer(&best.0, || grid.package(&places)) {
            fresh.push(places);
        }
    }
    let mut looks = 0;
    while let Some(mut places) = fresh.pop() {
        if looks >= MOST_LOOKS {
            break;
        }
        if known.dominates(&grid.total(&places).0) {
            continue;
        }
        looks += 1;
        for issue in 0..issues {
            let before = places[issue];
            for place in (0..grid.options[issue].len() as u16).filter(|p| *p != before) {
                places[issue] = place;
                let (total, triggered) = grid.total(&places);
                if grid.admits(&total, triggered) && known.offer(&total, || grid.package(&places)) {
                    fresh.push(places.clone());
                }
            }
            places[issue] = before;
        }
    }
    known
}

impl<const D: usize> Grid<D> {
    /// The vector of a package by its places on the menu, and the limits it brings into play.
    pub(crate) fn total(&self, places: &[u16]) -> (Vector<D>, u32) {
        let mut sum = Vector::ZERO;
        let mut triggered = 0;
        for (issue, place) in places.iter().enumerate() {
            sum += self.options[issue][usize::from(*place)];
            triggered |= self.triggers[issue][usize::from(*place)];
        }
        for pair in &self.pairs {
            sum += pair.values[usize::from(places[pair.a])][usize::from(places[pair.b])];
        }
        (sum, triggered)
    }
}
