//! `winset measures`: the law as text, listed, shown, checked, exported.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::Context;
use jiff::civil::Date;
use serde_json::{Value, json};
use winset::choice::Choice;
use winset_io::write_whole;
use winset_law::{Confidence, Country, Law, Measure, Reading};

use super::args::{MeasuresArgs, MeasuresCommand};
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;
use super::init::refuse_unless_empty;

pub(crate) fn run(args: &MeasuresArgs, console: &Console) -> Result<(), Failure> {
    if let MeasuresCommand::Export { dir } = &args.what {
        return export(args.importer, dir, console);
    }
    let choice = Choice {
        folder: args.law.clone(),
        dossier: args.dossier.clone(),
        ..Choice::default()
    };
    let law = choice.law(args.importer)?;
    match &args.what {
        MeasuresCommand::List => console.answer(|| list_json(&law), || list_text(&law)),
        MeasuresCommand::Facts => console.answer(|| facts_json(&law), || facts_text(&law)),
        MeasuresCommand::Show { id } => {
            let measure = law.measure(id).ok_or_else(|| {
                Failure::Usage(format!(
                    "no measure `{id}`: `winset measures list` names them"
                ))
            })?;
            console.answer(
                || measure_json(&law, measure),
                || measure_text(&law, measure),
            )
        }
        MeasuresCommand::Check => console.answer(
            || json!({"measures": law.measures().count(), "acts": law.acts().count()}),
            || {
                format!(
                    "nothing is wrong with it: {} measures, {} exemptions, {} acts\n",
                    law.measures().count(),
                    law.exemptions().count(),
                    law.acts().count()
                )
            },
        ),
        MeasuresCommand::Timeline { origin } => {
            let events = events(&law, *origin);
            console.answer(|| timeline_json(&events), || timeline_text(&events))
        }
        MeasuresCommand::Export { .. } => Ok(()),
    }
}

fn export(importer: Country, dir: &std::path::Path, console: &Console) -> Result<(), Failure> {
    refuse_unless_empty(dir)?;
    let folder = importer.iso2().to_lowercase();
    let files = winset_data::law::files(&folder);
    if files.is_empty() {
        return Err(Failure::Usage(format!(
            "no law of {} ships",
            importer.name()
        )));
    }
    for (inside, text) in &files {
        let path = dir.join(inside);
        let parent = path.parent().unwrap_or(dir);
        fs::create_dir_all(parent)
            .with_context(|| format!("making the folder {}", parent.display()))?;
        write_whole(&path, text.as_bytes())
            .with_context(|| format!("writing {}", path.display()))?;
    }
    let names: Vec<&str> = files.iter().map(|(inside, _)| *inside).collect();
    console.answer(
        || json!({"folder": dir.display().to_string(), "files": names}),
        || {
            format!(
                "{}: {} files. Change them, then: winset measures check --law {}\n",
                dir.display(),
                names.len(),
                dir.display()
            )
        },
    )
}

/// First and last day of all periods.
fn span(measure: &Measure) -> (Date, Date) {
    let first = measure.periods().map(|(from, ..)| from).min();
    let last = measure.periods().map(|(_, to, ..)| to).max();
    (first.unwrap_or(Date::MIN), last.unwrap_or(Date::MAX))
}

fn shown(day: Date) -> String {
    if day == Date::MAX || day == Date::MIN {
        String::new()
    } else {
        day.to_string()
    }
}

fn list_json(law: &Law) -> Value {
    let measures: Vec<Value> = law
        .measures()
        .map(|m| {
            let (from, to) = span(m);
            json!({
                "measure": m.id(), "title": m.title(), "authority": m.authority(),
                "importer": m.importer().iso2(), "heading": m.heading(),
                "from": shown(from), "to": shown(to), "confidence": m.confidence().to_string(),
            })
        })
        .collect();
    let readings: Vec<Value> = law.readings().iter().map(reading_json).collect();
    json!({"measures": measures, "readings": readings})
}

fn reading_json(reading: &Reading) -> Value {
    json!({
        "reading": reading.id(), "title": reading.title(), "options": reading.options().collect::<Vec<_>>(),
        "chosen": reading.chosen(), "source": reading.source(),
    })
}

fn list_text(law: &Law) -> String {
    let mut table = Columns::new(&[
        ("measure", Side::Left),
        ("authority", Side::Left),
        ("from", Side::Left),
        ("to", Side::Left),
        ("what", Side::Left),
    ]);
    for m in law.measures() {
        let (from, to) = span(m);
        let sure = match m.confidence() {
            Confidence::Verified => String::new(),
            other => format!(" ({other})"),
        };
        let what = format!("{}{sure}", m.title());
        table.row([m.id(), m.authority(), &shown(from), &shown(to), &what]);
    }
    let mut out = table.to_string();
    if !law.readings().is_empty() {
        out.push_str("\nWhat the law leaves open, and how it is read here:\n");
        for r in law.readings() {
            let options: Vec<&str> = r.options().collect();
            let _ = writeln!(
                out,
                "  {} = {} (of {}): {} [{}]",
                r.id(),
                r.chosen(),
                options.join(", "),
                r.title(),
                r.source()
            );
        }
    }
    out
}

