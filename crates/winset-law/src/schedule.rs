//! A tariff schedule: lines with dated base rates.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;
use winset_io::Table;

use crate::applied::fraction;
use crate::by_code::ByCode;
use crate::rate::Rate;
use crate::rate::us::{self, Special};
use crate::{Country, GoodsCode, LawError};

/// The shortest code that is a line of its own; a longer code takes the rate of the line above it.
const LINE_DIGITS: usize = 8;

/// One line while one text of it held.
#[derive(Clone, Debug)]
pub struct Line {
    /// The code as the schedule prints it.
    pub code: GoodsCode,
    /// First day.
    pub from: Date,
    /// Day after the last; [`Date::MAX`] where open.
    pub to: Date,
    /// Unit of quantity as printed, perhaps empty.
    pub unit: Arc<str>,
    /// Column 1, general.
    pub general: Rate,
    /// Column 1, special.
    pub special: Vec<Special>,
    /// Column 2.
    pub column2: Rate,
    /// Column 1 general as a fraction of value, exact and rounded, where it is one.
    pub(crate) fraction: Option<(Decimal, f64)>,
}

/// How many rate texts of a schedule have a meaning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Lines (one a code and dated interval).
    pub lines: usize,
    /// Lines whose general rate is *Free*, ad valorem, specific or compound.
    pub computable: usize,
    /// Lines whose general rate points to another line or scale.
    pub references: usize,
    /// Lines whose general rate has no meaning here: code and text.
    pub unparsed: Vec<(GoodsCode, Arc<str>)>,
    /// The same for column 2.
    pub unparsed_column2: Vec<(GoodsCode, Arc<str>)>,
}

impl Coverage {
    /// The share of lines with a meaning, 0 to 1.
    pub fn share(&self) -> f64 {
        if self.lines == 0 {
            1.0
        } else {
            1.0 - self.unparsed.len() as f64 / self.lines as f64
        }
    }
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
    coverage: Coverage,
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
    /// Reads a schedule with US rate texts from a table with the columns `code` (digits), `from`, `to`
    /// (ISO dates, `to` exclusive, empty where open), `unit`, `general`, `special`, `column2` (texts as
    /// printed). Rows without a general rate only give their unit.
    ///
    /// # Errors
    /// A missing column; a code or date that does not read, with its row. Rate texts never fail: see
    /// [`Schedule::coverage`].
    pub fn from_table(importer: Country, table: &Table) -> Result<Self, LawError> {
        let column = |name: &str| table.texts(name);
        let (codes, from, to) = (column("code")?, column("from")?, column("to")?);
        let (unit, general) = (column("unit")?, column("general")?);
        let (special, column2) = (column("special")?, column("column2")?);
        let mut lines: Vec<Line> = Vec::with_capacity(table.rows());
        let mut coverage = Coverage::default();
        let mut below: Vec<(GoodsCode, Arc<str>)> = Vec::new();
        let mut finer = Vec::new();
        // Most texts recur hundreds of times.
        let mut seen: HashMap<&str, Rate> = HashMap::new();
        for row in 0..table.rows() {
            let here = |error: LawError| error.in_row(table.name(), row);
            let code: GoodsCode = codes[row].parse().map_err(here)?;
            if general[row].trim().is_empty() {
                if code.digits() > LINE_DIGITS {
                    let from = day(&from[row], Date::MIN).map_err(here)?;
                    finer.push((code, from, day(&to[row], Date::MAX).map_err(here)?));
                }
                if !unit[row].trim().is_empty() {
                    below.push((code, unit[row].trim().into()));
                }
                continue;
            }
            let mut read = |text| seen.entry(text).or_insert_with(|| us::parse(text)).clone();
            let general = read(general[row].as_str());
            let ad_valorem = general.as_ad_valorem();
            let line = Line {
                code,
                from: day(&from[row], Date::MIN).map_err(here)?,
                to: day(&to[row], Date::MAX).map_err(here)?,
                unit: unit[row].trim().into(),
                fraction: ad_valorem.map(|exact| (exact, fraction(exact))),
                general,
                column2: read(column2[row].as_str()),
                special: us::parse_special(&special[row]),
            };
            coverage.lines += 1;
            match &line.general {
                Rate::Unparsed(text) => coverage.unparsed.push((code, text.clone())),
                Rate::Reference(_) => coverage.references += 1,
                _ => coverage.computable += 1,
            }
            if let Rate::Unparsed(text) = &line.column2
                && !text.trim().is_empty()
            {
                coverage.unparsed_column2.push((code, text.clone()));
            }
            lines.push(line);
        }
        lines.sort_by_key(|line| (line.code, line.from));
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
        for (code, unit) in below {
            if let Some(place) = places.get(code.prefix(LINE_DIGITS)) {
                let lines = lines[place.clone()].iter_mut();
                lines
                    .filter(|l| l.unit.is_empty())
                    .for_each(|l| l.unit = unit.clone());
            }
        }
        Ok(Self {
            importer,
            lines,
            places,
            digits,
            finer,
            coverage,
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

    /// The codes of lines and finer codes, of any day.
    pub(crate) fn codes(&self) -> impl Iterator<Item = GoodsCode> {
        let lines = self.lines.iter().map(|line| line.code);
        lines.chain(self.finer.iter().map(|(code, ..)| *code))
    }

    /// The days on which a line or a finer code begins or ends.
    pub(crate) fn days(&self) -> impl Iterator<Item = Date> {
        let lines = self.lines.iter().flat_map(|line| [line.from, line.to]);
        lines.chain(self.finer.iter().flat_map(|(_, from, to)| [*from, *to]))
    }

    fn on(&self, code: GoodsCode, on: Date) -> Option<&Line> {
        let place = self.places.get(code)?;
        self.lines[place.clone()]
            .iter()
            .find(|line| line.from <= on && on < line.to)
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
            line.general == first.general
                && line.special == first.special
                && line.column2 == first.column2
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
        let mut codes = self.codes_below(goods, on);
        if goods.digits() < LINE_DIGITS {
            codes
                .iter_mut()
                .for_each(|code| *code = code.prefix(LINE_DIGITS));
            codes.dedup();
        }
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
        assert_eq!(line.general.to_string(), "2.5%");
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
