//! Rows of the validation folder that have no machine form (`duty/official.csv`, `duty/brokers.csv`): figures
//! that customs, the trade commission and brokers published. A row without a code gets a line of the schedule
//! with the base rate that it states. Rows on Japan's border (pork, beef, rice) are tested with Japan's law.

mod common;

use common::shipped::{LAW, ask, decimal, entry, owed, per_cent, under};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use winset_law::{Assessment, Entry};

/// Machines of 8479.89.95, other: 2.5 per cent, aluminium derivative since March 2025, on list 3 of China.
const DERIVATIVE: &str = "8479.89.95.99";
/// Activated natural mineral products: 2.5 per cent, on list 3 of China, in no list of metals or exemptions.
const ORDINARY: &str = "3802.90.20";
/// Other parts of vehicles: 2.5 per cent, on the list of parts of cars and of aluminium derivatives.
const CAR_PART: &str = "8708.99.68.90";

/// The components of a published row: authority and amount.
fn components(answer: &Assessment, expected: &[(&str, &str)]) {
    let expected: Vec<(String, String)> = (expected.iter())
        .map(|(who, amount)| ((*who).to_owned(), (*amount).to_owned()))
        .collect();
    assert_eq!(owed(answer), expected);
    let sum: Decimal = expected.iter().map(|(_, amount)| decimal(amount)).sum();
    assert_eq!(answer.total.amount.normalize(), sum.normalize());
}

fn derivative(origin: &str, on: Date) -> Entry {
    entry(DERIVATIVE, origin, on, "100").content("aluminum", 25.into())
}

/// OFF-01: note 2(v)(xix): 50 cents a kilogram on goods of 10 dollars a kilogram count as 5 per cent; topped up
/// to 15. On the shipped schedule: wine at 19.8 cents a litre, 1,000 litres worth 3,960 dollars, is the same
/// share.
#[test]
fn off_01_the_ad_valorem_equivalent_of_a_specific_duty() {
    let wine = entry("2204.10.00", "JP", date(2025, 8, 7), "3960").quantity(1_000.into(), "l");
    let answer = ask(&wine, None);
    assert_eq!(answer.components[0].amount, decimal("198"));
    assert_eq!(under(&answer, "9903.02.73"), decimal("396"), "ten per cent");
    assert_eq!(answer.total.amount, decimal("594"), "fifteen per cent");
}

/// OFF-01 and OFF-02 to the word, on lines with that rate in a schedule of our own: 0.50 of base and 1.00 on top.
#[test]
fn off_01_and_02_the_example_of_the_notes() {
    let lines = "code,from,to,unit,general,special,column2\n\
        38029020,2025-01-01,,kg,50¢/kg,,20%\n87083050,2025-01-01,,kg,50¢/kg,,25%\n";
    let table = winset_io::Table::from_csv("note 2(v)(xix)", lines.as_bytes()).unwrap();
    let schedule = winset_law::Schedule::from_table(common::us(), &table).unwrap();
    let law = common::law(schedule);
    for (goods, on, heading) in [
        ("3802.90.20", date(2025, 8, 7), "9903.02.73"),
        ("8708.30.50", date(2025, 9, 16), "9903.94.43"),
    ] {
        let one = entry(goods, "JP", on, "10").quantity(1.into(), "kg");
        let answer = law.assess(&one, None).unwrap();
        assert_eq!(answer.components[0].amount, decimal("0.50"));
        assert_eq!(
            under(&answer, heading),
            Decimal::ONE,
            "{goods}: {:?}",
            answer.components
        );
        assert_eq!(answer.effective_rate, Some(decimal("0.15")));
    }
}

