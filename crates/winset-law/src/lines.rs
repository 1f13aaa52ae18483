//! Numbers for what lines and fees say, which the days of a batch share.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::schedule::Line;
use crate::{Country, GoodsCode};

/// The numbers of what a line says: all of it, column 1 general, column 2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    pub(crate) all: u32,
    pub(crate) general: u32,
    pub(crate) column2: u32,
}

/// In place of the rates of a line that is not there.
pub(crate) const NO_RATES: Rates = Rates {
    all: u32::MAX,
    general: u16::MAX as u32,
    column2: u16::MAX as u32,
};

/// Lines and fees by number.
#[derive(Debug, Default)]
pub(crate) struct Lines<'l> {
    rates: HashMap<String, u32>,
    /// By the address of the line.
    of_line: HashMap<usize, Rates>,
    /// For each code, by its number, a line that is its own whenever it holds.
    own: Vec<Option<(Country, &'l Line, Rates)>>,
    fees: Vec<Vec<(usize, usize)>>,
    /// The codes of a schedule with their numbers, in order.
    pub(crate) sorted: Vec<(GoodsCode, usize)>,
}

impl<'l> Lines<'l> {
    /// The line of a code that was found on another day, if it holds on this one.
    pub(crate) fn own(
        &self,
        code: usize,
        importer: Country,
        on: Date,
    ) -> Option<(&'l Line, Rates)> {
        let (whose, line, rates) = (*self.own.get(code)?)?;
        let in_season = line.season.is_none_or(|season| season.contains(on));
        let holds = whose == importer && line.from <= on && on < line.to && in_season;
        holds.then_some((line, rates))
    }

    /// Remembers a line that is that of a code whenever it holds.
    pub(crate) fn keep(&mut self, code: usize, importer: Country, line: &'l Line, rates: Rates) {
        if self.own.len() <= code {
            self.own.resize(code + 1, None);
        }
        self.own[code] = Some((importer, line, rates));
    }

    /// The numbers of the rates of a line: the same for lines that say the same.
    pub(crate) fn rates(&mut self, line: &Line) -> Rates {
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

    /// The number of a set of fees in force.
    pub(crate) fn fees(&mut self, fees: Vec<(usize, usize)>) -> u32 {
        let place = self.fees.iter().position(|known| *known == fees);
        place.unwrap_or_else(|| {
            self.fees.push(fees);
            self.fees.len() - 1
        }) as u32
    }
}
