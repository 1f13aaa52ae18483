//! Sections 5 and 6, packages, and what if we are wrong about them.

use super::numbers::{bn, chance, day, many, money};
use super::wrong;
use crate::brief::{Account, Brief, Proposal, Side};
use crate::chart;
use crate::document::{Block, Cell, Column, Figure, Style, Table, Text, Tone, numbers, words};
use crate::lang::Lang;

fn given(items: &[String]) -> Vec<Text> {
    if items.is_empty() {
        vec!["nothing".into()]
    } else {
        items.iter().map(|x| x.as_str().into()).collect()
    }
}

fn gains(b: &Brief, p: &Proposal) -> Table {
    let objectives = p.ours.objective.is_some();
    let mut columns = vec![
        words("against no deal, bn USD a year"),
        numbers("real income"),
    ];
    if objectives {
        columns.push(numbers("objective"));
    }
    let wide = columns.len() - 1;
    let side = |name: &str, side: &Side| -> Vec<Cell> {
        let mut cells = vec![Cell::from(name), money(side.ev)];
        cells.extend(side.objective.map(money));
        cells
    };
    let mut rows = vec![
        side(&b.sides[0], &p.ours),
        side(&b.sides[1], &p.theirs),
        vec![
            "their goods balance with us · their revenue · our budget".into(),
            Cell::from(format!(
                "{} · {} · {}",
                bn(p.balance),
                bn(p.revenue),
                bn(p.budget)
            ))
            .over(wide),
        ],
    ];
    if let Some(contested) = p.ours_if_contested {
        rows.push(vec![
            format!(
                "{}, if their promise stands only as likely as assumed",
                b.sides[0]
            )
            .into(),
            Cell::from(bn(contested)).over(wide),
        ]);
    }
    Table::new(columns).rows(rows)
}

fn proposal(b: &Brief, k: usize, p: &Proposal) -> Block {
    let acts = if p.acts.is_empty() {
        "none".to_owned()
    } else {
        p.acts.join(", ")
    };
    let mut inner = vec![
        Block::Columns(vec![
            ("They give".to_owned(), given(&p.they_give)),
            ("We give".to_owned(), given(&p.we_give)),
        ]),
        Block::Table(gains(b, p)),
    ];
    let mut likely = Text::default();
    if let Some(acceptance) = p.acceptance {
        likely = likely
            .and(Style::Plain, "Acceptable to them with probability ")
            .and(Style::Strong, chance(acceptance))
            .and(Style::Plain, ". ");
    }
    inner.push(Block::Paragraph(
        likely.and(Style::Plain, format!("Domestic acts: {acts}.")),
    ));
    if !p.blocked_by.is_empty() {
        inner.push(Block::Warning("Stopped, once solved exactly, by:".into()));
        inner.push(Block::List(
            p.blocked_by
                .iter()
                .map(|x| {
                    format!("{}: “{}”, missed by {:.2}", x.ratifier, x.what, x.short_by).into()
                })
                .collect(),
        ));
    } else if !p.limits.is_empty() {
        inner.push(Block::Paragraph(
            "Nobody who is asked stops it. Closest calls:".into(),
        ));
        inner.push(Block::List(
            p.closest.iter().map(|c| c.as_str().into()).collect(),
        ));
    }
    inner.extend(p.warnings.iter().map(|w| Block::Note(w.as_str().into())));
    let title = if p.title.is_empty() {
        format!("Package {}", k + 1)
    } else {
        format!("Package {}. {}", k + 1, p.title)
    };
    Block::Card(title, inner)
}

fn accounts(accounts: &[Account]) -> Table {
    Table::new([
        words("if they want"),
        numbers("probability"),
        words("zone"),
        numbers("inside both mandates"),
        numbers("ratified"),
        numbers("win-set"),
        numbers("Nash: us"),
        numbers("Nash: them"),
    ])
    .caption("Is there a zone of agreement?")
    .rows(accounts.iter().map(|a| {
        let tone = if a.zone == "exists" {
            Tone::Good
        } else {
            Tone::Bad
        };
        let nash = a.solutions.first().and_then(|s| s.points.first());
        let nash = nash.map_or_else(
            || ["–".to_owned(), "–".to_owned()],
            |x| [bn(x.ours), bn(x.theirs)],
        );
        let mut cells: Vec<Cell> = vec![
            a.title.as_str().into(),
            a.probability.map_or_else(String::new, chance).into(),
            Cell::toned(tone, a.zone.as_str()),
            many(a.inside_mandates).into(),
            many(a.ratified).into(),
            many(a.win_set).into(),
        ];
        cells.extend(nash.map(Cell::from));
        cells
    }))
}

fn frontier(b: &Brief, belief: &Account) -> Figure {
    let p = &b.packages;
    let [ours, theirs] = p.table_error_pct;
    Figure {
        name: "frontier",
        svg: chart::frontier(&chart::Gains {
            sides: [&b.sides[0], &b.sides[1]],
            cloud: p.cloud.iter().map(|c| (c.ours, c.theirs)).collect(),
            all: p.frontier_all.iter().map(|r| (r.ours, r.theirs)).collect(),
            win_set: p
                .frontier
                .iter()
                .map(|r| chart::Mark {
                    ours: r.ours,
                    theirs: r.theirs,
                    ..chart::Mark::default()
                })
                .collect(),
            here: None,
            lang: Lang::En,
            solutions: belief
                .solutions
                .iter()
                .filter_map(|s| s.points.first().map(|x| (s.name.clone(), x.ours, x.theirs)))
                .collect(),
        }),
        alt: "Both sides' gains from every package against no deal".to_owned(),
        caption: format!(
            "Objectives of both sides (theirs: the average over what we believe), gain against no deal. Shaded: better for a side. {} packages were solved exactly; the tables of options and pairs miss them by {:.2} % of the frontier's range at the median for us (worst {:.2} %) and {:.2} % for them (worst {:.2} %).",
            p.solved_exactly, ours[0], ours[1], theirs[0], theirs[1]
        ),
    }
}

