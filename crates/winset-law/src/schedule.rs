//! A tariff schedule: lines with dated base rates.
//!
//! The lines of every importer have one shape: a column for the origins that have the ordinary rate, one for
//! the others, and preferences that a claim opens. What an importer prints becomes that in a reader of its
//! own: `schedule/us.rs`, `schedule/jp.rs`; a schedule that somebody brings for any importer: `schedule/plain.rs`.

mod coverage;
mod jp;
mod plain;
mod us;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rust_decimal::Decimal;
use winset_io::Table;

use crate::applied::fraction;
use crate::by_code::ByCode;
use crate::preference::{Offer, Preference};
use crate::rate::Rate;
use crate::{Country, GoodsCode, LawError, Season};
pub use coverage::{ColumnCoverage, Coverage};

/// The shortest code that is a line of its own; a longer code takes the rate of the line above it.
const LINE_DIGITS: usize = 8;

/// A rate and the name of its column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name, as an assessment prints it: `Column 1 general`, `Temporary rate`, …
    pub name: &'static str,
    /// The rate; that of all goods of the line, or the text, where nobody says which case they are.
    pub rate: Rate,
    /// The cases, where some goods of the line have a rate of their own.
    pub cases: Option<Arc<Offer>>,
}

impl Column {
    /// One rate for all goods of the line.
    pub fn plain(name: &'static str, rate: Rate) -> Self {
        Self {
            name,
            rate,
            cases: None,
        }
    }
}

/// One line while one text of it held.
#[derive(Clone, Debug)]
pub struct Line {
    /// The code as the schedule prints it.
    pub code: GoodsCode,
    /// First day.
    pub from: Date,
    /// Day after the last; [`Date::MAX`] where open.
    pub to: Date,
    /// The part of the year to which the line is confined, if it is.
    pub season: Option<Season>,
    /// Unit of quantity as printed, perhaps empty.
    pub unit: Arc<str>,
    /// For origins that have the ordinary rate: column 1 general of the United States; the rate for members
    /// of the WTO in Japan.
    pub mfn: Column,
    /// For the others: column 2; the general or temporary rate.
    pub others: Column,
    /// What a claim opens.
    pub preferences: Vec<Preference>,
    /// The name of the columns of preferences.
    pub(crate) preferential: &'static str,
    /// The ordinary rate as a fraction of value, exact and rounded, where it is one.
    pub(crate) fraction: Option<(Decimal, f64)>,
}

/// The tariff schedule of one importer.
#[derive(Debug)]
pub struct Schedule {
    importer: Country,
    /// In the order of codes, then of dates.
    lines: Vec<Line>,
    /// Where the lines of each code stand.
    places: ByCode<Range<usize>>,
    /// The lengths of the codes, one bit each: a look-up tries no other.
    digits: u16,
    /// Codes finer than a line, with the dates they held, in order; they carry no rate of their own.
    finer: Vec<(GoodsCode, Date, Date)>,
    /// The days on which something begins or ends, ascending.
    days: Vec<Date>,
    coverage: Coverage,
    /// The parts of articles that rates are on, once somebody asks.
    parts: OnceLock<HashSet<Arc<str>>>,
    /// The symbols that preferences stand under, once somebody asks.
    programmes: OnceLock<HashSet<Arc<str>>>,
}

