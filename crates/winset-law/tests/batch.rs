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
    Assessment, Bare, Batch, Country, Currency, Entry, Found, GoodsCode, Law, LawError, Money,
    Owed, Schedule,
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

static LAW: LazyLock<Law> = LazyLock::new(|| {
    let table = Set::UsSchedule.table().unwrap();
    common::law(Schedule::from_table(common::us(), &table).unwrap())
});

/// Where goods enter, and what may be said of them there.
struct Border {
    importer: Country,
    law: &'static Law,
    codes: Vec<GoodsCode>,
    origins: [&'static str; 14],
    claims: [&'static str; 6],
}

static US: LazyLock<Border> = LazyLock::new(|| Border {
    importer: common::us(),
    law: &LAW,
    codes: codes(Set::UsSchedule, [6, 8, 10]),
    origins: ORIGINS,
    claims: ["USMCA", "KORUS", "USJTA", "S", "JP", "KR"],
});

/// Its preferences have seasons, and parties of a time.
static JP: LazyLock<Border> = LazyLock::new(|| {
    static JAPAN: LazyLock<Law> = LazyLock::new(common::japan);
    Border {
        importer: "JP".parse().unwrap(),
        law: &JAPAN,
        // Poultry and fruit, where seasons are, and some of everything.
        codes: codes(Set::JpSchedule, [6, 8, 9])
            .into_iter()
            .enumerate()
            .filter(|(place, code)| {
                let heading = code.prefix(4).plain();
                place % 100 == 0 || ["0207", "0805", "0809"].contains(&heading.as_str())
            })
            .map(|(_, code)| code)
            .collect(),
        origins: [
            "AU", "US", "TR", "BR", "VN", "GB", "DE", "CL", "NZ", "CN", "KR", "MX", "BD", "RU",
        ],
        claims: ["EPA-AU", "GSP", "CPTPP", "RCEP", "USJTA", "LDC"],
    }
});

fn codes(set: Set, digits: [usize; 3]) -> Vec<GoodsCode> {
    let table = set.table().unwrap();
    let mut codes: Vec<GoodsCode> = Vec::new();
    for text in table.text_slice("code").unwrap() {
        let code: GoodsCode = text.parse().unwrap();
        codes.extend(digits.map(|digits| code.prefix(digits)));
    }
    codes.push("00000000".parse().unwrap());
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[derive(Clone, Debug)]
struct Asked {
    code: prop::sample::Index,
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
        few(2, 6),
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
                    code,
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

fn entry(a: &Asked, border: &Border) -> (Entry, Option<Date>) {
    let value = Decimal::new(a.value.0, a.value.1);
    let origin: Country = border.origins[a.origin].parse().unwrap();
    let money = Money::new(value, border.importer.currency().unwrap());
    let goods = *a.code.get(&border.codes);
    let mut entry = Entry::new(border.importer, goods, origin, day(a.day), money);
    if let Some((quantity, unit)) = a.quantity {
        entry = entry.quantity(Decimal::new(quantity, 1), ["", "kg", "No.", "t"][unit]);
    }
    for (of, per_cent) in &a.content {
        let of = ["steel", "aluminum", "copper"][*of];
        entry = entry.content(of, value * Decimal::new(*per_cent, 2));
    }
    for claim in &a.claims {
        entry = entry.claim(border.claims[*claim]);
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
            let mut said = format!("{}=", n.name());
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
    fn it_says_what_the_law_says(asked in proptest::collection::vec(asked(), 1..40)) {
        says_what_the_law_says(&asked, &US)?;
    }

    #[test]
    fn it_says_what_the_law_of_japan_says(asked in proptest::collection::vec(asked(), 1..40)) {
        says_what_the_law_says(&asked, &JP)?;
    }
}

fn says_what_the_law_says(asked: &[Asked], border: &Border) -> Result<(), TestCaseError> {
    let mut entries: Vec<(Entry, Option<Date>)> = asked.iter().map(|a| entry(a, border)).collect();
    for a in asked {
        // At the same places through the seasons, with each claim, and with nothing stated.
        let claims = (0..border.claims.len()).chain([0, 0, 1, 1]);
        for (claim, season) in claims.zip([0, 2, 4, 1, 3, 5, 2, 4, 0, 4]) {
            let claimed = Asked {
                claims: vec![claim],
                content: Vec::new(),
                facts: Vec::new(),
                loaded: None,
                known: None,
                day: 91 + a.day % 61 + 61 * season,
                ..a.clone()
            };
            entries.push(entry(&claimed, border));
        }
        let plain = Asked {
            quantity: None,
            content: Vec::new(),
            claims: Vec::new(),
            facts: Vec::new(),
            loaded: None,
            value: (a.value.0.abs() / 3 + 1, 2),
            ..a.clone()
        };
        entries.push(entry(&plain, border));
        let twice = Asked {
            value: (plain.value.0 * 7, 2),
            day: plain.day + 1,
            ..plain
        };
        entries.push(entry(&twice, border));
    }
    let law = border.law;
    let expected: Vec<String> = entries
        .iter()
        .map(|(e, known)| of_law(law.assess(e, *known)))
        .collect();
    let mut batch = law.batch();
    for ((entry, known), expected) in entries.iter().zip(&expected) {
        prop_assert_eq!(
            &of_batch(batch.assess(entry, *known)),
            expected,
            "{:?}",
            entry
        );
    }
    for mut batch in [batch, law.batch()] {
        let mut all = Vec::new();
        at_once(&mut batch, &entries, |owed| all.push(of_batch(owed)));
        prop_assert_eq!(&all, &expected);
    }
    Ok(())
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

/// What is owed on each entry, in order: by plans that are looked up at once, where they answer.
fn at_once(
    batch: &mut Batch<'_>,
    entries: &[(Entry, Option<Date>)],
    mut tell: impl FnMut(Result<Owed<'_>, LawError>),
) {
    let mut bare = |(entry, known): &(Entry, Option<Date>)| {
        let stated = batch.stated(entry)?;
        Some(entry.bare(*known)?.stating(stated))
    };
    let bare: Vec<Option<Bare>> = entries.iter().map(&mut bare).collect();
    let some: Vec<Bare> = bare.iter().flatten().copied().collect();
    let mut found = Found::default();
    batch.find(&some, &mut found);
    let mut place = 0;
    for ((entry, known), bare) in entries.iter().zip(bare) {
        let by_plan = bare.and_then(|bare| {
            place += 1;
            batch.by_plan(&found, place - 1, &bare, || {
                entry.stated_quantity().cloned()
            })
        });
        match by_plan {
            Some(owed) => tell(owed),
            None => tell(batch.assess(entry, *known)),
        }
    }
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
    at_once(&mut batch, &entries, |owed| {
        let (entry, known) = &entries[told];
        told += 1;
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
