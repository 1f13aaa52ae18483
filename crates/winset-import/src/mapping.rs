//! What merges into what: the same table `kind,from,to` that `winset economy aggregate` reads.

use std::collections::BTreeMap;

use winset_io::Table;

use crate::error::ImportError;

/// A mapping of regions and sectors; names that it does not hold stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    regions: BTreeMap<String, String>,
    sectors: BTreeMap<String, String>,
}

/// The mappings that ship, by name: from the OECD's table of 81 countries and 50 industries (edition of 2025) to the
/// regions and sectors of the economies that ship.
pub const SHIPPED: [(&str, &str); 2] = [
    ("winset-17", include_str!("../mappings/winset-17.csv")),
    ("winset-77", include_str!("../mappings/winset-77.csv")),
];

/// Old names to new ones: the new names in the order of their first part, and the new place of each old one.
#[derive(Clone, Debug)]
pub(crate) struct Merged {
    pub(crate) names: Vec<String>,
    pub(crate) of: Vec<usize>,
}

impl Mapping {
    /// A mapping that ships.
    ///
    /// # Errors
    /// No such name.
    pub fn shipped(name: &str) -> Result<Self, ImportError> {
        match SHIPPED.iter().find(|(n, _)| *n == name) {
            Some((name, text)) => Self::from_table(&Table::from_csv(name, text.as_bytes())?),
            None => Err(ImportError::Usage(format!(
                "no mapping `{name}` ships; there are: {}",
                SHIPPED.map(|(n, _)| n).join(", ")
            ))),
        }
    }

    /// Reads a table `kind,from,to`; kinds are `region` and `sector`.
    ///
    /// # Errors
    /// A missing column, another kind, a name mapped twice.
    pub fn from_table(table: &Table) -> Result<Self, ImportError> {
        let kinds = table.text_slice("kind")?;
        let (from, to) = (table.text_slice("from")?, table.text_slice("to")?);
        let mut mapping = Self::default();
        for row in 0..kinds.len() {
            let wrong = |what: String| ImportError::Row {
                file: table.name().to_owned(),
                row: row as u64 + 1,
                what,
            };
            let map = match kinds[row].as_str() {
                "region" => &mut mapping.regions,
                "sector" => &mut mapping.sectors,
                other => return Err(wrong(format!("kind `{other}`: write `region` or `sector`"))),
            };
            if map.insert(from[row].clone(), to[row].clone()).is_some() {
                return Err(wrong(format!(
                    "`{}` is mapped twice: keep one row",
                    from[row]
                )));
            }
        }
        Ok(mapping)
    }

    pub(crate) fn regions(&self, names: &[String]) -> Result<Merged, ImportError> {
        merged("region", &self.regions, names)
    }

    pub(crate) fn sectors(&self, names: &[String]) -> Result<Merged, ImportError> {
        merged("sector", &self.sectors, names)
    }

    /// What a sector goes into.
    pub(crate) fn sector<'a>(&'a self, name: &'a str) -> &'a str {
        self.sectors.get(name).map_or(name, String::as_str)
    }
}

/// The first of some names, and how many more there are.
fn some(names: &[&str]) -> String {
    const SHOWN: usize = 10;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names[..names.len() - more].join(", ");
    if more == 0 {
        shown
    } else {
        format!("{shown} and {more} more")
    }
}

fn merged(
    kind: &str,
    map: &BTreeMap<String, String>,
    names: &[String],
) -> Result<Merged, ImportError> {
    let unknown: Vec<&str> = map
        .keys()
        .filter(|name| !names.contains(name))
        .map(String::as_str)
        .collect();
    if !unknown.is_empty() {
        return Err(ImportError::Names(format!(
            "the mapping names {kind}s that the table does not have: {} (the table has: {})",
            some(&unknown),
            some(&names.iter().map(String::as_str).collect::<Vec<_>>())
        )));
    }
    let mut new: Vec<String> = Vec::new();
    let mut of = Vec::with_capacity(names.len());
    for name in names {
        let to = map.get(name).unwrap_or(name);
        of.push(new.iter().position(|n| n == to).unwrap_or_else(|| {
            new.push(to.clone());
            new.len() - 1
        }));
    }
    Ok(Merged { names: new, of })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mappings_that_ship_read_and_merge_services() {
        for (name, _) in SHIPPED {
            let mapping = Mapping::shipped(name).unwrap();
            assert_eq!(mapping.sector("K"), "SERV");
            assert_eq!(mapping.sector("C29"), "C29");
        }
        assert!(
            Mapping::shipped("winset-5")
                .unwrap_err()
                .to_string()
                .contains("winset-17")
        );
    }

    /// The countries and industries of the OECD's table, edition of 2025.
    const COUNTRIES: &str = "AGO ARE ARG AUS AUT BEL BGD BGR BLR BRA BRN CAN CHE CHL CHN CIV CMR COD COL CRI CYP CZE DEU DNK EGY \
        ESP EST FIN FRA GBR GRC HKG HRV HUN IDN IND IRL ISL ISR ITA JOR JPN KAZ KHM KOR LAO LTU LUX LVA MAR MEX MLT MMR MYS NGA \
        NLD NOR NZL PAK PER PHL POL PRT ROU RUS SAU SEN SGP STP SVK SVN SWE THA TUN TUR TWN UKR USA VNM ZAF ROW";
    const INDUSTRIES: &str = "A01 A02 A03 B05 B06 B07 B08 B09 C10T12 C13T15 C16 C17_18 C19 C20 C21 C22 C23 C24A C24B C25 C26 C27 \
        C28 C29 C301 C302T309 C31T33 D E F G H49 H50 H51 H52 H53 I J58T60 J61 J62_63 K L M N O P Q R S T";

    #[test]
    fn they_make_17_and_77_regions_of_28_sectors() {
        let names = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let (countries, industries) = (names(COUNTRIES), names(INDUSTRIES));
        assert_eq!((countries.len(), industries.len()), (81, 50));
        for (name, regions) in [("winset-17", 17), ("winset-77", 77)] {
            let mapping = Mapping::shipped(name).unwrap();
            assert_eq!(mapping.regions(&countries).unwrap().names.len(), regions);
            assert_eq!(mapping.sectors(&industries).unwrap().names.len(), 28);
        }
    }
}