fn days_of(lines: &[Line]) -> Vec<Date> {
    let mut days = Vec::new();
    for line in lines {
        days.extend([line.from, line.to]);
        let offers = line.preferences.iter().flat_map(|p| &p.offer.cases);
        let seasons = offers.filter_map(|case| case.season).chain(line.season);
        days.extend(seasons.flat_map(|season| season.days(line.from, line.to)));
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// What a reader makes of a table.
struct Read {
    lines: Vec<Line>,
    /// Units that are printed below the line with the rate.
    units: Vec<(GoodsCode, Arc<str>)>,
    /// Codes finer than a line, with the dates they held.
    finer: Vec<(GoodsCode, Date, Date)>,
    columns: Vec<ColumnCoverage>,
}

/// What every row of a schedule's table says, whoever the importer is.
struct Rows<'t> {
    table: &'t Table,
    code: &'t [String],
    from: &'t [String],
    to: &'t [String],
    unit: &'t [String],
    season: Option<&'t [String]>,
}

impl<'t> Rows<'t> {
    fn new(table: &'t Table) -> Result<Self, LawError> {
        Ok(Self {
            table,
            code: table.text_slice("code")?,
            from: table.text_slice("from")?,
            to: table.text_slice("to")?,
            unit: table.text_slice("unit")?,
            season: if table.has("season") {
                Some(table.text_slice("season")?)
            } else {
                None
            },
        })
    }

    fn code(&self, row: usize) -> Result<GoodsCode, LawError> {
        let code = self.code[row].parse::<GoodsCode>();
        code.map_err(|error| error.in_row(self.table.name(), row))
    }

    fn days(&self, row: usize) -> Result<(Date, Date), LawError> {
        let here = |error: LawError| error.in_row(self.table.name(), row);
        let from = day(&self.from[row], Date::MIN).map_err(here)?;
        Ok((from, day(&self.to[row], Date::MAX).map_err(here)?))
    }

    fn line(
        &self,
        row: usize,
        (mfn, others): (Column, Column),
        (preferential, preferences): (&'static str, Vec<Preference>),
    ) -> Result<Line, LawError> {
        let here = |error: LawError| error.in_row(self.table.name(), row);
        let ad_valorem = mfn.rate.as_ad_valorem();
        let (from, to) = self.days(row)?;
        Ok(Line {
            code: self.code(row)?,
            from,
            to,
            season: match self.season.map(|season| season[row].trim()) {
                None | Some("") => None,
                Some(season) => Some(season.parse().map_err(here)?),
            },
            unit: self.unit[row].trim().into(),
            fraction: ad_valorem.map(|exact| (exact, fraction(exact))),
            mfn,
            others,
            preferences,
            preferential,
        })
    }
}

pub(crate) fn day(text: &str, blank: Date) -> Result<Date, LawError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(blank);
    }
    text.parse().map_err(|_| LawError::Date {
        text: text.to_owned(),
    })
}

impl Schedule {
    /// Reads a schedule from a table with the columns `code` (digits), `from`, `to` (ISO dates, `to`
    /// exclusive, empty where open), `unit`, and the rates as printed:
    ///
    /// - of the United States in `general`, `special`, `column2`. Rows without a general rate only give their
    ///   unit.
    /// - of Japan in `general`, `temporary`, `wto`, and the preferences in `gsp`, `ldc`, `us`, `cptpp`, `eu`,
    ///   …, as the embedded table has them; a preference that is not there is empty.
    /// - of any importer in `mfn`, and perhaps `others` (those without the ordinary rate; as `mfn` where blank)
    ///   and `preferences` (`Free (KR, JP) 3.5% (VN)`: claimed by the code of the country). Rates are
    ///   written as in measure files ([`crate::rate::text`]).
    ///
    /// A column `season` (`12-01/05-31`) confines a row to a part of every year.
    ///
    /// # Errors
    /// A missing column; a code or date that does not read, with its row. Rate texts of the printed schedules
    /// never fail: see [`Schedule::coverage`]; in a column `mfn` they do.
    pub fn from_table(importer: Country, table: &Table) -> Result<Self, LawError> {
        let rows = Rows::new(table)?;
        let read = if table.has("mfn") {
            plain::read(&rows)?
        } else if table.has("wto") {
            jp::read(&rows)?
        } else {
            us::read(&rows)?
        };
        let mut lines = read.lines;
        let mut coverage = Coverage {
            lines: lines.len(),
            columns: read.columns,
            ..Coverage::default()
        };
        for line in &lines {
            if !line.mfn.rate.has_meaning() {
                let text = line.mfn.rate.to_string();
                coverage.unparsed.push((line.code, text.into()));
            } else if line.mfn.rate.is_computable() {
                coverage.computable += 1;
            } else {
                coverage.references += 1;
            }
        }
        lines.sort_by_key(|line| (line.code, line.from));
        let mut finer = read.finer;
        finer.sort_unstable();
        let mut places = Vec::new();
        let mut digits = 0;
        let mut start = 0;
        for of_code in lines.chunk_by(|a, b| a.code == b.code) {
            let code = of_code[0].code;
            places.push((code, start..start + of_code.len()));
            digits |= 1 << code.digits();
            start += of_code.len();
        }
        let places = ByCode::new(places);
        for (code, unit) in read.units {
            if let Some(place) = places.get(code.prefix(LINE_DIGITS)) {
                let lines = lines[place.clone()].iter_mut();
                lines
                    .filter(|l| l.unit.is_empty())
                    .for_each(|l| l.unit = unit.clone());
            }
        }
        let mut days = days_of(&lines);
        days.extend(finer.iter().flat_map(|(_, from, to)| [*from, *to]));
        days.sort_unstable();
        days.dedup();
        Ok(Self {
            importer,
            lines,
            places,
            digits,
            finer,
            days,
            coverage,
            parts: OnceLock::new(),
            programmes: OnceLock::new(),
        })
    }

