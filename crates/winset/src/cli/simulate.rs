//! `winset simulate`: what a shock does to an economy.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use winset_io::write_whole;
use winset_trade::{Economy, Equilibrium, Model, Numeraire, Options, Shock, TradeError, Workspace};

use super::args::SimulateArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::economy::{named, table};
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

/// A region: `wage`, `price_index` and `labour` are ratios to the base year, revenue and deficit are new levels. Real income is
/// exact; terms of trade and volume of trade are the first-order terms of Caliendo and Parro (2015), efficiency
/// and transfer what is left and what is given.
#[derive(Serialize)]
struct RegionRow<'a> {
    region: &'a str,
    real_income_pct: f64,
    ev_busd: f64,
    terms_of_trade_pct: f64,
    volume_of_trade_pct: f64,
    efficiency_pct: f64,
    transfer_pct: f64,
    wage: f64,
    real_wage_pct: f64,
    relative_wage_pct: f64,
    price_index: f64,
    labour: f64,
    revenue_busd: f64,
    revenue_change_busd: f64,
    deficit_busd: f64,
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
    employment_pct: f64,
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
    importer_ev_busd: f64,
    exporter_ev_busd: f64,
    displaced: Vec<DisplacedRow<'a>>,
}

/// Another supplier of the buyer: the change of what it sells there.
#[derive(Serialize)]
struct DisplacedRow<'a> {
    supplier: &'a str,
    change_busd: f64,
}

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
        write_tables(out, &answer, &solved)?;
    }
    console.answer(|| &answer, || text(&answer))
}

/// The set that was named; else the middle one, else the only one. Which to use is never guessed.
pub(crate) fn elasticities(economy: &Economy, named: Option<&str>) -> Result<String, Failure> {
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
        efficiency_pct: e.efficiency_pct(r),
        transfer_pct: e.transfer_pct(r),
        wage: e.wage_hat(r),
        real_wage_pct: e.real_wage_pct(r),
        relative_wage_pct: e.relative_wage_pct(r),
        labour: e.labour_hat(r),
        price_index: e.price_index_hat(r),
        revenue_busd: e.revenue_busd(r),
        revenue_change_busd: e.revenue_change_busd(r),
        deficit_busd: e.deficit_busd(r),
    };
    let sector = |r, region, s, sector| SectorRow {
        region,
        sector,
        output_pct: e.output_pct(r, s),
        output_busd: e.output_busd(r, s),
        value_added_busd: e.value_added_busd(r, s),
        employment_pct: e.employment_pct(r, s),
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
                importer_ev_busd: p.importer_ev_busd,
                exporter_ev_busd: p.exporter_ev_busd,
                displaced: (p.displaced.iter())
                    .map(|(supplier, change_busd)| DisplacedRow {
                        supplier,
                        change_busd: *change_busd,
                    })
                    .collect(),
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

fn write_tables(out: &Path, answer: &Answer<'_>, e: &Equilibrium) -> Result<(), Failure> {
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
        (vec![r.region], numbers.to_vec())
    });
    let sectors = answer.sectors.iter().map(|s| {
        let numbers = [
            s.output_pct,
            s.output_busd,
            s.value_added_busd,
            s.employment_pct,
        ];
        (vec![s.region, s.sector], numbers.to_vec())
    });
    let names = (e.regions(), e.sectors());
    let cells = (0..names.0.len()).flat_map(|o| {
        (0..names.0.len()).flat_map(move |d| (0..names.1.len()).map(move |s| (o, d, s)))
    });
    let trade = cells.filter_map(|(o, d, s)| {
        let (base, value) = (e.base_flow_busd(o, d, s), e.flow_busd(o, d, s));
        let traded = base != 0.0 || value != 0.0;
        let who = [&names.0[o], &names.0[d], &names.1[s]];
        traded.then(|| {
            (
                who.map(String::as_str).to_vec(),
                vec![value, base, e.tariff(o, d, s)],
            )
        })
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
        (vec![p.origin, p.destination, p.sector], numbers.to_vec())
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
    fs::create_dir_all(out).with_context(|| format!("making the folder {}", out.display()))?;
    for (name, text) in tables {
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
        ("efficiency %", Side::Right),
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
            format!("{:.3}", r.efficiency_pct),
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
        let mut displaced: Vec<&DisplacedRow<'_>> = p.displaced.iter().collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_commas_stay_one_cell() {
        assert_eq!(cell("C29"), "C29");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
