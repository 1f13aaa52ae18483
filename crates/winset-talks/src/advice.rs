//! Under doubt: which package to offer, and which question to ask first.

use serde::Serialize;

use crate::TalksError;

/// Packages one could offer, with what each is worth under each hypothesis about the other side.
///
/// Gains are over no deal, in one unit (bn USD a year). A hypothesis under which the other side gains less than 0 means
/// that it refuses, and both stay with no deal.
#[derive(Clone, Debug, PartialEq)]
pub struct Offerable {
    /// Our gain from each package.
    pub ours: Vec<f64>,
    /// The other side's gain from each package, under each hypothesis.
    pub theirs: Vec<Vec<f64>>,
}

/// A package under doubt.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Prospect {
    /// Which package, counted from 0.
    pub package: usize,
    /// The probability that it is accepted.
    pub acceptance: f64,
    /// Our expected gain: refused offers count as no deal, 0.
    pub expected: f64,
    /// Our gain under the worst hypothesis.
    pub worst: f64,
    /// The other side's expected gain if it accepts where it gains.
    pub expected_theirs: f64,
}

/// A question, a probe or a first offer, by how likely each answer is under each hypothesis.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// In words.
    pub name: String,
    /// For each answer its probability under each hypothesis; over the answers they sum to 1.
    pub answers: Vec<Vec<f64>>,
}

/// What a question is worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worth {
    /// The question.
    pub question: String,
    /// How much more we expect to gain if we ask before we offer: never below 0.
    pub value: f64,
    /// The package to offer after each answer, counted from 0; none where no offer beats no deal.
    pub offers: Vec<Option<usize>>,
}

impl Offerable {
    fn check(&self, probabilities: &[f64]) -> Result<(), TalksError> {
        let sum: f64 = probabilities.iter().sum();
        if probabilities.iter().any(|p| !(0.0..=1.0).contains(p)) || (sum - 1.0).abs() > 1e-9 {
            return Err(TalksError::Prior {
                what: format!("the probabilities sum to {sum}"),
            });
        }
        if self.ours.len() != self.theirs.len() {
            return Err(TalksError::Learning {
                what: format!(
                    "{} packages on our side, {} on theirs",
                    self.ours.len(),
                    self.theirs.len()
                ),
            });
        }
        match self.theirs.iter().find(|t| t.len() != probabilities.len()) {
            Some(t) => Err(TalksError::Gains {
                expected: probabilities.len(),
                found: t.len(),
            }),
            None => Ok(()),
        }
    }

    /// All packages, the largest expected gain first; equal ones in their order.
    ///
    /// # Errors
    /// Probabilities that are none, or tables of different lengths.
    pub fn prospects(&self, probabilities: &[f64]) -> Result<Vec<Prospect>, TalksError> {
        self.check(probabilities)?;
        let prospect = |(package, (ours, theirs)): (usize, (&f64, &Vec<f64>))| {
            let accepting = || {
                probabilities
                    .iter()
                    .zip(theirs)
                    .filter(|(_, gain)| **gain >= 0.0)
            };
            let acceptance = accepting().map(|(p, _)| p).sum::<f64>().min(1.0) + 0.0;
            let possible = probabilities.iter().zip(theirs).filter(|(p, _)| **p > 0.0);
            let worst = possible.map(|(_, t)| if *t >= 0.0 { *ours } else { 0.0 });
            Prospect {
                package,
                acceptance,
                expected: acceptance * ours,
                worst: worst.fold(f64::INFINITY, f64::min),
                expected_theirs: accepting().map(|(p, gain)| p * gain).sum::<f64>() + 0.0,
            }
        };
        let mut all: Vec<Prospect> = self
            .ours
            .iter()
            .zip(&self.theirs)
            .enumerate()
            .map(prospect)
            .collect();
        all.sort_by(|a, b| b.expected.total_cmp(&a.expected));
        Ok(all)
    }

    /// Questions by what they are worth, the best first (Raiffa and Schlaifer 1961, expected value of sample
    /// information): the expected gain of the best offer after each answer, less that of the best offer now.
    /// Offering nothing is always possible and gains 0.
    ///
    /// # Errors
    /// As [`Offerable::prospects`]; answers whose probabilities are none or do not sum to 1 under a hypothesis.
    pub fn best_questions(
        &self,
        probabilities: &[f64],
        questions: &[Question],
    ) -> Result<Vec<Worth>, TalksError> {
        // Joint probabilities of an answer and each hypothesis: the gain is not divided by the answer's.
        let best = |joint: &[f64]| {
            let gain = |(ours, theirs): (&f64, &Vec<f64>)| -> f64 {
                let accepting = joint.iter().zip(theirs).filter(|(_, gain)| **gain >= 0.0);
                accepting.map(|(p, _)| p * ours).sum()
            };
            let gains = self.ours.iter().zip(&self.theirs).map(gain).enumerate();
            let first = (None, 0.0);
            gains.fold(
                first,
                |kept, (i, g)| if g > kept.1 { (Some(i), g) } else { kept },
            )
        };
        self.check(probabilities)?;
        let now = best(probabilities).1;
        let mut worths = Vec::with_capacity(questions.len());
        for question in questions {
            check_answers(question, probabilities.len())?;
            let (mut value, mut offers) = (-now, Vec::new());
            for answer in &question.answers {
                let joint: Vec<f64> = answer
                    .iter()
                    .zip(probabilities)
                    .map(|(a, p)| a * p)
                    .collect();
                let (offer, gain) = best(&joint);
                value += gain;
                offers.push(offer);
            }
            let question = question.name.clone();
            worths.push(Worth {
                question,
                value: value.max(0.0),
                offers,
            });
        }
        worths.sort_by(|a, b| b.value.total_cmp(&a.value));
        Ok(worths)
    }
}

fn check_answers(question: &Question, hypotheses: usize) -> Result<(), TalksError> {
    let fail = |what: String| {
        Err(TalksError::Evidence {
            evidence: question.name.clone(),
            what,
        })
    };
    if let Some(answer) = question.answers.iter().find(|a| a.len() != hypotheses) {
        let found = answer.len();
        return fail(format!(
            "an answer has {found} probabilities for {hypotheses} hypotheses; give one for each"
        ));
    }
    for hypothesis in 0..hypotheses {
        let column = || question.answers.iter().map(|a| a[hypothesis]);
        let sum: f64 = column().sum();
        if column().any(|p| !(0.0..=1.0).contains(&p)) || (sum - 1.0).abs() > 1e-9 {
            return fail(format!(
                "under hypothesis {hypothesis} the probabilities of the answers sum to {sum}; they are from 0 to 1 \
                 and sum to 1"
            ));
        }
    }
    Ok(())
}
