//! Where an evaluation tells what it looked at.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assessment::{Component, Reason, Step};
use crate::measure::{Act, Exemption, Measure};

/// Where the evaluation reports what it looked at. The untraced one compiles to nothing.
pub(crate) trait Sink {
    fn step(&mut self, measure: &Measure, reason: impl FnOnce() -> (Reason, Arc<str>));
    fn need(&mut self, need: impl FnOnce() -> Option<Asked>);
    fn exempt(&mut self, exemption: &Exemption, act: &Act);
}

impl Sink for () {
    fn step(&mut self, _: &Measure, _: impl FnOnce() -> (Reason, Arc<str>)) {}
    fn need(&mut self, _: impl FnOnce() -> Option<Asked>) {}
    fn exempt(&mut self, _: &Exemption, _: &Act) {}
}

/// A question to the importer.
pub(crate) struct Asked {
    pub(crate) fact: Arc<str>,
    pub(crate) asks: Arc<str>,
    pub(crate) loaded: Option<Date>,
}

/// All of it, kept.
pub(crate) struct Trace {
    pub(crate) steps: Vec<Step>,
    pub(crate) asked: Vec<Asked>,
    /// Exemptions whose heading is declared.
    pub(crate) exemptions: Vec<Component>,
}

impl Trace {
    /// For a law of so many measures: each leaves one step.
    pub(crate) fn of(measures: usize) -> Self {
        Self {
            steps: Vec::with_capacity(measures),
            asked: Vec::new(),
            exemptions: Vec::new(),
        }
    }
}

impl Sink for Trace {
    fn step(&mut self, measure: &Measure, reason: impl FnOnce() -> (Reason, Arc<str>)) {
        let (because, source) = reason();
        let applied = matches!(because, Reason::Owed | Reason::NothingDue);
        self.steps.push(Step {
            measure: measure.id.clone(),
            applied,
            because,
            source,
        });
    }

    fn need(&mut self, need: impl FnOnce() -> Option<Asked>) {
        if let Some(need) = need()
            && !self.asked.iter().any(|a| a.fact == need.fact)
        {
            self.asked.push(need);
        }
    }

    fn exempt(&mut self, exemption: &Exemption, act: &Act) {
        if exemption.heading.is_none() || self.exemptions.iter().any(|c| c.measure == exemption.id)
        {
            return;
        }
        self.exemptions.push(Component {
            measure: exemption.id.clone(),
            heading: exemption.heading.clone(),
            authority: exemption.title.clone(),
            basis: Decimal::ZERO,
            rate: "Free".into(),
            amount: Decimal::ZERO,
            source: act.source.clone(),
        });
    }
}
