//! Parquet, batch by batch, a row group at a time.

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::cells::{Cells, Texts};
use super::numbers::real_of_single;
use super::read_texts::{TextPages, reads};
use crate::TableError;

/// How many values are decoded at once.
const PIECE: usize = 4096;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Text,
    /// Whole numbers over a power of ten.
    Number {
        scale: u32,
        unsigned: bool,
    },
    Real,
    Day,
}

struct Column {
    /// Its place in the file.
    place: usize,
    kind: Kind,
    /// The definition level of a value that is there.
    defined: i16,
    /// Of the row group that is being read.
    reader: Option<Reader>,
}

enum Reader {
    Texts(Box<TextPages>),
    Values(Box<ColumnReader>),
}

pub(super) struct ParquetRows {
    file: SerializedFileReader<File>,
    table: String,
    /// The row groups to read.
    groups: Range<usize>,
    /// Of each column of the file, its place among those of a row.
    places: Vec<usize>,
    columns: Vec<Option<Column>>,
    /// The next row group.
    group: usize,
    /// Rows of the one before that are not read yet.
    left: usize,
    levels: Vec<i16>,
}

/// The kind of a column; what it is where no cell can hold it.
fn kind(column: &ColumnDescriptor) -> Result<Kind, String> {
    let (logical, converted) = (column.logical_type_ref(), column.converted_type());
    if column.max_rep_level() > 0 || column.path().parts().len() > 1 {
        return Err("a list or a group".to_owned());
    }
    if matches!(logical, Some(LogicalType::Decimal(_))) || converted == ConvertedType::DECIMAL {
        let scale = u32::try_from(column.type_scale()).ok();
        // Sixteen bytes hold every decimal of 38 digits.
        let fits = column.physical_type() != Physical::FIXED_LEN_BYTE_ARRAY
            || (1..=16).contains(&column.type_length());
        return match scale {
            Some(scale) if scale <= 38 && fits => Ok(Kind::Number {
                scale,
                unsigned: false,
            }),
            _ => Err("a decimal of more than 38 digits".to_owned()),
        };
    }
    let physical = column.physical_type();
    let number = |unsigned| Kind::Number { scale: 0, unsigned };
    match (physical, logical, converted) {
        (Physical::BYTE_ARRAY, ..) => Ok(Kind::Text),
        (Physical::FLOAT | Physical::DOUBLE, ..) => Ok(Kind::Real),
        (Physical::INT32, Some(LogicalType::Date), _)
        | (Physical::INT32, None, ConvertedType::DATE) => Ok(Kind::Day),
        (Physical::INT32 | Physical::INT64, Some(LogicalType::Integer(int)), _) => {
            Ok(number(!int.is_signed))
        }
        (Physical::INT32 | Physical::INT64, None, converted) => match converted {
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Ok(number(true)),
            ConvertedType::NONE
            | ConvertedType::INT_8
            | ConvertedType::INT_16
            | ConvertedType::INT_32
            | ConvertedType::INT_64 => Ok(number(false)),
            other => Err(other.to_string()),
        },
        (_, Some(logical), _) => Err(format!("{logical:?}")),
        (physical, ..) => Err(physical.to_string()),
    }
}

/// The number of big-endian bytes, at most sixteen.
fn big_endian(bytes: &[u8]) -> Option<i128> {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let mut all = [if negative { 0xff } else { 0 }; 16];
    let from = 16usize.checked_sub(bytes.len())?;
    all[from..].copy_from_slice(bytes);
    Some(i128::from_be_bytes(all))
}

/// Reads `rows` values and tells each, `None` where one is missing.
fn each<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    defined: i16,
    levels: &mut Vec<i16>,
    mut tell: impl FnMut(Option<&T::T>) -> Result<(), ParquetError>,
) -> Result<(), ParquetError> {
    let mut values = Vec::with_capacity(PIECE.min(rows));
    let mut left = rows;
    while left > 0 {
        values.clear();
        levels.clear();
        let (read, _, _) = reader.read_records(left.min(PIECE), Some(levels), None, &mut values)?;
        if read == 0 {
            return Err(ParquetError::EOF(
                "a column has fewer values than its row group has rows".to_owned(),
            ));
        }
        if defined == 0 {
            values.iter().try_for_each(|value| tell(Some(value)))?;
        } else {
            let mut values = values.iter();
            for level in levels.iter() {
                tell(if *level == defined {
                    values.next()
                } else {
                    None
                })?;
            }
        }
        left -= read;
    }
    Ok(())
}

