//! The economy folder: tables in, a checked [`Economy`] out.

use std::path::Path;

use winset_io::{Source, Table, parse_toml};

use crate::economy::{Economy, EconomyInfo, cell};
use crate::error::TradeError;
use crate::rows::{Faults, Filled, Names, input_share, row_error, share};

/// How far cost shares may be from a sum of one; they are then scaled to it.
pub(crate) const SHARE_TOLERANCE: f64 = 1e-6;

/// Industry use above absorption by less than this share of it is rounding, and set to it.
const ABSORPTION_TOLERANCE: f64 = 1e-9;

impl Economy {
    /// Builds an economy from its tables and checks it.
    ///
    /// - `trade`: `origin, destination, sector, value, tariff`; value net of tariff in `info.unit`, domestic
    ///   rows included, absent rows are zero; tariff a fraction.
    /// - `value_added`: `region, sector, share` of gross output. It fixes the order of the regions.
    /// - `inputs`: `region, input, user, share` of the user's gross output; `None`: no input–output table,
    ///   and all output is value added.
    /// - `elasticities`: `sector`, and one column of θ = σ − 1 > 0 for each named set. It fixes the order of the
    ///   sectors.
    ///
    /// # Errors
    /// The first of [`Economy::faults`].
    pub fn from_tables(
        info: EconomyInfo,
        trade: &Table,
        value_added: &Table,
        inputs: Option<&Table>,
        elasticities: &Table,
    ) -> Result<Self, TradeError> {
        let mut faults = Faults::default();
        let economy = Self::read(info, trade, value_added, inputs, elasticities, &mut faults)?;
        match faults.0.into_iter().next() {
            Some(first) => Err(first),
            None => Ok(economy),
        }
    }

    /// All that is wrong with an economy's tables; none where [`Economy::from_tables`] takes them.
    ///
    /// Each fault names its cell: unknown or missing regions and sectors, repeated cells, negative trade, tariffs at or
    /// below −100 %, θ ≤ 0, shares out of range or that do not sum to one (by more than 10⁻⁶), industry use above
    /// absorption, a region without value added or final demand. A table that cannot be read at all ends the list.
    pub fn faults(
        info: EconomyInfo,
        trade: &Table,
        value_added: &Table,
        inputs: Option<&Table>,
        elasticities: &Table,
    ) -> Vec<TradeError> {
        let mut faults = Faults::default();
        let read = Self::read(info, trade, value_added, inputs, elasticities, &mut faults);
        faults.keep(read);
        faults.0
    }

    fn read(
        info: EconomyInfo,
        trade: &Table,
        value_added: &Table,
        inputs: Option<&Table>,
        elasticities: &Table,
        faults: &mut Faults,
    ) -> Result<Self, TradeError> {
        if info.format != 1 {
            return Err(TradeError::Option(format!(
                "economy format {} is not known; this program reads format 1",
                info.format
            )));
        }
        let regions = Names::of("region", value_added)?;
        let sectors = Names::of("sector", elasticities)?;
        let (n, s) = (regions.list.len(), sectors.list.len());
        let sets = read_elasticities(elasticities, &sectors, faults)?;
        let (flows, tariffs) = read_trade(trade, &regions, &sectors, faults)?;

        let mut shares = Filled::new(n * s);
        let places = regions.column_noted(value_added, "region", faults)?;
        let users = sectors.column_noted(value_added, "sector", faults)?;
        for (row, value) in value_added.reals("share")?.into_iter().enumerate() {
            let (Some(i), Some(j)) = (places[row], users[row]) else {
                continue;
            };
            let put = share(value_added, row, value)
                .and_then(|value| shares.put(value_added, row, j * n + i, value));
            faults.keep(put);
        }

        let table = match inputs {
            None => None,
            Some(table) => {
                let places = regions.column_noted(table, "region", faults)?;
                let goods = sectors.column_noted(table, "input", faults)?;
                let users = sectors.column_noted(table, "user", faults)?;
                let mut filled = Filled::new(n * s * s);
                for (row, value) in table.reals("share")?.into_iter().enumerate() {
                    let (Some(i), Some(k), Some(j)) = (places[row], goods[row], users[row]) else {
                        continue;
                    };
                    let put = input_share(table, row, value)
                        .and_then(|value| filled.put(table, row, (i * s + j) * s + k, value));
                    faults.keep(put);
                }
                Some(filled.values)
            }
        };

        let mut economy = Self {
            info,
            regions: regions.list,
            sectors: sectors.list,
            trade: flows,
            tariffs,
            value_added: shares.values,
            inputs: table,
            elasticities: sets,
        };
        // Accounts of cells that could not be read would only repeat what is known.
        if faults.0.is_empty() {
            economy.check_cost_shares(value_added.name(), &shares.seen, faults);
        }
        if faults.0.is_empty() {
            economy.check_absorption(faults);
        }
        Ok(economy)
    }

