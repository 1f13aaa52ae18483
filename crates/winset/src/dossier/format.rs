//! The dossier's text files as they are written: shapes only, no meaning.
//!
//! Names that refer to something elsewhere are [`Spanned`], so that a fault can be shown where it stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::text::Text;

/// A name with its place in the text.
pub type Name = Spanned<String>;

/// A day with its place in the text, written bare (`2025-04-16`) or quoted.
pub type Day = Spanned<DayText>;

/// The text of a day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RawDay")]
pub struct DayText(pub String);

#[derive(Deserialize)]
#[serde(untagged)]
enum RawDay {
    Text(String),
    Bare(toml::value::Datetime),
}

impl From<RawDay> for DayText {
    fn from(raw: RawDay) -> Self {
        match raw {
            RawDay::Text(text) => Self(text),
            RawDay::Bare(day) => Self(day.to_string()),
        }
    }
}

/// `dossier.toml`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct DossierFile {
    pub format: Spanned<u32>,
    pub title: Text,
    /// The law and the statements as published by this day.
    pub as_of: Day,
    pub ours: Name,
    pub theirs: Name,
    pub clock: Clock,
    pub law: LawChoice,
    pub economy: EconomyChoice,
    pub no_deal: Vec<NoDeal>,
    pub doubt: Doubt,
    /// Third countries that negotiate with the other side as well.
    #[serde(default)]
    pub queue: Vec<QueueText>,
    #[serde(default)]
    pub log: Vec<LogEntry>,
    /// Domestic acts as people call them; one that is not here is called by its name.
    #[serde(default)]
    pub acts: BTreeMap<Name, Text>,
}

/// The dates of a dossier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Clock {
    pub cliff: Day,
    pub after: Day,
    pub days: Vec<Day>,
    pub baseline: Day,
    /// What `winset clock` needs beside the dates.
    #[serde(default)]
    pub offers: Option<OffersInTurn>,
}

/// Offers in turn, one a week, until the cliff. Numbers are assumptions, by name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct OffersInTurn {
    /// The side that makes the first offer.
    pub first: Name,
    /// Weeks over which payoffs are added up.
    pub span: Name,
    /// Weeks by which the cliff might be put off.
    pub extend: Name,
    /// By side: its discount rate a year, continuous.
    pub discount: BTreeMap<Name, Name>,
}

/// Whose border, and whose goods.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct LawChoice {
    pub importer: Name,
    pub origin: Name,
    /// Folders of the law that ships; `measures/` of the dossier adds to them.
    #[serde(default)]
    pub built_in: Vec<Name>,
    /// The importer's trade, which weights the rates; that which ships where none is named.
    #[serde(default)]
    pub trade: Option<TradeChoice>,
    #[serde(default)]
    pub mix: Vec<MixText>,
}

/// A table of the importer's trade in the dossier's folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct TradeChoice {
    pub file: Name,
    pub year: Spanned<i64>,
    pub source: Name,
}

/// Goods of an origin of which parts differ in a fact that every entry states, such as who made them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct MixText {
    pub goods: Vec<Name>,
    pub origin: Name,
    pub fact: Name,
    /// By what is stated: the assumption that holds its share of the trade. The rest states nothing.
    pub shares: BTreeMap<Name, Name>,
}

/// Which economy and which elasticities.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct EconomyChoice {
    pub regions: Spanned<u32>,
    pub elasticities: Name,
    pub why: Text,
    /// Share of the central elasticity with which trade reacts in the first year; (0, 1].
    pub first_year_share: Spanned<f64>,
    pub services: Name,
    pub origins: BTreeMap<Name, Vec<Name>>,
    pub goods_balance: GoodsBalance,
}

/// The published balance that the model's percentage changes are applied to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct GoodsBalance {
    pub source: Name,
    /// The row of the table that ships, or the amount in bn USD: what the importer of the law sells to the origin.
    pub exports: Spanned<RowOrAmount>,
    /// What it buys there.
    pub imports: Spanned<RowOrAmount>,
    /// The partner of those rows.
    #[serde(default)]
    pub partner: Option<Name>,
    pub year: Spanned<i64>,
}

/// A row of a table that ships, by its name, or an amount.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
#[allow(missing_docs)]
pub enum RowOrAmount {
    Amount(f64),
    Row(String),
}

/// One account of what happens if nothing is agreed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct NoDeal {
    pub id: Name,
    pub title: Text,
    pub probability: Spanned<f64>,
    /// Other origins keep the rates of the as-of date.
    #[serde(default)]
    pub others_stay: bool,
    #[serde(default)]
    pub tariff: Vec<TariffChange>,
}

/// A change of tariffs in the economy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct TariffChange {
    pub origin: Name,
    pub destination: Name,
    pub sectors: Vec<Name>,
    /// Added to the rate, as a fraction.
    pub add: Spanned<f64>,
}

