//! The lawful ways to enter goods of an origin in 2024, and the lowest and highest rate among them.

use jiff::civil::{Date, date};
use rust_decimal::prelude::ToPrimitive;
use winset_law::{Assessment, Country, Currency, Entry, GoodsCode, Law, LawError, Line, Money};

use crate::common;

/// One day of each stretch of 2024 in which the measures are the same.
const DAYS: [Date; 7] = [
    date(2024, 1, 15),
    date(2024, 3, 1),
    date(2024, 6, 20),
    date(2024, 7, 1),
    date(2024, 7, 15),
    date(2024, 9, 25),
    date(2024, 10, 1),
];

/// How far a collected rate may lie outside a bracket that has a width: duties are rounded to whole dollars.
const ROUNDING: f64 = 0.0001;
/// The same where only one rate is lawful.
const ONE_RATE: f64 = 0.001;

const AGOA: &[&str] = &[
    "AO", "BJ", "BW", "CD", "CG", "CI", "CV", "DJ", "GH", "GM", "GW", "KE", "KM", "LR", "LS", "MG",
    "MR", "MU", "MW", "MZ", "NA", "NG", "RW", "SL", "SN", "ST", "SZ", "TD", "TG", "TZ", "ZA", "ZM",
];
const CARIBBEAN: &[&str] = &[
    "AG", "AW", "BB", "BS", "BZ", "CW", "DM", "GD", "GY", "HT", "JM", "KN", "LC", "MS", "TT", "VC",
    "VG",
];
const CAFTA: &[&str] = &["CR", "DO", "GT", "HN", "NI", "SV"];
const NORTH_AMERICA: &[&str] = &["CA", "MX"];

/// The symbols of general note 3(c) that were in force, and who may claim them; without origins: everybody.
const SYMBOLS: &[(&str, &[&str])] = &[
    ("AU", &["AU"]),
    ("B", &["CA"]),
    ("BH", &["BH"]),
    ("C", &[]),
    ("CL", &["CL"]),
    ("CO", &["CO"]),
    ("D", AGOA),
    ("E", CARIBBEAN),
    ("E*", CARIBBEAN),
    ("IL", &["IL"]),
    ("JO", &["JO"]),
    ("JP", &["JP"]),
    ("K", &[]),
    ("KR", &["KR"]),
    ("L", &[]),
    ("MA", &["MA"]),
    ("NP", &["NP"]),
    ("OM", &["OM"]),
    ("P", CAFTA),
    ("P+", CAFTA),
    ("PA", &["PA"]),
    ("PE", &["PE"]),
    ("R", CARIBBEAN),
    ("S", NORTH_AMERICA),
    ("S+", NORTH_AMERICA),
    ("SG", &["SG"]),
];

/// The Generalized System of Preferences had lapsed on 31 December 2020. Importers seem to have gone on to flag its
/// symbols, for a refund if it is renewed, and the published duty to count such entries as free: on lines with the symbol A goods of
/// these partners paid 14 to 78 per cent of the printed rate, on other lines all of it. So the test lays such a flag
/// beside the lawful ways and counts what only the flag explains apart. The partners of the table in general note 4.
const FLAGS: &[(&str, &[&str])] = &[
    (
        "LAPSED",
        &[
            "AO", "AR", "BR", "DZ", "EC", "EG", "ID", "IQ", "KH", "LK", "NG", "PH", "PK", "TH",
            "VE", "ZA",
        ],
    ),
    ("LAPSED+", &["AO", "KH"]),
];

