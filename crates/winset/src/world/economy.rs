//! The embedded economies, as the trade model takes them.

use winset_data::Set;
use winset_trade::{Economy, EconomyInfo, TradeError, Unit};

/// The embedded economy of 2022 with 17 or 77 regions.
///
/// # Errors
/// Another number of regions; damaged data.
pub fn load(regions: u32) -> Result<Economy, TradeError> {
    let (trade, inputs, value_added) = match regions {
        17 => (
            Set::Economy17Trade,
            Set::Economy17Inputs,
            Set::Economy17ValueAdded,
        ),
        77 => (
            Set::Economy77Trade,
            Set::Economy77Inputs,
            Set::Economy77ValueAdded,
        ),
        other => {
            return Err(TradeError::Option(format!(
                "no embedded economy has {other} regions; there are 17 and 77"
            )));
        }
    };
    let info = EconomyInfo {
        format: 1,
        name: format!("World 2022, {regions} regions × 28 sectors"),
        year: 2022,
        unit: Unit::MillionUsd,
        source: "OECD Inter-Country Input-Output Tables, flows 2022, coefficients 2020 refitted; US tariffs: Census 2024 collected; others: Teti".to_owned(),
    };
    Economy::from_tables(
        info,
        &trade.table()?,
        &value_added.table()?,
        Some(&inputs.table()?),
        &Set::Elasticities.table()?,
    )
}
