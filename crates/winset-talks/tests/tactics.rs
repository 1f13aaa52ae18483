//! The clock, advice under doubt, the order of talks and the log.

use proptest::prelude::*;
use winset_talks::Package;
use winset_talks::advice::{Offerable, Question};
use winset_talks::clock::Clock;
use winset_talks::log::{Entry, Kind, Log};
use winset_talks::sequence::Queue;

/// A pie of one, cut in so many pieces.
fn pie(pieces: u16) -> Vec<(Package, [f64; 2])> {
    let cut = |k: u16| {
        let share = f64::from(k) / f64::from(pieces);
        (Package::new([k]), [share, 1.0 - share])
    };
    (0..=pieces).map(cut).collect()
}

fn clock(weeks: usize) -> Clock {
    Clock {
        weeks,
        span: 52,
        rates: [0.05, 0.05],
        interim: [0.0; 2],
        no_deal: [0.0; 2],
        first: 0,
    }
}

#[test]
fn far_from_the_deadline_it_is_the_share_of_rubinstein() {
    // Weekly factors of 0.9 and 0.8; the span is so long that its end does not matter.
    let rate = |factor: f64| -52.0 * factor.ln();
    let clock = Clock {
        weeks: 200,
        span: 600,
        rates: [rate(0.9), rate(0.8)],
        ..clock(200)
    };
    let play = clock.alternating(&pie(20_000)).unwrap();
    assert_eq!(play.agreed, Some(0));
    let taken = play.weeks[0].package.as_ref().unwrap().options()[0];
    let share = (1.0 - 0.8) / (1.0 - 0.9 * 0.8);
    assert!(
        (f64::from(taken) / 20_000.0 - share).abs() < 1e-3,
        "{taken}"
    );
}

#[test]
fn the_last_offer_before_the_cliff_takes_all_above_no_deal() {
    let play = Clock {
        no_deal: [0.1, 0.25],
        ..clock(1)
    }
    .alternating(&pie(20))
    .unwrap();
    // Interim and no deal differ only after the one week, in which an agreement would already hold.
    let weeks = Clock {
        interim: [0.1, 0.25],
        no_deal: [0.1, 0.25],
        ..clock(1)
    };
    assert_eq!(
        weeks.alternating(&pie(20)).unwrap().weeks[0].package,
        Some(Package::new([15]))
    );
    assert_eq!(play.agreed, Some(0));
}

#[test]
fn who_lives_well_in_the_pause_waits() {
    // A year of the pause is worth more to the first party than any package; the cliff is not.
    let waiting = Clock {
        interim: [2.0, 0.0],
        no_deal: [-1.0, -1.0],
        ..clock(10)
    };
    let play = waiting.alternating(&pie(20)).unwrap();
    assert_eq!(play.agreed, Some(9), "agreement comes in the last week");
    let longer = waiting.waiting(&pie(20), 10).unwrap();
    assert!(
        longer.extended[0] > 0.0 && longer.extended[1] < 0.0,
        "{longer:?}"
    );
    let nothing = Clock {
        no_deal: [2.0, 2.0],
        ..clock(5)
    }
    .alternating(&pie(20))
    .unwrap();
    assert_eq!((nothing.agreed, nothing.values), (None, nothing.without));
}

#[test]
fn clocks_that_cannot_run_are_refused() {
    for (bad, says) in [
        (clock(0), "at least one week"),
        (
            Clock {
                first: 2,
                ..clock(3)
            },
            "party 0 or 1",
        ),
        (
            Clock {
                rates: [-0.1, 0.0],
                ..clock(3)
            },
            "not below 0",
        ),
        (
            Clock {
                no_deal: [f64::NAN, 0.0],
                ..clock(3)
            },
            "finite",
        ),
    ] {
        let message = bad.alternating(&pie(3)).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
    }
}

/// A modest package that is always accepted, and a greedy one that is accepted under the first hypothesis only.
fn offerable() -> Offerable {
    Offerable {
        ours: vec![2.0, 5.0],
        theirs: vec![vec![1.0, 1.0], vec![1.0, -1.0]],
    }
}

#[test]
fn a_question_is_worth_what_it_changes() {
    let prospects = offerable().prospects(&[0.3, 0.7]).unwrap();
    assert_eq!((prospects[0].package, prospects[0].acceptance), (0, 1.0));
    assert!((prospects[1].expected - 1.5).abs() < 1e-12 && prospects[1].worst.abs() < 1e-12);
    let question = |name: &str, answers: [[f64; 2]; 2]| Question {
        name: name.into(),
        answers: answers.map(|a| a.to_vec()).to_vec(),
    };
    let asked = [
        question("idle", [[0.5, 0.5], [0.5, 0.5]]),
        question("telling", [[1.0, 0.0], [0.0, 1.0]]),
    ];
    let worths = offerable().best_questions(&[0.3, 0.7], &asked).unwrap();
    // Knowing: 0.3 x 5 + 0.7 x 2 = 2.9, against 2 now.
    assert_eq!(worths[0].question, "telling");
    assert!((worths[0].value - 0.9).abs() < 1e-12 && worths[1].value.abs() < 1e-12);
    assert_eq!(worths[0].offers, [Some(1), Some(0)]);
    let bad = [question("half", [[0.5, 0.5], [0.4, 0.5]])];
    let message = offerable()
        .best_questions(&[0.3, 0.7], &bad)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("`half`") && message.contains("sum to 0.9"),
        "{message}"
    );
    assert!(offerable().prospects(&[0.3, 0.6]).is_err());
}

