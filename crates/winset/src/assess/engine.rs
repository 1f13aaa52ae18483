//! Rows of input assessed, wherever they come from.

use std::ops::Range;

use jiff::civil::Date;
use winset_io::stream::{BATCH_ROWS, Cell, Cells, Coded, Rows};
use winset_law::{Bare, Country, Found, Stated};

use super::answer::Answer;
use super::laws::{Batches, Laws, Met};
use super::row::{self, BareRows};
use super::stated::Written;

/// Rows of the columns [`COLUMNS`](super::COLUMNS), in memory.
pub trait Input {
    /// How many rows there are.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the first row in the whole input, from 1.
    fn first(&self) -> u64;

    /// A cell by the place of its column in [`COLUMNS`](super::COLUMNS) and its row, both from 0.
    fn cell(&self, column: usize, row: usize) -> Cell<'_>;

    /// Whether every cell of a column is known to be blank.
    fn is_blank(&self, column: usize) -> bool;

    /// Whether a cell is blank.
    fn is_blank_at(&self, column: usize, row: usize) -> bool {
        self.cell(column, row) == Cell::Blank
    }

    /// The cells of a column by their places among its texts, where it is kept so: each text need then be read only once.
    fn coded(&self, _column: usize) -> Option<&Coded> {
        None
    }

    /// What is wrong with the form of a row, before any cell of it is read.
    fn fault(&self, row: usize) -> Option<String>;
}

/// Rows of a file of so many columns.
pub(super) struct FileRows<'r> {
    pub(super) rows: &'r Rows,
    pub(super) width: usize,
}

impl Input for FileRows<'_> {
    fn len(&self) -> usize {
        self.rows.len
    }

    fn first(&self) -> u64 {
        self.rows.first
    }

    fn cell(&self, column: usize, row: usize) -> Cell<'_> {
        self.rows.cell(column, row)
    }

    fn is_blank(&self, column: usize) -> bool {
        self.rows.columns.get(column).is_none_or(Cells::is_blank)
    }

    fn is_blank_at(&self, column: usize, row: usize) -> bool {
        let column = self.rows.columns.get(column);
        column.is_none_or(|column| column.is_blank_at(row))
    }

    fn coded(&self, column: usize) -> Option<&Coded> {
        match self.rows.columns.get(column) {
            Some(Cells::Coded(coded)) => Some(coded),
            _ => None,
        }
    }

    fn fault(&self, row: usize) -> Option<String> {
        let ragged = &self.rows.ragged;
        let place = ragged.binary_search_by_key(&row, |(at, _)| *at).ok()?;
        let (_, cells) = ragged[place];
        Some(format!(
            "the row has {cells} cells, the header {}",
            self.width
        ))
    }
}

/// How many rows are looked up at once.
const BLOCK: usize = BATCH_ROWS;

/// Assesses batch after batch on one thread.
pub struct Assessor<'m, L> {
    met: &'m Met<'m, L>,
    batches: Batches<'m, L>,
    known_on: Option<Date>,
    /// The bare entries among the rows of a block, each with its row, and their plans.
    rows: Vec<usize>,
    bare: Vec<Bare>,
    found: Found,
    written: Written,
}

impl<'m, L: Laws> Assessor<'m, L> {
    /// With the laws that were met; `known_on` is the day as of which acts count for rows that do not say, `None` all acts
    /// in the data.
    pub fn new(met: &'m Met<'m, L>, known_on: Option<Date>) -> Self {
        Self {
            met,
            batches: met.batches(),
            known_on,
            rows: Vec::new(),
            bare: Vec::new(),
            found: Found::default(),
            written: Written::default(),
        }
    }

    /// What is owed on each row, in their order; a row that has no answer says why. Added to `answer`.
    ///
    /// # Errors
    /// A law that does not compile.
    pub fn assess(&mut self, input: &impl Input, mut answer: Answer) -> Result<Answer, L::Error> {
        for from in (0..input.len()).step_by(BLOCK) {
            let block = from..input.len().min(from + BLOCK);
            self.look_up(input, block.clone())?;
            let mut next = 0;
            for row in block {
                answer.id(input, row);
                if self.rows.get(next) == Some(&row) {
                    let bare = &self.bare[next];
                    let law = self.batches.of(bare.importer())?;
                    let owed = law.and_then(|law| {
                        law.by_plan(&self.found, next, bare, || row::quantity(input, row))
                    });
                    next += 1;
                    if let Some(owed) = owed {
                        answer.owed(owed);
                        continue;
                    }
                }
                self.one(input, row, &mut answer)?;
            }
        }
        Ok(answer)
    }

    /// Reads the bare entries among some rows, those of one importer, and looks them up.
    fn look_up(&mut self, input: &impl Input, block: Range<usize>) -> Result<(), L::Error> {
        self.rows.clear();
        self.bare.clear();
        let mut reader = BareRows::new(input, self.known_on);
        for row in block {
            let Some(bare) = reader.read(row) else {
                continue;
            };
            let first = self.bare.first();
            if first.is_some_and(|first| first.importer() != bare.importer()) {
                continue;
            }
            let stated = match reader.stated(row) {
                Some(("", "")) => Stated::default(),
                Some(written) => {
                    let stated = self.stated(input, row, bare.importer(), written)?;
                    let Some(stated) = stated else { continue };
                    stated
                }
                None => continue,
            };
            self.rows.push(row);
            self.bare.push(bare.stating(stated));
        }
        if let Some(first) = self.bare.first()
            && let Some(law) = self.batches.of(first.importer())?
        {
            law.find(&self.bare, &mut self.found);
        }
        Ok(())
    }

    /// The number of what a row claims and states; `None` where the row must be asked by itself.
    fn stated(
        &mut self,
        input: &impl Input,
        row: usize,
        importer: Country,
        written: (&str, &str),
    ) -> Result<Option<Stated>, L::Error> {
        let Some(batch) = self.batches.of(importer)? else {
            return Ok(None);
        };
        Ok(self.written.number(importer, written, || {
            let (entry, _) = row::entry(input, row, None).ok()?;
            // What nothing asks about is told of.
            if batch.law().unasked(&entry).is_empty() {
                batch.stated(&entry)
            } else {
                None
            }
        }))
    }

    /// Adds the answer on a row that is asked by itself.
    fn one(&mut self, input: &impl Input, row: usize, answer: &mut Answer) -> Result<(), L::Error> {
        let read = match input.fault(row) {
            Some(fault) => Err(fault),
            None => row::entry(input, row, self.known_on),
        };
        match read {
            Ok((entry, known_on)) => match self.batches.of(entry.importer())? {
                Some(law) => {
                    answer.unasked(law.law().unasked(&entry));
                    answer.owed(law.assess(&entry, known_on));
                }
                None => answer.fault(&self.met.lacks(entry.importer())),
            },
            Err(fault) => answer.fault(&fault),
        }
        Ok(())
    }
}
