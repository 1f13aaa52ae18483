//! The world in a base year: regions × sectors, as loaded and checked.

use serde::Deserialize;

use crate::TradeError;

/// The unit of the trade values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Unit {
    /// US dollars.
    #[serde(rename = "USD")]
    Usd,
    /// Thousands of US dollars.
    #[serde(rename = "thousand USD")]
    ThousandUsd,
    /// Millions of US dollars.
    #[serde(rename = "million USD")]
    MillionUsd,
    /// Billions of US dollars.
    #[serde(rename = "billion USD")]
    BillionUsd,
}

impl Unit {
    /// As written in `economy.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::ThousandUsd => "thousand USD",
            Self::MillionUsd => "million USD",
            Self::BillionUsd => "billion USD",
        }
    }

    /// One unit in billion USD.
    pub const fn in_billion(self) -> f64 {
        match self {
            Self::Usd => 1e-9,
            Self::ThousandUsd => 1e-6,
            Self::MillionUsd => 1e-3,
            Self::BillionUsd => 1.0,
        }
    }
}

/// `economy.toml`: what the tables are.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EconomyInfo {
    /// Version of the folder format; 1.
    pub format: u32,
    /// Name of the economy.
    pub name: String,
    /// The base year.
    pub year: i32,
    /// The unit of the trade values.
    pub unit: Unit,
    /// Where the numbers come from.
    pub source: String,
}

/// Index of one flow: sector, origin, destination.
pub(crate) fn cell(regions: usize, sector: usize, origin: usize, destination: usize) -> usize {
    (sector * regions + origin) * regions + destination
}

/// Regions × sectors in one base year; built and checked by [`Economy::from_tables`] or
/// [`Economy::from_folder`].
///
/// Three-axis tensors are sector-major: `[sector][origin][destination]`.
#[derive(Clone, Debug)]
pub struct Economy {
    pub(crate) info: EconomyInfo,
    pub(crate) regions: Vec<String>,
    pub(crate) sectors: Vec<String>,
    /// Net of tariff, in `info.unit`.
    pub(crate) trade: Vec<f64>,
    /// Fractions, above −1.
    pub(crate) tariffs: Vec<f64>,
    /// `[sector][region]`, share of gross output; sums to one with the inputs.
    pub(crate) value_added: Vec<f64>,
    /// `[region][user][input]`, share of the user's gross output; `None`: no input–output table.
    pub(crate) inputs: Option<Vec<f64>>,
    pub(crate) elasticities: Vec<(String, Vec<f64>)>,
}

impl Economy {
    /// Name, year, unit and source.
    pub fn info(&self) -> &EconomyInfo {
        &self.info
    }

    /// The regions, in the order of every index.
    pub fn regions(&self) -> &[String] {
        &self.regions
    }

    /// The sectors, in the order of every index.
    pub fn sectors(&self) -> &[String] {
        &self.sectors
    }

    /// Trade net of tariff in the economy's unit, `[sector][origin][destination]`, domestic sales included.
    pub fn trade(&self) -> &[f64] {
        &self.trade
    }

    /// Ad valorem tariffs as fractions, `[sector][origin][destination]`.
    pub fn tariffs(&self) -> &[f64] {
        &self.tariffs
    }

    /// One flow, net of tariff, in the economy's unit.
    pub fn flow(&self, sector: usize, origin: usize, destination: usize) -> f64 {
        self.trade[cell(self.regions.len(), sector, origin, destination)]
    }

    /// One tariff, as a fraction.
    pub fn tariff(&self, sector: usize, origin: usize, destination: usize) -> f64 {
        self.tariffs[cell(self.regions.len(), sector, origin, destination)]
    }

    /// Whether there is an input–output table.
    pub fn has_inputs(&self) -> bool {
        self.inputs.is_some()
    }

    /// The names of the sets of elasticities.
    pub fn elasticity_names(&self) -> impl Iterator<Item = &str> {
        self.elasticities.iter().map(|(name, _)| name.as_str())
    }

    /// One set of trade elasticities θ = σ − 1, by sector.
    ///
    /// # Errors
    /// No set of that name.
    pub fn elasticities(&self, name: &str) -> Result<&[f64], TradeError> {
        self.elasticities
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, theta)| theta.as_slice())
            .ok_or_else(|| TradeError::UnknownElasticities {
                name: name.to_owned(),
                known: self.elasticity_names().collect::<Vec<_>>().join(", "),
            })
    }

    /// Index of a region.
    ///
    /// # Errors
    /// No region of that name.
    pub fn region(&self, name: &str) -> Result<usize, TradeError> {
        position("region", &self.regions, name)
    }

    /// Index of a sector.
    ///
    /// # Errors
    /// No sector of that name.
    pub fn sector(&self, name: &str) -> Result<usize, TradeError> {
        position("sector", &self.sectors, name)
    }
}

pub(crate) fn position(
    kind: &'static str,
    names: &[String],
    name: &str,
) -> Result<usize, TradeError> {
    names
        .iter()
        .position(|n| n == name)
        .ok_or_else(|| TradeError::Unknown {
            kind,
            name: name.to_owned(),
            known: names.join(", "),
        })
}
