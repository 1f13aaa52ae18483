//! The second built-in dossier: another importer, whose law, schedule and trade the dossier brings itself.

#[path = "common/incomes.rs"]
mod incomes;

use std::sync::OnceLock;

use winset::brief::{self, Brief, Edition};
use winset::dossier::Files;
use winset::export::{self, Format};
use winset::lang::Lang;
use winset::study::{Bench, ClockTerms, Desk, Quantity, clock};
use winset_law::{Currency, Entry, Law, LawError, Money};

const NAME: &str = "eu-china-2024";

fn files() -> Files {
    Files::open(Some(NAME.as_ref())).unwrap()
}

fn built_in() -> &'static Brief {
    static BRIEF: OnceLock<Brief> = OnceLock::new();
    BRIEF.get_or_init(|| {
        brief::run(files(), None, Lang::En, &|_, _, _| ()).unwrap_or_else(|error| panic!("{error}"))
    })
}

fn law() -> &'static Law {
    static LAW: OnceLock<Law> = OnceLock::new();
    LAW.get_or_init(|| winset::study::law(&files()).unwrap())
}

/// What is owed on a car of 100 EUR, in per cent, and what would change it.
fn owed(origin: &str, on: &str, firm: Option<&str>, claim: Option<&str>) -> (String, usize) {
    let (importer, goods) = ("EU".parse().unwrap(), "8703.80.10".parse().unwrap());
    let value = Money::new(100.into(), Currency::EUR);
    let (origin, on) = (origin.parse().unwrap(), on.parse().unwrap());
    let mut entry = Entry::new(importer, goods, origin, on, value);
    if let Some(firm) = firm {
        entry = entry.fact("firm", firm).unwrap();
    }
    if let Some(claim) = claim {
        entry = entry.claim(claim);
    }
    let answer = law().assess(&entry, None).unwrap();
    (
        answer.total.amount.normalize().to_string(),
        answer.needs.len(),
    )
}

#[test]
fn a_car_owes_ten_per_cent_and_its_firms_duty() {
    let after = "2024-11-05";
    for (firm, total) in [
        ("byd", "27"),
        ("geely", "28.8"),
        ("saic", "45.3"),
        ("tesla", "17.8"),
        ("cooperating", "30.7"),
        ("another", "45.3"),
    ] {
        assert_eq!(
            owed("CN", after, Some(firm), None),
            (total.to_owned(), 0),
            "{firm}"
        );
    }
    // Nothing is stated: the residual rate, and the four firms that would owe less are asked for.
    assert_eq!(owed("CN", after, None, None), ("45.3".to_owned(), 4));
    // The first day, the last, and the days around them; the provisional duty was not collected.
    assert_eq!(owed("CN", "2024-07-05", Some("saic"), None).0, "10");
    assert_eq!(owed("CN", "2024-10-29", Some("saic"), None).0, "10");
    assert_eq!(owed("CN", "2024-10-30", Some("saic"), None).0, "45.3");
    assert_eq!(owed("CN", "2029-10-29", Some("saic"), None).0, "45.3");
    assert_eq!(owed("CN", "2029-10-30", Some("saic"), None).0, "10");
}

#[test]
fn other_origins_owe_the_ordinary_rate_or_their_preference() {
    let after = "2024-11-05";
    assert_eq!(owed("KR", after, Some("byd"), None).0, "10");
    assert_eq!(owed("KR", after, None, Some("KR")).0, "0");
    assert_eq!(owed("GB", after, None, Some("GB")).0, "0");
    assert_eq!(
        owed("CN", after, Some("byd"), Some("KR")).0,
        "27",
        "the agreement of another"
    );
}

#[test]
fn the_sector_pays_the_average_of_its_firms() {
    let b = built_in();
    let line = b
        .situation
        .lines
        .iter()
        .find(|l| l.code == "8703.80.10")
        .unwrap();
    let shares = [
        (0.38, 0.078),
        (0.24, 0.353),
        (0.11, 0.188),
        (0.05, 0.17),
        (0.20, 0.207),
        (0.02, 0.353),
    ];
    let average: f64 = 0.10 + shares.iter().map(|(share, rate)| share * rate).sum::<f64>();
    assert!(
        (line.rate - average).abs() < 1e-9,
        "{} {average}",
        line.rate
    );
    assert!(
        line.needs
            .iter()
            .any(|n| n.contains("average over assumed shares by `firm`"))
    );
    let day = |date: &str| {
        b.situation
            .days
            .iter()
            .find(|d| d.date == date)
            .unwrap()
            .weighted
    };
    assert!((day("2024-10-29") - day("2024-01-01")).abs() < 1e-12);
    assert!(day("2024-10-30") - day("2024-10-29") > 0.01);
}

