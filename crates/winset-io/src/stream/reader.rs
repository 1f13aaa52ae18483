//! A table read batch by batch.

use std::ops::Range;
use std::path::Path;

use super::BATCH_ROWS;
use super::cells::{Cell, Cells};
use super::format::FileFormat;
use super::read_csv::CsvRows;
use super::read_parquet::ParquetRows;
use crate::TableError;

/// Some rows of the columns that were chosen.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The number of the first row in the file, from 1, the header not counted.
    pub first: u64,
    /// How many rows there are.
    pub len: usize,
    /// The columns, in the order in which they were chosen.
    pub columns: Vec<Cells>,
    /// Rows of the batch, from 0 and ascending, that have another number of cells than the header: how
    /// many.
    pub ragged: Vec<(usize, usize)>,
}

impl Rows {
    /// A cell by its column and its row in the batch, both from 0.
    pub fn cell(&self, column: usize, row: usize) -> Cell<'_> {
        self.columns.get(column).map_or(Cell::Blank, |c| c.get(row))
    }
}

enum Source {
    Csv(Box<CsvRows>),
    Parquet(Box<ParquetRows>),
}

/// Reads a CSV or Parquet file from its beginning to its end.
pub struct RowReader {
    source: Source,
    table: String,
    names: Vec<String>,
    read: u64,
}

impl RowReader {
    /// Opens a file; nothing but its header is read yet.
    ///
    /// # Errors
    /// The file cannot be read, is empty, or is no Parquet file.
    pub fn open(path: &Path, format: FileFormat) -> Result<Self, TableError> {
        let table = path.display().to_string();
        let (source, names) = match format {
            FileFormat::Csv => {
                let (rows, names) = CsvRows::open(path, &table)?;
                (Source::Csv(Box::new(rows)), names)
            }
            FileFormat::Parquet => {
                let (rows, names) = ParquetRows::open(path, &table)?;
                (Source::Parquet(Box::new(rows)), names)
            }
        };
        Ok(Self {
            source,
            table,
            names,
            read: 0,
        })
    }

    /// The names of the columns, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many columns a row has.
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// Chooses the columns to read, in the order in which [`Rows`] then holds them; those that are not in
    /// the file are [`Cells::Absent`].
    ///
    /// # Errors
    /// A column that stands twice, or whose type no [`Cells`] can hold.
    pub fn choose(&mut self, columns: &[&str]) -> Result<(), TableError> {
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            let mut found = (0..self.names.len()).filter(|i| self.names[*i] == *column);
            let place = found.next();
            if found.next().is_some() {
                return Err(TableError::Twice {
                    table: self.table.clone(),
                    column: (*column).to_owned(),
                });
            }
            places.push(place);
        }
        match &mut self.source {
            Source::Csv(rows) => rows.choose(places),
            Source::Parquet(rows) => rows.choose(places, columns)?,
        }
        Ok(())
    }

    /// A note at the foot of a Parquet file.
    pub fn note(&self, name: &str) -> Option<String> {
        match &self.source {
            Source::Csv(_) => None,
            Source::Parquet(source) => source.note(name),
        }
    }

    /// How many rows each row group of a Parquet file has; nothing of a CSV file, which is of one piece.
    pub fn groups(&self) -> Vec<u64> {
        match &self.source {
            Source::Csv(_) => Vec::new(),
            Source::Parquet(source) => source.groups(),
        }
    }

    /// Reads some row groups only; the rows keep their numbers in the file. A CSV file is read whole.
    pub fn only(&mut self, groups: Range<usize>) {
        if let Source::Parquet(source) = &mut self.source {
            self.read = source.groups().iter().take(groups.start).sum();
            source.only(groups);
        }
    }

    /// The error that a column is needed and not there.
    pub fn lacks(&self, column: &str) -> TableError {
        TableError::NoColumn {
            table: self.table.clone(),
            column: column.to_owned(),
            there: self.names.join(", "),
        }
    }

    /// Reads the next rows, at most [`BATCH_ROWS`], into `rows`, whose memory is used again. No rows are
    /// left where it comes back empty.
    ///
    /// # Errors
    /// The file cannot be read on, or its bytes are damaged.
    pub fn read(&mut self, rows: &mut Rows) -> Result<(), TableError> {
        rows.columns.iter_mut().for_each(Cells::clear);
        rows.ragged.clear();
        rows.first = self.read + 1;
        rows.len = match &mut self.source {
            Source::Csv(source) => source.read(BATCH_ROWS, rows)?,
            Source::Parquet(source) => source.read(BATCH_ROWS, &mut rows.columns)?,
        };
        self.read += rows.len as u64;
        Ok(())
    }

    /// How much has been read and how much there is, in one unit (bytes or rows).
    pub fn progress(&self) -> (u64, u64) {
        match &self.source {
            Source::Csv(source) => source.progress(),
            Source::Parquet(source) => source.progress(),
        }
    }
}
