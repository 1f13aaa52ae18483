//! Texts of a Parquet column, page by page; of a dictionary the places, so that each text is looked at once.
//!
//! The library's column readers make each value an object of its own. Here pages, which are the library's, go straight
//! into cells.

use bytes::{Buf, Bytes};
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;

use super::BATCH_ROWS;
use super::cells::{Cells, Coded, Texts};
use super::hybrid::{one_run, take, take_length, unpack};

/// A column chunk of texts.
pub(super) struct TextPages {
    pages: Box<dyn PageReader>,
    /// Whether a value may be missing.
    optional: bool,
    dictionary: Texts,
    page: DataPage,
    /// The place of the first text of the dictionary among those of the cells that were filled last.
    base: Option<u32>,
}

/// A page, and how far it was read.
#[derive(Default)]
struct DataPage {
    rows: usize,
    row: usize,
    /// For each row whether its text is there; empty where all are, or none is.
    there: Vec<u32>,
    /// Whether none is.
    none: bool,
    texts: Found,
}

/// The texts of a page that are there.
enum Found {
    /// Each after its length.
    Plain(Bytes),
    /// Places in the dictionary, from one of them on.
    Places(Vec<u32>, usize),
    /// None is there.
    Missing,
}

impl Default for Found {
    fn default() -> Self {
        Self::Places(Vec::new(), 0)
    }
}

/// Whether all pages of a chunk are of encodings that are read here.
pub(super) fn reads(chunk: &ColumnChunkMetaData) -> bool {
    chunk.encodings().all(|encoding| {
        matches!(
            encoding,
            Encoding::PLAIN | Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY | Encoding::RLE
        ) || is_oldest(encoding)
    })
}

/// The encoding that levels had before [`Encoding::RLE`].
#[expect(deprecated, reason = "old files have it")]
fn is_oldest(encoding: Encoding) -> bool {
    encoding == Encoding::BIT_PACKED
}

fn damaged(what: &str) -> ParquetError {
    ParquetError::General(what.to_owned())
}

/// The next text, which is then no longer there.
fn take_text<'b>(bytes: &mut &'b [u8]) -> Result<&'b [u8], ParquetError> {
    let length = take_length(bytes)?;
    take(bytes, length)
}

/// Whether each row has a value, as the oldest writers pack it, the highest bit first.
fn unpack_oldest(packed: &[u8], rows: usize, there: &mut Vec<u32>) {
    let bits = packed
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    there.clear();
    there.extend(bits.take(rows).map(u32::from));
}

impl DataPage {
    /// Reads which rows have a text.
    fn levels(&mut self, bytes: &[u8], rows: usize) -> Result<(), ParquetError> {
        match one_run(bytes, rows) {
            Some(there) => {
                self.none = !there;
                Ok(())
            }
            None => unpack(bytes, 1, rows, &mut self.there),
        }
    }
}

impl TextPages {
    pub(super) fn new(pages: Box<dyn PageReader>, optional: bool) -> Self {
        Self {
            pages,
            optional,
            dictionary: Texts::default(),
            page: DataPage::default(),
            base: None,
        }
    }

    /// The cells are others than before: the dictionary is not among their texts.
    pub(super) fn forget_cells(&mut self) {
        self.base = None;
    }

    /// Appends the next rows to the cells.
    pub(super) fn read(&mut self, rows: usize, cells: &mut Cells) -> Result<(), ParquetError> {
        let mut left = rows;
        while left > 0 {
            if self.page.row == self.page.rows {
                self.next_page()?;
                continue;
            }
            let count = left.min(self.page.rows - self.page.row);
            self.read_of_page(count, cells)?;
            left -= count;
        }
        Ok(())
    }

