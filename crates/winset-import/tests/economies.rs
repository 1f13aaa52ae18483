//! World input–output tables become economies whose accounts close, merged as they are read or merged afterwards.

use std::fmt::Write as _;
use std::path::Path;

use winset_import::{Choices, Economy, ImportError, Input, Mapping, Stage, icio, wiod};
use winset_io::stream::FileFormat;
use winset_io::{Column, Table};

/// Two countries, one of them split, and two industries; China draws inventories down.
const ICIO: &str = "\
V1,USA_A01,USA_K,CN1_A01,CN1_K,CN2_A01,CN2_K,USA_HFCE,USA_INVNT,CHN_HFCE,CHN_INVNT,OUT
USA_A01,10,20,1,2,1,2,60,4,5,0,105
USA_K,20,30,1,1,1,1,90,0,6,0,150
CN1_A01,2,3,8,4,4,3,10,0,30,-6,58
CN1_K,1,2,5,6,3,2,4,0,25,-0,48
CN2_A01,3,1,2,2,2,2,20,0,10,-12,30
CN2_K,1,1,1,1,1,1,2,0,12,0,20
TLS,2,3,1,1,1,1,0,0,0,0,0
VA,66,90,39,31,17,8,0,0,0,0,0
OUT,105,150,58,48,30,20,186,4,88,-18,0
";

fn elasticities() -> Table {
    Table::new("theta")
        .with(
            "sector",
            Column::Text(["A01", "SERV", "c1", "c2"].map(str::to_owned).to_vec()),
        )
        .with("theta", Column::Real(vec![4.0, 5.0, 4.0, 4.0]))
}

fn choices<'a>(
    elasticities: &'a Table,
    mapping: Mapping,
    tariffs: Option<&'a Table>,
) -> Choices<'a> {
    Choices {
        name: None,
        year: Some(2022),
        mapping,
        tariffs,
        elasticities,
    }
}

