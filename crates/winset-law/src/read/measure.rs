//! Measures: their periods, their relations, their basis.

use jiff::civil::Date;

use super::Reader;
use super::act::confidence;
use crate::file::{RawMeasure, RawPeriod, Word};
use crate::measure::{Basis, Confidence, Kind, Measure, Provision, Relation};

impl Reader<'_> {
    fn provision(
        &mut self,
        raw: &RawPeriod,
        rate: Option<&Word>,
        origins: (&[Word], &[Word]),
    ) -> Option<Provision> {
        let (from, to) = self.days(&raw.from, raw.to.as_ref());
        let act = self.act(&raw.act);
        let Some(rate) = raw.rate.as_ref().or(rate) else {
            self.fault(
                &raw.act,
                "a period without a rate".to_owned(),
                "add `rate = \"…\"` here or to the measure",
            );
            return None;
        };
        let effect = self.effect(rate);
        let mut set = self.origins(origins.0, origins.1, from);
        set = set.and(self.origins(&raw.origins, &raw.except_origins, from));
        if set.is_empty() {
            self.fault(
                &raw.act,
                "a period that holds for no origin".to_owned(),
                "check origins and except-origins",
            );
        }
        let act = act?;
        Some(Provision {
            origins: set,
            goods: None,
            from,
            to,
            known: act.known,
            layer: self.layer,
            act,
            effect: effect?,
            heading: raw.heading.as_deref().map(Into::into),
            place: self.place(&raw.act),
        })
    }

    fn relations(&mut self, raw: &RawMeasure) -> Vec<Relation> {
        let mut out = Vec::new();
        let plain = [
            (&raw.yields_to, Kind::YieldsWhole),
            (&raw.adds_to, Kind::Adds),
            (&raw.prevails_over, Kind::Prevails),
        ];
        for (words, kind) in plain {
            for word in words {
                out.push(Relation {
                    selector: word.get_ref().as_str().into(),
                    kind,
                    from: Date::MIN,
                    until: Date::MAX,
                    known: Date::MIN,
                    place: self.place(word),
                });
            }
        }
        for dated in &raw.yields {
            let from = dated.from.as_ref().map_or(Date::MIN, |d| self.day(d));
            let until = dated.until.as_ref().map_or(Date::MAX, |d| self.day(d));
            let known = match &dated.act {
                Some(word) => self.act(word).map_or(Date::MIN, |act| act.known),
                None => Date::MIN,
            };
            let kind = self.part(dated.on.as_ref());
            for word in &dated.to {
                out.push(Relation {
                    selector: word.get_ref().as_str().into(),
                    kind,
                    from,
                    until,
                    known,
                    place: self.place(word),
                });
            }
        }
        out
    }

    /// How much of the value a measure yields.
    pub(crate) fn part(&mut self, word: Option<&Word>) -> Kind {
        match word.map(|w| (w, w.get_ref().as_str())) {
            None | Some((_, "whole")) => Kind::YieldsWhole,
            Some((_, "same-part")) => Kind::YieldsPart,
            Some((word, other)) => {
                self.fault(
                    word,
                    format!("`{other}` is no part of a value"),
                    "write \"whole\" or \"same-part\"",
                );
                Kind::YieldsWhole
            }
        }
    }

    pub(crate) fn measure(&mut self, raw: &RawMeasure) -> Option<Measure> {
        let importer = self.country(&raw.importer);
        let goods = self.goods(&raw.goods, &raw.except_goods);
        let basis = match raw.basis.as_ref().map(|w| (w, w.get_ref().as_str())) {
            None | Some((_, "value")) => Basis::Value,
            Some((word, text)) => match text.strip_prefix("content:") {
                Some(material) if !material.is_empty() => Basis::Content(material.into()),
                _ => {
                    self.fault(
                        word,
                        format!("`{text}` is no basis"),
                        "write \"value\" or \"content:steel\"",
                    );
                    Basis::Value
                }
            },
        };
        let mut provisions = Vec::new();
        for period in &raw.period {
            provisions.extend(self.provision(
                period,
                raw.rate.as_ref(),
                (&raw.origins, &raw.except_origins),
            ));
        }
        let confidence = match &raw.confidence {
            Some(word) => confidence(self.source, word, self.problems),
            None => Confidence::Verified,
        };
        let relations = self.relations(raw);
        let mut measure = Measure {
            id: raw.id.get_ref().as_str().into(),
            title: raw.title.as_str().into(),
            authority: raw.authority.get_ref().as_str().into(),
            importer: importer?,
            heading: raw.heading.as_deref().map(Into::into),
            heading_if_nothing_due: raw.heading_if_nothing_due.as_deref().map(Into::into),
            goods,
            basis,
            when: self.conditions(&raw.when),
            asks: raw.asks.as_deref().map(Into::into),
            family: raw.family.as_ref().map(|w| w.get_ref().as_str().into()),
            heading_if_yields: raw.heading_if_yields.as_deref().map(Into::into),
            heading_of_rest: raw.heading_of_rest.as_deref().map(Into::into),
            replaces_base: raw.replaces_base,
            whole_base_when: self.conditions(&raw.whole_base_when),
            provisions,
            suspensions: Vec::new(),
            voidings: Vec::new(),
            relations,
            confidence,
            place: self.place(&raw.id),
        };
        measure.sort();
        Some(measure)
    }
}
