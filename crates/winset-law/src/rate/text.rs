//! Rates as measure files write them, and as every rate is printed.
//!
//! | text | meaning |
//! |---|---|
//! | `Free`, `25%`, `10¢/kg`, `$1.50/doz`, `58 JPY/kg`, `1500 JPY/1000 each` | one term, or none |
//! | `25% + 58 JPY/kg`, `546.53 JPY/kg - 100%` | a sum; what is taken off can make it nothing, not less |
//! | `30¢ each + 6% on the case` | a share of the value of a part |
//! | `greater of … or …`, `lesser of … or …` | an operand that is not a plain sum stands in brackets |
//! | `15% inclusive` | tops the base duty up to 15 % of the value |
//! | `25%, at most 15% in total` | no more than tops the base duty up to 15 % of the value |
//! | `see Proclamation …` | a duty whose rate the files do not hold: an entry that owes it is an error that prints this |
//!
//! A share is of the value of what is measured, so `546.53 JPY/kg - 100%` is 546.53 yen less the value of one
//! kilogram.

use rust_decimal::Decimal;

use super::{Rate, Term, us};
use crate::Currency;

/// How deep brackets may nest.
const DEEPEST: usize = 16;

/// Reads a rate. What has no meaning becomes [`Rate::Unparsed`] with its text, never zero.
///
/// # Example
/// ```
/// use winset_law::rate::text;
/// let pork = text::parse("greater of (lesser of 482 JPY/kg or 546.53 JPY/kg - 100%) or 4.3%");
/// assert!(pork.has_meaning());
/// assert_eq!(text::parse(&pork.to_string()), pork);
/// assert!(!text::parse("ten per cent").has_meaning());
/// ```
pub fn parse(text: &str) -> Rate {
    whole(text.trim()).unwrap_or_else(|| Rate::Unparsed(text.into()))
}

fn whole(text: &str) -> Option<Rate> {
    if text.starts_with("see ") {
        return Some(Rate::Reference(text.into()));
    }
    if let Some(rest) = text.strip_suffix(" inclusive") {
        return Some(Rate::Inclusive(fraction(rest)?));
    }
    if let Some(rest) = text.strip_suffix(" in total") {
        let (rate, total) = rest.rsplit_once(", at most ")?;
        return Some(Rate::Capped {
            rate: Box::new(plain(rate, 0)?),
            total: fraction(total)?,
        });
    }
    plain(text, 0)
}

/// One share of the whole value, zero or more.
fn fraction(text: &str) -> Option<Decimal> {
    plain(text, 0)?.as_ad_valorem()
}

/// A rate that does not look at the base duty.
fn plain(text: &str, depth: usize) -> Option<Rate> {
    let text = text.trim();
    if depth > DEEPEST {
        return None;
    }
    if text.eq_ignore_ascii_case("free") {
        return Some(Rate::FREE);
    }
    if text.starts_with('(') {
        let (inside, after) = bracketed(text)?;
        return after.is_empty().then(|| plain(inside, depth + 1))?;
    }
    if is_extreme(text) {
        let (rate, rest) = extreme(text, depth)?;
        return rest.trim().is_empty().then_some(rate);
    }
    sum(text)
}

fn is_extreme(text: &str) -> bool {
    text.starts_with("greater of ") || text.starts_with("lesser of ")
}

/// `greater of … or …` or `lesser of … or …`, with what stands behind it.
fn extreme(text: &str, depth: usize) -> Option<(Rate, &str)> {
    let (larger, rest) = match text.strip_prefix("greater of ") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix("lesser of ")?),
    };
    let (a, rest) = operand(rest.trim_start(), depth + 1)?;
    let (b, rest) = operand(
        rest.trim_start().strip_prefix("or ")?.trim_start(),
        depth + 1,
    )?;
    let rate = if larger { a.or_more(b) } else { a.or_less(b) };
    Some((rate, rest))
}

fn operand(text: &str, depth: usize) -> Option<(Rate, &str)> {
    if depth > DEEPEST {
        return None;
    }
    if text.starts_with('(') {
        let (inside, after) = bracketed(text)?;
        return Some((plain(inside, depth)?, after));
    }
    if is_extreme(text) {
        return extreme(text, depth);
    }
    let (own, rest) = text.split_at(text.find(" or ").unwrap_or(text.len()));
    Some((plain(own, depth)?, rest))
}

/// What stands in the brackets that open a text, and what follows them.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some((&text[1..at], &text[at + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

fn sum(text: &str) -> Option<Rate> {
    let mut terms = Vec::new();
    let (mut start, mut negative) = match text.strip_prefix('-') {
        Some(_) => (1, true),
        None => (0, false),
    };
    let signs = text.char_indices().skip(1).filter(|(at, c)| {
        // A dash within a word is part of a name.
        *c == '+' || (*c == '-' && text[..*at].ends_with(' '))
    });
    for (at, sign) in signs {
        terms.push(signed(&text[start..at], negative)?);
        (start, negative) = (at + 1, sign == '-');
    }
    terms.push(signed(&text[start..], negative)?);
    terms.retain(|t| !matches!(t, Term::AdValorem { fraction, .. } if fraction.is_zero()));
    if !terms.is_empty() && terms.iter().all(Term::is_negative) {
        return None;
    }
    Some(Rate::Sum(terms))
}

