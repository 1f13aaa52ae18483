//! `winset strategy`: the tariffs that governments choose.

use std::fmt::Write as _;

use winset::world::{Strategy, StrategyKind, StrategyQuestion, political_weights, strategy};

use super::args::StrategyArgs;
use super::columns::{Columns, Side};
use super::console::Console;
use super::economy::{named, table};
use super::failure::Failure;
use super::simulate::{elasticities, in_shock, shock};

pub(crate) fn run(args: &StrategyArgs, console: &Console) -> Result<(), Failure> {
    let economy = named(&args.economy)?;
    economy.region(&args.player)?;
    let elasticities = elasticities(&economy, args.elasticities.as_deref())?;
    let weights = match &args.weights {
        Some(path) => political_weights(&table(path, "region, sector, weight")?, &economy)?,
        None => Vec::new(),
    };
    let from = match &args.shock {
        Some(path) => Some(shock(path, &economy)?),
        None => None,
    };
    let question = StrategyQuestion {
        player: args.player.clone(),
        kind: args.kind.into(),
        structure: args.structure.into(),
        instrument: args.instrument,
        from,
        weights,
        deficits: args.deficits.into(),
        elasticities,
        labour_supply: args.labour_supply,
        inputs: !args.no_inputs,
        starts: args.starts,
        lowest: args.lowest,
    };
    let told = |error| match &args.shock {
        Some(path) => in_shock(path, error),
        None => error.into(),
    };
    let answer = strategy(&economy, &question).map_err(told)?;
    console.answer(|| &answer, || text(&answer))
}

fn text(answer: &Strategy) -> String {
    let mut out = format!(
        "{}, structure {}, elasticities {}; instrument {}\n",
        answer.economy,
        answer.structure.name(),
        answer.elasticities,
        answer.instrument
    );
    if answer.kind == StrategyKind::Reciprocate {
        out.push_str("Where the shock changed what is levied on a partner's goods, the partner levies that rate back; nothing is optimised.\n\n");
        return out + &table_of(answer);
    }
    let how = if answer.converged {
        "the first-order conditions hold"
    } else {
        "NOT converged: read the numbers as a direction only"
    };
    let war = matches!(answer.kind, StrategyKind::Nash | StrategyKind::Retaliate);
    let among = if war {
        "of each first answer at least "
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "{how} (local; scaled gradient {:.1e}; {} of {} levers at a bound; {among}{} of {} starts agree; {} equilibria in {:.2} s)\n",
        answer.gradient,
        answer.at_bounds,
        answer.levers,
        answer.agreeing,
        answer.starts,
        answer.evaluations,
        answer.seconds
    );
    out + &table_of(answer)
}

/// What each government gains and levies.
fn table_of(answer: &Strategy) -> String {
    let mut columns = Columns::new(&[
        ("region", Side::Left),
        ("objective %", Side::Right),
        ("mean tariff %", Side::Right),
        ("before %", Side::Right),
    ]);
    for r in &answer.regions {
        columns.row([
            r.region.clone(),
            format!("{:+.3}", r.objective_pct),
            format!("{:.2}", 100.0 * r.tariff),
            format!("{:.2}", 100.0 * r.base_tariff),
        ]);
    }
    format!("{columns}\nMeans by trade of the base year; all tariffs with --json.\n")
}
