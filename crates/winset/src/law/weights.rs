//! The trade with which rates and changes of them are weighted.

use jiff::civil::Date;
use winset_io::Table;
use winset_law::averages::Trade;
use winset_law::{Assumptions, Country, Law, LawError};

use super::imports::{SHIPPED_TRADE_YEAR, shipped};

/// What the trade of a border weighs.
#[derive(Clone, Debug)]
pub struct Weights {
    /// Whose border.
    pub importer: Country,
    /// Value, and duty where it is known, by line and origin.
    pub trade: Trade,
    /// What is assumed where an entry would state facts.
    pub assumptions: Assumptions,
    /// Which trade it is, in words; `None` where lines weigh nothing.
    pub said: Option<String>,
}

/// A table of trade that somebody brings.
#[derive(Clone, Copy, Debug)]
pub struct Brought<'t> {
    /// `goods`, `origin` (ISO 3166; `EU` for all its member states) and `value` (USD); or `code`, `partner` (US Census), `value` and
    /// `duty`, as `winset import census` writes it.
    pub table: &'t Table,
    /// Its year; for a table of the Census it must be given.
    pub year: Option<i16>,
}

impl Weights {
    /// The trade that was brought, else that which ships; else the lines of the schedule with one origin, which weigh nothing.
    ///
    /// # Errors
    /// What is wrong with the table; no trade, and no origin or no schedule either.
    pub fn choose(
        law: &Law,
        importer: Country,
        brought: Option<Brought<'_>>,
        origin: Option<Country>,
        on: Date,
    ) -> Result<Self, WeightsError> {
        let shipped = shipped(law, importer, origin)?;
        let (trade, said) = match (brought, shipped.trade) {
            (Some(brought), _) => Self::read(brought)?,
            (None, Some(trade)) => {
                let said = format!("US imports for consumption of {SHIPPED_TRADE_YEAR}");
                (trade, Some(said))
            }
            (None, None) => {
                let Some(origin) = origin else {
                    return Err(WeightsError::NoTrade { importer });
                };
                let schedule = law.schedule(importer);
                let schedule = schedule.ok_or(WeightsError::NoTrade { importer })?;
                let trade = Trade::unweighed(schedule.lines_on(on), origin);
                if trade.cells().is_empty() {
                    law.covers_origin(importer, origin, on, None)?;
                }
                (trade, None)
            }
        };
        let union = trade.cells().iter().any(|cell| cell.origin.iso2() == "EU");
        let trade = match origin {
            Some(origin) => trade.only(|cell| cell.origin == origin),
            None => trade,
        };
        if trade.cells().is_empty() {
            return Err(WeightsError::NoRow { origin, union });
        }
        Ok(Self {
            importer,
            trade,
            assumptions: shipped.assumptions,
            said,
        })
    }

    fn read(Brought { table, year }: Brought<'_>) -> Result<(Trade, Option<String>), WeightsError> {
        if !table.has("partner") {
            let of_year = year.map_or_else(String::new, |year| format!(" of {year}"));
            let said = format!("the trade{of_year} in {}", table.name());
            return Ok((Trade::plain(table)?, Some(said)));
        }
        let range = |found: String| LawError::Range {
            what: "the year of the trade".to_owned(),
            found,
            range: "a year of the calendar, given beside the table",
        };
        let year = year.ok_or_else(|| range("not given".to_owned()))?;
        let start = Date::new(year, 1, 1).map_err(|_| range(year.to_string()))?;
        let said = format!("US imports for consumption of {year}");
        Ok((Trade::from_table(table, start)?, Some(said)))
    }
}

fn no_row(origin: Option<Country>, union: bool) -> String {
    let told = "the trade that weights the rates has no row";
    match origin {
        None => told.to_owned(),
        Some(member) if union && member.is_member("EU", UNION_OF) => format!(
            "{told} from {}: its members' trade stands under the European Union; write EU",
            member.name()
        ),
        Some(origin) => format!("{told} from {}", origin.name()),
    }
}

/// A day on which the members of the Union were those of today.
const UNION_OF: Date = Date::constant(2024, 1, 1);

/// Why nothing can be weighted.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// What is wrong with the trade or the law.
    #[error(transparent)]
    Law(#[from] LawError),
    /// The trade has no row of the origin, or none at all.
    #[error("{}", no_row(*origin, *union))]
    NoRow {
        /// The origin that was asked for.
        origin: Option<Country>,
        /// Whether it has rows of the European Union.
        union: bool,
    },
    /// The trade of this importer does not ship.
    #[error(
        "no trade of {} ships: bring a table of it (goods, origin, value in USD), or name one origin for the lines of the schedule, \
         which then weigh nothing",
        importer.name()
    )]
    NoTrade {
        /// Whose border.
        importer: Country,
    },
}
