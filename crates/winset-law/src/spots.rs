//! Where codes and origins stand in the law of a day, found once for each.

use std::cell::OnceCell;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assess::Question;
use crate::cell::Cell;
use crate::code::NumberMap;
use crate::day::{Day, Place};
use crate::entry::Entry;
use crate::law::Law;
use crate::lines::{Lines, NO_RATES, Rates};
use crate::schedule::Line;
use crate::store::Plainly;
use crate::{Country, GoodsCode, LawError};

/// A class of goods and the rates of a line: no other property of the goods bears on a duty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'l> {
    /// A line with these rates; none where the schedule has none for the goods.
    pub(crate) line: Option<&'l Line>,
    pub(crate) rates: Rates,
}

/// What of a spot each entry asks for.
#[derive(Clone, Copy, Debug)]
struct Core {
    class: u16,
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
    below: OnceCell<String>,
}

impl Several {
    /// The lines below the code of an entry, for a message.
    pub(crate) fn below(&self, law: &Law, entry: &Entry) -> String {
        let below = self.below.get_or_init(|| {
            let schedule = law.schedule(entry.importer);
            schedule.map_or_else(String::new, |s| s.below(entry.goods, entry.on))
        });
        below.clone()
    }
}

/// A group of origins and the fees that may fall on its goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    group: usize,
    pub(crate) column2: bool,
    pub(crate) fees: u32,
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
/// So many codes are looked for one by one; then all codes of the schedule in order, which is quicker.
const ONE_BY_ONE: usize = 2_000;

/// The law of a day, and what of it was asked for.
#[derive(Debug)]
pub(crate) struct Spots<'l> {
    pub(crate) day: Arc<Day>,
    /// The number of the span of days on which this law holds, of no other span of the batch.
    pub(crate) span: u32,
    /// A question of this day; goods and origin are not its own.
    q: Question<'static>,
    /// Where each code stands, by the number of the code.
    codes: Vec<u16>,
    searched: usize,
    several: Vec<Several>,
    all: Vec<Spot<'l>>,
    cores: Vec<Core>,
    by_rates: NumberMap<(usize, u32), u16>,
    /// The slot of each origin, by the index of the country.
    origins: Vec<u16>,
    slots: Vec<Slot>,
    /// For each slot the setting of each class, as the store numbers them, from 1; zero where it is not asked for.
    settings: Vec<Vec<u32>>,
    /// The plans of short codes for entries that claim and state nothing, by the number of the code and the origin.
    plans_of_several: NumberMap<(u32, u32), u32>,
}

impl<'l> Spots<'l> {
    /// Of a day's law, asked for on a day and as known on another.
    pub(crate) fn new(
        day: Arc<Day>,
        span: u32,
        importer: Country,
        on: Date,
        known: Option<Date>,
    ) -> Self {
        Self {
            day,
            span,
            q: Question {
                importer,
                goods: GoodsCode::ten_digits(0),
                origin: importer,
                on,
                known,
                value: Decimal::ONE,
                rounding: None,
                currency: None,
                exchange: None,
            },
            codes: Vec::new(),
            searched: 0,
            several: Vec::new(),
            all: Vec::new(),
            cores: Vec::new(),
            by_rates: NumberMap::default(),
            origins: vec![UNKNOWN; 256],
            slots: Vec::new(),
            settings: Vec::new(),
            plans_of_several: NumberMap::default(),
        }
    }

    /// Where a code stands, by the number of the code; `None` where the law itself must be asked.
    pub(crate) fn stand(
        &mut self,
        law: &'l Law,
        lines: &mut Lines<'l>,
        code: usize,
        goods: GoodsCode,
    ) -> Option<Stand> {
        if self.place(code) == UNKNOWN {
            self.searched += 1;
            self.search(law, lines, code, goods);
            if self.searched == ONE_BY_ONE {
                let sorted = std::mem::take(&mut lines.sorted);
                for (goods, code) in &sorted {
                    self.search(law, lines, *code, *goods);
                }
                lines.sorted = sorted;
            }
        }
        self.known(code)
    }

