//! What is kept of trade and tariff files, and what their faults are called.

use std::fs;

use winset_import::{ImportError, Input, Stage, baci, comtrade, tariffs};
use winset_io::stream::FileFormat;

/// The one table that an import makes of a text, as CSV, or what is wrong.
fn made(
    import: impl FnOnce(Input, &mut Stage) -> Result<(), ImportError>,
    text: &str,
) -> Result<String, String> {
    let around = tempfile::tempdir().unwrap();
    let out = around.path().join("out.csv");
    let mut stage = Stage::begin(&out, FileFormat::Csv).unwrap();
    let input = Input::from_bytes("file.csv", text).map_err(|e| e.to_string())?;
    import(input, &mut stage).map_err(|e| e.to_string())?;
    stage.finish(&[]).unwrap();
    Ok(fs::read_to_string(out).unwrap())
}

fn of_comtrade(text: &str) -> Result<String, String> {
    made(
        |input, stage| comtrade::import(vec![input], stage).map(|_| ()),
        text,
    )
}

#[test]
fn comtrade_of_both_times_is_one_table_without_sums() {
    let today = of_comtrade(
        "refYear,reporterISO,flowCode,partnerISO,partner2Code,cmdCode,customsCode,motCode,primaryValue\n\
         2016,USA,M,JPN,0,870323,C00,0,100.5\n\
         2016,USA,X,JPN,0,870323,C00,0,7\n\
         2016,USA,M,W00,0,870323,C00,0,200\n\
         2016,USA,M,JPN,0,8703,C00,0,300\n\
         2016,USA,M,JPN,0,870323,C01,0,60\n\
         2016,USA,M,JPN,0,870323,C00,1000,40\n\
         2016,USA,M,JPN,156,870323,C00,0,5\n",
    );
    let before = of_comtrade(
        "Classification,Year,Trade Flow,Reporter ISO,Partner ISO,Commodity Code,Trade Value (US$)\n\
         HS,2016,Import,USA,JPN,870323,100.5\n\
         HS,2016,Export,USA,JPN,870323,7\n\
         HS,2016,Import,USA,WLD,TOTAL,900\n",
    );
    let expected = "year,flow,reporter,origin,destination,code,value\n\
        2016,M,USA,JPN,USA,870323,100.5\n\
        2016,X,USA,USA,JPN,870323,7\n";
    assert_eq!(today.unwrap(), expected);
    assert_eq!(before.unwrap(), expected);
}

/// What several files become, or what is wrong.
fn of_files(
    import: impl FnOnce(Vec<Input>, &mut Stage) -> Result<comtrade::Read, ImportError>,
    files: &[(&str, &str)],
) -> Result<(comtrade::Read, String), String> {
    let around = tempfile::tempdir().unwrap();
    let out = around.path().join("out.csv");
    let mut stage = Stage::begin(&out, FileFormat::Csv).unwrap();
    let inputs = files
        .iter()
        .map(|(name, text)| Input::from_bytes(name, *text).unwrap())
        .collect();
    let read = import(inputs, &mut stage).map_err(|e| e.to_string())?;
    let manifest = stage.finish(&[]).unwrap();
    let told = format!("{:?}", manifest.table[0].totals);
    Ok((read, fs::read_to_string(out).unwrap() + &told))
}

