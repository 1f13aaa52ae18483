//! What went wrong, as an exit code, as text for people and as JSON for programs.

use std::fmt::Display;

use serde_json::{Value, json};
use winset::dossier::{LogError, VaultError};
use winset::fetch::FetchError;
use winset::law::rates::RatesError;
use winset::serve::ServeError;
use winset::study::StudyError;
use winset_data::build::BuildError;
use winset_import::ImportError;
use winset_io::{Problem, Problems};
use winset_law::LawError;
use winset_talks::TalksError;
use winset_trade::TradeError;

/// Exit code: something failed on the way.
pub(crate) const FAILED: u8 = 1;
/// Exit code: wrong use of the command line.
pub(crate) const USAGE: u8 = 2;
/// Exit code: wrong input.
pub(crate) const INPUT: u8 = 3;

/// Problems shown to people at once; one fault early on can have many behind it.
const MOST_SHOWN: usize = 12;

/// Why a command ended without its answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What was typed cannot be answered.
    Usage(String),
    /// What was read is wrong; each fault has its place where it has one.
    Input(Problems),
    /// Something failed on the way.
    Failed(anyhow::Error),
}

impl Failure {
    /// A wrong input without a place in a text.
    pub(crate) fn input(what: impl Display) -> Self {
        Self::Input(Problem::general(what.to_string()).into())
    }

    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => USAGE,
            Self::Input(_) => INPUT,
            Self::Failed(_) => FAILED,
        }
    }

    /// For people: every problem with the lines it is about.
    pub(crate) fn text(&self, colour: bool) -> String {
        match self {
            Self::Usage(what) => format!("error: {what}"),
            Self::Failed(error) => format!("error: {error:#}"),
            Self::Input(problems) => {
                let mut shown: Vec<String> = problems
                    .0
                    .iter()
                    .take(MOST_SHOWN)
                    .map(|p| p.render(colour))
                    .collect();
                if problems.0.len() > MOST_SHOWN {
                    let more = problems.0.len() - MOST_SHOWN;
                    shown.push(format!(
                        "and {more} more, some of which may follow from these (all with --json)"
                    ));
                }
                shown.join("\n\n")
            }
        }
    }

    /// For programs: the kind, the exit code, one sentence, and every place.
    pub(crate) fn json(&self) -> Value {
        let (kind, message, places) = match self {
            Self::Usage(what) => ("usage", what.clone(), vec![]),
            Self::Failed(error) => ("failed", format!("{error:#}"), vec![]),
            Self::Input(problems) => (
                "input",
                problems.to_string(),
                problems.0.iter().map(place).collect(),
            ),
        };
        json!({
            "format": 1,
            "error": {"kind": kind, "exit_code": self.exit_code(), "message": message, "places": places},
        })
    }

    /// An answer of the law to what was typed: only what its files or tables say wrong is not the typist's.
    pub(crate) fn from_question(error: LawError) -> Self {
        match error {
            LawError::Circle { .. } => Self::input(error),
            LawError::Table(_) | LawError::Row { .. } => Self::Failed(error.into()),
            _ => Self::Usage(error.to_string()),
        }
    }
}

fn place(problem: &Problem) -> Value {
    let place = problem.place();
    json!({
        "what": problem.what(),
        "file": place.map(|(file, _, _)| file),
        "line": place.map(|(_, line, _)| line),
        "column": place.map(|(_, _, column)| column),
        "help": problem.advice(),
        "shown": problem.render(false),
    })
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Input(problems)
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Io { .. } => Self::Failed(error.into()),
            VaultError::Refused(what) => Self::Usage(what),
            other => Self::input(other),
        }
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Text(problems) => Self::Input(problems),
            ServeError::Setting(what) => Self::Usage(what),
            other => Self::Failed(other.into()),
        }
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Text(problems) => Self::Input(problems),
            StudyError::Law(error @ (LawError::Table(_) | LawError::Row { .. })) => {
                Self::Failed(error.into())
            }
            StudyError::Law(error) => Self::input(error),
            StudyError::Trade(error) => error.into(),
            StudyError::Talks(error) => error.into(),
            StudyError::Name(unknown) => Self::Usage(unknown.to_string()),
            StudyError::Missing(what) => Self::input(what),
            other => Self::Failed(other.into()),
        }
    }
}

impl From<RatesError> for Failure {
    fn from(error: RatesError) -> Self {
        match error {
            RatesError::Law(error) => Self::from_question(error),
            RatesError::Question(what) => Self::Usage(what),
        }
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Log(error @ TalksError::Log { .. }) => Self::Usage(error.to_string()),
            LogError::Log(error) => error.into(),
            LogError::File { .. } => Self::Failed(error.into()),
            typed => Self::Usage(typed.to_string()),
        }
    }
}

impl From<TradeError> for Failure {
    fn from(error: TradeError) -> Self {
        match error {
            TradeError::Write { .. } => Self::Failed(error.into()),
            error if error.is_no_equilibrium() => Self::Failed(error.into()),
            TradeError::Option(_) | TradeError::UnknownElasticities { .. } => {
                Self::Usage(error.to_string())
            }
            TradeError::Toml(problem) => Self::Input(problem.into()),
            other => Self::input(other),
        }
    }
}

impl From<TalksError> for Failure {
    fn from(error: TalksError) -> Self {
        match error {
            TalksError::TooLarge { .. } | TalksError::TooMany { .. } => Self::Failed(error.into()),
            other => Self::input(other),
        }
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Manifest(_) => Self::Failed(error.into()),
            other => Self::input(other),
        }
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Write { .. } => Self::Failed(error.into()),
            ImportError::Usage(what) => Self::Usage(what),
            other => Self::input(other),
        }
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Usage(what) => Self::Usage(what),
            other => Self::Failed(other.into()),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

#[cfg(test)]
mod tests {
    use winset_io::Source;

    use super::*;

    #[test]
    fn a_wrong_file_is_shown_with_its_place_in_text_and_in_json() {
        let source = Source::new("issues.toml", "asks = \"JPNN\"\n");
        let problem =
            Problem::at(&source, 7..13, "unknown party `JPNN`").help("did you mean `JPN`?");
        let failure = Failure::from(StudyError::from(problem));
        assert_eq!(failure.exit_code(), 3);
        assert!(
            failure.text(false).contains("issues.toml:1:8"),
            "{}",
            failure.text(false)
        );
        let json = failure.json();
        assert_eq!(json["format"], 1);
        assert_eq!(json["error"]["places"][0]["line"], 1);
        assert_eq!(json["error"]["places"][0]["column"], 8);
        assert_eq!(json["error"]["places"][0]["help"][0], "did you mean `JPN`?");
    }

    #[test]
    fn a_solve_that_does_not_converge_failed_and_is_nobodys_typing() {
        let error = TradeError::NotConverged {
            residual: 0.1,
            iterations: 3,
            worst: "wages of JPN".into(),
            reached: Some(0.5),
        };
        assert_eq!(Failure::from(error).exit_code(), 1);
        assert_eq!(
            Failure::from(TradeError::Option("labour supply".into())).exit_code(),
            2
        );
        assert_eq!(Failure::from_question(LawError::TooLarge).exit_code(), 2);
    }
}
