//! OECD Inter-Country Input-Output tables: one CSV a year, a row and a column for every country and industry.
//!
//! Rows are `CCC_INDUSTRY`, then taxes less subsidies (`TLS`, or `CCC_TAXSUB`), value added (`VA`, `VALU`) and output (`OUT`,
//! `OUTPUT`, `TOTAL`); columns are `CCC_INDUSTRY`, final demand (`CCC_HFCE`, …) and output. Million USD at basic prices.
//! China and Mexico split by export processing (`CN1`, `CN2`, `MX1`, `MX2`) are merged again.

use std::collections::HashMap;

use crate::error::ImportError;
use crate::input::Input;
use crate::sheet::Sheet;
use crate::stage::Stage;
use crate::world::{Choices, Described, Economy, World, year_of};

/// The codes of final demand in all editions.
const FINAL: [&str; 14] = [
    "HFCE",
    "NPISH",
    "GGFC",
    "GFCF",
    "INVNT",
    "DPABR",
    "NONRES",
    "P33",
    "FD",
    "HC",
    "GG",
    "INV",
    "CONS_ABR",
    "CONS_NONRES",
];
const OUTPUT: [&str; 3] = ["OUT", "OUTPUT", "TOTAL"];
const VALUE_ADDED: [&str; 2] = ["VA", "VALU"];

/// What a column is.
#[derive(Clone, Copy)]
enum Slot {
    /// Use by an industry, by its place among `[region][sector]`.
    Use(usize),
    /// Final demand of a region.
    Final(usize),
    /// Output.
    Output,
    /// What the edition calls a discrepancy.
    Discrepancy,
}

/// A country as the model knows it.
fn country(code: &str) -> &str {
    match code {
        "CN1" | "CN2" => "CHN",
        "MX1" | "MX2" => "MEX",
        other => other,
    }
}

/// The place of a name in a list that grows.
fn place(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|n| n == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}

/// The columns of a file.
struct Columns {
    regions: Vec<String>,
    sectors: Vec<String>,
    slots: Vec<Slot>,
    /// The labels of industries, with region and sector.
    labels: HashMap<String, (usize, usize)>,
}

impl Columns {
    fn read(sheet: &Sheet) -> Result<Self, ImportError> {
        let (mut regions, mut sectors) = (Vec::new(), Vec::new());
        let mut read = Vec::new();
        for label in &sheet.header()[1..] {
            if OUTPUT.contains(&label.as_str()) {
                read.push((0, None, Slot::Output));
                continue;
            }
            if label == "DISC" {
                read.push((0, None, Slot::Discrepancy));
                continue;
            }
            let (code, what) = label
                .split_once('_')
                .filter(|(code, what)| code.len() == 3 && !what.is_empty())
                .ok_or_else(|| {
                    sheet.header_error(format!(
                        "column `{label}` is not `CCC_INDUSTRY`, final demand or `OUT`"
                    ))
                })?;
            let region = place(&mut regions, country(code));
            if FINAL.contains(&what) {
                read.push((region, None, Slot::Final(region)));
            } else {
                let sector = place(&mut sectors, what);
                read.push((region, Some((label, sector)), Slot::Use(0)));
            }
        }
        let s = sectors.len();
        let mut labels = HashMap::new();
        let mut slots = Vec::with_capacity(read.len());
        for (region, industry, slot) in read {
            slots.push(match industry {
                Some((label, sector)) => {
                    labels.insert(label.clone(), (region, sector));
                    Slot::Use(region * s + sector)
                }
                None => slot,
            });
        }
        if !slots.iter().any(|slot| matches!(slot, Slot::Output)) {
            return Err(sheet.header_error("no column `OUT` of output".to_owned()));
        }
        if !slots.iter().any(|slot| matches!(slot, Slot::Final(_))) || labels.is_empty() {
            return Err(sheet.header_error(
                "no columns of industries (`CCC_INDUSTRY`) and final demand (`CCC_HFCE`)"
                    .to_owned(),
            ));
        }
        Ok(Self {
            regions,
            sectors,
            slots,
            labels,
        })
    }
}

