//! The equations written down once more, naively, in dual numbers: derivatives that share no code with the solver, its
//! Jacobian or its adjoint.

use std::ops::{Add, Div, Mul, Neg, Sub};

use faer::Mat;
use faer::linalg::solvers::Solve;

use crate::sample::Sample;
use crate::{Indicator, Model, Numeraire, Options, Shock, Workspace};

/// A number and its derivative.
#[derive(Clone, Copy, Debug)]
struct Dual(f64, f64);

impl Add for Dual {
    type Output = Self;
    fn add(self, b: Self) -> Self {
        Self(self.0 + b.0, self.1 + b.1)
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, b: Self) -> Self {
        Self(self.0 - b.0, self.1 - b.1)
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, b: Self) -> Self {
        Self(self.0 * b.0, self.0 * b.1 + self.1 * b.0)
    }
}

impl Div for Dual {
    type Output = Self;
    fn div(self, b: Self) -> Self {
        Self(self.0 / b.0, (self.1 - self.0 / b.0 * b.1) / b.0)
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0, -self.1)
    }
}

impl Dual {
    fn of(x: f64) -> Self {
        Self(x, 0.0)
    }
    fn exp(self) -> Self {
        Self(self.0.exp(), self.0.exp() * self.1)
    }
    fn ln(self) -> Self {
        Self(self.0.ln(), self.1 / self.0)
    }
}

const ZERO: Dual = Dual(0.0, 0.0);

/// Tariffs and iceberg factors of every flow, `[sector][origin][destination]`.
struct Barriers {
    tariff: Vec<Dual>,
    iceberg: Vec<Dual>,
}

/// Residuals at unknowns (log wage, log price, spending over its baseline), then real income of each region.
fn equations(model: &Model, barriers: &Barriers, unknowns: &[Dual]) -> (Vec<Dual>, Vec<Dual>) {
    let base = model.calibration();
    let (n, s) = (base.n, base.s);
    let theta = model.theta();
    let cell = |j: usize, i: usize, m: usize| (j * n + i) * n + m;
    let wage = |i: usize| unknowns[i];
    let price = |j: usize, i: usize| unknowns[n + j * n + i];
    let spending =
        |j: usize, i: usize| Dual::of(base.spending[j * n + i]) * unknowns[n + (s + j) * n + i];
    let input = |i: usize, j: usize, k: usize| Dual::of(base.inputs[(i * s + j) * s + k]);
    let mut residual = vec![ZERO; n * (1 + 2 * s)];
    let mut output = vec![ZERO; n * s];
    let mut revenue = vec![ZERO; n];
    for j in 0..s {
        let t = Dual::of(theta[j]);
        let cost: Vec<Dual> = (0..n)
            .map(|i| {
                (0..s).fold(Dual::of(base.value_added[j * n + i]) * wage(i), |c, k| {
                    c + input(i, j, k) * price(k, i)
                })
            })
            .collect();
        for m in 0..n {
            let terms: Vec<Dual> = (0..n)
                .map(|i| {
                    let at = cell(j, i, m);
                    let wedge = (Dual::of(1.0) + barriers.tariff[at])
                        / Dual::of(1.0 + base.tariff[at])
                        * barriers.iceberg[at];
                    Dual::of(base.share[at]) * (-t * (wedge.ln() + cost[i])).exp()
                })
                .collect();
            let sum = terms.iter().fold(ZERO, |a, b| a + *b);
            residual[n + j * n + m] = price(j, m) + sum.ln() / t;
            for i in 0..n {
                let rate = barriers.tariff[cell(j, i, m)];
                let flow = terms[i] / sum * spending(j, m) / (Dual::of(1.0) + rate);
                output[j * n + i] = output[j * n + i] + flow;
                revenue[m] = revenue[m] + flow * rate;
            }
        }
    }
    let mut real = Vec::new();
    let world = (0..n).fold(ZERO, |a, i| {
        a + Dual::of(base.labour_income[i]) * wage(i).exp()
    });
    let numeraire = world / Dual::of(base.world_labour_income()) - Dual::of(1.0);
    for i in 0..n {
        let labour = Dual::of(base.labour_income[i]) * wage(i).exp();
        let income = labour + revenue[i] + Dual::of(base.deficit[i]);
        let mut index = ZERO;
        let mut paid = ZERO;
        for j in 0..s {
            let at = j * n + i;
            paid = paid + Dual::of(base.value_added[at]) * output[at];
            index = index + Dual::of(base.final_share[at]) * price(j, i);
            let used = (0..s).fold(ZERO, |a, k| a + input(i, k, j) * output[k * n + i]);
            let wanted = used + Dual::of(base.final_share[at]) * income;
            residual[n + (s + j) * n + i] = (spending(j, i) - wanted) / Dual::of(base.spending[at]);
        }
        residual[i] = (paid - labour) / Dual::of(base.labour_income[i]) + numeraire;
        real.push(income / index.exp() * Dual::of(base.in_billion));
    }
    (residual, real)
}

