//! The tariff of one importer on one day: the law compiled so that a line is a look-up.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::applied::{AppliedRate, fraction};
use crate::assess::Question;
use crate::assumptions::{Assumed, Assumptions};
use crate::base::among_others;
use crate::classes::GoodsClasses;
use crate::country::Origins;
use crate::evaluate::{Active, charge_all};
use crate::law::Law;
use crate::on_line::OnLine;
use crate::settle::Settlement;
use crate::{Country, GoodsCode, LawError};

/// All rates of an importer on a day, as known on a day, under some assumptions.
///
/// Made once by [`Law::tariff`] (half a millisecond or so), it answers in a small part of the time of
/// [`Law::rate`], with the same answer. What depends neither on the line nor on the origin is worked out
/// when it is made: which acts count, and into which intervals their lists cut the nomenclature. What the
/// measures add is worked out once for each class of goods and group of origins that somebody asks for.
/// Threads may share it.
pub struct DayTariff<'a> {
    pub(crate) law: &'a Law,
    pub(crate) assumptions: &'a Assumptions,
    pub(crate) importer: Country,
    pub(crate) on: Date,
    pub(crate) known: Option<Date>,
    classes: GoodsClasses,
    /// The group of each origin, by its index.
    group: Vec<usize>,
    groups: Vec<Group<'a>>,
}

/// Origins that no rule of the day tells apart.
struct Group<'a> {
    /// The measures that may apply, by their numbers.
    measures: Vec<usize>,
    column2: bool,
    /// By class of goods; without and with a claimed programme.
    recipes: OnceLock<Box<[Slot<'a>]>>,
}

type Slot<'a> = [OnceLock<Option<Recipe<'a>>>; 2];

/// What applies to a class of goods of a group of origins.
pub(crate) struct Recipe<'a> {
    active: Vec<Active<'a>>,
    settlement: Settlement,
    /// What each measure adds, where that is the same for all lines and base rates.
    pub(crate) fixed: Option<Vec<(usize, f64)>>,
}

impl fmt::Debug for DayTariff<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DayTariff")
            .field("importer", &self.importer)
            .field("on", &self.on)
            .field("known_on", &self.known)
            .finish_non_exhaustive()
    }
}

impl Law {
    /// The tariff of an importer on a day, as known on a day (`None`: all acts in the data).
    ///
    /// # Errors
    /// The day is outside the law in the data.
    pub fn tariff<'a>(
        &'a self,
        importer: Country,
        on: Date,
        known_on: Option<Date>,
        assumptions: &'a Assumptions,
    ) -> Result<DayTariff<'a>, LawError> {
        self.covered(importer, on, known_on)?;
        let is_known = |act: Date| known_on.is_none_or(|known| act <= known);
        let holds = |from: Date, to: Date, known: Date| from <= on && on < to && is_known(known);
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
            for exemption in &self.exempted_by[number] {
                exempting[*exemption] = true;
            }
        }
        for (exemption, _) in self.exemptions.iter().zip(exempting).filter(|(_, e)| *e) {
            let all = exemption.periods.iter();
            let mut periods = all
                .filter(|(_, from, to, act)| holds(*from, *to, act.known))
                .peekable();
            if periods.peek().is_some() {
                goods.extend(exemption.goods.as_deref());
                origins.extend(periods.map(|(origins, ..)| *origins));
            }
        }
        let (group, groups) = group(&origins, &alive, importer, on);
        Ok(DayTariff {
            law: self,
            assumptions,
            importer,
            on,
            known: known_on,
            classes: GoodsClasses::new(goods.into_iter(), on),
            group,
            groups,
        })
    }
}

/// Groups the origins that lie in the same sets.
fn group<'a>(
    sets: &[Origins],
    alive: &[(usize, Origins)],
    importer: Country,
    on: Date,
) -> (Vec<usize>, Vec<Group<'a>>) {
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
                    measures: measures.map(|(number, _)| *number).collect(),
                    column2,
                    recipes: OnceLock::new(),
                });
                groups.len() - 1
            })
        })
        .collect();
    (group, groups)
}

impl<'a> DayTariff<'a> {
    /// The rate on goods of an origin, as fractions of value. `base_if_unknown` is as in
    /// [`RateOf`](crate::RateOf).
    ///
    /// # Errors
    /// As [`Law::rate`].
    ///
    /// # Example
    /// ```
    /// use jiff::civil::date;
    /// use winset_io::Table;
    /// use winset_law::{Assumptions, Law, Schedule};
    ///
    /// let lines = "code,from,to,unit,general,special,column2\n84818090,2025-01-01,,kg,2%,,45%\n";
    /// let table = Table::from_csv("us", lines.as_bytes())?;
    /// let law = Law::compile(&[], &[], vec![Schedule::from_table("US".parse()?, &table)?])?;
    /// let assumptions = Assumptions::default();
    /// let tariff = law.tariff("US".parse()?, date(2025, 4, 16), None, &assumptions)?;
    /// let rate = tariff.rate("8481.80.9050".parse()?, "JP".parse()?, None)?;
    /// assert_eq!(rate.total(), 0.02);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rate(
        &self,
        goods: GoodsCode,
        origin: Country,
        base_if_unknown: Option<f64>,
    ) -> Result<AppliedRate, LawError> {
        self.on_line(goods)
            .rate(origin, base_if_unknown, &mut Vec::new())
    }

    /// What is the same for all origins of a line.
    pub(crate) fn on_line(&self, goods: GoodsCode) -> OnLine<'_, 'a> {
        OnLine::new(self, goods, self.classes.of(goods))
    }

    /// The group of an origin, and whether its goods enter under column 2.
    pub(crate) fn group(&self, origin: Country) -> (usize, bool) {
        let group = self.group[origin.index()];
        (group, self.groups[group].column2)
    }

    /// What applies to a class of goods of a group of origins, worked out for the first that asks.
    pub(crate) fn recipe(
        &self,
        (class, group): (usize, usize),
        claiming: usize,
        q: &Question,
        inputs: &Assumed<'_>,
    ) -> Option<&Recipe<'a>> {
        let group = &self.groups[group];
        let slots = group
            .recipes
            .get_or_init(|| (0..self.classes.count()).map(|_| Slot::default()).collect());
        let make = || {
            let numbers = group.measures.iter().copied();
            let active = self.law.applying(numbers, q, inputs, &mut ()).ok()?;
            let settlement = self.law.settlement(q, &active).ok()?;
            let mut recipe = Recipe {
                active,
                settlement,
                fixed: None,
            };
            if recipe.active.iter().all(Active::is_fixed) {
                let active = recipe.charge(q, Decimal::ZERO, inputs).ok()?;
                let parts = active.iter().filter(|a| !a.amount.is_zero());
                recipe.fixed = Some(parts.map(|a| (a.number, fraction(a.amount))).collect());
            }
            Some(recipe)
        };
        slots[class][claiming].get_or_init(make).as_ref()
    }
}

impl<'a> Recipe<'a> {
    /// What each measure adds at a base duty.
    pub(crate) fn charge(
        &self,
        q: &Question,
        base: Decimal,
        inputs: &Assumed<'_>,
    ) -> Result<Vec<Active<'a>>, LawError> {
        let mut active = self.active.clone();
        charge_all(&mut active, q, base, inputs)?;
        self.settlement.apply(q, base, inputs, &mut active)?;
        Ok(active)
    }
}
