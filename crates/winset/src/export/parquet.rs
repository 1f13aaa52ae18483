//! A table as Parquet.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};

use super::ExportError;
use super::tables::{Column, Kind, Table, Value};

/// One row group, zstd; days are dates, what is missing is null. The same table gives the same bytes.
pub(super) fn write(table: &Table) -> Result<Vec<u8>, ExportError> {
    columns(table).map_err(|source| ExportError::Parquet {
        table: table.name,
        source,
    })
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Whole => (Physical::INT64, None),
        Kind::Flag => (Physical::BOOLEAN, None),
        _ => (Physical::DOUBLE, None),
    };
    Type::primitive_type_builder(column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
        .map(Arc::new)
}

/// Days since 1 January 1970.
fn days(iso: &str) -> Option<i32> {
    let day = iso.parse::<jiff::civil::Date>().ok()?;
    let since = day.since(jiff::civil::date(1970, 1, 1)).ok()?;
    Some(since.get_days())
}

/// The values of a column that are there, and for every row whether one is.
fn present<T>(cells: &[&Value], read: impl Fn(&Value) -> Option<T>) -> (Vec<T>, Vec<i16>) {
    let values: Vec<Option<T>> = cells.iter().map(|v| read(v)).collect();
    let levels = values.iter().map(|v| i16::from(v.is_some())).collect();
    (values.into_iter().flatten().collect(), levels)
}

fn columns(table: &Table) -> Result<Vec<u8>, ParquetError> {
    let fields = table
        .columns
        .iter()
        .map(field)
        .collect::<Result<Vec<_>, _>>()?;
    let schema = Type::group_type_builder(table.name)
        .with_fields(fields)
        .build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("winset".to_owned())
        .build();
    let mut out = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut out, Arc::new(schema), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    let mut place = 0;
    while let Some(mut column) = group.next_column()? {
        let cells: Vec<&Value> = table.rows.iter().map(|row| &row[place]).collect();
        match column.untyped() {
            ColumnWriter::ByteArrayColumnWriter(w) => {
                let (values, levels) = present(&cells, |v| match v {
                    Value::Text(text) => Some(ByteArray::from(text.as_str())),
                    _ => None,
                });
                w.write_batch(&values, Some(&levels), None)?;
            }
            ColumnWriter::Int32ColumnWriter(w) => {
                let (values, levels) = present(&cells, |v| match v {
                    Value::Text(text) => days(text),
                    _ => None,
                });
                w.write_batch(&values, Some(&levels), None)?;
            }
            ColumnWriter::Int64ColumnWriter(w) => {
                let (values, levels) = present(&cells, |v| match v {
                    Value::Whole(number) => Some(*number),
                    _ => None,
                });
                w.write_batch(&values, Some(&levels), None)?;
            }
            ColumnWriter::BoolColumnWriter(w) => {
                let (values, levels) = present(&cells, |v| match v {
                    Value::Flag(flag) => Some(*flag),
                    _ => None,
                });
                w.write_batch(&values, Some(&levels), None)?;
            }
            ColumnWriter::DoubleColumnWriter(w) => {
                let (values, levels) = present(&cells, |v| match v {
                    Value::Number(number) => Some(*number),
                    _ => None,
                });
                w.write_batch(&values, Some(&levels), None)?;
            }
            _ => return Err(ParquetError::General("a column of another type".to_owned())),
        }
        column.close()?;
        place += 1;
    }
    group.close()?;
    writer.close()?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn a_day_is_counted_from_1970() {
        assert_eq!(
            [days("1970-01-01"), days("2025-04-16"), days("soon")],
            [Some(0), Some(20_194), None]
        );
    }
}
