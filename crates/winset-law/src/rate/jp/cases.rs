//! Cells with several rates: a line a case.

use std::sync::Arc;

use super::{Cell, one, without_blanks};
use crate::preference::{Case, Offer};
use crate::{Country, Season};

/// Parties as the schedule writes them.
const PARTIES: [(&str, &str); 7] = [
    ("オーストラリア", "AU"),
    ("カナダ", "CA"),
    ("チリ", "CL"),
    ("ニュージーランド", "NZ"),
    ("ベトナム", "VN"),
    ("マレーシア", "MY"),
    ("メキシコ", "MX"),
];

/// A line a case: its words, a blank, its rate.
pub(super) fn read(printed: &str, text: &str) -> Option<Cell> {
    let mut read: Vec<Case> = Vec::new();
    let mut last_is_rest = false;
    for (i, line) in text.lines().filter(|l| !l.trim().is_empty()).enumerate() {
        let (words, rate) = line.trim().rsplit_once(' ')?;
        let words = without_blanks(words);
        let rate = match one(rate)? {
            Cell::Rate(rate) => Some(rate),
            _ => None,
        };
        let some_goods = read.iter().any(|case| case.goods.is_some());
        let (mut case, rest) = case_of(&words, i + 1);
        last_is_rest = rest;
        if rest && some_goods {
            case.goods = Some((i + 1, words.as_str().into()));
        }
        read.push(Case { rate, ..case });
    }
    // What some parties have goes before what all have.
    read.sort_by_key(|case| case.origins.is_empty());
    let first = read.first()?;
    // All cases alike, and the last holds the rest: then it is one rate.
    if last_is_rest
        && let Some(rate) = &first.rate
        && read.iter().all(|case| case.rate.as_ref() == Some(rate))
    {
        return Some(Cell::Rate(rate.clone()));
    }
    Some(Cell::Cases(Arc::new(Offer::new(printed, read))))
}

/// What a case asks, and whether it is what the cases before it leave.
fn case_of(words: &str, number: usize) -> (Case, bool) {
    let in_words = || {
        let case = Case {
            goods: Some((number, words.into())),
            ..Case::default()
        };
        (case, false)
    };
    let (words, origins) = match treatment(words) {
        Some((words, names)) => {
            let found: Option<Vec<Country>> = names.iter().map(|name| party(name)).collect();
            match found {
                Some(origins) => (words, origins),
                None if names == ["他の締約国"] && words.is_empty() => {
                    return (Case::default(), true);
                }
                None => return in_words(),
            }
        }
        None => (words, Vec::new()),
    };
    let case = |in_quota| Case {
        in_quota,
        origins: origins.clone(),
        ..Case::default()
    };
    if let Some(season) = season(words) {
        let case = Case {
            season: Some(season),
            ..case(false)
        };
        return (case, false);
    }
    match words {
        "関税割当数量以内のもの" => (case(true), false),
        "" if !origins.is_empty() => (case(false), false),
        // The first: the line itself is for goods in that quota.
        "世界貿易機関設立協定の日本国の譲許表における関税割当て"
        | "その他のもの"
        | "関税割当数量以外のもの"
            if origins.is_empty() =>
        {
            (Case::default(), true)
        }
        _ => in_words(),
    }
}

/// The words before `（…に対する待遇）`, and the parties named there.
fn treatment(words: &str) -> Option<(&str, Vec<&str>)> {
    let (before, names) = words.strip_suffix("に対する待遇)")?.rsplit_once('(')?;
    let names = names.split('、').flat_map(|part| part.split("及び"));
    Some((before, names.collect()))
}

/// `毎年6月1日から同年11月30日までに輸入されるもの`, `毎年11月1日から翌年2月末日まで…`.
fn season(words: &str) -> Option<Season> {
    let words = words.strip_prefix("毎年")?;
    let (first, last) = words
        .strip_suffix("までに輸入されるもの")?
        .split_once("から")?;
    let last = last
        .strip_prefix("同年")
        .or_else(|| last.strip_prefix("翌年"))?;
    let day = |text: &str| {
        let (month, day) = text.strip_suffix('日')?.split_once('月')?;
        let month = month.parse().ok()?;
        let day = match day {
            "末" => jiff::civil::Date::new(2024, month, 1).ok()?.days_in_month(),
            day => day.parse().ok()?,
        };
        Some((month, day))
    };
    Season::new(day(first)?, day(last)?)
}

fn party(name: &str) -> Option<Country> {
    let (_, code) = PARTIES.iter().find(|(n, _)| *n == name)?;
    code.parse().ok()
}
