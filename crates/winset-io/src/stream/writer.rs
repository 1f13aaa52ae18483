//! A table written batch by batch, whole or not at all.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::writer::SerializedFileWriter;

use super::encode::{Encoded, Encoder, Ready};
use super::format::FileFormat;
use crate::TableError;
use crate::whole::WholeFile;

enum Sink {
    Csv(BufWriter<WholeFile>),
    Parquet(Box<SerializedFileWriter<WholeFile>>),
}

/// Writes batches to a file that nobody sees before [`RowWriter::finish`].
pub struct RowWriter {
    sink: Sink,
    table: String,
}

impl RowWriter {
    /// Begins a file beside the one that will be there in the end.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn create(path: &Path, encoder: &Encoder) -> Result<Self, TableError> {
        let table = path.display().to_string();
        let io = |error| TableError::Io {
            table: table.clone(),
            error,
        };
        let file = WholeFile::create(path).map_err(io)?;
        let sink = match encoder.format() {
            FileFormat::Csv => {
                let mut file = BufWriter::with_capacity(1 << 18, file);
                file.write_all(encoder.header().as_bytes()).map_err(io)?;
                Sink::Csv(file)
            }
            FileFormat::Parquet => {
                let (schema, properties) = (encoder.schema.clone(), encoder.properties.clone());
                let writer = SerializedFileWriter::new(file, schema, properties);
                Sink::Parquet(Box::new(writer.map_err(|error| TableError::Parquet {
                    table: table.clone(),
                    error,
                })?))
            }
        };
        Ok(Self { sink, table })
    }

    fn parquet(&self, error: ParquetError) -> TableError {
        TableError::Parquet {
            table: self.table.clone(),
            error,
        }
    }

    fn io(&self, error: io::Error) -> TableError {
        TableError::Io {
            table: self.table.clone(),
            error,
        }
    }

    /// Writes the next batch, which [`Encoder::encode`] of the same columns made ready.
    ///
    /// # Errors
    /// The disk is full, or another fault of the system.
    pub fn write(&mut self, batch: Encoded) -> Result<(), TableError> {
        match (&mut self.sink, batch.0) {
            (Sink::Csv(file), Ready::Csv(bytes)) => {
                file.write_all(&bytes).map_err(|error| self.io(error))
            }
            (Sink::Parquet(writer), Ready::Parquet(columns)) => {
                let append = || {
                    let mut group = writer.next_row_group()?;
                    for (bytes, closed) in columns {
                        group.append_column(&bytes, closed)?;
                    }
                    group.close().map(|_| ())
                };
                append().map_err(|error| self.parquet(error))
            }
            _ => Err(self.parquet(ParquetError::General(
                "a batch of another format".to_owned(),
            ))),
        }
    }

    /// Adds a note to the foot of a Parquet file; a CSV file has no place for one.
    pub fn note(&mut self, name: &str, text: String) {
        if let Sink::Parquet(writer) = &mut self.sink {
            writer.append_key_value_metadata(KeyValue::new(name.to_owned(), text));
        }
    }

    /// Ends the file and puts it in its place.
    ///
    /// # Errors
    /// Whatever the file system says; what stood there before is then as it was.
    pub fn finish(self) -> Result<(), TableError> {
        let table = self.table;
        let io = |error| TableError::Io {
            table: table.clone(),
            error,
        };
        let file = match self.sink {
            Sink::Csv(file) => file.into_inner().map_err(|e| io(e.into_error()))?,
            Sink::Parquet(writer) => writer.into_inner().map_err(|error| TableError::Parquet {
                table: table.clone(),
                error,
            })?,
        };
        file.finish().map_err(io)
    }
}
