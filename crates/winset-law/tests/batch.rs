//! A batch answers exactly as the law does, whatever an entry states and in whatever order entries come.

mod common;

use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;
use winset_data::Set;
use winset_law::{
    Assessment, Country, Currency, Entry, GoodsCode, Law, LawError, Money, Owed, Schedule,
};

const ORIGINS: [&str; 14] = [
    "JP", "CN", "CA", "MX", "DE", "GB", "RU", "KR", "VN", "EU", "BR", "IN", "CH", "CU",
];
const FACTS: [&str; 8] = [
    "us_share=0.25",
    "us_share=0.333333",
    "metal_weight_share=0.1",
    "certified=auto_part",
    "informal=true",
    "ocean=true",
    "over_quota=true",
    "ocean=false",
];
const CLAIMS: [&str; 6] = ["USMCA", "KORUS", "USJTA", "S", "JP", "KR"];

static LAW: LazyLock<Law> = LazyLock::new(|| {
    let table = Set::UsSchedule.table().unwrap();
    common::law(Schedule::from_table(common::us(), &table).unwrap())
});

static CODES: LazyLock<Vec<GoodsCode>> = LazyLock::new(|| {
    let table = Set::UsSchedule.table().unwrap();
    let mut codes: Vec<GoodsCode> = Vec::new();
    for text in table.text_slice("code").unwrap() {
        let code: GoodsCode = text.parse().unwrap();
        codes.extend([6, 8, 10].map(|digits| code.prefix(digits)));
    }
    codes.push("00000000".parse().unwrap());
    codes.sort_unstable();
    codes.dedup();
    codes
});

#[derive(Clone, Debug)]
struct Asked {
    code: usize,
    origin: usize,
    day: i32,
    known: Option<i32>,
    value: (i64, u32),
    quantity: Option<(i64, usize)>,
    content: Vec<(usize, i64)>,
    claims: Vec<usize>,
    facts: Vec<usize>,
    loaded: Option<i32>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let value = prop_oneof![
        6 => (1i64..10_000_000_000, Just(2u32)),
        1 => (1i64..100_000_000_000_000, 0u32..9),
        1 => Just((0, 2)),
        1 => Just((-5, 0)),
        1 => (1i64..60, 0u32..3),
    ];
    let few = |most: usize, of: usize| proptest::collection::vec(0..of, 0..most);
    (
        (any::<prop::sample::Index>(), 0..ORIGINS.len(), -40..520i32),
        proptest::option::weighted(0.2, 0..520i32),
        value,
        proptest::option::of((0i64..1_000_000, 0..4usize)),
        proptest::collection::vec((0..3usize, 0i64..=110), 0..3),
        few(2, CLAIMS.len()),
        few(3, FACTS.len()),
        proptest::option::weighted(0.1, 0..520i32),
        any::<[bool; 3]>(),
    )
        .prop_map(
            |(
                (code, origin, day),
                known,
                value,
                quantity,
                content,
                claims,
                facts,
                loaded,
                with,
            )| {
                Asked {
                    code: code.index(CODES.len()),
                    origin,
                    day,
                    known,
                    value,
                    quantity,
                    // Most entries of a file state nothing.
                    content: if with[0] && with[1] {
                        content
                    } else {
                        Vec::new()
                    },
                    claims: if with[1] && with[2] {
                        claims
                    } else {
                        Vec::new()
                    },
                    facts: if with[0] && with[2] {
                        facts
                    } else {
                        Vec::new()
                    },
                    loaded,
                }
            },
        )
}

fn day(offset: i32) -> Date {
    date(2025, 1, 1).checked_add(offset.days()).unwrap()
}

