//! What was learned: means, intervals and chances over the draws.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use serde::Serialize;

use super::chain::{Chain, Draw};
use super::{LearnOptions, Trace};
use crate::{Package, TalksError};

/// Where a number lies with the probability asked for, half of the rest on either side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Half of the draws are below.
    pub median: f64,
    /// Upper end.
    pub high: f64,
}

/// How the party concedes: it aspires to `1 − depth · (t / (horizon − 1)) ^ power` of its range of payoffs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ConcessionIntervals {
    /// What it gives up until the last round, a share of its range of payoffs.
    pub depth: Interval,
    /// Exponent of time: above 1 it concedes late, below 1 early.
    pub power: Interval,
    /// Standard deviation of its offers' payoffs about what it aspires to, a share of its range of payoffs.
    pub width: Interval,
}

/// How sure it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreferencePosterior {
    /// Offers that were seen.
    pub offers: usize,
    /// Draws behind the numbers.
    pub draws: usize,
    /// Probability with which each interval should cover the truth.
    pub level: f64,
    /// The largest potential scale reduction of the issue weights over the chains (Gelman and Rubin 1992, *Statistical
    /// Science* 7(4)); near 1 where the chains agree, above 1.1 more draws are needed.
    pub scale_reduction: f64,
    /// The probability of each issue to weigh most.
    pub top_issue: Vec<f64>,
    /// For each issue the interval of its weight.
    pub issue_weights: Vec<Interval>,
    /// For each option the interval of its value within its issue, 0 for the worst, 1 for the best.
    pub values: Vec<Vec<Interval>>,
    /// How the party concedes.
    pub concession: ConcessionIntervals,
}

/// What the party's payoffs look like after its offers.
#[derive(Clone, Debug, Serialize)]
pub struct Preferences {
    /// For each issue and option what it adds to the party's payoff. The worst option of an issue adds 0, the best
    /// package has 1. It is the mean over the draws of payoffs scaled to one variance over all packages: no other
    /// table has a higher expected correlation with the true payoffs.
    pub values: Vec<Vec<f64>>,
    /// The mean weight of each issue, its share of the range of payoffs; they sum to 1.
    pub issue_weights: Vec<f64>,
    /// How sure that is.
    pub posterior: PreferencePosterior,
    #[serde(skip)]
    draws: Vec<Draw>,
    #[serde(skip)]
    starts: Vec<usize>,
    #[serde(skip)]
    horizon: usize,
}

/// Share of the likelihood that counts in a chain's first pass.
const COOLEST: f64 = 0.02;

