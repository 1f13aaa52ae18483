//! The first solver: steps with the approximate inverse of the Jacobian, corrected by all that earlier steps have
//! shown of it (Anderson 1965, *J. ACM* 12(4); in this form Fang & Saad 2009, *Numer. Linear Algebra Appl.* 16(3),
//! type II). A step costs one evaluation and one application of the preconditioner; what it showed is kept with the
//! equilibrium, so that a neighbour that starts from there begins with a good Jacobian.

use std::sync::Arc;

use crate::kernels::{add_rows, add_scaled, norm, row_dots};
use crate::newton::{Iteration, LONGEST, Outcome, largest};
use crate::point::reset;
use crate::preconditioner::Preconditioner;
use crate::system::System;

/// Pairs that are kept; the oldest goes first.
const KEPT: usize = 20;
/// Steps before Newton takes over.
const STEPS: usize = 40;
/// Steps in a row without a smaller residual before Newton takes over.
const FAILURES: usize = 3;
/// A pair whose residual is in the span of newer ones up to this share of its square tells nothing new.
const DEPENDENT: f64 = 1e-9;

/// Steps (falls of the unknowns) and the changes of residuals they caused, one a row, scaled to a residual of length one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secants {
    dim: usize,
    count: usize,
    /// Row that the next pair goes to.
    next: usize,
    steps: Vec<f64>,
    residuals: Vec<f64>,
    /// Scalar products of the residuals, `KEPT` a row.
    gram: Vec<f64>,
}

impl Secants {
    pub(crate) fn clear(&mut self, dim: usize) {
        self.dim = dim;
        self.count = 0;
        self.next = 0;
        self.steps.clear();
        self.residuals.clear();
        reset(&mut self.gram, KEPT * KEPT);
    }

    pub(crate) fn copy(&mut self, from: &Self) {
        self.dim = from.dim;
        self.count = from.count;
        self.next = from.next;
        self.steps.clone_from(&from.steps);
        self.residuals.clone_from(&from.residuals);
        self.gram.clone_from(&from.gram);
    }

    /// Adds a step and the change of residuals that it caused.
    fn push(&mut self, step: &[f64], residual: &[f64], row: &mut Vec<f64>) {
        let length = norm(residual);
        if !(length.is_finite() && length > 0.0) {
            return;
        }
        let at = self.next;
        if self.count < KEPT {
            self.count += 1;
            self.steps.resize(self.count * self.dim, 0.0);
            self.residuals.resize(self.count * self.dim, 0.0);
        }
        self.next = (at + 1) % KEPT;
        let place = at * self.dim..(at + 1) * self.dim;
        let inverse = 1.0 / length;
        for (to, from) in self.residuals[place.clone()].iter_mut().zip(residual) {
            *to = inverse * *from;
        }
        for (to, from) in self.steps[place.clone()].iter_mut().zip(step) {
            *to = inverse * from;
        }
        reset(row, self.count);
        row_dots(row, &self.residuals, &self.residuals[place]);
        for (k, x) in row.iter().enumerate() {
            self.gram[at * KEPT + k] = *x;
            self.gram[k * KEPT + at] = *x;
        }
    }

    /// Weights of the pairs whose residuals together come nearest to `right` (their products with the target): normal
    /// equations by Cholesky, newest pair first, dependent ones left out.
    fn weights(&self, right: &[f64], weights: &mut Vec<f64>) {
        reset(weights, self.count);
        let order: Vec<usize> = (1..=self.count)
            .map(|k| (self.next + KEPT - k) % KEPT)
            .collect();
        // Rows of the factor and the forward-solved right-hand side.
        let mut rows: Vec<(usize, Vec<f64>, f64)> = Vec::with_capacity(self.count);
        for &at in &order {
            let mut row = Vec::with_capacity(rows.len() + 1);
            let mut rest = self.gram[at * KEPT + at];
            let mut value = right[at];
            for (k, (other, factors, solved)) in rows.iter().enumerate() {
                let mut x = self.gram[at * KEPT + other];
                for l in 0..k {
                    x -= row[l] * factors[l];
                }
                x /= factors[k];
                rest -= x * x;
                value -= x * solved;
                row.push(x);
            }
            if rest > DEPENDENT {
                let root = rest.sqrt();
                row.push(root);
                rows.push((at, row, value / root));
            }
        }
        for k in (0..rows.len()).rev() {
            let mut x = rows[k].2;
            for later in &rows[k + 1..] {
                x -= later.1[k] * weights[later.0];
            }
            weights[rows[k].0] = x / rows[k].1[k];
        }
    }
}

