//! `winset offer`: the log of the talks.

use std::fmt::Write as _;

use serde::Serialize;
use winset::dossier::{self, Files, LogError, Recorded, Said};
use winset::study;
use winset_talks::log::{Entry, Kind, Log, Move};

use super::args::{OfferArgs, OfferCommand, RecordArgs};
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

#[derive(Serialize)]
struct Listed<'a> {
    dossier: &'a str,
    entries: &'a [Entry],
    moves: Vec<Move>,
    hash: &'a str,
}

pub(crate) fn run(args: &OfferArgs, console: &Console) -> Result<(), Failure> {
    match &args.what {
        OfferCommand::Record(args) => record(args, console),
        OfferCommand::List { dossier } => {
            let files = Files::open(dossier.as_deref())?;
            if files.folder().is_none() {
                return Err(LogError::BuiltIn(files.name).into());
            }
            let (dossier, _) = study::dossier(files, None)?;
            let listed = Listed {
                dossier: &dossier.files.name,
                entries: dossier.log.entries(),
                moves: dossier.log.moves(),
                hash: dossier.log.hash(),
            };
            console.answer(|| &listed, || list(&dossier.log, &listed))
        }
    }
}

fn record(args: &RecordArgs, console: &Console) -> Result<(), Failure> {
    let (dossier, _) = study::dossier(Files::open(args.dossier.as_deref())?, None)?;
    let said = Said {
        party: args.party.clone(),
        date: args.on,
        kind: args.kind.into(),
        options: args
            .options
            .as_ref()
            .map(super::typed::Pairs::named)
            .unwrap_or_default(),
        note: args.note.clone(),
    };
    let recorded = dossier::record(&dossier, &said)?;
    console.answer(
        || &recorded,
        || {
            let Recorded {
                file,
                line,
                hash,
                outside_mandate,
                ..
            } = &recorded;
            let mut out = format!("{file}, line {line}: recorded.\n");
            if !outside_mandate.is_empty() {
                let _ = writeln!(
                    out,
                    "Note: {} of it is outside the mandate of {} in parties.toml.",
                    outside_mandate.join(", "),
                    recorded.entry.party
                );
            }
            let _ = writeln!(out, "Keep this hash elsewhere: {hash}");
            out
        },
    )
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Position => "position",
        Kind::Offer => "offer",
        Kind::Response => "response",
    }
}

fn list(log: &Log, listed: &Listed<'_>) -> String {
    if log.entries().is_empty() {
        return format!(
            "{}: nothing is recorded yet; `winset offer record` adds the first entry\n",
            listed.dossier
        );
    }
    let mut columns = Columns::new(&[
        ("date", Side::Left),
        ("who", Side::Left),
        ("kind", Side::Left),
        ("options", Side::Left),
        ("note", Side::Left),
    ]);
    for entry in log.entries() {
        let options = entry
            .options
            .iter()
            .map(|(issue, option)| format!("{issue}={option}"));
        columns.row([
            entry.date.clone(),
            entry.party.clone(),
            kind(entry.kind).to_owned(),
            options.collect::<Vec<_>>().join(","),
            // One line an entry, whatever was typed.
            entry.note.split_whitespace().collect::<Vec<_>>().join(" "),
        ]);
    }
    let mut out = format!("{columns}\n");
    if listed.moves.is_empty() {
        out.push_str("Nobody has moved yet.\n");
    } else {
        let mut columns = Columns::new(&[
            ("moved on", Side::Left),
            ("who", Side::Left),
            ("issue", Side::Left),
            ("from", Side::Left),
            ("to", Side::Left),
        ]);
        for m in &listed.moves {
            columns.row([&m.date, &m.party, &m.issue, &m.from, &m.to].map(String::as_str));
        }
        let _ = write!(out, "{columns}");
    }
    let _ = writeln!(out, "\nThe chain holds. Last hash: {}", listed.hash);
    out
}
