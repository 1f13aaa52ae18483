//! Which texts are the law: those that ship, a folder of the user's, the measures of a dossier.

pub mod descriptions;
pub mod diff;
mod goods;
pub mod imports;
pub mod not_held;
pub mod rates;
pub mod report;
pub mod weights;
pub mod words;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use winset_data::{MANIFEST, Set, sha256};
use winset_io::{Problem, Problems, Source, Table};
use winset_law::{Country, ExchangeRates, Law, LawError, Schedule};

use crate::dossier::Files;

/// Measure files and lists of goods.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// The measure files.
    pub files: Vec<Source>,
    /// The lists, by their names.
    pub lists: Vec<(String, Source)>,
    /// The importer's schedule, where it stands beside the measures.
    pub schedule: Option<Source>,
}

impl Texts {
    /// The law that ships, of one folder (`us`, `jp`).
    ///
    /// # Errors
    /// No such folder.
    pub fn built_in(folder: &str) -> Result<Self, Problem> {
        let mut texts = Self::default();
        for (inside, text) in winset_data::law::files(folder) {
            texts.add(
                inside,
                Source::new(format!("built-in:law/{folder}/{inside}"), text),
            );
        }
        if texts.files.is_empty() {
            let there: Vec<&str> = winset_data::law::folders().collect();
            return Err(Problem::general(format!("no law `{folder}` ships"))
                .help(format!("write one of: {}", there.join(", "))));
        }
        Ok(texts)
    }

    /// A folder: its `*.toml`, `*.csv` in its folder `lists`, and `schedule.csv` where the importer's does not ship.
    ///
    /// # Errors
    /// The folder or a file in it cannot be read; no measure file.
    pub fn folder(root: &Path) -> Result<Self, Problem> {
        let failed = |path: &Path, error: &dyn std::fmt::Display| {
            Problem::general(format!("{}: {error}", path.display()))
        };
        let listing = |folder: &Path| -> Result<Vec<PathBuf>, Problem> {
            let entries = std::fs::read_dir(folder).map_err(|e| failed(folder, &e))?;
            let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
            paths.sort();
            Ok(paths)
        };
        let mut paths = listing(root)?;
        if root.join("lists").is_dir() {
            paths.extend(listing(&root.join("lists"))?);
        }
        let mut texts = Self::default();
        for path in paths.iter().filter(|p| p.is_file()) {
            let inside = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
            if inside.ends_with(".toml") || inside.ends_with(".csv") {
                let text = std::fs::read_to_string(path).map_err(|e| failed(path, &e))?;
                texts.add(
                    &inside.replace('\\', "/"),
                    Source::new(path.display().to_string(), text),
                );
            }
        }
        if texts.files.is_empty() {
            return Err(failed(root, &"no measure file").help(
                "a folder of law holds *.toml and lists/*.csv; `winset measures export DIR` writes the law that ships",
            ));
        }
        Ok(texts)
    }

    /// The measures of a dossier, perhaps none.
    pub fn dossier(files: &Files) -> Self {
        let mut texts = Self::default();
        for (inside, source) in files.under("measures/", "") {
            texts.add(inside.trim_start_matches("measures/"), source.clone());
        }
        texts
    }

    fn add(&mut self, inside: &str, source: Source) {
        if let Some(name) = inside
            .strip_prefix("lists/")
            .and_then(|name| name.strip_suffix(".csv"))
        {
            self.lists.push((name.to_owned(), source));
        } else if inside == "schedule.csv" {
            self.schedule = Some(source);
        } else if Path::new(inside).extension().is_some_and(|e| e == "toml") {
            self.files.push(source);
        }
    }

    /// With further texts.
    #[must_use]
    pub fn and(mut self, mut more: Self) -> Self {
        self.files.append(&mut more.files);
        self.lists.append(&mut more.lists);
        self.schedule = more.schedule.or(self.schedule);
        self
    }

    /// The schedule of an importer: that which stands beside the measures, else that which ships.
    ///
    /// # Errors
    /// A schedule that does not read.
    pub fn schedules(&self, importer: Country) -> Result<Vec<Schedule>, Problems> {
        let Some(table) = self.own_schedule()? else {
            return schedules(&[importer]);
        };
        let read = Schedule::from_table(importer, &table);
        Ok(vec![read.map_err(|e| Problem::general(e.to_string()))?])
    }

    fn own_schedule(&self) -> Result<Option<Table>, Problem> {
        let read =
            |source: &Source| Table::from_csv_with_remarks(source.name(), source.text().as_bytes());
        let table = self.schedule.as_ref().map(read).transpose();
        table.map_err(|e| Problem::general(e.to_string()))
    }

