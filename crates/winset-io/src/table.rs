//! A table of named columns, from CSV or Parquet and back.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::reader::ColumnReader;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::foreign::no_table;
use crate::quotes::Quotes;
use crate::table_error::TableError;

/// The cells of one column; no cell is missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Texts.
    Text(Vec<String>),
    /// Whole numbers.
    Int(Vec<i64>),
    /// Numbers.
    Real(Vec<f64>),
}

impl Column {
    fn len(&self) -> usize {
        match self {
            Self::Text(v) => v.len(),
            Self::Int(v) => v.len(),
            Self::Real(v) => v.len(),
        }
    }
}

/// Named columns of one length. CSV columns are texts until asked for as numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    name: String,
    columns: Vec<(String, Column)>,
}

impl Table {
    /// An empty table; `name` stands in error messages.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            columns: Vec::new(),
        }
    }

    /// Adds a column.
    ///
    /// # Panics
    /// If its length differs from that of the columns before it.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, column: Column) -> Self {
        if let Some((_, first)) = self.columns.first() {
            assert_eq!(
                first.len(),
                column.len(),
                "columns of one table have one length"
            );
        }
        self.columns.push((name.into(), column));
        self
    }

    /// The name that stands in error messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, c)| c.len())
    }

    /// The names of the columns, in order.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// Whether there is a column of that name.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| name == column)
    }

    fn column(&self, column: &str) -> Result<&Column, TableError> {
        self.columns
            .iter()
            .find(|(name, _)| name == column)
            .map(|(_, c)| c)
            .ok_or_else(|| TableError::NoColumn {
                table: self.name.clone(),
                column: column.to_owned(),
                there: self.column_names().collect::<Vec<_>>().join(", "),
            })
    }

    /// A column as texts.
    ///
    /// # Errors
    /// No such column.
    pub fn texts(&self, column: &str) -> Result<Vec<String>, TableError> {
        Ok(match self.column(column)? {
            Column::Text(v) => v.clone(),
            Column::Int(v) => v.iter().map(ToString::to_string).collect(),
            Column::Real(v) => v.iter().map(ToString::to_string).collect(),
        })
    }

    /// A column of texts without copying it.
    ///
    /// # Errors
    /// No such column, or one of numbers.
    pub fn text_slice(&self, column: &str) -> Result<&[String], TableError> {
        match self.column(column)? {
            Column::Text(v) => Ok(v),
            _ => Err(self.wrong_type(column, "numbers, where texts are needed")),
        }
    }

    /// A column as numbers. A blank cell is an error, never zero; so is `NaN`.
    ///
    /// # Errors
    /// No such column, or a cell that is no finite number: the row is named.
    pub fn reals(&self, column: &str) -> Result<Vec<f64>, TableError> {
        let finite = |row: usize, x: f64, cell: &dyn std::fmt::Display| {
            if x.is_finite() {
                Ok(x)
            } else {
                Err(self.cell(row, column, &cell.to_string(), "a finite number"))
            }
        };
        match self.column(column)? {
            Column::Text(v) => v
                .iter()
                .enumerate()
                .map(|(row, cell)| match cell.trim().parse::<f64>() {
                    Ok(x) => finite(row, x, cell),
                    Err(_) => Err(self.cell(row, column, cell, "a number")),
                })
                .collect(),
            Column::Int(v) => Ok(v.iter().map(|x| *x as f64).collect()),
            Column::Real(v) => v
                .iter()
                .enumerate()
                .map(|(row, x)| finite(row, *x, x))
                .collect(),
        }
    }

    /// A column as whole numbers.
    ///
    /// # Errors
    /// No such column, or a cell that is no whole number: the row is named.
    pub fn ints(&self, column: &str) -> Result<Vec<i64>, TableError> {
        match self.column(column)? {
            Column::Text(v) => v
                .iter()
                .enumerate()
                .map(|(row, cell)| {
                    cell.trim()
                        .parse()
                        .map_err(|_| self.cell(row, column, cell, "a whole number"))
                })
                .collect(),
            Column::Int(v) => Ok(v.clone()),
            Column::Real(_) => {
                Err(self.wrong_type(column, "fractions, where whole numbers are needed"))
            }
        }
    }

    fn cell(&self, row: usize, column: &str, cell: &str, expected: &'static str) -> TableError {
        TableError::Cell {
            table: self.name.clone(),
            row: row + 1,
            column: column.to_owned(),
            cell: cell.to_owned(),
            expected,
        }
    }

    fn wrong_type(&self, column: &str, found: &str) -> TableError {
        TableError::Type {
            table: self.name.clone(),
            column: column.to_owned(),
            found: found.to_owned(),
        }
    }

    /// Reads CSV with a header line.
    ///
    /// # Errors
    /// A row with another number of cells than the header; a column that stands twice; a quote that swallows
    /// what follows it; text that is not UTF-8.
    pub fn from_csv(name: &str, bytes: &[u8]) -> Result<Self, TableError> {
        Self::of_csv(name, bytes, false)
    }

    /// The same of the texts that winset's users write themselves (lists of goods, schedules, mappings): lines that begin
    /// with `#` are remarks.
    ///
    /// # Errors
    /// As [`Table::from_csv`].
    pub fn from_csv_with_remarks(name: &str, bytes: &[u8]) -> Result<Self, TableError> {
        Self::of_csv(name, bytes, true)
    }

    fn of_csv(name: &str, bytes: &[u8], remarks: bool) -> Result<Self, TableError> {
        if let Some(what) = no_table(bytes) {
            let table = name.to_owned();
            return Err(TableError::Foreign { table, what });
        }
        let fail = |error| TableError::of_csv(name, error);
        let quotes = if remarks {
            Quotes::with_remarks(bytes)
        } else {
            Quotes::new(bytes)
        };
        let mut reader = csv::ReaderBuilder::new()
            .comment(remarks.then_some(b'#'))
            .from_reader(quotes);
        let header = reader.headers().map_err(fail)?.clone();
        TableError::of_names(name, header.iter().map(str::trim))?;
        let mut columns: Vec<(String, Vec<String>)> = header
            .iter()
            .map(|h| (h.trim().to_owned(), Vec::new()))
            .collect();
        for record in reader.records() {
            let record = record.map_err(fail)?;
            for (column, cell) in columns.iter_mut().zip(record.iter()) {
                column.1.push(cell.to_owned());
            }
        }
        Ok(Self {
            name: name.to_owned(),
            columns: columns
                .into_iter()
                .map(|(n, c)| (n, Column::Text(c)))
                .collect(),
        })
    }

    /// Reads CSV or Parquet, told apart by the first bytes.
    ///
    /// # Errors
    /// As [`Table::from_csv`] and [`Table::from_parquet`].
    pub fn from_bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Self, TableError> {
        Self::of_bytes(name, bytes.into(), false)
    }

    /// The same where lines of CSV that begin with `#` are remarks.
    ///
    /// # Errors
    /// As [`Table::from_bytes`].
    pub fn from_bytes_with_remarks(
        name: &str,
        bytes: impl Into<Vec<u8>>,
    ) -> Result<Self, TableError> {
        Self::of_bytes(name, bytes.into(), true)
    }

    fn of_bytes(name: &str, bytes: Vec<u8>, remarks: bool) -> Result<Self, TableError> {
        if bytes.starts_with(b"PAR1") {
            Self::from_parquet(name, bytes)
        } else {
            Self::of_csv(name, &bytes, remarks)
        }
    }

    /// Reads a flat Parquet file of texts, whole numbers and floats (zstd or snappy).
    ///
    /// # Errors
    /// Damaged bytes, a column of another type, or a missing (null) cell in a column of numbers; a
    /// missing text is the empty text.
    pub fn from_parquet(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Self, TableError> {
        let fail = |error| TableError::of_parquet(name, error);
        let bytes = Bytes::from(bytes.into());
        let reader = SerializedFileReader::new(bytes).map_err(fail)?;
        read_columns(name, &reader)
    }

    /// The table as CSV, the names of the columns first.
    ///
    /// # Errors
    /// What the writer says.
    pub fn to_csv(&self) -> Result<Vec<u8>, TableError> {
        let fail = |error| TableError::Csv {
            table: self.name.clone(),
            error,
        };
        let mut out = csv::Writer::from_writer(Vec::new());
        let names = self.columns.iter().map(|(name, _)| name.as_bytes());
        out.write_record(names).map_err(fail)?;
        for row in 0..self.rows() {
            let cells = self.columns.iter().map(|(_, column)| match column {
                Column::Text(v) => v[row].clone(),
                Column::Int(v) => v[row].to_string(),
                Column::Real(v) => v[row].to_string(),
            });
            out.write_record(cells).map_err(fail)?;
        }
        out.into_inner().map_err(|e| fail(e.into_error().into()))
    }

    /// The table as Parquet, zstd, in one row group; the same table gives the same bytes.
    ///
    /// # Errors
    /// What the writer says.
    pub fn to_parquet(&self) -> Result<Vec<u8>, TableError> {
        self.write_parquet().map_err(|error| TableError::Parquet {
            table: self.name.clone(),
            error,
        })
    }

    fn write_parquet(&self) -> Result<Vec<u8>, ParquetError> {
        let fields = self
            .columns
            .iter()
            .map(|(name, column)| {
                let (physical, logical) = match column {
                    Column::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
                    Column::Int(_) => (Physical::INT64, None),
                    Column::Real(_) => (Physical::DOUBLE, None),
                };
                Type::primitive_type_builder(name, physical)
                    .with_repetition(Repetition::REQUIRED)
                    .with_logical_type(logical)
                    .build()
                    .map(Arc::new)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let schema = Arc::new(
            Type::group_type_builder("table")
                .with_fields(fields)
                .build()?,
        );
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(19)?))
            .set_created_by("winset".to_owned())
            .build();
        let mut out = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut out, schema, Arc::new(properties))?;
        let mut group = writer.next_row_group()?;
        for (_, column) in &self.columns {
            let Some(mut cells) = group.next_column()? else {
                break;
            };
            match (cells.untyped(), column) {
                (ColumnWriter::ByteArrayColumnWriter(w), Column::Text(v)) => {
                    let values: Vec<ByteArray> =
                        v.iter().map(|t| ByteArray::from(t.as_str())).collect();
                    w.write_batch(&values, None, None)?;
                }
                (ColumnWriter::Int64ColumnWriter(w), Column::Int(v)) => {
                    w.write_batch(v, None, None)?;
                }
                (ColumnWriter::DoubleColumnWriter(w), Column::Real(v)) => {
                    w.write_batch(v, None, None)?;
                }
                _ => {
                    return Err(ParquetError::General(
                        "column writer of another type".to_owned(),
                    ));
                }
            }
            cells.close()?;
        }
        group.close()?;
        writer.close()?;
        Ok(out)
    }
}

