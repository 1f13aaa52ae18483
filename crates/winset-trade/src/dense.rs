//! Newton's method for systems small enough to factor their Jacobian: some hundred unknowns.

use std::time::Instant;

use faer::linalg::solvers::Solve;
use faer::{Mat, MatMut};

use crate::continuation;
use crate::equilibrium::SolveReport;
use crate::error::TradeError;
use crate::newton::{ROUNDING, largest};

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

/// Solves the equations of the whole shock, `at(1)`, from `unknowns`, which hold the solution on return; where that fails at
/// once, from the baseline, at which all unknowns are zero, in steps of the shock's size. Gives the equations too.
pub(crate) fn solve<E: Equations>(
    at: impl Fn(f64) -> E,
    unknowns: &mut Vec<f64>,
    tolerance: f64,
) -> Result<(E, SolveReport), TradeError> {
    let clock = Instant::now();
    let whole = at(1.0);
    let mut report = SolveReport::begun();
    if let Err(at_once) = newton(&whole, unknowns, tolerance, &mut report) {
        let mut here = vec![0.0; unknowns.len()];
        let followed = continuation::follow(|share| {
            unknowns.clone_from(&here);
            let solved = if share < 1.0 {
                newton(&at(share), unknowns, tolerance, &mut report)
            } else {
                newton(&whole, unknowns, tolerance, &mut report)
            };
            if solved.is_ok() {
                here.clone_from(unknowns);
            }
            solved.is_ok()
        });
        report.shock_steps = followed.map_err(|share| at_once.reached(share))?;
    }
    report.seconds = clock.elapsed().as_secs_f64();
    Ok((whole, report))
}

/// Solves from `unknowns`; adds to the report what it took.
fn newton(
    equations: &impl Equations,
    unknowns: &mut Vec<f64>,
    tolerance: f64,
    report: &mut SolveReport,
) -> Result<(), TradeError> {
    let len = unknowns.len();
    let (mut residual, mut trial) = (Vec::new(), Vec::new());
    equations.residual(unknowns, &mut residual);
    let mut iterations = 0;
    loop {
        let (row, size) = largest(&residual);
        report.residual = size;
        if size <= tolerance {
            return Ok(());
        }
        let mut found = false;
        if iterations < STEPS && size.is_finite() {
            iterations += 1;
            report.iterations += 1;
            let mut step = residual.clone();
            equations
                .jacobian(unknowns)
                .partial_piv_lu()
                .solve_in_place(MatMut::from_column_major_slice_mut(&mut step, len, 1));
            let longest = step.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
            let mut length = (LONGEST / longest).min(1.0);
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
        }
        if !found {
            if size <= ROUNDING {
                return Ok(());
            }
            return Err(TradeError::NotConverged {
                residual: size,
                iterations,
                worst: equations.market(row),
                reached: None,
            });
        }
    }
}
