//! Which texts are the law: what was typed, and the law it means.

use std::path::Path;

use winset::dossier::Files;
use winset::law::{Texts, checksum, of_importer};
use winset_data::sha256;
use winset_law::{Country, Law, Schedule};

use super::args::LawArgs;
use super::economy::table;
use super::failure::Failure;

/// The law of a folder, of a dossier, or that which ships.
pub(crate) fn law(
    importer: Country,
    folder: Option<&Path>,
    dossier: Option<&Path>,
) -> Result<Law, Failure> {
    Ok(match (folder, dossier) {
        (Some(folder), _) => Texts::folder(folder)
            .map_err(winset_io::Problems::from)?
            .compile_own(importer)?,
        (None, Some(dossier)) => winset::study::law(&Files::open(Some(dossier))?)?,
        (None, None) => of_importer(importer)?,
    })
}

impl LawArgs {
    /// A checksum of the law that was asked for, its readings apart.
    pub(crate) fn checksum(&self) -> Result<String, Failure> {
        let own = match (&self.law, &self.dossier) {
            (Some(folder), _) => Texts::folder(folder).map_err(winset_io::Problems::from)?,
            (None, Some(dossier)) => {
                let files = Files::open(Some(dossier))?;
                let mut texts = Texts::dossier(&files);
                // It names the law that its measures add to.
                texts.files.extend(files.get("dossier.toml").cloned());
                texts
            }
            (None, None) => Texts::default(),
        };
        let law = checksum(&own);
        Ok(match &self.schedule {
            None => law,
            Some(path) => {
                let read = std::fs::read(path);
                let bytes = read.map_err(|e| Failure::input(format!("{}: {e}", path.display())))?;
                format!("{law} over {}", sha256(&bytes))
            }
        })
    }

    /// The law that was asked for, before any question is read as was asked.
    pub(crate) fn unread(&self, importer: Country) -> Result<Law, Failure> {
        let law = law(importer, self.law.as_deref(), self.dossier.as_deref())?;
        let Some(path) = &self.schedule else {
            return Ok(law);
        };
        let table = table(path, "code, from, to, unit and the rates as printed")?;
        let schedule = Schedule::from_table(importer, &table).map_err(Failure::input)?;
        Ok(law.over(vec![schedule]))
    }

    /// The law that was asked for, read as was asked.
    pub(crate) fn law(&self, importer: Country) -> Result<Law, Failure> {
        let mut law = self.unread(importer)?;
        for reading in &self.reading {
            law = law.reading(&reading.name, &reading.value)?;
        }
        Ok(law)
    }
}
