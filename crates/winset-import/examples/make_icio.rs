//! A table in the shape of the OECD's inter-country input–output table of one year, with figures from a seeded generator:
//!
//! ```sh
//! cargo run --release -p winset-import --example make_icio -- 2022_synthetic.csv
//! cargo run --release -p winset-import --example make_icio -- small_2022.csv 4 3
//! ```
//!
//! 81 countries and 50 industries (about 150 MB), or as many as are asked for. It closes as the published one does: rows add up
//! to output, and so do columns with taxes less subsidies and value added. Inventories of some are
//! drawn down.

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

const COUNTRIES: &str = "AGO ARE ARG AUS AUT BEL BGD BGR BLR BRA BRN CAN CHE CHL CHN CIV CMR COD COL CRI CYP CZE DEU DNK \
    EGY ESP EST FIN FRA GBR GRC HKG HRV HUN IDN IND IRL ISL ISR ITA JOR JPN KAZ KHM KOR LAO LTU LUX LVA MAR MEX MLT MMR \
    MYS NGA NLD NOR NZL PAK PER PHL POL PRT ROU RUS SAU SEN SGP STP SVK SVN SWE THA TUN TUR TWN UKR USA VNM ZAF ROW";
const INDUSTRIES: &str = "A01 A02 A03 B05 B06 B07 B08 B09 C10T12 C13T15 C16 C17_18 C19 C20 C21 C22 C23 C24A C24B C25 C26 C27 C28 \
    C29 C301 C302T309 C31T33 D E F G H49 H50 H51 H52 H53 I J58T60 J61 J62_63 K L M N O P Q R S T";
const FINAL: [&str; 6] = ["HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR"];

/// The generator of Marsaglia (2003), *J. Stat. Softw.* 8(14).
struct XorShift(u64);

impl XorShift {
    /// Between 0.5 and 1.5.
    fn noise(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        0.5 + (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// An amount in thousandths, as text in the unit.
fn amount(out: &mut Vec<u8>, thousandths: i64) {
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, rest) = (thousandths.abs() / 1000, thousandths.abs() % 1000);
    let _ = write!(out, ",{sign}{whole}.{rest:03}");
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let path = args.next().ok_or("name the file to write")?;
    let mut count = |all: &str| -> Result<usize, Box<dyn Error>> {
        let most = all.split_whitespace().count();
        Ok(args
            .next()
            .map_or(Ok(most), |text| text.parse())?
            .clamp(1, most))
    };
    let (n, s) = (count(COUNTRIES)?, count(INDUSTRIES)?);
    let countries: Vec<&str> = COUNTRIES.split_whitespace().take(n).collect();
    let industries: Vec<&str> = INDUSTRIES.split_whitespace().take(s).collect();
    let mut random = XorShift(0x5eed_1c10);
    let sizes: Vec<f64> = (0..n).map(|_| random.noise().powi(3)).collect();
    let weights: Vec<f64> = (0..s).map(|_| random.noise()).collect();
    let world: f64 = sizes.iter().sum();

    let mut out = BufWriter::new(File::create(&path)?);
    let mut line = b"V1".to_vec();
    for c in &countries {
        industries
            .iter()
            .try_for_each(|i| write!(line, ",{c}_{i}"))?;
    }
    for c in &countries {
        FINAL.iter().try_for_each(|f| write!(line, ",{c}_{f}"))?;
    }
    line.extend_from_slice(b",OUT\n");
    out.write_all(&line)?;

    let mut used = vec![0_i64; n * s];
    let mut output = vec![0_i64; n * s];
    for o in 0..n {
        for i in 0..s {
            line.clear();
            write!(line, "{}_{}", countries[o], industries[i])?;
            let mut sum = 0;
            let home = |d: usize| if d == o { 20.0 } else { 1.0 };
            let scale = 5e9 * sizes[o] * weights[i] / (world * s as f64);
            for d in 0..n {
                for j in 0..s {
                    let z = scale * sizes[d] * weights[j] * home(d) * random.noise();
                    let z = z.round() as i64;
                    amount(&mut line, z);
                    sum += z;
                    used[d * s + j] += z;
                }
            }
            for d in 0..n {
                for (k, _) in FINAL.iter().enumerate() {
                    let f = scale * sizes[d] * s as f64 * home(d) * random.noise() * 0.3;
                    // Inventories move little; here and there they are drawn down by more than is consumed.
                    let f = match k {
                        4 if d == o && (o * s + i) % 97 == 0 => -6.0 * f,
                        4 => f * 0.05 * (random.noise() - 1.0),
                        _ => f,
                    };
                    let f = f.round() as i64;
                    amount(&mut line, f);
                    sum += f;
                }
            }
            amount(&mut line, sum);
            output[o * s + i] = sum;
            line.push(b'\n');
            out.write_all(&line)?;
        }
    }
    let taxes: Vec<i64> = output.iter().map(|y| y / 50).collect();
    let value_added: Vec<i64> = (0..n * s)
        .map(|at| output[at] - used[at] - taxes[at])
        .collect();
    for (label, row) in [("TLS", &taxes), ("VA", &value_added), ("OUT", &output)] {
        line.clear();
        write!(line, "{label}")?;
        for x in row.iter().chain(&vec![0; n * FINAL.len()]) {
            amount(&mut line, *x);
        }
        let total = if label == "OUT" { row.iter().sum() } else { 0 };
        amount(&mut line, total);
        line.push(b'\n');
        out.write_all(&line)?;
    }
    out.flush()?;
    let megabytes = std::fs::metadata(&path)?.len() as f64 / 1e6;
    println!("{path}: {n} countries × {s} industries, {megabytes:.1} MB");
    Ok(())
}