/// What the party's payoffs look like after its offers. Without offers it is the prior.
///
/// # Errors
/// No issue with two options; options that are out of range (no draw, no chain, a level outside 0 to 1, a prior whose
/// spreads are not above 0).
pub fn learn(trace: &Trace, options: &LearnOptions) -> Result<Preferences, TalksError> {
    check(trace, options)?;
    let offers = trace.prepared();
    let a_pass = 1
        + (0..offers.issues())
            .filter(|i| offers.options(*i).len() > 1)
            .count();
    let passes = options.draws.div_ceil(options.chains * a_pass);
    let run = |chain: usize| {
        let seed = options.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let random = Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_add(chain as u64));
        let mut chain = Chain::new(&offers, &options.prior, random);
        for pass in 0..options.warm_up {
            // From the prior to the posterior by equal factors, so that no chain is caught where it starts.
            let left = 1.0 - (1.4 * (pass + 1) as f64 / options.warm_up as f64).min(1.0);
            chain.heat = COOLEST.powf(left);
            chain.sweep(|_| {});
        }
        chain.heat = 1.0;
        let mut draws = Vec::with_capacity(passes * a_pass);
        for _ in 0..passes {
            chain.sweep(|c| draws.push(c.draw()));
        }
        draws
    };
    let chains: Vec<Vec<Draw>> = (0..options.chains).into_par_iter().map(run).collect();
    let scale_reduction = (0..offers.issues())
        .map(|i| scale_reduction(&chains, |d| d.weights[i]))
        .fold(1.0, f64::max);
    let draws: Vec<Draw> = chains.into_iter().flatten().collect();
    let starts = offers.starts;
    let (values, top_issue) = means(&draws, &starts);
    let issues = starts.len() - 1;
    let count = draws.len() as f64;
    let weight = |i: usize| draws.iter().map(|d| d.weights[i]).sum::<f64>() / count;
    let interval = |of: &dyn Fn(&Draw) -> f64| {
        let mut drawn: Vec<f64> = draws.iter().map(of).collect();
        drawn.sort_unstable_by(f64::total_cmp);
        let at = |p: f64| drawn[(p * (drawn.len() - 1) as f64).round() as usize];
        let tail = 0.5 * (1.0 - options.level);
        Interval {
            low: at(tail),
            median: at(0.5),
            high: at(1.0 - tail),
        }
    };
    let intervals = |issue: usize| {
        let options = starts[issue]..starts[issue + 1];
        options.map(|o| interval(&|d| d.values[o])).collect()
    };
    let posterior = PreferencePosterior {
        offers: trace.offers().len(),
        draws: draws.len(),
        level: options.level,
        scale_reduction,
        top_issue,
        issue_weights: (0..issues).map(|i| interval(&|d| d.weights[i])).collect(),
        values: (0..issues).map(intervals).collect(),
        concession: ConcessionIntervals {
            depth: interval(&|d| d.concession.depth),
            power: interval(&|d| d.concession.power),
            width: interval(&|d| d.concession.width),
        },
    };
    Ok(Preferences {
        values,
        issue_weights: (0..issues).map(weight).collect(),
        posterior,
        draws,
        starts,
        horizon: trace.horizon(),
    })
}

impl Preferences {
    /// The probability that the party accepts a package in a round, counted from 0: that it is worth at least what
    /// the party aspires to then.
    ///
    /// # Errors
    /// A package of another length or with an option that does not exist.
    pub fn acceptance(&self, package: &Package, round: usize) -> Result<f64, TalksError> {
        let time = (round as f64 / (self.horizon - 1) as f64).min(1.0);
        let payoffs = self.payoffs(package)?;
        let accepts = self.draws.iter().zip(payoffs).filter(|(draw, payoff)| {
            let how = draw.concession;
            *payoff >= 1.0 - how.depth * time.powf(how.power)
        });
        Ok(accepts.count() as f64 / self.draws.len() as f64)
    }

    /// The party's payoff from a package as a share of its range: the mean over the draws, and the value below which
    /// one draw in twenty is.
    ///
    /// # Errors
    /// As [`Preferences::acceptance`].
    pub fn expected_and_poor(&self, package: &Package) -> Result<(f64, f64), TalksError> {
        let mut payoffs: Vec<f64> = self.payoffs(package)?.collect();
        let mean = payoffs.iter().sum::<f64>() / payoffs.len() as f64;
        payoffs.sort_unstable_by(f64::total_cmp);
        Ok((mean, payoffs[payoffs.len() / 20]))
    }

    fn payoffs(&self, package: &Package) -> Result<impl Iterator<Item = f64>, TalksError> {
        let (expected, found) = (self.starts.len() - 1, package.options().len());
        if expected != found {
            return Err(TalksError::Package { expected, found });
        }
        let mut places = Vec::with_capacity(found);
        for (issue, option) in package.options().iter().enumerate() {
            let place = self.starts[issue] + usize::from(*option);
            if place >= self.starts[issue + 1] {
                return Err(TalksError::Unknown {
                    place: format!("package, issue {issue}"),
                    what: "option",
                    found: usize::from(*option),
                    there: self.starts[issue + 1] - self.starts[issue],
                });
            }
            places.push(place);
        }
        let payoff = move |draw: &Draw| {
            let worth = draw.weights.iter().zip(&places);
            worth.map(|(w, p)| w * draw.values[*p]).sum()
        };
        Ok(self.draws.iter().map(payoff))
    }
}

