//! What the duty collected in 2024 tells of preferences and base rates, against the figures themselves.

mod common;

use std::sync::LazyLock;

use common::shipped::LAW;
use jiff::civil::{Date, date};
use winset_data::Set;
use winset_law::averages::{Averages, Bases, Trade};
use winset_law::{Assumptions, Country};

const START: Date = date(2025, 1, 1);

static READ: LazyLock<(Trade, Assumptions)> = LazyLock::new(|| {
    let table = Set::UsImports2024.table().unwrap();
    let mut trade = Trade::from_table(&table, date(2024, 1, 1)).unwrap();
    let mut assumptions = Assumptions::default();
    let shares = Set::UsmcaShares.table().unwrap();
    assumptions.claim_shares("USMCA", &shares).unwrap();
    LAW.read_collected(common::us(), &mut trade, START, &mut assumptions)
        .unwrap();
    (trade, assumptions)
});

fn averages(trade: &Trade, on: Date, assumptions: &Assumptions) -> Averages {
    let bases = Bases::Schedule;
    LAW.averages(common::us(), trade, on, Some(on), bases, assumptions)
        .unwrap()
}

fn of(averages: &Averages, origin: &str) -> f64 {
    averages.by_origin[&origin.parse::<Country>().unwrap()].weighted()
}

fn collected(trade: &Trade, origin: &str) -> f64 {
    let origin: Country = origin.parse().unwrap();
    let cells = trade.cells().iter().filter(|cell| cell.origin == origin);
    let (value, duty) = cells.fold((0.0, 0.0), |(value, duty), cell| {
        (value + cell.value, duty + cell.duty.unwrap_or(0.0))
    });
    duty / value
}

/// Of partners with an agreement nearly all enters free: on the first day of 2025 they pay what they paid in 2024, and not
/// the ordinary rate, within a twentieth of a point (Korea within a tenth: measures on aluminum have no share that is free).
#[test]
fn partners_with_an_agreement_pay_what_was_collected() {
    let (trade, assumptions) = &*READ;
    let read = averages(trade, START, assumptions);
    let plain = averages(trade, START, &Assumptions::default());
    for (origin, within) in [
        ("AU", 0.0005),
        ("SG", 0.0007),
        ("CL", 0.0005),
        ("KR", 0.001),
    ] {
        let (read, paid) = (of(&read, origin), collected(trade, origin));
        assert!(
            (read - paid).abs() < within,
            "{origin}: {read}, collected {paid}"
        );
        assert!(of(&plain, origin) > paid + 0.004, "{origin}");
    }
    // Without an agreement little is claimed.
    let (japan, paid) = (of(&read, "JP"), collected(trade, "JP"));
    assert!((japan - paid).abs() < 0.001, "{japan}, collected {paid}");
}

/// Cars of Korea are free under its agreement: 25 % added to nothing and 15 % in all, not 25 + 2.5.
#[test]
fn what_enters_free_pays_what_is_added_to_nothing() {
    let (trade, assumptions) = &*READ;
    let tariff = LAW
        .tariff(common::us(), date(2025, 4, 10), None, assumptions)
        .unwrap();
    let rate = tariff
        .rate(
            "8703.23.01.40".parse().unwrap(),
            "KR".parse().unwrap(),
            None,
        )
        .unwrap();
    assert!((0.25..0.2505).contains(&rate.total()), "{rate:?}");
    assert!(trade.cells().len() > 100_000);
}

/// Africa's programme lapsed on 30 September 2025 and was renewed in February 2026: who asks between sees the ordinary rate.
#[test]
fn a_preference_that_has_lapsed_is_not_claimed() {
    let (_, assumptions) = &*READ;
    let base = |on: Date| {
        let tariff = LAW.tariff(common::us(), on, Some(on), assumptions).unwrap();
        let (car, origin) = ("8703.23.01.40".parse().unwrap(), "ZA".parse().unwrap());
        tariff.rate(car, origin, None).unwrap().base
    };
    assert!(base(date(2025, 9, 1)) < 0.001, "{}", base(date(2025, 9, 1)));
    assert!((base(date(2025, 12, 1)) - 0.025).abs() < 1e-12);
}

/// Trade that somebody brings may have codes of six or eight digits, or lines that are new: they have the share of what lies
/// below the code.
#[test]
fn shorter_codes_and_new_lines_have_the_share_of_their_heading() {
    let (_, assumptions) = &*READ;
    let tariff = LAW
        .tariff(common::us(), START, Some(START), assumptions)
        .unwrap();
    for code in ["8703.23.01", "8703.23.01.40", "8703.23.01.99"] {
        let rate = tariff.rate(code.parse().unwrap(), "KR".parse().unwrap(), None);
        let rate = rate.unwrap();
        assert!(rate.base < 0.001, "{code}: {rate:?}");
    }
    // The same as the law itself says.
    let of = winset_law::RateOf {
        importer: common::us(),
        goods: "8703.23.01.40".parse().unwrap(),
        origin: "KR".parse().unwrap(),
        on: START,
        known_on: Some(START),
        base_if_unknown: None,
    };
    let of_law = LAW.rate(&of, assumptions).unwrap();
    assert_eq!(of_law, tariff.rate(of.goods, of.origin, None).unwrap());
}

/// Hats of China pay list 3 of section 301 on top of a compound base duty: what was collected holds both, and it is not
/// counted twice.
#[test]
fn what_measures_added_is_not_counted_twice() {
    let (trade, assumptions) = &*READ;
    let read = averages(trade, date(2025, 1, 20), assumptions);
    let china: Country = "CN".parse().unwrap();
    let at = trade
        .cells()
        .iter()
        .position(|cell| cell.origin == china && cell.goods == "6505.00.80.90".parse().unwrap());
    let at = at.unwrap();
    let (cell, rate) = (trade.cells()[at], read.cells[at].as_ref().unwrap());
    assert!((rate.additional - 0.25).abs() < 1e-12, "{rate:?}");
    assert!(
        (rate.total() - cell.collected().unwrap()).abs() < 1e-9,
        "{rate:?}"
    );
    // Crude oil of Canada, most of which claims the USMCA: the rest bears all that was collected.
    let canada: Country = "CA".parse().unwrap();
    let at = trade
        .cells()
        .iter()
        .position(|cell| cell.origin == canada && cell.goods == "2709.00.10.00".parse().unwrap());
    let at = at.unwrap();
    let (cell, rate) = (trade.cells()[at], read.cells[at].as_ref().unwrap());
    assert!(
        (rate.base - cell.collected().unwrap()).abs() < 1e-6,
        "{rate:?}, {cell:?}"
    );
}
