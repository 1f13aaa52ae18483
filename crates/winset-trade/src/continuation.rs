//! Where a shock cannot be solved for at once, it is applied in steps of its size, each started where the last one ended
//! (continuation; Allgower & Georg 1990, *Numerical Continuation Methods*, section 2.1).
//!
//! At the share t of a shock every change is that share of its log: tariff and iceberg factors, what producers keep of a
//! price under an export subsidy, labour. Deficits, which may change sign, move in a straight line.

/// Solves that may be tried.
const SOLVES: usize = 60;
/// The shortest step that is tried.
const SHORTEST: f64 = 1.0 / 256.0;

/// Goes from the baseline, the share zero, to the whole shock. `solve` solves at a share from where it last succeeded,
/// and says whether it did. A step is halved where it fails and doubled where it does not. Gives the number of steps,
/// or the share that was reached.
pub(crate) fn follow(mut solve: impl FnMut(f64) -> bool) -> Result<usize, f64> {
    let (mut reached, mut step, mut steps) = (0.0, 0.5, 0);
    for _ in 0..SOLVES {
        let share = f64::min(reached + step, 1.0);
        if solve(share) {
            reached = share;
            steps += 1;
            step *= 2.0;
            if reached >= 1.0 {
                return Ok(steps);
            }
        } else {
            step = 0.5 * (share - reached);
            if step < SHORTEST {
                break;
            }
        }
    }
    Err(reached)
}

/// A number above zero (or zero at both ends) at a share of the way, in logs; the very end at the whole of it.
pub(crate) fn between(from: f64, to: f64, share: f64) -> f64 {
    if share >= 1.0 || from.to_bits() == to.to_bits() {
        return to;
    }
    from.powf(1.0 - share) * to.powf(share)
}

/// A tariff at a share of the way, in logs of its factor.
pub(crate) fn on_the_way(from: f64, to: f64, share: f64) -> f64 {
    if share >= 1.0 {
        return to;
    }
    between(1.0 + from, 1.0 + to, share) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A solver that gets no further than a tenth of the shock at once.
    #[test]
    fn steps_are_halved_and_doubled_until_the_whole_is_solved() {
        let mut at = 0.0;
        let mut tried = Vec::new();
        let steps = follow(|share| {
            tried.push(share);
            let near = share - at <= 0.1;
            if near {
                at = share;
            }
            near
        });
        assert!(steps.is_ok_and(|steps| steps >= 10), "{tried:?}");
        assert!((at - 1.0).abs() < 1e-15 && tried.len() <= SOLVES);
        assert_eq!(follow(|share| share <= 0.75), Err(0.75));
        assert_eq!(follow(|_| false), Err(0.0));
    }

    #[test]
    fn the_ends_are_exact() {
        assert_eq!(between(0.3, 0.7, 1.0).to_bits(), 0.7_f64.to_bits());
        assert_eq!(between(0.0, 0.0, 0.5).to_bits(), 0.0_f64.to_bits());
        assert!((between(1.0, 4.0, 0.5) - 2.0).abs() < 1e-15);
    }
}
