//! A product inside a sector: its own market replaces its share of the sector, never adds to it.
//!
//! The sector is solved with the tariffs of what is left when the product is taken out ([`Nest::rest_tariff`]); the
//! product's market ([`crate::gsim`]) answers for its own lines. Flows, revenue and EV of the two then add up to those
//! of the whole sector.

use crate::equilibrium::Equilibrium;
use crate::error::TradeError;
use crate::gsim::{ProductMarket, ProductOutcome};

/// A product's place in the economy.
#[derive(Clone, Debug)]
pub struct Nest {
    /// The sector that it is in.
    pub sector: String,
    /// Its market before the change; regions by the economy's names.
    pub market: ProductMarket,
    /// One unit of the market's money in billion USD.
    pub unit_busd: f64,
}

/// A sector with its product put back; billion USD.
#[derive(Clone, Copy, Debug)]
pub struct Nested<'a> {
    nest: &'a Nest,
    outcome: &'a ProductOutcome,
    equilibrium: &'a Equilibrium,
    sector: usize,
}

impl Nest {
    /// Share of the product in the sector's flow from `origin` to `destination`, between 0 and 1; 0 where the product's
    /// market lacks one of them.
    ///
    /// # Errors
    /// A sector or region that is not in the economy, and a product that is larger than its sector's flow.
    pub fn share(
        &self,
        equilibrium: &Equilibrium,
        origin: &str,
        destination: &str,
    ) -> Result<f64, TradeError> {
        let sector = crate::economy::position("sector", equilibrium.sectors(), &self.sector)?;
        let from = crate::economy::position("region", equilibrium.regions(), origin)?;
        let to = crate::economy::position("region", equilibrium.regions(), destination)?;
        let place = |name: &str| self.market.regions.iter().position(|r| r == name);
        let (Some(i), Some(m)) = (place(origin), place(destination)) else {
            return Ok(0.0);
        };
        let product = self.unit_busd * self.market.trade[i][m];
        let flow = equilibrium.base_flow_busd(from, to, sector);
        if product > flow * (1.0 + 1e-9) {
            return Err(TradeError::Product {
                what: format!(
                    "{product} bn USD from {origin} to {destination}, but all of sector {} is {flow}: check the unit",
                    self.sector
                ),
            });
        }
        Ok(if flow > 0.0 {
            (product / flow).min(1.0)
        } else {
            0.0
        })
    }

    /// The sector's tariff when the product is taken out: the base rate, and the change on what is left weighted by its
    /// share. `change` is the change of the tariff on the rest of the sector, a fraction.
    ///
    /// # Errors
    /// As [`Nest::share`].
    pub fn rest_tariff(
        &self,
        equilibrium: &Equilibrium,
        origin: &str,
        destination: &str,
        base_rate: f64,
        change: f64,
    ) -> Result<f64, TradeError> {
        Ok(base_rate + (1.0 - self.share(equilibrium, origin, destination)?) * change)
    }

    /// The sector in an equilibrium that was solved without the product's change, with the product's outcome put back.
    ///
    /// # Errors
    /// A sector that is not in the economy.
    pub fn join<'a>(
        &'a self,
        equilibrium: &'a Equilibrium,
        outcome: &'a ProductOutcome,
    ) -> Result<Nested<'a>, TradeError> {
        Ok(Nested {
            sector: crate::economy::position("sector", equilibrium.sectors(), &self.sector)?,
            nest: self,
            outcome,
            equilibrium,
        })
    }
}

impl Nested<'_> {
    fn place(&self, region: usize) -> Option<usize> {
        let name = &self.equilibrium.regions()[region];
        self.nest.market.regions.iter().position(|r| r == name)
    }

    /// The sector's flow, net of tariff: new level.
    pub fn flow_busd(&self, origin: usize, destination: usize) -> f64 {
        let mut flow = self.equilibrium.flow_busd(origin, destination, self.sector);
        if let (Some(i), Some(m)) = (self.place(origin), self.place(destination)) {
            let more = self.outcome.trade[i][m] - self.nest.market.trade[i][m];
            flow += self.nest.unit_busd * more;
        }
        flow
    }

    /// Equivalent variation of a region: that of the equilibrium and the product's surpluses and revenue.
    pub fn ev_busd(&self, region: usize) -> f64 {
        let product = self.place(region).map_or(0.0, |i| self.outcome.welfare(i));
        self.equilibrium.ev_busd(region) + self.nest.unit_busd * product
    }

    /// Tariff revenue of a region, change.
    pub fn revenue_change_busd(&self, region: usize) -> f64 {
        let product = self.place(region).map_or(0.0, |i| self.outcome.revenue[i]);
        self.equilibrium.revenue_change_busd(region) + self.nest.unit_busd * product
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;
    use crate::{Model, Options, Shock, Workspace};

    fn nest(share: f64) -> (Model, Nest) {
        let economy = Sample::default().build().unwrap();
        let trade = |i, m| share * economy.flow(0, i, m);
        let market = ProductMarket {
            regions: vec!["AAA".into(), "BBB".into()],
            trade: vec![
                vec![trade(0, 0), trade(0, 1)],
                vec![trade(1, 0), trade(1, 1)],
            ],
            tariff: vec![vec![0.0, 0.3], vec![0.3, 0.0]],
            demand: vec![-0.5; 2],
            substitution: vec![4.0; 2],
            supply: vec![1.0; 2],
        };
        let nest = Nest {
            sector: "FARM".into(),
            market,
            unit_busd: 1e-3,
        };
        (Model::new(&economy, Options::new("mixed")).unwrap(), nest)
    }

    #[test]
    fn a_product_takes_its_share_out_of_the_sector() {
        let (model, nest) = nest(0.25);
        let base = model
            .solve(&Shock::new(), &mut Workspace::new(), None)
            .unwrap();
        assert!((nest.share(&base, "AAA", "BBB").unwrap() - 0.25).abs() < 1e-12);
        assert!(nest.share(&base, "CCC", "BBB").unwrap().abs() < 1e-12);
        let rest = nest.rest_tariff(&base, "AAA", "BBB", 0.1, -0.08).unwrap();
        assert!((rest - 0.04).abs() < 1e-12);
        let cut = [vec![0.0, 0.1], vec![0.3, 0.0]];
        let outcome = nest.market.solve(&cut).unwrap();
        let joined = nest.join(&base, &outcome).unwrap();
        // With no change of the rest, the sector moves by the product alone.
        let more = 1e-3 * (outcome.trade[0][1] - nest.market.trade[0][1]);
        assert!((joined.flow_busd(0, 1) - base.base_flow_busd(0, 1, 0) - more).abs() < 1e-9);
        assert!((joined.ev_busd(1) - 1e-3 * outcome.welfare(1)).abs() < 1e-9);
        assert!((joined.revenue_change_busd(1) - 1e-3 * outcome.revenue[1]).abs() < 1e-9);
        assert!(joined.ev_busd(2).abs() < 1e-9);
    }

    #[test]
    fn a_product_larger_than_its_sector_is_an_error() {
        let (model, nest) = nest(1.5);
        let base = model
            .solve(&Shock::new(), &mut Workspace::new(), None)
            .unwrap();
        let message = nest.share(&base, "AAA", "BBB").unwrap_err().to_string();
        assert!(
            message.contains("AAA to BBB") && message.contains("FARM"),
            "{message}"
        );
    }
}
