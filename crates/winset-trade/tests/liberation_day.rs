//! Ignatenko, Lashkaripour, Macedoni & Simonovska (2025): the tariffs of 2 April 2025, one sector, 194 countries,
//! evaluated at the tariffs of the paper.

mod common;

use std::path::Path;

use winset_io::{Column, Table};
use winset_trade::gravity::{FormulaBase, Gravity, GravityNumeraire, GravityOptions, Rebate};
use winset_trade::{Economy, Shock, Unit};

/// ψε, the elasticity of scale times the trade elasticity.
const SCALE: f64 = 0.67;

struct Case {
    economy: Economy,
    ustr: Vec<f64>,
    retaliation: Vec<f64>,
    local: Vec<f64>,
    selection: Vec<f64>,
    usa: usize,
}

fn load(folder: &Path) -> Case {
    let countries = common::table(&folder.join("inputs/countries.csv"));
    let matrix = common::table(&folder.join("inputs/trade_with_domestic_kusd.csv.gz"));
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
        common::info("Liberation Day", 2023, Unit::ThousandUsd),
        &trade,
        &common::no_inputs(&names, &sectors),
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
    fn options(&self) -> GravityOptions {
        let mut options = GravityOptions::new("four");
        options.scale = SCALE / 4.0;
        options.labour_supply = 0.5;
        options.rebate = Rebate::TaxRelief;
        options.local_share.clone_from(&self.local);
        options.selection.clone_from(&self.selection);
        options.numeraire = GravityNumeraire::WorldPrices;
        options.tolerance = 1e-13;
        options
    }

    /// US tariffs by origin, and what each sets against the United States.
    fn shock(&self, us: impl Fn(usize) -> f64, back: impl Fn(usize) -> f64) -> Shock {
        let mut shock = Shock::new();
        for (k, region) in self.economy.regions().iter().enumerate() {
            if k != self.usa {
                shock = shock.tariff(region, "USA", "ALL", us(k));
                shock = shock.tariff("USA", region, "ALL", back(k));
            }
        }
        shock
    }

    fn check(
        &self,
        folder: &Path,
        name: &str,
        options: GravityOptions,
        shock: &Shock,
        tolerance: f64,
    ) {
        let model = Gravity::new(&self.economy, options).unwrap();
        let solved = model.solve(shock).unwrap();
        let expected = common::table(&folder.join(format!("expected/ours_{name}.csv")));
        let mut worst = [0.0_f64; 4];
        for (k, (column, read)) in [
            (
                "d_welfare_pct",
                &(|i| solved.welfare_pct(i)) as &dyn Fn(usize) -> f64,
            ),
            ("d_prices_pct", &|i| {
                100.0 * (solved.price_index_hat(i) - 1.0)
            }),
            ("d_employment_pct", &|i| {
                100.0 * (solved.labour_hat(i) - 1.0)
            }),
            ("w_hat", &|i| solved.wage_hat(i)),
        ]
        .into_iter()
        .enumerate()
        {
            let wanted = common::map(&expected, "iso3", column);
            assert_eq!(wanted.len(), 194);
            for (i, region) in model.regions().iter().enumerate() {
                worst[k] = worst[k].max((read(i) - wanted[region]).abs());
            }
        }
        let usa = solved.welfare_pct(self.usa);
        println!(
            "{name}: USA {usa:.6} %, worst {worst:?}, {:?}",
            solved.report()
        );
        assert!(worst.iter().all(|x| *x <= tolerance), "{name}: {worst:?}");
    }
}

#[test]
fn evaluated_at_the_tariffs_of_the_paper() {
    let Some(folder) = common::case("trade/liberation_day_jie2025") else {
        return;
    };
    let case = load(&folder);
    let none = |_: usize| 0.0;
    let ustr = |k: usize| case.ustr[k];
    let relief = case.options();
    let free = case.shock(ustr, none);
    case.check(&folder, "T1c1_ustr_taxrelief", relief.clone(), &free, 1e-8);
    let lump = GravityOptions {
        rebate: Rebate::LumpSum,
        ..relief.clone()
    };
    case.check(&folder, "T1c2_ustr_lumpsum", lump, &free, 1e-8);
    let reciprocal = case.shock(ustr, ustr);
    case.check(
        &folder,
        "T2c1_ustr_reciprocal",
        relief.clone(),
        &reciprocal,
        1e-8,
    );
    let optimal = case.shock(ustr, |k| case.retaliation[k]);
    case.check(
        &folder,
        "T2c3_ustr_optimal_retal",
        relief.clone(),
        &optimal,
        1e-8,
    );
    let ek = GravityOptions {
        local_share: Vec::new(),
        selection: Vec::new(),
        ..relief.clone()
    };
    case.check(&folder, "T9a4_ek", ek, &free, 1e-8);
    // A quarter of a tariff reaches the price of a single good; ψ stays that of ε = 4 where ε is 8.
    let incomplete = GravityOptions {
        selection: case.selection.iter().map(|phi| phi - 0.75).collect(),
        ..relief.clone()
    };
    case.check(&folder, "T9a2_incomplete_pt", incomplete, &free, 1e-8);
    let elastic = GravityOptions {
        elasticities: "eight".to_owned(),
        ..relief.clone()
    };
    case.check(&folder, "T9a3_eps8", elastic, &free, 1e-8);
    // The paper's programs take the formula of the optimal tariff once over spending and once over income.
    let model = Gravity::new(&case.economy, relief.clone()).unwrap();
    let spending = model.formula_tariff(case.usa, FormulaBase::Spending);
    let income = model.formula_tariff(case.usa, FormulaBase::Income);
    assert!((spending - 0.217_988).abs() < 5e-7 && (income - 0.185_432).abs() < 5e-7);
    let alone = case.shock(|_| spending, none);
    case.check(&folder, "T1c3_optimal", relief.clone(), &alone, 1e-8);
    let both = case.shock(|_| income, |k| case.retaliation[k]);
    case.check(&folder, "T2c4_opt_opt", relief, &both, 1e-8);
}
