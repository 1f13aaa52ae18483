//! The brief in every format: each opened by another program than wrote it, and none tells what may not be shared.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use calamine::{Data, DataType, Reader, Xlsx};
use resvg::tiny_skia::Pixmap;
use serde_json::Value as Json;
use winset::brief::{self, Brief, Edition};
use winset::dossier::Files;
use winset::export::tables::{Kind, Table, Value, tables};
use winset::export::{self, Format};
use winset::lang::Lang;
use winset_io::Table as Plain;

fn made(files: Files) -> Brief {
    brief::run(files, None, Lang::En, &|_, _, _| ()).unwrap_or_else(|error| panic!("{error}"))
}

/// The built-in brief, computed once for all tests of this process.
fn built_in() -> &'static Brief {
    static BRIEF: OnceLock<Brief> = OnceLock::new();
    BRIEF.get_or_init(|| made(Files::open(None).unwrap()))
}

fn full(format: Format) -> Vec<u8> {
    export::write(built_in(), format, Edition::Full).unwrap()
}

/// Words with one space between them, as lines are broken differently in each format.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of a PDF, or none where poppler is not installed.
fn pdf_text(pdf: &[u8]) -> Option<String> {
    let program = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut program) = program else {
        println!("skipped: pdftotext is not installed (poppler-utils)");
        return None;
    };
    let (mut input, pdf) = (program.stdin.take().unwrap(), pdf.to_vec());
    let writer = std::thread::spawn(move || input.write_all(&pdf).unwrap());
    let output = program.wait_with_output().unwrap();
    writer.join().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn unzipped(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|k| {
            let mut file = archive.by_index(k).unwrap();
            let mut out = Vec::new();
            file.read_to_end(&mut out).unwrap();
            (file.name().unwrap().into_owned(), out)
        })
        .collect()
}

#[test]
fn a_workbook_holds_every_table_and_its_numbers_are_those_of_the_json() {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(full(Format::Excel))).unwrap();
    let all = tables(built_in());
    assert_eq!(
        book.sheet_names(),
        all.iter().map(|t| t.name.to_owned()).collect::<Vec<_>>()
    );
    let mut numbers = 0;
    for table in &all {
        let sheet = book.worksheet_range(table.name).unwrap();
        assert_eq!(sheet.height(), table.rows.len() + 1, "{}", table.name);
        for (row, values) in table.rows.iter().enumerate() {
            for (column, value) in values.iter().enumerate() {
                let cell = sheet.get((row + 1, column)).unwrap_or(&Data::Empty);
                match value {
                    Value::Number(x) => {
                        numbers += 1;
                        assert_eq!(cell, &Data::Float(*x), "{} row {row}", table.name);
                    }
                    Value::Text(text) if table.columns[column].kind == Kind::Text => {
                        assert_eq!(cell.to_string(), *text, "{} row {row}", table.name);
                    }
                    Value::Text(_) => assert!(cell.is_datetime(), "{}: {cell:?}", table.name),
                    _ => {}
                }
            }
        }
    }
    assert!(numbers > 1000, "{numbers} numbers");
    // Against the JSON, not against the tables that both may share a mistake with.
    let json = built_in().json();
    let chips = book.worksheet_range("chips").unwrap();
    let heads: Vec<String> = chips
        .rows()
        .next()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    let column = |name: &str| heads.iter().position(|h| h == name).unwrap();
    let worth = column("worth, bn USD");
    for (row, chip) in json["demands"]["chips"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        assert_eq!(
            chips.get((row + 1, worth)),
            Some(&Data::Float(chip["worth"].as_f64().unwrap()))
        );
    }
}

#[test]
fn the_pdf_says_the_five_sentences_every_proposal_and_every_section() {
    let pdf = full(Format::Pdf);
    assert!(pdf.starts_with(b"%PDF-"));
    let Some(text) = pdf_text(&pdf) else { return };
    let text = flat(&text);
    let b = built_in();
    assert_eq!(b.sentences.len(), 5);
    let terms = b.packages.proposals.iter().flat_map(|p| {
        let terms = p.they_give.iter().chain(&p.we_give);
        terms.chain([&p.title]).cloned()
    });
    let titles = b.document().sections.into_iter().map(|s| s.title);
    for said in b.sentences.iter().cloned().chain(terms).chain(titles) {
        assert!(text.contains(&flat(&said)), "not in the PDF: {said}");
    }
}

