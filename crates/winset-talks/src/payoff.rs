//! A table: what each option adds, and what two options add together.

use serde::{Deserialize, Serialize};

use crate::units::{LARGEST_SUM, cell_units};
use crate::{Issue, TalksError};

/// A quantity as a sum of what a package's options add, and of what pairs of them add.
///
/// Money is bn USD a year. Values are rounded to multiples of 1e-12; sums of them are exact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payoff {
    /// For each issue, for each of its options, the value; within ±1,000,000.
    pub values: Vec<Vec<f64>>,
    /// What two issues add together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<Pair>,
}

/// What the options of two issues add when they meet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The two issues, counted from 0, in the order of rows and columns.
    pub issues: [usize; 2],
    /// A row for each option of the first issue, a column for each of the second; within ±1,000,000.
    pub values: Vec<Vec<f64>>,
}

impl Payoff {
    /// A table without interactions.
    pub fn additive(values: Vec<Vec<f64>>) -> Self {
        Self {
            values,
            pairs: Vec::new(),
        }
    }

    /// The table without interactions that is nearest to this one over all packages, each counted alike (least
    /// squares): a pair's values are spread over its options by the means of its rows and columns.
    #[must_use]
    pub fn nearest_additive(&self) -> Self {
        let mut values = self.values.clone();
        for pair in &self.pairs {
            let [a, b] = pair.issues;
            let columns = pair.values.first().map_or(0, Vec::len);
            if columns == 0 {
                continue;
            }
            let mean = |row: &Vec<f64>| row.iter().sum::<f64>() / columns as f64;
            let rows: Vec<f64> = pair.values.iter().map(mean).collect();
            let all = rows.iter().sum::<f64>() / rows.len() as f64;
            for (value, mean) in values[a].iter_mut().zip(&rows) {
                *value += mean;
            }
            for (column, value) in values[b].iter_mut().enumerate() {
                let sum: f64 = pair.values.iter().map(|row| row[column]).sum();
                *value += sum / rows.len() as f64 - all;
            }
        }
        Self::additive(values)
    }
}

/// A checked [`Payoff`] on integers.
#[derive(Clone, Debug)]
pub(crate) struct Exact {
    pub(crate) values: Vec<Vec<i64>>,
    pub(crate) pairs: Vec<ExactPair>,
}

/// A [`Pair`] on integers, the lower issue in the rows.
#[derive(Clone, Debug)]
pub(crate) struct ExactPair {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) values: Vec<Vec<i64>>,
}

impl Exact {
    pub(crate) fn new(payoff: &Payoff, issues: &[Issue], table: &str) -> Result<Self, TalksError> {
        let shape = |at: String, of, expected, found| {
            let table = table.to_owned();
            if expected == found {
                Ok(())
            } else {
                Err(TalksError::Shape {
                    table,
                    at,
                    of,
                    expected,
                    found,
                })
            }
        };
        shape(
            "`values`".to_owned(),
            "lists (one an issue)",
            issues.len(),
            payoff.values.len(),
        )?;
        let mut values = Vec::with_capacity(issues.len());
        for (issue, row) in issues.iter().zip(&payoff.values) {
            let at = format!("issue `{}`", issue.name);
            shape(at, "values (one an option)", issue.options.len(), row.len())?;
            let cell = |o: usize| format!("the value of `{}` = `{}`", issue.name, issue.options[o]);
            values.push(cells(row, table, cell)?);
        }
        let pairs = payoff
            .pairs
            .iter()
            .map(|p| exact_pair(p, issues, table))
            .collect::<Result<Vec<_>, _>>()?;
        let exact = Self { values, pairs };
        if exact.largest_sum() > i128::from(LARGEST_SUM) {
            return Err(TalksError::Sum {
                table: table.to_owned(),
            });
        }
        Ok(exact)
    }

