//! The lists of goods that the texts of this folder name: ours, and those of the tracker's resources.

use std::collections::BTreeSet;
use std::path::Path;

use winset_io::{Column, Table};

use crate::common;

/// A list of theirs: the rows of a file in which a column has one of some values (all rows, where no column is named), with the
/// days between which they count; a column without a name is blank.
fn read(sources: &Path, file: &str, columns: [&str; 3], keep: &[(&str, &str)]) -> Table {
    let bytes = std::fs::read(sources.join("us/lists").join(file)).unwrap();
    let table = Table::from_csv_with_remarks(file, &bytes).unwrap();
    let wanted: Vec<(Vec<String>, &str)> = keep
        .iter()
        .map(|(column, value)| (table.texts(column).unwrap(), *value))
        .collect();
    let rows: Vec<usize> = (0..table.rows())
        .filter(|row| wanted.iter().all(|(texts, value)| texts[*row] == *value))
        .collect();
    let [code, from, to] = columns.map(|name| {
        let texts = match name {
            "" => vec![String::new(); table.rows()],
            name => table.texts(name).unwrap(),
        };
        rows.iter()
            .map(|row| texts[*row].replace("NA", ""))
            .collect::<Vec<_>>()
    });
    // Some codes of one file have twelve digits by a slip.
    let good: Vec<usize> = (0..rows.len())
        .filter(|row| code[*row].replace('.', "").len() <= 10)
        .collect();
    let column =
        |texts: &[String]| Column::Text(good.iter().map(|row| texts[*row].clone()).collect());
    Table::new(file)
        .with("code", column(&code))
        .with("from", column(&from))
        .with("to", column(&to))
}

/// Their list of the derivatives of a metal.
pub(crate) fn derivatives(sources: &Path, metal: &str) -> Table {
    let columns = ["hts_prefix", "effective_date", ""];
    read(
        sources,
        "s232_derivative_products.csv",
        columns,
        &[("derivative_type", metal)],
    )
}

/// The codes of some lists that are on their lists of derivatives too, from the day on which they are.
fn crossed(name: &str, codes: &[String], derivatives: &[&Table]) -> Table {
    let (mut rows, mut seen) = ([Vec::new(), Vec::new(), Vec::new()], BTreeSet::new());
    for theirs in derivatives {
        let days = theirs.texts("from").unwrap();
        for (theirs, from) in theirs.texts("code").unwrap().iter().zip(days) {
            for code in codes {
                let meet = code.starts_with(theirs.as_str()) || theirs.starts_with(code.as_str());
                let narrow = if code.len() > theirs.len() {
                    code
                } else {
                    theirs
                };
                if meet && seen.insert(narrow.clone()) {
                    rows[0].push(narrow.clone());
                    rows[1].push(from.clone());
                    rows[2].push(String::new());
                }
            }
        }
    }
    let [code, from, to] = rows.map(Column::Text);
    Table::new(name)
        .with("code", code)
        .with("from", from)
        .with("to", to)
}

/// All lists, ours and theirs.
pub(crate) fn all(sources: &Path) -> Vec<(String, Table)> {
    let mut lists = common::lists();
    let ours = |names: &[&str]| -> Vec<String> {
        let named = lists.iter().filter(|(n, _)| names.contains(&n.as_str()));
        let codes = named.flat_map(|(_, list)| list.texts("code").unwrap());
        codes.map(|code| code.replace('.', "")).collect()
    };
    let [steel, aluminum] = ["steel", "aluminum"].map(|metal| derivatives(sources, metal));
    let both = [&aluminum, &steel];
    let car_parts = crossed("car parts", &ours(&["auto-parts"]), &both);
    let mut trucks = ours(&["trucks", "truck-parts"]);
    trucks.push("8702".to_owned());
    let trucks = crossed("trucks", &trucks, &both);
    let on_steel = steel.texts("code").unwrap();
    let on_both = crossed("both", &on_steel, &[&aluminum]);
    let mut add = |name: String, list: Table| lists.push((name, list));
    add("series-car-parts".into(), car_parts);
    add("series-trucks".into(), trucks);
    add("series-both".into(), on_both);
    add("series-steel".into(), steel);
    add("series-aluminum".into(), aluminum);
    for annex in ["1b", "2"] {
        let columns = ["hts_prefix", "effective_date", ""];
        let list = read(
            sources,
            "s232_annex_products.csv",
            columns,
            &[("annex", annex)],
        );
        add(format!("series-annex-{annex}"), list);
    }
    let dated = ["hts10", "effective_date_start", "effective_date_end"];
    let exempt = read(sources, "ieepa_exempt_products.csv", dated, &[]);
    add("series-exempt".into(), exempt);
    let brazil = read(
        sources,
        "country_eo_exempt_products.csv",
        dated,
        &[("ch99_code", "9903.01.77")],
    );
    add("series-brazil".into(), brazil);
    let columns = ["hts8", "", ""];
    let exempt = read(sources, "s122_exempt_products.csv", columns, &[]);
    add("series-122".into(), exempt);
    for group in ["eu", "korea", "swiss"] {
        let columns = ["hts8", "effective_date_start", ""];
        let free = read(
            sources,
            "floor_exempt_products.csv",
            columns,
            &[("country_group", group)],
        );
        add(format!("series-free-{group}"), free);
        let aircraft = read(
            sources,
            "floor_exempt_products.csv",
            columns,
            &[("country_group", group), ("category", "civil_aircraft")],
        );
        add(format!("series-aircraft-{group}"), aircraft);
    }
    lists
}
