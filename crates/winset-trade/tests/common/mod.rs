//! What the validation suites share: the folder of validation cases, and tables out of it.
#![allow(dead_code, unreachable_pub)]

pub(crate) mod icio;
pub(crate) mod liberation;
pub(crate) mod nafta;
pub(crate) mod ossa;
pub(crate) mod synthetic;

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use winset_io::{Column, Table};
use winset_trade::{EconomyInfo, Unit};

/// The folder of a case under `WINSET_VALIDATION`, or `None`, said aloud, where that is not set.
pub(crate) fn case(name: &str) -> Option<PathBuf> {
    folder("WINSET_VALIDATION", name)
}

/// A folder under the variable `variable`.
pub(crate) fn folder(variable: &str, name: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os(variable) else {
        println!("skipped: {variable} is not set");
        return None;
    };
    Some(Path::new(&root).join(name))
}

/// A CSV file, plain or gzipped.
pub(crate) fn table(path: &Path) -> Table {
    let mut bytes =
        std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.extension().is_some_and(|e| e == "gz") {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&bytes[..])
            .read_to_end(&mut plain)
            .expect("a gzip file");
        bytes = plain;
    }
    Table::from_csv(&path.display().to_string(), &bytes).expect("a CSV file")
}

/// Two columns as a map.
pub(crate) fn map(table: &Table, key: &str, value: &str) -> HashMap<String, f64> {
    table
        .texts(key)
        .unwrap()
        .into_iter()
        .zip(table.reals(value).unwrap())
        .collect()
}

/// A column of texts.
pub(crate) fn texts(column: Vec<String>) -> Column {
    Column::Text(column)
}

/// `economy.toml` of a case.
pub(crate) fn info(name: &str, year: i32, unit: Unit) -> EconomyInfo {
    EconomyInfo {
        format: 1,
        name: name.to_owned(),
        year,
        unit,
        source: name.to_owned(),
    }
}

/// Per-region columns that say: all output is value added.
pub(crate) fn no_inputs(regions: &[String], sectors: &[String]) -> Table {
    let pairs = || {
        regions
            .iter()
            .flat_map(|r| sectors.iter().map(move |s| (r.clone(), s.clone())))
    };
    Table::new("value_added")
        .with("region", texts(pairs().map(|p| p.0).collect()))
        .with("sector", texts(pairs().map(|p| p.1).collect()))
        .with(
            "share",
            Column::Real(vec![1.0; regions.len() * sectors.len()]),
        )
}
