//! What can be wrong with a published file, or with the place its figures should go to.

use std::path::PathBuf;

use winset_io::TableError;

/// The one error type of this crate. Every message says which file, where in it, and what was expected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// A file cannot be opened or read.
    #[error("{file}: {error}")]
    Read {
        /// The file.
        file: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file is not what it should be as a whole: another format, another encoding, or cut off.
    #[error("{file}: {what}")]
    Whole {
        /// The file.
        file: String,
        /// What is wrong and what to do.
        what: String,
    },
    /// The columns are not those of the publisher's file.
    #[error("{file}: {what} (its header is: {header})")]
    Header {
        /// The file.
        file: String,
        /// Which column is missing or unknown.
        what: String,
        /// The columns that are there.
        header: String,
    },
    /// A row is not as the publisher writes it.
    #[error("{file}: row {row}: {what}")]
    Row {
        /// The file.
        file: String,
        /// The row, from 1, the header not counted.
        row: u64,
        /// What is wrong and what was expected.
        what: String,
    },
    /// A cell does not read.
    #[error("{file}: row {row}, column `{column}`: `{found}` is not {expected}")]
    Cell {
        /// The file.
        file: String,
        /// The row, from 1, the header not counted.
        row: u64,
        /// The column.
        column: String,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// The figures do not add up to what the file itself, or its publisher, says.
    #[error(
        "{file}: {what} is {found}, expected {expected} (the file is damaged or another edition)"
    )]
    Control {
        /// The file.
        file: String,
        /// Which total.
        what: String,
        /// What the cells add up to.
        found: f64,
        /// What they should.
        expected: f64,
    },
    /// A table that the user gave beside the published file does not fit it.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A mapping, tariff or elasticity names what is not there, or lacks what is needed.
    #[error("{0}")]
    Names(String),
    /// What was asked for cannot be done as asked.
    #[error("{0}")]
    Usage(String),
    /// The result cannot be written; what stood there is as it was.
    #[error("{path}: {what}")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        what: String,
    },
}
