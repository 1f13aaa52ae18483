//! A shock in the indices of a model, every value checked.

use crate::calibration::Calibration;
use crate::economy::{cell, position};
use crate::error::TradeError;
use crate::model::Model;
use crate::shock::{Shock, ShockKind, ShockRow, below_minus_one};
use crate::shocked::Subsidy;

/// A shock in the indices of a model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolved {
    /// Flow, new tariff, iceberg factor; the flows that change.
    pub(crate) changes: Vec<Change>,
    /// New deficits.
    pub(crate) deficit: Vec<f64>,
    /// Purchase targets.
    pub(crate) purchases: Vec<Target>,
    /// Export subsidies; the tariffs of `changes` hold them already.
    pub(crate) subsidies: Vec<Subsidy>,
    /// Factors on labour; empty: no change.
    pub(crate) labour: Vec<f64>,
}

/// What a flow is to become.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// The row of the shock, from 0.
    pub(crate) row: usize,
    pub(crate) sector: usize,
    pub(crate) origin: usize,
    pub(crate) destination: usize,
    /// The new flow, net of tariff, in the economy's unit.
    pub(crate) value: f64,
}

impl Target {
    pub(crate) fn at(&self, n: usize) -> usize {
        cell(n, self.sector, self.origin, self.destination)
    }
}

/// A flow whose barriers change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) at: usize,
    pub(crate) tariff: f64,
    pub(crate) iceberg: f64,
}

/// The indices that a name stands for, and whether it may stand for several.
pub(crate) fn choose(
    kind: &'static str,
    names: &[String],
    name: &str,
) -> Result<(Vec<usize>, bool), TradeError> {
    if name == "*" {
        return Ok(((0..names.len()).collect(), true));
    }
    let (list, others) = match name.strip_prefix('!') {
        Some(list) => (list, true),
        None => (name, false),
    };
    // A name with a bar in it is a name if there is one such.
    if !others && let Ok(at) = position(kind, names, name) {
        return Ok((vec![at], false));
    }
    let listed = list
        .split('|')
        .map(|part| position(kind, names, part.trim()))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(twice) = (1..listed.len()).find(|k| listed[..*k].contains(&listed[*k])) {
        let name = &names[listed[twice]];
        return Err(TradeError::Shock(format!(
            "the {kind} {name} stands twice in `{list}`: name it once"
        )));
    }
    if others {
        let rest: Vec<usize> = (0..names.len()).filter(|at| !listed.contains(at)).collect();
        if rest.is_empty() {
            return Err(TradeError::Shock(format!(
                "`{name}` leaves no {kind}: all of them are listed, so the row would change nothing"
            )));
        }
        return Ok((rest, true));
    }
    let several = listed.len() > 1;
    Ok((listed, several))
}

/// The barriers of all flows.
#[derive(Clone, Debug)]
pub(crate) struct Barriers {
    pub(crate) tariff: Vec<f64>,
    /// Factors; absent: one each.
    iceberg: Option<Vec<f64>>,
    /// Export subsidies; absent: none.
    subsidy: Option<Vec<f64>>,
}

impl Barriers {
    pub(crate) fn of(base: &Calibration) -> Self {
        Self {
            tariff: base.tariff.clone(),
            iceberg: None,
            subsidy: None,
        }
    }
}

impl Resolved {
    pub(crate) fn new(shock: &Shock, model: &Model) -> Result<Self, TradeError> {
        Self::of(shock, model.calibration())
    }

    /// That there is nothing but tariffs and iceberg costs in it, for models that know no other shocks.
    pub(crate) fn only_barriers(&self, base: &Calibration, who: &str) -> Result<(), TradeError> {
        let deficits = self.deficit.iter().zip(&base.deficit);
        if self.purchases.is_empty()
            && self.subsidies.is_empty()
            && self.labour.is_empty()
            && deficits
                .into_iter()
                .all(|(a, b)| a.to_bits() == b.to_bits())
        {
            return Ok(());
        }
        Err(TradeError::Shock(format!(
            "{who} takes shocks of the kinds tariff, tariff_add and iceberg only (use the structure armington for others)"
        )))
    }

    pub(crate) fn of(shock: &Shock, base: &Calibration) -> Result<Self, TradeError> {
        let (mut resolved, barriers) = Self::apart(shock, base)?;
        if let Some(barriers) = barriers {
            resolved.take(base, &barriers);
        }
        Ok(resolved)
    }

    /// A shock but for its barriers, and those, where it has any.
    pub(crate) fn apart(
        shock: &Shock,
        base: &Calibration,
    ) -> Result<(Self, Option<Barriers>), TradeError> {
        let n = base.n;
        let mut resolved = Self {
            deficit: base.deficit.clone(),
            ..Self::default()
        };
        let mut barriers: Option<Barriers> = None;
        for (number, row) in shock.rows().iter().enumerate() {
            let value = row.value;
            // Of a purchase it is the flow that tells.
            if row.kind != ShockKind::Purchase || !value.is_finite() {
                row.wrong_value()
                    .map_or(Ok(()), |what| Err(TradeError::Shock(what)))?;
            }
            match row.kind {
                ShockKind::Tariff
                | ShockKind::TariffAdd
                | ShockKind::Iceberg
                | ShockKind::ExportSubsidy => {
                    let barriers = barriers.get_or_insert_with(|| Barriers::of(base));
                    // What is wrong only on top of the base year's tariff is told with its row all the same.
                    barrier(base, row, barriers).map_err(|error| match error {
                        TradeError::Shock(what) => ShockRow::fault("shock", number, "value", what),
                        other => other,
                    })?;
                }
                ShockKind::Deficit => {
                    let m = position("region", &base.regions, &row.destination)?;
                    let rest: f64 = base.income.iter().sum::<f64>() - base.income[m];
                    let more = value - resolved.deficit[m];
                    for i in 0..n {
                        resolved.deficit[i] -= more * base.income[i] / rest;
                    }
                    resolved.deficit[m] = value;
                }
                ShockKind::Transfer => {
                    let from = position("region", &base.regions, &row.origin)?;
                    let to = position("region", &base.regions, &row.destination)?;
                    resolved.deficit[from] -= value;
                    resolved.deficit[to] += value;
                }
                ShockKind::Labour => {
                    resolved.labour.resize(n, 1.0);
                    for m in choose("region", &base.regions, &row.destination)?.0 {
                        resolved.labour[m] *= value;
                    }
                }
                ShockKind::Purchase => {
                    let new = purchase(base, number, row)?;
                    if resolved.purchases.iter().any(|p| p.at(n) == new.at(n)) {
                        let what = format!(
                            "a second target for what {} buys of {} from {}: a flow becomes one value, so give one row for it",
                            row.destination, row.sector, row.origin
                        );
                        return Err(ShockRow::fault("shock", number, "value", what));
                    }
                    resolved.purchases.push(new);
                }
            }
        }
        Ok((resolved, barriers))
    }

