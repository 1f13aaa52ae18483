//! What entries state beside value, quantity and content, numbered.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use jiff::civil::Date;

use crate::code::CodeHasher;
use crate::entry::{Entry, Fact};

/// How many different statements are numbered.
const MOST: usize = 1 << 10;

/// Sets of claims, facts and days of loading that were met.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    by_hash: HashMap<u64, u16>,
    met: Vec<Statement>,
}

#[derive(Debug)]
struct Statement {
    claims: Vec<String>,
    facts: Vec<(String, Fact)>,
    loaded: Option<Date>,
}

impl Statements {
    /// The number of what an entry states; zero for nothing. `None` where a number other than a share is stated, or one
    /// statement too many: few entries would share it; and where several programmes are claimed, of which the lowest duty may hang
    /// on value and quantity.
    pub(crate) fn of(&mut self, entry: &Entry) -> Option<u16> {
        if entry.claims.is_empty() && entry.facts.is_empty() && entry.loaded.is_none() {
            return Some(0);
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
            return same.then_some(*number);
        }
        if self.met.len() >= MOST {
            return None;
        }
        self.met.push(Statement {
            claims: entry.claims.clone(),
            facts: entry.facts.clone(),
            loaded: entry.loaded,
        });
        let number = self.met.len() as u16;
        self.by_hash.insert(hasher.finish(), number);
        Some(number)
    }
}
