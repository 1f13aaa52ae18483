//! What holds in every equilibrium, on economies of some size made by formula.

mod common;

use proptest::prelude::*;
use rayon::prelude::*;
use winset_trade::{
    Closure, Economy, Equilibrium, Indicator, Model, Options, Shock, Unit, Workspace,
};

fn model(economy: &Economy, closure: Closure) -> Model {
    let options = Options {
        tolerance: 1e-12,
        ..Options::new("theta").closure(closure).labour_supply(0.2)
    };
    Model::new(economy, options).unwrap()
}

fn solve(model: &Model, shock: &Shock) -> Equilibrium {
    model.solve(shock, &mut Workspace::new(), None).unwrap()
}

/// A war of everyone against everyone, with barriers, a subsidy and a loan.
fn war(size: f64) -> Shock {
    Shock::new()
        .tariff_add("*", "*", "S000|S001|S002", size)
        .tariff_add("R001", "R000", "*", 0.5 * size)
        .iceberg("R000", "!R000", "S003", 1.0 - 0.3 * size)
        .export_subsidy("R002", "*", "S001", 0.2 * size)
        .transfer("R000", "R003", 1e-3)
}

#[test]
fn no_shock_changes_nothing() {
    let economy = common::synthetic::synthetic(12, 9);
    for closure in [Closure::Fixed, Closure::Zero, Closure::Proportional] {
        let solved = solve(&model(&economy, closure), &Shock::new());
        for i in 0..12 {
            assert!(solved.real_income_pct(i).abs() < 1e-9, "{closure:?}");
            assert!(solved.terms_of_trade_pct(i).abs() < 1e-9);
            assert!((0..9).all(|j| solved.output_pct(i, j).abs() < 1e-9));
        }
    }
}

#[test]
fn the_labour_market_left_out_clears_too() {
    // Walras: the numeraire stands for one market, and no market is singled out.
    let solved = solve(
        &model(&common::synthetic::synthetic(12, 9), Closure::Fixed),
        &war(0.3),
    );
    for i in 0..12 {
        let pay: f64 = (0..9)
            .map(|j| solved.base_value_added_busd(i, j) + solved.value_added_busd(i, j))
            .sum();
        let base: f64 = (0..9).map(|j| solved.base_value_added_busd(i, j)).sum();
        let earned = base * solved.labour_hat(i) * solved.wage_hat(i);
        assert!((pay / earned - 1.0).abs() < 1e-9);
    }
    assert!(solved.accounts_gap() < 1e-9);
}

#[test]
fn units_of_money_do_not_matter() {
    let economy = common::synthetic::synthetic(8, 6);
    let tables = economy.tables();
    let find = |name: &str| &tables.iter().find(|(n, _)| *n == name).unwrap().1;
    let trade = find("trade");
    let mut scaled = winset_io::Table::new("trade");
    for name in ["origin", "destination", "sector"] {
        scaled = scaled.with(name, winset_io::Column::Text(trade.texts(name).unwrap()));
    }
    let dollars = trade
        .reals("value")
        .unwrap()
        .iter()
        .map(|x| 1e6 * x)
        .collect();
    scaled = scaled.with("value", winset_io::Column::Real(dollars)).with(
        "tariff",
        winset_io::Column::Real(trade.reals("tariff").unwrap()),
    );
    let mut info = economy.info().clone();
    info.unit = Unit::Usd;
    let inputs = Some(find("inputs"));
    let same = Economy::from_tables(
        info,
        &scaled,
        find("value_added"),
        inputs,
        find("elasticities"),
    );
    let shock = Shock::new().tariff_add("*", "R000", "*", 0.3);
    let (one, two) = (
        solve(&model(&economy, Closure::Fixed), &shock),
        solve(&model(&same.unwrap(), Closure::Fixed), &shock),
    );
    for i in 0..8 {
        assert!((one.real_income_pct(i) - two.real_income_pct(i)).abs() < 1e-10);
        assert!((one.ev_busd(i) - two.ev_busd(i)).abs() < 1e-9 * one.income_busd(i).0);
    }
}

