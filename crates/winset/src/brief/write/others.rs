//! Section 7, everyone else.

use super::numbers::{bn, chance, money, plain};
use crate::brief::{Brief, OrderOfTalks};
use crate::document::{Block, Cell, Table, numbers, words};

fn order_of_talks(b: &Brief, order: &OrderOfTalks) -> [Block; 3] {
    let signing = match order.order.as_slice() {
        [] => "nobody".to_owned(),
        order => order.join(", then "),
    };
    let partners = Table::new([
        words("partner"),
        numbers("gives, bn USD a year"),
        numbers("its own gain, net"),
        numbers("them, with what it gives"),
    ])
    .rows(order.partners.iter().map(|r| {
        vec![
            r.label.as_str().into(),
            r.gives.map_or_else(Cell::default, |g| plain(g).into()),
            money(r.own),
            money(r.theirs),
        ]
    }));
    let said = format!(
        "With whom {} would sign first, if it signs where it gains and each signs where it does not lose: {signing}; {} for them in all. If all others have signed before us, our package is worth {} to us beside what it is worth alone.",
        b.sides[1],
        bn(order.theirs),
        bn(order.ours_if_last)
    );
    [
        Block::Heading("The order of the talks".to_owned()),
        Block::Paragraph(said.into()),
        Block::Table(partners),
    ]
}

pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let o = &b.others;
    let claims = Table::new([
        words("claimant"),
        words("would claim"),
        numbers("how likely"),
        numbers("its own gain"),
        numbers("us"),
        numbers("them"),
    ])
    .rows(o.claimants.iter().map(|c| {
        vec![
            c.label.as_str().into(),
            c.claims.join("; ").into(),
            c.likelihood
                .map_or_else(Cell::default, |p| chance(p).into()),
            money(c.own),
            money(c.ours),
            money(c.theirs),
        ]
    }));
    let mut out = vec![
        Block::Paragraph(
            format!(
                "Real income against no deal, {}: alone {} for us and {} for them; with its terms extended to every claimant {} and {}.",
                o.package,
                bn(o.alone[0]),
                bn(o.alone[1]),
                bn(o.extended[0]),
                bn(o.extended[1])
            )
            .into(),
        ),
        Block::Table(claims),
    ];
    if let Some([ours, theirs]) = o.expected {
        let said = format!(
            "Each claim weighed with its likelihood: {} for us, {} for them.",
            bn(ours),
            bn(theirs)
        );
        out.push(Block::Paragraph(said.into()));
    }
    out.extend(o.order.iter().flat_map(|order| order_of_talks(b, order)));
    if !o.claims_on_us.is_empty() {
        out.push(Block::Heading("Claims on us".to_owned()));
        out.push(Block::List(
            o.claims_on_us
                .iter()
                .map(|(who, what)| format!("{who}: {what}").into())
                .collect(),
        ));
    }
    out.extend(
        o.not_computed
            .iter()
            .map(|n| Block::Note(n.as_str().into())),
    );
    out
}
