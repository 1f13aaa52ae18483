//! Many entries: what lines, origins and days share is worked out once, and then looked up.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assess::Question;
use crate::bare::Bare;
use crate::entry::{Entry, Quantity};
use crate::fault::{Fault, needs_quantity};
use crate::law::Law;
use crate::lines::Lines;
use crate::mixed::{Mixed, Sums};
use crate::numbers::CodeNumbers;
use crate::owed::Owed;
use crate::plan::Plain;
use crate::spots::{Spots, Stand};
use crate::statement::{Stated, Statements};
use crate::store::{EACH, Particular, Planned, Store};
use crate::untraced::Untraced;
use crate::{Country, LawError};

/// How many days and plans a batch remembers; beyond, it begins anew, so that its memory does not grow with
/// the number of entries.
const MOST_DAYS: usize = 512;
const MOST_PLANS: usize = 1 << 19;
/// How many pairs of dates are found at once.
const RECENT: usize = 1 << 11;
/// How many entries are looked up side by side.
const ABREAST: usize = 64;
/// How many plans are brought near at once.
const AHEAD: usize = 16;
/// In the place of the number of a plan.
const NOT_FOUND: u32 = u32::MAX;

/// Assesses entry after entry, remembering what they share. One a thread; see [`Law::batch`].
#[derive(Debug)]
pub struct Batch<'l> {
    law: &'l Law,
    /// The number of each code.
    codes: CodeNumbers,
    days: Vec<Spots<'l>>,
    /// How many spans of days were met.
    spans: u32,
    /// By the address of the day.
    by_day: HashMap<usize, u32>,
    recent: Vec<Option<(Asked, u32)>>,
    lines: Lines<'l>,
    store: Store,
    most_plans: usize,
    statements: Statements,
    /// The plans of the lines of one short code, while it is looked up.
    plans: Vec<u32>,
}

/// Whose law is asked for, of which day, as known on which.
type Asked = (Country, Date, Option<Date>);

/// Where an entry stands.
#[derive(Clone, Copy, Debug)]
struct At {
    day: usize,
    stand: Stand,
    slot: usize,
}

/// The plans of some entries, as [`Batch::find`] found them, and the memory that it took.
#[derive(Debug, Default)]
pub struct Found {
    /// The number of the plan of each entry.
    plans: Vec<u32>,
    /// The store of which these are the numbers.
    store: u64,
    /// The law of the day of each entry.
    days: Vec<u32>,
    /// Where the entries of each day end.
    ends: Vec<u32>,
    /// The entries by days: place and day.
    order: Vec<(u32, u32)>,
}

/// How a plan answers an entry.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// By shares of its value.
    Shares,
    /// By shares, and a base duty on its quantity.
    Sums(Sums),
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
        let mut codes = CodeNumbers::new();
        let mut lines = Lines::default();
        let of_schedules = self.schedules.iter().flat_map(|s| s.codes());
        lines.sorted = of_schedules
            .filter_map(|code| Some((code, codes.number(code)?)))
            .collect();
        lines.sorted.sort_unstable();
        lines.sorted.dedup();
        Batch {
            law: self,
            codes,
            days: Vec::new(),
            spans: 0,
            by_day: HashMap::new(),
            recent: vec![None; RECENT],
            lines,
            store: Store::new(),
            most_plans: MOST_PLANS,
            statements: Statements::default(),
            plans: Vec::new(),
        }
    }
}

impl<'l> Batch<'l> {
    /// The law.
    pub fn law(&self) -> &'l Law {
        self.law
    }
}

