//! The base rate: which column of a line an origin and its claims open.

use std::sync::Arc;

use jiff::civil::Date;

use crate::Country;
use crate::assess::Question;
use crate::entry::Inputs;
use crate::programme;
use crate::rate::Rate;
use crate::schedule::Line;

/// The rate of the column that applies.
pub(crate) struct Base<'a> {
    pub(crate) rate: &'a Rate,
    /// The programme symbol where a preference applies; `None` for column 1 general and column 2.
    symbol: Option<&'a str>,
    column2: bool,
}

impl Base<'_> {
    /// Its name, as an assessment prints it.
    pub(crate) fn column(&self) -> Arc<str> {
        match self.symbol {
            Some(symbol) => format!("Column 1 special ({symbol})").into(),
            None if self.column2 => "Column 2".into(),
            None => "Column 1 general".into(),
        }
    }
}

/// Whether the goods of an origin enter under column 2 (HTSUS general note 3(b)).
pub(crate) fn in_column2(origin: Country, on: Date) -> bool {
    origin.is_member("column-2", on)
}

/// The base rate of a line for an origin and its claims.
pub(crate) fn base_rate<'a, I: Inputs>(line: &'a Line, q: &Question, inputs: &I) -> Base<'a> {
    if in_column2(q.origin, q.on) {
        return Base {
            rate: &line.column2,
            symbol: None,
            column2: true,
        };
    }
    if let Some((special, symbol)) =
        programme::find(&line.special, inputs.claimed(), q.origin, q.on)
        && !matches!(special.rate, Rate::Reference(_))
    {
        return Base {
            rate: &special.rate,
            symbol: Some(symbol),
            column2: false,
        };
    }
    Base {
        rate: &line.general,
        symbol: None,
        column2: false,
    }
}
