//! `winset why`: one package, weighed.

use std::fmt::Write as _;

use winset::brief::{Weighed, weigh};
use winset::dossier::{Files, package};
use winset::lang::Lang;
use winset::study::{Bench, Desk, StudyError};

use super::args::WhyArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &WhyArgs, console: &Console) -> Result<(), Failure> {
    let progress = console.progress();
    let step = |what: &str, done: usize, of: usize| progress.step(what, done, of);
    let files = Files::open(args.dossier.dossier.as_deref())?;
    let bench = Bench::open(files, args.dossier.known_on)?;
    // A wrong name is told before anything is solved.
    let package = package(&bench.dossier, &args.package.named()).map_err(StudyError::from)?;
    let desk = Desk::of(bench, &step)?;
    let weighed = weigh(&desk, package, Lang::En)?;
    drop(progress);
    console.answer(|| &weighed, || text(&weighed))
}

fn text(weighed: &Weighed) -> String {
    let package = &weighed.package;
    let mut out = format!(
        "bn USD a year against no deal: {}.\nTheirs is the average over what is believed of them.\n\n",
        weighed.no_deal
    );
    let mut columns = Columns::new(&[
        ("", Side::Left),
        ("ours", Side::Right),
        ("theirs", Side::Right),
    ]);
    let mut row = |what: &str, ours: f64, theirs: f64| {
        columns.row([
            what.to_owned(),
            format!("{ours:+.2}"),
            format!("{theirs:+.2}"),
        ]);
    };
    for c in &weighed.contributions {
        row(&c.title, c.ours, c.theirs);
    }
    row("options together", weighed.together[0], weighed.together[1]);
    row(
        "the package, solved exactly",
        package.ours.gain(),
        package.theirs.gain(),
    );
    row("of it real income", package.ours.ev, package.theirs.ev);
    let _ = writeln!(out, "{columns}");
    for (title, gain) in weighed.hypotheses.iter().zip(&package.theirs_by_hypothesis) {
        let _ = writeln!(out, "theirs if “{title}”: {gain:+.2}");
    }
    if let Some(acceptance) = package.acceptance {
        let _ = writeln!(
            out,
            "They are no worse off with a probability of {:.0} %.\n",
            100.0 * acceptance
        );
    }
    if weighed.in_win_set {
        out.push_str(
            "It is in the win-set: inside both mandates, ratified, better than no deal for both.\n",
        );
    }
    for [party, issue, option] in &weighed.outside_mandates {
        let _ = writeln!(out, "outside the mandate of {party}: {issue}={option}");
    }
    for (who, gain) in [("us", package.ours.gain()), ("them", package.theirs.gain())] {
        if gain < 0.0 {
            let _ = writeln!(out, "no deal is better for {who} by {:.2}", -gain);
        }
    }
    for b in &package.blocked_by {
        let _ = writeln!(
            out,
            "{} says no: {} (short by {:.2})",
            b.ratifier, b.what, b.short_by
        );
    }
    for line in &package.closest {
        let _ = writeln!(out, "closest: {line}");
    }
    if !package.acts.is_empty() {
        let _ = writeln!(out, "domestic acts: {}", package.acts.join(", "));
    }
    for line in &package.warnings {
        let _ = writeln!(out, "warning: {line}");
    }
    match &weighed.mended {
        Some(mended) => {
            let changes = mended.changes.iter();
            let changes: Vec<String> = changes
                .map(|[issue, from, to]| format!("{issue}={to} instead of {from}"))
                .collect();
            let _ = writeln!(
                out,
                "\nThe smallest change that mends it: {}; then {:+.2} for us, {:+.2} for them.",
                changes.join(", "),
                mended.ours,
                mended.theirs
            );
            if !mended.blocked_by.is_empty() {
                let _ = writeln!(
                    out,
                    "Solved exactly it is stopped all the same by {}.",
                    mended.blocked_by.join(", ")
                );
            }
        }
        None if !weighed.in_win_set => {
            out.push_str("\nNo package can be signed and ratified: the win-set is empty.\n");
        }
        None => {}
    }
    out
}
