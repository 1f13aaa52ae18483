//! Solves worlds and reads the dossier's indicators from them.

use std::collections::BTreeMap;

use winset_trade::{Closure, Economy, Equilibrium, Model, Options, Shock, TradeError, Workspace};

use super::border::SectorRates;
use super::effect::{Effect, Side};
use crate::indicator::{FARM_SECTORS, Indicator};

/// A published bilateral goods balance that percentage changes are applied to, bn USD.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// Exports of the importer of the law to the origin of the dossier.
    pub exports: f64,
    /// Its imports from there.
    pub imports: f64,
}

/// A world before it is solved: the border's rates on every origin, and what a package changes beside.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Change of the importer's tariffs by origin and sector against the baseline, fractions.
    pub rates: SectorRates,
    /// Factors on iceberg costs.
    pub iceberg: BTreeMap<(String, String, String), f64>,
    /// Further additions to tariffs: retaliation, concessions.
    pub tariff: BTreeMap<(String, String, String), f64>,
    /// What sellers keep their prices up by, a fraction of the price without: a tax on the export that stays with them.
    pub price_kept: BTreeMap<(String, String, String), f64>,
    /// Wedges of purchases on the tariff-inclusive price, fractions.
    pub wedge: BTreeMap<(String, String, String), f64>,
    /// Transfers: giver, receiver, bn USD.
    pub transfer: Vec<(String, String, f64)>,
}

impl World {
    /// Adds what an option changes, its amendments of the law left aside.
    pub fn add(&mut self, effect: &Effect) {
        for (key, factor) in &effect.iceberg {
            *self.iceberg.entry(key.clone()).or_insert(1.0) *= factor;
        }
        for (key, points) in &effect.tariff {
            *self.tariff.entry(key.clone()).or_insert(0.0) += points;
        }
        self.transfer.extend(effect.transfer.iter().cloned());
    }
}

/// What was read from a world: one number an indicator, in the order of [`Lab::indicators`].
pub type Measured = Vec<f64>;

/// An economy, a model of it, and the indicators that are read.
pub struct Lab {
    /// The economy.
    pub economy: Economy,
    /// The model with the central elasticities.
    pub model: Model,
    /// The region whose law the measures are.
    pub importer: String,
    /// What is read from every world.
    pub indicators: Vec<Indicator>,
    /// Value added in the baseline by region and sector, bn USD.
    pub value_added: BTreeMap<String, BTreeMap<String, f64>>,
    /// Political weights by region and sector.
    pub weights: BTreeMap<String, BTreeMap<String, f64>>,
    /// The balance that [`Indicator::Balance`] is anchored to: region, partner, balance.
    pub anchor: (String, String, Anchor),
    services: String,
}

impl Lab {
    /// A laboratory without indicators; fill [`Lab::indicators`] before measuring.
    ///
    /// # Errors
    /// What the model says of the economy.
    pub fn new(
        economy: Economy,
        elasticities: &str,
        services: &str,
        importer: &str,
        anchor: (String, String, Anchor),
    ) -> Result<Self, TradeError> {
        let model = Model::new(&economy, Options::new(elasticities).closure(Closure::Fixed))?;
        let base = model.solve(&Shock::new(), &mut Workspace::new(), None)?;
        let mut value_added = BTreeMap::new();
        for (r, region) in base.regions().iter().enumerate() {
            let sectors = base
                .sectors()
                .iter()
                .enumerate()
                .map(|(s, sector)| (sector.clone(), base.base_value_added_busd(r, s)))
                .collect();
            value_added.insert(region.clone(), sectors);
        }
        Ok(Self {
            economy,
            model,
            importer: importer.to_owned(),
            indicators: Vec::new(),
            value_added,
            weights: BTreeMap::new(),
            anchor,
            services: services.to_owned(),
        })
    }

