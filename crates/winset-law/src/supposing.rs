//! An entry with one more thing assumed: how *needs to know* finds the other answer.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::condition::Condition;
use crate::entry::{Entry, Fact, Inputs, Quantity};
use crate::trace::{Answer, Asked};

/// An entry of which one more thing is so.
pub(crate) struct Supposing<'a> {
    entry: &'a Entry,
    asked: &'a Asked,
    fact: Option<Fact>,
    claims: Vec<String>,
    loaded: Option<Date>,
}

impl<'a> Supposing<'a> {
    pub(crate) fn new(entry: &'a Entry, asked: &'a Asked) -> Self {
        let mut claims = entry.claims.clone();
        let mut loaded = entry.loaded;
        let fact = match &asked.answer {
            Answer::Number(number) => Some(Fact::Number(*number)),
            Answer::Content(_) => None,
            Answer::Yes(condition) => match condition {
                Condition::Is(_, wanted) => Some(Fact::Is(*wanted)),
                Condition::Word(_, word) => Some(Fact::Word(word.to_string())),
                Condition::Number(..) => condition.witness().map(Fact::Number),
                Condition::Claims(programme, true) => {
                    claims.push(programme.to_string());
                    None
                }
                Condition::LoadedBefore(day) => {
                    loaded = day.yesterday().ok();
                    None
                }
                Condition::Claims(..) | Condition::Content(_) | Condition::Reads(..) => None,
            },
        };
        Self {
            entry,
            asked,
            fact,
            claims,
            loaded,
        }
    }

    fn is_supposed(&self, name: &str) -> bool {
        self.fact.is_some() && *self.asked.fact == *name
    }

    fn is_without(&self, material: &str) -> bool {
        matches!(&self.asked.answer, Answer::Content(of) if **of == *material)
    }
}

impl Inputs for Supposing<'_> {
    fn fact(&self, name: &str) -> Option<&Fact> {
        if self.is_supposed(name) {
            self.fact.as_ref()
        } else {
            self.entry.fact(name)
        }
    }

    fn word(&self, name: &str, word: &str) -> Option<bool> {
        if self.is_supposed(name) {
            Some(matches!(&self.fact, Some(Fact::Word(w)) if w == word))
        } else {
            self.entry.word(name, word)
        }
    }

    fn content(&self, of: &str, value: Decimal) -> Option<Decimal> {
        if self.is_without(of) {
            return Some(Decimal::ZERO);
        }
        self.entry.content(of, value)
    }

    fn part(&self, of: &str, value: Decimal) -> Option<Decimal> {
        self.entry.part(of, value)
    }

    fn loaded(&self) -> Option<Date> {
        self.loaded
    }

    fn quantity(&self) -> Option<&Quantity> {
        self.entry.quantity()
    }

    fn claimed(&self) -> &[String] {
        &self.claims
    }
}
