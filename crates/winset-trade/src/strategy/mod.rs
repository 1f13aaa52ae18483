//! Strategy: the tariffs that governments choose.
//!
//! A [`Contest`] is a calibrated world that can be asked, at any tariffs, for each government's objective and its
//! gradient: [`ArmingtonContest`] (input–output links, deficits, all closures of [`crate::Model`]) and
//! [`KrugmanContest`] (Ossa 2014). On top of it, whatever the structure: [`optimal`] tariffs, the [`nash`] tariff
//! war, [`reciprocal`] and [`retaliation`], [`cooperative`] tariffs (trade talks).
//!
//! The tariffs are sought in the space of the instrument's levers only: the equilibrium is solved for, and the
//! gradient is that of the adjoint. All answers are local and say how they were found ([`Found`]).

mod armington;
mod climb;
mod cooperate;
mod formula;
mod instrument;
mod krugman;
mod war;

#[cfg(test)]
mod tests;

pub use armington::ArmingtonContest;
pub use cooperate::cooperative;
pub use formula::{FormulaNash, formula_nash};
pub use instrument::Instrument;
pub use krugman::KrugmanContest;
pub use war::{nash, optimal, reciprocal, retaliation};

use crate::error::TradeError;

/// A world in which governments set tariffs. Tariffs are fractions, `[sector][origin][destination]`.
pub trait Contest {
    /// The regions, in the order of every index.
    fn regions(&self) -> &[String];
    /// Tariffs of the baseline.
    fn tariffs(&self) -> &[f64];
    /// Trade of the baseline, net of tariff.
    fn trade(&self) -> &[f64];
    /// θ = σ − 1 by sector.
    fn theta(&self) -> &[f64];
    /// Solves at these tariffs, from where it stands.
    ///
    /// # Errors
    /// [`TradeError::NotConverged`], a tariff out of range.
    fn go_to(&mut self, tariffs: &[f64]) -> Result<(), TradeError>;
    /// The objective of a region's government where the contest stands, a ratio to the baseline.
    fn payoff(&self, region: usize) -> f64;
    /// Its derivatives by all tariffs, into `out`.
    ///
    /// # Errors
    /// An adjoint that could not be solved.
    fn gradient(&mut self, region: usize, out: &mut Vec<f64>) -> Result<(), TradeError>;
}

/// How to look for tariffs.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// What a government can tell apart.
    pub instrument: Instrument,
    /// Lowest tariff, a fraction above −1 (below zero: import subsidies).
    pub lowest: f64,
    /// Highest tariff, a fraction.
    pub highest: f64,
    /// Ends where the gradient, over the curvature that the base trade suggests, is below this: about the
    /// distance from the optimum in log tariff factors.
    pub tolerance: f64,
    /// Number of starting points, 1 or more: the tariffs given, then multiples of 1/θ. A war starts
    /// at 1/θ, and tries the others in each player's first answer.
    pub starts: usize,
    /// Most rounds of best responses.
    pub rounds: usize,
}

impl Search {
    /// Tariffs between 0 and 1000 %, tolerance 10⁻⁷, two starting points, 60 rounds.
    pub fn new(instrument: Instrument) -> Self {
        Self {
            instrument,
            lowest: 0.0,
            highest: 10.0,
            tolerance: 1e-7,
            starts: 2,
            rounds: 60,
        }
    }

    fn check(&self) -> Result<(), TradeError> {
        if self.lowest > -1.0
            && self.highest > self.lowest
            && self.tolerance > 0.0
            && self.starts > 0
        {
            return Ok(());
        }
        Err(TradeError::Option(format!(
            "search: tariffs between {} and {} with tolerance {} from {} starts: the bounds must lie above −1 and in \
             order, the tolerance above zero, and one start is needed",
            self.lowest, self.highest, self.tolerance, self.starts
        )))
    }

    fn bounds(&self) -> (f64, f64) {
        (self.lowest.ln_1p(), self.highest.ln_1p())
    }
}

/// Tariffs that were found, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// All tariffs of the world, fractions, `[sector][origin][destination]`.
    pub tariffs: Vec<f64>,
    /// Every government's objective there, a ratio to the baseline.
    pub payoffs: Vec<f64>,
    /// Whether the first-order conditions hold to the tolerance. Always local: a maximum among neighbours.
    pub converged: bool,
    /// Largest scaled gradient over the levers that are free, see [`Search::tolerance`].
    pub gradient: f64,
    /// Levers at a bound with the gradient pointing out.
    pub at_bounds: usize,
    /// Levers in all.
    pub levers: usize,
    /// Starting points tried.
    pub starts: usize,
    /// How many of them led to this payoff (to 10⁻⁹). A war tries them in each player's first answer: the fewest that led to
    /// the best of those, over the players.
    pub agreeing: usize,
    /// Rounds of best responses or of multipliers; 1 for a single player.
    pub rounds: usize,
    /// Equilibria solved.
    pub evaluations: usize,
    /// Wall-clock seconds.
    pub seconds: f64,
}

impl Found {
    /// The tariff of `destination` on `sector` from `origin`, by index of `regions` regions.
    pub fn tariff(&self, regions: usize, sector: usize, origin: usize, destination: usize) -> f64 {
        self.tariffs[crate::economy::cell(regions, sector, origin, destination)]
    }
}