/// OFF-03, OFF-04 (90 FR 34665), BRK-08: the merchandise processing fee, 0.3464 per cent between limits that
/// change each October.
#[test]
fn off_03_04_the_limits_of_the_processing_fee() {
    let fee = |on: Date, value: &str| {
        let answer = ask(&entry(ORDINARY, "JP", on, value), None);
        assert_eq!(
            answer.fees.len(),
            1,
            "no harbour fee where nobody says ocean"
        );
        answer.fees[0].amount
    };
    let (last_2025, first_2026) = (date(2025, 9, 30), date(2025, 10, 1));
    for (on, value, expected) in [
        (last_2025, "0", "32.71"),
        (last_2025, "1000", "32.71"),
        (last_2025, "9442", "32.71"),
        (last_2025, "9445", "32.72"),
        (last_2025, "10000", "34.64"),
        (last_2025, "183000", "633.91"),
        (last_2025, "183300", "634.62"),
        (last_2025, "5000000", "634.62"),
        (first_2026, "1000", "33.58"),
        (first_2026, "9693", "33.58"),
        (first_2026, "9697", "33.59"),
        (first_2026, "10000", "34.64"),
        (first_2026, "188000", "651.23"),
        (first_2026, "188200", "651.50"),
        (first_2026, "5000000", "651.50"),
        (date(2026, 3, 2), "10000", "34.64"),
    ] {
        assert_eq!(fee(on, value), decimal(expected), "{value} on {on}");
    }
}

/// The harbour maintenance fee: 0.125 per cent, ocean only, without limits (19 CFR 24.24).
#[test]
fn the_harbour_fee_has_no_limits() {
    let fees = |value: &str| {
        let entry = entry(ORDINARY, "JP", date(2025, 11, 3), value);
        let answer = ask(&entry.fact("ocean", "true").unwrap(), None);
        let harbour = answer.fees.iter().find(|f| &*f.fee == "us-hmf");
        harbour.unwrap().amount
    };
    assert_eq!(fees("10000"), decimal("12.50"));
    assert_eq!(fees("100"), decimal("0.13"));
    assert_eq!(fees("10000000"), decimal("12500"));
}

/// OFF-06: the offset of 25 % × 15 % of the price of vehicles assembled in the United States is a credit of the
/// manufacturer, not a rate of an entry. It is not held; this test fails when it is, to be replaced by the
/// arithmetic.
#[test]
fn off_06_the_import_adjustment_offset_is_not_held() {
    let named = |text: &str| text.to_lowercase().contains("offset");
    assert!(!LAW.measures().any(|m| named(m.id()) || named(m.title())));
    assert!(
        !LAW.exemptions()
            .any(|(id, title)| named(id) || named(title))
    );
}

/// BRK-01 (JAS, 4 April 2025, example 1): an aluminium derivative of China, a quarter of it aluminium.
#[test]
fn brk_01_aluminium_derivative_of_china() {
    components(
        &ask(&derivative("CN", date(2025, 4, 9)), None),
        &[
            ("base", "2.5"),
            ("Section 301 China", "25"),
            ("IEEPA fentanyl China", "20"),
            ("Section 232 aluminum", "6.25"),
        ],
    );
}

/// BRK-02 (JAS, example 2), as the law was known on 4 April: China's 34 per cent from 9 April.
#[test]
fn brk_02_ordinary_good_of_china_as_then_known() {
    let on = date(2025, 4, 9);
    let answer = ask(&entry(ORDINARY, "CN", on, "100"), Some(date(2025, 4, 4)));
    components(
        &answer,
        &[
            ("base", "2.5"),
            ("Section 301 China", "25"),
            ("IEEPA fentanyl China", "20"),
            ("IEEPA reciprocal", "34"),
        ],
    );
    // Superseded: 84 per cent when the day came.
    let then = ask(&entry(ORDINARY, "CN", on, "100"), Some(on));
    assert_eq!(then.total.amount, decimal("131.5"));
}

/// BRK-03 (JAS, example 1): the same derivative of Japan. Until 3 June all of a derivative is free of the
/// reciprocal tariff.
#[test]
fn brk_03_aluminium_derivative_of_japan() {
    components(
        &ask(&derivative("JP", date(2025, 4, 9)), None),
        &[("base", "2.5"), ("Section 232 aluminum", "6.25")],
    );
}

