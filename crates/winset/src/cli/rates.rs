//! `winset rates`: applied rates by origin and authority, for a day or as a daily series.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;
use winset::law::imports::{Sectors, average_content, imports_2024};
use winset_law::averages::{Average, Averages, Bases, Cell, Trade};
use winset_law::{Country, LawError};

use super::args::{By, RatesArgs};
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

/// Longest series, in days: all the law that has dates in the data, several times over.
const MOST_DAYS: usize = 3660;

/// What is printed. Rates are fractions of customs value, money is USD.
#[derive(Serialize)]
struct Rates {
    importer: &'static str,
    origin: Option<&'static str>,
    known_on: Option<String>,
    weights: &'static str,
    days: Vec<DayRates>,
}

/// Applied rates of a day.
#[derive(Serialize)]
struct DayRates {
    on: String,
    trade_weighted: f64,
    simple: f64,
    value_usd: f64,
    /// Each authority's part of the trade-weighted rate.
    by_authority: BTreeMap<String, f64>,
    by_origin: BTreeMap<String, GroupRate>,
    by_chapter: BTreeMap<String, GroupRate>,
    /// By sector of the economies that ship; trade that maps to none under `none`.
    by_sector: BTreeMap<String, GroupRate>,
    /// Trade whose base rate is the collected one, for want of a quantity or a line.
    collected_base_usd: f64,
    /// Trade without a rate; it is in no average.
    without_rate_usd: f64,
}

/// Applied rates of an origin, a chapter or a sector.
#[derive(Serialize)]
struct GroupRate {
    trade_weighted: f64,
    simple: f64,
    value_usd: f64,
}

impl From<&Average> for GroupRate {
    fn from(average: &Average) -> Self {
        Self {
            trade_weighted: average.weighted(),
            simple: average.simple(),
            value_usd: average.value,
        }
    }
}

pub(crate) fn run(args: &RatesArgs, console: &Console) -> Result<(), Failure> {
    let importer = Country::from_str("US").map_err(Failure::from_question)?;
    let law = args.law.law(importer)?;
    let days = days(args)?;
    let all = imports_2024().map_err(Failure::from_question)?;
    let assumptions = average_content().map_err(Failure::from_question)?;
    let sectors = Sectors::load().map_err(Failure::from_question)?;
    let trade = match args.origin {
        Some(origin) => all.only(|cell| cell.origin == origin),
        None => all.clone(),
    };
    if trade.cells().is_empty() {
        return Err(Failure::Usage(no_trade(args.origin, &all)));
    }
    let progress = console.progress();
    let done = AtomicUsize::new(0);
    let rates = days
        .par_iter()
        .map(|on| {
            let averages = law.averages(
                importer,
                &trade,
                *on,
                args.known_on,
                Bases::Schedule,
                &assumptions,
            )?;
            progress.step(
                "applied rates",
                done.fetch_add(1, Ordering::Relaxed) + 1,
                days.len(),
            );
            Ok(day_rates(*on, &averages, &trade, &sectors))
        })
        .collect::<Result<Vec<_>, LawError>>()
        .map_err(Failure::from_question)?;
    drop(progress);
    let rates = Rates {
        importer: importer.iso2(),
        origin: args.origin.map(Country::iso2),
        known_on: args.known_on.map(|day| day.to_string()),
        weights: "US imports for consumption 2024, customs value",
        days: rates,
    };
    let heading = heading(args, importer);
    console.answer(|| &rates, || heading + &text(&rates, args.by))
}

/// The days asked about.
fn days(args: &RatesArgs) -> Result<Vec<Date>, Failure> {
    let (Some(from), Some(to)) = (args.from, args.to) else {
        return Ok(args.on.into_iter().collect());
    };
    if to < from {
        return Err(Failure::Usage(format!(
            "the series ends on {to}, before it begins on {from}: swap --from and --to"
        )));
    }
    let days: Vec<Date> = from
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= to)
        .take(MOST_DAYS + 1)
        .collect();
    if days.len() > MOST_DAYS {
        return Err(Failure::Usage(format!(
            "the series has more than {MOST_DAYS} days: ask for fewer"
        )));
    }
    Ok(days)
}

fn no_trade(origin: Option<Country>, all: &Trade) -> String {
    let mut there: Vec<&str> = all.cells().iter().map(|cell| cell.origin.iso2()).collect();
    there.sort_unstable();
    there.dedup();
    let origin = origin.map_or("any origin", Country::name);
    format!(
        "the trade of 2024 that weights the rates has no row from {origin} (there are: {})",
        there.join(", ")
    )
}

