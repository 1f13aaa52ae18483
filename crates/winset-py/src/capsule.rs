//! Tables that Python hands over and is handed, by the Arrow `PyCapsule` protocol: no values are copied.
//!
//! The one place of the package with `unsafe`: a capsule is a pointer with a name, and the protocol
//! (<https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>) says what stands behind it.

use std::ffi::CStr;

use arrow_array::RecordBatchReader;
use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};

use crate::error::Failure;

/// The name of a capsule that holds a stream of batches.
const STREAM: &CStr = c"arrow_array_stream";

/// The batches of an object that has `__arrow_c_stream__`; nothing is read of them yet. `needed` are the columns without which
/// there is no answer, `read` all that are read; none: every column is.
pub(crate) fn reader_of(
    table: &Bound<'_, PyAny>,
    needed: &[&str],
    read: &[&str],
) -> PyResult<ArrowArrayStreamReader> {
    let tables = table.py().import("winset._tables")?;
    let table = tables.call_method1("readable", (table, needed.to_vec(), read.to_vec()))?;
    taken(&table)
}

/// As [`reader_of`] a table of which every column is read.
pub(crate) fn reader(table: &Bound<'_, PyAny>) -> PyResult<ArrowArrayStreamReader> {
    reader_of(table, &[], &[])
}

#[allow(unsafe_code)]
fn taken(table: &Bound<'_, PyAny>) -> PyResult<ArrowArrayStreamReader> {
    let py = table.py();
    let wrong = |what: String| Failure::input(what).raise(py);
    if !table.hasattr("__arrow_c_stream__")? {
        let class = table.get_type().name()?;
        return Err(wrong(format!(
            "a table is needed, and `{class}` is none: give a DataFrame of Polars or pandas, a PyArrow table, or a DuckDB relation \
             (whatever has `__arrow_c_stream__`)"
        )));
    }
    let capsule = table.call_method0("__arrow_c_stream__")?;
    let capsule = capsule.cast::<PyCapsule>()?;
    let stream = capsule.pointer_checked(Some(STREAM))?;
    // SAFETY: the protocol puts a valid stream behind a capsule of this name, and this thread holds Python, so that nobody
    // else takes it. `from_raw` moves it out and leaves a released one, whose destructor does nothing.
    let reader = unsafe { ArrowArrayStreamReader::from_raw(stream.cast().as_ptr()) };
    reader.map_err(|error| wrong(format!("the table does not read: {error}")))
}

/// A capsule with batches.
pub(crate) fn stream(
    py: Python<'_>,
    batches: Box<dyn RecordBatchReader + Send>,
) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(batches), STREAM)
}
