//! `winset simulate`: what a shock does to an economy.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use serde::Serialize;
use winset::world::{
    DisplacedRow, IncomeSpread, Incomes, Margin, Outcome, PartRow, SectorRow, SimulateQuestion,
    Simulated, Structure, StructureOutcome, default_elasticities, parts, simulate,
};
use winset_io::{Problem, Source, Table};
use winset_trade::decomposition::Part;
use winset_trade::draws::{Elasticities, Uncertainty};
use winset_trade::{Economy, Shock, ShockRow, TradeError};

use super::args::SimulateArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::economy::{named, table};
use super::failure::Failure;
use super::simulate_tables;

pub(crate) fn run(args: &SimulateArgs, console: &Console) -> Result<(), Failure> {
    let economy = named(&args.economy)?;
    let margins = match &args.margins {
        Some(path) => {
            let table = table(path, "region, local_share, selection")?;
            Margin::from_table(&table, &economy)
                .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?
        }
        None => Vec::new(),
    };
    let question = SimulateQuestion {
        structure: args.structure.into(),
        rebate: args.rebate.into(),
        elasticities: elasticities(&economy, args.elasticities.as_deref())?,
        deficits: args.deficits.into(),
        labour_supply: args.labour_supply,
        scale: args.scale,
        margins,
        numeraire: args.numeraire.clone(),
        inputs: args.no_inputs.then_some(false),
    };
    let table = table(&args.shock, SHOCK)?;
    let shock = checked(&table, &economy)?;
    let split = if args.parts {
        let split = Part::from_table(&table).map_err(|error| in_shock(&args.shock, error))?;
        Some((split, question.options()?))
    } else {
        None
    };
    let draws = match args.draws {
        Some(count) => Some((count, question.options()?)),
        None => None,
    };
    let answer =
        simulate(&economy, &question, &shock).map_err(|error| in_shock(&args.shock, error))?;
    let split = split
        .map(|(split, options)| parts(&economy, options, &split))
        .transpose()
        .map_err(|error| in_shock(&args.shock, error))?;
    let drawn = draws.map(|(count, options)| {
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
        simulate_tables::write(out, &answer, drawn.as_ref(), split.as_deref())?;
    }
    let said = Said {
        answer: &answer,
        warnings: doubts(&args.shock, &shock),
        parts: split,
        draws: drawn.as_ref().map(|drawn| Drawn {
            count: args.draws.unwrap_or_default(),
            failed: drawn.failed.len(),
            regions: drawn.spreads(),
        }),
    };
    console.answer(
        || &said,
        || {
            let warnings = said
                .warnings
                .iter()
                .map(|what| format!("warning: {what}\n"));
            let answer = match &answer {
                Simulated::Model(solved) => text(&solved.0, &said),
                Simulated::Structure(outcome) => text_of_structure(outcome, economy.has_inputs()),
            };
            warnings.collect::<String>() + &answer
        },
    )
}

/// The answer, and what the draws say of it.
#[derive(Serialize)]
struct Said<'a> {
    #[serde(flatten)]
    answer: &'a Simulated,
    /// What is in the shock and hardly meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Vec<PartRow>>,
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

/// What is in a shock and hardly meant, with its row.
fn doubts(path: &Path, shock: &Shock) -> Vec<String> {
    let rows = shock.rows().iter().enumerate();
    let told = rows.filter_map(|(number, row)| Some((number, row.doubt()?)));
    told.map(|(number, what)| format!("{}: row {}: {what}", path.display(), number + 1))
        .collect()
}

/// The columns of a shock, as messages name them.
const SHOCK: &str = "kind, origin, destination, sector, value";

/// Reads a shock and looks up every name in it, so that a wrong one is told with its row.
pub(crate) fn shock(path: &Path, economy: &Economy) -> Result<Shock, Failure> {
    checked(&table(path, SHOCK)?, economy)
}

fn checked(table: &Table, economy: &Economy) -> Result<Shock, Failure> {
    let shock = Shock::from_table(table).map_err(at_cell)?;
    for (number, row) in shock.rows().iter().enumerate() {
        row.check_names(economy).map_err(|(column, error)| {
            at_cell(ShockRow::fault(
                table.name(),
                number,
                column,
                error.to_string(),
            ))
        })?;
    }
    Ok(shock)
}

/// A fault of a shock's cell, shown where it stands in the file.
fn at_cell(error: TradeError) -> Failure {
    let TradeError::ShockCell {
        table, row, column, ..
    } = &error
    else {
        return error.into();
    };
    match place(table, *row, column) {
        Some((source, span)) => {
            Failure::Input(Problem::at(&source, span, error.to_string()).into())
        }
        None => Failure::input(error),
    }
}

/// The cell of a CSV file: its row, from 1, without the header and blank lines. The whole line where cells are quoted.
fn place(path: &str, row: usize, column: &str) -> Option<(Source, Range<usize>)> {
    let text = std::fs::read_to_string(path).ok()?;
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let written = line.trim_end_matches(['\r', '\n']);
        if !written.is_empty() {
            lines.push((start, written));
        }
        start += line.len();
    }
    let header = lines.first()?.1.trim_start_matches('\u{feff}');
    let number = header.split(',').position(|name| name.trim() == column);
    let (start, line) = *lines.get(row)?;
    let whole = start..start + line.len();
    let span = match number {
        Some(number) if !line.contains('"') => {
            let before: usize = line
                .split(',')
                .take(number)
                .map(|cell| cell.len() + 1)
                .sum();
            let cell = line.split(',').nth(number)?;
            start + before..start + before + cell.len()
        }
        _ => whole,
    };
    Some((Source::new(path, text), span))
}

