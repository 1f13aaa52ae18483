//! In which order a walk decides the issues.

use crate::grid::{Grid, PairGrid, Vector};
use crate::walk::extremes;

impl<const D: usize> Grid<D> {
    /// The same packages with the issues that move the dimensions most in front, so that bounds are tight after
    /// few decisions.
    pub(crate) fn weightiest_first(&self) -> Self {
        let issues = self.options.len();
        let mut ranges = vec![[0f64; D]; issues];
        let mut widen = |issue: usize, (high, low): (Vector<D>, Vector<D>), share: f64| {
            for d in 0..D {
                ranges[issue][d] += share * (high.0[d] as f64 - low.0[d] as f64);
            }
        };
        for (issue, options) in self.options.iter().enumerate() {
            widen(issue, extremes(options.iter()), 1.0);
        }
        for pair in &self.pairs {
            let range = extremes(pair.values.iter().flatten());
            widen(pair.a, range, 0.5);
            widen(pair.b, range, 0.5);
        }
        let total: [f64; D] = std::array::from_fn(|d| ranges.iter().map(|r| r[d]).sum());
        let weight = |issue: usize| -> f64 {
            (0..D)
                .filter(|d| total[*d] > 0.0)
                .map(|d| ranges[issue][d] / total[d])
                .sum()
        };
        let mut order: Vec<usize> = (0..issues).collect();
        order.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)));
        self.in_order(&order)
    }

    fn in_order(&self, order: &[usize]) -> Self {
        let mut place = vec![0; order.len()];
        for (to, from) in order.iter().enumerate() {
            place[*from] = to;
        }
        let turned = |pair: &PairGrid<D>| {
            let (a, b) = (place[pair.a], place[pair.b]);
            if a < b {
                let values = pair.values.clone();
                return PairGrid { a, b, values };
            }
            let values = (0..self.options[pair.b].len())
                .map(|column| pair.values.iter().map(|row| row[column]).collect());
            PairGrid {
                a: b,
                b: a,
                values: values.collect(),
            }
        };
        Self {
            options: order.iter().map(|i| self.options[*i].clone()).collect(),
            pairs: self.pairs.iter().map(turned).collect(),
            parties: self.parties,
            floor: self.floor,
            always: self.always,
            triggers: order.iter().map(|i| self.triggers[*i].clone()).collect(),
            order: order.iter().map(|i| self.order[*i]).collect(),
            scope: self.scope.clone(),
        }
    }
}
