//! The clock of a dossier: who gives way when, what a week costs, what putting off the cliff would change.

use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;
use winset_talks::clock::{Clock, Play};
use winset_talks::{Answer, Package};
use winset_trade::Workspace;

use super::{Bench, Changes, Desk, StudyError, Table};

/// What is offered in a week that is reached without agreement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WeekRow {
    /// The week, from 0.
    pub week: usize,
    /// Its first day.
    pub date: String,
    /// The side that offers.
    pub proposer: String,
    /// The option of each issue of the offer that is taken; none where the proposer is better off waiting.
    pub options: Option<Vec<String>>,
    /// What it gives both against no deal, solved exactly, bn USD a year.
    pub payoffs: Option<[f64; 2]>,
}

/// The clock under one account of what the other side wants. Pairs are ours, then theirs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClockRow {
    /// The hypothesis.
    pub name: String,
    /// In words.
    pub title: String,
    /// Its probability.
    pub probability: f64,
    /// Packages on the frontier of the win-set, between which the offers move; the win-set itself holds more.
    pub packages: usize,
    /// What each side has until the cliff, against no deal, bn USD a year.
    pub interim: [f64; 2],
    /// Week by week until the cliff.
    pub weeks: Vec<WeekRow>,
    /// The week of agreement; none where the cliff comes first.
    pub agreed: Option<usize>,
    /// Present values of the play over the span, bn USD.
    pub values: [f64; 2],
    /// The same if no offer is ever made.
    pub without: [f64; 2],
    /// What each loses if nothing is offered in the coming week, bn USD over the span; below 0 where it gains.
    pub week_lost: [f64; 2],
    /// What each gains if the cliff is put off, bn USD over the span; below 0 where it loses.
    pub extended: [f64; 2],
}

/// The average over what is believed. Each hypothesis' play is played as if it were known to be true.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ClockMean {
    /// Probability that there is an agreement before the cliff.
    pub agreement: f64,
    /// As in [`ClockRow`].
    pub values: [f64; 2],
    /// As in [`ClockRow`].
    pub without: [f64; 2],
    /// As in [`ClockRow`].
    pub week_lost: [f64; 2],
    /// As in [`ClockRow`].
    pub extended: [f64; 2],
}

/// The clock of a dossier.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClockReport {
    /// The as-of date: week 0 begins.
    pub as_of: String,
    /// The cliff.
    pub cliff: String,
    /// Weeks until then, the last one begun counted in full.
    pub weeks: usize,
    /// Weeks over which payoffs are added up.
    pub span: usize,
    /// Weeks by which the cliff might be put off.
    pub extension: usize,
    /// Discount rates a year, ours and theirs.
    pub rates: [f64; 2],
    /// The side that makes the first offer.
    pub first: String,
    /// One a hypothesis.
    pub rows: Vec<ClockRow>,
    /// The average.
    pub mean: ClockMean,
}

/// The dates and rates of a dossier's clock, the same under every hypothesis.
pub struct ClockTerms {
    sides: [String; 2],
    as_of: Date,
    cliff: Date,
    extension: usize,
    clock: Clock,
}

impl ClockTerms {
    /// Reads them.
    ///
    /// # Errors
    /// A dossier without `[clock.offers]`, a cliff that is not after the as-of date.
    pub fn new(bench: &Bench) -> Result<Self, StudyError> {
        let head = &bench.dossier.head;
        let Some(offers) = &head.clock.offers else {
            return Err(StudyError::Missing(
                "dossier.toml does not say how offers are made: add [clock.offers] with `first`, `span`, `extend` and \
                 `discount` (docs/dossier.md)"
                    .to_owned(),
            ));
        };
        let sides = [&head.ours, &head.theirs].map(|side| side.get_ref().clone());
        let as_of = bench.dossier.as_of;
        let cliff = bench.day(&head.clock.cliff)?;
        let days = (cliff - as_of).get_days();
        if days <= 0 {
            return Err(StudyError::Missing(format!(
                "the cliff of {cliff} is not after {as_of}: there is no time left to make offers in; name another \
                 `cliff` or an earlier day"
            )));
        }
        let assumed = |name| bench.dossier.assumption(name);
        let whole = |name| assumed(name).round() as usize;
        let rate = |side: &String| {
            let found = offers.discount.iter().find(|(k, _)| k.get_ref() == side);
            found.map_or(0.0, |(_, name)| assumed(name))
        };
        let weeks = (days as usize).div_ceil(7);
        let span = whole(&offers.span);
        if span < weeks {
            return Err(StudyError::Missing(format!(
                "the span of {span} weeks (`{}` in assumptions.toml) ends before the cliff, {weeks} weeks from {as_of}: payoffs \
                 are added up over the span, so make it at least {weeks}",
                offers.span.get_ref()
            )));
        }
        Ok(Self {
            as_of,
            cliff,
            extension: whole(&offers.extend),
            clock: Clock {
                weeks,
                span,
                rates: [rate(&sides[0]), rate(&sides[1])],
                interim: [0.0; 2],
                no_deal: [0.0; 2],
                first: usize::from(*offers.first.get_ref() == sides[1]),
            },
            sides,
        })
    }
}

