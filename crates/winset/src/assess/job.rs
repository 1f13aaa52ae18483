//! An assessment of a folder: cut into parts, of which those that are done are kept.
//!
//! The folder of answers holds `_assessment.json`, which says what is assessed and by which law, and a Parquet file for
//! each part. A part's file is written whole or not at all, so that one that is there is done: whoever starts the same
//! assessment again, after a kill or on another machine, does what is missing, and the answers have the same bytes.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use winset_data::sha256;
use winset_import::sha256_of;
use winset_io::stream::FileFormat;
use winset_io::{TableError, write_whole};

use super::part::{self, Part, run_parts};
use super::{AnswerColumns, AssessError, Laws, Options, Progress, Summary};
use crate::choice::{Choice, ChoiceError};

/// What the assessment is of; names with `_` and `.` are no data to those who read folders of Parquet.
const STATEMENT: &str = "_assessment.json";
const LOCK: &str = ".assessment.lock";
/// How the names of files begin that are not whole yet.
const UNFINISHED: &str = ".winset-";

/// By which law a folder is assessed, for who asks whether it is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The version of winset.
    pub winset: String,
    /// What the texts of the law and the schedules are: a checksum.
    pub law: String,
    /// How questions that the law leaves open are read, `name=option`.
    pub readings: Vec<String>,
    /// The day as of which acts count for rows that do not say.
    pub known_on: Option<Date>,
    /// Which columns of the answer are written.
    pub columns: AnswerColumns,
    /// A part ends with the row group that reaches so many rows.
    pub part_rows: u64,
}

impl Terms {
    /// Of the law that is meant.
    ///
    /// # Errors
    /// Texts of it that cannot be read.
    pub fn new(
        choice: &Choice,
        known_on: Option<Date>,
        columns: AnswerColumns,
        part_rows: u64,
    ) -> Result<Self, ChoiceError> {
        let readings = choice.readings.iter();
        Ok(Self {
            winset: env!("CARGO_PKG_VERSION").to_owned(),
            law: choice.checksum()?,
            readings: readings
                .map(|(name, option)| format!("{name}={option}"))
                .collect(),
            known_on,
            columns,
            part_rows,
        })
    }
}

/// An input file: its path below the folder, and how to know it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    file: String,
    bytes: u64,
    /// Of all of a CSV file; of a Parquet file its first and last 64 KiB, which hold its foot.
    sha256: String,
}

/// The contents of [`STATEMENT`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    format: u32,
    #[serde(flatten)]
    terms: Terms,
    inputs: Vec<Input>,
}

/// Why a folder cannot be assessed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// A file that is no table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The file system does not let us.
    #[error("{}: {error}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What it says.
        error: io::Error,
    },
    /// There is nothing to assess.
    #[error("{}: no file to assess: the folder holds neither .csv nor .parquet", .0.display())]
    Empty(PathBuf),
    /// A file of unknown kind: its rows would be left out.
    #[error(
        "{}: the ending names no format: a folder to assess holds .csv, .parquet and .pq; others begin with `_` or `.`",
        .0.display()
    )]
    Format(PathBuf),
    /// Two files whose answers have one name.
    #[error(
        "{} and {} would both be answered in {}: rename one",
        first.display(), second.display(), output.display()
    )]
    Same {
        /// The one.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// The file of answers.
        output: PathBuf,
    },
    /// Answers would be read as input.
    #[error("{} lies in the folder that is assessed: name one outside", .0.display())]
    Inside(PathBuf),
    /// Another assessment's answers stand there.
    #[error("{} holds the answers of another assessment, of {what}: name another folder", out.display())]
    Other {
        /// The folder of answers.
        out: PathBuf,
        /// What differs.
        what: String,
    },
    /// Something else stands there.
    #[error("{} holds files, and no assessment: name another folder", .0.display())]
    Foreign(PathBuf),
    /// Another process is at it.
    #[error("{} is being written by another winset: wait until it ends", .0.display())]
    Busy(PathBuf),
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> JobError + '_ {
    move |error| JobError::Io {
        path: path.to_owned(),
        error,
    }
}

/// What became of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Rows of all parts, and how many have no answer.
    pub summary: Summary,
    /// How many parts there are.
    pub parts: usize,
    /// How many were done before.
    pub kept: usize,
}

/// A folder that is assessed. Nobody else writes to the folder of answers as long as it lives.
#[derive(Debug)]
pub struct Job {
    parts: Vec<Part>,
    out: PathBuf,
    /// Held open: the lock ends with it.
    _lock: File,
}

