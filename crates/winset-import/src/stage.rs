//! What an import makes, on its way to its place: a folder of tables, or one table, with a manifest.

use std::fmt::Display;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use winset_io::stream::{Answers, BATCH_ROWS, Encoder, FileFormat, Kind, RowWriter};
use winset_io::{Table, WholeFolder, write_whole};

use crate::error::ImportError;
use crate::manifest::{Entry, Manifest, Origin, sha256_of};

/// The name of a manifest in a folder.
pub const MANIFEST_FILE: &str = "manifest.toml";

/// Where the results of an import are put together; dropped before [`Stage::finish`], nothing of them stays.
#[derive(Debug)]
pub struct Stage {
    folder: WholeFolder,
    out: PathBuf,
    /// The result is one file, not a folder.
    single: bool,
    form: FileFormat,
    entries: Vec<Entry>,
}

/// What a table is, for the manifest.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// What it holds, in a line.
    pub what: String,
    /// What to mind when using it.
    pub mind: String,
    /// Sums that must come out.
    pub totals: Vec<(String, f64)>,
}

impl Stage {
    /// Begins. A path that ends in `.csv` or `.parquet` will be one table, any other a folder whose tables are written
    /// as `form` says.
    ///
    /// # Errors
    /// The place cannot be written to, or what stands there was not written by an import.
    pub fn begin(out: &Path, form: FileFormat) -> Result<Self, ImportError> {
        let single = FileFormat::of(out);
        if single.is_none() {
            names_folder(out)?;
            may_be_replaced(out)?;
        } else if out.is_dir() {
            return Err(refused(out, "this is a folder; name a file"));
        } else {
            file_may_be_replaced(out)?;
        }
        let folder = WholeFolder::create(out).map_err(|error| refused(out, &error.to_string()))?;
        Ok(Self {
            folder,
            out: out.to_owned(),
            single: single.is_some(),
            form: single.unwrap_or(form),
            entries: Vec::new(),
        })
    }

    /// The folder in which the results stand until they are finished.
    pub fn inside(&self) -> &Path {
        self.folder.inside()
    }

    /// Where they will stand.
    pub fn out(&self) -> &Path {
        &self.out
    }

    fn failed(&self, error: &dyn Display) -> ImportError {
        refused(&self.out, &error.to_string())
    }

    fn file(&self, stem: &str, form: FileFormat) -> Result<(String, PathBuf), ImportError> {
        if self.single && !self.entries.is_empty() {
            return Err(ImportError::Usage(format!(
                "{}: this makes several tables; name a folder",
                self.out.display()
            )));
        }
        let ending = match form {
            FileFormat::Csv => "csv",
            FileFormat::Parquet => "parquet",
        };
        let name = format!("{stem}.{ending}");
        let path = self.inside().join(&name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|e| self.failed(&e))?;
        }
        Ok((name, path))
    }

    /// Adds a table.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn table(&mut self, stem: &str, table: &Table, about: About) -> Result<(), ImportError> {
        self.table_as(self.form, stem, table, about)
    }

    /// Adds a table that people read, as CSV.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn csv(&mut self, stem: &str, table: &Table, about: About) -> Result<(), ImportError> {
        self.table_as(FileFormat::Csv, stem, table, about)
    }

    fn table_as(
        &mut self,
        form: FileFormat,
        stem: &str,
        table: &Table,
        about: About,
    ) -> Result<(), ImportError> {
        let (name, path) = self.file(stem, form)?;
        let bytes = match form {
            FileFormat::Csv => table.to_csv()?,
            FileFormat::Parquet => table.to_parquet()?,
        };
        write_whole(&path, &bytes).map_err(|e| self.failed(&e))?;
        self.enter(name, &path, table.rows(), about)
    }

    /// Adds a file that is no table.
    ///
    /// # Errors
    /// It cannot be written, or the result is to be one table.
    pub fn text(&mut self, name: &str, text: &str, about: About) -> Result<(), ImportError> {
        if self.single {
            return Err(ImportError::Usage(format!(
                "{}: this makes a folder; name one",
                self.out.display()
            )));
        }
        let path = self.inside().join(name);
        write_whole(&path, text.as_bytes()).map_err(|e| self.failed(&e))?;
        self.enter(name.to_owned(), &path, text.lines().count(), about)
    }

    /// Begins a table that is too large for memory.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn rows(
        &self,
        stem: &str,
        columns: &[(&'static str, Kind)],
    ) -> Result<RowsOut, ImportError> {
        let (name, path) = self.file(stem, self.form)?;
        let encoder = Encoder::new(self.form, columns)?;
        let writer = RowWriter::create(&path, &encoder)?;
        Ok(RowsOut {
            name,
            path,
            encoder,
            writer,
            rows: 0,
        })
    }

    /// Ends a table that was written row by row.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn end_rows(&mut self, rows: RowsOut, about: About) -> Result<(), ImportError> {
        rows.writer.finish()?;
        self.enter(rows.name, &rows.path, rows.rows, about)
    }

    fn enter(
        &mut self,
        file: String,
        path: &Path,
        rows: usize,
        about: About,
    ) -> Result<(), ImportError> {
        let sum = File::open(path)
            .and_then(sha256_of)
            .map_err(|e| self.failed(&e))?;
        self.entries.push(Entry {
            file,
            what: about.what,
            mind: about.mind,
            rows,
            sha256: sum,
            totals: about.totals,
            origin: Vec::new(),
        });
        Ok(())
    }

    /// Writes the manifest and puts everything in its place at once; one table gets its manifest beside it, as
    /// `NAME.manifest.toml`.
    ///
    /// # Errors
    /// The place cannot be written to; what stood there is then as it was.
    pub fn finish(mut self, origin: &[Origin]) -> Result<Manifest, ImportError> {
        for entry in &mut self.entries {
            entry.origin = origin.to_vec();
        }
        let mut manifest = Manifest {
            format: 1,
            table: std::mem::take(&mut self.entries),
        };
        if !self.single {
            let text = manifest
                .text("winset import")
                .map_err(|e| self.failed(&e))?;
            write_whole(&self.inside().join(MANIFEST_FILE), text.as_bytes())
                .map_err(|e| self.failed(&e))?;
            let out = self.out.clone();
            self.folder
                .finish()
                .map_err(|error| refused(&out, &error.to_string()))?;
            return Ok(manifest);
        }
        let failed = |error: io::Error| refused(&self.out, &error.to_string());
        let name = self
            .out
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let Some(entry) = manifest.table.first_mut() else {
            return Err(refused(&self.out, "nothing was made"));
        };
        let made = self.folder.inside().join(&entry.file);
        entry.file.clone_from(&name);
        let text = manifest
            .text("winset import")
            .map_err(|e| refused(&self.out, &e.to_string()))?;
        let beside = beside(&self.out);
        fs::rename(made, &self.out).map_err(failed)?;
        write_whole(&beside, text.as_bytes()).map_err(failed)?;
        Ok(manifest)
    }
}

