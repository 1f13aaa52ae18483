//! The numbers of a dossier as the page needs them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use winset_talks::Answer;
use winset_trade::Workspace;

use super::place::Place;
use crate::brief::{self, Brief, Proposal, SectorMove};
use crate::document::Document;
use crate::dossier::Files;
use crate::lang::Lang;
use crate::study::{Desk, Progress, StudyError};

/// How many packages are remembered as solved.
const REMEMBERED: usize = 500;

/// A package solved exactly, as it is read in a language.
pub(super) struct Exact {
    pub(super) package: Proposal,
    /// Our sectors and theirs that move most.
    pub(super) sectors: [Vec<SectorMove>; 2],
}

/// What was read in a language, of the two.
pub(super) fn in_language<T>(read: &[T; 2], lang: Lang) -> &T {
    let [en, ja] = read;
    lang.of(en, ja)
}

/// The brief in one language.
pub(super) struct Written {
    pub(super) brief: Brief,
    /// The brief as it is written; its charts stand in the rooms too.
    pub(super) document: Document,
}

/// Packages solved exactly: solved once, read in each language, English first.
type Solved = HashMap<Vec<u16>, Arc<[Exact; 2]>>;

/// Everything computed of one version of the dossier.
pub(super) struct Workbench {
    pub(super) desk: Desk,
    pub(super) answers: Vec<Answer>,
    written: [Written; 2],
    /// The version of the texts that it was computed from.
    pub(super) version: String,
    solved: Mutex<Solved>,
}

impl Workbench {
    pub(super) fn compute(
        files: Files,
        known_on: Option<jiff::civil::Date>,
        progress: Progress<'_>,
    ) -> Result<Self, StudyError> {
        let version = Place::version(&files);
        let desk = Desk::compute(files, known_on, progress)?;
        progress("weighing the packages", 0, 1);
        let answers = desk.answers()?;
        progress("asking how sure this is", 0, 1);
        let written = |lang| {
            let brief = brief::write(&desk, &answers, lang)?;
            let document = brief.document();
            Ok::<_, StudyError>(Written { brief, document })
        };
        let (en, ja) = rayon::join(|| written(Lang::En), || written(Lang::Ja));
        let written = [en?, ja?];
        Ok(Self {
            desk,
            answers,
            written,
            version,
            solved: Mutex::default(),
        })
    }

    /// The brief in a language.
    pub(super) fn written(&self, lang: Lang) -> &Written {
        in_language(&self.written, lang)
    }

    /// How many options each issue has.
    pub(super) fn sizes(&self) -> Vec<usize> {
        self.desk
            .bench
            .dossier
            .issues
            .issue
            .iter()
            .map(|issue| issue.option.len())
            .collect()
    }

    /// A package by the tables of options and pairs.
    pub(super) fn by_tables(&self, package: &[u16], lang: Lang) -> Result<Proposal, StudyError> {
        let changes = self.desk.payoffs.of(package);
        brief::read_package(&self.desk, "", &package.to_vec().into(), &changes, lang)
    }

    /// A package solved exactly, remembered.
    pub(super) fn exact(&self, package: &[u16]) -> Result<Arc<[Exact; 2]>, StudyError> {
        let remembered = || self.solved.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = remembered().get(package) {
            return Ok(Arc::clone(found));
        }
        let desk = &self.desk;
        let (solved, changes) =
            desk.bench
                .exact(package, &desk.worlds, &desk.payoffs, &mut Workspace::new())?;
        let read = |lang| {
            Ok::<_, StudyError>(Exact {
                package: brief::read_package(desk, "", &package.to_vec().into(), &changes, lang)?,
                sectors: brief::sectors_moved(desk, &solved, lang)?,
            })
        };
        let exact = Arc::new([read(Lang::En)?, read(Lang::Ja)?]);
        let mut memory = remembered();
        if memory.len() >= REMEMBERED {
            memory.clear();
        }
        memory.insert(package.to_vec(), Arc::clone(&exact));
        Ok(exact)
    }

    /// The package that a page without one shows: the first proposal, or else no deal.
    pub(super) fn first(&self) -> Vec<u16> {
        self.written(Lang::En)
            .brief
            .packages
            .proposals
            .first()
            .map_or_else(|| vec![0; self.sizes().len()], |p| p.indices.clone())
    }
}

/// A package as one character an issue, `0` the first option: `01a…`.
pub(super) fn write_code(package: &[u16]) -> String {
    package
        .iter()
        .map(|o| char::from_digit(u32::from(*o), 36).unwrap_or('0'))
        .collect()
}

/// Reads what [`write_code`] writes; none where it is no package of this dossier.
pub(super) fn read_code(text: &str, sizes: &[usize]) -> Option<Vec<u16>> {
    let digits: Vec<u16> = text
        .chars()
        .map(|c| c.to_digit(36).and_then(|d| u16::try_from(d).ok()))
        .collect::<Option<_>>()?;
    let fits =
        digits.len() == sizes.len() && digits.iter().zip(sizes).all(|(o, n)| usize::from(*o) < *n);
    fits.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_package_of_the_dossier_or_nothing() {
        assert_eq!(read_code("012", &[1, 2, 3]), Some(vec![0, 1, 2]));
        assert_eq!(write_code(&[0, 1, 10]), "01a");
        for wrong in ["", "01", "0123", "013", "0é2", "../"] {
            assert_eq!(read_code(wrong, &[1, 2, 3]), None, "{wrong}");
        }
    }
}
