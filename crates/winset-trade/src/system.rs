//! The equations of the counterfactual, their residual, and the products of their Jacobian with vectors.
//!
//! Caliendo & Parro (2015), Rev. Econ. Stud. 82(1), in exact-hat form. Unknowns by region and sector: log wages ω, log
//! prices p, and log spending relative to the baseline x. With hats as changes, primes as new levels, n the
//! destination, i the origin, j the sector, and κ = (1+τ)·d the tariff factor times the iceberg factor:
//!
//! ```text
//! (8)  costs     ĉ_ij = ŵ_i^γ_ij Π_k P̂_ik^γ_i,kj
//! (9)  prices    P̂_nj = [Σ_i π_nij (κ̂_nij ĉ_ij)^−θ_j]^(−1/θ_j)
//! (10) shares    π'_nij = π_nij (κ̂_nij ĉ_ij / P̂_nj)^−θ_j
//! (11) spending  X'_nj = Σ_k γ_n,jk Y'_nk + α_nj I'_n
//!                Y'_ij = Σ_n π'_nij X'_nj / (1+τ'_nij)
//!                I'_n  = ŵ_n L̂_n w_n L_n + R'_n + D'_n
//! (12) income    Σ_j γ_nj Y'_nj = ŵ_n L̂_n w_n L_n
//!      labour    L̂_n = λ_n (ŵ_n / P̂_n)^ε, λ the shock to labour
//! ```
//!
//! An export subsidy at the rate s, a share of what the producer gets, makes the buyer's price (1−s)(1+τ)d times cost;
//! the origin's government pays s of the producer's receipts.
//!
//! Given (11), (12) is the balance of trade. `P̂_n` in the supply of labour is the consumer price index; ε = 0 is the
//! paper's case.
//!
//! Shares are formed with the prices that (9) gives at the costs of the moment, so they sum to one and the world's
//! accounts close at every point, not only at the solution. One market of (12) is then redundant (Walras): the
//! numeraire, a constant labour income of the world, is added to every row of (12), which makes the system regular.

use crate::calibration::Calibration;
use crate::economy::cell;
use crate::kernels::{add_rows, exp, ln, row_dots};
use crate::point::{Point, Scratch, reset};
use crate::shocked::Shocked;

/// Below this share of output a region's trade is summed flow by flow, since it cancels in output less sales at home.
const CANCELLED: f64 = 1e-3;

/// How the model closes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Deficits move with world income.
    pub(crate) proportional: bool,
    /// Elasticity of labour supply, ≥ 0.
    pub(crate) labour_supply: f64,
    /// The region whose wage stays what it was; `None`: the labour income of the world.
    pub(crate) numeraire: Option<usize>,
}

/// The equations of one shocked economy.
#[derive(Clone, Copy)]
pub(crate) struct System<'a> {
    pub(crate) base: &'a Calibration,
    pub(crate) theta: &'a [f64],
    pub(crate) shocked: &'a Shocked,
    pub(crate) rules: Rules,
}

