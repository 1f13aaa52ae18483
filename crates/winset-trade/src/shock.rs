//! Shocks: what changes in the world, by name.

use winset_io::Table;

use crate::economy::Economy;
use crate::error::TradeError;
use crate::resolved::choose;

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
    pub fn push(&mut self, row: ShockRow) {
        self.rows.push(row);
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