    /// The law of somebody's own texts: as [`Texts::compile`], and their goods must be in the schedule.
    ///
    /// # Errors
    /// What is wrong with the texts.
    pub fn compile_own(&self, importer: Country) -> Result<Law, Problems> {
        let mut problems = Problems::default();
        self.check_goods(importer, &mut problems)?;
        match self.compile(self.schedules(importer)?) {
            Ok(law) => problems.unless_any(law),
            Err(mut more) => {
                more.0.extend(problems.0);
                Err(more)
            }
        }
    }

    /// Adds a problem for every code in the measures' own words that the schedule of the importer lacks.
    ///
    /// # Errors
    /// Damaged data.
    pub fn check_goods(&self, importer: Country, problems: &mut Problems) -> Result<(), Problem> {
        let table = match (self.own_schedule()?, schedule_set(importer)) {
            (Some(own), _) => own,
            (None, Some(set)) => set.table().map_err(|e| Problem::general(e.to_string()))?,
            (None, None) => return Ok(()),
        };
        goods::unknown(&self.files, &table, problems).map_err(|e| Problem::general(e.to_string()))
    }

    /// The law of these texts, over the schedules of some importers.
    ///
    /// # Errors
    /// What is wrong with the texts.
    pub fn compile(&self, schedules: Vec<Schedule>) -> Result<Law, Problems> {
        let mut tables = Vec::new();
        for (name, source) in &self.lists {
            let table = Table::from_csv_with_remarks(source.name(), source.text().as_bytes());
            tables.push((name, table.map_err(|e| Problem::general(e.to_string()))?));
        }
        let lists: Vec<(&str, &Table)> = tables.iter().map(|(n, t)| (n.as_str(), t)).collect();
        Law::compile(&self.files, &lists, schedules)
    }
}

/// A checksum of the law and the schedules that ship, and of further texts: two answers by laws with one checksum are by one
/// law.
pub fn checksum(own: &Texts) -> String {
    let mut said = MANIFEST.to_owned();
    let mut say = |name: &str, text: &str| {
        // With lengths, so that no text runs into the next.
        let _ = write!(said, "{} {name} {} {text}", name.len(), text.len());
    };
    for folder in winset_data::law::folders() {
        for (inside, text) in winset_data::law::files(folder) {
            say(inside, text);
        }
    }
    let files = own
        .files
        .iter()
        .chain(&own.schedule)
        .map(|source| ("", source));
    let lists = own.lists.iter().map(|(name, list)| (name.as_str(), list));
    for (name, source) in files.chain(lists) {
        say(name, source.text());
    }
    sha256(said.as_bytes())
}

/// The schedule of an importer that ships.
///
/// # Errors
/// Damaged data.
pub fn schedule(importer: Country) -> Result<Option<Schedule>, LawError> {
    let Some(set) = schedule_set(importer) else {
        return Ok(None);
    };
    Schedule::from_table(importer, &set.table()?).map(Some)
}

fn schedule_set(importer: Country) -> Option<Set> {
    match importer.iso2() {
        "US" => Some(Set::UsSchedule),
        "JP" => Some(Set::JpSchedule),
        _ => None,
    }
}

/// The exchange rates that ship: the European Central Bank's euro reference rates.
///
/// # Errors
/// Damaged data.
pub fn exchange_rates() -> Result<ExchangeRates, LawError> {
    ExchangeRates::from_table(&Set::EcbRates.table()?)
}

/// The importers whose law ships.
pub fn importers() -> impl Iterator<Item = Country> {
    winset_data::law::folders().filter_map(|folder| folder.to_uppercase().parse().ok())
}

/// The law that ships for an importer: its texts and its schedule.
///
/// # Errors
/// No law of that importer ships.
pub fn of_importer(importer: Country) -> Result<Law, Problems> {
    let texts = Texts::built_in(&importer.iso2().to_lowercase()).map_err(|problem| {
        problem.help("or bring it: a folder of measures with its schedule.csv, or a dossier that has them, such as `eu-china-2024`")
    })?;
    // The schedule reads while the texts compile.
    std::thread::scope(|scope| {
        let schedules = scope.spawn(|| schedules(&[importer]));
        let law = texts.compile(Vec::new())?;
        let schedules = schedules
            .join()
            .map_err(|_| Problem::general("reading the schedule stopped"))??;
        Ok(law.over(schedules))
    })
}

/// The schedules that ship for some importers.
///
/// # Errors
/// Damaged data.
pub fn schedules(importers: &[Country]) -> Result<Vec<Schedule>, Problems> {
    let mut found = Vec::new();
    for importer in importers {
        let read = schedule(*importer);
        found.extend(read.map_err(|e| Problem::general(e.to_string()))?);
    }
    Ok(found)
}
