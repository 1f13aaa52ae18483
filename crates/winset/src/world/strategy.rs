//! The tariffs that governments choose: what `winset strategy` asks and answers.

use serde::Serialize;
use winset_io::Table;
use winset_trade::strategy::{
    ArmingtonContest, Contest, Found, Instrument, KrugmanContest, Search, cooperative, nash,
    optimal, reciprocal, retaliation,
};
use winset_trade::{Closure, Economy, Model, Options, Shock, TradeError};

use super::structures::SimulateQuestion;

/// What is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StrategyKind {
    /// The player's best tariffs, all others' as they are.
    Optimal,
    /// Best answers of everybody to everybody.
    Nash,
    /// The best answers of all others to the player's tariffs.
    Retaliate,
    /// The others levy on the player, where the shock changed its tariff on their goods, that rate.
    Reciprocate,
    /// The largest gain that is the same for everybody.
    Cooperate,
}

/// How markets work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Structure {
    /// Caliendo and Parro (2015): perfect competition, input–output links.
    Armington,
    /// Ossa (2014): fixed numbers of firms, profits, no input–output links.
    Krugman,
}

impl Structure {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Armington => "armington",
            Self::Krugman => "krugman",
        }
    }
}

/// Which tariffs are asked for.
#[derive(Clone, Debug)]
pub struct StrategyQuestion {
    /// The region whose tariffs are asked for; in retaliation the one that is answered.
    pub player: String,
    /// What is sought.
    pub kind: StrategyKind,
    /// How markets work.
    pub structure: Structure,
    /// What a government can tell apart.
    pub instrument: Instrument,
    /// A shock to start from: its tariffs are where the search begins, all else in it holds throughout.
    pub from: Option<Shock>,
    /// Political weights by sector and region, sector-major; none where empty.
    pub weights: Vec<f64>,
    /// What happens to deficits.
    pub deficits: Closure,
    /// The set of elasticities.
    pub elasticities: String,
    /// The elasticity of labour supply to the real wage, 0 or above.
    pub labour_supply: f64,
    /// Whether sectors use each other's output.
    pub inputs: bool,
    /// How many starting points are tried.
    pub starts: usize,
    /// The lowest tariff, a fraction; below zero are import subsidies.
    pub lowest: f64,
}

/// The tariffs that were found. Tariffs are fractions; gains are per cent of the baseline's objective.
#[derive(Clone, Debug, Serialize)]
pub struct Strategy {
    /// The economy.
    pub economy: String,
    /// How markets work.
    pub structure: Structure,
    /// The set of elasticities.
    pub elasticities: String,
    /// What was sought.
    pub kind: StrategyKind,
    /// What a government can tell apart.
    pub instrument: String,
    /// Whether the first-order conditions hold.
    pub converged: bool,
    /// The largest scaled derivative that is left.
    pub gradient: f64,
    /// Levers at a bound.
    pub at_bounds: usize,
    /// Levers in all.
    pub levers: usize,
    /// Starting points tried.
    pub starts: usize,
    /// How many of them end in the same place; in a war, among each player's first answers, the fewest.
    pub agreeing: usize,
    /// Rounds of best answers.
    pub rounds: usize,
    /// Equilibria solved.
    pub evaluations: usize,
    /// Seconds that it took.
    pub seconds: f64,
    /// What each government gains.
    pub regions: Vec<GovernmentRow>,
    /// Tariffs that are others than in the baseline.
    pub tariffs: Vec<TariffRow>,
}

/// A government.
#[derive(Clone, Debug, Serialize)]
pub struct GovernmentRow {
    /// Its region.
    pub region: String,
    /// What it gains, in per cent of its objective in the baseline.
    pub objective_pct: f64,
    /// The mean of its tariffs by trade of the baseline.
    pub tariff: f64,
    /// The same in the baseline.
    pub base_tariff: f64,
}

/// A tariff that is another than in the baseline.
#[derive(Clone, Debug, Serialize)]
pub struct TariffRow {
    /// Who sells.
    pub origin: String,
    /// Who buys.
    pub destination: String,
    /// What.
    pub sector: String,
    /// The tariff.
    pub tariff: f64,
    /// The same in the baseline.
    pub base_tariff: f64,
}

