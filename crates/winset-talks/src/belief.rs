//! What the other side wants, as far as can be known: hypotheses, dated evidence, exact posteriors.
//!
//! Bayes' rule with conditionally independent items: the posterior of a hypothesis is proportional to its prior
//! times the product of the items' likelihoods under it, each to the power of the item's strength.

use serde::{Deserialize, Serialize};

use crate::TalksError;

/// One account of what the other side wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hypothesis {
    /// Its name.
    pub name: String,
    /// Its probability before any evidence, above 0; the priors sum to 1.
    pub prior: f64,
}

/// A statement or an offer. `Day` is whatever orders dates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence<Day> {
    /// What it is, and its source.
    pub name: String,
    /// When it was said or made, if known.
    pub said: Option<Day>,
    /// When it was published; an item without that day is not used.
    pub published: Option<Day>,
    /// How far it counts, from 0 (not at all) to 1 (in full).
    pub strength: f64,
    /// How likely it is under each hypothesis, in (0, 1], in the order of the hypotheses.
    pub likelihoods: Vec<f64>,
}

/// Checked hypotheses and evidence.
#[derive(Clone, Debug)]
pub struct Belief<Day> {
    hypotheses: Vec<Hypothesis>,
    evidence: Vec<Evidence<Day>>,
}

/// Why an item was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unused {
    /// It has no day of publication.
    NoDay,
    /// It was published after the day the question is about.
    NotYetPublished,
}

impl std::fmt::Display for Unused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoDay => "it has no day of publication",
            Self::NotYetPublished => "it was published after the day asked about",
        })
    }
}

/// One item's effect.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Learned<Day> {
    /// The item.
    pub evidence: String,
    /// When it was published.
    pub published: Day,
    /// The probabilities after it.
    pub probabilities: Vec<f64>,
}

/// What one can believe on a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Posterior<Day> {
    /// The hypotheses' names.
    pub hypotheses: Vec<String>,
    /// Their probabilities; they sum to 1.
    pub probabilities: Vec<f64>,
    /// How it came about, item by item in order of publication (then as given).
    pub path: Vec<Learned<Day>>,
    /// Items that do not count, each with the reason.
    pub unused: Vec<(String, Unused)>,
}

impl<Day: Ord + Clone> Belief<Day> {
    /// Checks hypotheses and evidence.
    ///
    /// # Errors
    /// No hypothesis, priors that are not above 0 or do not sum to 1 (to 1e-9); a number of likelihoods other than
    /// that of hypotheses, a likelihood outside (0, 1], a strength outside [0, 1], an item published before it was
    /// said.
    pub fn new(
        hypotheses: Vec<Hypothesis>,
        evidence: Vec<Evidence<Day>>,
    ) -> Result<Self, TalksError> {
        let prior = |what: String| Err(TalksError::Prior { what });
        if hypotheses.is_empty() {
            return prior("there is none".to_owned());
        }
        if let Some(h) = hypotheses
            .iter()
            .find(|h| !(h.prior > 0.0 && h.prior <= 1.0))
        {
            return prior(format!("the prior of `{}` is {}", h.name, h.prior));
        }
        let sum: f64 = hypotheses.iter().map(|h| h.prior).sum();
        if (sum - 1.0).abs() > 1e-9 {
            return prior(format!("the priors sum to {sum}"));
        }
        for item in &evidence {
            check(item, &hypotheses)?;
        }
        Ok(Self {
            hypotheses,
            evidence,
        })
    }

    /// The hypotheses.
    pub fn hypotheses(&self) -> &[Hypothesis] {
        &self.hypotheses
    }

