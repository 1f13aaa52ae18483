//! The tariffs that governments choose.

use pyo3::prelude::*;
use winset::world::{self, GovernmentRow, StrategyKind, Structure, TariffRow};

use crate::error::Failure;
use crate::table::{Table, table_of};
use crate::told;

/// What is sought, by name.
pub(crate) fn kind(name: &str) -> Result<StrategyKind, Failure> {
    match name {
        "optimal" => Ok(StrategyKind::Optimal),
        "nash" => Ok(StrategyKind::Nash),
        "retaliate" => Ok(StrategyKind::Retaliate),
        "reciprocate" => Ok(StrategyKind::Reciprocate),
        "cooperate" => Ok(StrategyKind::Cooperate),
        other => Err(Failure::input(format!(
            "`{other}` is not sought here: write optimal, nash, retaliate, reciprocate or cooperate"
        ))),
    }
}

/// How markets work, by name.
pub(crate) fn structure(name: &str) -> Result<Structure, Failure> {
    match name {
        "armington" => Ok(Structure::Armington),
        "krugman" => Ok(Structure::Krugman),
        other => Err(Failure::input(format!(
            "`{other}` is no structure: write armington or krugman"
        ))),
    }
}

/// The tariffs that were found. Tariffs are fractions; gains are per cent of the baseline's objective.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Strategy(pub(crate) world::Strategy);

#[pymethods]
impl Strategy {
    /// Whether the first-order conditions hold; where not, read the numbers as a direction only.
    #[getter]
    fn converged(&self) -> bool {
        self.0.converged
    }

    /// The largest scaled derivative that is left.
    #[getter]
    fn gradient(&self) -> f64 {
        self.0.gradient
    }

    /// How many starting points were tried.
    #[getter]
    fn starts(&self) -> usize {
        self.0.starts
    }

    /// How many of them end in the same place.
    #[getter]
    fn agreeing(&self) -> usize {
        self.0.agreeing
    }

    /// A row a government: `objective_pct`, and its mean tariff by trade of the baseline, now and before.
    #[getter]
    fn regions(&self, py: Python<'_>) -> PyResult<Table> {
        let table = table_of!(
            &self.0.regions,
            GovernmentRow,
            [region],
            [objective_pct, tariff, base_tariff]
        );
        table.map_err(|failure| failure.raise(py))
    }

    /// A row a tariff that is another than in the baseline.
    #[getter]
    fn tariffs(&self, py: Python<'_>) -> PyResult<Table> {
        let table = table_of!(
            &self.0.tariffs,
            TariffRow,
            [origin, destination, sector],
            [tariff, base_tariff]
        );
        table.map_err(|failure| failure.raise(py))
    }

    /// All of it, as `winset strategy --json` answers.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = told::json(&self.0).map_err(|failure| failure.raise(py))?;
        told::read(py, &json)
    }

    fn __repr__(&self) -> String {
        let how = if self.0.converged {
            "converged"
        } else {
            "NOT converged"
        };
        format!("<winset.Strategy of {}: {how}>", self.0.economy)
    }
}
