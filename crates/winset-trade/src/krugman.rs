//! The Krugman structure with fixed numbers of firms: Ossa (2014), *Am. Econ. Rev.* 104(12), "Trade Wars and Trade
//! Talks with Data".
//!
//! Many sectors, no inputs, one kind of labour that moves between sectors, firms whose number is fixed and whose profits
//! are a share 1/σ of sales. i the origin, m the destination, s the sector, hats ratios, primes new levels:
//!
//! ```text
//! shares    γ'_ims ∝ γ_ims (ŵ_i (1+T'_ims)/(1+T_ims))^(1−σ_s)     P̂_ms^(1−σ_s) the sum over i     (eq. 12)
//! flows     X'_ims = γ'_ims μ_ms E'_m / (1+T'_ims)               net of tariff
//! labour    ŵ_i LI_i = Σ_s (σ_s−1)/σ_s Σ_m X'_ims                                                  (eq. 10)
//! spending  E'_m = ŵ_m LI_m + Σ_s (1/σ_s) Σ_k X'_mks + R'_m + D_m                                  (eq. 13)
//! objective G_m = Σ_s λ_ms (Σ_k X_mks + δ_ms R_m) + D_m, over the price index                     (eq. 4)
//! ```
//!
//! λ are political weights on sectors with a mean of one and δ the shares of a sector in labour, new ones as labour
//! moves; all λ = 1 gives real income. Given shares, everything but wages and spending is explicit: 2N unknowns, and the gradient of
//! an objective by all tariffs costs one small transposed solve.

use faer::linalg::solvers::{PartialPivLu, Solve};
use faer::{Mat, MatMut};

use crate::calibration::{Calibration, Levels};
use crate::continuation::on_the_way;
use crate::dense::{self, Equations};
use crate::economy::{Economy, cell};
use crate::equilibrium::{SolveReport, percent};
use crate::error::TradeError;
use crate::resolved::Resolved;
use crate::shock::Shock;

/// A calibrated model. Indices are those of [`Krugman::regions`] and [`Krugman::sectors`].
#[derive(Clone, Debug)]
pub struct Krugman {
    base: Calibration,
    sigma: Vec<f64>,
    /// Labour income by region.
    labour: Vec<f64>,
    /// λ, `[sector][region]`.
    weights: Vec<f64>,
    tolerance: f64,
}

impl Krugman {
    /// Calibrates the model; σ = θ + 1 of the elasticities named. An input–output table, if any, is not used.
    ///
    /// # Errors
    /// No elasticities of that name, a region without income.
    pub fn new(economy: &Economy, elasticities: &str) -> Result<Self, TradeError> {
        let theta = economy.elasticities(elasticities)?;
        let base = Calibration::new(economy, false)?;
        let sigma = theta.iter().map(|t| t + 1.0).collect();
        Ok(Self::calibrated(base, sigma))
    }

    fn calibrated(base: Calibration, sigma: Vec<f64>) -> Self {
        let (n, s) = (base.n, base.s);
        let mut labour = vec![0.0; n];
        for at in 0..n * s {
            labour[at % n] += base.output[at] * (1.0 - 1.0 / sigma[at / n]);
        }
        Self {
            base,
            sigma,
            labour,
            weights: vec![1.0; n * s],
            tolerance: 1e-13,
        }
    }

    /// With political weights, `[sector][region]`, zero or above.
    ///
    /// # Errors
    /// Another number of weights than sectors times regions, or one below zero.
    pub fn with_weights(mut self, weights: &[f64]) -> Result<Self, TradeError> {
        if weights.len() != self.weights.len() || weights.iter().any(|w| w.is_nan() || *w < 0.0) {
            return Err(TradeError::Option(format!(
                "political weights: give {} numbers of zero or above, one for each sector and region",
                self.weights.len()
            )));
        }
        self.weights.copy_from_slice(weights);
        Ok(self)
    }

