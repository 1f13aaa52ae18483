//! `winset packages`: what can be signed, from a dossier or from a table of payoffs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

use winset::dossier::Files;
use winset::study::{Desk, Signable, SignableReport, signable};
use winset_talks::{AnalyseOptions, Answer, Package, Solution, Talks, TalksError, Why, Zone};

use super::args::{DossierArgs, PackagesArgs};
use super::columns::grouped;
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &PackagesArgs, console: &Console) -> Result<(), Failure> {
    match &args.table {
        Some(table) => from_table(table, console),
        None => from_dossier(&args.dossier, console),
    }
}

/// The names that options and issues have for people.
struct Words {
    issues: Vec<String>,
    options: Vec<Vec<String>>,
}

fn from_table(path: &Path, console: &Console) -> Result<(), Failure> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::input(format!(
            "{name}: {error} (name a JSON file of issues and parties)"
        ))
    })?;
    let talks =
        Talks::from_json(&name, &without_format(&name, &text)?).map_err(|error| match error {
            TalksError::File { .. } => error.into(),
            other => Failure::input(format!("{name}: {other}")),
        })?;
    let started = Instant::now();
    let answer = talks.analyse(&AnalyseOptions::default())?;
    let seconds = started.elapsed().as_secs_f64();
    let words = Words {
        issues: talks.issues().iter().map(|i| i.name.clone()).collect(),
        options: talks.issues().iter().map(|i| i.options.clone()).collect(),
    };
    console.answer(
        || answer.to_json(seconds),
        || {
            let mut out = size(&answer);
            out.push_str(&solutions(&talks, &answer, &words, false));
            out
        },
    )
}

/// The table without its `format`, which must be 1 where it is given.
fn without_format(name: &str, text: &str) -> Result<String, Failure> {
    #[derive(serde::Deserialize)]
    struct Head {
        format: Option<serde_json::Value>,
    }
    // A text that does not read at all is left to the reader of tables, which names line and column.
    let Ok(Head {
        format: Some(format),
    }) = serde_json::from_str(text)
    else {
        return Ok(text.to_owned());
    };
    if format != 1 {
        return Err(Failure::input(format!(
            "{name}: format {format} is not known; this winset reads format 1, a newer table needs a newer winset"
        )));
    }
    let mut table: serde_json::Value =
        serde_json::from_str(text).map_err(|error| Failure::input(format!("{name}: {error}")))?;
    if let Some(table) = table.as_object_mut() {
        table.remove("format");
    }
    Ok(table.to_string())
}

fn from_dossier(args: &DossierArgs, console: &Console) -> Result<(), Failure> {
    let progress = console.progress();
    let files = Files::open(args.dossier.as_deref())?;
    let desk = Desk::compute(files, args.known_on, &|what, done, total| {
        progress.step(what, done, total);
    })?;
    drop(progress);
    let progress = console.progress();
    let accounts = signable(&desk, &|what, done, total| progress.step(what, done, total))?;
    drop(progress);
    console.answer(
        || SignableReport::new(&desk, &accounts),
        || text(&desk, &accounts),
    )
}

fn text(desk: &Desk, accounts: &[Signable]) -> String {
    let bench = &desk.bench;
    let issues = &bench.dossier.issues.issue;
    let words = Words {
        issues: issues.iter().map(|i| i.title.to_string()).collect(),
        options: issues
            .iter()
            .map(|i| i.option.iter().map(|o| o.title.to_string()).collect())
            .collect(),
    };
    let mut out = format!(
        "{}, as known on {}\nGains are bn USD a year against no deal: {}.\n",
        bench.dossier.head.title,
        bench.dossier.as_of,
        desk.worlds.first_no_deal()
    );
    for (table, account) in desk.tables.iter().zip(accounts) {
        let _ = writeln!(out, "\n== {}", account.title);
        out.push_str(&size(&account.answer));
        out.push_str(&solutions(&table.talks, &account.answer, &words, true));
        if let Some((package, why)) = account.free.as_ref().filter(|(_, why)| !why.in_win_set) {
            let _ = writeln!(
                out,
                "  Nash without mandates and ratifiers, gains {}:",
                gains(&table.talks, &why.gains)
            );
            out.push_str(&in_words(package, &words, true));
            for line in stopped_by(why, &table.talks, &words) {
                let _ = writeln!(out, "    stopped by {line}");
            }
        }
    }
    out
}

