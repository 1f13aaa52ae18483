//! Lines of an importer whose schedule somebody brings: rates as measure files write them.

use std::sync::Arc;

use super::{Column, ColumnCoverage, LINE_DIGITS, Line, Read, Rows};
use crate::preference::{Case, Offer, Preference};
use crate::rate::{Rate, text};
use crate::{Country, LawError};

/// Reads every row as a line. Here a rate without a meaning is an error: the text is its author's to mend.
pub(super) fn read(rows: &Rows<'_>) -> Result<Read, LawError> {
    let table = rows.table;
    let mfn = table.text_slice("mfn")?;
    let optional = |column: &str| {
        let there = table.has(column);
        there.then(|| table.text_slice(column)).transpose()
    };
    let (others, preferences) = (optional("others")?, optional("preferences")?);
    let mut of_mfn = ColumnCoverage::of("mfn");
    let mut of_others = ColumnCoverage::of("others");
    let mut of_preferences = ColumnCoverage::of("preferences");
    let mut lines = Vec::with_capacity(table.rows());
    for row in 0..table.rows() {
        let here = |error: LawError| error.in_row(table.name(), row);
        let code = rows.code(row)?;
        if code.digits() < LINE_DIGITS {
            return Err(here(LawError::Range {
                what: "the code of a line".to_owned(),
                found: code.to_string(),
                range: "eight to ten digits long: fill up with zeros",
            }));
        }
        let rate = |printed: &str, coverage: &mut ColumnCoverage| {
            let rate = meant(printed).map_err(here)?;
            coverage.count(code, printed, [&rate].into_iter());
            Ok::<_, LawError>(rate)
        };
        let ordinary = rate(&mfn[row], &mut of_mfn)?;
        let other = match others.map(|others| others[row].trim()) {
            None | Some("") => ordinary.clone(),
            Some(printed) => rate(printed, &mut of_others)?,
        };
        let granted = match preferences.map(|preferences| preferences[row].trim()) {
            None | Some("") => Vec::new(),
            Some(printed) => {
                let granted = offers(printed).map_err(here)?;
                let rates = granted.iter().flat_map(|p| &p.offer.cases);
                of_preferences.count(code, printed, rates.filter_map(|case| case.rate.as_ref()));
                granted
            }
        };
        let column = Column::plain;
        let columns = (
            column("Ordinary rate", ordinary),
            column("Other rate", other),
        );
        let line = rows.line(row, columns, ("Preferential rate", granted))?;
        if line.to <= line.from {
            return Err(here(LawError::Range {
                what: "the day after the last of a line".to_owned(),
                found: line.to.to_string(),
                range: "later than its first day",
            }));
        }
        lines.push(line);
    }
    apart(table.name(), &lines)?;
    let columns = [of_mfn, of_others, of_preferences].into_iter();
    Ok(Read {
        lines,
        units: Vec::new(),
        finer: Vec::new(),
        columns: columns.filter(|column| column.cells > 0).collect(),
    })
}

/// That no two rows say what one code pays on one day.
fn apart(table: &str, lines: &[Line]) -> Result<(), LawError> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|row| lines[*row].code);
    for of_code in order.chunk_by(|a, b| lines[*a].code == lines[*b].code) {
        for (at, row) in of_code.iter().enumerate() {
            let (line, before) = (&lines[*row], &of_code[..at]);
            let meets = |other: &&usize| {
                let other = &lines[**other];
                let seasons = line.season.is_none() || other.season.is_none();
                line.from < other.to
                    && other.from < line.to
                    && (seasons || line.season == other.season)
            };
            if let Some(other) = before.iter().find(meets) {
                let error = LawError::Range {
                    what: format!("the first day of {}", line.code),
                    found: match line.from {
                        jiff::civil::Date::MIN => "not given".to_owned(),
                        from => from.to_string(),
                    },
                    range: "outside the days and the season of every other row of the code: end the earlier row with `to`",
                };
                return Err(error.in_row(table, *row.max(other)));
            }
        }
    }
    Ok(())
}

