//! Which of two rates is never above the other, whatever value and quantity.

use rust_decimal::Decimal;

use super::{Rate, Term};

/// Whether `a` never charges more than `b`. `false` may also mean that it cannot be told.
pub(crate) fn never_above(a: &Rate, b: &Rate) -> bool {
    match (a, b) {
        (Rate::Sum(a), Rate::Sum(b)) => {
            a.iter()
                .chain(b)
                .all(|like| match (total(a, like), total(b, like)) {
                    (Some(a), Some(b)) => a <= b,
                    _ => false,
                })
        }
        (Rate::Greater(a, c), Rate::Greater(b, d)) | (Rate::Lesser(a, c), Rate::Lesser(b, d)) => {
            never_above(a, b) && never_above(c, d)
        }
        (Rate::Greater(a, c), Rate::Sum(_)) => never_above(a, b) && never_above(c, b),
        (Rate::Sum(_), Rate::Greater(b, d)) => never_above(a, b) || never_above(a, d),
        (Rate::Lesser(a, c), Rate::Sum(_)) => never_above(a, b) || never_above(c, b),
        (Rate::Sum(_), Rate::Lesser(b, d)) => never_above(a, b) && never_above(a, d),
        _ => false,
    }
}

/// The sum of the terms that count the same as one; `None` if it is too large.
fn total(terms: &[Term], like: &Term) -> Option<Decimal> {
    let mut amounts = terms.iter().filter_map(|term| match (term, like) {
        (Term::AdValorem { fraction, part }, Term::AdValorem { part: same, .. }) => {
            (part == same).then_some(*fraction)
        }
        (
            Term::Specific {
                amount,
                currency,
                per,
                unit,
                of,
            },
            Term::Specific {
                currency: c,
                per: p,
                unit: u,
                of: o,
                ..
            },
        ) => ((currency, per, unit, of) == (c, p, u, o)).then_some(*amount),
        _ => None,
    });
    amounts.try_fold(Decimal::ZERO, Decimal::checked_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::text::parse;

    #[test]
    fn only_what_holds_at_every_price() {
        let below = |a: &str, b: &str| never_above(&parse(a), &parse(b));
        for (a, b) in [
            ("Free", "64 JPY/kl"),
            ("4.2%", "6%"),
            ("6%", "6%"),
            ("624 JPY/t", "930 JPY/t"),
            ("29.8% + 396 JPY/kg", "35% + 466 JPY/kg"),
            ("546.53 JPY/kg - 100%", "546.53 JPY/kg"),
            (
                "greater of 30% or 4300 JPY/pr",
                "greater of 60% or 4800 JPY/pr",
            ),
            ("lesser of 5% or 10 JPY/kg", "10 JPY/kg"),
            ("10 JPY/kg", "greater of 5% or 10 JPY/kg"),
        ] {
            assert!(below(a, b), "{a} and {b}");
            assert!(a == b || !below(b, a), "{b} and {a}");
        }
        for (a, b) in [
            ("29.8% + 396 JPY/kg", "36% + 130 JPY/kg"),
            ("5%", "10 JPY/kg"),
            ("10 JPY/kg", "10 JPY/t"),
            ("10 JPY/kg", "10 USD/kg"),
        ] {
            assert!(!below(a, b) && !below(b, a), "{a} and {b}");
        }
    }
}