    /// Loads an economy folder: `economy.toml`, and `trade`, `value_added`, `elasticities` and perhaps `inputs`,
    /// each `.parquet` or `.csv`.
    ///
    /// # Errors
    /// A file that is missing or unreadable, or the first of [`Economy::faults`].
    pub fn from_folder(folder: &Path) -> Result<Self, TradeError> {
        let tables = FolderTables::read(folder)?;
        Self::from_tables(
            tables.info,
            &tables.trade,
            &tables.value_added,
            tables.inputs.as_ref(),
            &tables.elasticities,
        )
    }

    /// All that is wrong with an economy folder: a file that is missing or unreadable, or all of [`Economy::faults`].
    pub fn faults_of_folder(folder: &Path) -> Vec<TradeError> {
        match FolderTables::read(folder) {
            Ok(tables) => Self::faults(
                tables.info,
                &tables.trade,
                &tables.value_added,
                tables.inputs.as_ref(),
                &tables.elasticities,
            ),
            Err(error) => vec![error],
        }
    }

    /// Gross output, in the economy's unit.
    pub(crate) fn output(&self, sector: usize, region: usize) -> f64 {
        let n = self.regions.len();
        let start = cell(n, sector, region, 0);
        self.trade[start..start + n].iter().sum()
    }

    fn check_cost_shares(&mut self, table: &str, seen: &[bool], faults: &mut Faults) {
        let (n, s) = (self.regions.len(), self.sectors.len());
        for i in 0..n {
            for j in 0..s {
                let (region, sector) = (&self.regions[i], &self.sectors[j]);
                let output = self.output(j, i);
                if output > 0.0 && !seen[j * n + i] {
                    faults.0.push(TradeError::Missing {
                        table: table.to_owned(),
                        cell: format!("region {region}, sector {sector}"),
                        what: format!("it sells {output}, so the share of value added is needed"),
                    });
                    continue;
                }
                let Some(inputs) = &mut self.inputs else {
                    continue;
                };
                let column = &mut inputs[(i * s + j) * s..(i * s + j + 1) * s];
                let used: f64 = column.iter().sum();
                let value_added = self.value_added[j * n + i];
                let sum = used + value_added;
                if (sum - 1.0).abs() <= SHARE_TOLERANCE {
                    for share in column.iter_mut() {
                        *share /= sum;
                    }
                    self.value_added[j * n + i] /= sum;
                } else if output > 0.0 {
                    faults.0.push(TradeError::Accounts {
                        region: region.clone(),
                        sector: sector.clone(),
                        value_added,
                        inputs: used,
                    });
                } else {
                    // Nothing is produced: the shares are never used, but must be harmless.
                    column.fill(0.0);
                    self.value_added[j * n + i] = 1.0;
                }
            }
        }
    }

    /// Whether a region's industry uses no more of any good than the region buys.
    pub(crate) fn absorbs(&self, region: usize) -> bool {
        let s = self.sectors.len();
        let mut used = vec![0.0; s];
        if let Some(inputs) = &self.inputs {
            for j in 0..s {
                let output = self.output(j, region);
                for k in 0..s {
                    used[k] += inputs[(region * s + j) * s + k] * output;
                }
            }
        }
        (0..s).all(|j| used[j] <= self.bought(j, region) * (1.0 + ABSORPTION_TOLERANCE))
    }

    /// All that a region buys of a sector, tariffs included, in the economy's unit.
    fn bought(&self, sector: usize, region: usize) -> f64 {
        (0..self.regions.len())
            .map(|o| self.flow(sector, o, region) * (1.0 + self.tariff(sector, o, region)))
            .sum()
    }

    fn check_absorption(&self, faults: &mut Faults) {
        let (n, s) = (self.regions.len(), self.sectors.len());
        for i in 0..n {
            let mut used = vec![0.0; s];
            let mut value_added = 0.0;
            for j in 0..s {
                let output = self.output(j, i);
                let Some(inputs) = &self.inputs else {
                    value_added += output;
                    continue;
                };
                value_added += self.value_added[j * n + i] * output;
                for k in 0..s {
                    used[k] += inputs[(i * s + j) * s + k] * output;
                }
            }
            let mut demand = 0.0;
            for j in 0..s {
                let bought = self.bought(j, i);
                demand += (bought - used[j]).max(0.0);
                if used[j] > bought * (1.0 + ABSORPTION_TOLERANCE) {
                    faults.0.push(TradeError::NegativeAbsorption {
                        region: self.regions[i].clone(),
                        sector: self.sectors[j].clone(),
                        used: used[j],
                        bought,
                    });
                }
            }
            for (what, level) in [("value added", value_added), ("final demand", demand)] {
                if level <= 0.0 {
                    faults.0.push(TradeError::EmptyRegion {
                        region: self.regions[i].clone(),
                        what,
                    });
                }
            }
        }
    }
}

/// What messages say that an economy folder holds.
const HOLDS: &str =
    "an economy folder holds economy.toml, trade, value_added, elasticities and perhaps inputs";

