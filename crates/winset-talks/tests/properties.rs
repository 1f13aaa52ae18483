//! What must hold for any talks, and a checker of certificates that shares no code with the engine.

use proptest::prelude::*;
use winset_talks::{AnalyseOptions, Answer, Issue, Pair, Party, Payoff, Talks};

fn build(values: &[Vec<Vec<f64>>], no_deal: &[f64], pairs: &[Vec<Pair>]) -> Talks {
    let issue = |(i, row): (usize, &Vec<f64>)| Issue {
        name: format!("issue {i}"),
        options: (0..row.len()).map(|o| format!("option {o}")).collect(),
    };
    let party = |(p, values): (usize, &Vec<Vec<f64>>)| Party {
        name: format!("party {p}"),
        no_deal: no_deal[p],
        payoff: Payoff {
            values: values.clone(),
            pairs: pairs.get(p).cloned().unwrap_or_default(),
        },
    };
    let issues = values[0].iter().enumerate().map(issue).collect();
    Talks::new(
        issues,
        values.iter().enumerate().map(party).collect(),
        Vec::new(),
        Vec::new(),
    )
    .unwrap()
}

fn analyse(talks: &Talks) -> Answer {
    talks
        .analyse(&AnalyseOptions {
            ties_listed: 10_000,
            ..AnalyseOptions::default()
        })
        .unwrap()
}

fn frontier(answer: &Answer) -> Vec<Vec<f64>> {
    answer.frontier.iter().map(|p| p.payoffs.clone()).collect()
}

/// Parties × issues × options, in quarters.
fn tables(parties: usize) -> impl Strategy<Value = Vec<Vec<Vec<f64>>>> {
    let quarter = (0i32..=12).prop_map(|q| f64::from(q) / 4.0);
    let sizes = prop::collection::vec(2usize..=4, 2..=5);
    sizes.prop_flat_map(move |sizes| {
        let table: Vec<_> = sizes
            .iter()
            .map(|n| prop::collection::vec(quarter.clone(), *n))
            .collect();
        prop::collection::vec(table, parties)
    })
}

/// Whether each listed package has the stated payoffs, no listed point dominates another, and no package in
/// `others` dominates a listed point or is left uncovered by all.
fn certify(
    talks: &Talks,
    answer: &Answer,
    others: impl Iterator<Item = Vec<u16>>,
) -> Result<(), String> {
    let own = |package: &[u16]| -> Vec<f64> {
        talks
            .parties()
            .iter()
            .map(|party| {
                let values = party.payoff.values.iter().zip(package);
                let single: f64 = values.map(|(row, o)| row[usize::from(*o)]).sum();
                let joint = party.payoff.pairs.iter().map(|p| {
                    p.values[usize::from(package[p.issues[0]])][usize::from(package[p.issues[1]])]
                });
                single + joint.sum::<f64>()
            })
            .collect()
    };
    let slack = 1e-9;
    for point in &answer.frontier {
        for package in &point.packages {
            let payoffs = own(package.options());
            if payoffs
                .iter()
                .zip(&point.payoffs)
                .any(|(a, b)| (a - b).abs() > slack)
            {
                return Err(format!(
                    "{package:?} has {payoffs:?}, not {:?}",
                    point.payoffs
                ));
            }
        }
        let beaten = answer.frontier.iter().find(|q| {
            q.payoffs != point.payoffs && q.payoffs.iter().zip(&point.payoffs).all(|(a, b)| a >= b)
        });
        if let Some(by) = beaten {
            return Err(format!("{:?} dominates {:?}", by.payoffs, point.payoffs));
        }
    }
    for package in others {
        let payoffs = own(&package);
        let covered = answer
            .frontier
            .iter()
            .any(|q| q.payoffs.iter().zip(&payoffs).all(|(a, b)| *a >= b - slack));
        if !covered {
            return Err(format!("{package:?} with {payoffs:?} is not covered"));
        }
    }
    Ok(())
}

fn every_package(sizes: &[usize]) -> impl Iterator<Item = Vec<u16>> + use<> {
    let sizes = sizes.to_vec();
    let all: usize = sizes.iter().product();
    (0..all).map(move |mut k| {
        sizes
            .iter()
            .map(|n| {
                let option = k % n;
                k /= n;
                option as u16
            })
            .collect()
    })
}

fn sizes(talks: &Talks) -> Vec<usize> {
    talks.issues().iter().map(|i| i.options.len()).collect()
}

/// Two parties who want opposite things, with noise: long frontiers.
fn opposed(issues: usize, options: usize, interact: bool) -> Talks {
    let mut state = 7u64;
    let mut number = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut values = vec![Vec::new(), Vec::new()];
    for _ in 0..issues {
        let row: Vec<f64> = (0..options).map(|_| number()).collect();
        values[1].push(row.iter().map(|x| 1.0 - x + 0.2 * number()).collect());
        values[0].push(row);
    }
    let mut pairs = vec![Vec::new(), Vec::new()];
    for a in 0..if interact { issues } else { 0 } {
        for b in a + 1..issues {
            for joint in &mut pairs {
                let values = (0..options)
                    .map(|_| (0..options).map(|_| 0.2 * number()).collect())
                    .collect();
                joint.push(Pair {
                    issues: [a, b],
                    values,
                });
            }
        }
    }
    build(&values, &[0.0, 0.0], &pairs)
}