/// What the model says of a shock, with the file that holds it.
pub(crate) fn in_shock(path: &Path, error: TradeError) -> Failure {
    match error {
        TradeError::ShockCell {
            row, column, what, ..
        } => at_cell(ShockRow::fault(
            &path.display().to_string(),
            row - 1,
            column,
            what,
        )),
        TradeError::Purchase { row, .. } => at_cell(ShockRow::fault(
            &path.display().to_string(),
            row - 1,
            "value",
            error.to_string(),
        )),
        TradeError::Shock(_) => Failure::input(format!("{}: {error}", path.display())),
        other => other.into(),
    }
}

/// Said where a shock was not applied at once.
fn in_steps(count: usize) -> String {
    match count {
        1 => String::new(),
        several => format!(", the shock applied in {several}"),
    }
}

fn text(answer: &Outcome, said: &Said<'_>) -> String {
    let mut out = format!(
        "{}, elasticities {}, deficits {}\n{}: residual {:.1e} after {} steps{}, {:.3} s\n\n",
        answer.economy,
        answer.elasticities,
        answer.deficits,
        answer.status,
        answer.residual,
        answer.iterations,
        in_steps(answer.shock_steps),
        answer.seconds
    );
    let effort = answer.labour_supply != 0.0;
    let mut head = vec![("region", Side::Left), ("real income %", Side::Right)];
    head.extend(effort.then_some(("welfare %", Side::Right)));
    head.extend([
        ("EV bn USD", Side::Right),
        ("terms of trade %", Side::Right),
        ("volume %", Side::Right),
        ("efficiency %", Side::Right),
        ("wage", Side::Right),
        ("prices", Side::Right),
        ("revenue bn USD", Side::Right),
    ]);
    let mut table = Columns::new(&head);
    for r in &answer.regions {
        let mut row = vec![r.region.clone(), format!("{:.3}", r.real_income_pct)];
        row.extend(effort.then(|| format!("{:.3}", r.welfare_pct)));
        row.extend([
            format!("{:.2}", r.ev_busd),
            format!("{:.3}", r.terms_of_trade_pct),
            format!("{:.3}", r.volume_of_trade_pct),
            format!("{:.3}", r.efficiency_pct),
            format!("{:.4}", r.wage),
            format!("{:.4}", r.price_index),
            format!("{:.2}", r.revenue_busd),
        ]);
        table.row(row);
    }
    out.push_str(&table.to_string());
    if effort {
        out.push_str(
            "\nWelfare, and EV with it, is net of the effort of labour; real income and its parts are not.\n",
        );
    }
    if let Some(parts) = &said.parts {
        out.push_str(&text_of_parts(parts, answer));
    }
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
    let joint = if answer.purchases.len() > 1 {
        out.push_str(
            "\nPurchases are compared with the world without any of them: what is said of net additional exports, of EV and of \
             other suppliers is of all purchases together.\n",
        );
        "of all purchases together: "
    } else {
        ""
    };
    for p in &answer.purchases {
        let _ = writeln!(
            out,
            "\npurchase of {} by {} from {}: flow {:.2} bn USD, {:+.2} against none; wedge {:+.1} % (a {}), which costs the buyer's \
             government {:.2} bn; {joint}net additional exports of {} {:.2} bn, EV {:+.2} bn for {}, {:+.2} bn for {}",
            p.sector,
            p.destination,
            p.origin,
            p.flow_busd,
            p.additional_flow_busd,
            100.0 * p.wedge,
            if p.wedge > 0.0 { "tax" } else { "subsidy" },
            p.cost_busd,
            p.origin,
            p.net_additional_exports_busd,
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

fn text_of_parts(parts: &[PartRow], answer: &Outcome) -> String {
    let mut head = vec![("region", Side::Left)];
    head.extend(parts.iter().map(|part| (part.part.as_str(), Side::Right)));
    head.push(("all", Side::Right));
    let mut table = Columns::new(&head);
    for (r, region) in answer.regions.iter().enumerate() {
        let mut row = vec![region.region.clone()];
        let shares = parts.iter().map(|part| part.regions[r].real_income_pct);
        row.extend(shares.map(|x| format!("{x:.3}")));
        row.push(format!("{:.3}", region.real_income_pct));
        table.row(row);
    }
    format!(
        "\nReal income, %, by part of the shock (its mean contribution over all orders):\n{table}"
    )
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

fn text_of_structure(answer: &StructureOutcome, has_inputs: bool) -> String {
    let mut out = format!(
        "{}, structure {}, rebate {}, elasticities {}, deficits {}\n{}: residual {:.1e} after {} steps{}, {:.3} s\n",
        answer.economy,
        answer.structure.name(),
        answer.rebate,
        answer.elasticities,
        answer.deficits,
        answer.status,
        answer.residual,
        answer.iterations,
        in_steps(answer.shock_steps),
        answer.seconds
    );
    if has_inputs {
        out.push_str("The input–output links of the economy are not part of this structure: all output is value added.\n");
    }
    let krugman = answer.structure == Structure::Krugman;
    let income = if answer.labour_supply == 0.0 {
        "real income %"
    } else {
        "welfare %"
    };
    let own: &[&str] = if krugman {
        &["relative wage %", "profits %"]
    } else {
        &["labour"]
    };
    let mut head = vec![
        ("region", Side::Left),
        (income, Side::Right),
        ("wage", Side::Right),
        ("prices", Side::Right),
        ("revenue bn USD", Side::Right),
    ];
    head.extend(own.iter().map(|name| (*name, Side::Right)));
    let mut table = Columns::new(&head);
    for r in &answer.regions {
        let mut row = vec![
            r.region.clone(),
            format!("{:.3}", r.welfare_pct),
            format!("{:.4}", r.wage),
            format!("{:.4}", r.price_index),
            format!("{:.2}", r.revenue_busd),
        ];
        row.extend(r.relative_wage_pct.map(|x| format!("{x:.3}")));
        row.extend(r.profits_pct.map(|x| format!("{x:.3}")));
        row.extend(r.labour.map(|x| format!("{x:.4}")));
        table.row(row);
    }
    let _ = write!(
        out,
        "\n{table}\nWages, prices and labour are ratios to the base year, revenue is the new level.\n"
    );
    if answer.labour_supply != 0.0 {
        out.push_str("Welfare is real income net of the effort of labour.\n");
    }
    out
}
