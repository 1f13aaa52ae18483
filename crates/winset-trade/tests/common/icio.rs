//! OECD ICIO 2022 without input-output links, as the validation case holds it.

use std::collections::HashMap;
use std::path::Path;

use winset_io::{Column, Table};
use winset_trade::{Economy, Unit};

pub(crate) struct Case {
    pub(crate) economy: Economy,
    pub(crate) liberation_day: HashMap<String, f64>,
}

pub(crate) fn load(folder: &Path) -> Case {
    let inputs = folder.join("inputs");
    let flows = super::table(&inputs.join("flows.csv.gz"));
    let countries = super::table(&inputs.join("countries.csv"))
        .texts("country")
        .unwrap();
    let theta = super::table(&inputs.join("sectors_elasticities.csv"));
    let sectors = theta.texts("sector").unwrap();
    let tariffs = flows.reals("tariff").unwrap();
    // The flows hold the tariff.
    let values = flows.reals("flow_balanced").unwrap();
    let net = values
        .iter()
        .zip(&tariffs)
        .map(|(v, t)| v / (1.0 + t))
        .collect();
    let named = flows
        .ints("sector")
        .unwrap()
        .iter()
        .map(|s| sectors[*s as usize].clone())
        .collect();
    let trade = Table::new("trade")
        .with("origin", Column::Text(flows.texts("exporter").unwrap()))
        .with(
            "destination",
            Column::Text(flows.texts("importer").unwrap()),
        )
        .with("sector", Column::Text(named))
        .with("value", Column::Real(net))
        .with("tariff", Column::Real(tariffs));
    let elasticities = Table::new("elasticities")
        .with("sector", Column::Text(sectors.clone()))
        .with("IS", Column::Real(theta.reals("IS").unwrap()));
    let economy = Economy::from_tables(
        super::info("ICIO 2022", 2022, Unit::MillionUsd),
        &trade,
        &super::no_inputs(&countries, &sectors),
        None,
        &elasticities,
    )
    .expect("the ICIO economy");
    let rates = super::table(&inputs.join("liberation_day_rates.csv"));
    let mut liberation_day = super::map(&rates, "iso3", "liberation_day_rate");
    liberation_day.insert("ROW".into(), 0.189_018_999_718_692_27);
    Case {
        economy,
        liberation_day,
    }
}
