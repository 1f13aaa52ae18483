//! Laws, each compiled when first asked for and kept as long as whoever asked may ask again.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};

use pyo3::prelude::*;
use pyo3::types::PyDict;
use winset::assess::Laws;
use winset::choice::{Choice, ChoiceError, Chosen};
use winset::law::{Texts, checksum};
use winset_law::{Country, Law};

use crate::error::Failure;

/// The laws that a choice means.
#[derive(Debug)]
pub(crate) struct Meant {
    chosen: Chosen,
    kept: RwLock<HashMap<Country, Option<Arc<Law>>>>,
    /// Held while a law is made.
    making: Mutex<()>,
}

/// The laws that ship.
static SHIPPED: LazyLock<Arc<Meant>> = LazyLock::new(|| Arc::new(Meant::new(&Choice::default())));

impl Meant {
    fn new(choice: &Choice) -> Self {
        Self {
            chosen: choice.laws(),
            kept: RwLock::default(),
            making: Mutex::new(()),
        }
    }

    /// The laws that a choice means, and by which winset and law; those of the last choice are still there, if their texts have
    /// not changed.
    pub(crate) fn by(choice: &Choice) -> Result<(Arc<Self>, String), Failure> {
        static LAST: Mutex<Option<(Arc<Meant>, String)>> = Mutex::new(None);
        static OWN: LazyLock<String> = LazyLock::new(|| version(&checksum(&Texts::default())));
        if *choice == Choice::default() {
            return Ok((SHIPPED.clone(), OWN.clone()));
        }
        let now = version(&choice.checksum()?);
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match &*last {
            Some((meant, then)) if meant.choice() == choice && *then == now => (meant.clone(), now),
            _ => last.insert((Arc::new(Self::new(choice)), now)).clone(),
        })
    }

    /// What was chosen.
    pub(crate) fn choice(&self) -> &Choice {
        self.chosen.choice()
    }

    /// Looks up readings in every law that may be met, before anything is written.
    pub(crate) fn check_readings(&self) -> Result<(), Failure> {
        Ok(self.chosen.check_readings()?)
    }

    /// The law of an importer with the readings that it has; `None` where there is none.
    fn find(&self, importer: Country) -> Result<Option<Arc<Law>>, ChoiceError> {
        let find = || {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            kept.get(&importer).cloned()
        };
        if let Some(law) = find() {
            return Ok(law);
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(law) = find() {
            return Ok(law);
        }
        let law = self.chosen.law(importer)?.map(Arc::new);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.insert(importer, law.clone());
        Ok(law)
    }

    /// The law of an importer.
    pub(crate) fn law(&self, importer: Country) -> Result<Arc<Law>, Failure> {
        let Some(law) = self.find(importer)? else {
            // Says what there is.
            return Ok(Arc::new(self.choice().law(importer)?));
        };
        let has = |name: &str| law.readings().iter().any(|r| r.id() == name);
        for (name, option) in &self.choice().readings {
            if !has(name) {
                law.reading(name, option)?;
            }
        }
        Ok(law)
    }
}

/// By which winset and law, of the checksum of its texts: the same for processes that answer the same.
pub(crate) fn version(law: &str) -> String {
    format!("{} {law}", env!("CARGO_PKG_VERSION"))
}

impl Laws for Meant {
    type Error = ChoiceError;

    fn law(&self, importer: Country) -> Result<Option<Law>, ChoiceError> {
        Ok(self.find(importer)?.map(|law| (*law).clone()))
    }

    fn there(&self) -> String {
        self.chosen.there()
    }

    fn finish(&self) -> Result<(), ChoiceError> {
        self.chosen.finish()
    }
}

/// Which law is meant.
#[pyclass(module = "winset", name = "Law", frozen)]
pub(crate) struct PyLaw(Arc<Meant>);

#[pymethods]
impl PyLaw {
    #[new]
    #[pyo3(signature = (folder = None, *, dossier = None, schedule = None, readings = None))]
    fn open(
        py: Python<'_>,
        folder: Option<PathBuf>,
        dossier: Option<PathBuf>,
        schedule: Option<PathBuf>,
        readings: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        if folder.is_some() && dossier.is_some() {
            let what = "a law is that of a folder or of a dossier, not of both";
            return Err(Failure::input(what).raise(py));
        }
        // Whoever is asked may stand in another folder. A dossier may be one that ships, by its name.
        let absolute = |path: PathBuf| {
            if path.exists() {
                std::path::absolute(&path).unwrap_or(path)
            } else {
                path
            }
        };
        let mut choice = Choice {
            folder: folder.map(absolute),
            dossier: dossier.map(absolute),
            schedule: schedule.map(absolute),
            readings: Vec::new(),
        };
        for (name, option) in readings.into_iter().flatten() {
            choice.readings.push((name.extract()?, option.extract()?));
        }
        Ok(Self(Arc::new(Meant::new(&choice))))
    }
}

/// The laws that were given, or those that ship.
pub(crate) fn meant(given: Option<&Bound<'_, PyLaw>>) -> Arc<Meant> {
    given.map_or_else(|| SHIPPED.clone(), |law| law.get().0.clone())
}
