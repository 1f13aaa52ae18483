//! A calibrated model: an economy, elasticities and a closure, ready to be shocked.

use std::sync::Arc;
use std::time::Instant;

use crate::calibration::{Calibration, Levels};
use crate::economy::{Economy, cell, position};
use crate::equilibrium::{Equilibrium, SolveReport};
use crate::error::TradeError;
use crate::newton::{self, Workspace};
use crate::preconditioner::Preconditioner;
use crate::purchase;
use crate::resolved::Resolved;
use crate::shock::Shock;
use crate::shocked::Shocked;
use crate::system::{Rules, System};

/// What happens to the aggregate deficits of the regions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closure {
    /// Observed deficits stay constant in units of the numeraire, the world's labour income.
    #[default]
    Fixed,
    /// The baseline is first re-solved without deficits; shocks apply to that baseline (Caliendo & Parro 2015,
    /// section 5.1).
    Zero,
    /// Deficits are a constant share of the world's income, labour income and tariff revenue.
    Proportional,
}

/// What money is measured in: whatever is named here is worth after the shock what it was before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Numeraire {
    /// The labour income of the world.
    #[default]
    WorldLabourIncome,
    /// The wage of a region, by name.
    Wage(String),
}

/// How a model is set up.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The set of trade elasticities, by name.
    pub elasticities: String,
    /// What happens to deficits.
    pub closure: Closure,
    /// Elasticity of labour supply with respect to the real wage, ≥ 0; 0 is a fixed supply.
    pub labour_supply: f64,
    /// What money is measured in. With fixed deficits the choice matters, since they are constant in its units.
    pub numeraire: Numeraire,
    /// Whether to use the input–output table, where there is one. Without, all output is value added.
    pub input_output: bool,
    /// A solve has converged when no residual, relative to its market's baseline, is above this, or none above 10⁻¹¹ and
    /// rounding stops any further progress.
    pub tolerance: f64,
    /// Sectors that the bilateral goods balance leaves out; names that the economy does not have are ignored.
    pub services: Vec<String>,
}

impl Options {
    /// The defaults: fixed deficits, fixed labour supply, input–output links, tolerance 10⁻¹¹, services `SERV`.
    pub fn new(elasticities: impl Into<String>) -> Self {
        Self {
            elasticities: elasticities.into(),
            closure: Closure::default(),
            labour_supply: 0.0,
            numeraire: Numeraire::default(),
            input_output: true,
            tolerance: 1e-11,
            services: vec!["SERV".to_owned()],
        }
    }

    /// With another closure.
    #[must_use]
    pub fn closure(mut self, closure: Closure) -> Self {
        self.closure = closure;
        self
    }

    /// With another elasticity of labour supply.
    #[must_use]
    pub fn labour_supply(mut self, elasticity: f64) -> Self {
        self.labour_supply = elasticity;
        self
    }

    /// With another numeraire.
    #[must_use]
    pub fn numeraire(mut self, numeraire: Numeraire) -> Self {
        self.numeraire = numeraire;
        self
    }

    /// With or without input–output links.
    #[must_use]
    pub fn input_output(mut self, yes: bool) -> Self {
        self.input_output = yes;
        self
    }
}

/// A calibrated baseline. `Send + Sync` and cheap to clone: solve on as many threads as there are, each with its own
/// [`Workspace`]; the answers have the same bits on any number of them.
#[derive(Clone, Debug)]
pub struct Model {
    /// As in the data.
    observed: Arc<Calibration>,
    /// As shocked: the observed one, or the one without deficits.
    base: Arc<Calibration>,
    theta: Arc<[f64]>,
    goods: Arc<[bool]>,
    options: Options,
    rules: Rules,
    preconditioner: Arc<Preconditioner>,
}

impl Model {
    /// Calibrates a model.
    ///
    /// # Errors
    /// No elasticities of that name; options out of range; a region without value added or final demand; with
    /// [`Closure::Zero`], a baseline without deficits that cannot be solved.
    pub fn new(economy: &Economy, options: Options) -> Result<Self, TradeError> {
        let theta: Arc<[f64]> = economy.elasticities(&options.elasticities)?.into();
        if !(options.labour_supply >= 0.0 && options.labour_supply.is_finite()) {
            return Err(TradeError::Option(format!(
                "the elasticity of labour supply is {}; it must be zero or above",
                options.labour_supply
            )));
        }
        if !(options.tolerance >= 1e-14 && options.tolerance <= 1e-3) {
            return Err(TradeError::Option(format!(
                "the tolerance is {}; it must lie between 1e-14 and 1e-3",
                options.tolerance
            )));
        }
        let goods = economy
            .sectors()
            .iter()
            .map(|name| !options.services.contains(name))
            .collect();
        let observed = Arc::new(Calibration::new(economy, options.input_output)?);
        Self::assemble(observed, theta, goods, options, None)
    }

