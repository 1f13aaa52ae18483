//! Rows of input assessed, wherever they come from.

use jiff::civil::Date;
use winset_io::stream::{Cell, Rows};
use winset_law::Entry;

use super::answer::Answer;
use super::laws::{Batches, Laws, Met};
use super::row;

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

/// How many entries are assessed side by side.
const CHUNK: usize = 256;

/// Assesses batch after batch on one thread.
pub struct Assessor<'m, L> {
    met: &'m Met<'m, L>,
    batches: Batches<'m, L>,
    known_on: Option<Date>,
    /// Entries of one importer that wait for their answer.
    waiting: Vec<(Entry, Option<Date>)>,
}

impl<'m, L: Laws> Assessor<'m, L> {
    /// With the laws that were met; `known_on` is the day as of which acts count for rows that do not say, `None` all acts
    /// in the data.
    pub fn new(met: &'m Met<'m, L>, known_on: Option<Date>) -> Self {
        Self {
            met,
            batches: met.batches(),
            known_on,
            waiting: Vec::with_capacity(CHUNK),
        }
    }

    /// What is owed on each row, in their order; a row that has no answer says why. Added to `answer`.
    ///
    /// # Errors
    /// A law that does not compile.
    pub fn assess(&mut self, input: &impl Input, mut answer: Answer) -> Result<Answer, L::Error> {
        for row in 0..input.len() {
            answer.id(input, row);
            let read = match input.fault(row) {
                Some(fault) => Err(fault),
                None => row::entry(input, row, self.known_on),
            };
            match read {
                Ok(entry) => {
                    let other = |(first, _): &(Entry, _)| first.importer() != entry.0.importer();
                    if self.waiting.len() == CHUNK || self.waiting.first().is_some_and(other) {
                        self.tell(&mut answer)?;
                    }
                    self.waiting.push(entry);
                }
                Err(fault) => {
                    self.tell(&mut answer)?;
                    answer.fault(&fault);
                }
            }
        }
        self.tell(&mut answer)?;
        Ok(answer)
    }

    /// Adds the answers on the entries that wait.
    fn tell(&mut self, answer: &mut Answer) -> Result<(), L::Error> {
        let Some((first, _)) = self.waiting.first() else {
            return Ok(());
        };
        let importer = first.importer();
        if let Some(law) = self.batches.of(importer)? {
            law.assess_all(&self.waiting, |_, owed| answer.owed(owed));
        } else {
            let fault = self.met.lacks(importer);
            for _ in 0..self.waiting.len() {
                answer.fault(&fault);
            }
        }
        self.waiting.clear();
        Ok(())
    }
}
