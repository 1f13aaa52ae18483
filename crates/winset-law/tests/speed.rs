//! How long an answer takes; run with `--ignored --nocapture` on a quiet machine.

mod common;

use std::hint::black_box;
use std::time::Instant;

use jiff::civil::date;
use winset_law::{Assumptions, Currency, Entry, Money, RateOf};

#[test]
#[ignore = "a measurement"]
fn microseconds_an_answer() {
    let start = Instant::now();
    let law = common::law(common::small_schedule());
    println!("measure files compile in {:?}", start.elapsed());
    let (us, japan) = (common::us(), "JP".parse().unwrap());
    let goods = "8481.80.90".parse().unwrap();
    let (on, known_on) = (date(2025, 7, 10), Some(date(2025, 4, 16)));
    let entry = Entry::new(
        us,
        goods,
        japan,
        on,
        Money::new(10_000.into(), Currency::USD),
    );
    let rounds = 100_000u32;
    let start = Instant::now();
    for _ in 0..rounds {
        black_box(law.assess(black_box(&entry), known_on).unwrap());
    }
    let traced = start.elapsed() / rounds;
    let of = RateOf {
        importer: us,
        goods,
        origin: japan,
        on,
        known_on,
        base_if_unknown: None,
    };
    let assumptions = Assumptions::default();
    let start = Instant::now();
    for _ in 0..rounds {
        black_box(law.rate(black_box(&of), &assumptions).unwrap());
    }
    let untraced = start.elapsed() / rounds;
    println!("traced {traced:?}, untraced {untraced:?}");
    assert!(traced.as_micros() < 100 && untraced < traced);
}
