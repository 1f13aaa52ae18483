//! Plans by what they hang on, so that days on which the same law holds share them.

use std::collections::HashMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assess::Question;
use crate::cell::Cell;
use crate::code::NumberMap;
use crate::condition::Condition;
use crate::entry::Entry;
use crate::fault::{Differ, Fault};
use crate::law::Law;
use crate::plan::{Plan, Words};
use crate::schedule::Line;
use crate::spots::{Numbered, Several, Slot, Spot, Spots};
use crate::untraced::Untraced;
use crate::{Country, GoodsCode, LawError};

/// What entries at one place share.
#[derive(Clone, Debug)]
pub(crate) enum Planned {
    /// The duties are shares of the value.
    Shares(Plan),
    /// There is no answer; the goods of the line at fault, those of the entry where absent.
    Fault(Option<GoodsCode>, Fault),
    /// The entry itself decides.
    Each,
}

/// All that a plan hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    cell: u32,
    rates: u32,
    column2: bool,
    fees: u32,
    rounding: Option<usize>,
    filing: Option<Date>,
    /// Where claims may be supposed or are made, which name origins.
    origin: Option<Country>,
    statement: u16,
}

/// The plans that were made.
#[derive(Debug, Default)]
pub(crate) struct Store {
    cells: HashMap<Vec<usize>, u32>,
    by_key: NumberMap<Key, u32>,
    pub(crate) plans: Vec<Planned>,
    pub(crate) words: Words,
}

impl Store {
    /// How many plans there are.
    pub(crate) fn len(&self) -> usize {
        self.plans.len()
    }

    /// The number of a plan by which each entry itself decides.
    pub(crate) fn each(&mut self) -> u32 {
        self.push(Planned::Each)
    }

    fn push(&mut self, planned: Planned) -> u32 {
        self.plans.push(planned);
        (self.plans.len() - 1) as u32
    }

    /// The number of the plan of an entry at a spot, of which the numbered statement is made.
    pub(crate) fn of_spot(
        &mut self,
        law: &Law,
        (cell, numbered): (&Cell, Numbered),
        (spot, slot): (Spot<'_>, Slot),
        q: &Question<'static>,
        entry: &Entry,
        statement: u16,
    ) -> u32 {
        let by_origin = statement != 0 || numbered.claims;
        let key = Key {
            cell: numbered.cell,
            rates: match (by_origin, slot.column2) {
                (true, _) => spot.rates.all,
                (false, true) => spot.rates.column2,
                (false, false) => spot.rates.general,
            },
            column2: slot.column2,
            fees: slot.fees,
            rounding: law.rounding_number(q),
            filing: law.filing(q).map(|f| f.act.known),
            origin: by_origin.then_some(entry.origin),
            statement,
        };
        if let Some(number) = self.by_key.get(&key) {
            return *number;
        }
        let planned = match law.of_one(cell, spot.line, q, entry) {
            Ok(Some(answer)) => self.plan(law, q, entry, &answer),
            Ok(None) => Planned::Each,
            Err(error) => {
                Fault::of(error).map_or(Planned::Each, |fault| Planned::Fault(None, fault))
            }
        };
        let number = self.push(planned);
        self.by_key.insert(key, number);
        number
    }

    /// The number of the plan of an entry whose code reaches over several spots: as [`Law::assess`] answers
    /// for short codes.
    pub(crate) fn of_several(
        &mut self,
        law: &Law,
        day: &Spots<'_>,
        (several, slot): (&Several, usize),
        q: &Question<'static>,
        entry: &Entry,
    ) -> u32 {
        let planned = self.merged(law, day, (several, slot), q, entry);
        self.push(planned)
    }

    fn merged(
        &mut self,
        law: &Law,
        day: &Spots<'_>,
        (several, slot): (&Several, usize),
        q: &Question<'static>,
        entry: &Entry,
    ) -> Planned {
        let mut first: Option<(GoodsCode, Untraced)> = None;
        for (goods, spot) in &several.lines {
            let of_line = Question {
                goods: *goods,
                ..*q
            };
            let (cell, line) = (day.cell(law, *spot, slot), day.at(*spot, slot).0.line);
            let answer = match law.of_one(cell, line, &of_line, entry) {
                Ok(Some(answer)) => answer,
                Ok(None) => return Planned::Each,
                Err(error) => {
                    let fault = Fault::of(error);
                    return fault.map_or(Planned::Each, |f| Planned::Fault(Some(*goods), f));
                }
            };
            let Some((first_goods, first)) = &mut first else {
                first = Some((*goods, answer));
                continue;
            };
            if !first.agrees(&answer) {
                let lines = law.schedule(q.importer).map(|s| s.below(entry.goods, q.on));
                return Planned::Fault(
                    None,
                    Fault::Differ(Box::new(Differ {
                        first: (*first_goods, first.total),
                        other: (*goods, answer.total),
                        lines: lines.unwrap_or_default(),
                    })),
                );
            }
            for need in answer.needs {
                if !first.needs.contains(&need) {
                    first.needs.push(need);
                }
            }
        }
        match first {
            Some((_, answer)) => self.plan(law, q, entry, &answer),
            None => Planned::Each,
        }
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

    /// The number of a cell.
    pub(crate) fn numbered(&mut self, law: &Law, cell: &Cell) -> Numbered {
        let mut said = vec![cell.candidates.len(), cell.edges.len(), cell.order.len()];
        said.push(usize::from(cell.circle.is_some()));
        for candidate in &cell.candidates {
            let exemptions = &candidate.exemptions;
            said.extend([candidate.measure, candidate.provision, exemptions.len()]);
            said.extend(exemptions.iter().flat_map(|(e, period)| [*e, *period]));
        }
        let edges = cell.edges.iter();
        said.extend(edges.flat_map(|e| [e.who, e.to, usize::from(e.part)]));
        said.extend(&cell.order);
        for (members, highest) in &cell.families {
            said.extend([members.len(), usize::from(*highest)]);
            said.extend(members);
        }
        let next = self.cells.len() as u32;
        Numbered {
            cell: *self.cells.entry(said).or_insert(next),
            claims: law.supposes_claims(cell),
        }
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
                || exemptions.any(|(number, _)| self.exemptions[*number].when.iter().any(claims))
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
