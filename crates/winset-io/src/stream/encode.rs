//! A batch of answers made ready to be written, on any thread.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor, Type};
use rust_decimal::Decimal;

use super::cells::{Coded, Texts};
use super::format::FileFormat;
use super::numbers::push_decimal;
use super::pages::{Packer, chunk};
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
    /// Texts.
    Text,
    /// Exact amounts: `DECIMAL(38,10)` in Parquet, where further digits are rounded half to even; all
    /// digits in CSV.
    Amount,
    /// A floating-point number.
    Real,
}

/// The cells of one column of answers.
#[derive(Clone, Debug)]
pub enum Answers {
    /// Of [`Kind::Text`].
    Texts(Texts),
    /// Of [`Kind::Text`], few different ones.
    Coded(Coded),
    /// Of [`Kind::Amount`]; `None` is blank.
    Amounts(Vec<Option<Decimal>>),
    /// Of [`Kind::Real`]; `None` is blank.
    Reals(Vec<Option<f64>>),
}

impl Answers {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.len(),
            Self::Coded(coded) => coded.len(),
            Self::Amounts(amounts) => amounts.len(),
            Self::Reals(numbers) => numbers.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the column holds.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Texts(_) | Self::Coded(_) => Kind::Text,
            Self::Amounts(_) => Kind::Amount,
            Self::Reals(_) => Kind::Real,
        }
    }
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
    /// As many as threads were at work at once.
    packers: Mutex<Vec<Packer>>,
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
                    Kind::Text => (
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
        let properties = WriterProperties::builder()
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true)
            .set_created_by("winset".to_owned());
        Ok(Self {
            format,
            columns: columns.to_vec(),
            described: Arc::new(SchemaDescriptor::new(schema.clone())),
            schema,
            properties: Arc::new(properties.build()),
            packers: Mutex::default(),
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
    pub fn encode(&self, rows: usize, answers: &[Answers]) -> Result<Encoded, TableError> {
        let fits = |((_, kind), answers): (&(_, Kind), &Answers)| {
            answers.kind() == *kind && answers.len() == rows
        };
        if answers.len() != self.columns.len() || !self.columns.iter().zip(answers).all(fits) {
            return Err(fail(ParquetError::General(
                "answers of another kind or number than their columns".to_owned(),
            )));
        }
        Ok(Encoded(match self.format {
            FileFormat::Csv => Ready::Csv(csv(rows, answers)),
            FileFormat::Parquet => Ready::Parquet(self.chunks(answers).map_err(fail)?),
        }))
    }

    fn chunks(&self, answers: &[Answers]) -> Result<Vec<(Bytes, ColumnCloseResult)>, ParquetError> {
        let packers = || self.packers.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = packers().pop();
        let mut packer = spare.map_or_else(Packer::new, Ok)?;
        let columns = answers.iter().enumerate();
        let chunks = columns
            .map(|(place, answers)| chunk(self.described.column(place), answers, &mut packer))
            .collect();
        packers().push(packer);
        chunks
    }
}

const POWERS: [i64; AMOUNT_SCALE as usize + 1] = {
    let mut powers = [1; AMOUNT_SCALE as usize + 1];
    let mut i = 1;
    while i < powers.len() {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// The digits of an amount over 10^[`AMOUNT_SCALE`]; a half goes to the even neighbour. `None` where they are more than 38.
pub fn at_amount_scale(amount: Decimal) -> Option<i128> {
    let (mantissa, scale) = (amount.mantissa(), amount.scale());
    if scale <= AMOUNT_SCALE {
        let power = POWERS[(AMOUNT_SCALE - scale) as usize];
        // Most amounts fit 64 bits, whose product always fits.
        return match i64::try_from(mantissa) {
            Ok(digits) => Some(i128::from(digits) * i128::from(power)),
            Err(_) => mantissa.checked_mul(power.into()),
        };
    }
    let divisor = 10i128.checked_pow(scale - AMOUNT_SCALE)?;
    let (whole, rest) = (mantissa / divisor, (mantissa % divisor).abs());
    let up = rest > divisor / 2 || (rest == divisor / 2 && whole % 2 != 0);
    Some(whole + if up { mantissa.signum() } else { 0 })
}

fn csv(rows: usize, answers: &[Answers]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows * 128);
    for row in 0..rows {
        let start = out.len();
        for (place, column) in answers.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            match column {
                Answers::Texts(texts) => push_text(&mut out, texts.get(row)),
                Answers::Coded(coded) => push_text(&mut out, coded.get(row)),
                Answers::Amounts(amounts) => {
                    if let Some(amount) = amounts.get(row).copied().flatten() {
                        push_decimal(&mut out, amount.mantissa(), amount.scale());
                    }
                }
                Answers::Reals(numbers) => {
                    if let Some(number) = numbers.get(row).copied().flatten() {
                        out.extend_from_slice(number.to_string().as_bytes());
                    }
                }
            }
        }
        // Readers pass over empty lines.
        if out.len() == start {
            out.extend_from_slice(b"\"\"");
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
        let at = |digits, scale| at_amount_scale(Decimal::new(digits, scale)).unwrap();
        assert_eq!(at(125, 2), 12_500_000_000);
        assert_eq!(
            (at(25, 11), at(35, 11), at(-25, 11), at(251, 12)),
            (2, 4, -2, 3)
        );
        assert!(at_amount_scale(Decimal::MAX).is_none());
    }

    #[test]
    fn cells_are_quoted_where_they_must() {
        let mut out = Vec::new();
        push_text(&mut out, b"a;b=\"c\", d");
        assert_eq!(out, b"\"a;b=\"\"c\"\", d\"");
    }
}
