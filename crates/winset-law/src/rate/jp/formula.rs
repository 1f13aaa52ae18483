//! One rate of a cell: free, a sum, a choice of two, a difference from a price.
//!
//! The standard import prices stand in the Temporary Tariff Measures Act, annex 1-3-2, and not in the
//! schedule. They are computed from the gate prices of the agreements' columns: 524 × 1.043 = 546.53 for cuts,
//! 393 × 1.043 = 409.90 for carcasses, 897.59 × (0.6 + 0.085) ÷ 1.5 = 409.90 for processed pork, all for one
//! kilogram; 20,400.55 × 1.085 = 22,134.60 for one live pig.

use super::{in_brackets, linear};
use crate::rate::Rate;

/// Standard import prices in yen for one unit, by the words of the schedule.
const STANDARD_PRICES: [(&str, &str); 4] = [
    ("部分肉", "546.53"),
    ("枝肉", "409.90"),
    ("豚肉加工品", "409.90"),
    ("生きている豚", "22134.60"),
];

/// Reads a rate without blanks, signs and the brackets of one that is not applied.
pub(super) fn rate(text: &str) -> Option<Rate> {
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
