//! Indicators: named numbers out of an equilibrium, and the adjoints with which they read it.

use std::fmt;

use crate::economy::position;
use crate::equilibrium::Equilibrium;
use crate::error::TradeError;
use crate::point::Seeds;

/// A named number out of an equilibrium. Changes are against the model's baseline; money in billion USD at the
/// numeraire (the labour income of the world is constant) unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Indicator {
    /// Real income, exact change in per cent.
    RealIncomePct(String),
    /// Welfare, exact change in per cent: real income, less the effort of labour where its supply is elastic.
    WelfarePct(String),
    /// Equivalent variation, billion USD at baseline prices: the change of welfare.
    EvBusd(String),
    /// Consumer price index, change in per cent.
    PriceIndexPct(String),
    /// Nominal wage, change in per cent.
    NominalWagePct(String),
    /// Real wage, change in per cent.
    RealWagePct(String),
    /// Wage relative to the world's mean weighted by baseline labour income, change in per cent.
    RelativeWagePct(String),
    /// Tariff revenue, billion USD, change.
    RevenueBusd(String),
    /// Quantity of a sector's gross output, change in per cent: region, sector.
    OutputPct(String, String),
    /// Gross output, change in billion USD at baseline prices: region, sector.
    OutputBusd(String, String),
    /// Value added, change in billion USD: region, sector.
    ValueAddedBusd(String, String),
    /// A flow net of tariff, level in billion USD: origin, destination, sector.
    FlowBusd(String, String, String),
    /// Exports less imports of goods with a partner, level in billion USD: region, partner.
    BilateralGoodsBalanceBusd(String, String),
    /// First-order terms-of-trade effect, per cent of income.
    TermsOfTradePct(String),
    /// First-order volume-of-trade effect, per cent of income.
    VolumeOfTradePct(String),
}

impl fmt::Display for Indicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RealIncomePct(r) => write!(f, "real income of {r}, %"),
            Self::WelfarePct(r) => write!(f, "welfare of {r}, %"),
            Self::EvBusd(r) => write!(f, "equivalent variation of {r}, bn USD"),
            Self::PriceIndexPct(r) => write!(f, "consumer price index of {r}, %"),
            Self::NominalWagePct(r) => write!(f, "nominal wage of {r}, %"),
            Self::RealWagePct(r) => write!(f, "real wage of {r}, %"),
            Self::RelativeWagePct(r) => write!(f, "relative wage of {r}, %"),
            Self::RevenueBusd(r) => write!(f, "tariff revenue of {r}, bn USD"),
            Self::OutputPct(r, s) => write!(f, "output of {s} in {r}, %"),
            Self::OutputBusd(r, s) => write!(f, "output of {s} in {r}, bn USD"),
            Self::ValueAddedBusd(r, s) => write!(f, "value added of {s} in {r}, bn USD"),
            Self::FlowBusd(o, d, s) => write!(f, "{s} from {o} to {d}, bn USD"),
            Self::BilateralGoodsBalanceBusd(r, p) => {
                write!(f, "goods balance of {r} with {p}, bn USD")
            }
            Self::TermsOfTradePct(r) => write!(f, "terms of trade of {r}, % of income"),
            Self::VolumeOfTradePct(r) => write!(f, "volume of trade of {r}, % of income"),
        }
    }
}

impl Equilibrium {
    fn region(&self, name: &str) -> Result<usize, TradeError> {
        position("region", &self.base.regions, name)
    }

    fn sector(&self, name: &str) -> Result<usize, TradeError> {
        position("sector", &self.base.sectors, name)
    }

    /// The value of an indicator.
    ///
    /// # Errors
    /// It names a region or sector that is not there.
    pub fn value(&self, indicator: &Indicator) -> Result<f64, TradeError> {
        Ok(match indicator {
            Indicator::RealIncomePct(r) => self.real_income_pct(self.region(r)?),
            Indicator::WelfarePct(r) => self.welfare_pct(self.region(r)?),
            Indicator::EvBusd(r) => self.ev_busd(self.region(r)?),
            Indicator::PriceIndexPct(r) => self.price_index_pct(self.region(r)?),
            Indicator::NominalWagePct(r) => self.nominal_wage_pct(self.region(r)?),
            Indicator::RealWagePct(r) => self.real_wage_pct(self.region(r)?),
            Indicator::RelativeWagePct(r) => self.relative_wage_pct(self.region(r)?),
            Indicator::RevenueBusd(r) => self.revenue_change_busd(self.region(r)?),
            Indicator::OutputPct(r, s) => self.output_pct(self.region(r)?, self.sector(s)?),
            Indicator::OutputBusd(r, s) => self.output_busd(self.region(r)?, self.sector(s)?),
            Indicator::ValueAddedBusd(r, s) => {
                self.value_added_busd(self.region(r)?, self.sector(s)?)
            }
            Indicator::FlowBusd(o, d, s) => {
                self.flow_busd(self.region(o)?, self.region(d)?, self.sector(s)?)
            }
            Indicator::BilateralGoodsBalanceBusd(r, p) => {
                self.goods_balance_busd(self.region(r)?, self.region(p)?).1
            }
            Indicator::TermsOfTradePct(r) => self.terms_of_trade_pct(self.region(r)?),
            Indicator::VolumeOfTradePct(r) => self.volume_of_trade_pct(self.region(r)?),
        })
    }

