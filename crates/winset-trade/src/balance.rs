//! Tables that do not close: the baseline as an equilibrium of the model.
//!
//! Published trade and input–output tables rarely agree in levels. Caliendo & Parro (2015) take the shares of each
//! (origins in spending, costs, final demand), value added and deficits as data, and solve the model for the levels at
//! which all markets clear; that solution is their baseline, and the economy that is returned here.

use std::sync::Arc;

use winset_io::Table;

use crate::calibration::Calibration;
use crate::economy::{Economy, EconomyInfo, cell};
use crate::error::TradeError;
use crate::model::{Model, Options};
use crate::read::{read_elasticities, read_trade};
use crate::rows::{Faults, Filled, Names, row_error};

/// Tables in levels (any one unit of money), whose shares are taken and whose levels need not agree.
#[derive(Clone, Copy, Debug)]
pub struct UnbalancedTables<'a> {
    /// `origin, destination, sector, value, tariff`, value net of tariff.
    pub trade: &'a Table,
    /// `region, sector, value`; its sums by region are kept in the world's total.
    pub value_added: &'a Table,
    /// `region, input, user, value`.
    pub inputs: Option<&'a Table>,
    /// `region, sector, value`; zero where negative.
    pub final_demand: &'a Table,
    /// `region, value`: imports less exports, constant in units of the world's labour income; what they lack to a
    /// sum of zero, at most a thousandth of the world's value added, is spread by value added.
    pub deficits: &'a Table,
    /// `sector`, and columns of θ.
    pub elasticities: &'a Table,
}

/// Final demand may be negative, where stocks are run down: it then counts as zero.
fn levels(
    table: &Table,
    regions: &Names,
    sectors: &Names,
    below_zero: bool,
) -> Result<Vec<f64>, TradeError> {
    let n = regions.list.len();
    let (places, goods) = (
        regions.column(table, "region")?,
        sectors.column(table, "sector")?,
    );
    let mut out = Filled::new(n * sectors.list.len());
    for (row, value) in table.reals("value")?.into_iter().enumerate() {
        if !value.is_finite() || (value < 0.0 && !below_zero) {
            let what = format!("the value is {value}; it is a level, zero or more");
            return Err(row_error(table, row, what));
        }
        out.put(table, row, goods[row] * n + places[row], value)?;
    }
    Ok(out.values)
}