impl Batch<'_> {
    /// What is owed on an entry: the same as [`Law::assess`], without the trace.
    ///
    /// # Errors
    /// As [`Law::assess`].
    pub fn assess(&mut self, entry: &Entry, known_on: Option<Date>) -> Result<Owed<'_>, LawError> {
        self.make_room();
        self.one(entry, known_on)
    }

    /// Forgets the plans, or the days, where there are too many. Their numbers mean nothing afterwards.
    fn make_room(&mut self) {
        if self.days.len() >= MOST_DAYS {
            self.days.clear();
            self.by_day.clear();
            self.recent.fill(None);
        }
        if self.store.len() >= self.most_plans {
            self.store = Store::new();
            self.days.iter_mut().for_each(Spots::forget_settings);
        }
    }

    fn one(&mut self, entry: &Entry, known_on: Option<Date>) -> Result<Owed<'_>, LawError> {
        let states = !entry.content.is_empty() || !entry.facts.is_empty();
        if entry.quantity.is_some() || entry.loaded.is_some() || states {
            self.law.check(entry)?;
        }
        // A value out of range, or in another currency, is for the law itself.
        let value = Plain::of(entry.value.amount).filter(|_| entry.in_the_laws_currency());
        let at = value.and_then(|_| self.place(entry, known_on));
        let (Some(value), Some(at)) = (value, at) else {
            return self.whole(entry, known_on);
        };
        if entry.content.is_empty()
            && value.digits > 0
            && let Some(statement) = self.statements.of(entry)
        {
            let number = self.planned(at, entry, known_on, statement);
            if let Some(way) = self.way(number, at, value, entry, known_on)? {
                return self.by(number, way, value, entry);
            }
        }
        let Stand::One(spot) = at.stand else {
            return self.whole(entry, known_on);
        };
        let day = &self.days[at.day];
        let (cell, line) = (day.cell(self.law, spot, at.slot), day.at(spot).line);
        let q = question(entry, known_on, entry.value.amount);
        Ok(Owed::each(self.law.untraced(cell, line, &q, entry)?, entry))
    }

    /// How a plan answers an entry; `None` where the entry itself must be asked.
    ///
    /// # Errors
    /// What the plan says is wrong with the entry.
    fn way(
        &self,
        number: usize,
        at: At,
        value: Plain,
        entry: &Entry,
        known_on: Option<Date>,
    ) -> Result<Option<Way>, LawError> {
        match &self.store.plans[number] {
            Planned::Shares(_) => Ok(Some(Way::Shares)),
            Planned::Mixed(unit, _) if entry.quantity.is_none() => {
                Err(needs_quantity(entry.goods, unit))
            }
            Planned::Mixed(_, mixed) => {
                let sums = self.sums(mixed, value, entry, known_on)?;
                Ok(sums.map(Way::Sums))
            }
            Planned::Fault(line, fault) if entry.quantity.is_none() || !fault.asks_quantity() => {
                Err(self.error(at, entry, *line, fault))
            }
            Planned::Fault(..) | Planned::Each => Ok(None),
        }
    }

    /// The sums of a mixed plan on an entry with a quantity; `None` where the entry itself must be asked.
    ///
    /// # Errors
    /// A quantity in another unit.
    fn sums(
        &self,
        mixed: &Mixed,
        value: Plain,
        entry: &Entry,
        known_on: Option<Date>,
    ) -> Result<Option<Sums>, LawError> {
        let q = question(entry, known_on, entry.value.amount);
        mixed.on(entry, &q, value, &self.store.words)
    }

    /// What a plan says is wrong with an entry, at a line of its code where that is short.
    fn error(&self, at: At, entry: &Entry, line: Option<usize>, fault: &Fault) -> LawError {
        let several = match at.stand {
            Stand::One(_) => None,
            Stand::Several(several) => Some(self.days[at.day].of_several(several)),
        };
        fault.error(entry, line, several, self.law)
    }

    /// The number of what an entry claims and states, of its content apart, so that a [`Bare`] entry of the same importer may state
    /// it; `None` where only the entry itself can be asked.
    pub fn stated(&mut self, entry: &Entry) -> Option<Stated> {
        let mut alone = entry.clone();
        (alone.value.amount, alone.quantity) = (Decimal::ONE, None);
        let bare = entry.content.is_empty() && entry.loaded.is_none();
        if !bare || self.law.check(&alone).is_err() {
            return None;
        }
        self.statements.of(&alone)
    }

    /// Looks up the plans of some entries at once, which is quicker than one by one; [`Batch::by_plan`] then answers each.
    pub fn find(&mut self, entries: &[Bare], found: &mut Found) {
        self.make_room();
        found.store = self.store.number();
        found.plans.clear();
        found.plans.resize(entries.len(), NOT_FOUND);
        self.order(entries, found);
        let Found { order, plans, .. } = found;
        for some in order.chunks(ABREAST) {
            self.look_up(entries, some, plans);
        }
        // In the order of the entries: plans have the same numbers whatever the days.
        for (place, entry) in entries.iter().enumerate() {
            let known = self.statements.knows(entry.stated);
            if plans[place] == NOT_FOUND && known && self.days.len() < MOST_DAYS {
                let (whole, known_on) = (self.statements.whole(entry), entry.known_on);
                if let Some(at) = self.place(&whole, known_on) {
                    plans[place] = self.planned(at, &whole, known_on, entry.stated) as u32;
                }
            }
        }
    }

    /// What is owed on an entry by the plan that was found for it, the same as [`Law::assess`] without the trace; `quantity` tells
    /// how many there are, of those plans that ask. `None` where the entry itself must be asked, or where what was found is
    /// forgotten.
    ///
    /// # Errors
    /// As [`Law::assess`].
    pub fn by_plan(
        &self,
        found: &Found,
        place: usize,
        entry: &Bare,
        quantity: impl FnOnce() -> Option<Quantity>,
    ) -> Option<Result<Owed<'_>, LawError>> {
        let number = *found.plans.get(place)?;
        if number == NOT_FOUND || found.store != self.store.number() {
            return None;
        }
        if place.is_multiple_of(AHEAD) {
            self.touch(&found.plans[place..]);
        }
        match &self.store.plans[number as usize] {
            Planned::Shares(plan) => Some(Owed::by_plan(plan, &self.store.words, entry.value)),
            Planned::Mixed(unit, mixed) => {
                let Some(quantity) = quantity() else {
                    return Some(Err(needs_quantity(entry.goods, unit)));
                };
                let mut whole = self.statements.whole(entry);
                whole.quantity = Some(quantity);
                let sums = self.sums(mixed, entry.value, &whole, entry.known_on);
                let owed = |sums| {
                    Owed::by_mixed(mixed.plan(), &self.store.words, (entry.value, sums), &whole)
                };
                sums.map(|sums| sums.map(owed))
                    .transpose()
                    .map(Result::flatten)
            }
            Planned::Fault(line, fault) if !fault.asks_quantity() || quantity().is_none() => {
                let at = self.known(entry)?;
                let whole = self.statements.whole(entry);
                Some(Err(self.error(at, &whole, *line, fault)))
            }
            Planned::Fault(..) | Planned::Each => None,
        }
    }

    /// Has the plans that are asked for next brought near, all at once: one by one each would be waited for.
    fn touch(&self, plans: &[u32]) {
        let near = plans.iter().take(AHEAD);
        let each = near.filter_map(|number| self.store.plans.get(*number as usize));
        black_box(each.filter(|plan| matches!(plan, Planned::Each)).count());
    }

    /// The law of an entry's day among `days`, if it was asked for before.
    fn known_day(&self, entry: &Bare) -> Option<usize> {
        let asked = (entry.importer, entry.on, entry.known_on);
        let (key, day) = self.recent[recent(asked)]?;
        (key == asked).then_some(day as usize)
    }

    /// Where an entry stands, if it was found before.
    fn known(&self, entry: &Bare) -> Option<At> {
        let day = self.known_day(entry)?;
        let spots = &self.days[day];
        Some(At {
            day,
            stand: spots.known(self.codes.get(entry.goods)?)?,
            slot: spots.known_slot(entry.origin)?,
        })
    }

    /// The entries of days that are known, day by day: what is looked up for one day lies together.
    fn order(&self, entries: &[Bare], found: &mut Found) {
        let (days, ends) = (&mut found.days, &mut found.ends);
        let none = self.days.len();
        ends.clear();
        ends.resize(none + 1, 0);
        days.clear();
        days.extend(entries.iter().map(|entry| {
            let day = self.known_day(entry).unwrap_or(none);
            ends[day] += 1;
            day as u32
        }));
        let mut sum = 0;
        for end in ends.iter_mut() {
            sum += *end;
            *end = sum;
        }
        // From the last to the first, so that entries of one day keep their order.
        found.order.clear();
        found.order.resize(entries.len(), (0, 0));
        for (place, day) in days.iter().enumerate().rev() {
            let end = &mut ends[*day as usize];
            *end -= 1;
            found.order[*end as usize] = (place as u32, *day);
        }
        found.order.truncate(ends[none] as usize);
    }

    /// The plans of some entries, each given by its place and its day, as far as they were made before. One step for all of them,
    /// then the next: so their look-ups do not wait for one another.
    fn look_up(&self, entries: &[Bare], some: &[(u32, u32)], plans: &mut [u32]) {
        let mut codes = [None; ABREAST];
        for ((place, _), code) in some.iter().zip(&mut codes) {
            *code = self.codes.get(entries[*place as usize].goods);
        }
        let mut stands = [None; ABREAST];
        for (((_, day), code), stand) in some.iter().zip(codes).zip(&mut stands) {
            *stand = code.and_then(|code| self.days[*day as usize].known(code));
        }
        let mut plainly = [None; ABREAST];
        for (((place, day), stand), plainly) in some.iter().zip(stands).zip(&mut plainly) {
            let (spots, origin) = (&self.days[*day as usize], entries[*place as usize].origin);
            if let (Some(Stand::One(spot)), Some(slot)) = (stand, spots.known_slot(origin)) {
                *plainly = spots.plainly(spot, slot, origin);
            }
        }
        for (((place, day), stand), plainly) in some.iter().zip(stands).zip(plainly) {
            let entry = &entries[*place as usize];
            let number = match (stand, plainly) {
                (Some(Stand::One(spot)), _) if entry.stated != Stated::NOTHING => {
                    self.known_plan(*day as usize, spot, entry)
                }
                _ if entry.stated != Stated::NOTHING => None,
                (Some(Stand::Several(several)), _) => {
                    let origin = entry.origin;
                    self.days[*day as usize].plan_of_several(several, origin)
                }
                (_, Some(plainly)) => self.store.plain(plainly),
                _ => None,
            };
            if let Some(number) = number {
                plans[*place as usize] = number;
            }
        }
    }

    /// The number of the plan of an entry that claims or states something, if it was made before.
    fn known_plan(&self, day: usize, spot: usize, entry: &Bare) -> Option<u32> {
        let spots = &self.days[day];
        let setting = spots.known_setting(spot, spots.known_slot(entry.origin)?)?;
        let (rates, span) = (spots.at(spot).rates.all, spots.span);
        let stated = (entry.stated, self.statements.claims(entry.stated));
        let particular = Particular::of(setting, rates, entry.origin, stated, span);
        self.store.particular(&particular)
    }

    /// By the law itself.
    fn whole(&self, entry: &Entry, known_on: Option<Date>) -> Result<Owed<'_>, LawError> {
        let answer = self.law.answer(entry, known_on, false)?;
        Ok(Owed::each(Untraced::of(answer)?, entry))
    }

    /// By a plan.
    fn by(
        &self,
        number: usize,
        way: Way,
        value: Plain,
        entry: &Entry,
    ) -> Result<Owed<'_>, LawError> {
        let words = &self.store.words;
        match (&self.store.plans[number], way) {
            (Planned::Shares(plan), Way::Shares) => Owed::by_plan(plan, words, value),
            (Planned::Mixed(_, mixed), Way::Sums(sums)) => {
                Owed::by_mixed(mixed.plan(), words, (value, sums), entry)
            }
            _ => Err(LawError::TooLarge),
        }
    }

    /// Where an entry stands in the law of its day.
    fn place(&mut self, entry: &Entry, known_on: Option<Date>) -> Option<At> {
        let day = self.day((entry.importer, entry.on, known_on));
        let code = self.codes.number(entry.goods)?;
        let (law, lines) = (self.law, &mut self.lines);
        let spots = &mut self.days[day];
        let stand = spots.stand(law, lines, code, entry.goods)?;
        let slot = spots.slot(law, lines, entry.origin)?;
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
        let number = *self.by_day.entry(address).or_insert_with(|| {
            self.spans += 1;
            self.days
                .push(Spots::new(day, self.spans, importer, on, known));
            (self.days.len() - 1) as u32
        });
        self.recent[at] = Some((asked, number));
        number as usize
    }

    /// The number of the plan of an entry.
    fn planned(&mut self, at: At, entry: &Entry, known_on: Option<Date>, stated: Stated) -> usize {
        let (law, store, day) = (self.law, &mut self.store, &mut self.days[at.day]);
        let q = question(entry, known_on, Decimal::ONE);
        let mut of_spot = |day: &mut Spots<'_>, spot| {
            let setting = day.setting(spot, at.slot, |day, slot| {
                store.setting(law, day.cell(law, spot, at.slot), slot, &q)
            });
            let place = (day.at(spot), day.cell(law, spot, at.slot), day.span);
            store.of_spot(law, setting, place, &q, entry, stated)
        };
        let number = match at.stand {
            Stand::One(spot) => of_spot(day, spot),
            Stand::Several(several) if day.is_in_lieu(law, several, at.slot) => EACH,
            Stand::Several(several) => {
                self.plans.clear();
                for place in 0..day.of_several(several).lines.len() {
                    let (_, spot) = day.of_several(several).lines[place];
                    self.plans.push(of_spot(day, spot));
                }
                let place = (several, at.slot);
                store.of_several(law, day, place, &self.plans, &q, entry)
            }
        };
        if let Stand::Several(several) = at.stand
            && entry.states_nothing()
        {
            day.remember(several, entry.origin, number);
        }
        number as usize
    }
}

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

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use jiff::civil::date;
    use winset_io::Table;

    use super::*;
    use crate::{Currency, Money, Schedule};

    /// Forgetting plans in the middle of many entries changes no answer.
    #[test]
    fn with_room_for_a_few_plans_the_answers_are_the_same() {
        let mut lines = "code,from,to,unit,general,special,column2\n".to_owned();
        for i in 10..90 {
            let _ = writeln!(lines, "8481{i}90,2025-01-01,,kg,{i}%,,45%");
        }
        let table = Table::from_csv("us", lines.as_bytes()).unwrap();
        let schedule = Schedule::from_table("US".parse().unwrap(), &table).unwrap();
        let law = Law::compile(&[], &[], vec![schedule]).unwrap();
        let entries: Vec<(Entry, Option<Date>)> = (0..2000u32)
            .map(|i| {
                let code = format!("8481{}90", 10 + i * i % 80);
                let value = Money::new((i + 1).into(), Currency::USD);
                let (us, jp) = ("US".parse().unwrap(), "JP".parse().unwrap());
                (
                    Entry::new(us, code.parse().unwrap(), jp, date(2025, 2, 1), value),
                    None,
                )
            })
            .collect();
        let mut batch = law.batch();
        batch.most_plans = 7;
        let mut found = Found::default();
        let mut by_plan = 0;
        for (some, size) in entries.chunks(50).zip((0..2).cycle()) {
            let bare: Vec<Bare> = some
                .iter()
                .filter_map(|(e, known)| e.bare(*known))
                .collect();
            assert_eq!(bare.len(), some.len());
            batch.find(&bare, &mut found);
            for (place, (entry, known)) in some.iter().enumerate() {
                let expected = law.assess(entry, None).unwrap().total.amount;
                if let Some(owed) = batch.by_plan(&found, place, &bare[place], || None) {
                    by_plan += 1;
                    assert_eq!(owed.unwrap().total, expected);
                }
                if size == 1 && place % 7 == 0 {
                    // Makes room, and so what was found may be forgotten.
                    assert_eq!(batch.assess(entry, *known).unwrap().total, expected);
                }
            }
        }
        assert!((1..entries.len()).contains(&by_plan), "{by_plan}");
    }

    /// Once there are too many statements, each entry of a short code is answered by itself, and not by what another short
    /// code was answered.
    #[test]
    fn with_room_for_a_few_statements_short_codes_are_told_apart() {
        let mut lines = "code,from,to,unit,general,special,column2\n".to_owned();
        for i in 10..40 {
            let _ = writeln!(lines, "8481{i}90,2025-01-01,,kg,{i}%,,45%");
            let _ = writeln!(lines, "8481{i}91,2025-01-01,,kg,{}%,,45%", i + 1);
        }
        let table = Table::from_csv("us", lines.as_bytes()).unwrap();
        let schedule = Schedule::from_table("US".parse().unwrap(), &table).unwrap();
        let law = Law::compile(&[], &[], vec![schedule]).unwrap();
        let mut batch = law.batch();
        batch.store.most_particular = 3;
        for i in 10..40 {
            let value = Money::new(1_000.into(), Currency::USD);
            let (us, jp) = ("US".parse().unwrap(), "JP".parse().unwrap());
            let code = format!("8481{i}").parse().unwrap();
            let entry = Entry::new(us, code, jp, date(2025, 2, 1), value).claim(&format!("X{i}"));
            let told = batch.assess(&entry, None).unwrap_err().to_string();
            assert_eq!(told, law.assess(&entry, None).unwrap_err().to_string());
            // What its first line owes on a thousand.
            assert!(told.contains(&(10 * i).to_string()), "{told}");
        }
    }
}
