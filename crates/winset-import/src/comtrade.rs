//! UN Comtrade as CSV: the columns of today (`refYear`, `reporterISO`, `partnerISO`, `flowCode`, `cmdCode`, `primaryValue`) and
//! those before 2023 (`Year`, `Reporter ISO`, `Trade Flow`, `Commodity Code`, `Trade Value (US$)`).
//!
//! Kept are imports, exports and what of them is re-imported and re-exported, by six-digit code and country. Sums over partners
//! (`W00`, `WLD`), over codes of other lengths, and breakdowns by second partner, customs procedure or transport are left out,
//! so that nothing counts twice. Areas that are no country (899 "Areas, nes", bunkers) are left out too, and told with their
//! value; so is the European Union (97), whose members report themselves. The United Nations write Taiwan as 490 "Other Asia,
//! nes", which stands for it alone in practice. A code of five digits is one of six whose zero a spreadsheet dropped.

use std::collections::HashMap;

use winset_io::stream::Kind;

use crate::batch::Batch;
use crate::error::ImportError;
use crate::input::Input;
use crate::sheet::Sheet;
use crate::stage::{About, Stage};
use crate::twice::Twice;

/// Reporter, partner, flow and period.
type Flow = ([u8; 3], [u8; 3], &'static str, i64);

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Read {
    /// Rows that were kept.
    pub kept: u64,
    /// Rows of sums and breakdowns that were left out.
    pub left_out: u64,
    /// Rows of areas that are no country, left out as well.
    pub areas: u64,
    /// The first and the last year.
    pub years: Option<(i64, i64)>,
    /// Value of the imports and exports that were kept, USD.
    pub value: f64,
    /// Value of the re-imports and re-exports, which are parts of the imports and exports, USD.
    pub again: f64,
    /// Value of the imports and exports with areas that are no country, USD.
    pub areas_value: f64,
}

/// The columns by their names of today and before.
const NAMES: [[&str; 2]; 6] = [
    ["refYear", "Year"],
    ["reporterISO", "Reporter ISO"],
    ["partnerISO", "Partner ISO"],
    ["flowCode", "Trade Flow"],
    ["cmdCode", "Commodity Code"],
    ["primaryValue", "Trade Value (US$)"],
];

/// Numbers of areas (M49), and the period where it is finer than a year; not needed where every area has its letters.
const NUMBERS: [[&str; 2]; 3] = [
    ["reporterCode", "Reporter Code"],
    ["partnerCode", "Partner Code"],
    ["period", "Period"],
];

/// Which goods the codes are of: only those of the Harmonized System have six digits.
const CLASSIFICATION: [&str; 2] = ["classificationCode", "Classification"];

/// Columns of breakdowns, and what they hold in the row of their sum.
const BREAKDOWNS: [(&str, &[&str]); 4] = [
    ("partner2Code", &["0", ""]),
    ("customsCode", &["C00", ""]),
    ("motCode", &["0", ""]),
    ("2nd Partner Code", &["0", ""]),
];

const COLUMNS: [(&str, Kind); 7] = [
    ("year", Kind::Text),
    ("flow", Kind::Text),
    ("reporter", Kind::Text),
    ("origin", Kind::Text),
    ("destination", Kind::Text),
    ("code", Kind::Text),
    ("value", Kind::Real),
];

/// Reads files and writes `year, flow, reporter, origin, destination, code, value` (USD) into the stage.
///
/// # Errors
/// Other columns, a cell that does not read, a flow that two files hold, or nothing that is kept.
pub fn import(inputs: Vec<Input>, stage: &mut Stage) -> Result<Read, ImportError> {
    let mut batch = Batch::new(stage.rows("trade", &COLUMNS)?);
    let (mut read, mut met) = (Read::default(), Met::default());
    for input in inputs {
        one(input, &mut batch, &mut read, &mut met)?;
    }
    let totals = [
        ("value of imports and exports, USD", read.value),
        ("of that re-imports and re-exports, USD", read.again),
        ("rows of sums and breakdowns left out", read.left_out as f64),
        (
            "rows of areas that are no country left out",
            read.areas as f64,
        ),
        ("value of these areas, USD", read.areas_value),
    ];
    stage.end_rows(
        batch.end()?,
        About {
            what: "trade by six-digit code, USD, as reported by one side".to_owned(),
            mind: "imports are mostly CIF and exports FOB; the two reports of one flow differ; RM and RX are parts of M and X; TWN is what the United Nations call 490, Other Asia, nes"
                .to_owned(),
            totals: totals.map(|(what, sum)| (what.to_owned(), sum)).to_vec(),
        },
    )?;
    Ok(read)
}

/// What has been read, so that nothing counts twice.
#[derive(Default)]
struct Met {
    flows: Twice<Flow, u32>,
    /// The first period of each flow and year.
    periods: HashMap<Flow, i64>,
}

impl Met {
    /// Whether a period is of another length than those of the same flow and year; the first of them.
    fn other_length(&mut self, flow: Flow, year: i64) -> Option<i64> {
        let (own, with, direction, during) = flow;
        let first = *self
            .periods
            .entry((own, with, direction, year))
            .or_insert(during);
        let is_year = |period: i64| period < 10_000;
        (is_year(first) != is_year(during)).then_some(first)
    }
}

/// Who is on one side of a flow.
enum Partner<'a> {
    Country(&'a str),
    /// The whole world: the sum of the others.
    World,
    /// Nobody in particular, or a place that is no country.
    Area,
}

/// Whether an area is Taiwan, by its number or its letters, as Comtrade and what is made from it write it.
pub(crate) fn is_taiwan(number: &str, letters: &str) -> bool {
    number == "490" || letters == "S19"
}

/// Whether an area is a group that has three letters as countries have: the European Union.
fn is_group(number: &str, letters: &str) -> bool {
    number == "97" || letters == "EUR"
}

fn partner(
    sheet: &Sheet,
    column: usize,
    number: Option<usize>,
) -> Result<Partner<'_>, ImportError> {
    let letters = sheet.text(column)?;
    let number = number.map_or(Ok(""), |number| sheet.text(number))?;
    if number == "0" || matches!(letters, "W00" | "WLD") {
        return Ok(Partner::World);
    }
    if is_taiwan(number, letters) {
        return Ok(Partner::Country("TWN"));
    }
    if letters.is_empty() && number.is_empty() {
        return Err(sheet.bad(
            column,
            "a country; without its number in `partnerCode` (`Partner Code`) nobody can tell whether this is Taiwan (490) or another area: download the file with that column",
        ));
    }
    // Areas have a digit or `_` among their letters, or none at all.
    Ok(
        if letters.len() == 3
            && letters.bytes().all(|b| b.is_ascii_uppercase())
            && !is_group(number, letters)
        {
            Partner::Country(letters)
        } else {
            Partner::Area
        },
    )
}

