//! A table as CSV.

use super::ExportError;
use super::tables::{Table, Value};

/// UTF-8, the names of the columns first; what is missing is blank, yes and no are `true` and `false`.
pub(super) fn write(table: &Table) -> Result<Vec<u8>, ExportError> {
    let fail = |source| ExportError::Csv {
        table: table.name,
        source,
    };
    let mut out = ::csv::Writer::from_writer(Vec::new());
    out.write_record(table.columns.iter().map(|c| c.name))
        .map_err(fail)?;
    for row in &table.rows {
        let cells = row.iter().map(|value| match value {
            Value::Missing => String::new(),
            Value::Text(text) => text.clone(),
            Value::Whole(number) => number.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
        });
        out.write_record(cells).map_err(fail)?;
    }
    out.into_inner()
        .map_err(|error| fail(error.into_error().into()))
}
