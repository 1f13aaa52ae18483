//! The tables of options and pairs against exact solves, on packages that no table was made from.

use rayon::prelude::*;
use winset::dossier::Files;
use winset::study::{Bench, Desk};
use winset_talks::{AnalyseOptions, Package};
use winset_trade::Workspace;

const PACKAGES: usize = 200;

fn built_in() -> Desk {
    let bench = Bench::open(Files::open(None).unwrap(), None).unwrap();
    Desk::of(bench, &|_, _, _| ()).unwrap()
}

/// Packages drawn evenly from all there are, by `SplitMix64`.
fn drawn(desk: &Desk) -> Vec<Package> {
    let mut state = 20_250_416_u64;
    let mut below = |n: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = state;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u16::try_from((x ^ (x >> 31)) % n as u64).unwrap()
    };
    let issues = &desk.bench.effects;
    (0..PACKAGES)
        .map(|_| {
            issues
                .iter()
                .map(|o| below(o.len()))
                .collect::<Vec<_>>()
                .into()
        })
        .collect()
}

#[test]
fn two_hundred_packages_are_missed_by_little_and_whoever_stops_one_does() {
    let desk = built_in();
    let average = &desk.tables[1];
    let options = AnalyseOptions {
        unrestricted: true,
        ..AnalyseOptions::default()
    };
    let frontier = average.talks.analyse(&options).unwrap().frontier;
    let range = [0, 1].map(|side| {
        let values = || frontier.iter().map(|p| p.payoffs[side]);
        values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
    });
    let packages = drawn(&desk);
    let compared: Vec<_> = packages
        .par_iter()
        .map_init(Workspace::new, |workspace, package| {
            let by_table = average.talks.why(package).unwrap();
            let exact = desk.why(average, package, workspace).unwrap();
            (by_table, exact)
        })
        .collect();
    for (side, range) in range.iter().enumerate() {
        let error = |(table, exact): &(winset_talks::Why, winset_talks::Why)| {
            100.0 * (table.gains[side] - exact.gains[side]).abs() / range
        };
        let mut errors: Vec<f64> = compared.iter().map(error).collect();
        errors.sort_by(f64::total_cmp);
        let (median, worst) = (errors[PACKAGES / 2], errors[PACKAGES - 1]);
        println!(
            "side {side}: median {median:.4} %, worst {worst:.4} % of the frontier's range of {range:.2} bn USD"
        );
        assert!(
            median < 2.0 && worst < 10.0,
            "side {side}: median {median} %, worst {worst} %"
        );
    }

    // A second exact solve, from the baseline instead of from no deal, reads the limits afresh.
    let mut statements = 0;
    let mut only_by_table = 0;
    for (package, (table, exact)) in packages.iter().zip(&compared) {
        let chosen: Vec<(usize, usize)> = package
            .options()
            .iter()
            .enumerate()
            .filter(|(_, o)| **o > 0)
            .map(|(i, o)| (i, usize::from(*o)))
            .collect();
        let (bench, no_deal) = (&desk.bench, &desk.worlds.no_deal[0].1);
        let rates = bench.our_rates(&chosen).unwrap();
        let world = bench.package_world(&no_deal.world, &chosen, &rates, &desk.payoffs.wedges);
        let afresh = bench
            .solve("afresh", world, &mut Workspace::new(), None)
            .unwrap();
        for blocked in &exact.blocked_by {
            statements += 1;
            let ratifiers = &bench.dossier.parties.ratifier;
            let ratifier = ratifiers
                .iter()
                .find(|r| *r.id.get_ref() == blocked.ratifier)
                .unwrap();
            let limit = ratifier
                .limit
                .iter()
                .find(|l| l.what.as_str() == blocked.what)
                .unwrap();
            let indicator = limit.indicator.get_ref().parse().unwrap();
            let place = desk.payoffs.indicator(&indicator).unwrap();
            // What options add outside the model is the same in the tables: nothing interacts there.
            let beside: f64 = match &indicator {
                winset::indicator::Indicator::Clause(_)
                | winset::indicator::Indicator::Budget(_) => continue,
                _ => chosen
                    .iter()
                    .map(|(i, o)| {
                        winset::world::side(
                            &indicator,
                            &bench.effects[*i][*o].side,
                            &bench.lab.anchor,
                        )
                    })
                    .sum(),
            };
            let against = match limit.against.get_ref().as_str() {
                "no deal" => no_deal.measured[place],
                _ => 0.0,
            };
            let value = afresh.measured[place] - against + beside;
            assert!(
                (value - blocked.value).abs() < 1e-6,
                "{}: {value} against {}",
                blocked.what,
                blocked.value
            );
            assert!(value < *limit.at_least.get_ref(), "{blocked:?}");
        }
        let same = |b: &&winset_talks::Blocked| {
            exact
                .blocked_by
                .iter()
                .any(|e| (&e.ratifier, &e.what) == (&b.ratifier, &b.what))
        };
        only_by_table += table.blocked_by.iter().filter(|b| !same(b)).count();
    }
    println!(
        "{statements} statements of who stops a package confirmed; {only_by_table} more by the tables alone"
    );
    assert!(statements > 100);
    assert!(
        only_by_table * 50 < statements,
        "{only_by_table} of {statements}"
    );
}
