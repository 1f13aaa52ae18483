//! Small files in every published shape, cut, flipped, swapped and repeated: no reader panics or hangs, and what is refused is
//! refused in words that name the file.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;
use winset_import::{
    Choices, ImportError, Input, Mapping, Stage, baci, census, comtrade, ecb, hts, hts_notes, icio,
    japan, tariffs, wiod,
};
use winset_io::stream::FileFormat;
use winset_io::{Column, Table};

/// Far above what the slowest case takes, far below what a hang would.
const PATIENCE: Duration = Duration::from_secs(20);

const ECB: &str = "Date,USD,JPY,\n2025-04-03,1.1097,N/A,\n2025-04-02,1.0803,161.65,\n";
const PORTAL: &str = "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE\n\
    EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2025-04-02,1.0803\n";
const HTS_JSON: &str = r#"[{"htsno":"0101.21.00","indent":"1","description":"<i>Purebred</i>","superior":null,"units":["No."],"general":"Free","special":"","other":"Free","footnotes":null,"quotaQuantity":null,"additionalDuties":null,"addiitionalDuties":null},{"htsno":"0101.21.00.10","indent":"2","description":"Males","superior":null,"units":["No."],"general":"","special":"","other":"","footnotes":[],"quotaQuantity":null,"additionalDuties":null,"addiitionalDuties":null}]"#;
const HTS_CSV: &str = "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty,Quota Quantity,Additional Duties\n\
    0101.21.00,1,Purebred,\"[\"\"No.\"\"]\",Free,,Free,,\n9903.01.25,0,All,,The duty + 10%,,,,\n";
const NOTES: &str = "SUBCHAPTER III\nU.S. Notes\n2.\n(a) Goods:\n   7601   7604.10.10   7616.99.5160\n(b) of 0101.21.00; 0101.29.00;\n0102.21.00 and others\n";
const API: &str = r#"[["I_COMMODITY","CTY_CODE","CON_VAL_MO","CAL_DUT_MO","YEAR","MONTH"],["8703230110","5880","1500","37","2024","12"],["0101210010","-","7","0","2024","12"]]"#;
const COMTRADE: &str = "refYear,reporterISO,flowCode,partnerISO,cmdCode,customsCode,motCode,primaryValue\n\
    2022,USA,M,JPN,870323,C00,0,100.5\n2022,USA,X,JPN,870323,C00,0,7\n2022,USA,M,W00,870323,C00,0,200\n";
const LEGACY: &str = "Classification,Year,Trade Flow,Reporter ISO,Partner ISO,Commodity Code,Trade Value (US$)\nHS,2016,Import,USA,JPN,870323,100\n";
const BACI: &str = "t,i,j,k,v,q\n2022,392,842,870323,12.5,NA\n2022,842,392,10121,3,1.5\n";
const CODES: &str =
    "country_code,country_name,country_iso2,country_iso3\n392,Japan,JP,JPN\n842,USA,US,USA\n";
const TRAINS: &str = "NomenCode,Reporter_ISO_N,Year,ProductCode,Partner,Sum_Of_Rates,Min_Rate,Max_Rate,SimpleAverage,TotalNoOfLines,Nbr_Pref_Lines,Nbr_MFN_Lines,Nbr_NA_Lines,EstCode\n\
    H6,840,2022,870323,000,2.5,2.5,2.5,2.5,1,0,1,0,0\nH6,840,2022,020110,,,,,,1,0,1,1,0\n";
const ICIO: &str = "V1,USA_A01,JPN_A01,USA_HFCE,JPN_HFCE,OUT\nUSA_A01,1,2,5,2,10\nJPN_A01,1,3,1,6,11\nTLS,1,1,0,0,0\nVA,7,5,0,0,0\nOUT,10,11,6,8,0\n";
const WIOD: &str = "row_country,row_item,col_country,col_item,value\nAUS,c1,AUS,c1,3\nAUS,c1,ROW,c37,9\nROW,c1,AUS,c1,2\nROW,c1,ROW,c37,4\n";

fn detail() -> String {
    let line = |code: &str| format!("{code}5880  010100202412{:0>60}{:0>30}{:0>570}", 9, 3, 0);
    format!("{}\n{}\n", line("8703230110"), line("0101210010"))
}

fn japan_table() -> String {
    let mut text =
        "chapter,level,stat_code,sub,code9,has_children,desc_path,unit_I,unit_II,law".to_owned();
    for (name, _) in japan::RATES {
        text = text + "," + name;
    }
    let row =
        |code: &str, words: &str| format!("\n01,1,,,{code},0,{words},,KG,,無税{}", ",".repeat(26));
    text + &row("010121100", "馬")
        + &row(
            "010221000",
            "牛 > 毎年6月1日から同年11月30日までに輸入されるもの",
        )
        + "\n"
}

/// Every shape, and what it should be the first of.
fn samples() -> Vec<(&'static str, String)> {
    [
        ("ecb", ECB),
        ("ecb", PORTAL),
        ("hts", HTS_JSON),
        ("hts", HTS_CSV),
        ("hts-notes", NOTES),
        ("census", API),
        ("comtrade", COMTRADE),
        ("comtrade", LEGACY),
        ("baci", BACI),
        ("tariffs", TRAINS),
        ("icio", ICIO),
        ("wiod", WIOD),
    ]
    .into_iter()
    .map(|(kind, text)| (kind, text.to_owned()))
    .chain([("census", detail()), ("japan", japan_table())])
    .collect()
}

