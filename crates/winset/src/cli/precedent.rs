//! `winset precedent`: what third countries would claim.

use std::fmt::Write as _;

use winset::brief::Others;
use winset::lang::Lang;

use super::args::DossierArgs;
use super::brief;
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &DossierArgs, console: &Console) -> Result<(), Failure> {
    let brief = brief::compute(args, Lang::En, console)?;
    let others = &brief.others;
    console.answer(|| others, || text(others, &brief.sides))
}

fn text(others: &Others, [ours, theirs]: &[String; 2]) -> String {
    let (Some(alone), Some(extended)) = (others.alone, others.extended) else {
        return "No package can be proposed, so there is none whose terms could be claimed (`winset packages` says who stops \
                which).\n"
            .to_owned();
    };
    let mut out = format!(
        "The package: {}.\nReal income against no deal, bn USD a year: alone {:+.2} for {ours}, {:+.2} for {theirs}",
        others.package, alone[0], alone[1]
    );
    if others.claimants.is_empty() {
        out.push_str(
            ".\nNobody is named who would claim from the other side what it gives us.\n\n",
        );
    } else {
        let _ = writeln!(
            out,
            "; with its terms extended to every claimant {:+.2} and {:+.2}.\n",
            extended[0], extended[1]
        );
        let _ = writeln!(out, "Each alone, if it got the same:\n{}", claims(others));
    }
    if let Some([us, them]) = others.expected {
        let _ = writeln!(
            out,
            "Each claim weighed with its likelihood: {us:+.2} for us, {them:+.2} for them.\n"
        );
    }
    if let Some(order) = &others.order {
        let signing = match order.order.as_slice() {
            [] => "nobody".to_owned(),
            order => order.join(", then "),
        };
        let _ = writeln!(
            out,
            "{theirs} gains most by signing with {signing}: {:+.2} in all, what they give included. If all others have signed before \
             us, our package is worth {} to us than alone.\n",
            order.theirs,
            order.last_in_words(Lang::En)
        );
    }
    for (who, what) in &others.claims_on_us {
        let _ = writeln!(out, "claimed from us by {who}: {what}");
    }
    for line in &others.not_computed {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// A row a claimant.
fn claims(others: &Others) -> Columns {
    let mut columns = Columns::new(&[
        ("claimant", Side::Left),
        ("likely, per cent", Side::Right),
        ("its own gain", Side::Right),
        ("for us", Side::Right),
        ("for them", Side::Right),
        ("claims", Side::Left),
    ]);
    for claimant in &others.claimants {
        columns.row([
            claimant.label.clone(),
            claimant
                .likelihood
                .map_or_else(String::new, |p| format!("{:.0}", 100.0 * p)),
            format!("{:.2}", claimant.own),
            format!("{:.2}", claimant.ours),
            format!("{:.2}", claimant.theirs),
            claimant.claims.join("; "),
        ]);
    }
    columns
}
