//! One line of a day's tariff, and the look-up of its rate for an origin.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use crate::applied::{AppliedRate, BaseFrom, RateOf, fraction, usable};
use crate::assess::Question;
use crate::assumptions::{Assumed, Way};
use crate::base::base_rate;
use crate::charge::charge;
use crate::day::Place;
use crate::day_tariff::DayTariff;
use crate::schedule::Line;
use crate::{Country, GoodsCode, LawError};

/// One line of a day's tariff.
pub(crate) struct OnLine<'t, 'a> {
    tariff: &'t DayTariff<'a>,
    goods: GoodsCode,
    class: Option<usize>,
    line: Option<&'a Line>,
    /// The duty of column 1 general on a value of one, where it can be computed.
    general: Option<(Decimal, f64)>,
}

impl<'t, 'a> OnLine<'t, 'a> {
    pub(crate) fn new(tariff: &'t DayTariff<'a>, goods: GoodsCode, class: Option<usize>) -> Self {
        let schedule = tariff.law.schedule(tariff.importer);
        let mut out = Self {
            tariff,
            goods,
            class,
            line: schedule.and_then(|s| s.line(goods, tariff.on).ok()),
            general: None,
        };
        out.general = out.line.and_then(|line| {
            line.fraction.or_else(|| {
                // No rule of this column looks at the origin.
                let q = out.question(tariff.importer);
                let inputs = out.inputs(Way::Plain);
                let amount = charge(&line.mfn.rate, q.value, &q, Decimal::ZERO, &inputs).ok()?;
                Some((amount, fraction(amount)))
            })
        });
        out
    }

    fn question(&self, origin: Country) -> Question<'static> {
        Question {
            importer: self.tariff.importer,
            goods: self.goods,
            origin,
            on: self.tariff.on,
            known: self.tariff.known,
            value: Decimal::ONE,
            rounding: None,
            currency: None,
            exchange: None,
        }
    }

    fn covered(&self, origin: Country) -> Result<(), LawError> {
        let (law, tariff) = (self.tariff.law, self.tariff);
        law.covered(tariff.importer, origin, tariff.on, tariff.known)
    }

    fn inputs(&self, way: Way) -> Assumed<'a> {
        self.tariff.assumptions.on(self.goods, way)
    }

    /// The base duty on a value of one, exact and as a fraction.
    fn base(&self, column2: bool, way: Way, q: &Question) -> Option<(Decimal, f64)> {
        match way {
            Way::Plain if !column2 => return self.general,
            Way::Free => return Some((Decimal::ZERO, 0.0)),
            _ => {}
        }
        let inputs = match way {
            Way::Preferred(claim) => {
                let assumptions = self.tariff.assumptions;
                assumptions.claiming_preference(self.goods, claim)
            }
            _ => self.inputs(way),
        };
        let rate = base_rate(self.line?, q, &inputs).rate;
        let amount = charge(rate, q.value, q, Decimal::ZERO, &inputs).ok()?;
        Some((amount, fraction(amount)))
    }

    /// The rate for an origin, with each measure's part in `parts`, by its number in the law.
    pub(crate) fn rate(
        &self,
        origin: Country,
        base_if_unknown: Option<f64>,
        parts: &mut Vec<(usize, f64)>,
    ) -> Result<AppliedRate, LawError> {
        if let Some(rate) = self.look_up(origin, base_if_unknown, parts)? {
            return Ok(rate);
        }
        // A short code over several classes, measures in a circle, no base rate: ask the law itself, which
        // also finds the words for what is wrong.
        let of = RateOf {
            importer: self.tariff.importer,
            goods: self.goods,
            origin,
            on: self.tariff.on,
            known_on: self.tariff.known,
            base_if_unknown,
        };
        self.tariff.law.rate_by(&of, self.tariff.assumptions, parts)
    }

    fn look_up(
        &self,
        origin: Country,
        base_if_unknown: Option<f64>,
        parts: &mut Vec<(usize, f64)>,
    ) -> Result<Option<AppliedRate>, LawError> {
        parts.clear();
        let Some(class) = self.class else {
            return Ok(None);
        };
        let (group, column2) = self.tariff.day.group(origin);
        self.covered(origin)?;
        let q = self.question(origin);
        let mut rate = AppliedRate {
            base: 0.0,
            base_from: BaseFrom::Schedule,
            additional: 0.0,
        };
        for (way, weight) in self.tariff.assumptions.ways(self.goods, origin) {
            if weight == 0.0 {
                continue;
            }
            // The compiled day holds no recipes for the parts of a mix.
            if matches!(way, Way::Part(..)) {
                return Ok(None);
            }
            let inputs = self.inputs(way);
            let Some(recipe) = self.tariff.recipe(Place { class, group }, way, &q, &inputs) else {
                return Ok(None);
            };
            let computed = self.base(column2, way, &q);
            let (base, from) = match (computed, usable(base_if_unknown)) {
                (Some((_, base)), _) => (base, BaseFrom::Schedule),
                (None, Some(given)) => (given, BaseFrom::Given),
                (None, None) => return Ok(None),
            };
            let count_base = |rate: &mut AppliedRate| {
                rate.base += weight * base;
                if from == BaseFrom::Given {
                    rate.base_from = from;
                }
            };
            if let Some(fixed) = &recipe.fixed {
                count_base(&mut rate);
                for (measure, part) in fixed {
                    rate.add(*measure, weight * part, parts);
                }
                continue;
            }
            let exact = computed.map(|(exact, _)| exact);
            let exact = exact
                .or_else(|| Decimal::from_f64(base))
                .ok_or(LawError::TooLarge)?;
            let duty = recipe.charge(&q, exact, &inputs)?;
            if duty.in_lieu.is_none() {
                count_base(&mut rate);
            }
            for a in duty.active {
                rate.add(a.number, weight * fraction(a.amount), parts);
            }
        }
        Ok(Some(rate))
    }
}
