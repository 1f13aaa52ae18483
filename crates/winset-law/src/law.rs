//! The law: schedules and measures of all files, compiled.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use winset_io::{Problem, Problems, Source, Table};

use crate::absorb::absorb;
use crate::condition::Condition;
use crate::country::Origins;
use crate::day::Days;
use crate::exchange::ExchangeRates;
use crate::family::Family;
use crate::fee::Fee;
use crate::filing::Filing;
use crate::measure::{Act, Exemption, Measure, Place};
use crate::quota::Quota;
use crate::read::{ListRows, with_nearest};
use crate::reading::Reading;
use crate::relations::{Between, Stacking};
use crate::rounding::Rounding;
use crate::schedule::{Schedule, day};
use crate::stateable::Stateable;
use crate::{Country, LawError};

/// From when to when the files hold the law of an importer on some origins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Covers {
    pub(crate) importer: Country,
    pub(crate) origins: Origins,
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
    pub(crate) stackings: Vec<Stacking>,
    pub(crate) families: Vec<Family>,
    pub(crate) readings: Vec<Reading>,
    pub(crate) fees: Vec<Fee>,
    pub(crate) roundings: Vec<Rounding>,
    pub(crate) filings: Vec<Filing>,
    pub(crate) quotas: Vec<Quota>,
    pub(crate) covers: Vec<Covers>,
    /// What the files say of each pair of measures.
    pub(crate) between: Between,
    /// For each measure: the exemptions from it.
    pub(crate) exempted_by: Vec<Vec<usize>>,
    /// For each measure: the quotas it asks about.
    pub(crate) quota_of: Vec<Vec<usize>>,
    pub(crate) days: Arc<Days>,
    pub(crate) stateable: Arc<Stateable>,
    pub(crate) exchange: Option<Arc<ExchangeRates>>,
    pub(crate) layer: u32,
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
            stackings: Vec::new(),
            families: Vec::new(),
            readings: Vec::new(),
            fees: Vec::new(),
            roundings: Vec::new(),
            filings: Vec::new(),
            quotas: Vec::new(),
            quota_of: Vec::new(),
            covers: Vec::new(),
            between: Between::default(),
            exempted_by: Vec::new(),
            days: Arc::default(),
            stateable: Arc::default(),
            exchange: None,
            layer: 0,
        };
        absorb(empty, files, Date::MAX, problems)
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
        self.with_known_on(files, Date::MAX)
    }

    /// The same, for questions about what was known by a day: a measure of a later act is at odds with nothing.
    ///
    /// # Errors
    /// As [`Law::compile`].
    pub fn with_known_on(&self, files: &[Source], known: Date) -> Result<Self, Problems> {
        let mut law = self.clone();
        law.layer += 1;
        absorb(law, files, known, Problems::default())
    }

    /// The conditions of all records that hang on something, each with the name of its record and, but for fees, its place.
    pub(crate) fn conditions(
        &self,
    ) -> impl Iterator<Item = (&Arc<str>, Option<&Place>, &Condition)> {
        let measures = self.measures.iter().flat_map(|m| {
            let conditions = m.when.iter().chain(&m.whole_base_when);
            conditions.map(move |c| (&m.id, Some(&m.place), c))
        });
        let exemptions = self.exemptions.iter().flat_map(|e| {
            let place = e.selectors.first().map(|(_, place)| place);
            e.when.iter().map(move |c| (&e.id, place, c))
        });
        let fees = self.fees.iter();
        let fees = fees.flat_map(|f| f.when.iter().map(move |c| (&f.id, None, c)));
        measures.chain(exemptions).chain(fees)
    }

    /// The same law over other schedules.
    #[must_use]
    pub fn over(mut self, schedules: Vec<Schedule>) -> Self {
        self.schedules = schedules.into_iter().map(Arc::new).collect();
        self.days = Arc::new(Days::of(&self));
        self
    }

    /// The same law with exchange rates, for entries in another currency than the law's.
    #[must_use]
    pub fn with_exchange(mut self, rates: ExchangeRates) -> Self {
        self.exchange = Some(Arc::new(rates));
        self
    }

    /// First and last day of entries for which all acts are held, whatever the origin; none where the files do not
    /// say.
    pub fn held(&self, importer: Country) -> Option<(Date, Date)> {
        let mut all = self.covers.iter();
        let all = all.find(|c| c.importer == importer && c.origins == Origins::ALL)?;
        Some((all.from, all.to.yesterday().unwrap_or(all.to)))
    }

    /// The measures, in the order of their names.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().map(AsRef::as_ref)
    }

    /// A measure by its name.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures().find(|m| m.id() == id)
    }

    /// The exemptions, in the order of their names: name and title.
    pub fn exemptions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.exemptions.iter().map(|e| (&*e.id, &*e.title))
    }

    /// The titles of the exemptions from a measure, of those that cover some of its origins.
    pub fn exemptions_from(&self, measure: &Measure) -> impl Iterator<Item = &str> {
        let own = measure.origins();
        let number = self.measures.iter().position(|m| m.id == measure.id);
        let numbers = number.map_or(&[][..], |n| self.exempted_by[n].as_slice());
        let exemptions = numbers.iter().map(|e| &self.exemptions[*e]);
        let meets = move |e: &&Arc<Exemption>| {
            let mut periods = e.periods.iter();
            periods.any(|p| !p.origins.and(own).is_empty())
        };
        exemptions.filter(meets).map(|e| &*e.title)
    }

    /// What is said of a measure and others: how they relate, and the other.
    pub fn relations_of(&self, measure: &Measure) -> impl Iterator<Item = (String, &str)> {
        let number = self.measures.iter().position(|m| m.id == measure.id);
        (0..self.measures.len()).flat_map(move |other| {
            let pairs = number.map_or(&[][..], |n| self.between.of(n, other));
            let id = &*self.measures[other].id;
            pairs.iter().map(move |pair| (pair.told(number), id))
        })
    }

    /// The acts, in no particular order.
    pub fn acts(&self) -> impl Iterator<Item = &Act> {
        self.acts.values().map(AsRef::as_ref)
    }

    /// Whose schedules it has.
    pub fn importers(&self) -> impl Iterator<Item = Country> {
        self.schedules.iter().map(|schedule| schedule.importer())
    }

    /// The schedule of an importer.
    pub fn schedule(&self, importer: Country) -> Option<&Schedule> {
        self.schedules
            .iter()
            .find(|s| s.importer() == importer)
            .map(AsRef::as_ref)
    }

    pub(crate) fn schedule_of(&self, importer: Country) -> Result<&Schedule, LawError> {
        self.schedule(importer)
            .ok_or(LawError::NoSchedule { importer })
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

    pub(crate) fn no_measure(
        &self,
        source: &Source,
        selector: &str,
        span: winset_io::Span,
    ) -> Problem {
        let problem = Problem::at(source, span, format!("no measure `{selector}`"));
        let names = self.measures.iter().map(|m| m.id.as_ref());
        with_nearest(
            problem,
            selector,
            names,
            "name a measure by its id, or `authority:Section 232`",
        )
    }
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
