//! The entry date and the day of knowledge, on the reciprocal tariff on Japan: as first enacted, as made right from
//! the first day (EO 14345 s. 2(d)), as found void (*Learning Resources v. Trump*, 20 February 2026).

mod common;

use common::shipped::{LAW, entry, per_cent};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use winset_law::Reason;

const ENTRY: Date = date(2025, 8, 20);

/// Toys (base free), activated mineral products (2.5 %), other woven fabrics of artificial filament (15 %).
const GOODS: [&str; 3] = ["9503.00.00", "3802.90.20", "5408.32.90"];

fn rates(known: Option<Date>) -> [Decimal; 3] {
    GOODS.map(|goods| per_cent(goods, "JP", ENTRY, known))
}

fn expected(texts: [&str; 3]) -> [Decimal; 3] {
    texts.map(|text| text.parse().unwrap())
}

#[test]
fn the_goods_have_the_base_rates_of_the_case() {
    let base = GOODS.map(|goods| per_cent(goods, "JP", date(2025, 1, 15), None));
    assert_eq!(base, expected(["0", "2.5", "15"]));
}

#[test]
fn known_on_the_day_of_entry_it_adds() {
    assert_eq!(rates(Some(ENTRY)), expected(["15", "17.5", "30"]));
    // The last day before the order was signed.
    assert_eq!(
        rates(Some(date(2025, 9, 3))),
        expected(["15", "17.5", "30"])
    );
}

#[test]
fn known_in_september_it_is_a_floor_from_the_first_day() {
    assert_eq!(rates(Some(date(2025, 9, 4))), expected(["15", "15", "15"]));
    assert_eq!(rates(Some(date(2025, 9, 16))), expected(["15", "15", "15"]));
    assert_eq!(rates(Some(date(2026, 2, 19))), expected(["15", "15", "15"]));
}

#[test]
fn known_after_the_ruling_it_was_never_owed() {
    assert_eq!(rates(Some(date(2026, 2, 20))), expected(["0", "2.5", "15"]));
    assert_eq!(rates(Some(date(2026, 2, 24))), expected(["0", "2.5", "15"]));
}

#[test]
fn with_no_day_of_knowledge_what_was_collected_stays() {
    assert_eq!(rates(None), expected(["15", "15", "15"]));
    assert_eq!(per_cent("8481.80.90", "JP", ENTRY, None), Decimal::from(15));
    assert_eq!(
        per_cent("8481.80.90", "JP", ENTRY, Some(date(2026, 2, 24))),
        Decimal::TWO
    );
}

#[test]
fn the_headings_follow_what_was_known() {
    let headings = |goods: &str, known: Option<Date>| {
        let answer = LAW
            .assess(&entry(goods, "JP", ENTRY, "100"), known)
            .unwrap();
        answer
            .headings()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(headings(GOODS[1], Some(ENTRY)), ["9903.02.30"]);
    assert_eq!(headings(GOODS[1], None), ["9903.02.73"]);
    assert_eq!(
        headings(GOODS[2], None),
        ["9903.02.72"],
        "the base reaches the floor"
    );
    assert!(headings(GOODS[1], Some(date(2026, 2, 24))).is_empty());
}

#[test]
fn the_trace_says_not_yet_known_and_then_void() {
    let reason = |known: Date| {
        let answer = LAW
            .assess(&entry(GOODS[0], "JP", ENTRY, "100"), Some(known))
            .unwrap();
        let step = answer
            .trace
            .iter()
            .find(|s| &*s.measure == "us-reciprocal-japan");
        step.unwrap().because.clone()
    };
    assert!(matches!(reason(date(2025, 7, 30)), Reason::NotYetKnown(..)));
    assert_eq!(reason(ENTRY), Reason::Owed);
    assert_eq!(reason(date(2026, 2, 20)), Reason::Voided);
}

#[test]
fn collection_stops_for_entries_of_24_february_2026() {
    let on = |day| per_cent("9503.00.00", "JP", day, None);
    assert_eq!(on(date(2026, 2, 23)), Decimal::from(15));
    // The surcharge of Section 122 takes over.
    assert_eq!(on(date(2026, 2, 24)), Decimal::TEN);
}

/// Fees and rounding follow the latest act too, wherever it stands in the files.
#[test]
fn a_later_act_on_a_fee_or_on_rounding_prevails_in_any_order() {
    let act = |id: &str, signed: &str| {
        format!(
            "[[act]]\nid = \"{id}\"\ntitle = \"T\"\nsigned = {signed}\nsource = \"{id}\"\nconfidence = \"V\"\n"
        )
    };
    let acts = act("old", "2025-01-01") + &act("new", "2025-06-01");
    let rounding = |act: &str, duty: &str| {
        format!(
            "[[rounding]]\nimporter = \"US\"\nfrom = 2025-01-01\nact = \"{act}\"\nduty = \"{duty}\"\n"
        )
    };
    let periods = [
        "{ from = 2025-01-01, act = \"old\", rate = \"1%\" }",
        "{ from = 2025-01-01, act = \"new\", rate = \"2%\" }",
    ];
    let fee = |periods: [&str; 2]| {
        format!(
            "[[fee]]\nid = \"f\"\ntitle = \"F\"\nauthority = \"F\"\nimporter = \"US\"\nperiod = [{}]\n",
            periods.join(", ")
        )
    };
    let both = [rounding("old", "0.01"), rounding("new", "0.1")];
    for turned in [false, true] {
        let (mut both, mut periods) = (both.clone(), periods);
        if turned {
            both.reverse();
            periods.reverse();
        }
        let text = format!("format = 1\n{acts}{}{}", both.concat(), fee(periods));
        let law = common::shipped::EMPTY
            .with(&[winset_io::Source::new("order.toml", text)])
            .unwrap();
        let paid = |known| {
            let answer = law.assess(&entry("8481.80.90", "JP", ENTRY, "1001"), known);
            let answer = answer.unwrap();
            (answer.payable.amount, answer.fees[0].amount)
        };
        let amounts = |duty: &str, fee: &str| (duty.parse().unwrap(), fee.parse().unwrap());
        assert_eq!(paid(None), amounts("20.0", "20.02"));
        assert_eq!(paid(Some(date(2025, 5, 31))), amounts("20.02", "10.01"));
    }
}