impl System<'_> {
    /// Number of unknowns.
    pub(crate) fn len(&self) -> usize {
        self.base.n * (1 + 2 * self.base.s)
    }

    /// Name of the market of one residual.
    pub(crate) fn market(&self, row: usize) -> String {
        let (n, s) = (self.base.n, self.base.s);
        let region = &self.base.regions[row % n];
        if row < n {
            return format!("income of {region}");
        }
        let (what, sector) = if row < n + n * s {
            ("price", (row - n) / n)
        } else {
            ("spending", (row - n - n * s) / n)
        };
        format!("{what} of {} in {region}", self.base.sectors[sector])
    }

    /// What a region sells to all others and buys of them, at the border: net of tariffs and of export subsidies.
    pub(crate) fn trade(&self, point: &Point, region: usize) -> (f64, f64) {
        let (n, s) = (self.base.n, self.base.s);
        let (mut exports, mut imports, mut output) = (0.0, 0.0, 0.0);
        for j in 0..s {
            let at = j * n + region;
            let home = self.flow(point, j, region, region);
            output += point.output[at];
            exports += point.output[at] - home;
            imports += point.spending[at] * point.net_share[at] - home;
        }
        if exports.min(imports) < CANCELLED * output {
            (exports, imports) = (0.0, 0.0);
            for j in 0..s {
                for other in (0..n).filter(|other| *other != region) {
                    exports += self.flow(point, j, region, other);
                    imports += self.flow(point, j, other, region);
                }
            }
        }
        for paid in self
            .shocked
            .subsidies
            .iter()
            .filter(|paid| paid.origin != paid.destination)
        {
            let rate = paid.rate * self.flow(point, paid.sector, paid.origin, paid.destination);
            exports -= if paid.origin == region { rate } else { 0.0 };
            imports -= if paid.destination == region {
                rate
            } else {
                0.0
            };
        }
        (exports, imports)
    }

    /// The region whose trade is furthest from the balance that its deficit demands, and how far, relative to its trade.
    /// Regions that trade with no one in the baseline have nothing to balance.
    pub(crate) fn imbalance(&self, point: &Point) -> (usize, f64) {
        let n = self.base.n;
        let trades = |i: usize| {
            (0..self.base.s).any(|j| {
                let others = (0..n).filter(|m| *m != i);
                others.into_iter().any(|m| {
                    self.base.flow[cell(n, j, i, m)] + self.base.flow[cell(n, j, m, i)] > 0.0
                })
            })
        };
        let mut worst = (0, 0.0);
        for i in 0..n {
            let (exports, imports) = self.trade(point, i);
            let apart = (imports - exports - point.deficit[i]).abs() / (exports + imports);
            if (apart.is_nan() || apart > worst.1) && trades(i) {
                worst = (i, if apart.is_nan() { f64::INFINITY } else { apart });
            }
        }
        worst
    }

    /// cost = γ ω + Γ p, all `[sector][region]`.
    pub(crate) fn costs(
        &self,
        wage: &[f64],
        price: &[f64],
        cost: &mut Vec<f64>,
        by_sector: &mut Vec<f64>,
        by_sector_out: &mut Vec<f64>,
    ) {
        let (n, s) = (self.base.n, self.base.s);
        reset(cost, n * s);
        for j in 0..s {
            let row = j * n..(j + 1) * n;
            for ((c, g), w) in cost[row.clone()]
                .iter_mut()
                .zip(&self.base.value_added[row])
                .zip(wage)
            {
                *c = g * w;
            }
        }
        if self.base.inputs.is_empty() {
            return;
        }
        reset(by_sector, s);
        reset(by_sector_out, s);
        for i in 0..n {
            (0..s).for_each(|k| by_sector[k] = price[k * n + i]);
            let table = &self.base.inputs[i * s * s..(i + 1) * s * s];
            row_dots(by_sector_out, table, by_sector);
            (0..s).for_each(|j| cost[j * n + i] += by_sector_out[j]);
        }
    }

    /// Adds to what is used of each good what the outputs take of it: the transpose of the input part of `costs`.
    pub(crate) fn uses(
        &self,
        output: &[f64],
        used: &mut [f64],
        by_sector: &mut Vec<f64>,
        by_sector_out: &mut Vec<f64>,
    ) {
        let (n, s) = (self.base.n, self.base.s);
        if self.base.inputs.is_empty() {
            return;
        }
        reset(by_sector, s);
        for i in 0..n {
            reset(by_sector_out, s);
            (0..s).for_each(|j| by_sector[j] = output[j * n + i]);
            let table = &self.base.inputs[i * s * s..(i + 1) * s * s];
            add_rows(by_sector_out, by_sector, table);
            (0..s).for_each(|k| used[k * n + i] += by_sector_out[k]);
        }
    }

    /// Evaluates the equations at `point.unknowns`.
    pub(crate) fn evaluate(&self, point: &mut Point, scratch: &mut Scratch) {
        let (n, s) = (self.base.n, self.base.s);
        let (wage, rest) = point.unknowns.split_at(n);
        let (price, log_spending) = rest.split_at(n * s);
        self.costs(
            wage,
            price,
            &mut point.cost,
            &mut scratch.by_sector,
            &mut scratch.by_sector_out,
        );
        for v in [&mut point.scale, &mut point.net_share, &mut point.output] {
            reset(v, n * s);
        }
        for v in [
            &mut point.labour_income,
            &mut point.revenue,
            &mut point.deficit,
            &mut point.income,
        ] {
            reset(v, n);
        }
        // Exponentials and logarithms of all sectors at once, around what is done sector by sector.
        point.power.clone_from(&point.cost);
        for (power, theta) in point.power.chunks_exact_mut(n).zip(self.theta) {
            for x in power {
                *x *= -theta;
            }
        }
        exp(&mut point.power);
        point.spending.clear();
        point.spending.extend_from_slice(log_spending);
        exp(&mut point.spending);
        point.price.resize(n * s, 0.0);
        reset(&mut scratch.lane, n);
        for j in 0..s {
            self.sector(j, point, &mut scratch.lane);
        }
        ln(&mut point.price);
        for (price, theta) in point.price.chunks_exact_mut(n).zip(self.theta) {
            let factor = -1.0 / theta;
            for x in price {
                *x *= factor;
            }
        }
        for subsidy in &self.shocked.subsidies {
            let paid = subsidy.rate
                * self.flow(point, subsidy.sector, subsidy.origin, subsidy.destination);
            point.revenue[subsidy.destination] += paid;
            point.revenue[subsidy.origin] -= paid;
        }
        self.close(point, scratch);
    }

    /// The sums of (9), outputs and revenue of one sector, whose weights are read from memory once. Leaves the sums in the
    /// place of prices.
    fn sector(&self, j: usize, point: &mut Point, lane: &mut [f64]) {
        let n = self.base.n;
        let row = j * n..(j + 1) * n;
        let block = j * n * n..(j + 1) * n * n;
        let net_weight = &self.shocked.net_weight[block.clone()];
        let power = &point.power[row.clone()];
        let scale = &mut point.scale[row.clone()][..n];
        let net_share = &mut point.net_share[row.clone()][..n];
        if self.shocked.taxed[j] {
            add_rows(scale, power, &self.shocked.weight[block]);
            add_rows(net_share, power, net_weight);
        } else {
            add_rows(scale, power, net_weight);
            net_share.copy_from_slice(scale);
        }
        point.price[row.clone()].copy_from_slice(scale);
        let spending = &mut point.spending[row.clone()][..n];
        let base = &self.base.spending[row.clone()][..n];
        let (revenue, lane) = (&mut point.revenue[..n], &mut lane[..n]);
        for m in 0..n {
            spending[m] *= base[m];
            scale[m] = 1.0 / scale[m];
            net_share[m] *= scale[m];
            lane[m] = spending[m] * scale[m];
            revenue[m] += spending[m] * (1.0 - net_share[m]);
        }
        let output = &mut point.output[row];
        row_dots(output, net_weight, lane);
        for (output, power) in output.iter_mut().zip(power) {
            *output *= power;
        }
    }

    /// Incomes and residuals, once prices, outputs and revenue are known.
    fn close(&self, point: &mut Point, scratch: &mut Scratch) {
        let (n, s) = (self.base.n, self.base.s);
        for i in 0..n {
            let wage = point.unknowns[i];
            let mut labour = 0.0;
            if self.rules.labour_supply > 0.0 {
                let index: f64 = (0..s)
                    .map(|j| self.base.final_share[j * n + i] * point.price[j * n + i])
                    .sum();
                labour = self.rules.labour_supply * (wage - index);
            }
            point.labour_income[i] =
                self.base.labour_income[i] * self.shocked.labour[i] * (wage + labour).exp();
        }
        let world_labour: f64 = point.labour_income.iter().sum();
        let growth = if self.rules.proportional {
            self.world_growth(point)
        } else {
            1.0
        };
        for i in 0..n {
            point.deficit[i] = self.shocked.deficit[i] * growth;
            point.income[i] = point.labour_income[i] + point.revenue[i] + point.deficit[i];
        }
        let numeraire = match self.rules.numeraire {
            None => world_labour / self.base.world_labour_income() - 1.0,
            Some(region) => point.unknowns[region].exp() - 1.0,
        };

        reset(&mut scratch.spending, n * s);
        self.uses(
            &point.output,
            &mut scratch.spending,
            &mut scratch.by_sector,
            &mut scratch.by_sector_out,
        );
        reset(&mut point.residual, self.len());
        let (wages, rest) = point.residual.split_at_mut(n);
        let (prices, spendings) = rest.split_at_mut(n * s);
        let income = &point.income[..n];
        for j in 0..s {
            let row = j * n..(j + 1) * n;
            let value_added = &self.base.value_added[row.clone()][..n];
            let output = &point.output[row.clone()][..n];
            for i in 0..n {
                wages[i] += value_added[i] * output[i];
            }
            let (logs, price) = (&point.unknowns[n..][row.clone()], &point.price[row.clone()]);
            for ((residual, log), price) in prices[row.clone()].iter_mut().zip(logs).zip(price) {
                *residual = log - price;
            }
            let (used, share) = (
                &scratch.spending[row.clone()][..n],
                &self.base.final_share[row.clone()][..n],
            );
            let (spending, log) = (
                &point.spending[row.clone()][..n],
                &point.unknowns[n + n * s..][row.clone()][..n],
            );
            let inverse = &self.base.spending_inverse[row.clone()][..n];
            let residual = &mut spendings[row][..n];
            for i in 0..n {
                let missing = spending[i] - (used[i] + share[i] * income[i]);
                residual[i] = if inverse[i] > 0.0 {
                    missing * inverse[i]
                } else {
                    log[i]
                };
            }
        }
        for i in 0..n {
            let earned = (wages[i] - point.labour_income[i]) / self.base.labour_income[i];
            wages[i] = numeraire + earned;
        }
    }

    /// Jacobian times `direction`, into `out`.
    pub(crate) fn product(
        &self,
        point: &Point,
        direction: &[f64],
        out: &mut Vec<f64>,
        scratch: &mut Scratch,
    ) {
        let (n, s) = (self.base.n, self.base.s);
        let (d_wage, rest) = direction.split_at(n);
        let (d_price, d_spending) = rest.split_at(n * s);
        let Scratch {
            cost,
            price,
            net,
            lane,
            output,
            by_sector,
            by_sector_out,
            labour_income,
            revenue,
            ..
        } = scratch;
        self.costs(d_wage, d_price, cost, by_sector, by_sector_out);
        reset(price, n * s);
        reset(net, n * s);
        reset(output, n * s);
        reset(lane, n);
        reset(labour_income, n);
        reset(revenue, n);
        for j in 0..s {
            let theta = self.theta[j];
            let block = j * n * n..(j + 1) * n * n;
            let weight = &self.shocked.weight[block.clone()];
            let net_weight = &self.shocked.net_weight[block];
            let row = j * n..(j + 1) * n;
            let (price, net) = (&mut price[row.clone()], &mut net[row.clone()]);
            let change = &mut output[row.clone()];
            for (i, x) in change.iter_mut().enumerate() {
                *x = point.power[j * n + i] * cost[j * n + i];
            }
            add_rows(price, change, weight);
            if self.shocked.taxed[j] {
                add_rows(net, change, net_weight);
            } else {
                net.copy_from_slice(price);
            }
            for m in 0..n {
                let at = j * n + m;
                let scale = point.scale[at];
                price[m] *= scale;
                net[m] *= scale;
                let spent = point.spending[at];
                let share = point.net_share[at];
                revenue[m] +=
                    spent * (d_spending[at] * (1.0 - share) - theta * (share * price[m] - net[m]));
                labour_income[m] -= self.base.final_share[at] * price[m];
                lane[m] = spent * (d_spending[at] + theta * price[m]) * scale;
            }
            row_dots(&mut output[row], net_weight, lane);
            for at in j * n..(j + 1) * n {
                output[at] = point.power[at] * output[at] - theta * point.output[at] * cost[at];
            }
        }
        for subsidy in &self.shocked.subsidies {
            let (j, i, m) = (subsidy.sector, subsidy.origin, subsidy.destination);
            let theta = self.theta[j];
            let change = d_spending[j * n + m] + theta * (price[j * n + m] - cost[j * n + i]);
            let paid = subsidy.rate * self.flow(point, j, i, m) * change;
            revenue[m] += paid;
            revenue[i] -= paid;
        }
        let elasticity = self.rules.labour_supply;
        for i in 0..n {
            labour_income[i] =
                point.labour_income[i] * (d_wage[i] + elasticity * (d_wage[i] + labour_income[i]));
        }
        let world_labour: f64 = labour_income.iter().sum();
        let growth = if self.rules.proportional {
            (world_labour + revenue.iter().sum::<f64>()) / self.base.world_income()
        } else {
            0.0
        };
        let numeraire = match self.rules.numeraire {
            None => world_labour / self.base.world_labour_income(),
            Some(region) => point.unknowns[region].exp() * d_wage[region],
        };
        let spending = &mut scratch.spending;
        reset(spending, n * s);
        self.uses(output, spending, by_sector, by_sector_out);
        reset(out, self.len());
        let (wages, rest) = out.split_at_mut(n);
        let (prices, spendings) = rest.split_at_mut(n * s);
        for i in 0..n {
            wages[i] = numeraire - labour_income[i] / self.base.labour_income[i];
            // From here on the change of income.
            revenue[i] += labour_income[i] + self.shocked.deficit[i] * growth;
        }
        for j in 0..s {
            for i in 0..n {
                let at = j * n + i;
                wages[i] += self.base.value_added[at] * output[at] / self.base.labour_income[i];
                prices[at] = d_price[at] - price[at];
                let wanted = spending[at] + self.base.final_share[at] * revenue[i];
                let inverse = self.base.spending_inverse[at];
                spendings[at] = if inverse > 0.0 {
                    (point.spending[at] * d_spending[at] - wanted) * inverse
                } else {
                    d_spending[at]
                };
            }
        }
    }

    /// One flow net of tariff, `π' X' / (1+τ')`.
    pub(crate) fn flow(
        &self,
        point: &Point,
        sector: usize,
        origin: usize,
        destination: usize,
    ) -> f64 {
        let n = self.base.n;
        let at = cell(n, sector, origin, destination);
        self.shocked.net_weight[at]
            * point.power[sector * n + origin]
            * point.scale[sector * n + destination]
            * point.spending[sector * n + destination]
    }
}
