//! The four solutions: which point of the win-set's frontier a principle of fairness or efficiency picks.

use std::cmp::Ordering;

use serde::Serialize;

use crate::Point;
use crate::archive::Found;

/// A solution with all points that tie, or none where the win-set is empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Solution {
    /// What is maximised, over what, from where.
    pub definition: String,
    /// The payoffs of no deal that gains are measured from, party by party.
    pub no_deal: Vec<f64>,
    /// The points that tie; each lists the packages that give its payoffs.
    pub points: Vec<Point>,
    /// Parties that no package of the win-set makes better off than no deal. Nash and Kalai–Smorodinsky leave
    /// them out (their gain is 0 in every package), rather than multiply or divide by 0.
    pub without_gain: Vec<String>,
}

/// Most parties and limits together.
const MOST: usize = 32;

/// What the solutions look at: the gains of the frontier's points.
pub(crate) struct Gains {
    parties: usize,
    /// Party by party, point after point; never negative.
    flat: Vec<i64>,
    /// The largest gain of each party over the win-set; it lies on the frontier.
    pub(crate) ideal: Vec<i64>,
}

impl Gains {
    pub(crate) fn new(frontier: &[&Found], no_deal: &[i64]) -> Self {
        let parties = no_deal.len();
        let mut gains = Vec::with_capacity(frontier.len() * parties);
        for found in frontier {
            gains.extend(found.payoffs.iter().zip(no_deal).map(|(p, n)| p - n));
        }
        let mut ideal = vec![0; parties];
        for of_point in gains.chunks_exact(parties) {
            for (ideal, gain) in ideal.iter_mut().zip(of_point) {
                *ideal = (*gain).max(*ideal);
            }
        }
        Self {
            parties,
            flat: gains,
            ideal,
        }
    }

    fn can_gain(&self) -> Vec<usize> {
        (0..self.ideal.len())
            .filter(|p| self.ideal[*p] > 0)
            .collect()
    }

    /// The points whose keys nothing beats in an order.
    fn largest<K>(
        &self,
        key: impl Fn(&[i64]) -> K,
        compare: impl Fn(&K, &K) -> Ordering,
    ) -> Vec<usize> {
        let (mut best, mut points) = (None, Vec::new());
        for (point, gains) in self.flat.chunks_exact(self.parties).enumerate() {
            let key = key(gains);
            let order = best
                .as_ref()
                .map_or(Ordering::Greater, |b| compare(&key, b));
            if order.is_gt() {
                points.clear();
                best = Some(key);
            }
            if order.is_ge() {
                points.push(point);
            }
        }
        points
    }

    /// The points with the largest product of gains; with weights, of gains to the power of the weights, compared
    /// to 12 digits.
    pub(crate) fn nash(&self, weights: Option<&[f64]>) -> Vec<usize> {
        let parties = self.can_gain();
        if let Some(weights) = weights {
            let log = |of_point: &[i64]| -> f64 {
                let logs = parties
                    .iter()
                    .map(|p| weights[*p] * (of_point[*p] as f64).ln());
                logs.sum()
            };
            let logs: Vec<f64> = self.flat.chunks_exact(self.parties).map(log).collect();
            let best = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let slack = 1e-12 * weights.iter().sum::<f64>();
            return (0..logs.len())
                .filter(|i| logs[*i] >= best - slack)
                .collect();
        }
        if parties.len() <= 2 {
            // Fits a double word.
            let product =
                |gains: &[i64]| -> u128 { parties.iter().map(|p| gains[*p] as u128).product() };
            return self.largest(product, Ord::cmp);
        }
        let product = |gains: &[i64]| product(parties.iter().map(|p| gains[*p] as u64));
        self.largest(product, |a, b| compare_limbs(a, b))
    }

