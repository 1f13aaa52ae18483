//! Properties of contests on the sample economy.

use super::{
    ArmingtonContest, Contest, Instrument, KrugmanContest, Search, cooperative, nash, optimal,
    reciprocal, retaliation,
};
use crate::krugman::Krugman;
use crate::sample::Sample;
use crate::{Closure, Model, Options, Shock, Workspace};

fn models() -> Vec<Model> {
    let economy = Sample::default().build().unwrap();
    let options = |o: Options| Options {
        tolerance: 1e-13,
        ..o
    };
    let plain = Options::new("mixed");
    [
        plain.clone(),
        plain.clone().closure(Closure::Proportional),
        plain.clone().input_output(false),
        plain.closure(Closure::Zero).labour_supply(0.4),
    ]
    .map(|o| Model::new(&economy, options(o)).unwrap())
    .to_vec()
}

fn krugman() -> Krugman {
    let economy = Sample::default().build().unwrap();
    Krugman::new(&economy, "mixed")
        .unwrap()
        .with_weights(&weights())
        .unwrap()
}

fn weights() -> Vec<f64> {
    (0..12)
        .map(|k| 0.7 + 0.6 * f64::from(k % 5) / 4.0)
        .collect()
}

fn differences_agree(contest: &mut dyn Contest) {
    let around: Vec<f64> = contest
        .tariffs()
        .iter()
        .enumerate()
        .map(|(at, t)| if at / 3 % 3 == at % 3 { *t } else { t + 0.1 })
        .collect();
    contest.go_to(&around).unwrap();
    let mut gradients = vec![Vec::new(); 3];
    for (region, gradient) in gradients.iter_mut().enumerate() {
        contest.gradient(region, gradient).unwrap();
    }
    for at in [1, 5, 6, 11, 14, 28] {
        let mut ends = [[0.0; 3]; 2];
        let h = 1e-5;
        for (end, sign) in ends.iter_mut().zip([1.0, -1.0]) {
            let mut moved = around.clone();
            moved[at] += sign * h;
            contest.go_to(&moved).unwrap();
            for (region, payoff) in end.iter_mut().enumerate() {
                *payoff = contest.payoff(region);
            }
        }
        for (region, gradient) in gradients.iter().enumerate() {
            let difference = (ends[0][region] - ends[1][region]) / (2.0 * h);
            assert!(
                (gradient[at] - difference).abs() < 1e-6 * difference.abs().max(1e-2),
                "region {region} by {at}: {} against {difference}",
                gradient[at]
            );
        }
    }
}

#[test]
fn gradients_are_the_finite_differences() {
    for model in models() {
        for weights in [Vec::new(), weights()] {
            differences_agree(&mut ArmingtonContest::new(&model, &weights).unwrap());
        }
    }
    differences_agree(&mut KrugmanContest::new(&krugman()).unwrap());
}

#[test]
fn without_weights_the_objective_is_welfare() {
    for model in models() {
        let mut contest = ArmingtonContest::new(&model, &[]).unwrap();
        let more: Vec<f64> = contest.tariffs().iter().map(|t| 2.0 * t + 0.1).collect();
        contest.go_to(&more).unwrap();
        for i in 0..3 {
            let pct = 100.0 * (contest.payoff(i) - 1.0);
            assert!((pct - contest.equilibrium().welfare_pct(i)).abs() < 1e-10);
        }
    }
}

#[test]
fn with_elastic_labour_no_tariff_beside_the_optimal_one_has_a_larger_ev() {
    let model = &models()[3];
    let mut contest = ArmingtonContest::new(model, &[]).unwrap();
    let base = contest.tariffs().to_vec();
    let found = optimal(&mut contest, 0, &Search::new(Instrument::Uniform), &base).unwrap();
    assert!(found.converged && found.payoffs[0] > 1.0, "{found:?}");
    let mut ev = |more: f64| {
        let moved: Vec<f64> = (found.tariffs.iter().enumerate())
            .map(|(at, t)| {
                if at % 3 == 0 && at / 3 % 3 != 0 {
                    t + more
                } else {
                    *t
                }
            })
            .collect();
        contest.go_to(&moved).unwrap();
        contest.equilibrium().ev_busd(0)
    };
    let (below, best, above) = (ev(-0.01), ev(0.0), ev(0.01));
    assert!(best > below && best > above, "{below} {best} {above}");
}

#[test]
fn no_one_gains_by_leaving_a_nash_equilibrium() {
    let krugman = krugman();
    let model = &models()[0];
    let mut contests: [Box<dyn Contest + '_>; 2] = [
        Box::new(KrugmanContest::new(&krugman).unwrap()),
        Box::new(ArmingtonContest::new(model, &[]).unwrap()),
    ];
    for contest in &mut contests {
        for instrument in [
            Instrument::Uniform,
            Instrument::Sector,
            Instrument::Partner,
            Instrument::PartnerSector,
        ] {
            let search = Search::new(instrument);
            let base = contest.tariffs().to_vec();
            let war = nash(contest.as_mut(), &[0, 1, 2], &search, &base).unwrap();
            assert!(war.converged, "{instrument:?}: {war:?}");
            for player in 0..3 {
                let alone = optimal(contest.as_mut(), player, &search, &war.tariffs).unwrap();
                assert!(alone.payoffs[player] <= war.payoffs[player] + 1e-9);
            }
        }
    }
}

