//! Instruments: which tariffs a government can set apart from one another.

use super::Contest;
use crate::error::TradeError;

/// What a government can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// One tariff on everything from everywhere.
    Uniform,
    /// A tariff by sector, the same for all origins (most-favoured nation).
    Sector,
    /// A tariff by origin, the same for all sectors.
    Partner,
    /// A tariff by origin and sector.
    PartnerSector,
}

impl std::str::FromStr for Instrument {
    type Err = TradeError;

    fn from_str(name: &str) -> Result<Self, TradeError> {
        Ok(match name {
            "uniform" => Self::Uniform,
            "sector" => Self::Sector,
            "partner" => Self::Partner,
            "partner-sector" => Self::PartnerSector,
            _ => {
                return Err(TradeError::Unknown {
                    kind: "instrument",
                    name: name.to_owned(),
                    known: "uniform, sector, partner, partner-sector".to_owned(),
                });
            }
        })
    }
}

impl std::fmt::Display for Instrument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Uniform => "uniform",
            Self::Sector => "sector",
            Self::Partner => "partner",
            Self::PartnerSector => "partner-sector",
        })
    }
}

/// One tariff that can be set: the flows it is levied on.
#[derive(Clone, Debug, Default)]
pub(super) struct Lever {
    pub(super) cells: Vec<usize>,
    /// θ times the base flows, over what the player buys: the curvature of its objective, roughly.
    pub(super) curvature: f64,
}

/// The levers of one player, on all origins or on one. Only flows that exist are levied.
pub(super) fn levers(
    contest: &dyn Contest,
    player: usize,
    instrument: Instrument,
    against: Option<usize>,
) -> Vec<Lever> {
    let n = contest.regions().len();
    let (trade, theta) = (contest.trade(), contest.theta());
    let bought: f64 = trade.iter().skip(player).step_by(n).sum();
    let mut out: Vec<Lever> = Vec::new();
    let mut slots = std::collections::BTreeMap::new();
    for (j, theta) in theta.iter().enumerate() {
        for i in (0..n).filter(|i| *i != player && against.is_none_or(|a| a == *i)) {
            let at = crate::economy::cell(n, j, i, player);
            if trade[at] <= 0.0 {
                continue;
            }
            let key = match instrument {
                Instrument::Uniform => (0, 0),
                Instrument::Sector => (j, 0),
                Instrument::Partner => (0, i),
                Instrument::PartnerSector => (j, i),
            };
            let slot = *slots.entry(key).or_insert_with(|| {
                out.push(Lever::default());
                out.len() - 1
            });
            out[slot].cells.push(at);
            out[slot].curvature += theta * trade[at] / bought;
        }
    }
    out
}

/// The levers' positions, logs of tariff factors, at some tariffs: means where the flows of one differ.
pub(super) fn positions(levers: &[Lever], tariffs: &[f64], bounds: (f64, f64)) -> Vec<f64> {
    levers
        .iter()
        .map(|lever| {
            let sum: f64 = lever.cells.iter().map(|at| tariffs[*at].ln_1p()).sum();
            (sum / lever.cells.len() as f64).clamp(bounds.0, bounds.1)
        })
        .collect()
}

/// Sets the tariffs of the levers' flows.
pub(super) fn set(levers: &[Lever], positions: &[f64], tariffs: &mut [f64]) {
    for (lever, x) in levers.iter().zip(positions) {
        for at in &lever.cells {
            tariffs[*at] = x.exp_m1();
        }
    }
}

/// The gradient by the levers' positions, from that by tariffs.
pub(super) fn by_lever(levers: &[Lever], tariffs: &[f64], gradient: &[f64], out: &mut Vec<f64>) {
    out.clear();
    out.extend(levers.iter().map(|lever| {
        let by_tariff = |at: &usize| gradient[*at] * (1.0 + tariffs[*at]);
        lever.cells.iter().map(by_tariff).sum::<f64>()
    }));
}