fn read(kind: &str, bytes: Vec<u8>) -> Result<(), ImportError> {
    let input = Input::from_bytes("file", bytes)?;
    let around = tempfile::tempdir().unwrap();
    let mut stage = Stage::begin(&around.path().join("out"), FileFormat::Csv)?;
    let theta = Table::new("theta")
        .with("sector", Column::Text(vec!["A01".into(), "c1".into()]))
        .with("theta", Column::Real(vec![4.0, 4.0]));
    let choices = Choices {
        name: None,
        year: Some(2014),
        mapping: Mapping::default(),
        tariffs: None,
        elasticities: &theta,
    };
    match kind {
        "ecb" => ecb::read(input)?.table().map(|_| ()),
        "hts" => {
            let revision = hts::read(input)?;
            hts::schedule(&[(jiff::civil::date(2025, 1, 1), revision)]).map(|_| ())
        }
        "hts-notes" => hts_notes::read(input).map(|_| ()),
        "census" => census::read(input).map(|imports| drop(imports.table())),
        "japan" => {
            let lines = japan::read(input)?;
            japan::schedule(vec![(jiff::civil::date(2025, 4, 1), lines)]).map(|_| ())
        }
        "comtrade" => comtrade::import(vec![input], &mut stage).map(|_| ()),
        "baci" => {
            let codes = Input::from_bytes("codes", CODES)?;
            baci::import(codes, vec![input], &mut stage).map(|_| ())
        }
        "tariffs" => tariffs::import(vec![input], &mut stage).map(|_| ()),
        "icio" => icio::import(input, &choices, &mut stage).map(|_| ()),
        _ => wiod::import(input, &choices, &mut stage).map(|_| ()),
    }
}

#[test]
fn the_samples_themselves_are_read() {
    for (kind, text) in samples() {
        read(kind, text.into_bytes()).unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
}

#[test]
fn other_encodings_and_pages_are_refused_by_all() {
    for (kind, text) in samples() {
        let utf16: Vec<u8> = std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let said = read(kind, utf16).unwrap_err().to_string();
        assert!(said.contains("UTF-16"), "{kind}: {said}");
        let page = read(kind, b"<html><body>Not found</body></html>".to_vec()).unwrap_err();
        assert!(page.to_string().contains("web page"), "{kind}: {page}");
        // A byte-order mark of UTF-8 is no fault.
        read(kind, format!("\u{feff}{text}").into_bytes()).unwrap();
    }
}

/// One change of a file.
#[derive(Clone, Debug)]
enum Change {
    Cut(Index),
    Flip(Index, u8),
    Put(Index, &'static str),
    Repeat(Index, usize),
    Drop(Index, usize),
    /// Exchanges two columns of a comma-separated file, or two lines.
    Columns(Index, Index),
    Lines(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let put = prop::sample::select(vec![
        ",",
        "\n",
        "\"",
        "\r\n",
        "-",
        "1e999",
        "NaN",
        "999999999999999999999999",
        "\u{feff}",
        "é",
        "(",
        ")",
        "[",
        "{",
        "null",
        "\0",
    ]);
    prop_oneof![
        any::<Index>().prop_map(Change::Cut),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        (any::<Index>(), put).prop_map(|(at, text)| Change::Put(at, text)),
        (any::<Index>(), 1_usize..60).prop_map(|(at, n)| Change::Repeat(at, n)),
        (any::<Index>(), 1_usize..60).prop_map(|(at, n)| Change::Drop(at, n)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Columns(a, b)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Lines(a, b)),
    ]
}

fn changed(mut bytes: Vec<u8>, change: &Change) -> Vec<u8> {
    if bytes.is_empty() {
        return bytes;
    }
    let len = bytes.len();
    match change {
        Change::Cut(at) => bytes.truncate(at.index(len)),
        Change::Flip(at, byte) => bytes[at.index(len)] = *byte,
        Change::Put(at, text) => {
            bytes.splice(at.index(len)..at.index(len), text.bytes());
        }
        Change::Repeat(at, n) => {
            let from = at.index(len);
            let piece = bytes[from..(from + n).min(len)].to_vec();
            bytes.splice(from..from, piece);
        }
        Change::Drop(at, n) => {
            let from = at.index(len);
            bytes.drain(from..(from + n).min(len));
        }
        Change::Columns(a, b) => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let lines = text.lines().map(|line| {
                let mut cells: Vec<&str> = line.split(',').collect();
                let (a, b) = (a.index(cells.len()), b.index(cells.len()));
                cells.swap(a, b);
                cells.join(",") + "\n"
            });
            return lines.collect::<String>().into_bytes();
        }
        Change::Lines(a, b) => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let mut lines: Vec<&str> = text.lines().collect();
            if !lines.is_empty() {
                let (a, b) = (a.index(lines.len()), b.index(lines.len()));
                lines.swap(a, b);
            }
            return lines.join("\n").into_bytes();
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_changed_file_is_read_or_refused_in_words(
        of in any::<Index>(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let samples = samples();
        let (kind, text) = &samples[of.index(samples.len())];
        let bytes = changes.iter().fold(text.clone().into_bytes(), changed);
        let started = Instant::now();
        if let Err(error) = read(kind, bytes) {
            let said = error.to_string();
            prop_assert!(said.contains("file") || said.contains("sector") || said.contains("theta"), "{kind}: {said}");
            prop_assert!(said.len() < 2000, "{kind}: {said}");
        }
        prop_assert!(started.elapsed() < PATIENCE);
    }
}