    /// The points whose smallest share of the ideal gain is largest; then the second smallest, and so on.
    pub(crate) fn kalai_smorodinsky(&self) -> Vec<usize> {
        let parties = self.can_gain();
        let compare_shares = |a: &(i64, i64), b: &(i64, i64)| {
            (i128::from(a.0) * i128::from(b.1)).cmp(&(i128::from(b.0) * i128::from(a.1)))
        };
        let shares = |gains: &[i64]| {
            let mut shares = [(0, 0); MOST];
            for (share, p) in shares.iter_mut().zip(&parties) {
                *share = (gains[*p], self.ideal[*p]);
            }
            shares[..parties.len()].sort_by(compare_shares);
            shares
        };
        self.largest(shares, |a, b| {
            let mut each = a.iter().zip(b).take(parties.len());
            let unequal = each.find_map(|(a, b)| Some(compare_shares(a, b)).filter(|o| o.is_ne()));
            unequal.unwrap_or(Ordering::Equal)
        })
    }

    /// The points whose smallest gain is largest; then the second smallest, and so on.
    pub(crate) fn egalitarian(&self) -> Vec<usize> {
        let sorted = |gains: &[i64]| {
            let mut sorted = [0; MOST];
            sorted[..gains.len()].copy_from_slice(gains);
            sorted[..gains.len()].sort_unstable();
            sorted
        };
        self.largest(sorted, Ord::cmp)
    }

    /// The points with the largest sum of gains.
    pub(crate) fn utilitarian(&self) -> Vec<usize> {
        let sum = |gains: &[i64]| -> i128 { gains.iter().copied().map(i128::from).sum() };
        self.largest(sum, Ord::cmp)
    }
}

/// An exact product, lowest limb first, without leading zeros.
fn product(factors: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut limbs = vec![1u64];
    for factor in factors {
        let mut carry = 0u128;
        for limb in &mut limbs {
            let wide = u128::from(*limb) * u128::from(factor) + carry;
            *limb = wide as u64;
            carry = wide >> 64;
        }
        if carry > 0 {
            limbs.push(carry as u64);
        }
    }
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
    limbs
}

fn compare_limbs(a: &[u64], b: &[u64]) -> Ordering {
    a.len()
        .cmp(&b.len())
        .then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// What each solution says of itself, in the order Nash, Kalai–Smorodinsky, egalitarian, utilitarian.
pub(crate) const DEFINITIONS: [&str; 4] = [
    "Nash (1950): largest product of the parties' gains over no deal, over the win-set; ties are all given",
    "Kalai–Smorodinsky (1975), discrete (leximin): the smallest share of a party's ideal gain is as large as \
     can be, then the second smallest; the ideal gain is the party's largest over the win-set, gains are over no deal",
    "Egalitarian (Kalai 1977), discrete (leximin): the smallest gain over no deal is as large as can be over the \
     win-set, then the second smallest",
    "Utilitarian: largest sum of the parties' gains over no deal, over the win-set; ties are all given",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_exact_beyond_a_word() {
        let big = u64::MAX;
        assert_eq!(product([big, big].into_iter()), [1, big - 1]);
        assert_eq!(product([big, 0].into_iter()), Vec::<u64>::new());
        let (a, b) = (
            product([3, big, 5, big].into_iter()),
            product([5, big, 3, big - 1].into_iter()),
        );
        assert_eq!(compare_limbs(&a, &b), Ordering::Greater);
    }

    #[test]
    fn a_party_that_cannot_gain_is_left_out_and_not_divided_by() {
        let point = |payoffs: [i64; 2]| Found {
            payoffs: payoffs.to_vec(),
            ties: crate::archive::Ties {
                count: 1,
                listed: Vec::new(),
            },
        };
        let gains = Gains::new(&[&point([7, 3]), &point([5, 3])], &[2, 3]);
        assert_eq!(gains.ideal, [5, 0]);
        assert_eq!(gains.nash(None), [0]);
        assert_eq!(gains.kalai_smorodinsky(), [0]);
    }
}
