//! Section 1, where we stand: rates by day, the lines and sectors that pay most, each with its trace.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use schemars::JsonSchema;
use serde::Serialize;
use winset_law::averages::{Averages, Bases};
use winset_law::{Currency, Entry, Money, Reason};

use crate::labels;
use crate::lang::Lang;
use crate::law::words;
use crate::study::{Bench, StudyError};

/// The applied rate on our goods from a day on, until the next point.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TimelinePoint {
    /// First day (ISO 8601).
    pub date: String,
    /// Trade-weighted rate, a fraction.
    pub weighted: f64,
    /// The part of it by authority, fractions.
    pub by_authority: BTreeMap<String, f64>,
}

/// The applied rate on a day.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DayRow {
    /// The day (ISO 8601).
    pub date: String,
    /// Trade-weighted rate, a fraction.
    pub weighted: f64,
    /// Mean over lines, a fraction.
    pub simple: f64,
    /// Duty a year on the trade of that year, bn USD.
    pub duty: f64,
}

/// One measure that was looked at for a line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TraceStep {
    /// The measure.
    pub measure: String,
    /// Whether it applied.
    pub applied: bool,
    /// Whether the goods and the origin are within it.
    pub covers: bool,
    /// Why, or why not.
    pub because: String,
    /// Its legal source.
    pub source: String,
}

/// A line of the schedule and what our goods pay on it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LineRow {
    /// The ten-digit code as printed.
    pub code: String,
    /// A short label of our own.
    pub label: String,
    /// The sector of the economy, blank where the line maps to none.
    pub sector: String,
    /// Trade of the year that weights, bn USD.
    pub value: f64,
    /// Rate on the as-of date, a fraction.
    pub rate: f64,
    /// Rate after the cliff, a fraction.
    pub rate_after: f64,
    /// Duty a year on the as-of date's rate, bn USD.
    pub duty: f64,
    /// Components on a value of 100 USD: measure, heading, rate, amount.
    pub components: Vec<[String; 4]>,
    /// Every measure that was looked at, of those known on the as-of date.
    pub trace: Vec<TraceStep>,
    /// What the answer would still need to know.
    pub needs: Vec<String>,
}

/// A sector and what our goods pay in it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SectorDuty {
    /// The sector.
    pub sector: String,
    /// Its label.
    pub label: String,
    /// Trade of the year that weights, bn USD.
    pub value: f64,
    /// Rate on the baseline day, a fraction.
    pub rate_before: f64,
    /// Rate on the as-of date, a fraction.
    pub rate: f64,
    /// Rate after the cliff, a fraction.
    pub rate_after: f64,
    /// Duty a year at the as-of date's rate, bn USD.
    pub duty: f64,
}

/// Where we stand.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Situation {
    /// Every change of the rate, as known on the as-of date.
    pub timeline: Vec<TimelinePoint>,
    /// The year of the trade that weights the rates.
    pub trade_year: i64,
    /// The day whose tariffs are the baseline (ISO 8601).
    pub baseline: String,
    /// The day from which no deal holds (ISO 8601).
    pub cliff: String,
    /// The days asked for, the as-of date and the first day after the cliff, in their order.
    pub days: Vec<DayRow>,
    /// The rate on the as-of date, weighted by trade, a fraction.
    pub rate: f64,
    /// The same on the first day after the cliff, as known on the as-of date.
    pub rate_after: f64,
    /// The lines that pay most on the as-of date, at most twenty, largest first.
    pub lines: Vec<LineRow>,
    /// The sectors, largest duty first.
    pub sectors: Vec<SectorDuty>,
    /// Our trade of the year that weights, bn USD.
    pub trade: f64,
    /// Of it, trade whose line maps to no sector, bn USD.
    pub no_sector: f64,
    /// Of it, trade whose base rate is specific and taken as collected in that year, bn USD.
    pub collected_base: f64,
    /// Duty a day at the as-of date's rate, million USD.
    pub a_day: f64,
}

