//! Uncertainty: the same shock under many draws of elasticities, input–output data and barriers.
//!
//! Draw k is made by a generator seeded with the seed and k alone, so that an answer does not depend on how many
//! workers there are, nor on how many draws come after it.

use std::ops::Range;

use rand::SeedableRng;
use rand_distr::{Distribution, Normal, StandardNormal, Uniform};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use crate::economy::Economy;
use crate::error::TradeError;
use crate::indicator::Indicator;
use crate::model::{Model, Options};
use crate::newton::Workspace;
use crate::shock::{Shock, ShockKind};

/// How elasticities are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Elasticities {
    /// As the model's options name them.
    #[default]
    Held,
    /// θ of each sector is log-normal around the named set: its log has this standard deviation, one draw a sector.
    LogNormal(f64),
    /// θ of each sector is normal around the named set with these standard errors, one a sector; what falls to zero or
    /// below is drawn again.
    Normal(Vec<f64>),
    /// One of these sets for all sectors, each as likely as the others.
    Among(Vec<String>),
    /// Each sector's θ from one of these sets, sector by sector.
    AmongBySector(Vec<String>),
}

/// What is uncertain. Standard deviations are of logs; zero holds the data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uncertainty {
    /// Elasticities.
    pub elasticities: Elasticities,
    /// Input shares: each share of a user is multiplied by a log-normal factor, and the user's shares are scaled back to
    /// their sum. Where industry would then use more of a good than the region absorbs, the region keeps its data.
    pub inputs: f64,
    /// Changes of barriers: the logs of the iceberg factors of the shock are multiplied by a normal factor around one.
    pub barriers: f64,
    /// Seed of all draws.
    pub seed: u64,
}

/// One indicator over the draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Which.
    pub indicator: Indicator,
    /// Its value in every draw that has an equilibrium, in the order of the draws.
    pub values: Vec<f64>,
    sorted: Vec<f64>,
}

impl Spread {
    /// An indicator over draws: as found, or a difference between two shocks, draw by draw.
    pub fn new(indicator: Indicator, values: Vec<f64>) -> Self {
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        Self {
            indicator,
            values,
            sorted,
        }
    }

    /// A quantile, 0 to 1, linear between draws; not a number without draws.
    pub fn quantile(&self, at: f64) -> f64 {
        let Some(last) = self.sorted.len().checked_sub(1) else {
            return f64::NAN;
        };
        let place = at.clamp(0.0, 1.0) * last as f64;
        let low = place.floor() as usize;
        let high = (low + 1).min(last);
        self.sorted[low] + (place - low as f64) * (self.sorted[high] - self.sorted[low])
    }

    /// Mean over the draws.
    pub fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len() as f64
    }

    /// Share of draws in which it is above zero.
    pub fn positive(&self) -> f64 {
        self.values.iter().filter(|x| **x > 0.0).count() as f64 / self.values.len() as f64
    }
}

/// What many draws gave.
#[derive(Debug)]
pub struct Draws {
    /// One an indicator, in the order asked for.
    pub spreads: Vec<Spread>,
    /// Draws without an equilibrium, by number, and why. They are in no spread.
    pub failed: Vec<(u64, TradeError)>,
}

fn generator(seed: u64, draw: u64) -> Xoshiro256PlusPlus {
    // A step of SplitMix64 keeps neighbouring draws apart.
    let mut x = seed ^ draw.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    Xoshiro256PlusPlus::seed_from_u64(x ^ (x >> 31))
}

fn normal(what: &str, deviation: f64) -> Result<Normal<f64>, TradeError> {
    if !(0.0..=2.0).contains(&deviation) {
        return Err(TradeError::Option(format!(
            "the standard deviation of {what} is {deviation}; it is one of logs and must lie between 0 and 2"
        )));
    }
    Normal::new(0.0, deviation).map_err(|error| TradeError::Option(format!("{what}: {error}")))
}

/// Everything that draws need, checked once.
struct Source<'a> {
    economy: &'a Economy,
    model: Model,
    shock: &'a Shock,
    uncertainty: &'a Uncertainty,
    theta: Normal<f64>,
    inputs: Normal<f64>,
    barriers: Normal<f64>,
    sets: Vec<Vec<f64>>,
}

