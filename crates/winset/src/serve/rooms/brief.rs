//! Room 9: the brief as it would be sent, and its files.

use maud::{Markup, html};

use super::View;
use crate::study::StudyError;

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let _ = view;
    Ok(html! {})
}

pub(super) async fn file() {}
