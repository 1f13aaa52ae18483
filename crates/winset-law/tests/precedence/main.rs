//! Precedence by brute force: every pair of measures of the shipped law that can meet on one entry, alone and
//! together, against a table written from the law's own words.

#[path = "../common/mod.rs"]
mod common;
mod oracle;
mod pairs;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;

use common::shipped::{LAW, with};
use jiff::civil::date;
use oracle::{Outcome, Seen, outcome};
use pairs::{Example, Text};
use rust_decimal::Decimal;
use winset_law::{Assessment, Law};

/// Pairs that meet in some era; change it with the law, after reading what is new.
const MEET: usize = 2_012;
/// Pairs and eras: each with an example of its own.
const CHECKED: usize = 7_628;
/// Pairs of which the table says nothing.
const NOT_COVERED: usize = 34;

/// The law in which of the measures that apply to each example only some are left.
fn isolated(examples: &[&Example], texts: &[Text], keep: [bool; 2]) -> Law {
    let mut text = "format = 1\n\
        act = [{ id = \"isolate\", title = \"I\", signed = 2099-01-01, source = \"a test\", confidence = \"V\" }]\n"
        .to_owned();
    for example in examples {
        let pair = [example.first, example.second].map(|i| texts[i].id.as_str());
        let gone = pair.iter().zip(keep).filter(|(_, keep)| !keep);
        let ended = example.others.iter().map(String::as_str);
        for measure in ended.chain(gone.map(|(id, _)| *id)) {
            let _ = writeln!(
                text,
                "[[amendment]]\nmeasure = \"{measure}\"\ngoods = [\"{}\"]\norigins = [\"{}\"]\nfrom = {}\nto = {}\n\
                 ends = true\nact = \"isolate\"",
                example.goods.plain(),
                example.origin.iso2(),
                example.on,
                example.next_day(),
            );
        }
    }
    with(&text)
}

/// Examples that touch different goods, origins or days share a law.
fn batches(examples: &[Example]) -> Vec<Vec<&Example>> {
    let mut taken: Vec<HashSet<_>> = Vec::new();
    let mut out: Vec<Vec<&Example>> = Vec::new();
    for example in examples {
        let key = (example.goods, example.origin, example.on);
        let free = taken.iter().position(|keys| !keys.contains(&key));
        let batch = free.unwrap_or_else(|| {
            taken.push(HashSet::new());
            out.push(Vec::new());
            out.len() - 1
        });
        taken[batch].insert(key);
        out[batch].push(example);
    }
    out
}

/// A measure's part in an answer.
#[derive(Clone, Copy, Debug)]
struct Part {
    amount: Decimal,
    basis: Decimal,
    /// Others yield to it.
    claims: bool,
}

fn part(answer: &Assessment, id: &str) -> Part {
    let of: Vec<_> = (answer.components.iter())
        .filter(|c| &*c.measure == id)
        .collect();
    let amount = of.iter().map(|c| c.amount).sum();
    let measure = LAW.measure(id).unwrap();
    let inclusive = measure
        .periods()
        .any(|(.., rate, _)| rate.is_some_and(|r| r.ends_with("inclusive")));
    // Of metal of the United States nothing is owed, and so no component tells on what.
    let metal = measure.authority().strip_prefix("United States metal: ");
    let content = metal
        .filter(|_| !id.ends_with("-whole"))
        .map(pairs::content);
    let silent = content.unwrap_or(answer.value.amount);
    Part {
        amount,
        basis: of.first().map_or(silent, |c| c.basis),
        claims: inclusive || amount > Decimal::ZERO,
    }
}

/// What each of two duties comes to together, from what each is alone.
fn together(outcome: Outcome, [a, b]: [Part; 2]) -> [Decimal; 2] {
    let left = |own: Part, other: Part| {
        let kept = (own.basis - other.basis).max(Decimal::ZERO);
        if other.claims {
            own.amount * kept / own.basis
        } else {
            own.amount
        }
    };
    let nothing_beside = |own: Part, other: Part| {
        if other.claims {
            Decimal::ZERO
        } else {
            own.amount
        }
    };
    match outcome {
        Outcome::Add => [a.amount, b.amount],
        Outcome::FirstYields => [nothing_beside(a, b), b.amount],
        Outcome::SecondYields => [a.amount, nothing_beside(b, a)],
        Outcome::FirstYieldsPart => [left(a, b), b.amount],
        Outcome::SecondYieldsPart => [a.amount, left(b, a)],
        Outcome::Lowest if a.amount <= b.amount => [a.amount, Decimal::ZERO],
        Outcome::Lowest => [Decimal::ZERO, b.amount],
    }
}