fn facts_json(law: &Law) -> Value {
    let facts: Vec<Value> = law
        .asks()
        .iter()
        .map(|a| {
            let records: Vec<&str> = a.records.iter().map(|r| &**r).collect();
            json!({"stated": a.stated, "question": a.question.as_deref(), "records": records})
        })
        .collect();
    json!({"facts": facts})
}

fn facts_text(law: &Law) -> String {
    let mut table = Columns::new(&[
        ("stated as", Side::Left),
        ("asked by", Side::Left),
        ("question", Side::Left),
    ]);
    for a in law.asks() {
        let more = match a.records.len() {
            0 | 1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        let first = a.records.first().map_or("", |r| r);
        let by = format!("{first}{more}");
        table.row([&a.stated, &by, a.question.as_deref().unwrap_or("")]);
    }
    table.to_string()
}

fn measure_json(law: &Law, m: &Measure) -> Value {
    let periods: Vec<Value> = m
        .periods()
        .map(|(from, to, rate, act)| {
            json!({"from": shown(from), "to": shown(to), "rate": rate, "act": &*act.id,
                "known": act.known.to_string(), "source": &*act.source})
        })
        .collect();
    let suspensions: Vec<Value> = m
        .suspensions()
        .map(|(from, until, act)| {
            json!({"from": shown(from), "until": shown(until), "source": &*act.source})
        })
        .collect();
    json!({
        "measure": m.id(), "title": m.title(), "authority": m.authority(), "heading": m.heading(),
        "periods": periods, "suspensions": suspensions,
        "exempted_by": law.exemptions_from(m).collect::<Vec<_>>(),
        "relations": law.relations_of(m).map(|(how, other)| json!({"how": how, "measure": other})).collect::<Vec<_>>(),
    })
}

fn measure_text(law: &Law, m: &Measure) -> String {
    let mut out = format!("{}: {}\n{}", m.id(), m.title(), m.authority());
    if let Some(heading) = m.heading() {
        let _ = write!(out, ", heading {heading}");
    }
    let _ = writeln!(out, ", {}\n", m.confidence());
    let mut table = Columns::new(&[
        ("from", Side::Left),
        ("to", Side::Left),
        ("rate", Side::Right),
        ("known", Side::Left),
        ("act", Side::Left),
    ]);
    for (from, to, rate, act) in m.periods() {
        let (from, to, known) = (shown(from), shown(to), act.known.to_string());
        table.row([&from, &to, rate.unwrap_or("ends"), &known, &*act.source]);
    }
    out.push_str(&table.to_string());
    for (from, until, act) in m.suspensions() {
        let _ = writeln!(
            out,
            "suspended {} to {}: {}",
            shown(from),
            shown(until),
            act.source
        );
    }
    for exemption in law.exemptions_from(m) {
        let _ = writeln!(out, "exempt: {exemption}");
    }
    let mut by_how: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (how, other) in law.relations_of(m) {
        by_how.entry(how).or_default().push(other);
    }
    for (how, others) in by_how {
        let _ = writeln!(out, "{how}: {}", others.join(", "));
    }
    out
}

/// A day, what happened to which measure, and the source.
type Event<'a> = (Date, String, &'a str, &'a str);

fn events(law: &Law, origin: Option<Country>) -> Vec<Event<'_>> {
    let mut events = Vec::new();
    for m in law
        .measures()
        .filter(|m| origin.is_none_or(|o| m.reaches(o)))
    {
        for (from, to, rate, act) in m.periods_on(origin) {
            events.push((
                from,
                rate.map_or("ended".to_owned(), |r| format!("begins at {r}")),
                m.id(),
                &*act.source,
            ));
            if to != Date::MAX {
                events.push((
                    to,
                    format!("no longer at {}", rate.unwrap_or("all")),
                    m.id(),
                    &*act.source,
                ));
            }
        }
        for (from, until, act) in m.suspensions() {
            events.push((from, "suspended".to_owned(), m.id(), &*act.source));
            if until != Date::MAX {
                events.push((until, "suspension lapses".to_owned(), m.id(), &*act.source));
            }
        }
        for (stopped, act) in m.voidings() {
            events.push((
                stopped,
                "void, no longer collected".to_owned(),
                m.id(),
                &*act.source,
            ));
        }
    }
    events.sort();
    events.dedup();
    events
}

fn timeline_json(events: &[Event<'_>]) -> Value {
    let events: Vec<Value> = events
        .iter()
        .map(|(day, what, measure, source)| {
            json!({"day": day.to_string(), "what": what, "measure": measure, "source": source})
        })
        .collect();
    json!({"events": events})
}

fn timeline_text(events: &[Event<'_>]) -> String {
    let mut table = Columns::new(&[
        ("day", Side::Left),
        ("measure", Side::Left),
        ("what", Side::Left),
        ("source", Side::Left),
    ]);
    for (day, what, measure, source) in events {
        table.row([&day.to_string(), *measure, what, *source]);
    }
    table.to_string()
}