#[test]
fn the_brief_is_whole_and_speaks_of_these_talks_alone() {
    let b = built_in();
    assert_eq!(b.sentences.len(), 5);
    assert_eq!(b.sides, ["China", "the European Union"]);
    assert_eq!(
        (b.situation.trade_year, b.situation.baseline.as_str()),
        (2023, "2024-01-01")
    );
    assert_eq!(b.no_deal.no_deal.len(), 2);
    assert_eq!(b.packages.accounts.len(), 7);
    assert_eq!(b.packages.proposals.len(), 3);
    // Somebody can sign something, whatever they want; else the brief would have to say who stops it.
    assert!(b.packages.accounts.iter().all(|a| a.win_set > 0.0));
    assert!(b.packages.proposals.iter().all(|p| p.blocked_by.is_empty()));
    assert_eq!(b.doubt.sets.len(), 8);
    assert!(!b.others.claims_on_us.is_empty() && b.others.claimants.is_empty());

    let html = export::write(b, Format::Html, Edition::Full).unwrap();
    let html = String::from_utf8(html).unwrap();
    for section in [
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
            html.contains(&format!("<section id=\"{section}\">")),
            "{section}"
        );
    }
    let json = export::write(b, Format::Json, Edition::Full).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["dossier"], NAME);
    assert_eq!(json["situation"]["trade_year"], 2023);
    // Words of the first dossier, or of the law that ships.
    for word in [
        "Washington",
        "Japanese",
        "the pause",
        "country rate",
        "section 232",
        "Section 232",
        "USMCA",
        "Harmonized Tariff",
        "yen",
        "NaN",
        "2025-08-15",
        "exchange rate:",
    ] {
        assert!(!html.contains(word), "`{word}` in the brief");
    }
}

/// The markets of brandy, pork and dairy are part of a package's real income wherever it is told.
#[test]
fn a_package_has_one_real_income_in_all_sections() {
    let b = built_in();
    incomes::assert_real_incomes_agree(b);
    let bench = Bench::open(files(), None).unwrap();
    let first = &b.packages.proposals[0];
    let sides = [first.ours.ev, first.theirs.ev];
    let products = ["CHN", "EU27"].map(|side| bench.income_beside(&first.indices, side));
    assert!(
        products.iter().all(|x| x.abs() > 0.01),
        "{products:?} of {sides:?}"
    );
}

/// Under minimum prices the duty is not levied, buyers pay nearly as before, and what customs had goes to the sellers.
#[test]
fn an_undertaking_moves_the_rent_to_the_sellers() {
    let bench = Bench::open(files(), None).unwrap();
    let worlds = bench.worlds().unwrap();
    let payoffs = bench.payoffs(&worlds, &|_, _| ()).unwrap();
    let place = |indicator: &str| {
        let indicator = indicator.parse().unwrap();
        payoffs.place(&Quantity::Indicator(indicator)).unwrap()
    };
    let [china, union, revenue, output] =
        ["ev:CHN", "ev:EU27", "revenue:EU27", "output_pct:EU27:C29"].map(place);
    let of = |issue: usize, option: u16| {
        let mut package = vec![0; bench.dossier.issues.issue.len()];
        package[issue] = option;
        payoffs.of(&package)
    };
    // duties, lower, undertaking, quota, suspended.
    let (undertaking, suspended) = (of(0, 2), of(0, 4));
    assert!(
        undertaking[china] > suspended[china],
        "the sellers keep the price"
    );
    assert!(undertaking[union] < suspended[union] && undertaking[revenue] < -0.5);
    let (held, lost) = (undertaking[output], suspended[output]);
    assert!(
        held > 0.2 * lost && lost < 0.0,
        "the price protects nearly as the duty did: {held} {lost}"
    );
    // The same at the other border: minimum prices for brandy leave its rent with the sellers in the Union.
    let brandy = bench
        .dossier
        .issues
        .issue
        .iter()
        .position(|i| i.id.get_ref() == "brandy")
        .unwrap();
    let (undertaking, ended) = (of(brandy, 1), of(brandy, 2));
    assert!(undertaking[union] > ended[union] && undertaking[china] < ended[china]);

    // With nothing kept it is a suspension; with all of it kept, buyers in the Union pay what they paid.
    let kept = |share: &str| {
        let text = files().get("assumptions.toml").unwrap().text().to_owned();
        let text = text.replacen(
            "value = 0.9\nlow = 0.6",
            &format!("value = {share}\nlow = 0.0"),
            1,
        );
        let bench = Bench::open(files().with("assumptions.toml", &text), None).unwrap();
        bench.our_rates(&[(0, 2)]).unwrap()
    };
    let (none, all) = (kept("0.0"), kept("1.0"));
    let before = bench.our_rates(&[]).unwrap();
    assert!(none.price_kept.values().all(|x| *x == 0.0));
    assert!((all.change["C29"] + all.price_kept["C29"] - before.change["C29"]).abs() < 1e-12);
    assert!(before.price_kept.is_empty() && before.change["C29"] > 0.05);
}

