//! A part of every year, for rates that change with the harvest.

use std::fmt;

use jiff::civil::Date;

/// From a day to a day of every year, both included; it may run over the turn of the year.
///
/// Japan's schedule has such rates for bananas, oranges, grapefruit and grapes (headings 0803, 0805, 0806,
/// 0812).
///
/// # Example
/// ```
/// use jiff::civil::date;
/// use winset_law::Season;
/// let winter: Season = "12-01/05-31".parse()?;
/// assert!(winter.contains(date(2025, 4, 16)) && !winter.contains(date(2025, 6, 1)));
/// # Ok::<(), winset_law::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Season {
    first: (i8, i8),
    last: (i8, i8),
}

impl Season {
    /// From a month and day to a month and day; `None` if these are no days of a year.
    pub fn new(first: (i8, i8), last: (i8, i8)) -> Option<Self> {
        // 29 February as a last day is the end of the month.
        let real = |(month, day)| Date::new(2024, month, day).is_ok();
        (real(first) && real(last)).then_some(Self { first, last })
    }

    /// The days on which the season begins, and those after its last, from a day to a day, of the years 2000 to 2050.
    pub(crate) fn days(self, from: Date, to: Date) -> impl Iterator<Item = Date> {
        let years = from.year().max(2000)..=to.year().min(2050);
        let of_year = move |year| {
            let day = |(month, day)| {
                // In most years 29 February is the 28th.
                let date = Date::new(year, month, day);
                date.or_else(|_| Date::new(year, month, day - 1)).ok()
            };
            let next = day(self.last).and_then(|last| last.tomorrow().ok());
            [day(self.first), next].into_iter().flatten()
        };
        let days = years.flat_map(of_year);
        days.filter(move |day| from < *day && *day < to)
    }

    /// Whether a day is in the season.
    pub fn contains(self, day: Date) -> bool {
        let day = (day.month(), day.day());
        if self.first <= self.last {
            self.first <= day && day <= self.last
        } else {
            day >= self.first || day <= self.last
        }
    }
}

impl std::str::FromStr for Season {
    type Err = crate::LawError;

    /// # Errors
    /// Anything but two days such as `12-01/05-31`.
    fn from_str(text: &str) -> Result<Self, crate::LawError> {
        let day = |text: &str| {
            let (month, day) = text.split_once('-')?;
            Some((month.parse().ok()?, day.parse().ok()?))
        };
        text.trim()
            .split_once('/')
            .and_then(|(first, last)| Self::new(day(first)?, day(last)?))
            .ok_or_else(|| crate::LawError::Season {
                text: text.to_owned(),
            })
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((a, b), (c, d)) = (self.first, self.last);
        write!(f, "{a:02}-{b:02}/{c:02}-{d:02}")
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn seasons_join_without_gap() {
        let grapes = ["03-01/10-31", "11-01/02-29"].map(|s| s.parse::<Season>().unwrap());
        assert_eq!(grapes[1].to_string(), "11-01/02-29");
        for day in [
            date(2025, 2, 28),
            date(2028, 2, 29),
            date(2025, 3, 1),
            date(2025, 10, 31),
        ] {
            assert_eq!(
                grapes.iter().filter(|s| s.contains(day)).count(),
                1,
                "{day}"
            );
        }
        for text in ["", "summer", "13-01/01-01", "06-01", "02-30/03-01"] {
            assert!(text.parse::<Season>().is_err(), "{text}");
        }
    }
}