/// Reads a table and writes the economy folder into the stage.
///
/// # Errors
/// A file that is not the OECD's table; rows or columns that do not add up to their output; names of the mapping, the
/// tariffs or the elasticities that do not fit.
pub fn import(
    input: Input,
    choices: &Choices<'_>,
    stage: &mut Stage,
) -> Result<Economy, ImportError> {
    let year = year_of(choices, input.name())?;
    let mut sheet = Sheet::open(input)?;
    let Columns {
        regions,
        sectors,
        slots,
        mut labels,
    } = Columns::read(&sheet)?;
    let mut world = World::new(&regions, &sectors, choices)?;
    let mut uses = vec![0.0; regions.len() * sectors.len()];
    let mut finals = vec![0.0; regions.len()];
    // What every column adds up to, and what the last row says it should.
    let mut sums = vec![0.0; slots.len()];
    let mut outputs: Option<Vec<f64>> = None;
    // What the last column says of each industry.
    let mut of_rows: HashMap<String, f64> = HashMap::new();
    let mut value_added: Option<f64> = None;
    while sheet.next()? {
        let label = sheet.text(0)?.to_owned();
        let industry = labels.remove(&label);
        let is = |names: &[&str]| names.contains(&label.as_str());
        if let Some((region, sector)) = industry {
            uses.fill(0.0);
            finals.fill(0.0);
            let (mut sum, mut output) = (0.0, 0.0);
            for (c, slot) in slots.iter().enumerate() {
                let value = sheet.number(c + 1)?;
                sums[c] += value;
                match slot {
                    Slot::Output => output = value,
                    Slot::Discrepancy => sum += value,
                    Slot::Use(at) => {
                        uses[*at] += value;
                        sum += value;
                    }
                    Slot::Final(at) => {
                        finals[*at] += value;
                        sum += value;
                    }
                }
            }
            sheet.agree(&format!("the sum of row {label}"), sum, output)?;
            world.row(region, sector, &uses, &finals);
            of_rows.insert(label, output);
            continue;
        }
        if is(&OUTPUT) {
            // Only industries have an output; below final demand stands what it spends in all, or nothing.
            let cell = |c: usize| match slots[c] {
                Slot::Use(_) => sheet.number(c + 1),
                _ => Ok(0.0),
            };
            outputs = Some((0..slots.len()).map(cell).collect::<Result<_, _>>()?);
        } else if is(&VALUE_ADDED) || label == "TLS" || label.ends_with("_TAXSUB") {
            let mut row = 0.0;
            for (c, slot) in slots.iter().enumerate() {
                if let Slot::Use(_) = slot {
                    let value = sheet.number(c + 1)?;
                    sums[c] += value;
                    row += value;
                }
            }
            if is(&VALUE_ADDED) {
                value_added = Some(row);
            }
        } else {
            return Err(sheet.row_error(format!(
                "`{label}` is the name of no column that is still to come, and neither TLS, VA nor OUT"
            )));
        }
    }
    let mut missing: Vec<String> = labels.into_keys().collect();
    missing.sort_unstable();
    if let Some(first) = missing.first() {
        return Err(sheet.whole(format!(
            "{} rows are missing, such as {first}: the file is cut off, or {first} is final demand of a new kind",
            missing.len()
        )));
    }
    let (Some(outputs), Some(value_added)) = (outputs, value_added) else {
        return Err(sheet.whole("the last rows, VA and OUT, are missing: the file is cut off"));
    };
    for (c, slot) in slots.iter().enumerate() {
        if let Slot::Use(_) = slot {
            let label = &sheet.header()[c + 1];
            sheet.agree(&format!("the sum of column {label}"), sums[c], outputs[c])?;
            // Labels of columns that were exchanged show only here.
            let of_row = of_rows.get(label).copied().unwrap_or_default();
            let what =
                format!("the output of {label} in the last row, as against the last column,");
            sheet.agree(&what, outputs[c], of_row)?;
        }
    }
    world.write(
        stage,
        choices,
        &Described {
            table: "OECD ICIO",
            source: &format!("OECD, Inter-Country Input-Output Tables, {year}"),
            unit: "million USD",
            year,
            value_added: Some(value_added),
        },
    )
}
