//! The duty really collected on the trade of 2024 (US Census, ten-digit line × partner) against the law of 2024.
//!
//! Nobody publishes how goods entered: which preference was claimed, which exclusion fitted, in which month. So the
//! engine is asked for every lawful way, and the collected rate must lie between the lowest and the highest. A way is
//! a day of the year, a claimed symbol of the *Special* column or none, and yes or no to every question that the law
//! itself asks of the importer (`Assessment::needs`): exclusions, quotas, where steel was melted.
//!
//! What chapter 98 frees is no way here: it frees anything of any origin, so every bracket would begin at zero and
//! hardly a rate could miss it. The report says instead how much is inside if a small part of a cell was free. See
//! `docs/deviations.md`, *Duties of 2024*.

mod common;
#[path = "census_2024/law.rs"]
mod law;
#[path = "census_2024/report.rs"]
mod report;
#[path = "census_2024/ways.rs"]
mod ways;

use jiff::civil::date;
use rayon::prelude::*;
use winset_law::averages::{Cell, Trade};
use winset_law::{Country, LawError};

use law::law_of_2024;
use report::{Class, Report, class};
use ways::{Bracket, Ways};

#[test]
fn the_law_of_2024_brackets_what_was_collected() {
    let Some(sources) = common::folder("WINSET_SOURCES") else {
        return;
    };
    let law = law_of_2024(&sources);
    let trade = Trade::from_table(&common::trade_table(&sources), date(2024, 1, 1)).unwrap();
    let found: Vec<Result<Bracket, LawError>> = (trade.cells().par_iter())
        .map(|cell| {
            let ways = Ways {
                law: &law,
                goods: cell.goods,
                origin: cell.origin,
            };
            ways.bracket()
        })
        .collect();
    let cells = trade.cells().iter().zip(&found);
    let report = Report {
        cells: cells
            .filter(|(cell, _)| cell.value > 0.0)
            .map(|(cell, bracket)| (cell, bracket, class(cell, bracket)))
            .collect(),
    };
    report.print_classes();
    let mean_width = report.print_widths();
    report.print_shortfalls();
    report.print_misses();

    let all = report.value(|_, _| true);
    let computable = report.value(|_, class| class >= Class::Free) / all;
    println!("computable: {computable:.4} of value");
    let explained = [Class::Inside, Class::Flagged];
    let (positive, lawful) = report.share(&[Class::Inside], |_, _| true);
    let (_, inside) = report.share(&explained, |_, _| true);
    println!(
        "duty collected on {:.1} bn USD: {lawful:.4} inside",
        positive / 1e9
    );
    println!("with flags of the lapsed programme: {inside:.4}");
    let china: Country = "CN".parse().unwrap();
    let by_origin = [true, false].map(|chinese| {
        let mine = |cell: &Cell| (cell.origin == china) == chinese;
        let (_, inside) = report.share(&explained, |cell, _| mine(cell));
        let (value, exact) = report.share(&explained, |cell, b| mine(cell) && b.is_one_rate());
        let who = if chinese { "China" } else { "all others" };
        println!(
            "{who}: {inside:.4} inside; one rate: {:.1} bn, {exact:.4} exact",
            value / 1e9
        );
        (inside, exact)
    });
    let (value, exact) = report.share(&explained, |_, b| b.is_one_rate());
    println!(
        "one rate: {:.1} bn, {exact:.4} within 0.1 points",
        value / 1e9
    );
    for share in [0.01, 0.02, 0.05, 0.1, 1.0] {
        let inside = report.inside_from(|b| b.lowest() * (1.0 - share));
        println!("{inside:.4} inside if up to {share} of a cell's value was free");
    }
    let two_per_cent_free = report.inside_from(|b| b.lowest() * 0.98);
    let ordinary_only = report.inside_from(|b| b.base);
    println!("{ordinary_only:.4} inside if measures were declared on part of the value only");

    // Chapter 98, lines without a rate by value, and codes of 2024 that 2025 no longer has are the rest.
    assert!(computable >= 0.867, "{computable}");
    assert!(lawful >= 0.906 && inside >= 0.922, "{lawful} {inside}");
    // The goal is 95 per cent. Goods of China miss it: see docs/deviations.md, Duties of 2024.
    let [(china, china_exact), (others, others_exact)] = by_origin;
    assert!(
        others >= 0.99 && others_exact >= 0.974,
        "{others} {others_exact}"
    );
    assert!(
        china >= 0.739 && china_exact >= 0.695,
        "{china} {china_exact}"
    );
    assert!(exact >= 0.858, "{exact}");
    assert!(two_per_cent_free >= 0.954, "{two_per_cent_free}");
    assert!(ordinary_only >= 0.98, "{ordinary_only}");
    // A bracket proves something only while it is narrow.
    assert!(mean_width <= 3.9, "{mean_width} points");
    // Hardly anything was free without a way to be.
    let free_outside = report.value(|_, class| class == Class::FreeOutside);
    assert!(free_outside <= 0.25e9, "{free_outside}");
}
