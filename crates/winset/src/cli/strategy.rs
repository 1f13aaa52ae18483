//! `winset strategy`: the tariffs that governments choose.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;
use winset_trade::krugman::Krugman;
use winset_trade::strategy::{
    ArmingtonContest, Contest, Found, KrugmanContest, Search, cooperative, nash, optimal,
    reciprocal, retaliation,
};
use winset_trade::{Economy, Model, Options, Workspace};

use super::args::{Deficits, StrategyArgs, StrategyKind, Structure};
use super::columns::{Columns, Side};
use super::console::Console;
use super::economy::{named, table};
use super::failure::Failure;
use super::simulate::{elasticities, shock};

/// What is printed. Tariffs are fractions; gains are per cent of the baseline's objective.
#[derive(Serialize)]
struct Answer {
    economy: String,
    structure: &'static str,
    elasticities: String,
    kind: StrategyKind,
    instrument: String,
    converged: bool,
    gradient: f64,
    at_bounds: usize,
    levers: usize,
    starts: usize,
    agreeing: usize,
    rounds: usize,
    evaluations: usize,
    seconds: f64,
    regions: Vec<RegionRow>,
    tariffs: Vec<TariffRow>,
}

/// A government: what it gains, in per cent of its objective in the baseline, and the mean of its tariffs by trade of the
/// baseline.
#[derive(Serialize)]
struct RegionRow {
    region: String,
    objective_pct: f64,
    tariff: f64,
    base_tariff: f64,
}

/// A tariff that is another than in the baseline.
#[derive(Serialize)]
struct TariffRow {
    origin: String,
    destination: String,
    sector: String,
    tariff: f64,
    base_tariff: f64,
}

pub(crate) fn run(args: &StrategyArgs, console: &Console) -> Result<(), Failure> {
    let economy = named(&args.economy)?;
    let player = economy.region(&args.player)?;
    let set = elasticities(&economy, args.elasticities.as_deref())?;
    let weights = match &args.weights {
        Some(path) => weights(path, &economy)?,
        None => Vec::new(),
    };
    let mut search = Search::new(args.instrument);
    search.starts = args.starts;
    search.lowest = args.lowest;
    let found = match args.structure {
        Structure::Armington => {
            let options = Options::new(set.clone())
                .closure(args.deficits.into())
                .labour_supply(args.labour_supply)
                .input_output(!args.no_inputs);
            let model = Model::new(&economy, options)?;
            let from = match &args.shock {
                Some(path) => Some(after(path, &economy, &model)?),
                None => None,
            };
            let mut contest = ArmingtonContest::new(&model, &weights)?;
            find(&mut contest, args.kind, player, &search, from)?
        }
        Structure::Krugman => {
            let mut model = Krugman::new(&economy, &set)?;
            if args.deficits == Deficits::Zero {
                model = model.without_deficits()?;
            }
            if !weights.is_empty() {
                model = model.with_weights(&weights)?;
            }
            if args.shock.is_some() {
                return Err(Failure::Usage(
                    "--shock goes with the structure armington".to_owned(),
                ));
            }
            let mut contest = KrugmanContest::new(&model)?;
            find(&mut contest, args.kind, player, &search, None)?
        }
    };
    let answer = answer(args, &economy, set, &found);
    console.answer(|| &answer, || text(&answer))
}

/// Political weights by sector and region, one where the table has no row.
fn weights(path: &Path, economy: &Economy) -> Result<Vec<f64>, Failure> {
    let table = table(path, "region, sector, weight")?;
    let wrong = |error: winset_io::TableError| Failure::input(error);
    let regions = table.texts("region").map_err(wrong)?;
    let sectors = table.texts("sector").map_err(wrong)?;
    let values = table.reals("weight").map_err(wrong)?;
    let n = economy.regions().len();
    let mut weights = vec![1.0; n * economy.sectors().len()];
    for row in 0..values.len() {
        let told = |error| Failure::input(format!("{}: row {}: {error}", path.display(), row + 1));
        let region = economy.region(&regions[row]).map_err(told)?;
        let sector = economy.sector(&sectors[row]).map_err(told)?;
        weights[sector * n + region] = values[row];
    }
    Ok(weights)
}

