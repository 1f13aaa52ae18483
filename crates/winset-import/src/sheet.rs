//! The one reader of CSV that all formats share: columns by name, rows by number, errors that say both.

use std::io::BufRead;

use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};
use winset_io::{QuoteFault, Quotes};

use crate::error::ImportError;
use crate::input::{Input, unpacked};
use crate::twice::Again;

/// A table may miss a total that it states by this share of it, and one unit: figures are rounded.
const TOLERANCE: f64 = 1e-3;

/// How much of a header an error shows.
const SHOWN: usize = 12;

/// A CSV file, row after row.
pub struct Sheet {
    file: String,
    reader: Reader<Quotes<Box<dyn BufRead + Send>>>,
    header: Vec<String>,
    record: ByteRecord,
    row: u64,
}

impl Sheet {
    /// Reads the header.
    ///
    /// # Errors
    /// No header, a name that is there twice, or text that is not UTF-8.
    pub fn open(input: Input) -> Result<Self, ImportError> {
        let (file, text) = input.into_parts();
        let reader = ReaderBuilder::new().from_reader(Quotes::new(text));
        let mut sheet = Self {
            file,
            reader,
            header: Vec::new(),
            record: ByteRecord::new(),
            row: 0,
        };
        let header = match sheet.reader.byte_headers() {
            Ok(header) => header.clone(),
            Err(error) => return Err(sheet.csv_error(error)),
        };
        for cell in &header {
            let name = std::str::from_utf8(cell)
                .map_err(|_| sheet.whole("the header is not UTF-8; save the file as UTF-8"))?
                .trim();
            sheet.header.push(name.to_owned());
        }
        let mut sorted: Vec<&str> = sheet.header.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        if let Some([twice, _]) = sorted
            .windows(2)
            .find(|pair| matches!(pair, [a, b] if a == b && !a.is_empty()))
        {
            return Err(sheet.header_error(format!("there are two columns `{twice}`")));
        }
        Ok(sheet)
    }

    /// What errors call the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Whether there is such a column.
    pub fn has(&self, name: &str) -> bool {
        self.header.iter().any(|h| h == name)
    }

    /// The place of a column.
    ///
    /// # Errors
    /// There is none; the message lists those that are there.
    pub fn column(&self, name: &str) -> Result<usize, ImportError> {
        self.any(&[name])
    }

    /// The place of the first of several names of one column, as editions of the file have named it.
    ///
    /// # Errors
    /// There is none of them.
    pub fn any(&self, names: &[&str]) -> Result<usize, ImportError> {
        names
            .iter()
            .find_map(|name| self.header.iter().position(|h| h == name))
            .ok_or_else(|| {
                let names: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
                self.header_error(format!("no column {}", names.join(" or ")))
            })
    }

    /// Refuses columns that the format does not have: their figures would be lost unseen.
    ///
    /// # Errors
    /// There is one.
    pub fn only(&self, known: impl Fn(&str) -> bool) -> Result<(), ImportError> {
        match self.header.iter().find(|h| !known(h)) {
            None => Ok(()),
            Some(unknown) => Err(self.header_error(format!(
                "column `{unknown}` is not known; the publisher changed the format, or this is another file"
            ))),
        }
    }

    /// Goes to the next row; false at the end.
    ///
    /// # Errors
    /// A row of another length, a quote that does not close where its cell ends, an archive that ends early.
    #[allow(clippy::should_implement_trait, reason = "the row stays in the sheet")]
    pub fn next(&mut self) -> Result<bool, ImportError> {
        self.row += 1;
        match self.reader.read_byte_record(&mut self.record) {
            Ok(there) => Ok(there),
            Err(error) => Err(self.csv_error(error)),
        }
    }

    /// Whether what has been read ends with a line end.
    pub(crate) fn ended(&self) -> bool {
        self.reader.get_ref().ends_line()
    }

    /// The number of the row at hand, from 1, the header not counted.
    pub fn row(&self) -> u64 {
        self.row
    }

    /// A cell as it stands, without spaces around it.
    #[inline]
    pub fn bytes(&self, column: usize) -> &[u8] {
        self.record.get(column).unwrap_or_default().trim_ascii()
    }

