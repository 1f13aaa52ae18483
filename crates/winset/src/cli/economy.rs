//! `winset economy`: economy folders checked, merged, made from tables that do not agree.

use std::fs;
use std::path::Path;

use serde_json::json;
use winset::world::load_economy;
use winset_io::{Problem, Problems, Table};
use winset_trade::{Economy, Form, Mapping, RegionAccounts};

use super::args::{EconomyArgs, EconomyCommand, TableForm};
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &EconomyArgs, console: &Console) -> Result<(), Failure> {
    match &args.what {
        EconomyCommand::Check { economy } => check(economy, console),
        EconomyCommand::Aggregate {
            economy,
            mapping,
            out,
            form,
        } => {
            let merged =
                named(economy)?.aggregate(&Mapping::from_table(&mapping_table(mapping)?)?)?;
            write(&merged, out, *form, console)
        }
        EconomyCommand::Import {
            tables,
            elasticities,
            out,
            form,
        } => {
            let closed = Economy::import_folder(tables, elasticities)?;
            write(&closed, out, *form, console)
        }
    }
}

/// A folder, or an embedded economy by its number of regions.
pub(crate) fn named(name: &Path) -> Result<Economy, Failure> {
    if name.is_dir() {
        return Ok(Economy::from_folder(name)?);
    }
    match name.to_str().and_then(|text| text.parse::<u32>().ok()) {
        Some(regions) => Ok(load_economy(regions)?),
        None => Err(Failure::input(format!(
            "no economy `{}`: name a folder that holds economy.toml, or 17 or 77 for an embedded one",
            name.display()
        ))),
    }
}

/// A CSV or Parquet table that a command was given; `columns` says in a message what it should hold.
pub(crate) fn table(path: &Path, columns: &str) -> Result<Table, Failure> {
    let name = path.display().to_string();
    let bytes = fs::read(path)
        .map_err(|error| Failure::input(format!("{name}: {error} (name a table of {columns})")))?;
    Table::from_bytes(&name, bytes).map_err(Failure::input)
}

/// A mapping that a command was given, a text of the user's own: lines that begin with `#` are remarks.
pub(crate) fn mapping_table(path: &Path) -> Result<Table, Failure> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| {
        Failure::input(format!("{name}: {error} (name a table of kind, from, to)"))
    })?;
    Table::from_bytes_with_remarks(&name, bytes).map_err(Failure::input)
}

fn check(name: &Path, console: &Console) -> Result<(), Failure> {
    if name.is_dir() {
        let faults = Economy::faults_of_folder(name);
        if !faults.is_empty() {
            let problems = faults.iter().map(|f| Problem::general(f.to_string()));
            return Err(Problems(problems.collect()).into());
        }
    }
    let economy = named(name)?;
    let accounts = economy.accounts()?;
    let sets: Vec<&str> = economy.elasticity_names().collect();
    let info = economy.info();
    let row = |a: &RegionAccounts| {
        json!({
            "region": a.region,
            "output_busd": a.output_busd,
            "value_added_busd": a.value_added_busd,
            "final_demand_busd": a.final_demand_busd,
            "revenue_busd": a.revenue_busd,
            "deficit_busd": a.deficit_busd,
        })
    };
    console.answer(
        || {
            json!({
                "name": info.name,
                "year": info.year,
                "source": info.source,
                "regions": accounts.iter().map(row).collect::<Vec<_>>(),
                "sectors": economy.sectors(),
                "inputs": economy.has_inputs(),
                "elasticities": sets,
            })
        },
        || {
            let mut columns = Columns::new(&[
                ("region", Side::Left),
                ("output", Side::Right),
                ("value added", Side::Right),
                ("final demand", Side::Right),
                ("tariff revenue", Side::Right),
                ("deficit", Side::Right),
            ]);
            for a in &accounts {
                let numbers = [
                    a.output_busd,
                    a.value_added_busd,
                    a.final_demand_busd,
                    a.revenue_busd,
                    a.deficit_busd,
                ];
                let mut row = vec![a.region.clone()];
                row.extend(numbers.map(|x| format!("{x:.1}")));
                columns.row(row);
            }
            let with = if economy.has_inputs() {
                "with input–output links"
            } else {
                "without input–output links"
            };
            format!(
                "{}, {}: {} regions, {} sectors, {with}; elasticities {}\nsource: {}\nThe accounts close; billion USD a year:\n\n{columns}",
                info.name,
                info.year,
                accounts.len(),
                economy.sectors().len(),
                sets.join(", "),
                info.source
            )
        },
    )
}

fn write(economy: &Economy, out: &Path, form: TableForm, console: &Console) -> Result<(), Failure> {
    let form = match form {
        TableForm::Csv => Form::Csv,
        TableForm::Parquet => Form::Parquet,
    };
    economy.write_folder(out, form)?;
    let (regions, sectors) = (economy.regions().len(), economy.sectors().len());
    let shown = out.display().to_string();
    console.answer(
        || json!({"out": shown, "regions": regions, "sectors": sectors}),
        || format!("{regions} regions and {sectors} sectors into {shown}"),
    )
}