/// The tables of an economy folder.
struct FolderTables {
    info: EconomyInfo,
    trade: Table,
    value_added: Table,
    inputs: Option<Table>,
    elasticities: Table,
}

impl FolderTables {
    fn read(folder: &Path) -> Result<Self, TradeError> {
        Ok(Self {
            info: read_info(folder, HOLDS)?,
            inputs: read_table(folder, "inputs", HOLDS)?,
            trade: need_table(folder, "trade", HOLDS)?,
            value_added: need_table(folder, "value_added", HOLDS)?,
            elasticities: need_table(folder, "elasticities", HOLDS)?,
        })
    }
}

/// `economy.toml` of a folder; `holds` says in a message what else belongs there.
pub(crate) fn read_info(folder: &Path, holds: &'static str) -> Result<EconomyInfo, TradeError> {
    let path = folder.join("economy.toml");
    let name = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| TradeError::Read {
        path: name.clone(),
        error,
        holds,
    })?;
    Ok(parse_toml(&Source::new(name, text))?)
}

/// A table of a folder, Parquet or CSV; an error where neither is there.
pub(crate) fn need_table(
    folder: &Path,
    stem: &str,
    holds: &'static str,
) -> Result<Table, TradeError> {
    read_table(folder, stem, holds)?.ok_or_else(|| TradeError::Read {
        path: folder.join(format!("{stem}.csv")).display().to_string(),
        error: std::io::ErrorKind::NotFound.into(),
        holds,
    })
}

/// A table of a folder, Parquet or CSV, if it is there.
pub(crate) fn read_table(
    folder: &Path,
    stem: &str,
    holds: &'static str,
) -> Result<Option<Table>, TradeError> {
    let mut found: Option<(String, Vec<u8>)> = None;
    for ending in ["parquet", "csv"] {
        let path = folder.join(format!("{stem}.{ending}"));
        let name = path.display().to_string();
        match std::fs::read(&path) {
            Ok(bytes) => {
                if let Some((parquet, _)) = found {
                    return Err(TradeError::Twice { parquet, csv: name });
                }
                found = Some((name, bytes));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(TradeError::Read {
                    path: name,
                    error,
                    holds,
                });
            }
        }
    }
    let table = found.map(|(name, bytes)| Table::from_bytes(&name, bytes));
    Ok(table.transpose()?)
}

pub(crate) fn read_elasticities(
    table: &Table,
    sectors: &Names,
    faults: &mut Faults,
) -> Result<Vec<(String, Vec<f64>)>, TradeError> {
    if table.rows() != sectors.list.len() {
        return Err(row_error(
            table,
            table.rows() - 1,
            "a sector has two rows: keep one".to_owned(),
        ));
    }
    let mut sets = Vec::new();
    for name in table.column_names().filter(|name| *name != "sector") {
        let values = table.reals(name)?;
        for (row, theta) in values.iter().enumerate().filter(|(_, t)| **t <= 0.0) {
            let sector = &sectors.list[row];
            faults.0.push(row_error(
                table,
                row,
                format!("column `{name}`, sector {sector}: θ is {theta}; it must be above zero"),
            ));
        }
        sets.push((name.to_owned(), values));
    }
    if sets.is_empty() {
        return Err(row_error(
            table,
            0,
            "no column of elasticities beside `sector`".to_owned(),
        ));
    }
    Ok(sets)
}

pub(crate) fn read_trade(
    table: &Table,
    regions: &Names,
    sectors: &Names,
    faults: &mut Faults,
) -> Result<(Vec<f64>, Vec<f64>), TradeError> {
    let (n, s) = (regions.list.len(), sectors.list.len());
    let origins = regions.column_noted(table, "origin", faults)?;
    let destinations = regions.column_noted(table, "destination", faults)?;
    let goods = sectors.column_noted(table, "sector", faults)?;
    let tariffs = table.reals("tariff")?;
    let mut flows = Filled::new(n * n * s);
    let mut rates = vec![0.0; n * n * s];
    for (row, value) in table.reals("value")?.into_iter().enumerate() {
        let (Some(i), Some(m), Some(j)) = (origins[row], destinations[row], goods[row]) else {
            continue;
        };
        let cell_name = || {
            format!(
                "{} from {} to {}",
                sectors.list[j], regions.list[i], regions.list[m]
            )
        };
        if value < 0.0 {
            let what = format!("{}: the value {value} is negative", cell_name());
            faults.0.push(row_error(table, row, what));
            continue;
        }
        if tariffs[row] <= -1.0 {
            let what = format!(
                "{}: the tariff {} is not above −1 (it is a fraction)",
                cell_name(),
                tariffs[row]
            );
            faults.0.push(row_error(table, row, what));
            continue;
        }
        let at = cell(n, j, i, m);
        if faults.keep(flows.put(table, row, at, value)).is_some() {
            rates[at] = tariffs[row];
        }
    }
    Ok((flows.values, rates))
}