    /// Whose schedule it is.
    pub fn importer(&self) -> Country {
        self.importer
    }

    /// What was understood of the rate texts.
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Whether a rate, of those without a claim, is on a part of this name (`case`, `battery`).
    pub(crate) fn names_part(&self, name: &str) -> bool {
        let parts = self.parts.get_or_init(|| {
            let mut parts = HashSet::new();
            self.rates().for_each(|rate| rate.parts(&mut parts));
            parts
        });
        parts.contains(name)
    }

    /// Whether a preference stands under this symbol.
    pub(crate) fn names_programme(&self, symbol: &str) -> bool {
        let programmes = self.programmes.get_or_init(|| {
            let preferences = self.lines.iter().flat_map(|line| &line.preferences);
            preferences.flat_map(|p| &p.programmes).cloned().collect()
        });
        programmes.contains(symbol)
    }

    /// The rates without a claim, of any day.
    fn rates(&self) -> impl Iterator<Item = &Rate> {
        self.lines
            .iter()
            .flat_map(|line| [&line.mfn.rate, &line.others.rate])
    }

    /// The codes of the lines that hold on a day.
    pub fn lines_on(&self, on: Date) -> impl Iterator<Item = GoodsCode> {
        let codes = self.places.iter().map(|(code, _)| *code);
        codes.filter(move |code| self.on(*code, on).is_some())
    }

    /// The codes of lines and finer codes, of any day.
    pub(crate) fn codes(&self) -> impl Iterator<Item = GoodsCode> {
        let lines = self.lines.iter().map(|line| line.code);
        lines.chain(self.finer.iter().map(|(code, ..)| *code))
    }

    /// The days on which a line or a finer code begins or ends, and on which a season does.
    pub(crate) fn days(&self) -> impl Iterator<Item = Date> {
        self.days.iter().copied()
    }

    fn on(&self, code: GoodsCode, on: Date) -> Option<&Line> {
        let place = self.places.get(code)?;
        self.lines[place.clone()].iter().find(|line| {
            line.from <= on && on < line.to && line.season.is_none_or(|s| s.contains(on))
        })
    }

    /// The line that sets the base rate of a code on a day. A code longer than the line inherits its
    /// rate; a shorter one is answered where all lines below it have the same rates.
    ///
    /// # Errors
    /// No line on that day; a short code whose lines differ (they are listed).
    pub fn line(&self, goods: GoodsCode, on: Date) -> Result<&Line, LawError> {
        for digits in (LINE_DIGITS..=goods.digits()).rev() {
            if self.digits & (1 << digits) == 0 {
                continue;
            }
            if let Some(line) = self.on(goods.prefix(digits), on) {
                return Ok(line);
            }
        }
        let mut below = self
            .places
            .below(goods)
            .filter_map(|(code, _)| self.on(*code, on));
        let first = below.next().ok_or(LawError::NoLine {
            importer: self.importer,
            goods,
            on,
        })?;
        let same = |line: &Line| {
            line.mfn == first.mfn
                && line.others == first.others
                && line.preferences == first.preferences
        };
        if below.all(same) {
            return Ok(first);
        }
        Err(LawError::Ambiguous {
            goods,
            why: "its lines have different base rates".to_owned(),
            lines: self.below(goods, on),
        })
    }

