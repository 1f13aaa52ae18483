//! What is written reads back, and the types of other programs' files are understood.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{
    ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::Type;
use rust_decimal::Decimal;

use super::{
    Answers, BATCH_ROWS, Cell, Cells, Coded, Encoder, FileFormat, Kind, RowReader, RowWriter, Rows,
    Texts,
};
use crate::TableError;

const COLUMNS: [(&str, Kind); 4] = [
    ("name", Kind::Text),
    ("group", Kind::Text),
    ("amount", Kind::Amount),
    ("rate", Kind::Real),
];

fn texts(of: impl Iterator<Item = String>) -> Answers {
    let mut texts = Texts::default();
    of.for_each(|text| texts.push(text.as_bytes()));
    Answers::Texts(texts)
}

fn write(path: &Path, format: FileFormat, batches: &[usize]) {
    let encoder = Encoder::new(format, &COLUMNS).unwrap();
    let mut writer = RowWriter::create(path, &encoder).unwrap();
    let mut first = 0;
    for rows in batches {
        let numbers = first..first + rows;
        first += rows;
        let answers = vec![
            texts(numbers.clone().map(|i| format!("row, \"{i}\"\n"))),
            texts(numbers.clone().map(|i| format!("g{}", i % 3))),
            Answers::Amounts(
                numbers
                    .clone()
                    .map(|i| (i % 5 != 0).then(|| Decimal::new(i as i64 - 7, 3)))
                    .collect(),
            ),
            Answers::Reals(
                numbers
                    .map(|i| (i % 7 != 0).then_some(i as f64 / 8.0))
                    .collect(),
            ),
        ];
        writer
            .write(encoder.encode(*rows, &answers).unwrap())
            .unwrap();
    }
    assert!(!path.exists(), "nobody sees the file before it is whole");
    writer.finish().unwrap();
}

fn shown(cell: Cell<'_>) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => text.to_owned(),
        Cell::Bytes(bytes) => format!("{bytes:?}"),
        Cell::Number { mantissa, scale } => {
            let mut out = Vec::new();
            super::push_decimal(&mut out, mantissa, scale);
            String::from_utf8(out).unwrap()
        }
        Cell::Real(number) => number.to_string(),
        Cell::Day(days) => format!("day {days}"),
    }
}

/// All cells, row by row, and the sizes of the batches.
fn read(
    path: &Path,
    format: FileFormat,
    columns: &[&str],
) -> Result<(Vec<Vec<String>>, Vec<usize>), TableError> {
    let mut reader = RowReader::open(path, format)?;
    reader.choose(columns)?;
    let (mut rows, mut all, mut sizes) = (Rows::default(), Vec::new(), Vec::new());
    loop {
        reader.read(&mut rows)?;
        if rows.len == 0 {
            let (done, total) = reader.progress();
            assert_eq!(done, total);
            return Ok((all, sizes));
        }
        assert_eq!(rows.first as usize, all.len() + 1);
        sizes.push(rows.len);
        for row in 0..rows.len {
            all.push(
                (0..columns.len())
                    .map(|c| shown(rows.cell(c, row)))
                    .collect(),
            );
        }
    }
}

#[test]
fn parquet_and_csv_read_back_the_same_in_whole_batches() {
    let folder = tempfile::tempdir().unwrap();
    // Batches of another size than those that are read.
    let sizes = [10, BATCH_ROWS, 0, 1, 5000];
    let (csv, parquet) = (folder.path().join("a.csv"), folder.path().join("a.parquet"));
    write(&csv, FileFormat::Csv, &sizes);
    write(&parquet, FileFormat::Parquet, &sizes);
    let columns = ["rate", "absent", "name", "amount", "group"];
    let (of_csv, _) = read(&csv, FileFormat::Csv, &columns).unwrap();
    let (of_parquet, batches) = read(&parquet, FileFormat::Parquet, &columns).unwrap();
    assert_eq!(of_csv.len(), BATCH_ROWS + 5011);
    assert_eq!(batches, [BATCH_ROWS, 5011]);
    assert_eq!(of_csv, of_parquet);
    assert_eq!(of_csv[8], ["1", "", "row, \"8\"", "0.001", "g2"]);
}

#[test]
fn rows_of_another_length_are_told_and_none_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(
        &path,
        b"\xef\xbb\xbf a ,b\r\n1,2\r\n3\n4,5,6\n\n#7,\xff\n\"8\n\",9\n",
    )
    .unwrap();
    let mut reader = RowReader::open(&path, FileFormat::Csv).unwrap();
    assert_eq!(reader.names(), ["a", "b"]);
    reader.choose(&["b", "a"]).unwrap();
    let mut rows = Rows::default();
    reader.read(&mut rows).unwrap();
    assert_eq!((rows.len, &rows.ragged[..]), (5, &[(1, 1), (2, 3)][..]));
    let all: Vec<(Cell<'_>, Cell<'_>)> =
        (0..5).map(|r| (rows.cell(1, r), rows.cell(0, r))).collect();
    let expected = [
        (Cell::Text("1"), Cell::Text("2")),
        (Cell::Text("3"), Cell::Blank),
        (Cell::Text("4"), Cell::Text("5")),
        (Cell::Text("#7"), Cell::Bytes(b"\xff")),
        (Cell::Text("8"), Cell::Text("9")),
    ];
    assert_eq!(all, expected);
}

