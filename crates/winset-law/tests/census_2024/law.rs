//! The law of 2024: its measures, and the first schedule that we hold.

use std::fmt::Write as _;
use std::path::Path;

use winset_io::{Column, Source, Table};
use winset_law::{Law, Schedule};

use crate::common;

pub(crate) fn law_of_2024(sources: &Path) -> Law {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../winset-data/law/us-2024");
    let read = |folder: &Path, ending: &str| -> Vec<(String, Vec<u8>)> {
        let mut paths: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == ending))
            .collect();
        paths.sort();
        let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
        paths
            .iter()
            .map(|path| (name(path), std::fs::read(path).unwrap()))
            .collect()
    };
    let files: Vec<Source> = read(&folder, "toml")
        .into_iter()
        .map(|(name, text)| Source::new(name + ".toml", String::from_utf8(text).unwrap()))
        .collect();
    let lists: Vec<(String, Table)> = read(&folder.join("lists"), "csv")
        .into_iter()
        .map(|(name, text)| {
            let table = Table::from_csv_with_remarks(&name, &text).unwrap();
            (name, table)
        })
        .collect();
    let lists: Vec<(&str, &Table)> = lists.iter().map(|(n, t)| (n.as_str(), t)).collect();
    Law::compile(&files, &lists, vec![schedule_of_2024(sources)]).unwrap_or_else(|problems| {
        let mut text = String::new();
        for problem in &problems.0 {
            writeln!(text, "{}", problem.render(false)).unwrap();
        }
        panic!("{text}")
    })
}

/// The first revision of 2025, taken to have held all through 2024. The engine refuses the symbols of the lapsed
/// programme; under other names they are flags.
fn schedule_of_2024(sources: &Path) -> Schedule {
    let table = common::schedule_table(sources);
    let texts = |column: &str| table.texts(column).unwrap();
    let from = texts("from").into_iter().map(|day| match day.as_str() {
        "2025-01-01" => "2024-01-01".to_owned(),
        _ => day,
    });
    let renamed = |special: String| -> String {
        let symbols = special.split_inclusive(['(', ',', ')']);
        symbols
            .map(|text| {
                let symbol = text.trim_end_matches([',', ')']);
                let name = match symbol.trim() {
                    "A" | "A*" => "LAPSED",
                    "A+" => "LAPSED+",
                    _ => symbol,
                };
                name.to_owned() + &text[symbol.len()..]
            })
            .collect()
    };
    let special = texts("special").into_iter().map(renamed);
    let mut out = Table::new(table.name())
        .with("from", Column::Text(from.collect()))
        .with("special", Column::Text(special.collect()));
    for column in ["code", "to", "unit", "general", "column2"] {
        out = out.with(column, Column::Text(texts(column)));
    }
    Schedule::from_table(common::us(), &out).unwrap()
}
