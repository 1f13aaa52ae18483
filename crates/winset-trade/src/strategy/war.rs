//! Optimal tariffs, the Nash war, and retaliation.

use std::time::Instant;

use super::climb::{Climb, Limits, climb};
use super::instrument::{Lever, by_lever, levers, positions, set};
use super::{Contest, Found, Search};
use crate::economy::cell;
use crate::error::TradeError;

/// Most steps of one climb.
const STEPS: usize = 400;

/// The best tariffs of one player, those of all others as in `tariffs`, from some positions.
fn respond(
    contest: &mut dyn Contest,
    player: usize,
    levers: &[Lever],
    search: &Search,
    tariffs: &[f64],
    start: Vec<f64>,
) -> Result<Climb, TradeError> {
    let curvature: Vec<f64> = levers.iter().map(|l| l.curvature).collect();
    let mut world = tariffs.to_vec();
    let mut gradient = Vec::new();
    let mut landscape = |x: &[f64], out: &mut Vec<f64>| {
        set(levers, x, &mut world);
        contest.go_to(&world)?;
        contest.gradient(player, &mut gradient)?;
        by_lever(levers, &world, &gradient, out);
        Ok(contest.payoff(player))
    };
    let limits = Limits {
        bounds: search.bounds(),
        curvature: &curvature,
        tolerance: search.tolerance,
        steps: STEPS,
    };
    climb(&mut landscape, start, limits)
}

/// Multiples of 1/θ at the starting points after the first: 1/θ is where optimal tariffs of small countries lie, and
/// high tariffs lead to maxima at which a protected sector's trade has all but stopped.
const LEVELS: [f64; 6] = [1.0, 6.0, 0.2, 15.0, 2.5, 40.0];

/// Starting point number `k`: where the tariffs are, then multiples of 1/θ.
fn start(
    k: usize,
    contest: &dyn Contest,
    levers: &[Lever],
    tariffs: &[f64],
    search: &Search,
) -> Vec<f64> {
    let bounds = search.bounds();
    if k == 0 {
        return positions(levers, tariffs, bounds);
    }
    let cells = contest.regions().len().pow(2);
    let level = LEVELS[(k - 1) % LEVELS.len()] * (1.0 + ((k - 1) / LEVELS.len()) as f64);
    let guess = |lever: &Lever| {
        let sum: f64 = lever
            .cells
            .iter()
            .map(|at| (level / contest.theta()[at / cells]).ln_1p())
            .sum();
        (sum / lever.cells.len() as f64).clamp(bounds.0, bounds.1)
    };
    levers.iter().map(guess).collect()
}

/// Payoffs nearer than this are the same.
const SAME: f64 = 1e-9;

fn agreeing(ends: &[Climb], best: f64) -> usize {
    let same = |end: &&Climb| (end.value - best).abs() <= SAME;
    ends.iter().filter(same).count()
}

fn payoffs(contest: &dyn Contest) -> Vec<f64> {
    (0..contest.regions().len())
        .map(|i| contest.payoff(i))
        .collect()
}

/// The tariffs that maximise one government's objective, all others' tariffs as in `tariffs`.
///
/// # Errors
/// A search out of range, an equilibrium that cannot be solved at the starting points.
pub fn optimal(
    contest: &mut dyn Contest,
    player: usize,
    search: &Search,
    tariffs: &[f64],
) -> Result<Found, TradeError> {
    search.check()?;
    let clock = Instant::now();
    let levers = levers(contest, player, search.instrument, None);
    let mut ends = Vec::new();
    for k in 0..search.starts {
        let from = start(k, contest, &levers, tariffs, search);
        ends.push(respond(contest, player, &levers, search, tariffs, from)?);
    }
    let evaluations = ends.iter().map(|e| e.evaluations).sum();
    let best = ends.iter().enumerate().fold(
        0,
        |b, (k, end)| if end.value > ends[b].value { k } else { b },
    );
    let agreeing = agreeing(&ends, ends[best].value);
    let best = ends.swap_remove(best);
    let mut world = tariffs.to_vec();
    set(&levers, &best.x, &mut world);
    contest.go_to(&world)?;
    Ok(Found {
        tariffs: world,
        payoffs: payoffs(contest),
        converged: best.gradient <= search.tolerance,
        gradient: best.gradient,
        at_bounds: best.at_bounds,
        levers: levers.len(),
        starts: search.starts,
        agreeing,
        rounds: 1,
        evaluations,
        seconds: clock.elapsed().as_secs_f64(),
    })
}

