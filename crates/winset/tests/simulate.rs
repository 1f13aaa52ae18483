//! `winset simulate`: structures and rebates, against each other where theory says that they agree, and against what the
//! papers print; the parts of a shock.

mod common;
#[path = "../../winset-trade/tests/common/mod.rs"]
mod published;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use common::winset;
use published::{case, liberation, ossa, table};
use serde_json::Value;
use winset::world::{
    Margin, SimulateQuestion, Simulated, Structure, StructureOutcome, load_economy, simulate,
};
use winset_trade::gravity::Rebate;
use winset_trade::{Shock, ShockKind};

const SHOCK: &str = "kind,origin,destination,sector,value\n";

fn work(name: &str) -> PathBuf {
    common::work("simulate", name)
}

fn said(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn answer(folder: &Path, args: &[&str]) -> Value {
    let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    serde_json::from_str(&said(&winset(folder, &args))).unwrap()
}

fn refused(folder: &Path, args: &[&str]) -> String {
    let output = winset(folder, args);
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    assert!(output.stdout.is_empty(), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn rows_of(answer: &Value) -> &Vec<Value> {
    answer["regions"].as_array().unwrap()
}

fn row<'a>(answer: &'a Value, region: &str) -> &'a Value {
    let found = rows_of(answer).iter().find(|r| r["region"] == region);
    found.unwrap_or_else(|| panic!("no row of {region}"))
}

fn number(row: &Value, name: &str) -> f64 {
    row[name]
        .as_f64()
        .unwrap_or_else(|| panic!("no {name}: {row}"))
}

fn keys(row: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = row
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// The embedded economy of 17 regions with one sector, as the command makes it; and the same without tariffs in the
/// base year.
fn one_sector(folder: &Path) {
    let mut mapping = "kind,from,to\n".to_owned();
    for sector in load_economy(17).unwrap().sectors() {
        writeln!(mapping, "sector,{sector},ALL").unwrap();
    }
    fs::write(folder.join("one.csv"), mapping).unwrap();
    let args = [
        "economy",
        "aggregate",
        "17",
        "--mapping",
        "one.csv",
        "--out",
    ];
    for out in ["one", "free"] {
        said(&winset(folder, &[&args[..], &[out]].concat()));
    }
    let path = folder.join("free/trade.csv");
    let trade = fs::read_to_string(&path).unwrap();
    let mut lines = trade.lines();
    let header = lines.next().unwrap();
    assert_eq!(header, "origin,destination,sector,value,tariff");
    let free = lines.map(|line| format!("{},0\n", line.rsplit_once(',').unwrap().0));
    fs::write(&path, format!("{header}\n{}", free.collect::<String>())).unwrap();
}

#[test]
fn firms_with_profits_answer_for_the_embedded_economy() {
    let folder = work("krugman");
    fs::write(
        folder.join("none.csv"),
        format!("{SHOCK}tariff_add,*,USA,*,0\n"),
    )
    .unwrap();
    let cars = format!("{SHOCK}tariff_add,*,USA,C29,0.25\n");
    fs::write(folder.join("cars.csv"), cars).unwrap();
    let ask = |shock: &str, more: &[&str]| {
        // Where all sectors have one elasticity, profits are one share of all sales.
        let sets = ["--elasticities", "CP"];
        let args = ["simulate", "17", "--structure", "krugman", "--shock", shock];
        answer(&folder, &[&args[..], &sets, more].concat())
    };
    let none = ask("none.csv", &[]);
    for region in rows_of(&none) {
        assert!(number(region, "real_income_pct").abs() < 1e-9, "{region}");
        assert!(number(region, "profits_pct").abs() < 1e-9, "{region}");
    }
    let moved = ask("cars.csv", &["--out", "results"]);
    assert_eq!(moved["format"], 1);
    assert_eq!(moved["status"], "converged");
    assert_eq!(
        (&moved["structure"], &moved["rebate"], &moved["inputs"]),
        (&"krugman".into(), &"lump-sum".into(), &false.into())
    );
    assert!(number(&moved, "residual") < 1e-12);
    assert_eq!(rows_of(&moved).len(), 17);
    // Profits move to the United States, with its wage; the seller of cars loses.
    let (usa, japan) = (row(&moved, "USA"), row(&moved, "JPN"));
    assert!(number(usa, "relative_wage_pct") > 0.0 && number(usa, "profits_pct") > 0.0);
    assert!(number(japan, "real_income_pct") < 0.0 && number(japan, "profits_pct") < 0.0);
    let before = number(row(&none, "USA"), "revenue_busd");
    assert!(number(usa, "revenue_busd") > before);
    assert_eq!(
        keys(usa),
        [
            "price_index",
            "profits_pct",
            "real_income_pct",
            "region",
            "relative_wage_pct",
            "revenue_busd",
            "wage",
            "welfare_pct"
        ]
    );
    let written = fs::read_to_string(folder.join("results/regions.csv")).unwrap();
    assert!(written.starts_with(
        "region,real_income_pct,welfare_pct,wage,price_index,revenue_busd,relative_wage_pct,profits_pct\nUSA,"
    ));
    assert_eq!(written.lines().count(), 18);
    assert_eq!(fs::read_dir(folder.join("results")).unwrap().count(), 1);
    // Without deficits it is another world.
    let closed = ask("cars.csv", &["--deficits", "zero"]);
    let apart = number(row(&closed, "USA"), "real_income_pct") - number(usa, "real_income_pct");
    assert!(apart.abs() > 1e-4, "{apart}");
    let args = [
        "simulate",
        "17",
        "--structure",
        "krugman",
        "--shock",
        "cars.csv",
    ];
    let text = said(&winset(&folder, &args));
    for word in [
        "structure krugman",
        "profits %",
        "input–output links",
        "JPN",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn with_one_sector_the_structures_agree() {
    let folder = work("one");
    one_sector(&folder);
    fs::write(
        folder.join("shock.csv"),
        format!("{SHOCK}tariff_add,*,USA,*,0.1\ntariff_add,USA,CHN,*,0.2\n"),
    )
    .unwrap();
    let ask = |economy: &str, more: &[&str]| {
        let args = ["simulate", economy, "--shock", "shock.csv"];
        answer(&folder, &[&args[..], more].concat())
    };
    let plain = ask("one", &["--no-inputs"]);
    assert_eq!(plain["structure"], "armington");
    // Profits are a constant share of sales: firms change nothing.
    let firms = ask("one", &["--structure", "krugman"]);
    // Labour that does not move is not drawn by a lower tax.
    let free = ask("free", &["--no-inputs"]);
    let relief = ask("free", &["--rebate", "tax-relief"]);
    let mut moved = 0.0_f64;
    for (a, b) in [(&plain, &firms), (&free, &relief)] {
        for (a, b) in rows_of(a).iter().zip(rows_of(b)) {
            assert_eq!(a["region"], b["region"]);
            for name in ["real_income_pct", "wage", "price_index", "revenue_busd"] {
                let (a, b) = (number(a, name), number(b, name));
                assert!((a - b).abs() < 1e-8 * a.abs().max(1.0), "{name}: {a} {b}");
            }
            moved = moved.max(number(a, "real_income_pct").abs());
        }
    }
    assert!(moved > 0.1, "{moved}");
    assert_eq!(
        (&relief["structure"], &relief["rebate"], &relief["deficits"]),
        (&"armington".into(), &"tax-relief".into(), &"fixed".into())
    );
    // A lower tax draws labour, and with it income.
    let elastic = ["--labour-supply", "0.5"];
    let lump = ask("free", &[&["--no-inputs"][..], &elastic].concat());
    let relief = ask(
        "free",
        &[&["--rebate", "tax-relief"][..], &elastic].concat(),
    );
    let (lump, relief) = (row(&lump, "USA"), row(&relief, "USA"));
    assert!(number(relief, "labour") > number(lump, "labour") + 1e-4);
    assert!(number(relief, "real_income_pct") > number(lump, "real_income_pct"));
    assert_eq!(
        keys(relief),
        [
            "labour",
            "price_index",
            "real_income_pct",
            "region",
            "revenue_busd",
            "wage",
            "welfare_pct"
        ]
    );
}

/// Effort: real income is before it, welfare and EV after it, and the text says which is which.
#[test]
fn with_elastic_labour_welfare_stands_beside_real_income() {
    let folder = work("effort");
    fs::write(
        folder.join("shock.csv"),
        format!("{SHOCK}tariff,*,USA,*,0.2\n"),
    )
    .unwrap();
    let args = ["simulate", "17", "--shock", "shock.csv"];
    let elastic = [&args[..], &["--labour-supply", "0.5"]].concat();
    let accounts: Value = serde_json::from_str(&said(&winset(
        &folder,
        &["economy", "check", "17", "--json"],
    )))
    .unwrap();
    let solved = answer(&folder, &elastic);
    assert_eq!(solved["labour_supply"], 0.5);
    for (r, base) in rows_of(&solved).iter().zip(rows_of(&accounts)) {
        let effort = number(base, "value_added_busd") / 3.0;
        let net = number(base, "final_demand_busd") - effort;
        let ev = net * number(r, "welfare_pct") / 100.0;
        assert!((number(r, "ev_busd") - ev).abs() < 1e-6 * net, "{r}");
        let apart = number(r, "real_income_pct") - number(r, "welfare_pct");
        assert!(apart.abs() > 1e-4, "{r}");
    }
    let rigid = answer(&folder, &args);
    for r in rows_of(&rigid) {
        let apart = number(r, "real_income_pct") - number(r, "welfare_pct");
        assert!(apart.abs() < 1e-10, "{r}");
    }
    let note = "Welfare, and EV with it, is net of the effort of labour; real income and its parts are not.";
    let text = said(&winset(&folder, &elastic));
    assert!(text.contains("welfare %") && text.contains(note), "{text}");
    assert!(!said(&winset(&folder, &args)).contains("welfare"));
}

/// The best tariff of the United States where labour is elastic is that of the largest EV, about 26 %, and not half of it,
/// where gross real income is largest.
#[test]
fn the_optimal_tariff_counts_the_effort_of_labour() {
    let folder = work("optimal");
    let elastic = ["--labour-supply", "0.5", "--deficits", "zero"];
    let args = ["strategy", "17", "--player", "USA", "--kind", "optimal"];
    let uniform = ["--instrument", "uniform"];
    let found = answer(&folder, &[&args[..], &uniform, &elastic].concat());
    let rate = number(row(&found, "USA"), "tariff");
    assert!(rate > 0.2 && rate < 0.3, "{rate}");
    let ev = |rate: f64| {
        let shock = format!("{SHOCK}tariff,*,USA,*,{rate}\n");
        fs::write(folder.join("shock.csv"), shock).unwrap();
        let args = ["simulate", "17", "--shock", "shock.csv"];
        let solved = answer(&folder, &[&args[..], &elastic].concat());
        number(row(&solved, "USA"), "ev_busd")
    };
    let (below, best, above) = (ev(rate - 0.02), ev(rate), ev(rate + 0.02));
    assert!(best > below && best > above, "{below} {best} {above}");
    let krugman = ["--structure", "krugman", "--elasticities", "U4"];
    let said = refused(&folder, &[&args[..], &uniform, &elastic, &krugman].concat());
    assert!(said.contains("no elasticity of labour supply"), "{said}");
}

#[test]
fn what_a_structure_does_not_have_is_refused() {
    let folder = work("refused");
    one_sector(&folder);
    let write = |name: &str, row: &str| {
        fs::write(folder.join(name), format!("{SHOCK}{row}\n")).unwrap();
    };
    write("shock.csv", "tariff_add,JPN,USA,*,0.1");
    let krugman = ["--structure", "krugman"];
    let relief = ["--rebate", "tax-relief"];
    let refuse = |economy: &str, what: &[&str], more: &[&str], words: &[&str]| {
        let args = ["simulate", economy, "--shock", "shock.csv"];
        let message = refused(&folder, &[&args[..], what, more].concat());
        for word in words {
            assert!(message.contains(word), "{more:?}: {message}");
        }
    };
    for (more, words) in [
        (
            &["--labour-supply", "0.5"][..],
            &["krugman", "labour supply"][..],
        ),
        (&["--numeraire", "USA"], &["krugman", "numeraire"]),
        (
            &["--deficits", "proportional"],
            &["krugman", "proportional", "zero"],
        ),
        (&["--draws", "5"], &["krugman", "draws"]),
        (&["--parts"], &["krugman", "parts"]),
        (&["--scale", "0.1"], &["krugman", "scale"]),
        (
            &["--rebate", "tax-relief"],
            &["krugman", "tax-relief", "armington"],
        ),
    ] {
        refuse("17", &krugman, more, words);
    }
    for (more, words) in [
        (
            &["--numeraire", "USA"][..],
            &["tax-relief", "numeraire"][..],
        ),
        (&["--deficits", "zero"], &["tax-relief", "`zero`"]),
        (
            &["--deficits", "proportional"],
            &["tax-relief", "`proportional`"],
        ),
        (&["--draws", "5"], &["tax-relief", "draws"]),
        (&["--parts"], &["tax-relief", "parts"]),
    ] {
        refuse("free", &relief, more, words);
    }
    refuse(
        "17",
        &relief,
        &[],
        &["one sector", "28", "winset economy aggregate"],
    );
    refuse("one", &relief, &[], &["baseline without tariffs"]);
    refuse(
        "17",
        &[],
        &["--scale", "0.1"],
        &["an elasticity of scale", "one sector"],
    );
    refuse(
        "free",
        &["--scale", "0.1"],
        &["--draws", "5"],
        &["scale", "draws"],
    );
    // Kinds of shocks that they do not take are faults of the file.
    for (row, words) in [
        ("iceberg,JPN,USA,*,1.1", "tariffs only"),
        ("transfer,JPN,USA,,5", "tariff, tariff_add"),
    ] {
        write("other.csv", row);
        let args = ["simulate", "17", "--shock", "other.csv"];
        let output = winset(&folder, &[&args[..], &krugman].concat());
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{message}");
        assert!(
            message.contains("other.csv") && message.contains(words),
            "{message}"
        );
    }
    // What no command can ask: input–output links of a structure without them.
    let mut question = SimulateQuestion::new("U4");
    question.structure = Structure::Krugman;
    question.inputs = Some(true);
    let economy = load_economy(17).unwrap();
    let error = simulate(&economy, &question, &Shock::new()).unwrap_err();
    assert!(error.to_string().contains("input–output links"), "{error}");
}

/// The answer of another structure than the default.
fn structure(answer: Simulated) -> StructureOutcome {
    match answer {
        Simulated::Structure(outcome) => outcome,
        Simulated::Model(_) => panic!("the default structure answered"),
    }
}

/// Table 3a: Brazil's optimal tariffs, its welfare, relative wage and profits.
#[test]
fn ossa_2014_table_3() {
    let Some(folder) = case("trade/ossa2014") else {
        return;
    };
    let paper = ossa::load(&folder);
    let model = &paper.model;
    let n = model.regions().len();
    let tariffs = ossa::published(&folder, model, "optimal_unilateral_bas");
    let player = model.regions().iter().position(|r| r == "Brazil").unwrap();
    let mut shock = Shock::new();
    for at in (player..tariffs.len()).step_by(n) {
        let (sector, origin) = (&model.sectors()[at / n / n], &model.regions()[at / n % n]);
        shock = shock.tariff(origin, "Brazil", sector, tariffs[at]);
    }
    let mut question = SimulateQuestion::new("main");
    question.structure = Structure::Krugman;
    let solved = structure(simulate(&paper.economy, &question, &shock).unwrap());
    let row = &solved.regions[player];
    let printed = table(&folder.join("expected/published_TABLE3a.csv"));
    let place = printed.column_names().next().unwrap().to_owned();
    let at = (printed.texts(&place).unwrap().iter())
        .position(|r| r == "Brazil")
        .unwrap();
    for (column, value) in [
        ("welfare_own", row.real_income_pct),
        ("wage_own", row.relative_wage_pct.unwrap()),
        ("profits_own", row.profits_pct.unwrap()),
    ] {
        let want = printed.reals(column).unwrap()[at];
        println!("Brazil {column}: {value:.6}, printed {want}");
        assert!(
            (value - want).abs() <= 0.05 + 1e-8,
            "{column}: {value} {want}"
        );
    }
}

/// Table 9, Eaton–Kortum–Krugman, tax relief: welfare of the United States 1.24 %, employment 0.41 %.
#[test]
fn liberation_day_table_9() {
    let Some(folder) = case("trade/liberation_day_jie2025") else {
        return;
    };
    let paper = liberation::load(&folder);
    let shock = paper.shock(|k| paper.ustr[k], |_| 0.0);
    assert!(shock.rows().iter().all(|row| row.kind == ShockKind::Tariff));
    let mut question = SimulateQuestion::new("four");
    question.rebate = Rebate::TaxRelief;
    question.labour_supply = 0.5;
    question.scale = liberation::SCALE / 4.0;
    let solved = structure(simulate(&paper.economy, &question, &shock).unwrap());
    let usa = &solved.regions[paper.usa];
    let employment = 100.0 * (usa.labour.unwrap() - 1.0);
    println!(
        "USA welfare {:.6}, employment {employment:.6}",
        usa.real_income_pct
    );
    assert!((usa.real_income_pct - 1.24).abs() <= 0.005);
    assert!((employment - 0.41).abs() <= 0.005);
    // The case's own figure, of which the paper prints two decimals.
    assert!((usa.real_income_pct - 1.242_574_338_76).abs() < 1e-8);
    // Tables 1 and 2 in full, with the margins of every country.
    let margins = paper.economy.regions().iter().enumerate();
    question.margins = margins
        .map(|(r, region)| Margin {
            region: region.clone(),
            local_share: paper.local[r],
            selection: paper.selection[r],
        })
        .collect();
    let ustr = |k: usize| paper.ustr[k];
    for (name, rebate, shock) in [
        (
            "T1c1_ustr_taxrelief",
            Rebate::TaxRelief,
            paper.shock(ustr, |_| 0.0),
        ),
        (
            "T1c2_ustr_lumpsum",
            Rebate::LumpSum,
            paper.shock(ustr, |_| 0.0),
        ),
        (
            "T2c1_ustr_reciprocal",
            Rebate::TaxRelief,
            paper.shock(ustr, ustr),
        ),
    ] {
        question.rebate = rebate;
        let solved = structure(simulate(&paper.economy, &question, &shock).unwrap());
        let expected = table(&folder.join(format!("expected/ours_{name}.csv")));
        let regions = expected.texts("iso3").unwrap();
        let welfare = expected.reals("d_welfare_pct").unwrap();
        for row in &solved.regions {
            let wanted = welfare[regions.iter().position(|r| *r == row.region).unwrap()];
            assert!(
                (row.welfare_pct - wanted).abs() < 1e-6,
                "{name} {}",
                row.region
            );
        }
    }
}

/// Margins as the command reads them.
#[test]
fn margins_by_region() {
    let folder = work("margins");
    one_sector(&folder);
    fs::write(
        folder.join("shock.csv"),
        format!("{SHOCK}tariff,*,USA,*,0.1\n"),
    )
    .unwrap();
    let ask = |margins: &str| {
        fs::write(folder.join("margins.csv"), margins).unwrap();
        let args = [
            "simulate",
            "free",
            "--shock",
            "shock.csv",
            "--margins",
            "margins.csv",
            "--json",
        ];
        winset(&folder, &args)
    };
    let of = |output: Output| {
        let told: Value = serde_json::from_str(&said(&output)).unwrap();
        number(row(&told, "USA"), "real_income_pct")
    };
    let plain = of(ask("region,local_share,selection\nUSA,0,1\n"));
    let default = answer(
        &folder,
        &["simulate", "free", "--shock", "shock.csv", "--no-inputs"],
    );
    assert!((plain - number(row(&default, "USA"), "real_income_pct")).abs() < 1e-8);
    assert!((of(ask("region,local_share\nUSA,0.3\n")) - plain).abs() > 1e-3);
    assert!((of(ask("region,selection\nUSA,1.2\n")) - plain).abs() > 1e-3);
    for (margins, expected) in [
        ("region,local_share\nUSAA,0.3\n", "USAA"),
        (
            "region,local_share\nUSA,0.3\nUSA,0.3\n",
            "row 2: the margins of USA stand twice",
        ),
        ("region,local_share\nUSA,lots\n", "lots"),
        ("region,selection\nUSA,-1\n", "selection"),
    ] {
        let output = ask(margins);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && told.contains(expected),
            "{told}"
        );
    }
}

#[test]
fn the_parts_of_a_shock_add_up() {
    let folder = work("parts");
    let rows = [
        ("tariff_add,*,USA,C29,0.25", "cars"),
        ("iceberg,USA,EU27,C29,0.95", "cars"),
        ("tariff_add,CHN,USA,*,0.2", "China"),
        ("tariff_add,USA,CHN,*,0.2", "the answer, later"),
        ("transfer,JPN,USA,,20000", "a gift"),
    ];
    let header = SHOCK.trim_end();
    let named = |only: &[&str]| {
        let mut text = format!("{header},part\n");
        for (row, part) in rows.iter().filter(|(_, part)| only.contains(part)) {
            writeln!(text, "{row},\"{part}\"").unwrap();
        }
        text
    };
    let names = ["cars", "China", "the answer, later", "a gift"];
    let ask = |text: &str, more: &[&str]| {
        fs::write(folder.join("shock.csv"), text).unwrap();
        let args = ["simulate", "17", "--shock", "shock.csv"];
        answer(&folder, &[&args[..], more].concat())
    };
    let whole = ask(&named(&names), &["--parts", "--out", "results"]);
    let parts = whole["parts"].as_array().unwrap();
    let found: Vec<&str> = parts.iter().map(|p| p["part"].as_str().unwrap()).collect();
    assert_eq!(found, names);
    let (mut largest, mut apart) = (0.0_f64, 0.0_f64);
    for (r, region) in rows_of(&whole).iter().enumerate() {
        let shares: Vec<&Value> = parts.iter().map(|p| &p["regions"][r]).collect();
        assert!(shares.iter().all(|s| s["region"] == region["region"]));
        let sum: f64 = shares.iter().map(|s| number(s, "real_income_pct")).sum();
        let total = number(region, "real_income_pct");
        assert!((sum - total).abs() < 1e-9, "{region}: {sum} {total}");
        largest = largest.max(total.abs());
        let alone = |s: &Value| (number(s, "alone_pct") - number(s, "real_income_pct")).abs();
        apart = shares.iter().map(|s| alone(s)).fold(apart, f64::max);
    }
    // A shock that moves incomes, and parts that do not simply add up.
    assert!(largest > 0.1 && apart > 1e-3, "{largest} {apart}");
    // Each alone, and each as the last, are answers of their own.
    for (k, name) in names.iter().enumerate() {
        let others: Vec<&str> = names.iter().filter(|n| *n != name).copied().collect();
        let (alone, without) = (ask(&named(&[name]), &[]), ask(&named(&others), &[]));
        assert!(alone.get("parts").is_none());
        for (r, region) in rows_of(&whole).iter().enumerate() {
            let share = &parts[k]["regions"][r];
            let alone = number(&rows_of(&alone)[r], "real_income_pct");
            let last = number(region, "real_income_pct")
                - number(&rows_of(&without)[r], "real_income_pct");
            assert!((number(share, "alone_pct") - alone).abs() < 1e-9, "{name}");
            assert!((number(share, "last_pct") - last).abs() < 1e-9, "{name}");
        }
    }
    let written = fs::read_to_string(folder.join("results/parts.csv")).unwrap();
    assert!(written.starts_with("part,region,real_income_pct,alone_pct,last_pct\ncars,USA,"));
    assert_eq!(written.lines().count(), 1 + 4 * 17);
    // Without names each row is a part, and two halves of one change share it.
    let twice = format!("{SHOCK}tariff_add,JPN,USA,C29,0.1\ntariff_add,JPN,USA,C29,0.1\n");
    let twice = ask(&twice, &["--parts", "--deficits", "zero"]);
    let (one, two) = (&twice["parts"][0], &twice["parts"][1]);
    assert_eq!(
        (&one["part"], &two["part"]),
        (&"row 1".into(), &"row 2".into())
    );
    for (a, b) in rows_of(one).iter().zip(rows_of(two)) {
        let (a, b) = (number(a, "real_income_pct"), number(b, "real_income_pct"));
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
    fs::write(folder.join("shock.csv"), named(&names)).unwrap();
    let args = ["simulate", "17", "--shock", "shock.csv", "--parts"];
    let text = said(&winset(&folder, &args));
    assert!(
        text.contains("by part of the shock") && text.contains("the answer, later"),
        "{text}"
    );
}

/// What a shock cannot say is shown with its file, row and column.
#[test]
fn faults_of_a_shock_name_the_cell() {
    let folder = work("cells");
    for (row, column, what) in [
        ("labour,USA,JPN,*,0.9", "origin", "has no origin"),
        ("labour,*,JPN,C29,0.9", "sector", "has no sector"),
        ("transfer,USA,JPN,C29,1", "sector", "has no sector"),
        ("transfer,*,JPN,*,1", "origin", "name one"),
        ("deficit,USA,JPN,*,1", "origin", "has no origin"),
        ("deficit,*,!JPN,*,1", "destination", "name one"),
        ("purchase,USA,JPN,*,1", "sector", "name one"),
        ("purchase,USA,JPN,C29,0", "value", "above zero"),
        ("tariff,JPN|JPN,USA,*,0.1", "origin", "stands twice"),
        ("tariff,JPN,,*,0.1", "destination", "blank"),
        ("tariff,JPN,USA,*,-1", "value", "above −1"),
        ("iceberg,JPN,USA,*,0", "value", "above zero"),
        ("export_subsidy,JPN,USA,*,1", "value", "below 1"),
        ("labour,*,JPN,*,0", "value", "above zero"),
        ("tariff,JPX,USA,*,0.1", "origin", "no region named"),
        ("tariff_add,JPN,USA,*,-1.2", "value", "above −1"),
    ] {
        let shock = format!("{SHOCK}tariff_add,*,USA,*,0.1\n{row}\n");
        fs::write(folder.join("shock.csv"), shock).unwrap();
        let args = ["simulate", "17", "--shock", "shock.csv", "--json"];
        let output = winset(&folder, &args);
        assert_eq!(output.status.code(), Some(3), "{row}");
        let error: Value = [&output.stdout, &output.stderr]
            .iter()
            .find_map(|text| serde_json::from_slice(text).ok())
            .unwrap_or_else(|| panic!("{row}: no JSON"));
        let place = &error["error"]["places"][0];
        assert_eq!(
            (&place["file"], &place["line"]),
            (&"shock.csv".into(), &3.into()),
            "{row}"
        );
        let at = SHOCK.trim().split(',').position(|c| c == column).unwrap();
        let before: usize = row.split(',').take(at).map(|c| c.chars().count() + 1).sum();
        assert_eq!(place["column"], before + 1, "{row}");
        let told = place["what"].as_str().unwrap();
        assert!(
            told.contains(&format!("row 2, column `{column}`")) && told.contains(what),
            "{told}"
        );
    }
    for (text, what) in [
        (SHOCK.to_owned(), "there is no row in it"),
        (
            format!("{SHOCK}purchase,USA,JPN,C29,9\npurchase,USA,JPN,C29,8\n"),
            "row 2, column `value`: a second target",
        ),
        (
            "kind,origin,destination,sector,value,rate\ntariff,JPN,USA,*,0.1,1\n".to_owned(),
            "no column `rate`",
        ),
    ] {
        fs::write(folder.join("shock.csv"), text).unwrap();
        let output = winset(&folder, &["simulate", "17", "--shock", "shock.csv"]);
        assert_eq!(output.status.code(), Some(3));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(what), "{told}");
    }
}

/// The same rate comes back, also where it is below the partner's own, and nowhere else.
#[test]
fn reciprocity_is_the_same_rate_back() {
    let folder = work("rate-back");
    let rows = format!("{SHOCK}tariff,JPN,USA,A01,0.01\n");
    fs::write(folder.join("shock.csv"), rows).unwrap();
    let args = [
        "strategy",
        "17",
        "--player",
        "USA",
        "--kind",
        "reciprocate",
        "--instrument",
        "uniform",
        "--shock",
        "shock.csv",
    ];
    let found = answer(&folder, &args);
    let rows = found["tariffs"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
    let back = rows.iter().find(|r| r["origin"] == "USA").unwrap();
    assert_eq!(
        (back["destination"].as_str(), back["sector"].as_str()),
        (Some("JPN"), Some("A01"))
    );
    assert!((number(back, "tariff") - 0.01).abs() < 1e-15);
    assert!(number(back, "base_tariff") > 0.01, "{back}");
}

/// What is sought is sought under the whole shock; what cannot be in force is refused with its row.
#[test]
fn strategy_takes_the_whole_shock_or_refuses_it() {
    let folder = work("whole-shock");
    let args = [
        "strategy",
        "17",
        "--player",
        "USA",
        "--kind",
        "reciprocate",
        "--instrument",
        "uniform",
        "--deficits",
        "fixed",
        "--shock",
        "shock.csv",
    ];
    let rows = format!("{SHOCK}iceberg,*,USA,*,1.2\n");
    fs::write(folder.join("shock.csv"), rows).unwrap();
    let found = answer(&folder, &args);
    let solved = answer(&folder, &["simulate", "17", "--shock", "shock.csv"]);
    let gain = number(row(&found, "USA"), "objective_pct");
    assert!((gain - number(row(&solved, "USA"), "welfare_pct")).abs() < 1e-9 && gain < -0.1);
    let rows = format!("{SHOCK}purchase,USA,JPN,A01,20000\n");
    fs::write(folder.join("shock.csv"), rows).unwrap();
    let output = winset(&folder, &args);
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("shock.csv: row 1, column `kind`: a purchase"),
        "{told}"
    );
    let args = [
        "strategy",
        "17",
        "--player",
        "USA",
        "--kind",
        "optimal",
        "--instrument",
        "uniform",
        "--structure",
        "krugman",
        "--deficits",
        "proportional",
    ];
    assert!(refused(&folder, &args).contains("krugman has no deficits `proportional`"));
}

fn told(folder: &Path, code: i32, args: &[&str]) -> String {
    let output = winset(folder, args);
    assert_eq!(output.status.code(), Some(code), "{args:?}");
    assert!(output.stdout.is_empty(), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// What cannot be is told with its cell, and never answered with numbers.
#[test]
fn what_no_equilibrium_has_is_told() {
    let folder = work("no-equilibrium");
    let args = ["simulate", "17", "--shock", "shock.csv"];
    let with = |rows: &str, code: i32, more: &[&str]| {
        fs::write(folder.join("shock.csv"), format!("{SHOCK}{rows}\n")).unwrap();
        told(&folder, code, &[&args[..], more].concat())
    };
    for (row, region) in [
        ("tariff,*,USA,*,-0.72", "USA"),
        ("transfer,CHE,USA,*,700000", "CHE"),
    ] {
        let told = with(row, 1, &[]);
        let named = format!("no equilibrium: {region} is left without income");
        assert!(told.contains(&named) && told.contains("labour"), "{told}");
        let told = with(row, 1, &["--draws", "3"]);
        assert!(told.contains(&named), "{told}");
    }
    let told = with("tariff,!*,USA,*,0.1", 3, &[]);
    assert!(told.contains("shock.csv"), "{told}");
    let told = with("tariff,JPN,USA,*,0.1", 2, &["--numeraire", "XXX"]);
    assert!(
        told.starts_with("error: numeraire: no region named `XXX`"),
        "{told}"
    );
}

/// The balance of goods with each partner, services left out, in the answer and in its tables; what one gains the other loses.
#[test]
fn the_balance_of_goods_is_told_by_pair() {
    let folder = work("balances");
    fs::write(
        folder.join("shock.csv"),
        format!("{SHOCK}tariff,JPN,USA,*,0.24\n"),
    )
    .unwrap();
    let args = ["simulate", "17", "--shock", "shock.csv", "--out", "out"];
    let found = answer(&folder, &args);
    let rows = found["trade"].as_array().unwrap();
    let pair = |o: &str, d: &str| {
        let row = rows
            .iter()
            .find(|r| r["origin"] == o && r["destination"] == d)
            .unwrap();
        [
            number(row, "goods_balance_busd"),
            number(row, "base_goods_balance_busd"),
        ]
    };
    let (ours, theirs) = (pair("JPN", "USA"), pair("USA", "JPN"));
    assert!(ours[0] < ours[1] && ours[0] + theirs[0] == 0.0 && ours[1] + theirs[1] == 0.0);
    let table = fs::read_to_string(folder.join("out/balances.csv")).unwrap();
    assert!(
        table.contains(&format!("\nJPN,USA,{},{}\n", ours[0], ours[1])),
        "{table}"
    );
}

/// A tariff of many times the value is answered, with the doubt that it was meant.
#[test]
fn a_tariff_in_per_cent_is_doubted() {
    let folder = work("doubt");
    fs::write(
        folder.join("shock.csv"),
        format!("{SHOCK}tariff,JPN,USA,C29,0.1\ntariff,KOR,USA,C29,25\n"),
    )
    .unwrap();
    let args = ["simulate", "17", "--shock", "shock.csv"];
    let doubt =
        "shock.csv: row 2: a tariff of 25 is 2500 per cent: it is a fraction, 0.25 is 25 per cent";
    assert_eq!(answer(&folder, &args)["warnings"][0], doubt);
    assert!(said(&winset(&folder, &args)).starts_with(&format!("warning: {doubt}\n")));
}

/// What is not solved for at once is solved for in steps, and the answer says so.
#[test]
fn prohibitive_tariffs_are_taken_in_steps() {
    let folder = work("steps");
    fs::write(
        folder.join("shock.csv"),
        format!("{SHOCK}tariff,*,*,*,10\n"),
    )
    .unwrap();
    let args = [
        "simulate",
        "17",
        "--shock",
        "shock.csv",
        "--elasticities",
        "U4",
        "--deficits",
        "zero",
    ];
    let steps = answer(&folder, &args)["shock_steps"].as_u64().unwrap();
    assert!(steps > 1);
    let text = said(&winset(&folder, &args));
    assert!(
        text.contains(&format!(", the shock applied in {steps}, ")),
        "{text}"
    );
}

#[test]
fn political_weights_are_named_by_their_row() {
    let folder = work("weights");
    let args = [
        "strategy",
        "17",
        "--player",
        "USA",
        "--kind",
        "optimal",
        "--instrument",
        "uniform",
        "--weights",
        "w.csv",
        "--starts",
        "1",
        "--lowest",
        "-.2",
    ];
    for (rows, what) in [
        (
            "USA,A01,2\nUSA,A01,3\n",
            "w.csv: row 2: this region and sector have a row already",
        ),
        ("USA,A01,-2\n", "w.csv: row 1: the weight is -2"),
    ] {
        fs::write(
            folder.join("w.csv"),
            format!("region,sector,weight\n{rows}"),
        )
        .unwrap();
        let error = told(&folder, 3, &args);
        assert!(error.contains(what), "{error}");
    }
    fs::write(folder.join("w.csv"), "region,sector,weight\nUSA,A01,1\n").unwrap();
    assert!(winset(&folder, &args).status.success());
}

/// Answering in kind optimises nothing, and is not said to.
#[test]
fn reciprocity_is_not_called_optimal() {
    let folder = work("reciprocate");
    let args = ["strategy", "17", "--player", "USA", "--kind", "reciprocate"];
    let text = said(&winset(
        &folder,
        &[&args[..], &["--instrument", "uniform"]].concat(),
    ));
    assert!(
        text.contains("nothing is optimised") && !text.contains("first-order"),
        "{text}"
    );
}

/// The help lists every kind of shock, and draws that no memory holds are refused.
#[test]
fn the_help_has_all_kinds_and_draws_have_a_bound() {
    let folder = work("help");
    let help = said(&winset(&folder, &["simulate", "--help"]));
    for kind in [
        "tariff (",
        "tariff_add (",
        "iceberg (",
        "export_subsidy (",
        "deficit (",
        "transfer (",
        "labour (",
        "purchase (",
        "column part",
    ] {
        assert!(help.contains(kind), "{kind}: {help}");
    }
    let args = [
        "simulate",
        "17",
        "--shock",
        "none.csv",
        "--draws",
        "3000000000",
    ];
    assert!(refused(&folder, &args).contains("1000000"));
}
