//! The default model as a contest.

use super::Contest;
use crate::equilibrium::Equilibrium;
use crate::error::TradeError;
use crate::model::Model;
use crate::newton::Workspace;
use crate::point::Seeds;
use crate::resolved::{Barriers, Resolved};
use crate::shock::{Shock, ShockKind};

/// Governments in the exact-hat model, with input–output links where the model has them. A government's objective
/// is welfare: real income, less the effort e = ε/(1+ε) wL of labour where its supply is elastic. With political weights
/// λ on sectors (mean one) and δ their shares of value added it is
///
/// ```text
/// G = [I − e + Σ_s (λ_s − 1) (VA_s + δ_s R)] / P
/// ```
///
/// which is Ossa's (2014, eq. 4) where all output is value added and labour does not move.
#[derive(Clone, Debug)]
pub struct ArmingtonContest<'a> {
    model: &'a Model,
    weights: Vec<f64>,
    /// What is not a barrier in the shock that is in force throughout.
    held: Resolved,
    /// The barriers where it stands.
    barriers: Barriers,
    workspace: Workspace,
    here: Equilibrium,
}

impl<'a> ArmingtonContest<'a> {
    /// Starts at the baseline. `weights`: political weights `[sector][region]`, zero or above; empty for one each.
    ///
    /// # Errors
    /// A number of weights that is not that of sectors times regions; a baseline that is no equilibrium.
    pub fn new(model: &'a Model, weights: &[f64]) -> Result<Self, TradeError> {
        Self::under(model, weights, &Shock::new())
    }

    /// Starts under a shock. Its tariffs are where the contest begins ([`Self::standing`]); all else in it is in force
    /// throughout. Objectives are ratios to the baseline before it.
    ///
    /// # Errors
    /// As [`Self::new`]; what [`Model::solve`] says of the shock; a purchase in it, whose wedge would be a tariff of the
    /// buyer.
    pub fn under(model: &'a Model, weights: &[f64], shock: &Shock) -> Result<Self, TradeError> {
        let count = model.regions().len() * model.sectors().len();
        if !weights.is_empty()
            && (weights.len() != count || weights.iter().any(|w| w.is_nan() || *w < 0.0))
        {
            return Err(TradeError::Option(format!(
                "political weights: give {count} numbers of zero or above, one for each sector and region"
            )));
        }
        let mut rows = shock.rows().iter();
        if let Some(row) = rows.position(|row| row.kind == ShockKind::Purchase) {
            let what = "a purchase is met by a wedge that the buyer's government sets as it sets tariffs, which are what is \
                        sought here: take the row out";
            return Err(crate::ShockRow::fault(
                "shock",
                row,
                "kind",
                what.to_owned(),
            ));
        }
        let (held, barriers) = Resolved::apart(shock, model.calibration())?;
        let mut workspace = Workspace::new();
        let here = model.solve(shock, &mut workspace, None)?;
        Ok(Self {
            model,
            weights: weights.to_vec(),
            held,
            barriers: barriers.unwrap_or_else(|| Barriers::of(model.calibration())),
            workspace,
            here,
        })
    }

    /// All tariffs where the contest stands, fractions, `[sector][origin][destination]`.
    pub fn standing(&self) -> &[f64] {
        &self.barriers.tariff
    }

    /// The equilibrium where the contest stands.
    pub fn equilibrium(&self) -> &Equilibrium {
        &self.here
    }

    /// λ − 1
    fn extra(&self, at: usize) -> f64 {
        self.weights.get(at).map_or(0.0, |w| w - 1.0)
    }

    /// Σ (λ−1) δ of a region.
    fn extra_revenue(&self, region: usize) -> f64 {
        let base = self.model.calibration();
        (0..base.s)
            .map(|j| {
                let at = j * base.n + region;
                self.extra(at) * base.value_added[at] * base.output[at] / base.labour_income[region]
            })
            .sum()
    }

    /// The objective before it is divided by prices; `net_income` is income less effort.
    fn nominal(&self, region: usize, net_income: f64, output: &[f64], revenue: f64) -> f64 {
        let base = self.model.calibration();
        let sectors = (0..base.s).map(|j| {
            let at = j * base.n + region;
            self.extra(at) * base.value_added[at] * output[at]
        });
        net_income + sectors.sum::<f64>() + self.extra_revenue(region) * revenue
    }

    fn before(&self, region: usize) -> f64 {
        let base = self.model.calibration();
        let net_income = base.income[region] - self.here.effort() * base.labour_income[region];
        self.nominal(region, net_income, &base.output, base.revenue[region])
    }
}

impl Contest for ArmingtonContest<'_> {
    fn regions(&self) -> &[String] {
        self.model.regions()
    }

    fn tariffs(&self) -> &[f64] {
        &self.model.calibration().tariff
    }

    fn trade(&self) -> &[f64] {
        &self.model.calibration().flow
    }

    fn theta(&self) -> &[f64] {
        self.model.theta()
    }

    fn go_to(&mut self, tariffs: &[f64]) -> Result<(), TradeError> {
        let base = self.model.calibration();
        if tariffs.len() != base.flow.len() || tariffs.iter().any(|t| t.is_nan() || *t <= -1.0) {
            return Err(TradeError::Shock(format!(
                "tariffs: give {} fractions above −1, one for each sector, origin and destination",
                base.flow.len()
            )));
        }
        self.barriers.tariff.copy_from_slice(tariffs);
        let mut resolved = self.held.clone();
        resolved.take(base, &self.barriers);
        self.model
            .load(&resolved, crate::newton::own(&mut self.workspace.shocked));
        self.here = self
            .model
            .solve_loaded(&mut self.workspace, Some(&self.here))?;
        Ok(())
    }

    fn payoff(&self, region: usize) -> f64 {
        let point = &self.here.point;
        let net_income = point.income[region] - self.here.effort() * point.labour_income[region];
        let after = self.nominal(region, net_income, &point.output, point.revenue[region]);
        after / self.before(region) / self.here.price_index_hat(region)
    }

    fn gradient(&mut self, region: usize, out: &mut Vec<f64>) -> Result<(), TradeError> {
        let base = self.model.calibration();
        let (n, s) = (base.n, base.s);
        let value = self.payoff(region);
        let scale = 1.0 / (self.before(region) * self.here.price_index_hat(region));
        let mut seeds = Seeds::default();
        seeds.clear(n, s);
        let mut income = vec![0.0; n];
        income[region] = scale;
        self.here
            .system()
            .seed_income(&income, &self.here.point, &mut seeds);
        seeds.labour_income[region] -= scale * self.here.effort();
        seeds.revenue[region] += scale * self.extra_revenue(region);
        for j in 0..s {
            let at = j * n + region;
            seeds.price[at] -= value * base.final_share[at];
            seeds.output[at] += scale * self.extra(at) * base.value_added[at];
        }
        let what = format!("objective of {}", base.regions[region]);
        let gradient = self
            .model
            .adjoint(&self.here, seeds, true, &what, &mut self.workspace)?;
        *out = gradient.tariff;
        Ok(())
    }
}
