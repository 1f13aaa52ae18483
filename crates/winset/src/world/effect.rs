//! What an option of the dossier changes: the law, the economy, and what neither holds.

use std::collections::BTreeMap;

use winset_trade::{Economy, TradeError};

use super::products::{farm_trade, solve_product};
use crate::dossier::Dossier;
use crate::dossier::format::{AmendText, OptionText};

/// What happens outside the general-equilibrium model, against no deal. Adds up over options.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// Real income by region, bn USD a year.
    pub ev: BTreeMap<String, f64>,
    /// Exports of farm goods by origin and destination, bn USD a year.
    pub farm_exports: BTreeMap<(String, String), f64>,
    /// All goods exports by origin and destination from product modules, bn USD a year.
    pub exports: BTreeMap<(String, String), f64>,
    /// Receipts of home producers by product, per cent.
    pub farm_gate_pct: BTreeMap<String, f64>,
    /// What sellers keep in the price of products that customs levied without the option, by region, bn USD a year; it is
    /// in `ev` and `budget`.
    pub price_kept: BTreeMap<String, f64>,
    /// Strength of clauses, or bn USD a year under them.
    pub clause: BTreeMap<String, f64>,
    /// What states receive less what they pay, bn USD a year; a purchase's wedge is added when it is solved.
    pub budget: BTreeMap<String, f64>,
}

/// A purchase whose wedge the model must find.
#[derive(Clone, Debug, PartialEq)]
pub struct Purchase {
    /// Who sells.
    pub origin: String,
    /// Who buys.
    pub destination: String,
    /// The sector.
    pub sector: String,
    /// Expected additional flow, bn USD a year (amount × probability of delivery).
    pub busd: f64,
    /// Who pays.
    pub payer: String,
    /// Whether the state pays the whole amount on top, or only the wedge that diverts trade.
    pub additional: bool,
}

/// What an option changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effect {
    /// Amendments of the law.
    pub amend: Vec<Amendment>,
    /// Factors on iceberg costs by origin, destination and sector.
    pub iceberg: BTreeMap<(String, String, String), f64>,
    /// Additions to tariffs by origin, destination and sector, fractions.
    pub tariff: BTreeMap<(String, String, String), f64>,
    /// Purchases.
    pub purchase: Vec<Purchase>,
    /// Transfers: giver, receiver, bn USD a year.
    pub transfer: Vec<(String, String, f64)>,
    /// The rest.
    pub side: Side,
}

impl Effect {
    /// Whether the general-equilibrium model has anything to solve.
    pub fn moves_economy(&self) -> bool {
        !(self.amend.is_empty()
            && self.iceberg.is_empty()
            && self.tariff.is_empty()
            && self.purchase.is_empty()
            && self.transfer.is_empty())
    }
}

/// A measure that an option amends.
#[derive(Clone, Debug, PartialEq)]
pub struct Amendment {
    /// The measure.
    pub measure: String,
    /// The goods concerned; none named: all of the measure's.
    pub goods: Vec<String>,
    /// Its new rate; none: it ends.
    pub rate: Option<String>,
    /// The share of what falls away by which the sellers keep their prices up, 0 to 1.
    pub price_kept: f64,
}

fn amendments(dossier: &Dossier, text: &AmendText) -> impl Iterator<Item = Amendment> {
    let kept = text.price_kept.as_ref();
    let price_kept = kept.map_or(0.0, |name| dossier.assumption(name));
    let rate = text.rate.as_ref().map(|r| r.get_ref().clone());
    let goods: Vec<String> = text.goods.iter().map(|g| g.get_ref().clone()).collect();
    text.measures.iter().map(move |m| Amendment {
        measure: m.get_ref().clone(),
        goods: goods.clone(),
        rate: rate.clone(),
        price_kept,
    })
}

