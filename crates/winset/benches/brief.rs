//! Time and memory of the whole brief: goals 5 s and 500 MiB on two cores.

use std::time::Instant;

use winset::brief::{self, Edition};
use winset::dossier::Files;
use winset::export::{self, Format};
use winset::lang::Lang;

/// Largest resident memory of this process so far, MiB; none where the system does not tell.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace()
        .nth(1)?
        .parse::<f64>()
        .ok()
        .map(|kib| kib / 1024.0)
}

fn main() {
    let mut seconds = Vec::new();
    for _ in 0..5 {
        let clock = Instant::now();
        let files = Files::open(None).expect("the built-in dossier opens");
        let made = brief::run(files, None, Lang::En, &|_, _, _| ())
            .expect("the built-in dossier computes");
        let page = export::write(&made, Format::Html, Edition::Full).expect("a brief has a page");
        let bytes = page.len() + made.json().to_string().len();
        seconds.push(clock.elapsed().as_secs_f64());
        assert!(bytes > 100_000, "a brief of {bytes} bytes is no brief");
    }
    seconds.sort_by(f64::total_cmp);
    println!(
        "winset brief: best {:.2} s, median {:.2} s (goal 5 s); peak {:.0} MiB (goal 500 MiB)",
        seconds[0],
        seconds[2],
        peak_mib().unwrap_or(f64::NAN)
    );
}
