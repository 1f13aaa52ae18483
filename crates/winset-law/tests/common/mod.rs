//! What the suites share: the dossier's measure files, the US schedule of a sources folder.
#![allow(dead_code, unreachable_pub, reason = "each suite uses some of it")]

pub mod facts;
pub mod random;
pub mod shipped;

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use winset_io::{Column, Source, Table};
use winset_law::{Country, Law, Schedule};

pub fn folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(Into::into);
    if folder.is_none() {
        println!("skipped: {variable} is not set");
    }
    folder
}

pub fn measures() -> PathBuf {
    folder_of("us")
}

fn folder_of(importer: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../winset-data/law")
        .join(importer)
}

/// The law of Japan that ships, with its schedule.
pub fn japan() -> Law {
    let table = winset_data::Set::JpSchedule.table().unwrap();
    let schedule = Schedule::from_table("JP".parse().unwrap(), &table).unwrap();
    Law::compile(&files_in(&folder_of("jp")), &[], vec![schedule]).unwrap()
}

pub fn files() -> Vec<Source> {
    files_in(&measures())
}

fn files_in(folder: &Path) -> Vec<Source> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            Source::new(name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

pub fn lists() -> Vec<(String, Table)> {
    std::fs::read_dir(measures().join("lists"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let table =
                Table::from_csv_with_remarks(&name, &std::fs::read(&path).unwrap()).unwrap();
            (name, table)
        })
        .collect()
}

pub fn law(schedule: Schedule) -> Law {
    let lists = lists();
    let lists: Vec<(&str, &Table)> = lists.iter().map(|(n, t)| (n.as_str(), t)).collect();
    Law::compile(&files(), &lists, vec![schedule]).unwrap_or_else(|problems| {
        let mut text = String::new();
        problems
            .0
            .iter()
            .for_each(|p| writeln!(text, "{}", p.render(false)).unwrap());
        panic!("{text}")
    })
}

pub fn us() -> Country {
    "US".parse().unwrap()
}

/// A handful of real lines, for suites that need no download.
pub fn small_schedule() -> Schedule {
    let text = "code,from,to,unit,general,special,column2\n\
        84818090,2025-01-01,,kg,2%,\"Free (AU,CA,KR,MX,S)\",45%\n\
        61091000,2025-01-01,,doz.,16.5%,,90%\n\
        87032301,2025-01-01,,No.,2.5%,\"Free (AU,KR,S)\",10%\n\
        87042101,2025-01-01,,No.,25%,\"Free (S)\",25%\n\
        87083050,2025-01-01,,kg,2.5% <u></u>,\"Free (S)\",25%\n\
        87081030,2025-01-01,,No.,2.5%,\"Free (S)\",25%\n\
        72083900,2025-01-01,,kg,Free,,20%\n\
        76061230,2025-01-01,,kg,3%,,13.5%\n\
        84145965,2025-01-01,,No.,2.3%,,35%\n\
        30049092,2025-01-01,,kg,Free,,25%\n\
        84713001,2025-01-01,,No.,Free,,35%\n\
        95030000,2025-01-01,,X,Free,,70%\n\
        27090020,2025-01-01,,bbl,10.5¢/bbl,\"Free (S)\",21¢/bbl\n\
        22041000,2025-01-01,,liters,19.8¢/liter,,$1.59/liter\n";
    Schedule::from_table(
        us(),
        &Table::from_csv("small schedule", text.as_bytes()).unwrap(),
    )
    .unwrap()
}

fn unzipped(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap())
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

fn renamed(table: &Table, name: &str, columns: &[(&str, &str)]) -> Table {
    columns.iter().fold(Table::new(name), |out, (from, to)| {
        out.with(*to, Column::Text(table.texts(from).unwrap()))
    })
}

/// The full US schedule of 2025–26, from the folder of sources.
pub fn full_schedule(sources: &Path) -> Schedule {
    Schedule::from_table(us(), &schedule_table(sources)).unwrap()
}

/// The rows of the full US schedule, as a schedule reads them.
pub fn schedule_table(sources: &Path) -> Table {
    let bytes = unzipped(&sources.join("us/hts_intervals_2025_2026.csv.gz"));
    let table = Table::from_csv("hts_intervals", &bytes).unwrap();
    let columns = [
        ("htsno", "code"),
        ("from_date", "from"),
        ("to_date_excl", "to"),
        ("units", "unit"),
        ("general", "general"),
        ("special", "special"),
        ("column2", "column2"),
    ];
    renamed(&table, "US schedule", &columns)
}

/// US imports of 2024 by ten-digit line and partner.
pub fn trade_table(sources: &Path) -> Table {
    let bytes = unzipped(&sources.join("us/us_imports_2024_hs10_by_partner.csv.gz"));
    let table = Table::from_csv("imports", &bytes).unwrap();
    let columns = [
        ("hs10", "code"),
        ("census_code", "partner"),
        ("value_usd", "value"),
        ("duty_usd", "duty"),
    ];
    renamed(&table, "US imports 2024", &columns)
}
