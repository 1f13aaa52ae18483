//! What a folder of tables holds, where it comes from, and how to know it is whole.

use std::fmt::Write as _;
use std::io::Read;

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
    /// The file.
    pub file: String,
    /// What it holds, in a line.
    pub what: String,
    /// What to mind when using it.
    pub mind: String,
    /// Rows of the table.
    pub rows: usize,
    /// SHA-256 of the file.
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
    hexadecimal(&Sha256::digest(bytes))
}

/// SHA-256 of all that a reader gives.
///
/// # Errors
/// What the reader says.
pub fn sha256_of(mut reader: impl Read) -> std::io::Result<String> {
    let mut sum = Sha256::new();
    let mut block = vec![0; 1 << 18];
    loop {
        match reader.read(&mut block)? {
            0 => return Ok(hexadecimal(&sum.finalize())),
            n => sum.update(&block[..n]),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
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

    /// The manifest as a file, which says in its first line who made it.
    ///
    /// # Errors
    /// What the writer says.
    pub fn text(&self, made_by: &str) -> Result<String, toml::ser::Error> {
        Ok(format!(
            "# Made by `{made_by}`.\n{}",
            toml::to_string(self)?
        ))
    }

    /// The entry of a file.
    pub fn entry(&self, file: &str) -> Option<&Entry> {
        self.table.iter().find(|entry| entry.file == file)
    }
}
