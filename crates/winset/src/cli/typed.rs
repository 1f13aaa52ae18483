//! How single values are typed: days, countries, codes, amounts, `name=value`.

use jiff::civil::Date;
use rust_decimal::Decimal;
use winset_law::{Country, Currency, GoodsCode};
use winset_trade::strategy::Instrument;

/// `name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
}

pub(crate) fn day(text: &str) -> Result<Date, String> {
    text.trim()
        .parse()
        .map_err(|_| "this is no day: write year, month and day, such as 2025-04-16".to_owned())
}

pub(crate) fn country(text: &str) -> Result<Country, String> {
    let named = |country: &Country| country.name().eq_ignore_ascii_case(text.trim());
    text.to_uppercase()
        .parse::<Country>()
        .map_err(|_| match Country::all().find(named) {
            Some(country) => format!("write its ISO 3166 code, {country}"),
            None => format!("unknown country `{text}`: write an ISO 3166 code such as JP"),
        })
}

pub(crate) fn goods(text: &str) -> Result<GoodsCode, String> {
    text.parse::<GoodsCode>().map_err(|error| error.to_string())
}

pub(crate) fn currency(text: &str) -> Result<Currency, String> {
    text.parse::<Currency>().map_err(|error| error.to_string())
}

pub(crate) fn amount(text: &str) -> Result<Decimal, String> {
    text.trim().parse().map_err(|_| {
        "this is no amount: write digits with at most one point, such as 10000 or 2500.50"
            .to_owned()
    })
}

pub(crate) fn instrument(text: &str) -> Result<Instrument, String> {
    let read = text.trim().parse();
    read.map_err(|_| "write uniform, sector, partner or partner-sector".to_owned())
}

pub(crate) fn pair(text: &str) -> Result<Pair, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => Ok(Pair {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
        }),
        _ => Err("write a name and a value, such as steel=400".to_owned()),
    }
}

/// Several of them, with commas between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pairs(pub(crate) Vec<Pair>);

impl Pairs {
    /// Names and values.
    pub(crate) fn named(&self) -> Vec<(String, String)> {
        let each = self.0.iter();
        each.map(|pair| (pair.name.clone(), pair.value.clone()))
            .collect()
    }
}

pub(crate) fn pairs(text: &str) -> Result<Pairs, String> {
    let each = text.split(',').map(pair).collect::<Result<_, _>>();
    each.map(Pairs).map_err(|_| {
        "write issue=option, with commas between, such as cars=fifteen,gas=alaska".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_written_and_nothing_else_does() {
        assert_eq!(day("2025-04-16"), Ok(jiff::civil::date(2025, 4, 16)));
        assert!(day("16.4.2025").is_err() && day("2025-02-30").is_err());
        assert_eq!(country("jp").map(winset_law::Country::name), Ok("Japan"));
        assert!(country("Japan").is_err());
        assert_eq!(amount("2500.50"), Ok(Decimal::new(250_050, 2)));
        assert!(amount("10,000").is_err() && amount("").is_err() && amount("ten").is_err());
        assert_eq!(
            pair("steel = 400"),
            Ok(Pair {
                name: "steel".into(),
                value: "400".into()
            })
        );
        assert!(pair("steel").is_err() && pair("=1").is_err() && pair("a=").is_err());
    }
}
