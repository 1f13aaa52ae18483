//! Many entries: the law of each day compiled once, the shares of value of each line worked out once.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assess::Question;
use crate::assessment::Assessment;
use crate::code::CodeHasher;
use crate::day::Day;
use crate::entry::Entry;
use crate::law::Law;
use crate::money::{plus, times};
use crate::plan::Plan;
use crate::{Country, GoodsCode, LawError};

/// Assesses entry after entry, remembering what lines share. One a thread; see [`Law::batch`].
#[derive(Debug)]
pub struct Batch<'l> {
    law: &'l Law,
    days: HashMap<(Country, Date, Option<Date>), Arc<Day>>,
    last: Option<((Country, Date, Option<Date>), Arc<Day>)>,
    plans: HashMap<Key, Planned, BuildHasherDefault<CodeHasher>>,
}

/// A day's law, goods and an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    day: usize,
    goods: GoodsCode,
    origin: Country,
}

#[derive(Clone, Debug)]
enum Planned {
    /// The duties are shares of the value.
    Shares(Arc<Plan>),
    /// The entry itself decides.
    Each,
    /// There is no answer for any value; the reason.
    None(Arc<str>),
}

/// What is owed on one entry of a batch. Amounts are in the currency of the entry, fees in the importer's.
#[derive(Debug)]
pub struct Owed {
    /// Duty, not rounded.
    pub total: Decimal,
    /// Duty as it is paid, rounded by the importer's law.
    pub payable: Decimal,
    /// Fees beside duty.
    pub fees: Decimal,
    /// Duty over value, a fraction; `None` for a value of zero.
    pub effective_rate: Option<Decimal>,
    found: Found,
}

#[derive(Debug)]
enum Found {
    Plan(Arc<Plan>, Decimal),
    Whole(Box<Assessment>),
}

impl Owed {
    /// Appends the components as `measure=amount`, joined by `;`, the base duty first.
    pub fn components(&self, out: &mut String) {
        let mut first = true;
        let mut add = |measure: &str, amount: Decimal| {
            if !first {
                out.push(';');
            }
            first = false;
            // Writing into a string cannot fail.
            let _ = write!(out, "{measure}={}", amount.normalize());
        };
        match &self.found {
            Found::Plan(plan, value) => {
                for (measure, share) in &plan.parts {
                    add(measure, times(*share, *value).unwrap_or_default());
                }
            }
            Found::Whole(answer) => {
                let owed = answer.components.iter();
                for c in owed.filter(|c| !c.amount.is_zero() || &*c.measure == "base") {
                    add(&c.measure, c.amount);
                }
            }
        }
    }

    /// Appends the headings to declare, joined by `;`.
    pub fn headings(&self, out: &mut String) {
        match &self.found {
            Found::Plan(plan, _) => out.push_str(&plan.headings),
            Found::Whole(answer) => out.push_str(&answer.headings().join(";")),
        }
    }

    /// Appends what is still to be known as `fact=total if so`, joined by `;`; `fact=?` where it takes a
    /// number.
    pub fn needs(&self, out: &mut String) {
        let mut first = true;
        let mut add = |fact: &str, total: Option<Decimal>| {
            if !first {
                out.push(';');
            }
            first = false;
            let _ = match total {
                Some(total) => write!(out, "{fact}={}", total.normalize()),
                None => write!(out, "{fact}=?"),
            };
        };
        match &self.found {
            Found::Plan(plan, value) => {
                for (fact, share) in &plan.needs {
                    add(fact, share.and_then(|share| times(share, *value).ok()));
                }
            }
            Found::Whole(answer) => {
                for need in &answer.needs {
                    add(&need.fact, need.total_if_yes);
                }
            }
        }
    }
}

impl Law {
    /// An assessor of many entries; each thread makes its own.
    ///
    /// # Example
    /// ```
    /// # use jiff::civil::date;
    /// # use winset_io::Table;
    /// # use winset_law::{Currency, Entry, Law, Money, Schedule};
    /// # let lines = "code,from,to,unit,general,special,column2\n84818090,2025-01-01,,kg,2%,,45%\n";
    /// # let table = Table::from_csv("us", lines.as_bytes())?;
    /// # let law = Law::compile(&[], &[], vec![Schedule::from_table("US".parse()?, &table)?])?;
    /// let mut batch = law.batch();
    /// let value = Money::new(10_000.into(), Currency::USD);
    /// let entry = Entry::new("US".parse()?, "84818090".parse()?, "JP".parse()?, date(2025, 2, 1), value);
    /// let owed = batch.assess(&entry, None)?;
    /// assert_eq!(owed.total, 200.into());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn batch(&self) -> Batch<'_> {
        Batch {
            law: self,
            days: HashMap::new(),
            last: None,
            plans: HashMap::default(),
        }
    }
}

impl Batch<'_> {
    /// What is owed on an entry: the same as [`Law::assess`], without the trace.
    ///
    /// # Errors
    /// As [`Law::assess`].
    pub fn assess(&mut self, entry: &Entry, known_on: Option<Date>) -> Result<Owed, LawError> {
        if entry.states_nothing_but_value() {
            entry.check()?;
            let (importer, goods, origin, on) =
                (entry.importer, entry.goods, entry.origin, entry.on);
            let day = self.day(importer, on, known_on);
            let key = Key { day, goods, origin };
            let planned = match self.plans.get(&key) {
                Some(planned) => planned,
                None => {
                    let planned = self.make(entry, known_on);
                    self.plans.entry(key).or_insert(planned)
                }
            };
            match planned {
                Planned::Shares(plan) => {
                    let value = entry.value.amount;
                    return Ok(Owed {
                        total: times(plan.total, value)?,
                        payable: plan.payable(value)?,
                        fees: plan.fees(value)?,
                        effective_rate: (!value.is_zero()).then_some(plan.total),
                        found: Found::Plan(plan.clone(), value),
                    });
                }
                Planned::None(why) => return Err(LawError::Told { what: why.clone() }),
                Planned::Each => {}
            }
        }
        let answer = self.law.assess(entry, known_on)?;
        let fees = answer.fees.iter().map(|f| f.amount);
        Ok(Owed {
            total: answer.total.amount,
            payable: answer.payable.amount,
            fees: fees.into_iter().try_fold(Decimal::ZERO, plus)?,
            effective_rate: answer.effective_rate,
            found: Found::Whole(Box::new(answer)),
        })
    }

    fn make(&self, entry: &Entry, known_on: Option<Date>) -> Planned {
        let q = Question {
            importer: entry.importer,
            goods: entry.goods,
            origin: entry.origin,
            on: entry.on,
            known: known_on,
            value: Decimal::ONE,
            rounding: None,
            currency: None,
            exchange: None,
        };
        match self.law.plan(entry, &q) {
            Ok(Some(plan)) => Planned::Shares(Arc::new(plan)),
            Ok(None) => Planned::Each,
            Err(error) => Planned::None(error.to_string().into()),
        }
    }

    /// The day's law, as a number that no other has while this batch lives.
    fn day(&mut self, importer: Country, on: Date, known: Option<Date>) -> usize {
        let key = (importer, on, known);
        if let Some((last, day)) = &self.last
            && *last == key
        {
            return Arc::as_ptr(day) as usize;
        }
        let law = self.law;
        let day = self
            .days
            .entry(key)
            .or_insert_with(|| law.day(importer, on, known));
        self.last = Some((key, day.clone()));
        Arc::as_ptr(day) as usize
    }
}