    /// Whether a line is that of a code on every day on which the line holds: no longer code can be a line.
    pub(crate) fn is_always(&self, line: &Line, goods: GoodsCode) -> bool {
        let (shorter, digits) = (line.code.digits(), goods.digits());
        shorter <= digits && (shorter + 1..=digits).all(|longer| self.digits & (1 << longer) == 0)
    }

    /// The codes below a short code that the schedule names on a day, the finest it names.
    pub(crate) fn codes_below(&self, goods: GoodsCode, on: Date) -> Vec<GoodsCode> {
        let lines = self.places.below(goods);
        let lines = lines.filter_map(|(code, _)| self.on(*code, on).map(|line| line.code));
        let mut codes: Vec<GoodsCode> = lines.collect();
        let first = self
            .finer
            .partition_point(|(code, ..)| code.low() < goods.low());
        let held = self.finer[first..].iter();
        let held = held
            .take_while(|(code, ..)| code.low() < goods.high())
            .filter(|(_, from, to)| *from <= on && on < *to)
            .map(|(code, ..)| *code);
        for code in held {
            codes.retain(|line| !code.is_within(*line));
            codes.push(code);
        }
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The lines below a short code, for a message.
    pub(crate) fn below(&self, goods: GoodsCode, on: Date) -> String {
        // Of a short code its lines, of a line the codes below it.
        let codes = if goods.digits() < LINE_DIGITS {
            let lines = self.places.below(goods);
            lines
                .filter_map(|(code, _)| self.on(*code, on).map(|line| line.code))
                .collect()
        } else {
            self.codes_below(goods, on)
        };
        let mut names: Vec<String> = codes.iter().map(ToString::to_string).collect();
        let more = names.len().saturating_sub(12);
        names.truncate(12);
        let mut text = names.join(", ");
        if more > 0 {
            let _ = write!(text, " and {more} more");
        }
        if text.is_empty() {
            "the ten-digit codes below it".to_owned()
        } else {
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn schedule() -> Schedule {
        let text = "code,from,to,unit,general,special,column2\n\
            87032301,2025-01-01,,,2.5%,\"Free (AU,KR)\",10%\n\
            8703230110,2025-01-01,,No.,,,\n\
            01012100,2025-01-01,2025-07-01,,Free,,Free\n\
            01012100,2025-07-01,,,gibberish,,Free\n\
            01012900,2025-01-01,,,3%,,20%\n";
        let table = Table::from_csv("schedule.csv", text.as_bytes()).unwrap();
        Schedule::from_table("US".parse().unwrap(), &table).unwrap()
    }

    #[test]
    fn ten_digits_inherit_and_units_rise() {
        let schedule = schedule();
        let line = schedule
            .line("8703230110".parse().unwrap(), date(2025, 4, 3))
            .unwrap();
        assert_eq!(line.mfn.rate.to_string(), "2.5%");
        assert_eq!(line.unit.as_ref(), "No.");
    }

    #[test]
    fn a_short_code_answers_or_lists() {
        let schedule = schedule();
        assert!(
            schedule
                .line("8703".parse().unwrap(), date(2025, 4, 3))
                .is_ok()
        );
        let error = schedule
            .line("0101".parse().unwrap(), date(2025, 4, 3))
            .unwrap_err()
            .to_string();
        assert!(error.contains("0101.21.00, 0101.29.00"), "{error}");
        assert!(
            schedule
                .line("0102".parse().unwrap(), date(2025, 4, 3))
                .is_err()
        );
        assert!(
            schedule
                .line("87032301".parse().unwrap(), date(2024, 12, 31))
                .is_err()
        );
    }

    #[test]
    fn what_has_no_meaning_is_counted() {
        let coverage = schedule().coverage().clone();
        assert_eq!(
            (coverage.lines, coverage.computable, coverage.unparsed.len()),
            (4, 3, 1)
        );
    }
}
