//! OECD ICIO 2022, 81 countries × 28 sectors, no input–output links (the multi-sector model of Lashkaripour 2021):
//! scenarios of US tariffs against an independent solver.

mod common;

use std::collections::HashMap;
use std::path::Path;

use winset_io::{Column, Table};
use winset_trade::{Economy, Model, Options, Shock, Unit, Workspace};

struct Case {
    economy: Economy,
    liberation_day: HashMap<String, f64>,
}

fn load(folder: &Path) -> Case {
    let inputs = folder.join("inputs");
    let flows = common::table(&inputs.join("flows.csv.gz"));
    let countries = common::table(&inputs.join("countries.csv"))
        .texts("country")
        .unwrap();
    let theta = common::table(&inputs.join("sectors_elasticities.csv"));
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
        common::info("ICIO 2022", 2022, Unit::MillionUsd),
        &trade,
        &common::no_inputs(&countries, &sectors),
        None,
        &elasticities,
    )
    .expect("the ICIO economy");
    let rates = common::table(&inputs.join("liberation_day_rates.csv"));
    let mut liberation_day = common::map(&rates, "iso3", "liberation_day_rate");
    liberation_day.insert("ROW".into(), 0.189_018_999_718_692_27);
    Case {
        economy,
        liberation_day,
    }
}

fn shock(case: &Case, scenario: &str) -> Shock {
    let (name, retaliation) = scenario.rsplit_once('_').expect("scenario_retaliation");
    let reciprocal = match retaliation {
        "none" => false,
        "reciprocal" => true,
        other => panic!("unknown retaliation {other}"),
    };
    let percent = |text: &str| text.parse::<f64>().expect("a rate in per cent") / 100.0;
    let mut rates: Vec<(String, f64, f64)> = Vec::new();
    let others = || {
        case.economy
            .regions()
            .iter()
            .filter(|r| *r != "USA")
            .cloned()
    };
    if name == "liberation_day" {
        for region in others() {
            // Origins without a rate keep the base tariff.
            let Some(rate) = case.liberation_day.get(&region).copied() else {
                continue;
            };
            let back = if region == "ROW" {
                0.120_617_471_307_753_2
            } else {
                rate
            };
            rates.push((region, rate, back));
        }
    } else if let Some(rate) = name.strip_prefix("uniform_") {
        rates.extend(others().map(|r| (r, percent(rate), percent(rate))));
    } else if let Some(target) = name.strip_prefix("targeted_") {
        let (country, rate) = target.split_once('_').expect("country and rate");
        rates.push((country.to_owned(), percent(rate), percent(rate)));
    } else if name.starts_with("optimal") {
        // The welfare-maximising uniform tariff of the case, to six digits.
        rates.extend(others().map(|r| (r, 0.237_683, 0.237_683)));
    } else {
        panic!("unknown scenario {scenario}");
    }
    let mut shock = Shock::new();
    for (region, rate, back) in rates {
        shock = shock.tariff(&region, "USA", "*", rate);
        if reciprocal {
            shock = shock.tariff("USA", &region, "*", back);
        }
    }
    shock
}

#[test]
fn us_scenarios() {
    let Some(folder) = common::case("trade/icio2022") else {
        return;
    };
    let case = load(&folder);
    let mut options = Options::new("IS");
    options.tolerance = 1e-12;
    let model = Model::new(&case.economy, options).unwrap();
    let expected = common::table(&folder.join("expected/welfare_pct.csv"));
    let mut workspace = Workspace::new();
    let key = expected.column_names().next().unwrap().to_owned();
    let scenarios: Vec<String> = expected.column_names().skip(1).map(str::to_owned).collect();
    assert!(!scenarios.is_empty());
    for scenario in scenarios {
        let solved = model
            .solve(&shock(&case, &scenario), &mut workspace, None)
            .unwrap();
        let mut worst = 0.0_f64;
        for (region, want) in common::map(&expected, &key, &scenario) {
            let i = solved.regions().iter().position(|r| *r == region).unwrap();
            worst = worst.max((solved.real_income_pct(i) - want).abs());
        }
        println!("{scenario}: {worst:.1e} pp, {:?}", solved.report());
        // The optimal tariff is known to six digits only.
        let tolerance = if scenario.starts_with("optimal") {
            2e-6
        } else {
            1e-6
        };
        assert!(worst <= tolerance, "{scenario}: {worst}");
    }
}
