//! The command line, run as a user runs it.
//!
//! Answers are tested in here. Wrong input is tested by the folders of `cases/`, each with
//!
//! - `cmd`: what is typed, then `exit N`; lines with `#` say what the case is about,
//! - `in/`: files that are there when it is typed, if any,
//! - `edit.toml`: a change to a fresh dossier `talks`, if any: `file`, `find`, `replace`; the message must point at
//!   the line that was changed, unless `elsewhere` says that the fault shows only at another place,
//! - `stdout` or `stderr`: what is said; `[..]` stands for anything, numbers of lines and columns are left out.
//!
//! `WINSET_CASES=overwrite` writes what is said into `stdout` and `stderr`, for review with `git diff`.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use rayon::prelude::*;
use serde_json::Value;

use common::winset;

fn work(name: &str) -> PathBuf {
    common::work("cli", name)
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The JSON that a command answers with; it must succeed and carry its format.
fn answer(folder: &Path, args: &[&str]) -> Value {
    let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    let output = winset(folder, &args);
    assert_eq!(code(&output), 0, "{args:?}: {}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["format"], 1, "{args:?}");
    json
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("no number: {value}"))
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A text without numbers of lines and columns, which change whenever a comment is added to a dossier.
fn plain(said: &str) -> String {
    let mut out = String::new();
    for line in said.lines() {
        let line = line.trim();
        let line = match line.split_once(" |") {
            Some((number, rest)) if number.bytes().all(|b| b.is_ascii_digit()) => {
                format!("|{rest}")
            }
            _ => line.to_owned(),
        };
        let line = match line.split_once(".toml:") {
            Some((file, _)) if file.starts_with("-->") || file.starts_with(":::") => {
                format!("{file}.toml")
            }
            _ => line,
        };
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Whether a line is as expected, where `[..]` stands for anything.
fn matches(expected: &str, line: &str) -> bool {
    let mut parts = expected.split("[..]");
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn same(expected: &str, said: &str) -> bool {
    let (expected, said): (Vec<&str>, Vec<&str>) =
        (expected.lines().collect(), said.lines().collect());
    expected.len() == said.len() && expected.iter().zip(said).all(|(e, s)| matches(e, s))
}

#[derive(serde::Deserialize)]
struct Edit {
    file: String,
    find: String,
    replace: String,
    #[serde(default)]
    elsewhere: bool,
}

/// Makes the dossier of a case and gives the place that the message must name.
fn edited(case: &Path, folder: &Path) -> Option<String> {
    let edit: Edit = toml::from_str(&fs::read_to_string(case.join("edit.toml")).ok()?).unwrap();
    // A file of the law that ships, or of the built-in dossier.
    let (made, inside) = match edit.file.strip_prefix("law/") {
        Some(_) => (
            winset(folder, &["measures", "export", "law"]),
            edit.file.clone(),
        ),
        None => (
            winset(folder, &["init", "talks"]),
            format!("talks/{}", edit.file),
        ),
    };
    assert_eq!(code(&made), 0);
    let path = folder.join(&inside);
    let before = fs::read_to_string(&path).unwrap();
    let at = before
        .find(&edit.find)
        .unwrap_or_else(|| panic!("{}: nothing to change", case.display()));
    fs::write(&path, before.replacen(&edit.find, &edit.replace, 1)).unwrap();
    let line = before[..at].matches('\n').count() + 1;
    (!edit.elsewhere).then(|| format!("{inside}:{line}:"))
}

/// Runs a case; says what is not as it should be.
fn run(case: &Path) -> Result<(), String> {
    let name = case.file_name().unwrap().to_str().unwrap();
    let folder = work(&format!("case-{name}"));
    if case.join("in").is_dir() {
        copy(&case.join("in"), &folder);
    }
    let place = edited(case, &folder);
    let cmd = fs::read_to_string(case.join("cmd")).unwrap();
    let mut lines = cmd
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let args: Vec<&str> = lines.next().unwrap().split_whitespace().skip(1).collect();
    let exit: i32 = lines
        .next()
        .unwrap()
        .strip_prefix("exit ")
        .unwrap()
        .parse()
        .unwrap();
    let output = winset(&folder, &args);
    let mut wrong = Vec::new();
    if code(&output) != exit {
        wrong.push(format!("exit code {} instead of {exit}", code(&output)));
    }
    for (stream, said) in [
        ("stdout", text(&output.stdout)),
        ("stderr", text(&output.stderr)),
    ] {
        let file = case.join(stream);
        let said_plainly = plain(&said);
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if same(&expected, &said_plainly) {
            continue;
        }
        if std::env::var_os("WINSET_CASES").is_some_and(|value| value == "overwrite") {
            if said.is_empty() {
                let _ = fs::remove_file(&file);
            } else {
                fs::write(&file, &said_plainly).unwrap();
            }
        } else {
            wrong.push(format!(
                "{stream} is not as expected:\n{said_plainly}--- expected:\n{expected}"
            ));
        }
    }
    if let Some(place) = place
        && !text(&output.stderr).contains(&place)
    {
        wrong.push(format!("the message does not point at {place}"));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("== {name}: {}", wrong.join("\n")))
    }
}

#[test]
fn every_case_is_said_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() >= 20, "only {} cases", cases.len());
    let wrong: Vec<String> = cases
        .par_iter()
        .filter_map(|case| run(case).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

const JULY: [&str; 6] = [
    "--on",
    "2025-07-10",
    "--known-on",
    "2025-04-16",
    "--value",
    "10000",
];

fn component<'a>(duty: &'a Value, measure: &str) -> &'a Value {
    let components = duty["components"].as_array().unwrap();
    components
        .iter()
        .find(|c| c["measure"] == measure)
        .unwrap_or_else(|| panic!("no {measure} in {components:?}"))
}

#[test]
fn ten_july_as_known_on_sixteen_april_is_24_per_cent() {
    let folder = work("july");
    let duty = answer(
        &folder,
        &[&["duty", "8481.80.90", "--origin", "JP"][..], &JULY].concat(),
    );
    let country = component(&duty, "us-reciprocal-country");
    assert_eq!(country["rate"], "24%");
    assert_eq!(country["amount"], "2400.00");
    assert_eq!(
        duty["value"],
        serde_json::json!({"amount": "10000.00", "currency": "USD"})
    );
    assert_eq!(
        (&duty["goods"], &duty["known_on"]),
        (&"8481.80.90".into(), &"2025-04-16".into())
    );
    // The same goods while the country rate is suspended: 10 per cent.
    let now = [
        "duty",
        "84818090",
        "--origin",
        "JP",
        "--on",
        "2025-04-16",
        "--value",
        "10000",
    ];
    let now = answer(&folder, &now);
    assert_eq!(component(&now, "us-reciprocal-10")["amount"], "1000.00");
    assert!(now["known_on"].is_null());
    let looked_at = now["trace"].as_array().unwrap();
    assert!(
        looked_at
            .iter()
            .any(|s| s["measure"] == "us-reciprocal-country" && s["applied"] == false)
    );
}

#[test]
fn cars_owe_25_per_cent_on_top_and_no_reciprocal_rate() {
    let folder = work("cars");
    let duty = answer(
        &folder,
        &[&["duty", "8703.23.01", "--origin", "JP"][..], &JULY].concat(),
    );
    assert_eq!(component(&duty, "us-232-cars")["rate"], "25%");
    assert_eq!(component(&duty, "us-232-cars")["heading"], "9903.94.01");
    assert_eq!(duty["total"], "2750.00");
    assert!((number(&duty["effective_rate"]) - 0.275).abs() < 1e-12);
    let output = winset(
        &folder,
        &[
            &["duty", "8703.23.01", "--origin", "JP", "--explain"][..],
            &JULY,
        ]
        .concat(),
    );
    let said = text(&output.stdout);
    assert!(
        said.contains("effective rate 27.5 %") && said.contains("yields to us-232-cars"),
        "{said}"
    );
}

#[test]
fn a_specific_duty_takes_a_quantity() {
    let folder = work("pork");
    let pork = [
        "duty",
        "0203.29.20",
        "--origin",
        "JP",
        "--on",
        "2025-04-04",
        "--value",
        "1000",
    ];
    let duty = answer(
        &folder,
        &[&pork[..], &["--quantity", "250", "--unit", "kg"]].concat(),
    );
    // 1.4 cents a kilogram.
    assert_eq!(component(&duty, "base")["amount"], "3.50");
    let without = winset(&folder, &pork);
    assert_eq!(code(&without), 2);
    assert!(text(&without.stderr).contains("give a quantity in kg"));
}

/// The trade of the United States is no weight at Japan's border.
#[test]
fn another_importer_is_weighted_with_its_own_trade_or_not_at_all() {
    let folder = work("rates-of-japan");
    let of_day = ["--importer", "JP", "--on", "2025-07-10"];
    let ask =
        |command: &str, more: &[&str]| answer(&folder, &[&[command], &of_day[..], more].concat());
    let simple = ask("rates", &["--origin", "US", "--by", "chapter"]);
    let day = &simple["days"][0];
    assert!(simple["weights"].is_null() && day["trade_weighted"].is_null());
    // Meat pays, vehicles do not.
    assert!(number(&day["by_chapter"]["02"]["simple"]) > 0.05);
    assert!(number(&day["by_chapter"]["87"]["simple"]) < 0.01);
    let later = ["--and-on", "2026-05-10", "--origin", "US"];
    let changes = ask("diff", &later);
    assert!(changes["weights"].is_null() && changes["all"]["revenue_usd"].is_null());
    // Oranges pay 16 per cent from June to November and 32 from December to May.
    let orange = &changes["lines"][0];
    assert_eq!(orange["goods"], "0805.10-000");
    assert_eq!(
        (number(&orange["before"]), number(&orange["after"])),
        (0.16, 0.32)
    );

    std::fs::write(
        folder.join("trade.csv"),
        "goods,origin,value\n0201.30,US,1000\n8703.23,US,3000\n0805.10,US,500\n",
    )
    .unwrap();
    let weighted = ask("rates", &["--trade", "trade.csv"]);
    let rate = number(&weighted["days"][0]["trade_weighted"]);
    assert!(
        (rate - (0.385 * 1000.0 + 0.16 * 500.0) / 4500.0).abs() < 1e-9,
        "{rate}"
    );
    let changes = ask("diff", &["--and-on", "2026-05-10", "--trade", "trade.csv"]);
    assert!((number(&changes["all"]["revenue_usd"]) - 80.0).abs() < 1e-6);

    let none = winset(&folder, &[&["rates"], &of_day[..]].concat());
    assert_eq!(code(&none), 2);
    assert!(text(&none.stderr).contains("no trade of Japan ships"));
    let census = "code,partner,value,duty\n8481809090,5880,100,2\n";
    std::fs::write(folder.join("census.csv"), census).unwrap();
    let no_year = winset(
        &folder,
        &["rates", "--on", "2025-07-10", "--trade", "census.csv"],
    );
    assert_eq!(code(&no_year), 3);
    assert!(text(&no_year.stderr).contains("the year of the trade"));
}

#[test]
fn applied_rates_follow_the_law_day_by_day() {
    let folder = work("rates");
    let rates = answer(
        &folder,
        &[
            "rates",
            "--origin",
            "JP",
            "--from",
            "2025-04-04",
            "--to",
            "2025-04-05",
        ],
    );
    let days = rates["days"].as_array().unwrap();
    let weighted: Vec<f64> = days
        .iter()
        .map(|day| number(&day["trade_weighted"]))
        .collect();
    assert_eq!(
        days.iter()
            .map(|day| day["on"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["2025-04-04", "2025-04-05"]
    );
    // The 10 per cent of 5 April falls on part of the trade only.
    assert!(
        weighted[1] > weighted[0] + 0.03 && weighted[1] < weighted[0] + 0.10,
        "{weighted:?}"
    );
    for (day, weighted) in days.iter().zip(weighted) {
        let parts: f64 = day["by_authority"]
            .as_object()
            .unwrap()
            .values()
            .map(number)
            .sum();
        assert!(
            (parts - weighted).abs() < 1e-9,
            "the authorities' parts add up to the rate"
        );
        assert!(
            (number(&day["value_usd"]) / 151.340e9 - 1.0).abs() < 1e-4,
            "the published total of 2024"
        );
    }
}

const SHOCK: &str = "kind,origin,destination,sector,value\n";

#[test]
fn a_tariff_moves_the_economy_and_no_shock_does_not() {
    let folder = work("simulate");
    fs::write(
        folder.join("none.csv"),
        format!("{SHOCK}tariff_add,JPN,USA,C29,0\n"),
    )
    .unwrap();
    fs::write(
        folder.join("cars.csv"),
        format!("{SHOCK}tariff_add,JPN,USA,C29,0.25\n"),
    )
    .unwrap();
    let none = answer(&folder, &["simulate", "17", "--shock", "none.csv"]);
    for region in none["regions"].as_array().unwrap() {
        assert!(number(&region["real_income_pct"]).abs() < 1e-9, "{region}");
    }
    let cars = answer(
        &folder,
        &[
            "simulate",
            "17",
            "--shock",
            "cars.csv",
            "--deficits",
            "zero",
            "--out",
            "results",
        ],
    );
    assert_eq!(cars["status"], "converged");
    assert!(number(&cars["residual"]) < 1e-9);
    let japan = cars["regions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["region"] == "JPN")
        .unwrap();
    assert!(number(&japan["real_income_pct"]) < 0.0 && number(&japan["wage"]) < 1.0);
    let trade = cars["trade"].as_array().unwrap();
    let flow = trade
        .iter()
        .find(|t| t["origin"] == "JPN" && t["destination"] == "USA")
        .unwrap();
    assert!(number(&flow["value_busd"]) < number(&flow["base_busd"]));
    let economy = winset::world::load_economy(17).unwrap();
    let traded = economy.trade().iter().filter(|value| **value > 0.0);
    for (file, rows) in [
        ("regions.csv", 17),
        ("sectors.csv", 17 * 28),
        ("trade.csv", traded.count()),
        ("balances.csv", 17 * 16),
    ] {
        let table = fs::read_to_string(folder.join("results").join(file)).unwrap();
        assert_eq!(table.lines().count(), rows + 1, "{file}");
    }
    assert_eq!(fs::read_dir(folder.join("results")).unwrap().count(), 4);
}

#[test]
fn the_solutions_of_a_table_are_those_of_hand() {
    let folder = work("table");
    // Gains 3 × 2 on one package, 4 × 1 and 0 × 3 on others: Nash is 3 × 2.
    let table = r#"{"format": 1, "issues": [{"name": "tariff", "options": ["high", "middle", "low"]}],
        "parties": [{"name": "we", "no_deal": 1, "values": [[1, 4, 5]]}, {"name": "they", "no_deal": 0, "values": [[3, 2, 1]]}]}"#;
    fs::write(folder.join("table.json"), table).unwrap();
    let found = answer(&folder, &["packages", "--table", "table.json"]);
    assert_eq!(found["packages"], 3);
    assert_eq!(found["frontier"].as_array().unwrap().len(), 3);
    assert_eq!(found["nash"][0]["options"], serde_json::json!([1]));
    assert_eq!(
        found["utilitarian"].as_array().unwrap().len(),
        2,
        "3 + 2 ties with 4 + 1"
    );
    // Without its format it reads alike.
    fs::write(
        folder.join("bare.json"),
        table.replace("\"format\": 1, ", ""),
    )
    .unwrap();
    let bare = answer(&folder, &["packages", "--table", "bare.json"]);
    assert_eq!(bare["frontier"], found["frontier"]);
}

#[test]
fn a_dossier_says_for_each_account_what_can_be_signed() {
    let folder = work("packages");
    let found = answer(&folder, &["packages"]);
    let accounts = found["accounts"].as_array().unwrap();
    let belief = found["belief"].as_array().unwrap();
    assert_eq!(
        accounts.len(),
        belief.len() + 2,
        "welfare alone, the average, and each hypothesis"
    );
    assert_eq!(accounts[0]["name"], "economic welfare");
    let sum: f64 = belief.iter().map(|b| number(&b["probability"])).sum();
    assert!((sum - 1.0).abs() < 1e-9);
    let issues = found["issues"].as_array().unwrap();
    for account in accounts {
        let exists = account["zone"] == "exists";
        assert_eq!(exists, !account["nash"].as_array().unwrap().is_empty());
        for package in account["nash"].as_array().unwrap() {
            assert_eq!(package["options"].as_array().unwrap().len(), issues.len());
            assert!(
                package["payoffs"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|x| number(x) >= 0.0)
            );
        }
    }
}

#[test]
fn a_new_dossier_is_checked_and_never_written_over() {
    let folder = work("init");
    assert_eq!(code(&winset(&folder, &["init", "talks"])), 0);
    let checked = answer(&folder, &["check", "talks"]);
    let built_in = answer(&folder, &["check"]);
    for key in [
        "measures",
        "acts",
        "issues",
        "packages",
        "hypotheses",
        "evidence_used",
        "evidence_unused",
    ] {
        assert_eq!(checked[key], built_in[key], "{key}");
    }
    assert!(
        number(&checked["packages"]) > 16e6,
        "over sixteen million packages"
    );
    fs::write(folder.join("talks/dossier.toml"), "mine").unwrap();
    let again = winset(&folder, &["init", "talks"]);
    assert_eq!(code(&again), 2);
    assert!(text(&again.stderr).contains("is not empty"));
    assert_eq!(
        fs::read_to_string(folder.join("talks/dossier.toml")).unwrap(),
        "mine"
    );
}

#[test]
fn what_was_published_later_does_not_count() {
    let folder = work("evidence");
    let count = |day: &str| {
        let checked = answer(&folder, &["check", "--known-on", day]);
        (
            checked["evidence_used"].as_array().unwrap().len(),
            checked["evidence_unused"].as_array().unwrap().len(),
        )
    };
    let (early, late) = (count("2025-04-16"), count("2025-05-30"));
    assert_eq!(early.0 + early.1, late.0 + late.1);
    assert!(late.0 > early.0, "{early:?} {late:?}");
}

#[test]
fn the_data_are_listed_with_their_publishers() {
    let folder = work("data");
    let list = answer(&folder, &["data", "list"]);
    let tables = list["tables"].as_array().unwrap();
    assert!(
        tables
            .iter()
            .all(|t| !t["origin"].as_array().unwrap().is_empty() && number(&t["rows"]) > 0.0)
    );
    assert!(text(&winset(&folder, &["data", "list"]).stdout).contains("US Census Bureau"));
}

#[test]
fn help_and_version_are_answers() {
    let folder = work("help");
    let help = text(&winset(&folder, &["--help"]).stdout);
    for word in [
        "brief",
        "check",
        "init",
        "duty",
        "rates",
        "simulate",
        "packages",
        "data",
        "Exit codes",
    ] {
        assert!(help.contains(word), "{word}");
    }
    let version = winset(&folder, &["--version"]);
    assert_eq!(
        (code(&version), text(&version.stdout)),
        (0, format!("winset {}\n", env!("CARGO_PKG_VERSION")))
    );
    assert_eq!(code(&winset(&folder, &["duty", "--help"])), 0);
    assert_eq!(code(&winset(&folder, &[])), 2);
}

#[test]
fn a_failed_write_leaves_the_old_brief() {
    let folder = work("failed-write");
    let out = folder.join("brief");
    fs::create_dir_all(out.join("brief.html")).unwrap();
    fs::write(out.join("brief.json"), "the old brief").unwrap();
    let failed = winset(&folder, &["brief"]);
    assert_eq!(code(&failed), 1);
    assert!(
        text(&failed.stderr).contains("brief.html"),
        "{}",
        text(&failed.stderr)
    );
    assert_eq!(
        fs::read_to_string(out.join("brief.json")).unwrap(),
        "the old brief"
    );
    assert_eq!(
        fs::read_dir(&out).unwrap().count(),
        2,
        "no temporary file stays"
    );
    // A folder that cannot be made.
    fs::write(folder.join("file"), "").unwrap();
    assert_eq!(
        code(&winset(
            &folder,
            &["simulate", "17", "--shock", "file", "--out", "file/results"]
        )),
        3
    );
    fs::write(
        folder.join("none.csv"),
        format!("{SHOCK}tariff_add,JPN,USA,C29,0\n"),
    )
    .unwrap();
    let failed = winset(
        &folder,
        &[
            "simulate",
            "17",
            "--shock",
            "none.csv",
            "--out",
            "file/results",
        ],
    );
    assert_eq!(code(&failed), 1);
}

#[test]
fn the_brief_is_two_files_and_leaves_others_alone() {
    let folder = work("brief");
    fs::create_dir_all(folder.join("out")).unwrap();
    fs::write(folder.join("out/notes.txt"), "mine").unwrap();
    let said = answer(&folder, &["brief", "--out", "out"]);
    assert_eq!(said["sentences"].as_array().unwrap().len(), 5);
    let mut names: Vec<_> = fs::read_dir(folder.join("out"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["brief.html", "brief.json", "notes.txt"]);
    let numbers: Value =
        serde_json::from_slice(&fs::read(folder.join("out/brief.json")).unwrap()).unwrap();
    assert_eq!(numbers["format"], 1);
    assert_eq!(numbers["sentences"], said["sentences"]);
    let page = fs::read_to_string(folder.join("out/brief.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("</html>"));
}

#[test]
fn a_brief_in_every_format_and_one_for_sharing() {
    let folder = work("formats");
    let formats = "--format=html,json,pdf,xlsx,csv,parquet,svg,png";
    let all = answer(&folder, &["brief", formats, "--out", "all"]);
    assert_eq!(all["edition"], "full");
    let written = |answer: &Value, path: &str| {
        let files = answer["files"].as_array().unwrap();
        assert!(files.iter().any(|f| f == path), "{path} is not named");
        fs::read(folder.join(path)).unwrap()
    };
    for (path, start) in [
        ("all/brief.html", &b"<!DOCTYPE html>"[..]),
        ("all/brief.json", b"{"),
        ("all/brief.pdf", b"%PDF-"),
        ("all/brief.xlsx", b"PK"),
        ("all/tables/chips.csv", b"rank,issue,option,"),
        ("all/tables/chips.parquet", b"PAR1"),
        ("all/charts/frontier.svg", b"<svg"),
        ("all/charts/frontier.png", b"\x89PNG"),
    ] {
        assert!(written(&all, path).starts_with(start), "{path}");
    }
    let shared = answer(
        &folder,
        &[
            "brief",
            "--format=json,csv",
            "--shareable",
            "--out",
            "shared",
        ],
    );
    assert_eq!(shared["edition"], "shareable");
    assert!(shared["sentences"].as_array().unwrap().len() < 5);
    let numbers: Value = serde_json::from_slice(&written(&shared, "shared/brief.json")).unwrap();
    assert_eq!(numbers["edition"], "shareable");
    assert!(folder.join("shared/tables/demands.csv").exists());
    assert!(!folder.join("shared/tables/ratifiers.csv").exists());
    // A full brief does not come beside one that is to be shared.
    let full = winset(&folder, &["brief", "--format=pdf", "--out", "shared"]);
    let said = String::from_utf8_lossy(&full.stderr).into_owned();
    assert!(said.contains("shared holds a brief to be shared"), "{said}");
    assert!(!folder.join("shared/brief.pdf").exists());
}

#[test]
fn no_colour_goes_into_files() {
    let folder = work("colour");
    let output = winset(&folder, &["check", "nowhere"]);
    assert!(!output.stderr.contains(&0x1b));
}

#[test]
fn a_package_is_weighed_exactly_and_what_mends_it_is_named() {
    let folder = work("why");
    let json = answer(&folder, &["why", "gas=alaska,dollar=target"]);
    let package = &json["package"];
    let parts: f64 = (json["contributions"].as_array().unwrap().iter())
        .map(|c| number(&c["ours"]))
        .sum();
    let whole = number(&package["ours"]["objective"]);
    let gap = whole - parts - number(&json["together"][0]);
    assert!(gap.abs() < 1e-9, "{gap}");
    assert_eq!(json["contributions"].as_array().unwrap().len(), 2);
    assert_eq!(json["in_win_set"], false);
    let mended = &json["mended"];
    assert!(!mended["changes"].as_array().unwrap().is_empty());
    // What mends it says so itself.
    let options = package["options"].as_array().unwrap().iter();
    let mut options: Vec<String> = options.map(|o| o.as_str().unwrap().to_owned()).collect();
    let brief = answer(&folder, &["packages"]);
    let issues = brief["issues"].as_array().unwrap();
    let place = |id: &Value| issues.iter().position(|i| i["id"] == *id).unwrap();
    for change in mended["changes"].as_array().unwrap() {
        options[place(&change[0])] = change[2].as_str().unwrap().to_owned();
    }
    let words: Vec<String> = (issues.iter().zip(&options))
        .map(|(issue, option)| format!("{}={option}", issue["id"].as_str().unwrap()))
        .collect();
    let again = answer(&folder, &["why", &words.join(",")]);
    let ours = number(&again["package"]["ours"]["objective"]);
    assert!((ours - number(&mended["ours"])).abs() < 1e-9);
    let stopped = !mended["blocked_by"].as_array().unwrap().is_empty();
    assert_eq!(again["in_win_set"], !stopped);
}

#[test]
fn a_government_gains_by_its_best_tariffs_and_loses_by_a_war() {
    let folder = work("strategy");
    let of = |kind: &str| {
        let kind = format!("--kind={kind}");
        let words = [
            "strategy",
            "17",
            "--player",
            "USA",
            &kind,
            "--instrument=uniform",
            "--structure=krugman",
            "--deficits=zero",
        ];
        answer(&folder, &words)
    };
    let gain = |json: &Value, region: &str| {
        let mut rows = json["regions"].as_array().unwrap().iter();
        number(&rows.find(|r| r["region"] == region).unwrap()["objective_pct"])
    };
    let (best, war) = (of("optimal"), of("nash"));
    assert!(best["converged"] == true && war["converged"] == true);
    assert!(gain(&best, "USA") > 0.0 && gain(&best, "CAN") < 0.0);
    assert!(gain(&war, "USA") < gain(&best, "USA") && gain(&war, "CAN") < 0.0);
    let tariffs = best["tariffs"].as_array().unwrap();
    assert!(!tariffs.is_empty() && tariffs.iter().all(|t| t["destination"] == "USA"));
}

#[test]
fn offers_alone_tell_what_a_party_wants() {
    let folder = work("offers");
    let trace = r#"{"issues": [{"name": "cars", "options": ["0 %", "15 %", "25 %"]},
        {"name": "rice", "options": ["none", "more"]}], "horizon": 10, "offers": [[0, 0], [0, 0], [0, 1], [0, 1]]}"#;
    fs::write(folder.join("offers.json"), trace).unwrap();
    let learned = answer(&folder, &["beliefs", "--trace", "offers.json"]);
    let weights = learned["issue_weights"].as_array().unwrap();
    assert!(
        number(&weights[0]) > number(&weights[1]),
        "it gave up rice first"
    );
    assert_eq!(learned["values"][0].as_array().unwrap().len(), 3);
}