/// Reads an option into its effect. `economy` gives the size of the flows that product modules share.
///
/// # Errors
/// A product market without a solution.
pub fn effect(
    dossier: &Dossier,
    economy: &Economy,
    option: &OptionText,
) -> Result<Effect, TradeError> {
    let mut out = Effect {
        amend: (option.amend.iter())
            .flat_map(|amend| amendments(dossier, amend))
            .collect(),
        ..Effect::default()
    };
    let million = economy.info().unit.in_billion() * 1e3;
    // A product module replaces its share of a sector: the sector's shock acts on what is left.
    let left = |origin: &str, destination: &str, sector: &str| -> Result<f64, TradeError> {
        let taken = farm_trade(&dossier.products, origin, destination, sector);
        let flow = million
            * economy.flow(
                economy.sector(sector)?,
                economy.region(origin)?,
                economy.region(destination)?,
            );
        Ok(if flow > 0.0 {
            (1.0 - taken / flow).max(0.0)
        } else {
            1.0
        })
    };
    let all: Vec<String> = economy.sectors().to_vec();
    let services = dossier.head.economy.services.get_ref();
    let sectors = |names: &[crate::dossier::format::Name]| -> Vec<String> {
        if names.iter().any(|n| n.get_ref() == "*") {
            all.iter().filter(|s| *s != services).cloned().collect()
        } else {
            names.iter().map(|n| n.get_ref().clone()).collect()
        }
    };
    for barrier in &option.barrier {
        let (origin, destination) = (barrier.origin.get_ref(), barrier.destination.get_ref());
        for sector in sectors(&barrier.sectors) {
            let share = left(origin, destination, &sector)?;
            let cut = dossier.assumption(&barrier.size) * barrier.cut.get_ref() * share;
            let key = (origin.clone(), destination.clone(), sector);
            *out.iceberg.entry(key).or_insert(1.0) *= 1.0 - cut;
        }
    }
    for change in &option.tariff {
        let (origin, destination) = (change.origin.get_ref(), change.destination.get_ref());
        for sector in sectors(&change.sectors) {
            let share = left(origin, destination, &sector)?;
            let key = (origin.clone(), destination.clone(), sector);
            *out.tariff.entry(key).or_insert(0.0) += change.add.get_ref() * share;
        }
    }
    for purchase in &option.purchase {
        let amount = match (&purchase.busd, &purchase.quantity, &purchase.price) {
            (Some(busd), _, _) => *busd.get_ref(),
            (None, Some(quantity), Some(price)) => quantity.get_ref() * dossier.assumption(price),
            _ => f64::NAN,
        };
        let delivery = match (&purchase.delivery, &purchase.delivery_of) {
            (Some(p), _) => *p.get_ref(),
            (None, Some(name)) => dossier.assumption(name),
            (None, None) => f64::NAN,
        };
        let busd = amount * delivery;
        let payer = purchase.payer.get_ref().clone();
        if purchase.additional {
            *out.side.budget.entry(payer.clone()).or_insert(0.0) -= busd;
        }
        *out.side
            .clause
            .entry(purchase.clause.get_ref().clone())
            .or_insert(0.0) += busd;
        out.purchase.push(Purchase {
            origin: purchase.origin.get_ref().clone(),
            destination: purchase.destination.get_ref().clone(),
            sector: purchase.sector.get_ref().clone(),
            busd,
            payer,
            additional: purchase.additional,
        });
    }
    for investment in &option.investment {
        let amount = dossier.assumption(&investment.busd);
        let gift = amount * dossier.assumption(&investment.concession);
        let (from, to) = (
            investment.from.get_ref().clone(),
            investment.to.get_ref().clone(),
        );
        *out.side
            .clause
            .entry(investment.clause.get_ref().clone())
            .or_insert(0.0) += amount;
        *out.side.budget.entry(from.clone()).or_insert(0.0) -= gift;
        out.transfer.push((from, to, gift));
    }
    for clause in &option.clause {
        *out.side
            .clause
            .entry(clause.clause.get_ref().clone())
            .or_insert(0.0) += clause.strength.get_ref();
    }
    products(dossier, option, &mut out.side)?;
    Ok(out)
}

