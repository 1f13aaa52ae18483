//! Money: an exact amount in one currency.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::LawError;

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// US dollar.
    pub const USD: Self = Self(*b"USD");
    /// Japanese yen.
    pub const JPY: Self = Self(*b"JPY");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl FromStr for Currency {
    type Err = LawError;

    /// # Errors
    /// Anything but three capital letters.
    fn from_str(text: &str) -> Result<Self, LawError> {
        match text.trim().as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(LawError::Currency {
                text: text.to_owned(),
            }),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An exact amount of a currency. Amounts multiply by plain numbers only:
///
/// ```compile_fail
/// use winset_law::{Currency, Money};
/// let m = Money::new(1.into(), Currency::USD);
/// let _ = m * m; // square dollars are not a thing
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// The amount, in units of the currency (dollars, yen).
    pub amount: Decimal,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// An amount of a currency.
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The sum of two amounts.
    ///
    /// # Errors
    /// Different currencies, or a sum too large for 28 digits.
    pub fn plus(self, other: Self) -> Result<Self, LawError> {
        if self.currency != other.currency {
            return Err(LawError::Currencies {
                left: self.currency,
                right: other.currency,
            });
        }
        let amount = self
            .amount
            .checked_add(other.amount)
            .ok_or(LawError::TooLarge)?;
        Ok(Self { amount, ..self })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount.normalize(), self.currency)
    }
}

/// Products and sums that say "too large" where the decimal type would stop the program.
pub(crate) fn times(a: Decimal, b: Decimal) -> Result<Decimal, LawError> {
    a.checked_mul(b).ok_or(LawError::TooLarge)
}

pub(crate) fn plus(a: Decimal, b: Decimal) -> Result<Decimal, LawError> {
    a.checked_add(b).ok_or(LawError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_do_not_mix() {
        let dollar = Money::new(1.into(), Currency::USD);
        let yen = Money::new(150.into(), "JPY".parse().unwrap());
        assert!(dollar.plus(yen).is_err());
        assert_eq!(dollar.plus(dollar).unwrap().to_string(), "2 USD");
        assert!("usd".parse::<Currency>().is_err());
        assert!(times(Decimal::MAX, Decimal::TWO).is_err());
    }
}