#[test]
fn certificate_of_eight_issues_with_all_pairs() {
    let talks = opposed(8, 4, true);
    let answer = analyse(&talks);
    assert!(answer.frontier.len() > 20, "{}", answer.frontier.len());
    certify(&talks, &answer, every_package(&sizes(&talks))).unwrap();
}

#[test]
fn certificate_of_nine_additive_issues() {
    let talks = opposed(9, 4, false);
    let answer = analyse(&talks);
    assert!(answer.frontier.len() > 100, "{}", answer.frontier.len());
    certify(&talks, &answer, every_package(&sizes(&talks))).unwrap();
}

/// Packages one and two changes away from each listed package of the frontier, and many drawn at random: what would
/// show a point missing where there are too many packages to look at all.
fn near_and_far(talks: &Talks, answer: &Answer, drawn: usize) -> Vec<Vec<u16>> {
    let sizes = sizes(talks);
    let mut packages = Vec::new();
    for point in &answer.frontier {
        let package = point.packages[0].options();
        for a in 0..sizes.len() {
            let b = (a + 1) % sizes.len();
            for (first, second) in (0..sizes[a]).flat_map(|x| (0..sizes[b]).map(move |y| (x, y))) {
                let mut near = package.to_vec();
                (near[a], near[b]) = (first as u16, second as u16);
                packages.push(near);
            }
        }
    }
    let mut state = 11u64;
    packages.extend((0..drawn).map(|_| {
        let mut option = |n: &usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % *n as u64) as u16
        };
        sizes.iter().map(&mut option).collect()
    }));
    packages
}

#[test]
fn certificate_of_thirty_billion_packages_near_the_frontier() {
    let talks = opposed(15, 5, false);
    let answer = analyse(&talks);
    assert_eq!(answer.packages, 30_517_578_125);
    let others = near_and_far(&talks, &answer, 50_000);
    certify(&talks, &answer, others.into_iter()).unwrap();
}

#[test]
fn certificate_of_twelve_issues_with_all_pairs_near_the_frontier() {
    let talks = opposed(12, 4, true);
    let answer = analyse(&talks);
    assert_eq!(answer.packages, 16_777_216);
    let others = near_and_far(&talks, &answer, 50_000);
    certify(&talks, &answer, others.into_iter()).unwrap();
}

#[test]
fn the_checker_rejects_a_frontier_with_a_point_missing() {
    let talks = opposed(4, 3, false);
    let mut answer = analyse(&talks);
    answer.frontier.remove(answer.frontier.len() / 2);
    assert!(certify(&talks, &answer, every_package(&sizes(&talks))).is_err());
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let talks = opposed(9, 4, true);
    let on = |threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
            .install(|| analyse(&talks))
    };
    assert_eq!(on(1), on(3));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn adding_an_option_never_leaves_an_old_point_uncovered(
        tables in tables(2),
        which in any::<prop::sample::Index>(),
        added in prop::collection::vec(0i32..=12, 2),
    ) {
        let before = analyse(&build(&tables, &[0.0, 0.0], &[]));
        let issue = which.index(tables[0].len());
        let mut wider = tables.clone();
        for (table, quarter) in wider.iter_mut().zip(&added) {
            table[issue].push(f64::from(*quarter) / 4.0);
        }
        let after = frontier(&analyse(&build(&wider, &[0.0, 0.0], &[])));
        for old in frontier(&before) {
            prop_assert!(after.iter().any(|new| new.iter().zip(&old).all(|(a, b)| a >= b)));
        }
    }

    #[test]
    fn scaling_a_party_leaves_nash_and_kalai_smorodinsky(
        tables in tables(3),
        no_deal in prop::collection::vec(0i32..=20, 3),
        factor in 1i32..=9,
    ) {
        let no_deal: Vec<f64> = no_deal.iter().map(|q| f64::from(*q) / 4.0).collect();
        let before = analyse(&build(&tables, &no_deal, &[]));
        let (mut scaled, mut scaled_no_deal) = (tables.clone(), no_deal.clone());
        scaled[1].iter_mut().flatten().for_each(|v| *v *= f64::from(factor));
        scaled_no_deal[1] *= f64::from(factor);
        let after = analyse(&build(&scaled, &scaled_no_deal, &[]));
        let packages = |points: &[winset_talks::Point]| {
            points.iter().flat_map(|p| p.packages.clone()).collect::<Vec<_>>()
        };
        prop_assert_eq!(packages(&before.nash.points), packages(&after.nash.points));
        prop_assert_eq!(
            packages(&before.kalai_smorodinsky.points),
            packages(&after.kalai_smorodinsky.points)
        );
    }

    #[test]
    fn a_dominated_option_changes_nothing(
        tables in tables(2),
        which in any::<prop::sample::Index>(),
        less in prop::collection::vec(1i32..=4, 2),
    ) {
        let before = analyse(&build(&tables, &[1.0, 1.0], &[]));
        let issue = which.index(tables[0].len());
        let mut wider = tables.clone();
        for (table, less) in wider.iter_mut().zip(&less) {
            let worse = table[issue][0] - f64::from(*less) / 4.0;
            table[issue].push(worse);
        }
        let after = analyse(&build(&wider, &[1.0, 1.0], &[]));
        prop_assert_eq!(before.frontier, after.frontier);
        prop_assert_eq!(before.nash, after.nash);
        prop_assert_eq!(before.kalai_smorodinsky, after.kalai_smorodinsky);
        prop_assert_eq!(before.egalitarian, after.egalitarian);
        prop_assert_eq!(before.utilitarian, after.utilitarian);
    }
}
