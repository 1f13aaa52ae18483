//! Plans by what they hang on, so that days on which the same law holds share them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assess::Question;
use crate::assessment::Need;
use crate::cell::Cell;
use crate::code::NumberMap;
use crate::condition::Condition;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::law::Law;
use crate::mixed::Mixed;
use crate::plan::{Plan, Words};
use crate::quota::Position;
use crate::schedule::Line;
use crate::spots::{Slot, Spot, Spots};
use crate::statement::Stated;
use crate::untraced::Untraced;
use crate::{Country, LawError};

/// What entries at one place share: one line of the cache each.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) enum Planned {
    /// The duties are shares of the value.
    Shares(Plan),
    /// The base duty takes a quantity in the unit, the others are shares.
    Mixed(Arc<str>, Box<Mixed>),
    /// There is no answer; of a short code, the place of the line at fault.
    Fault(Option<usize>, Fault),
    /// The entry itself decides.
    Each,
}

/// All that a plan hangs on beside rates, origin and what is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Setting {
    cell: u32,
    column2: bool,
    fees: u32,
    rounding: Option<usize>,
    filing: Option<Date>,
}

/// What the plan of entries that claim and state nothing hangs on: the setting and the rates, and where supposed claims bear on
/// it the origin and the span of days, since preferences have seasons and parties of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Plainly(u64, u32);

impl Plainly {
    /// At a setting: the number of the rate that counts there, and where claims may be supposed that of all rates of the
    /// line.
    pub(crate) fn of(
        (setting, rate): (u32, u32),
        all_rates: impl FnOnce() -> u32,
        origin: Country,
        span: u32,
    ) -> Self {
        let (rate, origin, span) = if setting & CLAIMS != 0 {
            (all_rates(), 1 + origin.index() as u64, span)
        } else {
            (rate, 0, 0)
        };
        // A schedule has some ten thousand different lines, the world 250 countries.
        let word = u64::from(setting) << 33 | u64::from(rate & 0x00ff_ffff) << 9 | origin;
        Self(word, span)
    }
}

/// What the plan of entries that claim or state something hangs on: setting, rates, origin, statement and span of days; origin
/// and span are zero where they do not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Particular(u32, u32, u32, u32, u32);

impl Particular {
    /// At a setting with the number of the rate that counts for those that claim nothing, and that of all rates of the line;
    /// with what is stated, and whether a programme is claimed.
    pub(crate) fn of(
        (setting, rate): (u32, u32),
        all_rates: u32,
        origin: Country,
        (stated, claims): (Stated, bool),
        span: u32,
    ) -> Self {
        // Claims, made or supposed, open special rates for some origins.
        let (rates, origin, span) = if setting & CLAIMS != 0 || claims {
            (all_rates, 1 + origin.index() as u32, span)
        } else {
            (rate, 0, 0)
        };
        Self(setting, rates, origin, u32::from(stated.0), span)
    }
}

/// This bit of the number of a setting says that an answer may hang on what is supposed to be claimed.
const CLAIMS: u32 = 1 << 30;

/// The number of the plan by which each entry itself decides.
pub(crate) const EACH: u32 = 0;

/// How many plans there are of entries that claim or state something.
const MOST_PARTICULAR: usize = 1 << 17;

/// The plans that were made.
#[derive(Debug, Default)]
pub(crate) struct Store {
    cells: HashMap<Vec<usize>, u32>,
    settings: HashMap<Setting, u32>,
    plain: NumberMap<Plainly, u32>,
    particular: NumberMap<Particular, u32>,
    /// Of short codes, by the plans of their lines.
    merged: HashMap<Box<[u32]>, u32>,
    pub(crate) plans: Vec<Planned>,
    pub(crate) words: Words,
    /// How many plans there may be of entries that claim or state something.
    pub(crate) most_particular: usize,
}

impl Store {
    /// No plan but [`EACH`].
    pub(crate) fn new() -> Self {
        Self {
            plans: vec![Planned::Each],
            most_particular: MOST_PARTICULAR,
            ..Self::default()
        }
    }

    /// The number of this store, of no other: numbers of plans of another mean nothing here.
    pub(crate) fn number(&self) -> u64 {
        self.words.store
    }

