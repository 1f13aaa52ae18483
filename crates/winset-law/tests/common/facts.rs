//! The conditions that the shipped law asks of an entry, and how an entry states them.

use std::collections::BTreeSet;

use jiff::civil::Date;
use winset_law::Entry;

/// Every condition of a measure, exemption or fee of the shipped US text, once.
pub fn conditions() -> Vec<String> {
    let mut out = BTreeSet::new();
    for file in super::files() {
        let table: toml::Table = file.text().parse().unwrap();
        let records = ["measure", "exemption", "fee"].map(|key| table.get(key));
        let records = records
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_array);
        for record in records.flatten() {
            let when = record.get("when").and_then(toml::Value::as_array);
            let words = when.into_iter().flatten().filter_map(toml::Value::as_str);
            out.extend(words.map(str::to_owned));
        }
    }
    out.into_iter().collect()
}

/// The entry with what makes a condition hold: a claim, a fact, a day of loading; a number as given, else one
/// that fits. What a condition wants not to be so is left unsaid.
pub fn state(entry: Entry, condition: &str, number: Option<&str>) -> Entry {
    if let Some(programme) = condition.strip_prefix("claim ") {
        return entry.claim(programme);
    }
    // What is not stated counts as made of it.
    // A reading is not the importer's.
    let not_stated = ["not ", "content ", "reading "];
    if not_stated.iter().any(|start| condition.starts_with(start)) {
        return entry;
    }
    let parts: Vec<&str> = condition.split(' ').collect();
    let (name, value) = match parts.as_slice() {
        ["loaded", "<", day] => {
            let day: Date = day.parse().unwrap();
            return entry.loaded(day.yesterday().unwrap());
        }
        [name] => (*name, "true"),
        [name, "=", word] => (*name, *word),
        [name, ">=", _] => (*name, number.unwrap_or("0.96")),
        [name, ">", _] => (*name, number.unwrap_or("0.5")),
        [name, "<=", _] => (*name, number.unwrap_or("0.3")),
        [name, "<", _] => (*name, number.unwrap_or("0.1")),
        other => panic!("a condition that the tests do not know: {other:?}"),
    };
    entry.fact(name, value).unwrap()
}
