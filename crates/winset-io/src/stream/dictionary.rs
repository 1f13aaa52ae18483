//! The values of a column as places in a list of the different ones, where these are few.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use foldhash::fast::FixedState;

use super::cells::Coded;

/// The different values in the order in which they came, and for each value its place among them.
pub(super) struct Dictionary<V> {
    pub(super) values: Vec<V>,
    pub(super) places: Vec<u32>,
}

impl<V: Copy + Eq + Hash> Dictionary<V> {
    /// `None` where more differ than [`most`]: the list would hardly save anything.
    pub(super) fn of(all: impl Iterator<Item = V>) -> Option<Self> {
        let mut known: HashMap<V, u32, FixedState> = HashMap::default();
        let (mut values, mut places) = (Vec::new(), Vec::with_capacity(all.size_hint().0));
        let mut last: Option<(V, u32)> = None;
        for value in all {
            // Equal ones often follow one another.
            let place = match last {
                Some((same, place)) if same == value => place,
                _ => match known.entry(value) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(new) => {
                        values.push(value);
                        if values.len() > AT_FIRST + most(places.len()) {
                            return None;
                        }
                        *new.insert(values.len() as u32 - 1)
                    }
                },
            };
            last = Some((value, place));
            places.push(place);
        }
        (values.len() <= most(places.len())).then_some(Self { values, places })
    }

    /// Of so many that are all the same.
    pub(super) fn same(value: V, count: usize) -> Self {
        Self {
            values: vec![value],
            places: vec![0; count],
        }
    }

    /// How many bits a place takes.
    pub(super) fn width(&self) -> u32 {
        let last = self.values.len().saturating_sub(1);
        (usize::BITS - last.leading_zeros()).max(1)
    }
}

impl<'t> Dictionary<&'t [u8]> {
    /// The same of texts that are known by their places, of which some may be equal: each is looked at once, whatever the rows.
    pub(super) fn of_coded(coded: &'t Coded) -> Option<Self> {
        let texts = coded.texts();
        let mut known: HashMap<&[u8], usize, FixedState> = HashMap::default();
        let first = |(place, text)| *known.entry(text).or_insert(place);
        let firsts: Vec<usize> = texts.iter().enumerate().map(first).collect();
        // Where there is none it is the text after the last, which is empty.
        let none = known.get(&b""[..]).copied().unwrap_or(texts.len());
        let mut numbers = vec![u32::MAX; texts.len() + 1];
        let mut values = Vec::new();
        let places = coded.places().iter().map(|place| {
            let first = firsts.get(*place as usize).copied().unwrap_or(none);
            if numbers[first] == u32::MAX {
                numbers[first] = values.len() as u32;
                values.push(texts.get(first));
            }
            numbers[first]
        });
        let places: Vec<u32> = places.collect();
        (values.len() <= most(places.len())).then_some(Self { values, places })
    }
}

/// How many more may differ at the beginning, where most are new.
const AT_FIRST: usize = 1 << 9;

/// How many may differ among so many: one of eight.
fn most(values: usize) -> usize {
    16 + values / 8
}

/// Appends places of so many bits each in the hybrid of Parquet: one run where all are the same, else bit by bit.
pub(super) fn pack(places: &[u32], width: u32, out: &mut Vec<u8>) {
    let Some(first) = places.first() else {
        return;
    };
    if places.iter().all(|place| place == first) {
        varint((places.len() as u64) << 1, out);
        let bytes = width.div_ceil(8) as usize;
        out.extend_from_slice(&first.to_le_bytes()[..bytes]);
        return;
    }
    // Whole groups of eight.
    let groups = places.len().div_ceil(8);
    varint((groups as u64) << 1 | 1, out);
    let end = out.len() + groups * width as usize;
    let (mut bits, mut filled) = (0u64, 0);
    for place in places {
        bits |= u64::from(*place) << filled;
        filled += width;
        while filled >= 8 {
            out.push(bits as u8);
            bits >>= 8;
            filled -= 8;
        }
    }
    if filled > 0 {
        out.push(bits as u8);
    }
    out.resize(end, 0);
}

/// Appends a number, seven bits a byte, the lowest first.
pub(super) fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
