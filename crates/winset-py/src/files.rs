//! Folders of entries: cut into work items, which any number of processes assess, each into a file of its own.

use std::ops::{ControlFlow, Range};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use pyo3::prelude::*;
use serde::{Deserialize, Serialize};
use winset::assess::{self, AnswerColumns, Options, Part, Summary, Terms, run_parts};
use winset::choice::Choice;
use winset_io::stream::FileFormat;

use crate::error::Failure;
use crate::given::{answer_columns, maybe_day};
use crate::laws::{self, Meant, PyLaw, version};
use crate::work::{self, Abandoned};

/// A part as a text that travels between processes.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    input: PathBuf,
    groups: Option<Range<usize>>,
    output: PathBuf,
    known_on: Option<Date>,
    columns: AnswerColumns,
    /// Which law is meant.
    choice: Choice,
    /// By which winset and law the job is assessed.
    law: String,
}

impl Item {
    fn part(&self) -> Result<Part, Failure> {
        let format = |path: &PathBuf| {
            FileFormat::of(path).ok_or_else(|| {
                Failure::input(format!("{}: the ending names no format", path.display()))
            })
        };
        Ok(Part {
            input: (self.input.clone(), format(&self.input)?),
            groups: self.groups.clone(),
            output: (self.output.clone(), format(&self.output)?),
        })
    }
}

fn threads(given: Option<usize>) -> usize {
    let default = std::thread::available_parallelism().map_or(1, usize::from);
    given.unwrap_or(default)
}

/// A folder, or a file, of entries that is assessed into a folder, part by part. Nobody else writes to the folder of answers as
/// long as it is open.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Job {
    open: Mutex<Option<assess::Job>>,
    known_on: Option<Date>,
    columns: AnswerColumns,
    laws: Arc<Meant>,
    /// By which winset and law.
    version: String,
}

impl Job {
    fn with<T>(&self, what: impl FnOnce(&assess::Job) -> Result<T, Failure>) -> Result<T, Failure> {
        let job = self.open.lock();
        let job = job.unwrap_or_else(PoisonError::into_inner);
        match &*job {
            Some(job) => what(job),
            None => Err(Failure::input("the job is closed: make another one")),
        }
    }
}

#[pymethods]
impl Job {
    #[new]
    #[pyo3(signature = (entries, out, *, known_on = None, columns = None, part_rows = 1 << 22, law = None))]
    fn open(
        py: Python<'_>,
        entries: PathBuf,
        out: PathBuf,
        known_on: Option<&Bound<'_, PyAny>>,
        columns: Option<&Bound<'_, PyAny>>,
        part_rows: u64,
        law: Option<&Bound<'_, PyLaw>>,
    ) -> PyResult<Self> {
        let known_on = maybe_day(known_on)?;
        let columns = answer_columns(columns)?;
        let laws = laws::meant(law);
        let opened = py.detach(|| {
            let absolute = |path: PathBuf| std::path::absolute(path).map_err(Failure::input);
            laws.check_readings()?;
            let terms = Terms::new(laws.choice(), known_on, columns, part_rows)?;
            let job = assess::Job::open(&absolute(entries)?, &absolute(out)?, &terms)
                .map_err(Failure::input)?;
            Ok((job, version(&terms.law)))
        });
        let (job, version) = opened.map_err(|failure: Failure| failure.raise(py))?;
        Ok(Self {
            open: Mutex::new(Some(job)),
            known_on,
            columns,
            laws,
            version,
        })
    }

    /// The work items that are not done yet, as texts.
    fn items(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let items = self.with(|job| {
            let missing = job.missing().into_iter();
            let texts = missing.map(|part| {
                serde_json::to_string(&Item {
                    input: part.input.0,
                    groups: part.groups,
                    output: part.output.0,
                    known_on: self.known_on,
                    columns: self.columns,
                    choice: self.laws.choice().clone(),
                    law: self.version.clone(),
                })
            });
            texts.collect::<Result<_, _>>().map_err(Failure::input)
        });
        items.map_err(|failure| failure.raise(py))
    }

    /// Rows, rows without an answer, parts, and parts that are done.
    fn found(&self, py: Python<'_>) -> PyResult<(u64, u64, usize, usize)> {
        let found = self.with(|job| Ok(job.found()));
        let found = found.map_err(|failure| failure.raise(py))?;
        Ok((
            found.summary.rows,
            found.summary.errors,
            found.parts,
            found.kept,
        ))
    }

    /// Removes what killed workers left, and lets others at the folder.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let job = self.open.lock();
        let job = job.unwrap_or_else(PoisonError::into_inner).take();
        let closed = job.map_or(Ok(()), |job| job.close().map_err(Failure::input));
        closed.map_err(|failure| failure.raise(py))
    }
}

/// Assesses work items, and answers with rows and rows without an answer of each.
#[pyfunction]
#[pyo3(signature = (items, *, threads = None, progress = None))]
pub(crate) fn assess_items(
    py: Python<'_>,
    items: Vec<String>,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Vec<(u64, u64)>> {
    let threads = self::threads(threads);
    work::run(py, progress, Abandoned::Awaited, move |reporter| {
        let read = items.iter().map(|text| serde_json::from_str(text));
        let items: Vec<Item> = read.collect::<Result<_, _>>().map_err(Failure::input)?;
        let Some(first) = items.first() else {
            return Ok(Vec::new());
        };
        let terms = |item: &Item| {
            let (choice, law) = (item.choice.clone(), item.law.clone());
            (item.known_on, item.columns, choice, law)
        };
        let (known_on, columns) = (first.known_on, first.columns);
        if items.iter().any(|item| terms(item) != terms(first)) {
            return Err(Failure::input(
                "the items are of several jobs: assess them apart",
            ));
        }
        let (laws, version) = Meant::by(&first.choice)?;
        if first.law != version {
            return Err(Failure::input(format!(
                "this process has winset {} or another law than the job was made with: install the same on every worker",
                env!("CARGO_PKG_VERSION")
            )));
        }
        laws.check_readings()?;
        let parts = items.iter().map(Item::part);
        let parts: Vec<Part> = parts.collect::<Result<_, _>>()?;
        let mut done = vec![Summary::default(); parts.len()];
        let step = |read, all| {
            reporter.step("assessing", read, Some(all));
            if reporter.stopped() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let options = Options {
            known_on,
            threads,
            columns,
        };
        run_parts(&parts, options, &*laws, &step, |part, summary| {
            done[part] = summary;
        })?;
        Ok(done.iter().map(|s| (s.rows, s.errors)).collect())
    })
}