fn size(answer: &Answer) -> String {
    let count = |c: winset_talks::Count| c.exact().map_or_else(|| c.to_string(), grouped);
    format!(
        "  {}\n  {} packages, {} inside mandates, {} of them ratified, {} in the win-set; {} points on the frontier\n",
        answer.zone,
        grouped(answer.packages),
        grouped(answer.inside_mandates),
        count(answer.ratified),
        count(answer.better_for_all),
        grouped(answer.frontier.len() as u128)
    )
}

fn gains(talks: &Talks, gains: &[f64]) -> String {
    let each = talks
        .parties()
        .iter()
        .zip(gains)
        .map(|(party, gain)| format!("{} {gain:+.3}", party.name));
    each.collect::<Vec<_>>().join(", ")
}

/// Each solution in words; those that choose the same packages are named together.
fn solutions(talks: &Talks, answer: &Answer, words: &Words, only_changes: bool) -> String {
    if answer.zone != Zone::Exists {
        return String::new();
    }
    let all: [(&str, &Solution); 4] = [
        ("Nash", &answer.nash),
        ("Kalai–Smorodinsky", &answer.kalai_smorodinsky),
        ("egalitarian", &answer.egalitarian),
        ("utilitarian", &answer.utilitarian),
    ];
    let mut grouped: Vec<(Vec<&str>, &Solution)> = Vec::new();
    for (name, solution) in all {
        match grouped
            .iter_mut()
            .find(|(_, known)| known.points == solution.points)
        {
            Some((names, _)) => names.push(name),
            None => grouped.push((vec![name], solution)),
        }
    }
    let mut out = String::new();
    for (names, solution) in grouped {
        for point in &solution.points {
            let Some(package) = point.packages.first() else {
                continue;
            };
            let over: Vec<f64> = point
                .payoffs
                .iter()
                .zip(&answer.no_deal)
                .map(|(p, n)| p - n)
                .collect();
            let ties = match point.tied {
                1 => String::new(),
                n => format!(" (one of {n} packages with these gains)"),
            };
            let _ = writeln!(
                out,
                "  {}: gains {}{ties}",
                names.join(", "),
                gains(talks, &over)
            );
            out.push_str(&in_words(package, words, only_changes));
        }
        if !solution.without_gain.is_empty() {
            let _ = writeln!(
                out,
                "    no package of the win-set gains {}",
                solution.without_gain.join(", ")
            );
        }
    }
    out
}

/// A package, an issue a line. The first option of a dossier's issue is what holds if nothing is agreed.
fn in_words(package: &Package, words: &Words, only_changes: bool) -> String {
    let mut out = String::new();
    for (issue, option) in package.options().iter().enumerate() {
        if only_changes && *option == 0 {
            continue;
        }
        let title = words
            .options
            .get(issue)
            .and_then(|options| options.get(usize::from(*option)));
        if let (Some(issue), Some(option)) = (words.issues.get(issue), title) {
            let _ = writeln!(out, "    {issue}: {option}");
        }
    }
    if out.is_empty() {
        out.push_str("    nothing changes\n");
    }
    out
}

/// Who says no to a package, and to what.
fn stopped_by(why: &Why, talks: &Talks, words: &Words) -> Vec<String> {
    let mandates = why.outside_mandates.iter().map(|m| {
        let issue = talks
            .issues()
            .iter()
            .position(|issue| issue.name == m.issue);
        let title = issue.and_then(|i| words.issues.get(i)).unwrap_or(&m.issue);
        format!("the mandate of {} on: {title}", m.party)
    });
    let ratifiers = why.blocked_by.iter().map(|b| {
        format!(
            "{} ({}), who asks: {} (short by {:.3})",
            b.ratifier, b.party, b.what, b.short_by
        )
    });
    let worse = why
        .worse_than_no_deal
        .iter()
        .map(|w| format!("{}: no deal is better by {:.3}", w.party, w.by));
    mandates.chain(ratifiers).chain(worse).collect()
}
