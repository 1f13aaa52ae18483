//! The brief's numbers as plain tables, from which the workbook, CSV and Parquet are made.
//!
//! Every table is long rather than wide: one kind of thing a row, so that it can be filtered and joined. Codes
//! and names join the tables: `code` of lines, `issue` and `option`, `package` by number from 1.

mod economy;
mod talks;
mod wrong;

use crate::brief::Brief;

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Name as a file and as a sheet, at most 31 characters.
    pub name: &'static str,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with a value for every column.
    pub rows: Vec<Vec<Value>>,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name, the same in every format.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A day, ISO 8601.
    Date,
    /// A whole number.
    Whole,
    /// Yes or no.
    Flag,
    /// A number without a unit, or with that of its row.
    Number,
    /// bn USD, a year where it is a flow.
    Billions,
    /// Million USD a year.
    Millions,
    /// USD.
    Dollars,
    /// A fraction of one.
    Fraction,
    /// Per cent.
    Percent,
}

impl Kind {
    /// The unit, as written after the name of the column; empty where there is none.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Billions => "bn USD",
            Self::Millions => "million USD",
            Self::Dollars => "USD",
            Self::Fraction => "fraction",
            Self::Percent => "%",
            Self::Text | Self::Date | Self::Whole | Self::Flag | Self::Number => "",
        }
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// None.
    Missing,
    /// Words, or a day.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Whole(number as i64)
    }
}

impl From<f64> for Value {
    /// What is not finite is missing, as it is in JSON.
    fn from(number: f64) -> Self {
        if number.is_finite() {
            Self::Number(number)
        } else {
            Self::Missing
        }
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

/// A table of named columns; a row is an array of values.
fn table<const N: usize>(
    name: &'static str,
    columns: [(&'static str, Kind); N],
    rows: impl IntoIterator<Item = [Value; N]>,
) -> Table {
    Table {
        name,
        columns: columns
            .into_iter()
            .map(|(name, kind)| Column { name, kind })
            .collect(),
        rows: rows.into_iter().map(Vec::from).collect(),
    }
}

/// Every table of a brief that has rows, in the order of its sections.
pub fn tables(b: &Brief) -> Vec<Table> {
    let answer = table(
        "answer",
        [("number", Kind::Whole), ("sentence", Kind::Text)],
        b.sentences
            .iter()
            .enumerate()
            .map(|(k, s)| [(k + 1).into(), s.into()]),
    );
    let mut out = vec![answer];
    out.extend(economy::situation(&b.situation));
    out.extend(economy::no_deal(&b.no_deal));
    out.extend(economy::demands(&b.demands));
    out.extend(talks::packages(&b.packages));
    out.extend(b.wrong.iter().flat_map(|w| wrong::tables(&b.packages, w)));
    out.extend(talks::others(&b.others));
    out.extend(talks::doubt(&b.doubt));
    out.retain(|table| !table.rows.is_empty());
    out
}
