//! The brief: what a delegation takes on the plane, computed from a dossier.
//!
//! [`Brief`] is the whole as data; [`Brief::document`] is the same in words, tables and charts, and
//! [`crate::export`] writes either to files. Sections follow the order in which the questions are asked.

mod demands;
mod doubt;
mod no_deal;
mod others;
mod packages;
mod queue;
mod sentences;
mod shareable;
mod situation;
mod solution;
mod why;
mod write;
mod wrong;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use winset_talks::{Answer, Package};

use crate::dossier::{Dossier, Files};
use crate::lang::Lang;
use crate::study::{Desk, Progress, StudyError};

pub use demands::{ChipRow, Demand, Demands, MarginalChip, SectorMove, sectors_moved};
pub use doubt::{AssumptionRow, Doubt, Interval, SetRow, SourceRow};
pub use no_deal::{NoDealSection, RegionRow, SectorRow, WorldRow};
pub use others::{Claimant, Others};
pub(crate) use packages::thin;
pub use packages::{
    Account, Blocker, Limit, Packages, PointRow, Proposal, Purchase, Side, SolutionRow,
    read_package, recommended,
};
pub use queue::{OrderOfTalks, PartnerRow};
pub use situation::{DayRow, LineRow, SectorDuty, Situation, TimelinePoint, TraceStep};
pub use solution::Bargain;
pub use why::{Contribution, Mended, Weighed, weigh};
pub use wrong::{AnswerRow, NextOffer, ProspectRow, QuestionRow, Wrong};

/// The brief. Money is bn USD a year unless a field says otherwise; rates are fractions; `…_pct` is per cent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Brief {
    /// Number of this format; this is 1.
    pub format: u32,
    /// What it holds: everything, or what may be shared.
    pub edition: Edition,
    /// The language its words are in.
    pub language: Lang,
    /// Title of the dossier.
    pub title: String,
    /// The dossier it was computed from.
    pub dossier: String,
    /// The law and the statements as published by this day (ISO 8601).
    pub as_of: String,
    /// Our side and the other, as named in the dossier.
    pub sides: [String; 2],
    /// The answer in five sentences; an edition for sharing has those of them that may be shared.
    pub sentences: Vec<String>,
    /// Section 1: where we stand.
    pub situation: Situation,
    /// Section 2: no deal.
    pub no_deal: NoDealSection,
    /// Sections 3 and 4: their demands, our chips.
    pub demands: Demands,
    /// Sections 5 and 6: packages, and what if we are wrong about them.
    pub packages: Packages,
    /// Section 6: what to expect of each package, what to offer and to ask next; none in an edition for sharing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrong: Option<Wrong>,
    /// Section 7: everyone else.
    pub others: Others,
    /// Section 8: how sure.
    pub doubt: Doubt,
}

/// What a brief holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// Everything.
    #[default]
    Full,
    /// What may leave the delegation: [`Brief::shareable`].
    Shareable,
}

/// Computes the brief of a dossier and writes it in a language; `known_on` replaces its as-of date.
///
/// # Errors
/// Everything that is wrong with the files, each with its place; an equilibrium that was not found.
pub fn run(
    files: Files,
    known_on: Option<Date>,
    lang: Lang,
    progress: Progress<'_>,
) -> Result<Brief, StudyError> {
    let desk = Desk::compute(files, known_on, progress)?;
    progress("weighing the packages", 0, 1);
    let answers = desk.answers()?;
    progress("asking how sure this is", 0, 1);
    write(&desk, &answers, lang)
}

/// Writes the brief of what was computed in a language; `answers` are those of [`Desk::answers`].
///
/// The numbers are the same in every language.
///
/// # Errors
/// An equilibrium that was not found.
pub fn write(desk: &Desk, answers: &[Answer], lang: Lang) -> Result<Brief, StudyError> {
    let Desk {
        bench,
        worlds,
        payoffs,
        tables,
        ..
    } = desk;
    let (packages, proposals) = packages::section(desk, answers, lang)?;
    let situation = situation::section(bench, lang)?;
    let no_deal = no_deal::section(bench, worlds, lang)?;
    let demands = demands::section(bench, worlds, payoffs, tables, lang)?;
    let wrong = wrong::section(desk, answers, &packages.proposals, lang)?;
    let others = others::section(bench, worlds, payoffs, &proposals, lang)?;
    let doubt = doubt::section(bench, worlds, payoffs, &proposals, lang)?;
    let mut brief = Brief {
        format: 1,
        edition: Edition::Full,
        language: lang,
        title: bench.dossier.head.title.of(lang).to_owned(),
        dossier: bench.dossier.files.name.clone(),
        as_of: bench.dossier.as_of.to_string(),
        sides: sides(&bench.dossier, lang).map(str::to_owned),
        sentences: Vec::new(),
        situation,
        no_deal,
        demands,
        packages,
        wrong: Some(wrong),
        others,
        doubt,
    };
    brief.sentences = sentences::write(&brief);
    Ok(brief)
}

/// Both sides as people call them, ours first.
pub fn sides(dossier: &Dossier, lang: Lang) -> [&str; 2] {
    [&dossier.head.ours, &dossier.head.theirs].map(|id| {
        let mut parties = dossier.parties.party.iter();
        let party = parties.find(|p| p.id.get_ref() == id.get_ref());
        party.map_or(id.get_ref().as_str(), |p| p.title.of(lang))
    })
}

/// What third countries would claim if they saw a package, each solved.
///
/// # Errors
/// An equilibrium that was not found.
pub fn claims(desk: &Desk, package: &Package, lang: Lang) -> Result<Others, StudyError> {
    others::section(
        &desk.bench,
        &desk.worlds,
        &desk.payoffs,
        std::slice::from_ref(package),
        lang,
    )
}

impl Brief {
    /// The answer in five sentences.
    pub fn sentences(&self) -> Vec<String> {
        self.sentences.clone()
    }

    /// The brief as JSON; its schema is `docs/brief.schema.json`.
    pub fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or(serde_json::Value::Null)
    }

    /// The JSON schema of [`Brief::json`].
    pub fn schema() -> serde_json::Value {
        serde_json::to_value(schemars::schema_for!(Self)).unwrap_or(serde_json::Value::Null)
    }
}
