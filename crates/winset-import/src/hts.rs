//! Revisions of the Harmonized Tariff Schedule of the United States as the USITC exports them: JSON (an array of rows) or CSV.
//!
//! Several revisions, each with its day, become lines with the days their text held.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use winset_io::{Column, Table};

use crate::error::ImportError;
use crate::input::Input;
use crate::intervals::{Interval, intervals, shown};
use crate::sheet::Sheet;
use crate::twice::Twice;

/// A row of the schedule, texts as printed but without markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The code as printed, with points; blank for rows that only group others.
    pub htsno: String,
    /// Depth in the outline.
    pub indent: u32,
    /// The words for the goods.
    pub description: String,
    /// Units of quantity, with `;` between them.
    pub unit: String,
    /// Column 1, general.
    pub general: String,
    /// Column 1, special.
    pub special: String,
    /// Column 2.
    pub column2: String,
}

/// What names a line: its digits, and its number among lines of the same code.
pub type Key = (String, usize);

/// The schedule of one revision, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// All rows.
    pub rows: Vec<Row>,
}

/// What a line says: unit, general, special, column 2, description.
pub type Line = [String; 5];

impl Row {
    /// The digits of the code.
    pub fn digits(&self) -> String {
        self.htsno.chars().filter(char::is_ascii_digit).collect()
    }
}

impl Revision {
    /// The lines that carry a rate and the ten-digit codes below them: of chapters 1 to 97, or else of chapters 98 and 99,
    /// which modify what the others owe. The unit of a line without one is that of the first code below it that has one.
    pub fn lines(&self, modifying: bool) -> BTreeMap<Key, Line> {
        let digits: Vec<String> = self.rows.iter().map(Row::digits).collect();
        let mut number: BTreeMap<&str, usize> = BTreeMap::new();
        let mut lines = BTreeMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            let code = digits[at].as_str();
            if code.is_empty() || (code >= "98") != modifying {
                continue;
            }
            let rated = [&row.general, &row.special, &row.column2]
                .iter()
                .any(|text| !text.is_empty());
            let line = if modifying {
                rated
            } else {
                !row.general.is_empty()
            };
            if !line && code.len() != 10 {
                continue;
            }
            let unit = std::iter::once(row)
                .chain(
                    self.rows[at + 1..]
                        .iter()
                        .zip(&digits[at + 1..])
                        .take_while(|(_, below)| below.starts_with(code) || below.is_empty())
                        .map(|(below, _)| below),
                )
                .map(|row| row.unit.as_str())
                .find(|unit| !unit.is_empty())
                .unwrap_or_default();
            let count = number.entry(code).or_default();
            lines.insert(
                (code.to_owned(), *count),
                [
                    unit.to_owned(),
                    row.general.clone(),
                    row.special.clone(),
                    row.column2.clone(),
                    if modifying {
                        row.description.clone()
                    } else {
                        String::new()
                    },
                ],
            );
            *count += 1;
        }
        lines
    }
}

/// The keys of the USITC's JSON; the last is misspelt there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct JsonRow {
    htsno: String,
    indent: Indent,
    description: String,
    #[serde(rename = "superior")]
    _superior: Option<serde_json::Value>,
    units: Vec<String>,
    general: String,
    special: String,
    other: String,
    #[serde(rename = "footnotes")]
    _footnotes: Option<serde_json::Value>,
    #[serde(rename = "quotaQuantity", default)]
    _quota: Option<String>,
    #[serde(rename = "additionalDuties", default)]
    _additional: Option<String>,
    #[serde(rename = "addiitionalDuties", default)]
    _misspelt: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Indent {
    Number(u32),
    Text(String),
}

/// Reads a revision, JSON or CSV, told apart by the first character.
///
/// # Errors
/// Another format; a missing or unknown column; text that does not read, with its place.
pub fn read(input: Input) -> Result<Revision, ImportError> {
    let (file, text) = input.text()?;
    let rows = if text.trim_start().starts_with('[') {
        json(&file, &text)?
    } else {
        ends_with_chapter_99(&file, csv(Sheet::open(Input::from_bytes(&file, text)?)?)?)?
    };
    no_code_twice(&file, &rows)?;
    let revision = Revision { rows };
    if !revision.rows.iter().any(|row| !row.general.is_empty()) {
        return Err(ImportError::Whole {
            file,
            what: "no row has a general rate of duty: this is no schedule".to_owned(),
        });
    }
    Ok(revision)
}

/// A code of the schedule stands in one row.
fn no_code_twice(file: &str, rows: &[Row]) -> Result<(), ImportError> {
    let mut twice = Twice::default();
    twice.begin(file);
    for (at, row) in rows.iter().enumerate() {
        let digits = row.digits();
        if !digits.is_empty() {
            twice.note(digits, (), at as u64 + 1);
        }
    }
    match twice.end() {
        None => Ok(()),
        Some(again) => Err(again.refused(file, &again.group)),
    }
}

