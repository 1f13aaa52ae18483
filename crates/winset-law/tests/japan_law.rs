//! The law of Japan that ships, with its schedule: what the code alone does not decide.

mod common;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use winset_data::Set;
use winset_io::{Source, Table};
use winset_law::{Currency, Entry, Law, LawError, Money, Schedule};

static LAW: LazyLock<Law> = LazyLock::new(|| {
    let table = Set::JpSchedule.table().unwrap();
    let schedule = Schedule::from_table("JP".parse().unwrap(), &table).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../winset-data/law/jp");
    let files: Vec<Source> = ["acts", "beef", "pork", "processed-pork", "rice"]
        .iter()
        .map(|name| {
            let file = format!("{name}.toml");
            let text = std::fs::read_to_string(folder.join(&file)).unwrap();
            Source::new(file, text)
        })
        .collect();
    Law::compile(&files, &[], vec![schedule]).unwrap_or_else(|problems| {
        let mut text = String::new();
        for problem in &problems.0 {
            writeln!(text, "{}", problem.render(false)).unwrap();
        }
        panic!("{text}")
    })
});

const FISCAL_2025: Date = Date::constant(2025, 4, 1);
const FISCAL_2026: Date = Date::constant(2026, 7, 9);

fn entry(goods: &str, origin: &str, on: Date, value: &str) -> Entry {
    let value = Money::new(value.parse().unwrap(), Currency::JPY);
    let (goods, origin) = (goods.parse().unwrap(), origin.parse().unwrap());
    let entry = Entry::new("JP".parse().unwrap(), goods, origin, on, value);
    entry.quantity(1.into(), "kg")
}

