//! What can be wrong with an economy, a shock or a solve.

use winset_io::{Problem, TableError};

/// The one error type of this crate. Every message says what is wrong, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TradeError {
    /// A table cannot be read, lacks a column, or holds something that is no number.
    #[error(transparent)]
    Table(#[from] TableError),
    /// `economy.toml` is not what it should be.
    #[error("{0}")]
    Toml(#[from] Problem),
    /// A file of the economy folder cannot be read.
    #[error("{path}: {error} ({holds})")]
    Read {
        /// The file.
        path: String,
        /// What the system said.
        error: std::io::Error,
        /// What a folder of this kind holds.
        holds: &'static str,
    },
    /// A table that stands in a folder twice.
    #[error("{parquet} and {csv} are there, and only one can be meant: take the other away")]
    Twice {
        /// The one file.
        parquet: String,
        /// The other.
        csv: String,
    },
    /// A folder that holds something else than an economy, and would be replaced by one.
    #[error(
        "{folder}: `{file}` is no file of an economy, and the folder is replaced whole (name another folder, or move the file)"
    )]
    NotReplaced {
        /// The folder.
        folder: String,
        /// What stands in it.
        file: String,
    },
    /// A file or folder that cannot be written.
    #[error(
        "{path}: {error} (nothing of this file was written; choose a folder that can be written to)"
    )]
    Write {
        /// The file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A row names something that does not exist, holds a value out of range, or repeats a cell.
    #[error("{table}: row {row}: {what}")]
    Row {
        /// The table.
        table: String,
        /// The row, from 1, the header not counted.
        row: usize,
        /// What is wrong and what to do.
        what: String,
    },
    /// A cell of a shock's table that cannot be what it is.
    #[error("{table}: row {row}, column `{column}`: {what}")]
    ShockCell {
        /// The table.
        table: String,
        /// The row, from 1, the header not counted.
        row: usize,
        /// The column.
        column: &'static str,
        /// What is wrong and what to do.
        what: String,
    },
    /// A cell that the model needs is not there.
    #[error("{table}: no row for {cell}: {what}")]
    Missing {
        /// The table.
        table: String,
        /// The cell, as `region X, sector Y`.
        cell: String,
        /// Why it is needed.
        what: String,
    },
    /// The cost shares of a sector do not sum to one.
    #[error(
        "accounts do not close: region {region}, sector {sector}: value added {value_added} and inputs \
         {inputs} sum to {}, not 1 (correct the shares)", value_added + inputs
    )]
    Accounts {
        /// The region.
        region: String,
        /// The using sector.
        sector: String,
        /// Value added, a share of gross output.
        value_added: f64,
        /// The sum of the input shares.
        inputs: f64,
    },
    /// A sector whose costs are not above zero.
    #[error(
        "{table}: region {region}, sector {sector}: inputs {inputs} and value added {value_added} sum to {}: inputs may be below \
         zero, costs may not (correct the rows of this user)", inputs + value_added
    )]
    Costs {
        /// The table of inputs.
        table: String,
        /// The region.
        region: String,
        /// The using sector.
        sector: String,
        /// The sum of its inputs, a level.
        inputs: f64,
        /// Its value added, a level.
        value_added: f64,
    },
    /// Deficits that leave the world with one.
    #[error(
        "{table}: the deficits sum to {sum}, more than rounding of a value added of {world}: what one region lacks is another's \
         surplus (imports less exports of every region, the rest of the world too)"
    )]
    Deficits {
        /// The table.
        table: String,
        /// Their sum.
        sum: f64,
        /// Value added of the world.
        world: f64,
    },
    /// Industry uses more of a good than the region absorbs.
    #[error(
        "negative absorption: region {region}, sector {sector}: industry uses {used} but the region \
         buys {bought} in all (lower the input shares or add the missing trade rows)"
    )]
    NegativeAbsorption {
        /// The region.
        region: String,
        /// The sector.
        sector: String,
        /// What industry uses, in the economy's unit.
        used: f64,
        /// What the region buys, tariffs included, in the economy's unit.
        bought: f64,
    },
    /// A region produces or spends nothing.
    #[error("region {region} has {what} of zero: leave it out or merge it with another")]
    EmptyRegion {
        /// The region.
        region: String,
        /// `value added` or `final demand`.
        what: &'static str,
    },
    /// No such column of elasticities.
    #[error("no elasticities named `{name}` (there are: {known})")]
    UnknownElasticities {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A trade elasticity must be a positive number.
    #[error("sector {sector}: the trade elasticity θ = σ − 1 is {theta}; it must be above zero")]
    Elasticity {
        /// The sector.
        sector: String,
        /// The value given.
        theta: f64,
    },
    /// No region or sector of that name.
    #[error("no {kind} named `{name}` (there are: {known})")]
    Unknown {
        /// `region`, `sector`, `kind of shock` …
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A shock that no economy can take.
    #[error("shock: {0}")]
    Shock(String),
    /// A purchase target that cannot be met.
    #[error("purchase of {sector} by {importer} from {exporter}: {what}")]
    Purchase {
        /// The row of the shock, from 1.
        row: usize,
        /// Who sells.
        exporter: String,
        /// Who buys.
        importer: String,
        /// What is bought.
        sector: String,
        /// Why it cannot be met.
        what: String,
    },
    /// A product's market that cannot be what is described.
    #[error("product market: {what}")]
    Product {
        /// What is wrong and what to do.
        what: String,
    },
    /// An option out of range.
    #[error("{0}")]
    Option(String),
    /// The equations could not be solved; there are no numbers to give.
    #[error(
        "not converged: residual {residual:.1e} after {iterations} steps, worst market: {worst} ({})",
        match reached {
            Some(share) => format!(
                "applied in smaller and smaller steps, {:.1} % of the shock has an equilibrium that was found: lower it",
                100.0 * share
            ),
            None => "no answer was found from where it began: start nearer to it".to_owned(),
        }
    )]
    NotConverged {
        /// The largest residual, relative to the market's size in the base year.
        residual: f64,
        /// Newton and fixed-point steps taken.
        iterations: usize,
        /// The market with the largest residual.
        worst: String,
        /// The share of the shock, in logs, that could be solved for, where it was applied in steps.
        reached: Option<f64>,
    },
    /// All equations hold, but at an income that no region can have.
    #[error(
        "no equilibrium: {region} is left without income: labour {labour_busd:.6}, tariff revenue less subsidies {revenue_busd:.6} \
         and deficit {deficit_busd:.6} bn USD sum to {:.6} (lower what it pays: subsidies to imports and exports, transfers, \
         a surplus)", labour_busd + revenue_busd + deficit_busd
    )]
    NoIncome {
        /// The region.
        region: String,
        /// Its labour income, billion USD.
        labour_busd: f64,
        /// Its tariff revenue less import and export subsidies, billion USD.
        revenue_busd: f64,
        /// Its deficit, transfers included, billion USD.
        deficit_busd: f64,
    },
    /// So little is traded that the balance of trade, which fixes wages, cannot be told from rounding.
    #[error(
        "no trade left: {region} trades {trade_busd:.1e} bn USD with all others, and is off its balance by {imbalance:.1e} of that; \
         wages are fixed by the balance of trade, which rounding hides (lower the barriers, or leave the region out)"
    )]
    NoTrade {
        /// The region.
        region: String,
        /// Its exports and imports, billion USD.
        trade_busd: f64,
        /// Imports less exports less the deficit, over the two of them.
        imbalance: f64,
    },
}

impl TradeError {
    /// With the share of the shock that could be solved for.
    pub(crate) fn reached(mut self, share: f64) -> Self {
        if let Self::NotConverged { reached, .. } = &mut self {
            *reached = Some(share);
        }
        self
    }

    /// Whether nothing is wrong with what was asked but that no equilibrium was found for it.
    pub fn is_no_equilibrium(&self) -> bool {
        matches!(
            self,
            Self::NotConverged { .. } | Self::NoIncome { .. } | Self::NoTrade { .. }
        )
    }
}
