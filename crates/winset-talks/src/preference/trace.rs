//! The offers of a party, one after another.

use serde::Deserialize;

use super::choice::Offers;
use crate::{Issue, Package, TalksError};

/// Offers of one party over time, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    issues: Vec<Issue>,
    horizon: usize,
    offers: Vec<Package>,
    rounds: Vec<usize>,
}

// Other keys are let through: who made a trace may say more of it, and a misspelt key leaves a needed one missing.
#[derive(Deserialize)]
struct File {
    issues: Vec<Issue>,
    horizon: usize,
    offers: Vec<Package>,
}

impl Trace {
    /// Checks offers against the issues. `horizon` is the number of rounds that the talks can last; the first offer
    /// is made in the first round, then one in every round.
    ///
    /// # Errors
    /// No issue, an issue without option; an offer of another length or with an option that does not exist (the
    /// offer is named by its number, from 0); a horizon below 2 or below the number of offers.
    pub fn new(
        issues: Vec<Issue>,
        horizon: usize,
        offers: Vec<Package>,
    ) -> Result<Self, TalksError> {
        if issues.is_empty() {
            return Err(TalksError::Missing { what: "issue" });
        }
        for issue in &issues {
            let found = issue.options.len();
            if found == 0 || found > usize::from(u16::MAX) {
                let issue = issue.name.clone();
                return Err(TalksError::Options { issue, found });
            }
        }
        if horizon < 2 || horizon < offers.len() {
            let offers = offers.len();
            return Err(TalksError::Horizon { horizon, offers });
        }
        for (number, offer) in offers.iter().enumerate() {
            let (expected, found) = (issues.len(), offer.options().len());
            if expected != found {
                return Err(TalksError::Offer {
                    number,
                    expected,
                    found,
                });
            }
            for (issue, option) in issues.iter().zip(offer.options()) {
                if usize::from(*option) >= issue.options.len() {
                    return Err(TalksError::Unknown {
                        place: format!("offer {number}, issue `{}`", issue.name),
                        what: "option",
                        found: usize::from(*option),
                        there: issue.options.len(),
                    });
                }
            }
        }
        Ok(Self {
            issues,
            horizon,
            rounds: (0..offers.len()).collect(),
            offers,
        })
    }

    /// The same offers, made in these rounds (counted from 0) instead of one in every round: days, where the horizon is
    /// in days.
    ///
    /// # Errors
    /// Another number of rounds than of offers, a round before the one above it, or beyond the horizon.
    pub fn in_rounds(self, rounds: Vec<usize>) -> Result<Self, TalksError> {
        let (expected, found) = (self.offers.len(), rounds.len());
        if expected != found {
            let what = format!("{found} rounds are given for {expected} offers; give one for each");
            return Err(TalksError::Learning { what });
        }
        if !rounds.is_sorted() || rounds.last().is_some_and(|last| *last >= self.horizon) {
            let what = format!(
                "rounds of offers must not fall and must lie below the horizon of {}",
                self.horizon
            );
            return Err(TalksError::Learning { what });
        }
        Ok(Self { rounds, ..self })
    }

    /// Reads `{"issues": [{"name": …, "options": […]}], "horizon": 50, "offers": [[0, 1, …], …]}`; offers hold the
    /// number of an option for each issue, from 0. `name` stands in error messages.
    ///
    /// # Errors
    /// Text that does not read, with line and column, and all that [`Trace::new`] refuses.
    pub fn from_json(name: &str, text: &str) -> Result<Self, TalksError> {
        let file: File = serde_json::from_str(text).map_err(|e| TalksError::File {
            file: name.to_owned(),
            what: e.to_string(),
        })?;
        Self::new(file.issues, file.horizon, file.offers)
    }

    /// The issues.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// Rounds that the talks can last.
    pub fn horizon(&self) -> usize {
        self.horizon
    }

    /// The offers, oldest first.
    pub fn offers(&self) -> &[Package] {
        &self.offers
    }

    /// The trace as it was after so many offers.
    #[must_use]
    pub fn first(&self, offers: usize) -> Self {
        let kept = offers.min(self.offers.len());
        Self {
            issues: self.issues.clone(),
            horizon: self.horizon,
            offers: self.offers[..kept].to_vec(),
            rounds: self.rounds[..kept].to_vec(),
        }
    }

    /// Time of a round counted from 0: 0 at the first, 1 at the last.
    pub(super) fn time(&self, round: usize) -> f64 {
        round as f64 / (self.horizon - 1) as f64
    }

    pub(super) fn prepared(&self) -> Offers {
        let mut starts = vec![0];
        for issue in &self.issues {
            starts.push(starts[starts.len() - 1] + issue.options.len());
        }
        let chosen = |issue: usize| self.offers.iter().map(|o| o.options()[issue]).collect();
        Offers {
            chosen: (0..self.issues.len()).map(chosen).collect(),
            log_times: self.rounds.iter().map(|k| self.time(*k).ln()).collect(),
            starts,
        }
    }
}
