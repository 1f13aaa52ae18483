//! From the publishers' files to the embedded tables.
//!
//! Every step reads one published file, keeps the figures and drops the prose, and is checked against the
//! publisher's control totals before anything is written.

use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use winset_import::{Entry, ImportError, Input, Manifest, Origin, census, ecb, japan, sha256};
use winset_io::{Column, Table, TableError};

/// Why the data could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A table is not as its publisher issues it.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A published file is not as its publisher issues it.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The figures do not add up to the publisher's totals.
    #[error(
        "{table}: {what} is {found}, the publisher's total is {expected}: the source is another edition or incomplete"
    )]
    Control {
        /// The table.
        table: String,
        /// Which total.
        what: String,
        /// The total of the file at hand.
        found: f64,
        /// The total it must have.
        expected: f64,
    },
    /// The manifest cannot be written as TOML.
    #[error("manifest: {0}")]
    Manifest(#[from] toml::ser::Error),
}

/// Reads a source file, unpacked if its name ends in `.gz`.
fn read(sources: &Path, file: &str) -> Result<(Vec<u8>, String), BuildError> {
    let path = sources.join(file);
    let fail = |error| BuildError::File {
        path: path.clone(),
        error,
    };
    let raw = std::fs::read(&path).map_err(fail)?;
    let sum = sha256(&raw);
    if path.extension().is_some_and(|e| e == "gz") {
        let mut out = Vec::new();
        flate2::read::MultiGzDecoder::new(raw.as_slice())
            .read_to_end(&mut out)
            .map_err(fail)?;
        return Ok((out, sum));
    }
    Ok((raw, sum))
}

struct Made {
    file: &'static str,
    what: &'static str,
    mind: &'static str,
    table: Table,
    totals: Vec<(String, f64)>,
    origin: Vec<Origin>,
}

struct From<'a> {
    sources: &'a Path,
    file: &'static str,
    publisher: &'static str,
    date: &'static str,
    licence: &'static str,
}

impl From<'_> {
    fn bytes(&self) -> Result<(Vec<u8>, Origin), BuildError> {
        let (bytes, sum) = read(self.sources, self.file)?;
        let origin = Origin {
            file: self.file.to_owned(),
            publisher: self.publisher.to_owned(),
            date: self.date.to_owned(),
            licence: self.licence.to_owned(),
            sha256: sum,
        };
        Ok((bytes, origin))
    }

    fn table(&self) -> Result<(Table, Origin), BuildError> {
        let (bytes, origin) = self.bytes()?;
        Ok((Table::from_bytes(self.file, bytes)?, origin))
    }

    /// For the readers of `winset import`.
    fn input(&self) -> Result<(Input, Origin), BuildError> {
        let (bytes, origin) = self.bytes()?;
        Ok((Input::from_bytes(self.file, bytes)?, origin))
    }
}

const US_GOVERNMENT: &str = "work of the US government, public domain";
const OECD_TERMS: &str = "OECD terms and conditions, close to CC BY 4.0; attribution: OECD (2023, 2025), Inter-Country Input-Output Tables";