/// Solves from `iteration.point`, which has been evaluated; on return it is the best point reached.
pub(crate) fn solve(
    system: &System,
    preconditioner: &Preconditioner,
    tolerance: f64,
    iteration: &mut Iteration,
) -> Outcome {
    let Iteration {
        point,
        trial,
        step,
        scratch,
        secants,
        right,
        weights,
        rest,
        ..
    } = iteration;
    let secants = Arc::make_mut(secants);
    let mut size = norm(&point.residual);
    let mut failures = 0;
    let mut iterations = 0;
    loop {
        let (worst, residual) = largest(&point.residual);
        let outcome = Outcome {
            converged: residual <= tolerance,
            residual,
            worst,
            iterations,
            products: 0,
        };
        if outcome.converged || iterations == STEPS || failures == FAILURES || !residual.is_finite()
        {
            return outcome;
        }
        rest.clone_from(&point.residual);
        reset(right, secants.count);
        row_dots(right, &secants.residuals, rest);
        secants.weights(right, weights);
        for w in weights.iter_mut() {
            *w = -*w;
        }
        add_rows(rest, weights, &secants.residuals);
        preconditioner.apply(system, point, rest, step, &mut scratch.room);
        add_rows(step, weights, &secants.steps);
        let longest = step.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        if !longest.is_finite() {
            failures = FAILURES;
            continue;
        }
        if longest > LONGEST {
            let factor = LONGEST / longest;
            for x in step.iter_mut() {
                *x *= factor;
            }
        }
        trial.unknowns.clone_from(&point.unknowns);
        add_scaled(&mut trial.unknowns, -1.0, step);
        system.evaluate(trial, scratch);
        iterations += 1;
        rest.clone_from(&trial.residual);
        add_scaled(rest, -1.0, &point.residual);
        secants.push(step, rest, right);
        let reached = norm(&trial.residual);
        if reached < size {
            std::mem::swap(point, trial);
            size = reached;
            failures = 0;
        } else {
            failures += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_find_what_is_in_the_span() {
        let mut secants = Secants::default();
        secants.clear(5);
        let mut row = Vec::new();
        let pairs = [
            [1.0, 2.0, 0.0, -1.0, 0.5],
            [0.0, 1.0, 3.0, 0.2, 0.1],
            [2.0, 5.0, 3.0, -1.8, 1.1],
        ];
        for pair in pairs {
            secants.push(&[0.0; 5], &pair, &mut row);
        }
        // The third is twice the first plus the second, so one of them is left out.
        let target: Vec<f64> = (0..5).map(|k| 3.0 * pairs[0][k] - pairs[1][k]).collect();
        let mut right = vec![0.0; 3];
        row_dots(&mut right, &secants.residuals, &target);
        let mut weights = Vec::new();
        secants.weights(&right, &mut weights);
        let mut rest = target.clone();
        let less: Vec<f64> = weights.iter().map(|w| -w).collect();
        add_rows(&mut rest, &less, &secants.residuals);
        assert!(norm(&rest) < 1e-10, "{rest:?} {weights:?}");
        assert!(weights.iter().any(|w| w.to_bits() == 0.0_f64.to_bits()));
    }
}
