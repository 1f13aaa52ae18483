//! Japan's tariff schedule as a table: one row a heading, subheading or nine-digit line, with its rate columns in Japanese.

use std::collections::BTreeMap;

use jiff::civil::Date;
use winset_io::{Column, Table};

use crate::error::ImportError;
use crate::input::Input;
use crate::intervals::{intervals, shown};
use crate::sheet::Sheet;

/// The rate columns: as published, and as named here (agreements by partner).
pub const RATES: [(&str, &str); 27] = [
    ("基本", "general"),
    ("暫定", "temporary"),
    ("WTO協定", "wto"),
    ("特恵", "gsp"),
    ("特別特恵", "ldc"),
    ("EPA_シンガポール", "sg"),
    ("EPA_メキシコ", "mx"),
    ("EPA_マレーシア", "my"),
    ("EPA_チリ", "cl"),
    ("EPA_タイ", "th"),
    ("EPA_インドネシア", "id"),
    ("EPA_ブルネイ", "bn"),
    ("EPA_アセアン", "asean"),
    ("EPA_フィリピン", "ph"),
    ("EPA_スイス", "ch"),
    ("EPA_ベトナム", "vn"),
    ("EPA_インド", "in"),
    ("EPA_ペルー", "pe"),
    ("EPA_豪州", "au"),
    ("EPA_モンゴル", "mn"),
    ("EPA_CPTPP", "cptpp"),
    ("EPA_欧州連合", "eu"),
    ("EPA_英国", "gb"),
    ("EPA_RCEP_アセアン豪州NZ", "rcep_asean_au_nz"),
    ("EPA_RCEP_中国", "rcep_cn"),
    ("EPA_RCEP_韓国", "rcep_kr"),
    ("EPA_日米貿易協定", "us"),
];

/// The other columns.
const OTHERS: [&str; 10] = [
    "chapter",
    "level",
    "stat_code",
    "sub",
    "code9",
    "has_children",
    "desc_path",
    "unit_I",
    "unit_II",
    "law",
];

/// What names a nine-digit line: its code, and the part of the year if it is seasonal.
pub type Key = (String, String);

/// What a line says: its unit and its rates, in the order of [`RATES`].
pub type Line = (String, Vec<String>);

/// The season at the end of a description such as `… > 1 毎年6月1日から同年11月30日までに輸入されるもの`, as `06-01/11-30`; blank
/// for other lines.
fn season(path: &str) -> String {
    let read = || {
        let (_, words) = path.rsplit_once("毎年")?;
        let (first, last) = words
            .strip_suffix("までに輸入されるもの")?
            .split_once("から")?;
        let day = |text: &str| {
            let text = text.trim_start_matches(['同', '翌', '年']);
            let (month, day) = text.strip_suffix('日')?.split_once('月')?;
            // The only month whose end is named is February.
            let day = if day == "末" { "29" } else { day };
            Some(format!("{month:0>2}-{day:0>2}"))
        };
        Some(format!("{}/{}", day(first)?, day(last)?))
    };
    read().unwrap_or_default()
}

/// A code as published: of a heading, a subheading or a line. Programs that read codes as numbers drop the zero at the start.
fn full_code(code: &str) -> Option<String> {
    let width = match code.len() {
        0 => 0,
        3 | 4 => 4,
        5 | 6 => 6,
        8 | 9 => 9,
        _ => return None,
    };
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| format!("{code:0>width$}"))
}

/// Reads one published schedule, in the order of codes. A blank rate is that of the row above it in the outline.
///
/// # Errors
/// A missing or unknown column; a depth that does not read; no nine-digit line.
pub fn read(input: Input) -> Result<BTreeMap<Key, Line>, ImportError> {
    let mut sheet = Sheet::open(input)?;
    sheet.only(|h| OTHERS.contains(&h) || RATES.iter().any(|(name, _)| *name == h))?;
    let [level, code, path] = [
        sheet.column("level")?,
        sheet.column("code9")?,
        sheet.column("desc_path")?,
    ];
    let units = [sheet.column("unit_I")?, sheet.column("unit_II")?];
    let columns = RATES
        .iter()
        .map(|(name, _)| sheet.column(name))
        .collect::<Result<Vec<_>, _>>()?;
    let mut lines = BTreeMap::new();
    // The chain of rows above.
    let mut above: Vec<(i64, Vec<String>)> = Vec::new();
    while sheet.next()? {
        let depth = sheet.whole_number(level)?;
        while above.last().is_some_and(|(l, _)| *l >= depth) {
            above.pop();
        }
        let mut own = Vec::with_capacity(columns.len());
        for (c, column) in columns.iter().enumerate() {
            let text = sheet.text(*column)?;
            own.push(if text.is_empty() {
                above
                    .last()
                    .map(|(_, rates)| rates[c].clone())
                    .unwrap_or_default()
            } else {
                text.to_owned()
            });
        }
        let code = full_code(sheet.text(code)?).ok_or_else(|| {
            sheet.bad(
                code,
                "a code of 4, 6 or 9 digits, nor one that lost the zero at its start",
            )
        })?;
        if code.len() == 9 {
            // The first unit is the one of a specific duty; below some units stands how they are weighed.
            let mut unit = "";
            for column in units {
                if unit.is_empty() {
                    unit = sheet
                        .text(column)?
                        .lines()
                        .next()
                        .unwrap_or_default()
                        .trim();
                }
            }
            let key = (code.clone(), season(sheet.text(path)?));
            if lines.insert(key, (unit.to_owned(), own.clone())).is_some() {
                return Err(sheet.row_error(format!(
                    "{code} stands there already, for the same part of the year"
                )));
            }
        }
        above.push((depth, own));
    }
    if lines.is_empty() {
        return Err(sheet.whole("there is no nine-digit line in it"));
    }
    Ok(lines)
}

