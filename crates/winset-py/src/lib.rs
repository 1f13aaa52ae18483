//! winset from Python.
//!
//! Owns: what Python hands over as the types of the engines, and their answers as Python objects and Arrow tables; threads, Ctrl-C and
//! exceptions on the way. `python/winset/` is the package around it.
//!
//! Refuses: to compute. Every number comes from a function of `winset` that the command line calls too.

mod assess;
mod capsule;
mod column;
mod dossier;
mod duty;
mod economy;
mod error;
mod files;
mod given;
mod laws;
mod rates;
mod strategy;
mod table;
mod told;
mod work;

/// The part of the package `winset` that is written in Rust.
#[pyo3::pymodule]
mod _winset {
    #[pymodule_export]
    use crate::assess::assess;
    #[pymodule_export]
    use crate::dossier::{Brief, Dossier};
    #[pymodule_export]
    use crate::duty::{Component, Duty, Fee, Need, Step, duty};
    #[pymodule_export]
    use crate::economy::{Economy, Solved};
    #[pymodule_export]
    use crate::error::{Error, InputError, LawError, SolveError};
    #[pymodule_export]
    use crate::files::{Job, assess_items};
    #[pymodule_export]
    use crate::laws::PyLaw;
    #[pymodule_export]
    use crate::rates::rates;
    #[pymodule_export]
    use crate::strategy::Strategy;
    #[pymodule_export]
    use crate::table::Table;

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::work::loaded();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