fn read_columns<R: ChunkReader + 'static>(
    name: &str,
    reader: &SerializedFileReader<R>,
) -> Result<Table, TableError> {
    let fail = |error| TableError::of_parquet(name, error);
    let schema = reader.metadata().file_metadata().schema_descr();
    let mut table = Table::new(name);
    for (index, described) in schema.columns().iter().enumerate() {
        let column_name = described.name().to_owned();
        let unsupported = |found: String| TableError::Type {
            table: name.to_owned(),
            column: column_name.clone(),
            found,
        };
        if described.max_rep_level() > 0 {
            return Err(unsupported("a list".to_owned()));
        }
        let nullable = described.max_def_level();
        let mut column = match described.physical_type() {
            Physical::BYTE_ARRAY => Column::Text(Vec::new()),
            Physical::INT32 | Physical::INT64 => Column::Int(Vec::new()),
            Physical::FLOAT | Physical::DOUBLE => Column::Real(Vec::new()),
            other => return Err(unsupported(other.to_string())),
        };
        for g in 0..reader.num_row_groups() {
            let group = reader.get_row_group(g).map_err(fail)?;
            let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
            let mut levels = Vec::new();
            let missing_row =
                |levels: &[i16]| levels.iter().position(|l| *l < nullable).unwrap_or(0);
            macro_rules! numbers {
                ($reader:expr, $into:expr, $convert:expr) => {{
                    let mut values = Vec::with_capacity(rows);
                    $reader
                        .read_records(rows, Some(&mut levels), None, &mut values)
                        .map_err(fail)?;
                    if values.len() != rows {
                        return Err(table.cell(
                            $into.len() + missing_row(&levels),
                            &column_name,
                            "",
                            "a number",
                        ));
                    }
                    $into.extend(values.into_iter().map($convert));
                }};
            }
            match (group.get_column_reader(index).map_err(fail)?, &mut column) {
                (ColumnReader::ByteArrayColumnReader(mut r), Column::Text(into)) => {
                    let mut values = Vec::with_capacity(rows);
                    r.read_records(rows, Some(&mut levels), None, &mut values)
                        .map_err(fail)?;
                    let mut values = values.into_iter();
                    for row in 0..rows {
                        let present =
                            nullable == 0 || levels.get(row).is_some_and(|l| *l == nullable);
                        let value = if present { values.next() } else { None };
                        into.push(match value {
                            Some(b) => b
                                .as_utf8()
                                .map_err(|_| unsupported("bytes that are not UTF-8".to_owned()))?
                                .to_owned(),
                            None => String::new(),
                        });
                    }
                }
                (ColumnReader::Int32ColumnReader(mut r), Column::Int(into)) => {
                    numbers!(r, into, i64::from);
                }
                (ColumnReader::Int64ColumnReader(mut r), Column::Int(into)) => {
                    numbers!(r, into, |x| x);
                }
                (ColumnReader::FloatColumnReader(mut r), Column::Real(into)) => {
                    numbers!(r, into, f64::from);
                }
                (ColumnReader::DoubleColumnReader(mut r), Column::Real(into)) => {
                    numbers!(r, into, |x| x);
                }
                _ => return Err(unsupported("a reader of another type".to_owned())),
            }
        }
        table = table.with(column_name, column);
    }
    TableError::of_names(name, table.column_names())?;
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        let read = Table::from_bytes("t.csv", bytes);
        read.unwrap_err().to_string()
    }

    #[test]
    fn a_quote_swallows_no_rows() {
        let whole = Table::from_csv("t.csv", b"a,b\n\"8\n\",\"5 \"\" pipe\"\n").unwrap();
        assert_eq!(whole.text_slice("b").unwrap(), ["5 \" pipe"]);
        assert_eq!(
            refused(b"a,b\n1,2\n3,\"4\n5,6\n"),
            "t.csv: row 2 (line 3): a quote opens there and never closes; the file is damaged or cut off"
        );
        assert!(
            refused(b"a,b\n1,\"2\n3,\"4\n")
                .contains("row 1 (line 2): a quote opens there and closes in line 3")
        );
    }

    #[test]
    fn two_columns_of_one_name_are_refused() {
        let said = "t.csv: there are two columns `v`";
        assert_eq!(refused(b"a,v, v\n1,2,3\n"), said);
        let twice = Table::new("t")
            .with("v", Column::Int(vec![1]))
            .with("v", Column::Int(vec![2]));
        assert_eq!(refused(&twice.to_parquet().unwrap()), said);
    }

    #[test]
    fn remarks_are_told_by_who_reads() {
        let text = b"# from the note\nid,v\n#1,2\n# and\n3,4\n";
        let own = Table::from_csv_with_remarks("t.csv", text).unwrap();
        assert_eq!(own.texts("id").unwrap(), ["3"]);
        let others = Table::from_csv("t.csv", b"id,v\n#1,2\n3,4\n").unwrap();
        assert_eq!(others.texts("id").unwrap(), ["#1", "3"]);
    }

    #[test]
    fn what_is_no_table_is_said_in_words() {
        assert_eq!(
            refused(b"a,b\n1,2\n3\n"),
            "t.csv: row 2: it has 1 cells where the header has 2; the file is damaged or cut off"
        );
        assert_eq!(
            refused(b"a\nM\xfcnchen\n"),
            "t.csv: row 1 is not UTF-8 (it may be Latin-1); save the file as UTF-8"
        );
        assert_eq!(
            refused(b"\xff\xfea\0"),
            "t.csv: the text is UTF-16; save it as UTF-8"
        );
        assert!(refused(b"\x1f\x8b\x08").contains("packed with gzip"));
        assert!(refused(b"PK\x03\x04").contains("a workbook or a zip archive"));
    }

    fn sample() -> Table {
        Table::new("sample")
            .with(
                "code",
                Column::Text(vec!["0101".into(), String::new(), "米".into()]),
            )
            .with("n", Column::Int(vec![1, -2, i64::MAX]))
            .with("x", Column::Real(vec![0.1, -1e300, 3.0]))
    }

    #[test]
    fn parquet_round_trip_is_exact_and_reproducible() {
        let bytes = sample().to_parquet().unwrap();
        assert_eq!(bytes, sample().to_parquet().unwrap());
        assert_eq!(Table::from_bytes("sample", bytes).unwrap(), sample());
    }

    #[test]
    fn damaged_parquet_is_an_error() {
        let bytes = sample().to_parquet().unwrap();
        for end in [4, bytes.len() / 2, bytes.len() - 1] {
            assert!(
                Table::from_parquet("sample", &bytes[..end]).is_err(),
                "{end}"
            );
        }
    }

    #[test]
    fn a_blank_number_is_an_error_that_names_the_row() {
        let table = Table::from_csv("t.csv", b"a,b\n1,2\n3,\n").unwrap();
        let error = table.reals("b").unwrap_err().to_string();
        assert_eq!(error, "t.csv: row 2, column `b`: `` is not a number");
        assert!(
            table
                .reals("c")
                .unwrap_err()
                .to_string()
                .contains("there are: a, b")
        );
    }
}
