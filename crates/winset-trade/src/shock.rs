//! Shocks: what changes in the world, by name.

use winset_io::Table;

use crate::calibration::Calibration;
use crate::economy::{Economy, cell, position};
use crate::error::TradeError;
use crate::model::Model;
use crate::system::Subsidy;

/// What one row of a shock changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShockKind {
    /// The tariff becomes `value`, a fraction above −1.
    Tariff,
    /// The tariff rises by `value`, a fraction.
    TariffAdd,
    /// The iceberg cost is multiplied by `value` > 0 (0.9: non-tariff barriers fall by ten per cent).
    Iceberg,
    /// The deficit of the region `destination` becomes `value` in the economy's unit; the other regions take up the
    /// difference in proportion to their income, so that the world's deficits still sum to zero.
    Deficit,
    /// `origin` gives `destination` `value` in the economy's unit, a year.
    Transfer,
    /// The government of `origin` pays a share `value` < 1 of what producers get for the flow; below zero an export tax.
    ExportSubsidy,
    /// The labour of the region `destination` is multiplied by `value` > 0.
    Labour,
    /// The flow from `origin` to `destination` becomes `value`, net of tariff, in the economy's unit; the buyer's
    /// government pays the wedge that this takes.
    Purchase,
}

impl ShockKind {
    const ALL: [(&'static str, Self); 8] = [
        ("tariff", Self::Tariff),
        ("tariff_add", Self::TariffAdd),
        ("iceberg", Self::Iceberg),
        ("deficit", Self::Deficit),
        ("transfer", Self::Transfer),
        ("export_subsidy", Self::ExportSubsidy),
        ("labour", Self::Labour),
        ("purchase", Self::Purchase),
    ];

    fn named(name: &str) -> Result<Self, TradeError> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, kind)| *kind)
            .ok_or_else(|| TradeError::Unknown {
                kind: "kind of shock",
                name: name.to_owned(),
                known: Self::ALL.map(|(known, _)| known).join(", "),
            })
    }
}

/// One change. Names may be `*`: every region, every sector; a list `USA|CAN|MEX`; or `!USA|CAN|MEX`, all others: so that
/// a coalition that taxes the rest of the world is one row. Where a name stands for several regions, flows of a region
/// to itself are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct ShockRow {
    /// What changes.
    pub kind: ShockKind,
    /// The exporting (giving) region, or `*`.
    pub origin: String,
    /// The importing (receiving) region, or `*`.
    pub destination: String,
    /// The sector, or `*`.
    pub sector: String,
    /// By kind, see [`ShockKind`].
    pub value: f64,
}

impl ShockRow {
    /// Whether an economy has what the row names.
    ///
    /// # Errors
    /// A region or sector that is not there.
    pub fn check_names(&self, economy: &Economy) -> Result<(), TradeError> {
        for region in [&self.origin, &self.destination] {
            if !region.is_empty() {
                choose("region", economy.regions(), region)?;
            }
        }
        if !self.sector.is_empty() {
            choose("sector", economy.sectors(), &self.sector)?;
        }
        Ok(())
    }
}

/// A list of changes, applied in order: a later tariff on a flow replaces an earlier one, additions and iceberg factors
/// pile up.
///
/// ```
/// use winset_trade::Shock;
/// let shock = Shock::new().tariff("*", "USA", "*", 0.10).tariff("JPN", "USA", "*", 0.24);
/// assert_eq!(shock.rows().len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shock {
    rows: Vec<ShockRow>,
}

impl Shock {
    /// No change.
    pub fn new() -> Self {
        Self::default()
    }

    /// The changes, in order.
    pub fn rows(&self) -> &[ShockRow] {
        &self.rows
    }

    /// Adds a change.
    #[must_use]
    pub fn with(
        mut self,
        kind: ShockKind,
        origin: &str,
        destination: &str,
        sector: &str,
        value: f64,
    ) -> Self {
        self.rows.push(ShockRow {
            kind,
            origin: origin.to_owned(),
            destination: destination.to_owned(),
            sector: sector.to_owned(),
            value,
        });
        self
    }