    /// How many plans there are.
    pub(crate) fn len(&self) -> usize {
        self.plans.len()
    }

    fn push(&mut self, planned: Planned) -> u32 {
        self.plans.push(planned);
        (self.plans.len() - 1) as u32
    }

    /// The number of a setting: the same for those of different days that hold the same.
    pub(crate) fn setting(
        &mut self,
        law: &Law,
        cell: &Cell,
        slot: Slot,
        q: &Question<'static>,
    ) -> u32 {
        let setting = Setting {
            cell: self.cell(cell),
            column2: slot.column2,
            fees: slot.fees,
            rounding: law.rounding_number(q),
            filing: law.filing(q).map(|f| f.act.known),
        };
        let claims = if law.supposes_claims(cell) { CLAIMS } else { 0 };
        let next = self.settings.len() as u32;
        *self.settings.entry(setting).or_insert(next) | claims
    }

    /// The number of the plan of entries that claim and state nothing, if it was made before.
    pub(crate) fn plain(&self, plainly: Plainly) -> Option<u32> {
        self.plain.get(&plainly).copied()
    }

    /// The number of the plan of entries that claim or state something, if it was made before.
    pub(crate) fn particular(&self, particular: &Particular) -> Option<u32> {
        self.particular.get(particular).copied()
    }

