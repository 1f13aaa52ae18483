//! The rooms of the page, one file each. A room is a path, a title and a function from the numbers to markup;
//! a part is the same without a frame, for the script to swap in.

// Every room has the signature of those that can fail.
#![allow(clippy::unnecessary_wraps)]

mod brief;
mod chips;
mod frontier;
mod goods;
mod log;
mod others;
mod situation;
mod table;
mod wants;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};
use winset_talks::log::Kind;

use super::app::{App, Study};
use super::shell::{self, Frame};
use super::workbench::{Workbench, read_code, write_code};
use super::{assets, guard};
use crate::brief::Brief;
use crate::lang::Lang;
use crate::study::StudyError;

/// The largest body of a request, bytes.
const BODY: usize = 64 * 1024;

/// A room.
pub(super) struct Room {
    pub(super) path: &'static str,
    pub(super) en: &'static str,
    pub(super) ja: &'static str,
    body: Make,
}

type Make = fn(&View) -> Result<Markup, StudyError>;

/// The rooms in the order in which the questions are asked.
pub(super) const ROOMS: [Room; 9] = [
    Room {
        path: "/situation",
        en: "Situation",
        ja: "現状",
        body: situation::room,
    },
    Room {
        path: "/goods",
        en: "Goods",
        ja: "品目",
        body: goods::room,
    },
    Room {
        path: "/chips",
        en: "Demands and chips",
        ja: "要求と交渉材料",
        body: chips::room,
    },
    Room {
        path: "/table",
        en: "The table",
        ja: "交渉テーブル",
        body: table::room,
    },
    Room {
        path: "/frontier",
        en: "Frontier",
        ja: "フロンティア",
        body: frontier::room,
    },
    Room {
        path: "/wants",
        en: "What they want",
        ja: "相手の狙い",
        body: wants::room,
    },
    Room {
        path: "/others",
        en: "Everyone else",
        ja: "第三国",
        body: others::room,
    },
    Room {
        path: "/log",
        en: "Log",
        ja: "記録",
        body: log::room,
    },
    Room {
        path: "/brief",
        en: "Brief",
        ja: "説明資料",
        body: brief::room,
    },
];

/// Parts of rooms that follow what is moved.
const PARTS: [(&str, Make); 7] = [
    ("/situation/day", situation::day),
    ("/goods/list", goods::list),
    ("/goods/trace", goods::trace),
    ("/table/numbers", table::numbers),
    ("/table/exact", table::exact),
    ("/table/compare", table::compare),
    ("/others/claims", others::claims),
];

/// What a room or a part is made from.
pub(super) struct View {
    pub(super) app: Arc<App>,
    pub(super) bench: Arc<Workbench>,
    pub(super) lang: Lang,
    /// The package on the table.
    pub(super) package: Vec<u16>,
    asked: BTreeMap<String, String>,
}

impl View {
    /// A key of the query, where it is not blank.
    pub(super) fn asked(&self, key: &str) -> Option<&str> {
        self.asked
            .get(key)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// A day of the query; `unasked` where it names none.
    ///
    /// # Errors
    /// What is asked for is no day.
    pub(super) fn asked_day(&self, key: &str, unasked: Date) -> Result<Date, StudyError> {
        let Some(text) = self.asked(key) else {
            return Ok(unasked);
        };
        text.parse().map_err(|_| {
            StudyError::Missing(self.lang.of(
                format!("`{text}` is no day: write year, month and day, such as 2025-04-16."),
                format!(
                    "`{text}` は日付ではありません。2025-04-16 のように年・月・日を書いてください。"
                ),
            ))
        })
    }

    /// The package on the table as the links carry it.
    pub(super) fn code(&self) -> String {
        write_code(&self.package)
    }

    /// Both sides as people call them, ours first.
    pub(super) fn sides(&self) -> [&str; 2] {
        let [ours, theirs] = &self.brief().sides;
        [ours, theirs]
    }

    /// The brief in the page's language.
    pub(super) fn brief(&self) -> &Brief {
        &self.bench.written(self.lang).brief
    }
}

/// All paths of the page, behind the guard.
pub(super) fn router(app: Arc<App>) -> Router {
    let mut router = Router::new()
        .route("/", get(|| async { Redirect::to("/situation") }))
        .route("/assets/{name}", get(assets::get))
        .route("/status", get(status))
        .route("/table/save", post(table::save))
        .route("/wants/offer", post(wants::record))
        .route("/brief/{file}", get(brief::file));
    for room in &ROOMS {
        let handler = move |State(app): State<Arc<App>>,
                            headers: HeaderMap,
                            Query(asked): Query<BTreeMap<String, String>>| async move {
            show(app, &headers, asked, room).await
        };
        router = router.route(room.path, get(handler));
    }
    for (path, make) in PARTS {
        let handler = move |State(app): State<Arc<App>>,
                            headers: HeaderMap,
                            Query(asked): Query<BTreeMap<String, String>>| async move {
            part(app, &headers, asked, make).await
        };
        router = router.route(path, get(handler));
    }
    router
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            guard::check,
        ))
        .with_state(app)
}

