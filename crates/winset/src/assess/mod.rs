//! What is owed on every row of a table: read, assessed and written batch by batch, on several threads.
//!
//! The rows of the answer are those of the input, in their order, whatever the number of threads; a row
//! that has no answer says why. See `docs/assess.md` for the columns.

mod answer;
mod laws;
mod row;
mod value;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use winset_io::TableError;
use winset_io::stream::{Encoded, Encoder, FileFormat, RowReader, RowWriter, Rows, in_order};
use winset_law::Entry;

pub use answer::COLUMNS as ANSWERS;
pub use laws::Laws;
pub use row::{COLUMNS, NEEDED};

use answer::Answer;
use laws::{Batches, Met};

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
        let (met, encoder, errors, rows, spare) = (&met, &encoder, &errors, &rows, &spare);
        let mut batches = met.batches();
        let mut some = Vec::with_capacity(CHUNK);
        move |batch: Rows| -> Result<Encoded, AssessError<L::Error>> {
            let mut answer = Answer::default();
            let mut ragged = batch.ragged.iter().peekable();
            for row in 0..batch.len {
                answer.id(&batch, row);
                let read = match ragged.next_if(|(at, _)| *at == row) {
                    Some((_, cells)) => {
                        Err(format!("the row has {cells} cells, the header {width}"))
                    }
                    None => row::entry(&batch, row, options.known_on),
                };
                match read {
                    Ok(entry) => {
                        let other =
                            |(first, _): &(Entry, _)| first.importer() != entry.0.importer();
                        if some.len() == CHUNK || some.first().is_some_and(other) {
                            tell(&mut some, met, &mut batches, &mut answer)?;
                        }
                        some.push(entry);
                    }
                    Err(fault) => {
                        tell(&mut some, met, &mut batches, &mut answer)?;
                        answer.fault(&fault);
                    }
                }
            }
            tell(&mut some, met, &mut batches, &mut answer)?;
            rows.fetch_add(batch.len as u64, Ordering::Relaxed);
            errors.fetch_add(answer.errors(), Ordering::Relaxed);
            let encoded = answer.encode(encoder, batch.len)?;
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

/// How many entries are assessed side by side.
const CHUNK: usize = 256;

/// Assesses entries of one importer, adds their answers, and forgets them.
fn tell<L: Laws>(
    entries: &mut Vec<(Entry, Option<Date>)>,
    met: &Met<'_, L>,
    batches: &mut Batches<'_, L>,
    answer: &mut Answer,
) -> Result<(), AssessError<L::Error>> {
    let Some((first, _)) = entries.first() else {
        return Ok(());
    };
    let importer = first.importer();
    if let Some(law) = batches.of(importer).map_err(AssessError::Law)? {
        law.assess_all(entries, |_, owed| answer.owed(owed));
    } else {
        let fault = met.lacks(importer);
        for _ in 0..entries.len() {
            answer.fault(&fault);
        }
    }
    entries.clear();
    Ok(())
}
