//! The brief of the built-in dossier: whole, faithful to the dossier, and the same on every run.

#[path = "common/incomes.rs"]
mod incomes;

use std::sync::OnceLock;

use winset::brief::{self, Brief, Edition};
use winset::dossier::Files;
use winset::export::{self, Format};
use winset::lang::Lang;

fn made(files: Files) -> Brief {
    brief::run(files, None, Lang::En, &|_, _, _| ()).unwrap_or_else(|error| panic!("{error}"))
}

/// The brief as a page.
fn page(b: &Brief) -> String {
    String::from_utf8(export::write(b, Format::Html, Edition::Full).unwrap()).unwrap()
}

/// The built-in brief, computed once for all tests of this process.
fn built_in() -> &'static Brief {
    static BRIEF: OnceLock<Brief> = OnceLock::new();
    BRIEF.get_or_init(|| made(Files::open(None).unwrap()))
}

#[test]
fn every_section_holds_numbers() {
    let b = built_in();
    assert_eq!(b.sentences.len(), 5);
    assert!(
        b.sentences
            .iter()
            .all(|s| s.len() > 40 && !s.contains("NaN")),
        "{:#?}",
        b.sentences
    );
    assert_eq!(b.situation.lines.len(), 20);
    // A line whose base rate takes a quantity, or that the schedule does not hold, says so instead of a trace.
    let told = b
        .situation
        .lines
        .iter()
        .filter(|l| !l.trace.is_empty() && !l.components.is_empty());
    assert!(told.count() >= 17);
    assert!(
        b.situation
            .lines
            .iter()
            .all(|l| !l.components.is_empty() || !l.needs.is_empty())
    );
    assert!(b.situation.timeline.len() >= 7);
    assert_eq!(b.no_deal.no_deal.len(), 3);
    assert_eq!(
        b.demands.demands.len(),
        27,
        "nine issues they ask for, three options that change something"
    );
    assert_eq!(b.demands.chips.len(), 27);
    assert_eq!(b.packages.accounts.len(), 7);
    assert!((b.packages.accounts[0].packages - 16_777_216.0).abs() < 0.5);
    assert_eq!(b.packages.proposals.len(), 3);
    assert!(!b.others.claimants.is_empty());
    assert_eq!(b.doubt.sets.len(), 8);
    let html = page(b);
    for id in [
        "situation",
        "no-deal",
        "demands",
        "chips",
        "packages",
        "wrong",
        "others",
        "doubt",
    ] {
        assert!(
            html.contains(&format!("<section id=\"{id}\">")),
            "no section {id}"
        );
    }
    assert!(
        !html.contains("NaN") && !html.contains("inf<"),
        "a number that is none reached the page"
    );
    let charts = html.matches("<svg").count();
    assert!(
        charts >= 4 && html.matches(" viewBox=\"0 0 ").count() == charts,
        "a chart that does not scale"
    );
    assert!(
        !html.contains("<script") && !html.contains("http-equiv"),
        "the page needs nothing but itself"
    );
}

#[test]
fn ten_july_as_known_on_the_sixteenth_of_april_is_24_per_cent() {
    let b = built_in();
    let valve = |date: &str| {
        b.situation
            .days
            .iter()
            .find(|d| d.date == date)
            .unwrap()
            .weighted
    };
    // The suspension is an act with an end: it lapses by itself.
    assert!(valve("2025-07-10") - valve("2025-04-16") > 0.05);
    let line = b
        .situation
        .lines
        .iter()
        .find(|l| l.code.starts_with("8429"))
        .unwrap();
    assert!(
        (line.rate - 0.10).abs() < 1e-9 && (line.rate_after - 0.24).abs() < 1e-9,
        "{line:?}"
    );
}

/// The Budget Lab at Yale, tariff-rate-tracker, weighted rate on Japan (docs/deviations.md).
#[test]
fn applied_rates_on_japan_are_within_0_6_points_of_the_published_series() {
    let bench = winset::study::Bench::open(Files::open(None).unwrap(), None).unwrap();
    let published = [
        ("2025-01-01", 1.5503),
        ("2025-03-12", 2.06),
        ("2025-04-03", 8.96),
        ("2025-04-16", 14.42),
        ("2025-05-04", 16.19),
    ];
    for (day, theirs) in published {
        let averages = bench
            .law
            .averages(
                bench.importer,
                bench.ours.trade(),
                day.parse().unwrap(),
                Some("2025-05-04".parse().unwrap()),
                winset_law::averages::Bases::Schedule,
                bench.ours.assumptions(),
            )
            .unwrap();
        let ours = 100.0 * averages.all.weighted();
        println!("{day}: ours {ours:.2} %, published {theirs:.2} %");
        assert!(
            (ours - theirs).abs() < 0.6,
            "{day}: {ours:.2} against {theirs:.2}"
        );
    }
}

