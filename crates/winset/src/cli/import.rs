//! `winset import`: official files, exactly as published, into tables that the other commands read.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde_json::json;
use winset_data::Set;
use winset_import::{
    About, Choices, Economy as Made, ImportError, Input, Manifest, Mapping, Origin, SHIPPED, Stage,
    baci, census, comtrade, days_of, ecb, hts, hts_notes, icio, japan, origin, tariffs, wiod,
};
use winset_io::stream::FileFormat;
use winset_io::{Problem, Problems, Table};
use winset_trade::Economy;

use super::args::{FilesArgs, ImportArgs, ImportCommand, OutArgs, TableForm, WorldTableArgs};
use super::columns::grouped;
use super::console::Console;
use super::economy::{mapping_table, table};
use super::failure::Failure;
use super::typed::{Pair, day};

pub(crate) fn run(args: &ImportArgs, console: &Console) -> Result<(), Failure> {
    let progress = console.progress();
    progress.spin("reading");
    not_an_input(&args.what)?;
    let (out, manifest) = match &args.what {
        ImportCommand::Hts { files, revision } => us_schedule(files, &days(revision)?)?,
        ImportCommand::HtsNotes { files, from } => notes(files, *from)?,
        ImportCommand::Census(files) => us_imports(files)?,
        ImportCommand::Japan { files, revision } => jp_schedule(files, &days(revision)?)?,
        ImportCommand::Comtrade(files) => {
            let mut stage = begin(&files.to)?;
            let read = comtrade::import(inputs(files)?, &mut stage)?;
            finish(stage, &origins("comtrade", files, &span(read.years))?)?
        }
        ImportCommand::Baci { files, countries } => {
            let mut stage = begin(&files.to)?;
            let read = baci::import(Input::open(countries)?, inputs(files)?, &mut stage)?;
            let mut of = origins("baci", files, &span(read.years))?;
            of.push(origin("baci", countries, "")?);
            finish(stage, &of)?
        }
        ImportCommand::Icio(world) => economy("icio", world, icio::import)?,
        ImportCommand::Wiod(world) => economy("wiod", world, wiod::import)?,
        ImportCommand::Tariffs(files) => {
            let mut stage = begin(&files.to)?;
            let read = tariffs::import(inputs(files)?, &mut stage)?;
            finish(stage, &origins("tariffs", files, &span(read.years))?)?
        }
        ImportCommand::Ecb(files) => rates(files)?,
    };
    drop(progress);
    let out = out.display().to_string();
    console.answer(
        || json!({"out": out, "tables": manifest.table}),
        || said(&out, &manifest),
    )
}

/// What is read is never written over.
fn not_an_input(what: &ImportCommand) -> Result<(), Failure> {
    let (mut inputs, out): (Vec<&Path>, &Path) = match what {
        ImportCommand::Hts { files, .. }
        | ImportCommand::HtsNotes { files, .. }
        | ImportCommand::Japan { files, .. }
        | ImportCommand::Baci { files, .. }
        | ImportCommand::Census(files)
        | ImportCommand::Comtrade(files)
        | ImportCommand::Tariffs(files)
        | ImportCommand::Ecb(files) => {
            let paths = files.files.iter().map(PathBuf::as_path);
            (paths.collect(), &files.to.out)
        }
        ImportCommand::Icio(world) | ImportCommand::Wiod(world) => {
            let given = [&world.mapping, &world.tariffs, &world.elasticities];
            let given = given.into_iter().flatten().map(PathBuf::as_path);
            (given.chain([world.file.as_path()]).collect(), &world.to.out)
        }
    };
    if let ImportCommand::Baci { countries, .. } = what {
        inputs.push(countries);
    }
    let Ok(whole) = out.canonicalize() else {
        return Ok(());
    };
    match inputs
        .iter()
        .find(|path| path.canonicalize().is_ok_and(|path| path == whole))
    {
        None => Ok(()),
        Some(_) => Err(Failure::Usage(format!(
            "{}: this is what is read; name another file or folder with --out",
            out.display()
        ))),
    }
}

/// Every table with its rows and control totals.
fn said(out: &str, manifest: &Manifest) -> String {
    let mut text = format!("into {out}:\n");
    for entry in &manifest.table {
        let rows = grouped(entry.rows as u128);
        let _ = writeln!(text, "  {}: {rows} rows; {}", entry.file, entry.what);
        for (what, total) in &entry.totals {
            let _ = writeln!(text, "    {what}: {total}");
        }
        if !entry.mind.is_empty() {
            let _ = writeln!(text, "    mind: {}", entry.mind);
        }
    }
    text
}

