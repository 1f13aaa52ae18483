//! A shock under the structure and the use of revenue that are asked for: what `winset simulate` asks.

use serde::{Serialize, Serializer};
use winset_io::Table;
use winset_trade::gravity::{Gravity, GravityOptions, Rebate};
use winset_trade::krugman::Krugman;
use winset_trade::{
    Closure, Economy, Equilibrium, Model, Numeraire, Options, Shock, SolveReport, TradeError,
    Workspace,
};

use super::outcome::Outcome;
use super::strategy::Structure;

/// How a shock is solved.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulateQuestion {
    /// How markets work.
    pub structure: Structure,
    /// Where tariff revenue goes.
    pub rebate: Rebate,
    /// The set of elasticities.
    pub elasticities: String,
    /// What happens to deficits.
    pub deficits: Closure,
    /// The elasticity of labour supply to the real wage, 0 or above.
    pub labour_supply: f64,
    /// The elasticity of productivity to the labour of a region, 0 or above; with one sector only.
    pub scale: f64,
    /// How sales are shared and who sells, by region, where that is not as everywhere; with one sector only.
    pub margins: Vec<Margin>,
    /// The region whose wage is the numeraire; the labour income of the world where absent.
    pub numeraire: Option<String>,
    /// Whether sectors use each other's output; where absent, as the structure has it.
    pub inputs: Option<bool>,
}

/// What Ignatenko and others (2025) say of a region's trade beside its elasticities.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// The region.
    pub region: String,
    /// ν in [0, 1): the part of sales that is paid where the good is sold; 0 where none is.
    pub local_share: f64,
    /// φ above 0: the exponent of a tariff in demand over ε, where firms choose to sell; 1 where they do not.
    pub selection: f64,
}

impl Margin {
    /// Reads a table with the columns `region`, `local_share` and `selection`; one of the last two may be left out.
    ///
    /// # Errors
    /// Another form, with the row; a region that the economy does not have, or that stands twice.
    pub fn from_table(table: &Table, economy: &Economy) -> Result<Vec<Self>, TradeError> {
        let regions = table.texts("region")?;
        let column = |name: &str, otherwise: f64| {
            if table.has(name) {
                table.reals(name)
            } else {
                Ok(vec![otherwise; regions.len()])
            }
        };
        let mut margins: Vec<Self> = Vec::with_capacity(regions.len());
        let values = column("local_share", 0.0)?
            .into_iter()
            .zip(column("selection", 1.0)?);
        for ((row, region), (local_share, selection)) in regions.into_iter().enumerate().zip(values)
        {
            economy.region(&region)?;
            if margins.iter().any(|m| m.region == region) {
                return Err(TradeError::Option(format!(
                    "{}, row {}: the margins of {region} stand twice",
                    table.name(),
                    row + 1
                )));
            }
            let inside = (0.0..1.0).contains(&local_share) && selection > 0.0;
            if !inside {
                return Err(TradeError::Option(format!(
                    "{}, row {}: local_share is {local_share} and selection {selection}; write from 0 to below 1, and above 0",
                    table.name(),
                    row + 1
                )));
            }
            margins.push(Self {
                region,
                local_share,
                selection,
            });
        }
        Ok(margins)
    }
}

impl SimulateQuestion {
    /// The default structure, as [`Options::new`].
    pub fn new(elasticities: impl Into<String>) -> Self {
        Self {
            structure: Structure::Armington,
            rebate: Rebate::LumpSum,
            elasticities: elasticities.into(),
            deficits: Closure::Fixed,
            labour_supply: 0.0,
            scale: 0.0,
            margins: Vec::new(),
            numeraire: None,
            inputs: None,
        }
    }

    /// The options of the default structure, which alone has draws and parts.
    ///
    /// # Errors
    /// Another structure, or what only the one-sector gravity has.
    pub fn options(&self) -> Result<Options, TradeError> {
        if self.structure != Structure::Armington {
            return Err(lacks(
                &format!("the structure {}", self.structure.name()),
                "draws and parts",
                "use the structure armington for them",
            ));
        }
        if let Some(who) = self.of_gravity() {
            return Err(lacks(who, "draws and parts", "leave it out for them"));
        }
        let mut options = Options::new(self.elasticities.clone())
            .closure(self.deficits)
            .labour_supply(self.labour_supply)
            .input_output(self.inputs.unwrap_or(true));
        if let Some(region) = &self.numeraire {
            options = options.numeraire(Numeraire::Wage(region.clone()));
        }
        Ok(options)
    }

