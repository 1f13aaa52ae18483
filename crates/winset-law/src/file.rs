//! The measure file as it is written: TOML tables, word for word, with places. No meaning yet.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// A date, bare (`2025-04-05`) or quoted.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum RawDay {
    Text(String),
    Bare(toml::value::Datetime),
}

/// Names of which there is one at least: an emptied list must not come to mean all.
fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Word>, D::Error> {
    let words = Vec::deserialize(deserializer)?;
    if words.is_empty() {
        return Err(D::Error::custom(
            "the list is empty: name something, or leave the key out",
        ));
    }
    Ok(words)
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
    #[serde(default)]
    pub family: Vec<RawFamily>,
    #[serde(default)]
    pub reading: Vec<RawReading>,
    #[serde(default)]
    pub fee: Vec<RawFee>,
    #[serde(default)]
    pub rounding: Vec<RawRounding>,
    #[serde(default)]
    pub stacking: Vec<RawStacking>,
    #[serde(default)]
    pub filing: Vec<RawFiling>,
    #[serde(default)]
    pub quota: Vec<RawQuota>,
}

/// A relation among many measures at once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawStacking {
    pub measures: Vec<Word>,
    #[serde(default)]
    pub yields_to: Vec<Word>,
    #[serde(default)]
    pub adds_to: Vec<Word>,
    pub on: Option<Word>,
    pub from: Option<Day>,
    pub until: Option<Day>,
    pub act: Option<Word>,
    /// Where it stands, for the trace; the act's own source where absent.
    pub source: Option<String>,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub note: Option<String>,
}

/// A tariff-rate quota and what was left of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawQuota {
    pub id: Word,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub title: String,
    /// The fact that is true once it is full.
    pub fact: Word,
    /// The measures that ask.
    pub of: Vec<Word>,
    pub unit: String,
    pub period: Vec<RawQuotaPeriod>,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawQuotaPeriod {
    pub from: Day,
    pub to: Day,
    pub act: Word,
    #[serde(default, deserialize_with = "named")]
    pub origins: Vec<Word>,
    #[serde(default)]
    pub except_origins: Vec<Word>,
    pub volume: Word,
    #[serde(default)]
    pub position: Vec<RawPosition>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawPosition {
    pub on: Day,
    pub left: Word,
}

/// The order in which headings are declared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawFiling {
    pub importer: Word,
    pub order: Vec<String>,
    pub act: Word,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawFamily {
    pub id: Word,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub title: Option<String>,
    pub rule: Word,
    pub from: Option<Day>,
    pub until: Option<Day>,
    pub act: Option<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawReading {
    pub id: Word,
    pub title: String,
    pub options: Vec<String>,
    pub default: Word,
    pub source: String,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawFee {
    pub id: Word,
    pub title: String,
    pub authority: String,
    pub importer: Word,
    #[serde(default, deserialize_with = "named")]
    pub origins: Vec<Word>,
    #[serde(default)]
    pub except_origins: Vec<Word>,
    #[serde(default)]
    pub when: Vec<Word>,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub asks: Option<String>,
    pub period: Vec<RawFeePeriod>,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawFeePeriod {
    pub from: Day,
    pub to: Option<Day>,
    pub act: Word,
    pub rate: Word,
    /// Limits per entry, in the importer's currency.
    pub least: Option<Word>,
    pub most: Option<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawRounding {
    pub importer: Word,
    pub from: Day,
    pub to: Option<Day>,
    pub act: Word,
    pub value: Option<Word>,
    pub quantity: Option<Word>,
    /// Quantities under a specific rate above `rate` are rounded so.
    pub quantity_if_rate_above: Option<RawDearQuantity>,
    pub duty: Option<Word>,
    /// `component` or `total`.
    pub of: Option<Word>,
    #[allow(dead_code, reason = "for the reader of the file")]
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawDearQuantity {
    pub rate: Word,
    pub round: Word,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawCovers {
    pub importer: Word,
    #[serde(default, deserialize_with = "named")]
    pub origins: Vec<Word>,
    #[serde(default)]
    pub except_origins: Vec<Word>,
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
    #[serde(default, deserialize_with = "named")]
    pub origins: Vec<Word>,
    #[serde(default)]
    pub except_origins: Vec<Word>,
    #[serde(deserialize_with = "named")]
    pub goods: Vec<Word>,
    #[serde(default)]
    pub except_goods: Vec<Word>,
    pub rate: Option<Word>,
    pub basis: Option<Word>,
    /// Where these hold, an inclusive rate on a part of the value counts the base duty of the whole article.
    #[serde(default)]
    pub whole_base_when: Vec<Word>,
    /// Applies only where all of these hold.
    #[serde(default)]
    pub when: Vec<Word>,
    pub asks: Option<String>,
    pub family: Option<Word>,
    pub heading_if_yields: Option<String>,
    /// Declared for the part of the value beside the material it is on.
    pub heading_of_rest: Option<String>,
    /// Owed in place of the base duty.
    #[serde(default)]
    pub replaces_base: bool,
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
    #[serde(default, deserialize_with = "named")]
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
    #[serde(default, deserialize_with = "named")]
    pub origins: Vec<Word>,
    #[serde(default, deserialize_with = "named")]
    pub goods: Vec<Word>,
    #[serde(default)]
    pub except_goods: Vec<Word>,
    /// Exempts only where all of these hold.
    #[serde(default)]
    pub when: Vec<Word>,
    /// The fact whose share of the value is relieved; the whole value where absent.
    pub relieves_share: Option<String>,
    /// Declared, in place of the measure's own, for the share that is not relieved.
    pub heading_of_rest: Option<String>,
    pub asks: Option<String>,
    /// Asked of these goods alone; of all that it covers where absent.
    #[serde(default, deserialize_with = "named")]
    pub asks_of: Vec<Word>,
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
    /// The act ends it.
    #[serde(default)]
    pub ends: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawSuspension {
    pub measure: Word,
    pub from: Day,
    pub until: Option<Day>,
    pub act: Word,
    #[serde(default, deserialize_with = "named")]
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
    #[serde(default, deserialize_with = "named")]
    pub origins: Vec<Word>,
    #[serde(default)]
    pub except_origins: Vec<Word>,
    #[serde(default, deserialize_with = "named")]
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
