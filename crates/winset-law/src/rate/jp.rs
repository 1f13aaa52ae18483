//! Rate texts as Japan Customs prints them in the tariff schedule (実行関税率表).
//!
//! A cell holds one rate, or several for cases. What the texts mean:
//!
//! | printed | meaning |
//! |---|---|
//! | `無税`, `免税` | free |
//! | `38.5%`, `482円/kg`, `29.8%＋396円/kg` | share of the customs value (CIF), amount for a unit, their sum |
//! | `…又は…のうちいずれか高い（低い）税率` | the higher (lower) duty of the two |
//! | `（524円×1.004-課税価格）/kg` | a difference from the customs value of one unit; not below zero |
//! | `…に係る基準輸入価格と課税価格との差額` | the same from a standard import price, see below |
//! | `(50%)` | the rate of the column, which is not the one that applies |
//! | `関税割当数量以内のもの　…` | within a tariff quota of the agreement |
//! | `毎年6月1日から同年11月30日までに輸入されるもの　…` | in a season of every year |
//! | `（カナダに対する待遇）…` | for the goods of some parties |
//! | `砂糖を加えたもの　…` | for some of the goods of the line, in words |
//! | `●無税〜8.5%`, `一部3.5%`, `…又は非譲許` | a range over the goods of the line, or no concession for some |
//! | `◆8` | a note beside the schedule, which is not in the data |
//!
//! Ranges, notes, and the two lactose scales of heading 2309 become [`Rate::Reference`]: they mean
//! something, but not by themselves. The signs `*`, `**` (bound rates of dairy, rice, starch and sugar, under
//! which a levy is also collected), `◎` (within a quota that the nine-digit line itself names) and `※` (goods
//! with a sugar adjustment levy) do not change the rate and are dropped.
//!
//! The standard import prices stand in the Temporary Tariff Measures Act, annex 1-3-2, and not in the
//! schedule. They are computed from the gate prices of the agreements' columns: 524 × 1.043 = 546.53 for cuts,
//! 393 × 1.043 = 409.90 for carcasses, 897.59 × (0.6 + 0.085) ÷ 1.5 = 409.90 for processed pork, all for one
//! kilogram; 20,400.55 × 1.085 = 22,134.60 for one live pig.

use std::sync::Arc;

use super::{Rate, linear};
use crate::preference::{Case, Offer};
use crate::{Country, Season};

/// One cell of the schedule.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is printed: no rate of this column.
    Blank,
    /// One rate for the whole line.
    Rate(Rate),
    /// A rate in brackets: the column's, but not the one applied.
    Bracketed(Rate),
    /// Rates by case.
    Cases(Arc<Offer>),
}

/// Standard import prices in yen for one unit, by the words of the schedule.
const STANDARD_PRICES: [(&str, &str); 4] = [
    ("部分肉", "546.53"),
    ("枝肉", "409.90"),
    ("豚肉加工品", "409.90"),
    ("生きている豚", "22134.60"),
];

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

/// Reads a cell. A text without a meaning becomes [`Rate::Unparsed`], never zero.
///
/// # Example
/// ```
/// use winset_law::rate::jp::{self, Cell};
/// let Cell::Rate(rate) = jp::parse("（524円×1.004-課税価格）/kg又は58円/kgのうちいずれか低い税率") else {
///     panic!()
/// };
/// assert_eq!(rate.to_string(), "lesser of 526.096 JPY/kg - 100% or 58 JPY/kg");
/// assert!(matches!(jp::parse("(50%)"), Cell::Bracketed(_)));
/// assert_eq!(jp::parse(" "), Cell::Blank);
/// ```
pub fn parse(text: &str) -> Cell {
    let plain = narrow(text);
    if plain.trim().is_empty() {
        return Cell::Blank;
    }
    let compact = without_blanks(&plain);
    let reference = || Rate::Reference(text.trim().into());
    if compact.contains('◆') {
        return Cell::Rate(reference());
    }
    if let Some(cell) = one(&compact) {
        return cell;
    }
    if let Some(ends_in_brackets) = range(&compact) {
        return if ends_in_brackets {
            Cell::Bracketed(reference())
        } else {
            Cell::Rate(reference())
        };
    }
    if compact.contains("との差額") || compact.contains("重量比による乳糖") {
        return Cell::Rate(reference());
    }
    cases(text.trim(), &plain).unwrap_or_else(|| Cell::Rate(Rate::Unparsed(text.into())))
}

/// Full-width signs as their narrow forms; thousands separators dropped.
fn narrow(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let narrow = match c {
            '（' => '(',
            '）' => ')',
            '−' | '－' | '‐' => '-',
            '～' => '〜',
            '＊' => '*',
            '\u{3000}' | '\u{a0}' => ' ',
            '㎡' => {
                out.push_str("m2");
                continue;
            }
            '，' | ',' if chars.peek().is_some_and(char::is_ascii_digit) => continue,
            // The block of full-width letters and signs runs parallel to ASCII.
            '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            other => other,
        };
        out.push(narrow);
    }
    out
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn without_signs(text: &str) -> &str {
    text.trim_start_matches(['*', '◎', '※', '●'])
}

