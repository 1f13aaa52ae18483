//! Regions and sectors merged by a mapping. Every flow, tariff revenue, cost and absorption is kept, so the accounts of
//! the merged economy are the sums of those it came from; merging identical regions changes no answer.

use std::collections::HashMap;

use winset_io::Table;

use crate::economy::{Economy, cell};
use crate::error::TradeError;
use crate::rows::row_error;

/// What becomes what; names that are not mapped stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    regions: HashMap<String, To>,
    sectors: HashMap<String, To>,
    /// The table that it was read from.
    table: Option<String>,
}

/// What a name becomes, and the row that says so, from 1; 0 where no table does.
#[derive(Clone, Debug, PartialEq, Eq)]
struct To {
    name: String,
    row: usize,
}

impl To {
    fn new(name: &str) -> Self {
        let name = name.to_owned();
        Self { name, row: 0 }
    }
}

impl Mapping {
    /// Nothing is merged.
    pub fn new() -> Self {
        Self::default()
    }

    /// The region `from` goes into `to`.
    #[must_use]
    pub fn region(mut self, from: &str, to: &str) -> Self {
        self.regions.insert(from.to_owned(), To::new(to));
        self
    }

    /// The sector `from` goes into `to`.
    #[must_use]
    pub fn sector(mut self, from: &str, to: &str) -> Self {
        self.sectors.insert(from.to_owned(), To::new(to));
        self
    }

    /// Reads a table `kind,from,to`; kinds are `region` and `sector`.
    ///
    /// # Errors
    /// A missing column, a table without rows, another kind, a blank name, a name mapped twice.
    pub fn from_table(table: &Table) -> Result<Self, TradeError> {
        let kinds = table.texts("kind")?;
        let (from, to) = (table.texts("from")?, table.texts("to")?);
        let mut mapping = Self::new();
        mapping.table = Some(table.name().to_owned());
        if kinds.is_empty() {
            return Err(TradeError::Missing {
                table: table.name().to_owned(),
                cell: "any region or sector".to_owned(),
                what: "without one nothing is merged".to_owned(),
            });
        }
        for row in 0..kinds.len() {
            let map = match kinds[row].as_str() {
                "region" => &mut mapping.regions,
                "sector" => &mut mapping.sectors,
                other => {
                    let what = format!("kind `{other}`: write `region` or `sector`");
                    return Err(row_error(table, row, what));
                }
            };
            for (column, name) in [("from", &from[row]), ("to", &to[row])] {
                if name.trim().is_empty() {
                    let what = format!("column `{column}` is blank: name a {}", kinds[row]);
                    return Err(row_error(table, row, what));
                }
            }
            let into = To {
                name: to[row].clone(),
                row: row + 1,
            };
            if map.insert(from[row].clone(), into).is_some() {
                let what = format!("`{}` is mapped twice: keep one row", from[row]);
                return Err(row_error(table, row, what));
            }
        }
        Ok(mapping)
    }
}

/// New names in the order of their first part, and the new index of each old one.
fn groups(
    kind: &'static str,
    names: &[String],
    map: &HashMap<String, To>,
    table: Option<&str>,
) -> Result<(Vec<String>, Vec<usize>), TradeError> {
    let unknown = map.iter().filter(|(name, _)| !names.contains(name));
    if let Some((name, to)) = unknown.min_by_key(|(name, to)| (to.row, *name)) {
        let error = TradeError::Unknown {
            kind,
            name: name.clone(),
            known: names.join(", "),
        };
        return Err(match table {
            Some(table) if to.row > 0 => TradeError::Row {
                table: table.to_owned(),
                row: to.row,
                what: error.to_string(),
            },
            _ => error,
        });
    }
    let mut new: Vec<String> = Vec::new();
    let mut of = Vec::with_capacity(names.len());
    for name in names {
        let to = map.get(name).map_or(name, |to| &to.name);
        let at = new.iter().position(|n| n == to).unwrap_or_else(|| {
            new.push(to.clone());
            new.len() - 1
        });
        of.push(at);
    }
    Ok((new, of))
}

