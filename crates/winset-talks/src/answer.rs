//! What an analysis of talks says.

use serde::Serialize;

use crate::archive::Found;
use crate::frontier::{frontier, is_open};
use crate::grid::Scope;
use crate::solution::{DEFINITIONS, Gains};
use crate::{Count, Package, Solution, Talks, TalksError, count, units};

/// How an analysis is made.
#[derive(Clone, Debug, PartialEq)]
pub struct AnalyseOptions {
    /// Packages listed where several give the same payoffs; all are counted. At least 1.
    pub ties_listed: usize,
    /// Bargaining power, one positive weight a party, for the Nash solution; `None` for equal power.
    pub weights: Option<Vec<f64>>,
    /// Partial packages that may be held at once before the analysis gives up with an error.
    pub most_states: usize,
    /// Whether the frontier of all packages, mandates, ratifiers and no deal left aside, is wanted too. It is the
    /// larger part of the work where issues interact; without it [`Answer::frontier`] is empty.
    pub unrestricted: bool,
}

impl Default for AnalyseOptions {
    fn default() -> Self {
        Self {
            ties_listed: 16,
            weights: None,
            most_states: 5_000_000,
            unrestricted: true,
        }
    }
}

/// Payoffs that nothing on its frontier dominates, and the packages that give them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The packages with these payoffs; at most [`AnalyseOptions::ties_listed`].
    pub packages: Vec<Package>,
    /// How many packages have these payoffs.
    pub tied: u128,
    /// Each party's payoff, in the unit of the tables.
    pub payoffs: Vec<f64>,
}

/// Whether there is anything to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Some package is in the win-set.
    Exists,
    /// Some package beats no deal for all, but mandates and ratifiers leave none of those.
    Blocked,
    /// No package at all beats no deal for all: there is no zone of agreement.
    None,
}

impl std::fmt::Display for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Exists => "a zone of agreement exists",
            Self::Blocked => {
                "no zone of agreement: mandates and ratifiers leave no package that beats no deal"
            }
            Self::None => "no zone of agreement: no package beats no deal for all parties",
        })
    }
}

/// The analysis of all packages.
///
/// A package *beats no deal* where no party's payoff is below that of no deal and at least one is above.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// All packages; `u128::MAX` stands for that many or more.
    pub packages: u128,
    /// Those inside every mandate.
    pub inside_mandates: u128,
    /// Those of them that every ratifier who is asked accepts.
    pub ratified: Count,
    /// Those of them that beat no deal: the size of the win-set.
    pub better_for_all: Count,
    /// Whether there is anything to sign.
    pub zone: Zone,
    /// The payoffs of no deal, party by party.
    pub no_deal: Vec<f64>,
    /// The Pareto frontier of all packages, mandates, ratifiers and no deal left aside; distinct payoffs, falling
    /// in the first party's. Empty without [`AnalyseOptions::unrestricted`].
    pub frontier: Vec<Point>,
    /// The Pareto frontier of the win-set.
    pub win_set_frontier: Vec<Point>,
    /// Each party's largest gain over no deal within the win-set; empty if that is empty.
    pub ideal_gains: Vec<f64>,
    /// Largest product of gains.
    pub nash: Solution,
    /// Largest smallest share of the ideal gain.
    pub kalai_smorodinsky: Solution,
    /// Largest smallest gain.
    pub egalitarian: Solution,
    /// Largest sum of gains.
    pub utilitarian: Solution,
}

impl Talks {
    /// The frontier, the win-set and the four solutions, exactly.
    ///
    /// Where payoffs add, partial frontiers are merged issue by issue, and the number of packages does not matter;
    /// where all issues interact, packages are walked with bounds. The answer is the same on any number of threads.
    ///
    /// # Errors
    /// More than 32 parties and limits together; weights that are not positive numbers, one a party; a frontier too
    /// large to hold.
    pub fn analyse(&self, options: &AnalyseOptions) -> Result<Answer, TalksError> {
        let weights = options.weights.as_deref();
        let parties = self.parties.len();
        if weights
            .is_some_and(|w| w.len() != parties || w.iter().any(|x| !x.is_finite() || *x <= 0.0))
        {
            return Err(TalksError::Weights { parties });
        }
        let cap = options.ties_listed.max(1);
        let all = if options.unrestricted {
            frontier(self, Scope::all(self), options.most_states, cap)?
        } else {
            Vec::new()
        };
        let scope = Scope::win_set(self);
        let restricted = !self.mandates.is_empty() || !self.limits.is_empty();
        let own = if restricted || !options.unrestricted {
            Some(frontier(self, scope.clone(), options.most_states, cap)?)
        } else {
            None
        };
        let inside: Vec<&Found> = match &own {
            Some(own) => own.iter().collect(),
            // What dominates a package that beats no deal beats it too.
            None => all
                .iter()
                .filter(|f| self.beats_no_deal(&f.payoffs))
                .collect(),
        };
        let any_beats_no_deal = || {
            if options.unrestricted {
                return Ok(all.iter().any(|f| self.beats_no_deal(&f.payoffs)));
            }
            let scope = Scope {
                beats_no_deal: true,
                ..Scope::all(self)
            };
            Ok(restricted && is_open(self, scope, options.most_states)?)
        };
        let zone = if !inside.is_empty() {
            Zone::Exists
        } else if any_beats_no_deal()? {
            Zone::Blocked
        } else {
            Zone::None
        };
        let inside_mandates = scope.packages();
        let better_for_all = if zone == Zone::Exists {
            count::count(self, scope.clone())?
        } else {
            Count::exactly(0)
        };
        let ratified = count::count(
            self,
            Scope {
                beats_no_deal: false,
                ..scope
            },
        )?;

        let gains = Gains::new(&inside, &self.no_deal);
        let solution = |definition: &str, points: Vec<usize>, all_parties: bool| Solution {
            definition: definition.to_owned(),
            no_deal: units::values(&self.no_deal),
            points: points.into_iter().map(|i| point(inside[i])).collect(),
            without_gain: (0..parties)
                .filter(|p| !all_parties && !inside.is_empty() && gains.ideal[*p] == 0)
                .map(|p| self.parties[p].name.clone())
                .collect(),
        };
        let nash_definition = match weights {
            None => DEFINITIONS[0].to_owned(),
            Some(w) => format!(
                "{}; gains to the power of the weights {w:?}",
                DEFINITIONS[0]
            ),
        };
        Ok(Answer {
            packages: self.packages(),
            inside_mandates,
            ratified,
            better_for_all,
            zone,
            no_deal: units::values(&self.no_deal),
            frontier: all.iter().map(point).collect(),
            win_set_frontier: inside.iter().copied().map(point).collect(),
            ideal_gains: if inside.is_empty() {
                Vec::new()
            } else {
                units::values(&gains.ideal)
            },
            nash: solution(&nash_definition, gains.nash(weights), false),
            kalai_smorodinsky: solution(DEFINITIONS[1], gains.kalai_smorodinsky(), false),
            egalitarian: solution(DEFINITIONS[2], gains.egalitarian(), true),
            utilitarian: solution(DEFINITIONS[3], gains.utilitarian(), true),
        })
    }
}

fn point(found: &Found) -> Point {
    Point {
        packages: found.ties.listed.clone(),
        tied: found.ties.count,
        payoffs: units::values(&found.payoffs),
    }
}
