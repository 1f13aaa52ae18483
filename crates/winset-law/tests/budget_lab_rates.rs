//! Daily trade-weighted rates by partner against the series of the Budget Lab at Yale (`rates/`, publication of 9 June 2026, data
//! through HTS 2026 revision 10).
//!
//! Where the series departs from the law, or assumes other averages, it is followed: the module `deviations` holds what it does
//! otherwise as law text and as assumptions, so that the gap that is left is tested on every day. `WINSET_GAPS` prints the
//! days on which a gap moves.

mod common;
mod deviations;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use deviations::{Listed, unzipped};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use winset_io::Table;
use winset_law::averages::{Bases, Trade};
use winset_law::{Assumptions, BaseFrom, Country, Law};

const FIRST: Date = date(2025, 1, 1);
/// Later days of the series are a projection.
const LAST: Date = date(2026, 6, 8);

fn days() -> impl Iterator<Item = Date> {
    FIRST.series(1.day()).take_while(|day| *day <= LAST)
}

/// Imports of 2024 by country, to weight the member states of the Union.
fn by_country(sources: &Path) -> BTreeMap<String, f64> {
    let bytes = std::fs::read(sources.join("us/us_imports_2024_hs2_all_countries.csv")).unwrap();
    let table = Table::from_csv("imports by chapter", &bytes).unwrap();
    let (codes, values) = (
        table.texts("CTY_CODE").unwrap(),
        table.reals("2024_imports").unwrap(),
    );
    let mut out = BTreeMap::new();
    for (code, value) in codes.into_iter().zip(values) {
        *out.entry(code).or_default() += value;
    }
    out
}

/// The published rate of a partner on each day: of the Union, the mean of its members.
fn published(validation: &Path, sources: &Path) -> BTreeMap<Country, BTreeMap<Date, f64>> {
    let bytes = unzipped(&validation.join("rates/by_country_changes.csv.gz"));
    let table = Table::from_csv("by_country_changes", &bytes).unwrap();
    let (dates, codes) = (
        table.texts("date").unwrap(),
        table.texts("country").unwrap(),
    );
    let rates = table.texts("weighted_etr").unwrap();
    let mut changes: BTreeMap<String, BTreeMap<Date, f64>> = BTreeMap::new();
    for row in 0..table.rows() {
        if let Ok(rate) = rates[row].parse() {
            let of = changes.entry(codes[row].clone()).or_default();
            of.insert(dates[row].parse().unwrap(), rate);
        }
    }
    let on = |code: &str, day: Date| {
        let all = changes.get(code)?;
        all.range(..=day).next_back().map(|(_, rate)| *rate)
    };
    let weights = by_country(sources);
    let mut out = BTreeMap::new();
    for country in Country::all() {
        let codes: Vec<&str> = match country.iso2() {
            "EU" => Country::all()
                .filter(|c| c.is_member("EU", FIRST) && c.iso2() != "EU")
                .flat_map(|c| c.census().iter().copied())
                .collect(),
            _ => country.census().to_vec(),
        };
        let mut series = BTreeMap::new();
        for day in days() {
            let (mut duty, mut value) = (0.0, 0.0);
            for code in &codes {
                let weight = weights.get(*code).copied().unwrap_or(1.0);
                if let Some(rate) = on(code, day) {
                    duty += weight * rate;
                    value += weight;
                }
            }
            if value > 0.0 {
                series.insert(day, duty / value);
            }
        }
        out.insert(country, series);
    }
    out
}

/// Our rate of each partner on a day, as fractions, put together as the series puts its own together: a code that is not in the
/// schedule of the day pays nothing but weighs, and a base duty that is no share of value counts as zero.
fn rates_on(
    day: Date,
    law: &Law,
    trade: &Trade,
    assumptions: &Assumptions,
    listed: &Listed,
) -> BTreeMap<Country, f64> {
    let averages = law
        .averages(common::us(), trade, day, None, Bases::Schedule, assumptions)
        .unwrap();
    let mut sums: BTreeMap<Country, (f64, f64)> = BTreeMap::new();
    for (cell, rate) in trade.cells().iter().zip(&averages.cells) {
        let (duty, value) = sums.entry(cell.origin).or_default();
        *value += cell.value;
        if let (Ok(rate), true) = (rate, listed.on(cell.goods, day)) {
            let base = match rate.base_from {
                BaseFrom::Schedule => rate.base,
                BaseFrom::Given => 0.0,
            };
            *duty += cell.value * (base + rate.additional);
        }
    }
    let rates = sums.into_iter().map(|(c, (duty, value))| (c, duty / value));
    rates.collect()
}

