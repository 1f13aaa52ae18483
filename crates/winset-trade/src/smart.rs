//! One product in one importer's market: SMART.
//!
//! Laird, S. and Yeats, A. (1986), *The UNCTAD Trade Policy Simulation Model*, UNCTAD Discussion Paper 19; the form in
//! the WITS user manual. Each origin's goods are imperfect substitutes, world prices are given (or supply has one
//! elasticity). Trade creation, `TC = M·Em·((1+t₁)/(1+t₀) − 1) / (1 − Em/Ex)`, is what a lower price at home adds;
//! trade diversion moves imports between origins at a constant total. Beside [`crate::gsim`], which clears world
//! markets, it asks for one importer's figures only.

use crate::TradeError;

/// Imports from one origin, and its tariff.
#[derive(Clone, Debug, PartialEq)]
pub struct Supplier {
    /// The origin.
    pub origin: String,
    /// Imports at the border, before tariffs, any unit of money.
    pub imports: f64,
    /// Tariff before, a fraction above −1.
    pub before: f64,
    /// Tariff after, a fraction above −1.
    pub after: f64,
}

/// A product in one importer's market.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportMarket {
    /// Who sells.
    pub suppliers: Vec<Supplier>,
    /// Elasticity of import demand, ≤ 0.
    pub demand: f64,
    /// Elasticity of export supply, > 0; infinite where world prices are given.
    pub supply: f64,
    /// Elasticity of substitution between origins, ≥ 0.
    pub substitution: f64,
}

/// What the new tariffs do; money in the unit of the imports.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportOutcome {
    /// Trade creation by origin.
    pub creation: Vec<f64>,
    /// Trade diversion by origin; sums to zero.
    pub diversion: Vec<f64>,
    /// Change of tariff revenue.
    pub revenue: f64,
    /// Change of consumer surplus.
    pub consumer_surplus: f64,
}

impl ImportOutcome {
    /// Change of the importer's welfare: consumer surplus and revenue. For trade creation it is half the sum of both
    /// tariffs times the imports created.
    pub fn welfare(&self) -> f64 {
        self.revenue + self.consumer_surplus
    }
}

impl ImportMarket {
    fn check(&self) -> Result<(), TradeError> {
        let wrong = |what: String| Err(TradeError::Product { what });
        for s in &self.suppliers {
            if !(s.imports.is_finite() && s.imports >= 0.0) {
                return wrong(format!(
                    "imports from {} are {}; they must be ≥ 0",
                    s.origin, s.imports
                ));
            }
            for tariff in [s.before, s.after] {
                if !(tariff.is_finite() && tariff > -1.0) {
                    return wrong(format!(
                        "the tariff on {} is {tariff}; it is a fraction and must be above −1",
                        s.origin
                    ));
                }
            }
        }
        if !(self.demand <= 0.0 && self.supply > 0.0 && self.substitution >= 0.0) {
            return wrong(format!(
                "demand elasticity {} must be ≤ 0, supply {} > 0, substitution {} ≥ 0",
                self.demand, self.supply, self.substitution
            ));
        }
        Ok(())
    }

