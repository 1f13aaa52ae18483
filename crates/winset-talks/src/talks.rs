//! The talks: issues, parties, mandates and ratifiers, checked once.

use serde::{Deserialize, Serialize};

use crate::payoff::Exact;
use crate::units::{self, cell_units};
use crate::{Package, Payoff, TalksError};

/// A thing on the table, and the values it can take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// Its name.
    pub name: String,
    /// Its options; a package holds exactly one of them.
    pub options: Vec<String>,
}

/// A side: what each package is worth to it, and what no deal is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Its name.
    pub name: String,
    /// The payoff of no deal, in the unit of `payoff`; within ±1,000,000.
    pub no_deal: f64,
    /// The payoff of each package (bn USD a year where money).
    pub payoff: Payoff,
}

/// A red line: the options of one issue that a party's delegation may agree to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandate {
    /// The party, counted from 0.
    pub party: usize,
    /// The issue, counted from 0.
    pub issue: usize,
    /// The options it may agree to, counted from 0; never empty.
    pub allowed: Vec<usize>,
}

/// One side of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The quantity must not be below this.
    AtLeast(f64),
    /// The quantity must not be above this.
    AtMost(f64),
}

impl Bound {
    /// The number itself.
    pub fn value(self) -> f64 {
        match self {
            Self::AtLeast(x) | Self::AtMost(x) => x,
        }
    }
}

/// An option of an issue, both counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The issue.
    pub issue: usize,
    /// Its option.
    pub option: usize,
}

/// What a ratifier at home says yes to.
///
/// Several limits may carry the name of one ratifier: it says yes where all of them hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// The body: a chamber, a ministry, a lobby.
    pub ratifier: String,
    /// The party at whose home it sits, counted from 0.
    pub party: usize,
    /// What is limited, in words with the unit: `output of A01 in JPN, %`.
    pub what: String,
    /// The quantity of each package.
    pub quantity: Payoff,
    /// The limit, in the unit of `quantity`; within ±1,000,000.
    pub bound: Bound,
    /// The options whose legal acts pass this body; `None` if it is asked about every package.
    pub asked: Option<Vec<Choice>>,
}

/// A limit on integers: `quantity ≥ floor`, where the quantity of an `AtMost` is negated.
#[derive(Clone, Debug)]
pub(crate) struct ExactLimit {
    pub(crate) quantity: Exact,
    pub(crate) floor: i64,
}

/// Checked talks. See the crate's front page for a worked example.
#[derive(Clone, Debug)]
pub struct Talks {
    pub(crate) issues: Vec<Issue>,
    pub(crate) parties: Vec<Party>,
    pub(crate) mandates: Vec<Mandate>,
    pub(crate) limits: Vec<Limit>,
    pub(crate) payoffs: Vec<Exact>,
    pub(crate) no_deal: Vec<i64>,
    pub(crate) quantities: Vec<ExactLimit>,
}

impl Talks {
    /// Checks the tables against each other.
    ///
    /// # Errors
    /// No issue, option or party; a name given twice; a table of another shape than the issues; a value
    /// that is not finite or too large; a mandate or limit that points at nothing; a mandate that allows
    /// nothing. The message names the table and the cell.
    pub fn new(
        issues: Vec<Issue>,
        parties: Vec<Party>,
        mandates: Vec<Mandate>,
        limits: Vec<Limit>,
    ) -> Result<Self, TalksError> {
        check_names(&issues, &parties)?;
        let mut payoffs = Vec::with_capacity(parties.len());
        let mut no_deal = Vec::with_capacity(parties.len());
        for party in &parties {
            let table = format!("party `{}`", party.name);
            payoffs.push(Exact::new(&party.payoff, &issues, &table)?);
            no_deal.push(cell_units(party.no_deal, &table, || {
                "the payoff of no deal".to_owned()
            })?);
        }
        let mut quantities = Vec::with_capacity(limits.len());
        for limit in &limits {
            quantities.push(exact_limit(limit, &issues, parties.len())?);
        }
        for mandate in &mandates {
            check_mandate(mandate, &issues, &parties)?;
        }
        Ok(Self {
            issues,
            parties,
            mandates,
            limits,
            payoffs,
            no_deal,
            quantities,
        })
    }

