//! The economy folder: one wrong folder an error, and folders that are written, read back and merged.

mod common;

use std::path::{Path, PathBuf};

use winset_io::Table;
use winset_trade::{
    Closure, Economy, Form, Mapping, Model, Numeraire, Options, RegionAccounts, Shock, TradeError,
    Workspace,
};

const FILES: [(&str, &str); 5] = [
    (
        "economy.toml",
        "format = 1\nname = \"two\"\nyear = 2000\nunit = \"billion USD\"\nsource = \"by hand\"\n",
    ),
    (
        "trade.csv",
        "origin,destination,sector,value,tariff\n\
         A,A,food,80,0\nA,A,cars,60,0\nA,B,food,10,0.1\nA,B,cars,20,0.05\n\
         B,A,food,15,0\nB,A,cars,10,0.2\nB,B,food,50,0\nB,B,cars,70,0\n",
    ),
    (
        "value_added.csv",
        "region,sector,share\nA,food,0.6\nA,cars,0.5\nB,food,0.7\nB,cars,0.5\n",
    ),
    (
        "inputs.csv",
        "region,input,user,share\nA,food,food,0.2\nA,cars,food,0.2\nA,food,cars,0.1\nA,cars,cars,0.4\n\
         B,food,food,0.2\nB,cars,food,0.1\nB,food,cars,0.1\nB,cars,cars,0.4\n",
    ),
    ("elasticities.csv", "sector,theta,low\nfood,4,2\ncars,5,3\n"),
];

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).unwrap();
    for (file, text) in FILES {
        std::fs::write(path.join(file), text).unwrap();
    }
    path
}

/// File, what is replaced, by what, and what the message must say of it.
const WRONG: [(&str, &str, &str, &[&str]); 19] = [
    (
        "economy.toml",
        "format = 1",
        "format = 2",
        &["format 2", "format 1"],
    ),
    (
        "economy.toml",
        "billion USD",
        "euros",
        &["euros", "billion USD"],
    ),
    ("economy.toml", "year = 2000\n", "", &["year"]),
    (
        "trade.csv",
        "B,A,cars,10",
        "B,A,boats,10",
        &["row 6", "unknown sector `boats`", "food, cars"],
    ),
    (
        "trade.csv",
        "B,A,cars,10",
        "B,C,cars,10",
        &["row 6", "unknown region `C`", "A, B"],
    ),
    (
        "trade.csv",
        "B,A,cars,10",
        "B,A,food,10",
        &["row 6", "a row already"],
    ),
    (
        "trade.csv",
        "A,B,cars,20",
        "A,B,cars,-20",
        &["row 4", "cars from A to B", "-20 is negative"],
    ),
    (
        "trade.csv",
        "10,0.2\n",
        "10,-1\n",
        &["row 6", "cars from B to A", "tariff -1", "above −1"],
    ),
    ("trade.csv", "A,B,cars,20", "A,B,cars,twenty", &["twenty"]),
    ("trade.csv", "A,B,cars,20", "A,B,cars,NaN", &["NaN"]),
    ("trade.csv", "tariff\n", "rate\n", &["tariff"]),
    (
        "value_added.csv",
        "A,cars,0.5\n",
        "",
        &["region A, sector cars", "it sells 80"],
    ),
    (
        "value_added.csv",
        "A,cars,0.5",
        "A,cars,1.5",
        &["row 2", "1.5 is not between 0 and 1"],
    ),
    (
        "value_added.csv",
        "A,cars,0.5",
        "A,cars,0.4",
        &["accounts do not close", "region A, sector cars", "0.9"],
    ),
    (
        "inputs.csv",
        "A,cars,cars,0.4",
        "A,cars,cars,0.3",
        &["accounts do not close", "region A, sector cars"],
    ),
    (
        "elasticities.csv",
        "cars,5,3",
        "cars,5,0",
        &["row 2", "column `low`", "sector cars", "θ is 0"],
    ),
    (
        "elasticities.csv",
        "cars,5,3",
        "food,5,3",
        &["a sector has two rows"],
    ),
    ("elasticities.csv", "cars,5,3", "cars,5,", &["low"]),
    // Industry in A uses 50 of cars.
    (
        "trade.csv",
        "A,A,cars,60,0\n",
        "A,A,cars,1,0\nB,B,food,0,0\n",
        &["row 8", "a row already"],
    ),
];