    /// Adjoints of what the indicator reads. The derivative with respect to a log of a wage, cost or price, and to
    /// levels of output, incomes and flows.
    pub(crate) fn seeds(&self, indicator: &Indicator, seeds: &mut Seeds) -> Result<(), TradeError> {
        let base = &*self.base;
        let (n, s) = (base.n, base.s);
        seeds.clear(n, s);
        match indicator {
            Indicator::RealIncomePct(r) => {
                let i = self.region(r)?;
                let ratio = 1.0 + self.real_income_pct(i) / 100.0;
                self.seed_price_index(i, -100.0 * ratio, seeds);
                self.seed_income_of(i, 100.0 * ratio / self.point.income[i], seeds);
            }
            Indicator::WelfarePct(r) => {
                let i = self.region(r)?;
                let (before, _) = self.welfare(i);
                self.seed_welfare(i, 100.0 / before, seeds);
            }
            Indicator::EvBusd(r) => self.seed_welfare(self.region(r)?, base.in_billion, seeds),
            Indicator::PriceIndexPct(r) => {
                let i = self.region(r)?;
                self.seed_price_index(i, 100.0 * self.price_index_hat(i), seeds);
            }
            Indicator::NominalWagePct(r) => {
                let i = self.region(r)?;
                seeds.wage[i] = 100.0 * self.wage_hat(i);
            }
            Indicator::RealWagePct(r) => {
                let i = self.region(r)?;
                let ratio = 100.0 + self.real_wage_pct(i);
                seeds.wage[i] = ratio;
                self.seed_price_index(i, -ratio, seeds);
            }
            Indicator::RelativeWagePct(r) => {
                let i = self.region(r)?;
                let ratio = 100.0 + self.relative_wage_pct(i);
                let level = |m: usize| base.labour_income[m] * self.wage_hat(m);
                let world: f64 = (0..n).map(level).sum();
                for m in 0..n {
                    seeds.wage[m] = -ratio * level(m) / world;
                }
                seeds.wage[i] += ratio;
            }
            Indicator::RevenueBusd(r) => seeds.revenue[self.region(r)?] = base.in_billion,
            Indicator::OutputPct(r, sector) => {
                let (i, j) = (self.region(r)?, self.sector(sector)?);
                self.seed_quantity(i, j, 100.0, seeds);
            }
            Indicator::OutputBusd(r, sector) => {
                let (i, j) = (self.region(r)?, self.sector(sector)?);
                self.seed_quantity(i, j, base.in_billion * base.output[self.at(i, j)], seeds);
            }
            Indicator::ValueAddedBusd(r, sector) => {
                let at = self.at(self.region(r)?, self.sector(sector)?);
                seeds.output[at] = base.in_billion * base.value_added[at];
            }
            Indicator::FlowBusd(o, d, sector) => {
                let (j, i, m) = (self.sector(sector)?, self.region(o)?, self.region(d)?);
                let kept = 1.0 - self.export_subsidy(i, m, j);
                seeds.flows.push((j, i, m, kept * base.in_billion));
            }
            Indicator::BilateralGoodsBalanceBusd(r, p) => {
                let (i, m) = (self.region(r)?, self.region(p)?);
                for j in (0..s).filter(|j| self.goods[*j]) {
                    let kept = |i, m| base.in_billion * (1.0 - self.export_subsidy(i, m, j));
                    seeds.flows.push((j, i, m, kept(i, m)));
                    seeds.flows.push((j, m, i, -kept(m, i)));
                }
            }
            Indicator::TermsOfTradePct(r) => {
                let m = self.region(r)?;
                let factor = 100.0 / base.income[m];
                for j in 0..s {
                    for i in 0..n {
                        let exports = base.flow[crate::economy::cell(n, j, m, i)];
                        let imports = base.flow[crate::economy::cell(n, j, i, m)];
                        seeds.cost[j * n + m] += factor * exports * self.cost_hat(m, j);
                        seeds.cost[j * n + i] -= factor * imports * self.cost_hat(i, j);
                    }
                }
            }
            Indicator::VolumeOfTradePct(r) => {
                let m = self.region(r)?;
                let factor = 100.0 / base.income[m];
                for j in 0..s {
                    for i in 0..n {
                        let at = crate::economy::cell(n, j, i, m);
                        let weight = factor * base.tariff[at];
                        if weight != 0.0 {
                            seeds.flows.push((j, i, m, weight));
                            seeds.cost[j * n + i] -= weight * base.flow[at] * self.cost_hat(i, j);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn seed_price_index(&self, region: usize, adjoint: f64, seeds: &mut Seeds) {
        for j in 0..self.base.s {
            let at = self.at(region, j);
            seeds.price[at] += adjoint * self.base.final_share[at];
        }
    }

    /// Of welfare in the economy's unit.
    fn seed_welfare(&self, region: usize, adjoint: f64, seeds: &mut Seeds) {
        let (_, welfare) = self.welfare(region);
        let index = self.price_index_hat(region);
        self.seed_price_index(region, -adjoint * welfare, seeds);
        self.seed_income_of(region, adjoint / index, seeds);
        seeds.labour_income[region] -= adjoint * self.effort() / index;
    }

    fn seed_income_of(&self, region: usize, adjoint: f64, seeds: &mut Seeds) {
        let mut income = vec![0.0; self.base.n];
        income[region] = adjoint;
        self.system().seed_income(&income, &self.point, seeds);
    }

    fn seed_quantity(&self, region: usize, sector: usize, adjoint: f64, seeds: &mut Seeds) {
        let at = self.at(region, sector);
        if self.base.output[at] > 0.0 {
            let quantity =
                self.point.output[at] / self.base.output[at] / self.cost_hat(region, sector);
            seeds.output[at] = adjoint * quantity / self.point.output[at];
            seeds.cost[at] = -adjoint * quantity;
        }
    }
}
