//! A world input–output table, row by row, into the tables of an economy folder.
//!
//! Flows are what producers get (basic prices, net of tariff). A region's inputs are paid with the tariffs on them; value
//! added is what remains of output, so taxes less subsidies on inputs count as income at home. Cells below zero,
//! mostly inventories drawn down, are set to zero and told; so no region buys less than its industries use.

use winset_io::{Column, Table};

use crate::error::ImportError;
use crate::mapping::{Mapping, Merged};
use crate::stage::{About, Stage};

/// What an economy is made with, beside the published table.
#[derive(Clone, Debug)]
pub struct Choices<'a> {
    /// The name of the economy.
    pub name: Option<String>,
    /// The base year; from the file's name if it is not given.
    pub year: Option<i32>,
    /// What merges into what.
    pub mapping: Mapping,
    /// `origin, destination, sector, tariff` (a fraction), in the names of the published table or of the economy; later
    /// rows apply over earlier ones; pairs without a row have no tariff.
    pub tariffs: Option<&'a Table>,
    /// `sector`, and a column of θ a set.
    pub elasticities: &'a Table,
}

/// The sums of a published table, merged.
pub(crate) struct World {
    regions: Merged,
    sectors: Merged,
    /// How many regions and sectors the published table has.
    n: usize,
    s: usize,
    /// `[origin][destination][sector]` of the published table.
    tariff: Vec<f64>,
    /// `[origin][destination][sector]`, merged, net of tariff.
    trade: Vec<f64>,
    revenue: Vec<f64>,
    /// `[region][user][input]`, merged, tariffs included.
    paid: Vec<f64>,
    below_zero: f64,
}

impl World {
    pub(crate) fn new(
        regions: &[String],
        sectors: &[String],
        choices: &Choices<'_>,
    ) -> Result<Self, ImportError> {
        let (n, s) = (regions.len(), sectors.len());
        let merged_regions = choices.mapping.regions(regions)?;
        let merged_sectors = choices.mapping.sectors(sectors)?;
        let mut tariff = vec![0.0; n * n * s];
        if let Some(table) = choices.tariffs {
            let places = |names: &[String], merged: &Merged, name: &str| -> Vec<usize> {
                (0..names.len())
                    .filter(|k| names[*k] == name || merged.names[merged.of[*k]] == name)
                    .collect()
            };
            let column = |name: &str| table.text_slice(name);
            let (origin, destination, sector) =
                (column("origin")?, column("destination")?, column("sector")?);
            let rates = table.reals("tariff")?;
            for row in 0..table.rows() {
                let from = places(regions, &merged_regions, &origin[row]);
                let to = places(regions, &merged_regions, &destination[row]);
                let of = places(sectors, &merged_sectors, &sector[row]);
                let wrong = |what: String| ImportError::Row {
                    file: table.name().to_owned(),
                    row: row as u64 + 1,
                    what,
                };
                for (kind, name, found) in [
                    ("region", &origin[row], &from),
                    ("region", &destination[row], &to),
                    ("sector", &sector[row], &of),
                ] {
                    if found.is_empty() {
                        return Err(wrong(format!(
                            "no {kind} `{name}` in the table or after the mapping"
                        )));
                    }
                }
                if rates[row] <= -1.0 {
                    return Err(wrong(format!("the tariff {} is not above −1", rates[row])));
                }
                for o in &from {
                    for d in &to {
                        for i in &of {
                            tariff[(o * n + d) * s + i] = rates[row];
                        }
                    }
                }
            }
        }
        let (merged_n, merged_s) = (merged_regions.names.len(), merged_sectors.names.len());
        Ok(Self {
            n,
            s,
            tariff,
            trade: vec![0.0; merged_n * merged_n * merged_s],
            revenue: vec![0.0; merged_n * merged_n * merged_s],
            paid: vec![0.0; merged_n * merged_s * merged_s],
            below_zero: 0.0,
            regions: merged_regions,
            sectors: merged_sectors,
        })
    }

