//! Conditions of measures, exemptions and fees on what only the importer knows.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::entry::{Fact, Inputs};
use crate::programme;
use crate::reading::Reading;

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    AtLeast,
    Above,
    AtMost,
    Below,
}

impl Order {
    const ALL: [(&'static str, Self); 4] = [
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        (">", Self::Above),
        ("<", Self::Below),
    ];

    fn holds(self, number: Decimal, bound: Decimal) -> bool {
        match self {
            Self::AtLeast => number >= bound,
            Self::Above => number > bound,
            Self::AtMost => number <= bound,
            Self::Below => number < bound,
        }
    }
}

/// One condition. All conditions of a record must hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    /// A fact is stated as true (or, reversed, is not).
    Is(Arc<str>, bool),
    /// A programme is claimed (or, reversed, is not).
    Claims(Arc<str>, bool),
    /// A number compares so.
    Number(Arc<str>, Order, Decimal),
    /// A fact is stated with this word.
    Word(Arc<str>, Arc<str>),
    /// Some of the value is this material; it counts as so where no material is stated.
    Content(Arc<str>),
    /// Loaded on the final mode of transit before a day.
    LoadedBefore(Date),
    /// The law is read this way where it is open.
    Reads(Arc<str>, Arc<str>),
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Yes,
    No,
    /// Not stated, so it counts as not holding.
    Unknown,
}

impl Condition {
    /// Reads `over_quota`, `not informal`, `claim USMCA`, `us_share >= 0.20`, `certified = auto_part`,
    /// `content aluminum`, `loaded < 2025-04-05` or `reading NAME = VALUE`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let name = |text: &str| {
            let text = text.trim();
            let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '*');
            (!text.is_empty() && text.chars().all(plain)).then(|| Arc::<str>::from(text))
        };
        if let Some(reading) = text.strip_prefix("reading ") {
            let (id, value) = reading.split_once('=')?;
            return Some(Self::Reads(name(id)?, name(value)?));
        }
        if let Some(day) = text.strip_prefix("loaded") {
            let day = day.trim_start().strip_prefix('<')?;
            return Some(Self::LoadedBefore(day.trim().parse().ok()?));
        }
        if let Some(material) = text.strip_prefix("content ") {
            return Some(Self::Content(name(material)?));
        }
        let (text, wanted) = match text.strip_prefix("not ") {
            Some(rest) => (rest.trim(), false),
            None => (text, true),
        };
        if let Some(programme) = text.strip_prefix("claim ") {
            let programme = programme::canonical(&name(programme)?);
            return Some(Self::Claims(programme.into(), wanted));
        }
        for (sign, order) in Order::ALL.into_iter().filter(|_| wanted) {
            if let Some((fact, bound)) = text.split_once(sign) {
                let bound: Decimal = bound.trim().parse().ok()?;
                return (bound >= Decimal::ZERO)
                    .then(|| name(fact).map(|fact| Self::Number(fact, order, bound)))?;
            }
        }
        if let Some((fact, word)) = text.split_once('=').filter(|_| wanted) {
            return Some(Self::Word(name(fact)?, name(word)?));
        }
        Some(Self::Is(name(text)?, wanted))
    }

    /// The fact, claim or `loaded` that answers it, as an entry names it; none for a reading.
    pub(crate) fn asked(&self) -> Option<Arc<str>> {
        match self {
            Self::Is(name, _)
            | Self::Claims(name, _)
            | Self::Number(name, ..)
            | Self::Word(name, _) => Some(name.clone()),
            Self::LoadedBefore(_) => Some("loaded".into()),
            Self::Content(_) | Self::Reads(..) => None,
        }
    }

    pub(crate) fn holds<I: Inputs>(&self, inputs: &I, readings: &[Reading]) -> Holds {
        let told = |yes| if yes { Holds::Yes } else { Holds::No };
        match self {
            Self::Is(name, wanted) => match inputs.fact(name) {
                Some(Fact::Is(stated)) => told(stated == wanted),
                Some(_) => Holds::No,
                // What is not stated counts as false.
                None if *wanted => Holds::Unknown,
                None => Holds::Yes,
            },
            Self::Claims(programme, true) if !inputs.claims(programme) => Holds::Unknown,
            Self::Claims(programme, wanted) => told(inputs.claims(programme) == *wanted),
            Self::Number(name, order, bound) => match inputs.fact(name) {
                Some(Fact::Number(number)) => told(order.holds(*number, *bound)),
                Some(_) => Holds::No,
                None => Holds::Unknown,
            },
            Self::Word(name, word) => match inputs.word(name, word) {
                Some(yes) => told(yes),
                None => Holds::Unknown,
            },
            Self::Content(of) => told(
                inputs
                    .content(of, Decimal::ONE)
                    .is_none_or(|of| !of.is_zero()),
            ),
            Self::LoadedBefore(day) => match inputs.loaded() {
                Some(loaded) => told(loaded < *day),
                None => Holds::Unknown,
            },
            Self::Reads(id, value) => told(
                readings
                    .iter()
                    .any(|r| r.id == *id && r.chosen() == &**value),
            ),
        }
    }

    /// A number for which the condition on it holds.
    pub(crate) fn witness(&self) -> Option<Decimal> {
        let Self::Number(_, order, bound) = self else {
            return None;
        };
        Some(match order {
            Order::AtLeast | Order::AtMost => *bound,
            Order::Below => bound.checked_div(Decimal::TWO)?,
            Order::Above => bound.checked_add(Decimal::ONE)?.checked_div(Decimal::TWO)?,
        })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = |wanted: &bool| if *wanted { "" } else { "not " };
        match self {
            Self::Is(name, wanted) => write!(f, "{}{name}", not(wanted)),
            Self::Claims(name, wanted) => write!(f, "{}claim {name}", not(wanted)),
            Self::Number(name, order, bound) => {
                let sign = Order::ALL.iter().find(|(_, o)| o == order);
                write!(f, "{name} {} {bound}", sign.map_or("", |(s, _)| s))
            }
            Self::Word(name, word) => write!(f, "{name} = {word}"),
            Self::Content(of) => write!(f, "content {of}"),
            Self::LoadedBefore(day) => write!(f, "loaded < {day}"),
            Self::Reads(id, value) => write!(f, "reading {id} = {value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_reads_back() {
        for text in [
            "over_quota",
            "not informal",
            "claim USMCA",
            "not claim USMCA",
            "us_share >= 0.20",
            "metal_weight_share < 0.15",
            "certified = auto_part",
            "content aluminum",
            "loaded < 2025-04-05",
            "reading remainder = floor",
        ] {
            let condition = Condition::parse(text).unwrap();
            assert_eq!(condition.to_string(), text);
        }
        for text in [
            "",
            "us_share >= much",
            "loaded before May",
            "two words",
            "reading x",
        ] {
            assert_eq!(Condition::parse(text), None, "{text}");
        }
    }
}
