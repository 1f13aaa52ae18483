//! Climbing to a local maximum between bounds: limited-memory BFGS on the free levers (Liu & Nocedal 1989, *Math.
//! Program.* 45; the free set as in Bertsekas 1982, *SIAM J. Control Optim.* 20(2)), from a diagonal guess of the
//! curvature. Near the top, where rounding hides what a step gains, a step is judged by its slope (Hager & Zhang
//! 2005, *SIAM J. Optim.* 16(1), the approximate Wolfe condition).

use std::collections::VecDeque;

use crate::error::TradeError;
use crate::kernels::dot;

/// Where a climb ended.
#[derive(Clone, Debug)]
pub(super) struct Climb {
    pub(super) x: Vec<f64>,
    pub(super) value: f64,
    /// Largest free gradient over curvature.
    pub(super) gradient: f64,
    pub(super) at_bounds: usize,
    pub(super) evaluations: usize,
}

/// What bounds a climb.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits<'a> {
    pub(super) bounds: (f64, f64),
    pub(super) curvature: &'a [f64],
    pub(super) tolerance: f64,
    pub(super) steps: usize,
}

const MEMORY: usize = 20;
/// What rounding leaves of a ratio near one.
const ROUNDING: f64 = 1e-12;
/// Longest change of a log tariff factor in one step.
const LONGEST: f64 = 0.7;

/// Sets the gradient and gives the value.
pub(super) type Landscape<'a> = dyn FnMut(&[f64], &mut Vec<f64>) -> Result<f64, TradeError> + 'a;

/// Climbs from `x`. Points at which the landscape cannot be solved are stepped back from.
pub(super) fn climb(
    landscape: &mut Landscape<'_>,
    mut x: Vec<f64>,
    limits: Limits<'_>,
) -> Result<Climb, TradeError> {
    let (lowest, highest) = limits.bounds;
    let len = x.len();
    let mut gradient = Vec::new();
    let mut value = landscape(&x, &mut gradient)?;
    let mut evaluations = 1;
    let mut memory: VecDeque<(Vec<f64>, Vec<f64>)> = VecDeque::new();
    let mut next_gradient = Vec::new();
    let mut restarts = 0;
    let mut steps = 0;
    loop {
        let free: Vec<bool> = (0..len)
            .map(|k| !(x[k] <= lowest && gradient[k] < 0.0 || x[k] >= highest && gradient[k] > 0.0))
            .collect();
        let scaled = (0..len).filter(|k| free[*k]).fold(0.0_f64, |m, k| {
            m.max((gradient[k] / limits.curvature[k]).abs())
        });
        if scaled <= limits.tolerance || steps >= limits.steps || restarts > 2 {
            return Ok(Climb {
                at_bounds: free.iter().filter(|f| !**f).count(),
                x,
                value,
                gradient: scaled,
                evaluations,
            });
        }
        steps += 1;
        let direction = uphill(&gradient, &free, &memory, limits.curvature);
        let longest = direction.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
        let mut length = (LONGEST / longest).min(1.0);
        let mut taken = false;
        for _ in 0..25 {
            let next: Vec<f64> = x
                .iter()
                .zip(&direction)
                .map(|(x, d)| (x + length * d).clamp(lowest, highest))
                .collect();
            let step: Vec<f64> = next.iter().zip(&x).map(|(a, b)| a - b).collect();
            let slope = dot(&gradient, &step);
            evaluations += 1;
            match landscape(&next, &mut next_gradient) {
                Ok(reached) => {
                    let there = dot(&next_gradient, &step);
                    let gained = reached >= value + 1e-4 * slope && reached > value;
                    let flat =
                        (reached - value).abs() <= ROUNDING && there.abs() <= 0.9 * slope.abs();
                    if gained || flat {
                        let bend: Vec<f64> = gradient
                            .iter()
                            .zip(&next_gradient)
                            .map(|(a, b)| a - b)
                            .collect();
                        if memory.len() == MEMORY {
                            memory.pop_front();
                        }
                        memory.push_back((step, bend));
                        x = next;
                        value = reached;
                        std::mem::swap(&mut gradient, &mut next_gradient);
                        taken = true;
                        break;
                    }
                }
                Err(error) if error.is_no_equilibrium() => {}
                Err(error) => return Err(error),
            }
            length *= 0.5;
        }
        if taken {
            restarts = 0;
        } else {
            memory.clear();
            restarts += 1;
        }
    }
}

/// The two-loop recursion on the free levers.
fn uphill(
    gradient: &[f64],
    free: &[bool],
    memory: &VecDeque<(Vec<f64>, Vec<f64>)>,
    curvature: &[f64],
) -> Vec<f64> {
    let masked = |v: &[f64]| -> Vec<f64> {
        v.iter()
            .zip(free)
            .map(|(x, f)| if *f { *x } else { 0.0 })
            .collect()
    };
    let mut direction = masked(gradient);
    let mut pairs = Vec::new();
    for (step, bend) in memory.iter().rev() {
        let (step, bend) = (masked(step), masked(bend));
        let product = dot(&step, &bend);
        if product > 0.0 {
            let alpha = dot(&step, &direction) / product;
            crate::kernels::add_scaled(&mut direction, -alpha, &bend);
            pairs.push((step, bend, product, alpha));
        }
    }
    let scale = pairs.first().map_or(1.0, |(_, bend, product, _)| {
        let size: f64 = bend.iter().zip(curvature).map(|(b, c)| b * b / c).sum();
        product / size
    });
    for (d, c) in direction.iter_mut().zip(curvature) {
        *d *= scale / c;
    }
    for (step, bend, product, alpha) in pairs.iter().rev() {
        let beta = dot(bend, &direction) / product;
        crate::kernels::add_scaled(&mut direction, alpha - beta, step);
    }
    if dot(&direction, gradient) > 0.0 {
        return direction;
    }
    let plain = masked(gradient);
    plain.iter().zip(curvature).map(|(g, c)| g / c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_top_between_bounds() {
        // −Σ c (x − a)² with a coupling; the second lever wants to leave its bound.
        let (a, c) = ([0.3, 2.0, -0.1], [1e-6, 1.0, 1e-3]);
        let mut hill = |x: &[f64], g: &mut Vec<f64>| {
            g.clear();
            g.extend((0..3).map(|k| -2.0 * c[k] * (x[k] - a[k])));
            Ok(1.0 - (0..3).map(|k| c[k] * (x[k] - a[k]).powi(2)).sum::<f64>())
        };
        let limits = Limits {
            bounds: (-1.0, 1.0),
            curvature: &c,
            tolerance: 1e-9,
            steps: 100,
        };
        let top = climb(&mut hill, vec![0.0; 3], limits).unwrap();
        assert_eq!(top.at_bounds, 1);
        assert!((top.x[0] - 0.3).abs() < 1e-8 && (top.x[2] + 0.1).abs() < 1e-8);
        assert!((top.x[1] - 1.0).abs() < 1e-15 && top.gradient <= 1e-9);
    }
}