/// How the intervals are made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Doubt {
    pub draws: Spanned<u32>,
    /// Standard deviation of the logarithm of the elasticities.
    pub spread: Spanned<f64>,
    /// The same of the input shares.
    #[serde(default = "zero")]
    pub inputs: Spanned<f64>,
    /// The same of what is cut of barriers.
    #[serde(default = "zero")]
    pub barriers: Spanned<f64>,
    pub seed: u64,
    /// What the numbers leave out in these talks, beside what they leave out in all.
    #[serde(default)]
    pub limits: Vec<Text>,
    /// The assumption that holds the probability that a promise of theirs still stands after a year.
    pub durability: Name,
}

fn zero() -> Spanned<f64> {
    Spanned::new(0..0, 0.0)
}

/// A third country that negotiates with the other side as well.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct QueueText {
    pub region: Name,
    /// The assumption that holds the probability that it claims the same terms if it sees them.
    pub claims: Name,
    /// The assumption that holds what it would give for them, bn USD a year: their gain and its cost.
    pub gives: Name,
}

/// Something that happened.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct LogEntry {
    pub date: Day,
    pub who: Text,
    pub text: Text,
    pub source: Name,
}

/// `assumptions.toml`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct AssumptionsFile {
    pub format: Spanned<u32>,
    #[serde(default)]
    pub assumption: Vec<Assumption>,
}

/// A number that no source gives.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Assumption {
    pub id: Name,
    pub value: Spanned<f64>,
    pub low: f64,
    pub high: f64,
    pub unit: Text,
    pub why: Text,
}

/// `sources.toml`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct SourcesFile {
    pub format: Spanned<u32>,
    #[serde(default)]
    pub source: Vec<Citation>,
}

/// A citation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Citation {
    pub id: Name,
    pub title: Text,
    pub publisher: Text,
    /// The day, or the year where no day is known.
    pub date: DayText,
}

/// `products.toml`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ProductsFile {
    pub format: Spanned<u32>,
    #[serde(default)]
    pub product: Vec<ProductText>,
}

/// A product solved as a market of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ProductText {
    pub id: Name,
    pub title: Text,
    pub sector: Name,
    pub home: Name,
    /// Elasticity of demand for the product, ≤ 0.
    pub demand: Spanned<f64>,
    /// Elasticity of substitution between origins, ≥ 0.
    pub substitution: Spanned<f64>,
    /// Elasticity of supply by origin, ≥ 0.
    pub supply: BTreeMap<Name, f64>,
    pub why: Text,
    pub source: Name,
    pub flow: Vec<ProductFlow>,
}

/// What one origin sells of a product.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ProductFlow {
    pub origin: Name,
    /// Million USD a year at world prices.
    pub value: Spanned<f64>,
    /// Fraction; levies and mark-ups included.
    pub tariff: Spanned<f64>,
}

/// `issues.toml`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct IssuesFile {
    pub format: Spanned<u32>,
    pub issue: Vec<IssueText>,
}

/// A thing on the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct IssueText {
    pub id: Name,
    pub title: Text,
    /// The party that wants it moved.
    pub asks: Name,
    #[serde(default)]
    pub source: Option<Name>,
    pub option: Vec<OptionText>,
}

/// One value an issue can take.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct OptionText {
    pub id: Name,
    pub title: Text,
    /// The form it would take.
    #[serde(default)]
    pub vehicle: Option<Text>,
    /// The domestic acts it needs.
    #[serde(default)]
    pub triggers: Vec<Name>,
    /// Regions that would claim the same.
    #[serde(default)]
    pub claim: Vec<Name>,
    #[serde(default)]
    pub amend: Vec<AmendText>,
    #[serde(default)]
    pub barrier: Vec<BarrierText>,
    #[serde(default)]
    pub tariff: Vec<TariffChange>,
    #[serde(default)]
    pub purchase: Vec<PurchaseText>,
    #[serde(default)]
    pub investment: Vec<InvestmentText>,
    #[serde(default)]
    pub product: Vec<ProductChange>,
    #[serde(default)]
    pub reallocate: Vec<ReallocateText>,
    #[serde(default)]
    pub clause: Vec<ClauseText>,
}

/// A change of measures of the law from the cliff on, for our goods.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct AmendText {
    pub measures: Vec<Name>,
    /// The goods concerned, as measure files write them; all goods of the measures where none is named.
    #[serde(default)]
    pub goods: Vec<Name>,
    #[serde(default)]
    pub rate: Option<Name>,
    #[serde(default)]
    pub ends: bool,
    /// The assumption that holds the share of the duty that falls away by which our sellers keep their prices up.
    #[serde(default)]
    pub price_kept: Option<Name>,
}

/// A cut of a non-tariff barrier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct BarrierText {
    pub origin: Name,
    pub destination: Name,
    pub sectors: Vec<Name>,
    /// The assumption that holds the barrier's size as a share of the price.
    pub size: Name,
    /// The part of it that is removed, 0 to 1.
    pub cut: Spanned<f64>,
}

