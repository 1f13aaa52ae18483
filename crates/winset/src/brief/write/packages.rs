//! Sections 5 and 6, packages, and what if we are wrong about them.

use super::numbers::{money, range};
use crate::brief::packages::in_unit;
use crate::brief::{Account, Brief, Proposal, Side, Wrong};
use crate::chart;
use crate::document::{Block, Cell, Column, Figure, Style, Table, Text, Tone, numbers, words};
use crate::lang::{Lang, counted};

fn given(lang: Lang, items: &[String]) -> Vec<Text> {
    if items.is_empty() {
        vec![lang.of("nothing", "なし").into()]
    } else {
        items.iter().map(|x| x.as_str().into()).collect()
    }
}

fn gains(b: &Brief, p: &Proposal) -> Table {
    let lang = b.language;
    let objectives = p.ours.objective.is_some();
    let mut columns = vec![
        words(lang.of("against no deal, bn USD a year", "合意なし比、億ドル／年")),
        numbers(lang.of("real income", "実質所得")),
    ];
    if objectives {
        columns.push(numbers(lang.of("objective", "目的関数")));
    }
    let wide = columns.len() - 1;
    let side = |name: &str, side: &Side| -> Vec<Cell> {
        let mut cells = vec![Cell::from(name), money(lang, side.ev)];
        cells.extend(side.objective.map(|x| money(lang, x)));
        cells
    };
    let mut rows = vec![
        side(&b.sides[0], &p.ours),
        side(&b.sides[1], &p.theirs),
        vec![
            lang.of(
                "their goods balance with us · their revenue · our budget",
                "相手の対わが国財収支・相手の関税収入・わが国の財政",
            )
            .into(),
            Cell::from(
                [p.balance, p.revenue, p.budget]
                    .map(|x| lang.bn(x))
                    .join(" · "),
            )
            .over(wide),
        ],
    ];
    if let Some(contested) = p.ours_if_contested {
        rows.push(vec![
            lang.of(
                format!(
                    "{}, if their promise stands only as likely as assumed",
                    b.sides[0]
                ),
                format!(
                    "{}（相手の約束の持続性を仮定通り割り引いた場合）",
                    b.sides[0]
                ),
            )
            .into(),
            Cell::from(lang.bn(contested)).over(wide),
        ]);
    }
    Table::new(columns).rows(rows)
}

fn proposal(b: &Brief, k: usize, p: &Proposal) -> Block {
    let lang = b.language;
    let acts = if p.acts.is_empty() {
        lang.of("none", "なし").to_owned()
    } else {
        lang.join(&p.acts)
    };
    let mut inner = vec![
        Block::Columns(vec![
            (
                lang.of("They give", "相手が出すもの").to_owned(),
                given(lang, &p.they_give),
            ),
            (
                lang.of("We give", "わが方が出すもの").to_owned(),
                given(lang, &p.we_give),
            ),
        ]),
        Block::Table(gains(b, p)),
    ];
    let mut likely = Text::default();
    if let Some(acceptance) = p.acceptance {
        likely = likely
            .and(
                Style::Plain,
                lang.of("Acceptable to them with probability ", "相手の受諾確率 "),
            )
            .and(Style::Strong, lang.chance(acceptance))
            .and(Style::Plain, lang.of(". ", "。"));
    }
    let acts = lang.of(
        format!("Domestic acts: {acts}."),
        format!("必要な国内手続：{acts}。"),
    );
    inner.push(Block::Paragraph(likely.and(Style::Plain, acts)));
    if !p.blocked_by.is_empty() {
        inner.push(Block::Warning(
            lang.of(
                "Stopped, once solved exactly, by:",
                "厳密解では次の者が反対する：",
            )
            .into(),
        ));
        inner.push(Block::List(
            p.blocked_by
                .iter()
                .map(|x| {
                    lang.of(
                        format!(
                            "{}: “{}”, missed by {:.2} {}",
                            x.ratifier, x.what, x.short_by, x.unit
                        )
                        .trim_end()
                        .to_owned(),
                        format!(
                            "{}：「{}」に{}不足",
                            x.ratifier,
                            x.what,
                            in_unit(&x.unit, x.short_by, lang).trim_start_matches('+')
                        ),
                    )
                    .into()
                })
                .collect(),
        ));
    } else if !p.limits.is_empty() {
        inner.push(Block::Paragraph(
            lang.of(
                "Nobody who is asked stops it. Closest calls:",
                "承認を求められる者に反対はない。際どい条件：",
            )
            .into(),
        ));
        inner.push(Block::List(
            p.closest.iter().map(|c| c.as_str().into()).collect(),
        ));
    }
    // A package may be proposed for the accounts under which they take it.
    if p.theirs.objective.is_some_and(|x| x < 0.0) {
        inner.push(Block::Note(lang.of(
            "On the average over what we believe they lose by this package: it is outside that win-set, and is taken only where an account in which they gain is the true one.",
            "信念による平均では相手はこのパッケージで損をし、その想定のウィンセットの外にある。受諾されるのは、相手が得をする想定が正しい場合に限られる。",
        ).into()));
    }
    inner.extend(p.warnings.iter().map(|w| Block::Note(w.as_str().into())));
    let title = if p.title.is_empty() {
        number(lang, k)
    } else {
        format!("{}{}{}", number(lang, k), lang.of(". ", "　"), p.title)
    };
    Block::Card(title, inner)
}