#[test]
fn taiwan_is_a_country_and_other_areas_are_told() {
    let (read, made) = of_files(
        comtrade::import,
        &[(
            "today.csv",
            "refYear,reporterISO,flowCode,partnerCode,partnerISO,cmdCode,primaryValue\n\
             2022,USA,M,392,JPN,854231,10\n\
             2022,USA,M,490,S19,854231,40\n\
             2022,USA,M,899,_X ,854231,3\n\
             2022,USA,M,568,E19,854231,2\n\
             2022,USA,M,0,W00,854231,55\n\
             2022,S19,X,842,USA,854231,38\n",
        )],
    )
    .unwrap();
    assert!(made.contains("2022,M,USA,TWN,USA,854231,40\n"), "{made}");
    assert!(made.contains("2022,X,TWN,TWN,USA,854231,38\n"), "{made}");
    assert_eq!((read.kept, read.left_out, read.areas), (3, 1, 2));
    assert!((read.areas_value - 5.0).abs() < 1e-12);
    assert!(
        made.contains("(\"rows of areas that are no country left out\", 2.0), (\"value of these areas, USD\", 5.0)"),
        "{made}"
    );

    let before =
        "Year,Trade Flow,Reporter ISO,Partner Code,Partner ISO,Commodity Code,Trade Value (US$)\n";
    let (read, made) = of_files(
        comtrade::import,
        &[(
            "before.csv",
            &format!("{before}2016,Import,USA,490,,854231,40\n2016,Import,USA,899,,854231,3\n2016,Import,USA,0,WLD,854231,43\n"),
        )],
    )
    .unwrap();
    assert!(made.contains("2016,M,USA,TWN,USA,854231,40\n"), "{made}");
    assert_eq!((read.kept, read.left_out, read.areas), (1, 1, 1));
    // Without the number nobody can tell which area it is.
    let said = of_comtrade(
        "Year,Trade Flow,Reporter ISO,Partner ISO,Commodity Code,Trade Value (US$)\n2016,Import,USA,,854231,40\n",
    )
    .unwrap_err();
    assert!(
        said.starts_with("file.csv: row 1, column `Partner ISO`: `` is not a country")
            && said.contains("download the file with that column"),
        "{said}"
    );
}

#[test]
fn what_is_re_exported_is_not_added_up_twice() {
    let (read, made) = of_files(
        comtrade::import,
        &[(
            "a.csv",
            "refYear,reporterISO,flowCode,partnerISO,cmdCode,primaryValue\n\
             2022,USA,M,JPN,870323,100\n2022,USA,RM,JPN,870323,5\n\
             2022,USA,X,JPN,870323,70\n2022,USA,RX,JPN,870323,20\n",
        )],
    )
    .unwrap();
    assert!((read.value - 170.0).abs() < 1e-12 && (read.again - 25.0).abs() < 1e-12);
    assert!(made.contains("2022,RX,USA,USA,JPN,870323,20\n"), "{made}");
    assert!(
        made.contains("(\"value of imports and exports, USD\", 170.0), (\"of that re-imports and re-exports, USD\", 25.0)"),
        "{made}"
    );
}

#[test]
fn a_flow_in_two_files_of_comtrade_is_refused() {
    let header = "period,refYear,reporterISO,flowCode,partnerISO,cmdCode,primaryValue\n";
    let read = |first: &str, second: &str| {
        let (first, second) = (header.to_owned() + first, header.to_owned() + second);
        of_files(
            comtrade::import,
            &[("first.csv", &first), ("second.csv", &second)],
        )
    };
    let cars = "2022,2022,USA,M,JPN,870323,100\n";
    assert_eq!(
        read(
            &format!("2022,2022,USA,M,JPN,870324,7\n{cars}2022,2022,USA,M,JPN,010121,7\n"),
            &format!("2022,2022,USA,X,JPN,870323,9\n{cars}")
        )
        .unwrap_err(),
        "second.csv: row 2: M of USA with JPN, 2022, code 870323 stands in first.csv too; name one of the two files, or download periods, countries and codes that do not overlap"
    );
    assert!(
        read(&(cars.to_owned() + cars), "")
            .unwrap_err()
            .starts_with(
                "first.csv: row 2: M of USA with JPN, 2022, code 870323 stands in row 1 already"
            )
    );
    // Another chapter, year or month is another flow.
    for other in [
        "2022,2022,USA,M,JPN,870324,1\n",
        "2023,2023,USA,M,JPN,870323,1\n",
        "2022,2022,USA,M,KOR,870323,1\n",
    ] {
        assert_eq!(read(cars, other).unwrap().0.kept, 2, "{other}");
    }
    let months = [
        "202201,2022,USA,M,JPN,870323,1\n",
        "202202,2022,USA,M,JPN,870323,1\n",
    ];
    assert_eq!(read(months[0], months[1]).unwrap().0.kept, 2);
    assert_eq!(
        read(cars, months[0]).unwrap_err(),
        "second.csv: row 1: M of USA with JPN: 2022 stands there already and would be added to 202201; download the year or its months, not both"
    );
}

