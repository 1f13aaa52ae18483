//! Purchase targets: the wedge that makes a flow reach a value, and what it costs whom.

use std::sync::Arc;

use crate::equilibrium::Equilibrium;
use crate::error::TradeError;
use crate::model::Model;
use crate::newton::Workspace;
use crate::resolved::{Resolved, Target};

/// What a purchase target took. Compared with the same shock without any purchase; billion USD.
#[derive(Clone, Debug, PartialEq)]
pub struct PurchaseReport {
    /// Who sells.
    pub exporter: String,
    /// Who buys, and pays the wedge.
    pub importer: String,
    /// What is bought.
    pub sector: String,
    /// Factor on the tariff-inclusive price, less one: −0.1 is a subsidy of ten per cent; above zero where the target
    /// is below what would be bought anyway.
    pub wedge: f64,
    /// What the wedge costs the importer's government: subsidy paid and tariff forgone.
    pub cost_busd: f64,
    /// What all purchases of the shock together cost all in the importing region: its EV less that without any purchase,
    /// below zero where it pays. It is this purchase's own only where there is one.
    pub importer_ev_busd: f64,
    /// What all purchases together give the exporting region: its EV less that without any purchase.
    pub exporter_ev_busd: f64,
    /// The flow, net of tariff.
    pub flow_busd: f64,
    /// The flow less what it would have been.
    pub additional_flow_busd: f64,
    /// All exports of the exporter less what they would have been without any purchase: what is left after diversion, of
    /// all purchases together.
    pub net_additional_exports_busd: f64,
    /// Other suppliers of the importer in that sector, the importer itself among them, and the change of what they
    /// sell there.
    pub displaced: Vec<(String, f64)>,
}

/// Relative distance from the target at which the search ends.
const CLOSE: f64 = 1e-10;
const STEPS: usize = 60;
/// A step to where there is no equilibrium is halved this often.
const HALVINGS: usize = 6;
/// Longest change of a log wedge in one step.
const LONGEST: f64 = 1.0;
/// A wedge of e^−12 gives the good away.
const FREE: f64 = -12.0;

