//! Which measures yield to which, and the search for pairs that do not say.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;
use winset_io::{Problem, Problems};

use crate::law::Law;
use crate::measure::{Effect, Kind, Measure, Place, Provision, Yield};

/// Turns the relations that the files state into numbers of measures. Selectors that name nothing go to
/// `missing`.
pub(crate) fn resolve(law: &Law, missing: &mut Vec<(Arc<str>, Place)>) -> Vec<Vec<Yield>> {
    let mut yields = vec![Vec::new(); law.measures.len()];
    for (number, measure) in law.measures.iter().enumerate() {
        for relation in &measure.relations {
            let found = law.selected(&relation.selector);
            if found.is_empty() {
                missing.push((relation.selector.clone(), relation.place.clone()));
            }
            for other in found.into_iter().filter(|other| *other != number) {
                let (who, to) = match relation.kind {
                    Kind::Adds => continue,
                    Kind::Prevails => (other, number),
                    Kind::YieldsWhole | Kind::YieldsPart => (number, other),
                };
                yields[who].push(Yield {
                    to,
                    part: relation.kind == Kind::YieldsPart,
                    from: relation.from,
                    until: relation.until,
                    known: relation.known,
                });
            }
        }
    }
    yields
}

/// Every pair of measures of which one is new or changed and that can meet on one entry must say which yields or that they add; every pair
/// of provisions of one measure that can meet must come from acts of different dates.
pub(crate) fn check(law: &Law, touched: &HashSet<Arc<str>>, problems: &mut Problems) {
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
            pair(law, (i, a), (j, b), problems);
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
            let apart = match (&a.goods, &b.goods) {
                (Some(x), Some(y)) => x.meets(y, from, to).is_none(),
                _ => false,
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

fn pair(law: &Law, (i, a): (usize, &Measure), (j, b): (usize, &Measure), problems: &mut Problems) {
    let adds = |x: &Measure, y: usize| {
        x.relations
            .iter()
            .any(|r| r.kind == Kind::Adds && law.selected(&r.selector).contains(&y))
    };
    let adds = adds(a, j) || adds(b, i);
    let between = |x: usize, y: usize| law.yields[x].iter().filter(move |r| r.to == y);
    for p in &a.provisions {
        for q in &b.provisions {
            if matches!(p.effect, Effect::Ends) || matches!(q.effect, Effect::Ends) {
                continue;
            }
            let Some((from, to)) = overlap(p, q) else {
                continue;
            };
            let known = p.known.max(q.known);
            let to = to.min(a.replaced(p, known)).min(b.replaced(q, known));
            if from >= to {
                continue;
            }
            // A relation that is known only later, or holds only from a later day, does not speak for
            // what was known and held before: there `adds-to` must.
            let speaks = |r: &&Yield| r.known <= known && r.from <= from && r.until >= to;
            let stated = adds
                || between(i, j).any(|r| speaks(&r))
                || between(j, i).any(|r| speaks(&r))
                || covered(law, i, j, from, to, known);
            if stated {
                continue;
            }
            let Some(code) = a.goods.meets(&b.goods, from, to) else {
                return;
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

/// Whether dated relations in either direction together speak for all days.
fn covered(law: &Law, i: usize, j: usize, from: Date, to: Date, known: Date) -> bool {
    let mut spans: Vec<(Date, Date)> = law.yields[i]
        .iter()
        .filter(|r| r.to == j)
        .chain(law.yields[j].iter().filter(|r| r.to == i))
        .filter(|r| r.known <= known)
        .map(|r| (r.from, r.until))
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