    fn largest_sum(&self) -> i128 {
        let largest = |row: &Vec<i64>| row.iter().map(|v| i128::from(v.abs())).max().unwrap_or(0);
        let single: i128 = self.values.iter().map(largest).sum();
        let joint: i128 = self
            .pairs
            .iter()
            .map(|p| p.values.iter().map(largest).max().unwrap_or(0))
            .sum();
        single + joint
    }

    /// The quantity of a package.
    pub(crate) fn of(&self, options: &[u16]) -> i64 {
        let single: i64 = self
            .values
            .iter()
            .zip(options)
            .map(|(row, o)| row[usize::from(*o)])
            .sum();
        let joint: i64 = self
            .pairs
            .iter()
            .map(|p| p.values[usize::from(options[p.rows])][usize::from(options[p.columns])])
            .sum();
        single + joint
    }
}

fn cells(row: &[f64], table: &str, cell: impl Fn(usize) -> String) -> Result<Vec<i64>, TalksError> {
    row.iter()
        .enumerate()
        .map(|(o, v)| cell_units(*v, table, || cell(o)))
        .collect()
}

fn exact_pair(pair: &Pair, issues: &[Issue], table: &str) -> Result<ExactPair, TalksError> {
    let [a, b] = pair.issues;
    for found in [a, b] {
        if found >= issues.len() {
            let place = format!("{table}: `pairs`");
            return Err(TalksError::Unknown {
                place,
                what: "issue",
                found,
                there: issues.len(),
            });
        }
    }
    if a == b {
        return Err(TalksError::Pair {
            table: table.to_owned(),
            issue: issues[a].name.clone(),
        });
    }
    let at = || format!("the pair of `{}` and `{}`", issues[a].name, issues[b].name);
    let shape = |of, expected, found| {
        let table = table.to_owned();
        if expected == found {
            Ok(())
        } else {
            Err(TalksError::Shape {
                table,
                at: at(),
                of,
                expected,
                found,
            })
        }
    };
    shape(
        "rows (one an option of the first issue)",
        issues[a].options.len(),
        pair.values.len(),
    )?;
    let mut values = Vec::with_capacity(pair.values.len());
    for (o, row) in pair.values.iter().enumerate() {
        shape(
            "columns (one an option of the second issue)",
            issues[b].options.len(),
            row.len(),
        )?;
        let cell = |p: usize| {
            format!(
                "the pair value of `{}` = `{}` with `{}` = `{}`",
                issues[a].name, issues[a].options[o], issues[b].name, issues[b].options[p]
            )
        };
        values.push(cells(row, table, cell)?);
    }
    if a < b {
        return Ok(ExactPair {
            rows: a,
            columns: b,
            values,
        });
    }
    let turned = (0..issues[b].options.len())
        .map(|p| values.iter().map(|row| row[p]).collect())
        .collect();
    Ok(ExactPair {
        rows: b,
        columns: a,
        values: turned,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_additive_table_misses_no_mean_of_an_option() {
        let table = Payoff {
            values: vec![vec![0.0, 1.0], vec![0.0, 2.0, 3.0]],
            pairs: vec![Pair {
                issues: [0, 1],
                values: vec![vec![0.0, 0.5, -0.25], vec![1.0, 0.0, 4.0]],
            }],
        };
        let near = table.nearest_additive();
        assert!(near.pairs.is_empty());
        let whole = |a: usize, b: usize| {
            table.values[0][a] + table.values[1][b] + table.pairs[0].values[a][b]
        };
        let missed = |a: usize, b: usize| whole(a, b) - near.values[0][a] - near.values[1][b];
        // Least squares: what is missed is orthogonal to every option of either issue.
        for a in 0..2 {
            assert!((0..3).map(|b| missed(a, b)).sum::<f64>().abs() < 1e-12);
        }
        for b in 0..3 {
            assert!((0..2).map(|a| missed(a, b)).sum::<f64>().abs() < 1e-12);
        }
    }
}