    /// A cell as text.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub fn text(&self, column: usize) -> Result<&str, ImportError> {
        std::str::from_utf8(self.bytes(column)).map_err(|_| ImportError::Cell {
            file: self.file.clone(),
            row: self.row,
            column: self.header[column].clone(),
            found: String::from_utf8_lossy(self.bytes(column)).into_owned(),
            expected: "UTF-8 (it may be Latin-1; save the file as UTF-8)",
        })
    }

    /// A cell as a finite number.
    ///
    /// # Errors
    /// It is none.
    #[inline]
    pub fn number(&self, column: usize) -> Result<f64, ImportError> {
        finite(self.bytes(column)).ok_or_else(|| self.bad(column, "a number"))
    }

    /// A cell as a whole number of zero or more.
    ///
    /// # Errors
    /// It is none.
    pub fn whole_number(&self, column: usize) -> Result<i64, ImportError> {
        std::str::from_utf8(self.bytes(column))
            .ok()
            .and_then(|text| text.parse().ok())
            .filter(|n| *n >= 0)
            .ok_or_else(|| self.bad(column, "a whole number"))
    }

    /// The error that a cell does not read.
    pub fn bad(&self, column: usize, expected: &'static str) -> ImportError {
        ImportError::Cell {
            file: self.file.clone(),
            row: self.row,
            column: self.header.get(column).cloned().unwrap_or_default(),
            found: String::from_utf8_lossy(self.bytes(column)).into_owned(),
            expected,
        }
    }

    /// An error about the row at hand.
    pub fn row_error(&self, what: impl Into<String>) -> ImportError {
        ImportError::Row {
            file: self.file.clone(),
            row: self.row,
            what: what.into(),
        }
    }

    /// An error about the file.
    pub fn whole(&self, what: impl Into<String>) -> ImportError {
        ImportError::Whole {
            file: self.file.clone(),
            what: what.into(),
        }
    }

    /// An error about the header.
    pub fn header_error(&self, what: String) -> ImportError {
        let mut header: Vec<&str> = self.header.iter().take(SHOWN).map(String::as_str).collect();
        if self.header.len() > SHOWN {
            header.push("…");
        }
        ImportError::Header {
            file: self.file.clone(),
            what,
            header: header.join(", "),
        }
    }

    /// The error that what `of` says stands in two rows.
    pub(crate) fn twice<F, C>(&self, again: &Again<F, C>, of: &str) -> ImportError {
        again.refused(&self.file, of)
    }

    /// Holds a sum against the total that the file states.
    ///
    /// # Errors
    /// They differ by more than what rounding explains.
    pub fn agree(&self, what: &str, found: f64, expected: f64) -> Result<(), ImportError> {
        if (found - expected).abs() <= TOLERANCE * expected.abs() + 1.0 {
            return Ok(());
        }
        Err(ImportError::Control {
            file: self.file.clone(),
            what: what.to_owned(),
            found,
            expected,
        })
    }

    fn csv_error(&self, error: csv::Error) -> ImportError {
        match error.into_kind() {
            ErrorKind::Io(error) => match error.get_ref().and_then(|e| e.downcast_ref::<QuoteFault>()) {
                Some(fault) => self.whole(fault.to_string()),
                None => unpacked(&self.file, error),
            },
            ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => self.row_error(format!(
                "it has {len} cells where the header has {expected_len}; the file is damaged or cut off"
            )),
            other => self.row_error(format!("{other:?}")),
        }
    }
}

/// A finite number out of a cell.
#[inline]
pub(crate) fn finite(cell: &[u8]) -> Option<f64> {
    let number: f64 = std::str::from_utf8(cell).ok()?.parse().ok()?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &[u8]) -> Result<Sheet, ImportError> {
        Sheet::open(Input::from_bytes("f.csv", text)?)
    }

    #[test]
    fn errors_name_the_row_the_column_and_what_was_expected() {
        let mut sheet = sheet(b"a,b\n1,2\n3,x\n4\n").unwrap();
        let b = sheet.column("b").unwrap();
        assert!(sheet.next().unwrap());
        assert!((sheet.number(b).unwrap() - 2.0).abs() < 1e-15);
        assert!(sheet.next().unwrap());
        assert_eq!(
            sheet.number(b).unwrap_err().to_string(),
            "f.csv: row 2, column `b`: `x` is not a number"
        );
        assert_eq!(
            sheet.next().unwrap_err().to_string(),
            "f.csv: row 3: it has 1 cells where the header has 2; the file is damaged or cut off"
        );
        assert_eq!(
            sheet.column("c").unwrap_err().to_string(),
            "f.csv: no column `c` (its header is: a, b)"
        );
        assert!(
            sheet
                .only(|h| h == "a")
                .unwrap_err()
                .to_string()
                .contains("`b` is not known")
        );
    }

    #[test]
    fn a_quote_swallows_no_rows() {
        let read = |text: &str| -> Result<u64, String> {
            let mut sheet = sheet(text.as_bytes()).map_err(|e| e.to_string())?;
            while sheet.next().map_err(|e| e.to_string())? {}
            Ok(sheet.row() - 1)
        };
        assert_eq!(read("a,b\n\"two\nlines\",1\n3,4\n"), Ok(2));
        assert_eq!(
            read("a,b\n1,2\n3,\"4\n5,6\n7,8\n").unwrap_err(),
            "f.csv: row 2 (line 3): a quote opens there and never closes; the file is damaged or cut off"
        );
        // As many cells as the header has, and the figures of the last row.
        assert!(
            read("a,words,b\n1,\"x,2\n3,y,4\n5,\"z\",6\n")
                .unwrap_err()
                .starts_with("f.csv: row 1 (line 2): a quote opens there and closes in line 4")
        );
        assert!(
            read("a,\"b\n1,2\n")
                .unwrap_err()
                .contains("header (line 1)")
        );
    }

    #[test]
    fn latin_1_is_an_error_in_its_row() {
        let mut sheet = sheet(b"a\nM\xfcnchen\n").unwrap();
        assert!(sheet.next().unwrap());
        assert!(
            sheet
                .text(0)
                .unwrap_err()
                .to_string()
                .contains("row 1, column `a`")
        );
    }
}
