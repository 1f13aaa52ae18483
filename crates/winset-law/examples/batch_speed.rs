//! How many entries a second a batch assesses, in memory and on one thread.
//!
//! `cargo run --release -p winset-law --example batch_speed -- [ENTRIES]` on a quiet machine: random entries
//! of the codes of the schedule, 60 origins and 500 days, of which nothing but the value is stated.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use winset_data::Set;
use winset_io::{Source, Table};
use winset_law::{Bare, Country, Currency, Found, GoodsCode, Law, Money, Schedule};

const ORIGINS: &str = "CN MX CA JP DE VN KR TW IE IN IT CH GB FR TH MY BE BR ID NL SG IL AT ES AU PL ZA CL CO HU SE TR \
    CZ PH DK RU AR BD PE NZ NO KH PT FI SA EC HK SK CR GT RO DO HN PK LK NI JO SI BG SV";

/// How many entries are looked up at once: as many as a file is read in.
const BLOCK: usize = 1 << 16;

/// The law of the United States that ships.
fn law() -> Result<(Law, Vec<GoodsCode>), Box<dyn Error>> {
    let (mut files, mut lists) = (Vec::new(), Vec::new());
    for (inside, text) in winset_data::law::files("us") {
        match inside
            .strip_prefix("lists/")
            .and_then(|n| n.strip_suffix(".csv"))
        {
            Some(name) => {
                lists.push((name, Table::from_csv_with_remarks(inside, text.as_bytes())?));
            }
            None => files.push(Source::new(inside, text)),
        }
    }
    let lists: Vec<(&str, &Table)> = lists.iter().map(|(n, t)| (*n, t)).collect();
    let table = Set::UsSchedule.table()?;
    let mut codes = Vec::new();
    for code in table.text_slice("code")? {
        let code: GoodsCode = code.parse()?;
        if code.digits() >= 8 && code.chapter() < 98 {
            codes.push(code);
        }
    }
    codes.sort_unstable();
    codes.dedup();
    let schedule = Schedule::from_table("US".parse()?, &table)?;
    Ok((Law::compile(&files, &lists, vec![schedule])?, codes))
}

/// The next of a sequence of numbers without pattern (splitmix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Seconds that this thread ran, which others on the machine do not lengthen; by the clock where the
/// system does not tell.
fn ran(since: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|t| t.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| since.elapsed().as_secs_f64(), |n| n / 1e9)
}

fn main() -> Result<(), Box<dyn Error>> {
    let count: usize = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 2_000_000,
    };
    let (law, codes) = law()?;
    let us: Country = "US".parse()?;
    let mut origins: Vec<Country> = Vec::new();
    for origin in ORIGINS.split_whitespace() {
        origins.push(origin.parse()?);
    }
    let days: Vec<Date> = (0..500)
        .map(|i| date(2025, 1, 1).checked_add(i.days()))
        .collect::<Result<_, _>>()?;
    let mut state = 1;
    let mut pick = |n: usize| (next(&mut state) % n as u64) as usize;
    let entries: Vec<Bare> = (0..count)
        .map(|_| {
            let value = Money::new(
                Decimal::new(100 + pick(100_000_000) as i64, 2),
                Currency::USD,
            );
            let (goods, origin) = (codes[pick(codes.len())], origins[pick(origins.len())]);
            let on = days[pick(days.len())];
            Bare::new(us, goods, origin, (on, None), value)
        })
        .collect::<Option<_>>()
        .ok_or("an entry that is not bare")?;
    println!(
        "{} codes, {} origins, {} days, {count} entries",
        codes.len(),
        origins.len(),
        days.len()
    );
    let (mut batch, mut found) = (law.batch(), Found::default());
    let clock = Instant::now();
    for run in ["first pass", "second pass", "third pass", "fourth pass"] {
        let start = ran(clock);
        let (mut told, mut sum) = (0, Decimal::ZERO);
        for some in entries.chunks(BLOCK) {
            batch.find(some, &mut found);
            for (place, entry) in some.iter().enumerate() {
                match batch.by_plan(&found, place, entry, || None) {
                    Some(Ok(owed)) => sum += black_box(owed).payable,
                    Some(Err(_)) | None => told += 1,
                }
            }
        }
        let seconds = ran(clock) - start;
        println!(
            "{run:12} {seconds:>8.3} s {:>12.0} entries/s, {told} without an answer, {sum} payable",
            count as f64 / seconds
        );
    }
    Ok(())
}
