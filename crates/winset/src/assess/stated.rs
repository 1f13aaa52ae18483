//! What rows claim and state, as it is written: most rows of a table write the same few texts.

use std::collections::HashMap;

use winset_law::{Country, Stated};

/// How many different texts are remembered.
const MOST: usize = 1 << 12;

/// Claims and facts that were met, with the numbers that a batch gave them.
#[derive(Default)]
pub(super) struct Written {
    numbers: HashMap<Box<[u8]>, Option<Stated>>,
    key: Vec<u8>,
}

impl Written {
    /// The number of the claims and facts of a row; `number` tells it where they were not met before. `None` where the row must be
    /// asked by itself, as must all whose texts are one too many.
    pub(super) fn number(
        &mut self,
        importer: Country,
        (claims, facts): (&str, &str),
        number: impl FnOnce() -> Option<Stated>,
    ) -> Option<Stated> {
        self.key.clear();
        self.key.extend_from_slice(importer.iso2().as_bytes());
        self.key.extend_from_slice(claims.as_bytes());
        // No text holds this byte.
        self.key.push(0xff);
        self.key.extend_from_slice(facts.as_bytes());
        if let Some(known) = self.numbers.get(self.key.as_slice()) {
            return *known;
        }
        if self.numbers.len() >= MOST {
            return None;
        }
        let number = number();
        self.numbers.insert(self.key.as_slice().into(), number);
        number
    }
}
