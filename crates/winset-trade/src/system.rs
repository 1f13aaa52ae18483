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
use crate::kernels::{add_rows, add_scaled, exp, ln, row_dots};
use crate::preconditioner::Room;

/// A calibration with the shocks put in: what stays constant during a solve.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shocked {
    /// `π κ̂^−θ`.
    pub(crate) weight: Vec<f64>,
    /// The same over 1 + τ'.
    pub(crate) net_weight: Vec<f64>,
    /// τ'.
    pub(crate) tariff: Vec<f64>,
    /// D', before any scaling by world income.
    pub(crate) deficit: Vec<f64>,
    /// Export subsidies. On their flows `tariff` holds (1+τ')(1−s) − 1, all that stands between buyer and producer.
    pub(crate) subsidies: Vec<Subsidy>,
    /// Factor on the labour of each region.
    pub(crate) labour: Vec<f64>,
    /// Sectors with a tariff somewhere; in the others both weights are the same, and one is enough.
    pub(crate) taxed: Vec<bool>,
}

/// The origin's government pays this share of what the producer gets on one flow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Subsidy {
    pub(crate) sector: usize,
    pub(crate) origin: usize,
    pub(crate) destination: usize,
    pub(crate) rate: f64,
}

impl Shocked {
    /// A calibration as it stands, with these deficits.
    pub(crate) fn load(&mut self, base: &Calibration, deficit: &[f64]) {
        self.subsidies.clear();
        self.labour.clear();
        self.labour.resize(base.n, 1.0);
        self.weight.clone_from(&base.share);
        self.tariff.clone_from(&base.tariff);
        self.net_weight.clone_from(&base.net_share);
        self.taxed.clone_from(&base.taxed);
        self.deficit.clear();
        self.deficit.extend_from_slice(deficit);
    }

    /// The rate of the export subsidy on a flow. They are in the order of the flows.
    pub(crate) fn subsidy(
        &self,
        n: usize,
        sector: usize,
        origin: usize,
        destination: usize,
    ) -> f64 {
        let key = |s: &Subsidy| cell(n, s.sector, s.origin, s.destination);
        let at = cell(n, sector, origin, destination);
        let found = self.subsidies.binary_search_by_key(&at, key);
        found.map_or(0.0, |k| self.subsidies[k].rate)
    }

    /// Puts a tariff and the weight that goes with it on one flow.
    pub(crate) fn set(&mut self, at: usize, weight: f64, tariff: f64) {
        self.weight[at] = weight;
        self.net_weight[at] = weight / (1.0 + tariff);
        self.tariff[at] = tariff;
        if tariff != 0.0 {
            let block = self.weight.len() / self.taxed.len();
            self.taxed[at / block] = true;
        }
    }
}

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

/// Everything the equations say at one point.
#[derive(Clone, Debug, Default)]
pub(crate) struct Point {
    /// The unknowns: ω, p, x.
    pub(crate) unknowns: Vec<f64>,
    /// Log costs, (8).
    pub(crate) cost: Vec<f64>,
    /// Costs to the power −θ.
    pub(crate) power: Vec<f64>,
    /// Log prices, (9).
    pub(crate) price: Vec<f64>,
    /// One over the sum of (9).
    pub(crate) scale: Vec<f64>,
    /// Sum over origins of π' / (1+τ').
    pub(crate) net_share: Vec<f64>,
    /// X'.
    pub(crate) spending: Vec<f64>,
    /// Y'.
    pub(crate) output: Vec<f64>,
    /// Labour income.
    pub(crate) labour_income: Vec<f64>,
    /// R'.
    pub(crate) revenue: Vec<f64>,
    /// D'.
    pub(crate) deficit: Vec<f64>,
    /// I'.
    pub(crate) income: Vec<f64>,
    /// The residual of (12), (9), (11), in the order of the unknowns.
    pub(crate) residual: Vec<f64>,
}

/// Adjoints of what an indicator or a residual reads at a point.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seeds {
    pub(crate) wage: Vec<f64>,
    pub(crate) cost: Vec<f64>,
    pub(crate) price: Vec<f64>,
    pub(crate) output: Vec<f64>,
    pub(crate) labour_income: Vec<f64>,
    pub(crate) revenue: Vec<f64>,
    /// Of D', before any scaling by world income.
    pub(crate) deficit: Vec<f64>,
    /// Single flows, net of tariff: sector, origin, destination, adjoint.
    pub(crate) flows: Vec<(usize, usize, usize, f64)>,
}

impl Seeds {
    pub(crate) fn clear(&mut self, n: usize, s: usize) {
        for by_region in [
            &mut self.wage,
            &mut self.labour_income,
            &mut self.revenue,
            &mut self.deficit,
        ] {
            reset(by_region, n);
        }
        for by_sector in [&mut self.cost, &mut self.price, &mut self.output] {
            reset(by_sector, n * s);
        }
        self.flows.clear();
    }
}