/// The symbols of a line that goods of an origin may carry.
fn carried(line: &Line, origin: Country, symbols: &[(&'static str, &[&str])]) -> Vec<&'static str> {
    let printed = |symbol: &str| {
        let mut entries = line.preferences.iter();
        entries.any(|s| s.programmes.iter().any(|p| **p == *symbol))
    };
    let open = |origins: &[&str]| origins.is_empty() || origins.contains(&origin.iso2());
    let mine = (symbols.iter()).filter(|(symbol, origins)| open(origins) && printed(symbol));
    mine.map(|(symbol, _)| *symbol).collect()
}

/// The lowest and the highest lawful rate, and the lowest if the lapsed programme is flagged; fractions of value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bracket {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) flagged: f64,
    /// The ordinary duty without a claim, a part of `high`.
    pub(crate) base: f64,
}

impl Bracket {
    pub(crate) fn width(self) -> f64 {
        self.high - self.low
    }

    /// Whether there is one rate, flags among the ways.
    pub(crate) fn is_one_rate(self) -> bool {
        self.width() < 1e-9 && self.flagged >= self.low
    }

    pub(crate) fn tolerance(self) -> f64 {
        if self.is_one_rate() {
            ONE_RATE
        } else {
            ROUNDING
        }
    }

    /// The lowest rate of all ways, flags among them.
    pub(crate) fn lowest(self) -> f64 {
        self.low.min(self.flagged)
    }

    /// How far below (negative) or above all ways a rate lies.
    pub(crate) fn miss(self, rate: f64) -> f64 {
        (rate - self.high).max(0.0) - (self.lowest() - rate).max(0.0)
    }
}

/// All ways to enter some goods of an origin.
pub(crate) struct Ways<'l> {
    pub(crate) law: &'l Law,
    pub(crate) goods: GoodsCode,
    pub(crate) origin: Country,
}

impl Ways<'_> {
    fn enter(
        &self,
        on: Date,
        claim: Option<&str>,
        stated: &[String],
    ) -> Result<Assessment, LawError> {
        let value = Money::new(1.into(), Currency::USD);
        let mut entry = Entry::new(common::us(), self.goods, self.origin, on, value);
        if let Some(name) = claim {
            entry = entry.claim(name);
            // The measures name the agreement, the schedule its symbol.
            if ["S", "S+"].contains(&name) {
                entry = entry.claim("USMCA");
            }
        }
        // A question is answered by a fact or by a claim; the other is not looked at.
        for fact in stated {
            entry = entry.claim(fact).fact(fact, "true")?;
        }
        self.law.assess(&entry, None)
    }

    pub(crate) fn bracket(&self) -> Result<Bracket, LawError> {
        let schedule = self.law.schedule(common::us()).unwrap();
        let mut out = Bracket {
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            flagged: f64::INFINITY,
            base: 0.0,
        };
        let mut seen: Vec<(f64, Vec<String>)> = Vec::new();
        for on in DAYS {
            let plain = self.enter(on, None, &[])?;
            let asked: Vec<String> = plain.needs.iter().map(|n| n.fact.to_string()).collect();
            let rate = plain.total.amount.to_f64().unwrap();
            // A day that owes and asks what another did adds nothing.
            if (seen.iter()).any(|(r, a)| r.to_bits() == rate.to_bits() && *a == asked) {
                continue;
            }
            seen.push((rate, asked));
            if let Some(base) = plain.components.iter().find(|c| &*c.measure == "base") {
                out.base = base.amount.to_f64().unwrap();
            }
            let line = schedule.line(self.goods, on)?;
            let claims = carried(line, self.origin, SYMBOLS).into_iter().map(Some);
            for claim in [None].into_iter().chain(claims) {
                for rate in self.rates(on, claim)? {
                    out.low = out.low.min(rate);
                    out.high = out.high.max(rate);
                }
            }
            for flag in carried(line, self.origin, FLAGS) {
                let rates = self.rates(on, Some(flag))?;
                out.flagged = rates.into_iter().fold(out.flagged, f64::min);
            }
        }
        Ok(out)
    }

    /// The rates under every set of answers to what the law asks; none for a preference by quantity.
    fn rates(&self, on: Date, claim: Option<&str>) -> Result<Vec<f64>, LawError> {
        let mut rates = Vec::new();
        let mut open: Vec<Vec<String>> = vec![Vec::new()];
        let mut done: Vec<Vec<String>> = Vec::new();
        while let Some(stated) = open.pop() {
            let answer = match self.enter(on, claim, &stated) {
                Ok(answer) => answer,
                Err(LawError::NeedsQuantity { .. }) if claim.is_some() => break,
                Err(error) => return Err(error),
            };
            rates.push(answer.total.amount.to_f64().unwrap());
            for need in answer.needs.iter().filter(|n| n.total_if_yes.is_some()) {
                let mut more = stated.clone();
                more.push(need.fact.to_string());
                more.sort();
                if !done.contains(&more) && !open.contains(&more) {
                    open.push(more);
                }
            }
            done.push(stated);
        }
        Ok(rates)
    }
}
