//! The payoffs before the parties: objectives by hypothesis, mandates, ratifiers, belief.

use jiff::civil::Date;
use winset_talks::belief::{Belief, Evidence, Hypothesis};
use winset_talks::{Bound, Choice, Issue, Limit, Mandate, Party, Payoff, Talks};

use super::{Bench, Payoffs, Quantity, StudyError, Worlds};
use crate::dossier::Text;
use crate::dossier::format::ValuationText;
use crate::indicator::Indicator;

/// A valuation: what a party would pay for a unit of an indicator, on top of real income.
#[derive(Clone, Debug, PartialEq)]
pub struct Valuation {
    /// The indicator.
    pub indicator: Indicator,
    /// bn USD a year for a unit.
    pub value: f64,
    /// The range that the dossier gives for it.
    pub range: [f64; 2],
}

impl Valuation {
    /// The same with a weight between 0 and 1.
    fn weighted(&self, weight: f64) -> Self {
        Self {
            indicator: self.indicator.clone(),
            value: self.value * weight,
            range: self.range.map(|x| x * weight),
        }
    }
}

/// Reads valuations as the dossier writes them.
pub fn valuations(texts: &[ValuationText]) -> Vec<Valuation> {
    texts
        .iter()
        .filter_map(|v| {
            let indicator = v.indicator.get_ref().parse().ok()?;
            Some(Valuation {
                indicator,
                value: *v.value.get_ref(),
                range: [v.low, v.high],
            })
        })
        .collect()
}

/// The terms of an objective: EV, political value added, then each valuation.
pub fn objective(payoffs: &Payoffs, party: &str, valuations: &[Valuation]) -> Vec<(usize, f64)> {
    let ev = payoffs.indicator(&Indicator::Ev(party.to_owned()));
    let political = payoffs.place(&Quantity::Political(party.to_owned()));
    let mut terms: Vec<(usize, f64)> = ev
        .into_iter()
        .chain(political)
        .map(|place| (place, 1.0))
        .collect();
    terms.extend(valuations.iter().filter_map(|v| {
        payoffs
            .indicator(&v.indicator)
            .map(|place| (place, v.value))
    }));
    terms
}

/// The payoffs of both sides under one account of what the other side wants.
pub struct Table {
    /// Its name: a hypothesis, `belief` (the average over all), or `economic welfare`.
    pub name: String,
    /// The title for people.
    pub title: Text,
    /// The terms of each party's objective over [`Payoffs::quantities`].
    pub terms: Vec<Vec<(usize, f64)>>,
    /// The terms of them that are valuations.
    valued: [Vec<Valuation>; 2],
    /// The talks, ours first.
    pub talks: Talks,
}

impl Table {
    /// A party's gain from changes of all quantities, bn USD a year.
    pub fn gain(&self, party: usize, changes: &[f64]) -> f64 {
        self.terms[party].iter().map(|(q, c)| c * changes[*q]).sum()
    }

    /// Its lowest and highest gain over the ranges of its valuations, each anywhere in its own.
    pub fn gain_range(&self, party: usize, payoffs: &Payoffs, changes: &[f64]) -> [f64; 2] {
        let central = self.gain(party, changes);
        let mut range = [central; 2];
        for valuation in &self.valued[party] {
            let Some(place) = payoffs.indicator(&valuation.indicator) else {
                continue;
            };
            let off = valuation
                .range
                .map(|x| (x - valuation.value) * changes[place]);
            range[0] += off[0].min(off[1]);
            range[1] += off[0].max(off[1]);
        }
        range
    }
}

impl Bench {
    pub(super) fn party_valuations(&self, party: &str) -> Vec<Valuation> {
        let found = self
            .dossier
            .parties
            .party
            .iter()
            .find(|p| p.id.get_ref() == party);
        found.map(|p| valuations(&p.valuation)).unwrap_or_default()
    }

