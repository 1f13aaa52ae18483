//! What is assumed where an entry would state a fact.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use winset_io::Table;

use crate::code::CodeMap;
use crate::country::Origins;
use crate::entry::{Fact, Inputs, Quantity};
use crate::{Country, GoodsCode, LawError};

/// What is assumed where an entry would state a fact: shares of material in value, shares of trade that
/// claims a programme. With none, no programme is claimed and a duty on content falls on the whole value,
/// as it does on an entry that does not state the content.
#[derive(Clone, Debug, Default)]
pub struct Assumptions {
    content: HashMap<Arc<str>, Shares>,
    claims: CodeMap<Vec<(Country, f64)>>,
    /// The origins of which any trade claims.
    claiming: Origins,
    programme: Vec<String>,
    /// By chapter and origin: the share of trade that enters free of the base duty.
    free: HashMap<(u8, Country), f64>,
    /// The shares of trade in goods of an origin that claim a preference; the longest code counts.
    preferred: CodeMap<Vec<(Country, Preferred)>>,
    /// What is claimed, each once.
    preferences: Vec<String>,
    facts: Vec<(Arc<str>, Fact)>,
    mixes: Vec<Mix>,
}

/// Goods of an origin of which parts differ in a fact: who made them.
#[derive(Clone, Debug)]
struct Mix {
    goods: GoodsCode,
    origin: Country,
    fact: Arc<str>,
    parts: Vec<(Fact, f64)>,
}

/// A share of trade and the number of what it claims.
#[derive(Clone, Copy, Debug)]
struct Preferred {
    share: f64,
    claim: usize,
}

/// How goods enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// With the base duty of their line.
    Plain,
    /// With a claimed programme.
    Claiming,
    /// Free of the base duty.
    Free,
    /// With the base duty of a preference, by its number; with the ordinary one where it is not open. No measure asks about it.
    Preferred(usize),
    /// With the base duty, one part of a mix: its number, and the number of the part.
    Part(usize, usize),
}

/// The shares of one material.
#[derive(Clone, Debug, Default)]
struct Shares {
    by_code: CodeMap<Decimal>,
    /// The lengths of these codes, one bit each: a look-up tries no other.
    digits: u16,
    elsewhere: Option<Decimal>,
}

