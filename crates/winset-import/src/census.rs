//! US imports for consumption of the Census Bureau: the monthly detail file (fixed width, `IMP_DETL.TXT`) and the answers
//! of its API (JSON, an array of arrays whose first holds the names).
//!
//! A line of the detail file has 28 characters that say what it is, 330 of the month's figures and 330 of the year's to date;
//! read are the commodity (1–10), the country (11–14), year and month (23–28), the customs value of imports for consumption
//! (74–88) and the calculated duty (104–118), in USD.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use winset_io::{Column, Table};

use crate::error::ImportError;
use crate::input::{Input, unpacked};
use crate::sheet::Sheet;
use crate::twice::Twice;

/// Imports by ten-digit code and country, in the order of both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imports {
    /// Customs value and duty, USD.
    pub cells: BTreeMap<(String, String), (i64, i64)>,
    /// The months that were added up, as `2024-01`; of figures for the year to date, its last month.
    pub months: BTreeSet<String>,
    /// Whether the figures are those for the year to date.
    pub to_date: bool,
    /// Value of rows for groups of countries and for all of them, left out.
    pub groups: i64,
}

impl Imports {
    /// The table `code, partner, value, duty`.
    pub fn table(&self) -> Table {
        let texts = |of: &dyn Fn(&(String, String)) -> &String| {
            Column::Text(self.cells.keys().map(|key| of(key).clone()).collect())
        };
        Table::new("us_imports")
            .with("code", texts(&|key| &key.0))
            .with("partner", texts(&|key| &key.1))
            .with(
                "value",
                Column::Int(self.cells.values().map(|c| c.0).collect()),
            )
            .with(
                "duty",
                Column::Int(self.cells.values().map(|c| c.1).collect()),
            )
    }

    /// Adds the figures of another file.
    ///
    /// # Errors
    /// A month that is there already, or one of another year.
    pub fn add(&mut self, file: &str, more: Self) -> Result<(), ImportError> {
        let wrong = |what: String| ImportError::Whole {
            file: file.to_owned(),
            what,
        };
        if let Some(twice) = self.months.intersection(&more.months).next() {
            return Err(wrong(format!("{twice} is in another file too")));
        }
        if (self.to_date || more.to_date) && !self.months.is_empty() {
            return Err(wrong(
                "figures for the year to date cannot be added to others: give one file, or files of months".to_owned(),
            ));
        }
        self.to_date |= more.to_date;
        self.months.extend(more.months);
        let years: BTreeSet<&str> = self.months.iter().map(|m| &m[..4]).collect();
        if years.len() > 1 {
            let years: Vec<&str> = years.into_iter().collect();
            return Err(wrong(format!(
                "figures of {} would be added up: give files of one year",
                years.join(" and ")
            )));
        }
        for (key, (value, duty)) in more.cells {
            self.enter(key.0, key.1, value, duty);
        }
        self.groups += more.groups;
        Ok(())
    }

    fn enter(&mut self, code: String, partner: String, value: i64, duty: i64) {
        let cell = self.cells.entry((code, partner)).or_default();
        cell.0 += value;
        cell.1 += duty;
    }
}

/// Whether a code names a country, and not a group such as 0003 (European Union), 1XXX (North America) or `-` (all).
fn is_country(code: &str) -> bool {
    code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit()) && !code.starts_with("00")
}

/// Reads a file of either kind.
///
/// # Errors
/// Another format, a line of another length, a figure that does not read.
pub fn read(input: Input) -> Result<Imports, ImportError> {
    let (file, mut text) = input.into_parts();
    let start = text.fill_buf().map_err(|error| unpacked(&file, error))?;
    if start.trim_ascii_start().starts_with(b"[") {
        api(&file, text)
    } else {
        detail(&file, text)
    }
}

/// Characters of a line of the detail file that say what it is of, and all.
const KEY: usize = 28;
const LENGTH: usize = 688;

