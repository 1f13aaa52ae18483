//! A dossier with everything that its numbers are made from, computed once.

use jiff::civil::Date;
use rayon::prelude::*;
use winset_talks::belief::Posterior;
use winset_talks::{AnalyseOptions, Answer, Package};

use super::{Bench, Payoffs, Progress, StudyError, Table, TypedOffer, Worlds};
use crate::dossier::{Files, package};

/// The bench with its worlds, payoffs, belief and tables: whatever is asked of a dossier is read from here.
pub struct Desk {
    /// The checked dossier with the engines it chose.
    pub bench: Bench,
    /// The status quo and each no deal, solved.
    pub worlds: Worlds,
    /// What every option and pair of options does.
    pub payoffs: Payoffs,
    /// The belief about the other side by what was said and published alone.
    pub before: Posterior<Date>,
    /// The belief with the offers that were received.
    pub belief: Posterior<Date>,
    /// Economic welfare alone, the average over what we believe, then each hypothesis.
    pub tables: Vec<Table>,
}

impl Desk {
    /// Computes everything of a dossier; `known_on` replaces its as-of date.
    ///
    /// # Errors
    /// Everything that is wrong with the files, each with its place; an equilibrium that was not found.
    pub fn compute(
        files: Files,
        known_on: Option<Date>,
        progress: Progress<'_>,
    ) -> Result<Self, StudyError> {
        progress("reading the dossier", 0, 1);
        Self::of(Bench::open(files, known_on)?, progress)
    }

    /// Computes everything of a checked dossier.
    ///
    /// # Errors
    /// An equilibrium that was not found.
    pub fn of(bench: Bench, progress: Progress<'_>) -> Result<Self, StudyError> {
        let day = bench.dossier.as_of;
        Self::believing(bench, day, &[], progress)
    }

    /// Computes everything of a checked dossier with the belief of another day than that whose law counts; `offers`
    /// of the other side stand beside those of its log.
    ///
    /// # Errors
    /// An equilibrium that was not found; an offer of something that is not on the table.
    pub fn believing(
        bench: Bench,
        day: Date,
        offers: &[TypedOffer],
        progress: Progress<'_>,
    ) -> Result<Self, StudyError> {
        let offers = bench.typed(offers, day)?;
        progress("solving the worlds without a deal", 0, 1);
        let worlds = bench.worlds()?;
        let payoffs = bench.payoffs(&worlds, &|done, of| {
            progress("solving options and pairs", done, of);
        })?;
        let before = bench.belief()?.known_on(&day);
        let belief = bench.belief_after(&payoffs, &offers)?.known_on(&day);
        let tables = bench.tables(&worlds, &payoffs, &belief.probabilities)?;
        Ok(Self {
            bench,
            worlds,
            payoffs,
            before,
            belief,
            tables,
        })
    }

    /// The table of the average over what we believe.
    pub fn average(&self) -> &Table {
        &self.tables[1]
    }

    /// What can be signed under each table, in their order. The frontier of all packages, mandates and
    /// ratifiers left aside, is there for the average alone.
    ///
    /// # Errors
    /// What the talks say of the tables.
    pub fn answers(&self) -> Result<Vec<Answer>, StudyError> {
        let analyse = |table: &Table| {
            let options = AnalyseOptions {
                ties_listed: 4,
                unrestricted: table.name == "belief",
                ..AnalyseOptions::default()
            };
            table.talks.analyse(&options)
        };
        Ok(self
            .tables
            .par_iter()
            .map(analyse)
            .collect::<Result<Vec<_>, _>>()?)
    }

    /// The package of some `issue=option` pairs; on all other issues nothing changes.
    ///
    /// # Errors
    /// An issue or an option that does not exist; the message names those that do.
    pub fn package(&self, chosen: &[(String, String)]) -> Result<Package, StudyError> {
        Ok(package(&self.bench.dossier, chosen)?)
    }
}
