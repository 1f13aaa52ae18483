//! The dossier's law at its turning points: two dates, suspension, precedence, exemptions.

mod common;

use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use winset_io::Source;
use winset_law::{Assessment, Currency, Entry, Law, Money, Reason};

fn entry(goods: &str, origin: &str, on: Date) -> Entry {
    let value = Money::new(10_000.into(), Currency::USD);
    Entry::new(
        common::us(),
        goods.parse().unwrap(),
        origin.parse().unwrap(),
        on,
        value,
    )
}

fn ask(law: &Law, goods: &str, origin: &str, on: Date, known: Option<Date>) -> Assessment {
    law.assess(&entry(goods, origin, on), known).unwrap()
}

fn per_cent(a: &Assessment) -> Decimal {
    (a.effective_rate.unwrap() * Decimal::ONE_HUNDRED).normalize()
}

fn law() -> Law {
    common::law(common::small_schedule())
}

#[test]
fn the_answer_depends_on_what_was_known() {
    let law = law();
    let toys = |on, known| per_cent(&ask(&law, "9503.00.00", "JP", on, Some(known)));
    let july = date(2025, 7, 10);
    assert_eq!(toys(july, date(2025, 4, 1)), 0.into(), "before EO 14257");
    assert_eq!(toys(july, date(2025, 4, 8)), 24.into());
    assert_eq!(
        toys(july, date(2025, 4, 9)),
        24.into(),
        "suspended, but only to 9 July"
    );
    assert_eq!(toys(july, date(2025, 4, 16)), 24.into());
    assert_eq!(
        toys(date(2025, 7, 8), date(2025, 4, 16)),
        10.into(),
        "still suspended"
    );
    assert_eq!(
        toys(date(2025, 7, 9), date(2025, 4, 16)),
        24.into(),
        "the suspension lapses by itself"
    );
    assert_eq!(
        toys(july, date(2025, 7, 8)),
        10.into(),
        "extended on 7 July"
    );
    let parts = ask(
        &law,
        "8708.30.50",
        "JP",
        date(2025, 5, 3),
        Some(date(2025, 4, 16)),
    );
    assert_eq!(per_cent(&parts), "27.5".parse().unwrap());
    assert_eq!(parts.headings(), ["9903.94.05"]);
}

#[test]
fn the_one_day_of_24_per_cent() {
    let law = law();
    for (day, rate, heading) in [
        (5, 10, "9903.01.25"),
        (8, 10, "9903.01.25"),
        (9, 24, "9903.01.53"),
        (10, 10, "9903.01.25"),
    ] {
        let a = ask(&law, "9503.00.00", "JP", date(2025, 4, day), None);
        assert_eq!(
            (per_cent(&a), a.headings()),
            (rate.into(), vec![heading]),
            "{day} April"
        );
    }
}

#[test]
fn china_moves_from_34_to_84_to_125() {
    let law = law();
    let toys = |day, known| per_cent(&ask(&law, "9503.00.00", "CN", date(2025, 4, day), known));
    assert_eq!(toys(9, Some(date(2025, 4, 7))), 54.into(), "20 and 34");
    assert_eq!(toys(9, None), 104.into());
    assert_eq!(toys(10, None), 145.into());
}

#[test]
fn cars_pay_no_reciprocal_duty_and_nothing_of_metals() {
    let law = law();
    let car = ask(&law, "8703.23.01", "JP", date(2025, 4, 16), None);
    assert_eq!(
        (per_cent(&car), car.headings()),
        ("27.5".parse().unwrap(), vec!["9903.94.01"])
    );
    let step = car
        .trace
        .iter()
        .find(|s| *s.measure == *"us-reciprocal-10")
        .unwrap();
    assert_eq!(step.because, Reason::Yields("us-232-cars".into()));
    // What makes it yield, not what prevails.
    assert!(
        step.source.starts_with("EO 14257 s. 3(b)"),
        "{}",
        step.source
    );
    // Bumper stampings are a derivative of aluminium too: both, until EO 14289 spoke.
    let bumper = |known| per_cent(&ask(&law, "8708.10.30.30", "JP", date(2025, 5, 3), known));
    assert_eq!(bumper(Some(date(2025, 4, 16))), "52.5".parse().unwrap());
    assert_eq!(bumper(None), "27.5".parse().unwrap());
}

