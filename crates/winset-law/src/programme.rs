//! Preference programmes: the names importers use, the symbols of the schedules, and whose goods they cover.

use jiff::civil::Date;

use crate::Country;
use crate::entry::Inputs;
use crate::preference::Preference;
use crate::rate::Rate;

/// An agreement or scheme that a claim names.
struct Programme {
    /// The name to claim.
    name: &'static str,
    /// The symbols of the schedule's preferences that it opens, in the order in which they are tried.
    symbols: &'static [&'static str],
    /// Whose goods it covers: countries or groups; `*` is everyone.
    parties: &'static [&'static str],
    /// Groups whose goods it does not cover.
    except: &'static [&'static str],
}

const fn programme(
    name: &'static str,
    symbols: &'static [&'static str],
    parties: &'static [&'static str],
) -> Programme {
    Programme {
        name,
        symbols,
        parties,
        except: &[],
    }
}

/// The symbols are those of the *Special* column of the US schedule (general note 3(c)), and names given here
/// to the columns of Japan's (`schedule/jp.rs`); they have none in common. A symbol that is itself a country
/// code covers that country.
const PROGRAMMES: &[Programme] = &[
    // The United States.
    programme("USMCA", &["S", "S+"], &["CA", "MX"]),
    programme("USJTA", &["JP"], &["JP"]),
    programme("KORUS", &["KR"], &["KR"]),
    programme(
        "CAFTA-DR",
        &["P", "P+"],
        &["CR", "DO", "GT", "HN", "NI", "SV"],
    ),
    programme("AGOA", &["D"], &["agoa"]),
    programme("CBERA", &["E", "E*"], &["cbera"]),
    programme("CBTPA", &["R"], &["cbtpa"]),
    programme("NPTPA", &["NP"], &["NP"]),
    // Goods, whoever's they are, but for motor vehicles and their parts of Canada.
    programme("APTA", &["B"], &["CA"]),
    programme("civil-aircraft", &["C"], &["*"]),
    programme("pharmaceuticals", &["K"], &["*"]),
    programme("dyes", &["L"], &["*"]),
    // Japan: the trade agreement with the United States, regional agreements, agreements with one country,
    // the special and the general preference.
    programme("USJTA", &["USJTA"], &["US"]),
    programme("CPTPP", &["CPTPP"], &["cptpp"]),
    programme("JEEPA", &["JEEPA"], &["EU"]),
    programme("JUKEPA", &["JUKEPA"], &["GB"]),
    programme("RCEP", &["RCEP-ASEAN-AU-NZ"], &["rcep-asean-au-nz"]),
    programme("RCEP", &["RCEP-CN"], &["CN"]),
    programme("RCEP", &["RCEP-KR"], &["KR"]),
    programme("AJCEP", &["AJCEP"], &["ajcep"]),
    programme("EPA-SG", &["EPA-SG"], &["SG"]),
    programme("EPA-MX", &["EPA-MX"], &["MX"]),
    programme("EPA-MY", &["EPA-MY"], &["MY"]),
    programme("EPA-CL", &["EPA-CL"], &["CL"]),
    programme("EPA-TH", &["EPA-TH"], &["TH"]),
    programme("EPA-ID", &["EPA-ID"], &["ID"]),
    programme("EPA-BN", &["EPA-BN"], &["BN"]),
    programme("EPA-PH", &["EPA-PH"], &["PH"]),
    // The agreement with Switzerland covers its customs union with Liechtenstein.
    programme("EPA-CH", &["EPA-CH"], &["CH", "LI"]),
    programme("EPA-VN", &["EPA-VN"], &["VN"]),
    programme("EPA-IN", &["EPA-IN"], &["IN"]),
    programme("EPA-PE", &["EPA-PE"], &["PE"]),
    programme("EPA-AU", &["EPA-AU"], &["AU"]),
    programme("EPA-MN", &["EPA-MN"], &["MN"]),
    // A least developed country has the general preference where the special one has no rate.
    programme("LDC", &["LDC", "GSP"], &["ldc"]),
    Programme {
        except: &["no-gsp"],
        ..programme("GSP", &["GSP"], &["*"])
    },
];