#[test]
fn each_wrong_folder_says_what_where_and_what_to_do() {
    for (k, (file, from, to, says)) in WRONG.into_iter().enumerate() {
        let path = folder(&format!("wrong-{k}"));
        let text = std::fs::read_to_string(path.join(file)).unwrap();
        assert!(text.contains(from), "{file}: {from}");
        std::fs::write(path.join(file), text.replacen(from, to, 1)).unwrap();
        let message = Economy::from_folder(&path).unwrap_err().to_string();
        for part in says {
            assert!(message.contains(part), "{file}, {to:?}: {message}");
        }
        let faults = Economy::faults_of_folder(&path);
        assert_eq!(faults[0].to_string(), message);
    }
}

#[test]
fn a_missing_file_is_named() {
    for file in [
        "economy.toml",
        "trade.csv",
        "value_added.csv",
        "elasticities.csv",
    ] {
        let path = folder(&format!("without-{file}"));
        std::fs::remove_file(path.join(file)).unwrap();
        let message = Economy::from_folder(&path).unwrap_err().to_string();
        assert!(
            message.contains(file) && message.contains("holds"),
            "{message}"
        );
    }
}

#[test]
fn absorption_and_empty_regions_are_found() {
    let path = folder("absorption");
    let trade = FILES[1].1;
    std::fs::write(
        path.join("trade.csv"),
        trade.replace("A,A,cars,60", "A,A,cars,1"),
    )
    .unwrap();
    let message = Economy::from_folder(&path).unwrap_err().to_string();
    assert!(
        message.starts_with("negative absorption: region A, sector cars"),
        "{message}"
    );

    let path = folder("empty");
    let only =
        "origin,destination,sector,value,tariff\nA,A,food,80,0\nA,A,cars,60,0\nA,B,food,10,0\n";
    std::fs::write(path.join("trade.csv"), only).unwrap();
    let faults = Economy::faults_of_folder(&path);
    let messages: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(
        messages
            .iter()
            .any(|m| m.contains("region B has value added of zero")),
        "{messages:?}"
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let path = folder("many");
    let trade = FILES[1].1;
    let trade = trade
        .replace("B,A,cars,10,0.2", "B,A,boats,-10,-2")
        .replace("A,B,food,10", "A,B,food,-1");
    std::fs::write(path.join("trade.csv"), trade).unwrap();
    std::fs::write(
        path.join("elasticities.csv"),
        "sector,theta\nfood,-4\ncars,0\n",
    )
    .unwrap();
    let faults = Economy::faults_of_folder(&path);
    assert_eq!(faults.len(), 4, "{faults:?}");
    assert!(Economy::faults_of_folder(&folder("right")).is_empty());
}

/// Row of a shock, and what the message must say of it; all before anything is solved.
#[test]
fn a_wrong_shock_names_its_cell() {
    let economy = Economy::from_folder(&folder("shocks")).unwrap();
    let model = Model::new(&economy, Options::new("theta")).unwrap();
    let cases: [(&str, &[&str]); 12] = [
        (
            "tarif,A,B,food,0.1",
            &["no kind of shock named `tarif`", "purchase"],
        ),
        ("tariff,A,C,food,0.1", &["no region named `C`", "A, B"]),
        ("tariff,A,B,boats,0.1", &["no sector named `boats`"]),
        (
            "tariff,A,B,food,-1",
            &["tariff of B on food from A", "-1", "above −1"],
        ),
        (
            "tariff_add,A,*,food,-1.2",
            &["tariff of B on food from A", "above −1"],
        ),
        (
            "iceberg,A,B,food,0",
            &["iceberg factor 0 of food from A to B", "above zero"],
        ),
        (
            "export_subsidy,A,B,food,1",
            &["export subsidy 1 of A on food to B", "below 1"],
        ),
        ("labour,*,B,*,0", &["factor 0 on the labour of B"]),
        (
            "purchase,A,B,food,-4",
            &["purchase of food by B from A", "above zero"],
        ),
        (
            "purchase,A,B,food,4000",
            &["purchase of food by B from A", "check the unit"],
        ),
        ("deficit,*,X,*,1", &["no region named `X`"]),
        ("transfer,A,X,*,1", &["no region named `X`"]),
    ];
    for (row, says) in cases {
        let text = format!("kind,origin,destination,sector,value\n{row}\n");
        let table = Table::from_csv("shock.csv", text.as_bytes()).unwrap();
        let answer = Shock::from_table(&table)
            .and_then(|shock| model.solve(&shock, &mut Workspace::new(), None));
        let message = answer.unwrap_err().to_string();
        for part in says {
            assert!(message.contains(part), "{row}: {message}");
        }
    }
    let table = Table::from_csv(
        "shock.csv",
        b"kind,origin,destination,sector\ntariff,A,B,food\n",
    );
    let message = Shock::from_table(&table.unwrap()).unwrap_err().to_string();
    assert!(message.contains("value"), "{message}");
}

#[test]
fn options_out_of_range_are_told() {
    let economy = Economy::from_folder(&folder("options")).unwrap();
    let says = |options: Options, part: &str| {
        let message = Model::new(&economy, options).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    };
    says(
        Options::new("high"),
        "no elasticities named `high` (there are: theta, low)",
    );
    says(
        Options::new("theta").labour_supply(-0.1),
        "labour supply is -0.1",
    );
    says(
        Options::new("theta").numeraire(Numeraire::Wage("X".into())),
        "no region named `X`",
    );
    let strict = Options {
        tolerance: 0.0,
        ..Options::new("theta")
    };
    says(strict, "tolerance is 0");
    let low = Model::new(&economy, Options::new("low")).unwrap();
    assert_eq!(low.theta(), [2.0, 3.0]);
}

#[test]
fn no_answer_says_residual_and_worst_market() {
    let economy = Economy::from_folder(&folder("no-answer")).unwrap();
    let model = Model::new(&economy, Options::new("theta")).unwrap();
    let shock = Shock::new().transfer("A", "B", 1e4);
    let error = model
        .solve(&shock, &mut Workspace::new(), None)
        .unwrap_err();
    let TradeError::NotConverged {
        residual, worst, ..
    } = &error
    else {
        panic!("{error}");
    };
    assert!(*residual > 1e-6, "{error}");
    assert!(
        error.to_string().contains(worst.as_str()) && !worst.is_empty(),
        "{error}"
    );
}

fn answers(economy: &Economy, closure: Closure, shock: &Shock) -> Vec<u64> {
    let options = Options::new(economy.elasticity_names().next().unwrap().to_owned());
    let model = Model::new(economy, options.closure(closure)).unwrap();
    let solved = model.solve(shock, &mut Workspace::new(), None).unwrap();
    (0..economy.regions().len())
        .map(|i| solved.ev_busd(i).to_bits())
        .collect()
}

#[test]
fn what_is_written_reads_back_to_the_same_bits() {
    let economy = common::synthetic::synthetic(7, 5);
    let shock = Shock::new().tariff_add("*", "R000", "*", 0.2);
    let want = answers(&economy, Closure::Fixed, &shock);
    for form in [Form::Csv, Form::Parquet] {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("written-{form:?}"));
        economy.write_folder(&path, form).unwrap();
        assert!(Economy::faults_of_folder(&path).is_empty());
        let back = Economy::from_folder(&path).unwrap();
        assert_eq!(back.info(), economy.info());
        assert_eq!(back.trade(), economy.trade());
        assert_eq!(answers(&back, Closure::Fixed, &shock), want);
    }
    let nowhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("written-Csv/trade.csv/below");
    let message = economy
        .write_folder(&nowhere, Form::Csv)
        .unwrap_err()
        .to_string();
    assert!(message.contains("below"), "{message}");
}

