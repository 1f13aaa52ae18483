//! Sections 3 and 4, their demands and our chips.

use super::numbers::{bn, minus, money, plain, signed_pct, tone};
use crate::brief::{Brief, ChipRow, Demand, SectorMove};
use crate::chart;
use crate::document::{Block, Cell, Figure, Row, Table, Tone, numbers, words};

fn moved(title: &str, moves: &[SectorMove]) -> Option<String> {
    let moves: Vec<String> = moves
        .iter()
        .map(|m| format!("{} {}", m.label, bn(m.busd)))
        .collect();
    (!moves.is_empty()).then(|| format!("{title}: {}", moves.join(", ")))
}

fn notes(d: &Demand) -> Vec<(Tone, String)> {
    let vehicle = (!d.vehicle.is_empty()).then(|| {
        if d.triggers.is_empty() {
            d.vehicle.clone()
        } else {
            format!("{} · needs: {}", d.vehicle, d.triggers.join(", "))
        }
    });
    let farm_gate = (!d.farm_gate_pct.is_empty()).then(|| {
        let products: Vec<String> = d
            .farm_gate_pct
            .iter()
            .map(|(product, x)| format!("{product} {}", signed_pct(*x)))
            .collect();
        format!("farm gate: {}", products.join(", "))
    });
    let moves = [
        moved("ours", &d.our_sectors),
        moved("theirs", &d.their_sectors),
    ];
    vehicle
        .into_iter()
        .chain(moves.into_iter().flatten())
        .chain(farm_gate)
        .chain(d.notes.iter().cloned())
        .map(|note| (Tone::Even, note))
        .collect()
}

fn table(b: &Brief, rows: &[Demand]) -> Table {
    let mut table = Table::new([
        words("option"),
        numbers(b.sides[0].as_str()),
        numbers(b.sides[1].as_str()),
        numbers("balance"),
        numbers("farm exports"),
        numbers("our budget"),
    ]);
    for (k, d) in rows.iter().enumerate() {
        if k == 0 || rows[k - 1].issue != d.issue {
            table.rows.push(Row::Group(d.issue_title.clone()));
        }
        table.rows.push(Row::Cells(vec![
            Cell {
                notes: notes(d),
                ..Cell::from(d.title.as_str())
            },
            money(d.our_ev),
            money(d.their_ev),
            money(d.balance),
            money(d.farm_exports),
            money(d.budget),
        ]));
    }
    table
}

/// Section 3.
pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    vec![
        Block::Paragraph("Each option alone, against no deal, solved exactly: real income of both sides, their goods balance with us, their farm exports to us, our budget; bn USD a year. Sectors: real value added.".into()),
        Block::Table(table(b, &b.demands.demands)),
        Block::Heading("What we ask for, measured the same way".to_owned()),
        Block::Table(table(b, &b.demands.ours)),
    ]
}

fn chip(c: &ChipRow) -> Vec<Cell> {
    let stopped = (!c.blocked_by.is_empty()).then(|| {
        (
            Tone::Bad,
            format!("stopped by: {}", c.blocked_by.join(", ")),
        )
    });
    let label = match c.ratio {
        Some(ratio) => format!("{} · {ratio:.1}", c.label),
        None => c.label.clone(),
    };
    vec![
        c.rank.to_string().into(),
        Cell {
            notes: stopped.into_iter().collect(),
            ..Cell::from(c.title.as_str())
        },
        bn(c.economic_price).into(),
        bn(c.political_price).into(),
        plain(c.compensation).into(),
        money(c.worth),
        label.into(),
    ]
}

fn price_and_worth(chips: &[ChipRow]) -> Figure {
    let title = "Price and worth of each chip";
    let points: Vec<_> = chips
        .iter()
        .map(|c| {
            let price = c.political_price.max(c.economic_price);
            let named = c.worth > 0.2 || price.abs() > 0.15;
            let name = if named {
                format!("{} {}", c.issue, c.option)
            } else {
                String::new()
            };
            (name, price, c.worth, !c.blocked_by.is_empty())
        })
        .collect();
    Figure {
        name: "chips",
        svg: chart::chips(title, &points),
        alt: title.to_owned(),
        caption: "Price against worth. Left of the line: good for us as well.".to_owned(),
    }
}

fn margin(b: &Brief) -> [Block; 3] {
    let d = &b.demands;
    let signed = |x: f64| Cell::toned(tone(x), minus(&format!("{x:+.1}")));
    let table = Table::new([
        words("their goods"),
        numbers(b.sides[0].as_str()),
        numbers(b.sides[1].as_str()),
        numbers("exact"),
    ])
    .rows(d.margin.iter().map(|m| {
        let exact = m.exact.map_or_else(String::new, |[ours, theirs]| {
            minus(&format!("{ours:+.1} / {theirs:+.1}"))
        });
        vec![
            m.label.as_str().into(),
            signed(m.ours),
            signed(m.theirs),
            exact.into(),
        ]
    }));
    [
        Block::Heading("At the margin".to_owned()),
        Block::Paragraph(format!("One per cent less cost on their goods at our border, by the model's derivatives at no deal (one linear solve for all of them), million USD a year. The first five were solved exactly; the largest difference is {:.1} %.", d.margin_error_pct).into()),
        Block::Table(table),
    ]
}

/// Section 4; without it where the edition holds no chips.
pub(super) fn chips(b: &Brief) -> Vec<Block> {
    let d = &b.demands;
    if d.chips.is_empty() {
        return Vec::new();
    }
    let table = Table::new([
        numbers("rank"),
        words("chip"),
        numbers("economic price"),
        numbers("political price"),
        numbers("compensation"),
        numbers("worth"),
        words(""),
    ])
    .rows(d.chips.iter().map(chip));
    let mut out = vec![
        Block::Paragraph("What we could give. Economic price: real income lost. Political price: objective lost, with what losing sectors would need beside it. Worth: their gain by the average over what we believe. A ratio stands only where price and worth are both positive; an option that is stopped at home is never called cheap.".into()),
        Block::Figure(price_and_worth(&d.chips)),
        Block::Table(table),
    ];
    out.extend(margin(b));
    out
}
