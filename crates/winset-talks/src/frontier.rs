//! Which way to the frontier: merging where payoffs add, walking where they interact.

use crate::archive::Found;
use crate::grid::{Grid, Scope, dimensions, with_dimensions};
use crate::{Talks, TalksError, enumerate, layers, parts, staircase};

/// Interacting issues with up to this many combinations are treated as one issue.
const MOST_COMBINATIONS: usize = 1 << 12;

/// With more than two parties or with limits, so few packages are walked rather than merged.
const FEW_PACKAGES: u128 = 1 << 12;

/// Partial packages above which merging in four dimensions and more is slower than walking.
const MOST_TO_COMPARE: usize = 20_000;

/// Packages that can be walked when merging has to give up.
const WALKABLE: u128 = 1 << 34;

/// The exact frontier of the packages in a scope, falling in the first party's payoff.
pub(crate) fn frontier(
    talks: &Talks,
    scope: Scope,
    most_states: usize,
    cap: usize,
) -> Result<Vec<Found>, TalksError> {
    let scope = scope.reduced(talks)?;
    with_dimensions!(dimensions(talks, &scope)?, D => {
        frontier_of::<D>(talks, &Grid::new(talks, scope), most_states, cap)
    })
}

/// Whether a scope admits any package.
pub(crate) fn is_open(talks: &Talks, scope: Scope, most_states: usize) -> Result<bool, TalksError> {
    let scope = scope.reduced(talks)?;
    with_dimensions!(dimensions(talks, &scope)?, D => {
        let grid = Grid::<D>::new(talks, scope);
        if grid.scope.packages() == 0 {
            return Ok(false);
        }
        if !enumerate::first_guess(&grid).is_empty() {
            return Ok(true);
        }
        let adds = staircase::fits(&grid) && parts::parts(&grid, MOST_COMBINATIONS).is_some();
        if adds || grid.scope.packages() > WALKABLE {
            return Ok(!frontier_of::<D>(talks, &grid, most_states, 1)?.is_empty());
        }
        Ok(enumerate::is_open(&grid))
    })
}