fn rates(bench: &Bench, on: Date) -> Result<Averages, StudyError> {
    Ok(bench.law.averages(
        bench.importer,
        bench.ours.trade(),
        on,
        Some(bench.dossier.as_of),
        Bases::Schedule,
        bench.ours.assumptions(),
    )?)
}

/// Days on which the law may change within the year, as known on the as-of date.
fn change_days(bench: &Bench, first: Date, last: Date) -> Vec<Date> {
    let mut days = vec![first];
    for measure in bench.law.measures() {
        for (from, to, _, _) in measure.periods() {
            days.extend([from, to]);
        }
        for (from, until, _) in measure.suspensions() {
            days.extend([from, until]);
        }
    }
    days.retain(|d| *d >= first && *d <= last);
    days.sort();
    days.dedup();
    days
}

/// The section.
pub(super) fn section(bench: &Bench, lang: Lang) -> Result<Situation, StudyError> {
    let clock = &bench.dossier.head.clock;
    let (first, after) = (bench.day(&clock.baseline)?, bench.day(&clock.after)?);
    let cliff = bench.day(&clock.cliff)?;
    let points: Vec<(Date, Averages)> = change_days(bench, first, after)
        .into_par_iter()
        .map(|day| rates(bench, day).map(|a| (day, a)))
        .collect::<Result<_, StudyError>>()?;
    let mut timeline: Vec<TimelinePoint> = Vec::new();
    for (day, averages) in &points {
        let by_authority: BTreeMap<String, f64> = averages
            .duty_by_authority
            .iter()
            .filter(|(_, duty)| **duty > 0.0)
            .map(|(authority, duty)| {
                let authority = words::of(authority, lang).to_owned();
                (authority, duty / averages.all.value)
            })
            .collect();
        let weighted = averages.all.weighted();
        if timeline
            .last()
            .is_none_or(|p| (p.weighted - weighted).abs() > 1e-9)
        {
            timeline.push(TimelinePoint {
                date: day.to_string(),
                weighted,
                by_authority,
            });
        }
    }
    let named = clock.days.iter().map(|name| bench.day(name));
    let mut asked: Vec<Date> = named.collect::<Result<_, _>>()?;
    asked.extend([bench.dossier.as_of, after]);
    asked.sort_unstable();
    asked.dedup();
    let days = asked
        .into_par_iter()
        .map(|day| {
            let averages = rates(bench, day)?;
            Ok(DayRow {
                date: day.to_string(),
                weighted: averages.all.weighted(),
                simple: averages.all.simple(),
                duty: averages.all.duty / 1e9,
            })
        })
        .collect::<Result<Vec<_>, StudyError>>()?;
    let (before, (now, then)) = rayon::join(
        || rates(bench, first),
        || rayon::join(|| rates(bench, bench.dossier.as_of), || rates(bench, after)),
    );
    let (before, now, then) = (before?, now?, then?);
    let total = |a: &Averages, i: usize| {
        a.cells[i]
            .as_ref()
            .map_or(0.0, winset_law::AppliedRate::total)
    };
    let cells = bench.ours.trade().cells();
    let mut sectors: BTreeMap<String, SectorDuty> = BTreeMap::new();
    let mut no_sector = 0.0;
    for (i, cell) in cells.iter().enumerate() {
        let Some((_, sector)) = bench.ours.place(i) else {
            no_sector += cell.value / 1e9;
            continue;
        };
        let row = sectors
            .entry(sector.to_owned())
            .or_insert_with(|| SectorDuty {
                sector: sector.to_owned(),
                label: labels::sector(sector, lang).to_owned(),
                value: 0.0,
                rate_before: 0.0,
                rate: 0.0,
                rate_after: 0.0,
                duty: 0.0,
            });
        let value = cell.value / 1e9;
        row.value += value;
        row.rate_before += value * total(&before, i);
        row.rate += value * total(&now, i);
        row.rate_after += value * total(&then, i);
    }
    let mut sectors: Vec<SectorDuty> = sectors
        .into_values()
        .map(|mut row| {
            row.duty = row.rate;
            for rate in [&mut row.rate_before, &mut row.rate, &mut row.rate_after] {
                *rate = if row.value > 0.0 {
                    *rate / row.value
                } else {
                    0.0
                };
            }
            row
        })
        .collect();
    sectors.sort_by(|a, b| b.duty.total_cmp(&a.duty));

    let mut order: Vec<usize> = (0..cells.len()).collect();
    order.sort_by(|a, b| {
        let duty = |i: usize| cells[i].value * total(&now, i);
        duty(*b)
            .total_cmp(&duty(*a))
            .then(cells[*a].goods.cmp(&cells[*b].goods))
    });
    let lines = order
        .into_iter()
        .filter(|i| total(&now, *i) > 0.0)
        .take(20)
        .map(|i| line(bench, i, [total(&now, i), total(&then, i)], lang))
        .collect();
    Ok(Situation {
        timeline,
        trade_year: bench.trade_year(),
        baseline: first.to_string(),
        cliff: cliff.to_string(),
        days,
        rate: now.all.weighted(),
        rate_after: then.all.weighted(),
        lines,
        sectors,
        trade: now.all.value / 1e9,
        no_sector,
        collected_base: now.collected_base_value / 1e9,
        a_day: now.all.duty / 1e6 / 365.0,
    })
}

