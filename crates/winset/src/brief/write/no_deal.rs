//! Section 2, no deal.

use super::numbers::money;
use crate::brief::{Brief, WorldRow};
use crate::chart;
use crate::document::{Block, Figure, Table, numbers, words};
use crate::lang::Lang;

fn world(lang: Lang, w: &WorldRow) -> Table {
    let likely = if w.probability > 0.0 {
        let p = lang.pct(w.probability);
        lang.of(format!(" (probability {p})"), format!("（確率{p}）"))
    } else {
        String::new()
    };
    Table::new([
        words(""),
        numbers(lang.of("real income, bn USD", "実質所得（億ドル）")),
        numbers(lang.of("real income", "実質所得")),
        numbers(lang.of("tariff revenue, bn USD", "関税収入（億ドル）")),
        numbers(lang.of("relative wage", "相対賃金")),
        numbers(lang.of(
            "their tariff on it, change in points",
            "相手の対同国関税の変化（ポイント）",
        )),
    ])
    .caption(format!("{}{likely}", w.title))
    .rows(w.regions.iter().take(12).map(|r| {
        vec![
            r.label.as_str().into(),
            money(lang, r.ev),
            lang.change(r.real_income_pct).into(),
            money(lang, r.revenue),
            lang.change(r.relative_wage_pct).into(),
            lang.points(100.0 * r.tariff_change).into(),
        ]
    }))
}

pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let (n, lang) = (&b.no_deal, b.language);
    let (year, baseline) = (b.situation.trade_year, lang.day(&b.situation.baseline));
    let mut out = vec![Block::Paragraph(lang.of(
        format!("Changes against {year}, when tariffs were those of {baseline}. “Their tariff” is the whole world that no deal stands for: what the importer charges every other origin beside us."),
        format!("{year}年（関税は{baseline}時点）からの変化。「相手の関税」は、合意なしが意味する世界全体、すなわち輸入国がわが国以外の各原産国に課す関税を含む。"),
    ).into())];
    if let Some(w) = n.no_deal.first() {
        let title = lang.of(
            "Output by sector without a deal",
            "合意なしの場合の産業別生産",
        );
        let rows: Vec<_> = w
            .sectors
            .iter()
            .take(12)
            .map(|s| (s.label.clone(), s.ours_pct, s.theirs_pct))
            .collect();
        let unit = lang.of("output, per cent", "生産（%）");
        out.push(Block::Table(world(lang, w)));
        out.push(Block::Figure(Figure {
            name: "output-without-a-deal",
            svg: chart::pairs(title, unit, [&b.sides[0], &b.sides[1]], &rows),
            alt: title.to_owned(),
            caption: lang.of(
                format!("{title}, the twelve sectors of ours that move most."),
                format!("{title}（わが国で変化の大きい12産業）。"),
            ),
        }));
    }
    let in_unit = |side: &str| lang.of(format!("{side}, bn USD"), format!("{side}（億ドル）"));
    let worlds = Table::new([
        words(lang.of("world", "想定")),
        numbers(in_unit(&b.sides[0])),
        numbers(in_unit(&b.sides[1])),
        numbers(lang.of(
            "their goods balance with us, bn USD",
            "相手の対わが国財収支（億ドル）",
        )),
        numbers(lang.of("their revenue, bn USD", "相手の関税収入（億ドル）")),
    ])
    .caption(if n.no_deal.len() > 1 {
        lang.of(
            "The same under other accounts of no deal, and today",
            "合意なしの他の想定と現状",
        )
    } else {
        lang.of("The same, and today", "合意なしと現状")
    })
    .rows(std::iter::once(&n.status_quo).chain(&n.no_deal).map(|w| {
        let balance = [w.balance_published, w.balance].map(|x| lang.amount(x));
        vec![
            w.title.as_str().into(),
            money(lang, w.regions[0].ev),
            money(lang, w.regions[1].ev),
            balance.join(" → ").into(),
            money(lang, w.regions[1].revenue),
        ]
    }));
    out.push(Block::Table(worlds));
    out.push(Block::Note(n.note.as_str().into()));
    for w in n.no_deal.iter().skip(1) {
        out.push(Block::Fold(
            lang.titled(lang.of("All regions", "全地域"), &w.title),
            vec![Block::Table(world(lang, w))],
        ));
    }
    out
}
