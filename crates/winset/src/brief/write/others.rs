//! Section 7, everyone else.

use super::numbers::money;
use crate::brief::{Brief, OrderOfTalks};
use crate::document::{Block, Cell, Table, numbers, words};

pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let (o, lang) = (&b.others, b.language);
    let likely = o.claimants.iter().any(|c| c.likelihood.is_some());
    let mut columns = vec![
        words(lang.of("claimant", "請求国")),
        words(lang.of("would claim", "請求内容")),
    ];
    columns.extend(likely.then(|| numbers(lang.of("how likely", "確率"))));
    columns.extend([
        numbers(lang.of("its own gain", "その国の利得")),
        numbers(lang.of("us", "わが国")),
        numbers(lang.of("them", "相手")),
    ]);
    let claims = Table::new(columns)
        .caption(lang.of(
            "What each claim changes, alone, once we have signed",
            "わが国の署名後、各請求が単独でもたらす変化",
        ))
        .rows(o.claimants.iter().map(|c| {
            let mut cells: Vec<Cell> = vec![
                c.label.as_str().into(),
                c.claims.join(lang.of("; ", "、")).into(),
            ];
            cells.extend(likely.then(|| {
                c.likelihood
                    .map_or_else(String::new, |p| lang.chance(p))
                    .into()
            }));
            cells.extend([c.own, c.ours, c.theirs].map(|x| money(lang, x)));
            cells
        }));
    let bn = |x: f64| lang.bn(x);
    let mut out = Vec::new();
    let (Some(alone), Some(extended)) = (o.alone, o.extended) else {
        let none = lang.of(
            "No package can be proposed, so nobody has a claim on one.",
            "提案できるパッケージがなく、請求の対象もない。",
        );
        out.push(Block::Paragraph(none.into()));
        return out;
    };
    let [ours, theirs] = alone.map(bn);
    let [ours_extended, theirs_extended] = extended.map(bn);
    if o.claimants.is_empty() {
        let nobody = lang.of(
            format!("{}: alone {ours} for us and {theirs} for them, real income against no deal. Nobody is named who would claim from the other side what it changes for our goods.", o.package),
            format!("{}：単独ではわが国{ours}、相手{theirs}（実質所得、合意なし比、億ドル／年）。わが国産品に関する変更を相手に請求する国は挙げられていない。", o.package),
        );
        out.push(Block::Paragraph(nobody.into()));
    } else {
        out.extend([
        Block::Paragraph(
            lang.of(
                format!(
                    "Real income against no deal, {}: alone {ours} for us and {theirs} for them; with its terms extended to every claimant {ours_extended} and {theirs_extended}.",
                    o.package
                ),
                format!(
                    "実質所得（合意なし比、億ドル／年）、{}：単独ではわが国{ours}、相手{theirs}。条件を全ての請求国に拡大するとわが国{ours_extended}、相手{theirs_extended}。",
                    o.package
                ),
            )
            .into(),
        ),
        Block::Table(claims),
        ]);
    }
    if let Some([ours, theirs]) = o.expected.map(|e| e.map(bn)) {
        out.push(Block::Paragraph(
            lang.of(
                format!(
                    "Each claim weighed with its likelihood: {ours} for us, {theirs} for them."
                ),
                format!("各請求を確率で加重した合計：わが国{ours}億ドル、相手{theirs}億ドル。"),
            )
            .into(),
        ));
    }
    if let Some(order) = &o.order {
        out.extend(queue(b, order));
    }
    if !o.claims_on_us.is_empty() {
        out.push(Block::Heading(
            lang.of("Claims on us", "わが国への請求").to_owned(),
        ));
        out.push(Block::List(
            o.claims_on_us
                .iter()
                .map(|(who, what)| lang.titled(who, what).into())
                .collect(),
        ));
    }
    out.extend(
        o.not_computed
            .iter()
            .map(|n| Block::Note(n.as_str().into())),
    );
    out
}

/// In which order they would sign.
fn queue(b: &Brief, order: &OrderOfTalks) -> [Block; 3] {
    let lang = b.language;
    let who = if order.order.is_empty() {
        lang.of("nobody", "なし").to_owned()
    } else {
        order.order.join(lang.of(", then ", "、次に"))
    };
    let partners = Table::new([
        words(lang.of("partner", "相手国")),
        numbers(lang.of("gives, bn USD a year", "出す対価（億ドル／年）")),
        numbers(lang.of("its own gain, net", "その国の純利得")),
        numbers(lang.of("them, with what it gives", "交渉相手（対価を含む）")),
    ])
    .caption(lang.of(
        "Each signing alone, against no deal: nobody has signed before it",
        "各国が単独で署名した場合（合意なし比）：先に署名した国はない",
    ))
    .rows(order.partners.iter().map(|r| {
        vec![
            r.label.as_str().into(),
            r.gives.map_or_else(String::new, |x| lang.amount(x)).into(),
            money(lang, r.own),
            money(lang, r.theirs),
        ]
    }));
    let theirs = lang.bn(order.theirs);
    let last = order.last_in_words(lang);
    [
        Block::Heading(lang.of("The order of the talks", "交渉の順序").to_owned()),
        Block::Paragraph(
            lang.of(
                format!(
                    "With whom {} would sign first, if it signs where it gains and each signs where it does not lose: {who}; {theirs} for them in all. If all others have signed before us, our package is worth {last} to us than alone.",
                    b.sides[1]
                ),
                format!(
                    "{}が利益になる場合に、各国が損をしない場合に署名するとしたときの署名順：{who}。相手の利得は合計{theirs}億ドル。他国が全て先に署名すると、わが方のパッケージの価値は単独の場合より{last}。",
                    b.sides[1]
                ),
            )
            .into(),
        ),
        Block::Table(partners),
    ]
}
