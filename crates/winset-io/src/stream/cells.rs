//! The cells of one column of a batch.

/// Texts one after the other in one piece of memory.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether every text is empty.
    pub fn is_blank(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Adds a text.
    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    /// Adds what `write` appends; it must not take anything away.
    pub fn push_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.bytes);
        self.ends.push(self.bytes.len());
    }

    /// A text by its place, from 0; empty where there is none.
    pub fn get(&self, row: usize) -> &[u8] {
        let start = match row.checked_sub(1) {
            Some(before) => self.ends.get(before).copied(),
            None => Some(0),
        };
        match (start, self.ends.get(row)) {
            (Some(start), Some(end)) => &self.bytes[start..*end],
            _ => &[],
        }
    }

    /// The texts.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// All texts as one piece, and where each ends.
    pub fn into_parts(self) -> (Vec<u8>, Vec<usize>) {
        (self.bytes, self.ends)
    }

    /// Forgets the texts and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }
}

/// Texts by their places among some that mostly differ: a column of few different texts.
#[derive(Clone, Debug, Default)]
pub struct Coded {
    texts: Texts,
    /// For each row; beyond the texts where it is blank.
    pub(super) places: Vec<u32>,
}

impl Coded {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The texts that places are among; two may be the same.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// For each row the place of its text; beyond the texts where it is blank.
    pub fn places(&self) -> &[u32] {
        &self.places
    }

    /// A text by its row; empty where there is none.
    pub fn get(&self, row: usize) -> &[u8] {
        let place = self.places.get(row).copied().unwrap_or(u32::MAX);
        self.texts.get(place as usize)
    }

    /// Adds a text that rows may then have; its place.
    pub fn add_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> u32 {
        self.texts.push_with(write);
        self.texts.len() as u32 - 1
    }

    /// Adds a row of the text at a place.
    pub fn push_place(&mut self, place: u32) {
        self.places.push(place);
    }

    /// The text of each row.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Each row with a text of its own.
    pub fn into_texts(self) -> Texts {
        let mut texts = Texts::default();
        self.iter().for_each(|text| texts.push(text));
        texts
    }

    /// Forgets the texts and keeps the memory.
    pub fn clear(&mut self) {
        self.texts.clear();
        self.places.clear();
    }

    /// Adds a row of a text that is not among the texts.
    fn push(&mut self, text: &[u8]) {
        self.places.push(self.texts.len() as u32);
        self.texts.push(text);
    }

    /// Adds a row without a text.
    pub(super) fn push_blank(&mut self) {
        self.places.push(u32::MAX);
    }

    /// Adds texts that rows may then have; the place of the first.
    pub(super) fn add(&mut self, texts: &Texts) -> u32 {
        let base = self.texts.len() as u32;
        texts.iter().for_each(|text| self.texts.push(text));
        base
    }
}

/// One cell as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing, or blanks only.
    Blank,
    /// A text, without blanks at its ends.
    Text(&'a str),
    /// Bytes that are no UTF-8.
    Bytes(&'a [u8]),
    /// `mantissa` / 10^`scale`, exact.
    Number {
        /// All digits.
        mantissa: i128,
        /// How many of them stand behind the point.
        scale: u32,
    },
    /// A floating-point number.
    Real(f64),
    /// Days since 1 January 1970.
    Day(i32),
}

impl<'a> Cell<'a> {
    /// As a CSV table shows it; a day as its number since 1 January 1970.
    pub fn text(self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) => text.to_owned(),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Self::Number { mantissa, scale } => {
                let mut out = Vec::new();
                super::push_decimal(&mut out, mantissa, scale);
                String::from_utf8_lossy(&out).into_owned()
            }
            Self::Real(number) => number.to_string(),
            Self::Day(days) => days.to_string(),
        }
    }

    /// The cell that holds a text; blanks at its ends do not count.
    pub fn of_text(text: &'a str) -> Self {
        match text.trim_ascii() {
            "" => Self::Blank,
            text => Self::Text(text),
        }
    }

    /// The cell that holds some bytes, a text if they are UTF-8.
    pub fn of_bytes(bytes: &'a [u8]) -> Self {
        match bytes.trim_ascii() {
            [] => Self::Blank,
            bytes => std::str::from_utf8(bytes).map_or(Self::Bytes(bytes), Self::Text),
        }
    }
}

