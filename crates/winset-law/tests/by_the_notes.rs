//! What the notes of chapter 99 and of the acts leave out, case by case: totals worked out by hand from the texts.

mod common;

use common::shipped::{LAW, entry};
use jiff::civil::Date;
use rust_decimal::Decimal;
use winset_law::Entry;

/// Goods, origin, entry date, content, facts; what is owed on 10,000 USD, and where it stands.
const CASES: &[[&str; 7]] = &[
    // Derivatives of metal from the United States are declared under a heading of section 232 and owe nothing there.
    [
        "7318.15.20",
        "BR",
        "2025-09-20",
        "steel=6000",
        "us_melted=true",
        "400",
        "notes 2(v)(vii) and 2(x)(vi)",
    ],
    [
        "7318.15.20",
        "IN",
        "2025-09-20",
        "steel=6000",
        "us_melted=true",
        "1000",
        "notes 2(v)(vii) and 2(z)(iv)",
    ],
    [
        "7318.15.20",
        "CN",
        "2025-09-20",
        "steel=6000",
        "us_melted=true",
        "4900",
        "note 2(v)(vii); fentanyl and 301 on all",
    ],
    [
        "7616.99.51.90",
        "IN",
        "2025-09-20",
        "aluminum=6000",
        "us_smelted=true",
        "1250",
        "notes 2(v)(ix) and 2(z)(vi)",
    ],
    [
        "7318.15.20",
        "JP",
        "2025-08-20",
        "steel=8000",
        "us_melted=true",
        "300",
        "note 2(v)(vii)",
    ],
    [
        "7318.15.20",
        "JP",
        "2025-05-20",
        "",
        "us_melted=true",
        "0",
        "note 2(v)(vii) before June: the whole article",
    ],
    [
        "7318.15.20",
        "JP",
        "2025-08-20",
        "steel=8000",
        "",
        "4300",
        "not of the United States: 50 per cent of the steel",
    ],
    // Chapter 98.
    [
        "4202.21.90",
        "JP",
        "2025-05-20",
        "",
        "chapter_98=true",
        "900",
        "note 2(v)(i)",
    ],
    [
        "4202.21.90",
        "BR",
        "2025-09-20",
        "",
        "chapter_98=true",
        "900",
        "notes 2(v)(i) and 2(x)(i)",
    ],
    [
        "4202.21.90",
        "IN",
        "2025-09-20",
        "",
        "chapter_98=true",
        "900",
        "notes 2(v)(i) and 2(z)(i)",
    ],
    [
        "4202.21.90",
        "VN",
        "2025-09-20",
        "",
        "chapter_98_share=0.5",
        "1900",
        "note 2(v)(i): the value of the work pays",
    ],
    // Section 122.
    [
        "4202.21.90",
        "JP",
        "2026-03-20",
        "",
        "accompanied_baggage=true",
        "900",
        "note 2(aa)(i)",
    ],
    [
        "8483.40.90",
        "JP",
        "2026-04-20",
        "",
        "motorcycle_part=true",
        "250",
        "note 2(aa)(v)(1), heading 9903.82.13",
    ],
    // In transit.
    [
        "6911.10.38",
        "VN",
        "2025-06-10",
        "",
        "loaded=2025-04-04",
        "600",
        "heading 9903.01.28, which has no end",
    ],
    // However a material is written.
    [
        "7606.12.30",
        "JP",
        "2025-08-20",
        "aluminium=8000",
        "",
        "4540",
        "note 19",
    ],
    [
        "7318.15.20",
        "JP",
        "2025-08-20",
        "Steel=8000",
        "",
        "4300",
        "note 16",
    ],
];

fn stated(mut entry: Entry, content: &str, facts: &str, claims: &str) -> Entry {
    let parts = |text: &str| -> Vec<(String, String)> {
        let parts = text.split(';').filter_map(|part| part.split_once('='));
        parts.map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    };
    for (of, value) in parts(content) {
        entry = entry.content(&of, value.parse().unwrap());
    }
    for (name, value) in parts(facts) {
        entry = match name.as_str() {
            "loaded" => entry.loaded(value.parse().unwrap()),
            _ => entry.fact(&name, &value).unwrap(),
        };
    }
    claims
        .split(';')
        .filter(|claim| !claim.is_empty())
        .fold(entry, Entry::claim)
}

#[test]
fn what_the_notes_leave_out_is_not_owed() {
    let mut wrong = Vec::new();
    for [goods, origin, on, content, facts, total, source] in CASES {
        let entry = stated(
            entry(goods, origin, on.parse().unwrap(), "10000"),
            content,
            facts,
            "",
        );
        let alone = LAW.assess(&entry, None).unwrap();
        assert_eq!(
            LAW.batch().assess(&entry, None).unwrap().total,
            alone.total.amount
        );
        if alone.total.amount != total.parse::<Decimal>().unwrap() {
            let got = alone.total.amount;
            wrong.push(format!(
                "{goods} {origin} {on} {content} {facts}: {got}, not {total} ({source})"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A slip in a name must not count as a statement of zero.
#[test]
fn what_no_duty_asks_about_is_refused() {
    let on: Date = "2025-08-20".parse().unwrap();
    for (goods, content, facts, said) in [
        (
            "7318.15.20",
            "iron=8000",
            "",
            "no duty is on a content of `iron`: state aluminum, copper, steel",
        ),
        (
            "9403.20.00.86",
            "steel=8000;aluminum=8000",
            "",
            "the value of the materials together is 16000",
        ),
        (
            "8481.80.90",
            "",
            "us_share=true",
            "the fact `us_share` is true: it must be a number",
        ),
    ] {
        let entry = stated(entry(goods, "JP", on, "10000"), content, facts, "");
        let error = LAW.assess(&entry, None).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        assert_eq!(
            LAW.batch().assess(&entry, None).unwrap_err().to_string(),
            error
        );
    }
    // A part that some rate is on is none of them.
    let watch = stated(
        entry("9101.11.40", "JP", on, "10000"),
        "case=2000;battery=100",
        "",
        "",
    );
    let error = LAW
        .assess(&watch, None)
        .err()
        .map(|error| error.to_string());
    assert!(error.is_none_or(|error| !error.contains("no duty is on")));
}

#[test]
fn the_processing_fee_hangs_neither_on_a_void_claim_nor_on_the_next_notice() {
    let fee = |goods: &str, origin: &str, on: &str, claims: &str, known: Option<&str>| {
        let entry = stated(
            entry(goods, origin, on.parse().unwrap(), "10000"),
            "",
            "",
            claims,
        );
        let known = known.map(|day| day.parse().unwrap());
        let answer = LAW.assess(&entry, known).unwrap();
        let fees: Decimal = answer.fees.iter().map(|fee| fee.amount).sum();
        assert_eq!(LAW.batch().assess(&entry, known).unwrap().fees, fees);
        fees.to_string()
    };
    assert_eq!(
        fee("6109.10.00", "JP", "2025-10-01", "USMCA", None),
        "34.64"
    );
    assert_eq!(
        fee("6109.10.00", "CN", "2025-10-01", "KORUS", None),
        "34.64"
    );
    assert_eq!(fee("6109.10.00", "MX", "2025-10-01", "USMCA", None), "0");
    assert_eq!(fee("6109.10.00", "KR", "2025-10-01", "KR", None), "0");
    assert_eq!(
        fee("6911.10.38", "VN", "2025-10-01", "", Some("2025-07-22")),
        "34.64"
    );
    assert_eq!(fee("6911.10.38", "VN", "2025-10-01", "", None), "34.64");
}
