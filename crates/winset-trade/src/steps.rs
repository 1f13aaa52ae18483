//! A shock applied in steps of its size (`continuation`), each from the equilibrium of the last as a baseline of its own.
//! Ratios of ratios are ratios, so nothing is approximated, and the approximate inverse is made where it is used.

use std::sync::Arc;

use crate::calibration::Calibration;
use crate::continuation;
use crate::equilibrium::SolveReport;
use crate::error::TradeError;
use crate::model::Model;
use crate::newton::{self, Iteration};
use crate::point::Point;
use crate::preconditioner::Preconditioner;
use crate::shocked::{Shocked, Since};
use crate::system::System;

/// A region's imports less exports are what its deficit demands to this share of the two.
const BALANCED: f64 = 1e-6;
/// The finest tolerance that is tried to get there.
const FINEST: f64 = 1e-15;

/// The equilibrium at a share of the shock, as a baseline.
struct Stage {
    base: Arc<Calibration>,
    preconditioner: Arc<Preconditioner>,
    /// What is in it of the shock to the model's baseline.
    shocked: Shocked,
    /// World income over that of the model's baseline, where deficits move with it.
    growth: f64,
    /// Against the model's baseline.
    unknowns: Vec<f64>,
}

impl Stage {
    fn first(model: &Model) -> Self {
        let base = model.calibration().clone();
        let mut shocked = Shocked::default();
        shocked.load(&base, &base.deficit);
        Self {
            preconditioner: model.preconditioner().clone(),
            unknowns: vec![0.0; model.system(&shocked).len()],
            shocked,
            growth: 1.0,
            base,
        }
    }

    /// A shock to the model's baseline as one to this.
    fn shock(&self, whole: &Shocked) -> Shocked {
        let mut shocked = whole.clone();
        // Of this baseline, not of the model's.
        shocked.since = Since::default();
        for (at, there) in self.shocked.weight.iter().enumerate() {
            let ratio = if *there > 0.0 {
                whole.weight[at] / there
            } else {
                0.0
            };
            shocked.set(at, self.base.share[at] * ratio, whole.tariff[at]);
        }
        for (labour, there) in shocked.labour.iter_mut().zip(&self.shocked.labour) {
            *labour /= there;
        }
        for deficit in &mut shocked.deficit {
            *deficit *= self.growth;
        }
        shocked
    }

    /// The next one, at a point of the system that starts from this.
    fn next(&self, model: &Model, system: &System, point: &Point, shocked: &Shocked) -> Self {
        let base = calibration(system, point);
        let preconditioner = Preconditioner::new(&base, model.theta(), system.rules);
        let moved = self.unknowns.iter().zip(&point.unknowns);
        Self {
            preconditioner: Arc::new(preconditioner),
            shocked: shocked.clone(),
            growth: if system.rules.proportional {
                self.growth * system.world_growth(point)
            } else {
                1.0
            },
            unknowns: moved.map(|(a, b)| a + b).collect(),
            base: Arc::new(base),
        }
    }
}

/// An equilibrium as a baseline.
fn calibration(system: &System, point: &Point) -> Calibration {
    let mut base = system.base.clone();
    let n = base.n;
    for at in 0..base.flow.len() {
        let (j, i, m) = (at / n / n, at / n % n, at % n);
        base.flow[at] = system.flow(point, j, i, m);
        base.tariff[at] = system.shocked.tariff[at];
        let spending = point.spending[j * n + m];
        if spending > 0.0 {
            base.share[at] = base.flow[at] * (1.0 + base.tariff[at]) / spending;
        }
        base.net_share[at] = base.share[at] / (1.0 + base.tariff[at]);
    }
    base.taxed.clone_from(&system.shocked.taxed);
    base.spending.clone_from(&point.spending);
    for (inverse, spending) in base.spending_inverse.iter_mut().zip(&base.spending) {
        *inverse = if *spending > 0.0 { 1.0 / spending } else { 0.0 };
    }
    base.output.clone_from(&point.output);
    base.labour_income.clone_from(&point.labour_income);
    base.revenue.clone_from(&point.revenue);
    base.deficit.clone_from(&point.deficit);
    base.income.clone_from(&point.income);
    base
}

