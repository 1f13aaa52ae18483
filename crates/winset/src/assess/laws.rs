//! The laws of the importers that a table names, each loaded when first met.

use std::sync::{Mutex, OnceLock, PoisonError};

use winset_law::{Batch, Country, Law};

/// Where laws come from.
pub trait Laws: Sync {
    /// Why a law could not be made.
    type Error: Send;

    /// The law of an importer; `None` where there is none. Asked once for each importer.
    ///
    /// # Errors
    /// Texts that do not compile: nothing is then assessed at all.
    fn law(&self, importer: Country) -> Result<Option<Law>, Self::Error>;

    /// The importers whose law there is, for a message.
    fn there(&self) -> String;

    /// Asked once all rows are assessed, before the answer is put in its place.
    ///
    /// # Errors
    /// What shows only once all laws are known; there is then no answer.
    fn finish(&self) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// The laws of the importers that were met so far, shared by all threads.
pub struct Met<'a, L> {
    laws: &'a L,
    made: Vec<(Country, OnceLock<Option<Law>>)>,
    /// Held while a law is made.
    making: Mutex<()>,
}

impl<'a, L: Laws> Met<'a, L> {
    /// Of laws of which none was met yet.
    pub fn new(laws: &'a L) -> Self {
        Self {
            laws,
            made: Country::all().map(|c| (c, OnceLock::new())).collect(),
            making: Mutex::new(()),
        }
    }

    fn law(&self, importer: Country) -> Result<Option<&Law>, L::Error> {
        let Some((_, place)) = self.made.iter().find(|(c, _)| *c == importer) else {
            return Ok(None);
        };
        if place.get().is_none() {
            let making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
            if place.get().is_none() {
                let law = self.laws.law(importer)?;
                place.get_or_init(|| law);
            }
            drop(making);
        }
        Ok(place.get().and_then(Option::as_ref))
    }

    /// That an importer has no law.
    pub(super) fn lacks(&self, importer: Country) -> String {
        format!(
            "column `importer`: there is no law of {importer} (there is that of {})",
            self.laws.there()
        )
    }

    /// The assessors of one thread.
    pub(super) fn batches(&self) -> Batches<'_, L> {
        Batches {
            met: self,
            each: Vec::new(),
            last: 0,
        }
    }
}

/// An assessor of each importer.
pub(super) struct Batches<'m, L> {
    met: &'m Met<'m, L>,
    each: Vec<(Country, Option<Batch<'m>>)>,
    last: usize,
}

impl<'m, L: Laws> Batches<'m, L> {
    /// The assessor of an importer; `None` where there is no law.
    pub(super) fn of(&mut self, importer: Country) -> Result<Option<&mut Batch<'m>>, L::Error> {
        if self.each.get(self.last).is_none_or(|(c, _)| *c != importer) {
            let known = self.each.iter().position(|(c, _)| *c == importer);
            self.last = if let Some(place) = known {
                place
            } else {
                let law = self.met.law(importer)?;
                self.each.push((importer, law.map(Law::batch)));
                self.each.len() - 1
            };
        }
        Ok(self.each[self.last].1.as_mut())
    }
}
