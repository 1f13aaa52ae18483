//! An economy: what a shock does to it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::ffi_stream::ArrowArrayStreamReader;
use arrow_array::{Float64Array, Int64Array};
use pyo3::prelude::*;
use pyo3::types::PyMapping;
use winset::world::{
    FlowRow, Incomes, Outcome, PurchaseRow, RegionRow, SectorRow, SimulateQuestion, Simulated,
    StrategyQuestion, StructureOutcome, StructureRow, TradeRow, default_elasticities, flows,
    load_economy, political_weights, simulate, strategy,
};
use winset_trade::draws::{Elasticities, Uncertainty};
use winset_trade::gravity::Rebate;
use winset_trade::strategy::Instrument;
use winset_trade::{Closure, Equilibrium, Options, Shock, ShockRow};

use crate::error::Failure;
use crate::strategy::{Strategy, kind, structure};
use crate::table::{self, Table, reals, table_of, texts};
use crate::work::Abandoned;
use crate::{capsule, told, work};

/// An economy: regions × sectors in one base year.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Economy(Arc<winset_trade::Economy>);

/// The columns of a shock.
const SHOCK: [&str; 5] = ["kind", "origin", "destination", "sector", "value"];

/// What a shock may be, for messages.
const IS_SHOCK: &str =
    "a path, a table, or a list of dictionaries with kind, origin, destination, sector, value";

/// Where a shock is written.
enum Written {
    Rows(winset_io::Table),
    File(PathBuf),
    Table(ArrowArrayStreamReader),
}

impl Written {
    /// A path, a table of Arrow, or rows as dictionaries.
    fn of(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if given.hasattr("__arrow_c_stream__")? {
            return Ok(Self::Table(capsule::reader(given)?));
        }
        if let Ok(path) = given.extract::<PathBuf>() {
            return Ok(Self::File(path));
        }
        let raise = |what: String| Failure::input(what).raise(given.py());
        if given.cast::<PyMapping>().is_ok() {
            return Err(raise(
                "the shock is one dictionary: put it into a list, one dictionary a row".to_owned(),
            ));
        }
        let rows = given.try_iter().map_err(|_| {
            let class = given.get_type().to_string();
            raise(format!("{class} is no shock: give {IS_SHOCK}"))
        })?;
        let rows = rows
            .enumerate()
            .map(|(number, row)| Self::row(number + 1, &row?));
        let rows = rows.collect::<PyResult<Vec<_>>>()?;
        of_rows(&rows)
            .map(Self::Rows)
            .map_err(|failure| failure.raise(given.py()))
    }

    /// The cells of a row by their columns; what is `None` is blank.
    fn row(number: usize, row: &Bound<'_, PyAny>) -> PyResult<BTreeMap<String, String>> {
        let Ok(row) = row.cast::<PyMapping>() else {
            let class = row.get_type().name()?;
            let what = format!("the shock: row {number} is of the type `{class}`: give {IS_SHOCK}");
            return Err(Failure::input(what).raise(row.py()));
        };
        let cells = row.items()?.into_iter().map(|item| {
            let (column, cell): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
            let cell = if cell.is_none() {
                String::new()
            } else {
                cell.str()?.extract()?
            };
            Ok((column.str()?.extract()?, cell))
        });
        cells.collect()
    }

    /// Reads it and looks up every name in it.
    fn read(self, economy: &winset_trade::Economy) -> Result<Shock, Failure> {
        let table = match self {
            Self::Rows(table) => table,
            Self::Table(reader) => table::read("the shock", reader)?,
            Self::File(path) => {
                let name = path.display().to_string();
                let bytes = std::fs::read(&path).map_err(|error| {
                    Failure::input(format!(
                        "{name}: {error} (name a table of kind, origin, destination, sector, value)"
                    ))
                })?;
                winset_io::Table::from_bytes(&name, bytes)?
            }
        };
        let shock = Shock::from_table(&table)?;
        for (number, row) in shock.rows().iter().enumerate() {
            row.check_names(economy).map_err(|(column, error)| {
                ShockRow::fault(table.name(), number, column, error.to_string())
            })?;
        }
        Ok(shock)
    }
}

