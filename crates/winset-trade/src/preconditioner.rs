//! An approximate inverse of the Jacobian at the baseline, on two levels.
//!
//! Between regions, what matters is the general level of prices and spending: a coarse system of 3N unknowns
//! (wages, one price and one spending level by region) is solved exactly. Inside a region, sectors hang together
//! through inputs and through the own share of spending, which is most of it: one sectors × sectors system for
//! prices and one for spending are solved exactly. What remains, differences between sectors of what is imported, is
//! small, and is left to the iteration (`gmres`).

use faer::linalg::solvers::{PartialPivLu, Solve};
use faer::{Mat, MatMut};

use crate::calibration::Calibration;
use crate::economy::cell;
use crate::kernels::{add_scaled, dot};
use crate::lu::SmallLu;
use crate::system::{Rules, Scratch, System, reset};

/// The factors; they belong to one calibration, one set of elasticities and one labour supply.
#[derive(Clone, Debug)]
pub(crate) struct Preconditioner {
    coarse: PartialPivLu<f64>,
    prices: Vec<SmallLu>,
    spendings: Vec<SmallLu>,
    /// Weight of a sector in the price level of a region: its share in spending.
    weight: Vec<f64>,
}

/// N × N sums over sectors, `[origin][destination]`.
struct Sums {
    value_added: Vec<f64>,
    value_added_theta: Vec<f64>,
    inputs: Vec<f64>,
    inputs_theta: Vec<f64>,
    price_wage: Vec<f64>,
    price_price: Vec<f64>,
    /// Fall of a destination's tariff revenue as an origin's costs rise, by way of wages and of prices.
    revenue_wage: Vec<f64>,
    revenue_price: Vec<f64>,
}

impl Preconditioner {
    pub(crate) fn new(base: &Calibration, theta: &[f64], rules: Rules) -> Self {
        let (n, s) = (base.n, base.s);
        let mut total = vec![0.0; n];
        for j in 0..s {
            add_scaled(&mut total, 1.0, &base.spending[j * n..(j + 1) * n]);
        }
        let weight = (0..n * s)
            .map(|at| base.spending[at] / total[at % n])
            .collect::<Vec<_>>();
        let coarse = coarse_matrix(base, theta, rules, &weight, &total).partial_piv_lu();
        let mut prices = Vec::new();
        let mut spendings = Vec::with_capacity(n);
        for i in 0..n {
            let table = (!base.inputs.is_empty()).then(|| &base.inputs[i * s * s..(i + 1) * s * s]);
            let mut price = vec![0.0; if table.is_some() { s * s } else { 0 }];
            let mut spending = vec![0.0; s * s];
            for j in 0..s {
                let at = j * n + i;
                let own = base.share[cell(n, j, i, i)];
                let own_net = base.flow[cell(n, j, i, i)] * base.spending_inverse[at];
                let mut net_share = 0.0;
                for o in 0..n {
                    net_share += base.flow[cell(n, j, o, i)] * base.spending_inverse[at];
                }
                let to_revenue = if base.spending_inverse[at] > 0.0 {
                    1.0 - net_share
                } else {
                    0.0
                };
                for k in 0..s {
                    let input = table.map_or(0.0, |t| t[j * s + k]);
                    if table.is_some() {
                        price[k * s + j] -= own * input;
                    }
                    spending[j * s + k] -=
                        input * own_net + base.final_share[k * n + i] * to_revenue;
                }
                spending[j * s + j] += 1.0;
                if table.is_some() {
                    price[j * s + j] += 1.0;
                }
            }
            if table.is_some() {
                prices.push(SmallLu::new(s, price));
            }
            spendings.push(SmallLu::new(s, spending));
        }
        Self {
            coarse,
            prices,
            spendings,
            weight,
        }
    }