/// Tables in levels: file, what is replaced, by what, and what the message must say of it.
const WRONG_LEVELS: [(&str, &str, &str, &[&str]); 7] = [
    (
        "value_added.csv",
        "B,cars,49\n",
        "B,cars,49\nA,food,500\n",
        &["value_added.csv: row 5", "keep one"],
    ),
    (
        "inputs.csv",
        "B,cars,cars,10\n",
        "B,cars,cars,10\nA,food,food,400\n",
        &["inputs.csv: row 9", "keep one"],
    ),
    (
        "final_demand.csv",
        "B,cars,49\n",
        "B,cars,49\nA,food,500\n",
        &["final_demand.csv: row 5", "keep one"],
    ),
    (
        "inputs.csv",
        "A,food,food,40",
        "A,food,food,-80",
        &["inputs.csv: region A, sector food", "sum to -20", "correct"],
    ),
    (
        "deficits.csv",
        "A,1\n",
        "A,100\n",
        &["deficits.csv: the deficits sum to 99", "172"],
    ),
    (
        "deficits.csv",
        "A,1\nB,-1\n",
        "A,1000\nB,-1000\n",
        &["deficits.csv: row 2", "-1000", "86"],
    ),
    (
        "value_added.csv",
        "A,food,50\nA,cars,36\nB,food,37\nB,cars,49\n",
        "",
        &["value_added.csv: no row for any region"],
    ),
];

