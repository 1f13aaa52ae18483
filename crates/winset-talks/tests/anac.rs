//! The published ANAC domains (GENIUS templates): frontier and four solutions against exact references.
//!
//! The references were computed in rational arithmetic; no deal is worth 0 to every party.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use winset_talks::{AnalyseOptions, Answer, Point, Solution, Talks};

const TOLERANCE: f64 = 1e-9;

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("WINSET_VALIDATION").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: WINSET_VALIDATION is not set");
    }
    folder.map(|f| f.join("talks"))
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    let row = |r: &Value| {
        r.as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_f64().unwrap())
            .collect()
    };
    let mut rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(row).collect();
    rows.sort_by(|a, b| b.partial_cmp(a).unwrap());
    rows
}

fn payoffs(points: &[Point]) -> Vec<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = points.iter().map(|p| p.payoffs.clone()).collect();
    rows.sort_by(|a, b| b.partial_cmp(a).unwrap());
    rows
}

/// The first difference, in words.
fn difference(what: &str, ours: &[Vec<f64>], theirs: &[Vec<f64>]) -> Option<String> {
    if ours.len() != theirs.len() {
        return Some(format!(
            "{what}: {} points here, {} in the reference",
            ours.len(),
            theirs.len()
        ));
    }
    let far =
        |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).any(|(x, y)| (x - y).abs() > TOLERANCE);
    ours.iter()
        .zip(theirs)
        .find(|pair| far(*pair))
        .map(|(a, b)| format!("{what}: {a:?} here, {b:?} there"))
}

fn differences(answer: &Answer, expected: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if answer.packages != u128::from(expected["outcomes"].as_u64().unwrap()) {
        found.push(format!(
            "{} packages here, {} there",
            answer.packages, expected["outcomes"]
        ));
    }
    found.extend(difference(
        "frontier",
        &payoffs(&answer.frontier),
        &rows(&expected["frontier"]),
    ));
    let solutions: [(&str, &Solution); 4] = [
        ("nash", &answer.nash),
        ("kalai_smorodinsky", &answer.kalai_smorodinsky),
        ("egalitarian", &answer.egalitarian),
        ("utilitarian", &answer.utilitarian),
    ];
    for (name, solution) in solutions {
        found.extend(difference(
            name,
            &payoffs(&solution.points),
            &rows(&expected[name]),
        ));
        if solution.no_deal.iter().any(|n| *n != 0.0) {
            found.push(format!(
                "{name} is not measured from the no-deal point of the file"
            ));
        }
    }
    found
}

#[test]
fn frontier_and_solutions_equal_the_references() {
    let Some(folder) = folder() else { return };
    let expected: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    let cases = expected.as_object().unwrap();
    assert!(!cases.is_empty());
    for (name, reference) in cases {
        let file = folder.join("domains").join(format!("{name}.json"));
        let talks = Talks::from_json(name, &fs::read_to_string(file).unwrap()).unwrap();
        let answer = talks.analyse(&AnalyseOptions::default()).unwrap();
        wrong.extend(
            differences(&answer, reference)
                .into_iter()
                .map(|d| format!("{name}: {d}")),
        );
    }
    assert!(
        wrong.is_empty(),
        "{} of {} domains:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
