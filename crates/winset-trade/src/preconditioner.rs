//! An approximate inverse of the Jacobian at the baseline, on two levels.
//!
//! Between regions, what matters is the general level of prices and spending: a coarse system of 3N unknowns
//! (wages, one price and one spending level by region) is solved exactly. Inside a region, sectors hang together
//! through inputs and through the own share of spending, which is most of it. With Γ the input shares and D the own
//! shares of a region, prices need (I − DΓ)⁻¹ and spending (I − ΓᵀD)⁻¹; both follow from the one matrix
//! `C = Γ(I − DΓ)⁻¹`, since `(I − DΓ)⁻¹ = I + DC`, `Γ(I − DΓ)⁻¹ = C` and `(I − ΓᵀD)⁻¹ = I + CᵀD`. What remains,
//! differences between sectors of what is imported, is small, and is left to the iteration.
//!
//! All but the coarse level is in single precision: it is an approximation anyway, and half the memory to stream.

use std::sync::Arc;

use faer::MatMut;
use faer::linalg::solvers::{PartialPivLu, Solve};

use crate::calibration::Calibration;
use crate::coarse::coarse_matrix;
use crate::kernels::{add_rows, row_dots, turn};
use crate::local::Local;
use crate::point::{Point, reset};
use crate::shocked::{Shocked, Since};
use crate::system::{Rules, System};

/// The factors; they belong to one calibration, one set of elasticities and one labour supply.
#[derive(Clone, Debug)]
pub(crate) struct Preconditioner {
    pub(crate) coarse: PartialPivLu<f64>,
    pub(crate) local: Arc<Local>,
}

/// Room for an application. `[sector][region]` unless said otherwise.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    /// Wages, levels of prices and of spending by region, and the same in single precision.
    pub(crate) levels: Vec<f64>,
    narrow: Vec<f32>,
    pub(crate) by_region: Vec<f32>,
    pub(crate) own_part: Vec<f32>,
    pub(crate) price: Vec<f32>,
    pub(crate) cost: Vec<f32>,
    pub(crate) output: Vec<f32>,
    pub(crate) spent: Vec<f32>,
    /// `[region][sector]`.
    pub(crate) turned: Vec<f32>,
    pub(crate) turned_out: Vec<f32>,
    /// The weights of the shocked economy, `[sector][origin][destination]`, and where they come from. Without tariffs both are
    /// the same, and only the net ones are read.
    pub(crate) weight: Vec<f32>,
    pub(crate) net_weight: Vec<f32>,
    since: Since,
    pub(crate) taxed: Vec<bool>,
    /// Those of what is sold at home.
    pub(crate) own_weight: Vec<f32>,
    pub(crate) own_net_weight: Vec<f32>,
    /// A residual and a step in single precision.
    residual: Vec<f32>,
    step: Vec<f32>,
}

impl Room {
    /// Takes the weights of a shocked economy.
    pub(crate) fn load(&mut self, shocked: &Shocked) {
        let n = shocked.labour.len();
        self.taxed.clone_from(&shocked.taxed);
        if self.since.is_as(&shocked.since) {
            let changed = self.since.changed.iter().chain(&shocked.since.changed);
            for at in changed {
                self.weight[*at] = shocked.weight[*at] as f32;
                self.net_weight[*at] = shocked.net_weight[*at] as f32;
            }
        } else {
            narrow(&mut self.weight, &shocked.weight);
            narrow(&mut self.net_weight, &shocked.net_weight);
        }
        self.since.clone_from(&shocked.since);
        let own = |to: &mut Vec<f32>, from: &[f64]| {
            to.clear();
            for block in from.chunks_exact(n * n) {
                to.extend(block.iter().step_by(n + 1).map(|x| *x as f32));
            }
        };
        own(&mut self.own_weight, &shocked.weight);
        own(&mut self.own_net_weight, &shocked.net_weight);
    }

    pub(crate) fn clear(&mut self, n: usize, s: usize) {
        reset(&mut self.levels, 3 * n);
        for v in [&mut self.by_region, &mut self.own_part] {
            clear(v, n);
        }
        for v in [
            &mut self.price,
            &mut self.cost,
            &mut self.output,
            &mut self.spent,
            &mut self.turned,
            &mut self.turned_out,
        ] {
            v.resize(n * s, 0.0);
        }
    }
}

fn clear(v: &mut Vec<f32>, len: usize) {
    v.clear();
    v.resize(len, 0.0);
}

fn narrow(to: &mut Vec<f32>, from: &[f64]) {
    to.clear();
    to.extend(from.iter().map(|x| *x as f32));
}

/// One sector of what stands by sector and region.
pub(crate) fn row<T>(v: &[T], j: usize, n: usize) -> &[T] {
    &v[j * n..][..n]
}

