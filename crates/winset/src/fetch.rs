//! A published file over HTTPS: in pieces if it must be, and as the publisher has it or not at all.
//!
//! What has come stands in `FILE.part`, and beside it in `FILE.part.from` the address and the mark (an `ETag`, or a date) by
//! which the server tells whether its file is still the same. A later attempt goes on from there; where the file has
//! changed, or the server knows no ranges, it begins again. While it lasts, `FILE.part.lock` keeps others away.

mod error;
mod form;
mod head;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ureq::http::header::{CONTENT_LENGTH, IF_RANGE, RANGE};

use head::{is_page, ranged, retry_after, strong_mark, text};

pub use error::FetchError;
pub use form::Form;

/// How patient a download is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Attempts without a byte of progress before it gives up.
    pub attempts: u32,
    /// The pause after the first failure; it doubles with each further one.
    pub first_pause: Duration,
    /// The longest pause that is waited for; a server that asks for a longer one is left alone.
    pub longest_pause: Duration,
    /// How long a connection, and an answer's head, may take.
    pub answer: Duration,
    /// How long the body of one answer may take.
    pub body: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempts: 5,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_mins(2),
            answer: Duration::from_secs(30),
            body: Duration::from_mins(30),
        }
    }
}

/// What was downloaded, as `FILE.fetched.toml` records it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// The address.
    pub url: String,
    /// The day, UTC.
    pub day: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// What has come so far.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Mark {
    url: String,
    mark: String,
}

/// How one attempt ended.
enum Ended {
    Whole,
    /// To be tried again.
    Again(String),
    /// The server answers so, and may name a pause.
    Busy(u16, Option<Duration>),
}

/// What is to be downloaded.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The address.
    pub url: &'a str,
    /// The checksum that it must have, if that is known.
    pub sha256: Option<&'a str>,
    /// The forms that it may have.
    pub forms: &'a [Form],
}

