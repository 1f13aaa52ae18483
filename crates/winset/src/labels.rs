//! Short labels of our own for goods, sectors and regions.

use std::collections::HashMap;
use std::sync::LazyLock;

static GOODS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("../data/labels.csv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(','))
        .map(|(code, label)| (code, label.trim_matches('"')))
        .collect()
});

/// A label for goods: that of the heading, else of the chapter.
pub fn goods(digits: &str) -> &'static str {
    [4, 2]
        .iter()
        .find_map(|n| GOODS.get(digits.get(..*n)?))
        .copied()
        .unwrap_or("other goods")
}

/// A label for a sector of the economies.
pub fn sector(code: &str) -> &str {
    match code {
        "A01" => "farms",
        "A02" => "forestry",
        "A03" => "fishing",
        "B05" => "coal",
        "B06" => "oil and gas",
        "B07" => "metal ores",
        "B08" => "quarrying",
        "B09" => "mining services",
        "C10T12" => "food",
        "C13T15" => "textiles and clothing",
        "C16" => "wood",
        "C17_18" => "paper and printing",
        "C19" => "refined oil",
        "C20" => "chemicals",
        "C21" => "medicines",
        "C22" => "rubber and plastics",
        "C23" => "glass and cement",
        "C24A" => "steel",
        "C24B" => "other metals",
        "C25" => "metal products",
        "C26" => "electronics",
        "C27" => "electrical equipment",
        "C28" => "machinery",
        "C29" => "cars and parts",
        "C301" => "ships",
        "C302T309" => "aircraft and trains",
        "C31T33" => "other manufactures",
        "SERV" => "services",
        other => other,
    }
}

/// A label for a region of the economies.
pub fn region(code: &str) -> &str {
    match code {
        "USA" => "United States",
        "JPN" => "Japan",
        "CHN" => "China",
        "KOR" => "Korea",
        "TWN" => "Taiwan",
        "CAN" => "Canada",
        "MEX" => "Mexico",
        "EU27" => "European Union",
        "GBR" => "United Kingdom",
        "CHE" => "Switzerland",
        "IND" => "India",
        "VNM" => "Viet Nam",
        "THA" => "Thailand",
        "ASEAN8" => "other ASEAN",
        "AUS" => "Australia",
        "BRA" => "Brazil",
        "ROW" => "rest of the world",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_heading_comes_before_the_chapter() {
        assert_eq!(super::goods("8703230110"), "passenger cars");
        assert_eq!(super::goods("9102"), "wrist watches");
        assert_eq!(super::goods("8499"), "machinery");
        assert_eq!(super::goods("7700"), "other goods");
    }
}
