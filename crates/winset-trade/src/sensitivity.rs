//! Sensitivities: the derivative of an indicator with respect to every shock, by the adjoint.
//!
//! With residuals R(u, q) = 0 of unknowns u and shocks q, and an indicator I(u, q): solve Jᵀ λ = ∂I/∂u once, then
//! dI/dq = ∂I/∂q − λᵀ ∂R/∂q for all q together.

use crate::economy::{cell, position};
use crate::equilibrium::Equilibrium;
use crate::error::TradeError;
use crate::gmres;
use crate::indicator::Indicator;
use crate::model::Model;
use crate::newton::{Iteration, Workspace};
use crate::point::Seeds;

/// How well the adjoint system is solved, relative to its right-hand side.
const TOLERANCE: f64 = 1e-12;
/// What is accepted where rounding stops the iteration.
const ACCEPTED: f64 = 1e-8;

/// Derivatives of one indicator at one equilibrium. Flows in the order `[sector][origin][destination]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    regions: Vec<String>,
    sectors: Vec<String>,
    /// By tariff, per unit of a fraction: a rise of one percentage point moves the indicator by a hundredth of this.
    pub tariff: Vec<f64>,
    /// By log iceberg factor: a rise of one per cent moves the indicator by a hundredth of this.
    pub iceberg: Vec<f64>,
    /// By export subsidy, per unit of a fraction.
    pub export_subsidy: Vec<f64>,
    /// By the log of the labour of a region: a rise of one per cent moves the indicator by a hundredth of this.
    pub labour: Vec<f64>,
    /// By aggregate deficit of a region, per billion USD; a change of deficits must sum to zero over regions, so only
    /// differences mean something.
    pub deficit: Vec<f64>,
    /// Products with the transposed Jacobian that it took.
    pub products: usize,
}

impl Gradient {
    fn cell(&self, origin: &str, destination: &str, sector: &str) -> Result<usize, TradeError> {
        Ok(cell(
            self.regions.len(),
            position("sector", &self.sectors, sector)?,
            position("region", &self.regions, origin)?,
            position("region", &self.regions, destination)?,
        ))
    }

    /// By one tariff, per unit of a fraction.
    ///
    /// # Errors
    /// A region or sector that is not there.
    pub fn by_tariff(
        &self,
        origin: &str,
        destination: &str,
        sector: &str,
    ) -> Result<f64, TradeError> {
        Ok(self.tariff[self.cell(origin, destination, sector)?])
    }

    /// By the log of one iceberg factor.
    ///
    /// # Errors
    /// A region or sector that is not there.
    pub fn by_iceberg(
        &self,
        origin: &str,
        destination: &str,
        sector: &str,
    ) -> Result<f64, TradeError> {
        Ok(self.iceberg[self.cell(origin, destination, sector)?])
    }

    /// By one export subsidy, per unit of a fraction.
    ///
    /// # Errors
    /// A region or sector that is not there.
    pub fn by_export_subsidy(
        &self,
        origin: &str,
        destination: &str,
        sector: &str,
    ) -> Result<f64, TradeError> {
        Ok(self.export_subsidy[self.cell(origin, destination, sector)?])
    }

    /// By the log of the labour of a region.
    ///
    /// # Errors
    /// A region that is not there.
    pub fn by_labour(&self, region: &str) -> Result<f64, TradeError> {
        Ok(self.labour[position("region", &self.regions, region)?])
    }

    /// By a transfer, per billion USD that `from` gives `to`.
    ///
    /// # Errors
    /// A region that is not there.
    pub fn by_transfer(&self, from: &str, to: &str) -> Result<f64, TradeError> {
        let from = position("region", &self.regions, from)?;
        let to = position("region", &self.regions, to)?;
        Ok(self.deficit[to] - self.deficit[from])
    }
}

impl Model {
    /// Derivatives of an indicator with respect to every tariff, iceberg factor, export subsidy, labour force, deficit and
    /// transfer, at an
    /// equilibrium of this model. Purchase wedges are held, not the flows they were to reach.
    ///
    /// # Errors
    /// An indicator that names what is not there, an equilibrium of another economy, an adjoint system that could
    /// not be solved.
    pub fn sensitivities(
        &self,
        equilibrium: &Equilibrium,
        indicator: &Indicator,
        workspace: &mut Workspace,
    ) -> Result<Gradient, TradeError> {
        let mut seeds = Seeds::default();
        equilibrium.seeds(indicator, &mut seeds)?;
        let net_of_subsidy = !matches!(indicator, Indicator::VolumeOfTradePct(_));
        self.adjoint(
            equilibrium,
            seeds,
            net_of_subsidy,
            &indicator.to_string(),
            workspace,
        )
    }

