//! Japan's side of the border: what its schedule says, and what an entry owes by code alone.

use std::path::Path;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use winset_data::Set;
use winset_io::{Source, Table};
use winset_law::rate::jp::{self, Cell};
use winset_law::rate::text;
use winset_law::{Assessment, Currency, Entry, Law, LawError, Money, Schedule};

static LAW: LazyLock<Law> = LazyLock::new(|| {
    let table = Set::JpSchedule.table().unwrap();
    let schedule = Schedule::from_table("JP".parse().unwrap(), &table).unwrap();
    Law::compile(&[], &[], vec![schedule]).unwrap()
});

const FISCAL_2025: Date = Date::constant(2025, 4, 1);
const FISCAL_2026: Date = Date::constant(2026, 7, 9);

fn entry(goods: &str, origin: &str, on: Date, value: &str, quantity: &str, unit: &str) -> Entry {
    let value = Money::new(value.parse().unwrap(), Currency::JPY);
    let (goods, origin) = (goods.parse().unwrap(), origin.parse().unwrap());
    let entry = Entry::new("JP".parse().unwrap(), goods, origin, on, value);
    entry.quantity(quantity.parse().unwrap(), unit)
}

fn owed(entry: &Entry) -> Assessment {
    LAW.assess(entry, None).unwrap()
}

fn column(answer: &Assessment) -> &str {
    &answer.components[0].authority
}

#[track_caller]
fn check(entry: &Entry, total: &str, from: &str) {
    let answer = owed(entry);
    let total: Decimal = total.parse().unwrap();
    assert_eq!(answer.total.amount.round_dp(4), total, "{entry:?}");
    assert_eq!(column(&answer), from, "{entry:?}");
}

#[test]
fn the_columns_have_a_meaning() {
    let schedule = LAW.schedule("JP".parse().unwrap()).unwrap();
    let coverage = schedule.coverage();
    let (mut cells, mut known, mut national) = (0, 0, (0, 0));
    println!("column: cells, computable, not applied, references, without a meaning");
    for c in &coverage.columns {
        let (references, unparsed) = (c.references.len(), c.unparsed.len());
        println!(
            "{}: {}, {}, {}, {references}, {unparsed}",
            c.column, c.cells, c.computable, c.not_applied
        );
        for (code, text) in &c.unparsed {
            println!("  without a meaning: {} {text}", code.plain());
        }
        cells += c.cells;
        known += c.computable + c.not_applied;
        if ["general", "temporary", "wto", "us"].contains(&c.column.as_str()) {
            national = (
                national.0 + c.cells,
                national.1 + c.computable + c.not_applied,
            );
            for (code, text) in &c.references {
                println!(
                    "  reference: {} {}",
                    code.plain(),
                    text.replace('\n', " / ")
                );
            }
        }
        assert_eq!(unparsed, 0, "{}", c.column);
    }
    println!("all columns: {known} of {cells}; general, temporary, wto, us: {national:?}");
    println!(
        "ordinary rate: {} of {} lines computable, {} references",
        coverage.computable, coverage.lines, coverage.references
    );
    assert!(national.1 * 1000 >= national.0 * 990);
    assert!(known * 1000 >= cells * 990);
}

/// The schedule says by brackets what the rule of the lower rate says by comparison: they must agree.
#[test]
fn a_bound_rate_in_brackets_is_never_lower() {
    let table = Set::JpSchedule.table().unwrap();
    let cells = |name| table.text_slice(name).unwrap().iter().map(|t| jp::parse(t));
    let fraction = |cell: &Cell| match cell {
        Cell::Rate(rate) | Cell::Bracketed(rate) => rate.as_ad_valorem(),
        _ => None,
    };
    let (mut compared, mut lower) = (0, 0);
    for ((general, temporary), bound) in cells("general").zip(cells("temporary")).zip(cells("wto"))
    {
        let own = if temporary == Cell::Blank {
            general
        } else {
            temporary
        };
        if let (Some(own), Some(wto)) = (fraction(&own), fraction(&bound)) {
            match bound {
                Cell::Bracketed(_) => assert!(wto >= own, "({wto}) and {own}"),
                _ => lower += usize::from(wto < own),
            }
            compared += 1;
        }
    }
    println!("{compared} pairs of shares, the bound one lower in {lower}");
    assert!(compared > 11_000 && lower > 6_000);
}

