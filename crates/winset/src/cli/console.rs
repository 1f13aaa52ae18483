//! Where answers and errors go, and the bars that show that something is being done.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::failure::{FAILED, Failure};

/// How long a command may be silent before a bar appears.
const PATIENCE: Duration = Duration::from_millis(500);

/// The terminal, or whatever stands in its place.
pub(crate) struct Console {
    json: bool,
    colour: bool,
}

/// An answer with the number of its format.
#[derive(Serialize)]
struct Formatted<'a, T> {
    format: u32,
    #[serde(flatten)]
    answer: &'a T,
}

impl Console {
    pub(crate) fn new(json: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            json,
            colour: !plain && io::stderr().is_terminal(),
        }
    }

    /// Prints the answer: `json` with `format` 1 before its own keys, or else the text.
    pub(crate) fn answer<T: Serialize>(
        &self,
        json: impl FnOnce() -> T,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let mut out = if self.json {
            serde_json::to_string_pretty(&Formatted {
                format: 1,
                answer: &json(),
            })
            .context("writing the answer")?
        } else {
            text()
        };
        if !out.ends_with('\n') {
            out.push('\n');
        }
        let mut stdout = io::stdout().lock();
        match stdout
            .write_all(out.as_bytes())
            .and_then(|()| stdout.flush())
        {
            // Whoever reads has read enough: `winset … | head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other.context("writing to standard output")?),
        }
    }

    /// Says what went wrong, and gives the exit code for it.
    pub(crate) fn fail(&self, failure: &Failure) -> ExitCode {
        let text = if self.json {
            serde_json::to_string_pretty(&failure.json()).unwrap_or_else(|error| error.to_string())
        } else {
            failure.text(self.colour)
        };
        match writeln!(io::stderr().lock(), "{text}") {
            Ok(()) => ExitCode::from(failure.exit_code()),
            Err(_) => ExitCode::from(FAILED),
        }
    }

    /// A bar for work of many steps. It appears on a terminal only, and only if the work takes time.
    #[allow(
        clippy::unused_self,
        reason = "bars belong to the console, whatever they are made of"
    )]
    pub(crate) fn progress(&self) -> Progress {
        Progress {
            since: Instant::now(),
            bar: OnceLock::new(),
        }
    }
}

/// A bar on stderr; gone when dropped.
pub(crate) struct Progress {
    since: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// `done` of `total` steps of `what` are done. May be called from any thread.
    pub(crate) fn step(&self, what: &str, done: usize, total: usize) {
        if self.bar.get().is_none() && self.since.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let style = ProgressStyle::with_template("{msg:28} {bar:40} {pos}/{len}");
            ProgressBar::new(total as u64)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        bar.set_length(total as u64);
        bar.set_message(what.to_owned());
        bar.set_position(done as u64);
    }

    /// Work of unknown length: a spinner at once.
    pub(crate) fn spin(&self, what: &str) {
        let spinner = self.bar.get_or_init(ProgressBar::new_spinner);
        spinner.set_message(what.to_owned());
        spinner.enable_steady_tick(Duration::from_millis(120));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