/// That every region has something to spend.
fn incomes(system: &System, point: &Point) -> Result<(), TradeError> {
    let without = |i: &usize| point.income[*i].is_nan() || point.income[*i] <= 0.0;
    let Some(i) = (0..system.base.n).find(without) else {
        return Ok(());
    };
    let busd = |level: f64| system.base.in_billion * level;
    Err(TradeError::NoIncome {
        region: system.base.regions[i].clone(),
        labour_busd: busd(point.labour_income[i]),
        revenue_busd: busd(point.revenue[i]),
        deficit_busd: busd(point.deficit[i]),
    })
}

impl Model {
    /// Solves for a shock in steps; the iteration holds the solution on return. Gives the number of steps.
    ///
    /// # Errors
    /// The share of the shock that could be solved for.
    pub(crate) fn solve_in_steps(
        &self,
        whole: &Shocked,
        iteration: &mut Iteration,
        report: &mut SolveReport,
    ) -> Result<usize, f64> {
        let mut stage = Stage::first(self);
        let mut part = Shocked::default();
        continuation::follow(|share| {
            part.take_share(self.calibration(), whole, share);
            let shocked = stage.shock(&part);
            let system = System {
                base: &stage.base,
                ..self.system(&shocked)
            };
            iteration.begin(system.len(), None);
            let solved = self.settle(&system, &stage.preconditioner, iteration, report);
            if solved.is_err() {
                return false;
            }
            let next = stage.next(self, &system, &iteration.point, &part);
            if share >= 1.0 {
                iteration.begin(next.unknowns.len(), None);
                iteration.point.unknowns.clone_from(&next.unknowns);
                return self.settle_whole(whole, iteration, report).is_ok();
            }
            stage = next;
            true
        })
    }

    /// Solves for a shock at once, from where the iteration stands.
    ///
    /// # Errors
    /// As [`Model::settle`].
    pub(crate) fn settle_whole(
        &self,
        whole: &Shocked,
        iteration: &mut Iteration,
        report: &mut SolveReport,
    ) -> Result<(), TradeError> {
        let system = self.system(whole);
        self.settle(&system, self.preconditioner(), iteration, report)
    }

    /// Solves from where the iteration stands to the tolerance, and finer where so little is traded that it hides the balance
    /// of trade. Adds to the report what it took.
    ///
    /// # Errors
    /// [`TradeError::NotConverged`], [`TradeError::NoTrade`], [`TradeError::NoIncome`].
    fn settle(
        &self,
        system: &System,
        preconditioner: &Preconditioner,
        iteration: &mut Iteration,
        report: &mut SolveReport,
    ) -> Result<(), TradeError> {
        let mut tolerance = self.options().tolerance;
        loop {
            let outcome = newton::solve(system, preconditioner, tolerance, iteration);
            report.residual = outcome.residual;
            report.iterations += outcome.iterations;
            report.products += outcome.products;
            if !outcome.converged {
                return Err(TradeError::NotConverged {
                    residual: outcome.residual,
                    iterations: outcome.iterations,
                    worst: system.market(outcome.worst),
                    reached: None,
                });
            }
            let (region, imbalance) = system.imbalance(&iteration.point);
            if imbalance <= BALANCED {
                return incomes(system, &iteration.point);
            }
            if tolerance <= FINEST {
                let (exports, imports) = system.trade(&iteration.point, region);
                return Err(TradeError::NoTrade {
                    region: system.base.regions[region].clone(),
                    trade_busd: system.base.in_billion * (exports + imports),
                    imbalance,
                });
            }
            tolerance = (0.01 * tolerance).max(FINEST);
        }
    }
}
