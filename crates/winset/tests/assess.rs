//! `winset assess`: whole tables, in order, each row with its answer or its error.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use proptest::prelude::*;
use rust_decimal::Decimal;
use winset::assess::{self, AnswerColumns, Laws, Options, Summary};
use winset_io::Problems;
use winset_io::stream::{
    Answers, Cell, Encoder, FileFormat, Kind, RowReader, RowWriter, Rows, Texts,
};
use winset_law::{Country, Law};

fn work(name: &str) -> PathBuf {
    common::work("assess", name)
}

/// Runs `winset` with its words apart by blanks, on so many threads.
fn winset(folder: &Path, words: &str, threads: &str) -> Output {
    let mut command = common::command(folder, words.split_whitespace());
    command.env("RAYON_NUM_THREADS", threads).output().unwrap()
}

fn succeeds(folder: &Path, words: &str, threads: &str) -> String {
    let output = winset(folder, words, threads);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

const ANSWERS: [&str; 9] = [
    "id",
    "total",
    "payable",
    "fees",
    "effective_rate",
    "components",
    "headings",
    "needs",
    "error",
];

/// The cells of an answer, row by row.
fn cells(path: &Path) -> Vec<Vec<String>> {
    cells_of(path, &ANSWERS)
}

/// The cells of an answer of some columns.
fn cells_of(path: &Path, columns: &[&str]) -> Vec<Vec<String>> {
    let mut reader = RowReader::open(path, FileFormat::of(path).unwrap()).unwrap();
    assert_eq!(reader.names(), columns);
    reader.choose(columns).unwrap();
    let (mut rows, mut all) = (Rows::default(), Vec::new());
    loop {
        reader.read(&mut rows).unwrap();
        if rows.len == 0 {
            return all;
        }
        for row in 0..rows.len {
            let cell = |column| match rows.cell(column, row) {
                Cell::Blank => String::new(),
                Cell::Text(text) => text.to_owned(),
                Cell::Number { mantissa, scale } => {
                    let mut out = Vec::new();
                    winset_io::stream::push_decimal(&mut out, mantissa, scale);
                    String::from_utf8(out).unwrap()
                }
                Cell::Real(number) => number.to_string(),
                other => panic!("{other:?}"),
            };
            all.push((0..columns.len()).map(cell).collect());
        }
    }
}

const ENTRIES: &str = "\
note,value,origin,entry_date,goods,id,known_on,quantity,unit,content,claims,facts,importer,currency,loaded
,10000,JP,2025-04-16,8481.80.90,valve,,,,,,,,,
,10000,JP,2025-07-10,8703.23.01,car,2025-04-16,,,,,,US,USD,
,1000,JP,2025-04-04,0203.29.20,pork,,250,kg,,,,,,
,1000,JP,2025-04-04,0203.29.20,pork without weight,,,,,,,,,
,1000,JP,2025-04-04,0203292000,pork in ten digits,,250,,,,,,,
,10000,JPN,2025-13-01,8481.80.90,bad date,,,,,,,,,
,10000,Atlantis,2025-04-16,8481.80.90,bad origin,,,,,,,,,
,\"10,000\",JP,2025-04-16,8481.80.90,bad value,,,,,,,,,
,10000,JP,2025-04-16,84x,bad code,,,,,,,,,
,10000,JP,2025-04-16,8481,short code,,,,,,,,,
,,JP,2025-04-16,8481.80.90,no value,,,,,,,,,
,-5,JP,2025-04-16,8481.80.90,negative,,,,,,,,,
,0,JP,2025-04-16,8481.80.90,nothing,,,,,,,,,
,10000,JP,2025-04-16,8481.80.90,of France,,,,,,,FR,,
,10000,JP,2025-04-16,8481.80.90,bad fact,,,,,,us_share=2,,,
,10000,JP,2025-04-16,8481.80.90,bad content,,,,steel=,,,,,
,10000,JP,2025-04-16,8481.80.90
,10000,CA,2025-04-16,8481.80.90,of Canada,,,,,USMCA,,,,
,10000,CA,2025-04-16,8481.80.90,not claimed,,,,,,,,,
,1000,JP,2025-04-16,8431.31.00,of steel,,,,steel=400;aluminum=0,,,,,
,1000,JP,2025-04-16,8431.31.00,of steel unknown,,,,,,,,,
";

fn row<'a>(all: &'a [Vec<String>], id: &str) -> &'a [String] {
    all.iter()
        .find(|row| row[0] == id)
        .unwrap_or_else(|| panic!("no row {id}"))
}