/// A time for which the law of a symbol had lapsed.
struct Lapse {
    symbol: &'static str,
    /// The first day without it.
    from: Date,
    /// Where the symbol was renewed for entries of that time too: the day on which that became known.
    renewed: Option<Date>,
}

const fn lapse(symbol: &'static str, from: Date, renewed: Option<Date>) -> Lapse {
    Lapse {
        symbol,
        from,
        renewed,
    }
}

/// The Generalized System of Preferences lapsed on 31 December 2020, the law of the Andes on 31 July 2013. That of Africa
/// lapsed on 30 September 2025, and was renewed on 3 February 2026 for entries from 1 October 2025 (H.R. 7148; CSMS 67647279)
/// until 31 December 2026.
const LAPSES: &[Lapse] = &[
    lapse("A", Date::constant(2021, 1, 1), None),
    lapse("A+", Date::constant(2021, 1, 1), None),
    lapse("A*", Date::constant(2021, 1, 1), None),
    lapse("J", Date::constant(2013, 8, 1), None),
    lapse("J*", Date::constant(2013, 8, 1), None),
    lapse(
        "D",
        Date::constant(2025, 10, 1),
        Some(Date::constant(2026, 2, 3)),
    ),
    lapse("D", Date::constant(2027, 1, 1), None),
];

impl Lapse {
    /// Whether the symbol was without law on a day, as known on a day.
    fn holds(&self, on: Date, known: Option<Date>) -> bool {
        let renewed = |day: Date| known.is_none_or(|known| known >= day);
        on >= self.from && !self.renewed.is_some_and(renewed)
    }
}

fn has_lapsed(symbol: &str, on: Date, known: Option<Date>) -> bool {
    let mut lapses = LAPSES.iter().filter(|lapse| lapse.symbol == symbol);
    lapses.any(|lapse| lapse.holds(on, known))
}

/// The days on which a symbol's law lapsed.
pub(crate) fn days_of_change() -> impl Iterator<Item = Date> {
    LAPSES.iter().map(|lapse| lapse.from)
}

/// The days on which it became known that a symbol's law had not lapsed.
pub(crate) fn days_known() -> impl Iterator<Item = Date> {
    LAPSES.iter().filter_map(|lapse| lapse.renewed)
}

impl Programme {
    /// The symbols that a claim opens, which names the programme or one of them.
    fn opened(&self, claim: &str) -> &'static [&'static str] {
        if self.name == claim {
            return self.symbols;
        }
        let own = self.symbols.iter().position(|symbol| *symbol == claim);
        own.map_or(&[], |place| &self.symbols[place..=place])
    }

    fn covers(&self, origin: Country, on: Date) -> bool {
        let among = |groups: &[&str]| groups.iter().any(|g| *g == "*" || origin.is_member(g, on));
        among(self.parties) && !among(self.except)
    }
}

/// Whether who claims `claim`, a programme or one of its symbols, claims the programme of a name.
pub(crate) fn is_claimed(name: &str, claim: &str) -> bool {
    let mut named = PROGRAMMES.iter().filter(|p| p.name == name);
    // The name of another programme claims that, though this one may fall back on its symbol.
    let of_another = || names().any(|other| other == claim);
    claim == name || (named.any(|p| p.symbols.contains(&claim)) && !of_another())
}

/// What some programmes are also called.
const ALSO: [(&str, &str); 6] = [
    ("CUSMA", "USMCA"),
    ("T-MEC", "USMCA"),
    ("CAFTA", "CAFTA-DR"),
    ("AUSFTA", "AU"),
    ("CBI", "CBERA"),
    ("TPP11", "CPTPP"),
];

