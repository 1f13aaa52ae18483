//! An economy as the tables of an economy folder, and the folder written.

use std::path::Path;

use winset_io::{Column, Table, WholeFolder, write_whole};

use crate::UnbalancedTables;
use crate::calibration::Calibration;
use crate::economy::{Economy, EconomyInfo};
use crate::error::TradeError;
use crate::model::Options;
use crate::read::{need_table, read_info, read_table};

/// How tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Text; every number reads back to the same bits.
    #[default]
    Csv,
    /// Compressed columns, for large economies.
    Parquet,
}

/// Accounts of one region in the base year, billion USD.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionAccounts {
    /// The region.
    pub region: String,
    /// Gross output.
    pub output_busd: f64,
    /// Value added, the labour income of the model.
    pub value_added_busd: f64,
    /// Final demand: value added, tariff revenue and the deficit.
    pub final_demand_busd: f64,
    /// Tariff revenue.
    pub revenue_busd: f64,
    /// Imports less exports, net of tariffs.
    pub deficit_busd: f64,
}

/// What messages say that a folder of tables in levels holds.
const LEVELS: &str = "a folder to import holds economy.toml, trade, value_added, final_demand, deficits, elasticities and \
                      perhaps inputs";

/// A folder may be replaced where it holds nothing but an economy, and perhaps the manifest of its import.
fn may_be_replaced(folder: &Path) -> Result<(), TradeError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            let path = folder.display().to_string();
            return Err(TradeError::Write { path, error });
        }
    };
    for entry in entries {
        let entry = entry.map_err(|error| TradeError::Write {
            path: folder.display().to_string(),
            error,
        })?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let own = match file.rsplit_once('.') {
            Some(("economy" | "manifest", "toml")) => true,
            Some((stem, "csv" | "parquet")) => {
                ["trade", "value_added", "inputs", "elasticities"].contains(&stem)
            }
            _ => false,
        };
        if !own {
            let folder = folder.display().to_string();
            return Err(TradeError::NotReplaced { folder, file });
        }
    }
    Ok(())
}

impl Economy {
    /// The tables of an economy folder: trade, value added, inputs if there are any, elasticities. Cells of zero trade
    /// and zero inputs are left out.
    pub fn tables(&self) -> Vec<(&'static str, Table)> {
        let (n, s) = (self.regions.len(), self.sectors.len());
        let text = |names: &[String], picks: &[usize]| {
            Column::Text(picks.iter().map(|k| names[*k].clone()).collect())
        };
        // A tariff on what is not traded is kept: a rate in law.
        let rows: Vec<usize> = (0..n * n * s)
            .filter(|at| self.trade[*at] > 0.0 || self.tariffs[*at] != 0.0)
            .collect();
        let pick = |of: &dyn Fn(usize) -> usize| rows.iter().map(|at| of(*at)).collect::<Vec<_>>();
        let trade = Table::new("trade")
            .with("origin", text(&self.regions, &pick(&|at| at / n % n)))
            .with("destination", text(&self.regions, &pick(&|at| at % n)))
            .with("sector", text(&self.sectors, &pick(&|at| at / n / n)))
            .with(
                "value",
                Column::Real(rows.iter().map(|at| self.trade[*at]).collect()),
            )
            .with(
                "tariff",
                Column::Real(rows.iter().map(|at| self.tariffs[*at]).collect()),
            );
        let pairs = |of: &dyn Fn(usize) -> usize| (0..n * s).map(of).collect::<Vec<_>>();
        let value_added = Table::new("value_added")
            .with("region", text(&self.regions, &pairs(&|k| k / s)))
            .with("sector", text(&self.sectors, &pairs(&|k| k % s)))
            .with(
                "share",
                Column::Real(
                    (0..n * s)
                        .map(|k| self.value_added[k % s * n + k / s])
                        .collect(),
                ),
            );
        let mut elasticities =
            Table::new("elasticities").with("sector", Column::Text(self.sectors.clone()));
        for (name, theta) in &self.elasticities {
            elasticities = elasticities.with(name.clone(), Column::Real(theta.clone()));
        }
        let mut tables = vec![
            ("trade", trade),
            ("value_added", value_added),
            ("elasticities", elasticities),
        ];
        if let Some(inputs) = &self.inputs {
            let rows: Vec<usize> = (0..inputs.len()).filter(|at| inputs[*at] != 0.0).collect();
            let pick =
                |of: &dyn Fn(usize) -> usize| rows.iter().map(|at| of(*at)).collect::<Vec<_>>();
            let table = Table::new("inputs")
                .with("region", text(&self.regions, &pick(&|at| at / s / s)))
                .with("input", text(&self.sectors, &pick(&|at| at % s)))
                .with("user", text(&self.sectors, &pick(&|at| at / s % s)))
                .with(
                    "share",
                    Column::Real(rows.iter().map(|at| inputs[*at]).collect()),
                );
            tables.push(("inputs", table));
        }
        tables
    }

