//! Who may speak to the page: Host, Origin, the token, and what every answer carries.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, LOCATION, ORIGIN, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::app::App;
use crate::lang::Lang;
use crate::secret::{Passphrase, Token};

/// The page loads nothing but its own files, and nobody may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

const SESSION: &str = "winset";
const LANGUAGE: &str = "winset-lang";

/// How long an answer may take, the reading of the question included.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a visitor must know, and under which names the page may be called.
#[derive(Debug)]
pub(super) struct Guard {
    token: Token,
    /// What the cookie holds: the token's holder has typed the passphrase where there is one.
    session: Token,
    passphrase: Option<Passphrase>,
    /// Names with the port under which loopback is called; none where a certificate vouches for the name.
    hosts: Vec<String>,
    scheme: &'static str,
}

impl Guard {
    pub(super) fn new(at: SocketAddr, passphrase: Option<Passphrase>) -> std::io::Result<Self> {
        let port = at.port();
        let beyond = passphrase.is_some();
        let hosts = if beyond {
            Vec::new()
        } else {
            [format!("{}", at.ip()), "localhost".to_owned()]
                .into_iter()
                .map(|name| {
                    let name = if name.contains(':') {
                        format!("[{name}]")
                    } else {
                        name
                    };
                    format!("{name}:{port}")
                })
                .collect()
        };
        Ok(Self {
            token: Token::new()?,
            session: Token::new()?,
            passphrase,
            hosts,
            scheme: if beyond { "https" } else { "http" },
        })
    }

    /// The link that opens the page.
    pub(super) fn link(&self, at: SocketAddr) -> String {
        format!("{}://{at}/?token={}", self.scheme, self.token.reveal())
    }

    fn host_is_ours(&self, headers: &HeaderMap) -> Option<String> {
        let host = headers.get(HOST)?.to_str().ok()?;
        let known = self.hosts.is_empty() || self.hosts.iter().any(|h| h == host);
        known.then(|| host.to_owned())
    }

    /// Whether the request comes from a page of ours, or from no page at all.
    fn origin_is_ours(&self, request: &Request, host: &str) -> bool {
        let headers = request.headers();
        let text = |name: HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
        let origin = text(ORIGIN);
        let site = text(HeaderName::from_static("sec-fetch-site"));
        if site.is_some_and(|site| site != "same-origin" && site != "none") {
            return false;
        }
        let ours = format!("{}://{host}", self.scheme);
        match origin {
            Some(origin) => origin == ours,
            // A change must name where it comes from; looking need not.
            None => request.method() == Method::GET || request.method() == Method::HEAD,
        }
    }

    fn holds_session(&self, headers: &HeaderMap) -> bool {
        cookie(headers, SESSION).is_some_and(|value| self.session.is(value))
    }

    fn session_cookie(&self) -> String {
        let secure = if self.scheme == "https" {
            "; Secure"
        } else {
            ""
        };
        format!(
            "{SESSION}={}; HttpOnly; SameSite=Strict; Path=/{secure}",
            self.session.reveal()
        )
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The value of a key of the query, as it stands.
fn query<'a>(uri: &'a Uri, key: &str) -> Option<&'a str> {
    uri.query()?
        .split('&')
        .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
}

/// The language a visitor has chosen, or else that of the start.
pub(super) fn language(headers: &HeaderMap, default: Lang) -> Lang {
    cookie(headers, LANGUAGE)
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

fn redirect(to: &str, cookie: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    for (name, value) in [(LOCATION, to), (SET_COOKIE, cookie)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

fn refuse(lang: Lang, en: &'static str, ja: &'static str) -> Response {
    (StatusCode::FORBIDDEN, lang.of(en, ja)).into_response()
}

/// Lets through whoever holds the token, speaks to our name and comes from our page.
pub(super) async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let lang = language(request.headers(), app.settings.lang);
    let mut response = match decide(&app, request, next, lang).await {
        Ok(response) | Err(response) => response,
    };
    let headers = response.headers_mut();
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (X_FRAME_OPTIONS, "SAMEORIGIN"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn decide(
    app: &Arc<App>,
    request: Request,
    next: Next,
    lang: Lang,
) -> Result<Response, Response> {
    let guard = &app.guard;
    let Some(host) = guard.host_is_ours(request.headers()) else {
        return Err(refuse(
            lang,
            "This name is not one of this page's.",
            "この名前ではこのページを開けません。",
        ));
    };
    if !guard.origin_is_ours(&request, &host) {
        return Err(refuse(
            lang,
            "This came from another page.",
            "別のページからの要求は受け付けません。",
        ));
    }
    let given = query(request.uri(), "token").is_some_and(|text| guard.token.is(text));
    if given && request.uri().path() == "/" {
        return match &guard.passphrase {
            None => Ok(redirect("/", &guard.session_cookie())),
            Some(passphrase) => enter(app, request, passphrase, lang).await,
        };
    }
    if !guard.holds_session(request.headers()) {
        return Err(refuse(
            lang,
            "Open the page by the link that `winset serve` printed.",
            "`winset serve` が表示したリンクから開いてください。",
        ));
    }
    if let Some(chosen) = query(request.uri(), "lang").and_then(|text| text.parse::<Lang>().ok()) {
        let uri = request.uri();
        let rest: Vec<&str> = uri
            .query()
            .unwrap_or("")
            .split('&')
            .filter(|pair| !pair.starts_with("lang=") && !pair.is_empty())
            .collect();
        let to = if rest.is_empty() {
            uri.path().to_owned()
        } else {
            format!("{}?{}", uri.path(), rest.join("&"))
        };
        let cookie = format!("{LANGUAGE}={chosen}; SameSite=Strict; Path=/; Max-Age=31536000");
        return Ok(redirect(&to, &cookie));
    }
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => Ok(response),
        Err(_) => Err((
            StatusCode::REQUEST_TIMEOUT,
            lang.of("This took too long.", "時間がかかりすぎました。"),
        )
            .into_response()),
    }
}

/// The passphrase: asked for, and taken. Wrong ones are answered one at a time and slowly.
async fn enter(
    app: &Arc<App>,
    request: Request,
    passphrase: &Passphrase,
    lang: Lang,
) -> Result<Response, Response> {
    let action = format!("/?token={}", app.guard.token.reveal());
    let form = |wrong: bool| super::shell::enter(lang, &action, wrong).into_response();
    if request.method() != Method::POST {
        return Ok(form(false));
    }
    let turn = app.attempts.lock().await;
    let read = axum::body::to_bytes(request.into_body(), 4096);
    let Ok(Ok(body)) = tokio::time::timeout(Duration::from_secs(10), read).await else {
        return Err(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    };
    let typed = form_urlencoded::parse(&body)
        .find(|(key, _)| key == "passphrase")
        .map(|(_, value)| value.into_owned());
    if typed.is_some_and(|typed| passphrase.is(&typed)) {
        return Ok(redirect("/", &app.guard.session_cookie()));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    drop(turn);
    let mut response: Response<Body> = form(true);
    *response.status_mut() = StatusCode::FORBIDDEN;
    Ok(response)
}