#[test]
fn a_changed_option_changes_the_brief() {
    let files = Files::open(None).unwrap();
    let issues = files.get("issues.toml").unwrap().text().to_owned();
    let changed = issues.replacen("rate = \"15% inclusive\"", "rate = \"12% inclusive\"", 1);
    assert_ne!(issues, changed);
    let other = made(files.with("issues.toml", &changed));
    let ev = |b: &Brief| {
        let option = b
            .demands
            .ours
            .iter()
            .find(|d| d.issue == "reciprocal" && d.option == "floor");
        option.unwrap().our_ev.unwrap()
    };
    assert!(
        ev(&other) > ev(built_in()) + 0.1,
        "{} against {}",
        ev(&other),
        ev(built_in())
    );
    assert_ne!(page(&other), page(built_in()));
}

#[test]
fn the_same_numbers_on_every_run_and_in_both_files() {
    let again = made(Files::open(None).unwrap());
    // Not `assert_eq`: a brief printed twice helps nobody.
    assert!(
        again.json() == built_in().json(),
        "two runs gave different briefs"
    );
    let json = built_in().json();
    let first = json["packages"]["proposals"][0]["ours"]["objective"]
        .as_f64()
        .unwrap();
    assert!((first - built_in().packages.proposals[0].ours.gain()).abs() < 1e-12);
}

#[test]
fn blocked_and_ratified_as_solved_exactly() {
    for proposal in &built_in().packages.proposals {
        for limit in proposal.limits.iter().filter(|l| l.asked) {
            let stopped = proposal.blocked_by.iter().any(|b| b.what == limit.what);
            assert_eq!(stopped, limit.value < limit.at_least, "{limit:?}");
        }
    }
}

#[test]
fn section_6_says_what_to_expect_to_offer_and_to_ask() {
    let b = built_in();
    let (w, probabilities) = (b.wrong.as_ref().unwrap(), &b.packages.probabilities);
    assert_eq!(w.prospects.len(), b.packages.proposals.len());
    for (x, p) in w.prospects.iter().zip(&b.packages.proposals) {
        assert!((x.acceptance - p.acceptance.unwrap()).abs() < 1e-12);
        assert!(x.acceptance_worst <= x.acceptance);
        assert!((x.expected - x.acceptance * p.ours.gain()).abs() < 1e-12);
        let ranges = p.theirs_range_by_hypothesis.iter();
        for ([low, high], central) in ranges.zip(&p.theirs_by_hypothesis) {
            assert!(low <= central && central <= high, "{low} {central} {high}");
        }
        let [low, high] = p.ours_range.unwrap();
        assert!(low <= p.ours.gain() && p.ours.gain() <= high);
    }
    let next = w.next_offer.as_ref().unwrap();
    assert!(next.package.blocked_by.is_empty());
    let best = |x: &brief::ProspectRow| x.expected;
    // None of the packages proposed promises more, but for what the tables miss.
    assert!(
        w.prospects
            .iter()
            .all(|x| best(x) <= best(&next.prospect) + 0.02)
    );
    assert_eq!(w.questions.len(), 3 + b.packages.proposals.len());
    for q in &w.questions {
        let sum: f64 = q.answers.iter().map(|a| a.probability).sum();
        assert!(q.value >= 0.0 && (sum - 1.0).abs() < 1e-9, "{q:?}");
    }
    assert!(w.questions.is_sorted_by(|a, c| a.value >= c.value));
    assert_eq!((w.offers_received, probabilities.len()), (0, 5));
}

#[test]
fn section_7_weighs_claims_and_orders_the_talks() {
    let o = &built_in().others;
    let weighed: f64 = o
        .claimants
        .iter()
        .map(|c| c.likelihood.unwrap() * c.theirs)
        .sum();
    assert!((o.expected.unwrap()[1] - weighed).abs() < 1e-12);
    let order = o.order.as_ref().unwrap();
    assert_eq!(order.partners.len(), 1 + o.claimants.len());
    assert_eq!(order.partners[0].region, "JPN");
    assert!((order.partners[0].own - o.alone.unwrap()[0]).abs() < 1e-6);
    incomes::assert_real_incomes_agree(built_in());
    for label in &order.order {
        assert!(order.partners.iter().any(|p| p.label == *label));
    }
    // Nobody is signed with at a loss.
    let alone: Vec<f64> = order.partners.iter().map(|p| p.theirs).collect();
    assert!(order.theirs >= alone.iter().copied().fold(0.0, f64::max));
}

#[test]
fn section_8_has_quantiles_of_the_draws() {
    let d = &built_in().doubt;
    assert_eq!((d.draws, d.not_solved), (60, 0));
    for i in &d.intervals {
        let ordered = [i.low, i.quartiles[0], i.median, i.quartiles[1], i.high];
        assert!(ordered.is_sorted(), "{i:?}");
        assert!((0.0..=1.0).contains(&i.positive));
    }
    // Nothing of what happened after the as-of date.
    assert!(!d.log.is_empty() && d.log.iter().all(|[date, ..]| date.as_str() <= "2025-04-16"));
}

#[test]
fn nothing_is_left_uncomputed() {
    let html = export::write(built_in(), Format::Html, Edition::Full).unwrap();
    let html = String::from_utf8(html).unwrap();
    assert!(!html.contains("Not computed yet"));
    assert!(built_in().others.not_computed.is_empty());
}

