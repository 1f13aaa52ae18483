//! What every option, and every pair of options, does to every quantity.
//!
//! Quantities of the model are taken from exact solves: each option alone, and each pair of options of two
//! issues that both move the economy. A package is then the sum over its options and pairs; what three and
//! more options do together is left out, and how much that is is measured on packages solved exactly.

use std::collections::BTreeMap;

use rayon::prelude::*;
use winset_talks::{Pair, Payoff};
use winset_trade::Workspace;

use super::bench::OurRates;
use super::worlds::{Solved, Wedges};
use super::{Bench, StudyError, Worlds};
use crate::indicator::Indicator;
use crate::world::side;

/// A number that packages change.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// An indicator.
    Indicator(Indicator),
    /// A party's political value added: Σ (weight − 1) × change of real value added, bn USD.
    Political(String),
}

/// The tables of all quantities, as changes against the first no deal.
pub struct Payoffs {
    /// The quantities, in the order of the tables.
    pub quantities: Vec<Quantity>,
    /// One table a quantity.
    pub tables: Vec<Payoff>,
    /// Wedges of purchases, bn USD of cost included in the budget.
    pub wedges: Wedges,
    /// What each purchase took: issue, option, report.
    pub purchases: Vec<Bought>,
    /// What the payer's budget bears for the wedges of an option's purchases, bn USD.
    pub costs: Costs,
    /// How many equilibria were solved.
    pub solves: usize,
}

/// What a purchase took: issue, option, report.
pub type Bought = (usize, usize, winset_trade::PurchaseReport);

/// Cost of wedges by option: the payer and bn USD a year.
pub type Costs = BTreeMap<(usize, usize), Vec<(String, f64)>>;

/// Changes that a package makes, in the order of [`Payoffs::quantities`].
pub type Changes = Vec<f64>;

impl Bench {
    /// The quantities of the dossier, in the order every table has.
    pub fn quantities(&self) -> Vec<Quantity> {
        let parties = self
            .dossier
            .parties
            .party
            .iter()
            .map(|p| Quantity::Political(p.id.get_ref().clone()));
        self.lab
            .indicators
            .iter()
            .cloned()
            .map(Quantity::Indicator)
            .chain(parties)
            .collect()
    }

    /// What a solved world changes against no deal, by quantity.
    pub(super) fn changes(solved: &Solved, no_deal: &Solved) -> Changes {
        let of = |s: &Solved| {
            s.measured
                .iter()
                .chain(&s.political)
                .copied()
                .collect::<Vec<f64>>()
        };
        of(solved)
            .into_iter()
            .zip(of(no_deal))
            .map(|(a, b)| a - b)
            .collect()
    }

    /// What options add outside the model.
    fn beside(&self, options: &[(usize, usize)], costs: &Costs) -> Changes {
        let mut out: Changes = self
            .lab
            .indicators
            .iter()
            .map(|indicator| {
                options
                    .iter()
                    .map(|(i, o)| {
                        let wedge: f64 = match indicator {
                            Indicator::Budget(region) => costs
                                .get(&(*i, *o))
                                .into_iter()
                                .flatten()
                                .filter(|(payer, _)| payer == region)
                                .map(|(_, cost)| -cost)
                                .sum(),
                            _ => 0.0,
                        };
                        wedge + side(indicator, &self.effects[*i][*o].side, &self.lab.anchor)
                    })
                    .sum()
            })
            .collect();
        out.resize(out.len() + self.dossier.parties.party.len(), 0.0);
        out
    }

    /// What a package adds to a region's real income outside the model, bn USD a year: products finer than a sector,
    /// quota shares. No elasticity of a sector and no third country moves it.
    pub fn income_beside(&self, package: &[u16], region: &str) -> f64 {
        let chosen = package.iter().zip(&self.effects);
        let added = chosen.filter_map(|(o, effects)| effects[usize::from(*o)].side.ev.get(region));
        added.fold(0.0, |sum, x| sum + x)
    }