    /// Takes the row of one producer: what every industry (`[destination][user]`) and every region's final demand use.
    pub(crate) fn row(&mut self, origin: usize, sector: usize, uses: &[f64], finals: &[f64]) {
        let (merged_n, merged_s) = (self.regions.names.len(), self.sectors.names.len());
        let (from, good) = (self.regions.of[origin], self.sectors.of[sector]);
        for d in 0..self.n {
            let to = self.regions.of[d];
            let rate = self.tariff[(origin * self.n + d) * self.s + sector];
            let mut flow = 0.0;
            for (user, value) in uses[d * self.s..(d + 1) * self.s].iter().enumerate() {
                if *value < 0.0 {
                    self.below_zero -= value;
                } else if *value > 0.0 {
                    flow += value;
                    let user = self.sectors.of[user];
                    self.paid[(to * merged_s + user) * merged_s + good] += value * (1.0 + rate);
                }
            }
            if finals[d] < 0.0 {
                self.below_zero -= finals[d];
            } else {
                flow += finals[d];
            }
            let at = (from * merged_n + to) * merged_s + good;
            self.trade[at] += flow;
            self.revenue[at] += flow * rate;
        }
    }

    /// Writes the economy folder into the stage.
    pub(crate) fn write(
        self,
        stage: &mut Stage,
        choices: &Choices<'_>,
        about: &Described<'_>,
    ) -> Result<Economy, ImportError> {
        let (n, s) = (self.regions.names.len(), self.sectors.names.len());
        let elasticities = elasticities(choices.elasticities, &self.sectors.names)?;
        let mut output = vec![0.0; n * s];
        for (at, flow) in self.trade.iter().enumerate() {
            output[at / s / n * s + at % s] += flow;
        }
        let name = choices.name.clone().unwrap_or_else(|| {
            format!("{} {}, {n} regions × {s} sectors", about.table, about.year)
        });
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let text = format!(
            "format = 1\nname = {}\nyear = {}\nunit = {}\nsource = {}\n",
            quoted(&name),
            about.year,
            quoted(about.unit),
            quoted(about.source)
        );
        let about_file = |what: &str| About {
            what: what.to_owned(),
            ..About::default()
        };
        stage.text(
            "economy.toml",
            &text,
            about_file("name, year, unit and source"),
        )?;

        // Plain means of the rates stand where nothing is traded.
        let mut plain = vec![(0.0, 0.0); self.trade.len()];
        for (at, rate) in self.tariff.iter().enumerate() {
            let (o, d, i) = (at / self.s / self.n, at / self.s % self.n, at % self.s);
            let (o, d) = (self.regions.of[o], self.regions.of[d]);
            let cell: &mut (f64, f64) = &mut plain[(o * n + d) * s + self.sectors.of[i]];
            *cell = (cell.0 + rate, cell.1 + 1.0);
        }
        let tariff = |at: usize| {
            if self.trade[at] > 0.0 {
                self.revenue[at] / self.trade[at]
            } else {
                plain[at].0 / plain[at].1
            }
        };
        let rows: Vec<usize> = (0..self.trade.len())
            .filter(|at| self.trade[*at] > 0.0 || tariff(*at) != 0.0)
            .collect();
        let names = |of: &[String], place: &dyn Fn(usize) -> usize, rows: &[usize]| {
            Column::Text(rows.iter().map(|at| of[place(*at)].clone()).collect())
        };
        let regions = &self.regions.names;
        let sectors = &self.sectors.names;
        let trade = Table::new("trade")
            .with("origin", names(regions, &|at| at / s / n, &rows))
            .with("destination", names(regions, &|at| at / s % n, &rows))
            .with("sector", names(sectors, &|at| at % s, &rows))
            .with("value", reals(rows.iter().map(|at| self.trade[*at])))
            .with("tariff", reals(rows.iter().map(|at| tariff(*at))));
        stage.table(
            "trade",
            &trade,
            About {
                what: format!(
                    "trade net of tariff, {}, and tariffs as fractions",
                    about.unit
                ),
                mind: "cells below zero (inventories drawn down) are zero here".to_owned(),
                totals: vec![
                    (format!("value, {}", about.unit), self.trade.iter().sum()),
                    ("revenue".to_owned(), self.revenue.iter().sum()),
                    ("below zero, set to zero".to_owned(), self.below_zero),
                ],
            },
        )?;

        let mut scaled = 0_u32;
        let mut value_added = vec![1.0; n * s];
        let mut inputs = self.paid;
        for (at, lane) in inputs.chunks_exact_mut(s).enumerate() {
            let paid: f64 = lane.iter().sum();
            if output[at] <= 0.0 {
                lane.fill(0.0);
                continue;
            }
            scaled += u32::from(paid > output[at]);
            let all = paid.max(output[at]);
            for x in lane.iter_mut() {
                *x /= all;
            }
            value_added[at] = 1.0 - paid / all;
        }
        let implied: f64 = value_added.iter().zip(&output).map(|(v, y)| v * y).sum();
        let mut totals = vec![(format!("value added, {}", about.unit), implied)];
        totals.extend(
            about
                .value_added
                .map(|own| ("of the published table".to_owned(), own)),
        );
        let what = "industries whose inputs exceed their output, set to it";
        totals.push((what.to_owned(), f64::from(scaled)));
        let every: Vec<usize> = (0..n * s).collect();
        let table = Table::new("value_added")
            .with("region", names(regions, &|at| at / s, &every))
            .with("sector", names(sectors, &|at| at % s, &every))
            .with("share", Column::Real(value_added));
        stage.table(
            "value_added",
            &table,
            About {
                what: "value added as a share of gross output".to_owned(),
                mind: "what remains of output after inputs and the tariffs on them: taxes less subsidies on inputs are in it".to_owned(),
                totals,
            },
        )?;
        let rows: Vec<usize> = (0..inputs.len()).filter(|at| inputs[*at] > 0.0).collect();
        let table = Table::new("inputs")
            .with("region", names(regions, &|at| at / s / s, &rows))
            .with("input", names(sectors, &|at| at % s, &rows))
            .with("user", names(sectors, &|at| at / s % s, &rows))
            .with("share", reals(rows.iter().map(|at| inputs[*at])));
        let what = "inputs, tariffs included, as shares of the user's gross output";
        stage.table("inputs", &table, about_file(what))?;
        let what = "trade elasticities θ = σ − 1 by sector, one column a set";
        stage.csv("elasticities", &elasticities, about_file(what))?;
        Ok(Economy {
            regions: n,
            sectors: s,
            year: about.year,
            below_zero: self.below_zero,
        })
    }
}

