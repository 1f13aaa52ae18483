//! Many entries: what lines, origins and days share is worked out once, and then looked up.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assess::Question;
use crate::code::{CodeMap, NumberMap};
use crate::entry::Entry;
use crate::law::Law;
use crate::owed::Owed;
use crate::plan::Plain;
use crate::spots::{Kinds, Spots, Stand};
use crate::statement::Statements;
use crate::store::{Planned, Store};
use crate::untraced::Untraced;
use crate::{Country, GoodsCode, LawError};

/// How many codes, days and plans a batch remembers; beyond, it begins anew (days, plans) or asks the
/// law each time (codes), so that its memory does not grow with the number of entries.
const MOST_CODES: usize = 1 << 17;
const MOST_DAYS: usize = 512;
const MOST_PLANS: usize = 1 << 20;
/// How many pairs of dates are found at once.
const RECENT: usize = 1 << 11;
/// How many entries are looked up side by side.
const ABREAST: usize = 32;

/// Assesses entry after entry, remembering what they share. One a thread; see [`Law::batch`].
#[derive(Debug)]
pub struct Batch<'l> {
    law: &'l Law,
    /// The number of each code.
    codes: CodeMap<u32>,
    days: Vec<Spots<'l>>,
    /// By the address of the day.
    by_day: HashMap<usize, u32>,
    recent: Vec<Option<(Asked, u32)>>,
    kinds: Kinds<'l>,
    store: Store,
    statements: Statements,
    /// The plans of entries that claim or state something, where the law asks for claims, and of short
    /// codes.
    particular: NumberMap<Particular, u32>,
}

/// Whose law is asked for, of which day, as known on which.
type Asked = (Country, Date, Option<Date>);

/// What the plan of a particular entry hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Particular {
    day: u32,
    stand: Stand,
    slot: u32,
    origin: Option<Country>,
    statement: u16,
}

impl std::hash::Hash for Particular {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let stand = match self.stand {
            Stand::One(spot) => spot,
            Stand::Several(several) => several + (1 << 16),
        };
        let origin = self.origin.map_or(0, |o| 1 + o.index() as u64);
        state.write_u64(u64::from(self.day) << 32 | stand as u64);
        state.write_u64(u64::from(self.slot) << 32 | origin << 16 | u64::from(self.statement));
    }
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug)]
struct At {
    day: usize,
    stand: Stand,
    slot: usize,
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
            codes: CodeMap::default(),
            days: Vec::new(),
            by_day: HashMap::new(),
            recent: vec![None; RECENT],
            kinds: Kinds::default(),
            store: Store::default(),
            statements: Statements::default(),
            particular: NumberMap::default(),
        }
    }
}

