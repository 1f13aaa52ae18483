//! TOML with places: a fault in the text becomes a [`Problem`] that names file, line and column.

use serde::de::DeserializeOwned;

use crate::{Problem, Source, Span};

/// Reads a TOML text into `T`. Wrap what may be complained of later in [`toml::Spanned`]; give tables
/// `#[serde(deny_unknown_fields)]`, so that a misspelt key is an error and never ignored.
///
/// # Errors
/// Text that is no TOML, a missing, misspelt or mistyped key.
pub fn parse_toml<T: DeserializeOwned>(source: &Source) -> Result<T, Problem> {
    toml::from_str(source.text()).map_err(|error| {
        let message = error.message().trim().to_owned();
        match error.span() {
            Some(span) => Problem::at(source, span, message),
            None => Problem::general(format!("{}: {message}", source.name())),
        }
    })
}

/// The span of a spanned value, as a range of its own.
pub fn span_of<T>(value: &toml::Spanned<T>) -> Span {
    value.span()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rate {
        #[allow(dead_code)]
        rate: String,
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_place() {
        let source = Source::new("x.toml", "# — a comment\nrat = \"1%\"\n");
        let problem = parse_toml::<Rate>(&source).unwrap_err();
        assert_eq!(problem.place(), Some(("x.toml", 2, 1)));
        assert!(problem.what().contains("rat"), "{problem}");
    }
}
