//! A batch of answers made ready to be written, on any thread.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::writer::{ColumnCloseResult, ColumnWriter, get_column_writer};
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{ColumnPath, SchemaDescPtr, SchemaDescriptor, Type};

use super::cells::Texts;
use super::format::FileFormat;
use super::numbers::push_decimal;
use crate::TableError;

/// Digits behind the point of an amount in a table of columns (Parquet, Arrow).
pub const AMOUNT_SCALE: u32 = 10;
/// Digits of such an amount in all.
pub const AMOUNT_DIGITS: u8 = 38;
/// Bytes of an amount in Parquet.
const WIDTH: usize = 16;

/// What a column of answers holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Texts that differ in most rows.
    Text,
    /// Texts of which few differ.
    Repeated,
    /// Exact amounts: `DECIMAL(38,10)` in Parquet, where further digits are rounded half to even; all
    /// digits in CSV.
    Amount,
    /// A floating-point number.
    Real,
}

/// The cells of one column of answers.
#[derive(Clone, Debug)]
pub enum Answers {
    /// Of [`Kind::Text`] and [`Kind::Repeated`].
    Texts(Texts),
    /// Of [`Kind::Amount`]: all digits, and how many stand behind the point; `None` is blank.
    Amounts(Vec<Option<(i128, u32)>>),
    /// Of [`Kind::Real`]; `None` is blank.
    Reals(Vec<Option<f64>>),
}

fn fail(error: ParquetError) -> TableError {
    TableError::Parquet {
        table: "the answer".to_owned(),
        error,
    }
}

/// A batch that is ready to be written.
pub struct Encoded(pub(super) Ready);

pub(super) enum Ready {
    Csv(Vec<u8>),
    Parquet(Vec<(Bytes, ColumnCloseResult)>),
}

