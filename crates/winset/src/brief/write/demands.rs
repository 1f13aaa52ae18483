//! Sections 3 and 4, their demands and our chips.

use super::numbers::{money, tone};
use crate::brief::{Brief, ChipRow, Demand, Edition, SectorMove};
use crate::chart;
use crate::document::{Block, Cell, Figure, Row, Table, Tone, numbers, words};
use crate::lang::Lang;

fn moved(lang: Lang, title: &str, moves: &[SectorMove]) -> Option<String> {
    let moves: Vec<String> = moves
        .iter()
        .map(|m| format!("{} {}", m.label, lang.bn(m.busd)))
        .collect();
    (!moves.is_empty()).then(|| lang.titled(title, &lang.join(&moves)))
}

fn notes(lang: Lang, d: &Demand) -> Vec<(Tone, String)> {
    let vehicle = (!d.vehicle.is_empty()).then(|| {
        if d.triggers.is_empty() {
            d.vehicle.clone()
        } else {
            let needs = lang.titled(lang.of("needs", "必要な手続"), &lang.join(&d.triggers));
            format!("{}{}{needs}", d.vehicle, lang.of(" · ", "・"))
        }
    });
    let farm_gate = (!d.farm_gate_pct.is_empty()).then(|| {
        let products: Vec<String> = d
            .farm_gate_pct
            .iter()
            .map(|(product, x)| format!("{product} {}", lang.change(*x)))
            .collect();
        lang.titled(
            lang.of("farm gate", "農家の販売収入"),
            &lang.join(&products),
        )
    });
    let moves = [
        moved(lang, lang.of("ours", "わが国"), &d.our_sectors),
        moved(lang, lang.of("theirs", "相手"), &d.their_sectors),
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
    let lang = b.language;
    // An edition for sharing does not say what their demands cost us.
    let own = rows.iter().any(|d| d.our_ev.is_some());
    let mut columns = vec![words(lang.of("option", "選択肢"))];
    columns.extend(own.then(|| numbers(b.sides[0].as_str())));
    columns.extend([
        numbers(b.sides[1].as_str()),
        numbers(lang.of("balance", "収支")),
        numbers(lang.of("farm exports", "農産品輸出")),
    ]);
    columns.extend(own.then(|| numbers(lang.of("our budget", "わが国財政"))));
    let mut table = Table::new(columns);
    for (k, d) in rows.iter().enumerate() {
        if k == 0 || rows[k - 1].issue != d.issue {
            table.rows.push(Row::Group(d.issue_title.clone()));
        }
        let mut cells = vec![Cell {
            notes: notes(lang, d),
            ..Cell::from(d.title.as_str())
        }];
        cells.extend(d.our_ev.map(|x| money(lang, x)));
        cells.extend([d.their_ev, d.balance, d.farm_exports].map(|x| money(lang, x)));
        cells.extend(d.budget.map(|x| money(lang, x)));
        table.rows.push(Row::Cells(cells));
    }
    table
}

/// Section 3.
pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let lang = b.language;
    vec![
        Block::Paragraph(match b.edition {
            Edition::Full => lang.of(
                "Each option alone, against no deal, solved exactly: real income of both sides, their goods balance with us, their farm exports to us, our budget; bn USD a year. Sectors: real value added.",
                "各選択肢を単独で実施した場合の厳密解（合意なし比、億ドル／年）：双方の実質所得、相手の対わが国財収支、相手の対わが国農産品輸出、わが国の財政。産業は実質付加価値。",
            ),
            Edition::Shareable => lang.of(
                "Each option alone, against no deal, solved exactly: their real income, their goods balance with us, their farm exports to us; bn USD a year. Sectors: real value added.",
                "各選択肢を単独で実施した場合の厳密解（合意なし比、億ドル／年）：相手の実質所得、対わが国財収支、対わが国農産品輸出。産業は実質付加価値。",
            ),
        }.into()),
        Block::Table(table(b, &b.demands.demands)),
        Block::Heading(
            lang.of(
                "What we ask for, measured the same way",
                "わが方の要求（同じ方法による）",
            )
            .to_owned(),
        ),
        Block::Table(table(b, &b.demands.ours)),
    ]
}

