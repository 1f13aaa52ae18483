//! What Python is told, as its own types: amounts, days, whole answers.

use jiff::civil::Date;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::error::Failure;

/// An amount as a Python `Decimal`.
pub(crate) fn decimal(py: Python<'_>, amount: Decimal) -> PyResult<Bound<'_, PyAny>> {
    static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = DECIMAL.import(py, "decimal", "Decimal")?;
    class.call1((amount.normalize().to_string(),))
}

/// A day as a Python `date`.
pub(crate) fn date(py: Python<'_>, day: Date) -> PyResult<Bound<'_, PyAny>> {
    static DATE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = DATE.import(py, "datetime", "date")?;
    class.call1((day.year(), day.month(), day.day()))
}

/// An answer with the number of its format.
#[derive(Serialize)]
struct Formatted<'a, T> {
    format: u32,
    #[serde(flatten)]
    answer: &'a T,
}

/// An answer as the command line gives it with `--json`, as JSON.
pub(crate) fn json(answer: &impl Serialize) -> Result<String, Failure> {
    as_it_is(&Formatted { format: 1, answer })
}

/// An answer that holds the number of its format, as JSON.
pub(crate) fn as_it_is(answer: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(answer).map_err(Failure::input)
}

/// JSON as Python's dictionaries and lists.
pub(crate) fn read<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (json,))
}