#[test]
fn more_instruments_are_worth_more_and_talks_beat_war() {
    let economy = Sample::default().build().unwrap();
    let krugman = Krugman::new(&economy, "mixed").unwrap();
    let mut contest = KrugmanContest::new(&krugman).unwrap();
    let base = krugman.tariffs().to_vec();
    let best = |contest: &mut KrugmanContest<'_>, instrument| {
        let found = optimal(contest, 0, &Search::new(instrument), &base).unwrap();
        assert!(found.converged && found.payoffs[0] > 1.0);
        found
    };
    let uniform = best(&mut contest, Instrument::Uniform);
    let by_sector = best(&mut contest, Instrument::Sector);
    let all = best(&mut contest, Instrument::PartnerSector);
    let gains = [uniform.payoffs[0], by_sector.payoffs[0], all.payoffs[0]];
    assert!(
        gains[0] <= gains[1] + 1e-9 && gains[1] <= gains[2] + 1e-9,
        "{gains:?}"
    );

    let search = Search::new(Instrument::PartnerSector);
    let war = nash(&mut contest, &[0, 1, 2], &search, &base).unwrap();
    let mut loose = search.clone();
    loose.tolerance = 1e-5;
    let talks = cooperative(&mut contest, &loose, &war.tariffs).unwrap();
    assert!(talks.converged, "{talks:?}");
    let gain = |i: usize| talks.payoffs[i] / war.payoffs[i];
    assert!(gain(0) > 1.0 && (gain(1) - gain(0)).abs() < 1e-7 && (gain(2) - gain(0)).abs() < 1e-7);
}

#[test]
fn retaliation_is_on_the_aggressor_alone() {
    let model = &models()[2];
    let mut contest = ArmingtonContest::new(model, &[]).unwrap();
    let mut struck = contest.tariffs().to_vec();
    for (at, tariff) in struck.iter_mut().enumerate() {
        if at % 3 == 0 && at / 3 % 3 != 0 {
            *tariff += 0.3;
        }
    }
    // On the farm goods of BBB less than BBB levies; on the cars of CCC what it was.
    struck[3] = 0.001;
    assert!(contest.tariffs()[1] > struck[3]);
    struck[15] = contest.tariffs()[15];
    let search = Search::new(Instrument::Partner);
    let answer = retaliation(&mut contest, 0, &search, &struck).unwrap();
    assert!(answer.converged);
    let back = reciprocal(&contest, 0, &struck);
    for at in 0..struck.len() {
        let (origin, destination) = (at / 3 % 3, at % 3);
        if origin == 0 && destination != 0 {
            assert!(answer.tariffs[at] > 0.0 || contest.trade()[at] <= 0.0);
            let levied = at / 9 * 9 + 3 * destination;
            let kept = levied == 15;
            let rate = if kept { struck[at] } else { struck[levied] };
            assert_eq!(back[at].to_bits(), rate.to_bits());
        } else {
            assert_eq!(answer.tariffs[at].to_bits(), struck[at].to_bits());
            assert_eq!(back[at].to_bits(), struck[at].to_bits());
        }
    }
}

/// All that a shock holds beside tariffs is in force while tariffs are sought.
#[test]
fn a_contest_under_a_shock_holds_all_of_it() {
    let model = &models()[3];
    let shock = Shock::new()
        .tariff("BBB", "AAA", "CARS", 0.2)
        .iceberg("AAA", "CCC", "MACH", 1.3)
        .export_subsidy("CCC", "AAA", "FARM", 0.1)
        .transfer("AAA", "BBB", 40.0)
        .labour("CCC", 0.9);
    let solved = model.solve(&shock, &mut Workspace::new(), None).unwrap();
    let mut contest = ArmingtonContest::under(model, &[], &shock).unwrap();
    let standing = contest.standing().to_vec();
    assert!(
        (standing[9 + 3] - 0.2).abs() < 1e-15 && (standing[6] - contest.tariffs()[6]).abs() < 1e-15
    );
    contest
        .go_to(contest.tariffs().to_vec().as_slice())
        .unwrap();
    contest.go_to(&standing).unwrap();
    for i in 0..3 {
        let pct = 100.0 * (contest.payoff(i) - 1.0);
        assert!((pct - solved.welfare_pct(i)).abs() < 1e-10, "{i}: {pct}");
    }
    differences_agree(&mut contest);
    let bought = shock.purchase("AAA", "BBB", "CARS", 100.0);
    let error = ArmingtonContest::under(model, &[], &bought)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("row 6") && error.contains("purchase"),
        "{error}"
    );
}

/// A war tries its starts in the first answers, and says how many agree there.
#[test]
fn a_war_counts_the_starts_that_agree() {
    let model = &models()[2];
    let mut contest = ArmingtonContest::new(model, &[]).unwrap();
    let base = contest.tariffs().to_vec();
    let mut search = Search::new(Instrument::Uniform);
    search.starts = 3;
    let war = nash(&mut contest, &[0, 1, 2], &search, &base).unwrap();
    assert_eq!((war.starts, war.agreeing), (3, 3));
}

#[test]
fn the_same_bits_on_any_thread() {
    let krugman = krugman();
    let search = Search::new(Instrument::PartnerSector);
    let run = |player: usize| {
        let mut contest = KrugmanContest::new(&krugman).unwrap();
        let found = optimal(&mut contest, player, &search, krugman.tariffs()).unwrap();
        found
            .tariffs
            .iter()
            .map(|t| t.to_bits())
            .collect::<Vec<_>>()
    };
    let alone: Vec<_> = (0..3).map(run).collect();
    let together: Vec<_> = std::thread::scope(|scope| {
        let run = &run;
        let handles: Vec<_> = (0..3).map(|p| scope.spawn(move || run(p))).collect();
        handles.into_iter().map(|h| h.join().unwrap()).collect()
    });
    assert_eq!(alone, together);
}
