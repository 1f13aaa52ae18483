//! Room 8: who took which position when; the log is appended to and never changed.

use maud::{Markup, html};

use super::{View, kind_of_entry};
use crate::study::StudyError;

/// An issue and an option as the dossier calls them; what it does not have any more stays as it was recorded.
fn words(view: &View, issue: &str, option: &str) -> String {
    let lang = view.lang;
    let issues = &view.bench.desk.bench.dossier.issues.issue;
    let Some(text) = issues.iter().find(|i| i.id.get_ref() == issue) else {
        return lang.titled(issue, option);
    };
    let found = text.option.iter().find(|o| o.id.get_ref() == option);
    lang.titled(
        text.title.of(lang),
        found.map_or(option, |o| o.title.of(lang)),
    )
}

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let dossier = &view.bench.desk.bench.dossier;
    let log = &dossier.log;
    let who = |id: &str| {
        let party = dossier.parties.party.iter().find(|p| p.id.get_ref() == id);
        party.map_or(id, |p| p.title.of(lang)).to_owned()
    };
    let moves = log.moves();
    Ok(html! {
        @if log.entries().is_empty() {
            p { (lang.of("Nothing is recorded yet. Offers and positions are recorded under “What they want”, or by `winset offer record`.", "まだ記録はありません。「相手の狙い」の画面か `winset offer record` で記録できます。")) }
        } @else {
            div.wide { table #entries {
                thead { tr { th scope="col" { (lang.of("day", "日付")) } th scope="col" { (lang.of("who", "主体")) } th scope="col" { (lang.of("what", "種類")) } th scope="col" { (lang.of("on what", "内容")) } th scope="col" { (lang.of("note", "備考")) } } }
                tbody { @for e in log.entries() { tr {
                    th scope="row" { (lang.day(&e.date)) } td { (who(&e.party)) } td { (kind_of_entry(lang, e.kind)) }
                    td { @for (issue, option) in &e.options { (words(view, issue, option)) br; } } td { (e.note) }
                } } }
            } }
            p.note { (lang.of("The chain of the log holds. Last hash: ", "記録の連鎖は正常です。最終ハッシュ：")) code { (log.hash()) } }
        }
        @if !moves.is_empty() {
            h2 { (lang.of("Who moved when", "誰がいつ動いたか")) }
            div.wide { table {
                thead { tr { th scope="col" { (lang.of("day", "日付")) } th scope="col" { (lang.of("who", "主体")) } th scope="col" { (lang.of("from", "変更前")) } th scope="col" { (lang.of("to", "変更後")) } } }
                tbody { @for m in &moves { tr { th scope="row" { (lang.day(&m.date)) } td { (who(&m.party)) } td { (words(view, &m.issue, &m.from)) } td { (words(view, &m.issue, &m.to)) } } } }
            } }
        }
        h2 { (lang.of("At home and between the sides", "国内・両国間の経緯")) }
        ul { @for [date, who, what] in &view.brief().doubt.log { li { b { (lang.day(date)) } " " (lang.titled(who, what)) } } }
    })
}