/// Makes every table from `sources`, in the order of [`crate::Set::ALL`], with the manifest last.
///
/// # Errors
/// A missing or changed source file, or totals that are not the publisher's.
pub fn build(sources: &Path) -> Result<Vec<(String, Vec<u8>)>, BuildError> {
    let mut made = vec![
        us_schedule(sources)?,
        us_imports(sources)?,
        us_imports_by_chapter(sources)?,
        jp_schedule(sources)?,
        ecb_rates(sources)?,
        bea_trade(sources)?,
        hs6_sector(sources)?,
        usmca_shares(sources)?,
        metal_shares(sources)?,
    ];
    made.extend(economy(
        sources,
        [
            (
                "trade/economy_2022_17/trade.parquet",
                "economy_2022_17_trade.parquet",
            ),
            (
                "trade/economy_2022_17/inputs.parquet",
                "economy_2022_17_inputs.parquet",
            ),
            (
                "trade/economy_2022_17/value_added.csv",
                "economy_2022_17_value_added.parquet",
            ),
        ],
    )?);
    made.extend(economy(
        sources,
        [
            (
                "trade/economy_2022_77/trade.parquet",
                "economy_2022_77_trade.parquet",
            ),
            (
                "trade/economy_2022_77/inputs.parquet",
                "economy_2022_77_inputs.parquet",
            ),
            (
                "trade/economy_2022_77/value_added.csv",
                "economy_2022_77_value_added.parquet",
            ),
        ],
    )?);
    made.push(elasticities(sources)?);

    let mut files = Vec::new();
    let mut manifest = Manifest {
        format: 1,
        table: Vec::new(),
    };
    for item in made {
        let bytes = item.table.to_parquet()?;
        manifest.table.push(Entry {
            file: item.file.to_owned(),
            what: item.what.to_owned(),
            mind: item.mind.to_owned(),
            rows: item.table.rows(),
            sha256: sha256(&bytes),
            totals: item.totals,
            origin: item.origin,
        });
        files.push((item.file.to_owned(), bytes));
    }
    let text = format!(
        "# Made by `winset data build`; the check that it is reproducible is `winset data check`.\n{}",
        toml::to_string(&manifest)?
    );
    files.push(("manifest.toml".to_owned(), text.into_bytes()));
    Ok(files)
}

fn control(
    table: &str,
    what: &str,
    found: f64,
    expected: f64,
) -> Result<(String, f64), BuildError> {
    if (found - expected).abs() > 0.005 * expected.abs().max(1.0) / 100.0 {
        return Err(BuildError::Control {
            table: table.to_owned(),
            what: what.to_owned(),
            found,
            expected,
        });
    }
    Ok((what.to_owned(), found))
}

fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

fn us_schedule(sources: &Path) -> Result<Made, BuildError> {
    let (from, origin) = From {
        sources,
        file: "us/hts_intervals_2025_2026.csv.gz",
        publisher: "US International Trade Commission, Harmonized Tariff Schedule, 44 revisions",
        date: "2025 basic to 2026 revision 10 (2026-06-08)",
        licence: US_GOVERNMENT,
    }
    .table()?;
    let code: Vec<String> = from
        .text_slice("htsno")?
        .iter()
        .map(|c| digits(c))
        .collect();
    let starts = from.text_slice("from_date")?;
    let ends = from.text_slice("to_date_excl")?;
    let general = from.text_slice("general")?;
    let special = from.text_slice("special")?;
    let column2 = from.text_slice("column2")?;
    let units = from.text_slice("units")?;
    let mut keep = Vec::new();
    for row in 0..from.rows() {
        // Chapters 98 and 99 modify what a line of chapters 1 to 97 owes: they are measures, not lines.
        // Ten-digit codes carry no rate of their own, but measures name them.
        let line = !general[row].trim().is_empty();
        if code[row].as_str() < "98" && (line || code[row].len() == 10) {
            keep.push(row);
        }
    }
    // The unit of quantity is printed at the ten-digit lines below the line that carries the rate.
    let unit = |row: usize| -> String {
        if !units[row].trim().is_empty() {
            return units[row].trim().to_owned();
        }
        (row + 1..from.rows())
            .take_while(|r| code[*r].starts_with(code[row].as_str()))
            .map(|r| units[r].trim())
            .find(|u| !u.is_empty())
            .unwrap_or_default()
            .to_owned()
    };
    let pick = |column: &[String]| {
        Column::Text(keep.iter().map(|r| column[*r].trim().to_owned()).collect())
    };
    let table = Table::new("us_schedule")
        .with("code", pick(&code))
        .with("from", pick(starts))
        .with("to", pick(ends))
        .with(
            "unit",
            Column::Text(keep.iter().map(|r| unit(*r)).collect()),
        )
        .with("general", pick(general))
        .with("special", pick(special))
        .with("column2", pick(column2));
    let in_force = |r: &&usize| ends[**r].is_empty() && !general[**r].trim().is_empty();
    let open = keep.iter().filter(in_force).count() as f64;
    Ok(Made {
        file: "us_schedule.parquet",
        what: "US tariff schedule, chapters 1-97: every rate line and ten-digit code with the dates its text held",
        mind: "dates are those of publication of the revisions, not always legal dates; ten-digit codes inherit the rate of their eight-digit line",
        totals: vec![("lines in force at the end".to_owned(), open)],
        table,
        origin: vec![origin],
    })
}