/// Solves again with the wedges that meet the targets, by a secant on each flow in logs. `without` is the
/// equilibrium of the same shock without them, and the workspace still holds its shock.
pub(crate) fn solve(
    model: &Model,
    resolved: &Resolved,
    workspace: &mut Workspace,
    without: &Equilibrium,
) -> Result<Equilibrium, TradeError> {
    let base = model.calibration().clone();
    let n = base.n;
    let law = without.shocked.clone();
    let count = resolved.purchases.len();
    let mut wedge = vec![0.0; count];
    let mut slope: Vec<f64> = resolved
        .purchases
        .iter()
        .map(|p| -(1.0 + model.theta()[p.sector] * (1.0 - base.share[p.at(n)])))
        .collect();
    let fail = |k: usize, what: String| {
        let p = &resolved.purchases[k];
        TradeError::Purchase {
            row: p.row + 1,
            exporter: base.regions[p.origin].clone(),
            importer: base.regions[p.destination].clone(),
            sector: base.sectors[p.sector].clone(),
            what,
        }
    };
    let gaps = |equilibrium: &Equilibrium| -> Vec<f64> {
        // At the border: the buyer's price without the tariff, so without what an export subsidy pays.
        let border = |p: &Target| {
            equilibrium.flow_busd(p.origin, p.destination, p.sector) / equilibrium.base.in_billion
        };
        let purchases = resolved.purchases.iter();
        purchases.map(|p| (border(p) / p.value).ln()).collect()
    };
    let furthest =
        |gap: &[f64]| (0..count).fold(0, |w, k| if gap[k].abs() > gap[w].abs() { k } else { w });
    let mut current = without.clone();
    let mut gap = gaps(&current);
    let mut report = current.report;
    for _ in 0..STEPS {
        if gap.iter().all(|g| g.abs() <= CLOSE) {
            report.residual = current.report.residual;
            current.report = report;
            current.purchases = reports(resolved, &wedge, without, &current);
            return Ok(current);
        }
        let from = wedge.clone();
        let steps = (0..count).map(|k| (-gap[k] / slope[k]).clamp(-LONGEST, LONGEST));
        let mut moved: Vec<f64> = steps.collect();
        let mut halvings = 0;
        let next = loop {
            for (k, p) in resolved.purchases.iter().enumerate() {
                wedge[k] = from[k] + moved[k];
                if wedge[k] < FREE {
                    let reached = p.value * gap[k].exp();
                    return Err(fail(
                        k,
                        format!(
                            "the target {} cannot be met: given away free, {reached:.6} is bought (lower the target; \
                             values are in the economy's unit)",
                            p.value
                        ),
                    ));
                }
                let at = p.at(n);
                let tariff = (1.0 + law.tariff[at]) * wedge[k].exp() - 1.0;
                let weight = law.weight[at] * (-model.theta()[p.sector] * wedge[k]).exp();
                Arc::make_mut(&mut workspace.shocked).set(at, weight, tariff);
            }
            match model.solve_loaded(workspace, Some(&current)) {
                Ok(next) => break next,
                Err(error) if error.is_no_equilibrium() => {
                    if halvings == HALVINGS {
                        let k = furthest(&gap);
                        let target = resolved.purchases[k].value;
                        let reached = target * gap[k].exp();
                        return Err(fail(
                            k,
                            format!(
                                "the target {target} cannot be met: up to {reached:.6} is bought, and at a lower price to the \
                                 buyer there is {error}"
                            ),
                        ));
                    }
                    halvings += 1;
                    for step in &mut moved {
                        *step *= 0.5;
                    }
                }
                Err(error) => return Err(error),
            }
        };
        current = next;
        report.iterations += current.report.iterations;
        report.products += current.report.products;
        report.shock_steps = report.shock_steps.max(current.report.shock_steps);
        let reached = gaps(&current);
        for k in 0..count {
            let secant = (reached[k] - gap[k]) / moved[k];
            // Far from the target other wedges blur the secant: keep it falling.
            if moved[k] != 0.0 && secant.is_finite() && secant < -1e-3 {
                slope[k] = secant;
            }
        }
        gap = reached;
    }
    let worst = furthest(&gap);
    let target = resolved.purchases[worst].value;
    Err(fail(
        worst,
        format!(
            "no wedge found that meets the target {target}; the nearest flow is {:.6} (lower the target)",
            target * gap[worst].exp()
        ),
    ))
}

fn reports(
    resolved: &Resolved,
    wedge: &[f64],
    without: &Equilibrium,
    with: &Equilibrium,
) -> Vec<PurchaseReport> {
    let base = &*with.base;
    let report = |(k, target): (usize, &Target)| {
        let (j, i, m) = (target.sector, target.origin, target.destination);
        let flow = with.flow_busd(i, m, j);
        let change = |o: usize| with.flow_busd(o, m, j) - without.flow_busd(o, m, j);
        PurchaseReport {
            exporter: base.regions[i].clone(),
            importer: base.regions[m].clone(),
            sector: base.sectors[j].clone(),
            wedge: wedge[k].exp_m1(),
            cost_busd: (without.tariff(i, m, j) - with.tariff(i, m, j)) * flow,
            importer_ev_busd: with.ev_busd(m) - without.ev_busd(m),
            exporter_ev_busd: with.ev_busd(i) - without.ev_busd(i),
            flow_busd: flow,
            additional_flow_busd: change(i),
            net_additional_exports_busd: with.exports_busd(i) - without.exports_busd(i),
            displaced: (0..base.n)
                .filter(|o| *o != i)
                .map(|o| (base.regions[o].clone(), change(o)))
                .collect(),
        }
    };
    resolved.purchases.iter().enumerate().map(report).collect()
}
