//! OECD ICIO 2022, 81 countries × 28 sectors, no input–output links (the multi-sector model of Lashkaripour 2021):
//! scenarios of US tariffs against an independent solver.

mod common;

use common::icio::{Case, load};
use winset_trade::strategy::{ArmingtonContest, Contest, Instrument, Search, optimal, reciprocal};
use winset_trade::{Model, Options, Shock, Workspace};

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

fn model(case: &Case) -> Model {
    let mut options = Options::new("IS");
    options.tolerance = 1e-13;
    Model::new(&case.economy, options).unwrap()
}

#[test]
fn us_scenarios() {
    let Some(folder) = common::case("trade/icio2022") else {
        return;
    };
    let case = load(&folder);
    let model = model(&case);
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

/// What the case calls reciprocal is the rate that the United States set, levied back on all its goods.
#[test]
fn the_same_rate_back_is_the_published_one() {
    let Some(folder) = common::case("trade/icio2022") else {
        return;
    };
    let case = load(&folder);
    let model = model(&case);
    let usa = case.economy.region("USA").unwrap();
    let n = case.economy.regions().len();
    let mut contest = ArmingtonContest::new(&model, &[]).unwrap();
    let struck: Vec<f64> = (contest.tariffs().iter().enumerate())
        .map(|(at, rate)| {
            if at % n == usa && at / n % n != usa {
                0.1
            } else {
                *rate
            }
        })
        .collect();
    let tariffs = reciprocal(&contest, usa, &struck);
    contest.go_to(&tariffs).unwrap();
    let expected = common::table(&folder.join("expected/welfare_pct.csv"));
    let key = expected.column_names().next().unwrap().to_owned();
    for (region, want) in common::map(&expected, &key, "uniform_10_reciprocal") {
        let i = case.economy.region(&region).unwrap();
        let got = 100.0 * (contest.payoff(i) - 1.0);
        assert!((got - want).abs() <= 1e-6, "{region}: {got} {want}");
    }
}

/// The case calls 23.7683 per cent the welfare-maximising uniform tariff. In its own model, which the scenarios above
/// agree on, welfare is higher at ours.
#[test]
fn the_optimal_tariff_is_higher_than_the_case_says() {
    let Some(folder) = common::case("trade/icio2022") else {
        return;
    };
    let case = load(&folder);
    let model = model(&case);
    let usa = case.economy.region("USA").unwrap();
    let mut contest = ArmingtonContest::new(&model, &[]).unwrap();
    let base = contest.tariffs().to_vec();
    let search = Search::new(Instrument::Uniform);
    let found = optimal(&mut contest, usa, &search, &base).unwrap();
    let n = case.economy.regions().len();
    let best = found.tariff(n, 0, (usa + 1) % n, usa);
    let gain = |rate: f64| {
        let shock = Shock::new().tariff("!USA", "USA", "*", rate);
        let solved = model.solve(&shock, &mut Workspace::new(), None).unwrap();
        solved.real_income_pct(usa)
    };
    println!("{best}: {}, 0.237683: {}", gain(best), gain(0.237_683));
    assert!(found.converged && gain(best) > gain(0.237_683) + 1e-4);
    assert!(gain(best) > gain(best + 1e-3) && gain(best) > gain(best - 1e-3));
}
