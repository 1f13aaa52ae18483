//! BACI of CEPII: trade by six-digit code as both sides' reports agree on it. Columns `t,i,j,k,v,q`: year, exporter and importer by
//! number, code, value in thousand USD, metric tons; beside it the file of country codes.

use std::collections::HashMap;

use winset_io::stream::Kind;

use crate::batch::Batch;
use crate::comtrade::{Read, is_taiwan, within};
use crate::error::ImportError;
use crate::input::Input;
use crate::sheet::Sheet;
use crate::stage::{About, Stage};

const COLUMNS: [(&str, Kind); 5] = [
    ("year", Kind::Text),
    ("origin", Kind::Text),
    ("destination", Kind::Text),
    ("code", Kind::Text),
    ("value", Kind::Real),
];

/// The three letters of each country number. CEPII takes the number and letters of Taiwan over from Comtrade.
fn countries(input: Input) -> Result<HashMap<String, String>, ImportError> {
    let mut sheet = Sheet::open(input)?;
    let number = sheet.any(&["country_code", "code"])?;
    let letters = sheet.any(&["country_iso3", "iso_3digit_alpha", "iso3"])?;
    let mut found = HashMap::new();
    while sheet.next()? {
        let (number, code) = (sheet.text(number)?, sheet.text(letters)?);
        if is_taiwan(number, code) {
            found.insert(number.to_owned(), "TWN".to_owned());
        } else if code.len() == 3 {
            found.insert(number.to_owned(), code.to_owned());
        }
    }
    if found.is_empty() {
        return Err(sheet.whole("there is no country in it"));
    }
    Ok(found)
}

/// Reads files and writes `year, origin, destination, code, value` (USD) into the stage.
///
/// # Errors
/// Other columns, a cell that does not read, a number of a country that the other file lacks, a year that two files hold.
pub fn import(codes: Input, inputs: Vec<Input>, stage: &mut Stage) -> Result<Read, ImportError> {
    let countries = countries(codes)?;
    let mut batch = Batch::new(stage.rows("trade", &COLUMNS)?);
    let mut read = Read::default();
    let mut years = Years::new();
    for (place, input) in inputs.into_iter().enumerate() {
        one(input, place, &countries, &mut batch, &mut read, &mut years)?;
    }
    stage.end_rows(
        batch.end()?,
        About {
            what: "trade by six-digit code, USD, both reports reconciled (FOB)".to_owned(),
            mind: "quantities are left out".to_owned(),
            totals: vec![("value, USD".to_owned(), read.value)],
        },
    )?;
    Ok(read)
}

/// Which file holds a year: its place among the files, and its name.
type Years = HashMap<i64, (usize, String)>;

fn one(
    input: Input,
    place: usize,
    countries: &HashMap<String, String>,
    batch: &mut Batch<4, 1>,
    read: &mut Read,
    years: &mut Years,
) -> Result<(), ImportError> {
    let mut sheet = Sheet::open(input)?;
    sheet.only(|h| ["t", "i", "j", "k", "v", "q"].contains(&h))?;
    let [year, from, to, code, value] = [
        sheet.column("t")?,
        sheet.column("i")?,
        sheet.column("j")?,
        sheet.column("k")?,
        sheet.column("v")?,
    ];
    let before = read.kept;
    while sheet.next()? {
        let when = sheet.whole_number(year)?;
        let (held_by, file) = years
            .entry(when)
            .or_insert_with(|| (place, sheet.file().to_owned()));
        if *held_by != place {
            return Err(sheet.row_error(format!(
                "the year {when} stands in {file} too; name one file a year"
            )));
        }
        let country = |column: usize| -> Result<&str, ImportError> {
            countries
                .get(sheet.text(column)?)
                .map(String::as_str)
                .ok_or_else(|| sheet.bad(column, "a number in the file of country codes"))
        };
        let (origin, destination) = (country(from)?, country(to)?);
        let goods = sheet.text(code)?;
        if goods.is_empty() || goods.len() > 6 || !goods.bytes().all(|b| b.is_ascii_digit()) {
            return Err(sheet.bad(code, "a code of six digits"));
        }
        // Programs that read codes as numbers drop the zero at the start.
        let goods = format!("{goods:0>6}");
        let amount = sheet.number(value)? * 1000.0;
        if amount < 0.0 {
            return Err(sheet.bad(value, "a value of zero or more"));
        }
        let cells = [&when.to_string(), origin, destination, &goods];
        batch.push(cells, [Some(amount)])?;
        read.kept += 1;
        read.years = Some(within(read.years, when));
        read.value += amount;
    }
    if read.kept == before {
        return Err(sheet.whole("there is no row below the header"));
    }
    Ok(())
}
