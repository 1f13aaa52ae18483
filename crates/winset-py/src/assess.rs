//! `assess`: what is owed on every row of a table.

use std::ffi::CString;
use std::iter::Fuse;
use std::sync::Arc;

use arrow_array::builder::Decimal128Builder;
use arrow_array::ffi_stream::ArrowArrayStreamReader;
use arrow_array::{ArrayRef, Float64Array, RecordBatch, RecordBatchReader, StringArray};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use jiff::civil::Date;
use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;
use winset::assess::{
    Answer, AnswerColumns, Assessor, COLUMNS, Input, Laws, Met, NEEDED, Summary, misspelt,
};
use winset_io::TableError;
use winset_io::stream::{Answers, BATCH_ROWS, Cell, Kind, Texts, at_amount_scale, in_order};

use crate::capsule;
use crate::column::{Column, column, named};
use crate::error::Failure;
use crate::given::{answer_columns, maybe_day};
use crate::laws::{self, Meant, PyLaw};
use crate::table::{Table, amount_type};
use crate::work::{self, Abandoned, Reporter};

/// The column that names a row.
const ID: &str = "id";

/// The name of the user's table in messages.
const TABLE: &str = "the table";

/// Assesses the rows of a table; `rows` is how many there are, where that is known. Warns of what rows state that nothing in the
/// law asks about. Answers with a `Table` of the columns id,
/// total, payable, fees, `effective_rate`, components, headings, needs, error, or those of `columns`.
#[pyfunction]
#[pyo3(signature = (table, *, rows = None, known_on = None, columns = None, threads = None, law = None, progress = None))]
#[allow(clippy::too_many_arguments, reason = "Python names them")]
pub(crate) fn assess(
    py: Python<'_>,
    table: &Bound<'_, PyAny>,
    rows: Option<u64>,
    known_on: Option<&Bound<'_, PyAny>>,
    columns: Option<&Bound<'_, PyAny>>,
    threads: Option<usize>,
    law: Option<&Bound<'_, PyLaw>>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Table> {
    let known_on = maybe_day(known_on)?;
    let columns = answer_columns(columns)?;
    let reader = capsule::reader_of(table, &NEEDED, &COLUMNS)?;
    let default = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.unwrap_or(default);
    let meant = laws::meant(law);
    let (table, done) = work::run(py, progress, Abandoned::Awaited, move |reporter| {
        all(reader, rows, (&meant, known_on, columns), threads, reporter)
    })?;
    if let Some(words) = done.unasked_in_words() {
        PyErr::warn(
            py,
            &py.get_type::<PyUserWarning>(),
            &CString::new(words)?,
            2,
        )?;
    }
    Ok(table)
}

/// Some rows of the user's table.
struct Part {
    first: u64,
    len: usize,
    /// In the order of [`COLUMNS`].
    columns: Vec<Option<Box<dyn Column>>>,
}

impl Input for Part {
    fn len(&self) -> usize {
        self.len
    }

    fn first(&self) -> u64 {
        self.first
    }

    fn cell(&self, column: usize, row: usize) -> Cell<'_> {
        let column = self.columns.get(column).and_then(Option::as_ref);
        column.map_or(Cell::Blank, |column| column.cell(row))
    }

    fn is_blank(&self, column: usize) -> bool {
        self.columns.get(column).is_none_or(Option::is_none)
    }

    fn fault(&self, _: usize) -> Option<String> {
        None
    }
}

/// Where each column that is read stands in the table.
fn places(schema: &Schema) -> Result<Vec<Option<usize>>, TableError> {
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().trim()).collect();
    let lacks = |column: &str| TableError::NoColumn {
        table: TABLE.to_owned(),
        column: column.to_owned(),
        there: names.join(", "),
    };
    if let Some(column) = misspelt(&names) {
        return Err(lacks(column));
    }
    let mut places = Vec::with_capacity(COLUMNS.len());
    for column in COLUMNS {
        let mut found = (0..names.len()).filter(|i| names[*i] == column);
        let place = found.next();
        if found.next().is_some() {
            return Err(TableError::Twice {
                table: TABLE.to_owned(),
                column: column.to_owned(),
            });
        }
        if place.is_none() && NEEDED.contains(&column) {
            return Err(lacks(column));
        }
        places.push(place);
    }
    Ok(places)
}

/// Cuts the batches of a table into parts that threads share out.
struct Parts {
    /// Every thread asks once more after the last batch.
    reader: Fuse<ArrowArrayStreamReader>,
    places: Vec<Option<usize>>,
    batch: Option<RecordBatch>,
    /// How many rows of the batch have been given.
    given: usize,
    /// How many rows of all batches have been given.
    done: u64,
}

impl Parts {
    fn new(reader: ArrowArrayStreamReader) -> Result<Self, TableError> {
        Ok(Self {
            places: places(&reader.schema())?,
            reader: reader.fuse(),
            batch: None,
            given: 0,
            done: 0,
        })
    }

