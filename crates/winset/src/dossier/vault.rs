//! A dossier at rest: its folder as one encrypted file, and back.
//!
//! The file is in the age format (age-encryption.org/v1) under a passphrase, so that other programs open it too;
//! what is inside is a zip of the folder.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use age::scrypt::{Identity, Recipient};
use age::secrecy::SecretString;
use winset_io::write_whole;

use crate::archive;
use crate::secret::Passphrase;

/// Why a dossier was not locked or unlocked; what was there is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// Something stands in the way.
    #[error("{0}")]
    Refused(String),
    /// Not the passphrase, or not such a file.
    #[error("{}: {what}", path.display())]
    Closed {
        /// The file.
        path: PathBuf,
        /// What the format said.
        what: String,
    },
    /// A file or folder.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

fn at(path: &Path) -> impl Fn(io::Error) -> VaultError + '_ {
    |error| VaultError::Io {
        path: path.to_path_buf(),
        error,
    }
}

fn closed<E: std::fmt::Display>(path: &Path) -> impl Fn(E) -> VaultError + '_ {
    |error| VaultError::Closed {
        path: path.to_path_buf(),
        what: error.to_string(),
    }
}

fn secret(passphrase: &Passphrase) -> SecretString {
    SecretString::from(passphrase.reveal().to_owned())
}

/// Every file under a folder by its path inside it, in order.
fn collect(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, VaultError> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).map_err(at(&dir))? {
            let path = entry.map_err(at(&dir))?.path();
            let kind = fs::symlink_metadata(&path).map_err(at(&path))?.file_type();
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() {
                let inside = path.strip_prefix(folder).unwrap_or(&path);
                let name = inside.to_str().ok_or_else(|| {
                    VaultError::Refused(format!("{}: the name is no text", path.display()))
                })?;
                out.push((name.replace('\\', "/"), fs::read(&path).map_err(at(&path))?));
            } else {
                return Err(VaultError::Refused(format!(
                    "{} is a link or a device: a dossier is locked with its own files alone",
                    path.display()
                )));
            }
        }
    }
    out.sort();
    Ok(out)
}

/// Encrypts a dossier's folder into `FOLDER.age` beside it, reads that back, and only then removes the folder.
///
/// # Errors
/// It is no dossier, the file is there already, something cannot be read or written. The folder is then untouched.
pub fn lock(folder: &Path, passphrase: &Passphrase) -> Result<PathBuf, VaultError> {
    // To remove a link would leave what it leads to, unencrypted.
    let kind = fs::symlink_metadata(folder)
        .map_err(at(folder))?
        .file_type();
    if kind.is_symlink() {
        let whole = fs::canonicalize(folder).map_err(at(folder))?;
        return Err(VaultError::Refused(format!(
            "{} is a link: lock the folder itself, {}",
            folder.display(),
            whole.display()
        )));
    }
    if !folder.join("dossier.toml").is_file() {
        return Err(VaultError::Refused(format!(
            "{} holds no dossier.toml: name the folder of a dossier",
            folder.display()
        )));
    }
    let mut name = folder
        .file_name()
        .ok_or_else(|| VaultError::Refused("name the folder by its name".to_owned()))?
        .to_owned();
    name.push(".age");
    let target = folder.with_file_name(name);
    if target.exists() {
        return Err(VaultError::Refused(format!(
            "{} is there already: move it away first",
            target.display()
        )));
    }
    let files = collect(folder)?;
    let named = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let packed = archive::pack(named).map_err(closed(folder))?;
    let sealed =
        age::encrypt(&Recipient::new(secret(passphrase)), &packed).map_err(closed(&target))?;
    write_whole(&target, &sealed).map_err(at(&target))?;
    if open(&target, passphrase)? != files {
        return Err(VaultError::Refused(format!(
            "{} does not read back as it was written; the folder stays",
            target.display()
        )));
    }
    fs::remove_dir_all(folder).map_err(at(folder))?;
    Ok(target)
}

fn open(file: &Path, passphrase: &Passphrase) -> Result<Vec<(String, Vec<u8>)>, VaultError> {
    let sealed = fs::read(file).map_err(at(file))?;
    let packed = age::decrypt(&Identity::new(secret(passphrase)), &sealed).map_err(|error| {
        VaultError::Closed {
            path: file.to_path_buf(),
            what: match error {
                age::DecryptError::NoMatchingKeys | age::DecryptError::DecryptionFailed => {
                    "the passphrase is another than the one it was locked with".to_owned()
                }
                other => format!("{other}; is it what `winset lock` wrote, whole?"),
            },
        }
    })?;
    archive::unpack(&packed).map_err(closed(file))
}

