//! What changes a measure from outside: exemptions, suspensions, amendments.

use super::Reader;
use super::act::confidence;
use crate::file::{RawAmendment, RawExemption, RawSuspension};
use crate::measure::{Effect, Exemption, Provision, Relieved, Suspension};

impl Reader<'_> {
    pub(crate) fn exemption(&mut self, raw: &RawExemption) -> Exemption {
        let goods = (!raw.goods.is_empty() || !raw.except_goods.is_empty())
            .then(|| self.goods(&raw.goods, &raw.except_goods));
        let mut periods = Vec::new();
        for period in &raw.period {
            let (from, to) = self.days(&period.from, period.to.as_ref());
            let origins = self.origins(&raw.origins, &[], from);
            if let Some(act) = self.act(&period.act) {
                let ends = period.ends;
                periods.push(Relieved {
                    origins,
                    from,
                    to,
                    act,
                    ends,
                });
            }
        }
        if let Some(word) = &raw.confidence {
            confidence(self.source, word, self.problems);
        }
        Exemption {
            id: raw.id.get_ref().as_str().into(),
            title: raw.title.as_str().into(),
            heading: raw.heading.as_deref().map(Into::into),
            selectors: raw
                .exempts
                .iter()
                .map(|w| (w.get_ref().as_str().into(), self.place(w)))
                .collect(),
            goods,
            when: self.conditions(&raw.when),
            relieves_share: raw.relieves_share.as_deref().map(Into::into),
            heading_of_rest: raw.heading_of_rest.as_deref().map(Into::into),
            asks: raw.asks.as_deref().map(Into::into),
            asks_of: (!raw.asks_of.is_empty()).then(|| self.goods(&raw.asks_of, &[])),
            periods,
        }
    }

    pub(crate) fn suspension(&mut self, raw: &RawSuspension) -> Option<Suspension> {
        let (from, until) = self.days(&raw.from, raw.until.as_ref());
        let origins = self.origins(&raw.origins, &raw.except_origins, from);
        Some(Suspension {
            origins,
            from,
            until,
            act: self.act(&raw.act)?,
        })
    }

    pub(crate) fn amendment(&mut self, raw: &RawAmendment) -> Option<Provision> {
        let (from, to) = self.days(&raw.from, raw.to.as_ref());
        let act = self.act(&raw.act);
        let effect = match (&raw.rate, raw.ends) {
            (Some(rate), false) => self.effect(rate),
            (None, true) => Some(Effect::Ends),
            _ => {
                self.fault(
                    &raw.measure,
                    "an amendment sets a rate or ends the measure".to_owned(),
                    "write either `rate = \"…\"` or `ends = true`",
                );
                None
            }
        };
        let origins = self.origins(&raw.origins, &raw.except_origins, from);
        let goods = (!raw.goods.is_empty() || !raw.except_goods.is_empty())
            .then(|| self.goods(&raw.goods, &raw.except_goods));
        let act = act?;
        Some(Provision {
            origins,
            goods,
            from,
            to,
            known: act.known,
            layer: self.layer,
            act,
            effect: effect?,
            heading: raw.heading.as_deref().map(Into::into),
            place: self.place(&raw.measure),
        })
    }
}
