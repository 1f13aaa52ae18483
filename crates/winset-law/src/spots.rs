//! Where codes and origins stand in the law of a day, found once for each.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::assess::Question;
use crate::cell::Cell;
use crate::code::NumberMap;
use crate::day::{Day, Place};
use crate::law::Law;
use crate::schedule::Line;
use crate::{Country, GoodsCode, LawError};

/// A class of goods and the rates of a line: no other property of the goods bears on a duty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'l> {
    class: usize,
    /// A line with these rates; none where the schedule has none for the goods.
    pub(crate) line: Option<&'l Line>,
    pub(crate) rates: Rates,
    /// The class with column 1 general alone, and with column 2 alone.
    general: u16,
    column2: u16,
}

/// Where goods stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// One class and at most one line.
    One(usize),
    /// A short code that reaches over several spots.
    Several(usize),
}

/// A short code: each spot below it with the first code there, in the order of codes.
#[derive(Clone, Debug)]
pub(crate) struct Several {
    pub(crate) lines: Vec<(GoodsCode, usize)>,
    /// Whether one class covers it, and only the lines of the schedule differ.
    class: Option<usize>,
}

/// The numbers of what a line says: all of it, column 1 general, column 2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    pub(crate) all: u32,
    pub(crate) general: u32,
    pub(crate) column2: u32,
}

/// A group of origins and the fees that may fall on its goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    group: usize,
    pub(crate) column2: bool,
    pub(crate) fees: u32,
}

/// What can apply at a place, as the batch numbers it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbered {
    /// Its number: the same for cells of different days that hold the same.
    pub(crate) cell: u32,
    /// Whether an answer may hang on what is supposed to be claimed.
    pub(crate) claims: bool,
}

/// Not looked for yet.
const UNKNOWN: u16 = 0;
/// There is none: the entry itself must be asked.
const NONE: u16 = 1;
/// The first number of a spot or slot.
const FIRST: u16 = 2;
/// More spots than any schedule has.
const MOST: usize = 30_000;
/// From here on the numbers of short codes.
const SEVERAL: u16 = 32_768;

/// The law of a day, and what of it was asked for.
#[derive(Debug)]
pub(crate) struct Spots<'l> {
    pub(crate) day: Arc<Day>,
    /// A question of this day; goods and origin are not its own.
    q: Question<'static>,
    /// Where each code stands, by the number of the code.
    codes: Vec<u16>,
    several: Vec<Several>,
    all: Vec<Spot<'l>>,
    by_rates: NumberMap<(usize, u32), u16>,
    /// The numbers of a class with one rate: what entries without claims hang on.
    by_rate: NumberMap<(usize, u32), u16>,
    /// The slot of each origin, by the index of the country.
    origins: Vec<u16>,
    slots: Vec<Slot>,
    /// The cells that were numbered, by class and group.
    numbered: NumberMap<(usize, usize), Numbered>,
    /// For each slot the plan of each class with a rate, as the batch numbers them; zero where it is not made.
    plans: Vec<Vec<u32>>,
}

/// What days share: numbers for rates and for sets of fees.
#[derive(Debug, Default)]
pub(crate) struct Kinds<'l> {
    rates: HashMap<String, u32>,
    /// By the address of the line.
    of_line: HashMap<usize, Rates>,
    /// For each code, by its number, a line that is its own whenever it holds.
    lines: Vec<Option<(Country, &'l Line, Rates)>>,
    fees: Vec<Vec<(usize, usize)>>,
}

/// In place of the rates of a line that is not there.
const NO_RATES: Rates = Rates {
    all: u32::MAX,
    general: u32::MAX,
    column2: u32::MAX,
};

impl<'l> Kinds<'l> {
    /// The line of a code that was found on another day, if it holds on this one.
    fn line(&self, code: usize, importer: Country, on: Date) -> Option<(&'l Line, Rates)> {
        let (whose, line, rates) = (*self.lines.get(code)?)?;
        let in_season = line.season.is_none_or(|season| season.contains(on));
        let holds = whose == importer && line.from <= on && on < line.to && in_season;
        holds.then_some((line, rates))
    }

    fn keep(&mut self, code: usize, importer: Country, line: &'l Line, rates: Rates) {
        if self.lines.len() <= code {
            self.lines.resize(code + 1, None);
        }
        self.lines[code] = Some((importer, line, rates));
    }

