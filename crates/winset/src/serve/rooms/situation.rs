//! Room 1: where we stand, what a day costs, what no deal costs both.

use jiff::civil::Date;
use maud::{Markup, html};
use winset_law::averages::{Averages, Bases};

use super::{View, figure, signed};
use crate::lang::Lang;
use crate::law::words;
use crate::serve::shell;
use crate::study::StudyError;

/// The days that the sliders run over.
fn span(view: &View) -> (Date, Date) {
    let bench = &view.bench.desk.bench;
    let first = bench
        .day(&bench.dossier.head.clock.baseline)
        .unwrap_or(bench.dossier.as_of);
    let last = bench
        .day(&bench.dossier.head.clock.after)
        .unwrap_or(bench.dossier.as_of);
    // A year beyond the cliff: what the acts published later made of it.
    let last = last.saturating_add(jiff::Span::new().days(330));
    (first, last)
}

/// A slider over days with the day it stands on.
fn slider(name: &str, words: &str, at: Date, (first, last): (Date, Date)) -> Markup {
    let number = |day: Date| (day - first).get_days();
    html! {
        label.slider {
            span { (words) }
            input type="range" name=(format!("{name}-n")) min="0" max=(number(last)) value=(number(at))
                data-first=(first) data-day=(name) aria-label=(words);
            input type="date" name=(name) min=(first) max=(last) value=(at) aria-label=(words);
        }
    }
}

pub(super) fn averages(view: &View, on: Date, known_on: Date) -> Result<Averages, StudyError> {
    let bench = &view.bench.desk.bench;
    Ok(bench.law.averages(
        bench.importer,
        bench.ours.trade(),
        on,
        Some(known_on),
        Bases::Schedule,
        bench.ours.assumptions(),
    )?)
}

/// The rate of a day; what cannot be answered is said in its place, so that the next question finds it.
pub(super) fn day(view: &View) -> Result<Markup, StudyError> {
    Ok(rate_of_day(view).unwrap_or_else(|error| {
        html! { div #day { (shell::unanswered(view.lang, &error.to_string())) } }
    }))
}

/// The rate of an entry date as known on another day, and what it costs.
fn rate_of_day(view: &View) -> Result<Markup, StudyError> {
    let as_of = view.bench.desk.bench.dossier.as_of;
    let on = view.asked_day("on", as_of)?;
    let known_on = view.asked_day("known", as_of)?;
    let (there, here) = rayon::join(
        || averages(view, on, known_on),
        || averages(view, as_of, as_of),
    );
    let (there, here) = (there?, here?);
    let lang = view.lang;
    let (rate, today) = (there.all.weighted(), here.all.weighted());
    let a_day = |a: &Averages| a.all.duty / 1e9 / 365.0;
    let mut parts: Vec<(&str, f64)> = there
        .duty_by_authority
        .iter()
        .filter(|(_, duty)| **duty > 0.0)
        .map(|(name, duty)| (&**name, duty / there.all.value))
        .collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    Ok(html! {
        div #day.figures {
            div { b { (lang.pct(rate)) } span { (lang.of("applied rate, weighted by trade", "貿易加重の実行税率")) } }
            div { b { (lang.pct(there.all.simple())) } span { (lang.of("mean of lines", "品目の単純平均")) } }
            div { b { (lang.amount(there.all.duty / 1e9)) } span { (lang.unit()) (lang.of(" of duty a year", "（年間関税額）")) } }
            div { b { (daily(view, a_day(&there))) } span { (lang.of("a day", "（1日あたり）")) } }
            div { b class=(if rate > today + 5e-5 { "down" } else if rate < today - 5e-5 { "up" } else { "" }) { (lang.change(100.0 * (rate - today)).replace('%', lang.of("points", "ポイント"))) } span { (lang.of("against ", "")) (lang.day(&as_of.to_string())) (lang.of("", "との差")) } }
            table.small {
                caption { (lang.of("Entry on ", "")) (lang.day(&on.to_string())) (lang.of(", law known on ", "輸入、")) (lang.day(&known_on.to_string())) (lang.of("", "までに公布された法令")) }
                tbody { @for (name, share) in parts {
                    tr { th scope="row" { (authority(view, name)) } td.num { (lang.pct(share)) } }
                } }
            }
        }
    })
}

/// An authority as people call it.
pub(super) fn authority<'a>(view: &View, name: &'a str) -> &'a str {
    match (view.lang, name) {
        (Lang::En, "base") => "ordinary duty",
        _ => words::of(name, view.lang),
    }
}

/// Duty a day, in millions.
fn daily(view: &View, bn: f64) -> String {
    view.lang.of(
        format!("{:.0} m USD", 1e3 * bn),
        format!("{:.0}万ドル", 1e5 * bn),
    )
}

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let brief = view.brief();
    let as_of = view.bench.desk.bench.dossier.as_of;
    let span = span(view);
    let names: Vec<&str> = view.sides().to_vec();
    let year = brief.situation.trade_year;
    Ok(html! {
        ol.answer { @for sentence in brief.sentences() { li { (sentence) } } }
        (figure(view, "timeline"))
        form.sliders hx-get="/situation/day" hx-target="#day" hx-swap="outerHTML" hx-trigger="load, input delay:60ms" hx-sync="this:replace" {
            (slider("on", lang.of("Date of entry", "輸入日"), as_of, span))
            (slider("known", lang.of("Law known on", "法令の公布日"), as_of, span))
        }
        div #day.figures aria-live="polite" {}
        h2 { (lang.of("What no deal costs both", "合意なしの場合の双方の損失")) }
        p.note { (lang.of(format!("Against {year}, real income and goods balance, "), format!("{year}年比、実質所得と財の収支、"))) (lang.unit()) (lang.of(" a year.", "／年。")) }
        div.wide { table {
            thead { tr {
                th scope="col" { (lang.of("world", "想定")) } th.num scope="col" { (lang.of("probability", "確率")) }
                @for side in &names { th.num scope="col" { (side) } }
                th.num scope="col" { (lang.of("their goods balance with us", "相手の対わが国財収支")) }
                th.num scope="col" { (lang.of("their revenue", "相手の関税収入")) }
            } }
            tbody {
                @for w in std::iter::once(&brief.no_deal.status_quo).chain(&brief.no_deal.no_deal) {
                    tr {
                        th scope="row" { (w.title) }
                        td.num { @if w.probability > 0.0 { (lang.chance(w.probability)) } }
                        @for r in w.regions.iter().take(2) { (signed(r.ev, &lang.bn(r.ev))) }
                        td.num { (lang.amount(w.balance_published)) " → " (lang.amount(w.balance)) }
                        @if let Some(r) = w.regions.get(1) { (signed(r.revenue, &lang.bn(r.revenue))) }
                    }
                }
            }
        } }
        (figure(view, "output-without-a-deal"))
    })
}
