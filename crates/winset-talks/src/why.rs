//! Why a package is in the win-set, or who stops it and by how much.

use serde::Serialize;

use crate::{Bound, Package, Talks, TalksError, units};

/// What one package means for everyone who has a say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Why {
    /// Whether it is in the win-set: none of the three lists below has an entry, and some party gains.
    pub in_win_set: bool,
    /// Each party's payoff, in the unit of the tables.
    pub payoffs: Vec<f64>,
    /// Each party's payoff less that of no deal.
    pub gains: Vec<f64>,
    /// `contributions[party][issue]`: what the chosen option adds by itself.
    pub contributions: Vec<Vec<f64>>,
    /// `interactions[party]`: what pairs of chosen options add together.
    pub interactions: Vec<f64>,
    /// Options that a delegation may not agree to.
    pub outside_mandates: Vec<OutsideMandate>,
    /// Ratifiers who say no.
    pub blocked_by: Vec<Blocked>,
    /// Ratifiers who are not asked, because no chosen option passes them.
    pub not_asked: Vec<String>,
    /// Parties that no deal serves better.
    pub worse_than_no_deal: Vec<WorseOff>,
}

/// A chosen option outside a mandate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutsideMandate {
    /// Whose mandate.
    pub party: String,
    /// The issue.
    pub issue: String,
    /// The chosen option.
    pub option: String,
    /// What the mandate allows.
    pub allowed: Vec<String>,
}

/// A limit that does not hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Blocked {
    /// Who says no.
    pub ratifier: String,
    /// At whose home.
    pub party: String,
    /// What is limited, with its unit.
    pub what: String,
    /// Its value in this package.
    pub value: f64,
    /// The limit.
    pub limit: Bound,
    /// How far the value is on the wrong side; above 0.
    pub short_by: f64,
}

/// A party that loses by signing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorseOff {
    /// The party.
    pub party: String,
    /// How much better no deal is for it; above 0.
    pub by: f64,
}

impl Talks {
    /// What a package means: payoffs, mandates, ratifiers, no deal.
    ///
    /// # Errors
    /// A package of another length, or with an option that does not exist.
    pub fn why(&self, package: &Package) -> Result<Why, TalksError> {
        self.check(package)?;
        let options = package.options();
        let exact = self.exact_payoffs(package);
        let gains: Vec<i64> = exact
            .iter()
            .zip(&self.no_deal)
            .map(|(p, n)| p - n)
            .collect();
        let contributions: Vec<Vec<i64>> = self
            .payoffs
            .iter()
            .map(|table| {
                table
                    .values
                    .iter()
                    .zip(options)
                    .map(|(row, o)| row[usize::from(*o)])
                    .collect()
            })
            .collect();
        let interactions: Vec<i64> = exact
            .iter()
            .zip(&contributions)
            .map(|(p, c)| p - c.iter().sum::<i64>())
            .collect();
        let worse = gains.iter().zip(&self.parties).filter(|(g, _)| **g < 0);
        Ok(Why {
            in_win_set: self.in_win_set(package)?,
            payoffs: units::values(&exact),
            gains: units::values(&gains),
            contributions: contributions.iter().map(|c| units::values(c)).collect(),
            interactions: units::values(&interactions),
            outside_mandates: self.outside_mandates(options),
            blocked_by: self.blocked_by(options),
            not_asked: self.not_asked(options),
            worse_than_no_deal: worse
                .map(|(g, p)| WorseOff {
                    party: p.name.clone(),
                    by: units::value(-g),
                })
                .collect(),
        })
    }

    fn outside_mandates(&self, options: &[u16]) -> Vec<OutsideMandate> {
        let outside = |m: &&crate::Mandate| !m.allowed.contains(&usize::from(options[m.issue]));
        self.mandates
            .iter()
            .filter(outside)
            .map(|m| {
                let issue = &self.issues[m.issue];
                OutsideMandate {
                    party: self.parties[m.party].name.clone(),
                    issue: issue.name.clone(),
                    option: issue.options[usize::from(options[m.issue])].clone(),
                    allowed: m
                        .allowed
                        .iter()
                        .map(|o| issue.options[*o].clone())
                        .collect(),
                }
            })
            .collect()
    }

    fn blocked_by(&self, options: &[u16]) -> Vec<Blocked> {
        let mut blocked = Vec::new();
        for (l, (limit, exact)) in self.limits.iter().zip(&self.quantities).enumerate() {
            let quantity = exact.quantity.of(options);
            if !self.is_asked(l, options) || quantity >= exact.floor {
                continue;
            }
            let value = if matches!(limit.bound, Bound::AtMost(_)) {
                -quantity
            } else {
                quantity
            };
            blocked.push(Blocked {
                ratifier: limit.ratifier.clone(),
                party: self.parties[limit.party].name.clone(),
                what: limit.what.clone(),
                value: units::value(value),
                limit: limit.bound,
                short_by: units::value(exact.floor - quantity),
            });
        }
        blocked
    }

    fn not_asked(&self, options: &[u16]) -> Vec<String> {
        let asked = |name: &str| {
            (0..self.limits.len())
                .any(|l| self.limits[l].ratifier == name && self.is_asked(l, options))
        };
        self.ratifiers()
            .into_iter()
            .filter(|name| !asked(name))
            .map(str::to_owned)
            .collect()
    }
}