/// What can be signed on what is believed.
fn zone(b: &Brief) -> Vec<Block> {
    let p = &b.packages;
    let Some(belief) = p.accounts.get(1) else {
        return Vec::new();
    };
    let mut out = vec![
        Block::Table(accounts(&p.accounts)),
        Block::List(p.opens.iter().map(|o| o.as_str().into()).collect()),
        Block::Figure(frontier(b, belief)),
    ];
    out.extend(belief.solutions.iter().map(|s| {
        Block::Note(
            Text::default()
                .and(Style::Strong, s.name.as_str())
                .and(Style::Plain, format!(": {}", s.definition)),
        )
    }));
    if !belief.if_dropped.is_empty() {
        let table = Table::new([words(""), numbers("")]).rows(
            belief
                .if_dropped
                .iter()
                .map(|(who, n)| vec![who.as_str().into(), many(*n).into()]),
        );
        out.push(Block::Fold(
            "How large the win-set would be without one mandate or ratifier".to_owned(),
            vec![Block::Table(table)],
        ));
    }
    out
}

/// Section 5.
pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let p = &b.packages;
    let mut out = vec![Block::Paragraph(
        Text::default()
            .and(Style::Plain, "Every payoff is measured against no deal: ")
            .and(Style::Emphasis, p.no_deal.as_str())
            .and(Style::Plain, "."),
    )];
    out.extend(zone(b));
    out.push(Block::Heading("Three packages worth proposing".to_owned()));
    out.extend(
        p.proposals
            .iter()
            .enumerate()
            .map(|(k, x)| proposal(b, k, x)),
    );
    if p.proposals.is_empty() {
        out.push(Block::Warning("None: no package is inside every mandate, ratified by all and better than no deal for both.".into()));
    }
    out
}

/// Section 6; without it where the edition holds no accounts of what they want.
pub(super) fn if_wrong(b: &Brief) -> Vec<Block> {
    let p = &b.packages;
    if p.hypotheses.is_empty() {
        return Vec::new();
    }
    let by_account = p
        .hypotheses
        .iter()
        .zip(&p.probabilities)
        .map(|(h, w)| numbers(format!("{h} ({})", chance(*w))));
    let columns = |first: Vec<Column>| {
        first
            .into_iter()
            .chain(p.hypotheses.iter().map(|h| numbers(h.as_str())))
    };
    let gains = Table::new(
        std::iter::once(words(""))
            .chain(by_account)
            .chain([numbers("us")]),
    )
    .caption("Their gain from each package if they really want …, bn USD a year")
    .rows(p.proposals.iter().enumerate().map(|(k, x)| {
        let mut cells: Vec<Cell> = vec![format!("Package {}", k + 1).into()];
        cells.extend(x.theirs_by_hypothesis.iter().map(|g| money(*g)));
        cells.extend(x.ours.objective.map(money));
        cells
    }));
    let safe = |x: &Proposal| x.theirs_by_hypothesis.iter().all(|g| *g >= 0.0);
    let verdict = p.proposals.iter().position(safe).map_or_else(
        || "No package proposed is safe under every account of what they want.".to_owned(),
        |k| {
            format!(
                "Package {} is safe: they are no worse off than with no deal under every account.",
                k + 1
            )
        },
    );
    let ranks = Table::new(columns(vec![words("chip"), numbers("average")]))
        .caption("Rank of our chips under each account")
        .rows(b.demands.chips.iter().take(12).map(|c| {
            let mut cells: Vec<Cell> = vec![c.title.as_str().into(), c.rank.to_string().into()];
            cells.extend(
                c.rank_by_hypothesis
                    .iter()
                    .map(|r| Cell::from(r.to_string())),
            );
            cells
        }));
    let path = Table::new(columns(vec![words("published"), words("evidence")]))
        .caption("How the belief came about")
        .rows(p.belief_path.iter().map(|(published, what, after)| {
            let mut cells: Vec<Cell> = vec![day(published).into(), what.as_str().into()];
            cells.extend(after.iter().map(|x| Cell::from(chance(*x))));
            cells
        }));
    let mut out = vec![Block::Table(gains)];
    out.extend(b.wrong.iter().flat_map(|w| wrong::prospects(b, w)));
    out.extend([
        Block::Paragraph(verdict.into()),
        Block::Table(ranks),
        Block::Table(path),
    ]);
    if !p.unused_evidence.is_empty() {
        let unused: Vec<String> = p
            .unused_evidence
            .iter()
            .map(|(name, why)| format!("{name} ({why})"))
            .collect();
        out.push(Block::Note(
            format!("Not used: {}.", unused.join("; ")).into(),
        ));
    }
    out.extend(b.wrong.iter().flat_map(wrong::next));
    out
}
