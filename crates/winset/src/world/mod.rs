//! Worlds: every importer's tariffs on every origin, and what the economy makes of them.
//!
//! [`Border`] turns the law into tariff changes by origin and sector, [`Effect`] turns an option of the
//! dossier into what it changes, [`Lab`] solves the worlds that follow.

mod border;
mod economy;
mod effect;
mod lab;
mod products;

pub use border::{Border, Coverage, Days, Origins, SectorRates};
pub use economy::load as load_economy;
pub use effect::{Amendment, Effect, Purchase, Side, effect};
pub use lab::{Anchor, Lab, Measured, World, side};
pub use products::{farm_trade, solve_product};