/// A claim as this law writes it, however it is capitalised: a programme, one of its symbols, a country; one that is not known
/// as it is.
pub(crate) fn canonical(claim: &str) -> String {
    let same = |name: &&str| name.eq_ignore_ascii_case(claim);
    let also = || {
        let mut also = ALSO.iter().filter(|(other, _)| same(other));
        also.next().map(|(_, name)| *name)
    };
    if let Some(known) = known().find(same).or_else(also) {
        return known.to_owned();
    }
    let country = claim.to_ascii_uppercase();
    if country.len() == 2 && country.parse::<Country>().is_ok() {
        return country;
    }
    claim.to_owned()
}

/// Whether a claim is the name of a programme or a symbol of one.
pub(crate) fn is_known(claim: &str) -> bool {
    known().any(|known| known == claim)
}

/// The names of programmes, and the symbols of schedules that are some programme's or were.
fn known() -> impl Iterator<Item = &'static str> {
    let symbols = PROGRAMMES.iter().flat_map(|p| p.symbols).copied();
    names()
        .chain(symbols)
        .chain(LAPSES.iter().map(|l| l.symbol))
}

/// The names to claim.
pub(crate) fn names<'n>() -> impl Iterator<Item = &'n str> {
    PROGRAMMES.iter().map(|p| p.name)
}

/// Whether goods of an origin can claim a programme, by its name or a symbol; so can any that nobody knows whom it covers.
pub(crate) fn covers(programme: &str, origin: Country, on: Date) -> bool {
    let mut known = PROGRAMMES
        .iter()
        .filter(|p| p.name == programme || p.symbols.contains(&programme))
        .peekable();
    if known.peek().is_some() {
        return known.any(|p| p.covers(origin, on));
    }
    let of = programme.parse::<Country>();
    of.map_or(true, |country| country == origin)
}

/// The preferential rate that each claim opens, if any, and the symbol it stands under. `most_favoured` says
/// whether the origin has the ordinary rate; a symbol that names no parties is for such origins only.
pub(crate) fn find<'a, I: Inputs>(
    preferences: &'a [Preference],
    inputs: &I,
    origin: Country,
    days: (Date, Option<Date>),
    most_favoured: bool,
) -> impl Iterator<Item = (&'a Rate, &'a str)> {
    let of = move |claim: &String| opens(preferences, inputs, origin, days, (claim, most_favoured));
    inputs.claimed().iter().filter_map(of)
}