fn queue() -> impl Strategy<Value = Queue> {
    let row = || prop::collection::vec(-3i32..=3, 4);
    let table = || prop::collection::vec(row(), 4);
    (row(), row(), table(), table()).prop_map(|(ours, theirs, our_change, their_change)| {
        let floats = |r: Vec<i32>| -> Vec<f64> { r.into_iter().map(f64::from).collect() };
        Queue {
            partners: ["A", "B", "C", "D"].map(Into::into).into(),
            ours: floats(ours),
            theirs: floats(theirs),
            our_change: our_change.into_iter().map(floats).collect(),
            their_change: their_change.into_iter().map(floats).collect(),
        }
    })
}

/// The most that can be gained from here, by trying every order.
fn most(queue: &Queue, signed: &mut Vec<usize>) -> f64 {
    let mut best = 0.0f64;
    for i in 0..queue.partners.len() {
        if signed.contains(&i) {
            continue;
        }
        let change = |t: &[f64]| signed.iter().map(|j| t[*j]).sum::<f64>();
        if queue.theirs[i] + change(&queue.their_change[i]) < 0.0 {
            continue;
        }
        let gain = queue.ours[i] + change(&queue.our_change[i]);
        signed.push(i);
        best = best.max(gain + most(queue, signed));
        signed.pop();
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_best_order_is_that_of_trying_all(queue in queue()) {
        let order = queue.best_order().unwrap();
        prop_assert!((order.ours - most(&queue, &mut Vec::new())).abs() < 1e-9);
        prop_assert!(order.theirs.iter().all(|t| *t >= 0.0));
    }

    #[test]
    fn asking_never_costs(
        ours in prop::collection::vec(-2i32..=4, 3),
        theirs in prop::collection::vec(prop::collection::vec(-2i32..=2, 2), 3),
        p in 0.0f64..=1.0,
        a in 0.0f64..=1.0,
        b in 0.0f64..=1.0,
    ) {
        let float = |r: &Vec<i32>| r.iter().copied().map(f64::from).collect::<Vec<f64>>();
        let table = Offerable { ours: float(&ours), theirs: theirs.iter().map(float).collect() };
        let question = Question { name: "q".into(), answers: vec![vec![a, b], vec![1.0 - a, 1.0 - b]] };
        let worth = table.best_questions(&[p, 1.0 - p], &[question]).unwrap();
        prop_assert!(worth[0].value >= 0.0);
    }
}

fn entry(date: &str, party: &str, options: [&str; 2]) -> Entry {
    Entry {
        date: date.into(),
        party: party.into(),
        kind: Kind::Offer,
        options: [("cars", options[0]), ("rice", options[1])]
            .map(|(issue, option)| (issue.to_owned(), option.to_owned()))
            .into(),
        note: String::new(),
    }
}

#[test]
fn the_log_shows_who_moved_and_that_nothing_was_changed() {
    let mut log = Log::default();
    let lines = [
        entry("2025-05-01", "Japan", ["0 %", "rice as now"]),
        entry("2025-05-13", "United States", ["25 %", "more rice"]),
        entry("2025-07-22", "Japan", ["15 %", "rice as now"]),
    ]
    .map(|e| log.append(e).unwrap());
    let text = lines.join("\n");
    let read = Log::from_lines("offers.jsonl", &text).unwrap();
    assert_eq!(read, log);
    let moves = read.moves();
    assert_eq!(moves.len(), 1);
    assert_eq!(
        (
            moves[0].party.as_str(),
            moves[0].issue.as_str(),
            moves[0].from.as_str(),
            moves[0].to.as_str()
        ),
        ("Japan", "cars", "0 %", "15 %")
    );
    let changed = text.replacen("2025-05-13", "2025-05-12", 1);
    let message = Log::from_lines("offers.jsonl", &changed)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("offers.jsonl, line 2") && message.contains("chain is broken"),
        "{message}"
    );
    let shorter = lines[1..].join("\n");
    assert!(Log::from_lines("offers.jsonl", &shorter).is_err());
    let message = log
        .append(entry("2025-07-01", "Japan", ["a", "b"]))
        .unwrap_err()
        .to_string();
    assert!(message.contains("only grows"), "{message}");
    assert!(
        log.append(entry("2025-02-29", "Japan", ["a", "b"]))
            .is_err()
    );
}
