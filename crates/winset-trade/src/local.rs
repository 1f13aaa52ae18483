//! The local level of the preconditioner: how the sectors of a region hang together, other regions left out.

use crate::calibration::Calibration;
use crate::economy::cell;
use crate::kernels::{add_rows, add_scaled, leontief};
use crate::preconditioner::row;

/// What does not depend on elasticities: one for all draws of them. `[sector][region]` unless said otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    /// Weight of a sector in the price level of a region: its share in spending.
    pub(crate) weight: Vec<f64>,
    /// Spending by region.
    pub(crate) total: Vec<f64>,
    /// `C`, `[region][user][input]`; empty without input–output.
    pub(crate) inputs: Vec<f32>,
    /// Own share.
    pub(crate) own: Vec<f32>,
    /// Share of spending that is tariff revenue.
    pub(crate) to_revenue: Vec<f32>,
    /// Spending that one unit of revenue leads to, revenue of revenue included.
    pub(crate) from_revenue: Vec<f32>,
}

impl Local {
    pub(crate) fn new(base: &Calibration) -> Self {
        let (n, s) = (base.n, base.s);
        let mut total = vec![0.0; n];
        for at in 0..n * s {
            total[at % n] += base.spending[at];
        }
        let mut local = Self {
            weight: (0..n * s)
                .map(|at| base.spending[at] / total[at % n])
                .collect(),
            total,
            inputs: base.inputs.iter().map(|x| *x as f32).collect(),
            own: Vec::with_capacity(n * s),
            to_revenue: Vec::with_capacity(n * s),
            from_revenue: vec![0.0; n * s],
        };
        let mut net = vec![0.0; n];
        for j in 0..s {
            net.fill(0.0);
            for i in 0..n {
                local.own.push(base.share[cell(n, j, i, i)] as f32);
                add_scaled(&mut net, 1.0, row(&base.net_share, j * n + i, n));
            }
            let spending = row(&base.spending, j, n).iter();
            let to_revenue = net.iter().zip(spending);
            local.to_revenue.extend(
                to_revenue.map(|(net, bought)| if *bought > 0.0 { 1.0 - net } else { 0.0 } as f32),
            );
        }
        let (mut own, mut lane, mut spent) = (vec![0.0; s], vec![0.0; s], vec![0.0; s]);
        for i in 0..n {
            for j in 0..s {
                own[j] = local.own[j * n + i];
                spent[j] = base.final_share[j * n + i] as f32;
                lane[j] = own[j] * spent[j];
            }
            if !local.inputs.is_empty() {
                let table = &mut local.inputs[i * s * s..(i + 1) * s * s];
                leontief(table, &own);
                add_rows(&mut spent, &lane, table);
            }
            let revenue: f32 = (0..s).map(|j| spent[j] * local.to_revenue[j * n + i]).sum();
            for j in 0..s {
                local.from_revenue[j * n + i] = spent[j] / (1.0 - revenue);
            }
        }
        local
    }
}
