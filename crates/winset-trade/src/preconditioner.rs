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
use crate::economy::cell;
use crate::kernels::{add_rows, leontief, row_dots};
use crate::point::{Point, reset};
use crate::shocked::Shocked;
use crate::system::{Rules, System};

/// The factors; they belong to one calibration, one set of elasticities and one labour supply.
#[derive(Clone, Debug)]
pub(crate) struct Preconditioner {
    coarse: PartialPivLu<f64>,
    local: Arc<Local>,
}

/// What does not depend on elasticities: one for all draws of them.
#[derive(Clone, Debug)]
struct Local {
    /// Weight of a sector in the price level of a region: its share in spending.
    weight: Vec<f64>,
    /// Spending by region.
    total: Vec<f64>,
    /// `C`, `[region][user][input]`; empty without input–output.
    inputs: Vec<f32>,
    /// Own share, `[region][sector]`.
    own: Vec<f32>,
    /// Share of spending that is tariff revenue, `[region][sector]`.
    to_revenue: Vec<f32>,
    /// Spending that one unit of revenue leads to, revenue of revenue included, `[region][sector]`.
    from_revenue: Vec<f32>,
}

/// Room for an application.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    levels: Vec<f64>,
    by_region: Vec<f32>,
    by_region_out: Vec<f32>,
    by_sector: Vec<f32>,
    by_sector_out: Vec<f32>,
    /// `[sector][region]`.
    price: Vec<f32>,
    cost: Vec<f32>,
    output: Vec<f32>,
    /// The weights of the shocked economy, `[sector][origin][destination]`.
    weight: Vec<f32>,
    net_weight: Vec<f32>,
}

impl Room {
    /// Takes the weights of a shocked economy.
    pub(crate) fn load(&mut self, shocked: &Shocked) {
        let narrow = |to: &mut Vec<f32>, from: &[f64]| {
            to.clear();
            to.extend(from.iter().map(|x| *x as f32));
        };
        narrow(&mut self.weight, &shocked.weight);
        narrow(&mut self.net_weight, &shocked.net_weight);
    }
}

fn clear(v: &mut Vec<f32>, len: usize) {
    v.clear();
    v.resize(len, 0.0);
}

