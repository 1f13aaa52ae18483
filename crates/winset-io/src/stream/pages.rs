//! Column chunks of Parquet in its plain encoding, from cells as they lie in memory.
//!
//! The library's column writers take each value as an object of its own, which costs more than to write it. Here values
//! go straight into the page; pages, their headers and the file are the library's.

use bytes::Bytes;
use parquet::basic::{Encoding, EncodingMask, PageType};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use super::encode::{Answers, at_amount_scale, compression};

/// The quickest level of compression that is one: negative ones gain less time than the larger file costs.
const LEVEL: i32 = 1;
/// Rows of a page: a mebibyte or so of the widest column.
const PAGE_ROWS: usize = 1 << 13;

/// A column of answers as a chunk of its own, which can be appended to a row group.
pub(super) fn chunk(
    column: ColumnDescPtr,
    answers: &Answers,
) -> Result<(Bytes, ColumnCloseResult), ParquetError> {
    let rows = answers.len();
    let mut out = TrackedWrite::new(Vec::new());
    let mut writer = SerializedPageWriter::new(&mut out);

    let (mut plain, mut packer) = (Vec::new(), Compressor::new(LEVEL)?);
    let (mut raw_size, mut size, mut pages) = (0, 0, 0);
    for from in (0..rows).step_by(PAGE_ROWS) {
        let to = rows.min(from + PAGE_ROWS);
        plain.clear();
        values(answers, from, to, &mut plain)?;
        let packed = packer.compress(&plain)?;
        let page = Page::DataPage {
            buf: packed.into(),
            num_values: (to - from) as u32,
            encoding: Encoding::PLAIN,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let written = writer.write_page(CompressedPage::new(page, plain.len()))?;
        raw_size += written.uncompressed_size;
        size += written.compressed_size;
        pages += 1;
    }
    writer.close()?;
    let metadata = ColumnChunkMetaData::builder(column)
        .set_compression(compression())
        .set_encodings_mask(EncodingMask::new_from_encodings(
            [Encoding::PLAIN, Encoding::RLE].iter(),
        ))
        .set_page_encoding_stats(vec![PageEncodingStats {
            page_type: PageType::DATA_PAGE,
            encoding: Encoding::PLAIN,
            count: pages,
        }])
        .set_total_uncompressed_size(raw_size as i64)
        .set_total_compressed_size(size as i64)
        .set_num_values(rows as i64)
        .set_data_page_offset(0)
        .build()?;
    let closed = ColumnCloseResult {
        bytes_written: size as u64,
        rows_written: rows as u64,
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    Ok((Bytes::from(out.into_inner()?), closed))
}

/// Appends the values of some rows, after the levels that say which are there where any may be missing.
fn values(
    answers: &Answers,
    from: usize,
    to: usize,
    out: &mut Vec<u8>,
) -> Result<(), ParquetError> {
    match answers {
        Answers::Texts(texts) => {
            for row in from..to {
                let text = texts.get(row);
                out.extend_from_slice(&(text.len() as u32).to_le_bytes());
                out.extend_from_slice(text);
            }
        }
        Answers::Amounts(amounts) => {
            let amounts = &amounts[from..to];
            levels(amounts, out);
            for amount in amounts.iter().flatten() {
                let digits = at_amount_scale(*amount).ok_or_else(|| {
                    ParquetError::General("an amount of more than 38 digits".to_owned())
                })?;
                out.extend_from_slice(&digits.to_be_bytes());
            }
        }
        Answers::Reals(numbers) => {
            let numbers = &numbers[from..to];
            levels(numbers, out);
            for number in numbers.iter().flatten() {
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
    }
    Ok(())
}

/// Appends the definition levels: one run where all are there, else a bit each.
fn levels<T>(values: &[Option<T>], out: &mut Vec<u8>) {
    let length_at = out.len();
    out.extend_from_slice(&[0; 4]);
    if values.iter().all(Option::is_some) {
        varint((values.len() as u64) << 1, out);
        out.push(1);
    } else {
        varint((values.len().div_ceil(8) as u64) << 1 | 1, out);
        for eight in values.chunks(8) {
            let bits = eight.iter().enumerate();
            out.push(bits.fold(0, |byte, (at, value)| {
                byte | u8::from(value.is_some()) << at
            }));
        }
    }
    let length = (out.len() - length_at - 4) as u32;
    out[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
}

/// Appends a number, seven bits a byte, the lowest first.
fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
