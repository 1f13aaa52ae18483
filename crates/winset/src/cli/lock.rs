//! `winset lock` and `winset unlock`: a dossier at rest.

use std::io::{self, IsTerminal};

use anyhow::Context;
use serde_json::json;
use winset::dossier;
use winset::secret::Passphrase;

use super::args::LockArgs;
use super::console::Console;
use super::failure::Failure;
use super::serve;

/// From the file, or typed without being shown; a new one typed twice, since a slip would cost the dossier, and not short.
fn passphrase(args: &LockArgs, twice: bool) -> Result<Passphrase, Failure> {
    if let Some(path) = &args.passphrase_file {
        return if twice {
            serve::passphrase(path)
        } else {
            serve::first_line(path).map(Passphrase::given)
        };
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::Usage(
            "no terminal to ask for the passphrase: name a file with --passphrase-file".to_owned(),
        ));
    }
    let ask = |what: &str| rpassword::prompt_password(what).context("reading the passphrase");
    let first = ask("Passphrase: ")?;
    if twice && ask("Once more: ")? != first {
        return Err(Failure::Usage("the two passphrases differ".to_owned()));
    }
    if !twice {
        return Ok(Passphrase::given(first));
    }
    Passphrase::new(first).map_err(Failure::Usage)
}

pub(crate) fn lock(args: &LockArgs, console: &Console) -> Result<(), Failure> {
    let file = dossier::lock(&args.path, &passphrase(args, true)?)?;
    let (from, to) = (args.path.display().to_string(), file.display().to_string());
    console.answer(
        || json!({ "locked": from, "file": to }),
        || format!("{to} holds {from}, encrypted; the folder is gone.\nOpen it again with: winset unlock {to}\n"),
    )
}

pub(crate) fn unlock(args: &LockArgs, console: &Console) -> Result<(), Failure> {
    let folder = dossier::unlock(&args.path, &passphrase(args, false)?)?;
    let (from, to) = (
        args.path.display().to_string(),
        folder.display().to_string(),
    );
    console.answer(
        || json!({ "unlocked": from, "folder": to }),
        || format!("{to} is open; {from} is gone.\nClose it again with: winset lock {to}\n"),
    )
}