impl Shares {
    fn of(&self, goods: GoodsCode) -> Option<Decimal> {
        (2..=goods.digits())
            .rev()
            .filter(|digits| self.digits & (1 << digits) != 0)
            .find_map(|digits| self.by_code.get(&goods.prefix(digits)))
            .or(self.elsewhere.as_ref())
            .copied()
    }
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
        let shares = self.content.entry(material.into()).or_default();
        shares.digits |= 1 << goods.digits();
        shares.by_code.insert(goods, of);
        Ok(())
    }

    /// The share of a material in the value of all goods that have none of their own.
    ///
    /// # Errors
    /// A share outside 0 to 1.
    pub fn content_share_elsewhere(&mut self, material: &str, of: f64) -> Result<(), LawError> {
        let of = share("a content share", of)?;
        let shares = self.content.entry(material.into()).or_default();
        shares.elsewhere = Decimal::from_f64(of);
        Ok(())
    }

    /// A fact assumed of all goods, as [`Entry::fact`](crate::Entry::fact).
    ///
    /// # Errors
    /// A value that is no fact.
    pub fn fact(&mut self, name: &str, value: &str) -> Result<(), LawError> {
        let fact = Fact::read(name, value)?;
        self.facts.retain(|(n, _)| **n != *name);
        self.facts.push((name.into(), fact));
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
            let share = share("a claim share", shares[row]).map_err(here)?;
            let of_line = self.claims.entry(code).or_default();
            of_line.retain(|(country, _)| *country != partner);
            of_line.push((partner, share));
            self.claiming.insert(partner);
        }
        Ok(())
    }

    /// The share of trade in a chapter, of an origin, that enters free of the base duty under whatever
    /// preference, 0 to 1; what claims the programme of [`Assumptions::claim_shares`] is not in it.
    ///
    /// # Errors
    /// A share outside 0 to 1.
    pub fn free_share(&mut self, chapter: u8, origin: Country, of: f64) -> Result<(), LawError> {
        let of = share("a share of free entries", of)?;
        self.free.insert((chapter, origin), of);
        Ok(())
    }

    /// The share of trade in goods of an origin that claims a preference of the schedule, a symbol or the name of a programme, 0 to
    /// 1; a longer code inherits it. Where the preference is not open on the day that is asked about, the ordinary base duty is owed.
    /// What claims the programme of [`Assumptions::claim_shares`] is not in it.
    ///
    /// # Errors
    /// A share outside 0 to 1.
    pub fn preference_share(
        &mut self,
        goods: GoodsCode,
        origin: Country,
        claim: &str,
        of: f64,
    ) -> Result<(), LawError> {
        let of = share("a share of a preference", of)?;
        let known = self.preferences.iter().position(|known| known == claim);
        let claim = known.unwrap_or_else(|| {
            self.preferences.push(claim.to_owned());
            self.preferences.len() - 1
        });
        let of_goods = self.preferred.entry(goods).or_default();
        of_goods.retain(|(country, _)| *country != origin);
        of_goods.push((origin, Preferred { share: of, claim }));
        Ok(())
    }

    /// Of goods of an origin parts differ in a fact: each part's word and its share of the trade. What the shares
    /// leave of one states nothing. Of two mixes that hold some goods the one with the longer code counts.
    ///
    /// # Errors
    /// A share outside 0 to 1, shares that sum to more than one, a word that no fact can have.
    pub fn mix(
        &mut self,
        goods: GoodsCode,
        origin: Country,
        fact: &str,
        parts: &[(&str, f64)],
    ) -> Result<(), LawError> {
        let mut total = 0.0;
        let parts = parts.iter().map(|(word, of)| {
            let of = share(&format!("the share of `{fact} = {word}`"), *of)?;
            total += of;
            Ok((Fact::read(fact, word)?, of))
        });
        let parts = parts.collect::<Result<Vec<_>, LawError>>()?;
        // Decimal shares that make one whole may sum to a little more.
        let whole = if total < 1.0 + 1e-9 {
            total.min(1.0)
        } else {
            total
        };
        share(&format!("the sum of the shares of `{fact}`"), whole)?;
        self.mixes.push(Mix {
            goods,
            origin,
            fact: fact.into(),
            parts,
        });
        self.mixes
            .sort_by_key(|mix| std::cmp::Reverse(mix.goods.digits()));
        Ok(())
    }

    /// The shares of trade in goods of an origin that enter in each way.
    pub(crate) fn ways(
        &self,
        goods: GoodsCode,
        origin: Country,
    ) -> impl Iterator<Item = (Way, f64)> {
        let [(_, plain), others @ ..] = self.claims_and_rest(goods, origin);
        let mut mixes = self.mixes.iter().enumerate();
        let mix = mixes.find(|(_, mix)| mix.origin == origin && goods.is_within(mix.goods));
        let number = mix.map_or(0, |(number, _)| number);
        let parts = mix.map_or(&[][..], |(_, mix)| mix.parts.as_slice());
        let told: f64 = parts.iter().map(|(_, of)| of).sum();
        let parts = parts.iter().enumerate();
        std::iter::once((Way::Plain, plain * (1.0 - told).max(0.0)))
            .chain(parts.map(move |(part, (_, of))| (Way::Part(number, part), plain * of)))
            .chain(others)
    }

    fn claims_and_rest(&self, goods: GoodsCode, origin: Country) -> [(Way, f64); 3] {
        let claiming = self.claim_share(goods, origin);
        let (way, share) = match self.preferred(goods, origin) {
            Some(preferred) => (Way::Preferred(preferred.claim), preferred.share),
            None if self.free.is_empty() => (Way::Free, 0.0),
            None => {
                let free = self.free.get(&(goods.chapter(), origin));
                (Way::Free, free.copied().unwrap_or(0.0))
            }
        };
        let share = share * (1.0 - claiming);
        [
            (Way::Plain, 1.0 - claiming - share),
            (Way::Claiming, claiming),
            (way, share),
        ]
    }

    /// The share of trade in goods of an origin that claims a preference, of the longest code that has one.
    fn preferred(&self, goods: GoodsCode, origin: Country) -> Option<Preferred> {
        let lengths = [10, 8, 6]
            .into_iter()
            .filter(|digits| *digits <= goods.digits());
        lengths
            .filter_map(|digits| self.preferred.get(&goods.prefix(digits)))
            .find_map(|of| {
                let found = of.iter().find(|(country, _)| *country == origin);
                found.map(|(_, preferred)| *preferred)
            })
    }

    /// What is assumed of goods that claim a preference, by its number.
    pub(crate) fn claiming_preference(&self, goods: GoodsCode, claim: usize) -> Assumed<'_> {
        Assumed {
            claimed: &self.preferences[claim..=claim],
            ..self.on(goods, Way::Plain)
        }
    }

    /// The share of trade in goods of an origin that claims the programme of [`Assumptions::claim_shares`].
    pub(crate) fn claim_share(&self, goods: GoodsCode, origin: Country) -> f64 {
        // Most origins claim nothing anywhere: no need to look further.
        if !self.claiming.contains(origin) {
            return 0.0;
        }
        let mut claims = self.claims.get(&goods).into_iter().flatten();
        claims
            .find(|(country, _)| *country == origin)
            .map_or(0.0, |(_, share)| *share)
    }

    /// What is assumed of goods that enter in a way.
    pub(crate) fn on(&self, goods: GoodsCode, way: Way) -> Assumed<'_> {
        let claimed = if way == Way::Claiming {
            self.programme.as_slice()
        } else {
            &[]
        };
        let stated = match way {
            Way::Part(mix, part) => {
                let mix = &self.mixes[mix];
                Some((&*mix.fact, &mix.parts[part].0))
            }
            _ => None,
        };
        Assumed {
            assumptions: self,
            goods,
            claimed,
            stated,
        }
    }
}

