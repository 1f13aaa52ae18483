//! Worked duty cases of the validation folder (`duty/cases.csv`); each row names its source.

mod common;

use jiff::civil::Date;
use rust_decimal::Decimal;
use winset_io::Table;
use winset_law::{Currency, Entry, Law, LawError, Money};

struct Case {
    id: String,
    entry: Entry,
    known: Option<Date>,
    total: Decimal,
    headings: String,
}

fn read(table: &Table, row: usize) -> Result<Case, Box<dyn std::error::Error>> {
    let cell = |name: &str| table.text_slice(name).map(|column| column[row].trim());
    let currency: Currency = cell("currency")?.parse()?;
    let mut entry = Entry::new(
        cell("importer")?.parse()?,
        cell("goods")?.parse()?,
        cell("origin")?.parse()?,
        cell("entry_date")?.parse()?,
        Money::new(cell("value")?.parse()?, currency),
    );
    if !cell("loaded")?.is_empty() {
        entry = entry.loaded(cell("loaded")?.parse()?);
    }
    if !cell("quantity")?.is_empty() {
        entry = entry.quantity(cell("quantity")?.parse()?, cell("unit")?);
    }
    for (of, value) in cell("content")?
        .split(';')
        .filter_map(|c| c.split_once('='))
    {
        entry = entry.content(of, value.parse()?);
    }
    for claim in cell("claims")?.split(';').filter(|c| !c.is_empty()) {
        entry = entry.claim(claim);
    }
    for (name, value) in cell("facts")?.split(';').filter_map(|c| c.split_once('=')) {
        entry = entry.fact(name, value)?;
    }
    let known = cell("known_on")?;
    Ok(Case {
        id: cell("id")?.to_owned(),
        entry,
        known: if known.is_empty() {
            None
        } else {
            Some(known.parse()?)
        },
        total: cell("expected_total")?.parse()?,
        headings: cell("expected_headings")?.to_owned(),
    })
}

enum Verdict {
    Passed,
    NotInData(String),
    Wrong(String),
}

fn judge(law: &Law, case: &Case) -> Verdict {
    match law.assess(&case.entry, case.known) {
        Err(error @ (LawError::NotInData { .. } | LawError::NoSchedule { .. })) => {
            Verdict::NotInData(error.to_string())
        }
        Err(error) => Verdict::Wrong(error.to_string()),
        Ok(answer) => {
            let headings = answer.headings().join(";");
            // The quota headings before 12 March are given as a range, not as the one to declare.
            let quota = case.headings.contains("TRQ");
            // A case is printed to so many places.
            let total = answer.total.amount.round_dp(case.total.scale());
            if total == case.total && (quota || headings == case.headings) {
                Verdict::Passed
            } else {
                Verdict::Wrong(format!(
                    "{} under {headings}, expected {} under {}",
                    answer.total, case.total, case.headings
                ))
            }
        }
    }
}

#[test]
fn every_case_within_the_law_held_comes_out() {
    let (Some(validation), Some(sources)) = (
        common::folder("WINSET_VALIDATION"),
        common::folder("WINSET_SOURCES"),
    ) else {
        return;
    };
    let bytes = std::fs::read(validation.join("duty/cases.csv")).unwrap();
    let table = Table::from_csv("cases.csv", &bytes).unwrap();
    let (us, japan) = (
        common::law(common::full_schedule(&sources)),
        common::japan(),
    );
    let (mut passed, mut outside, mut wrong) = (0, Vec::new(), Vec::new());
    for row in 0..table.rows() {
        let case = read(&table, row).unwrap();
        let law = match table.text_slice("importer").unwrap()[row].as_str() {
            "JP" => &japan,
            _ => &us,
        };
        match judge(law, &case) {
            Verdict::Passed => passed += 1,
            Verdict::NotInData(why) => outside.push(format!("{}: {why}", case.id)),
            Verdict::Wrong(why) => wrong.push(format!("{}: {why}", case.id)),
        }
    }
    println!(
        "passed {passed}; not in the data yet {}:\n{}",
        outside.len(),
        outside.join("\n")
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(outside.is_empty(), "every case is within the law held");
    assert_eq!(passed, table.rows());
}
