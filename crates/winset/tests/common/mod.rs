//! What the suites of the command share.
#![allow(dead_code, reason = "each suite takes what it needs")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A fresh folder to work in.
pub fn work(suite: &str, name: &str) -> PathBuf {
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
pub fn command<W: AsRef<std::ffi::OsStr>>(
    folder: &Path,
    words: impl IntoIterator<Item = W>,
) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_winset"));
    command.current_dir(folder).args(words);
    command
}

/// What becomes of it.
pub fn winset<W: AsRef<std::ffi::OsStr>>(
    folder: &Path,
    words: impl IntoIterator<Item = W>,
) -> Output {
    command(folder, words).output().unwrap()
}
