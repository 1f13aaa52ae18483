//! Everything the equations say at one point, the adjoints of what is read there, and room for both.

use crate::preconditioner::Room;

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
    pub(crate) net: Vec<f64>,
    pub(crate) lane: Vec<f64>,
    pub(crate) lane_out: Vec<f64>,
    pub(crate) by_sector: Vec<f64>,
    pub(crate) by_sector_out: Vec<f64>,
    pub(crate) labour_income: Vec<f64>,
    pub(crate) revenue: Vec<f64>,
    pub(crate) seeds: Seeds,
    pub(crate) room: Room,
}

pub(crate) fn reset(v: &mut Vec<f64>, len: usize) {
    v.clear();
    v.resize(len, 0.0);
}
