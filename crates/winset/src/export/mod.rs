//! The brief as files: for people (HTML, PDF), for spreadsheets and programs (Excel, CSV, Parquet, JSON), and its
//! charts (SVG, PNG).
//!
//! Words and charts come from [`Brief::document`], numbers from [`tables`]. [`write`](write()) gives one file for a
//! download, [`files`] gives what belongs into a folder. An edition for sharing is [`Brief::shareable`] before any
//! format sees it, so that none can tell more than another.

mod csv;
mod excel;
mod font;
mod html;
mod parquet;
mod pdf;
mod picture;
pub mod tables;

use std::borrow::Cow;
use std::str::FromStr;

use crate::archive;
use crate::brief::{Brief, Edition};

/// A format of the brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One page for a browser.
    Html,
    /// Every number; its schema is `docs/brief.schema.json`.
    Json,
    /// A4, for print.
    Pdf,
    /// A workbook, a sheet a table.
    Excel,
    /// A text file a table.
    Csv,
    /// A Parquet file a table.
    Parquet,
    /// Every chart, as drawn.
    Svg,
    /// Every chart, as an image.
    Png,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::Html,
        Self::Json,
        Self::Pdf,
        Self::Excel,
        Self::Csv,
        Self::Parquet,
        Self::Svg,
        Self::Png,
    ];

    /// Its name: what is typed to ask for it, and the ending of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
            Self::Pdf => "pdf",
            Self::Excel => "xlsx",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    /// Name of the one file that [`write`](write()) gives.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Html => "brief.html",
            Self::Json => "brief.json",
            Self::Pdf => "brief.pdf",
            Self::Excel => "brief.xlsx",
            Self::Csv => "brief-csv.zip",
            Self::Parquet => "brief-parquet.zip",
            Self::Svg => "brief-charts-svg.zip",
            Self::Png => "brief-charts-png.zip",
        }
    }

    /// Media type of the one file that [`write`](write()) gives.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
            Self::Pdf => "application/pdf",
            Self::Excel => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv | Self::Parquet | Self::Svg | Self::Png => "application/zip",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| format!("no format `{name}`: write one of {}", names().join(", ")))
    }
}

fn names() -> [&'static str; 8] {
    Format::ALL.map(Format::name)
}

/// A file of the brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, with `/` after a folder.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why a format could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// JSON.
    #[error("the brief does not go into JSON")]
    Json(#[from] serde_json::Error),
    /// A table as CSV.
    #[error("the table `{table}` does not go into CSV")]
    Csv {
        /// Which.
        table: &'static str,
        /// What the writer said.
        source: ::csv::Error,
    },
    /// A table as Parquet.
    #[error("the table `{table}` does not go into Parquet")]
    Parquet {
        /// Which.
        table: &'static str,
        /// What the writer said.
        source: ::parquet::errors::ParquetError,
    },
    /// The workbook.
    #[error("the tables do not go into a workbook")]
    Excel(#[from] rust_xlsxwriter::XlsxError),
    /// A chart that is no drawing.
    #[error("the chart `{chart}` cannot be drawn: {why}")]
    Chart {
        /// Which.
        chart: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The PDF.
    #[error("the document does not go into a PDF: {0}")]
    Pdf(String),
    /// The archive of several files.
    #[error("the files do not go into an archive")]
    Archive(#[from] zip::result::ZipError),
}

/// The brief in a format, as one file: formats of many files come as an archive.
///
/// # Errors
/// What the writer of the format says; none is expected of a brief that was computed.
pub fn write(brief: &Brief, format: Format, edition: Edition) -> Result<Vec<u8>, ExportError> {
    let files = files(brief, format, edition)?;
    match <[File; 1]>::try_from(files) {
        Ok([file]) if format.media_type() != "application/zip" => Ok(file.bytes),
        Ok(file) => zip(&file),
        Err(files) => zip(&files),
    }
}

fn zip(files: &[File]) -> Result<Vec<u8>, ExportError> {
    let files = files.iter().map(|f| (f.name.as_str(), f.bytes.as_slice()));
    Ok(archive::pack(files)?)
}

/// The brief in a format, as the files of a folder: `brief.pdf`, `tables/chips.csv`, `charts/frontier.svg`.
///
/// # Errors
/// As [`write`](write()).
pub fn files(brief: &Brief, format: Format, edition: Edition) -> Result<Vec<File>, ExportError> {
    let brief = match edition {
        Edition::Full => Cow::Borrowed(brief),
        Edition::Shareable => Cow::Owned(brief.shareable()),
    };
    let one = |bytes| {
        vec![File {
            name: format.file_name().to_owned(),
            bytes,
        }]
    };
    let named = |folder: &str, name: &str| format!("{folder}/{name}.{}", format.name());
    let each_table = |write: fn(&tables::Table) -> Result<Vec<u8>, ExportError>| {
        tables::tables(&brief)
            .iter()
            .map(|table| {
                Ok(File {
                    name: named("tables", table.name),
                    bytes: write(table)?,
                })
            })
            .collect()
    };
    match format {
        Format::Html => Ok(one(html::page(&brief.document()).into_bytes())),
        Format::Json => Ok(one(serde_json::to_vec_pretty(&*brief)?)),
        Format::Pdf => Ok(one(pdf::write(&brief.document())?)),
        Format::Excel => Ok(one(excel::write(&brief, &tables::tables(&brief))?)),
        Format::Csv => each_table(csv::write),
        Format::Parquet => each_table(parquet::write),
        Format::Svg | Format::Png => brief
            .document()
            .figures()
            .into_iter()
            .map(|figure| {
                Ok(File {
                    name: named("charts", figure.name),
                    bytes: match format {
                        Format::Svg => picture::svg(figure),
                        _ => picture::png(figure)?,
                    },
                })
            })
            .collect(),
    }
}
