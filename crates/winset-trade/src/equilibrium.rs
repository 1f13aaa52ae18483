//! The solved response, and what can be read from it.

use std::sync::Arc;

use crate::calibration::Calibration;
use crate::economy::cell;
use crate::point::Point;
use crate::purchase::PurchaseReport;
use crate::secant::Secants;
use crate::shocked::Shocked;
use crate::system::{Rules, System};

/// Why the solver stopped, and where. An equilibrium is always converged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SolveReport {
    /// Largest residual, relative to the baseline size of its market.
    pub residual: f64,
    /// Steps of the solver, each at least one evaluation of the equations.
    pub iterations: usize,
    /// Products with the Jacobian; 0 where secant steps were enough.
    pub products: usize,
    /// Steps in which the shock was applied: 1, at once, unless that could not be solved.
    pub shock_steps: usize,
    /// Wall-clock seconds.
    pub seconds: f64,
}

impl SolveReport {
    /// Of a solve that has yet to take a step.
    pub(crate) fn begun() -> Self {
        Self {
            residual: f64::INFINITY,
            iterations: 0,
            products: 0,
            shock_steps: 1,
            seconds: 0.0,
        }
    }
}

/// A solved equilibrium. Indices are those of [`crate::Model::regions`] and [`crate::Model::sectors`]; asking for an
/// index out of range panics, as with a slice. Money is in billion USD at the numeraire: the labour income of
/// the world is what it was in the baseline.
#[derive(Clone, Debug)]
pub struct Equilibrium {
    pub(crate) base: Arc<Calibration>,
    pub(crate) theta: Arc<[f64]>,
    pub(crate) goods: Arc<[bool]>,
    pub(crate) rules: Rules,
    pub(crate) shocked: Arc<Shocked>,
    pub(crate) point: Point,
    pub(crate) report: SolveReport,
    pub(crate) purchases: Vec<PurchaseReport>,
    /// What the solve learnt of the Jacobian.
    pub(crate) secants: Arc<Secants>,
}

pub(crate) fn percent(hat: f64) -> f64 {
    100.0 * (hat - 1.0)
}

impl Equilibrium {
    /// Residual, steps and time of the solve.
    pub fn report(&self) -> SolveReport {
        self.report
    }

    /// What each purchase target took, in the order of the shock.
    pub fn purchases(&self) -> &[PurchaseReport] {
        &self.purchases
    }

    /// The regions, in the order of every index.
    pub fn regions(&self) -> &[String] {
        &self.base.regions
    }

    /// The sectors, in the order of every index.
    pub fn sectors(&self) -> &[String] {
        &self.base.sectors
    }

