//! The workbench page: a local server on which a package is moved option by option.
//!
//! Owns: the listener and who may speak to it, the rooms, what is saved into the dossier's folder. Every number
//! comes from the engines at that moment; state lives in the dossier.
//!
//! Refuses: to open any connection, to answer whoever does not hold the token, to write outside the folder.

mod app;
mod assets;
mod guard;
mod listener;
mod place;
mod rooms;
mod saved;
mod shell;
mod workbench;

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::lang::Lang;
use crate::secret::Passphrase;

pub use listener::{Server, bind};
pub use place::Place;

/// How the page is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen; anything but loopback needs [`Settings::beyond`].
    pub listen: SocketAddr,
    /// What it takes to listen beyond this machine.
    pub beyond: Option<Beyond>,
    /// Whether nothing may be saved.
    pub read_only: bool,
    /// The language of a visitor who has not chosen one.
    pub lang: Lang,
    /// The law and the statements as published by this day instead of the dossier's.
    pub known_on: Option<jiff::civil::Date>,
    /// A schedule file with the official descriptions, to search goods by their words.
    pub descriptions: Option<PathBuf>,
}

/// What it takes to be reached from other machines: a certificate, its key, and a passphrase.
#[derive(Clone, Debug)]
pub struct Beyond {
    /// Certificate chain, PEM.
    pub certificate: PathBuf,
    /// Private key, PEM.
    pub key: PathBuf,
    /// What a visitor has to type beside holding the link.
    pub passphrase: Passphrase,
}

/// Why the page cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The dossier's text.
    #[error(transparent)]
    Text(#[from] winset_io::Problems),
    /// A setting that is not allowed.
    #[error("{0}")]
    Setting(String),
    /// The socket or a file.
    #[error("{what}: {error}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        error: std::io::Error,
    },
}
