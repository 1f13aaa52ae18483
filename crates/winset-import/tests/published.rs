//! The publishers' own files, where `WINSET_SOURCES` names a folder of them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use jiff::civil::{Date, date};
use winset_import::{Choices, Input, Mapping, Stage, ecb, hts, hts_notes, japan, wiod};
use winset_io::Table;
use winset_io::stream::FileFormat;

fn source(file: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("WINSET_SOURCES") else {
        println!("skipped: WINSET_SOURCES is not set");
        return None;
    };
    Some(PathBuf::from(folder).join(file))
}

fn open(file: &str) -> Option<Input> {
    Some(Input::open(&source(file)?).unwrap())
}

/// The revisions at hand, with the days from which they held.
const REVISIONS: [(&str, Date); 7] = [
    ("2025_basic", date(2025, 1, 1)),
    ("2025_rev_7", date(2025, 4, 2)),
    ("2025_rev_10", date(2025, 4, 9)),
    ("2025_rev_18", date(2025, 8, 7)),
    ("2025_rev_23", date(2025, 9, 12)),
    ("2025_rev_32", date(2025, 11, 15)),
    ("2026_rev_10", date(2026, 6, 8)),
];

/// Every rate line of each revision as published is what the table of intervals holds on that revision's day.
#[test]
fn seven_revisions_are_the_intervals_on_their_days() {
    let Some(path) = source("us/hts_intervals_2025_2026.csv.gz") else {
        return;
    };
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(path).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    let table = Table::from_csv("intervals", text.as_bytes()).unwrap();
    let column = |name: &str| table.texts(name).unwrap();
    let (codes, froms, tos) = (column("htsno"), column("from_date"), column("to_date_excl"));
    let (general, special, other) = (column("general"), column("special"), column("column2"));
    let numbers = column("dup");
    for (name, day) in REVISIONS {
        let Some(input) = open(&format!("us/hts_json/hts_{name}.json.gz")) else {
            return;
        };
        let revision = hts::read(input).unwrap();
        let mut published: BTreeMap<(String, usize), [String; 3]> = BTreeMap::new();
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for row in &revision.rows {
            if row.htsno.is_empty() {
                continue;
            }
            let number = count.entry(row.htsno.clone()).or_default();
            if !row.general.is_empty() {
                let rates = [&row.general, &row.special, &row.column2].map(Clone::clone);
                published.insert((row.htsno.clone(), *number), rates);
            }
            *number += 1;
        }
        let mut derived = BTreeMap::new();
        for row in 0..table.rows() {
            let from: Date = froms[row].parse().unwrap();
            let open = tos[row].is_empty() || tos[row].parse::<Date>().unwrap() > day;
            if from <= day && open && !general[row].is_empty() {
                let rates =
                    [&general[row], &special[row], &other[row]].map(|t| t.trim().to_owned());
                derived.insert((codes[row].clone(), numbers[row].parse().unwrap()), rates);
            }
        }
        // The table of intervals has fewer spaces before commas than the USITC prints.
        let squeezed = |text: &String| text.split_whitespace().collect::<String>();
        let mut differ = Vec::new();
        for (key, rates) in &published {
            match derived.get(key) {
                Some(same) if same.iter().map(squeezed).eq(rates.iter().map(squeezed)) => {}
                other => differ.push(format!("{key:?}: {rates:?}, {other:?}")),
            }
        }
        differ.extend(
            derived
                .keys()
                .filter(|key| !published.contains_key(*key))
                .map(|key| format!("{key:?} only derived")),
        );
        println!(
            "{name}: {} rate lines, {} differ",
            published.len(),
            differ.len()
        );
        assert!(published.len() > 11_000, "{name}: {}", published.len());
        assert!(
            differ.is_empty(),
            "{name}: {} differ: {:#?}",
            differ.len(),
            &differ[..differ.len().min(10)]
        );
    }
}

#[test]
fn revisions_become_lines_with_days() {
    let mut revisions = Vec::new();
    for (name, day) in &REVISIONS[..3] {
        let Some(input) = open(&format!("us/hts_json/hts_{name}.json.gz")) else {
            return;
        };
        revisions.push((*day, hts::read(input).unwrap()));
    }
    let table = hts::schedule(&revisions).unwrap();
    let codes = table.texts("code").unwrap();
    let row = codes.iter().position(|code| code == "87032301").unwrap();
    assert_eq!(table.texts("general").unwrap()[row], "2.5%");
    assert_eq!(table.texts("from").unwrap()[row], "2025-01-01");
    // The heading of the reciprocal tariffs came in April.
    let headings = hts::headings(&revisions).unwrap();
    let row = headings
        .texts("code")
        .unwrap()
        .iter()
        .position(|code| code == "99030125");
    assert_eq!(headings.texts("from").unwrap()[row.unwrap()], "2025-04-02");
}

