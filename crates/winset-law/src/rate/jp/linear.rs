//! Arithmetic in a printed rate: shares of the value, amounts for a unit, and the price itself.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::Currency;
use crate::rate::{Rate, Term};

/// Decimals kept of a quotient: far more than any amount of duty needs, few enough to print and read back.
const DECIMALS: u32 = 18;

/// No duty is a million times the value; beyond it a text is no rate.
const LARGEST_SHARE: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// How deep brackets may nest.
const DEEPEST: usize = 8;

/// A share of the value plus an amount for a unit.
#[derive(Clone, Debug, Default, PartialEq)]
struct Linear {
    share: Decimal,
    yen: Decimal,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    /// A plain number.
    Number(Decimal),
    /// Money.
    Money(Linear),
}

/// The unit an amount is for: how many of what.
type Unit = (Decimal, &'static str);

struct Reader<'a> {
    rest: &'a str,
    unit: Option<Unit>,
    depth: usize,
}

/// The units that Japan's schedule prints, and their names here.
const UNITS: [(&str, &str); 11] = [
    ("kg", "kg"),
    ("kl", "kl"),
    ("l", "liter"),
    ("m2", "m2"),
    ("MT", "t"),
    ("キログラム", "kg"),
    ("頭", "each"),
    ("足", "pr"),
    ("枚", "each"),
    ("本", "each"),
    ("個", "each"),
];

/// Reads a sum such as `29.8%+396円/kg`, `(524円×1.004-課税価格)/kg` or `8.5%+290.70円/1000本`, without blanks
/// and thousands separators. `課税価格` is the customs value of one unit, so a share of it is a share of the
/// value. `None` if it is anything else, or has no share and no unit.
pub(super) fn read(text: &str) -> Option<Rate> {
    let mut reader = Reader {
        rest: text,
        unit: None,
        depth: 0,
    };
    let value = reader.sum()?;
    let Value::Money(Linear { share, yen }) = value else {
        return None;
    };
    if !reader.rest.is_empty() {
        return None;
    }
    if share.abs() > LARGEST_SHARE {
        return None;
    }
    let share = share.round_dp(DECIMALS);
    let mut terms = Vec::new();
    if !share.is_zero() {
        terms.push(Term::AdValorem {
            fraction: share,
            part: None,
        });
    }
    if !yen.is_zero() {
        let (per, unit) = reader.unit?;
        let term = Term::Specific {
            amount: yen.round_dp(DECIMALS),
            currency: Currency::JPY,
            per,
            unit: unit.into(),
            of: None,
        };
        // What is taken off stands last.
        terms.insert(
            if share.is_sign_negative() {
                0
            } else {
                terms.len()
            },
            term,
        );
    }
    if terms.iter().all(Term::is_negative) && !terms.is_empty() {
        return None;
    }
    Some(Rate::Sum(terms))
}

/// An amount of yen for a unit of something the goods contain.
pub(super) fn of_content(amount: &str, of: &str) -> Option<Rate> {
    Some(Rate::Sum(vec![Term::Specific {
        amount: amount.parse().ok()?,
        currency: Currency::JPY,
        per: Decimal::ONE,
        unit: "kg".into(),
        of: Some(Arc::from(of)),
    }]))
}

impl Reader<'_> {
    fn take(&mut self, word: &str) -> bool {
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> Option<Value> {
        let mut sum = self.product()?;
        loop {
            let sign = if self.take("+") {
                Decimal::ONE
            } else if self.take("-") {
                Decimal::NEGATIVE_ONE
            } else {
                return Some(sum);
            };
            sum = match (sum, self.product()?) {
                (Value::Number(a), Value::Number(b)) => {
                    Value::Number(a.checked_add(sign.checked_mul(b)?)?)
                }
                (Value::Money(a), Value::Money(b)) => Value::Money(Linear {
                    share: a.share.checked_add(sign.checked_mul(b.share)?)?,
                    yen: a.yen.checked_add(sign.checked_mul(b.yen)?)?,
                }),
                _ => return None,
            };
        }
    }

    fn product(&mut self) -> Option<Value> {
        let mut product = self.factor()?;
        loop {
            let by = if self.take("×") {
                match (self.factor()?, &product) {
                    (Value::Number(by), _) => by,
                    (money, Value::Number(by)) => {
                        let by = *by;
                        product = money;
                        by
                    }
                    _ => return None,
                }
            } else if self.rest.starts_with('/') && self.digit_at(1) {
                self.take("/");
                Decimal::ONE.checked_div(self.number()?)?
            } else {
                return Some(product);
            };
            product = match product {
                Value::Number(a) => Value::Number(a.checked_mul(by)?),
                Value::Money(a) => Value::Money(Linear {
                    share: a.share.checked_mul(by)?,
                    yen: a.yen.checked_mul(by)?,
                }),
            };
        }
    }

    fn digit_at(&self, at: usize) -> bool {
        self.rest.as_bytes().get(at).is_some_and(u8::is_ascii_digit)
    }

    fn number(&mut self) -> Option<Decimal> {
        let numeric = |c: char| c.is_ascii_digit() || c == '.';
        let end = self.rest.find(|c| !numeric(c)).unwrap_or(self.rest.len());
        let number = self.rest[..end].parse().ok()?;
        self.rest = &self.rest[end..];
        Some(number)
    }

    fn factor(&mut self) -> Option<Value> {
        let money = |share, yen| Some(Value::Money(Linear { share, yen }));
        if self.take("(") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return None;
            }
            let inside = self.sum()?;
            self.depth -= 1;
            if !self.take(")") {
                return None;
            }
            self.per_unit()?;
            return Some(inside);
        }
        if self.take("課税価格") {
            self.per_unit()?;
            return money(Decimal::ONE, Decimal::ZERO);
        }
        let number = self.number()?;
        if self.take("%") {
            return money(number.checked_div(Decimal::ONE_HUNDRED)?, Decimal::ZERO);
        }
        let number = if self.rest.starts_with("万円") {
            self.take("万");
            number.checked_mul(Decimal::from(10_000))?
        } else {
            number
        };
        if self.take("円") {
            self.per_unit()?;
            return money(Decimal::ZERO, number);
        }
        Some(Value::Number(number))
    }

    /// `/kg`, `/1000本`: one unit for the whole of a rate. Nothing is read where a division follows.
    fn per_unit(&mut self) -> Option<()> {
        let before = self.rest;
        if !self.take("/") {
            return Some(());
        }
        let per = if self.digit_at(0) {
            self.number()?
        } else {
            Decimal::ONE
        };
        let Some((printed, unit)) = UNITS
            .iter()
            .find(|(printed, _)| self.rest.starts_with(printed))
        else {
            self.rest = before;
            return Some(());
        };
        self.take(printed);
        let found = (per, *unit);
        if per.is_zero() || self.unit.is_some_and(|unit| unit != found) {
            return None;
        }
        self.unit = Some(found);
        Some(())
    }
}
