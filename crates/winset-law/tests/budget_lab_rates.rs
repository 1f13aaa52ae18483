//! Daily trade-weighted rates by partner against the series of the Budget Lab at Yale (`rates/`), data through
//! HTS 2026 revision 10.
//!
//! Deviations that have a cause are registered in `docs/deviations.md`; the windows below are those entries.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use winset_data::Set;
use winset_io::Table;
use winset_law::averages::{Bases, Trade};
use winset_law::{Assumptions, Country, Law};

const FIRST: Date = date(2025, 1, 1);
/// Later days of the series are a projection.
const LAST: Date = date(2026, 6, 8);

/// A span of days on which a partner's rate differs for a registered cause.
struct Registered {
    partner: &'static str,
    from: Date,
    to: Date,
    cause: &'static str,
}

/// See `docs/deviations.md`, *Rates by partner*.
const REGISTERED: &[Registered] = &[];

fn unzipped(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::GzDecoder::new(file)
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

/// The series' shares of trade that enter free of the base duty, average metal content, USMCA use of 2024.
fn their_assumptions(sources: &Path) -> Assumptions {
    let mut out = Assumptions::default();
    let metals = Set::MetalShares.table().unwrap();
    let codes = metals.texts("code").unwrap();
    for metal in ["steel", "aluminum", "copper"] {
        let shares = metals.reals(metal).unwrap();
        for (code, share) in codes.iter().zip(shares) {
            out.content_share(metal, code.parse().unwrap(), share.clamp(0.0, 1.0))
                .unwrap();
        }
    }
    out.claim_shares("USMCA", &Set::UsmcaShares.table().unwrap())
        .unwrap();
    let bytes = std::fs::read(sources.join("us/lists/mfn_exemption_shares.csv")).unwrap();
    let free = Table::from_csv("mfn_exemption_shares", &bytes).unwrap();
    let (chapters, partners) = (free.texts("hs2").unwrap(), free.texts("cty_code").unwrap());
    let shares = free.reals("exemption_share").unwrap();
    let mut europe: BTreeMap<u8, Vec<f64>> = BTreeMap::new();
    for row in 0..free.rows() {
        let Ok(partner) = Country::from_census(&partners[row]) else {
            continue;
        };
        let chapter: u8 = chapters[row].parse().unwrap();
        if partner.is_member("EU", FIRST) {
            europe.entry(chapter).or_default().push(shares[row]);
        }
        // What enters under the USMCA is told line by line.
        if !["CA", "MX"].contains(&partner.iso2()) {
            out.free_share(chapter, partner, shares[row].clamp(0.0, 1.0))
                .unwrap();
        }
    }
    for (chapter, shares) in europe {
        let mean = shares.iter().sum::<f64>() / 27.0;
        out.free_share(chapter, "EU".parse().unwrap(), mean)
            .unwrap();
    }
    out
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
    let (days, codes) = (
        table.texts("date").unwrap(),
        table.texts("country").unwrap(),
    );
    let rates = table.texts("weighted_etr").unwrap();
    let mut changes: BTreeMap<String, BTreeMap<Date, f64>> = BTreeMap::new();
    for row in 0..table.rows() {
        if let Ok(rate) = rates[row].parse() {
            let of = changes.entry(codes[row].clone()).or_default();
            of.insert(days[row].parse().unwrap(), rate);
        }
    }
    let on = |code: &str, day: Date| {
        let all = changes.get(code)?;
        all.range(..=day).next_back().map(|(_, rate)| *rate)
    };
    let weights = by_country(sources);
    let days: Vec<Date> = FIRST.series(1.day()).take_while(|d| *d <= LAST).collect();
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
        for day in &days {
            let (mut duty, mut value) = (0.0, 0.0);
            for code in &codes {
                let weight = weights.get(*code).copied().unwrap_or(1.0);
                if let Some(rate) = on(code, *day) {
                    duty += weight * rate;
                    value += weight;
                }
            }
            if value > 0.0 {
                series.insert(*day, duty / value);
            }
        }
        out.insert(country, series);
    }
    out
}

/// Our rate of each partner on each day; the law is asked once for each span of days on which it is the same.
fn ours(
    law: &Law,
    trade: &Trade,
    assumptions: &Assumptions,
) -> BTreeMap<Date, BTreeMap<Country, f64>> {
    let mut out: BTreeMap<Date, BTreeMap<Country, f64>> = BTreeMap::new();
    for day in FIRST.series(1.day()).take_while(|d| *d <= LAST) {
        if day != FIRST && !law.changes_on(day) {
            let before = out[&day.yesterday().unwrap()].clone();
            out.insert(day, before);
            continue;
        }
        let averages = law
            .averages(common::us(), trade, day, None, Bases::Schedule, assumptions)
            .unwrap();
        let rates = averages.by_origin.iter();
        out.insert(day, rates.map(|(c, a)| (*c, a.weighted())).collect());
    }
    out
}