#[test]
fn every_row_has_its_answer_or_its_error_in_order() {
    let folder = work("rows");
    fs::write(folder.join("in.csv"), ENTRIES).unwrap();
    let said = succeeds(&folder, "assess in.csv --out out.csv", "2");
    assert_eq!(
        said,
        "21 rows into out.csv; 12 rows without an answer, see the column `error`\n"
    );
    let all = cells(&folder.join("out.csv"));
    let ids: Vec<&str> = ENTRIES
        .lines()
        .skip(1)
        .map(|l| l.rsplit(',').nth(9).unwrap_or("17"))
        .collect();
    for (i, (row, id)) in all.iter().zip(ids).enumerate() {
        if i != 16 {
            assert_eq!(row[0], id);
        }
        let answered = row[8].is_empty();
        assert!(
            answered != row[1..8].iter().all(String::is_empty),
            "{row:?}"
        );
    }
    assert_eq!(
        &row(&all, "valve")[1..7],
        [
            "1200",
            "1200",
            "34.64",
            "0.12",
            "base=200;us-reciprocal-10=1000",
            "9903.01.25"
        ]
    );
    assert_eq!(row(&all, "car")[1], "2750");
    assert_eq!(row(&all, "pork")[1], "3.5");
    assert_eq!(row(&all, "pork in ten digits")[1], "3.5");
    assert_eq!(&row(&all, "nothing")[1..5], ["0", "0", "32.71", ""]);
    let error = |id| row(&all, id)[8].as_str();
    assert_eq!(
        error("pork without weight"),
        "the duty on 0203.29.20 is per kg: give a quantity in kg"
    );
    assert_eq!(
        error("bad date"),
        "column `entry_date`: `2025-13-01` is not a date: write 2025-04-16"
    );
    assert_eq!(
        error("bad origin"),
        "column `origin`: unknown country `Atlantis`: write an ISO 3166 code such as JP"
    );
    assert_eq!(
        error("bad value"),
        "column `value`: `10,000` is not an amount: write digits with at most one point, such as 2500.50"
    );
    assert_eq!(
        error("bad code"),
        "column `goods`: `84x` is not a goods code: write 2 to 10 digits, such as 8703.23.01"
    );
    assert_eq!(
        error("short code"),
        "column `goods`: `8481` has 4 digits: write 6, 8, 9 or 10, such as 8703.23.01"
    );
    assert_eq!(error("no value"), "column `value`: the cell is blank");
    assert_eq!(
        error("negative"),
        "the value is -5: it must be zero or more, and at most 10^15"
    );
    assert!(
        error("of France")
            .starts_with("column `importer`: there is no law of FR (there is that of ")
    );
    assert!(error("bad fact").starts_with("column `facts`: the fact `us_share` is 2: "));
    assert!(error("bad content").starts_with("column `content`: `steel=` has no amount"));
    assert_eq!(all[16][8], "the row has 5 cells, the header 15");
    assert_eq!(row(&all, "of Canada")[1], "0");
    assert!(
        row(&all, "not claimed")[7].contains("USMCA=0"),
        "{:?}",
        row(&all, "not claimed")
    );
    assert!(
        row(&all, "of steel")[5].contains("=100"),
        "a quarter of 400"
    );
    assert!(row(&all, "of steel unknown")[7].contains("content:steel=?"));
}

#[test]
fn four_columns_are_enough_and_the_answers_are_those_of_duty() {
    let folder = work("four");
    let line = |code: &str| format!("{code},JP,2025-04-16,2500.50\n");
    let codes = ["8481.80.90", "87032301", "6109.10.0012", "940360"];
    let rows: String = codes.iter().map(|code| line(code)).collect();
    fs::write(
        folder.join("in.csv"),
        format!("goods,origin,entry_date,value\n{rows}"),
    )
    .unwrap();
    succeeds(&folder, "assess in.csv --out out.csv", "2");
    for (i, row) in cells(&folder.join("out.csv")).iter().enumerate() {
        assert_eq!(row[0], (i + 1).to_string());
        let words = format!(
            "duty {} --origin JP --on 2025-04-16 --value 2500.50 --json",
            codes[i]
        );
        let duty = winset(&folder, &words, "1");
        if duty.status.success() {
            let duty: serde_json::Value = serde_json::from_slice(&duty.stdout).unwrap();
            let number = |text: &str| text.parse::<Decimal>().unwrap();
            for (what, cell) in [("total", &row[1]), ("payable", &row[2])] {
                assert_eq!(
                    number(duty[what].as_str().unwrap()),
                    number(cell),
                    "{words}"
                );
            }
        } else {
            let said = String::from_utf8(duty.stderr).unwrap();
            assert_eq!(said.trim(), format!("error: {}", row[8]));
        }
    }
}

