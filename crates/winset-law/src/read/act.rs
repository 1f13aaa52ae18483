//! Acts: when they count as known, and how sure they are.

use winset_io::{Problem, Problems, Source};

use super::read_day;
use crate::file::{RawAct, Word};
use crate::measure::{Act, Confidence};

pub(crate) fn read_act(source: &Source, raw: &RawAct, problems: &mut Problems) -> Act {
    let signed = read_day(source, &raw.signed, problems);
    let public = raw
        .public
        .as_ref()
        .map_or(signed, |d| read_day(source, d, problems));
    let published = raw
        .published
        .as_ref()
        .map(|d| read_day(source, d, problems));
    let known = match raw.known.as_ref().map(|w| (w, w.get_ref().as_str())) {
        None | Some((_, "signed")) => signed.max(public),
        Some((word, "published")) => published.unwrap_or_else(|| {
            problems.push(
                Problem::at(
                    source,
                    word.span(),
                    format!("act `{}` has no date of publication", raw.id.get_ref()),
                )
                .help("add `published = \"…\"`, or leave `known` out"),
            );
            signed
        }),
        Some((word, other)) => {
            problems.push(
                Problem::at(
                    source,
                    word.span(),
                    format!("`{other}` is no way for an act to be known"),
                )
                .help("write \"signed\" or \"published\""),
            );
            signed
        }
    };
    if let Some(published) = published
        && published < signed
    {
        problems.push(
            Problem::at(
                source,
                raw.signed.span(),
                "the act was published before it was signed",
            )
            .help("check both dates"),
        );
    }
    let confidence = confidence(source, &raw.confidence, problems);
    let source_text = match confidence {
        Confidence::Verified => raw.source.clone(),
        other => format!("{} ({other})", raw.source),
    };
    Act {
        id: raw.id.get_ref().as_str().into(),
        title: raw.title.as_str().into(),
        known,
        source: source_text.into(),
        confidence,
    }
}

pub(super) fn confidence(source: &Source, word: &Word, problems: &mut Problems) -> Confidence {
    Confidence::read(word.get_ref()).unwrap_or_else(|| {
        problems.push(
            Problem::at(
                source,
                word.span(),
                format!("`{}` is no confidence", word.get_ref()),
            )
            .help(
                "write V (read in the text), S (secondary source), I (computed) or M (from memory)",
            ),
        );
        Confidence::Memory
    })
}
