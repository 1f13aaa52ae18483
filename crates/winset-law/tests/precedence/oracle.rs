//! What the law says of two duties on one entry, by the powers they rest on and the day of entry: a table of its
//! own, written from the orders and proclamations, that knows nothing of the `[[stacking]]` records.
//!
//! All acts count as known: EO 14289 of 29 April 2025 reaches back to 4 March.

use jiff::civil::{Date, date};

/// How two duties on one entry stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Add,
    /// Of the first nothing is owed where the second is owed.
    FirstYields,
    SecondYields,
    /// The first is owed on what is left of its basis.
    FirstYieldsPart,
    SecondYieldsPart,
    /// One of the two only, the smaller duty.
    Lowest,
}

impl Outcome {
    fn turned(self) -> Self {
        match self {
            Self::FirstYields => Self::SecondYields,
            Self::SecondYields => Self::FirstYields,
            Self::FirstYieldsPart => Self::SecondYieldsPart,
            Self::SecondYieldsPart => Self::FirstYieldsPart,
            Self::Add | Self::Lowest => self,
        }
    }
}

/// A measure as the oracle sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) id: &'a str,
    pub(crate) authority: &'a str,
}

struct Rule {
    these: &'static [&'static str],
    those: &'static [&'static str],
    from: Date,
    until: Date,
    outcome: Outcome,
}

const JUNE: Date = date(2025, 6, 4);
const AUGUST: Date = date(2025, 8, 1);
const APRIL_2026: Date = date(2026, 4, 6);

const fn rule(
    these: &'static [&'static str],
    those: &'static [&'static str],
    outcome: Outcome,
) -> Rule {
    between(these, those, Date::MIN, Date::MAX, outcome)
}

const fn between(
    these: &'static [&'static str],
    those: &'static [&'static str],
    from: Date,
    until: Date,
    outcome: Outcome,
) -> Rule {
    Rule {
        these,
        those,
        from,
        until,
        outcome,
    }
}

const RECIPROCAL: &[&str] = &["IEEPA reciprocal"];
const BRAZIL_INDIA: &[&str] = &["IEEPA Brazil", "IEEPA India"];
const BORDERS: &[&str] = &["IEEPA fentanyl Canada", "IEEPA fentanyl Mexico"];
const STEEL_ALUMINUM: &[&str] = &["Section 232 steel", "Section 232 aluminum"];
const US_METAL: &[&str] = &[
    "United States metal: steel",
    "United States metal: aluminum",
];
const COPPER: &[&str] = &["Section 232 copper"];
const METALS_2026: &[&str] = &["Section 232 metals"];
const AUTOS: &[&str] = &["Section 232 autos"];
const TRUCKS: &[&str] = &["Section 232 trucks"];
const TIMBER: &[&str] = &["Section 232 timber"];
const CHIPS: &[&str] = &["Section 232 semiconductors"];
const MEDICINES: &[&str] = &["Section 232 medicines"];
const SECTION_232: &[&str] = &["Section 232"];
const ALL: &[&str] = &[""];