/// Of a value in another currency: converted where an amount of the law counts, as `winset duty` does.
#[test]
fn a_value_in_another_currency() {
    let folder = work("currency");
    let rows = [
        ("8481.80.90", "FR", "2025-08-07", "10000", ""),
        ("6402.91.70", "VN", "2025-03-03", "5000", "100"),
    ];
    let mut text = "goods,origin,entry_date,value,currency,quantity\n".to_owned();
    for (goods, origin, on, value, quantity) in rows {
        let _ = writeln!(text, "{goods},{origin},{on},{value},EUR,{quantity}");
    }
    fs::write(folder.join("in.csv"), text).unwrap();
    succeeds(&folder, "assess in.csv --out out.csv", "1");
    let all = cells(&folder.join("out.csv"));
    for ((goods, origin, on, value, quantity), row) in rows.iter().zip(&all) {
        let quantity = match *quantity {
            "" => String::new(),
            number => format!("--quantity {number}"),
        };
        let words = format!(
            "duty {goods} --origin {origin} --on {on} --value {value} --currency EUR {quantity} --json"
        );
        let duty: serde_json::Value =
            serde_json::from_str(&succeeds(&folder, &words, "1")).unwrap();
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(number(duty["total"].as_str().unwrap()), number(&row[1]));
        assert_ne!(row[3], "0", "the processing fee, in dollars");
    }
    assert_eq!(all[0][1], "1500");
    assert_ne!(all[1][1], "1965", "dollars by the pair are not euros");
}

/// Many rows of a few kinds, as CSV.
fn many(rows: usize) -> String {
    let mut out = "id,goods,origin,entry_date,value,claims,facts,content\n".to_owned();
    let kinds = [
        "8481.80.90,JP,2025-04-16,10000.25,,,",
        "7326.90.86,DE,2025-06-20,99.99,,us_share=0.25,steel=40",
        "8703.23.01,MX,2025-05-20,20000,USMCA,certified=auto_part,",
        "6109.10.00,VN,2025-09-01,123.45,,ocean=true,",
        "9999.99.99,VN,2025-09-01,123.45,,,",
        "8481.80.90,CN,2025-04-1,10000,,,",
    ];
    for i in 0..rows {
        let _ = writeln!(out, "row {i},{}", kinds[i * i % 97 % kinds.len()]);
    }
    out
}

#[test]
fn one_thread_and_many_write_the_same_bytes() {
    let folder = work("threads");
    fs::write(folder.join("in.csv"), many(200_000)).unwrap();
    for ending in ["csv", "parquet"] {
        succeeds(&folder, &format!("assess in.csv --out one.{ending}"), "1");
        succeeds(&folder, &format!("assess in.csv --out many.{ending}"), "5");
        let bytes = |name: &str| fs::read(folder.join(format!("{name}.{ending}"))).unwrap();
        assert!(bytes("one") == bytes("many"), "{ending}");
    }
    let all = cells(&folder.join("one.parquet"));
    assert_eq!(all.len(), 200_000);
    assert!(
        all.iter()
            .enumerate()
            .all(|(i, row)| row[0] == format!("row {i}"))
    );
    assert_eq!(all, cells(&folder.join("many.csv")));
}

/// Whichever columns are asked for hold what they hold where all are written, also where the memory of one batch serves the next.
#[test]
fn some_columns_hold_what_they_hold_among_all() {
    let folder = work("columns");
    let mut many = ENTRIES.to_owned();
    let rows: Vec<&str> = ENTRIES.lines().skip(1).collect();
    while many.len() < 6_000_000 {
        for row in &rows {
            many.push_str(row);
            many.push('\n');
        }
    }
    fs::write(folder.join("in.csv"), many).unwrap();
    succeeds(&folder, "assess in.csv --out all.parquet", "1");
    let all = cells(&folder.join("all.parquet"));
    let some = [
        "error,total",
        "needs",
        "id,headings,effective_rate",
        "components,fees,payable",
    ];
    for (columns, ending) in some.into_iter().zip(["parquet", "csv"].into_iter().cycle()) {
        let said = succeeds(
            &folder,
            &format!("assess in.csv --out some.{ending} --columns {columns}"),
            "1",
        );
        let shown = columns.contains("error");
        assert!(
            said.contains(if shown {
                "see the column `error`"
            } else {
                "with the column `error`"
            }),
            "{said}"
        );
        let named: Vec<&str> = ANSWERS
            .into_iter()
            .filter(|name| columns.split(',').any(|c| c == *name))
            .collect();
        let some = cells_of(&folder.join(format!("some.{ending}")), &named);
        assert_eq!(some.len(), all.len());
        for (some, all) in some.iter().zip(&all) {
            let all = ANSWERS
                .iter()
                .zip(all)
                .filter(|(name, _)| named.contains(name));
            assert!(all.map(|(_, cell)| cell).eq(some), "{columns}: {some:?}");
        }
    }
}