    /// The numbers of the rates of a line: the same for lines that say the same.
    fn rates(&mut self, line: &Line) -> Rates {
        let known = &mut self.rates;
        let mut number = |said: String| {
            let next = known.len() as u32;
            *known.entry(said).or_insert(next)
        };
        let place = std::ptr::from_ref(line).addr();
        *self.of_line.entry(place).or_insert_with(|| {
            let (general, others) = (&line.mfn, &line.others);
            Rates {
                all: number(format!("{general:?}{:?}{others:?}", line.preferences)),
                general: number(format!("{general:?}")),
                column2: number(format!("{others:?}")),
            }
        })
    }

    fn fees(&mut self, fees: Vec<(usize, usize)>) -> u32 {
        let place = self.fees.iter().position(|known| *known == fees);
        place.unwrap_or_else(|| {
            self.fees.push(fees);
            self.fees.len() - 1
        }) as u32
    }
}

impl<'l> Spots<'l> {
    /// Of a day's law, asked for on a day and as known on another.
    pub(crate) fn new(day: Arc<Day>, q: Question<'static>) -> Self {
        Self {
            day,
            q,
            codes: Vec::new(),
            several: Vec::new(),
            all: Vec::new(),
            by_rates: NumberMap::default(),
            by_rate: NumberMap::default(),
            numbered: NumberMap::default(),
            origins: vec![UNKNOWN; 256],
            slots: Vec::new(),
            plans: Vec::new(),
        }
    }

    /// Where a code stands, by the number of the code; `None` where the law itself must be asked.
    pub(crate) fn stand(
        &mut self,
        law: &'l Law,
        kinds: &mut Kinds<'l>,
        code: usize,
        goods: GoodsCode,
    ) -> Option<Stand> {
        if self.codes.len() <= code {
            self.codes.resize(code + 1, UNKNOWN);
        }
        if self.codes[code] == UNKNOWN {
            self.codes[code] = self.find(law, kinds, code, goods);
        }
        self.known(code)
    }

    /// The same, if it was found before.
    pub(crate) fn known(&self, code: usize) -> Option<Stand> {
        match *self.codes.get(code)? {
            UNKNOWN | NONE => None,
            number if number >= SEVERAL => Some(Stand::Several(usize::from(number - SEVERAL))),
            number => Some(Stand::One(usize::from(number - FIRST))),
        }
    }

    fn find(&mut self, law: &'l Law, kinds: &mut Kinds<'l>, code: usize, goods: GoodsCode) -> u16 {
        let q = Question { goods, ..self.q };
        let class = self.day.class(goods);
        if let (Some(class), Some((line, rates))) = (class, kinds.line(code, q.importer, q.on)) {
            return self.spot(class, Some(line), rates);
        }
        match (class, law.line(&q)) {
            (Some(class), Ok(line)) => {
                let rates = kinds.rates(line);
                let schedule = law.schedule(q.importer);
                if schedule.is_some_and(|s| s.is_always(line, goods)) {
                    kinds.keep(code, q.importer, line, rates);
                }
                self.spot(class, Some(line), rates)
            }
            (Some(class), Err(LawError::NoLine { .. })) => self.spot(class, None, NO_RATES),
            (class, Ok(_) | Err(LawError::Ambiguous { .. })) => {
                self.several(law, kinds, &q, class).unwrap_or(NONE)
            }
            _ => NONE,
        }
    }

    fn several(
        &mut self,
        law: &'l Law,
        kinds: &mut Kinds<'l>,
        q: &Question<'_>,
        class: Option<usize>,
    ) -> Option<u16> {
        let mut lines = Vec::new();
        for below in law.lines_below(&self.day.clone(), q).ok()? {
            let class = self.day.class(below.goods)?;
            let line = law.line(&below).ok()?;
            let spot = self.spot(class, Some(line), kinds.rates(line));
            lines.push((below.goods, usize::from(spot.checked_sub(FIRST)?)));
        }
        if lines.is_empty() || self.several.len() >= MOST {
            return None;
        }
        self.several.push(Several { lines, class });
        Some(SEVERAL + (self.several.len() - 1) as u16)
    }

    /// The spots of a short code; `None` where a measure of a slot may answer for them all without a line.
    pub(crate) fn lines(&self, law: &Law, several: usize, slot: usize) -> Option<&Several> {
        let of = &self.several[several];
        let in_lieu = of.class.is_some_and(|class| {
            let place = Place {
                class,
                group: self.slots[slot].group,
            };
            let mut candidates = self.day.cell(law, place).candidates.iter();
            candidates.any(|c| law.measures[c.measure].replaces_base)
        });
        (!in_lieu).then_some(of)
    }