fn base(answer: &Assessment) -> Decimal {
    let base = answer.components.iter().find(|c| &*c.measure == "base");
    base.map_or(Decimal::ZERO, |c| c.amount)
}

#[test]
fn every_pair_that_meets_is_settled_as_the_law_says() {
    let started = std::time::Instant::now();
    let texts = pairs::texts();
    assert_eq!(texts.len(), LAW.measures().count());
    let examples = pairs::examples(&texts);
    println!("{} examples in {:?}", examples.len(), started.elapsed());
    let (mut wrong, mut both_owe) = (String::new(), 0);
    let mut met: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut uncovered: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut by_outcome: BTreeMap<String, usize> = BTreeMap::new();
    let batches = batches(&examples);
    println!("{} laws of examples", batches.len());
    for batch in batches {
        let laws =
            [[true, false], [false, true], [true, true]].map(|keep| isolated(&batch, &texts, keep));
        for example in batch {
            let pair = [&texts[example.first], &texts[example.second]];
            met.insert((example.first, example.second));
            let [a, b] = pair.map(|t| Seen {
                id: &t.id,
                authority: &t.authority,
            });
            let Some(outcome) = outcome(a, b, example.on) else {
                uncovered.insert((example.first, example.second));
                continue;
            };
            let answers = [0, 1, 2].map(|law| laws[law].assess(&example.entry, None).unwrap());
            let alone = [part(&answers[0], a.id), part(&answers[1], b.id)];
            let expected = together(outcome, alone);
            let found = [a.id, b.id].map(|id| part(&answers[2], id).amount);
            *by_outcome.entry(format!("{outcome:?}")).or_default() += 1;
            both_owe += usize::from(alone.iter().all(|p| !p.amount.is_zero()));
            let total = base(&answers[2]) + expected[0] + expected[1];
            if expected != found || answers[2].total.amount != total {
                let _ = writeln!(
                    wrong,
                    "{} and {} on {} of {} on {}: {outcome:?} of {alone:?} is {expected:?}, found {found:?}",
                    a.id, b.id, example.goods, example.origin, example.on
                );
            }
        }
    }
    let named = |(i, j): &(usize, usize)| format!("{} and {}", texts[*i].id, texts[*j].id);
    let not_covered: Vec<String> = uncovered.iter().map(named).collect();
    println!(
        "{} measures; {} pairs meet; {} pairs and eras checked, in {both_owe} both owe something alone; {by_outcome:?}; \
         not covered by the table: {}\n{}\n{:?}",
        texts.len(),
        met.len(),
        examples.len(),
        not_covered.len(),
        not_covered.join("\n"),
        started.elapsed(),
    );
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(
        (met.len(), examples.len(), not_covered.len()),
        (MEET, CHECKED, NOT_COVERED),
        "pairs that meet, pairs and eras, pairs without a rule in the table"
    );
}

/// Three duties on one entry, where one yields to another that yields to the third.
#[test]
fn what_yields_to_what_yields() {
    let bumper = common::shipped::entry("8708.10.30.50", "CA", date(2025, 5, 3), "100");
    let owed = |known| common::shipped::owed(&common::shipped::ask(&bumper, known));
    let names = |known| {
        let names = owed(known).into_iter().map(|(who, _)| who);
        names.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(names(None), "base, Section 232 autos");
    assert_eq!(
        names(Some(date(2025, 4, 28))),
        "base, IEEPA fentanyl Canada, Section 232 aluminum, Section 232 autos"
    );
    // No part of a car: Canada's duty goes before the metal, until 4 June.
    let other = bumper.fact("not_auto_part", "true").unwrap();
    let answer = common::shipped::ask(&other, None);
    assert_eq!(
        common::shipped::owed(&answer),
        [("base", "2.5"), ("IEEPA fentanyl Canada", "25")].map(|(a, b)| (a.into(), b.into()))
    );
}
