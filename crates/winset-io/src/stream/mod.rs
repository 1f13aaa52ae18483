//! Tables too large for memory: read, worked on by several threads and written batch by batch.
//!
//! [`RowReader`] reads CSV or Parquet into [`Rows`], [`RowWriter`] writes batches that [`Encoder`] made
//! ready on any thread, [`in_order`] keeps several batches in work and their order. Memory holds a fixed
//! number of batches whatever the size of the file, and of Parquet a page and the dictionary of each column.

mod cells;
mod dictionary;
mod encode;
mod format;
mod hybrid;
mod numbers;
mod ordered;
mod pages;
mod read_csv;
mod read_parquet;
mod read_texts;
mod reader;
mod writer;

#[cfg(test)]
mod tests;

pub use cells::{Cell, Cells, Coded, Texts};
pub use encode::{AMOUNT_DIGITS, AMOUNT_SCALE, Answers, Encoded, Encoder, Kind, at_amount_scale};
pub use format::FileFormat;
pub use numbers::{push_decimal, real_of_single};
pub use ordered::in_order;
pub use reader::{RowReader, Rows};
pub use writer::RowWriter;

/// How many rows a batch has, and a row group of a Parquet file that is written.
pub const BATCH_ROWS: usize = 1 << 16;
