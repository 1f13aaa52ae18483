//! One package that somebody names: what it is worth to both sides and why, who stops it, and what would mend it.

use serde::Serialize;
use winset_talks::Package;
use winset_trade::Workspace;

use super::demands::hypotheses;
use super::packages::{Chosen, Proposal, names, proposal};
use crate::dossier::Text;
use crate::lang::Lang;
use crate::study::{Desk, StudyError};

/// What one chosen option adds by itself, by the tables of options and pairs.
#[derive(Clone, Debug, Serialize)]
pub struct Contribution {
    /// The issue.
    pub issue: String,
    /// The option.
    pub option: String,
    /// Both in words.
    pub title: String,
    /// To our gain, bn USD a year.
    pub ours: f64,
    /// To theirs.
    pub theirs: f64,
}

/// The nearest package that can be signed and ratified, solved exactly.
#[derive(Clone, Debug, Serialize)]
pub struct Mended {
    /// The issues that are changed: from which option to which.
    pub changes: Vec<[String; 3]>,
    /// Our gain against no deal, bn USD a year.
    pub ours: f64,
    /// Theirs.
    pub theirs: f64,
    /// Who stops it all the same, now that it is solved exactly.
    pub blocked_by: Vec<String>,
}

/// A package, weighed.
#[derive(Clone, Debug, Serialize)]
pub struct Weighed {
    /// The no deal it is measured against.
    pub no_deal: String,
    /// Titles of the hypotheses.
    pub hypotheses: Vec<String>,
    /// What each chosen option adds by itself.
    pub contributions: Vec<Contribution>,
    /// What pairs of options add together, and what the tables miss of the exact solve: ours, theirs.
    pub together: [f64; 2],
    /// The package, solved exactly.
    pub package: Proposal,
    /// Options that a delegation may not agree to: who, issue, option.
    pub outside_mandates: Vec<[String; 3]>,
    /// Whether both gain, every ratifier who is asked says yes, and it is inside the mandates.
    pub in_win_set: bool,
    /// The package of the win-set with the fewest changes, of these the cheapest for us; none where the win-set is
    /// empty or the package is in it.
    pub mended: Option<Mended>,
}

/// Weighs a package, under the average over what is believed of the other side.
///
/// # Errors
/// An equilibrium that was not found.
pub fn weigh(desk: &Desk, package: Package, lang: Lang) -> Result<Weighed, StudyError> {
    let Desk {
        bench,
        worlds,
        tables,
        ..
    } = desk;
    let average = desk.average();
    let chosen = Chosen {
        title: Text::both("The package", "パッケージ"),
        package,
    };
    let mut workspace = Workspace::new();
    let mut solve = |chosen: &Chosen| proposal(desk, chosen, &mut workspace, lang);
    let exact = solve(&chosen)?;
    let why = average.talks.why(&chosen.package)?;
    let issues = bench.dossier.issues.issue.iter().enumerate();
    let moved = issues
        .zip(chosen.package.options())
        .filter(|(_, o)| **o > 0);
    let contributions: Vec<Contribution> = moved
        .map(|((i, issue), o)| {
            let option = &issue.option[usize::from(*o)];
            Contribution {
                issue: issue.id.get_ref().clone(),
                option: option.id.get_ref().clone(),
                title: lang.titled(issue.title.of(lang), option.title.of(lang)),
                ours: why.contributions[0][i],
                theirs: why.contributions[1][i],
            }
        })
        .collect();
    let sum = |of: fn(&Contribution) -> f64| contributions.iter().map(of).sum::<f64>();
    let together = [
        exact.ours.gain() - sum(|c| c.ours),
        exact.theirs.gain() - sum(|c| c.theirs),
    ];
    let both_gain = exact.ours.gain() >= 0.0 && exact.theirs.gain() >= 0.0;
    let in_win_set = why.outside_mandates.is_empty() && exact.blocked_by.is_empty() && both_gain;
    let mut mended = None;
    if !in_win_set && let Some(repair) = average.talks.cheapest_repair(&chosen.package, 0)?.first()
    {
        let near = solve(&Chosen {
            title: "".into(),
            package: repair.package.clone(),
        })?;
        let (from, to) = (
            names(average, &chosen.package)?,
            names(average, &repair.package)?,
        );
        let ids = bench.dossier.issues.issue.iter().map(|i| i.id.get_ref());
        let changes = ids.zip(from.into_iter().zip(to));
        mended = Some(Mended {
            changes: changes
                .filter(|(_, (from, to))| from != to)
                .map(|(issue, (from, to))| [issue.clone(), from, to])
                .collect(),
            ours: near.ours.gain(),
            theirs: near.theirs.gain(),
            blocked_by: near.blocked_by.into_iter().map(|b| b.ratifier).collect(),
        });
    }
    Ok(Weighed {
        no_deal: worlds.no_deal[0].1.title.of(lang).to_owned(),
        hypotheses: hypotheses(tables, lang),
        contributions,
        together,
        outside_mandates: why
            .outside_mandates
            .into_iter()
            .map(|m| [m.party, m.issue, m.option])
            .collect(),
        package: exact,
        in_win_set,
        mended,
    })
}
