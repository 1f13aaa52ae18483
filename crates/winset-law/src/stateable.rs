//! Whether an entry states what this law understands: a slip in a name would otherwise count as a statement of zero.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::condition::Condition;
use crate::entry::{Entry, Fact};
use crate::law::Law;
use crate::measure::Basis;
use crate::read::nearest;
use crate::{LawError, preference, programme};

/// What entries state with a value of its own kind.
#[derive(Debug, Default)]
pub(crate) struct Stateable {
    /// Materials whose value bears a duty.
    materials: BTreeSet<Arc<str>>,
    /// Facts that records ask about, and as what.
    facts: BTreeMap<Arc<str>, Kinds>,
    /// Programmes that records ask about.
    programmes: BTreeSet<Arc<str>>,
}

/// As what records ask about a fact.
#[derive(Debug, Default)]
struct Kinds {
    yes_or_no: bool,
    number: bool,
    words: BTreeSet<Arc<str>>,
}

impl Kinds {
    /// What a fact must be that is of none of these kinds.
    fn lacking(&self, fact: &Fact) -> Option<&'static str> {
        let fits = match fact {
            Fact::Is(_) => self.yes_or_no,
            Fact::Number(_) => self.number,
            Fact::Word(_) => !self.words.is_empty(),
        };
        (!fits).then_some(match (self.number, self.yes_or_no) {
            (true, _) => "a number",
            (_, true) => "true or false",
            _ => "a word",
        })
    }
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
        for (.., condition) in law.conditions() {
            match condition {
                Condition::Is(name, _) => out.fact(name).yes_or_no = true,
                Condition::Number(name, ..) => out.fact(name).number = true,
                Condition::Word(name, word) => {
                    out.fact(name).words.insert(word.clone());
                }
                Condition::Claims(programme, _) => {
                    out.programmes.insert(programme.clone());
                }
                Condition::Content(of) => {
                    out.materials.insert(of.clone());
                }
                Condition::LoadedBefore(_) | Condition::Reads(..) => {}
            }
        }
        let exemptions = law.exemptions.iter();
        for share in exemptions.filter_map(|e| e.relieves_share.as_ref()) {
            out.fact(share).number = true;
        }
        out
    }

    fn fact(&mut self, name: &Arc<str>) -> &mut Kinds {
        self.facts.entry(name.clone()).or_default()
    }
}

impl Law {
    /// Whether what an entry states is in range and understood.
    ///
    /// # Errors
    /// A value out of range; a material that no duty asks about; materials that are worth more than the goods; a fact of the
    /// wrong kind, such as a word where a number is asked; one stated in two ways.
    pub(crate) fn check(&self, entry: &Entry) -> Result<(), LawError> {
        entry.check()?;
        let mut materials = Decimal::ZERO;
        for (place, (of, value)) in entry.content.iter().enumerate() {
            if entry.content[..place].iter().any(|(other, _)| other == of) {
                return Err(LawError::Range {
                    what: format!("the content `{of}`"),
                    found: "stated twice".to_owned(),
                    range: "stated once",
                });
            }
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
            let kinds = self.stateable.facts.get(name.as_str());
            let otherwise = |(other, said): &&(String, Fact)| other == name && said != fact;
            if !matches!(fact, Fact::Word(_))
                && let Some((_, said)) = entry.facts.iter().find(otherwise)
            {
                return Err(LawError::Range {
                    what: format!("the fact `{name}`"),
                    found: format!("{said} and {fact}"),
                    range: "one of them",
                });
            }
            if let Some(range) = kinds.and_then(|kinds| kinds.lacking(fact)) {
                return Err(LawError::Range {
                    what: format!("the fact `{name}`"),
                    found: fact.to_string(),
                    range,
                });
            }
        }
        Ok(())
    }
}

/// Something that an entry states and that nothing in the law asks about: it was not counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unasked {
    /// As it was stated: `certifed=auto_part`, `claim USMAC`, `claim USMCA for goods of JP`.
    pub stated: String,
    /// What the law does ask about that is written nearly so.
    pub nearest: Option<Arc<str>>,
}

impl fmt::Display for Unasked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.stated)?;
        match &self.nearest {
            Some(nearest) => write!(f, " (did you mean `{nearest}`?)"),
            None => Ok(()),
        }
    }
}

impl Law {
    /// What an entry states that nothing in this law asks about: a slip in a name or a word, or something that the law of
    /// another importer asks.
    pub fn unasked(&self, entry: &Entry) -> Vec<Unasked> {
        let mut out = Vec::new();
        let stateable = &self.stateable;
        for claim in &entry.claims {
            let mut named = stateable.programmes.iter();
            // The names of programmes are what most claim.
            if !programme::is_known(claim)
                && !self.schedules.iter().any(|s| s.names_programme(claim))
                && !named.any(|name| programme::is_claimed(name, claim))
            {
                let named = stateable.programmes.iter().map(AsRef::as_ref);
                out.push(Unasked {
                    stated: format!("claim {claim}"),
                    nearest: nearest(claim, named.chain(programme::names())).map(Arc::from),
                });
            } else if !programme::covers(claim, entry.origin, entry.on) {
                out.push(Unasked {
                    stated: format!("claim {claim} for goods of {}", entry.origin.iso2()),
                    nearest: None,
                });
            }
        }
        for (name, fact) in &entry.facts {
            let near = match (stateable.facts.get(name.as_str()), fact) {
                (Some(Kinds { words, .. }), Fact::Word(word))
                    if !words.iter().any(|known| known.eq_ignore_ascii_case(word)) =>
                {
                    nearest(word, words.iter().map(AsRef::as_ref))
                }
                (None, _) if !preference::asks(name) => {
                    nearest(name, stateable.facts.keys().map(AsRef::as_ref))
                }
                _ => continue,
            };
            out.push(Unasked {
                stated: format!("{name}={fact}"),
                nearest: near.map(Arc::from),
            });
        }
        out
    }
}
