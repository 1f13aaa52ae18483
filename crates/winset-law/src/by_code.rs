//! A table by goods code whose neighbours in the nomenclature are neighbours in memory.

use std::ops::Range;

use crate::GoodsCode;

/// How many ten-digit codes a heading of four digits has, and how many headings there are.
const HEADING: u64 = 1_000_000;
const HEADINGS: u64 = 10_000;

/// For each heading, where in an ascending list of codes it begins and ends.
#[derive(Clone, Debug)]
pub(crate) struct Headings(Vec<usize>);

impl Headings {
    /// Of codes, by their first ten-digit code, in ascending order.
    pub(crate) fn new(lows: impl Iterator<Item = u64>) -> Self {
        let mut lows = lows.enumerate().peekable();
        let mut before = Vec::with_capacity(HEADINGS as usize + 1);
        let mut passed = 0;
        for heading in 0..=HEADINGS {
            while let Some((i, _)) = lows.next_if(|(_, low)| *low < heading * HEADING) {
                passed = i + 1;
            }
            before.push(passed);
        }
        Self(before)
    }

    /// The places of the heading that a code lies in, or with a short code begins in.
    pub(crate) fn of(&self, code: GoodsCode) -> Range<usize> {
        let heading = (code.low() / HEADING) as usize;
        match (self.0.get(heading), self.0.get(heading + 1)) {
            (Some(from), Some(to)) => *from..*to,
            _ => 0..0,
        }
    }
}

/// Values by code. Averages walk through the nomenclature in its order: a look-up then finds its data
/// where the one before it was, which a hash would scatter.
#[derive(Clone, Debug)]
pub(crate) struct ByCode<V> {
    entries: Vec<(GoodsCode, V)>,
    headings: Headings,
}

impl<V> ByCode<V> {
    /// Of distinct codes.
    pub(crate) fn new(mut entries: Vec<(GoodsCode, V)>) -> Self {
        entries.sort_by_key(|(code, _)| *code);
        let headings = Headings::new(entries.iter().map(|(code, _)| code.low()));
        Self { entries, headings }
    }

    /// The value of exactly this code.
    pub(crate) fn get(&self, code: GoodsCode) -> Option<&V> {
        let here = self.entries.get(self.headings.of(code))?;
        let at = here.binary_search_by_key(&code, |(code, _)| *code).ok()?;
        Some(&here[at].1)
    }

    /// All codes and their values, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(GoodsCode, V)> {
        self.entries.iter()
    }

    /// The entries whose codes begin with a code, in order.
    pub(crate) fn below(&self, code: GoodsCode) -> impl Iterator<Item = &(GoodsCode, V)> {
        let from = self.entries.partition_point(|(c, _)| c.low() < code.low());
        self.entries[from..]
            .iter()
            .take_while(move |(c, _)| c.low() < code.high())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_a_map_holds(
            codes in proptest::collection::btree_set("[0189]{2,10}", 0..60), other in "[0189]{2,10}",
        ) {
            let map: BTreeMap<GoodsCode, usize> =
                codes.iter().enumerate().map(|(i, code)| (code.parse().unwrap(), i)).collect();
            let table = ByCode::new(map.iter().rev().map(|(code, i)| (*code, *i)).collect());
            for (code, i) in &map {
                prop_assert_eq!(table.get(*code), Some(i));
            }
            let other: GoodsCode = other.parse().unwrap();
            prop_assert_eq!(table.get(other), map.get(&other));
            let below: Vec<GoodsCode> = table.below(other).map(|(code, _)| *code).collect();
            let plain: Vec<GoodsCode> =
                map.keys().copied().filter(|c| (other.low()..other.high()).contains(&c.low())).collect();
            prop_assert_eq!(below, plain);
        }
    }
}
