//! Structural gravity by its multilateral resistances, and the answer that one round of them gives.
//!
//! Anderson & van Wincoop (2003), eqs. 9–11: with trade costs to the power −ε as the kernel `t`, shares of output `y` and of
//! spending `e`, trade is `X_ij = t_ij Y_i E_j / ΣY · Π_i^ε P_j^ε`, where `P_j^−ε = Σ_i t_ij y_i Π_i^ε` and
//! `Π_i^−ε = Σ_j t_ij e_j P_j^ε`, up to one scale, set by a region whose inward resistance is one.
//!
//! [`one_round`] is what estimation packages such as gegravity (Herman, USITC) call the general-equilibrium answer: the
//! resistances under the new costs at the old shares give the prices at the factory gate, once, and these scale output and
//! spending. The shares that the new prices imply are not fed back; [`crate::gravity::Gravity`] does that.

use crate::error::TradeError;

/// Resistances by region, with ε as exponent: `outward` is Π, `inward` is P.
#[derive(Clone, Debug, PartialEq)]
pub struct Resistances {
    /// Π: what a region's sellers face.
    pub outward: Vec<f64>,
    /// P: what a region's buyers face.
    pub inward: Vec<f64>,
}

/// What one round of resistances says of a change of trade costs.
#[derive(Clone, Debug, PartialEq)]
pub struct OneRound {
    /// Prices at the factory gate, ratios.
    pub price: Vec<f64>,
    /// Price indices of buyers, ratios.
    pub price_index: Vec<f64>,
    /// Trade before, `[origin][destination]`, in the unit of spending.
    pub base_trade: Vec<f64>,
    /// Trade after.
    pub trade: Vec<f64>,
}

impl OneRound {
    /// The change of real output of a region, a ratio: its price over what its buyers pay.
    pub fn real_output(&self, region: usize) -> f64 {
        self.price[region] / self.price_index[region]
    }
}

const ROUNDS: usize = 50_000;

fn shares(values: &[f64]) -> Vec<f64> {
    let sum: f64 = values.iter().sum();
    values.iter().map(|x| x / sum).collect()
}

/// Π^ε and P^ε, up to a scale.
fn powers(
    kernel: &[f64],
    output: &[f64],
    spending: &[f64],
) -> Result<(Vec<f64>, Vec<f64>), TradeError> {
    let n = output.len();
    let above = |values: &[f64]| values.iter().all(|x| *x > 0.0 && x.is_finite());
    if n == 0 || spending.len() != n || kernel.len() != n * n {
        return Err(TradeError::Option(format!(
            "structural gravity of {n} regions: give {n} values of spending and {} of the kernel",
            n * n
        )));
    }
    if !(above(kernel) && above(output) && above(spending)) {
        return Err(TradeError::Option(
            "structural gravity: kernel, outputs and spending must be above zero".to_owned(),
        ));
    }
    let (y, e) = (shares(output), shares(spending));
    let (mut outward, mut inward) = (vec![1.0; n], vec![1.0; n]);
    let mut worst = f64::INFINITY;
    for _ in 0..ROUNDS {
        for (j, own) in inward.iter_mut().enumerate() {
            let faced = (0..n).map(|i| kernel[i * n + j] * y[i] * outward[i]);
            *own = 1.0 / faced.sum::<f64>();
        }
        worst = 0.0;
        for (i, own) in outward.iter_mut().enumerate() {
            let faced = (0..n).map(|j| kernel[i * n + j] * e[j] * inward[j]);
            let next = 1.0 / faced.sum::<f64>();
            worst = f64::max(worst, (next / *own - 1.0).abs());
            *own = next;
        }
        if worst <= 1e-14 {
            break;
        }
    }
    if worst <= 1e-12 {
        return Ok((outward, inward));
    }
    Err(TradeError::NotConverged {
        residual: worst,
        iterations: ROUNDS,
        worst: "resistances".to_owned(),
        reached: None,
    })
}

/// The trade that structural gravity gives: the kernel scaled by origin and destination until it adds up to outputs and
/// spending. Outputs are first scaled to the sum of spending.
///
/// # Errors
/// Lengths that do not fit, values not above zero, [`TradeError::NotConverged`].
pub fn structural_trade(
    kernel: &[f64],
    output: &[f64],
    spending: &[f64],
) -> Result<Vec<f64>, TradeError> {
    let (outward, inward) = powers(kernel, output, spending)?;
    let (y, n) = (shares(output), output.len());
    let flow = |at: usize| {
        let (i, j) = (at / n, at % n);
        kernel[at] * y[i] * spending[j] * outward[i] * inward[j]
    };
    Ok((0..n * n).map(flow).collect())
}

