//! What can go wrong with a download.

use std::io;
use std::path::PathBuf;

/// Why nothing was downloaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// What was asked for cannot be downloaded as asked.
    #[error("{0}")]
    Usage(String),
    /// The server has no such file, or does not give it.
    #[error("{url}: the server answers {status}")]
    Refused {
        /// The address.
        url: String,
        /// Its answer.
        status: u16,
    },
    /// No attempt came to an end.
    #[error("{url}: {what}, in {attempts} attempts{}", for_next_time(*.kept))]
    Unreachable {
        /// The address.
        url: String,
        /// What happened last.
        what: String,
        /// How often it was tried.
        attempts: u32,
        /// Bytes that have come and are kept for the next time.
        kept: u64,
    },
    /// The file is not the one that was expected.
    #[error("{url}: its SHA-256 is {found}, expected {expected}: nothing was kept")]
    Checksum {
        /// The address.
        url: String,
        /// The checksum of what came.
        found: String,
        /// The checksum that it must have.
        expected: String,
    },
    /// The server asks for a longer pause than anybody would sit through.
    #[error("{url}: the server answers {status} and wants to be left alone for {seconds} seconds: try again after {until}{}", for_next_time(*.kept))]
    Later {
        /// The address.
        url: String,
        /// Its answer.
        status: u16,
        /// How long it asks to wait.
        seconds: u64,
        /// When that is over.
        until: String,
        /// Bytes that have come and are kept for the next time.
        kept: u64,
    },
    /// What came is of another form than the file.
    #[error("{url}: the server gives {found}, not {expected}: nothing of it was kept")]
    Form {
        /// The address.
        url: String,
        /// What came.
        found: String,
        /// What the file should be.
        expected: String,
    },
    /// Another process downloads to the same place.
    #[error("{out}: another fetch is writing it; wait until that ends, or name another file")]
    Busy {
        /// The file.
        out: PathBuf,
    },
    /// The file cannot be written.
    #[error("{path}: {error}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

fn for_next_time(bytes: u64) -> String {
    match bytes {
        0 => String::new(),
        n => format!(" ({n} bytes are kept; the next call goes on from there)"),
    }
}
