//! Families: measures of which only one is owed on an entry.

use std::sync::Arc;

use jiff::civil::Date;

use crate::file::RawFamily;
use crate::read::Reader;

/// Measures of which only one is owed on an entry, by the amount of duty.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) id: Arc<str>,
    pub(crate) highest: bool,
    pub(crate) from: Date,
    pub(crate) until: Date,
    known: Date,
}

impl Family {
    /// Whether it holds on every day, however the law was known.
    pub(crate) fn always(&self) -> bool {
        (self.from, self.until, self.known) == (Date::MIN, Date::MAX, Date::MIN)
    }

    /// Whether it holds on a day, as known on a day.
    pub(crate) fn holds(&self, on: Date, known: Option<Date>) -> bool {
        self.from <= on && on < self.until && known.is_none_or(|known| self.known <= known)
    }
}

impl Reader<'_> {
    pub(crate) fn family(&mut self, raw: &RawFamily) -> Option<Family> {
        let highest = match raw.rule.get_ref().as_str() {
            "lowest" => false,
            "highest" => true,
            other => {
                self.fault(
                    &raw.rule,
                    format!("`{other}` is no rule of a family"),
                    "write \"lowest\" or \"highest\"",
                );
                return None;
            }
        };
        let from = raw.from.as_ref().map_or(Date::MIN, |d| self.day(d));
        let until = raw.until.as_ref().map_or(Date::MAX, |d| self.day(d));
        let known = match &raw.act {
            Some(word) => self.act(word)?.known,
            None => Date::MIN,
        };
        Some(Family {
            id: raw.id.get_ref().as_str().into(),
            highest,
            from,
            until,
            known,
        })
    }
}
