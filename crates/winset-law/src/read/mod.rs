//! From what is written in a measure file to what it means, with a place for every fault.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use winset_io::{Problem, Problems, Source};

use crate::condition::Condition;
use crate::country::Origins;
use crate::file::{Day, RawDay, Word};
use crate::goods::{Collect, GoodsSet};
use crate::measure::{Act, Effect, Place};
use crate::rate::{Rate, text};
use crate::{Country, GoodsCode};

mod act;
mod change;
mod measure;

pub(crate) use act::read_act;

/// Rows of a list of goods: code, first day, day after the last.
pub(crate) type ListRows = Vec<(GoodsCode, Date, Date)>;

/// Reads the records of one file; faults collect in `problems`.
pub(crate) struct Reader<'a> {
    pub(crate) source: &'a Source,
    /// The number of the file among all files of the law.
    pub(crate) file: usize,
    pub(crate) layer: u32,
    pub(crate) acts: &'a HashMap<Arc<str>, Arc<Act>>,
    pub(crate) lists: &'a HashMap<Arc<str>, Arc<ListRows>>,
    pub(crate) problems: &'a mut Problems,
}

pub(crate) fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // Shared letters at both ends are enough to catch a slip.
    names
        .map(|name| {
            let start = name
                .bytes()
                .zip(word.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            let end = name
                .bytes()
                .rev()
                .zip(word.bytes().rev())
                .take_while(|(a, b)| a == b)
                .count();
            (start + end, name)
        })
        .filter(|(score, name)| score * 2 >= name.len())
        .max()
        .map(|(_, name)| name)
}

pub(crate) fn with_nearest<'n>(
    problem: Problem,
    word: &str,
    names: impl Iterator<Item = &'n str>,
    otherwise: &str,
) -> Problem {
    match nearest(word, names) {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem.help(otherwise),
    }
}

pub(crate) fn read_day(source: &Source, day: &Day, problems: &mut Problems) -> Date {
    let text = match day.get_ref() {
        RawDay::Text(text) => text.clone(),
        RawDay::Bare(date) => date.to_string(),
    };
    if let Ok(date) = text.trim().parse() {
        return date;
    }
    problems.push(
        Problem::at(source, day.span(), format!("`{text}` is not a date"))
            .help("write year, month and day: 2025-04-16"),
    );
    Date::MIN
}

impl Reader<'_> {
    pub(crate) fn place(&self, word: &Word) -> Place {
        Place {
            file: self.file,
            span: word.span(),
        }
    }

    pub(crate) fn fault(&mut self, word: &Word, what: String, help: &str) {
        self.problems
            .push(Problem::at(self.source, word.span(), what).help(help));
    }

    pub(crate) fn day(&mut self, day: &Day) -> Date {
        read_day(self.source, day, self.problems)
    }

    /// First day and day after the last; the last must not come before the first.
    pub(crate) fn days(&mut self, from: &Day, to: Option<&Day>) -> (Date, Date) {
        let first = self.day(from);
        let last = to.map_or(Date::MAX, |d| self.day(d));
        if let Some(to) = to
            && last <= first
        {
            self.problems.push(
                Problem::at(
                    self.source,
                    to.span(),
                    format!("a period that ends on {last} before it begins on {first}"),
                )
                .help("the end is the first day on which it no longer holds"),
            );
        }
        (first, last)
    }

    pub(crate) fn act(&mut self, word: &Word) -> Option<Arc<Act>> {
        let id = word.get_ref().as_str();
        let found = self.acts.get(id).cloned();
        if found.is_none() {
            let problem = Problem::at(self.source, word.span(), format!("no act `{id}`"));
            let names = self.acts.keys().map(AsRef::as_ref);
            self.problems
                .push(with_nearest(problem, id, names, "define it with [[act]]"));
        }
        found
    }

    pub(crate) fn country(&mut self, word: &Word) -> Option<Country> {
        word.get_ref().parse().ok().or_else(|| {
            self.fault(
                word,
                format!("unknown country `{}`", word.get_ref()),
                "write an ISO 3166 code such as JP",
            );
            None
        })
    }

    /// All origins where `words` is empty.
    pub(crate) fn origins(&mut self, words: &[Word], except: &[Word], on: Date) -> Origins {
        let mut these = if words.is_empty() {
            Origins::ALL
        } else {
            Origins::default()
        };
        let mut but = Origins::default();
        for (set, words) in [(&mut these, words), (&mut but, except)] {
            for word in words {
                if !set.add_named(word.get_ref(), on) {
                    self.fault(
                        word,
                        format!("unknown country or group `{}`", word.get_ref()),
                        "write an ISO 3166 code such as JP, `EU`, `column-2`, or `*` for all",
                    );
                }
            }
        }
        these.minus(but)
    }

    /// What must hold of an entry.
    pub(crate) fn conditions(&mut self, words: &[Word]) -> Vec<Condition> {
        let mut read = Vec::new();
        for word in words {
            match Condition::parse(word.get_ref()) {
                Some(condition) => read.push(condition),
                None => self.fault(
                    word,
                    format!("`{}` is no condition", word.get_ref()),
                    "write \"over_quota\", \"not informal\", \"claim USMCA\", \"us_share >= 0.20\", \"certified = auto_part\", \"content aluminum\", \"loaded < 2025-04-05\" or \"reading NAME = OPTION\"",
                ),
            }
        }
        read
    }

    fn collect(&mut self, words: &[Word]) -> Collect {
        let mut collect = Collect::default();
        for word in words {
            let text = word.get_ref().as_str();
            if text == "*" {
                collect.everything();
            } else if let Some(name) = text.strip_prefix("list:") {
                if let Some(rows) = self.lists.get(name) {
                    rows.iter()
                        .for_each(|(code, from, to)| collect.code(*code, *from, *to));
                } else {
                    let problem =
                        Problem::at(self.source, word.span(), format!("no list `{name}`"));
                    let names = self.lists.keys().map(AsRef::as_ref);
                    let help = "add lists/NAME.csv or a [[list]] with that id";
                    self.problems.push(with_nearest(problem, name, names, help));
                }
            } else {
                match text.parse::<GoodsCode>() {
                    Ok(code) => collect.code(code, Date::MIN, Date::MAX),
                    Err(_) => self.fault(
                        word,
                        format!("`{text}` is no goods code"),
                        "write 2 to 10 digits such as 8703.23.01, `list:NAME`, or `*`",
                    ),
                }
            }
        }
        collect
    }

    fn goods(&mut self, these: &[Word], but: &[Word]) -> Arc<GoodsSet> {
        let (mut a, b) = (self.collect(these), self.collect(but));
        if these.is_empty() {
            a.everything();
        }
        Arc::new(GoodsSet::new(a, b))
    }

    fn effect(&mut self, word: &Word) -> Option<Effect> {
        let rate = text::parse(word.get_ref());
        if matches!(rate, Rate::Unparsed(_)) {
            self.fault(
                word,
                format!("`{}` is no rate", word.get_ref()),
                "write \"25%\", \"15% inclusive\", \"10¢/kg\" or \"greater of 5% or 10¢/kg\"",
            );
            return None;
        }
        Some(Effect::Charges {
            text: rate.to_string().into(),
            rate,
        })
    }
}
