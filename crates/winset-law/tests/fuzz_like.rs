//! Mutations of real input on the stable toolchain: rate texts of the schedule, the measure files that ship, rows
//! of entries. Nothing panics, nothing hangs, and what is refused is refused with a reason. `fuzz/` goes further,
//! with a nightly toolchain.

mod common;

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use common::shipped::{EMPTY, LAW};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::Index;
use rust_decimal::Decimal;
use winset_data::Set;
use winset_io::Source;
use winset_law::rate::jp::{self, Cell};
use winset_law::rate::{Rate, text, us};
use winset_law::{Batch, Entry, Law, Money};

/// Far above what the slowest case takes, far below what a hang would.
const PATIENCE: Duration = Duration::from_secs(30);

/// One change of a text.
#[derive(Clone, Debug)]
enum Edit {
    Replace(Index, u8),
    Digit(Index, u8),
    Insert(Index, String),
    Remove(Index, usize),
    Repeat(Index, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let pieces = [
        "%",
        "¢",
        "$",
        "/kg",
        " + ",
        "=",
        "\"",
        "[",
        "]",
        "[[measure]]\n",
        "\n",
        "<",
        "{",
        ",",
        "-",
        ".",
        "9999-12-31",
        "-1",
        "0",
        "99999999999999999999999999999",
        "é",
        "\u{a0}",
        "inclusive",
        "greater of ",
        " or ",
        "*",
        "list:",
        "authority:",
        "not ",
        "claim ",
    ];
    let pieces = pieces.map(str::to_owned).to_vec();
    prop_oneof![
        3 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        6 => (any::<Index>(), b'0'..=b'9').prop_map(|(at, digit)| Edit::Digit(at, digit)),
        2 => (any::<Index>(), proptest::sample::select(pieces)).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        1 => (any::<Index>(), 1..40usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        1 => (any::<Index>(), 1..200usize).prop_map(|(at, length)| Edit::Repeat(at, length)),
    ]
}

/// The text with the edits; bytes that are no text become a sign for that.
fn edited(text: &str, edits: &[Edit]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        if bytes.is_empty() {
            break;
        }
        match edit {
            Edit::Replace(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Edit::Digit(at, digit) => {
                let digits: Vec<usize> = (0..bytes.len())
                    .filter(|i| bytes[*i].is_ascii_digit())
                    .collect();
                if !digits.is_empty() {
                    bytes[digits[at.index(digits.len())]] = *digit;
                }
            }
            Edit::Insert(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece.bytes());
            }
            Edit::Remove(at, length) => {
                let at = at.index(bytes.len());
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Edit::Repeat(at, length) => {
                let at = at.index(bytes.len());
                let piece = bytes[at..(at + length).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every rate text of the schedule and of the shipped law, once.
static RATES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let table = Set::UsSchedule.table().unwrap();
    let columns = ["general", "special", "column2"].map(|c| table.text_slice(c).unwrap());
    let mut texts: BTreeSet<String> = columns.into_iter().flatten().cloned().collect();
    for measure in LAW.measures() {
        texts.extend(
            measure
                .periods()
                .filter_map(|(_, _, rate, _)| rate)
                .map(str::to_owned),
        );
    }
    texts.into_iter().collect()
});

/// Every text of Japan's schedule, once.
static CELLS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let table = Set::JpSchedule.table().unwrap();
    let columns = (table.column_names()).filter(|name| !["code", "unit"].contains(name));
    let texts = columns.flat_map(|name| table.text_slice(name).unwrap());
    texts
        .cloned()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
});

/// A rate that can be computed says itself in words that mean the same; what has no meaning keeps its text.
fn reads_back(rate: &Rate, written: &str) -> Result<(), TestCaseError> {
    if let Rate::Unparsed(kept) = rate {
        prop_assert_eq!(kept.trim(), written.trim());
    }
    if rate.is_computable() {
        let told = rate.to_string();
        prop_assert_eq!(&text::parse(&told), rate, "{:?} as {:?}", written, told);
    }
    Ok(())
}

/// The same of mutated texts, for shares of the value only: a strange unit (`$2/1%,000`, `60.3¢/kg .`) is kept as
/// it stands, and reads back as another or not at all.
fn keeps_its_share(rate: &Rate, written: &str) -> Result<(), TestCaseError> {
    let told = rate.to_string();
    let again = text::parse(&told);
    match rate {
        Rate::Unparsed(kept) => prop_assert_eq!(kept.trim(), written.trim()),
        Rate::Inclusive(_) => prop_assert_eq!(&again, rate, "{:?} as {:?}", written, told),
        _ if rate.as_ad_valorem().is_some() => {
            prop_assert_eq!(&again, rate, "{:?} as {:?}", written, told);
        }
        _ => {}
    }
    Ok(())
}

/// One for all, so that it has met many an odd row before.
static BATCH: LazyLock<Mutex<Batch<'static>>> = LazyLock::new(|| Mutex::new(LAW.batch()));

static FILES: LazyLock<Vec<Source>> = LazyLock::new(common::files);

/// Rows of entries: importer, goods, origin, day, known on, loaded, value, currency, quantity, unit, content,
/// claims, facts.
const ROWS: [&str; 8] = [
    "US,8481.80.90,JP,2025-04-09,,,10000,USD,,,,,",
    "US,9503.00.00,JP,2025-04-20,,2025-04-04,10000,USD,,,,,",
    "US,8429.52.10,JP,2025-08-18,2025-12-01,,10000,USD,,,steel=4000,,",
    "US,2204.10.00,JP,2025-08-07,,,1000,USD,1000,l,,,",
    "US,7326.90.86.88,CN,2026-06-08,,,14172.49,USD,3,kg,steel=14000;aluminum=172,,us_metal_share=0.96",
    "US,8708.99.68.90,MX,2025-11-20,2026-03-01,,250000.01,USD,,,aluminum=100,USMCA,not_auto_part=true;us_share=0.25",
    "US,6109.10.00.40,VN,2026-03-16,2026-02-01,,40000,USD,833.5,doz,,JP;KR,ocean=true",
    "US,0709.51.01,EU,2025-09-01,,,1000,USD,100,kg,,,chapter_98_share=0.5",
];

fn read(row: &str) -> Result<(Entry, Option<Date>), Box<dyn std::error::Error>> {
    let cells: Vec<&str> = row.split(',').map(str::trim).collect();
    let cell = |i: usize| cells.get(i).copied().unwrap_or("");
    let value = Money::new(cell(6).parse()?, cell(7).parse()?);
    let mut entry = Entry::new(
        cell(0).parse()?,
        cell(1).parse()?,
        cell(2).parse()?,
        cell(3).parse()?,
        value,
    );
    if !cell(5).is_empty() {
        entry = entry.loaded(cell(5).parse()?);
    }
    if !cell(8).is_empty() {
        entry = entry.quantity(cell(8).parse()?, cell(9));
    }
    for (of, value) in cell(10).split(';').filter_map(|c| c.split_once('=')) {
        entry = entry.content(of, value.parse()?);
    }
    for claim in cell(11).split(';').filter(|c| !c.is_empty()) {
        entry = entry.claim(claim);
    }
    for (name, value) in cell(12).split(';').filter_map(|c| c.split_once('=')) {
        entry = entry.fact(name, value)?;
    }
    let known = if cell(4).is_empty() {
        None
    } else {
        Some(cell(4).parse()?)
    };
    Ok((entry, known))
}

/// Whatever a law says, its answers add up.
fn answers_add_up(law: &Law) -> Result<(), TestCaseError> {
    for row in ROWS {
        let (entry, known) = read(row).unwrap();
        for known in [known, Some(date(2025, 5, 1))] {
            let Ok(answer) = law.assess(&entry, known) else {
                continue;
            };
            let sum: Decimal = answer.components.iter().map(|c| c.amount).sum();
            prop_assert_eq!(answer.total.amount, sum);
            prop_assert!(answer.components.iter().all(|c| c.amount >= Decimal::ZERO));
        }
    }
    Ok(())
}

/// A file either joins the law or names its faults with their places.
fn joins_or_says_why(law: Result<Law, winset_io::Problems>) -> Result<bool, TestCaseError> {
    match law {
        Ok(law) => answers_add_up(&law).map(|()| true),
        Err(problems) => {
            prop_assert!(!problems.0.is_empty());
            for problem in &problems.0 {
                prop_assert!(!problem.render(false).is_empty());
            }
            Ok(false)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn mutated_rate_texts(number in any::<Index>(), edits in proptest::collection::vec(edit(), 0..5)) {
        let written = edited(&RATES[number.index(RATES.len())], &edits);
        for rate in [us::parse(&written), text::parse(&written)] {
            keeps_its_share(&rate, &written)?;
        }
        for special in us::parse_special(&written) {
            keeps_its_share(&special.rate, &special.rate.to_string())?;
        }
    }

    #[test]
    fn mutated_cells_of_japan(cell in any::<Index>(), edits in proptest::collection::vec(edit(), 0..5)) {
        let text = edited(&CELLS[cell.index(CELLS.len())], &edits);
        let started = Instant::now();
        match jp::parse(&text) {
            Cell::Rate(rate) | Cell::Bracketed(rate) => keeps_its_share(&rate, &text)?,
            Cell::Blank | Cell::Cases(_) => {}
        }
        prop_assert!(started.elapsed() < PATIENCE, "{}", text);
    }

    #[test]
    fn mutated_rows(row in 0..ROWS.len(), edits in proptest::collection::vec(edit(), 1..4)) {
        let row = edited(ROWS[row], &edits);
        let started = Instant::now();
        if let Ok((entry, known)) = read(&row) {
            let mut batch = BATCH.lock().unwrap_or_else(PoisonError::into_inner);
            match (LAW.assess(&entry, known), batch.assess(&entry, known)) {
                (Ok(answer), Ok(owed)) => {
                    prop_assert_eq!(answer.total.amount, owed.total, "{}", row);
                    prop_assert_eq!(answer.payable.amount, owed.payable, "{}", row);
                    prop_assert!(answer.total.amount >= Decimal::ZERO);
                }
                (Err(alone), Err(_)) => prop_assert!(!alone.to_string().is_empty()),
                (alone, batch) => prop_assert!(false, "{row}: alone {alone:?}, in a batch {batch:?}"),
            }
        }
        prop_assert!(started.elapsed() < PATIENCE, "{}", row);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn mutated_measure_files_alone(file in any::<Index>(), edits in proptest::collection::vec(edit(), 1..6)) {
        let file = &FILES[file.index(FILES.len())];
        let started = Instant::now();
        let mutated = Source::new(file.name(), edited(file.text(), &edits));
        joins_or_says_why(Law::compile(std::slice::from_ref(&mutated), &[], Vec::new()))?;
        joins_or_says_why(EMPTY.with(&[mutated]))?;
        prop_assert!(started.elapsed() < PATIENCE, "{}", file.name());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 60, ..ProptestConfig::default() })]

    /// Digits only, so that many of the laws compile and their answers are looked at.
    #[test]
    fn mutated_measure_files_among_the_others(
        file in any::<Index>(),
        edits in proptest::collection::vec((any::<Index>(), b'0'..=b'9').prop_map(|(at, digit)| Edit::Digit(at, digit)), 1..3),
    ) {
        let mutated = file.index(FILES.len());
        let started = Instant::now();
        let files: Vec<Source> = (FILES.iter().enumerate())
            .map(|(i, f)| if i == mutated { Source::new(f.name(), edited(f.text(), &edits)) } else { f.clone() })
            .collect();
        joins_or_says_why(EMPTY.with(&files))?;
        prop_assert!(started.elapsed() < PATIENCE, "{}", FILES[mutated].name());
    }
}

/// The mutations above are of something that works.
#[test]
fn what_is_mutated_is_sound() {
    assert!(RATES.len() > 1_000, "{} rate texts", RATES.len());
    assert!(CELLS.len() > 300, "{} cells", CELLS.len());
    for written in RATES.iter() {
        reads_back(&us::parse(written), written).unwrap();
        for special in us::parse_special(written) {
            reads_back(&special.rate, &special.rate.to_string()).unwrap();
        }
    }
    for written in CELLS.iter() {
        if let Cell::Rate(rate) | Cell::Bracketed(rate) = jp::parse(written) {
            reads_back(&rate, written).unwrap();
        }
    }
    assert!(joins_or_says_why(EMPTY.with(&FILES)).unwrap());
    for row in ROWS {
        let (entry, known) = read(row).unwrap();
        LAW.assess(&entry, known)
            .unwrap_or_else(|e| panic!("{row}: {e}"));
    }
}
