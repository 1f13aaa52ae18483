//! Column chunks of Parquet, plain or by dictionary, from cells as they lie in memory.
//!
//! The library's column writers take each value as an object of its own, which costs more than to write it. Here values
//! go straight into the page; pages, their headers and the file are the library's.

use std::ops::Range;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, EncodingMask, PageType, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use super::dictionary::{Dictionary, pack, varint};
use super::encode::{Answers, at_amount_scale};

/// The quickest level of compression that is one: negative ones gain less time than the larger file costs.
const LEVEL: i32 = 1;
/// Rows of a page: a mebibyte or so of the widest column.
const PAGE_ROWS: usize = 1 << 13;

/// What one thread makes pages with.
pub(super) struct Packer {
    zstd: Compressor<'static>,
    snappy: snap::raw::Encoder,
    plain: Vec<u8>,
    packed: Vec<u8>,
}

impl Packer {
    pub(super) fn new() -> Result<Self, ParquetError> {
        Ok(Self {
            zstd: Compressor::new(LEVEL)?,
            snappy: snap::raw::Encoder::new(),
            plain: Vec::new(),
            packed: Vec::new(),
        })
    }

    /// What `write` appends, compressed, and its size before.
    fn pack(
        &mut self,
        codec: Compression,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), ParquetError>,
    ) -> Result<(Bytes, usize), ParquetError> {
        self.plain.clear();
        write(&mut self.plain)?;
        let (plain, packed) = (&self.plain, &mut self.packed);
        packed.clear();
        if codec == Compression::SNAPPY {
            packed.resize(snap::raw::max_compress_len(plain.len()), 0);
            let length = self.snappy.compress(plain, packed);
            packed.truncate(length.map_err(|e| ParquetError::External(Box::new(e)))?);
        } else {
            packed.reserve(zstd::zstd_safe::compress_bound(plain.len()));
            self.zstd.compress_to_buffer(plain, packed)?;
        }
        Ok((Bytes::copy_from_slice(packed), plain.len()))
    }
}

/// How a column is compressed, as every reader of today knows it: amounts have few digits that are the same, which the better one
/// finds hardly more of in twice the time.
fn codec(answers: &Answers) -> Compression {
    match answers {
        Answers::Amounts(_) => Compression::SNAPPY,
        Answers::Texts(_) | Answers::Coded(_) | Answers::Reals(_) => {
            Compression::ZSTD(ZstdLevel::default())
        }
    }
}

