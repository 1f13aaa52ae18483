//! How many rows a second `winset assess` answers from Parquet to Parquet, and in how much memory.
//!
//! `cargo run --release -p winset --example assess_speed -- [ROWS [THREADS [CODES [FILE]]]]` on a quiet machine: makes a
//! file of random rows in a temporary folder (10 million where no number is given), assesses it, and prints rows a
//! second and the largest resident memory. Every tenth row claims a programme, states facts or contents. CODES limits
//! how many codes of the schedule the rows are about. The rows are left in FILE where one is named.

use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::date;
use rust_decimal::Decimal;
use winset::assess::{self, Laws, Options};
use winset_data::Set;
use winset_io::Problems;
use winset_io::stream::{Answers, BATCH_ROWS, Encoder, FileFormat, Kind, RowWriter, Texts};
use winset_law::{Country, GoodsCode, Law};

const COLUMNS: [(&str, Kind); 12] = [
    ("id", Kind::Text),
    ("importer", Kind::Text),
    ("goods", Kind::Text),
    ("origin", Kind::Text),
    ("entry_date", Kind::Text),
    ("value", Kind::Amount),
    ("currency", Kind::Text),
    ("quantity", Kind::Amount),
    ("unit", Kind::Text),
    ("content", Kind::Text),
    ("claims", Kind::Text),
    ("facts", Kind::Text),
];

const ORIGINS: &str = "CN MX CA JP DE VN KR TW IE IN IT CH GB FR TH MY BE BR ID NL SG IL AT ES AU PL ZA CL CO HU SE TR \
    CZ PH DK RU AR BD PE NZ NO KH PT FI SA EC HK SK CR GT RO DO HN PK LK NI JO SI BG SV";

/// The law that ships.
struct Shipped;

impl Laws for Shipped {
    type Error = Problems;

    fn law(&self, importer: Country) -> Result<Option<Law>, Problems> {
        winset::law::of_importer(importer).map(Some)
    }

    fn there(&self) -> String {
        "US".to_owned()
    }
}

/// The next of a sequence of numbers without pattern (splitmix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Writes random rows.
fn make(path: &Path, rows: usize, most: usize) -> Result<(), Box<dyn Error>> {
    let table = Set::UsSchedule.table()?;
    let mut codes: Vec<String> = Vec::new();
    for code in table.text_slice("code")? {
        let code: GoodsCode = code.parse()?;
        if code.digits() >= 8 && code.chapter() < 98 {
            codes.push(code.plain());
        }
    }
    codes.sort_unstable();
    codes.dedup();
    let step = codes.len().div_ceil(most.max(1));
    let codes: Vec<String> = codes.into_iter().step_by(step).collect();
    let origins: Vec<&str> = ORIGINS.split_whitespace().collect();
    let mut days = Vec::new();
    for i in 0..500 {
        days.push(date(2025, 1, 1).checked_add(i.days())?.to_string());
    }
    let encoder = Encoder::new(FileFormat::Parquet, &COLUMNS)?;
    let mut writer = RowWriter::create(path, &encoder)?;
    let mut state = 1;
    let mut pick = |n: usize| (next(&mut state) % n as u64) as usize;
    let mut done = 0;
    while done < rows {
        let count = BATCH_ROWS.min(rows - done);
        let mut texts: Vec<Texts> = vec![Texts::default(); COLUMNS.len()];
        let (mut values, mut quantities) = (Vec::new(), Vec::new());
        for row in done..done + count {
            let value = 100 + pick(100_000_000) as i64;
            values.push(Some(Decimal::new(value, 2)));
            quantities.push(Some(Decimal::new(1 + pick(100_000) as i64, 0)));
            let code = codes[pick(codes.len())].as_bytes();
            let origin = origins[pick(origins.len())].as_bytes();
            let special = pick(30);
            let claims = match (special, origin) {
                (0, b"CA" | b"MX") => &b"USMCA"[..],
                (0, b"KR") => b"KORUS",
                _ => b"",
            };
            let facts: &[u8] = match special {
                1 => b"us_share=0.25",
                2 => b"certified=auto_part;ocean=true",
                _ => b"",
            };
            let content = if special == 3 {
                format!("steel={};aluminum=0", value / 400)
            } else {
                String::new()
            };
            let id = format!("entry-{row:09}");
            let cells: [&[u8]; 12] = [
                id.as_bytes(),
                b"US",
                code,
                origin,
                days[pick(days.len())].as_bytes(),
                b"",
                b"USD",
                b"",
                b"",
                content.as_bytes(),
                claims,
                facts,
            ];
            for (column, cell) in texts.iter_mut().zip(cells) {
                column.push(cell);
            }
        }
        let columns = texts.into_iter().enumerate().map(|(i, texts)| match i {
            5 => Answers::Amounts(std::mem::take(&mut values)),
            7 => Answers::Amounts(std::mem::take(&mut quantities)),
            _ => Answers::Texts(texts),
        });
        writer.write(encoder.encode(count, &columns.collect::<Vec<_>>())?)?;
        done += count;
    }
    writer.finish()?;
    Ok(())
}

/// Largest resident memory of this process so far, MiB.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:"));
    let kib = line.and_then(|l| l.split_whitespace().nth(1)?.parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}

/// Seconds of work of all threads so far.
fn worked() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let mut fields = after.split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|f| f.parse::<f64>().ok());
    // A hundred ticks a second on Linux.
    ticks()
        .zip(ticks())
        .map_or(f64::NAN, |(user, system)| (user + system) / 100.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let rows = arguments.next().map_or(Ok(10_000_000), |n| n.parse())?;
    let default = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = arguments.next().map_or(Ok(default), |n| n.parse())?;
    let codes = arguments.next().map_or(Ok(usize::MAX), |n| n.parse())?;
    let kept = arguments.next();
    let folder = std::env::temp_dir().join(format!("winset-assess-speed-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (input, output) = (folder.join("in.parquet"), folder.join("out.parquet"));
    let start = Instant::now();
    make(&input, rows, codes)?;
    println!(
        "{rows} rows made in {:.1} s, {} MB; peak {:.0} MiB",
        start.elapsed().as_secs_f64(),
        std::fs::metadata(&input)?.len() / 1_000_000,
        peak_mib()
    );
    let format = FileFormat::Parquet;
    let options = Options {
        known_on: None,
        threads,
        columns: assess::AnswerColumns::default(),
    };
    let (start, before) = (Instant::now(), worked());
    let done = assess::run(
        (&input, format),
        (&output, format),
        options,
        &Shipped,
        &|_, _| ControlFlow::Continue(()),
    )?;
    let (seconds, work) = (start.elapsed().as_secs_f64(), worked() - before);
    let peak = peak_mib();
    let sum = winset_data::sha256(&std::fs::read(&output)?);
    println!(
        "{} rows on {threads} threads in {seconds:.2} s: {:.0} rows/s ({work:.2} s of work, {:.0} rows/s a core), \
         {} errors, {} MB, sha256 {sum:.12}; peak {:.0} MiB",
        done.rows,
        done.rows as f64 / seconds,
        done.rows as f64 / work,
        done.errors,
        std::fs::metadata(&output)?.len() / 1_000_000,
        peak
    );
    if let Some(kept) = kept {
        std::fs::copy(&input, kept)?;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
