//! What a change of measures, or of the day, does to every line that is traded.

use std::collections::BTreeMap;

use jiff::civil::Date;
use winset_law::averages::Bases;
use winset_law::{Country, GoodsCode, Law, LawError};

use super::not_held::not_held;
use super::weights::Weights;

/// A law on a day, as known on a day (`None`: all acts in the data).
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The law.
    pub law: &'a Law,
    /// The entry date.
    pub on: Date,
    /// The day as of which acts count.
    pub known_on: Option<Date>,
}

/// A line and an origin whose rate changes. Rates are fractions of value.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The goods.
    pub goods: GoodsCode,
    /// The origin.
    pub origin: Country,
    /// The trade, USD.
    pub value: f64,
    /// The rate before.
    pub before: f64,
    /// The rate after.
    pub after: f64,
}

impl Changed {
    /// The change of revenue on the trade, USD a year, to the cent.
    pub fn revenue(&self) -> f64 {
        let revenue = (self.after - self.before) * self.value;
        // A nought without a sign.
        (100.0 * revenue).round() / 100.0 + 0.0
    }
}

/// Sums over the lines of an origin or a chapter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// All trade, changed or not, USD.
    pub value: f64,
    /// Duty before, USD.
    pub before: f64,
    /// Duty after, USD.
    pub after: f64,
    /// Lines that change.
    pub changed: usize,
}

/// What changes between two sides.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// The lines that change, the largest change of revenue first; of the rate, where lines weigh nothing.
    pub lines: Vec<Changed>,
    /// By origin.
    pub by_origin: BTreeMap<Country, Sum>,
    /// By chapter.
    pub by_chapter: BTreeMap<u8, Sum>,
    /// All trade.
    pub all: Sum,
    /// The trade of lines without a rate on either side, USD.
    pub without_rate: f64,
    /// Origins whose law is not held on one of the two sides, those of most trade first: they are not compared.
    pub not_held: Vec<&'static str>,
    /// How many lines and origins were compared.
    pub compared: usize,
    /// Which trade it is; nothing where lines weigh nothing.
    pub weights: Option<String>,
}

/// Rates that differ by less are the same: a hundred-thousandth of a per cent.
const SAME: f64 = 1e-7;

/// The change from one side to the other, on the same trade whatever the days.
///
/// # Errors
/// A day outside the law in the data.
pub fn diff(weights: &Weights, before: Side<'_>, after: Side<'_>) -> Result<Diff, LawError> {
    let (importer, trade) = (weights.importer, &weights.trade);
    let assumptions = &weights.assumptions;
    let rates = |side: Side<'_>| {
        let (on, known) = (side.on, side.known_on);
        side.law
            .averages(importer, trade, on, known, Bases::Schedule, assumptions)
    };
    let (old, new) = (rates(before)?, rates(after)?);
    let mut out = Diff {
        weights: weights.said.clone(),
        ..Diff::default()
    };
    for (cell, (old, new)) in trade.cells().iter().zip(old.cells.iter().zip(&new.cells)) {
        let (Ok(old), Ok(new)) = (old, new) else {
            out.without_rate += cell.value;
            continue;
        };
        out.compared += 1;
        let (old, new) = (old.total(), new.total());
        let changed = (new - old).abs() > SAME;
        for sum in [
            out.by_origin.entry(cell.origin).or_default(),
            out.by_chapter.entry(cell.goods.chapter()).or_default(),
            &mut out.all,
        ] {
            sum.value += cell.value;
            sum.before += old * cell.value;
            sum.after += new * cell.value;
            sum.changed += usize::from(changed);
        }
        if changed {
            out.lines.push(Changed {
                goods: cell.goods,
                origin: cell.origin,
                value: cell.value,
                before: old,
                after: new,
            });
        }
    }
    if out.compared == 0 {
        // No line has a rate on both sides: where it is for want of law, that is the answer.
        for side in [before, after] {
            side.law
                .covers(importer, trade.cells(), side.on, side.known_on)?;
        }
    }
    for side in [before, after] {
        let origins = not_held(side.law, importer, trade.cells(), side.on, side.known_on);
        if origins.len() > out.not_held.len() {
            out.not_held = origins;
        }
    }
    let weighed = out.weights.is_some();
    let size = |line: &Changed| {
        let size = if weighed {
            line.revenue()
        } else {
            line.after - line.before
        };
        size.abs()
    };
    out.lines.sort_by(|a, b| {
        let order = size(b).total_cmp(&size(a));
        order.then_with(|| (a.goods, a.origin).cmp(&(b.goods, b.origin)))
    });
    Ok(out)
}