impl Local {
    fn new(base: &Calibration) -> Self {
        let (n, s) = (base.n, base.s);
        let mut total = vec![0.0; n];
        for at in 0..n * s {
            total[at % n] += base.spending[at];
        }
        let mut local = Self {
            weight: (0..n * s)
                .map(|at| base.spending[at] / total[at % n])
                .collect(),
            total,
            inputs: base.inputs.iter().map(|x| *x as f32).collect(),
            own: Vec::with_capacity(n * s),
            to_revenue: Vec::with_capacity(n * s),
            from_revenue: Vec::with_capacity(n * s),
        };
        for i in 0..n {
            for j in 0..s {
                local.own.push(base.share[cell(n, j, i, i)] as f32);
                let net: f64 = (0..n).map(|o| base.net_share[cell(n, j, o, i)]).sum();
                let bought = base.spending[j * n + i] > 0.0;
                local
                    .to_revenue
                    .push(if bought { 1.0 - net } else { 0.0 } as f32);
            }
        }
        let mut lane = vec![0.0; s];
        let mut spent = vec![0.0; s];
        for i in 0..n {
            let own = &local.own[i * s..(i + 1) * s];
            (0..s).for_each(|j| spent[j] = base.final_share[j * n + i] as f32);
            if !local.inputs.is_empty() {
                let table = &mut local.inputs[i * s * s..(i + 1) * s * s];
                leontief(table, own);
                (0..s).for_each(|j| lane[j] = own[j] * spent[j]);
                add_rows(&mut spent, &lane, table);
            }
            let revenue: f32 = (0..s).map(|j| spent[j] * local.to_revenue[i * s + j]).sum();
            local
                .from_revenue
                .extend(spent.iter().map(|x| x / (1.0 - revenue)));
        }
        local
    }
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
        r: &[f64],
        z: &mut Vec<f64>,
        room: &mut Room,
    ) {
        let base = system.base;
        let local = &*self.local;
        let (n, s) = (base.n, base.s);
        let (r_wage, rest) = r.split_at(n);
        let (r_price, r_spending) = rest.split_at(n * s);
        let Room {
            levels,
            by_region,
            by_region_out: own_part,
            by_sector,
            by_sector_out,
            price,
            cost,
            output,
            weight,
            net_weight,
        } = room;
        reset(levels, 3 * n);
        levels[..n].copy_from_slice(r_wage);
        for j in 0..s {
            for i in 0..n {
                let at = j * n + i;
                levels[n + i] += local.weight[at] * r_price[at];
                levels[2 * n + i] += local.weight[at] * r_spending[at];
            }
        }
        self.coarse
            .solve_in_place(MatMut::from_column_major_slice_mut(levels, 3 * n, 1));
        let (wage, rest) = levels.split_at(n);
        let (price_level, spending_level) = rest.split_at(n);

        clear(price, n * s);
        clear(cost, n * s);
        clear(output, n * s);
        clear(by_region, n);
        clear(own_part, n);
        clear(by_sector, s);
        clear(by_sector_out, s);
        reset(z, system.len());
        z[..n].copy_from_slice(wage);
        let (z_price, z_spending) = z[n..].split_at_mut(n * s);

        // What costs abroad do to prices at home; the own price is left to the local level.
        for j in 0..s {
            let row = j * n..(j + 1) * n;
            let block = &weight[j * n * n..(j + 1) * n * n];
            for i in 0..n {
                let at = j * n + i;
                let value_added = base.value_added[at];
                let through_price = (1.0 - value_added) * price_level[i];
                by_region[i] = (point.power[at] * (value_added * wage[i] + through_price)) as f32;
                own_part[i] = block[i * n + i] * (point.power[at] * through_price) as f32;
            }
            let price = &mut price[row];
            add_rows(price, by_region, block);
            for i in 0..n {
                let at = j * n + i;
                price[i] = r_price[at] as f32 + (price[i] - own_part[i]) * point.scale[at] as f32;
            }
        }
        for i in 0..n {
            if !local.inputs.is_empty() {
                (0..s).for_each(|j| by_sector[j] = price[j * n + i]);
                row_dots(
                    by_sector_out,
                    &local.inputs[i * s * s..(i + 1) * s * s],
                    by_sector,
                );
            }
            for j in 0..s {
                let at = j * n + i;
                price[at] += local.own[i * s + j] * by_sector_out[j];
                cost[at] = by_sector_out[j] + (base.value_added[at] * wage[i]) as f32;
                z_price[at] = f64::from(price[at]);
            }
        }

        for j in 0..s {
            let row = j * n..(j + 1) * n;
            let theta = system.theta[j] as f32;
            for m in 0..n {
                let at = j * n + m;
                let lane = (point.spending[at] * point.scale[at]) as f32;
                own_part[m] = lane * spending_level[m] as f32;
                by_region[m] = own_part[m] + lane * (theta * price[at]);
            }
            let block = &net_weight[j * n * n..(j + 1) * n * n];
            row_dots(&mut output[row], block, by_region);
            for i in 0..n {
                let at = j * n + i;
                output[at] = point.power[at] as f32 * (output[at] - block[i * n + i] * own_part[i])
                    - theta * point.output[at] as f32 * cost[at];
            }
        }
        let elasticity = system.rules.labour_supply;
        for i in 0..n {
            let income = base.labour_income[i]
                * ((1.0 + elasticity) * wage[i] - elasticity * price_level[i]);
            let own = &local.own[i * s..(i + 1) * s];
            for j in 0..s {
                let at = j * n + i;
                let spent = base.spending[at] * r_spending[at] + base.final_share[at] * income;
                by_sector_out[j] = spent as f32;
                by_sector[j] = own[j] * spent as f32 + output[at];
            }
            if !local.inputs.is_empty() {
                let table = &local.inputs[i * s * s..(i + 1) * s * s];
                add_rows(by_sector_out, by_sector, table);
            }
            let row = i * s..(i + 1) * s;
            let revenue: f32 = by_sector_out
                .iter()
                .zip(&local.to_revenue[row.clone()])
                .map(|(x, t)| x * t)
                .sum();
            for (j, from) in local.from_revenue[row].iter().enumerate() {
                let at = j * n + i;
                z_spending[at] = if base.spending_inverse[at] > 0.0 {
                    f64::from(by_sector_out[j] + from * revenue) / point.spending[at]
                } else {
                    r_spending[at]
                };
            }
        }
    }

    /// z ≈ J⁻ᵀ r: the steps of `apply`, each transposed, in reverse order.
    pub(crate) fn apply_transposed(
        &self,
        system: &System,
        point: &Point,
        r: &[f64],
        z: &mut Vec<f64>,
        room: &mut Room,
    ) {
        let base = system.base;
        let local = &*self.local;
        let (n, s) = (base.n, base.s);
        let (r_wage, rest) = r.split_at(n);
        let (r_price, r_spending) = rest.split_at(n * s);
        let Room {
            levels,
            by_region,
            by_region_out,
            by_sector,
            by_sector_out,
            price,
            cost,
            output,
            weight,
            net_weight,
        } = room;
        reset(levels, 3 * n);
        clear(price, n * s);
        clear(cost, n * s);
        clear(output, n * s);
        clear(by_region, n);
        clear(by_region_out, n);
        clear(by_sector, s);
        clear(by_sector_out, s);
        reset(z, system.len());
        let (z_wage, rest) = z.split_at_mut(n);
        let (z_price, z_spending) = rest.split_at_mut(n * s);

        let elasticity = system.rules.labour_supply;
        for i in 0..n {
            let row = i * s..(i + 1) * s;
            let own = &local.own[row.clone()];
            let mut revenue = 0.0;
            for (j, from) in local.from_revenue[row.clone()].iter().enumerate() {
                let at = j * n + i;
                by_sector[j] = if base.spending_inverse[at] > 0.0 {
                    (r_spending[at] / point.spending[at]) as f32
                } else {
                    0.0
                };
                revenue += by_sector[j] * from;
            }
            for (x, to) in by_sector.iter_mut().zip(&local.to_revenue[row]) {
                *x += to * revenue;
            }
            if !local.inputs.is_empty() {
                let table = &local.inputs[i * s * s..(i + 1) * s * s];
                row_dots(by_sector_out, table, by_sector);
            }
            for j in 0..s {
                let at = j * n + i;
                output[at] = by_sector_out[j];
                let held = f64::from(by_sector[j] + own[j] * by_sector_out[j]);
                z_spending[at] = if base.spending_inverse[at] > 0.0 {
                    base.spending[at] * held
                } else {
                    r_spending[at]
                };
                let income = base.labour_income[i] * base.final_share[at] * held;
                levels[i] += (1.0 + elasticity) * income;
                levels[n + i] -= elasticity * income;
            }
        }
        // Adjoint of outputs is there; then of costs, then of prices.
        for j in 0..s {
            let theta = system.theta[j] as f32;
            let block = &net_weight[j * n * n..(j + 1) * n * n];
            by_region.fill(0.0);
            for (i, x) in by_region_out.iter_mut().enumerate() {
                *x = point.power[j * n + i] as f32 * output[j * n + i];
            }
            add_rows(by_region, by_region_out, block);
            for i in 0..n {
                let at = j * n + i;
                let lane = (point.spending[at] * point.scale[at]) as f32;
                let own = block[i * n + i] * by_region_out[i];
                levels[2 * n + i] += f64::from(lane * (by_region[i] - own));
                by_region[i] *= lane;
                cost[at] = -theta * point.output[at] as f32 * output[at];
                levels[i] += base.value_added[at] * f64::from(cost[at]);
                price[at] = r_price[at] as f32 + theta * by_region[i];
            }
        }
        if !local.inputs.is_empty() {
            for i in 0..n {
                by_sector_out.fill(0.0);
                for j in 0..s {
                    let at = j * n + i;
                    by_sector[j] = local.own[i * s + j] * price[at] + cost[at];
                }
                add_rows(
                    by_sector_out,
                    by_sector,
                    &local.inputs[i * s * s..(i + 1) * s * s],
                );
                (0..s).for_each(|j| price[j * n + i] += by_sector_out[j]);
            }
        }
        for j in 0..s {
            let block = &weight[j * n * n..(j + 1) * n * n];
            for i in 0..n {
                by_region_out[i] = price[j * n + i] * point.scale[j * n + i] as f32;
            }
            row_dots(by_region, block, by_region_out);
            for i in 0..n {
                let at = j * n + i;
                let power = point.power[at] as f32;
                let sum = f64::from(power * by_region[i]);
                let own = f64::from(power * (block[i * n + i] * by_region_out[i]));
                let value_added = base.value_added[at];
                levels[i] += value_added * sum;
                levels[n + i] += (1.0 - value_added) * (sum - own);
                z_price[at] = f64::from(price[at]);
            }
        }
        for i in 0..n {
            levels[i] += r_wage[i];
        }
        self.coarse
            .solve_transpose_in_place(MatMut::from_column_major_slice_mut(levels, 3 * n, 1));
        z_wage.copy_from_slice(&levels[..n]);
        for at in 0..n * s {
            z_price[at] += local.weight[at] * levels[n + at % n];
            z_spending[at] += local.weight[at] * levels[2 * n + at % n];
        }
    }
}
