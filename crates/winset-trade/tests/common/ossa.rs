//! The economy of Ossa (2014), 7 regions × 33 sectors, and its published tariffs.

use std::path::Path;

use winset_io::{Column, Table};
use winset_trade::krugman::Krugman;
use winset_trade::{Economy, Unit};

pub(crate) struct Case {
    /// The economy of `model`: trade balanced by the author.
    pub(crate) economy: Economy,
    pub(crate) model: Krugman,
    pub(crate) political: Krugman,
    pub(crate) raw: Krugman,
}

pub(crate) fn load(folder: &Path) -> Case {
    let rows = super::table(&folder.join("inputs/trade_tariff.csv"));
    let sigma = super::table(&folder.join("inputs/sectors_sigma.csv"));
    let regions = super::table(&folder.join("inputs/regions.csv"))
        .texts("region")
        .unwrap();
    let sectors = sigma.texts("code").unwrap();
    let theta = sigma
        .reals("sigma_main")
        .unwrap()
        .iter()
        .map(|s| s - 1.0)
        .collect();
    let elasticities = Table::new("elasticities")
        .with("sector", Column::Text(sectors.clone()))
        .with("main", Column::Real(theta));
    let economy = |column: &str| {
        let trade = Table::new("trade")
            .with("origin", Column::Text(rows.texts("exporter").unwrap()))
            .with("destination", Column::Text(rows.texts("importer").unwrap()))
            .with("sector", Column::Text(rows.texts("sector").unwrap()))
            .with("value", Column::Real(rows.reals(column).unwrap()))
            .with("tariff", Column::Real(rows.reals("tariff").unwrap()));
        Economy::from_tables(
            super::info("Ossa (2014)", 2004, Unit::MillionUsd),
            &trade,
            &super::no_inputs(&regions, &sectors),
            None,
            &elasticities,
        )
        .expect("the economy of Ossa (2014)")
    };
    let balanced = economy("trade_balanced_musd");
    let model = Krugman::new(&balanced, "main").unwrap();
    let raw = Krugman::new(&economy("trade_raw_musd"), "main").unwrap();
    assert_eq!(model.regions(), regions);
    assert_eq!(model.sectors(), sectors);
    let table = super::table(&folder.join("inputs/lambda_political_weights.csv"));
    let mut weights = Vec::new();
    for sector in &sectors {
        weights.extend(table.reals(sector).unwrap());
    }
    let political = model.clone().with_weights(&weights).unwrap();
    Case {
        economy: balanced,
        model,
        political,
        raw,
    }
}

/// A column of the published tariffs, `[sector][origin][destination]`.
pub(crate) fn published(folder: &Path, model: &Krugman, column: &str) -> Vec<f64> {
    let table = super::table(&folder.join("expected/published_tariffs.csv"));
    let n = model.regions().len();
    let find = |names: &[String], name: &String| names.iter().position(|x| x == name).unwrap();
    let mut out = vec![f64::NAN; model.trade().len()];
    let (sectors, values) = (table.texts("sector").unwrap(), table.reals(column).unwrap());
    let (from, to) = (
        table.texts("exporter").unwrap(),
        table.texts("importer").unwrap(),
    );
    for row in 0..values.len() {
        let j = find(model.sectors(), &sectors[row]);
        let (i, m) = (
            find(model.regions(), &from[row]),
            find(model.regions(), &to[row]),
        );
        out[(j * n + i) * n + m] = values[row];
    }
    assert!(out.iter().all(|t| t.is_finite()));
    out
}

/// The base tariffs with those of one importer replaced.
pub(crate) fn alone(model: &Krugman, tariffs: &[f64], player: usize) -> Vec<f64> {
    let n = model.regions().len();
    let mut out = model.tariffs().to_vec();
    for at in (player..out.len()).step_by(n) {
        out[at] = tariffs[at];
    }
    out
}

/// Median of a region's tariffs on others, per cent.
pub(crate) fn median(n: usize, tariffs: &[f64], player: usize) -> f64 {
    let mut own: Vec<f64> = (player..tariffs.len())
        .step_by(n)
        .filter(|at| at / n % n != player)
        .map(|at| 100.0 * tariffs[at])
        .collect();
    own.sort_by(f64::total_cmp);
    let half = own.len() / 2;
    if own.len().is_multiple_of(2) {
        f64::midpoint(own[half - 1], own[half])
    } else {
        own[half]
    }
}
