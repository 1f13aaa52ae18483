//! What the suites of the command share.
#![allow(dead_code, reason = "each suite takes what it needs")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A fresh folder to work in.
pub(crate) fn work(suite: &str, name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(suite)
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// `winset` with some words, in a folder.
pub(crate) fn command<'w>(folder: &Path, words: impl IntoIterator<Item = &'w str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_winset"));
    command.current_dir(folder).args(words);
    command
}

/// What becomes of it.
pub(crate) fn winset(folder: &Path, words: &[&str]) -> Output {
    command(folder, words.iter().copied()).output().unwrap()
}