#[test]
fn one_thread_and_two_give_the_same_bits() {
    let model = model(&common::synthetic::synthetic(12, 9), Closure::Fixed);
    let start = solve(&model, &war(0.1));
    let run = |threads: usize| -> Vec<u64> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            (0..24_usize)
                .into_par_iter()
                .map_init(Workspace::new, |workspace, k| {
                    let warm = (k % 2 == 0).then_some(&start);
                    let solved = model.solve(&war(0.02 * k as f64), workspace, warm).unwrap();
                    let ev = Indicator::EvBusd("R001".into());
                    let gradient = model.sensitivities(&solved, &ev, workspace).unwrap();
                    let all = gradient.tariff.iter().chain(&gradient.iceberg);
                    all.chain(&[solved.ev_busd(0), solved.ev_busd(5)])
                        .fold(0, |hash: u64, x| hash.rotate_left(7) ^ x.to_bits())
                })
                .collect()
        })
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(4));
}

#[test]
fn large_shocks_find_their_answer() {
    let economy = common::synthetic::synthetic(12, 9);
    for closure in [Closure::Fixed, Closure::Zero, Closure::Proportional] {
        let model = model(&economy, closure);
        for shock in [
            war(2.0),
            Shock::new().iceberg("*", "*", "*", 3.0),
            Shock::new().iceberg("*", "*", "*", 0.5),
            Shock::new()
                .tariff("R000", "!R000", "*", 9.0)
                .labour("R000", 0.5),
            Shock::new().tariff("*", "*", "*", 0.0),
        ] {
            let solved = solve(&model, &shock);
            assert!(solved.accounts_gap() < 1e-9, "{:?}", solved.report());
        }
    }
}

#[test]
fn one_sector_and_one_region_are_economies_too() {
    let gravity = common::synthetic::synthetic(9, 1);
    let options = Options::new("theta").input_output(false);
    let model = Model::new(&gravity, options).unwrap();
    let solved = solve(&model, &Shock::new().iceberg("R000", "R001", "*", 1.2));
    assert!(solved.accounts_gap() < 1e-9);
    // Arkolakis, Costinot & Rodríguez-Clare (2012): without tariffs, real income is home's share to the power −1/θ.
    let free = Shock::new().tariff("*", "*", "*", 0.0);
    let before = solve(&model, &free);
    let after = solve(&model, &free.clone().iceberg("*", "*", "*", 1.3));
    for i in 0..9 {
        let share = |e: &Equilibrium| {
            let bought: f64 = (0..9).map(|o| e.flow_busd(o, i, 0)).sum();
            e.flow_busd(i, i, 0) / bought
        };
        let want = (share(&after) / share(&before)).powf(-1.0 / model.theta()[0]);
        let real_wage = |e: &Equilibrium| e.wage_hat(i) / e.price_index_hat(i);
        let found = real_wage(&after) / real_wage(&before);
        assert!((found / want - 1.0).abs() < 1e-9, "{found} {want}");
    }
    let alone = common::synthetic::synthetic(1, 4);
    let model = Model::new(&alone, Options::new("theta")).unwrap();
    let solved = solve(&model, &Shock::new().labour("R000", 1.1));
    assert!((solved.real_income_pct(0) - 10.0).abs() < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn accounts_close_and_the_path_does_not_matter(
        size in 0.0..1.0_f64,
        detour in 0.0..1.0_f64,
        closure in prop::sample::select(vec![Closure::Fixed, Closure::Zero, Closure::Proportional]),
    ) {
        let model = model(&common::synthetic::synthetic(7, 5), closure);
        let solved = solve(&model, &war(size));
        prop_assert!(solved.accounts_gap() < 1e-9);
        let there = solve(&model, &war(detour));
        let again = model.solve(&war(size), &mut Workspace::new(), Some(&there)).unwrap();
        for i in 0..7 {
            prop_assert!((again.real_income_pct(i) - solved.real_income_pct(i)).abs() < 1e-8);
        }
    }
}
