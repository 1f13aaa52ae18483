//! Any text as a measure file, alone and added to a small law. What compiles answers or says why not; what does
//! not, says where.
#![no_main]

use std::sync::LazyLock;

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use winset_io::{Source, Table};
use winset_law::{Country, Currency, Entry, Law, Money, Schedule};

const LINES: &str = "code,from,to,unit,general,special,column2\n\
    84818090,2025-01-01,,kg,2%,\"Free (AU,CA,KR,MX,S)\",45%\n\
    87032301,2025-01-01,,No.,2.5%,\"Free (AU,KR,S)\",10%\n\
    72083900,2025-01-01,,kg,Free,,20%\n\
    22041000,2025-01-01,,liters,19.8¢/liter,,$1.59/liter\n";

static SMALL: LazyLock<Law> = LazyLock::new(|| {
    let us: Country = "US".parse().expect("a country");
    let table = Table::from_csv("small", LINES.as_bytes()).expect("a table");
    let list = Table::from_csv("cars", b"code,from,to\n8703,,\n").expect("a list");
    let schedule = Schedule::from_table(us, &table).expect("a schedule");
    let file = Source::new("small.toml", include_str!("../small.toml"));
    Law::compile(&[file], &[("cars", &list)], vec![schedule]).expect("a law")
});

fuzz_target!(|text: &str| {
    let file = || [Source::new("fuzzed.toml", text)];
    for law in [Law::compile(&file(), &[], Vec::new()), SMALL.with(&file())] {
        let law = match law {
            Ok(law) => law,
            Err(problems) => {
                assert!(!problems.0.is_empty());
                for problem in &problems.0 {
                    let _ = problem.render(false);
                }
                continue;
            }
        };
        let us: Country = "US".parse().expect("a country");
        for (goods, origin, day) in [
            ("84818090", "JP", date(2025, 4, 9)),
            ("87032301", "CA", date(2025, 6, 4)),
            ("72083900", "CN", date(2026, 4, 6)),
            ("22041000", "FR", date(2025, 8, 20)),
        ] {
            let value = Money::new(10_000.into(), Currency::USD);
            let entry = Entry::new(us, goods.parse().expect("a code"), origin.parse().expect("a country"), day, value)
                .quantity(100.into(), "")
                .content("steel", 400.into());
            for known in [None, Some(date(2025, 5, 1))] {
                if let Ok(answer) = law.assess(&entry, known) {
                    let sum = answer.components.iter().map(|c| c.amount).sum();
                    assert_eq!(answer.total.amount, sum);
                    assert!(answer.components.iter().all(|c| !c.amount.is_sign_negative() || c.amount.is_zero()));
                }
            }
        }
    }
});
