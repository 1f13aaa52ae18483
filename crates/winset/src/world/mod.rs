//! Worlds: every importer's tariffs on every origin, and what the economy makes of them.
//!
//! [`Border`] turns the law into tariff changes by origin and sector, [`Effect`] turns an option of the
//! dossier into what it changes, [`Lab`] solves the worlds that follow.

mod border;
mod economy;
mod effect;
mod incomes;
mod lab;
mod outcome;
mod parts;
mod products;
mod strategy;
mod structures;

pub use border::{Border, Coverage, Days, Origins, SectorRates};
pub use economy::load as load_economy;
pub use effect::{Amendment, Effect, Purchase, Side, effect};
pub use incomes::{IncomeRow, IncomeSpread, Incomes};
pub use lab::{Anchor, Lab, Measured, World, side};
pub use outcome::{
    DisplacedRow, FlowRow, Outcome, PurchaseRow, RegionRow, SectorRow, TradeRow,
    default_elasticities, flows,
};
pub use parts::{PartIncome, PartRow, parts};
pub use products::{farm_trade, solve_product};
pub use strategy::{
    GovernmentRow, Strategy, StrategyKind, StrategyQuestion, Structure, TariffRow,
    political_weights, strategy,
};
pub use structures::{
    Margin, SimulateQuestion, Simulated, StructureOutcome, StructureRow, deficits_name, simulate,
};
