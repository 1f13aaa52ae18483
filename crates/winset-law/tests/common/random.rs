//! Random entries on the law that ships: all origins, lines, days and facts.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use winset_law::{Country, Currency, Entry, GoodsCode, Money};

use super::facts::{conditions, state};
use super::shipped::CODES;

/// To the last day of any origin; entries of an origin that is no longer held have no answer.
const LAST: Date = date(2026, 9, 2);

static CONDITIONS: LazyLock<Vec<String>> = LazyLock::new(conditions);

/// Goods, origin, day and what is stated, in shares of the value: an entry of any size.
#[derive(Clone, Debug)]
pub struct Asked {
    pub goods: GoodsCode,
    pub origin: Country,
    pub on: Date,
    /// Metal in per cent of the value, each.
    pub content: Option<[u32; 3]>,
    /// Conditions that are met.
    pub stated: Vec<usize>,
    pub share: u32,
}

pub fn asked() -> impl Strategy<Value = Asked> {
    let metals_and_cars =
        |code: &GoodsCode| [22, 30, 72, 73, 74, 76, 84, 85, 87, 94].contains(&code.chapter());
    let few: Vec<GoodsCode> = CODES.iter().copied().filter(metals_and_cars).collect();
    let goods = prop_oneof![
        proptest::sample::select(few),
        proptest::sample::select(CODES.clone())
    ];
    let known = [
        "JP", "CN", "CA", "MX", "GB", "KR", "DE", "EU", "CH", "TW", "BR", "IN", "RU", "VN",
    ];
    let known: Vec<Country> = known.map(|c| c.parse().unwrap()).to_vec();
    let origin = prop_oneof![
        2 => proptest::sample::select(known),
        1 => proptest::sample::select(Country::all().collect::<Vec<_>>())
    ];
    let first = date(2025, 1, 1);
    let days = first.until(LAST).unwrap().get_days();
    let on = (0..=days).prop_map(move |d| first.checked_add(d.days()).unwrap());
    let content = proptest::option::of([0..34u32, 0..34u32, 0..33u32]);
    let stated = proptest::collection::vec(0..CONDITIONS.len(), 0..4);
    (goods, origin, on, content, stated, 0..=100u32).prop_map(
        |(goods, origin, on, content, stated, share)| Asked {
            goods,
            origin,
            on,
            content,
            stated,
            share,
        },
    )
}

/// So many, the same in each run.
pub fn samples(count: usize) -> Vec<Asked> {
    let mut runner = TestRunner::deterministic();
    let strategy = asked();
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

pub fn entry(a: &Asked, dollars: i64) -> Entry {
    let value = Decimal::from(dollars);
    let of = |per_cent: u32| value * Decimal::new(per_cent.into(), 2);
    let money = Money::new(value, Currency::USD);
    let mut entry = Entry::new(super::us(), a.goods, a.origin, a.on, money).quantity(value, "");
    if let Some([steel, aluminum, copper]) = a.content {
        entry = entry
            .content("steel", of(steel))
            .content("aluminum", of(aluminum))
            .content("copper", of(copper));
    }
    let share = Decimal::new(a.share.into(), 2).to_string();
    a.stated.iter().fold(entry, |entry, condition| {
        state(entry, &CONDITIONS[*condition], Some(&share))
    })
}