fn meant(printed: &str) -> Result<Rate, LawError> {
    let rate = text::parse(printed);
    if rate.has_meaning() && !matches!(rate, Rate::Inclusive(_) | Rate::Capped { .. }) {
        return Ok(rate);
    }
    Err(LawError::Range {
        what: "a rate of the schedule".to_owned(),
        found: format!("`{printed}`"),
        range: "`Free`, `10%`, `1.4 EUR/kg`, a sum of such terms, or the greater or lesser of two",
    })
}

/// `Free (KR, JP) 3.5% (VN)`: the rate, and the countries whose goods may claim it by their code.
fn offers(printed: &str) -> Result<Vec<Preference>, LawError> {
    let mut out = Vec::new();
    let mut rest = printed;
    while !rest.is_empty() {
        let (rate, after) = rest.split_once('(').ok_or_else(|| unclaimed(printed))?;
        let (countries, after) = after.split_once(')').ok_or_else(|| unclaimed(printed))?;
        let rate = meant(rate.trim())?;
        for word in countries.split(',').map(str::trim) {
            let origin: Country = word.parse()?;
            let case = Case {
                origins: vec![origin],
                rate: Some(rate.clone()),
                ..Case::default()
            };
            out.push(Preference {
                programmes: vec![Arc::from(origin.iso2())],
                offer: Offer::new(printed, vec![case]).into(),
            });
        }
        rest = after.trim_start_matches([';', ',', ' ']);
    }
    Ok(out)
}

fn unclaimed(printed: &str) -> LawError {
    LawError::Range {
        what: "the preferences of a line".to_owned(),
        found: format!("`{printed}`"),
        range: "rates with the countries that may claim them in brackets, such as `Free (KR, JP) 3.5% (VN)`",
    }
}

#[cfg(test)]
mod tests {
    use winset_io::Table;

    use crate::{Country, LawError, Schedule};

    fn schedule(rows: &str) -> Result<Schedule, LawError> {
        let text = format!("code,from,to,unit,mfn,others,preferences\n{rows}");
        let table = Table::from_csv("schedule.csv", text.as_bytes()).unwrap();
        let importer: Country = "EU".parse().unwrap();
        Schedule::from_table(importer, &table)
    }

    #[test]
    fn a_line_has_its_rates_and_blank_columns_repeat_the_ordinary_one() {
        let read = schedule(
            "8703 80 10,2024-01-01,,p/st,10%,,\"Free (KR, JP); 3.5% (VN)\"\n\
             0406 10 30,,,kg,1.5 EUR/kg,2 EUR/kg,\n",
        )
        .unwrap();
        let on = "2024-10-30".parse().unwrap();
        let car = read.line("87038010".parse().unwrap(), on).unwrap();
        assert_eq!(car.mfn.rate, car.others.rate);
        let claims: Vec<_> = car.preferences.iter().map(|p| &*p.programmes[0]).collect();
        assert_eq!(claims, ["KR", "JP", "VN"]);
        assert_eq!(read.coverage().computable, 2);
        assert_eq!(read.coverage().column("others").unwrap().cells, 1);
    }

    #[test]
    fn what_has_no_meaning_is_told_with_its_row() {
        for (row, words) in [
            (
                "8703 80 10,,,,ten per cent,,\n",
                "a rate of the schedule is `ten per cent`",
            ),
            (
                "8703 80 10,,,,15% inclusive,,\n",
                "a rate of the schedule is `15% inclusive`",
            ),
            (
                "8703 80 10,,,,10%,,Free\n",
                "the preferences of a line is `Free`",
            ),
            (
                "8703 80 10,,,,10%,,Free (Korea)\n",
                "unknown country `Korea`",
            ),
            (
                "8703 80 10,2024-01-01,,,10%,,\n8703 80 10,2025-01-01,,,35%,,\n",
                "the first day of 8703.80.10 is 2025-01-01",
            ),
            (
                "8703 80 10,2024-01-01,2023-01-01,,10%,,\n",
                "the day after the last of a line is 2023-01-01",
            ),
            (
                "8703.80,,,,10%,,\n",
                "the code of a line is 8703.80: it must be eight to ten digits long",
            ),
        ] {
            let told = schedule(row).unwrap_err().to_string();
            assert!(told.starts_with("schedule.csv, row "), "{told}");
            assert!(told.contains(words), "{told}");
        }
    }
}
