//! Rate texts as the Harmonized Tariff Schedule of the United States prints them.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Rate, Term};
use crate::Currency;

/// Reads a rate text: `Free`, `6.8%`, `1.4¢/kg + 9.5%`, `30¢ each + 6% on the case`,
/// `The rate applicable to …`. Mark-up left in the published file (`2.5% <u></u>`) is dropped. What has
/// no meaning here becomes [`Rate::Unparsed`] with its text.
///
/// # Example
/// ```
/// use winset_law::rate::us;
/// assert_eq!(us::parse("2.5% <u></u>").to_string(), "2.5%");
/// assert_eq!(us::parse("1.4¢/kg + 9.5%").to_string(), "0.014 USD/kg + 9.5%");
/// assert!(!us::parse("???").has_meaning());
/// ```
pub fn parse(text: &str) -> Rate {
    let clean = without_tags(text).replace("- ", "");
    // A slash that opens nothing is a slip of the printer's.
    let clean = clean.trim().trim_end_matches('/').trim_end();
    if ["free", "free, under bond"]
        .iter()
        .any(|free| clean.eq_ignore_ascii_case(free))
    {
        return Rate::FREE;
    }
    if is_reference(clean) {
        return Rate::Reference(clean.into());
    }
    match sum(clean) {
        Some(rate) => rate,
        None => Rate::Unparsed(text.into()),
    }
}

fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '<' => depth += 1,
            '>' if depth > 0 => depth -= 1,
            '\u{a0}' => out.push(' '),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Texts that send the reader to another line, a note, or a scale. They mean something, but not by
/// themselves.
fn is_reference(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "the rate applicable to",
        "the rate of duty applicable to",
        "see additional u.s. note",
        "the duty provided",
        "no change",
    ]
    .iter()
    .any(|start| lower.starts_with(start))
        || (lower.contains(" less ") && lower.contains("for each degree"))
        || lower.contains("shall not exceed the duty")
        || lower.contains("/jewel over ")
}

fn sum(text: &str) -> Option<Rate> {
    let mut terms = Vec::new();
    for part in text.split('+') {
        let term = term(part.trim())?;
        terms.push(term);
    }
    terms.retain(|t| !matches!(t, Term::AdValorem { fraction, .. } if fraction.is_zero()));
    Some(Rate::Sum(terms))
}

pub(super) fn term(text: &str) -> Option<Term> {
    let (dollars, rest) = match text.strip_prefix('$') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
        .unwrap_or(rest.len());
    let whole: Decimal = rest[..end].replace(',', "").parse().ok()?;
    let (fraction, after) = fraction(rest[end..].trim_start())?;
    let number = whole.checked_add(fraction)?;
    if !dollars && let Some(after) = after.strip_prefix('%') {
        return Some(Term::AdValorem {
            fraction: number.checked_div(Decimal::ONE_HUNDRED)?,
            part: match part_of(after)? {
                Of::Whole => None,
                Of::Part(part) => Some(part),
            },
        });
    }
    let (amount, after) = if dollars {
        (number, after)
    } else {
        (
            number.checked_div(Decimal::ONE_HUNDRED)?,
            after.strip_prefix('¢')?,
        )
    };
    let (per, unit, of) = unit(after.trim())?;
    Some(Term::Specific {
        amount,
        currency: Currency::USD,
        per,
        unit,
        of,
    })
}

