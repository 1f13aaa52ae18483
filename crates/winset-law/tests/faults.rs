//! Ten faults that were found in existing tariff engines, in their code, their data or what their users report:
//! each is a test that we pass, with the act or heading that decides.

mod common;

use common::shipped::{CODES, LAW, ask, decimal, entry, owed, per_cent, under, with};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use winset_data::Set;
use winset_io::{Source, Table};
use winset_law::rate::us;
use winset_law::{Currency, Entry, Law, Money, Schedule};

const JANUARY: Date = date(2025, 1, 15);

/// Fault 1: the series of the Budget Lab at Yale has 14.97 per cent on Japan on the 5th and on the 9th of April
/// alike. Source: EO 14257 s. 3(a), EO 14266 s. 2; HTSUS 9903.01.53 held for entries of 9 April 2025 only.
#[test]
fn fault_1_the_one_day_of_24_per_cent_on_japan() {
    let toys = |day| {
        let answer = ask(
            &entry("9503.00.00", "JP", date(2025, 4, day), "10000"),
            None,
        );
        (
            answer.total.amount.to_i64().unwrap(),
            answer.headings().join(";"),
        )
    };
    assert_eq!(toys(4), (0, String::new()));
    assert_eq!(toys(5), (1_000, "9903.01.25".to_owned()));
    assert_eq!(toys(8), (1_000, "9903.01.25".to_owned()));
    assert_eq!(toys(9), (2_400, "9903.01.53".to_owned()));
    assert_eq!(toys(10), (1_000, "9903.01.25".to_owned()));
}

/// Fault 2: the rate text `2.5% <u></u>` of 8708.30.50 in HTS 2025 revision 10 was read as zero.
#[test]
fn fault_2_mark_up_in_a_rate_text() {
    assert_eq!(us::parse("2.5% <u></u>"), us::parse("2.5%"));
    assert_eq!(
        us::parse("2.5% <u></u>").as_ad_valorem(),
        Some(decimal("0.025"))
    );
    // What cannot be read is an error, never nothing.
    let lines = "code,from,to,unit,general,special,column2\n\
        87083050,2025-01-01,,kg,2.5% <u></u>,,25%\n87083010,2025-01-01,,kg,2.5 <u>percent,,25%\n";
    let table = Table::from_csv("revision 10", lines.as_bytes()).unwrap();
    let law = common::law(Schedule::from_table(common::us(), &table).unwrap());
    let brakes = |goods: &str| law.assess(&entry(goods, "JP", JANUARY, "1000"), None);
    assert_eq!(brakes("8708.30.50").unwrap().total.amount, decimal("25"));
    assert!(
        brakes("8708.30.10")
            .unwrap_err()
            .to_string()
            .contains("2.5 <u>percent")
    );
    // The schedule that ships, on every day.
    for day in [JANUARY, date(2025, 5, 1), date(2026, 6, 8)] {
        let answer = ask(&entry("8708.30.50", "JP", day, "1000"), None);
        assert_eq!(answer.components[0].amount, decimal("25"), "{day}");
    }
}

/// Fault 3: cars at 23.76 instead of 25 per cent (an average offset folded into the law), and base rates thinned
/// by the average use of preferences on 5,944 of 20,241 rows of Japan. Source: HTSUS 9903.94.01, general note 36.
#[test]
fn fault_3_no_average_is_folded_into_the_law() {
    let car = ask(&entry("8703.23.01", "JP", date(2025, 4, 16), "10000"), None);
    assert_eq!(under(&car, "9903.94.01"), decimal("2500"));
    assert_eq!(car.total.amount, decimal("2750"));
    // Every line of one plain rate charges Japan that rate: all of it without a claim, the special rate with one.
    let table = Set::UsSchedule.table().unwrap();
    let general = table.text_slice("general").unwrap();
    let codes = table.text_slice("code").unwrap();
    let (from, to) = (
        table.text_slice("from").unwrap(),
        table.text_slice("to").unwrap(),
    );
    let here = |row: usize| {
        from[row].as_str() <= "2025-01-15"
            && (to[row].is_empty() || to[row].as_str() > "2025-01-15")
    };
    let mut plain = 0;
    for row in (0..table.rows()).filter(|row| here(*row) && !general[*row].trim().is_empty()) {
        let Some(fraction) = us::parse(&general[row]).as_ad_valorem() else {
            continue;
        };
        let entry = entry(&codes[row], "JP", JANUARY, "1000");
        // A short code whose lines meet different measures needs a longer one.
        if let Ok(answer) = LAW.assess(&entry, None) {
            assert_eq!(
                answer.components[0].amount,
                fraction * Decimal::ONE_THOUSAND,
                "{}",
                codes[row]
            );
            plain += 1;
        }
    }
    assert!(plain > 9_000, "only {plain} lines of one plain rate");
    let hose = |claim: Option<&str>| {
        let entry = entry("4009.11.00", "JP", JANUARY, "1000");
        let entry = claim.into_iter().fold(entry, Entry::claim);
        ask(&entry, None).total.amount
    };
    assert_eq!(
        (hose(None), hose(Some("JP"))),
        (decimal("25"), Decimal::ZERO)
    );
}

