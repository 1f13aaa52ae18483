//! `winset beliefs`: what the other side may want.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jiff::civil::Date;
use serde::Serialize;
use winset::brief::recommended;
use winset::dossier::{Files, Text};
use winset::indicator::Indicator;
use winset::labels;
use winset::lang::Lang;
use winset::study::{BeliefDay, Bench, Desk, TypedOffer, days, logged, loud};
use winset_talks::belief::Posterior;
use winset_talks::preference::{LearnOptions, Trace, learn};

use super::args::BeliefsArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &BeliefsArgs, console: &Console) -> Result<(), Failure> {
    if let Some(path) = &args.trace {
        return from_offers(path, console);
    }
    // What options are worth follows from the law of the dossier's date; what is believed, from the day asked about.
    let bench = Bench::open(Files::open(args.dossier.dossier.as_deref())?, None)?;
    let day = args.dossier.known_on.unwrap_or(bench.dossier.as_of);
    let offers = typed(args, day)?;
    let progress = console.progress();
    let step = |what: &str, done: usize, of: usize| progress.step(what, done, of);
    let desk = Desk::believing(bench, day, &offers, &step)?;
    let proposals = recommended(&desk, &desk.answers()?, Lang::En)?;
    drop(progress);
    let acceptance = proposals
        .iter()
        .map(|p| {
            Ok(Accepted {
                title: &p.title,
                options: &p.options,
                before: desk.before.acceptance(&p.theirs_by_hypothesis)?,
                after: desk.belief.acceptance(&p.theirs_by_hypothesis)?,
            })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let answer = Answer {
        known_on: day.to_string(),
        belief: &desk.belief,
        before: &desk.before.probabilities,
        days: days(&desk.bench, &desk.payoffs, &desk.belief),
        acceptance,
        unread: logged(&desk.bench.dossier).unread,
    };
    console.answer(|| &answer, || text(&answer, &desk))
}

/// The offers that were typed; each `--on` belongs to the `--offer` of the same place.
fn typed(args: &BeliefsArgs, known_on: Date) -> Result<Vec<TypedOffer>, Failure> {
    let (offers, days) = (args.offer.len(), args.on.len());
    if days > 0 && days != offers {
        return Err(Failure::Usage(format!(
            "{offers} times --offer and {days} times --on: give a day for each offer, in the same order, or for none"
        )));
    }
    if let Some(late) = args.on.iter().find(|day| **day > known_on) {
        return Err(Failure::Usage(format!(
            "an offer of {late} is not known on {known_on}: add --known-on {late}"
        )));
    }
    let days = args
        .on
        .iter()
        .copied()
        .map(Some)
        .chain(std::iter::repeat(None));
    let typed = args.offer.iter().zip(days).map(|(offer, date)| TypedOffer {
        options: offer.named(),
        date,
    });
    Ok(typed.collect())
}

/// How likely a package worth proposing is accepted.
#[derive(Serialize)]
struct Accepted<'a> {
    title: &'a str,
    options: &'a [String],
    before: f64,
    after: f64,
}

#[derive(Serialize)]
struct Answer<'a> {
    known_on: String,
    #[serde(flatten)]
    belief: &'a Posterior<Date>,
    /// Probabilities without the offers received.
    before: &'a [f64],
    days: Vec<BeliefDay>,
    acceptance: Vec<Accepted<'a>>,
    /// Offers in the log that name what is not on the table now.
    unread: Vec<Text>,
}

fn per_cent(x: f64) -> String {
    format!("{:.1}", 100.0 * x)
}

fn text(answer: &Answer<'_>, desk: &Desk) -> String {
    let hypotheses = &desk.bench.dossier.beliefs.hypothesis;
    let mut out = format!(
        "What they may want, as known on {}, per cent:\n\n",
        answer.known_on
    );
    let mut columns = Columns::new(&[
        ("", Side::Left),
        ("by statements", Side::Right),
        ("and offers", Side::Right),
    ]);
    let both = answer.before.iter().zip(&answer.belief.probabilities);
    for (hypothesis, (before, after)) in hypotheses.iter().zip(both) {
        columns.row([
            hypothesis.title.to_string(),
            per_cent(*before),
            per_cent(*after),
        ]);
    }
    let _ = writeln!(out, "{columns}\nHow it came about:");
    let mut headings = vec![("published", Side::Left), ("evidence", Side::Left)];
    headings.extend(
        answer
            .belief
            .hypotheses
            .iter()
            .map(|h| (h.as_str(), Side::Right)),
    );
    let mut columns = Columns::new(&headings);
    for learned in &answer.belief.path {
        let mut row = vec![learned.published.to_string(), learned.evidence.clone()];
        row.extend(learned.probabilities.iter().map(|p| per_cent(*p)));
        columns.row(row);
    }
    let _ = write!(out, "{columns}");
    for (evidence, factor) in loud(&desk.bench, answer.belief) {
        let _ = writeln!(
            out,
            "`{evidence}` alone moves the odds between two hypotheses {:.0}-fold or more: see the likelihoods and \
             `offer-strength` in beliefs.toml",
            factor.min(1e6)
        );
    }
    for (evidence, reason) in &answer.belief.unused {
        let _ = writeln!(out, "not counted: {evidence} ({reason})");
    }
    for what in &answer.unread {
        let _ = writeln!(out, "not counted: {what}");
    }
    out.push_str("\nWhat it would have said they want most (bn USD a year to them):\n");
    let mut columns = Columns::new(&[
        ("on", Side::Left),
        ("likeliest", Side::Left),
        ("per cent", Side::Right),
        ("what counts most", Side::Left),
        ("up to", Side::Right),
        ("of what they ask", Side::Left),
        ("worth", Side::Right),
    ]);
    for day in &answer.days {
        let Some(wanted) = &day.wanted else { continue };
        columns.row([
            day.date.clone().unwrap_or_else(|| "before".to_owned()),
            wanted.hypothesis.to_string(),
            per_cent(wanted.probability),
            in_words(&wanted.indicator),
            format!("{:.2}", wanted.indicator_busd),
            format!("{}: {}", wanted.issue, wanted.option),
            format!("{:+.2}", wanted.option_busd),
        ]);
    }
    let _ = write!(out, "{columns}");
    if !answer.acceptance.is_empty() {
        out.push_str(
            "\nProbability that they are no worse off with a package than without, per cent:\n",
        );
        let mut columns = Columns::new(&[
            ("", Side::Left),
            ("by statements", Side::Right),
            ("and offers", Side::Right),
        ]);
        for a in &answer.acceptance {
            columns.row([a.title.to_owned(), per_cent(a.before), per_cent(a.after)]);
        }
        let _ = write!(out, "{columns}");
    }
    out
}

/// An indicator as people call it.
fn in_words(indicator: &str) -> String {
    let parsed = indicator.parse::<Indicator>();
    parsed.map_or_else(
        |_| indicator.to_owned(),
        |i| labels::indicator(&i, Lang::En),
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
    if trace.offers().is_empty() {
        return Err(Failure::input(format!(
            "{name}: no offers in it: what a party wants is learned from them, so give at least one"
        )));
    }
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
