//! What is owed on every row of a table: read, assessed and written batch by batch, on several threads.
//!
//! The rows of the answer are those of the input, in their order, whatever the number of threads; a row
//! that has no answer says why. See `docs/assess.md` for the columns. [`run`] assesses a file, a [`Job`] a folder of them, part by
//! part; an [`Assessor`] takes rows from anywhere.

mod answer;
mod columns;
mod engine;
mod job;
mod laws;
mod part;
mod row;
mod stated;
mod value;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use winset_io::TableError;
use winset_io::stream::FileFormat;
use winset_law::Unasked;

pub use answer::{Answer, COLUMNS as ANSWERS};
pub use columns::AnswerColumns;
pub use engine::{Assessor, Input};
pub use job::{Found, Job, JobError, Terms};
pub use laws::{Laws, Met};
pub use part::{Part, run_parts};
pub use row::{COLUMNS, NEEDED, misspelt};

/// How a table is assessed.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The day as of which acts count for rows that do not say; `None`: all acts in the data.
    pub known_on: Option<Date>,
    /// How many threads work; at least one does.
    pub threads: usize,
    /// Which columns of the answer are written.
    pub columns: AnswerColumns,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows read and written.
    pub rows: u64,
    /// Rows that say an error instead of an answer.
    pub errors: u64,
    /// What rows state that nothing in the law asks about, as far as it was met in this run; the first
    /// [`MOST_UNASKED`](Summary::MOST_UNASKED) by the alphabet.
    pub unasked: BTreeSet<Unasked>,
}

impl Summary {
    /// How much of what nothing asks about is kept.
    pub const MOST_UNASKED: usize = 20;

    /// Adds what was done elsewhere.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.errors += other.errors;
        for unasked in other.unasked {
            self.note(unasked);
        }
    }

    /// What rows state that nothing asks about, in words; nothing where there is none.
    pub fn unasked_in_words(&self) -> Option<String> {
        if self.unasked.is_empty() {
            return None;
        }
        let named: Vec<String> = self.unasked.iter().map(ToString::to_string).collect();
        let more = match named.len() {
            Self::MOST_UNASKED => " and perhaps more",
            _ => "",
        };
        Some(format!(
            "stated, but nothing in the law asks about it, so it was not counted: {}{more}",
            named.join(", ")
        ))
    }

    fn note(&mut self, unasked: Unasked) {
        self.unasked.insert(unasked);
        if self.unasked.len() > Self::MOST_UNASKED {
            self.unasked.pop_last();
        }
    }
}

/// Why a table could not be assessed. What is wrong with one row is said in that row instead.
#[derive(Debug, thiserror::Error)]
pub enum AssessError<E> {
    /// A file cannot be read or written, or a column is missing.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The answers would take the place of the entries.
    #[error("{} holds the entries: name another file for the answers", .0.display())]
    Itself(PathBuf),
    /// The law does not compile.
    #[error("the law does not compile")]
    Law(E),
    /// Whoever follows the progress asked for an end.
    #[error("the assessment was stopped")]
    Stopped,
}

/// Is told how much has been read and how much there is, in one unit, from any thread; says whether to go on.
pub type Progress<'p> = dyn Fn(u64, u64) -> ControlFlow<()> + Sync + 'p;

/// Assesses the rows of `input` into `output`, which is written whole or not at all.
///
/// # Errors
/// The same file for both, one that cannot be read or written, a needed column that is missing, a law that does not compile.
pub fn run<L: Laws>(
    input: (&Path, FileFormat),
    output: (&Path, FileFormat),
    options: Options,
    laws: &L,
    progress: &Progress<'_>,
) -> Result<Summary, AssessError<L::Error>> {
    let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if same(input.0, output.0) {
        return Err(AssessError::Itself(output.0.to_owned()));
    }
    let mut summary = Summary::default();
    let parts = [Part::whole(input, output)];
    run_parts(&parts, options, laws, progress, |_, of_part| {
        summary = of_part;
    })?;
    Ok(summary)
}
