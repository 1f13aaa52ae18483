//! The log, the belief and the clock, as a user runs them.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use winset::dossier::Files;
use winset::study::{self, Bench};

/// A fresh folder with a dossier `talks` in it.
fn dossier(name: &str) -> PathBuf {
    let folder = common::work("talks", name);
    let made = winset(&folder, "init talks");
    assert!(made.status.success());
    folder
}

fn winset(folder: &Path, typed: &str) -> Output {
    let mut command = common::command(folder, typed.split_whitespace());
    command.output().unwrap()
}

fn answer(folder: &Path, typed: &str) -> Value {
    let output = winset(folder, &format!("{typed} --json"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{typed}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refusal(folder: &Path, typed: &str, exit: i32) -> String {
    let output = winset(folder, typed);
    assert_eq!(output.status.code(), Some(exit), "{typed}");
    String::from_utf8(output.stderr).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let all = value
        .as_array()
        .unwrap_or_else(|| panic!("no list: {value}"));
    all.iter().map(|x| x.as_f64().unwrap()).collect()
}

const FIRST: &str = "offer record talks --party USA --on 2025-04-16 --kind offer --options rice=levy,pork=half,security=both";

#[test]
fn the_examples_of_recording_an_offer_work() {
    let folder = common::work("talks", "examples");
    assert!(winset(&folder, "init my-talks").status.success());
    let help = winset(&folder, "offer record --help").stdout;
    let help = String::from_utf8(help).unwrap();
    // Help wraps its lines.
    let (_, examples) = help.split_once("Examples:").unwrap();
    let examples: Vec<&str> = examples.split("winset ").skip(1).collect();
    assert!(examples.len() >= 2, "{help}");
    for example in examples {
        answer(&folder, example);
    }
}

#[test]
fn the_log_shows_who_moved_and_a_changed_line_is_found() {
    let folder = dossier("log");
    assert_eq!(
        answer(&folder, "offer list talks")["entries"],
        Value::Array(vec![])
    );
    let recorded = answer(&folder, FIRST);
    assert_eq!(recorded["line"], 1);
    // An offer holds an option of every issue.
    let options = recorded["entry"]["options"].as_object().unwrap();
    assert_eq!(
        (options.len(), &options["rice"], &options["cars"]),
        (12, &"levy".into(), &"full".into())
    );
    answer(
        &folder,
        "offer record talks --party JPN --on 2025-05-01 --kind position --options cars=lifted",
    );
    let last = answer(
        &folder,
        "offer record talks --party JPN --on 2025-05-13 --kind position --options cars=fifteen",
    );
    let listed = answer(&folder, "offer list talks");
    assert_eq!(listed["entries"].as_array().unwrap().len(), 3);
    assert_eq!(listed["hash"], last["hash"]);
    let moved = serde_json::json!([{"date": "2025-05-13", "party": "JPN", "issue": "cars", "from": "lifted", "to": "fifteen"}]);
    assert_eq!(listed["moves"], moved);
    assert_eq!(answer(&folder, "check talks")["log"]["hash"], last["hash"]);
    let early = refusal(
        &folder,
        "offer record talks --party JPN --on 2025-05-12 --kind response --note no",
        2,
    );
    assert!(early.contains("only grows"), "{early}");

    let path = folder.join("talks/log.jsonl");
    let written = fs::read_to_string(&path).unwrap();
    fs::write(&path, written.replacen("lifted", "ten", 1)).unwrap();
    for typed in [
        "check talks",
        "offer list talks",
        "offer record talks --party JPN --on 2025-06-01 --kind response --note no",
        "beliefs talks",
    ] {
        let said = refusal(&folder, typed, 3);
        assert!(
            said.contains("log.jsonl, line 2") && said.contains("chain is broken"),
            "{said}"
        );
    }
    fs::write(&path, &written).unwrap();
    answer(&folder, "check talks");
}

#[test]
fn writers_at_the_same_time_lose_no_entry() {
    let folder = dossier("writers");
    let typed = "offer record talks --party USA --on 2025-04-16 --kind position --note said";
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert!(winset(&folder, typed).status.success()));
        }
    });
    let listed = answer(&folder, "offer list talks");
    assert_eq!(listed["entries"].as_array().unwrap().len(), 6);
}