    /// The issues.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// The parties.
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// The mandates.
    pub fn mandates(&self) -> &[Mandate] {
        &self.mandates
    }

    /// The limits of the ratifiers.
    pub fn limits(&self) -> &[Limit] {
        &self.limits
    }

    /// The ratifiers by name, each once, in the order of their first limit.
    pub fn ratifiers(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for limit in &self.limits {
            if !names.contains(&limit.ratifier.as_str()) {
                names.push(&limit.ratifier);
            }
        }
        names
    }

    /// Number of packages; `u128::MAX` stands for that many or more.
    pub fn packages(&self) -> u128 {
        self.issues
            .iter()
            .fold(1, |n, issue| n.saturating_mul(issue.options.len() as u128))
    }

    /// Each party's payoff from a package.
    ///
    /// # Errors
    /// A package of another length, or with an option that does not exist.
    pub fn payoffs(&self, package: &Package) -> Result<Vec<f64>, TalksError> {
        self.check(package)?;
        Ok(units::values(&self.exact_payoffs(package)))
    }

    pub(crate) fn exact_payoffs(&self, package: &Package) -> Vec<i64> {
        self.payoffs
            .iter()
            .map(|p| p.of(package.options()))
            .collect()
    }

    /// Whether every party is at least as well off as with no deal, and one is better off.
    pub(crate) fn beats_no_deal(&self, payoffs: &[i64]) -> bool {
        let mut gains = payoffs.iter().zip(&self.no_deal);
        gains.clone().all(|(p, n)| p >= n) && gains.any(|(p, n)| p > n)
    }

    /// A package by the names of its options.
    ///
    /// # Errors
    /// Another number of names than issues, or a name that is no option: the issue is named.
    pub fn package(&self, options: &[&str]) -> Result<Package, TalksError> {
        if options.len() != self.issues.len() {
            return Err(TalksError::Package {
                expected: self.issues.len(),
                found: options.len(),
            });
        }
        let find = |(issue, name): (&Issue, &&str)| {
            issue
                .options
                .iter()
                .position(|o| o == name)
                .map(|o| o as u16)
                .ok_or_else(|| TalksError::Option {
                    issue: issue.name.clone(),
                    found: (*name).to_owned(),
                    there: issue.options.join(", "),
                })
        };
        self.issues
            .iter()
            .zip(options)
            .map(find)
            .collect::<Result<Vec<u16>, _>>()
            .map(Package::from)
    }

    /// The names of a package's options.
    ///
    /// # Errors
    /// As [`Talks::payoffs`].
    pub fn option_names(&self, package: &Package) -> Result<Vec<&str>, TalksError> {
        self.check(package)?;
        let names = self.issues.iter().zip(package.options());
        Ok(names
            .map(|(issue, o)| issue.options[usize::from(*o)].as_str())
            .collect())
    }

    pub(crate) fn check(&self, package: &Package) -> Result<(), TalksError> {
        let found = package.options().len();
        if found != self.issues.len() {
            return Err(TalksError::Package {
                expected: self.issues.len(),
                found,
            });
        }
        for (issue, option) in self.issues.iter().zip(package.options()) {
            let place = || format!("package, issue `{}`", issue.name);
            check_index(usize::from(*option), issue.options.len(), "option", place)?;
        }
        Ok(())
    }

    pub(crate) fn check_party(&self, party: usize) -> Result<(), TalksError> {
        check_index(party, self.parties.len(), "party", || {
            "party asked about".to_owned()
        })
    }

    /// Whether a limit's body is asked about this package.
    pub(crate) fn is_asked(&self, limit: usize, options: &[u16]) -> bool {
        self.limits[limit].asked.as_ref().is_none_or(|choices| {
            choices
                .iter()
                .any(|c| usize::from(options[c.issue]) == c.option)
        })
    }

    /// Whether a package is inside every mandate.
    pub(crate) fn is_mandated(&self, options: &[u16]) -> bool {
        self.mandates
            .iter()
            .all(|m| m.allowed.contains(&usize::from(options[m.issue])))
    }

