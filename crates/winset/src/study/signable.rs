//! What can be signed, by each account of what the other side wants.

use std::time::Instant;

use serde::Serialize;
use winset_talks::{AnalyseOptions, Answer, JsonAnswer, Package, Talks, Why};
use winset_trade::Workspace;

use super::{Desk, Progress, StudyError, Table};
use crate::dossier::format::IssueText;

/// One account of what the other side wants, analysed.
pub struct Signable {
    /// Name of the account.
    pub name: String,
    /// The account in words.
    pub title: String,
    /// What can be signed.
    pub answer: Answer,
    /// How long that took.
    pub seconds: f64,
    /// The Nash point if no mandate and no ratifier existed, and who stops it.
    pub free: Option<(Package, Why)>,
}

#[derive(Serialize)]
struct AccountJson<'a> {
    name: &'a str,
    title: &'a str,
    #[serde(flatten)]
    answer: JsonAnswer,
    /// The Nash solution over all packages that beat no deal, mandates and ratifiers left aside.
    nash_unconstrained: Option<FreeJson<'a>>,
}

#[derive(Serialize)]
struct FreeJson<'a> {
    options: &'a Package,
    why: &'a Why,
}

/// What can be signed, for programs: what `winset packages --json` answers.
#[derive(Serialize)]
pub struct SignableReport<'a> {
    dossier: &'a str,
    as_of: String,
    no_deal: &'a str,
    unit: &'static str,
    issues: Vec<IssueJson<'a>>,
    belief: Vec<BeliefJson<'a>>,
    accounts: Vec<AccountJson<'a>>,
}

#[derive(Serialize)]
struct IssueJson<'a> {
    id: &'a str,
    title: &'a str,
    options: Vec<OptionJson<'a>>,
}

#[derive(Serialize)]
struct OptionJson<'a> {
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct BeliefJson<'a> {
    hypothesis: &'a str,
    probability: f64,
}

/// What can be signed under each table of a desk, in their order.
///
/// # Errors
/// What the talks say of the tables; an equilibrium that was not found.
pub fn signable(desk: &Desk, progress: Progress<'_>) -> Result<Vec<Signable>, StudyError> {
    let count = desk.tables.len();
    let tables = desk.tables.iter().enumerate();
    let each = tables.map(|(done, table)| {
        progress("win-sets", done, count);
        account(desk, table)
    });
    each.collect()
}

fn account(desk: &Desk, table: &Table) -> Result<Signable, StudyError> {
    let started = Instant::now();
    let answer = table.talks.analyse(&AnalyseOptions::default())?;
    let seconds = started.elapsed().as_secs_f64();
    let all = Talks::new(
        table.talks.issues().to_vec(),
        table.talks.parties().to_vec(),
        vec![],
        vec![],
    )?;
    let free = all.analyse(&AnalyseOptions {
        ties_listed: 1,
        ..AnalyseOptions::default()
    })?;
    let free = free
        .nash
        .points
        .first()
        .and_then(|point| point.packages.first())
        .cloned();
    let free = free
        .map(|package| {
            let why = desk.why(table, &package, &mut Workspace::new());
            why.map(|why| (package, why))
        })
        .transpose()?;
    Ok(Signable {
        name: table.name.clone(),
        title: table.title.to_string(),
        answer,
        seconds,
        free,
    })
}

impl<'a> SignableReport<'a> {
    /// Of a desk and what can be signed under its tables.
    pub fn new(desk: &'a Desk, accounts: &'a [Signable]) -> Self {
        let names = desk.belief.hypotheses.iter();
        let belief = names
            .zip(&desk.belief.probabilities)
            .map(|(hypothesis, probability)| BeliefJson {
                hypothesis,
                probability: *probability,
            });
        let issue = |i: &'a IssueText| IssueJson {
            id: i.id.get_ref(),
            title: &i.title,
            options: i
                .option
                .iter()
                .map(|o| OptionJson {
                    id: o.id.get_ref(),
                    title: &o.title,
                })
                .collect(),
        };
        Self {
            dossier: &desk.bench.dossier.files.name,
            as_of: desk.bench.dossier.as_of.to_string(),
            no_deal: desk.worlds.first_no_deal(),
            unit: "bn USD a year against no deal",
            issues: desk.bench.dossier.issues.issue.iter().map(issue).collect(),
            belief: belief.collect(),
            accounts: accounts
                .iter()
                .map(|a| AccountJson {
                    name: &a.name,
                    title: &a.title,
                    answer: a.answer.to_json(a.seconds),
                    nash_unconstrained: a
                        .free
                        .as_ref()
                        .map(|(options, why)| FreeJson { options, why }),
                })
                .collect(),
        }
    }
}
