//! Where the text of a dossier is: built in, or a folder of the user's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use winset_io::{Problem, Problems, Source};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/dossiers");

/// The dossier that is used when none is named.
pub const DEFAULT: &str = "us-japan-2025";

/// The log of the talks in the dossier's folder; only `winset offer record` writes it.
pub const LOG: &str = "log.jsonl";

/// The files of a dossier, by their path inside it with `/` between folders.
#[derive(Clone, Debug)]
pub struct Files {
    /// The dossier's name as the user gave it.
    pub name: String,
    folder: Option<PathBuf>,
    texts: BTreeMap<String, Source>,
}

impl Files {
    /// The names of the built-in dossiers.
    pub fn built_in() -> impl Iterator<Item = &'static str> {
        BUILT_IN.dirs().filter_map(|dir| dir.path().to_str())
    }

    /// Opens a folder, or a built-in dossier by its name.
    ///
    /// # Errors
    /// No such folder or built-in dossier; a file that is not UTF-8 text.
    pub fn open(dossier: Option<&Path>) -> Result<Self, Problems> {
        match dossier {
            None => Self::from_built_in(DEFAULT),
            Some(path) if path.is_dir() => Self::from_folder(path),
            Some(path) => {
                let name = path.to_string_lossy();
                if Self::built_in().any(|b| b == name) {
                    return Self::from_built_in(&name);
                }
                let there = Self::built_in().collect::<Vec<_>>().join("`, `");
                Err(Problem::general(format!("no dossier `{name}`: there is no such folder"))
                    .help(format!(
                        "name a folder that holds a dossier.toml, or the built-in `{there}`; `winset init DIR` makes a new one"
                    ))
                    .into())
            }
        }
    }

    fn from_built_in(name: &str) -> Result<Self, Problems> {
        let dir = BUILT_IN
            .get_dir(name)
            .ok_or_else(|| Problem::general(format!("no built-in dossier `{name}`")))?;
        let mut files = BTreeMap::new();
        let mut open = vec![dir];
        while let Some(dir) = open.pop() {
            open.extend(dir.dirs());
            for file in dir.files() {
                let Some(inside) = file.path().strip_prefix(name).ok().and_then(Path::to_str)
                else {
                    continue;
                };
                let inside = inside.replace('\\', "/");
                let text = file.contents_utf8().ok_or_else(|| {
                    Problem::general(format!("built-in:{name}/{inside}: not UTF-8 text"))
                })?;
                let source = Source::new(format!("built-in:{name}/{inside}"), text);
                files.insert(inside, source);
            }
        }
        Ok(Self {
            name: name.to_owned(),
            folder: None,
            texts: files,
        })
    }

    fn from_folder(root: &Path) -> Result<Self, Problems> {
        let mut files = BTreeMap::new();
        let mut problems = Problems::default();
        let mut open = vec![root.to_path_buf()];
        while let Some(folder) = open.pop() {
            let listing = match std::fs::read_dir(&folder) {
                Ok(listing) => listing,
                Err(error) => {
                    problems.push(Problem::general(format!("{}: {error}", folder.display())));
                    continue;
                }
            };
            for path in listing.flatten().map(|e| e.path()) {
                if path.is_dir() {
                    open.push(path);
                    continue;
                }
                let Some(inside) = path.strip_prefix(root).ok().and_then(Path::to_str) else {
                    continue;
                };
                let wanted =
                    inside == LOG || path.extension().is_some_and(|e| e == "toml" || e == "csv");
                if !wanted {
                    continue;
                }
                match std::fs::read_to_string(&path) {
                    Ok(text) => {
                        let source = Source::new(path.display().to_string(), text);
                        files.insert(inside.replace('\\', "/"), source);
                    }
                    Err(error) => problems.push(Problem::general(format!(
                        "{}: cannot be read as text: {error}",
                        path.display()
                    ))),
                }
            }
        }
        problems.unless_any(Self {
            name: root.display().to_string(),
            folder: Some(root.to_path_buf()),
            texts: files,
        })
    }

    /// The folder they are in; none for a built-in dossier.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// A file that need not be there.
    pub fn optional(&self, inside: &str) -> Option<&Source> {
        self.texts.get(inside)
    }

    /// A file that must be there.
    ///
    /// # Errors
    /// It is not; the message says which files a dossier has.
    pub fn get(&self, inside: &str) -> Result<&Source, Problem> {
        self.texts.get(inside).ok_or_else(|| {
            Problem::general(format!("{}: no file `{inside}`", self.name)).help(
                "a dossier holds dossier.toml, assumptions.toml, issues.toml, parties.toml, beliefs.toml, products.toml, sources.toml and measures/*.toml",
            )
        })
    }

    /// The files of a folder inside the dossier whose names end so, in order.
    pub fn under<'a>(
        &'a self,
        folder: &'a str,
        ending: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Source)> {
        self.texts
            .iter()
            .filter(move |(name, _)| name.starts_with(folder) && name.ends_with(ending))
            .map(|(name, source)| (name.as_str(), source))
    }

    /// Every file, for copying into a folder.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.texts
            .iter()
            .map(|(name, source)| (name.as_str(), source))
    }

    /// The same files with one text replaced; for tests and for what-if runs.
    #[must_use]
    pub fn with(mut self, inside: &str, text: &str) -> Self {
        let name = self
            .texts
            .get(inside)
            .map_or_else(|| inside.to_owned(), |s| s.name().to_owned());
        self.texts
            .insert(inside.to_owned(), Source::new(name, text));
        self
    }
}