fn entry(a: &Asked) -> (Entry, Option<Date>) {
    let value = Decimal::new(a.value.0, a.value.1);
    let origin: Country = ORIGINS[a.origin].parse().unwrap();
    let money = Money::new(value, Currency::USD);
    let mut entry = Entry::new(common::us(), CODES[a.code], origin, day(a.day), money);
    if let Some((quantity, unit)) = a.quantity {
        entry = entry.quantity(Decimal::new(quantity, 1), ["", "kg", "No.", "t"][unit]);
    }
    for (of, per_cent) in &a.content {
        let of = ["steel", "aluminum", "copper"][*of];
        entry = entry.content(of, value * Decimal::new(*per_cent, 2));
    }
    for claim in &a.claims {
        entry = entry.claim(CLAIMS[*claim]);
    }
    for fact in &a.facts {
        let (name, value) = FACTS[*fact].split_once('=').unwrap();
        entry = entry.fact(name, value).unwrap();
    }
    if let Some(loaded) = a.loaded {
        entry = entry.loaded(day(loaded));
    }
    (entry, a.known.map(day))
}

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

/// All that an answer says, in one text.
fn of_batch(owed: Result<Owed<'_>, LawError>) -> String {
    match owed {
        Err(error) => error.to_string(),
        Ok(owed) => format!(
            "{} {} {} {:?} | {} | {} | {}",
            owed.total.normalize(),
            owed.payable.normalize(),
            owed.fees.normalize(),
            owed.effective_rate.map(|r| r.normalize()),
            text(|out| owed.components(out)),
            text(|out| owed.headings(out)),
            text(|out| owed.needs(out)),
        ),
    }
}

