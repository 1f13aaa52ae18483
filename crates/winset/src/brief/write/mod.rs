//! The brief as a document: every sentence, table and chart of it, once, for all formats.

mod demands;
mod doubt;
mod no_deal;
pub(super) mod numbers;
mod others;
mod packages;
mod situation;
mod wrong;

use super::{Brief, Edition};
use crate::document::{Block, Document, Section};
use numbers::day;

impl Brief {
    /// The brief as headings, paragraphs, tables and charts.
    pub fn document(&self) -> Document {
        let edition = match self.edition {
            Edition::Full => "Briefing",
            Edition::Shareable => "Briefing, edition for sharing",
        };
        let parts: [(&str, &str, Vec<Block>); 8] = [
            ("situation", "Where we stand", situation::blocks(self)),
            ("no-deal", "No deal", no_deal::blocks(self)),
            (
                "demands",
                "Their demands, one by one",
                demands::blocks(self),
            ),
            ("chips", "Our chips", demands::chips(self)),
            ("packages", "Packages", packages::blocks(self)),
            (
                "wrong",
                "If we are wrong about them",
                packages::if_wrong(self),
            ),
            ("others", "Everyone else", others::blocks(self)),
            ("doubt", "How sure", doubt::blocks(self)),
        ];
        Document {
            language: "en",
            title: self.title.clone(),
            kicker: format!(
                "{edition} · law and statements as published by {} · computed from {}",
                day(&self.as_of),
                self.dossier
            ),
            answer: self.sentences.clone(),
            sections: parts
                .into_iter()
                .filter(|(_, _, blocks)| !blocks.is_empty())
                .map(|(id, title, blocks)| Section {
                    id,
                    title: title.to_owned(),
                    blocks,
                })
                .collect(),
            footer: "Money is bn USD a year unless said otherwise. Every number comes from the engines, the embedded official data and the dossier's text files; the same numbers are in brief.json.".to_owned(),
        }
    }
}
