//! Imports an inter-country input–output table and says how long it took and how much memory the process had at most:
//!
//! ```sh
//! cargo run --release -p winset-import --example make_icio -- 2022_synthetic.csv
//! cargo run --release -p winset-import --example import_icio -- 2022_synthetic.csv winset-77
//! ```
//!
//! The second word is a mapping that ships, or `none`. All elasticities are 4.

use std::env;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use winset_import::{Choices, Input, Mapping, Stage, icio};
use winset_io::stream::FileFormat;
use winset_io::{Column, Table};

const GOODS: &str = "A01 A02 A03 B05 B06 B07 B08 B09 C10T12 C13T15 C16 C17_18 C19 C20 C21 C22 C23 C24A C24B C25 C26 C27 C28 C29 \
    C301 C302T309 C31T33 SERV";

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let path = args.next().ok_or("name the table")?;
    let mapping = match args.next().as_deref() {
        None | Some("none") => Mapping::default(),
        Some(name) => Mapping::shipped(name)?,
    };
    let sectors: Vec<String> = GOODS.split_whitespace().map(str::to_owned).collect();
    let theta = vec![4.0; sectors.len()];
    let elasticities = Table::new("elasticities")
        .with("sector", Column::Text(sectors))
        .with("theta", Column::Real(theta));
    let choices = Choices {
        name: None,
        year: None,
        mapping,
        tariffs: None,
        elasticities: &elasticities,
    };
    let started = Instant::now();
    let out = env::temp_dir().join("winset-import-icio");
    let mut stage = Stage::begin(&out, FileFormat::Parquet)?;
    let made = icio::import(Input::open(Path::new(&path))?, &choices, &mut stage)?;
    stage.finish(&[winset_import::origin("icio", Path::new(&path), "")?])?;
    println!(
        "{} regions × {} sectors in {:.1} s, checksum of the input included{}",
        made.regions,
        made.sectors,
        started.elapsed().as_secs_f64(),
        peak().map_or_else(String::new, |mib| format!("; at most {mib:.0} MiB"))
    );
    Ok(())
}

/// The most memory that this process had, where the system says.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
