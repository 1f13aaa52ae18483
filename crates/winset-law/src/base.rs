//! The base rate: which column of a line an origin and its claims open.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::Country;
use crate::assess::Question;
use crate::charge::charge;
use crate::entry::Inputs;
use crate::programme;
use crate::rate::Rate;
use crate::schedule::Line;

/// Whose goods do not have the ordinary rate, by importer: HTSUS general note 3(b); for Japan, goods of
/// countries that are not members of the WTO, or from which its rates were withdrawn.
const OTHERS: [(&str, &str); 3] = [
    ("US", "column-2"),
    ("JP", "non-wto"),
    ("JP", "wto-withdrawn"),
];

/// The rate of the column that applies.
pub(crate) struct Base<'a> {
    pub(crate) rate: &'a Rate,
    column: &'static str,
    /// The programme symbol where a preference applies.
    symbol: Option<&'a str>,
}

impl Base<'_> {
    /// Whether it is that of a preference.
    pub(crate) fn is_preferential(&self) -> bool {
        self.symbol.is_some()
    }

    /// Its name, as an assessment prints it.
    pub(crate) fn column(&self) -> Arc<str> {
        match self.symbol {
            Some(symbol) => format!("{} ({symbol})", self.column).into(),
            None => self.column.into(),
        }
    }
}

/// Whether the goods of an origin enter under the column for those who do not have the ordinary rate.
pub(crate) fn among_others(importer: Country, origin: Country, on: Date) -> bool {
    let mut groups = OTHERS.iter().filter(|(code, _)| importer.iso2() == *code);
    groups.any(|(_, group)| origin.is_member(group, on))
}

/// The base rate of a line for an origin and its claims: a claimed preference, else the column of the origin.
pub(crate) fn base_rate<'a, I: Inputs>(line: &'a Line, q: &Question, inputs: &I) -> Base<'a> {
    let others = among_others(q.importer, q.origin, q.on);
    let days = (q.on, q.known);
    let mut claimed = programme::find(&line.preferences, inputs, q.origin, days, !others);
    let preference = match inputs.claimed() {
        [] | [_] => claimed.next(),
        // Where one cannot be computed only nothing is surely lower: then that is the error of the entry.
        _ => claimed.min_by_key(|(rate, _)| {
            let owed = charge(rate, q.value, q, Decimal::ZERO, inputs);
            (
                owed.as_ref().map_or(Decimal::ZERO, |owed| *owed),
                owed.is_err(),
            )
        }),
    };
    if let Some((rate, symbol)) = preference {
        return Base {
            rate,
            column: line.preferential,
            symbol: Some(symbol),
        };
    }
    let column = if others { &line.others } else { &line.mfn };
    let case = column.cases.as_ref();
    Base {
        rate: case
            .and_then(|cases| cases.rate(q.origin, q.on, inputs))
            .unwrap_or(&column.rate),
        column: column.name,
        symbol: None,
    }
}
