//! A file, or a folder, is written whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

/// A file that nobody sees at its path before it is finished: a temporary file in the same folder, flushed
/// to the disk, then renamed. Dropped before that, it is gone.
pub(crate) struct WholeFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl WholeFile {
    /// Begins a file that will stand at `path`.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let file = tempfile::Builder::new()
            .prefix(".winset-")
            .tempfile_in(beside(path))
            .map_err(|error| unnamed(path, &error))?;
        Ok(Self {
            file,
            path: path.to_owned(),
        })
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            self.file
                .as_file()
                .set_permissions(std::fs::Permissions::from_mode(0o644))?;
        }
        self.file.persist(self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes `bytes` to `path` so that a reader sees either the old file or the new one, also after a crash.
///
/// # Errors
/// Whatever the file system says; the old file is then as it was.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

/// Whether there is a folder in which a file can stand at `path`.
///
/// # Errors
/// There is none; the message names it.
pub fn needs_folder(path: &Path) -> io::Result<()> {
    let folder = beside(path);
    let (kind, what) = match std::fs::metadata(folder) {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => (io::ErrorKind::NotADirectory, "is a file, not a folder"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            (error.kind(), "is not there; make it first")
        }
        Err(error) => return Err(error),
    };
    let what = format!("the folder `{}` {what}", folder.display());
    Err(io::Error::new(kind, what))
}

/// A fault at a temporary file or folder, whose own name says nothing to who asked for another.
fn unnamed(path: &Path, error: &io::Error) -> io::Error {
    match needs_folder(path) {
        Ok(()) => io::Error::from(error.kind()),
        Err(missing) => missing,
    }
}

/// The folder in which something that will stand at `path` is made.
fn beside(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A folder that nobody sees at its path before it is finished: a temporary folder beside it, then swapped
/// with what stood there. Dropped before that, it is gone and the old one is as it was.
#[derive(Debug)]
pub struct WholeFolder {
    made: TempDir,
    path: PathBuf,
}

impl WholeFolder {
    /// Begins a folder that will stand at `path`.
    ///
    /// # Errors
    /// The folder around it cannot be written to.
    pub fn create(path: &Path) -> io::Result<Self> {
        let made = tempfile::Builder::new()
            .prefix(".winset-")
            .tempdir_in(beside(path))
            .map_err(|error| unnamed(path, &error))?;
        Ok(Self {
            made,
            path: path.to_owned(),
        })
    }

    /// Where its files are put until it is finished.
    pub fn inside(&self) -> &Path {
        self.made.path()
    }

    /// Puts the folder in its place and removes what stood there.
    ///
    /// # Errors
    /// Whatever the file system says; what stood there is then as it was.
    pub fn finish(self) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(self.made.path(), mode)?;
        }
        if self.path.exists() {
            swap(self.made.path(), &self.path)?;
            // The old folder now stands where the new one was made, and goes with it.
            return self.made.close();
        }
        std::fs::rename(self.made.path(), &self.path)?;
        let _ = self.made.keep();
        Ok(())
    }
}

/// Exchanges two folders in one step, so that there is always one at each path.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn swap(new: &Path, old: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        // Some file systems cannot.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => swap_in_steps(new, old),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn swap(new: &Path, old: &Path) -> io::Result<()> {
    swap_in_steps(new, old)
}

/// Exchanges two folders where the system cannot do it in one step; the old one comes back if the new one cannot
/// take its place.
fn swap_in_steps(new: &Path, old: &Path) -> io::Result<()> {
    // Not removed by itself: should nothing go back, the old folder stays there.
    let aside = tempfile::Builder::new()
        .prefix(".winset-")
        .tempdir_in(beside(old))?
        .keep();
    let kept = aside.join("old");
    let place = |error: io::Error| {
        let what = format!("{error}; what stood there is in {}", kept.display());
        io::Error::new(error.kind(), what)
    };
    std::fs::rename(old, &kept)?;
    if let Err(error) = std::fs::rename(new, old) {
        std::fs::rename(&kept, old).map_err(place)?;
        std::fs::remove_dir(&aside)?;
        return Err(error);
    }
    std::fs::rename(&kept, new).map_err(place)?;
    std::fs::remove_dir(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_swapped_or_left_alone() {
        let around = tempfile::tempdir().unwrap();
        let path = around.path().join("economy");
        for text in ["one", "two"] {
            let folder = WholeFolder::create(&path).unwrap();
            std::fs::write(folder.inside().join("a.txt"), text).unwrap();
            folder.finish().unwrap();
            assert_eq!(std::fs::read_to_string(path.join("a.txt")).unwrap(), text);
        }
        let folder = WholeFolder::create(&path).unwrap();
        std::fs::write(folder.inside().join("a.txt"), "half").unwrap();
        drop(folder);
        assert_eq!(std::fs::read_to_string(path.join("a.txt")).unwrap(), "two");
        assert_eq!(std::fs::read_dir(around.path()).unwrap().count(), 1);
    }

    #[test]
    fn folders_are_exchanged_in_steps_too() {
        let around = tempfile::tempdir().unwrap();
        let (new, old) = (around.path().join("new"), around.path().join("old"));
        for (folder, text) in [(&new, "new"), (&old, "old")] {
            std::fs::create_dir(folder).unwrap();
            std::fs::write(folder.join("a.txt"), text).unwrap();
        }
        swap_in_steps(&new, &old).unwrap();
        assert_eq!(std::fs::read_to_string(old.join("a.txt")).unwrap(), "new");
        assert_eq!(std::fs::read_to_string(new.join("a.txt")).unwrap(), "old");
        assert_eq!(std::fs::read_dir(around.path()).unwrap().count(), 2);
    }

    #[test]
    fn replaces_a_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("no-such-folder").join("a.txt");
        let said = write_whole(&path, b"one").unwrap_err().to_string();
        assert!(
            said.ends_with("no-such-folder` is not there; make it first"),
            "{said}"
        );
    }
}
