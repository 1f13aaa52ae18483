//! What must hold of the law that ships, whatever the entry: all origins, lines, days and facts.

mod common;

use std::collections::HashMap;
use std::fmt::Write as _;

use common::random::{Asked, asked, entry, samples};
use common::shipped::{EMPTY, LAW, with};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;
use winset_io::Source;
use winset_law::{Assessment, Law, Reason};

const FAR: Date = date(2099, 12, 31);

/// The answer, where there is one: not on lines whose text needs another line, or that the day does not have.
fn assess(law: &Law, a: &Asked, dollars: i64, known: Option<Date>) -> Option<Assessment> {
    law.assess(&entry(a, dollars), known).ok()
}

fn base(answer: &Assessment) -> Option<Decimal> {
    let base = answer.components.iter().find(|c| &*c.measure == "base");
    base.map(|c| c.amount)
}

/// The shipped files, changed as tables.
fn changed(mut change: impl FnMut(&mut toml::Table)) -> Vec<Source> {
    let changed = common::files().into_iter().map(|file| {
        let mut table: toml::Table = file.text().parse().unwrap();
        change(&mut table);
        Source::new(file.name(), toml::to_string(&table).unwrap())
    });
    changed.collect()
}

fn compile(files: &[Source]) -> Law {
    EMPTY.with(files).unwrap_or_else(|p| panic!("{p}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn no_duty_is_negative_and_the_total_is_the_sum(a in asked(), dollars in 0i64..10_000_000) {
        let Some(answer) = assess(&LAW, &a, dollars, None) else { return Ok(()) };
        let mut sum = Decimal::ZERO;
        for component in &answer.components {
            prop_assert!(component.amount >= Decimal::ZERO, "{component:?}");
            prop_assert!(component.basis >= Decimal::ZERO && component.basis <= answer.value.amount, "{component:?}");
            sum += component.amount;
        }
        prop_assert_eq!(sum, answer.total.amount);
        prop_assert!(answer.payable.amount >= Decimal::ZERO);
        prop_assert!(answer.fees.iter().all(|f| f.amount >= Decimal::ZERO));
        prop_assert!(answer.needs.iter().all(|n| n.total_if_yes.is_none_or(|t| t >= Decimal::ZERO)));
        // To the cent, and never further from the exact sum than the cents of its parts.
        prop_assert_eq!(answer.payable.amount, answer.payable.amount.round_dp(2));
    }

    #[test]
    fn an_inclusive_rate_is_the_larger_of_floor_and_base(a in asked(), dollars in 1i64..1_000_000) {
        let Some(answer) = assess(&LAW, &a, dollars, None) else { return Ok(()) };
        let Some(base) = base(&answer) else { return Ok(()) };
        prop_assert!(answer.total.amount >= base);
        for c in answer.components.iter().filter(|c| c.rate.ends_with("inclusive") && !c.amount.is_zero()) {
            let fraction: Decimal = c.rate.trim_end_matches("% inclusive").parse().unwrap();
            let of_base = base * (c.basis / answer.value.amount);
            let floor = fraction / Decimal::ONE_HUNDRED * c.basis;
            prop_assert_eq!((of_base + c.amount).round_dp(12), floor.max(of_base).round_dp(12));
        }
    }

    #[test]
    fn splitting_an_entry_keeps_the_sum(a in asked(), hundreds in 1i64..10_000, part in 1i64..100) {
        // Whole dollars, and metal contents that divide by a hundred, so that every part is in proportion.
        let dollars = hundreds * 10_000;
        let first = dollars / 100 * part;
        let answers = [dollars, first, dollars - first].map(|d| assess(&LAW, &a, d, None));
        let [Some(whole), Some(one), Some(other)] = answers else { return Ok(()) };
        let parts = one.total.amount + other.total.amount;
        prop_assert_eq!(whole.total.amount.round_dp(12), parts.round_dp(12));
        // What is paid differs by the half cents of each duty.
        let paid = one.payable.amount + other.payable.amount;
        let duties = [&whole, &one, &other].map(|answer| answer.components.len());
        let cents = Decimal::new(5 * duties.iter().sum::<usize>() as i64, 3);
        prop_assert!((whole.payable.amount - paid).abs() <= cents, "{} and {paid}", whole.payable.amount);
    }
}

#[test]
fn the_samples_reach_most_measures() {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut answered = 0;
    for a in samples(20_000) {
        let Some(answer) = assess(&LAW, &a, 10_000, None) else {
            continue;
        };
        answered += 1;
        for step in answer.trace.iter().filter(|s| s.because == Reason::Owed) {
            *seen.entry(step.measure.to_string()).or_default() += 1;
        }
    }
    let all = LAW.measures().count();
    println!(
        "{answered} of 20,000 answered; {} of {all} measures owed in some",
        seen.len()
    );
    assert!(answered > 15_000 && seen.len() > 85);
}

/// A suspension changes nothing before it and nothing after it; while it holds, its measure says so.
#[test]
fn what_lapses_restores_exactly() {
    let measures: Vec<String> = LAW.measures().map(|m| m.id().to_owned()).collect();
    let samples = samples(1_000);
    let (mut inside, mut outside) = (0, 0);
    for (number, measure) in measures.iter().enumerate().step_by(17) {
        let from = date(2025, 2, 1).saturating_add((number as i32 * 3).days());
        let until = from.saturating_add(60.days());
        let law = with(&format!(
            "format = 1\nact = [{{ id = \"s\", title = \"S\", signed = 2025-01-01, source = \"s\", confidence = \"V\" }}]\n\
             suspension = [{{ measure = \"{measure}\", from = {from}, until = {until}, act = \"s\" }}]\n"
        ));
        for a in &samples {
            let [Some(with), Some(without)] = [&law, &LAW].map(|l| assess(l, a, 10_000, None))
            else {
                continue;
            };
            if a.on < from || a.on >= until {
                assert_eq!(with, without, "{measure} {from} {until}");
                outside += 1;
            } else {
                let mut steps = with.trace.iter();
                let step = steps.find(|s| *s.measure == **measure).unwrap();
                assert!(
                    !step.applied && !matches!(step.because, Reason::Owed),
                    "{step:?}"
                );
                inside += 1;
            }
        }
    }
    assert!(inside > 200 && outside > 5_000, "{inside} {outside}");
}

/// The same of the suspensions that ship: without one, the law is as it was on all days but its own.
#[test]
fn a_shipped_suspension_taken_out_changes_its_own_days_only() {
    let samples = samples(1_000);
    let mut windows = Vec::new();
    changed(|table| {
        let all = table.get("suspension").and_then(toml::Value::as_array);
        windows.extend(all.into_iter().flatten().cloned());
    });
    assert!(windows.len() >= 8);
    let day = |record: &toml::Value, key: &str| -> Date {
        record[key]
            .as_datetime()
            .unwrap()
            .to_string()
            .parse()
            .unwrap()
    };
    let mut changed_days = 0;
    for window in &windows {
        let (from, until) = (day(window, "from"), day(window, "until"));
        let files = changed(|table| {
            if let Some(all) = table.get_mut("suspension").and_then(|v| v.as_array_mut()) {
                all.retain(|record| record != window);
            }
        });
        let law = compile(&files);
        for a in &samples {
            let [Some(with), Some(without)] = [&law, &LAW].map(|l| assess(l, a, 10_000, None))
            else {
                continue;
            };
            if a.on < from || a.on >= until {
                assert_eq!(with, without, "{window}");
            } else if with.total != without.total {
                changed_days += 1;
            }
        }
    }
    assert!(changed_days > 30, "{changed_days}");
}

/// Neither the order of files nor of records in them, nor of periods in a measure, shows in any answer or trace.
#[test]
fn order_decides_nothing() {
    fn shuffle<T>(items: &mut [T], state: &mut u64) {
        for i in (1..items.len()).rev() {
            *state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            items.swap(i, (*state >> 33) as usize % (i + 1));
        }
    }
    let samples = samples(4_000);
    for seed in 1..=3u64 {
        let mut random = seed;
        let mut files = changed(|table| {
            for records in table.iter_mut().filter_map(|(_, v)| v.as_array_mut()) {
                shuffle(records, &mut random);
                for record in records.iter_mut().filter_map(toml::Value::as_table_mut) {
                    if let Some(periods) = record.get_mut("period").and_then(|v| v.as_array_mut()) {
                        shuffle(periods, &mut random);
                    }
                }
            }
        });
        shuffle(&mut files, &mut random);
        let law = compile(&files);
        for (number, a) in samples.iter().enumerate() {
            let known = [None, Some(a.on), Some(date(2025, 4, 16)), Some(FAR)][number % 4];
            assert_eq!(
                assess(&law, a, 10_000, known),
                assess(&LAW, a, 10_000, known),
                "seed {seed}"
            );
        }
    }
}

/// With no day of knowledge all acts count, as if known far in the future, but for what a court found void: that
/// was collected and is not paid back.
#[test]
fn no_day_of_knowledge_is_the_far_future_but_for_voidings() {
    let kept = compile(&changed(|table| {
        table.remove("voiding");
    }));
    let unlike = |law: &Law, a: &Asked| {
        let now = assess(law, a, 10_000, None)?;
        let mut far = assess(law, a, 10_000, Some(FAR))?;
        (far.known_on, far.refund) = (None, None);
        (now != far).then_some((now, far))
    };
    let voided = |answer: &Assessment| answer.trace.iter().any(|s| s.because == Reason::Voided);
    let mut refunds = 0;
    for a in samples(6_000) {
        assert!(unlike(&kept, &a).is_none(), "{a:?}");
        if let Some((now, far)) = unlike(&LAW, &a) {
            assert!(voided(&far), "{a:?}");
            assert!(a.on < date(2026, 2, 24), "{a:?}");
            refunds += usize::from(far.total.amount < now.total.amount);
        }
    }
    assert!(refunds > 1_000, "{refunds}");
}

/// A rate that is raised, without a change of what it is (five points more), never lowers what is owed on an
/// entry that it covers. It holds because precedence hangs on whether a duty is owed, not on how much; a rate
/// raised from nothing could.
#[test]
fn a_raised_rate_never_lowers_the_total() {
    /// These end for some of their goods only.
    const PARTLY: [&str; 2] = ["us-232-metals-1b", "us-232-metals-1b-uk"];
    let mut reached: HashMap<String, Vec<(Asked, Decimal)>> = HashMap::new();
    for a in samples(25_000) {
        let Some(answer) = assess(&LAW, &a, 10_000, None) else {
            continue;
        };
        for step in answer.trace.iter() {
            if matches!(
                step.because,
                Reason::Owed | Reason::NothingDue | Reason::Yields(_)
            ) {
                let of = reached.entry(step.measure.to_string()).or_default();
                if of.len() < 120 {
                    of.push((a.clone(), answer.total.amount));
                }
            }
        }
    }
    let (mut raised, mut compared, mut more, mut wrong) = (0, 0, 0, String::new());
    for measure in LAW.measures().filter(|m| !PARTLY.contains(&m.id())) {
        let periods: Vec<_> = measure.periods().collect();
        let charges: Vec<_> = periods
            .iter()
            .filter_map(|(f, t, rate, _)| Some((*f, *t, (*rate)?)))
            .collect();
        let ends = periods
            .iter()
            .filter(|(.., rate, _)| rate.is_none())
            .map(|(from, ..)| *from)
            .min();
        let [(from, to, rate)] = charges.as_slice() else {
            continue;
        };
        // A rate that the files do not hold cannot be raised.
        let Some((number, kind)) = rate.split_once('%').filter(|_| !rate.starts_with("see "))
        else {
            continue;
        };
        let higher = number.parse::<Decimal>().unwrap() + Decimal::from(5);
        let Some(entries) = reached.get(measure.id()) else {
            continue;
        };
        let to = ends.unwrap_or(*to).min(date(2030, 1, 1));
        let law = with(&format!(
            "format = 1\nact = [{{ id = \"r\", title = \"R\", signed = 2099-01-01, source = \"r\", confidence = \"V\" }}]\n\
             amendment = [{{ measure = \"{}\", from = {from}, to = {to}, rate = \"{higher}%{kind}\", act = \"r\" }}]\n",
            measure.id()
        ));
        raised += 1;
        for (a, before) in entries {
            let after = assess(&law, a, 10_000, None).unwrap().total.amount;
            compared += 1;
            more += usize::from(after > *before);
            if after < *before {
                let _ = writeln!(
                    wrong,
                    "{}: {before} falls to {after} on {a:?}",
                    measure.id()
                );
            }
        }
    }
    println!("{raised} measures raised, {compared} entries compared, {more} owe more");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(raised > 40 && more > 1_000, "{raised} {more}");
}