fn us_imports(sources: &Path) -> Result<Made, BuildError> {
    let (from, origin) = From {
        sources,
        file: "us/us_imports_2024_hs10_by_partner.csv.gz",
        publisher: "US Census Bureau, imports for consumption",
        date: "2024",
        licence: US_GOVERNMENT,
    }
    .input()?;
    let table = census::cells(from, ["hs10", "census_code", "value_usd", "duty_usd"])?;
    let partner = table.text_slice("partner")?;
    let sum = |column: &[i64], code: &str| -> f64 {
        partner
            .iter()
            .zip(column)
            .filter(|(p, _)| *p == code)
            .map(|(_, x)| *x as f64)
            .sum()
    };
    let totals = vec![
        control(
            "us_imports_2024",
            "Japan, value in USD",
            sum(&table.ints("value")?, "5880"),
            151.340_030_81e9,
        )?,
        control(
            "us_imports_2024",
            "Japan, duty in USD",
            sum(&table.ints("duty")?, "5880"),
            2.282_216_944e9,
        )?,
    ];
    Ok(Made {
        file: "us_imports_2024.parquet",
        what: "US imports for consumption 2024 by ten-digit code and partner, customs value and duty collected, USD",
        mind: "partner 0003 is the European Union and contains 4359 (Slovakia): adding both counts it twice; no quantities; 51 partners",
        totals,
        table,
        origin: vec![origin],
    })
}

fn us_imports_by_chapter(sources: &Path) -> Result<Made, BuildError> {
    let (from, origin) = From {
        sources,
        file: "us/us_imports_2024_hs2_all_countries.csv",
        publisher: "US Census Bureau, imports for consumption",
        date: "2024",
        licence: US_GOVERNMENT,
    }
    .input()?;
    let cells = census::cells(from, ["HS2", "CTY_CODE", "2024_imports", "2024_duty"])?;
    let partner = cells.texts("partner")?;
    let value = cells.ints("value")?;
    let world: f64 = partner
        .iter()
        .zip(&value)
        .filter(|(p, _)| *p != "0003")
        .map(|(_, x)| *x as f64)
        .sum();
    let totals = vec![control(
        "us_imports_2024_by_chapter",
        "world without the 0003 rows, USD",
        world,
        3251.15e9,
    )?];
    let table = Table::new("us_imports_2024_by_chapter")
        .with("chapter", Column::Text(cells.texts("code")?))
        .with("partner", Column::Text(partner))
        .with("value", Column::Int(value))
        .with("duty", Column::Int(cells.ints("duty")?));
    Ok(Made {
        file: "us_imports_2024_by_chapter.parquet",
        what: "US imports for consumption 2024 by chapter and every country, USD",
        mind: "0003 is the European Union and stands beside its members",
        totals,
        table,
        origin: vec![origin],
    })
}

/// The first days of the two schedules of Japan: what is published for July 2026 holds since the fiscal year began.
const JP_DAYS: [Date; 2] = [date(2025, 4, 1), date(2026, 4, 1)];

