//! Duties that are a share of value whatever the value: worked out once, then whole numbers multiplied.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use rust_decimal::Decimal;
use winset_io::stream::push_decimal;

use crate::assess::Question;
use crate::base::base_rate;
use crate::cell::Cell;
use crate::entry::Entry;
use crate::fee::Clamp;
use crate::law::Law;
use crate::measure::Effect;
use crate::mixed::sum;
use crate::rate::Rate;
use crate::rounding::Rounding;
use crate::schedule::Line;
use crate::untraced::{Part, Untraced};

const POWERS: [u64; 20] = {
    let mut powers = [1; 20];
    let mut i = 1;
    while i < powers.len() {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// The largest scale of a share, so that its product with any [`Plain`] value has at most 28 digits.
const SHARE_SCALE: u32 = 9;
/// The largest scale of a plain value.
const VALUE_SCALE: u32 = 6;

/// A value with so few digits that its products with shares are exact: `digits` / 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plain {
    pub(crate) digits: u64,
    pub(crate) scale: u32,
}

impl Plain {
    /// From zero to 10^15 with at most six digits behind the point; `None` for others.
    pub(crate) fn of(value: Decimal) -> Option<Self> {
        let scale = value.scale();
        if scale > VALUE_SCALE || (value.is_sign_negative() && !value.is_zero()) {
            return None;
        }
        let digits = u64::try_from(value.mantissa()).ok()?;
        // At five digits behind the point and more all that fits is below 10^15.
        let most = POWERS[(15 + scale).min(19) as usize];
        let inside = digits <= i64::MAX.unsigned_abs() && (scale > 3 || digits <= most);
        inside.then_some(Self { digits, scale })
    }

    fn times(self, share: u32) -> Exact {
        Exact(u128::from(self.digits) * u128::from(share))
    }

    /// To so many places, a half up.
    fn to(self, places: Option<u32>) -> Self {
        match places {
            Some(places) if places < self.scale => Self {
                digits: half_up(self.digits, POWERS[(self.scale - places) as usize]),
                scale: places,
            },
            _ => self,
        }
    }
}

/// The digits of a product.
#[derive(Clone, Copy)]
struct Exact(u128);

impl Exact {
    /// Divided by a power of ten, a half up.
    fn over(self, power: u64) -> u128 {
        if let Ok(digits) = u64::try_from(self.0) {
            u128::from(half_up(digits, power))
        } else {
            let power = u128::from(power);
            self.0 / power + u128::from(self.0 % power >= power.div_ceil(2))
        }
    }
}

fn half_up(digits: u64, power: u64) -> u64 {
    digits / power + u64::from(digits % power >= power.div_ceil(2))
}

/// A decimal of up to 28 digits.
pub(crate) fn decimal(digits: u128, scale: u32) -> Decimal {
    Decimal::from_parts(
        digits as u32,
        (digits >> 32) as u32,
        (digits >> 64) as u32,
        false,
        scale,
    )
}

/// The most components with a share that a plan holds.
const PARTS: usize = 6;

/// What is owed on goods of an origin on a day, whatever the value, as shares of it over one power of ten.
/// Small, and in one piece: a file of random entries asks for another one in each row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    total: u32,
    /// Each component: its name among the [`Words`] and the share of the value.
    shares: [u32; PARTS],
    names: [u16; PARTS],
    parts: u8,
    scale: u8,
    headings: u16,
    charges: u16,
    needs: u32,
}

/// What is still to be known, by its name, and the share of the value that is owed if it is so.
type Needs = Box<[(u16, Option<u32>)]>;

/// What many plans say in the same words.
#[derive(Debug)]
pub(crate) struct Words {
    /// The number of their store, of no other: numbers of these words mean nothing among others.
    pub(crate) store: u64,
    /// `measure=` and `fact=`, and lists of headings.
    texts: Vec<Box<str>>,
    by_text: HashMap<Box<str>, u16>,
    charges: Vec<Charges>,
    needs: Vec<Needs>,
    by_needs: HashMap<Needs, u32>,
}