    /// The world without aggregate deficits, as a new baseline (Ossa 2014, section II.B).
    ///
    /// # Errors
    /// [`TradeError::NotConverged`].
    pub fn without_deficits(&self) -> Result<Self, TradeError> {
        let mut closed = self.clone();
        closed.base.deficit.fill(0.0);
        let solved = closed.at_tariffs(&self.base.tariff, None)?;
        let base = Calibration::from_levels(Levels {
            regions: self.base.regions.clone(),
            sectors: self.base.sectors.clone(),
            in_billion: self.base.in_billion,
            flow: solved.state.flow,
            tariff: self.base.tariff.clone(),
            value_added: self.base.value_added.clone(),
            inputs: Vec::new(),
        })?;
        let mut out = Self::calibrated(base, self.sigma.clone());
        // Zero but for rounding.
        out.base.deficit.fill(0.0);
        out.weights.clone_from(&self.weights);
        Ok(out)
    }

    /// The regions.
    pub fn regions(&self) -> &[String] {
        &self.base.regions
    }

    /// The sectors.
    pub fn sectors(&self) -> &[String] {
        &self.base.sectors
    }

    /// θ = σ − 1 by sector.
    pub fn theta(&self) -> Vec<f64> {
        self.sigma.iter().map(|s| s - 1.0).collect()
    }

    /// Tariffs of the baseline, fractions, `[sector][origin][destination]`.
    pub fn tariffs(&self) -> &[f64] {
        &self.base.tariff
    }

    /// Trade of the baseline net of tariff, in the economy's unit, `[sector][origin][destination]`.
    pub fn trade(&self) -> &[f64] {
        &self.base.flow
    }

    /// Solves under a shock of tariffs.
    ///
    /// # Errors
    /// A shock that names what is not there, is out of range or of another kind; [`TradeError::NotConverged`].
    pub fn solve(&self, shock: &Shock) -> Result<KrugmanEquilibrium<'_>, TradeError> {
        let resolved = Resolved::of(shock, &self.base)?;
        resolved.only_barriers(&self.base, "the Krugman structure")?;
        let mut tariff = self.base.tariff.clone();
        for change in &resolved.changes {
            if change.iceberg.to_bits() != 1.0_f64.to_bits() {
                return Err(TradeError::Shock(
                    "the Krugman structure takes tariffs only (use the structure armington for iceberg costs)"
                        .to_owned(),
                ));
            }
            tariff[change.at] = change.tariff;
        }
        self.at_tariffs(&tariff, None)
    }

    /// Solves at tariffs given in the order `[sector][origin][destination]`, from the baseline or from `start`.
    ///
    /// # Errors
    /// A number of tariffs that is not that of the flows, one of −1 or below, [`TradeError::NotConverged`].
    pub fn at_tariffs(
        &self,
        tariff: &[f64],
        start: Option<&[f64]>,
    ) -> Result<KrugmanEquilibrium<'_>, TradeError> {
        if tariff.len() != self.base.flow.len() || tariff.iter().any(|t| t.is_nan() || *t <= -1.0) {
            return Err(TradeError::Shock(format!(
                "tariffs: give {} fractions above −1, one for each sector, origin and destination",
                self.base.flow.len()
            )));
        }
        let n = self.base.n;
        let world = |share: f64| {
            let tariffs = self.base.tariff.iter().zip(tariff);
            let tariff: Vec<f64> = tariffs.map(|(a, b)| on_the_way(*a, *b, share)).collect();
            let weight = (0..tariff.len())
                .map(|at| {
                    let raised = (1.0 + tariff[at]) / (1.0 + self.base.tariff[at]);
                    self.base.share[at] * raised.powf(1.0 - self.sigma[at / (n * n)])
                })
                .collect();
            World {
                model: self,
                tariff,
                weight,
            }
        };
        let mut unknowns = start.map_or_else(|| vec![0.0; 2 * n], <[f64]>::to_vec);
        let (world, report) = dense::solve(world, &mut unknowns, self.tolerance)?;
        let state = world.state(&unknowns);
        Ok(KrugmanEquilibrium {
            world,
            unknowns,
            state,
            report,
        })
    }
}

/// A model at some tariffs.
#[derive(Clone, Debug)]
struct World<'a> {
    model: &'a Krugman,
    tariff: Vec<f64>,
    /// γ ((1+T')/(1+T))^(1−σ)
    weight: Vec<f64>,
}

