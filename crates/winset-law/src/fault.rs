//! Why there is no answer, said of each entry with its own goods and value.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::entry::Entry;
use crate::law::Law;
use crate::money::times;
use crate::spots::Several;
use crate::{GoodsCode, LawError, Money};

/// What is wrong with all entries of one place that state the same.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// A duty takes a quantity in this unit.
    Quantity(Arc<str>),
    /// The schedule has no line.
    NoLine,
    /// The duty is printed as a text without a meaning here.
    Text(Arc<str>),
    /// A duty on a part whose value is not stated.
    Part(Arc<str>),
    /// The first line of a short code and another owe different shares of the value, or the same under other headings; the
    /// other's place.
    Differ(usize, Box<[(Decimal, String); 2]>),
}

/// How the answers of two lines of a short code differ: in what is owed, else in the headings to declare.
pub(crate) fn differ(lines: [(GoodsCode, Money, String); 2]) -> String {
    let same = lines[0].1 == lines[1].1;
    let [first, other] = lines.map(|(goods, owed, headings)| match (same, headings.as_str()) {
        (false, _) => format!("{goods} owes {owed}"),
        (true, "") => format!("{goods} owes {owed} under no heading beside its own"),
        (true, _) => format!("{goods} owes {owed} under {headings}"),
    });
    format!("{first}, {other}")
}

/// The error where a duty on goods takes a quantity in a unit, and none is stated.
pub(crate) fn needs_quantity(goods: GoodsCode, unit: &Arc<str>) -> LawError {
    LawError::NeedsQuantity {
        goods,
        unit: unit.clone(),
    }
}

impl Fault {
    /// Of an error; `None` where each entry must be asked.
    pub(crate) fn of(error: LawError) -> Option<Self> {
        match error {
            LawError::NeedsQuantity { unit, .. } => Some(Self::Quantity(unit)),
            LawError::NoLine { .. } => Some(Self::NoLine),
            LawError::RateText { text, .. } => Some(Self::Text(text)),
            LawError::NeedsPart { part, .. } => Some(Self::Part(part)),
            _ => None,
        }
    }

    /// Whether a quantity may mend it.
    pub(crate) fn asks_quantity(&self) -> bool {
        matches!(self, Self::Quantity(_))
    }

    /// The error on an entry whose goods are one line, or at a line of a short code.
    pub(crate) fn error(
        &self,
        entry: &Entry,
        line: Option<usize>,
        several: Option<&Several>,
        law: &Law,
    ) -> LawError {
        let of = |place: usize| {
            several
                .and_then(|s| s.lines.get(place))
                .map(|(goods, _)| *goods)
        };
        let goods = line.and_then(of).unwrap_or(entry.goods);
        match self {
            Self::Quantity(unit) => needs_quantity(goods, unit),
            Self::NoLine => LawError::NoLine {
                importer: entry.importer,
                goods,
                on: entry.on,
            },
            Self::Text(text) => LawError::RateText {
                goods,
                text: text.clone(),
            },
            Self::Part(part) => LawError::NeedsPart {
                goods,
                part: part.clone(),
            },
            Self::Differ(other, lines) => {
                let line = |place, (share, headings): &'_ (Decimal, String)| {
                    let owed = Money::new(times(*share, entry.value.amount)?, entry.value.currency);
                    Ok((of(place).unwrap_or(goods), owed, headings.clone()))
                };
                match (line(0, &lines[0]), line(*other, &lines[1])) {
                    (Ok(first), Ok(other)) => LawError::Ambiguous {
                        goods,
                        why: differ([first, other]),
                        lines: several.map_or_else(String::new, |s| s.below(law, entry)),
                    },
                    (Err(error), _) | (_, Err(error)) => error,
                }
            }
        }
    }
}
