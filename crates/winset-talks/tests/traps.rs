//! Mistakes that existing tools make, and input that must be refused with a message that helps.

use winset_talks::{AnalyseOptions, Answer, Talks, TalksError, Zone};

fn answer(text: &str) -> Answer {
    Talks::from_json("t.json", text)
        .unwrap()
        .analyse(&AnalyseOptions::default())
        .unwrap()
}

fn two(no_deal: [f64; 2], a: &str, b: &str) -> String {
    format!(
        r#"{{"issues":[{{"name":"x","options":["p","q","r"]}}],"parties":[
            {{"name":"A","no_deal":{},"values":[{a}]}},{{"name":"B","no_deal":{},"values":[{b}]}}]}}"#,
        no_deal[0], no_deal[1]
    )
}

#[test]
fn a_product_of_two_losses_is_no_nash_point() {
    let answer = answer(&two([5.0, 5.0], "[1,2,0]", "[2,1,0]"));
    assert_eq!(answer.zone, Zone::None);
    for solution in [
        &answer.nash,
        &answer.kalai_smorodinsky,
        &answer.egalitarian,
        &answer.utilitarian,
    ] {
        assert!(solution.points.is_empty(), "{}", solution.definition);
        assert_eq!(solution.no_deal, [5.0, 5.0]);
    }
    assert!(answer.zone.to_string().starts_with("no zone of agreement"));
    assert_eq!(answer.frontier.len(), 2, "the frontier is there even so");
    let json = serde_json::to_value(answer.to_json(0.0)).unwrap();
    assert_eq!(json["nash"], serde_json::json!([]));
    assert_eq!(json["zone"], "none");
}

#[test]
fn the_largest_sum_is_neither_nash_nor_kalai() {
    // Sums 10, 9, 8; products 9, 20, 16; smallest shares of the ideals (9, 4): 1/4, 5/9, 4/9.
    let answer = answer(&two([0.0, 0.0], "[9,5,4]", "[1,4,4]"));
    assert_eq!(answer.utilitarian.points[0].payoffs, [9.0, 1.0]);
    assert_eq!(answer.nash.points[0].payoffs, [5.0, 4.0]);
    assert_eq!(answer.kalai_smorodinsky.points[0].payoffs, [5.0, 4.0]);
}

#[test]
fn kalai_smorodinsky_is_not_the_least_difference() {
    // Equal payoffs in the third option, but small shares of what each could have.
    let answer = answer(&two([0.0, 0.0], "[10,6,3]", "[2,4,3]"));
    assert_eq!(answer.kalai_smorodinsky.points[0].payoffs, [6.0, 4.0]);
}

#[test]
fn the_stated_no_deal_is_used_and_not_the_worst_package() {
    // From 0 the products are 9, 18, 24; from A's stated 5 only the first two gain, with products 4 and 3.
    let from_zero = answer(&two([0.0, 0.0], "[9,6,4]", "[1,3,6]"));
    let stated = answer(&two([5.0, 0.0], "[9,6,4]", "[1,3,6]"));
    assert_eq!(from_zero.nash.points[0].payoffs, [4.0, 6.0]);
    assert_eq!(stated.nash.points[0].payoffs, [9.0, 1.0]);
    assert_eq!(stated.nash.no_deal, [5.0, 0.0]);
    assert_eq!(stated.better_for_all.exact(), Some(2));
}

#[test]
fn floating_point_ties_do_not_inflate_a_frontier() {
    // 0.1 + 0.2 and 0.3 + 0 differ as floats: (0.30000000000000004, 0.7) and (0.3, 0.7) are one point.
    let text = r#"{"issues":[{"name":"x","options":["p","q"]},{"name":"y","options":["p","q"]}],"parties":[
        {"name":"A","no_deal":0,"values":[[0.1,0.3],[0.2,0.0]]},
        {"name":"B","no_deal":0,"values":[[0.4,0.0],[0.3,0.7]]}]}"#;
    let answer = answer(text);
    let tied = answer
        .frontier
        .iter()
        .find(|p| (p.payoffs[0] - 0.3).abs() < 1e-12)
        .unwrap();
    assert_eq!(tied.payoffs, [0.3, 0.7]);
    assert_eq!((tied.tied, tied.packages.len()), (2, 2));
    let dominated = answer.frontier.iter().any(|p| p.payoffs == [0.1, 1.1]);
    assert!(dominated, "{:?}", answer.frontier);
}

#[test]
fn ties_are_all_reported() {
    let answer = answer(&two([0.0, 0.0], "[3,1,2]", "[1,3,2]"));
    assert_eq!(answer.utilitarian.points.len(), 3);
    let same = two([0.0, 0.0], "[2,2,1]", "[2,2,1]");
    let talks = Talks::from_json("t.json", &same).unwrap();
    let options = AnalyseOptions {
        ties_listed: 1,
        ..AnalyseOptions::default()
    };
    let nash = talks.analyse(&options).unwrap().nash;
    assert_eq!((nash.points[0].tied, nash.points[0].packages.len()), (2, 1));
}