    fn place(&self, code: usize) -> u16 {
        self.codes.get(code).copied().unwrap_or(UNKNOWN)
    }

    fn search(&mut self, law: &'l Law, lines: &mut Lines<'l>, code: usize, goods: GoodsCode) {
        if self.place(code) == UNKNOWN {
            if self.codes.len() <= code {
                self.codes.resize(code + 1, UNKNOWN);
            }
            self.codes[code] = self.find(law, lines, code, goods);
        }
    }

    /// Where a code stands, if it was found before.
    pub(crate) fn known(&self, code: usize) -> Option<Stand> {
        match self.place(code) {
            UNKNOWN | NONE => None,
            number if number >= SEVERAL => Some(Stand::Several(usize::from(number - SEVERAL))),
            number => Some(Stand::One(usize::from(number - FIRST))),
        }
    }

    fn find(&mut self, law: &'l Law, lines: &mut Lines<'l>, code: usize, goods: GoodsCode) -> u16 {
        let q = Question { goods, ..self.q };
        let class = self.day.class(goods);
        if let (Some(class), Some((line, rates))) = (class, lines.own(code, q.importer, q.on)) {
            return self.spot(class, Some(line), rates);
        }
        match (class, law.line(&q)) {
            (Some(class), Ok(line)) => {
                let rates = lines.rates(line);
                let schedule = law.schedule(q.importer);
                if schedule.is_some_and(|s| s.is_always(line, goods)) {
                    lines.keep(code, q.importer, line, rates);
                }
                self.spot(class, Some(line), rates)
            }
            (Some(class), Err(LawError::NoLine { .. })) => self.spot(class, None, NO_RATES),
            (class, Ok(_) | Err(LawError::Ambiguous { .. })) => {
                self.several(law, lines, &q, class).unwrap_or(NONE)
            }
            _ => NONE,
        }
    }

    fn several(
        &mut self,
        law: &'l Law,
        lines: &mut Lines<'l>,
        q: &Question<'_>,
        class: Option<usize>,
    ) -> Option<u16> {
        let mut below = Vec::new();
        for q in law.lines_below(&self.day, q).ok()? {
            let (class, line) = (self.day.class(q.goods)?, law.line(&q).ok()?);
            let spot = self.spot(class, Some(line), lines.rates(line));
            below.push((q.goods, usize::from(spot.checked_sub(FIRST)?)));
        }
        if below.is_empty() || self.several.len() >= MOST {
            return None;
        }
        self.several.push(Several {
            lines: below,
            class,
            below: OnceCell::new(),
        });
        Some(SEVERAL + (self.several.len() - 1) as u16)
    }

    /// The number of a spot in the table of codes.
    fn spot(&mut self, class: usize, line: Option<&'l Line>, rates: Rates) -> u16 {
        if let Some(spot) = self.by_rates.get(&(class, rates.all)) {
            return *spot;
        }
        let core = || {
            Some(Core {
                class: u16::try_from(class).ok()?,
                general: u16::try_from(rates.general).ok()?,
                column2: u16::try_from(rates.column2).ok()?,
            })
        };
        // The number of no rates is that of no line.
        let whole = |core: &Core| line.is_none() || core.general.max(core.column2) < u16::MAX;
        let Some(core) = core().filter(whole).filter(|_| self.all.len() < MOST) else {
            return NONE;
        };
        let spot = self.all.len() as u16 + FIRST;
        self.all.push(Spot { line, rates });
        self.cores.push(core);
        self.by_rates.insert((class, rates.all), spot);
        spot
    }

    /// A short code.
    pub(crate) fn of_several(&self, several: usize) -> &Several {
        &self.several[several]
    }

    /// Whether a measure of a slot may answer for all lines of a short code at once.
    pub(crate) fn is_in_lieu(&self, law: &Law, several: usize, slot: usize) -> bool {
        self.several[several].class.is_some_and(|class| {
            let group = self.slots[slot].group;
            let cell = self.day.cell(law, Place { class, group });
            let mut candidates = cell.candidates.iter();
            candidates.any(|c| law.measures[c.measure].replaces_base)
        })
    }

