//! Room 6: what they may want, what speaks for it, what an offer of theirs changes, and what to ask next.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use winset_talks::log::Kind;

use super::super::app::{App, Study};
use super::super::{guard, shell};
use super::{View, kind_of_entry, signed};
use crate::brief::{NextOffer, QuestionRow};
use crate::dossier::{self, LogError, Said};
use crate::lang::Lang;
use crate::study::{StudyError, days, logged};

fn belief(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let desk = &view.bench.desk;
    let hypotheses = &desk.bench.dossier.beliefs.hypothesis;
    let package = view.bench.by_tables(&view.package, lang)?;
    let moved = desk.before.probabilities != desk.belief.probabilities;
    let accepted = |posterior: &winset_talks::belief::Posterior<Date>| {
        posterior.acceptance(&package.theirs_by_hypothesis)
    };
    let (before, after) = (accepted(&desk.before)?, accepted(&desk.belief)?);
    Ok(html! {
        div.two {
            table #belief.small {
                caption { (lang.of("What we believe they want", "相手の狙いについての信念")) }
                thead { tr { th scope="col" { (lang.of("hypothesis", "仮説")) } th scope="col" {} th.num scope="col" { (lang.of("prior", "事前")) }
                    @if moved { th.num scope="col" { (lang.of("before their offers", "提案前")) } }
                    th.num scope="col" { (lang.of("now", "現在")) } } }
                tbody { @for (k, h) in hypotheses.iter().enumerate() { tr {
                    @let p = desk.belief.probabilities[k];
                    th scope="row" { (h.title.of(lang)) }
                    td { meter min="0" max="1" value=(format!("{p:.3}")) aria-label=(h.title.of(lang)) {} }
                    td.num { (lang.chance(*h.prior.get_ref())) }
                    @if moved { td.num { (lang.chance(desk.before.probabilities[k])) } }
                    td.num data-belief=(h.id.get_ref()) { b { (lang.chance(p)) } }
                } } }
            }
            table.small {
                caption { (lang.of("Would they take the package on the table?", "検討中のパッケージを相手は受けるか")) }
                tbody {
                    @if moved { tr { th scope="row" { (lang.of("before their offers", "提案前")) } td.num { (lang.chance(before)) } } }
                    tr { th scope="row" { (lang.of("by what we believe now", "現在の信念では")) } td.num #acceptance { b { (lang.chance(after)) } } }
                    @for (h, gain) in hypotheses.iter().zip(&package.theirs_by_hypothesis) { tr { th scope="row" { (lang.of("their gain if: ", "相手の利得：")) (h.title.of(lang)) } (signed(*gain, &lang.bn(*gain))) } }
                }
            }
        }
    })
}

fn path(view: &View) -> Markup {
    let lang = view.lang;
    let desk = &view.bench.desk;
    let beliefs = &desk.bench.dossier.beliefs;
    let offers = logged(&desk.bench.dossier).offers;
    let said = |name: &String| {
        if let Some(e) = beliefs.evidence.iter().find(|e| e.id.get_ref() == name) {
            return lang.titled(e.who.of(lang), e.text.of(lang));
        }
        let offer = offers.iter().find(|o| o.name.as_str() == name);
        offer.map_or(name.as_str(), |o| o.name.of(lang)).to_owned()
    };
    html! {
        div.wide { table {
            caption { (lang.of("The belief day by day", "日ごとの信念")) }
            thead { tr {
                th scope="col" { (lang.of("published", "公表日")) } th scope="col" { (lang.of("evidence", "証拠")) }
                @for h in &beliefs.hypothesis { th.num scope="col" { (h.title.of(lang)) } }
                th scope="col" { (lang.of("wanted most, by this belief", "最も望むこと")) }
            } }
            tbody { @for day in days(&desk.bench, &desk.payoffs, &desk.belief) { tr {
                th scope="row" { @match &day.date { Some(date) => (lang.day(date)), None => (lang.of("at first", "当初")) } }
                td { @for (k, name) in day.evidence.iter().enumerate() { @if k > 0 { br; } (said(name)) } }
                @for p in &day.probabilities { td.num { (lang.chance(*p)) } }
                td { @if let Some(w) = &day.wanted { (w.hypothesis.of(lang)) span.sub { (lang.titled(w.issue.of(lang), w.option.of(lang))) " (" (lang.bn(w.option_busd)) ")" } } }
            } } }
        } }
    }
}