/// Rows as a table with every column that one of them names, so that it is read as any other.
fn of_rows(rows: &[BTreeMap<String, String>]) -> Result<winset_io::Table, Failure> {
    let named = rows.iter().flat_map(BTreeMap::keys).map(String::as_str);
    let columns: BTreeSet<&str> = named.chain(SHOCK).collect();
    let mut table = winset_io::Table::new("the shock");
    for column in columns {
        let cells = rows.iter().enumerate().map(|(number, row)| {
            let missing = || {
                let number = number + 1;
                Failure::input(format!(
                    "the shock: row {number} has no `{column}`: give {IS_SHOCK}"
                ))
            };
            match row.get(column) {
                Some(cell) => Ok(cell.clone()),
                // What is no column of a shock is told by whoever reads the table.
                None if !SHOCK.contains(&column) => Ok(String::new()),
                None => Err(missing()),
            }
        });
        table = table.with(
            column,
            winset_io::Column::Text(cells.collect::<Result<_, _>>()?),
        );
    }
    Ok(table)
}

fn closure(name: &str) -> Result<Closure, Failure> {
    match name {
        "fixed" => Ok(Closure::Fixed),
        "zero" => Ok(Closure::Zero),
        "proportional" => Ok(Closure::Proportional),
        other => Err(Failure::input(format!(
            "`{other}` is no treatment of deficits: write fixed, zero or proportional"
        ))),
    }
}

/// The set of elasticities that is named, else the one to use where none is.
fn set(economy: &winset_trade::Economy, named: Option<String>) -> Result<String, Failure> {
    if let Some(set) = named {
        return Ok(set);
    }
    default_elasticities(economy).map_err(|several| {
        Failure::input(format!(
            "this economy has several sets of elasticities: choose one with `elasticities` (there are: {})",
            several.join(", ")
        ))
    })
}

#[pymethods]
impl Economy {
    #[new]
    fn open(py: Python<'_>, economy: PathBuf) -> PyResult<Self> {
        let number = economy.to_str().and_then(|text| text.parse::<u32>().ok());
        let read = py.detach(|| match number {
            _ if economy.is_dir() => Ok(winset_trade::Economy::from_folder(&economy)?),
            Some(regions) => Ok(load_economy(regions)?),
            None => Err(Failure::input(format!(
                "no economy `{}`: name a folder that holds economy.toml, or 17 or 77 for an embedded one",
                economy.display()
            ))),
        });
        let economy = read.map_err(|failure: Failure| failure.raise(py))?;
        Ok(Self(Arc::new(economy)))
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.info().name
    }

    /// The base year.
    #[getter]
    fn year(&self) -> i64 {
        i64::from(self.0.info().year)
    }

    /// Who published the figures.
    #[getter]
    fn source(&self) -> &str {
        &self.0.info().source
    }

    /// The regions.
    #[getter]
    fn regions(&self) -> Vec<String> {
        self.0.regions().to_vec()
    }

    /// The sectors.
    #[getter]
    fn sectors(&self) -> Vec<String> {
        self.0.sectors().to_vec()
    }

    /// The sets of trade elasticities.
    #[getter]
    fn elasticities(&self) -> Vec<String> {
        self.0.elasticity_names().map(str::to_owned).collect()
    }