#[test]
fn faults_of_a_file_name_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "a,b,a\n1,2,3\n").unwrap();
    let mut reader = RowReader::open(&path, FileFormat::Csv).unwrap();
    let twice = reader.choose(&["b", "a"]).unwrap_err().to_string();
    assert!(
        twice.ends_with("a.csv: there are two columns `a`"),
        "{twice}"
    );
    let lacks = reader.lacks("value").to_string();
    assert!(
        lacks.ends_with("no column `value` (there are: a, b, a)"),
        "{lacks}"
    );
    assert!(RowReader::open(&path, FileFormat::Parquet).is_err());
    assert!(RowReader::open(Path::new("nowhere.csv"), FileFormat::Csv).is_err());
}

type Fill = fn(&mut SerializedRowGroupWriter<'_, File>);

/// A file of one column, three rows, the second of which may be missing.
fn one_column(path: &Path, field: Type, fill: Fill) {
    let fields = vec![Arc::new(field)];
    let schema = Type::group_type_builder("t")
        .with_fields(fields)
        .build()
        .unwrap();
    let properties = Arc::new(WriterProperties::builder().build());
    let file = File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema), properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    fill(&mut group);
    group.close().unwrap();
    writer.close().unwrap();
}

macro_rules! fill {
    ($type:ty, $values:expr) => {
        |group| {
            let mut column = group.next_column().unwrap().unwrap();
            let levels = Some(&[1i16, 0, 1][..]);
            column
                .typed::<$type>()
                .write_batch($values, levels, None)
                .unwrap();
            column.close().unwrap();
        }
    };
}

#[test]
fn types_of_other_programs_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let field = |physical, logical: Option<LogicalType>, length, decimal: Option<(i32, i32)>| {
        let mut field = Type::primitive_type_builder("x", physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_length(length)
            .with_logical_type(logical);
        if let Some((precision, scale)) = decimal {
            field = field.with_precision(precision).with_scale(scale);
        }
        field.build().unwrap()
    };
    let decimal = |scale, precision| Some(LogicalType::decimal(scale, precision));
    let cases: Vec<(Type, Fill, [&str; 3])> = vec![
        (
            field(Physical::INT32, None, -1, None),
            fill!(Int32Type, &[-5, 7]),
            ["-5", "", "7"],
        ),
        (
            field(
                Physical::INT32,
                Some(LogicalType::integer(32, false)),
                -1,
                None,
            ),
            fill!(Int32Type, &[-1, 7]),
            ["4294967295", "", "7"],
        ),
        (
            field(Physical::INT64, decimal(2, 18), -1, Some((18, 2))),
            fill!(Int64Type, &[12_345, -10]),
            ["123.45", "", "-0.1"],
        ),
        (
            field(Physical::INT32, decimal(2, 9), -1, Some((9, 2))),
            fill!(Int32Type, &[1, 200]),
            ["0.01", "", "2"],
        ),
        (
            field(
                Physical::FIXED_LEN_BYTE_ARRAY,
                decimal(3, 10),
                5,
                Some((10, 3)),
            ),
            fill!(
                FixedLenByteArrayType,
                &[
                    FixedLenByteArray::from(vec![0xff, 0xff, 0xff, 0xff, 0xfe]),
                    FixedLenByteArray::from(vec![0, 0, 0, 0x04, 0xd2])
                ]
            ),
            ["-0.002", "", "1.234"],
        ),
        (
            field(Physical::BYTE_ARRAY, decimal(1, 20), -1, Some((20, 1))),
            fill!(
                ByteArrayType,
                &[ByteArray::from(vec![0x80]), ByteArray::from(vec![1, 0])]
            ),
            ["-12.8", "", "25.6"],
        ),
        (
            field(Physical::DOUBLE, None, -1, None),
            fill!(DoubleType, &[0.1, 2e3]),
            ["0.1", "", "2000"],
        ),
        (
            field(Physical::FLOAT, None, -1, None),
            fill!(FloatType, &[0.1, 2.5]),
            ["0.1", "", "2.5"],
        ),
        (
            field(Physical::INT32, Some(LogicalType::Date), -1, None),
            fill!(Int32Type, &[20_194, 0]),
            ["day 20194", "", "day 0"],
        ),
        (
            field(Physical::BYTE_ARRAY, None, -1, None),
            fill!(
                ByteArrayType,
                &[ByteArray::from("米"), ByteArray::from(" ")]
            ),
            ["米", "", ""],
        ),
    ];
    for (field, fill, expected) in cases {
        one_column(&path, field.clone(), fill);
        let (rows, _) = read(&path, FileFormat::Parquet, &["x"]).unwrap();
        let cells: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(cells, expected, "{field:?}");
    }
    let stamp = LogicalType::timestamp(true, parquet::basic::TimeUnit::MILLIS);
    one_column(
        &path,
        field(Physical::INT64, Some(stamp), -1, None),
        fill!(Int64Type, &[1, 2]),
    );
    let error = read(&path, FileFormat::Parquet, &["x"])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("column `x` has an unsupported type"),
        "{error}"
    );
    // A column that nobody asks for may be of any type.
    assert_eq!(read(&path, FileFormat::Parquet, &["y"]).unwrap().0.len(), 3);
}

