//! Room 7: what third countries would claim if they saw the package on the table.

use maud::{Markup, html};
use winset_talks::Package;

use super::{View, signed};
use crate::brief;
use crate::study::StudyError;

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let issues = &view.bench.desk.bench.dossier.issues.issue;
    let moved = issues
        .iter()
        .zip(&view.package)
        .filter(|(_, o)| **o > 0)
        .map(|(issue, o)| {
            let option = &issue.option[usize::from(*o)];
            lang.titled(issue.title.of(lang), option.title.of(lang))
        });
    Ok(html! {
        p { (lang.of("The package on the table: ", "検討中のパッケージ：")) (moved.collect::<Vec<_>>().join(" · ")) }
        div.busy hx-get=(format!("/others/claims?p={}", view.code())) hx-trigger="load" hx-swap="outerHTML" {
            (lang.of("Each claimant's terms are being put into law and solved …", "請求国ごとの条件を法令に反映して計算しています…"))
        }
    })
}

/// Who would claim what, and what it does to everyone.
pub(super) fn claims(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let package = Package::from(view.package.clone());
    let others = brief::claims(&view.bench.desk, &package, lang)?;
    let [ours, theirs] = view.sides();
    Ok(html! {
        div #claims {
            @if let (Some(alone), Some(extended)) = (others.alone, others.extended) { div.figures {
                div { b { (lang.bn(alone[0])) " → " (lang.bn(extended[0])) } span { (ours) (lang.of(": alone, and extended to all who claim", "：単独 → 請求国すべてに拡大")) } }
                div { b { (lang.bn(alone[1])) " → " (lang.bn(extended[1])) } span { (theirs) (lang.of(": alone, and extended to all who claim", "：単独 → 請求国すべてに拡大")) } }
            } }
            p.note { (lang.of("Real income against no deal, ", "実質所得（合意なし比）、")) (lang.unit()) (lang.of(" a year; each claimant's row is what changes if that region alone gets the same terms.", "／年。各行は、その地域だけが同じ条件を得た場合の変化。")) }
            div.wide { table {
                thead { tr { th scope="col" { (lang.of("claimant", "請求国")) } th scope="col" { (lang.of("would claim", "請求内容")) } th.num scope="col" { (lang.of("how likely", "可能性")) } th.num scope="col" { (lang.of("its gain", "その国の利得")) } th.num scope="col" { (ours) } th.num scope="col" { (theirs) } } }
                tbody {
                    @for c in &others.claimants { tr {
                        th scope="row" { (c.label) } td { (lang.join(&c.claims)) } td.num { @if let Some(p) = c.likelihood { (lang.chance(p)) } }
                        (signed(c.own, &lang.bn(c.own))) (signed(c.ours, &lang.bn(c.ours))) (signed(c.theirs, &lang.bn(c.theirs)))
                    } }
                    @if others.claimants.is_empty() { tr { td colspan="6" { (lang.of("Nobody has a claim on what they give.", "相手の譲許に対する請求はありません。")) } } }
                }
            } }
            @if let Some([our_gain, their_gain]) = others.expected {
                p { (lang.of("Each claim weighed with its likelihood: ", "可能性で加重した期待値：")) (ours) " " (lang.bn(our_gain)) ", " (theirs) " " (lang.bn(their_gain)) "." }
            }
            @if let Some(order) = &others.order {
                h2 { (lang.of("The order of the talks", "交渉の順序")) }
                p { (lang.of("With whom they would sign first, if they sign where they gain and each signs where it does not lose: ", "相手が利得を得て各国も損をしない範囲で、署名する順序：")) @if order.order.is_empty() { (lang.of("nobody", "なし")) } @else { (order.order.join(" → ")) } }
                p.note { (lang.of("If all others have signed before us, our package changes in worth to us by ", "他国がすべて先に署名した場合の、わが国にとっての価値の変化：")) (lang.bn(order.ours_if_last)) " " (lang.unit()) }
            }
            h2 { (lang.of("Claims on us", "わが国への請求")) }
            ul { @for (who, what) in &others.claims_on_us { li { b { (who) } (lang.of(": ", "：")) (what) } } @if others.claims_on_us.is_empty() { li { (lang.of("none", "なし")) } } }
        }
    })
}