    /// The number of a spot in the table of codes.
    fn spot(&mut self, class: usize, line: Option<&'l Line>, rates: Rates) -> u16 {
        if let Some(spot) = self.by_rates.get(&(class, rates.all)) {
            return *spot;
        }
        if self.all.len() >= MOST {
            return NONE;
        }
        let spot = self.all.len() as u16 + FIRST;
        let mut of_rate = |rate| {
            // At most two a spot.
            let next = self.by_rate.len() as u16;
            *self.by_rate.entry((class, rate)).or_insert(next)
        };
        self.all.push(Spot {
            class,
            line,
            rates,
            general: of_rate(rates.general),
            column2: of_rate(rates.column2),
        });
        self.by_rates.insert((class, rates.all), spot);
        spot
    }

    /// The slot of an origin; `None` where the files hold no law on it.
    pub(crate) fn slot(
        &mut self,
        law: &Law,
        kinds: &mut Kinds<'l>,
        origin: Country,
        on: Date,
    ) -> Option<usize> {
        let at = origin.index();
        if self.origins[at] == UNKNOWN {
            let q = Question { origin, ..self.q };
            let covered = law.covered(q.importer, origin, on, q.known);
            self.origins[at] = if covered.is_ok() {
                let (group, column2) = self.day.group(origin);
                let fees = kinds.fees(law.fees_in_force(&q));
                self.number_of(Slot {
                    group,
                    column2,
                    fees,
                })
            } else {
                NONE
            };
        }
        self.origins[at].checked_sub(FIRST).map(usize::from)
    }

    /// The number of a slot in the table of origins.
    fn number_of(&mut self, slot: Slot) -> u16 {
        let known = self.slots.iter().position(|s| *s == slot);
        let place = known.unwrap_or_else(|| {
            self.slots.push(slot);
            self.plans.push(Vec::new());
            self.slots.len() - 1
        });
        FIRST + place as u16
    }

    /// The slot of an origin, if it was found before.
    pub(crate) fn known_slot(&self, origin: Country) -> Option<usize> {
        let slot = self.origins[origin.index()];
        slot.checked_sub(FIRST).map(usize::from)
    }

    pub(crate) fn at(&self, spot: usize, slot: usize) -> (Spot<'l>, Slot) {
        (self.all[spot], self.slots[slot])
    }

    /// What can apply at a spot.
    pub(crate) fn cell(&self, law: &Law, spot: usize, slot: usize) -> &Cell {
        let (spot, slot) = self.at(spot, slot);
        let place = Place {
            class: spot.class,
            group: slot.group,
        };
        self.day.cell(law, place)
    }

    /// Forgets the plans and the numbers of cells.
    pub(crate) fn forget_plans(&mut self) {
        self.numbered.clear();
        self.plans.iter_mut().for_each(Vec::clear);
    }

    /// The number of what can apply at a spot; `number` gives it where it was not asked for before.
    pub(crate) fn numbered(
        &mut self,
        law: &Law,
        spot: usize,
        slot: usize,
        number: impl FnOnce(&Cell) -> Numbered,
    ) -> Numbered {
        let place = (self.all[spot].class, self.slots[slot].group);
        if let Some(numbered) = self.numbered.get(&place) {
            return *numbered;
        }
        let numbered = number(self.cell(law, spot, slot));
        self.numbered.insert(place, numbered);
        numbered
    }

    /// Its class with the one rate that entries of a slot hang on.
    fn rate(&self, spot: usize, slot: usize) -> usize {
        let spot = &self.all[spot];
        usize::from(if self.slots[slot].column2 {
            spot.column2
        } else {
            spot.general
        })
    }

    /// The plan of a spot as the batch numbers it, zero where it is not made.
    pub(crate) fn plan(&self, spot: usize, slot: usize) -> u32 {
        let plan = self.plans[slot].get(self.rate(spot, slot));
        plan.copied().unwrap_or(0)
    }

    /// Remembers the plan of a spot.
    pub(crate) fn set_plan(&mut self, spot: usize, slot: usize, plan: u32) {
        let rate = self.rate(spot, slot);
        let plans = &mut self.plans[slot];
        if plans.len() <= rate {
            plans.resize(rate + 1, 0);
        }
        plans[rate] = plan;
    }
}
