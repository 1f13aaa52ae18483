//! The law that ships: measure files and lists of goods, one folder an importer, as text.

use include_dir::{Dir, include_dir};

static LAW: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/law");

/// The folders of the law that ships: `us`, `jp`, …
pub fn folders() -> impl Iterator<Item = &'static str> {
    LAW.dirs().filter_map(|dir| dir.path().to_str())
}

/// The files of a folder, by their path inside it (`acts.toml`, `lists/cars.csv`), in order; nothing for a
/// folder that does not ship.
pub fn files(folder: &str) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let mut open: Vec<&Dir<'static>> = LAW.get_dir(folder).into_iter().collect();
    while let Some(dir) = open.pop() {
        open.extend(dir.dirs());
        for file in dir.files() {
            let inside = file
                .path()
                .strip_prefix(folder)
                .ok()
                .and_then(|p| p.to_str());
            if let (Some(inside), Some(text)) = (inside, file.contents_utf8()) {
                found.push((inside, text));
            }
        }
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_text_of_a_known_kind() {
        for folder in folders() {
            let files = files(folder);
            assert!(!files.is_empty(), "{folder}");
            for (inside, text) in files {
                let known = match inside.rsplit_once('.') {
                    Some((_, "toml")) => true,
                    Some((name, "csv")) => name.starts_with("lists/"),
                    _ => false,
                };
                assert!(known && !text.is_empty(), "{folder}/{inside}");
            }
        }
    }
}