/// Whether any act of a measure was known on the as-of date; what came later is no part of the law then. Steps that are no
/// measures, such as the ordinary duty, are.
fn known(bench: &Bench, measure: &str) -> bool {
    let found = bench.law.measure(measure);
    found.is_none_or(|m| {
        m.periods()
            .any(|(.., act)| act.known <= bench.dossier.as_of)
    })
}

/// A line with the trace of an entry of 100 USD on the as-of date.
fn line(bench: &Bench, i: usize, [rate, rate_after]: [f64; 2], lang: Lang) -> LineRow {
    let cell = &bench.ours.trade().cells()[i];
    let value = Money::new(Decimal::ONE_HUNDRED, Currency::USD);
    let entry = Entry::new(
        bench.importer,
        cell.goods,
        bench.origin,
        bench.dossier.as_of,
        value,
    );
    let assessed = bench.law.assess(&entry, Some(bench.dossier.as_of));
    let digits = cell.goods.plain();
    let averaged = bench.mixed_by(cell.goods, cell.origin).map(|fact| {
        lang.of(
            format!("The rate of the line is the average over assumed shares by `{fact}`; the trace is of an entry that does not state it."),
            format!("この品目の税率は「{fact}」別の想定割合による平均。判断の経過は、それを申告しない場合のもの。"),
        )
    });
    let (components, trace, needs) = match assessed {
        Ok(a) => (
            a.components
                .iter()
                .map(|c| {
                    [
                        c.measure.to_string(),
                        c.heading.as_deref().unwrap_or("").to_owned(),
                        c.rate.to_string(),
                        format!("{:.2}", c.amount.to_f64().unwrap_or(f64::NAN)),
                    ]
                })
                .collect(),
            a.trace
                .iter()
                .filter(|s| known(bench, &s.measure))
                .map(|s| TraceStep {
                    measure: s.measure.to_string(),
                    applied: s.applied,
                    covers: !matches!(s.because, Reason::OtherGoods | Reason::OtherOrigin),
                    because: words::reason(&s.because, lang),
                    source: s.source.to_string(),
                })
                .collect(),
            (a.needs.iter())
                .map(|n| words::of(&n.question, lang).to_owned())
                .chain(averaged)
                .collect(),
        ),
        Err(error) => {
            let ja = "収録された法令・税率表からは税額を求められない。";
            let why = lang.of(error.to_string(), ja.to_owned());
            (Vec::new(), Vec::new(), vec![why])
        }
    };
    LineRow {
        code: cell.goods.to_string(),
        label: labels::goods(&digits, lang).to_owned(),
        sector: bench.ours.place(i).map_or("", |(_, s)| s).to_owned(),
        value: cell.value / 1e9,
        rate,
        rate_after,
        duty: rate * cell.value / 1e9,
        components,
        trace,
        needs,
    }
}