impl Economy {
    /// The closed economy nearest to unbalanced tables: their shares, in the levels that clear all markets at the
    /// elasticities named `elasticities`.
    ///
    /// # Errors
    /// As [`Economy::from_tables`]; a sector whose costs are not above zero, a deficit that its region cannot pay, deficits that
    /// do not sum to zero; and where no levels clear the markets ([`TradeError::is_no_equilibrium`]).
    pub fn from_unbalanced(
        info: EconomyInfo,
        tables: UnbalancedTables<'_>,
        elasticities: &str,
    ) -> Result<Self, TradeError> {
        let regions = Names::of("region", tables.value_added)?;
        let sectors = Names::of("sector", tables.elasticities)?;
        let (n, s) = (regions.list.len(), sectors.list.len());
        let mut faults = Faults::default();
        let sets = read_elasticities(tables.elasticities, &sectors, &mut faults)?;
        let (trade, tariffs) = read_trade(tables.trade, &regions, &sectors, &mut faults)?;
        if let Some(first) = faults.0.into_iter().next() {
            return Err(first);
        }
        let paid = levels(tables.value_added, &regions, &sectors, false)?;
        let mut inputs = Filled::new(n * s * s);
        if let Some(table) = tables.inputs {
            let places = regions.column(table, "region")?;
            let (goods, users) = (
                sectors.column(table, "input")?,
                sectors.column(table, "user")?,
            );
            for (row, value) in table.reals("value")?.into_iter().enumerate() {
                // Published tables have inputs below zero (Caliendo and Parro's of 1993).
                if !value.is_finite() {
                    return Err(row_error(table, row, format!("the value is {value}")));
                }
                let at = (places[row] * s + users[row]) * s + goods[row];
                inputs.put(table, row, at, value)?;
            }
        }
        let mut inputs = inputs.values;
        let mut value_added = paid.clone();
        for i in 0..n {
            for j in 0..s {
                let column = &mut inputs[(i * s + j) * s..(i * s + j + 1) * s];
                let bought: f64 = column.iter().sum();
                let cost = bought + paid[j * n + i];
                if cost <= 0.0 && column.iter().any(|x| *x != 0.0) {
                    return Err(TradeError::Costs {
                        table: tables.inputs.map_or("inputs", Table::name).to_owned(),
                        region: regions.list[i].clone(),
                        sector: sectors.list[j].clone(),
                        inputs: bought,
                        value_added: paid[j * n + i],
                    });
                }
                if cost > 0.0 {
                    for x in column.iter_mut() {
                        *x /= cost;
                    }
                    value_added[j * n + i] /= cost;
                } else {
                    column.fill(0.0);
                    value_added[j * n + i] = 1.0;
                }
            }
        }
        let mut economy = Self {
            info,
            regions: regions.list.clone(),
            sectors: sectors.list.clone(),
            trade,
            tariffs,
            value_added,
            inputs: tables.inputs.map(|_| inputs),
            elasticities: sets,
        };
        let demand = levels(tables.final_demand, &regions, &sectors, true)?;
        let deficits = deficits(tables.deficits, &regions, &paid)?;
        let base = unbalanced(&economy, &paid, demand, deficits)?;
        let theta: Arc<[f64]> = economy.elasticities(elasticities)?.into();
        economy.trade = Model::clear(base, theta, Options::new(elasticities))?;
        Ok(economy)
    }
}

/// What deficits may lack to a sum of zero, as a share of the world's value added: rounding of the tables.
const DEFICITS_ROUNDING: f64 = 1e-3;

/// The deficit of every region; `paid` is value added by sector and region.
fn deficits(table: &Table, regions: &Names, paid: &[f64]) -> Result<Vec<f64>, TradeError> {
    let n = regions.list.len();
    let mut given = Filled::new(n);
    let values = table.reals("value")?;
    let places = regions.column(table, "region")?;
    for (row, (value, i)) in values.into_iter().zip(places).enumerate() {
        let earned: f64 = paid.iter().skip(i).step_by(n).sum();
        if !value.is_finite() || -value >= earned {
            let what = format!(
                "the deficit of {} is {value}, but its value added is {earned}: a region cannot give away more than it earns",
                regions.list[i]
            );
            return Err(row_error(table, row, what));
        }
        given.put(table, row, i, value)?;
    }
    if let Some(i) = given.seen.iter().position(|seen| !seen) {
        return Err(TradeError::Missing {
            table: table.name().to_owned(),
            cell: format!("region {}", regions.list[i]),
            what: "every region has one, zero where its trade is balanced".to_owned(),
        });
    }
    let (sum, world) = (given.values.iter().sum::<f64>(), paid.iter().sum::<f64>());
    if sum.abs() > DEFICITS_ROUNDING * world {
        return Err(TradeError::Deficits {
            table: table.name().to_owned(),
            sum,
            world,
        });
    }
    Ok(given.values)
}

/// A calibration whose levels do not clear the markets.
fn unbalanced(
    economy: &Economy,
    paid: &[f64],
    mut demand: Vec<f64>,
    mut deficit: Vec<f64>,
) -> Result<Calibration, TradeError> {
    let (n, s) = (economy.regions.len(), economy.sectors.len());
    let mut base = Calibration::new(economy, true)?;
    let mut labour_income = vec![0.0; n];
    for i in 0..n {
        demand
            .iter_mut()
            .skip(i)
            .step_by(n)
            .for_each(|x| *x = x.max(0.0));
        let total: f64 = demand.iter().skip(i).step_by(n).sum();
        labour_income[i] = paid.iter().skip(i).step_by(n).sum();
        for (what, level) in [("value added", labour_income[i]), ("final demand", total)] {
            if level <= 0.0 {
                return Err(TradeError::EmptyRegion {
                    region: economy.regions[i].clone(),
                    what,
                });
            }
        }
        for j in 0..s {
            demand[j * n + i] /= total;
        }
    }
    let world: f64 = labour_income.iter().sum();
    let gap: f64 = deficit.iter().sum();
    for i in 0..n {
        deficit[i] -= gap * labour_income[i] / world;
        base.income[i] = labour_income[i] + base.revenue[i] + deficit[i];
    }
    base.final_share = demand;
    base.labour_income = labour_income;
    base.deficit = deficit;
    spread(&mut base);
    Ok(base)
}

