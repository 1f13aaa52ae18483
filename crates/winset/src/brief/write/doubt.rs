//! Section 8, how sure.

use super::numbers::{bn, chance, day, money};
use crate::brief::Brief;
use crate::document::{Block, Cell, Style, Table, Text, Tone, numbers, words};

fn intervals(b: &Brief) -> Table {
    Table::new([
        words(""),
        numbers("central"),
        numbers("interval"),
        numbers("quartiles and median"),
        numbers("above zero"),
        numbers("eight published sets"),
        numbers("first year"),
        words("sign"),
    ])
    .rows(b.doubt.intervals.iter().map(|i| {
        let range = |low: f64, high: f64| Cell::from(format!("{} … {}", bn(low), bn(high)));
        vec![
            i.what.as_str().into(),
            money(i.central),
            range(i.low, i.high),
            [i.quartiles[0], i.median, i.quartiles[1]]
                .map(bn)
                .join(" … ")
                .into(),
            chance(i.positive).into(),
            range(i.sets[0], i.sets[1]),
            bn(i.first_year).into(),
            if i.sign_is_sure {
                "sure".into()
            } else {
                Cell::toned(Tone::Bad, "not sure")
            },
        ]
    }))
}

fn assumptions(b: &Brief) -> Table {
    Table::new([
        words("name"),
        numbers("value"),
        numbers("range"),
        words("what it is"),
        words("why"),
    ])
    .rows(b.doubt.assumptions.iter().map(|a| {
        vec![
            Text::default().and(Style::Code, a.id.as_str()).into(),
            a.value.to_string().into(),
            format!("{} … {}", a.low, a.high).into(),
            a.unit.as_str().into(),
            a.why.as_str().into(),
        ]
    }))
}

pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let d = &b.doubt;
    let sources = Table::new(["", "", "", ""].map(words)).rows(d.sources.iter().map(|s| {
        [&s.date, &s.title, &s.publisher, &s.mind]
            .map(|x| Cell::from(x.as_str()))
            .into()
    }));
    let mut out = vec![
        Block::Paragraph(
            format!(
                "Real income, bn USD a year. Interval: tenth to ninetieth percentile of {} draws (seed {}) of the elasticities (log-normal, spread {}), of input shares ({}) and of what is cut of barriers ({}). Central set {}. First year: {} of the central elasticities; when trade reacts so little a large importer gains from almost any tariff: read its sign, not its size.",
                d.draws,
                d.seed,
                d.spread,
                d.spread_beside[0],
                d.spread_beside[1],
                d.central,
                chance(d.first_year_share)
            )
            .into(),
        ),
        Block::Table(intervals(b)),
        Block::Note(
            format!(
                "{} equilibria behind the tables, every one converged; largest residual of the worlds {:.0e}; {} of the draws and sets found no equilibrium.",
                d.solves, d.worst_residual, d.not_solved
            )
            .into(),
        ),
        Block::Heading("What the numbers cannot show".to_owned()),
        Block::List(d.limits.iter().map(|x| x.as_str().into()).collect()),
        Block::Heading("Assumptions".to_owned()),
        Block::Table(assumptions(b)),
    ];
    if !d.log.is_empty() {
        out.push(Block::Heading("Log".to_owned()));
        out.push(Block::List(
            d.log
                .iter()
                .map(|[date, who, what]| format!("{}, {who}: {what}", day(date)).into())
                .collect(),
        ));
    }
    out.push(Block::Fold(
        "Sources: acts, statements, data".to_owned(),
        vec![Block::Table(sources)],
    ));
    out.extend(
        d.not_computed
            .iter()
            .map(|n| Block::Note(n.as_str().into())),
    );
    out
}