    /// The belief on a day: only what was published by then counts, and what has no day does not.
    pub fn known_on(&self, day: &Day) -> Posterior<Day> {
        let mut used = Vec::new();
        let mut unused = Vec::new();
        for item in &self.evidence {
            match &item.published {
                None => unused.push((item.name.clone(), Unused::NoDay)),
                Some(published) if published > day => {
                    unused.push((item.name.clone(), Unused::NotYetPublished));
                }
                Some(published) => used.push((published.clone(), item)),
            }
        }
        used.sort_by(|a, b| a.0.cmp(&b.0));
        let mut logs: Vec<f64> = self.hypotheses.iter().map(|h| h.prior.ln()).collect();
        let mut path = Vec::with_capacity(used.len());
        for (published, item) in used {
            for (log, likelihood) in logs.iter_mut().zip(&item.likelihoods) {
                *log += item.strength * likelihood.ln();
            }
            let evidence = item.name.clone();
            path.push(Learned {
                evidence,
                published,
                probabilities: normalise(&logs),
            });
        }
        Posterior {
            hypotheses: self.hypotheses.iter().map(|h| h.name.clone()).collect(),
            probabilities: normalise(&logs),
            path,
            unused,
        }
    }
}

impl<Day> Posterior<Day> {
    /// The probability that the other side accepts a package: the mass of the hypotheses under which it gains at
    /// least 0 against no deal. `gains` has one number a hypothesis.
    ///
    /// # Errors
    /// Another number of gains than of hypotheses.
    pub fn acceptance(&self, gains: &[f64]) -> Result<f64, TalksError> {
        self.check_gains(gains)?;
        let accepting = self
            .probabilities
            .iter()
            .zip(gains)
            .filter(|(_, gain)| **gain >= 0.0);
        // Adding 0 keeps an empty sum from being -0.
        Ok(accepting.map(|(p, _)| p).sum::<f64>().min(1.0) + 0.0)
    }

    /// The expected gain of a package to the other side. `gains` has one number a hypothesis.
    ///
    /// # Errors
    /// Another number of gains than of hypotheses.
    pub fn expected(&self, gains: &[f64]) -> Result<f64, TalksError> {
        self.check_gains(gains)?;
        Ok(self
            .probabilities
            .iter()
            .zip(gains)
            .map(|(p, gain)| p * gain)
            .sum())
    }

    fn check_gains(&self, gains: &[f64]) -> Result<(), TalksError> {
        let (expected, found) = (self.probabilities.len(), gains.len());
        if expected == found {
            Ok(())
        } else {
            Err(TalksError::Gains { expected, found })
        }
    }
}

fn check<Day: Ord>(item: &Evidence<Day>, hypotheses: &[Hypothesis]) -> Result<(), TalksError> {
    let fail = |what: String| {
        Err(TalksError::Evidence {
            evidence: item.name.clone(),
            what,
        })
    };
    if item.likelihoods.len() != hypotheses.len() {
        return fail(format!(
            "it has {} likelihoods for {} hypotheses; give one for each",
            item.likelihoods.len(),
            hypotheses.len()
        ));
    }
    for (likelihood, hypothesis) in item.likelihoods.iter().zip(hypotheses) {
        if !(*likelihood > 0.0 && *likelihood <= 1.0) {
            return fail(format!(
                "its likelihood under `{}` is {likelihood}; likelihoods are above 0 and at most 1",
                hypothesis.name
            ));
        }
    }
    if !(0.0..=1.0).contains(&item.strength) {
        return fail(format!(
            "its strength is {}; strengths are from 0 to 1",
            item.strength
        ));
    }
    match (&item.said, &item.published) {
        (Some(said), Some(published)) if said > published => {
            fail("it was published before it was said; check the two dates".to_owned())
        }
        _ => Ok(()),
    }
}

