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

/// A tariff of this many times the value, or more, was hardly meant as a fraction.
const MANY_TIMES: f64 = 10.0;

/// The columns that a table of changes may have.
const COLUMNS: [&str; 6] = ["kind", "origin", "destination", "sector", "value", "part"];

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

    /// As it is written.
    pub fn name(self) -> &'static str {
        let known = Self::ALL.iter().find(|(_, kind)| *kind == self);
        known.map_or("", |(name, _)| name)
    }

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

/// That a tariff becomes less than nothing at all.
pub(crate) fn below_minus_one(to: &str, sector: &str, from: &str, rate: f64) -> String {
    format!(
        "the tariff of {to} on {sector} from {from} becomes {rate}; it is a fraction and must stay above −1"
    )
}

impl ShockRow {
    /// Whether the row names what its kind asks for and nothing else, and the value is in range.
    ///
    /// # Errors
    /// The column at fault, and what is wrong in it.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        use ShockKind as K;
        let kind = self.kind.name();
        let cells = [
            ("origin", &self.origin),
            ("destination", &self.destination),
            ("sector", &self.sector),
        ];
        let used: &[&str] = match self.kind {
            K::Deficit | K::Labour => &["destination"],
            K::Transfer => &["origin", "destination"],
            _ => &["origin", "destination", "sector"],
        };
        let one = matches!(self.kind, K::Deficit | K::Transfer | K::Purchase);
        for (column, cell) in cells {
            if !used.contains(&column) {
                if !cell.is_empty() && cell != "*" {
                    let what = format!(
                        "a shock of the kind {kind} has no {column}, and `{cell}` stands there: write `*`"
                    );
                    return Err((column, what));
                }
                continue;
            }
            let thing = if column == "sector" {
                "sector"
            } else {
                "region"
            };
            if cell.trim().is_empty() {
                return Err((
                    column,
                    format!(
                        "it is blank: name a {thing}, or `*` for all where the kind takes several"
                    ),
                ));
            }
            if one && (cell == "*" || cell.starts_with('!')) {
                return Err((
                    column,
                    format!(
                        "a shock of the kind {kind} is of one {thing}, and `{cell}` stands for several: name one"
                    ),
                ));
            }
        }
        self.wrong_value()
            .map_or(Ok(()), |what| Err(("value", what)))
    }

    /// What is wrong with the value, whatever the economy.
    pub(crate) fn wrong_value(&self) -> Option<String> {
        use ShockKind as K;
        let Self {
            origin: from,
            destination: to,
            sector,
            value,
            ..
        } = self;
        match self.kind {
            _ if !value.is_finite() => Some(format!("{value} is no finite number")),
            K::Tariff if *value <= -1.0 => Some(below_minus_one(to, sector, from, *value)),
            K::Iceberg if *value <= 0.0 => Some(format!(
                "the iceberg factor {value} of {sector} from {from} to {to} must be above zero (1 is no change)"
            )),
            K::ExportSubsidy if *value >= 1.0 => Some(format!(
                "the export subsidy {value} of {from} on {sector} to {to} must be below 1 (it is a share of what the \
                 producer gets)"
            )),
            K::Labour if *value <= 0.0 => Some(format!(
                "the factor {value} on the labour of {to} must be above zero (1 is no change)"
            )),
            K::Purchase if *value <= 0.0 => Some(format!(
                "purchase of {sector} by {to} from {from}: the target is {value}; it must be above zero"
            )),
            _ => None,
        }
    }

    /// What is in range but hardly meant.
    pub fn doubt(&self) -> Option<String> {
        let rate = matches!(self.kind, ShockKind::Tariff | ShockKind::TariffAdd);
        (rate && self.value >= MANY_TIMES).then(|| {
            format!(
                "a {} of {} is {} per cent: it is a fraction, 0.25 is 25 per cent",
                self.kind.name(),
                self.value,
                100.0 * self.value
            )
        })
    }

    /// Whether an economy has what the row names, each name once.
    ///
    /// # Errors
    /// The column at fault, and the region or sector that is not there or stands there twice.
    pub fn check_names(&self, economy: &Economy) -> Result<(), (&'static str, TradeError)> {
        let columns = [
            ("origin", "region", economy.regions(), &self.origin),
            (
                "destination",
                "region",
                economy.regions(),
                &self.destination,
            ),
            ("sector", "sector", economy.sectors(), &self.sector),
        ];
        for (column, thing, known, cell) in columns {
            if !cell.is_empty() {
                choose(thing, known, cell).map_err(|error| (column, error))?;
            }
        }
        Ok(())
    }

    /// The error of a cell of the row at place `at`, from 0, of a table.
    pub fn fault(table: &str, at: usize, column: &'static str, what: String) -> TradeError {
        TradeError::ShockCell {
            table: table.to_owned(),
            row: at + 1,
            column,
            what,
        }
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
    /// A missing column, one that a shock does not have, a table without rows, an unknown kind, a cell that is no number, or
    /// what [`ShockRow::check`] finds, each with its row and column. Names of regions and sectors are checked when the
    /// shock meets an economy.
    pub fn from_table(table: &Table) -> Result<Self, TradeError> {
        if let Some(column) = table.column_names().find(|name| !COLUMNS.contains(name)) {
            return Err(TradeError::Shock(format!(
                "{}: a shock has no column `{column}` (there are: {}): leave it out",
                table.name(),
                COLUMNS.join(", ")
            )));
        }
        let (kinds, origins) = (table.texts("kind")?, table.texts("origin")?);
        let (destinations, sectors) = (table.texts("destination")?, table.texts("sector")?);
        let values = table.reals("value")?;
        if values.is_empty() {
            return Err(TradeError::Shock(format!(
                "{}: there is no row in it: add one a change (`tariff_add,*,*,*,0` changes nothing)",
                table.name()
            )));
        }
        let mut shock = Self::new();
        for row in 0..values.len() {
            let wrong = |column: &'static str, what: String| TradeError::ShockCell {
                table: table.name().to_owned(),
                row: row + 1,
                column,
                what,
            };
            let kind =
                ShockKind::named(&kinds[row]).map_err(|error| wrong("kind", error.to_string()))?;
            shock = shock.with(
                kind,
                &origins[row],
                &destinations[row],
                &sectors[row],
                values[row],
            );
            let change = &shock.rows[row];
            change
                .check()
                .map_err(|(column, what)| wrong(column, what))?;
        }
        Ok(shock)
    }
}
