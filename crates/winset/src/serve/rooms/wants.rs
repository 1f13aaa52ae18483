//! Room 6: what they may want, what speaks for it, and what an offer of theirs would teach.

use maud::{Markup, html};

use super::View;
use crate::study::StudyError;

pub(super) fn room(view: &View) -> Result<Markup, StudyError> {
    let lang = view.lang;
    let packages = &view.bench.brief.packages;
    Ok(html! {
        table.small { caption { (lang.of("What we believe today", "現在の信念")) }
            tbody { @for (title, p) in packages.hypotheses.iter().zip(&packages.probabilities) { tr {
                th scope="row" { (title) } td { meter min="0" max="1" value=(format!("{p:.3}")) {} } td.num { (lang.chance(*p)) }
            } } }
        }
    })
}
