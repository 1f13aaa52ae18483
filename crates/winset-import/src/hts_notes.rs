//! Lists of goods in the notes to chapter 99 of the US schedule, out of the text of the chapter (`pdftotext -layout`).
//!
//! A note is found by its number at the start of a line, a subdivision by its letter or number in brackets, and a list by
//! codes that stand in columns or follow one another in a sentence. Codes of chapter 99 itself are headings, not goods.

use std::collections::BTreeMap;
use std::io::BufRead;

use winset_io::{Column, Table};

use crate::error::ImportError;
use crate::input::{Input, unpacked};

/// Fewer codes than these are a mention, not a list.
const LEAST: usize = 3;

/// The lists by name: `iii-16-c-ii` is note 16(c)(ii) of subchapter III; digits without points, in the order of the text.
pub type Lists = BTreeMap<String, Vec<String>>;

/// How subdivisions are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbering {
    Letter,
    Roman,
    Capital,
    Number,
}

/// Where in the notes a line stands.
#[derive(Debug, Default)]
struct Place {
    subchapter: String,
    note: u32,
    path: Vec<(Numbering, String)>,
}

impl Place {
    fn name(&self) -> String {
        let mut name = format!("{}-{}", self.subchapter, self.note);
        for (_, mark) in &self.path {
            name = name + "-" + mark;
        }
        name
    }

    /// Goes to a subdivision; false for words in brackets that are none.
    fn enter(&mut self, mark: &str) -> bool {
        let Some(kind) = self.numbering(mark) else {
            return false;
        };
        if let Some(at) = self.path.iter().position(|(k, _)| *k == kind) {
            self.path.truncate(at);
        }
        self.path.push((kind, mark.to_lowercase()));
        true
    }

    /// Some marks are a letter and a Roman number: they are what continues the numbering at hand.
    fn numbering(&self, mark: &str) -> Option<Numbering> {
        if mark.is_empty() || mark.len() > 6 {
            return None;
        }
        if mark.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Numbering::Number);
        }
        if mark.bytes().all(|b| b.is_ascii_uppercase()) {
            return letter(&mark.to_lowercase()).map(|_| Numbering::Capital);
        }
        let last = |kind| {
            self.path
                .iter()
                .rev()
                .find(|(k, _)| *k == kind)
                .map_or("", |(_, mark)| mark.as_str())
        };
        let (as_letter, as_roman) = (letter(mark), roman(mark));
        let next_letter =
            as_letter.is_some_and(|n| n == letter(last(Numbering::Letter)).unwrap_or(0) + 1);
        let next_roman =
            as_roman.is_some_and(|n| n == roman(last(Numbering::Roman)).unwrap_or(0) + 1);
        match (as_letter, as_roman) {
            (None, None) => None,
            (None, Some(_)) => Some(Numbering::Roman),
            (Some(_), None) => Some(Numbering::Letter),
            _ if next_roman && !(next_letter && mark == "i") => Some(Numbering::Roman),
            // Nothing begins in the middle of Roman numbers.
            _ if next_letter || !mark.bytes().all(|b| b == b'i') => Some(Numbering::Letter),
            _ => Some(Numbering::Roman),
        }
    }
}

/// The number of `a`, …, `z`, `aa`, …, `zz`, `aaa`, ….
fn letter(mark: &str) -> Option<usize> {
    let first = mark.bytes().next().filter(u8::is_ascii_lowercase)?;
    let same = mark.bytes().all(|b| b == first) && mark.len() <= 4;
    same.then(|| (mark.len() - 1) * 26 + usize::from(first - b'a') + 1)
}

/// The number of a Roman number in small letters, up to 89.
fn roman(mark: &str) -> Option<usize> {
    (1..90).find(|n| {
        let tens = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx"][n / 10];
        let ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][n % 10];
        mark.strip_prefix(tens) == Some(ones)
    })
}

/// The digits of a tariff code as printed, such as `7616.99.5160` or `7601`.
fn code(word: &str) -> Option<String> {
    let word = word
        .trim_end_matches([';', ',', '.', ':', ')'])
        .trim_start_matches('(');
    let parts: Vec<&str> = word.split('.').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let shaped = matches!(
        lengths.as_slice(),
        [4] | [4, 2] | [4, 2, 2 | 4] | [4, 2, 2, 2]
    );
    let digits = parts.concat();
    (shaped
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with("99")
        && digits.as_str() >= "01")
        .then_some(digits)
}

/// The codes of a line, if it is part of a list. A bare heading of four digits counts only in a line of nothing but codes.
fn listed(line: &str, continued: bool) -> Vec<String> {
    let words: Vec<&str> = line
        .split_whitespace()
        .filter(|word| !matches!(*word, "and" | "or"))
        .collect();
    let codes: Vec<Option<String>> = words.iter().map(|word| code(word)).collect();
    if codes.iter().all(Option::is_some) {
        return codes.into_iter().flatten().collect();
    }
    let long = |code: &&Option<String>| code.as_ref().is_some_and(|c| c.len() > 4);
    let head = codes.iter().take_while(long).count();
    let tail = codes.iter().rev().take_while(long).count();
    let mut found: Vec<String> = Vec::new();
    if continued {
        found.extend(codes[..head].iter().flatten().cloned());
    }
    if tail >= 2 {
        found.extend(codes[codes.len() - tail..].iter().flatten().cloned());
    }
    found
}

