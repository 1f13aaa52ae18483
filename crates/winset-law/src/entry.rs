//! What is asked: one entry of goods.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{Bare, Country, GoodsCode, LawError, Money, programme};

/// The largest value, content or quantity of one entry; far above any trade, far below the range of the
/// decimal type, so that sums stay exact.
const LARGEST: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0); // 10^15

/// The most decimals of a value, content or quantity: with [`LARGEST`] it leaves six of 28 digits to the rate, so that a
/// product is exact.
const FINEST: u32 = 6;

/// Something only the importer knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// True or false.
    Is(bool),
    /// A number, zero or more; of a name that ends in `share`, at most one.
    Number(Decimal),
    /// A word, such as the `auto_part` of `certified=auto_part`.
    Word(String),
}

impl Fact {
    /// Reads the value of a fact.
    pub(crate) fn read(name: &str, text: &str) -> Result<Self, LawError> {
        let text = text.trim();
        let most = if name.ends_with("share") {
            Decimal::ONE
        } else {
            LARGEST
        };
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        match (text, text.parse::<Decimal>()) {
            // As spreadsheets and people write it, too.
            _ if ["true", "yes"]
                .iter()
                .any(|yes| text.eq_ignore_ascii_case(yes)) =>
            {
                Ok(Self::Is(true))
            }
            _ if ["false", "no"]
                .iter()
                .any(|no| text.eq_ignore_ascii_case(no)) =>
            {
                Ok(Self::Is(false))
            }
            (_, Ok(number)) if (Decimal::ZERO..=most).contains(&number) => Ok(Self::Number(number)),
            (_, Err(_)) if most == LARGEST && !text.is_empty() && text.chars().all(word) => {
                Ok(Self::Word(text.to_owned()))
            }
            _ => Err(LawError::Range {
                what: format!("the fact `{name}`"),
                found: text.to_owned(),
                range: "true, false, a word, or a number of zero or more; a share at most one",
            }),
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(yes) => write!(f, "{yes}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// A quantity and its unit; a blank unit is the unit of the duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// How many.
    pub amount: Decimal,
    /// Of what: `kg`, `l`, `No.`, …
    pub unit: String,
}

impl Quantity {
    /// Whether an amount is one that an entry may have as a quantity: from zero to 10^15, with at most six decimals.
    pub fn is_in_range(amount: Decimal) -> bool {
        let few = amount.scale() <= FINEST || amount.normalize().scale() <= FINEST;
        few && amount >= Decimal::ZERO && amount <= LARGEST
    }
}

/// Goods that enter, with all that the law may ask about them.
///
/// # Example
/// ```
/// use jiff::civil::date;
/// use winset_law::{Currency, Entry, Money};
/// let entry = Entry::new(
///     "US".parse()?,
///     "8429.52.10".parse()?,
///     "JP".parse()?,
///     date(2025, 8, 18),
///     Money::new(10_000.into(), Currency::USD),
/// )
/// .content("steel", 4_000.into())
/// .fact("us_share", "0.25")?;
/// # Ok::<(), winset_law::LawError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Entry {
    pub(crate) importer: Country,
    pub(crate) goods: GoodsCode,
    pub(crate) origin: Country,
    pub(crate) on: Date,
    pub(crate) value: Money,
    pub(crate) loaded: Option<Date>,
    pub(crate) quantity: Option<Quantity>,
    pub(crate) content: Vec<(String, Decimal)>,
    pub(crate) claims: Vec<String>,
    pub(crate) facts: Vec<(String, Fact)>,
}

impl Entry {
    /// Goods of an origin that enter for consumption on a day, with their customs value.
    pub fn new(
        importer: Country,
        goods: GoodsCode,
        origin: Country,
        on: Date,
        value: Money,
    ) -> Self {
        Self {
            importer,
            goods,
            origin,
            on,
            value,
            loaded: None,
            quantity: None,
            content: Vec::new(),
            claims: Vec::new(),
            facts: Vec::new(),
        }
    }

    /// Where the goods enter.
    pub fn importer(&self) -> Country {
        self.importer
    }

    /// The day the goods were loaded on the vessel of the final mode of transit.
    #[must_use]
    pub fn loaded(mut self, on: Date) -> Self {
        self.loaded = Some(on);
        self
    }

    /// The quantity; a blank unit is the unit of the duty.
    #[must_use]
    pub fn quantity(mut self, amount: Decimal, unit: &str) -> Self {
        self.quantity = Some(Quantity {
            amount,
            unit: unit.trim().to_owned(),
        });
        self
    }

    /// The value of a material or part, in the currency of the entry: `steel`, or `aluminium` as some write `aluminum`.
    #[must_use]
    pub fn content(mut self, of: &str, value: Decimal) -> Self {
        let of = match of.trim().to_lowercase() {
            of if of == "aluminium" => "aluminum".to_owned(),
            of => of,
        };
        self.content.push((of, value));
        self
    }

    /// A claimed programme: `USMCA`, `USJTA`, or a symbol of the *Special* column, in capitals or not. Of several that have a
    /// rate on the goods the lowest duty is owed.
    #[must_use]
    pub fn claim(mut self, claim: &str) -> Self {
        self.claims.push(programme::canonical(claim.trim()));
        self
    }

    /// A fact: `true`, `false`, a number of zero or more (of a name that ends in `share`, from 0 to 1), or
    /// a word. A fact may be stated with several words.
    ///
    /// # Errors
    /// A value that is none of these.
    pub fn fact(mut self, name: &str, value: &str) -> Result<Self, LawError> {
        let fact = Fact::read(name.trim(), value)?;
        self.facts.push((name.trim().to_owned(), fact));
        Ok(self)
    }

    /// Whether the value is in the currency of the importer's law.
    pub(crate) fn in_the_laws_currency(&self) -> bool {
        let of_law = self.importer.currency();
        of_law.is_none_or(|currency| currency == self.value.currency)
    }

    /// Whether nothing but importer, goods, origin, day, value (in the law's currency) and quantity is stated.
    pub(crate) fn states_nothing(&self) -> bool {
        self.in_the_laws_currency()
            && self.loaded.is_none()
            && self.content.is_empty()
            && self.claims.is_empty()
            && self.facts.is_empty()
    }

    /// The quantity, if one is stated.
    pub fn stated_quantity(&self) -> Option<&Quantity> {
        self.quantity.as_ref()
    }

    /// The same as a [`Bare`] one, if no content and no day of loading is stated, and value (in the law's currency) and quantity are
    /// in range; claims, facts and the quantity stay behind.
    pub fn bare(&self, known_on: Option<Date>) -> Option<Bare> {
        let quantity = self.quantity.as_ref();
        if self.loaded.is_some()
            || !self.content.is_empty()
            || quantity.is_some_and(|q| !Quantity::is_in_range(q.amount))
        {
            return None;
        }
        let days = (self.on, known_on);
        Bare::new(self.importer, self.goods, self.origin, days, self.value)
    }

    pub(crate) fn check(&self) -> Result<(), LawError> {
        let fine = |what: &str, x: Decimal| {
            // A division can leave noughts behind.
            if x.scale() <= FINEST || x.normalize().scale() <= FINEST {
                return Ok(());
            }
            Err(LawError::Range {
                what: what.to_owned(),
                found: x.to_string(),
                range: "written with at most six decimals",
            })
        };
        let inside = |what: &str, x: Decimal, largest: Decimal| {
            if x >= Decimal::ZERO && x <= largest {
                return fine(what, x);
            }
            Err(LawError::Range {
                what: what.to_owned(),
                found: x.to_string(),
                range: "zero or more, and at most 10^15",
            })
        };
        inside("the value", self.value.amount, LARGEST)?;
        if let Some(quantity) = &self.quantity {
            inside("the quantity", quantity.amount, LARGEST)?;
        }
        for (of, value) in &self.content {
            if *value < Decimal::ZERO || *value > self.value.amount {
                return Err(LawError::Range {
                    what: format!("the content `{of}`"),
                    found: value.to_string(),
                    range: "from zero to the value of the entry",
                });
            }
            fine(&format!("the content `{of}`"), *value)?;
        }
        if let Some(loaded) = self.loaded.filter(|loaded| *loaded > self.on) {
            return Err(LawError::Range {
                what: "the day of loading".to_owned(),
                found: loaded.to_string(),
                range: "on or before the entry date",
            });
        }
        Ok(())
    }
}

/// What the rules may ask about an entry; an entry answers from what it holds, an average from its
/// assumptions.
pub(crate) trait Inputs {
    fn fact(&self, name: &str) -> Option<&Fact>;
    /// Whether a fact is stated with this word; `None` if it is not stated at all.
    fn word(&self, name: &str, word: &str) -> Option<bool>;
    fn claims(&self, programme: &str) -> bool {
        let mut claimed = self.claimed().iter();
        claimed.any(|claim| programme::is_claimed(programme, claim))
    }
    /// The value of a material where the whole is worth `value`; `None` if nothing is known.
    fn content(&self, of: &str, value: Decimal) -> Option<Decimal>;
    /// The value of a part of the article whose rate names it; never supposed to be nothing.
    fn part(&self, of: &str, value: Decimal) -> Option<Decimal>;
    fn loaded(&self) -> Option<Date>;
    fn quantity(&self) -> Option<&Quantity>;
    fn claimed(&self) -> &[String];
}

impl Inputs for Entry {
    fn claims(&self, programme: &str) -> bool {
        let mut claimed = self.claims.iter();
        claimed.any(|claim| programme::is_claimed(programme, claim))
            && programme::covers(programme, self.origin, self.on)
    }

    fn fact(&self, name: &str) -> Option<&Fact> {
        self.facts
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, fact)| fact)
    }

