//! Applied rates of days, by origin, chapter, sector and authority.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;
use winset_law::averages::{Average, Averages, Bases, Cell, Trade};
use winset_law::{Country, Law, LawError};

use super::imports::Sectors;
use super::not_held::not_held;
use super::weights::{Weights, WeightsError};

/// Longest series, in days: all the law that has dates in the data, several times over.
const MOST_DAYS: usize = 3660;

/// Applied rates of some days. Rates are fractions of customs value, money is USD.
#[derive(Debug, Serialize)]
pub struct Rates {
    /// Whose border.
    pub importer: &'static str,
    /// The origin, where only one was asked about.
    pub origin: Option<&'static str>,
    /// The day as of which acts count; all acts in the data where absent.
    pub known_on: Option<String>,
    /// What the averages are weighted with; nothing where there is no trade.
    pub weights: Option<String>,
    /// The rates, day by day.
    pub days: Vec<DayRates>,
}

/// Applied rates of a day.
#[derive(Debug, Serialize)]
pub struct DayRates {
    /// The entry date (ISO 8601).
    pub on: String,
    /// Duty over value; nothing without value.
    pub trade_weighted: Option<f64>,
    /// The mean over lines and origins.
    pub simple: f64,
    /// The trade that weights, USD.
    pub value_usd: f64,
    /// Each authority's part of the trade-weighted rate.
    pub by_authority: BTreeMap<String, f64>,
    /// By origin.
    pub by_origin: BTreeMap<String, GroupRate>,
    /// By chapter.
    pub by_chapter: BTreeMap<String, GroupRate>,
    /// By sector of the economies that ship; trade that maps to none under `none`.
    pub by_sector: BTreeMap<String, GroupRate>,
    /// Trade whose base rate is the collected one, for want of a quantity or a line.
    pub collected_base_usd: f64,
    /// Trade without a rate; it is in no average.
    pub without_rate_usd: f64,
    /// Origins whose law is not held on the day, those of most trade first; they are in no average.
    pub not_held: Vec<&'static str>,
}

/// Applied rates of an origin, a chapter or a sector.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct GroupRate {
    /// Duty over value; nothing without value.
    pub trade_weighted: Option<f64>,
    /// The mean over lines and origins.
    pub simple: f64,
    /// The trade that weights, USD.
    pub value_usd: f64,
}

impl From<&Average> for GroupRate {
    fn from(average: &Average) -> Self {
        Self {
            trade_weighted: weighted(average),
            simple: average.simple(),
            value_usd: average.value,
        }
    }
}

/// Why there are no rates.
#[derive(Debug, thiserror::Error)]
pub enum RatesError {
    /// What the law says of the question.
    #[error(transparent)]
    Law(#[from] LawError),
    /// The question has no answer as asked.
    #[error("{0}")]
    Question(String),
}

impl From<WeightsError> for RatesError {
    fn from(error: WeightsError) -> Self {
        match error {
            WeightsError::Law(error) => Self::Law(error),
            WeightsError::NoTrade { .. } | WeightsError::NoRow { .. } => {
                Self::Question(error.to_string())
            }
        }
    }
}

/// The days of a series, the first and the last included.
///
/// # Errors
/// None, or more than ten years of them.
pub fn series(from: Date, to: Date) -> Result<Vec<Date>, RatesError> {
    if to < from {
        return Err(RatesError::Question(format!(
            "the series ends on {to}, before it begins on {from}: swap the two days"
        )));
    }
    let days: Vec<Date> = from
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= to)
        .take(MOST_DAYS + 1)
        .collect();
    if days.len() > MOST_DAYS {
        return Err(RatesError::Question(format!(
            "the series has more than {MOST_DAYS} days: ask for fewer"
        )));
    }
    Ok(days)
}

/// The rates at a border on some days, weighted with its trade, the same on every day.
///
/// `progress` is told how many of how many days are done, from any thread.
///
/// # Errors
/// An origin without trade; a day that the law in the data does not cover.
pub fn rates(
    weights: &Weights,
    law: &Law,
    origin: Option<Country>,
    days: &[Date],
    known_on: Option<Date>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Rates, RatesError> {
    let (importer, trade) = (weights.importer, &weights.trade);
    let sectors = Sectors::load()?;
    let done = AtomicUsize::new(0);
    let rates = days.par_iter().map(|on| {
        let bases = Bases::Schedule;
        let averages = law.averages(importer, trade, *on, known_on, bases, &weights.assumptions)?;
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, days.len());
        if averages.all.cells == 0 {
            // No line has a rate: where it is for want of law, that is the answer.
            law.covers(importer, trade.cells(), *on, known_on)?;
        }
        let not_held = not_held(law, importer, trade.cells(), *on, known_on);
        Ok(day_rates(*on, &averages, trade, &sectors, not_held))
    });
    Ok(Rates {
        importer: importer.iso2(),
        origin: origin.map(Country::iso2),
        known_on: known_on.map(|day| day.to_string()),
        weights: weights.said.clone(),
        days: rates.collect::<Result<Vec<_>, LawError>>()?,
    })
}

fn weighted(average: &Average) -> Option<f64> {
    (average.value > 0.0).then(|| average.weighted())
}

fn day_rates(
    on: Date,
    averages: &Averages,
    trade: &Trade,
    sectors: &Sectors,
    not_held: Vec<&'static str>,
) -> DayRates {
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
        trade_weighted: weighted(&averages.all),
        simple: averages.all.simple(),
        value_usd: averages.all.value,
        by_authority: averages
            .duty_by_authority
            .iter()
            .filter(|_| averages.all.value > 0.0)
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
        not_held,
    }
}
