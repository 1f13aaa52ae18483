//! The economy of Ignatenko, Lashkaripour, Macedoni & Simonovska (2025), 194 countries, and its tariffs.

use std::path::Path;

use winset_io::{Column, Table};
use winset_trade::{Economy, Shock, Unit};

/// ψε, the elasticity of scale times the trade elasticity.
pub(crate) const SCALE: f64 = 0.67;

pub(crate) struct Case {
    pub(crate) economy: Economy,
    pub(crate) ustr: Vec<f64>,
    pub(crate) retaliation: Vec<f64>,
    pub(crate) local: Vec<f64>,
    pub(crate) selection: Vec<f64>,
    pub(crate) usa: usize,
}

pub(crate) fn load(folder: &Path) -> Case {
    let countries = super::table(&folder.join("inputs/countries.csv"));
    let matrix = super::table(&folder.join("inputs/trade_with_domestic_kusd.csv.gz"));
    let names = countries.texts("iso3").unwrap();
    let (mut origins, mut destinations, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let rows = matrix.texts("iso3").unwrap();
    for name in &names {
        for (origin, value) in rows.iter().zip(matrix.reals(name).unwrap()) {
            origins.push(origin.clone());
            destinations.push(name.clone());
            values.push(value);
        }
    }
    let count = values.len();
    let trade = Table::new("trade")
        .with("origin", Column::Text(origins))
        .with("destination", Column::Text(destinations))
        .with("sector", Column::Text(vec!["ALL".into(); count]))
        .with("value", Column::Real(values))
        .with("tariff", Column::Real(vec![0.0; count]));
    let sectors = ["ALL".to_owned()];
    let elasticities = Table::new("elasticities")
        .with("sector", Column::Text(sectors.to_vec()))
        .with("four", Column::Real(vec![4.0]))
        .with("eight", Column::Real(vec![8.0]));
    let economy = Economy::from_tables(
        super::info("Liberation Day", 2023, Unit::ThousandUsd),
        &trade,
        &super::no_inputs(&names, &sectors),
        None,
        &elasticities,
    )
    .expect("the economy of the paper");
    let reals = |column: &str| countries.reals(column).unwrap();
    let order: Vec<usize> = economy
        .regions()
        .iter()
        .map(|r| names.iter().position(|n| n == r).unwrap())
        .collect();
    let pick = |column: &str| {
        let values = reals(column);
        order.iter().map(|k| values[*k]).collect::<Vec<_>>()
    };
    Case {
        ustr: pick("us_tariff_ustr"),
        retaliation: pick("optimal_retaliation"),
        local: pick("nu"),
        selection: pick("phi"),
        usa: economy.region("USA").unwrap(),
        economy,
    }
}

impl Case {
    /// US tariffs by origin, and what each sets against the United States.
    pub(crate) fn shock(&self, us: impl Fn(usize) -> f64, back: impl Fn(usize) -> f64) -> Shock {
        let mut shock = Shock::new();
        for (k, region) in self.economy.regions().iter().enumerate() {
            if k != self.usa {
                shock = shock.tariff(region, "USA", "ALL", us(k));
                shock = shock.tariff("USA", region, "ALL", back(k));
            }
        }
        shock
    }
}