/// The cells of one column of a batch.
#[derive(Clone, Debug, Default)]
pub enum Cells {
    /// The file has no such column: every cell is blank.
    #[default]
    Absent,
    /// Texts; a missing one is empty.
    Text(Texts),
    /// The same by their places in a dictionary.
    Coded(Coded),
    /// Exact numbers, each over the same power of ten.
    Numbers {
        /// All digits; `None` where missing.
        mantissas: Vec<Option<i128>>,
        /// How many of them stand behind the point.
        scale: u32,
    },
    /// Floating-point numbers.
    Reals(Vec<Option<f64>>),
    /// Days since 1 January 1970.
    Days(Vec<Option<i32>>),
}

impl Cells {
    /// A cell by its row in the batch, from 0.
    pub fn get(&self, row: usize) -> Cell<'_> {
        match self {
            Self::Absent => Cell::Blank,
            // A column of blanks is common.
            Self::Text(texts) if texts.is_blank() => Cell::Blank,
            Self::Text(texts) => Cell::of_bytes(texts.get(row)),
            Self::Coded(coded) => Cell::of_bytes(coded.get(row)),
            Self::Numbers { mantissas, scale } => match mantissas.get(row).copied().flatten() {
                Some(mantissa) => Cell::Number {
                    mantissa,
                    scale: *scale,
                },
                None => Cell::Blank,
            },
            Self::Reals(numbers) => {
                let number = numbers.get(row).copied().flatten();
                number.map_or(Cell::Blank, Cell::Real)
            }
            Self::Days(days) => {
                let day = days.get(row).copied().flatten();
                day.map_or(Cell::Blank, Cell::Day)
            }
        }
    }

    /// Whether a cell is blank.
    pub fn is_blank_at(&self, row: usize) -> bool {
        match self {
            Self::Text(texts) => texts.get(row).trim_ascii().is_empty(),
            Self::Coded(coded) => coded.get(row).trim_ascii().is_empty(),
            other => other.get(row) == Cell::Blank,
        }
    }

    /// Whether every cell is known to be blank without a look at each.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Text(texts) => texts.is_blank(),
            Self::Coded(coded) => coded.texts.is_blank(),
            Self::Numbers { .. } | Self::Reals(_) | Self::Days(_) => false,
        }
    }

    /// Adds a text to a column of texts, nothing where it is missing; columns of other kinds stay as they are.
    pub(super) fn push_text(&mut self, text: Option<&[u8]>) {
        match (self, text) {
            (Self::Text(texts), text) => texts.push(text.unwrap_or(&[])),
            (Self::Coded(coded), Some(text)) => coded.push(text),
            (Self::Coded(coded), None) => coded.push_blank(),
            _ => {}
        }
    }

    /// Forgets the cells and keeps the memory.
    pub(crate) fn clear(&mut self) {
        match self {
            Self::Absent => {}
            Self::Text(texts) => texts.clear(),
            Self::Coded(coded) => coded.clear(),
            Self::Numbers { mantissas, .. } => mantissas.clear(),
            Self::Reals(numbers) => numbers.clear(),
            Self::Days(days) => days.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_read_back_and_bad_bytes_are_told_apart() {
        let mut texts = Texts::default();
        for text in [&b" a "[..], b"", b"\xff", "米".as_bytes()] {
            texts.push(text);
        }
        assert_eq!(
            (texts.len(), texts.get(0), texts.get(9)),
            (4, &b" a "[..], &b""[..])
        );
        let cells = Cells::Text(texts);
        let all: Vec<Cell<'_>> = (0..5).map(|row| cells.get(row)).collect();
        let expected = [
            Cell::Text("a"),
            Cell::Blank,
            Cell::Bytes(b"\xff"),
            Cell::Text("米"),
            Cell::Blank,
        ];
        assert_eq!(all, expected);
    }
}
