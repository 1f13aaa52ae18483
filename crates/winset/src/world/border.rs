//! From the law to the economy: what a day's measures do to the tariff of every origin and sector.
//!
//! A sector's tariff is the baseline collected rate plus the statutory change since the baseline day,
//! line by line, weighted by the trade of a fixed year. Trade whose line maps to no sector is told, not lost.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use winset_data::Set;
use winset_law::averages::{Bases, Trade};
use winset_law::{Assumptions, Country, Law, LawError};

/// Change of the importer's tariffs against the baseline day, by origin region and sector, fractions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SectorRates {
    /// The change.
    pub change: BTreeMap<(String, String), f64>,
}

impl SectorRates {
    /// The same with one region's rates replaced.
    #[must_use]
    pub fn with_origin(&self, region: &str, rates: &BTreeMap<String, f64>) -> Self {
        let mut out = self.clone();
        out.change.retain(|(origin, _), _| origin != region);
        out.change.extend(
            rates
                .iter()
                .map(|(s, x)| ((region.to_owned(), s.clone()), *x)),
        );
        out
    }

    /// One region's rates by sector.
    pub fn origin(&self, region: &str) -> BTreeMap<String, f64> {
        self.change
            .iter()
            .filter(|((o, _), _)| o == region)
            .map(|((_, s), x)| (s.clone(), *x))
            .collect()
    }
}

/// What part of the trade the rates stand on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coverage {
    /// All trade of the year, USD.
    pub value: f64,
    /// Trade whose line maps to no sector, USD.
    pub no_sector: f64,
    /// Trade whose rate cannot be told, USD.
    pub no_rate: f64,
    /// Trade whose base rate is specific and taken as collected, USD.
    pub collected_base: f64,
}

/// The importer's border: its trade of the base year, mapped to regions and sectors.
pub struct Border {
    importer: Country,
    trade: Trade,
    place: Vec<Option<(usize, usize)>>,
    regions: Vec<String>,
    sectors: Vec<String>,
    value: Vec<f64>,
    /// Shared with the borders of some origins.
    assumptions: Arc<Assumptions>,
    known_on: Date,
    before: Vec<Option<f64>>,
    /// How much of the trade the rates stand on.
    pub coverage: Coverage,
}

/// The days a border is read on.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// The law under which the economy's tariffs were collected.
    pub baseline: Date,
    /// The law as it was known on this day.
    pub known_on: Date,
}

/// Regions of the economy by origin of the law; `*` takes what no other names.
pub type Origins = BTreeMap<String, Vec<String>>;

impl Border {
    /// The border of all origins of `trade`, with the law of the baseline day.
    ///
    /// # Errors
    /// Damaged data; a baseline day outside the law.
    pub fn new(
        law: &Law,
        importer: Country,
        trade: Trade,
        origins: &Origins,
        sectors: &[String],
        assumptions: Assumptions,
        Days { baseline, known_on }: Days,
    ) -> Result<Self, LawError> {
        let table = Set::Hs6Sector.table()?;
        let by_hs6: HashMap<&str, usize> = table
            .text_slice("hs6")?
            .iter()
            .zip(table.text_slice("sector")?)
            .filter_map(|(hs6, sector)| {
                Some((hs6.as_str(), sectors.iter().position(|s| s == sector)?))
            })
            .collect();
        let regions: Vec<String> = origins.keys().cloned().collect();
        let rest = origins
            .values()
            .position(|codes| codes.iter().any(|c| c == "*"));
        let region_of = |country: Country| {
            origins
                .values()
                .position(|codes| codes.iter().any(|c| c == country.iso2()))
                .or(rest)
        };
        let mut coverage = Coverage::default();
        let mut value = vec![0.0; regions.len() * sectors.len()];
        let place: Vec<Option<(usize, usize)>> = trade
            .cells()
            .iter()
            .map(|cell| {
                coverage.value += cell.value;
                let sector = by_hs6.get(cell.goods.prefix(6).plain().as_str()).copied();
                if sector.is_none() {
                    coverage.no_sector += cell.value;
                }
                Some((region_of(cell.origin)?, sector?))
            })
            .collect();
        for (cell, place) in trade.cells().iter().zip(&place) {
            if let Some((r, s)) = place {
                value[r * sectors.len() + s] += cell.value;
            }
        }
        let mut border = Self {
            importer,
            trade,
            place,
            regions,
            sectors: sectors.to_vec(),
            value,
            assumptions: Arc::new(assumptions),
            known_on,
            before: Vec::new(),
            coverage,
        };
        let before = law.averages(
            importer,
            &border.trade,
            baseline,
            Some(known_on),
            Bases::Schedule,
            &border.assumptions,
        )?;
        border.coverage.no_rate = before.without_rate_value;
        border.coverage.collected_base = before.collected_base_value;
        border.before = before
            .cells
            .iter()
            .map(|c| c.as_ref().ok().map(winset_law::AppliedRate::total))
            .collect();
        Ok(border)
    }

