//! What was understood of the rate texts of a schedule.

use std::sync::Arc;

use crate::GoodsCode;
use crate::rate::Rate;

/// How many rate texts of a schedule have a meaning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Lines (one a code and dated interval).
    pub lines: usize,
    /// Lines whose ordinary rate is *Free*, ad valorem, specific or compound.
    pub computable: usize,
    /// Lines whose ordinary rate points to another line or scale.
    pub references: usize,
    /// Lines whose ordinary rate has no meaning here: code and text.
    pub unparsed: Vec<(GoodsCode, Arc<str>)>,
    /// What was understood of each printed column, in the order of the table.
    pub columns: Vec<ColumnCoverage>,
}

/// How many cells of one column have a meaning. A blank cell is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnCoverage {
    /// The column's name in the table.
    pub column: String,
    /// Cells with a text.
    pub cells: usize,
    /// Cells from which a duty follows, by themselves or with a fact that they name (a quota, an origin).
    pub computable: usize,
    /// Cells that are not applied (a rate in brackets).
    pub not_applied: usize,
    /// Cells that point to another line, note or scale, or give a range: code and text.
    pub references: Vec<(GoodsCode, Arc<str>)>,
    /// Cells without a meaning here: code and text.
    pub unparsed: Vec<(GoodsCode, Arc<str>)>,
}

impl ColumnCoverage {
    pub(super) fn of(column: &str) -> Self {
        Self {
            column: column.to_owned(),
            ..Self::default()
        }
    }

    /// Counts the rates of one cell.
    pub(super) fn count<'r>(
        &mut self,
        code: GoodsCode,
        text: &str,
        rates: impl Iterator<Item = &'r Rate>,
    ) {
        self.cells += 1;
        let (mut meaning, mut computable) = (true, true);
        for rate in rates {
            meaning &= rate.has_meaning();
            computable &= rate.is_computable();
        }
        match (meaning, computable) {
            (true, true) => self.computable += 1,
            (true, false) => self.references.push((code, text.trim().into())),
            (false, _) => self.unparsed.push((code, text.trim().into())),
        }
    }
}

impl Coverage {
    /// The share of lines with a meaning, 0 to 1.
    pub fn share(&self) -> f64 {
        if self.lines == 0 {
            1.0
        } else {
            1.0 - self.unparsed.len() as f64 / self.lines as f64
        }
    }

    /// What was understood of a column.
    pub fn column(&self, name: &str) -> Option<&ColumnCoverage> {
        self.columns.iter().find(|c| c.column == name)
    }
}
