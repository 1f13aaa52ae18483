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
//! | `…に係る基準輸入価格と課税価格との差額` | the same from a standard import price, see `jp/formula.rs` |
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
//! with a sugar adjustment levy) do not change the rate and are dropped; their legend is not in the data, what they
//! stand for is from memory.

mod cases;
mod formula;
mod linear;

use std::sync::Arc;

use super::Rate;
use crate::preference::Offer;
use formula::rate;

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
    cases::read(text.trim(), &plain).unwrap_or_else(|| Cell::Rate(Rate::Unparsed(text.into())))
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