    fn read_of_page(&mut self, count: usize, cells: &mut Cells) -> Result<(), ParquetError> {
        let DataPage {
            row, there, texts, ..
        } = &mut self.page;
        let there = there.get(*row..*row + count);
        *row += count;
        match (&*texts, &*cells) {
            (Found::Plain(_), Cells::Coded(coded)) if coded.is_empty() => {
                *cells = Cells::Text(Texts::default());
            }
            // Of a dictionary of more texts than a batch has rows, only those that the rows have are taken.
            (Found::Places(..), Cells::Text(plain))
                if plain.is_empty() && self.dictionary.len() <= BATCH_ROWS =>
            {
                *cells = Cells::Coded(Coded::default());
            }
            _ => {}
        }
        match (texts, cells) {
            (Found::Plain(bytes), cells @ (Cells::Text(_) | Cells::Coded(_))) => {
                let mut left = &bytes[..];
                each(there, count, |is| {
                    let text = is.then(|| take_text(&mut left)).transpose()?;
                    cells.push_text(text);
                    Ok(())
                })?;
                let read = bytes.len() - left.len();
                bytes.advance(read);
            }
            (Found::Places(places, next), Cells::Coded(coded)) => {
                let base = match self.base {
                    Some(base) => base,
                    None => *self.base.insert(coded.add(&self.dictionary)),
                };
                if there.is_none() {
                    let some = places.get(*next..*next + count).unwrap_or(&[]);
                    coded.places.extend(some.iter().map(|place| base + place));
                    *next += count;
                } else {
                    each(there, count, |is| {
                        if is {
                            coded.places.push(base + places[*next]);
                            *next += 1;
                        } else {
                            coded.push_blank();
                        }
                        Ok(())
                    })?;
                }
            }
            (Found::Places(places, next), Cells::Text(plain)) => {
                each(there, count, |is| {
                    plain.push(if is {
                        *next += 1;
                        self.dictionary.get(places[*next - 1] as usize)
                    } else {
                        &[]
                    });
                    Ok(())
                })?;
            }
            (Found::Missing, cells @ (Cells::Text(_) | Cells::Coded(_))) => {
                (0..count).for_each(|_| cells.push_text(None));
            }
            _ => return Err(damaged("texts in a column of another kind")),
        }
        Ok(())
    }

    fn next_page(&mut self) -> Result<(), ParquetError> {
        let page = self
            .pages
            .get_next_page()?
            .ok_or_else(|| damaged("a column has fewer values than its row group has rows"))?;
        self.page.there.clear();
        self.page.none = false;
        match page {
            Page::DictionaryPage {
                buf, num_values, ..
            } => {
                self.dictionary.clear();
                self.base = None;
                let mut bytes = &buf[..];
                for _ in 0..num_values {
                    self.dictionary.push(take_text(&mut bytes)?);
                }
                Ok(())
            }
            Page::DataPage {
                buf,
                num_values,
                encoding,
                def_level_encoding,
                ..
            } => {
                let rows = num_values as usize;
                let mut bytes = &buf[..];
                if self.optional {
                    if is_oldest(def_level_encoding) {
                        let packed = take(&mut bytes, rows.div_ceil(8))?;
                        unpack_oldest(packed, rows, &mut self.page.there);
                    } else {
                        let length = take_length(&mut bytes)?;
                        let levels = take(&mut bytes, length)?;
                        self.page.levels(levels, rows)?;
                    }
                }
                self.begin(&buf, buf.len() - bytes.len(), rows, encoding)
            }
            Page::DataPageV2 {
                buf,
                num_rows,
                encoding,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let rows = num_rows as usize;
                let mut bytes = &buf[..];
                take(&mut bytes, rep_levels_byte_len as usize)?;
                let levels = take(&mut bytes, def_levels_byte_len as usize)?;
                if self.optional {
                    self.page.levels(levels, rows)?;
                }
                self.begin(&buf, buf.len() - bytes.len(), rows, encoding)
            }
        }
    }

    /// Begins a page whose texts stand from a place on.
    fn begin(
        &mut self,
        buf: &Bytes,
        from: usize,
        rows: usize,
        encoding: Encoding,
    ) -> Result<(), ParquetError> {
        let page = &mut self.page;
        (page.rows, page.row) = (rows, 0);
        if page.none {
            page.texts = Found::Missing;
            return Ok(());
        }
        if page.there.iter().all(|is| *is != 0) {
            page.there.clear();
        }
        let missing = page.there.iter().filter(|is| **is == 0).count();
        let bytes = buf.slice(from..);
        page.texts = if encoding == Encoding::PLAIN {
            Found::Plain(bytes)
        } else {
            let mut places = match std::mem::take(&mut page.texts) {
                Found::Places(places, _) => places,
                Found::Plain(_) | Found::Missing => Vec::new(),
            };
            places.clear();
            if missing < rows {
                let mut bytes = &bytes[..];
                let width = take(&mut bytes, 1)?[0];
                unpack(bytes, width.into(), rows - missing, &mut places)?;
            }
            let last = places.iter().max().copied();
            if last.is_some_and(|last| last as usize >= self.dictionary.len()) {
                return Err(damaged("a place beyond the end of its dictionary"));
            }
            Found::Places(places, 0)
        };
        Ok(())
    }
}

/// Tells for each of `count` rows whether its text is there.
fn each(
    there: Option<&[u32]>,
    count: usize,
    mut tell: impl FnMut(bool) -> Result<(), ParquetError>,
) -> Result<(), ParquetError> {
    match there {
        Some(there) => there.iter().try_for_each(|is| tell(*is != 0)),
        None => (0..count).try_for_each(|_| tell(true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_levels_have_the_highest_bit_first() {
        let mut there = vec![3];
        unpack_oldest(&[0b1010_0000, 0b1100_0000], 10, &mut there);
        assert_eq!(there, [1, 0, 1, 0, 0, 0, 0, 0, 1, 1]);
    }
}
