//! Files, in and out.
//!
//! Owns: a text file with places in it ([`Source`], [`Problem`]), a table of columns read from CSV or
//! Parquet ([`Table`]), tables too large for memory ([`stream`]), and writing a file or folder whole or not
//! at all ([`write_whole`], [`WholeFolder`]).
//!
//! Refuses: to know what any of it means. No law, no economics, no bargaining in here.

mod foreign;
mod problem;
mod quotes;
pub mod stream;
mod table;
mod table_error;
mod toml_file;
mod whole;

pub use foreign::no_text;
pub use problem::{Problem, Problems, Source, Span};
pub use quotes::{QuoteFault, QuotePlace, Quotes};
pub use table::{Column, Table};
pub use table_error::TableError;
pub use toml_file::{parse_toml, span_of};
pub use whole::{WholeFolder, needs_folder, write_whole};