/// Room for the products.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) cost: Vec<f64>,
    pub(crate) price: Vec<f64>,
    pub(crate) spending: Vec<f64>,
    pub(crate) output: Vec<f64>,
    net: Vec<f64>,
    lane: Vec<f64>,
    lane_out: Vec<f64>,
    by_sector: Vec<f64>,
    by_sector_out: Vec<f64>,
    labour_income: Vec<f64>,
    revenue: Vec<f64>,
    seeds: Seeds,
    pub(crate) room: Room,
}

pub(crate) fn reset(v: &mut Vec<f64>, len: usize) {
    v.clear();
    v.resize(len, 0.0);
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
        for v in [&mut point.power, &mut point.price, &mut point.scale] {
            reset(v, n * s);
        }
        for v in [&mut point.net_share, &mut point.spending, &mut point.output] {
            reset(v, n * s);
        }
        reset(&mut scratch.lane, n);
        for v in [
            &mut point.labour_income,
            &mut point.revenue,
            &mut point.deficit,
            &mut point.income,
        ] {
            reset(v, n);
        }
        for j in 0..s {
            let row = j * n..(j + 1) * n;
            let theta = self.theta[j];
            let block = j * n * n..(j + 1) * n * n;
            let weight = &self.shocked.weight[block.clone()];
            let net_weight = &self.shocked.net_weight[block];
            let power = &mut point.power[row.clone()];
            let scale = &mut point.scale[row.clone()];
            let net_share = &mut point.net_share[row.clone()];
            let spending = &mut point.spending[row.clone()];
            exp(power, -theta, &point.cost[row.clone()]);
            add_rows(scale, power, weight);
            ln(&mut point.price[row.clone()], -1.0 / theta, scale);
            exp(spending, 1.0, &log_spending[row.clone()]);
            if self.shocked.taxed[j] {
                add_rows(net_share, power, net_weight);
            } else {
                net_share.copy_from_slice(scale);
            }
            for m in 0..n {
                scale[m] = 1.0 / scale[m];
                net_share[m] *= scale[m];
                spending[m] *= self.base.spending[j * n + m];
                scratch.lane[m] = spending[m] * scale[m];
                point.revenue[m] += spending[m] * (1.0 - net_share[m]);
            }
            let output = &mut point.output[row];
            row_dots(output, net_weight, &scratch.lane);
            for (y, p) in output.iter_mut().zip(power) {
                *y *= *p;
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
        for i in 0..n {
            wages[i] = numeraire - point.labour_income[i] / self.base.labour_income[i];
        }
        for j in 0..s {
            for i in 0..n {
                let at = j * n + i;
                wages[i] +=
                    self.base.value_added[at] * point.output[at] / self.base.labour_income[i];
                prices[at] = point.unknowns[n + at] - point.price[at];
                let wanted = scratch.spending[at] + self.base.final_share[at] * point.income[i];
                let inverse = self.base.spending_inverse[at];
                spendings[at] = if inverse > 0.0 {
                    (point.spending[at] - wanted) * inverse
                } else {
                    point.unknowns[n + n * s + at]
                };
            }
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

    /// Transposed Jacobian times `adjoint`, into `out`.
    pub(crate) fn transposed_product(
        &self,
        point: &Point,
        adjoint: &[f64],
        out: &mut Vec<f64>,
        scratch: &mut Scratch,
    ) {
        let (n, s) = (self.base.n, self.base.s);
        let mut seeds = std::mem::take(&mut scratch.seeds);
        self.residual_seeds(point, adjoint, &mut seeds, scratch);
        self.pull_back(point, &mut seeds, out, scratch);
        for at in 0..n * s {
            out[n + at] += adjoint[n + at];
            out[n + n * s + at] += adjoint[n + n * s + at]
                * if self.base.spending_inverse[at] > 0.0 {
                    point.spending[at] * self.base.spending_inverse[at]
                } else {
                    1.0
                };
        }
        scratch.seeds = seeds;
    }

    /// The adjoints with which the residuals, weighted by `adjoint`, read prices, outputs and incomes.
    pub(crate) fn residual_seeds(
        &self,
        point: &Point,
        adjoint: &[f64],
        seeds: &mut Seeds,
        scratch: &mut Scratch,
    ) {
        let (n, s) = (self.base.n, self.base.s);
        let (wages, rest) = adjoint.split_at(n);
        let (prices, spendings) = rest.split_at(n * s);
        seeds.clear(n, s);
        let wanted = &mut scratch.spending;
        reset(wanted, n * s);
        for at in 0..n * s {
            wanted[at] = -spendings[at] * self.base.spending_inverse[at];
            seeds.price[at] = -prices[at];
        }
        self.costs(
            &vec![0.0; n],
            wanted,
            &mut seeds.output,
            &mut scratch.by_sector,
            &mut scratch.by_sector_out,
        );
        let mut income = vec![0.0; n];
        for j in 0..s {
            for i in 0..n {
                income[i] += self.base.final_share[j * n + i] * wanted[j * n + i];
            }
        }
        self.seed_income(&income, point, seeds);
        let all: f64 = wages.iter().sum();
        let mut numeraire = 0.0;
        match self.rules.numeraire {
            None => numeraire = all / self.base.world_labour_income(),
            Some(region) => seeds.wage[region] += all * point.unknowns[region].exp(),
        }
        for i in 0..n {
            seeds.labour_income[i] += numeraire - wages[i] / self.base.labour_income[i];
        }
        for j in 0..s {
            for i in 0..n {
                seeds.output[j * n + i] +=
                    self.base.value_added[j * n + i] * wages[i] / self.base.labour_income[i];
            }
        }
    }

    /// Adds the adjoints of what income I' consists of, given its own by region.
    pub(crate) fn seed_income(&self, income: &[f64], point: &Point, seeds: &mut Seeds) {
        let mut through_world = 0.0;
        for i in 0..self.base.n {
            let growth = if self.rules.proportional {
                self.world_growth(point)
            } else {
                1.0
            };
            seeds.deficit[i] += income[i] * growth;
            through_world += income[i] * self.shocked.deficit[i];
        }
        through_world /= self.base.world_income();
        if !self.rules.proportional {
            through_world = 0.0;
        }
        for i in 0..self.base.n {
            seeds.labour_income[i] += income[i] + through_world;
            seeds.revenue[i] += income[i] + through_world;
        }
    }

    /// World income over its baseline.
    fn world_growth(&self, point: &Point) -> f64 {
        let income = point.labour_income.iter().sum::<f64>() + point.revenue.iter().sum::<f64>();
        income / self.base.world_income()
    }

    /// Carries adjoints of prices, outputs, incomes and flows back to the unknowns, into `out`. Leaves in
    /// `seeds.price` the full adjoint of the prices of equation (9).
    pub(crate) fn pull_back(
        &self,
        point: &Point,
        seeds: &mut Seeds,
        out: &mut Vec<f64>,
        scratch: &mut Scratch,
    ) {
        let (n, s) = (self.base.n, self.base.s);
        reset(out, self.len());
        let (wages, rest) = out.split_at_mut(n);
        let (prices, spendings) = rest.split_at_mut(n * s);
        let elasticity = self.rules.labour_supply;
        let Scratch {
            cost,
            net,
            lane,
            lane_out: revenue_lane,
            output,
            by_sector,
            by_sector_out,
            ..
        } = scratch;
        cost.clone_from(&seeds.cost);
        wages.copy_from_slice(&seeds.wage);
        reset(net, n);
        reset(lane, n);
        reset(revenue_lane, n);
        reset(output, 2 * n);
        let paid = self.shocked.subsidies.iter().map(|s| {
            let adjoint = s.rate * (seeds.revenue[s.destination] - seeds.revenue[s.origin]);
            (s.sector, s.origin, s.destination, adjoint)
        });
        let flows: Vec<_> = seeds.flows.iter().copied().chain(paid).collect();
        for (j, i, m, adjoint) in flows {
            let flow = adjoint * self.flow(point, j, i, m);
            spendings[j * n + m] += flow;
            seeds.price[j * n + m] += self.theta[j] * flow;
            cost[j * n + i] -= self.theta[j] * flow;
        }
        for j in 0..s {
            let theta = self.theta[j];
            let block = j * n * n..(j + 1) * n * n;
            let weight = &self.shocked.weight[block.clone()];
            let net_weight = &self.shocked.net_weight[block];
            net.fill(0.0);
            let (through, other) = output.split_at_mut(n);
            for (i, x) in through.iter_mut().enumerate() {
                *x = point.power[j * n + i] * seeds.output[j * n + i];
            }
            add_rows(net, through, net_weight);
            for m in 0..n {
                let at = j * n + m;
                let scale = point.scale[at];
                let through_flows = point.spending[at]
                    * (net[m] * scale + seeds.revenue[m] * (1.0 - point.net_share[at]));
                spendings[at] += through_flows;
                seeds.price[at] += theta * through_flows
                    - elasticity
                        * point.labour_income[m]
                        * seeds.labour_income[m]
                        * self.base.final_share[at];
                let revenue = theta * point.spending[at] * seeds.revenue[m] * scale;
                lane[m] = seeds.price[at] * scale - revenue;
                revenue_lane[m] = revenue;
            }
            if self.shocked.taxed[j] {
                row_dots(through, weight, lane);
                row_dots(other, net_weight, revenue_lane);
                add_scaled(through, 1.0, other);
            } else {
                add_scaled(lane, 1.0, revenue_lane);
                row_dots(through, net_weight, lane);
            }
            for i in 0..n {
                let at = j * n + i;
                cost[at] +=
                    point.power[at] * through[i] - theta * seeds.output[at] * point.output[at];
                wages[i] += self.base.value_added[at] * cost[at];
            }
        }
        for i in 0..n {
            wages[i] += point.labour_income[i] * seeds.labour_income[i] * (1.0 + elasticity);
        }
        self.uses(cost, prices, by_sector, by_sector_out);
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
