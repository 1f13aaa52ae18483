//! Packages that somebody has saved: `packages.toml` in the dossier's folder.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use toml_edit::{ArrayOfTables, DocumentMut, Formatted, InlineTable, Item, Table, Value, value};

use crate::dossier::format::IssuesFile;

/// The name of the file.
pub(super) const FILE: &str = "packages.toml";

/// What a new file opens with.
const HEAD: &str = "# Packages put together on the page. Issues that are not named keep their first option.\nformat = 1\n";

#[derive(Deserialize)]
struct SavedFile {
    #[serde(default)]
    package: Vec<SavedText>,
}

#[derive(Deserialize)]
struct SavedText {
    name: String,
    #[serde(default)]
    options: BTreeMap<String, String>,
}

/// A saved package of this dossier.
pub(super) struct Saved {
    pub(super) name: String,
    pub(super) package: Vec<u16>,
}

/// The packages of a text, in its order, and the names of those that do not fit this dossier's issues.
pub(super) fn read(text: &str, issues: &IssuesFile) -> Result<(Vec<Saved>, Vec<String>), String> {
    let file: SavedFile = toml::from_str(text).map_err(|e| e.to_string())?;
    let (mut saved, mut strange) = (Vec::new(), Vec::new());
    for text in file.package {
        match options(&text.options, issues) {
            Some(package) => saved.push(Saved {
                name: text.name,
                package,
            }),
            None => strange.push(text.name),
        }
    }
    Ok((saved, strange))
}

fn options(chosen: &BTreeMap<String, String>, issues: &IssuesFile) -> Option<Vec<u16>> {
    let mut package = vec![0u16; issues.issue.len()];
    for (issue, option) in chosen {
        let i = issues
            .issue
            .iter()
            .position(|text| text.id.get_ref() == issue)?;
        let o = issues.issue[i]
            .option
            .iter()
            .position(|text| text.id.get_ref() == option)?;
        package[i] = u16::try_from(o).ok()?;
    }
    Some(package)
}

/// The text with a package added, or put in the place of the one of that name; everything else stays as written.
pub(super) fn add(
    text: &str,
    name: &str,
    on: Date,
    package: &[u16],
    issues: &IssuesFile,
) -> Result<String, String> {
    let text = if text.is_empty() { HEAD } else { text };
    let mut document: DocumentMut = text.parse().map_err(|e| format!("{FILE}: {e}"))?;
    let all = document
        .entry("package")
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()))
        .as_array_of_tables_mut()
        .ok_or_else(|| format!("{FILE}: `package` must be written [[package]]"))?;
    let place = all
        .iter()
        .position(|table| table.get("name").and_then(Item::as_str) == Some(name));
    if place.is_none() {
        let mut table = Table::new();
        table.insert("name", value(name));
        all.push(table);
    }
    let last = all.len() - 1;
    let table = all
        .get_mut(place.unwrap_or(last))
        .ok_or_else(|| format!("{FILE}: no place for the package"))?;
    let mut chosen = InlineTable::new();
    for (issue, o) in issues.issue.iter().zip(package).filter(|(_, o)| **o > 0) {
        let option = issue
            .option
            .get(usize::from(*o))
            .ok_or("an option that the dossier does not have")?;
        chosen.insert(
            issue.id.get_ref(),
            Value::String(Formatted::new(option.id.get_ref().clone())),
        );
    }
    let day: toml_edit::Datetime = on
        .to_string()
        .parse()
        .map_err(|_| "a day out of range".to_owned())?;
    table.insert("saved", value(day));
    table.insert("options", value(chosen));
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issues() -> IssuesFile {
        toml::from_str(
            "format = 1\n[[issue]]\nid = \"rice\"\ntitle = \"Rice\"\nasks = \"USA\"\n[[issue.option]]\nid = \"none\"\ntitle = \"n\"\n[[issue.option]]\nid = \"quota\"\ntitle = \"q\"\n",
        )
        .expect("issues read")
    }

    #[test]
    fn what_stood_in_the_file_stays() {
        let day = Date::constant(2025, 4, 16);
        let before = "# ours\nformat = 1\n\n[[package]] # the first\nname = \"A\"\noptions = {}\n";
        let after = add(before, "B", day, &[1], &issues()).expect("added");
        assert!(after.starts_with(before.trim_end()), "{after}");
        let again = add(&after, "A", day, &[1], &issues()).expect("replaced");
        assert!(
            again.contains("# ours") && again.contains("# the first"),
            "{again}"
        );
        let (saved, strange) = read(&again, &issues()).expect("reads");
        let names: Vec<&str> = saved.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
        assert!(saved.iter().all(|s| s.package == [1]) && strange.is_empty());
    }

    #[test]
    fn a_new_file_says_what_it_is() {
        let text = add("", "A", Date::constant(2025, 4, 16), &[0], &issues()).expect("added");
        assert!(
            text.starts_with("# Packages") && text.contains("saved = 2025-04-16"),
            "{text}"
        );
    }
}