/// How duties are rounded, and the fees.
#[derive(Clone, Debug, PartialEq)]
struct Charges {
    /// Places of the value and of the duty, and whether each component is rounded.
    rounding: Option<(Option<u32>, Option<u32>, bool)>,
    fees: Vec<Charge>,
}

impl Default for Words {
    /// No word yet.
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self {
            store: NEXT.fetch_add(1, Ordering::Relaxed),
            texts: Vec::new(),
            by_text: HashMap::new(),
            charges: Vec::new(),
            needs: Vec::new(),
            by_needs: HashMap::new(),
        }
    }
}

impl Words {
    fn number(&mut self, text: String) -> Option<u16> {
        if let Some(number) = self.by_text.get(text.as_str()) {
            return Some(*number);
        }
        let number = u16::try_from(self.texts.len()).ok()?;
        self.texts.push(text.clone().into());
        self.by_text.insert(text.into(), number);
        Some(number)
    }

    fn needs(&mut self, needs: Needs) -> Option<u32> {
        if let Some(number) = self.by_needs.get(&needs) {
            return Some(*number);
        }
        let number = u32::try_from(self.needs.len()).ok()?;
        self.needs.push(needs.clone());
        self.by_needs.insert(needs, number);
        Some(number)
    }

    fn charges(&mut self, charges: Charges) -> Option<u16> {
        let known = self.charges.iter().position(|c| *c == charges);
        let place = known.unwrap_or_else(|| {
            self.charges.push(charges);
            self.charges.len() - 1
        });
        u16::try_from(place).ok()
    }

    fn text(&self, number: u16) -> &[u8] {
        self.texts[usize::from(number)].as_bytes()
    }
}

/// A share of value between limits in hundredths.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Charge {
    rate: u32,
    scale: u32,
    least: u64,
    most: u64,
}

impl Charge {
    fn of(clamp: &Clamp) -> Option<Self> {
        let (rate, least, most) = clamp.parts();
        let rate = rate.normalize();
        let hundredths = |limit: Decimal| {
            let limit = limit.normalize();
            let power = 10i128.pow(2u32.checked_sub(limit.scale())?);
            u64::try_from(limit.mantissa().checked_mul(power)?).ok()
        };
        let most = if most == Decimal::MAX {
            u64::MAX
        } else {
            hundredths(most)?
        };
        Some(Self {
            rate: u32::try_from(rate.mantissa()).ok()?,
            scale: Some(rate.scale()).filter(|scale| (2..=SHARE_SCALE).contains(scale))?,
            least: hundredths(least)?,
            most,
        })
    }

    /// In hundredths. The limits are whole, so that rounding before them is rounding after them.
    fn on(&self, value: Plain) -> Option<u64> {
        let power = POWERS[(self.scale + value.scale - 2) as usize];
        let fee = value.times(self.rate).over(power);
        Some(u64::try_from(fee).ok()?.clamp(self.least, self.most))
    }
}

impl Plan {
    /// The plan of the duties and fees on a value of one; `None` where numbers are too long or too many.
    pub(crate) fn new(
        one: &Untraced,
        rounding: Option<&Rounding>,
        clamps: &[Clamp],
        words: &mut Words,
    ) -> Option<Self> {
        let owed: Vec<&Part> = one.parts.iter().filter(|p| p.is_owed()).collect();
        let needed = one.needs.iter().filter_map(|n| n.total_if_yes.as_ref());
        let shares = owed.iter().map(|p| &p.amount);
        let all = shares.chain(needed).chain([&one.total]);
        let scale = all.map(|share| share.normalize().scale()).max()?;
        if scale > SHARE_SCALE || owed.len() > PARTS {
            return None;
        }
        let digits = |share: Decimal| {
            let share = share.normalize();
            let power = 10i128.pow(scale.checked_sub(share.scale())?);
            u32::try_from(share.mantissa().checked_mul(power)?).ok()
        };
        let (mut names, mut shares) = ([0; PARTS], [0; PARTS]);
        for (place, part) in owed.iter().enumerate() {
            names[place] = words.number(format!("{}=", part.measure))?;
            shares[place] = digits(part.amount)?;
        }
        let mut needs = Vec::with_capacity(one.needs.len());
        for need in &one.needs {
            let share = match need.total_if_yes {
                Some(share) => Some(digits(share)?),
                None => None,
            };
            needs.push((words.number(format!("{}=", need.name()))?, share));
        }
        let headings: Vec<&str> = (one.parts.iter())
            .filter_map(|p| p.heading.as_deref())
            .collect();
        Some(Self {
            total: digits(one.total)?,
            shares,
            names,
            parts: owed.len() as u8,
            scale: scale as u8,
            headings: words.number(headings.join(";"))?,
            charges: words.charges(Charges {
                rounding: rounding.map(|rule| {
                    let (value, duty) = rule.places_of();
                    (value, duty, rule.of_component)
                }),
                fees: clamps.iter().map(Charge::of).collect::<Option<_>>()?,
            })?,
            needs: words.needs(needs.into())?,
        })
    }