/// A purchase from one origin.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct PurchaseText {
    /// The clause under which it is valued, beside its effect in the model.
    pub clause: Name,
    pub origin: Name,
    pub destination: Name,
    pub sector: Name,
    /// bn USD a year, where the amount is given in money.
    #[serde(default)]
    pub busd: Option<Spanned<f64>>,
    /// Units, where the price is an assumption.
    #[serde(default)]
    pub quantity: Option<Spanned<f64>>,
    /// The assumption that holds bn USD for a unit.
    #[serde(default)]
    pub price: Option<Name>,
    pub price_year: Spanned<i64>,
    /// The buyer: the economy charges what turns trade to its state.
    pub payer: Name,
    /// Whether it comes on top of what would have been bought, or displaces other suppliers.
    pub additional: bool,
    /// Probability that it is delivered, 0 to 1.
    #[serde(default)]
    pub delivery: Option<Spanned<f64>>,
    /// The assumption that holds that probability.
    #[serde(default)]
    pub delivery_of: Option<Name>,
}

/// Loans on terms below the market's.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct InvestmentText {
    pub clause: Name,
    pub from: Name,
    pub to: Name,
    /// The assumption that holds bn USD a year.
    pub busd: Name,
    /// The assumption that holds the share given away.
    pub concession: Name,
}

/// A new tariff of a product.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ProductChange {
    pub product: Name,
    pub origins: Vec<Name>,
    /// Fraction; levies and mark-ups included.
    pub tariff: Spanned<f64>,
    /// The assumption that holds the share of what falls away by which the sellers keep their prices up.
    #[serde(default)]
    pub price_kept: Option<Name>,
}

/// A larger share of a quota for one origin, at a constant total.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ReallocateText {
    pub product: Name,
    pub origin: Name,
    /// Growth of the origin's sales, as a fraction.
    pub share: Spanned<f64>,
    /// The assumption that holds what a tonne costs above the rice it displaces, USD.
    pub premium: Name,
    /// USD a tonne.
    pub tonne_price: Spanned<f64>,
    /// The assumption that holds the share of export value that is a gain of producers.
    pub margin: Name,
}

/// How far a clause goes that only a stated valuation prices.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ClauseText {
    pub clause: Name,
    /// 0 to 1.
    pub strength: Spanned<f64>,
}

/// `parties.toml`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct PartiesFile {
    pub format: Spanned<u32>,
    pub party: Vec<PartyText>,
    #[serde(default)]
    pub ratifier: Vec<RatifierText>,
}

/// A side.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct PartyText {
    pub id: Name,
    pub title: Text,
    /// Political weights on value added by sector; the rest share the weight that makes the mean one.
    #[serde(default)]
    pub weights: BTreeMap<Name, Spanned<f64>>,
    #[serde(default)]
    pub why_weights: Option<Text>,
    #[serde(default)]
    pub valuation: Vec<ValuationText>,
    #[serde(default)]
    pub mandate: Vec<MandateText>,
}

/// What a party would pay for a unit of an indicator, on top of real income.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ValuationText {
    pub indicator: Name,
    pub low: f64,
    pub value: Spanned<f64>,
    pub high: f64,
    pub unit: Text,
    pub why: Text,
    /// Why a component that EV holds already is worth more than EV counts.
    #[serde(default)]
    pub beyond_ev: Option<Text>,
}

/// What the delegation may not concede.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct MandateText {
    pub issue: Name,
    pub not: Vec<Name>,
    pub why: Text,
}

/// A body at home that must say yes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct RatifierText {
    pub id: Name,
    pub party: Name,
    pub title: Text,
    pub asked_for: Vec<Name>,
    /// `veto` (in law) or `objection` (political).
    pub kind: Name,
    pub why: Text,
    #[serde(default)]
    pub limit: Vec<LimitText>,
}

/// One limit of a ratifier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct LimitText {
    pub what: Text,
    pub indicator: Name,
    pub at_least: Spanned<f64>,
    /// `no deal` or the baseline year.
    pub against: Name,
}

/// `beliefs.toml`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct BeliefsFile {
    pub format: Spanned<u32>,
    pub party: Name,
    /// The assumption that holds how far their offers count as evidence, 0 to 1; in full where there is none.
    #[serde(default)]
    pub offer_strength: Option<Name>,
    pub hypothesis: Vec<HypothesisText>,
    #[serde(default)]
    pub evidence: Vec<EvidenceText>,
    /// What we could ask them before we offer.
    #[serde(default)]
    pub question: Vec<QuestionText>,
}

/// A question, with how likely each answer is under each hypothesis.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct QuestionText {
    pub id: Name,
    pub text: Text,
    pub answer: Vec<AnswerText>,
}

/// An answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct AnswerText {
    pub text: Text,
    /// By hypothesis; over the answers of a question they sum to one.
    pub likelihood: BTreeMap<Name, Spanned<f64>>,
}

/// One account of what the other side wants.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct HypothesisText {
    pub id: Name,
    pub title: Text,
    pub prior: Spanned<f64>,
    #[serde(default)]
    pub valuation: Vec<ValuationText>,
}

/// A dated, sourced statement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct EvidenceText {
    pub id: Name,
    pub said: Day,
    pub published: Day,
    pub who: Text,
    pub text: Text,
    pub source: Name,
    pub likelihood: BTreeMap<Name, Spanned<f64>>,
}
