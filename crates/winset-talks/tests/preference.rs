//! What a party wants from its offers: against known payoffs, and what is refused.

use std::collections::BTreeMap;

use serde_json::Value;
use winset_talks::preference::{LearnOptions, Prior, Trace, learn, offer_evidence};
use winset_talks::{Issue, Package, Payoff};

/// The domains on which the prior was chosen; the others were looked at only once it stood.
const TUNED_ON: [&str; 4] = ["car", "fitness", "kitchen", "domain8"];

#[derive(Default)]
struct Score {
    runs: f64,
    pearson: f64,
    top_issue: f64,
    /// Truths inside the intervals, and truths: of weights, of values.
    weights: [f64; 2],
    values: [f64; 2],
}

/// Correlation over all packages: the issues of a uniform package are independent, so covariances add.
fn pearson(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let n = a.len() as f64;
        let mean = |r: &[f64]| r.iter().sum::<f64>() / n;
        let (mean_a, mean_b) = (mean(a), mean(b));
        for (x, y) in a.iter().zip(b) {
            both += (x - mean_a) * (y - mean_b) / n;
            of_a += (x - mean_a).powi(2) / n;
            of_b += (y - mean_b).powi(2) / n;
        }
    }
    both / (of_a * of_b).sqrt()
}

fn swing(row: &[f64]) -> f64 {
    row.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        - row.iter().copied().fold(f64::INFINITY, f64::min)
}

fn score(trace: &Trace, truth: &[Vec<f64>], options: &LearnOptions, score: &mut Score) {
    let learned = learn(trace, options).unwrap();
    let swings: Vec<f64> = truth.iter().map(|r| swing(r)).collect();
    let (range, largest) = (
        swings.iter().sum::<f64>(),
        swings.iter().copied().fold(0.0, f64::max),
    );
    let weights = &learned.issue_weights;
    let top = (0..weights.len())
        .max_by(|a, b| weights[*a].total_cmp(&weights[*b]))
        .unwrap();
    score.runs += 1.0;
    score.pearson += pearson(truth, &learned.values);
    score.top_issue += f64::from(swings[top] > largest - 1e-9);
    for (issue, row) in truth.iter().enumerate() {
        let interval = learned.posterior.issue_weights[issue];
        let weight = swings[issue] / range;
        score.weights[0] += f64::from(interval.low <= weight && weight <= interval.high);
        score.weights[1] += 1.0;
        if swings[issue] > 1e-9 {
            let worst = row.iter().copied().fold(f64::INFINITY, f64::min);
            for (value, interval) in row.iter().zip(&learned.posterior.values[issue]) {
                let value = (value - worst) / swings[issue];
                let inside = interval.low - 1e-9 <= value && value <= interval.high + 1e-9;
                score.values[0] += f64::from(inside);
                score.values[1] += 1.0;
            }
        }
    }
}

#[test]
fn better_than_every_published_model_and_sure_as_it_says() {
    let Some(folder) = std::env::var_os("WINSET_VALIDATION") else {
        println!("skipped: WINSET_VALIDATION is not set");
        return;
    };
    let folder = std::path::PathBuf::from(folder).join("talks");
    let read = |file: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
    };
    let models = read("model_accuracy.json");
    let best = |offers: usize, of: &str| {
        let models = models["models"].as_object().unwrap().values();
        models
            .map(|m| m[offers.to_string()][of].as_f64().unwrap())
            .fold(0.0, f64::max)
    };
    let options = LearnOptions::default();
    let mut scores: BTreeMap<(bool, usize), Score> = BTreeMap::new();
    for trace in read("traces.json")["traces"].as_array().unwrap() {
        let id = trace["id"].as_str().unwrap();
        let tuned = TUNED_ON.iter().any(|t| id.contains(t));
        let truth: Vec<Vec<f64>> = serde_json::from_value(trace["true_values"].clone()).unwrap();
        let all = Trace::from_json(id, &trace.to_string()).unwrap();
        for offers in [5, 10, 20, 50] {
            let entry = scores.entry((tuned, offers)).or_default();
            score(&all.first(offers), &truth, &options, entry);
        }
    }
    for offers in [5, 10, 20, 50] {
        let (here, apart) = (&scores[&(true, offers)], &scores[&(false, offers)]);
        for (half, s) in [("tuned on", here), ("apart", apart)] {
            println!(
                "{offers} offers, {half}: {} runs, correlation {:.3}, top issue {:.3}; in the {:.0} % intervals: \
                 weights {:.3}, values {:.3}",
                s.runs,
                s.pearson / s.runs,
                s.top_issue / s.runs,
                100.0 * options.level,
                s.weights[0] / s.weights[1],
                s.values[0] / s.values[1],
            );
        }
        let runs = here.runs + apart.runs;
        let correlation = (here.pearson + apart.pearson) / runs;
        let top_issue = (here.top_issue + apart.top_issue) / runs;
        println!("{offers} offers, all: correlation {correlation:.3}, top issue {top_issue:.3}");
        assert!(
            correlation > best(offers, "pearson"),
            "{offers} offers: {correlation}"
        );
        assert!(
            top_issue > best(offers, "top_issue_hit"),
            "{offers} offers: {top_issue}"
        );
        assert!(apart.pearson / apart.runs > best(offers, "pearson"));
        for (inside, of) in [apart.weights, apart.values].map(|[a, b]| (a, b)) {
            assert!(
                inside / of > options.level - 0.1,
                "{offers} offers: {inside} of {of}"
            );
        }
    }
}