const LEVELS: [(&str, &str); 7] = [
    FILES[0],
    FILES[1],
    FILES[4],
    (
        "value_added.csv",
        "region,sector,value\nA,food,50\nA,cars,36\nB,food,37\nB,cars,49\n",
    ),
    (
        "final_demand.csv",
        "region,sector,value\nA,food,50\nA,cars,36\nB,food,37\nB,cars,49\n",
    ),
    (
        "inputs.csv",
        "region,input,user,value\nA,food,food,40\nA,cars,food,10\nA,food,cars,5\nA,cars,cars,10\n\
         B,food,food,40\nB,cars,food,10\nB,food,cars,5\nB,cars,cars,10\n",
    ),
    ("deficits.csv", "region,value\nA,1\nB,-1\n"),
];

#[test]
fn wrong_levels_name_the_file_and_the_cell() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("levels");
    let fresh = || {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for (file, text) in LEVELS {
            std::fs::write(folder.join(file), text).unwrap();
        }
    };
    fresh();
    let closed = Economy::import_folder(&folder, "theta").unwrap();
    assert!(
        closed
            .accounts()
            .unwrap()
            .iter()
            .all(|a| a.final_demand_busd > 0.0)
    );
    for (file, from, to, says) in WRONG_LEVELS {
        fresh();
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file}: {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let told = Economy::import_folder(&folder, "theta")
            .unwrap_err()
            .to_string();
        assert!(says.iter().all(|part| told.contains(part)), "{told}");
    }
    for file in ["final_demand.csv", "deficits.csv"] {
        fresh();
        std::fs::remove_file(folder.join(file)).unwrap();
        let told = Economy::import_folder(&folder, "theta")
            .unwrap_err()
            .to_string();
        assert!(
            told.contains(file) && told.contains("final_demand, deficits, "),
            "{told}"
        );
    }
}

