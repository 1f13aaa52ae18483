//! Which measures yield to which, and the search for pairs that do not say.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use winset_io::{Problem, Problems};

use crate::file::RawStacking;
use crate::law::Law;
use crate::measure::{Effect, Kind, Measure, Place, Provision};
use crate::read::Reader;

/// A relation that is stated for many measures at once.
#[derive(Clone, Debug)]
pub(crate) struct Stacking {
    measures: Vec<(Arc<str>, Place)>,
    to: Vec<(Arc<str>, Place)>,
    kind: Kind,
    from: Date,
    until: Date,
    known: Date,
    /// Where it stands.
    pub(crate) source: Option<Arc<str>>,
}

/// How two measures on one value relate, while it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The measure that yields; for `Adds`, either.
    pub(crate) who: usize,
    pub(crate) kind: Kind,
    pub(crate) from: Date,
    pub(crate) until: Date,
    pub(crate) known: Date,
    /// The number of the stacking record that says so; none where a measure does itself.
    pub(crate) by: Option<usize>,
}

impl Pair {
    /// The relation in words, from the side of a measure.
    pub(crate) fn told(&self, of: Option<usize>) -> String {
        let how = match (self.kind, of == Some(self.who)) {
            (Kind::Adds, _) => "adds to",
            (Kind::YieldsPart, true) => "yields, on the part they share, to",
            (Kind::YieldsPart, false) => "prevails, on the part they share, over",
            (_, true) => "yields to",
            (_, false) => "prevails over",
        };
        let day = |word: &str, day: Date, none: Date| {
            if day == none {
                String::new()
            } else {
                format!("{word} {day} ")
            }
        };
        let (from, until) = (
            day("from", self.from, Date::MIN),
            day("until", self.until, Date::MAX),
        );
        format!("{from}{until}{how}")
    }
}

/// What the files say of pairs of measures, by their numbers, the smaller first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Between(HashMap<(usize, usize), Vec<Pair>>);

impl Between {
    pub(crate) fn of(&self, i: usize, j: usize) -> &[Pair] {
        let key = (i.min(j), i.max(j));
        self.0.get(&key).map_or(&[], Vec::as_slice)
    }

    fn push(&mut self, i: usize, j: usize, pair: Pair) {
        let pairs = self.0.entry((i.min(j), i.max(j))).or_default();
        let same = |p: &Pair| Pair { by: pair.by, ..*p } == pair;
        if !pairs.iter().any(same) {
            pairs.push(pair);
        }
    }

    /// The days on which a relation begins or ends.
    pub(crate) fn days(&self) -> impl Iterator<Item = Date> {
        self.0.values().flatten().flat_map(|p| [p.from, p.until])
    }

    /// The relation that holds between two measures on a day, as known on a day: that of the latest act,
    /// in whichever direction.
    pub(crate) fn on(&self, i: usize, j: usize, on: Date, known: Option<Date>) -> Option<Pair> {
        let holds =
            |p: &&Pair| p.from <= on && on < p.until && known.is_none_or(|known| p.known <= known);
        // Of relations known on the same day one that yields says more than one that adds.
        let weight = |p: &&Pair| (p.known, p.kind != Kind::Adds, p.kind == Kind::YieldsWhole);
        self.of(i, j)
            .iter()
            .filter(holds)
            .max_by_key(weight)
            .copied()
    }
}

impl Reader<'_> {
    pub(crate) fn stacking(&mut self, raw: &RawStacking) -> Vec<Stacking> {
        let from = raw.from.as_ref().map_or(Date::MIN, |d| self.day(d));
        let until = raw.until.as_ref().map_or(Date::MAX, |d| self.day(d));
        let act = raw.act.as_ref().and_then(|word| self.act(word));
        let known = act.as_ref().map_or(Date::MIN, |act| act.known);
        let source = raw.source.as_deref().map(Arc::from);
        let source = source.or_else(|| act.map(|act| act.source.clone()));
        let yields = self.part(raw.on.as_ref());
        let names = |reader: &Self, words: &[crate::file::Word]| -> Vec<(Arc<str>, Place)> {
            let named = words.iter();
            named
                .map(|w| (w.get_ref().as_str().into(), reader.place(w)))
                .collect()
        };
        let measures = names(self, &raw.measures);
        [(&raw.yields_to, yields), (&raw.adds_to, Kind::Adds)]
            .into_iter()
            .filter(|(words, _)| !words.is_empty())
            .map(|(words, kind)| Stacking {
                measures: measures.clone(),
                to: names(self, words),
                kind,
                from,
                until,
                known,
                source: source.clone(),
            })
            .collect()
    }
}