/// Fault 4: specific and compound base duties counted as zero; retroactive windows and transshipment left out.
/// (Anti-dumping and countervailing duties are not in this law either: docs/deviations.md says so.)
#[test]
fn fault_4_specific_duties_retroactive_windows_transshipment() {
    // Sparkling wine at 19.8 cents a litre; mushrooms at 8.8 cents a kilogram and 20 per cent.
    let wine = entry("2204.10.00", "JP", JANUARY, "10000").quantity(1_000.into(), "l");
    assert_eq!(ask(&wine, None).total.amount, decimal("198"));
    let mushrooms = entry("0709.51.01", "JP", JANUARY, "1000").quantity(100.into(), "kg");
    assert_eq!(ask(&mushrooms, None).total.amount, decimal("208.8"));
    // No quantity is an error, not nothing.
    assert!(
        LAW.assess(&entry("2204.10.00", "JP", JANUARY, "10000"), None)
            .is_err()
    );
    // Not one line of the schedule that has a duty per unit answers zero where the quantity is given.
    let (mut specific, mut nothing) = (0, Vec::new());
    let table = Set::UsSchedule.table().unwrap();
    let general = table.text_slice("general").unwrap();
    for (code, text) in table.text_slice("code").unwrap().iter().zip(general) {
        if !text.contains("¢") && !text.contains('$') {
            continue;
        }
        let entry = entry(code, "JP", JANUARY, "1000").quantity(1_000.into(), "");
        if let Ok(answer) = LAW.assess(&entry, None) {
            specific += 1;
            if answer.components[0].amount.is_zero() {
                nothing.push(code);
            }
        }
    }
    assert!(
        nothing.is_empty() && specific > 1_000,
        "{specific}; nothing due on {nothing:?}"
    );
    // Electronics: freed on 11 April back to 5 April (memorandum of 11 April 2025).
    let laptop = |known| per_cent("8471.30.01", "JP", date(2025, 4, 6), Some(known));
    assert_eq!(laptop(date(2025, 4, 10)), Decimal::TEN);
    assert_eq!(laptop(date(2025, 4, 11)), Decimal::ZERO);
    // Transshipped: 40 per cent in place of the country's rate (EO 14326 s. 3, 9903.02.01).
    let evaded = entry("9503.00.00", "VN", date(2025, 8, 20), "1000")
        .fact("transshipped", "true")
        .unwrap();
    let answer = ask(&evaded, None);
    assert_eq!(
        (answer.total.amount, answer.headings()),
        (decimal("400"), vec!["9903.02.01"])
    );
}

/// Fault 5: the 15 per cent floor put on top of the base duty for Japan, two points too much. Source: EO 14345 s.
/// 2(a).
#[test]
fn fault_5_the_floor_holds_the_base_duty() {
    let on = date(2025, 8, 20);
    for (goods, total) in [
        ("9503.00.00", "15"),
        ("3802.90.20", "15"),
        ("5408.32.90", "15"),
        ("6109.10.00", "16.5"),
    ] {
        assert_eq!(per_cent(goods, "JP", on, None), decimal(total), "{goods}");
    }
}

/// Fault 6: a Japanese car under the heading of the reciprocal floor; 34 per cent on China on 10 April 2025,
/// superseded twice by then. Source: note 2(v)(x); EO 14259, EO 14266 s. 3.
#[test]
fn fault_6_headings_of_cars_and_the_superseded_rate_of_china() {
    let car = ask(&entry("8703.23.01", "JP", date(2025, 9, 16), "10000"), None);
    assert_eq!(car.headings(), ["9903.94.41"]);
    assert_eq!(car.total.amount, decimal("1500"));
    let toys = ask(&entry("9503.00.00", "CN", date(2025, 4, 10), "100"), None);
    assert_eq!(under(&toys, "9903.01.63"), decimal("125"));
    assert_eq!(toys.total.amount, decimal("145"));
}

