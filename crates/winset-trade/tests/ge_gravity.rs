//! `GE_gravity` (Zylkin): the enlargement of the EU, 44 countries, one sector, its two treatments of deficits.

mod common;

use winset_io::{Column, Table};
use winset_trade::gravity::{Gravity, GravityOptions, Transfers};
use winset_trade::{Economy, Shock, Unit};

#[test]
fn eu_enlargement() {
    let Some(folder) = common::case("trade/ge_gravity_r") else {
        return;
    };
    let rows = common::table(&folder.join("inputs/flows2000_beta.csv"));
    let (from, to) = (
        rows.texts("exporter").unwrap(),
        rows.texts("importer").unwrap(),
    );
    let effects = rows.reals("eu_effect").unwrap();
    let count = from.len();
    let trade = Table::new("trade")
        .with("origin", Column::Text(from.clone()))
        .with("destination", Column::Text(to.clone()))
        .with("sector", Column::Text(vec!["ALL".into(); count]))
        .with("value", Column::Real(rows.reals("trade").unwrap()))
        .with("tariff", Column::Real(vec![0.0; count]));
    let mut names = from.clone();
    names.dedup();
    let sectors = ["ALL".to_owned()];
    let elasticities = Table::new("elasticities")
        .with("sector", Column::Text(sectors.to_vec()))
        .with("four", Column::Real(vec![4.0]));
    let economy = Economy::from_tables(
        common::info("GE_gravity", 2000, Unit::MillionUsd),
        &trade,
        &common::no_inputs(&names, &sectors),
        None,
        &elasticities,
    )
    .unwrap();
    let mut shock = Shock::new();
    for row in 0..count {
        if effects[row] != 0.0 {
            // A partial effect on the log of trade, as an iceberg factor.
            shock = shock.iceberg(&from[row], &to[row], "ALL", (-effects[row] / 4.0).exp());
        }
    }
    for (file, transfers) in [
        ("R_run_add", Transfers::WorldShare),
        ("R_run_mult", Transfers::OwnIncome),
    ] {
        let mut options = GravityOptions::new("four");
        options.transfers = transfers;
        let solved = Gravity::new(&economy, options)
            .unwrap()
            .solve(&shock)
            .unwrap();
        // The program's multiplicative deficits leave the world's accounts open by this factor, in welfare and trade.
        let sum = |of: &dyn Fn(usize) -> f64| (0..names.len()).map(of).sum::<f64>();
        let sold = |i: usize| sum(&|j| economy.flow(0, i, j));
        let bought = |i: usize| sum(&|j| economy.flow(0, j, i));
        let open = match transfers {
            Transfers::OwnIncome => {
                sum(&|i| solved.wage_hat(i) * sold(i)) / sum(&|i| solved.wage_hat(i) * bought(i))
            }
            Transfers::WorldShare => 1.0,
        };
        let expected = common::table(&folder.join(format!("expected/{file}.csv")));
        let welfare = common::map(&expected, "exporter", "welfare");
        let mut worst = [0.0_f64; 2];
        for (i, region) in economy.regions().iter().enumerate() {
            let found = (1.0 + solved.welfare_pct(i) / 100.0) / open;
            worst[0] = worst[0].max((found - welfare[region]).abs());
        }
        let (o, d) = (
            expected.texts("exporter").unwrap(),
            expected.texts("importer").unwrap(),
        );
        let wanted = expected.reals("new_trade").unwrap();
        for row in 0..wanted.len() {
            let (i, m) = (
                economy.region(&o[row]).unwrap(),
                economy.region(&d[row]).unwrap(),
            );
            let off = (solved.flow(i, m) / open - wanted[row]).abs() / wanted[row].max(1.0);
            worst[1] = worst[1].max(off);
        }
        println!("{file}: welfare {:.1e}, trade {:.1e}", worst[0], worst[1]);
        assert!(worst.iter().all(|x| *x <= 1e-6), "{file}: {worst:?}");
    }
}
