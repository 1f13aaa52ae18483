//! CSV, batch by batch.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use csv::ByteRecord;

use super::cells::{Cells, Texts};
use super::reader::Rows;
use crate::TableError;
use crate::foreign::no_table;
use crate::quotes::Quotes;

/// How many bytes are read at once.
const BUFFER: usize = 1 << 18;

pub(super) struct CsvRows {
    reader: csv::Reader<Quotes<BufReader<File>>>,
    record: ByteRecord,
    table: String,
    size: u64,
    width: usize,
    places: Vec<Option<usize>>,
}

impl CsvRows {
    pub(super) fn open(path: &Path, table: &str) -> Result<(Self, Vec<String>), TableError> {
        let io = |error| TableError::Io {
            table: table.to_owned(),
            error,
        };
        let file = File::open(path).map_err(io)?;
        let size = file.metadata().map_err(io)?.len();
        let mut file = BufReader::new(file);
        if let Some(what) = no_table(file.fill_buf().map_err(io)?) {
            let table = table.to_owned();
            return Err(TableError::Foreign { table, what });
        }
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(Quotes::new(file));
        let header = reader
            .byte_headers()
            .map_err(|error| TableError::of_csv(table, error))?;
        let names: Vec<String> = header
            .iter()
            .map(|name| {
                let name = name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name);
                String::from_utf8_lossy(name.trim_ascii()).into_owned()
            })
            .collect();
        let rows = Self {
            reader,
            record: ByteRecord::new(),
            table: table.to_owned(),
            size,
            width: names.len(),
            places: Vec::new(),
        };
        Ok((rows, names))
    }

    pub(super) fn choose(&mut self, places: Vec<Option<usize>>) {
        self.places = places;
    }

    pub(super) fn read(&mut self, most: usize, rows: &mut Rows) -> Result<usize, TableError> {
        rows.columns.resize_with(self.places.len(), Cells::default);
        for (cells, place) in rows.columns.iter_mut().zip(&self.places) {
            if place.is_some() && !matches!(cells, Cells::Text(_)) {
                *cells = Cells::Text(Texts::default());
            }
        }
        let mut read = 0;
        while read < most {
            let more = self.reader.read_byte_record(&mut self.record);
            if !more.map_err(|error| TableError::of_csv(&self.table, error))? {
                break;
            }
            if self.record.len() != self.width {
                rows.ragged.push((read, self.record.len()));
            }
            for (cells, place) in rows.columns.iter_mut().zip(&self.places) {
                if let (Cells::Text(texts), Some(place)) = (cells, place) {
                    texts.push(self.record.get(*place).unwrap_or_default());
                }
            }
            read += 1;
        }
        Ok(read)
    }

    /// Bytes read, and bytes in all.
    pub(super) fn progress(&self) -> (u64, u64) {
        (self.reader.position().byte(), self.size)
    }
}