fn detail(file: &str, mut text: Box<dyn BufRead + Send>) -> Result<Imports, ImportError> {
    let mut imports = Imports::default();
    let mut line = Vec::new();
    let mut row = 0;
    let mut twice = Twice::default();
    twice.begin(file);
    loop {
        line.clear();
        row += 1;
        let read = text
            .read_until(b'\n', &mut line)
            .map_err(|error| unpacked(file, error))?;
        if read == 0 {
            break;
        }
        while line
            .last()
            .is_some_and(|b| matches!(b, b'\n' | b'\r' | 0x1a))
        {
            line.pop();
        }
        if line.is_empty() {
            continue;
        }
        let wrong = |what: String| ImportError::Row {
            file: file.to_owned(),
            row,
            what,
        };
        if line.len() != LENGTH || !line.is_ascii() {
            return Err(wrong(format!(
                "a line of {} characters; the detail file has {LENGTH} in ASCII: the file is cut off or another one",
                line.len()
            )));
        }
        let cell = |from: usize, to: usize| {
            String::from_utf8_lossy(&line[from - 1..to])
                .trim()
                .to_owned()
        };
        let number = |name: &str, from: usize, to: usize| -> Result<i64, ImportError> {
            let text = cell(from, to);
            text.parse().ok().filter(|n| *n >= 0).ok_or_else(|| {
                wrong(format!(
                    "{name} (characters {from}–{to}): `{text}` is not a whole number"
                ))
            })
        };
        let (code, partner) = (cell(1, 10), cell(11, 14));
        if !is_code(&code) || !is_country(&partner) {
            return Err(wrong(format!(
                "`{code}` from `{partner}`: expected ten digits of a commodity and four of a country"
            )));
        }
        let (year, month) = (number("year", 23, 26)?, number("month", 27, 28)?);
        if !(1989..2100).contains(&year) || !(1..=12).contains(&month) {
            return Err(wrong(format!("{year}-{month} is no month")));
        }
        twice.note(line[..KEY].to_owned(), (), row);
        imports.months.insert(format!("{year}-{month:02}"));
        let value = number("customs value", 74, 88)?;
        let duty = number("calculated duty", 104, 118)?;
        imports.enter(code, partner, value, duty);
    }
    if let Some(again) = twice.end() {
        let key = String::from_utf8_lossy(&again.group);
        return Err(again.refused(file, &format!("`{key}` (characters 1–{KEY})")));
    }
    if imports.cells.is_empty() {
        return Err(ImportError::Whole {
            file: file.to_owned(),
            what: "there is no line in it".to_owned(),
        });
    }
    Ok(imports)
}

/// Whether a text is a month such as `2024-12`.
pub fn is_month(text: &str) -> bool {
    let digits = |part: &str, n| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('-').is_some_and(|(year, month)| {
        digits(year, 4) && digits(month, 2) && ("01"..="12").contains(&month)
    })
}

fn is_code(code: &str) -> bool {
    code.len() == 10 && code.bytes().all(|b| b.is_ascii_digit())
}

fn api(file: &str, text: Box<dyn BufRead + Send>) -> Result<Imports, ImportError> {
    let whole = |what: String| ImportError::Whole {
        file: file.to_owned(),
        what,
    };
    let rows: Vec<Vec<Option<String>>> = serde_json::from_reader(text).map_err(|error| {
        if error.is_io() {
            return unpacked(file, error.into());
        }
        whole(if error.is_eof() {
            format!("the file ends early ({error}); download it again")
        } else {
            format!("{error}; expected the API's array of arrays of texts")
        })
    })?;
    let mut rows = rows.into_iter();
    let header: Vec<String> = rows
        .next()
        .unwrap_or_default()
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect();
    let missing = |what: String| ImportError::Header {
        file: file.to_owned(),
        what,
        header: header.join(", "),
    };
    let place = |name: &str| header.iter().position(|h| h == name);
    let need = |name: &str| place(name).ok_or_else(|| missing(format!("no column `{name}`")));
    let (code, partner) = (need("I_COMMODITY")?, need("CTY_CODE")?);
    let to_date = place("CON_VAL_YR").is_some();
    let ending = if to_date { "YR" } else { "MO" };
    let value = need(&format!("CON_VAL_{ending}"))?;
    let duty = need(&format!("CAL_DUT_{ending}"))?;
    let time = place("time");
    let (year, month) = (place("YEAR"), place("MONTH"));
    if time.is_none() && (year.is_none() || month.is_none()) {
        return Err(missing(
            "no columns `YEAR` and `MONTH`, or `time`".to_owned(),
        ));
    }
    let mut imports = Imports {
        to_date,
        ..Imports::default()
    };
    // Whatever is no figure says what a row is of, also where the API was asked for more than is read.
    let is_figure = |name: &String| name.ends_with("_MO") || name.ends_with("_YR");
    let keys: Vec<usize> = (0..header.len())
        .filter(|c| !is_figure(&header[*c]))
        .collect();
    let mut twice = Twice::default();
    twice.begin(file);
    for (at, cells) in rows.enumerate() {
        let row = at as u64 + 1;
        let cell = |c: usize| cells.get(c).and_then(Option::as_deref).unwrap_or_default();
        let wrong = |c: usize, expected| ImportError::Cell {
            file: file.to_owned(),
            row,
            column: header[c].clone(),
            found: cell(c).to_owned(),
            expected,
        };
        if cells.len() != header.len() {
            return Err(ImportError::Row {
                file: file.to_owned(),
                row,
                what: format!(
                    "it has {} cells where the header has {}",
                    cells.len(),
                    header.len()
                ),
            });
        }
        let number = |c: usize| -> Result<i64, ImportError> {
            cell(c)
                .parse()
                .ok()
                .filter(|n| *n >= 0)
                .ok_or_else(|| wrong(c, "a whole number"))
        };
        let when = match (time, year, month) {
            (Some(time), ..) => cell(time).to_owned(),
            (None, Some(year), Some(month)) => format!("{}-{:0>2}", cell(year), cell(month)),
            _ => String::new(),
        };
        if !is_month(&when) {
            return Err(wrong(
                time.or(month).unwrap_or(code),
                "a month such as 2024-12",
            ));
        }
        let (goods, from) = (cell(code), cell(partner));
        if !is_code(goods) {
            return Err(wrong(
                code,
                "a ten-digit code (ask the API for COMM_LVL=HS10)",
            ));
        }
        let of: Vec<Option<String>> = keys.iter().map(|c| cells[*c].clone()).collect();
        twice.note(of, (), row);
        imports.months.insert(when);
        if is_country(from) {
            imports.enter(
                goods.to_owned(),
                from.to_owned(),
                number(value)?,
                number(duty)?,
            );
        } else {
            imports.groups += number(value)?;
        }
    }
    if let Some(again) = twice.end() {
        let of: Vec<&str> = again.group.iter().flatten().map(String::as_str).collect();
        return Err(again.refused(file, &of.join(", ")));
    }
    if imports.cells.is_empty() {
        return Err(whole("there is no row of a country in it".to_owned()));
    }
    if to_date && imports.months.len() > 1 {
        return Err(whole(
            "it holds figures for the year to date of several months, which cannot be added up: ask for one month".to_owned(),
        ));
    }
    Ok(imports)
}

