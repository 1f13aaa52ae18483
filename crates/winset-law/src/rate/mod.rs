//! Rates of duty: what a schedule or a measure charges.
//!
//! The meaning ([`Rate`]) is one type for all importers; each importer's printed texts have a reader of
//! their own ([`us`]).

pub mod us;

use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::Currency;

/// A rate of duty.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Rate {
    /// The sum of its terms; no term at all is *Free*.
    Sum(Vec<Term>),
    /// The larger duty of the two.
    Greater(Box<Rate>, Box<Rate>),
    /// The smaller duty of the two.
    Lesser(Box<Rate>, Box<Rate>),
    /// Tops the base duty up to this fraction of the value; nothing if the base duty is higher
    /// (EO 14345 s. 2(a): "15 per cent inclusive").
    Inclusive(Decimal),
    /// A meaning that depends on more than this line: "The rate applicable to …", "See note …", or a
    /// sugar scale by degrees. The text is kept; a duty needs the other line.
    Reference(Arc<str>),
    /// A text without a meaning here. Never read as zero.
    Unparsed(Arc<str>),
}

/// One term of a rate.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A fraction of value.
    AdValorem {
        /// The fraction, 0.068 for 6.8 %.
        fraction: Decimal,
        /// The part of the article whose value counts (`case`, `battery`); the whole where absent.
        part: Option<Arc<str>>,
    },
    /// An amount for so many units.
    Specific {
        /// The amount, in units of the currency (dollars, not cents).
        amount: Decimal,
        /// Its currency.
        currency: Currency,
        /// How many units it is for (1,000 in "19.2¢/1000").
        per: Decimal,
        /// The unit, normalised: `kg`, `liter`, `each`, `doz`, `pr`, `m2`, …
        unit: Arc<str>,
        /// What the quantity counts, where not the article itself ("on lead content").
        of: Option<Arc<str>>,
    },
}

impl Rate {
    /// No duty.
    pub const FREE: Self = Self::Sum(Vec::new());

    /// A plain fraction of the value.
    pub fn ad_valorem(fraction: Decimal) -> Self {
        if fraction.is_zero() {
            return Self::FREE;
        }
        Self::Sum(vec![Term::AdValorem {
            fraction,
            part: None,
        }])
    }

    /// The fraction if the rate is *Free* or one fraction of the whole value.
    pub fn as_ad_valorem(&self) -> Option<Decimal> {
        match self {
            Self::Sum(terms) => match terms.as_slice() {
                [] => Some(Decimal::ZERO),
                [
                    Term::AdValorem {
                        fraction,
                        part: None,
                    },
                ] => Some(*fraction),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the text had a meaning.
    pub fn has_meaning(&self) -> bool {
        !matches!(self, Self::Unparsed(_))
    }
}

/// A fraction as per cent, `2.5%`.
pub(crate) fn percent(fraction: Decimal) -> String {
    format!("{}%", (fraction * Decimal::ONE_HUNDRED).normalize())
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AdValorem { fraction, part } => {
                f.write_str(&percent(*fraction))?;
                part.iter().try_for_each(|part| write!(f, " on the {part}"))
            }
            Self::Specific {
                amount,
                currency,
                per,
                unit,
                of,
            } => {
                write!(f, "{} {currency}/", amount.normalize())?;
                if *per != Decimal::ONE {
                    write!(f, "{per} ")?;
                }
                f.write_str(unit)?;
                of.iter().try_for_each(|of| write!(f, " on {of}"))
            }
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sum(terms) if terms.is_empty() => f.write_str("Free"),
            Self::Sum(terms) => {
                for (i, term) in terms.iter().enumerate() {
                    if i > 0 {
                        f.write_str(" + ")?;
                    }
                    write!(f, "{term}")?;
                }
                Ok(())
            }
            Self::Greater(a, b) => write!(f, "greater of {a} or {b}"),
            Self::Lesser(a, b) => write!(f, "lesser of {a} or {b}"),
            Self::Inclusive(fraction) => write!(f, "{} inclusive", percent(*fraction)),
            Self::Reference(text) | Self::Unparsed(text) => f.write_str(text),
        }
    }
}
