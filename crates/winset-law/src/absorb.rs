//! Taking the records of files into a law.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use winset_io::{Problem, Problems, Source, Span, parse_toml};

use crate::GoodsCode;
use crate::condition::Condition;
use crate::day::Days;
use crate::file::{RawFile, Word};
use crate::law::{Covers, Law};
use crate::measure::{Act, Place, Voiding};
use crate::read::{ListRows, Reader, read_act};
use crate::relations;
use crate::stateable::Stateable;

/// A file as written, with its number among all files of the law.
struct Written<'a> {
    number: usize,
    source: &'a Source,
    raw: RawFile,
}

/// The law with the records of further files, and nothing at odds in it among the acts known by a day.
pub(crate) fn absorb(
    mut law: Law,
    files: &[Source],
    known: Date,
    mut problems: Problems,
) -> Result<Law, Problems> {
    let written = parse(&mut law, files, &mut problems);
    names(&mut law, &written, &mut problems);
    // Measures that are new or say something new: the others were checked against each other before.
    let touched = {
        let mut touched = records(&mut law, &written, &mut problems);
        // The order of files must not show anywhere, not even in the trace.
        law.measures.sort_by(|a, b| a.id.cmp(&b.id));
        law.exemptions.sort_by(|a, b| a.id.cmp(&b.id));
        law.families.sort_by(|a, b| a.id.cmp(&b.id));
        law.fees.sort_by(|a, b| a.id.cmp(&b.id));
        law.quotas.sort_by(|a, b| a.id.cmp(&b.id));
        changes(&mut law, &written, &mut touched, &mut problems);
        touched
    };
    resolve(&mut law, &mut problems);
    relations::check(&law, &touched, known, &mut problems);
    law.days = Arc::new(Days::of(&law));
    law.stateable = Arc::new(Stateable::of(&law));
    problems.unless_any(law)
}

fn parse<'a>(law: &mut Law, files: &'a [Source], problems: &mut Problems) -> Vec<Written<'a>> {
    let first = law.sources.len();
    law.sources.extend(files.iter().cloned());
    let mut written = Vec::new();
    for (i, source) in files.iter().enumerate() {
        match parse_toml::<RawFile>(source) {
            Ok(raw) if *raw.format.get_ref() == 1 => written.push(Written {
                number: first + i,
                source,
                raw,
            }),
            Ok(raw) => problems.push(
                Problem::at(
                    source,
                    raw.format.span(),
                    format!("format {} is not known", raw.format.get_ref()),
                )
                .help("this program reads format = 1"),
            ),
            Err(problem) => problems.push(problem),
        }
    }
    written
}

