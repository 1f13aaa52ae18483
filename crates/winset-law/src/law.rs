//! The law: schedules and measures of all files, compiled.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use winset_io::{Problem, Problems, Source, Table, parse_toml};

use crate::file::{RawFile, Word};
use crate::measure::{Act, Exemption, Measure, Place, Voiding, Yield};
use crate::read::{ListRows, Reader, read_act, read_day, with_nearest};
use crate::schedule::{Schedule, day};
use crate::{Country, GoodsCode, relations};

/// From when to when the files hold the law of an importer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Covers {
    pub(crate) importer: Country,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) acts_to: Date,
}

/// Schedules and measures, checked and compiled. Cheap to clone; `Send + Sync`.
#[derive(Clone, Debug)]
pub struct Law {
    pub(crate) sources: Vec<Source>,
    pub(crate) acts: HashMap<Arc<str>, Arc<Act>>,
    pub(crate) lists: Arc<HashMap<Arc<str>, Arc<ListRows>>>,
    pub(crate) schedules: Vec<Arc<Schedule>>,
    pub(crate) measures: Vec<Arc<Measure>>,
    pub(crate) exemptions: Vec<Arc<Exemption>>,
    pub(crate) covers: Vec<Covers>,
    /// For each measure: what it yields to, and the exemptions from it.
    pub(crate) yields: Vec<Vec<Yield>>,
    pub(crate) exempted_by: Vec<Vec<usize>>,
    layer: u32,
}

