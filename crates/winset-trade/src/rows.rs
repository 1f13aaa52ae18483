//! Rows of a table into the cells of a tensor, with errors that name table, row and cell.

use std::collections::HashMap;

use winset_io::Table;

use crate::error::TradeError;
use crate::read::SHARE_TOLERANCE;

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

    /// The names in a column of a table, which must have some.
    pub(crate) fn of(kind: &'static str, table: &Table) -> Result<Self, TradeError> {
        let names = Self::from_column(kind, table.texts(kind)?);
        if names.list.is_empty() {
            return Err(TradeError::Missing {
                table: table.name().to_owned(),
                cell: format!("any {kind}"),
                what: format!("this table says which {kind}s there are"),
            });
        }
        Ok(names)
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

    /// As `column`, with every unknown name noted; such rows have no index.
    pub(crate) fn column_noted(
        &self,
        table: &Table,
        column: &str,
        faults: &mut Faults,
    ) -> Result<Vec<Option<usize>>, TradeError> {
        let texts = table.texts(column)?;
        Ok(texts
            .iter()
            .enumerate()
            .map(|(row, name)| faults.keep(self.find(table, row, name)))
            .collect())
    }
}

/// All that is wrong with a set of tables, in the order in which it was met.
#[derive(Debug, Default)]
pub(crate) struct Faults(pub(crate) Vec<TradeError>);

impl Faults {
    pub(crate) fn keep<T>(&mut self, result: Result<T, TradeError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.push(error);
                None
            }
        }
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
pub(crate) struct Filled {
    pub(crate) values: Vec<f64>,
    pub(crate) seen: Vec<bool>,
}

impl Filled {
    pub(crate) fn new(len: usize) -> Self {
        Self {
            values: vec![0.0; len],
            seen: vec![false; len],
        }
    }

    pub(crate) fn put(
        &mut self,
        table: &Table,
        row: usize,
        at: usize,
        value: f64,
    ) -> Result<(), TradeError> {
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

pub(crate) fn share(table: &Table, row: usize, value: f64) -> Result<f64, TradeError> {
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
pub(crate) fn input_share(table: &Table, row: usize, value: f64) -> Result<f64, TradeError> {
    if (-1.0..=1.0 + SHARE_TOLERANCE).contains(&value) {
        return Ok(value);
    }
    Err(row_error(
        table,
        row,
        format!("the share {value} is not between −1 and 1"),
    ))
}
