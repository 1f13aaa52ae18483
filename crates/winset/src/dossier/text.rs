//! What a dossier says to people: one text, in one language or in both.

use std::fmt;
use std::ops::Deref;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::lang::Lang;

/// A text for people, written `"Rice"` or `{ en = "Rice", ja = "コメ" }`.
///
/// A text in one language stands for both. It reads as English where nobody asks for a language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    first: String,
    /// The Japanese, where `first` is English.
    ja: Option<String>,
}

impl Text {
    /// A text in both languages.
    pub fn both(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self {
            first: en.into(),
            ja: Some(ja.into()),
        }
    }

    /// The text in a language, or in the only one it has.
    pub fn of(&self, lang: Lang) -> &str {
        let ja = self.ja.as_deref().unwrap_or(&self.first);
        lang.of(&self.first, ja)
    }

    /// The text as it reads where nobody asks for a language.
    pub fn as_str(&self) -> &str {
        &self.first
    }

    /// Whether it stands in both languages.
    pub fn is_both(&self) -> bool {
        self.ja.is_some()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self {
            first: text.to_owned(),
            ja: None,
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or one in each language: { en = \"…\", ja = \"…\" }")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(text.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let (mut en, mut ja) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            let place = match key.as_str() {
                "en" => &mut en,
                "ja" => &mut ja,
                other => return Err(A::Error::unknown_field(other, &["en", "ja"])),
            };
            *place = Some(map.next_value::<String>()?);
        }
        match (en, ja) {
            (Some(first), ja) => Ok(Text { first, ja }),
            (None, Some(first)) => Ok(Text { first, ja: None }),
            (None, None) => Err(A::Error::missing_field("en")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct File {
        title: Text,
    }

    fn read(text: &str) -> Result<Text, String> {
        toml::from_str::<File>(text)
            .map(|file| file.title)
            .map_err(|e| e.message().to_owned())
    }

    #[test]
    fn a_text_stands_in_one_language_or_in_both() {
        let plain = read("title = \"Rice\"").unwrap();
        assert_eq!([plain.of(Lang::En), plain.of(Lang::Ja)], ["Rice", "Rice"]);
        for both in [
            "title = { en = \"Rice\", ja = \"コメ\" }",
            "title.en = \"Rice\"\ntitle.ja = \"コメ\"",
        ] {
            let both = read(both).unwrap();
            assert_eq!([both.of(Lang::En), both.of(Lang::Ja)], ["Rice", "コメ"]);
            assert_eq!(
                (both.to_string(), both.is_both()),
                ("Rice".to_owned(), true)
            );
        }
        let japanese = read("title = { ja = \"コメ\" }").unwrap();
        assert_eq!([japanese.of(Lang::En), japanese.as_str()], ["コメ", "コメ"]);
        assert!(!japanese.is_both() && !plain.is_both());
    }

    #[test]
    fn what_is_no_text_says_what_would_be_one() {
        assert!(read("title = 1").unwrap_err().contains("{ en ="));
        assert!(read("title = {}").unwrap_err().contains("`en`"));
        let other = read("title = { en = \"Rice\", fr = \"Riz\" }").unwrap_err();
        assert!(other.contains("`fr`") && other.contains("`ja`"), "{other}");
    }
}
