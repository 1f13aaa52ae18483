//! Flows that stand in two files, or twice in one, and would count twice.

use std::collections::HashMap;

/// What has been read of which flow, in the order of the files.
#[derive(Default)]
pub(crate) struct Twice {
    files: Vec<String>,
    /// By reporter, partner, flow and year: the codes of each file, in order once the file has been read.
    flows: HashMap<Flow, Vec<(usize, Vec<u32>)>>,
}

/// Reporter, partner, flow and year.
pub(crate) type Flow = ([u8; 3], [u8; 3], &'static str, i64);

impl Twice {
    /// Begins a file.
    pub(crate) fn begin(&mut self, file: &str) {
        self.files.push(file.to_owned());
    }

    /// Notes a row of the file that was begun last; the earlier file that has it too, if one has.
    pub(crate) fn note(&mut self, flow: Flow, code: u32) -> Option<&str> {
        let file = self.files.len() - 1;
        let read = self.flows.entry(flow).or_default();
        if let Some((other, _)) = read
            .iter()
            .find(|(of, codes)| *of != file && codes.binary_search(&code).is_ok())
        {
            return Some(&self.files[*other]);
        }
        match read.last_mut() {
            Some((of, codes)) if *of == file => codes.push(code),
            _ => read.push((file, vec![code])),
        }
        None
    }

    /// Ends a file; what stands in it twice, if anything does.
    pub(crate) fn end(&mut self) -> Option<(Flow, u32)> {
        let file = self.files.len() - 1;
        let mut twice = None;
        for (flow, read) in &mut self.flows {
            let Some((_, codes)) = read.last_mut().filter(|(of, _)| *of == file) else {
                continue;
            };
            codes.sort_unstable();
            codes.shrink_to_fit();
            if let Some(pair) = codes.windows(2).find(|pair| pair[0] == pair[1]) {
                // The first by name, so that the same file is always refused in the same words.
                let found = (*flow, pair[0]);
                twice = Some(twice.map_or(found, |before| found.min(before)));
            }
        }
        twice
    }
}
