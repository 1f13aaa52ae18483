//! A package: one option of each issue.

use serde::{Deserialize, Serialize};

/// One option of each issue, by number from 0, in the order of the issues.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Package(Box<[u16]>);

impl Package {
    /// A package from option numbers, one for each issue. [`crate::Talks`] checks it where it is used.
    pub fn new(options: impl Into<Box<[u16]>>) -> Self {
        Self(options.into())
    }

    /// The option numbers, in the order of the issues.
    pub fn options(&self) -> &[u16] {
        &self.0
    }

    /// The option of one issue, if there is such an issue.
    pub fn option(&self, issue: usize) -> Option<usize> {
        self.0.get(issue).map(|o| usize::from(*o))
    }

    /// The same package with one option changed; unchanged if there is no such issue.
    #[must_use]
    pub fn with(&self, issue: usize, option: u16) -> Self {
        let mut options = self.0.clone();
        if let Some(place) = options.get_mut(issue) {
            *place = option;
        }
        Self(options)
    }
}

impl From<Vec<u16>> for Package {
    fn from(options: Vec<u16>) -> Self {
        Self(options.into())
    }
}
