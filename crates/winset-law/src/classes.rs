//! The nomenclature cut into intervals on which every set of goods gives one answer.

use jiff::civil::Date;

use crate::GoodsCode;
use crate::by_code::Headings;
use crate::code::NumberMap;
use crate::goods::GoodsSet;

/// All ten-digit codes, cut wherever a range of some set begins or ends on a day. Intervals that lie in
/// the same sets are of one class: a rule that looks at goods through these sets alone cannot tell two
/// codes of a class apart.
#[derive(Debug)]
pub(crate) struct GoodsClasses {
    /// Where each interval begins; the first is 0.
    starts: Vec<u64>,
    /// The class of each interval.
    classes: Vec<usize>,
    headings: Headings,
    /// The first code of each class.
    examples: Vec<u64>,
}

/// A code where a range begins or ends, and the slot of its set, in one word: they are sorted for each day. A set has two slots,
/// what it names and what it excepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Change(u64);

/// Bits of a change that hold the slot. Codes are below 10^10, which takes 34.
const SLOT: u32 = 24;

impl Change {
    fn new(at: u64, slot: usize, begins: bool) -> Self {
        assert!(
            slot < 1 << SLOT,
            "a law of more sets of goods than {}",
            1 << SLOT
        );
        Self(at << (SLOT + 1) | (slot as u64) << 1 | u64::from(begins))
    }

    fn at(self) -> u64 {
        self.0 >> (SLOT + 1)
    }

    fn slot(self) -> usize {
        (self.0 >> 1) as usize & ((1 << SLOT) - 1)
    }

    fn begins(self) -> bool {
        self.0 & 1 != 0
    }
}

impl GoodsClasses {
    /// The classes that some sets make on a day.
    pub(crate) fn new<'s>(sets: impl Iterator<Item = &'s GoodsSet>, on: Date) -> Self {
        let mut changes: Vec<Change> = Vec::new();
        let mut sets_seen = 0;
        for set in sets {
            for (low, high, excepted) in set.ranges_on(on) {
                let slot = 2 * sets_seen + usize::from(excepted);
                changes.push(Change::new(low, slot, true));
                changes.push(Change::new(high, slot, false));
            }
            sets_seen += 1;
        }
        changes.sort_unstable();
        let mut holding = vec![0i32; 2 * sets_seen];
        let mut inside = vec![0u64; sets_seen.div_ceil(64)];
        let mut known: NumberMap<Vec<u64>, usize> = NumberMap::default();
        let (mut starts, mut classes) = (vec![0], Vec::new());
        let mut examples = Vec::new();
        let mut close = |inside: &[u64], start: u64| {
            let next = known.len();
            let class = known.get(inside).copied().unwrap_or_else(|| {
                examples.push(start);
                known.insert(inside.to_vec(), next);
                next
            });
            classes.push(class);
        };
        for change in changes {
            let (at, slot) = (change.at(), change.slot());
            let last = starts.last().copied().unwrap_or(0);
            if last != at {
                close(&inside, last);
                starts.push(at);
            }
            holding[slot] += if change.begins() { 1 } else { -1 };
            let set = slot / 2;
            let bit = 1 << (set % 64);
            if holding[2 * set] > 0 && holding[2 * set + 1] == 0 {
                inside[set / 64] |= bit;
            } else {
                inside[set / 64] &= !bit;
            }
        }
        close(&inside, starts.last().copied().unwrap_or(0));
        Self {
            headings: Headings::new(starts.iter().copied()),
            starts,
            classes,
            examples,
        }
    }

    /// How many classes there are.
    pub(crate) fn count(&self) -> usize {
        self.examples.len()
    }

    /// A ten-digit code of a class.
    pub(crate) fn example(&self, class: usize) -> GoodsCode {
        GoodsCode::ten_digits(self.examples[class])
    }

    /// The class of a code; `None` for a short code that reaches over more than one interval.
    pub(crate) fn of(&self, code: GoodsCode) -> Option<usize> {
        let heading = self.headings.of(code);
        let here = self.starts.get(heading.clone())?;
        let next = heading.start + here.partition_point(|start| *start <= code.low());
        let alone = self.starts.get(next).is_none_or(|end| code.high() <= *end);
        alone.then(|| self.classes.get(next.checked_sub(1)?).copied())?
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::goods::{Collect, Within};

    fn collect(codes: &[String]) -> Collect {
        let mut out = Collect::default();
        for code in codes {
            out.code(code.parse().unwrap(), Date::MIN, Date::MAX);
        }
        out
    }

    proptest! {
        #[test]
        fn codes_of_one_class_lie_in_the_same_sets(
            sets in proptest::collection::vec(
                (proptest::collection::vec("[0-2]{2,5}", 1..6), proptest::collection::vec("[0-2]{2,6}", 0..3)),
                1..6,
            ),
            codes in proptest::collection::vec("[0-2]{2,10}", 2..40),
        ) {
            let sets: Vec<GoodsSet> =
                sets.iter().map(|(these, but)| GoodsSet::new(collect(these), collect(but))).collect();
            let on = date(2025, 4, 16);
            let classes = GoodsClasses::new(sets.iter(), on);
            let mut seen: HashMap<usize, Vec<Within>> = HashMap::new();
            for code in codes {
                let code: GoodsCode = code.parse().unwrap();
                let within: Vec<Within> = sets.iter().map(|s| s.holds(code, on)).collect();
                if code.digits() == 10 {
                    prop_assert!(classes.of(code).is_some());
                }
                let Some(class) = classes.of(code) else { continue };
                prop_assert!(class < classes.count());
                prop_assert!(!within.contains(&Within::Partly));
                prop_assert_eq!(seen.entry(class).or_insert_with(|| within.clone()), &within);
            }
        }
    }
}