    /// The shock that makes a world.
    pub fn shock(&self, world: &World) -> Shock {
        let mut shock = Shock::new();
        for ((origin, sector), points) in &world.rates.change {
            if *points != 0.0 {
                shock = shock.tariff_add(origin, &self.importer, sector, *points);
            }
        }
        for ((o, d, s), points) in &world.tariff {
            shock = shock.tariff_add(o, d, s, *points);
        }
        for ((o, d, s), factor) in &world.iceberg {
            shock = shock.iceberg(o, d, s, *factor);
        }
        for ((o, d, s), kept) in &world.price_kept {
            // The subsidy is a share of what the producer gets; below zero it is a tax.
            shock = shock.export_subsidy(o, d, s, -kept);
        }
        for ((o, d, s), wedge) in &world.wedge {
            // A wedge is a factor on the price with the tariff of the baseline; the flows concerned keep theirs.
            let base = match (
                self.economy.sector(s),
                self.economy.region(o),
                self.economy.region(d),
            ) {
                (Ok(s), Ok(o), Ok(d)) => self.economy.tariff(s, o, d),
                _ => 0.0,
            };
            shock = shock.tariff_add(o, d, s, wedge * (1.0 + base));
        }
        let unit = self.economy.info().unit.in_billion();
        for (from, to, busd) in &world.transfer {
            shock = shock.transfer(from, to, busd / unit);
        }
        shock
    }

    /// Solves a world, from a nearby equilibrium if there is one.
    ///
    /// # Errors
    /// What the model says; a world that was not solved has no numbers.
    pub fn solve(
        &self,
        world: &World,
        workspace: &mut Workspace,
        start: Option<&Equilibrium>,
    ) -> Result<Equilibrium, TradeError> {
        self.model.solve(&self.shock(world), workspace, start)
    }

    /// The wedge of a purchase in a world, and what it costs the payer, bn USD a year.
    ///
    /// # Errors
    /// A target that cannot be met.
    pub fn wedge(
        &self,
        world: &World,
        purchase: &super::effect::Purchase,
        workspace: &mut Workspace,
        start: &Equilibrium,
    ) -> Result<winset_trade::PurchaseReport, TradeError> {
        let (o, d, s) = (
            self.economy.region(&purchase.origin)?,
            self.economy.region(&purchase.destination)?,
            self.economy.sector(&purchase.sector)?,
        );
        let target =
            (start.flow_busd(o, d, s) + purchase.busd) / self.economy.info().unit.in_billion();
        let shock = self.shock(world).purchase(
            &purchase.origin,
            &purchase.destination,
            &purchase.sector,
            target,
        );
        let solved = self.model.solve(&shock, workspace, Some(start))?;
        solved
            .purchases()
            .first()
            .cloned()
            .ok_or_else(|| TradeError::Option("no purchase was solved".to_owned()))
    }

    /// Reads the indicators of an equilibrium: changes against the baseline, per cent or bn USD.
    ///
    /// # Errors
    /// A region or sector that the economy does not have.
    pub fn measure(&self, e: &Equilibrium) -> Result<Measured, TradeError> {
        self.indicators.iter().map(|i| self.read(i, e)).collect()
    }

    /// Goods exports from one region to another, bn USD: baseline and new level.
    pub fn goods(&self, e: &Equilibrium, origin: usize, destination: usize) -> (f64, f64) {
        let goods = e
            .sectors()
            .iter()
            .enumerate()
            .filter(|(_, s)| **s != self.services);
        goods.fold((0.0, 0.0), |(before, after), (s, _)| {
            (
                before + e.base_flow_busd(origin, destination, s),
                after + e.flow_busd(origin, destination, s),
            )
        })
    }

    /// Real value added of a sector, change in bn USD at baseline prices of the consumer.
    pub fn real_value_added(&self, e: &Equilibrium, region: usize, sector: usize) -> f64 {
        let before = e.base_value_added_busd(region, sector);
        (before + e.value_added_busd(region, sector)) / e.price_index_hat(region) - before
    }