/// The country that reports; nothing where a group does.
fn reporter(
    sheet: &Sheet,
    column: usize,
    number: Option<usize>,
) -> Result<Option<&str>, ImportError> {
    let letters = sheet.text(column)?;
    let number = number.map_or(Ok(""), |number| sheet.text(number))?;
    if is_taiwan(number, letters) {
        return Ok(Some("TWN"));
    }
    if letters.len() != 3 {
        return Err(sheet.bad(column, "a code of three letters"));
    }
    Ok((!is_group(number, letters)).then_some(letters))
}

/// The six digits of a code; nothing where it is a sum over several.
fn six_digits(
    sheet: &Sheet,
    column: usize,
    classification: Option<usize>,
) -> Result<Option<u32>, ImportError> {
    let goods = sheet.text(column)?;
    if !matches!(goods.len(), 5 | 6) || goods == "TOTAL" {
        return Ok(None);
    }
    if let Some(of) = classification
        && !sheet.text(of)?.starts_with('H')
    {
        return Err(sheet.bad(
            of,
            "the Harmonized System (HS, H0 to H6); download its codes",
        ));
    }
    let number = Some(goods)
        .filter(|goods| goods.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|goods| goods.parse().ok());
    number
        .map(Some)
        .ok_or_else(|| sheet.bad(column, "a code of digits"))
}