type Finished = (PathBuf, Manifest);

fn begin(to: &OutArgs) -> Result<Stage, ImportError> {
    let form = match to.form {
        TableForm::Csv => FileFormat::Csv,
        TableForm::Parquet => FileFormat::Parquet,
    };
    Stage::begin(&to.out, form)
}

fn finish(stage: Stage, origins: &[Origin]) -> Result<Finished, ImportError> {
    let out = stage.out().to_owned();
    Ok((out, stage.finish(origins)?))
}

fn inputs(files: &FilesArgs) -> Result<Vec<Input>, ImportError> {
    files.files.iter().map(|path| Input::open(path)).collect()
}

fn origins(kind: &str, files: &FilesArgs, date: &str) -> Result<Vec<Origin>, ImportError> {
    let of = |path: &PathBuf| origin(kind, path, date);
    files.files.iter().map(of).collect()
}

/// The first and the last year in words.
fn span(years: Option<(i64, i64)>) -> String {
    match years {
        None => String::new(),
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first} to {last}"),
    }
}

/// The days of revisions that were typed.
fn days(typed: &[Pair]) -> Result<Vec<(String, Date)>, Failure> {
    typed
        .iter()
        .map(|pair| {
            let day = day(&pair.value).map_err(|what| {
                Failure::Usage(format!("--revision {}={}: {what}", pair.name, pair.value))
            })?;
            Ok((pair.name.clone(), day))
        })
        .collect()
}

fn about(what: &str, mind: &str, totals: Vec<(String, f64)>) -> About {
    About {
        what: what.to_owned(),
        mind: mind.to_owned(),
        totals,
    }
}

fn us_schedule(files: &FilesArgs, named: &[(String, Date)]) -> Result<Finished, Failure> {
    let mut stage = begin(&files.to)?;
    let (mut revisions, mut of) = (Vec::new(), Vec::new());
    for (path, day) in files.files.iter().zip(days_of(&files.files, named)?) {
        revisions.push((day, hts::read(Input::open(path)?)?));
        of.push(origin("hts", path, &format!("from {day}"))?);
    }
    let schedule = hts::schedule(&revisions)?;
    let open = schedule
        .text_slice("to")
        .and_then(|to| Ok(to.iter().zip(schedule.text_slice("general")?)))
        .map_err(ImportError::from)?
        .filter(|(to, general)| to.is_empty() && !general.is_empty())
        .count();
    // One table is the schedule; a folder has room for the headings too.
    let single = FileFormat::of(&files.to.out).is_some();
    let mut mind =
        "dates are those given for the revisions; ten-digit codes inherit the rate of their line"
            .to_owned();
    if single {
        mind += "; the headings of chapters 98 and 99 are left out: a folder as --out has them too";
    }
    stage.table(
        "us_schedule",
        &schedule,
        about(
            "US tariff schedule, chapters 1-97: every rate line and ten-digit code with the days its text held",
            &mind,
            vec![("lines in force at the end".to_owned(), open as f64)],
        ),
    )?;
    if !single {
        stage.table(
            "us_headings",
            &hts::headings(&revisions)?,
            about(
                "headings of chapters 98 and 99 with a rate, with the days their text held",
                "what they say is law only together with the notes",
                Vec::new(),
            ),
        )?;
    }
    Ok(finish(stage, &of)?)
}

fn notes(files: &FilesArgs, from: Option<Date>) -> Result<Finished, Failure> {
    let [path] = files.files.as_slice() else {
        return Err(Failure::Usage("name one text of chapter 99".to_owned()));
    };
    let mut stage = begin(&files.to)?;
    let from = from.map_or_else(String::new, |day| day.to_string());
    for (name, codes) in hts_notes::read(Input::open(path)?)? {
        let table = hts_notes::table(&name, &codes, &from);
        let mind = "found in the text by its layout: compare with the note before use";
        let what = format!("goods of the list under chapter 99 note {name}");
        stage.csv(
            &format!("lists/{name}"),
            &table,
            about(&what, mind, Vec::new()),
        )?;
    }
    Ok(finish(stage, &origins("hts-notes", files, &from)?)?)
}

