//! A dossier: its brief, what can be signed, one package weighed.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use winset::brief::{Edition, weigh};
use winset::dossier::Files;
use winset::export::{self, Format};
use winset::lang::Lang;
use winset::study::{Desk, SignableReport, signable};

use crate::error::Failure;
use crate::given::maybe_day;
use crate::told::{self, as_it_is, json};
use crate::work::{self, Abandoned, Reporter};

/// A dossier. What is computed of it is kept with it; files that are changed later call for a new one.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Dossier {
    files: Files,
    known_on: Option<Date>,
    desk: Arc<Mutex<Option<Arc<Desk>>>>,
}

#[pymethods]
impl Dossier {
    #[new]
    #[pyo3(signature = (dossier = None, *, known_on = None))]
    fn open(
        py: Python<'_>,
        dossier: Option<PathBuf>,
        known_on: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let files = Files::open(dossier.as_deref());
        Ok(Self {
            files: files.map_err(|problems| Failure::from(problems).raise(py))?,
            known_on: maybe_day(known_on)?,
            desk: Arc::default(),
        })
    }

    /// The name, as it was given.
    #[getter]
    fn name(&self) -> &str {
        &self.files.name
    }

    /// The brief.
    #[pyo3(signature = (*, shareable = false, lang = "en", progress = None))]
    fn brief(
        &self,
        py: Python<'_>,
        shareable: bool,
        lang: &str,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Brief> {
        let lang = language(lang).map_err(|failure| failure.raise(py))?;
        let open = self.opener();
        work::run(py, progress, Abandoned::Dropped, move |reporter| {
            let desk = open(reporter)?;
            reporter.step("weighing the packages", 0, Some(1));
            let mut brief = winset::brief::write(&desk, &desk.answers()?, lang)?;
            let mut edition = Edition::Full;
            if shareable {
                brief = brief.shareable();
                edition = Edition::Shareable;
            }
            Ok(Brief(Arc::new((brief, edition))))
        })
    }

    /// What can be signed, as `winset packages --json` answers.
    #[pyo3(signature = (*, progress = None))]
    fn packages<'py>(
        &self,
        py: Python<'py>,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let open = self.opener();
        let json = work::run(py, progress, Abandoned::Dropped, move |reporter| {
            let desk = open(reporter)?;
            let accounts = signable(&desk, &|what, done, total| {
                reporter.step(what, done as u64, Some(total as u64));
            })?;
            json(&SignableReport::new(&desk, &accounts))
        })?;
        told::read(py, &json)
    }

    /// One package weighed, as `winset why --json` answers.
    #[pyo3(signature = (package, *, lang = "en", progress = None))]
    fn why<'py>(
        &self,
        py: Python<'py>,
        package: &Bound<'py, PyAny>,
        lang: &str,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lang = language(lang).map_err(|failure| failure.raise(py))?;
        let package = chosen(package)?;
        let open = self.opener();
        let json = work::run(py, progress, Abandoned::Dropped, move |reporter| {
            let desk = open(reporter)?;
            let package = desk.package(&package)?;
            json(&weigh(&desk, package, lang)?)
        })?;
        told::read(py, &json)
    }

    fn __repr__(&self) -> String {
        format!("<winset.Dossier {}>", self.files.name)
    }
}

fn language(name: &str) -> Result<Lang, Failure> {
    name.parse()
        .map_err(|unknown: String| Failure::input(unknown))
}

/// The options of a package: `issue=option,…`, or a dictionary.
fn chosen(package: &Bound<'_, PyAny>) -> PyResult<Vec<(String, String)>> {
    if let Ok(named) = package.cast::<PyDict>() {
        let items = named.iter();
        return items
            .map(|(issue, option)| Ok((issue.extract()?, option.extract()?)))
            .collect();
    }
    let text: String = package.extract()?;
    let pairs = text.split(',').map(|pair| match pair.split_once('=') {
        Some((issue, option)) if !issue.trim().is_empty() && !option.trim().is_empty() => {
            Ok((issue.trim().to_owned(), option.trim().to_owned()))
        }
        _ => Err(Failure::input(format!(
            "`{pair}` is no choice: write issue=option, with commas between, such as cars=fifteen,gas=alaska"
        ))
        .raise(package.py())),
    });
    pairs.collect()
}

impl Dossier {
    /// Gives what is computed of the dossier, on the thread that works.
    fn opener(&self) -> impl FnOnce(&Reporter) -> Result<Arc<Desk>, Failure> + Send + use<> {
        let (files, known_on, kept) = (self.files.clone(), self.known_on, self.desk.clone());
        move |reporter| {
            // Whoever asks meanwhile waits for the one computation.
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(desk) = &*kept {
                return Ok(desk.clone());
            }
            let desk = Desk::compute(files, known_on, &|what, done, total| {
                reporter.step(what, done as u64, Some(total as u64));
            })?;
            Ok(kept.insert(Arc::new(desk)).clone())
        }
    }
}

/// A brief that was computed.
#[pyclass(module = "winset", frozen)]
pub(crate) struct Brief(Arc<(winset::brief::Brief, Edition)>);

#[pymethods]
impl Brief {
    /// The answer in a few sentences.
    #[getter]
    fn sentences(&self) -> Vec<String> {
        self.0.0.sentences()
    }

    /// All of it, as in `brief.json`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = as_it_is(&self.0.0).map_err(|failure| failure.raise(py))?;
        told::read(py, &json)
    }

    /// The page for a browser.
    fn html(&self, py: Python<'_>) -> PyResult<String> {
        let bytes = self.write(py, "html")?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// A file of the brief: html, json, pdf, xlsx, or csv, parquet, svg, png as an archive.
    fn export<'py>(&self, py: Python<'py>, format: &str) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.write(py, format)?))
    }

    fn __repr__(&self) -> String {
        format!("<winset.Brief of {}>", self.0.0.dossier)
    }
}

impl Brief {
    fn write(&self, py: Python<'_>, format: &str) -> PyResult<Vec<u8>> {
        let format: Format = format
            .parse()
            .map_err(|error: String| Failure::input(error).raise(py))?;
        let brief = self.0.clone();
        work::run(py, None, Abandoned::Dropped, move |_| {
            let (brief, edition) = &*brief;
            Ok(export::write(brief, format, *edition)?)
        })
    }
}
