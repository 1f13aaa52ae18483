//! One-sector structural gravity with the features of the literature on tariffs and aggregate trade.
//!
//! Ignatenko, Lashkaripour, Macedoni & Simonovska (2025), *J. Int. Econ.*, one sector; i the origin, j the destination,
//! hats ratios to the baseline, primes new levels:
//!
//! ```text
//! shares      λ'_ij ∝ λ_ij (ŵ_i / L̂_i^ψ)^−ε d̂_ij^−ε ((1+t'_ij)/(1+t_ij))^−εφ_jφ̃
//! prices      P̂_j = (Ê_j/ŵ_j)^(1−φ_j) s_j^(−1/ε)           s_j the sum over i
//! flows       X'_ij = λ'_ij E'_j / (1+t'_ij)                 net of tariff
//! markets     Σ_j (1−ν_j) X'_ij + ν_i Σ_k X'_ki = ŵ_i L̂_i Y_i
//! spending    E'_j = R'_j + ŵ_j L̂_j Y_j + transfers
//! labour      L̂_j = (τ̂_j ŵ_j / P̂_j)^κ                       τ̂ = 1/(1−R'/(ŵL̂Y)) with tax relief, else 1
//! welfare     δ_j Ê_j/P̂_j + (1−δ_j) ŵ_j L̂_j/P̂_j             δ = E / (E − κ(1−τ)Y/(1+κ))
//! ```
//!
//! With ψ = κ = ν = 0 and φ = 1 this is the Armington model of Anderson & van Wincoop (2003) in changes: the
//! `gegravity` and `GE_gravity` packages.

use faer::Mat;

use crate::calibration::Calibration;
use crate::continuation::{between, on_the_way};
use crate::dense::{self, Equations};
use crate::economy::Economy;
use crate::equilibrium::{SolveReport, percent};
use crate::error::TradeError;
use crate::resolved::Resolved;
use crate::shock::Shock;

/// Where tariff revenue goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rebate {
    /// To households in a lump sum.
    #[default]
    LumpSum,
    /// Into a lower tax on labour income, which draws labour.
    TaxRelief,
}

impl Rebate {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LumpSum => "lump-sum",
            Self::TaxRelief => "tax-relief",
        }
    }
}

impl std::str::FromStr for Rebate {
    type Err = TradeError;

    fn from_str(name: &str) -> Result<Self, TradeError> {
        match name {
            "lump-sum" => Ok(Self::LumpSum),
            "tax-relief" => Ok(Self::TaxRelief),
            _ => Err(TradeError::Unknown {
                kind: "rebate",
                name: name.to_owned(),
                known: "lump-sum, tax-relief".to_owned(),
            }),
        }
    }
}

/// What happens to the gaps between spending and income.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transfers {
    /// A constant share of the world's labour income (`additive` in `GE_gravity`).
    #[default]
    WorldShare,
    /// Spending is a constant multiple of own income (`multiplicative`), all multiples scaled by one factor so that
    /// the world spends what it earns.
    OwnIncome,
}

/// What [`Gravity::formula_tariff`] takes sales at home from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormulaBase {
    /// Spending: 21.8 per cent for the United States in the paper's data.
    Spending,
    /// Income from sales: 18.5 per cent, the 19 of the paper's abstract.
    Income,
}

/// What has a constant value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GravityNumeraire {
    /// Labour income of the world.
    #[default]
    WorldIncome,
    /// Prices of the world, weighted by baseline spending.
    WorldPrices,
    /// The price index of one region.
    Prices(String),
}

/// How the one-sector model is set up.
#[derive(Clone, Debug, PartialEq)]
pub struct GravityOptions {
    /// The set of trade elasticities, by name; its one value is ε.
    pub elasticities: String,
    /// ψ ≥ 0: elasticity of productivity with respect to the size of the labour force.
    pub scale: f64,
    /// κ ≥ 0: elasticity of labour supply.
    pub labour_supply: f64,
    /// Where tariff revenue goes.
    pub rebate: Rebate,
    /// What happens to deficits.
    pub transfers: Transfers,
    /// ν by region, in [0, 1): the part of sales that is paid where the good is sold; empty for none.
    pub local_share: Vec<f64>,
    /// φ by region, > 0: exponent of the tariff in demand over ε; empty for 1. Where only a share q of a tariff reaches the price
    /// of a single good, φ − (1 − q).
    pub selection: Vec<f64>,
    /// What has a constant value.
    pub numeraire: GravityNumeraire,
    /// Largest residual, relative to its market.
    pub tolerance: f64,
}