/// The fraction behind a whole number, `1/3` in `33 1/3%`, and what follows it; nothing where there is none.
fn fraction(text: &str) -> Option<(Decimal, &str)> {
    let digits = |text: &str| {
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let (above, rest) = text.split_at(digits(text));
    if above.is_empty() {
        return Some((Decimal::ZERO, text));
    }
    let rest = rest.strip_prefix('/')?;
    let (below, rest) = rest.split_at(digits(rest));
    let (above, below): (Decimal, Decimal) = (above.parse().ok()?, below.parse().ok()?);
    Some((above.checked_div(below)?, rest.trim_start()))
}

/// What a percentage is of.
pub(super) enum Of {
    Whole,
    Part(Arc<str>),
}

/// The part named after a percentage: nothing, or "on the case and strap, band or bracelet".
pub(super) fn part_of(text: &str) -> Option<Of> {
    let text = text.trim().trim_end_matches('.');
    if text.is_empty() {
        return Some(Of::Whole);
    }
    let part = text.strip_prefix("on ")?;
    let part = part.strip_prefix("the ").unwrap_or(part);
    let part = part.strip_prefix("value of the ").unwrap_or(part);
    let part = part.trim_end_matches(", if any");
    // The whole set is the whole article.
    Some(if part == "entire set" {
        Of::Whole
    } else {
        Of::Part(part.into())
    })
}

pub(super) fn unit(text: &str) -> Option<(Decimal, Arc<str>, Option<Arc<str>>)> {
    if let Some(rest) = text.strip_prefix("each") {
        return match rest.trim() {
            "" => Some((Decimal::ONE, "each".into(), None)),
            "other piece or part" | "for each other piece or part" => {
                Some((Decimal::ONE, "piece".into(), None))
            }
            _ => None,
        };
    }
    let text = text.strip_prefix('/')?.trim_start();
    let parted = ["m2", "m²"].iter().find_map(|unit| {
        let of = text.strip_prefix(unit)?.strip_prefix("of ")?;
        Some((*unit, of))
    });
    let (counted, of) = if let Some((unit, of)) = text.split_once(" on ") {
        (unit, Some(of.trim_start_matches("the ").into()))
    } else if let Some((unit, of)) = text.split_once(", including weight of ") {
        (unit, Some(format!("weight including {of}").into()))
    } else if let Some((unit, of)) = parted.or_else(|| text.split_once(" of ")) {
        (unit, Some(of.into()))
    } else {
        (text, None)
    };
    let counted = counted.trim().trim_end_matches('.');
    let end = counted
        .find(|c: char| !(c.is_ascii_digit() || c == ','))
        .unwrap_or(counted.len());
    if end > 0 {
        let per: Decimal = counted[..end].replace(',', "").parse().ok()?;
        if per.is_zero() {
            return None;
        }
        let unit = match counted[end..].trim() {
            "" => "each",
            words if is_words(words) => words,
            _ => return None,
        };
        return Some((per, unit.into(), of));
    }
    let unit: Arc<str> = match counted.replace(". ", ".").as_str() {
        "thousand" => return Some((Decimal::ONE_THOUSAND, "each".into(), of)),
        "gross" => return Some((Decimal::from(144), "each".into(), of)),
        "liter" | "l" => "liter".into(),
        "pf.liter" => "pf.liter".into(),
        "doz" => "doz".into(),
        "pr" => "pr".into(),
        "head" | "article" => "each".into(),
        "m²" | "m2" => "m2".into(),
        "m³" | "m3" => "m3".into(),
        other if is_words(other) => other.into(),
        _ => return None,
    };
    Some((Decimal::ONE, unit, of))
}

/// Whether a text can name a unit: words, of which the last may end in a power (`m2`).
fn is_words(text: &str) -> bool {
    let words = text.trim_end_matches(['2', '3', '²', '³']);
    let fits = |c: char| c.is_alphabetic() || " ./".contains(c);
    !words.is_empty() && words.chars().all(fits)
}

/// One entry of the *Special* column: a rate and the programme symbols it holds for.
#[derive(Clone, Debug, PartialEq)]
pub struct Special {
    /// The rate.
    pub rate: Rate,
    /// Symbols as printed: `A`, `A+`, `AU`, `JP`, `S`, …
    pub programmes: Vec<Arc<str>>,
}

/// Reads a *Special* text such as `Free (A+,AU,JP) 1.2% (KR)`. Pointers to chapters 98 and 99
/// (`See 9822.05.20 (P+)`) are kept as [`Rate::Reference`].
///
/// # Example
/// ```
/// use winset_law::rate::us;
/// let special = us::parse_special("Free (A+,AU,JP) 1.2% (KR)");
/// assert_eq!(special[1].rate.to_string(), "1.2%");
/// assert_eq!(special[1].programmes[0].as_ref(), "KR");
/// ```
pub fn parse_special(text: &str) -> Vec<Special> {
    let clean = without_tags(text);
    let mut out = Vec::new();
    let mut rest = clean.trim();
    while let Some(open) = rest.find('(') {
        let (rate_text, after) = (rest[..open].trim(), &rest[open + 1..]);
        let close = after.find(')').unwrap_or(after.len());
        let programmes: Vec<Arc<str>> = after[..close]
            .split(',')
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(Into::into)
            .collect();
        let rate = if rate_text.starts_with("See ") || rate_text == "No change" {
            Rate::Reference(rate_text.into())
        } else {
            parse(rate_text)
        };
        out.push(Special { rate, programmes });
        rest = after.get(close + 1..).unwrap_or("").trim_start();
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_as_printed() {
        for (text, meaning) in [
            ("Free", "Free"),
            ("2.5% <u></u>", "2.5%"),
            ("$1.035/kg +13.6%", "1.035 USD/kg + 13.6%"),
            ("63¢/pr. + 26.2%", "0.63 USD/pr + 26.2%"),
            ("19.2¢/1000", "0.192 USD/1000 each"),
            ("0.18¢/line/ gross + 2.5%", "0.0018 USD/line/ gross + 2.5%"),
            (
                "5.9¢/kg on drained weight",
                "0.059 USD/kg on drained weight",
            ),
            (
                "30¢ each + 6.9% on the case",
                "0.3 USD/each + 6.9% on the case",
            ),
            (
                "22.1¢/pf. liter on ethyl alcohol content",
                "0.221 USD/pf.liter on ethyl alcohol content",
            ),
            ("52.5¢/bbl", "0.525 USD/bbl"),
            ("9.5% on the entire set", "9.5%"),
            ("33 1/3%", "33 1/3%"),
            ("37% /", "37%"),
            ("$2.50/thou- sand + 40%", "2.5 USD/1000 each + 40%"),
            (
                "0.2¢/kg, including weight of container",
                "0.002 USD/kg on weight including container",
            ),
            (
                "86.1¢/m2of recording surface",
                "0.861 USD/m2 on recording surface",
            ),
            ("Free, under bond", "Free"),
        ] {
            assert_eq!(parse(text).to_string(), meaning, "{text}");
            assert!(parse(text).has_meaning(), "{text}");
        }
    }

    #[test]
    fn references_and_nonsense_are_never_zero() {
        assert!(matches!(
            parse("The rate applicable to the natural juice in heading 2009"),
            Rate::Reference(_)
        ));
        for text in ["", "see below", "12", "¢/kg", "5 %%", "5¢/0"] {
            assert!(
                matches!(parse(text), Rate::Unparsed(_)),
                "{text}: {:?}",
                parse(text)
            );
        }
    }

    #[test]
    fn special_lists() {
        let all = parse_special("Free (A+,AU, JP) 16.6% (KR)See 9822.05.20 (P+)");
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].programmes.len(), 3);
        assert!(matches!(all[2].rate, Rate::Reference(_)));
    }

    proptest! {
        #[test]
        fn any_text_reads_without_stopping(text in "\\PC{0,40}") {
            let _ = parse(&text);
            let _ = parse_special(&text);
        }

        #[test]
        fn percentages_read_back(hundredths in 1u32..20_000) {
            let rate = parse(&format!("{}%", Decimal::new(i64::from(hundredths), 2)));
            prop_assert_eq!(rate.as_ad_valorem(), Some(Decimal::new(i64::from(hundredths), 4)));
        }
    }
}