/// What stood in a folder of another economy is gone: no table of it is read with the new ones.
#[test]
fn a_folder_is_replaced_whole() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("replaced");
    let _ = std::fs::remove_dir_all(&folder);
    let linked = common::synthetic::synthetic(7, 5);
    linked.write_folder(&folder, Form::Parquet).unwrap();
    let plain = self::folder("replacing");
    std::fs::remove_file(plain.join("inputs.csv")).unwrap();
    let economy = Economy::from_folder(&plain).unwrap();
    economy.write_folder(&folder, Form::Csv).unwrap();
    let back = Economy::from_folder(&folder).unwrap();
    assert_eq!(back.regions(), economy.regions());
    assert!(linked.has_inputs() && !back.has_inputs());
    let bytes = linked.tables()[0].1.to_parquet().unwrap();
    std::fs::write(folder.join("trade.parquet"), bytes).unwrap();
    let told = Economy::from_folder(&folder).unwrap_err().to_string();
    assert!(
        told.contains("trade.parquet and ") && told.contains("trade.csv are there"),
        "{told}"
    );
    std::fs::write(folder.join("notes.txt"), "mine").unwrap();
    let told = economy
        .write_folder(&folder, Form::Csv)
        .unwrap_err()
        .to_string();
    assert!(
        told.contains("`notes.txt` is no file of an economy"),
        "{told}"
    );
    assert!(folder.join("trade.parquet").exists());
}

#[test]
fn accounts_add_up() {
    let economy = common::synthetic::synthetic(9, 6);
    let accounts = economy.accounts().unwrap();
    let sum = |of: &dyn Fn(&RegionAccounts) -> f64| accounts.iter().map(of).sum::<f64>();
    let world = sum(&|a| a.output_busd);
    assert!(sum(&|a| a.deficit_busd).abs() < 1e-9 * world);
    for a in &accounts {
        let gap = a.value_added_busd + a.revenue_busd + a.deficit_busd - a.final_demand_busd;
        assert!(gap.abs() < 1e-12 * world, "{a:?}");
    }
    let merged = economy.aggregate(&Mapping::new().region("R003", "R001").sector("S002", "S001"));
    let after = merged.unwrap().accounts().unwrap();
    let levels: [fn(&RegionAccounts) -> f64; 4] = [
        |a| a.value_added_busd,
        |a| a.final_demand_busd,
        |a| a.revenue_busd,
        |a| a.deficit_busd,
    ];
    for of in levels {
        let two = of(&accounts[1]) + of(&accounts[3]);
        assert!((of(&after[1]) - two).abs() < 1e-10 * world);
    }
}

#[test]
fn a_mapping_is_read_and_its_faults_told() {
    let read =
        |text: &str| Mapping::from_table(&Table::from_csv("mapping.csv", text.as_bytes()).unwrap());
    let economy = common::synthetic::synthetic(4, 3);
    let mapping = read(
        "kind,from,to\nregion,R001,rest\nregion,R002,rest\nsector,S000,goods\nsector,S001,goods\n",
    );
    let merged = economy.aggregate(&mapping.unwrap()).unwrap();
    assert_eq!(merged.regions(), ["R000", "rest", "R003"]);
    assert_eq!(merged.sectors(), ["goods", "S002"]);
    let wrong = read("kind,from,to\nplace,R001,rest\n")
        .unwrap_err()
        .to_string();
    assert!(
        wrong.contains("row 1") && wrong.contains("`place`"),
        "{wrong}"
    );
    let twice = read("kind,from,to\nregion,R001,rest\nregion,R001,other\n")
        .unwrap_err()
        .to_string();
    assert!(
        twice.contains("row 2") && twice.contains("mapped twice"),
        "{twice}"
    );
    for (rows, what) in [
        ("", "mapping.csv: no row for any region or sector"),
        (
            "region,R001, \n",
            "mapping.csv: row 1: column `to` is blank",
        ),
    ] {
        let told = read(&format!("kind,from,to\n{rows}"))
            .unwrap_err()
            .to_string();
        assert!(told.contains(what), "{told}");
    }
    let mapping = read("kind,from,to\nregion,R001,rest\nregion,X,rest\n").unwrap();
    let told = economy.aggregate(&mapping).unwrap_err().to_string();
    assert!(
        told.starts_with("mapping.csv: row 2: no region named `X`"),
        "{told}"
    );
    let unknown = economy
        .aggregate(&Mapping::new().region("X", "Y"))
        .unwrap_err()
        .to_string();
    assert!(unknown.contains("no region named `X`"), "{unknown}");
}

