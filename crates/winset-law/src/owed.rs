//! What is owed on one entry of many, as a table shows it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use winset_io::stream::push_decimal;

use crate::LawError;
use crate::entry::Entry;
use crate::mixed::Sums;
use crate::plan::{Plain, Plan, Words};
use crate::untraced::Untraced;

/// What is owed on one entry of a batch. Amounts are in the currency of the entry, fees in the importer's.
#[derive(Debug)]
pub struct Owed<'b> {
    /// Duty, not rounded.
    pub total: Decimal,
    /// Duty as it is paid, rounded by the importer's law.
    pub payable: Decimal,
    /// Fees beside duty.
    pub fees: Decimal,
    /// Duty over value, a fraction; `None` for a value of zero.
    pub effective_rate: Option<Decimal>,
    found: Found<'b>,
}

#[derive(Debug)]
enum Found<'b> {
    /// With the base duty where it is no share of the value.
    Plan(&'b Plan, &'b Words, Plain, Option<Decimal>),
    Each(Box<Untraced>),
}

impl<'b> Owed<'b> {
    /// By a plan.
    pub(crate) fn by_plan(
        plan: &'b Plan,
        words: &'b Words,
        value: Plain,
    ) -> Result<Self, LawError> {
        Ok(Self {
            total: plan.total(value),
            payable: plan.payable(value, words),
            fees: plan.fees(value, words).ok_or(LawError::TooLarge)?,
            effective_rate: Some(plan.effective_rate()),
            found: Found::Plan(plan, words, value, None),
        })
    }

    /// By a mixed plan, once its sums are known.
    pub(crate) fn by_mixed(
        plan: &'b Plan,
        words: &'b Words,
        (value, sums): (Plain, Sums),
        entry: &Entry,
    ) -> Result<Self, LawError> {
        Ok(Self {
            total: sums.total,
            payable: sums.payable,
            fees: plan.fees(value, words).ok_or(LawError::TooLarge)?,
            effective_rate: sums.total.checked_div(entry.value.amount),
            found: Found::Plan(plan, words, value, Some(sums.base)),
        })
    }

    /// Of an entry that was asked itself.
    pub(crate) fn each(answer: Untraced, entry: &Entry) -> Self {
        Self {
            total: answer.total,
            payable: answer.payable,
            fees: answer.fees,
            effective_rate: answer.total.checked_div(entry.value.amount),
            found: Found::Each(Box::new(answer)),
        }
    }
}

impl Owed<'_> {
    /// The effective rate as a floating-point number.
    pub fn rate(&self) -> Option<f64> {
        match &self.found {
            Found::Plan(plan, _, _, None) => Some(plan.rate()),
            Found::Plan(..) | Found::Each(_) => self.effective_rate.and_then(|rate| rate.to_f64()),
        }
    }

    /// Appends the components as `measure=amount`, joined by `;`, the base duty first; those that come to
    /// nothing are left out, but for the base duty.
    pub fn components(&self, out: &mut Vec<u8>) {
        match &self.found {
            Found::Plan(plan, words, value, base) => {
                plan.say_components(*value, *base, words, out);
            }
            Found::Each(answer) => {
                let owed = answer.parts.iter().filter(|part| part.is_owed());
                for (place, part) in owed.enumerate() {
                    push_named(out, place, &part.measure, Some(part.amount));
                }
            }
        }
    }

    /// A number that stands for the headings, of a store of plans and among them: where both are the same, so are the headings.
    /// `None` where they have none.
    pub fn headings_number(&self) -> Option<(u64, u16)> {
        match &self.found {
            Found::Plan(plan, words, ..) => Some((words.store, plan.headings_number())),
            Found::Each(_) => None,
        }
    }

    /// Appends the headings to declare, joined by `;`.
    pub fn headings(&self, out: &mut Vec<u8>) {
        match &self.found {
            Found::Plan(plan, words, ..) => out.extend_from_slice(plan.headings(words)),
            Found::Each(answer) => {
                for (place, heading) in answer.headings().into_iter().enumerate() {
                    if place > 0 {
                        out.push(b';');
                    }
                    out.extend_from_slice(heading.as_bytes());
                }
            }
        }
    }

    /// Appends what is still to be known as `fact=total if so`, joined by `;`; `fact=?` where it takes a
    /// number.
    pub fn needs(&self, out: &mut Vec<u8>) {
        match &self.found {
            Found::Plan(plan, words, value, base) => plan.say_needs(*value, *base, words, out),
            Found::Each(answer) => {
                for (place, need) in answer.needs.iter().enumerate() {
                    push_named(out, place, &need.name(), need.total_if_yes);
                }
            }
        }
    }
}

fn push_named(out: &mut Vec<u8>, place: usize, name: &str, amount: Option<Decimal>) {
    if place > 0 {
        out.push(b';');
    }
    out.extend_from_slice(name.as_bytes());
    out.push(b'=');
    match amount {
        Some(amount) => push_decimal(out, amount.mantissa(), amount.scale()),
        None => out.push(b'?'),
    }
}
