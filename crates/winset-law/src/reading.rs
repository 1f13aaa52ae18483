//! Readings: interpretations that the law leaves open, each a named switch with a default.

use std::sync::Arc;

use winset_io::{Problem, Problems};

use crate::file::RawReading;
use crate::read::Reader;

/// An interpretation that the law leaves open.
#[derive(Clone, Debug)]
pub struct Reading {
    pub(crate) id: Arc<str>,
    pub(crate) title: Arc<str>,
    pub(crate) options: Vec<Arc<str>>,
    pub(crate) source: Arc<str>,
    chosen: usize,
    default: usize,
}

impl Reading {
    /// The name that conditions and users give it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is open.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The ways to read it.
    pub fn options(&self) -> impl Iterator<Item = &str> {
        self.options.iter().map(AsRef::as_ref)
    }

    /// The way this law reads it.
    pub fn chosen(&self) -> &str {
        &self.options[self.chosen]
    }

    /// Whether that is the default.
    pub fn is_default(&self) -> bool {
        self.chosen == self.default
    }

    /// Where the question is raised.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn choose(&mut self, option: &str) -> bool {
        match self.options.iter().position(|o| **o == *option) {
            Some(place) => self.chosen = place,
            None => return false,
        }
        true
    }
}

impl Reader<'_> {
    pub(crate) fn reading(&mut self, raw: &RawReading) -> Option<Reading> {
        let options: Vec<Arc<str>> = raw.options.iter().map(|o| o.as_str().into()).collect();
        let wanted = raw.default.get_ref();
        let Some(default) = options.iter().position(|o| **o == **wanted) else {
            self.fault(
                &raw.default,
                format!("`{wanted}` is no option of `{}`", raw.id.get_ref()),
                "write one of its `options`",
            );
            return None;
        };
        Some(Reading {
            id: raw.id.get_ref().as_str().into(),
            title: raw.title.as_str().into(),
            options,
            source: raw.source.as_str().into(),
            chosen: default,
            default,
        })
    }
}

impl crate::Law {
    /// The interpretations that the law leaves open, and how each is read.
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// The same law, with one question that it leaves open read another way.
    ///
    /// # Errors
    /// No such reading, or no such option; both lists are in the message.
    pub fn reading(&self, id: &str, option: &str) -> Result<Self, Problems> {
        let mut law = self.clone();
        let Some(reading) = law.readings.iter_mut().find(|r| *r.id == *id) else {
            let names: Vec<&str> = self.readings.iter().map(Reading::id).collect();
            return Err(Problem::general(format!("no reading `{id}`"))
                .help(format!("the law leaves open: {}", names.join(", ")))
                .into());
        };
        if !reading.choose(option) {
            let options: Vec<&str> = reading.options().collect();
            return Err(
                Problem::general(format!("`{id}` cannot be read as `{option}`"))
                    .help(format!("write one of: {}", options.join(", ")))
                    .into(),
            );
        }
        Ok(law)
    }
}
