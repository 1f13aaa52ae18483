//! The law of one day, compiled: which measures can touch which goods of which origin.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jiff::civil::Date;

use crate::assessment::Step;
use crate::base::among_others;
use crate::cell::{Cell, Scope};
use crate::classes::GoodsClasses;
use crate::country::Origins;
use crate::fee::Fee;
use crate::law::Law;
use crate::measure::Measure;
use crate::quota::Quota;
use crate::{Country, GoodsCode, LawError, programme};

/// The law of an importer on a day, as known on a day. What depends neither on the goods nor on the origin
/// is worked out when it is made: which acts count, into which intervals their lists cut the nomenclature,
/// which origins no rule tells apart. What can apply to a class of goods of a group of origins is worked
/// out for the first that asks. Threads may share it.
pub(crate) struct Day {
    importer: Country,
    on: Date,
    known: Option<Date>,
    classes: GoodsClasses,
    /// The group of each origin, by its index.
    group: Vec<usize>,
    groups: Vec<Group>,
}

/// Origins that no rule of the day tells apart.
struct Group {
    /// One of them.
    origin: Country,
    column2: bool,
    /// The measures that may apply, by their numbers.
    measures: Vec<usize>,
    /// By class of goods.
    cells: OnceLock<Box<[OnceLock<Box<Made>>]>>,
}

/// A cell, and for who asks why the other measures do not apply.
struct Made {
    cell: Cell,
    out: OnceLock<Arc<[(usize, Step)]>>,
}

/// A class of goods and a group of origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) class: usize,
    pub(crate) group: usize,
}

impl Day {
    /// The class of a code; `None` for a short code that reaches over more than one interval.
    pub(crate) fn class(&self, goods: GoodsCode) -> Option<usize> {
        self.classes.of(goods)
    }

    /// How many classes of goods the day's rules tell apart.
    pub(crate) fn classes(&self) -> usize {
        self.classes.count()
    }

    /// The group of an origin, and whether its goods enter under column 2.
    pub(crate) fn group(&self, origin: Country) -> (usize, bool) {
        let group = self.group[origin.index()];
        (group, self.groups[group].column2)
    }

    /// How many groups of origins there are.
    pub(crate) fn groups(&self) -> usize {
        self.groups.len()
    }

    fn scope(&self, place: Place) -> Scope {
        Scope {
            importer: self.importer,
            goods: self.classes.example(place.class),
            origin: self.groups[place.group].origin,
            on: self.on,
            known: self.known,
        }
    }

    /// The candidates at a place.
    pub(crate) fn cell(&self, law: &Law, place: Place) -> &Cell {
        &self.made(law, place).cell
    }

    fn made(&self, law: &Law, place: Place) -> &Made {
        let group = &self.groups[place.group];
        let cells = group
            .cells
            .get_or_init(|| (0..self.classes.count()).map(|_| OnceLock::new()).collect());
        cells[place.class].get_or_init(|| {
            let numbers = group.measures.iter().copied();
            // A ten-digit code is never partly within a set of goods.
            let cell = law.cell(&self.scope(place), numbers, |_, _| {});
            Box::new(Made {
                cell: cell.unwrap_or_default(),
                out: OnceLock::new(),
            })
        })
    }

    /// Why each measure of the importer that is no candidate at a place does not apply.
    pub(crate) fn steps_out(&self, law: &Law, place: Place) -> Arc<[(usize, Step)]> {
        let made = self.made(law, place);
        let find = || {
            let scope = self.scope(place);
            let mut steps = Vec::new();
            let all = 0..law.measures.len();
            // What cannot be told of a ten-digit code is not told.
            let _ = law.cell(&scope, all, |number, step| steps.push((number, step)));
            steps.into()
        };
        made.out.get_or_init(find).clone()
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Day")
            .field("importer", &self.importer)
            .field("on", &self.on)
            .field("known", &self.known)
            .finish_non_exhaustive()
    }
}

/// An importer, and between which days of change the two dates lie.
type Key = (Country, usize, Option<usize>);