fn jp_schedule(sources: &Path) -> Result<Made, BuildError> {
    let edition = |file, date| {
        From {
            sources,
            file,
            publisher: "Japan Customs, tariff schedule, through qlitre/japan-tariff-mcp (MIT)",
            date,
            licence: "figures of the Japanese government's schedule",
        }
        .input()
    };
    let (first, first_origin) = edition("japan/tariff_2025_04_01.csv.gz", "2025-04-01")?;
    let (second, second_origin) = edition("japan/tariff_2026_07_09.csv.gz", "2026-07-09")?;
    let (first, second) = (japan::read(first)?, japan::read(second)?);
    let totals = vec![
        control(
            "jp_schedule",
            "lines of 1 April 2025",
            first.len() as f64,
            9663.0,
        )?,
        control(
            "jp_schedule",
            "lines of 9 July 2026",
            second.len() as f64,
            9654.0,
        )?,
    ];
    Ok(Made {
        file: "jp_schedule.parquet",
        what: "Japan's tariff schedule, fiscal 2025 and from fiscal 2026: every nine-digit line with its 27 rate columns as printed and the dates they held",
        mind: "Japanese text; a blank rate was filled from the row above it in the outline; formulas are printed in words; changes within fiscal 2025 are not held",
        totals,
        table: japan::schedule(vec![(JP_DAYS[0], first), (JP_DAYS[1], second)])?,
        origin: vec![first_origin, second_origin],
    })
}

fn ecb_rates(sources: &Path) -> Result<Made, BuildError> {
    let (from, origin) = From {
        sources,
        file: "fx/ecb_reference_rates_1999_2026.csv.gz",
        publisher: "European Central Bank, euro foreign exchange reference rates",
        date: "1999-01-04 to 2026-10-30",
        licence: "free of charge with the source named",
    }
    .input()?;
    // A cross rate that the ECB does not publish stands beside its own.
    let rates = ecb::read_beside(from, &["usdjpy"])?;
    Ok(Made {
        file: "ecb_reference_rates.parquet",
        what: "Euro reference rates, daily, units of currency for one euro",
        mind: "other pairs by cross rate; a blank means no rate that day",
        totals: vec![],
        table: rates.table_of(&["USD", "JPY", "CNY", "KRW", "CAD", "MXN", "GBP"])?,
        origin: vec![origin],
    })
}

fn bea_trade(sources: &Path) -> Result<Made, BuildError> {
    let (from, origin) = From {
        sources,
        file: "trade/us_bea/bea_trade_geo_annual_1999_2024.csv",
        publisher: "US Bureau of Economic Analysis, trade in goods and services by country",
        date: "1999 to 2024",
        licence: US_GOVERNMENT,
    }
    .table()?;
    let table = Table::new("bea_trade")
        .with("table", Column::Text(from.texts("table")?))
        .with("measure", Column::Text(from.texts("measure")?))
        .with("partner", Column::Text(from.texts("partner")?))
        .with("year", Column::Int(from.ints("year")?))
        .with("million_usd", Column::Text(from.texts("musd")?));
    Ok(Made {
        file: "bea_trade.parquet",
        what: "US trade by country and year, balance-of-payments basis, million USD",
        mind: "seasonally adjusted; differs from the customs basis of the Census tables",
        totals: vec![],
        table,
        origin: vec![origin],
    })
}

fn hs6_sector(sources: &Path) -> Result<Made, BuildError> {
    let (from, origin) = From {
        sources,
        file: "trade/hs6_2022_to_sector.csv",
        publisher: "concordance HS 2022 to ISIC 3 to the sectors of the OECD table",
        date: "2022",
        licence: "facts",
    }
    .table()?;
    let table = Table::new("hs6_sector")
        .with("hs6", Column::Text(from.texts("hs6_2022")?))
        .with("sector", Column::Text(from.texts("icio")?));
    Ok(Made {
        file: "hs6_sector.parquet",
        what: "HS 2022 six-digit codes to sectors",
        mind: "codes outside the concordance map to no sector; the share of trade they carry is printed",
        totals: vec![],
        table,
        origin: vec![origin],
    })
}

/// Shares are kept to four digits: they are statistics, and what is known of them is no finer.
fn rounded(shares: Vec<f64>) -> Column {
    Column::Real(
        shares
            .into_iter()
            .map(|x| (x * 1e4).round() / 1e4)
            .collect(),
    )
}

