//! A preferential rate of a line, and for which of its goods it holds.

use std::sync::Arc;

use jiff::civil::Date;

use crate::entry::{Fact, Inputs};
use crate::rate::Rate;
use crate::{Country, Season};

/// The rate of one or several programmes on a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Preference {
    /// Symbols of the programmes, as the schedule names them: `A+`, `JP`, `cptpp`, `us`, …
    pub programmes: Vec<Arc<str>>,
    /// What they grant.
    pub offer: Arc<Offer>,
}

/// What a programme grants on a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Its cases; the first that holds decides, and where none does there is no preference.
    pub cases: Vec<Case>,
    /// The text, as the rate that cannot be computed where nobody says which case the goods are.
    open: Rate,
}

/// One case of an offer. All it asks must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// Within a tariff quota: holds where the fact `in_quota` is stated.
    pub in_quota: bool,
    /// Only goods that enter in a season.
    pub season: Option<Season>,
    /// Only goods of these origins; of every party where empty.
    pub origins: Vec<Country>,
    /// Only some goods of the line, described in words: its number, from 1, and the words. Holds where the
    /// fact `case_N` is stated as true.
    pub goods: Option<(usize, Arc<str>)>,
    /// The rate; none where the case has no preference.
    pub rate: Option<Rate>,
}

/// Whether the rates of preferences may hang on a fact.
pub(crate) fn asks(fact: &str) -> bool {
    let case = fact.strip_prefix("case_");
    fact == "in_quota" || case.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}

impl Offer {
    /// Cases of a printed text.
    pub fn new(printed: &str, cases: Vec<Case>) -> Self {
        Self {
            cases,
            open: Rate::Reference(printed.into()),
        }
    }

    /// One rate for all goods of the line.
    pub fn plain(rate: Rate) -> Self {
        let case = Case {
            rate: Some(rate),
            ..Case::default()
        };
        Self::new("", vec![case])
    }

    /// The rate for goods of an origin on a day, with what the importer states; `None` where nothing is granted. A
    /// rate that depends on which of several described goods they are stays open until a fact `case_N` says.
    pub(crate) fn rate<I: Inputs>(&self, origin: Country, on: Date, inputs: &I) -> Option<&Rate> {
        let stated = |name: &str| inputs.fact(name).map(|fact| matches!(fact, Fact::Is(true)));
        let mut possible = self.cases.iter().filter(|case| {
            case.season.is_none_or(|season| season.contains(on))
                && (case.origins.is_empty() || case.origins.contains(&origin))
                && (!case.in_quota || stated("in_quota") == Some(true))
        });
        let is_case = |case: &Case| {
            let (number, _) = case.goods.as_ref()?;
            stated(&format!("case_{number}"))
        };
        if let Some(case) = possible.clone().find(|case| is_case(case) == Some(true)) {
            return case.rate.as_ref();
        }
        let next = possible.find(|case| case.goods.is_none() || is_case(case).is_none())?;
        if next.goods.is_some() {
            return Some(&self.open);
        }
        next.rate.as_ref()
    }
}
