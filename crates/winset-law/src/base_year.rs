//! What the duty collected in a year tells of base rates: how much of the trade entered under a preference, and what goods with
//! duties on quantities paid.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;
use rust_decimal::Decimal;

use crate::applied::fraction;
use crate::assess::Question;
use crate::assumptions::{Assumptions, Way};
use crate::base::base_rate;
use crate::charge::charge;
use crate::day_tariff::DayTariff;
use crate::entry::Entry;
use crate::law::Law;
use crate::schedule::Line;
use crate::trade::{Cell, Trade};
use crate::{Country, Currency, GoodsCode, LawError, Money};

/// What is read off one cell.
#[derive(Clone, Debug, PartialEq)]
enum Told {
    /// What was claimed, and the share of the trade that did.
    Preferred(String, f64),
    /// The base rate of what claimed no programme, where the schedule has none without a quantity.
    Base(f64),
}

impl Law {
    /// Reads base rates and the use of preferences off the duty that was collected on a trade, under the law of a day of its year.
    ///
    /// Where the schedule's base rate is a share *m* of the value, and the lowest preference that the origin may claim there is a share
    /// *s*, (*m* − collected) / (*m* − *s*) of the trade claimed it ([`Assumptions::preference_share`]; of eight and six digits the
    /// mean over their lines); not of origins whose claims are assumed already ([`Assumptions::claim_shares`]), nor where measures
    /// added to the base duty: the collected sum does not tell what of it was theirs. Where the base duty takes a quantity, what
    /// measures added is taken off the collected rate ([`Cell::base`]), and what is left is counted on that part of the trade which
    /// claims no programme. Trade of which the duty is not told, or whose code the schedule of the day does not have, stays as it is.
    ///
    /// # Errors
    /// The day is outside the law in the data.
    pub fn read_collected(
        &self,
        importer: Country,
        trade: &mut Trade,
        on: Date,
        assumptions: &mut Assumptions,
    ) -> Result<(), LawError> {
        let tariff = self.tariff(importer, on, Some(on), assumptions)?;
        let pieces: Vec<Vec<Option<Told>>> = (trade.pieces().into_par_iter())
            .map(|piece| {
                let cells = trade.cells()[piece].iter();
                cells.map(|cell| tariff.told(cell)).collect()
            })
            .collect();
        let told: Vec<Option<Told>> = pieces.into_iter().flatten().collect();
        for ((goods, origin), sum) in sums(trade, &told) {
            if sum.value > 0.0 {
                let share = (sum.claiming / sum.value).clamp(0.0, 1.0);
                assumptions.preference_share(goods, origin, sum.claim, share)?;
            }
        }
        for (cell, told) in trade.cells_mut().iter_mut().zip(told) {
            if let Some(Told::Base(rate)) = told {
                cell.base = Some(rate);
            }
        }
        Ok(())
    }
}

/// What is claimed below a code of an origin.
#[derive(Clone, Copy, Debug)]
struct Sum<'t> {
    claim: &'t str,
    /// The trade that claims it, and all of it, USD.
    claiming: f64,
    value: f64,
}

/// The sums by codes of six, eight and ten digits, wherever something is claimed below the six: so a line of which nothing is
/// claimed is told from one that was not traded.
fn sums<'t>(trade: &Trade, told: &'t [Option<Told>]) -> BTreeMap<(GoodsCode, Country), Sum<'t>> {
    let cells = || trade.cells().iter().zip(told);
    let mut claims: BTreeMap<(GoodsCode, Country), &str> = BTreeMap::new();
    for (cell, told) in cells() {
        if let Some(Told::Preferred(claim, _)) = told {
            claims
                .entry((cell.goods.prefix(6), cell.origin))
                .or_insert(claim);
        }
    }
    let mut sums = BTreeMap::new();
    for (cell, told) in cells() {
        let Some(first) = claims.get(&(cell.goods.prefix(6), cell.origin)) else {
            continue;
        };
        let (claim, share) = match told {
            Some(Told::Preferred(claim, share)) => (claim.as_str(), *share),
            _ => (*first, 0.0),
        };
        for digits in [6, 8, 10] {
            let code = cell.goods.prefix(digits.min(cell.goods.digits()));
            let sum = sums.entry((code, cell.origin)).or_insert(Sum {
                claim,
                claiming: 0.0,
                value: 0.0,
            });
            sum.claiming += share * cell.value;
            sum.value += cell.value;
        }
    }
    sums
}

/// A rate is not read off the duty of a smaller share of the trade than this: it would be a small number over another, and what was
/// collected of it is left out.
const LEAST: f64 = 0.001;

impl DayTariff<'_> {
    fn told(&self, cell: &Cell) -> Option<Told> {
        let collected = cell.collected()?;
        let claiming = self.assumptions.claim_share(cell.goods, cell.origin);
        let line = self.law.schedule(self.importer)?;
        let line = line.line(cell.goods, self.on).ok()?;
        let rate = self.rate(cell.goods, cell.origin, Some(0.0)).ok()?;
        let q = Question {
            importer: self.importer,
            goods: cell.goods,
            origin: cell.origin,
            on: self.on,
            known: self.known,
            value: Decimal::ONE,
            rounding: None,
            currency: None,
            exchange: None,
        };
        let inputs = self.assumptions.on(cell.goods, Way::Plain);
        let base = base_rate(line, &q, &inputs).rate;
        let Ok(base) = charge(base, q.value, &q, Decimal::ZERO, &inputs) else {
            let left = (collected - rate.additional).max(0.0);
            return Some(Told::Base(left / (1.0 - claiming).max(LEAST)));
        };
        let base = fraction(base);
        // Whatever was collected of them, measures have a part in it; and other claims are assumed already.
        if base <= collected || rate.additional != 0.0 || claiming != 0.0 {
            return None;
        }
        let (claim, preferred) = lowest_preference(line, &q)?;
        let share = (base - collected) / (base - preferred);
        (preferred < base).then(|| Told::Preferred(claim, share.min(1.0)))
    }
}

/// The claim that opens the lowest rate of a line to an origin, of those that are shares of the value, and that share.
fn lowest_preference(line: &Line, q: &Question<'_>) -> Option<(String, f64)> {
    let value = Money::new(Decimal::ONE, Currency::USD);
    let entry = Entry::new(q.importer, q.goods, q.origin, q.on, value);
    let symbols = line.preferences.iter().flat_map(|p| &p.programmes);
    let open = symbols.filter_map(|symbol| {
        let entry = entry.clone().claim(symbol);
        let base = base_rate(line, q, &entry);
        if !base.is_preferential() {
            return None;
        }
        let duty = charge(base.rate, q.value, q, Decimal::ZERO, &entry).ok()?;
        Some((entry.claims.into_iter().next()?, fraction(duty)))
    });
    open.min_by(|a, b| a.1.total_cmp(&b.1))
}
