//! Averages of applied rates over the trade of a year.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::applied::{AppliedRate, BaseFrom};
use crate::assumptions::Assumptions;
use crate::day_tariff::DayTariff;
use crate::law::Law;
pub use crate::trade::{Cell, Trade};
use crate::{Country, LawError};

/// A weighted sum on its way to an average.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Average {
    /// Value, USD.
    pub value: f64,
    /// Duty at the rates of the date, USD.
    pub duty: f64,
    /// Number of cells.
    pub cells: usize,
    /// Sum of the cells' rates.
    pub rates: f64,
}

impl Average {
    fn add(&mut self, value: f64, rate: f64) {
        self.value += value;
        self.duty += value * rate;
        self.cells += 1;
        self.rates += rate;
    }

    fn join(&mut self, other: &Self) {
        self.value += other.value;
        self.duty += other.duty;
        self.cells += other.cells;
        self.rates += other.rates;
    }

    /// Duty over value, a fraction; zero without value.
    pub fn weighted(&self) -> f64 {
        if self.value > 0.0 {
            self.duty / self.value
        } else {
            0.0
        }
    }

    /// The mean over cells, a fraction; zero without cells.
    pub fn simple(&self) -> f64 {
        if self.cells > 0 {
            self.rates / self.cells as f64
        } else {
            0.0
        }
    }
}

/// Where the base part of a cell's rate comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bases {
    /// The schedule's column; the base rate that the duty collected tells ([`Cell::base`]) where that needs a quantity or
    /// the code is not in the schedule.
    #[default]
    Schedule,
    /// The rate collected in the base year, everywhere: preferences and older duties are in it.
    Collected,
}

/// Applied rates of one day.
#[derive(Clone, Debug)]
pub struct Averages {
    /// Over all cells.
    pub all: Average,
    /// By origin.
    pub by_origin: BTreeMap<Country, Average>,
    /// By chapter.
    pub by_chapter: BTreeMap<u8, Average>,
    /// Duty by authority, USD; the base rate under `base`.
    pub duty_by_authority: BTreeMap<Arc<str>, f64>,
    /// The rate of each cell of the trade, in its order; the error where there is none.
    pub cells: Vec<Result<AppliedRate, Arc<LawError>>>,
    /// The value of cells whose base rate is the collected one for want of a quantity or line, USD.
    pub collected_base_value: f64,
    /// The value of cells without a rate, USD.
    pub without_rate_value: f64,
}

impl Averages {
    /// The averages of the cells of a trade by some name of each; the trade must be the one they were taken
    /// over. Cells without a rate are left out.
    pub fn grouped(
        &self,
        trade: &Trade,
        name: impl Fn(&Cell) -> String,
    ) -> BTreeMap<String, Average> {
        let mut groups: BTreeMap<String, Average> = BTreeMap::new();
        for (cell, rate) in trade.cells().iter().zip(&self.cells) {
            if let Ok(rate) = rate {
                let group = groups.entry(name(cell)).or_default();
                group.add(cell.value, rate.total());
            }
        }
        groups
    }
}

/// What a piece of the trade adds to the averages.
struct Sums {
    by_origin: Vec<Average>,
    by_chapter: Vec<Average>,
    duty_by_measure: Vec<f64>,
    base_duty: f64,
    cells: Vec<Result<AppliedRate, Arc<LawError>>>,
    collected_base_value: f64,
    without_rate_value: f64,
}

impl Sums {
    fn of(cells: &[Cell], tariff: &DayTariff<'_>, measures: usize, bases: Bases) -> Self {
        let mut out = Self {
            by_origin: vec![Average::default(); Country::all().count()],
            by_chapter: vec![Average::default(); 100],
            duty_by_measure: vec![0.0; measures],
            base_duty: 0.0,
            cells: Vec::with_capacity(cells.len()),
            collected_base_value: 0.0,
            without_rate_value: 0.0,
        };
        let mut parts = Vec::new();
        for of_line in cells.chunk_by(|a, b| a.goods == b.goods) {
            let line = tariff.on_line(of_line[0].goods);
            for cell in of_line {
                let rate = match line.rate(cell.origin, cell.base, &mut parts) {
                    Ok(rate) => Ok(out.add(cell, rate, &parts, bases)),
                    Err(error) => {
                        out.without_rate_value += cell.value;
                        Err(Arc::new(error))
                    }
                };
                out.cells.push(rate);
            }
        }
        out
    }