/// Probabilities from logarithms of weights, without underflow.
fn normalise(logs: &[f64]) -> Vec<f64> {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logs.iter().map(|l| (l - largest).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| w / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hypotheses(priors: &[f64]) -> Vec<Hypothesis> {
        let sum: f64 = priors.iter().sum();
        let each = priors.iter().enumerate();
        each.map(|(i, p)| Hypothesis {
            name: format!("h{i}"),
            prior: p / sum,
        })
        .collect()
    }

    fn item(name: &str, published: Option<&str>, likelihoods: Vec<f64>) -> Evidence<String> {
        let published = published.map(str::to_owned);
        Evidence {
            name: name.into(),
            said: None,
            published,
            strength: 1.0,
            likelihoods,
        }
    }

    #[test]
    fn only_what_was_published_by_the_day_counts() {
        let evidence = vec![
            item("press of the 20th", Some("2025-04-20"), vec![0.9, 0.1]),
            item("the article", Some("2025-04-16"), vec![0.6, 0.2]),
            item("a rumour", None, vec![0.9, 0.1]),
        ];
        let belief = Belief::new(hypotheses(&[0.5, 0.5]), evidence).unwrap();
        let posterior = belief.known_on(&"2025-04-16".to_owned());
        assert!((posterior.probabilities[0] - 0.75).abs() < 1e-15);
        assert_eq!(
            posterior.unused,
            [
                ("press of the 20th".to_owned(), Unused::NotYetPublished),
                ("a rumour".to_owned(), Unused::NoDay)
            ]
        );
        let later = belief.known_on(&"2025-04-20".to_owned());
        assert_eq!(
            later
                .path
                .iter()
                .map(|l| l.evidence.as_str())
                .collect::<Vec<_>>(),
            ["the article", "press of the 20th"]
        );
        assert!((later.probabilities[0] - 27.0 / 28.0).abs() < 1e-15);
        assert_eq!(
            posterior.acceptance(&[1.0, -1.0]).unwrap().to_bits(),
            posterior.probabilities[0].to_bits()
        );
        assert_eq!(
            posterior.acceptance(&[-1.0, -1.0]).unwrap().to_bits(),
            0.0f64.to_bits()
        );
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        let half = hypotheses(&[1.0, 1.0]);
        for bad in [0.0, -0.1, 1.1, f64::NAN] {
            let evidence = vec![item("e", Some("2025-01-01"), vec![bad, 0.5])];
            let error = Belief::new(half.clone(), evidence).unwrap_err().to_string();
            assert!(error.contains("`e`") && error.contains("`h0`"), "{error}");
        }
        let mut lopsided = half;
        lopsided[0].prior = 0.6;
        let error = Belief::<String>::new(lopsided, Vec::new())
            .unwrap_err()
            .to_string();
        assert!(error.contains("sum to 1.1"), "{error}");
    }

    #[test]
    fn a_thousand_items_do_not_underflow() {
        let evidence = (0..1000)
            .map(|_| item("e", Some("2025-01-01"), vec![1e-9, 0.9e-9]))
            .collect();
        let belief = Belief::new(hypotheses(&[0.5, 0.5]), evidence).unwrap();
        let p = belief.known_on(&"2025-01-01".to_owned()).probabilities;
        assert!(
            (p[1].ln() - 1000.0 * 0.9f64.ln()).abs() < 1e-6 && (p[0] + p[1] - 1.0).abs() < 1e-12
        );
    }

    proptest! {
        #[test]
        fn raising_a_likelihood_never_lowers_its_hypothesis(
            priors in prop::collection::vec(0.01f64..1.0, 3),
            table in prop::collection::vec(prop::collection::vec(0.01f64..=1.0, 3), 1..6),
            strength in 0.0f64..=1.0,
            which in 0usize..6,
            hypothesis in 0usize..3,
            raise in 0.0f64..=1.0,
        ) {
            let which = which % table.len();
            let build = |table: &[Vec<f64>]| {
                let evidence = table.iter().map(|l| {
                    Evidence { strength, ..item("e", Some("2025-01-01"), l.clone()) }
                });
                Belief::new(hypotheses(&priors), evidence.collect()).unwrap().known_on(&"2025-01-01".to_owned())
            };
            let before = build(&table).probabilities[hypothesis];
            let mut raised = table.clone();
            let old = raised[which][hypothesis];
            raised[which][hypothesis] = old + raise * (1.0 - old);
            let after = build(&raised).probabilities[hypothesis];
            prop_assert!(after >= before - 1e-15, "{before} -> {after}");
        }
    }
}