fn usmca_shares(sources: &Path) -> Result<Made, BuildError> {
    let (from, origin) = From {
        sources,
        file: "us/lists/usmca_product_shares_2024.csv",
        publisher: "US Census Bureau, imports 2024 by programme claimed, compiled by the Budget Lab at Yale (MIT)",
        date: "2024",
        licence: US_GOVERNMENT,
    }
    .table()?;
    let table = Table::new("usmca_shares")
        .with("code", Column::Text(from.texts("hts10")?))
        .with("partner", Column::Text(from.texts("cty_code")?))
        .with("share", rounded(from.reals("usmca_share")?));
    Ok(Made {
        file: "usmca_shares_2024.parquet",
        what: "share of imports from Canada and Mexico that claimed USMCA in 2024, by ten-digit code",
        mind: "a statistic, not law: the duties of 2025 gave importers reason to claim more",
        totals: vec![],
        table,
        origin: vec![origin],
    })
}

fn metal_shares(sources: &Path) -> Result<Made, BuildError> {
    let (from, origin) = From {
        sources,
        file: "us/lists/metal_content_shares_bea_hs10.csv.gz",
        publisher: "US Bureau of Economic Analysis, input-output accounts, compiled by the Budget Lab at Yale (MIT)",
        date: "2017 benchmark",
        licence: US_GOVERNMENT,
    }
    .table()?;
    let table = Table::new("metal_shares")
        .with("code", Column::Text(from.texts("hs10")?))
        .with("steel", rounded(from.reals("steel_share")?))
        .with("aluminum", rounded(from.reals("aluminum_share")?))
        .with("copper", rounded(from.reals("copper_share")?));
    Ok(Made {
        file: "metal_shares.parquet",
        what: "average share of steel, aluminium and copper in the value of goods, by ten-digit code",
        mind: "averages of an industry, not the content of a good; an entry states its own",
        totals: vec![],
        table,
        origin: vec![origin],
    })
}

fn economy(
    sources: &Path,
    files: [(&'static str, &'static str); 3],
) -> Result<Vec<Made>, BuildError> {
    files
        .into_iter()
        .map(|(file, out)| {
            let (from, origin) = From {
                sources,
                file,
                publisher: "OECD Inter-Country Input-Output Tables (flows: 2022, edition 2025; coefficients: 2020, edition 2023, refitted); tariffs: US Census 2024 collected, others Teti",
                date: "2022",
                licence: OECD_TERMS,
            }
            .table()?;
            let mut table = Table::new(out);
            let mut totals = Vec::new();
            let names: Vec<String> = from.column_names().map(str::to_owned).collect();
            for name in names {
                let column = if matches!(name.as_str(), "value" | "tariff" | "share") {
                    let cells = from.reals(&name)?;
                    if name == "value" {
                        totals.push(("value, million USD".to_owned(), cells.iter().sum()));
                    }
                    Column::Real(cells)
                } else {
                    Column::Text(from.texts(&name)?)
                };
                table = table.with(name, column);
            }
            Ok(Made {
                file: out,
                what: "an economy of 2022 with input-output links, closed",
                mind: "put together from two editions of the OECD's table, flows of 2022 (2025 edition) and coefficients of 2020 (2023 edition) refitted to them; `winset import icio FILE --mapping winset-17` (or winset-77) makes the like from the full table of one edition; cars include parts; China's GDP about 5 % low; simple-average tariffs outside the US are high where tobacco or liquor weigh",
                totals,
                table,
                origin: vec![origin],
            })
        })
        .collect()
}

fn elasticities(sources: &Path) -> Result<Made, BuildError> {
    let (from, origin) = From {
        sources,
        file: "trade/economy_2022_17/elasticities.csv",
        publisher: "eight published sets of trade elasticities, named by their authors' initials",
        date: "2006 to 2022",
        licence: "facts",
    }
    .table()?;
    let mut table = Table::new("elasticities").with("sector", Column::Text(from.texts("sector")?));
    let names: Vec<String> = from.column_names().skip(1).map(str::to_owned).collect();
    for name in names {
        let cells = from.reals(&name)?;
        table = table.with(name, Column::Real(cells));
    }
    Ok(Made {
        file: "elasticities.parquet",
        what: "trade elasticities by sector, eight published sets",
        mind: "they resolve 16 sectors; the column CP is not the published Caliendo-Parro set",
        totals: vec![],
        table,
        origin: vec![origin],
    })
}
