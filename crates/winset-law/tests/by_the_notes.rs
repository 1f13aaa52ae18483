//! What the notes of chapter 99 and of the acts leave out, case by case: totals worked out by hand from the texts.

mod common;

use common::shipped::{LAW, entry, with};
use jiff::civil::Date;
use rust_decimal::Decimal;
use winset_law::Entry;

/// Goods, origin, entry date, content, facts; what is owed on 10,000 USD, and where it stands.
#[rustfmt::skip]
const CASES: &[[&str; 7]] = &[
    // Derivatives of metal from the United States are declared under a heading of section 232 and owe nothing there.
    ["7318.15.20", "BR", "2025-09-20", "steel=6000", "us_melted=true", "400", "notes 2(v)(vii) and 2(x)(vi)"],
    ["7318.15.20", "IN", "2025-09-20", "steel=6000", "us_melted=true", "1000", "notes 2(v)(vii) and 2(z)(iv)"],
    ["7318.15.20", "CN", "2025-09-20", "steel=6000", "us_melted=true", "4900", "note 2(v)(vii); fentanyl and 301 on all"],
    ["7616.99.51.90", "IN", "2025-09-20", "aluminum=6000", "us_smelted=true", "1250", "notes 2(v)(ix) and 2(z)(vi)"],
    ["7318.15.20", "JP", "2025-08-20", "steel=8000", "us_melted=true", "300", "note 2(v)(vii)"],
    ["7318.15.20", "JP", "2025-05-20", "", "us_melted=true", "0", "note 2(v)(vii) before June: the whole article"],
    ["7318.15.20", "JP", "2025-08-20", "steel=8000", "", "4300", "not of the United States: 50 per cent of the steel"],
    // Chapter 98.
    ["4202.21.90", "JP", "2025-05-20", "", "chapter_98=true", "900", "note 2(v)(i)"],
    ["4202.21.90", "BR", "2025-09-20", "", "chapter_98=true", "900", "notes 2(v)(i) and 2(x)(i)"],
    ["4202.21.90", "IN", "2025-09-20", "", "chapter_98=true", "900", "notes 2(v)(i) and 2(z)(i)"],
    ["4202.21.90", "VN", "2025-09-20", "", "chapter_98_share=0.5", "1900", "note 2(v)(i): the value of the work pays"],
    ["7326.90.86.88", "VN", "2026-05-07", "", "chapter_98=true", "290", "note 16(b)"],
    ["7326.90.86.88", "VN", "2026-05-07", "", "chapter_98_share=0.6;repaired_or_assembled_abroad=true", "2290", "note 16(b): what the provision leaves pays"],
    ["7326.90.86.88", "VN", "2026-05-07", "", "chapter_98_share=0.6", "5290", "note 16(b), 9802.00.60: the full value"],
    ["7601.10.60", "DE", "2025-02-03", "", "over_quota=true;chapter_98=true", "1000", "note 19(a)(v): no claim under chapter 98"],
    // Column 2, as printed: thirds, a container's weight; two lines of Russia that the note misprints.
    ["9506.11.20.00", "BY", "2026-03-01", "", "", "4333.333333", "33 1/3% and section 122"],
    ["9506.11.20.00", "BY", "2025-06-01", "", "", "3333.333333", "33 1/3%, heading 9903.01.29"],
    ["2803.00.00", "RU", "2025-08-20", "", "", "3500", "note 30(b) prints 2803;00.00"],
    ["7217.10.90", "RU", "2025-08-20", "", "", "12000", "note 30(d) prints 7217,10.90"],
    // Section 122.
    ["4202.21.90", "JP", "2026-03-20", "", "accompanied_baggage=true", "900", "note 2(aa)(i)"],
    ["8483.40.90", "JP", "2026-04-20", "", "motorcycle_part=true", "250", "note 2(aa)(v)(1), heading 9903.82.13"],
    // The fentanyl duties: baggage is free; chips under 9903.79.01 bear none.
    ["6403.99.60", "CN", "2025-06-10", "", "accompanied_baggage=true", "1600", "note 2(s): 8.5 per cent and list 4A"],
    ["6109.10.00", "CA", "2025-06-01", "", "accompanied_baggage=true", "1650", "note 2(j)"],
    ["8471.50.01", "CN", "2026-02-01", "", "semiconductor_in_scope=true", "5000", "note 39(a)(8): list 3 and the chips"],
    ["8471.80.10", "HK", "2026-02-10", "", "semiconductor_in_scope=true", "2500", "note 39(a)(8)"],
    // Certified parts of the United Kingdom among the listed parts of note 33(g) that are not in (j).
    ["8537.10.91", "GB", "2026-01-10", "", "certified=auto_part", "1000", "note 33(q), 9903.94.33"],
    ["8537.10.91", "GB", "2026-01-10", "", "", "2770", "9903.94.05"],
    // Particular farm goods that were transshipped.
    ["2008.99.21", "VN", "2025-11-20", "", "particular_farm_good=true", "450", "note 2(v)(iii)(b)"],
    ["2008.99.21", "VN", "2025-11-20", "", "particular_farm_good=true;transshipped=true", "4450", "note 2(v)(iii)(b) does not name 9903.02.01"],
    // In transit.
    ["6911.10.38", "VN", "2025-06-10", "", "loaded=2025-04-04", "600", "heading 9903.01.28, which has no end"],
    ["9503.00.00", "JP", "2025-07-01", "", "loaded=2025-04-04", "0", "heading 9903.01.28, which has no end"],
    ["9503.00.00", "JP", "2025-07-01", "", "loaded=2025-04-05", "1000", "heading 9903.01.25"],
    ["8481.80.90", "JP", "2025-11-16", "", "loaded=2025-04-01", "1500", "9903.02.73 excepts only what is loaded before 7 August and entered before 5 October"],
    ["8481.80.90", "VN", "2025-11-16", "", "loaded=2025-04-01;transshipped=true", "4200", "9903.02.01 excepts nothing"],
    // Medicines of companies that are not named, from 29 September 2026.
    ["3004.90.92.01", "JP", "2026-09-29", "", "patented_medicine=true", "1500", "Proclamation 11020 cl. 3(c)"],
    // However a material is written.
    ["7606.12.30", "JP", "2025-08-20", "aluminium=8000", "", "4540", "note 19"],
    ["7318.15.20", "JP", "2025-08-20", "Steel=8000", "", "4300", "note 16"],
];