/// The inside of brackets that hold the whole text.
fn in_brackets(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0usize;
    for c in inside.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    (depth == 0).then_some(inside)
}

/// A cell that is one rate.
fn one(text: &str) -> Option<Cell> {
    let text = without_signs(text);
    match in_brackets(text) {
        Some(inside) => Some(Cell::Bracketed(rate(without_signs(inside))?)),
        None => Some(Cell::Rate(rate(text)?)),
    }
}

fn rate(text: &str) -> Option<Rate> {
    if text == "無税" || text == "免税" {
        return Some(Rate::FREE);
    }
    choice(text)
        .or_else(|| linear::read(text))
        .or_else(|| difference(text))
        .or_else(|| of_sugar(text))
}

/// `…又は…のうちいずれか高い税率`, perhaps with a floor or ceiling: `ただしその税率が93円/lを下回る場合は93円/l`.
fn choice(text: &str) -> Option<Rate> {
    let (text, bound) = match text.split_once("ただしその税率が") {
        Some((head, bound)) => {
            let open = head.strip_suffix('(');
            let bound = match open {
                Some(_) => bound.strip_suffix(')')?,
                None => bound,
            };
            (open.unwrap_or(head), Some(bound))
        }
        None => (text, None),
    };
    let (text, higher) = match text.strip_suffix("のうちいずれか高い税率") {
        Some(text) => (text, true),
        None => (text.strip_suffix("のうちいずれか低い税率")?, false),
    };
    let (a, b) = text.split_once("又は")?;
    let (a, b) = (operand(a)?, operand(b)?);
    let chosen = if higher { a.or_more(b) } else { a.or_less(b) };
    let Some(bound) = bound else {
        return Some(chosen);
    };
    let (limit, below) = match bound.split_once("を下回る場合は") {
        Some((limit, _)) => (limit, true),
        None => (bound.split_once("を上回る場合は")?.0, false),
    };
    let limit = linear::read(limit)?;
    Some(if below {
        chosen.or_more(limit)
    } else {
        chosen.or_less(limit)
    })
}

fn operand(text: &str) -> Option<Rate> {
    linear::read(text).or_else(|| linear::read(in_brackets(text)?))
}

/// `1キログラムにつき部分肉に係る基準輸入価格と課税価格との差額`, where the price is known; either side may be
/// multiplied (`に1.5を乗じて得た額`).
fn difference(text: &str) -> Option<Rate> {
    let (unit, text) = text.strip_prefix('1')?.split_once("につき")?;
    let text = text.strip_prefix('、').unwrap_or(text);
    let (of, text) = text.split_once("に係る基準輸入価格")?;
    let (_, price) = STANDARD_PRICES.iter().find(|(name, _)| *name == of)?;
    let (price_by, value_by) = text.strip_suffix("との差額")?.split_once("と課税価格")?;
    let (price_by, value_by) = (factor(price_by)?, factor(value_by)?);
    linear::read(&format!(
        "({price}円×{price_by}-課税価格×{value_by})/{unit}"
    ))
}

fn factor(text: &str) -> Option<&str> {
    if text.is_empty() {
        return Some("1");
    }
    text.strip_prefix('に')?.strip_suffix("を乗じて得た額")
}

/// `原産品に含まれる砂糖の重量1キログラムにつき21.50円`.
fn of_sugar(text: &str) -> Option<Rate> {
    let text = text.strip_prefix("当該").unwrap_or(text);
    let text = text.strip_prefix("原産品に含まれる砂糖の重量1")?;
    let text = text
        .strip_prefix("キログラムにつき")
        .or_else(|| text.strip_prefix("kgにつき"))?;
    linear::of_content(text.strip_suffix('円')?, "sugar content")
}

/// A range over the goods of a line, or no concession for some; whether all of it stands in brackets.
fn range(text: &str) -> Option<bool> {
    let text = without_signs(text);
    let inside = in_brackets(text);
    let body = inside.unwrap_or(text);
    let marked = body.starts_with("一部") || body.contains('〜') || body.contains("非譲許");
    // A list of rates without a word between.
    let listed = body.contains('、') && body.split('、').all(|part| one(part).is_some());
    if !marked && !listed {
        return None;
    }
    let ends = body.split('〜').flat_map(|part| part.split("又は"));
    let ends = ends.flat_map(|part| part.split('、'));
    let all = ends
        .filter(|end| *end != "非譲許")
        .all(|end| in_brackets(end).is_some());
    Some(inside.is_some() || all)
}

