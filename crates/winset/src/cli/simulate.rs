//! `winset simulate`: what a shock does to an economy.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use winset::world::load_economy;
use winset_io::{Table, write_whole};
use winset_trade::{Closure, Economy, Equilibrium, Model, Options, Shock, TradeError, Workspace};

use super::args::{Deficits, SimulateArgs};
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

/// The set of elasticities where none is named and there are several: one elasticity of 4 for all sectors.
const MIDDLE: &str = "U4";

/// What is printed. Money is billion USD a year at the numeraire (the world's labour income is constant).
#[derive(Serialize)]
struct Answer<'a> {
    status: &'static str,
    residual: f64,
    iterations: usize,
    seconds: f64,
    economy: &'a str,
    elasticities: &'a str,
    deficits: String,
    regions: Vec<RegionRow<'a>>,
    sectors: Vec<SectorRow<'a>>,
    trade: Vec<TradeRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    purchases: Vec<PurchaseRow<'a>>,
}

/// A region: `wage` and `price_index` are ratios to the base year, revenue is the new level.
#[derive(Serialize)]
struct RegionRow<'a> {
    region: &'a str,
    real_income_pct: f64,
    ev_busd: f64,
    terms_of_trade_pct: f64,
    volume_of_trade_pct: f64,
    wage: f64,
    price_index: f64,
    revenue_busd: f64,
    revenue_change_busd: f64,
}

/// A sector of a region: change of the quantity of gross output in per cent and at base-year prices, and of value
/// added in units of the numeraire.
#[derive(Serialize)]
struct SectorRow<'a> {
    region: &'a str,
    sector: &'a str,
    output_pct: f64,
    output_busd: f64,
    value_added_busd: f64,
}

/// Trade between two regions over all sectors, net of tariffs.
#[derive(Serialize)]
struct TradeRow<'a> {
    origin: &'a str,
    destination: &'a str,
    value_busd: f64,
    base_busd: f64,
}

/// What a purchase target took.
#[derive(Serialize)]
struct PurchaseRow<'a> {
    origin: &'a str,
    destination: &'a str,
    sector: &'a str,
    wedge: f64,
    cost_busd: f64,
    flow_busd: f64,
    additional_flow_busd: f64,
    net_additional_exports_busd: f64,
}

pub(crate) fn run(args: &SimulateArgs, console: &Console) -> Result<(), Failure> {
    let economy = economy(&args.economy)?;
    let elasticities = elasticities(&economy, args.elasticities.as_deref())?;
    let shock = shock(&args.shock, &economy)?;
    let closure = match args.deficits {
        Deficits::Fixed => Closure::Fixed,
        Deficits::Zero => Closure::Zero,
        Deficits::Proportional => Closure::Proportional,
    };
    let options = Options::new(elasticities.clone())
        .closure(closure)
        .labour_supply(args.labour_supply);
    let model = Model::new(&economy, options)?;
    let solved = model
        .solve(&shock, &mut Workspace::new(), None)
        .map_err(|error| in_shock(&args.shock, error))?;
    let answer = Answer {
        economy: &economy.info().name,
        elasticities: &elasticities,
        deficits: format!("{:?}", args.deficits).to_lowercase(),
        ..answer(&solved)
    };
    if let Some(out) = &args.out {
        write_tables(out, &answer)?;
    }
    console.answer(|| &answer, || text(&answer))
}

/// A folder, or an embedded economy by its number of regions.
fn economy(name: &Path) -> Result<Economy, Failure> {
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

/// The set that was named; else the middle one, else the only one. Which to use is never guessed.
fn elasticities(economy: &Economy, named: Option<&str>) -> Result<String, Failure> {
    if let Some(name) = named {
        return Ok(name.to_owned());
    }
    let names: Vec<&str> = economy.elasticity_names().collect();
    match names.as_slice() {
        [only] => Ok((*only).to_owned()),
        several if several.contains(&MIDDLE) => Ok(MIDDLE.to_owned()),
        several => Err(Failure::Usage(format!(
            "this economy has several sets of elasticities: choose one with --elasticities (there are: {})",
            several.join(", ")
        ))),
    }
}

/// Reads a shock and looks up every name in it, so that a wrong one is told with its row.
fn shock(path: &Path, economy: &Economy) -> Result<Shock, Failure> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| {
        Failure::input(format!(
            "{name}: {error} (name a table of kind, origin, destination, sector, value)"
        ))
    })?;
    let table = Table::from_bytes(&name, bytes).map_err(Failure::input)?;
    let shock = Shock::from_table(&table)?;
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