fn stated(mut entry: Entry, content: &str, facts: &str, claims: &str) -> Entry {
    let parts = |text: &str| -> Vec<(String, String)> {
        let parts = text.split(';').filter_map(|part| part.split_once('='));
        parts.map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    };
    for (of, value) in parts(content) {
        entry = entry.content(&of, value.parse().unwrap());
    }
    for (name, value) in parts(facts) {
        entry = match name.as_str() {
            "loaded" => entry.loaded(value.parse().unwrap()),
            _ => entry.fact(&name, &value).unwrap(),
        };
    }
    claims
        .split(';')
        .filter(|claim| !claim.is_empty())
        .fold(entry, Entry::claim)
}

#[test]
fn what_the_notes_leave_out_is_not_owed() {
    let mut wrong = Vec::new();
    for [goods, origin, on, content, facts, total, source] in CASES {
        let entry = stated(
            entry(goods, origin, on.parse().unwrap(), "10000"),
            content,
            facts,
            "",
        );
        let alone = LAW.assess(&entry, None).unwrap();
        assert_eq!(
            LAW.batch().assess(&entry, None).unwrap().total,
            alone.total.amount
        );
        if alone.total.amount.round_dp(6) != total.parse::<Decimal>().unwrap() {
            let got = alone.total.amount;
            wrong.push(format!(
                "{goods} {origin} {on} {content} {facts}: {got}, not {total} ({source})"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A slip in a name must not count as a statement of zero.
#[test]
fn what_no_duty_asks_about_is_refused() {
    let on: Date = "2025-08-20".parse().unwrap();
    for (goods, content, facts, said) in [
        (
            "7318.15.20",
            "iron=8000",
            "",
            "no duty is on a content of `iron`: state aluminum, copper, steel",
        ),
        (
            "9403.20.00.86",
            "steel=8000;aluminum=8000",
            "",
            "the value of the materials together is 16000",
        ),
        (
            "8481.80.90",
            "",
            "us_share=true",
            "the fact `us_share` is true: it must be a number",
        ),
    ] {
        let entry = stated(entry(goods, "JP", on, "10000"), content, facts, "");
        let error = LAW.assess(&entry, None).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        assert_eq!(
            LAW.batch().assess(&entry, None).unwrap_err().to_string(),
            error
        );
    }
    // A part that some rate is on is none of them.
    let watch = stated(
        entry("9101.11.40", "JP", on, "10000"),
        "case=2000;battery=100",
        "",
        "",
    );
    let error = LAW
        .assess(&watch, None)
        .err()
        .map(|error| error.to_string());
    assert!(error.is_none_or(|error| !error.contains("no duty is on")));
}

/// Goods, origin, entry date, content, facts, claims, as known on; the total and the chapter 99 headings on 10,000 USD, in any
/// order; where it stands.
#[rustfmt::skip]
const DECLARED: &[[&str; 10]] = &[
    // Stampings are told apart by their metal: Proc. 9980 Annexes I and II.
    // Special rates that the schedule points to.
    ["8415.90.80.85", "JP", "2025-03-01", "", "", "USJTA", "", "0", "9921.01.02", "heading 9921.01.02"],
    ["8415.90.80.45", "JP", "2025-03-01", "", "", "USJTA", "", "140", "", "heading 9921.01.01"],
    ["8415.90.80.85", "JP", "2026-03-20", "aluminum=0;steel=0", "", "USJTA", "", "1000", "9921.01.02 9903.03.01", "heading 9921.01.02, no floor"],
    ["8708.10.30.20", "CN", "2025-01-15", "steel=10000", "", "", "", "5250", "9903.80.03 9903.88.03", "note 16(a)(ii)"],
    ["8708.10.30.20", "JP", "2025-02-01", "", "", "", "", "250", "", "9903.80.03 excepts Japan"],
    ["8708.10.30.30", "JP", "2025-02-01", "", "", "", "", "1250", "9903.85.03", "note 19(a)(iii)(E)"],
    ["8708.10.30.50", "JP", "2025-04-16", "aluminum=0;steel=0", "", "", "", "1250", "9903.01.25", "note 19(k)"],
    ["8708.10.30.50", "MX", "2025-09-03", "aluminum=0", "", "USMCA", "", "0", "9903.01.04 9903.01.27 9903.94.06", "note 19(k), note 33(f)"],
    ["8708.29.21.20", "JP", "2025-07-20", "", "not_auto_part=true", "", "", "5000", "9903.81.89 9903.94.06", "note 16(l): the whole value"],
    ["8708.29.21.20", "GB", "2025-07-20", "", "not_auto_part=true", "", "", "2500", "9903.81.96 9903.94.06", "note 16(l)"],
    ["8708.29.21.30", "JP", "2025-07-20", "", "not_auto_part=true", "", "", "5000", "9903.85.04 9903.94.06", "note 19(i)(F)"],
    ["8708.29.21.20", "GB", "2025-04-16", "", "", "", "", "2500", "9903.81.89", "note 16(l)"],
    ["8708.29.21.20", "JP", "2025-05-20", "", "", "", "", "2500", "9903.94.05", "a part of a vehicle, EO 14289"],
    // Beer in glass and in cans.
    ["2203.00.00.30", "JP", "2025-04-16", "", "", "", "", "1000", "9903.01.25", "CBP, 7 April 2025"],
    ["2203.00.00.60", "JP", "2025-04-16", "", "", "", "", "2500", "9903.85.08", "note 19(k)"],
    // The part of a vehicle that is not of the United States, and the part that is.
    ["8703.23.01", "MX", "2025-04-03", "", "us_share=0.4", "USMCA", "", "1500", "9903.94.03 9903.94.02", "note 33(c)(ii), (d)"],
    ["8704.22.51", "MX", "2025-11-01", "", "us_share=0.4", "USMCA", "", "1500", "9903.74.03 9903.74.06", "note 38(d), (f)"],
    ["8704.22.51", "MX", "2025-11-01", "", "", "USMCA", "", "2500", "9903.74.01", "note 38(b)"],
    // Copper, and the rest.
    ["7408.11.30", "CL", "2025-08-01", "copper=6000", "", "", "", "3500", "9903.01.25 9903.78.01 9903.78.02", "note 36(b), (c)"],
    ["7408.11.30", "CL", "2025-08-01", "", "", "", "", "5100", "9903.78.01", "note 36(b)"],
    // A derivative of Russia in which there is no aluminum.
    ["8544.42.90", "RU", "2025-09-03", "aluminum=0;copper=4000", "", "", "", "5500", "9903.78.01 9903.78.02 9903.01.29", "note 19(m)"],
    ["8544.42.90", "RU", "2025-09-03", "aluminum=1;copper=4000", "", "", "", "25500", "9903.85.68 9903.78.01 9903.78.02", "note 19(m)"],
    // Africa's programme between its lapse and its renewal.
    ["4202.21.60", "KE", "2025-11-01", "", "", "D", "2025-11-15", "2000", "9903.01.25", "lapsed on 30 September 2025"],
    ["4202.21.60", "KE", "2025-11-01", "", "", "AGOA", "2025-11-15", "2000", "9903.01.25", "lapsed on 30 September 2025"],
    ["4202.21.60", "KE", "2025-11-01", "", "", "D", "2026-02-10", "1000", "9903.01.25", "H.R. 7148, CSMS 67647279"],
    ["4202.21.60", "KE", "2025-11-01", "", "", "D", "", "1000", "9903.01.25", "H.R. 7148, CSMS 67647279"],
    ["4202.21.60", "KE", "2025-09-30", "", "", "D", "2025-11-15", "1000", "9903.01.25", "before the lapse"],
    // What left Annex II leaves it once the act is known.
    ["7411.10.10", "JP", "2025-08-01", "", "", "", "2025-07-29", "150", "9903.01.32", "Proc. 10962 of 30 July"],
    ["7411.10.10", "JP", "2025-08-01", "", "", "", "2025-07-30", "5150", "9903.78.01", "Proc. 10962 of 30 July"],
    ["4407.11.00", "JP", "2025-10-14", "", "", "", "2025-09-28", "0", "9903.01.32", "Proc. 10976 of 29 September"],
    ["4407.11.00", "JP", "2025-10-14", "", "", "", "", "1000", "9903.76.01", "Proc. 10976"],
    ["3907.61.00", "JP", "2025-09-08", "", "", "", "2025-09-04", "650", "9903.01.32", "EO 14346 of 5 September"],
    ["3907.61.00", "JP", "2025-09-08", "", "", "", "", "1500", "9903.02.73", "EO 14346"],
    ["4409.10.40", "IN", "2025-09-01", "", "", "", "", "0", "9903.01.32 9903.01.86", "EO 14329: as the reciprocal tariff"],
    ["3910.00.00", "IN", "2025-09-01", "", "", "", "", "300", "9903.01.32 9903.01.86", "EO 14329"],
    ["3910.00.00", "IN", "2025-09-08", "", "", "", "", "5300", "9903.01.84 9903.02.26", "EO 14346"],
    // An article of civil aircraft is no part of a vehicle; a part of a motorcycle must stand in Annex I-B.
    ["8544.30.00", "JP", "2025-10-25", "", "civil_aircraft=true", "", "", "500", "9903.94.06 9903.96.02", "note 33(h)"],
    ["8481.80.90", "JP", "2026-05-01", "", "motorcycle_part=true", "", "", "1200", "9903.03.01", "note 16(g)"],
    // What yields to Section 232 all the same is freed by nothing.
    ["8703.23.01", "JP", "2025-05-20", "", "loaded=2025-04-04", "", "", "2750", "9903.94.01", "EO 14257 s. 3(b)"],
    ["7208.39.00", "JP", "2025-05-20", "", "loaded=2025-04-04", "", "", "2500", "9903.81.87", "EO 14257 s. 3(b)"],
    ["9403.20.00.90", "VN", "2025-07-10", "steel=6000;aluminum=4000", "donation=true", "", "", "5000", "9903.81.91 9903.85.08", "note 2(v)(vi) to (ix)"],
    ["9403.20.00.90", "VN", "2025-07-10", "steel=4000;aluminum=3000", "us_share=0.3", "", "", "3500", "9903.81.91 9903.85.08 9903.01.34", "the share frees what the metals leave"],
    ["8703.23.01", "JP", "2025-07-10", "", "us_share=0.3", "", "", "2750", "9903.94.01", "EO 14257 s. 3(b)"],
    ["8703.23.01", "MX", "2025-07-10", "", "us_share=0", "USMCA", "", "2500", "9903.94.03", "note 33(d)"],
    ["8703.23.01", "CA", "2025-06-01", "", "", "", "", "2750", "9903.94.01", "EO 14257 s. 3(b), (e)"],
    ["7208.39.00", "JP", "2026-02-26", "", "loaded=2026-02-20", "", "", "5000", "9903.81.87 9903.03.06", "note 2(aa)(v)"],
    // Nothing is left to which a base duty could reach.
    ["8481.80.90", "JP", "2025-10-01", "", "us_share=1", "", "", "200", "9903.01.34", "note 2(v)(vi)"],
];

#[test]
fn totals_and_headings_are_those_of_the_notes() {
    let mut wrong = Vec::new();
    for [
        goods,
        origin,
        on,
        content,
        facts,
        claims,
        known,
        total,
        headings,
        source,
    ] in DECLARED
    {
        let asked = entry(goods, origin, on.parse().unwrap(), "10000").quantity(100.into(), "");
        let asked = stated(asked, content, facts, claims);
        let known: Option<Date> = (!known.is_empty()).then(|| known.parse().unwrap());
        let alone = LAW
            .assess(&asked, known)
            .unwrap_or_else(|e| panic!("{goods} {origin}: {e}"));
        let sorted = |headings: Vec<&str>| {
            let mut headings = headings;
            headings.sort_unstable();
            headings.join(" ")
        };
        let got = (
            alone.total.amount.normalize().to_string(),
            sorted(alone.headings()),
        );
        let (mut batch, mut written) = (LAW.batch(), Vec::new());
        let in_table = batch.assess(&asked, known).unwrap();
        assert_eq!(in_table.total, alone.total.amount);
        in_table.headings(&mut written);
        assert_eq!(
            String::from_utf8(written).unwrap(),
            alone.headings().join(";")
        );
        let should = (
            (*total).to_owned(),
            sorted(headings.split_whitespace().collect()),
        );
        if got != should {
            wrong.push(format!(
                "{goods} {origin} {on} {content} {facts} {claims}: {got:?}, not {should:?} ({source})"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Exemptions are declared in the order of filing, whatever they are called.
#[test]
fn exemptions_stand_in_the_order_of_filing() {
    let coffee = entry("0901.21.00", "BR", "2025-11-13".parse().unwrap(), "10000");
    let answer = LAW.assess(&coffee, None).unwrap();
    assert_eq!(answer.headings(), ["9903.01.32", "9903.01.81"]);
}

/// What holds unless something is so is asked about too.
#[test]
fn a_quota_in_which_goods_enter_is_asked_about() {
    let car = entry("8703.23.01", "GB", "2025-10-01".parse().unwrap(), "10000");
    let answer = LAW.assess(&car, None).unwrap();
    assert_eq!(answer.total.amount, 1_000.into());
    let need = answer
        .needs
        .iter()
        .find(|n| &*n.fact == "over_quota")
        .unwrap();
    assert_eq!(
        (need.stated().as_str(), need.total_if_yes),
        ("over_quota=true", Some(2_750.into()))
    );
    let stated = stated(car, "", "over_quota=false", "");
    assert!(
        LAW.assess(&stated, None)
            .unwrap()
            .needs
            .iter()
            .all(|n| &*n.fact != "over_quota")
    );
}

/// 19 USC 58c(b)(8)(B): whoever claims what.
#[test]
fn the_processing_fee_spares_poor_countries_the_caribbean_and_islands() {
    let fees = |origin: &str, facts: &str| {
        let asked = entry("6802.10.00", origin, "2025-02-01".parse().unwrap(), "10000");
        let answer = LAW.assess(&stated(asked, "", facts, ""), None).unwrap();
        answer.fees.len()
    };
    for origin in ["KH", "NP", "ET", "HT", "JM", "TT", "GU"] {
        assert_eq!(fees(origin, ""), 0, "{origin}");
    }
    for origin in ["JP", "KE", "IN"] {
        assert_eq!(fees(origin, ""), 1, "{origin}");
    }
    assert_eq!(fees("JP", "chapter_98=true"), 0);
}

#[test]
fn the_processing_fee_hangs_neither_on_a_void_claim_nor_on_the_next_notice() {
    let fee = |goods: &str, origin: &str, on: &str, claims: &str, known: Option<&str>| {
        let entry = stated(
            entry(goods, origin, on.parse().unwrap(), "10000"),
            "",
            "",
            claims,
        );
        let known = known.map(|day| day.parse().unwrap());
        let answer = LAW.assess(&entry, known).unwrap();
        let fees: Decimal = answer.fees.iter().map(|fee| fee.amount).sum();
        assert_eq!(LAW.batch().assess(&entry, known).unwrap().fees, fees);
        fees.to_string()
    };
    assert_eq!(
        fee("6109.10.00", "JP", "2025-10-01", "USMCA", None),
        "34.64"
    );
    assert_eq!(
        fee("6109.10.00", "CN", "2025-10-01", "KORUS", None),
        "34.64"
    );
    assert_eq!(fee("6109.10.00", "MX", "2025-10-01", "USMCA", None), "0");
    assert_eq!(fee("6109.10.00", "KR", "2025-10-01", "KR", None), "0");
    assert_eq!(
        fee("6911.10.38", "VN", "2025-10-01", "", Some("2025-07-22")),
        "34.64"
    );
    assert_eq!(fee("6911.10.38", "VN", "2025-10-01", "", None), "34.64");
}

/// A short code answers where its lines owe the same under the same headings, however base duty and top-up share it.
#[test]
fn a_short_code_answers_where_base_and_top_up_come_to_the_same() {
    let brakes = entry("8708.30", "JP", "2025-09-16".parse().unwrap(), "10000");
    let alone = LAW.assess(&brakes, None).unwrap();
    assert_eq!(alone.total.amount, Decimal::from(1500));
    assert_eq!(alone.headings(), ["9903.94.43"]);
    let told = alone.trace.iter().find(|step| &*step.measure == "base");
    let told = told.unwrap().because.to_string();
    assert!(told.contains("shown as of 8708.30"), "{told}");
    let mut batch = LAW.batch();
    let owed = batch.assess(&brakes, None).unwrap();
    assert_eq!(owed.total, Decimal::from(1500));
    let valves = entry("8481.80", "JP", "2025-08-07".parse().unwrap(), "10000");
    assert_eq!(
        batch.assess(&valves, None).unwrap().total,
        Decimal::from(1500)
    );
    // On other days they owe different sums.
    let valves = entry("8481.80", "JP", "2025-07-07".parse().unwrap(), "10000");
    assert!(
        LAW.assess(&valves, None)
            .unwrap_err()
            .to_string()
            .contains("too short")
    );
}

/// A duty of which the files know that it is owed, and not how much, is an error with the act, never zero.
#[test]
fn a_rate_that_is_not_held_is_an_error() {
    let drone = |on: &str| entry("8806.21.00", "JP", on.parse().unwrap(), "1000");
    assert!(LAW.assess(&drone("2026-09-02"), None).is_ok());
    let error = LAW
        .assess(&drone("2026-09-03"), None)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("see the Proclamation of 13 August 2026"),
        "{error}"
    );
    // A special rate that is printed by reference, once it is claimed.
    let beef = entry("0201.30.80", "AU", "2025-06-02".parse().unwrap(), "1000");
    assert_eq!(
        LAW.assess(&beef, None).unwrap().total.amount,
        Decimal::from(364)
    );
    let error = LAW.assess(&beef.claim("AU"), None).unwrap_err().to_string();
    assert!(error.contains("See 9822.04.01-9822.04.03"), "{error}");
    // Whoever may owe it is told so, and what is owed without it.
    let law = with(
        "format = 1\nact = [{ id = \"x\", title = \"X\", signed = 2025-01-01, source = \"x\", confidence = \"V\" }]\n\
         [[measure]]\nid = \"x\"\ntitle = \"X\"\nauthority = \"X\"\nimporter = \"US\"\norigins = [\"JP\"]\n\
         goods = [\"8481.80.90\"]\nrate = \"see the Order\"\nwhen = [\"luxury\"]\nasks = \"Luxury?\"\n\
         period = [{ from = 2025-02-01, to = 2025-02-03, act = \"x\" }]\n",
    );
    let valve = entry("8481.80.90", "JP", "2025-02-01".parse().unwrap(), "10000");
    let answer = law.assess(&valve, None).unwrap();
    assert_eq!(answer.total.amount, Decimal::from(200));
    assert_eq!(answer.needs[0].total_if_yes, None);
    let owes = valve.fact("luxury", "true").unwrap();
    let error = law.assess(&owes, None).unwrap_err().to_string();
    assert!(
        error.contains("\"see the Order\", which these files do not hold"),
        "{error}"
    );
}

#[test]
fn the_last_day_of_goods_in_transit_in_april_is_a_reading() {
    let toys = entry("9503.00.00", "JP", "2025-07-01".parse().unwrap(), "10000");
    let toys = toys.loaded("2025-04-04".parse().unwrap());
    let customs = LAW.clone().reading("in-transit-april", "customs").unwrap();
    assert_eq!(
        customs.assess(&toys, None).unwrap().total.amount,
        Decimal::from(1000)
    );
}