/// The resistances under a kernel (`[origin][destination]`, above zero), given output and spending by region; the inward
/// resistance of `reference` is one.
///
/// # Errors
/// Lengths that do not fit, values or ε not above zero, [`TradeError::NotConverged`].
pub fn resistances(
    kernel: &[f64],
    output: &[f64],
    spending: &[f64],
    epsilon: f64,
    reference: usize,
) -> Result<Resistances, TradeError> {
    if reference >= output.len() || epsilon <= 0.0 {
        return Err(TradeError::Option(format!(
            "resistances: ε is {epsilon} and must be above zero, the reference is region {reference} of {}, from 0",
            output.len()
        )));
    }
    let (outward, inward) = powers(kernel, output, spending)?;
    let scale = inward[reference];
    let root = |x: f64| x.powf(1.0 / epsilon);
    Ok(Resistances {
        outward: outward.iter().map(|x| root(x * scale)).collect(),
        inward: inward.iter().map(|x| root(x / scale)).collect(),
    })
}

/// The answer of one round to new trade costs: `before` and `after` are kernels.
///
/// # Errors
/// As [`resistances`].
pub fn one_round(
    (before, after): (&[f64], &[f64]),
    output: &[f64],
    spending: &[f64],
    epsilon: f64,
    reference: usize,
) -> Result<OneRound, TradeError> {
    let old = resistances(before, output, spending, epsilon, reference)?;
    let new = resistances(after, output, spending, epsilon, reference)?;
    let n = output.len();
    let ratio =
        |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a / b).collect() };
    let price = ratio(&old.outward, &new.outward);
    let price_index = ratio(&new.inward, &old.inward);
    let scaled =
        |values: &[f64]| -> Vec<f64> { values.iter().zip(&price).map(|(x, p)| x * p).collect() };
    let flows = |kernel: &[f64], r: &Resistances, output: &[f64], spending: &[f64]| -> Vec<f64> {
        let y = shares(output);
        let flow = |at: usize| {
            let (i, j) = (at / n, at % n);
            kernel[at] * y[i] * spending[j] * (r.outward[i] * r.inward[j]).powf(epsilon)
        };
        (0..n * n).map(flow).collect()
    };
    let base_trade = flows(before, &old, output, spending);
    let trade = flows(after, &new, &scaled(output), &scaled(spending));
    Ok(OneRound {
        price,
        price_index,
        base_trade,
        trade,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_change_nothing_changes_and_trade_adds_up() {
        let kernel = [1.0, 0.3, 0.2, 0.4, 1.0, 0.5, 0.1, 0.6, 1.0];
        let (output, spending) = ([3.0, 2.0, 5.0], [2.5, 3.5, 4.0]);
        let same = one_round((&kernel, &kernel), &output, &spending, 4.0, 1).unwrap();
        for i in 0..3 {
            assert!(
                (same.price[i] - 1.0).abs() < 1e-12 && (same.real_output(i) - 1.0).abs() < 1e-12
            );
            let sold: f64 = same.base_trade[3 * i..3 * i + 3].iter().sum();
            assert!((sold - output[i]).abs() < 1e-10);
            let bought: f64 = same.base_trade.iter().skip(i).step_by(3).sum();
            assert!((bought - spending[i]).abs() < 1e-10);
        }
        // Cheaper trade between the first two raises what both get.
        let mut cheaper = kernel;
        (cheaper[1], cheaper[3]) = (0.6, 0.8);
        let answer = one_round((&kernel, &cheaper), &output, &spending, 4.0, 2).unwrap();
        assert!(answer.real_output(0) > 1.0 && answer.real_output(1) > 1.0);
        assert!(answer.trade[1] > answer.base_trade[1]);
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let error = resistances(&[1.0; 4], &[1.0, 1.0], &[1.0], 4.0, 0).unwrap_err();
        assert!(
            error.to_string().contains("2 values of spending"),
            "{error}"
        );
        assert!(resistances(&[1.0, 0.0, 1.0, 1.0], &[1.0, 1.0], &[1.0, 1.0], 4.0, 0).is_err());
    }
}