/// A line a case: its words, a blank, its rate.
fn cases(printed: &str, text: &str) -> Option<Cell> {
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
        "その他のもの" | "関税割当数量以外のもの" if origins.is_empty() => {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn offer(text: &str) -> Arc<Offer> {
        match parse(text) {
            Cell::Cases(offer) => offer,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn texts_as_printed() {
        for (text, meaning) in [
            ("無税", "Free"),
            ("◎免税", "Free"),
            ("※１％", "1%"),
            ("3,400,000円/頭", "3400000 JPY/each"),
            ("*29.8%＋396円/kg", "29.8% + 396 JPY/kg"),
            ("29.8%+\n915円/kg", "29.8% + 915 JPY/kg"),
            ("1.50円/枚", "1.5 JPY/each"),
            ("624円/MT", "624 JPY/t"),
            ("(170円−課税価格)/kg", "170 JPY/kg - 100%"),
            ("535.53円/kg-課税価格/kg", "535.53 JPY/kg - 100%"),
            (
                "6.4%又は5%＋1.52円/㎡のうちいずれか高い税率",
                "greater of 6.4% or 5% + 1.52 JPY/m2",
            ),
            (
                "15%又は125円/lのうちいずれか低い税率\nただしその税率が67円/lを下回る場合は67円/l",
                "greater of (lesser of 15% or 125 JPY/liter) or 67 JPY/liter",
            ),
            (
                "9.3%又は7.19円/kgのうちいずれか高い税率（ただしその税率が50%を上回る場合は50%とする）",
                "lesser of (greater of 9.3% or 7.19 JPY/kg) or 50%",
            ),
            (
                "22%又は((180円-課税価格)×40/100)/kgのうちいずれか低い税率",
                "lesser of 22% or 72 JPY/kg - 40%",
            ),
            (
                "1キログラムにつき部分肉に係る基準輸入価格と課税価格との差額",
                "546.53 JPY/kg - 100%",
            ),
            (
                "1頭につき、生きている豚に係る基準輸入価格と課税価格との差額",
                "22134.6 JPY/each - 100%",
            ),
            (
                "（（課税価格×（1.007-51.46/897.59）＋51.46円）-課税価格）/kg",
                "51.46 JPY/kg - 5.0331298254214062%",
            ),
            (
                "世界貿易機関設立協定の日本国の譲許表における関税割当て　無税\nその他のもの　無税",
                "Free",
            ),
        ] {
            match parse(text) {
                Cell::Rate(rate) => {
                    assert_eq!(rate.to_string(), meaning, "{text}");
                    assert_eq!(crate::rate::text::parse(meaning), rate, "{meaning}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_not_applied_and_what_needs_more() {
        for text in [
            "(50%)",
            "（無税）",
            "*(341円/kg)",
            "(無税）〜（8.4%)",
            "(一部3.5%)",
            "(無税)〜\n(3.5%)",
        ] {
            assert!(
                matches!(parse(text), Cell::Bracketed(_)),
                "{text}: {:?}",
                parse(text)
            );
        }
        for text in [
            "●無税〜8.5%",
            "●5.8%又は非譲許",
            "◆11",
            "無税 ◆2",
            "●21%〜（35%）",
            "5%〜5.3%",
        ] {
            let Cell::Rate(Rate::Reference(kept)) = parse(text) else {
                panic!("{text}: {:?}", parse(text));
            };
            assert_eq!(&*kept, text);
        }
        for text in [
            "なし",
            "12",
            "5円",
            "5円/斤",
            "%",
            "(5%",
            "-5%",
            "10円/kg+5円/l",
            "5%又は6%",
        ] {
            let cell = parse(text);
            assert!(
                matches!(&cell, Cell::Rate(rate) if !rate.has_meaning()),
                "{text}: {cell:?}"
            );
        }
    }

    #[test]
    fn cases() {
        let quota = offer("関税割当数量以内のもの　無税\n関税割当数量以外のもの　40%");
        assert!(quota.cases[0].in_quota && !quota.cases[1].in_quota);
        let parties = offer(
            "関税割当数量以内のもの　25%\n関税割当数量以内のもの（チリに対する待遇）　無税\n関税割当数量以外のもの　119円/kg",
        );
        assert_eq!(parties.cases[0].origins, ["CL".parse().unwrap()]);
        assert_eq!(parties.cases.len(), 3);
        let season = offer("毎年11月1日から翌年2月末日までに輸入されるもの　無税");
        assert_eq!(season.cases[0].season.unwrap().to_string(), "11-01/02-29");
        let goods = offer("砂糖を加えたもの　18.6%＋21.33円/kg\nその他のもの　13.3%＋21.33円/kg");
        assert_eq!(goods.cases[1].goods.as_ref().unwrap().0, 2);
    }

    proptest! {
        #[test]
        fn any_text_reads_without_stopping(text in "\\PC{0,40}") {
            let _ = format!("{:?}", parse(&text));
        }

        #[test]
        fn any_rate_like_text_reads_without_stopping(
            text in "(無税|[0-9.]{1,4}|%|円|/kg|/|課税価格|×|\\(|\\)|\\+|-|又は|のうちいずれか高い税率|関税割当数量以内のもの|に対する待遇|ただしその税率が|を下回る場合は|毎年|から|\n| |〜|、){0,14}"
        ) {
            let _ = format!("{:?}", parse(&text));
        }
    }
}
