//! A calibration with the shocks put in: what stays constant during a solve.

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

    /// Takes a share of another shock to the same calibration.
    pub(crate) fn take_share(&mut self, base: &Calibration, whole: &Self, share: f64) {
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
        self.weight[at] = weight;
        self.net_weight[at] = weight / (1.0 + tariff);
        self.tariff[at] = tariff;
        if tariff != 0.0 {
            let block = self.weight.len() / self.taxed.len();
            self.taxed[at / block] = true;
        }
    }
}
