//! What the duty collected in a year tells of base rates: how much of the trade entered under a preference, and what goods with
//! duties on quantities paid.

use jiff::civil::Date;
use rayon::prelude::*;
use rust_decimal::Decimal;

use crate::applied::fraction;
use crate::assess::Question;
use crate::assumptions::{Assumptions, Way};
use crate::base::{among_others, base_rate};
use crate::charge::charge;
use crate::day_tariff::DayTariff;
use crate::entry::Entry;
use crate::law::Law;
use crate::programme;
use crate::trade::{Cell, Trade};
use crate::{Country, Currency, LawError, Money};

/// What is read off one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    /// The share of the trade that entered free of the base duty, under whatever preference.
    Free(f64),
    /// The base rate of what claimed no programme, where the schedule has none without a quantity.
    Base(f64),
}

impl Law {
    /// Reads base rates and the use of preferences off the duty that was collected on a trade, under the law of a day of its year.
    ///
    /// Where the schedule's base rate is a share of the value, and some preference that the origin may claim stands beside it, the part
    /// of the base duty that was not collected is taken to have entered free ([`Assumptions::free_share_of_line`]); not of origins
    /// whose claims are assumed already ([`Assumptions::claim_shares`]), nor where measures added to the base duty: the
    /// collected sum does not tell what of it was theirs. Where the base duty takes a quantity, what measures added is taken off the
    /// collected rate ([`Cell::base`]), and what is left is counted on that part of the trade which claims no programme. Trade of
    /// which the duty is not told stays as it is.
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
        let told = pieces.into_iter().flatten();
        for (cell, told) in trade.cells_mut().iter_mut().zip(told) {
            match told {
                Some(Told::Free(share)) => {
                    assumptions.free_share_of_line(cell.goods, cell.origin, share)?;
                }
                Some(Told::Base(rate)) => cell.base = Some(rate),
                None => {}
            }
        }
        Ok(())
    }
}

/// Of less trade than this share nothing is read: it would be a small number over another.
const LEAST: f64 = 0.1;

impl DayTariff<'_> {
    fn told(&self, cell: &Cell) -> Option<Told> {
        let collected = cell.collected()?;
        let claiming = self.assumptions.claim_share(cell.goods, cell.origin);
        let line = self
            .law
            .schedule(self.importer)?
            .line(cell.goods, self.on)
            .ok()?;
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
            let left = (collected - rate.additional).max(0.0) / (1.0 - claiming).max(LEAST);
            return Some(Told::Base(left));
        };
        let base = fraction(base);
        let preferred = || {
            let value = Money::new(Decimal::ONE, Currency::USD);
            let entry = Entry::new(self.importer, cell.goods, cell.origin, self.on, value);
            let ordinary = !among_others(self.importer, cell.origin, self.on);
            let mut symbols = line.preferences.iter().flat_map(|p| &p.programmes);
            symbols.any(|symbol| {
                let entry = entry.clone().claim(symbol);
                let days = (self.on, self.known);
                let mut found =
                    programme::find(&line.preferences, &entry, cell.origin, days, ordinary);
                found.next().is_some()
            })
        };
        let apart = base > collected && rate.additional == 0.0 && claiming == 0.0;
        (apart && preferred()).then(|| Told::Free(1.0 - collected / base))
    }
}
