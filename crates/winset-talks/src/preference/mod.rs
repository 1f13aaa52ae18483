//! What a party wants, from the offers it makes: Bayesian inference of additive payoffs.
//!
//! The prior is in [`Prior`]; offers speak through a choice model with concession in time; a Markov chain
//! (Metropolis–Hastings within Gibbs) draws from the posterior. Nothing is assumed of the negotiator but that what it
//! offers is worth to it what it aspires to at the time, more or less, and that it aspires to less as time goes by.
//! What options it repeats, drops early and gives up late is all that there is to learn from; after few offers the
//! intervals are wide, and what they are filled with is the prior.
//!
//! # Example
//! ```
//! use winset_talks::preference::{LearnOptions, Trace, learn};
//!
//! let trace = Trace::from_json("t.json", r#"{"issues": [{"name": "cars", "options": ["0 %", "15 %", "25 %"]},
//!     {"name": "rice", "options": ["none", "more"]}], "horizon": 10, "offers": [[0, 0], [0, 0], [0, 1], [0, 1]]}"#)?;
//! let learned = learn(&trace, &LearnOptions::default())?;
//! // It gave up rice first.
//! assert!(learned.issue_weights[0] > learned.issue_weights[1]);
//! # Ok::<(), winset_talks::TalksError>(())
//! ```

mod chain;
mod choice;
mod draws;
mod evidence;
mod prior;
mod trace;

pub use draws::{ConcessionIntervals, Interval, PreferencePosterior, Preferences, learn};
pub use evidence::offer_evidence;
pub use prior::Prior;
pub use trace::Trace;

/// How long to look, and what to think before.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnOptions {
    /// What is thought of the party before its first offer.
    pub prior: Prior,
    /// Draws from the posterior that are kept; at least one an issue and chain.
    pub draws: usize,
    /// Chains that start apart; they run in parallel and are compared with each other.
    pub chains: usize,
    /// Passes of each chain before the first draw is kept.
    pub warm_up: usize,
    /// Probability that an interval should cover the truth, between 0 and 1.
    pub level: f64,
    /// Seed of the chains; the same seed gives the same answer on any number of threads.
    pub seed: u64,
}

impl Default for LearnOptions {
    fn default() -> Self {
        Self {
            prior: Prior::default(),
            draws: 10_000,
            chains: 4,
            warm_up: 150,
            level: 0.8,
            seed: 1,
        }
    }
}