/// The days on which the law changes, and the law of the days that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Days {
    /// Days on which something begins or ends, ascending.
    changes: Vec<Date>,
    /// Days on which an act became known, ascending.
    known: Vec<Date>,
    made: RwLock<HashMap<Key, Arc<Day>>>,
}

impl Days {
    /// For a law whose records are complete.
    pub(crate) fn of(law: &Law) -> Self {
        let mut changes = Vec::new();
        let mut known: Vec<Date> = law.acts.values().map(|a| a.known).collect();
        for measure in &law.measures {
            changes.extend(measure.days());
        }
        for exemption in &law.exemptions {
            changes.extend(exemption.periods.iter().flat_map(|p| [p.from, p.to]));
            let goods = exemption.goods.iter().chain(&exemption.asks_of);
            changes.extend(goods.flat_map(|g| g.days()));
        }
        changes.extend(law.between.days());
        changes.extend(law.families.iter().flat_map(|f| [f.from, f.until]));
        changes.extend(Country::days_of_change());
        changes.extend(programme::days_of_change());
        changes.extend(law.schedules.iter().flat_map(|s| s.days()));
        changes.extend(law.covers.iter().flat_map(|c| [c.from, c.to]));
        changes.extend(law.roundings.iter().flat_map(|r| [r.from, r.to]));
        changes.extend(law.fees.iter().flat_map(Fee::days));
        changes.extend(law.quotas.iter().flat_map(Quota::days));
        known.extend(law.quotas.iter().flat_map(Quota::days_known));
        known.extend(programme::days_known());
        known.extend(law.covers.iter().filter_map(|c| c.acts_to.tomorrow().ok()));
        for days in [&mut changes, &mut known] {
            days.sort_unstable();
            days.dedup();
        }
        Self {
            changes,
            known,
            made: RwLock::default(),
        }
    }
}

impl Measure {
    /// The days on which something of it begins or ends.
    fn days(&self) -> Vec<Date> {
        let mut days: Vec<Date> = Vec::new();
        for provision in &self.provisions {
            days.extend([provision.from, provision.to]);
            days.extend(provision.goods.iter().flat_map(|g| g.days()));
        }
        days.extend(self.goods.days());
        days.extend(self.suspensions.iter().flat_map(|s| [s.from, s.until]));
        days.extend(self.voidings.iter().map(|v| v.stopped));
        days
    }
}

impl Law {
    /// Whether a day is the first of something, or the first after it: between such days, for entries of
    /// the same goods and as known on one day, the law is the same.
    pub fn changes_on(&self, day: Date) -> bool {
        self.days.changes.binary_search(&day).is_ok()
    }

    /// Compiles the law of every day of a period, as known on a day, ahead of the questions: how many spans
    /// of days on which the law does not change, and how many places of goods and origin they have in all.
    pub fn compile_days(
        &self,
        importer: Country,
        from: Date,
        to: Date,
        known: Option<Date>,
    ) -> (usize, usize) {
        let first = std::iter::once(from);
        let changes = self.days.changes.iter().copied();
        let spans: Vec<Date> = first
            .chain(changes.filter(|day| from < *day && *day < to))
            .collect();
        let places = spans.iter().map(|on| {
            let day = self.day(importer, *on, known);
            day.classes() * day.groups()
        });
        (spans.len(), places.sum())
    }

    /// The law of a day, compiled for the first that asks.
    pub(crate) fn day(&self, importer: Country, on: Date, known: Option<Date>) -> Arc<Day> {
        let span = |days: &[Date], day: Date| days.partition_point(|d| *d <= day);
        let key = (
            importer,
            span(&self.days.changes, on),
            known.map(|known| span(&self.days.known, known)),
        );
        // A poisoned lock holds whole days all the same.
        let made = self
            .days
            .made
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(day) = made.get(&key) {
            return day.clone();
        }
        drop(made);
        let day = Arc::new(self.make_day(importer, on, known));
        let mut made = self
            .days
            .made
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        made.entry(key).or_insert(day).clone()
    }