type Import = fn(Input, &Choices<'_>, &mut Stage) -> Result<Economy, ImportError>;

fn made(
    import: Import,
    text: &str,
    choices: &Choices<'_>,
    out: &Path,
) -> Result<winset_trade::Economy, ImportError> {
    let mut stage = Stage::begin(out, FileFormat::Csv)?;
    import(Input::from_bytes("2022.csv", text)?, choices, &mut stage)?;
    stage.finish(&[])?;
    Ok(winset_trade::Economy::from_folder(out).expect("the accounts close"))
}

fn refused(text: &str) -> String {
    let around = tempfile::tempdir().unwrap();
    let theta = elasticities();
    made(
        icio::import,
        text,
        &choices(&theta, Mapping::default(), None),
        &around.path().join("e"),
    )
    .unwrap_err()
    .to_string()
}

#[test]
fn labels_of_columns_that_were_exchanged_are_named() {
    let header = ICIO.lines().next().unwrap();
    let exchanged = header
        .replace("USA_A01", "x")
        .replace("USA_K", "USA_A01")
        .replace('x', "USA_K");
    let said = refused(&ICIO.replacen(header, &exchanged, 1));
    assert!(
        said.starts_with(
            "2022.csv: the output of USA_K in the last row, as against the last column, is "
        ),
        "{said}"
    );
}

#[test]
fn split_countries_are_one_and_the_accounts_close() {
    let around = tempfile::tempdir().unwrap();
    let theta = elasticities();
    let tariffs = Table::from_csv(
        "tariffs.csv",
        b"origin,destination,sector,tariff\nCHN,USA,A01,0.1\nUSA,CHN,A01,0.5\n",
    )
    .unwrap();
    let world = made(
        icio::import,
        ICIO,
        &choices(&theta, Mapping::default(), Some(&tariffs)),
        &around.path().join("e"),
    )
    .unwrap();
    assert_eq!(world.regions(), ["USA", "CHN"]);
    assert_eq!(world.sectors(), ["A01", "K"]);
    let near =
        |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    // China's farms to the USA: 2 + 3 + 10 and 3 + 1 + 20.
    near(world.flow(0, 1, 0), 39.0);
    near(world.tariff(0, 1, 0), 0.1);
    // At home: uses 23 and final demand 24 of CN1, uses 9 of CN2, whose final demand of −2 is set to zero… by row.
    near(world.flow(0, 1, 1), 8.0 + 4.0 + 4.0 + 3.0 + 24.0 + 8.0);
    // The USA's farms: 105 sold; inputs 10 + 20 at home, 5 and 2 from China, farms of which pay 10 %.
    let accounts = world.accounts().unwrap();
    let paid_farm = 10.0 + 20.0 + (2.0 + 3.0) * 1.1 + 2.0;
    let paid_services = 20.0 + 30.0 + (3.0 + 1.0) * 1.1 + 3.0;
    near(
        accounts[0].value_added_busd * 1000.0,
        105.0 - paid_farm + 150.0 - paid_services,
    );
    near(accounts[0].revenue_busd * 1000.0, 3.9);
    // An industry without θ of its own takes that of services.
    assert!((world.elasticities("theta").unwrap()[1] - 5.0).abs() < 1e-15);
}

#[test]
fn merging_while_reading_is_merging_afterwards() {
    let around = tempfile::tempdir().unwrap();
    let theta = elasticities();
    let tariffs = Table::from_csv(
        "tariffs.csv",
        b"origin,destination,sector,tariff\nCHN,USA,A01,0.1\nCHN,USA,K,0.3\n",
    )
    .unwrap();
    let rows = Table::from_csv("m", b"kind,from,to\nsector,A01,SERV\nsector,K,SERV\n").unwrap();
    let mapping = Mapping::from_table(&rows).unwrap();
    let merged = made(
        icio::import,
        ICIO,
        &choices(&theta, mapping, Some(&tariffs)),
        &around.path().join("merged"),
    )
    .unwrap();
    let whole = made(
        icio::import,
        ICIO,
        &choices(&theta, Mapping::default(), Some(&tariffs)),
        &around.path().join("whole"),
    )
    .unwrap();
    let after = whole
        .aggregate(&winset_trade::Mapping::from_table(&rows).unwrap())
        .unwrap();
    for (a, b) in merged.trade().iter().zip(after.trade()) {
        assert!((a - b).abs() < 1e-9);
    }
    for (a, b) in merged.tariffs().iter().zip(after.tariffs()) {
        assert!((a - b).abs() < 1e-12);
    }
    for (a, b) in merged
        .accounts()
        .unwrap()
        .iter()
        .zip(after.accounts().unwrap())
    {
        assert!((a.value_added_busd - b.value_added_busd).abs() < 1e-9);
    }
}

/// Editions before 2023 name rows and columns otherwise.
#[test]
fn labels_of_older_editions_say_the_same() {
    let around = tempfile::tempdir().unwrap();
    let theta = elasticities();
    let given = choices(&theta, Mapping::default(), None);
    let older = ICIO
        .replace(",OUT\n", ",TOTAL\n")
        .replace(
            "TLS,2,3,1,1,1,1",
            "USA_TAXSUB,2,3,1,1,0,0,0,0,0,0,0\nCHN_TAXSUB,0,0,0,0,1,1",
        )
        .replace("VA,", "VALU,")
        .replace("\nOUT,", "\nOUTPUT,")
        .replace("_HFCE", "_HC");
    let a = made(icio::import, ICIO, &given, &around.path().join("a")).unwrap();
    let b = made(icio::import, &older, &given, &around.path().join("b")).unwrap();
    assert_eq!(a.regions(), b.regions());
    for (x, y) in a.trade().iter().zip(b.trade()) {
        assert!((x - y).abs() < 1e-12);
    }
}

#[test]
fn a_table_that_is_not_whole_is_refused() {
    let cut: String = ICIO.lines().take(4).map(|l| l.to_owned() + "\n").collect();
    assert!(refused(&cut).contains("rows are missing, such as CN1_K: the file is cut off"));
    let no_end: String = ICIO.lines().take(8).map(|l| l.to_owned() + "\n").collect();
    assert!(refused(&no_end).contains("VA and OUT, are missing"));
    assert_eq!(
        refused(&ICIO.replace("USA_A01,10,20", "USA_A01,10,25")),
        "2022.csv: the sum of row USA_A01 is 110, expected 105 (the file is damaged or another edition)"
    );
    assert!(refused(&ICIO.replace("VA,66", "VA,96")).contains("the sum of column USA_A01 is 135"));
    assert!(refused(&ICIO.replace("USA_K,20,30", "USA_K,20")).contains("row 2: it has 11 cells"));
    assert!(refused(&ICIO.replace("_HFCE", "_SPEND")).contains("final demand of a new kind"));
    assert!(
        refused(&ICIO.replace(",OUT\n", ",SUM\n")).contains("column `SUM` is not `CCC_INDUSTRY`")
    );
    assert!(
        refused(&ICIO.replace("CN2_K,1", "CN2_K,x"))
            .contains("row 6, column `USA_A01`: `x` is not a number")
    );
    assert!(refused(&ICIO.replace("TLS", "TAX")).contains("row 7: `TAX`"));
}

#[test]
fn names_that_do_not_fit_are_listed() {
    let around = tempfile::tempdir().unwrap();
    let out = around.path().join("e");
    let theta = elasticities();
    let said = |mapping: Mapping, tariffs: Option<&Table>, theta: &Table| {
        let error = made(icio::import, ICIO, &choices(theta, mapping, tariffs), &out);
        error.unwrap_err().to_string()
    };
    let shipped = said(Mapping::shipped("winset-17").unwrap(), None, &theta);
    assert!(
        shipped.contains("regions that the table does not have: AGO, ARE"),
        "{shipped}"
    );
    let tariffs = Table::from_csv(
        "t.csv",
        b"origin,destination,sector,tariff\nUSA,JPN,A01,0.1\n",
    )
    .unwrap();
    assert_eq!(
        said(Mapping::default(), Some(&tariffs), &theta),
        "t.csv: row 1: no region `JPN` in the table or after the mapping"
    );
    let none = Table::from_csv("e.csv", b"sector,theta\nA01,4\n").unwrap();
    assert!(
        said(Mapping::default(), None, &none)
            .starts_with("e.csv: no elasticities for the sectors K")
    );
    assert!(!out.exists(), "nothing was left behind");
}

/// One world as the wide and as the long table; the long one without the totals, which stand beside it.
fn wiod_tables() -> (String, String, String) {
    // The wide table has 56 industries; all but two sell nothing and use nothing.
    let mut wide = "IndustryCode,IndustryDescription,Country,RNr,Year".to_owned();
    for country in ["AUS", "ROW"] {
        for item in 1..=61 {
            write!(wide, ",v{country}{item}").unwrap();
        }
    }
    wide += ",TOT\n";
    let flow = |from: usize, i: usize, to: usize, j: usize| (1 + from + 2 * i + 3 * to + j) as f64;
    let mut long = "row_country,row_item,col_country,col_item,year,value\n".to_owned();
    let mut totals = String::new();
    let mut columns = vec![0.0; 2 * 61];
    for (from, origin) in ["AUS", "ROW"].iter().enumerate() {
        for i in 1..=56 {
            let (mut cells, mut sum) = (String::new(), 0.0);
            for (to, destination) in ["AUS", "ROW"].iter().enumerate() {
                for j in 1..=61 {
                    let there = i <= 2 && (j <= 2 || j == 57);
                    let value = if there {
                        1000.0 * flow(from, i, to, j.min(9))
                    } else {
                        0.0
                    };
                    write!(cells, ",{value}").unwrap();
                    sum += value;
                    columns[to * 61 + j - 1] += value;
                    if there {
                        let item = if j == 57 {
                            "c37".to_owned()
                        } else {
                            format!("c{j}")
                        };
                        writeln!(long, "{origin},c{i},{destination},{item},2014,{value}").unwrap();
                    }
                }
            }
            writeln!(wide, "c{i},words,{origin},{i},2014{cells},{sum}").unwrap();
            if i <= 2 {
                writeln!(totals, "{origin},c{i},TOT,c60,2014,{sum}").unwrap();
            }
        }
    }
    // Every industry that is there pays 500 of taxes and has 30,000 of value added.
    let parts: [(&str, u32, &str, [f64; 3]); 4] = [
        ("II_fob", 65, "r60", [1.0, 0.0, 0.0]),
        ("TXSP", 66, "r99", [0.0, 500.0, 0.0]),
        ("VA", 70, "r64", [0.0, 0.0, 30_000.0]),
        ("GO", 73, "r69", [1.0, 500.0, 30_000.0]),
    ];
    for (code, number, item, [inputs, taxes, value_added]) in parts {
        write!(wide, "{code},words,TOT,{number},2014").unwrap();
        for (at, column) in columns.iter().enumerate() {
            let industry = at % 61 < 2;
            let beside = if industry { taxes + value_added } else { 0.0 };
            let value = inputs * column + beside;
            write!(wide, ",{value}").unwrap();
            if industry {
                let (country, j) = (["AUS", "ROW"][at / 61], at % 61 + 1);
                writeln!(totals, "TOT,{item},{country},c{j},2014,{value}").unwrap();
            }
        }
        wide += ",0\n";
    }
    (wide, long, totals)
}

fn wiod_elasticities() -> Table {
    Table::new("theta")
        .with(
            "sector",
            Column::Text((1..=56).map(|i| format!("c{i}")).collect()),
        )
        .with("theta", Column::Real(vec![4.0; 56]))
}

#[test]
fn both_tables_of_the_wiod_give_the_same_economy() {
    let around = tempfile::tempdir().unwrap();
    let (wide, long, totals) = wiod_tables();
    let theta = wiod_elasticities();
    let mut given = choices(&theta, Mapping::default(), None);
    given.year = None;
    let a = made(wiod::import, &wide, &given, &around.path().join("a")).unwrap();
    given.year = Some(2014);
    let b = made(wiod::import, &long, &given, &around.path().join("b")).unwrap();
    let with_totals = long + &totals;
    let c = made(wiod::import, &with_totals, &given, &around.path().join("c")).unwrap();
    assert_eq!(b.trade(), c.trade());
    assert_eq!(a.info().year, 2014);
    for i in 0..2 {
        for o in 0..2 {
            for d in 0..2 {
                assert!((a.flow(i, o, d) - b.flow(i, o, d)).abs() < 1e-12);
            }
        }
    }
    let cut: String = wide.lines().take(90).map(|l| l.to_owned() + "\n").collect();
    let error = made(wiod::import, &cut, &given, &around.path().join("d")).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("89 rows of industries where the header has 112")
    );
}

