//! Official files, exactly as their publishers issue them, into the formats that the rest of winset reads.
//!
//! Owns: a reader a format, from schedules ([`hts`], [`japan`]) and their notes ([`hts_notes`]) over trade ([`census`],
//! [`comtrade`], [`baci`]) and applied tariffs ([`tariffs`]) to world input–output tables ([`icio`], [`wiod`]) and exchange
//! rates ([`ecb`]); what of them goes where ([`Stage`]), whole or not at all; and the [`Manifest`] that says what a file was
//! made from.
//!
//! Refuses: to download anything, to interpret a rate or a measure, to solve a model. A column that it does not know or does
//! not find is an error, never zero.
//!
//! ```
//! use winset_import::{Input, ecb};
//!
//! let file = Input::from_bytes("eurofxref-hist.csv", "Date,USD,JPY,\n2025-04-02,1.0803,161.65,\n")?;
//! let rates = ecb::read(file)?;
//! assert_eq!(rates.table()?.texts("jpy")?, ["161.65"]);
//! # Ok::<(), winset_import::ImportError>(())
//! ```

pub mod baci;
mod batch;
pub mod census;
pub mod comtrade;
pub mod ecb;
mod error;
pub mod hts;
pub mod hts_notes;
pub mod icio;
mod input;
mod intervals;
pub mod japan;
mod manifest;
mod mapping;
mod publisher;
mod sheet;
mod stage;
pub mod tariffs;
mod twice;
pub mod wiod;
mod world;

pub use error::ImportError;
pub use input::Input;
pub use intervals::{Interval, days_of, intervals};
pub use manifest::{Entry, Manifest, Origin, sha256, sha256_of};
pub use mapping::{Mapping, SHIPPED};
pub use publisher::{PUBLISHERS, Publisher, origin};
pub use sheet::Sheet;
pub use stage::{About, MANIFEST_FILE, RowsOut, Stage};
pub use world::{Choices, Economy};
