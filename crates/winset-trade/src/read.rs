//! The economy folder: tables in, a checked [`Economy`] out.

use std::collections::HashMap;
use std::path::Path;

use winset_io::{Source, Table, parse_toml};

use crate::economy::{Economy, EconomyInfo, cell};
use crate::error::TradeError;

/// How far cost shares may be from a sum of one; they are then scaled to it.
const SHARE_TOLERANCE: f64 = 1e-6;

/// Industry use above absorption by less than this share of it is rounding, and set to it.
const ABSORPTION_TOLERANCE: f64 = 1e-9;

/// Names to indices, with errors that name table and row.
pub(crate) struct Names {
    kind: &'static str,
    index: HashMap<String, usize>,
    pub(crate) list: Vec<String>,
}

impl Names {
    pub(crate) fn from_column(kind: &'static str, column: Vec<String>) -> Self {
        let mut index = HashMap::new();
        let mut names = Vec::new();
        for name in column {
            if !index.contains_key(&name) {
                index.insert(name.clone(), names.len());
                names.push(name);
            }
        }
        Self {
            kind,
            index,
            list: names,
        }
    }

    fn find(&self, table: &Table, row: usize, name: &str) -> Result<usize, TradeError> {
        self.index.get(name).copied().ok_or_else(|| {
            row_error(
                table,
                row,
                format!(
                    "unknown {} `{name}` (there are: {})",
                    self.kind,
                    self.list.join(", ")
                ),
            )
        })
    }

    pub(crate) fn column(&self, table: &Table, column: &str) -> Result<Vec<usize>, TradeError> {
        let texts = table.texts(column)?;
        texts
            .iter()
            .enumerate()
            .map(|(row, name)| self.find(table, row, name))
            .collect()
    }
}

pub(crate) fn row_error(table: &Table, row: usize, what: String) -> TradeError {
    TradeError::Row {
        table: table.name().to_owned(),
        row: row + 1,
        what,
    }
}

/// Puts values in their cells; a cell met twice is an error.
struct Filled {
    values: Vec<f64>,
    seen: Vec<bool>,
}

impl Filled {
    fn new(len: usize) -> Self {
        Self {
            values: vec![0.0; len],
            seen: vec![false; len],
        }
    }

    fn put(&mut self, table: &Table, row: usize, at: usize, value: f64) -> Result<(), TradeError> {
        if std::mem::replace(&mut self.seen[at], true) {
            return Err(row_error(
                table,
                row,
                "this cell has a row already: keep one".to_owned(),
            ));
        }
        self.values[at] = value;
        Ok(())
    }
}

fn share(table: &Table, row: usize, value: f64) -> Result<f64, TradeError> {
    if (0.0..=1.0 + SHARE_TOLERANCE).contains(&value) {
        return Ok(value);
    }
    Err(row_error(
        table,
        row,
        format!("the share {value} is not between 0 and 1"),
    ))
}