/// The preferential rate that one claim opens.
fn opens<'a, I: Inputs>(
    preferences: &'a [Preference],
    inputs: &I,
    origin: Country,
    (on, known): (Date, Option<Date>),
    (claim, most_favoured): (&str, bool),
) -> Option<(&'a Rate, &'a str)> {
    let granted = |symbol: &str| {
        if has_lapsed(symbol, on, known) {
            return None;
        }
        let mut all = preferences.iter();
        all.find_map(|preference| {
            let mut symbols = preference.programmes.iter();
            let printed = symbols.find(|printed| ***printed == *symbol)?;
            Some((preference.offer.rate(origin, on, inputs)?, printed.as_ref()))
        })
    };
    let named = PROGRAMMES.iter().map(|p| (p, p.opened(claim)));
    let mut named = named.filter(|(_, symbols)| !symbols.is_empty()).peekable();
    if named.peek().is_some() {
        let mut open = named.filter(|(p, _)| p.covers(origin, on));
        return open.find_map(|(_, symbols)| symbols.iter().find_map(|s| granted(s)));
    }
    let of_another = claim
        .parse::<Country>()
        .is_ok_and(|country| country != origin);
    if !most_favoured || of_another {
        return None;
    }
    granted(claim)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::preference::Offer;
    use crate::rate::us::parse_special;
    use crate::{Currency, Entry, Money};

    fn open(special: &str, claim: &str, origin: &str) -> Option<String> {
        let preferences: Vec<Preference> = parse_special(special)
            .into_iter()
            .map(|special| Preference {
                programmes: special.programmes,
                offer: Offer::plain(special.rate).into(),
            })
            .collect();
        let (on, origin) = (date(2025, 4, 16), origin.parse().unwrap());
        let value = Money::new(1.into(), Currency::USD);
        let entry = Entry::new(
            "US".parse().unwrap(),
            "01".parse().unwrap(),
            origin,
            on,
            value,
        );
        let entry = entry.claim(claim);
        let mut found = find(&preferences, &entry, origin, (on, None), true);
        found.next().map(|(rate, _)| rate.to_string())
    }

    #[test]
    fn a_claim_opens_the_column_only_for_its_origin() {
        let find = |claim, origin| open("Free (A+,AU,JP,S) 1.2% (KR)", claim, origin);
        assert_eq!(find("USJTA", "JP").as_deref(), Some("Free"));
        assert_eq!(find("KR", "KR").as_deref(), Some("1.2%"));
        assert_eq!(find("USMCA", "CA").as_deref(), Some("Free"));
        assert_eq!(find("USMCA", "JP"), None);
        assert_eq!(find("JP", "KR"), None);
        assert_eq!(find("A+", "MW"), None, "lapsed");
        let find = |claim, origin| open("Free (D,E,S+) 3% (S) 2% (R)", claim, origin);
        assert_eq!(find("D", "KE").as_deref(), Some("Free"));
        assert_eq!(find("AGOA", "KE").as_deref(), Some("Free"));
        assert_eq!(find("D", "VN"), None);
        assert_eq!(find("E", "JM").as_deref(), Some("Free"));
        assert_eq!(find("CBTPA", "VG"), None);
        assert_eq!(find("USMCA", "MX").as_deref(), Some("3%"));
        assert_eq!(
            find("S+", "MX").as_deref(),
            Some("Free"),
            "the symbol that is claimed"
        );
    }

    #[test]
    fn a_claim_is_read_however_it_is_written() {
        for (written, meant) in [
            ("korus", "KORUS"),
            ("Usmca", "USMCA"),
            ("cusma", "USMCA"),
            ("s+", "S+"),
            ("Civil-Aircraft", "civil-aircraft"),
            ("au", "AU"),
            ("anything else", "anything else"),
        ] {
            assert_eq!(canonical(written), meant);
        }
        assert_eq!(open("1.2% (KR,AU)", "kr", "KR").as_deref(), Some("1.2%"));
        assert_eq!(
            open("1.2% (KR,AU)", "AUSFTA", "AU").as_deref(),
            Some("1.2%")
        );
    }

    #[test]
    fn a_symbol_claims_its_programme() {
        assert!(
            is_claimed("USMCA", "S") && is_claimed("USMCA", "USMCA") && is_claimed("USJTA", "JP")
        );
        assert!(!is_claimed("USMCA", "KR") && !is_claimed("S", "USMCA"));
        assert!(is_claimed("LDC", "LDC") && !is_claimed("LDC", "GSP") && is_claimed("GSP", "GSP"));
    }

    #[test]
    fn one_name_may_have_a_column_for_each_party() {
        let find = |claim, origin| {
            open(
                "1% (RCEP-CN) 2% (RCEP-KR) Free (LDC) 3% (GSP)",
                claim,
                origin,
            )
        };
        assert_eq!(find("RCEP", "CN").as_deref(), Some("1%"));
        assert_eq!(find("RCEP", "KR").as_deref(), Some("2%"));
        assert_eq!(find("RCEP", "US"), None);
        assert_eq!(find("LDC", "BD").as_deref(), Some("Free"));
        assert_eq!(find("LDC", "IN"), None);
        assert_eq!(find("GSP", "IN").as_deref(), Some("3%"));
        assert_eq!(find("GSP", "CN"), None, "graduated");
        assert_eq!(open("3% (GSP)", "LDC", "BD").as_deref(), Some("3%"));
    }
}