fn answer(e: &Equilibrium) -> Answer<'_> {
    let (regions, sectors) = (e.regions(), e.sectors());
    let report = e.report();
    let mut trade = Vec::new();
    for (o, origin) in regions.iter().enumerate() {
        for (d, destination) in regions.iter().enumerate().filter(|(d, _)| *d != o) {
            let sum = |of: &dyn Fn(usize) -> f64| (0..sectors.len()).map(of).sum::<f64>();
            trade.push(TradeRow {
                origin,
                destination,
                value_busd: sum(&|s| e.flow_busd(o, d, s)),
                base_busd: sum(&|s| e.base_flow_busd(o, d, s)),
            });
        }
    }
    let region = |(r, region)| RegionRow {
        region,
        real_income_pct: e.real_income_pct(r),
        ev_busd: e.ev_busd(r),
        terms_of_trade_pct: e.terms_of_trade_pct(r),
        volume_of_trade_pct: e.volume_of_trade_pct(r),
        wage: e.wage_hat(r),
        price_index: e.price_index_hat(r),
        revenue_busd: e.revenue_busd(r),
        revenue_change_busd: e.revenue_change_busd(r),
    };
    let sector = |r, region, s, sector| SectorRow {
        region,
        sector,
        output_pct: e.output_pct(r, s),
        output_busd: e.output_busd(r, s),
        value_added_busd: e.value_added_busd(r, s),
    };
    Answer {
        status: "converged",
        residual: report.residual,
        iterations: report.iterations,
        seconds: report.seconds,
        economy: "",
        elasticities: "",
        deficits: String::new(),
        regions: regions
            .iter()
            .map(String::as_str)
            .enumerate()
            .map(region)
            .collect(),
        sectors: regions
            .iter()
            .enumerate()
            .flat_map(|(r, name)| {
                sectors
                    .iter()
                    .enumerate()
                    .map(move |(s, of)| sector(r, name, s, of))
            })
            .collect(),
        trade,
        purchases: e
            .purchases()
            .iter()
            .map(|p| PurchaseRow {
                origin: &p.exporter,
                destination: &p.importer,
                sector: &p.sector,
                wedge: p.wedge,
                cost_busd: p.cost_busd,
                flow_busd: p.flow_busd,
                additional_flow_busd: p.additional_flow_busd,
                net_additional_exports_busd: p.net_additional_exports_busd,
            })
            .collect(),
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

fn write_tables(out: &Path, answer: &Answer<'_>) -> Result<(), Failure> {
    let mut regions = String::from(
        "region,real_income_pct,ev_busd,terms_of_trade_pct,volume_of_trade_pct,wage,price_index,revenue_busd,revenue_change_busd\n",
    );
    for r in &answer.regions {
        let numbers = [
            r.real_income_pct,
            r.ev_busd,
            r.terms_of_trade_pct,
            r.volume_of_trade_pct,
            r.wage,
            r.price_index,
            r.revenue_busd,
            r.revenue_change_busd,
        ];
        let _ = writeln!(
            regions,
            "{},{}",
            cell(r.region),
            numbers.map(|x| x.to_string()).join(",")
        );
    }
    let mut sectors = String::from("region,sector,output_pct,output_busd,value_added_busd\n");
    for s in &answer.sectors {
        let numbers = [s.output_pct, s.output_busd, s.value_added_busd]
            .map(|x| x.to_string())
            .join(",");
        let _ = writeln!(sectors, "{},{},{numbers}", cell(s.region), cell(s.sector));
    }
    let mut trade = String::from("origin,destination,value_busd,base_busd\n");
    for t in &answer.trade {
        let _ = writeln!(
            trade,
            "{},{},{},{}",
            cell(t.origin),
            cell(t.destination),
            t.value_busd,
            t.base_busd
        );
    }
    fs::create_dir_all(out).with_context(|| format!("making the folder {}", out.display()))?;
    for (name, text) in [
        ("regions.csv", regions),
        ("sectors.csv", sectors),
        ("trade.csv", trade),
    ] {
        let path = out.join(name);
        write_whole(&path, text.as_bytes())
            .with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn text(answer: &Answer<'_>) -> String {
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
        ("wage", Side::Right),
        ("prices", Side::Right),
        ("revenue bn USD", Side::Right),
    ]);
    for r in &answer.regions {
        table.row([
            r.region.to_owned(),
            format!("{:.3}", r.real_income_pct),
            format!("{:.2}", r.ev_busd),
            format!("{:.3}", r.terms_of_trade_pct),
            format!("{:.3}", r.volume_of_trade_pct),
            format!("{:.4}", r.wage),
            format!("{:.4}", r.price_index),
            format!("{:.2}", r.revenue_busd),
        ]);
    }
    out.push_str(&table.to_string());
    let mut moved: Vec<&SectorRow<'_>> = answer.sectors.iter().collect();
    moved.sort_by(|a, b| b.output_busd.abs().total_cmp(&a.output_busd.abs()));
    let mut table = Columns::new(&[
        ("region", Side::Left),
        ("sector", Side::Left),
        ("output %", Side::Right),
        ("output bn USD", Side::Right),
    ]);
    for s in moved.iter().take(10) {
        table.row([
            s.region.to_owned(),
            s.sector.to_owned(),
            format!("{:.2}", s.output_pct),
            format!("{:.2}", s.output_busd),
        ]);
    }
    out.push_str("\nThe ten sectors that move most, at prices of the base year:\n");
    out.push_str(&table.to_string());
    for p in &answer.purchases {
        let _ = writeln!(
            out,
            "\npurchase of {} by {} from {}: flow {:.2} bn USD, {:.2} more than without; wedge {:.1} %, cost {:.2} bn",
            p.sector,
            p.destination,
            p.origin,
            p.flow_busd,
            p.additional_flow_busd,
            100.0 * p.wedge,
            p.cost_busd
        );
    }
    out.push_str("\nWages and prices are ratios to the base year, revenue is the new level; --json or --out for all.\n");
    out
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