/// Where CSV ends says nothing by itself.
fn ends_with_chapter_99(file: &str, rows: Vec<Row>) -> Result<Vec<Row>, ImportError> {
    let last = rows.iter().rev().find(|row| !row.htsno.is_empty());
    match last {
        Some(row) if !row.htsno.starts_with("99") => Err(ImportError::Whole {
            file: file.to_owned(),
            what: format!(
                "it ends with {}, before chapter 99: the file is cut off, or holds some chapters only; download all of it, from 0101 to 9999",
                row.htsno
            ),
        }),
        _ => Ok(rows),
    }
}

fn json(file: &str, text: &str) -> Result<Vec<Row>, ImportError> {
    let rows: Vec<JsonRow> = serde_json::from_str(text).map_err(|error| {
        let what = if error.is_eof() {
            format!("the file ends early ({error}); download it again")
        } else {
            format!("{error}; expected the USITC's rows of htsno, indent, description, superior, units, general, special, other, footnotes, quotaQuantity, additionalDuties")
        };
        ImportError::Whole {
            file: file.to_owned(),
            what,
        }
    })?;
    let mut out = Vec::with_capacity(rows.len());
    for (at, row) in rows.into_iter().enumerate() {
        let indent = match &row.indent {
            Indent::Number(n) => Some(*n),
            Indent::Text(text) => text.trim().parse().ok(),
        };
        let units: Vec<String> = row.units.iter().map(|unit| plain(unit)).collect();
        out.push(Row {
            indent: indent.ok_or_else(|| ImportError::Row {
                file: file.to_owned(),
                row: at as u64 + 1,
                what: "`indent` is not a whole number".to_owned(),
            })?,
            htsno: code(&row.htsno, file, at as u64 + 1)?,
            description: plain(&row.description),
            unit: units.join(";"),
            general: plain(&row.general),
            special: plain(&row.special),
            column2: plain(&row.other),
        });
    }
    Ok(out)
}

/// The columns of the USITC's CSV.
const COLUMNS: [&str; 9] = [
    "HTS Number",
    "Indent",
    "Description",
    "Unit of Quantity",
    "General Rate of Duty",
    "Special Rate of Duty",
    "Column 2 Rate of Duty",
    "Quota Quantity",
    "Additional Duties",
];

fn csv(mut sheet: Sheet) -> Result<Vec<Row>, ImportError> {
    sheet.only(|h| COLUMNS.contains(&h))?;
    let mut places = [0; 7];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        *place = sheet.column(name)?;
    }
    let [number, indent, description, unit, general, special, column2] = places;
    let mut rows = Vec::new();
    while sheet.next()? {
        let units = sheet.text(unit)?;
        // Some exports write the units as a list.
        let units = match serde_json::from_str::<Vec<String>>(units) {
            Ok(list) => list.iter().map(|u| plain(u)).collect::<Vec<_>>().join(";"),
            Err(_) => plain(units),
        };
        let file = sheet.file().to_owned();
        rows.push(Row {
            htsno: code(sheet.text(number)?, &file, sheet.row())?,
            indent: u32::try_from(sheet.whole_number(indent)?)
                .map_err(|_| sheet.bad(indent, "a depth in the outline"))?,
            description: plain(sheet.text(description)?),
            unit: units,
            general: plain(sheet.text(general)?),
            special: plain(sheet.text(special)?),
            column2: plain(sheet.text(column2)?),
        });
    }
    Ok(rows)
}

fn code(text: &str, file: &str, row: u64) -> Result<String, ImportError> {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let others = text
        .bytes()
        .filter(|b| !b.is_ascii_digit() && *b != b'.')
        .count();
    if others == 0 && (digits == 0 || (4..=10).contains(&digits)) {
        return Ok(text.to_owned());
    }
    Err(ImportError::Row {
        file: file.to_owned(),
        row,
        what: format!("`{text}` is not a code of 4 to 10 digits"),
    })
}

/// A text without the markup and the runs of spaces that exports hold.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start + 1..];
        let name = tag.trim_start_matches('/');
        let end = tag.find('>').filter(|end| *end < 24);
        out.push_str(&rest[..start]);
        match end {
            Some(end) if name.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                rest = &tag[end + 1..];
            }
            _ => {
                out.push('<');
                rest = tag;
            }
        }
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The table of the schedule, chapters 1 to 97, as `winset` reads it: `code, from, to, unit, general, special, column2`.
///
/// # Errors
/// Two revisions of one day.
pub fn schedule(revisions: &[(Date, Revision)]) -> Result<Table, ImportError> {
    Ok(table("us_schedule", &dated(revisions, false)?))
}

