//! Every answer on small games against plain enumeration.
//!
//! Values are quarters, so that ties are common and floating-point sums are exact here too.

use proptest::prelude::*;
use winset_talks::{
    AnalyseOptions, Answer, Bound, Choice, Issue, Limit, Mandate, Package, Pair, Party, Payoff,
    Point, Restriction, Talks, Zone,
};

fn quarters() -> impl Strategy<Value = f64> {
    (-8i32..=8).prop_map(|q| f64::from(q) / 4.0)
}

fn table(sizes: &[usize], interact: bool) -> impl Strategy<Value = Payoff> + use<> {
    let values: Vec<_> = sizes
        .iter()
        .map(|n| prop::collection::vec(quarters(), *n))
        .collect();
    let last = sizes.len() - 1;
    let (rows, columns) = (sizes[last], sizes[0]);
    let pair = prop::collection::vec(prop::collection::vec(quarters(), columns), rows);
    (values, pair, any::<bool>()).prop_map(move |(values, pair, with)| {
        // The higher issue in the rows: the engine has to turn the table.
        let pairs = if interact && with && last > 0 {
            vec![Pair {
                issues: [last, 0],
                values: pair,
            }]
        } else {
            Vec::new()
        };
        Payoff { values, pairs }
    })
}

fn choice(sizes: &[usize]) -> impl Strategy<Value = Choice> + use<> {
    let sizes = sizes.to_vec();
    (0..sizes.len(), 0usize..3).prop_map(move |(issue, option)| Choice {
        issue,
        option: option % sizes[issue],
    })
}

fn limit(sizes: &[usize]) -> impl Strategy<Value = Limit> + use<> {
    let asked = prop::option::of(prop::collection::vec(choice(sizes), 1..3));
    (table(sizes, true), quarters(), any::<bool>(), asked, 0..3).prop_map(
        |(quantity, at, least, asked, who)| Limit {
            ratifier: format!("body {who}"),
            party: 0,
            what: "output, %".into(),
            quantity,
            bound: if least {
                Bound::AtLeast(at)
            } else {
                Bound::AtMost(at)
            },
            asked,
        },
    )
}

fn talks() -> impl Strategy<Value = Talks> {
    let shape = (
        prop::collection::vec(1usize..=3, 1..=4),
        1usize..=4,
        any::<bool>(),
    );
    shape.prop_flat_map(|(sizes, parties, interact)| {
        let payoffs: Vec<_> = (0..parties).map(|_| table(&sizes, interact)).collect();
        let no_deal = prop::collection::vec(quarters(), parties);
        let mandates = prop::collection::vec((choice(&sizes), choice(&sizes)), 0..3);
        let limits = prop::collection::vec(limit(&sizes), 0..5);
        (payoffs, no_deal, mandates, limits).prop_map(
            move |(payoffs, no_deal, mandates, limits)| {
                let issue = |(i, n): (usize, &usize)| Issue {
                    name: format!("issue {i}"),
                    options: (0..*n).map(|o| format!("option {o}")).collect(),
                };
                let party = |(p, (payoff, no_deal))| Party {
                    name: format!("party {p}"),
                    no_deal,
                    payoff,
                };
                let mandate = |(a, b): (Choice, Choice)| {
                    let mut allowed = vec![a.option];
                    if a.issue == b.issue && a.option != b.option {
                        allowed.push(b.option);
                    }
                    Mandate {
                        party: 0,
                        issue: a.issue,
                        allowed,
                    }
                };
                Talks::new(
                    sizes.iter().enumerate().map(issue).collect(),
                    payoffs
                        .into_iter()
                        .zip(no_deal)
                        .enumerate()
                        .map(party)
                        .collect(),
                    mandates.into_iter().map(mandate).collect(),
                    limits,
                )
                .unwrap()
            },
        )
    })
}

