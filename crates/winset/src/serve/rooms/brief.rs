//! Room 9: the brief as it would be sent, and its files.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::super::app::{App, Study};
use super::super::{guard, shell};
use super::View;
use crate::brief::Edition;
use crate::export::{self, Format};
use crate::study::StudyError;

/// The brief brings its own style and nothing else.
const PREVIEW: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

fn words(view: &View, format: Format) -> &'static str {
    let lang = view.lang;
    match format {
        Format::Html => "HTML",
        Format::Json => "JSON",
        Format::Pdf => "PDF",
        Format::Excel => "Excel",
        Format::Csv => "CSV (zip)",
        Format::Parquet => "Parquet (zip)",
        Format::Svg => lang.of("charts, SVG (zip)", "図 SVG (zip)"),
        Format::Png => lang.of("charts, PNG (zip)", "図 PNG (zip)"),
    }
}

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let downloads = |title: &str, query: &str| {
        html! {
            h2 { (title) }
            div.downloads { @for format in Format::ALL { a.button href=(format!("/brief/{}{query}", format.file_name())) download { (words(view, format)) } } }
        }
    };
    Ok(html! {
        (downloads(lang.of("The whole brief", "全体版"), ""))
        (downloads(lang.of("To share: without red lines, ratifiers' limits and beliefs", "共有版：譲れない線・批准者の条件・信念を除いたもの"), "?edition=shareable"))
        h2 { (lang.of("Preview", "プレビュー")) }
        iframe.preview src=(format!("/brief/{}?preview=1", Format::Html.file_name())) sandbox="" title=(lang.of("The brief", "説明資料")) {}
    })
}

/// A file of the brief, by its exact name.
pub(super) async fn file(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let lang = guard::language(&headers, app.settings.lang);
    let Some(format) = Format::ALL.into_iter().find(|f| f.file_name() == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Study::Ready(bench) = app.study() else {
        return shell::refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            lang,
            "The numbers are still being computed.",
            "計算中です。",
        );
    };
    let edition = if asked.get("edition").is_some_and(|e| e == "shareable") {
        Edition::Shareable
    } else {
        Edition::Full
    };
    let Ok(_turn) = app.engines.acquire().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let made = tokio::task::spawn_blocking(move || {
        export::write(&bench.written(lang).brief, format, edition)
    })
    .await;
    let bytes = match made {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => {
            let message = error.to_string();
            return shell::refusal(StatusCode::INTERNAL_SERVER_ERROR, lang, &message, &message);
        }
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if asked.contains_key("preview") && format == Format::Html {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PREVIEW));
    } else {
        let name = match edition {
            Edition::Full => name,
            Edition::Shareable => format!("shareable-{name}"),
        };
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
            headers.insert(CONTENT_DISPOSITION, value);
        }
    }
    response
}
