//! A calibration with the shocks put in: what stays constant during a solve.

use std::sync::Arc;

use crate::calibration::Calibration;
use crate::continuation::{between, on_the_way};
use crate::economy::cell;

/// Weights, tariffs, subsidies, labour and deficits of a shocked economy.
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
    /// Where weights and tariffs come from.
    pub(crate) since: Since,
}

/// The calibration that weights and tariffs come from, and the flows that were set since. All others are as they are there,
/// so the next shock to it undoes those alone, cell by cell. Without a calibration nothing is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Since {
    base: Option<Arc<Calibration>>,
    pub(crate) changed: Vec<usize>,
}

impl Since {
    fn new(base: &Arc<Calibration>) -> Self {
        Self {
            base: Some(base.clone()),
            changed: Vec::new(),
        }
    }

    /// Whether it is the calibration that is given.
    fn is_of(&self, base: &Arc<Calibration>) -> bool {
        self.base.as_ref().is_some_and(|own| Arc::ptr_eq(own, base))
    }

    /// Whether both come from one calibration.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        other.base.as_ref().is_some_and(|base| self.is_of(base))
    }

    /// Notes a flow of so many; with a quarter of them it is no longer worth it.
    fn note(&mut self, at: usize, flows: usize) {
        if self.changed.len() >= flows / 4 {
            *self = Self::default();
        } else if self.base.is_some() {
            self.changed.push(at);
        }
    }
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
    pub(crate) fn load(&mut self, base: &Arc<Calibration>, deficit: &[f64]) {
        self.subsidies.clear();
        self.labour.clear();
        self.labour.resize(base.n, 1.0);
        if self.since.is_of(base) {
            for at in self.since.changed.drain(..) {
                self.weight[at] = base.share[at];
                self.tariff[at] = base.tariff[at];
                self.net_weight[at] = base.net_share[at];
            }
        } else {
            self.weight.clone_from(&base.share);
            self.tariff.clone_from(&base.tariff);
            self.net_weight.clone_from(&base.net_share);
            self.since = Since::new(base);
        }
        self.taxed.clone_from(&base.taxed);
        self.deficit.clear();
        self.deficit.extend_from_slice(deficit);
    }

    /// Takes a share of another shock to the same calibration.
    pub(crate) fn take_share(&mut self, base: &Arc<Calibration>, whole: &Self, share: f64) {
        let deficits = base.deficit.iter().zip(&whole.deficit);
        let deficits: Vec<f64> = deficits.map(|(a, b)| a + share * (b - a)).collect();
        self.load(base, &deficits);
        for at in 0..whole.weight.len() {
            let weight = between(base.share[at], whole.weight[at], share);
            self.set(
                at,
                weight,
                on_the_way(base.tariff[at], whole.tariff[at], share),
            );
        }
        self.subsidies
            .extend(whole.subsidies.iter().map(|paid| Subsidy {
                rate: 1.0 - between(1.0, 1.0 - paid.rate, share),
                ..*paid
            }));
        for (own, whole) in self.labour.iter_mut().zip(&whole.labour) {
            *own = between(1.0, *whole, share);
        }
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
        self.since.note(at, self.weight.len());
        self.weight[at] = weight;
        self.net_weight[at] = weight / (1.0 + tariff);
        self.tariff[at] = tariff;
        if tariff != 0.0 {
            let block = self.weight.len() / self.taxed.len();
            self.taxed[at / block] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    /// What is left of earlier shocks, by all that a solve reads.
    fn bits(shocked: &Shocked) -> Vec<u64> {
        let all = [&shocked.weight, &shocked.net_weight, &shocked.tariff];
        let taxed = shocked.taxed.iter().map(|t| u64::from(*t));
        let all = all.into_iter().flatten().map(|x| x.to_bits());
        all.chain(taxed).collect()
    }

    #[test]
    fn a_shock_undone_leaves_the_calibration() {
        let economy = Sample::default().build().unwrap();
        let base = Arc::new(Calibration::new(&economy, true).unwrap());
        let other = Arc::new((*base).clone());
        let deficit = base.deficit.clone();
        let mut fresh = Shocked::default();
        fresh.load(&base, &deficit);
        let mut used = Shocked::default();
        // One flow, one twice, as many as are noted and more, then all.
        for count in [0, 1, 8, 9, 10, 36] {
            for base in [&base, &base, &other] {
                used.load(base, &deficit);
                assert_eq!(bits(&used), bits(&fresh), "{count}");
                for at in (0..count).chain(0..count.min(1)) {
                    used.set(35 - at, 0.5, 0.25);
                }
                let noted = used.since.is_of(base);
                assert_eq!(noted, count < 9, "{count}");
            }
        }
    }
}
