//! What is counted of the brackets, and printed.

use std::collections::BTreeMap;

use winset_law::averages::Cell;
use winset_law::{Country, LawError};

use crate::ways::Bracket;

/// Where the value of a cell is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Special provisions, without a rate of their own.
    Chapter98Or99,
    /// The first revision of 2025 has no such line.
    NoLine,
    /// Specific, compound, or by reference.
    NeedsQuantity,
    /// Nothing collected, and a way to enter free.
    Free,
    /// Nothing collected, and no way to enter free.
    FreeOutside,
    Inside,
    /// Inside only if the lapsed programme was flagged.
    Flagged,
    Below,
    Above,
}

/// The duty that was collected, which the Census tells of every cell, USD.
fn duty(cell: &Cell) -> f64 {
    cell.duty.expect("the table has a column `duty`")
}

pub(crate) fn class(cell: &Cell, bracket: &Result<Bracket, LawError>) -> Class {
    let bracket = match bracket {
        _ if cell.goods.chapter() >= 98 => return Class::Chapter98Or99,
        Err(LawError::NoLine { .. }) => return Class::NoLine,
        Err(_) => return Class::NeedsQuantity,
        Ok(bracket) => bracket,
    };
    let (rate, collected) = (duty(cell) / cell.value, duty(cell) > 0.0);
    let (tolerance, miss) = (bracket.tolerance(), bracket.miss(rate));
    match () {
        () if miss > tolerance => Class::Above,
        () if miss < -tolerance && collected => Class::Below,
        () if miss < -tolerance => Class::FreeOutside,
        () if !collected => Class::Free,
        () if rate < bracket.low - tolerance => Class::Flagged,
        () => Class::Inside,
    }
}

/// What the figures show of a miss.
fn cause(cell: &Cell, bracket: Bracket) -> String {
    let rate = duty(cell) / cell.value;
    let added = bracket.high - bracket.base;
    if rate > bracket.high {
        return format!(
            "more than any rate by {:.2} points",
            100.0 * (rate - bracket.high)
        );
    }
    if rate >= bracket.base && added > 0.0 {
        let share = 100.0 * (rate - bracket.base) / added;
        return format!("ordinary duty in full, measures on {share:.0} % of the value");
    }
    let share = 100.0 * (1.0 - rate / bracket.lowest());
    format!("{share:.0} % of the value free")
}

/// The value-weighted quantiles of widths.
fn quantiles(mut widths: Vec<(f64, f64)>, of: &[f64]) -> Vec<f64> {
    widths.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = widths.iter().map(|(_, value)| value).sum();
    of.iter()
        .map(|quantile| {
            let mut sum = 0.0;
            let reached = widths.iter().find(|(_, value)| {
                sum += value;
                sum >= quantile * total
            });
            reached.map_or(f64::NAN, |(width, _)| *width)
        })
        .collect()
}

pub(crate) struct Report<'a> {
    pub(crate) cells: Vec<(&'a Cell, &'a Result<Bracket, LawError>, Class)>,
}

impl<'a> Report<'a> {
    pub(crate) fn value(&self, of: impl Fn(&Cell, Class) -> bool) -> f64 {
        let mine = self
            .cells
            .iter()
            .filter(|(cell, _, class)| of(cell, *class));
        mine.map(|(cell, ..)| cell.value).sum()
    }

    /// The value of cells on which duty was collected, and the share of it in some classes.
    pub(crate) fn share(
        &self,
        classes: &[Class],
        of: impl Fn(&Cell, Bracket) -> bool,
    ) -> (f64, f64) {
        let (mut inside, mut all) = (0.0, 0.0);
        for (cell, _, class) in self.positive().filter(|(cell, b, _)| of(cell, *b)) {
            all += cell.value;
            if classes.contains(&class) {
                inside += cell.value;
            }
        }
        (all, inside / all)
    }

