//! Columns of Arrow tables, read cell by cell where they stand.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTimestampType, Date32Type, Date64Type, Decimal32Type, Decimal64Type,
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, LargeStringArray, PrimitiveArray, StringArray, StringViewArray,
};
use arrow_schema::{DataType, TimeUnit};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use winset_io::stream::{Cell, real_of_single};

/// The cells of a column.
pub(crate) trait Column: Send {
    /// A cell by its row, from 0.
    fn cell(&self, row: usize) -> Cell<'_>;
}

macro_rules! texts {
    ($($array:ty),*) => {$(
        impl Column for $array {
            fn cell(&self, row: usize) -> Cell<'_> {
                if self.is_null(row) {
                    return Cell::Blank;
                }
                Cell::of_text(self.value(row))
            }
        }
    )*};
}

texts!(StringArray, LargeStringArray, StringViewArray);

/// Whole numbers over a power of ten.
struct Exact<T: ArrowPrimitiveType> {
    digits: PrimitiveArray<T>,
    scale: u32,
}

impl<T: ArrowPrimitiveType<Native: Into<i128>>> Column for Exact<T> {
    fn cell(&self, row: usize) -> Cell<'_> {
        if self.digits.is_null(row) {
            return Cell::Blank;
        }
        Cell::Number {
            mantissa: self.digits.value(row).into(),
            scale: self.scale,
        }
    }
}

impl Column for PrimitiveArray<Float64Type> {
    fn cell(&self, row: usize) -> Cell<'_> {
        if self.is_null(row) {
            return Cell::Blank;
        }
        Cell::Real(self.value(row))
    }
}

impl Column for PrimitiveArray<Float32Type> {
    fn cell(&self, row: usize) -> Cell<'_> {
        if self.is_null(row) {
            return Cell::Blank;
        }
        Cell::Real(real_of_single(self.value(row)))
    }
}

/// Days, or moments without a time zone, which count as their day.
struct Days<T: ArrowPrimitiveType> {
    moments: PrimitiveArray<T>,
    in_a_day: i64,
}

impl<T: ArrowPrimitiveType<Native: Into<i64>>> Column for Days<T> {
    fn cell(&self, row: usize) -> Cell<'_> {
        if self.moments.is_null(row) {
            return Cell::Blank;
        }
        let days = self.moments.value(row).into().div_euclid(self.in_a_day);
        // No calendar here reaches as far as the ends of the range.
        Cell::Day(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }
}

/// Cells that are given by their places in another column.
struct Coded {
    places: Vec<usize>,
    codes: ArrayRef,
    values: Box<dyn Column>,
}

impl Column for Coded {
    fn cell(&self, row: usize) -> Cell<'_> {
        if self.codes.is_null(row) {
            return Cell::Blank;
        }
        self.values.cell(self.places[row])
    }
}

/// A column without a value.
struct Blank;

impl Column for Blank {
    fn cell(&self, _: usize) -> Cell<'_> {
        Cell::Blank
    }
}

fn exact<T: ArrowPrimitiveType<Native: Into<i128>>>(
    array: &ArrayRef,
    scale: i8,
) -> Option<Box<dyn Column>> {
    Some(Box::new(Exact {
        digits: array.as_primitive::<T>().clone(),
        scale: u32::try_from(scale).ok().filter(|scale| *scale <= 38)?,
    }))
}

fn moments<T: ArrowTimestampType>(array: &ArrayRef, a_second: i64) -> Box<dyn Column> {
    Box::new(Days {
        moments: array.as_primitive::<T>().clone(),
        in_a_day: 86_400 * a_second,
    })
}

