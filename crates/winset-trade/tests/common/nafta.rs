//! Caliendo & Parro's NAFTA as the validation case holds it.

use std::path::Path;

use winset_io::{Column, Table};
use winset_trade::{Economy, Shock, UnbalancedTables, Unit};

/// The economy and the shock: 2005 rates between the three.
pub(crate) fn nafta(folder: &Path) -> (Economy, Shock) {
    let inputs = folder.join("inputs");
    let trade = super::table(&inputs.join("trade_tariffs.csv.gz"));
    let column = |t: &Table, c: &str| t.texts(c).unwrap();
    let trade_table = Table::new("trade")
        .with("origin", Column::Text(column(&trade, "exporter")))
        .with("destination", Column::Text(column(&trade, "importer")))
        .with("sector", Column::Text(column(&trade, "sector")))
        .with("value", Column::Real(trade.reals("value").unwrap()))
        .with("tariff", Column::Real(trade.reals("tariff").unwrap()));
    let mut shock = Shock::new();
    let (before, after) = (
        trade.reals("tariff").unwrap(),
        trade.reals("tariff_cfl").unwrap(),
    );
    for row in 0..before.len() {
        if before[row].to_bits() != after[row].to_bits() {
            let name = |c: &str| column(&trade, c)[row].clone();
            shock = shock.tariff(
                &name("exporter"),
                &name("importer"),
                &name("sector"),
                after[row],
            );
        }
    }

    // The tables do not close in levels: as in the paper, the baseline is a solution of the model.
    let read = |name: &str| super::table(&inputs.join(name));
    let renamed = |table: &Table, columns: &[(&str, &str)]| {
        let mut out = Table::new("levels");
        for (new, old) in columns {
            out = out.with(*new, Column::Text(column(table, old)));
        }
        out
    };
    let with_value = |table: Table, from: &Table, old: &str, new: &str| {
        table.with(new, Column::Real(from.reals(old).unwrap()))
    };
    let theta = read("theta.csv");
    let elasticities = with_value(
        renamed(&theta, &[("sector", "sector")]),
        &theta,
        "value",
        "theta",
    );
    let uses = read("intermediate_consumption.csv.gz");
    let uses = with_value(
        renamed(
            &uses,
            &[("region", "region"), ("input", "input"), ("user", "sector")],
        ),
        &uses,
        "value",
        "value",
    );
    let deficits = read("deficit.csv");
    let deficits = with_value(
        renamed(&deficits, &[("region", "region")]),
        &deficits,
        "D",
        "value",
    );
    let tables = UnbalancedTables {
        trade: &trade_table,
        value_added: &read("value_added.csv"),
        inputs: Some(&uses),
        final_demand: &read("final_consumption.csv"),
        deficits: &deficits,
        elasticities: &elasticities,
    };
    let economy = Economy::from_unbalanced(super::info("NAFTA", 1993, Unit::Usd), tables, "theta")
        .expect("the NAFTA economy");
    (economy, shock)
}