#[test]
fn a_zero_that_a_spreadsheet_dropped_is_put_back() {
    let header =
        "refYear,reporterISO,flowCode,partnerISO,classificationCode,cmdCode,primaryValue\n";
    let row = "2022,USA,M,JPN,H6,20130,7\n2022,USA,M,JPN,H6,201,9\n";
    assert_eq!(
        of_comtrade(&format!("{header}{row}")).unwrap(),
        "year,flow,reporter,origin,destination,code,value\n2022,M,USA,JPN,USA,020130,7\n"
    );
    // Five digits of another classification are none of the Harmonized System.
    let said = of_comtrade(&format!("{header}{}", row.replace("H6", "S4"))).unwrap_err();
    assert!(
        said.starts_with(
            "file.csv: row 1, column `classificationCode`: `S4` is not the Harmonized System"
        ),
        "{said}"
    );
}

#[test]
fn the_european_union_is_a_group_on_either_side() {
    let (read, made) = of_files(
        comtrade::import,
        &[(
            "a.csv",
            "refYear,reporterCode,reporterISO,flowCode,partnerCode,partnerISO,cmdCode,primaryValue\n\
             2022,842,USA,M,276,DEU,870323,10\n\
             2022,842,USA,M,97,EUR,870323,40\n\
             2022,97,EUR,X,842,USA,870323,30\n",
        )],
    )
    .unwrap();
    assert_eq!((read.kept, read.areas), (1, 2));
    assert!((read.areas_value - 70.0).abs() < 1e-12);
    assert!(!made.contains("EUR"), "{made}");
}

#[test]
fn a_row_that_stands_twice_is_refused_by_all() {
    let said = of_baci(
        "t,i,j,k,v,q\n2022,392,842,870323,12.5,NA\n2022,842,392,10121,3,1.5\n2022,842,392,10121,3,1.5\n",
    );
    assert_eq!(
        said.unwrap_err(),
        "file.csv: row 3: trade from USA to JPN, 2022, code 010121 stands in row 2 already and would count twice; remove one of the two rows"
    );
    let header = "Reporter,Product,Partner,Tariff Year,DutyType,Simple Average\n";
    let rate = "USA,870323,WLD,2022,MFN,2.5\n";
    let bound = rate.replace("MFN", "BND");
    assert!(of_trains(&format!("{header}{rate}{bound}")).is_ok());
    assert!(
        of_trains(&format!("{header}{rate}{bound}{rate}"))
            .unwrap_err()
            .starts_with(
                "file.csv: row 3: the rate of USA on 870323 from *, 2022, stands in row 1 already"
            )
    );
    let around = tempfile::tempdir().unwrap();
    let mut stage = Stage::begin(&around.path().join("out.csv"), FileFormat::Csv).unwrap();
    let inputs =
        ["a.csv", "b.csv"].map(|name| Input::from_bytes(name, format!("{header}{rate}")).unwrap());
    assert_eq!(
        tariffs::import(inputs.into(), &mut stage)
            .unwrap_err()
            .to_string(),
        "b.csv: row 1: the rate of USA on 870323 from *, 2022, stands in a.csv too; name one of the two files"
    );
}

#[test]
fn faults_of_comtrade_are_named() {
    let header = "refYear,reporterISO,flowCode,partnerISO,cmdCode,primaryValue\n";
    let said = |rows: &str| of_comtrade(&(header.to_owned() + rows)).unwrap_err();
    assert_eq!(
        said("2022,USA,Q,JPN,870323,1\n"),
        "file.csv: row 1, column `flowCode`: `Q` is not a flow such as M, X, RM or RX"
    );
    assert!(said("2022,USA,M,JPN,870323,-1\n").contains("a value of zero or more"));
    assert!(
        said("2022,USA,M,W00,870323,1\n").contains("no row of a six-digit code and one country")
    );
    assert_eq!(
        of_comtrade("Year,Reporter,Value\n").unwrap_err(),
        "file.csv: no column `reporterISO` or `Reporter ISO` (its header is: Year, Reporter, Value)"
    );
}

