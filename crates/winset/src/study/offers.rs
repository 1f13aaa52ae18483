//! Offers of the other side as evidence for what it wants, beside what was said and published.

use jiff::civil::Date;
use winset_talks::belief::{Belief, Evidence};
use winset_talks::log::Kind;
use winset_talks::preference::{Prior, Trace, offer_evidence};
use winset_talks::{Issue, Package, Payoff};

use super::{Bench, Payoffs, StudyError, objective};
use crate::dossier::{Dossier, Text, choices, package};
use crate::lang::Lang;

/// A package that the other side offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Where it is from, for people.
    pub name: Text,
    /// The day it was made.
    pub date: Date,
    /// The package.
    pub package: Package,
}

/// An offer as somebody types it, to see what it would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedOffer {
    /// Issues and options; on the others nothing changes.
    pub options: Vec<(String, String)>,
    /// The day; none for the day that is asked about.
    pub date: Option<Date>,
}

/// Offers of the other side in the dossier's log, oldest first, and those that cannot be read as a package any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logged {
    /// The offers.
    pub offers: Vec<Offer>,
    /// Lines that name issues or options that are not in the dossier now, each with the reason.
    pub unread: Vec<Text>,
}

/// Reads the offers of the party that the beliefs are about from the dossier's log.
pub fn logged(dossier: &Dossier) -> Logged {
    let mut out = Logged::default();
    let party = dossier.beliefs.party.get_ref();
    for (number, entry) in dossier.log.entries().iter().enumerate() {
        if entry.kind != Kind::Offer || entry.party != *party {
            continue;
        }
        let named: Vec<(String, String)> = entry.options.clone().into_iter().collect();
        let found = choices(dossier, &named)
            .and_then(|_| package(dossier, &named))
            .map_err(|error| error.to_string());
        let date = entry.date.parse::<Date>().map_err(|e| e.to_string());
        match (found, date) {
            (Ok(package), Ok(date)) => out.offers.push(Offer {
                name: Text::both(
                    format!("their offer of {date} (log, line {})", number + 1),
                    format!("{}の相手の提案（記録{}行目）", japanese(date), number + 1),
                ),
                date,
                package,
            }),
            (Err(what), _) | (_, Err(what)) => {
                out.unread.push(Text::both(
                    format!("log, line {}: {what}", number + 1),
                    format!("記録{}行目：この案件にない論点・選択肢がある", number + 1),
                ));
            }
        }
    }
    out
}

/// A day as Japanese writes it.
fn japanese(date: Date) -> String {
    Lang::Ja.day(&date.to_string())
}

impl Bench {
    /// Typed offers as packages; those without a day were made on `day`.
    ///
    /// # Errors
    /// An issue or option that does not exist.
    pub fn typed(&self, offers: &[TypedOffer], day: Date) -> Result<Vec<Offer>, StudyError> {
        let read = |offer: &TypedOffer| {
            let date = offer.date.unwrap_or(day);
            let package = package(&self.dossier, &offer.options)?;
            let name = Text::both(
                format!("their offer of {date} (typed)"),
                format!("{}の相手の提案（入力）", japanese(date)),
            );
            Ok(Offer {
                name,
                date,
                package,
            })
        };
        offers.iter().map(read).collect()
    }

    /// What each package is worth to the other side under each hypothesis, by the tables of options and pairs.
    pub fn theirs_by_hypothesis(&self, payoffs: &Payoffs) -> Vec<Payoff> {
        let theirs = self.dossier.head.theirs.get_ref();
        let base = self.party_valuations(theirs);
        let hypotheses = self.dossier.beliefs.hypothesis.iter();
        hypotheses
            .map(|h| {
                let own = super::valuations(&h.valuation);
                let all: Vec<_> = base.iter().cloned().chain(own).collect();
                payoffs.combine(&objective(payoffs, theirs, &all))
            })
            .collect()
    }

    /// The belief with the offers in the dossier's log and further ones as evidence.
    ///
    /// Each offer is an item of its own, published on its day: how much better each hypothesis foretells it, after
    /// the offers before it, by the choice model of [`offer_evidence`]. It counts with the `offer-strength` of
    /// beliefs.toml: an offer is also tactics, and a hypothesis holds one value of what it could hold many of. Time runs in days from the dossier's as-of
    /// date, or from the first offer if that is earlier, to the cliff. The choice model wants payoffs without
    /// interactions: [`Payoff::nearest_additive`].
    ///
    /// # Errors
    /// As [`Bench::belief`]; what the choice model says.
    pub fn belief_after(
        &self,
        payoffs: &Payoffs,
        further: &[Offer],
    ) -> Result<Belief<Date>, StudyError> {
        let (hypotheses, mut evidence) = self.stated();
        let mut offers = logged(&self.dossier).offers;
        offers.extend_from_slice(further);
        offers.sort_by_key(|offer| offer.date);
        evidence.extend(self.offers_as_evidence(payoffs, &offers)?);
        Ok(Belief::new(hypotheses, evidence)?)
    }

    fn offers_as_evidence(
        &self,
        payoffs: &Payoffs,
        offers: &[Offer],
    ) -> Result<Vec<Evidence<Date>>, StudyError> {
        let Some(first) = offers.first() else {
            return Ok(Vec::new());
        };
        let began = self.day(&self.dossier.head.as_of)?.min(first.date);
        let days = |to: Date| (to - began).get_days().max(0) as usize;
        let cliff = days(self.day(&self.dossier.head.clock.cliff)?);
        let horizon = (cliff + 1).max(offers.len()).max(2);
        let issues = self.dossier.issues.issue.iter().map(|issue| Issue {
            name: issue.id.get_ref().clone(),
            options: issue
                .option
                .iter()
                .map(|o| o.id.get_ref().clone())
                .collect(),
        });
        // Who still offers after the cliff is taken to be as far as at the cliff.
        let rounds = offers.iter().map(|o| days(o.date).min(horizon - 1));
        let packages = offers.iter().map(|o| o.package.clone()).collect();
        let trace = Trace::new(issues.collect(), horizon, packages)?.in_rounds(rounds.collect())?;
        let tables: Vec<Payoff> = self
            .theirs_by_hypothesis(payoffs)
            .iter()
            .map(Payoff::nearest_additive)
            .collect();
        let strength = &self.dossier.beliefs.offer_strength;
        let strength = strength
            .as_ref()
            .map_or(1.0, |name| self.dossier.assumption(name));
        let prior = Prior::default();
        let mut before = vec![0.0; tables.len()];
        let mut items = Vec::with_capacity(offers.len());
        for (number, offer) in offers.iter().enumerate() {
            let after = offer_evidence(&trace.first(number + 1), &tables, &prior)?;
            let gained: Vec<f64> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
            let largest = gained.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            items.push(Evidence {
                name: offer.name.to_string(),
                said: Some(offer.date),
                published: Some(offer.date),
                strength,
                // A likelihood is above 0, however little a hypothesis foretold.
                likelihoods: gained
                    .iter()
                    .map(|g| (g - largest).exp().max(1e-300))
                    .collect(),
            });
            before = after;
        }
        Ok(items)
    }
}
