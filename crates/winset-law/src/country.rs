//! Origins and importers: countries, and the customs territories they form.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::{Currency, LawError};

const COUNTRIES: &str = include_str!("../data/countries.csv");
const TERRITORIES: &str = include_str!("../data/territories.csv");

struct Row {
    iso2: &'static str,
    iso3: &'static str,
    census: Vec<&'static str>,
    name: &'static str,
}

struct Membership {
    territory: &'static str,
    of: Country,
    from: Date,
    to: Date,
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1)
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    lines(COUNTRIES)
        .filter_map(|line| {
            let mut cells = line.splitn(4, ',');
            Some(Row {
                iso2: cells.next()?,
                iso3: cells.next()?,
                census: cells.next()?.split_whitespace().collect(),
                name: cells.next()?.trim_matches('"'),
            })
        })
        .collect()
});

/// The place in the table of every code of two letters and of three, `NONE` where there is none.
struct ByLetters {
    two: Vec<u16>,
    three: Vec<u16>,
}

const NONE: u16 = u16::MAX;

static BY_LETTERS: LazyLock<ByLetters> = LazyLock::new(|| {
    let mut by = ByLetters {
        two: vec![NONE; 26 * 26],
        three: vec![NONE; 26 * 26 * 26],
    };
    for (i, row) in TABLE.iter().enumerate() {
        for (places, code) in [(&mut by.two, row.iso2), (&mut by.three, row.iso3)] {
            if let Some(place) = letters(code.as_bytes()).and_then(|at| places.get_mut(at)) {
                *place = i as u16;
            }
        }
    }
    by
});

/// Capital letters as a number to the base of 26.
fn letters(code: &[u8]) -> Option<usize> {
    code.iter().try_fold(0, |sum, letter| {
        let place = usize::from(letter.wrapping_sub(b'A'));
        (place < 26).then_some(26 * sum + place)
    })
}

static MEMBERS: LazyLock<Vec<Membership>> = LazyLock::new(|| {
    lines(TERRITORIES)
        .filter_map(|line| {
            let mut cells = line.split(',');
            let territory = cells.next()?;
            let of = cells.next()?.parse().ok()?;
            let from = cells.next()?.parse().ok()?;
            let to = cells.next()?.parse().unwrap_or(Date::MAX);
            Some(Membership {
                territory,
                of,
                from,
                to,
            })
        })
        .collect()
});

/// A country or customs territory that goods come from or enter: ISO 3166 alpha-2, plus `XK` (Kosovo)
/// and `EU` (goods of the Union whose member state is not stated).
///
/// # Example
/// ```
/// use winset_law::Country;
/// let japan: Country = "JP".parse()?;
/// assert_eq!(japan, Country::from_census("5880")?);
/// assert_eq!(japan.name(), "Japan");
/// # Ok::<(), winset_law::LawError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(u8);

impl Country {
    /// All countries and territories of the table, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Country> {
        (0..TABLE.len()).map(|i| Country(i as u8))
    }

    /// By US Census Schedule C code; `0003` is the European Union.
    ///
    /// # Errors
    /// A code that is not in the table.
    pub fn from_census(code: &str) -> Result<Self, LawError> {
        let code = code.trim();
        TABLE
            .iter()
            .position(|row| row.census.contains(&code))
            .map(|i| Self(i as u8))
            .ok_or_else(|| LawError::Country {
                text: code.to_owned(),
            })
    }

    fn row(self) -> &'static Row {
        &TABLE[usize::from(self.0)]
    }

    /// ISO 3166 alpha-2.
    pub fn iso2(self) -> &'static str {
        self.row().iso2
    }

    /// ISO 3166 alpha-3.
    pub fn iso3(self) -> &'static str {
        self.row().iso3
    }

    /// The currency of its customs law, where it is known here.
    pub fn currency(self) -> Option<Currency> {
        match self.iso2() {
            "US" => Some(Currency::USD),
            "JP" => Some(Currency::JPY),
            "EU" => Some(Currency::EUR),
            _ => None,
        }
    }

    /// The short English name.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// US Census Schedule C codes, none for places that Census does not list.
    pub fn census(self) -> &'static [&'static str] {
        &self.row().census
    }

    /// Whether the country belongs to a group (`EU`, `column-2`) on a day. A group's own code does.
    pub fn is_member(self, territory: &str, on: Date) -> bool {
        self.iso2() == territory
            || MEMBERS
                .iter()
                .any(|m| m.of == self && m.territory == territory && m.from <= on && on < m.to)
    }

    /// The days on which a country joins or leaves a group.
    pub(crate) fn days_of_change() -> impl Iterator<Item = Date> {
        MEMBERS.iter().flat_map(|m| [m.from, m.to])
    }

    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl FromStr for Country {
    type Err = LawError;

    /// # Errors
    /// A text that is neither an alpha-2 nor an alpha-3 code of the table.
    fn from_str(text: &str) -> Result<Self, LawError> {
        let text = text.trim();
        let places = match text.len() {
            2 => Some(&BY_LETTERS.two),
            3 => Some(&BY_LETTERS.three),
            _ => None,
        };
        let place = places.and_then(|places| places.get(letters(text.as_bytes())?));
        match place {
            Some(place) if *place != NONE => Ok(Self(*place as u8)),
            _ => Err(LawError::Country {
                text: text.to_owned(),
            }),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.iso2())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.iso2())
    }
}

/// A set of origins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origins([u64; 4]);

impl Origins {
    pub(crate) const ALL: Self = Self([u64::MAX; 4]);

    pub(crate) fn insert(&mut self, country: Country) {
        self.0[country.index() / 64] |= 1 << (country.index() % 64);
    }

    pub(crate) fn contains(self, country: Country) -> bool {
        self.0[country.index() / 64] & (1 << (country.index() % 64)) != 0
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == [0; 4]
    }

    /// Some member, for messages.
    pub(crate) fn first(self) -> Option<Country> {
        Country::all().find(|c| self.contains(*c))
    }

    /// Adds what a word of a file names: `*`, a country, or a territory as on a day.
    pub(crate) fn add_named(&mut self, word: &str, on: Date) -> bool {
        if word == "*" {
            *self = Self::ALL;
            return true;
        }
        let country = word.parse::<Country>();
        if let Ok(country) = country {
            self.insert(country);
        }
        let mut found = country.is_ok();
        for member in MEMBERS.iter().filter(|m| m.territory == word) {
            found = true;
            if member.from <= on && on < member.to {
                self.insert(member.of);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_row_reads_back() {
        assert!(Country::all().count() > 240 && Country::all().count() <= 256);
        for country in Country::all() {
            assert_eq!(country.iso2().parse::<Country>().unwrap(), country);
            assert_eq!(country.iso3().parse::<Country>().unwrap(), country);
            for census in country.census() {
                assert_eq!(Country::from_census(census).unwrap(), country);
            }
        }
    }

    #[test]
    fn the_union_has_dated_members() {
        let uk: Country = "GB".parse().unwrap();
        assert!(uk.is_member("EU", date(2019, 1, 1)) && !uk.is_member("EU", date(2025, 4, 9)));
        let mut eu = Origins::default();
        assert!(eu.add_named("EU", date(2025, 4, 9)));
        assert_eq!(
            Country::all().filter(|c| eu.contains(*c)).count(),
            28,
            "27 states and EU itself"
        );
        assert!(!Origins::default().add_named("XX", date(2025, 4, 9)));
    }
}