#[test]
fn a_limit_that_nobody_can_meet_is_a_result_with_the_way_out() {
    let text = r#"{"issues":[{"name":"x","options":["p","q"]}],
        "parties":[{"name":"A","no_deal":0,"values":[[1,2]]},{"name":"B","no_deal":0,"values":[[2,1]]}],
        "limits":[{"ratifier":"farm committee","party":0,"what":"output, %","values":[[-3,-2]],"at_least":-1}]}"#;
    let talks = Talks::from_json("t.json", text).unwrap();
    let answer = talks.analyse(&AnalyseOptions::default()).unwrap();
    assert_eq!(answer.zone, Zone::Blocked);
    assert_eq!(talks.if_dropped().unwrap()[0].win_set.exact(), Some(2));
    let opening = talks.smallest_opening().unwrap();
    assert_eq!(opening.moves[0].by.to_bits(), 1.0f64.to_bits());
    assert_eq!(opening.moves[0].package.options(), [1]);
    assert_eq!(opening.drops.len(), 1);
}

#[test]
fn mandates_that_contradict_each_other_name_the_issue() {
    let text = r#"{"issues":[{"name":"x","options":["p","q"]}],
        "parties":[{"name":"A","no_deal":0,"values":[[1,2]]},{"name":"B","no_deal":0,"values":[[2,1]]}],
        "mandates":[{"party":0,"issue":0,"allowed":[0]},{"party":1,"issue":0,"allowed":[1]}]}"#;
    let talks = Talks::from_json("t.json", text).unwrap();
    let answer = talks.analyse(&AnalyseOptions::default()).unwrap();
    assert_eq!((answer.inside_mandates, answer.zone), (0, Zone::Blocked));
    let opening = talks.smallest_opening().unwrap();
    assert_eq!(opening.closed_issues, ["x"]);
    assert_eq!(opening.drops.len(), 2);
}

#[test]
fn more_packages_than_any_machine_can_list() {
    let issue = |i: usize| format!(r#"{{"name":"i{i}","options":["a","b","c","d"]}}"#);
    let issues: Vec<String> = (0..100).map(issue).collect();
    let row = |a: &str| vec![a; 100].join(",");
    let text = format!(
        r#"{{"issues":[{}],"parties":[{{"name":"A","no_deal":1,"values":[{}]}},{{"name":"B","no_deal":1,"values":[{}]}}]}}"#,
        issues.join(","),
        row("[0,1,2,3]"),
        row("[3,2,1,0]")
    );
    let answer = answer(&text);
    assert_eq!(answer.packages, u128::MAX);
    assert_eq!(answer.frontier.len(), 301);
    assert_eq!(answer.egalitarian.points[0].payoffs, [150.0, 150.0]);
}

fn error(text: &str) -> String {
    Talks::from_json("t.json", text)
        .map(|_| ())
        .unwrap_err()
        .to_string()
}

#[test]
fn bad_tables_are_refused_with_their_place() {
    let issues = r#""issues":[{"name":"x","options":["p","q"]}]"#;
    let party = |rest: &str| format!(r#"{{{issues},"parties":[{{"name":"A",{rest}}}]}}"#);
    let cases = [
        (party(r#""no_deal":0,"values":[[1]]"#), "party `A`: issue `x` needs 2 values (one an option), but has 1"),
        (party(r#""no_deal":0,"values":[]"#), "`values` needs 1 lists"),
        (party(r#""no_deal":0,"values":[[1,1e9]]"#), "the value of `x` = `q` is 1000000000"),
        (party(r#""values":[[1,2]]"#), "missing field `no_deal`"),
        (party(r#""no_deal":0,"values":[[1,2]],"pairs":[{"issues":[0,3],"values":[]}]"#), "no issue 3"),
        (party(r#""no_deal":0,"values":[[1,2]],"pairs":[{"issues":[0,0],"values":[]}]"#), "with itself"),
        (party(r#""no_deal":0,"valeus":[[1,2]]"#), "unknown field `valeus`"),
        (format!(r#"{{{issues},"parties":[]}}"#), "no party"),
        (r#"{"issues":[],"parties":[]}"#.to_owned(), "no issue"),
        (r#"{"issues":[{"name":"x","options":[]}],"parties":[{"name":"A","no_deal":0,"values":[[]]}]}"#.to_owned(), "issue `x` has 0 options"),
        ("{".to_owned(), "line 1 column 1"),
        (format!(r#"{{"format":2,{issues},"parties":[]}}"#), "`format` is 2, but this program reads format 1"),
    ];
    for (text, expected) in cases {
        let message = error(&text);
        assert!(
            message.contains(expected),
            "{message}\nshould say: {expected}"
        );
    }
}

#[test]
fn a_table_may_say_its_format() {
    let text = two([0.0, 0.0], "[9,5,1]", "[1,5,9]").replacen('{', r#"{"format":1,"#, 1);
    assert_eq!(answer(&text).frontier.len(), 3);
}

#[test]
fn weights_of_power_move_the_nash_point_and_are_checked() {
    let talks = Talks::from_json("t.json", &two([0.0, 0.0], "[9,5,1]", "[1,5,9]")).unwrap();
    let nash = |weights: &[f64]| {
        let options = AnalyseOptions {
            weights: Some(weights.to_vec()),
            ..AnalyseOptions::default()
        };
        talks
            .analyse(&options)
            .map(|a| a.nash.points[0].payoffs.clone())
    };
    assert_eq!(nash(&[1.0, 1.0]).unwrap(), [5.0, 5.0]);
    assert_eq!(nash(&[4.0, 1.0]).unwrap(), [9.0, 1.0]);
    assert_eq!(nash(&[1.0]), Err(TalksError::Weights { parties: 2 }));
    assert_eq!(nash(&[0.0, 1.0]), Err(TalksError::Weights { parties: 2 }));
}