    /// Solves every option and every pair against the first no deal.
    ///
    /// # Errors
    /// What the law and the model say.
    pub fn payoffs(
        &self,
        worlds: &Worlds,
        tick: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Payoffs, StudyError> {
        let no_deal = &worlds.no_deal[0].1;
        let moves: Vec<(usize, usize)> = self
            .effects
            .iter()
            .enumerate()
            .flat_map(|(i, options)| {
                options
                    .iter()
                    .enumerate()
                    .filter(|(_, e)| e.moves_economy())
                    .map(move |(o, _)| (i, o))
            })
            .collect();
        let jobs = pairs(&moves);
        let total = moves.len() + jobs.len();
        let done = std::sync::atomic::AtomicUsize::new(0);
        let step = || {
            tick(
                done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1,
                total,
            );
        };

        // Purchases first: their wedges are found once, alone, and held in every package.
        let (wedges, purchases) = self.wedges(&moves, no_deal)?;
        let mut costs = Costs::new();
        for (i, o, report) in &purchases {
            let payer = self.effects[*i][*o]
                .purchase
                .iter()
                .find(|p| p.sector == report.sector && !p.additional);
            if let Some(purchase) = payer {
                costs
                    .entry((*i, *o))
                    .or_default()
                    .push((purchase.payer.clone(), report.cost_busd));
            }
        }

        // The law of every combination of options that amend it.
        let lawful: Vec<Vec<(usize, usize)>> = moves
            .iter()
            .map(|m| vec![*m])
            .chain(jobs.iter().map(|(a, b)| vec![*a, *b]))
            .map(|options| {
                options
                    .into_iter()
                    .filter(|(i, o)| !self.effects[*i][*o].amend.is_empty())
                    .collect()
            })
            .collect();
        let mut keys = lawful.clone();
        keys.sort();
        keys.dedup();
        let rates: BTreeMap<Vec<(usize, usize)>, OurRates> = keys
            .into_par_iter()
            .map(|key| self.our_rates(&key).map(|rates| (key, rates)))
            .collect::<Result<_, _>>()?;

        let solve =
            |workspace: &mut Workspace, options: &[(usize, usize)], law: &Vec<(usize, usize)>| {
                let world = self.package_world(&no_deal.world, options, &rates[law], &wedges);
                let solved = self.solve("package", world, workspace, Some(&no_deal.equilibrium))?;
                step();
                Ok::<_, StudyError>(Self::changes(&solved, no_deal))
            };
        let own: Vec<Changes> = moves
            .par_iter()
            .zip(&lawful[..moves.len()])
            .map_init(Workspace::new, |w, (m, law)| solve(w, &[*m], law))
            .collect::<Result<_, _>>()?;
        let both: Vec<Changes> = jobs
            .par_iter()
            .zip(&lawful[moves.len()..])
            .map_init(Workspace::new, |w, ((a, b), law)| solve(w, &[*a, *b], law))
            .collect::<Result<_, _>>()?;

        let quantities = self.quantities();
        let own_of: BTreeMap<(usize, usize), &Changes> = moves.iter().copied().zip(&own).collect();
        let tables = (0..quantities.len())
            .map(|q| {
                let values = self
                    .effects
                    .iter()
                    .enumerate()
                    .map(|(i, options)| {
                        (0..options.len())
                            .map(|o| {
                                let model = own_of.get(&(i, o)).map_or(0.0, |c| c[q]);
                                model + self.beside(&[(i, o)], &costs)[q]
                            })
                            .collect()
                    })
                    .collect();
                let mut by_issues: BTreeMap<(usize, usize), Vec<Vec<f64>>> = BTreeMap::new();
                for ((a, b), changes) in jobs.iter().zip(&both) {
                    let together = changes[q] - own_of[a][q] - own_of[b][q];
                    let rows = by_issues.entry((a.0, b.0)).or_insert_with(|| {
                        vec![vec![0.0; self.effects[b.0].len()]; self.effects[a.0].len()]
                    });
                    rows[a.1][b.1] = together;
                }
                let pairs = by_issues
                    .into_iter()
                    .map(|((a, b), values)| Pair {
                        issues: [a, b],
                        values,
                    })
                    .collect();
                Payoff { values, pairs }
            })
            .collect();
        Ok(Payoffs {
            quantities,
            tables,
            wedges,
            purchases,
            costs,
            solves: total,
        })
    }

    fn wedges(
        &self,
        moves: &[(usize, usize)],
        no_deal: &Solved,
    ) -> Result<(Wedges, Vec<Bought>), StudyError> {
        let found = moves
            .par_iter()
            .map_init(Workspace::new, |workspace, (i, o)| {
                self.effects[*i][*o]
                    .purchase
                    .iter()
                    .map(|purchase| {
                        let report = self.lab.wedge(
                            &no_deal.world,
                            purchase,
                            workspace,
                            &no_deal.equilibrium,
                        )?;
                        Ok((*i, *o, report))
                    })
                    .collect::<Result<Vec<_>, StudyError>>()
            })
            .collect::<Result<Vec<_>, _>>()?;
        let purchases: Vec<_> = found.into_iter().flatten().collect();
        let mut wedges = Wedges::new();
        for (i, o, report) in &purchases {
            let key = (
                report.exporter.clone(),
                report.importer.clone(),
                report.sector.clone(),
            );
            wedges
                .entry((*i, *o))
                .or_default()
                .push((key, report.wedge));
        }
        Ok((wedges, purchases))
    }

    /// Solves a package exactly: all its options together, nothing added up.
    ///
    /// # Errors
    /// What the law and the model say.
    pub fn exact(
        &self,
        options: &[u16],
        worlds: &Worlds,
        payoffs: &Payoffs,
        workspace: &mut Workspace,
    ) -> Result<(Solved, Changes), StudyError> {
        let no_deal = &worlds.no_deal[0].1;
        let chosen: Vec<(usize, usize)> = options
            .iter()
            .enumerate()
            .filter(|(_, o)| **o > 0)
            .map(|(i, o)| (i, usize::from(*o)))
            .collect();
        let rates = self.our_rates(&chosen)?;
        let world = self.package_world(&no_deal.world, &chosen, &rates, &payoffs.wedges);
        let solved = self.solve("package", world, workspace, Some(&no_deal.equilibrium))?;
        let mut changes = Self::changes(&solved, no_deal);
        for (change, beside) in changes.iter_mut().zip(self.beside(&chosen, &payoffs.costs)) {
            *change += beside;
        }
        Ok((solved, changes))
    }
}

fn pairs(moves: &[(usize, usize)]) -> Vec<((usize, usize), (usize, usize))> {
    let mut out = Vec::new();
    for (k, a) in moves.iter().enumerate() {
        out.extend(
            moves[k + 1..]
                .iter()
                .filter(|b| b.0 != a.0)
                .map(|b| (*a, *b)),
        );
    }
    out
}

impl Payoffs {
    /// The place of a quantity.
    pub fn place(&self, quantity: &Quantity) -> Option<usize> {
        self.quantities.iter().position(|q| q == quantity)
    }

