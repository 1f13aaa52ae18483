//! Product modules: markets finer than a sector, which replace their share of it.

use std::collections::BTreeMap;

use winset_trade::TradeError;
use winset_trade::gsim::{ProductMarket, ProductOutcome};

use crate::dossier::format::{ProductText, ProductsFile};

/// The market of a product: its flows into the home region, other markets left out.
fn market(product: &ProductText) -> (ProductMarket, usize) {
    let mut regions: Vec<String> = product
        .flow
        .iter()
        .map(|f| f.origin.get_ref().clone())
        .collect();
    let home = regions
        .iter()
        .position(|r| r == product.home.get_ref())
        .unwrap_or_else(|| {
            regions.push(product.home.get_ref().clone());
            regions.len() - 1
        });
    let n = regions.len();
    let (mut trade, mut tariff) = (vec![vec![0.0; n]; n], vec![vec![0.0; n]; n]);
    for (origin, flow) in product.flow.iter().enumerate() {
        trade[origin][home] = *flow.value.get_ref();
        tariff[origin][home] = *flow.tariff.get_ref();
    }
    let supply = regions
        .iter()
        .map(|r| {
            product
                .supply
                .iter()
                .find(|(k, _)| k.get_ref() == r)
                .map_or(1.0, |(_, v)| *v)
        })
        .collect();
    let market = ProductMarket {
        demand: vec![*product.demand.get_ref(); n],
        substitution: vec![*product.substitution.get_ref(); n],
        regions,
        trade,
        tariff,
        supply,
    };
    (market, home)
}

/// What a product's market does when the tariffs on some origins change (fractions).
/// Returns the market, its outcome and the index of the home region; money is million USD.
///
/// # Errors
/// As [`ProductMarket::solve`].
pub fn solve_product(
    product: &ProductText,
    changes: &BTreeMap<String, f64>,
) -> Result<(ProductMarket, ProductOutcome, usize), TradeError> {
    let (market, home) = market(product);
    let mut tariff = market.tariff.clone();
    for (origin, region) in market.regions.iter().enumerate() {
        if let Some(new) = changes.get(region) {
            tariff[origin][home] = *new;
        }
    }
    let outcome = market.solve(&tariff)?;
    Ok((market, outcome, home))
}

/// What product modules take out of a sector's trade between two regions, million USD.
pub fn farm_trade(products: &ProductsFile, origin: &str, destination: &str, sector: &str) -> f64 {
    products
        .product
        .iter()
        .filter(|p| p.home.get_ref() == destination && p.sector.get_ref() == sector)
        .flat_map(|p| &p.flow)
        .filter(|f| f.origin.get_ref() == origin)
        .map(|f| *f.value.get_ref())
        .sum()
}