/// A column of answers as a chunk of its own, which can be appended to a row group.
pub(super) fn chunk(
    column: ColumnDescPtr,
    answers: &Answers,
    packer: &mut Packer,
) -> Result<(Bytes, ColumnCloseResult), ParquetError> {
    let (rows, codec) = (answers.len(), codec(answers));
    let mut out = TrackedWrite::new(Vec::new());
    let mut writer = SerializedPageWriter::new(&mut out);
    let (mut raw_size, mut size) = (0, 0);
    let mut write = |page: Page, plain_size: usize| {
        let written = writer.write_page(CompressedPage::new(page, plain_size))?;
        raw_size += written.uncompressed_size;
        size += written.compressed_size;
        Ok::<_, ParquetError>(size)
    };

    let coded = Coded::of(answers);
    let mut data_at = 0;
    if let Some(coded) = &coded {
        let (buf, plain_size) = packer.pack(codec, |out| {
            coded.push_values(out);
            Ok(())
        })?;
        let page = Page::DictionaryPage {
            buf,
            num_values: coded.len() as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        data_at = write(page, plain_size)?;
    }
    let encoding = match coded {
        Some(_) => Encoding::RLE_DICTIONARY,
        None => Encoding::PLAIN,
    };
    let mut taken = 0;
    for from in (0..rows).step_by(PAGE_ROWS) {
        let to = rows.min(from + PAGE_ROWS);
        let (buf, plain_size) = packer.pack(codec, |out| match &coded {
            Some(coded) => {
                coded.push_places(answers, from..to, &mut taken, out);
                Ok(())
            }
            None => push_values(answers, from..to, out),
        })?;
        let page = Page::DataPage {
            buf,
            num_values: (to - from) as u32,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        write(page, plain_size)?;
    }
    writer.close()?;
    let stats = |page_type, encoding, count| PageEncodingStats {
        page_type,
        encoding,
        count,
    };
    let mut pages = vec![stats(
        PageType::DATA_PAGE,
        encoding,
        rows.div_ceil(PAGE_ROWS) as i32,
    )];
    if coded.is_some() {
        pages.insert(0, stats(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1));
    }
    let metadata = ColumnChunkMetaData::builder(column)
        .set_compression(codec)
        .set_encodings_mask(EncodingMask::new_from_encodings(
            [Encoding::PLAIN, Encoding::RLE, encoding].iter(),
        ))
        .set_page_encoding_stats(pages)
        .set_total_uncompressed_size(raw_size as i64)
        .set_total_compressed_size(size as i64)
        .set_num_values(rows as i64)
        .set_dictionary_page_offset(coded.is_some().then_some(0))
        .set_data_page_offset(data_at as i64)
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

/// A column of which few values differ.
enum Coded<'a> {
    Texts(Dictionary<&'a [u8]>),
    /// The bits of the numbers that are there.
    Reals(Dictionary<u64>),
}

impl<'a> Coded<'a> {
    fn of(answers: &'a Answers) -> Option<Self> {
        match answers {
            // Most often that of errors. To compare texts that are nowhere in memory is slow.
            Answers::Texts(texts) if texts.is_blank() => {
                Some(Self::Texts(Dictionary::same(b"", texts.len())))
            }
            Answers::Texts(texts) => Dictionary::of(texts.iter()).map(Self::Texts),
            Answers::Coded(coded) => Dictionary::of_coded(coded).map(Self::Texts),
            Answers::Reals(numbers) => {
                let there = numbers.iter().flatten();
                Dictionary::of(there.map(|number| number.to_bits())).map(Self::Reals)
            }
            // Hardly two are the same.
            Answers::Amounts(_) => None,
        }
    }

    /// How many values differ.
    fn len(&self) -> usize {
        match self {
            Self::Texts(of) => of.values.len(),
            Self::Reals(of) => of.values.len(),
        }
    }

    /// Appends the different values.
    fn push_values(&self, out: &mut Vec<u8>) {
        match self {
            Self::Texts(of) => of.values.iter().for_each(|text| push_text(text, out)),
            Self::Reals(of) => {
                for bits in &of.values {
                    out.extend_from_slice(&bits.to_le_bytes());
                }
            }
        }
    }

    /// Appends where the values of some rows stand among the different ones, after the levels; `taken` is how many places the
    /// rows before took.
    fn push_places(
        &self,
        answers: &Answers,
        rows: Range<usize>,
        taken: &mut usize,
        out: &mut Vec<u8>,
    ) {
        let mut count = rows.len();
        if let Answers::Reals(numbers) = answers {
            let numbers = &numbers[rows];
            levels(numbers, out);
            count = numbers.iter().flatten().count();
        }
        let (places, width) = match self {
            Self::Reals(of) => (&of.places, of.width()),
            Self::Texts(of) => (&of.places, of.width()),
        };
        out.push(width as u8);
        pack(&places[*taken..*taken + count], width, out);
        *taken += count;
    }
}

/// Appends the values of some rows, after the levels that say which are there where any may be missing.
fn push_values(
    answers: &Answers,
    rows: Range<usize>,
    out: &mut Vec<u8>,
) -> Result<(), ParquetError> {
    match answers {
        Answers::Texts(texts) => {
            for row in rows {
                push_text(texts.get(row), out);
            }
        }
        Answers::Coded(coded) => {
            for row in rows {
                push_text(coded.get(row), out);
            }
        }
        Answers::Amounts(amounts) => {
            let amounts = &amounts[rows];
            levels(amounts, out);
            for amount in amounts.iter().flatten() {
                let digits = at_amount_scale(*amount).ok_or_else(|| {
                    ParquetError::General("an amount of more than 38 digits".to_owned())
                })?;
                out.extend_from_slice(&digits.to_be_bytes());
            }
        }
        Answers::Reals(numbers) => {
            let numbers = &numbers[rows];
            levels(numbers, out);
            for number in numbers.iter().flatten() {
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
    }
    Ok(())
}

fn push_text(text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    out.extend_from_slice(text);
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
