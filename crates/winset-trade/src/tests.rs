//! Properties that every equilibrium has, on the sample economy.

use proptest::prelude::*;

use crate::sample::{SECTORS, Sample};
use crate::{
    Closure, Equilibrium, Indicator, Model, Options, Shock, ShockKind, TradeError, Unit, Workspace,
};

fn model(options: Options) -> Model {
    Model::new(&Sample::default().build().unwrap(), options).unwrap()
}

fn solve(model: &Model, shock: &Shock) -> Equilibrium {
    model.solve(shock, &mut Workspace::new(), None).unwrap()
}

fn variants() -> Vec<Options> {
    let plain = Options::new("mixed");
    vec![
        plain.clone(),
        plain.clone().closure(Closure::Proportional),
        plain.clone().closure(Closure::Zero),
        plain.clone().labour_supply(0.5),
        plain
            .clone()
            .labour_supply(0.3)
            .closure(Closure::Proportional),
        plain.input_output(false),
    ]
}

fn all_indicators() -> Vec<Indicator> {
    let r = || "BBB".to_owned();
    let s = || "CARS".to_owned();
    vec![
        Indicator::RealIncomePct(r()),
        Indicator::EvBusd(r()),
        Indicator::PriceIndexPct(r()),
        Indicator::NominalWagePct(r()),
        Indicator::RealWagePct(r()),
        Indicator::RelativeWagePct(r()),
        Indicator::RevenueBusd(r()),
        Indicator::OutputPct(r(), s()),
        Indicator::OutputBusd(r(), s()),
        Indicator::ValueAddedBusd(r(), s()),
        Indicator::FlowBusd("AAA".into(), r(), s()),
        Indicator::BilateralGoodsBalanceBusd("AAA".into(), r()),
        Indicator::TermsOfTradePct(r()),
        Indicator::VolumeOfTradePct(r()),
    ]
}

#[test]
fn no_shock_changes_nothing() {
    for options in variants() {
        let solved = solve(&model(options), &Shock::new());
        for i in 0..3 {
            assert!(solved.real_income_pct(i).abs() < 1e-9);
            assert!((solved.wage_hat(i) - 1.0).abs() < 1e-11);
            assert!(solved.revenue_change_busd(i).abs() < 1e-11);
            for j in 0..4 {
                assert!(solved.output_pct(i, j).abs() < 1e-9);
            }
        }
    }
}

#[test]
fn sensitivities_are_the_finite_differences() {
    let around = Shock::new()
        .tariff_add("BBB", "AAA", "*", 0.15)
        .iceberg("AAA", "BBB", "FARM", 0.9)
        .transfer("CCC", "BBB", 20.0);
    for mut options in variants() {
        options.tolerance = 1e-13;
        let model = model(options);
        let mut workspace = Workspace::new();
        let solved = model.solve(&around, &mut workspace, None).unwrap();
        let differ = |indicator: &Indicator, change: &dyn Fn(f64) -> Shock, h: f64| {
            let mut workspace = Workspace::new();
            let mut at = |h: f64| {
                let shock = around.clone().then(&change(h));
                let there = model.solve(&shock, &mut workspace, Some(&solved)).unwrap();
                there.value(indicator).unwrap()
            };
            (at(h) - at(-h)) / (2.0 * h)
        };
        for indicator in all_indicators() {
            let gradient = model
                .sensitivities(&solved, &indicator, &mut workspace)
                .unwrap();
            let check = |what: &str, adjoint: f64, difference: f64| {
                let scale = adjoint.abs().max(1e-3);
                assert!(
                    (adjoint - difference).abs() < 2e-5 * scale,
                    "{indicator} by {what}: {adjoint} against {difference}, {:?}",
                    model.options()
                );
            };
            for (o, d, s) in [
                ("BBB", "AAA", "CARS"),
                ("AAA", "BBB", "CARS"),
                ("CCC", "BBB", "MACH"),
            ] {
                let tariff = differ(&indicator, &|h| Shock::new().tariff_add(o, d, s, h), 1e-4);
                check("tariff", gradient.by_tariff(o, d, s).unwrap(), tariff);
                let iceberg = differ(
                    &indicator,
                    &|h| Shock::new().iceberg(o, d, s, h.exp()),
                    1e-4,
                );
                check("iceberg", gradient.by_iceberg(o, d, s).unwrap(), iceberg);
            }
            // Million USD here, billion in the gradient.
            let transfer = differ(
                &indicator,
                &|h| Shock::new().transfer("AAA", "BBB", 1e3 * h),
                1e-4,
            );
            check(
                "transfer",
                gradient.by_transfer("AAA", "BBB").unwrap(),
                transfer,
            );
        }
    }
}