fn day_rates(on: Date, averages: &Averages, trade: &Trade, sectors: &Sectors) -> DayRates {
    let sector = |cell: &Cell| sectors.of(cell.goods).unwrap_or("none").to_owned();
    let share = |duty: f64| {
        if averages.all.value > 0.0 {
            duty / averages.all.value
        } else {
            0.0
        }
    };
    DayRates {
        on: on.to_string(),
        trade_weighted: averages.all.weighted(),
        simple: averages.all.simple(),
        value_usd: averages.all.value,
        by_authority: averages
            .duty_by_authority
            .iter()
            .map(|(authority, duty)| (authority.to_string(), share(*duty)))
            .collect(),
        by_origin: averages
            .by_origin
            .iter()
            .map(|(origin, average)| (origin.iso2().to_owned(), average.into()))
            .collect(),
        by_chapter: averages
            .by_chapter
            .iter()
            .map(|(chapter, average)| (format!("{chapter:02}"), average.into()))
            .collect(),
        by_sector: averages
            .grouped(trade, sector)
            .iter()
            .map(|(sector, average)| (sector.clone(), average.into()))
            .collect(),
        collected_base_usd: averages.collected_base_value,
        without_rate_usd: averages.without_rate_value,
    }
}

fn heading(args: &RatesArgs, importer: Country) -> String {
    let origin = args.origin.map_or("all origins", Country::name);
    let known = args.known_on.map_or_else(
        || "every act in the data".to_owned(),
        |day| format!("the law as known on {day}"),
    );
    format!(
        "Goods of {origin} entering {}, by {known}.\n\
         Per cent of customs value; trade-weighted by US imports for consumption of 2024, the same for every day.\n\n",
        importer.name()
    )
}

fn percent(rate: f64) -> String {
    format!("{:.2}", 100.0 * rate)
}

fn billion(usd: f64) -> String {
    format!("{:.2}", usd / 1e9)
}

fn text(rates: &Rates, by: Option<By>) -> String {
    if let Some(by @ (By::Origin | By::Chapter | By::Sector)) = by {
        return grouped(rates, by);
    }
    let mut authorities: Vec<&str> = rates
        .days
        .iter()
        .flat_map(|day| day.by_authority.keys().map(String::as_str))
        .collect();
    authorities.sort_unstable();
    authorities.dedup();
    // The base rate first, as it is owed first.
    authorities.sort_by_key(|authority| *authority != "base");
    let mut headings = vec![
        ("day", Side::Left),
        ("weighted", Side::Right),
        ("simple", Side::Right),
    ];
    headings.extend(
        authorities
            .iter()
            .map(|authority| (*authority, Side::Right)),
    );
    let mut table = Columns::new(&headings);
    for day in &rates.days {
        let mut row = vec![
            day.on.clone(),
            percent(day.trade_weighted),
            percent(day.simple),
        ];
        row.extend(authorities.iter().map(|a| {
            day.by_authority
                .get(*a)
                .map_or_else(String::new, |x| percent(*x))
        }));
        table.row(row);
    }
    let mut out = table.to_string();
    let [day] = rates.days.as_slice() else {
        return out;
    };
    if rates.origin.is_none() && by.is_none() {
        let mut table = groups("origin");
        rows(&mut table, None, &day.by_origin);
        out.push('\n');
        out.push_str(&table.to_string());
    }
    let _ = writeln!(
        out,
        "\n{} bn USD of trade; {} bn at the base rate that was collected in 2024, {} bn without a rate.",
        billion(day.value_usd),
        billion(day.collected_base_usd),
        billion(day.without_rate_usd)
    );
    out
}

fn groups(name: &str) -> Columns {
    Columns::new(&[
        ("day", Side::Left),
        (name, Side::Left),
        ("weighted", Side::Right),
        ("simple", Side::Right),
        ("bn USD", Side::Right),
    ])
}

/// One row a group, the largest trade first.
fn rows(table: &mut Columns, day: Option<&str>, groups: &BTreeMap<String, GroupRate>) {
    let mut sorted: Vec<_> = groups.iter().collect();
    sorted.sort_by(|a, b| b.1.value_usd.total_cmp(&a.1.value_usd));
    for (name, rate) in sorted {
        table.row([
            day.unwrap_or_default().to_owned(),
            name.clone(),
            percent(rate.trade_weighted),
            percent(rate.simple),
            billion(rate.value_usd),
        ]);
    }
}

/// The rates of every day by origin, chapter or sector.
fn grouped(rates: &Rates, by: By) -> String {
    let name = match by {
        By::Chapter => "chapter",
        By::Sector => "sector",
        By::Origin | By::Authority => "origin",
    };
    let mut table = groups(name);
    for day in &rates.days {
        let groups = match by {
            By::Chapter => &day.by_chapter,
            By::Sector => &day.by_sector,
            By::Origin | By::Authority => &day.by_origin,
        };
        rows(&mut table, Some(&day.on), groups);
    }
    table.to_string()
}
