//! Amounts and days of cells.

use std::sync::LazyLock;

use jiff::civil::Date;
use rust_decimal::Decimal;
use winset_io::stream::Cell;

/// As a message shows a cell.
fn shown(cell: Cell<'_>) -> String {
    match cell {
        Cell::Day(days) => format!("day {days} since 1970"),
        other => other.text(),
    }
}

/// The amount of a cell, exact; `None` where it is blank.
pub(super) fn amount(cell: Cell<'_>) -> Result<Option<Decimal>, String> {
    let number = match cell {
        Cell::Blank => return Ok(None),
        Cell::Text(text) => of_text(text),
        Cell::Number { mantissa, scale } => exact(mantissa, scale),
        Cell::Real(number) => of_real(number),
        Cell::Bytes(_) | Cell::Day(_) => None,
    };
    number.map(Some).ok_or_else(|| {
        format!(
            "`{}` is not an amount: write digits with at most one point, such as 2500.50",
            shown(cell)
        )
    })
}

fn exact(mut mantissa: i128, mut scale: u32) -> Option<Decimal> {
    if let Ok(mut digits) = i64::try_from(mantissa) {
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        return Decimal::try_new(digits, scale).ok();
    }
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

fn of_text(text: &str) -> Option<Decimal> {
    // Most amounts are some digits and perhaps a point.
    let (mut digits, mut scale, mut point) = (0i64, 0, false);
    let short = text.len() <= 18;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' if short => {
                digits = 10 * digits + i64::from(byte - b'0');
                scale += u32::from(point);
            }
            b'.' if short && !point => point = true,
            _ => return of_long_text(text),
        }
    }
    if text.len() == usize::from(point) {
        return None;
    }
    Some(Decimal::new(digits, scale))
}

fn of_long_text(text: &str) -> Option<Decimal> {
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+');
    let read = text
        .bytes()
        .all(plain)
        .then(|| Decimal::from_str_exact(text));
    read?.ok()
}

/// The shortest decimal that is nearest to the number, as it was most likely written.
fn of_real(number: f64) -> Option<Decimal> {
    let cents = (number * 100.0).round();
    // Fifteen digits go through a float and come back.
    if cents.abs() < 1e15 && (cents / 100.0).to_bits() == number.to_bits() {
        return Some(Decimal::new(cents as i64, 2));
    }
    if !number.is_finite() {
        return None;
    }
    of_long_text(&number.to_string())
}

/// The day of a cell; `None` where it is blank.
pub(super) fn day(cell: Cell<'_>) -> Result<Option<Date>, String> {
    let day = match cell {
        Cell::Blank => return Ok(None),
        Cell::Text(text) => day_of_text(text),
        Cell::Day(days) => day_since_1970(days),
        Cell::Bytes(_) | Cell::Number { .. } | Cell::Real(_) => None,
    };
    day.map(Some)
        .ok_or_else(|| format!("`{}` is not a date: write 2025-04-16", shown(cell)))
}

fn day_of_text(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = bytes else {
        return None;
    };
    let mut digits = [a, b, c, d, e, f, g, h];
    for digit in &mut digits {
        *digit = digit.wrapping_sub(b'0');
        if *digit > 9 {
            return None;
        }
    }
    let [a, b, c, d, e, f, g, h] = digits.map(i16::from);
    let year = 1000 * a + 100 * b + 10 * c + d;
    Date::new(year, (10 * e + f) as i8, (10 * g + h) as i8).ok()
}

/// The days of 2000 to 2049, of which almost all dates are.
static USUAL: LazyLock<Vec<Date>> = LazyLock::new(|| {
    let days = USUAL_FROM..18_262 + USUAL_FROM;
    days.filter_map(civil).collect()
});
/// 1 January 2000.
const USUAL_FROM: i32 = 10_957;

/// The day; `None` where no calendar reaches so far.
pub(super) fn day_since_1970(days: i32) -> Option<Date> {
    let usual = days
        .checked_sub(USUAL_FROM)
        .and_then(|at| usize::try_from(at).ok());
    match usual.and_then(|at| USUAL.get(at)) {
        Some(day) => Some(*day),
        None => civil(days),
    }
}

/// The civil day, by the algorithm of Howard Hinnant (`civil_from_days`).
fn civil(days: i32) -> Option<Date> {
    let z = i64::from(days) + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + 400 * era + i64::from(month <= 2);
    Date::new(i16::try_from(year).ok()?, month as i8, day as i8).ok()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_read_exactly_and_nothing_else_does() {
        let read = |text: &str| {
            amount(Cell::Text(text))
                .ok()
                .flatten()
                .map(|a| a.to_string())
        };
        assert_eq!(read("2500.50").as_deref(), Some("2500.50"));
        assert_eq!(read("-3").as_deref(), Some("-3"));
        assert_eq!(
            read("0.12345678901234567890123").as_deref(),
            Some("0.12345678901234567890123")
        );
        for text in [
            ".",
            "10,000",
            "1e3",
            "ten",
            "1.2.3",
            "--1",
            "1_000",
            "99999999999999999999999999999999",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(
            amount(Cell::Real(1234.56)),
            Ok(Some(Decimal::new(123_456, 2)))
        );
        assert_eq!(amount(Cell::Real(0.1)), Ok(Some(Decimal::new(1, 1))));
        assert_eq!(
            amount(Cell::Real(0.123_456_789)),
            Ok(Some(Decimal::new(123_456_789, 9)))
        );
        assert!(amount(Cell::Real(f64::NAN)).is_err() && amount(Cell::Real(1e300)).is_err());
        let wide = Cell::Number {
            mantissa: 25 * 10i128.pow(30),
            scale: 30,
        };
        assert_eq!(amount(wide), Ok(Some(25.into())));
    }

    #[test]
    fn days_read_as_iso_dates_only() {
        assert_eq!(day(Cell::Text("2025-04-16")), Ok(Some(date(2025, 4, 16))));
        for text in [
            "2025-13-01",
            "2025-02-30",
            "16.4.2025",
            "20250416",
            "2025-4-16",
            "2025-04-1x",
        ] {
            assert!(day(Cell::Text(text)).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn days_are_counted_from_1970(days in -700_000i32..2_900_000) {
            let expected = date(1970, 1, 1).checked_add(days.days()).ok();
            prop_assert_eq!(day_since_1970(days), expected);
        }
    }
}
