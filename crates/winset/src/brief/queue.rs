//! The order of the talks: with whom the other side signs first, and what that does to us.

use std::collections::BTreeMap;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use winset_talks::sequence::Queue;
use winset_trade::Workspace;

use crate::labels;
use crate::lang::Lang;
use crate::study::{Bench, Solved, StudyError, Worlds};
use crate::world::World;

/// A region with which the other side negotiates. Real income, bn USD a year.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartnerRow {
    /// The region.
    pub region: String,
    /// Its label.
    pub label: String,
    /// What it gives for its terms; none for us, whose package says it.
    pub gives: Option<f64>,
    /// Its own gain, alone, net of what it gives.
    pub own: f64,
    /// The other side's gain, alone, with what the partner gives.
    pub theirs: f64,
}

/// The order of signing that gives the other side most, where each signs only if it does not lose by it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OrderOfTalks {
    /// Who is in the queue; we come first in this list.
    pub partners: Vec<PartnerRow>,
    /// Labels in the order of signing; who is not in it would not sign, or the other side would not.
    pub order: Vec<String>,
    /// The other side's gain from all of them.
    pub theirs: f64,
    /// What it changes for us if each other partner has signed before us.
    pub ours_if_last: f64,
}

impl OrderOfTalks {
    /// What signing last changes for us, in words that need a comparison: `0.12 bn USD a year less`.
    pub fn last_in_words(&self, lang: Lang) -> String {
        let size = lang.amount(self.ours_if_last.abs());
        let less = self.ours_if_last < 0.0;
        lang.of(
            format!(
                "{size} bn USD a year {}",
                if less { "less" } else { "more" }
            ),
            format!("年{size}億ドル{}", if less { "小さい" } else { "大きい" }),
        )
    }
}

/// Signing with each, alone and after another: we first, then the regions in the dossier's queue that would claim.
///
/// `rates` are the claimants' tariffs under the package's terms, `alone` is the package by itself, and `beside` what it adds
/// to our real income and to theirs outside the model. None where nobody
/// who would claim is in the dossier's queue.
pub(super) fn order(
    bench: &Bench,
    worlds: &Worlds,
    alone: &Solved,
    beside: [f64; 2],
    rates: &[(String, BTreeMap<String, f64>)],
    lang: Lang,
) -> Result<Option<OrderOfTalks>, StudyError> {
    let head = &bench.dossier.head;
    let no_deal = &worlds.no_deal[0].1;
    let mut partners: Vec<(String, Option<f64>)> = vec![(head.ours.get_ref().clone(), None)];
    for (region, _) in rates {
        let mut queued = head.queue.iter();
        if let Some(third) = queued.find(|q| q.region.get_ref() == region) {
            partners.push((region.clone(), Some(bench.dossier.assumption(&third.gives))));
        }
    }
    let count = partners.len();
    if count == 1 {
        return Ok(None);
    }
    // Partner 0 signs the package, any other takes its terms.
    let world = |signed: &[usize]| -> World {
        let base = if signed.contains(&0) { alone } else { no_deal };
        let mut world = base.world.clone();
        for (region, rates) in rates {
            if signed.iter().any(|i| partners[*i].0 == *region) {
                world.rates = world.rates.with_origin(region, rates);
            }
        }
        world
    };
    let t = bench.lab.economy.region(head.theirs.get_ref())?;
    let places = partners
        .iter()
        .map(|(region, _)| bench.lab.economy.region(region))
        .collect::<Result<Vec<_>, _>>()?;
    let mut sets: Vec<Vec<usize>> = (0..count).map(|i| vec![i]).collect();
    sets.extend((0..count).flat_map(|i| (i + 1..count).map(move |j| vec![i, j])));
    let solved = sets
        .par_iter()
        .map_init(Workspace::new, |workspace, set| {
            let e = bench
                .lab
                .solve(&world(set), workspace, Some(&no_deal.equilibrium))?;
            let change = |r: usize| e.ev_busd(r) - no_deal.equilibrium.ev_busd(r);
            let mut row: Vec<f64> = places.iter().map(|r| change(*r)).collect();
            let mut theirs = change(t);
            if set.contains(&0) {
                row[0] += beside[0];
                theirs += beside[1];
            }
            Ok((set.clone(), (theirs, row)))
        })
        .collect::<Result<BTreeMap<_, _>, StudyError>>()?;
    // What signing with i brings once j has signed, less what it brings alone.
    let mut their_change = vec![vec![0.0; count]; count];
    let mut partner_change = vec![vec![0.0; count]; count];
    for i in 0..count {
        for j in (0..count).filter(|j| *j != i) {
            let (both, first, own) = (
                &solved[&vec![i.min(j), i.max(j)]],
                &solved[&vec![j]],
                &solved[&vec![i]],
            );
            their_change[i][j] = both.0 - first.0 - own.0;
            partner_change[i][j] = both.1[i] - first.1[i] - own.1[i];
        }
    }
    let rows: Vec<PartnerRow> = partners
        .iter()
        .enumerate()
        .map(|(i, (region, gives))| {
            let (theirs, own) = &solved[&vec![i]];
            let given = gives.unwrap_or(0.0);
            PartnerRow {
                region: region.clone(),
                label: labels::region(region, lang).to_owned(),
                gives: *gives,
                own: own[i] - given,
                theirs: theirs + given,
            }
        })
        .collect();
    let best = Queue {
        partners: rows.iter().map(|r| r.label.clone()).collect(),
        ours: rows.iter().map(|r| r.theirs).collect(),
        theirs: rows.iter().map(|r| r.own).collect(),
        our_change: their_change,
        their_change: partner_change.clone(),
    }
    .best_order()?;
    Ok(Some(OrderOfTalks {
        order: best.partners,
        theirs: best.ours,
        ours_if_last: partner_change[0].iter().sum(),
        partners: rows,
    }))
}