    /// Solves the economy under a shock.
    #[pyo3(signature = (
        shock, *, structure = "armington", rebate = "lump-sum", deficits = "fixed", elasticities = None, labour_supply = 0.0,
        scale = 0.0, numeraire = None, inputs = None, progress = None
    ))]
    #[allow(clippy::too_many_arguments, reason = "Python names them")]
    fn simulate(
        &self,
        py: Python<'_>,
        shock: &Bound<'_, PyAny>,
        structure: &str,
        rebate: &str,
        deficits: &str,
        elasticities: Option<String>,
        labour_supply: f64,
        scale: f64,
        numeraire: Option<String>,
        inputs: Option<bool>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Solved> {
        let raise = |failure: Failure| failure.raise(py);
        let written = Written::of(shock)?;
        let structure = self::structure(structure).map_err(raise)?;
        let rebate: Rebate = rebate
            .parse()
            .map_err(|error| raise(Failure::input(error)))?;
        let deficits = closure(deficits).map_err(raise)?;
        let economy = self.0.clone();
        work::run(py, progress, Abandoned::Dropped, move |reporter| {
            let question = SimulateQuestion {
                structure,
                rebate,
                elasticities: set(&economy, elasticities)?,
                deficits,
                labour_supply,
                scale,
                margins: Vec::new(),
                numeraire,
                inputs,
            };
            let shock = written.read(&economy)?;
            reporter.step("solving the economy", 0, Some(1));
            let answer = simulate(&economy, &question, &shock)?;
            reporter.step("solving the economy", 1, Some(1));
            Ok(Solved(answer))
        })
    }

    /// Solves the economy under a shock for the draws `first` to before `last`.
    #[pyo3(signature = (
        shock, first, last, *, seed = 1, spread = 0.3, spread_inputs = 0.0, spread_barriers = 0.0, deficits = "fixed",
        elasticities = None, labour_supply = 0.0, inputs = true, progress = None
    ))]
    #[allow(clippy::too_many_arguments, reason = "Python names them")]
    fn draws(
        &self,
        py: Python<'_>,
        shock: &Bound<'_, PyAny>,
        first: u64,
        last: u64,
        seed: u64,
        spread: f64,
        spread_inputs: f64,
        spread_barriers: f64,
        deficits: &str,
        elasticities: Option<String>,
        labour_supply: f64,
        inputs: bool,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Table> {
        let written = Written::of(shock)?;
        let closure = closure(deficits).map_err(|failure| failure.raise(py))?;
        let economy = self.0.clone();
        work::run(py, progress, Abandoned::Dropped, move |reporter| {
            let set = set(&economy, elasticities)?;
            let shock = written.read(&economy)?;
            let options = Options::new(set)
                .closure(closure)
                .labour_supply(labour_supply)
                .input_output(inputs);
            let uncertainty = Uncertainty {
                elasticities: Elasticities::LogNormal(spread),
                inputs: spread_inputs,
                barriers: spread_barriers,
                seed,
            };
            let count = last.saturating_sub(first);
            reporter.step("solving draws", 0, Some(count));
            let mut drawn = Vec::new();
            for piece in pieces(first, last) {
                reporter.go_on()?;
                let done = piece.end.saturating_sub(first);
                drawn.push(Incomes::of(
                    &economy,
                    &options,
                    &shock,
                    &uncertainty,
                    piece,
                )?);
                reporter.step("solving draws", done, Some(count));
            }
            table_of_draws(&drawn)
        })
    }

    /// The tariffs that governments choose.
    #[pyo3(signature = (
        player, kind, instrument, *, shock = None, weights = None, structure = "armington", deficits = "zero", elasticities = None,
        labour_supply = 0.0, inputs = true, starts = 2, lowest = 0.0, progress = None
    ))]
    #[allow(clippy::too_many_arguments, reason = "Python names them")]
    fn strategy(
        &self,
        py: Python<'_>,
        player: String,
        kind: &str,
        instrument: &str,
        shock: Option<&Bound<'_, PyAny>>,
        weights: Option<&Bound<'_, PyAny>>,
        structure: &str,
        deficits: &str,
        elasticities: Option<String>,
        labour_supply: f64,
        inputs: bool,
        starts: usize,
        lowest: f64,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Strategy> {
        let raise = |failure: Failure| failure.raise(py);
        let kind = self::kind(kind).map_err(raise)?;
        let structure = self::structure(structure).map_err(raise)?;
        let instrument: Instrument = instrument.parse().map_err(|_| {
            raise(Failure::input(format!(
                "`{instrument}` is no instrument: write uniform, sector, partner or partner-sector"
            )))
        })?;
        let deficits = closure(deficits).map_err(raise)?;
        let from = shock.map(Written::of).transpose()?;
        let weights = weights.map(capsule::reader).transpose()?;
        let economy = self.0.clone();
        work::run(py, progress, Abandoned::Dropped, move |reporter| {
            let weights = match weights {
                Some(reader) => political_weights(&table::read("the weights", reader)?, &economy)?,
                None => Vec::new(),
            };
            let question = StrategyQuestion {
                player,
                kind,
                structure,
                instrument,
                from: from.map(|written| written.read(&economy)).transpose()?,
                weights,
                deficits,
                elasticities: set(&economy, elasticities)?,
                labour_supply,
                inputs,
                starts,
                lowest,
            };
            reporter.step("seeking tariffs", 0, Some(1));
            let found = strategy(&economy, &question)?;
            reporter.step("seeking tariffs", 1, Some(1));
            Ok(Strategy(found))
        })
    }

    fn __repr__(&self) -> String {
        format!("<winset.Economy {}>", self.0.info().name)
    }
}