/// Weighted means, plain ones where all weights are zero.
struct Means {
    sum: Vec<f64>,
    weight: Vec<f64>,
    plain: Vec<f64>,
    count: Vec<f64>,
}

impl Means {
    fn new(len: usize) -> Self {
        let zero = || vec![0.0; len];
        Self {
            sum: zero(),
            weight: zero(),
            plain: zero(),
            count: zero(),
        }
    }

    fn add(&mut self, at: usize, value: f64, weight: f64) {
        self.sum[at] += value * weight;
        self.weight[at] += weight;
        self.plain[at] += value;
        self.count[at] += 1.0;
    }

    fn get(self) -> Vec<f64> {
        (0..self.sum.len())
            .map(|at| {
                if self.weight[at] > 0.0 {
                    self.sum[at] / self.weight[at]
                } else {
                    self.plain[at] / self.count[at]
                }
            })
            .collect()
    }
}

impl Economy {
    /// The same world with regions and sectors merged. Flows add up; a tariff is the mean weighted by trade, so that its
    /// revenue is kept; costs are weighted by output; θ by trade between the merged regions. Tariffs between regions
    /// that are merged become a tariff on trade at home, which keeps their revenue; set them to zero in a shock if the
    /// merged region is a customs union.
    ///
    /// # Errors
    /// A mapped name that is not there.
    pub fn aggregate(&self, mapping: &Mapping) -> Result<Self, TradeError> {
        let table = mapping.table.as_deref();
        let (regions, region_of) = groups("region", &self.regions, &mapping.regions, table)?;
        let (sectors, sector_of) = groups("sector", &self.sectors, &mapping.sectors, table)?;
        let (n, s) = (self.regions.len(), self.sectors.len());
        let (new_n, new_s) = (regions.len(), sectors.len());

        let mut trade = vec![0.0; new_n * new_n * new_s];
        let mut tariffs = Means::new(trade.len());
        let mut output = vec![0.0; n * s];
        let mut crossing = vec![0.0; s];
        for j in 0..s {
            for i in 0..n {
                for m in 0..n {
                    let at = cell(n, j, i, m);
                    let to = cell(new_n, sector_of[j], region_of[i], region_of[m]);
                    trade[to] += self.trade[at];
                    tariffs.add(to, self.tariffs[at], self.trade[at]);
                    output[j * n + i] += self.trade[at];
                    if region_of[i] != region_of[m] {
                        crossing[j] += self.trade[at];
                    }
                }
            }
        }
        let mut value_added = Means::new(new_n * new_s);
        for at in 0..n * s {
            let to = sector_of[at / n] * new_n + region_of[at % n];
            value_added.add(to, self.value_added[at], output[at]);
        }
        let inputs = self.inputs.as_ref().map(|inputs| {
            let mut merged = Means::new(new_n * new_s * new_s);
            let mut lane = vec![0.0; new_s];
            for i in 0..n {
                for j in 0..s {
                    lane.fill(0.0);
                    for k in 0..s {
                        lane[sector_of[k]] += inputs[(i * s + j) * s + k];
                    }
                    let row = (region_of[i] * new_s + sector_of[j]) * new_s;
                    for (k, share) in lane.iter().enumerate() {
                        merged.add(row + k, *share, output[j * n + i]);
                    }
                }
            }
            merged.get()
        });
        let elasticities = self
            .elasticities
            .iter()
            .map(|(name, theta)| {
                let mut merged = Means::new(new_s);
                for j in 0..s {
                    merged.add(sector_of[j], theta[j], crossing[j]);
                }
                (name.clone(), merged.get())
            })
            .collect();
        let mut info = self.info.clone();
        if new_n < n || new_s < s {
            info.name = format!("{}, merged to {new_n} × {new_s}", info.name);
        }
        Ok(Self {
            info,
            regions,
            sectors,
            trade,
            tariffs: tariffs.get(),
            value_added: value_added.get(),
            inputs,
            elasticities,
        })
    }
}