/// Published tables hold a few small negative uses (by-products, corrections); they are taken as they are.
fn input_share(table: &Table, row: usize, value: f64) -> Result<f64, TradeError> {
    if (-1.0..=1.0 + SHARE_TOLERANCE).contains(&value) {
        return Ok(value);
    }
    Err(row_error(
        table,
        row,
        format!("the share {value} is not between −1 and 1"),
    ))
}

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
    /// Names the cell: unknown or missing regions and sectors, repeated cells, negative trade, tariffs at or
    /// below −100 %, θ ≤ 0, shares that do not sum to one (by more than 10⁻⁶), industry use above absorption.
    pub fn from_tables(
        info: EconomyInfo,
        trade: &Table,
        value_added: &Table,
        inputs: Option<&Table>,
        elasticities: &Table,
    ) -> Result<Self, TradeError> {
        if info.format != 1 {
            return Err(TradeError::Option(format!(
                "economy format {} is not known; this program reads format 1",
                info.format
            )));
        }
        let regions = Names::from_column("region", value_added.texts("region")?);
        let sectors = Names::from_column("sector", elasticities.texts("sector")?);
        let (n, s) = (regions.list.len(), sectors.list.len());

        let sets = read_elasticities(elasticities, &sectors)?;
        let (flows, tariffs) = read_trade(trade, &regions, &sectors)?;

        let mut shares = Filled::new(n * s);
        let places = regions.column(value_added, "region")?;
        let users = sectors.column(value_added, "sector")?;
        for (row, value) in value_added.reals("share")?.into_iter().enumerate() {
            let value = share(value_added, row, value)?;
            shares.put(value_added, row, users[row] * n + places[row], value)?;
        }

        let table = match inputs {
            None => None,
            Some(table) => {
                let places = regions.column(table, "region")?;
                let goods = sectors.column(table, "input")?;
                let users = sectors.column(table, "user")?;
                let mut filled = Filled::new(n * s * s);
                for (row, value) in table.reals("share")?.into_iter().enumerate() {
                    let value = input_share(table, row, value)?;
                    filled.put(
                        table,
                        row,
                        (places[row] * s + users[row]) * s + goods[row],
                        value,
                    )?;
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
        economy.check_cost_shares(value_added.name(), &shares.seen)?;
        economy.check_absorption()?;
        Ok(economy)
    }

    /// Loads an economy folder: `economy.toml`, and `trade`, `value_added`, `elasticities` and perhaps `inputs`,
    /// each `.parquet` or `.csv`.
    ///
    /// # Errors
    /// A file that is missing or unreadable, and all of [`Economy::from_tables`].
    pub fn from_folder(folder: &Path) -> Result<Self, TradeError> {
        let path = folder.join("economy.toml");
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| TradeError::Read {
            path: name.clone(),
            error,
        })?;
        let info: EconomyInfo = parse_toml(&Source::new(name, text))?;
        let need = |stem: &str| match read_table(folder, stem)? {
            Some(table) => Ok(table),
            None => Err(TradeError::Read {
                path: folder.join(format!("{stem}.csv")).display().to_string(),
                error: std::io::ErrorKind::NotFound.into(),
            }),
        };
        let inputs = read_table(folder, "inputs")?;
        let (trade, value_added) = (need("trade")?, need("value_added")?);
        Self::from_tables(
            info,
            &trade,
            &value_added,
            inputs.as_ref(),
            &need("elasticities")?,
        )
    }

    /// Gross output, in the economy's unit.
    pub(crate) fn output(&self, sector: usize, region: usize) -> f64 {
        let n = self.regions.len();
        let start = cell(n, sector, region, 0);
        self.trade[start..start + n].iter().sum()
    }

    fn check_cost_shares(&mut self, table: &str, seen: &[bool]) -> Result<(), TradeError> {
        let (n, s) = (self.regions.len(), self.sectors.len());
        for i in 0..n {
            for j in 0..s {
                let (region, sector) = (&self.regions[i], &self.sectors[j]);
                let output = self.output(j, i);
                if output > 0.0 && !seen[j * n + i] {
                    return Err(TradeError::Missing {
                        table: table.to_owned(),
                        cell: format!("region {region}, sector {sector}"),
                        what: format!("it sells {output}, so the share of value added is needed"),
                    });
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
                    return Err(TradeError::Accounts {
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
        Ok(())
    }

    fn check_absorption(&self) -> Result<(), TradeError> {
        let (n, s) = (self.regions.len(), self.sectors.len());
        for i in 0..n {
            let mut used = vec![0.0; s];
            if let Some(inputs) = &self.inputs {
                for j in 0..s {
                    let output = self.output(j, i);
                    for k in 0..s {
                        used[k] += inputs[(i * s + j) * s + k] * output;
                    }
                }
            }
            for j in 0..s {
                let bought: f64 = (0..n)
                    .map(|o| self.flow(j, o, i) * (1.0 + self.tariff(j, o, i)))
                    .sum();
                if used[j] > bought * (1.0 + ABSORPTION_TOLERANCE) {
                    return Err(TradeError::NegativeAbsorption {
                        region: self.regions[i].clone(),
                        sector: self.sectors[j].clone(),
                        used: used[j],
                        bought,
                    });
                }
            }
        }
        Ok(())
    }
}

pub(crate) fn read_elasticities(
    table: &Table,
    sectors: &Names,
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
        if let Some(row) = values.iter().position(|theta| *theta <= 0.0) {
            return Err(row_error(
                table,
                row,
                format!(
                    "column `{name}`: θ is {}; it must be above zero",
                    values[row]
                ),
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
) -> Result<(Vec<f64>, Vec<f64>), TradeError> {
    let (n, s) = (regions.list.len(), sectors.list.len());
    let origins = regions.column(table, "origin")?;
    let destinations = regions.column(table, "destination")?;
    let goods = sectors.column(table, "sector")?;
    let tariffs = table.reals("tariff")?;
    let mut flows = Filled::new(n * n * s);
    let mut rates = vec![0.0; n * n * s];
    for (row, value) in table.reals("value")?.into_iter().enumerate() {
        if value < 0.0 {
            return Err(row_error(
                table,
                row,
                format!("the value {value} is negative"),
            ));
        }
        if tariffs[row] <= -1.0 {
            return Err(row_error(
                table,
                row,
                format!(
                    "the tariff {} is not above −1 (it is a fraction)",
                    tariffs[row]
                ),
            ));
        }
        let at = cell(n, goods[row], origins[row], destinations[row]);
        flows.put(table, row, at, value)?;
        rates[at] = tariffs[row];
    }
    Ok((flows.values, rates))
}

fn read_table(folder: &Path, stem: &str) -> Result<Option<Table>, TradeError> {
    for ending in ["parquet", "csv"] {
        let path = folder.join(format!("{stem}.{ending}"));
        match std::fs::read(&path) {
            Ok(bytes) => return Ok(Some(Table::from_bytes(&path.display().to_string(), bytes)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(TradeError::Read {
                    path: path.display().to_string(),
                    error,
                });
            }
        }
    }
    Ok(None)
}