/// All tariffs after a shock.
fn after(path: &Path, economy: &Economy, model: &Model) -> Result<Vec<f64>, Failure> {
    let solved = model.solve(&shock(path, economy)?, &mut Workspace::new(), None)?;
    let (n, sectors) = (economy.regions().len(), economy.sectors().len());
    let cells = (0..sectors).flat_map(|s| (0..n).flat_map(move |o| (0..n).map(move |d| (s, o, d))));
    Ok(cells.map(|(s, o, d)| solved.tariff(o, d, s)).collect())
}

fn find(
    contest: &mut dyn Contest,
    kind: StrategyKind,
    player: usize,
    search: &Search,
    from: Option<Vec<f64>>,
) -> Result<Found, Failure> {
    let from = from.unwrap_or_else(|| contest.tariffs().to_vec());
    let everyone: Vec<usize> = (0..contest.regions().len()).collect();
    Ok(match kind {
        StrategyKind::Optimal => optimal(contest, player, search, &from)?,
        StrategyKind::Nash => nash(contest, &everyone, search, &from)?,
        StrategyKind::Retaliate => retaliation(contest, player, search, &from)?,
        StrategyKind::Cooperate => cooperative(contest, search, &from)?,
        StrategyKind::Reciprocate => {
            let tariffs = reciprocal(contest, player, &from);
            contest.go_to(&tariffs)?;
            Found {
                payoffs: everyone.iter().map(|i| contest.payoff(*i)).collect(),
                tariffs,
                converged: true,
                gradient: 0.0,
                at_bounds: 0,
                levers: 0,
                starts: 1,
                agreeing: 1,
                rounds: 1,
                evaluations: 1,
                seconds: 0.0,
            }
        }
    })
}

fn answer(args: &StrategyArgs, economy: &Economy, set: String, found: &Found) -> Answer {
    let (names, sectors) = (economy.regions(), economy.sectors());
    let n = names.len();
    let mut tariffs = Vec::new();
    let mut regions: Vec<RegionRow> = Vec::new();
    for (d, destination) in names.iter().enumerate() {
        let (mut paid, mut paid_before, mut bought) = (0.0, 0.0, 0.0);
        for (s, sector) in sectors.iter().enumerate() {
            for (o, origin) in names.iter().enumerate().filter(|(o, _)| *o != d) {
                let (now, before) = (found.tariff(n, s, o, d), economy.tariff(s, o, d));
                let trade = economy.flow(s, o, d);
                paid += trade * now;
                paid_before += trade * before;
                bought += trade;
                if (now - before).abs() > 1e-12 && trade > 0.0 {
                    tariffs.push(TariffRow {
                        origin: origin.clone(),
                        destination: destination.clone(),
                        sector: sector.clone(),
                        tariff: now,
                        base_tariff: before,
                    });
                }
            }
        }
        regions.push(RegionRow {
            region: destination.clone(),
            objective_pct: 100.0 * (found.payoffs[d] - 1.0),
            tariff: paid / bought,
            base_tariff: paid_before / bought,
        });
    }
    Answer {
        economy: economy.info().name.clone(),
        structure: match args.structure {
            Structure::Armington => "armington",
            Structure::Krugman => "krugman",
        },
        elasticities: set,
        kind: args.kind,
        instrument: args.instrument.to_string(),
        converged: found.converged,
        gradient: found.gradient,
        at_bounds: found.at_bounds,
        levers: found.levers,
        starts: found.starts,
        agreeing: found.agreeing,
        rounds: found.rounds,
        evaluations: found.evaluations,
        seconds: found.seconds,
        regions,
        tariffs,
    }
}

fn text(answer: &Answer) -> String {
    let mut out = format!(
        "{}, structure {}, elasticities {}; instrument {}\n",
        answer.economy, answer.structure, answer.elasticities, answer.instrument
    );
    let how = if answer.converged {
        "the first-order conditions hold"
    } else {
        "NOT converged: read the numbers as a direction only"
    };
    let _ = writeln!(
        out,
        "{how} (local; scaled gradient {:.1e}; {} of {} levers at a bound; {} of {} starts agree; {} equilibria in {:.2} s)\n",
        answer.gradient,
        answer.at_bounds,
        answer.levers,
        answer.agreeing,
        answer.starts,
        answer.evaluations,
        answer.seconds
    );
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
    let _ = write!(
        out,
        "{columns}\nMeans by trade of the base year; all tariffs with --json.\n"
    );
    out
}
