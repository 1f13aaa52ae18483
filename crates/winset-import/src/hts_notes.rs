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

/// Fewer codes than these in a sentence are a mention, not a list.
const LEAST: usize = 3;

/// Over how many numbers of notes or subdivisions the text may go at once: some are deleted. What is farther off is words.
const GAP: usize = 8;

/// The lists by name: `iii-2-v-iii-a` is note 2(v)(iii)(a) of subchapter III; digits without points, in the order of the text.
pub type Lists = BTreeMap<String, Vec<String>>;

/// How subdivisions are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbering {
    Letter,
    Roman,
    Capital,
    CapitalRoman,
    Number,
}

use Numbering::{Capital, CapitalRoman, Letter, Number, Roman};

impl Numbering {
    /// Which number a mark is in this numbering.
    fn number(self, mark: &str) -> Option<usize> {
        let lower = mark.to_lowercase();
        match self {
            Number => mark.parse().ok(),
            Letter => letter(mark),
            Roman => roman(mark),
            Capital if lower != mark => letter(&lower),
            CapitalRoman if lower != mark => roman(&lower),
            Capital | CapitalRoman => None,
        }
    }
}

/// Where in the notes a line stands.
#[derive(Debug, Default)]
struct Place {
    subchapter: String,
    note: u32,
    path: Vec<(Numbering, String)>,
}

impl Place {
    fn name(&self, depth: usize) -> String {
        let mut name = format!("{}-{}", self.subchapter, self.note);
        for (_, mark) in &self.path[..depth] {
            name = name + "-" + &mark.to_lowercase();
        }
        name
    }

    /// Goes to a subdivision; false for words in brackets that are none.
    fn enter(&mut self, mark: &str) -> bool {
        let Some((depth, kind)) = self.depth(mark) else {
            return false;
        };
        self.path.truncate(depth);
        self.path.push((kind, mark.to_owned()));
        true
    }

    /// Whether a line begins at the margin with a number that goes on from the item that is open.
    fn is_next_item(&self, line: &str) -> bool {
        let mark = line.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        let number = mark.and_then(|(mark, _)| Number.number(mark));
        let open = self.path.iter().find(|(kind, _)| *kind == Number);
        let open = open.and_then(|(kind, mark)| kind.number(mark));
        number
            .zip(open)
            .is_some_and(|(number, open)| number == open + 1)
    }

    /// How deep a subdivision stands, and how it is numbered: where its mark is the next after the one that is open there, or
    /// the nearest. Some marks are a letter and a Roman number, and both kinds of numbering stand below one another.
    fn depth(&self, mark: &str) -> Option<(usize, Numbering)> {
        let open = self.path.len();
        if mark.is_empty() || mark.len() > 6 {
            return None;
        }
        // Numbered items begin again wherever they like.
        if Number.number(mark).is_some() {
            let depth = self.path.iter().position(|(kind, _)| *kind == Number);
            return Some((depth.unwrap_or(open), Number));
        }
        let within = |gap: &usize| (1..=GAP).contains(gap);
        let beside = self
            .path
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(depth, (kind, last))| {
                let gap = kind.number(mark)?.checked_sub(kind.number(last)?)?;
                // One that is open already is the last that it can be.
                let gap = if gap == 0 { GAP + 1 } else { gap };
                (gap <= GAP + 1).then_some((gap, depth, *kind))
            });
        let last = self.path.last().map(|(kind, _)| *kind);
        let below = [Letter, Roman, Capital, CapitalRoman]
            .into_iter()
            .filter(|kind| Some(*kind) != last)
            .filter_map(|kind| {
                let number = kind.number(mark)?;
                // `aa` begins a numbering as `a` does.
                let doubled = matches!(kind, Letter | Capital) && number > LETTERS;
                let gap = if doubled { number - LETTERS } else { number };
                within(&gap).then_some((gap, open, kind))
            });
        // Of equals the first: the deepest that continues, before one that begins.
        let found = beside.chain(below).min_by_key(|(gap, ..)| *gap);
        found.map(|(_, depth, kind)| (depth, kind))
    }
}

const LETTERS: usize = 26;

/// The number of `a`, …, `z`, `aa`, …, `zz`, `aaa`, ….
fn letter(mark: &str) -> Option<usize> {
    let first = mark.bytes().next().filter(u8::is_ascii_lowercase)?;
    let same = mark.bytes().all(|b| b == first) && mark.len() <= 4;
    same.then(|| (mark.len() - 1) * LETTERS + usize::from(first - b'a') + 1)
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
        let is_item = entered && codes.len() == 1 && last.is_some_and(|(kind, _)| *kind == Number);
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

    #[test]
    fn marks_continue_the_numbering_at_hand() {
        let mut place = Place::default();
        let mut at = |mark: &str| {
            assert!(place.enter(mark));
            place.name(place.path.len())
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
    fn subdivisions_stand_below_one_another() {
        let mut place = Place::default();
        let mut at = |marks: &str| {
            for mark in marks.split(' ') {
                assert!(place.enter(mark), "{mark}");
            }
            place.name(place.path.len())
        };
        assert_eq!(at("c j m s u v iii a"), "-0-v-iii-a");
        assert_eq!(at("b 1 2"), "-0-v-iii-b-2");
        assert_eq!(at("iv"), "-0-v-iv");
        // Over what was deleted, to the nearest.
        assert_eq!(at("xi a d"), "-0-v-xi-d");
        assert_eq!(at("x"), "-0-x");
        assert_eq!(at("iii a"), "-0-x-iii-a");
        assert_eq!(at("iv"), "-0-x-iv");
        assert_eq!(at("z i aa"), "-0-aa");
        assert_eq!(at("i B I II"), "-0-aa-i-b-ii");
        assert_eq!(at("aa bb"), "-0-aa-i-b-ii-bb");
        assert!(!place.enter("vvv") && !place.enter("ABS") && !place.enter("liters"));
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
