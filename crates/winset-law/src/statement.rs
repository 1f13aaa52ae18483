//! What entries state beside value, quantity and content, numbered.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use crate::bare::Bare;
use crate::code::CodeHasher;
use crate::entry::{Entry, Fact};

/// How many different statements are numbered.
const MOST: usize = 1 << 10;

/// The number of what a [`Bare`](crate::Bare) entry claims and states, as its batch gave it; zero for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stated(pub(crate) u16);

impl Stated {
    pub(crate) const NOTHING: Self = Self(0);
}

/// Sets of claims, facts and days of loading that were met.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    by_hash: HashMap<u64, u16>,
    /// Entries that state them; of what else they hold nothing counts.
    met: Vec<Entry>,
}

impl Statements {
    /// The number of what an entry states. `None` where a number other than a share is stated, or one statement too many: few
    /// entries would share it; and where several programmes are claimed, of which the lowest duty may hang on value and quantity.
    pub(crate) fn of(&mut self, entry: &Entry) -> Option<Stated> {
        if entry.claims.is_empty() && entry.facts.is_empty() && entry.loaded.is_none() {
            return Some(Stated::NOTHING);
        }
        if entry.claims.len() > 1 {
            return None;
        }
        let mut hasher = CodeHasher::default();
        entry.claims.hash(&mut hasher);
        entry.loaded.hash(&mut hasher);
        for (name, fact) in &entry.facts {
            name.hash(&mut hasher);
            match fact {
                Fact::Is(yes) => yes.hash(&mut hasher),
                Fact::Word(word) => word.hash(&mut hasher),
                // A share is the same whatever the value.
                Fact::Number(share) if name.ends_with("share") => share.hash(&mut hasher),
                Fact::Number(_) => return None,
            }
        }
        if let Some(number) = self.by_hash.get(&hasher.finish()) {
            let met = &self.met[usize::from(*number) - 1];
            let same = met.claims == entry.claims
                && met.facts == entry.facts
                && met.loaded == entry.loaded;
            return same.then_some(Stated(*number));
        }
        if self.met.len() >= MOST {
            return None;
        }
        let mut met = entry.clone();
        (met.quantity, met.content) = (None, Vec::new());
        self.met.push(met);
        let number = self.met.len() as u16;
        self.by_hash.insert(hasher.finish(), number);
        Some(Stated(number))
    }

    /// A bare entry with what it states.
    pub(crate) fn whole(&self, bare: &Bare) -> Entry {
        let mut entry = bare.entry();
        if let Some(met) = self.met(bare.stated) {
            entry.claims.clone_from(&met.claims);
            entry.facts.clone_from(&met.facts);
            entry.loaded = met.loaded;
        }
        entry
    }

    /// Whether the number is one of these.
    pub(crate) fn knows(&self, stated: Stated) -> bool {
        usize::from(stated.0) <= self.met.len()
    }

    /// Whether a programme is claimed.
    pub(crate) fn claims(&self, stated: Stated) -> bool {
        self.met(stated).is_some_and(|met| !met.claims.is_empty())
    }

    fn met(&self, stated: Stated) -> Option<&Entry> {
        self.met.get(usize::from(stated.0).checked_sub(1)?)
    }
}