impl Law {
    /// Compiles measure files, named lists of goods (a table with the columns `code`, `from`, `to`; the
    /// dates may be blank) and schedules into one law.
    ///
    /// # Errors
    /// Everything that is wrong with the files, each with its place: text that is no TOML, unknown keys,
    /// countries, codes, acts, lists and measures; periods that end before they begin; two acts known on
    /// the same day that say different things; two measures that can meet on one entry and do not say
    /// which yields.
    pub fn compile(
        files: &[Source],
        lists: &[(&str, &Table)],
        schedules: Vec<Schedule>,
    ) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut tables = HashMap::new();
        for (name, table) in lists {
            match list_rows(table) {
                Ok(rows) => {
                    tables.insert(Arc::from(*name), Arc::new(rows));
                }
                Err(problem) => problems.push(problem),
            }
        }
        let empty = Self {
            sources: Vec::new(),
            acts: HashMap::new(),
            lists: Arc::new(tables),
            schedules: schedules.into_iter().map(Arc::new).collect(),
            measures: Vec::new(),
            exemptions: Vec::new(),
            covers: Vec::new(),
            yields: Vec::new(),
            exempted_by: Vec::new(),
            layer: 0,
        };
        empty.absorb(files, problems)
    }

    /// The same law with further files: new acts and measures, and amendments of measures that are
    /// there. Schedules and lists are shared, not copied.
    ///
    /// An amendment prevails over earlier acts; over acts known on the same day, the later call of `with`
    /// prevails. It counts as known from its own act's date, like any other.
    ///
    /// # Errors
    /// As [`Law::compile`].
    pub fn with(&self, files: &[Source]) -> Result<Self, Problems> {
        let mut law = self.clone();
        law.layer += 1;
        law.absorb(files, Problems::default())
    }

    /// The measures, in the order of their names.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().map(AsRef::as_ref)
    }

    /// A measure by its name.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures().find(|m| m.id() == id)
    }

    /// The acts, in no particular order.
    pub fn acts(&self) -> impl Iterator<Item = &Act> {
        self.acts.values().map(AsRef::as_ref)
    }

    /// The schedule of an importer.
    pub fn schedule(&self, importer: Country) -> Option<&Schedule> {
        self.schedules
            .iter()
            .find(|s| s.importer() == importer)
            .map(AsRef::as_ref)
    }

    fn absorb(mut self, files: &[Source], mut problems: Problems) -> Result<Self, Problems> {
        let first = self.sources.len();
        self.sources.extend(files.iter().cloned());
        let mut raws = Vec::new();
        for (i, source) in files.iter().enumerate() {
            match parse_toml::<RawFile>(source) {
                Ok(raw) if *raw.format.get_ref() == 1 => raws.push((first + i, source, raw)),
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
        // Measures that are new or say something new: the others were checked against each other before.
        let mut touched: HashSet<Arc<str>> = HashSet::new();
        let mut act_places: HashMap<Arc<str>, (Source, winset_io::Span)> = HashMap::new();
        for (_, source, raw) in &raws {
            for covers in &raw.covers {
                let mut date = |d| read_day(source, d, &mut problems);
                let (from, to, acts_to) =
                    (date(&covers.from), date(&covers.to), date(&covers.acts_to));
                match covers.importer.get_ref().parse() {
                    Ok(importer) => self.covers.push(Covers {
                        importer,
                        from,
                        to,
                        acts_to,
                    }),
                    Err(error) => problems.push(Problem::at(
                        source,
                        covers.importer.span(),
                        format!("{error}"),
                    )),
                }
            }
            for act in &raw.act {
                let read = read_act(source, act, &mut problems);
                if self.acts.contains_key(&read.id) {
                    problems.push(twice(source, &act.id, "act", act_places.get(&read.id)));
                    continue;
                }
                act_places.insert(read.id.clone(), ((*source).clone(), act.id.span()));
                self.acts.insert(read.id.clone(), Arc::new(read));
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
                if self.lists.contains_key(&id) {
                    problems.push(twice(source, &list.id, "list", None));
                }
                Arc::make_mut(&mut self.lists).insert(id, Arc::new(rows));
            }
        }
        let lists = self.lists.clone();
        let acts = self.acts.clone();
        let layer = self.layer;
        for (file, source, raw) in &raws {
            let mut reader = Reader {
                source,
                file: *file,
                layer,
                acts: &acts,
                lists: &lists,
                problems: &mut problems,
            };
            for measure in &raw.measure {
                let Some(read) = reader.measure(measure) else {
                    continue;
                };
                if let Some(other) = self.measures.iter().find(|m| m.id == read.id) {
                    let place = &other.place;
                    let at = (self.sources[place.file].clone(), place.span.clone());
                    let problem = twice(source, &measure.id, "measure", Some(&at));
                    reader.problems.push(problem);
                } else {
                    touched.insert(read.id.clone());
                    self.measures.push(Arc::new(read));
                }
            }
            for exemption in &raw.exemption {
                let read = reader.exemption(exemption);
                if self.exemptions.iter().any(|e| e.id == read.id) {
                    reader
                        .problems
                        .push(twice(source, &exemption.id, "exemption", None));
                } else {
                    self.exemptions.push(Arc::new(read));
                }
            }
        }
        // The order of files must not show anywhere, not even in the trace.
        self.measures.sort_by(|a, b| a.id.cmp(&b.id));
        self.exemptions.sort_by(|a, b| a.id.cmp(&b.id));
        for (file, source, raw) in &raws {
            for suspension in &raw.suspension {
                let targets = self.targets(source, &suspension.measure, &mut problems);
                let mut reader = Reader {
                    source,
                    file: *file,
                    layer,
                    acts: &acts,
                    lists: &lists,
                    problems: &mut problems,
                };
                let Some(read) = reader.suspension(suspension) else {
                    continue;
                };
                for target in targets {
                    Arc::make_mut(&mut self.measures[target])
                        .suspensions
                        .push(read.clone());
                }
            }
            for voiding in &raw.voiding {
                let targets = self.targets(source, &voiding.measure, &mut problems);
                let stopped = read_day(source, &voiding.stopped, &mut problems);
                let Some(act) = acts.get(voiding.act.get_ref().as_str()) else {
                    problems.push(
                        Problem::at(
                            source,
                            voiding.act.span(),
                            format!("no act `{}`", voiding.act.get_ref()),
                        )
                        .help("define it with [[act]]"),
                    );
                    continue;
                };
                for target in targets {
                    let voiding = Voiding {
                        stopped,
                        act: act.clone(),
                    };
                    Arc::make_mut(&mut self.measures[target])
                        .voidings
                        .push(voiding);
                }
            }
            for amendment in &raw.amendment {
                let targets = self.targets(source, &amendment.measure, &mut problems);
                let mut reader = Reader {
                    source,
                    file: *file,
                    layer,
                    acts: &acts,
                    lists: &lists,
                    problems: &mut problems,
                };
                let Some(read) = reader.amendment(amendment) else {
                    continue;
                };
                for target in targets {
                    let measure = Arc::make_mut(&mut self.measures[target]);
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
        self.resolve(&mut problems);
        relations::check(&self, &touched, &mut problems);
        problems.unless_any(self)
    }

    /// The measures that a selector names: an identifier, or `authority:` and the words an authority
    /// begins with.
    pub(crate) fn selected(&self, selector: &str) -> Vec<usize> {
        let named = |m: &Measure| match selector.strip_prefix("authority:") {
            Some(words) => m
                .authority
                .strip_prefix(words.trim())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')),
            None => *m.id == *selector,
        };
        (0..self.measures.len())
            .filter(|i| named(&self.measures[*i]))
            .collect()
    }

    fn targets(&self, source: &Source, word: &Word, problems: &mut Problems) -> Vec<usize> {
        let found = self.selected(word.get_ref());
        if found.is_empty() {
            problems.push(self.no_measure(source, word.get_ref(), word.span()));
        }
        found
    }

    fn no_measure(&self, source: &Source, selector: &str, span: winset_io::Span) -> Problem {
        let problem = Problem::at(source, span, format!("no measure `{selector}`"));
        let names = self.measures.iter().map(|m| m.id.as_ref());
        with_nearest(
            problem,
            selector,
            names,
            "name a measure by its id, or `authority:Section 232`",
        )
    }

    fn resolve(&mut self, problems: &mut Problems) {
        let mut missing: Vec<(Arc<str>, Place)> = Vec::new();
        self.yields = relations::resolve(self, &mut missing);
        self.exempted_by = vec![Vec::new(); self.measures.len()];
        for (number, exemption) in self.exemptions.iter().enumerate() {
            for (selector, place) in &exemption.selectors {
                let found = self.selected(selector);
                if found.is_empty() {
                    missing.push((selector.clone(), place.clone()));
                }
                for measure in found {
                    if !self.exempted_by[measure].contains(&number) {
                        self.exempted_by[measure].push(number);
                    }
                }
            }
        }
        for (selector, place) in missing {
            problems.push(self.no_measure(&self.sources[place.file], &selector, place.span));
        }
    }
}

fn twice(
    source: &Source,
    word: &Word,
    what: &str,
    first: Option<&(Source, winset_io::Span)>,
) -> Problem {
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

fn list_rows(table: &Table) -> Result<ListRows, Problem> {
    let fail = |error: &dyn std::fmt::Display| Problem::general(error.to_string());
    let codes = table.texts("code").map_err(|e| fail(&e))?;
    let dates = |column: &str| {
        if table.has(column) {
            table.texts(column).map_err(|e| fail(&e))
        } else {
            Ok(vec![String::new(); codes.len()])
        }
    };
    let (from, to) = (dates("from")?, dates("to")?);
    (0..codes.len())
        .map(|row| {
            let here = |error: crate::LawError| fail(&error.in_row(table.name(), row));
            Ok((
                codes[row].parse().map_err(here)?,
                day(&from[row], Date::MIN).map_err(here)?,
                day(&to[row], Date::MAX).map_err(here)?,
            ))
        })
        .collect()
}
