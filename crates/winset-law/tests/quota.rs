//! A tariff-rate quota with what was left of it: `[[quota]]`.

mod common;

use jiff::civil::{Date, date};
use winset_io::Source;
use winset_law::{Assessment, Currency, Entry, Law, Money, Reason};

const LAW: &str = r#"
format = 1

[[act]]
id = "proclamation"
title = "A quota of valves"
signed = 2025-01-02
source = "Proclamation 1"
confidence = "V"

[[measure]]
id = "valves"
title = "Valves above the quota"
authority = "Section 201"
importer = "US"
heading = "9903.99.01"
origins = ["JP", "DE"]
goods = ["8481"]
rate = "20%"
when = ["over_quota"]
asks = "Was the quota full?"
period = [{ from = 2025-02-01, act = "proclamation" }]

[[quota]]
id = "quota-of-valves"
title = "Valves of Japan, a quarter"
fact = "over_quota"
of = ["valves"]
unit = "t"

[[quota.period]]
from = 2025-02-01
to = 2025-05-01
act = "proclamation"
origins = ["JP"]
volume = "12,000"
position = [{ on = 2025-02-15, left = "800" }, { on = 2025-03-03, left = "0" }]

[[quota.period]]
from = 2025-05-01
to = 2025-08-01
act = "proclamation"
origins = ["JP"]
volume = "12000"
"#;

fn law() -> Law {
    let schedule = common::small_schedule();
    Law::compile(&[Source::new("quota.toml", LAW)], &[], vec![schedule]).unwrap()
}

fn entry(origin: &str, on: Date) -> Entry {
    let value = Money::new(100.into(), Currency::USD);
    let goods = "8481.80.90".parse().unwrap();
    Entry::new(common::us(), goods, origin.parse().unwrap(), on, value)
}

fn answer(entry: &Entry, known_on: Option<Date>) -> Assessment {
    let law = law();
    let answer = law.assess(entry, known_on).unwrap();
    // A batch answers the same.
    let mut batch = law.batch();
    let owed = batch.assess(entry, known_on).unwrap();
    assert_eq!(owed.total, answer.total.amount);
    answer
}

fn total(answer: &Assessment) -> String {
    answer.total.amount.normalize().to_string()
}

/// What the trace says of the quota.
fn told(answer: &Assessment) -> Option<String> {
    let mut steps = answer.trace.iter();
    let step = steps.find(|s| &*s.measure == "quota-of-valves")?;
    assert!(matches!(step.because, Reason::Quota(_)) && &*step.source == "Proclamation 1");
    Some(step.because.to_string())
}

#[test]
fn while_something_is_left_nothing_is_owed_and_nobody_is_asked() {
    let answer = answer(&entry("JP", date(2025, 3, 2)), None);
    assert_eq!((total(&answer).as_str(), answer.needs.len()), ("2", 0));
    assert_eq!(
        told(&answer).as_deref(),
        Some("800 of 12000 t of the quota were left on 2025-02-15")
    );
}

#[test]
fn from_the_day_it_was_full_the_duty_is_owed() {
    let answer = answer(&entry("JP", date(2025, 3, 3)), None);
    assert_eq!((total(&answer).as_str(), answer.needs.len()), ("22", 0));
    assert_eq!(
        told(&answer).as_deref(),
        Some("the quota of 12000 t was full on 2025-03-03")
    );
}

#[test]
fn a_position_counts_once_it_is_known() {
    let answer = answer(&entry("JP", date(2025, 3, 20)), Some(date(2025, 3, 2)));
    assert_eq!(total(&answer), "2");
    assert!(told(&answer).unwrap().starts_with("800 of 12000 t"));
}

#[test]
fn where_nobody_told_the_importer_is_asked() {
    let before = entry("JP", date(2025, 2, 1));
    let next_quarter = entry("JP", date(2025, 5, 1));
    let other_origin = entry("DE", date(2025, 3, 3));
    for entry in [before, next_quarter, other_origin] {
        let answer = answer(&entry, None);
        assert_eq!((total(&answer).as_str(), told(&answer)), ("2", None));
        assert_eq!(&*answer.needs[0].fact, "over_quota");
    }
}

#[test]
fn what_the_importer_states_goes_before_it() {
    let stated = |yes| {
        entry("JP", date(2025, 3, 2))
            .fact("over_quota", yes)
            .unwrap()
    };
    assert_eq!(total(&answer(&stated("true"), None)), "22");
    let full = entry("JP", date(2025, 3, 3));
    let answer = answer(&full.fact("over_quota", "false").unwrap(), None);
    assert_eq!((total(&answer).as_str(), told(&answer)), ("2", None));
}

#[test]
fn wrong_positions_are_shown_where_they_stand() {
    for (right, wrong, said) in [
        (
            r#"left = "800""#,
            r#"left = "12001""#,
            "12001 are left of 12000",
        ),
        (
            "on = 2025-03-03",
            "on = 2025-02-15",
            "2025-02-15 is no day of the period after the position before",
        ),
        (r#"left = "0""#, r#"left = "none""#, "`none` is no amount"),
        (
            r#"of = ["valves"]"#,
            r#"of = ["valve"]"#,
            "no measure `valve`",
        ),
    ] {
        let text = LAW.replacen(right, wrong, 1);
        let file = Source::new("quota.toml", text);
        let problems = Law::compile(&[file], &[], vec![common::small_schedule()]).unwrap_err();
        let shown = problems.0[0].render(false);
        assert!(
            shown.contains(said) && shown.contains("quota.toml:"),
            "{shown}"
        );
    }
}