    /// The slot of an origin; `None` where the files hold no law on it.
    pub(crate) fn slot(
        &mut self,
        law: &Law,
        lines: &mut Lines<'_>,
        origin: Country,
    ) -> Option<usize> {
        let at = origin.index();
        if self.origins[at] == UNKNOWN {
            let q = Question { origin, ..self.q };
            let covered = law.covered(q.importer, origin, q.on, q.known);
            self.origins[at] = if covered.is_ok() {
                let (group, column2) = self.day.group(origin);
                let fees = lines.fees(law.fees_in_force(&q));
                self.number_of(Slot {
                    group,
                    column2,
                    fees,
                })
            } else {
                NONE
            };
        }
        self.known_slot(origin)
    }

    /// The slot of an origin, if it was found before.
    pub(crate) fn known_slot(&self, origin: Country) -> Option<usize> {
        let slot = self.origins[origin.index()];
        slot.checked_sub(FIRST).map(usize::from)
    }

    /// The number of a slot in the table of origins.
    fn number_of(&mut self, slot: Slot) -> u16 {
        let known = self.slots.iter().position(|s| *s == slot);
        let place = known.unwrap_or_else(|| {
            self.slots.push(slot);
            self.settings.push(vec![0; self.day.classes()]);
            self.slots.len() - 1
        });
        FIRST + place as u16
    }

    /// A spot.
    pub(crate) fn at(&self, spot: usize) -> Spot<'l> {
        self.all[spot]
    }

    /// What can apply at a spot.
    pub(crate) fn cell(&self, law: &Law, spot: usize, slot: usize) -> &Cell {
        let place = Place {
            class: usize::from(self.cores[spot].class),
            group: self.slots[slot].group,
        };
        self.day.cell(law, place)
    }

    /// The setting at a spot, if it was asked for before, and the number of the rate that counts there for
    /// entries that claim nothing.
    pub(crate) fn known_setting(&self, spot: usize, slot: usize) -> Option<(u32, u32)> {
        let core = &self.cores[spot];
        let setting = self.settings[slot][usize::from(core.class)].checked_sub(1)?;
        let rate = if self.slots[slot].column2 {
            core.column2
        } else {
            core.general
        };
        Some((setting, rate.into()))
    }

    /// The same; `number` gives the setting where it was not asked for before.
    pub(crate) fn setting(
        &mut self,
        spot: usize,
        slot: usize,
        number: impl FnOnce(&Self, Slot) -> u32,
    ) -> (u32, u32) {
        if let Some(known) = self.known_setting(spot, slot) {
            return known;
        }
        let setting = number(self, self.slots[slot]);
        let class = usize::from(self.cores[spot].class);
        self.settings[slot][class] = setting + 1;
        self.known_setting(spot, slot)
            .unwrap_or((setting, u32::MAX))
    }

    /// What the plan of entries that claim and state nothing hangs on, if the setting was asked for before.
    pub(crate) fn plainly(&self, spot: usize, slot: usize, origin: Country) -> Option<Plainly> {
        let setting = self.known_setting(spot, slot)?;
        let all_rates = || self.all[spot].rates.all;
        Some(Plainly::of(setting, all_rates, origin, self.span))
    }

    /// The number of the plan of a short code, if it was remembered.
    pub(crate) fn plan_of_several(&self, several: usize, origin: Country) -> Option<u32> {
        let key = (several as u32, origin.index() as u32);
        self.plans_of_several.get(&key).copied()
    }

    /// Remembers the plan of a short code.
    pub(crate) fn remember(&mut self, several: usize, origin: Country, plan: u32) {
        let key = (several as u32, origin.index() as u32);
        self.plans_of_several.insert(key, plan);
    }

    /// Forgets what the store numbered.
    pub(crate) fn forget_settings(&mut self) {
        self.settings.iter_mut().for_each(|of| of.fill(0));
        self.plans_of_several.clear();
    }
}
