//! Which law is meant: that which ships, a folder or a dossier, under another schedule, with open questions read in a way.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use winset_data::sha256;
use winset_io::{Problem, Problems, Table};
use winset_law::{Country, Law, Schedule};

use crate::assess::Laws;
use crate::dossier::Files;
use crate::law::{Texts, checksum, exchange_rates, importers, of_importer};

/// Which law is meant; without anything, that which ships for each importer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// A folder of measure files instead of the law that ships, with `schedule.csv` where the importer's does not ship.
    pub folder: Option<PathBuf>,
    /// The dossier whose law it is, a folder or the name of a built-in one; not beside `folder`.
    pub dossier: Option<PathBuf>,
    /// A table of the importer's schedule instead of the one that ships.
    pub schedule: Option<PathBuf>,
    /// How questions that the law leaves open are read: name and option.
    pub readings: Vec<(String, String)>,
}

/// Why there is no law that was meant.
#[derive(Debug, thiserror::Error)]
pub enum ChoiceError {
    /// Texts that cannot be read, or do not compile.
    #[error(transparent)]
    Input(#[from] Problems),
    /// A question that no law leaves open.
    #[error("no reading `{name}`: the law leaves open: {}", known.join(", "))]
    NoReading {
        /// As it was asked for.
        name: String,
        /// Those that the laws have.
        known: Vec<String>,
    },
}

impl From<Problem> for ChoiceError {
    fn from(problem: Problem) -> Self {
        Self::Input(problem.into())
    }
}

impl Choice {
    /// Whether these are the texts that ship, whatever the readings.
    pub fn is_shipped(&self) -> bool {
        let own = [&self.folder, &self.dossier, &self.schedule];
        own.iter().all(|path| path.is_none())
    }

    /// A checksum of the texts, the readings apart: two answers by laws with one checksum are by one law.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub fn checksum(&self) -> Result<String, ChoiceError> {
        let own = match (&self.folder, &self.dossier) {
            (Some(folder), _) => Texts::folder(folder)?,
            (None, Some(dossier)) => {
                let files = Files::open(Some(dossier))?;
                let mut texts = Texts::dossier(&files);
                // It names the law that its measures add to.
                texts.files.extend(files.get("dossier.toml").cloned());
                texts
            }
            (None, None) => Texts::default(),
        };
        let law = checksum(&own);
        Ok(match &self.schedule {
            None => law,
            Some(path) => format!("{law} over {}", sha256(&read(path)?)),
        })
    }

    /// The law for an importer, before any question is read as was asked.
    ///
    /// # Errors
    /// Files that cannot be read, texts that do not compile, no law of this importer.
    pub fn unread(&self, importer: Country) -> Result<Law, ChoiceError> {
        let law = match (&self.folder, &self.dossier) {
            (Some(folder), _) => Texts::folder(folder)?.compile_own(importer)?,
            (None, Some(dossier)) => crate::study::law(&Files::open(Some(dossier))?)?,
            (None, None) => of_importer(importer)?,
        };
        let Some(path) = &self.schedule else {
            return Ok(law);
        };
        let table = Table::from_bytes_with_remarks(&path.display().to_string(), read(path)?)
            .map_err(|error| Problem::general(error.to_string()))?;
        let schedule = Schedule::from_table(importer, &table)
            .map_err(|error| Problem::general(error.to_string()))?;
        Ok(law.over(vec![schedule]))
    }

    /// The law for an importer, read as was asked.
    ///
    /// # Errors
    /// As [`Choice::unread`], and a reading that this law does not have.
    pub fn law(&self, importer: Country) -> Result<Law, ChoiceError> {
        let mut law = self.unread(importer)?;
        for (name, option) in &self.readings {
            law = law.reading(name, option)?;
        }
        Ok(law)
    }

    /// The laws for the importers of a table.
    pub fn laws(&self) -> Chosen {
        Chosen {
            choice: self.clone(),
            readings: Mutex::default(),
            checked: AtomicBool::new(false),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|error| {
        Problem::general(format!("{}: {error}", path.display()))
            .help("name a table of a schedule: code, from, to, unit and the rates as printed")
    })
}

/// The laws that a [`Choice`] means for the importers that a table names.
#[derive(Debug)]
pub struct Chosen {
    choice: Choice,
    /// The readings that each law has, once it is loaded.
    readings: Mutex<Vec<String>>,
    /// Whether the readings that were asked for are known to be some law's.
    checked: AtomicBool,
}

impl Chosen {
    /// What was chosen.
    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// Looks up the readings that were asked for in every law that may be met, before anything is written: the parts of
    /// a folder are put in their places one by one.
    ///
    /// # Errors
    /// As [`Choice::unread`], and a reading that no law has.
    pub fn check_readings(&self) -> Result<(), ChoiceError> {
        if self.checked.load(Ordering::Relaxed) {
            return Ok(());
        }
        if !self.choice.readings.is_empty() {
            for importer in importers() {
                self.law(importer)?;
            }
            self.finish()?;
        }
        self.checked.store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl Laws for Chosen {
    type Error = ChoiceError;

    fn law(&self, importer: Country) -> Result<Option<Law>, ChoiceError> {
        if self.choice.is_shipped() && !importers().any(|there| there == importer) {
            return Ok(None);
        }
        let mut law = self.choice.unread(importer)?;
        let names: Vec<String> = law.readings().iter().map(|r| r.id().to_owned()).collect();
        // Each importer's law has readings of its own.
        for (name, option) in &self.choice.readings {
            if names.contains(name) {
                law = law.reading(name, option)?;
            }
        }
        let mut all = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(names);
        let rates = exchange_rates().map_err(|e| Problem::general(e.to_string()))?;
        Ok(Some(law.with_exchange(rates)))
    }

    fn there(&self) -> String {
        let names: Vec<&str> = importers().map(Country::iso2).collect();
        names.join(", ")
    }

    fn finish(&self) -> Result<(), ChoiceError> {
        if self.checked.load(Ordering::Relaxed) {
            return Ok(());
        }
        let known = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let mut asked = self.choice.readings.iter();
        match asked.find(|(name, _)| !known.contains(name)) {
            Some((name, _)) if !known.is_empty() => Err(ChoiceError::NoReading {
                name: name.clone(),
                known: known.clone(),
            }),
            _ => Ok(()),
        }
    }
}