fn signed(text: &str, negative: bool) -> Option<Term> {
    let term = term(text.trim())?;
    Some(if negative { term.negated() } else { term })
}

/// `58 JPY/kg`, or a term as the US schedule prints it.
fn term(text: &str) -> Option<Term> {
    let in_currency = || {
        let (number, after) = text.split_once(' ')?;
        let currency: Currency = after.get(..3)?.parse().ok()?;
        let number: Decimal = number.replace(',', "").parse().ok()?;
        let (per, unit, of) = us::unit(after.get(3..)?.trim())?;
        (number >= Decimal::ZERO).then_some(Term::Specific {
            amount: number,
            currency,
            per,
            unit,
            of,
        })
    };
    in_currency().or_else(|| us::term(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_reads_back() {
        for text in [
            "Free",
            "25%",
            "58 JPY/kg",
            "0.014 USD/kg + 9.5%",
            "1500 JPY/1000 each",
            "546.53 JPY/kg - 100%",
            "0.3 USD/each + 6.9% on the case",
            "greater of 5% or 0.1 USD/kg",
            "greater of (lesser of 482 JPY/kg or 546.53 JPY/kg - 100%) or 4.3%",
            "greater of (6% on the case or strap) or 5%",
            "15% inclusive",
            "25%, at most 15% in total",
            "greater of 5% or 58 JPY/kg, at most 15% in total",
        ] {
            assert_eq!(parse(text).to_string(), text);
            assert!(parse(text).is_computable(), "{text}");
        }
    }

    #[test]
    fn other_spellings() {
        for (text, printed) in [
            ("greater of 5% or 10¢/kg", "greater of 5% or 0.1 USD/kg"),
            (
                "greater of lesser of 1% or 2% or 3%",
                "greater of (lesser of 1% or 2%) or 3%",
            ),
            ("(5%)", "5%"),
            ("$1.035/kg +13.6%", "1.035 USD/kg + 13.6%"),
            ("-100% + 546.53 JPY/kg", "-100% + 546.53 JPY/kg"),
        ] {
            assert_eq!(parse(text).to_string(), printed, "{text}");
        }
    }

    #[test]
    fn nonsense_is_never_zero() {
        for text in [
            "",
            "ten per cent",
            "-5%",
            "5% -",
            "greater of 5%",
            "greater of 5% or",
            "(5%",
            "5% or 6%",
            "58 yen/kg",
            "58 JPY",
            "58 JPY/100 ¢%",
            "0% - 5 JPY/kg",
            "25%, at most 1 JPY/kg in total",
            "-5% inclusive",
        ] {
            assert!(!parse(text).has_meaning(), "{text}: {:?}", parse(text));
        }
        assert!(!parse(&"(".repeat(100_000)).has_meaning());
        assert!(!parse(&"greater of ".repeat(100_000)).has_meaning());
    }

    fn number() -> impl Strategy<Value = Decimal> {
        (1i64..1_000_000, 0u32..6).prop_map(|(n, scale)| Decimal::new(n, scale).normalize())
    }

    fn a_term() -> impl Strategy<Value = Term> {
        let part = prop::option::of(prop::sample::select(vec!["case", "battery or strap"]));
        let share = (number(), part).prop_map(|(x, part)| Term::AdValorem {
            fraction: x / Decimal::ONE_HUNDRED,
            part: part.map(Into::into),
        });
        let unit = prop::sample::select(vec!["kg", "liter", "each", "pr", "m2", "t", "kl"]);
        let currency = prop::sample::select(vec![Currency::USD, Currency::JPY]);
        let per = prop::sample::select(vec![1i64, 100, 1000]);
        let amount = (number(), currency, per, unit).prop_map(|(amount, currency, per, unit)| {
            Term::Specific {
                amount,
                currency,
                per: per.into(),
                unit: unit.into(),
                of: None,
            }
        });
        prop_oneof![share, amount]
    }

    fn a_rate() -> impl Strategy<Value = Rate> {
        let sum = (
            a_term(),
            prop::collection::vec((a_term(), any::<bool>()), 0..3),
        )
            .prop_map(|(first, others)| {
                let others = others
                    .into_iter()
                    .map(|(t, minus)| if minus { t.negated() } else { t });
                Rate::Sum(std::iter::once(first).chain(others).collect())
            });
        let sum = prop_oneof![Just(Rate::FREE), sum];
        sum.prop_recursive(3, 12, 2, |inner| {
            (inner.clone(), inner, any::<bool>()).prop_map(|(a, b, larger)| {
                if larger { a.or_more(b) } else { a.or_less(b) }
            })
        })
    }

    proptest! {
        #[test]
        fn a_rate_reads_back(rate in a_rate(), total in number(), capped in any::<bool>()) {
            let rate = if capped {
                Rate::Capped { rate: Box::new(rate), total }
            } else {
                rate
            };
            prop_assert_eq!(parse(&rate.to_string()), rate);
        }

        #[test]
        fn any_text_reads_without_stopping(text in "\\PC{0,40}") {
            let _ = parse(&text).to_string();
        }

        #[test]
        fn any_rate_like_text_reads_without_stopping(
            text in "(greater of |lesser of |or |\\(|\\)|[0-9.]{1,4}|%| JPY/kg|\\+| - |, at most | in total| inclusive){0,12}"
        ) {
            let _ = parse(&text).to_string();
        }
    }
}
