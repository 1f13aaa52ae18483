//! The tables that `winset simulate --out` writes.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use winset::world::{Incomes, Outcome, PartRow, Simulated, StructureOutcome, StructureRow, flows};
use winset_io::write_whole;
use winset_trade::Equilibrium;

use super::failure::Failure;

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

/// The tables that an answer may have.
const TABLES: [&str; 7] = [
    "balances.csv",
    "regions.csv",
    "sectors.csv",
    "trade.csv",
    "purchases.csv",
    "draws.csv",
    "parts.csv",
];

/// Writes the tables of an answer into a folder.
pub(super) fn write(
    out: &Path,
    answer: &Simulated,
    drawn: Option<&Incomes>,
    parts: Option<&[PartRow]>,
) -> Result<(), Failure> {
    let mut tables = match answer {
        Simulated::Model(solved) => of_model(&solved.0, &solved.1),
        Simulated::Structure(outcome) => vec![("regions.csv", of_structure(outcome))],
    };
    if let Some(drawn) = drawn {
        tables.push(("draws.csv", of_draws(drawn)));
    }
    if let Some(parts) = parts {
        tables.push(("parts.csv", of_parts(parts)));
    }
    fs::create_dir_all(out).with_context(|| format!("making the folder {}", out.display()))?;
    // What an earlier answer left and this one does not have would be taken for this one's.
    for name in TABLES {
        let path = out.join(name);
        if !tables.iter().any(|(written, _)| *written == name) && path.exists() {
            fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    for (name, text) in tables {
        let path = out.join(name);
        write_whole(&path, text.as_bytes())
            .with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn of_parts(parts: &[PartRow]) -> String {
    let rows = parts.iter().flat_map(|part| {
        part.regions.iter().map(move |r| {
            let names = vec![part.part.as_str(), r.region.as_str()];
            (names, vec![r.real_income_pct, r.alone_pct, r.last_pct])
        })
    });
    csv("part,region,real_income_pct,alone_pct,last_pct", rows)
}

fn of_draws(drawn: &Incomes) -> String {
    let mut table = "draw,region,real_income_pct,ev_busd\n".to_owned();
    for row in drawn.rows() {
        let region = cell(row.region);
        let _ = writeln!(
            table,
            "{},{region},{},{}",
            row.draw, row.real_income_pct, row.ev_busd
        );
    }
    table
}

fn of_structure(outcome: &StructureOutcome) -> String {
    let columns = ["relative_wage_pct", "profits_pct", "labour"];
    let known = |r: &StructureRow| [r.relative_wage_pct, r.profits_pct, r.labour];
    let names = |r: &StructureRow| {
        columns
            .into_iter()
            .zip(known(r))
            .filter_map(|(n, x)| x.map(|_| n))
    };
    let some: Vec<&str> = outcome
        .regions
        .first()
        .into_iter()
        .flat_map(names)
        .collect();
    let header = format!(
        "region,real_income_pct,welfare_pct,wage,price_index,revenue_busd,{}",
        some.join(",")
    );
    let rows = outcome.regions.iter().map(|r| {
        let mut numbers = vec![
            r.real_income_pct,
            r.welfare_pct,
            r.wage,
            r.price_index,
            r.revenue_busd,
        ];
        numbers.extend(known(r).into_iter().flatten());
        (vec![r.region.as_str()], numbers)
    });
    csv(&header, rows)
}

fn of_model(answer: &Outcome, e: &Equilibrium) -> Vec<(&'static str, String)> {
    let regions = answer.regions.iter().map(|r| {
        let numbers = [
            r.real_income_pct,
            r.welfare_pct,
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
    let balances = answer.trade.iter().map(|t| {
        let names = vec![t.origin.as_str(), t.destination.as_str()];
        (names, vec![t.goods_balance_busd, t.base_goods_balance_busd])
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
            p.joint as f64,
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
                "region,real_income_pct,welfare_pct,ev_busd,terms_of_trade_pct,volume_of_trade_pct,efficiency_pct,transfer_pct,wage,\
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
        (
            "balances.csv",
            csv(
                "origin,destination,goods_balance_busd,base_goods_balance_busd",
                balances,
            ),
        ),
    ];
    if !answer.purchases.is_empty() {
        let header = "origin,destination,sector,wedge,cost_busd,flow_busd,additional_flow_busd,net_additional_exports_busd,\
                      importer_ev_busd,exporter_ev_busd,joint";
        tables.push(("purchases.csv", csv(header, purchases)));
    }
    tables
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