    /// The same border for the trade of some origins.
    #[must_use]
    pub fn only(&self, keep: impl Fn(Country) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.trade.cells().len())
            .filter(|i| keep(self.trade.cells()[*i].origin))
            .collect();
        let mut value = vec![0.0; self.value.len()];
        for i in &kept {
            if let Some((r, s)) = self.place[*i] {
                value[r * self.sectors.len() + s] += self.trade.cells()[*i].value;
            }
        }
        Self {
            importer: self.importer,
            place: kept.iter().map(|i| self.place[*i]).collect(),
            before: kept.iter().map(|i| self.before[*i]).collect(),
            trade: self.trade.only(|cell| keep(cell.origin)),
            regions: self.regions.clone(),
            sectors: self.sectors.clone(),
            value,
            assumptions: self.assumptions.clone(),
            known_on: self.known_on,
            coverage: self.coverage,
        }
    }

    /// The trade behind it.
    pub fn trade(&self) -> &Trade {
        &self.trade
    }

    /// What is assumed where an entry would state a fact.
    pub fn assumptions(&self) -> &Assumptions {
        &self.assumptions
    }

    /// Region and sector of each cell of the trade, where it has both.
    pub fn place(&self, cell: usize) -> Option<(&str, &str)> {
        self.place[cell].map(|(r, s)| (self.regions[r].as_str(), self.sectors[s].as_str()))
    }

    /// Whether the law of a day is held on every origin of the trade, as known on the as-of date: of others nothing is known, also
    /// not that their tariffs stay as they were.
    ///
    /// # Errors
    /// It is not.
    pub fn covered(&self, law: &Law, on: Date) -> Result<(), LawError> {
        let placed = self.trade.cells().iter().zip(&self.place);
        let placed = placed.filter_map(|(cell, place)| place.map(|_| cell));
        law.covers(self.importer, placed, on, Some(self.known_on))
    }

    /// Change of the tariff by origin and sector from the baseline day to `on`, as known on the as-of date.
    ///
    /// # Errors
    /// A day outside the law.
    pub fn change(&self, law: &Law, on: Date) -> Result<SectorRates, LawError> {
        self.covered(law, on)?;
        let after = law.averages(
            self.importer,
            &self.trade,
            on,
            Some(self.known_on),
            Bases::Schedule,
            &self.assumptions,
        )?;
        let mut duty = vec![0.0; self.value.len()];
        for (i, rate) in after.cells.iter().enumerate() {
            if let (Some((r, s)), Some(before), Ok(after)) = (self.place[i], self.before[i], rate) {
                duty[r * self.sectors.len() + s] +=
                    (after.total() - before) * self.trade.cells()[i].value;
            }
        }
        let mut out = SectorRates::default();
        for (r, region) in self.regions.iter().enumerate() {
            for (s, sector) in self.sectors.iter().enumerate() {
                let at = r * self.sectors.len() + s;
                if self.value[at] > 0.0 {
                    out.change
                        .insert((region.clone(), sector.clone()), duty[at] / self.value[at]);
                }
            }
        }
        Ok(out)
    }
}
