//! The law with a package in it: what its options amend, for our goods or for those who claim the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::Date;
use winset_io::Source;
use winset_law::{Country, Law, Measure};

use super::{Bench, StudyError};
use crate::world::Amendment;

/// The day from which a measure no longer charges an origin, of which it charges some goods on a day, by the acts
/// known on another; none where it charges nothing then, [`Date::MAX`] where no such act ends it.
pub(super) fn charged_until(
    measure: &Measure,
    origin: Country,
    on: Date,
    known: Date,
) -> Option<Date> {
    if !measure.charges(origin, on, known) {
        return None;
    }
    let days = measure.periods().flat_map(|(from, to, ..)| [from, to]);
    let days: BTreeSet<Date> = days.filter(|day| *day > on).collect();
    let ended = days
        .into_iter()
        .find(|day| !measure.charges(origin, *day, known));
    Some(ended.unwrap_or(Date::MAX))
}

impl Bench {
    /// The law with a package's amendments, for our goods or for `origins`, from the cliff on: each as long as the
    /// measure charges an origin by the acts known on the as-of date, and on no other origin.
    ///
    /// # Errors
    /// A rate that does not read, or measures that then claim the same value without a rule.
    pub fn amended(
        &self,
        options: &[(usize, usize)],
        origins: &[Country],
    ) -> Result<Law, StudyError> {
        self.with_amendments(self.amendments(options), origins)
    }

    /// Whether options amend a measure that charges one of some origins at the cliff: others have nothing to claim.
    ///
    /// # Errors
    /// The cliff is no date; [`crate::dossier::Dossier::read`] has checked that it is.
    pub fn concerns(
        &self,
        options: &[(usize, usize)],
        origins: &[Country],
    ) -> Result<bool, StudyError> {
        let cliff = self.day(&self.dossier.head.clock.cliff)?;
        let charged = |a: &Amendment| {
            let measure = self.law.measure(&a.measure);
            measure.is_some_and(|m| {
                let mut origins = origins.iter();
                origins.any(|origin| m.charges(*origin, cliff, self.dossier.as_of))
            })
        };
        Ok(self.amendments(options).any(charged))
    }

    pub(super) fn amendments<'b>(
        &'b self,
        options: &'b [(usize, usize)],
    ) -> impl Iterator<Item = &'b Amendment> {
        let chosen = options.iter();
        chosen.flat_map(|(i, o)| &self.effects[*i][*o].amend)
    }

    pub(super) fn with_amendments<'b>(
        &self,
        chosen: impl Iterator<Item = &'b Amendment>,
        origins: &[Country],
    ) -> Result<Law, StudyError> {
        let known = self.dossier.as_of;
        let mut text = String::from("format = 1\n");
        let _ = writeln!(
            text,
            "act = [{{ id = \"package\", title = \"The package on the table\", signed = {known}, source = \"the dossier's issues.toml\", confidence = \"I\" }}]",
        );
        let from = self.day(&self.dossier.head.clock.cliff)?;
        for change in compose(chosen) {
            let Some(measure) = self.law.measure(change.measure) else {
                continue;
            };
            let mut until: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
            for origin in origins {
                if let Some(day) = charged_until(measure, *origin, from, known) {
                    until.entry(day).or_default().push(origin.iso2());
                }
            }
            for (to, origins) in until {
                let _ = writeln!(
                    text,
                    "[[amendment]]\nmeasure = {:?}\norigins = {origins:?}\nfrom = {from}\nact = \"package\"",
                    change.measure
                );
                if to < Date::MAX {
                    let _ = writeln!(text, "to = {to}");
                }
                for (key, goods) in [("goods", &change.goods), ("except-goods", &change.except)] {
                    if !goods.is_empty() {
                        let _ = writeln!(text, "{key} = {goods:?}");
                    }
                }
                let _ = match change.rate {
                    Some(rate) => writeln!(text, "rate = {rate:?}"),
                    None => writeln!(text, "ends = true"),
                };
            }
        }
        let files = [Source::new("the package on the table", text)];
        Ok(self.law.with_known_on(&files, known)?)
    }
}

/// One amendment of a package, after its options were put together.
struct Composed<'a> {
    measure: &'a str,
    goods: Vec<&'a str>,
    except: Vec<&'a str>,
    rate: Option<&'a str>,
}

/// Puts the amendments of several options together: what one says of named goods prevails over what
/// another says of the measure as a whole.
fn compose<'a>(amendments: impl Iterator<Item = &'a Amendment>) -> Vec<Composed<'a>> {
    let mut out: Vec<Composed<'a>> = Vec::new();
    for a in amendments {
        let (goods, rate) = (
            a.goods.iter().map(String::as_str).collect::<Vec<_>>(),
            a.rate.as_deref(),
        );
        let same = |c: &&mut Composed<'_>| {
            c.measure == a.measure && c.rate == rate && c.goods.is_empty() == goods.is_empty()
        };
        if let Some(found) = out.iter_mut().find(same) {
            found.goods.extend(goods);
        } else {
            out.push(Composed {
                measure: &a.measure,
                goods,
                except: Vec::new(),
                rate,
            });
        }
    }
    let named: Vec<(&str, Vec<&str>, Option<&str>)> = out
        .iter()
        .filter(|c| !c.goods.is_empty())
        .map(|c| (c.measure, c.goods.clone(), c.rate))
        .collect();
    for whole in out.iter_mut().filter(|c| c.goods.is_empty()) {
        let others = named
            .iter()
            .filter(|(m, _, rate)| *m == whole.measure && *rate != whole.rate);
        whole.except = others
            .flat_map(|(_, goods, _)| goods.iter().copied())
            .collect();
    }
    let wholes: Vec<(&str, Option<&str>)> = out
        .iter()
        .filter(|c| c.goods.is_empty())
        .map(|c| (c.measure, c.rate))
        .collect();
    out.retain(|c| c.goods.is_empty() || !wholes.contains(&(c.measure, c.rate)));
    out
}
