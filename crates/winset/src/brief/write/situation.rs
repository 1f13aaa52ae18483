//! Section 1, where we stand.

use super::numbers::{day, pct, plain};
use crate::brief::{Brief, LineRow};
use crate::chart;
use crate::document::{Block, Figure, Lines, Style, Table, Text, numbers, words};

fn timeline(b: &Brief) -> Figure {
    let s = &b.situation;
    let mut authorities: Vec<&String> = Vec::new();
    for point in &s.timeline {
        for name in point.by_authority.keys() {
            if !authorities.contains(&name) {
                authorities.push(name);
            }
        }
    }
    authorities.sort_by_key(|a| (*a != "base", a.as_str()));
    let parts = authorities
        .into_iter()
        .map(|a| {
            let values = s
                .timeline
                .iter()
                .map(|p| p.by_authority.get(a).copied().unwrap_or(0.0))
                .collect();
            let label = if a == "base" { "ordinary duty" } else { a };
            (label.to_owned(), values)
        })
        .collect();
    Figure {
        name: "timeline",
        svg: chart::timeline(&chart::Steps {
            dates: s.timeline.iter().map(|p| p.date.as_str()).collect(),
            parts,
            marks: vec![
                (b.as_of.clone(), "today".to_owned()),
                (s.cliff.clone(), "the cliff".to_owned()),
            ],
            until: "2025-08-15".to_owned(),
        }),
        alt: "Applied rate on our goods over time, by authority".to_owned(),
        caption: format!(
            "Applied rate on our goods, weighted by the trade of 2024, by authority, as the law was known on {}. Dashed: today and the cliff of {}.",
            day(&b.as_of),
            day(&s.cliff)
        ),
    }
}

/// What a line opens to: what is owed on it, and every measure that was looked at.
fn trace(l: &LineRow) -> Vec<Block> {
    let owed = Table::new([
        words("measure"),
        words("heading"),
        words("rate"),
        numbers("USD"),
    ])
    .caption("Owed on 100 USD")
    .rows(
        l.components
            .iter()
            .map(|c| c.iter().map(|x| x.as_str().into()).collect()),
    );
    let (elsewhere, near): (Vec<_>, Vec<_>) = l
        .trace
        .iter()
        .partition(|t| !t.applied && t.because.starts_with("does not cover"));
    let looked_at = Table::new([
        words("measure"),
        words("applied"),
        words("because"),
        words("source"),
    ])
    .caption("Looked at")
    .rows(near.into_iter().map(|t| {
        vec![
            t.measure.as_str().into(),
            if t.applied { "yes" } else { "no" }.into(),
            t.because.as_str().into(),
            t.source.as_str().into(),
        ]
    }))
    .rows([vec![
        crate::document::Cell::from(format!(
            "{} more measures do not cover these goods or this origin.",
            elsewhere.len()
        ))
        .over(4),
    ]]);
    let mut out = vec![Block::Table(owed), Block::Table(looked_at)];
    if !l.needs.is_empty() {
        out.push(Block::Note(
            format!("Would need to know: {}", l.needs.join(" ")).into(),
        ));
    }
    out
}

pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let s = &b.situation;
    let days = Table::new([
        words("entry on"),
        numbers("trade-weighted"),
        numbers("mean of lines"),
        numbers("duty a year, bn USD"),
    ])
    .caption("Applied rate on our goods")
    .rows(s.days.iter().map(|d| {
        vec![
            day(&d.date).into(),
            pct(d.weighted).into(),
            pct(d.simple).into(),
            plain(d.duty).into(),
        ]
    }));
    let sectors = Table::new([
        words("sector"),
        numbers("trade, bn USD"),
        numbers(s.days.first().map_or_else(String::new, |d| day(&d.date))),
        numbers("today"),
        numbers("after the cliff"),
        numbers("duty a year, bn USD"),
    ])
    .rows(s.sectors.iter().take(14).map(|r| {
        vec![
            r.label.as_str().into(),
            plain(r.value).into(),
            pct(r.rate_before).into(),
            pct(r.rate).into(),
            pct(r.rate_after).into(),
            plain(r.duty).into(),
        ]
    }));
    let lines = Lines {
        columns: vec![
            words("line"),
            numbers("trade, bn USD"),
            numbers("today"),
            numbers("after"),
            numbers("duty, bn USD"),
        ],
        rows: s
            .lines
            .iter()
            .map(|l| {
                let name = Text::default()
                    .and(Style::Code, l.code.as_str())
                    .and(Style::Plain, format!(" {}", l.label));
                let cells = vec![
                    name,
                    plain(l.value).into(),
                    pct(l.rate).into(),
                    pct(l.rate_after).into(),
                    plain(l.duty).into(),
                ];
                (cells, trace(l))
            })
            .collect(),
    };
    vec![
        Block::Figure(timeline(b)),
        Block::Table(days),
        Block::Note(
            format!(
                "Trade of 2024: {} bn USD; lines worth {} bn map to no sector; {} bn have a specific base rate, taken as collected in 2024.",
                plain(s.trade),
                plain(s.no_sector),
                plain(s.collected_base)
            )
            .into(),
        ),
        Block::Heading("Sectors".to_owned()),
        Block::Table(sectors),
        Block::Heading("The twenty lines that pay most".to_owned()),
        Block::Note(
            "Behind every line stands its trace: every measure that was looked at, applied or not, and why.".into(),
        ),
        Block::Lines(lines),
    ]
}