    /// The tariff of `destination` on `sector` from `origin` becomes `rate`, a fraction.
    #[must_use]
    pub fn tariff(self, origin: &str, destination: &str, sector: &str, rate: f64) -> Self {
        self.with(ShockKind::Tariff, origin, destination, sector, rate)
    }

    /// That tariff rises by `points`, a fraction.
    #[must_use]
    pub fn tariff_add(self, origin: &str, destination: &str, sector: &str, points: f64) -> Self {
        self.with(ShockKind::TariffAdd, origin, destination, sector, points)
    }

    /// The iceberg cost of those flows is multiplied by `factor` > 0.
    #[must_use]
    pub fn iceberg(self, origin: &str, destination: &str, sector: &str, factor: f64) -> Self {
        self.with(ShockKind::Iceberg, origin, destination, sector, factor)
    }

    /// The deficit of `region` becomes `value` in the economy's unit.
    #[must_use]
    pub fn deficit(self, region: &str, value: f64) -> Self {
        self.with(ShockKind::Deficit, "*", region, "*", value)
    }

    /// The government of `origin` pays a share `rate` < 1 of what its producers get for those flows.
    #[must_use]
    pub fn export_subsidy(self, origin: &str, destination: &str, sector: &str, rate: f64) -> Self {
        self.with(ShockKind::ExportSubsidy, origin, destination, sector, rate)
    }

    /// The labour of `region` is multiplied by `factor` > 0.
    #[must_use]
    pub fn labour(self, region: &str, factor: f64) -> Self {
        self.with(ShockKind::Labour, "*", region, "*", factor)
    }

    /// `from` gives `to` that much a year, in the economy's unit.
    #[must_use]
    pub fn transfer(self, from: &str, to: &str, value: f64) -> Self {
        self.with(ShockKind::Transfer, from, to, "*", value)
    }

    /// `destination` buys `value` of `sector` from `origin`, net of tariff, in the economy's unit.
    #[must_use]
    pub fn purchase(self, origin: &str, destination: &str, sector: &str, value: f64) -> Self {
        self.with(ShockKind::Purchase, origin, destination, sector, value)
    }

    /// This shock, then another.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        self.rows.extend_from_slice(&other.rows);
        self
    }

    /// Reads a table `kind, origin, destination, sector, value`. For `deficit` the region stands in
    /// `destination`.
    ///
    /// # Errors
    /// A missing column, an unknown kind, a cell that is no number. Names of regions and sectors are checked when
    /// the shock meets an economy.
    pub fn from_table(table: &Table) -> Result<Self, TradeError> {
        let (kinds, origins) = (table.texts("kind")?, table.texts("origin")?);
        let (destinations, sectors) = (table.texts("destination")?, table.texts("sector")?);
        let values = table.reals("value")?;
        let mut shock = Self::new();
        for row in 0..values.len() {
            let kind = ShockKind::named(&kinds[row]).map_err(|error| TradeError::Row {
                table: table.name().to_owned(),
                row: row + 1,
                what: error.to_string(),
            })?;
            shock = shock.with(
                kind,
                &origins[row],
                &destinations[row],
                &sectors[row],
                values[row],
            );
        }
        Ok(shock)
    }
}

/// A shock in the indices of a model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolved {
    /// Flow, new tariff, iceberg factor; the flows that change.
    pub(crate) changes: Vec<Change>,
    /// New deficits.
    pub(crate) deficit: Vec<f64>,
    /// Sector, origin, destination, target.
    pub(crate) purchases: Vec<(usize, usize, usize, f64)>,
    /// Export subsidies; the tariffs of `changes` hold them already.
    pub(crate) subsidies: Vec<Subsidy>,
    /// Factors on labour; empty: no change.
    pub(crate) labour: Vec<f64>,
}

/// A flow whose barriers change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) at: usize,
    pub(crate) tariff: f64,
    pub(crate) iceberg: f64,
}

/// The indices that a name stands for, and whether it may stand for several.
fn choose(
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
    if others {
        let rest = (0..names.len()).filter(|at| !listed.contains(at));
        return Ok((rest.collect(), true));
    }
    let several = listed.len() > 1;
    Ok((listed, several))
}