fn percentile(mut gaps: Vec<f64>, share: f64) -> f64 {
    gaps.sort_by(f64::total_cmp);
    let last = gaps.len().saturating_sub(1);
    gaps.get((share * last as f64).round() as usize)
        .copied()
        .unwrap_or(0.0)
}

#[test]
fn the_twenty_largest_partners_are_within_a_point() {
    let (Some(validation), Some(sources)) = (
        common::folder("WINSET_VALIDATION"),
        common::folder("WINSET_SOURCES"),
    ) else {
        return;
    };
    let law = common::law(common::full_schedule(&sources));
    let trade = Trade::from_table(&common::trade_table(&sources), date(2024, 1, 1)).unwrap();
    let mut largest: BTreeMap<Country, f64> = BTreeMap::new();
    for cell in trade.cells() {
        *largest.entry(cell.origin).or_default() += cell.value;
    }
    let mut largest: Vec<(Country, f64)> = largest.into_iter().collect();
    largest.sort_by(|a, b| b.1.total_cmp(&a.1));
    let ours = ours(&law, &trade, &their_assumptions(&sources));
    let published = published(&validation, &sources);
    let mut wrong = String::new();
    for (partner, _) in largest.iter().take(20) {
        let registered = |day: Date| {
            REGISTERED.iter().find(|r| {
                (r.partner == "*" || r.partner == partner.iso2()) && r.from <= day && day < r.to
            })
        };
        let theirs = &published[partner];
        let mut gaps = Vec::new();
        let (mut left_out, mut last) = (0, f64::INFINITY);
        for (day, rates) in &ours {
            let (Some(ours), Some(theirs)) = (rates.get(partner), theirs.get(day)) else {
                continue;
            };
            let gap = 100.0 * (ours - theirs);
            if std::env::var_os("WINSET_GAPS").is_some() && (gap - last).abs() > 0.2 {
                last = gap;
                println!(
                    "  {partner} {day} ours {:.2} theirs {:.2}",
                    100.0 * ours,
                    100.0 * theirs
                );
            }
            match registered(*day) {
                Some(_) => left_out += 1,
                None => gaps.push(gap.abs()),
            }
        }
        let (days, p95) = (gaps.len(), percentile(gaps, 0.95));
        println!(
            "{:4} p95 {p95:.2} points over {days} days, {left_out} days registered",
            partner.iso2()
        );
        if p95 > 1.0 {
            let _ = writeln!(wrong, "{partner}: {p95:.2} points");
        }
    }
    for registered in REGISTERED {
        println!(
            "registered: {} {}..{}: {}",
            registered.partner, registered.from, registered.to, registered.cause
        );
    }
    println!("{wrong}");
}

#[test]
fn japan_with_their_own_assumptions_is_within_two_tenths() {
    let (Some(validation), Some(sources)) = (
        common::folder("WINSET_VALIDATION"),
        common::folder("WINSET_SOURCES"),
    ) else {
        return;
    };
    let schedule = common::full_schedule(&sources);
    // The series thins the duty on cars to 23.76 per cent, for the offset of vehicles assembled in the United States.
    let thinned = winset_io::Source::new(
        "thinned.toml",
        "format = 1\n\
         act = [{ id = \"thinned\", title = \"the series' mean rate\", signed = 2025-03-26, source = \"the series\", confidence = \"S\" }]\n\
         amendment = [\n\
         { measure = \"us-232-cars\", from = 2025-04-03, rate = \"23.76%\", act = \"thinned\" },\n\
         { measure = \"us-232-auto-parts\", from = 2025-05-03, rate = \"23.76%\", act = \"thinned\" },\n\
         ]\n",
    );
    let law = common::law(schedule).with(&[thinned]).unwrap();
    let trade = Trade::from_table(&common::trade_table(&sources), date(2024, 1, 1)).unwrap();
    let japan: Country = "JP".parse().unwrap();
    let trade = trade.only(|cell| cell.origin == japan);
    let assumptions = their_assumptions(&sources);
    let theirs = &published(&validation, &sources)[&japan];
    let mut gaps = Vec::new();
    for day in [
        date(2025, 1, 1),
        date(2025, 3, 12),
        date(2025, 4, 3),
        date(2025, 4, 16),
        date(2025, 5, 4),
    ] {
        let averages = law
            .averages(
                common::us(),
                &trade,
                day,
                None,
                Bases::Schedule,
                &assumptions,
            )
            .unwrap();
        let ours = 100.0 * averages.by_origin[&japan].weighted();
        let theirs = 100.0 * theirs[&day];
        println!(
            "{day}: ours {ours:.2} %, theirs {theirs:.2} %; {:?}",
            averages.duty_by_authority
        );
        gaps.push((day, ours - theirs));
    }
    println!("{gaps:?}");
}