fn refused(path: &Path, what: &str) -> ImportError {
    ImportError::Write {
        path: path.to_owned(),
        what: what.to_owned(),
    }
}

/// A name such as `rates.xlsx` is that of a file, in a format that is not written.
fn names_folder(out: &Path) -> Result<(), ImportError> {
    let ending = out.extension().and_then(|ending| ending.to_str());
    let is_file = ending.is_some_and(|e| e.bytes().all(|b| b.is_ascii_alphabetic()));
    if out.is_dir() || !is_file {
        return Ok(());
    }
    Err(ImportError::Usage(format!(
        "{}: the ending names no format: write .csv, .parquet or .pq, or name a folder",
        out.display()
    )))
}

/// Where the manifest of one table stands.
fn beside(table: &Path) -> PathBuf {
    let mut name = table.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(MANIFEST_FILE);
    table.with_file_name(name)
}

/// The manifest that an import wrote, if that is one.
fn written(manifest: &Path) -> Option<Manifest> {
    let text = fs::read_to_string(manifest).ok()?;
    let by_import = text.starts_with("# Made by `winset import`");
    by_import.then(|| Manifest::parse(&text).ok()).flatten()
}

/// A table may be replaced if it is as an import wrote it.
fn file_may_be_replaced(table: &Path) -> Result<(), ImportError> {
    if !table.exists() {
        return Ok(());
    }
    let name = table.file_name().unwrap_or_default().to_string_lossy();
    let manifest = written(&beside(table));
    let sum = File::open(table).and_then(sha256_of).ok();
    match manifest.as_ref().and_then(|manifest| manifest.entry(&name)) {
        Some(entry) if sum.as_ref() == Some(&entry.sha256) => Ok(()),
        Some(_) => Err(refused(
            table,
            "it was changed after an import wrote it; choose another file",
        )),
        None => Err(refused(
            table,
            "it is there already and no import wrote it; choose another file",
        )),
    }
}