    /// One indicator of the general equilibrium; what product modules and clauses add is in [`side`].
    ///
    /// # Errors
    /// A region or sector that the economy does not have.
    pub fn read(&self, indicator: &Indicator, e: &Equilibrium) -> Result<f64, TradeError> {
        let region = |name: &str| self.economy.region(name);
        let sector = |name: &str| self.economy.sector(name);
        let exports = |o: &str, d: &str, sectors: &[String]| -> Result<f64, TradeError> {
            let (o, d) = (region(o)?, region(d)?);
            sectors
                .iter()
                .map(|s| sector(s).map(|s| e.flow_busd(o, d, s) - e.base_flow_busd(o, d, s)))
                .sum()
        };
        Ok(match indicator {
            Indicator::Ev(r) => e.ev_busd(region(r)?),
            Indicator::OutputPct(r, sectors) => {
                let r = region(r)?;
                let (mut weighted, mut total) = (0.0, 0.0);
                for s in sectors {
                    let s = sector(s)?;
                    let weight = e.base_value_added_busd(r, s);
                    weighted += weight * e.output_pct(r, s);
                    total += weight;
                }
                if total > 0.0 { weighted / total } else { 0.0 }
            }
            Indicator::ValueAdded(r, sectors) => {
                let r = region(r)?;
                sectors
                    .iter()
                    .map(|s| sector(s).map(|s| self.real_value_added(e, r, s)))
                    .sum::<Result<f64, _>>()?
            }
            Indicator::Balance(r, p) => {
                let (first, second, anchor) = &self.anchor;
                let (out, back) = (
                    self.goods(e, region(r)?, region(p)?),
                    self.goods(e, region(p)?, region(r)?),
                );
                let (x, m) = if (first, second) == (r, p) {
                    (anchor.exports, anchor.imports)
                } else if (second, first) == (r, p) {
                    (anchor.imports, anchor.exports)
                } else {
                    (out.0, back.0)
                };
                x * (out.1 / out.0 - 1.0) - m * (back.1 / back.0 - 1.0)
            }
            Indicator::Exports(o, d, sectors) if sectors.is_empty() => {
                let (before, after) = self.goods(e, region(o)?, region(d)?);
                after - before
            }
            Indicator::Exports(o, d, sectors) => exports(o, d, sectors)?,
            Indicator::FarmExports(o, d) => exports(o, d, &FARM_SECTORS.map(str::to_owned))?,
            Indicator::Revenue(r) => e.revenue_change_busd(region(r)?),
            Indicator::FarmGatePct(_) | Indicator::Clause(_) | Indicator::Budget(_) => 0.0,
        })
    }

    /// Value added beyond its market worth: Σ (weight − 1) × change of real value added, bn USD.
    ///
    /// # Errors
    /// A region or sector that the economy does not have.
    pub fn political(&self, region: &str, e: &Equilibrium) -> Result<f64, TradeError> {
        let Some(weights) = self.weights.get(region) else {
            return Ok(0.0);
        };
        let r = self.economy.region(region)?;
        weights
            .iter()
            .map(|(s, weight)| {
                self.economy
                    .sector(s)
                    .map(|s| (weight - 1.0) * self.real_value_added(e, r, s))
            })
            .sum()
    }
}

/// What an option adds to an indicator outside the model.
pub fn side(indicator: &Indicator, side: &Side, anchor: &(String, String, Anchor)) -> f64 {
    let trade = |map: &BTreeMap<(String, String), f64>, o: &str, d: &str| {
        map.get(&(o.to_owned(), d.to_owned()))
            .copied()
            .unwrap_or(0.0)
    };
    match indicator {
        Indicator::Ev(r) => side.ev.get(r).copied().unwrap_or(0.0),
        Indicator::Balance(r, p) if *r == anchor.0 || *r == anchor.1 => {
            trade(&side.exports, r, p) - trade(&side.exports, p, r)
        }
        Indicator::FarmExports(o, d) => trade(&side.farm_exports, o, d),
        Indicator::Exports(o, d, sectors) if sectors.is_empty() => trade(&side.exports, o, d),
        Indicator::FarmGatePct(p) => side.farm_gate_pct.get(p).copied().unwrap_or(0.0),
        Indicator::Clause(c) => side.clause.get(c).copied().unwrap_or(0.0),
        Indicator::Budget(r) => side.budget.get(r).copied().unwrap_or(0.0),
        _ => 0.0,
    }
}
