//! Which part of a shock does what to whom.

use serde::Serialize;
use winset_trade::decomposition::{Part, decompose};
use winset_trade::{Economy, Indicator, Model, Options, Shock, TradeError};

/// What a part of a shock does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartRow {
    /// The part.
    pub part: String,
    /// To each region.
    pub regions: Vec<PartIncome>,
}

/// What a part does to a region: changes of real income, points of per cent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartIncome {
    /// The region.
    pub region: String,
    /// Its contribution (Shapley value); those of all parts add up to the change of real income.
    pub real_income_pct: f64,
    /// What it does alone.
    pub alone_pct: f64,
    /// What it adds to all others.
    pub last_pct: f64,
}

/// Splits the change of every region's real income over the parts of a shock ([`Part::from_table`]); every subset is solved.
///
/// # Errors
/// As [`decompose`].
pub fn parts(
    economy: &Economy,
    options: Options,
    parts: &[Part],
) -> Result<Vec<PartRow>, TradeError> {
    let model = Model::new(economy, options)?;
    let regions = economy.regions();
    let asked: Vec<Indicator> = (regions.iter())
        .map(|region| Indicator::RealIncomePct(region.clone()))
        .collect();
    // No part is left to drawn orders: there are no more than are solved exactly.
    let split = decompose(&model, &Shock::new(), parts, &asked, 0, 0)?;
    let rows = parts.iter().enumerate().map(|(k, part)| PartRow {
        part: part.name.clone(),
        regions: (regions.iter().zip(&split))
            .map(|(region, of)| PartIncome {
                region: region.clone(),
                real_income_pct: of.shapley[k],
                alone_pct: of.alone[k],
                last_pct: of.last[k],
            })
            .collect(),
    });
    Ok(rows.collect())
}
