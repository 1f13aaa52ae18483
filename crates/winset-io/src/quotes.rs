//! Quotes of CSV as they are read: one that never closes, or closes in the midst of a cell, would swallow rows unseen.

use std::fmt;
use std::io::{self, Read};

/// Where a reader is in its text.
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// At the beginning of a row that nothing stands in yet.
    Row,
    /// At the beginning of a further cell.
    Start,
    /// In a cell without quotes, in which a quote is a letter like any other.
    Bare,
    Quoted,
    /// Behind a quote in a quoted cell: its end, or the first half of a quote that is written twice.
    Behind,
    /// In a line that is a remark.
    Remark,
}

/// Where a quote stands, as people find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotePlace {
    /// The row, from 1; zero is the header.
    pub row: u64,
    /// The line of the file, from 1.
    pub line: u64,
}

impl fmt::Display for QuotePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            0 => write!(f, "header (line {})", self.line),
            row => write!(f, "row {row} (line {})", self.line),
        }
    }
}

/// A quote that does not fit, as an error of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteFault {
    /// The file ends first.
    #[error("{0}: a quote opens there and never closes; the file is damaged or cut off")]
    Open(QuotePlace),
    /// More text follows in the cell.
    #[error(
        "{opens}: a quote opens there and closes in line {closes}, where the cell goes on; the file is damaged (a quote in a cell is written twice)"
    )]
    Within {
        /// Where the quote opens.
        opens: QuotePlace,
        /// The line of the one that closes.
        closes: u64,
    },
}

/// A text whose quotes are looked at as it is read.
pub struct Quotes<R> {
    inner: R,
    at: At,
    /// Whether lines that begin with `#` are remarks.
    remarks: bool,
    /// Bytes that have been read, as far as a byte-order mark reaches.
    begun: usize,
    last: u8,
    here: QuotePlace,
    /// The place of the quote that opened last.
    opens: QuotePlace,
}

impl<R: Read> Quotes<R> {
    /// Looks at every quote of `inner`, which is read through it.
    pub fn new(inner: R) -> Self {
        let first = QuotePlace { row: 0, line: 1 };
        Self {
            inner,
            at: At::Row,
            remarks: false,
            begun: 0,
            last: b'\n',
            here: first,
            opens: first,
        }
    }

    /// The same where lines that begin with `#` are remarks, whose quotes are nobody's.
    pub(crate) fn with_remarks(inner: R) -> Self {
        Self {
            remarks: true,
            ..Self::new(inner)
        }
    }

    /// Whether what has been read ends with a line end.
    pub fn ends_line(&self) -> bool {
        is_end(self.last)
    }

    fn look(&mut self, block: &[u8]) -> Result<(), QuoteFault> {
        let outside = matches!(self.at, At::Row | At::Start | At::Bare);
        // Most blocks hold no quote, and need no look at every byte; the first may begin with a byte-order mark.
        if outside && !self.remarks && self.begun >= 3 && !block.contains(&b'"') {
            self.pass(block);
            return Ok(());
        }
        let mark = self.mark(block);
        let mut rest = &block[mark..];
        while let Some((byte, after)) = rest.split_first() {
            self.step(*byte)?;
            rest = &after[self.stays(after)..];
        }
        self.begun += block.len();
        self.last = block.last().copied().unwrap_or(self.last);
        Ok(())
    }

    /// Over how many bytes one stays where one is, in the midst of a cell.
    fn stays(&self, rest: &[u8]) -> usize {
        let next = match self.at {
            At::Quoted => rest.iter().position(|b| matches!(b, b'"' | b'\n')),
            At::Bare => rest.iter().position(|b| behind(*b) != At::Bare),
            _ => Some(0),
        };
        next.unwrap_or(rest.len())
    }

    /// How many bytes of a block are of the byte-order mark.
    fn mark(&self, block: &[u8]) -> usize {
        let rest = b"\xef\xbb\xbf".get(self.begun..).unwrap_or_default();
        let same = rest
            .iter()
            .zip(block)
            .take_while(|(mark, byte)| mark == byte);
        same.count()
    }