/// Political weights from a table of region, sector, weight: by sector and region, one where the table has no row.
///
/// # Errors
/// A column that is missing, a name that the economy does not have, a weight below zero, a cell that stands twice.
pub fn political_weights(table: &Table, economy: &Economy) -> Result<Vec<f64>, TradeError> {
    let (regions, sectors) = (table.texts("region")?, table.texts("sector")?);
    let values = table.reals("weight")?;
    let n = economy.regions().len();
    let mut weights = vec![1.0; n * economy.sectors().len()];
    let mut seen = vec![false; weights.len()];
    let wrong = |row: usize, what: String| TradeError::Row {
        table: table.name().to_owned(),
        row: row + 1,
        what,
    };
    for row in 0..values.len() {
        let told = |error: TradeError| wrong(row, error.to_string());
        let region = economy.region(&regions[row]).map_err(told)?;
        let sector = economy.sector(&sectors[row]).map_err(told)?;
        let at = sector * n + region;
        if values[row].is_nan() || values[row] < 0.0 {
            let what = format!("the weight is {}; it must be zero or above", values[row]);
            return Err(wrong(row, what));
        }
        if std::mem::replace(&mut seen[at], true) {
            let what = "this region and sector have a row already: keep one".to_owned();
            return Err(wrong(row, what));
        }
        weights[at] = values[row];
    }
    Ok(weights)
}

/// Finds the tariffs that are asked for. What is found is local.
///
/// # Errors
/// An unknown region, options that do not go together, an equilibrium that was not found.
pub fn strategy(economy: &Economy, question: &StrategyQuestion) -> Result<Strategy, TradeError> {
    let player = economy.region(&question.player)?;
    let mut search = Search::new(question.instrument);
    search.starts = question.starts;
    search.lowest = question.lowest;
    let found = match question.structure {
        Structure::Armington => {
            let options = Options::new(question.elasticities.clone())
                .closure(question.deficits)
                .labour_supply(question.labour_supply)
                .input_output(question.inputs);
            let model = Model::new(economy, options)?;
            let before = Shock::new();
            let shock = question.from.as_ref().unwrap_or(&before);
            let mut contest = ArmingtonContest::under(&model, &question.weights, shock)?;
            let from = contest.standing().to_vec();
            find(&mut contest, question.kind, player, &search, &from)?
        }
        Structure::Krugman => {
            if question.from.is_some() {
                return Err(TradeError::Option(
                    "a shock to start from goes with the structure armington".to_owned(),
                ));
            }
            let mut simulated = SimulateQuestion::new(question.elasticities.clone());
            simulated.deficits = question.deficits;
            simulated.labour_supply = question.labour_supply;
            let mut model = simulated.krugman(economy)?;
            if !question.weights.is_empty() {
                model = model.with_weights(&question.weights)?;
            }
            let mut contest = KrugmanContest::new(&model)?;
            let from = model.tariffs().to_vec();
            find(&mut contest, question.kind, player, &search, &from)?
        }
    };
    Ok(answer(economy, question, &found))
}

fn find(
    contest: &mut dyn Contest,
    kind: StrategyKind,
    player: usize,
    search: &Search,
    from: &[f64],
) -> Result<Found, TradeError> {
    let everyone: Vec<usize> = (0..contest.regions().len()).collect();
    Ok(match kind {
        StrategyKind::Optimal => optimal(contest, player, search, from)?,
        StrategyKind::Nash => nash(contest, &everyone, search, from)?,
        StrategyKind::Retaliate => retaliation(contest, player, search, from)?,
        StrategyKind::Cooperate => cooperative(contest, search, from)?,
        StrategyKind::Reciprocate => {
            let tariffs = reciprocal(contest, player, from);
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

fn answer(economy: &Economy, question: &StrategyQuestion, found: &Found) -> Strategy {
    let (names, sectors) = (economy.regions(), economy.sectors());
    let n = names.len();
    let mut tariffs = Vec::new();
    let mut regions: Vec<GovernmentRow> = Vec::new();
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
        regions.push(GovernmentRow {
            region: destination.clone(),
            objective_pct: 100.0 * (found.payoffs[d] - 1.0),
            tariff: paid / bought,
            base_tariff: paid_before / bought,
        });
    }
    Strategy {
        economy: economy.info().name.clone(),
        structure: question.structure,
        elasticities: question.elasticities.clone(),
        kind: question.kind,
        instrument: question.instrument.to_string(),
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