    /// What is asked for that only the one-sector gravity has.
    fn of_gravity(&self) -> Option<&'static str> {
        if self.rebate == Rebate::TaxRelief {
            Some("the rebate tax-relief")
        } else if self.scale != 0.0 {
            Some("an elasticity of scale")
        } else if self.margins.is_empty() {
            None
        } else {
            Some("a table of margins")
        }
    }

    /// The options of the one-sector gravity.
    fn gravity(&self, who: &str, economy: &Economy) -> Result<GravityOptions, TradeError> {
        let sectors = economy.sectors().len();
        if sectors != 1 {
            return Err(TradeError::Option(format!(
                "{who} needs an economy of one sector, and this one has {sectors}: `winset economy aggregate` makes one"
            )));
        }
        if self.deficits != Closure::Fixed {
            let what = format!("deficits `{}`", deficits_name(self.deficits));
            return Err(lacks(
                who,
                &what,
                "deficits are constant in units of the world's labour income: leave them fixed",
            ));
        }
        self.no_numeraire(who)?;
        self.no_inputs(who)?;
        let mut options = GravityOptions::new(self.elasticities.clone());
        options.labour_supply = self.labour_supply;
        options.scale = self.scale;
        options.rebate = self.rebate;
        if !self.margins.is_empty() {
            let of = |region: &String| self.margins.iter().find(|m| m.region == *region);
            let regions = economy.regions().iter().map(of);
            (options.local_share, options.selection) = regions
                .map(|margin| margin.map_or((0.0, 1.0), |m| (m.local_share, m.selection)))
                .unzip();
        }
        Ok(options)
    }

    /// The Krugman structure as asked for.
    pub(super) fn krugman(&self, economy: &Economy) -> Result<Krugman, TradeError> {
        let who = "the structure krugman";
        if self.rebate == Rebate::TaxRelief {
            return Err(lacks(
                who,
                "rebate tax-relief",
                "households get the revenue in a lump sum; tax relief goes with the structure armington",
            ));
        }
        if self.labour_supply != 0.0 {
            return Err(lacks(
                who,
                "elasticity of labour supply",
                "the labour of a region is constant: leave it out, or use the structure armington",
            ));
        }
        if let Some(what) = self.of_gravity() {
            return Err(TradeError::Option(format!(
                "{what} goes with the structure armington, not with krugman: leave it out"
            )));
        }
        self.no_numeraire(who)?;
        self.no_inputs(who)?;
        let model = Krugman::new(economy, &self.elasticities)?;
        match self.deficits {
            Closure::Fixed => Ok(model),
            Closure::Zero => model.without_deficits(),
            Closure::Proportional => Err(lacks(
                who,
                "deficits `proportional`",
                "write fixed or zero, or use the structure armington",
            )),
        }
    }

    fn no_numeraire(&self, who: &str) -> Result<(), TradeError> {
        match self.numeraire {
            None => Ok(()),
            Some(_) => Err(lacks(
                who,
                "wage of a region as numeraire",
                "it is the labour income of the world: leave the numeraire out",
            )),
        }
    }

    fn no_inputs(&self, who: &str) -> Result<(), TradeError> {
        match self.inputs {
            None | Some(false) => Ok(()),
            Some(true) => Err(lacks(
                who,
                "input–output links",
                "leave them out, or use the structure armington with the rebate lump-sum",
            )),
        }
    }
}

fn lacks(who: &str, what: &str, instead: &str) -> TradeError {
    TradeError::Option(format!("{who} has no {what} ({instead})"))
}

/// As it is written.
pub fn deficits_name(deficits: Closure) -> &'static str {
    match deficits {
        Closure::Fixed => "fixed",
        Closure::Zero => "zero",
        Closure::Proportional => "proportional",
    }
}

/// The answer.
#[derive(Clone, Debug)]
pub enum Simulated {
    /// Of the default structure, which knows sectors, flows and purchases.
    Model(Box<(Outcome, Equilibrium)>),
    /// Of another one.
    Structure(StructureOutcome),
}

impl Serialize for Simulated {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Model(solved) => solved.0.serialize(to),
            Self::Structure(outcome) => outcome.serialize(to),
        }
    }
}

