//! `winset brief`: one brief from one dossier, in two files.

use std::fmt::Write as _;
use std::fs;

use anyhow::Context;
use serde_json::json;
use winset::brief::Brief;
use winset::dossier::Files;
use winset_io::write_whole;

use super::args::{BriefArgs, DossierArgs};
use super::console::Console;
use super::failure::Failure;

/// The brief of a dossier, with its progress shown.
pub(crate) fn compute(args: &DossierArgs, console: &Console) -> Result<Brief, Failure> {
    let files = Files::open(args.dossier.as_deref())?;
    let progress = console.progress();
    let brief = winset::brief::run(files, args.known_on, &|what, done, total| {
        progress.step(what, done, total);
    })?;
    drop(progress);
    Ok(brief)
}

pub(crate) fn run(args: &BriefArgs, console: &Console) -> Result<(), Failure> {
    let brief = compute(&args.dossier, console)?;
    let (page, numbers) = (brief.html(), brief.json());
    let numbers = serde_json::to_vec_pretty(&numbers).context("writing the brief's numbers")?;
    let out = &args.out;
    fs::create_dir_all(out).with_context(|| format!("making the folder {}", out.display()))?;
    let (html, json) = (out.join("brief.html"), out.join("brief.json"));
    for (path, bytes) in [(&html, page.as_bytes()), (&json, numbers.as_slice())] {
        write_whole(path, bytes).with_context(|| format!("writing {}", path.display()))?;
    }
    let sentences = brief.sentences();
    console.answer(
        || {
            json!({
                "sentences": sentences,
                "html": html.display().to_string(),
                "json": json.display().to_string(),
            })
        },
        || {
            let mut out = String::new();
            for sentence in &sentences {
                let _ = writeln!(out, "{sentence}");
            }
            let _ = writeln!(out, "\n{}\n{}", html.display(), json.display());
            out
        },
    )
}
