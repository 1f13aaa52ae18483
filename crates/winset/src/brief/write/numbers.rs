//! Cells of numbers; how a number is written is the language's ([`Lang`]).

use crate::document::{Cell, Tone};
use crate::lang::Lang;

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

/// A cell of money, coloured by its sign. `bn` is in bn USD.
pub(super) fn money(lang: Lang, bn: f64) -> Cell {
    Cell::toned(tone(bn), lang.bn(bn))
}

/// A range of money.
pub(super) fn range(lang: Lang, [low, high]: [f64; 2]) -> Cell {
    format!("{} … {}", lang.bn(low), lang.bn(high)).into()
}