    #[cfg(test)]
    pub(crate) fn from_calibration(
        base: Calibration,
        theta: Arc<[f64]>,
        options: Options,
    ) -> Result<Self, TradeError> {
        let goods = vec![true; base.s].into();
        Self::assemble(Arc::new(base), theta, goods, options, None)
    }

    fn assemble(
        observed: Arc<Calibration>,
        theta: Arc<[f64]>,
        goods: Arc<[bool]>,
        options: Options,
        preconditioner: Option<Preconditioner>,
    ) -> Result<Self, TradeError> {
        let rules = Rules {
            proportional: options.closure == Closure::Proportional,
            labour_supply: options.labour_supply,
            numeraire: match &options.numeraire {
                Numeraire::WorldLabourIncome => None,
                Numeraire::Wage(region) => {
                    let named = position("region", &observed.regions, region);
                    Some(named.map_err(|error| TradeError::Option(format!("numeraire: {error}")))?)
                }
            },
        };
        let preconditioner =
            preconditioner.unwrap_or_else(|| Preconditioner::new(&observed, &theta, rules));
        let preconditioner = Arc::new(preconditioner);
        let base = observed.clone();
        let mut model = Self {
            observed,
            base,
            theta,
            goods,
            options,
            rules,
            preconditioner,
        };
        if model.options.closure == Closure::Zero {
            model.base = Arc::new(model.without_deficits()?);
            model.preconditioner =
                Arc::new(Preconditioner::new(&model.base, &model.theta, model.rules));
        }
        Ok(model)
    }