#[test]
fn a_car_exempt_by_age_pays_the_reciprocal_duty() {
    let entry = entry("8703.23.01", "JP", date(2025, 4, 16))
        .fact("over_25_years", "true")
        .unwrap();
    let a = law().assess(&entry, None).unwrap();
    assert_eq!(a.headings(), ["9903.01.25", "9903.94.04"]);
}

#[test]
fn steel_and_aluminium_before_and_after_12_march() {
    let law = law();
    let steel = |day| ask(&law, "7208.39.00", "JP", date(2025, 3, day), None);
    assert_eq!(steel(11).total.amount, Decimal::ZERO);
    assert_eq!(&*steel(11).needs[0].fact, "over_quota");
    assert_eq!(steel(11).needs[0].total_if_yes, Some(2_500.into()));
    assert_eq!(
        (per_cent(&steel(12)), steel(12).headings()),
        (25.into(), vec!["9903.81.87"])
    );
    assert_eq!(
        per_cent(&ask(&law, "7606.12.30", "JP", date(2025, 3, 11), None)),
        13.into()
    );
    assert_eq!(
        per_cent(&ask(&law, "7606.12.30", "JP", date(2025, 3, 12), None)),
        28.into()
    );
    assert_eq!(
        per_cent(&ask(&law, "7606.12.30", "EU", date(2025, 3, 11), None)),
        3.into()
    );
    assert_eq!(
        per_cent(&ask(&law, "7606.12.30", "RU", date(2025, 3, 12), None)),
        // 70 per cent in place of column 2 (9903.90.09), and 200 per cent under section 232.
        270.into()
    );
}

#[test]
fn derivatives_pay_on_metal_content() {
    let law = law();
    let fan = |on, content: Option<i64>| {
        let mut e = entry("8414.59.65.90", "JP", on);
        if let Some(value) = content {
            e = e.content("aluminum", value.into());
        }
        law.assess(&e, None).unwrap()
    };
    let april = date(2025, 4, 16);
    assert_eq!(
        fan(april, Some(4_000)).total.amount,
        1_230.into(),
        "230 + 25 % of 4,000"
    );
    assert_eq!(
        fan(april, None).total.amount,
        2_730.into(),
        "unknown content: the whole value"
    );
    assert_eq!(&*fan(april, None).needs[0].fact, "content:aluminum");
    assert_eq!(
        fan(april, Some(0)).total.amount,
        1_230.into(),
        "no metal: the reciprocal duty on all of it"
    );
    let june = fan(date(2025, 6, 4), Some(4_000));
    assert_eq!(
        june.total.amount,
        2_830.into(),
        "230 + 50 % of 4,000 + 10 % of the rest"
    );
}

#[test]
fn exemptions_and_what_the_law_needs_to_know() {
    let law = law();
    let april = date(2025, 4, 20);
    assert_eq!(
        ask(&law, "3004.90.92", "JP", april, None).headings(),
        ["9903.01.32"]
    );
    let laptop = |known| {
        per_cent(&ask(
            &law,
            "8471.30.01",
            "JP",
            date(2025, 4, 6),
            Some(known),
        ))
    };
    assert_eq!(laptop(date(2025, 4, 10)), 10.into());
    assert_eq!(
        laptop(date(2025, 4, 11)),
        0.into(),
        "retroactive to 5 April"
    );
    let toys = ask(&law, "9503.00.00", "JP", april, None);
    let loaded = toys.needs.iter().find(|n| &*n.fact == "loaded").unwrap();
    assert_eq!(loaded.total_if_yes, Some(Decimal::ZERO));
    let toys = |share: &str| {
        let e = entry("9503.00.00", "JP", april)
            .fact("us_share", share)
            .unwrap();
        law.assess(&e, None).unwrap().total.amount
    };
    assert_eq!(toys("0.25"), 750.into());
    assert_eq!(toys("0.19"), 1_000.into());
}