    fn add(
        &mut self,
        cell: &Cell,
        mut rate: AppliedRate,
        parts: &[(usize, f64)],
        bases: Bases,
    ) -> AppliedRate {
        match (bases, cell.collected()) {
            (Bases::Collected, Some(collected)) => rate.base = collected,
            _ if rate.base_from == BaseFrom::Given => self.collected_base_value += cell.value,
            _ => {}
        }
        for (measure, part) in parts {
            self.duty_by_measure[*measure] += part * cell.value;
        }
        self.base_duty += rate.base * cell.value;
        self.by_origin[cell.origin.index()].add(cell.value, rate.total());
        self.by_chapter[usize::from(cell.goods.chapter())].add(cell.value, rate.total());
        rate
    }

    fn join(&mut self, mut other: Self) {
        let averages = self.by_origin.iter_mut().chain(&mut self.by_chapter);
        for (own, more) in averages.zip(other.by_origin.iter().chain(&other.by_chapter)) {
            own.join(more);
        }
        for (own, more) in self.duty_by_measure.iter_mut().zip(other.duty_by_measure) {
            *own += more;
        }
        self.base_duty += other.base_duty;
        self.cells.append(&mut other.cells);
        self.collected_base_value += other.collected_base_value;
        self.without_rate_value += other.without_rate_value;
    }
}

impl Law {
    /// Whether the law of a day, as known on a day, is held on the origins of all these cells: of others nothing is known, also not
    /// that their rates stay as they are.
    ///
    /// # Errors
    /// It is not on one of them.
    pub fn covers<'c>(
        &self,
        importer: Country,
        cells: impl IntoIterator<Item = &'c Cell>,
        on: Date,
        known_on: Option<Date>,
    ) -> Result<(), LawError> {
        let mut cells = cells.into_iter();
        cells.try_for_each(|cell| self.covered(importer, cell.origin, on, known_on))
    }

    /// The same of one origin.
    ///
    /// # Errors
    /// It is not.
    pub fn covers_origin(
        &self,
        importer: Country,
        origin: Country,
        on: Date,
        known_on: Option<Date>,
    ) -> Result<(), LawError> {
        self.covered(importer, origin, on, known_on)
    }

    /// Applied rates on all cells of the trade on a day, as known on a day, weighted by the trade's values
    /// whatever the date.
    ///
    /// The work is shared among the threads of the rayon pool it is called in; the answer has the same
    /// bits on any number of them.
    ///
    /// # Errors
    /// The day is outside the law in the data. A cell without a rate is no error: it is counted.
    pub fn averages(
        &self,
        importer: Country,
        trade: &Trade,
        on: Date,
        known_on: Option<Date>,
        bases: Bases,
        assumptions: &Assumptions,
    ) -> Result<Averages, LawError> {
        let tariff = self.tariff(importer, on, known_on, assumptions)?;
        let sums_of = |cells| Sums::of(cells, &tariff, self.measures.len(), bases);
        let mut sums = sums_of(&[]);
        sums.cells.reserve(trade.cells().len());
        let pieces: Vec<Sums> = trade
            .pieces()
            .into_par_iter()
            .map(|piece| sums_of(&trade.cells()[piece]))
            .collect();
        for piece in pieces {
            sums.join(piece);
        }
        let mut duty_by_authority = BTreeMap::from([("base".into(), sums.base_duty)]);
        for (measure, duty) in self.measures.iter().zip(sums.duty_by_measure) {
            if duty != 0.0 {
                *duty_by_authority
                    .entry(measure.authority.clone())
                    .or_default() += duty;
            }
        }
        let mut all = Average::default();
        sums.by_chapter.iter().for_each(|chapter| all.join(chapter));
        let some = |average: &Average| average.cells > 0;
        Ok(Averages {
            all,
            by_origin: Country::all()
                .zip(sums.by_origin)
                .filter(|(_, a)| some(a))
                .collect(),
            by_chapter: (0..100)
                .zip(sums.by_chapter)
                .filter(|(_, a)| some(a))
                .collect(),
            duty_by_authority,
            cells: sums.cells,
            collected_base_value: sums.collected_base_value,
            without_rate_value: sums.without_rate_value,
        })
    }
}