/// Makes markup aside, so that the server goes on answering; two at a time. What went wrong is markup too.
async fn made(view: View, make: Make) -> Markup {
    let (app, lang) = (Arc::clone(&view.app), view.lang);
    let Ok(_turn) = app.engines.acquire().await else {
        return html! {};
    };
    let worked = tokio::task::spawn_blocking(move || make(&view).map_err(|e| e.to_string())).await;
    // An engine that gave way must not take the server with it.
    let gave_way = lang.of(
        "This room could not be made.",
        "この画面を作成できませんでした。",
    );
    worked
        .unwrap_or_else(|_| Err(gave_way.to_owned()))
        .unwrap_or_else(|message| shell::unanswered(lang, &message))
}

fn view(
    app: Arc<App>,
    bench: Arc<Workbench>,
    lang: Lang,
    asked: BTreeMap<String, String>,
) -> Option<View> {
    let sizes = bench.sizes();
    let mut package = match asked.get("p").filter(|p| !p.is_empty()) {
        Some(code) => read_code(code, &sizes)?,
        None => bench.first(),
    };
    // The segments of the table name their options one by one.
    for (i, option) in package.iter_mut().enumerate() {
        if let Some(text) = asked.get(&format!("o{i}")) {
            *option = read_code(text, &sizes[i..=i])?[0];
        }
    }
    Some(View {
        app,
        bench,
        lang,
        package,
        asked,
    })
}

fn no_package(lang: Lang) -> Response {
    shell::refusal(
        StatusCode::NOT_FOUND,
        lang,
        "The link names a package that this dossier does not have.",
        "このリンクのパッケージはこの案件にありません。",
    )
}

async fn show(
    app: Arc<App>,
    headers: &HeaderMap,
    asked: BTreeMap<String, String>,
    room: &'static Room,
) -> Response {
    let lang = guard::language(headers, app.settings.lang);
    let frame = |dossier, package| Frame {
        lang,
        path: room.path,
        title: lang.of(room.en, room.ja),
        dossier,
        package,
    };
    let code = asked.get("p").cloned().unwrap_or_default();
    match app.fresh() {
        Study::Working => {
            let body = shell::waiting(lang, &app.step());
            let safe: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
            Html(shell::page(&app, &frame(None, &safe), &body).into_string()).into_response()
        }
        Study::Failed(failed) => {
            let body = shell::failed(lang, &failed.message);
            Html(shell::page(&app, &frame(None, ""), &body).into_string()).into_response()
        }
        Study::Ready(bench) => {
            let Some(view) = view(Arc::clone(&app), Arc::clone(&bench), lang, asked) else {
                return no_package(lang);
            };
            let code = view.code();
            let body = made(view, room.body).await;
            let brief = &bench.written(lang).brief;
            let frame = frame(Some((&brief.title, &brief.as_of)), &code);
            Html(shell::page(&app, &frame, &body).into_string()).into_response()
        }
    }
}

async fn part(
    app: Arc<App>,
    headers: &HeaderMap,
    asked: BTreeMap<String, String>,
    make: Make,
) -> Response {
    let lang = guard::language(headers, app.settings.lang);
    let Study::Ready(bench) = app.study() else {
        return Html(shell::waiting(lang, &app.step()).into_string()).into_response();
    };
    let Some(view) = view(app, bench, lang, asked) else {
        return no_package(lang);
    };
    let body = made(view, make).await;
    Html(body.into_string()).into_response()
}

/// How far the numbers are; when they are there, the page loads itself again.
async fn status(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let lang = guard::language(&headers, app.settings.lang);
    match app.study() {
        Study::Working => Html(shell::waiting(lang, &app.step()).into_string()).into_response(),
        Study::Ready(_) | Study::Failed(_) => {
            let mut response = html! {}.into_string().into_response();
            response
                .headers_mut()
                .insert("HX-Refresh", HeaderValue::from_static("true"));
            response
        }
    }
}

/// A kind of entry as it is posted.
fn name_of_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Position => "position",
        Kind::Offer => "offer",
        Kind::Response => "response",
    }
}

/// A kind of entry as people call it.
fn kind_of_entry(lang: Lang, kind: Kind) -> &'static str {
    match kind {
        Kind::Position => lang.of("position", "立場"),
        Kind::Offer => lang.of("offer", "提案"),
        Kind::Response => lang.of("response", "回答"),
    }
}

/// A number cell, coloured by its sign.
fn signed(x: f64, text: &str) -> Markup {
    let class = if x > 0.004 {
        "num up"
    } else if x < -0.004 {
        "num down"
    } else {
        "num"
    };
    html! { td class=(class) { (text) } }
}

/// A chart of the brief, by its name.
fn figure(view: &View, name: &str) -> Markup {
    let figures = view.bench.written(view.lang).document.figures();
    let found = figures.into_iter().find(|f| f.name == name);
    html! {
        @if let Some(figure) = found {
            figure.chart { (PreEscaped(&figure.svg)) figcaption { (figure.caption) } }
        }
    }
}
