//! `rates`: applied rates, for a day or as a daily series.

use std::collections::BTreeMap;

use arrow_array::ArrayRef;
use jiff::civil::Date;
use pyo3::prelude::*;
use winset::law::rates::{self as applied, DayRates, GroupRate, RatesError};
use winset::law::weights::{Brought, Weights};

use crate::error::Failure;
use crate::given::{country, maybe_day};
use crate::laws::PyLaw;
use crate::table::{Table, read, reals, texts};
use crate::work::Abandoned;
use crate::{capsule, laws, work};

/// So many days are worked out before it is asked whether anybody still waits.
const PIECE: usize = 16;

/// How rates are grouped.
#[derive(Clone, Copy)]
enum By {
    All,
    Authority,
    Origin,
    Chapter,
    Sector,
}

impl By {
    fn named(name: Option<&str>) -> Result<Self, Failure> {
        Ok(match name {
            None => Self::All,
            Some("authority") => Self::Authority,
            Some("origin") => Self::Origin,
            Some("chapter") => Self::Chapter,
            Some("sector") => Self::Sector,
            Some(other) => {
                return Err(Failure::input(format!(
                    "`{other}` is no grouping: write origin, sector, chapter or authority"
                )));
            }
        })
    }
}

/// Applied rates by origin, sector, chapter or authority.
#[pyfunction]
#[pyo3(signature = (origin = None, on = None, *, from_ = None, to = None, known_on = None, by = None, importer = "US", trade = None, trade_year = None, law = None, progress = None))]
#[allow(clippy::too_many_arguments, reason = "Python names them")]
pub(crate) fn rates(
    py: Python<'_>,
    origin: Option<&str>,
    on: Option<&Bound<'_, PyAny>>,
    from_: Option<&Bound<'_, PyAny>>,
    to: Option<&Bound<'_, PyAny>>,
    known_on: Option<&Bound<'_, PyAny>>,
    by: Option<&str>,
    importer: &str,
    trade: Option<&Bound<'_, PyAny>>,
    trade_year: Option<i16>,
    law: Option<&Bound<'_, PyLaw>>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Table> {
    let raise = |failure: Failure| failure.raise(py);
    let by = By::named(by).map_err(raise)?;
    let origin = origin.map(country).transpose().map_err(raise)?;
    let days = match (maybe_day(on)?, maybe_day(from_)?, maybe_day(to)?) {
        (Some(day), None, None) => vec![day],
        (None, Some(from), Some(to)) => applied::series(from, to).map_err(|e| raise(e.into()))?,
        _ => {
            return Err(raise(Failure::input(
                "a day or a series is needed: give either `on`, or both `from_` and `to`",
            )));
        }
    };
    let known_on = maybe_day(known_on)?;
    let meant = laws::meant(law);
    let importer = country(importer).map_err(raise)?;
    if trade_year.is_some() && trade.is_none() {
        return Err(raise(Failure::input(
            "`trade_year` is the year of a table of trade: give it as `trade`, or leave the year out",
        )));
    }
    let trade = trade.map(capsule::reader).transpose()?;
    let trade = trade.map(|reader| read("the trade", reader)).transpose();
    let trade = trade.map_err(raise)?;
    work::run(py, progress, Abandoned::Dropped, move |reporter| {
        let law = meant.law(importer)?;
        let days: &[Date] = &days;
        let first = days.first().copied().unwrap_or_default();
        let brought = trade.as_ref().map(|table| Brought {
            table,
            year: trade_year,
        });
        let weights = Weights::choose(&law, importer, brought, origin, first);
        let weights = weights.map_err(RatesError::from)?;
        let mut rates = Vec::with_capacity(days.len());
        for piece in days.chunks(PIECE) {
            reporter.go_on()?;
            let before = rates.len();
            let step = |done: usize, _: usize| {
                let done = (before + done) as u64;
                reporter.step("applied rates", done, Some(days.len() as u64));
            };
            rates.extend(applied::rates(&weights, &law, origin, piece, known_on, &step)?.days);
        }
        table(&rates, by)
    })
}

/// One row a day, or a row for each group of each day.
fn table(days: &[DayRates], by: By) -> Result<Table, Failure> {
    match by {
        By::All => Table::of(vec![
            ("day", texts(days.iter().map(|d| &d.on))),
            (
                "trade_weighted",
                reals(days.iter().map(|d| d.trade_weighted)),
            ),
            ("simple", reals(days.iter().map(|d| d.simple))),
            ("value_usd", reals(days.iter().map(|d| d.value_usd))),
            (
                "collected_base_usd",
                reals(days.iter().map(|d| d.collected_base_usd)),
            ),
            (
                "without_rate_usd",
                reals(days.iter().map(|d| d.without_rate_usd)),
            ),
        ]),
        By::Authority => {
            let parts = || {
                days.iter()
                    .flat_map(|d| d.by_authority.iter().map(move |p| (d, p)))
            };
            Table::of(vec![
                ("day", texts(parts().map(|(d, _)| &d.on))),
                ("authority", texts(parts().map(|(_, (name, _))| name))),
                ("trade_weighted", reals(parts().map(|(_, (_, rate))| *rate))),
            ])
        }
        By::Origin => grouped(days, "origin", |d| &d.by_origin),
        By::Chapter => grouped(days, "chapter", |d| &d.by_chapter),
        By::Sector => grouped(days, "sector", |d| &d.by_sector),
    }
}

fn grouped(
    days: &[DayRates],
    name: &str,
    groups: impl Fn(&DayRates) -> &BTreeMap<String, GroupRate>,
) -> Result<Table, Failure> {
    let rows = || {
        let each = |d| {
            groups(d)
                .iter()
                .map(move |(name, rate): (&String, _)| (d, name, rate))
        };
        days.iter().flat_map(each)
    };
    let numbers =
        |of: fn(&GroupRate) -> Option<f64>| -> ArrayRef { reals(rows().map(|(_, _, r)| of(r))) };
    Table::of(vec![
        (
            "day",
            texts(rows().map(|(d, _, _): (&DayRates, _, _)| &d.on)),
        ),
        (name, texts(rows().map(|(_, name, _)| name))),
        ("trade_weighted", numbers(|r| r.trade_weighted)),
        ("simple", numbers(|r| Some(r.simple))),
        ("value_usd", numbers(|r| Some(r.value_usd))),
    ])
}
