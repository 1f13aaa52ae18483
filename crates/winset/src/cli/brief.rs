//! `winset brief`: one brief from one dossier, in the formats asked for.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::json;
use winset::brief::{Brief, Edition};
use winset::dossier::Files;
use winset::export;
use winset::lang::Lang;
use winset_io::write_whole;

use super::args::{BriefArgs, DossierArgs};
use super::console::Console;
use super::failure::Failure;

/// The brief of a dossier, with its progress shown.
pub(crate) fn compute(args: &DossierArgs, lang: Lang, console: &Console) -> Result<Brief, Failure> {
    let files = Files::open(args.dossier.as_deref())?;
    let progress = console.progress();
    let brief = winset::brief::run(files, args.known_on, lang, &|what, done, total| {
        progress.step(what, done, total);
    })?;
    drop(progress);
    Ok(brief)
}

pub(crate) fn run(args: &BriefArgs, console: &Console) -> Result<(), Failure> {
    if args.out.exists() && !args.out.is_dir() {
        return Err(Failure::Usage(format!(
            "{} is a file: name a folder with --out",
            args.out.display()
        )));
    }
    let mut brief = compute(&args.dossier, args.lang, console)?;
    let edition = if args.shareable {
        brief = brief.shareable();
        Edition::Shareable
    } else {
        Edition::Full
    };
    let mut files = Vec::new();
    for format in &args.format {
        files.extend(export::files(&brief, *format, edition).context("writing the brief")?);
    }
    // The same format may be named twice.
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files.dedup();
    if args.shareable {
        nothing_else_of_a_brief(&args.out, &files)?;
    } else {
        nothing_to_be_shared(&args.out)?;
    }
    let mut paths = Vec::new();
    for file in &files {
        let path = args.out.join(&file.name);
        let folder = path.parent().unwrap_or(&args.out);
        fs::create_dir_all(folder)
            .with_context(|| format!("making the folder {}", folder.display()))?;
        write_whole(&path, &file.bytes).with_context(|| format!("writing {}", path.display()))?;
        paths.push(path.display().to_string());
    }
    let sentences = brief.sentences();
    console.answer(
        || json!({"edition": brief.edition, "sentences": sentences, "files": paths}),
        || {
            let mut out = String::new();
            for sentence in &sentences {
                let _ = writeln!(out, "{sentence}");
            }
            let _ = writeln!(out, "\n{}", paths.join("\n"));
            out
        },
    )
}

/// A full brief must not come into a folder that is to be shared, as far as its `brief.json` tells.
fn nothing_to_be_shared(out: &Path) -> Result<(), Failure> {
    let there = fs::read(out.join("brief.json")).unwrap_or_default();
    let there: serde_json::Value = serde_json::from_slice(&there).unwrap_or_default();
    if there["edition"] == json!(Edition::Shareable) {
        return Err(Failure::Usage(format!(
            "{} holds a brief to be shared: name another folder with --out for the full one",
            out.display()
        )));
    }
    Ok(())
}

/// A folder to be shared must hold nothing of another edition, which may say what this one leaves out.
fn nothing_else_of_a_brief(out: &Path, files: &[export::File]) -> Result<(), Failure> {
    let written = |name: &str| files.iter().any(|file| file.name == name);
    for (folder, within) in [
        ("", out.to_path_buf()),
        ("tables/", out.join("tables")),
        ("charts/", out.join("charts")),
    ] {
        let Ok(listing) = fs::read_dir(&within) else {
            continue;
        };
        for path in listing.flatten().map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let of_a_brief = path.is_file() && (!folder.is_empty() || name.starts_with("brief"));
            if of_a_brief && !written(&format!("{folder}{name}")) {
                return Err(Failure::Usage(format!(
                    "{} is of another brief, perhaps a full one: name a new folder with --out for what is to be shared",
                    path.display()
                )));
            }
        }
    }
    Ok(())
}