/// The answers of an average where an entry would have its own.
pub(crate) struct Assumed<'a> {
    assumptions: &'a Assumptions,
    goods: GoodsCode,
    claimed: &'a [String],
    /// What is stated of this part alone.
    stated: Option<(&'a str, &'a Fact)>,
}

impl Inputs for Assumed<'_> {
    fn fact(&self, name: &str) -> Option<&Fact> {
        if let Some((_, fact)) = self.stated.filter(|(stated, _)| *stated == name) {
            return Some(fact);
        }
        let mut facts = self.assumptions.facts.iter();
        facts.find(|(n, _)| **n == *name).map(|(_, fact)| fact)
    }

    fn word(&self, name: &str, word: &str) -> Option<bool> {
        self.fact(name)
            .map(|fact| matches!(fact, Fact::Word(w) if w.eq_ignore_ascii_case(word)))
    }

    fn content(&self, of: &str, value: Decimal) -> Option<Decimal> {
        self.assumptions
            .content
            .get(of)?
            .of(self.goods)?
            .checked_mul(value)
    }

    fn part(&self, of: &str, value: Decimal) -> Option<Decimal> {
        self.content(of, value)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_mix_and_what_they_leave_are_the_whole() {
        let [car, other]: [GoodsCode; 2] = ["8703.80.10", "8703.23"].map(|c| c.parse().unwrap());
        let [china, korea]: [Country; 2] = ["CN", "KR"].map(|c| c.parse().unwrap());
        let mut all = Assumptions::default();
        all.mix(car.prefix(4), china, "firm", &[("saic", 1.0)])
            .unwrap();
        all.mix(
            car.prefix(6),
            china,
            "firm",
            &[("byd", 0.1), ("tesla", 0.3)],
        )
        .unwrap();
        let words = |goods, origin| -> Vec<(Option<bool>, f64)> {
            let ways = all.ways(goods, origin).filter(|(_, weight)| *weight > 0.0);
            ways.map(|(way, weight)| (all.on(goods, way).word("firm", "byd"), weight))
                .collect()
        };
        // The longer code counts; the rest states nothing.
        let expected = [(None, 0.6), (Some(true), 0.1), (Some(false), 0.3)];
        let found = words(car, china);
        assert_eq!(found.len(), 3);
        for ((word, weight), (wanted, share)) in found.into_iter().zip(expected) {
            assert_eq!(word, wanted);
            assert!((weight - share).abs() < 1e-12, "{weight}");
        }
        assert_eq!(words(other, china), [(Some(false), 1.0)]);
        assert_eq!(words(car, korea), [(None, 1.0)]);
    }

    #[test]
    fn shares_that_are_none_are_refused() {
        let (car, china) = ("8703.80".parse().unwrap(), "CN".parse().unwrap());
        let mut all = Assumptions::default();
        for (parts, words) in [
            (
                &[("byd", 0.7), ("tesla", 0.4)][..],
                "the sum of the shares of `firm`",
            ),
            (&[("byd", -0.1)][..], "the share of `firm = byd` is -0.1"),
            (&[("two words", 0.1)][..], "the fact `firm`"),
        ] {
            let told = all.mix(car, china, "firm", parts).unwrap_err().to_string();
            assert!(told.contains(words), "{told}");
        }
        // Three tenths, six times the half of it: a little more than one in binary.
        let parts = [("a", 0.1); 10].map(|(word, share)| (word, share));
        assert!(all.mix(car, china, "firm", &parts).is_ok());
    }
}