#[test]
fn the_temporary_rate_stands_in_place_of_the_general_one() {
    let beef = entry("0201.30-010", "BR", FISCAL_2025, "100000", "1", "kg");
    check(&beef, "38500", "Temporary rate");
    // 60 % or 4,800 yen general, 30 % or 4,300 yen bound, the higher of each.
    let shoes = entry("6403.20-012", "CN", FISCAL_2025, "20000", "2", "PR");
    check(&shoes, "8600", "WTO rate");
    // 36 % + 130 yen/kg temporary, 29.8 % + 396 yen/kg bound: which is lower depends on the price.
    let milk = |value| entry("0402.10-129", "NZ", FISCAL_2025, value, "1", "kg");
    check(&milk("500"), "310", "Lower of temporary and WTO rate");
    check(&milk("10000"), "3376", "Lower of temporary and WTO rate");
}

#[test]
fn the_bound_rate_is_for_members_of_the_wto() {
    let beer = |origin| entry("2203.00-000", origin, FISCAL_2025, "1000", "10", "L");
    check(&beer("CN"), "0", "WTO rate");
    check(&beer("IR"), "64", "General rate");
    // Withdrawn from Russia since 21 April 2022.
    check(&beer("RU"), "64", "General rate");
    let salmon = |origin| entry("0303.12", origin, FISCAL_2025, "1000", "1", "kg");
    check(&salmon("RU"), "50", "General rate");
    check(&salmon("CL"), "35", "WTO rate");
}

#[test]
fn an_agreement_is_claimed_by_its_parties() {
    let beef = |origin, on| entry("0201.30", origin, on, "100000", "1", "kg");
    for (origin, claim, on, total) in [
        // DER-BEEF-JFY2025 and DER-BEEF-JFY2026 of the worked cases.
        ("US", "USJTA", FISCAL_2025, "21600"),
        ("US", "USJTA", FISCAL_2026, "20800"),
        ("AU", "CPTPP", FISCAL_2025, "21600"),
        ("FR", "JEEPA", FISCAL_2025, "21700"),
        ("GB", "CPTPP", FISCAL_2025, "21600"),
    ] {
        let from = format!("Preferential rate ({claim})");
        check(&beef(origin, on).claim(claim), total, &from);
    }
    check(
        &beef("BR", FISCAL_2025).claim("USJTA"),
        "38500",
        "Temporary rate",
    );
    check(&beef("US", FISCAL_2025), "38500", "Temporary rate");
    // A quota rate needs the certificate.
    let mexico = beef("MX", FISCAL_2025).claim("EPA-MX");
    check(&mexico, "38500", "Temporary rate");
    let mexico = mexico.fact("in_quota", "true").unwrap();
    check(&mexico, "30800", "Preferential rate (EPA-MX)");
}

#[test]
fn pork_by_its_nine_digit_code() {
    let pork = |goods, origin, on, value| entry(goods, origin, on, value, "1", "kg");
    // BRK-13 and DER-PORK-MFN.
    check(
        &pork("0203.29-023", "BR", FISCAL_2025, "60"),
        "482",
        "Temporary rate",
    );
    check(
        &pork("0203.29-024", "BR", FISCAL_2025, "65"),
        "481.53",
        "Temporary rate",
    );
    check(
        &pork("0203.29-025", "BR", FISCAL_2025, "523"),
        "23.53",
        "Temporary rate",
    );
    check(
        &pork("0203.29-022", "BR", FISCAL_2025, "1000"),
        "43",
        "Temporary rate",
    );
    // A price that the code does not allow: no duty is below zero.
    check(
        &pork("0203.29-025", "BR", FISCAL_2025, "600"),
        "0",
        "Temporary rate",
    );
    for (goods, on, value, total) in [
        ("0203.29-023", FISCAL_2025, "50", "58"),
        ("0203.29-025", FISCAL_2025, "523", "3.096"),
        ("0203.29-022", FISCAL_2025, "524.01", "2.096"),
        ("0203.29-024", FISCAL_2026, "300", "54"),
        ("0203.29-025", FISCAL_2026, "471.048", "54"),
        ("0203.21-031", FISCAL_2026, "200", "40.5"),
        ("1602.42-011", FISCAL_2026, "500", "26.2944"),
    ] {
        let entry = pork(goods, "US", on, value).claim("USJTA");
        check(&entry, total, "Preferential rate (USJTA)");
    }
    let six_digits = LAW.assess(&pork("0203.29", "US", FISCAL_2025, "50"), None);
    assert!(matches!(six_digits, Err(LawError::Ambiguous { .. })));
}

