//! The log of the talks: who took which position when, so that nothing is changed unseen.
//!
//! One JSON object a line. Each line holds the SHA-256 of its own content with the line before it, so that a changed,
//! removed or moved line breaks the chain from there on. (Whoever can write the file can also write a new chain: keep
//! the last hash elsewhere, in a letter or a commit.)

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::TalksError;

/// What kind of entry it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A position stated, at home or in public.
    Position,
    /// A package offered.
    Offer,
    /// An answer to an offer.
    Response,
}

/// One entry, without its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// Who.
    pub party: String,
    /// What kind.
    pub kind: Kind,
    /// The options named, by issue: all issues of an offer, those spoken of in a position or a response. By name, so that
    /// an entry can be read when issues have come and gone.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// What was said, and where it is written.
    #[serde(default)]
    pub note: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    entry: Entry,
    hash: String,
}

/// A log whose chain holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    entries: Vec<Entry>,
    hash: String,
}

/// One issue on which a party moved away from what it last said on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The day of the later entry.
    pub date: String,
    /// Who moved.
    pub party: String,
    /// The issue.
    pub issue: String,
    /// The option before.
    pub from: String,
    /// The option after.
    pub to: String,
}

impl Log {
    /// Reads a log; empty text is an empty log. `name` stands in error messages.
    ///
    /// # Errors
    /// A line that does not read, a broken chain, a day that is none or lies before the line above: the line is named.
    pub fn from_lines(name: &str, text: &str) -> Result<Self, TalksError> {
        let mut log = Self::default();
        for (number, line) in text.lines().enumerate() {
            let at = |what: String| TalksError::File {
                file: format!("{name}, line {}", number + 1),
                what,
            };
            let line: Line = serde_json::from_str(line).map_err(|e| {
                let said = e.to_string();
                let what = said.split(" at line ").next().unwrap_or_default();
                at(format!(
                    "this is no entry of a log ({what}, column {}); restore the file from an earlier copy",
                    e.column()
                ))
            })?;
            log.append(line.entry).map_err(|e| at(e.to_string()))?;
            if log.hash != line.hash {
                return Err(at("the chain is broken: this line, or one before it, is not as it was written; compare with \
                     an earlier copy"
                    .to_owned()));
            }
        }
        Ok(log)
    }

    /// Adds an entry and returns the line to write at the end of the file, without its line break.
    ///
    /// # Errors
    /// A day that is not `YYYY-MM-DD`, or before the last entry's.
    pub fn append(&mut self, entry: Entry) -> Result<String, TalksError> {
        let fail = |what: String| Err(TalksError::Log { what });
        if !is_day(&entry.date) {
            return fail(format!("`{}` is no day; write YYYY-MM-DD", entry.date));
        }
        if let Some(last) = self.entries.last().filter(|last| last.date > entry.date) {
            return fail(format!(
                "{} lies before the last entry of {}; a log only grows: add a note with today's date instead",
                entry.date, last.date
            ));
        }
        let content = serde_json::to_string(&entry).map_err(|e| TalksError::Log {
            what: e.to_string(),
        })?;
        let digest = Sha256::digest(format!("{}\n{content}", self.hash));
        self.hash = format!("{digest:x}");
        self.entries.push(entry.clone());
        let line = Line {
            entry,
            hash: self.hash.clone(),
        };
        serde_json::to_string(&line).map_err(|e| TalksError::Log {
            what: e.to_string(),
        })
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The last hash: what to keep elsewhere. Empty for an empty log.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Who moved when: every option that differs from the one the party last named on the same issue, in whatever kind
    /// of entry.
    pub fn moves(&self) -> Vec<Move> {
        let mut last: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        let mut moves = Vec::new();
        for entry in &self.entries {
            for (issue, to) in &entry.options {
                let before = last.insert((&entry.party, issue), to);
                if let Some(from) = before.filter(|from| *from != to) {
                    moves.push(Move {
                        date: entry.date.clone(),
                        party: entry.party.clone(),
                        issue: issue.clone(),
                        from: from.to_owned(),
                        to: to.clone(),
                    });
                }
            }
        }
        moves
    }
}

/// Whether text is a day of the Gregorian calendar.
fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |r: std::ops::Range<usize>| bytes[r].iter().all(u8::is_ascii_digit);
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    if !(digits(0..4) && digits(5..7) && digits(8..10)) {
        return false;
    }
    let number =
        |r: std::ops::Range<usize>| bytes[r].iter().fold(0, |n, d| 10 * n + u32::from(d - b'0'));
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}