    /// z ≈ J⁻¹ r
    pub(crate) fn apply(
        &self,
        system: &System,
        r: &[f64],
        z: &mut Vec<f64>,
        scratch: &mut Scratch,
    ) {
        let base = system.base;
        let (n, s) = (base.n, base.s);
        let (r_wage, rest) = r.split_at(n);
        let (r_price, r_spending) = rest.split_at(n * s);
        let mut levels = vec![0.0; 3 * n];
        levels[..n].copy_from_slice(r_wage);
        for j in 0..s {
            for i in 0..n {
                let at = j * n + i;
                levels[n + i] += self.weight[at] * r_price[at];
                levels[2 * n + i] += self.weight[at] * r_spending[at];
            }
        }
        self.coarse
            .solve_in_place(MatMut::from_column_major_slice_mut(&mut levels, 3 * n, 1));
        let (wage, rest) = levels.split_at(n);
        let (price_level, spending_level) = rest.split_at(n);

        reset(z, system.len());
        z[..n].copy_from_slice(wage);
        let (price, spending) = z[n..].split_at_mut(n * s);
        price.copy_from_slice(r_price);
        for j in 0..s {
            let row = &mut price[j * n..(j + 1) * n];
            for i in 0..n {
                let value_added = base.value_added[j * n + i];
                let through_price = (1.0 - value_added) * price_level[i];
                let start = cell(n, j, i, 0);
                let shares = &base.share[start..start + n];
                add_scaled(row, value_added * wage[i] + through_price, shares);
                row[i] -= shares[i] * through_price;
            }
        }
        let mut lane = vec![0.0; s];
        for (i, lu) in self.prices.iter().enumerate() {
            gather(price, n, i, &mut lane);
            lu.solve(&mut lane);
            scatter(&lane, n, i, price);
        }

        let Scratch { cost, output, .. } = scratch;
        let mut by_sector = std::mem::take(&mut lane);
        system.costs(wage, price, cost, &mut by_sector);
        reset(output, n * s);
        let mut demand = vec![0.0; n];
        for j in 0..s {
            let theta = system.theta[j];
            for m in 0..n {
                demand[m] = spending_level[m] + theta * price[j * n + m];
            }
            for i in 0..n {
                let at = j * n + i;
                let start = cell(n, j, i, 0);
                let flows = &base.flow[start..start + n];
                output[at] = dot(flows, &demand)
                    - flows[i] * spending_level[i]
                    - theta * base.output[at] * cost[at];
            }
        }
        let elasticity = system.rules.labour_supply;
        for j in 0..s {
            for i in 0..n {
                let at = j * n + i;
                let income = base.labour_income[i]
                    * ((1.0 + elasticity) * wage[i] - elasticity * price_level[i]);
                spending[at] = base.spending[at] * r_spending[at] + base.final_share[at] * income;
            }
        }
        system.uses(output, spending, &mut by_sector);
        reset(&mut by_sector, s);
        for (i, lu) in self.spendings.iter().enumerate() {
            gather(spending, n, i, &mut by_sector);
            lu.solve(&mut by_sector);
            scatter(&by_sector, n, i, spending);
        }
        for at in 0..n * s {
            let inverse = base.spending_inverse[at];
            spending[at] = if inverse > 0.0 {
                spending[at] * inverse
            } else {
                r_spending[at]
            };
        }
    }