/// Turns the relations that the files state into numbers of measures. Selectors that name nothing go to
/// `missing`.
pub(crate) fn resolve(law: &Law, missing: &mut Vec<(Arc<str>, Place)>) -> Between {
    let mut between = Between::default();
    let mut seen: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
    let mut found = |selector: &Arc<str>, place: &Place| {
        let found = seen.entry(selector.clone());
        let found = found.or_insert_with(|| law.selected(selector)).clone();
        if found.is_empty() {
            missing.push((selector.clone(), place.clone()));
        }
        found
    };
    for (number, measure) in law.measures.iter().enumerate() {
        for r in &measure.relations {
            for other in found(&r.selector, &r.place) {
                let (who, kind) = match r.kind {
                    Kind::Prevails => (other, Kind::YieldsWhole),
                    kind => (number, kind),
                };
                if other != number {
                    let (from, until, known) = (r.from, r.until, r.known);
                    between.push(
                        number,
                        other,
                        Pair {
                            who,
                            kind,
                            from,
                            until,
                            known,
                            by: None,
                        },
                    );
                }
            }
        }
    }
    for (record, s) in law.stackings.iter().enumerate() {
        let to: Vec<usize> = s.to.iter().flat_map(|(sel, at)| found(sel, at)).collect();
        for (selector, place) in &s.measures {
            for who in found(selector, place) {
                for other in to.iter().copied().filter(|other| *other != who) {
                    let (kind, from, until, known) = (s.kind, s.from, s.until, s.known);
                    let who_yields = if kind == Kind::Adds {
                        who.min(other)
                    } else {
                        who
                    };
                    between.push(
                        who,
                        other,
                        Pair {
                            who: who_yields,
                            kind,
                            from,
                            until,
                            known,
                            by: Some(record),
                        },
                    );
                }
            }
        }
    }
    between
}

/// Of the acts known by a day: every pair of measures of which one is new or changed and that can meet on one entry must say which
/// yields or that they add; every pair of provisions of one measure that can meet must come from acts of different dates.
pub(crate) fn check(law: &Law, touched: &HashSet<Arc<str>>, known: Date, problems: &mut Problems) {
    for (i, a) in law.measures.iter().enumerate() {
        let new = touched.contains(&a.id);
        if new {
            same_day(law, a, problems);
        }
        for (j, b) in law.measures.iter().enumerate().skip(i + 1) {
            if !new && !touched.contains(&b.id) {
                continue;
            }
            if a.importer != b.importer || !a.origins_meet(b) {
                continue;
            }
            contradiction(law, (i, a), (j, b), known, problems);
            pair(law, (i, a), (j, b), known, problems);
        }
    }
}

impl Measure {
    /// The day from which later acts, known on a day, take the place of a provision for all it covers.
    fn replaced(&self, provision: &Provision, known: Date) -> Date {
        self.provisions
            .iter()
            .filter(|later| {
                (later.known, later.layer) > (provision.known, provision.layer)
                    && later.known <= known
                    && later.goods.is_none()
                    && later.to >= provision.to
                    && provision.origins.minus(later.origins).is_empty()
            })
            .map(|later| later.from)
            .min()
            .unwrap_or(Date::MAX)
    }

    fn origins_meet(&self, other: &Self) -> bool {
        !self.origins().and(other.origins()).is_empty()
    }
}

/// The days on which two provisions hold for some common origin.
fn overlap(a: &Provision, b: &Provision) -> Option<(Date, Date)> {
    let (from, to) = (a.from.max(b.from), a.to.min(b.to));
    (from < to && !a.origins.and(b.origins).is_empty()).then_some((from, to))
}

fn same_day(law: &Law, measure: &Measure, problems: &mut Problems) {
    for (i, a) in measure.provisions.iter().enumerate() {
        for b in &measure.provisions[i + 1..] {
            if (a.known, a.layer) != (b.known, b.layer)
                || (&a.effect, &a.heading) == (&b.effect, &b.heading)
            {
                continue;
            }
            let Some((from, to)) = overlap(a, b) else {
                continue;
            };
            // What one act says of some goods prevails over what it says of all.
            let apart = match (&a.goods, &b.goods) {
                (Some(x), Some(y)) => x.meets(y, from, to).is_none(),
                (None, None) => false,
                _ => true,
            };
            if apart {
                continue;
            }
            let problem = Problem::at(
                &law.sources[a.place.file],
                a.place.span.clone(),
                format!(
                    "`{}` has two rates from {from} and both acts became known on {}: {} and {}",
                    measure.id, a.known, a.act.source, b.act.source
                ),
            )
            .and_at(
                &law.sources[b.place.file],
                b.place.span.clone(),
                "the other",
            )
            .help("end one period where the other begins, or name the later act");
            problems.push(problem);
        }
    }
}

