//! What went wrong, as Python exceptions.

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use winset::assess::AssessError;
use winset::choice::ChoiceError;
use winset::export::ExportError;
use winset::law::rates::RatesError;
use winset::study::StudyError;
use winset_io::{Problem, Problems, TableError};
use winset_talks::TalksError;
use winset_trade::TradeError;

create_exception!(winset, Error, PyException, "What winset raises.");
create_exception!(
    winset,
    InputError,
    Error,
    "What was given is wrong: an argument, a table, a file. `file`, `line` and `column` (from 1) are the first place, \
     `None` where there is none; `problems` is all that is wrong, each with `what`, `file`, `line`, `column`, `help` and `shown`."
);
create_exception!(
    winset,
    LawError,
    Error,
    "The law in the data does not answer the question: a day, an origin or a line that is not held, a quantity that is needed."
);
create_exception!(
    winset,
    SolveError,
    Error,
    "An equilibrium or a bargain was not found: the message says how far the solver came."
);

/// Why a call ends without its answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What was given is wrong; each fault has its place where it has one.
    Input(Problems),
    /// The law in the data has no answer.
    Law(String),
    /// A solver did not find what was sought.
    Solve(String),
}

impl Failure {
    /// A wrong input without a place in a text.
    pub(crate) fn input(what: impl std::fmt::Display) -> Self {
        Self::Input(Problem::general(what.to_string()).into())
    }

    /// The exception.
    pub(crate) fn raise(&self, py: Python<'_>) -> PyErr {
        match self {
            Self::Law(what) => LawError::new_err(what.clone()),
            Self::Solve(what) => SolveError::new_err(what.clone()),
            Self::Input(problems) => {
                let error = InputError::new_err(problems.to_string());
                match places(py, error.value(py), problems) {
                    Ok(()) => error,
                    Err(other) => other,
                }
            }
        }
    }
}

/// Adds the places of problems to an exception.
fn places(py: Python<'_>, error: &Bound<'_, PyAny>, problems: &Problems) -> PyResult<()> {
    let mut each = Vec::new();
    for problem in &problems.0 {
        let place = problem.place();
        let one = PyDict::new(py);
        one.set_item("what", problem.what())?;
        one.set_item("file", place.map(|(file, _, _)| file))?;
        one.set_item("line", place.map(|(_, line, _)| line))?;
        one.set_item("column", place.map(|(_, _, column)| column))?;
        one.set_item("help", problem.advice())?;
        one.set_item("shown", problem.render(false))?;
        each.push(one);
    }
    let first = problems.0.iter().find_map(Problem::place);
    error.setattr("file", first.map(|(file, _, _)| file))?;
    error.setattr("line", first.map(|(_, line, _)| line))?;
    error.setattr("column", first.map(|(_, _, column)| column))?;
    error.setattr("problems", each)
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Input(problems)
    }
}

impl From<ChoiceError> for Failure {
    fn from(error: ChoiceError) -> Self {
        match error {
            ChoiceError::Input(problems) => Self::Input(problems),
            ChoiceError::NoReading { .. } => Self::input(error),
        }
    }
}

impl From<TableError> for Failure {
    fn from(error: TableError) -> Self {
        Self::input(error)
    }
}

impl From<winset_law::LawError> for Failure {
    fn from(error: winset_law::LawError) -> Self {
        use winset_law::LawError as E;
        match error {
            E::GoodsCode { .. }
            | E::Country { .. }
            | E::Currency { .. }
            | E::Range { .. }
            | E::Date { .. }
            | E::Unit { .. }
            | E::TooLarge
            | E::Table(_)
            | E::Row { .. } => Self::input(error),
            other => Self::Law(other.to_string()),
        }
    }
}

impl From<RatesError> for Failure {
    fn from(error: RatesError) -> Self {
        match error {
            RatesError::Law(error) => error.into(),
            RatesError::Question(what) => Self::input(what),
        }
    }
}

impl From<TradeError> for Failure {
    fn from(error: TradeError) -> Self {
        match error {
            error if error.is_no_equilibrium() => Self::Solve(error.to_string()),
            TradeError::Toml(problem) => Self::Input(problem.into()),
            other => Self::input(other),
        }
    }
}

impl From<TalksError> for Failure {
    fn from(error: TalksError) -> Self {
        match error {
            TalksError::TooLarge { .. } | TalksError::TooMany { .. } => {
                Self::Solve(error.to_string())
            }
            other => Self::input(other),
        }
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Text(problems) => Self::Input(problems),
            StudyError::Law(error) => error.into(),
            StudyError::Trade(error) => error.into(),
            StudyError::Talks(error) => error.into(),
            other => Self::input(other),
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        Self::input(error)
    }
}

impl From<AssessError<ChoiceError>> for Failure {
    fn from(error: AssessError<ChoiceError>) -> Self {
        match error {
            AssessError::Table(error) => error.into(),
            AssessError::Law(error) => error.into(),
            AssessError::Stopped => Self::input("the assessment was stopped; what is done is kept"),
            error @ AssessError::Itself(_) => Self::input(error),
        }
    }
}
