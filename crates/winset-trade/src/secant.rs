//! The first solver: steps with the approximate inverse of the Jacobian, corrected by all that earlier steps have
//! shown of it (Anderson 1965, *J. ACM* 12(4); in this form Fang & Saad 2009, *Numer. Linear Algebra Appl.* 16(3),
//! type II). A step costs one evaluation and one application of the preconditioner; what it showed is kept with the
//! equilibrium, so that a neighbour that starts from there begins with a good Jacobian.

use std::sync::Arc;

use crate::kernels::{add_rows, norm, row_dots};
use crate::newton::{Iteration, LONGEST, Outcome, largest, size_of_largest};
use crate::point::reset;
use crate::preconditioner::Preconditioner;
use crate::system::System;

/// Pairs that are kept; the oldest goes first.
const KEPT: usize = 12;
/// Steps before Newton takes over.
const STEPS: usize = 40;
/// Steps in a row without a smaller residual before Newton takes over.
const FAILURES: usize = 3;
/// A pair whose residual is in the span of newer ones up to this share of its square tells nothing new.
const DEPENDENT: f64 = 1e-6;

/// Below this share of the residual a change's products are not taken as differences of the residuals' products: rounding would count.
const SHORT: f64 = 0.03;

/// Steps (falls of the unknowns) and the changes of residuals they caused, one a row, scaled to a residual of length one.
/// In single precision, which is half to stream: what they leave of a residual is measured anew at the next point.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secants {
    dim: usize,
    count: usize,
    /// Row that the next pair goes to.
    next: usize,
    steps: Vec<f32>,
    residuals: Vec<f32>,
    /// Scalar products of the residuals, `KEPT` a row.
    gram: Vec<f64>,
}

/// Room for a step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    /// The residual, the change of it, and what the pairs do not explain of it.
    residual: Vec<f32>,
    change: Vec<f32>,
    rest: Vec<f32>,
    /// What the pairs say of the step.
    step: Vec<f32>,
    /// Scalar products of the residuals with the residual of the moment, and of the last one.
    products: Vec<f32>,
    former: Vec<f32>,
    weights: Vec<f64>,
    narrow: Vec<f32>,
}