    fn word(&self, name: &str, word: &str) -> Option<bool> {
        let mut stated = self.facts.iter().filter(|(n, _)| n == name).peekable();
        stated.peek()?;
        Some(stated.any(|(_, fact)| matches!(fact, Fact::Word(w) if w.eq_ignore_ascii_case(word))))
    }

    fn content(&self, of: &str, value: Decimal) -> Option<Decimal> {
        // Whoever states one material states all that matter.
        let stated = !self.content.is_empty();
        self.part(of, value).or(stated.then_some(Decimal::ZERO))
    }

    fn part(&self, of: &str, _: Decimal) -> Option<Decimal> {
        let mut content = self.content.iter();
        content
            .find(|(name, _)| name == of)
            .map(|(_, value)| *value)
    }

    fn loaded(&self) -> Option<Date> {
        self.loaded
    }

    fn quantity(&self) -> Option<&Quantity> {
        self.quantity.as_ref()
    }

    fn claimed(&self) -> &[String] {
        &self.claims
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_is_ten_to_the_fifteenth() {
        assert_eq!(LARGEST.to_string(), "1000000000000000");
    }

    #[test]
    fn goods_are_loaded_before_they_enter() {
        let (us, on) = ("US".parse().unwrap(), jiff::civil::date(2025, 4, 16));
        let value = Money::new(1.into(), crate::Currency::USD);
        let entry = Entry::new(us, "8481".parse().unwrap(), us, on, value);
        assert!(entry.clone().loaded(on).check().is_ok());
        let later = entry.loaded(on.tomorrow().unwrap());
        assert!(later.check().unwrap_err().to_string().contains("loading"));
    }
}