impl GravityOptions {
    /// Armington: no scale economies, fixed labour, lump-sum rebates, all tariffs passed through.
    pub fn new(elasticities: impl Into<String>) -> Self {
        Self {
            elasticities: elasticities.into(),
            scale: 0.0,
            labour_supply: 0.0,
            rebate: Rebate::default(),
            transfers: Transfers::default(),
            local_share: Vec::new(),
            selection: Vec::new(),
            numeraire: GravityNumeraire::default(),
            tolerance: 1e-12,
        }
    }
}

/// A calibrated one-sector model.
#[derive(Clone, Debug)]
pub struct Gravity {
    base: Calibration,
    options: GravityOptions,
    epsilon: f64,
    /// Income from sales.
    income: Vec<f64>,
    /// Spending, tariffs included.
    spending: Vec<f64>,
    local: Vec<f64>,
    selection: Vec<f64>,
    /// Region whose prices are the numeraire, where it is one region's.
    priced: Option<usize>,
}

fn by_region(given: &[f64], n: usize, default: f64, what: &str) -> Result<Vec<f64>, TradeError> {
    if given.is_empty() {
        return Ok(vec![default; n]);
    }
    if given.len() != n {
        return Err(TradeError::Option(format!(
            "{} values of {what} for {n} regions: give one for each",
            given.len()
        )));
    }
    Ok(given.to_vec())
}

impl Gravity {
    /// Calibrates the model to an economy of one sector; its input–output table, if any, is not used.
    ///
    /// # Errors
    /// More sectors than one, options out of range, tax relief with tariffs in the baseline.
    pub fn new(economy: &Economy, options: GravityOptions) -> Result<Self, TradeError> {
        let base = Calibration::new(economy, false)?;
        let n = base.n;
        if base.s != 1 {
            return Err(TradeError::Option(format!(
                "the gravity model has one sector, the economy has {}: aggregate it first",
                base.s
            )));
        }
        let epsilon = economy.elasticities(&options.elasticities)?[0];
        let local = by_region(&options.local_share, n, 0.0, "the local share ν")?;
        let selection = by_region(&options.selection, n, 1.0, "the selection exponent φ")?;
        let in_range = options.scale >= 0.0
            && options.labour_supply >= 0.0
            && local.iter().all(|x| (0.0..1.0).contains(x))
            && selection.iter().all(|x| *x > 0.0);
        if !in_range {
            return Err(TradeError::Option(
                "gravity: ψ and κ must be zero or above, ν in [0, 1), φ above zero".to_owned(),
            ));
        }
        if options.rebate == Rebate::TaxRelief && base.tariff.iter().any(|t| *t != 0.0) {
            return Err(TradeError::Option(
                "tax relief is defined from a baseline without tariffs: set the tariffs of the economy to zero"
                    .to_owned(),
            ));
        }
        let priced = match &options.numeraire {
            GravityNumeraire::Prices(region) => Some(economy.region(region)?),
            _ => None,
        };
        let mut income = vec![0.0; n];
        for i in 0..n {
            for j in 0..n {
                let flow = base.flow[i * n + j];
                income[i] += (1.0 - local[j]) * flow;
                income[j] += local[j] * flow;
            }
        }
        Ok(Self {
            spending: base.spending.clone(),
            base,
            options,
            epsilon,
            income,
            local,
            selection,
            priced,
        })
    }

    /// The regions, in the order of every index.
    pub fn regions(&self) -> &[String] {
        &self.base.regions
    }

    /// The tariff, a fraction, that is best for a region against all others if they keep theirs, by the paper's formula for
    /// small changes abroad (Ignatenko et al. 2025), from the trade of the baseline:
    /// `1/((1 + δε)φ − 1)` with `δ = Σ_j (1 − ν_j) X_j (1 − λ_j) / ((1 − ν)(B − X))`: `X_j` are the region's sales to j and
    /// `λ_j` their share there, X its sales at home, B its spending or its income from sales; the paper's programs use
    /// both.
    pub fn formula_tariff(&self, region: usize, of: FormulaBase) -> f64 {
        let n = self.base.n;
        let flow = |j: usize| self.base.flow[region * n + j];
        let abroad = (0..n)
            .filter(|j| *j != region)
            .map(|j| (1.0 - self.local[j]) * flow(j) * (1.0 - self.base.share[region * n + j]));
        let whole = match of {
            FormulaBase::Spending => self.spending[region],
            FormulaBase::Income => self.income[region],
        };
        let imports = (1.0 - self.local[region]) * (whole - flow(region));
        let delta = abroad.sum::<f64>() / imports;
        1.0 / ((1.0 + delta * self.epsilon) * self.selection[region] - 1.0)
    }

