//! Numbers and days as the brief prints them.

use crate::document::{Cell, Tone};

/// bn USD with a sign, two decimals below ten, one above.
pub(super) fn bn(x: f64) -> String {
    if x.abs() < 0.005 {
        "0".to_owned()
    } else if x.abs() < 9.995 {
        minus(&format!("{x:+.2}"))
    } else {
        minus(&format!("{x:+.1}"))
    }
}

/// The same without a plus.
pub(super) fn plain(x: f64) -> String {
    bn(x).trim_start_matches('+').to_owned()
}

/// A hyphen before a number is a minus.
pub(in crate::brief) fn minus(number: &str) -> String {
    number.replace('-', "−")
}

/// A fraction as per cent.
pub(super) fn pct(fraction: f64) -> String {
    minus(&format!("{:.1} %", 100.0 * fraction))
}

/// A probability as whole per cent.
pub(super) fn chance(fraction: f64) -> String {
    format!("{:.0} %", 100.0 * fraction)
}

/// Per cent with a sign.
pub(super) fn signed_pct(x: f64) -> String {
    if x.abs() < 0.005 {
        "0 %".to_owned()
    } else {
        minus(&format!("{x:+.2} %"))
    }
}

/// A count with narrow spaces between thousands.
pub(super) fn many(n: f64) -> String {
    let digits = format!("{n:.0}");
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

/// Whether a number that is printed to a hundredth is a gain or a loss.
pub(super) fn tone(x: f64) -> Tone {
    if x > 0.004 {
        Tone::Good
    } else if x < -0.004 {
        Tone::Bad
    } else {
        Tone::Even
    }
}

/// A cell of bn USD, coloured by its sign.
pub(super) fn money(x: f64) -> Cell {
    Cell::toned(tone(x), bn(x))
}

/// `2025-04-16` as people write it.
pub(in crate::brief) fn day(iso: &str) -> String {
    iso.parse::<jiff::civil::Date>()
        .map_or_else(|_| iso.to_owned(), |d| d.strftime("%-d %B %Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_print() {
        assert_eq!([bn(1.234), bn(-12.34), bn(-0.001)], ["+1.23", "−12.3", "0"]);
        assert_eq!(many(16_777_216.0), "16\u{202f}777\u{202f}216");
        assert_eq!([day("2025-04-06"), day("soon")], ["6 April 2025", "soon"]);
    }
}