/// Barriers while rows are applied; made when the first row needs them.
struct Barriers {
    tariff: Vec<f64>,
    iceberg: Option<Vec<f64>>,
    subsidy: Option<Vec<f64>>,
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
        let n = base.n;
        let mut resolved = Self {
            deficit: base.deficit.clone(),
            ..Self::default()
        };
        let mut barriers: Option<Barriers> = None;
        for row in &shock.rows {
            let value = row.value;
            if !value.is_finite() {
                return Err(TradeError::Shock(format!("{value} is no finite number")));
            }
            match row.kind {
                ShockKind::Tariff
                | ShockKind::TariffAdd
                | ShockKind::Iceberg
                | ShockKind::ExportSubsidy => {
                    let barriers = barriers.get_or_insert_with(|| Barriers {
                        tariff: base.tariff.clone(),
                        iceberg: None,
                        subsidy: None,
                    });
                    barrier(base, row, barriers)?;
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
                    if value <= 0.0 {
                        return Err(TradeError::Shock(format!(
                            "the factor {value} on the labour of {} must be above zero (1 is no change)",
                            row.destination
                        )));
                    }
                    resolved.labour.resize(n, 1.0);
                    for m in choose("region", &base.regions, &row.destination)?.0 {
                        resolved.labour[m] *= value;
                    }
                }
                ShockKind::Purchase => resolved.purchases.push(purchase(base, row)?),
            }
        }
        if let Some(barriers) = barriers {
            resolved.take(base, &barriers);
        }
        Ok(resolved)
    }

    /// Takes what differs from the baseline.
    fn take(&mut self, base: &Calibration, barriers: &Barriers) {
        let n = base.n;
        for at in 0..base.flow.len() {
            let tariff = barriers.tariff[at];
            let iceberg = barriers.iceberg.as_ref().map_or(1.0, |d| d[at]);
            let rate = barriers.subsidy.as_ref().map_or(0.0, |s| s[at]);
            // Exact: only what no row touched is left out.
            if tariff.to_bits() == base.tariff[at].to_bits()
                && iceberg.to_bits() == 1.0_f64.to_bits()
                && rate == 0.0
            {
                continue;
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
                let (sector, from, to) = (&base.sectors[j], &base.regions[i], &base.regions[m]);
                let wrong = match row.kind {
                    ShockKind::Iceberg => {
                        let none = || vec![1.0; base.flow.len()];
                        barriers.iceberg.get_or_insert_with(none)[at] *= value;
                        (value <= 0.0).then(|| {
                            format!(
                                "the iceberg factor {value} of {sector} from {from} to {to} must be above zero (1 is \
                                 no change)"
                            )
                        })
                    }
                    ShockKind::ExportSubsidy => {
                        let none = || vec![0.0; base.flow.len()];
                        barriers.subsidy.get_or_insert_with(none)[at] = value;
                        (value >= 1.0).then(|| {
                            format!(
                                "the export subsidy {value} of {from} on {sector} to {to} must be below 1 (it is a \
                                 share of what the producer gets)"
                            )
                        })
                    }
                    kind => {
                        let rate = &mut barriers.tariff[at];
                        *rate = if kind == ShockKind::TariffAdd {
                            *rate + value
                        } else {
                            value
                        };
                        (*rate <= -1.0).then(|| {
                            format!(
                                "the tariff of {to} on {sector} from {from} becomes {rate}; it is a fraction and must \
                                 stay above −1"
                            )
                        })
                    }
                };
                if let Some(wrong) = wrong {
                    return Err(TradeError::Shock(wrong));
                }
            }
        }
    }
    Ok(())
}

fn purchase(base: &Calibration, row: &ShockRow) -> Result<(usize, usize, usize, f64), TradeError> {
    let i = position("region", &base.regions, &row.origin)?;
    let m = position("region", &base.regions, &row.destination)?;
    let j = position("sector", &base.sectors, &row.sector)?;
    let fail = |what: String| TradeError::Purchase {
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
    Ok((j, i, m, row.value))
}
