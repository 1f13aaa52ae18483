//! `winset assess`: what is owed on every row of a file, or of a folder of files.

use std::ops::ControlFlow;
use std::path::Path;

use serde_json::json;
use winset::assess::{self, AssessError, Found, Job, Options, Progress, Summary, Terms};
use winset::choice::{Choice, ChoiceError};
use winset_io::TableError;
use winset_io::stream::FileFormat;

use super::args::AssessArgs;
use super::columns::grouped;
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &AssessArgs, console: &Console) -> Result<(), Failure> {
    let options = Options {
        known_on: args.known_on,
        threads: rayon::current_num_threads(),
        columns: args.columns.unwrap_or_default(),
    };
    let choice = args.law.choice();
    let laws = choice.laws();
    let progress = console.progress();
    let step = |done: u64, all: u64| {
        let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        progress.step("assessing", count(done), count(all));
        ControlFlow::Continue(())
    };
    if args.input.is_dir() || args.out.is_dir() || args.out.extension().is_none() {
        let found = folder(args, options, &choice, &step)?;
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
        || {
            json!({
                "out": out, "rows": done.rows, "errors": done.errors, "unasked": stated(&done),
            })
        },
        || {
            format!(
                "{} into {out}; {}{}",
                rows(done.rows),
                errors(done.errors, args),
                unasked(&done)
            )
        },
    )
}

fn rows(n: u64) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} row{s}", grouped(n.into()))
}

fn errors(n: u64, args: &AssessArgs) -> String {
    let shown = args.columns.unwrap_or_default().named();
    let how = if shown.iter().any(|(name, _)| *name == "error") {
        "see the column `error`"
    } else {
        "written again with the column `error` they say why"
    };
    match n {
        0 => "each has an answer".to_owned(),
        n => format!("{} without an answer, {how}", rows(n)),
    }
}

/// What nothing asks about, as rows state it.
fn stated(done: &Summary) -> Vec<&str> {
    done.unasked.iter().map(|u| u.stated.as_str()).collect()
}

/// The same as a line of its own.
fn unasked(done: &Summary) -> String {
    let words = done.unasked_in_words();
    words.map_or_else(String::new, |words| format!("\n{words}"))
}

/// Assesses into a folder, part by part.
fn folder(
    args: &AssessArgs,
    options: Options,
    choice: &Choice,
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
    let laws = choice.laws();
    laws.check_readings()?;
    let terms = Terms::new(choice, args.known_on, options.columns, args.part_rows)?;
    let job = Job::open(&args.input, &args.out, &terms).map_err(Failure::input)?;
    let found = job
        .run(options, &laws, step)
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
                "parts": found.parts, "kept": found.kept, "unasked": stated(&done),
            })
        },
        || {
            let kept = match found.kept {
                0 => String::new(),
                n => format!(", {n} of them done before"),
            };
            let s = if found.parts == 1 { "" } else { "s" };
            format!(
                "{} into {out}, {} part{s}{kept}; {}{}",
                rows(done.rows),
                found.parts,
                errors(done.errors, args),
                unasked(&done)
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

fn failure(error: AssessError<ChoiceError>, input: &Path) -> Failure {
    match error {
        AssessError::Law(error) => error.into(),
        error @ AssessError::Itself(_) => Failure::Usage(error.to_string()),
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
