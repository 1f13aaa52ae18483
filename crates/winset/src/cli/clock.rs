//! `winset clock`: who gives way when, and what waiting costs.

use std::fmt::Write as _;

use winset::dossier::Files;
use winset::study::{Bench, ClockReport, ClockRow, ClockTerms, Desk, clock};

use super::args::DossierArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &DossierArgs, console: &Console) -> Result<(), Failure> {
    let progress = console.progress();
    let step = |what: &str, done: usize, of: usize| progress.step(what, done, of);
    let bench = Bench::open(Files::open(args.dossier.as_deref())?, args.known_on)?;
    let terms = ClockTerms::new(&bench)?;
    let desk = Desk::of(bench, &step)?;
    let report = clock(&desk, &desk.answers()?, &terms)?;
    drop(progress);
    console.answer(|| &report, || text(&report, &desk))
}

fn two(pair: [f64; 2]) -> [String; 2] {
    pair.map(|x| format!("{x:+.3}"))
}

fn text(report: &ClockReport, desk: &Desk) -> String {
    let mut out = format!(
        "{} weeks from {} to the cliff of {}; one offer a week, {} begins. Discount rates {:.0} % and {:.0} % a year.\n\
         bn USD over {} weeks, present value, ours and theirs; each hypothesis played as if it were known to be true.\n\n",
        report.weeks,
        report.as_of,
        report.cliff,
        report.first,
        100.0 * report.rates[0],
        100.0 * report.rates[1],
        report.span,
    );
    let longer = format!("{} weeks more", report.extension);
    let mut columns = Columns::new(&[
        ("if they want", Side::Left),
        ("per cent", Side::Right),
        ("agreed in week", Side::Right),
        ("worth", Side::Right),
        ("", Side::Right),
        ("no offer ever", Side::Right),
        ("", Side::Right),
        ("a week without offer", Side::Right),
        ("", Side::Right),
        (&longer, Side::Right),
        ("", Side::Right),
    ]);
    let mut row = |title: &str, probability: f64, agreed: String, pairs: [[f64; 2]; 4]| {
        let mut cells = vec![
            title.to_owned(),
            format!("{:.1}", 100.0 * probability),
            agreed,
        ];
        cells.extend(pairs.into_iter().flat_map(two));
        columns.row(cells);
    };
    for r in &report.rows {
        let agreed = r
            .agreed
            .map_or_else(|| "never".to_owned(), |week| week.to_string());
        row(
            &r.title,
            r.probability,
            agreed,
            [r.values, r.without, r.week_lost.map(|x| -x), r.extended],
        );
    }
    let m = &report.mean;
    let agreed = format!("{:.0} % agree", 100.0 * m.agreement);
    row(
        "the average",
        1.0,
        agreed,
        [m.values, m.without, m.week_lost.map(|x| -x), m.extended],
    );
    let _ = writeln!(out, "{columns}");
    for r in &report.rows {
        let _ = writeln!(out, "{}", play(r, desk));
    }
    out
}

/// Packages in words.
fn counted(packages: usize) -> String {
    match packages {
        0 => "no package is".to_owned(),
        1 => "1 package is".to_owned(),
        many => format!("{many} packages are"),
    }
}

/// Who offers what now, in the week after, when they agree and in the last week; all weeks are in the JSON.
fn play(row: &ClockRow, desk: &Desk) -> String {
    let mut out = format!(
        "If they want {}: {} on the frontier of what can be signed; until the cliff they have {:+.2} and {:+.2} a year against no deal.\n",
        row.title,
        counted(row.packages),
        row.interim[0],
        row.interim[1]
    );
    let last = row.weeks.len().saturating_sub(1);
    let shown = |week: usize| week < 2 || row.agreed == Some(week) || week == last;
    for w in row.weeks.iter().filter(|w| shown(w.week)) {
        let said = match (&w.options, w.payoffs) {
            (Some(options), Some([ours, theirs])) => format!(
                "offers {}, which is taken: {ours:+.2} and {theirs:+.2} a year, solved exactly",
                moved(options, desk)
            ),
            _ => "makes no offer that would be taken".to_owned(),
        };
        let _ = writeln!(out, "  week {} ({}): {} {said}", w.week, w.date, w.proposer);
    }
    out
}

/// The options that change something.
fn moved(options: &[String], desk: &Desk) -> String {
    let issues = desk.bench.dossier.issues.issue.iter().zip(options);
    let moved = issues.filter(|(issue, option)| issue.option[0].id.get_ref() != *option);
    let named: Vec<String> = moved
        .map(|(issue, option)| format!("{}={option}", issue.id.get_ref()))
        .collect();
    named.join(",")
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn packages_are_counted_in_words() {
        assert_eq!(
            [0, 1, 8].map(counted),
            ["no package is", "1 package is", "8 packages are"]
        );
    }
}
