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
        let problem = match error.span() {
            Some(span) => Problem::at(source, span, message.as_str()),
            None => Problem::general(format!("{}: {message}", source.name())),
        };
        match advice(&message) {
            Some(help) => problem.help(help),
            None => problem,
        }
    })
}

/// What to do about what the reader of types says in its own words.
fn advice(message: &str) -> Option<String> {
    if let Some(key) = message.strip_prefix("missing field `") {
        let key = key.trim_end_matches('`');
        return Some(match key {
            "format" => "begin the file with `format = 1`".to_owned(),
            key => format!("add `{key} = …` to this record"),
        });
    }
    let wanted = message.rsplit_once("expected ")?.1;
    let wanted = match wanted {
        "u16" | "u32" | "u64" | "usize" => "a whole number, zero or more",
        "i32" | "i64" => "a whole number",
        "f64" => "a number, such as 0.5",
        "a string" => "a text in quotes",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list, such as [\"…\"]",
        _ => return None,
    };
    Some(format!("write {wanted}"))
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
    fn a_wrong_type_and_a_missing_key_say_what_to_write() {
        #[derive(Debug, serde::Deserialize)]
        struct Seed {
            #[allow(dead_code)]
            seed: u64,
        }
        let advice = |text: &str| {
            let problem = parse_toml::<Seed>(&Source::new("x.toml", text)).unwrap_err();
            problem.advice().join(" ")
        };
        assert_eq!(advice("seed = -7\n"), "write a whole number, zero or more");
        assert_eq!(advice("\n"), "add `seed = …` to this record");
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_place() {
        let source = Source::new("x.toml", "# — a comment\nrat = \"1%\"\n");
        let problem = parse_toml::<Rate>(&source).unwrap_err();
        assert_eq!(problem.place(), Some(("x.toml", 2, 1)));
        assert!(problem.what().contains("rat"), "{problem}");
    }
}
