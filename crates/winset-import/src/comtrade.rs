//! UN Comtrade as CSV: the columns of today (`refYear`, `reporterISO`, `partnerISO`, `flowCode`, `cmdCode`, `primaryValue`) and
//! those before 2023 (`Year`, `Reporter ISO`, `Trade Flow`, `Commodity Code`, `Trade Value (US$)`).
//!
//! Kept are imports, exports and their re-exports by six-digit code and country. Sums over partners (`W00`, `WLD`), over codes
//! of other lengths, and breakdowns by second partner, customs procedure or transport are left out, so that nothing counts twice.

use winset_io::stream::{Answers, Kind, Texts};

use crate::error::ImportError;
use crate::input::Input;
use crate::sheet::Sheet;
use crate::stage::{About, RowsOut, Stage};

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Read {
    /// Rows that were kept.
    pub kept: u64,
    /// Rows that were left out.
    pub left_out: u64,
    /// The first and the last year.
    pub years: Option<(i64, i64)>,
    /// Value that was kept, USD.
    pub value: f64,
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
/// Other columns, a cell that does not read, or nothing that is kept.
pub fn import(inputs: Vec<Input>, stage: &mut Stage) -> Result<Read, ImportError> {
    let mut rows = stage.rows("trade", &COLUMNS)?;
    let mut read = Read::default();
    for input in inputs {
        one(input, &mut rows, &mut read)?;
    }
    stage.end_rows(
        rows,
        About {
            what: "trade by six-digit code, USD, as reported by one side".to_owned(),
            mind: "imports are mostly CIF and exports FOB; the two reports of one flow differ"
                .to_owned(),
            totals: vec![
                ("value, USD".to_owned(), read.value),
                (
                    "rows of sums and breakdowns left out".to_owned(),
                    read.left_out as f64,
                ),
            ],
        },
    )?;
    Ok(read)
}

fn one(input: Input, rows: &mut RowsOut, read: &mut Read) -> Result<(), ImportError> {
    let mut sheet = Sheet::open(input)?;
    let mut places = [0; 6];
    for (place, names) in places.iter_mut().zip(&NAMES) {
        *place = sheet.any(names)?;
    }
    let [year, reporter, partner, flow, code, value] = places;
    let breakdowns: Vec<(usize, &[&str])> = BREAKDOWNS
        .iter()
        .filter_map(|(name, sums)| Some((sheet.column(name).ok()?, *sums)))
        .collect();
    let before = read.kept;
    let mut batch: [Texts; 6] = Default::default();
    let mut values = Vec::new();
    while sheet.next()? {
        let goods = sheet.text(code)?;
        let with = sheet.text(partner)?;
        let mut kept = goods.len() == 6 && !matches!(with, "W00" | "WLD" | "");
        for (column, sums) in &breakdowns {
            kept &= sums.contains(&sheet.text(*column)?);
        }
        if !kept {
            read.left_out += 1;
            continue;
        }
        if !goods.bytes().all(|b| b.is_ascii_digit()) {
            return Err(sheet.bad(code, "a code of digits"));
        }
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
        let when = sheet.whole_number(year)?;
        let own = sheet.text(reporter)?;
        for (column, name) in [(reporter, own), (partner, with)] {
            if name.len() != 3 {
                return Err(sheet.bad(column, "a code of three letters"));
            }
        }
        let (origin, destination) = if direction.ends_with('M') {
            (with, own)
        } else {
            (own, with)
        };
        let amount = sheet.number(value)?;
        if amount < 0.0 {
            return Err(sheet.bad(value, "a value of zero or more"));
        }
        let cells = [
            &when.to_string(),
            direction,
            own,
            origin,
            destination,
            goods,
        ];
        for (column, cell) in batch.iter_mut().zip(cells) {
            column.push(cell.as_bytes());
        }
        values.push(Some(amount));
        read.kept += 1;
        read.years = Some(within(read.years, when));
        read.value += amount;
        if values.len() == RowsOut::BATCH {
            flush(rows, &mut batch, &mut values)?;
        }
    }
    flush(rows, &mut batch, &mut values)?;
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

/// Writes what has been gathered.
pub(crate) fn flush<const N: usize>(
    rows: &mut RowsOut,
    texts: &mut [Texts; N],
    values: &mut Vec<Option<f64>>,
) -> Result<(), ImportError> {
    let count = values.len();
    let mut columns: Vec<Answers> = texts
        .iter_mut()
        .map(|column| Answers::Texts(std::mem::take(column)))
        .collect();
    columns.push(Answers::Reals(std::mem::take(values)));
    rows.write(count, &columns)
}