/// A package by its number.
fn number(lang: Lang, k: usize) -> String {
    lang.of(format!("Package {}", k + 1), format!("パッケージ{}", k + 1))
}

fn accounts(lang: Lang, accounts: &[Account]) -> Table {
    Table::new([
        words(lang.of("if they want", "相手の狙い")),
        numbers(lang.of("probability", "確率")),
        words(lang.of("zone", "合意可能領域")),
        numbers(lang.of("inside both mandates", "双方の権限内")),
        numbers(lang.of("ratified", "批准可能")),
        numbers(lang.of("win-set", "ウィンセット")),
        numbers(lang.of("Nash: us", "ナッシュ解：わが国")),
        numbers(lang.of("Nash: them", "ナッシュ解：相手")),
    ])
    .caption(lang.of("Is there a zone of agreement?", "合意可能領域はあるか"))
    .rows(accounts.iter().map(|a| {
        let tone = if a.zone == "exists" {
            Tone::Good
        } else {
            Tone::Bad
        };
        let nash = a.solutions.first().and_then(|s| s.points.first());
        let nash = nash.map_or_else(
            || ["–".to_owned(), "–".to_owned()],
            |x| [x.ours, x.theirs].map(|x| lang.bn(x)),
        );
        let mut cells: Vec<Cell> = vec![
            a.title.as_str().into(),
            a.probability
                .map_or_else(String::new, |p| lang.chance(p))
                .into(),
            Cell::toned(tone, zone_in_table(lang, &a.zone)),
            lang.count(a.inside_mandates).into(),
            lang.count(a.ratified).into(),
            lang.count(a.win_set).into(),
        ];
        cells.extend(nash.map(Cell::from));
        cells
    }))
}

/// Whether there is a zone, in a word.
fn zone_in_table(lang: Lang, zone: &str) -> &str {
    let ja = match zone {
        "exists" => "あり",
        "blocked" => "阻止",
        _ => "なし",
    };
    lang.of(zone, ja)
}

fn frontier(b: &Brief, belief: &Account) -> Figure {
    let (p, lang) = (&b.packages, b.language);
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
            lang,
            solutions: belief
                .solutions
                .iter()
                .filter_map(|s| s.points.first().map(|x| (s.name.clone(), x.ours, x.theirs)))
                .collect(),
        }),
        alt: lang
            .of(
                "Both sides' gains from every package against no deal",
                "全パッケージの双方の利得（合意なし比）",
            )
            .to_owned(),
        caption: lang.of(format!(
            "Objectives of both sides (theirs: the average over what we believe), gain against no deal. Shaded: better for a side. {} packages were solved exactly; the tables of options and pairs miss them by {:.2} % of the frontier's range at the median for us (worst {:.2} %) and {:.2} % for them (worst {:.2} %).",
            p.solved_exactly, ours[0], ours[1], theirs[0], theirs[1]
        ), format!(
            "双方の目的関数（相手は信念による平均）の利得（合意なし比）。網掛けはその側に有利な範囲。{}件のパッケージを厳密に解いた。選択肢と組合せの表との差は、フロンティアの範囲に対し、わが国で中央値{:.2}%（最大{:.2}%）、相手で中央値{:.2}%（最大{:.2}%）。",
            p.solved_exactly, ours[0], ours[1], theirs[0], theirs[1]
        )),
    }
}

