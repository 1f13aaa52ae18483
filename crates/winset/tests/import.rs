//! What was imported is what the other commands read, and the mappings that ship are those of the economies that ship.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use winset::world::load_economy;
use winset_import::{Input, SHIPPED, hts_notes};
use winset_io::Table;
use winset_trade::Mapping;

use common::winset;

fn work(name: &str) -> PathBuf {
    common::work("import", name)
}

fn answer(folder: &Path, args: &[&str]) -> Value {
    let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    let output = winset(folder, &args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{args:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

const ICIO: &str = "\
V1,USA_A01,USA_K,JPN_A01,JPN_K,USA_HFCE,JPN_HFCE,JPN_INVNT,OUT
USA_A01,10,20,2,4,60,9,-2,103
USA_K,20,30,2,2,90,6,0,150
JPN_A01,5,4,18,11,30,40,-4,104
JPN_K,2,3,8,10,6,37,0,66
TLS,2,3,2,2,0,0,0,0
VA,64,90,72,37,0,0,0,0
OUT,103,150,104,66,186,92,-6,0
";

/// Everything in a folder, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn an_imported_economy_is_checked_and_solved_and_a_damaged_file_leaves_it_alone() {
    let folder = work("economy");
    fs::write(folder.join("world_2022.csv"), ICIO).unwrap();
    fs::write(
        folder.join("tariffs.csv"),
        "origin,destination,sector,tariff\nJPN,USA,A01,0.1\n",
    )
    .unwrap();
    fs::write(
        folder.join("shock.csv"),
        "kind,origin,destination,sector,value\ntariff,JPN,USA,A01,0.2\n",
    )
    .unwrap();
    let args = [
        "import",
        "icio",
        "world_2022.csv",
        "--tariffs",
        "tariffs.csv",
        "--out",
        "world",
    ];
    let said = answer(&folder, &args);
    assert_eq!(said["tables"][1]["file"], "trade.csv");
    let origins = said["tables"][1]["origin"].as_array().unwrap();
    assert_eq!(origins[0]["sha256"], winset_import::sha256(ICIO.as_bytes()));
    assert_eq!(origins[1]["file"], "tariffs.csv");
    let accounts = answer(&folder, &["economy", "check", "world"]);
    let revenue = accounts["regions"][0]["revenue_busd"].as_f64().unwrap();
    assert!((revenue - 0.0039).abs() < 1e-12, "{revenue}");
    answer(
        &folder,
        &[
            "simulate",
            "world",
            "--shock",
            "shock.csv",
            "--elasticities",
            "U4",
        ],
    );

    let before = files(&folder.join("world"));
    fs::write(
        folder.join("world_2022.csv"),
        ICIO.replace("USA_K,20", "USA_K,2O"),
    )
    .unwrap();
    let failed = winset(&folder, &args);
    assert_eq!(failed.status.code(), Some(3));
    let said = String::from_utf8(failed.stderr).unwrap();
    assert!(
        said.contains("world_2022.csv: row 2, column `USA_A01`: `2O` is not a number"),
        "{said}"
    );
    assert_eq!(files(&folder.join("world")), before);
    assert!(!fs::read_dir(&folder).unwrap().any(|e| {
        e.unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with(".winset-")
    }));
}

#[test]
fn duty_is_answered_over_an_imported_schedule() {
    let folder = work("schedule");
    let revision = |rate: &str| {
        format!(
            "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty,Quota Quantity,Additional Duties\n\
             8703.23.01,0,Cars,No.,{rate},,10%,,\n9903.01.25,0,All,,The duty + 10%,,,,\n"
        )
    };
    fs::write(folder.join("us-2025-01-01.csv"), revision("2.5%")).unwrap();
    fs::write(folder.join("us-2025-02-01.csv"), revision("7.5%")).unwrap();
    answer(
        &folder,
        &[
            "import",
            "hts",
            "us-2025-02-01.csv",
            "us-2025-01-01.csv",
            "--out",
            "us.csv",
        ],
    );
    let base = |day: &str| {
        let args = [
            "duty",
            "87032301",
            "--origin",
            "JP",
            "--on",
            day,
            "--value",
            "10000",
            "--schedule",
            "us.csv",
        ];
        let said = answer(&folder, &args);
        said["components"][0]["amount"]
            .as_str()
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    assert!((base("2025-01-31") - 250.0).abs() < 1e-9);
    assert!((base("2025-02-01") - 750.0).abs() < 1e-9);
}

#[test]
fn rates_are_weighted_with_imported_trade() {
    let folder = work("trade");
    fs::write(
        folder.join("imports.json"),
        r#"[["I_COMMODITY","CTY_CODE","CON_VAL_YR","CAL_DUT_YR","YEAR","MONTH"],
            ["8703230110","5880","3000","75","2023","12"],
            ["8471300100","5880","1000","0","2023","12"],
            ["8703230110","-","9000","225","2023","12"]]"#,
    )
    .unwrap();
    answer(
        &folder,
        &["import", "census", "imports.json", "--out", "imports.csv"],
    );
    let said = answer(
        &folder,
        &[
            "rates",
            "--origin",
            "JP",
            "--on",
            "2025-01-15",
            "--trade",
            "imports.csv",
            "--trade-year",
            "2023",
        ],
    );
    assert_eq!(said["weights"], "US imports for consumption of 2023");
    let day = &said["days"][0];
    assert!((day["value_usd"].as_f64().unwrap() - 4000.0).abs() < 1e-9);
    // Cars at 2.5 %, computers free.
    let rate = day["trade_weighted"].as_f64().unwrap();
    assert!((rate - 0.025 * 0.75).abs() < 1e-9, "{rate}");
}

/// The regions of the mapping to 17 turn the economy of 77 that ships into the one of 17.
#[test]
fn the_mapping_that_ships_is_that_of_the_economies_that_ship() {
    let (large, small) = (load_economy(77).unwrap(), load_economy(17).unwrap());
    let (_, text) = SHIPPED
        .iter()
        .find(|(name, _)| *name == "winset-17")
        .unwrap();
    let rows: String = text
        .lines()
        .filter(|line| {
            let mut cells = line.split(',');
            let (kind, from) = (cells.next(), cells.next().unwrap_or_default());
            kind == Some("kind")
                || (kind == Some("region") && large.regions().iter().any(|r| r == from))
        })
        .map(|line| line.to_owned() + "\n")
        .collect();
    let mapping =
        Mapping::from_table(&Table::from_csv("winset-17", rows.as_bytes()).unwrap()).unwrap();
    let merged = large.aggregate(&mapping).unwrap();
    assert_eq!(merged.regions().len(), 17);
    for region in small.regions() {
        for other in small.regions() {
            for (sector, name) in small.sectors().iter().enumerate() {
                let place = |economy: &winset_trade::Economy| {
                    (
                        economy.region(region).unwrap(),
                        economy.region(other).unwrap(),
                    )
                };
                let ((a, b), (c, d)) = (place(&merged), place(&small));
                let (found, expected) = (merged.flow(sector, a, b), small.flow(sector, c, d));
                assert!(
                    (found - expected).abs() <= 1e-9 * expected.abs() + 1e-9,
                    "{region} {other} {name}: {found} {expected}"
                );
                assert!((merged.tariff(sector, a, b) - small.tariff(sector, c, d)).abs() < 1e-9);
            }
        }
    }
}

/// Lists out of the text of the notes are those that the law that ships holds, put together by others from the same notes.
#[test]
fn lists_of_the_notes_are_those_of_the_law() {
    let Some(sources) = std::env::var_os("WINSET_SOURCES") else {
        println!("skipped: WINSET_SOURCES is not set");
        return;
    };
    let text = Path::new(&sources).join("us/chapter99_2026_rev_6.txt.gz");
    let notes = hts_notes::read(Input::open(&text).unwrap()).unwrap();
    let law = winset_data::law::files("us");
    for (note, list) in [
        ("iii-16-c-i", "aluminum-articles"),
        ("iii-16-c-ii", "metals-1a-aluminum"),
        ("iii-16-c-vii", "metals-1b-steel"),
        ("iii-16-c-ix", "metals-3-aluminum"),
        ("iii-16-c-x", "metals-3-steel"),
        ("iii-33-b", "cars"),
        ("iii-33-g", "auto-parts"),
        ("iii-38-b", "trucks"),
        ("iii-38-i", "truck-parts"),
    ] {
        let file = format!("lists/{list}.csv");
        let (_, held) = law.iter().find(|(name, _)| *name == file).unwrap();
        let mut held: Vec<&str> = held
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
            .filter_map(|line| line.split(',').next())
            .collect();
        let mut found: Vec<&str> = notes[note].iter().map(String::as_str).collect();
        held.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, held, "{note} and {list}");
    }
}

/// The manifest of the embedded economies says of what they were put together, and how to make the like.
#[test]
fn the_manifest_says_that_the_economies_are_of_two_editions() {
    let manifest = winset_import::Manifest::parse(winset_data::MANIFEST).unwrap();
    let entry = manifest.entry("economy_2022_17_trade.parquet").unwrap();
    assert!(
        entry.mind.contains("two editions of the OECD's table"),
        "{}",
        entry.mind
    );
    assert!(
        entry
            .mind
            .contains("winset import icio FILE --mapping winset-17"),
        "{}",
        entry.mind
    );
}