#[test]
fn north_america_and_column_2() {
    let law = law();
    let valve = |origin: &str, on, claim: Option<&str>| {
        let mut e = entry("8481.80.90", origin, on);
        if let Some(claim) = claim {
            e = e.claim(claim);
        }
        per_cent(&law.assess(&e, None).unwrap())
    };
    assert_eq!(valve("CA", date(2025, 2, 10), None), 2.into(), "paused");
    assert_eq!(valve("CA", date(2025, 3, 5), Some("USMCA")), 25.into());
    assert_eq!(valve("CA", date(2025, 3, 7), Some("USMCA")), 0.into());
    assert_eq!(
        valve("MX", date(2025, 4, 16), None),
        27.into(),
        "no reciprocal duty"
    );
    assert_eq!(valve("RU", date(2025, 4, 16), None), 45.into());
    assert_eq!(valve("RU", date(2025, 4, 16), Some("KR")), 45.into());
    // Steel of Canada: both duties, until EO 14289 gave the first to prevail; from June the other way.
    let steel = |on, known| per_cent(&ask(&law, "7208.39.00", "CA", on, known));
    assert_eq!(steel(date(2025, 4, 16), Some(date(2025, 4, 16))), 50.into());
    assert_eq!(steel(date(2025, 4, 16), None), 25.into());
    assert_eq!(steel(date(2025, 6, 4), None), 50.into());
}

#[test]
fn amendments_are_options_on_the_table() {
    let law = law();
    let deal = Source::new(
        "deal.toml",
        "format = 1\n\
         act = [{ id = \"deal\", title = \"Draft\", signed = 2025-04-16, source = \"draft\", confidence = \"V\" }]\n\
         amendment = [\n\
         { measure = \"us-232-cars\", origins = [\"JP\"], from = \"2025-07-09\", rate = \"15% inclusive\", act = \"deal\" },\n\
         { measure = \"us-reciprocal-country\", origins = [\"JP\"], from = \"2025-07-09\", ends = true, act = \"deal\" },\n\
         ]\n",
    );
    let with = law.with(&[deal]).unwrap();
    let known = Some(date(2025, 4, 16));
    let rate = |law: &Law, goods: &str, origin: &str| {
        per_cent(&ask(law, goods, origin, date(2025, 7, 9), known))
    };
    assert_eq!(rate(&with, "8703.23.01", "JP"), 15.into());
    assert_eq!(
        rate(&with, "8704.21.01", "JP"),
        25.into(),
        "a base above the floor stays"
    );
    assert_eq!(rate(&with, "8703.23.01", "KR"), "27.5".parse().unwrap());
    assert_eq!(rate(&with, "9503.00.00", "JP"), 10.into());
    assert_eq!(
        rate(&law, "9503.00.00", "JP"),
        24.into(),
        "the law itself is as it was"
    );
    assert_eq!(rate(&with, "9503.00.00", "MY"), 24.into());
}

#[test]
fn what_is_not_in_the_data_is_an_error() {
    let law = law();
    let ask = |goods: &str, on, known| {
        law.assess(&entry(goods, "JP", on), known)
            .unwrap_err()
            .to_string()
    };
    assert!(ask("9503.00.00", date(2026, 10, 7), None).contains("law not in the data"));
    // Japan is held to September 2026, India to 8 June.
    let india = entry("9503.00.00", "IN", date(2026, 6, 9));
    assert!(
        law.assess(&india, None)
            .unwrap_err()
            .to_string()
            .contains("law not in the data")
    );
    assert!(ask("9503.00.00", date(2024, 12, 31), None).contains("law not in the data"));
    assert!(ask("0101.21.00", date(2025, 4, 16), None).contains("no line 0101.21.00"));
    assert!(ask("2709.00.20", date(2025, 4, 16), None).contains("quantity in bbl"));
    // As known in April, the law of August is known: it is the law of April.
    assert!(
        law.assess(
            &entry("9503.00.00", "JP", date(2025, 8, 7)),
            Some(date(2025, 4, 16))
        )
        .is_ok()
    );
}

#[test]
fn specific_duties_need_their_unit() {
    let law = law();
    let oil = |unit: &str| {
        law.assess(
            &entry("2709.00.20", "SA", date(2025, 2, 1)).quantity(100.into(), unit),
            None,
        )
    };
    assert_eq!(oil("bbl").unwrap().total.amount, "10.5".parse().unwrap());
    assert_eq!(oil("").unwrap().total.amount, "10.5".parse().unwrap());
    assert!(oil("kg").unwrap_err().to_string().contains("per bbl"));
}
