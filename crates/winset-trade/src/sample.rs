//! A small economy by formula, for tests: three regions, four sectors, input–output links, deficits and tariffs.

use winset_io::{Column, Table};

use crate::economy::{Economy, EconomyInfo, Unit, cell};
use crate::error::TradeError;

/// How to make the sample differ.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) regions: Vec<&'static str>,
    pub(crate) unit: Unit,
    /// Factor on every value.
    pub(crate) scale: f64,
    /// Factor on one flow, sector, origin, destination.
    pub(crate) bad_flow: Option<(usize, usize, usize, f64)>,
}

pub(crate) const SECTORS: [&str; 4] = ["FARM", "CARS", "MACH", "SERV"];

impl Default for Sample {
    fn default() -> Self {
        Self {
            regions: vec!["AAA", "BBB", "CCC"],
            unit: Unit::MillionUsd,
            scale: 1.0,
            bad_flow: None,
        }
    }
}

/// Smooth numbers between 0 and 1 without a pattern.
fn noise(k: usize) -> f64 {
    (0.5 + k as f64 * 0.618_033_988_749_895).fract()
}

impl Sample {
    pub(crate) fn flows(&self) -> (Vec<f64>, Vec<f64>) {
        let (n, s) = (self.regions.len(), SECTORS.len());
        let mut flow = vec![0.0; n * n * s];
        let mut tariff = vec![0.0; n * n * s];
        for j in 0..s {
            for i in 0..n {
                for m in 0..n {
                    let at = cell(n, j, i, m);
                    let home = if i == m { 12.0 } else { 1.0 };
                    let open = if j == 3 && i != m { 0.2 } else { 1.0 };
                    flow[at] = self.scale
                        * home
                        * open
                        * (20.0 + 60.0 * noise(7 * j + 3 * i + 11 * m))
                        * (1.0 + i as f64);
                    if i != m && j != 3 {
                        tariff[at] = 0.12 * noise(5 * j + 2 * i + 3 * m + 1);
                    }
                }
            }
        }
        (flow, tariff)
    }

    pub(crate) fn build(&self) -> Result<Economy, TradeError> {
        let (n, s) = (self.regions.len(), SECTORS.len());
        let (mut flow, tariff) = self.flows();
        if let Some((j, i, m, factor)) = self.bad_flow {
            flow[cell(n, j, i, m)] *= factor;
        }
        let text = |pick: &dyn Fn(usize) -> &'static str, len: usize| {
            Column::Text((0..len).map(|k| pick(k).to_owned()).collect())
        };
        let trade = Table::new("trade")
            .with("origin", text(&|at| self.regions[at / n % n], flow.len()))
            .with("destination", text(&|at| self.regions[at % n], flow.len()))
            .with("sector", text(&|at| SECTORS[at / n / n], flow.len()))
            .with("value", Column::Real(flow))
            .with("tariff", Column::Real(tariff));
        let own_share = |i: usize, j: usize| 0.45 + 0.2 * noise(13 * i + 5 * j);
        let value_added = Table::new("value_added")
            .with("region", text(&|k| self.regions[k / s], n * s))
            .with("sector", text(&|k| SECTORS[k % s], n * s))
            .with(
                "share",
                Column::Real((0..n * s).map(|k| own_share(k / s, k % s)).collect()),
            );
        let weight = |i: usize, k: usize, j: usize| 0.5 + noise(17 * i + 3 * k + 7 * j);
        let share = |at: usize| {
            let (i, k, j) = (at / s / s, at / s % s, at % s);
            let total: f64 = (0..s).map(|k| weight(i, k, j)).sum();
            (1.0 - own_share(i, j)) * weight(i, k, j) / total
        };
        let inputs = Table::new("inputs")
            .with("region", text(&|at| self.regions[at / s / s], n * s * s))
            .with("input", text(&|at| SECTORS[at / s % s], n * s * s))
            .with("user", text(&|at| SECTORS[at % s], n * s * s))
            .with("share", Column::Real((0..n * s * s).map(share).collect()));
        let elasticities = Table::new("elasticities")
            .with("sector", text(&|j| SECTORS[j], s))
            .with("mixed", Column::Real(vec![7.0, 3.5, 5.0, 4.0]))
            .with("four", Column::Real(vec![4.0; s]));
        let info = EconomyInfo {
            format: 1,
            name: "sample".into(),
            year: 2000,
            unit: self.unit,
            source: "made by formula".into(),
        };
        Economy::from_tables(info, &trade, &value_added, Some(&inputs), &elasticities)
    }
}
