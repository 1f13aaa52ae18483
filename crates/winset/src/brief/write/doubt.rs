//! Section 8, how sure.

use super::numbers::{money, range};
use crate::brief::Brief;
use crate::document::{Block, Cell, Style, Table, Text, Tone, numbers, words};

fn intervals(b: &Brief) -> Table {
    let lang = b.language;
    Table::new([
        words(""),
        numbers(lang.of("central", "中心値")),
        numbers(lang.of("interval", "区間")),
        numbers(lang.of("quartiles and median", "四分位と中央値")),
        numbers(lang.of("above zero", "正の割合")),
        numbers(lang.of("eight published sets", "公表された8組")),
        numbers(lang.of("first year", "初年度")),
        words(lang.of("sign", "符号")),
    ])
    .rows(b.doubt.intervals.iter().map(|i| {
        let quarters = [i.quartiles[0], i.median, i.quartiles[1]].map(|x| lang.bn(x));
        vec![
            i.what.as_str().into(),
            money(lang, i.central),
            range(lang, [i.low, i.high]),
            quarters.join(" … ").into(),
            lang.chance(i.positive).into(),
            range(lang, i.sets),
            lang.bn(i.first_year).into(),
            if i.sign_is_sure {
                lang.of("sure", "確か").into()
            } else {
                Cell::toned(Tone::Bad, lang.of("not sure", "不確か"))
            },
        ]
    }))
}

fn assumptions(b: &Brief) -> Table {
    let lang = b.language;
    Table::new([
        words(lang.of("name", "名称")),
        numbers(lang.of("value", "値")),
        numbers(lang.of("range", "範囲")),
        words(lang.of("what it is", "内容")),
        words(lang.of("why", "理由")),
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
    let (d, lang) = (&b.doubt, b.language);
    let first_year = lang.chance(d.first_year_share);
    let [inputs, barriers] = d.spread_beside;
    let sources = Table::new(["", "", "", ""].map(words)).rows(d.sources.iter().map(|s| {
        [&s.date, &s.title, &s.publisher, &s.mind]
            .map(|x| Cell::from(x.as_str()))
            .into()
    }));
    let mut out = vec![
        Block::Paragraph(
            lang.of(
                format!(
                    "Real income, bn USD a year. Interval: tenth to ninetieth percentile of {} draws (seed {}) of the elasticities (log-normal, spread {}), of input shares ({inputs}) and of what is cut of barriers ({barriers}). Central set {}. First year: {first_year} of the central elasticities; when trade reacts so little a large importer gains from almost any tariff: read its sign, not its size.",
                    d.draws, d.seed, d.spread, d.central
                ),
                format!(
                    "実質所得、億ドル／年。区間は、弾力性（対数正規、標準偏差{}）、投入比率（{inputs}）、障壁の削減分（{barriers}）を{}回抽出（シード{}）した10～90パーセンタイル。中心の組は{}。初年度は中心の弾力性の{first_year}。貿易がこれほど反応しないと大きな輸入国はほぼどの関税からも利益を得るため、大きさではなく符号を見る。",
                    d.spread, d.draws, d.seed, d.central
                ),
            )
            .into(),
        ),
        Block::Table(intervals(b)),
        Block::Note(
            lang.of(
                format!(
                    "{} equilibria behind the tables, every one converged; largest residual of the worlds {:.0e}; {} of the draws and sets found no equilibrium.",
                    d.solves, d.worst_residual, d.not_solved
                ),
                format!(
                    "表の背後にある均衡は{}件で、全て収束した。各想定の最大残差は{:.0e}。抽出と組のうち均衡が見つからなかったものは{}件。",
                    d.solves, d.worst_residual, d.not_solved
                ),
            )
            .into(),
        ),
        Block::Heading(
            lang.of("What the numbers cannot show", "数値が示せないもの")
                .to_owned(),
        ),
        Block::List(d.limits.iter().map(|x| x.as_str().into()).collect()),
        Block::Heading(lang.of("Assumptions", "仮定").to_owned()),
        Block::Table(assumptions(b)),
    ];
    if !d.log.is_empty() {
        out.push(Block::Heading(lang.of("Log", "記録").to_owned()));
        out.push(Block::List(
            d.log
                .iter()
                .map(|[date, who, what]| {
                    let day = lang.day(date);
                    let who = lang.of(format!("{day}, {who}"), format!("{day}、{who}"));
                    lang.titled(&who, what).into()
                })
                .collect(),
        ));
    }
    out.push(Block::Fold(
        lang.of(
            "Sources: acts, statements, data",
            "出典：法令、発言、データ",
        )
        .to_owned(),
        vec![Block::Table(sources)],
    ));
    out.extend(
        d.not_computed
            .iter()
            .map(|n| Block::Note(n.as_str().into())),
    );
    out
}