#[test]
fn sensitivities_are_those_of_dual_numbers() {
    let economy = Sample::default().build().unwrap();
    let options = Options {
        tolerance: 1e-13,
        numeraire: Numeraire::WorldLabourIncome,
        ..Options::new("mixed")
    };
    let model = Model::new(&economy, options).unwrap();
    let shock = Shock::new()
        .tariff_add("BBB", "AAA", "*", 0.15)
        .iceberg("AAA", "BBB", "FARM", 0.9);
    let mut workspace = Workspace::new();
    let solved = model.solve(&shock, &mut workspace, None).unwrap();
    let (n, s) = (3, 4);
    let at = |j: usize, i: usize, m: usize| (j * n + i) * n + m;
    let mut tariff = vec![ZERO; n * n * s];
    let mut iceberg = vec![Dual::of(1.0); n * n * s];
    for j in 0..s {
        for i in 0..n {
            for m in 0..n {
                tariff[at(j, i, m)] = Dual::of(solved.tariff(i, m, j));
            }
        }
    }
    iceberg[at(0, 0, 1)] = Dual::of(0.9);
    let mut barriers = Barriers { tariff, iceberg };
    let mut unknowns: Vec<Dual> = (0..n).map(|i| Dual::of(solved.wage_hat(i).ln())).collect();
    for j in 0..s {
        unknowns.extend((0..n).map(|i| Dual::of(solved.price_hat(i, j).ln())));
    }
    for j in 0..s {
        unknowns.extend((0..n).map(|i| Dual::of(solved.spending_hat(i, j))));
    }
    let (residual, _) = equations(&model, &barriers, &unknowns);
    assert!(residual.iter().all(|r| r.0.abs() < 1e-11), "{residual:?}");
    let len = unknowns.len();
    let mut jacobian = Mat::<f64>::zeros(len, len);
    let mut by_unknown = vec![Vec::new(); len];
    for k in 0..len {
        unknowns[k].1 = 1.0;
        let (column, real) = equations(&model, &barriers, &unknowns);
        (0..len).for_each(|r| jacobian[(r, k)] = column[r].1);
        by_unknown[k] = real.iter().map(|x| x.1).collect();
        unknowns[k].1 = 0.0;
    }
    let lu = jacobian.partial_piv_lu();
    let names = ["AAA", "BBB", "CCC"];
    for (r, region) in names.iter().enumerate() {
        let ev = Indicator::EvBusd((*region).to_owned());
        let gradient = model.sensitivities(&solved, &ev, &mut workspace).unwrap();
        for cell in 0..n * n * s {
            for what in 0..2 {
                if what == 0 {
                    barriers.tariff[cell].1 = 1.0;
                } else {
                    // By the log of the factor.
                    barriers.iceberg[cell].1 = barriers.iceberg[cell].0;
                }
                let (moved, direct) = equations(&model, &barriers, &unknowns);
                barriers.tariff[cell].1 = 0.0;
                barriers.iceberg[cell].1 = 0.0;
                let right = Mat::from_fn(len, 1, |k, _| -moved[k].1);
                let change = lu.solve(&right);
                let want = direct[r].1
                    + (0..len)
                        .map(|k| change[(k, 0)] * by_unknown[k][r])
                        .sum::<f64>();
                let found = if what == 0 {
                    gradient.tariff[cell]
                } else {
                    gradient.iceberg[cell]
                };
                assert!(
                    (found - want).abs() < 1e-10 * want.abs().max(1e-2),
                    "{region}, {cell}, {what}: {found} {want}"
                );
            }
        }
    }
}
