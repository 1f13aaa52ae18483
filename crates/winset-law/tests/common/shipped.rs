//! The law and the schedule as they ship, and short ways to ask them.

use std::sync::LazyLock;

use jiff::civil::Date;
use rust_decimal::Decimal;
use winset_data::Set;
use winset_io::{Source, Table};
use winset_law::{Assessment, Currency, Entry, GoodsCode, Law, Money, Schedule};

/// The shipped US law on the shipped schedule.
pub static LAW: LazyLock<Law> = LazyLock::new(|| super::law(schedule()));

/// The ten-digit codes of the shipped schedule, and the lines that have none below them.
pub static CODES: LazyLock<Vec<GoodsCode>> = LazyLock::new(|| {
    let table = Set::UsSchedule.table().unwrap();
    let mut codes: Vec<GoodsCode> = (table.text_slice("code").unwrap().iter())
        .map(|code| code.parse().unwrap())
        .collect();
    codes.sort();
    codes.dedup();
    let last = |i: usize| {
        let next = codes.get(i + 1);
        next.is_none_or(|next| next.prefix(codes[i].digits()) != codes[i])
    };
    (0..codes.len())
        .filter(|i| last(*i))
        .map(|i| codes[i])
        .collect()
});

pub fn schedule() -> Schedule {
    Schedule::from_table(super::us(), &Set::UsSchedule.table().unwrap()).unwrap()
}

/// The schedule and the lists that ship, without any law: files added to it are compiled on them.
pub static EMPTY: LazyLock<Law> = LazyLock::new(|| {
    let lists = super::lists();
    let lists: Vec<(&str, &Table)> = lists.iter().map(|(n, t)| (n.as_str(), t)).collect();
    Law::compile(&[], &lists, vec![schedule()]).unwrap()
});

/// The shipped law with a further file.
pub fn with(text: &str) -> Law {
    LAW.with(&[Source::new("further.toml", text)])
        .unwrap_or_else(|problems| panic!("{problems}"))
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn entry(goods: &str, origin: &str, on: Date, value: &str) -> Entry {
    Entry::new(
        super::us(),
        goods.parse().unwrap(),
        origin.parse().unwrap(),
        on,
        Money::new(decimal(value), Currency::USD),
    )
}

pub fn ask(entry: &Entry, known: Option<Date>) -> Assessment {
    LAW.assess(entry, known).unwrap_or_else(|e| panic!("{e}"))
}

/// What is owed on 100 dollars of goods: per cent of their value.
pub fn per_cent(goods: &str, origin: &str, on: Date, known: Option<Date>) -> Decimal {
    let entry = entry(goods, origin, on, "100");
    ask(&entry, known).total.amount.normalize()
}

/// The duty under a heading; zero where it is not declared.
pub fn under(answer: &Assessment, heading: &str) -> Decimal {
    let mut components = answer.components.iter();
    let found = components.find(|c| c.heading.as_deref() == Some(heading));
    found.map_or(Decimal::ZERO, |c| c.amount.normalize())
}

/// The duties under each authority that owes something, the base duty first, in the order in which they are
/// declared.
pub fn owed(answer: &Assessment) -> Vec<(String, String)> {
    let components = answer.components.iter();
    let owed = components.filter(|c| !c.amount.is_zero());
    owed.map(|c| {
        let name = if &*c.measure == "base" {
            "base"
        } else {
            &*c.authority
        };
        (name.to_owned(), c.amount.normalize().to_string())
    })
    .collect()
}