/// The table of schedules, each from its day on: `code, from, to, season, unit`, then a column a rate.
///
/// # Errors
/// Two schedules of one day.
pub fn schedule(editions: Vec<(Date, BTreeMap<Key, Line>)>) -> Result<Table, ImportError> {
    let lines = intervals(editions)?;
    let mut table = Table::new("jp_schedule")
        .with(
            "code",
            Column::Text(lines.iter().map(|i| i.key.0.clone()).collect()),
        )
        .with(
            "from",
            Column::Text(lines.iter().map(|i| i.from.to_string()).collect()),
        )
        .with(
            "to",
            Column::Text(lines.iter().map(|i| shown(i.to)).collect()),
        )
        .with(
            "season",
            Column::Text(lines.iter().map(|i| i.key.1.clone()).collect()),
        )
        .with(
            "unit",
            Column::Text(lines.iter().map(|i| i.line.0.clone()).collect()),
        );
    for (c, (_, name)) in RATES.iter().enumerate() {
        let cells = lines.iter().map(|i| i.line.1[c].clone()).collect();
        table = table.with(*name, Column::Text(cells));
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use jiff::civil::date;

    use super::*;

    fn text(rows: &[(&str, &str, &str, &str)]) -> String {
        let mut out = OTHERS.join(",");
        for (name, _) in RATES {
            out = out + "," + name;
        }
        for (level, code, path, general) in rows {
            write!(
                out,
                "\n01,{level},,,{code},,{path},,KG,,{general}{}",
                ",".repeat(26)
            )
            .unwrap();
        }
        out + "\n"
    }

    fn of(text: &str) -> Result<BTreeMap<Key, Line>, ImportError> {
        read(Input::from_bytes("jp.csv", text)?)
    }

    #[test]
    fn a_blank_rate_is_that_of_the_row_above_in_the_outline() {
        let lines = of(&text(&[
            ("0", "0101", "馬", "5%"),
            ("1", "010121", "馬 > 繁殖用", ""),
            ("2", "010121100", "馬 > 繁殖用 > 1", ""),
            ("0", "0102", "牛", ""),
            (
                "1",
                "010221000",
                "牛 > 毎年6月1日から同年11月30日までに輸入されるもの",
                "無税",
            ),
        ]))
        .unwrap();
        assert_eq!(lines[&("010121100".to_owned(), String::new())].1[0], "5%");
        assert_eq!(
            lines[&("010221000".to_owned(), "06-01/11-30".to_owned())].1[0],
            "無税"
        );
        let table = schedule(vec![(date(2025, 4, 1), lines)]).unwrap();
        assert_eq!(table.texts("unit").unwrap(), ["KG", "KG"]);
    }

    #[test]
    fn a_zero_that_a_spreadsheet_dropped_is_put_back() {
        let full = of(&text(&[
            ("0", "0101", "馬", "5%"),
            ("1", "010121100", "馬 > 1", ""),
        ]));
        let cut = of(&text(&[
            ("0", "101", "馬", "5%"),
            ("1", "10121100", "馬 > 1", ""),
        ]));
        assert_eq!(full.unwrap(), cut.unwrap());
        let said = of(&text(&[("1", "0121100", "馬 > 1", "5%")])).unwrap_err();
        assert!(
            said.to_string().starts_with(
                "jp.csv: row 1, column `code9`: `0121100` is not a code of 4, 6 or 9 digits"
            ),
            "{said}"
        );
    }

    #[test]
    fn a_new_agreement_is_not_lost_unseen() {
        let said = |text: &str| of(text).unwrap_err().to_string();
        let good = text(&[("0", "010121100", "馬", "5%")]);
        assert!(said(&good.replace("EPA_英国", "EPA_新")).contains("column `EPA_新` is not known"));
        assert!(said(&good.replace("\n01,0,", "\n01,x,")).contains("row 1, column `level`: `x`"));
    }
}
