//! What a shock does to real incomes under many draws of what is uncertain.

use std::ops::Range;

use serde::Serialize;
use winset_trade::draws::{Spread, Uncertainty, draws};
use winset_trade::{Economy, Indicator, Options, Shock, TradeError};

/// The real incomes of all regions under the draws of some numbers.
#[derive(Debug)]
pub struct Incomes {
    regions: Vec<String>,
    /// Draws that have an equilibrium.
    numbers: Vec<u64>,
    /// For each region change of real income in per cent, then equivalent variation in billion USD.
    spreads: Vec<Spread>,
    /// Draws without an equilibrium, and why.
    pub failed: Vec<(u64, TradeError)>,
}

/// The real income of a region in a draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IncomeRow<'a> {
    /// The number of the draw.
    pub draw: u64,
    /// The region.
    pub region: &'a str,
    /// Change of real income, per cent.
    pub real_income_pct: f64,
    /// Equivalent variation, billion USD.
    pub ev_busd: f64,
}

/// The real income of a region over all draws, per cent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncomeSpread {
    /// The region.
    pub region: String,
    /// The quantile of 5 per cent.
    pub low_pct: f64,
    /// The median.
    pub median_pct: f64,
    /// The quantile of 95 per cent.
    pub high_pct: f64,
    /// The share of draws in which it gains.
    pub gains: f64,
}

impl Incomes {
    /// Solves the shock under each draw. A draw is the same whichever others are made with it.
    ///
    /// # Errors
    /// As [`draws`].
    pub fn of(
        economy: &Economy,
        options: &Options,
        shock: &Shock,
        uncertainty: &Uncertainty,
        numbers: Range<u64>,
    ) -> Result<Self, TradeError> {
        let regions = economy.regions().to_vec();
        let asked: Vec<Indicator> = (regions.iter())
            .flat_map(|r| {
                [
                    Indicator::RealIncomePct(r.clone()),
                    Indicator::EvBusd(r.clone()),
                ]
            })
            .collect();
        let made = draws(
            economy,
            options,
            shock,
            uncertainty,
            &asked,
            numbers.clone(),
        )?;
        let failed = |number: &u64| made.failed.iter().any(|(n, _)| n == number);
        Ok(Self {
            regions,
            numbers: numbers.filter(|n| !failed(n)).collect(),
            spreads: made.spreads,
            failed: made.failed,
        })
    }

    /// A row a region of each draw that has an equilibrium, in the order of draws, then of regions.
    pub fn rows(&self) -> impl Iterator<Item = IncomeRow<'_>> {
        (self.numbers.iter().enumerate()).flat_map(move |(at, draw)| {
            let pairs = self.spreads.chunks_exact(2).zip(&self.regions);
            pairs.map(move |(pair, region)| IncomeRow {
                draw: *draw,
                region,
                real_income_pct: pair[0].values[at],
                ev_busd: pair[1].values[at],
            })
        })
    }

    /// Quantiles of each region.
    pub fn spreads(&self) -> Vec<IncomeSpread> {
        let pairs = self.spreads.chunks_exact(2).zip(&self.regions);
        pairs
            .map(|(pair, region)| IncomeSpread {
                region: region.clone(),
                low_pct: pair[0].quantile(0.05),
                median_pct: pair[0].quantile(0.5),
                high_pct: pair[0].quantile(0.95),
                gains: pair[0].positive(),
            })
            .collect()
    }
}