/// The headings of chapters 98 and 99 that carry a rate, with their words.
///
/// # Errors
/// Two revisions of one day.
pub fn headings(revisions: &[(Date, Revision)]) -> Result<Table, ImportError> {
    let lines = dated(revisions, true)?;
    let words = lines.iter().map(|i| i.line[4].clone()).collect();
    Ok(table("us_headings", &lines).with("description", Column::Text(words)))
}

fn dated(
    revisions: &[(Date, Revision)],
    modifying: bool,
) -> Result<Vec<Interval<Key, Line>>, ImportError> {
    intervals(
        revisions
            .iter()
            .map(|(day, revision)| (*day, revision.lines(modifying)))
            .collect(),
    )
}

fn table(name: &str, lines: &[Interval<Key, Line>]) -> Table {
    let text =
        |of: &dyn Fn(&Interval<Key, Line>) -> String| Column::Text(lines.iter().map(of).collect());
    let mut table = Table::new(name)
        .with("code", text(&|i| i.key.0.clone()))
        .with("from", text(&|i| i.from.to_string()))
        .with("to", text(&|i| shown(i.to)));
    for (place, column) in ["unit", "general", "special", "column2"].iter().enumerate() {
        table = table.with(*column, text(&|i| i.line[place].clone()));
    }
    table
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const JSON: &str = r#"[
      {"htsno":"0101","indent":"0","description":"Live horses:","superior":null,"units":[],"general":"","special":"","other":"","footnotes":[],"quotaQuantity":"","additionalDuties":"","addiitionalDuties":null},
      {"htsno":"0101.21.00","indent":"1","description":"<i>Purebred</i>  breeding","superior":null,"units":[],"general":"Free","special":"","other":"Free","footnotes":null,"quotaQuantity":null,"additionalDuties":null,"addiitionalDuties":null},
      {"htsno":"0101.21.00.10","indent":"2","description":"Males","superior":null,"units":["No."],"general":"","special":"","other":"","footnotes":[],"quotaQuantity":null,"additionalDuties":null,"addiitionalDuties":null},
      {"htsno":"9903.01.25","indent":"0","description":"All","superior":null,"units":[],"general":"The duty + 10%","special":"","other":"","footnotes":[],"quotaQuantity":null,"additionalDuties":null,"addiitionalDuties":null}]"#;
    const CSV: &str = "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty,Quota Quantity,Additional Duties\n\
        0101,0,Live horses:,,,,,,\n0101.21.00,1,Purebred breeding,,Free,,Free,,\n0101.21.00.10,2,Males,\"[\"\"No.\"\"]\",,,,,\n9903.01.25,0,All,,The duty + 10%,,,,\n";

    fn of(text: &str) -> Result<Revision, ImportError> {
        read(Input::from_bytes("r.json", text)?)
    }

    #[test]
    fn json_and_csv_say_the_same() {
        assert_eq!(of(JSON).unwrap(), of(CSV).unwrap());
        let revision = of(JSON).unwrap();
        let table = schedule(&[(date(2025, 1, 1), revision.clone())]).unwrap();
        assert_eq!(table.texts("code").unwrap(), ["01012100", "0101210010"]);
        assert_eq!(table.texts("unit").unwrap(), ["No.", "No."]);
        let headings = headings(&[(date(2025, 1, 1), revision)]).unwrap();
        assert_eq!(headings.texts("code").unwrap(), ["99030125"]);
    }

    #[test]
    fn a_changed_or_cut_file_is_refused() {
        let said = |text: &str| of(text).unwrap_err().to_string();
        assert!(said(&JSON.replace("\"general\"", "\"mfn\"")).contains("unknown field `mfn`"));
        assert!(said(&JSON[..JSON.len() - 30]).contains("ends early"));
        let cut = CSV.find("9903").unwrap();
        assert!(said(&CSV[..cut]).contains("it ends with 0101.21.00.10, before chapter 99"));
        let again = JSON.replace("\"0101.21.00.10\"", "\"0101.21.00\"");
        assert!(
            said(&again).starts_with("r.json: row 3: 01012100 stands in row 2 already"),
            "{}",
            said(&again)
        );
        assert!(
            said(&CSV.replace("Column 2", "Column2"))
                .contains("`Column2 Rate of Duty` is not known")
        );
        assert!(
            said(&CSV.replace("0101.21.00,", "01O1.21.00,"))
                .contains("row 2: `01O1.21.00` is not a code")
        );
    }

    #[test]
    fn markup_goes_and_less_than_stays() {
        assert_eq!(
            plain("<i>Pinus</i> sylvestris <sup>2</sup>"),
            "Pinus sylvestris 2"
        );
        assert_eq!(plain("of a width < 5 cm"), "of a width < 5 cm");
    }
}
