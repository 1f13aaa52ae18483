//! What is embedded, where it comes from, and how to know it is whole.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The manifest of a data folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Number of the manifest's format; this is 1.
    pub format: u32,
    /// One entry a table.
    pub table: Vec<Entry>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The Parquet file.
    pub file: String,
    /// What it holds, in a line.
    pub what: String,
    /// What to mind when using it.
    pub mind: String,
    /// Rows of the table.
    pub rows: usize,
    /// SHA-256 of the Parquet file.
    pub sha256: String,
    /// Sums of columns that must come out.
    #[serde(default)]
    pub totals: Vec<(String, f64)>,
    /// The files it was made from.
    pub origin: Vec<Origin>,
}

/// A published file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Its name in the folder of sources.
    pub file: String,
    /// Who published the figures.
    pub publisher: String,
    /// Their date.
    pub date: String,
    /// Under which terms.
    pub licence: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            use std::fmt::Write;
            let _ = write!(text, "{byte:02x}");
            text
        })
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// What is wrong with the text, in the parser's words.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The entry of a file.
    pub fn entry(&self, file: &str) -> Option<&Entry> {
        self.table.iter().find(|entry| entry.file == file)
    }
}
