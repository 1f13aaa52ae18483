//! Cooperative tariffs: trade talks that share the gains equally (Ossa 2014, section III.C).
//!
//! Maximise the common gain of all governments over where they start from. The condition that all gain the same is
//! met by an augmented Lagrangian (Nocedal & Wright 2006, *Numerical Optimization*, section 17.3), since payoffs are
//! nearly transferable by import subsidies and weights on governments would be badly determined.

use std::time::Instant;

use super::climb::{Limits, climb};
use super::instrument::{Lever, by_lever, levers, positions, set};
use super::{Contest, Found, Search};
use crate::error::TradeError;

/// Gains differ by no more than this, a fraction, at the end.
const EQUAL: f64 = 1e-8;
const STEPS: usize = 1500;

/// Tariffs of all regions that give every government the same gain, the largest there is near the start, over its
/// objective at `from`.
///
/// # Errors
/// As [`super::optimal`].
pub fn cooperative(
    contest: &mut dyn Contest,
    search: &Search,
    from: &[f64],
) -> Result<Found, TradeError> {
    search.check()?;
    let clock = Instant::now();
    let n = contest.regions().len();
    contest.go_to(from)?;
    let start: Vec<f64> = (0..n).map(|i| contest.payoff(i)).collect();
    let levers: Vec<Lever> = (0..n)
        .flat_map(|p| levers(contest, p, search.instrument, None))
        .collect();
    let curvature: Vec<f64> = levers.iter().map(|l| l.curvature / n as f64).collect();
    let mut world = from.to_vec();
    let mut x = positions(&levers, &vec![0.0; world.len()], search.bounds());
    let mut multipliers = vec![0.0; n];
    let mut weight = 10.0;
    let (mut evaluations, mut rounds) = (0, 0);
    let mut last_gap = f64::INFINITY;
    loop {
        rounds += 1;
        let (mut by_tariff, mut one) = (Vec::new(), Vec::new());
        let mut landscape = |x: &[f64], out: &mut Vec<f64>| {
            set(&levers, x, &mut world);
            contest.go_to(&world)?;
            let gains: Vec<f64> = (0..n).map(|i| contest.payoff(i) / start[i]).collect();
            let mean = gains.iter().sum::<f64>() / n as f64;
            by_tariff.clear();
            by_tariff.resize(world.len(), 0.0);
            let mut value = mean;
            for i in 0..n {
                let apart = gains[i] - mean;
                value -= multipliers[i] * apart + 0.5 * weight * apart * apart;
                let factor = 1.0 / n as f64 - multipliers[i] - weight * apart;
                contest.gradient(i, &mut one)?;
                crate::kernels::add_scaled(&mut by_tariff, factor / start[i], &one);
            }
            by_lever(&levers, &world, &by_tariff, out);
            Ok(value)
        };
        let limits = Limits {
            bounds: search.bounds(),
            curvature: &curvature,
            tolerance: search.tolerance,
            steps: STEPS,
        };
        let end = climb(&mut landscape, x, limits)?;
        evaluations += end.evaluations;
        x = end.x;
        set(&levers, &x, &mut world);
        contest.go_to(&world)?;
        let payoffs: Vec<f64> = (0..n).map(|i| contest.payoff(i)).collect();
        let gains: Vec<f64> = (0..n).map(|i| payoffs[i] / start[i]).collect();
        let mean = gains.iter().sum::<f64>() / n as f64;
        let gap = gains.iter().fold(0.0_f64, |m, g| m.max((g - mean).abs()));
        if gap <= EQUAL || rounds >= search.rounds {
            return Ok(Found {
                tariffs: world,
                payoffs,
                converged: gap <= EQUAL && end.gradient <= search.tolerance,
                gradient: end.gradient,
                at_bounds: end.at_bounds,
                levers: levers.len(),
                starts: 1,
                agreeing: 1,
                rounds,
                evaluations,
                seconds: clock.elapsed().as_secs_f64(),
            });
        }
        // The multipliers stay orthogonal to a gain of all.
        for i in 0..n {
            multipliers[i] += weight * (gains[i] - mean);
        }
        if gap > 0.25 * last_gap {
            weight *= 4.0;
        }
        last_gap = gap;
    }
}
