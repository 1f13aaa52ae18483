//! What all requests share: the dossier's place, its numbers when they are there, who may speak.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::Semaphore;
use winset_io::Problems;

use super::guard::Guard;
use super::place::Place;
use super::workbench::Workbench;
use super::{ServeError, Settings};
use crate::law::descriptions::Descriptions;
use crate::study::StudyError;

/// Every fault with the lines it is about.
fn shown(problems: &Problems) -> String {
    let all: Vec<String> = problems.0.iter().map(|p| p.render(false)).collect();
    all.join("\n\n")
}

/// How far the numbers are.
#[derive(Clone)]
pub(super) enum Study {
    /// Being computed.
    Working,
    /// There.
    Ready(Arc<Workbench>),
    /// The dossier is wrong, or a world was not solved.
    Failed(Arc<Failed>),
}

/// Why there are no numbers.
pub(super) struct Failed {
    /// The message as the command line shows it.
    pub(super) message: String,
    /// The version of the texts; none where they could not be read.
    version: Option<String>,
}

/// What is being done, how much of it, of how much.
#[derive(Clone, Debug, Default)]
pub(super) struct Step {
    pub(super) what: String,
    pub(super) done: usize,
    pub(super) of: usize,
}

/// The shared state of a served page.
pub(super) struct App {
    pub(super) place: Place,
    pub(super) settings: Settings,
    pub(super) guard: Guard,
    pub(super) descriptions: Descriptions,
    /// One wrong passphrase at a time.
    pub(super) attempts: tokio::sync::Mutex<()>,
    /// Two questions are computed at once; the others wait.
    pub(super) engines: Semaphore,
    study: RwLock<Study>,
    step: Mutex<Step>,
    computing: AtomicBool,
}

impl App {
    pub(super) fn new(
        place: Place,
        settings: Settings,
        at: SocketAddr,
    ) -> Result<Arc<Self>, ServeError> {
        place.files()?;
        let descriptions = match &settings.descriptions {
            Some(path) => Descriptions::read(path)?,
            None => Descriptions::default(),
        };
        let passphrase = settings.beyond.as_ref().map(|b| b.passphrase.clone());
        let guard = Guard::new(at, passphrase).map_err(|error| ServeError::Io {
            what: "drawing the token".to_owned(),
            error,
        })?;
        Ok(Arc::new(Self {
            place,
            settings,
            guard,
            descriptions,
            attempts: tokio::sync::Mutex::new(()),
            engines: Semaphore::new(2),
            study: RwLock::new(Study::Working),
            step: Mutex::new(Step::default()),
            computing: AtomicBool::new(false),
        }))
    }

    /// How far the numbers are.
    pub(super) fn study(&self) -> Study {
        self.study
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What is being computed now.
    pub(super) fn step(&self) -> Step {
        self.step
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether nothing can be saved: by choice, or because the dossier is built in.
    pub(super) fn is_read_only(&self) -> bool {
        self.settings.read_only || self.place.folder().is_none()
    }

    /// Computes the dossier's numbers aside; pages say so meanwhile.
    pub(super) fn compute(self: &Arc<Self>) {
        if self.computing.swap(true, Ordering::AcqRel) {
            return;
        }
        self.put(Study::Working);
        let app = Arc::clone(self);
        std::thread::spawn(move || {
            let step = |what: &str, done: usize, of: usize| {
                *app.step.lock().unwrap_or_else(PoisonError::into_inner) = Step {
                    what: what.to_owned(),
                    done,
                    of,
                };
            };
            let failed = |message, version| Study::Failed(Arc::new(Failed { message, version }));
            let study = match app.place.files() {
                Err(problems) => failed(shown(&problems), None),
                Ok(files) => {
                    let version = Place::version(&files);
                    match Workbench::compute(files, app.settings.known_on, &step) {
                        Ok(bench) => Study::Ready(Arc::new(bench)),
                        Err(StudyError::Text(problems)) => failed(shown(&problems), Some(version)),
                        Err(error) => failed(error.to_string(), Some(version)),
                    }
                }
            };
            app.put(study);
            app.computing.store(false, Ordering::Release);
        });
    }

    fn put(&self, study: Study) {
        *self.study.write().unwrap_or_else(PoisonError::into_inner) = study;
    }

    /// The numbers; where the dossier's files have changed since, they are being computed anew.
    pub(super) fn fresh(self: &Arc<Self>) -> Study {
        let study = self.study();
        let version = match &study {
            Study::Working => return study,
            Study::Ready(bench) => Some(&bench.version),
            Study::Failed(failed) => failed.version.as_ref(),
        };
        let now = self.place.files().ok().map(|files| Place::version(&files));
        if now.as_ref() == version {
            return study;
        }
        self.compute();
        self.study()
    }
}
