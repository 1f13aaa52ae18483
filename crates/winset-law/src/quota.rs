//! Tariff-rate quotas: how much was left on which day, so that nobody has to state whether one was full.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::condition::Condition;
use crate::country::Origins;
use crate::file::{RawQuota, RawQuotaPeriod, Word};
use crate::measure::{Act, Place};
use crate::read::Reader;

/// A quota that measures ask about by a fact such as `over_quota`.
#[derive(Clone, Debug)]
pub(crate) struct Quota {
    pub(crate) id: Arc<str>,
    /// The fact that it answers where the importer does not: true once nothing is left.
    fact: Arc<str>,
    /// The measures that ask, by selectors and where these stand.
    pub(crate) of: Vec<(Arc<str>, Place)>,
    unit: Arc<str>,
    pub(crate) periods: Vec<Period>,
}

/// One year or quarter of a quota.
#[derive(Clone, Debug)]
pub(crate) struct Period {
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) origins: Origins,
    volume: Decimal,
    pub(crate) act: Arc<Act>,
    /// What was left on days, ascending; a day's position is known on that day.
    pub(crate) positions: Vec<(Date, Decimal)>,
}

/// What a quota says of the entries of a day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Position {
    /// The number of the quota, its period, and the position that counts.
    pub(crate) quota: usize,
    period: usize,
    told: usize,
}

impl Position {
    /// The same numbers, the same position.
    pub(crate) fn numbers(&self) -> [usize; 3] {
        [self.quota, self.period, self.told]
    }
}

impl Quota {
    /// The last position on or before a day that was known; none where nobody has told.
    pub(crate) fn position(
        &self,
        number: usize,
        origin: crate::Country,
        on: Date,
        known: Option<Date>,
    ) -> Option<Position> {
        let knows = |day: Date| known.is_none_or(|known| day <= known);
        let period = self.periods.iter().position(|p| {
            p.from <= on && on < p.to && p.origins.contains(origin) && knows(p.act.known)
        })?;
        let positions = &self.periods[period].positions;
        let told = positions
            .iter()
            .rposition(|(day, _)| *day <= on && knows(*day))?;
        Some(Position {
            quota: number,
            period,
            told,
        })
    }

    /// Whether a condition holds by a position; `None` where it asks something else.
    pub(crate) fn answers(&self, at: &Position, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Is(name, wanted) if *name == self.fact => Some(self.is_full(at) == *wanted),
            _ => None,
        }
    }

    fn is_full(&self, at: &Position) -> bool {
        self.periods[at.period].positions[at.told].1.is_zero()
    }

    /// The words of a position, and the legal source of the quota.
    pub(crate) fn told(&self, at: &Position) -> (Told, Arc<str>) {
        let period = &self.periods[at.period];
        let (on, left) = period.positions[at.told];
        let told = Told {
            left,
            volume: period.volume,
            unit: self.unit.clone(),
            on,
        };
        (told, period.act.source.clone())
    }

    /// The days on which something begins, ends or is told.
    pub(crate) fn days(&self) -> impl Iterator<Item = Date> {
        self.periods.iter().flat_map(|p| {
            let told = p.positions.iter().map(|(day, _)| *day);
            told.chain([p.from, p.to])
        })
    }

    /// The days on which a position became known.
    pub(crate) fn days_known(&self) -> impl Iterator<Item = Date> {
        let told = self.periods.iter().flat_map(|p| &p.positions);
        told.map(|(day, _)| *day)
    }
}

/// How much of a quota was left on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What was left, in the unit.
    pub left: Decimal,
    /// The whole quota of the period.
    pub volume: Decimal,
    /// Of what: `t`, `each`, …
    pub unit: Arc<str>,
    /// The day for which it was told.
    pub on: Date,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            left,
            volume,
            unit,
            on,
        } = self;
        if left.is_zero() {
            write!(f, "the quota of {volume} {unit} was full on {on}")
        } else {
            write!(
                f,
                "{left} of {volume} {unit} of the quota were left on {on}"
            )
        }
    }
}

impl Reader<'_> {
    pub(crate) fn quota(&mut self, raw: &RawQuota) -> Quota {
        let periods = raw.period.iter().filter_map(|p| self.quota_period(p));
        Quota {
            id: raw.id.get_ref().as_str().into(),
            fact: raw.fact.get_ref().as_str().into(),
            unit: raw.unit.as_str().into(),
            periods: periods.collect(),
            of: (raw.of.iter())
                .map(|w| (w.get_ref().as_str().into(), self.place(w)))
                .collect(),
        }
    }

    fn quota_period(&mut self, raw: &RawQuotaPeriod) -> Option<Period> {
        let (from, to) = self.days(&raw.from, Some(&raw.to));
        let volume = self.amount(&raw.volume)?;
        let mut positions: Vec<(Date, Decimal)> = Vec::new();
        for position in &raw.position {
            let (on, left) = (self.day(&position.on), self.amount(&position.left)?);
            if left > volume {
                let what = format!("{left} are left of {volume}");
                self.fault(&position.left, what, "write what is left of the volume");
            }
            if on < from || on >= to || positions.last().is_some_and(|(last, _)| *last >= on) {
                self.fault(
                    &position.left,
                    format!("{on} is no day of the period after the position before"),
                    "list positions by ascending days from `from` to before `to`",
                );
            }
            positions.push((on, left));
        }
        Some(Period {
            from,
            to,
            origins: self.origins(&raw.origins, &raw.except_origins, from),
            volume,
            act: self.act(&raw.act)?,
            positions,
        })
    }

    fn amount(&mut self, word: &Word) -> Option<Decimal> {
        let text = word.get_ref().replace([',', ' '], "");
        let amount = text
            .parse()
            .ok()
            .filter(|a: &Decimal| !a.is_sign_negative());
        if amount.is_none() {
            self.fault(
                word,
                format!("`{}` is no amount", word.get_ref()),
                "write digits, such as \"767000\"",
            );
        }
        amount
    }
}