fn percentile(mut gaps: Vec<f64>, share: f64) -> f64 {
    gaps.sort_by(f64::total_cmp);
    let last = gaps.len().saturating_sub(1);
    gaps.get((share * last as f64).round() as usize)
        .copied()
        .unwrap_or(0.0)
}

fn trade_of_2024(sources: &Path) -> Trade {
    Trade::from_table(&common::trade_table(sources), date(2024, 1, 1)).unwrap()
}

/// The partners with the largest trade, largest first.
fn largest(trade: &Trade, count: usize) -> Vec<Country> {
    let mut values: BTreeMap<Country, f64> = BTreeMap::new();
    for cell in trade.cells() {
        *values.entry(cell.origin).or_default() += cell.value;
    }
    let mut values: Vec<(Country, f64)> = values.into_iter().collect();
    values.sort_by(|a, b| b.1.total_cmp(&a.1));
    values.truncate(count);
    values.into_iter().map(|(partner, _)| partner).collect()
}

#[test]
fn the_twenty_largest_partners_are_within_a_point() {
    let (Some(validation), Some(sources)) = (
        common::folder("WINSET_VALIDATION"),
        common::folder("WINSET_SOURCES"),
    ) else {
        return;
    };
    let law = deviations::law(&sources);
    let trade = trade_of_2024(&sources);
    let partners = largest(&trade, 20);
    assert_eq!(partners.len(), 20);
    let trade = deviations::trade(&trade).only(|cell| partners.contains(&cell.origin));
    let assumptions = deviations::assumptions(&sources);
    let listed = Listed::read(&sources);
    let theirs = published(&validation, &sources);
    let mut gaps: BTreeMap<Country, Vec<f64>> = BTreeMap::new();
    let mut ours = BTreeMap::new();
    for day in days() {
        if day == FIRST || law.changes_on(day) || listed.changes_on(day) {
            ours = rates_on(day, &law, &trade, &assumptions, &listed);
        }
        for partner in &partners {
            let (ours, theirs) = (100.0 * ours[partner], 100.0 * theirs[partner][&day]);
            let gaps = gaps.entry(*partner).or_default();
            let moves = |last: &f64| (ours - theirs - last).abs() > 0.05;
            if std::env::var_os("WINSET_GAPS").is_some() && gaps.last().is_none_or(moves) {
                println!("  {partner} {day} ours {ours:.2} theirs {theirs:.2}");
            }
            gaps.push(ours - theirs);
        }
    }
    let mut wrong = String::new();
    for partner in &partners {
        let gaps: Vec<f64> = gaps[partner].iter().map(|gap| gap.abs()).collect();
        let most = gaps.iter().copied().fold(0.0, f64::max);
        let (days, p95) = (gaps.len(), percentile(gaps, 0.95));
        let iso2 = partner.iso2();
        println!("{iso2} p95 {p95:.2} points, most {most:.2}, over {days} days");
        if p95 > 1.0 {
            let _ = writeln!(wrong, "{partner}: {p95:.2} points");
        }
    }
    assert!(
        wrong.is_empty(),
        "the 95th percentile of the gap is above one point:\n{wrong}"
    );
}

#[test]
fn japan_with_their_own_assumptions_is_within_two_tenths() {
    let (Some(validation), Some(sources)) = (
        common::folder("WINSET_VALIDATION"),
        common::folder("WINSET_SOURCES"),
    ) else {
        return;
    };
    let law = deviations::law(&sources);
    let japan: Country = "JP".parse().unwrap();
    let trade = deviations::trade(&trade_of_2024(&sources)).only(|cell| cell.origin == japan);
    let assumptions = deviations::assumptions(&sources);
    let listed = Listed::read(&sources);
    let theirs = &published(&validation, &sources)[&japan];
    for day in [
        date(2025, 1, 1),
        date(2025, 3, 12),
        date(2025, 4, 3),
        date(2025, 4, 16),
        date(2025, 5, 4),
    ] {
        let ours = 100.0 * rates_on(day, &law, &trade, &assumptions, &listed)[&japan];
        let theirs = 100.0 * theirs[&day];
        println!("{day}: ours {ours:.2} %, theirs {theirs:.2} %");
        assert!(
            (ours - theirs).abs() <= 0.2,
            "{day}: ours {ours:.2} %, theirs {theirs:.2} %"
        );
    }
}