#[test]
fn the_notes_hold_the_lists_that_the_law_cites() {
    let Some(input) = open("us/chapter99_2026_rev_6.txt.gz") else {
        return;
    };
    let lists = hts_notes::read(input).unwrap();
    for (name, codes) in &lists {
        println!("{name}: {}", codes.len());
    }
    // Articles of aluminium, note 16(c)(i), and their derivatives, (ii).
    let first = &lists["iii-16-c-i"];
    assert_eq!(
        first,
        &[
            "7601",
            "7604",
            "7605",
            "7606",
            "7607",
            "7608",
            "7609",
            "7616995160",
            "7616995170"
        ]
    );
    assert_eq!(lists["iii-16-c-ii"].len(), 17);
    assert!(lists.len() > 50, "{}", lists.len());
    // Lists of one subdivision each: Annex II, Brazil, the British, Korean and Swiss ones; none of another note.
    let lengths = [
        ("iii-2-v-iii-a", 1082),
        ("iii-2-x-iii-a", 367),
        ("iii-2-v-xxiv-b", 554),
        ("iii-2-v-xxv-b", 321),
        ("iii-2-x-iv", 565),
        ("iii-20-d", 283),
        ("iii-21-d", 11),
        // The last of it are printed at the head of a page.
        ("iii-31-b", 348),
        // In numbered items.
        ("iii-31-c", 2),
        ("iii-31-d", 10),
        ("iii-31-f-i", 18),
        ("iii-31-g", 5),
    ];
    for (name, codes) in lengths {
        assert_eq!(lists[name].len(), codes, "{name}");
    }
    assert!(!lists.contains_key("iii-2-b"));
    for (name, code) in [
        ("iii-2-aa-ii", "27160000"),
        ("iii-2-aa-iv", "39173100"),
        ("iii-16-c-iv", "73012010"),
    ] {
        assert!(lists[name].iter().any(|c| c == code), "{name}: {code}");
    }
}

/// Goods exempt under note 2(aa), as the Budget Lab lists them, are in the lists that are read in the note, but for those that it
/// describes in words.
#[test]
fn section_122_exemptions_are_in_the_note() {
    let (Some(input), Some(path)) = (
        open("us/chapter99_2026_rev_6.txt.gz"),
        source("us/lists/s122_exempt_products.csv"),
    ) else {
        return;
    };
    let lists = hts_notes::read(input).unwrap();
    let bytes = std::fs::read(path).unwrap();
    let table = Table::from_csv("s122", &bytes).unwrap();
    let first = table.column_names().next().unwrap().to_owned();
    let listed = ["iii-2-aa-ii", "iii-2-aa-iii", "iii-2-aa-iv"];
    let missing: Vec<String> = table
        .texts(&first)
        .unwrap()
        .into_iter()
        .filter(|code| {
            !listed
                .iter()
                .any(|name| lists.get(*name).is_some_and(|l| l.contains(code)))
        })
        .collect();
    assert_eq!(missing.len(), 13, "{missing:?}");
}

#[test]
fn rates_and_schedules_read_as_published() {
    let Some(input) = open("fx/ecb_reference_rates_1999_2026.csv.gz") else {
        return;
    };
    let rates = ecb::read_beside(input, &["usdjpy"]).unwrap();
    assert_eq!(rates.days[&date(1999, 1, 4)][0], "1.1789");
    let Some(input) = open("japan/tariff_2025_04_01.csv.gz") else {
        return;
    };
    assert_eq!(japan::read(input).unwrap().len(), 9663);
}

#[test]
fn the_wiod_of_2011_is_an_economy_that_closes() {
    let Some(input) = open("trade/wiod2011_agg16/wiod2011_16reg_35sec.csv.gz") else {
        return;
    };
    let theta = Table::from_csv(
        "theta",
        (0..35)
            .fold("sector,theta".to_owned(), |text, i| {
                text + &format!("\nc{},4", i + 1)
            })
            .as_bytes(),
    )
    .unwrap();
    let choices = Choices {
        name: None,
        year: Some(2011),
        mapping: Mapping::default(),
        tariffs: None,
        elasticities: &theta,
    };
    let around = tempfile::tempdir().unwrap();
    let out = around.path().join("wiod");
    let mut stage = Stage::begin(&out, FileFormat::Csv).unwrap();
    let made = wiod::import(input, &choices, &mut stage).unwrap();
    stage.finish(&[]).unwrap();
    assert_eq!((made.regions, made.sectors), (16, 35));
    let world = winset_trade::Economy::from_folder(&out).unwrap();
    // Value added of the USA in the file that came with the table.
    let accounts = world.accounts().unwrap();
    let usa = accounts.iter().find(|a| a.region == "USA").unwrap();
    let published: f64 =
        std::fs::read_to_string(source("trade/wiod2011_agg16/output_va.csv").unwrap())
            .unwrap()
            .lines()
            .filter(|line| line.starts_with("USA,"))
            .map(|line| line.rsplit(',').next().unwrap().parse::<f64>().unwrap())
            .sum();
    let found = usa.value_added_busd * 1000.0;
    assert!(
        (found / published - 1.0).abs() < 0.02,
        "{found} {published}"
    );
}
