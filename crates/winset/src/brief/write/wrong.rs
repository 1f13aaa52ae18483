//! Section 6: what to expect of each package, what to offer and to ask next.

use super::numbers::{bn, chance, money};
use crate::brief::{Brief, NextOffer, Wrong};
use crate::document::{Block, Cell, Style, Table, Text, numbers, words};

fn range([low, high]: [f64; 2]) -> Cell {
    format!("{} … {}", bn(low), bn(high)).into()
}

/// What to expect of each package, and over the ranges of the valuations.
pub(super) fn prospects(b: &Brief, wrong: &Wrong) -> Vec<Block> {
    let packages = || {
        b.packages
            .proposals
            .iter()
            .zip(&wrong.prospects)
            .enumerate()
    };
    let expected = Table::new([
        words(""),
        numbers("accepted"),
        numbers("at their worst valuations"),
        numbers("expected for us"),
        numbers("worst for us"),
        numbers("expected for them"),
        numbers("us, over the range of our valuations"),
    ])
    .caption("What to expect, bn USD a year; a refused offer counts as no deal")
    .rows(packages().map(|(k, (p, x))| {
        vec![
            format!("Package {}", k + 1).into(),
            chance(x.acceptance).into(),
            chance(x.acceptance_worst).into(),
            money(x.expected),
            money(x.worst),
            money(x.expected_theirs),
            p.ours_range.map_or_else(Cell::default, range),
        ]
    }));
    let theirs =
        std::iter::once(words("")).chain(b.packages.hypotheses.iter().map(|h| numbers(h.as_str())));
    let ranges = Table::new(theirs)
        .caption("Their gain over the ranges of their valuations, bn USD a year")
        .rows(packages().map(|(k, (p, _))| {
            let mut cells: Vec<Cell> = vec![format!("Package {}", k + 1).into()];
            cells.extend(p.theirs_range_by_hypothesis.iter().map(|r| range(*r)));
            cells
        }));
    vec![Block::Table(expected), Block::Table(ranges)]
}

fn offer(next: &NextOffer, wrong: &Wrong) -> Vec<Block> {
    let said = Text::from(format!(
        "Of {} packages that can be signed under some account, this one promises us most: accepted with probability ",
        wrong.candidates
    ))
    .and(Style::Strong, chance(next.prospect.acceptance))
    .and(
        Style::Plain,
        format!(
            ", expected gain {} bn USD a year, worst {}, solved exactly.",
            bn(next.prospect.expected),
            bn(next.prospect.worst)
        ),
    );
    let of = |terms: &[String]| terms.iter().map(|x| Text::from(x.as_str())).collect();
    vec![
        Block::Paragraph(said),
        Block::Columns(vec![
            ("They give".to_owned(), of(&next.package.they_give)),
            ("We give".to_owned(), of(&next.package.we_give)),
        ]),
    ]
}

fn questions(wrong: &Wrong) -> Table {
    let rows = wrong.questions.iter().flat_map(|q| {
        q.answers.iter().enumerate().map(move |(k, a)| {
            let first = k == 0;
            let same = !first && a.offer == q.answers[k - 1].offer;
            let then = match (a.offer.is_empty(), same) {
                (true, _) => "nothing".to_owned(),
                (_, true) => "the same".to_owned(),
                _ => a.offer.join(", "),
            };
            vec![
                if first {
                    q.question.as_str().into()
                } else {
                    Cell::default()
                },
                if first {
                    format!("{:.2}", q.value).into()
                } else {
                    Cell::default()
                },
                a.answer.as_str().into(),
                chance(a.probability).into(),
                then.into(),
            ]
        })
    });
    Table::new([
        words("question"),
        numbers("worth, bn USD a year"),
        words("answer"),
        numbers("probability"),
        words("then offer"),
    ])
    .rows(rows)
}

/// The best next offer and the best next question.
pub(super) fn next(wrong: &Wrong) -> Vec<Block> {
    let mut out = Vec::new();
    if wrong.offers_received > 0 {
        let said = format!(
            "{} offers of theirs are on record and count in the belief from their day on.",
            wrong.offers_received
        );
        out.push(Block::Note(said.into()));
    }
    out.push(Block::Heading("What to offer next".to_owned()));
    match &wrong.next_offer {
        Some(found) => out.extend(offer(found, wrong)),
        None => out.push(Block::Paragraph(
            "Nothing: no package that can be signed is let through by everybody once it is solved exactly.".into(),
        )),
    }
    out.push(Block::Heading("What to ask next".to_owned()));
    out.push(Block::Paragraph("A question is worth the expected gain of the best offer after each answer, less that of the best offer now. How likely each answer is under each account is an assumption.".into()));
    out.push(Block::Table(questions(wrong)));
    out
}