/// Passes over demand before the levels are left to the solver; each halves what is missing, or better.
const PASSES: usize = 200;

/// Sets spending, flows, outputs and revenue to what incomes and shares imply at the wages of the data: equation (11)
/// of Caliendo & Parro. What remains open is the income of each region, equation (12).
fn spread(base: &mut Calibration) {
    let (n, s) = (base.n, base.s);
    for _ in 0..PASSES {
        let mut wanted = vec![0.0; n * s];
        for i in 0..n {
            base.income[i] = base.labour_income[i] + base.revenue[i] + base.deficit[i];
            for j in 0..s {
                wanted[j * n + i] += base.final_share[j * n + i] * base.income[i];
                if base.inputs.is_empty() {
                    continue;
                }
                for k in 0..s {
                    wanted[k * n + i] += base.inputs[(i * s + j) * s + k] * base.output[j * n + i];
                }
            }
        }
        base.spending = wanted;
        base.output.fill(0.0);
        base.revenue.fill(0.0);
        for j in 0..s {
            for i in 0..n {
                for m in 0..n {
                    let at = cell(n, j, i, m);
                    let flow = base.share[at] * base.spending[j * n + m] / (1.0 + base.tariff[at]);
                    base.flow[at] = flow;
                    base.output[j * n + i] += flow;
                    base.revenue[m] += flow * base.tariff[at];
                }
            }
        }
    }
    base.spending_inverse = base
        .spending
        .iter()
        .map(|x| if *x > 0.0 { 1.0 / x } else { 0.0 })
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deficits_sum_to_zero_are_paid_and_stand_once() -> Result<(), TradeError> {
        let regions = Names::from_column("region", vec!["A".to_owned(), "B".to_owned()]);
        let told = |rows: &str| -> Result<String, TradeError> {
            let table = Table::from_csv("d.csv", format!("region,value\n{rows}").as_bytes())?;
            let given = deficits(&table, &regions, &[100.0, 72.0]);
            Ok(given
                .err()
                .map_or_else(String::new, |error| error.to_string()))
        };
        assert_eq!(told("A,1\nB,-1.1\n")?, "");
        assert!(told("A,100\nB,-1\n")?.starts_with("d.csv: the deficits sum to 99, "));
        assert!(told("A,72\nB,-72\n")?.contains("row 2: the deficit of B is -72"));
        assert!(told("A,1\nB,-1\nA,1\n")?.contains("row 3: this cell has a row already"));
        assert!(told("A,1\n")?.contains("d.csv: no row for region B"));
        Ok(())
    }

    #[test]
    fn a_level_below_zero_is_refused_with_its_row_but_in_final_demand() -> Result<(), TradeError> {
        let table = Table::from_csv("levels", b"region,sector,value\nA,S,1\nA,T,-2\n")?;
        let regions = Names::from_column("region", vec!["A".to_owned()]);
        let sectors = Names::from_column("sector", vec!["S".to_owned(), "T".to_owned()]);
        let refused = levels(&table, &regions, &sectors, false);
        let told = refused
            .err()
            .map_or_else(String::new, |error| error.to_string());
        assert!(told.contains("row 2: the value is -2"), "{told}");
        assert_eq!(levels(&table, &regions, &sectors, true)?, [1.0, -2.0]);
        Ok(())
    }
}