/// Product modules and quota shares.
fn products(dossier: &Dossier, option: &OptionText, side: &mut Side) -> Result<(), TradeError> {
    let find = |id: &str| {
        dossier
            .products
            .product
            .iter()
            .find(|p| p.id.get_ref() == id)
    };
    // What stands between buyer and seller, and the points of it that stay with the seller.
    let mut changes: BTreeMap<&str, BTreeMap<String, f64>> = BTreeMap::new();
    let mut kept: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for change in &option.product {
        let product = change.product.get_ref().as_str();
        let by_origin = changes.entry(product).or_default();
        let share = change.price_kept.as_ref();
        let share = share.map_or(0.0, |name| dossier.assumption(name));
        for origin in &change.origins {
            let new = *change.tariff.get_ref();
            let flows = find(product).into_iter().flat_map(|p| &p.flow);
            let mut flows = flows.filter(|f| f.origin.get_ref() == origin.get_ref());
            let old = flows.next().map_or(new, |f| *f.tariff.get_ref());
            let points = share * (old - new).max(0.0);
            by_origin.insert(origin.get_ref().clone(), new + points);
            kept.insert((product, origin.get_ref()), points);
        }
    }
    for (id, by_origin) in changes {
        let Some(product) = find(id) else { continue };
        let (market, outcome, home) = solve_product(product, &by_origin)?;
        let home_name = market.regions[home].clone();
        for (r, region) in market.regions.iter().enumerate() {
            *side.ev.entry(region.clone()).or_insert(0.0) += outcome.welfare(r) / 1e3;
            if r != home {
                // The module takes the whole wedge for the home region's revenue.
                let points = kept.get(&(id, region.as_str())).copied().unwrap_or(0.0);
                let rent = points * outcome.trade[r][home] / 1e3;
                for sellers in [&mut side.ev, &mut side.price_kept] {
                    *sellers.entry(region.clone()).or_insert(0.0) += rent;
                }
                for home_side in [&mut side.ev, &mut side.budget] {
                    *home_side.entry(home_name.clone()).or_insert(0.0) -= rent;
                }
                let more = (outcome.trade[r][home] - market.trade[r][home]) / 1e3 + rent;
                let key = (region.clone(), home_name.clone());
                *side.farm_exports.entry(key.clone()).or_insert(0.0) += more;
                *side.exports.entry(key).or_insert(0.0) += more;
            }
        }
        *side.budget.entry(home_name).or_insert(0.0) += outcome.revenue[home] / 1e3;
        let before = market.trade[home][home];
        if before > 0.0 {
            let percent = 100.0 * (outcome.trade[home][home] / before - 1.0);
            *side.farm_gate_pct.entry(id.to_owned()).or_insert(0.0) += percent;
        }
    }
    for move_ in &option.reallocate {
        let Some(product) = find(move_.product.get_ref()) else {
            continue;
        };
        let origin = move_.origin.get_ref();
        let home = product.home.get_ref();
        let Some(flow) = product.flow.iter().find(|f| f.origin.get_ref() == origin) else {
            continue;
        };
        // Million USD of additional sales at a constant total: others sell as much less.
        let more = flow.value.get_ref() * move_.share.get_ref();
        let tonnes = more * 1e6 / move_.tonne_price.get_ref();
        let premium = tonnes * dossier.assumption(&move_.premium) / 1e9;
        *side.ev.entry(origin.clone()).or_insert(0.0) +=
            more * dossier.assumption(&move_.margin) / 1e3;
        *side.ev.entry(home.clone()).or_insert(0.0) -= premium;
        *side.budget.entry(home.clone()).or_insert(0.0) -= premium;
        let key = (origin.clone(), home.clone());
        *side.farm_exports.entry(key.clone()).or_insert(0.0) += more / 1e3;
        *side.exports.entry(key).or_insert(0.0) += more / 1e3;
    }
    Ok(())
}
