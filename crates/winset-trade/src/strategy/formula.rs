//! Nash tariffs by formula: Lashkaripour (2021), *J. Int. Econ.* 128, "The cost of a global tariff war: a sufficient
//! statistics approach", without input–output links.
//!
//! A government that neglects what its tariff does to relative wages abroad sets
//!
//! ```text
//! t_i = 1 / Σ_{n≠i} Σ_k χ_ink θ_k (1 − λ_ink)                                  (eq. 7)
//! ```
//!
//! with χ the share of a flow in i's exports and λ its share in the destination's spending on the sector, both in the
//! equilibrium of the war. The tariffs and the equilibrium are found together. [`super::nash`] drops the neglect.

use super::Contest as _;
use super::armington::ArmingtonContest;
use crate::economy::cell;
use crate::equilibrium::Equilibrium;
use crate::error::TradeError;
use crate::model::Model;

/// Uniform Nash tariffs by formula.
#[derive(Clone, Debug)]
pub struct FormulaNash {
    /// By region, fractions.
    pub tariffs: Vec<f64>,
    /// The equilibrium of the war.
    pub equilibrium: Equilibrium,
    /// Largest change of a tariff in the last round.
    pub change: f64,
    /// Rounds, one solve each.
    pub rounds: usize,
}

const ROUNDS: usize = 200;
/// Tariffs move no more than this, a fraction, at the end.
const CLOSE: f64 = 1e-13;

/// Uniform tariffs of all regions at which each is what the formula says. The model must be without input–output links.
///
/// # Errors
/// [`TradeError::Option`] where it has them; [`TradeError::NotConverged`].
pub fn formula_nash(model: &Model) -> Result<FormulaNash, TradeError> {
    let base = model.calibration();
    if !base.inputs.is_empty() {
        return Err(TradeError::Option(
            "the formula for Nash tariffs holds without input–output links: set input_output to false".to_owned(),
        ));
    }
    let (n, s) = (base.n, base.s);
    let mut contest = ArmingtonContest::new(model, &[])?;
    let mut tariffs = vec![0.0; n];
    let mut change = f64::INFINITY;
    let mut last = f64::INFINITY;
    for rounds in 1..=ROUNDS {
        let here = contest.equilibrium();
        let (system, point) = (here.system(), &here.point);
        let mut next = Vec::with_capacity(n);
        for i in 0..n {
            let (mut exports, mut sum) = (0.0, 0.0);
            for j in 0..s {
                for m in (0..n).filter(|m| *m != i) {
                    let flow = system.flow(point, j, i, m);
                    if flow > 0.0 {
                        let paid = 1.0 + here.shocked.tariff[cell(n, j, i, m)];
                        let share = flow * paid / point.spending[j * n + m];
                        exports += flow;
                        sum += flow * model.theta()[j] * (1.0 - share);
                    }
                }
            }
            next.push(exports / sum);
        }
        change = next
            .iter()
            .zip(&tariffs)
            .fold(0.0_f64, |m, (a, b)| m.max((a - b).abs()));
        // Rounding stops the last digits: no nearer than the round before is near enough.
        if change <= CLOSE || change <= 1e-11 && change >= last {
            return Ok(FormulaNash {
                tariffs,
                equilibrium: contest.equilibrium().clone(),
                change,
                rounds,
            });
        }
        last = change;
        tariffs = next;
        let world: Vec<f64> = (0..base.flow.len())
            .map(|at| {
                if at / n % n == at % n {
                    base.tariff[at]
                } else {
                    tariffs[at % n]
                }
            })
            .collect();
        contest.go_to(&world)?;
    }
    Err(TradeError::NotConverged {
        residual: change,
        iterations: ROUNDS,
        worst: "tariffs of the formula".to_owned(),
        reached: None,
    })
}
