//! Rows gathered until they are worth writing.

use winset_io::stream::{Answers, Texts};

use crate::error::ImportError;
use crate::stage::RowsOut;

/// A table of `T` columns of text and `R` of numbers behind them, on its way into the stage.
pub(crate) struct Batch<const T: usize, const R: usize> {
    rows: RowsOut,
    texts: [Texts; T],
    reals: [Vec<Option<f64>>; R],
    gathered: usize,
}

impl<const T: usize, const R: usize> Batch<T, R> {
    pub(crate) fn new(rows: RowsOut) -> Self {
        Self {
            rows,
            texts: std::array::from_fn(|_| Texts::default()),
            reals: std::array::from_fn(|_| Vec::new()),
            gathered: 0,
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The rows that have been gathered cannot be written.
    pub(crate) fn push(
        &mut self,
        texts: [&str; T],
        reals: [Option<f64>; R],
    ) -> Result<(), ImportError> {
        for (column, cell) in self.texts.iter_mut().zip(texts) {
            column.push(cell.as_bytes());
        }
        for (column, cell) in self.reals.iter_mut().zip(reals) {
            column.push(cell);
        }
        self.gathered += 1;
        if self.gathered == RowsOut::BATCH {
            self.write()?;
        }
        Ok(())
    }

    /// Writes what is left, and gives the table back.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn end(mut self) -> Result<RowsOut, ImportError> {
        self.write()?;
        Ok(self.rows)
    }

    fn write(&mut self) -> Result<(), ImportError> {
        let texts = self.texts.iter_mut().map(std::mem::take);
        let reals = self.reals.iter_mut().map(std::mem::take);
        let columns: Vec<Answers> = texts
            .map(Answers::Texts)
            .chain(reals.map(Answers::Reals))
            .collect();
        self.rows
            .write(std::mem::take(&mut self.gathered), &columns)
    }
}
