//! The worked example of Francois & Hall (2003), version 3.0: four regions, three scenarios.

use std::path::PathBuf;

use winset_io::Table;
use winset_trade::gsim::ProductMarket;

fn folder() -> Option<PathBuf> {
    let Some(root) = std::env::var_os("WINSET_VALIDATION") else {
        println!("skipped: WINSET_VALIDATION is not set");
        return None;
    };
    Some(PathBuf::from(root).join("trade/gsim_francois_hall"))
}

fn matrix(path: &std::path::Path) -> Vec<Vec<f64>> {
    let text = std::fs::read(path).unwrap();
    let table = Table::from_csv("matrix", &text).unwrap();
    let columns: Vec<Vec<f64>> = ["US", "JP", "EU", "RW"]
        .iter()
        .map(|name| table.reals(name).unwrap())
        .collect();
    (0..table.rows())
        .map(|row| columns.iter().map(|c| c[row]).collect())
        .collect()
}

#[test]
fn published_prices_and_every_other_figure() {
    let Some(folder) = folder() else { return };
    let less_one = |m: Vec<Vec<f64>>| -> Vec<Vec<f64>> {
        m.into_iter()
            .map(|row| row.into_iter().map(|t| t - 1.0).collect())
            .collect()
    };
    let market = ProductMarket {
        regions: ["US", "JP", "EU", "RW"].map(str::to_owned).to_vec(),
        trade: matrix(&folder.join("inputs/trade_world_prices.csv")),
        tariff: less_one(matrix(&folder.join("inputs/initial_tariff_factors.csv"))),
        demand: vec![-1.25; 4],
        substitution: vec![5.0; 4],
        supply: vec![1.5; 4],
    };
    for scenario in ["US_EU_fta", "US_JP_fta", "US_unilateral"] {
        let tariff = less_one(matrix(
            &folder.join(format!("inputs/final_tariff_factors_{scenario}.csv")),
        ));
        let outcome = market.solve(&tariff).unwrap();
        if scenario == "US_EU_fta" {
            // Printed in the paper.
            for (found, printed) in outcome
                .world_price
                .iter()
                .zip([0.0792, -0.0316, 0.0480, -0.0184])
            {
                assert!((found - printed).abs() < 5e-5, "{found} against {printed}");
            }
        }
        let path = folder.join(format!("expected/{scenario}.csv"));
        let expected = Table::from_csv("expected", &std::fs::read(path).unwrap()).unwrap();
        for (column, found) in [
            ("world_price_change", &outcome.world_price),
            ("composite_price_change", &outcome.composite_price),
            ("producer_surplus", &outcome.producer_surplus),
            ("consumer_surplus", &outcome.consumer_surplus),
            ("tariff_revenue", &outcome.revenue),
        ] {
            for (found, expected) in found.iter().zip(expected.reals(column).unwrap()) {
                assert!(
                    (found - expected).abs() < 1e-9,
                    "{scenario} {column}: {found} against {expected}"
                );
            }
        }
        let trade = matrix(&folder.join(format!("expected/{scenario}_trade.csv")));
        for (found, expected) in outcome.trade.iter().flatten().zip(trade.iter().flatten()) {
            assert!(
                (found - expected).abs() < 1e-9,
                "{scenario}: {found} against {expected}"
            );
        }
    }
}
