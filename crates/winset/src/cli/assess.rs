//! `winset assess`: what is owed on every row of a file, or of a folder of files.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use winset::assess::{self, AssessError, Found, Job, Laws, Options, Progress, Terms};
use winset::law::importers;
use winset_io::TableError;
use winset_io::stream::FileFormat;
use winset_law::{Country, Law};

use super::args::{AssessArgs, LawArgs};
use super::columns::grouped;
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &AssessArgs, console: &Console) -> Result<(), Failure> {
    let options = Options {
        known_on: args.known_on,
        threads: rayon::current_num_threads(),
    };
    let laws = OfArgs {
        args: &args.law,
        readings: Mutex::default(),
        checked: AtomicBool::new(false),
    };
    let progress = console.progress();
    let step = |done: u64, all: u64| {
        let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        progress.step("assessing", count(done), count(all));
        ControlFlow::Continue(())
    };
    if args.input.is_dir() || args.out.is_dir() || args.out.extension().is_none() {
        let found = folder(args, options, &laws, &step)?;
        drop(progress);
        return into_folder(args, found, console);
    }
    let input = (args.input.as_path(), format(&args.input)?);
    let output = (args.out.as_path(), format(&args.out)?);
    let done = assess::run(input, output, options, &laws, &step)
        .map_err(|error| failure(error, &args.input))?;
    drop(progress);
    let out = args.out.display().to_string();
    console.answer(
        || json!({"out": out, "rows": done.rows, "errors": done.errors}),
        || format!("{} into {out}; {}", rows(done.rows), errors(done.errors)),
    )
}

fn rows(n: u64) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} row{s}", grouped(n.into()))
}

fn errors(n: u64) -> String {
    match n {
        0 => "each has an answer".to_owned(),
        n => format!("{} without an answer, see the column `error`", rows(n)),
    }
}

/// Assesses into a folder, part by part.
fn folder(
    args: &AssessArgs,
    options: Options,
    laws: &OfArgs<'_>,
    step: &Progress<'_>,
) -> Result<Found, Failure> {
    if FileFormat::of(&args.out).is_some() && !args.out.is_dir() {
        let (input, out) = (args.input.display(), args.out.display());
        return Err(Failure::Usage(format!(
            "{input} is a folder and {out} the name of a file: name a folder for the answers"
        )));
    }
    if !args.input.exists() {
        return Err(Failure::input(format!(
            "{}: there is no such file or folder",
            args.input.display()
        )));
    }
    if !args.input.is_dir() {
        format(&args.input)?;
    }
    laws.check_readings()?;
    let readings = args.law.reading.iter();
    let terms = Terms {
        winset: env!("CARGO_PKG_VERSION").to_owned(),
        law: args.law.checksum()?,
        readings: readings
            .map(|r| format!("{}={}", r.name, r.value))
            .collect(),
        known_on: args.known_on,
        part_rows: args.part_rows,
    };
    let job = Job::open(&args.input, &args.out, &terms).map_err(Failure::input)?;
    let found = job
        .run(options, laws, step)
        .map_err(|error| failure(error, &args.input))?;
    job.close().map_err(|error| Failure::Failed(error.into()))?;
    Ok(found)
}

fn into_folder(args: &AssessArgs, found: Found, console: &Console) -> Result<(), Failure> {
    let out = args.out.display().to_string();
    let done = found.summary;
    console.answer(
        || {
            json!({
                "out": out, "rows": done.rows, "errors": done.errors,
                "parts": found.parts, "kept": found.kept,
            })
        },
        || {
            let kept = match found.kept {
                0 => String::new(),
                n => format!(", {n} of them done before"),
            };
            let s = if found.parts == 1 { "" } else { "s" };
            format!(
                "{} into {out}, {} part{s}{kept}; {}",
                rows(done.rows),
                found.parts,
                errors(done.errors)
            )
        },
    )
}

fn format(path: &Path) -> Result<FileFormat, Failure> {
    FileFormat::of(path).ok_or_else(|| {
        let path = path.display();
        Failure::Usage(format!(
            "{path}: the ending names no format: write .csv, .parquet or .pq"
        ))
    })
}

/// The laws that were asked for on the command line.
struct OfArgs<'a> {
    args: &'a LawArgs,
    /// The readings that each law has, once it is loaded.
    readings: Mutex<Vec<String>>,
    /// Whether the readings that were asked for are known to be some law's.
    checked: AtomicBool,
}

impl OfArgs<'_> {
    /// Looks up the readings that were asked for in every law that may be met, before anything is written: the parts of
    /// a folder are put in their places one by one.
    fn check_readings(&self) -> Result<(), Failure> {
        if !self.args.reading.is_empty() {
            for importer in importers() {
                self.law(importer)?;
            }
            self.finish()?;
        }
        self.checked.store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl Laws for OfArgs<'_> {
    type Error = Failure;

    fn law(&self, importer: Country) -> Result<Option<Law>, Failure> {
        let own = [&self.args.law, &self.args.dossier, &self.args.schedule];
        let own = own.iter().any(|path| path.is_some());
        if !own && !importers().any(|there| there == importer) {
            return Ok(None);
        }
        let mut law = self.args.unread(importer)?;
        let names: Vec<String> = law.readings().iter().map(|r| r.id().to_owned()).collect();
        // Each importer's law has readings of its own.
        for reading in &self.args.reading {
            if names.contains(&reading.name) {
                law = law.reading(&reading.name, &reading.value)?;
            }
        }
        let mut all = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(names);
        Ok(Some(law))
    }

    fn there(&self) -> String {
        let names: Vec<&str> = importers().map(Country::iso2).collect();
        names.join(", ")
    }

    fn finish(&self) -> Result<(), Failure> {
        if self.checked.load(Ordering::Relaxed) {
            return Ok(());
        }
        let known = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = self.args.reading.iter().find(|r| !known.contains(&r.name));
        match unknown {
            Some(reading) if !known.is_empty() => Err(Failure::Usage(format!(
                "no reading `{}`: the law leaves open: {}",
                reading.name,
                known.join(", ")
            ))),
            _ => Ok(()),
        }
    }
}

fn failure(error: AssessError<Failure>, input: &Path) -> Failure {
    match error {
        AssessError::Law(failure) => failure,
        AssessError::Stopped => Failure::Failed(anyhow::anyhow!("the assessment was stopped")),
        AssessError::Table(TableError::Io { table, error })
            if !Path::new(&table).starts_with(input) =>
        {
            let error = anyhow::Error::from(error);
            Failure::Failed(error.context(format!("{table} could not be written")))
        }
        AssessError::Table(error) => Failure::input(error),
    }
}
