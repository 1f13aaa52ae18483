//! Times of analyses, on made-up tables: `cargo run --release -p winset-talks --example talks_speed`; or on tables of
//! one's own, given as files of the form that `Talks::from_json` reads; of the cases whose name has a part, with `case PART`;
//! or of beliefs alone, with `belief`.

use std::time::{Duration, Instant};

use winset_talks::preference::{LearnOptions, Trace, learn};
use winset_talks::{AnalyseOptions, Bound, Issue, Limit, Package, Pair, Party, Payoff, Talks};

/// `SplitMix64` (Steele, Lea and Flood 2014): the same tables every time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A made-up case.
struct Case {
    name: &'static str,
    issues: usize,
    options: usize,
    parties: usize,
    /// Whether every two issues interact.
    pairs: bool,
    /// No deal, as a share of what a party can get at most from single options.
    no_deal: f64,
    /// Ratifiers of the first party, each with a limit of its own.
    ratifiers: usize,
}

/// Parties who want opposite things, with noise: what one gains the next one mostly loses.
fn talks(case: &Case) -> Talks {
    let (issues, options) = (case.issues, case.options);
    let mut numbers = Numbers(20_250_416);
    let mut table = |rows: usize, columns: usize, scale: f64| -> Vec<Vec<f64>> {
        (0..rows)
            .map(|_| (0..columns).map(|_| scale * numbers.next()).collect())
            .collect()
    };
    let first = table(issues, options, 1.0);
    let mut parties = Vec::new();
    for p in 0..case.parties {
        let mut values = table(issues, options, if p < 2 { 0.3 } else { 1.0 });
        for (row, against) in values.iter_mut().zip(&first) {
            for (value, other) in row.iter_mut().zip(against) {
                match p {
                    0 => *value = *other,
                    1 => *value += 1.0 - other,
                    _ => {}
                }
            }
        }
        let mut joint = Vec::new();
        for a in 0..if case.pairs { issues } else { 0 } {
            for b in a + 1..issues {
                joint.push(Pair {
                    issues: [a, b],
                    values: table(options, options, 0.2),
                });
            }
        }
        let most: f64 = values
            .iter()
            .map(|row| row.iter().copied().fold(0.0, f64::max))
            .sum();
        let payoff = Payoff {
            values,
            pairs: joint,
        };
        parties.push(Party {
            name: format!("party {p}"),
            no_deal: case.no_deal * most,
            payoff,
        });
    }
    let limit = |r: usize, values: Vec<Vec<f64>>| Limit {
        ratifier: format!("ratifier {r}"),
        party: 0,
        what: "a quantity".into(),
        quantity: Payoff::additive(values),
        bound: Bound::AtLeast(0.5 * issues as f64),
        asked: None,
    };
    let limits = (0..case.ratifiers)
        .map(|r| limit(r, table(issues, options, 1.0)))
        .collect();
    let issue = |i: usize| Issue {
        name: format!("issue {i}"),
        options: (0..options).map(|o| format!("option {o}")).collect(),
    };
    Talks::new(
        (0..issues).map(issue).collect(),
        parties,
        Vec::new(),
        limits,
    )
    .expect("made-up tables are within range")
}

