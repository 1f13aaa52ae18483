//! The worlds that packages are measured against: baseline, status quo, each no deal.

use std::collections::BTreeMap;

use rayon::prelude::*;
use winset_trade::{Equilibrium, Workspace};

use super::bench::OurRates;
use super::{Bench, StudyError};
use crate::dossier::Text;
use crate::world::{Measured, SectorRates, World};

/// A solved world.
#[derive(Clone)]
pub struct Solved {
    /// Its name, as the dossier or this program gives it.
    pub title: Text,
    /// What it is made of.
    pub world: World,
    /// The solved response.
    pub equilibrium: Equilibrium,
    /// The dossier's indicators, against the baseline.
    pub measured: Measured,
    /// Political value added by party, against the baseline, bn USD.
    pub political: Vec<f64>,
}

/// The worlds without a package.
pub struct Worlds {
    /// The as-of date's law, everywhere.
    pub status_quo: Solved,
    /// Each no deal with its probability; the first is the one that payoffs are measured against.
    pub no_deal: Vec<(f64, Solved)>,
}

impl Worlds {
    /// The no deal that payoffs are measured against, in words.
    pub fn first_no_deal(&self) -> &str {
        let first = self.no_deal.first();
        first.map_or("", |(_, solved)| solved.title.as_str())
    }
}

impl Bench {
    /// Solves a world and reads it.
    ///
    /// # Errors
    /// What the model says.
    pub fn solve(
        &self,
        title: impl Into<Text>,
        world: World,
        workspace: &mut Workspace,
        start: Option<&Equilibrium>,
    ) -> Result<Solved, StudyError> {
        let equilibrium = self.lab.solve(&world, workspace, start)?;
        let measured = self.lab.measure(&equilibrium)?;
        let political = self
            .dossier
            .parties
            .party
            .iter()
            .map(|p| self.lab.political(p.id.get_ref(), &equilibrium))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Solved {
            title: title.into(),
            world,
            equilibrium,
            measured,
            political,
        })
    }

    /// The status quo and every no deal of the dossier.
    ///
    /// # Errors
    /// A day outside the law; what the model says.
    pub fn worlds(&self) -> Result<Worlds, StudyError> {
        let clock = &self.dossier.head.clock;
        let ours = self.dossier.head.ours.get_ref();
        let (now, after): (Result<SectorRates, _>, Result<SectorRates, StudyError>) = rayon::join(
            || Ok::<_, StudyError>(self.border.change(&self.law, self.dossier.as_of)?),
            || Ok(self.border.change(&self.law, self.day(&clock.after)?)?),
        );
        let (now, after) = (now?, after?);
        let mut jobs: Vec<(f64, Text, World)> = vec![(
            0.0,
            Text::both("status quo", "現状"),
            World {
                rates: now.clone(),
                ..World::default()
            },
        )];
        for no_deal in &self.dossier.head.no_deal {
            let rates = if no_deal.others_stay {
                now.with_origin(ours, &after.origin(ours))
            } else {
                after.clone()
            };
            let mut world = World {
                rates,
                ..World::default()
            };
            for change in &no_deal.tariff {
                let (o, d) = (change.origin.get_ref(), change.destination.get_ref());
                for sector in self.lab.economy.sectors() {
                    let named = change
                        .sectors
                        .iter()
                        .any(|s| s.get_ref() == sector || s.get_ref() == "*");
                    if named && sector != self.dossier.head.economy.services.get_ref() {
                        let key = (o.clone(), d.clone(), sector.clone());
                        *world.tariff.entry(key).or_insert(0.0) += change.add.get_ref();
                    }
                }
            }
            jobs.push((*no_deal.probability.get_ref(), no_deal.title.clone(), world));
        }
        let mut solved = jobs
            .into_par_iter()
            .map_init(Workspace::new, |workspace, (p, title, world)| {
                self.solve(title, world, workspace, None).map(|s| (p, s))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let (_, status_quo) = solved.remove(0);
        Ok(Worlds {
            status_quo,
            no_deal: solved,
        })
    }

    /// The world of a package: the first no deal with our rates as amended and everything else the options
    /// change. `wedges` are those of its purchases.
    ///
    /// # Errors
    /// As [`Bench::our_rates`].
    pub fn package_world(
        &self,
        no_deal: &World,
        options: &[(usize, usize)],
        rates: &OurRates,
        wedges: &Wedges,
    ) -> World {
        let (ours, theirs) = (
            self.dossier.head.ours.get_ref(),
            self.dossier.head.theirs.get_ref(),
        );
        let mut world = no_deal.clone();
        world.rates = no_deal.rates.with_origin(ours, &rates.change);
        for (sector, points) in rates.price_kept.iter().filter(|(_, x)| **x != 0.0) {
            // The buyer's price stays where so many more points of duty would have put it.
            let places = (
                self.lab.economy.sector(sector),
                self.lab.economy.region(ours),
                self.lab.economy.region(theirs),
            );
            let (Ok(s), Ok(o), Ok(d)) = places else {
                continue;
            };
            let change = rates.change.get(sector).copied().unwrap_or(0.0);
            let duty = self.lab.economy.tariff(s, o, d) + change;
            let key = (ours.clone(), theirs.clone(), sector.clone());
            world.price_kept.insert(key, points / (1.0 + duty));
        }
        for (issue, option) in options {
            world.add(&self.effects[*issue][*option]);
            for (key, wedge) in wedges.get(&(*issue, *option)).into_iter().flatten() {
                *world.wedge.entry(key.clone()).or_insert(0.0) += wedge;
            }
        }
        world
    }
}

/// Wedges of purchases by option: the flow, and the factor on its price less one.
pub type Wedges = BTreeMap<(usize, usize), Vec<((String, String, String), f64)>>;