    fn shares(&self) -> &[u32] {
        &self.shares[..usize::from(self.parts)]
    }

    fn needs<'w>(&self, words: &'w Words) -> &'w [(u16, Option<u32>)] {
        &words.needs[self.needs as usize]
    }

    /// How many digits of a share of a value stand behind the point.
    fn scale(&self, value: Plain) -> u32 {
        u32::from(self.scale) + value.scale
    }

    /// The share of the value that is owed.
    pub(crate) fn effective_rate(&self) -> Decimal {
        decimal(self.total.into(), self.scale.into())
    }

    /// The same, as the nearest floating-point number.
    pub(crate) fn rate(&self) -> f64 {
        // Both are exact, and so the quotient is the nearest.
        f64::from(self.total) / POWERS[usize::from(self.scale)] as f64
    }

    /// Duty, not rounded.
    pub(crate) fn total(&self, value: Plain) -> Decimal {
        decimal(value.times(self.total).0, self.scale(value))
    }

    /// The digits of the total.
    pub(crate) fn total_digits(&self, value: Plain) -> u128 {
        value.times(self.total).0
    }

    /// The digits of the largest amount that is owed or would be, and how many stand behind the point.
    pub(crate) fn largest(&self, value: Plain, words: &Words) -> (u128, u32) {
        let needed = self.needs(words).iter().filter_map(|(_, share)| *share);
        let largest = needed.max().unwrap_or(0).max(self.total);
        (value.times(largest).0, self.scale(value))
    }

    /// The digits of the total on the rounded value, and how many stand behind the point.
    pub(crate) fn on_rounded(&self, value: Plain, words: &Words) -> (u128, u32) {
        let rule = words.charges[usize::from(self.charges)].rounding;
        let value = value.to(rule.and_then(|(of_value, ..)| of_value));
        (value.times(self.total).0, self.scale(value))
    }

    /// The fees on a value; `None` where they are too large.
    pub(crate) fn fees(&self, value: Plain, words: &Words) -> Option<Decimal> {
        let mut sum = 0u64;
        for fee in &words.charges[usize::from(self.charges)].fees {
            sum = sum.checked_add(fee.on(value)?)?;
        }
        Some(decimal(u128::from(sum), 2))
    }

    /// What is paid on a value.
    pub(crate) fn payable(&self, value: Plain, words: &Words) -> Decimal {
        let rule = words.charges[usize::from(self.charges)].rounding;
        let Some((of_value, of_duty, of_component)) = rule else {
            return self.total(value);
        };
        let value = value.to(of_value);
        let (scale, places) = (self.scale(value), of_duty.unwrap_or(u32::MAX));
        if places >= scale {
            return self.total(value);
        }
        let power = POWERS[(scale - places) as usize];
        let paid = if of_component {
            let parts = self.shares().iter();
            parts.map(|share| value.times(*share).over(power)).sum()
        } else {
            value.times(self.total).over(power)
        };
        decimal(paid, places)
    }

    /// Appends the components on a value as `measure=amount`, joined by `;`; the first, a base duty, comes
    /// to `base` where that is given.
    pub(crate) fn say_components(
        &self,
        value: Plain,
        base: Option<Decimal>,
        words: &Words,
        out: &mut Vec<u8>,
    ) {
        for (place, (name, share)) in self.names.iter().zip(self.shares()).enumerate() {
            let more = base.filter(|_| place == 0);
            self.say(place, *name, Some(*share), (value, more), words, out);
        }
    }

    /// Appends what is still to be known as `fact=total if so`, joined by `;`, with `base` in each total.
    pub(crate) fn say_needs(
        &self,
        value: Plain,
        base: Option<Decimal>,
        words: &Words,
        out: &mut Vec<u8>,
    ) {
        for (place, (name, share)) in self.needs(words).iter().enumerate() {
            self.say(place, *name, *share, (value, base), words, out);
        }
    }

    fn say(
        &self,
        place: usize,
        name: u16,
        share: Option<u32>,
        (value, more): (Plain, Option<Decimal>),
        words: &Words,
        out: &mut Vec<u8>,
    ) {
        if place > 0 {
            out.push(b';');
        }
        out.extend_from_slice(words.text(name));
        let Some(share) = share else {
            return out.push(b'?');
        };
        let (digits, scale) = (value.times(share).0, self.scale(value));
        match more.and_then(|more| sum(more, digits, scale)) {
            Some(sum) => push_decimal(out, sum.mantissa(), sum.scale()),
            None => push_decimal(out, digits as i128, scale),
        }
    }

    /// The number of the headings among the words.
    pub(crate) fn headings_number(&self) -> u16 {
        self.headings
    }

    /// The headings to declare, joined by `;`.
    pub(crate) fn headings<'w>(&self, words: &'w Words) -> &'w [u8] {
        words.text(self.headings)
    }
}

