//! Which part of a package does what.
//!
//! The Shapley value of a part (Shapley 1953; for policy packages Harrison, Horridge & Pearson 2000, *Comput. Econ.*
//! 15(3), who take one path): its mean contribution over all orders in which the parts can come into force. The values
//! of all parts add up to the effect of the package. Up to [`EXACT`] parts every subset is solved; above, orders are drawn
//! and the standard error is given.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use winset_io::Table;

use crate::error::TradeError;
use crate::indicator::Indicator;
use crate::model::Model;
use crate::newton::Workspace;
use crate::rows::row_error;
use crate::shock::Shock;

/// Most parts for which every subset is solved: 1,024 solves.
pub const EXACT: usize = 10;

/// A named part of a package.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name in the answer.
    pub name: String,
    /// What it changes. Parts come into force in the order in which they are listed, whichever are there.
    pub shock: Shock,
}

impl Part {
    /// Reads the parts of a shock from its table ([`Shock::from_table`]): the column `part` names groups of rows; without it each row
    /// is a part, `row 1`, `row 2` and so on. One after the other the parts are the shock.
    ///
    /// # Errors
    /// As [`Shock::from_table`]; a row without a part; a part whose rows do not stand together, since rows apply in order; more parts
    /// than [`EXACT`].
    pub fn from_table(table: &Table) -> Result<Vec<Self>, TradeError> {
        let shock = Shock::from_table(table)?;
        let named = table.has("part");
        let names = if named {
            table.texts("part")?
        } else {
            (1..=shock.rows().len())
                .map(|k| format!("row {k}"))
                .collect()
        };
        let mut parts: Vec<Self> = Vec::new();
        for (row, (change, name)) in shock.rows().iter().zip(names).enumerate() {
            let name = name.trim();
            let refused = |what: String| Err(row_error(table, row, what));
            if name.is_empty() {
                return refused("the column `part` is blank: name the part of this row".to_owned());
            }
            let at = parts.iter().position(|part| part.name == name);
            if at.is_some_and(|at| at + 1 < parts.len()) {
                return refused(format!(
                    "the part `{name}` began further up: rows apply in order, so write the rows of a part one after the other"
                ));
            }
            if at.is_none() {
                parts.push(Self {
                    name: name.to_owned(),
                    shock: Shock::new(),
                });
            }
            if let Some(part) = parts.last_mut() {
                part.shock.push(change.clone());
            }
        }
        if parts.len() > EXACT {
            let advice = if named {
                "name fewer"
            } else {
                "name groups of rows in a column `part`"
            };
            return Err(TradeError::Shock(format!(
                "{} parts, of which every subset would be solved; there may be {EXACT}: {advice}",
                parts.len()
            )));
        }
        Ok(parts)
    }
}

/// What the parts of a package do to one indicator, as changes from `before`.
#[derive(Clone, Debug, PartialEq)]
pub struct Decomposition {
    /// The indicator.
    pub indicator: Indicator,
    /// Its value without any part.
    pub before: f64,
    /// Its value with all parts.
    pub after: f64,
    /// Shapley value of each part; they sum to `after − before`.
    pub shapley: Vec<f64>,
    /// Standard error of each; zero where every subset was solved.
    pub error: Vec<f64>,
    /// Each part alone, less `before`.
    pub alone: Vec<f64>,
    /// `after` less the value without this part: what its removal costs.
    pub last: Vec<f64>,
    /// Contribution of each part on the one path in which they are listed.
    pub path: Vec<f64>,
}

