//! Tables that Python is handed, and small ones that it hands over.

use std::sync::Arc;

use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, Decimal128Array, Float64Array, RecordBatch, RecordBatchIterator,
    RecordBatchReader, StringArray, cast::AsArray,
};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use rust_decimal::Decimal;

use crate::capsule;
use crate::column::column;
use crate::error::Failure;
use crate::told::decimal;

/// A table of an answer. Any library that reads Arrow tables takes it as it is, without a copy: `polars.DataFrame(table)`,
/// `pyarrow.table(table)`; `to_dict()` needs none.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    /// Of batches of one schema.
    pub(crate) fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }

    /// Of columns of one length.
    pub(crate) fn of(columns: Vec<(&str, ArrayRef)>) -> Result<Self, Failure> {
        let batch = RecordBatch::try_from_iter(columns).map_err(Failure::input)?;
        Ok(Self::new(batch.schema(), vec![batch]))
    }
}

#[pymethods]
impl Table {
    /// The batches, by the Arrow `PyCapsule` protocol.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The protocol leaves it to the giver whether to follow the wish.
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        capsule::stream(py, Box::new(reader))
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> String {
        let (rows, names) = (self.__len__(), self.column_names().join(", "));
        format!("<winset.Table of {rows} rows: {names}>")
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        let fields = self.schema.fields().iter();
        fields.map(|field| field.name().clone()).collect()
    }

    /// A list of values for each column; a missing value is `None`, an amount a `Decimal`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(py);
        for (place, field) in self.schema.fields().iter().enumerate() {
            let list = PyList::empty(py);
            for batch in &self.batches {
                push(&list, batch.column(place))?;
            }
            columns.set_item(field.name(), list)?;
        }
        Ok(columns)
    }
}

/// Adds the values of an array of one of the types that answers have.
fn push(list: &Bound<'_, PyList>, array: &ArrayRef) -> PyResult<()> {
    let py = list.py();
    for row in 0..array.len() {
        if array.is_null(row) {
            list.append(py.None())?;
        } else if let Some(texts) = array.as_string_opt::<i32>() {
            list.append(texts.value(row))?;
        } else if let Some(amounts) = array.as_any().downcast_ref::<Decimal128Array>() {
            let scale = u32::try_from(amounts.scale()).unwrap_or_default();
            let amount = Decimal::try_from_i128_with_scale(amounts.value(row), scale)
                .map_err(|error| Failure::input(error).raise(py))?;
            list.append(decimal(py, amount)?)?;
        } else if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
            list.append(numbers.value(row))?;
        } else {
            list.append(array.as_primitive::<Float64Type>().value(row))?;
        }
    }
    Ok(())
}

/// Texts as a column.
pub(crate) fn texts<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> ArrayRef {
    // Arrow wants to know how many there are.
    let values: Vec<T> = values.into_iter().collect();
    Arc::new(StringArray::from_iter_values(values))
}

/// Numbers as a column.
pub(crate) fn reals(values: impl IntoIterator<Item: Into<Option<f64>>>) -> ArrayRef {
    let values = values.into_iter().map(Into::into);
    Arc::new(values.collect::<Float64Array>())
}

/// Reads a small table that Python hands over; `name` stands in error messages.
pub(crate) fn read(
    name: &str,
    reader: impl RecordBatchReader,
) -> Result<winset_io::Table, Failure> {
    let schema = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, ArrowError>>();
    let batches =
        batches.map_err(|error| Failure::input(format!("{name} does not read: {error}")))?;
    let mut table = winset_io::Table::new(name);
    for (place, field) in schema.fields().iter().enumerate() {
        let unsupported = || winset_io::TableError::Type {
            table: name.to_owned(),
            column: field.name().clone(),
            found: field.data_type().to_string(),
        };
        let mut cells = Vec::new();
        for batch in &batches {
            let read = column(batch.column(place)).ok_or_else(unsupported)?;
            cells.extend((0..batch.num_rows()).map(|row| read.cell(row).text()));
        }
        // Numbers are read from their digits, as those of a CSV table are.
        table = table.with(field.name(), winset_io::Column::Text(cells));
    }
    Ok(table)
}

/// The type of an amount.
pub(crate) fn amount_type() -> DataType {
    use winset_io::stream::{AMOUNT_DIGITS, AMOUNT_SCALE};
    DataType::Decimal128(AMOUNT_DIGITS, AMOUNT_SCALE as i8)
}

/// A table of rows: texts, then numbers, each a column with the name of its field.
macro_rules! table_of {
    ($rows:expr, $row:ty, [$($text:ident),*], [$($number:ident),*]) => {{
        let rows = $rows;
        $crate::table::Table::of(vec![
            $((stringify!($text), $crate::table::texts(rows.iter().map(|row: &$row| &row.$text))),)*
            $((stringify!($number), $crate::table::reals(rows.iter().map(|row: &$row| row.$number))),)*
        ])
    }};
}

pub(crate) use table_of;
