//! One product in many markets: GSIM.
//!
//! Francois, J. and Hall, H. K. (2003), *Global Simulation Analysis of Industry-Level Trade Policy*,
//! version 3.0. For lines finer than a sector: goods of each origin are imperfect substitutes, every
//! origin has one world price, and the system is linear in its log change. The home market is a flow of
//! an origin to itself at a tariff of zero.

use faer::Mat;
use faer::linalg::solvers::Solve;

use crate::TradeError;

/// A product's markets before the change. Matrices are `[origin][destination]`.
#[derive(Clone, Debug)]
pub struct ProductMarket {
    /// The regions, origins and destinations alike.
    pub regions: Vec<String>,
    /// Trade at world prices, any unit of money.
    pub trade: Vec<Vec<f64>>,
    /// Tariffs as fractions, levies and mark-ups included.
    pub tariff: Vec<Vec<f64>>,
    /// Elasticity of demand for the product by destination, ≤ 0.
    pub demand: Vec<f64>,
    /// Elasticity of substitution between origins by destination, ≥ 0.
    pub substitution: Vec<f64>,
    /// Elasticity of supply by origin, ≥ 0.
    pub supply: Vec<f64>,
}

/// What a change of tariffs does; money in the unit of the trade.
#[derive(Clone, Debug)]
pub struct ProductOutcome {
    /// Change of the world price by origin, as a fraction.
    pub world_price: Vec<f64>,
    /// Change of the price that buyers pay by destination, as a fraction.
    pub composite_price: Vec<f64>,
    /// Trade after the change at the new world prices, `[origin][destination]`.
    pub trade: Vec<Vec<f64>>,
    /// Change of producer surplus by origin.
    pub producer_surplus: Vec<f64>,
    /// Change of consumer surplus by destination.
    pub consumer_surplus: Vec<f64>,
    /// Change of tariff revenue by destination.
    pub revenue: Vec<f64>,
}

impl ProductOutcome {
    /// Producer and consumer surplus and revenue of a region together.
    pub fn welfare(&self, region: usize) -> f64 {
        self.producer_surplus[region] + self.consumer_surplus[region] + self.revenue[region]
    }

    /// Sales of an origin in all markets after the change.
    pub fn sales(&self, origin: usize) -> f64 {
        self.trade[origin].iter().sum()
    }
}

impl ProductMarket {
    fn check(&self) -> Result<(), TradeError> {
        let n = self.regions.len();
        let wrong = |what: String| Err(TradeError::Product { what });
        let square = |m: &[Vec<f64>]| m.len() == n && m.iter().all(|row| row.len() == n);
        if !square(&self.trade) || !square(&self.tariff) {
            return wrong(format!("trade and tariffs must be {n} × {n}"));
        }
        if [&self.demand, &self.substitution, &self.supply]
            .iter()
            .any(|v| v.len() != n)
        {
            return wrong(format!("each elasticity needs {n} values, one a region"));
        }
        for i in 0..n {
            for j in 0..n {
                let (value, tariff) = (self.trade[i][j], self.tariff[i][j]);
                if !(value.is_finite() && value >= 0.0 && tariff.is_finite() && tariff > -1.0) {
                    return wrong(format!(
                        "{} to {}: trade {value} must be ≥ 0 and the tariff {tariff} above −1",
                        self.regions[i], self.regions[j]
                    ));
                }
            }
            if self.demand[i] > 0.0 || self.substitution[i] < 0.0 || self.supply[i] < 0.0 {
                return wrong(format!(
                    "{}: demand elasticity {} must be ≤ 0, substitution {} and supply {} ≥ 0",
                    self.regions[i], self.demand[i], self.substitution[i], self.supply[i]
                ));
            }
        }
        Ok(())
    }