impl Job {
    /// Cuts a folder, or a file, into parts; takes up an earlier assessment of the same under the same terms.
    ///
    /// # Errors
    /// Files that cannot be read, or of unknown kind; a folder of answers that holds something else.
    pub fn open(input: &Path, out: &Path, terms: &Terms) -> Result<Self, JobError> {
        let (root, files) = files(input)?;
        if files.is_empty() {
            return Err(JobError::Empty(input.to_owned()));
        }
        fs::create_dir_all(out).map_err(io_at(out))?;
        let (inside, of_input) = (canonical(out)?, canonical(&root)?);
        if input.is_dir() && inside.starts_with(&of_input) {
            return Err(JobError::Inside(out.to_owned()));
        }
        let lock_at = out.join(LOCK);
        let statement_at = out.join(STATEMENT);
        if !statement_at.exists()
            && let Some(found) = foreign(out)?
        {
            return Err(JobError::Foreign(found));
        }
        let lock = File::create(&lock_at).map_err(io_at(&lock_at))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JobError::Busy(out.to_owned())),
            Err(TryLockError::Error(error)) => return Err(io_at(&lock_at)(error)),
        }
        // All that can be told of the files is told before anything is written.
        let mut parts: Vec<Part> = Vec::new();
        for file in &files {
            cut(&root, file, out, terms.part_rows, &mut parts)?;
        }
        unlike(&parts)?;
        let mut inputs = Vec::with_capacity(files.len());
        for file in &files {
            inputs.push(Input {
                file: shown(file),
                ..known_by(&root.join(file))?
            });
        }
        let statement = Statement {
            format: 1,
            terms: terms.clone(),
            inputs,
        };
        if statement_at.exists() {
            let text = fs::read_to_string(&statement_at).map_err(io_at(&statement_at))?;
            if let Some(what) = difference(&text, &statement) {
                return Err(JobError::Other {
                    out: out.to_owned(),
                    what,
                });
            }
        } else {
            let text = serde_json::to_string_pretty(&statement).map_err(io::Error::other);
            let text = text.map_err(io_at(&statement_at))? + "\n";
            write_whole(&statement_at, text.as_bytes()).map_err(io_at(&statement_at))?;
        }
        for part in &parts {
            if let Some(folder) = part.output.0.parent() {
                fs::create_dir_all(folder).map_err(io_at(folder))?;
            }
        }
        remove_unfinished(out)?;
        Ok(Self {
            parts,
            out: out.to_owned(),
            _lock: lock,
        })
    }

    /// All parts, in the order of the files.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The parts that are not done yet.
    pub fn missing(&self) -> Vec<Part> {
        self.sorted().1
    }

    /// What all parts say that are done.
    pub fn found(&self) -> Found {
        self.sorted().0
    }

    /// What the parts say that are done, and those that are not; each file of answers is looked at once.
    fn sorted(&self) -> (Found, Vec<Part>) {
        let mut found = Found {
            parts: self.parts.len(),
            ..Found::default()
        };
        let mut missing = Vec::new();
        for part in &self.parts {
            let Some(summary) = part.answered() else {
                missing.push(part.clone());
                continue;
            };
            found.kept += 1;
            found.summary.add(summary);
        }
        (found, missing)
    }

    /// Assesses the parts that are missing.
    ///
    /// # Errors
    /// As [`run_parts`]; what was done until then is kept.
    pub fn run<L: Laws>(
        &self,
        options: Options,
        laws: &L,
        progress: &Progress<'_>,
    ) -> Result<Found, AssessError<L::Error>> {
        let (mut found, missing) = self.sorted();
        run_parts(&missing, options, laws, progress, |_, summary| {
            found.summary.add(summary);
        })?;
        Ok(found)
    }

    /// Ends the work: removes what killed workers left. The file of the lock stays, since another process may have
    /// opened it already.
    ///
    /// # Errors
    /// Files that cannot be removed.
    pub fn close(self) -> Result<(), JobError> {
        remove_unfinished(&self.out)
    }
}

fn canonical(path: &Path) -> Result<PathBuf, JobError> {
    path.canonicalize().map_err(io_at(path))
}

/// A path below a folder, with `/` on every system.
fn shown(path: &Path) -> String {
    let parts = path.components().map(|c| c.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| name.starts_with(['.', '_']))
}