fn all_packages(talks: &Talks) -> Vec<Vec<u16>> {
    talks
        .issues()
        .iter()
        .fold(vec![Vec::new()], |packages, issue| {
            let longer = packages.iter().flat_map(|p| {
                (0..issue.options.len() as u16).map(move |o| p.iter().copied().chain([o]).collect())
            });
            longer.collect()
        })
}

fn sum(payoff: &Payoff, package: &[u16]) -> f64 {
    let single: f64 = payoff
        .values
        .iter()
        .zip(package)
        .map(|(row, o)| row[usize::from(*o)])
        .sum();
    let joint = payoff.pairs.iter().map(|p| {
        let [a, b] = p.issues;
        p.values[usize::from(package[a])][usize::from(package[b])]
    });
    single + joint.sum::<f64>()
}

fn payoffs(talks: &Talks, package: &[u16]) -> Vec<f64> {
    talks
        .parties()
        .iter()
        .map(|p| sum(&p.payoff, package))
        .collect()
}

fn gains(talks: &Talks, package: &[u16]) -> Vec<f64> {
    payoffs(talks, package)
        .iter()
        .zip(talks.parties())
        .map(|(x, p)| x - p.no_deal)
        .collect()
}

fn mandated(talks: &Talks, package: &[u16]) -> bool {
    talks
        .mandates()
        .iter()
        .all(|m| m.allowed.contains(&usize::from(package[m.issue])))
}

fn holds(limit: &Limit, package: &[u16]) -> bool {
    let asked = limit.asked.as_ref().is_none_or(|choices| {
        choices
            .iter()
            .any(|c| usize::from(package[c.issue]) == c.option)
    });
    let quantity = sum(&limit.quantity, package);
    !asked
        || match limit.bound {
            Bound::AtLeast(x) => quantity >= x,
            Bound::AtMost(x) => quantity <= x,
        }
}

fn beats(talks: &Talks, package: &[u16]) -> bool {
    let gains = gains(talks, package);
    gains.iter().all(|g| *g >= 0.0) && gains.iter().any(|g| *g > 0.0)
}

fn in_win_set(talks: &Talks, package: &[u16]) -> bool {
    mandated(talks, package)
        && talks.limits().iter().all(|l| holds(l, package))
        && beats(talks, package)
}

fn dominates(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(x, y)| x >= y) && a != b
}

/// Undominated payoffs with all packages that give them, sorted.
fn frontier(talks: &Talks, packages: &[Vec<u16>]) -> Vec<(Vec<f64>, Vec<Vec<u16>>)> {
    let mut points: Vec<(Vec<f64>, Vec<Vec<u16>>)> = Vec::new();
    for package in packages {
        let here = payoffs(talks, package);
        if packages
            .iter()
            .any(|other| dominates(&payoffs(talks, other), &here))
        {
            continue;
        }
        match points.iter_mut().find(|(p, _)| *p == here) {
            Some((_, ties)) => ties.push(package.clone()),
            None => points.push((here, vec![package.clone()])),
        }
    }
    points.sort_by(|a, b| b.partial_cmp(a).unwrap());
    points
}

fn plain(points: &[Point]) -> Vec<(Vec<f64>, Vec<Vec<u16>>)> {
    let plain = |p: &Point| {
        assert_eq!(p.tied, p.packages.len() as u128);
        (
            p.payoffs.clone(),
            p.packages.iter().map(|k| k.options().to_vec()).collect(),
        )
    };
    let mut points: Vec<_> = points.iter().map(plain).collect();
    points.sort_by(|a, b| b.partial_cmp(a).unwrap());
    points
}

/// All packages with the largest key, compared entry by entry.
fn best(packages: &[Vec<u16>], key: impl Fn(&[u16]) -> Vec<f64>) -> Vec<Vec<u16>> {
    let keys: Vec<Vec<f64>> = packages.iter().map(|p| key(p)).collect();
    let largest = keys.iter().max_by(|a, b| a.partial_cmp(b).unwrap());
    let tied = packages
        .iter()
        .zip(&keys)
        .filter(|(_, k)| Some(*k) == largest);
    tied.map(|(p, _)| p.clone()).collect()
}