#[test]
fn the_unit_changes_nothing_but_the_unit() {
    let millions = Sample::default().build().unwrap();
    let dollars = Sample {
        unit: Unit::Usd,
        scale: 1e6,
        ..Sample::default()
    }
    .build()
    .unwrap();
    let shock = Shock::new().tariff_add("BBB", "AAA", "*", 0.2);
    let options = || Options::new("mixed");
    let a = solve(&Model::new(&millions, options()).unwrap(), &shock);
    let b = solve(&Model::new(&dollars, options()).unwrap(), &shock);
    for i in 0..3 {
        assert!((a.ev_busd(i) - b.ev_busd(i)).abs() < 1e-10);
        assert!((a.revenue_busd(i) - b.revenue_busd(i)).abs() < 1e-10);
    }
}

#[test]
fn a_region_cut_into_identical_halves_stays_what_it_was() {
    // Halves that trade with each other as each does with itself are one region.
    let whole = Sample::default();
    let (flow, tariff) = whole.flows();
    let split = crate::calibration::Levels {
        regions: ["AAA", "BBB", "CCC", "CC2"].map(str::to_owned).to_vec(),
        sectors: SECTORS.map(str::to_owned).to_vec(),
        in_billion: 1e-3,
        flow: cut(&flow, |i, m| {
            0.5_f64.powi(i32::from(i >= 2) + i32::from(m >= 2))
        }),
        tariff: cut(&tariff, |_, _| 1.0),
        value_added: vec![1.0; 16],
        inputs: Vec::new(),
    };
    let economy = whole.build().unwrap();
    let options = Options::new("mixed").input_output(false);
    let shock = Shock::new()
        .tariff_add("AAA", "BBB", "*", 0.2)
        .iceberg("BBB", "AAA", "CARS", 1.1);
    let one = solve(&Model::new(&economy, options.clone()).unwrap(), &shock);
    let base = crate::calibration::Calibration::from_levels(split).unwrap();
    let theta: std::sync::Arc<[f64]> = economy.elasticities("mixed").unwrap().into();
    let halves = solve(
        &Model::from_calibration(base, theta, options).unwrap(),
        &shock,
    );
    for (i, k) in [(0, 0), (1, 1), (2, 2), (2, 3)] {
        assert!((one.real_income_pct(i) - halves.real_income_pct(k)).abs() < 1e-9);
        assert!((one.wage_hat(i) - halves.wage_hat(k)).abs() < 1e-11);
    }
    assert!((one.ev_busd(2) - halves.ev_busd(2) - halves.ev_busd(3)).abs() < 1e-9);
}

/// From three regions to four, the last two of them halves of the third.
fn cut(from: &[f64], factor: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let mut out = Vec::new();
    for j in 0..4 {
        for i in 0..4_usize {
            for m in 0..4_usize {
                out.push(from[(j * 3 + i.min(2)) * 3 + m.min(2)] * factor(i, m));
            }
        }
    }
    out
}

#[test]
fn the_bits_do_not_depend_on_threads() {
    use rayon::prelude::*;
    let model = model(Options::new("mixed"));
    let shock = |k: usize| Shock::new().tariff("*", "AAA", "*", 0.02 * k as f64);
    let run = |threads: usize| -> Vec<u64> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            (0..40_usize)
                .into_par_iter()
                .map_init(Workspace::new, |workspace, k| {
                    model
                        .solve(&shock(k), workspace, None)
                        .unwrap()
                        .ev_busd(1)
                        .to_bits()
                })
                .collect()
        })
    };
    assert_eq!(run(1), run(2));
    assert_eq!(run(1), run(4));
}

