//! The solver: secant steps (`secant`); where they do not get on, inexact Newton steps with the analytic Jacobian
//! (Eisenstat & Walker 1996, *SIAM J. Sci. Comput.* 17(1)) and a step search; and a damped fixed point where Newton
//! does not get on either.

use std::sync::Arc;

use crate::equilibrium::Equilibrium;
use crate::gmres::{self, Krylov};
use crate::kernels::norm;
use crate::point::{Point, Scratch};
use crate::preconditioner::Preconditioner;
use crate::secant::{self, Secants};
use crate::shocked::Shocked;
use crate::system::System;

/// Room for a solve, owned by the caller and reused from solve to solve. One per thread. It keeps the last model's baseline, so
/// that the next shock to it is put in quicker; an answer has the same bits whatever was solved before.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// Shared with the equilibria that were solved with it.
    pub(crate) shocked: Arc<Shocked>,
    pub(crate) iteration: Iteration,
}

/// What the iteration works on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Iteration {
    /// The best point so far.
    pub(crate) point: Point,
    pub(crate) trial: Point,
    pub(crate) step: Vec<f64>,
    pub(crate) krylov: Krylov,
    pub(crate) scratch: Scratch,
    pub(crate) secants: Arc<Secants>,
    pub(crate) secant_room: secant::Room,
}

impl Iteration {
    /// Goes to a nearby equilibrium, with what its solve learnt, or to the baseline.
    pub(crate) fn begin(&mut self, len: usize, start: Option<&Equilibrium>) {
        let unknowns = &mut self.point.unknowns;
        unknowns.clear();
        match start {
            Some(start) if start.point.unknowns.len() == len => {
                unknowns.extend_from_slice(&start.point.unknowns);
                own(&mut self.secants).copy(&start.secants);
            }
            _ => {
                unknowns.resize(len, 0.0);
                own(&mut self.secants).clear(len);
            }
        }
    }
}

/// What can be written to without a copy: a value that an equilibrium still holds is left to it.
pub(crate) fn own<T: Clone + Default>(shared: &mut Arc<T>) -> &mut T {
    if Arc::strong_count(shared) > 1 {
        *shared = Arc::default();
    }
    Arc::make_mut(shared)
}

impl Workspace {
    /// An empty workspace; it grows to its size at the first solve.
    pub fn new() -> Self {
        Self::default()
    }
}

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) converged: bool,
    /// Largest residual, relative to the baseline size of its market.
    pub(crate) residual: f64,
    /// Row of that residual.
    pub(crate) worst: usize,
    /// Newton and fixed-point steps.
    pub(crate) iterations: usize,
    /// Products with the Jacobian.
    pub(crate) products: usize,
}

const NEWTON_STEPS: usize = 60;
const FIXED_POINT_STEPS: usize = 40;
/// A residual up to this is accepted, whatever the tolerance, where rounding stops any further progress.
pub(crate) const ROUNDING: f64 = 1e-11;
/// Longest change of a log in one step.
pub(crate) const LONGEST: f64 = 1.5;

/// The largest residual and its row; the first that is not finite, as infinite, where there is one.
pub(crate) fn largest(residual: &[f64]) -> (usize, f64) {
    let size = size_of_largest(residual);
    let is_it = |x: &f64| !x.is_finite() || x.abs() >= size;
    (residual.iter().position(is_it).unwrap_or(0), size)
}

/// The size of the largest residual, infinite where one is not finite. Lane by lane: no comparison waits for another.
pub(crate) fn size_of_largest(residual: &[f64]) -> f64 {
    let (chunks, rest) = residual.as_chunks::<8>();
    let mut most = [0.0_f64; 8];
    let mut nothing = [0.0_f64; 8];
    for chunk in chunks {
        for l in 0..8 {
            let x = chunk[l].abs();
            most[l] = if x > most[l] { x } else { most[l] };
            nothing[l] += 0.0 * chunk[l];
        }
    }
    for x in rest {
        most[0] = most[0].max(x.abs());
        nothing[0] += 0.0 * x;
    }
    if nothing.iter().sum::<f64>().is_nan() {
        return f64::INFINITY;
    }
    most.into_iter().fold(0.0, f64::max)
}

