//! Section 7, everyone else: who would claim what we get, and what that does to both sides.

use std::collections::BTreeMap;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use winset_talks::Package;
use winset_trade::Workspace;

use super::queue::{self, OrderOfTalks};
use crate::dossier::format::Name;
use crate::labels;
use crate::lang::Lang;
use crate::study::{Bench, Payoffs, StudyError, Worlds};
use crate::world::World;

/// A country in the queue.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Claimant {
    /// The region.
    pub region: String,
    /// Its label.
    pub label: String,
    /// What it would claim, in words.
    pub claims: Vec<String>,
    /// Its own gain if it got the same, bn USD a year.
    pub own: f64,
    /// What that changes for us, bn USD a year of real income.
    pub ours: f64,
    /// What that changes for them.
    pub theirs: f64,
    /// How likely it claims the same, an assumption of the dossier; none where the dossier has no such.
    pub likelihood: Option<f64>,
}

/// Everyone else.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Others {
    /// The package whose terms are claimed.
    pub package: String,
    /// Our real income and theirs from the package alone, against no deal, bn USD a year; none where no package can be
    /// proposed.
    pub alone: Option<[f64; 2]>,
    /// The same with its terms extended to every claimant.
    pub extended: Option<[f64; 2]>,
    /// Claimants of what they give us, each alone, dearest for them first.
    pub claimants: Vec<Claimant>,
    /// Who would claim from us what we give them.
    pub claims_on_us: Vec<(String, String)>,
    /// What the claims change for us and for them, each weighed with its likelihood; none without likelihoods.
    pub expected: Option<[f64; 2]>,
    /// With whom they sign first.
    pub order: Option<OrderOfTalks>,
    /// What is left out for want of a key in the dossier.
    pub not_computed: Vec<String>,
}

/// The section, for the first proposal.
pub(super) fn section(
    bench: &Bench,
    worlds: &Worlds,
    payoffs: &Payoffs,
    proposals: &[Package],
    lang: Lang,
) -> Result<Others, StudyError> {
    let Some(package) = proposals.first() else {
        return Ok(Others {
            package: lang
                .of("no package can be proposed", "提案できるパッケージなし")
                .to_owned(),
            alone: None,
            extended: None,
            claimants: Vec::new(),
            claims_on_us: Vec::new(),
            expected: None,
            order: None,
            not_computed: Vec::new(),
        });
    };
    let (ours, theirs) = (
        bench.dossier.head.ours.get_ref(),
        bench.dossier.head.theirs.get_ref(),
    );
    let (o, t) = (
        bench.lab.economy.region(ours)?,
        bench.lab.economy.region(theirs)?,
    );
    let chosen: Vec<(usize, usize)> = package
        .options()
        .iter()
        .enumerate()
        .filter(|(_, o)| **o > 0)
        .map(|(i, o)| (i, usize::from(*o)))
        .collect();
    let mut workspace = Workspace::new();
    let (alone, _) = bench.exact(package.options(), worlds, payoffs, &mut workspace)?;
    let no_deal = &worlds.no_deal[0].1;
    let beside = [ours, theirs].map(|side| bench.income_beside(package.options(), side));
    let gains = |e: &winset_trade::Equilibrium| {
        let model = |r: usize| e.ev_busd(r) - no_deal.equilibrium.ev_busd(r);
        [model(o) + beside[0], model(t) + beside[1]]
    };

    // The terms a region would claim are those options that name it and amend what its goods are charged.
    let mut terms: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    let mut claims_on_us = Vec::new();
    for (i, k) in &chosen {
        let issue = &bench.dossier.issues.issue[*i];
        let option = &issue.option[*k];
        for region in option.claim.iter().map(Name::get_ref) {
            if option.amend.is_empty() {
                let what = lang.titled(issue.title.of(lang), option.title.of(lang));
                claims_on_us.push((labels::region(region, lang).to_owned(), what));
            } else if bench.concerns(&[(*i, *k)], &bench.members(region))? {
                terms.entry(region.clone()).or_default().push((*i, *k));
            }
        }
    }
    let after = bench.day(&bench.dossier.head.clock.after)?;
    let extended_rates = terms
        .par_iter()
        .map(|(region, terms)| {
            let members = bench.members(region);
            let law = bench.amended(terms, &members)?;
            let border = bench.border.only(|country| members.contains(&country));
            Ok((region.clone(), border.change(&law, after)?.origin(region)))
        })
        .collect::<Result<Vec<_>, StudyError>>()?;
    let claimants = extended_rates
        .par_iter()
        .map_init(Workspace::new, |workspace, (region, rates)| {
            let mut world: World = alone.world.clone();
            world.rates = world.rates.with_origin(region, rates);
            let solved = bench
                .lab
                .solve(&world, workspace, Some(&alone.equilibrium))?;
            let r = bench.lab.economy.region(region)?;
            let change = |r: usize| solved.ev_busd(r) - alone.equilibrium.ev_busd(r);
            Ok(Claimant {
                region: region.clone(),
                label: labels::region(region, lang).to_owned(),
                claims: terms[region]
                    .iter()
                    .map(|(i, k)| {
                        let issue = &bench.dossier.issues.issue[*i];
                        lang.titled(issue.title.of(lang), issue.option[*k].title.of(lang))
                    })
                    .collect(),
                own: change(r),
                ours: change(o),
                theirs: change(t),
                likelihood: likelihood(bench, region),
            })
        })
        .collect::<Result<Vec<_>, StudyError>>()?;
    let mut everyone = alone.world.clone();
    for (region, rates) in &extended_rates {
        everyone.rates = everyone.rates.with_origin(region, rates);
    }
    let extended = bench
        .lab
        .solve(&everyone, &mut workspace, Some(&alone.equilibrium))?;
    let mut claimants = claimants;
    claimants.sort_by(|a, b| a.theirs.total_cmp(&b.theirs));
    let weighed: Vec<(f64, &Claimant)> = claimants
        .iter()
        .filter_map(|c| Some((c.likelihood?, c)))
        .collect();
    let expected = (!weighed.is_empty()).then(|| {
        [
            weighed.iter().map(|(p, c)| p * c.ours).sum(),
            weighed.iter().map(|(p, c)| p * c.theirs).sum(),
        ]
    });
    let order = queue::order(bench, worlds, &alone, beside, &extended_rates, lang)?;
    let silent: Vec<&str> = claimants
        .iter()
        .filter(|c| c.likelihood.is_none())
        .map(|c| c.label.as_str())
        .collect();
    let not_computed = if silent.is_empty() {
        Vec::new()
    } else {
        let silent = lang.join(&silent);
        vec![lang.of(
            format!("How likely these claim the same, and where they stand in the order of the talks: {silent} (no [[queue]] in dossier.toml)."),
            format!("次の国・地域は請求の確率と交渉順を計算していない：{silent}（dossier.toml に [[queue]] がない）。"),
        )]
    };
    Ok(Others {
        package: lang
            .of("the first package proposed", "最初に提案するパッケージ")
            .to_owned(),
        alone: Some(gains(&alone.equilibrium)),
        extended: Some(gains(&extended)),
        claimants,
        claims_on_us,
        expected,
        order,
        not_computed,
    })
}

/// The probability that a region claims the same, as the dossier assumes.
fn likelihood(bench: &Bench, region: &str) -> Option<f64> {
    let mut queue = bench.dossier.head.queue.iter();
    let third = queue.find(|q| q.region.get_ref() == region)?;
    Some(bench.dossier.assumption(&third.claims))
}