/// The first file with the unrestricted frontier and the sizes without each restriction, the others without.
fn files(names: &[String]) {
    let begin = Instant::now();
    for (i, name) in names.iter().enumerate() {
        let text = std::fs::read_to_string(name).expect("a file that can be read");
        let talks = Talks::from_json(name, &text).expect("tables that fit each other");
        let options = AnalyseOptions {
            ties_listed: 4,
            unrestricted: i == 0,
            ..AnalyseOptions::default()
        };
        let start = Instant::now();
        let answer = talks.analyse(&options).expect("within the default limits");
        println!(
            "{name}: {:.3?}, {} and {} points, {} packages in the win-set of {} ratified",
            start.elapsed(),
            answer.frontier.len(),
            answer.win_set_frontier.len(),
            answer.better_for_all,
            answer.ratified
        );
        if i == 0 {
            let start = Instant::now();
            let dropped = talks.if_dropped().expect("within the default limits");
            println!("{name}: {:.3?} for the sizes without", start.elapsed());
            for without in dropped {
                println!("  {}: {}", without.restriction, without.win_set);
            }
        }
    }
    println!("{:.3?} in all", begin.elapsed());
}

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if names == ["belief"] {
        belief();
        return;
    }
    let only = match &names[..] {
        [word, part] if word == "case" => Some(part.as_str()),
        [] => None,
        files => return self::files(files),
    };
    let case = |name, issues, options, parties, pairs, no_deal, ratifiers| Case {
        name,
        issues,
        options,
        parties,
        pairs,
        no_deal,
        ratifiers,
    };
    let cases = [
        case("390,625 packages, additive", 8, 5, 2, false, 0.0, 0),
        case("10 million packages, additive", 7, 10, 2, false, 0.0, 0),
        case(
            "three parties, 5.8 million packages",
            8,
            7,
            3,
            false,
            0.0,
            0,
        ),
        case("15 issues x 5 options, additive", 15, 5, 2, false, 0.0, 0),
        case("100 issues x 4 options, additive", 100, 4, 2, false, 0.0, 0),
        case(
            "12 issues x 4 options, all pairs interact",
            12,
            4,
            2,
            true,
            0.0,
            0,
        ),
        case(
            "the same, no deal at half, two ratifiers",
            12,
            4,
            2,
            true,
            0.5,
            2,
        ),
        case(
            "12 x 4 additive, no deal at half, two ratifiers",
            12,
            4,
            2,
            false,
            0.5,
            2,
        ),
        case("15 x 5 additive, no deal at half", 15, 5, 2, false, 0.5, 0),
    ];
    let options = AnalyseOptions {
        ties_listed: 1,
        ..AnalyseOptions::default()
    };
    for case in cases {
        if only.is_some_and(|part| !case.name.contains(part)) {
            continue;
        }
        let talks = talks(&case);
        let mut best = Duration::MAX;
        let mut runs = 0;
        let begin = Instant::now();
        let answer = loop {
            let start = Instant::now();
            let answer = talks.analyse(&options).expect("within the default limits");
            best = best.min(start.elapsed());
            runs += 1;
            if runs >= 1000 || begin.elapsed() > Duration::from_millis(300) {
                break answer;
            }
        };
        println!(
            "{}: {best:.3?} (best of {runs}), {} points on the frontier, {} packages in the win-set",
            case.name,
            answer.frontier.len(),
            answer.better_for_all
        );
    }
    if only.is_none() {
        belief();
    }
}

/// Offers of a party that concedes: what it wants is drawn, and it offers what is nearest to what it aspires to.
fn belief() {
    let (issues, options, horizon) = (6usize, 5usize, 50usize);
    let mut numbers = Numbers(20_250_501);
    let values: Vec<Vec<f64>> = (0..issues)
        .map(|_| (0..options).map(|_| numbers.next()).collect())
        .collect();
    let package = |k: usize| -> Vec<u16> {
        (0..issues)
            .map(|i| (k / options.pow(i as u32) % options) as u16)
            .collect()
    };
    let payoff = |k: usize| -> f64 {
        let chosen = values.iter().zip(package(k));
        chosen.map(|(row, o)| row[usize::from(o)]).sum()
    };
    let all: Vec<f64> = (0..options.pow(issues as u32)).map(payoff).collect();
    let (low, high) = all
        .iter()
        .fold((f64::MAX, f64::MIN), |(l, h), p| (l.min(*p), h.max(*p)));
    let offer = |round: usize| {
        let share = 1.0 - 0.5 * round as f64 / (horizon - 1) as f64;
        let aspired = low + share * (high - low);
        let off = |k: &usize| (all[*k] - aspired).abs();
        let nearest = (0..all.len()).min_by(|a, b| off(a).total_cmp(&off(b)));
        Package::from(package(nearest.expect("there are packages")))
    };
    let issue = |i: usize| Issue {
        name: format!("issue {i}"),
        options: (0..options).map(|o| format!("option {o}")).collect(),
    };
    let trace = Trace::new(
        (0..issues).map(issue).collect(),
        horizon,
        (0..horizon).map(offer).collect(),
    )
    .expect("offers within the issues");
    let options = LearnOptions::default();
    let mut best = Duration::MAX;
    for _ in 0..10 {
        let start = Instant::now();
        let learned = learn(&trace, &options).expect("within range");
        best = best.min(start.elapsed());
        assert!(learned.posterior.draws >= options.draws);
    }
    println!(
        "belief from {horizon} offers, {} draws: {best:.3?} (best of 10)",
        options.draws
    );
}