/// Makes batches ready for files of one format with certain columns; threads may share it.
pub struct Encoder {
    format: FileFormat,
    columns: Vec<(&'static str, Kind)>,
    pub(super) schema: Arc<Type>,
    described: SchemaDescPtr,
    pub(super) properties: WriterPropertiesPtr,
}

impl Encoder {
    /// For the columns of a file, by name and kind.
    ///
    /// # Errors
    /// Names that Parquet does not take.
    pub fn new(format: FileFormat, columns: &[(&'static str, Kind)]) -> Result<Self, TableError> {
        Self::build(format, columns).map_err(fail)
    }

    fn build(format: FileFormat, columns: &[(&'static str, Kind)]) -> Result<Self, ParquetError> {
        let fields = columns
            .iter()
            .map(|(name, kind)| {
                let (physical, logical, repetition) = match kind {
                    Kind::Text | Kind::Repeated => (
                        Physical::BYTE_ARRAY,
                        Some(LogicalType::String),
                        Repetition::REQUIRED,
                    ),
                    Kind::Amount => (
                        Physical::FIXED_LEN_BYTE_ARRAY,
                        Some(LogicalType::decimal(
                            AMOUNT_SCALE as i32,
                            AMOUNT_DIGITS.into(),
                        )),
                        Repetition::OPTIONAL,
                    ),
                    Kind::Real => (Physical::DOUBLE, None, Repetition::OPTIONAL),
                };
                let mut field = Type::primitive_type_builder(name, physical)
                    .with_repetition(repetition)
                    .with_logical_type(logical);
                if *kind == Kind::Amount {
                    field = field
                        .with_length(WIDTH as i32)
                        .with_precision(AMOUNT_DIGITS.into())
                        .with_scale(AMOUNT_SCALE as i32);
                }
                field.build().map(Arc::new)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let schema = Arc::new(
            Type::group_type_builder("table")
                .with_fields(fields)
                .build()?,
        );
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true)
            .set_dictionary_enabled(false)
            .set_created_by("winset".to_owned());
        for (name, _) in columns.iter().filter(|(_, kind)| *kind == Kind::Repeated) {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), true);
        }
        Ok(Self {
            format,
            columns: columns.to_vec(),
            described: Arc::new(SchemaDescriptor::new(schema.clone())),
            schema,
            properties: Arc::new(properties.build()),
        })
    }

    /// The format of the file.
    pub fn format(&self) -> FileFormat {
        self.format
    }

    /// The header line of a CSV file.
    pub(super) fn header(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(",") + "\n"
    }

    /// Makes a batch of `rows` rows ready.
    ///
    /// # Errors
    /// Columns of other kinds or lengths than the file has; an amount of more than 38 digits.
    pub fn encode(&self, rows: usize, answers: Vec<Answers>) -> Result<Encoded, TableError> {
        Ok(Encoded(match self.format {
            FileFormat::Csv => Ready::Csv(csv(rows, &answers)),
            FileFormat::Parquet => {
                let mut columns = Vec::with_capacity(answers.len());
                for (place, column) in answers.into_iter().enumerate() {
                    columns.push(self.column(place, column).map_err(fail)?);
                }
                Ready::Parquet(columns)
            }
        }))
    }

    fn column(
        &self,
        place: usize,
        answers: Answers,
    ) -> Result<(Bytes, ColumnCloseResult), ParquetError> {
        let mut out = TrackedWrite::new(Vec::new());
        let pages = Box::new(SerializedPageWriter::new(&mut out));
        let (described, properties) = (self.described.column(place), self.properties.clone());
        let closed = match (get_column_writer(described, properties, pages), answers) {
            (ColumnWriter::ByteArrayColumnWriter(mut w), Answers::Texts(texts)) => {
                let (bytes, ends) = texts.into_parts();
                let (bytes, mut start) = (Bytes::from(bytes), 0);
                let mut values = Vec::with_capacity(PIECE);
                for ends in ends.chunks(PIECE) {
                    values.clear();
                    for end in ends {
                        values.push(ByteArray::from(bytes.slice(start..*end)));
                        start = *end;
                    }
                    w.write_batch(&values, None, None)?;
                }
                w.close()?
            }
            (ColumnWriter::FixedLenByteArrayColumnWriter(mut w), Answers::Amounts(amounts)) => {
                let (mut bytes, mut levels) = (Vec::new(), Vec::with_capacity(amounts.len()));
                for amount in &amounts {
                    levels.push(i16::from(amount.is_some()));
                    if let Some((mantissa, scale)) = amount {
                        let digits = at_amount_scale(*mantissa, *scale).ok_or_else(|| {
                            ParquetError::General("an amount of more than 38 digits".to_owned())
                        })?;
                        bytes.extend_from_slice(&digits.to_be_bytes());
                    }
                }
                let bytes = Bytes::from(bytes);
                let values: Vec<FixedLenByteArray> = (0..bytes.len() / WIDTH)
                    .map(|i| ByteArray::from(bytes.slice(i * WIDTH..(i + 1) * WIDTH)).into())
                    .collect();
                w.write_batch(&values, Some(&levels), None)?;
                w.close()?
            }
            (ColumnWriter::DoubleColumnWriter(mut w), Answers::Reals(numbers)) => {
                let levels: Vec<i16> = numbers.iter().map(|n| i16::from(n.is_some())).collect();
                let values: Vec<f64> = numbers.into_iter().flatten().collect();
                w.write_batch(&values, Some(&levels), None)?;
                w.close()?
            }
            _ => {
                return Err(ParquetError::General(
                    "answers of another kind than their column".to_owned(),
                ));
            }
        };
        Ok((Bytes::from(out.into_inner()?), closed))
    }
}

/// How many texts are handed over at once.
const PIECE: usize = 4096;

/// The digits of `mantissa` / 10^`scale` over 10^[`AMOUNT_SCALE`]; a half goes to the even neighbour. `None` where they
/// are more than 38.
pub fn at_amount_scale(mantissa: i128, scale: u32) -> Option<i128> {
    if scale <= AMOUNT_SCALE {
        return mantissa.checked_mul(10i128.pow(AMOUNT_SCALE - scale));
    }
    let divisor = 10i128.checked_pow(scale - AMOUNT_SCALE)?;
    let (whole, rest) = (mantissa / divisor, (mantissa % divisor).abs());
    let up = rest > divisor / 2 || (rest == divisor / 2 && whole % 2 != 0);
    Some(whole + if up { mantissa.signum() } else { 0 })
}

fn csv(rows: usize, answers: &[Answers]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows * 128);
    for row in 0..rows {
        for (place, column) in answers.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            match column {
                Answers::Texts(texts) => push_text(&mut out, texts.get(row)),
                Answers::Amounts(amounts) => {
                    if let Some((mantissa, scale)) = amounts.get(row).copied().flatten() {
                        push_decimal(&mut out, mantissa, scale);
                    }
                }
                Answers::Reals(numbers) => {
                    if let Some(number) = numbers.get(row).copied().flatten() {
                        out.extend_from_slice(number.to_string().as_bytes());
                    }
                }
            }
        }
        out.push(b'\n');
    }
    out
}

/// A text as a cell of CSV, in quotes where it needs them.
fn push_text(out: &mut Vec<u8>, text: &[u8]) {
    let plain = |b: &u8| !matches!(b, b',' | b'"' | b'\n' | b'\r');
    if text.iter().all(plain) {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_round_half_to_even_at_the_tenth_digit() {
        let at = |mantissa, scale| at_amount_scale(mantissa, scale).unwrap();
        assert_eq!(at(125, 2), 12_500_000_000);
        assert_eq!(
            (at(25, 11), at(35, 11), at(-25, 11), at(251, 12)),
            (2, 4, -2, 3)
        );
        assert!(at_amount_scale(i128::MAX, 2).is_none());
    }

    #[test]
    fn cells_are_quoted_where_they_must() {
        let mut out = Vec::new();
        push_text(&mut out, b"a;b=\"c\", d");
        assert_eq!(out, b"\"a;b=\"\"c\"\", d\"");
    }
}
