//! The trade that ships and what is assumed of it where an entry would state facts.

use std::collections::HashMap;

use jiff::civil::Date;
use winset_data::Set;
use winset_law::averages::Trade;
use winset_law::{Assumptions, Country, GoodsCode, Law, LawError};

/// The year of the trade that ships.
pub const SHIPPED_TRADE_YEAR: i64 = 2024;

/// Whether the trade of an importer ships, with averages of what its entries state.
pub fn ships_trade_of(importer: Country) -> bool {
    importer.iso2() == "US"
}

/// The trade of an importer's border, and what is assumed of it where an entry would state facts.
#[derive(Clone, Debug, Default)]
pub struct Shipped {
    /// The trade, all origins or one; none where it does not ship.
    pub trade: Option<Trade>,
    /// Averages: metal content and use of the USMCA by line; and the use of other preferences as the duty collected tells.
    pub assumptions: Assumptions,
}

/// The day whose law is taken to have held all of [`SHIPPED_TRADE_YEAR`].
const COLLECTED_UNDER: Date = Date::constant(2025, 1, 1);

/// What ships of an importer's trade, of all origins or one; nothing is assumed where nothing ships.
///
/// A law that does not reach back to [`SHIPPED_TRADE_YEAR`] tells nothing of preferences and base rates.
///
/// # Errors
/// Damaged data.
pub fn shipped(law: &Law, importer: Country, origin: Option<Country>) -> Result<Shipped, LawError> {
    if !ships_trade_of(importer) {
        return Ok(Shipped::default());
    }
    let mut trade = imports_2024()?;
    // Of an origin without a row whoever asks is told what rows there are.
    let told = origin.filter(|origin| trade.cells().iter().any(|cell| cell.origin == *origin));
    if let Some(origin) = told {
        trade = trade.only(|cell| cell.origin == origin);
    }
    let mut assumptions = average_content()?;
    match law.read_collected(importer, &mut trade, COLLECTED_UNDER, &mut assumptions) {
        Ok(()) | Err(LawError::NotInData { .. } | LawError::NoSchedule { .. }) => {}
        Err(error) => return Err(error),
    }
    Ok(Shipped {
        trade: Some(trade),
        assumptions,
    })
}

/// US imports for consumption of 2024 by ten-digit line and partner.
///
/// # Errors
/// Damaged data.
fn imports_2024() -> Result<Trade, LawError> {
    Trade::from_table(&Set::UsImports2024.table()?, Date::constant(2024, 1, 1))
}

/// Average metal content by line and use of the USMCA in 2024, where an entry would state them.
///
/// # Errors
/// Damaged data.
fn average_content() -> Result<Assumptions, LawError> {
    let mut assumptions = Assumptions::default();
    let table = Set::MetalShares.table()?;
    let codes = table.text_slice("code")?;
    for metal in ["steel", "aluminum", "copper"] {
        for (code, share) in codes.iter().zip(table.reals(metal)?) {
            // Requirements of an industry can exceed its output; content cannot exceed the good.
            assumptions.content_share(metal, code.parse()?, share.min(1.0))?;
        }
    }
    assumptions.claim_shares("USMCA", &Set::UsmcaShares.table()?)?;
    Ok(assumptions)
}

/// The sector of each six-digit subheading, in the sectors of the economies that ship.
#[derive(Clone, Debug)]
pub struct Sectors(HashMap<GoodsCode, String>);

impl Sectors {
    /// The mapping that ships.
    ///
    /// # Errors
    /// Damaged data.
    pub fn load() -> Result<Self, LawError> {
        let table = Set::Hs6Sector.table()?;
        let (codes, sectors) = (table.text_slice("hs6")?, table.text_slice("sector")?);
        let mut map = HashMap::new();
        for (code, sector) in codes.iter().zip(sectors) {
            map.insert(code.parse()?, sector.clone());
        }
        Ok(Self(map))
    }

    /// The sector of goods; `None` for what maps to none.
    pub fn of(&self, goods: GoodsCode) -> Option<&str> {
        self.0.get(&goods.prefix(6)).map(String::as_str)
    }
}
