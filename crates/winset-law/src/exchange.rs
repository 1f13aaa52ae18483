//! Exchange rates by day, and the rules that say which day's rate converts an entry.
//!
//! The rates are those of the European Central Bank: units of each currency for one euro on every working day;
//! other pairs by cross rate. Customs administrations publish rates of their own, which these stand in for:
//! they differ in the third or fourth digit.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use rust_decimal::Decimal;
use winset_io::Table;

use crate::{Country, Currency, LawError, Money};

/// How many days may lie between a day and the last published rate before it: the longest closure of the
/// markets is five days long.
const LONGEST_CLOSURE: i32 = 7;

/// Which day's rate converts an amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// The rate of the entry date, or of the last working day before it.
    #[default]
    EntryDate,
    /// The rate of the last working day before the entry date.
    DayBefore,
    /// The first rate of the calendar quarter (31 U.S.C. 5151(c), 19 CFR 159.34: the rate first certified for
    /// the quarter). That the rate of the day counts where it differs by 5 per cent or more (19 CFR 159.35) is
    /// not held.
    FirstOfQuarter,
    /// The mean of the rates of the week before last, from Sunday to Saturday (Japan: Customs Tariff Act,
    /// art. 4-7, and its enforcement regulation, art. 1).
    MeanOfWeekBeforeLast,
}

impl Rule {
    const NAMES: [(&str, Self); 4] = [
        ("entry-date", Self::EntryDate),
        ("day-before", Self::DayBefore),
        ("first-of-quarter", Self::FirstOfQuarter),
        ("mean-of-week-before-last", Self::MeanOfWeekBeforeLast),
    ];

    /// The rule of an importer's law; the entry date where none is known here.
    pub fn of(importer: Country) -> Self {
        match importer.iso2() {
            "US" => Self::FirstOfQuarter,
            "JP" => Self::MeanOfWeekBeforeLast,
            _ => Self::EntryDate,
        }
    }
}

impl FromStr for Rule {
    type Err = LawError;

