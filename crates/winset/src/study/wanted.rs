//! The belief date by date, and what it would have said the other side wanted most.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use winset_talks::Payoff;
use winset_talks::belief::Posterior;

use super::{Bench, Payoffs, valuations};
use crate::dossier::Text;
use crate::indicator::Indicator;

/// What they want most, by the average over what is believed on a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wanted {
    /// The likeliest hypothesis: its title.
    pub hypothesis: Text,
    /// Its probability.
    pub probability: f64,
    /// The indicator whose stated valuation can move their gain most between two packages.
    pub indicator: String,
    /// By how much, bn USD a year.
    pub indicator_busd: f64,
    /// The issue of those they ask for on which they have most to gain.
    pub issue: Text,
    /// The option of it that gives them most.
    pub option: Text,
    /// How much, bn USD a year against no change.
    pub option_busd: f64,
}

/// The belief after all that was published on one day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BeliefDay {
    /// The day; none before any evidence.
    pub date: Option<String>,
    /// What was published on it.
    pub evidence: Vec<String>,
    /// Probabilities of the hypotheses after it.
    pub probabilities: Vec<f64>,
    /// What it says they want most.
    pub wanted: Option<Wanted>,
}

/// The prior, then every day on which something was published that counts.
pub fn days(bench: &Bench, payoffs: &Payoffs, belief: &Posterior<Date>) -> Vec<BeliefDay> {
    let prior = bench.dossier.beliefs.hypothesis.iter();
    let day = |date: Option<Date>, probabilities: Vec<f64>| BeliefDay {
        date: date.map(|d| d.to_string()),
        evidence: Vec::new(),
        probabilities,
        wanted: None,
    };
    let mut out = vec![day(None, prior.map(|h| *h.prior.get_ref()).collect())];
    for learned in &belief.path {
        let date = learned.published.to_string();
        if out
            .last()
            .is_none_or(|last| last.date.as_ref() != Some(&date))
        {
            out.push(day(Some(learned.published), Vec::new()));
        }
        if let Some(last) = out.last_mut() {
            last.evidence.push(learned.evidence.clone());
            last.probabilities.clone_from(&learned.probabilities);
        }
    }
    let scales = Scales::new(bench, payoffs);
    for day in &mut out {
        day.wanted = scales.wanted(bench, &day.probabilities);
    }
    out
}

/// From which factor on the odds between two hypotheses an item of evidence is named.
const LOUD: f64 = 20.0;

/// Items that alone move the odds between two hypotheses twentyfold or more, each with that factor.
pub fn loud(bench: &Bench, belief: &Posterior<Date>) -> Vec<(String, f64)> {
    let prior = bench.dossier.beliefs.hypothesis.iter();
    let mut before: Vec<f64> = prior.map(|h| *h.prior.get_ref()).collect();
    let mut out = Vec::new();
    for learned in &belief.path {
        let moved = before.iter().zip(&learned.probabilities);
        // What was ruled out before cannot move.
        let moved = moved.filter(|(p, _)| **p > 0.0).map(|(p, q)| q / p);
        let (low, high) = moved.fold((f64::INFINITY, 0.0_f64), |(l, h), x| (l.min(x), h.max(x)));
        if high >= LOUD * low {
            out.push((learned.evidence.clone(), high / low.max(1e-300)));
        }
        before.clone_from(&learned.probabilities);
    }
    out
}

/// How far each valuation and each option can move their gain, by hypothesis.
struct Scales {
    /// bn USD by indicator, for each hypothesis.
    valuations: Vec<Vec<(Indicator, f64)>>,
    /// Their gain from each option, for each hypothesis.
    options: Vec<Payoff>,
}

impl Scales {
    fn new(bench: &Bench, payoffs: &Payoffs) -> Self {
        // How far an indicator can move over all packages, interactions spread over their options.
        let reach = |indicator: &Indicator| {
            let table = payoffs
                .indicator(indicator)
                .map(|q| payoffs.tables[q].nearest_additive());
            let rows = table.map(|t| t.values).unwrap_or_default();
            let width = |row: &Vec<f64>| {
                let (low, high) = row
                    .iter()
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| {
                        (l.min(*x), h.max(*x))
                    });
                high - low
            };
            rows.iter().map(width).sum::<f64>()
        };
        let hypotheses = bench.dossier.beliefs.hypothesis.iter();
        let valued = hypotheses.map(|h| {
            let own = valuations(&h.valuation).into_iter();
            own.map(|v| (v.indicator.clone(), v.value.abs() * reach(&v.indicator)))
                .collect()
        });
        Self {
            valuations: valued.collect(),
            options: bench
                .theirs_by_hypothesis(payoffs)
                .iter()
                .map(Payoff::nearest_additive)
                .collect(),
        }
    }

    fn wanted(&self, bench: &Bench, probabilities: &[f64]) -> Option<Wanted> {
        let hypotheses = &bench.dossier.beliefs.hypothesis;
        let likeliest = (0..hypotheses.len()).max_by(|a, b| {
            probabilities[*a]
                .total_cmp(&probabilities[*b])
                .then(b.cmp(a))
        })?;
        let mut by_indicator: BTreeMap<String, f64> = BTreeMap::new();
        for (valued, p) in self.valuations.iter().zip(probabilities) {
            for (indicator, busd) in valued {
                *by_indicator.entry(indicator.to_string()).or_default() += p * busd;
            }
        }
        let (indicator, indicator_busd) = by_indicator
            .into_iter()
            .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
        let theirs = bench.dossier.head.theirs.get_ref();
        let mut best: Option<(usize, usize, f64)> = None;
        for (i, issue) in bench.dossier.issues.issue.iter().enumerate() {
            if issue.asks.get_ref() != theirs {
                continue;
            }
            for o in 1..issue.option.len() {
                let gain = |table: &Payoff| table.values[i][o] - table.values[i][0];
                let tables = self.options.iter().zip(probabilities);
                let gain: f64 = tables.map(|(table, p)| p * gain(table)).sum();
                if best.is_none_or(|(_, _, most)| gain > most) {
                    best = Some((i, o, gain));
                }
            }
        }
        let (i, o, option_busd) = best?;
        let issue = &bench.dossier.issues.issue[i];
        Some(Wanted {
            hypothesis: hypotheses[likeliest].title.clone(),
            probability: probabilities[likeliest],
            indicator,
            indicator_busd,
            issue: issue.title.clone(),
            option: issue.option[o].title.clone(),
            option_busd,
        })
    }
}