    /// Writes an economy folder, whole or not at all: what stood there of another economy is replaced.
    /// [`Economy::from_folder`] reads it back.
    ///
    /// # Errors
    /// A folder that cannot be written, or that holds files of something else.
    pub fn write_folder(&self, folder: &Path, form: Form) -> Result<(), TradeError> {
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |error| TradeError::Write { path, error }
        };
        may_be_replaced(folder)?;
        if let Some(around) = folder.parent().filter(|path| !path.as_os_str().is_empty()) {
            std::fs::create_dir_all(around).map_err(failed(around))?;
        }
        let whole = WholeFolder::create(folder).map_err(failed(folder))?;
        let mut files = vec![("economy.toml".to_owned(), self.info.to_toml().into_bytes())];
        for (stem, table) in self.tables() {
            // Elasticities are few and meant to be read by people.
            files.push(if form == Form::Csv || stem == "elasticities" {
                (format!("{stem}.csv"), table.to_csv()?)
            } else {
                (format!("{stem}.parquet"), table.to_parquet()?)
            });
        }
        for (name, bytes) in files {
            write_whole(&whole.inside().join(&name), &bytes).map_err(failed(&folder.join(name)))?;
        }
        whole.finish().map_err(failed(folder))
    }

    /// Reads a folder of tables in levels that need not agree, and closes them: see [`Economy::from_unbalanced`].
    /// The folder holds `economy.toml`, `trade`, `value_added` (`region, sector, value`), `final_demand`
    /// (`region, sector, value`), `deficits` (`region, value`), `elasticities`, and perhaps `inputs`
    /// (`region, input, user, value`), each `.parquet` or `.csv`.
    ///
    /// # Errors
    /// A file that is missing or unreadable, and all of [`Economy::from_unbalanced`].
    pub fn import_folder(folder: &Path, elasticities: &str) -> Result<Self, TradeError> {
        let inputs = read_table(folder, "inputs", LEVELS)?;
        Self::from_unbalanced(
            read_info(folder, LEVELS)?,
            UnbalancedTables {
                trade: &need_table(folder, "trade", LEVELS)?,
                value_added: &need_table(folder, "value_added", LEVELS)?,
                inputs: inputs.as_ref(),
                final_demand: &need_table(folder, "final_demand", LEVELS)?,
                deficits: &need_table(folder, "deficits", LEVELS)?,
                elasticities: &need_table(folder, "elasticities", LEVELS)?,
            },
            elasticities,
        )
    }

    /// The accounts of every region, as the model takes them.
    ///
    /// # Errors
    /// A region without value added or final demand.
    pub fn accounts(&self) -> Result<Vec<RegionAccounts>, TradeError> {
        let base = Calibration::new(self, Options::new("").input_output)?;
        let row = |i: usize| RegionAccounts {
            region: self.regions[i].clone(),
            output_busd: base.in_billion
                * (0..base.s)
                    .map(|j| base.output[j * base.n + i])
                    .sum::<f64>(),
            value_added_busd: base.in_billion * base.labour_income[i],
            final_demand_busd: base.in_billion * base.income[i],
            revenue_busd: base.in_billion * base.revenue[i],
            deficit_busd: base.in_billion * base.deficit[i],
        };
        Ok((0..base.n).map(row).collect())
    }
}

impl EconomyInfo {
    /// `economy.toml`.
    fn to_toml(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        format!(
            "format = {}\nname = {}\nyear = {}\nunit = {}\nsource = {}\n",
            self.format,
            quoted(&self.name),
            self.year,
            quoted(self.unit.name()),
            quoted(&self.source)
        )
    }
}
