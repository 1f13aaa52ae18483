//! Bargaining chips: what an option we could give costs us, and what it is worth to them.

use std::cmp::Ordering;

use serde::Serialize;

/// What a chip is good for.
///
/// A ratio of worth to price means something only where both are positive; everything else has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChipLabel {
    /// They gain, and so do we.
    GoodForBoth,
    /// They gain, at no price to us.
    Free,
    /// They gain, at a price to us: there is a ratio.
    Priced,
    /// They gain nothing, or lose while we do not: nothing to offer.
    WorthlessToThem,
    /// They lose, and so do we.
    HurtsBoth,
}

impl std::fmt::Display for ChipLabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::GoodForBoth => "good for both",
            Self::Free => "free",
            Self::Priced => "at a price",
            Self::WorthlessToThem => "worthless to them",
            Self::HurtsBoth => "hurts both",
        })
    }
}

/// An option we could give. All amounts in one unit, bn USD a year where money.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chip {
    /// What is given.
    pub name: String,
    /// Real income (EV) that we lose; below 0 if we gain.
    pub economic_price: f64,
    /// Objective that we lose, compensation of losing sectors included; below 0 if we gain.
    pub political_price: f64,
    /// Objective that they gain; below 0 if they lose.
    pub worth: f64,
    /// What it is good for, by the larger of the two prices.
    pub label: ChipLabel,
    /// Worth per unit of the larger price; only where [`ChipLabel::Priced`].
    pub ratio: Option<f64>,
    /// Ratifiers who stop it at home. A blocked chip is never cheap: it ranks last.
    pub blocked_by: Vec<String>,
}

impl Chip {
    /// Labels a chip from its prices and its worth. Amounts within ±`negligible` of 0 count as 0; it is the
    /// accuracy of the numbers, in their unit.
    ///
    /// The larger of the two prices decides, so that nothing with a political price is called free because the
    /// economy gains, and nothing with an economic price because a lobby does.
    pub fn new(
        name: impl Into<String>,
        economic_price: f64,
        political_price: f64,
        worth: f64,
        negligible: f64,
    ) -> Self {
        let sign = |x: f64| if x.abs() <= negligible { 0.0 } else { x };
        let price = economic_price.max(political_price);
        let label = match (sign(worth).partial_cmp(&0.0), sign(price).partial_cmp(&0.0)) {
            (Some(Ordering::Greater), Some(Ordering::Less)) => ChipLabel::GoodForBoth,
            (Some(Ordering::Greater), Some(Ordering::Equal)) => ChipLabel::Free,
            (Some(Ordering::Greater), Some(Ordering::Greater)) => ChipLabel::Priced,
            (Some(Ordering::Less), Some(Ordering::Greater)) => ChipLabel::HurtsBoth,
            _ => ChipLabel::WorthlessToThem,
        };
        let ratio = (label == ChipLabel::Priced).then(|| worth / price);
        Self {
            name: name.into(),
            economic_price,
            political_price,
            worth,
            label,
            ratio,
            blocked_by: Vec::new(),
        }
    }

    /// The same chip with the ratifiers who stop it.
    #[must_use]
    pub fn blocked_by(mut self, ratifiers: Vec<String>) -> Self {
        self.blocked_by = ratifiers;
        self
    }

    /// Best first: good for both and free by worth, then by ratio, then worthless, then harmful; blocked ones after
    /// all others. Equal chips keep their order.
    pub fn rank(chips: &mut [Self]) {
        chips.sort_by(|a, b| {
            let blocked = a
                .blocked_by
                .is_empty()
                .cmp(&b.blocked_by.is_empty())
                .reverse();
            let label = a.label.cmp(&b.label);
            let ratio = b.ratio.unwrap_or(0.0).total_cmp(&a.ratio.unwrap_or(0.0));
            blocked
                .then(label)
                .then(ratio)
                .then(b.worth.total_cmp(&a.worth))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chip(economic: f64, political: f64, worth: f64) -> Chip {
        Chip::new("x", economic, political, worth, 1e-9)
    }

    #[test]
    fn a_ratio_needs_a_price_and_a_worth() {
        assert_eq!(chip(2.0, 1.0, 3.0).ratio, Some(1.5));
        assert_eq!(chip(-1.6, -0.1, 3.0).label, ChipLabel::GoodForBoth);
        assert_eq!(chip(-1.6, 0.0, 3.0).label, ChipLabel::Free);
        assert_eq!(chip(1.0, 1.0, 0.0).label, ChipLabel::WorthlessToThem);
        assert_eq!(chip(1.0, 1.0, -1.0).label, ChipLabel::HurtsBoth);
        assert_eq!(chip(-1.0, -1.0, -1.0).label, ChipLabel::WorthlessToThem);
        for other in [
            chip(-1.0, -1.0, 1.0),
            chip(0.0, 0.0, 1.0),
            chip(1.0, 1.0, 0.0),
            chip(1.0, 1.0, -1.0),
        ] {
            assert_eq!(other.ratio, None, "{}", other.label);
        }
    }

    #[test]
    fn what_pays_economically_but_costs_politically_has_a_price() {
        let chip = chip(-1.6, 0.4, 3.0);
        assert_eq!(chip.label, ChipLabel::Priced);
        assert!((chip.ratio.unwrap() - 7.5).abs() < 1e-12);
    }

    #[test]
    fn blocked_chips_come_last() {
        let mut chips = vec![
            chip(-1.0, -1.0, 9.0).blocked_by(vec!["a".into()]),
            chip(1.0, 1.0, -1.0),
            chip(2.0, 2.0, 1.0),
        ];
        Chip::rank(&mut chips);
        assert_eq!(
            chips.iter().map(|c| c.worth).collect::<Vec<_>>(),
            [1.0, -1.0, 9.0]
        );
    }
}
