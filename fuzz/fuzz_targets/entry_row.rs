//! Any row of cells as an entry: read, assessed alone and in a batch, with the same answer.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;
use winset_io::{Source, Table};
use winset_law::{Country, Entry, Law, Money, Schedule};

const LINES: &str = "code,from,to,unit,general,special,column2\n\
    84818090,2025-01-01,,kg,2%,\"Free (AU,CA,KR,MX,S)\",45%\n\
    8481809015,2025-01-01,,kg,,,\n\
    61091000,2025-01-01,,doz.,16.5%,,90%\n\
    87032301,2025-01-01,,No.,2.5%,\"Free (AU,KR,S)\",10%\n\
    72083900,2025-01-01,,kg,Free,,20%\n\
    91011140,2025-01-01,,No.,51¢ each + 6.25% on the case and strap,,$2.25 each + 35% on the case\n\
    07095101,2025-01-01,,kg,8.8¢/kg + 20%,,22¢/kg + 45%\n\
    22041000,2025-01-01,,liters,19.8¢/liter,,$1.59/liter\n";

static LAW: LazyLock<Law> = LazyLock::new(|| {
    let us: Country = "US".parse().expect("a country");
    let table = Table::from_csv("small", LINES.as_bytes()).expect("a table");
    let list = Table::from_csv("cars", b"code,from,to\n8703,,\n").expect("a list");
    let schedule = Schedule::from_table(us, &table).expect("a schedule");
    let file = Source::new("small.toml", include_str!("../small.toml"));
    Law::compile(&[file], &[("cars", &list)], vec![schedule]).expect("a law")
});

/// An entry and a day of knowledge from cells: importer, goods, origin, day, known on, loaded, value, currency,
/// quantity, unit, content, claims, facts.
fn read(row: &str) -> Option<(Entry, Option<jiff::civil::Date>)> {
    let mut cells = row.split(',').map(str::trim);
    let mut cell = || cells.next().unwrap_or("");
    let (importer, goods, origin) = (cell().parse().ok()?, cell().parse().ok()?, cell().parse().ok()?);
    let on = cell().parse().ok()?;
    let known = match cell() {
        "" => None,
        text => Some(text.parse().ok()?),
    };
    let loaded = cell();
    let value: Decimal = cell().parse().ok()?;
    let mut entry = Entry::new(importer, goods, origin, on, Money::new(value, cell().parse().ok()?));
    if !loaded.is_empty() {
        entry = entry.loaded(loaded.parse().ok()?);
    }
    let (quantity, unit) = (cell(), cell());
    if !quantity.is_empty() {
        entry = entry.quantity(quantity.parse().ok()?, unit);
    }
    for (of, value) in cell().split(';').filter_map(|c| c.split_once('=')) {
        entry = entry.content(of, value.parse().ok()?);
    }
    for claim in cell().split(';').filter(|c| !c.is_empty()) {
        entry = entry.claim(claim);
    }
    for (name, value) in cell().split(';').filter_map(|c| c.split_once('=')) {
        entry = entry.fact(name, value).ok()?;
    }
    Some((entry, known))
}

fuzz_target!(|row: &str| {
    let Some((entry, known)) = read(row) else {
        return;
    };
    let answer = LAW.assess(&entry, known);
    let owed = LAW.batch().assess(&entry, known);
    match (answer, owed) {
        (Ok(answer), Ok(owed)) => {
            assert_eq!(answer.total.amount, owed.total);
            assert_eq!(answer.payable.amount, owed.payable);
            assert!(answer.total.amount >= Decimal::ZERO);
        }
        (Err(error), Err(_)) => {
            let _ = error.to_string();
        }
        (answer, owed) => panic!("alone {answer:?}, in a batch {owed:?}"),
    }
});