fn us_imports(files: &FilesArgs) -> Result<Finished, Failure> {
    let mut stage = begin(&files.to)?;
    let mut imports = census::Imports::default();
    for path in &files.files {
        let more = census::read(Input::open(path)?)?;
        imports.add(&path.display().to_string(), more)?;
    }
    let (value, duty) = imports.cells.values().fold((0.0, 0.0), |(v, d), cell| {
        (v + cell.0 as f64, d + cell.1 as f64)
    });
    let months: Vec<&str> = imports.months.iter().map(String::as_str).collect();
    let months = months.join(", ");
    stage.table(
        "us_imports",
        &imports.table(),
        about(
            &format!("US imports for consumption by ten-digit code and country, customs value and duty, USD: {months}"),
            "rows of groups of countries are left out",
            vec![
                ("value, USD".to_owned(), value),
                ("duty, USD".to_owned(), duty),
                ("value of groups left out, USD".to_owned(), imports.groups as f64),
            ],
        ),
    )?;
    Ok(finish(stage, &origins("census", files, &months)?)?)
}

fn jp_schedule(files: &FilesArgs, named: &[(String, Date)]) -> Result<Finished, Failure> {
    let mut stage = begin(&files.to)?;
    let (mut editions, mut of) = (Vec::new(), Vec::new());
    let mut totals = Vec::new();
    for (path, day) in files.files.iter().zip(days_of(&files.files, named)?) {
        let lines = japan::read(Input::open(path)?)?;
        totals.push((format!("lines of {day}"), lines.len() as f64));
        editions.push((day, lines));
        of.push(origin("japan", path, &format!("from {day}"))?);
    }
    stage.table(
        "jp_schedule",
        &japan::schedule(editions)?,
        about(
            "Japan's tariff schedule: every nine-digit line with its rate columns as printed and the days they held",
            "a blank rate was filled from the row above it in the outline",
            totals,
        ),
    )?;
    Ok(finish(stage, &of)?)
}

fn rates(files: &FilesArgs) -> Result<Finished, Failure> {
    let [path] = files.files.as_slice() else {
        return Err(Failure::Usage("name one file of rates".to_owned()));
    };
    let mut stage = begin(&files.to)?;
    let rates = ecb::read(Input::open(path)?)?;
    let span = match (rates.days.first_key_value(), rates.days.last_key_value()) {
        (Some((first, _)), Some((last, _))) => format!("{first} to {last}"),
        _ => String::new(),
    };
    stage.table(
        "ecb_rates",
        &rates.table()?,
        about(
            "euro reference rates, daily, units of currency for one euro",
            "other pairs by cross rate; a blank means no rate that day",
            Vec::new(),
        ),
    )?;
    Ok(finish(stage, &origins("ecb", files, &span)?)?)
}

/// A mapping that ships, by its name, and not a file of that name.
fn shipped(path: &Path) -> Option<&'static str> {
    SHIPPED
        .iter()
        .map(|(name, _)| *name)
        .find(|name| path.to_str() == Some(name) && !path.exists())
}

type Import = fn(Input, &Choices<'_>, &mut Stage) -> Result<Made, ImportError>;

fn economy(kind: &str, world: &WorldTableArgs, import: Import) -> Result<Finished, Failure> {
    let mut of = vec![origin(kind, &world.file, "")?];
    let mapping = match &world.mapping {
        None => Mapping::default(),
        Some(path) => {
            if let Some(name) = shipped(path) {
                Mapping::shipped(name)?
            } else {
                let given = mapping_table(path)?;
                of.push(origin("mapping", path, "")?);
                Mapping::from_table(&given)?
            }
        }
    };
    let tariffs = match &world.tariffs {
        None => None,
        Some(path) => Some(match shipped(path) {
            Some("winset-17") => embedded(Set::Economy17Trade)?,
            Some(_) => embedded(Set::Economy77Trade)?,
            None => {
                let given = table(path, "origin, destination, sector, tariff")?;
                of.push(origin("tariffs of the economy", path, "")?);
                given
            }
        }),
    };
    let elasticities = match &world.elasticities {
        None => embedded(Set::Elasticities)?,
        Some(path) => {
            let given = table(path, "sector, and θ by set")?;
            of.push(origin("elasticities", path, "")?);
            given
        }
    };
    let choices = Choices {
        name: world.name.clone(),
        year: world.year,
        mapping,
        tariffs: tariffs.as_ref(),
        elasticities: &elasticities,
    };
    let mut stage = begin(&world.to)?;
    let made = import(Input::open(&world.file)?, &choices, &mut stage)?;
    of[0].date = made.year.to_string();
    // What does not close never takes the place of an economy that does.
    let faults = Economy::faults_of_folder(stage.inside());
    if !faults.is_empty() {
        let problems = faults.iter().map(|f| Problem::general(f.to_string()));
        return Err(Problems(problems.collect()).into());
    }
    Ok(finish(stage, &of)?)
}

fn embedded(set: Set) -> Result<Table, Failure> {
    set.table().map_err(|error| Failure::Failed(error.into()))
}
