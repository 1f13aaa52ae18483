//! Who stops a package, from its exact solve: nothing is said to be stopped that only the tables stop.

use winset_talks::{Blocked, Bound, Package, Why, WorseOff};
use winset_trade::Workspace;

use super::{Bench, Desk, Payoffs, StudyError, Table, Worlds};
use crate::dossier::format::{LimitText, RatifierText};
use crate::indicator::Indicator;

/// A limit of a ratifier and how a package stands to it.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Who.
    pub ratifier: &'a RatifierText,
    /// What they ask.
    pub limit: &'a LimitText,
    /// The package's value, against what the limit is against.
    pub value: f64,
    /// Whether they are asked about this package.
    pub asked: bool,
}

impl Standing<'_> {
    /// How far the value is on the wrong side, if they are asked; above 0.
    pub fn short_by(&self) -> Option<f64> {
        let short = self.limit.at_least.get_ref() - self.value;
        (self.asked && short > 0.0).then_some(short)
    }
}

impl Bench {
    /// Every limit of every ratifier, given what a package changes against no deal.
    pub fn standings<'a>(
        &'a self,
        worlds: &Worlds,
        payoffs: &Payoffs,
        package: &[u16],
        changes: &[f64],
    ) -> Vec<Standing<'a>> {
        let mut out = Vec::new();
        for ratifier in &self.dossier.parties.ratifier {
            let passes = |act: &str| ratifier.asked_for.iter().any(|a| a.get_ref() == act);
            let chosen = self.dossier.issues.issue.iter().zip(package);
            let asked = passes("always")
                || chosen.into_iter().any(|(issue, o)| {
                    let needs = &issue.option[usize::from(*o)].triggers;
                    needs.iter().any(|act| passes(act.get_ref()))
                });
            for limit in &ratifier.limit {
                let indicator = limit.indicator.get_ref().parse::<Indicator>().ok();
                let Some(place) = indicator.and_then(|i| payoffs.indicator(&i)) else {
                    continue;
                };
                // Against the baseline year what no deal has already changed counts too.
                let already = match limit.against.get_ref().as_str() {
                    "no deal" => 0.0,
                    _ => worlds.no_deal[0].1.measured[place],
                };
                out.push(Standing {
                    ratifier,
                    limit,
                    value: changes[place] + already,
                    asked,
                });
            }
        }
        out
    }
}

impl Desk {
    /// What a package means under an account of what they want: gains, who stops it and by how much, solved exactly;
    /// what each option adds by itself is taken from the tables.
    ///
    /// # Errors
    /// What the law and the model say; a package of another length.
    pub fn why(
        &self,
        table: &Table,
        package: &Package,
        workspace: &mut Workspace,
    ) -> Result<Why, StudyError> {
        let Self {
            bench,
            worlds,
            payoffs,
            ..
        } = self;
        let mut why = table.talks.why(package)?;
        let (_, changes) = bench.exact(package.options(), worlds, payoffs, workspace)?;
        why.gains = (0..why.gains.len())
            .map(|party| table.gain(party, &changes))
            .collect();
        why.payoffs.clone_from(&why.gains);
        for (party, together) in why.interactions.iter_mut().enumerate() {
            *together = why.gains[party] - why.contributions[party].iter().sum::<f64>();
        }
        let standings = bench.standings(worlds, payoffs, package.options(), &changes);
        why.blocked_by = standings
            .iter()
            .filter_map(|s| {
                Some(Blocked {
                    ratifier: s.ratifier.id.get_ref().clone(),
                    party: s.ratifier.party.get_ref().clone(),
                    what: s.limit.what.to_string(),
                    value: s.value,
                    limit: Bound::AtLeast(*s.limit.at_least.get_ref()),
                    short_by: s.short_by()?,
                })
            })
            .collect();
        let parties = table.talks.parties().iter().zip(&why.gains);
        why.worse_than_no_deal = parties
            .filter(|(_, gain)| **gain < 0.0)
            .map(|(party, gain)| WorseOff {
                party: party.name.clone(),
                by: -gain,
            })
            .collect();
        why.in_win_set = why.outside_mandates.is_empty()
            && why.blocked_by.is_empty()
            && why.worse_than_no_deal.is_empty()
            && why.gains.iter().any(|gain| *gain > 0.0);
        Ok(why)
    }
}