fn of_law(answer: Result<Assessment, LawError>) -> String {
    let answer = match answer {
        Err(error) => return error.to_string(),
        Ok(answer) => answer,
    };
    let owed = answer.components.iter();
    let components: Vec<String> = owed
        .filter(|c| !c.amount.is_zero() || &*c.measure == "base")
        .map(|c| format!("{}={}", c.measure, c.amount.normalize()))
        .collect();
    let needs: Vec<String> = (answer.needs.iter())
        .map(|n| {
            let mut said = format!("{}=", n.fact);
            match n.total_if_yes {
                Some(total) => write!(said, "{}", total.normalize()).unwrap(),
                None => said.push('?'),
            }
            said
        })
        .collect();
    format!(
        "{} {} {} {:?} | {} | {} | {}",
        answer.total.amount.normalize(),
        answer.payable.amount.normalize(),
        answer
            .fees
            .iter()
            .map(|f| f.amount)
            .sum::<Decimal>()
            .normalize(),
        answer.effective_rate.map(|r| r.normalize()),
        components.join(";"),
        answer.headings().join(";"),
        needs.join(";"),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_says_what_the_law_says(asked in proptest::collection::vec(asked(), 1..120)) {
        let mut entries: Vec<(Entry, Option<Date>)> = asked.iter().map(entry).collect();
        // The same places again, with other values and nothing else stated.
        for a in &asked {
            let plain = Asked {
                quantity: None,
                content: Vec::new(),
                claims: Vec::new(),
                facts: Vec::new(),
                loaded: None,
                value: (a.value.0.abs() / 3 + 1, 2),
                ..a.clone()
            };
            entries.push(entry(&plain));
            let twice = Asked { value: (plain.value.0 * 7, 2), day: plain.day + 1, ..plain };
            entries.push(entry(&twice));
        }
        let expected: Vec<String> = entries.iter().map(|(e, known)| of_law(LAW.assess(e, *known))).collect();
        let mut batch = LAW.batch();
        for ((entry, known), expected) in entries.iter().zip(&expected) {
            prop_assert_eq!(&of_batch(batch.assess(entry, *known)), expected, "{:?}", entry);
        }
        let mut all = Vec::new();
        batch.assess_all(&entries, |place, owed| all.push((place, of_batch(owed))));
        prop_assert_eq!(all.len(), expected.len());
        for ((place, said), (i, expected)) in all.iter().zip(expected.iter().enumerate()) {
            prop_assert_eq!((*place, said), (i, expected));
        }
    }
}

#[test]
fn the_rate_is_the_nearest_float() {
    let value = Money::new(Decimal::new(123_456, 2), Currency::USD);
    let code = "84818090".parse().unwrap();
    let entry = Entry::new(
        common::us(),
        code,
        "JP".parse().unwrap(),
        date(2025, 4, 16),
        value,
    );
    let mut batch = LAW.batch();
    let owed = batch.assess(&entry, None).unwrap();
    assert_eq!(owed.rate(), Some(0.12));
}

/// What a batch says of an entry, in words.
fn said(owed: Result<Owed<'_>, LawError>) -> String {
    match owed {
        Ok(owed) => {
            let mut headings = Vec::new();
            owed.headings(&mut headings);
            format!(
                "{} {}",
                owed.total.normalize(),
                String::from_utf8(headings).unwrap()
            )
        }
        Err(error) => error.to_string(),
    }
}

/// What the law says of it, in the same words.
fn by_law(law: &Law, entry: &Entry, known: Option<Date>) -> String {
    match law.assess(entry, known) {
        Ok(answer) => {
            let headings = answer
                .components
                .iter()
                .filter_map(|c| c.heading.as_deref());
            let headings: Vec<&str> = headings.collect();
            format!("{} {}", answer.total.amount.normalize(), headings.join(";"))
        }
        Err(error) => error.to_string(),
    }
}

fn worth(importer: &str, goods: &str, origin: &str, on: Date, value: i64) -> Entry {
    let importer: Country = importer.parse().unwrap();
    let currency = importer.currency().unwrap();
    Entry::new(
        importer,
        goods.parse().unwrap(),
        origin.parse().unwrap(),
        on,
        Money::new(value.into(), currency),
    )
}

/// A preference has its season, and a programme its parties of a time: an answer on one day is none on another.
#[test]
fn claims_are_answered_by_the_day_in_any_order() {
    let law = common::japan();
    let mut entries = Vec::new();
    for (goods, origin, claim) in [
        ("080510000", "AU", "EPA-AU"),
        ("080929000", "AU", "EPA-AU"),
        ("020714100", "TR", "GSP"),
        ("020714100", "BR", "GSP"),
    ] {
        for month in (4..=12).chain(1..=6) {
            let year = if month < 4 || entries.len() % 15 > 8 {
                2026
            } else {
                2025
            };
            for day in [1, 15, 28] {
                let on = date(year, month, day);
                entries.push((worth("JP", goods, origin, on, 10_000).claim(claim), None));
            }
        }
    }
    let expected: Vec<String> = entries
        .iter()
        .map(|(e, known)| by_law(&law, e, *known))
        .collect();
    let distinct: std::collections::BTreeSet<&String> = expected.iter().collect();
    assert!(distinct.len() > 2, "the days differ: {distinct:?}");
    for backwards in [false, true] {
        let mut batch = law.batch();
        let mut order: Vec<usize> = (0..entries.len()).collect();
        if backwards {
            order.reverse();
        }
        for at in order {
            let (entry, known) = &entries[at];
            assert_eq!(said(batch.assess(entry, *known)), expected[at], "{entry:?}");
        }
    }
}

/// Many days as known on many others, with short codes between: more than a batch remembers.
#[test]
fn days_without_number_are_answered_as_one_by_one() {
    let codes = ["848180", "84818090", "870323", "7326908600", "610910"];
    let entries: Vec<(Entry, Option<Date>)> = (0..1_500i32)
        .map(|i| {
            let on = date(2025, 1, 1).checked_add((i * 37 % 500).days()).unwrap();
            let known = date(2025, 1, 1).checked_add((i * 91 % 600).days()).unwrap();
            let code = codes[i as usize % codes.len()];
            (
                worth("US", code, "JP", on, 1_000),
                (i % 7 != 0).then_some(known),
            )
        })
        .collect();
    let mut batch = LAW.batch();
    let mut told = 0;
    batch.assess_all(&entries, |at, owed| {
        told += 1;
        let (entry, known) = &entries[at];
        assert_eq!(
            said(owed),
            by_law(&LAW, entry, *known),
            "{entry:?} {known:?}"
        );
    });
    assert_eq!(told, entries.len());
}

/// One heading is declared once, whichever exemptions stand under it.
#[test]
fn a_heading_is_declared_once() {
    let parts = worth("US", "74130090", "JP", date(2025, 10, 1), 1_000)
        .content("steel", 400.into())
        .fact("civil_aircraft", "true")
        .unwrap();
    assert_eq!(
        said(LAW.batch().assess(&parts, None)),
        by_law(&LAW, &parts, None)
    );
}
