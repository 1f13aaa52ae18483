//! `winset simulate`: what a shock does to an economy.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use winset::world::{
    DisplacedRow, IncomeSpread, Incomes, Outcome, SectorRow, default_elasticities, flows,
};
use winset_io::write_whole;
use winset_trade::draws::{Elasticities, Uncertainty};
use winset_trade::{Economy, Equilibrium, Model, Numeraire, Options, Shock, TradeError, Workspace};

use super::args::SimulateArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::economy::{named, table};
use super::failure::Failure;

pub(crate) fn run(args: &SimulateArgs, console: &Console) -> Result<(), Failure> {
    let economy = named(&args.economy)?;
    let elasticities = elasticities(&economy, args.elasticities.as_deref())?;
    let shock = shock(&args.shock, &economy)?;
    let mut options = Options::new(elasticities.clone())
        .closure(args.deficits.into())
        .labour_supply(args.labour_supply)
        .input_output(!args.no_inputs);
    if let Some(region) = &args.numeraire {
        options = options.numeraire(Numeraire::Wage(region.clone()));
    }
    let model = Model::new(&economy, options.clone())?;
    let solved = model
        .solve(&shock, &mut Workspace::new(), None)
        .map_err(|error| in_shock(&args.shock, error))?;
    let deficits = format!("{:?}", args.deficits).to_lowercase();
    let answer = Outcome::new(&economy, &elasticities, &deficits, &solved);
    let drawn = args.draws.map(|count| {
        let uncertainty = Uncertainty {
            elasticities: Elasticities::LogNormal(args.spread),
            inputs: args.spread_inputs,
            barriers: args.spread_barriers,
            seed: args.seed,
        };
        Incomes::of(&economy, &options, &shock, &uncertainty, 0..count)
    });
    let drawn = drawn.transpose()?;
    if let Some(out) = &args.out {
        write_tables(out, &answer, &solved, drawn.as_ref())?;
    }
    let said = Said {
        outcome: &answer,
        draws: drawn.as_ref().map(|drawn| Drawn {
            count: args.draws.unwrap_or_default(),
            failed: drawn.failed.len(),
            regions: drawn.spreads(),
        }),
    };
    console.answer(|| &said, || text(&said))
}

/// The answer, and what the draws say of it.
#[derive(Serialize)]
struct Said<'a> {
    #[serde(flatten)]
    outcome: &'a Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    draws: Option<Drawn>,
}

#[derive(Serialize)]
struct Drawn {
    count: u64,
    /// Draws without an equilibrium.
    failed: usize,
    regions: Vec<IncomeSpread>,
}

/// The set that was named; else the middle one, else the only one. Which to use is never guessed.
pub(crate) fn elasticities(economy: &Economy, named: Option<&str>) -> Result<String, Failure> {
    if let Some(name) = named {
        return Ok(name.to_owned());
    }
    default_elasticities(economy).map_err(|several| {
        Failure::Usage(format!(
            "this economy has several sets of elasticities: choose one with --elasticities (there are: {})",
            several.join(", ")
        ))
    })
}

/// Reads a shock and looks up every name in it, so that a wrong one is told with its row.
pub(crate) fn shock(path: &Path, economy: &Economy) -> Result<Shock, Failure> {
    let name = path.display();
    let shock = Shock::from_table(&table(path, "kind, origin, destination, sector, value")?)?;
    for (number, row) in shock.rows().iter().enumerate() {
        let known = row.check_names(economy);
        known.map_err(|error| Failure::input(format!("{name}: row {}: {error}", number + 1)))?;
    }
    Ok(shock)
}

/// What the model says of a shock, with the file that holds it.
fn in_shock(path: &Path, error: TradeError) -> Failure {
    match error {
        TradeError::Shock(_) | TradeError::Purchase { .. } | TradeError::Unknown { .. } => {
            Failure::input(format!("{}: {error}", path.display()))
        }
        other => other.into(),
    }
}