pub(crate) fn row_mut<T>(v: &mut [T], j: usize, n: usize) -> &mut [T] {
    &mut v[j * n..][..n]
}

impl Preconditioner {
    pub(crate) fn new(base: &Calibration, theta: &[f64], rules: Rules) -> Self {
        Self::with_local(Arc::new(Local::new(base)), base, theta, rules)
    }

    /// For other elasticities of the same calibration.
    pub(crate) fn with_theta(&self, base: &Calibration, theta: &[f64], rules: Rules) -> Self {
        Self::with_local(self.local.clone(), base, theta, rules)
    }

    fn with_local(local: Arc<Local>, base: &Calibration, theta: &[f64], rules: Rules) -> Self {
        let coarse = coarse_matrix(base, theta, rules, &local.weight, &local.total);
        Self {
            coarse: coarse.partial_piv_lu(),
            local,
        }
    }

    /// z ≈ J⁻¹ r at a point of the economy that `room` has loaded.
    pub(crate) fn apply(
        &self,
        system: &System,
        point: &Point,
        r: &[f32],
        z: &mut Vec<f32>,
        room: &mut Room,
    ) {
        let (n, s) = (system.base.n, system.base.s);
        let (r_wage, rest) = r.split_at(n);
        let (r_price, r_spending) = rest.split_at(n * s);
        room.clear(n, s);
        self.solve_levels(r_wage, r_price, r_spending, room);
        clear(z, system.len());
        let (z_wage, rest) = z.split_at_mut(n);
        let (z_price, z_spending) = rest.split_at_mut(n * s);
        z_wage.copy_from_slice(&room.narrow[..n]);
        self.prices(system, point, r_price, z_price, room);
        outputs(system, point, z_price, room);
        self.spendings(system, point, r_spending, z_spending, room);
    }

    /// The same in double precision.
    pub(crate) fn apply_wide(
        &self,
        system: &System,
        point: &Point,
        r: &[f64],
        z: &mut Vec<f64>,
        room: &mut Room,
    ) {
        let mut residual = std::mem::take(&mut room.residual);
        let mut step = std::mem::take(&mut room.step);
        narrow(&mut residual, r);
        self.apply(system, point, &residual, &mut step, room);
        z.clear();
        z.extend(step.iter().map(|x| f64::from(*x)));
        (room.residual, room.step) = (residual, step);
    }

    /// The coarse level: wages, and one level of prices and of spending by region.
    fn solve_levels(&self, r_wage: &[f32], r_price: &[f32], r_spending: &[f32], room: &mut Room) {
        let n = r_wage.len();
        let (wage, rest) = room.levels.split_at_mut(n);
        let (price, spending) = rest.split_at_mut(n);
        for (to, from) in wage.iter_mut().zip(r_wage) {
            *to = f64::from(*from);
        }
        let residuals = r_price.chunks_exact(n).zip(r_spending.chunks_exact(n));
        for (weight, (r_price, r_spending)) in self.local.weight.chunks_exact(n).zip(residuals) {
            for i in 0..n {
                price[i] += weight[i] * f64::from(r_price[i]);
                spending[i] += weight[i] * f64::from(r_spending[i]);
            }
        }
        let levels = MatMut::from_column_major_slice_mut(&mut room.levels, 3 * n, 1);
        self.coarse.solve_in_place(levels);
        narrow(&mut room.narrow, &room.levels);
    }

    /// Prices given the levels, and the costs that follow.
    fn prices(
        &self,
        system: &System,
        point: &Point,
        r_price: &[f32],
        z_price: &mut [f32],
        room: &mut Room,
    ) {
        let base = system.base;
        let local = &*self.local;
        let (n, s) = (base.n, base.s);
        let (wage, rest) = room.narrow.split_at(n);
        let price_level = &rest[..n];
        let (by_region, own_part) = (&mut room.by_region[..n], &mut room.own_part[..n]);
        // What costs abroad do to prices at home; the own price is left to the local level.
        for j in 0..s {
            let (power, value_added) = (row(&point.power, j, n), row(&base.value_added, j, n));
            let own_weight = row(&room.own_weight, j, n);
            for i in 0..n {
                let (power, value_added) = (power[i] as f32, value_added[i] as f32);
                let through_price = power * ((1.0 - value_added) * price_level[i]);
                by_region[i] = power * (value_added * wage[i]) + through_price;
                own_part[i] = own_weight[i] * through_price;
            }
            let price = row_mut(z_price, j, n);
            let weight = if room.taxed[j] {
                &room.weight
            } else {
                &room.net_weight
            };
            add_rows(price, by_region, row(weight, j, n * n));
            let (scale, r_price) = (row(&point.scale, j, n), row(r_price, j, n));
            for i in 0..n {
                price[i] = r_price[i] + (price[i] - own_part[i]) * scale[i] as f32;
            }
        }
        if local.inputs.is_empty() {
            room.cost.fill(0.0);
        } else {
            turn(z_price, n, &mut room.turned);
            for i in 0..n {
                let table = row(&local.inputs, i, s * s);
                row_dots(
                    row_mut(&mut room.turned_out, i, s),
                    table,
                    row(&room.turned, i, s),
                );
            }
            turn(&room.turned_out, s, &mut room.cost);
        }
        for j in 0..s {
            let (price, cost) = (row_mut(z_price, j, n), row_mut(&mut room.cost, j, n));
            let (own, value_added) = (row(&local.own, j, n), row(&base.value_added, j, n));
            for i in 0..n {
                price[i] += own[i] * cost[i];
                cost[i] += value_added[i] as f32 * wage[i];
            }
        }
    }