/// The draws `first` to before `last` in pieces, between which it is asked whether anybody still waits. A draw is the same in
/// any piece; each piece costs one solve more.
fn pieces(first: u64, last: u64) -> impl Iterator<Item = Range<u64>> {
    let size = 16 * rayon::current_num_threads() as u64;
    let count = last.saturating_sub(first).div_ceil(size).max(1);
    (0..count).map(move |k| {
        let from = first + k * size;
        from..from.saturating_add(size).min(last)
    })
}

/// A row a region of each draw; of a draw without an equilibrium one row that says why.
fn table_of_draws(drawn: &[Incomes]) -> Result<Table, Failure> {
    let solved = || drawn.iter().flat_map(Incomes::rows);
    let failed = || drawn.iter().flat_map(|piece| &piece.failed);
    let numbers = solved()
        .map(|row| row.draw)
        .chain(failed().map(|(draw, _)| *draw));
    let numbers = numbers.map(i64::try_from).collect::<Result<Vec<_>, _>>();
    let none = || failed().map(|_| None);
    let errors = solved().map(|_| String::new());
    let income = solved().map(|row| Some(row.real_income_pct)).chain(none());
    let ev = solved().map(|row| Some(row.ev_busd)).chain(none());
    Table::of(vec![
        (
            "draw",
            Arc::new(Int64Array::from(numbers.map_err(Failure::input)?)),
        ),
        (
            "region",
            texts(solved().map(|row| row.region).chain(failed().map(|_| ""))),
        ),
        (
            "real_income_pct",
            Arc::new(income.collect::<Float64Array>()),
        ),
        ("ev_busd", Arc::new(ev.collect::<Float64Array>())),
        (
            "error",
            texts(errors.chain(failed().map(|(_, error)| error.to_string()))),
        ),
    ])
}

/// The response of an economy to a shock. Money is billion USD a year at the numeraire.
#[pyclass(module = "winset", name = "Equilibrium", frozen)]
pub(crate) struct Solved(Simulated);

impl Solved {
    /// What the default structure alone knows; `what` says in a message what that is.
    fn model(&self, py: Python<'_>, what: &str) -> PyResult<&(Outcome, Equilibrium)> {
        match &self.0 {
            Simulated::Model(solved) => Ok(solved),
            Simulated::Structure(outcome) => Err(Failure::input(format!(
                "the structure {} with the rebate {} has no {what}: it answers for regions",
                outcome.structure.name(),
                outcome.rebate
            ))
            .raise(py)),
        }
    }
}