    /// Computable cells on which duty was collected, with their brackets.
    pub(crate) fn positive(&self) -> impl Iterator<Item = (&'a Cell, Bracket, Class)> + '_ {
        let cells = self.cells.iter().filter(|(cell, ..)| duty(cell) > 0.0);
        cells.filter_map(|(cell, bracket, class)| {
            let bracket = bracket
                .as_ref()
                .ok()
                .filter(|_| cell.goods.chapter() < 98)?;
            Some((*cell, *bracket, *class))
        })
    }

    /// The share of positive-duty value that is inside brackets with another lower end.
    pub(crate) fn inside_from(&self, low: impl Fn(Bracket) -> f64) -> f64 {
        let (mut inside, mut all) = (0.0, 0.0);
        for (cell, bracket, _) in self.positive() {
            let low = low(bracket).min(bracket.lowest());
            let wider = Bracket { low, ..bracket };
            all += cell.value;
            if wider.miss(duty(cell) / cell.value).abs() <= bracket.tolerance() {
                inside += cell.value;
            }
        }
        inside / all
    }

    pub(crate) fn print_classes(&self) {
        let mut sums: BTreeMap<Class, (f64, f64, usize)> = BTreeMap::new();
        for (cell, _, class) in &self.cells {
            let sum = sums.entry(*class).or_default();
            *sum = (sum.0 + cell.value, sum.1 + duty(cell), sum.2 + 1);
        }
        println!("class, bn USD, duty bn USD, cells");
        for (class, (value, duty, cells)) in sums {
            println!(
                "  {class:?}, {:.2}, {:.3}, {cells}",
                value / 1e9,
                duty / 1e9
            );
        }
    }

    /// Prints the widths and returns their mean, percentage points.
    pub(crate) fn print_widths(&self) -> f64 {
        let widths: Vec<(f64, f64)> = (self.positive())
            .map(|(cell, bracket, _)| (100.0 * bracket.width(), cell.value))
            .collect();
        let value: f64 = widths.iter().map(|(_, value)| value).sum();
        let mean = widths.iter().map(|(w, value)| w * value).sum::<f64>() / value;
        let at = [0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
        println!("width, points, trade-weighted: mean {mean:.2}");
        for (quantile, width) in at.iter().zip(quantiles(widths, &at)) {
            println!("  {:.0} % of value at most {width:.2}", 100.0 * quantile);
        }
        mean
    }

    /// What is collected of the duty where only one rate is lawful, by partner.
    pub(crate) fn print_shortfalls(&self) {
        let mut sums: BTreeMap<Country, (f64, f64)> = BTreeMap::new();
        for (cell, bracket, _) in self.positive() {
            if bracket.is_one_rate() && bracket.low > 0.0 {
                let sum = sums.entry(cell.origin).or_default();
                *sum = (sum.0 + bracket.low * cell.value, sum.1 + duty(cell));
            }
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_by(|a, b| b.1.0.total_cmp(&a.1.0));
        println!("one lawful rate: owed bn USD, collected of it");
        for (origin, (owed, collected)) in sums.iter().take(8) {
            println!(
                "  {origin}, {:.2}, {:.2} %",
                owed / 1e9,
                100.0 * collected / owed
            );
        }
    }

    pub(crate) fn print_misses(&self) {
        let mut misses: Vec<_> = (self.positive())
            .filter(|(.., class)| matches!(class, Class::Below | Class::Above))
            .map(|(cell, bracket, _)| (cell, bracket, bracket.miss(duty(cell) / cell.value)))
            .collect();
        misses.sort_by(|a, b| (b.2.abs() * b.0.value).total_cmp(&(a.2.abs() * a.0.value)));
        println!("{} misses; the largest by duty:", misses.len());
        println!("code, origin, m USD, collected %, from %, to %, cause");
        for (cell, bracket, _) in misses.iter().take(40) {
            println!(
                "  {}, {}, {:.0}, {:.2}, {:.2}, {:.2}, {}",
                cell.goods.plain(),
                cell.origin,
                cell.value / 1e6,
                100.0 * duty(cell) / cell.value,
                100.0 * bracket.lowest(),
                100.0 * bracket.high,
                cause(cell, *bracket),
            );
        }
    }
}