#[test]
fn the_tables_miss_exact_solves_by_little() {
    for [median, worst] in built_in().packages.table_error_pct {
        assert!(
            median < 2.0 && worst < 10.0,
            "{median} {worst} per cent of the frontier's range"
        );
    }
    assert!(built_in().demands.margin_error_pct < 10.0);
}

/// `docs/brief.schema.json` is made from the types: `WINSET_WRITE_SCHEMA=1 cargo test -p winset schema`.
#[test]
fn the_schema_is_up_to_date_and_the_brief_follows_it() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/brief.schema.json");
    let schema = format!("{:#}\n", Brief::schema());
    if std::env::var_os("WINSET_WRITE_SCHEMA").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        written, schema,
        "stale: run WINSET_WRITE_SCHEMA=1 cargo test --release -p winset schema"
    );
    let json = built_in().json();
    for name in Brief::schema()["required"].as_array().unwrap() {
        assert!(json.get(name.as_str().unwrap()).is_some(), "no {name}");
    }
}

#[test]
fn the_front_page_says_who_falls_what_is_stopped_and_when_the_cliff_is_past() {
    let b = built_in();
    assert!(
        b.sentences[3].contains("stopped at home if given alone"),
        "{}",
        b.sentences[3]
    );
    let next = b.wrong.as_ref().unwrap().next_offer.as_ref().unwrap();
    let differs = next.package.indices != b.packages.proposals[0].indices;
    assert_eq!(
        b.sentences[4].contains("The offer to open with is in section 6"),
        differs
    );
    let mut other = b.clone();
    // A sector that rises most is not the one that is hit hardest.
    let mut riser = other.no_deal.no_deal[0].sectors[0].clone();
    (riser.label, riser.ours, riser.ours_pct) = ("medicines".to_owned(), 99.0, 7.8);
    other.no_deal.no_deal[0].sectors.insert(0, riser);
    other.as_of = "2025-07-20".to_owned();
    let shared = other.shareable();
    assert!(
        shared.sentences[1].contains("hardest hit at home: cars and parts, −"),
        "{}",
        shared.sentences[1]
    );
    assert!(
        shared.sentences[0].contains("the cliff of 9 July 2025 is past"),
        "{}",
        shared.sentences[0]
    );
    for sector in &mut other.no_deal.no_deal[0].sectors {
        sector.ours = sector.ours.abs();
    }
    assert!(!other.shareable().sentences[1].contains("hardest"));
}

/// The headline is of the as-of date, whichever days the dossier names.
#[test]
fn the_rate_of_today_is_that_of_the_day() {
    for (day, past) in [("2025-05-10", false), ("2025-09-30", true)] {
        let day: jiff::civil::Date = day.parse().unwrap();
        let files = Files::open(None).unwrap();
        let b = brief::run(files, Some(day), Lang::En, &|_, _, _| ()).unwrap();
        let s = &b.situation;
        assert!((s.a_day / 1e3 * 365.0 - s.rate * s.trade).abs() < 1e-6);
        let row = s
            .days
            .iter()
            .find(|row| row.date == day.to_string())
            .unwrap();
        assert!((row.weighted - s.rate).abs() < 1e-12);
        let told = &b.sentences()[0];
        assert!(
            told.contains(&format!("our goods pay {:.1} %", 100.0 * s.rate)),
            "{told}"
        );
        assert_eq!(told.contains("is past"), past, "{told}");
        assert!(!told.contains("it is the same"), "{told}");
    }
}

#[test]
fn only_our_own_answer_makes_every_package_worth_more() {
    let opens = built_in().packages.opens.join("\n");
    assert!(!opens.contains("everyone else stays"), "{opens}");
    let retaliation = &built_in().packages.other_no_deals[0];
    assert_eq!(
        opens.contains("our answer costs them"),
        retaliation.2 < -0.005
    );
}

#[test]
fn every_safe_package_is_named() {
    let b = built_in();
    let html = page(b);
    for (k, p) in b.packages.proposals.iter().enumerate() {
        let safe = p.theirs_by_hypothesis.iter().all(|g| *g >= 0.0);
        let verdict = html
            .split("Safe: ")
            .nth(1)
            .map_or("", |rest| rest.split('.').next().unwrap());
        assert_eq!(verdict.contains(&format!("Package {}", k + 1)), safe);
    }
    assert!(html.contains("on the frontiers of what can be signed"));
    assert!(!html.contains("Kalai-Smorodinsky"));
}

#[test]
fn a_trace_holds_no_measure_that_was_not_yet_known() {
    let b = built_in();
    let traces: Vec<&str> = b
        .situation
        .lines
        .iter()
        .flat_map(|l| &l.trace)
        .map(|t| t.measure.as_str())
        .collect();
    assert!(traces.contains(&"us-reciprocal-10"));
    assert!(
        !traces.contains(&"us-reciprocal-japan") && !traces.contains(&"us-section-122"),
        "{traces:?}"
    );
}
