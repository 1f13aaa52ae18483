//! What can be wrong with a table.

use csv::ErrorKind;
use parquet::errors::ParquetError;

use crate::quotes::QuoteFault;

/// What is wrong with a table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The bytes are no Parquet file, or a damaged one.
    #[error("{table}: not a readable Parquet file: {error}")]
    Parquet {
        /// The table's name.
        table: String,
        /// What the reader said.
        error: ParquetError,
    },
    /// The file is none that holds a table, such as a packed one.
    #[error("{table}: {what}")]
    Foreign {
        /// The table's name.
        table: String,
        /// What it is, and what to do.
        what: &'static str,
    },
    /// A quote of CSV swallows what follows it.
    #[error("{table}: {fault}")]
    Quote {
        /// The table's name.
        table: String,
        /// Where the quote stands, and what is wrong with it.
        fault: QuoteFault,
    },
    /// A row has another number of cells than the header.
    #[error(
        "{table}: row {row}: it has {cells} cells where the header has {expected}; the file is damaged or cut off"
    )]
    Ragged {
        /// The table's name.
        table: String,
        /// The row, from 1, the header not counted.
        row: u64,
        /// How many cells it has.
        cells: u64,
        /// How many the header has.
        expected: u64,
    },
    /// A row of CSV is not UTF-8; row zero is the header.
    #[error("{table}: row {row} is not UTF-8 (it may be Latin-1); save the file as UTF-8")]
    NotUtf8 {
        /// The table's name.
        table: String,
        /// The row, from 1, the header not counted.
        row: u64,
    },
    /// CSV that cannot be read or written for another reason.
    #[error("{table}: {error}")]
    Csv {
        /// The table's name.
        table: String,
        /// What the reader said.
        error: csv::Error,
    },
    /// The file cannot be read or written.
    #[error("{table}: {error}")]
    Io {
        /// The table's name.
        table: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// Two columns have the same name.
    #[error("{table}: there are two columns `{column}`")]
    Twice {
        /// The table's name.
        table: String,
        /// The name.
        column: String,
    },
    /// A column that is needed is not there.
    #[error("{table}: no column `{column}` (there are: {there})")]
    NoColumn {
        /// The table's name.
        table: String,
        /// The column that is missing.
        column: String,
        /// The columns that are there.
        there: String,
    },
    /// A cell does not read as what the column must hold.
    #[error("{table}: row {row}, column `{column}`: `{cell}` is not {expected}")]
    Cell {
        /// The table's name.
        table: String,
        /// The row, from 1, the header not counted.
        row: usize,
        /// The column.
        column: String,
        /// What stands there.
        cell: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// A column has a type that tables here do not have.
    #[error("{table}: column `{column}` has an unsupported type ({found})")]
    Type {
        /// The table's name.
        table: String,
        /// The column.
        column: String,
        /// The type that was found.
        found: String,
    },
}

impl TableError {
    /// What the reader of CSV says, in words that name the row.
    pub(crate) fn of_csv(table: &str, error: csv::Error) -> Self {
        let table = table.to_owned();
        let row = error.position().map_or(0, csv::Position::record);
        match error.into_kind() {
            ErrorKind::Io(error) => {
                let fault = error.get_ref().and_then(|e| e.downcast_ref().copied());
                match fault {
                    Some(fault) => Self::Quote { table, fault },
                    None => Self::Io { table, error },
                }
            }
            ErrorKind::UnequalLengths {
                expected_len: expected,
                len: cells,
                ..
            } => Self::Ragged {
                table,
                row,
                cells,
                expected,
            },
            ErrorKind::Utf8 { .. } => Self::NotUtf8 { table, row },
            other => Self::Io {
                table,
                error: std::io::Error::other(format!("row {row}: {other:?}")),
            },
        }
    }

    /// What the reader of Parquet says.
    pub(crate) fn of_parquet(table: &str, error: ParquetError) -> Self {
        let table = table.to_owned();
        // The reader names the library that it was built without, which is the form of compression.
        let is_packed_otherwise = error
            .to_string()
            .contains("Disabled feature at compile time");
        if is_packed_otherwise {
            let what = "its pages are compressed otherwise than by zstd or snappy; write it with zstd, snappy or no compression";
            return Self::Foreign { table, what };
        }
        Self::Parquet { table, error }
    }

    /// The error that a column stands twice, if one does; columns without a name may.
    pub(crate) fn of_names<'a>(
        table: &str,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Self> {
        let mut names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            None => Ok(()),
            Some(pair) => Err(Self::Twice {
                table: table.to_owned(),
                column: pair[0].to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compression_that_is_not_read_is_named_as_that() {
        // What the library says of pages of gzip.
        let said = "Disabled feature at compile time: flate2".to_owned();
        let error = TableError::of_parquet("t.parquet", ParquetError::NYI(said));
        assert_eq!(
            error.to_string(),
            "t.parquet: its pages are compressed otherwise than by zstd or snappy; write it with zstd, snappy or no compression"
        );
    }
}