    /// The number of the plan of an entry at a spot, of which the numbered statement is made.
    pub(crate) fn of_spot(
        &mut self,
        law: &Law,
        (setting, rate): (u32, u32),
        (spot, cell, span): (Spot<'_>, &Cell, u32),
        q: &Question<'static>,
        entry: &Entry,
        stated: Stated,
    ) -> u32 {
        let all_rates = spot.rates.all;
        let plainly = Plainly::of((setting, rate), || all_rates, entry.origin, span);
        let said = (stated, !entry.claims.is_empty());
        let particular = Particular::of((setting, rate), all_rates, entry.origin, said, span);
        let is_plain = stated == Stated::NOTHING;
        let known = if is_plain {
            self.plain(plainly)
        } else {
            self.particular(&particular)
        };
        if let Some(number) = known {
            return number;
        }
        // Rows that state many different things share few plans; they must not crowd out the others.
        if !is_plain && self.particular.len() >= self.most_particular {
            return EACH;
        }
        let planned = match law.of_one(cell, spot.line, q, entry) {
            Ok(Some(answer)) => self.plan(law, q, entry, &answer),
            Ok(None) => Planned::Each,
            Err(LawError::NeedsQuantity { unit, .. }) => {
                let mixed = if setting & CLAIMS == 0 {
                    self.mixed(law, (spot, cell), q, entry, &unit)
                } else {
                    None
                };
                mixed.unwrap_or(Planned::Fault(None, Fault::Quantity(unit)))
            }
            Err(error) => {
                Fault::of(error).map_or(Planned::Each, |fault| Planned::Fault(None, fault))
            }
        };
        let number = self.push(planned);
        if is_plain {
            self.plain.insert(plainly, number);
        } else {
            self.particular.insert(particular, number);
        }
        number
    }

    /// The plan of duties of which only the base takes a quantity.
    fn mixed(
        &mut self,
        law: &Law,
        (spot, cell): (Spot<'_>, &Cell),
        q: &Question<'static>,
        entry: &Entry,
        unit: &Arc<str>,
    ) -> Option<Planned> {
        let line = spot.line?;
        let free = law.without_base(cell, line)?;
        let answer = law.of_one(cell, Some(&free), q, entry).ok()??;
        let Planned::Shares(plan) = self.plan(law, q, entry, &answer) else {
            return None;
        };
        let rate = Law::rate_of(line, q, entry);
        let mixed = Mixed::new(plan, rate, law.rounding(q));
        Some(Planned::Mixed(unit.clone(), Box::new(mixed)))
    }

    /// The number of the plan of an entry whose code reaches over several spots, of which the plans are
    /// given: as [`Law::assess`] answers for short codes.
    pub(crate) fn of_several(
        &mut self,
        law: &Law,
        day: &Spots<'_>,
        (several, slot): (usize, usize),
        plans: &[u32],
        q: &Question<'static>,
        entry: &Entry,
    ) -> u32 {
        // That number says nothing of the line.
        if plans.contains(&EACH) {
            return EACH;
        }
        if let Some(number) = self.merged.get(plans) {
            return *number;
        }
        let planned = self.merge(law, day, (several, slot), q, entry);
        let number = self.push(planned);
        self.merged.insert(plans.into(), number);
        number
    }

    fn merge(
        &mut self,
        law: &Law,
        day: &Spots<'_>,
        (several, slot): (usize, usize),
        q: &Question<'static>,
        entry: &Entry,
    ) -> Planned {
        let mut first: Option<Untraced> = None;
        for (place, (goods, spot)) in day.of_several(several).lines.iter().enumerate() {
            let of_line = Question {
                goods: *goods,
                ..*q
            };
            let (cell, line) = (day.cell(law, *spot, slot), day.at(*spot).line);
            let answer = match law.of_one(cell, line, &of_line, entry) {
                Ok(Some(answer)) => answer,
                Ok(None) => return Planned::Each,
                Err(error) => {
                    let fault = Fault::of(error);
                    return fault.map_or(Planned::Each, |f| Planned::Fault(Some(place), f));
                }
            };
            let Some(first) = &mut first else {
                first = Some(answer);
                continue;
            };
            if !first.agrees(&answer) {
                let line = |of: &Untraced| (of.total, of.headings().join(";"));
                let lines = Box::new([line(first), line(&answer)]);
                return Planned::Fault(None, Fault::Differ(place, lines));
            }
            Need::merge(&mut first.needs, answer.needs);
        }
        first.map_or(Planned::Each, |answer| self.plan(law, q, entry, &answer))
    }

    fn plan(
        &mut self,
        law: &Law,
        q: &Question<'static>,
        entry: &Entry,
        answer: &Untraced,
    ) -> Planned {
        let (rounding, clamps) = (law.rounding(q), law.clamps(q, entry));
        Plan::new(answer, rounding, &clamps, &mut self.words).map_or(Planned::Each, Planned::Shares)
    }

    fn cell(&mut self, cell: &Cell) -> u32 {
        let mut said = vec![cell.candidates.len(), cell.edges.len(), cell.order.len()];
        said.push(usize::from(cell.circle.is_some()));
        for candidate in &cell.candidates {
            let exemptions = &candidate.exemptions;
            said.extend([candidate.measure, candidate.provision, exemptions.len()]);
            let frees = exemptions.iter();
            said.extend(frees.flat_map(|f| [f.exemption, f.period, usize::from(f.asks)]));
            said.push(candidate.quotas.len());
            said.extend(candidate.quotas.iter().flat_map(Position::numbers));
        }
        let edges = cell.edges.iter();
        said.extend(edges.flat_map(|e| [e.who, e.to, usize::from(e.part)]));
        said.extend(&cell.order);
        for (members, highest) in &cell.families {
            said.extend([members.len(), usize::from(*highest)]);
            said.extend(members);
        }
        let next = self.cells.len() as u32;
        *self.cells.entry(said).or_insert(next)
    }
}

impl Law {
    fn rounding_number(&self, q: &Question<'_>) -> Option<usize> {
        let rule = self.rounding(q)?;
        self.roundings.iter().position(|r| std::ptr::eq(r, rule))
    }

    /// Whether an answer at a cell may hang on what is supposed to be claimed.
    fn supposes_claims(&self, cell: &Cell) -> bool {
        let claims = |c: &Condition| matches!(c, Condition::Claims(_, true));
        cell.candidates.iter().any(|candidate| {
            let mut exemptions = candidate.exemptions.iter();
            self.measures[candidate.measure].when.iter().any(claims)
                || exemptions.any(|f| self.exemptions[f.exemption].when.iter().any(claims))
        })
    }

    /// What an entry of this statement owes on a value of one, without a quantity; `None` where a duty is
    /// no share of the value.
    fn of_one(
        &self,
        cell: &Cell,
        line: Option<&Line>,
        q: &Question<'static>,
        entry: &Entry,
    ) -> Result<Option<Untraced>, LawError> {
        let mut one = entry.clone();
        one.value.amount = Decimal::ONE;
        one.quantity = None;
        let answer = self.untraced(cell, line, q, &one)?;
        let shares = self.shares_only(cell, line, q, &one);
        Ok(shares.then_some(answer))
    }
}