#[test]
fn japanese_is_set_with_glyphs_in_the_pdf_and_in_images() {
    let title = "日米関税交渉の概要（二〇二五年四月）、齋藤大臣";
    let mut b = built_in().clone();
    title.clone_into(&mut b.title);
    b.sentences.push(format!("{title}。").repeat(12));
    b.sides[0] = "日本".to_owned();
    let pdf = export::write(&b, Format::Pdf, Edition::Full).unwrap();
    if let Some(text) = pdf_text(&pdf) {
        let text: String = text.split_whitespace().collect();
        assert!(text.contains(title) && text.contains(&b.sentences[5]));
    }
    // The same chart without the name differs by the name alone: it was drawn.
    let chart = |b: &Brief| {
        let files = export::files(b, Format::Png, Edition::Full).unwrap();
        let file = files.into_iter().find(|f| f.name.contains("frontier"));
        Pixmap::decode_png(&file.unwrap().bytes).unwrap()
    };
    let drawn = chart(&b);
    b.sides[0] = "\u{3000}\u{3000}".to_owned();
    let blank = chart(&b);
    let dark = |image: &Pixmap| image.pixels().iter().filter(|p| p.red() < 100).count();
    assert!(dark(&drawn) > dark(&blank) + 50);
}

#[test]
fn images_show_something_and_scale_like_the_drawings() {
    let images = export::files(built_in(), Format::Png, Edition::Full).unwrap();
    let drawings = export::files(built_in(), Format::Svg, Edition::Full).unwrap();
    assert_eq!(images.len(), drawings.len());
    assert!(images.len() >= 4);
    for (image, drawing) in images.iter().zip(&drawings) {
        let pixels = Pixmap::decode_png(&image.bytes).unwrap();
        let (width, height) = (pixels.width(), pixels.height());
        assert!(width >= 1800 && height >= 500, "{width} × {height}");
        let inked = pixels.pixels().iter().filter(|p| p.red() < 200).count();
        assert!(inked > 5_000, "{} is blank", image.name);
        assert!(pixels.pixels().iter().all(|p| p.alpha() == 255));
        let drawing = std::str::from_utf8(&drawing.bytes).unwrap();
        let size = format!("viewBox=\"0 0 {} {}\"", width / 2, height / 2);
        assert!(drawing.contains(&size), "{size}");
    }
}

#[test]
fn csv_and_parquet_read_back_as_written() {
    let csv = unzipped(full(Format::Csv));
    let parquet = unzipped(full(Format::Parquet));
    let all = tables(built_in());
    assert_eq!((csv.len(), parquet.len()), (all.len(), all.len()));
    for table in &all {
        let name = format!("tables/{}.csv", table.name);
        let read = Plain::from_bytes(&name, csv[&name].clone()).unwrap();
        assert_eq!(read.rows(), table.rows.len(), "{name}");
        let names: Vec<&str> = table.columns.iter().map(|c| c.name).collect();
        assert_eq!(read.column_names().collect::<Vec<_>>(), names);
        for (k, column) in table.columns.iter().enumerate() {
            let cells = read.texts(column.name).unwrap();
            for (row, cell) in table.rows.iter().zip(cells) {
                match &row[k] {
                    Value::Number(x) => {
                        assert_eq!(cell.parse::<f64>().unwrap().to_bits(), x.to_bits());
                    }
                    Value::Text(text) => assert_eq!(cell, *text),
                    Value::Missing => assert_eq!(cell, ""),
                    Value::Whole(n) => assert_eq!(cell, n.to_string()),
                    Value::Flag(f) => assert_eq!(cell, f.to_string()),
                }
            }
        }
        read_parquet(
            table,
            parquet[&format!("tables/{}.parquet", table.name)].clone(),
        );
    }
}