/// Imports by code and partner out of a table that holds them under these names.
///
/// # Errors
/// A missing column, or a figure that does not read.
pub fn cells(input: Input, names: [&str; 4]) -> Result<Table, ImportError> {
    let mut sheet = Sheet::open(input)?;
    let mut places = [0; 4];
    for (place, name) in places.iter_mut().zip(names) {
        *place = sheet.column(name)?;
    }
    let (mut codes, mut partners) = (Vec::new(), Vec::new());
    let (mut values, mut duties) = (Vec::new(), Vec::new());
    while sheet.next()? {
        codes.push(sheet.text(places[0])?.to_owned());
        partners.push(sheet.text(places[1])?.to_owned());
        values.push(sheet.number(places[2])?.round() as i64);
        duties.push(sheet.number(places[3])?.round() as i64);
    }
    Ok(Table::new("us_imports")
        .with("code", Column::Text(codes))
        .with("partner", Column::Text(partners))
        .with("value", Column::Int(values))
        .with("duty", Column::Int(duties)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(code: &str, country: &str, month: u32, value: u32, duty: u32) -> String {
        let figures = format!(
            "{:015}{:015}{:015}{value:015}{value:015}{duty:015}",
            1, 10, 0
        );
        format!("{code}{country}  0101002024{month:02}{figures:0<660}")
    }

    fn of(text: &str) -> Result<Imports, ImportError> {
        read(Input::from_bytes("f", text)?)
    }

    #[test]
    fn the_detail_file_and_the_api_say_the_same() {
        let detail = [
            line("8703230110", "5880", 12, 1000, 25),
            line("8703230110", "5880", 12, 500, 12).replacen("  0101", "  0201", 1),
            line("0101210010", "4120", 12, 7, 0),
        ]
        .join("\r\n");
        let api = r#"[["I_COMMODITY","CTY_CODE","CON_VAL_MO","CAL_DUT_MO","YEAR","MONTH"],
            ["8703230110","5880","1500","37","2024","12"],["0101210010","4120","7","0","2024","12"]]"#;
        assert_eq!(of(&detail).unwrap(), of(api).unwrap());
        let table = of(api).unwrap().table();
        assert_eq!(table.texts("partner").unwrap(), ["4120", "5880"]);
        assert_eq!(table.ints("value").unwrap(), [7, 1500]);
    }

    #[test]
    fn groups_of_countries_are_not_counted_twice() {
        let api = r#"[["I_COMMODITY","CTY_CODE","CON_VAL_YR","CAL_DUT_YR","time"],
            ["8703230110","5880","5","1","2024-12"],["8703230110","-","9","1","2024-12"],["8703230110","0003","4","0","2024-12"]]"#;
        let imports = of(api).unwrap();
        assert_eq!((imports.cells.len(), imports.groups), (1, 13));
    }

    #[test]
    fn months_add_up_and_nothing_else_does() {
        let mut year = Imports::default();
        year.add("1", of(&line("8703230110", "5880", 1, 10, 1)).unwrap())
            .unwrap();
        year.add("2", of(&line("8703230110", "5880", 2, 20, 1)).unwrap())
            .unwrap();
        assert_eq!(year.table().ints("value").unwrap(), [30]);
        let again = year.add("3", of(&line("8703230110", "5880", 2, 20, 1)).unwrap());
        assert_eq!(
            again.unwrap_err().to_string(),
            "3: 2024-02 is in another file too"
        );
        let two = r#"[["I_COMMODITY","CTY_CODE","CON_VAL_YR","CAL_DUT_YR","time"],
            ["8703230110","5880","5","1","2024-11"],["8703230110","5880","6","1","2024-12"]]"#;
        assert!(
            of(two)
                .unwrap_err()
                .to_string()
                .contains("ask for one month")
        );
        let to_date = |month: &str| {
            of(&format!(
                r#"[["I_COMMODITY","CTY_CODE","CON_VAL_YR","CAL_DUT_YR","time"],["8703230110","5880","5","1","{month}"]]"#
            ))
            .unwrap()
        };
        let mut november = to_date("2024-11");
        for (mut first, second) in [
            (november.clone(), to_date("2024-12")),
            (year.clone(), november.clone()),
        ] {
            let told = first.add("4", second).unwrap_err().to_string();
            assert!(told.contains("cannot be added to others"), "{told}");
        }
        let month = of(&line("8703230110", "5880", 1, 10, 1)).unwrap();
        assert!(november.add("5", month).is_err());
    }

    #[test]
    fn a_row_that_stands_twice_is_refused_and_another_district_is_not() {
        let one = line("8703230110", "5880", 1, 10, 1);
        let said = of(&format!("{one}\n{one}\n")).unwrap_err().to_string();
        assert!(
            said.starts_with(
                "f: row 2: `87032301105880  010100202401` (characters 1–28) stands in row 1 already"
            ),
            "{said}"
        );
        let api = |second: &str| {
            of(&format!(
                r#"[["I_COMMODITY","CTY_CODE","DISTRICT","CON_VAL_MO","CAL_DUT_MO","time"],
                ["8703230110","5880","01","5","1","2024-01"],["8703230110","5880","{second}","6","1","2024-01"]]"#
            ))
        };
        assert_eq!(api("02").unwrap().table().ints("value").unwrap(), [11]);
        let said = api("01").unwrap_err().to_string();
        assert!(
            said.starts_with("f: row 2: 8703230110, 5880, 01, 2024-01 stands in row 1 already"),
            "{said}"
        );
        assert!(!is_month("2024-13") && !is_month("2024-1") && is_month("2024-12"));
    }

    #[test]
    fn an_archive_that_ends_early_says_so() {
        let api = r#"[["I_COMMODITY","CTY_CODE","CON_VAL_MO","CAL_DUT_MO","time"],["8703230110","5880","5","1","2024-01"]]"#;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, api.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        for cut in [6, 9, 30] {
            let input = Input::from_bytes("f.gz", &packed[..packed.len() - cut]);
            assert_eq!(
                input.and_then(read).unwrap_err().to_string(),
                "f.gz: the gzip file ends early; download it again"
            );
        }
    }

    #[test]
    fn a_line_of_any_other_length_is_cut() {
        let two = [
            line("8703230110", "5880", 1, 10, 1),
            line("0101210010", "5880", 1, 10, 1),
        ];
        for length in [118, 400, 687, 689] {
            let cut = format!("{}\n{:0<length$.length$}", two[0], two[1]);
            let said = of(&cut).unwrap_err().to_string();
            assert!(
                said.starts_with(&format!("f: row 2: a line of {length} characters")),
                "{said}"
            );
        }
    }

    #[test]
    fn a_cut_or_foreign_line_is_an_error_in_its_row() {
        let cut = format!("{}\n8703", line("8703230110", "5880", 1, 10, 1));
        assert!(
            of(&cut)
                .unwrap_err()
                .to_string()
                .starts_with("f: row 2: a line of 4 characters")
        );
        let said = of(&line("8703230110", "5880", 13, 1, 1))
            .unwrap_err()
            .to_string();
        assert_eq!(said, "f: row 1: 2024-13 is no month");
        let api = r#"[["I_COMMODITY","CTY_CODE","GEN_VAL_MO","YEAR","MONTH"]]"#;
        assert!(
            of(api)
                .unwrap_err()
                .to_string()
                .contains("no column `CON_VAL_MO`")
        );
        assert!(
            of("[[\"I_COMMODITY\",")
                .unwrap_err()
                .to_string()
                .contains("ends early")
        );
    }
}