    /// The place of an indicator.
    pub fn indicator(&self, indicator: &Indicator) -> Option<usize> {
        self.quantities
            .iter()
            .position(|q| matches!(q, Quantity::Indicator(i) if i == indicator))
    }

    /// A sum of quantities with coefficients, as one table.
    pub fn combine(&self, terms: &[(usize, f64)]) -> Payoff {
        let mut terms = terms.iter().filter(|(_, c)| *c != 0.0);
        let Some((first, c)) = terms.next() else {
            let values = self.tables.first().map_or(Vec::new(), |t| {
                t.values.iter().map(|row| vec![0.0; row.len()]).collect()
            });
            return Payoff::additive(values);
        };
        let mut out = scaled(&self.tables[*first], *c);
        for (place, c) in terms {
            let other = &self.tables[*place];
            for (row, add) in out.values.iter_mut().zip(&other.values) {
                for (x, y) in row.iter_mut().zip(add) {
                    *x += c * y;
                }
            }
            // Every table has the same pairs in the same order.
            for (pair, add) in out.pairs.iter_mut().zip(&other.pairs) {
                for (row, add) in pair.values.iter_mut().zip(&add.values) {
                    for (x, y) in row.iter_mut().zip(add) {
                        *x += c * y;
                    }
                }
            }
        }
        out
    }

    /// What a package does to every quantity, by the tables.
    pub fn of(&self, options: &[u16]) -> Changes {
        self.tables
            .iter()
            .map(|table| table_value(table, options))
            .collect()
    }
}

fn scaled(table: &Payoff, c: f64) -> Payoff {
    let scale = |rows: &[Vec<f64>]| {
        rows.iter()
            .map(|row| row.iter().map(|x| c * x).collect())
            .collect()
    };
    Payoff {
        values: scale(&table.values),
        pairs: table
            .pairs
            .iter()
            .map(|p| Pair {
                issues: p.issues,
                values: scale(&p.values),
            })
            .collect(),
    }
}

/// A package's value in a table.
pub fn table_value(table: &Payoff, options: &[u16]) -> f64 {
    let own: f64 = table
        .values
        .iter()
        .zip(options)
        .map(|(row, o)| row[usize::from(*o)])
        .sum();
    let pairs: f64 = table
        .pairs
        .iter()
        .map(|p| p.values[usize::from(options[p.issues[0]])][usize::from(options[p.issues[1]])])
        .sum();
    own + pairs
}
