//! Origins whose law is not held on a day: they stand in no average, and that must be said.

use std::collections::BTreeMap;

use jiff::civil::Date;
use winset_law::averages::Cell;
use winset_law::{Country, Law};

/// Origins of some trade on which the law of a day is not held, as known on a day; those of most trade first.
pub(super) fn not_held(
    law: &Law,
    importer: Country,
    cells: &[Cell],
    on: Date,
    known_on: Option<Date>,
) -> Vec<&'static str> {
    let mut origins: BTreeMap<Country, f64> = BTreeMap::new();
    for cell in cells {
        *origins.entry(cell.origin).or_default() += cell.value;
    }
    let not_held = origins
        .into_iter()
        .filter(|(origin, _)| law.covers_origin(importer, *origin, on, known_on).is_err());
    let mut not_held: Vec<(Country, f64)> = not_held.collect();
    not_held.sort_by(|a, b| b.1.total_cmp(&a.1));
    not_held
        .into_iter()
        .map(|(origin, _)| origin.iso2())
        .collect()
}

/// The first of some origins by their codes, and how many there are.
pub fn first_of(origins: &[&str]) -> String {
    /// So many are named.
    const MOST: usize = 6;
    let named = origins[..origins.len().min(MOST)].join(", ");
    match origins.len().checked_sub(MOST) {
        None | Some(0) => named,
        Some(more) => format!("{named} and {more} more"),
    }
}
