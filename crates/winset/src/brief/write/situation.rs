//! Section 1, where we stand.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::brief::{Brief, LineRow};
use crate::chart;
use crate::document::{Block, Cell, Figure, Lines, Style, Table, Text, numbers, words};
use crate::lang::Lang;
use crate::law;

fn timeline(b: &Brief) -> Figure {
    let (s, lang) = (&b.situation, b.language);
    let base = law::words::of("base", lang);
    let mut authorities: Vec<&String> = Vec::new();
    for point in &s.timeline {
        for name in point.by_authority.keys() {
            if !authorities.contains(&name) {
                authorities.push(name);
            }
        }
    }
    authorities.sort_by_key(|a| (*a != base, a.as_str()));
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
    let (as_of, cliff, year) = (lang.day(&b.as_of), lang.day(&s.cliff), s.trade_year);
    Figure {
        name: "timeline",
        svg: chart::timeline(&chart::Steps {
            lang,
            dates: s.timeline.iter().map(|p| p.date.as_str()).collect(),
            parts,
            marks: vec![
                (b.as_of.clone(), lang.of("today", "基準日").to_owned()),
                (s.cliff.clone(), lang.of("the cliff", "期限").to_owned()),
            ],
            until: until(&s.cliff),
        }),
        alt: lang
            .of(
                "Applied rate on our goods over time, by authority",
                "わが国産品に対する実行税率の推移（根拠法令別）",
            )
            .to_owned(),
        caption: lang.of(
            format!("Applied rate on our goods, weighted by the trade of {year}, by authority, as the law was known on {as_of}. Dashed: today and the cliff of {cliff}."),
            format!("わが国産品に対する実行税率（{year}年の貿易額で加重、根拠法令別）。{as_of}までに公布された法令による。破線は基準日と期限（{cliff}）。"),
        ),
    }
}

/// Where the chart ends: some weeks after the cliff, so that its last step is seen.
fn until(cliff: &str) -> String {
    let after = cliff
        .parse::<Date>()
        .map(|day| day.saturating_add(37.days()));
    after.map_or_else(|_| cliff.to_owned(), |day| day.to_string())
}

/// What a line opens to: what is owed on it, and every measure that was looked at.
fn trace(lang: Lang, l: &LineRow) -> Vec<Block> {
    let owed = Table::new([
        words(lang.of("measure", "措置")),
        words(lang.of("heading", "番号")),
        words(lang.of("rate", "税率")),
        numbers(lang.of("USD", "ドル")),
    ])
    .caption(lang.of("Owed on 100 USD", "100ドルに対する税額"))
    .rows(
        l.components
            .iter()
            .map(|c| c.iter().map(|x| x.as_str().into()).collect()),
    );
    let (near, elsewhere): (Vec<_>, Vec<_>) = l.trace.iter().partition(|t| t.covers);
    let looked_at = Table::new([
        words(lang.of("measure", "措置")),
        words(lang.of("applied", "適用")),
        words(lang.of("because", "理由")),
        words(lang.of("source", "出典")),
    ])
    .caption(lang.of("Looked at", "検討した措置"))
    .rows(near.into_iter().map(|t| {
        vec![
            t.measure.as_str().into(),
            if t.applied {
                lang.of("yes", "あり")
            } else {
                lang.of("no", "なし")
            }
            .into(),
            t.because.as_str().into(),
            t.source.as_str().into(),
        ]
    }))
    .rows((!elsewhere.is_empty()).then(|| {
        vec![
            Cell::from(lang.of(
                format!(
                    "{} more measures do not cover these goods or this origin.",
                    elsewhere.len()
                ),
                format!(
                    "ほか{}件の措置はこの品目または原産国に及ばない。",
                    elsewhere.len()
                ),
            ))
            .over(4),
        ]
    }));
    let mut out = vec![Block::Table(owed), Block::Table(looked_at)];
    if !l.needs.is_empty() {
        out.push(Block::Note(
            lang.titled(
                lang.of("Would need to know", "確認が必要な事項"),
                &l.needs.join(" "),
            )
            .into(),
        ));
    }
    out
}

pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let (s, lang, year) = (&b.situation, b.language, b.situation.trade_year);
    let days = Table::new([
        words(lang.of("entry on", "輸入日")),
        numbers(lang.of("trade-weighted", "貿易加重")),
        numbers(lang.of("mean of lines", "品目の単純平均")),
        numbers(lang.of("duty a year, bn USD", "年間関税額（億ドル）")),
    ])
    .caption(lang.of("Applied rate on our goods", "わが国産品に対する実行税率"))
    .rows(s.days.iter().map(|d| {
        vec![
            lang.day(&d.date).into(),
            lang.pct(d.weighted).into(),
            lang.pct(d.simple).into(),
            lang.amount(d.duty).into(),
        ]
    }));
    let sectors = Table::new([
        words(lang.of("sector", "産業")),
        numbers(lang.of("trade, bn USD", "貿易額（億ドル）")),
        numbers(
            s.days
                .first()
                .map_or_else(String::new, |d| lang.day(&d.date)),
        ),
        numbers(lang.of("today", "基準日")),
        numbers(lang.of("after the cliff", "期限後")),
        numbers(lang.of(
            "duty a year at today's rate, bn USD",
            "基準日の税率での年間関税額（億ドル）",
        )),
    ])
    .rows(s.sectors.iter().take(14).map(|r| {
        vec![
            r.label.as_str().into(),
            lang.amount(r.value).into(),
            lang.pct(r.rate_before).into(),
            lang.pct(r.rate).into(),
            lang.pct(r.rate_after).into(),
            lang.amount(r.duty).into(),
        ]
    }));
    let lines = Lines {
        columns: vec![
            words(lang.of("line", "品目")),
            numbers(lang.of("trade, bn USD", "貿易額（億ドル）")),
            numbers(lang.of("today", "基準日")),
            numbers(lang.of("after", "期限後")),
            numbers(lang.of(
                "duty at today's rate, bn USD",
                "基準日の税率での関税額（億ドル）",
            )),
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
                    lang.amount(l.value).into(),
                    lang.pct(l.rate).into(),
                    lang.pct(l.rate_after).into(),
                    lang.amount(l.duty).into(),
                ];
                (cells, trace(lang, l))
            })
            .collect(),
    };
    let [trade, no_sector, collected] =
        [s.trade, s.no_sector, s.collected_base].map(|x| lang.amount(x));
    vec![
        Block::Figure(timeline(b)),
        Block::Table(days),
        Block::Note(
            lang.of(
                format!("Trade of {year}: {trade} bn USD; lines worth {no_sector} bn map to no sector; {collected} bn have a specific base rate, taken as collected in {year}."),
                format!("{year}年の貿易額{trade}億ドル。産業に割り当てられない品目が{no_sector}億ドル、基本税率が従量税で{year}年の徴収実績によったものが{collected}億ドル。"),
            )
            .into(),
        ),
        Block::Heading(lang.of("Sectors", "産業").to_owned()),
        Block::Table(sectors),
        Block::Heading(
            lang.of("The lines that pay most", "関税額の大きい品目").to_owned(),
        ),
        Block::Note(
            lang.of(
                "Behind every line stands its trace: every measure that was looked at, applied or not, and why.",
                "各品目を開くと判断の経過、すなわち検討した全ての措置とその適用の有無・理由を示す。",
            )
            .into(),
        ),
        Block::Lines(lines),
    ]
}