/// The rent is told where the option is: which sellers have it, and how much.
#[test]
fn the_brief_says_who_keeps_the_price() {
    let b = built_in();
    let rows = b.demands.demands.iter().chain(&b.demands.ours);
    let telling: Vec<(&str, &str, &str)> = rows
        .flat_map(|d| {
            let notes = d
                .notes
                .iter()
                .filter(|n| n.starts_with("Prices are kept up"));
            notes.map(|n| (d.issue.as_str(), d.option.as_str(), n.as_str()))
        })
        .collect();
    let who: Vec<(&str, &str, bool)> = telling
        .iter()
        .map(|(issue, option, note)| (*issue, *option, note.contains("(China)")))
        .collect();
    assert_eq!(
        who,
        [
            ("brandy", "undertaking", false),
            ("car-duty", "undertaking", true),
            ("car-duty", "quota", true)
        ],
        "{telling:?}"
    );
}

/// Until the cliff China's answer is not in force: that is worth something to the Union, and its duties stay.
#[test]
fn until_the_cliff_nobody_has_answered() {
    let bench = Bench::open(files(), None).unwrap();
    let terms = ClockTerms::new(&bench).unwrap();
    let desk = Desk::of(bench, &|_, _, _| ()).unwrap();
    let report = clock(&desk, &desk.answers().unwrap(), &terms).unwrap();
    assert_eq!(report.weeks, 10);
    assert!(
        report.rows.iter().all(|r| r.interim[1] > 0.2),
        "{:?}",
        report.rows[0].interim
    );
}

#[test]
fn what_a_dossier_brings_wrongly_is_shown_where_it_stands() {
    let told = |file: &str, from: &str, to: &str| {
        let text = files().get(file).unwrap().text().to_owned();
        assert!(text.contains(from), "{from}");
        let changed = files().with(file, &text.replacen(from, to, 1));
        match Bench::open(changed, None) {
            Ok(_) => panic!("{file}: `{to}` passed"),
            Err(error) => error.to_string(),
        }
    };
    for (file, from, to, words) in [
        (
            "dossier.toml",
            "trade = {",
            "# trade = {",
            "no trade of European Union ships",
        ),
        (
            "dossier.toml",
            "measures/trade.csv",
            "measures/none.csv",
            "no file `measures/none.csv`",
        ),
        (
            "dossier.toml",
            "byd = \"share-byd\"",
            "bvd = \"share-byd\"",
            "unknown fact of the law `firm=bvd`",
        ),
        (
            "assumptions.toml",
            "value = 0.38\nlow = 0.25\nhigh = 0.45",
            "value = 0.6\nlow = 0.25\nhigh = 0.7",
            "the shares by `firm` sum to 1.2",
        ),
        (
            "measures/schedule.csv",
            "p/st,2.7%",
            "p/st,2.7 per cent",
            "a rate of the schedule is `2.7 per cent`",
        ),
        (
            "measures/trade.csv",
            "8703.80.10,CN,10490000000",
            "8703.80.10,CN,-1",
            "the value is -1",
        ),
        (
            "issues.toml",
            "price-kept = \"undertaking-kept\"",
            "price-kept = \"plants-year\"",
            "price-kept: the assumption `plants-year` is 3",
        ),
        (
            "measures/electric-cars.toml",
            "goods = [\"8703.80.10\"]",
            "goods = [\"8704.80.10\"]",
            "unknown goods prefix `8704.80.10`",
        ),
    ] {
        let error = told(file, from, to);
        assert!(error.contains(words), "{file}, `{to}`: {error}");
    }
}

#[test]
fn days_outside_what_the_files_hold_have_no_answer() {
    let (importer, goods) = ("EU".parse().unwrap(), "8703.80.10".parse().unwrap());
    let value = Money::new(100.into(), Currency::EUR);
    let (origin, on) = ("CN".parse().unwrap(), "2023-12-31".parse().unwrap());
    let answer = law().assess(&Entry::new(importer, goods, origin, on, value), None);
    assert!(matches!(answer, Err(LawError::NotInData { .. })));
    let held = law().held(importer).unwrap();
    assert_eq!(
        (held.0.to_string(), held.1.to_string()),
        ("2024-01-01".to_owned(), "2029-10-30".to_owned())
    );
}