/// What the equations say at one point.
#[derive(Clone, Debug)]
struct State {
    share: Vec<f64>,
    flow: Vec<f64>,
    /// Log prices, `[sector][region]`.
    price: Vec<f64>,
    output: Vec<f64>,
    revenue: Vec<f64>,
    spending: Vec<f64>,
}

/// Adjoints of sales, revenue and log prices.
#[derive(Clone, Debug)]
struct Seeds {
    output: Vec<f64>,
    revenue: Vec<f64>,
    price: Vec<f64>,
}

impl World<'_> {
    fn state(&self, unknowns: &[f64]) -> State {
        let model = self.model;
        let base = &model.base;
        let (n, s) = (base.n, base.s);
        let spending: Vec<f64> = (0..n)
            .map(|m| base.income[m] * unknowns[n + m].exp())
            .collect();
        let mut state = State {
            share: self.weight.clone(),
            flow: vec![0.0; n * n * s],
            price: vec![0.0; n * s],
            output: vec![0.0; n * s],
            revenue: vec![0.0; n],
            spending,
        };
        let mut sum = vec![0.0; n];
        for j in 0..s {
            sum.fill(0.0);
            for i in 0..n {
                let cost = ((1.0 - model.sigma[j]) * unknowns[i]).exp();
                for m in 0..n {
                    let share = &mut state.share[cell(n, j, i, m)];
                    *share *= cost;
                    sum[m] += *share;
                }
            }
            for m in 0..n {
                state.price[j * n + m] = sum[m].ln() / (1.0 - model.sigma[j]);
            }
            for i in 0..n {
                for m in 0..n {
                    let at = cell(n, j, i, m);
                    state.share[at] /= sum[m];
                    let spent = base.final_share[j * n + m] * state.spending[m];
                    let flow = state.share[at] * spent / (1.0 + self.tariff[at]);
                    state.flow[at] = flow;
                    state.output[j * n + i] += flow;
                    state.revenue[m] += self.tariff[at] * flow;
                }
            }
        }
        state
    }

    /// Carries adjoints to the log unknowns and, where asked for, to the tariffs.
    fn pull(&self, state: &State, seeds: &Seeds, mut tariffs: Option<&mut [f64]>) -> Vec<f64> {
        let base = &self.model.base;
        let (n, s) = (base.n, base.s);
        let mut out = vec![0.0; 2 * n];
        let mut of_flow = vec![0.0; n];
        for j in 0..s {
            let sigma = self.model.sigma[j];
            for m in 0..n {
                let mut all = 0.0;
                for i in 0..n {
                    let at = cell(n, j, i, m);
                    let adjoint = seeds.output[j * n + i] + self.tariff[at] * seeds.revenue[m];
                    of_flow[i] = adjoint * state.flow[at];
                    all += of_flow[i];
                }
                out[n + m] += all;
                let price = seeds.price[j * n + m];
                for i in 0..n {
                    let at = cell(n, j, i, m);
                    let share = state.share[at];
                    let by_cost = (1.0 - sigma) * (of_flow[i] - share * all) + share * price;
                    out[i] += by_cost;
                    if let Some(tariffs) = tariffs.as_deref_mut() {
                        tariffs[at] = (by_cost - of_flow[i]) / (1.0 + self.tariff[at])
                            + seeds.revenue[m] * state.flow[at];
                    }
                }
            }
        }
        out
    }

    /// Adjoints of the residual's rows `y`, negative.
    fn residual_seeds(&self, y: &[f64]) -> Seeds {
        let model = self.model;
        let (n, s) = (model.base.n, model.base.s);
        let mut seeds = Seeds {
            output: vec![0.0; n * s],
            revenue: (0..n).map(|m| y[n + m] / model.base.income[m]).collect(),
            price: vec![0.0; n * s],
        };
        for at in 0..n * s {
            let i = at % n;
            let profit = 1.0 / model.sigma[at / n];
            seeds.output[at] =
                profit * y[n + i] / model.base.income[i] - (1.0 - profit) * y[i] / model.labour[i];
        }
        seeds
    }
}

