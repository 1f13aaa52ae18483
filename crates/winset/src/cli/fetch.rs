//! `winset fetch`: official files from their publishers.

use serde_json::json;
use winset::fetch::{FetchError, Form, Patience, Wanted, fetch};
use winset_import::PUBLISHERS;
use winset_import::census::is_month;

use super::args::{FetchArgs, Fetched};
use super::columns::grouped;
use super::console::Console;
use super::failure::Failure;

/// The reader of what is downloaded.
fn kind(what: Fetched) -> &'static str {
    match what {
        Fetched::Hts => "hts",
        Fetched::Ecb => "ecb",
        Fetched::Icio => "icio",
        Fetched::Census => "census",
    }
}

/// The publisher's page, where people find the file.
fn page(kind: &str) -> &'static str {
    PUBLISHERS
        .iter()
        .find(|publisher| publisher.kind == kind)
        .map_or("", |publisher| publisher.page)
}

/// The forms of the publisher's file; at another address it may be another of its editions, or packed.
fn forms(args: &FetchArgs) -> &'static [Form] {
    match (args.what, args.from.is_some()) {
        (Fetched::Hts | Fetched::Census, false) => &[Form::Json],
        (Fetched::Hts, true) => &[Form::Json, Form::Csv, Form::Packed],
        (Fetched::Census, true) => &[Form::Json, Form::Digits, Form::Packed],
        (Fetched::Ecb, false) => &[Form::Csv],
        (Fetched::Ecb, true) | (Fetched::Icio, _) => &[Form::Csv, Form::Packed],
    }
}

fn address(args: &FetchArgs) -> Result<String, Failure> {
    if args.month.is_some() && args.what != Fetched::Census {
        return Err(Failure::Usage(format!(
            "{} is not published by month: --month is for census alone",
            kind(args.what)
        )));
    }
    if args.month.is_some() && args.from.is_some() {
        return Err(Failure::Usage(
            "--from is the whole address: leave --month out and write the month into it".to_owned(),
        ));
    }
    if let Some(from) = &args.from {
        return Ok(from.clone());
    }
    Ok(match args.what {
        Fetched::Hts => {
            "https://hts.usitc.gov/reststop/exportList?from=0101&to=9999&format=JSON&styles=false"
                .to_owned()
        }
        Fetched::Ecb => {
            "https://data-api.ecb.europa.eu/service/data/EXR/D..EUR.SP00.A?format=csvdata"
                .to_owned()
        }
        Fetched::Census => {
            let month = args.month.as_deref().unwrap_or_default();
            if !is_month(month) {
                return Err(Failure::Usage(
                    "name the month of the imports: --month 2024-12".to_owned(),
                ));
            }
            format!(
                "{}?get=I_COMMODITY,CTY_CODE,CON_VAL_MO,CAL_DUT_MO&COMM_LVL=HS10&time={month}",
                page("census")
            )
        }
        Fetched::Icio => {
            return Err(Failure::Usage(format!(
                "the OECD gives every file an address of its own: copy that of the table from {} and write --from ADDRESS",
                page("icio")
            )));
        }
    })
}

pub(crate) fn run(args: &FetchArgs, console: &Console) -> Result<(), Failure> {
    let url = address(args)?;
    let is_sum = |sum: &str| sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(sum) = args.sha256.as_deref().filter(|sum| !is_sum(sum)) {
        return Err(Failure::Usage(format!(
            "--sha256 {sum}: a SHA-256 has 64 digits from 0 to 9 and a to f, as sha256sum prints it"
        )));
    }
    let kind = kind(args.what);
    let progress = console.progress();
    let mut told = |come: u64, all: Option<u64>| match all {
        Some(all) => progress.step("bytes", come as usize, all as usize),
        None => progress.spin("downloading"),
    };
    let wanted = Wanted {
        url: &url,
        sha256: args.sha256.as_deref(),
        forms: forms(args),
    };
    let done = fetch(wanted, &args.out, Patience::default(), &mut told);
    let fetched = done.map_err(|error| by_hand(error, kind, &url, args))?;
    drop(progress);
    let out = args.out.display().to_string();
    console.answer(
        || json!({"out": out, "url": fetched.url, "day": fetched.day, "bytes": fetched.bytes, "sha256": fetched.sha256}),
        || {
            format!(
                "{out}: {} bytes from {}\nSHA-256 {}\nnext: winset import {kind} {out} --out FOLDER\n",
                grouped(u128::from(fetched.bytes)),
                fetched.url,
                fetched.sha256
            )
        },
    )
}

/// Where there is no way to the publisher, what to do by hand.
fn by_hand(error: FetchError, kind: &str, url: &str, args: &FetchArgs) -> Failure {
    if !matches!(
        error,
        FetchError::Unreachable { .. }
            | FetchError::Refused { .. }
            | FetchError::Form { .. }
            | FetchError::Later { .. }
    ) {
        return error.into();
    }
    let out = args.out.display();
    // The Census Bureau has no page for people: what a browser gets is the answer to the question itself.
    let page = match args.what {
        Fetched::Census => url,
        _ => page(kind),
    };
    Failure::Failed(anyhow::anyhow!(
        "{error}\nDownload it by hand from {page} and then write: winset import {kind} {out} --out FOLDER"
    ))
}
