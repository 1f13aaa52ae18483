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
        .map(|(issue, o)| format!("{}: {}", issue.title, issue.option[usize::from(*o)].title));
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
    let others = brief::claims(&view.bench.desk, &package)?;
    let [ours, theirs] = view.sides();
    Ok(html! {
        div #claims {
            div.figures {
                div { b { (lang.bn(others.alone[0])) " → " (lang.bn(others.extended[0])) } span { (ours) (lang.of(": alone, and extended to all who claim", "：単独 → 請求国すべてに拡大")) } }
                div { b { (lang.bn(others.alone[1])) " → " (lang.bn(others.extended[1])) } span { (theirs) (lang.of(": alone, and extended to all who claim", "：単独 → 請求国すべてに拡大")) } }
            }
            p.note { (lang.of("Real income against no deal, ", "実質所得（合意なし比）、")) (lang.unit()) (lang.of(" a year; each claimant's row is what changes if that region alone gets the same terms.", "／年。各行は、その地域だけが同じ条件を得た場合の変化。")) }
            div.wide { table {
                thead { tr { th scope="col" { (lang.of("claimant", "請求国")) } th scope="col" { (lang.of("would claim", "請求内容")) } th.num scope="col" { (lang.of("its gain", "その国の利得")) } th.num scope="col" { (ours) } th.num scope="col" { (theirs) } } }
                tbody {
                    @for c in &others.claimants { tr {
                        th scope="row" { (c.label) } td { (c.claims.join(", ")) }
                        (signed(c.own, &lang.bn(c.own))) (signed(c.ours, &lang.bn(c.ours))) (signed(c.theirs, &lang.bn(c.theirs)))
                    } }
                    @if others.claimants.is_empty() { tr { td colspan="5" { (lang.of("Nobody has a claim on what they give.", "相手の譲許に対する請求はありません。")) } } }
                }
            } }
            h2 { (lang.of("Claims on us", "わが国への請求")) }
            ul { @for (who, what) in &others.claims_on_us { li { b { (who) } ": " (what) } } @if others.claims_on_us.is_empty() { li { (lang.of("none", "なし")) } } }
        }
    })
}