impl Equations for World<'_> {
    fn residual(&self, unknowns: &[f64], residual: &mut Vec<f64>) {
        let model = self.model;
        let n = model.base.n;
        let state = self.state(unknowns);
        let labour: Vec<f64> = (0..n)
            .map(|i| model.labour[i] * unknowns[i].exp())
            .collect();
        let world: f64 = model.labour.iter().sum();
        let numeraire = labour.iter().sum::<f64>() / world - 1.0;
        residual.clear();
        residual.resize(2 * n, 0.0);
        for (at, output) in state.output.iter().enumerate() {
            let i = at % n;
            let profit = 1.0 / model.sigma[at / n];
            residual[i] += (1.0 - profit) * output / model.labour[i];
            residual[n + i] -= profit * output / model.base.income[i];
        }
        for i in 0..n {
            residual[i] += numeraire - unknowns[i].exp();
            let rest = state.spending[i] - labour[i] - state.revenue[i] - model.base.deficit[i];
            residual[n + i] += rest / model.base.income[i];
        }
    }

    fn jacobian(&self, unknowns: &[f64]) -> Mat<f64> {
        let model = self.model;
        let n = model.base.n;
        let state = self.state(unknowns);
        let world: f64 = model.labour.iter().sum();
        let mut out = Mat::zeros(2 * n, 2 * n);
        let mut y = vec![0.0; 2 * n];
        for row in 0..2 * n {
            y[row] = 1.0;
            let minus = self.pull(&state, &self.residual_seeds(&y), None);
            y[row] = 0.0;
            for column in 0..2 * n {
                out[(row, column)] = -minus[column];
            }
            let i = row % n;
            if row < n {
                out[(row, i)] -= unknowns[i].exp();
                for k in 0..n {
                    out[(row, k)] += model.labour[k] * unknowns[k].exp() / world;
                }
            } else {
                let income = model.base.income[i];
                out[(row, i)] -= model.labour[i] * unknowns[i].exp() / income;
                out[(row, n + i)] += state.spending[i] / income;
            }
        }
        out
    }

    fn market(&self, row: usize) -> String {
        let n = self.model.base.n;
        let what = ["labour", "spending"][row / n];
        format!("{what} of {}", self.model.base.regions[row % n])
    }
}

/// A solved equilibrium; ratios are to the baseline.
#[derive(Clone, Debug)]
pub struct KrugmanEquilibrium<'a> {
    world: World<'a>,
    unknowns: Vec<f64>,
    state: State,
    report: SolveReport,
}

/// Factors of the Jacobian at an equilibrium, shared by the gradients of all regions.
#[derive(Clone, Debug)]
pub struct Factors(PartialPivLu<f64>);

