//! Any bytes as a published file: the first byte chooses the reader. Nothing panics; what is refused is refused in words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_import::{
    Choices, ImportError, Input, Mapping, Stage, baci, census, comtrade, ecb, hts, hts_notes, icio, japan, tariffs, wiod,
};
use winset_io::stream::FileFormat;
use winset_io::{Column, Table};

fn read(kind: u8, bytes: &[u8]) -> Result<(), ImportError> {
    let input = Input::from_bytes("file", bytes)?;
    let around = tempfile::tempdir().expect("a folder");
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
    match kind % 10 {
        0 => ecb::read(input)?.table().map(|_| ()),
        1 => hts::schedule(&[(jiff::civil::date(2025, 1, 1), hts::read(input)?)]).map(|_| ()),
        2 => hts_notes::read(input).map(|_| ()),
        3 => census::read(input).map(|imports| drop(imports.table())),
        4 => japan::schedule(vec![(jiff::civil::date(2025, 4, 1), japan::read(input)?)]).map(|_| ()),
        5 => comtrade::import(vec![input], &mut stage).map(|_| ()),
        6 => {
            let codes = Input::from_bytes("codes", "country_code,country_iso3\n392,JPN\n842,USA\n")?;
            baci::import(codes, vec![input], &mut stage).map(|_| ())
        }
        7 => tariffs::import(vec![input], &mut stage).map(|_| ()),
        8 => icio::import(input, &choices, &mut stage).map(|_| ()),
        _ => wiod::import(input, &choices, &mut stage).map(|_| ()),
    }
}

fuzz_target!(|data: &[u8]| {
    if let Some((kind, bytes)) = data.split_first()
        && let Err(error) = read(*kind, bytes)
    {
        assert!(!error.to_string().is_empty());
    }
});
