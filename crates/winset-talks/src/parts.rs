//! Issues that interact, gathered: between two parts payoffs simply add.

use crate::grid::{Grid, Vector};

/// Issues joined by pair values, directly or through others.
pub(crate) struct Part<const D: usize> {
    pub(crate) issues: Vec<usize>,
    pub(crate) combinations: Vec<Combination<D>>,
}

/// One option of each issue of a part.
pub(crate) struct Combination<const D: usize> {
    pub(crate) total: Vector<D>,
    pub(crate) triggered: u32,
    /// Places on the menu, in the order of [`Part::issues`].
    pub(crate) places: Vec<u16>,
}

/// The parts of a grid, or `None` where one has more than `most` combinations.
pub(crate) fn parts<const D: usize>(grid: &Grid<D>, most: usize) -> Option<Vec<Part<D>>> {
    let issues = grid.options.len();
    let mut of: Vec<usize> = (0..issues).collect();
    for pair in &grid.pairs {
        let (keep, drop) = (of[pair.a].min(of[pair.b]), of[pair.a].max(of[pair.b]));
        of.iter_mut()
            .filter(|o| **o == drop)
            .for_each(|o| *o = keep);
    }
    let mut parts = Vec::new();
    for leader in 0..issues {
        let members: Vec<usize> = (0..issues).filter(|i| of[*i] == leader).collect();
        if members.is_empty() {
            continue;
        }
        let size = members
            .iter()
            .fold(1usize, |n, i| n.saturating_mul(grid.options[*i].len()));
        if members.len() > 1 && size > most {
            return None;
        }
        parts.push(combine(grid, members));
    }
    Some(parts)
}

fn combine<const D: usize>(grid: &Grid<D>, issues: Vec<usize>) -> Part<D> {
    let empty = Combination {
        total: Vector::ZERO,
        triggered: 0,
        places: Vec::new(),
    };
    let mut combinations = vec![empty];
    for (k, issue) in issues.iter().enumerate() {
        let mut longer = Vec::with_capacity(combinations.len() * grid.options[*issue].len());
        for shorter in &combinations {
            for (place, vector) in grid.options[*issue].iter().enumerate() {
                let mut total = shorter.total + *vector;
                for pair in grid.pairs.iter().filter(|p| p.b == *issue) {
                    if let Some(at) = issues[..k].iter().position(|i| *i == pair.a) {
                        total += pair.values[usize::from(shorter.places[at])][place];
                    }
                }
                let mut places = shorter.places.clone();
                places.push(place as u16);
                let triggered = shorter.triggered | grid.triggers[*issue][place];
                longer.push(Combination {
                    total,
                    triggered,
                    places,
                });
            }
        }
        combinations = longer;
    }
    Part {
        issues,
        combinations,
    }
}
