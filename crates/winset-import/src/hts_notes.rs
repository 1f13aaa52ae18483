//! Lists of goods in the notes to chapter 99 of the US schedule, out of the text of the chapter (`pdftotext -layout`).
//!
//! A note is found by its number at the start of a line, a subdivision by its letter or number in brackets at the start of a
//! paragraph, and a list by codes that stand in columns, in numbered items or follow one another in a sentence. Codes of
//! chapter 99 itself are headings, not goods.

use std::collections::BTreeMap;
use std::io::BufRead;

use winset_io::{Column, Table};

use crate::error::ImportError;
use crate::input::{Input, unpacked};

mod place;

use place::{GAP, Numbering, Place, roman};

/// Fewer codes than these in a sentence are a mention, not a list.
const LEAST: usize = 3;

/// The lists by name: `iii-2-v-iii-a` is note 2(v)(iii)(a) of subchapter III; digits without points, in the order of the text.
pub type Lists = BTreeMap<String, Vec<String>>;

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

/// The codes of a line of nothing else; a bare heading of four digits counts only there.
fn row(line: &str) -> Option<Vec<String>> {
    let codes: Option<Vec<String>> = words(line).map(code).collect();
    codes.filter(|codes| !codes.is_empty())
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace()
        .filter(|word| !matches!(*word, "and" | "or"))
}

/// The codes of a line of words, if they are part of a list.
fn listed(line: &str, continued: bool) -> Vec<String> {
    let codes: Vec<Option<String>> = words(line).map(code).collect();
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

/// A list as it is found.
#[derive(Default)]
struct List {
    codes: Vec<String>,
    /// It stands in columns or items of its own, so that it is a list however short.
    apart: bool,
}

/// Codes at the head of a page, right of a column that begins further down: whose they are shows there.
struct Held {
    column: usize,
    codes: Vec<String>,
}

/// What the line above is.
#[derive(Clone, Copy, PartialEq)]
enum Above {
    Blank,
    /// Codes, or words that announce them.
    Codes,
    Words,
}

/// The notes as they are read, line by line.
struct Reader {
    lists: BTreeMap<String, List>,
    place: Place,
    /// Whether the lines are of notes, and not of the headings behind them.
    notes: bool,
    above: Above,
    /// Whether the last line of words ended with codes.
    continued: bool,
    held: Option<Held>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let rest = line.trim_start();
        if let Some(number) = rest.strip_prefix("SUBCHAPTER ") {
            self.subchapter(number);
        } else if let Some(rest) = rest.strip_prefix("U.S. Notes") {
            self.head(line, rest.strip_prefix(" (con.)").unwrap_or(rest));
        } else if rest.starts_with("Heading/") || rest.starts_with("Statistical Note") {
            self.notes = false;
        } else if rest.is_empty() {
            self.above = Above::Blank;
            self.give(self.place.path.len());
        } else if self.notes && !self.place.subchapter.is_empty() {
            self.text(line);
        }
    }

    fn subchapter(&mut self, number: &str) {
        let mark = number.split_whitespace().next();
        let mark = mark.unwrap_or_default().to_lowercase();
        if roman(&mark).is_some() && mark != self.place.subchapter {
            self.place = Place {
                subchapter: mark,
                ..Place::default()
            };
        }
    }

    /// The head of a page of notes, which may have codes on its line.
    fn head(&mut self, line: &str, rest: &str) {
        self.notes = true;
        self.above = Above::Blank;
        self.held = row(rest).map(|codes| Held {
            column: line.len() - rest.trim_start().len(),
            codes,
        });
    }

    /// Adds what was held to the list of the place at hand.
    fn give(&mut self, depth: usize) {
        if let Some(held) = self.held.take() {
            self.add(depth, held.codes, true);
        }
    }

    fn add(&mut self, depth: usize, codes: Vec<String>, apart: bool) {
        if self.place.note == 0 || codes.is_empty() {
            return;
        }
        let list = self.lists.entry(self.place.name(depth)).or_default();
        list.apart |= apart;
        for code in codes {
            if !list.codes.contains(&code) {
                list.codes.push(code);
            }
        }
    }

    fn text(&mut self, line: &str) {
        let rest = line.trim_start();
        let codes = row(rest);
        if let (Some(held), Some(codes)) = (&mut self.held, &codes)
            && line.len() - rest.len() >= held.column
        {
            held.codes.extend_from_slice(codes);
            return;
        }
        let (rest, entered) = self.marks(line);
        let depth = self.place.path.len();
        self.give(depth);
        let apart = entered || self.above != Above::Words;
        let Some(codes) = row(rest) else {
            let codes = listed(rest, self.continued && !entered);
            self.continued = !codes.is_empty();
            let announces = rest.ends_with(':') || self.continued;
            self.above = if announces {
                Above::Codes
            } else {
                Above::Words
            };
            self.add(depth, codes, false);
            return;
        };
        // Items of one code each are one list, that of what they are items of.
        let last = self.place.path.last();
        let is_item =
            entered && codes.len() == 1 && last.is_some_and(|(kind, _)| *kind == Numbering::Number);
        self.continued = true;
        self.above = if apart { Above::Codes } else { Above::Words };
        self.add(depth - usize::from(is_item), codes, apart);
    }

    /// Goes to the note and subdivisions that a line begins with; what follows, and whether there were any.
    fn marks<'a>(&mut self, line: &'a str) -> (&'a str, bool) {
        let mut rest = line.trim_start();
        let mut entered = false;
        if let Some((number, after)) = note_number(line)
            && (self.place.note + 1..=self.place.note + GAP as u32).contains(&number)
        {
            self.place.note = number;
            self.place.path.clear();
            rest = after.trim_start();
            entered = true;
        }
        // Subdivisions begin a paragraph; in the midst of one they are those that the text speaks of. Items of a table stand
        // close to one another.
        let begins = entered || self.above != Above::Words || self.place.is_next_item(line);
        if self.place.note == 0 || !begins {
            return (rest, entered);
        }
        while let Some((mark, after)) = rest.strip_prefix('(').and_then(|r| r.split_once(')')) {
            if !self.place.enter(mark) {
                break;
            }
            rest = after.trim_start();
            entered = true;
        }
        (rest, entered)
    }

    fn end(self) -> Lists {
        let lists = self.lists.into_iter();
        lists
            .filter(|(_, list)| list.apart || list.codes.len() >= LEAST)
            .map(|(name, list)| (name, list.codes))
            .collect()
    }
}