impl Column {
    /// Cells that can take its values: those given, if they can.
    fn prepare(&mut self, cells: &mut Cells) {
        if let Some(Reader::Texts(pages)) = &mut self.reader {
            pages.forget_cells();
        }
        match (self.kind, &mut *cells) {
            (Kind::Text, Cells::Text(_) | Cells::Coded(_))
            | (Kind::Real, Cells::Reals(_))
            | (Kind::Day, Cells::Days(_)) => {}
            (Kind::Number { scale, .. }, Cells::Numbers { scale: own, .. }) => *own = scale,
            (Kind::Text, _) => *cells = Cells::Text(Texts::default()),
            (Kind::Real, _) => *cells = Cells::Reals(Vec::new()),
            (Kind::Day, _) => *cells = Cells::Days(Vec::new()),
            (Kind::Number { scale, .. }, _) => {
                *cells = Cells::Numbers {
                    mantissas: Vec::new(),
                    scale,
                }
            }
        }
    }

    fn read(
        &mut self,
        rows: usize,
        cells: &mut Cells,
        levels: &mut Vec<i16>,
    ) -> Result<(), ParquetError> {
        let defined = self.defined;
        let unsigned = matches!(self.kind, Kind::Number { unsigned: true, .. });
        let reader = match &mut self.reader {
            None => return Ok(()),
            Some(Reader::Texts(pages)) => return pages.read(rows, cells),
            Some(Reader::Values(reader)) => &mut **reader,
        };
        let long = || ParquetError::General("a decimal of more than 16 bytes".to_owned());
        match (reader, cells) {
            (
                ColumnReader::ByteArrayColumnReader(r),
                cells @ (Cells::Text(_) | Cells::Coded(_)),
            ) => each(r, rows, defined, levels, |value| {
                cells.push_text(value.map(ByteArray::data));
                Ok(())
            }),
            (ColumnReader::ByteArrayColumnReader(r), Cells::Numbers { mantissas, .. }) => {
                each(r, rows, defined, levels, |value| {
                    let number = value.map(|v| big_endian(v.data()).ok_or_else(long));
                    mantissas.push(number.transpose()?);
                    Ok(())
                })
            }
            (ColumnReader::FixedLenByteArrayColumnReader(r), Cells::Numbers { mantissas, .. }) => {
                each(r, rows, defined, levels, |value| {
                    let number = value.map(|v| big_endian(v.data()).ok_or_else(long));
                    mantissas.push(number.transpose()?);
                    Ok(())
                })
            }
            (ColumnReader::Int32ColumnReader(r), Cells::Numbers { mantissas, .. }) => {
                each(r, rows, defined, levels, |value| {
                    mantissas.push(value.map(|v| {
                        if unsigned {
                            i128::from(v.cast_unsigned())
                        } else {
                            i128::from(*v)
                        }
                    }));
                    Ok(())
                })
            }
            (ColumnReader::Int64ColumnReader(r), Cells::Numbers { mantissas, .. }) => {
                each(r, rows, defined, levels, |value| {
                    mantissas.push(value.map(|v| {
                        if unsigned {
                            i128::from(v.cast_unsigned())
                        } else {
                            i128::from(*v)
                        }
                    }));
                    Ok(())
                })
            }
            (ColumnReader::Int32ColumnReader(r), Cells::Days(days)) => {
                each(r, rows, defined, levels, |value| {
                    days.push(value.copied());
                    Ok(())
                })
            }
            (ColumnReader::FloatColumnReader(r), Cells::Reals(numbers)) => {
                each(r, rows, defined, levels, |value| {
                    numbers.push(value.map(|v| real_of_single(*v)));
                    Ok(())
                })
            }
            (ColumnReader::DoubleColumnReader(r), Cells::Reals(numbers)) => {
                each(r, rows, defined, levels, |value| {
                    numbers.push(value.copied());
                    Ok(())
                })
            }
            _ => Err(ParquetError::General(
                "a column reader of another type".to_owned(),
            )),
        }
    }
}

