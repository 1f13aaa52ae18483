//! Goods codes: the digits of a tariff nomenclature.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::str::FromStr;

use crate::LawError;

/// Ten decimal digits: every code is a range of these.
const SPACE: [u64; 11] = [
    10_000_000_000,
    1_000_000_000,
    100_000_000,
    10_000_000,
    1_000_000,
    100_000,
    10_000,
    1_000,
    100,
    10,
    1,
];

/// A code of 2 to 10 digits: a chapter (2), heading (4), subheading (6), national line (8 to 10).
///
/// Reads with or without punctuation (`8703.23.01`, `87032301`, `1602.42-011`) and prints with the
/// points of the US schedule, `8703.23.01.10`; nine digits as Japan prints them, `0203.29-023`.
///
/// # Example
/// ```
/// use winset_law::GoodsCode;
/// let code: GoodsCode = "87032301".parse()?;
/// assert_eq!(code.to_string(), "8703.23.01");
/// assert!(code.is_within("8703".parse()?));
/// # Ok::<(), winset_law::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoodsCode {
    /// The digits, filled up with zeros on the right to ten.
    low: u64,
    digits: u8,
}

impl GoodsCode {
    /// How many digits the code has, 2 to 10.
    pub fn digits(self) -> usize {
        usize::from(self.digits)
    }

    /// Of ten digits, as a number below 10^10.
    pub(crate) fn ten_digits(low: u64) -> Self {
        Self { low, digits: 10 }
    }

    /// Of so many digits, 2 to 10, by the smallest ten-digit code that starts with it.
    pub(crate) fn beginning(low: u64, digits: u8) -> Self {
        Self { low, digits }
    }

    /// The smallest ten-digit code that starts with this one.
    pub(crate) fn low(self) -> u64 {
        self.low
    }

    /// One past the largest ten-digit code that starts with this one.
    pub(crate) fn high(self) -> u64 {
        self.low + SPACE[usize::from(self.digits)]
    }

    /// Whether this code starts with `prefix` (a code is within itself).
    pub fn is_within(self, prefix: GoodsCode) -> bool {
        prefix.digits <= self.digits && prefix.low <= self.low && self.low < prefix.high()
    }

    /// The first `digits` digits; the code itself if it has no more than those.
    #[must_use]
    pub fn prefix(self, digits: usize) -> GoodsCode {
        let digits = digits.clamp(2, usize::from(self.digits));
        GoodsCode {
            low: self.low - self.low % SPACE[digits],
            digits: digits as u8,
        }
    }

    /// The chapter, 0 to 99.
    pub fn chapter(self) -> u8 {
        (self.low / 100_000_000) as u8
    }

    /// The digits alone, as `87032301`.
    pub fn plain(self) -> String {
        let mut text = format!("{:010}", self.low);
        text.truncate(self.digits());
        text
    }
}

/// A table by code. The codes are those of the user's own files, so that a hash need not withstand an
/// attack; it has to be quick.
pub(crate) type CodeMap<V> = HashMap<GoodsCode, V, BuildHasherDefault<CodeHasher>>;

/// A table by numbers of our own making.
pub(crate) type NumberMap<K, V> = HashMap<K, V, BuildHasherDefault<CodeHasher>>;

/// Multiplies by an odd number near the golden section of 2^64 and folds the upper half down.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CodeHasher(u64);

impl Hasher for CodeHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            let mut eight = [0; 8];
            eight.copy_from_slice(word);
            self.write_u64(u64::from_le_bytes(eight));
        }
        for byte in words.remainder() {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, x: u8) {
        self.write_u64(u64::from(x));
    }

    fn write_u32(&mut self, x: u32) {
        self.write_u64(u64::from(x));
    }

    fn write_usize(&mut self, x: usize) {
        self.write_u64(x as u64);
    }

    fn write_u64(&mut self, x: u64) {
        self.0 = (self.0 ^ x).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl FromStr for GoodsCode {
    type Err = LawError;

    /// # Errors
    /// Fewer than 2 or more than 10 digits, or characters other than digits, points, dashes and blanks.
    fn from_str(text: &str) -> Result<Self, LawError> {
        let wrong = || LawError::GoodsCode {
            text: text.to_owned(),
        };
        let (mut low, mut digits) = (0u64, 0u8);
        for c in text.trim().chars() {
            match c {
                '0'..='9' => {
                    digits += 1;
                    if digits > 10 {
                        return Err(wrong());
                    }
                    low = low * 10 + u64::from(c as u32 - '0' as u32);
                }
                '.' | '-' | ' ' => {}
                _ => return Err(wrong()),
            }
        }
        if digits < 2 {
            return Err(wrong());
        }
        Ok(Self {
            low: low * SPACE[usize::from(digits)],
            digits,
        })
    }
}

impl fmt::Display for GoodsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nine digits are a statistical code of Japan: 0203.29-023.
        let japanese = self.digits == 9;
        let (mut text, mut len) = ([0; 13], 0);
        for place in 0..self.digits() {
            let mark = match place {
                6 if japanese => Some(b'-'),
                8 if japanese => None,
                4 | 6 | 8 => Some(b'.'),
                _ => None,
            };
            let digit = b'0' + (self.low / SPACE[place + 1] % 10) as u8;
            for byte in mark.into_iter().chain([digit]) {
                text[len] = byte;
                len += 1;
            }
        }
        f.write_str(std::str::from_utf8(&text[..len]).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_a_range_of_ten_digit_codes() {
        let heading: GoodsCode = "0101".parse().unwrap();
        assert_eq!((heading.low(), heading.high()), (101_000_000, 102_000_000));
        assert_eq!(heading.to_string(), "0101");
        assert_eq!(
            "8703.23.01.10"
                .parse::<GoodsCode>()
                .unwrap()
                .prefix(8)
                .to_string(),
            "8703.23.01"
        );
    }

    #[test]
    fn what_is_no_code_says_so() {
        for text in ["", "8", "12345678901", "87a3", "NO"] {
            assert!(text.parse::<GoodsCode>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_agree(text in "[0-9]{2,10}") {
            let code: GoodsCode = text.parse().unwrap();
            prop_assert_eq!(code.plain(), text);
            prop_assert_eq!(code.to_string().parse::<GoodsCode>().unwrap(), code);
            prop_assert!(code.is_within(code.prefix(2)));
        }
    }
}