impl Rate {
    /// Whether the duty is a share of the value, whatever the value, once the base duty is one.
    fn is_share(&self) -> bool {
        match self {
            Self::Inclusive(_) => true,
            Self::Greater(a, b) | Self::Lesser(a, b) => a.is_share() && b.is_share(),
            Self::Capped { rate, .. } => rate.is_share(),
            other => other.as_ad_valorem().is_some(),
        }
    }
}

impl Law {
    /// Whether every duty that can be owed on an entry is a share of its value.
    pub(crate) fn shares_only(
        &self,
        cell: &Cell,
        line: Option<&Line>,
        q: &Question<'_>,
        entry: &Entry,
    ) -> bool {
        let mut measures = cell.candidates.iter().map(|c| {
            match &self.measures[c.measure].provisions[c.provision].effect {
                Effect::Charges { rate, .. } => rate.is_share(),
                Effect::Ends => true,
            }
        });
        // Without a line nothing is owed that asks for it.
        line.is_none_or(|line| base_rate(line, q, entry).rate.is_share())
            && measures.all(|share| share)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rounding;

    proptest! {
        #[test]
        fn rounding_is_that_of_decimals(digits in 0u64..i64::MAX as u64, share in any::<u32>(), places in 0u32..4) {
            let value = Plain { digits, scale: 2 };
            let exact = decimal(value.times(share).0, 8);
            prop_assert_eq!(exact, Decimal::new(digits as i64, 2) * Decimal::new(share.into(), 6));
            let rounded = decimal(value.times(share).over(POWERS[(8 - places) as usize]), places);
            prop_assert_eq!(rounded, rounding::half_up(exact, places));
            let to = value.to(Some(places));
            prop_assert_eq!(
                decimal(to.digits.into(), to.scale), rounding::half_up(Decimal::new(digits as i64, 2), places)
            );
        }
    }

    #[test]
    fn plain_values_are_in_range() {
        let plain = |text: &str| Plain::of(text.parse().unwrap()).map(|p| (p.digits, p.scale));
        assert_eq!(plain("10.50"), Some((1050, 2)));
        assert_eq!(plain("1000000000000000"), Some((POWERS[15], 0)));
        assert_eq!(plain("1000000000000000.001"), None);
        assert_eq!(plain("-1"), None);
        assert_eq!(plain("0.0000001"), None);
        assert_eq!(plain("-0.00"), Some((0, 2)));
        assert_eq!(plain("1000000000000000.0001"), None);
        assert_eq!(plain("9223372036854.775808"), None);
    }
}