fn owed(entry: &Entry) -> Decimal {
    LAW.assess(entry, None).unwrap().total.amount.round_dp(4)
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn pork_by_form_at_six_digits() {
    let cuts = |origin, on, value| {
        let cuts = entry("0203.29", origin, on, value);
        cuts.fact("form", "cuts").unwrap()
    };
    for (value, total) in [
        ("60", "482"),
        ("65", "481.53"),
        ("523", "23.53"),
        ("1000", "43"),
    ] {
        assert_eq!(
            owed(&cuts("BR", FISCAL_2025, value)),
            decimal(total),
            "{value}"
        );
        // The agreement is for the goods of the United States.
        let claimed = cuts("BR", FISCAL_2025, value).claim("USJTA");
        assert_eq!(owed(&claimed), decimal(total), "{value}");
    }
    for (on, value, total) in [
        (FISCAL_2025, "50", "58"),
        (FISCAL_2025, "523", "3.096"),
        (FISCAL_2025, "524.01", "2.096"),
        (FISCAL_2026, "300", "54"),
        (FISCAL_2026, "471.048", "54"),
    ] {
        let cuts = cuts("US", on, value).claim("USJTA");
        assert_eq!(owed(&cuts), decimal(total), "{value}");
    }
    let carcass = entry("0203.21", "US", FISCAL_2026, "200").claim("USJTA");
    let carcass = carcass.fact("form", "carcass").unwrap();
    assert_eq!(owed(&carcass), decimal("40.5"));
    assert_eq!(
        owed(&cuts("DK", FISCAL_2026, "523").claim("JEEPA")),
        decimal("2.048")
    );
}

#[test]
fn pork_of_europe_in_fiscal_2025_and_within_quotas() {
    let pork = |goods: &str, origin: &str, price: &str, form: &str| {
        let entry = entry(goods, origin, FISCAL_2025, price);
        entry.fact("form", form).unwrap()
    };
    for (origin, claim) in [("DE", "JEEPA"), ("GB", "JUKEPA")] {
        for (price, total) in [
            ("50", "58"),
            ("500", "26.096"),
            ("523", "3.096"),
            ("524.01", "2.62"),
            ("600", "3"),
        ] {
            let entry = pork("0203.29", origin, price, "cuts").claim(claim);
            assert_eq!(owed(&entry), decimal(total), "{claim} {price}");
        }
        for (price, total) in [("50", "43.5"), ("392", "2.572"), ("500", "2.5")] {
            let entry = pork("0203.21", origin, price, "carcass").claim(claim);
            assert_eq!(owed(&entry), decimal(total), "{claim} {price}");
        }
    }
    for (origin, claim) in [("MX", "EPA-MX"), ("CL", "EPA-CL"), ("AU", "EPA-AU")] {
        let cuts = |price| pork("0203.29", origin, price, "cuts").claim(claim);
        for (price, total) in [
            ("50", "482"),
            ("500", "35.53"),
            ("524", "11.53"),
            ("530", "11.66"),
            ("600", "13.2"),
        ] {
            let within = cuts(price).fact("in_quota", "true").unwrap();
            assert_eq!(owed(&within), decimal(total), "{claim} {price}");
        }
        // Outside the quota the agreement grants nothing.
        assert_eq!(owed(&cuts("500")), decimal("46.53"), "{claim}");
    }
    let carcass = pork("0203.21", "AU", "400", "carcass").claim("EPA-AU");
    assert_eq!(
        owed(&carcass.fact("in_quota", "true").unwrap()),
        decimal("8.8")
    );
}

#[test]
fn processed_pork_on_both_sides_of_the_gate() {
    for (code, value, total) in [
        ("1602.42-011", "897", "76.65"),
        ("1602.42-011", "898", "76.33"),
        ("1602.42-019", "898", "76.33"),
    ] {
        assert_eq!(owed(&entry(code, "BR", FISCAL_2025, value)), decimal(total));
    }
    let ham = entry("1602.42-011", "US", FISCAL_2026, "500").claim("USJTA");
    assert_eq!(owed(&ham), decimal("26.2944"));
}

#[test]
fn rice_with_its_levy() {
    let rice = |code| entry(code, "US", FISCAL_2025, "100");
    assert_eq!(owed(&rice("1006.30-010")), Decimal::ZERO);
    let out = LAW.assess(&rice("1006.30-090"), None).unwrap();
    let parts: Vec<String> = out
        .components
        .iter()
        .map(|c| c.amount.to_string())
        .collect();
    assert_eq!(parts, ["49", "292"]);
    for code in ["1006.30", "1006.30-090"] {
        let rice = rice(code).fact("over_quota", "true").unwrap();
        assert_eq!(owed(&rice), decimal("341"), "{code}");
    }
}

#[test]
fn the_safeguard_on_beef_is_a_fact() {
    let beef = entry("0201.30", "US", FISCAL_2025, "100000").claim("USJTA");
    assert_eq!(owed(&beef), decimal("21600"));
    let answer = LAW.assess(&beef, None).unwrap();
    assert!(answer.needs.iter().any(|n| &*n.fact == "beef_safeguard"));
    let raised = beef.fact("beef_safeguard", "true").unwrap();
    assert_eq!(owed(&raised), decimal("30000"));
}

#[test]
fn outside_the_years_held() {
    for on in [date(2025, 3, 31), date(2027, 4, 1)] {
        let error = LAW.assess(&entry("0201.30", "US", on, "1"), None);
        assert!(matches!(error, Err(LawError::NotInData { .. })), "{on}");
    }
}

#[test]
fn worked_cases_of_japan() {
    let Some(validation) = common::folder("WINSET_VALIDATION") else {
        return;
    };
    let bytes = std::fs::read(validation.join("duty/cases.csv")).unwrap();
    let table = Table::from_csv("cases", &bytes).unwrap();
    let cell = |name: &str, row: usize| table.text_slice(name).unwrap()[row].trim().to_owned();
    let mut passed = 0;
    for row in (0..table.rows()).filter(|row| cell("importer", *row) == "JP") {
        let on = cell("entry_date", row).parse().unwrap();
        let mut entry = entry(
            &cell("goods", row),
            &cell("origin", row),
            on,
            &cell("value", row),
        );
        for claim in cell("claims", row).split(';').filter(|c| !c.is_empty()) {
            entry = entry.claim(claim);
        }
        for (name, value) in cell("facts", row)
            .split(';')
            .filter_map(|f| f.split_once('='))
        {
            entry = entry.fact(name, value).unwrap();
        }
        let total = decimal(&cell("expected_total", row));
        assert_eq!(owed(&entry), total, "{}", cell("id", row));
        passed += 1;
    }
    println!("{passed} worked cases of Japan");
    assert!(passed >= 13, "{passed}");
}

#[test]
fn goods_of_the_least_developed_are_free_of_the_differential_duty() {
    for goods in ["1602.42-011", "0210.11-010"] {
        assert_eq!(
            owed(&entry(goods, "BD", FISCAL_2026, "500").claim("LDC")),
            Decimal::ZERO
        );
        // Brazil is none of them.
        let brazil = entry(goods, "BR", FISCAL_2026, "500");
        assert_eq!(owed(&brazil.clone().claim("LDC")), owed(&brazil));
        let general = entry(goods, "BD", FISCAL_2026, "500").claim("GSP");
        assert!(
            !owed(&general).is_zero(),
            "the general preference is another"
        );
        assert!(!owed(&brazil).is_zero());
    }
    for (goods, form) in [("0203.12", "cuts"), ("0203.21", "carcass")] {
        let pork = entry(goods, "BD", FISCAL_2026, "300").claim("LDC");
        assert_eq!(owed(&pork.fact("form", form).unwrap()), Decimal::ZERO);
    }
}

#[test]
fn rice_within_the_quota() {
    let rice = |goods: &str, origin: &str| entry(goods, origin, FISCAL_2025, "100");
    for goods in ["1006.30", "1006.30-010"] {
        let within = rice(goods, "US").fact("in_quota", "true").unwrap();
        assert_eq!(owed(&within), Decimal::ZERO, "{goods}");
    }
    // Both cases of the agreement's cell are free.
    assert_eq!(
        owed(&rice("1006.30-010", "AU").claim("CPTPP")),
        Decimal::ZERO
    );
    assert_eq!(
        owed(&rice("1001.11-010", "CA").claim("CPTPP")),
        Decimal::ZERO
    );
}

#[test]
fn a_bound_rate_for_some_goods_of_a_line() {
    let shoes = entry("6402.99-021", "CN", FISCAL_2026, "1000");
    let told = LAW.assess(&shoes, None).unwrap_err().to_string();
    assert!(told.contains("by a fact, case_1 or case_2"), "{told}");
    for (case, total) in [("case_1", "67"), ("case_2", "100")] {
        let shoes = shoes.clone().fact(case, "true").unwrap();
        assert_eq!(owed(&shoes), decimal(total), "{case}");
        assert_eq!(
            LAW.batch().assess(&shoes, None).unwrap().total,
            decimal(total)
        );
    }
    // In brackets: Japan's own rate, which is lower.
    let trousers = entry("6207.99-210", "CN", FISCAL_2026, "1000");
    let own = trousers.fact("case_2", "true").unwrap();
    assert_eq!(owed(&own), decimal("90"));
}

#[test]
fn fiscal_2026_to_its_end() {
    let beef = |on| entry("0201.30", "US", on, "1000").claim("USJTA");
    assert_eq!(owed(&beef(date(2026, 7, 10))), decimal("208"));
    assert_eq!(owed(&beef(date(2027, 3, 31))), decimal("208"));
    assert!(LAW.assess(&beef(date(2027, 4, 1)), None).is_err());
}

#[test]
fn of_two_agreements_the_lower_rate() {
    for claims in [["EPA-AU", "CPTPP"], ["CPTPP", "EPA-AU"]] {
        let beef = entry("0201.30", "AU", FISCAL_2025, "1000");
        let beef = claims.iter().fold(beef, |e, claim| e.claim(claim));
        assert_eq!(owed(&beef), decimal("216"));
        // Of which one cannot be computed: an error, unless the other is nothing.
        let copper = entry("7403.12-010", "AU", FISCAL_2026, "1000000");
        let claims = claims.map(|claim| if claim == "EPA-AU" { "RCEP" } else { claim });
        let copper = claims.iter().fold(copper, |e, claim| e.claim(claim));
        assert!(owed(&copper) < decimal("19000"));
    }
    let mussels = entry("1605.56-110", "MY", FISCAL_2026, "1000").claim("AJCEP");
    let mussels = mussels.claim("RCEP");
    assert!(LAW.assess(&mussels, None).is_err());
    assert_eq!(
        owed(&mussels.fact("case_2", "true").unwrap()),
        Decimal::ZERO
    );
}
