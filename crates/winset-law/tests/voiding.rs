//! A measure that a court holds void: `[[voiding]]`.

mod common;

use jiff::civil::{Date, date};
use winset_io::Source;
use winset_law::{Assumptions, Currency, Entry, Law, Money, RateOf, Reason};

const RULING: &str = r#"
format = 1

[[act]]
id = "ruling"
title = "The tariffs are not authorised"
signed = 2025-05-28
source = "a court"
confidence = "V"

[[voiding]]
measure = "us-reciprocal-10"
stopped = 2025-07-01
act = "ruling"
"#;

fn law() -> Law {
    common::law(common::small_schedule())
        .with(&[Source::new("ruling.toml", RULING)])
        .unwrap()
}

/// The additional rate on valves from Japan: 10 % while the measure is in force.
fn additional(law: &Law, on: Date, known_on: Option<Date>) -> f64 {
    let of = RateOf {
        importer: common::us(),
        goods: "8481.80.90".parse().unwrap(),
        origin: "JP".parse().unwrap(),
        on,
        known_on,
        base_if_unknown: None,
    };
    let assumptions = Assumptions::default();
    let rate = law.rate(&of, &assumptions).unwrap();
    let tariff = law.tariff(of.importer, on, known_on, &assumptions).unwrap();
    assert_eq!(tariff.rate(of.goods, of.origin, None).unwrap(), rate);
    rate.additional
}

/// Whether the ten per cent are owed; no other answer is right.
fn owed(on: Date, known_on: Option<Date>) -> bool {
    let found = additional(&law(), on, known_on);
    assert!(
        found.abs() < 1e-12 || (found - 0.10).abs() < 1e-12,
        "{found}"
    );
    found > 0.05
}

#[test]
fn before_the_ruling_is_known_the_duty_is_owed() {
    assert!(owed(date(2025, 4, 16), Some(date(2025, 5, 27))));
}

#[test]
fn once_known_as_void_it_was_never_owed() {
    assert!(!owed(date(2025, 4, 16), Some(date(2025, 5, 28))));
}

#[test]
fn without_a_day_of_knowledge_what_was_collected_stays() {
    assert!(owed(date(2025, 6, 30), None));
    assert!(!owed(date(2025, 7, 1), None));
}

#[test]
fn the_trace_names_the_ruling() {
    let value = Money::new(1_000.into(), Currency::USD);
    let (goods, origin) = ("8481.80.90".parse().unwrap(), "JP".parse().unwrap());
    let entry = Entry::new(common::us(), goods, origin, date(2025, 4, 16), value);
    let answer = law().assess(&entry, Some(date(2025, 6, 1))).unwrap();
    let mut steps = answer.trace.iter();
    let step = steps
        .find(|step| *step.measure == *"us-reciprocal-10")
        .unwrap();
    assert!(matches!(step.because, Reason::Voided) && !step.applied);
    assert_eq!(&*step.source, "a court");
}

#[test]
fn a_ruling_on_no_measure_says_so() {
    let wrong = RULING.replace("us-reciprocal-10", "us-reciprocal-1");
    let law = common::law(common::small_schedule());
    let problems = law
        .with(&[Source::new("ruling.toml", wrong)])
        .unwrap_err()
        .to_string();
    assert!(
        problems.contains("no measure `us-reciprocal-1`"),
        "{problems}"
    );
}