#[test]
fn parquet_in_gives_what_csv_in_gives() {
    let folder = work("parquet");
    let csv = many(3000);
    fs::write(folder.join("in.csv"), &csv).unwrap();
    let mut reader = csv_rows(&csv);
    let header = reader.remove(0);
    let columns: Vec<(&'static str, Kind)> = header
        .iter()
        .map(|name| match name.as_str() {
            "id" => ("id", Kind::Text),
            "goods" => ("goods", Kind::Text),
            "origin" => ("origin", Kind::Text),
            "entry_date" => ("entry_date", Kind::Text),
            "value" => ("value", Kind::Amount),
            "claims" => ("claims", Kind::Text),
            "facts" => ("facts", Kind::Text),
            _ => ("content", Kind::Text),
        })
        .collect();
    let encoder = Encoder::new(FileFormat::Parquet, &columns).unwrap();
    let mut writer = RowWriter::create(&folder.join("in.parquet"), &encoder).unwrap();
    for rows in reader.chunks(700) {
        let answers = columns.iter().enumerate().map(|(i, (_, kind))| {
            if *kind == Kind::Amount {
                let amounts = rows.iter().map(|row| {
                    let amount: Decimal = row[i].parse().unwrap();
                    Some(amount)
                });
                return Answers::Amounts(amounts.collect());
            }
            let mut texts = Texts::default();
            for row in rows {
                texts.push(row[i].as_bytes());
            }
            Answers::Texts(texts)
        });
        writer
            .write(
                encoder
                    .encode(rows.len(), &answers.collect::<Vec<_>>())
                    .unwrap(),
            )
            .unwrap();
    }
    writer.finish().unwrap();
    succeeds(&folder, "assess in.csv --out a.csv", "2");
    succeeds(&folder, "assess in.parquet --out b.csv", "2");
    succeeds(&folder, "assess in.parquet --out b.pq", "2");
    assert_eq!(
        fs::read(folder.join("a.csv")).unwrap(),
        fs::read(folder.join("b.csv")).unwrap()
    );
    assert_eq!(cells(&folder.join("a.csv")), cells(&folder.join("b.pq")));
}

fn csv_rows(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

#[test]
#[cfg(unix)]
fn a_killed_run_leaves_the_old_answer() {
    use std::io::Write;
    let folder = work("killed");
    fs::write(folder.join("out.csv"), "old").unwrap();
    let made = Command::new("mkfifo").arg(folder.join("in.csv")).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: no mkfifo");
        return;
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_winset"))
        .current_dir(&folder)
        .args(["assess", "in.csv", "--out", "out.csv"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // Opens once the other side reads.
    let mut pipe = fs::OpenOptions::new()
        .write(true)
        .open(folder.join("in.csv"))
        .unwrap();
    let written = pipe.write_all(many(150_000).as_bytes());
    assert!(
        written.is_ok() && child.try_wait().unwrap().is_none(),
        "it waits for more"
    );
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read(folder.join("out.csv")).unwrap(), b"old");
}

#[test]
fn a_table_is_not_assessed_into_itself() {
    let folder = work("itself");
    let entries = many(10);
    fs::write(folder.join("a.csv"), &entries).unwrap();
    for out in ["a.csv", "./a.csv"] {
        let output = winset(&folder, &format!("assess a.csv --out {out}"), "2");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && said.contains("holds the entries"),
            "{said}"
        );
    }
    assert_eq!(fs::read_to_string(folder.join("a.csv")).unwrap(), entries);
}

#[test]
fn what_nothing_asks_about_is_told_at_the_end() {
    let folder = work("unasked");
    let rows = "goods,origin,entry_date,value,facts,claims\n\
                84818090,JP,2025-04-16,100,certifed=auto_part,\n\
                84818090,CA,2025-04-16,100,,USMAC\n\
                84818090,CA,2025-04-16,100,us_share=0.5,USMCA\n";
    fs::write(folder.join("a.csv"), rows).unwrap();
    let said = succeeds(&folder, "assess a.csv --out b.csv", "2");
    assert!(
        said.contains("`certifed=auto_part` (did you mean `certified`?)"),
        "{said}"
    );
    assert!(
        said.contains("`claim USMAC`") && !said.contains("us_share"),
        "{said}"
    );
    assert_eq!(cells(&folder.join("b.csv")).len(), 3);
}

#[test]
fn an_empty_table_has_an_empty_answer() {
    let folder = work("empty");
    fs::write(folder.join("none.csv"), "goods,origin,entry_date,value\n").unwrap();
    let said = succeeds(&folder, "assess none.csv --out none.parquet --json", "2");
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["rows"], &said["errors"]), (&0.into(), &0.into()));
    assert!(cells(&folder.join("none.parquet")).is_empty());
}

