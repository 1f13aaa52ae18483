//! What can be wrong with a question about duty.

use std::sync::Arc;

use jiff::civil::Date;
use winset_io::TableError;

use crate::{Country, Currency, GoodsCode};

/// Why there is no answer. Faults in measure files are [`winset_io::Problems`] instead, with places.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LawError {
    /// No goods code.
    #[error("`{text}` is not a goods code: write 2 to 10 digits, such as 8703.23.01")]
    GoodsCode {
        /// What was written.
        text: String,
    },
    /// No country.
    #[error("unknown country `{text}`: write an ISO 3166 code such as JP, or a US Census code")]
    Country {
        /// What was written.
        text: String,
    },
    /// No currency.
    #[error("`{text}` is not a currency: write three capital letters such as USD")]
    Currency {
        /// What was written.
        text: String,
    },
    /// Amounts of two currencies met.
    #[error("amounts in {left} and {right} do not add: convert one first")]
    Currencies {
        /// One.
        left: Currency,
        /// The other.
        right: Currency,
    },
    /// A number left the range of exact arithmetic (28 digits).
    #[error("an amount is too large for exact arithmetic (28 digits)")]
    TooLarge,
    /// A value, quantity or share outside its range.
    #[error("{what} is {found}: it must be {range}")]
    Range {
        /// Which input.
        what: String,
        /// What it was.
        found: String,
        /// What it may be.
        range: &'static str,
    },
    /// A content of something that no duty is on.
    #[error(
        "no duty is on a content of `{of}`: state {}, or a part that the line's rate names (iron counts as steel)",
        known.join(", ")
    )]
    Material {
        /// As it was stated.
        of: String,
        /// The materials that duties are on.
        known: Vec<Arc<str>>,
    },
    /// The importer has no schedule.
    #[error("no tariff schedule of {importer} is loaded")]
    NoSchedule {
        /// The importer.
        importer: Country,
    },
    /// The measure files do not hold the law of that day.
    #[error(
        "law not in the data: measures of {importer}{} are held for entries from {from} to before {to}, acts up to \
         {acts_to}; {on} is outside",
        origin.map_or_else(String::new, |origin| format!(" on goods of {origin}"))
    )]
    NotInData {
        /// The importer.
        importer: Country,
        /// The origin; none where that of no origin is held.
        origin: Option<Country>,
        /// The entry date.
        on: Date,
        /// First day held.
        from: Date,
        /// Day after the last.
        to: Date,
        /// Acts known up to this day are held.
        acts_to: Date,
    },
    /// The files hold no law on that origin.
    #[error("law not in the data: nothing is held on goods of {origin} entering {importer}")]
    NoOrigin {
        /// The importer.
        importer: Country,
        /// The origin.
        origin: Country,
    },
    /// The schedule has no such line on that day.
    #[error("law not in the data: the schedule of {importer} has no line {goods} on {on}")]
    NoLine {
        /// The importer.
        importer: Country,
        /// The code asked for.
        goods: GoodsCode,
        /// The entry date.
        on: Date,
    },
    /// A short code covers lines with different answers.
    #[error("{goods} is too short for one answer ({why}): choose one of {lines}")]
    Ambiguous {
        /// The code asked for.
        goods: GoodsCode,
        /// Where the lines differ.
        why: String,
        /// The lines below it.
        lines: String,
    },
    /// The line's rate cannot be computed by itself.
    #[error(
        "the duty on {goods} is printed as \"{text}\", which {}",
        how_to_compute(text)
    )]
    RateText {
        /// The line.
        goods: GoodsCode,
        /// The text.
        text: Arc<str>,
    },
    /// A specific duty without a quantity.
    #[error("the duty on {goods} is per {unit}: give a quantity in {unit}")]
    NeedsQuantity {
        /// The goods.
        goods: GoodsCode,
        /// The unit of the rate.
        unit: Arc<str>,
    },
    /// A quantity in another unit than the duty's.
    #[error("the duty on {goods} is per {unit}, the quantity is in {given}: convert it")]
    Unit {
        /// The goods.
        goods: GoodsCode,
        /// The unit of the rate.
        unit: Arc<str>,
        /// The unit that was given.
        given: String,
    },
    /// A duty on a part of the article whose value was not given.
    #[error("the duty on {goods} is on the {part}: give its value as content, `{part}=…`")]
    NeedsPart {
        /// The goods.
        goods: GoodsCode,
        /// The part.
        part: Arc<str>,
    },
    /// Measures that yield to one another in a circle.
    #[error("the measures {measures} each yield to another of them on {on}: one must prevail")]
    Circle {
        /// The measures.
        measures: String,
        /// The entry date.
        on: Date,
    },
    /// What another entry of the same goods was told.
    #[error("{what}")]
    Told {
        /// The message.
        what: Arc<str>,
    },
    /// A table that does not read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A cell of a table that does not mean what its column must hold.
    #[error("{table}, row {row}: {error}")]
    Row {
        /// The table.
        table: String,
        /// The row, from 1, the header not counted.
        row: usize,
        /// What is wrong with it.
        error: Box<LawError>,
    },
    /// A season that does not read.
    #[error("`{text}` is not a season: write its first and last day, 12-01/05-31")]
    Season {
        /// What was written.
        text: String,
    },
    /// No exchange rate of a currency for a day.
    #[error(
        "no exchange rate of {currency} for {on}: the rates held begin on {first} and end on {last}"
    )]
    NoExchangeRate {
        /// The currency.
        currency: Currency,
        /// The day whose rate is wanted.
        on: Date,
        /// The first day held of any currency.
        first: Date,
        /// The last day held of any currency.
        last: Date,
    },
    /// A date that does not read.
    #[error("`{text}` is not a date: write 2025-04-16")]
    Date {
        /// What was written.
        text: String,
    },
}

impl LawError {
    pub(crate) fn in_row(self, table: &str, row: usize) -> Self {
        Self::Row {
            table: table.to_owned(),
            row: row + 1,
            error: Box::new(self),
        }
    }
}

/// What a printed rate asks of whoever wants it computed.
fn how_to_compute(text: &str) -> String {
    if text.starts_with("see ") {
        return "these files do not hold".to_owned();
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    if lines < 2 {
        return "needs another line or fact to compute".to_owned();
    }
    let cases: Vec<String> = (1..=lines).map(|n| format!("case_{n}")).collect();
    format!(
        "has a rate for each case: state which the goods are by a fact, {}",
        cases.join(" or ")
    )
}