/// What a shock does where the structure or the use of revenue is not the default. Money is billion USD a year at the
/// numeraire, the labour income of the world.
#[derive(Clone, Debug, Serialize)]
pub struct StructureOutcome {
    /// Why the solver stopped.
    pub status: &'static str,
    /// The largest relative error of the equations that is left.
    pub residual: f64,
    /// Steps of the solver.
    pub iterations: usize,
    /// Steps in which the shock was applied: 1, at once, unless that could not be solved.
    pub shock_steps: usize,
    /// Seconds that it took.
    pub seconds: f64,
    /// The economy.
    pub economy: String,
    /// How markets work.
    pub structure: Structure,
    /// Where tariff revenue goes.
    pub rebate: &'static str,
    /// The set of elasticities.
    pub elasticities: String,
    /// What happens to deficits.
    pub deficits: &'static str,
    /// The elasticity of labour supply to the real wage.
    pub labour_supply: f64,
    /// Whether sectors use each other's output: never here.
    pub inputs: bool,
    /// What becomes of each region.
    pub regions: Vec<StructureRow>,
}

/// A region. What a structure does not know is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StructureRow {
    /// The region.
    pub region: String,
    /// Change of real income, per cent. With tax relief and elastic labour it is welfare, less the effort of labour, as
    /// Ignatenko and others (2025) print it.
    pub real_income_pct: f64,
    /// Change of welfare, per cent: real income less the effort of labour.
    pub welfare_pct: f64,
    /// Ratio to the base year.
    pub wage: f64,
    /// Change against the mean of all regions, per cent (krugman).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_wage_pct: Option<f64>,
    /// Ratio to the base year.
    pub price_index: f64,
    /// Change of profits over the wage, per cent (krugman).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profits_pct: Option<f64>,
    /// Ratio to the base year (one-sector gravity).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labour: Option<f64>,
    /// New level of tariff revenue, billion USD a year.
    pub revenue_busd: f64,
}

/// Solves an economy under a shock.
///
/// # Errors
/// An option that the structure does not have, a shock that it does not take, [`TradeError::NotConverged`].
pub fn simulate(
    economy: &Economy,
    question: &SimulateQuestion,
    shock: &Shock,
) -> Result<Simulated, TradeError> {
    let unit = economy.info().unit.in_billion();
    let told = |report: SolveReport, regions| {
        Simulated::Structure(StructureOutcome {
            status: "converged",
            residual: report.residual,
            iterations: report.iterations,
            shock_steps: report.shock_steps,
            seconds: report.seconds,
            economy: economy.info().name.clone(),
            structure: question.structure,
            rebate: question.rebate.name(),
            elasticities: question.elasticities.clone(),
            deficits: deficits_name(question.deficits),
            labour_supply: question.labour_supply,
            inputs: false,
            regions,
        })
    };
    match (question.structure, question.of_gravity()) {
        (Structure::Armington, None) => {
            let model = Model::new(economy, question.options()?)?;
            let solved = model.solve(shock, &mut Workspace::new(), None)?;
            let deficits = deficits_name(question.deficits);
            let outcome = Outcome::new(economy, &question.elasticities, deficits, &solved);
            Ok(Simulated::Model(Box::new((outcome, solved))))
        }
        (Structure::Armington, Some(who)) => {
            let model = Gravity::new(economy, question.gravity(who, economy)?)?;
            let solved = model.solve(shock)?;
            let regions = (model.regions().iter().enumerate()).map(|(r, region)| StructureRow {
                region: region.clone(),
                real_income_pct: solved.welfare_pct(r),
                welfare_pct: solved.welfare_pct(r),
                wage: solved.wage_hat(r),
                relative_wage_pct: None,
                price_index: solved.price_index_hat(r),
                profits_pct: None,
                labour: Some(solved.labour_hat(r)),
                revenue_busd: solved.revenue(r) * unit,
            });
            Ok(told(solved.report(), regions.collect()))
        }
        (Structure::Krugman, _) => {
            let model = question.krugman(economy)?;
            let solved = model.solve(shock)?;
            let regions = (model.regions().iter().enumerate()).map(|(r, region)| StructureRow {
                region: region.clone(),
                real_income_pct: solved.welfare_pct(r),
                welfare_pct: solved.welfare_pct(r),
                wage: solved.wage_hat(r),
                relative_wage_pct: Some(solved.relative_wage_pct(r)),
                price_index: solved.price_index_hat(r),
                profits_pct: Some(solved.profits_pct(r)),
                labour: None,
                revenue_busd: solved.revenue(r) * unit,
            });
            Ok(told(solved.report(), regions.collect()))
        }
    }
}