    /// Whether every ratifier who is asked says yes.
    pub(crate) fn is_ratified(&self, options: &[u16]) -> bool {
        (0..self.limits.len()).all(|l| {
            let limit = &self.quantities[l];
            !self.is_asked(l, options) || limit.quantity.of(options) >= limit.floor
        })
    }

    /// Whether a package is in the win-set: inside every mandate, ratified by every ratifier who is asked,
    /// no party below no deal and one above.
    ///
    /// # Errors
    /// As [`Talks::payoffs`].
    pub fn in_win_set(&self, package: &Package) -> Result<bool, TalksError> {
        self.check(package)?;
        let options = package.options();
        Ok(self.is_mandated(options)
            && self.is_ratified(options)
            && self.beats_no_deal(&self.exact_payoffs(package)))
    }
}

fn check_index(
    found: usize,
    there: usize,
    what: &'static str,
    place: impl Fn() -> String,
) -> Result<(), TalksError> {
    if found < there {
        Ok(())
    } else {
        Err(TalksError::Unknown {
            place: place(),
            what,
            found,
            there,
        })
    }
}

fn check_names(issues: &[Issue], parties: &[Party]) -> Result<(), TalksError> {
    fn distinct<'a>(what: &str, names: impl Iterator<Item = &'a String>) -> Result<(), TalksError> {
        let mut seen = std::collections::HashSet::new();
        for name in names {
            if !seen.insert(name) {
                return Err(TalksError::Twice {
                    what: what.to_owned(),
                    name: name.clone(),
                });
            }
        }
        Ok(())
    }
    if issues.is_empty() {
        return Err(TalksError::Missing { what: "issue" });
    }
    if parties.is_empty() {
        return Err(TalksError::Missing { what: "party" });
    }
    distinct("issue", issues.iter().map(|i| &i.name))?;
    distinct("party", parties.iter().map(|p| &p.name))?;
    for issue in issues {
        let found = issue.options.len();
        if found == 0 || found > usize::from(u16::MAX) {
            return Err(TalksError::Options {
                issue: issue.name.clone(),
                found,
            });
        }
        distinct(
            &format!("issue `{}`: option", issue.name),
            issue.options.iter(),
        )?;
    }
    Ok(())
}

fn exact_limit(limit: &Limit, issues: &[Issue], parties: usize) -> Result<ExactLimit, TalksError> {
    let table = format!("limit of `{}` on `{}`", limit.ratifier, limit.what);
    check_index(limit.party, parties, "party", || table.clone())?;
    for choice in limit.asked.iter().flatten() {
        check_index(choice.issue, issues.len(), "issue", || {
            format!("{table}, `asked`")
        })?;
        let issue = &issues[choice.issue];
        let place = || format!("{table}, `asked`, issue `{}`", issue.name);
        check_index(choice.option, issue.options.len(), "option", place)?;
    }
    let mut quantity = Exact::new(&limit.quantity, issues, &table)?;
    let mut floor = cell_units(limit.bound.value(), &table, || "the limit".to_owned())?;
    if matches!(limit.bound, Bound::AtMost(_)) {
        floor = -floor;
        let pairs = quantity.pairs.iter_mut().flat_map(|p| p.values.iter_mut());
        quantity
            .values
            .iter_mut()
            .chain(pairs)
            .flatten()
            .for_each(|v| *v = -*v);
    }
    Ok(ExactLimit { quantity, floor })
}

fn check_mandate(mandate: &Mandate, issues: &[Issue], parties: &[Party]) -> Result<(), TalksError> {
    check_index(mandate.party, parties.len(), "party", || {
        "mandate".to_owned()
    })?;
    let party = &parties[mandate.party].name;
    check_index(mandate.issue, issues.len(), "issue", || {
        format!("mandate of `{party}`")
    })?;
    let issue = &issues[mandate.issue];
    if mandate.allowed.is_empty() {
        return Err(TalksError::EmptyMandate {
            party: party.clone(),
            issue: issue.name.clone(),
        });
    }
    for option in &mandate.allowed {
        let place = || format!("mandate of `{party}` on issue `{}`", issue.name);
        check_index(*option, issue.options.len(), "option", place)?;
    }
    Ok(())
}