fn listed(points: &[Point]) -> Vec<Vec<u16>> {
    let mut packages: Vec<Vec<u16>> = points
        .iter()
        .flat_map(|p| p.packages.iter().map(|k| k.options().to_vec()))
        .collect();
    packages.sort();
    packages
}

fn sorted(mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers
}

const ALL_TIES: usize = 1000;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_frontiers_and_zone(talks in talks()) {
        let packages = all_packages(&talks);
        let options = AnalyseOptions { ties_listed: ALL_TIES, ..AnalyseOptions::default() };
        let answer = talks.analyse(&options).unwrap();
        let inside: Vec<_> = packages.iter().filter(|p| in_win_set(&talks, p)).cloned().collect();
        let mandated: Vec<_> = packages.iter().filter(|p| mandated(&talks, p)).collect();
        let ratified = mandated.iter().filter(|p| talks.limits().iter().all(|l| holds(l, p))).count();
        prop_assert_eq!(answer.packages, packages.len() as u128);
        prop_assert_eq!(answer.inside_mandates, mandated.len() as u128);
        prop_assert_eq!(answer.ratified.exact(), Some(ratified as u128));
        prop_assert_eq!(answer.better_for_all.exact(), Some(inside.len() as u128));
        prop_assert_eq!(plain(&answer.frontier), frontier(&talks, &packages));
        prop_assert_eq!(plain(&answer.win_set_frontier), frontier(&talks, &inside));
        let zone = match (inside.is_empty(), packages.iter().any(|p| beats(&talks, p))) {
            (false, _) => Zone::Exists,
            (true, true) => Zone::Blocked,
            (true, false) => Zone::None,
        };
        prop_assert_eq!(answer.zone, zone);
        let restricted = talks.analyse(&AnalyseOptions { unrestricted: false, ..options }).unwrap();
        prop_assert_eq!(restricted, Answer { frontier: Vec::new(), ..answer });
        for package in &packages {
            prop_assert_eq!(
                talks.in_win_set(&Package::from(package.clone())).unwrap(),
                in_win_set(&talks, package)
            );
        }
    }

    #[test]
    fn solutions(talks in talks()) {
        let options = AnalyseOptions { ties_listed: ALL_TIES, ..AnalyseOptions::default() };
        let answer = talks.analyse(&options).unwrap();
        let inside: Vec<_> = all_packages(&talks).into_iter().filter(|p| in_win_set(&talks, p)).collect();
        // Where all products are 0, domination decides; the solutions are taken from the frontier.
        let undominated: Vec<_> = frontier(&talks, &inside).into_iter().flat_map(|(_, ties)| ties).collect();
        let ideal: Vec<f64> = (0..talks.parties().len())
            .map(|p| inside.iter().map(|k| gains(&talks, k)[p]).fold(0.0, f64::max))
            .collect();
        let of_gainers = |package: &[u16]| -> Vec<(f64, f64)> {
            gains(&talks, package).into_iter().zip(ideal.iter().copied()).filter(|(_, i)| *i > 0.0).collect()
        };
        let mut nash = best(&undominated, |k| vec![of_gainers(k).iter().map(|(g, _)| g).product()]);
        nash.sort();
        prop_assert_eq!(listed(&answer.nash.points), nash);
        // Shares as exact fractions of one denominator: the product of all ideals, in quarters.
        let whole: f64 = ideal.iter().filter(|i| **i > 0.0).map(|i| i * 4.0).product();
        let mut kalai = best(&undominated, |k| {
            sorted(of_gainers(k).iter().map(|(g, i)| ((g * 4.0) * (whole / (i * 4.0))).round()).collect())
        });
        kalai.sort();
        prop_assert_eq!(listed(&answer.kalai_smorodinsky.points), kalai);
        let mut egalitarian = best(&inside, |k| sorted(gains(&talks, k)));
        egalitarian.sort();
        prop_assert_eq!(listed(&answer.egalitarian.points), egalitarian);
        let mut utilitarian = best(&inside, |k| vec![gains(&talks, k).iter().sum()]);
        utilitarian.sort();
        prop_assert_eq!(listed(&answer.utilitarian.points), utilitarian);
        let without: Vec<String> = talks
            .parties()
            .iter()
            .zip(&ideal)
            .filter(|(_, i)| !inside.is_empty() && **i == 0.0)
            .map(|(p, _)| p.name.clone())
            .collect();
        prop_assert_eq!(answer.nash.without_gain, without);
    }

    #[test]
    fn why_and_the_cheapest_repair(talks in talks(), pick in any::<prop::sample::Index>()) {
        let packages = all_packages(&talks);
        let package = pick.get(&packages);
        let here = Package::from(package.clone());
        let why = talks.why(&here).unwrap();
        prop_assert_eq!(why.in_win_set, in_win_set(&talks, package));
        prop_assert_eq!(why.blocked_by.len(), talks.limits().iter().filter(|l| !holds(l, package)).count());
        prop_assert_eq!(why.outside_mandates.is_empty(), mandated(&talks, package));
        prop_assert_eq!(
            why.worse_than_no_deal.len(),
            gains(&talks, package).iter().filter(|g| **g < 0.0).count()
        );
        for (blocked, limit) in why.blocked_by.iter().zip(talks.limits().iter().filter(|l| !holds(l, package))) {
            prop_assert!((blocked.short_by - (blocked.value - limit.bound.value()).abs()).abs() < 1e-12);
            prop_assert!((blocked.value - sum(&limit.quantity, package)).abs() < 1e-12);
        }

        let distance = |other: &[u16]| package.iter().zip(other).filter(|(a, b)| a != b).count();
        let inside = packages.iter().filter(|p| in_win_set(&talks, p));
        let nearest = inside.clone().map(|p| distance(p)).min();
        let near: Vec<_> = inside.filter(|p| Some(distance(p)) == nearest).cloned().collect();
        let cheapest = best(&near, |p| vec![payoffs(&talks, p)[0]]);
        let repairs = talks.cheapest_repair(&here, 0).unwrap();
        let found: Vec<_> = repairs.iter().map(|r| r.package.options().to_vec()).collect();
        prop_assert_eq!(found, cheapest);
        for repair in &repairs {
            prop_assert_eq!(Some(repair.changes.len()), nearest);
            let loss = payoffs(&talks, package)[0] - payoffs(&talks, repair.package.options())[0];
            prop_assert!((repair.loss - loss).abs() < 1e-12);
        }
    }

    #[test]
    fn dropping_and_moving_restrictions(talks in talks()) {
        let packages = all_packages(&talks);
        let size_without = |dropped: &[Restriction]| {
            let mandates = talks.mandates().iter().filter(|m| {
                !dropped.contains(&Restriction::Mandate {
                    party: talks.parties()[m.party].name.clone(),
                    issue: talks.issues()[m.issue].name.clone(),
                })
            });
            let limits =
                talks.limits().iter().filter(|l| !dropped.contains(&Restriction::Ratifier(l.ratifier.clone())));
            packages
                .iter()
                .filter(|p| {
                    beats(&talks, p)
                        && mandates.clone().all(|m| m.allowed.contains(&usize::from(p[m.issue])))
                        && limits.clone().all(|l| holds(l, p))
                })
                .count()
        };
        for dropped in talks.if_dropped().unwrap() {
            let size = size_without(std::slice::from_ref(&dropped.restriction));
            prop_assert_eq!(dropped.win_set.exact(), Some(size as u128), "{}", dropped.restriction);
        }
        let opening = talks.smallest_opening().unwrap();
        if size_without(&[]) > 0 {
            prop_assert_eq!(opening, winset_talks::Opening::default());
            return Ok(());
        }
        for set in &opening.drops {
            prop_assert!(size_without(set) > 0);
            if set.len() > 1 {
                for single in talks.if_dropped().unwrap() {
                    prop_assert_eq!(single.win_set.exact(), Some(0));
                }
            }
        }
        // Where no package beats no deal, nothing that can be dropped opens the win-set.
        let hopeless = !packages.iter().any(|p| beats(&talks, p));
        prop_assert!(!hopeless || (opening.drops.is_empty() && opening.moves.is_empty()));
        for relaxation in &opening.moves {
            let moved = |by: f64| {
                let limits = talks.limits().iter().cloned().map(|mut l| {
                    if l.ratifier == relaxation.ratifier && l.what == relaxation.what && l.bound == relaxation.from {
                        l.bound = match l.bound {
                            Bound::AtLeast(x) => Bound::AtLeast(x - by),
                            Bound::AtMost(x) => Bound::AtMost(x + by),
                        };
                    }
                    l
                });
                let (issues, parties) = (talks.issues().to_vec(), talks.parties().to_vec());
                let moved = Talks::new(issues, parties, talks.mandates().to_vec(), limits.collect()).unwrap();
                moved.in_win_set(&relaxation.package).unwrap()
            };
            prop_assert!(moved(relaxation.by));
            prop_assert!(!moved(relaxation.by - 0.25));
        }
    }

    #[test]
    fn swaps_help_both(talks in talks(), pick in any::<prop::sample::Index>()) {
        let packages = all_packages(&talks);
        let package = pick.get(&packages);
        let them = talks.parties().len() - 1;
        let swaps = talks.swaps(&Package::from(package.clone()), 0, them).unwrap();
        let change = |issue: usize, to: u16| {
            let mut changed = package.clone();
            changed[issue] = to;
            let (after, before) = (payoffs(&talks, &changed), payoffs(&talks, package));
            (after[0] - before[0], after[them] - before[them])
        };
        let mut expected = 0;
        for a in 0..package.len() {
            for b in (0..package.len()).filter(|b| *b != a) {
                for x in 0..talks.issues()[a].options.len() as u16 {
                    for y in 0..talks.issues()[b].options.len() as u16 {
                        let (give, get) = (change(a, x), change(b, y));
                        let mut both = package.clone();
                        both[a] = x;
                        both[b] = y;
                        let (after, before) = (payoffs(&talks, &both), payoffs(&talks, package));
                        let opposed = give.0 < 0.0 && give.1 > 0.0 && get.0 > 0.0 && get.1 < 0.0;
                        if opposed && after[0] > before[0] && after[them] > before[them] {
                            expected += 1;
                            prop_assert!(swaps.iter().any(|s| s.package.options() == both));
                        }
                    }
                }
            }
        }
        prop_assert_eq!(swaps.len(), expected);
    }

    #[test]
    fn the_cloud_counts_every_package_once(talks in talks()) {
        let last = talks.parties().len() - 1;
        let cloud = talks.cloud([0, last], 8).unwrap();
        prop_assert!(cloud.complete);
        let total: u64 = cloud.cells.iter().map(|c| c.count).sum();
        prop_assert_eq!(u128::from(total), talks.packages());
        for axis in 0..2 {
            let party = cloud.parties[axis];
            let all: Vec<f64> = all_packages(&talks).iter().map(|p| payoffs(&talks, p)[party]).collect();
            prop_assert!((cloud.low[axis] - all.iter().copied().fold(f64::INFINITY, f64::min)).abs() < 1e-12);
            prop_assert!((cloud.high[axis] - all.iter().copied().fold(f64::NEG_INFINITY, f64::max)).abs() < 1e-12);
        }
        for cell in &cloud.cells {
            prop_assert!(cell.column < 8 && cell.row < 8);
            let payoff = talks.payoffs(&cell.package).unwrap()[last];
            prop_assert_eq!(cell.payoffs[1].to_bits(), payoff.to_bits());
        }
    }
}
