//! Where an evaluation tells what it looked at.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::assessment::{Component, Reason, Step};
use crate::condition::Condition;
use crate::entry::Inputs;
use crate::measure::{Act, Exemption, Measure};
use crate::quota::{Position, Quota};
use crate::reading::Reading;

/// Where the evaluation reports what it looked at. The untraced one compiles to nothing.
pub(crate) trait Sink {
    /// Whether anything is made of what is told.
    const LISTENS: bool = true;

    fn step(
        &mut self,
        number: usize,
        measure: &Measure,
        reason: impl FnOnce() -> (Reason, Arc<str>),
    );
    fn need(&mut self, need: impl FnOnce() -> Option<Asked>);
    /// An exemption whose heading is declared, at this place of the order.
    fn exempt(&mut self, exemption: &Exemption, act: &Act, place: usize);
    fn reads(&mut self, reading: &Reading);
    fn quota(&mut self, quota: &Quota, at: &Position);
}

impl Sink for () {
    const LISTENS: bool = false;

    fn step(&mut self, _: usize, _: &Measure, _: impl FnOnce() -> (Reason, Arc<str>)) {}
    fn need(&mut self, _: impl FnOnce() -> Option<Asked>) {}
    fn exempt(&mut self, _: &Exemption, _: &Act, _: usize) {}
    fn reads(&mut self, _: &Reading) {}
    fn quota(&mut self, _: &Quota, _: &Position) {}
}

/// A question to the importer.
pub(crate) struct Asked {
    pub(crate) fact: Arc<str>,
    pub(crate) asks: Arc<str>,
    pub(crate) answer: Answer,
}

/// Whether conditions ask for more than that a programme is claimed.
pub(crate) fn asks_more(conditions: &[Condition]) -> bool {
    let claim = |c: &Condition| matches!(c, Condition::Claims(..) | Condition::Reads(..));
    !conditions.iter().all(claim)
}

/// The question of a record that holds unless something is so, where nobody has stated whether it is.
pub(crate) fn unless<I: Inputs>(
    conditions: &[Condition],
    asks: Option<&Arc<str>>,
    inputs: &I,
) -> Option<Asked> {
    let [Condition::Is(name, false)] = conditions else {
        return None;
    };
    let asks = asks.filter(|_| inputs.fact(name).is_none())?;
    Some(Asked {
        fact: name.clone(),
        asks: asks.clone(),
        answer: Answer::Yes(Condition::Is(name.clone(), true)),
    })
}

/// What answers a question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// Yes: the condition holds.
    Yes(Condition),
    /// A number; the total hangs on it if it is another at this end of its range.
    Number(Decimal),
    /// The value of a material; the total hangs on it if it is another without any.
    Content(Arc<str>),
}

impl Asked {
    /// The value of a material.
    pub(crate) fn content(of: &Arc<str>) -> Self {
        Self {
            fact: format!("content:{of}").into(),
            asks: format!("What is the value of the {of} content?").into(),
            answer: Answer::Content(of.clone()),
        }
    }

    /// What a condition that is not stated asks, if its record has a question. Where the record asks for more than the claim
    /// of a programme, its question is not about that.
    pub(crate) fn of(
        condition: &Condition,
        (asks, more): (Option<&Arc<str>>, bool),
        number: bool,
    ) -> Option<Self> {
        let asks = asks?;
        Some(Self {
            fact: condition.asked()?,
            asks: match condition {
                Condition::Claims(programme, _) if more => {
                    format!("Is {programme} claimed, and do the goods qualify?").into()
                }
                _ => asks.clone(),
            },
            answer: if number {
                Answer::Number(Decimal::ONE)
            } else {
                Answer::Yes(condition.clone())
            },
        })
    }
}

/// All of it, kept.
#[derive(Default)]
pub(crate) struct Kept {
    /// Steps by the numbers of the measures.
    pub(crate) steps: Vec<(usize, Step)>,
    /// How the law is read where it is open, and what quotas tell.
    pub(crate) readings: Vec<Step>,
    pub(crate) asked: Vec<Asked>,
    /// Exemptions whose heading is declared, each with its place in the order.
    pub(crate) exemptions: Vec<(usize, Component)>,
}

impl Sink for Kept {
    fn step(
        &mut self,
        number: usize,
        measure: &Measure,
        reason: impl FnOnce() -> (Reason, Arc<str>),
    ) {
        let (because, source) = reason();
        let applied = matches!(because, Reason::Owed | Reason::NothingDue);
        let step = Step {
            measure: measure.id.clone(),
            applied,
            because,
            source,
        };
        self.steps.push((number, step));
    }

    fn need(&mut self, need: impl FnOnce() -> Option<Asked>) {
        if let Some(need) = need()
            && !(self.asked.iter()).any(|a| a.fact == need.fact && a.answer == need.answer)
        {
            self.asked.push(need);
        }
    }

    fn exempt(&mut self, exemption: &Exemption, act: &Act, place: usize) {
        // One heading is declared once, whatever it frees from.
        let declared = |(_, c): &(usize, Component)| c.heading == exemption.heading;
        if self.exemptions.iter().any(declared) {
            return;
        }
        let component = Component {
            measure: exemption.id.clone(),
            heading: exemption.heading.clone(),
            authority: exemption.title.clone(),
            basis: Decimal::ZERO,
            rate: "Free".into(),
            amount: Decimal::ZERO,
            source: act.source.clone(),
        };
        self.exemptions.push((place, component));
    }

    fn quota(&mut self, quota: &Quota, at: &Position) {
        if self.readings.iter().any(|s| s.measure == quota.id) {
            return;
        }
        let (told, source) = quota.told(at);
        self.readings.push(Step {
            measure: quota.id.clone(),
            applied: true,
            because: Reason::Quota(told),
            source,
        });
    }

    fn reads(&mut self, reading: &Reading) {
        if self.readings.iter().any(|s| s.measure == reading.id) {
            return;
        }
        let others: Vec<&str> = reading
            .options()
            .filter(|o| *o != reading.chosen())
            .collect();
        self.readings.push(Step {
            measure: reading.id.clone(),
            applied: true,
            because: Reason::Reads(reading.chosen().into(), others.join(" or ").into()),
            source: reading.source.clone(),
        });
    }
}