fn read_parquet(table: &Table, bytes: Vec<u8>) {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let rows: Vec<_> = reader
        .get_row_iter(None)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows.len(), table.rows.len());
    for (read, row) in rows.iter().zip(&table.rows) {
        for ((_, field), value) in read.get_column_iter().zip(row) {
            match (field, value) {
                (Field::Double(a), Value::Number(b)) => assert_eq!(a.to_bits(), b.to_bits()),
                (Field::Str(a), Value::Text(b)) => assert_eq!(a, b),
                (Field::Date(days), Value::Text(iso)) => {
                    let day: jiff::civil::Date = iso.parse().unwrap();
                    let start = jiff::civil::date(1970, 1, 1);
                    assert_eq!(i64::from(*days), i64::from((day - start).get_days()));
                }
                (Field::Long(a), Value::Whole(b)) => assert_eq!(a, b),
                (Field::Bool(a), Value::Flag(b)) => assert_eq!(a, b),
                (Field::Null, Value::Missing) => {}
                (field, value) => panic!("{}: {field:?} for {value:?}", table.name),
            }
        }
    }
}

#[test]
fn the_same_brief_gives_the_same_bytes() {
    for format in Format::ALL {
        assert!(full(format) == full(format), "{}", format.name());
        assert_eq!(format.name().parse(), Ok(format));
    }
    assert!(
        "docx"
            .parse::<Format>()
            .unwrap_err()
            .contains("html, json, pdf, xlsx")
    );
}

/// A dossier in which everything that must not be shared says so.
fn marked() -> Files {
    let files = Files::open(None).unwrap();
    let mark = |text: &str, name: &str, keys: &[&str]| {
        let mut count = 0;
        let lines = text.lines().map(|line| {
            let Some((key, _)) = line.split_once(" = ") else {
                return line.to_owned();
            };
            // A text in both languages stands on one line or on two.
            let of = key
                .trim_start()
                .trim_end_matches(".en")
                .trim_end_matches(".ja");
            if keys.contains(&of) {
                count += 1;
                format!("{key} = \"SECRET {name} {count}\"")
            } else {
                line.to_owned()
            }
        });
        let marked = lines.collect::<Vec<_>>().join("\n");
        assert_ne!(marked, text, "nothing to mark in {name}");
        marked
    };
    let text = |name: &str| files.get(name).unwrap().text().to_owned();
    let beliefs = mark(&text("beliefs.toml"), "beliefs", &["title", "text", "why"]);
    // Parties keep their names; ratifiers and red lines lose theirs.
    let parties = text("parties.toml");
    let (parties, ratifiers) = parties.split_once("[[ratifier]]").unwrap();
    let parties = mark(parties, "parties", &["why"]);
    let ratifiers = mark(ratifiers, "ratifiers", &["title", "what", "why"]);
    files.with("beliefs.toml", &beliefs).with(
        "parties.toml",
        &format!("{parties}\n[[ratifier]]{ratifiers}"),
    )
}