    /// z ≈ J⁻ᵀ r: the steps of `apply`, each transposed, in reverse order.
    pub(crate) fn apply_transposed(
        &self,
        system: &System,
        r: &[f64],
        z: &mut Vec<f64>,
        scratch: &mut Scratch,
    ) {
        let base = system.base;
        let (n, s) = (base.n, base.s);
        let (r_wage, rest) = r.split_at(n);
        let (r_price, r_spending) = rest.split_at(n * s);
        reset(z, system.len());
        let (z_wage, rest) = z.split_at_mut(n);
        let (z_price, z_spending) = rest.split_at_mut(n * s);

        let mut lane = vec![0.0; s];
        let mut held = vec![0.0; n * s];
        for at in 0..n * s {
            held[at] = r_spending[at] * base.spending_inverse[at];
        }
        for (i, lu) in self.spendings.iter().enumerate() {
            gather(&held, n, i, &mut lane);
            lu.solve_transposed(&mut lane);
            scatter(&lane, n, i, &mut held);
        }
        let mut levels = vec![0.0; 3 * n];
        let elasticity = system.rules.labour_supply;
        for at in 0..n * s {
            let i = at % n;
            let inverse = base.spending_inverse[at];
            z_spending[at] = if inverse > 0.0 {
                base.spending[at] * held[at]
            } else {
                r_spending[at]
            };
            let income = base.labour_income[i] * base.final_share[at] * held[at];
            levels[i] += (1.0 + elasticity) * income;
            levels[n + i] -= elasticity * income;
        }
        let Scratch { cost, output, .. } = scratch;
        // Adjoint of outputs, then of costs, then of prices.
        system.costs(&vec![0.0; n], &held, output, &mut lane);
        reset(cost, n * s);
        z_price.copy_from_slice(r_price);
        let mut demand = vec![0.0; n];
        for j in 0..s {
            let theta = system.theta[j];
            demand.fill(0.0);
            for i in 0..n {
                let at = j * n + i;
                let start = cell(n, j, i, 0);
                let flows = &base.flow[start..start + n];
                add_scaled(&mut demand, output[at], flows);
                levels[2 * n + i] -= flows[i] * output[at];
                cost[at] = -theta * base.output[at] * output[at];
                levels[i] += base.value_added[at] * cost[at];
            }
            for m in 0..n {
                levels[2 * n + m] += demand[m];
                z_price[j * n + m] += theta * demand[m];
            }
        }
        system.uses(cost, z_price, &mut lane);
        reset(&mut lane, s);
        for (i, lu) in self.prices.iter().enumerate() {
            gather(z_price, n, i, &mut lane);
            lu.solve_transposed(&mut lane);
            scatter(&lane, n, i, z_price);
        }
        for j in 0..s {
            let row = &z_price[j * n..(j + 1) * n];
            for i in 0..n {
                let value_added = base.value_added[j * n + i];
                let start = cell(n, j, i, 0);
                let shares = &base.share[start..start + n];
                let sum = dot(shares, row);
                levels[i] += value_added * sum;
                levels[n + i] += (1.0 - value_added) * (sum - shares[i] * row[i]);
            }
        }
        for i in 0..n {
            levels[i] += r_wage[i];
        }
        self.coarse
            .solve_transpose_in_place(MatMut::from_column_major_slice_mut(&mut levels, 3 * n, 1));
        z_wage.copy_from_slice(&levels[..n]);
        for at in 0..n * s {
            z_price[at] += self.weight[at] * levels[n + at % n];
            z_spending[at] += self.weight[at] * levels[2 * n + at % n];
        }
    }
}

fn gather(from: &[f64], n: usize, region: usize, lane: &mut [f64]) {
    for (j, x) in lane.iter_mut().enumerate() {
        *x = from[j * n + region];
    }
}

fn scatter(lane: &[f64], n: usize, region: usize, to: &mut [f64]) {
    for (j, x) in lane.iter().enumerate() {
        to[j * n + region] = *x;
    }
}

