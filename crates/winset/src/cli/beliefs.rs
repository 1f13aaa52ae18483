//! `winset beliefs`: what the other side may want.

use std::fmt::Write as _;

use winset::dossier::Files;
use winset::study::Bench;

use super::args::BeliefsArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &BeliefsArgs, console: &Console) -> Result<(), Failure> {
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
