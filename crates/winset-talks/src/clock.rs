//! The clock: what waiting costs each side, and who gives way when, with a deadline at which the cliff comes.

use serde::Serialize;

use crate::{Package, TalksError};

/// Two parties who make offers in turn, one a week, until a deadline.
///
/// Amounts are bn USD a year. Until they agree both have the interim payoffs; from the week of an agreement to the end
/// of the span each has the package's; if they have not agreed by the deadline, each has that of no deal from then on.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// Weeks until the deadline, at least 1; one offer a week.
    pub weeks: usize,
    /// Weeks over which payoffs are added up; not below `weeks`.
    pub span: usize,
    /// Discount rate of each party, a share a year (0.05 is 5 %); not below 0.
    pub rates: [f64; 2],
    /// Payoffs of a year of the interim state: the pause.
    pub interim: [f64; 2],
    /// Payoffs of a year of no deal: the cliff.
    pub no_deal: [f64; 2],
    /// Who makes the first offer, 0 or 1; then they take turns.
    pub first: usize,
}

/// What happens in a week that is reached without agreement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Week {
    /// The week, from 0.
    pub week: usize,
    /// Who offers.
    pub proposer: usize,
    /// The offer that is accepted; none if the proposer is better off waiting.
    pub package: Option<Package>,
    /// Present values of both from this week's play, seen from week 0, bn USD over the span.
    pub values: [f64; 2],
}

/// How talks end when both know all payoffs and neither can bind itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Play {
    /// Week by week, as far as the deadline: what would be offered and taken if that week were reached.
    pub weeks: Vec<Week>,
    /// The week of agreement; none if the cliff comes first.
    pub agreed: Option<usize>,
    /// Present values of both, bn USD over the span.
    pub values: [f64; 2],
    /// What both would have if no offer were ever made: the interim, then the cliff.
    pub without: [f64; 2],
}

/// What one more week, or a longer pause, is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Waiting {
    /// What each loses if nothing is offered in the coming week, bn USD over the span; below 0 if it gains.
    pub week_lost: [f64; 2],
    /// What each gains if the deadline is moved out by the weeks asked about; below 0 if it loses.
    pub extended: [f64; 2],
}

impl Clock {
    fn check(&self, points: &[(Package, [f64; 2])]) -> Result<(), TalksError> {
        let fail = |what: &str| {
            Err(TalksError::Clock {
                what: what.to_owned(),
            })
        };
        if self.weeks == 0 || self.span < self.weeks {
            return fail(
                "there is at least one week before the deadline, and the span does not end before it",
            );
        }
        if self.first > 1 {
            return fail("the first offer is made by party 0 or 1");
        }
        if self.rates.iter().any(|r| !r.is_finite() || *r < 0.0) {
            return fail("discount rates are shares a year, not below 0");
        }
        let payoffs = points.iter().flat_map(|p| p.1);
        if payoffs
            .chain(self.interim)
            .chain(self.no_deal)
            .any(|x| !x.is_finite())
        {
            return fail("payoffs must be finite");
        }
        Ok(())
    }

    /// The worth to a party of 1 bn USD a year between two weeks.
    fn annuity(&self, party: usize, from: usize, to: usize) -> f64 {
        let week = |k: usize| (-self.rates[party] * k as f64 / 52.0).exp() / 52.0;
        (from..to).map(week).sum()
    }

    /// The subgame-perfect play with complete information, by backward induction (Ståhl 1972; Rubinstein 1982,
    /// *Econometrica* 50(1) is its limit without deadline). `points` are the packages that can be signed, with the
    /// payoffs of both; those off the frontier are never offered. A responder takes what is worth no less to it than
    /// going on; of offers equally good to the proposer the one better for the responder is made.
    ///
    /// # Errors
    /// No week before the deadline, a span that ends before it, a rate below 0, a number that is not finite.
    pub fn alternating(&self, points: &[(Package, [f64; 2])]) -> Result<Play, TalksError> {
        self.check(points)?;
        let from_start = |to: usize| [0, 1].map(|p| self.interim[p] * self.annuity(p, 0, to));
        let at_cliff = from_start(self.weeks);
        let without =
            [0, 1].map(|p| at_cliff[p] + self.no_deal[p] * self.annuity(p, self.weeks, self.span));
        let mut next = without;
        let mut weeks = Vec::with_capacity(self.weeks);
        let mut agreed = None;
        for week in (0..self.weeks).rev() {
            let proposer = (self.first + week) % 2;
            let responder = 1 - proposer;
            let before = from_start(week);
            let rest = [0, 1].map(|p| self.annuity(p, week, self.span));
            let worth = |payoffs: [f64; 2]| [0, 1].map(|p| before[p] + payoffs[p] * rest[p]);
            // Present values within rounding count as equal, so that indifference means agreement.
            let slack = 1e-12 * (1.0 + next[0].abs() + next[1].abs());
            let best = points
                .iter()
                .map(|(package, payoffs)| (package, worth(*payoffs)))
                .filter(|(_, v)| v[responder] >= next[responder] - slack)
                .max_by(|(_, a), (_, b)| {
                    let own = a[proposer].total_cmp(&b[proposer]);
                    own.then(a[responder].total_cmp(&b[responder]))
                });
            let offer = best.filter(|(_, v)| v[proposer] >= next[proposer] - slack);
            if let Some((_, values)) = offer {
                next = values;
                agreed = Some(week);
            }
            let package = offer.map(|(package, _)| package.clone());
            weeks.push(Week {
                week,
                proposer,
                package,
                values: next,
            });
        }
        weeks.reverse();
        Ok(Play {
            weeks,
            agreed,
            values: next,
            without,
        })
    }

    /// What a week without an offer costs each side, and what moving the deadline out by `more` weeks does.
    ///
    /// The lost week is this week's: the talks go on with the same deadline and the other side's offer.
    ///
    /// # Errors
    /// As [`Clock::alternating`].
    pub fn waiting(
        &self,
        points: &[(Package, [f64; 2])],
        more: usize,
    ) -> Result<Waiting, TalksError> {
        let now = self.alternating(points)?;
        let later = now.weeks.get(1).map_or(now.without, |w| w.values);
        let longer = Self {
            weeks: self.weeks + more,
            span: self.span.max(self.weeks + more),
            ..self.clone()
        };
        let extended = longer.alternating(points)?;
        Ok(Waiting {
            week_lost: [0, 1].map(|p| now.values[p] - later[p]),
            extended: [0, 1].map(|p| extended.values[p] - now.values[p]),
        })
    }
}
