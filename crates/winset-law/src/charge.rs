//! From a rate to an amount.

use rust_decimal::Decimal;

use crate::assess::Question;
use crate::entry::Inputs;
use crate::money::{plus, times};
use crate::rate::{Rate, Term};
use crate::{LawError, Money};

/// The base duty that inclusive rates count.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    /// On the whole value.
    pub(crate) duty: Decimal,
    /// Whether a part of the value counts all of it, instead of its share.
    pub(crate) whole: bool,
}

impl From<Decimal> for Counted {
    fn from(duty: Decimal) -> Self {
        Self { duty, whole: false }
    }
}

/// The duty of a rate on a basis; never below zero.
pub(crate) fn charge<I: Inputs>(
    rate: &Rate,
    basis: Decimal,
    q: &Question,
    base: impl Into<Counted>,
    inputs: &I,
) -> Result<Decimal, LawError> {
    Ok(signed(rate, basis, q, base.into(), inputs)?.max(Decimal::ZERO))
}

/// What a rate comes to, below zero where more is taken off than there is.
fn signed<I: Inputs>(
    rate: &Rate,
    basis: Decimal,
    q: &Question,
    base: Counted,
    inputs: &I,
) -> Result<Decimal, LawError> {
    match rate {
        Rate::Sum(terms) => terms.iter().try_fold(Decimal::ZERO, |sum, term| {
            plus(sum, charge_term(term, basis, q, inputs)?)
        }),
        Rate::Inclusive(total) => room(*total, basis, q, base),
        Rate::Capped { rate, total } => {
            Ok(signed(rate, basis, q, base, inputs)?.min(room(*total, basis, q, base)?))
        }
        Rate::Greater(a, b) => {
            Ok(signed(a, basis, q, base, inputs)?.max(signed(b, basis, q, base, inputs)?))
        }
        Rate::Lesser(a, b) => {
            Ok(signed(a, basis, q, base, inputs)?.min(signed(b, basis, q, base, inputs)?))
        }
        Rate::Reference(text) | Rate::Unparsed(text) => Err(LawError::RateText {
            goods: q.goods,
            text: text.clone(),
        }),
    }
}

/// What the base duty leaves of a fraction of the basis. A part of the value bears its share of the base,
/// where the law does not count the whole.
fn room(total: Decimal, basis: Decimal, q: &Question, base: Counted) -> Result<Decimal, LawError> {
    let of_base = if base.whole || basis == q.value {
        base.duty
    } else {
        times(
            base.duty,
            basis.checked_div(q.value).unwrap_or(Decimal::ONE),
        )?
    };
    Ok((times(total, basis)? - of_base).max(Decimal::ZERO))
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
            currency,
            per,
            unit,
            of,
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
            let (factor, over) =
                conversion(&quantity.unit, unit).ok_or_else(|| LawError::Unit {
                    goods: q.goods,
                    unit: named(),
                    given: quantity.unit.clone(),
                })?;
            let counted = times(quantity.amount, factor)?;
            // Multiplied before it is divided, so that a duty by the dozen is exact.
            let (counted, over) = match q.rounding {
                Some(rule) => {
                    let counted = counted.checked_div(over).ok_or(LawError::TooLarge)?;
                    (rule.quantity(counted, *amount), Decimal::ONE)
                }
                None => (counted, over),
            };
            let over = times(over, *per)?;
            let owed = times(*amount, counted)?
                .checked_div(over)
                .ok_or(LawError::TooLarge)?;
            let whole = q.in_its_currency(Money::new(owed, *currency))?;
            // A split entry owes the specific duty in proportion.
            if basis == q.value {
                return Ok(whole);
            }
            times(whole, basis.checked_div(q.value).unwrap_or(Decimal::ONE))
        }
    }
}

/// How many of the duty's unit one given unit is, as a number to multiply by and one to divide by. Knows the units of both
/// schedules and what people call them; Japan's are printed in capitals (`MT`, `KL`, `SM`, `NO`, `PR`, `TH`).
fn conversion(given: &str, wanted: &str) -> Option<(Decimal, Decimal)> {
    let given = given.trim();
    if given.is_empty() {
        return Some((Decimal::ONE, Decimal::ONE));
    }
    let (measure, of_given) = size(given)?;
    let (same, of_wanted) = size(wanted)?;
    // A rate per *piece* counts parts of the article, so that articles are no answer to it.
    let measure = if measure == "piece" && same != "piece" {
        "each".to_owned()
    } else {
        measure
    };
    if measure != same {
        return None;
    }
    if of_given == of_wanted {
        return Some((Decimal::ONE, Decimal::ONE));
    }
    Some((of_given, of_wanted))
}

