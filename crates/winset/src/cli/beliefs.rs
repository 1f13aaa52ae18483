//! `winset beliefs`: what the other side may want.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use winset::dossier::Files;
use winset::study::Bench;
use winset_talks::preference::{LearnOptions, Trace, learn};

use super::args::BeliefsArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &BeliefsArgs, console: &Console) -> Result<(), Failure> {
    if let Some(path) = &args.trace {
        return from_offers(path, console);
    }
    let files = Files::open(args.dossier.dossier.as_deref())?;
    let bench = Bench::open(files, args.dossier.known_on)?;
    let posterior = bench.belief()?.known_on(&bench.dossier.as_of);
    let titles: Vec<&str> = posterior
        .hypotheses
        .iter()
        .map(|id| {
            let mut all = bench.dossier.beliefs.hypothesis.iter();
            let found = all.find(|h| h.id.get_ref() == id);
            found.map_or(id.as_str(), |h| h.title.as_str())
        })
        .collect();
    console.answer(
        || &posterior,
        || {
            let mut out = format!(
                "What they may want, as known on {}:\n\n",
                bench.dossier.as_of
            );
            let mut columns = Columns::new(&[("", Side::Left), ("per cent", Side::Right)]);
            for (title, probability) in titles.iter().zip(&posterior.probabilities) {
                columns.row([(*title).to_owned(), format!("{:.1}", 100.0 * probability)]);
            }
            let _ = writeln!(out, "{columns}\nHow it came about:");
            let mut headings = vec![("published", Side::Left), ("evidence", Side::Left)];
            headings.extend(
                posterior
                    .hypotheses
                    .iter()
                    .map(|h| (h.as_str(), Side::Right)),
            );
            let mut columns = Columns::new(&headings);
            for learned in &posterior.path {
                let mut row = vec![learned.published.to_string(), learned.evidence.clone()];
                row.extend(
                    learned
                        .probabilities
                        .iter()
                        .map(|p| format!("{:.1}", 100.0 * p)),
                );
                columns.row(row);
            }
            let _ = write!(out, "{columns}");
            for (evidence, reason) in &posterior.unused {
                let _ = writeln!(out, "not counted: {evidence} ({reason})");
            }
            out
        },
    )
}

/// What a party wants, from its offers alone.
fn from_offers(path: &Path, console: &Console) -> Result<(), Failure> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::input(format!(
            "{name}: {error} (name a JSON file of issues, horizon and offers)"
        ))
    })?;
    let trace = Trace::from_json(&name, &text)?;
    let learned = learn(&trace, &LearnOptions::default())?;
    console.answer(
        || &learned,
        || {
            let mut columns = Columns::new(&[
                ("issue", Side::Left),
                ("weight", Side::Right),
                ("option", Side::Left),
                ("worth", Side::Right),
            ]);
            let weights = learned.issue_weights.iter().zip(&learned.values);
            for (issue, (weight, values)) in trace.issues().iter().zip(weights) {
                for (place, (option, value)) in issue.options.iter().zip(values).enumerate() {
                    let first = place == 0;
                    columns.row([
                        if first { issue.name.clone() } else { String::new() },
                        if first { format!("{weight:.3}") } else { String::new() },
                        option.clone(),
                        format!("{value:.3}"),
                    ]);
                }
            }
            format!(
                "What the party wants, from its offers and a prior (how sure: --json). The best package is worth 1.\n\n{columns}"
            )
        },
    )
}
