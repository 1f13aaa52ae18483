//! `winset diff`: what a change of measures, or of the day, does to every line.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use winset::law::diff::{Changed, Diff, Side as LawSide, Sum, diff};
use winset::law::not_held::first_of;
use winset_io::stream::FileFormat;
use winset_io::{Column, Source, Table, write_whole};

use super::args::DiffArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

/// How many lines are printed; `--out` writes all.
const SHOWN: usize = 25;

pub(crate) fn run(args: &DiffArgs, console: &Console) -> Result<(), Failure> {
    let out = args.out.as_deref().map(format).transpose()?;
    let before = args.law.law(args.importer)?;
    let mut texts = Vec::new();
    for path in &args.change {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::Usage(format!("{}: {e}", path.display())))?;
        texts.push(Source::new(path.display().to_string(), text));
    }
    if texts.is_empty() && args.and_on.is_none() && args.and_known_on.is_none() {
        return Err(Failure::Usage(
            "nothing to compare: name files of changed measures, or another day with --and-on or --and-known-on".to_owned(),
        ));
    }
    let after = before.with(&texts)?;
    let (on, known_on) = (args.on, args.known_on);
    let weights = args
        .trade
        .weights(&before, args.importer, args.origin, on)?;
    let old = LawSide {
        law: &before,
        on,
        known_on,
    };
    let new = LawSide {
        law: &after,
        on: args.and_on.unwrap_or(on),
        known_on: args.and_known_on.or(known_on),
    };
    let diff = diff(&weights, old, new).map_err(Failure::from_question)?;
    if let Some((out, format)) = out {
        write(&diff, out, format)?;
    }
    console.answer(|| json(&diff), || text(&diff, &titles(args)))
}

/// Where the table goes, and in which format; told before anything is computed.
fn format(out: &Path) -> Result<(&Path, FileFormat), Failure> {
    let unnamed = || {
        let path = out.display();
        Failure::Usage(format!(
            "{path}: the ending names no format: write .csv, .parquet or .pq"
        ))
    };
    Ok((out, FileFormat::of(out).ok_or_else(unnamed)?))
}

fn titles(args: &DiffArgs) -> String {
    let side = |on: jiff::civil::Date, known: Option<jiff::civil::Date>| {
        known.map_or_else(
            || format!("entries of {on}"),
            |k| format!("entries of {on} as known on {k}"),
        )
    };
    let before = side(args.on, args.known_on);
    let after = side(
        args.and_on.unwrap_or(args.on),
        args.and_known_on.or(args.known_on),
    );
    let with = match args.change.len() {
        0 => String::new(),
        1 => " with a file of changes".to_owned(),
        n => format!(" with {n} files of changes"),
    };
    format!(
        "{before}, against {after}{with}; goods entering {}\n",
        args.importer.name()
    )
}

fn write(diff: &Diff, out: &Path, format: FileFormat) -> Result<(), Failure> {
    let reals = |of: fn(&Changed) -> f64| Column::Real(diff.lines.iter().map(of).collect());
    let texts = |of: fn(&Changed) -> String| Column::Text(diff.lines.iter().map(of).collect());
    let table = Table::new("diff")
        .with("goods", texts(|l| l.goods.plain()))
        .with("origin", texts(|l| l.origin.iso2().to_owned()))
        .with("value_usd", reals(|l| l.value))
        .with("before", reals(|l| l.before))
        .with("after", reals(|l| l.after))
        .with("revenue_usd", reals(Changed::revenue));
    let bytes = match format {
        FileFormat::Parquet => table.to_parquet(),
        FileFormat::Csv => table.to_csv(),
    };
    let bytes = bytes.context("writing the table")?;
    write_whole(out, &bytes).with_context(|| format!("writing {}", out.display()))?;
    Ok(())
}

/// Without weights there are no sums of money.
fn sum_json(sum: &Sum, weighed: bool) -> Value {
    let money = |x: f64| weighed.then_some(x);
    json!({
        "value_usd": money(sum.value), "duty_before_usd": money(sum.before), "duty_after_usd": money(sum.after),
        "revenue_usd": money(sum.after - sum.before), "lines_changed": sum.changed,
    })
}