    /// The same economy with other trade elasticities, by sector: one draw of many.
    ///
    /// # Errors
    /// Another number of sectors, θ ≤ 0, and with [`Closure::Zero`] what [`Model::new`] may say.
    pub fn with_theta(&self, theta: &[f64]) -> Result<Self, TradeError> {
        if theta.len() != self.base.s {
            return Err(TradeError::Option(format!(
                "{} elasticities for {} sectors: give one for each",
                theta.len(),
                self.base.s
            )));
        }
        for (theta, sector) in theta.iter().zip(&self.base.sectors) {
            if !(*theta > 0.0 && theta.is_finite()) {
                return Err(TradeError::Elasticity {
                    sector: sector.clone(),
                    theta: *theta,
                });
            }
        }
        let preconditioner = match self.options.closure {
            // The baseline itself moves with the elasticities.
            Closure::Zero => None,
            _ => Some(
                self.preconditioner
                    .with_theta(&self.base, theta, self.rules),
            ),
        };
        Self::assemble(
            self.observed.clone(),
            theta.into(),
            self.goods.clone(),
            self.options.clone(),
            preconditioner,
        )
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Trade elasticities θ = σ − 1, by sector.
    pub fn theta(&self) -> &[f64] {
        &self.theta
    }

    /// The regions, in the order of every index.
    pub fn regions(&self) -> &[String] {
        &self.base.regions
    }

    /// The sectors, in the order of every index.
    pub fn sectors(&self) -> &[String] {
        &self.base.sectors
    }

    pub(crate) fn calibration(&self) -> &Arc<Calibration> {
        &self.base
    }

    pub(crate) fn preconditioner(&self) -> &Arc<Preconditioner> {
        &self.preconditioner
    }

    pub(crate) fn system<'a>(&'a self, shocked: &'a Shocked) -> System<'a> {
        System {
            base: &self.base,
            theta: &self.theta,
            shocked,
            rules: self.rules,
        }
    }

    /// Solves for the equilibrium under a shock, from the baseline or from a nearby equilibrium (`start`).
    ///
    /// # Errors
    /// A shock that names what the economy does not have or holds a value out of range, a purchase target that
    /// cannot be met, and where no equilibrium is found ([`TradeError::is_no_equilibrium`]): an [`Equilibrium`] is always a
    /// solved one, at which every region has an income and trade is balanced to 10⁻⁶ of itself.
    pub fn solve(
        &self,
        shock: &Shock,
        workspace: &mut Workspace,
        start: Option<&Equilibrium>,
    ) -> Result<Equilibrium, TradeError> {
        let clock = Instant::now();
        let resolved = Resolved::new(shock, self)?;
        self.load(&resolved, newton::own(&mut workspace.shocked));
        let mut equilibrium = self.solve_loaded(workspace, start)?;
        if !resolved.purchases.is_empty() {
            equilibrium = purchase::solve(self, &resolved, workspace, &equilibrium)?;
        }
        equilibrium.report.seconds = clock.elapsed().as_secs_f64();
        Ok(equilibrium)
    }

    /// Puts the shock into weights.
    pub(crate) fn load(&self, resolved: &Resolved, shocked: &mut Shocked) {
        let base = &self.base;
        let block = base.n * base.n;
        shocked.load(base, &resolved.deficit);
        for change in &resolved.changes {
            let at = change.at;
            let mut weight = base.share[at];
            if weight > 0.0 {
                let factor = (1.0 + change.tariff) / (1.0 + base.tariff[at]) * change.iceberg;
                weight *= factor.powf(-self.theta[at / block]);
            }
            shocked.set(at, weight, change.tariff);
        }
        shocked.subsidies.clone_from(&resolved.subsidies);
        if !resolved.labour.is_empty() {
            shocked.labour.clone_from(&resolved.labour);
        }
    }

    /// Solves with `workspace.shocked` as it stands; where that fails at once, in steps of its size.
    pub(crate) fn solve_loaded(
        &self,
        workspace: &mut Workspace,
        start: Option<&Equilibrium>,
    ) -> Result<Equilibrium, TradeError> {
        let Workspace { shocked, iteration } = workspace;
        iteration.begin(self.system(shocked).len(), start);
        let mut report = SolveReport::begun();
        if let Err(at_once) = self.settle_whole(shocked, iteration, &mut report) {
            let stepped = self.solve_in_steps(shocked, iteration, &mut report);
            report.shock_steps = stepped.map_err(|share| at_once.reached(share))?;
        }
        Ok(Equilibrium {
            base: self.base.clone(),
            theta: self.theta.clone(),
            goods: self.goods.clone(),
            rules: self.rules,
            shocked: shocked.clone(),
            point: iteration.point.clone(),
            report,
            purchases: Vec::new(),
            secants: iteration.secants.clone(),
        })
    }

    /// The calibration of the world in which every deficit is zero.
    fn without_deficits(&self) -> Result<Calibration, TradeError> {
        let resolved = Resolved {
            deficit: vec![0.0; self.base.n],
            ..Resolved::default()
        };
        let mut base = Calibration::from_levels(Levels {
            regions: self.base.regions.clone(),
            sectors: self.base.sectors.clone(),
            in_billion: self.base.in_billion,
            flow: self.cleared_flows(&resolved)?,
            tariff: self.base.tariff.clone(),
            value_added: self.base.value_added.clone(),
            inputs: self.base.inputs.clone(),
        })?;
        // Zero but for rounding.
        base.deficit.fill(0.0);
        Ok(base)
    }

    /// The flows at which the markets of a calibration clear that need not do so as it stands.
    pub(crate) fn clear(
        base: Calibration,
        theta: Arc<[f64]>,
        options: Options,
    ) -> Result<Vec<f64>, TradeError> {
        let goods = vec![true; base.s].into();
        let resolved = Resolved {
            deficit: base.deficit.clone(),
            ..Resolved::default()
        };
        let options = Options {
            tolerance: 1e-13,
            ..options
        };
        Self::assemble(Arc::new(base), theta, goods, options, None)?.cleared_flows(&resolved)
    }

    fn cleared_flows(&self, resolved: &Resolved) -> Result<Vec<f64>, TradeError> {
        let mut workspace = Workspace::new();
        self.load(resolved, newton::own(&mut workspace.shocked));
        let solved = self.solve_loaded(&mut workspace, None)?;
        let (n, s) = (self.base.n, self.base.s);
        let system = self.system(&workspace.shocked);
        let mut flow = vec![0.0; n * n * s];
        for j in 0..s {
            for i in 0..n {
                for m in 0..n {
                    flow[cell(n, j, i, m)] = system.flow(&solved.point, j, i, m);
                }
            }
        }
        Ok(flow)
    }
}
