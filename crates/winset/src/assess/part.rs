//! Parts of an assessment: some rows of one file, and the file of their answers.

use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use winset_io::TableError;
use winset_io::stream::{Encoded, Encoder, FileFormat, RowReader, RowWriter, Rows, in_order};

use super::answer::Answer;
use super::engine::FileRows;
use super::{
    AssessError, Assessor, COLUMNS, Laws, Met, NEEDED, Options, Progress, Summary, misspelt,
};

/// The note at the foot of a file of answers that says how many rows of it have none.
const ERRORS: &str = "winset.errors";

/// Some rows of a file, and where their answers go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The file that is read.
    pub input: (PathBuf, FileFormat),
    /// The row groups of a Parquet file; `None`: the whole file.
    pub groups: Option<Range<usize>>,
    /// The file that is written, whole or not at all.
    pub output: (PathBuf, FileFormat),
}

impl Part {
    /// The whole of a file.
    pub fn whole(input: (&Path, FileFormat), output: (&Path, FileFormat)) -> Self {
        Self {
            input: (input.0.to_owned(), input.1),
            groups: None,
            output: (output.0.to_owned(), output.1),
        }
    }

    /// What was answered, if the file of answers is there.
    pub fn answered(&self) -> Option<Summary> {
        let (path, format) = &self.output;
        let file = RowReader::open(path, *format).ok()?;
        Some(Summary {
            rows: file.groups().iter().sum(),
            errors: file.note(ERRORS)?.parse().ok()?,
            ..Summary::default()
        })
    }

    fn open(&self) -> Result<RowReader, TableError> {
        let mut reader = open(&self.input.0, self.input.1)?;
        if let Some(groups) = &self.groups {
            reader.only(groups.clone());
        }
        Ok(reader)
    }
}

/// Opens a file of entries; the columns that are needed must be there.
pub(super) fn open(path: &Path, format: FileFormat) -> Result<RowReader, TableError> {
    let mut reader = RowReader::open(path, format)?;
    for column in NEEDED {
        if !reader.names().iter().any(|name| name == column) {
            return Err(reader.lacks(column));
        }
    }
    if let Some(column) = misspelt(reader.names()) {
        return Err(reader.lacks(column));
    }
    reader.choose(&COLUMNS)?;
    Ok(reader)
}

/// Rows in work.
struct Batch {
    part: usize,
    rows: Rows,
    width: usize,
}

/// Rows that are done.
struct Done {
    part: usize,
    answers: Option<Encoded>,
    summary: Summary,
}

/// The readers of the parts, one after the other.
struct Source<'p> {
    parts: &'p [Part],
    /// The part that is read, and its reader.
    part: usize,
    reader: Option<RowReader>,
    /// Whether a batch of the part was given.
    begun: bool,
}

impl Source<'_> {
    /// The next rows; of a part without rows one batch that is empty.
    fn next(&mut self, mut rows: Rows) -> Result<Option<Batch>, TableError> {
        while let Some(part) = self.parts.get(self.part) {
            let reader = match &mut self.reader {
                Some(reader) => reader,
                none => none.insert(part.open()?),
            };
            reader.read(&mut rows)?;
            if rows.len == 0 && self.begun {
                (self.part, self.reader, self.begun) = (self.part + 1, None, false);
                continue;
            }
            self.begun = true;
            return Ok(Some(Batch {
                part: self.part,
                rows,
                width: reader.width(),
            }));
        }
        Ok(None)
    }

    /// How much is read, in thousandths of parts, and how much there is.
    fn progress(&self) -> (u64, u64) {
        let of_part = self.reader.as_ref().map_or(0, |reader| {
            let (read, all) = reader.progress();
            1000 * read / all.max(1)
        });
        (
            1000 * self.part as u64 + of_part,
            1000 * self.parts.len() as u64,
        )
    }
}

/// Assesses part after part, each written whole or not at all, and tells of each that is done, in their order.
/// `progress` is told how much has been read and how much there is, in one unit, from any thread, and says whether to go on.
///
/// # Errors
/// A file that cannot be read or written, a needed column that is missing, a law that does not compile, a stop that
/// `progress` asked for. Parts that were told are done.
pub fn run_parts<L: Laws>(
    parts: &[Part],
    options: Options,
    laws: &L,
    progress: &Progress<'_>,
    mut told: impl FnMut(usize, Summary) + Send,
) -> Result<(), AssessError<L::Error>> {
    let mut encoders: Vec<Encoder> = Vec::with_capacity(2);
    for format in [FileFormat::Csv, FileFormat::Parquet] {
        encoders.push(Encoder::new(format, &options.columns.named())?);
    }
    let encoder = |part: usize| &encoders[usize::from(parts[part].output.1 == FileFormat::Parquet)];
    let met = Met::new(laws);
    // Batches whose memory can be used again.
    let spare = Mutex::new(Vec::<Rows>::new());
    let take_spare = || spare.lock().map_or(None, |mut spare| spare.pop());
    let mut source = Source {
        parts,
        part: 0,
        reader: None,
        begun: false,
    };
    let next = || {
        let batch = source.next(take_spare().unwrap_or_default())?;
        let (read, all) = source.progress();
        match progress(read, all) {
            ControlFlow::Continue(()) => Ok(batch),
            ControlFlow::Break(()) => Err(AssessError::Stopped),
        }
    };
    let worker = || {
        let (encoder, spare) = (&encoder, &spare);
        let mut assessor = Assessor::new(&met, options.known_on);
        let mut columns = Vec::new();
        move |batch: Batch| -> Result<Done, AssessError<L::Error>> {
            let input = FileRows {
                rows: &batch.rows,
                width: batch.width,
            };
            let answer = Answer::reusing(options.columns, std::mem::take(&mut columns));
            let answer = assessor.assess(&input, answer).map_err(AssessError::Law)?;
            let summary = answer.summary();
            columns = answer.into_columns();
            let answers = match batch.rows.len {
                0 => None,
                rows => Some(encoder(batch.part).encode(rows, &columns)?),
            };
            if let Ok(mut spare) = spare.lock() {
                spare.push(batch.rows);
            }
            Ok(Done {
                part: batch.part,
                answers,
                summary,
            })
        }
    };
    let mut open: Option<(usize, RowWriter, Summary)> = None;
    let mut finish = |(part, mut writer, sum): (usize, RowWriter, Summary)| {
        writer.note(ERRORS, sum.errors.to_string());
        writer.finish()?;
        told(part, sum);
        Ok::<_, AssessError<L::Error>>(())
    };
    in_order(options.threads, next, worker, |done| {
        if open.as_ref().is_some_and(|(part, ..)| *part != done.part)
            && let Some(open) = open.take()
        {
            finish(open)?;
        }
        let (_, writer, sum) = match &mut open {
            Some(open) => open,
            none => {
                let writer = RowWriter::create(&parts[done.part].output.0, encoder(done.part))?;
                none.insert((done.part, writer, Summary::default()))
            }
        };
        if let Some(answers) = done.answers {
            writer.write(answers)?;
        }
        sum.add(done.summary);
        Ok(())
    })?;
    laws.finish().map_err(AssessError::Law)?;
    open.map_or(Ok(()), finish)
}