/// The cells of an array whose values are names: as [`column`], but of a moment the time of day stays.
pub(crate) fn named(array: &ArrayRef) -> Option<Box<dyn Column>> {
    let DataType::Timestamp(unit, zone) = array.data_type() else {
        return column(array);
    };
    let a_second: i64 = match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    };
    let number = array.to_data();
    let numbers = PrimitiveArray::<Int64Type>::from(
        number
            .into_builder()
            .data_type(DataType::Int64)
            .build()
            .ok()?,
    );
    let shown = |moment: i64| moment_shown(moment, a_second, zone.is_some());
    let texts: StringArray = numbers.iter().map(|n| n.map(shown)).collect();
    Some(Box::new(texts))
}

/// A moment in ISO 8601, of midnight its day; the number as it stands where no calendar reaches so far.
fn moment_shown(moment: i64, a_second: i64, zoned: bool) -> String {
    let (seconds, rest) = (moment.div_euclid(a_second), moment.rem_euclid(a_second));
    let nanoseconds = rest * (1_000_000_000 / a_second);
    let Ok(instant) = Timestamp::new(seconds, nanoseconds as i32) else {
        return moment.to_string();
    };
    let civil = TimeZone::UTC.to_datetime(instant);
    match (zoned, civil.time() == Time::midnight()) {
        (true, _) => instant.to_string(),
        (false, true) => civil.date().to_string(),
        (false, false) => civil.to_string(),
    }
}

/// The cells of an array; `None` where its type holds none that an entry could have.
pub(crate) fn column(array: &ArrayRef) -> Option<Box<dyn Column>> {
    match array.data_type() {
        DataType::Null => Some(Box::new(Blank)),
        DataType::Utf8 => Some(Box::new(array.as_string::<i32>().clone())),
        DataType::LargeUtf8 => Some(Box::new(array.as_string::<i64>().clone())),
        DataType::Utf8View => Some(Box::new(array.as_string_view().clone())),
        DataType::Int8 => exact::<Int8Type>(array, 0),
        DataType::Int16 => exact::<Int16Type>(array, 0),
        DataType::Int32 => exact::<Int32Type>(array, 0),
        DataType::Int64 => exact::<Int64Type>(array, 0),
        DataType::UInt8 => exact::<UInt8Type>(array, 0),
        DataType::UInt16 => exact::<UInt16Type>(array, 0),
        DataType::UInt32 => exact::<UInt32Type>(array, 0),
        DataType::UInt64 => exact::<UInt64Type>(array, 0),
        DataType::Decimal32(_, scale) => exact::<Decimal32Type>(array, *scale),
        DataType::Decimal64(_, scale) => exact::<Decimal64Type>(array, *scale),
        DataType::Decimal128(_, scale) => exact::<Decimal128Type>(array, *scale),
        DataType::Float32 => Some(Box::new(array.as_primitive::<Float32Type>().clone())),
        DataType::Float64 => Some(Box::new(array.as_primitive::<Float64Type>().clone())),
        DataType::Date32 => Some(Box::new(Days {
            moments: array.as_primitive::<Date32Type>().clone(),
            in_a_day: 1,
        })),
        DataType::Date64 => Some(Box::new(Days {
            moments: array.as_primitive::<Date64Type>().clone(),
            in_a_day: 86_400_000,
        })),
        DataType::Timestamp(unit, None) => match unit {
            TimeUnit::Second => Some(moments::<TimestampSecondType>(array, 1)),
            TimeUnit::Millisecond => Some(moments::<TimestampMillisecondType>(array, 1_000)),
            TimeUnit::Microsecond => Some(moments::<TimestampMicrosecondType>(array, 1_000_000)),
            TimeUnit::Nanosecond => Some(moments::<TimestampNanosecondType>(array, 1_000_000_000)),
        },
        DataType::Dictionary(..) => {
            let coded = array.as_any_dictionary();
            let values = column(coded.values())?;
            // Without values every code is missing.
            let places = if coded.values().is_empty() {
                Vec::new()
            } else {
                coded.normalized_keys()
            };
            Some(Box::new(Coded {
                places,
                codes: array.clone(),
                values,
            }))
        }
        _ => None,
    }
}