/// Fault 7: HTS 2026 revision 11 mended note 2(aa)(v)(1) back to 6 April 2026: articles under 9903.82.02, dropped
/// from the note by revision 10, bear no surcharge of Section 122. An engine that keeps one law for an entry date
/// cannot say both.
#[test]
fn fault_7_a_later_correction_changes_earlier_entries() {
    // Our text hangs the yielding on the duty owed, so that the slip never shows (section-122.toml).
    let steel = |known| {
        owed(&ask(
            &entry("7326.90.86.88", "BR", date(2026, 6, 8), "1000"),
            known,
        ))
    };
    assert_eq!(steel(None), steel(Some(date(2026, 6, 8))));
    assert!(
        steel(None)
            .iter()
            .all(|(authority, _)| authority != "Section 122")
    );
    // A correction that our text does hold: EO 14345 s. 2(d), and the electronics above.
    let known = |day| per_cent("3802.90.20", "JP", date(2025, 8, 7), Some(day));
    assert_eq!(known(date(2025, 9, 3)), decimal("17.5"));
    assert_eq!(known(date(2025, 9, 4)), decimal("15"));
    // The correction itself, as a text: revision 10 makes steel bear the surcharge, revision 11 takes it back.
    let text = r#"
        format = 1
        act = [
          { id = "surcharge", title = "Surcharge", signed = 2026-02-20, source = "note 2(aa)", confidence = "V" },
          { id = "metals", title = "Metals", signed = 2026-04-02, source = "note 16", confidence = "V" },
          { id = "rev-10", title = "Revision 10", signed = 2026-06-08, source = "HTS 2026 revision 10", confidence = "S" },
          { id = "rev-11", title = "Revision 11", signed = 2026-06-19, source = "HTS 2026 revision 11", confidence = "S" },
        ]
        [[measure]]
        id = "metals"
        title = "Metals"
        authority = "Section 232 metals"
        importer = "US"
        origins = ["*"]
        goods = ["7326"]
        rate = "50%"
        period = [{ from = 2026-04-06, act = "metals" }]
        [[measure]]
        id = "surcharge"
        title = "Surcharge"
        authority = "Section 122"
        importer = "US"
        origins = ["*"]
        goods = ["*"]
        rate = "10%"
        period = [{ from = 2026-02-24, to = 2026-07-24, act = "surcharge" }]
        [[stacking]]
        measures = ["surcharge"]
        yields-to = ["metals"]
        [[stacking]]
        measures = ["surcharge"]
        adds-to = ["metals"]
        from = 2026-06-08
        act = "rev-10"
        [[stacking]]
        measures = ["surcharge"]
        yields-to = ["metals"]
        from = 2026-04-06
        act = "rev-11"
    "#;
    let lines = "code,from,to,unit,general,special,column2\n73269086,2025-01-01,,kg,2.9%,,45%\n";
    let table = Table::from_csv("us", lines.as_bytes()).unwrap();
    let schedule = Schedule::from_table(common::us(), &table).unwrap();
    let law = Law::compile(&[Source::new("revision.toml", text)], &[], vec![schedule]).unwrap();
    let total = |on, known| {
        let answer = law.assess(&entry("7326.90.86", "BR", on, "1000"), known);
        answer.unwrap().total.amount.normalize()
    };
    let (may, june) = (date(2026, 5, 4), date(2026, 6, 10));
    assert_eq!(total(may, Some(june)), decimal("529"));
    assert_eq!(
        total(june, Some(june)),
        decimal("629"),
        "as revision 10 has it"
    );
    assert_eq!(
        total(june, Some(date(2026, 6, 19))),
        decimal("529"),
        "as mended later"
    );
    assert_eq!(total(june, None), decimal("529"));
}

/// Fault 8: amounts in binary floating point.
#[test]
fn fault_8_amounts_are_exact_decimals() {
    // 20 per cent and 10 per cent of one dollar.
    let toys = ask(&entry("9503.00.00", "CN", date(2025, 5, 20), "1"), None);
    assert_eq!(toys.total.amount, decimal("0.3"));
    let in_floats = toys
        .components
        .iter()
        .map(|c| c.amount.to_f64().unwrap())
        .sum::<f64>();
    assert!(
        in_floats.to_bits() != 0.3f64.to_bits(),
        "binary floats say {in_floats}"
    );
    // Half a cent goes up: 2.5 per cent of 41 dollars is 1.025.
    let brakes = ask(&entry("8708.30.50", "JP", JANUARY, "41"), None);
    assert_eq!(
        (brakes.total.amount, brakes.payable.amount),
        (decimal("1.025"), decimal("1.03"))
    );
    // Every whole value up to a thousand dollars, to the cent, as integers say.
    for dollars in 1..1_000i64 {
        let value = Money::new(dollars.into(), Currency::USD);
        let entry = Entry::new(
            common::us(),
            "8708.30.50".parse().unwrap(),
            "JP".parse().unwrap(),
            JANUARY,
            value,
        );
        let cents = (dollars * 25 + 5) / 10;
        assert_eq!(
            ask(&entry, None).payable.amount,
            Decimal::new(cents, 2),
            "{dollars}"
        );
    }
}

