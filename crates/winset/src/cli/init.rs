//! `winset init`: a new dossier, as a copy of another.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::json;
use winset::dossier::Files;
use winset_io::write_whole;

use super::args::InitArgs;
use super::console::Console;
use super::failure::Failure;

/// What to change first, and where.
const FIRST: [(&str, &str); 5] = [
    (
        "dossier.toml",
        "title, as-of date, whose delegation, the deadline, what no deal means",
    ),
    (
        "issues.toml",
        "what is on the table, and what each option changes",
    ),
    (
        "parties.toml",
        "objectives, red lines, who at home must say yes",
    ),
    (
        "beliefs.toml",
        "what they may want, and the evidence for it",
    ),
    (
        "measures/",
        "the law: duties, suspensions, exemptions, each with its source",
    ),
];

pub(crate) fn run(args: &InitArgs, console: &Console) -> Result<(), Failure> {
    let files = Files::open(Some(&args.from))?;
    let dir = &args.dir;
    refuse_unless_empty(dir)?;
    for (inside, source) in files.all() {
        let path = dir.join(inside);
        let folder = path.parent().unwrap_or(dir);
        fs::create_dir_all(folder)
            .with_context(|| format!("making the folder {}", folder.display()))?;
        write_whole(&path, source.text().as_bytes())
            .with_context(|| format!("writing {}", path.display()))?;
    }
    let shown = dir.display();
    let names: Vec<&str> = files.all().map(|(inside, _)| inside).collect();
    console.answer(
        || json!({"dossier": shown.to_string(), "from": files.name, "files": names}),
        || {
            let mut out = format!(
                "{shown} holds a copy of `{}`: {} files. Edit first:\n\n",
                files.name,
                names.len()
            );
            let copied = |file: &str| names.iter().any(|name| name.starts_with(file));
            for (file, what) in FIRST.into_iter().filter(|(file, _)| copied(file)) {
                let _ = writeln!(out, "  {file:14} {what}");
            }
            let _ = writeln!(out, "\nThen: winset check {shown} && winset brief {shown}");
            out
        },
    )
}

/// A dossier is somebody's work: nothing that is there is written over.
pub(crate) fn refuse_unless_empty(dir: &Path) -> Result<(), Failure> {
    let wrong = |what: &str| {
        Err(Failure::Usage(format!(
            "{} {what}: name a new folder",
            dir.display()
        )))
    };
    match fs::read_dir(dir) {
        Ok(mut listing) => {
            if listing.next().is_some() {
                return wrong("is not empty");
            }
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => wrong("is not a folder"),
        Err(error) => Err(Failure::Failed(
            anyhow::Error::new(error).context(format!("looking into {}", dir.display())),
        )),
    }
}
