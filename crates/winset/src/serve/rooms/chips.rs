//! Room 3: every demand, and what each chip costs us and is worth to them.

use maud::{Markup, html};

use super::super::shell;
use super::super::workbench::write_code;
use super::{View, figure, signed};
use crate::brief::{ChipRow, Demand};
use crate::study::StudyError;

/// The package that gives one chip alone.
fn alone(view: &View, issue: &str, option: &str) -> Option<String> {
    let issues = &view.bench.desk.bench.dossier.issues.issue;
    let i = issues.iter().position(|text| text.id.get_ref() == issue)?;
    let o = issues[i]
        .option
        .iter()
        .position(|text| text.id.get_ref() == option)?;
    let mut package = view.package.clone();
    package[i] = u16::try_from(o).ok()?;
    Some(shell::link("/table", &write_code(&package)))
}

fn chip(view: &View, c: &ChipRow) -> Markup {
    let lang = view.lang;
    let (low, high) = c
        .worth_by_hypothesis
        .iter()
        .fold((c.worth, c.worth), |(l, h), x| (l.min(*x), h.max(*x)));
    let (first, last) = c
        .rank_by_hypothesis
        .iter()
        .fold((c.rank, c.rank), |(l, h), r| (l.min(*r), h.max(*r)));
    html! {
        tr {
            td.num { (c.rank) @if (first, last) != (c.rank, c.rank) { span.sub { (first) "–" (last) } } }
            th scope="row" {
                @match alone(view, &c.issue, &c.option) {
                    Some(to) => a href=(to) { (c.title) },
                    None => (c.title),
                }
                @if !c.blocked_by.is_empty() { span.sub.warn { (lang.of("stopped by: ", "反対：")) (lang.join(&c.blocked_by)) } }
            }
            (signed(-c.economic_price, &lang.bn(c.economic_price)))
            (signed(-c.political_price, &lang.bn(c.political_price)))
            td.num { (lang.amount(c.compensation)) }
            (signed(c.worth, &lang.bn(c.worth)))
            td.num { (lang.bn(low)) " … " (lang.bn(high)) }
            td.num { @if let Some(ratio) = c.ratio { (format!("{ratio:.1}")) } }
            td { (c.label) }
        }
    }
}

fn demand(view: &View, d: &Demand) -> Markup {
    let lang = view.lang;
    let moved = |moves: &[crate::brief::SectorMove]| {
        let moves = moves
            .iter()
            .map(|m| format!("{} {}", m.label, lang.bn(m.busd)));
        lang.join(&moves.collect::<Vec<_>>())
    };
    html! {
        tr {
            th scope="row" {
                @match alone(view, &d.issue, &d.option) { Some(to) => a href=(to) { (d.title) }, None => (d.title) }
                @if !d.vehicle.is_empty() { span.sub { (d.vehicle) @if !d.triggers.is_empty() { " · " (lang.of("needs: ", "必要手続：")) (lang.join(&d.triggers)) } } }
                @if !d.our_sectors.is_empty() { span.sub { (lang.of("ours: ", "わが国：")) (moved(&d.our_sectors)) } }
                @if !d.their_sectors.is_empty() { span.sub { (lang.of("theirs: ", "相手：")) (moved(&d.their_sectors)) } }
                @for note in &d.notes { span.sub { (note) } }
            }
            @if let Some(x) = d.our_ev { (signed(x, &lang.bn(x))) } @else { td {} }
            (signed(d.their_ev, &lang.bn(d.their_ev)))
            (signed(d.balance, &lang.bn(d.balance)))
            (signed(d.farm_exports, &lang.bn(d.farm_exports)))
            @if let Some(x) = d.budget { (signed(x, &lang.bn(x))) } @else { td {} }
        }
    }
}

fn demands(view: &View, rows: &[Demand]) -> Markup {
    let lang = view.lang;
    let [ours, theirs] = view.sides();
    html! {
        div.wide { table {
            thead { tr {
                th scope="col" { (lang.of("option", "選択肢")) } th.num scope="col" { (ours) } th.num scope="col" { (theirs) }
                th.num scope="col" { (lang.of("their balance", "相手の収支")) } th.num scope="col" { (lang.of("their farm exports", "相手の農産品輸出")) } th.num scope="col" { (lang.of("our budget", "わが国財政")) }
            } }
            tbody { @for (k, d) in rows.iter().enumerate() {
                @if k == 0 || rows[k - 1].issue != d.issue { tr.group { th colspan="6" scope="rowgroup" { (d.issue_title) } } }
                (demand(view, d))
            } }
        } }
    }
}

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let d = &view.brief().demands;
    Ok(html! {
        p.note { (lang.of(
            "What we could give, best first. Price: what we lose, economic and political. Worth: their gain, on average over what we believe, and from hypothesis to hypothesis. Money in ",
            "わが方が出せる材料（有利な順）。価格：わが方の損失（経済・政治）。価値：相手の利得（信念による平均と仮説ごとの幅）。単位 ",
        )) (lang.unit()) (lang.of(" a year. A link puts the option on the table.", "／年。リンクで選択肢をテーブルに載せます。")) }
        (figure(view, "chips"))
        div.wide { table {
            thead { tr {
                th.num scope="col" { (lang.of("rank", "順位")) } th scope="col" { (lang.of("chip", "材料")) }
                th.num scope="col" { (lang.of("economic price", "経済的価格")) } th.num scope="col" { (lang.of("political price", "政治的価格")) }
                th.num scope="col" { (lang.of("compensation", "補償")) } th.num scope="col" { (lang.of("worth", "価値")) }
                th.num scope="col" { (lang.of("over beliefs", "仮説による幅")) } th.num scope="col" { (lang.of("ratio", "比率")) } th scope="col" { (lang.of("what it is", "評価")) }
            } }
            tbody { @for c in &d.chips { (chip(view, c)) } }
        } }
        h2 { (lang.of("What they ask for, option by option", "相手の要求（選択肢ごと）")) }
        p.note { (lang.of("Each option alone against no deal, solved exactly.", "各選択肢を単独で実施した場合の厳密解（合意なし比）。")) }
        (demands(view, &d.demands))
        h2 { (lang.of("What we ask for", "わが方の要求")) }
        (demands(view, &d.ours))
    })
}