fn issues(sizes: &[usize]) -> Vec<Issue> {
    let issue = |(i, n): (usize, &usize)| Issue {
        name: format!("issue {i}"),
        options: (0..*n).map(|o| format!("option {o}")).collect(),
    };
    sizes.iter().enumerate().map(issue).collect()
}

/// Issue 0 is never given up, issue 2 first.
fn conceding() -> Trace {
    let offers = [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 1],
        [0, 0, 1],
        [0, 0, 2],
        [0, 1, 2],
        [0, 1, 2],
        [0, 2, 2],
    ];
    let offers = offers.map(|o: [u16; 3]| Package::new(o)).to_vec();
    Trace::new(issues(&[3, 3, 3]), 10, offers).unwrap()
}

#[test]
fn what_is_given_up_last_weighs_most() {
    let learned = learn(&conceding(), &LearnOptions::default()).unwrap();
    let w = &learned.issue_weights;
    assert!(w[0] > w[1] && w[0] > w[2], "{w:?}");
    assert!((w.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    let best: f64 = learned
        .values
        .iter()
        .map(|r| r.iter().copied().fold(0.0, f64::max))
        .sum();
    assert!((best - 1.0).abs() < 1e-9);
    let first = learned.acceptance(&Package::new([0, 0, 0]), 0).unwrap();
    let early = learned.acceptance(&Package::new([0, 2, 2]), 0).unwrap();
    let late = learned.acceptance(&Package::new([0, 2, 2]), 9).unwrap();
    assert!(first > early && late > early, "{first} {early} {late}");
    let (mean, poor) = learned.expected_and_poor(&Package::new([0, 1, 1])).unwrap();
    assert!(poor < mean && mean < 1.0);
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let options = LearnOptions {
            draws: 500,
            ..LearnOptions::default()
        };
        let learned = pool.install(|| learn(&conceding(), &options)).unwrap();
        (learned.values, learned.posterior)
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn without_offers_it_is_the_prior() {
    let trace = Trace::new(issues(&[4, 4, 1, 4]), 10, Vec::new()).unwrap();
    let options = LearnOptions {
        draws: 40_000,
        ..LearnOptions::default()
    };
    let learned = learn(&trace, &options).unwrap();
    // Dirichlet of three equal concentrations a: means 1/3, variance 2 / (9 (3 a + 1)).
    for (issue, weight) in learned.issue_weights.iter().enumerate() {
        let expected = if issue == 2 { 0.0 } else { 1.0 / 3.0 };
        assert!(
            (weight - expected).abs() < 0.02,
            "{:?}",
            learned.issue_weights
        );
    }
    assert!(
        learned.posterior.scale_reduction < 1.05,
        "{}",
        learned.posterior.scale_reduction
    );
    // Of Beta(2, 4), the marginal, 0.112 and 0.584 are the tenth and the ninetieth hundredth.
    let weight = learned.posterior.issue_weights[0];
    assert!(
        (weight.low - 0.112).abs() < 0.02 && (weight.high - 0.584).abs() < 0.02,
        "{weight:?}"
    );
}

#[test]
fn offers_speak_for_the_hypothesis_that_foretells_them() {
    let table = |scales: [f64; 3]| {
        Payoff::additive(scales.iter().map(|s| vec![2.0 * s, *s, 0.0]).collect())
    };
    let tables = [
        table([5.0, 3.0, 1.0]),
        table([1.0, 3.0, 5.0]),
        table([0.0, 0.0, 0.0]),
    ];
    let logs = offer_evidence(&conceding(), &tables, &Prior::default()).unwrap();
    assert!(logs[0] > logs[1] + 2.0 && logs[0] > logs[2], "{logs:?}");
    // To whom all is alike, each of 27 packages is as likely, eight times.
    assert!((logs[2] + 8.0 * 27f64.ln()).abs() < 1e-9);
    // Probabilities of all offers that can be made sum to 1, up to the grid.
    let all = (0..27u16).map(|k| vec![Package::new([k % 3, k / 3 % 3, k / 9])]);
    let sum: f64 = all
        .map(|offer| {
            let trace = Trace::new(issues(&[3, 3, 3]), 10, offer).unwrap();
            offer_evidence(&trace, &tables[..1], &Prior::default()).unwrap()[0].exp()
        })
        .sum();
    assert!((sum - 1.0).abs() < 0.05, "{sum}");
}

#[test]
fn bad_traces_are_refused_with_their_place() {
    let text = |horizon: usize, offers: &str| {
        format!(
            r#"{{"issues":[{{"name":"x","options":["p","q"]}}],"horizon":{horizon},"offers":{offers}}}"#
        )
    };
    let cases = [
        (
            text(10, "[[0],[2]]"),
            "offer 1, issue `x`: there is no option 2",
        ),
        (
            text(10, "[[0,0]]"),
            "offer 0 (from 0) holds 2 options; it needs one for each of 1 issues",
        ),
        (text(1, "[[0]]"), "the horizon is 1 rounds"),
        (text(2, "[[0],[0],[0]]"), "3 offers were made"),
        (text(2, "[[-1]]"), "t.json: invalid value"),
        ("{}".to_owned(), "missing field `issues`"),
    ];
    for (text, expected) in cases {
        let message = Trace::from_json("t.json", &text).unwrap_err().to_string();
        assert!(
            message.contains(expected),
            "{message}\nshould say: {expected}"
        );
    }
    let single = Trace::new(issues(&[1, 1]), 5, Vec::new()).unwrap();
    let message = learn(&single, &LearnOptions::default())
        .unwrap_err()
        .to_string();
    assert!(message.contains("no issue has two options"), "{message}");
}

#[test]
fn offers_on_days_are_those_of_every_round_where_the_days_are() {
    let text = r#"{"issues": [{"name": "a", "options": ["0", "1", "2"]}, {"name": "b", "options": ["0", "1"]}],
        "horizon": 10, "offers": [[0, 0], [0, 1], [1, 1]]}"#;
    let trace = Trace::from_json("t.json", text).unwrap();
    let tables = [
        Payoff::additive(vec![vec![2.0, 1.0, 0.0], vec![1.0, 0.0]]),
        Payoff::additive(vec![vec![0.0, 1.0, 2.0], vec![1.0, 0.0]]),
    ];
    let weigh = |trace: &Trace| offer_evidence(trace, &tables, &Prior::default()).unwrap();
    let every = weigh(&trace);
    assert_eq!(
        every,
        weigh(&trace.clone().in_rounds(vec![0, 1, 2]).unwrap())
    );
    // To give way on the last day is less of a surprise than on the third.
    let late = weigh(&trace.clone().in_rounds(vec![0, 1, 9]).unwrap());
    assert!(late[0] > every[0], "{late:?} {every:?}");
    assert_eq!(
        trace
            .clone()
            .in_rounds(vec![0, 5, 9])
            .unwrap()
            .first(2)
            .offers()
            .len(),
        2
    );
    for (rounds, what) in [
        (vec![0, 1], "for 3 offers"),
        (vec![0, 2, 1], "must not fall"),
        (vec![0, 1, 10], "below the horizon"),
    ] {
        let message = trace.clone().in_rounds(rounds).unwrap_err().to_string();
        assert!(message.contains(what), "{message}");
    }
}
