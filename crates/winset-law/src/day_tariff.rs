//! The tariff of one importer on one day under assumptions: a line is a look-up.

use std::fmt;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::applied::{AppliedRate, fraction};
use crate::assess::Question;
use crate::assumptions::{Assumed, Assumptions, Way};
use crate::cell::Cell;
use crate::day::{Day, Place};
use crate::evaluate::{Active, Duty, charge_all};
use crate::law::Law;
use crate::on_line::OnLine;
use crate::{Country, GoodsCode, LawError};

/// All rates of an importer on a day, as known on a day, under some assumptions.
///
/// Made once by [`Law::tariff`], it answers in a small part of the time of [`Law::rate`], with the same
/// answer: what the measures add is worked out once for each class of goods and group of origins that
/// somebody asks for. Threads may share it.
pub struct DayTariff<'a> {
    pub(crate) law: &'a Law,
    pub(crate) assumptions: &'a Assumptions,
    pub(crate) importer: Country,
    pub(crate) on: Date,
    pub(crate) known: Option<Date>,
    pub(crate) day: Arc<Day>,
    /// By group of origins.
    recipes: Vec<OnceLock<Box<[Slot<'a>]>>>,
}

/// By class of goods; without and with a claimed programme.
type Slot<'a> = [OnceLock<Option<Recipe<'a>>>; 2];

/// What applies to a class of goods of a group of origins, its conditions asked.
pub(crate) struct Recipe<'a> {
    cell: Cell,
    active: Vec<Active<'a>>,
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
    /// The day is outside the law in the data on every origin.
    pub fn tariff<'a>(
        &'a self,
        importer: Country,
        on: Date,
        known_on: Option<Date>,
        assumptions: &'a Assumptions,
    ) -> Result<DayTariff<'a>, LawError> {
        let mut any = Err(LawError::NoSchedule { importer });
        for origin in Country::all() {
            any = self.covered(importer, origin, on, known_on);
            if any.is_ok() {
                break;
            }
        }
        any.map_err(|mut error| {
            if let LawError::NotInData { origin, .. } = &mut error {
                *origin = None;
            }
            error
        })?;
        let day = self.day(importer, on, known_on);
        Ok(DayTariff {
            law: self,
            assumptions,
            importer,
            on,
            known: known_on,
            recipes: (0..day.groups()).map(|_| OnceLock::new()).collect(),
            day,
        })
    }
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
        OnLine::new(self, goods, self.day.class(goods))
    }

    /// What applies to a class of goods of a group of origins, worked out for the first that asks.
    pub(crate) fn recipe(
        &self,
        place: Place,
        way: Way,
        q: &Question<'_>,
        inputs: &Assumed<'_>,
    ) -> Option<&Recipe<'a>> {
        let slots = self.recipes[place.group]
            .get_or_init(|| (0..self.day.classes()).map(|_| Slot::default()).collect());
        let make = || {
            let cell = self.day.cell(self.law, place);
            let active = self
                .law
                .applying(cell, q, inputs, &mut Vec::new(), &mut ())
                .ok()?;
            let mut recipe = Recipe {
                cell: cell.clone(),
                active,
                fixed: None,
            };
            if recipe.active.iter().all(Active::is_fixed) {
                let duty = recipe.charge(q, Decimal::ZERO, inputs).ok()?;
                let parts = duty.active.iter().filter(|a| !a.amount.is_zero());
                recipe.fixed = Some(parts.map(|a| (a.number, fraction(a.amount))).collect());
            }
            Some(recipe)
        };
        slots[place.class][usize::from(way == Way::Claiming)]
            .get_or_init(make)
            .as_ref()
    }
}

impl<'a> Recipe<'a> {
    /// What each measure adds at a base duty.
    pub(crate) fn charge(
        &self,
        q: &Question<'_>,
        base: Decimal,
        inputs: &Assumed<'_>,
    ) -> Result<Duty<'a>, LawError> {
        charge_all(&self.cell, self.active.clone(), q, || Ok(base), inputs)
    }
}