impl KrugmanEquilibrium<'_> {
    /// Residual, steps and time of the solve.
    pub fn report(&self) -> SolveReport {
        self.report
    }

    /// The unknowns, to start a neighbour from.
    pub fn unknowns(&self) -> &[f64] {
        &self.unknowns
    }

    /// Wage less the unweighted mean of all regions' wages, as ratios at the numeraire (labour income of the world), in
    /// per cent: the relative wages of Ossa's tables.
    pub fn relative_wage_pct(&self, region: usize) -> f64 {
        let n = self.world.model.base.n;
        let mean = (0..n).map(|i| self.unknowns[i].exp()).sum::<f64>() / n as f64;
        100.0 * (self.unknowns[region].exp() - mean)
    }

    /// Profits over the wage, change in per cent.
    pub fn profits_pct(&self, region: usize) -> f64 {
        let model = self.world.model;
        let n = model.base.n;
        let profits = |output: &[f64]| -> f64 {
            (0..model.base.s)
                .map(|j| output[j * n + region] / model.sigma[j])
                .sum()
        };
        let ratio = profits(&self.state.output) / profits(&model.base.output);
        percent(ratio / self.unknowns[region].exp())
    }

    /// Wage, a ratio at the numeraire, the labour income of the world.
    pub fn wage_hat(&self, region: usize) -> f64 {
        self.unknowns[region].exp()
    }

    /// Tariff revenue, in the economy's unit.
    pub fn revenue(&self, region: usize) -> f64 {
        self.state.revenue[region]
    }

    /// Price index, a ratio.
    pub fn price_index_hat(&self, region: usize) -> f64 {
        let base = &self.world.model.base;
        (0..base.s)
            .map(|j| base.final_share[j * base.n + region] * self.state.price[j * base.n + region])
            .sum::<f64>()
            .exp()
    }

    /// Welfare, real income: change in per cent.
    pub fn welfare_pct(&self, region: usize) -> f64 {
        let n = self.world.model.base.n;
        percent(self.unknowns[n + region].exp() / self.price_index_hat(region))
    }

    /// What the government of a region values: level in nominal terms at some sales and revenue, and the weight of
    /// the revenue.
    fn nominal(&self, region: usize, output: &[f64], revenue: f64) -> (f64, f64) {
        let model = self.world.model;
        let n = model.base.n;
        let (mut sales, mut labour, mut weighted) = (0.0, 0.0, 0.0);
        for j in 0..model.base.s {
            let at = j * n + region;
            let paid = (1.0 - 1.0 / model.sigma[j]) * output[at];
            sales += model.weights[at] * output[at];
            labour += paid;
            weighted += model.weights[at] * paid;
        }
        let weight = weighted / labour;
        (
            sales + weight * revenue + model.base.deficit[region],
            weight,
        )
    }

    /// The government's objective, a ratio to the baseline: real income where all political weights are one.
    pub fn government(&self, region: usize) -> f64 {
        let base = &self.world.model.base;
        let before = self.nominal(region, &base.output, base.revenue[region]);
        let after = self.nominal(region, &self.state.output, self.state.revenue[region]);
        after.0 / before.0 / self.price_index_hat(region)
    }

    /// Factors for [`KrugmanEquilibrium::gradient`].
    pub fn factors(&self) -> Factors {
        Factors(self.world.jacobian(&self.unknowns).partial_piv_lu())
    }

    /// Derivatives of a government's objective by all tariffs (fractions), into `tariffs`,
    /// `[sector][origin][destination]`.
    pub fn gradient(&self, factors: &Factors, region: usize, tariffs: &mut Vec<f64>) {
        let model = self.world.model;
        let base = &model.base;
        let (n, s) = (base.n, base.s);
        let value = self.government(region);
        let (before, _) = self.nominal(region, &base.output, base.revenue[region]);
        let revenue = self.state.revenue[region];
        let (_, weight) = self.nominal(region, &self.state.output, revenue);
        let labour: f64 = (0..s)
            .map(|j| (1.0 - 1.0 / model.sigma[j]) * self.state.output[j * n + region])
            .sum();
        let scale = 1.0 / (before * self.price_index_hat(region));
        let mut seeds = Seeds {
            output: vec![0.0; n * s],
            revenue: vec![0.0; n],
            price: vec![0.0; n * s],
        };
        for j in 0..s {
            let at = j * n + region;
            // Labour that comes to the sector brings its part of the revenue.
            let brought = (1.0 - 1.0 / model.sigma[j]) * (model.weights[at] - weight);
            seeds.output[at] = scale * (model.weights[at] + brought * revenue / labour);
            seeds.price[at] = -value * base.final_share[at];
        }
        seeds.revenue[region] = scale * weight;
        let mut y = self.world.pull(&self.state, &seeds, None);
        factors
            .0
            .solve_transpose_in_place(MatMut::from_column_major_slice_mut(&mut y, 2 * n, 1));
        let through = self.world.residual_seeds(&y);
        let pairs = [
            (&mut seeds.output, &through.output),
            (&mut seeds.revenue, &through.revenue),
        ];
        for (to, from) in pairs {
            to.iter_mut().zip(from).for_each(|(x, y)| *x += y);
        }
        tariffs.clear();
        tariffs.resize(base.flow.len(), 0.0);
        self.world.pull(&self.state, &seeds, Some(tariffs));
    }
}