    pub(crate) fn system(&self) -> System<'_> {
        System {
            base: &self.base,
            theta: &self.theta,
            shocked: &self.shocked,
            rules: self.rules,
        }
    }

    pub(crate) fn at(&self, region: usize, sector: usize) -> usize {
        sector * self.base.n + region
    }

    /// Wage, as a ratio to the baseline.
    pub fn wage_hat(&self, region: usize) -> f64 {
        self.point.unknowns[..self.base.n][region].exp()
    }

    /// Price of what a region buys of a sector, tariffs included, as a ratio to the baseline.
    pub fn price_hat(&self, region: usize, sector: usize) -> f64 {
        self.point.price[self.at(region, sector)].exp()
    }

    /// Unit cost at the factory gate, as a ratio to the baseline.
    pub fn cost_hat(&self, region: usize, sector: usize) -> f64 {
        self.point.cost[self.at(region, sector)].exp()
    }

    /// Spending of a region on a sector, tariffs included, as a ratio to the baseline; 1 where nothing is bought.
    pub fn spending_hat(&self, region: usize, sector: usize) -> f64 {
        self.point.unknowns[self.base.n * (1 + self.base.s) + self.at(region, sector)].exp()
    }

    /// Consumer price index, as a ratio to the baseline.
    pub fn price_index_hat(&self, region: usize) -> f64 {
        let base = &*self.base;
        (0..base.s)
            .map(|j| base.final_share[j * base.n + region] * self.point.price[j * base.n + region])
            .sum::<f64>()
            .exp()
    }

    /// Final demand (labour income, tariff revenue and the deficit), billion USD: baseline and new level.
    pub fn income_busd(&self, region: usize) -> (f64, f64) {
        let unit = self.base.in_billion;
        (
            unit * self.base.income[region],
            unit * self.point.income[region],
        )
    }

    /// The elasticity of labour supply to the real wage with which it was solved; welfare and EV are those of real income
    /// where it is zero.
    pub fn labour_supply(&self) -> f64 {
        self.rules.labour_supply
    }

    /// Real income: final demand over the price index, exact change in per cent. Effort is not taken off it.
    pub fn real_income_pct(&self, region: usize) -> f64 {
        percent(self.point.income[region] / self.base.income[region] / self.price_index_hat(region))
    }

    /// Share of labour income that the effort of a labour supply of elasticity ε takes from welfare.
    pub(crate) fn effort(&self) -> f64 {
        self.rules.labour_supply / (1.0 + self.rules.labour_supply)
    }

    /// Real income less the effort of labour, in the economy's unit at baseline prices: baseline and new level.
    pub(crate) fn welfare(&self, region: usize) -> (f64, f64) {
        let effort = self.effort();
        let before = self.base.income[region] - effort * self.base.labour_income[region];
        let after = self.point.income[region] - effort * self.point.labour_income[region];
        (before, after / self.price_index_hat(region))
    }

    /// Welfare, exact change in per cent: real income, less the effort of labour where its supply is elastic
    /// (preferences without income effect on labour).
    pub fn welfare_pct(&self, region: usize) -> f64 {
        let (before, after) = self.welfare(region);
        percent(after / before)
    }

    /// Equivalent variation, billion USD at baseline prices: the change of welfare, so net of effort.
    pub fn ev_busd(&self, region: usize) -> f64 {
        let (before, after) = self.welfare(region);
        self.base.in_billion * (after - before)
    }

    /// Nominal wage in units of the numeraire, change in per cent.
    pub fn nominal_wage_pct(&self, region: usize) -> f64 {
        percent(self.wage_hat(region))
    }

    /// Real wage, change in per cent.
    pub fn real_wage_pct(&self, region: usize) -> f64 {
        percent(self.wage_hat(region) / self.price_index_hat(region))
    }

    /// Wage relative to the world's mean weighted by baseline labour income, change in per cent.
    pub fn relative_wage_pct(&self, region: usize) -> f64 {
        let base = &*self.base;
        let mean = (0..base.n)
            .map(|i| base.labour_income[i] * self.wage_hat(i))
            .sum::<f64>()
            / base.world_labour_income();
        percent(self.wage_hat(region) / mean)
    }

    /// Consumer price index in units of the numeraire, change in per cent.
    pub fn price_index_pct(&self, region: usize) -> f64 {
        percent(self.price_index_hat(region))
    }

    /// Tariff revenue less export subsidies, billion USD: new level.
    pub fn revenue_busd(&self, region: usize) -> f64 {
        self.base.in_billion * self.point.revenue[region]
    }

    /// Tariff revenue less export subsidies, billion USD: change.
    pub fn revenue_change_busd(&self, region: usize) -> f64 {
        self.base.in_billion * (self.point.revenue[region] - self.base.revenue[region])
    }

    /// Aggregate deficit, billion USD: new level.
    pub fn deficit_busd(&self, region: usize) -> f64 {
        self.base.in_billion * self.point.deficit[region]
    }

    /// Value of gross output, change in per cent; 0 where nothing is produced.
    pub fn output_value_pct(&self, region: usize, sector: usize) -> f64 {
        let at = self.at(region, sector);
        if self.base.output[at] > 0.0 {
            percent(self.point.output[at] / self.base.output[at])
        } else {
            0.0
        }
    }

    /// Quantity of gross output, change in per cent; 0 where nothing is produced.
    pub fn output_pct(&self, region: usize, sector: usize) -> f64 {
        let at = self.at(region, sector);
        if self.base.output[at] > 0.0 {
            percent(self.point.output[at] / self.base.output[at] / self.cost_hat(region, sector))
        } else {
            0.0
        }
    }

    /// Gross output, change in billion USD at baseline prices (a change of quantity).
    pub fn output_busd(&self, region: usize, sector: usize) -> f64 {
        let at = self.at(region, sector);
        self.base.in_billion * self.base.output[at] * self.output_pct(region, sector) / 100.0
    }

    /// Value added, billion USD: baseline.
    pub fn base_value_added_busd(&self, region: usize, sector: usize) -> f64 {
        let at = self.at(region, sector);
        self.base.in_billion * self.base.value_added[at] * self.base.output[at]
    }

    /// Value added, change in billion USD in units of the numeraire.
    pub fn value_added_busd(&self, region: usize, sector: usize) -> f64 {
        let at = self.at(region, sector);
        self.base.in_billion
            * self.base.value_added[at]
            * (self.point.output[at] - self.base.output[at])
    }

    /// A flow net of tariff and of any export subsidy, billion USD: new level.
    pub fn flow_busd(&self, origin: usize, destination: usize, sector: usize) -> f64 {
        self.base.in_billion
            * self.system().flow(&self.point, sector, origin, destination)
            * (1.0 - self.export_subsidy(origin, destination, sector))
    }

    /// A flow net of tariff, billion USD: baseline.
    pub fn base_flow_busd(&self, origin: usize, destination: usize, sector: usize) -> f64 {
        self.base.in_billion * self.base.flow[cell(self.base.n, sector, origin, destination)]
    }

    /// The tariff in force, a fraction, purchase wedges included.
    pub fn tariff(&self, origin: usize, destination: usize, sector: usize) -> f64 {
        let wedge = 1.0 + self.shocked.tariff[cell(self.base.n, sector, origin, destination)];
        wedge / (1.0 - self.export_subsidy(origin, destination, sector)) - 1.0
    }

    /// The export subsidy in force, a share of what the producer gets.
    pub fn export_subsidy(&self, origin: usize, destination: usize, sector: usize) -> f64 {
        self.shocked
            .subsidy(self.base.n, sector, origin, destination)
    }

    /// Exports less imports of goods (services left out) with a partner, net of tariffs, billion USD: baseline and
    /// new level.
    pub fn goods_balance_busd(&self, region: usize, partner: usize) -> (f64, f64) {
        let (mut before, mut after) = (0.0, 0.0);
        for j in (0..self.base.s).filter(|j| self.goods[*j]) {
            before +=
                self.base_flow_busd(region, partner, j) - self.base_flow_busd(partner, region, j);
            after += self.flow_busd(region, partner, j) - self.flow_busd(partner, region, j);
        }
        (before, after)
    }

    /// Exports of a region to all others, net of tariffs, billion USD: new level.
    pub fn exports_busd(&self, region: usize) -> f64 {
        let mut sum = 0.0;
        for j in 0..self.base.s {
            for m in (0..self.base.n).filter(|m| *m != region) {
                sum += self.flow_busd(region, m, j);
            }
        }
        sum
    }

    /// First-order terms-of-trade effect in per cent of income (Caliendo & Parro 2015, eq. 17): baseline exports and
    /// imports times changes of costs. As in the paper's own numbers, d ln z is ẑ − 1.
    pub fn terms_of_trade_pct(&self, region: usize) -> f64 {
        let base = &*self.base;
        let mut sum = 0.0;
        for j in 0..base.s {
            let own = self.cost_hat(region, j) - 1.0;
            for i in 0..base.n {
                let exports = base.flow[cell(base.n, j, region, i)];
                let imports = base.flow[cell(base.n, j, i, region)];
                sum += exports * own - imports * (self.cost_hat(i, j) - 1.0);
            }
        }
        100.0 * sum / base.income[region]
    }

    /// First-order volume-of-trade effect in per cent of income (Caliendo & Parro 2015, eq. 17): baseline tariffs
    /// times changes of quantities, M̂ − ĉ.
    pub fn volume_of_trade_pct(&self, region: usize) -> f64 {
        let base = &*self.base;
        let system = self.system();
        let mut sum = 0.0;
        for j in 0..base.s {
            for i in 0..base.n {
                let at = cell(base.n, j, i, region);
                if base.tariff[at] != 0.0 {
                    let after = system.flow(&self.point, j, i, region);
                    sum += base.tariff[at] * (after - base.flow[at] * self.cost_hat(i, j));
                }
            }
        }
        100.0 * sum / base.income[region]
    }

    /// What a change of the aggregate deficit itself gives, transfers included, in per cent of income: a loan or a gift,
    /// not a gain from trade.
    pub fn transfer_pct(&self, region: usize) -> f64 {
        let base = &*self.base;
        100.0 * (self.point.deficit[region] - base.deficit[region]) / base.income[region]
    }

    /// What remains of the exact change of real income after the first-order terms of trade, volume of trade and
    /// transfer, in per cent: resources that lower barriers save, labour that is added, and all terms of higher order.
    pub fn efficiency_pct(&self, region: usize) -> f64 {
        self.real_income_pct(region)
            - self.terms_of_trade_pct(region)
            - self.volume_of_trade_pct(region)
            - self.transfer_pct(region)
    }

    /// Employment, change in per cent: what a sector pays for labour over the wage; 0 where nothing is produced.
    pub fn employment_pct(&self, region: usize, sector: usize) -> f64 {
        let at = self.at(region, sector);
        if self.base.output[at] * self.base.value_added[at] > 0.0 {
            percent(self.point.output[at] / self.base.output[at] / self.wage_hat(region))
        } else {
            0.0
        }
    }

    /// Labour in the region, as a ratio to the baseline: supply, and any shock to it.
    pub fn labour_hat(&self, region: usize) -> f64 {
        self.point.labour_income[region] / self.base.labour_income[region] / self.wage_hat(region)
    }

    /// Aggregate deficit, billion USD: baseline.
    pub fn base_deficit_busd(&self, region: usize) -> f64 {
        self.base.in_billion * self.base.deficit[region]
    }

    /// How far the world's accounts are from closing, relative to world income: the larger of the sum of deficits,
    /// and of the worst region's spending less income. Rounding, in a solved equilibrium.
    pub fn accounts_gap(&self) -> f64 {
        let base = &*self.base;
        let world: f64 = self.point.income.iter().sum();
        let deficits: f64 = self.point.deficit.iter().sum();
        let mut gap = (deficits / world).abs();
        for i in 0..base.n {
            let (exports, imports) = self.system().trade(&self.point, i);
            let trade = imports - exports - self.point.deficit[i];
            gap = gap.max((trade / world).abs());
        }
        gap
    }
}
