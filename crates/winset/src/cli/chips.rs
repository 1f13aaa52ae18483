//! `winset chips`: what we could give, at which price, and what it is worth to them.

use std::fmt::Write as _;

use serde::Serialize;
use winset::brief::ChipRow;
use winset::lang::Lang;

use super::args::DossierArgs;
use super::brief;
use super::columns::{Columns, Side};
use super::console::Console;
use super::failure::Failure;

#[derive(Serialize)]
struct Answer<'a> {
    no_deal: &'a str,
    hypotheses: &'a [String],
    probabilities: &'a [f64],
    chips: &'a [ChipRow],
}

pub(crate) fn run(args: &DossierArgs, console: &Console) -> Result<(), Failure> {
    let brief = brief::compute(args, Lang::En, console)?;
    let answer = Answer {
        no_deal: &brief.packages.no_deal,
        hypotheses: &brief.demands.hypotheses,
        probabilities: &brief.packages.probabilities,
        chips: &brief.demands.chips,
    };
    console.answer(|| &answer, || text(&answer))
}

fn text(answer: &Answer<'_>) -> String {
    let mut out = format!(
        "Our chips, best first; bn USD a year against no deal: {}.\n\n",
        answer.no_deal
    );
    let mut columns = Columns::new(&[
        ("", Side::Right),
        ("chip", Side::Left),
        ("price", Side::Right),
        ("political", Side::Right),
        ("compensation", Side::Right),
        ("worth", Side::Right),
        ("range", Side::Right),
        ("ratio", Side::Right),
        ("", Side::Left),
    ]);
    for chip in answer.chips {
        let worths = || chip.worth_by_hypothesis.iter().copied();
        let (low, high) = (
            worths().fold(f64::INFINITY, f64::min),
            worths().fold(f64::NEG_INFINITY, f64::max),
        );
        columns.row([
            chip.rank.to_string(),
            chip.title.clone(),
            format!("{:.2}", chip.economic_price),
            format!("{:.2}", chip.political_price),
            format!("{:.2}", chip.compensation),
            format!("{:.2}", chip.worth),
            format!("{low:.2} to {high:.2}"),
            chip.ratio.map_or_else(String::new, |r| format!("{r:.1}")),
            chip.label.clone(),
        ]);
    }
    out.push_str(&columns.to_string());
    let blocked = answer.chips.iter().filter(|c| !c.blocked_by.is_empty());
    for chip in blocked {
        let _ = write!(
            out,
            "\n{} is objected to, given alone, by {}",
            chip.title,
            chip.blocked_by.join(", ")
        );
    }
    out.push_str("\n\nThe range of worth is over what they may want.\n");
    out
}
