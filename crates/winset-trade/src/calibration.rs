//! The baseline as shares: what the exact-hat equations take from the data.

use crate::economy::{Economy, cell};
use crate::error::TradeError;

/// Shares and levels of one baseline (Caliendo & Parro 2015, section 4). Levels in the economy's unit;
/// `[sector][region]` unless said otherwise; flows `[sector][origin][destination]`.
#[derive(Clone, Debug)]
pub(crate) struct Calibration {
    pub(crate) regions: Vec<String>,
    pub(crate) sectors: Vec<String>,
    /// One unit of the levels in billion USD.
    pub(crate) in_billion: f64,
    /// Number of regions.
    pub(crate) n: usize,
    /// Number of sectors.
    pub(crate) s: usize,
    /// π: share of an origin in the destination's spending on a sector, tariffs included.
    pub(crate) share: Vec<f64>,
    /// π / (1+τ).
    pub(crate) net_share: Vec<f64>,
    /// Sectors with a tariff somewhere.
    pub(crate) taxed: Vec<bool>,
    /// Flows net of tariff.
    pub(crate) flow: Vec<f64>,
    /// τ, fractions.
    pub(crate) tariff: Vec<f64>,
    /// X: spending, tariffs included.
    pub(crate) spending: Vec<f64>,
    /// 1/X, zero where nothing is bought.
    pub(crate) spending_inverse: Vec<f64>,
    /// Y: gross output.
    pub(crate) output: Vec<f64>,
    /// γ: share of value added in gross output.
    pub(crate) value_added: Vec<f64>,
    /// `[region][user][input]`: share of an input in the user's gross output; empty without input–output.
    pub(crate) inputs: Vec<f64>,
    /// α: shares of final demand; sum to one over sectors.
    pub(crate) final_share: Vec<f64>,
    /// wL by region.
    pub(crate) labour_income: Vec<f64>,
    /// Tariff revenue by region.
    pub(crate) revenue: Vec<f64>,
    /// D by region: final demand less labour income and revenue; sums to zero over regions.
    pub(crate) deficit: Vec<f64>,
    /// I by region: final demand.
    pub(crate) income: Vec<f64>,
}

impl Calibration {
    /// Shares and levels out of an economy's tables.
    pub(crate) fn new(economy: &Economy, input_output: bool) -> Result<Self, TradeError> {
        let (n, s) = (economy.regions.len(), economy.sectors.len());
        let (value_added, inputs) = match (&economy.inputs, input_output) {
            (Some(inputs), true) => (economy.value_added.clone(), inputs.clone()),
            _ => (vec![1.0; n * s], Vec::new()),
        };
        Self::from_levels(Levels {
            regions: economy.regions.clone(),
            sectors: economy.sectors.clone(),
            in_billion: economy.info.unit.in_billion(),
            flow: economy.trade.clone(),
            tariff: economy.tariffs.clone(),
            value_added,
            inputs,
        })
    }

    /// Derives every share from flows, tariffs and cost shares.
    pub(crate) fn from_levels(levels: Levels) -> Result<Self, TradeError> {
        let Levels {
            regions,
            sectors,
            in_billion,
            flow,
            tariff,
            value_added,
            inputs,
        } = levels;
        let (n, s) = (regions.len(), sectors.len());
        let mut share = vec![0.0; n * n * s];
        let mut spending = vec![0.0; n * s];
        let mut output = vec![0.0; n * s];
        let mut revenue = vec![0.0; n];
        for j in 0..s {
            for i in 0..n {
                for m in 0..n {
                    let at = cell(n, j, i, m);
                    output[j * n + i] += flow[at];
                    share[at] = flow[at] * (1.0 + tariff[at]);
                    spending[j * n + m] += share[at];
                    revenue[m] += flow[at] * tariff[at];
                }
            }
            for m in 0..n {
                let total = spending[j * n + m];
                if total > 0.0 {
                    (0..n).for_each(|i| share[cell(n, j, i, m)] /= total);
                } else {
                    // Nothing is bought: the price is that of the own good, and no one pays it.
                    share[cell(n, j, m, m)] = 1.0;
                }
            }
        }
        let mut final_share = spending.clone();
        if !inputs.is_empty() {
            for i in 0..n {
                for j in 0..s {
                    for k in 0..s {
                        final_share[k * n + i] -= inputs[(i * s + j) * s + k] * output[j * n + i];
                    }
                }
            }
        }
        // What the checks of the tables let through as rounding is rounding.
        for x in &mut final_share {
            *x = x.max(0.0);
        }
        let mut income = vec![0.0; n];
        let mut labour_income = vec![0.0; n];
        for i in 0..n {
            for j in 0..s {
                income[i] += final_share[j * n + i];
                labour_income[i] += value_added[j * n + i] * output[j * n + i];
            }
            for (what, level) in [
                ("value added", labour_income[i]),
                ("final demand", income[i]),
            ] {
                if level <= 0.0 {
                    return Err(TradeError::EmptyRegion {
                        region: regions[i].clone(),
                        what,
                    });
                }
            }
            (0..s).for_each(|j| final_share[j * n + i] /= income[i]);
        }
        let deficit = (0..n)
            .map(|i| income[i] - labour_income[i] - revenue[i])
            .collect();
        let spending_inverse = spending
            .iter()
            .map(|x| if *x > 0.0 { 1.0 / x } else { 0.0 })
            .collect();
        let net_share = share.iter().zip(&tariff).map(|(w, t)| w / (1.0 + t));
        Ok(Self {
            regions,
            sectors,
            in_billion,
            n,
            s,
            net_share: net_share.collect(),
            taxed: tariff
                .chunks(n * n)
                .map(|block| block.iter().any(|t| *t != 0.0))
                .collect(),
            share,
            flow,
            tariff,
            spending,
            spending_inverse,
            output,
            value_added,
            inputs,
            final_share,
            labour_income,
            revenue,
            deficit,
            income,
        })
    }

    /// Labour income of the world: the numeraire.
    pub(crate) fn world_labour_income(&self) -> f64 {
        self.labour_income.iter().sum()
    }

    /// Labour income and tariff revenue of the world.
    pub(crate) fn world_income(&self) -> f64 {
        self.world_labour_income() + self.revenue.iter().sum::<f64>()
    }
}

/// What a calibration is derived from.
pub(crate) struct Levels {
    pub(crate) regions: Vec<String>,
    pub(crate) sectors: Vec<String>,
    pub(crate) in_billion: f64,
    pub(crate) flow: Vec<f64>,
    pub(crate) tariff: Vec<f64>,
    pub(crate) value_added: Vec<f64>,
    pub(crate) inputs: Vec<f64>,
}