/// Runs the clock on the win-set's frontier under each hypothesis, and averages by the belief.
///
/// `answers` are those of [`Desk::answers`]. The packages that are shown are solved exactly.
///
/// # Errors
/// What the law and the model say.
pub fn clock(
    desk: &Desk,
    answers: &[Answer],
    terms: &ClockTerms,
) -> Result<ClockReport, StudyError> {
    let pause = pause(desk, terms.cliff)?;
    // Economic welfare and the average come before the hypotheses.
    let hypotheses = desk.tables.iter().zip(answers).skip(2);
    let rows = hypotheses
        .zip(&desk.belief.probabilities)
        .map(|((table, answer), probability)| {
            let clock = Clock {
                interim: [0, 1].map(|p| table.gain(p, &pause)),
                ..terms.clock.clone()
            };
            let points: Vec<(Package, [f64; 2])> = answer
                .win_set_frontier
                .iter()
                .filter_map(|p| Some((p.packages.first()?.clone(), [p.payoffs[0], p.payoffs[1]])))
                .collect();
            let play = clock.alternating(&points)?;
            let waiting = clock.waiting(&points, terms.extension)?;
            Ok(ClockRow {
                name: table.name.clone(),
                title: table.title.to_string(),
                probability: *probability,
                packages: points.len(),
                interim: clock.interim,
                weeks: week_rows(desk, table, terms, &play)?,
                agreed: play.agreed,
                values: play.values,
                without: play.without,
                week_lost: waiting.week_lost,
                extended: waiting.extended,
            })
        })
        .collect::<Result<Vec<_>, StudyError>>()?;
    Ok(ClockReport {
        as_of: terms.as_of.to_string(),
        cliff: terms.cliff.to_string(),
        weeks: terms.clock.weeks,
        span: terms.clock.span,
        extension: terms.extension,
        rates: terms.clock.rates,
        first: terms.sides[terms.clock.first].clone(),
        mean: mean(&rows),
        rows,
    })
}

/// What holds until the cliff, against no deal: our goods pay what they pay on its eve, and nobody has answered yet. What
/// all others pay is as in no deal, since it does not hang on these talks.
fn pause(desk: &Desk, cliff: Date) -> Result<Changes, StudyError> {
    let (bench, no_deal) = (&desk.bench, &desk.worlds.no_deal[0].1);
    let ours = bench.dossier.head.ours.get_ref();
    let eve = cliff.saturating_sub(1.day());
    let mut world = no_deal.world.clone();
    world.tariff.clear();
    world.rates = world
        .rates
        .with_origin(ours, &bench.ours.change(&bench.law, eve)?.origin(ours));
    let solved = bench.solve(
        "until the cliff",
        world,
        &mut Workspace::new(),
        Some(&no_deal.equilibrium),
    )?;
    Ok(Bench::changes(&solved, no_deal))
}

/// The weeks of a play, with the payoffs of every package in it solved exactly.
fn week_rows(
    desk: &Desk,
    table: &Table,
    terms: &ClockTerms,
    play: &Play,
) -> Result<Vec<WeekRow>, StudyError> {
    let mut packages: Vec<&Package> = Vec::new();
    for package in play.weeks.iter().filter_map(|w| w.package.as_ref()) {
        if !packages.contains(&package) {
            packages.push(package);
        }
    }
    let solved = packages
        .par_iter()
        .map_init(Workspace::new, |workspace, package| {
            let (bench, options) = (&desk.bench, package.options());
            let (_, changes) = bench.exact(options, &desk.worlds, &desk.payoffs, workspace)?;
            Ok([0, 1].map(|p| table.gain(p, &changes)))
        })
        .collect::<Result<Vec<[f64; 2]>, StudyError>>()?;
    let exact = |package: &Package| {
        let place = packages.iter().position(|p| *p == package);
        place.map(|k| solved[k])
    };
    play.weeks
        .iter()
        .map(|w| {
            let names = w
                .package
                .as_ref()
                .map(|p| table.talks.option_names(p))
                .transpose()?;
            let date = terms.as_of.saturating_add((w.week as i64).weeks());
            Ok(WeekRow {
                week: w.week,
                date: date.to_string(),
                proposer: terms.sides[w.proposer].clone(),
                options: names.map(|all| all.into_iter().map(str::to_owned).collect()),
                payoffs: w.package.as_ref().and_then(exact),
            })
        })
        .collect()
}

fn mean(rows: &[ClockRow]) -> ClockMean {
    let both = |of: fn(&ClockRow) -> [f64; 2]| {
        [0, 1].map(|side| rows.iter().map(|r| r.probability * of(r)[side]).sum())
    };
    let agreeing = rows.iter().filter(|r| r.agreed.is_some());
    ClockMean {
        agreement: agreeing.map(|r| r.probability).sum::<f64>() + 0.0,
        values: both(|r| r.values),
        without: both(|r| r.without),
        week_lost: both(|r| r.week_lost),
        extended: both(|r| r.extended),
    }
}
