//! The log of the talks in the dossier's folder: who took which position when, and that nothing was changed since.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use winset_io::{Problem, write_whole};
use winset_talks::TalksError;
use winset_talks::log::{Entry, Kind, Log};

use super::named::{UnknownName, choices, place};
use super::{Dossier, Files, LOG};

/// Something that was said at the table or in public, to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The party, as the dossier names it.
    pub party: String,
    /// The day.
    pub date: Date,
    /// A position, an offer or a response.
    pub kind: Kind,
    /// Issues and options. On issues that an offer does not name nothing changes; a position or a response speaks of
    /// those alone that it names.
    pub options: Vec<(String, String)>,
    /// In words, and where it is written.
    pub note: String,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Recorded {
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// The entry.
    pub entry: Entry,
    /// The hash of the line and all before it: what to keep elsewhere.
    pub hash: String,
    /// Options of it that the party's own mandate rules out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside_mandate: Vec<String>,
}

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The dossier has no folder.
    #[error(
        "the built-in dossier `{0}` keeps no log: make a folder of it with `winset init my-talks`, then record in \
         that"
    )]
    BuiltIn(String),
    /// A party, issue or option that the dossier does not have.
    #[error(transparent)]
    Name(#[from] UnknownName),
    /// An offer without a package.
    #[error(
        "an offer names at least one option, such as cars=fifteen; a stand without one is a position"
    )]
    EmptyOffer,
    /// A position or response that says nothing.
    #[error(
        "a position or a response says something: name options, such as cars=fifteen, or add a note"
    )]
    Silent,
    /// A day that is still to come.
    #[error("{0} is still to come: the log holds what was said, each entry with its day")]
    ToCome(Date),
    /// A broken chain, or a day before the last entry's.
    #[error(transparent)]
    Log(#[from] TalksError),
    /// The file could not be read or written; the old one is as it was.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// The log among the files of a dossier; empty where there is none.
pub(super) fn read(files: &Files) -> Result<Log, Problem> {
    let Some(source) = files.optional(LOG) else {
        return Ok(Log::default());
    };
    Log::from_lines(source.name(), source.text())
        .map_err(|error| Problem::general(error.to_string()))
}

/// Adds an entry to the log of a dossier's folder.
///
/// The log is read again and its chain checked before anything is written, while other writers wait; a reader sees the
/// old log or the new one, nothing between.
///
/// # Errors
/// See [`LogError`].
pub fn record(dossier: &Dossier, said: &Said) -> Result<Recorded, LogError> {
    let entry = entry(dossier, said)?;
    let Some(folder) = dossier.files.folder() else {
        return Err(LogError::BuiltIn(dossier.files.name.clone()));
    };
    // It is tomorrow already in the Pacific.
    let last = Timestamp::now() + 14.hours();
    if said.date > last.to_zoned(TimeZone::UTC).date() {
        return Err(LogError::ToCome(said.date));
    }
    if said.kind != Kind::Offer && said.options.is_empty() && said.note.trim().is_empty() {
        return Err(LogError::Silent);
    }
    let at = |path: PathBuf| move |error| LogError::File { path, error };

    // The log itself is replaced with every entry and so cannot be what writers wait for.
    let head = folder.join("dossier.toml");
    let turn = File::open(&head).map_err(at(head.clone()))?;
    turn.lock().map_err(at(head))?;
    let path = folder.join(LOG);
    let mut text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(LogError::File { path, error }),
    };
    let file = path.display().to_string();
    let mut log = Log::from_lines(&file, &text)?;
    let line = log.append(entry.clone())?;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&line);
    text.push('\n');
    write_whole(&path, text.as_bytes()).map_err(at(path))?;
    Ok(Recorded {
        file,
        line: log.entries().len(),
        outside_mandate: outside_mandate(dossier, &entry),
        entry,
        hash: log.hash().to_owned(),
    })
}

/// The options of an entry that are red lines of whoever said them.
fn outside_mandate(dossier: &Dossier, entry: &Entry) -> Vec<String> {
    let parties = dossier.parties.party.iter();
    let own = parties.filter(|party| *party.id.get_ref() == entry.party);
    let mut out = Vec::new();
    for mandate in own.flat_map(|party| &party.mandate) {
        let issue = mandate.issue.get_ref();
        let said = entry.options.get(issue);
        out.extend(
            said.filter(|option| mandate.not.iter().any(|not| not.get_ref() == *option))
                .map(|option| format!("{issue}={option}")),
        );
    }
    out
}

/// The entry by the dossier's names; an offer with an option of every issue.
fn entry(dossier: &Dossier, said: &Said) -> Result<Entry, LogError> {
    let parties = dossier.parties.party.iter();
    place(
        "party",
        "",
        &said.party,
        parties.map(|p| p.id.get_ref().as_str()),
    )?;
    let issues = &dossier.issues.issue;
    let mut options: BTreeMap<String, String> = BTreeMap::new();
    if said.kind == Kind::Offer {
        if said.options.is_empty() {
            return Err(LogError::EmptyOffer);
        }
        let unmoved = issues.iter().filter_map(|i| Some((i, i.option.first()?)));
        options.extend(unmoved.map(|(i, o)| (i.id.get_ref().clone(), o.id.get_ref().clone())));
    }
    for (issue, option) in choices(dossier, &said.options)? {
        let issue = &issues[issue];
        let option = issue.option[usize::from(option)].id.get_ref().clone();
        options.insert(issue.id.get_ref().clone(), option);
    }
    Ok(Entry {
        date: said.date.to_string(),
        party: said.party.clone(),
        kind: said.kind,
        options,
        note: said.note.clone(),
    })
}
