//! The transposed Jacobian: adjoints of residuals and indicators, carried back to the unknowns.

use crate::kernels::{add_rows, add_scaled, row_dots};
use crate::point::{Point, Scratch, Seeds, reset};
use crate::system::System;

impl System<'_> {
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
    pub(crate) fn world_growth(&self, point: &Point) -> f64 {
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
}