#[test]
fn a_long_table_says_when_a_cell_stands_twice_or_its_end_is_missing() {
    let around = tempfile::tempdir().unwrap();
    let (_, long, totals) = wiod_tables();
    let theta = wiod_elasticities();
    let given = Choices {
        year: Some(2014),
        ..choices(&theta, Mapping::default(), None)
    };
    let said = |text: &str| {
        made(wiod::import, text, &given, &around.path().join("e"))
            .unwrap_err()
            .to_string()
    };
    let cell = "AUS,c1,AUS,c1,2014,4000\n";
    assert_eq!(
        said(&(long.clone() + cell)),
        "2022.csv: row 25: c1 of AUS to c1 of AUS stands in row 1 already and would count twice; remove one of the two rows"
    );
    let total = totals.lines().next().unwrap();
    assert!(
        said(&(long.clone() + &totals + total + "\n"))
            .contains("c1 of AUS to c60 of TOT stands in row 25 already")
    );
    let cut = &long[..long.len() - 2];
    assert!(said(cut).contains("the last line does not end: the file is cut off"));
}

#[test]
fn the_wiod_adds_up_to_its_totals() {
    let around = tempfile::tempdir().unwrap();
    let (wide, long, totals) = wiod_tables();
    let theta = wiod_elasticities();
    let mut given = choices(&theta, Mapping::default(), None);
    given.year = Some(2014);
    let said = |text: &str| {
        made(wiod::import, text, &given, &around.path().join("e"))
            .unwrap_err()
            .to_string()
    };
    // 4,000 from the first industry of AUS to itself.
    let cell = "c1,words,AUS,1,2014,4000,";
    assert!(wide.contains(cell));
    assert_eq!(
        said(&wide.replace(cell, "c1,words,AUS,1,2014,5000,")),
        "2022.csv: the sum of row c1 of AUS is 52000, expected 51000 (the file is damaged or another edition)"
    );
    let value_added = "VA,words,TOT,70,2014,30000,";
    assert!(wide.contains(value_added));
    assert_eq!(
        said(&wide.replace(value_added, "VA,words,TOT,70,2014,20000,")),
        "2022.csv: the sum of column vAUS1 is 42500, expected 52500 (the file is damaged or another edition)"
    );
    let taxes = "II_fob,words,TOT,65,2014,22000,";
    assert!(wide.contains(taxes));
    assert!(
        said(&wide.replace(taxes, "II_fob,words,TOT,65,2014,2200,")).contains(
            "the sum of the industries in column vAUS1 is 22000, expected 2200 (the file"
        )
    );
    let rows: Vec<&str> = wide.lines().collect();
    assert!(said(&(rows[..rows.len() - 1].join("\n") + "\n")).contains("GO of TOT, is missing"));

    let cell = "AUS,c1,AUS,c1,2014,4000\n";
    assert!(long.contains(cell));
    let damaged = long.replace(cell, "AUS,c1,AUS,c1,2014,5000\n");
    assert!(
        said(&(damaged.clone() + &totals))
            .contains("the sum of row c1 of AUS is 52000, expected 51000")
    );
    let of_columns: String = totals
        .lines()
        .filter(|line| line.starts_with("TOT") && !line.contains("r60"))
        .map(|line| line.to_owned() + "\n")
        .collect();
    assert!(
        said(&(damaged + &of_columns))
            .contains("the sum of column c1 of AUS is 53500, expected 52500")
    );
    // Rounding is no fault.
    let rounded = totals.replace("TOT,r69,AUS,c1,2014,52500", "TOT,r69,AUS,c1,2014,52530");
    made(
        wiod::import,
        &(long + &rounded),
        &given,
        &around.path().join("rounded"),
    )
    .unwrap();
}
