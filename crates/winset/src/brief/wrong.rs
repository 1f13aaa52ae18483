//! Section 6, what if we are wrong about them: what to expect of each package, what to offer and what to ask next.

use schemars::JsonSchema;
use serde::Serialize;
use winset_talks::advice::{Offerable, Prospect, Question};
use winset_talks::{Answer, Package};
use winset_trade::Workspace;

use super::demands::both;
use super::packages::{Chosen, Proposal, candidates, proposal};
use crate::dossier::Text;
use crate::lang::Lang;
use crate::study::{Bench, Desk, StudyError};

/// Candidates that are solved exactly before the search for one that nobody stops is given up.
const TRIED: usize = 12;

/// A package under doubt, from exact solves. Refused offers count as no deal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProspectRow {
    /// Probability that they are no worse off than with no deal.
    pub acceptance: f64,
    /// The same if every valuation of theirs is the worst of its range.
    pub acceptance_worst: f64,
    /// Our expected gain, bn USD a year.
    pub expected: f64,
    /// Our gain under the worst hypothesis.
    pub worst: f64,
    /// Their expected gain.
    pub expected_theirs: f64,
}

/// The offer with the largest expected gain of ours among the packages that can be signed under any account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NextOffer {
    /// The package, solved exactly.
    pub package: Proposal,
    /// What to expect of it.
    pub prospect: ProspectRow,
}

/// An answer to a question.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AnswerRow {
    /// The answer.
    pub answer: String,
    /// How probable it is, by what we believe.
    pub probability: f64,
    /// The offer to make after it, as issue=option of what it moves; empty where no offer beats no deal.
    pub offer: Vec<String>,
    /// The same in words.
    pub offer_words: Vec<String>,
}

/// What a question is worth: the expected gain of the best offer after each answer, less that of the best offer now.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct QuestionRow {
    /// The question.
    pub question: String,
    /// Its worth to us, bn USD a year, by the tables of options and pairs.
    pub value: f64,
    /// Its answers.
    pub answers: Vec<AnswerRow>,
}

/// What if we are wrong about them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Wrong {
    /// What to expect of each package proposed, in their order.
    pub prospects: Vec<ProspectRow>,
    /// The best next offer; none where nothing can be signed.
    pub next_offer: Option<NextOffer>,
    /// Questions of the dossier and soundings of the packages proposed, the most telling first.
    pub questions: Vec<QuestionRow>,
    /// Packages among which the next offer was sought.
    pub candidates: usize,
    /// Offers received that count in the belief.
    pub offers_received: usize,
}

fn prospect(proposal: &Proposal, probabilities: &[f64]) -> Result<ProspectRow, StudyError> {
    let of = |theirs: Vec<f64>| -> Result<Option<Prospect>, StudyError> {
        let one = Offerable {
            ours: vec![proposal.ours.gain()],
            theirs: vec![theirs],
        };
        Ok(one.prospects(probabilities)?.into_iter().next())
    };
    let lowest = proposal.theirs_range_by_hypothesis.iter().map(|r| r[0]);
    let worst = of(lowest.collect())?.map_or(0.0, |p| p.acceptance);
    let central = of(proposal.theirs_by_hypothesis.clone())?;
    Ok(ProspectRow {
        acceptance: central.map_or(0.0, |p| p.acceptance),
        acceptance_worst: worst,
        expected: central.map_or(0.0, |p| p.expected),
        worst: central.map_or(0.0, |p| p.worst),
        expected_theirs: central.map_or(0.0, |p| p.expected_theirs),
    })
}

/// What an option moves, as it is typed: `cars=fifteen`.
fn moved(bench: &Bench, package: &Package) -> Vec<String> {
    let issues = bench.dossier.issues.issue.iter().zip(package.options());
    issues
        .filter(|(_, o)| **o > 0)
        .map(|(issue, o)| {
            let option = &issue.option[usize::from(*o)];
            format!("{}={}", issue.id.get_ref(), option.id.get_ref())
        })
        .collect()
}

/// The same as people call it.
fn moved_in_words(bench: &Bench, package: &Package, lang: Lang) -> Vec<String> {
    let issues = bench.dossier.issues.issue.iter().zip(package.options());
    issues
        .filter(|(_, o)| **o > 0)
        .map(|(issue, o)| {
            let option = &issue.option[usize::from(*o)];
            lang.titled(issue.title.of(lang), option.title.of(lang))
        })
        .collect()
}

