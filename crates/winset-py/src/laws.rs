//! The laws that ship, each compiled when first asked for and kept as long as the process runs.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};

use winset::assess::Laws;
use winset::law::{exchange_rates, importers, of_importer};
use winset_io::Problems;
use winset_law::{Country, Law};

use crate::error::Failure;

/// With or without exchange rates: they are for entries in other currencies than the importer's.
type Key = (Country, bool);

/// The law of an importer, with exchange rates where they are wanted.
pub(crate) fn law(importer: Country, exchange: bool) -> Result<&'static Law, Failure> {
    static KEPT: OnceLock<RwLock<HashMap<Key, &'static Law>>> = OnceLock::new();
    static MAKING: Mutex<()> = Mutex::new(());
    let kept = KEPT.get_or_init(RwLock::default);
    let find = || {
        let kept = kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(&(importer, exchange)).copied()
    };
    if let Some(law) = find() {
        return Ok(law);
    }
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(law) = find() {
        return Ok(law);
    }
    let mut law = of_importer(importer)?;
    if exchange {
        law = law.with_exchange(exchange_rates()?);
    }
    // Kept to the end of the process; a law is too large to be cloned for every question.
    let law: &'static Law = Box::leak(Box::new(law));
    let mut all = kept.write().unwrap_or_else(PoisonError::into_inner);
    all.insert((importer, exchange), law);
    Ok(law)
}

/// The laws that ship, for tables of entries.
pub(crate) struct Shipped;

impl Laws for Shipped {
    type Error = Problems;

    fn law(&self, importer: Country) -> Result<Option<Law>, Problems> {
        if !importers().any(|there| there == importer) {
            return Ok(None);
        }
        match law(importer, false) {
            Ok(law) => Ok(Some(law.clone())),
            Err(Failure::Input(problems)) => Err(problems),
            Err(Failure::Law(what) | Failure::Solve(what)) => {
                Err(winset_io::Problem::general(what).into())
            }
        }
    }

    fn there(&self) -> String {
        let names: Vec<&str> = importers().map(Country::iso2).collect();
        names.join(", ")
    }
}