/// The entries of a folder, in order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, JobError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(io_at(folder))? {
        paths.push(entry.map_err(io_at(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The folder, and the files to assess below it, in order; of a file its own folder.
fn files(input: &Path) -> Result<(PathBuf, Vec<PathBuf>), JobError> {
    if !input.is_dir() {
        let parent = input.parent().filter(|p| !p.as_os_str().is_empty());
        let root = parent.unwrap_or(Path::new(".")).to_owned();
        return Ok((
            root,
            input.file_name().map(PathBuf::from).into_iter().collect(),
        ));
    }
    let (mut open, mut found) = (vec![input.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        for path in entries(&folder)?.into_iter().filter(|p| !is_hidden(p)) {
            if path.is_dir() {
                open.push(path);
            } else if FileFormat::of(&path).is_none() {
                return Err(JobError::Format(path));
            } else {
                found.push(path.strip_prefix(input).unwrap_or(&path).to_owned());
            }
        }
    }
    found.sort();
    Ok((input.to_owned(), found))
}

/// An entry of a folder that no assessment put there.
fn foreign(folder: &Path) -> Result<Option<PathBuf>, JobError> {
    let is_own = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name == LOCK || name.starts_with(UNFINISHED)
    };
    Ok(entries(folder)?.into_iter().find(|path| !is_own(path)))
}

/// Size and checksum of a file; its name is left blank.
fn known_by(path: &Path) -> Result<Input, JobError> {
    const END: u64 = 1 << 16;
    let read = || {
        let mut file = File::open(path)?;
        let bytes = file.metadata()?.len();
        if FileFormat::of(path) == Some(FileFormat::Csv) {
            return Ok(Input {
                file: String::new(),
                bytes,
                sha256: sha256_of(file)?,
            });
        }
        let mut ends = Vec::new();
        file.by_ref().take(END).read_to_end(&mut ends)?;
        if bytes > END {
            file.seek(SeekFrom::Start(bytes.saturating_sub(END).max(END)))?;
            file.read_to_end(&mut ends)?;
        }
        Ok(Input {
            file: String::new(),
            bytes,
            sha256: sha256(&ends),
        })
    };
    read().map_err(io_at(path))
}

/// What a statement that was found says otherwise; nothing where it is the same.
fn difference(found: &str, own: &Statement) -> Option<String> {
    let Ok(found) = serde_json::from_str::<Statement>(found) else {
        return Some(format!(
            "what its {STATEMENT} says and this winset does not read"
        ));
    };
    let (a, b) = (&found.terms, &own.terms);
    let known = |day: Option<Date>| day.map_or("all acts".to_owned(), |d| format!("acts by {d}"));
    if a.winset != b.winset {
        Some(format!("winset {}", a.winset))
    } else if a.law != b.law {
        Some("another law".to_owned())
    } else if a.readings != b.readings {
        Some(format!("the readings `{}`", a.readings.join(" ")))
    } else if a.known_on != b.known_on {
        Some(known(a.known_on))
    } else if a.columns != b.columns {
        Some(format!("the columns {}", a.columns))
    } else if a.part_rows != b.part_rows {
        Some(format!("parts of {} rows", a.part_rows))
    } else if found.inputs != own.inputs {
        let gone = found
            .inputs
            .iter()
            .find(|input| !own.inputs.contains(input));
        let new = own
            .inputs
            .iter()
            .find(|input| !found.inputs.contains(input));
        Some(match (gone, new) {
            (Some(input), _) => format!("another or no file {}", input.file),
            (None, Some(input)) => format!("files without {}", input.file),
            (None, None) => "files in another order".to_owned(),
        })
    } else {
        None
    }
}

/// Adds the parts of a file.
fn cut(
    root: &Path,
    file: &Path,
    out: &Path,
    part_rows: u64,
    parts: &mut Vec<Part>,
) -> Result<(), JobError> {
    let path = root.join(file);
    let format = FileFormat::of(file).ok_or_else(|| JobError::Format(path.clone()))?;
    let reader = part::open(&path, format)?;
    let mut ranges: Vec<Range<usize>> = Vec::new();
    if format == FileFormat::Parquet {
        let (mut from, mut rows) = (0, 0);
        let groups = reader.groups();
        for (group, of_group) in groups.iter().enumerate() {
            rows += of_group;
            if rows >= part_rows || group + 1 == groups.len() {
                ranges.push(from..group + 1);
                (from, rows) = (group + 1, 0);
            }
        }
    }
    let output = |ending: &str| {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        out.join(file)
            .with_file_name(format!("{stem}{ending}.parquet"))
    };
    let part = |groups: Option<Range<usize>>, ending: &str| Part {
        input: (path.clone(), format),
        groups,
        output: (output(ending), FileFormat::Parquet),
    };
    if ranges.len() < 2 {
        parts.push(part(None, ""));
    } else {
        let numbered = ranges.into_iter().enumerate();
        parts.extend(numbered.map(|(at, range)| part(Some(range), &format!("-{at:05}"))));
    }
    Ok(())
}

/// That no two parts are answered in one file.
fn unlike(parts: &[Part]) -> Result<(), JobError> {
    let mut sorted: Vec<&Part> = parts.iter().collect();
    // Component by component: what lies below a path comes right after it.
    sorted.sort_by(|a, b| a.output.0.cmp(&b.output.0));
    let clash = |pair: &&[&Part]| pair[1].output.0.starts_with(&pair[0].output.0);
    match sorted.windows(2).find(clash) {
        None => Ok(()),
        Some(pair) => Err(JobError::Same {
            first: pair[0].input.0.clone(),
            second: pair[1].input.0.clone(),
            output: pair[0].output.0.clone(),
        }),
    }
}

/// Removes files that a killed process did not finish.
fn remove_unfinished(out: &Path) -> Result<(), JobError> {
    let mut open = vec![out.to_owned()];
    while let Some(folder) = open.pop() {
        for path in entries(&folder)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                open.push(path);
            } else if name.starts_with(UNFINISHED) {
                fs::remove_file(&path).map_err(io_at(&path))?;
            }
        }
    }
    Ok(())
}
