//! The Krugman structure as a contest.

use super::Contest;
use crate::error::TradeError;
use crate::krugman::{Factors, Krugman, KrugmanEquilibrium};

/// Governments in the model of Ossa (2014); the model's political weights are theirs.
#[derive(Clone, Debug)]
pub struct KrugmanContest<'a> {
    model: &'a Krugman,
    theta: Vec<f64>,
    here: KrugmanEquilibrium<'a>,
    factors: Option<Factors>,
}

impl<'a> KrugmanContest<'a> {
    /// Starts at the baseline.
    ///
    /// # Errors
    /// A baseline that is no equilibrium.
    pub fn new(model: &'a Krugman) -> Result<Self, TradeError> {
        Ok(Self {
            model,
            theta: model.theta(),
            here: model.at_tariffs(model.tariffs(), None)?,
            factors: None,
        })
    }

    /// The equilibrium where the contest stands.
    pub fn equilibrium(&self) -> &KrugmanEquilibrium<'a> {
        &self.here
    }
}

impl Contest for KrugmanContest<'_> {
    fn regions(&self) -> &[String] {
        self.model.regions()
    }

    fn tariffs(&self) -> &[f64] {
        self.model.tariffs()
    }

    fn trade(&self) -> &[f64] {
        self.model.trade()
    }

    fn theta(&self) -> &[f64] {
        &self.theta
    }

    fn go_to(&mut self, tariffs: &[f64]) -> Result<(), TradeError> {
        self.here = self.model.at_tariffs(tariffs, Some(self.here.unknowns()))?;
        self.factors = None;
        Ok(())
    }

    fn payoff(&self, region: usize) -> f64 {
        self.here.government(region)
    }

    fn gradient(&mut self, region: usize, out: &mut Vec<f64>) -> Result<(), TradeError> {
        let here = &self.here;
        let factors = self.factors.get_or_insert_with(|| here.factors());
        here.gradient(factors, region, out);
        Ok(())
    }
}
