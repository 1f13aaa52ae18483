//! The rate on a line without an entry: what averages and models ask for.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use winset_io::Table;

use crate::assess::{Question, base_rate, charge};
use crate::entry::{Fact, Inputs, Quantity};
use crate::law::Law;
use crate::{Country, GoodsCode, LawError};

/// What is assumed where an entry would state a fact: shares of material in value, shares of trade that
/// claims a programme. With none, no programme is claimed and a duty on content falls on the whole value,
/// as it does on an entry that does not state the content.
#[derive(Clone, Debug, Default)]
pub struct Assumptions {
    content: HashMap<Arc<str>, HashMap<GoodsCode, Decimal>>,
    content_elsewhere: HashMap<Arc<str>, Decimal>,
    claims: HashMap<(GoodsCode, Country), f64>,
    programme: Vec<String>,
}

fn share(what: &str, share: f64) -> Result<f64, LawError> {
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    Err(LawError::Range {
        what: what.to_owned(),
        found: share.to_string(),
        range: "a share from 0 to 1",
    })
}

impl Assumptions {
    /// The share of a material in the value of goods, 0 to 1; a longer code inherits it.
    ///
    /// # Errors
    /// A share outside 0 to 1.
    pub fn content_share(
        &mut self,
        material: &str,
        goods: GoodsCode,
        of: f64,
    ) -> Result<(), LawError> {
        let of = share("a content share", of)?;
        let of = Decimal::from_f64(of).unwrap_or(Decimal::ONE);
        self.content
            .entry(material.into())
            .or_default()
            .insert(goods, of);
        Ok(())
    }

    /// The share of a material in the value of all goods that have none of their own.
    ///
    /// # Errors
    /// A share outside 0 to 1.
    pub fn content_share_elsewhere(&mut self, material: &str, of: f64) -> Result<(), LawError> {
        let of = share("a content share", of)?;
        self.content_elsewhere.insert(
            material.into(),
            Decimal::from_f64(of).unwrap_or(Decimal::ONE),
        );
        Ok(())
    }

    /// The shares of trade that claim a programme: a table with the columns `code` (10 digits), `partner`
    /// (US Census code) and `share`. One programme at a time.
    ///
    /// # Errors
    /// A missing column, a cell that does not read, a share outside 0 to 1.
    pub fn claim_shares(&mut self, programme: &str, table: &Table) -> Result<(), LawError> {
        let (codes, partners) = (table.texts("code")?, table.texts("partner")?);
        let shares = table.reals("share")?;
        self.programme = vec![programme.to_owned()];
        for row in 0..table.rows() {
            let here = |error: LawError| error.in_row(table.name(), row);
            let code = codes[row].parse().map_err(here)?;
            let partner = Country::from_census(&partners[row]).map_err(here)?;
            self.claims.insert(
                (code, partner),
                share("a claim share", shares[row]).map_err(here)?,
            );
        }
        Ok(())
    }

    fn of(&self, material: &str, goods: GoodsCode) -> Option<Decimal> {
        let by_code = self.content.get(material).and_then(|shares| {
            (2..=goods.digits())
                .rev()
                .find_map(|digits| shares.get(&goods.prefix(digits)))
        });
        by_code
            .or_else(|| self.content_elsewhere.get(material))
            .copied()
    }
}

struct Assumed<'a> {
    assumptions: &'a Assumptions,
    goods: GoodsCode,
    claimed: &'a [String],
}

impl Inputs for Assumed<'_> {
    fn fact(&self, _: &str) -> Option<Fact> {
        None
    }

    fn claims(&self, programme: &str) -> bool {
        self.claimed.iter().any(|c| c == programme)
    }

    fn content(&self, of: &str, value: Decimal) -> Option<Decimal> {
        self.assumptions.of(of, self.goods)?.checked_mul(value)
    }

    fn loaded(&self) -> Option<Date> {
        None
    }

    fn quantity(&self) -> Option<&Quantity> {
        None
    }

    fn claimed(&self) -> &[String] {
        self.claimed
    }
}

/// A line, an origin, and the two dates.
#[derive(Clone, Copy, Debug)]
pub struct RateOf {
    /// Whose border.
    pub importer: Country,
    /// The goods.
    pub goods: GoodsCode,
    /// The origin.
    pub origin: Country,
    /// The entry date.
    pub on: Date,
    /// The day as of which acts count; all acts in the data where absent.
    pub known_on: Option<Date>,
    /// The base rate as a fraction, to use where the schedule's cannot be computed without a quantity or
    /// has no line for the code: usually duty over value as collected.
    pub base_if_unknown: Option<f64>,
}

/// Where a base rate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseFrom {
    /// The schedule.
    Schedule,
    /// [`RateOf::base_if_unknown`].
    Given,
}

/// A rate in parts, as fractions of value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AppliedRate {
    /// The base rate.
    pub base: f64,
    /// Where it comes from.
    pub base_from: BaseFrom,
    /// What measures add.
    pub additional: f64,
}

impl AppliedRate {
    /// Base and additional rate.
    pub fn total(&self) -> f64 {
        self.base + self.additional
    }
}

impl Law {
    /// The rate on a line as a fraction of value, without a trace.
    ///
    /// # Errors
    /// As [`Law::assess`]; a base rate that needs a quantity where none is given in its stead.
    pub fn rate(&self, of: &RateOf, assumptions: &Assumptions) -> Result<AppliedRate, LawError> {
        self.rate_by(of, assumptions, &mut |_, _| {})
    }

    /// As [`Law::rate`], telling each measure's part to `each` by its number in [`Law::measures`].
    pub(crate) fn rate_by(
        &self,
        of: &RateOf,
        assumptions: &Assumptions,
        each: &mut impl FnMut(usize, f64),
    ) -> Result<AppliedRate, LawError> {
        let q = Question {
            importer: of.importer,
            goods: of.goods,
            origin: of.origin,
            on: of.on,
            known: of.known_on,
            value: Decimal::ONE,
        };
        self.covered(&q)?;
        let claiming = if assumptions.claims.is_empty() {
            0.0
        } else {
            assumptions
                .claims
                .get(&(of.goods, of.origin))
                .copied()
                .unwrap_or(0.0)
        };
        let mut rate = AppliedRate {
            base: 0.0,
            base_from: BaseFrom::Schedule,
            additional: 0.0,
        };
        for (weight, claimed) in [
            (1.0 - claiming, &[][..]),
            (claiming, assumptions.programme.as_slice()),
        ] {
            if weight == 0.0 {
                continue;
            }
            let inputs = Assumed {
                assumptions,
                goods: of.goods,
                claimed,
            };
            let computed = self.line(&q).and_then(|line| {
                charge(
                    base_rate(line, &q, &inputs).rate,
                    q.value,
                    &q,
                    Decimal::ZERO,
                    &inputs,
                )
            });
            let base = match (computed, of.base_if_unknown.and_then(Decimal::from_f64)) {
                (Ok(base), _) => base,
                (Err(_), Some(given)) => {
                    rate.base_from = BaseFrom::Given;
                    given
                }
                (Err(error), None) => return Err(error),
            };
            rate.base += weight * base.to_f64().unwrap_or(0.0);
            for a in self.evaluate(&q, base, &inputs, &mut ())? {
                let amount = weight * a.amount().to_f64().unwrap_or(0.0);
                rate.additional += amount;
                each(a.number(), amount);
            }
        }
        Ok(rate)
    }
}
