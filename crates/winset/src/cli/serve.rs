//! `winset serve`: the workbench on a local page.

use std::path::Path;

use anyhow::Context;
use serde_json::json;
use winset::secret::Passphrase;
use winset::serve::{Beyond, Place, Settings, bind};

use super::args::ServeArgs;
use super::console::Console;
use super::failure::Failure;

/// The first line of a file.
pub(super) fn passphrase(path: &Path) -> Result<Passphrase, Failure> {
    Passphrase::new(first_line(path)?)
        .map_err(|what| Failure::Usage(format!("{}: {what}", path.display())))
}

/// The first line of a file that holds a passphrase.
pub(super) fn first_line(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("reading the passphrase in {}", path.display()))?;
    Ok(text.lines().next().unwrap_or("").to_owned())
}

pub(crate) fn run(args: &ServeArgs, console: &Console) -> Result<(), Failure> {
    let beyond = match (&args.tls_cert, &args.tls_key, &args.passphrase_file) {
        (Some(certificate), Some(key), Some(file)) => Some(Beyond {
            certificate: certificate.clone(),
            key: key.clone(),
            passphrase: passphrase(file)?,
        }),
        _ => None,
    };
    let server = bind(
        Place::new(args.dossier.dossier.as_deref()),
        Settings {
            listen: args.listen,
            beyond,
            read_only: args.read_only,
            lang: args.lang,
            known_on: args.dossier.known_on,
            descriptions: args.descriptions.clone(),
        },
    )?;
    let link = server.link();
    console.answer(
        || json!({ "link": link }),
        || format!("The workbench is open at\n\n  {link}\n\nWhoever has this link sees the dossier. Stop it with Ctrl-C.\n"),
    )?;
    Ok(server.run()?)
}