fn chip(lang: Lang, c: &ChipRow) -> Vec<Cell> {
    let stopped = (!c.blocked_by.is_empty()).then(|| {
        (
            Tone::Bad,
            lang.titled(lang.of("stopped by", "反対"), &lang.join(&c.blocked_by)),
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
        lang.bn(c.economic_price).into(),
        lang.bn(c.political_price).into(),
        lang.amount(c.compensation).into(),
        money(lang, c.worth),
        label.into(),
    ]
}

fn price_and_worth(b: &Brief) -> Figure {
    let (chips, lang) = (&b.demands.chips, b.language);
    let title = lang.of("Price and worth of each chip", "各材料の価格と価値");
    let points: Vec<_> = chips
        .iter()
        .map(|c| {
            let price = c.political_price.max(c.economic_price);
            let named = c.worth > 0.2 || price.abs() > 0.15;
            let name = if named {
                let mut demands = b.demands.demands.iter();
                let issue = demands.find(|d| d.issue == c.issue);
                let issue = issue.map_or("", |d| d.issue_title.as_str());
                // Titles of options are too long for a point: the rank says which option it is.
                format!("{}. {issue}", c.rank)
            } else {
                String::new()
            };
            (name, price, c.worth, !c.blocked_by.is_empty())
        })
        .collect();
    Figure {
        name: "chips",
        svg: chart::chips(lang, title, &points),
        alt: title.to_owned(),
        caption: lang
            .of(
                "Price against worth; numbers are ranks in the table below. Left of the line: good for us as well.",
                "価格と価値。数字は下の表の順位。線の左はわが方にも有利。",
            )
            .to_owned(),
    }
}

fn margin(b: &Brief) -> [Block; 3] {
    let (d, lang) = (&b.demands, b.language);
    let signed = |x: f64| Cell::toned(tone(x), lang.million(x));
    let table = Table::new([
        words(lang.of("their goods", "相手の産品")),
        numbers(b.sides[0].as_str()),
        numbers(b.sides[1].as_str()),
        numbers(lang.of("exact", "厳密解")),
    ])
    .rows(d.margin.iter().map(|m| {
        let exact = m.exact.map_or_else(String::new, |[ours, theirs]| {
            format!("{} / {}", lang.million(ours), lang.million(theirs))
        });
        vec![
            m.label.as_str().into(),
            signed(m.ours),
            signed(m.theirs),
            exact.into(),
        ]
    }));
    [
        Block::Heading(lang.of("At the margin", "限界的な効果").to_owned()),
        Block::Paragraph(lang.of(
            format!("One per cent less cost on their goods at our border, by the model's derivatives at no deal (one linear solve for all of them), million USD a year. The first five were solved exactly; the largest difference is {:.1} %.", d.margin_error_pct),
            format!("わが国の国境で相手の産品の費用を1%下げた場合（万ドル／年）。合意なしにおけるモデルの微分（一度の線形計算）による。上位5件は厳密に解き、差は最大{:.1}%。", d.margin_error_pct),
        ).into()),
        Block::Table(table),
    ]
}

/// Section 4; without it where the edition holds no chips.
pub(super) fn chips(b: &Brief) -> Vec<Block> {
    let (d, lang) = (&b.demands, b.language);
    if d.chips.is_empty() {
        return Vec::new();
    }
    let table = Table::new([
        numbers(lang.of("rank", "順位")),
        words(lang.of("chip", "材料")),
        numbers(lang.of("economic price", "経済的価格")),
        numbers(lang.of("political price", "政治的価格")),
        numbers(lang.of("compensation", "補償")),
        numbers(lang.of("worth", "価値")),
        words(""),
    ])
    .rows(d.chips.iter().map(|c| chip(lang, c)));
    let mut out = vec![
        Block::Paragraph(lang.of(
            "What we could give. Economic price: real income lost. Political price: objective lost, with what losing sectors would need beside it. Worth: their gain by the average over what we believe. A ratio stands only where price and worth are both positive; an option that is stopped at home is never called cheap.",
            "わが方が出せるもの。経済的価格は失う実質所得、政治的価格は失う目的関数の値（不利となる産業に要する補償は別に示す）、価値は信念による平均での相手の利得（いずれも億ドル／年）。比率は価格と価値が共に正の場合だけ示す。国内で反対される選択肢は割安とはみなさない。",
        ).into()),
        Block::Figure(price_and_worth(b)),
        Block::Table(table),
    ];
    out.extend(margin(b));
    out
}
