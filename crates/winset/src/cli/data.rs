//! `winset data`: the official figures inside the program.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::json;
use winset_data::build::build;
use winset_data::{MANIFEST, Manifest, Set};
use winset_io::write_whole;

use super::args::{DataArgs, DataCommand};
use super::columns::grouped;
use super::console::Console;
use super::failure::Failure;

/// The name of the manifest among the files.
const MANIFEST_FILE: &str = "manifest.toml";

pub(crate) fn run(args: &DataArgs, console: &Console) -> Result<(), Failure> {
    match &args.what {
        DataCommand::List => list(console),
        DataCommand::Build { sources, out } => make(sources, out, console),
        DataCommand::Check { sources } => check(sources, console),
    }
}

fn list(console: &Console) -> Result<(), Failure> {
    let manifest = Manifest::parse(MANIFEST).context("reading the embedded manifest")?;
    console.answer(
        || json!({"tables": manifest.table}),
        || {
            let mut out = String::new();
            for table in &manifest.table {
                let _ = writeln!(out, "{}: {}", table.file, table.what);
                let _ = writeln!(out, "  rows     {}", grouped(table.rows as u128));
                for origin in &table.origin {
                    let _ = writeln!(
                        out,
                        "  source   {}; {}; {}",
                        origin.publisher, origin.date, origin.licence
                    );
                }
                for (what, total) in &table.totals {
                    let _ = writeln!(out, "  control  {what}: {total}");
                }
                if !table.mind.is_empty() {
                    let _ = writeln!(out, "  mind     {}", table.mind);
                }
                out.push('\n');
            }
            let bytes: usize = Set::ALL.iter().map(|set| set.bytes().len()).sum();
            let _ = writeln!(
                out,
                "{} tables, {:.1} MiB",
                manifest.table.len(),
                bytes as f64 / 1_048_576.0
            );
            out
        },
    )
}

fn made(sources: &Path, console: &Console) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let progress = console.progress();
    progress.spin("making the tables");
    Ok(build(sources)?)
}

fn make(sources: &Path, out: &Path, console: &Console) -> Result<(), Failure> {
    let files = made(sources, console)?;
    fs::create_dir_all(out).with_context(|| format!("making the folder {}", out.display()))?;
    for (name, bytes) in &files {
        let path = out.join(name);
        write_whole(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let total: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    console.answer(
        || json!({"out": out.display().to_string(), "files": names, "bytes": total}),
        || {
            format!(
                "{} files, {:.1} MiB, in {}\n",
                names.len(),
                total as f64 / 1_048_576.0,
                out.display()
            )
        },
    )
}

/// The embedded bytes of a file.
fn embedded(name: &str) -> Option<&'static [u8]> {
    if name == MANIFEST_FILE {
        return Some(MANIFEST.as_bytes());
    }
    Set::ALL
        .iter()
        .find(|set| set.file() == name)
        .map(|set| set.bytes())
}

fn check(sources: &Path, console: &Console) -> Result<(), Failure> {
    let files = made(sources, console)?;
    let mut differ: Vec<String> = Vec::new();
    for (name, bytes) in &files {
        match embedded(name) {
            None => differ.push(format!("{name} is made but not embedded")),
            Some(old) if old != bytes.as_slice() => {
                differ.push(format!(
                    "{name} differs ({} bytes made, {} embedded)",
                    bytes.len(),
                    old.len()
                ));
            }
            Some(_) => {}
        }
    }
    for set in Set::ALL
        .iter()
        .filter(|set| !files.iter().any(|(name, _)| name == set.file()))
    {
        differ.push(format!("{} is embedded but not made", set.file()));
    }
    if !differ.is_empty() {
        return Err(Failure::Failed(anyhow::anyhow!(
            "the embedded data are not what {} makes: {} (run `winset data build` and look at what changed)",
            sources.display(),
            differ.join("; ")
        )));
    }
    console.answer(
        || json!({"same": true, "files": files.len()}),
        || {
            format!(
                "all {} files are, byte for byte, what {} makes\n",
                files.len(),
                sources.display()
            )
        },
    )
}
