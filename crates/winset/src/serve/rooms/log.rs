//! Room 8: who moved when; the log is appended to and never changed.

use maud::{Markup, html};

use super::View;
use crate::study::StudyError;

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let _ = view;
    Ok(html! {})
}