/// What can be signed on what is believed.
fn zone(b: &Brief) -> Vec<Block> {
    let (p, lang) = (&b.packages, b.language);
    let Some(belief) = p.accounts.get(1) else {
        return Vec::new();
    };
    let mut out = vec![
        Block::Table(accounts(lang, &p.accounts)),
        Block::List(p.opens.iter().map(|o| o.as_str().into()).collect()),
        Block::Figure(frontier(b, belief)),
    ];
    out.extend(belief.solutions.iter().map(|s| {
        Block::Note(Text::default().and(Style::Strong, s.name.as_str()).and(
            Style::Plain,
            format!("{}{}", lang.of(": ", "："), s.definition),
        ))
    }));
    if !belief.if_dropped.is_empty() {
        let table = Table::new([words(""), numbers("")]).rows(
            belief
                .if_dropped
                .iter()
                .map(|(who, n)| vec![who.as_str().into(), lang.count(*n).into()]),
        );
        out.push(Block::Fold(
            lang.of(
                "How large the win-set would be without one mandate or ratifier",
                "権限または批准者を一つ除いた場合のウィンセットの大きさ",
            )
            .to_owned(),
            vec![Block::Table(table)],
        ));
    }
    out
}

/// Section 5.
pub(super) fn blocks(b: &Brief) -> Vec<Block> {
    let (p, lang) = (&b.packages, b.language);
    let mut out = vec![Block::Paragraph(
        Text::default()
            .and(
                Style::Plain,
                lang.of(
                    "Every payoff is measured against no deal: ",
                    "利得は全て次の合意なしを基準とする：",
                ),
            )
            .and(Style::Emphasis, p.no_deal.as_str())
            .and(Style::Plain, lang.of(".", "。")),
    )];
    out.extend(zone(b));
    out.push(Block::Heading(
        lang.of(
            "Three packages worth proposing",
            "提案に値する三つのパッケージ",
        )
        .to_owned(),
    ));
    out.extend(
        p.proposals
            .iter()
            .enumerate()
            .map(|(k, x)| proposal(b, k, x)),
    );
    if p.proposals.is_empty() {
        out.push(Block::Warning(lang.of(
            "None: no package is inside every mandate, ratified by all and better than no deal for both.",
            "なし：全ての権限内で、全ての批准者が認め、双方が合意なしを上回るパッケージはない。",
        ).into()));
    }
    out
}