#[test]
fn a_list_or_a_group_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let schema = "message table {
        required binary goods (UTF8);
        optional group claims (LIST) { repeated group list { optional binary element (UTF8); } }
        optional group value { optional double amount; optional double other; }
    }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().build());
    let file = File::create(&path).unwrap();
    let writer = SerializedFileWriter::new(file, schema, properties).unwrap();
    writer.close().unwrap();
    for column in ["claims", "value"] {
        let mut reader = RowReader::open(&path, FileFormat::Parquet).unwrap();
        assert_eq!(reader.names(), ["goods", "claims", "value"]);
        let told = reader.choose(&["goods", column]).unwrap_err().to_string();
        assert!(
            told.contains(column) && told.contains("a list or a group"),
            "{told}"
        );
    }
}

/// Row groups of texts, `None` where one is missing, as the library writes them.
fn write_texts(
    path: &Path,
    properties: WriterProperties,
    optional: bool,
    groups: &[Vec<Option<String>>],
) {
    let repetition = if optional { "optional" } else { "required" };
    let schema = format!("message table {{ {repetition} binary x (UTF8); }}");
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let file = File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).unwrap();
    for texts in groups {
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let levels: Vec<i16> = texts.iter().map(|t| i16::from(t.is_some())).collect();
        let there: Vec<ByteArray> = texts
            .iter()
            .flatten()
            .map(|t| ByteArray::from(t.as_str()))
            .collect();
        let levels = optional.then_some(&levels[..]);
        column
            .typed::<ByteArrayType>()
            .write_batch(&there, levels, None)
            .unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
}

#[test]
fn texts_are_read_from_pages_of_every_kind() {
    use parquet::basic::Encoding;
    use parquet::file::properties::WriterVersion;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let few = |i: usize| format!("t{}", i * i % 37);
    let many = |i: usize| format!("text {i}");
    let group = |of: &dyn Fn(usize) -> String, rows: usize, gap: usize| -> Vec<Option<String>> {
        (0..rows)
            .map(|i| (gap == 0 || i % gap != 1).then(|| of(i)))
            .collect()
    };
    for optional in [false, true] {
        let gap = if optional { 3 } else { 0 };
        let mut groups = vec![
            group(&few, 5000, gap),
            group(&many, 3000, gap),
            group(&|_| "one".to_owned(), 70_000, 0),
            group(&few, 10, gap),
        ];
        if optional {
            groups.push(vec![None; 500]);
        }
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let begun = || {
                WriterProperties::builder()
                    .set_writer_version(version)
                    .set_data_page_row_count_limit(700)
                    .set_write_batch_size(100)
            };
            let kinds = [
                begun(),
                begun().set_dictionary_enabled(false),
                // Full after some pages: plain ones follow, or in version 2 others that only the library reads.
                begun().set_dictionary_page_size_limit(4000),
                begun()
                    .set_dictionary_enabled(false)
                    .set_encoding(Encoding::DELTA_BYTE_ARRAY),
            ];
            for (kind, properties) in kinds.into_iter().enumerate() {
                write_texts(&path, properties.build(), optional, &groups);
                let (rows, _) = read(&path, FileFormat::Parquet, &["x"]).unwrap();
                let expected = groups.iter().flatten();
                let same = rows
                    .iter()
                    .map(|row| row[0].as_str())
                    .eq(expected.map(|text| text.as_deref().unwrap_or("")));
                assert!(same, "{version:?}, kind {kind}, optional {optional}");
            }
        }
    }
}

#[test]
fn few_texts_are_kept_by_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    write(&path, FileFormat::Parquet, &[BATCH_ROWS]);
    let mut reader = RowReader::open(&path, FileFormat::Parquet).unwrap();
    reader.choose(&["group", "name"]).unwrap();
    let mut rows = Rows::default();
    reader.read(&mut rows).unwrap();
    let (Cells::Coded(groups), Cells::Text(_)) = (&rows.columns[0], &rows.columns[1]) else {
        panic!("three texts in a dictionary and names that all differ");
    };
    assert_eq!((groups.len(), groups.texts().len()), (BATCH_ROWS, 3));
}

