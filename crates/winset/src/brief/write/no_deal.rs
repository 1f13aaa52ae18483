//! Section 2, no deal.

use super::numbers::{money, pct, plain, signed_pct};
use crate::brief::{Brief, WorldRow};
use crate::chart;
use crate::document::{Block, Figure, Table, numbers, words};

fn world(w: &WorldRow) -> Table {
    let likely = if w.probability > 0.0 {
        format!(" (probability {})", pct(w.probability))
    } else {
        String::new()
    };
    Table::new([
        words(""),
        numbers("real income, bn USD"),
        numbers("real income"),
        numbers("tariff revenue, bn USD"),
        numbers("relative wage"),
        numbers("their tariff on it, change"),
    ])
    .caption(format!("{}{likely}", w.title))
    .rows(w.regions.iter().take(12).map(|r| {
        vec![
            r.label.as_str().into(),
            money(r.ev),
            signed_pct(r.real_income_pct).into(),
            money(r.revenue),
            signed_pct(r.relative_wage_pct).into(),
            signed_pct(100.0 * r.tariff_change).into(),
        ]
    }))
}

pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let n = &b.no_deal;
    let mut out = vec![Block::Paragraph(
        "Changes against 2024, when tariffs were those of 1 January 2025. “Their tariff” is the whole world that no deal stands for: what the importer charges every other origin beside us.".into(),
    )];
    if let Some(w) = n.no_deal.first() {
        let title = "Output by sector without a deal";
        let rows: Vec<_> = w
            .sectors
            .iter()
            .take(12)
            .map(|s| (s.label.clone(), s.ours_pct, s.theirs_pct))
            .collect();
        out.push(Block::Table(world(w)));
        out.push(Block::Figure(Figure {
            name: "output-without-a-deal",
            svg: chart::pairs(title, "output, per cent", [&b.sides[0], &b.sides[1]], &rows),
            alt: title.to_owned(),
            caption: format!("{title}, the twelve sectors of ours that move most."),
        }));
    }
    let worlds = Table::new([
        words("world"),
        numbers(format!("{}, bn USD", b.sides[0])),
        numbers(format!("{}, bn USD", b.sides[1])),
        numbers("their goods balance with us, bn USD"),
        numbers("their revenue, bn USD"),
    ])
    .caption("The same under other accounts of no deal, and today")
    .rows(std::iter::once(&n.status_quo).chain(&n.no_deal).map(|w| {
        vec![
            w.title.as_str().into(),
            money(w.regions[0].ev),
            money(w.regions[1].ev),
            format!("{} → {}", plain(w.balance_published), plain(w.balance)).into(),
            money(w.regions[1].revenue),
        ]
    }));
    out.push(Block::Table(worlds));
    out.push(Block::Note(n.note.as_str().into()));
    for w in n.no_deal.iter().skip(1) {
        out.push(Block::Fold(
            format!("All regions: {}", w.title),
            vec![Block::Table(world(w))],
        ));
    }
    out
}