/// Keeps others away from a file while it is downloaded.
struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    fn take(out: &Path) -> Result<Self, FetchError> {
        winset_io::needs_folder(out).map_err(|error| FetchError::Write {
            path: out.to_owned(),
            error,
        })?;
        let path = beside(out, ".part.lock");
        let failed = |error| FetchError::Write {
            path: path.clone(),
            error,
        };
        let file = File::create(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, _file: file }),
            Err(TryLockError::WouldBlock) => Err(FetchError::Busy {
                out: out.to_owned(),
            }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// Downloads a file to `out`; `told` hears of bytes that have come, and of all of them if the server says how many.
///
/// # Errors
/// See [`FetchError`]; a file that stands at `out` is then as it was.
pub fn fetch(
    wanted: Wanted<'_>,
    out: &Path,
    patience: Patience,
    told: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Fetched, FetchError> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .user_agent(concat!("winset/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        .timeout_resolve(Some(patience.answer))
        .timeout_connect(Some(patience.answer))
        .timeout_recv_response(Some(patience.answer))
        .timeout_recv_body(Some(patience.body))
        .build()
        .into();
    let _lock = Lock::take(out)?;
    let Wanted { url, sha256, forms } = wanted;
    let job = Job {
        url,
        forms,
        part: beside(out, ".part"),
        from: beside(out, ".part.from"),
    };
    let mut failures = 0;
    let mut pause = patience.first_pause;
    loop {
        let before = job.kept();
        let (what, asked) = match job.attempt(&agent, told)? {
            Ended::Whole => break,
            Ended::Again(what) => (what, None),
            Ended::Busy(status, Some(wait)) if wait > patience.longest_pause => {
                return Err(job.later(status, wait));
            }
            Ended::Busy(status, wait) => (format!("the server answers {status}"), wait),
        };
        if job.kept() > before {
            failures = 0;
            pause = patience.first_pause;
        }
        failures += 1;
        if failures >= patience.attempts {
            return Err(FetchError::Unreachable {
                url: url.to_owned(),
                what,
                attempts: failures,
                kept: job.kept(),
            });
        }
        std::thread::sleep(asked.unwrap_or(pause).min(patience.longest_pause));
        pause *= 2;
    }
    job.check_form()?;
    let sum = job.io(
        &job.part,
        File::open(&job.part).and_then(winset_import::sha256_of),
    )?;
    if let Some(expected) = sha256.filter(|expected| !expected.eq_ignore_ascii_case(&sum)) {
        job.forget()?;
        return Err(FetchError::Checksum {
            url: url.to_owned(),
            found: sum,
            expected: expected.to_owned(),
        });
    }
    let fetched = Fetched {
        url: url.to_owned(),
        day: jiff::Timestamp::now().to_string()[..10].to_owned(),
        bytes: job.kept(),
        sha256: sum,
    };
    job.io(out, File::open(&job.part).and_then(|file| file.sync_all()))?;
    job.io(out, fs::rename(&job.part, out))?;
    job.forget()?;
    let record = beside(out, ".fetched.toml");
    let text = toml::to_string(&fetched).unwrap_or_default();
    job.io(&record, winset_io::write_whole(&record, text.as_bytes()))?;
    Ok(fetched)
}

struct Job<'a> {
    url: &'a str,
    forms: &'a [Form],
    part: PathBuf,
    from: PathBuf,
}

impl Job<'_> {
    #[allow(clippy::unused_self, reason = "every error of a job is made here")]
    fn io<T>(&self, path: &Path, result: io::Result<T>) -> Result<T, FetchError> {
        result.map_err(|error| FetchError::Write {
            path: path.to_owned(),
            error,
        })
    }

    fn kept(&self) -> u64 {
        fs::metadata(&self.part).map_or(0, |m| m.len())
    }

    fn forget(&self) -> Result<(), FetchError> {
        for path in [&self.part, &self.from] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return self.io(path, Err(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The mark of what is kept, if it is of this address and can be gone on with.
    fn mark(&self) -> Option<String> {
        let text = fs::read_to_string(&self.from).ok()?;
        let mark: Mark = toml::from_str(&text).ok()?;
        (mark.url == self.url && !mark.mark.is_empty() && self.kept() > 0).then_some(mark.mark)
    }

    /// The server asks for more time than anybody waits for.
    fn later(&self, status: u16, wait: Duration) -> FetchError {
        let until = jiff::SignedDuration::try_from(wait)
            .ok()
            .and_then(|wait| jiff::Timestamp::now().checked_add(wait).ok())
            .unwrap_or(jiff::Timestamp::MAX);
        FetchError::Later {
            url: self.url.to_owned(),
            status,
            seconds: wait.as_secs(),
            until: until.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            kept: self.kept(),
        }
    }

    fn other_form(&self, found: String) -> FetchError {
        FetchError::Form {
            url: self.url.to_owned(),
            found,
            expected: form::shown(self.forms),
        }
    }

    /// Throws away what came if it does not begin as the file does.
    fn check_form(&self) -> Result<(), FetchError> {
        let mut start = Vec::new();
        let read =
            File::open(&self.part).and_then(|file| file.take(form::START).read_to_end(&mut start));
        self.io(&self.part, read)?;
        match form::other(&start, self.forms) {
            None => Ok(()),
            Some(found) => {
                self.forget()?;
                Err(self.other_form(found))
            }
        }
    }

    fn attempt(
        &self,
        agent: &ureq::Agent,
        told: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Ended, FetchError> {
        let mark = self.mark();
        let mut request = agent.get(self.url);
        let offset = if mark.is_some() { self.kept() } else { 0 };
        if let Some(mark) = &mark {
            request = request
                .header(RANGE, format!("bytes={offset}-"))
                .header(IF_RANGE, mark);
        }
        let response = match request.call() {
            Ok(response) => response,
            Err(ureq::Error::BadUri(what)) => {
                return Err(FetchError::Usage(format!("{}: {what}", self.url)));
            }
            Err(error) => return Ok(Ended::Again(error.to_string())),
        };
        let status = response.status().as_u16();
        let (head, body) = response.into_parts();
        let head = head.headers;
        // Who heeds If-Range never answers so with another file; who does not heed it says which file it is.
        let other = strong_mark(&head);
        let is_other = mark
            .as_ref()
            .is_some_and(|mark| !other.is_empty() && other != *mark);
        let start = match status {
            200 | 206 if is_page(&head) => return Err(self.other_form("a web page".to_owned())),
            200 => 0,
            206 | 416 if is_other => {
                self.forget()?;
                return Ok(Ended::Again("the server's file has changed".to_owned()));
            }
            206 if mark.is_some() && ranged(&head).is_some_and(|(from, _)| from == offset) => {
                offset
            }
            // All of it had come already.
            416 if mark.is_some() && ranged(&head).is_some_and(|(_, all)| all == Some(offset)) => {
                return Ok(Ended::Whole);
            }
            206 | 416 if mark.is_some() => {
                self.forget()?;
                return Ok(Ended::Again("the server's file has changed".to_owned()));
            }
            408 | 429 | 500 | 502 | 503 | 504 => {
                return Ok(Ended::Busy(status, retry_after(&head)));
            }
            _ => {
                return Err(FetchError::Refused {
                    url: self.url.to_owned(),
                    status,
                });
            }
        };
        let length: Option<u64> = text(&head, &CONTENT_LENGTH).and_then(|t| t.parse().ok());
        // A server may send less than the rest, and then says how much there is.
        let of_range = ranged(&head).filter(|_| status == 206);
        let all = match of_range {
            Some((_, all)) => all,
            None => length.map(|length| start + length),
        };
        let mut file = if start == 0 {
            self.forget()?;
            let mark = Mark {
                url: self.url.to_owned(),
                mark: strong_mark(&head),
            };
            let text = toml::to_string(&mark).unwrap_or_default();
            self.io(
                &self.from,
                winset_io::write_whole(&self.from, text.as_bytes()),
            )?;
            self.io(&self.part, File::create(&self.part))?
        } else {
            self.io(&self.part, OpenOptions::new().append(true).open(&self.part))?
        };
        let mut body = body.into_reader();
        let mut block = vec![0; 1 << 16];
        let mut come = start;
        loop {
            match body.read(&mut block) {
                Ok(0) => break,
                Ok(n) => {
                    self.io(&self.part, file.write_all(&block[..n]))?;
                    come += n as u64;
                    told(come, all);
                }
                Err(error) => return Ok(Ended::Again(error.to_string())),
            }
        }
        if self.kept() != come {
            let what = "another fetch writes to the same file".to_owned();
            return Ok(Ended::Again(what));
        }
        if all.is_some_and(|all| come < all) {
            let what = "the connection ended before the file did".to_owned();
            return Ok(Ended::Again(what));
        }
        Ok(Ended::Whole)
    }
}
