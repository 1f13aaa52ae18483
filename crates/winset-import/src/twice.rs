//! What stands in two files, or twice in one, and would count twice.

use std::collections::HashMap;
use std::hash::Hash;

use crate::error::ImportError;

/// What has been read under which key, in the order of the files. A key has two parts: a group, and what differs in it
/// (a code), so that long files take little memory.
pub(crate) struct Twice<G, C> {
    files: Vec<String>,
    groups: HashMap<G, Vec<Held<C>>>,
}

/// What a file holds of a group, by its place among the files: codes with their rows, in order once it has been read.
type Held<C> = (usize, Vec<(C, u32)>);

/// A key that stands in two rows of one file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Again<G, C> {
    pub(crate) group: G,
    pub(crate) code: C,
    /// Both rows, from 1.
    pub(crate) rows: [u32; 2],
}

impl<G, C> Again<G, C> {
    /// The error; `of` says what it is.
    pub(crate) fn refused(&self, file: &str, of: &str) -> ImportError {
        let [first, row] = self.rows;
        ImportError::Row {
            file: file.to_owned(),
            row: row.into(),
            what: format!(
                "{of} stands in row {first} already and would count twice; remove one of the two rows"
            ),
        }
    }
}

impl<G, C> Default for Twice<G, C> {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            groups: HashMap::new(),
        }
    }
}

impl<G: Hash + Eq + Clone, C: Ord + Copy> Twice<G, C> {
    /// Begins a file.
    pub(crate) fn begin(&mut self, file: &str) {
        self.files.push(file.to_owned());
    }

    /// Notes a row of the file that was begun last; the earlier file that has its key too, if one has.
    pub(crate) fn note(&mut self, group: G, code: C, row: u64) -> Option<&str> {
        let file = self.files.len() - 1;
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        let read = self.groups.entry(group).or_default();
        let holds = |(of, codes): &&Held<C>| {
            *of != file && codes.binary_search_by_key(&code, |(code, _)| *code).is_ok()
        };
        if let Some((other, _)) = read.iter().find(holds) {
            return Some(&self.files[*other]);
        }
        match read.last_mut() {
            Some((of, codes)) if *of == file => codes.push((code, row)),
            _ => read.push((file, vec![(code, row)])),
        }
        None
    }

    /// Ends a file; what stands in it twice, if anything does: that whose second row comes first.
    pub(crate) fn end(&mut self) -> Option<Again<G, C>> {
        let file = self.files.len() - 1;
        let mut twice: Option<Again<G, C>> = None;
        for (group, read) in &mut self.groups {
            let Some((_, codes)) = read.last_mut().filter(|(of, _)| *of == file) else {
                continue;
            };
            codes.sort_unstable();
            codes.shrink_to_fit();
            for pair in codes.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                let rows = [pair[0].1, pair[1].1];
                if twice.as_ref().is_none_or(|before| rows[1] < before.rows[1]) {
                    let (group, code) = (group.clone(), pair[0].0);
                    twice = Some(Again { group, code, rows });
                }
            }
        }
        twice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_that_stands_there_already_is_named() {
        let mut twice = Twice::default();
        twice.begin("one");
        for (row, (group, code)) in [("a", 1), ("b", 1), ("b", 2), ("b", 1), ("a", 1)]
            .into_iter()
            .enumerate()
        {
            assert_eq!(twice.note(group, code, row as u64 + 1), None);
        }
        let again = twice.end().unwrap();
        let rows = [2, 4];
        let (group, code) = ("b", 1);
        assert_eq!(again, Again { group, code, rows });
        assert!(
            again
                .refused("one", "b 1")
                .to_string()
                .starts_with("one: row 4: b 1 stands in row 2 already")
        );
        twice.begin("two");
        assert_eq!(twice.note("b", 3, 1), None);
        assert_eq!(twice.note("b", 2, 2), Some("one"));
    }
}