/// What a unit measures, and how much of that it is. A unit that is not known here measures itself.
fn size(unit: &str) -> Option<(String, Decimal)> {
    let name = unit.trim().trim_end_matches('.').to_lowercase();
    let name = name.replace(". ", ".");
    let (measure, size) = match name.as_str() {
        "" => return None,
        "mg" => ("kg", Decimal::new(1, 6)),
        "g" | "gram" | "grams" => ("kg", Decimal::new(1, 3)),
        "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" => ("kg", Decimal::ONE),
        "t" | "mt" | "tonne" | "tonnes" | "metric ton" | "metric tons" => {
            ("kg", Decimal::ONE_THOUSAND)
        }
        // The international pound.
        "lb" | "lbs" | "pound" | "pounds" => ("kg", Decimal::new(45_359_237, 8)),
        "ml" => ("liter", Decimal::new(1, 3)),
        "cl" => ("liter", Decimal::new(1, 2)),
        "l" | "ltr" | "litre" | "litres" | "liters" => ("liter", Decimal::ONE),
        "hl" => ("liter", Decimal::ONE_HUNDRED),
        "kl" => ("liter", Decimal::ONE_THOUSAND),
        "pf.liters" | "pf liter" | "pf liters" | "pfl" => ("pf.liter", Decimal::ONE),
        "no" | "pcs" | "pc" | "ea" | "unit" | "units" | "number" | "head" | "article"
        | "articles" | "個" | "枚" | "頭" | "羽" | "本" | "台" => ("each", Decimal::ONE),
        "pieces" => ("piece", Decimal::ONE),
        "doz" | "dz" | "dozen" | "dozens" => ("each", Decimal::from(12)),
        "gross" => ("each", Decimal::from(144)),
        "hundred" | "hundreds" => ("each", Decimal::ONE_HUNDRED),
        "th" | "thousand" | "thousands" => ("each", Decimal::ONE_THOUSAND),
        "prs" | "pair" | "pairs" | "足" => ("pr", Decimal::ONE),
        "doz pr" | "doz.pr" | "doz.prs" | "dpr" => ("pr", Decimal::from(12)),
        "barrel" | "barrels" => ("bbl", Decimal::ONE),
        "sm" | "m²" | "㎡" | "sqm" | "sq m" => ("m2", Decimal::ONE),
        "cbm" | "m³" => ("m3", Decimal::ONE),
        other => (other, Decimal::ONE),
    };
    Some((measure.to_owned(), size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_both_schedules() {
        for (given, wanted, factor) in [
            ("", "kg", "1"),
            ("kg", "KG", "1"),
            ("MT", "kg", "1000"),
            ("kg", "t", "0.001"),
            ("g", "kg", "0.001"),
            ("l", "kl", "0.001"),
            ("KL", "liter", "1000"),
            ("SM", "m2", "1"),
            ("NO", "each", "1"),
            ("piece", "each", "1"),
            ("TH", "each", "1000"),
            ("DZ", "each", "12"),
            ("bbl", "bbl", "1"),
            ("barrels", "bbl", "1"),
            ("pairs", "PR", "1"),
            ("足", "pr", "1"),
            ("pieces", "each", "1"),
            ("dozen", "NO", "12"),
            ("hl", "liter", "100"),
            ("ml", "liter", "0.001"),
            ("lb", "kg", "0.45359237"),
            ("m3", "m³", "1"),
            ("㎡", "m2", "1"),
            ("doz. prs.", "pr", "12"),
            ("pf. liters", "pf.liter", "1"),
            ("lin. m", "lin.m", "1"),
        ] {
            let found = conversion(given, wanted).map(|(a, b)| (a / b).normalize().to_string());
            assert_eq!(found.as_deref(), Some(factor), "{given} to {wanted}");
        }
        assert_eq!(conversion("kg", "liter"), None);
        assert_eq!(conversion("doz", "pr"), None);
        assert_eq!(conversion("each", "piece"), None);
    }
}