    /// Solves under a shock of tariffs and iceberg costs.
    ///
    /// # Errors
    /// A shock that names what is not there, is out of range or of another kind; [`TradeError::NotConverged`].
    pub fn solve(&self, shock: &Shock) -> Result<GravityEquilibrium, TradeError> {
        let resolved = Resolved::of(shock, &self.base)?;
        resolved.only_barriers(&self.base, "the gravity model")?;
        let world = |share: f64| {
            let mut weight = self.base.share.clone();
            let mut tariff = self.base.tariff.clone();
            for change in &resolved.changes {
                let j = change.at % self.base.n;
                let new = on_the_way(tariff[change.at], change.tariff, share);
                let raised = (1.0 + new) / (1.0 + tariff[change.at]);
                let passed = raised.powf(self.selection[j]);
                let iceberg = between(1.0, change.iceberg, share);
                weight[change.at] *= (iceberg * passed).powf(-self.epsilon);
                tariff[change.at] = new;
            }
            World {
                model: self,
                weight,
                tariff,
            }
        };
        let mut unknowns = vec![0.0; 3 * self.base.n];
        let (world, report) = dense::solve(world, &mut unknowns, self.options.tolerance)?;
        let state = world.state(&unknowns);
        Ok(GravityEquilibrium {
            model: self.clone(),
            state,
            report,
        })
    }
}

/// A shocked model.
struct World<'a> {
    model: &'a Gravity,
    weight: Vec<f64>,
    tariff: Vec<f64>,
}

/// All that the equations say at one point; `[origin][destination]` or by region.
#[derive(Clone, Debug)]
struct State {
    wage: Vec<f64>,
    labour: Vec<f64>,
    spending: Vec<f64>,
    share: Vec<f64>,
    flow: Vec<f64>,
    price: Vec<f64>,
    revenue: Vec<f64>,
    bought: Vec<f64>,
    income: Vec<f64>,
    tax: Vec<f64>,
}

impl World<'_> {
    fn state(&self, unknowns: &[f64]) -> State {
        let m = self.model;
        let n = m.base.n;
        let (wage, rest) = unknowns.split_at(n);
        let (labour, spending) = rest.split_at(n);
        let cost: Vec<f64> = (0..n)
            .map(|i| (-m.epsilon * (wage[i] - m.options.scale * labour[i])).exp())
            .collect();
        let mut sum = vec![0.0; n];
        let mut share = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                share[i * n + j] = self.weight[i * n + j] * cost[i];
                sum[j] += share[i * n + j];
            }
        }
        let (mut revenue, mut bought) = (vec![0.0; n], vec![0.0; n]);
        let mut flow = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                let at = i * n + j;
                share[at] /= sum[j];
                flow[at] = share[at] * m.spending[j] * spending[j].exp() / (1.0 + self.tariff[at]);
                revenue[j] += self.tariff[at] * flow[at];
                bought[j] += flow[at];
            }
        }
        let price = (0..n)
            .map(|j| (1.0 - m.selection[j]) * (spending[j] - wage[j]) - sum[j].ln() / m.epsilon)
            .collect();
        let income: Vec<f64> = (0..n)
            .map(|j| m.income[j] * (wage[j] + labour[j]).exp())
            .collect();
        let tax = match m.options.rebate {
            Rebate::LumpSum => vec![0.0; n],
            Rebate::TaxRelief => (0..n).map(|j| revenue[j] / income[j]).collect(),
        };
        State {
            wage: wage.to_vec(),
            labour: labour.to_vec(),
            spending: spending.to_vec(),
            share,
            flow,
            price,
            revenue,
            bought,
            income,
            tax,
        }
    }

    /// Spending out of income and transfers, and its derivative by each region's log income.
    fn wanted(&self, income: &[f64]) -> (Vec<f64>, Mat<f64>) {
        let m = self.model;
        let n = m.base.n;
        let mut slope = Mat::zeros(n, n);
        let world: f64 = income.iter().sum();
        let before: f64 = m.income.iter().sum();
        let gap = |j: usize| m.spending[j] - m.base.revenue[j] - m.income[j];
        let wanted = match m.options.transfers {
            Transfers::WorldShare => {
                for j in 0..n {
                    for k in 0..n {
                        slope[(j, k)] = gap(j) * income[k] / before;
                    }
                    slope[(j, j)] += income[j];
                }
                (0..n)
                    .map(|j| income[j] + gap(j) * world / before)
                    .collect()
            }
            Transfers::OwnIncome => {
                let multiple = |j: usize| 1.0 + gap(j) / m.income[j];
                let spent: f64 = (0..n).map(|j| multiple(j) * income[j]).sum();
                let wanted: Vec<f64> = (0..n)
                    .map(|j| multiple(j) * income[j] * world / spent)
                    .collect();
                for j in 0..n {
                    for k in 0..n {
                        let factor = income[k] / world - multiple(k) * income[k] / spent;
                        slope[(j, k)] = wanted[j] * factor;
                    }
                    slope[(j, j)] += wanted[j];
                }
                wanted
            }
        };
        (wanted, slope)
    }

    /// What the numeraire is off by.
    fn numeraire(&self, state: &State) -> f64 {
        let m = self.model;
        let n = m.base.n;
        let world: f64 = m.spending.iter().sum();
        match (&m.options.numeraire, m.priced) {
            (_, Some(j)) => state.price[j].exp_m1(),
            (GravityNumeraire::WorldPrices, _) => {
                (0..n)
                    .map(|j| m.spending[j] * state.price[j].exp_m1())
                    .sum::<f64>()
                    / world
            }
            _ => state.income.iter().sum::<f64>() / m.income.iter().sum::<f64>() - 1.0,
        }
    }
}

