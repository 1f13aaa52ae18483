//! Quotes of CSV as they are read: one that never closes, or closes in the midst of a cell, would swallow rows unseen.

use std::io::{self, Read};

/// Where a reader is in its text.
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// At the beginning of a cell.
    Start,
    /// In a cell without quotes, in which a quote is a letter like any other.
    Bare,
    Quoted,
    /// Behind a quote in a quoted cell: its end, or the first half of a quote that is written twice.
    Behind,
}

/// A quote that does not fit, as an error of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// The file ends first.
    #[error("line {0}: a quote opens there and never closes; the file is damaged or cut off")]
    Open(u64),
    /// More text follows in the cell.
    #[error(
        "line {opens}: a quote opens there and closes in line {closes}, where the cell goes on; the file is damaged (a quote in a cell is written twice)"
    )]
    Within {
        /// The line of the quote that opens.
        opens: u64,
        /// The line of the one that closes.
        closes: u64,
    },
}

/// A text whose quotes are looked at as it is read.
pub(crate) struct Quotes<R> {
    inner: R,
    at: At,
    line: u64,
    /// The line of the quote that opened last.
    opens: u64,
}

impl<R: Read> Quotes<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            inner,
            at: At::Start,
            line: 1,
            opens: 1,
        }
    }

    fn look(&mut self, block: &[u8]) -> Result<(), Fault> {
        // Most blocks hold no quote, and need no look at every byte.
        if matches!(self.at, At::Start | At::Bare) && !block.contains(&b'"') {
            self.line += block
                .iter()
                .map(|byte| u64::from(*byte == b'\n'))
                .sum::<u64>();
            if let Some(last) = block.last() {
                self.at = behind(*last);
            }
            return Ok(());
        }
        for byte in block {
            self.at = match (self.at, byte) {
                (At::Start, b'"') => {
                    self.opens = self.line;
                    At::Quoted
                }
                (At::Quoted, b'"') => At::Behind,
                (At::Quoted, _) | (At::Behind, b'"') => At::Quoted,
                (At::Behind, other) if behind(*other) == At::Bare => {
                    return Err(Fault::Within {
                        opens: self.opens,
                        closes: self.line,
                    });
                }
                (_, other) => behind(*other),
            };
            self.line += u64::from(*byte == b'\n');
        }
        Ok(())
    }
}

/// Where one is behind a byte outside of quotes.
fn behind(byte: u8) -> At {
    match byte {
        b',' | b'\n' | b'\r' => At::Start,
        _ => At::Bare,
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        if n == 0 && !into.is_empty() && self.at == At::Quoted {
            return Err(io::Error::other(Fault::Open(self.opens)));
        }
        self.look(&into[..n]).map_err(io::Error::other)?;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads in blocks of some bytes.
    fn read(text: &str, block: usize) -> Result<(), String> {
        let mut quotes = Quotes::new(text.as_bytes());
        let mut into = vec![0; block];
        loop {
            match quotes.read(&mut into) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    #[test]
    fn a_quote_that_does_not_close_is_named_by_its_line() {
        for block in [1, 2, 3, 100] {
            for whole in [
                "a,b\n\"1\",\"x \"\"y\"\"\"\n",
                "a\n\"two\nlines\",3\r\n\"\"\r\n",
                "a\n5\" pipe,\"\"\"\"",
                "\"\"",
            ] {
                assert_eq!(read(whole, block), Ok(()), "{whole}");
            }
            for open in ["a,b\n1,2\n3,\"4\n5,6\n", "a,b\n\"1\n2\",3\n\"x,\"\"\n"] {
                let line = if open.starts_with("a,b\n1") { 3 } else { 4 };
                let said = read(open, block).unwrap_err();
                assert!(
                    said.starts_with(&format!(
                        "line {line}: a quote opens there and never closes"
                    )),
                    "{said}"
                );
            }
            let said = read("a,b\n1,\"2\n3,4\n5,\"6\"\n", block).unwrap_err();
            assert!(
                said.starts_with("line 2: a quote opens there and closes in line 4"),
                "{said}"
            );
        }
    }
}
