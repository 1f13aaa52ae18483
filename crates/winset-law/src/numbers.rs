//! A number for each goods code that was met.

use crate::GoodsCode;

/// How many codes are numbered at most.
const MOST: usize = 1 << 17;
/// Bits of a slot that hold the number.
const NUMBER: u32 = 18;

/// Codes with their numbers, in one word each: a file of many entries asks here first, and the words of a
/// schedule fit the second cache.
#[derive(Debug)]
pub(crate) struct CodeNumbers {
    /// The code and one more than its number; zero is empty. A power of two of them, at most two thirds full.
    words: Vec<u64>,
    len: usize,
}

impl CodeNumbers {
    pub(crate) fn new() -> Self {
        Self {
            words: vec![0; 1 << 10],
            len: 0,
        }
    }

    /// The digits below 10^10, and how many there are.
    fn key(code: GoodsCode) -> u64 {
        code.low() << 4 | code.digits() as u64
    }

    /// Where a key stands, or would.
    fn place(&self, key: u64) -> usize {
        let last = self.words.len() - 1;
        let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut at = (hash >> 32) as usize & last;
        while self.words[at] != 0 && self.words[at] >> NUMBER != key {
            at = (at + 1) & last;
        }
        at
    }

    /// The number of a code.
    pub(crate) fn get(&self, code: GoodsCode) -> Option<usize> {
        let word = self.words[self.place(Self::key(code))] & ((1 << NUMBER) - 1);
        word.checked_sub(1).map(|number| number as usize)
    }

    /// The number of a code, a new one where it has none; `None` where there are too many codes.
    pub(crate) fn number(&mut self, code: GoodsCode) -> Option<usize> {
        if let Some(number) = self.get(code) {
            return Some(number);
        }
        if self.len >= MOST {
            return None;
        }
        if 3 * (self.len + 1) > 2 * self.words.len() {
            let doubled = vec![0; 2 * self.words.len()];
            for word in std::mem::replace(&mut self.words, doubled) {
                if word != 0 {
                    let at = self.place(word >> NUMBER);
                    self.words[at] = word;
                }
            }
        }
        let key = Self::key(code);
        let at = self.place(key);
        self.len += 1;
        self.words[at] = key << NUMBER | self.len as u64;
        Some(self.len - 1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_code_has_its_number(codes in proptest::collection::vec("[0-9]{2,10}", 0..3000)) {
            let mut numbers = CodeNumbers::new();
            let mut expected: HashMap<GoodsCode, usize> = HashMap::new();
            for code in codes {
                let code: GoodsCode = code.parse().unwrap();
                let next = expected.len();
                let number = *expected.entry(code).or_insert(next);
                prop_assert_eq!(numbers.number(code), Some(number));
            }
            for (code, number) in expected {
                prop_assert_eq!(numbers.get(code), Some(number));
            }
        }
    }
}
