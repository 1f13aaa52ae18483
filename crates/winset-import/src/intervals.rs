//! Editions of a schedule, each from a day on, as lines with the days their text held.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use jiff::civil::Date;

use crate::error::ImportError;

/// One text of a line, from its first day to the day after its last; `None` is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval<K, V> {
    /// What names the line.
    pub key: K,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Option<Date>,
    /// What the line says.
    pub line: V,
}

/// The intervals of all lines, in the order of their keys and first days. An edition holds until the next begins.
///
/// # Errors
/// Two editions of one day.
pub fn intervals<K: Ord + Clone, V: PartialEq>(
    mut editions: Vec<(Date, BTreeMap<K, V>)>,
) -> Result<Vec<Interval<K, V>>, ImportError> {
    editions.sort_by_key(|(day, _)| *day);
    if let Some(twice) = editions.windows(2).find(|w| w[0].0 == w[1].0) {
        return Err(ImportError::Usage(format!(
            "two editions are dated {}: an edition holds from its day until that of the next",
            twice[0].0
        )));
    }
    let mut open: BTreeMap<K, (Date, V)> = BTreeMap::new();
    let mut done = Vec::new();
    for (day, lines) in editions {
        let mut end = |key: K, (from, line): (Date, V)| {
            done.push(Interval {
                key,
                from,
                to: Some(day),
                line,
            });
        };
        let gone: Vec<K> = open
            .keys()
            .filter(|key| !lines.contains_key(key))
            .cloned()
            .collect();
        for key in gone {
            if let Some(old) = open.remove(&key) {
                end(key, old);
            }
        }
        for (key, line) in lines {
            match open.entry(key) {
                Entry::Vacant(place) => {
                    place.insert((day, line));
                }
                Entry::Occupied(mut place) => {
                    if place.get().1 != line {
                        let old = place.insert((day, line));
                        end(place.key().clone(), old);
                    }
                }
            }
        }
    }
    done.extend(open.into_iter().map(|(key, (from, line))| Interval {
        key,
        from,
        to: None,
        line,
    }));
    done.sort_by(|a, b| (&a.key, a.from).cmp(&(&b.key, b.from)));
    Ok(done)
}

/// A day that may be open, as tables hold it.
pub(crate) fn shown(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// The name of a file without its folder, and its stem.
fn name_of(path: &Path) -> (String, String) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split('.').next().unwrap_or(&name).to_owned();
    (name.into_owned(), stem)
}

/// The days of revisions: as named (`NAME=DATE`, where NAME is the file's name or how its stem ends), or else the date in
/// the file's name.
///
/// # Errors
/// A file has none, or a name is that of no file.
pub fn days_of(
    files: &[impl AsRef<Path>],
    named: &[(String, Date)],
) -> Result<Vec<Date>, ImportError> {
    let mut used = vec![false; named.len()];
    let mut days = Vec::with_capacity(files.len());
    for file in files {
        let (name, stem) = name_of(file.as_ref());
        let is_named = |revision: &str| {
            let ends = stem
                .strip_suffix(revision)
                .is_some_and(|before| before.is_empty() || before.ends_with(['_', '-', ' ']));
            ends || name == revision
        };
        if let Some(at) = named.iter().position(|(revision, _)| is_named(revision)) {
            used[at] = true;
            days.push(named[at].1);
            continue;
        }
        let day = (0..name.len().saturating_sub(9)).find_map(|at| {
            name.get(at..at + 10)?
                .replace('_', "-")
                .parse::<Date>()
                .ok()
        });
        days.push(day.ok_or_else(|| {
            ImportError::Usage(format!(
                "{name}: from which day does this revision hold? Write --revision {stem}=2025-04-02, or put the date into the file's name"
            ))
        })?);
    }
    if let Some(at) = used.iter().position(|used| !used) {
        let (revision, day) = &named[at];
        let names: Vec<String> = files.iter().map(|file| name_of(file.as_ref()).0).collect();
        return Err(ImportError::Usage(format!(
            "--revision {revision}={day} gives no file its day (the files are: {}); write how the name of one ends, and one day a file",
            names.join(", ")
        )));
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_text_holds_until_another_edition_says_otherwise() {
        let edition = |lines: &[(&'static str, u8)]| lines.iter().copied().collect();
        let days = [date(2025, 1, 1), date(2025, 4, 2), date(2025, 6, 1)];
        let found = intervals(vec![
            (days[1], edition(&[("a", 1), ("b", 3), ("c", 4)])),
            (days[0], edition(&[("a", 1), ("b", 2)])),
            (days[2], edition(&[("a", 1), ("b", 3)])),
        ])
        .unwrap();
        let short: Vec<_> = found
            .iter()
            .map(|i| (i.key, i.from, i.to, i.line))
            .collect();
        assert_eq!(
            short,
            [
                ("a", days[0], None, 1),
                ("b", days[0], Some(days[1]), 2),
                ("b", days[1], None, 3),
                ("c", days[1], Some(days[2]), 4),
            ]
        );
        let twice = vec![(days[0], edition(&[])), (days[0], edition(&[]))];
        assert!(intervals(twice).is_err());
    }

    #[test]
    fn a_revision_has_a_day() {
        let named = [("2025_rev_7".to_owned(), date(2025, 4, 2))];
        assert_eq!(
            days_of(
                &["a/hts_2025_rev_7.json.gz", "htsdata-2025-06-06.csv"],
                &named
            )
            .unwrap(),
            [date(2025, 4, 2), date(2025, 6, 6)]
        );
        assert!(days_of(&["hts_2025_rev_17.json"], &[]).is_err());
    }

    #[test]
    fn a_revision_of_no_file_is_an_error() {
        let named = ["rev_7", "rev_8"].map(|name| (name.to_owned(), date(2025, 4, 2)));
        assert_eq!(
            days_of(&["a/hts_rev_7.json", "2025-06-06.csv"], &named)
                .unwrap_err()
                .to_string(),
            "--revision rev_8=2025-04-02 gives no file its day (the files are: hts_rev_7.json, 2025-06-06.csv); write how the name of one ends, and one day a file"
        );
        // Nor does a second day for a file that has one.
        let twice = ["rev_7", "7"].map(|name| (name.to_owned(), date(2025, 4, 2)));
        assert!(days_of(&["hts_rev_7.json"], &twice).is_err());
    }
}