/// Splits the effect of a package over its parts, for every indicator asked for. `base` is in force throughout. Above
/// [`EXACT`] parts `orders` random orders and their reverses are drawn by `seed`. Runs on the threads of the pool that
/// it is called in; the answer has the same bits on any number of them.
///
/// # Errors
/// No part, an indicator that is not there, a subset of parts that is no valid shock or has no equilibrium.
pub fn decompose(
    model: &Model,
    base: &Shock,
    parts: &[Part],
    indicators: &[Indicator],
    orders: usize,
    seed: u64,
) -> Result<Vec<Decomposition>, TradeError> {
    let count = parts.len();
    if count == 0 {
        return Err(TradeError::Option(
            "a package without parts cannot be decomposed: name at least one".to_owned(),
        ));
    }
    let solve = |workspace: &mut Workspace, inside: &[bool]| -> Result<Vec<f64>, TradeError> {
        let mut shock = base.clone();
        for (part, _) in parts.iter().zip(inside).filter(|(_, inside)| **inside) {
            shock = shock.then(&part.shock);
        }
        let solved = model.solve(&shock, workspace, None)?;
        indicators.iter().map(|i| solved.value(i)).collect()
    };
    let sets = |sets: Vec<Vec<bool>>| -> Result<Vec<Vec<f64>>, TradeError> {
        sets.into_par_iter()
            .map_init(Workspace::new, |workspace, inside| {
                solve(workspace, &inside)
            })
            .collect()
    };
    let frame = |k: usize| {
        let mut inside = vec![false; count];
        inside[..k].fill(true);
        inside
    };
    // The path first: its ends are the package and the base.
    let path = sets((0..=count).map(frame).collect())?;
    let single = |k: usize, yes: bool| {
        let mut inside = vec![!yes; count];
        inside[k] = yes;
        inside
    };
    let alone = sets((0..count).map(|k| single(k, true)).collect())?;
    let without = sets((0..count).map(|k| single(k, false)).collect())?;
    let (shapley, error) = if count <= EXACT {
        let of = |set: usize| (0..count).map(|k| set >> k & 1 == 1).collect();
        let values = sets((0..1 << count).map(of).collect())?;
        (
            exact(&values, count),
            vec![vec![0.0; count]; indicators.len()],
        )
    } else {
        sampled(&sets, count, indicators.len(), orders, seed)?
    };
    let mut out = Vec::with_capacity(indicators.len());
    for (x, indicator) in indicators.iter().enumerate() {
        let (before, after) = (path[0][x], path[count][x]);
        out.push(Decomposition {
            indicator: indicator.clone(),
            before,
            after,
            shapley: shapley[x].clone(),
            error: error[x].clone(),
            alone: alone.iter().map(|v| v[x] - before).collect(),
            last: without.iter().map(|v| after - v[x]).collect(),
            path: (0..count).map(|k| path[k + 1][x] - path[k][x]).collect(),
        });
    }
    Ok(out)
}

/// Shapley values from the values of all subsets, `[subset][indicator]`.
fn exact(values: &[Vec<f64>], count: usize) -> Vec<Vec<f64>> {
    // Weight of a subset of size k without the part: k! (n−k−1)! / n!, by recursion on k.
    let mut weight = vec![1.0 / count as f64; count];
    for k in 1..count {
        weight[k] = weight[k - 1] * k as f64 / (count - k) as f64;
    }
    let mut shapley = vec![vec![0.0; count]; values[0].len()];
    for (set, without) in values.iter().enumerate() {
        for k in (0..count).filter(|k| set >> k & 1 == 0) {
            let with = &values[set | 1 << k];
            let weight = weight[set.count_ones() as usize];
            for (x, row) in shapley.iter_mut().enumerate() {
                row[k] += weight * (with[x] - without[x]);
            }
        }
    }
    shapley
}

type Values = Vec<Vec<f64>>;

/// Shapley values from drawn orders, each with its reverse, and their standard errors, `[indicator][part]`.
fn sampled(
    sets: &impl Fn(Vec<Vec<bool>>) -> Result<Values, TradeError>,
    count: usize,
    indicators: usize,
    orders: usize,
    seed: u64,
) -> Result<(Values, Values), TradeError> {
    if orders < 2 {
        return Err(TradeError::Option(format!(
            "{count} parts need drawn orders, and {orders} give no standard error: ask for 2 or more"
        )));
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut walks: Vec<Vec<usize>> = Vec::with_capacity(2 * orders);
    for _ in 0..orders {
        let mut order: Vec<usize> = (0..count).collect();
        order.shuffle(&mut random);
        walks.push(order.clone());
        order.reverse();
        walks.push(order);
    }
    let mut wanted = Vec::new();
    for order in &walks {
        let mut inside = vec![false; count];
        wanted.push(inside.clone());
        for k in order {
            inside[*k] = true;
            wanted.push(inside.clone());
        }
    }
    let values = sets(wanted)?;
    let mut mean = vec![vec![0.0; count]; indicators];
    let mut square = mean.clone();
    for x in 0..indicators {
        for pair in 0..orders {
            let mut both = vec![0.0; count];
            for walk in [2 * pair, 2 * pair + 1] {
                let start = walk * (count + 1);
                for (step, k) in walks[walk].iter().enumerate() {
                    both[*k] += 0.5 * (values[start + step + 1][x] - values[start + step][x]);
                }
            }
            for k in 0..count {
                mean[x][k] += both[k] / orders as f64;
                square[x][k] += both[k] * both[k] / orders as f64;
            }
        }
        for k in 0..count {
            let variance = (square[x][k] - mean[x][k] * mean[x][k]).max(0.0);
            square[x][k] = (variance / (orders - 1) as f64).sqrt();
        }
    }
    Ok((mean, square))
}