#[pymethods]
impl Solved {
    /// Why the solver stopped.
    #[getter]
    fn status(&self) -> &'static str {
        match &self.0 {
            Simulated::Model(solved) => solved.0.status,
            Simulated::Structure(outcome) => outcome.status,
        }
    }

    /// The largest relative error of the equations that is left.
    #[getter]
    fn residual(&self) -> f64 {
        match &self.0 {
            Simulated::Model(solved) => solved.0.residual,
            Simulated::Structure(outcome) => outcome.residual,
        }
    }

    /// Steps of the solver.
    #[getter]
    fn iterations(&self) -> usize {
        match &self.0 {
            Simulated::Model(solved) => solved.0.iterations,
            Simulated::Structure(outcome) => outcome.iterations,
        }
    }

    /// Steps in which the shock was applied: 1, at once, unless that could not be solved.
    #[getter]
    fn shock_steps(&self) -> usize {
        match &self.0 {
            Simulated::Model(solved) => solved.0.shock_steps,
            Simulated::Structure(outcome) => outcome.shock_steps,
        }
    }

    /// The set of elasticities.
    #[getter]
    fn elasticities(&self) -> &str {
        match &self.0 {
            Simulated::Model(solved) => &solved.0.elasticities,
            Simulated::Structure(outcome) => &outcome.elasticities,
        }
    }

    /// How markets work.
    #[getter]
    fn structure(&self) -> &'static str {
        match &self.0 {
            Simulated::Model(solved) => solved.0.structure.name(),
            Simulated::Structure(outcome) => outcome.structure.name(),
        }
    }

    /// A row a region, with what the structure knows of it.
    #[getter]
    fn regions(&self, py: Python<'_>) -> PyResult<Table> {
        let table = match &self.0 {
            Simulated::Model(solved) => table_of!(
                &solved.0.regions,
                RegionRow,
                [region],
                [
                    real_income_pct,
                    welfare_pct,
                    ev_busd,
                    terms_of_trade_pct,
                    volume_of_trade_pct,
                    efficiency_pct,
                    transfer_pct,
                    wage,
                    real_wage_pct,
                    relative_wage_pct,
                    price_index,
                    labour,
                    revenue_busd,
                    revenue_change_busd,
                    deficit_busd
                ]
            ),
            Simulated::Structure(outcome) => table_of_structure(outcome),
        };
        table.map_err(|failure| failure.raise(py))
    }

    /// A row a sector of a region.
    #[getter]
    fn sectors(&self, py: Python<'_>) -> PyResult<Table> {
        let table = table_of!(
            &self.model(py, "sectors")?.0.sectors,
            SectorRow,
            [region, sector],
            [output_pct, output_busd, value_added_busd, employment_pct]
        );
        table.map_err(|failure| failure.raise(py))
    }

    /// A row for each two regions: trade over all sectors.
    #[getter]
    fn trade(&self, py: Python<'_>) -> PyResult<Table> {
        let table = table_of!(
            &self.model(py, "trade")?.0.trade,
            TradeRow,
            [origin, destination],
            [
                value_busd,
                base_busd,
                goods_balance_busd,
                base_goods_balance_busd
            ]
        );
        table.map_err(|failure| failure.raise(py))
    }

    /// A row a flow: what a region sells to another, or to itself, of a sector.
    #[getter]
    fn flows(&self, py: Python<'_>) -> PyResult<Table> {
        let rows: Vec<FlowRow<'_>> = flows(&self.model(py, "flows")?.1).collect();
        let table = table_of!(
            &rows,
            FlowRow<'_>,
            [origin, destination, sector],
            [value_busd, base_busd, tariff]
        );
        table.map_err(|failure| failure.raise(py))
    }

    /// A row a purchase target: what it took.
    #[getter]
    fn purchases(&self, py: Python<'_>) -> PyResult<Table> {
        let table = table_of!(
            &self.model(py, "purchases")?.0.purchases,
            PurchaseRow,
            [origin, destination, sector],
            [
                wedge,
                cost_busd,
                flow_busd,
                additional_flow_busd,
                net_additional_exports_busd,
                importer_ev_busd,
                exporter_ev_busd
            ]
        );
        table.map_err(|failure| failure.raise(py))
    }

    /// All of it but the flows, as `winset simulate --json` answers.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = told::json(&self.0).map_err(|failure| failure.raise(py))?;
        told::read(py, &json)
    }

    fn __repr__(&self) -> String {
        let economy = match &self.0 {
            Simulated::Model(solved) => &solved.0.economy,
            Simulated::Structure(outcome) => &outcome.economy,
        };
        format!(
            "<winset.Equilibrium of {economy}: {}, residual {:.1e} after {} steps>",
            self.status(),
            self.residual(),
            self.iterations()
        )
    }
}

/// The rows of another structure, with the columns that it has.
fn table_of_structure(outcome: &StructureOutcome) -> Result<Table, Failure> {
    let rows = &outcome.regions;
    let column = |name, of: fn(&StructureRow) -> Option<f64>| {
        let values: Option<Vec<f64>> = rows.iter().map(of).collect();
        values.map(|values| (name, reals(values)))
    };
    let mut columns = vec![("region", texts(rows.iter().map(|row| &row.region)))];
    columns.extend(
        [
            column("real_income_pct", |row| Some(row.real_income_pct)),
            column("welfare_pct", |row| Some(row.welfare_pct)),
            column("wage", |row| Some(row.wage)),
            column("relative_wage_pct", |row| row.relative_wage_pct),
            column("price_index", |row| Some(row.price_index)),
            column("profits_pct", |row| row.profits_pct),
            column("labour", |row| row.labour),
            column("revenue_busd", |row| Some(row.revenue_busd)),
        ]
        .into_iter()
        .flatten(),
    );
    Table::of(columns)
}