/// Everything that a file of a format says, archives opened.
fn said(format: Format, name: &str, bytes: &[u8]) -> String {
    match format {
        Format::Excel => unzipped(bytes.to_vec())
            .values()
            .map(|b| String::from_utf8_lossy(b).into_owned())
            .collect(),
        Format::Pdf => pdf_text(bytes).unwrap_or_default(),
        Format::Parquet => {
            use parquet::file::reader::{FileReader, SerializedFileReader};
            let reader = SerializedFileReader::new(bytes::Bytes::from(bytes.to_vec())).unwrap();
            let rows = reader.get_row_iter(None).unwrap();
            let rows: Vec<String> = rows.map(|row| row.unwrap().to_string()).collect();
            format!("{name} {}", rows.join("\n"))
        }
        // Images are drawn from the drawings.
        Format::Png => name.to_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[test]
fn no_format_of_the_shareable_edition_tells_what_must_not_be_shared() {
    let b = made(marked());
    let log: Vec<&str> = b
        .doubt
        .log
        .iter()
        .map(|[_, _, text]| text.as_str())
        .collect();
    assert!(!log.is_empty());
    let in_edition = |format: Format, edition: Edition| -> String {
        let files = export::files(&b, format, edition).unwrap();
        files
            .iter()
            .map(|f| said(format, &f.name, &f.bytes))
            .collect()
    };
    let mut told = 0;
    for format in Format::ALL {
        let full = in_edition(format, Edition::Full);
        told += full.matches("SECRET").count();
        let shared = in_edition(format, Edition::Shareable);
        let name = format.name();
        if let Some(at) = shared.find("SECRET") {
            panic!("{name}: …{}…", &shared[at..(at + 80).min(shared.len())]);
        }
        for text in &log {
            assert!(!flat(&shared).contains(text), "{name} has the log: {text}");
        }
        // What may be shared is there.
        if !matches!(format, Format::Svg | Format::Png | Format::Parquet) && !shared.is_empty() {
            let package = &b.packages.proposals[0].they_give[0];
            assert!(
                flat(&shared).contains(package.as_str()),
                "{name} lacks {package}"
            );
        }
    }
    assert!(told > 100, "the full edition names them {told} times");
    let json: Json = serde_json::to_value(b.shareable()).unwrap();
    assert_eq!(json["edition"], "shareable");
    let text = json.to_string();
    for key in ["objective", "acceptance", "ours_if_contested"] {
        assert!(!text.contains(&format!("\"{key}\":")), "{key}");
    }
    // What their demands cost us is the price of our chips; another account of no deal is what we might answer.
    for demand in json["demands"]["demands"].as_array().unwrap() {
        for key in ["our_ev", "budget"] {
            assert!(demand.get(key).is_none(), "{key}: {demand}");
        }
        for list in ["our_sectors", "farm_gate_pct", "notes"] {
            assert_eq!(demand[list].as_array().unwrap().len(), 0, "{list}");
        }
    }
    assert_eq!(json["no_deal"]["no_deal"].as_array().unwrap().len(), 1);
    let mut elsewhere = b.clone();
    elsewhere.dossier = "/home/somebody/talks".to_owned();
    assert_eq!(elsewhere.shareable().dossier, "talks");
    for list in [
        "accounts",
        "hypotheses",
        "probabilities",
        "frontier",
        "cloud",
        "belief_path",
        "opens",
    ] {
        assert_eq!(
            json["packages"][list].as_array().unwrap().len(),
            0,
            "{list}"
        );
    }
    assert_eq!(
        b.shareable().shareable().json(),
        json,
        "sharing twice takes no more away"
    );
}

#[test]
fn section_6_and_the_order_of_the_talks_have_their_tables() {
    let b = made(marked());
    let tables = export::tables::tables(&b);
    let rows = |name: &str| {
        let table = tables.iter().find(|t| t.name == name);
        table
            .unwrap_or_else(|| panic!("no table {name}"))
            .rows
            .len()
    };
    let wrong = b.wrong.as_ref().unwrap();
    assert_eq!(
        rows("prospects"),
        wrong.prospects.len() + usize::from(wrong.next_offer.is_some())
    );
    assert_eq!(
        rows("package_ranges"),
        b.packages.proposals.len() * b.packages.hypotheses.len()
    );
    assert_eq!(
        rows("questions"),
        wrong
            .questions
            .iter()
            .map(|q| q.answers.len())
            .sum::<usize>()
    );
    assert_eq!(rows("other_no_deals"), b.packages.other_no_deals.len());
    assert_eq!(
        rows("partners"),
        b.others.order.as_ref().unwrap().partners.len()
    );
    assert!(rows("next_offer") > 0);
    let columns = |name: &str| -> Vec<&str> {
        let table = tables.iter().find(|t| t.name == name).unwrap();
        table.columns.iter().map(|c| c.name).collect()
    };
    assert!(columns("claimants").contains(&"likelihood"));
    for column in [
        "median",
        "lower_quartile",
        "upper_quartile",
        "share_above_zero",
    ] {
        assert!(columns("intervals").contains(&column), "{column}");
    }
}
