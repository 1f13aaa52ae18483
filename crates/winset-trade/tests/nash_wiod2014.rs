//! Lashkaripour (2021): the global tariff war, uniform tariffs, WIOD 2014, 44 countries × 16 sectors.

mod common;

use std::path::Path;

use winset_io::{Column, Table};
use winset_trade::strategy::{ArmingtonContest, Instrument, Search, formula_nash, nash};
use winset_trade::{Economy, Model, Options, Unit};

fn load(folder: &Path) -> Economy {
    let inputs = folder.join("inputs");
    let flows = common::table(&inputs.join("flows.csv.gz"));
    let countries = common::table(&inputs.join("countries.csv"))
        .texts("country")
        .unwrap();
    let theta = common::table(&inputs.join("sectors_elasticities.csv"));
    let sectors = theta.texts("sector").unwrap();
    let tariffs = flows.reals("tariff").unwrap();
    // The flows hold the tariff.
    let net = flows
        .reals("flow_balanced")
        .unwrap()
        .iter()
        .zip(&tariffs)
        .map(|(v, t)| v / (1.0 + t))
        .collect();
    let named = flows
        .ints("sector")
        .unwrap()
        .iter()
        .map(|s| sectors[usize::try_from(*s).unwrap()].clone())
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
    Economy::from_tables(
        common::info("WIOD 2014", 2014, Unit::MillionUsd),
        &trade,
        &common::no_inputs(&countries, &sectors),
        None,
        &elasticities,
    )
    .expect("the WIOD economy")
}

#[test]
fn nash_war() {
    let Some(folder) = common::case("trade/nash_wiod2014") else {
        return;
    };
    let economy = load(&folder);
    let mut options = Options::new("IS").input_output(false);
    options.tolerance = 1e-13;
    let model = Model::new(&economy, options).unwrap();
    let expected = common::table(&folder.join("expected/ours_nash_IS.csv"));
    let tariffs = common::map(&expected, "country", "nash_tariff");
    let welfare = common::map(&expected, "country", "welfare_pct");
    assert_eq!(tariffs.len(), 44);

    let found = formula_nash(&model).unwrap();
    let mut worst = [0.0_f64; 2];
    for (i, region) in model.regions().iter().enumerate() {
        let of_tariff = 100.0 * (found.tariffs[i] - tariffs[region]).abs();
        let of_welfare = (found.equilibrium.real_income_pct(i) - welfare[region]).abs();
        worst = [worst[0].max(of_tariff), worst[1].max(of_welfare)];
    }
    println!(
        "formula: tariffs {:.1e} pp, welfare {:.1e} pp, {} rounds",
        worst[0], worst[1], found.rounds
    );
    assert!(worst.iter().all(|x| *x <= 1e-6), "{worst:?}");

    let mut contest = ArmingtonContest::new(&model, &[]).unwrap();
    let mut search = Search::new(Instrument::Uniform);
    search.tolerance = 1e-6;
    let players: Vec<usize> = (0..model.regions().len()).collect();
    let exact = nash(&mut contest, &players, &search, economy.tariffs()).unwrap();
    let mut apart: Vec<(f64, &String)> = Vec::new();
    for (i, region) in model.regions().iter().enumerate() {
        let partner = usize::from(i == 0);
        let tariff = exact.tariff(players.len(), 2, partner, i);
        apart.push((100.0 * (tariff - tariffs[region]), region));
    }
    apart.sort_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
    println!(
        "exact: converged {} grad {:.1e} rounds {} evals {} {:.1} s; tariffs less the formula's, median {:.2} pp, most {:?}",
        exact.converged,
        exact.gradient,
        exact.rounds,
        exact.evaluations,
        exact.seconds,
        apart[22].0,
        apart.last()
    );
    assert!(exact.converged);
}