fn reals(values: impl Iterator<Item = f64>) -> Column {
    Column::Real(values.collect())
}

/// What the published table is.
pub(crate) struct Described<'a> {
    pub(crate) table: &'a str,
    pub(crate) source: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) year: i32,
    /// Its own total of value added, if it states one.
    pub(crate) value_added: Option<f64>,
}

/// What was made of a world table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Economy {
    /// Regions of the economy.
    pub regions: usize,
    /// Its sectors.
    pub sectors: usize,
    /// The base year.
    pub year: i32,
    /// Value of the cells below zero that were set to zero, in the table's unit.
    pub below_zero: f64,
}

/// The rows of elasticities for some sectors. An industry of the OECD's table that has no row of its own takes that of the
/// sector into which the mappings that ship merge it.
fn elasticities(table: &Table, sectors: &[String]) -> Result<Table, ImportError> {
    let there = table.text_slice("sector")?;
    let parents = Mapping::shipped("winset-77")?;
    let place = |name: &str| there.iter().position(|t| t == name);
    let mut rows = Vec::new();
    let mut missing = Vec::new();
    for sector in sectors {
        match place(sector).or_else(|| place(parents.sector(sector))) {
            Some(row) => rows.push(row),
            None => missing.push(sector.as_str()),
        }
    }
    if !missing.is_empty() {
        return Err(ImportError::Names(format!(
            "{}: no elasticities for the sectors {} (merge them by a mapping, or give a table of `sector` and θ for each set)",
            table.name(),
            missing.join(", ")
        )));
    }
    let mut out = Table::new("elasticities").with("sector", Column::Text(sectors.to_vec()));
    for name in table.column_names().filter(|name| *name != "sector") {
        let theta = table.reals(name)?;
        out = out.with(name, reals(rows.iter().map(|row| theta[*row])));
    }
    Ok(out)
}

/// The year in a file's name, such as `2022_SML.csv` or `ICIO2021_2018.csv`: the last that it holds.
pub(crate) fn year_of(choices: &Choices<'_>, file: &str) -> Result<i32, ImportError> {
    if let Some(year) = choices.year {
        return Ok(year);
    }
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .rfind(|year| (1960..2100).contains(year))
        .ok_or_else(|| {
            ImportError::Usage(format!(
                "{file}: the name of the file says no year; give the year of the table"
            ))
        })
}
