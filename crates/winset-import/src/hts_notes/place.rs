//! Where in the notes a line stands: note and subdivisions, by the marks that lead there.

/// Over how many numbers of notes or subdivisions the text may go at once: some are deleted. What is farther off is words.
pub(super) const GAP: usize = 8;

/// How subdivisions are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbering {
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
pub(super) struct Place {
    pub(super) subchapter: String,
    pub(super) note: u32,
    pub(super) path: Vec<(Numbering, String)>,
}

impl Place {
    pub(super) fn name(&self, depth: usize) -> String {
        let mut name = format!("{}-{}", self.subchapter, self.note);
        for (_, mark) in &self.path[..depth] {
            name = name + "-" + &mark.to_lowercase();
        }
        name
    }

    /// Goes to a subdivision; false for words in brackets that are none.
    pub(super) fn enter(&mut self, mark: &str) -> bool {
        let Some((depth, kind)) = self.depth(mark) else {
            return false;
        };
        self.path.truncate(depth);
        self.path.push((kind, mark.to_owned()));
        true
    }

    /// Whether a line begins at the margin with a number that goes on from the item that is open.
    pub(super) fn is_next_item(&self, line: &str) -> bool {
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
pub(super) fn roman(mark: &str) -> Option<usize> {
    (1..90).find(|n| {
        let tens = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx"][n / 10];
        let ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][n % 10];
        mark.strip_prefix(tens) == Some(ones)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