fn sums(base: &Calibration, theta: &[f64], weight: &[f64]) -> Sums {
    let (n, s) = (base.n, base.s);
    let zero = || vec![0.0; n * n];
    let mut sums = Sums {
        value_added: zero(),
        value_added_theta: zero(),
        inputs: zero(),
        inputs_theta: zero(),
        price_wage: zero(),
        price_price: zero(),
        revenue_wage: zero(),
        revenue_price: zero(),
    };
    let mut net_share = vec![0.0; n];
    for j in 0..s {
        net_share.fill(0.0);
        for i in 0..n {
            let start = cell(n, j, i, 0);
            add_scaled(&mut net_share, 1.0, &base.flow[start..start + n]);
        }
        for (x, inverse) in net_share
            .iter_mut()
            .zip(&base.spending_inverse[j * n..(j + 1) * n])
        {
            *x *= inverse;
        }
        for i in 0..n {
            let start = cell(n, j, i, 0);
            let flows = &base.flow[start..start + n];
            let value_added = base.value_added[j * n + i];
            let inputs = 1.0 - value_added;
            let row = i * n..(i + 1) * n;
            add_scaled(&mut sums.value_added[row.clone()], value_added, flows);
            add_scaled(
                &mut sums.value_added_theta[row.clone()],
                value_added * theta[j],
                flows,
            );
            add_scaled(&mut sums.inputs[row.clone()], inputs, flows);
            add_scaled(
                &mut sums.inputs_theta[row.clone()],
                inputs * theta[j],
                flows,
            );
            for m in 0..n {
                let share = weight[j * n + m] * base.share[start + m];
                sums.price_wage[i * n + m] += value_added * share;
                sums.price_price[i * n + m] += inputs * share;
                let tariff = 1.0 + base.tariff[start + m];
                let fall = theta[j] * flows[m] * (net_share[m] * tariff - 1.0);
                sums.revenue_wage[i * n + m] += value_added * fall;
                sums.revenue_price[i * n + m] += inputs * fall;
            }
        }
    }
    sums
}

/// The Jacobian at the baseline, for wages and for prices and spending that move alike in all sectors.
fn coarse_matrix(
    base: &Calibration,
    theta: &[f64],
    rules: Rules,
    weight: &[f64],
    total: &[f64],
) -> Mat<f64> {
    let (n, s) = (base.n, base.s);
    let sums = sums(base, theta, weight);
    let mut a = Mat::zeros(3 * n, 3 * n);
    // Own supply: −θ Y (γ ω + (1−γ) q), weighted by γ and by 1 − γ.
    let mut own = vec![[0.0; 3]; n];
    for j in 0..s {
        for i in 0..n {
            let value_added = base.value_added[j * n + i];
            let response = theta[j] * base.output[j * n + i];
            own[i][0] += response * value_added * value_added;
            own[i][1] += response * value_added * (1.0 - value_added);
            own[i][2] += response * (1.0 - value_added) * (1.0 - value_added);
        }
    }
    let world = base.world_labour_income();
    let elasticity = rules.labour_supply;
    for i in 0..n {
        let labour = base.labour_income[i];
        for m in 0..n {
            let at = i * n + m;
            a[(i, n + m)] += sums.value_added_theta[at] / labour;
            a[(i, 2 * n + m)] += sums.value_added[at] / labour;
            a[(i, m)] += (1.0 + elasticity) * base.labour_income[m] / world;
            a[(i, n + m)] -= elasticity * base.labour_income[m] / world;
            a[(n + m, i)] -= sums.price_wage[at];
            a[(n + m, n + i)] -= sums.price_price[at];
            a[(2 * n + i, n + m)] -= sums.inputs_theta[at] / total[i];
            a[(2 * n + i, 2 * n + m)] -= sums.inputs[at] / total[i];
            a[(2 * n + m, i)] += sums.revenue_wage[at] / total[m];
            a[(2 * n + m, n + i)] += sums.revenue_price[at] / total[m];
        }
        a[(i, i)] -= own[i][0] / labour + 1.0 + elasticity;
        a[(i, n + i)] += elasticity - own[i][1] / labour;
        a[(n + i, n + i)] += 1.0;
        a[(2 * n + i, i)] += (own[i][1] - labour * (1.0 + elasticity)) / total[i];
        a[(2 * n + i, n + i)] += (own[i][2] + labour * elasticity) / total[i];
        a[(2 * n + i, 2 * n + i)] += 1.0 - base.revenue[i] / total[i];
    }
    a
}