fn check(trace: &Trace, options: &LearnOptions) -> Result<(), TalksError> {
    let fail = |what: &str| {
        Err(TalksError::Learning {
            what: what.to_owned(),
        })
    };
    if trace.issues().iter().all(|i| i.options.len() < 2) {
        return fail("no issue has two options, so that offers tell nothing");
    }
    if options.draws == 0 || options.chains == 0 {
        return fail("at least one draw and one chain are needed");
    }
    if !(options.level > 0.0 && options.level < 1.0) {
        return fail("the level of intervals is between 0 and 1");
    }
    let prior = &options.prior;
    let spreads = [
        prior.concentration,
        prior.party_shape,
        prior.issue_shape,
        prior.depth[1],
        prior.power[1],
        prior.width[1],
    ];
    if spreads.iter().any(|s| !s.is_finite() || *s <= 0.0) || !(0.0..=1.0).contains(&prior.ordered)
    {
        return fail("the spreads of the prior are above 0, and `ordered` is from 0 to 1");
    }
    Ok(())
}

/// Values as [`Preferences::values`] has them, and each issue's probability to weigh most.
fn means(draws: &[Draw], starts: &[usize]) -> (Vec<Vec<f64>>, Vec<f64>) {
    let issues = starts.len() - 1;
    let mut sum = vec![0.0; starts[issues]];
    let mut top = vec![0.0; issues];
    let mut centred = sum.clone();
    for draw in draws {
        let mut variance = 0.0;
        for (issue, weight) in draw.weights.iter().enumerate() {
            let options = starts[issue]..starts[issue + 1];
            let count = options.len() as f64;
            let mean = draw.values[options.clone()].iter().sum::<f64>() / count;
            for o in options {
                centred[o] = weight * (draw.values[o] - mean);
                variance += centred[o] * centred[o] / count;
            }
        }
        let scale = 1.0 / variance.sqrt().max(f64::MIN_POSITIVE);
        for (sum, centred) in sum.iter_mut().zip(&centred) {
            *sum += scale * centred;
        }
        let largest = (0..issues).max_by(|a, b| draw.weights[*a].total_cmp(&draw.weights[*b]));
        if let Some(issue) = largest {
            top[issue] += 1.0 / draws.len() as f64;
        }
    }
    let mut values = Vec::with_capacity(issues);
    for ends in starts.windows(2) {
        let row = &sum[ends[0]..ends[1]];
        let low = row.iter().copied().fold(f64::INFINITY, f64::min);
        values.push(row.iter().map(|v| v - low).collect::<Vec<f64>>());
    }
    let best = |row: &Vec<f64>| row.iter().copied().fold(0.0, f64::max);
    let range: f64 = values.iter().map(best).sum();
    let scale = 1.0 / range.max(f64::MIN_POSITIVE);
    values.iter_mut().flatten().for_each(|v| *v *= scale);
    (values, top)
}

/// The square root of the variance over all chains over that within them.
fn scale_reduction(chains: &[Vec<Draw>], of: impl Fn(&Draw) -> f64) -> f64 {
    let (count, length) = (chains.len() as f64, chains[0].len() as f64);
    if chains.len() < 2 || chains[0].len() < 2 {
        return 1.0;
    }
    let means: Vec<f64> = chains
        .iter()
        .map(|c| c.iter().map(&of).sum::<f64>() / length)
        .collect();
    let within: f64 = chains
        .iter()
        .zip(&means)
        .map(|(c, m)| c.iter().map(|d| (of(d) - m).powi(2)).sum::<f64>() / (length - 1.0))
        .sum::<f64>()
        / count;
    let mean = means.iter().sum::<f64>() / count;
    let between = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (count - 1.0);
    if within <= 0.0 {
        return 1.0;
    }
    ((length - 1.0) / length + between / within).sqrt()
}