/// Section 6; without it where the edition holds no accounts of what they want.
pub(super) fn if_wrong(b: &Brief) -> Vec<Block> {
    let (p, lang) = (&b.packages, b.language);
    if p.hypotheses.is_empty() {
        return Vec::new();
    }
    let by_account = p.hypotheses.iter().zip(&p.probabilities).map(|(h, w)| {
        let w = lang.chance(*w);
        numbers(lang.of(format!("{h} ({w})"), format!("{h}（{w}）")))
    });
    let columns = |first: Vec<Column>| {
        first
            .into_iter()
            .chain(p.hypotheses.iter().map(|h| numbers(h.as_str())))
    };
    let gains = Table::new(
        std::iter::once(words(""))
            .chain(by_account)
            .chain([numbers(lang.of("us", "わが国"))]),
    )
    .caption(lang.of(
        "Their gain from each package if they really want …, bn USD a year",
        "相手の真の狙いが各仮説の場合の、各パッケージの相手の利得（億ドル／年）",
    ))
    .rows(p.proposals.iter().enumerate().map(|(k, x)| {
        let mut cells: Vec<Cell> = vec![number(lang, k).into()];
        cells.extend(x.theirs_by_hypothesis.iter().map(|g| money(lang, *g)));
        cells.extend(x.ours.objective.map(|x| money(lang, x)));
        cells
    }));
    let safe: Vec<String> = p
        .proposals
        .iter()
        .enumerate()
        .filter(|(_, x)| x.theirs_by_hypothesis.iter().all(|g| *g >= 0.0))
        .map(|(k, _)| number(lang, k))
        .collect();
    let verdict = if safe.is_empty() {
        lang.of(
            "No package proposed is safe under every account of what they want.",
            "相手の狙いの全ての想定で安全な提案はない。",
        )
        .to_owned()
    } else {
        lang.of(
            format!(
                "Safe: {}. They are no worse off than with no deal under every account.",
                lang.join(&safe)
            ),
            format!(
                "安全：{}。どの想定でも相手は合意なしを下回らない。",
                lang.join(&safe)
            ),
        )
    };
    let ranks = Table::new(columns(vec![
        words(lang.of("chip", "材料")),
        numbers(lang.of("average", "平均")),
    ]))
    .caption(lang.of(
        "Rank of our chips under each account",
        "各想定でのわが方の材料の順位",
    ))
    .rows(b.demands.chips.iter().take(12).map(|c| {
        let mut cells: Vec<Cell> = vec![c.title.as_str().into(), c.rank.to_string().into()];
        cells.extend(
            c.rank_by_hypothesis
                .iter()
                .map(|r| Cell::from(r.to_string())),
        );
        cells
    }));
    let path = Table::new(columns(vec![
        words(lang.of("published", "公表日")),
        words(lang.of("evidence", "証拠")),
    ]))
    .caption(lang.of("How the belief came about", "信念の経緯"))
    .rows(p.belief_path.iter().map(|(published, what, after)| {
        let mut cells: Vec<Cell> = vec![lang.day(published).into(), what.as_str().into()];
        cells.extend(after.iter().map(|x| Cell::from(lang.chance(*x))));
        cells
    }));
    let mut out = vec![Block::Table(gains)];
    if let Some(w) = &b.wrong {
        out.extend(prospects(b, w));
    }
    out.extend([
        Block::Paragraph(verdict.into()),
        Block::Table(ranks),
        Block::Table(path),
    ]);
    out.extend(p.loud_evidence.iter().map(|(what, factor)| {
        let factor = lang.count(factor.min(1e6));
        Block::Note(lang.of(
            format!("“{what}” alone moves the odds between two accounts {factor}-fold or more: so much hangs on this one item and its assumed likelihoods."),
            format!("「{what}」だけで二つの想定の間のオッズが{factor}倍以上動く。結果はこの一件とその尤度の仮定に大きく依存する。"),
        ).into())
    }));
    if !p.unused_evidence.is_empty() {
        let unused: Vec<String> = p
            .unused_evidence
            .iter()
            .map(|(name, why)| lang.of(format!("{name} ({why})"), format!("{name}（{why}）")))
            .collect();
        out.push(Block::Note(
            lang.of(
                format!("Not used: {}.", unused.join("; ")),
                format!("使わなかったもの：{}。", unused.join("、")),
            )
            .into(),
        ));
    }
    if let Some(w) = &b.wrong {
        out.extend(next(b, w));
    }
    out
}

/// What to expect of each package, and over the ranges of the valuations.
fn prospects(b: &Brief, w: &Wrong) -> [Block; 2] {
    let lang = b.language;
    let rows = || b.packages.proposals.iter().zip(&w.prospects).enumerate();
    let expected = Table::new([
        words(""),
        numbers(lang.of("accepted", "受諾確率")),
        numbers(lang.of("at their worst valuations", "相手の評価額が最低の場合")),
        numbers(lang.of("expected for us", "わが国の期待利得")),
        numbers(lang.of("worst for us", "わが国の最悪")),
        numbers(lang.of("expected for them", "相手の期待利得")),
        numbers(lang.of(
            "us, over the range of our valuations",
            "わが国（評価額の範囲）",
        )),
    ])
    .caption(lang.of(
        "What to expect, bn USD a year; a refused offer counts as no deal",
        "見込み（億ドル／年）。拒否された提案は合意なしとして数える",
    ))
    .rows(rows().map(|(k, (p, x))| {
        let mut cells: Vec<Cell> = vec![
            number(lang, k).into(),
            lang.chance(x.acceptance).into(),
            lang.chance(x.acceptance_worst).into(),
            money(lang, x.expected),
            money(lang, x.worst),
            money(lang, x.expected_theirs),
        ];
        cells.extend(p.ours_range.map(|r| range(lang, r)));
        cells
    }));
    let theirs = Table::new(
        std::iter::once(words("")).chain(b.packages.hypotheses.iter().map(|h| numbers(h.as_str()))),
    )
    .caption(lang.of(
        "Their gain over the ranges of their valuations, bn USD a year",
        "評価額の範囲での相手の利得（億ドル／年）",
    ))
    .rows(rows().map(|(k, (p, _))| {
        let mut cells: Vec<Cell> = vec![number(lang, k).into()];
        cells.extend(p.theirs_range_by_hypothesis.iter().map(|r| range(lang, *r)));
        cells
    }));
    [Block::Table(expected), Block::Table(theirs)]
}

