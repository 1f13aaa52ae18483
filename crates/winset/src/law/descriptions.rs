//! The official words for goods, from a schedule file that the user has.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use winset_io::{Problem, Problems, Table};

/// Descriptions by the digits of a code; a line's own words come after those of the lines above it.
#[derive(Clone, Debug, Default)]
pub struct Descriptions(BTreeMap<String, String>);

/// A row of the schedule as the USITC exports it.
#[derive(Deserialize)]
struct Row {
    htsno: String,
    indent: serde_json::Value,
    description: String,
}

impl Descriptions {
    /// Reads the USITC's export of the schedule (JSON), or a CSV or Parquet table with the columns `htsno` and
    /// `description`, and `indent` where lines stand under others.
    ///
    /// # Errors
    /// The file cannot be read, or has not those columns.
    pub fn read(path: &Path) -> Result<Self, Problems> {
        let fault = |what: String| {
            Problems::from(
                Problem::general(format!("{}: {what}", path.display()))
                    .help("give the schedule as the USITC exports it, JSON or CSV, with the columns htsno, indent and description"),
            )
        };
        let bytes = std::fs::read(path).map_err(|e| fault(e.to_string()))?;
        if bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') {
            let rows: Vec<Row> =
                serde_json::from_slice(&bytes).map_err(|e| fault(e.to_string()))?;
            let depth = |value: &serde_json::Value| match value {
                serde_json::Value::Number(n) => n.as_u64().unwrap_or(0),
                serde_json::Value::String(s) => s.parse().unwrap_or(0),
                _ => 0,
            };
            return Ok(Self::of(rows.iter().map(|row| {
                (
                    row.htsno.as_str(),
                    depth(&row.indent),
                    row.description.as_str(),
                )
            })));
        }
        let name = path.display().to_string();
        let table = Table::from_bytes(&name, bytes).map_err(|e| fault(e.to_string()))?;
        let column = |column: &str| table.texts(column).map_err(|e| fault(e.to_string()));
        let (codes, words) = (column("htsno")?, column("description")?);
        let depths: Vec<u64> = if table.has("indent") {
            column("indent")?
                .iter()
                .map(|text| text.trim().parse().unwrap_or(0))
                .collect()
        } else {
            vec![0; codes.len()]
        };
        Ok(Self::of(codes.iter().zip(&depths).zip(&words).map(
            |((code, depth), words)| (code.as_str(), *depth, words.as_str()),
        )))
    }

    fn of<'a>(rows: impl Iterator<Item = (&'a str, u64, &'a str)>) -> Self {
        let mut above: Vec<(u64, String)> = Vec::new();
        let mut out = BTreeMap::new();
        for (code, depth, words) in rows {
            above.retain(|(d, _)| *d < depth);
            above.push((depth, words.trim().trim_end_matches(':').to_owned()));
            let digits: String = code.chars().filter(char::is_ascii_digit).collect();
            if !digits.is_empty() {
                let all: Vec<&str> = above.iter().map(|(_, words)| words.as_str()).collect();
                out.insert(digits, all.join(" › "));
            }
        }
        Self(out)
    }

    /// The words for some goods: those of the longest code that they fall under.
    pub fn of_goods(&self, digits: &str) -> Option<&str> {
        (2..=digits.len())
            .rev()
            .find_map(|n| self.0.get(digits.get(..n)?))
            .map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_carries_the_words_above_it() {
        let rows = [
            ("1006", 0, "Rice:"),
            ("", 1, "Husked:"),
            ("1006.20.20", 2, "Basmati"),
            ("1006.20.40", 2, "Other"),
            ("1006.40.00", 1, "Broken rice"),
        ];
        let read = Descriptions::of(rows.into_iter());
        assert_eq!(read.of_goods("1006204020"), Some("Rice › Husked › Other"));
        assert_eq!(read.of_goods("1006400000"), Some("Rice › Broken rice"));
        assert_eq!(read.of_goods("8703"), None);
    }
}