    /// The belief about the other side by what was said and published; offers count in [`Bench::belief_after`].
    ///
    /// # Errors
    /// Priors or likelihoods that are no probabilities; the dossier was checked for them.
    pub fn belief(&self) -> Result<Belief<Date>, StudyError> {
        let (hypotheses, evidence) = self.stated();
        Ok(Belief::new(hypotheses, evidence)?)
    }

    /// Hypotheses and dated statements as the dossier has them.
    pub(super) fn stated(&self) -> (Vec<Hypothesis>, Vec<Evidence<Date>>) {
        let beliefs = &self.dossier.beliefs;
        let source = self.dossier.source("beliefs.toml");
        let hypotheses = beliefs
            .hypothesis
            .iter()
            .map(|h| Hypothesis {
                name: h.id.get_ref().clone(),
                prior: *h.prior.get_ref(),
            })
            .collect();
        let evidence = beliefs
            .evidence
            .iter()
            .map(|e| {
                let likelihood = beliefs
                    .hypothesis
                    .iter()
                    .map(|h| {
                        e.likelihood
                            .iter()
                            .find(|(k, _)| k.get_ref() == h.id.get_ref())
                            .map_or(f64::NAN, |(_, v)| *v.get_ref())
                    })
                    .collect();
                Evidence {
                    name: e.id.get_ref().clone(),
                    said: crate::dossier::date(&source, &e.said).ok(),
                    published: crate::dossier::date(&source, &e.published).ok(),
                    strength: 1.0,
                    likelihoods: likelihood,
                }
            })
            .collect();
        (hypotheses, evidence)
    }

    /// Our objective and theirs: economic welfare alone, each hypothesis, and the average by belief.
    /// `posterior` has one weight a hypothesis.
    ///
    /// # Errors
    /// What the talks say of the tables.
    pub fn tables(
        &self,
        worlds: &Worlds,
        payoffs: &Payoffs,
        posterior: &[f64],
    ) -> Result<Vec<Table>, StudyError> {
        let (ours, theirs) = (
            self.dossier.head.ours.get_ref(),
            self.dossier.head.theirs.get_ref(),
        );
        let our_valuations = self.party_valuations(ours);
        let base = self.party_valuations(theirs);
        let with = |more: &[Valuation]| base.iter().chain(more).cloned().collect::<Vec<_>>();
        let mut accounts = Vec::new();
        let mut mean: Vec<Valuation> = Vec::new();
        for (hypothesis, weight) in self.dossier.beliefs.hypothesis.iter().zip(posterior) {
            let own = valuations(&hypothesis.valuation);
            mean.extend(own.iter().map(|v| v.weighted(*weight)));
            accounts.push((
                hypothesis.id.get_ref().clone(),
                hypothesis.title.clone(),
                with(&own),
            ));
        }
        accounts.insert(
            0,
            (
                "belief".to_owned(),
                Text::both("the average over what we believe", "信念による平均"),
                with(&mean),
            ),
        );
        let mut tables = vec![self.table(
            worlds,
            payoffs,
            (
                "economic welfare",
                Text::both("economic welfare alone", "経済厚生のみ"),
            ),
            vec![ev_only(payoffs, ours), ev_only(payoffs, theirs)],
            [Vec::new(), Vec::new()],
        )?];
        for (name, title, theirs_valued) in accounts {
            let terms = vec![
                objective(payoffs, ours, &our_valuations),
                objective(payoffs, theirs, &theirs_valued),
            ];
            let valued = [our_valuations.clone(), theirs_valued];
            tables.push(self.table(worlds, payoffs, (&name, title), terms, valued)?);
        }
        Ok(tables)
    }