/// The lists in the text of chapter 99. Characters that are not UTF-8 (dashes of the typesetter) are skipped.
///
/// # Errors
/// A text without notes or lists.
pub fn read(input: Input) -> Result<Lists, ImportError> {
    let (file, mut text) = input.into_parts();
    let mut lists = Lists::new();
    let mut place = Place::default();
    let mut notes = false;
    let mut continued = false;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = text
            .read_until(b'\n', &mut bytes)
            .map_err(|error| unpacked(&file, error))?;
        if read == 0 {
            break;
        }
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end().trim_start_matches('\u{c}');
        let mut rest = line.trim_start();
        if let Some(number) = rest.strip_prefix("SUBCHAPTER ") {
            let mark = number
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_lowercase();
            if roman(&mark).is_some() && mark != place.subchapter {
                place = Place {
                    subchapter: mark,
                    ..Place::default()
                };
            }
            continue;
        }
        if rest.starts_with("U.S. Notes") {
            notes = true;
            continue;
        }
        if rest.starts_with("Heading/") || rest.starts_with("Statistical Note") {
            notes = false;
        }
        if !notes || place.subchapter.is_empty() || rest.is_empty() {
            continue;
        }
        // Notes stand at the margin, one after another; numbered items inside a note begin again at one.
        if let Some((number, after)) = line.split_once('.')
            && (after.is_empty() || after.starts_with(' '))
            && let Ok(number) = number.parse::<u32>()
            && (place.note + 1..=place.note + 8).contains(&number)
        {
            place.note = number;
            place.path.clear();
            continued = false;
            rest = after.trim_start();
        }
        while let Some((mark, after)) = rest.strip_prefix('(').and_then(|r| r.split_once(')')) {
            if place.note == 0 || !place.enter(mark) {
                break;
            }
            continued = false;
            rest = after.trim_start();
        }
        let codes = listed(rest, continued);
        continued = !codes.is_empty();
        if place.note > 0 && continued {
            let list = lists.entry(place.name()).or_default();
            for code in codes {
                if !list.contains(&code) {
                    list.push(code);
                }
            }
        }
    }
    lists.retain(|_, codes| codes.len() >= LEAST);
    if lists.is_empty() {
        return Err(ImportError::Whole {
            file,
            what: "no list of tariff codes under a note was found; give the text of chapter 99 as `pdftotext -layout` writes it".to_owned(),
        });
    }
    Ok(lists)
}

/// A list as the law reads it: `code, from, to`, blank where open.
pub fn table(name: &str, codes: &[String], from: &str) -> Table {
    Table::new(name)
        .with("code", Column::Text(codes.to_vec()))
        .with("from", Column::Text(vec![from.to_owned(); codes.len()]))
        .with("to", Column::Text(vec![String::new(); codes.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
            SUBCHAPTER III
U.S. Notes
8.

    (a)  See headings 9903.82.02, 9903.82.04 and subheading 7601.10.30 of this note.
16. (a)  Except as provided in heading 9903.85.67, nothing.
(c) Headings apply to the following lists.
         (i) Articles of aluminum:
                   7601                      7604          7616.99.5160
                   Harmonized Tariff Schedule of the United States Revision 6 (2026)
XXII
99 - III - 52
U.S. Notes (con.)
                   7616.99.5170
         (ii) Derivative articles, \"Free (C)\" or not: 3917.21.00, 3917.22.00; 3917.23.00;
         3917.29.00; 9801.00.10 and other goods
1. Other seats, provided for in 9401.61.40 before 2019
Heading/ Stat.
 7702.10.00 7702.10.01 7702.10.02 7702.10.03
";

    #[test]
    fn lists_are_found_under_their_notes() {
        let lists = read(Input::from_bytes("ch99.txt", TEXT).unwrap()).unwrap();
        let names: Vec<&str> = lists.keys().map(String::as_str).collect();
        assert_eq!(names, ["iii-16-c-i", "iii-16-c-ii"]);
        assert_eq!(
            lists["iii-16-c-i"],
            ["7601", "7604", "7616995160", "7616995170"]
        );
        assert_eq!(
            lists["iii-16-c-ii"],
            ["39172100", "39172200", "39172300", "39172900", "98010010"]
        );
    }

    #[test]
    fn marks_continue_the_numbering_at_hand() {
        let mut place = Place::default();
        let mut at = |mark: &str| {
            assert!(place.enter(mark));
            place.name()
        };
        assert_eq!(at("h"), "-0-h");
        assert_eq!(at("i"), "-0-i");
        assert_eq!(at("i"), "-0-i-i");
        assert_eq!(at("ii"), "-0-i-ii");
        assert_eq!(at("A"), "-0-i-ii-a");
        assert_eq!(at("iii"), "-0-i-iii");
        assert_eq!(at("j"), "-0-j");
        assert_eq!(at("iii"), "-0-j-iii");
        assert_eq!(roman("xliv"), Some(44));
        assert_eq!(letter("bb"), Some(28));
    }

    #[test]
    fn a_text_without_lists_is_refused() {
        let read =
            read(Input::from_bytes("f.txt", "SUBCHAPTER I\nU.S. Notes\n1. Nothing.\n").unwrap());
        assert!(
            read.unwrap_err()
                .to_string()
                .contains("no list of tariff codes")
        );
    }
}
