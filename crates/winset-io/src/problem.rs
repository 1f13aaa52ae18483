//! A text file, a place in it, and what is wrong there.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A range of bytes in a [`Source`].
pub type Span = Range<usize>;

/// A text file: its name as the user knows it, and its text. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
}

impl Source {
    /// A text under the name the user knows it by (a path, or `built-in:…`).
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }

    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column, both from 1, of a byte offset; the column counts characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        (line, before[start..].chars().count() + 1)
    }
}

#[derive(Clone, Debug)]
struct Mark {
    source: Source,
    span: Span,
    label: String,
}

/// What is wrong in a user's file, where, and what to write instead.
///
/// `Display` is one line, `file:line:column: what`; [`Problem::render`] shows the lines themselves.
#[derive(Clone, Debug)]
pub struct Problem {
    what: String,
    marks: Vec<Mark>,
    help: Vec<String>,
}

impl Problem {
    /// A problem at a place.
    pub fn at(source: &Source, span: Span, what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            marks: vec![Mark {
                source: source.clone(),
                span,
                label: String::new(),
            }],
            help: Vec::new(),
        }
    }

    /// A problem with a file as a whole, or with none in particular.
    pub fn general(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            marks: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Names the first place: a few words under the underlined text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        if let Some(mark) = self.marks.first_mut() {
            mark.label = label.into();
        }
        self
    }

    /// A second place that takes part in the problem, perhaps in another file.
    #[must_use]
    pub fn and_at(mut self, source: &Source, span: Span, label: impl Into<String>) -> Self {
        self.marks.push(Mark {
            source: source.clone(),
            span,
            label: label.into(),
        });
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The sentence that says what is wrong.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The advice, one string a line.
    pub fn advice(&self) -> &[String] {
        &self.help
    }

    /// File, line and column (from 1) of the first place.
    pub fn place(&self) -> Option<(&str, usize, usize)> {
        let mark = self.marks.first()?;
        let (line, column) = mark.source.line_column(mark.span.start);
        Some((mark.source.name(), line, column))
    }

    /// The problem with the lines it is about, for a terminal; plain text without `colour`.
    pub fn render(&self, colour: bool) -> String {
        let mut group = Group::with_title(Level::ERROR.primary_title(self.what.as_str()));
        let mut done: Vec<&str> = Vec::new();
        for (i, mark) in self.marks.iter().enumerate() {
            if done.contains(&mark.source.name()) {
                continue;
            }
            done.push(mark.source.name());
            let mut snippet = Snippet::source(mark.source.text()).path(mark.source.name());
            for (j, other) in self.marks.iter().enumerate() {
                if other.source.name() != mark.source.name() {
                    continue;
                }
                let kind = if i == 0 && j == 0 {
                    AnnotationKind::Primary
                } else {
                    AnnotationKind::Context
                };
                let text = mark.source.text();
                let mut span = other.span.start.min(text.len())..other.span.end.min(text.len());
                // A value over many lines is shown by its first.
                if let Some(stop) = text.get(span.clone()).and_then(|t| t.find('\n')) {
                    span.end = span.start + stop;
                }
                let mut annotation = kind.span(span);
                if !other.label.is_empty() {
                    annotation = annotation.label(other.label.as_str());
                }
                snippet = snippet.annotation(annotation);
            }
            group = group.element(snippet);
        }
        for help in &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&[group])
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((file, line, column)) = self.place() {
            write!(f, "{file}:{line}:{column}: ")?;
        }
        write!(f, "{}", self.what)?;
        for help in &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// All that is wrong with the files at hand; a reader of files goes on to the next fault where it can.
#[derive(Clone, Debug, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// `Ok(value)` if nothing is wrong.
    pub fn unless_any<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }

    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Takes the value, or keeps the problems and gives nothing.
    pub fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                self.push(problem);
                None
            }
        }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = Source::new("a.toml", "a = \"—\"\nrate = \"x — y\" # z");
        let at = source.text().find("y\"").unwrap();
        assert_eq!(source.line_column(at), (2, 13));
    }

    #[test]
    fn a_problem_says_what_where_and_what_to_do() {
        let source = Source::new("m.toml", "origin = \"XX\"\n");
        let problem = Problem::at(&source, 9..13, "unknown country `XX`")
            .help("write an ISO code such as `JP`");
        assert_eq!(
            problem.to_string(),
            "m.toml:1:10: unknown country `XX` (write an ISO code such as `JP`)"
        );
        let text = problem.render(false);
        assert!(
            text.contains("m.toml:1:10") && text.contains("^^^^") && text.contains("help"),
            "{text}"
        );
    }
}
