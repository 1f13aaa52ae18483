//! What must not be shown: the token of a start, the passphrase. Neither can be printed by accident.

use std::fmt;

use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};

/// Compares digests, so that the time taken says nothing of where two texts differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    Sha256::digest(a) == Sha256::digest(b)
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect()
}

/// A random key of 256 bits, written as 64 hexadecimal digits.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// A new token from the system's source of randomness.
    pub(crate) fn new() -> std::io::Result<Self> {
        let mut bytes = [0u8; 32];
        OsRng
            .try_fill_bytes(&mut bytes)
            .map_err(std::io::Error::other)?;
        Ok(Self(hex(&bytes)))
    }

    /// Whether `text` is this token.
    pub(crate) fn is(&self, text: &str) -> bool {
        same(self.0.as_bytes(), text.as_bytes())
    }

    /// The digits, for the link and the cookie alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What a visitor from another machine has to type.
#[derive(Clone)]
pub struct Passphrase(String);

impl Passphrase {
    /// A passphrase of at least twelve characters.
    ///
    /// # Errors
    /// It is shorter.
    pub fn new(text: String) -> Result<Self, String> {
        if text.chars().count() < 12 {
            return Err("the passphrase is too short: use at least 12 characters".to_owned());
        }
        Ok(Self(text))
    }

    /// A passphrase that was chosen before, whatever its length: to open what it closed.
    pub fn given(text: String) -> Self {
        Self(text)
    }

    /// Whether `text` is this passphrase.
    pub(crate) fn is(&self, text: &str) -> bool {
        same(self.0.as_bytes(), text.as_bytes())
    }

    /// The characters, for a key to be made of them.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_is_printed() {
        let token = Token::new().expect("the system has randomness");
        assert_eq!(token.reveal().len(), 64);
        assert!(!format!("{token:?}").contains(token.reveal()));
        let phrase = Passphrase::new("correct horse battery".to_owned()).expect("long enough");
        assert!(!format!("{phrase:?}").contains("horse"));
        assert!(phrase.is("correct horse battery") && !phrase.is("correct horse batterz"));
        assert!(Passphrase::new("short".to_owned()).is_err());
    }
}