#[test]
fn an_offer_moves_the_belief_towards_those_who_would_make_it() {
    let folder = dossier("offers");
    let place = |belief: &Value, name: &str| {
        let all = belief["hypotheses"].as_array().unwrap();
        all.iter().position(|h| h == name).unwrap()
    };
    // Nothing but gas and the dollar: what the deficit is narrowed with.
    let typed = answer(&folder, "beliefs talks --offer gas=alaska,dollar=target");
    let (before, after) = (numbers(&typed["before"]), numbers(&typed["probabilities"]));
    let deficit = place(&typed, "deficit");
    assert!(
        after[deficit] > before[deficit] + 0.05,
        "{before:?} {after:?}"
    );
    assert!((after.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(!typed["acceptance"].as_array().unwrap().is_empty());
    // The same offer in the log says the same.
    answer(
        &folder,
        "offer record talks --party USA --on 2025-04-16 --kind offer --options gas=alaska,dollar=target",
    );
    let logged = answer(&folder, "beliefs talks");
    assert_eq!(logged["probabilities"], typed["probabilities"]);
    // An offer of ours says nothing of what they want, and one of tomorrow is not known today.
    answer(
        &folder,
        "offer record talks --party JPN --on 2025-04-17 --kind offer --options gas=three",
    );
    answer(
        &folder,
        "offer record talks --party USA --on 2025-04-18 --kind offer --options rice=open",
    );
    assert_eq!(
        answer(&folder, "beliefs talks")["probabilities"],
        typed["probabilities"]
    );
    let later = answer(&folder, "beliefs talks --known-on 2025-04-18");
    assert!(later["probabilities"] != typed["probabilities"]);
    // An option that is taken off the table later leaves the log as it is, and the offer unread.
    let path = folder.join("talks/issues.toml");
    let issues = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        issues.replacen("id = \"alaska\"", "id = \"alaskan\"", 1),
    )
    .unwrap();
    let unread = answer(&folder, "beliefs talks")["unread"].to_string();
    assert_eq!(
        answer(&folder, "check talks")["log"]["unread"].to_string(),
        unread
    );
    assert!(
        unread.contains("line 1") && unread.contains("did you mean `alaskan`?"),
        "{unread}"
    );
}

/// Every event of the public log that is evidence of what the other side wants moves the belief on its day.
#[test]
fn the_public_log_goes_in_event_by_event() {
    let folder = dossier("public-log");
    let belief = answer(&folder, "beliefs --known-on 2025-07-31");
    let days = belief["days"].as_array().unwrap();
    let dates: Vec<&str> = days.iter().filter_map(|d| d["date"].as_str()).collect();
    assert_eq!(
        dates,
        [
            "2025-03-31",
            "2025-04-02",
            "2025-04-09",
            "2025-04-16",
            "2025-04-20",
            "2025-04-24",
            "2025-05-01",
            "2025-07-25",
        ]
    );
    assert!(days[0]["date"].is_null(), "the prior comes first");
    assert_eq!(
        numbers(&days[0]["probabilities"]),
        [0.25, 0.2, 0.2, 0.15, 0.2]
    );
    for day in days {
        let wanted = &day["wanted"];
        let largest = numbers(&day["probabilities"])
            .into_iter()
            .fold(0.0, f64::max);
        assert!((wanted["probability"].as_f64().unwrap() - largest).abs() < 1e-15);
        assert!(
            wanted["option_busd"].as_f64().unwrap() > 0.0
                && wanted["indicator_busd"].as_f64().unwrap() > 0.0
        );
    }
    // By Bayes' rule from what was believed the day before: likelihoods of 0.4, 0.8, 0.3, 0.6, 0.4.
    let (before, after) = (
        numbers(&days[6]["probabilities"]),
        numbers(&days[7]["probabilities"]),
    );
    let joint: Vec<f64> = before
        .iter()
        .zip([0.4, 0.8, 0.3, 0.6, 0.4])
        .map(|(p, l)| p * l)
        .collect();
    let sum: f64 = joint.iter().sum();
    for (a, j) in after.iter().zip(&joint) {
        assert!((a - j / sum).abs() < 1e-12);
    }
}

#[test]
fn claims_are_weighed_and_the_order_of_the_talks_is_told() {
    let folder = dossier("precedent");
    let others = answer(&folder, "precedent talks");
    assert!(others["order"]["order"].as_array().unwrap().len() > 1);
    assert!(others["expected"].is_array());
    // A dossier without a queue has neither, and says so.
    let path = folder.join("talks/dossier.toml");
    let head = fs::read_to_string(&path).unwrap();
    let (before, rest) = head.split_once("[[queue]]").unwrap();
    let (_, after) = rest.split_once("[[log]]").unwrap();
    fs::write(&path, format!("{before}[[log]]{after}")).unwrap();
    let others = answer(&folder, "precedent talks");
    assert!(others["order"].is_null() && others["expected"].is_null());
    let said = others["not_computed"].to_string();
    assert!(said.contains("[[queue]]"), "{said}");
}

#[test]
fn the_clock_says_who_gives_way_when() {
    let folder = dossier("clock");
    let clock = answer(&folder, "clock");
    assert_eq!(
        (&clock["weeks"], &clock["first"]),
        (&12.into(), &"JPN".into())
    );
    let rows = clock["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 5);
    for row in rows {
        let (values, without) = (numbers(&row["values"]), numbers(&row["without"]));
        // Nobody agrees to less than what no offer ever would give.
        assert!(
            values.iter().zip(&without).all(|(v, w)| v >= &(w - 1e-9)),
            "{row}"
        );
        let weeks = row["weeks"].as_array().unwrap();
        assert_eq!(weeks.len(), 12);
        assert!(
            weeks
                .iter()
                .enumerate()
                .all(|(k, w)| w["proposer"] == ["JPN", "USA"][k % 2])
        );
        match row["agreed"].as_u64() {
            Some(week) => assert!(weeks[week as usize]["options"].is_array()),
            None => assert!(weeks.iter().all(|w| w["options"].is_null())),
        }
    }
    let expected: f64 = rows
        .iter()
        .map(|r| r["probability"].as_f64().unwrap() * numbers(&r["values"])[0])
        .sum();
    assert!((numbers(&clock["mean"]["values"])[0] - expected).abs() < 1e-12);
    // Who begins, and for how long, is the dossier's to say.
    let path = folder.join("talks/dossier.toml");
    let head = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        head.replacen("first = \"JPN\"", "first = \"USA\"", 1),
    )
    .unwrap();
    assert_eq!(answer(&folder, "clock talks")["first"], "USA");
    assert_eq!(
        answer(&folder, "clock talks --known-on 2025-05-20")["weeks"],
        8
    );
}

/// A file, what stands there, what takes its place.
type Edit<'a> = (&'a str, &'a str, &'a str);