    /// Solves for new tariffs (fractions, `[origin][destination]`).
    ///
    /// Own- and cross-price elasticities are the paper's `N = θ·Em − (1 − θ)·Es` and `θ·(Em + Es)`; the
    /// world price of each origin clears `Ex·p̂ = Σ φ·M̂`. Quantities follow the linear system, values
    /// are quantity times price, and the composite price uses `(1 + p̂)·T′/T`.
    ///
    /// # Errors
    /// Matrices of another size, negative trade, elasticities with the wrong sign, a market that
    /// has neither a supply nor a demand response, or a flow that would fall below zero.
    pub fn solve(&self, tariff: &[Vec<f64>]) -> Result<ProductOutcome, TradeError> {
        self.check()?;
        let n = self.regions.len();
        if tariff.len() != n
            || tariff
                .iter()
                .any(|row| row.len() != n || row.iter().any(|t| *t <= -1.0))
        {
            return Err(TradeError::Product {
                what: format!("new tariffs must be {n} × {n}, each above −1"),
            });
        }
        let factor = |m: &[Vec<f64>], i: usize, j: usize| 1.0 + m[i][j];
        let spending: Vec<f64> = (0..n)
            .map(|j| {
                (0..n)
                    .map(|i| self.trade[i][j] * factor(&self.tariff, i, j))
                    .sum()
            })
            .collect();
        let sales: Vec<f64> = self.trade.iter().map(|row| row.iter().sum()).collect();
        let share = |i: usize, j: usize| {
            if spending[j] > 0.0 {
                self.trade[i][j] * factor(&self.tariff, i, j) / spending[j]
            } else {
                0.0
            }
        };
        let change = |i: usize, j: usize| factor(tariff, i, j) / factor(&self.tariff, i, j) - 1.0;
        let response = |r: usize, s: usize, j: usize| {
            let theta = share(s, j);
            if r == s {
                theta * self.demand[j] - (1.0 - theta) * self.substitution[j]
            } else {
                theta * (self.demand[j] + self.substitution[j])
            }
        };
        let mut system = Mat::<f64>::zeros(n, n);
        let mut right = Mat::<f64>::zeros(n, 1);
        for r in 0..n {
            if sales[r] <= 0.0 {
                // Nothing is sold: its price is of no consequence.
                system[(r, r)] = 1.0;
                continue;
            }
            system[(r, r)] += self.supply[r];
            for j in 0..n {
                let phi = self.trade[r][j] / sales[r];
                for s in 0..n {
                    let elasticity = phi * response(r, s, j);
                    system[(r, s)] -= elasticity;
                    right[(r, 0)] += elasticity * change(s, j);
                }
            }
        }
        let price = system.partial_piv_lu().solve(&right);
        let price: Vec<f64> = (0..n).map(|r| price[(r, 0)]).collect();
        if price.iter().any(|p| !p.is_finite() || *p <= -1.0) {
            return Err(TradeError::Product {
                what: "the market has no solution: give it a supply or a demand response"
                    .to_owned(),
            });
        }

        let mut trade = vec![vec![0.0; n]; n];
        for r in 0..n {
            for j in 0..n {
                let quantity: f64 = (0..n)
                    .map(|s| response(r, s, j) * (price[s] + change(s, j)))
                    .sum();
                if quantity < -1.0 && self.trade[r][j] > 0.0 {
                    return Err(TradeError::Product {
                        what: format!(
                            "{} to {}: the linear demand of the model falls below zero, by {:.1} per cent of the flow (the \
                             change is too large for these elasticities: make it smaller)",
                            self.regions[r],
                            self.regions[j],
                            -100.0 * quantity
                        ),
                    });
                }
                trade[r][j] = self.trade[r][j] * (1.0 + quantity) * (1.0 + price[r]);
            }
        }
        let composite: Vec<f64> = (0..n)
            .map(|j| {
                (0..n)
                    .map(|i| share(i, j) * ((1.0 + price[i]) * (1.0 + change(i, j)) - 1.0))
                    .sum()
            })
            .collect();
        Ok(ProductOutcome {
            producer_surplus: (0..n)
                .map(|r| sales[r] * price[r] * (1.0 + self.supply[r] * price[r] / 2.0))
                .collect(),
            consumer_surplus: (0..n)
                .map(|j| {
                    let p = composite[j];
                    spending[j] * (0.5 * self.demand[j] * p * p * p.signum() - p)
                })
                .collect(),
            revenue: (0..n)
                .map(|j| {
                    (0..n)
                        .map(|i| tariff[i][j] * trade[i][j] - self.tariff[i][j] * self.trade[i][j])
                        .sum()
                })
                .collect(),
            world_price: price,
            composite_price: composite,
            trade,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn market() -> ProductMarket {
        ProductMarket {
            regions: vec!["JPN".into(), "USA".into()],
            trade: vec![vec![100.0, 0.0], vec![20.0, 300.0]],
            tariff: vec![vec![0.0, 0.0], vec![0.5, 0.0]],
            demand: vec![-0.5, -0.5],
            substitution: vec![4.0, 4.0],
            supply: vec![1.0, 2.0],
        }
    }

    #[test]
    fn no_change_changes_nothing() {
        let before = market();
        let after = before.solve(&before.tariff).unwrap();
        assert_eq!(after.world_price, vec![0.0, 0.0]);
        assert_eq!(after.trade, before.trade);
    }

    #[test]
    fn a_flow_below_zero_is_no_answer() {
        let told = market().solve(&[vec![0.0, 0.0], vec![2.0, 0.0]]);
        let told = told.unwrap_err().to_string();
        assert!(told.contains("USA to JPN: the linear demand"), "{told}");
    }

    #[test]
    fn a_cut_lowers_the_home_price_and_raises_the_exporter() {
        let before = market();
        let after = before.solve(&[vec![0.0, 0.0], vec![0.1, 0.0]]).unwrap();
        assert!(
            after.world_price[0] < 0.0 && after.world_price[1] > 0.0,
            "{after:?}"
        );
        assert!(after.trade[1][0] > 20.0 && after.consumer_surplus[0] > 0.0);
    }

    #[test]
    fn a_wrong_sign_is_named() {
        let mut wrong = market();
        wrong.demand[1] = 0.5;
        let message = wrong.solve(&wrong.tariff.clone()).unwrap_err().to_string();
        assert!(
            message.contains("USA") && message.contains("demand"),
            "{message}"
        );
    }
}
