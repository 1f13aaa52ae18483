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
use crate::twice::Twice;

const COLUMNS: [(&str, Kind); 5] = [
    ("year", Kind::Text),
    ("origin", Kind::Text),
    ("destination", Kind::Text),
    ("code", Kind::Text),
    ("value", Kind::Real),
];

/// The place in the file and the three letters of each country number. CEPII takes the number and letters of Taiwan over from Comtrade.
fn countries(input: Input) -> Result<Countries, ImportError> {
    let mut sheet = Sheet::open(input)?;
    let number = sheet.any(&["country_code", "code"])?;
    let letters = sheet.any(&["country_iso3", "iso_3digit_alpha", "iso3"])?;
    let mut found = HashMap::new();
    while sheet.next()? {
        let (number, code) = (sheet.text(number)?, sheet.text(letters)?);
        let letters = if is_taiwan(number, code) { "TWN" } else { code };
        if letters.len() == 3 {
            let place = sheet.row() as u32;
            found.insert(number.to_owned(), (place, letters.to_owned()));
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

type Countries = HashMap<String, (u32, String)>;

/// Which file holds a year: its place among the files, and its name.
type Years = HashMap<i64, (usize, String)>;

fn one(
    input: Input,
    place: usize,
    countries: &Countries,
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
    // No other file holds these years.
    let mut twice = Twice::default();
    twice.begin(sheet.file());
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
        let country = |column: usize| -> Result<(u32, &str), ImportError> {
            countries
                .get(sheet.text(column)?)
                .map(|(place, letters)| (*place, letters.as_str()))
                .ok_or_else(|| sheet.bad(column, "a number in the file of country codes"))
        };
        let (origin, destination) = (country(from)?, country(to)?);
        let flow = (when, origin.0, destination.0);
        let goods = sheet.text(code)?;
        if goods.is_empty() || goods.len() > 6 || !goods.bytes().all(|b| b.is_ascii_digit()) {
            return Err(sheet.bad(code, "a code of six digits"));
        }
        let number: u32 = goods.parse().unwrap_or_default();
        twice.note(flow, number, sheet.row());
        // Programs that read codes as numbers drop the zero at the start.
        let goods = format!("{goods:0>6}");
        let amount = sheet.number(value)? * 1000.0;
        if amount < 0.0 {
            return Err(sheet.bad(value, "a value of zero or more"));
        }
        let cells = [&when.to_string(), origin.1, destination.1, &goods];
        batch.push(cells, [Some(amount)])?;
        read.kept += 1;
        read.years = Some(within(read.years, when));
        read.value += amount;
    }
    if let Some(again) = twice.end() {
        let (when, from, to) = again.group;
        let letters = |place: u32| {
            let mut all = countries.values();
            all.find(|(at, _)| *at == place)
                .map_or("", |(_, name)| name)
        };
        let (origin, destination, code) = (letters(from), letters(to), again.code);
        let flow = format!("trade from {origin} to {destination}, {when}, code {code:06}");
        return Err(sheet.twice(&again, &flow));
    }
    if read.kept == before {
        return Err(sheet.whole("there is no row below the header"));
    }
    Ok(())
}
