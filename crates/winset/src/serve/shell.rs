//! What every page has around its room: head, rooms, language, and what is shown while numbers are computed.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::app::{App, Step};
use super::rooms::ROOMS;
use crate::lang::Lang;

/// What the frame of a page says.
pub(super) struct Frame<'a> {
    pub(super) lang: Lang,
    /// The path of the room.
    pub(super) path: &'a str,
    /// The room's title.
    pub(super) title: &'a str,
    /// The dossier's title and as-of date, where they are known.
    pub(super) dossier: Option<(&'a str, &'a str)>,
    /// The code of the package on the table; blank where there is none yet.
    pub(super) package: &'a str,
}

fn head(lang: Lang, title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="htmx-config" content=r#"{"includeIndicatorStyles":false,"allowEval":false,"historyCacheSize":0,"selfRequestsOnly":true,"responseHandling":[{"code":"204","swap":false},{"code":"...","swap":true}]}"#;
            title { (title) " · winset" }
            link rel="icon" href="/assets/icon.svg";
            link rel="stylesheet" href="/assets/page.css";
            script src="/assets/htmx.js" defer {}
            script src="/assets/page.js" defer data-lang=(lang) {}
        }
    }
}

/// A link to a path with the package on the table.
pub(super) fn link(path: &str, package: &str) -> String {
    if package.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?p={package}")
    }
}

/// The whole page of a room.
pub(super) fn page(app: &App, frame: &Frame<'_>, body: &Markup) -> Markup {
    let lang = frame.lang;
    let other = lang.of(Lang::Ja, Lang::En);
    let switch = match frame.package {
        "" => format!("{}?lang={other}", frame.path),
        p => format!("{}?p={p}&lang={other}", frame.path),
    };
    html! {
        (DOCTYPE)
        html lang=(lang) {
            (head(lang, frame.title))
            body {
                a.skip href="#room" { (lang.of("To the room", "本文へ")) }
                header.top {
                    a.name href=(link("/situation", frame.package)) { "winset" }
                    @if let Some((title, as_of)) = frame.dossier {
                        span.dossier { (title) }
                        span.as-of { (lang.of("as of ", "")) (lang.day(as_of)) (lang.of("", "現在")) }
                    }
                    @if app.is_read_only() { span.flag { (lang.of("read only", "閲覧のみ")) } }
                    a #lang.lang href=(switch) hreflang=(other) lang=(other) { (other.of("English", "日本語")) }
                }
                nav.rooms aria-label=(lang.of("Rooms", "画面")) {
                    @for (k, room) in ROOMS.iter().enumerate() {
                        a href=(link(room.path, frame.package)) data-room=(room.path) accesskey=(k + 1)
                            aria-current=[(room.path == frame.path).then_some("page")] {
                            kbd { (k + 1) } (lang.of(room.en, room.ja))
                        }
                    }
                }
                main #room tabindex="-1" {
                    h1 { (frame.title) }
                    (body)
                }
                div #said role="status" aria-live="polite" {}
                footer {
                    (lang.of(
                        "1–9 rooms · arrows options · u undo · a b c hold · / search. Nothing leaves this machine.",
                        "1–9 画面切替・矢印 選択肢・u 元に戻す・a b c 保持・/ 検索。情報はこの端末の外へ出ません。",
                    ))
                }
            }
        }
    }
}

/// What is shown while the numbers are computed: it asks again by itself.
pub(super) fn waiting(lang: Lang, step: &Step) -> Markup {
    html! {
        div.waiting hx-get="/status" hx-trigger="load delay:300ms" hx-swap="outerHTML" {
            p { (lang.of("The numbers are being computed from the dossier: ", "案件ファイルから計算しています：")) (said(lang, &step.what)) }
            progress max=(step.of.max(1)) value=(step.done) aria-label=(lang.of("progress", "進行")) {}
        }
    }
}

fn said(lang: Lang, what: &str) -> &str {
    let ja = match what {
        "reading the dossier" => "ファイルの読込み",
        "solving the worlds without a deal" => "合意なしの均衡",
        "solving options and pairs" => "選択肢とその組合せの均衡",
        "weighing the packages" => "パッケージの評価",
        "asking how sure this is" => "確からしさの検証",
        _ => "準備",
    };
    lang.of(what, ja)
}

/// What is wrong, as the command line would say it.
pub(super) fn failed(lang: Lang, message: &str) -> Markup {
    html! {
        div.failed role="alert" {
            p { (lang.of("The dossier cannot be computed. Put the file right and load this page again.", "案件ファイルを計算できません。ファイルを直してから再読込みしてください。")) }
            pre { (message) }
        }
    }
}

/// Why a question of the visitor's has no answer; the dossier itself was computed.
pub(super) fn unanswered(lang: Lang, message: &str) -> Markup {
    html! {
        div.failed role="alert" {
            p { (lang.of("What is asked has no answer. Ask for another day, line or package.", "この条件では答えがありません。日付・品目・パッケージを変えてください。")) }
            pre { (message) }
        }
    }
}

/// An answer that something could not be done, with its status.
pub(super) fn refusal(status: StatusCode, lang: Lang, en: &str, ja: &str) -> Response {
    let body = html! { p.failed role="alert" { (lang.of(en, ja)) } };
    (status, Html(body.into_string())).into_response()
}

/// The page that asks for the passphrase.
pub(super) fn enter(lang: Lang, action: &str, wrong: bool) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang=(lang) {
            (head(lang, lang.of("Passphrase", "パスフレーズ")))
            body.enter {
                main #room {
                    h1 { "winset" }
                    form method="post" action=(action) {
                        @if wrong { p.failed role="alert" { (lang.of("That is not the passphrase.", "パスフレーズが違います。")) } }
                        label for="passphrase" { (lang.of("Passphrase", "パスフレーズ")) }
                        input #passphrase type="password" name="passphrase" autocomplete="off" required autofocus;
                        button { (lang.of("Open", "開く")) }
                    }
                }
            }
        }
    };
    Html(page.into_string())
}
