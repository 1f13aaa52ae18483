//! Whether an entry states what this law understands: a slip in a name would otherwise count as a statement of zero.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::LawError;
use crate::condition::Condition;
use crate::entry::{Entry, Fact};
use crate::law::Law;
use crate::measure::Basis;

/// What entries state with a value of its own kind.
#[derive(Debug, Default)]
pub(crate) struct Stateable {
    /// Materials whose value bears a duty.
    materials: BTreeSet<Arc<str>>,
    /// Facts that are numbers.
    numbers: BTreeSet<Arc<str>>,
}

impl Stateable {
    /// What the records of a law ask about.
    pub(crate) fn of(law: &Law) -> Self {
        let mut out = Self::default();
        for measure in &law.measures {
            if let Basis::Content(of) = &measure.basis {
                out.materials.insert(of.clone());
            }
        }
        let measures = law.measures.iter().flat_map(|m| &m.when);
        let exemptions = law.exemptions.iter().flat_map(|e| &e.when);
        for condition in measures.chain(exemptions) {
            if let Condition::Number(name, ..) = condition {
                out.numbers.insert(name.clone());
            }
        }
        let shares = law
            .exemptions
            .iter()
            .filter_map(|e| e.relieves_share.clone());
        out.numbers.extend(shares);
        out
    }
}

impl Law {
    /// Whether what an entry states is in range and understood.
    ///
    /// # Errors
    /// A value out of range; a material that no duty asks about; materials that are worth more than the goods; a fact that must be
    /// a number and is none.
    pub(crate) fn check(&self, entry: &Entry) -> Result<(), LawError> {
        entry.check()?;
        let mut materials = Decimal::ZERO;
        for (of, value) in &entry.content {
            if self.stateable.materials.contains(of.as_str()) {
                materials += value;
            } else if !self.schedules.iter().any(|s| s.names_part(of)) {
                return Err(LawError::Material {
                    of: of.clone(),
                    known: self.stateable.materials.iter().cloned().collect(),
                });
            }
        }
        if materials > entry.value.amount {
            return Err(LawError::Range {
                what: "the value of the materials together".to_owned(),
                found: materials.to_string(),
                range: "at most the value of the entry",
            });
        }
        for (name, fact) in &entry.facts {
            if !matches!(fact, Fact::Number(_)) && self.stateable.numbers.contains(name.as_str()) {
                return Err(LawError::Range {
                    what: format!("the fact `{name}`"),
                    found: match fact {
                        Fact::Is(yes) => yes.to_string(),
                        Fact::Word(word) => word.clone(),
                        Fact::Number(number) => number.to_string(),
                    },
                    range: "a number",
                });
            }
        }
        Ok(())
    }
}