impl Equations for World<'_> {
    fn residual(&self, unknowns: &[f64], residual: &mut Vec<f64>) {
        let m = self.model;
        let n = m.base.n;
        let state = self.state(unknowns);
        let numeraire = self.numeraire(&state);
        let (wanted, _) = self.wanted(&state.income);
        residual.clear();
        residual.resize(3 * n, 0.0);
        for i in 0..n {
            let mut sold = m.local[i] * state.bought[i];
            for j in 0..n {
                sold += (1.0 - m.local[j]) * state.flow[i * n + j];
            }
            residual[i] = (sold - state.income[i]) / m.income[i] + numeraire;
            let kept = -(1.0 - state.tax[i]).ln();
            residual[n + i] =
                state.labour[i] - m.options.labour_supply * (kept + state.wage[i] - state.price[i]);
            residual[2 * n + i] =
                state.spending[i].exp() - (state.revenue[i] + wanted[i]) / m.spending[i];
        }
    }

    fn jacobian(&self, unknowns: &[f64]) -> Mat<f64> {
        let m = self.model;
        let n = m.base.n;
        let state = self.state(unknowns);
        let (_, slope) = self.wanted(&state.income);
        let (epsilon, scale) = (m.epsilon, m.options.scale);
        let kappa = m.options.labour_supply;
        let relief = m.options.rebate == Rebate::TaxRelief;
        let world_spending: f64 = m.spending.iter().sum();
        let world_income: f64 = m.income.iter().sum();
        let mut out = Mat::zeros(3 * n, 3 * n);
        // A derivative by the log of an origin's cost, w − ψL.
        let by_cost = |out: &mut Mat<f64>, row: usize, k: usize, value: f64| {
            out[(row, k)] += value;
            out[(row, n + k)] -= scale * value;
        };
        let mut numeraire = vec![0.0; 3 * n];
        for j in 0..n {
            let weight = match (&m.options.numeraire, m.priced) {
                (_, Some(region)) => f64::from(u8::from(region == j)),
                (GravityNumeraire::WorldPrices, _) => m.spending[j] / world_spending,
                _ => 0.0,
            } * state.price[j].exp();
            if weight != 0.0 {
                for k in 0..n {
                    let value = weight * state.share[k * n + j];
                    numeraire[k] += value;
                    numeraire[n + k] -= scale * value;
                }
                numeraire[j] -= weight * (1.0 - m.selection[j]);
                numeraire[2 * n + j] += weight * (1.0 - m.selection[j]);
            } else if m.priced.is_none() && m.options.numeraire == GravityNumeraire::WorldIncome {
                numeraire[j] += state.income[j] / world_income;
                numeraire[n + j] += state.income[j] / world_income;
            }
        }
        for i in 0..n {
            let inverse = 1.0 / m.income[i];
            for (column, value) in numeraire.iter().enumerate() {
                out[(i, column)] += value;
            }
            let sold: Vec<f64> = (0..n)
                .map(|j| (1.0 - m.local[j]) * state.flow[i * n + j])
                .collect();
            by_cost(
                &mut out,
                i,
                i,
                -epsilon * sold.iter().sum::<f64>() * inverse,
            );
            for k in 0..n {
                let mut cross = crate::kernels::dot(&sold, &state.share[k * n..(k + 1) * n]);
                cross -=
                    m.local[i] * (state.flow[k * n + i] - state.bought[i] * state.share[k * n + i]);
                by_cost(&mut out, i, k, epsilon * cross * inverse);
                out[(i, 2 * n + k)] += sold[k] * inverse;
            }
            out[(i, 2 * n + i)] += m.local[i] * state.bought[i] * inverse;
            out[(i, i)] -= state.income[i] * inverse;
            out[(i, n + i)] -= state.income[i] * inverse;
        }
        for j in 0..n {
            let (labour, income) = (n + j, 2 * n + j);
            let kept = 1.0 / (1.0 - state.tax[j]);
            for k in 0..n {
                let at = k * n + j;
                let revenue = -epsilon
                    * (self.tariff[at] * state.flow[at] - state.revenue[j] * state.share[at]);
                by_cost(&mut out, labour, k, kappa * state.share[at]);
                if relief {
                    by_cost(
                        &mut out,
                        labour,
                        k,
                        -kappa * kept * revenue / state.income[j],
                    );
                }
                by_cost(&mut out, income, k, -revenue / m.spending[j]);
                let spent = slope[(j, k)] / m.spending[j];
                out[(income, k)] -= spent;
                out[(income, n + k)] -= spent;
            }
            let entry = 1.0 - m.selection[j];
            out[(labour, labour)] += 1.0;
            out[(labour, j)] -= kappa * (1.0 + entry);
            out[(labour, income)] += kappa * entry;
            if relief {
                let through = kappa * kept * state.tax[j];
                out[(labour, income)] -= through;
                out[(labour, j)] += through;
                out[(labour, labour)] += through;
            }
            out[(income, income)] += state.spending[j].exp() - state.revenue[j] / m.spending[j];
        }
        out
    }

    fn market(&self, row: usize) -> String {
        let n = self.model.base.n;
        let what = ["market", "labour", "spending"][row / n];
        format!("{what} of {}", self.model.base.regions[row % n])
    }
}