/// The best next offer and the best next question.
fn next(b: &Brief, w: &Wrong) -> Vec<Block> {
    let lang = b.language;
    let mut out = Vec::new();
    if w.offers_received > 0 {
        out.push(Block::Note(
            lang.of(
                format!(
                    "On record, and in the belief from their day on: {} of theirs.",
                    counted(w.offers_received as f64, "offer")
                ),
                format!(
                    "相手の提案{}件が記録され、その日から信念に反映されている。",
                    w.offers_received
                ),
            )
            .into(),
        ));
    }
    out.push(Block::Heading(
        lang.of("What to offer next", "次に提案するもの").to_owned(),
    ));
    match &w.next_offer {
        Some(o) => {
            let likely = lang.chance(o.prospect.acceptance);
            let (expected, worst) = (lang.bn(o.prospect.expected), lang.bn(o.prospect.worst));
            out.push(Block::Paragraph(lang.of(
                format!("Of {} on the frontiers of what can be signed, account by account, this one promises us most: accepted with probability {likely}, expected gain {expected} bn USD a year, worst {worst}, solved exactly.", counted(w.candidates as f64, "package")),
                format!("各想定で署名できるもののフロンティア上の{}件のうち、これが最も有望である：受諾確率{likely}、期待利得は年{expected}億ドル、最悪で{worst}億ドル（厳密解）。", w.candidates),
            ).into()));
            let given = |en: &str, ja: &str, what: &[String]| -> Vec<Text> {
                let said = |x| lang.of(format!("{en} {x}"), format!("{ja}：{x}")).into();
                what.iter().map(said).collect()
            };
            let mut list = given("they give", "相手", &o.package.they_give);
            list.extend(given("we give", "わが方", &o.package.we_give));
            out.push(Block::List(list));
            let mut proposed = b.packages.proposals.iter();
            if let Some(k) = proposed.position(|p| p.indices == o.package.indices) {
                let package = number(lang, k);
                out.push(Block::Paragraph(
                    lang.of(format!("It is {package}."), format!("{package}と同じである。"))
                        .into(),
                ));
            }
            if let Some(first) = b.packages.proposals.first()
                && first.indices != o.package.indices
            {
                let package = number(lang, 0);
                out.push(Block::Paragraph(lang.of(
                    format!("{package} is what to aim for: it divides the gain between both. This offer keeps as much of it for us as they are likely to take; the talks run from here to there."),
                    format!("{package}は目指す合意であり、利得を双方で分ける。この提案は、受諾が見込める範囲でわが方の利得を最大にする。交渉はここからそこへ進む。"),
                ).into()));
            }
        }
        None => out.push(Block::Paragraph(
            lang.of(
                "Nothing: no package that can be signed is let through by everybody once it is solved exactly.",
                "なし：署名できるパッケージのうち、厳密に解いて全員が認めるものはない。",
            )
            .into(),
        )),
    }
    out.push(Block::Heading(
        lang.of("What to ask next", "次に尋ねること").to_owned(),
    ));
    out.push(Block::Paragraph(lang.of(
        "A question is worth the expected gain of the best offer after each answer, less that of the best offer now. How likely each answer is under each account is an assumption.",
        "質問の価値は、各回答の後の最善の提案の期待利得から、現在の最善の提案の期待利得を引いたもの。各想定での回答の確率は仮定である。",
    ).into()));
    let questions = Table::new([
        words(lang.of("question", "質問")),
        numbers(lang.of("worth, bn USD a year", "価値（億ドル／年）")),
        words(lang.of("answer", "回答")),
        numbers(lang.of("probability", "確率")),
        words(lang.of("then offer", "その後の提案")),
    ])
    .rows(w.questions.iter().flat_map(|q| {
        q.answers.iter().enumerate().map(|(k, a)| {
            let first = |text: String| if k == 0 { text } else { String::new() };
            let offer = if a.offer.is_empty() {
                lang.of("nothing", "なし").to_owned()
            } else if k > 0 && a.offer == q.answers[k - 1].offer {
                lang.of("the same", "同上").to_owned()
            } else {
                a.offer_words.join(lang.of("; ", "、"))
            };
            vec![
                first(q.question.clone()).into(),
                first(lang.of(format!("{:.2}", q.value), lang.amount(q.value))).into(),
                a.answer.as_str().into(),
                lang.chance(a.probability).into(),
                offer.into(),
            ]
        })
    }));
    out.push(Block::Table(questions));
    out
}