/// An economy in which the last region and the last sector are cut into identical halves.
fn halves(economy: &Economy) -> Economy {
    let tables = economy.tables();
    let find = |name: &str| &tables.iter().find(|(n, _)| *n == name).unwrap().1;
    let split = |name: &str| match name {
        "R004" => vec![("R004".to_owned(), 0.5), ("R005".to_owned(), 0.5)],
        "S003" => vec![("S003".to_owned(), 0.5), ("S004".to_owned(), 0.5)],
        other => vec![(other.to_owned(), 1.0)],
    };
    // Levels are cut by every name; shares of cost only by the input.
    let cut = |table: &Table, names: &[&str], value: &str, by: &[&str]| {
        let columns: Vec<Vec<String>> = names.iter().map(|c| table.texts(c).unwrap()).collect();
        let numbers: Vec<(String, Vec<f64>)> = table
            .column_names()
            .filter(|c| !names.contains(c))
            .map(|c| (c.to_owned(), table.reals(c).unwrap()))
            .collect();
        let mut texts = vec![Vec::new(); names.len()];
        let mut values = vec![Vec::new(); numbers.len()];
        for row in 0..table.rows() {
            let mut lines = vec![(Vec::new(), 1.0)];
            for (k, column) in columns.iter().enumerate() {
                let mut longer = Vec::new();
                for (line, factor) in lines {
                    for (name, half) in split(&column[row]) {
                        let mut line: Vec<String> = Clone::clone(&line);
                        line.push(name);
                        let factor = if by.contains(&names[k]) {
                            factor * half
                        } else {
                            factor
                        };
                        longer.push((line, factor));
                    }
                }
                lines = longer;
            }
            for (line, factor) in lines {
                line.into_iter()
                    .zip(&mut texts)
                    .for_each(|(t, to)| to.push(t));
                for ((name, column), to) in numbers.iter().zip(&mut values) {
                    to.push(column[row] * if name == value { factor } else { 1.0 });
                }
            }
        }
        let mut out = Table::new(table.name());
        for (name, column) in names.iter().zip(texts) {
            out = out.with(*name, winset_io::Column::Text(column));
        }
        for ((name, _), column) in numbers.into_iter().zip(values) {
            out = out.with(name, winset_io::Column::Real(column));
        }
        out
    };
    let flows = ["origin", "destination", "sector"];
    Economy::from_tables(
        economy.info().clone(),
        &cut(find("trade"), &flows, "value", &flows),
        &cut(find("value_added"), &["region", "sector"], "share", &[]),
        Some(&cut(
            find("inputs"),
            &["region", "input", "user"],
            "share",
            &["input"],
        )),
        &cut(find("elasticities"), &["sector"], "", &[]),
    )
    .unwrap()
}

#[test]
fn merging_identical_regions_and_sectors_changes_nothing() {
    let whole = common::synthetic::synthetic(5, 4);
    let cut = halves(&whole);
    assert_eq!((cut.regions().len(), cut.sectors().len()), (6, 5));
    let merged = cut
        .aggregate(&Mapping::new().region("R005", "R004").sector("S004", "S003"))
        .unwrap();
    let shock = Shock::new()
        .tariff_add("R001", "R000", "*", 0.2)
        .iceberg("R000", "R001", "S001", 0.9);
    for closure in [Closure::Fixed, Closure::Zero, Closure::Proportional] {
        let solve = |economy: &Economy| {
            let model = Model::new(economy, Options::new("theta").closure(closure)).unwrap();
            model.solve(&shock, &mut Workspace::new(), None).unwrap()
        };
        let (one, two, back) = (solve(&whole), solve(&cut), solve(&merged));
        for i in 0..5 {
            assert!((one.real_income_pct(i) - back.real_income_pct(i)).abs() < 1e-9);
            assert!((one.real_income_pct(i) - two.real_income_pct(i)).abs() < 1e-9);
        }
        assert!((one.ev_busd(4) - two.ev_busd(4) - two.ev_busd(5)).abs() < 1e-9);
        assert!((one.output_pct(4, 3) - two.output_pct(5, 4)).abs() < 1e-8);
    }
}
