//! The approximate inverse of the transposed Jacobian, for adjoints.

use faer::MatMut;
use faer::linalg::solvers::Solve;

use crate::kernels::{add_rows, row_dots, turn};
use crate::point::{Point, reset};
use crate::preconditioner::{Preconditioner, Room, row, row_mut};
use crate::system::System;

impl Preconditioner {
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
        room.clear(n, s);
        let Room {
            levels,
            by_region,
            own_part: revenue,
            price,
            cost,
            output,
            spent: held,
            turned,
            turned_out,
            weight,
            net_weight,
            taxed,
            own_weight,
            own_net_weight,
            ..
        } = room;
        reset(z, system.len());
        let (z_wage, rest) = z.split_at_mut(n);
        let (z_price, z_spending) = rest.split_at_mut(n * s);

        let elasticity = system.rules.labour_supply;
        for at in 0..n * s {
            held[at] = if base.spending_inverse[at] > 0.0 {
                (r_spending[at] / point.spending[at]) as f32
            } else {
                0.0
            };
            revenue[at % n] += held[at] * local.from_revenue[at];
        }
        for at in 0..n * s {
            held[at] += local.to_revenue[at] * revenue[at % n];
        }
        output.fill(0.0);
        if !local.inputs.is_empty() {
            turn(held, n, turned);
            for i in 0..n {
                let table = row(&local.inputs, i, s * s);
                row_dots(row_mut(turned_out, i, s), table, row(turned, i, s));
            }
            turn(turned_out, s, output);
        }
        for at in 0..n * s {
            let i = at % n;
            let held = f64::from(held[at] + local.own[at] * output[at]);
            z_spending[at] = if base.spending_inverse[at] > 0.0 {
                base.spending[at] * held
            } else {
                r_spending[at]
            };
            let income = base.labour_income[i] * base.final_share[at] * held;
            levels[i] += (1.0 + elasticity) * income;
            levels[n + i] -= elasticity * income;
        }
        // Adjoint of outputs is there; then of costs, then of prices.
        let through = &mut revenue[..n];
        for j in 0..s {
            let theta = system.theta[j] as f32;
            by_region.fill(0.0);
            for i in 0..n {
                through[i] = point.power[j * n + i] as f32 * output[j * n + i];
            }
            add_rows(by_region, through, row(net_weight, j, n * n));
            for i in 0..n {
                let at = j * n + i;
                let lane = (point.spending[at] * point.scale[at]) as f32;
                let own = own_net_weight[at] * through[i];
                levels[2 * n + i] += f64::from(lane * (by_region[i] - own));
                by_region[i] *= lane;
                cost[at] = -theta * point.output[at] as f32 * output[at];
                levels[i] += base.value_added[at] * f64::from(cost[at]);
                price[at] = r_price[at] as f32 + theta * by_region[i];
            }
        }
        if !local.inputs.is_empty() {
            for at in 0..n * s {
                output[at] = local.own[at] * price[at] + cost[at];
            }
            turn(output, n, turned);
            turned_out.fill(0.0);
            for i in 0..n {
                let table = row(&local.inputs, i, s * s);
                add_rows(row_mut(turned_out, i, s), row(turned, i, s), table);
            }
            turn(turned_out, s, output);
            for (price, used) in price.iter_mut().zip(output.iter()) {
                *price += used;
            }
        }
        for j in 0..s {
            for i in 0..n {
                through[i] = price[j * n + i] * point.scale[j * n + i] as f32;
            }
            let weight: &[f32] = if taxed[j] { weight } else { net_weight };
            row_dots(by_region, row(weight, j, n * n), through);
            for i in 0..n {
                let at = j * n + i;
                let power = point.power[at] as f32;
                let sum = f64::from(power * by_region[i]);
                let own = f64::from(power * (own_weight[at] * through[i]));
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