    fn next(&mut self) -> Result<Option<Part>, Failure> {
        loop {
            if let Some(batch) = &self.batch
                && self.given < batch.num_rows()
            {
                let len = BATCH_ROWS.min(batch.num_rows() - self.given);
                let part = self.part(&batch.slice(self.given, len))?;
                self.given += len;
                self.done += len as u64;
                return Ok(Some(part));
            }
            self.given = 0;
            self.batch = self.reader.next().transpose().map_err(damaged)?;
            if self.batch.is_none() {
                return Ok(None);
            }
        }
    }

    fn part(&self, batch: &RecordBatch) -> Result<Part, TableError> {
        let read = |(place, name): (&Option<usize>, &str)| {
            let Some(place) = *place else {
                return Ok(None);
            };
            let array = batch.column(place);
            let schema = batch.schema_ref();
            let unsupported = |found: &str| TableError::Type {
                table: TABLE.to_owned(),
                column: name.to_owned(),
                found: found.to_owned(),
            };
            // What pandas counts as periods is stored as numbers that mean something else.
            let kind = schema.field(place).extension_type_name();
            if let Some(kind) = kind.filter(|kind| kind.starts_with("pandas.")) {
                return Err(unsupported(kind));
            }
            // Two moments of a day are two names, and one date.
            let cells = if name == ID {
                named(array)
            } else {
                column(array)
            };
            let cells = cells.ok_or_else(|| unsupported(&array.data_type().to_string()))?;
            Ok(Some(cells))
        };
        let columns = self.places.iter().zip(COLUMNS).map(read);
        Ok(Part {
            first: self.done + 1,
            len: batch.num_rows(),
            columns: columns.collect::<Result<_, TableError>>()?,
        })
    }
}

fn damaged(error: ArrowError) -> Failure {
    Failure::input(format!("{TABLE} does not read: {error}"))
}

/// What ended the work early.
enum Stop {
    /// Nobody waits for the answer.
    Unwanted,
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

fn all(
    reader: ArrowArrayStreamReader,
    rows: Option<u64>,
    (laws, known_on, columns): (&Meant, Option<Date>, AnswerColumns),
    threads: usize,
    reporter: &Reporter,
) -> Result<(Table, Summary), Failure> {
    let mut parts = Parts::new(reader)?;
    let met = Met::new(laws);
    let schema = schema(columns);
    let next = || {
        if reporter.stopped() {
            return Err(Stop::Unwanted);
        }
        let part = parts.next()?;
        reporter.step("assessing", parts.done, rows);
        Ok(part)
    };
    let worker = || {
        let mut assessor = Assessor::new(&met, known_on);
        let schema = schema.clone();
        move |part: Part| {
            let answer = assessor.assess(&part, Answer::reusing(columns, Vec::new()))?;
            let summary = answer.summary();
            Ok::<_, Stop>((batch(&schema, answer)?, summary))
        }
    };
    let (mut batches, mut summary) = (Vec::new(), Summary::default());
    let done = in_order(threads, next, worker, |(batch, of_part)| {
        batches.push(batch);
        summary.add(of_part);
        Ok(())
    });
    match done {
        // An answer that nobody takes may be empty.
        Ok(()) | Err(Stop::Unwanted) => {
            laws.finish()?;
            Ok((Table::new(schema, batches), summary))
        }
        Err(Stop::Failed(failure)) => Err(failure),
    }
}

/// The columns of the answer.
fn schema(columns: AnswerColumns) -> SchemaRef {
    let field = |(name, kind): &(&str, Kind)| match kind {
        Kind::Text => Field::new(*name, DataType::Utf8, false),
        Kind::Amount => Field::new(*name, amount_type(), true),
        Kind::Real => Field::new(*name, DataType::Float64, true),
    };
    let columns = columns.named();
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

fn batch(schema: &SchemaRef, answer: Answer) -> Result<RecordBatch, Failure> {
    let columns = answer.into_columns().into_iter().map(array);
    let columns = columns.collect::<Result<_, Failure>>()?;
    RecordBatch::try_new(schema.clone(), columns).map_err(Failure::input)
}

/// A column of answers; texts are taken over as they are.
fn array(answers: Answers) -> Result<ArrayRef, Failure> {
    Ok(match answers {
        Answers::Texts(texts) => Arc::new(strings(texts)?),
        Answers::Coded(coded) => Arc::new(strings(coded.into_texts())?),
        Answers::Reals(numbers) => Arc::new(Float64Array::from(numbers)),
        Answers::Amounts(amounts) => {
            let mut out =
                Decimal128Builder::with_capacity(amounts.len()).with_data_type(amount_type());
            for amount in amounts {
                match amount {
                    None => out.append_null(),
                    Some(amount) => {
                        let digits = at_amount_scale(amount);
                        out.append_value(
                            digits.ok_or_else(|| {
                                Failure::input("an amount of more than 38 digits")
                            })?,
                        );
                    }
                }
            }
            Arc::new(out.finish())
        }
    })
}

fn strings(texts: Texts) -> Result<StringArray, Failure> {
    let (bytes, ends) = texts.into_parts();
    let mut offsets = Vec::with_capacity(ends.len() + 1);
    offsets.push(0);
    for end in ends {
        offsets.push(i32::try_from(end).map_err(Failure::input)?);
    }
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    StringArray::try_new(offsets, Buffer::from_vec(bytes), None).map_err(Failure::input)
}