    /// # Errors
    /// A name that is none of `entry-date`, `day-before`, `first-of-quarter`, `mean-of-week-before-last`.
    fn from_str(text: &str) -> Result<Self, LawError> {
        let found = Self::NAMES.iter().find(|(name, _)| *name == text.trim());
        found.map(|(_, rule)| *rule).ok_or_else(|| LawError::Range {
            what: "the rule of exchange".to_owned(),
            found: text.to_owned(),
            range: "`entry-date`, `day-before`, `first-of-quarter` or `mean-of-week-before-last`",
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES.iter().find(|(_, rule)| rule == self);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}

/// Daily rates of several currencies.
///
/// # Example
/// ```
/// use jiff::civil::date;
/// use winset_io::Table;
/// use winset_law::exchange::{ExchangeRates, Rule};
/// use winset_law::{Currency, Money};
///
/// let days = "date,usd,jpy\n2025-04-04,1.1057,160.16\n2025-04-07,1.0967,160.54\n";
/// let rates = ExchangeRates::from_table(&Table::from_csv("days", days.as_bytes())?)?;
/// let value = Money::new("110.57".parse()?, Currency::USD);
/// // A Saturday has the rate of Friday.
/// let yen = rates.convert(value, Currency::JPY, date(2025, 4, 5), Rule::EntryDate)?;
/// assert_eq!(yen.to_string(), "16016 JPY");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ExchangeRates {
    currencies: Vec<Currency>,
    /// In the order of days; a rate for each currency, where there was one.
    days: Vec<(Date, Vec<Option<Decimal>>)>,
}

impl ExchangeRates {
    /// Reads a table with a column `date` and, for each currency, a column named by its code (in capitals or
    /// not): units for one euro, blank or `N/A` where there was no rate.
    ///
    /// # Errors
    /// No column `date`; a date or a rate that does not read, with its row.
    pub fn from_table(table: &Table) -> Result<Self, LawError> {
        let mut columns = Vec::new();
        for name in table.column_names() {
            if let Ok(currency) = name.to_ascii_uppercase().parse::<Currency>() {
                columns.push((currency, table.text_slice(name)?));
            }
        }
        let dates = table.text_slice("date")?;
        let mut days = Vec::with_capacity(dates.len());
        for (row, text) in dates.iter().enumerate() {
            let here = |error: LawError| error.in_row(table.name(), row);
            let date: Date = text.trim().parse().map_err(|_| {
                here(LawError::Date {
                    text: text.to_owned(),
                })
            })?;
            let rates = columns.iter().map(|(_, cells)| rate(&cells[row]));
            let rates: Result<Vec<_>, _> = rates.collect();
            days.push((date, rates.map_err(here)?));
        }
        days.sort_by_key(|(date, _)| *date);
        Ok(Self {
            currencies: columns.into_iter().map(|(currency, _)| currency).collect(),
            days,
        })
    }

    /// How many units of `to` one unit of `from` is worth for an entry on a day.
    ///
    /// # Errors
    /// A currency that is not held, or no rate for the days that the rule names.
    pub fn rate(
        &self,
        from: Currency,
        to: Currency,
        on: Date,
        rule: Rule,
    ) -> Result<Decimal, LawError> {
        if from == to {
            return Ok(Decimal::ONE);
        }
        let beyond = |_| LawError::Date {
            text: on.to_string(),
        };
        match rule {
            Rule::EntryDate => self.last(from, to, on),
            Rule::DayBefore => self.last(from, to, on.yesterday().map_err(beyond)?),
            Rule::FirstOfQuarter => {
                let first = on.first_of_month();
                let months: Span = i64::from((on.month() - 1) % 3).months();
                let first = first.checked_sub(months).map_err(beyond)?;
                let after = self.days.partition_point(|(day, _)| *day < first);
                // The quarter begins on a holiday or two: the rate of its first working day is that of the days before, too.
                let last = on.max(first.checked_add(6.days()).map_err(beyond)?);
                let days = self.days[after..]
                    .iter()
                    .take_while(|(day, _)| *day <= last);
                let mut rates = days.filter_map(|(_, rates)| self.cross(rates, from, to));
                rates.next().ok_or_else(|| self.none(from, to, on))
            }
            Rule::MeanOfWeekBeforeLast => {
                let sunday = i64::from(on.weekday().since(Weekday::Sunday));
                let first = on.checked_sub((sunday + 14).days()).map_err(beyond)?;
                let next = first.checked_add(7.days()).map_err(beyond)?;
                let days = self.days.iter();
                let week = days.filter(|(day, _)| (first..next).contains(day));
                let rates: Vec<Decimal> = week
                    .filter_map(|(_, rates)| self.cross(rates, from, to))
                    .collect();
                if rates.is_empty() {
                    return Err(self.none(from, to, first));
                }
                let sum: Decimal = rates.iter().sum();
                sum.checked_div(rates.len().into())
                    .ok_or(LawError::TooLarge)
            }
        }
    }

    /// An amount in another currency, for an entry on a day.
    ///
    /// # Errors
    /// As [`rate`](Self::rate); an amount too large for exact arithmetic.
    pub fn convert(
        &self,
        amount: Money,
        to: Currency,
        on: Date,
        rule: Rule,
    ) -> Result<Money, LawError> {
        let rate = self.rate(amount.currency, to, on, rule)?;
        let amount = amount.amount.checked_mul(rate);
        Ok(Money::new(amount.ok_or(LawError::TooLarge)?, to))
    }

    /// The rate of a day, or of the last day before it that has one.
    fn last(&self, from: Currency, to: Currency, on: Date) -> Result<Decimal, LawError> {
        let until = self.days.partition_point(|(day, _)| *day <= on);
        let days = self.days[..until].iter().rev();
        let recent = days.take_while(|(day, _)| (on - *day).get_days() <= LONGEST_CLOSURE);
        let mut rates = recent.filter_map(|(_, rates)| self.cross(rates, from, to));
        rates.next().ok_or_else(|| self.none(from, to, on))
    }

    /// The cross rate of one day.
    fn cross(&self, rates: &[Option<Decimal>], from: Currency, to: Currency) -> Option<Decimal> {
        let for_one_euro = |currency: Currency| {
            if currency.code() == "EUR" {
                return Some(Decimal::ONE);
            }
            rates[self.currencies.iter().position(|c| *c == currency)?]
        };
        for_one_euro(to)?.checked_div(for_one_euro(from)?)
    }

    /// The error that names the currency which is at fault.
    fn none(&self, from: Currency, to: Currency, on: Date) -> LawError {
        let held = |c: Currency| c.code() == "EUR" || self.currencies.contains(&c);
        LawError::NoExchangeRate {
            currency: if held(from) { to } else { from },
            on,
            first: self.days.first().map_or(Date::MAX, |(day, _)| *day),
            last: self.days.last().map_or(Date::MIN, |(day, _)| *day),
        }
    }
}

fn rate(cell: &str) -> Result<Option<Decimal>, LawError> {
    let cell = cell.trim();
    if cell.is_empty() || cell == "N/A" {
        return Ok(None);
    }
    match cell.parse::<Decimal>() {
        Ok(rate) if rate > Decimal::ZERO => Ok(Some(rate)),
        _ => Err(LawError::Range {
            what: "the exchange rate".to_owned(),
            found: cell.to_owned(),
            range: "a number above zero",
        }),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn rates() -> ExchangeRates {
        let table = winset_data::Set::EcbRates.table().unwrap();
        ExchangeRates::from_table(&table).unwrap()
    }

    fn yen(rates: &ExchangeRates, on: Date, rule: Rule) -> Decimal {
        let rate = rates.rate(Currency::USD, Currency::JPY, on, rule).unwrap();
        rate.round_dp(2)
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn days_and_rules() {
        let rates = rates();
        // The figure that the data's own notes give for 2 April 2025.
        assert_eq!(
            yen(&rates, date(2025, 4, 2), Rule::EntryDate),
            decimal("149.24")
        );
        let friday = yen(&rates, date(2025, 4, 4), Rule::EntryDate);
        assert_eq!(yen(&rates, date(2025, 4, 6), Rule::EntryDate), friday);
        assert_eq!(yen(&rates, date(2025, 4, 7), Rule::DayBefore), friday);
        assert_eq!(
            yen(&rates, date(2025, 5, 20), Rule::FirstOfQuarter),
            yen(&rates, date(2025, 4, 1), Rule::EntryDate)
        );
        // New Year's Day has no rate of its own; the quarter's is that of its first working day.
        assert_eq!(
            yen(&rates, date(2026, 1, 1), Rule::FirstOfQuarter),
            yen(&rates, date(2026, 1, 2), Rule::EntryDate)
        );
        // Entry on Friday 1 November 2019: the week before last runs from 13 to 19 October.
        let week = (14..=18).map(|day| {
            let on = date(2019, 10, day);
            rates
                .rate(Currency::USD, Currency::JPY, on, Rule::EntryDate)
                .unwrap()
        });
        let mean = week.sum::<Decimal>() / Decimal::from(5);
        assert_eq!(
            yen(&rates, date(2019, 11, 1), Rule::MeanOfWeekBeforeLast),
            mean.round_dp(2)
        );
    }

    #[test]
    fn there_and_back() {
        let rates = rates();
        let on = date(2025, 4, 16);
        let dollars = Money::new(Decimal::from(10_000), Currency::USD);
        let rule = Rule::EntryDate;
        let yen = rates.convert(dollars, Currency::JPY, on, rule).unwrap();
        let back = rates.convert(yen, Currency::USD, on, rule).unwrap();
        assert!((back.amount - dollars.amount).abs() < decimal("0.000001"));
    }

    #[test]
    fn what_is_not_held_says_so() {
        let rates = rates();
        let rule = Rule::EntryDate;
        let ask = |from: &str, on| {
            let from = from.parse().unwrap();
            rates
                .rate(from, Currency::JPY, on, rule)
                .unwrap_err()
                .to_string()
        };
        assert!(ask("CHF", date(2025, 4, 2)).contains("CHF"));
        assert!(ask("USD", date(1998, 1, 5)).contains("1999-01-04"));
        assert!(ask("USD", date(2030, 1, 7)).contains("2026"));
        for (name, rule) in Rule::NAMES {
            assert_eq!(name.parse::<Rule>().unwrap(), rule);
            assert_eq!(rule.to_string(), name);
        }
        assert!("spot".parse::<Rule>().is_err());
    }
}