/// A file of one column of texts, and the texts as they read back.
fn one_of_texts(path: &Path, answers: Answers) -> (Vec<u8>, Vec<String>) {
    let rows = answers.len();
    let encoder = Encoder::new(FileFormat::Parquet, &[("name", Kind::Text)]).unwrap();
    let mut writer = RowWriter::create(path, &encoder).unwrap();
    writer
        .write(encoder.encode(rows, &[answers]).unwrap())
        .unwrap();
    writer.finish().unwrap();
    let (rows, _) = read(path, FileFormat::Parquet, &["name"]).unwrap();
    let texts = rows.into_iter().flatten().collect();
    (std::fs::read(path).unwrap(), texts)
}

/// Whether texts come one by one or by places, equal ones twice and some without a place, the bytes are the same; also where too
/// many differ for a list of them, and where hundreds come once each before they come again.
#[test]
fn texts_by_places_are_written_as_texts_one_by_one_are() {
    let folder = tempfile::tempdir().unwrap();
    for (count, different) in [(5000, 3), (5000, 600), (5000, 2500), (40, 40)] {
        let text = |row: usize| match row % different {
            1 => String::new(),
            n => format!("text {n}"),
        };
        let mut coded = Coded::default();
        for n in (0..different).rev().chain(0..different) {
            coded.add_with(|out| out.extend_from_slice(text(n).as_bytes()));
        }
        for row in 0..count {
            let n = row % different;
            let places = [different - 1 - n, different + n, 3 * different];
            let place = places[row % if n == 1 { 3 } else { 2 }];
            coded.push_place(place as u32);
        }
        let (one_by_one, by_places) = (folder.path().join("a"), folder.path().join("b"));
        let (expected, read) = one_of_texts(&one_by_one, texts((0..count).map(text)));
        assert!(read.into_iter().eq((0..count).map(text)));
        let (bytes, _) = one_of_texts(&by_places, Answers::Coded(coded));
        assert!(bytes == expected, "{different} of {count}");
    }
}

#[test]
fn pages_that_are_cut_off_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let texts: Vec<Option<String>> = (0..900)
        .map(|i| (i % 4 > 0).then(|| format!("t{}", i % 90)))
        .collect();
    write_texts(&path, WriterProperties::builder().build(), true, &[texts]);
    let whole = std::fs::read(&path).unwrap();
    let (mut same, mut told) = (0, 0);
    // Every byte before the foot changed: an answer or an error, never a panic.
    for at in 4..whole.len() - 300 {
        let mut changed = whole.clone();
        changed[at] ^= 0x15;
        std::fs::write(&path, &changed).unwrap();
        match read(&path, FileFormat::Parquet, &["x"]) {
            Ok((rows, _)) => {
                assert_eq!(rows.len(), 900);
                same += 1;
            }
            Err(_) => told += 1,
        }
    }
    assert!(same > 0 && told > 0, "{same} {told}");
}

/// Reads a CSV file to its end: how many rows, or what is wrong.
fn rows_of(text: &[u8]) -> Result<usize, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, text).unwrap();
    let read = || -> Result<usize, TableError> {
        let mut reader = RowReader::open(&path, FileFormat::Csv)?;
        reader.choose(&["id", "note"])?;
        let (mut rows, mut all) = (Rows::default(), 0);
        loop {
            reader.read(&mut rows)?;
            if rows.len == 0 {
                return Ok(all);
            }
            all += rows.len;
        }
    };
    let name = format!("{}: ", path.display());
    read().map_err(|error| error.to_string().replace(&name, ""))
}

#[test]
fn a_stray_quote_swallows_no_rows() {
    assert_eq!(rows_of(b"id,note\na,\"8\n\"\n#1,\"5 \"\" pipe\"\n"), Ok(2));
    assert_eq!(
        rows_of(b"id,note\na,\"5 in. pipe\nb,x\nc,y\n").unwrap_err(),
        "row 1 (line 2): a quote opens there and never closes; the file is damaged or cut off"
    );
    let within = rows_of(b"id,note\na,\"5 in. pipe\nb,\"x\"\n").unwrap_err();
    assert!(within.starts_with("row 1 (line 2): a quote opens there and closes in line 3"));
    assert_eq!(
        rows_of(b"\xff\xfei\0d\0").unwrap_err(),
        "the text is UTF-16; save it as UTF-8"
    );
    assert!(
        rows_of(b"\x1f\x8b\x08\x00")
            .unwrap_err()
            .contains("packed with gzip")
    );
}