/// BRK-04 (JAS, example 2): 24 per cent on Japan.
#[test]
fn brk_04_ordinary_good_of_japan() {
    let answer = ask(&entry(ORDINARY, "JP", date(2025, 4, 9), "100"), None);
    components(&answer, &[("base", "2.5"), ("IEEPA reciprocal", "24")]);
    assert_eq!(answer.headings(), ["9903.01.53"]);
}

/// BRK-05 (Jet Worldwide): China at its peak, 172.5 per cent.
#[test]
fn brk_05_china_at_its_peak() {
    for day in [date(2025, 4, 10), date(2025, 5, 13)] {
        let answer = ask(&entry(ORDINARY, "CN", day, "100"), None);
        components(
            &answer,
            &[
                ("base", "2.5"),
                ("Section 301 China", "25"),
                ("IEEPA fentanyl China", "20"),
                ("IEEPA reciprocal", "125"),
            ],
        );
        assert_eq!(under(&answer, "9903.01.63"), decimal("125"));
    }
    assert_eq!(
        per_cent(ORDINARY, "CN", date(2025, 5, 14), None),
        decimal("57.5")
    );
}

/// BRK-06 and BRK-07 (Jet Worldwide): an aluminium part of a car on 3 May 2025, before EO 14289 was known and
/// after. The source leaves the base duty out.
#[test]
fn brk_06_07_unstacking() {
    let part = entry(CAR_PART, "JP", date(2025, 5, 3), "100");
    components(
        &ask(&part, Some(date(2025, 4, 28))),
        &[
            ("base", "2.5"),
            ("Section 232 aluminum", "25"),
            ("Section 232 autos", "25"),
        ],
    );
    let after = [("base", "2.5"), ("Section 232 autos", "25")];
    components(&ask(&part, Some(date(2025, 4, 29))), &after);
    components(&ask(&part, None), &after);
}

/// BRK-09 (Base Metals Center, 3 December 2025, in KWE's advisory): the steel of an article counts at the entered
/// value less the parts of other materials: 80 of 100.
#[test]
fn brk_09_the_value_of_the_metal() {
    let shelf = entry("9403.20.00.78", "TH", date(2025, 12, 3), "100").content("steel", 80.into());
    let answer = ask(&shelf, None);
    let steel = answer
        .components
        .iter()
        .find(|c| &*c.authority == "Section 232 steel");
    let steel = steel.unwrap_or_else(|| panic!("{:?}", answer.components));
    assert_eq!(
        (steel.basis, steel.amount.normalize()),
        (decimal("80"), decimal("40"))
    );
    assert_eq!(
        answer.total.amount.normalize(),
        decimal("43.8"),
        "19 per cent on the rest"
    );
}

/// BRK-10: a published error. The source has Section 122 at 15 per cent and the fee limits of the year before;
/// the law has 10 per cent.
#[test]
fn brk_10_what_the_source_has_wrong() {
    let shirts = entry("6109.10.00.40", "VN", date(2026, 3, 16), "40000");
    let answer = ask(&shirts, None);
    components(&answer, &[("base", "6600"), ("Section 122", "4000")]);
    assert_eq!(answer.headings(), ["9903.03.01"]);
    assert_ne!(
        answer.total.amount,
        decimal("12600"),
        "16.5 and 15 per cent, as the source has it"
    );
    assert_eq!(answer.fees[0].amount, decimal("138.56"));
    assert!(answer.fees[0].source.contains("90 FR 34665"));
}

/// BRK-11 (Shapiro, Coppersmith, AEC on CSMS 65236374 and 65201384): from 4 June 2025 the metal bears 50 per cent
/// and the rest the reciprocal tariff.
#[test]
fn brk_11_the_rest_of_a_derivative_pays_the_reciprocal_tariff() {
    for day in [date(2025, 6, 4), date(2025, 8, 6)] {
        components(
            &ask(&derivative("JP", day), None),
            &[
                ("base", "2.5"),
                ("IEEPA reciprocal", "7.5"),
                ("Section 232 aluminum", "12.5"),
            ],
        );
    }
    let before = ask(&derivative("JP", date(2025, 6, 3)), None);
    assert_eq!(before.total.amount.normalize(), decimal("8.75"));
}
