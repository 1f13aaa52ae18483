//! Goods that a measure names and the schedule does not have: a slip that would else do nothing, silently.

use serde::Deserialize;
use toml::Spanned;
use winset_io::{Problem, Problems, Source, Table, TableError};

#[derive(Deserialize)]
struct Measures {
    #[serde(default)]
    measure: Vec<Goods>,
    #[serde(default)]
    exemption: Vec<Goods>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Goods {
    #[serde(default)]
    goods: Vec<Spanned<String>>,
    #[serde(default)]
    except_goods: Vec<Spanned<String>>,
}

/// Adds a problem for every code in the measures' own words (lists left aside) under which the schedule
/// has no line, and that lies under none. Chapters 98 and 99 stand outside the schedule.
///
/// # Errors
/// A schedule without codes.
pub(super) fn unknown(
    texts: &[Source],
    schedule: &Table,
    problems: &mut Problems,
) -> Result<(), TableError> {
    let digits_of = |code: &str| -> String { code.chars().filter(char::is_ascii_digit).collect() };
    let codes = schedule.text_slice("code")?.iter();
    let mut codes: Vec<String> = codes.map(|code| digits_of(code)).collect();
    codes.sort_unstable();
    codes.dedup();
    for source in texts {
        // A file that does not read is told by the law itself.
        let Ok(file) = toml::from_str::<Measures>(source.text()) else {
            continue;
        };
        let words = file
            .measure
            .iter()
            .chain(&file.exemption)
            .flat_map(|m| m.goods.iter().chain(&m.except_goods));
        for word in words {
            let digits = digits_of(word.get_ref());
            let is_code = word
                .get_ref()
                .chars()
                .all(|c| c.is_ascii_digit() || c == '.')
                && digits.len() >= 2;
            if !is_code || digits.as_str() >= "98" {
                continue;
            }
            let at = codes.partition_point(|c| *c < digits);
            let below = codes.get(at).is_some_and(|c| c.starts_with(&digits));
            let above = (4..digits.len()).any(|n| {
                let shorter = |c: &String| c.as_str().cmp(&digits[..n]);
                codes.binary_search_by(shorter).is_ok()
            });
            if !below && !above {
                let near: Vec<&str> = [at.checked_sub(1), Some(at)]
                    .into_iter()
                    .flatten()
                    .filter_map(|k| codes.get(k).map(String::as_str))
                    .collect();
                problems.push(
                    Problem::at(
                        source,
                        word.span(),
                        format!("unknown goods prefix `{}`", word.get_ref()),
                    )
                    .label("the schedule has no line under it")
                    .help(format!("the nearest lines are {}", near.join(" and "))),
                );
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use winset_io::Column;

    use super::*;

    fn faults(goods: &str) -> Vec<String> {
        let codes = ["87032301", "8708.30.50.20", "93020000"]
            .map(str::to_owned)
            .to_vec();
        let schedule = Table::new("schedule").with("code", Column::Text(codes));
        let source = Source::new(
            "m.toml",
            format!("[[measure]]\nid = \"x\"\ngoods = [{goods}]\n"),
        );
        let mut problems = Problems::default();
        unknown(&[source], &schedule, &mut problems).unwrap();
        problems.0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_prefix_of_a_line_and_a_code_below_one_are_known() {
        assert_eq!(
            faults("\"87\", \"8703.23\", \"8703.23.01.40\", \"*\", \"list:cars\", \"9801\""),
            [""; 0]
        );
    }

    #[test]
    fn a_code_that_no_line_has_is_shown_with_the_nearest() {
        let found = faults("\"8703\", \"9301.99\"");
        assert_eq!(
            found,
            [
                "m.toml:3:18: unknown goods prefix `9301.99` (the nearest lines are 8708305020 and 93020000)"
            ]
        );
    }
}