#[test]
fn a_purchase_reaches_its_target_and_says_what_it_costs() {
    let model = model(Options::new("mixed"));
    let before = solve(&model, &Shock::new());
    let target = 1.4 * before.base_flow_busd(0, 1, 0);
    let shock = Shock::new().purchase("AAA", "BBB", "FARM", 1e3 * target);
    let solved = solve(&model, &shock);
    let report = &solved.purchases()[0];
    assert!((solved.flow_busd(0, 1, 0) / target - 1.0).abs() < 1e-9);
    assert!((report.flow_busd / target - 1.0).abs() < 1e-9);
    assert!(report.wedge < 0.0 && report.cost_busd > 0.0, "{report:?}");
    assert!(report.net_additional_exports_busd < report.additional_flow_busd);
    assert!(
        report.displaced.iter().all(|(_, change)| *change < 0.0),
        "{report:?}"
    );
    assert!(solved.accounts_gap() < 1e-9);
    let too_much = Shock::new().purchase("AAA", "BBB", "FARM", 1e9);
    let error = model
        .solve(&too_much, &mut Workspace::new(), None)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("FARM") && error.contains("check the unit"),
        "{error}"
    );
}

#[test]
fn zero_closure_starts_from_a_world_without_deficits() {
    let solved = solve(
        &model(Options::new("mixed").closure(Closure::Zero)),
        &Shock::new(),
    );
    for i in 0..3 {
        assert!(solved.deficit_busd(i).abs() < 1e-12);
    }
}

#[test]
fn bad_input_names_the_cell() {
    let model = model(Options::new("mixed"));
    let fails = |shock: Shock| {
        model
            .solve(&shock, &mut Workspace::new(), None)
            .unwrap_err()
            .to_string()
    };
    let error = fails(Shock::new().tariff("AAA", "BBB", "CARS", -1.0));
    assert!(error.contains("BBB on CARS from AAA"), "{error}");
    let error = fails(Shock::new().tariff("AAA", "XXX", "CARS", 0.1));
    assert_eq!(error, "no region named `XXX` (there are: AAA, BBB, CCC)");
    let error = fails(Shock::new().iceberg("AAA", "BBB", "CARS", 0.0));
    assert!(error.contains("above zero"), "{error}");
    let error = model.with_theta(&[4.0, -1.0, 4.0, 4.0]).unwrap_err();
    assert!(
        matches!(error, TradeError::Elasticity { ref sector, .. } if sector == "CARS"),
        "{error}"
    );
    let sample = Sample {
        bad_flow: Some((3, 0, 0, 0.05)),
        ..Sample::default()
    };
    let error = sample.build().unwrap_err().to_string();
    assert!(
        error.starts_with("negative absorption: region AAA, sector SERV"),
        "{error}"
    );
}

#[test]
fn a_solve_without_an_answer_gives_no_numbers() {
    // A region that gives away more than it earns has no equilibrium.
    let model = model(Options::new("mixed"));
    let shock = Shock::new().with(ShockKind::Transfer, "AAA", "BBB", "*", 1e7);
    let error = model
        .solve(&shock, &mut Workspace::new(), None)
        .unwrap_err();
    assert!(matches!(error, TradeError::NotConverged { .. }), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn world_accounts_close_under_any_shock(
        rates in prop::collection::vec(0.0..1.5_f64, 6),
        barrier in 0.7..1.4_f64,
        gift in -200.0..200.0_f64,
        which in 0..6_usize,
    ) {
        let regions = ["AAA", "BBB", "CCC"];
        let mut shock = Shock::new().iceberg("AAA", "CCC", "*", barrier).transfer("AAA", "BBB", gift);
        for (k, rate) in rates.iter().enumerate() {
            let (i, m) = (k % 3, (k % 3 + 1 + k / 3) % 3);
            shock = shock.tariff(regions[i], regions[m], SECTORS[k % 3], *rate);
        }
        let model = model(variants().swap_remove(which));
        let solved = solve(&model, &shock);
        prop_assert!(solved.accounts_gap() < 1e-9);
        // A warm start from anywhere ends at the same place.
        let nearby = model.solve(&Shock::new(), &mut Workspace::new(), Some(&solved)).unwrap();
        let again = model.solve(&shock, &mut Workspace::new(), Some(&nearby)).unwrap();
        for i in 0..3 {
            prop_assert!((again.real_income_pct(i) - solved.real_income_pct(i)).abs() < 1e-7);
        }
    }
}