/// Fault 8: amounts so fine that a product would not fit 28 digits are refused, not rounded.
#[test]
fn fault_8_an_amount_that_would_not_stay_exact_is_refused() {
    let value = |text: &str| LAW.assess(&entry("9503.00.00", "JP", date(2025, 4, 9), text), None);
    assert_eq!(
        value("999999999999999.999999").unwrap().total.amount,
        decimal("239999999999999.99999976")
    );
    assert!(value("56.5000000000").is_ok(), "noughts say nothing");
    let refused = value("56.0000000000000000000000000008").unwrap_err();
    assert!(
        refused.to_string().contains("at most six decimals"),
        "{refused}"
    );
}

/// Fault 8, on a filed CBP Form 7501 (Auxx-ai/auxx-ai PR 2255; OFF-05): 14,172 dollars of 7326.90.8688 of China,
/// 11,039.99 in all. The form is of September 2026, when China is no longer held: 8 June 2026 has the same
/// duties, and 9903.03.06 for the yielding of Section 122 where the form has 9903.05.90 for that of the action
/// over forced labour.
#[test]
fn fault_8_a_filed_entry_summary_to_the_cent() {
    let form = |value: &str| ask(&entry("7326.90.86.88", "CN", date(2026, 6, 8), value), None);
    let answer = form("14172.00");
    assert_eq!(under(&answer, "9903.88.03"), decimal("3543"));
    assert_eq!(under(&answer, "9903.82.02"), decimal("7086"));
    assert_eq!(answer.components[0].amount, decimal("410.988"));
    assert_eq!(
        answer.headings(),
        ["9903.88.03", "9903.82.02", "9903.03.06"]
    );
    assert_eq!(answer.total.amount, decimal("11039.988"));
    assert_eq!(answer.payable.amount, decimal("11039.99"));
    assert_eq!(answer.effective_rate, Some(decimal("0.779")));
    // The entered value counts in whole dollars (19 CFR 159.3).
    assert_eq!(form("14172.49").payable, answer.payable);
    assert!(form("14172.50").payable.amount > answer.payable.amount);
}

/// Fault 9: the floor of Japan dated 16 September 2025, when the notice was published; the law says 7 August (EO
/// 14345 s. 2(d)). Cars and parts did begin on 16 September (s. 4).
#[test]
fn fault_9_the_floor_of_japan_begins_on_7_august() {
    let valve = |day: Date| per_cent("8481.80.90", "JP", day, None);
    assert_eq!(valve(date(2025, 8, 6)), decimal("12"));
    assert_eq!(valve(date(2025, 8, 7)), decimal("15"));
    assert_eq!(valve(date(2025, 9, 15)), decimal("15"));
    let car = |day: Date| per_cent("8703.23.01", "JP", day, None);
    assert_eq!(car(date(2025, 9, 15)), decimal("27.5"));
    assert_eq!(car(date(2025, 9, 16)), decimal("15"));
}

/// Fault 10: a flat 12.5 per cent on Japan from 24 July 2026 where the larger of base duty and 12.5 per cent is
/// owed (memorandum of 23 July 2026 s. 1(a)(ii)).
#[test]
fn fault_10_twelve_and_a_half_is_a_floor() {
    let on = date(2026, 7, 24);
    for (goods, total, heading) in [
        ("9503.00.00", "12.5", "9903.05.49"),
        ("8481.80.90", "12.5", "9903.05.49"),
        ("6109.10.00", "16.5", "9903.05.48"),
    ] {
        let answer = ask(&entry(goods, "JP", on, "100"), None);
        assert_eq!(
            (answer.total.amount.normalize(), answer.headings()),
            (decimal(total), vec![heading]),
            "{goods}"
        );
    }
}

/// What the other engines fold in, an option on the table can say: the law itself is left as it is.
#[test]
fn an_average_is_an_option_not_the_law() {
    let thinned = with(
        "format = 1\nact = [{ id = \"t\", title = \"T\", signed = 2025-03-26, source = \"the series\", confidence = \"S\" }]\n\
         amendment = [{ measure = \"us-232-cars\", from = 2025-04-03, rate = \"23.76%\", act = \"t\" }]\n",
    );
    let car = entry("8703.23.01", "JP", date(2025, 4, 16), "10000");
    assert_eq!(
        thinned.assess(&car, None).unwrap().total.amount,
        decimal("2626")
    );
    assert_eq!(ask(&car, None).total.amount, decimal("2750"));
    assert!(CODES.len() > 18_000, "{} codes", CODES.len());
}