fn one(
    input: Input,
    batch: &mut Batch<6, 1>,
    read: &mut Read,
    met: &mut Met,
) -> Result<(), ImportError> {
    let mut sheet = Sheet::open(input)?;
    met.flows.begin(sheet.file());
    let mut places = [0; 6];
    for (place, names) in places.iter_mut().zip(&NAMES) {
        *place = sheet.any(names)?;
    }
    let [year, own, other, flow, code, value] = places;
    let [own_number, other_number, period] = NUMBERS.map(|names| sheet.any(&names).ok());
    let classification = sheet.any(&CLASSIFICATION).ok();
    let breakdowns: Vec<(usize, &[&str])> = BREAKDOWNS
        .iter()
        .filter_map(|(name, sums)| Some((sheet.column(name).ok()?, *sums)))
        .collect();
    let before = read.kept;
    while sheet.next()? {
        let number = six_digits(&sheet, code, classification)?;
        let mut is_breakdown = false;
        for (column, sums) in &breakdowns {
            is_breakdown |= !sums.contains(&sheet.text(*column)?);
        }
        let (Some(number), false) = (number, is_breakdown) else {
            read.left_out += 1;
            continue;
        };
        let with = match partner(&sheet, other, other_number)? {
            Partner::Country(name) => Some(name),
            Partner::Area => None,
            Partner::World => {
                read.left_out += 1;
                continue;
            }
        };
        let direction = match sheet.text(flow)? {
            "M" | "Import" | "Imports" => "M",
            "X" | "Export" | "Exports" => "X",
            "RM" | "Re-Import" | "Re-imports" => "RM",
            "RX" | "Re-Export" | "Re-exports" => "RX",
            // Flows for processing are parts of the others.
            "FM" | "MIP" | "MOP" | "DX" | "XIP" | "XOP" => {
                read.left_out += 1;
                continue;
            }
            _ => return Err(sheet.bad(flow, "a flow such as M, X, RM or RX")),
        };
        let is_again = direction.len() == 2;
        let amount = sheet.number(value)?;
        if amount < 0.0 {
            return Err(sheet.bad(value, "a value of zero or more"));
        }
        let own = reporter(&sheet, own, own_number)?;
        let (Some(own), Some(with)) = (own, with) else {
            read.areas += 1;
            read.areas_value += if is_again { 0.0 } else { amount };
            continue;
        };
        let when = sheet.whole_number(year)?;
        let during = match period {
            Some(column) => sheet.whole_number(column)?,
            None => when,
        };
        let key = [own, with].map(|name| <[u8; 3]>::try_from(name.as_bytes()).unwrap_or_default());
        let flow = (key[0], key[1], direction, during);
        if let Some(first) = met.other_length(flow, when) {
            return Err(sheet.row_error(format!(
                "{direction} of {own} with {with}: {first} stands there already and would be added to {during}; download the year or its months, not both"
            )));
        }
        if let Some(file) = met.flows.note(flow, number, sheet.row()) {
            return Err(sheet.row_error(format!(
                "{direction} of {own} with {with}, {during}, code {number:06} stands in {file} too; name one of the two files, or download periods, countries and codes that do not overlap"
            )));
        }
        let (origin, destination) = if direction.ends_with('M') {
            (with, own)
        } else {
            (own, with)
        };
        let cells = [
            &when.to_string(),
            direction,
            own,
            origin,
            destination,
            &format!("{number:06}"),
        ];
        batch.push(cells, [Some(amount)])?;
        read.kept += 1;
        read.years = Some(within(read.years, when));
        if is_again {
            read.again += amount;
        } else {
            read.value += amount;
        }
    }
    if let Some(again) = met.flows.end() {
        let (own, with, direction, during) = again.group;
        let [own, with] = [own, with].map(|name| String::from_utf8_lossy(&name).into_owned());
        let code = again.code;
        let flow = format!("{direction} of {own} with {with}, {during}, code {code:06}");
        return Err(sheet.twice(&again, &flow));
    }
    if read.kept == before {
        return Err(sheet.whole(
            "it has no row of a six-digit code and one country; download codes of level 6 and all partners",
        ));
    }
    Ok(())
}

/// Years that also hold this one.
pub(crate) fn within(years: Option<(i64, i64)>, year: i64) -> (i64, i64) {
    let (first, last) = years.unwrap_or((year, year));
    (first.min(year), last.max(year))
}
