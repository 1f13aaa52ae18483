//! What all requests share: the dossier's place, its numbers when they are there, who may speak.

use std::net::SocketAddr;
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
    /// The dossier is wrong, or a world was not solved: the message as the command line shows it.
    Failed(Arc<str>),
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
    computing: Mutex<()>,
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
            computing: Mutex::new(()),
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
        let app = Arc::clone(self);
        std::thread::spawn(move || {
            let Ok(_turn) = app.computing.try_lock() else {
                return;
            };
            let step = |what: &str, done: usize, of: usize| {
                *app.step.lock().unwrap_or_else(PoisonError::into_inner) = Step {
                    what: what.to_owned(),
                    done,
                    of,
                };
            };
            app.put(Study::Working);
            let study = match app.place.files() {
                Err(problems) => Study::Failed(shown(&problems).into()),
                Ok(files) => match Workbench::compute(files, app.settings.known_on, &step) {
                    Ok(bench) => Study::Ready(Arc::new(bench)),
                    Err(StudyError::Text(problems)) => Study::Failed(shown(&problems).into()),
                    Err(error) => Study::Failed(error.to_string().into()),
                },
            };
            app.put(study);
        });
    }

    fn put(&self, study: Study) {
        *self.study.write().unwrap_or_else(PoisonError::into_inner) = study;
    }

    /// The numbers, computed anew where the dossier's files have changed since.
    pub(super) fn fresh(self: &Arc<Self>) -> Study {
        let study = self.study();
        let stale = match &study {
            Study::Working => false,
            // A dossier that was wrong may have been put right.
            Study::Failed(_) => true,
            Study::Ready(bench) => match self.place.files() {
                Ok(files) => Place::version(&files) != bench.version,
                Err(_) => true,
            },
        };
        if stale {
            self.compute();
        }
        study
    }
}
