//! Euro foreign exchange reference rates of the European Central Bank: `eurofxref-hist.csv` (`Date`, then a column a
//! currency, `N/A` where there is none) and the SDMX CSV of the ECB Data Portal (`CURRENCY`, `TIME_PERIOD`, `OBS_VALUE`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use winset_io::{Column, Table};

use crate::error::ImportError;
use crate::input::Input;
use crate::sheet::{Sheet, finite};

/// Reference rates, as printed: units of each currency for one euro.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// The currencies, in the order of the file.
    pub currencies: Vec<String>,
    /// The rates of each day, in the order of the currencies; blank where there is none.
    pub days: BTreeMap<Date, Vec<String>>,
}

impl Rates {
    /// The table `date`, and a column a currency in small letters.
    ///
    /// # Errors
    /// No rate at all.
    pub fn table(&self) -> Result<Table, ImportError> {
        let currencies: Vec<&str> = self.currencies.iter().map(String::as_str).collect();
        self.table_of(&currencies)
    }

    /// The same of some currencies.
    ///
    /// # Errors
    /// A currency that is not there.
    pub fn table_of(&self, currencies: &[&str]) -> Result<Table, ImportError> {
        let days = self.days.keys().map(ToString::to_string).collect();
        let mut table = Table::new("ecb_rates").with("date", Column::Text(days));
        for currency in currencies {
            let place = self.currencies.iter().position(|c| c == currency);
            let place = place.ok_or_else(|| {
                ImportError::Names(format!(
                    "no rate of {currency} (there are: {})",
                    self.currencies.join(", ")
                ))
            })?;
            let cells = self
                .days
                .values()
                .map(|rates| rates[place].clone())
                .collect();
            table = table.with(currency.to_lowercase(), Column::Text(cells));
        }
        Ok(table)
    }
}

fn is_currency(name: &str) -> bool {
    name.len() == 3 && name.bytes().all(|b| b.is_ascii_uppercase())
}

/// Reads either file.
///
/// # Errors
/// Other columns; a date or rate that does not read; a day twice.
pub fn read(input: Input) -> Result<Rates, ImportError> {
    read_beside(input, &[])
}

/// As [`read`], of a file to which somebody added columns; they are left out.
///
/// # Errors
/// As [`read`].
pub fn read_beside(input: Input, added: &[&str]) -> Result<Rates, ImportError> {
    let sheet = Sheet::open(input)?;
    if sheet.has("OBS_VALUE") {
        observations(sheet)
    } else {
        history(sheet, added)
    }
}

fn day(sheet: &Sheet, column: usize) -> Result<Date, ImportError> {
    sheet
        .text(column)?
        .parse()
        .map_err(|_| sheet.bad(column, "a date such as 2025-04-02"))
}

fn rate(sheet: &Sheet, column: usize) -> Result<String, ImportError> {
    match sheet.text(column)? {
        "" | "N/A" | "NaN" => Ok(String::new()),
        text if finite(text.as_bytes()).is_some_and(|x| x > 0.0) => Ok(text.to_owned()),
        _ => Err(sheet.bad(column, "a rate above zero, N/A or blank")),
    }
}

fn history(mut sheet: Sheet, added: &[&str]) -> Result<Rates, ImportError> {
    let date = sheet.any(&["Date"])?;
    // The ECB ends every line with a comma.
    sheet.only(|h| h == "Date" || h.is_empty() || is_currency(h) || added.contains(&h))?;
    let places: Vec<usize> = (0..sheet.header().len())
        .filter(|c| is_currency(&sheet.header()[*c]))
        .collect();
    if places.is_empty() {
        return Err(sheet.header_error("no column of a currency, such as `USD`".to_owned()));
    }
    let mut rates = Rates {
        currencies: places.iter().map(|c| sheet.header()[*c].clone()).collect(),
        days: BTreeMap::new(),
    };
    while sheet.next()? {
        let day = day(&sheet, date)?;
        let cells = places
            .iter()
            .map(|c| rate(&sheet, *c))
            .collect::<Result<_, _>>()?;
        if rates.days.insert(day, cells).is_some() {
            return Err(sheet.row_error(format!("{day} is there twice")));
        }
    }
    some(&sheet, rates)
}

fn observations(mut sheet: Sheet) -> Result<Rates, ImportError> {
    let currency = sheet.column("CURRENCY")?;
    let against = sheet.column("CURRENCY_DENOM")?;
    let period = sheet.column("TIME_PERIOD")?;
    let value = sheet.column("OBS_VALUE")?;
    let mut currencies: Vec<String> = Vec::new();
    let mut found: BTreeMap<Date, BTreeMap<usize, String>> = BTreeMap::new();
    while sheet.next()? {
        if sheet.text(against)? != "EUR" {
            return Err(sheet.bad(against, "EUR: only rates against the euro are read"));
        }
        let code = sheet.text(currency)?;
        if !is_currency(code) {
            return Err(sheet.bad(currency, "a currency such as USD"));
        }
        let place = currencies
            .iter()
            .position(|c| c == code)
            .unwrap_or_else(|| {
                currencies.push(code.to_owned());
                currencies.len() - 1
            });
        let day = day(&sheet, period)?;
        let rate = rate(&sheet, value)?;
        if found.entry(day).or_default().insert(place, rate).is_some() {
            return Err(sheet.row_error(format!("{day} is there twice")));
        }
    }
    let width = currencies.len();
    let days = found
        .into_iter()
        .map(|(day, mut of)| {
            (
                day,
                (0..width)
                    .map(|c| of.remove(&c).unwrap_or_default())
                    .collect(),
            )
        })
        .collect();
    some(&sheet, Rates { currencies, days })
}

fn some(sheet: &Sheet, rates: Rates) -> Result<Rates, ImportError> {
    if rates.days.is_empty() {
        return Err(sheet.whole("there is no row below the header"));
    }
    Ok(rates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Rates, ImportError> {
        read(Input::from_bytes("fx.csv", text)?)
    }

    #[test]
    fn both_files_give_the_same_table() {
        let history =
            of("Date,USD,JPY,\n2025-04-03,1.1097,N/A,\n2025-04-02,1.0803,161.65,\n").unwrap();
        let portal = of(
            "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE\n\
            EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2025-04-02,1.0803\n\
            EXR.D.JPY.EUR.SP00.A,D,JPY,EUR,SP00,A,2025-04-02,161.65\n\
            EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2025-04-03,1.1097\n",
        )
        .unwrap();
        assert_eq!(history, portal);
        let table = history.table().unwrap();
        assert_eq!(table.texts("date").unwrap(), ["2025-04-02", "2025-04-03"]);
        assert_eq!(table.texts("jpy").unwrap(), ["161.65", ""]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_row() {
        let said = |text: &str| of(text).unwrap_err().to_string();
        assert_eq!(
            said("Date,USD\n2025-04-02,1.0\n2025-04-03,0\n"),
            "fx.csv: row 2, column `USD`: `0` is not a rate above zero, N/A or blank"
        );
        assert!(said("Date,USD,usdjpy\n").contains("column `usdjpy` is not known"));
        assert!(said("Date;USD\n").contains("no column `Date`"));
        assert!(said("Date,USD\n02.04.2025,1\n").contains("a date such as 2025-04-02"));
        assert!(said("Date,USD\n").contains("no row"));
    }
}