fn json(diff: &Diff) -> Value {
    let weighed = diff.weights.is_some();
    let money = |x: f64| weighed.then_some(x);
    let lines: Vec<Value> = diff
        .lines
        .iter()
        .map(|l| {
            json!({
                "goods": l.goods.to_string(), "origin": l.origin.iso2(), "value_usd": money(l.value),
                "before": l.before, "after": l.after, "revenue_usd": money(l.revenue()),
            })
        })
        .collect();
    let by_origin: serde_json::Map<String, Value> = diff
        .by_origin
        .iter()
        .map(|(o, s)| (o.iso2().to_owned(), sum_json(s, weighed)))
        .collect();
    let by_chapter: serde_json::Map<String, Value> = diff
        .by_chapter
        .iter()
        .map(|(c, s)| (format!("{c:02}"), sum_json(s, weighed)))
        .collect();
    json!({
        "all": sum_json(&diff.all, weighed), "by_origin": by_origin, "by_chapter": by_chapter, "lines": lines,
        "not_held": diff.not_held, "without_rate_usd": money(diff.without_rate), "weights": diff.weights,
    })
}

fn percent(rate: f64) -> String {
    format!("{:.2}", 100.0 * rate)
}

fn million(usd: f64) -> String {
    match format!("{:+.1}", usd / 1e6) {
        text if text == "-0.0" => "+0.0".to_owned(),
        text => text,
    }
}

fn text(diff: &Diff, titles: &str) -> String {
    let left_out = if diff.not_held.is_empty() {
        String::new()
    } else {
        format!(
            "\nLeft out, since the law in the data does not reach so far on them: {}\n",
            first_of(&diff.not_held)
        )
    };
    changes(diff, titles) + &left_out
}

fn changes(diff: &Diff, titles: &str) -> String {
    let (changed, of) = (diff.lines.len(), diff.compared);
    let Some(weights) = &diff.weights else {
        return unweighed(diff, titles);
    };
    let mut out = format!(
        "{titles}{changed} of the {of} lines of {weights} change; revenue on that trade {} million USD a year\n",
        million(diff.all.after - diff.all.before)
    );
    if diff.lines.is_empty() {
        return out;
    }
    let mut origins: Vec<_> = diff
        .by_origin
        .iter()
        .filter(|(_, s)| s.changed > 0)
        .collect();
    origins.sort_by(|a, b| (a.1.after - a.1.before).total_cmp(&(b.1.after - b.1.before)));
    let mut table = Columns::new(&[
        ("origin", Side::Left),
        ("lines", Side::Right),
        ("before %", Side::Right),
        ("after %", Side::Right),
        ("million USD", Side::Right),
    ]);
    for (origin, s) in origins {
        let share = |duty: f64| {
            if s.value > 0.0 {
                percent(duty / s.value)
            } else {
                "–".to_owned()
            }
        };
        let lines = s.changed.to_string();
        table.row([
            origin.name(),
            &lines,
            &share(s.before),
            &share(s.after),
            &million(s.after - s.before),
        ]);
    }
    let _ = write!(out, "\nWho gains, first those who pay less:\n{table}");
    let mut table = Columns::new(&[
        ("goods", Side::Left),
        ("origin", Side::Left),
        ("trade mn", Side::Right),
        ("before %", Side::Right),
        ("after %", Side::Right),
        ("million USD", Side::Right),
    ]);
    for line in diff.lines.iter().take(SHOWN) {
        let value = format!("{:.1}", line.value / 1e6);
        let (goods, revenue) = (line.goods.to_string(), million(line.revenue()));
        table.row([
            &goods,
            line.origin.iso2(),
            &value,
            &percent(line.before),
            &percent(line.after),
            &revenue,
        ]);
    }
    let _ = write!(out, "\nThe largest changes:\n{table}");
    more(diff, &mut out);
    let _ = writeln!(
        out,
        "\nTrade without a rate: {:.2} bn USD",
        diff.without_rate / 1e9
    );
    out
}

fn more(diff: &Diff, out: &mut String) {
    if diff.lines.len() > SHOWN {
        let more = diff.lines.len() - SHOWN;
        let _ = writeln!(out, "and {more} more: --out FILE.csv writes all");
    }
}

/// Where no trade says what lines weigh.
fn unweighed(diff: &Diff, titles: &str) -> String {
    let mut out = format!(
        "{titles}{} of the {} lines of the schedule that have a rate change; no trade was brought to weigh them\n",
        diff.lines.len(),
        diff.compared
    );
    if diff.lines.is_empty() {
        return out;
    }
    let mut table = Columns::new(&[
        ("goods", Side::Left),
        ("origin", Side::Left),
        ("before %", Side::Right),
        ("after %", Side::Right),
    ]);
    for line in diff.lines.iter().take(SHOWN) {
        table.row([
            &line.goods.to_string(),
            line.origin.iso2(),
            &percent(line.before),
            &percent(line.after),
        ]);
    }
    let _ = write!(out, "\nThe largest changes:\n{table}");
    more(diff, &mut out);
    out
}