#[test]
fn units_cars_gas_and_seasons() {
    // LNG and cars are free; ethylene is 624 yen a tonne, bound.
    check(
        &entry("2711.11-000", "US", FISCAL_2025, "1000000", "10", "MT"),
        "0",
        "General rate",
    );
    check(
        &entry("8703.23-000", "US", FISCAL_2025, "3000000", "1", "NO"),
        "0",
        "General rate",
    );
    let ethylene = entry("2711.14-010", "US", FISCAL_2025, "1000000", "5000", "kg");
    check(&ethylene, "3120", "WTO rate");
    // Oranges: 16 % from June to November, 32 % from December to May.
    let oranges = |on| entry("0805.10-000", "US", on, "10000", "100", "kg");
    check(&oranges(date(2025, 4, 16)), "3200", "WTO rate");
    check(&oranges(date(2025, 6, 1)), "1600", "WTO rate");
    check(&oranges(date(2025, 11, 30)), "1600", "WTO rate");
    check(&oranges(date(2026, 1, 5)), "3200", "WTO rate");
}

#[test]
fn rice_by_its_nine_digit_code() {
    let rice = |code| entry(code, "US", FISCAL_2025, "100000", "1", "t");
    check(&rice("1006.30-010"), "0", "Temporary rate");
    check(&rice("1006.30-090"), "49000", "Temporary rate");
    // The agreement with the United States leaves rice out.
    check(
        &rice("1006.30-090").claim("USJTA"),
        "49000",
        "Temporary rate",
    );
}

#[test]
fn goods_in_words_are_asked_for() {
    let whey = || {
        let whey = entry("0404.10-126", "US", FISCAL_2025, "1000", "10", "kg");
        whey.claim("USJTA")
    };
    let error = LAW.assess(&whey(), None).unwrap_err().to_string();
    assert!(error.contains("砂糖を加えたもの"), "{error}");
    let sugared = whey().fact("case_1", "true").unwrap();
    check(&sugared, "399.3", "Preferential rate (USJTA)");
    let other = whey().fact("case_2", "true").unwrap();
    check(&other, "346.3", "Preferential rate (USJTA)");
}

#[test]
fn a_range_is_not_zero() {
    let yogurt = entry("0403.20-239", "NZ", FISCAL_2025, "1000", "1", "kg");
    let error = LAW.assess(&yogurt, None).unwrap_err();
    assert!(matches!(error, LawError::RateText { .. }), "{error}");
}