#[test]
fn a_reading_must_be_one_that_the_law_leaves_open() {
    let folder = work("reading");
    fs::write(folder.join("in.csv"), many(10)).unwrap();
    let output = winset(
        &folder,
        "assess in.csv --out out.csv --reading nothing=so",
        "1",
    );
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with("error: no reading `nothing`: the law leaves open: "),
        "{said}"
    );
    assert!(!folder.join("out.csv").exists());
}

/// The law of the United States that ships, compiled once.
struct Shipped;

static LAW: LazyLock<Law> =
    LazyLock::new(|| winset::law::of_importer("US".parse().unwrap()).unwrap());

impl Laws for Shipped {
    type Error = Problems;

    fn law(&self, importer: Country) -> Result<Option<Law>, Problems> {
        Ok((importer.iso2() == "US").then(|| LAW.clone()))
    }

    fn there(&self) -> String {
        "US".to_owned()
    }
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "8481.80.90", "940360", "87032301", "0203292000", "JP", "CA", "US", "JPN", "2025-04-16", "2025-06-30",
            "10000", "0", "0.005", "99999999999999999999999999", "-1", "steel=400", "steel=1;aluminum=2", "USMCA;KORUS",
            "us_share=0.25;certified=auto_part", "kg", "USD", "EUR", "",
        ]).prop_map(str::to_owned),
        1 => "[0-9.]{0,30}",
        1 => "[-0-9=;., a-zA-Z]{0,20}",
        1 => "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_stands_in_the_cells_every_row_comes_back(
        rows in proptest::collection::vec(proptest::collection::vec(cell(), 14), 0..40),
        right in proptest::collection::vec(any::<bool>(), 40),
        broken in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let folder = tempfile_folder();
        let (input, output) = (folder.join("in.csv"), folder.join("out.parquet"));
        let mut text = assess::COLUMNS.join(",").into_bytes();
        text.push(b'\n');
        let mut expected = 0;
        for (row, right) in rows.iter().zip(right) {
            let mut row = row.clone();
            if right {
                // The needed cells as they should be, so that the others are looked at.
                row[1] = "US".into();
                row[2] = "8481.80.90".into();
                row[3] = "JP".into();
                row[4] = "2025-04-16".into();
            }
            let cells: Vec<String> =
                row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            text.extend_from_slice(cells.join(",").as_bytes());
            text.push(b'\n');
            expected += 1;
        }
        fs::write(&input, &text).unwrap();
        let run = || {
            let options = Options { known_on: None, threads: 2, columns: AnswerColumns::default() };
            let (input, output) = ((input.as_path(), FileFormat::Csv), (output.as_path(), FileFormat::Parquet));
            assess::run(input, output, options, &Shipped, &|_, _| ControlFlow::Continue(()))
        };
        let Summary { rows, .. } = run().unwrap();
        prop_assert_eq!(rows, expected);
        prop_assert_eq!(cells(&output).len() as u64, expected);
        // Bytes of any kind at the end: a quote that stays open is refused, since it may swallow rows.
        text.extend_from_slice(&broken);
        fs::write(&input, &text).unwrap();
        match run() {
            Ok(Summary { rows, .. }) => prop_assert!(rows >= expected),
            Err(error) => prop_assert!(error.to_string().contains("a quote opens there"), "{error}"),
        }
    }
}

fn tempfile_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("assess-fuzz");
    fs::create_dir_all(&folder).unwrap();
    folder
}
