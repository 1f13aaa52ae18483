//! Rate texts as the US International Trade Commission prints them.

mod common;

use winset_io::Table;
use winset_law::rate::{Rate, us};

#[test]
fn the_texts_of_2025_revision_25_have_a_meaning() {
    let Some(validation) = common::folder("WINSET_VALIDATION") else {
        return;
    };
    let path = validation.join("duty/hts_2025_rev25_general_rate_expressions.csv");
    let table = Table::from_csv("rate texts", &std::fs::read(path).unwrap()).unwrap();
    let (texts, counts) = (
        table.texts("general_rate_text").unwrap(),
        table.ints("count_of_rate_lines").unwrap(),
    );
    let (mut lines, mut computable, mut meaning) = (0, 0, 0);
    for (text, count) in texts.iter().zip(&counts) {
        let rate = us::parse(text);
        lines += count;
        if rate.has_meaning() {
            meaning += count;
        } else {
            println!("without a meaning: {count} × {text}");
        }
        if matches!(rate, Rate::Sum(_)) {
            computable += count;
        }
    }
    println!("{lines} lines, {meaning} with a meaning, {computable} computable");
    assert!(meaning * 1000 >= lines * 995, "{meaning} of {lines}");
    assert!(computable * 1000 >= lines * 990, "{computable} of {lines}");
}

#[test]
fn the_whole_schedule_has_a_meaning() {
    let Some(sources) = common::folder("WINSET_SOURCES") else {
        return;
    };
    let schedule = common::full_schedule(&sources);
    let coverage = schedule.coverage();
    for (code, text) in coverage.columns.iter().flat_map(|c| &c.unparsed) {
        println!("without a meaning: {code} {text}");
    }
    println!(
        "{} lines, {} computable, {} references",
        coverage.lines, coverage.computable, coverage.references
    );
    assert!(coverage.share() >= 0.995, "{}", coverage.share());
}
