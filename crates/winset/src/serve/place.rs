//! Where the dossier is: its files, their versions, and how a file of it is changed.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use winset_io::{Problems, write_whole};

use crate::dossier::{DEFAULT, Files};
use crate::secret::hex;

/// The file that the page saves packages into; the numbers of the dossier do not hang on it.
const ASIDE: &str = super::saved::FILE;

/// A built-in dossier or a folder.
#[derive(Clone, Debug)]
pub enum Place {
    /// Built in: it can be read, not changed.
    BuiltIn(String),
    /// A folder of the user's.
    Folder(PathBuf),
}

/// What became of a change.
#[derive(Debug)]
pub(super) enum Saving {
    /// It is on the disk.
    Saved,
    /// Somebody else changed the file after the page was shown; nothing was written.
    Conflict,
}

/// The version of a text: what a page must name to change it.
pub(super) fn version(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())[..8])
}

impl Place {
    /// The place of a dossier as typed; the built-in one where none is named.
    pub fn new(dossier: Option<&Path>) -> Self {
        match dossier {
            Some(path) if path.is_dir() => Self::Folder(path.to_path_buf()),
            Some(path) => Self::BuiltIn(path.to_string_lossy().into_owned()),
            None => Self::BuiltIn(DEFAULT.to_owned()),
        }
    }

    /// The dossier's files as they are now.
    ///
    /// # Errors
    /// There is no such dossier, or a file is no text.
    pub fn files(&self) -> Result<Files, Problems> {
        match self {
            Self::BuiltIn(name) => Files::open(Some(Path::new(name))),
            Self::Folder(path) => Files::open(Some(path)),
        }
    }

    /// The folder, where there is one.
    pub(super) fn folder(&self) -> Option<&Path> {
        match self {
            Self::BuiltIn(_) => None,
            Self::Folder(path) => Some(path),
        }
    }

    /// The version of everything that numbers hang on.
    pub(super) fn version(files: &Files) -> String {
        let mut all = String::new();
        for (name, source) in files.all().filter(|(name, _)| *name != ASIDE) {
            all.push_str(name);
            all.push('\0');
            all.push_str(source.text());
            all.push('\0');
        }
        version(&all)
    }

    /// The text of a file of the folder as it is now; empty where there is none.
    pub(super) fn read(&self, file: &str) -> io::Result<String> {
        let Some(folder) = self.folder() else {
            return Ok(String::new());
        };
        match std::fs::read_to_string(folder.join(file)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            other => other,
        }
    }

    /// Changes a file if it still has the version that the page was made from. The new text is written whole or
    /// not at all; a lock keeps two windows, and two servers, from doing this at once.
    pub(super) fn change(
        &self,
        file: &str,
        seen: &str,
        edit: impl FnOnce(&str) -> Result<String, String>,
    ) -> io::Result<Saving> {
        let Some(folder) = self.folder() else {
            return Err(io::Error::new(
                io::ErrorKind::ReadOnlyFilesystem,
                "a built-in dossier cannot be changed",
            ));
        };
        let lock = File::create(folder.join(".winset.lock"))?;
        lock.lock()?;
        let now = self.read(file)?;
        if version(&now) != seen {
            return Ok(Saving::Conflict);
        }
        let text = edit(&now).map_err(io::Error::other)?;
        write_whole(&folder.join(file), text.as_bytes())?;
        Ok(Saving::Saved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_was_not_seen_is_not_overwritten() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let place = Place::Folder(folder.path().to_path_buf());
        let seen = version(&place.read("packages.toml")?);
        let first = place.change("packages.toml", &seen, |_| Ok("one".to_owned()))?;
        assert!(matches!(first, Saving::Saved));
        let second = place.change("packages.toml", &seen, |_| Ok("two".to_owned()))?;
        assert!(matches!(second, Saving::Conflict));
        assert_eq!(place.read("packages.toml")?, "one");
        Ok(())
    }
}