/// Decrypts `FOLDER.age` into the folder beside it and then removes the file.
///
/// # Errors
/// The folder is there already, the passphrase is another, a name leads out of the folder. The file is then untouched.
pub fn unlock(file: &Path, passphrase: &Passphrase) -> Result<PathBuf, VaultError> {
    if file.extension().is_none_or(|e| e != "age") {
        return Err(VaultError::Refused(format!(
            "{} does not end in .age: name what `winset lock` wrote",
            file.display()
        )));
    }
    let folder = file.with_extension("");
    if folder.exists() {
        return Err(VaultError::Refused(format!(
            "{} is there already: move it away first",
            folder.display()
        )));
    }
    let files = open(file, passphrase)?;
    let inside = |name: &str| {
        let path = Path::new(name);
        !name.is_empty() && path.components().all(|c| matches!(c, Component::Normal(_)))
    };
    if let Some((name, _)) = files.iter().find(|(name, _)| !inside(name)) {
        return Err(VaultError::Refused(format!(
            "{}: `{name}` leads out of the folder",
            file.display()
        )));
    }
    // Whole or not at all: the folder gets its name when everything is in it.
    let parent = folder.parent().filter(|p| !p.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let fresh = tempfile::Builder::new()
        .prefix(".winset-unlock-")
        .tempdir_in(parent)
        .map_err(at(parent))?;
    for (name, bytes) in &files {
        let path = fresh.path().join(name);
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(at(dir))?;
        }
        write_whole(&path, bytes).map_err(at(&path))?;
    }
    fs::rename(fresh.path(), &folder).map_err(at(&folder))?;
    // The folder has another name now: there is nothing left to remove.
    let _ = fresh.keep();
    fs::remove_file(file).map_err(at(file))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).expect("long enough")
    }

    #[test]
    fn what_was_locked_is_unlocked_as_it_was() -> Result<(), Box<dyn std::error::Error>> {
        let base = tempfile::tempdir()?;
        let folder = base.path().join("talks");
        fs::create_dir_all(folder.join("measures"))?;
        fs::write(folder.join("dossier.toml"), "title = \"秘密\"\n")?;
        fs::write(folder.join("measures/own.toml"), "x")?;
        let before = collect(&folder)?;
        let file = lock(&folder, &phrase("correct horse battery"))?;
        assert!(!folder.exists() && file.ends_with("talks.age"));
        let sealed = fs::read(&file)?;
        assert!(sealed.starts_with(b"age-encryption.org/v1"));
        assert!(!sealed.windows(6).any(|w| w == "秘密".as_bytes()));
        assert!(matches!(
            unlock(&file, &phrase("wrong horse battery")),
            Err(VaultError::Closed { .. })
        ));
        assert!(file.exists() && !folder.exists());
        assert_eq!(unlock(&file, &phrase("correct horse battery"))?, folder);
        assert_eq!(collect(&folder)?, before);
        assert!(!file.exists());
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_locked_in_place_of_its_folder() -> Result<(), Box<dyn std::error::Error>> {
        let base = tempfile::tempdir()?;
        let folder = base.path().join("talks");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("dossier.toml"), "x")?;
        let link = base.path().join("link");
        std::os::unix::fs::symlink(&folder, &link)?;
        let refused = lock(&link, &phrase("correct horse battery"));
        assert!(matches!(&refused, Err(VaultError::Refused(what)) if what.contains("is a link")));
        assert!(link.exists() && folder.join("dossier.toml").exists());
        assert!(!base.path().join("link.age").exists());
        Ok(())
    }

    #[test]
    fn nothing_is_locked_over_or_without_need() -> Result<(), Box<dyn std::error::Error>> {
        let base = tempfile::tempdir()?;
        let folder = base.path().join("talks");
        fs::create_dir_all(&folder)?;
        assert!(matches!(
            lock(&folder, &phrase("correct horse battery")),
            Err(VaultError::Refused(_))
        ));
        fs::write(folder.join("dossier.toml"), "x")?;
        fs::write(base.path().join("talks.age"), "older")?;
        assert!(matches!(
            lock(&folder, &phrase("correct horse battery")),
            Err(VaultError::Refused(_))
        ));
        assert_eq!(fs::read(folder.join("dossier.toml"))?, b"x");
        Ok(())
    }
}
