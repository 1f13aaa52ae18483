//! From a rate to an amount.

use rust_decimal::Decimal;

use crate::LawError;
use crate::assess::Question;
use crate::entry::Inputs;
use crate::money::{plus, times};
use crate::rate::{Rate, Term};

/// The duty of a rate on a basis.
pub(crate) fn charge<I: Inputs>(
    rate: &Rate,
    basis: Decimal,
    q: &Question,
    base: Decimal,
    inputs: &I,
) -> Result<Decimal, LawError> {
    match rate {
        Rate::Sum(terms) => terms.iter().try_fold(Decimal::ZERO, |sum, term| {
            plus(sum, charge_term(term, basis, q, inputs)?)
        }),
        Rate::Inclusive(fraction) => {
            let of_base = if basis == q.value {
                base
            } else {
                times(base, basis.checked_div(q.value).unwrap_or(Decimal::ONE))?
            };
            Ok((times(*fraction, basis)? - of_base).max(Decimal::ZERO))
        }
        Rate::Greater(a, b) => {
            Ok(charge(a, basis, q, base, inputs)?.max(charge(b, basis, q, base, inputs)?))
        }
        Rate::Lesser(a, b) => {
            Ok(charge(a, basis, q, base, inputs)?.min(charge(b, basis, q, base, inputs)?))
        }
        Rate::Reference(text) | Rate::Unparsed(text) => Err(LawError::RateText {
            goods: q.goods,
            text: text.clone(),
        }),
    }
}

fn charge_term<I: Inputs>(
    term: &Term,
    basis: Decimal,
    q: &Question,
    inputs: &I,
) -> Result<Decimal, LawError> {
    match term {
        Term::AdValorem {
            fraction,
            part: None,
        } => times(*fraction, basis),
        Term::AdValorem {
            fraction,
            part: Some(part),
        } => match inputs.part(part, q.value) {
            Some(value) => times(*fraction, value),
            None => Err(LawError::NeedsPart {
                goods: q.goods,
                part: part.clone(),
            }),
        },
        Term::Specific {
            amount,
            per,
            unit,
            of,
            ..
        } => {
            let named = || match of {
                Some(of) => format!("{unit} on {of}").into(),
                None => unit.clone(),
            };
            let Some(quantity) = inputs.quantity() else {
                return Err(LawError::NeedsQuantity {
                    goods: q.goods,
                    unit: named(),
                });
            };
            let factor = conversion(&quantity.unit, unit).ok_or_else(|| LawError::Unit {
                goods: q.goods,
                unit: named(),
                given: quantity.unit.clone(),
            })?;
            let counted = times(quantity.amount, factor)?;
            let counted = match q.rounding {
                Some(rule) => rule.quantity(counted, *amount),
                None => counted,
            };
            let units = counted.checked_div(*per).ok_or(LawError::TooLarge)?;
            let whole = times(*amount, units)?;
            // A split entry owes the specific duty in proportion.
            if basis == q.value {
                return Ok(whole);
            }
            times(whole, basis.checked_div(q.value).unwrap_or(Decimal::ONE))
        }
    }
}

/// How many of the duty's unit one given unit is.
fn conversion(given: &str, wanted: &str) -> Option<Decimal> {
    let lower = given.trim().trim_end_matches('.').to_ascii_lowercase();
    let name = match lower.as_str() {
        "" => return Some(Decimal::ONE),
        "l" | "litre" | "litres" | "liters" => "liter",
        "no" | "pcs" | "piece" | "each" => "each",
        "prs" => "pr",
        other => other,
    };
    let wanted_name = wanted.trim_end_matches('.').to_ascii_lowercase();
    if name == wanted_name {
        return Some(Decimal::ONE);
    }
    Some(match (name, wanted_name.as_str()) {
        ("t", "kg") => Decimal::ONE_THOUSAND,
        ("kg", "t") | ("g", "kg") => Decimal::new(1, 3),
        ("doz", "each") => Decimal::from(12),
        ("each", "doz") => Decimal::ONE.checked_div(Decimal::from(12))?,
        _ => return None,
    })
}