/// A folder may be replaced if it is empty or if everything in it is as an import wrote it.
fn may_be_replaced(folder: &Path) -> Result<(), ImportError> {
    if !folder.exists() {
        return Ok(());
    }
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).map_err(|e| refused(folder, &e.to_string()))? {
            let path = entry.map_err(|e| refused(folder, &e.to_string()))?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(inside) = path.strip_prefix(folder) {
                found.push(inside.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    let manifest = written(&folder.join(MANIFEST_FILE));
    let as_written = |entry: &Entry| {
        let sum = File::open(folder.join(&entry.file)).and_then(sha256_of);
        sum.is_ok_and(|sum| sum == entry.sha256)
    };
    let entry = |file: &str| manifest.as_ref().and_then(|m| m.entry(file));
    for file in &found {
        let why = match entry(file) {
            _ if file == MANIFEST_FILE && manifest.is_some() => continue,
            Some(entry) if as_written(entry) => continue,
            Some(_) => "which was changed after an import wrote it",
            None => "which no import wrote",
        };
        return Err(refused(
            folder,
            &format!("it holds `{file}`, {why}; choose another folder"),
        ));
    }
    Ok(())
}

/// A table written row by row.
pub struct RowsOut {
    name: String,
    path: PathBuf,
    encoder: Encoder,
    writer: RowWriter,
    rows: usize,
}

impl RowsOut {
    /// How many rows a batch may have.
    pub const BATCH: usize = BATCH_ROWS;

    /// Writes a batch of rows.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&mut self, rows: usize, columns: &[Answers]) -> Result<(), ImportError> {
        if rows > 0 {
            let batch = self.encoder.encode(rows, columns)?;
            self.writer.write(batch)?;
            self.rows += rows;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use winset_io::Column;

    use super::*;

    fn table() -> Table {
        Table::new("t").with("n", Column::Int(vec![1, 2]))
    }

    #[test]
    fn a_folder_of_somebody_elses_files_is_left_alone() {
        let around = tempfile::tempdir().unwrap();
        let out = around.path().join("mine");
        fs::create_dir(&out).unwrap();
        fs::write(out.join("letters.txt"), "").unwrap();
        let refused = Stage::begin(&out, FileFormat::Csv).unwrap_err().to_string();
        assert!(
            refused.contains("`letters.txt`, which no import wrote"),
            "{refused}"
        );
    }

    #[test]
    fn what_somebody_changed_is_left_alone() {
        let around = tempfile::tempdir().unwrap();
        let out = around.path().join("made");
        let mut stage = Stage::begin(&out, FileFormat::Csv).unwrap();
        stage.table("one", &table(), About::default()).unwrap();
        stage.finish(&[]).unwrap();
        fs::write(out.join("one.csv"), "n\n7\n").unwrap();
        let refused = Stage::begin(&out, FileFormat::Csv).unwrap_err().to_string();
        assert!(
            refused.contains("`one.csv`, which was changed after an import wrote it"),
            "{refused}"
        );
        assert_eq!(fs::read_to_string(out.join("one.csv")).unwrap(), "n\n7\n");
    }

    #[test]
    fn what_an_import_wrote_is_replaced_whole() {
        let around = tempfile::tempdir().unwrap();
        let out = around.path().join("made");
        for stem in ["one", "two"] {
            let mut stage = Stage::begin(&out, FileFormat::Csv).unwrap();
            stage.table(stem, &table(), About::default()).unwrap();
            let manifest = stage.finish(&[]).unwrap();
            assert_eq!(manifest.table[0].rows, 2);
        }
        let mut names: Vec<String> = fs::read_dir(&out)
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, ["manifest.toml", "two.csv"]);
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_ending_that_names_no_format_is_no_folder() {
        let around = tempfile::tempdir().unwrap();
        for (name, taken) in [("a.pq", true), ("world.2022", true), ("b.xlsx", false)] {
            let begun = Stage::begin(&around.path().join(name), FileFormat::Csv);
            assert_eq!(begun.is_ok(), taken, "{name}");
        }
    }

    #[test]
    fn one_table_gets_its_manifest_beside_it() {
        let around = tempfile::tempdir().unwrap();
        let out = around.path().join("rates.csv");
        let mut stage = Stage::begin(&out, FileFormat::Parquet).unwrap();
        stage.table("ecb", &table(), About::default()).unwrap();
        assert!(matches!(
            stage.table("more", &table(), About::default()),
            Err(ImportError::Usage(_))
        ));
        stage.finish(&[]).unwrap();
        assert_eq!(fs::read_to_string(&out).unwrap(), "n\n1\n2\n");
        // An import may write it again, and nothing else that stands there.
        drop(Stage::begin(&out, FileFormat::Csv).unwrap());
        fs::write(&out, "n\n7\n").unwrap();
        let said = Stage::begin(&out, FileFormat::Csv).unwrap_err().to_string();
        assert!(said.contains("changed after an import wrote it"), "{said}");
        let letter = around.path().join("letter.csv");
        fs::write(&letter, "dear\n").unwrap();
        let said = Stage::begin(&letter, FileFormat::Csv)
            .unwrap_err()
            .to_string();
        assert!(said.contains("no import wrote it"), "{said}");
        let text = fs::read_to_string(beside(&out)).unwrap();
        assert_eq!(Manifest::parse(&text).unwrap().table[0].file, "rates.csv");
    }
}