/// The Nash tariffs of the players, each with all its levers; those of other regions as in `tariffs`.
///
/// # Errors
/// As [`optimal`].
pub fn nash(
    contest: &mut dyn Contest,
    players: &[usize],
    search: &Search,
    tariffs: &[f64],
) -> Result<Found, TradeError> {
    let sides: Vec<(usize, Vec<Lever>)> = players
        .iter()
        .map(|p| (*p, levers(contest, *p, search.instrument, None)))
        .collect();
    war(contest, &sides, search, tariffs)
}

/// What the partners answer to `aggressor`, each with the tariffs on it that are best given what all others do; every
/// other tariff as in `tariffs`.
///
/// # Errors
/// As [`optimal`].
pub fn retaliation(
    contest: &mut dyn Contest,
    aggressor: usize,
    search: &Search,
    tariffs: &[f64],
) -> Result<Found, TradeError> {
    let sides: Vec<(usize, Vec<Lever>)> = (0..contest.regions().len())
        .filter(|p| *p != aggressor)
        .map(|p| (p, levers(contest, p, search.instrument, Some(aggressor))))
        .collect();
    war(contest, &sides, search, tariffs)
}

/// The tariffs at which every partner pays the aggressor back in kind: where `tariffs` differ from the baseline in what
/// the aggressor levies on a partner's goods of a sector, the partner levies that rate on the aggressor's, above or below
/// its own; every other tariff as in `tariffs`.
pub fn reciprocal(contest: &dyn Contest, aggressor: usize, tariffs: &[f64]) -> Vec<f64> {
    let n = contest.regions().len();
    let mut out = tariffs.to_vec();
    for j in 0..contest.theta().len() {
        for i in (0..n).filter(|i| *i != aggressor) {
            let levied = cell(n, j, i, aggressor);
            if tariffs[levied] - contest.tariffs()[levied] != 0.0 {
                out[cell(n, j, aggressor, i)] = tariffs[levied];
            }
        }
    }
    out
}

/// Best responses in turn until no one moves.
fn war(
    contest: &mut dyn Contest,
    sides: &[(usize, Vec<Lever>)],
    search: &Search,
    tariffs: &[f64],
) -> Result<Found, TradeError> {
    search.check()?;
    let clock = Instant::now();
    let mut world = tariffs.to_vec();
    let mut at: Vec<Vec<f64>> = sides
        .iter()
        .map(|(_, levers)| start(1, contest, levers, tariffs, search))
        .collect();
    for ((_, levers), x) in sides.iter().zip(&at) {
        set(levers, x, &mut world);
    }
    let (mut evaluations, mut rounds) = (0, 0);
    let mut at_bounds = 0;
    let mut fewest = search.starts;
    let mut gradient = f64::INFINITY;
    while rounds < search.rounds && gradient > search.tolerance {
        rounds += 1;
        at_bounds = 0;
        gradient = 0.0;
        for ((player, levers), x) in sides.iter().zip(&mut at) {
            let mut ends = vec![respond(
                contest,
                *player,
                levers,
                search,
                &world,
                x.clone(),
            )?];
            // Only at first: later, a jump to another maximum would keep the war from settling.
            if rounds == 1 {
                for k in 1..search.starts {
                    let from = start(k + 1, contest, levers, &world, search);
                    ends.push(respond(contest, *player, levers, search, &world, from)?);
                }
            }
            evaluations += ends.iter().map(|end| end.evaluations).sum::<usize>();
            let better = |b: usize, (k, end): (usize, &Climb)| {
                if end.value > ends[b].value + SAME {
                    k
                } else {
                    b
                }
            };
            let best = ends.iter().enumerate().fold(0, better);
            if rounds == 1 {
                fewest = fewest.min(agreeing(&ends, ends[best].value));
            }
            let end = ends.swap_remove(best);
            at_bounds += end.at_bounds;
            // How far the player moved is how far the others' moves had put it from its best response.
            let moved = end
                .x
                .iter()
                .zip(x.iter())
                .fold(end.gradient, |m, (a, b)| m.max((a - b).abs()));
            gradient = gradient.max(moved);
            *x = end.x;
            set(levers, x, &mut world);
        }
    }
    contest.go_to(&world)?;
    Ok(Found {
        tariffs: world,
        payoffs: payoffs(contest),
        converged: gradient <= search.tolerance,
        gradient,
        at_bounds,
        levers: sides.iter().map(|(_, levers)| levers.len()).sum(),
        starts: search.starts,
        agreeing: fewest,
        rounds,
        evaluations,
        seconds: clock.elapsed().as_secs_f64(),
    })
}
