//! Section 7, everyone else.

use super::numbers::{bn, money};
use crate::brief::Brief;
use crate::document::{Block, Table, numbers, words};

pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let o = &b.others;
    let claims = Table::new([
        words("claimant"),
        words("would claim"),
        numbers("its own gain"),
        numbers("us"),
        numbers("them"),
    ])
    .rows(o.claimants.iter().map(|c| {
        vec![
            c.label.as_str().into(),
            c.claims.join("; ").into(),
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
