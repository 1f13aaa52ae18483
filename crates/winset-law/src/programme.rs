//! Preference programmes: the names importers use and the symbols of the *Special* column.

use jiff::civil::Date;

use crate::Country;
use crate::rate::us::Special;

/// Names of agreements, the symbol of the schedule (general note 3(c)), and whose goods it covers. A
/// symbol that is itself a country code covers that country.
const PROGRAMMES: &[(&str, &[&str], &[&str])] = &[
    ("USMCA", &["S", "S+"], &["CA", "MX"]),
    ("USJTA", &["JP"], &["JP"]),
    ("KORUS", &["KR"], &["KR"]),
    (
        "CAFTA-DR",
        &["P", "P+"],
        &["CR", "DO", "GT", "HN", "NI", "SV"],
    ),
];

/// Symbols whose law had lapsed: the Generalized System of Preferences on 31 December 2020.
const LAPSED: &[(&str, Date)] = &[
    ("A", Date::constant(2021, 1, 1)),
    ("A+", Date::constant(2021, 1, 1)),
    ("A*", Date::constant(2021, 1, 1)),
];

/// Which entry of the *Special* column a claim opens, if any.
pub(crate) fn find<'a>(
    special: &'a [Special],
    claims: &[String],
    origin: Country,
    on: Date,
) -> Option<(&'a Special, &'a str)> {
    for claim in claims {
        let (symbols, origins): (&[&str], &[&str]) = match PROGRAMMES
            .iter()
            .find(|(name, symbols, _)| name == claim || symbols.contains(&claim.as_str()))
        {
            Some((_, symbols, origins)) => (symbols, origins),
            None => (&[], &[]),
        };
        let wrong_origin = if origins.is_empty() {
            claim
                .parse::<Country>()
                .is_ok_and(|country| country != origin)
        } else {
            !origins.contains(&origin.iso2())
        };
        let lapsed = LAPSED
            .iter()
            .any(|(symbol, end)| symbol == claim && on >= *end);
        if wrong_origin || lapsed {
            continue;
        }
        for entry in special {
            let hit = entry
                .programmes
                .iter()
                .find(|p| ***p == **claim || symbols.contains(&p.as_ref()));
            if let Some(symbol) = hit {
                return Some((entry, symbol));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::rate::us::parse_special;

    #[test]
    fn a_claim_opens_the_column_only_for_its_origin() {
        let special = parse_special("Free (A+,AU,JP,S) 1.2% (KR)");
        let find = |claim: &str, origin: &str| {
            find(
                &special,
                &[claim.to_owned()],
                origin.parse().unwrap(),
                date(2025, 4, 16),
            )
            .map(|(s, _)| s.rate.to_string())
        };
        assert_eq!(find("USJTA", "JP").as_deref(), Some("Free"));
        assert_eq!(find("KR", "KR").as_deref(), Some("1.2%"));
        assert_eq!(find("USMCA", "CA").as_deref(), Some("Free"));
        assert_eq!(find("USMCA", "JP"), None);
        assert_eq!(find("JP", "KR"), None);
        assert_eq!(find("A+", "MW"), None, "lapsed");
    }
}