    /// Takes the barriers that differ from the baseline's.
    pub(crate) fn take(&mut self, base: &Calibration, barriers: &Barriers) {
        let n = base.n;
        let tariffs = barriers.tariff.chunks_exact(n);
        for (row, (tariffs, before)) in tariffs.zip(base.tariff.chunks_exact(n)).enumerate() {
            // Exact: only what no row touched is left out.
            let differ = |d: u64, (a, b): (&f64, &f64)| d | (a.to_bits() ^ b.to_bits());
            if barriers.iceberg.is_none()
                && barriers.subsidy.is_none()
                && tariffs.iter().zip(before).fold(0, differ) == 0
            {
                continue;
            }
            for (at, before) in (row * n..).zip(before) {
                self.take_flow(n, at, *before, barriers);
            }
        }
    }

    /// Takes the barriers of one flow, if they differ from the baseline's.
    fn take_flow(&mut self, n: usize, at: usize, before: f64, barriers: &Barriers) {
        let tariff = barriers.tariff[at];
        let iceberg = barriers.iceberg.as_ref().map_or(1.0, |d| d[at]);
        let rate = barriers.subsidy.as_ref().map_or(0.0, |s| s[at]);
        if tariff.to_bits() == before.to_bits()
            && iceberg.to_bits() == 1.0_f64.to_bits()
            && rate == 0.0
        {
            return;
        }
        let wedge = if rate == 0.0 {
            tariff
        } else {
            (1.0 + tariff) * (1.0 - rate) - 1.0
        };
        self.changes.push(Change {
            at,
            tariff: wedge,
            iceberg,
        });
        if rate != 0.0 {
            self.subsidies.push(Subsidy {
                sector: at / n / n,
                origin: at / n % n,
                destination: at % n,
                rate,
            });
        }
    }
}

/// Applies one row to all the flows it names.
fn barrier(base: &Calibration, row: &ShockRow, barriers: &mut Barriers) -> Result<(), TradeError> {
    let n = base.n;
    let value = row.value;
    let (origins, many_origins) = choose("region", &base.regions, &row.origin)?;
    let (destinations, many_destinations) = choose("region", &base.regions, &row.destination)?;
    let (sectors, _) = choose("sector", &base.sectors, &row.sector)?;
    let several = many_origins || many_destinations;
    for &j in &sectors {
        for &i in &origins {
            for &m in &destinations {
                if several && i == m {
                    continue;
                }
                let at = cell(n, j, i, m);
                match row.kind {
                    ShockKind::Iceberg => {
                        let none = || vec![1.0; base.flow.len()];
                        barriers.iceberg.get_or_insert_with(none)[at] *= value;
                    }
                    ShockKind::ExportSubsidy => {
                        let none = || vec![0.0; base.flow.len()];
                        barriers.subsidy.get_or_insert_with(none)[at] = value;
                    }
                    kind => {
                        let rate = &mut barriers.tariff[at];
                        *rate = if kind == ShockKind::TariffAdd {
                            *rate + value
                        } else {
                            value
                        };
                        if *rate <= -1.0 {
                            let (from, to) = (&base.regions[i], &base.regions[m]);
                            let what = below_minus_one(to, &base.sectors[j], from, *rate);
                            return Err(TradeError::Shock(what));
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

fn purchase(base: &Calibration, number: usize, row: &ShockRow) -> Result<Target, TradeError> {
    let i = position("region", &base.regions, &row.origin)?;
    let m = position("region", &base.regions, &row.destination)?;
    let j = position("sector", &base.sectors, &row.sector)?;
    let fail = |what: String| TradeError::Purchase {
        row: number + 1,
        exporter: row.origin.clone(),
        importer: row.destination.clone(),
        sector: row.sector.clone(),
        what,
    };
    if row.value <= 0.0 {
        return Err(fail(format!(
            "the target is {}; it must be above zero",
            row.value
        )));
    }
    if base.flow[cell(base.n, j, i, m)] <= 0.0 {
        return Err(fail(
            "nothing is traded in the base year, and no wedge makes a flow out of nothing \
             (name a flow that exists)"
                .to_owned(),
        ));
    }
    let bought = base.spending[j * base.n + m];
    if row.value > 2.0 * bought {
        return Err(fail(format!(
            "the target {} is more than twice all that {} buys of it ({bought}); check the unit",
            row.value, row.destination
        )));
    }
    Ok(Target {
        row: number,
        sector: j,
        origin: i,
        destination: m,
        value: row.value,
    })
}
