//! Values as whole multiples of 1e-12, so that sums are exact and ties are ties.

use crate::TalksError;

/// The largest value of one cell (bn USD a year where the table is money).
pub(crate) const LARGEST: f64 = 1e6;

/// Sums of the largest values of one table stay below this, so that no difference of two sums overflows.
pub(crate) const LARGEST_SUM: i64 = 4_000_000_000_000_000_000;

const PER_ONE: f64 = 1e12;

/// The nearest multiple of 1e-12, halves to even; `None` if not finite or beyond [`LARGEST`].
pub(crate) fn units(value: f64) -> Option<i64> {
    if !value.is_finite() || value.abs() > LARGEST {
        return None;
    }
    let product = value * PER_ONE;
    // What the multiplication rounded away decides where it landed on a half by rounding.
    let lost = value.mul_add(PER_ONE, -product);
    let floor = product.floor();
    #[allow(clippy::float_cmp)] // a half is exact in binary
    let nearest = if product - floor == 0.5 && lost != 0.0 {
        if lost > 0.0 { floor + 1.0 } else { floor }
    } else {
        product.round_ties_even()
    };
    Some(nearest as i64)
}

/// [`units`], or the error that names the cell.
pub(crate) fn cell_units(
    value: f64,
    table: &str,
    cell: impl Fn() -> String,
) -> Result<i64, TalksError> {
    units(value).ok_or_else(|| TalksError::Value {
        table: table.to_owned(),
        cell: cell(),
        value,
    })
}

/// Back to a number; exact to the last bit of an `f64`.
pub(crate) fn value(units: i64) -> f64 {
    units as f64 / PER_ONE
}

/// [`value`] of each.
pub(crate) fn values(units: &[i64]) -> Vec<f64> {
    units.iter().copied().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tenths_add_up() {
        let tenth = units(0.1).unwrap();
        assert_eq!(tenth * 3, units(0.3).unwrap());
        assert_eq!(units(f64::NAN), None);
        assert_eq!(units(f64::INFINITY), None);
        assert_eq!(units(-1e6), Some(-1_000_000_000_000_000_000));
        assert_eq!(units(1.000_000_1e6), None);
    }

    proptest! {
        #[test]
        fn rounding_moves_a_value_by_at_most_half_a_step(x in -1e3f64..1e3) {
            prop_assert!((value(units(x).unwrap()) - x).abs() <= 0.5e-12 + x.abs() * f64::EPSILON);
        }
    }
}