/// The number of a note, and what follows: notes stand at the margin, one after another, as `20.` or, before a subdivision,
/// `(21)`. Numbered items inside a note begin again at one.
fn note_number(line: &str) -> Option<(u32, &str)> {
    let (number, after) = match line.strip_prefix('(') {
        Some(bracketed) => bracketed
            .split_once(')')
            .filter(|(_, after)| after.trim_start().starts_with("(a)"))?,
        None => line
            .split_once('.')
            .filter(|(_, after)| after.is_empty() || after.starts_with(' '))?,
    };
    Some((number.parse().ok()?, after))
}

/// The lists in the text of chapter 99. Characters that are not UTF-8 (dashes of the typesetter) are skipped.
///
/// # Errors
/// A text without notes or lists.
pub fn read(input: Input) -> Result<Lists, ImportError> {
    let (file, mut text) = input.into_parts();
    let mut reader = Reader {
        lists: BTreeMap::new(),
        place: Place::default(),
        notes: false,
        above: Above::Blank,
        continued: false,
        held: None,
    };
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
        reader.line(line.trim_end().trim_start_matches('\u{c}'));
    }
    reader.give(reader.place.path.len());
    let lists = reader.end();
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
16. (a)  Except as provided in heading 9903.85.67, nothing, and as in
(b) of this note.

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

    /// The head of a page in the second column of a list, and lists of the numbered notes around it.
    const PAGES: &str = "SUBCHAPTER III
U.S. Notes
2. (a) Goods of China:

                   0201.10.05  0201.20.06
U.S. Notes (con.)                  0201.10.10  0201.10.50
                                   0201.20.10  0201.20.30

                       0201.30.02  0201.30.04

(b) Steel:

                   7304                      7305          7306
U.S. Notes (con.)                                 7301.20.10    7301.20.50
                                                  7307.19.90    7307.21.10
           (c) Derivative articles:               7307.22.50    7307.23.00
                                    7216.91.0010  7307.93.30    7307.93.60

(3) (a) Goods of Germany:

                   0203.29.40  0406.10.95

(b) These:

(1) 2804.61.00

(2) [Deleted.]

(3) 3818.00.00

(4) Seats, provided for in 9401.61.40 or 9401.69.60 with wooden frames

(c) Seats of 9401.61.40, 9401.69.60
";

    #[test]
    fn codes_at_the_head_of_a_page_and_in_items_are_in_their_list() {
        let lists = read(Input::from_bytes("ch99.txt", PAGES).unwrap()).unwrap();
        let found: Vec<(&str, usize)> = lists
            .iter()
            .map(|(name, codes)| (name.as_str(), codes.len()))
            .collect();
        let expected = [
            ("iii-2-a", 8),
            ("iii-2-b", 3),
            ("iii-2-c", 9),
            ("iii-3-a", 2),
            ("iii-3-b", 2),
        ];
        assert_eq!(found, expected);
        assert_eq!(lists["iii-2-c"][..2], ["73012010", "73012050"]);
        assert_eq!(lists["iii-3-b"], ["28046100", "38180000"]);
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