fn narrow(to: &mut Vec<f32>, from: impl Iterator<Item = f64>) {
    to.clear();
    to.extend(from.map(|x| x as f32));
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

    /// The scalar product of each pair's residual with a residual.
    fn products(&self, residual: &[f32], products: &mut Vec<f32>) {
        products.clear();
        products.resize(self.count, 0.0);
        row_dots(products, &self.residuals, residual);
    }

    /// Adds a step and the change of residuals that it caused, of the length given; `with` is the scalar products of the
    /// pairs' residuals with that change. Says in which row it went.
    fn push(&mut self, step: &[f32], change: &[f32], length: f64, with: &[f64]) -> usize {
        let at = self.next;
        if self.count < KEPT {
            self.count += 1;
            self.steps.resize(self.count * self.dim, 0.0);
            self.residuals.resize(self.count * self.dim, 0.0);
        }
        self.next = (at + 1) % KEPT;
        let place = at * self.dim..(at + 1) * self.dim;
        let inverse = 1.0 / length;
        for (to, from) in self.residuals[place.clone()].iter_mut().zip(change) {
            *to = inverse as f32 * *from;
        }
        for (to, from) in self.steps[place].iter_mut().zip(step) {
            *to = inverse as f32 * *from;
        }
        for (k, x) in with.iter().enumerate() {
            self.gram[at * KEPT + k] = inverse * x;
            self.gram[k * KEPT + at] = inverse * x;
        }
        self.gram[at * KEPT + at] = 1.0;
        at
    }

    /// Weights of the pairs whose residuals together come nearest to a target with the scalar products `right`: normal
    /// equations by Cholesky, newest pair first, dependent ones left out.
    fn weights(&self, right: &[f32], weights: &mut Vec<f64>) {
        reset(weights, self.count);
        let order: Vec<usize> = (1..=self.count)
            .map(|k| (self.next + KEPT - k) % KEPT)
            .collect();
        // Rows of the factor and the forward-solved right-hand side.
        let mut rows: Vec<(usize, Vec<f64>, f64)> = Vec::with_capacity(self.count);
        for &at in &order {
            let mut row = Vec::with_capacity(rows.len() + 1);
            let mut rest = self.gram[at * KEPT + at];
            let mut value = f64::from(right[at]);
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
        scratch,
        secants,
        secant_room: room,
        ..
    } = iteration;
    let secants = Arc::make_mut(secants);
    let mut size = norm(&point.residual);
    let mut failures = 0;
    let mut iterations = 0;
    narrow(&mut room.residual, point.residual.iter().copied());
    secants.products(&room.residual, &mut room.products);
    loop {
        let residual = size_of_largest(&point.residual);
        let converged = residual <= tolerance;
        if converged || iterations == STEPS || failures == FAILURES || !residual.is_finite() {
            return Outcome {
                converged,
                residual,
                worst: largest(&point.residual).0,
                iterations,
                products: 0,
            };
        }
        secants.weights(&room.products, &mut room.weights);
        narrow(&mut room.narrow, room.weights.iter().map(|w| -w));
        room.rest.clone_from(&room.residual);
        add_rows(&mut room.rest, &room.narrow, &secants.residuals);
        preconditioner.apply(system, point, &room.rest, &mut room.step, &mut scratch.room);
        add_rows(&mut room.step, &room.narrow, &secants.steps);
        let step = &mut room.step;
        let longest = step.iter().fold(0.0_f32, |m, x| m.max(x.abs()));
        if !longest.is_finite() {
            failures = FAILURES;
            continue;
        }
        if longest > LONGEST as f32 {
            let factor = LONGEST as f32 / longest;
            for x in step.iter_mut() {
                *x *= factor;
            }
        }
        trial.unknowns.clear();
        let moved = point
            .unknowns
            .iter()
            .zip(&*step)
            .map(|(x, d)| x - f64::from(*d));
        trial.unknowns.extend(moved);
        system.evaluate(trial, scratch);
        iterations += 1;
        let reached = norm(&trial.residual);
        let (new, old) = (&trial.residual, &point.residual);
        narrow(&mut room.change, new.iter().zip(old).map(|(a, b)| a - b));
        // The products with the change are the differences of those with the residuals, of which the new ones are needed anyway.
        std::mem::swap(&mut room.former, &mut room.products);
        narrow(&mut room.rest, new.iter().copied());
        secants.products(&room.rest, &mut room.products);
        let length = f64::from(dot32(&room.change, &room.change)).sqrt();
        let better = reached < size;
        if length.is_finite() && length > 0.0 {
            let with = room.products.iter().zip(&room.former);
            room.weights.clear();
            if length > SHORT * size {
                let difference = |(a, b): (&f32, &f32)| f64::from(*a) - f64::from(*b);
                room.weights.extend(with.map(difference));
            } else {
                secants.products(&room.change, &mut room.narrow);
                room.weights
                    .extend(room.narrow.iter().map(|x| f64::from(*x)));
            }
            let at = secants.push(step, &room.change, length, &room.weights);
            if !better {
                std::mem::swap(&mut room.former, &mut room.products);
            }
            let of = if better { &room.rest } else { &room.residual };
            let own = dot32(&room.change, of) / length as f32;
            room.products.resize(secants.count, 0.0);
            room.products[at] = own;
        } else if !better {
            std::mem::swap(&mut room.former, &mut room.products);
        }
        if better {
            std::mem::swap(point, trial);
            std::mem::swap(&mut room.residual, &mut room.rest);
            size = reached;
            failures = 0;
        } else {
            failures += 1;
        }
    }
}

fn dot32(a: &[f32], b: &[f32]) -> f32 {
    let mut out = [0.0];
    row_dots(&mut out, a, b);
    out[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_find_what_is_in_the_span() {
        let mut secants = Secants::default();
        secants.clear(5);
        let pairs = [
            [1.0, 2.0, 0.0, -1.0, 0.5],
            [0.0, 1.0, 3.0, 0.2, 0.1],
            [2.0, 5.0, 3.0, -1.8, 1.1],
        ];
        let mut products = Vec::new();
        for pair in pairs {
            secants.products(&pair, &mut products);
            let with: Vec<f64> = products.iter().map(|x| f64::from(*x)).collect();
            let length = f64::from(dot32(&pair, &pair)).sqrt();
            secants.push(&[0.0; 5], &pair, length, &with);
        }
        // The third is twice the first plus the second, so one of them is left out.
        let target: Vec<f32> = (0..5).map(|k| 3.0 * pairs[0][k] - pairs[1][k]).collect();
        secants.products(&target, &mut products);
        let mut weights = Vec::new();
        secants.weights(&products, &mut weights);
        let mut rest = target.clone();
        let less: Vec<f32> = weights.iter().map(|w| -*w as f32).collect();
        add_rows(&mut rest, &less, &secants.residuals);
        assert!(dot32(&rest, &rest).sqrt() < 1e-5, "{rest:?} {weights:?}");
        assert!(weights.iter().any(|w| w.to_bits() == 0.0_f64.to_bits()));
    }

    /// After more pairs than are kept, the products kept are those of the pairs that are there.
    #[test]
    fn the_ring_keeps_the_products_of_its_pairs() {
        let dim = 40;
        let mut secants = Secants::default();
        secants.clear(dim);
        let spread = |k: usize| (k as f64 * 0.618_033_988_749_895).fract() - 0.5;
        let mut products = Vec::new();
        for pair in 0..3 * KEPT {
            let change: Vec<f32> = (0..dim).map(|k| spread(pair * dim + k) as f32).collect();
            secants.products(&change, &mut products);
            let with: Vec<f64> = products.iter().map(|x| f64::from(*x)).collect();
            let length = f64::from(dot32(&change, &change)).sqrt();
            let at = secants.push(&vec![1.0; dim], &change, length, &with);
            assert_eq!(at, pair % KEPT);
        }
        assert_eq!(secants.count, KEPT);
        for a in 0..KEPT {
            let row = secants.residuals[a * dim..(a + 1) * dim].to_vec();
            secants.products(&row, &mut products);
            for (b, product) in products.iter().enumerate() {
                let kept = secants.gram[a * KEPT + b];
                assert!(
                    (kept - f64::from(*product)).abs() < 1e-5,
                    "{a} {b}: {kept} {product}"
                );
            }
        }
    }
}
