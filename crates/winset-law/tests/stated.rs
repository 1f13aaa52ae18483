//! What an entry states: what is understood, what is an error, what nothing asks about; and what comes back of a duty that
//! was paid.

mod common;

use common::shipped::{LAW, ask, decimal, entry};
use jiff::civil::{Date, date};
use winset_law::{Entry, LawError};

const AUGUST: Date = date(2025, 8, 20);

fn valve() -> Entry {
    entry("8481.80.90", "JP", AUGUST, "10000")
}

fn stating(facts: &[(&str, &str)]) -> Entry {
    let stated = facts.iter();
    stated.fold(valve(), |entry, (name, value)| {
        entry.fact(name, value).unwrap()
    })
}

/// RULINGS: 17 % as known on the day, 15 % as known on 16 September, 2 % after the ruling; the difference comes back.
#[test]
fn what_was_paid_and_is_no_longer_owed_comes_back() {
    let refund = |known: Option<Date>| {
        let answer = ask(&valve(), known);
        answer.refund.map(|r| (r.paid.amount, r.amount.amount))
    };
    let of = |paid, amount| Some((decimal(paid), decimal(amount)));
    assert_eq!(refund(Some(date(2026, 2, 25))), of("1700", "1500"));
    assert_eq!(refund(Some(date(2025, 9, 16))), of("1700", "200"));
    assert_eq!(
        refund(Some(date(2025, 8, 21))),
        None,
        "nothing was known since"
    );
    assert_eq!(refund(Some(AUGUST)), None);
    assert_eq!(refund(None), None, "no day is said as of which");
    // Void since 20 February 2026, and yet collected until the 23rd.
    let late = entry("8481.80.90", "JP", date(2026, 2, 23), "10000");
    let answer = ask(&late, Some(date(2026, 3, 21)));
    let back = answer.refund.map(|r| (r.paid.amount, r.amount.amount));
    assert_eq!(back, of("1500", "1300"));
    let after = entry("8481.80.90", "JP", date(2026, 2, 24), "10000");
    assert_eq!(ask(&after, Some(date(2026, 3, 21))).refund, None);
}

#[test]
fn what_nothing_asks_about_is_told_with_what_it_may_mean() {
    let entry = stating(&[
        ("certifed", "auto_part"),
        ("certified", "auto_prt"),
        ("colour", "red"),
        ("certified", "auto_part"),
        ("civil_aircraft", "false"),
        ("in_quota", "true"),
        ("case_2", "true"),
    ]);
    let entry = entry
        .claim("USMAC")
        .claim("USMCA")
        .claim("S+")
        .claim("A")
        .claim("AU");
    let told: Vec<String> = LAW
        .unasked(&entry)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "`claim USMAC` (did you mean `USMCA`?)",
            "`claim USMCA for goods of JP`",
            "`claim S+ for goods of JP`",
            "`claim AU for goods of JP`",
            "`certifed=auto_part` (did you mean `certified`?)",
            "`certified=auto_prt` (did you mean `auto_part`?)",
            "`colour=red`",
        ]
    );
    assert_eq!(ask(&entry, None).unasked, LAW.unasked(&entry));
}

#[test]
fn a_yes_is_read_as_people_write_it_and_a_fact_of_another_kind_is_an_error() {
    let total = |value: &str| {
        let entry = entry("8481.80.90", "JP", date(2025, 10, 1), "10000");
        let entry = entry.fact("donation", value).unwrap();
        LAW.assess(&entry, None)
            .map(|answer| answer.total.amount.normalize())
    };
    for yes in ["true", "TRUE", "Yes"] {
        assert_eq!(total(yes).unwrap(), decimal("200"), "{yes}");
    }
    for no in ["false", "False", "NO"] {
        assert_eq!(total(no).unwrap(), decimal("1500"), "{no}");
    }
    for (fact, value, wanted) in [
        ("civil_aircraft", "1", "true or false"),
        ("civil_aircraft", "certainly", "true or false"),
        ("us_share", "true", "a number"),
        ("certified", "true", "a word"),
    ] {
        let error = LAW.assess(&stating(&[(fact, value)]), None).unwrap_err();
        assert!(
            matches!(&error, LawError::Range { range, .. } if *range == wanted),
            "{error}"
        );
    }
}

