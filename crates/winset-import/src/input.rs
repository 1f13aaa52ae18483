//! A published file as a stream of UTF-8 text, whatever it is packed in.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use winset_io::no_text;

use crate::error::ImportError;

/// How much is read at once.
const BLOCK: usize = 1 << 18;

/// A published file, opened.
pub struct Input {
    name: String,
    text: Box<dyn BufRead + Send>,
}

impl Input {
    /// Opens a file; one packed with gzip is unpacked, a byte-order mark of UTF-8 is left out.
    ///
    /// # Errors
    /// It cannot be read, or begins as UTF-16, as a zip archive or as a web page.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| ImportError::Read {
            file: name.clone(),
            error,
        })?;
        Self::of(name, Box::new(BufReader::with_capacity(BLOCK, file)))
    }

    /// The same of bytes in memory; `name` is what errors call them.
    ///
    /// # Errors
    /// As [`Input::open`].
    pub fn from_bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Self, ImportError> {
        Self::of(name.to_owned(), Box::new(Cursor::new(bytes.into())))
    }

    fn of(name: String, mut raw: Box<dyn BufRead + Send>) -> Result<Self, ImportError> {
        let failed = |error| ImportError::Read {
            file: name.clone(),
            error,
        };
        let packed = raw.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
        let mut text: Box<dyn BufRead + Send> = if packed {
            Box::new(BufReader::with_capacity(BLOCK, MultiGzDecoder::new(raw)))
        } else {
            raw
        };
        let start = text.fill_buf().map_err(|error| unpacked(&name, error))?;
        let mark = start.starts_with(b"\xef\xbb\xbf");
        let wrong = if start.is_empty() {
            Some("the file is empty")
        } else {
            no_text(start)
        };
        if let Some(what) = wrong {
            let what = what.to_owned();
            return Err(ImportError::Whole { file: name, what });
        }
        if mark {
            text.consume(3);
        }
        Ok(Self { name, text })
    }

    /// What errors call the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn into_parts(self) -> (String, Box<dyn BufRead + Send>) {
        (self.name, self.text)
    }

    /// The whole text, for files that are small or one document.
    pub(crate) fn text(mut self) -> Result<(String, String), ImportError> {
        let mut bytes = Vec::new();
        self.text
            .read_to_end(&mut bytes)
            .map_err(|error| unpacked(&self.name, error))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok((self.name, text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let line = error.as_bytes()[..at].split(|b| *b == b'\n').count();
                Err(ImportError::Whole {
                    file: self.name,
                    what: format!(
                        "line {line} is not UTF-8 (it may be Latin-1); save the file as UTF-8"
                    ),
                })
            }
        }
    }
}

/// A fault while reading: an archive that ends early says so in words.
pub(crate) fn unpacked(file: &str, error: std::io::Error) -> ImportError {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    match error.kind() {
        UnexpectedEof => ImportError::Whole {
            file: file.to_owned(),
            what: "the gzip file ends early; download it again".to_owned(),
        },
        InvalidData | InvalidInput => ImportError::Whole {
            file: file.to_owned(),
            what: format!("the gzip file is damaged ({error}); download it again"),
        },
        _ => ImportError::Read {
            file: file.to_owned(),
            error,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn refused(bytes: &[u8]) -> String {
        match Input::from_bytes("f.csv", bytes) {
            Ok(_) => panic!("taken"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_is_no_utf8_text_is_named() {
        assert_eq!(
            refused(b"\xff\xfea\0,\0"),
            "f.csv: the text is UTF-16; save it as UTF-8"
        );
        assert!(refused(b"a\0,\0").contains("UTF-16"));
        assert!(refused(b"PK\x03\x04").contains("zip archive"));
        assert!(refused(b"\n <!DOCTYPE html>").contains("web page"));
        assert_eq!(refused(b""), "f.csv: the file is empty");
        let latin = Input::from_bytes("f.csv", b"a\nM\xfcnchen\n".as_slice()).unwrap();
        assert_eq!(
            latin.text().unwrap_err().to_string(),
            "f.csv: line 2 is not UTF-8 (it may be Latin-1); save the file as UTF-8"
        );
    }

    #[test]
    fn gzip_and_byte_order_marks_are_taken_off() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all("\u{feff}a,b\n".as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let (_, text) = Input::from_bytes("f.gz", packed.clone())
            .unwrap()
            .text()
            .unwrap();
        assert_eq!(text, "a,b\n");
        let cut = Input::from_bytes("f.gz", &packed[..packed.len() - 9]).and_then(Input::text);
        assert_eq!(
            cut.unwrap_err().to_string(),
            "f.gz: the gzip file ends early; download it again"
        );
    }
}