/// Solves from `iteration.point.unknowns`; on return that point is the best one reached.
pub(crate) fn solve(
    system: &System,
    preconditioner: &Preconditioner,
    tolerance: f64,
    iteration: &mut Iteration,
) -> Outcome {
    iteration.scratch.room.load(system.shocked);
    system.evaluate(&mut iteration.point, &mut iteration.scratch);
    let first = secant::solve(system, preconditioner, tolerance, iteration);
    if first.converged {
        return first;
    }
    let Iteration {
        point,
        trial,
        step,
        krylov,
        scratch,
        ..
    } = iteration;
    let mut products = 0;
    let mut fixed_point_left = 4;
    for iterations in 0..NEWTON_STEPS {
        let (worst, residual) = largest(&point.residual);
        let outcome = |converged| Outcome {
            converged,
            residual,
            worst,
            iterations: first.iterations + iterations,
            products,
        };
        if residual <= tolerance {
            return outcome(true);
        }
        let size = norm(&point.residual);
        let forcing = (0.5 * size).clamp(0.1 * tolerance / residual, 0.1);
        let (count, reached) = gmres::solve(krylov, &point.residual, step, forcing, |v, z, az| {
            preconditioner.apply_wide(system, point, v, z, &mut scratch.room);
            system.product(point, z, az, scratch);
        });
        let outcome = |converged| Outcome {
            products: products + count,
            ..outcome(converged)
        };
        let found = reached < 0.9 && search(system, point, trial, step, size, scratch);
        if found {
            std::mem::swap(point, trial);
        } else if residual <= ROUNDING {
            return outcome(true);
        } else if fixed_point_left > 0 && residual.is_finite() {
            fixed_point_left -= 1;
            damped_fixed_point(system, point, scratch);
        } else {
            return outcome(false);
        }
        products += count;
    }
    let (worst, residual) = largest(&point.residual);
    Outcome {
        converged: residual <= tolerance,
        residual,
        worst,
        iterations: first.iterations + NEWTON_STEPS,
        products,
    }
}

/// Puts in `trial` a point along the Newton step with a smaller residual, if there is one.
fn search(
    system: &System,
    point: &Point,
    trial: &mut Point,
    step: &[f64],
    size: f64,
    scratch: &mut Scratch,
) -> bool {
    let longest = step.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    if !longest.is_finite() {
        return false;
    }
    let mut length = (LONGEST / longest).min(1.0);
    for _ in 0..12 {
        trial.unknowns.clear();
        trial
            .unknowns
            .extend(point.unknowns.iter().zip(step).map(|(u, d)| u - length * d));
        system.evaluate(trial, scratch);
        let reached = norm(&trial.residual);
        if reached < (1.0 - 1e-4 * length) * size {
            return true;
        }
        length *= 0.5;
    }
    false
}

/// Prices and spending follow their equations, wages rise where labour is short.
fn damped_fixed_point(system: &System, point: &mut Point, scratch: &mut Scratch) {
    let n = system.base.n;
    let half = n * (1 + system.base.s);
    for _ in 0..FIXED_POINT_STEPS {
        for i in 0..n {
            point.unknowns[i] += 0.1 * point.residual[i].clamp(-0.5, 0.5);
        }
        for row in n..half {
            point.unknowns[row] -= point.residual[row].clamp(-0.5, 0.5);
        }
        for row in half..point.unknowns.len() {
            point.unknowns[row] -= 0.5 * point.residual[row].clamp(-0.5, 0.5);
        }
        system.evaluate(point, scratch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_is_found_and_what_is_not_finite_before_it() {
        let mut residual: Vec<f64> = (0..21).map(|k| 0.1 * f64::from(k % 7)).collect();
        residual[12] = -0.9;
        assert_eq!(largest(&residual), (12, 0.9));
        residual[20] = 1.5;
        assert_eq!(largest(&residual), (20, 1.5));
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for at in [3, 20] {
                residual[at] = bad;
                assert_eq!(largest(&residual), (at, f64::INFINITY));
                residual[at] = 0.0;
            }
        }
        assert_eq!(largest(&[0.0; 9]), (0, 0.0));
        assert_eq!(largest(&[]), (0, 0.0));
    }
}
