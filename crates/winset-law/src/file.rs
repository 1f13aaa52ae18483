//! The measure file as it is written: TOML tables, word for word, with places. No meaning yet.

use serde::Deserialize;
use toml::Spanned;

/// A date, bare (`2025-04-05`) or quoted.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum RawDay {
    Text(String),
    Bare(toml::value::Datetime),
}

pub(crate) type Word = Spanned<String>;
pub(crate) type Day = Spanned<RawDay>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawFile {
    pub format: Spanned<i64>,
    #[serde(default)]
    pub covers: Vec<RawCovers>,
    #[serde(default)]
    pub act: Vec<RawAct>,
    #[serde(default)]
    pub measure: Vec<RawMeasure>,
    #[serde(default)]
    pub exemption: Vec<RawExemption>,
    #[serde(default)]
    pub suspension: Vec<RawSuspension>,
    #[serde(default)]
    pub voiding: Vec<RawVoiding>,
    #[serde(default)]
    pub amendment: Vec<RawAmendment>,
    #[serde(default)]
    pub list: Vec<RawList>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawCovers {
    pub importer: Word,
    pub from: Day,
    pub to: Day,
    /// All acts made known up to this day are in the files.
    pub acts_to: Day,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawAct {
    pub id: Word,
    pub title: String,
    pub signed: Day,
    pub public: Option<Day>,
    pub published: Option<Day>,
    pub known: Option<Word>,
    pub source: String,
    pub confidence: Word,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawMeasure {
    pub id: Word,
    pub title: String,
    pub authority: Word,
    pub importer: Word,
    pub heading: Option<String>,
    pub heading_if_nothing_due: Option<String>,
    #[serde(default)]
    pub origins: Vec<Word>,
    #[serde(default)]
    pub except_origins: Vec<Word>,
    pub goods: Vec<Word>,
    #[serde(default)]
    pub except_goods: Vec<Word>,
    pub rate: Option<Word>,
    pub basis: Option<Word>,
    /// Applies only where this fact is true of the entry.
    pub fact: Option<String>,
    pub asks: Option<String>,
    #[serde(default)]
    pub yields_to: Vec<Word>,
    #[serde(default)]
    pub prevails_over: Vec<Word>,
    #[serde(default)]
    pub adds_to: Vec<Word>,
    #[serde(default)]
    pub yields: Vec<RawYields>,
    pub period: Vec<RawPeriod>,
    pub confidence: Option<Word>,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawYields {
    pub to: Vec<Word>,
    pub on: Option<Word>,
    pub from: Option<Day>,
    pub until: Option<Day>,
    pub act: Option<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawPeriod {
    pub from: Day,
    pub to: Option<Day>,
    pub act: Word,
    #[serde(default)]
    pub origins: Vec<Word>,
    #[serde(default)]
    pub except_origins: Vec<Word>,
    pub heading: Option<String>,
    pub rate: Option<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawExemption {
    pub id: Word,
    pub title: String,
    pub heading: Option<String>,
    pub exempts: Vec<Word>,
    #[serde(default)]
    pub origins: Vec<Word>,
    #[serde(default)]
    pub goods: Vec<Word>,
    #[serde(default)]
    pub except_goods: Vec<Word>,
    /// Conditions: all that are given must hold.
    pub fact: Option<String>,
    pub claim: Option<String>,
    pub loaded_before: Option<Day>,
    pub share_at_least: Option<Word>,
    /// The fact whose share of the value is relieved; the whole value where absent.
    pub relieves_share: Option<String>,
    pub asks: Option<String>,
    pub period: Vec<RawPeriodOnly>,
    pub confidence: Option<Word>,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawPeriodOnly {
    pub from: Day,
    pub to: Option<Day>,
    pub act: Word,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawSuspension {
    pub measure: Word,
    pub from: Day,
    pub until: Option<Day>,
    pub act: Word,
    #[serde(default)]
    pub origins: Vec<Word>,
    #[serde(default)]
    pub except_origins: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawVoiding {
    pub measure: Word,
    /// The day from which it is no longer collected.
    pub stopped: Day,
    pub act: Word,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawAmendment {
    pub measure: Word,
    pub from: Day,
    pub to: Option<Day>,
    pub act: Word,
    #[serde(default)]
    pub origins: Vec<Word>,
    #[serde(default)]
    pub except_origins: Vec<Word>,
    #[serde(default)]
    pub goods: Vec<Word>,
    #[serde(default)]
    pub except_goods: Vec<Word>,
    pub rate: Option<Word>,
    #[serde(default)]
    pub ends: bool,
    pub heading: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawList {
    pub id: Word,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub title: Option<String>,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub source: Option<String>,
    pub codes: Vec<Word>,
}
