//! World Input-Output Database: the wide table of the 2016 release (`IndustryCode, …, vAUS1, …, TOT`) and the long tables of the
//! 2013 release (`row_country, row_item, col_country, col_item, value`, or `origin, sector, dest, use, value_musd`). Million USD.
//!
//! Column `TOT` is what a row adds up to; rows of country `TOT` are what a column adds up to: intermediate consumption (`II_fob`,
//! `r60`), taxes, margins and value added beside it, and output (`GO`, `r69`) as the sum of all.

use crate::error::ImportError;
use crate::input::Input;
use crate::sheet::Sheet;
use crate::stage::Stage;
use crate::world::{Choices, Described, Economy, year_of};

mod long;
mod wide;

/// Reads a table and writes the economy folder into the stage.
///
/// # Errors
/// A file that is not the WIOD's; rows or columns that do not add up to the totals that it states; names of the mapping, tariffs or
/// elasticities that do not fit.
pub fn import(
    input: Input,
    choices: &Choices<'_>,
    stage: &mut Stage,
) -> Result<Economy, ImportError> {
    let file = input.name().to_owned();
    let sheet = Sheet::open(input)?;
    if sheet.has("IndustryCode") {
        wide::read(sheet, choices, stage)
    } else {
        let year = year_of(choices, &file)?;
        long::read(sheet, choices, year, stage)
    }
}

fn described<'a>(
    release: &'a str,
    source: &'a str,
    year: i32,
    value_added: Option<f64>,
) -> Described<'a> {
    Described {
        table: release,
        source,
        unit: "million USD",
        year,
        value_added,
    }
}

/// What an industry's column adds up to, and what the rows of country `TOT` say that it should.
#[derive(Clone, Default)]
struct Column {
    /// Inputs from all industries.
    inputs: f64,
    /// Taxes, margins and value added.
    beside: f64,
    intermediate: Option<f64>,
    output: Option<f64>,
}

impl Column {
    /// Takes what a row of country `TOT` says.
    fn state(&mut self, item: &str, value: f64) {
        match item.strip_prefix(['r', 'c']).unwrap_or(item) {
            "II_fob" | "60" => self.intermediate = Some(value),
            "GO" | "69" => self.output = Some(value),
            _ => self.beside += value,
        }
    }

    fn agree(&self, sheet: &Sheet, name: &str) -> Result<(), ImportError> {
        if let Some(stated) = self.intermediate {
            let what = format!("the sum of the industries in column {name}");
            sheet.agree(&what, self.inputs, stated)?;
        }
        if let Some(stated) = self.output {
            let what = format!("the sum of column {name}");
            sheet.agree(&what, self.inputs + self.beside, stated)?;
        }
        Ok(())
    }
}