    /// Trade creation, trade diversion, revenue and surplus.
    ///
    /// Diversion to an origin is Laird & Yeats' against all others, at the change of its price relative to their mean
    /// weighted by imports; the others give or take in proportion to what they sell, and none below zero.
    ///
    /// # Errors
    /// Negative imports, a tariff at or below −100 %, an elasticity with the wrong sign.
    pub fn solve(&self) -> Result<ImportOutcome, TradeError> {
        self.check()?;
        let n = self.suppliers.len();
        let factor = |s: &Supplier| (1.0 + s.after) / (1.0 + s.before);
        let damped = 1.0 - self.demand / self.supply;
        let creation: Vec<f64> = self
            .suppliers
            .iter()
            .map(|s| (s.imports * self.demand * (factor(s) - 1.0) / damped).max(-s.imports))
            .collect();
        let total: f64 = self.suppliers.iter().map(|s| s.imports).sum();
        let mut diversion = vec![0.0; n];
        for k in 0..n {
            let own = self.suppliers[k].imports;
            let others = total - own;
            if own <= 0.0 || others <= 0.0 {
                continue;
            }
            let elsewhere = (0..n)
                .filter(|o| *o != k)
                .map(|o| self.suppliers[o].imports * factor(&self.suppliers[o]))
                .sum::<f64>()
                / others;
            let response = -self.substitution * (factor(&self.suppliers[k]) / elsewhere - 1.0);
            // Both sides of a pair of origins see it: each origin takes the part that its rivals' share makes.
            let size = own + others + own * response;
            let moved = if size > 0.0 {
                (own * others * response / size).max(-own)
            } else {
                -own
            };
            let part = moved * others / total;
            diversion[k] += part;
            for o in (0..n).filter(|o| *o != k) {
                diversion[o] -= part * self.suppliers[o].imports / others;
            }
        }
        let short = (0..n)
            .filter(|k| diversion[*k] < 0.0)
            .map(|k| (self.suppliers[k].imports + creation[k]).max(0.0) / -diversion[k])
            .fold(1.0_f64, f64::min);
        for x in &mut diversion {
            *x *= short;
        }
        let (mut revenue, mut consumer_surplus) = (0.0, 0.0);
        for (k, s) in self.suppliers.iter().enumerate() {
            let rise = s.after - s.before;
            revenue += s.after * (s.imports + creation[k] + diversion[k]) - s.before * s.imports;
            consumer_surplus -= rise * (s.imports + 0.5 * creation[k]);
        }
        Ok(ImportOutcome {
            creation,
            diversion,
            revenue,
            consumer_surplus,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn market(after: [f64; 3]) -> ImportMarket {
        let supplier = |k: usize, imports: f64, before: f64| Supplier {
            origin: ["USA", "AUS", "CAN"][k].to_owned(),
            imports,
            before,
            after: after[k],
        };
        ImportMarket {
            suppliers: vec![
                supplier(0, 100.0, 0.5),
                supplier(1, 60.0, 0.5),
                supplier(2, 40.0, 0.2),
            ],
            demand: -1.0,
            supply: f64::INFINITY,
            substitution: 1.5,
        }
    }

    #[test]
    fn the_same_tariffs_change_nothing() {
        let outcome = market([0.5, 0.5, 0.2]).solve().unwrap();
        assert!(
            outcome
                .creation
                .iter()
                .chain(&outcome.diversion)
                .all(|x| x.abs() < 1e-12)
        );
        assert!(outcome.welfare().abs() < 1e-12);
    }

    #[test]
    fn creation_is_the_formula_and_diversion_sums_to_zero() {
        let outcome = market([0.2, 0.5, 0.2]).solve().unwrap();
        // 100 · (−1) · (1.2/1.5 − 1)
        assert!((outcome.creation[0] - 20.0).abs() < 1e-12 && outcome.creation[1].abs() < 1e-12);
        assert!(outcome.diversion.iter().sum::<f64>().abs() < 1e-12);
        assert!(outcome.diversion[0] > 0.0 && outcome.diversion[1] < 0.0);
        let created = 0.5 * (0.5 + 0.2) * outcome.creation[0];
        let market = market([0.2, 0.5, 0.2]);
        let diverted: f64 = market
            .suppliers
            .iter()
            .zip(&outcome.diversion)
            .map(|(s, x)| s.after * x)
            .sum();
        assert!((outcome.welfare() - created - diverted).abs() < 1e-12);
    }

    #[test]
    fn with_two_origins_diversion_is_laird_and_yeats() {
        let mut two = market([0.5, 0.5, 0.2]);
        two.suppliers.truncate(2);
        two.suppliers[0].after = 0.4999;
        let outcome = two.solve().unwrap();
        // For small changes: σ · M₁ M₂ / (M₁ + M₂) · the fall of the relative price.
        let want = 1.5 * 100.0 * 60.0 / 160.0 * (0.0001 / 1.5);
        assert!(
            (outcome.diversion[0] / want - 1.0).abs() < 1e-3,
            "{outcome:?}"
        );
    }

    #[test]
    fn a_market_is_never_oversold() {
        let mut market = market([9.0, 0.5, 0.2]);
        market.substitution = 40.0;
        let outcome = market.solve().unwrap();
        for (k, s) in market.suppliers.iter().enumerate() {
            assert!(s.imports + outcome.creation[k] + outcome.diversion[k] >= -1e-9);
        }
        market.demand = 0.5;
        let message = market.solve().unwrap_err().to_string();
        assert!(message.contains("demand elasticity 0.5"), "{message}");
    }
}
