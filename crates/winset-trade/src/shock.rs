//! Shocks: what changes in the world, by name.

use winset_io::Table;

use crate::economy::{cell, position};
use crate::error::TradeError;
use crate::model::Model;

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
    /// The flow from `origin` to `destination` becomes `value`, net of tariff, in the economy's unit; the buyer's
    /// government pays the wedge that this takes.
    Purchase,
}

impl ShockKind {
    const ALL: [(&'static str, Self); 6] = [
        ("tariff", Self::Tariff),
        ("tariff_add", Self::TariffAdd),
        ("iceberg", Self::Iceberg),
        ("deficit", Self::Deficit),
        ("transfer", Self::Transfer),
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

/// One change. Names may be `*`: every region (flows of a region to itself excepted), every sector.
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
}

/// A flow whose barriers change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) at: usize,
    pub(crate) tariff: f64,
    pub(crate) iceberg: f64,
}

fn choose(
    kind: &'static str,
    names: &[String],
    name: &str,
) -> Result<std::ops::Range<usize>, TradeError> {
    if name == "*" {
        return Ok(0..names.len());
    }
    position(kind, names, name).map(|at| at..at + 1)
}

impl Resolved {
    pub(crate) fn new(shock: &Shock, model: &Model) -> Result<Self, TradeError> {
        let base = model.calibration();
        let n = base.n;
        let mut deficit = base.deficit.clone();
        let mut purchases = Vec::new();
        let mut tariff: Option<Vec<f64>> = None;
        let mut iceberg: Option<Vec<f64>> = None;
        for row in &shock.rows {
            let value = row.value;
            if !value.is_finite() {
                return Err(TradeError::Shock(format!("{value} is no finite number")));
            }
            match row.kind {
                ShockKind::Tariff | ShockKind::TariffAdd | ShockKind::Iceberg => {
                    let origins = choose("region", &base.regions, &row.origin)?;
                    let destinations = choose("region", &base.regions, &row.destination)?;
                    let sectors = choose("sector", &base.sectors, &row.sector)?;
                    let wild = origins.len() > 1 || destinations.len() > 1;
                    for j in sectors {
                        for i in origins.clone() {
                            for m in destinations.clone() {
                                if wild && i == m {
                                    continue;
                                }
                                let at = cell(n, j, i, m);
                                let rates = tariff.get_or_insert_with(|| base.tariff.clone());
                                match row.kind {
                                    ShockKind::Tariff => rates[at] = value,
                                    ShockKind::TariffAdd => rates[at] += value,
                                    _ if value > 0.0 => {
                                        let len = base.flow.len();
                                        iceberg.get_or_insert_with(|| vec![1.0; len])[at] *= value;
                                    }
                                    _ => {
                                        return Err(TradeError::Shock(format!(
                                            "the iceberg factor {value} of {} from {} to {} must be above zero \
                                             (1 is no change)",
                                            base.sectors[j], base.regions[i], base.regions[m]
                                        )));
                                    }
                                }
                                if rates[at] <= -1.0 {
                                    return Err(TradeError::Shock(format!(
                                        "the tariff of {} on {} from {} becomes {}; it is a fraction and must stay \
                                         above −1",
                                        base.regions[m],
                                        base.sectors[j],
                                        base.regions[i],
                                        rates[at]
                                    )));
                                }
                            }
                        }
                    }
                }
                ShockKind::Deficit => {
                    let m = position("region", &base.regions, &row.destination)?;
                    let rest: f64 = base.income.iter().sum::<f64>() - base.income[m];
                    let more = value - deficit[m];
                    for i in 0..n {
                        deficit[i] -= more * base.income[i] / rest;
                    }
                    deficit[m] = value;
                }
                ShockKind::Transfer => {
                    let from = position("region", &base.regions, &row.origin)?;
                    let to = position("region", &base.regions, &row.destination)?;
                    deficit[from] -= value;
                    deficit[to] += value;
                }
                ShockKind::Purchase => purchases.push(purchase(base, row)?),
            }
        }
        let mut changes = Vec::new();
        if let Some(tariff) = tariff {
            for at in 0..tariff.len() {
                let iceberg = iceberg.as_ref().map_or(1.0, |d| d[at]);
                // Exact: only what no row touched is left out.
                if tariff[at].to_bits() != base.tariff[at].to_bits()
                    || iceberg.to_bits() != 1.0_f64.to_bits()
                {
                    changes.push(Change {
                        at,
                        tariff: tariff[at],
                        iceberg,
                    });
                }
            }
        }
        Ok(Self {
            changes,
            deficit,
            purchases,
        })
    }
}

fn purchase(
    base: &crate::calibration::Calibration,
    row: &ShockRow,
) -> Result<(usize, usize, usize, f64), TradeError> {
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
