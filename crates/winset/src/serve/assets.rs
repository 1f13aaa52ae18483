//! The page's own files, embedded: style, script, and the library that swaps parts of the page.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// Name, media type, bytes.
const ALL: [(&str, &str, &[u8]); 4] = [
    (
        "page.css",
        "text/css; charset=utf-8",
        include_bytes!("../../assets/page/page.css"),
    ),
    (
        "page.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../assets/page/page.js"),
    ),
    (
        "htmx.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../assets/page/htmx.min.js"),
    ),
    (
        "icon.svg",
        "image/svg+xml",
        include_bytes!("../../assets/page/icon.svg"),
    ),
];

/// A file by its exact name; nothing else is reachable.
pub(super) async fn get(Path(name): Path<String>) -> Response {
    let Some((_, kind, bytes)) = ALL.iter().find(|(n, ..)| *n == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = (*bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    // The files change with the binary alone, and the link with every start.
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=600"),
    );
    response
}