    /// Spending given levels and outputs.
    fn spendings(
        &self,
        system: &System,
        point: &Point,
        r_spending: &[f32],
        z_spending: &mut [f32],
        room: &mut Room,
    ) {
        let base = system.base;
        let local = &*self.local;
        let (n, s) = (base.n, base.s);
        let elasticity = system.rules.labour_supply as f32;
        let (wage, rest) = room.narrow.split_at(n);
        let income = &mut room.by_region[..n];
        for i in 0..n {
            let rise = (1.0 + elasticity) * wage[i] - elasticity * rest[i];
            income[i] = base.labour_income[i] as f32 * rise;
        }
        for j in 0..s {
            let (spending, final_share) = (row(&base.spending, j, n), row(&base.final_share, j, n));
            let (own, r_spending) = (row(&local.own, j, n), row(r_spending, j, n));
            let spent = row_mut(&mut room.spent, j, n);
            let output = row_mut(&mut room.output, j, n);
            for i in 0..n {
                spent[i] = spending[i] as f32 * r_spending[i] + final_share[i] as f32 * income[i];
                output[i] += own[i] * spent[i];
            }
        }
        if !local.inputs.is_empty() {
            turn(&room.output, n, &mut room.turned);
            room.turned_out.fill(0.0);
            for i in 0..n {
                let table = row(&local.inputs, i, s * s);
                add_rows(
                    row_mut(&mut room.turned_out, i, s),
                    row(&room.turned, i, s),
                    table,
                );
            }
            turn(&room.turned_out, s, &mut room.output);
            for (spent, used) in room.spent.iter_mut().zip(&room.output) {
                *spent += used;
            }
        }
        let revenue = &mut room.own_part[..n];
        revenue.fill(0.0);
        for j in 0..s {
            let (spent, to_revenue) = (row(&room.spent, j, n), row(&local.to_revenue, j, n));
            for i in 0..n {
                revenue[i] += spent[i] * to_revenue[i];
            }
        }
        for j in 0..s {
            let (spent, from_revenue) = (row(&room.spent, j, n), row(&local.from_revenue, j, n));
            let (inverse, level) = (
                row(&base.spending_inverse, j, n),
                row(&point.spending, j, n),
            );
            let (r_spending, z_spending) = (row(r_spending, j, n), row_mut(z_spending, j, n));
            for i in 0..n {
                let change = f64::from(spent[i] + from_revenue[i] * revenue[i]);
                z_spending[i] = (change / level[i]) as f32;
            }
            for i in 0..n {
                if inverse[i] <= 0.0 {
                    z_spending[i] = r_spending[i];
                }
            }
        }
    }
}

/// Outputs given levels, prices and costs, but for what a region sells itself of the change of its own spending.
fn outputs(system: &System, point: &Point, z_price: &[f32], room: &mut Room) {
    let n = system.base.n;
    let spending_level = &room.narrow[2 * n..][..n];
    let (by_region, own_part) = (&mut room.by_region[..n], &mut room.own_part[..n]);
    for (j, theta) in system.theta.iter().enumerate() {
        let theta = *theta as f32;
        let (spending, scale) = (row(&point.spending, j, n), row(&point.scale, j, n));
        let price = row(z_price, j, n);
        for i in 0..n {
            let lane = (spending[i] * scale[i]) as f32;
            own_part[i] = lane * spending_level[i];
            by_region[i] = own_part[i] + lane * (theta * price[i]);
        }
        let output = row_mut(&mut room.output, j, n);
        row_dots(output, row(&room.net_weight, j, n * n), by_region);
        let (power, level) = (row(&point.power, j, n), row(&point.output, j, n));
        let (own, cost) = (row(&room.own_net_weight, j, n), row(&room.cost, j, n));
        for i in 0..n {
            output[i] = power[i] as f32 * (output[i] - own[i] * own_part[i])
                - theta * level[i] as f32 * cost[i];
        }
    }
}
