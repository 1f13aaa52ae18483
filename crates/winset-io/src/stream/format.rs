//! Which kind of file a path names.

use std::path::Path;

/// A kind of table file, told by the ending of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// `.csv`: texts separated by commas, with a header line.
    Csv,
    /// `.parquet` or `.pq`.
    Parquet,
}

impl FileFormat {
    /// The format that an ending stands for, in any case; `None` for other endings.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "parquet" | "pq" => Some(Self::Parquet),
            _ => None,
        }
    }
}
