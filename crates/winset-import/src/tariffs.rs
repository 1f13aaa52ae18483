//! Applied tariffs by six-digit code, or by tariff line, from UNCTAD TRAINS through WITS: the bulk files (`Reporter_ISO_N`, `ProductCode`, `Partner`,
//! `SimpleAverage`) and the answers of its queries (`Reporter`, `Product`, `Partner`, `Simple Average`). Per cent in the file.

use winset_io::stream::Kind;

use crate::batch::Batch;
use crate::comtrade::within;
use crate::error::ImportError;
use crate::input::Input;
use crate::sheet::{Sheet, finite};
use crate::stage::{About, Stage};
use crate::twice::Twice;

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Rates that were kept.
    pub kept: u64,
    /// Rows without an ad valorem rate, or of headings and chapters: left out.
    pub left_out: u64,
    /// The first and the last year.
    pub years: Option<(i64, i64)>,
}

/// Year, reporter, product and simple average, by the names that editions and queries use.
const NAMES: [&[&str]; 4] = [
    &["Year", "Tariff Year", "TariffYear"],
    &["Reporter_ISO_N", "Reporter", "ReporterCode"],
    &["ProductCode", "Product", "Product Code"],
    &["SimpleAverage", "Simple Average", "Simple Average Tariff"],
];
const PARTNER: [&str; 2] = ["Partner", "PartnerCode"];
const DUTY: [&str; 3] = ["DutyType", "Duty Type", "TariffType"];
const EDITION: [&str; 2] = ["NomenCode", "Selected Nomen"];
const ESTIMATE: [&str; 1] = ["EstCode"];
const LOWEST: [&str; 3] = ["Min_Rate", "MinRate", "Minimum Rate"];
const HIGHEST: [&str; 3] = ["Max_Rate", "MaxRate", "Maximum Rate"];

const COLUMNS: [(&str, Kind); 8] = [
    ("year", Kind::Text),
    ("destination", Kind::Text),
    ("origin", Kind::Text),
    ("code", Kind::Text),
    ("duty", Kind::Text),
    ("tariff", Kind::Real),
    ("lowest", Kind::Real),
    ("highest", Kind::Real),
];

/// Reads files and writes `year, destination, origin, code, duty, tariff, lowest, highest` (fractions) into the stage; origin
/// `*` is all that have no rate of their own.
///
/// # Errors
/// Other columns, a cell that does not read, a rate that stands twice, or no rate at all.
pub fn import(inputs: Vec<Input>, stage: &mut Stage) -> Result<Read, ImportError> {
    let mut batch = Batch::new(stage.rows("tariffs", &COLUMNS)?);
    let (mut read, mut twice) = (Read::default(), Twice::default());
    for input in inputs {
        one(input, &mut batch, &mut read, &mut twice)?;
    }
    stage.end_rows(
        batch.end()?,
        About {
            what: "applied tariffs by code, simple averages of its lines, fractions".to_owned(),
            mind: "lines with a specific duty only are not in the averages".to_owned(),
            totals: vec![(
                "rows without an ad valorem rate left out".to_owned(),
                read.left_out as f64,
            )],
        },
    )?;
    Ok(read)
}

/// Year, destination, origin, kind of duty, and edition of the codes and of the equivalents.
type Rates = [String; 6];

fn one(
    input: Input,
    batch: &mut Batch<5, 3>,
    read: &mut Read,
    twice: &mut Twice<Rates, (usize, u64)>,
) -> Result<(), ImportError> {
    let mut sheet = Sheet::open(input)?;
    twice.begin(sheet.file());
    let mut places = [0; 4];
    for (place, names) in places.iter_mut().zip(NAMES) {
        *place = sheet.any(names)?;
    }
    let [year, reporter, product, average] = places;
    let optional = |names: &[&str]| sheet.any(names).ok();
    // Files of most-favoured-nation rates name no partner.
    let (partner, duty) = (optional(&PARTNER), optional(&DUTY));
    let edition = [optional(&EDITION), optional(&ESTIMATE)];
    let (lowest, highest) = (optional(&LOWEST), optional(&HIGHEST));
    let before = read.kept;
    while sheet.next()? {
        let code = sheet.text(product)?;
        if !code.bytes().all(|b| b.is_ascii_digit()) || code.is_empty() {
            return Err(sheet.bad(product, "a code of digits"));
        }
        // Five digits are six without the zero at the start; fewer are a heading or chapter.
        if code.len() < 5 || sheet.bytes(average).is_empty() {
            read.left_out += 1;
            continue;
        }
        let code = format!("{code:0>6}");
        let when = sheet.whole_number(year)?;
        let destination = country(&sheet, reporter)?;
        let origin = match partner {
            None => "*".to_owned(),
            Some(partner) => match sheet.text(partner)? {
                "" | "0" | "000" | "WLD" | "999" => "*".to_owned(),
                _ => country(&sheet, partner)?,
            },
        };
        let kind = match duty {
            Some(column) => sheet.text(column)?.to_owned(),
            None => String::new(),
        };
        let per_cent = |column: usize| -> Result<f64, ImportError> {
            finite(sheet.bytes(column))
                .filter(|x| (0.0..=10_000.0).contains(x))
                .map(|x| x / 100.0)
                .ok_or_else(|| sheet.bad(column, "a rate in per cent"))
        };
        let bound = |column: Option<usize>| -> Result<Option<f64>, ImportError> {
            match column {
                Some(column) if !sheet.bytes(column).is_empty() => per_cent(column).map(Some),
                _ => Ok(None),
            }
        };
        let [codes, estimate] =
            edition.map(|column| column.map_or(Ok(""), |column| sheet.text(column)));
        let of = [
            &when.to_string(),
            &destination,
            &origin,
            &kind,
            codes?,
            estimate?,
        ];
        let number = (code.len(), code.parse().unwrap_or(u64::MAX));
        if let Some(file) = twice.note(of.map(str::to_owned), number, sheet.row()) {
            return Err(sheet.row_error(format!(
                "the rate of {destination} on {code} from {origin}, {when}, stands in {file} too; name one of the two files"
            )));
        }
        let rates = [Some(per_cent(average)?), bound(lowest)?, bound(highest)?];
        let cells = [&when.to_string(), &destination, &origin, &code, &kind];
        batch.push(cells.map(String::as_str), rates)?;
        read.kept += 1;
        read.years = Some(within(read.years, when));
    }
    if let Some(again) = twice.end() {
        let [when, destination, origin, ..] = &again.group;
        let (width, code) = again.code;
        let rate = format!("the rate of {destination} on {code:0width$} from {origin}, {when},");
        return Err(sheet.twice(&again, &rate));
    }
    if read.kept == before {
        return Err(sheet.whole("there is no rate in it"));
    }
    Ok(())
}

/// A country as the file names it: three digits or three letters.
fn country(sheet: &Sheet, column: usize) -> Result<String, ImportError> {
    let code = sheet.text(column)?;
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    if digits && (1..=3).contains(&code.len()) {
        return Ok(format!("{code:0>3}"));
    }
    if code.len() == 3 && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(code.to_owned());
    }
    Err(sheet.bad(column, "a country of three digits or letters"))
}