impl Batch<'_> {
    /// What is owed on an entry: the same as [`Law::assess`], without the trace.
    ///
    /// # Errors
    /// As [`Law::assess`].
    pub fn assess(&mut self, entry: &Entry, known_on: Option<Date>) -> Result<Owed<'_>, LawError> {
        if entry.quantity.is_some() || !entry.content.is_empty() {
            entry.check()?;
        }
        // A value out of range, or in another currency, is for the law itself.
        let value = Plain::of(entry.value.amount).filter(|_| entry.in_the_laws_currency());
        let at = value.and_then(|_| self.find(entry, known_on));
        let (Some(value), Some(at)) = (value, at) else {
            return self.whole(entry, known_on);
        };
        if entry.content.is_empty()
            && value.digits > 0
            && let Some(statement) = self.statements.of(entry)
        {
            let number = self.planned(at, entry, known_on, statement);
            match &self.store.plans[number] {
                Planned::Shares(_) => return self.by_plan(number, value),
                Planned::Fault(goods, fault)
                    if entry.quantity.is_none() || !fault.asks_quantity() =>
                {
                    return Err(fault.error(entry, goods.unwrap_or(entry.goods)));
                }
                Planned::Fault(..) | Planned::Each => {}
            }
        }
        let Stand::One(spot) = at.stand else {
            return self.whole(entry, known_on);
        };
        let day = &self.days[at.day];
        let (cell, line) = (
            day.cell(self.law, spot, at.slot),
            day.at(spot, at.slot).0.line,
        );
        let q = question(entry, known_on, entry.value.amount);
        Ok(Owed::each(self.law.untraced(cell, line, &q, entry)?, entry))
    }

    /// What is owed on each of some entries, told with its place among them, in order: as
    /// [`Batch::assess`], and quicker, since the look-ups of several entries do not wait for one another.
    pub fn assess_all(
        &mut self,
        entries: &[(Entry, Option<Date>)],
        mut tell: impl FnMut(usize, Result<Owed<'_>, LawError>),
    ) {
        for (chunk, some) in entries.chunks(ABREAST).enumerate() {
            let numbers = self.look_up(some);
            for (i, (entry, known_on)) in some.iter().enumerate() {
                let plain = || Plain::of(entry.value.amount).filter(|value| value.digits > 0);
                let owed = match numbers[i].and_then(|number| Some((number, plain()?))) {
                    Some((number, value)) => self.by_plan(number, value),
                    None => self.assess(entry, *known_on),
                };
                tell(chunk * ABREAST + i, owed);
            }
        }
    }

    /// The plans of entries that state nothing but their value, where they were made before.
    fn look_up(&self, entries: &[(Entry, Option<Date>)]) -> [Option<usize>; ABREAST] {
        let mut found = [None; ABREAST];
        let mut places = [(0, 0); ABREAST];
        for ((entry, known), place) in entries.iter().zip(&mut places) {
            let asked = (entry.importer, entry.on, *known);
            let day = match &self.recent[recent(asked)] {
                Some((key, day)) if *key == asked && entry.states_value_alone() => *day as usize,
                _ => usize::MAX,
            };
            let code = self.codes.get(&entry.goods);
            *place = (day, code.map_or(usize::MAX, |code| *code as usize));
        }
        let mut stands = [None; ABREAST];
        for ((day, code), stand) in places.iter().zip(&mut stands) {
            *stand = self.days.get(*day).and_then(|day| day.known(*code));
        }
        for (i, (entry, _)) in entries.iter().enumerate() {
            let (Some(Stand::One(spot)), Some(day)) = (stands[i], self.days.get(places[i].0))
            else {
                continue;
            };
            let number = day
                .known_slot(entry.origin)
                .map(|slot| day.plan(spot, slot));
            found[i] = number
                .and_then(|n| n.checked_sub(FIRST))
                .map(|n| n as usize);
        }
        for number in &mut found {
            let shares = number.and_then(|n| self.store.plans.get(n));
            if !matches!(shares, Some(Planned::Shares(_))) {
                *number = None;
            }
        }
        found
    }

    /// By the law itself.
    fn whole(&self, entry: &Entry, known_on: Option<Date>) -> Result<Owed<'_>, LawError> {
        let answer = self.law.assess(entry, known_on)?;
        Ok(Owed::each(Untraced::of(answer)?, entry))
    }

    fn by_plan(&self, number: usize, value: Plain) -> Result<Owed<'_>, LawError> {
        match &self.store.plans[number] {
            Planned::Shares(plan) => Owed::by_plan(plan, &self.store.words, value),
            Planned::Fault(..) | Planned::Each => Err(LawError::TooLarge),
        }
    }

    /// Where an entry stands in the law of its day.
    fn find(&mut self, entry: &Entry, known_on: Option<Date>) -> Option<At> {
        let day = self.day((entry.importer, entry.on, known_on));
        let next = self.codes.len();
        let code = match self.codes.get(&entry.goods) {
            Some(code) => *code as usize,
            None if next >= MOST_CODES => return None,
            None => {
                self.codes.insert(entry.goods, next as u32);
                next
            }
        };
        let (law, kinds) = (self.law, &mut self.kinds);
        let spots = &mut self.days[day];
        let stand = spots.stand(law, kinds, code, entry.goods)?;
        let slot = spots.slot(law, kinds, entry.origin, entry.on)?;
        Some(At { day, stand, slot })
    }

    /// The number of a day's law among `days`.
    fn day(&mut self, asked: Asked) -> usize {
        let at = recent(asked);
        if let Some((key, day)) = &self.recent[at]
            && *key == asked
        {
            return *day as usize;
        }
        let (importer, on, known) = asked;
        let day = self.law.day(importer, on, known);
        let address = Arc::as_ptr(&day).addr();
        if self.days.len() >= MOST_DAYS && !self.by_day.contains_key(&address) {
            self.days.clear();
            self.by_day.clear();
            self.particular.clear();
            self.recent.fill(None);
        }
        let number = *self.by_day.entry(address).or_insert_with(|| {
            // Goods and origin are filled in where they are known.
            let q = Question {
                importer,
                goods: GoodsCode::ten_digits(0),
                origin: importer,
                on,
                known,
                value: Decimal::ONE,
                rounding: None,
                currency: None,
                exchange: None,
            };
            self.days.push(Spots::new(day, q));
            (self.days.len() - 1) as u32
        });
        self.recent[at] = Some((asked, number));
        number as usize
    }

    /// The number of the plan of an entry.
    fn planned(&mut self, at: At, entry: &Entry, known_on: Option<Date>, statement: u16) -> usize {
        if let Stand::One(spot) = at.stand
            && statement == 0
            && let Some(number) = self.days[at.day].plan(spot, at.slot).checked_sub(FIRST)
        {
            return number as usize;
        }
        if self.store.len() + self.particular.len() >= MOST_PLANS {
            self.store = Store::default();
            self.particular.clear();
            self.days.iter_mut().for_each(Spots::forget_plans);
        }
        let (law, store, day) = (self.law, &mut self.store, &mut self.days[at.day]);
        let numbered = match at.stand {
            Stand::One(spot) => {
                Some(day.numbered(law, spot, at.slot, |cell| store.numbered(law, cell)))
            }
            Stand::Several(_) => None,
        };
        // Any of several lines may ask for claims.
        let by_origin = statement != 0 || numbered.is_none_or(|n| n.claims);
        let particular = Particular {
            day: at.day as u32,
            stand: at.stand,
            slot: at.slot as u32,
            origin: by_origin.then_some(entry.origin),
            statement,
        };
        if by_origin && let Some(number) = self.particular.get(&particular) {
            return *number as usize;
        }
        let q = question(entry, known_on, Decimal::ONE);
        let number = match (at.stand, numbered) {
            (Stand::One(spot), Some(numbered)) => {
                let (cell, spot) = (day.cell(law, spot, at.slot), day.at(spot, at.slot));
                store.of_spot(law, (cell, numbered), spot, &q, entry, statement)
            }
            (Stand::Several(several), _) => match day.lines(law, several, at.slot) {
                Some(lines) => store.of_several(law, day, (lines, at.slot), &q, entry),
                None => store.each(),
            },
            (Stand::One(_), None) => store.each(),
        };
        match at.stand {
            Stand::One(spot) if !by_origin => {
                self.days[at.day].set_plan(spot, at.slot, number + FIRST);
            }
            _ => {
                self.particular.insert(particular, number);
            }
        }
        number as usize
    }
}

/// The first number of a plan in the table of a day; zero is none.
const FIRST: u32 = 1;

/// Where a pair of dates is remembered: days that follow one another lie beside one another.
fn recent((importer, on, known): Asked) -> usize {
    let ordinal = |day: Date| {
        let (year, month) = (day.year().unsigned_abs(), day.month().unsigned_abs());
        (usize::from(year) * 12 + usize::from(month)) * 31 + usize::from(day.day().unsigned_abs())
    };
    let known = known.map_or(0, |known| ordinal(known).wrapping_mul(739));
    (ordinal(on) + known + importer.index() * 1021) % RECENT
}

fn question(entry: &Entry, known: Option<Date>, value: Decimal) -> Question<'static> {
    Question {
        importer: entry.importer,
        goods: entry.goods,
        origin: entry.origin,
        on: entry.on,
        known,
        value,
        rounding: None,
        currency: None,
        exchange: None,
    }
}