    /// The same for anything whose adjoints are given; `what` names it in errors.
    pub(crate) fn adjoint(
        &self,
        equilibrium: &Equilibrium,
        mut seeds: Seeds,
        net_of_subsidy: bool,
        what: &str,
        workspace: &mut Workspace,
    ) -> Result<Gradient, TradeError> {
        let system = equilibrium.system();
        let point = &equilibrium.point;
        if system.base.regions != self.regions() || system.base.sectors != self.sectors() {
            return Err(TradeError::Option(
                "the equilibrium belongs to another economy than the model".to_owned(),
            ));
        }
        let Iteration {
            krylov,
            scratch,
            step,
            ..
        } = &mut workspace.iteration;
        scratch.room.load(&equilibrium.shocked);
        let mut right = Vec::new();
        system.pull_back(point, &mut seeds.clone(), &mut right, scratch);
        let (products, reached) = gmres::solve(krylov, &right, step, TOLERANCE, |v, z, az| {
            self.preconditioner()
                .apply_transposed(&system, point, v, z, &mut scratch.room);
            system.transposed_product(point, z, az, scratch);
        });
        if reached.is_nan() || reached > ACCEPTED {
            return Err(TradeError::NotConverged {
                residual: reached,
                iterations: products,
                worst: format!("adjoint of {what}"),
                reached: None,
            });
        }
        for x in step.iter_mut() {
            *x = -*x;
        }
        let mut through = Seeds::default();
        system.residual_seeds(point, step, &mut through, scratch);
        add(&mut seeds, &through);
        system.pull_back(point, &mut seeds, &mut right, scratch);
        Ok(gradient(equilibrium, net_of_subsidy, &seeds, products))
    }
}

fn add(seeds: &mut Seeds, more: &Seeds) {
    let pairs = [
        (&mut seeds.price, &more.price),
        (&mut seeds.output, &more.output),
        (&mut seeds.labour_income, &more.labour_income),
        (&mut seeds.revenue, &more.revenue),
        (&mut seeds.deficit, &more.deficit),
    ];
    for (to, from) in pairs {
        to.iter_mut().zip(from).for_each(|(x, y)| *x += y);
    }
}

/// The direct derivatives by each shock, given the full adjoints of all that the equations form.
fn gradient(
    equilibrium: &Equilibrium,
    net_of_subsidy: bool,
    seeds: &Seeds,
    products: usize,
) -> Gradient {
    let base = &*equilibrium.base;
    let (n, s) = (base.n, base.s);
    let system = equilibrium.system();
    let point = &equilibrium.point;
    let mut tariff = vec![0.0; n * n * s];
    let mut iceberg = vec![0.0; n * n * s];
    let mut export_subsidy = vec![0.0; n * n * s];
    let mut extra = vec![0.0; n * n * s];
    let mut subsidy = vec![0.0; n * n * s];
    for paid in &equilibrium.shocked.subsidies {
        let (i, m) = (paid.origin, paid.destination);
        let at = cell(n, paid.sector, i, m);
        subsidy[at] = paid.rate;
        extra[at] += paid.rate * (seeds.revenue[m] - seeds.revenue[i]);
    }
    // What the indicator reads of flows, net of subsidies.
    let mut direct = vec![0.0; n * n * s];
    for &(j, i, m, adjoint) in &seeds.flows {
        extra[cell(n, j, i, m)] += adjoint;
        if net_of_subsidy {
            direct[cell(n, j, i, m)] += adjoint;
        }
    }
    for j in 0..s {
        let theta = equilibrium.theta[j];
        for i in 0..n {
            for m in 0..n {
                let at = cell(n, j, i, m);
                let rate = equilibrium.shocked.tariff[at];
                let flow = system.flow(point, j, i, m);
                let spent = point.spending[j * n + m];
                let share = if spent > 0.0 {
                    flow * (1.0 + rate) / spent
                } else {
                    0.0
                };
                let of_flow = seeds.output[j * n + i] + rate * seeds.revenue[m] + extra[at];
                let of_cost = share * seeds.price[j * n + m] - theta * of_flow * flow;
                iceberg[at] = of_cost;
                // `rate` is all that stands between buyer and producer: (1+τ)(1−s) − 1.
                let wedge = (of_cost - of_flow * flow) / (1.0 + rate) + seeds.revenue[m] * flow;
                let kept = 1.0 - subsidy[at];
                tariff[at] = wedge * kept;
                let paid = seeds.revenue[m] - seeds.revenue[i] - direct[at] / kept;
                export_subsidy[at] = flow * paid - wedge * (1.0 + rate) / kept;
            }
        }
    }
    Gradient {
        regions: base.regions.clone(),
        sectors: base.sectors.clone(),
        tariff,
        iceberg,
        export_subsidy,
        labour: (0..n)
            .map(|i| seeds.labour_income[i] * point.labour_income[i])
            .collect(),
        deficit: seeds.deficit.iter().map(|x| x / base.in_billion).collect(),
        products,
    }
}
