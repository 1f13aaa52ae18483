//! `winset rates`: applied rates by origin and authority, for a day or as a daily series.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use winset::law::not_held::first_of;
use winset::law::rates::{self, GroupRate, Rates, RatesError};
use winset::law::weights::{Brought, Weights, WeightsError};
use winset_law::{Country, Law};

use super::args::{By, RatesArgs, TradeArgs};
use super::columns::{Columns, Side};
use super::console::Console;
use super::economy::table;
use super::failure::Failure;

pub(crate) fn run(args: &RatesArgs, console: &Console) -> Result<(), Failure> {
    let law = args.law.law(args.importer)?;
    let days = match (args.from, args.to) {
        (Some(from), Some(to)) => rates::series(from, to)?,
        _ => args.on.into_iter().collect(),
    };
    let progress = console.progress();
    let step = |done, all| progress.step("applied rates", done, all);
    let first = days.first().copied().unwrap_or_default();
    let weights = args
        .trade
        .weights(&law, args.importer, args.origin, first)?;
    let rates = rates::rates(&weights, &law, args.origin, &days, args.known_on, &step)?;
    drop(progress);
    console.answer(|| &rates, || heading(args, &rates) + &text(&rates, args.by))
}

impl TradeArgs {
    /// The trade that was asked for.
    pub(crate) fn weights(
        &self,
        law: &Law,
        importer: Country,
        origin: Option<Country>,
        on: Date,
    ) -> Result<Weights, Failure> {
        let columns = "goods, origin and value (USD), or code, partner, value and duty";
        let table = self.trade.as_deref().map(|path| table(path, columns));
        let table = table.transpose()?;
        let brought = table.as_ref().map(|table| Brought {
            table,
            year: self.trade_year,
        });
        let weights = Weights::choose(law, importer, brought, origin, on);
        weights.map_err(|error| match error {
            // What stands in the table.
            WeightsError::Law(error) if brought.is_some() => Failure::input(error),
            error => RatesError::from(error).into(),
        })
    }
}

fn heading(args: &RatesArgs, rates: &Rates) -> String {
    let origin = args.origin.map_or("all origins", Country::name);
    let known = args.known_on.map_or_else(
        || "every act in the data".to_owned(),
        |day| format!("the law as known on {day}"),
    );
    let weights = match &rates.weights {
        Some(weights) => format!("trade-weighted by {weights}, the same for every day"),
        None => {
            "simple means over the lines of the schedule, since no trade was brought".to_owned()
        }
    };
    format!(
        "Goods of {origin} entering {}, by {known}.\nPer cent of customs value; {weights}.\n\n",
        args.importer.name()
    )
}

/// A share in per cent; a dash where there is none.
fn maybe_percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "–".to_owned(), percent)
}

fn percent(rate: f64) -> String {
    format!("{:.2}", 100.0 * rate)
}

fn billion(usd: f64) -> String {
    format!("{:.2}", usd / 1e9)
}

/// On which days origins are left out, and which; nothing where all are held.
fn left_out(rates: &Rates) -> String {
    let mut without = rates.days.iter().filter(|day| !day.not_held.is_empty());
    let Some(first) = without.next() else {
        return String::new();
    };
    let days = match without.count() {
        0 => first.on.clone(),
        more => format!("{} and {more} days more", first.on),
    };
    format!(
        "\nLeft out on {days}, since the law in the data does not reach so far on them: {}; {} bn USD of trade.\n",
        first_of(&first.not_held),
        billion(first.without_rate_usd),
    )
}

fn text(rates: &Rates, by: Option<By>) -> String {
    listed(rates, by) + &left_out(rates)
}

fn listed(rates: &Rates, by: Option<By>) -> String {
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
            maybe_percent(day.trade_weighted),
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
    if rates.weights.is_none() {
        return out;
    }
    let _ = writeln!(
        out,
        "\n{} bn USD of trade; {} bn at the base rate that the duty collected tells, {} bn without a rate.",
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
            maybe_percent(rate.trade_weighted),
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
