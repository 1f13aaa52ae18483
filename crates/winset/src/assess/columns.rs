//! Which columns of the answer are written.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use winset_io::stream::Kind;

use super::answer::COLUMNS;

/// Some columns of the answer, in the order of [`ANSWERS`](super::ANSWERS); all of them unless some are named. As a text: their
/// names with commas between them, `id,total,error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AnswerColumns([bool; COLUMNS.len()]);

impl Default for AnswerColumns {
    fn default() -> Self {
        Self([true; COLUMNS.len()])
    }
}

impl AnswerColumns {
    /// By their names, in any order.
    ///
    /// # Errors
    /// No name, one twice, one that no column of the answer has.
    pub fn by_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, String> {
        let mut columns = Self([false; COLUMNS.len()]);
        for name in names {
            let place = COLUMNS.iter().position(|(column, _)| *column == name);
            let place = place.ok_or_else(|| {
                let all = Self::default();
                format!("the answer has no column `{name}`: write some of {all}")
            })?;
            if std::mem::replace(&mut columns.0[place], true) {
                return Err(format!("the column `{name}` is named twice"));
            }
        }
        if columns.0.contains(&true) {
            Ok(columns)
        } else {
            Err(format!(
                "no column is named: write some of {}",
                Self::default()
            ))
        }
    }

    /// Whether the column at a place of [`ANSWERS`](super::ANSWERS) is one of them.
    pub(super) fn has(&self, place: usize) -> bool {
        self.0[place]
    }

    /// Name and kind of each.
    pub fn named(&self) -> Vec<(&'static str, Kind)> {
        let all = COLUMNS.into_iter().zip(self.0);
        all.filter_map(|(column, there)| there.then_some(column))
            .collect()
    }
}

impl fmt::Display for AnswerColumns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.named().into_iter().map(|(name, _)| name).collect();
        f.write_str(&names.join(","))
    }
}

impl FromStr for AnswerColumns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = text.split(',').map(str::trim);
        Self::by_names(names.filter(|name| !name.is_empty()))
    }
}

impl TryFrom<String> for AnswerColumns {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<AnswerColumns> for String {
    fn from(columns: AnswerColumns) -> Self {
        columns.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_order_and_wrong_ones_are_told() {
        let some: AnswerColumns = "error, total".parse().unwrap();
        assert_eq!(some.to_string(), "total,error");
        assert_eq!(String::from(some).parse(), Ok(some));
        let all = AnswerColumns::default();
        assert_eq!(all.to_string().parse(), Ok(all));
        let wrong = |text: &str| text.parse::<AnswerColumns>().unwrap_err();
        assert!(wrong("totl").contains("`totl`: write some of id,total,"));
        assert!(wrong("id,id").contains("twice"));
        assert!(wrong(" ,").contains("no column is named"));
    }
}