/// A built-in dossier with texts replaced.
fn changed(name: &str, edits: &[Edit]) -> Files {
    let mut files = Files::open(Some(Path::new(name))).unwrap();
    for (file, from, to) in edits {
        let text = files.get(file).unwrap().text().to_owned();
        let new = text.replacen(from, to, 1);
        assert_ne!(text, new, "{file} has no `{from}`");
        files = files.with(file, &new);
    }
    files
}

const JAPAN: &str = "us-japan-2025";
const UNION: &str = "eu-china-2024";

/// What is wrong with a dossier, all of it in one text.
fn faults(name: &str, edits: &[Edit]) -> String {
    match Bench::open(changed(name, edits), None) {
        Ok(_) => panic!("nothing is wrong: {edits:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_cannot_be_is_refused_where_it_stands() {
    let cases: [(&str, &[Edit], &str); 19] = [
        (
            JAPAN,
            &[("dossier.toml", "KOR = [\"KR\"]\n", "")],
            "leaves out 1 of the 17 regions: KOR",
        ),
        (
            JAPAN,
            &[("dossier.toml", "ROW = [\"*\"]", "ROW = [\"NO\"]")],
            "no region of [economy.origins] takes the rest",
        ),
        (
            JAPAN,
            &[("dossier.toml", "TWN = [\"TW\"]", "TWN = [\"TW\", \"EU\"]")],
            "the origin `EU` is in two regions",
        ),
        (
            JAPAN,
            &[("dossier.toml", "TWN = [\"TW\"]", "TWN = [\"*\"]")],
            "the rest is in two regions",
        ),
        (
            JAPAN,
            &[("dossier.toml", "origin = \"JP\"", "origin = \"CH\"")],
            "`CH` is in the region `CHE`, but `ours` is `JPN`",
        ),
        (
            JAPAN,
            &[("dossier.toml", "after = 2025-07-10", "after = 2025-07-01")],
            "is earlier than the cliff",
        ),
        (
            JAPAN,
            &[("beliefs.toml", "party = \"USA\"", "party = \"JPN\"")],
            "`JPN` is not the other side",
        ),
        (
            JAPAN,
            &[("parties.toml", "at-least = -2.5", "at-least = nan")],
            "a limit is NaN",
        ),
        (
            JAPAN,
            &[(
                "parties.toml",
                "not = [\"exempt\"]",
                "not = [\"cliff\", \"ten\", \"floor\", \"exempt\"]",
            )],
            "this mandate leaves no option of `reciprocal`",
        ),
        (
            JAPAN,
            &[("parties.toml", "A01 = 1.6", "A01 = -1.6")],
            "a political weight is -1.6",
        ),
        (
            JAPAN,
            &[("issues.toml", "price-year = 2025", "price-year = 20250")],
            "the year is 20250",
        ),
        (
            JAPAN,
            &[("issues.toml", "claim = [\"KOR\"", "claim = [\"USA\"")],
            "`USA` is a side of these talks (`theirs`)",
        ),
        (
            JAPAN,
            &[("dossier.toml", "region = \"KOR\"", "region = \"JPN\"")],
            "`JPN` is a side of these talks (`ours`)",
        ),
        (
            JAPAN,
            &[("issues.toml", "id = \"ten\"", "id = \"t=n\"")],
            "`t=n` cannot be typed",
        ),
        (
            JAPAN,
            &[(
                "issues.toml",
                "{ en = \"10 % stays\", ja = \"10%のまま据置き\" }",
                "\"\"",
            )],
            "`ten` has no title",
        ),
        (
            JAPAN,
            &[(
                "issues.toml",
                "title = { en = \"10 % stays\"",
                "title = { en = \"24 % from 9 July\"",
            )],
            "has the title of `cliff`",
        ),
        (
            JAPAN,
            &[("products.toml", "value = ", "value = 9000000 # ")],
            "all of C10T12 that it sells",
        ),
        (
            UNION,
            &[("measures/trade.csv", "\n8703.80.10,CN", "\n8703.08.10,CN")],
            "has no line 8703.08.10",
        ),
        (
            UNION,
            &[(
                "measures/trade.csv",
                "\n8703.80.10,CN,",
                "\n8703.80.10,CN,9999999",
            )],
            "USD in all",
        ),
    ];
    for (name, edits, expected) in cases {
        let said = faults(name, edits);
        assert!(said.contains(expected), "{edits:?}: {said}");
    }
    // Without a schedule every ordinary duty would be missing.
    let folder = common::work("talks", "no-schedule");
    assert!(
        winset(&folder, "init talks --from eu-china-2024")
            .status
            .success()
    );
    fs::remove_file(folder.join("talks/measures/schedule.csv")).unwrap();
    let said = refusal(&folder, "check talks", 3);
    assert!(
        said.contains("no tariff schedule of European Union"),
        "{said}"
    );
}

/// EO 14326 of 31 July put other measures in the place of the country rates; EO 14345 of 4 September one for Japan alone.
#[test]
fn an_amendment_reaches_whom_the_measure_charges_and_as_long_as_it_does() {
    let bench = Bench::open(Files::open(None).unwrap(), None).unwrap();
    let ten = [(0, 1)];
    assert_eq!(bench.dossier.issues.issue[0].option[1].id.get_ref(), "ten");
    // Singapore has the ten per cent of everybody and no country rate; Cambodia has one.
    bench.amended(&ten, &bench.members("ASEAN8")).unwrap();
    assert!(bench.concerns(&ten, &bench.members("ASEAN8")).unwrap());
    assert!(!bench.concerns(&ten, &bench.members("GBR")).unwrap());
    assert!(bench.members("ROW").len() > 100 && !bench.members("ROW").contains(&bench.origin));
    let folder = dossier("claims");
    let path = folder.join("talks/issues.toml");
    let issues = fs::read_to_string(&path).unwrap();
    let more = issues.replace(", \"GBR\"", "").replace(
        "claim = [\"KOR\", \"TWN\", ",
        "claim = [\"GBR\", \"ROW\", \"KOR\", \"TWN\", ",
    );
    assert_ne!(issues, more);
    fs::write(&path, more).unwrap();
    answer(&folder, "check talks");
    for day in ["2025-08-01", "2025-08-10", "2025-09-10"] {
        answer(&folder, &format!("check talks --known-on {day}"));
        let bench = Bench::open(Files::open(None).unwrap(), Some(day.parse().unwrap())).unwrap();
        bench.our_rates(&ten).unwrap();
    }
}

#[test]
fn the_log_holds_what_was_said_and_nothing_to_come() {
    let folder = dossier("said");
    let typed = "offer record talks --party JPN --kind";
    let said = refusal(
        &folder,
        &format!("{typed} response --on 2125-05-12 --note no"),
        2,
    );
    assert!(said.contains("still to come"), "{said}");
    let said = refusal(&folder, &format!("{typed} response --on 2025-05-12"), 2);
    assert!(said.contains("says something"), "{said}");
    // Over a red line of one's own: recorded, and told.
    let told = answer(
        &folder,
        &format!("{typed} offer --on 2025-05-12 --options rice=open"),
    );
    assert_eq!(told["outside_mandate"], serde_json::json!(["rice=open"]));
    let path = folder.join("talks/log.jsonl");
    let written = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{written}{{\"entry\"")).unwrap();
    let said = refusal(&folder, "check talks", 3);
    assert!(
        said.contains("log.jsonl, line 2: this is no entry of a log"),
        "{said}"
    );
}

#[test]
fn a_span_that_ends_before_the_cliff_is_refused() {
    let weeks = [(
        "assumptions.toml",
        "value = 104.0\nlow = 52.0",
        "value = 4.0\nlow = 2.0",
    )];
    let files = changed(JAPAN, &weeks);
    let bench = Bench::open(files, None).unwrap();
    let said = study::ClockTerms::new(&bench).err().unwrap().to_string();
    assert!(
        said.contains("ends before the cliff, 12 weeks from 2025-04-16"),
        "{said}"
    );
}

#[test]
fn an_item_that_decides_alone_is_named() {
    let folder = dossier("loud");
    let path = folder.join("talks/beliefs.toml");
    let beliefs = fs::read_to_string(&path).unwrap();
    let line = beliefs
        .lines()
        .find(|l| l.starts_with("likelihood = ") && l.contains("deficit = 0.9"))
        .unwrap();
    let loud = line.replacen("farm = 0.3", "farm = 0.01", 1);
    fs::write(&path, beliefs.replacen(line, &loud, 1)).unwrap();
    let said = String::from_utf8(winset(&folder, "beliefs talks").stdout).unwrap();
    assert!(
        said.contains("`formula` alone moves the odds between two hypotheses 90-fold"),
        "{said}"
    );
    assert!(
        said.contains("goods balance of United States with Japan"),
        "{said}"
    );
}
