//! Fees: charges on an entry beside duty, clamped between limits.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assess::Question;
use crate::condition::{Condition, Holds};
use crate::country::Origins;
use crate::entry::Entry;
use crate::file::{RawFee, RawFeePeriod, Word};
use crate::law::Law;
use crate::measure::Act;
use crate::money::times;
use crate::read::Reader;
use crate::reading::Reading;
use crate::{Country, Currency, LawError};

/// A fee of an importer.
#[derive(Clone, Debug)]
pub(crate) struct Fee {
    pub(crate) id: Arc<str>,
    pub(crate) title: Arc<str>,
    pub(crate) authority: Arc<str>,
    pub(crate) importer: Country,
    origins: Origins,
    pub(crate) when: Vec<Condition>,
    periods: Vec<Period>,
}

#[derive(Clone, Debug)]
struct Period {
    from: Date,
    to: Date,
    act: Arc<Act>,
    clamp: Clamp,
}

/// A share of value between limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clamp {
    rate: Decimal,
    least: Decimal,
    most: Decimal,
}

impl Clamp {
    /// The share of value, the least and the most.
    pub(crate) fn parts(&self) -> (Decimal, Decimal, Decimal) {
        (self.rate, self.least, self.most)
    }

    /// On a value in the importer's currency, to the cent.
    pub(crate) fn of(&self, value: Decimal) -> Result<Decimal, LawError> {
        let amount = times(value, self.rate)?.clamp(self.least, self.most);
        Ok(crate::rounding::half_up(amount, 2))
    }
}

/// A fee owed on one entry.
#[derive(Clone, Debug, PartialEq)]
pub struct OwedFee {
    /// Its name.
    pub fee: Arc<str>,
    /// What it is.
    pub title: Arc<str>,
    /// The power it rests on.
    pub authority: Arc<str>,
    /// The amount, in the importer's currency, to the cent.
    pub amount: Decimal,
    /// The legal source.
    pub source: Arc<str>,
}

impl Reader<'_> {
    pub(crate) fn fee(&mut self, raw: &RawFee) -> Option<Fee> {
        let importer = self.country(&raw.importer);
        let mut periods = Vec::new();
        for period in &raw.period {
            periods.extend(self.fee_period(period));
        }
        let on = periods.first().map_or(Date::MIN, |p| p.from);
        Some(Fee {
            id: raw.id.get_ref().as_str().into(),
            title: raw.title.as_str().into(),
            authority: raw.authority.as_str().into(),
            importer: importer?,
            origins: self.origins(&raw.origins, &raw.except_origins, on),
            when: self.conditions(&raw.when),
            periods,
        })
    }

    fn fee_period(&mut self, raw: &RawFeePeriod) -> Option<Period> {
        let (from, to) = self.days(&raw.from, raw.to.as_ref());
        let act = self.act(&raw.act);
        let rate = crate::rate::text::parse(raw.rate.get_ref()).as_ad_valorem();
        if rate.is_none() {
            self.fault(
                &raw.rate,
                format!("`{}` is no rate of a fee", raw.rate.get_ref()),
                "write a share of the value, such as \"0.3464%\"",
            );
        }
        let least = self.limit(raw.least.as_ref(), Decimal::ZERO);
        let most = self.limit(raw.most.as_ref(), Decimal::MAX);
        if let (Some(word), true) = (&raw.most, most < least) {
            self.fault(
                word,
                format!("the most, {most}, is below the least, {least}"),
                "exchange them",
            );
        }
        Some(Period {
            from,
            to,
            act: act?,
            clamp: Clamp {
                rate: rate?,
                least,
                most,
            },
        })
    }

    fn limit(&mut self, word: Option<&Word>, otherwise: Decimal) -> Decimal {
        let Some(word) = word else {
            return otherwise;
        };
        match word.get_ref().trim().parse::<Decimal>() {
            Ok(limit) if limit >= Decimal::ZERO => limit,
            _ => {
                self.fault(
                    word,
                    format!("`{}` is no amount", word.get_ref()),
                    "write an amount of the importer's currency, such as \"33.58\"",
                );
                otherwise
            }
        }
    }
}

impl Law {
    /// The fees on an entry.
    pub(crate) fn fees_of(
        &self,
        q: &Question<'_>,
        entry: &Entry,
    ) -> Result<Vec<OwedFee>, LawError> {
        let mut owed = Vec::new();
        for fee in &self.fees {
            if let Some(period) = fee.period(q, entry, &self.readings) {
                // Limits are in the importer's currency.
                let to = importer_currency(q, entry);
                let value = q.converted(entry.value, to)?;
                owed.push(OwedFee {
                    fee: fee.id.clone(),
                    title: fee.title.clone(),
                    authority: fee.authority.clone(),
                    amount: period.clamp.of(value)?,
                    source: period.act.source.clone(),
                });
            }
        }
        Ok(owed)
    }

    /// The fees of an importer and origin that hold on a day, whatever the entry states: number and
    /// period.
    pub(crate) fn fees_in_force(&self, q: &Question<'_>) -> Vec<(usize, usize)> {
        let fees = self.fees.iter().enumerate();
        fees.filter_map(|(number, fee)| Some((number, fee.in_force(q)?)))
            .collect()
    }

    /// The fees that fall on an entry, whatever its value.
    pub(crate) fn clamps(&self, q: &Question<'_>, entry: &Entry) -> Vec<Clamp> {
        let fees = self.fees.iter();
        fees.filter_map(|fee| Some(fee.period(q, entry, &self.readings)?.clamp))
            .collect()
    }
}

impl Fee {
    /// The days on which a period begins or ends.
    pub(crate) fn days(&self) -> impl Iterator<Item = Date> {
        self.periods.iter().flat_map(|p| [p.from, p.to])
    }

    /// The period that holds, that of the latest act, whatever the entry states.
    fn in_force(&self, q: &Question<'_>) -> Option<usize> {
        if self.importer != q.importer || !self.origins.contains(q.origin) {
            return None;
        }
        let known = |act: &Act| q.known.is_none_or(|known| act.known <= known);
        let periods = self.periods.iter().enumerate();
        let held = periods.filter(|(_, p)| p.from <= q.on && q.on < p.to && known(&p.act));
        held.max_by_key(|(_, p)| p.act.known)
            .map(|(number, _)| number)
    }

    /// The period that speaks for an entry, if the fee falls on it.
    fn period(&self, q: &Question<'_>, entry: &Entry, readings: &[Reading]) -> Option<&Period> {
        let period = &self.periods[self.in_force(q)?];
        let holds = |c: &Condition| c.holds(entry, readings) == Holds::Yes;
        self.when.iter().all(holds).then_some(period)
    }
}

fn importer_currency(q: &Question<'_>, entry: &Entry) -> Currency {
    q.importer.currency().unwrap_or(entry.value.currency)
}