fn next_offer(view: &View, offer: &NextOffer) -> Markup {
    let lang = view.lang;
    let code = super::write_code(&offer.package.indices);
    html! {
        p { (lang.of("Accepted with probability ", "受諾確率 ")) b { (lang.chance(offer.prospect.acceptance)) } (lang.of(", expected gain ", "、期待利得 ")) (lang.bn(offer.prospect.expected)) (lang.of(", worst ", "、最悪 ")) (lang.bn(offer.prospect.worst)) " " (lang.unit()) "." }
        ul {
            @for x in &offer.package.they_give { li { (lang.of("they give: ", "相手：")) (x) } }
            @for x in &offer.package.we_give { li { (lang.of("we give: ", "わが方：")) (x) } }
        }
        a.button href=(shell::link("/table", &code)) { (lang.of("Put it on the table", "テーブルに載せる")) }
    }
}

fn questions(view: &View, rows: &[QuestionRow]) -> Markup {
    let lang = view.lang;
    html! {
        div.wide { table {
            thead { tr { th scope="col" { (lang.of("question", "質問")) } th.num scope="col" { (lang.of("worth, ", "価値、")) (lang.unit()) } th scope="col" { (lang.of("answer", "答え")) } th.num scope="col" { (lang.of("probability", "確率")) } th scope="col" { (lang.of("then offer", "その場合の提案")) } } }
            tbody { @for q in rows { @for (k, a) in q.answers.iter().enumerate() { tr {
                @if k == 0 { th scope="row" rowspan=(q.answers.len()) { (q.question) } td.num rowspan=(q.answers.len()) { (lang.amount(q.value)) } }
                td { (a.answer) } td.num { (lang.chance(a.probability)) }
                td { @if a.offer.is_empty() { (lang.of("nothing", "なし")) } @else { (a.offer_words.join(lang.of("; ", "、"))) } }
            } } } }
        } }
    }
}

fn form(view: &View) -> Markup {
    let lang = view.lang;
    let dossier = &view.bench.desk.bench.dossier;
    let theirs = dossier.head.theirs.get_ref();
    if view.app.is_read_only() {
        return html! { p.note { (lang.of("Nothing can be recorded here. `winset init DIR` makes a dossier of your own.", "ここには記録できません。`winset init DIR` で自分の案件を作成してください。")) } };
    }
    html! {
        form #offer.offer hx-post="/wants/offer" hx-target="#recorded" hx-swap="innerHTML" {
            label { span { (lang.of("Who", "主体")) } select name="party" { @for party in &dossier.parties.party { option value=(party.id.get_ref()) selected[party.id.get_ref() == theirs] { (party.title.of(lang)) } } } }
            label { span { (lang.of("What", "種類")) } select name="kind" { @for kind in [Kind::Offer, Kind::Position, Kind::Response] { option value=(super::name_of_kind(kind)) { (kind_of_entry(lang, kind)) } } } }
            label { span { (lang.of("Day", "日付")) } input type="date" name="date" value=(dossier.as_of) required; }
            @for (i, issue) in dossier.issues.issue.iter().enumerate() {
                label { span { (issue.title.of(lang)) } select name=(format!("o{i}")) {
                    option value="" { (lang.of("not named", "言及なし")) }
                    @for option in &issue.option { option value=(option.id.get_ref()) { (option.title.of(lang)) } }
                } }
            }
            label.grow { span { (lang.of("In words, and where it is written", "内容と出典")) } input name="note" maxlength="400" autocomplete="off"; }
            button { (lang.of("Record", "記録する")) }
        }
        div #recorded {}
        p.note { (lang.of(
            "An offer of theirs counts in the belief from its day on, up to the dossier's as-of date; issues that it does not name stay as they are. The log is appended to and never changed.",
            "相手の提案は、その日付から（案件の基準日まで）信念に反映されます。言及のない論点は変更なしとします。記録は追記のみです。",
        )) }
    }
}

/// Why nothing was recorded.
fn why_not(error: &LogError, lang: Lang) -> String {
    let ja = match error {
        LogError::BuiltIn(_) => "組み込みの案件には記録できません。",
        LogError::Name(_) => "この案件にない主体・論点・選択肢です。",
        LogError::EmptyOffer => {
            "提案には少なくとも一つの選択肢が必要です。選択肢のない発言は「立場」としてください。"
        }
        LogError::Silent => "立場・回答には選択肢か文章が必要です。",
        LogError::ToCome(_) => "まだ来ていない日付です。実際に発言のあった日を記録してください。",
        LogError::Log(_) => {
            "記録の連鎖が壊れているか、日付が最後の記録より前です。日付を確認してください。"
        }
        LogError::File { .. } => {
            "記録のファイルを読み書きできません。以前のファイルは元のままです。"
        }
    };
    lang.of(error.to_string(), ja.to_owned())
}

