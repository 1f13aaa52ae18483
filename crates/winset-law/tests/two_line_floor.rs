//! The reading that the law leaves open of an article on two lines under a floor of 15 per cent.

mod common;

use jiff::civil::date;
use winset_law::{Assessment, Currency, Entry, Money, Reason};

/// An excavator bucket of Japan (8431.41.00, free) or a hinge (8302.10.60, 3.5 %), a fifth of it steel.
fn answer(reading: Option<&str>) -> Assessment {
    let mut law = common::shipped::LAW.clone();
    if let Some(option) = reading {
        law = law.reading("two-line-floor", option).unwrap();
    }
    let value = Money::new(1_000.into(), Currency::USD);
    let goods = "8302.10.60".parse().unwrap();
    let entry = Entry::new(
        common::us(),
        goods,
        "JP".parse().unwrap(),
        date(2025, 10, 1),
        value,
    );
    law.assess(&entry.content("steel", 200.into()), None)
        .unwrap()
}

fn floor(answer: &Assessment) -> String {
    let part = answer
        .components
        .iter()
        .find(|c| &*c.measure == "us-reciprocal-japan");
    part.unwrap().amount.normalize().to_string()
}

#[test]
fn by_itself_each_line_bears_its_share_of_the_base_duty() {
    // 15 % of 800 less 3.5 % of 800.
    assert_eq!(floor(&answer(None)), "92");
    assert_eq!(floor(&answer(Some("line"))), "92");
}

#[test]
fn read_the_other_way_the_base_duty_of_the_article_counts() {
    // 15 % of 800 less 3.5 % of 1,000.
    assert_eq!(floor(&answer(Some("article"))), "85");
}

#[test]
fn the_trace_says_how_it_is_read() {
    let answer = answer(None);
    let step = answer
        .trace
        .iter()
        .find(|s| &*s.measure == "two-line-floor");
    let reads = Reason::Reads("line".into(), "article".into());
    assert_eq!(step.map(|s| &s.because), Some(&reads));
}