/// Of two rules that speak of a pair the first holds.
const RULES: &[Rule] = &[
    // Note 39(a)(8): articles under 9903.79.01 are not subject to 9903.01.24 to .76.
    rule(&["IEEPA fentanyl China"], CHIPS, Outcome::FirstYields),
    // Ordinary duty, Section 301 on China and Nicaragua, the opioid duty on China, Section 201: they add to
    // everything (EO 14289 s. 2; notes 2(u), 18, 20, 29, 31). Duties in place of column 2 bear what is added to
    // column 2.
    rule(
        &[
            "Section 301 China",
            "Section 301 Nicaragua",
            "IEEPA fentanyl China",
            "Section 201",
            "Column 2 Russia",
        ],
        ALL,
        Outcome::Add,
    ),
    // EO 14257 s. 3(a), EO 14323 s. 3(c), EO 14329 s. 3(d): the emergency powers add to each other.
    rule(RECIPROCAL, &["IEEPA fentanyl"], Outcome::Add),
    rule(RECIPROCAL, BRAZIL_INDIA, Outcome::Add),
    // EO 14257 s. 3(b): articles under Section 232 are exempt … Proc. 10947 cl. 6 and Proc. 10962 cl. 4: but for
    // the part that is not the metal.
    between(
        RECIPROCAL,
        STEEL_ALUMINUM,
        Date::MIN,
        JUNE,
        Outcome::FirstYields,
    ),
    between(
        RECIPROCAL,
        STEEL_ALUMINUM,
        JUNE,
        APRIL_2026,
        Outcome::FirstYieldsPart,
    ),
    // Notes 2(v)(vii), (ix), 2(x)(vi), (viii), 2(z)(iv), (vi) name 9903.81.92 and 9903.85.09, under which nothing is owed.
    between(RECIPROCAL, US_METAL, Date::MIN, JUNE, Outcome::FirstYields),
    between(
        RECIPROCAL,
        US_METAL,
        JUNE,
        APRIL_2026,
        Outcome::FirstYieldsPart,
    ),
    rule(BRAZIL_INDIA, US_METAL, Outcome::FirstYields),
    rule(US_METAL, ALL, Outcome::Add),
    between(
        RECIPROCAL,
        COPPER,
        AUGUST,
        APRIL_2026,
        Outcome::FirstYieldsPart,
    ),
    rule(RECIPROCAL, SECTION_232, Outcome::FirstYields),
    // EO 14323 s. 3(a), EO 14329 s. 3(a).
    rule(BRAZIL_INDIA, SECTION_232, Outcome::FirstYields),
    // EO 14289 s. 3(a): autos before metals and before Canada and Mexico. Proc. 10984 cl. 9: trucks like autos;
    // which of the two comes first no text says.
    rule(
        &[
            "Section 232 steel",
            "Section 232 aluminum",
            "Section 232 copper",
            "Section 232 metals",
            "Section 232 timber",
            "Section 232 trucks",
            "IEEPA fentanyl Canada",
            "IEEPA fentanyl Mexico",
        ],
        AUTOS,
        Outcome::FirstYields,
    ),
    rule(
        &[
            "Section 232 steel",
            "Section 232 aluminum",
            "Section 232 copper",
            "Section 232 metals",
            "Section 232 timber",
            "IEEPA fentanyl Canada",
            "IEEPA fentanyl Mexico",
        ],
        TRUCKS,
        Outcome::FirstYields,
    ),
    // EO 14289 s. 3(b) to 3 June 2025: Canada and Mexico before metals. Proc. 10947 cl. 7 from 4 June: metals
    // first, and Canada and Mexico on the rest.
    between(
        STEEL_ALUMINUM,
        BORDERS,
        Date::MIN,
        JUNE,
        Outcome::FirstYields,
    ),
    between(
        STEEL_ALUMINUM,
        BORDERS,
        JUNE,
        APRIL_2026,
        Outcome::SecondYieldsPart,
    ),
    between(
        COPPER,
        BORDERS,
        AUGUST,
        APRIL_2026,
        Outcome::SecondYieldsPart,
    ),
    // Proc. 10976 cl. 6 and 5.
    rule(BORDERS, TIMBER, Outcome::FirstYields),
    rule(
        TIMBER,
        &[
            "Section 232 steel",
            "Section 232 aluminum",
            "Section 232 copper",
            "Section 232 metals",
        ],
        Outcome::Add,
    ),
    // Proclamation of 14 January 2026 cl. 5: no other duty of Section 232, nor that on Canada and Mexico.
    rule(SECTION_232, CHIPS, Outcome::FirstYields),
    rule(BORDERS, CHIPS, Outcome::FirstYields),
    // EO 14289 s. 3(c), Proc. 10962 cl. 1: steel, aluminium and copper add, each on its own metal, to 5 April 2026.
    between(
        &["Section 232 steel"],
        &["Section 232 aluminum", "Section 232 copper"],
        Date::MIN,
        APRIL_2026,
        Outcome::Add,
    ),
    between(
        &["Section 232 aluminum"],
        COPPER,
        Date::MIN,
        APRIL_2026,
        Outcome::Add,
    ),
    // Note 2(aa)(v): not on the part subject to Section 232. Note 52(f): the same (S).
    rule(&["Section 122"], SECTION_232, Outcome::FirstYieldsPart),
    rule(
        &["Section 301 forced labour"],
        SECTION_232,
        Outcome::FirstYieldsPart,
    ),
    rule(MEDICINES, METALS_2026, Outcome::Add),
];

fn rests_on(authority: &str, words: &str) -> bool {
    let rest = authority.strip_prefix(words);
    words.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// What the law says of two measures on a day; nothing where the table has no rule.
pub(crate) fn outcome(a: Seen<'_>, b: Seen<'_>, on: Date) -> Option<Outcome> {
    if a.authority == b.authority {
        return within(a, b).or_else(|| within(b, a).map(Outcome::turned));
    }
    let among = |who: Seen<'_>, words: &[&str]| words.iter().any(|w| rests_on(who.authority, w));
    RULES
        .iter()
        .filter(|r| r.from <= on && on < r.until)
        .find_map(|r| {
            if among(a, r.these) && among(b, r.those) {
                Some(r.outcome)
            } else if among(b, r.these) && among(a, r.those) {
                Some(r.outcome.turned())
            } else {
                None
            }
        })
}

/// Two measures of one action: the particular goes before the general.
fn within(a: Seen<'_>, b: Seen<'_>) -> Option<Outcome> {
    let partner = |id: &str| {
        ["-uk", "-japan", "-eu", "-korea", "-taiwan", "-partners"]
            .iter()
            .any(|end| id.ends_with(end))
    };
    match a.authority {
        // EO 14326 s. 3: 40 per cent in lieu of all; EO 14257 s. 3(a), EO 14326 s. 2: 10 per cent where no
        // country's rate holds.
        "IEEPA reciprocal" if b.id == "us-reciprocal-transshipped" => Some(Outcome::FirstYields),
        "IEEPA reciprocal" if b.id == "us-reciprocal-10" => Some(Outcome::SecondYields),
        // EO 14325 s. 2.
        "IEEPA fentanyl Canada" if b.id == "us-fentanyl-canada-transshipped" => {
            Some(Outcome::FirstYields)
        }
        // 9903.94.01, .05, .07: "except for products described in headings …"; notes 37(c), (e).
        "Section 232 autos" | "Section 232 timber" if partner(b.id) && !partner(a.id) => {
            Some(Outcome::FirstYields)
        }
        // A chassis with an engine is a vehicle first.
        "Section 232 trucks" if b.id == "us-232-trucks" => Some(Outcome::FirstYields),
        // 9903.85.67 and .68 are excepted from every other heading of aluminium.
        "Section 232 aluminum" | "Section 232 metals"
            if b.id.contains("russia") && !a.id.contains("russia") =>
        {
            Some(Outcome::FirstYields)
        }
        // Note 16(a): one heading only; Proc. 11032 cl. 3(b): the lowest. Proc. 11020 cl. 8: the same of medicines.
        "Section 232 metals" if !a.id.contains("russia") => Some(Outcome::Lowest),
        "Section 232 medicines" => Some(Outcome::Lowest),
        // Note 31(l)(i): the maritime action adds to the lists and the review.
        "Section 301 China" if b.id.contains("maritime") => Some(Outcome::Add),
        _ => None,
    }
}
