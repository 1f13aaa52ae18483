//! What must hold whatever the entry: no negative duty, floors, splitting, order of files.

mod common;

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;
use winset_io::{Source, Table};
use winset_law::{Assessment, Currency, Entry, Law, Money};

const GOODS: [&str; 13] = [
    "84818090",
    "61091000",
    "87032301",
    "87042101",
    "87083050",
    "8708103030",
    "72083900",
    "76061230",
    "8414596590",
    "30049092",
    "84713001",
    "95030000",
    "22041000",
];
const ORIGINS: [&str; 10] = ["JP", "CN", "CA", "MX", "DE", "GB", "RU", "KR", "VN", "EU"];

static LAW: LazyLock<Law> = LazyLock::new(|| common::law(common::small_schedule()));

/// Japan's cars and all its other goods at 15 per cent inclusive.
static FLOOR: LazyLock<Law> = LazyLock::new(|| {
    let text = "format = 1\n\
        act = [{ id = \"deal\", title = \"D\", signed = 2025-04-16, source = \"draft\", confidence = \"V\" }]\n\
        amendment = [\n\
        { measure = \"us-232-cars\", from = 2025-04-03, rate = \"15% inclusive\", act = \"deal\" },\n\
        { measure = \"us-reciprocal-10\", from = 2025-04-05, rate = \"15% inclusive\", act = \"deal\" },\n]\n";
    LAW.with(&[Source::new("deal.toml", text)]).unwrap()
});

#[derive(Clone, Debug)]
struct Asked {
    goods: usize,
    origin: usize,
    day: i32,
    cents: i64,
    metal: Option<i64>,
    share: Option<i64>,
}

fn asked() -> impl Strategy<Value = Asked> {
    (
        0..GOODS.len(),
        0..ORIGINS.len(),
        0..210i32,
        1i64..1_000_000_000,
        proptest::option::of(0i64..=100),
        proptest::option::of(0i64..=100),
    )
        .prop_map(|(goods, origin, day, cents, metal, share)| Asked {
            goods,
            origin,
            day,
            cents,
            metal,
            share,
        })
}

fn day(offset: i32) -> Date {
    date(2025, 1, 1).checked_add(offset.days()).unwrap()
}

fn entry(a: &Asked, cents: i64) -> Entry {
    let value = Decimal::new(cents, 2);
    let mut entry = Entry::new(
        common::us(),
        GOODS[a.goods].parse().unwrap(),
        ORIGINS[a.origin].parse().unwrap(),
        day(a.day),
        Money::new(value, Currency::USD),
    )
    .quantity(value, "");
    if let Some(per_cent) = a.metal {
        entry = entry.content("aluminum", value * Decimal::new(per_cent, 2));
    }
    if let Some(per_cent) = a.share {
        entry = entry
            .fact("us_share", &Decimal::new(per_cent, 2).to_string())
            .unwrap();
    }
    entry
}

fn assess(law: &Law, a: &Asked, cents: i64) -> Assessment {
    law.assess(&entry(a, cents), None).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_duty_is_negative_and_the_total_is_the_sum(a in asked()) {
        let answer = assess(&LAW, &a, a.cents);
        let mut sum = Decimal::ZERO;
        for component in &answer.components {
            prop_assert!(component.amount >= Decimal::ZERO);
            prop_assert!(component.basis >= Decimal::ZERO && component.basis <= answer.value.amount);
            sum += component.amount;
        }
        prop_assert_eq!(sum, answer.total.amount);
        prop_assert_eq!(answer.trace.len(), LAW.measures().count());
    }

    #[test]
    fn an_inclusive_rate_is_never_below_the_base(a in asked()) {
        let answer = assess(&FLOOR, &a, a.cents);
        prop_assert!(answer.total.amount >= answer.components[0].amount);
        // Where only the floor applies to the whole value, the total is the larger of the two.
        let floored = answer.components.iter().any(|c| *c.rate == *"15% inclusive" && c.basis == answer.value.amount);
        if floored && answer.components.iter().filter(|c| !c.amount.is_zero()).count() <= 2
            && !answer.components[1..].iter().any(|c| *c.rate != *"15% inclusive" && !c.amount.is_zero())
        {
            let floor = answer.value.amount * Decimal::new(15, 2);
            prop_assert_eq!(answer.total.amount.normalize(), floor.max(answer.components[0].amount).normalize());
        }
    }

    #[test]
    fn splitting_an_entry_keeps_the_sum(a in asked(), part in 1i64..99) {
        // Cents that divide by a hundred keep every share exact.
        let cents = a.cents / 10_000 * 10_000 + 10_000;
        let first = cents / 100 * part;
        let whole = assess(&LAW, &a, cents).total.amount;
        let parts = assess(&LAW, &a, first).total.amount + assess(&LAW, &a, cents - first).total.amount;
        prop_assert_eq!(whole.round_dp(12), parts.round_dp(12));
    }

    #[test]
    fn what_lapses_restores_exactly(a in asked()) {
        // As known on 16 April, the country rates of 9 April return on 9 July. Automobile parts begin in
        // between.
        let known = Some(date(2025, 4, 16));
        prop_assume!(ORIGINS[a.origin] != "CN" && !GOODS[a.goods].starts_with("8708"));
        let at = |on: Date| {
            let mut asked = a.clone();
            asked.day = date(2025, 1, 1).until(on).unwrap().get_days();
            LAW.assess(&entry(&asked, a.cents), known).unwrap().total
        };
        prop_assert_eq!(at(date(2025, 4, 9)), at(date(2025, 7, 9)));
    }
}

#[test]
fn the_order_of_files_does_not_matter() {
    let mut files = common::files();
    let lists = common::lists();
    let lists: Vec<(&str, &Table)> = lists.iter().map(|(n, t)| (n.as_str(), t)).collect();
    files.reverse();
    let reversed = Law::compile(&files, &lists, vec![common::small_schedule()]).unwrap();
    for goods in 0..GOODS.len() {
        for origin in 0..ORIGINS.len() {
            for day in (0..210).step_by(7) {
                let a = Asked {
                    goods,
                    origin,
                    day,
                    cents: 1_000_000,
                    metal: None,
                    share: None,
                };
                assert_eq!(assess(&LAW, &a, a.cents), assess(&reversed, &a, a.cents));
            }
        }
    }
}