/// Acts and lists, which other records refer to by name.
fn names(law: &mut Law, written: &[Written<'_>], problems: &mut Problems) {
    let mut act_places: HashMap<Arc<str>, (Source, Span)> = HashMap::new();
    for Written { source, raw, .. } in written {
        for act in &raw.act {
            let read = read_act(source, act, problems);
            if law.acts.contains_key(&read.id) {
                problems.push(twice(source, &act.id, "act", act_places.get(&read.id)));
                continue;
            }
            act_places.insert(read.id.clone(), ((*source).clone(), act.id.span()));
            law.acts.insert(read.id.clone(), Arc::new(read));
        }
        for list in &raw.list {
            let mut rows = ListRows::new();
            for word in &list.codes {
                match word.get_ref().parse::<GoodsCode>() {
                    Ok(code) => rows.push((code, Date::MIN, Date::MAX)),
                    Err(error) => {
                        problems.push(Problem::at(source, word.span(), error.to_string()));
                    }
                }
            }
            let id: Arc<str> = list.id.get_ref().as_str().into();
            if law.lists.contains_key(&id) {
                problems.push(twice(source, &list.id, "list", None));
            }
            Arc::make_mut(&mut law.lists).insert(id, Arc::new(rows));
        }
    }
}

/// What stands by itself: measures, exemptions, families, readings, fees, and the rest. Returns the names
/// of the measures.
fn records(law: &mut Law, written: &[Written<'_>], problems: &mut Problems) -> HashSet<Arc<str>> {
    let mut touched = HashSet::new();
    let (acts, lists, layer) = (law.acts.clone(), law.lists.clone(), law.layer);
    for Written {
        number,
        source,
        raw,
    } in written
    {
        let mut reader = Reader {
            source,
            file: *number,
            layer,
            acts: &acts,
            lists: &lists,
            problems,
        };
        for covers in &raw.covers {
            let (from, to) = reader.days(&covers.from, Some(&covers.to));
            let acts_to = reader.day(&covers.acts_to);
            let origins = reader.origins(&covers.origins, &covers.except_origins, from);
            if let Some(importer) = reader.country(&covers.importer) {
                law.covers.push(Covers {
                    importer,
                    origins,
                    from,
                    to,
                    acts_to,
                });
            }
        }
        for measure in &raw.measure {
            let Some(read) = reader.measure(measure) else {
                continue;
            };
            if let Some(other) = law.measures.iter().find(|m| m.id == read.id) {
                let place = &other.place;
                let at = (law.sources[place.file].clone(), place.span.clone());
                let problem = twice(source, &measure.id, "measure", Some(&at));
                reader.problems.push(problem);
            } else {
                touched.insert(read.id.clone());
                law.measures.push(Arc::new(read));
            }
        }
        for exemption in &raw.exemption {
            let read = reader.exemption(exemption);
            if law.exemptions.iter().any(|e| e.id == read.id) {
                let problem = twice(source, &exemption.id, "exemption", None);
                reader.problems.push(problem);
            } else {
                law.exemptions.push(Arc::new(read));
            }
        }
        for stacking in &raw.stacking {
            law.stackings.extend(reader.stacking(stacking));
        }
        for family in &raw.family {
            law.families.extend(reader.family(family));
        }
        for reading in &raw.reading {
            law.readings.extend(reader.reading(reading));
        }
        for fee in &raw.fee {
            law.fees.extend(reader.fee(fee));
        }
        for rounding in &raw.rounding {
            law.roundings.extend(reader.rounding(rounding));
        }
        for filing in &raw.filing {
            law.filings.extend(reader.filing(filing));
        }
        for quota in &raw.quota {
            let read = reader.quota(quota);
            if law.quotas.iter().any(|q| q.id == read.id) {
                let problem = twice(source, &quota.id, "quota", None);
                reader.problems.push(problem);
            } else {
                law.quotas.push(read);
            }
        }
    }
    touched
}

/// What points at measures: suspensions, voidings, amendments.
fn changes(
    law: &mut Law,
    written: &[Written<'_>],
    touched: &mut HashSet<Arc<str>>,
    problems: &mut Problems,
) {
    let (acts, lists, layer) = (law.acts.clone(), law.lists.clone(), law.layer);
    for Written {
        number,
        source,
        raw,
    } in written
    {
        let mut reader = Reader {
            source,
            file: *number,
            layer,
            acts: &acts,
            lists: &lists,
            problems,
        };
        for suspension in &raw.suspension {
            let targets = targets(law, &mut reader, &suspension.measure);
            if let Some(read) = reader.suspension(suspension) {
                for target in targets {
                    let measure = Arc::make_mut(&mut law.measures[target]);
                    measure.suspensions.push(read.clone());
                }
            }
        }
        for voiding in &raw.voiding {
            let targets = targets(law, &mut reader, &voiding.measure);
            let stopped = reader.day(&voiding.stopped);
            if let Some(act) = reader.act(&voiding.act) {
                for target in targets {
                    let measure = Arc::make_mut(&mut law.measures[target]);
                    let act: Arc<Act> = act.clone();
                    measure.voidings.push(Voiding { stopped, act });
                }
            }
        }
        for amendment in &raw.amendment {
            let targets = targets(law, &mut reader, &amendment.measure);
            let Some(read) = reader.amendment(amendment) else {
                continue;
            };
            for target in targets {
                let measure = Arc::make_mut(&mut law.measures[target]);
                touched.insert(measure.id.clone());
                let mut provision = read.clone();
                // An amendment that names no origin keeps to those the measure has.
                if amendment.origins.is_empty() {
                    provision.origins = provision.origins.and(measure.origins());
                }
                measure.provisions.push(provision);
                measure.sort();
            }
        }
    }
}

fn targets(law: &Law, reader: &mut Reader<'_>, word: &Word) -> Vec<usize> {
    let found = law.selected(word.get_ref());
    if found.is_empty() {
        let problem = law.no_measure(reader.source, word.get_ref(), word.span());
        reader.problems.push(problem);
    }
    found
}

/// For each measure the numbers of the records whose selectors name it.
fn by_measure<'a>(
    law: &Law,
    records: impl Iterator<Item = &'a Vec<(Arc<str>, Place)>>,
    missing: &mut Vec<(Arc<str>, Place)>,
) -> Vec<Vec<usize>> {
    let mut out = vec![Vec::new(); law.measures.len()];
    for (number, selectors) in records.enumerate() {
        for (selector, place) in selectors {
            let found = law.selected(selector);
            if found.is_empty() {
                missing.push((selector.clone(), place.clone()));
            }
            for measure in found {
                if !out[measure].contains(&number) {
                    out[measure].push(number);
                }
            }
        }
    }
    out
}

/// Replaces names by numbers.
fn resolve(law: &mut Law, problems: &mut Problems) {
    let mut missing: Vec<(Arc<str>, Place)> = Vec::new();
    law.between = relations::resolve(law, &mut missing);
    let exemptions = law.exemptions.iter().map(|e| &e.selectors);
    law.exempted_by = by_measure(law, exemptions, &mut missing);
    let quotas = law.quotas.iter().map(|q| &q.of);
    law.quota_of = by_measure(law, quotas, &mut missing);
    for (selector, place) in missing {
        problems.push(law.no_measure(&law.sources[place.file], &selector, place.span));
    }
    check_readings(law, problems);
    for measure in &law.measures {
        let Some(family) = &measure.family else {
            continue;
        };
        if !law.families.iter().any(|f| f.id == *family) {
            let source = &law.sources[measure.place.file];
            problems.push(
                Problem::at(
                    source,
                    measure.place.span.clone(),
                    format!(
                        "`{}` is of the family `{family}`, which is not defined",
                        measure.id
                    ),
                )
                .help("define it with [[family]]"),
            );
        }
    }
}

/// Readings that conditions hang on must be there, with that option.
fn check_readings(law: &Law, problems: &mut Problems) {
    for (id, place, condition) in law.conditions() {
        let Condition::Reads(name, option) = condition else {
            continue;
        };
        let reading = law.readings.iter().find(|r| r.id == *name);
        let (what, help) = match reading {
            None => (
                format!("`{id}` hangs on the reading `{name}`, which is not defined"),
                "define it with [[reading]]".to_owned(),
            ),
            Some(reading) if !reading.options().any(|o| *o == **option) => {
                let options: Vec<&str> = reading.options().collect();
                (
                    format!(
                        "`{id}` hangs on `{option}` of the reading `{name}`, which has no such option"
                    ),
                    format!("its options are {}", options.join(", ")),
                )
            }
            Some(_) => continue,
        };
        problems.push(
            match place {
                Some(place) => Problem::at(&law.sources[place.file], place.span.clone(), what),
                None => Problem::general(what),
            }
            .help(help),
        );
    }
}

fn twice(source: &Source, word: &Word, what: &str, first: Option<&(Source, Span)>) -> Problem {
    let problem = Problem::at(
        source,
        word.span(),
        format!("{what} `{}` is defined twice", word.get_ref()),
    )
    .label("again here");
    match first {
        Some((source, span)) => problem.and_at(source, span.clone(), "first here"),
        None => problem,
    }
    .help("give one of them another id")
}
