//! What is owed on every row of a table: read, assessed and written batch by batch, on several threads.
//!
//! The rows of the answer are those of the input, in their order, whatever the number of threads; a row
//! that has no answer says why. See `docs/assess.md` for the columns. [`run`] assesses files; an [`Assessor`] takes rows from
//! anywhere.

mod answer;
mod engine;
mod laws;
mod row;
mod value;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use winset_io::TableError;
use winset_io::stream::{Encoded, Encoder, FileFormat, RowReader, RowWriter, Rows, in_order};

pub use answer::{Answer, COLUMNS as ANSWERS};
pub use engine::{Assessor, Input};
pub use laws::{Laws, Met};
pub use row::{COLUMNS, NEEDED};

use engine::FileRows;

/// How a table is assessed.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The day as of which acts count for rows that do not say; `None`: all acts in the data.
    pub known_on: Option<Date>,
    /// How many threads work; at least one does.
    pub threads: usize,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows read and written.
    pub rows: u64,
    /// Rows that say an error instead of an answer.
    pub errors: u64,
}

/// Why a table could not be assessed. What is wrong with one row is said in that row instead.
#[derive(Debug, thiserror::Error)]
pub enum AssessError<E> {
    /// A file cannot be read or written, or a column is missing.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The law does not compile.
    #[error("the law does not compile")]
    Law(E),
}

/// Assesses the rows of `input` into `output`, which is written whole or not at all. `progress` is told how
/// much has been read and how much there is, in one unit, from any thread.
///
/// # Errors
/// A file that cannot be read or written, a needed column that is missing, a law that does not compile.
pub fn run<L: Laws>(
    input: (&Path, FileFormat),
    output: (&Path, FileFormat),
    options: Options,
    laws: &L,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Summary, AssessError<L::Error>> {
    let mut reader = RowReader::open(input.0, input.1)?;
    for column in NEEDED {
        if !reader.names().iter().any(|name| name == column) {
            return Err(reader.lacks(column).into());
        }
    }
    reader.choose(&COLUMNS)?;
    let width = reader.width();
    let encoder = Encoder::new(output.1, &ANSWERS)?;
    let mut writer = RowWriter::create(output.0, &encoder)?;
    let met = Met::new(laws);
    let (rows, errors) = (AtomicU64::new(0), AtomicU64::new(0));
    // Batches whose memory can be used again.
    let spare = Mutex::new(Vec::<Rows>::new());
    let take_spare = || spare.lock().map_or(None, |mut spare| spare.pop());
    let next = || {
        let mut batch = take_spare().unwrap_or_default();
        reader.read(&mut batch)?;
        let (read, all) = reader.progress();
        progress(read, all);
        Ok((batch.len > 0).then_some(batch))
    };
    let worker = || {
        let (encoder, errors, rows, spare) = (&encoder, &errors, &rows, &spare);
        let mut assessor = Assessor::new(&met, options.known_on);
        let mut columns = Vec::new();
        move |batch: Rows| -> Result<Encoded, AssessError<L::Error>> {
            let input = FileRows {
                rows: &batch,
                width,
            };
            let answer = Answer::reusing(std::mem::take(&mut columns));
            let answer = assessor.assess(&input, answer).map_err(AssessError::Law)?;
            rows.fetch_add(batch.len as u64, Ordering::Relaxed);
            errors.fetch_add(answer.errors(), Ordering::Relaxed);
            columns = answer.into_columns();
            let encoded = encoder.encode(batch.len, &columns)?;
            if let Ok(mut spare) = spare.lock() {
                spare.push(batch);
            }
            Ok(encoded)
        }
    };
    in_order(options.threads, next, worker, |batch| {
        writer.write(batch).map_err(AssessError::Table)
    })?;
    laws.finish().map_err(AssessError::Law)?;
    writer.finish()?;
    Ok(Summary {
        rows: rows.into_inner(),
        errors: errors.into_inner(),
    })
}