/// A name as a CSV cell.
fn cell(name: &str) -> String {
    if name.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

/// A CSV table of names and numbers.
fn csv<'a>(header: &str, rows: impl Iterator<Item = (Vec<&'a str>, Vec<f64>)>) -> String {
    let mut out = format!("{header}\n");
    for (names, numbers) in rows {
        let cells = names.iter().map(|name| cell(name));
        let cells: Vec<String> = cells.chain(numbers.iter().map(f64::to_string)).collect();
        let _ = writeln!(out, "{}", cells.join(","));
    }
    out
}

fn write_tables(
    out: &Path,
    answer: &Outcome,
    e: &Equilibrium,
    drawn: Option<&Incomes>,
) -> Result<(), Failure> {
    let regions = answer.regions.iter().map(|r| {
        let numbers = [
            r.real_income_pct,
            r.ev_busd,
            r.terms_of_trade_pct,
            r.volume_of_trade_pct,
            r.efficiency_pct,
            r.transfer_pct,
            r.wage,
            r.real_wage_pct,
            r.relative_wage_pct,
            r.price_index,
            r.labour,
            r.revenue_busd,
            r.revenue_change_busd,
            r.deficit_busd,
        ];
        (vec![r.region.as_str()], numbers.to_vec())
    });
    let sectors = answer.sectors.iter().map(|s| {
        let numbers = [
            s.output_pct,
            s.output_busd,
            s.value_added_busd,
            s.employment_pct,
        ];
        (vec![s.region.as_str(), s.sector.as_str()], numbers.to_vec())
    });
    let trade = flows(e).map(|f| {
        let names = vec![f.origin, f.destination, f.sector];
        (names, vec![f.value_busd, f.base_busd, f.tariff])
    });
    let purchases = answer.purchases.iter().map(|p| {
        let numbers = [
            p.wedge,
            p.cost_busd,
            p.flow_busd,
            p.additional_flow_busd,
            p.net_additional_exports_busd,
            p.importer_ev_busd,
            p.exporter_ev_busd,
        ];
        (
            vec![&*p.origin, &*p.destination, &*p.sector],
            numbers.to_vec(),
        )
    });
    let mut tables = vec![
        (
            "regions.csv",
            csv(
                "region,real_income_pct,ev_busd,terms_of_trade_pct,volume_of_trade_pct,efficiency_pct,transfer_pct,wage,\
                 real_wage_pct,relative_wage_pct,price_index,labour,revenue_busd,revenue_change_busd,deficit_busd",
                regions,
            ),
        ),
        (
            "sectors.csv",
            csv(
                "region,sector,output_pct,output_busd,value_added_busd,employment_pct",
                sectors,
            ),
        ),
        (
            "trade.csv",
            csv(
                "origin,destination,sector,value_busd,base_busd,tariff",
                trade,
            ),
        ),
    ];
    if !answer.purchases.is_empty() {
        let header = "origin,destination,sector,wedge,cost_busd,flow_busd,additional_flow_busd,net_additional_exports_busd,\
                      importer_ev_busd,exporter_ev_busd";
        tables.push(("purchases.csv", csv(header, purchases)));
    }
    if let Some(drawn) = drawn {
        let mut table = "draw,region,real_income_pct,ev_busd\n".to_owned();
        for row in drawn.rows() {
            let region = cell(row.region);
            let _ = writeln!(
                table,
                "{},{region},{},{}",
                row.draw, row.real_income_pct, row.ev_busd
            );
        }
        tables.push(("draws.csv", table));
    }
    fs::create_dir_all(out).with_context(|| format!("making the folder {}", out.display()))?;
    for (name, text) in tables {
        let path = out.join(name);
        write_whole(&path, text.as_bytes())
            .with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn text(said: &Said<'_>) -> String {
    let answer = said.outcome;
    let mut out = format!(
        "{}, elasticities {}, deficits {}\n{}: residual {:.1e} after {} steps, {:.3} s\n\n",
        answer.economy,
        answer.elasticities,
        answer.deficits,
        answer.status,
        answer.residual,
        answer.iterations,
        answer.seconds
    );
    let mut table = Columns::new(&[
        ("region", Side::Left),
        ("real income %", Side::Right),
        ("EV bn USD", Side::Right),
        ("terms of trade %", Side::Right),
        ("volume %", Side::Right),
        ("efficiency %", Side::Right),
        ("wage", Side::Right),
        ("prices", Side::Right),
        ("revenue bn USD", Side::Right),
    ]);
    for r in &answer.regions {
        table.row([
            r.region.clone(),
            format!("{:.3}", r.real_income_pct),
            format!("{:.2}", r.ev_busd),
            format!("{:.3}", r.terms_of_trade_pct),
            format!("{:.3}", r.volume_of_trade_pct),
            format!("{:.3}", r.efficiency_pct),
            format!("{:.4}", r.wage),
            format!("{:.4}", r.price_index),
            format!("{:.2}", r.revenue_busd),
        ]);
    }
    out.push_str(&table.to_string());
    if let Some(drawn) = &said.draws {
        out.push_str(&text_of_draws(drawn));
    }
    let mut moved: Vec<&SectorRow> = answer.sectors.iter().collect();
    moved.sort_by(|a, b| b.output_busd.abs().total_cmp(&a.output_busd.abs()));
    let mut table = Columns::new(&[
        ("region", Side::Left),
        ("sector", Side::Left),
        ("output %", Side::Right),
        ("output bn USD", Side::Right),
    ]);
    for s in moved.iter().take(10) {
        table.row([
            s.region.clone(),
            s.sector.clone(),
            format!("{:.2}", s.output_pct),
            format!("{:.2}", s.output_busd),
        ]);
    }
    out.push_str("\nThe ten sectors that move most, at prices of the base year:\n");
    out.push_str(&table.to_string());
    for p in &answer.purchases {
        let _ = writeln!(
            out,
            "\npurchase of {} by {} from {}: flow {:.2} bn USD, {:.2} more than without, {:.2} of it net additional exports; wedge \
             {:.1} %, which costs the buyer's government {:.2} bn; EV {:+.2} bn for {}, {:+.2} bn for {}",
            p.sector,
            p.destination,
            p.origin,
            p.flow_busd,
            p.additional_flow_busd,
            p.net_additional_exports_busd,
            100.0 * p.wedge,
            p.cost_busd,
            p.importer_ev_busd,
            p.destination,
            p.exporter_ev_busd,
            p.origin,
        );
        let mut displaced: Vec<&DisplacedRow> = p.displaced.iter().collect();
        displaced.sort_by(|a, b| a.change_busd.total_cmp(&b.change_busd));
        let most = displaced.iter().take(4).filter(|d| d.change_busd < 0.0);
        let most: Vec<String> = most
            .map(|d| format!("{} {:.2}", d.supplier, d.change_busd))
            .collect();
        if !most.is_empty() {
            let _ = writeln!(out, "displaced most, bn USD: {}", most.join(", "));
        }
    }
    out.push_str("\nWages and prices are ratios to the base year, revenue is the new level; --json or --out for all.\n");
    out
}

fn text_of_draws(drawn: &Drawn) -> String {
    let mut table = Columns::new(&[
        ("region", Side::Left),
        ("5 %", Side::Right),
        ("median", Side::Right),
        ("95 %", Side::Right),
        ("gains in", Side::Right),
    ]);
    for spread in &drawn.regions {
        table.row([
            spread.region.clone(),
            format!("{:.3}", spread.low_pct),
            format!("{:.3}", spread.median_pct),
            format!("{:.3}", spread.high_pct),
            format!("{:.0} %", 100.0 * spread.gains),
        ]);
    }
    let failed = match drawn.failed {
        0 => String::new(),
        n => format!(" ({n} more have no equilibrium)"),
    };
    let count = drawn.count - drawn.failed as u64;
    format!("\nReal income, %, over {count} draws{failed}:\n{table}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_commas_stay_one_cell() {
        assert_eq!(cell("C29"), "C29");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
