//! Why there is no answer, said of each entry with its own goods and value.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::entry::Entry;
use crate::money::times;
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
    /// Lines of a short code differ.
    Differ(Box<Differ>),
}

/// Two lines of a short code, and what share of the value each owes.
#[derive(Clone, Debug)]
pub(crate) struct Differ {
    pub(crate) first: (GoodsCode, Decimal),
    pub(crate) other: (GoodsCode, Decimal),
    pub(crate) lines: String,
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

    /// The error on an entry; `goods` are those of the line at fault.
    pub(crate) fn error(&self, entry: &Entry, goods: GoodsCode) -> LawError {
        match self {
            Self::Quantity(unit) => LawError::NeedsQuantity {
                goods,
                unit: unit.clone(),
            },
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
            Self::Differ(differ) => differ.error(entry),
        }
    }
}

impl Differ {
    fn error(&self, entry: &Entry) -> LawError {
        let owes = |(goods, share): (GoodsCode, Decimal)| {
            let owed = times(share, entry.value.amount)?;
            Ok(format!(
                "{goods} owes {}",
                Money::new(owed, entry.value.currency)
            ))
        };
        match (owes(self.first), owes(self.other)) {
            (Ok(first), Ok(other)) => LawError::Ambiguous {
                goods: entry.goods,
                why: format!("{first}, {other}"),
                lines: self.lines.clone(),
            },
            (Err(error), _) | (_, Err(error)) => error,
        }
    }
}
