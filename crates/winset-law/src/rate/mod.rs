//! Rates of duty: what a schedule or a measure charges.
//!
//! The meaning ([`Rate`]) is one type for all importers. Its own notation, which measure files use and
//! [`Display`](std::fmt::Display) prints, is read by [`text`]; what an importer prints in its schedule has a
//! reader of its own ([`us`], [`jp`]).

pub mod jp;
pub(crate) mod order;
pub mod text;
pub mod us;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::Currency;

/// A rate of duty.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Rate {
    /// The sum of its terms, some of which may be taken off; no term at all is *Free*. A sum below zero is
    /// no duty, not a payment.
    Sum(Vec<Term>),
    /// The larger duty of the two.
    Greater(Box<Rate>, Box<Rate>),
    /// The smaller duty of the two.
    Lesser(Box<Rate>, Box<Rate>),
    /// Tops the base duty up to this fraction of the value; nothing if the base duty is higher
    /// (EO 14345 s. 2(a): "15 per cent inclusive").
    Inclusive(Decimal),
    /// A rate of which no more is owed than tops the base duty up to a fraction of the value: `25%, at most
    /// 15% in total`.
    Capped {
        /// The rate by itself.
        rate: Box<Rate>,
        /// The most that base duty and this rate come to, as a fraction of the value.
        total: Decimal,
    },
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
        /// The fraction, 0.068 for 6.8 %; negative where it is taken off.
        fraction: Decimal,
        /// The part of the article whose value counts (`case`, `battery`); the whole where absent.
        part: Option<Arc<str>>,
    },
    /// An amount for so many units.
    Specific {
        /// The amount, in units of the currency (dollars, not cents); negative where it is taken off.
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
    /// Adds the parts of the article that it is on.
    pub(crate) fn parts(&self, out: &mut HashSet<Arc<str>>) {
        match self {
            Self::Sum(terms) => out.extend(terms.iter().filter_map(|term| match term {
                Term::AdValorem { part, .. } => part.clone(),
                Term::Specific { .. } => None,
            })),
            Self::Greater(a, b) | Self::Lesser(a, b) => {
                a.parts(out);
                b.parts(out);
            }
            Self::Capped { rate, .. } => rate.parts(out),
            Self::Inclusive(_) | Self::Reference(_) | Self::Unparsed(_) => {}
        }
    }

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

    /// A plain amount for one unit.
    pub fn specific(amount: Decimal, currency: Currency, unit: &str) -> Self {
        Self::Sum(vec![Term::Specific {
            amount,
            currency,
            per: Decimal::ONE,
            unit: unit.into(),
            of: None,
        }])
    }

    /// The larger duty of two rates.
    #[must_use]
    pub fn or_more(self, other: Self) -> Self {
        Self::Greater(Box::new(self), Box::new(other))
    }

    /// The smaller duty of two rates.
    #[must_use]
    pub fn or_less(self, other: Self) -> Self {
        Self::Lesser(Box::new(self), Box::new(other))
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
        self.all(&|rate| !matches!(rate, Self::Unparsed(_)))
    }

    /// Whether the duty follows from value, quantity and base duty.
    pub fn is_computable(&self) -> bool {
        self.all(&|rate| !matches!(rate, Self::Unparsed(_) | Self::Reference(_)))
    }

    fn all(&self, holds: &impl Fn(&Self) -> bool) -> bool {
        holds(self)
            && match self {
                Self::Greater(a, b) | Self::Lesser(a, b) => a.all(holds) && b.all(holds),
                Self::Capped { rate, .. } => rate.all(holds),
                _ => true,
            }
    }
}

impl Term {
    /// Whether the term is taken off.
    pub fn is_negative(&self) -> bool {
        match self {
            Self::AdValorem { fraction: x, .. } | Self::Specific { amount: x, .. } => {
                x.is_sign_negative() && !x.is_zero()
            }
        }
    }

    /// The same term with the other sign.
    #[must_use]
    pub fn negated(mut self) -> Self {
        match &mut self {
            Self::AdValorem { fraction: x, .. } | Self::Specific { amount: x, .. } => *x = -*x,
        }
        self
    }
}

/// A fraction as per cent, `2.5%`; a third of one as column 2 prints it, `33 1/3%`.
pub(crate) fn percent(fraction: Decimal) -> String {
    let percent = (fraction * Decimal::ONE_HUNDRED).normalize();
    let three = Decimal::from(3);
    if let Some(thirds) = percent.checked_mul(three).map(|thirds| thirds.round()) {
        let (whole, rest) = ((thirds / three).trunc(), thirds % three);
        if !rest.is_zero() && (whole + rest / three) / Decimal::ONE_HUNDRED == fraction {
            return format!("{whole} {rest}/3%");
        }
    }
    format!("{percent}%")
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

/// An operand of *greater of* and *lesser of*: in brackets where it would not read back without.
struct Operand<'a>(&'a Rate);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        if matches!(self.0, Rate::Sum(_)) && !text.contains(" or ") {
            f.write_str(&text)
        } else {
            write!(f, "({text})")
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sum(terms) if terms.is_empty() => f.write_str("Free"),
            Self::Sum(terms) => {
                for (i, term) in terms.iter().enumerate() {
                    match (i, term.is_negative()) {
                        (0, _) => write!(f, "{term}")?,
                        (_, false) => write!(f, " + {term}")?,
                        (_, true) => write!(f, " - {}", term.clone().negated())?,
                    }
                }
                Ok(())
            }
            Self::Greater(a, b) => write!(f, "greater of {} or {}", Operand(a), Operand(b)),
            Self::Lesser(a, b) => write!(f, "lesser of {} or {}", Operand(a), Operand(b)),
            Self::Inclusive(fraction) => write!(f, "{} inclusive", percent(*fraction)),
            Self::Capped { rate, total } => {
                write!(f, "{rate}, at most {} in total", percent(*total))
            }
            Self::Reference(text) | Self::Unparsed(text) => f.write_str(text),
        }
    }
}