/// A solved one-sector equilibrium; indices as in [`Gravity::regions`]. Ratios are to the baseline.
#[derive(Clone, Debug)]
pub struct GravityEquilibrium {
    model: Gravity,
    state: State,
    report: SolveReport,
}

impl GravityEquilibrium {
    /// Residual, steps and time of the solve.
    pub fn report(&self) -> SolveReport {
        self.report
    }

    /// Wage, a ratio.
    pub fn wage_hat(&self, region: usize) -> f64 {
        self.state.wage[region].exp()
    }

    /// Labour, a ratio.
    pub fn labour_hat(&self, region: usize) -> f64 {
        self.state.labour[region].exp()
    }

    /// Spending, a ratio.
    pub fn spending_hat(&self, region: usize) -> f64 {
        self.state.spending[region].exp()
    }

    /// Price index, a ratio.
    pub fn price_index_hat(&self, region: usize) -> f64 {
        self.state.price[region].exp()
    }

    /// Tariff revenue, in the economy's unit.
    pub fn revenue(&self, region: usize) -> f64 {
        self.state.revenue[region]
    }

    /// A flow net of tariff, in the economy's unit.
    pub fn flow(&self, origin: usize, destination: usize) -> f64 {
        self.state.flow[origin * self.model.base.n + destination]
    }

    /// Welfare: real spending less the effort of labour, change in per cent.
    pub fn welfare_pct(&self, region: usize) -> f64 {
        let m = &self.model;
        let kappa = m.options.labour_supply;
        let spending = m.spending[region];
        let effort = kappa * (1.0 - self.state.tax[region]) * m.income[region] / (1.0 + kappa);
        let weight = spending / (spending - effort);
        let state = &self.state;
        let real = (state.spending[region] - state.price[region]).exp();
        let earned = (state.wage[region] + state.labour[region] - state.price[region]).exp();
        percent(weight * real + (1.0 - weight) * earned)
    }
}