impl Source<'_> {
    fn draw(
        &self,
        draw: u64,
        indicators: &[Indicator],
        workspace: &mut Workspace,
    ) -> Result<Vec<f64>, TradeError> {
        let random = &mut generator(self.uncertainty.seed, draw);
        let theta = self.elasticities(random);
        let shock = self.barriers(random);
        let drawn;
        let mut model = &self.model;
        if self.uncertainty.inputs > 0.0 && self.model.options().input_output {
            let economy = self.economy.with_drawn_inputs(&self.inputs, random);
            drawn = Model::new(&economy, self.model.options().clone())?.with_theta(&theta)?;
            model = &drawn;
        } else if self.uncertainty.elasticities != Elasticities::Held {
            drawn = self.model.with_theta(&theta)?;
            model = &drawn;
        }
        let solved = model.solve(&shock, workspace, None)?;
        indicators.iter().map(|i| solved.value(i)).collect()
    }

    fn elasticities(&self, random: &mut Xoshiro256PlusPlus) -> Vec<f64> {
        let base = self.model.theta();
        match &self.uncertainty.elasticities {
            Elasticities::Held => base.to_vec(),
            Elasticities::LogNormal(_) => base
                .iter()
                .map(|theta| theta * self.theta.sample(random).exp())
                .collect(),
            Elasticities::Normal(errors) => base
                .iter()
                .zip(errors)
                .map(|(theta, error)| {
                    // At most one draw in two is thrown away, since θ > 0.
                    let mut draw = || -> f64 { StandardNormal.sample(random) };
                    let mut draws = (0..100).map(|_| theta + error * draw());
                    draws.find(|x| *x > 0.0).unwrap_or(*theta)
                })
                .collect(),
            Elasticities::Among(_) => self.sets[self.pick(random)].clone(),
            Elasticities::AmongBySector(_) => (0..base.len())
                .map(|j| self.sets[self.pick(random)][j])
                .collect(),
        }
    }

    fn pick(&self, random: &mut Xoshiro256PlusPlus) -> usize {
        let all = Uniform::new(0, self.sets.len());
        all.map_or(0, |all| all.sample(random))
    }

    fn barriers(&self, random: &mut Xoshiro256PlusPlus) -> Shock {
        if self.uncertainty.barriers == 0.0 {
            return self.shock.clone();
        }
        let mut shock = Shock::new();
        for row in self.shock.rows() {
            let value = match row.kind {
                ShockKind::Iceberg if row.value > 0.0 => {
                    row.value.powf(1.0 + self.barriers.sample(random))
                }
                _ => row.value,
            };
            shock = shock.with(row.kind, &row.origin, &row.destination, &row.sector, value);
        }
        shock
    }
}

impl Economy {
    /// The same economy with input shares drawn around its own.
    fn with_drawn_inputs(&self, factor: &Normal<f64>, random: &mut Xoshiro256PlusPlus) -> Self {
        let mut drawn = self.clone();
        let (n, s) = (self.regions.len(), self.sectors.len());
        let Some(inputs) = &mut drawn.inputs else {
            return drawn;
        };
        for column in inputs.chunks_exact_mut(s) {
            let before: f64 = column.iter().sum();
            for share in column.iter_mut() {
                *share *= factor.sample(random).exp();
            }
            let after: f64 = column.iter().sum();
            if after != 0.0 {
                for share in column.iter_mut() {
                    *share *= before / after;
                }
            }
        }
        for i in 0..n {
            if !drawn.absorbs(i) {
                let place = i * s * s..(i + 1) * s * s;
                if let (Some(to), Some(from)) = (&mut drawn.inputs, &self.inputs) {
                    to[place.clone()].copy_from_slice(&from[place]);
                }
            }
        }
        drawn
    }
}

/// Solves a shock under the draws of some numbers on the threads of the pool it is called in. A draw is the same whichever
/// others are made with it.
///
/// # Errors
/// A deviation out of range, a set of elasticities or an indicator that is not there, and whatever the shock itself
/// has wrong without any draw. A draw without an equilibrium is counted in [`Draws::failed`].
pub fn draws(
    economy: &Economy,
    options: &Options,
    shock: &Shock,
    uncertainty: &Uncertainty,
    indicators: &[Indicator],
    numbers: Range<u64>,
) -> Result<Draws, TradeError> {
    let deviation = match uncertainty.elasticities {
        Elasticities::LogNormal(deviation) => deviation,
        _ => 0.0,
    };
    let names: &[String] = match &uncertainty.elasticities {
        Elasticities::Among(names) | Elasticities::AmongBySector(names) if names.is_empty() => {
            return Err(TradeError::Option(
                "no set of elasticities to draw from: name at least one".to_owned(),
            ));
        }
        Elasticities::Among(names) | Elasticities::AmongBySector(names) => names,
        _ => &[],
    };
    if let Elasticities::Normal(errors) = &uncertainty.elasticities {
        let sectors = economy.sectors().len();
        if errors.len() != sectors || errors.iter().any(|e| !(e.is_finite() && *e >= 0.0)) {
            return Err(TradeError::Option(format!(
                "{} standard errors of elasticities for {sectors} sectors: give one for each, zero or above",
                errors.len()
            )));
        }
    }
    let source = Source {
        economy,
        model: Model::new(economy, options.clone())?,
        shock,
        uncertainty,
        theta: normal("elasticities", deviation)?,
        inputs: normal("input shares", uncertainty.inputs)?,
        barriers: normal("barriers", uncertainty.barriers)?,
        sets: names
            .iter()
            .map(|name| economy.elasticities(name).map(<[f64]>::to_vec))
            .collect::<Result<_, _>>()?,
    };
    // What is wrong without any draw is wrong in all of them.
    let central = source.model.solve(shock, &mut Workspace::new(), None)?;
    for indicator in indicators {
        central.value(indicator)?;
    }
    let results: Vec<_> = numbers
        .clone()
        .into_par_iter()
        .map_init(Workspace::new, |workspace, draw| {
            source.draw(draw, indicators, workspace)
        })
        .collect();
    let mut values = vec![Vec::new(); indicators.len()];
    let mut failed = Vec::new();
    for (draw, result) in numbers.zip(results) {
        match result {
            Ok(row) => values.iter_mut().zip(row).for_each(|(v, x)| v.push(x)),
            Err(error) => failed.push((draw, error)),
        }
    }
    Ok(Draws {
        spreads: indicators
            .iter()
            .cloned()
            .zip(values)
            .map(|(indicator, values)| Spread::new(indicator, values))
            .collect(),
        failed,
    })
}