/// The dossier's questions, and for each package proposed whether they would take it.
fn questions(bench: &Bench, proposals: &[Proposal], lang: Lang) -> Vec<(Question, Vec<String>)> {
    let beliefs = &bench.dossier.beliefs;
    let stated = beliefs.question.iter().map(|question| {
        let likelihoods = question.answer.iter().map(|answer| {
            let of = |id: &str| {
                let mut found = answer.likelihood.iter();
                let found = found.find(|(k, _)| k.get_ref() == id);
                found.map_or(0.0, |(_, likelihood)| *likelihood.get_ref())
            };
            let hypotheses = beliefs.hypothesis.iter();
            hypotheses.map(|h| of(h.id.get_ref())).collect()
        });
        let asked = Question {
            name: question.text.of(lang).to_owned(),
            answers: likelihoods.collect(),
        };
        let texts = question.answer.iter().map(|a| a.text.of(lang).to_owned());
        (asked, texts.collect())
    });
    let soundings = proposals.iter().enumerate().map(|(k, p)| {
        let yes: Vec<f64> = p
            .theirs_by_hypothesis
            .iter()
            .map(|gain| f64::from(u8::from(*gain >= 0.0)))
            .collect();
        let no = yes.iter().map(|x| 1.0 - x).collect();
        let sounded = Question {
            name: lang.of(
                format!("Would you take package {}?", k + 1),
                format!("パッケージ{}なら受けるか。", k + 1),
            ),
            answers: vec![yes, no],
        };
        let answers = [lang.of("yes", "はい"), lang.of("no", "いいえ")];
        (sounded, answers.map(str::to_owned).to_vec())
    });
    stated.chain(soundings).collect()
}

/// The section.
pub(super) fn section(
    desk: &Desk,
    answers: &[Answer],
    proposals: &[Proposal],
    lang: Lang,
) -> Result<Wrong, StudyError> {
    let Desk {
        bench,
        belief,
        tables,
        ..
    } = desk;
    let pool = candidates(answers);
    let table = Offerable {
        ours: pool
            .iter()
            .map(|p| both(&tables[1], p.options())[0])
            .collect(),
        theirs: pool
            .iter()
            .map(|p| {
                tables[2..]
                    .iter()
                    .map(|t| both(t, p.options())[1])
                    .collect()
            })
            .collect(),
    };
    let mut workspace = Workspace::new();
    let mut next_offer = None;
    for candidate in table.prospects(&belief.probabilities)?.iter().take(TRIED) {
        let chosen = Chosen {
            title: Text::both("The best next offer", "次の最善の提案"),
            package: pool[candidate.package].clone(),
        };
        let package = proposal(desk, &chosen, &mut workspace, lang)?;
        if package.blocked_by.is_empty() {
            let prospect = prospect(&package, &belief.probabilities)?;
            next_offer = Some(NextOffer { package, prospect });
            break;
        }
    }
    let asked = questions(bench, proposals, lang);
    let all: Vec<Question> = asked.iter().map(|(question, _)| question.clone()).collect();
    let mut rows = Vec::with_capacity(asked.len());
    for worth in table.best_questions(&belief.probabilities, &all)? {
        let Some((question, texts)) = asked.iter().find(|(q, _)| q.name == worth.question) else {
            continue;
        };
        let said = texts.iter().zip(&question.answers).zip(&worth.offers);
        rows.push(QuestionRow {
            question: worth.question,
            value: worth.value,
            answers: said
                .map(|((answer, likelihood), offer)| {
                    let offer = offer.map(|place| &pool[place]);
                    AnswerRow {
                        answer: answer.clone(),
                        probability: likelihood
                            .iter()
                            .zip(&belief.probabilities)
                            .map(|(l, p)| l * p)
                            .sum(),
                        offer: offer.map_or_else(Vec::new, |p| moved(bench, p)),
                        offer_words: offer
                            .map_or_else(Vec::new, |p| moved_in_words(bench, p, lang)),
                    }
                })
                .collect(),
        });
    }
    let stated = bench.dossier.beliefs.evidence.len();
    Ok(Wrong {
        prospects: proposals
            .iter()
            .map(|p| prospect(p, &belief.probabilities))
            .collect::<Result<_, _>>()?,
        next_offer,
        questions: rows,
        candidates: pool.len(),
        offers_received: (belief.path.len() + belief.unused.len()).saturating_sub(stated),
    })
}