impl ParquetRows {
    pub(super) fn open(path: &Path, table: &str) -> Result<(Self, Vec<String>), TableError> {
        let fail = |error| TableError::of_parquet(table, error);
        let file = File::open(path).map_err(|error| TableError::Io {
            table: table.to_owned(),
            error,
        })?;
        let file = SerializedFileReader::new(file).map_err(fail)?;
        let metadata = file.metadata().file_metadata();
        let (mut names, mut places) = (Vec::new(), Vec::new());
        for (place, column) in metadata.schema_descr().columns().iter().enumerate() {
            // Of a list or a group the first column inside stands for it; `choose` refuses it.
            let parts = column.path().parts();
            let name = parts.first().map(|name| name.trim().to_owned());
            if let Some(name) = name.filter(|name| parts.len() == 1 || names.last() != Some(name)) {
                names.push(name);
                places.push(place);
            }
        }
        let rows = Self {
            groups: 0..file.num_row_groups(),
            file,
            table: table.to_owned(),
            places,
            columns: Vec::new(),
            group: 0,
            left: 0,
            levels: Vec::new(),
        };
        Ok((rows, names))
    }

    pub(super) fn choose(
        &mut self,
        chosen: Vec<Option<usize>>,
        names: &[&str],
    ) -> Result<(), TableError> {
        let metadata = self.file.metadata().file_metadata();
        let mut columns = Vec::with_capacity(chosen.len());
        for (place, name) in chosen.into_iter().zip(names) {
            columns.push(match place.and_then(|place| self.places.get(place)) {
                None => None,
                Some(place) => {
                    let column = metadata.schema_descr().column(*place);
                    let kind = kind(&column).map_err(|found| TableError::Type {
                        table: self.table.clone(),
                        column: (*name).to_owned(),
                        found,
                    })?;
                    Some(Column {
                        place: *place,
                        kind,
                        defined: column.max_def_level(),
                        reader: None,
                    })
                }
            });
        }
        self.columns = columns;
        Ok(())
    }

    /// A note at the foot of the file.
    pub(super) fn note(&self, name: &str) -> Option<String> {
        let notes = self.file.metadata().file_metadata().key_value_metadata()?;
        let note = notes.iter().find(|note| note.key == name)?;
        note.value.clone()
    }

    /// How many rows each row group has.
    pub(super) fn groups(&self) -> Vec<u64> {
        let groups = self.file.metadata().row_groups().iter();
        groups
            .map(|group| u64::try_from(group.num_rows()).unwrap_or(0))
            .collect()
    }

    /// Reads some row groups only.
    pub(super) fn only(&mut self, groups: Range<usize>) {
        let end = groups.end.min(self.file.num_row_groups());
        self.group = groups.start.min(end);
        self.groups = self.group..end;
    }

    /// Rows read, and rows to read in all.
    pub(super) fn progress(&self) -> (u64, u64) {
        let rows = |groups: Range<usize>| self.groups()[groups].iter().sum::<u64>();
        let begun = rows(self.groups.start..self.group);
        (begun - self.left as u64, rows(self.groups.clone()))
    }

    pub(super) fn read(
        &mut self,
        most: usize,
        cells: &mut Vec<Cells>,
    ) -> Result<usize, TableError> {
        cells.resize_with(self.columns.len(), Cells::default);
        for (column, cells) in self.columns.iter_mut().zip(cells.iter_mut()) {
            if let Some(column) = column {
                column.prepare(cells);
            }
        }
        self.fill(most, cells)
            .map_err(|error| TableError::of_parquet(&self.table, error))
    }

    fn fill(&mut self, most: usize, cells: &mut [Cells]) -> Result<usize, ParquetError> {
        let mut read = 0;
        while read < most {
            if self.left == 0 {
                if self.group == self.groups.end {
                    break;
                }
                let group = self.file.get_row_group(self.group)?;
                self.left = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
                for column in self.columns.iter_mut().flatten() {
                    let chunk = group.metadata().column(column.place);
                    column.reader = Some(if column.kind == Kind::Text && reads(chunk) {
                        let pages = group.get_column_page_reader(column.place)?;
                        Reader::Texts(Box::new(TextPages::new(pages, column.defined > 0)))
                    } else {
                        Reader::Values(Box::new(group.get_column_reader(column.place)?))
                    });
                }
                self.group += 1;
                continue;
            }
            let rows = self.left.min(most - read);
            for (column, cells) in self.columns.iter_mut().zip(cells.iter_mut()) {
                if let Some(column) = column {
                    column.read(rows, cells, &mut self.levels)?;
                }
            }
            self.left -= rows;
            read += rows;
        }
        Ok(read)
    }
}
