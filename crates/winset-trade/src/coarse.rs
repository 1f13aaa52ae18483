//! The coarse level of the preconditioner: how regions hang together, sectors taken as one.

use faer::Mat;

use crate::calibration::Calibration;
use crate::economy::cell;
use crate::kernels::{add_scaled, row_dots};
use crate::system::Rules;

/// N × N sums over sectors, `[origin][destination]`.
struct Sums {
    value_added: Vec<f64>,
    inputs: Vec<f64>,
    price_wage: Vec<f64>,
    price_price: Vec<f64>,
    /// Rise of an origin's value added and uses of inputs as another's costs raise prices in the markets of both, by way
    /// of wages and of prices, `[origin][other]`.
    output_wage: Vec<f64>,
    output_price: Vec<f64>,
    use_wage: Vec<f64>,
    use_price: Vec<f64>,
    /// Fall of a destination's tariff revenue as an origin's costs rise, by way of wages and of prices.
    revenue_wage: Vec<f64>,
    revenue_price: Vec<f64>,
}

fn sums(base: &Calibration, theta: &[f64], weight: &[f64]) -> Sums {
    let (n, s) = (base.n, base.s);
    let zero = || vec![0.0; n * n];
    let mut sums = Sums {
        value_added: zero(),
        inputs: zero(),
        output_wage: zero(),
        output_price: zero(),
        use_wage: zero(),
        use_price: zero(),
        price_wage: zero(),
        price_price: zero(),
        revenue_wage: zero(),
        revenue_price: zero(),
    };
    let mut net_share = vec![0.0; n];
    let mut rival = vec![0.0; n];
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
            add_scaled(&mut sums.inputs[row.clone()], inputs, flows);
            row_dots(&mut rival, &base.share[j * n * n..(j + 1) * n * n], flows);
            for k in 0..n {
                let rise = theta[j] * rival[k];
                let of_wage = rise * base.value_added[j * n + k];
                let of_price = rise - of_wage;
                let at = i * n + k;
                sums.output_wage[at] += value_added * of_wage;
                sums.output_price[at] += value_added * of_price;
                sums.use_wage[at] += inputs * of_wage;
                sums.use_price[at] += inputs * of_price;
            }
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
pub(crate) fn coarse_matrix(
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
            a[(i, m)] += sums.output_wage[at] / labour;
            a[(i, n + m)] += sums.output_price[at] / labour;
            a[(i, 2 * n + m)] += sums.value_added[at] / labour;
            if rules.numeraire.is_none() {
                a[(i, m)] += (1.0 + elasticity) * base.labour_income[m] / world;
                a[(i, n + m)] -= elasticity * base.labour_income[m] / world;
            }
            a[(n + m, i)] -= sums.price_wage[at];
            a[(n + m, n + i)] -= sums.price_price[at];
            a[(2 * n + i, m)] -= sums.use_wage[at] / total[i];
            a[(2 * n + i, n + m)] -= sums.use_price[at] / total[i];
            a[(2 * n + i, 2 * n + m)] -= sums.inputs[at] / total[i];
            a[(2 * n + m, i)] += sums.revenue_wage[at] / total[m];
            a[(2 * n + m, n + i)] += sums.revenue_price[at] / total[m];
        }
        if let Some(region) = rules.numeraire {
            a[(i, region)] += 1.0;
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