/// The text of a law file of Japan.
fn law_text(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../winset-data/law/jp");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// The rate of a measure in a law file, in the period that begins on a day.
fn rate_of(file: &str, measure: &str, from: &str) -> String {
    let file: toml::Table = law_text(file).parse().unwrap();
    let measures = file["measure"].as_array().unwrap();
    let measure = measures.iter().find(|m| m["id"].as_str() == Some(measure));
    let measure = measure.unwrap();
    let periods = measure["period"].as_array().unwrap();
    let period = periods
        .iter()
        .find(|p| p["from"].to_string() == from)
        .unwrap();
    let rate = period.get("rate").or_else(|| measure.get("rate")).unwrap();
    rate.as_str().unwrap().to_owned()
}

#[test]
fn the_rates_of_the_law_files_read() {
    let mut read = 0;
    for file in ["pork.toml", "processed-pork.toml", "rice.toml", "beef.toml"] {
        for line in law_text(file).lines() {
            let Some(rate) = line.strip_prefix("rate = ") else {
                continue;
            };
            let rate = rate.trim_matches('"');
            assert!(text::parse(rate).is_computable(), "{file}: {rate}");
            assert_eq!(
                text::parse(&text::parse(rate).to_string()),
                text::parse(rate)
            );
            read += 1;
        }
    }
    assert!(read > 20, "{read}");
}

/// A law in which goods owe a rate of a measure file and nothing else.
fn only(rate: &str) -> Law {
    let lines = "code,from,to,unit,general,temporary,wto\n02032900,2025-01-01,,KG,無税,,\n";
    let table = Table::from_csv("free", lines.as_bytes()).unwrap();
    let schedule = Schedule::from_table("JP".parse().unwrap(), &table).unwrap();
    let file = Source::new(
        "one.toml",
        format!(
            r#"
            format = 1
            act = [{{ id = "a", title = "A", signed = 2025-01-01, source = "a", confidence = "V" }}]
            [[measure]]
            id = "m"
            title = "M"
            authority = "A"
            importer = "JP"
            origins = ["*"]
            goods = ["*"]
            rate = "{rate}"
            period = [{{ from = 2025-01-01, act = "a" }}]
            "#
        ),
    );
    Law::compile(&[file], &[], vec![schedule]).unwrap()
}

fn under(law: &Law, on: Date, value: &str, quantity: &str, unit: &str) -> Decimal {
    let entry = entry("0203.29", "US", on, value, quantity, unit);
    law.assess(&entry, None).unwrap().total.amount
}

#[test]
fn the_law_files_and_the_schedule_agree_on_pork() {
    // Measure; origin and claim; codes with the price up to which each is declared.
    let cuts = [
        ("0203.29-023", 64),
        ("0203.29-024", 398),
        ("0203.29-025", 523),
        ("0203.29-022", 2000),
    ];
    let carcass = [
        ("0203.21-020", 48),
        ("0203.21-031", 299),
        ("0203.21-032", 393),
        ("0203.21-040", 2000),
    ];
    let ham = [("1602.42-011", 897), ("1602.42-019", 2000)];
    for (file, id, codes) in [
        ("pork.toml", "jp-pork-cuts", &cuts[..]),
        ("pork.toml", "jp-pork-carcass", &carcass[..]),
        ("processed-pork.toml", "jp-processed-pork", &ham[..]),
    ] {
        for (suffix, origin, claim, years) in [
            ("", "BR", "", &["2025-04-01"][..]),
            ("-usjta", "US", "USJTA", &["2025-04-01", "2026-04-01"]),
            ("-cptpp", "AU", "CPTPP", &["2025-04-01", "2026-04-01"]),
            ("-jeepa", "FR", "JEEPA", &["2026-04-01"]),
            ("-jukepa", "GB", "JUKEPA", &["2026-04-01"]),
        ] {
            for year in years {
                let law = only(&rate_of(file, &format!("{id}{suffix}"), year));
                let on: Date = year.parse().unwrap();
                for price in (1..2000).step_by(7) {
                    let code = codes.iter().find(|(_, most)| price <= *most).unwrap().0;
                    let price = price.to_string();
                    let entry = entry(code, origin, on, &price, "1", "kg").claim(claim);
                    let by_code = owed(&entry).total.amount;
                    let by_form = under(&law, on, &price, "1", "kg");
                    let apart = (by_code - by_form).abs();
                    assert!(
                        apart < Decimal::new(1, 9),
                        "{id}{suffix} {year} at {price} yen: {by_code} by code, {by_form} by form"
                    );
                }
            }
        }
    }
}

#[test]
fn the_mark_up_of_sbs_tenders() {
    // OFF-SBS-1 to -6: selling and buying price in yen a tonne, mark-up as reported in yen/kg.
    for (selling, buying, reported) in [
        ("199.826", "119477", 80),
        ("197.000", "113400", 84),
        ("214.969", "119862", 95),
        ("218.160", "118800", 99),
        ("204.865", "148740", 56),
        ("203.442", "146372", 57),
    ] {
        let law = only(&format!("lesser of {selling} JPY/kg - 100% or 292 JPY/kg"));
        let per_kilogram = under(&law, FISCAL_2025, buying, "1", "t") / Decimal::ONE_THOUSAND;
        let apart = (per_kilogram - Decimal::from(reported)).abs();
        assert!(apart <= Decimal::ONE, "{per_kilogram} against {reported}");
    }
    let law = only("lesser of 500 JPY/kg - 100% or 292 JPY/kg");
    assert_eq!(under(&law, FISCAL_2025, "100000", "1", "t"), 292_000.into());
}

#[test]
fn a_cap_counts_the_base_duty() {
    let lines = "code,from,to,unit,general,temporary,wto\n02032900,2025-01-01,,KG,10%,,\n";
    let table = Table::from_csv("ten", lines.as_bytes()).unwrap();
    let schedule = || Schedule::from_table("JP".parse().unwrap(), &table).unwrap();
    for (rate, total) in [("3%", 1300), ("25%", 1500), ("200 JPY/kg", 1200)] {
        let law = only(&format!("{rate}, at most 15% in total"));
        let capped = under(&law, FISCAL_2025, "10000", "1", "kg");
        // Without a base duty the cap leaves 15 %.
        let alone = if rate == "25%" { 1500 } else { total - 1000 };
        assert_eq!(capped, alone.into(), "{rate}");
        let file = Source::new(
            "cap.toml",
            format!(
                r#"
                format = 1
                act = [{{ id = "a", title = "A", signed = 2025-01-01, source = "a", confidence = "V" }}]
                [[measure]]
                id = "m"
                title = "M"
                authority = "A"
                importer = "JP"
                origins = ["*"]
                goods = ["*"]
                rate = "{rate}, at most 15% in total"
                period = [{{ from = 2025-01-01, act = "a" }}]
                "#
            ),
        );
        let law = Law::compile(&[file], &[], vec![schedule()]).unwrap();
        assert_eq!(
            under(&law, FISCAL_2025, "10000", "1", "kg"),
            total.into(),
            "{rate}"
        );
    }
}
