//! What a tariff or a concession does: a many-region, many-sector general-equilibrium trade model.
//!
//! Owns: economies (regions × sectors in a base year), shocks, the exact-hat solver of Caliendo & Parro (2015), the
//! indicators read from an equilibrium, and their sensitivities.
//!
//! Refuses: law (which tariff is owed comes from elsewhere, as a fraction) and bargaining.
//!
//! ```no_run
//! use std::path::Path;
//! use winset_trade::{Closure, Economy, Indicator, Model, Options, Shock, Workspace};
//!
//! # fn main() -> Result<(), winset_trade::TradeError> {
//! let economy = Economy::from_folder(Path::new("economy_2022_17"))?;
//! let model = Model::new(&economy, Options::new("CP").closure(Closure::Fixed))?;
//! let mut workspace = Workspace::new(); // one per thread
//!
//! let no_deal = Shock::new().tariff("*", "USA", "*", 0.10).tariff_add("JPN", "USA", "C29", 0.24);
//! let equilibrium = model.solve(&no_deal, &mut workspace, None)?;
//! let ev = Indicator::EvBusd("JPN".into());
//! println!("{ev}: {:.2}", equilibrium.value(&ev)?);
//!
//! // A neighbour, started from there; and which barrier matters most for Japan.
//! let deal = no_deal.clone().iceberg("USA", "JPN", "A01", 0.9);
//! let nearby = model.solve(&deal, &mut workspace, Some(&equilibrium))?;
//! let gradient = model.sensitivities(&nearby, &ev, &mut workspace)?;
//! println!("per point on cars: {:.3}", 0.01 * gradient.by_tariff("JPN", "USA", "C29")?);
//! # Ok(())
//! # }
//! ```

mod adjoint;
mod aggregate;
mod balance;
mod calibration;
mod coarse;
mod continuation;
pub mod decomposition;
mod dense;
pub mod draws;
#[cfg(test)]
mod dual_tests;
mod economy;
mod equilibrium;
mod error;
mod gmres;
pub mod gravity;
pub mod gsim;
mod indicator;
mod kernels;
pub mod krugman;
mod local;
mod model;
pub mod nested;
mod newton;
mod passes;
mod point;
mod preconditioner;
mod purchase;
mod read;
pub mod resistance;
mod resolved;
mod rows;
#[cfg(test)]
mod sample;
mod secant;
mod sensitivity;
mod shock;
mod shocked;
pub mod smart;
mod steps;
pub mod strategy;
mod system;
#[cfg(test)]
mod tests;
mod transposed;
mod vectors;
mod write;

pub use aggregate::Mapping;
pub use balance::UnbalancedTables;
pub use economy::{Economy, EconomyInfo, Unit};
pub use equilibrium::{Equilibrium, SolveReport};
pub use error::TradeError;
pub use indicator::Indicator;
pub use model::{Closure, Model, Numeraire, Options};
pub use newton::Workspace;
pub use passes::PassTime;
pub use purchase::PurchaseReport;
pub use sensitivity::Gradient;
pub use shock::{Shock, ShockKind, ShockRow};
pub use write::{Form, RegionAccounts};
