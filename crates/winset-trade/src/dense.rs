//! Newton's method for systems small enough to factor their Jacobian: some hundred unknowns.

use std::time::Instant;

use faer::linalg::solvers::Solve;
use faer::{Mat, MatMut};

use crate::equilibrium::SolveReport;
use crate::error::TradeError;
use crate::newton::largest;

/// A square system of equations in logs.
pub(crate) trait Equations {
    /// Sets `residual`, relative to the size of each market, at `unknowns`.
    fn residual(&self, unknowns: &[f64], residual: &mut Vec<f64>);
    /// The Jacobian at `unknowns`.
    fn jacobian(&self, unknowns: &[f64]) -> Mat<f64>;
    /// Name of the market of one row.
    fn market(&self, row: usize) -> String;
}

const STEPS: usize = 80;
/// Longest change of a log in one step.
const LONGEST: f64 = 1.0;
/// The residual is accepted at this multiple of the tolerance where rounding stops any further progress.
const ROUNDING: f64 = 100.0;

/// Solves from `unknowns`, which hold the solution on return.
pub(crate) fn solve(
    equations: &impl Equations,
    unknowns: &mut Vec<f64>,
    tolerance: f64,
) -> Result<SolveReport, TradeError> {
    let clock = Instant::now();
    let len = unknowns.len();
    let (mut residual, mut trial) = (Vec::new(), Vec::new());
    equations.residual(unknowns, &mut residual);
    let report = |residual: f64, iterations: usize| SolveReport {
        residual,
        iterations,
        products: 0,
        seconds: clock.elapsed().as_secs_f64(),
    };
    for iterations in 0..STEPS {
        let (row, size) = largest(&residual);
        if size <= tolerance {
            return Ok(report(size, iterations));
        }
        let mut step = residual.clone();
        equations
            .jacobian(unknowns)
            .partial_piv_lu()
            .solve_in_place(MatMut::from_column_major_slice_mut(&mut step, len, 1));
        let longest = step.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        let mut length = (LONGEST / longest).min(1.0);
        let mut found = false;
        for _ in 0..20 {
            let moved: Vec<f64> = unknowns
                .iter()
                .zip(&step)
                .map(|(u, d)| u - length * d)
                .collect();
            equations.residual(&moved, &mut trial);
            if longest.is_finite() && largest(&trial).1 < (1.0 - 1e-3 * length) * size {
                *unknowns = moved;
                std::mem::swap(&mut residual, &mut trial);
                found = true;
                break;
            }
            length *= 0.5;
        }
        if !found {
            if size <= ROUNDING * tolerance {
                return Ok(report(size, iterations));
            }
            return Err(TradeError::NotConverged {
                residual: size,
                iterations,
                worst: equations.market(row),
            });
        }
    }
    let (row, size) = largest(&residual);
    Err(TradeError::NotConverged {
        residual: size,
        iterations: STEPS,
        worst: equations.market(row),
    })
}
