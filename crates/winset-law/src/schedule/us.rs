//! The lines of the Harmonized Tariff Schedule of the United States.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Column, ColumnCoverage, LINE_DIGITS, Read, Rows};
use crate::GoodsCode;
use crate::LawError;
use crate::preference::{Offer, Preference};
use crate::rate::{Rate, us};

pub(super) fn read(rows: &Rows<'_>) -> Result<Read, LawError> {
    let table = rows.table;
    let general = table.text_slice("general")?;
    let special = table.text_slice("special")?;
    let column2 = table.text_slice("column2")?;
    let mut lines = Vec::with_capacity(table.rows());
    let mut units: Vec<(GoodsCode, Arc<str>)> = Vec::new();
    let mut finer = Vec::new();
    let mut of_general = ColumnCoverage::of("general");
    let mut of_special = ColumnCoverage::of("special");
    let mut of_column2 = ColumnCoverage::of("column2");
    // Most texts recur hundreds of times.
    let mut seen: HashMap<&str, Rate> = HashMap::new();
    let mut preferences: HashMap<&str, Vec<Preference>> = HashMap::new();
    for row in 0..table.rows() {
        let code = rows.code(row)?;
        if general[row].trim().is_empty() {
            if code.digits() > LINE_DIGITS {
                let (from, to) = rows.days(row)?;
                finer.push((code, from, to));
            }
            if !rows.unit[row].trim().is_empty() {
                units.push((code, rows.unit[row].trim().into()));
            }
            continue;
        }
        let mut column = |name, text, coverage: &mut ColumnCoverage| {
            let rate = seen.entry(text).or_insert_with(|| us::parse(text)).clone();
            if !text.trim().is_empty() {
                coverage.count(code, text, [&rate].into_iter());
            }
            Column::plain(name, rate)
        };
        let mfn = column("Column 1 general", general[row].as_str(), &mut of_general);
        let others = column("Column 2", column2[row].as_str(), &mut of_column2);
        let text = special[row].as_str();
        let granted = preferences.entry(text).or_insert_with(|| offers(text));
        if !text.trim().is_empty() {
            let cases = granted.iter().flat_map(|p| &p.offer.cases);
            of_special.count(code, text, cases.filter_map(|case| case.rate.as_ref()));
        }
        lines.push(rows.line(row, (mfn, others), ("Column 1 special", granted.clone()))?);
    }
    Ok(Read {
        lines,
        units,
        finer,
        columns: vec![of_general, of_special, of_column2],
    })
}

/// What the *Special* column grants. A pointer to a heading of chapter 98 or 99 (`See 9822.04.01 (AU)`) is a rate that is not held:
/// who claims it must not be answered by another. Those of the agreement with Japan, 9921, are measures.
fn offers(text: &str) -> Vec<Preference> {
    let measure = |rate: &Rate| matches!(rate, Rate::Reference(text) if text.contains("9921"));
    let all = us::parse_special(text).into_iter();
    all.filter(|special| !measure(&special.rate))
        .map(|special| Preference {
            programmes: special.programmes,
            offer: Offer::plain(special.rate).into(),
        })
        .collect()
}
