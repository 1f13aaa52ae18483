//! Properties that every equilibrium has, on the sample economy.

use std::ops::Range;

use proptest::prelude::*;

use crate::decomposition::{Part, decompose};
use crate::draws::{Elasticities, Uncertainty, draws};
use crate::sample::{SECTORS, Sample};
use crate::{
    Closure, Equilibrium, Indicator, Model, Numeraire, Options, Shock, ShockKind, TradeError, Unit,
    Workspace,
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
        plain.clone().numeraire(Numeraire::Wage("BBB".into())),
        plain.input_output(false),
    ]
}

fn all_indicators() -> Vec<Indicator> {
    let r = || "BBB".to_owned();
    let s = || "CARS".to_owned();
    vec![
        Indicator::RealIncomePct(r()),
        Indicator::WelfarePct(r()),
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
        .export_subsidy("BBB", "AAA", "*", 0.07)
        .labour("CCC", 1.05)
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
            for (o, d, s) in [("BBB", "AAA", "CARS"), ("CCC", "BBB", "MACH")] {
                let held = |h: f64| {
                    let rate = if o == "BBB" { 0.07 } else { 0.0 };
                    Shock::new().export_subsidy(o, d, s, rate + h)
                };
                let subsidy = differ(&indicator, &held, 1e-4);
                let found = gradient.by_export_subsidy(o, d, s).unwrap();
                check("export subsidy", found, subsidy);
            }
            let labour = differ(&indicator, &|h| Shock::new().labour("BBB", h.exp()), 1e-4);
            check("labour", gradient.by_labour("BBB").unwrap(), labour);
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

/// Whatever a workspace was used for before, and whether its answers are still held, the next has the same bits.
#[test]
fn a_workspace_carries_nothing_over() {
    let [one, two] =
        [Closure::Fixed, Closure::Zero].map(|c| model(Options::new("mixed").closure(c)));
    let drawn = one.with_theta(&[4.0, 6.5, 5.0, 3.0]).unwrap();
    let add = |rate| Shock::new().tariff_add("AAA", "BBB", "MACH", rate);
    let shocks = [
        add(0.1),
        Shock::new().iceberg("BBB", "CCC", "*", 1.2),
        Shock::new().tariff("*", "*", "*", 0.3),
        Shock::new(),
        // A tariff where there was none.
        Shock::new().tariff("AAA", "CCC", "SERV", 0.2),
        Shock::new().export_subsidy("CCC", "AAA", "CARS", 0.1),
        add(0.05).labour("CCC", 0.9).transfer("AAA", "BBB", 30.0),
        Shock::new().purchase("AAA", "BBB", "MACH", 60.0),
        Shock::new().tariff("CCC", "AAA", "FARM", 0.0),
    ];
    let ev = Indicator::EvBusd("BBB".into());
    let bits = |model: &Model, shock: &Shock, workspace: &mut Workspace, start| {
        let solved = model.solve(shock, workspace, start).unwrap();
        let gradient = model.sensitivities(&solved, &ev, workspace).unwrap();
        let read = solved.point.unknowns.iter().chain(&gradient.tariff);
        let bits: Vec<u64> = read.chain(&gradient.iceberg).map(|x| x.to_bits()).collect();
        (bits, solved)
    };
    let start = solve(&one, &add(0.09));
    let mut workspace = Workspace::new();
    let mut held = Vec::new();
    for round in 0..3 {
        for (k, shock) in shocks.iter().enumerate() {
            for model in [&one, &two, &one, &drawn] {
                let start = (round == 1).then_some(&start);
                let (found, solved) = bits(model, shock, &mut workspace, start);
                let (want, _) = bits(model, shock, &mut Workspace::new(), start);
                assert!(found == want, "{round} {k}");
                if (k + round) % 3 == 0 {
                    held.push(solved);
                }
            }
        }
    }
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
fn a_purchase_of_a_subsidised_flow_meets_its_target_at_the_border() {
    let model = model(Options::new("mixed"));
    let subsidised = Shock::new().export_subsidy("AAA", "BBB", "CARS", 0.1);
    let (i, m, j) = (
        0,
        1,
        model.sectors().iter().position(|s| s == "CARS").unwrap(),
    );
    let before = solve(&model, &subsidised).flow_busd(i, m, j);
    let target = 1e3 * 1.1 * before;
    let solved = solve(&model, &subsidised.purchase("AAA", "BBB", "CARS", target));
    let flow = solved.flow_busd(i, m, j);
    assert!(
        (flow / (1.1 * before) - 1.0).abs() < 1e-9,
        "{flow} {before}"
    );
    let report = &solved.purchases()[0];
    assert!(report.wedge < 0.0 && report.cost_busd > 0.0, "{report:?}");
}

#[test]
fn the_numeraire_is_worth_what_it_was() {
    let shock = Shock::new().tariff_add("*", "AAA", "*", 0.3);
    let wage = solve(
        &model(Options::new("mixed").numeraire(Numeraire::Wage("BBB".into()))),
        &shock,
    );
    assert!((wage.wage_hat(1) - 1.0).abs() < 1e-11);
    // Without deficits nothing real depends on it.
    let none = |options: Options| solve(&model(options.closure(Closure::Zero)), &shock);
    let by_world = none(Options::new("mixed"));
    let by_wage = none(Options::new("mixed").numeraire(Numeraire::Wage("CCC".into())));
    for i in 0..3 {
        assert!((by_world.real_income_pct(i) - by_wage.real_income_pct(i)).abs() < 1e-8);
    }
    let unknown = Options::new("mixed").numeraire(Numeraire::Wage("XXX".into()));
    let error = Model::new(&Sample::default().build().unwrap(), unknown).unwrap_err();
    assert!(error.to_string().contains("XXX"), "{error}");
}

#[test]
fn a_subsidy_taken_back_by_the_tariff_is_a_gift_to_the_importer() {
    // (1−s)(1+τ) = 1: the buyer pays what he paid, the exporter's government pays the importer's.
    let model = model(Options::new("four"));
    let base = solve(&model, &Shock::new().tariff("CCC", "AAA", "CARS", 0.0));
    let rate = 0.2;
    let both = Shock::new()
        .tariff("CCC", "AAA", "CARS", 1.0 / (1.0 - rate) - 1.0)
        .export_subsidy("CCC", "AAA", "CARS", rate);
    let with = solve(&model, &both);
    // The same as a transfer of what is paid, which is not known beforehand.
    let paid = rate * with.flow_busd(2, 0, 1) / (1.0 - rate);
    let gift = Shock::new()
        .tariff("CCC", "AAA", "CARS", 0.0)
        .transfer("CCC", "AAA", 1e3 * paid);
    let given = solve(&model, &gift);
    for i in 0..3 {
        assert!((with.real_income_pct(i) - given.real_income_pct(i)).abs() < 1e-7);
    }
    assert!(with.real_income_pct(0) > base.real_income_pct(0));
    assert!((with.export_subsidy(2, 0, 1) - rate).abs() < 1e-15);
    assert!((with.tariff(2, 0, 1) - 0.25).abs() < 1e-12);
    let split = |e: &Equilibrium, i| {
        e.terms_of_trade_pct(i) + e.volume_of_trade_pct(i) + e.transfer_pct(i) + e.efficiency_pct(i)
            - e.real_income_pct(i)
    };
    assert!((0..3).all(|i| split(&with, i).abs() < 1e-12));
}

#[test]
fn a_coalition_is_a_list_and_the_rest_of_the_world_its_negation() {
    let model = model(Options::new("mixed"));
    let list = solve(
        &model,
        &Shock::new().tariff_add("!AAA|BBB", "AAA|BBB", "CARS|MACH", 0.1),
    );
    let mut one_by_one = Shock::new();
    for importer in ["AAA", "BBB"] {
        for sector in ["CARS", "MACH"] {
            one_by_one = one_by_one.tariff_add("CCC", importer, sector, 0.1);
        }
    }
    let single = solve(&model, &one_by_one);
    for i in 0..3 {
        assert_eq!(list.ev_busd(i).to_bits(), single.ev_busd(i).to_bits());
    }
}

#[test]
fn employment_adds_up_to_labour() {
    let model = model(Options::new("mixed").labour_supply(0.4));
    let shock = Shock::new()
        .tariff_add("*", "AAA", "*", 0.3)
        .labour("AAA", 1.1);
    let solved = solve(&model, &shock);
    for i in 0..3 {
        let paid = |j| solved.base_value_added_busd(i, j);
        let all: f64 = (0..4).map(paid).sum();
        let moved: f64 = (0..4)
            .map(|j| paid(j) * solved.employment_pct(i, j) / 100.0)
            .sum();
        assert!((1.0 + moved / all - solved.labour_hat(i)).abs() < 1e-10);
    }
}

#[test]
fn draws_do_not_depend_on_the_number_of_workers() {
    let economy = Sample::default().build().unwrap();
    let shock = Shock::new()
        .tariff_add("BBB", "AAA", "*", 0.2)
        .iceberg("AAA", "BBB", "*", 0.9);
    let ev = [
        Indicator::EvBusd("AAA".into()),
        Indicator::EvBusd("BBB".into()),
    ];
    let run_numbers = |threads: usize, numbers: Range<u64>, uncertainty: &Uncertainty| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let options = Options::new("mixed");
        pool.install(|| draws(&economy, &options, &shock, uncertainty, &ev, numbers).unwrap())
    };
    let run =
        |threads, count, uncertainty: &Uncertainty| run_numbers(threads, 0..count, uncertainty);
    for elasticities in [
        Elasticities::Held,
        Elasticities::LogNormal(0.3),
        Elasticities::Normal(vec![2.0, 0.5, 6.0, 0.0]),
        Elasticities::Among(vec!["mixed".into(), "four".into()]),
        Elasticities::AmongBySector(vec!["mixed".into(), "four".into()]),
    ] {
        let uncertainty = Uncertainty {
            elasticities,
            inputs: 0.1,
            barriers: 0.5,
            seed: 7,
        };
        let (one, two) = (run(1, 30, &uncertainty), run(2, 40, &uncertainty));
        assert!(one.failed.is_empty() && two.failed.is_empty());
        // A worker that makes the last ten makes the same.
        let last = run_numbers(1, 30..40, &uncertainty);
        assert_eq!(last.spreads[0].values, two.spreads[0].values[30..]);
        for (a, b) in one.spreads.iter().zip(&two.spreads) {
            // The first thirty of forty are the thirty.
            assert!(
                a.values
                    .iter()
                    .zip(&b.values)
                    .all(|(x, y)| x.to_bits() == y.to_bits())
            );
            assert!(a.quantile(0.05) < a.quantile(0.5) && a.quantile(0.5) < a.quantile(0.95));
            assert!(a.mean() > a.quantile(0.0) && a.mean() < a.quantile(1.0));
        }
    }
    // Nothing uncertain: every draw is the answer itself.
    let certain = run(2, 3, &Uncertainty::default());
    let solved = solve(
        &Model::new(&economy, Options::new("mixed")).unwrap(),
        &shock,
    );
    assert!(
        certain.spreads[0]
            .values
            .iter()
            .all(|v| v.to_bits() == solved.ev_busd(0).to_bits())
    );
    let wrong = Uncertainty {
        elasticities: Elasticities::LogNormal(-1.0),
        ..Uncertainty::default()
    };
    let error = draws(&economy, &Options::new("mixed"), &shock, &wrong, &ev, 0..3).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("standard deviation of elasticities is -1"),
        "{error}"
    );
}

#[test]
fn parts_of_a_package_add_up() {
    let model = model(Options::new("mixed"));
    let part = |name: &str, shock: Shock| Part {
        name: name.to_owned(),
        shock,
    };
    let base = Shock::new().tariff_add("CCC", "*", "*", 0.05);
    let mut parts = vec![
        part("tariff", Shock::new().tariff_add("BBB", "AAA", "*", 0.2)),
        part(
            "retaliation",
            Shock::new().tariff_add("AAA", "BBB", "*", 0.2),
        ),
        part("barrier", Shock::new().iceberg("AAA", "BBB", "FARM", 0.8)),
        part("nothing", Shock::new()),
    ];
    let ev = [
        Indicator::EvBusd("AAA".into()),
        Indicator::EvBusd("BBB".into()),
    ];
    let exact = decompose(&model, &base, &parts, &ev, 0, 0).unwrap();
    for d in &exact {
        for split in [&d.shapley, &d.path] {
            assert!(
                (split.iter().sum::<f64>() - (d.after - d.before)).abs() < 1e-9,
                "{d:?}"
            );
        }
        assert!(d.shapley[3].abs() < 1e-9 && d.alone[3].abs() < 1e-9);
    }
    // Of two parts, each gets the mean of coming first and coming last.
    for d in decompose(&model, &base, &parts[..2], &ev, 0, 0).unwrap() {
        for k in 0..2 {
            assert!((d.shapley[k] - 0.5 * (d.alone[k] + d.last[k])).abs() < 1e-12);
        }
    }
    // Parts that do nothing make it too many for every subset: the drawn values are near the exact ones.
    for k in 0..8 {
        parts.push(part(&format!("nothing {k}"), Shock::new()));
    }
    let drawn = decompose(&model, &base, &parts, &ev, 40, 3).unwrap();
    for (d, e) in drawn.iter().zip(&exact) {
        assert!((d.shapley.iter().sum::<f64>() - (d.after - d.before)).abs() < 1e-9);
        for k in 0..3 {
            assert!(
                (d.shapley[k] - e.shapley[k]).abs() < 4.0 * d.error[k] + 1e-9,
                "{d:?} {e:?}"
            );
        }
    }
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
    let error = fails(Shock::new().tariff("!AAA|BBB|CCC", "AAA", "*", 0.1));
    assert!(error.contains("leaves no region"), "{error}");
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
    assert!(error.is_no_equilibrium(), "{error}");
}

/// Equations that hold where a region has less than nothing to spend are no equilibrium: in a solve, in draws, in parts, in
/// a contest.
#[test]
fn a_region_without_income_is_named() {
    let model = model(Options::new("mixed"));
    let earns = model.calibration().income[0] - model.calibration().deficit[0];
    let shock = Shock::new().with(ShockKind::Transfer, "AAA", "BBB", "*", 1.05 * earns);
    let told = |error: TradeError| {
        assert!(error.is_no_equilibrium(), "{error}");
        error.to_string()
    };
    let error = told(
        model
            .solve(&shock, &mut Workspace::new(), None)
            .unwrap_err(),
    );
    assert!(
        error.starts_with("no equilibrium: AAA is left without income: labour "),
        "{error}"
    );
    let part = crate::decomposition::Part {
        name: "gift".to_owned(),
        shock: shock.clone(),
    };
    let asked = [Indicator::RealIncomePct("AAA".into())];
    let split = crate::decomposition::decompose(&model, &Shock::new(), &[part], &asked, 0, 0);
    told(split.unwrap_err());
    told(crate::strategy::ArmingtonContest::under(&model, &[], &shock).unwrap_err());
}

/// A target that no wedge meets is named, with its row, what is reached and why there is no more.
#[test]
fn a_purchase_out_of_reach_is_named() {
    let economy = Sample::default().build().unwrap();
    let model = Model::new(&economy, Options::new("mixed")).unwrap();
    let base = model.calibration();
    let target = |j: usize| 1.95 * base.spending[j * base.n + 1];
    let shock = Shock::new()
        .tariff("AAA", "CCC", "FARM", 0.1)
        .purchase("AAA", "BBB", "CARS", target(1))
        .purchase("AAA", "BBB", "MACH", target(2));
    let solved = model.solve(&shock, &mut Workspace::new(), None);
    let error = solved.map(drop).unwrap_err();
    let TradeError::Purchase { row, ref what, .. } = error else {
        panic!("{error}");
    };
    assert!(row == 2 || row == 3, "{error}");
    assert!(
        what.contains("cannot be met: ") && what.contains("is bought"),
        "{what}"
    );
}

/// Where trade is below what rounding leaves of output, wages would be noise.
#[test]
fn wages_that_rounding_hides_are_no_answer() {
    let model = model(Options::new("mixed").closure(Closure::Zero));
    let shock = Shock::new().iceberg("*", "*", "*", 1e5);
    let error = model
        .solve(&shock, &mut Workspace::new(), None)
        .unwrap_err();
    assert!(error.is_no_equilibrium(), "{error}");
    let told = error.to_string();
    assert!(
        told.starts_with("no trade left: ") && told.contains("lower the barriers"),
        "{told}"
    );
    let near = Shock::new().iceberg("*", "*", "*", 5.0);
    assert!(model.solve(&near, &mut Workspace::new(), None).is_ok());
}

/// Where the whole shock cannot be solved for at once it is applied in steps, and the answer is that of small steps by hand.
#[test]
fn a_shock_too_large_to_take_at_once_is_taken_in_steps() {
    let economy = Sample::default().build().unwrap();
    let mut stepped = 0;
    for closure in [Closure::Zero, Closure::Proportional] {
        for labour_supply in [0.0, 0.5] {
            let options = Options::new("mixed")
                .closure(closure)
                .labour_supply(labour_supply);
            let model = Model::new(&economy, options).unwrap();
            for rate in [3.0, 6.0, 9.0, 12.0] {
                let shock = |rate: f64| {
                    Shock::new()
                        .tariff("*", "*", "*", rate)
                        .export_subsidy("BBB", "AAA", "MACH", 0.02 * rate)
                        .labour("CCC", 1.0 - 0.02 * rate)
                };
                let Ok(solved) = model.solve(&shock(rate), &mut Workspace::new(), None) else {
                    continue;
                };
                stepped += usize::from(solved.report().shock_steps > 1);
                let mut near = model
                    .solve(&Shock::new(), &mut Workspace::new(), None)
                    .unwrap();
                for k in 1..=120 {
                    let part = shock((1.0 + rate).powf(f64::from(k) / 120.0) - 1.0);
                    near = model
                        .solve(&part, &mut Workspace::new(), Some(&near))
                        .unwrap();
                }
                for i in 0..3 {
                    let apart = solved.real_income_pct(i) - near.real_income_pct(i);
                    assert!(apart.abs() < 1e-7, "{closure:?} {rate} {i}: {apart}");
                }
            }
        }
    }
    assert!(stepped > 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn world_accounts_close_under_any_shock(
        rates in prop::collection::vec(0.0..1.5_f64, 6),
        barrier in 0.7..1.4_f64,
        gift in -200.0..200.0_f64,
        which in 0..7_usize,
    ) {
        let regions = ["AAA", "BBB", "CCC"];
        let mut shock = Shock::new()
            .iceberg("AAA", "CCC", "*", barrier)
            .export_subsidy("CCC", "!CCC", "CARS", barrier - 1.0)
            .labour("AAA|BBB", barrier)
            .transfer("AAA", "BBB", gift);
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