#[test]
fn nothing_is_stated_in_two_ways_but_with_several_words() {
    let fails = |entry: Entry| LAW.assess(&entry, None).unwrap_err().to_string();
    let both = stating(&[("us_share", "0.2"), ("us_share", "0.5")]);
    assert!(fails(both).contains("0.5 and 0.2"));
    let twice = valve()
        .content("steel", 1.into())
        .content("Steel", 2.into());
    assert!(fails(twice).contains("stated twice"));
    let words = stating(&[("certified", "auto_part"), ("certified", "truck_part")]);
    LAW.assess(&words, None).unwrap();
    let same = stating(&[("us_share", "0.2"), ("us_share", "0.2")]);
    LAW.assess(&same, None).unwrap();
}

/// Two days of loading are two questions.
#[test]
fn a_need_says_what_to_state() {
    let answer = ask(&entry("8481.80.90", "JP", date(2025, 4, 8), "10000"), None);
    let stated: Vec<String> = answer.needs.iter().map(winset_law::Need::stated).collect();
    assert_eq!(stated, ["loaded < 2025-04-05", "us_share=…"]);
    let part = ask(&entry("8471.50.01", "JP", date(2025, 5, 10), "10000"), None);
    let stated: Vec<String> = part.needs.iter().map(winset_law::Need::stated).collect();
    assert_eq!(stated, ["auto_part=true"]);
}

/// Two lines that owe the same under different headings have two answers.
#[test]
fn a_short_code_whose_lines_differ_in_headings_says_so() {
    let bumper = entry("8708.10.30", "JP", date(2025, 4, 16), "10000");
    let alone = LAW.assess(&bumper, None).unwrap_err().to_string();
    let said = "8708.10.30.20 owes 2750 USD under 9903.81.89, 8708.10.30.30 owes 2750 USD under 9903.85.04";
    assert!(alone.contains(said), "{alone}");
    let mut batch = LAW.batch();
    assert_eq!(batch.assess(&bumper, None).unwrap_err().to_string(), alone);
}

/// Claims are read in small letters too; of two that have a rate, the lower duty is owed, whichever comes first.
#[test]
fn of_several_claims_the_lowest_duty_is_owed() {
    let on = date(2026, 3, 16);
    let valve = entry("8481.80.90", "KR", on, "10000");
    assert_eq!(
        ask(&valve.claim("korus"), None).total.amount,
        decimal("1000")
    );
    // The processing fee knows the agreement too, however it is written.
    let fees = |claim: &str| {
        ask(&entry("8481.80.90", "AU", on, "10000").claim(claim), None)
            .fees
            .len()
    };
    assert_eq!(["au", "AU", "AUSFTA", "RCEP"].map(fees), [0, 0, 0, 1]);
    // 2 per cent of the line for all, Free for Korea under its agreement, civil aircraft too.
    let valve = entry("8481.80.90", "KR", on, "10000");
    for claims in [["civil-aircraft", "KORUS"], ["KORUS", "civil-aircraft"]] {
        let claimed = claims.iter().fold(valve.clone(), |e, c| e.claim(c));
        assert_eq!(ask(&claimed, None).components[0].amount, decimal("0"));
        let batch = LAW.batch().assess(&claimed, None).unwrap().total;
        assert_eq!(batch, ask(&claimed, None).total.amount);
    }
}

/// Quantities in the words that people use; a duty by the dozen is exact.
#[test]
fn quantities_in_other_units() {
    let shoes = |unit: &str| {
        let entry = entry("6402.91.70", "VN", date(2025, 3, 1), "10000");
        ask(&entry.quantity(decimal("100"), unit), None)
            .total
            .amount
    };
    for unit in ["", "prs", "pr", "pairs", "Pair", "足"] {
        assert_eq!(shoes(unit), decimal("3840"), "{unit}");
    }
    let eggs = entry("0407.21.00", "CA", date(2025, 3, 1), "10000");
    for (amount, unit) in [
        ("1200", "No"),
        ("1200", "pieces"),
        ("100", "dozen"),
        ("100", "doz."),
    ] {
        let eggs = eggs.clone().quantity(decimal(amount), unit);
        assert_eq!(
            ask(&eggs, None).components[0].amount,
            decimal("2.8"),
            "{unit}"
        );
    }
}