/// Of two measures on the same goods each may not yield to the other on the same days by relations that became known together.
fn contradiction(
    law: &Law,
    (i, a): (usize, &Measure),
    (j, b): (usize, &Measure),
    by: Date,
    problems: &mut Problems,
) {
    let yields = |p: &&Pair| p.kind != Kind::Adds && p.known <= by;
    let pairs = law.between.of(i, j);
    for (place, p) in pairs.iter().enumerate().filter(|(_, p)| yields(p)) {
        let mut others = pairs[place + 1..].iter().filter(yields);
        let against = others.find(|q| {
            q.known == p.known && q.who != p.who && p.from.max(q.from) < p.until.min(q.until)
        });
        if let Some(q) = against
            && a.goods.meets(&b.goods, Date::MIN, Date::MAX).is_some()
        {
            let from = p.from.max(q.from);
            let on = if from == Date::MIN {
                String::new()
            } else {
                format!(" from {from}")
            };
            let source = |of: &Measure| (law.sources[of.place.file].clone(), of.place.span.clone());
            let ((source, span), (other, at)) = (source(a), source(b));
            problems.push(
                Problem::at(
                    &source,
                    span,
                    format!("`{}` yields to `{}`, and `{1}` to `{0}`,{on} by relations known on the same day", a.id, b.id),
                )
                .label("this measure")
                .and_at(&other, at, "and this one")
                .help("leave out one of the relations, or name the later act in it"),
            );
            return;
        }
    }
}

fn pair(
    law: &Law,
    (i, a): (usize, &Measure),
    (j, b): (usize, &Measure),
    by: Date,
    problems: &mut Problems,
) {
    let pairs = law.between.of(i, j);
    // Most pairs are related on all days; of a family one only is owed.
    if covered(pairs, Date::MIN, Date::MAX, Date::MIN) || law.same_family(a, b) {
        return;
    }
    // Most pairs say how they relate, and of the others most have no goods in common on any day.
    let mut share_goods = None;
    for p in &a.provisions {
        for q in &b.provisions {
            if matches!(p.effect, Effect::Ends) || matches!(q.effect, Effect::Ends) {
                continue;
            }
            let Some((from, to)) = overlap(p, q) else {
                continue;
            };
            let known = p.known.max(q.known);
            if known > by {
                continue;
            }
            let to = to.min(a.replaced(p, known)).min(b.replaced(q, known));
            // A relation that is known only later, or holds only from a later day, does not speak for
            // what was known and held before.
            if from >= to || covered(pairs, from, to, known) {
                continue;
            }
            let ever = || a.goods.meets(&b.goods, Date::MIN, Date::MAX).is_some();
            if !*share_goods.get_or_insert_with(ever) {
                return;
            }
            // Whatever narrows a provision must meet the other side too.
            let narrower = p.goods.iter().map(|g| (g, &b.goods));
            let narrower = narrower.chain(q.goods.iter().map(|g| (g, &a.goods)));
            let mut apart = narrower.map(|(x, y)| x.meets(y, from, to).is_none());
            let meet = if apart.any(|apart| apart) {
                None
            } else {
                a.goods.meets(&b.goods, from, to)
            };
            let Some(code) = meet else {
                continue;
            };
            let origin = p
                .origins
                .and(q.origins)
                .first()
                .map_or_else(String::new, |c| c.name().to_owned());
            problems.push(
                Problem::at(
                    &law.sources[a.place.file],
                    a.place.span.clone(),
                    format!(
                        "`{}` ({}) and `{}` ({}) both claim the value of {code} from {origin} on {from}, and \
                         neither says which yields",
                        a.id, p.act.source, b.id, q.act.source
                    ),
                )
                .label("this measure")
                .and_at(&law.sources[b.place.file], b.place.span.clone(), "and this one")
                .help("add `yields-to`, `prevails-over` or `adds-to` to one of them, with its source"),
            );
            return;
        }
    }
}

impl Law {
    /// Whether two measures are of one family that holds on all days.
    fn same_family(&self, a: &Measure, b: &Measure) -> bool {
        a.family.is_some()
            && a.family == b.family
            && (self.families.iter()).any(|f| Some(&f.id) == a.family.as_ref() && f.always())
    }
}

/// Whether relations in either direction together speak for all days.
fn covered(pairs: &[Pair], from: Date, to: Date, known: Date) -> bool {
    let mut spans: Vec<(Date, Date)> = pairs
        .iter()
        .filter(|p| p.known <= known)
        .map(|p| (p.from, p.until))
        .collect();
    spans.sort();
    let mut reached = from;
    for (start, end) in spans {
        if start <= reached {
            reached = reached.max(end);
        }
    }
    reached >= to
}