    fn make_day(&self, importer: Country, on: Date, known: Option<Date>) -> Day {
        let is_known = |act: Date| known.is_none_or(|known| act <= known);
        let holds = |from: Date, to: Date, act: Date| from <= on && on < to && is_known(act);
        let mut goods = Vec::new();
        let mut origins: Vec<Origins> = Vec::new();
        let mut alive: Vec<(usize, Origins)> = Vec::new();
        let mut exempting = vec![false; self.exemptions.len()];
        for (number, measure) in self.measures.iter().enumerate() {
            let provisions = || {
                let all = measure.provisions.iter();
                all.filter(|p| holds(p.from, p.to, p.known))
            };
            let reach = provisions().fold(Origins::default(), |all, p| all.or(p.origins));
            if measure.importer != importer || reach.is_empty() {
                continue;
            }
            alive.push((number, reach));
            goods.push(measure.goods.as_ref());
            goods.extend(provisions().filter_map(|p| p.goods.as_deref()));
            origins.extend(provisions().map(|p| p.origins));
            let suspensions = measure.suspensions.iter();
            let suspensions = suspensions.filter(|s| holds(s.from, s.until, s.act.known));
            origins.extend(suspensions.map(|s| s.origins));
            for quota in &self.quota_of[number] {
                let periods = self.quotas[*quota].periods.iter();
                let periods = periods.filter(|p| holds(p.from, p.to, p.act.known));
                origins.extend(periods.map(|p| p.origins));
            }
            for exemption in &self.exempted_by[number] {
                exempting[*exemption] = true;
            }
        }
        for (exemption, _) in self.exemptions.iter().zip(exempting).filter(|(_, e)| *e) {
            let all = exemption.periods.iter();
            let mut periods = all.filter(|p| holds(p.from, p.to, p.act.known)).peekable();
            if periods.peek().is_some() {
                goods.extend(exemption.goods.as_deref());
                goods.extend(exemption.asks_of.as_deref());
                origins.extend(periods.map(|p| p.origins));
            }
        }
        // Two sets of the same ranges tell nothing more than one.
        goods.sort_by_key(|g| std::ptr::from_ref(*g));
        goods.dedup_by_key(|g| std::ptr::from_ref(*g));
        let (group, groups) = groups(&origins, &alive, importer, on);
        Day {
            importer,
            on,
            known,
            classes: GoodsClasses::new(goods.into_iter(), on),
            group,
            groups,
        }
    }

    /// The place of goods of an origin in the law of a day.
    ///
    /// # Errors
    /// A short code of which the rules cover only some lines.
    pub(crate) fn place(&self, day: &Day, scope: &Scope) -> Result<Place, LawError> {
        match day.class(scope.goods) {
            Some(class) => Ok(Place {
                class,
                group: day.group(scope.origin).0,
            }),
            None => Err(self.ambiguous(scope, "the law of the day")),
        }
    }
}

/// Groups the origins that lie in the same sets.
fn groups(
    sets: &[Origins],
    alive: &[(usize, Origins)],
    importer: Country,
    on: Date,
) -> (Vec<usize>, Vec<Group>) {
    let mut distinct: Vec<Origins> = Vec::new();
    for set in sets {
        if !distinct.contains(set) {
            distinct.push(*set);
        }
    }
    let mut known: HashMap<Vec<u64>, usize> = HashMap::new();
    let mut groups = Vec::new();
    let group = Country::all()
        .map(|country| {
            let column2 = among_others(importer, country, on);
            let mut key = vec![u64::from(column2); 1 + distinct.len().div_ceil(64)];
            key[1..].fill(0);
            for (i, set) in distinct.iter().enumerate() {
                key[1 + i / 64] |= u64::from(set.contains(country)) << (i % 64);
            }
            *known.entry(key).or_insert_with(|| {
                let measures = alive.iter().filter(|(_, reach)| reach.contains(country));
                groups.push(Group {
                    origin: country,
                    column2,
                    measures: measures.map(|(number, _)| *number).collect(),
                    cells: OnceLock::new(),
                });
                groups.len() - 1
            })
        })
        .collect();
    (group, groups)
}