/// What is posted is recorded in the dossier's log; the page is then computed anew.
pub(super) async fn record(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(asked): Form<BTreeMap<String, String>>,
) -> Response {
    let lang = guard::language(&headers, app.settings.lang);
    if app.is_read_only() {
        return shell::refusal(
            StatusCode::FORBIDDEN,
            lang,
            "Nothing can be recorded here.",
            "ここには記録できません。",
        );
    }
    let Study::Ready(bench) = app.study() else {
        return shell::refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            lang,
            "The numbers are still being computed.",
            "計算中です。",
        );
    };
    let text = |key: &str| asked.get(key).map_or("", String::as_str);
    let kind = [Kind::Position, Kind::Offer, Kind::Response]
        .into_iter()
        .find(|kind| super::name_of_kind(*kind) == text("kind"));
    let (Some(kind), Ok(date)) = (kind, text("date").parse::<Date>()) else {
        return shell::refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            lang,
            "Give a day, and say whether it is an offer, a position or a response.",
            "日付と種類（提案・立場・回答）を指定してください。",
        );
    };
    let issues = &bench.desk.bench.dossier.issues.issue;
    let options = issues
        .iter()
        .enumerate()
        .map(|(i, issue)| {
            (
                issue.id.get_ref().clone(),
                text(&format!("o{i}")).to_owned(),
            )
        })
        .filter(|(_, option)| !option.is_empty())
        .collect();
    let said = Said {
        party: text("party").to_owned(),
        date,
        kind,
        options,
        note: text("note").chars().take(400).collect(),
    };
    let recorded = tokio::task::spawn_blocking(move || {
        dossier::record(&bench.desk.bench.dossier, &said).map_err(|e| why_not(&e, lang))
    })
    .await;
    match recorded {
        Ok(Ok(recorded)) => {
            app.compute();
            let said = html! { p.done role="status" { (lang.of("Recorded; keep this hash elsewhere: ", "記録しました。次のハッシュを別の場所に控えてください：")) code { (recorded.hash) } } };
            let waiting = shell::waiting(lang, &app.step());
            Html(html! { (said) (waiting) }.into_string()).into_response()
        }
        Ok(Err(message)) => {
            let mut response = Html(shell::failed(lang, &message).into_string()).into_response();
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
                .headers_mut()
                .insert("HX-Reswap", HeaderValue::from_static("innerHTML"));
            response
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let beliefs = &view.bench.desk.bench.dossier.beliefs;
    let wrong = view.brief().wrong.as_ref();
    Ok(html! {
        (belief(view)?)
        h2 { (lang.of("Record an offer, a position, a response", "提案・立場・回答の記録")) }
        (form(view))
        @if let Some(w) = wrong {
            h2 { (lang.of("What to offer next", "次の提案")) }
            @match &w.next_offer {
                Some(offer) => (next_offer(view, offer)),
                None => p { (lang.of("No package that can be signed is let through by everybody once it is solved exactly.", "厳密解で全員が認めるパッケージはありません。")) },
            }
            h2 { (lang.of("What to ask next", "次の質問")) }
            p.note { (lang.of("A question is worth the expected gain of the best offer after each answer, less that of the best offer now.", "質問の価値＝各回答後の最善提案の期待利得－現在の最善提案の期待利得。")) }
            (questions(view, &w.questions))
        }
        (path(view))
        h2 { (lang.of("Evidence and its weights", "証拠と重み")) }
        p.note { (lang.of("How likely each statement would be under each hypothesis: an assumption of the dossier.", "各仮説の下での発言の尤度（案件上の仮定）。")) }
        div.wide { table {
            thead { tr { th scope="col" { (lang.of("said", "発言日")) } th scope="col" { (lang.of("published", "公表日")) } th scope="col" { (lang.of("what", "内容")) } th scope="col" { (lang.of("source", "出典")) } @for h in &beliefs.hypothesis { th.num scope="col" { (h.title.of(lang)) } } } }
            tbody { @for e in &beliefs.evidence { tr {
                td { (lang.day(&e.said.get_ref().0)) } td { (lang.day(&e.published.get_ref().0)) } td { (lang.titled(e.who.of(lang), e.text.of(lang))) } td { (e.source.get_ref()) }
                @for h in &beliefs.hypothesis { td.num { @if let Some((_, p)) = e.likelihood.iter().find(|(k, _)| k.get_ref() == h.id.get_ref()) { (p.get_ref()) } } }
            } } }
        } }
    })
}
