//! Tables from elsewhere, and answers for elsewhere, as JSON.

use serde::{Deserialize, Serialize};

use crate::{
    Answer, Bound, Choice, Count, Issue, Limit, Mandate, Package, Pair, Party, Payoff, Point,
    Solution, Talks, TalksError, Zone,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Option<u32>,
    issues: Vec<Issue>,
    parties: Vec<FileParty>,
    #[serde(default)]
    mandates: Vec<Mandate>,
    #[serde(default)]
    limits: Vec<FileLimit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileParty {
    name: String,
    no_deal: f64,
    values: Vec<Vec<f64>>,
    #[serde(default)]
    pairs: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLimit {
    ratifier: String,
    party: usize,
    what: String,
    values: Vec<Vec<f64>>,
    #[serde(default)]
    pairs: Vec<Pair>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    asked: Option<Vec<Choice>>,
}

impl Talks {
    /// Reads a table of payoffs; `name` stands in error messages.
    ///
    /// ```json
    /// {"issues":  [{"name": "…", "options": ["…"]}],
    ///  "parties": [{"name": "…", "no_deal": 0.0, "values": [[…]], "pairs": [{"issues": [0, 2], "values": [[…]]}]}],
    ///  "mandates": [{"party": 0, "issue": 1, "allowed": [0, 1]}],
    ///  "limits":   [{"ratifier": "…", "party": 0, "what": "…", "values": [[…]], "at_least": -1.0,
    ///                "asked": [{"issue": 0, "option": 2}]}]}
    /// ```
    ///
    /// `pairs`, `mandates`, `limits` and `asked` may be left out, and `"format": 1` may be given; a limit has either `at_least` or `at_most`.
    ///
    /// # Errors
    /// Text that is no such JSON (line and column are named), and all errors of [`Talks::new`].
    pub fn from_json(name: &str, text: &str) -> Result<Self, TalksError> {
        let fail = |what: String| TalksError::File {
            file: name.to_owned(),
            what,
        };
        // A mark of the byte order, which some editors write, is no part of the text.
        let text = text.trim_start_matches('\u{feff}');
        let file: File = serde_json::from_str(text).map_err(|error| {
            fail(format!(
                "{error} (plain JSON is read, without NaN or Infinity; the keys are in docs/talks.md)"
            ))
        })?;
        if let Some(format) = file.format.filter(|f| *f != 1) {
            return Err(fail(format!(
                "`format` is {format}, but this program reads format 1; leave the key out or write 1"
            )));
        }
        let parties = file
            .parties
            .into_iter()
            .map(|p| Party {
                name: p.name,
                no_deal: p.no_deal,
                payoff: Payoff {
                    values: p.values,
                    pairs: p.pairs,
                },
            })
            .collect();
        let limits = file
            .limits
            .into_iter()
            .map(|l| {
                let bound = match (l.at_least, l.at_most) {
                    (Some(x), None) => Bound::AtLeast(x),
                    (None, Some(x)) => Bound::AtMost(x),
                    _ => {
                        return Err(fail(format!(
                            "the limit of `{}` on `{}` needs either `at_least` or `at_most`",
                            l.ratifier, l.what
                        )));
                    }
                };
                let quantity = Payoff {
                    values: l.values,
                    pairs: l.pairs,
                };
                let (ratifier, party, what, asked) = (l.ratifier, l.party, l.what, l.asked);
                Ok(Limit {
                    ratifier,
                    party,
                    what,
                    quantity,
                    bound,
                    asked,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Self::new(file.issues, parties, file.mandates, limits)
    }
}

/// A package with its payoffs, as it stands in a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JsonPackage {
    /// Option numbers, counted from 0, in the order of the issues.
    pub options: Package,
    /// Each party's payoff.
    pub payoffs: Vec<f64>,
    /// How many packages have these payoffs.
    pub tied: u128,
}

/// An [`Answer`] as it stands in a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JsonAnswer {
    /// All packages.
    pub packages: u128,
    /// Those inside every mandate.
    pub inside_mandates: u128,
    /// Those of them that are ratified.
    pub ratified: Count,
    /// The size of the win-set.
    pub better_for_all: Count,
    /// `exists`, `blocked` or `none`.
    pub zone: Zone,
    /// The same in words.
    pub zone_text: String,
    /// The payoffs of no deal that every solution starts from.
    pub no_deal: Vec<f64>,
    /// Every distinct point of the frontier, with the first of its packages.
    pub frontier: Vec<JsonPackage>,
    /// Every distinct point of the win-set's frontier.
    pub win_set_frontier: Vec<JsonPackage>,
    /// The tied packages of each solution.
    pub nash: Vec<JsonPackage>,
    /// See [`Answer::kalai_smorodinsky`].
    pub kalai_smorodinsky: Vec<JsonPackage>,
    /// See [`Answer::egalitarian`].
    pub egalitarian: Vec<JsonPackage>,
    /// See [`Answer::utilitarian`].
    pub utilitarian: Vec<JsonPackage>,
    /// What each solution maximises.
    pub definitions: Definitions,
    /// Parties that no package of the win-set makes better off.
    pub without_gain: Vec<String>,
    /// Time taken, as measured by the caller.
    pub seconds: f64,
}

/// What each solution maximises.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Definitions {
    pub nash: String,
    pub kalai_smorodinsky: String,
    pub egalitarian: String,
    pub utilitarian: String,
}

impl Answer {
    /// The answer in the file format, with the time it took.
    pub fn to_json(&self, seconds: f64) -> JsonAnswer {
        let tied = |solution: &Solution| solution.points.iter().flat_map(each).collect();
        JsonAnswer {
            packages: self.packages,
            inside_mandates: self.inside_mandates,
            ratified: self.ratified,
            better_for_all: self.better_for_all,
            zone: self.zone,
            zone_text: self.zone.to_string(),
            no_deal: self.no_deal.clone(),
            frontier: self.frontier.iter().flat_map(|p| each(p).take(1)).collect(),
            win_set_frontier: self
                .win_set_frontier
                .iter()
                .flat_map(|p| each(p).take(1))
                .collect(),
            nash: tied(&self.nash),
            kalai_smorodinsky: tied(&self.kalai_smorodinsky),
            egalitarian: tied(&self.egalitarian),
            utilitarian: tied(&self.utilitarian),
            definitions: Definitions {
                nash: self.nash.definition.clone(),
                kalai_smorodinsky: self.kalai_smorodinsky.definition.clone(),
                egalitarian: self.egalitarian.definition.clone(),
                utilitarian: self.utilitarian.definition.clone(),
            },
            without_gain: self.nash.without_gain.clone(),
            seconds,
        }
    }
}

fn each(point: &Point) -> impl Iterator<Item = JsonPackage> {
    point.packages.iter().map(|package| JsonPackage {
        options: package.clone(),
        payoffs: point.payoffs.clone(),
        tied: point.tied,
    })
}