    /// Goes over a block without quotes that begins outside of them.
    fn pass(&mut self, block: &[u8]) {
        let (Some(first), Some(last)) = (block.first(), block.last()) else {
            return;
        };
        let ends = |pair: (&u8, &u8)| u64::from(is_end(*pair.1) && !is_end(*pair.0));
        let rows: u64 = block.iter().zip(&block[1..]).map(ends).sum();
        self.here.row += rows + ends((&self.last, first));
        self.here.line += block.iter().map(|b| u64::from(*b == b'\n')).sum::<u64>();
        self.begun += block.len();
        self.last = *last;
        self.at = behind(*last);
    }

    #[inline]
    fn step(&mut self, byte: u8) -> Result<(), QuoteFault> {
        let next = match (self.at, byte) {
            (At::Quoted, b'"') => At::Behind,
            (At::Quoted, _) | (At::Behind, b'"') => At::Quoted,
            (At::Row | At::Start, b'"') => {
                self.opens = self.here;
                At::Quoted
            }
            (At::Row, b'#') if self.remarks => At::Remark,
            (At::Remark, b'\n') => At::Row,
            (At::Remark, _) => At::Remark,
            // A blank between a quoted cell and its comma is a slip that every reader takes; behind a cell of several lines it may
            // be another cell's.
            (At::Behind, b' ' | b'\t') if self.opens.line == self.here.line => At::Bare,
            (At::Behind, other) if behind(other) == At::Bare => {
                return Err(QuoteFault::Within {
                    opens: self.opens,
                    closes: self.here.line,
                });
            }
            (_, other) => behind(other),
        };
        if is_end(byte) {
            // A blank line is no row.
            let ends = next == At::Row && !matches!(self.at, At::Row | At::Remark);
            self.here.row += u64::from(ends);
            self.here.line += u64::from(byte == b'\n');
        }
        self.at = next;
        Ok(())
    }
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Where one is behind a byte outside of quotes.
fn behind(byte: u8) -> At {
    match byte {
        b',' => At::Start,
        b'\n' | b'\r' => At::Row,
        _ => At::Bare,
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        if n == 0 && !into.is_empty() && self.at == At::Quoted {
            return Err(io::Error::other(QuoteFault::Open(self.opens)));
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
                "\"8703230140\" ,KR\n",
            ] {
                assert_eq!(read(whole, block), Ok(()), "{whole}");
            }
            for open in ["a,b\n1,2\n3,\"4\n5,6\n", "a,b\n\"1\n2\",3\n\"x,\"\"\n"] {
                let place = if open.starts_with("a,b\n1") {
                    "row 2 (line 3)"
                } else {
                    "row 2 (line 4)"
                };
                let said = read(open, block).unwrap_err();
                assert!(
                    said.starts_with(&format!("{place}: a quote opens there and never closes")),
                    "{said}"
                );
            }
            let said = read("a,b\n1,\"2 in. pipe\n3,4\" pipe\n", block).unwrap_err();
            assert!(
                said.starts_with("row 1 (line 2): a quote opens there and closes in line 3"),
                "{said}"
            );
            let said = read("a,b\n1,\"2\n3,4\n5,\"6\"\n", block).unwrap_err();
            assert!(
                said.starts_with("row 1 (line 2): a quote opens there and closes in line 4"),
                "{said}"
            );
        }
    }

    #[test]
    fn blank_lines_are_no_rows_and_a_mark_hides_no_quote() {
        for block in [1, 2, 7, 100] {
            let said = read("a,b\r\n\r\n1,2\r\n\n3,4\r\n5,\"6\r\n", block).unwrap_err();
            assert!(said.starts_with("row 3 (line 6): "), "{said}");
            let said = read("\u{feff}\"a,b\n1,2\n", block).unwrap_err();
            assert!(said.starts_with("header (line 1): "), "{said}");
        }
    }

    #[test]
    fn quotes_of_remarks_are_nobodys() {
        let read = |text: &str| {
            let mut into = String::new();
            let read = Quotes::with_remarks(text.as_bytes()).read_to_string(&mut into);
            read.map_err(|error| error.to_string())
        };
        assert!(read("# of,\"5 in\na,b\n# \"\n1,2\n").is_ok());
        assert_eq!(
            read("# x\na,b\n# y\n1,\"2\n").unwrap_err(),
            "row 1 (line 4): a quote opens there and never closes; the file is damaged or cut off"
        );
    }
}
