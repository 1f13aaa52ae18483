//! Sets of goods: prefixes, dated lists, exceptions.

use jiff::civil::Date;

use crate::GoodsCode;

/// Whether a code is in a set. A short code can be partly in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    No,
    Partly,
    Yes,
}

#[derive(Clone, Debug, PartialEq)]
struct Range {
    low: u64,
    high: u64,
    from: Date,
    to: Date,
}

/// Ranges of codes with dates, sorted; `reach[i]` is the largest end among the first `i + 1`, so that a
/// look-up walks back only as far as something can still cover the code.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ranges {
    ranges: Vec<Range>,
    reach: Vec<u64>,
}

impl Ranges {
    fn new(mut ranges: Vec<Range>) -> Self {
        ranges.sort_by_key(|r| (r.low, r.high, r.from));
        ranges.dedup();
        let mut reach = Vec::with_capacity(ranges.len());
        let mut far = 0;
        for range in &ranges {
            far = far.max(range.high);
            reach.push(far);
        }
        Self { ranges, reach }
    }

    fn holds(&self, code: GoodsCode, on: Date) -> Within {
        let mut at = self.ranges.partition_point(|r| r.low < code.high());
        let mut answer = Within::No;
        while at > 0 && self.reach[at - 1] > code.low() {
            at -= 1;
            let range = &self.ranges[at];
            if range.high <= code.low() || on < range.from || on >= range.to {
                continue;
            }
            if range.low <= code.low() && code.high() <= range.high {
                return Within::Yes;
            }
            answer = Within::Partly;
        }
        answer
    }
}

/// Goods that are in `these` and not in `but`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct GoodsSet {
    these: Ranges,
    but: Ranges,
    /// The days on which a range begins or ends.
    days: Vec<Date>,
}

/// Collects prefixes and dated list rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collect(Vec<Range>);

impl Collect {
    pub(crate) fn everything(&mut self) {
        self.0.push(Range {
            low: 0,
            high: 10_000_000_000,
            from: Date::MIN,
            to: Date::MAX,
        });
    }

    pub(crate) fn code(&mut self, code: GoodsCode, from: Date, to: Date) {
        self.0.push(Range {
            low: code.low(),
            high: code.high(),
            from,
            to,
        });
    }
}

impl GoodsSet {
    pub(crate) fn new(these: Collect, but: Collect) -> Self {
        let ranges = these.0.iter().chain(&but.0);
        let mut days: Vec<Date> = ranges.flat_map(|r| [r.from, r.to]).collect();
        days.sort_unstable();
        days.dedup();
        Self {
            these: Ranges::new(these.0),
            but: Ranges::new(but.0),
            days,
        }
    }

    /// The ranges of ten-digit codes on a day, from the first to one past the last, and whether they are
    /// excepted.
    pub(crate) fn ranges_on(&self, on: Date) -> impl Iterator<Item = (u64, u64, bool)> {
        let these = self.these.ranges.iter().map(|r| (r, false));
        let but = self.but.ranges.iter().map(|r| (r, true));
        these
            .chain(but)
            .filter(move |(r, _)| r.from <= on && on < r.to)
            .map(|(r, excepted)| (r.low, r.high, excepted))
    }

    /// The days on which a range begins or ends.
    pub(crate) fn days(&self) -> impl Iterator<Item = Date> {
        self.days.iter().copied()
    }

    /// Whether a code is in the set on a day.
    pub(crate) fn holds(&self, code: GoodsCode, on: Date) -> Within {
        let inside = self.these.holds(code, on);
        if inside == Within::No || self.but.ranges.is_empty() {
            return inside;
        }
        match (self.but.holds(code, on), inside) {
            (Within::Yes, _) => Within::No,
            (Within::Partly, _) => Within::Partly,
            (Within::No, inside) => inside,
        }
    }

    /// A code that two sets share on some day from `from` to `to`, if there is one.
    pub(crate) fn meets(&self, other: &Self, from: Date, to: Date) -> Option<GoodsCode> {
        for (a, b) in [(self, other), (other, self)] {
            for range in &a.these.ranges {
                let (low, high) = (range.low, range.high);
                let first = range.from.max(from);
                if first >= range.to.min(to) {
                    continue;
                }
                // Either this range begins inside one of the other set, or one of them begins inside it
                // (the second pass of the loop).
                let Some(code) = GoodsCode::of_range(low, high) else {
                    // The whole nomenclature: anything of the other set will do.
                    continue;
                };
                let excluded = |set: &Self| set.but.holds(code, first) == Within::Yes;
                if b.these.holds(code, first) == Within::Yes && !excluded(a) && !excluded(b) {
                    return Some(code);
                }
            }
        }
        let everything = |set: &Self| {
            set.these
                .ranges
                .iter()
                .any(|r| r.high - r.low == 10_000_000_000)
        };
        if everything(self) && everything(other) {
            return GoodsCode::of_range(0, 100_000_000);
        }
        None
    }
}

impl GoodsCode {
    /// The code that covers a range, `None` for the whole nomenclature.
    fn of_range(low: u64, high: u64) -> Option<GoodsCode> {
        let mut digits = 10usize;
        let mut width = 1;
        while width < high - low {
            width *= 10;
            digits -= 1;
        }
        (digits >= 2).then(|| GoodsCode::beginning(low, digits as u8))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn set(these: &[&str], but: &[&str]) -> GoodsSet {
        let collect = |codes: &[&str]| {
            let mut c = Collect::default();
            for code in codes {
                if *code == "*" {
                    c.everything();
                } else {
                    c.code(code.parse().unwrap(), Date::MIN, Date::MAX);
                }
            }
            c
        };
        GoodsSet::new(collect(these), collect(but))
    }

    fn holds(set: &GoodsSet, code: &str) -> Within {
        set.holds(code.parse().unwrap(), date(2025, 4, 5))
    }

    #[test]
    fn nested_prefixes_and_exceptions() {
        let s = set(&["8708", "87082021", "72"], &["72061000"]);
        assert_eq!(holds(&s, "8708299999"), Within::Yes);
        assert_eq!(holds(&s, "7206100010"), Within::No);
        assert_eq!(holds(&s, "7206"), Within::Partly);
        assert_eq!(holds(&s, "87"), Within::Partly);
        assert_eq!(holds(&s, "7301"), Within::No);
    }

    #[test]
    fn sets_meet_where_they_share_a_code() {
        let (from, to) = (date(2025, 4, 5), date(2025, 4, 6));
        let everything = set(&["*"], &["8708"]);
        assert!(everything.meets(&set(&["8703"], &[]), from, to).is_some());
        assert!(
            everything
                .meets(&set(&["87082021"], &[]), from, to)
                .is_none()
        );
        assert!(
            set(&["*"], &[])
                .meets(&set(&["*"], &[]), from, to)
                .is_some()
        );
        assert!(
            set(&["7208"], &[])
                .meets(&set(&["7209"], &[]), from, to)
                .is_none()
        );
    }

    proptest! {
        #[test]
        fn a_look_up_agrees_with_a_search(
            codes in proptest::collection::vec("[0-9]{2,10}", 1..40), code in "[0-9]{10}",
        ) {
            let texts: Vec<&str> = codes.iter().map(String::as_str).collect();
            let s = set(&texts, &[]);
            let plain = codes.iter().any(|c| code.starts_with(c.as_str()));
            prop_assert_eq!(holds(&s, &code) == Within::Yes, plain);
            for c in &codes {
                prop_assert_eq!(holds(&s, c), Within::Yes);
            }
        }
    }
}
