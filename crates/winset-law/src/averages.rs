//! Averages of applied rates over the trade of a year.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use winset_io::Table;

use crate::applied::{AppliedRate, Assumptions, BaseFrom, RateOf};
use crate::law::Law;
use crate::{Country, GoodsCode, LawError};

/// The trade of one line with one origin in the base year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The goods, ten digits.
    pub goods: GoodsCode,
    /// The origin; `EU` where the data name no member state.
    pub origin: Country,
    /// Customs value, USD.
    pub value: f64,
    /// Duty collected, USD.
    pub duty: f64,
}

impl Cell {
    /// Duty over value as collected in the base year, a fraction; `None` without value.
    pub fn collected(&self) -> Option<f64> {
        (self.value > 0.0).then(|| self.duty / self.value)
    }
}

/// The trade that averages are weighted by: always that of the base year, before the duties that are
/// asked about.
#[derive(Clone, Debug)]
pub struct Trade {
    cells: Vec<Cell>,
    counted_twice: f64,
}

impl Trade {
    /// Reads a table with the columns `code` (ten digits), `partner` (US Census code), `value` and `duty`
    /// (USD).
    ///
    /// Where partner 0003, the European Union, is in the table, rows of its member states repeat what is
    /// in it; they are left out and their value is told by [`Trade::counted_twice`].
    ///
    /// # Errors
    /// A missing column; a cell that does not read; a negative value.
    pub fn from_table(table: &Table, year_start: Date) -> Result<Self, LawError> {
        let (codes, partners) = (table.texts("code")?, table.texts("partner")?);
        let (values, duties) = (table.reals("value")?, table.reals("duty")?);
        let mut known: HashMap<&str, Country> = HashMap::new();
        let mut cells = Vec::with_capacity(table.rows());
        for row in 0..table.rows() {
            let here = |error: LawError| error.in_row(table.name(), row);
            let partner = partners[row].as_str();
            let origin = if let Some(country) = known.get(partner) {
                *country
            } else {
                let country = Country::from_census(partner).map_err(here)?;
                known.insert(partner, country);
                country
            };
            for (what, x) in [("the value", values[row]), ("the duty", duties[row])] {
                if x < 0.0 {
                    let found = x.to_string();
                    let error = LawError::Range {
                        what: what.to_owned(),
                        found,
                        range: "zero or more",
                    };
                    return Err(here(error));
                }
            }
            let goods = codes[row].parse().map_err(here)?;
            cells.push(Cell {
                goods,
                origin,
                value: values[row],
                duty: duties[row],
            });
        }
        let union = cells.iter().any(|c| c.origin.iso2() == "EU");
        let repeats =
            |c: &Cell| union && c.origin.iso2() != "EU" && c.origin.is_member("EU", year_start);
        let counted_twice = cells.iter().filter(|c| repeats(c)).map(|c| c.value).sum();
        cells.retain(|c| !repeats(c));
        Ok(Self {
            cells,
            counted_twice,
        })
    }

    /// The cells, in the order of the table.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The trade of the cells that are kept.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&Cell) -> bool) -> Self {
        let cells = self.cells.iter().filter(|c| keep(c)).copied().collect();
        Self {
            cells,
            counted_twice: 0.0,
        }
    }

    /// The value of the rows left out because another row contains them, USD.
    pub fn counted_twice(&self) -> f64 {
        self.counted_twice
    }
}

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
    /// The schedule's column; the rate collected in the base year where that needs a quantity or the
    /// code is not in the schedule.
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

impl Law {
    /// Applied rates on all cells of the trade on a day, as known on a day, weighted by the trade's values
    /// whatever the date.
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
        let mut out = Averages {
            all: Average::default(),
            by_origin: BTreeMap::new(),
            by_chapter: BTreeMap::new(),
            duty_by_authority: BTreeMap::new(),
            cells: Vec::with_capacity(trade.cells.len()),
            collected_base_value: 0.0,
            without_rate_value: 0.0,
        };
        let mut by_measure = vec![0.0; self.measures.len()];
        let mut base_duty = 0.0;
        for cell in &trade.cells {
            let of = RateOf {
                importer,
                goods: cell.goods,
                origin: cell.origin,
                on,
                known_on,
                base_if_unknown: cell.collected(),
            };
            let rate = self.rate_by(&of, assumptions, &mut |measure, part| {
                by_measure[measure] += part * cell.value;
            });
            let mut rate = match rate {
                Ok(rate) => rate,
                Err(error @ LawError::NotInData { .. }) => return Err(error),
                Err(error) => {
                    out.without_rate_value += cell.value;
                    out.cells.push(Err(Arc::new(error)));
                    continue;
                }
            };
            match (bases, cell.collected()) {
                (Bases::Collected, Some(collected)) => rate.base = collected,
                _ if rate.base_from == BaseFrom::Given => out.collected_base_value += cell.value,
                _ => {}
            }
            base_duty += rate.base * cell.value;
            out.all.add(cell.value, rate.total());
            out.by_origin
                .entry(cell.origin)
                .or_default()
                .add(cell.value, rate.total());
            out.by_chapter
                .entry(cell.goods.chapter())
                .or_default()
                .add(cell.value, rate.total());
            out.cells.push(Ok(rate));
        }
        out.duty_by_authority.insert("base".into(), base_duty);
        for (measure, duty) in self.measures.iter().zip(by_measure) {
            if duty != 0.0 {
                *out.duty_by_authority
                    .entry(measure.authority.clone())
                    .or_default() += duty;
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_union_holds_its_members() {
        let text = "code,partner,value,duty\n0101210010,0003,100,1\n0101210010,4359,40,0\n\
            0101210010,5880,50,5\n";
        let table = Table::from_csv("trade", text.as_bytes()).unwrap();
        let trade = Trade::from_table(&table, date(2024, 1, 1)).unwrap();
        assert_eq!(trade.cells().len(), 2);
        assert!((trade.counted_twice() - 40.0).abs() < 1e-9);
        assert_eq!(trade.cells()[1].collected(), Some(0.1));
    }
}
