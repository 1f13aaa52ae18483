//! The brief as a document: every sentence, table and chart of it, once, for all formats.

mod demands;
mod doubt;
mod no_deal;
pub(super) mod numbers;
mod others;
mod packages;
mod situation;

use super::{Brief, Edition};
use crate::document::{Block, Document, Section};

impl Brief {
    /// The brief as headings, paragraphs, tables and charts.
    pub fn document(&self) -> Document {
        let lang = self.language;
        let edition = match self.edition {
            Edition::Full => lang.of("Briefing", "説明資料"),
            Edition::Shareable => lang.of("Briefing, edition for sharing", "説明資料（共有版）"),
        };
        let as_of = lang.day(&self.as_of);
        let parts: [(&str, &str, Vec<Block>); 8] = [
            (
                "situation",
                lang.of("Where we stand", "現状"),
                situation::blocks(self),
            ),
            (
                "no-deal",
                lang.of("No deal", "合意なしの場合"),
                no_deal::blocks(self),
            ),
            (
                "demands",
                lang.of("Their demands, one by one", "相手の要求（個別）"),
                demands::blocks(self),
            ),
            (
                "chips",
                lang.of("Our chips", "わが方の交渉材料"),
                demands::chips(self),
            ),
            (
                "packages",
                lang.of("Packages", "パッケージ"),
                packages::blocks(self),
            ),
            (
                "wrong",
                lang.of("If we are wrong about them", "相手の見立てが違っていたら"),
                packages::if_wrong(self),
            ),
            (
                "others",
                lang.of("Everyone else", "第三国"),
                others::blocks(self),
            ),
            (
                "doubt",
                lang.of("How sure", "確からしさ"),
                doubt::blocks(self),
            ),
        ];
        Document {
            language: lang,
            title: self.title.clone(),
            kicker: lang.of(
                format!(
                    "{edition} · law and statements as published by {as_of} · computed from {}",
                    self.dossier
                ),
                format!(
                    "{edition}・{as_of}までに公布・公表された法令と発言・{}から計算",
                    self.dossier
                ),
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
            footer: lang.of(
                "Money is bn USD a year unless said otherwise. Every number comes from the engines, the embedded official data and the dossier's text files; the same numbers are in brief.json.",
                "金額は特に断らない限り年額、単位は億ドル。数値は全て計算エンジン、組み込みの公式データ、案件のテキストファイルによる。同じ数値は brief.json にある（単位は十億ドル）。",
            )
            .to_owned(),
        }
    }
}