fn frontier_of<const D: usize>(
    talks: &Talks,
    grid: &Grid<D>,
    most_states: usize,
    cap: usize,
) -> Result<Vec<Found>, TalksError> {
    let packages = grid.scope.packages();
    if packages == 0 {
        return Ok(Vec::new());
    }
    let planar = staircase::fits(grid);
    if !planar && packages <= FEW_PACKAGES {
        return Ok(enumerate::frontier(grid, cap));
    }
    let Some(parts) = parts::parts(grid, MOST_COMBINATIONS) else {
        return Ok(enumerate::frontier(grid, cap));
    };
    let too_large = |part: usize| TalksError::TooLarge {
        issue: talks.issues[parts[part].issues[0]].name.clone(),
        limit: most_states,
    };
    if planar {
        let (points, trail) = staircase::staircase(&parts, most_states).map_err(too_large)?;
        let counts = trail.counts();
        let floor = &grid.floor[..grid.parties];
        let admitted = |point: &[i64]| {
            !grid.scope.beats_no_deal || {
                let mut gains = point.iter().zip(floor);
                gains.clone().all(|(p, n)| p >= n) && gains.any(|(p, n)| p > n)
            }
        };
        let found = points
            .iter()
            .enumerate()
            .filter(|(_, p)| admitted(&p[..grid.parties]));
        let mut lister = trail.lister(grid, &parts, cap);
        let found = found.map(|(i, point)| Found {
            payoffs: point[..grid.parties].to_vec(),
            ties: lister.ties(i, counts[i]),
        });
        return Ok(found.collect());
    }
    let used = grid.parties + grid.scope.limits.len();
    let most = if used <= 3 || packages > WALKABLE {
        most_states
    } else {
        MOST_TO_COMPARE
    };
    match layers::frontier(grid, &parts, most.min(most_states), cap) {
        Ok(found) => Ok(found),
        Err(_) if packages <= WALKABLE => Ok(enumerate::frontier(grid, cap)),
        Err(part) => Err(too_large(part)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Bound, Choice, Issue, Limit, Pair, Party, Payoff};

    fn table(
        issues: usize,
        options: usize,
        pairs: Vec<[usize; 2]>,
    ) -> impl Strategy<Value = Payoff> {
        let number = (-3i32..=3).prop_map(f64::from);
        let values = prop::collection::vec(prop::collection::vec(number.clone(), options), issues);
        let one = prop::collection::vec(prop::collection::vec(number, options), options);
        (values, prop::collection::vec(one, pairs.len())).prop_map(move |(values, joint)| {
            let joint = pairs.iter().zip(joint);
            Payoff {
                values,
                pairs: joint
                    .map(|(issues, values)| Pair {
                        issues: *issues,
                        values,
                    })
                    .collect(),
            }
        })
    }

    /// Six issues of three options, two of them joined by a pair table: 729 packages, many ties.
    fn talks() -> impl Strategy<Value = Talks> {
        let (issues, options) = (6, 3);
        (1usize..=4, 0usize..=3, any::<bool>()).prop_flat_map(move |(parties, limits, joined)| {
            let pairs = if joined {
                vec![[4, 1], [4, 3]]
            } else {
                Vec::new()
            };
            let payoffs = prop::collection::vec(table(issues, options, pairs.clone()), parties);
            let asked = prop::option::of((0..issues, 0..options));
            let limit = (table(issues, options, pairs), -4i32..=2, asked);
            (payoffs, prop::collection::vec(limit, limits)).prop_map(move |(payoffs, limits)| {
                let name = |what: &str, i: usize| format!("{what} {i}");
                let issue = |i| Issue {
                    name: name("issue", i),
                    options: (0..options).map(|o| name("option", o)).collect(),
                };
                let party = |(p, payoff)| Party {
                    name: name("party", p),
                    no_deal: -1.0,
                    payoff,
                };
                let limit = |(quantity, at, asked): (Payoff, i32, Option<(usize, usize)>)| Limit {
                    ratifier: "body".into(),
                    party: 0,
                    what: "quantity".into(),
                    quantity,
                    bound: Bound::AtLeast(f64::from(at)),
                    asked: asked.map(|(issue, option)| vec![Choice { issue, option }]),
                };
                Talks::new(
                    (0..issues).map(issue).collect(),
                    payoffs.into_iter().enumerate().map(party).collect(),
                    Vec::new(),
                    limits.into_iter().map(limit).collect(),
                )
                .unwrap()
            })
        })
    }

    type Plain = Vec<(Vec<i64>, u128, Vec<crate::Package>)>;

    fn plain(found: Vec<Found>) -> Plain {
        let plain = |f: Found| (f.payoffs, f.ties.count, f.ties.listed);
        found.into_iter().map(plain).collect()
    }

    fn both_ways<const D: usize>(grid: &Grid<D>) -> (Plain, Plain) {
        let parts = parts::parts(grid, MOST_COMBINATIONS).unwrap();
        let merged = layers::frontier(grid, &parts, usize::MAX, 1000).unwrap();
        (plain(merged), plain(enumerate::frontier(grid, 1000)))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn merging_and_walking_agree_to_the_last_tie(talks in talks(), win_set: bool) {
            let scope = if win_set { Scope::win_set(&talks) } else { Scope::all(&talks) };
            let (merged, walked) = with_dimensions!(dimensions(&talks, &scope).unwrap(), D => {
                both_ways::<D>(&Grid::new(&talks, scope.clone()))
            });
            prop_assert_eq!(&merged, &walked);
            let few = with_dimensions!(dimensions(&talks, &scope).unwrap(), D => {
                plain(enumerate::frontier(&Grid::<D>::new(&talks, scope.clone()), 2))
            });
            for (short, (payoffs, tied, listed)) in few.iter().zip(&walked) {
                prop_assert_eq!((&short.0, short.1), (payoffs, *tied));
                prop_assert_eq!(&short.2[..], &listed[..listed.len().min(2)]);
            }
            prop_assert_eq!(few.len(), walked.len());
            let open = is_open(&talks, scope.clone(), usize::MAX).unwrap();
            prop_assert_eq!(open, !walked.is_empty());
            prop_assert_eq!(open, enumerate::is_open(&Grid::<10>::new(&talks, scope.clone())));
            let chosen = frontier(&talks, scope, usize::MAX, 1000).unwrap();
            prop_assert_eq!(plain(chosen), walked);
        }
    }
}