const CODES: &str =
    "country_code,country_name,country_iso2,country_iso3\n392,Japan,JP,JPN\n842,USA,US,USA\n";

fn of_baci(text: &str) -> Result<String, String> {
    made(
        |input, stage| {
            baci::import(Input::from_bytes("codes.csv", CODES)?, vec![input], stage).map(|_| ())
        },
        text,
    )
}

#[test]
fn baci_is_in_dollars_and_letters() {
    assert_eq!(
        of_baci("t,i,j,k,v,q\n2022,392,842,870323,12.5,NA\n2022,842,392,10121,3,1.5\n").unwrap(),
        "year,origin,destination,code,value\n2022,JPN,USA,870323,12500\n2022,USA,JPN,010121,3000\n"
    );
    assert_eq!(
        of_baci("t,i,j,k,v,q\n2022,392,999,870323,12.5,NA\n").unwrap_err(),
        "file.csv: row 1, column `j`: `999` is not a number in the file of country codes"
    );
    assert!(
        of_baci("t,i,j,k,v,q,w\n")
            .unwrap_err()
            .contains("column `w` is not known")
    );
}

#[test]
fn a_file_of_baci_is_a_year_and_not_empty() {
    let codes = "country_code,country_name,country_iso2,country_iso3\n392,Japan,JP,JPN\n842,USA,US,USA\n490,\"Other Asia, nes\",,S19\n";
    let read = |files: &[(&str, &str)]| {
        of_files(
            |inputs, stage| baci::import(Input::from_bytes("codes.csv", codes)?, inputs, stage),
            files,
        )
    };
    let header = "t,i,j,k,v,q\n";
    let first = &format!("{header}2021,392,842,870323,12.5,NA\n");
    let (_, made) = read(&[
        ("a.csv", first),
        ("b.csv", &format!("{header}2022,490,842,854231,2,NA\n")),
    ])
    .unwrap();
    assert!(made.contains("2022,TWN,USA,854231,2000\n"), "{made}");
    assert_eq!(
        read(&[("a.csv", first), ("b.csv", header)]).unwrap_err(),
        "b.csv: there is no row below the header"
    );
    assert_eq!(
        read(&[("a.csv", first), ("b.csv", first)]).unwrap_err(),
        "b.csv: row 1: the year 2021 stands in a.csv too; name one file a year"
    );
}

fn of_trains(text: &str) -> Result<String, String> {
    made(
        |input, stage| tariffs::import(vec![input], stage).map(|_| ()),
        text,
    )
}

#[test]
fn tariffs_are_fractions_and_the_world_is_everybody_else() {
    let bulk = of_trains(
        "NomenCode,Reporter_ISO_N,Year,ProductCode,Partner,Sum_Of_Rates,Min_Rate,Max_Rate,SimpleAverage,TotalNoOfLines,Nbr_Pref_Lines,Nbr_MFN_Lines,Nbr_NA_Lines,EstCode\n\
         H6,840,2022,870323,000,2.5,2.5,2.5,2.5,1,0,1,0,0\n\
         H6,840,2022,870323,484,0,0,0,0,1,1,0,0,0\n\
         H6,840,2022,20110,000,,,,,1,0,1,1,0\n",
    );
    assert_eq!(
        bulk.unwrap(),
        "year,destination,origin,code,duty,tariff,lowest,highest\n\
         2022,840,*,870323,,0.025,0.025,0.025\n\
         2022,840,484,870323,,0,0,0\n"
    );
    let query = of_trains(
        "Reporter,Reporter Name,Product,Partner,Partner Name,Tariff Year,DutyType,Simple Average,Minimum Rate\n\
         USA,United States,870323,WLD,World,2022,MFN,2.5,\n",
    );
    assert_eq!(
        query.unwrap(),
        "year,destination,origin,code,duty,tariff,lowest,highest\n2022,USA,*,870323,MFN,0.025,,\n"
    );
    assert!(
        of_trains("Year,Reporter,Product,SimpleAverage\n2022,840,870323,abc\n")
            .unwrap_err()
            .contains("row 1, column `SimpleAverage`: `abc` is not a rate in per cent")
    );
}
