//! Trade by line and origin, that averages are weighted by.

use std::collections::HashMap;
use std::ops::Range;

use jiff::civil::Date;
use winset_io::Table;

use crate::{Country, GoodsCode, LawError};

/// How many cells one piece of work has at least.
const PIECE: usize = 2048;

/// The trade of one line with one origin in the base year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The goods, six to ten digits.
    pub goods: GoodsCode,
    /// The origin; `EU` where the data name no member state.
    pub origin: Country,
    /// Customs value, USD.
    pub value: f64,
    /// Duty collected, USD, where the data tell it.
    pub duty: Option<f64>,
    /// The base rate that the duty collected tells, a fraction, for lines of which the schedule's cannot be computed without a
    /// quantity: see [`Law::read_collected`](crate::Law::read_collected).
    pub base: Option<f64>,
}

impl Cell {
    /// Duty over value as collected in the base year, a fraction; `None` without value or where it is not told.
    pub fn collected(&self) -> Option<f64> {
        self.duty
            .filter(|_| self.value > 0.0)
            .map(|duty| duty / self.value)
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
            let mut cell = Cell {
                goods,
                origin,
                value: values[row],
                duty: Some(duties[row]),
                base: None,
            };
            cell.base = cell.collected();
            cells.push(cell);
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

    /// No trade: lines with an origin, which weigh nothing.
    pub fn unweighed(lines: impl Iterator<Item = GoodsCode>, origin: Country) -> Self {
        let cell = |goods| Cell {
            goods,
            origin,
            value: 0.0,
            duty: None,
            base: None,
        };
        Self {
            cells: lines.map(cell).collect(),
            counted_twice: 0.0,
        }
    }

    /// Reads a table that somebody brings, with the columns `goods` (six to ten digits), `origin` (ISO 3166; `EU`
    /// for all its member states) and `value` (USD). What was collected it does not tell.
    ///
    /// # Errors
    /// A missing column; a cell that does not read, a code too short for a line, a negative value; a line and
    /// origin that stands there twice.
    pub fn plain(table: &Table) -> Result<Self, LawError> {
        let (codes, origins) = (table.texts("goods")?, table.texts("origin")?);
        let values = table.reals("value")?;
        let mut seen: HashMap<(GoodsCode, Country), usize> = HashMap::new();
        let mut cells = Vec::with_capacity(table.rows());
        for row in 0..table.rows() {
            let here = |error: LawError| error.in_row(table.name(), row);
            let out_of = |what: &str, found: String, range| LawError::Range {
                what: what.to_owned(),
                found,
                range,
            };
            let goods: GoodsCode = codes[row].parse().map_err(here)?;
            let origin: Country = origins[row].parse().map_err(here)?;
            if goods.digits() < 6 {
                let found = goods.to_string();
                return Err(here(out_of(
                    "the goods code",
                    found,
                    "six to ten digits long",
                )));
            }
            let value = values[row];
            if !(0.0..f64::INFINITY).contains(&value) {
                let found = value.to_string();
                return Err(here(out_of("the value", found, "zero or more")));
            }
            if seen.insert((goods, origin), row).is_some() {
                let found = format!("in two rows for {goods} of {origin}");
                return Err(here(out_of(
                    "the trade",
                    found,
                    "in one row for each line and origin",
                )));
            }
            cells.push(Cell {
                goods,
                origin,
                value,
                duty: None,
                base: None,
            });
        }
        cells.sort_by_key(|cell| (cell.goods, cell.origin));
        Ok(Self {
            cells,
            counted_twice: 0.0,
        })
    }

    /// The cells, for who works out their base rates.
    pub(crate) fn cells_mut(&mut self) -> &mut [Cell] {
        &mut self.cells
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

    /// The cells in pieces of some thousands that do not divide a line, the same pieces whatever the number
    /// of threads: what is summed piece by piece has the same bits.
    pub(crate) fn pieces(&self) -> Vec<Range<usize>> {
        let mut pieces = Vec::with_capacity(self.cells.len() / PIECE + 1);
        let mut start = 0;
        while start < self.cells.len() {
            let mut end = (start + PIECE).min(self.cells.len());
            while end < self.cells.len() && self.cells[end].goods == self.cells[end - 1].goods {
                end += 1;
            }
            pieces.push(start..end);
            start = end;
        }
        pieces
    }

    /// The value of the rows left out because another row contains them, USD.
    pub fn counted_twice(&self) -> f64 {
        self.counted_twice
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_plain_table_tells_no_duty_and_refuses_what_is_ambiguous() {
        let read = |rows: &str| {
            let text = format!("goods,origin,value\n{rows}");
            let table = Table::from_csv("trade.csv", text.as_bytes()).unwrap();
            Trade::plain(&table)
        };
        let trade = read("8703 80 10,CN,10e9\n8507.60,KR,5\n").unwrap();
        assert_eq!(trade.cells()[1].origin.iso2(), "CN");
        assert_eq!(trade.cells()[1].collected(), None);
        for (rows, words) in [
            ("8703,CN,1\n", "six to ten digits"),
            ("870380,CN,-1\n", "zero or more"),
            (
                "870380,CN,1\n8703.80,CN,2\n",
                "in two rows for 8703.80 of CN",
            ),
            ("870380,China,1\n", "unknown country `China`"),
        ] {
            let told = read(rows).unwrap_err().to_string();
            assert!(told.contains(words), "{told}");
        }
    }

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
