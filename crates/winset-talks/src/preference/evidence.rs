//! What offers say about stated hypotheses, each with payoffs of its own.

use super::choice::{Concession, Scales};
use super::{Prior, Trace};
use crate::payoff::Exact;
use crate::{Payoff, TalksError, units};

/// Nodes and weights of three-point Gauss–Hermite quadrature of a standard normal.
const NODES: [(f64, f64); 3] = [
    (-1.732_050_807_568_877_2, 1.0 / 6.0),
    (0.0, 2.0 / 3.0),
    (1.732_050_807_568_877_2, 1.0 / 6.0),
];

/// The logarithm of the probability of a party's offers under each hypothesis about its payoffs.
///
/// The choice model is that of [`learn`](super::learn): offers have payoffs about an aspiration level that falls with
/// time, as far as the prior says that it may; how far and how fast it falls and how closely offers follow is
/// integrated out (Gauss–Hermite, 27 points). Differences of the numbers are what counts: `exp(a − b)` is how much
/// better one hypothesis foretold the offers than the other. Use them as likelihoods of one item of evidence, divided
/// by the largest.
///
/// # Errors
/// A table of another shape than the issues; a table with pairs (issues that interact have no such fast sum; take
/// [`Payoff::nearest_additive`] where they are small, and say so).
pub fn offer_evidence(
    trace: &Trace,
    hypotheses: &[Payoff],
    prior: &Prior,
) -> Result<Vec<f64>, TalksError> {
    let offers = trace.prepared();
    let mut scales = Scales::default();
    let mut one = |(number, payoff): (usize, &Payoff)| {
        let table = format!("hypothesis {number}");
        if !payoff.pairs.is_empty() {
            let what = format!("{table} has pairs; offers are weighed with additive payoffs only");
            return Err(TalksError::Learning { what });
        }
        let exact = Exact::new(payoff, trace.issues(), &table)?;
        let mut losses = Vec::new();
        for row in &exact.values {
            let best = row.iter().copied().max().unwrap_or(0);
            losses.extend(row.iter().map(|v| units::value(best - v)));
        }
        let range: f64 = (0..offers.issues())
            .map(|i| {
                losses[offers.options(i)]
                    .iter()
                    .copied()
                    .fold(0.0, f64::max)
            })
            .sum();
        if range <= 0.0 {
            // A party to whom all is alike offers anything.
            let packages: f64 = trace
                .issues()
                .iter()
                .map(|i| (i.options.len() as f64).ln())
                .sum();
            return Ok(-packages * trace.offers().len() as f64);
        }
        let mut logs = Vec::with_capacity(27);
        let node = |[mean, sd]: [f64; 2], z: f64| mean + sd * z;
        for (z, weight_depth) in NODES {
            let depth = range / (1.0 + (-node(prior.depth, z)).exp());
            for (z, weight_power) in NODES {
                let power = node(prior.power, z).exp();
                for (z, weight_width) in NODES {
                    let width = range * node(prior.width, z).exp();
                    let how = Concession {
                        depth,
                        power,
                        width,
                    };
                    scales.settle(&offers, &losses, None, how);
                    let log = scales.weigh_all();
                    logs.push((weight_depth * weight_power * weight_width).ln() + log);
                }
            }
        }
        let packages: f64 = trace
            .issues()
            .iter()
            .map(|i| (i.options.len() as f64).ln())
            .sum();
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logs.iter().map(|l| (l - largest).exp()).sum();
        Ok(largest + sum.ln() - packages * trace.offers().len() as f64)
    };
    hypotheses.iter().enumerate().map(&mut one).collect()
}
