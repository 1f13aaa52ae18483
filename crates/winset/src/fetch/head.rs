//! What the head of an answer says.

use std::time::Duration;

use ureq::http::header::{CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, RETRY_AFTER};
use ureq::http::{HeaderMap, HeaderName};

pub(super) fn text<'a>(head: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    head.get(name)?.to_str().ok()
}

/// What a server may compare: a strong `ETag`, or else the date of its file.
pub(super) fn strong_mark(head: &HeaderMap) -> String {
    text(head, &ETAG)
        .filter(|tag| !tag.starts_with("W/"))
        .or_else(|| text(head, &LAST_MODIFIED))
        .unwrap_or_default()
        .to_owned()
}

/// `bytes 100-199/200` or `bytes */200`: the first byte, and how many there are in all.
pub(super) fn ranged(head: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let (range, all) = text(head, &CONTENT_RANGE)?
        .strip_prefix("bytes ")?
        .split_once('/')?;
    let from = range
        .split_once('-')
        .map_or(Some(0), |(from, _)| from.parse().ok())?;
    Some((from, all.parse().ok()))
}

/// Seconds, or a date.
pub(super) fn retry_after(head: &HeaderMap) -> Option<Duration> {
    let text = text(head, &RETRY_AFTER)?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    let wait = until.as_second() - jiff::Timestamp::now().as_second();
    Some(Duration::from_secs(u64::try_from(wait).unwrap_or(0)))
}

/// Whether it is a page for people.
pub(super) fn is_page(head: &HeaderMap) -> bool {
    text(head, &CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.to_ascii_lowercase();
        kind.starts_with("text/html") || kind.starts_with("application/xhtml")
    })
}