    fn table(
        &self,
        worlds: &Worlds,
        payoffs: &Payoffs,
        (name, title): (&str, Text),
        terms: Vec<Vec<(usize, f64)>>,
        valued: [Vec<Valuation>; 2],
    ) -> Result<Table, StudyError> {
        let sides = [
            self.dossier.head.ours.get_ref(),
            self.dossier.head.theirs.get_ref(),
        ];
        let issues = self
            .dossier
            .issues
            .issue
            .iter()
            .map(|i| Issue {
                name: i.id.get_ref().clone(),
                options: i.option.iter().map(|o| o.id.get_ref().clone()).collect(),
            })
            .collect();
        let parties = sides
            .iter()
            .zip(&terms)
            .map(|(side, terms)| Party {
                name: (*side).clone(),
                no_deal: 0.0,
                payoff: payoffs.combine(terms),
            })
            .collect();
        let mut mandates = Vec::new();
        let mut limits = Vec::new();
        for (p, side) in sides.iter().enumerate() {
            let party = self
                .dossier
                .parties
                .party
                .iter()
                .find(|party| party.id.get_ref() == *side);
            for mandate in party.into_iter().flat_map(|party| &party.mandate) {
                let Some(issue) = self
                    .dossier
                    .issues
                    .issue
                    .iter()
                    .position(|i| i.id.get_ref() == mandate.issue.get_ref())
                else {
                    continue;
                };
                let options = &self.dossier.issues.issue[issue].option;
                let allowed = (0..options.len())
                    .filter(|o| {
                        !mandate
                            .not
                            .iter()
                            .any(|n| n.get_ref() == options[*o].id.get_ref())
                    })
                    .collect();
                mandates.push(Mandate {
                    party: p,
                    issue,
                    allowed,
                });
            }
            for ratifier in self
                .dossier
                .parties
                .ratifier
                .iter()
                .filter(|r| r.party.get_ref() == *side)
            {
                let always = ratifier.asked_for.iter().any(|a| a.get_ref() == "always");
                let asked = (!always).then(|| self.asking(&ratifier.asked_for));
                for limit in &ratifier.limit {
                    let Some((quantity, bound)) = Self::limit(worlds, payoffs, limit) else {
                        continue;
                    };
                    limits.push(Limit {
                        ratifier: ratifier.id.get_ref().clone(),
                        party: p,
                        what: limit.what.to_string(),
                        quantity,
                        bound: Bound::AtLeast(bound),
                        asked: asked.clone(),
                    });
                }
            }
        }
        let talks = Talks::new(issues, parties, mandates, limits)?;
        Ok(Table {
            name: name.to_owned(),
            title,
            terms,
            valued,
            talks,
        })
    }

    /// The options that need an act this body passes.
    fn asking(&self, asked_for: &[crate::dossier::format::Name]) -> Vec<Choice> {
        let mut out = Vec::new();
        for (issue, text) in self.dossier.issues.issue.iter().enumerate() {
            for (option, text) in text.option.iter().enumerate() {
                let triggered = text
                    .triggers
                    .iter()
                    .any(|t| asked_for.iter().any(|a| a.get_ref() == t.get_ref()));
                if triggered {
                    out.push(Choice { issue, option });
                }
            }
        }
        out
    }

    /// A limit as a table of changes against no deal, and the bound on those.
    fn limit(
        worlds: &Worlds,
        payoffs: &Payoffs,
        limit: &crate::dossier::format::LimitText,
    ) -> Option<(Payoff, f64)> {
        let indicator: Indicator = limit.indicator.get_ref().parse().ok()?;
        let place = payoffs.indicator(&indicator)?;
        // Against the baseline year: what no deal has already changed counts too.
        let already = if limit.against.get_ref() == "no deal" {
            0.0
        } else {
            worlds.no_deal[0].1.measured[place]
        };
        Some((
            payoffs.tables[place].clone(),
            limit.at_least.get_ref() - already,
        ))
    }
}

fn ev_only(payoffs: &Payoffs, party: &str) -> Vec<(usize, f64)> {
    payoffs
        .indicator(&Indicator::Ev(party.to_owned()))
        .map(|place| (place, 1.0))
        .into_iter()
        .collect()
}
