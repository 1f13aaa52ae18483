//! From what is written in a measure file to what it means, with a place for every fault.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;
use winset_io::{Problem, Problems, Source};

use crate::country::Origins;
use crate::file::{
    Day, RawAct, RawAmendment, RawDay, RawExemption, RawMeasure, RawPeriod, RawSuspension, Word,
};
use crate::goods::{Collect, GoodsSet};
use crate::measure::{
    Act, Basis, Confidence, Effect, Exemption, Kind, Measure, Place, Provision, Relation,
    Suspension,
};
use crate::rate::{Rate, us};
use crate::{Country, GoodsCode};

/// Rows of a list of goods: code, first day, day after the last.
pub(crate) type ListRows = Vec<(GoodsCode, Date, Date)>;

/// Reads the records of one file; faults collect in `problems`.
pub(crate) struct Reader<'a> {
    pub(crate) source: &'a Source,
    /// The number of the file among all files of the law.
    pub(crate) file: usize,
    pub(crate) layer: u32,
    pub(crate) acts: &'a HashMap<Arc<str>, Arc<Act>>,
    pub(crate) lists: &'a HashMap<Arc<str>, Arc<ListRows>>,
    pub(crate) problems: &'a mut Problems,
}

fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // Shared letters at both ends are enough to catch a slip.
    names
        .map(|name| {
            let start = name
                .bytes()
                .zip(word.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            let end = name
                .bytes()
                .rev()
                .zip(word.bytes().rev())
                .take_while(|(a, b)| a == b)
                .count();
            (start + end, name)
        })
        .filter(|(score, name)| score * 2 >= name.len())
        .max()
        .map(|(_, name)| name)
}

pub(crate) fn with_nearest<'n>(
    problem: Problem,
    word: &str,
    names: impl Iterator<Item = &'n str>,
    otherwise: &str,
) -> Problem {
    match nearest(word, names) {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem.help(otherwise),
    }
}

pub(crate) fn read_day(source: &Source, day: &Day, problems: &mut Problems) -> Date {
    let text = match day.get_ref() {
        RawDay::Text(text) => text.clone(),
        RawDay::Bare(date) => date.to_string(),
    };
    if let Ok(date) = text.trim().parse() {
        return date;
    }
    problems.push(
        Problem::at(source, day.span(), format!("`{text}` is not a date"))
            .help("write year, month and day: 2025-04-16"),
    );
    Date::MIN
}

pub(crate) fn read_act(source: &Source, raw: &RawAct, problems: &mut Problems) -> Act {
    let signed = read_day(source, &raw.signed, problems);
    let public = raw
        .public
        .as_ref()
        .map_or(signed, |d| read_day(source, d, problems));
    let published = raw
        .published
        .as_ref()
        .map(|d| read_day(source, d, problems));
    let known = match raw.known.as_ref().map(|w| (w, w.get_ref().as_str())) {
        None | Some((_, "signed")) => signed.max(public),
        Some((word, "published")) => published.unwrap_or_else(|| {
            problems.push(
                Problem::at(
                    source,
                    word.span(),
                    format!("act `{}` has no date of publication", raw.id.get_ref()),
                )
                .help("add `published = \"…\"`, or leave `known` out"),
            );
            signed
        }),
        Some((word, other)) => {
            problems.push(
                Problem::at(
                    source,
                    word.span(),
                    format!("`{other}` is no way for an act to be known"),
                )
                .help("write \"signed\" or \"published\""),
            );
            signed
        }
    };
    if let Some(published) = published
        && published < signed
    {
        problems.push(
            Problem::at(
                source,
                raw.signed.span(),
                "the act was published before it was signed",
            )
            .help("check both dates"),
        );
    }
    let confidence = confidence(source, &raw.confidence, problems);
    let source_text = match confidence {
        Confidence::Verified => raw.source.clone(),
        other => format!("{} ({other})", raw.source),
    };
    Act {
        id: raw.id.get_ref().as_str().into(),
        title: raw.title.as_str().into(),
        known,
        source: source_text.into(),
        confidence,
    }
}

fn confidence(source: &Source, word: &Word, problems: &mut Problems) -> Confidence {
    Confidence::read(word.get_ref()).unwrap_or_else(|| {
        problems.push(
            Problem::at(
                source,
                word.span(),
                format!("`{}` is no confidence", word.get_ref()),
            )
            .help(
                "write V (read in the text), S (secondary source), I (computed) or M (from memory)",
            ),
        );
        Confidence::Memory
    })
}

impl Reader<'_> {
    fn fault(&mut self, word: &Word, what: String, help: &str) {
        self.problems
            .push(Problem::at(self.source, word.span(), what).help(help));
    }

    fn day(&mut self, day: &Day) -> Date {
        read_day(self.source, day, self.problems)
    }

    /// First day and day after the last; the last must not come before the first.
    fn days(&mut self, from: &Day, to: Option<&Day>) -> (Date, Date) {
        let first = self.day(from);
        let last = to.map_or(Date::MAX, |d| self.day(d));
        if let Some(to) = to
            && last <= first
        {
            self.problems.push(
                Problem::at(
                    self.source,
                    to.span(),
                    format!("a period that ends on {last} before it begins on {first}"),
                )
                .help("the end is the first day on which it no longer holds"),
            );
        }
        (first, last)
    }

    fn act(&mut self, word: &Word) -> Option<Arc<Act>> {
        let id = word.get_ref().as_str();
        let found = self.acts.get(id).cloned();
        if found.is_none() {
            let problem = Problem::at(self.source, word.span(), format!("no act `{id}`"));
            let names = self.acts.keys().map(AsRef::as_ref);
            self.problems
                .push(with_nearest(problem, id, names, "define it with [[act]]"));
        }
        found
    }

    fn country(&mut self, word: &Word) -> Option<Country> {
        word.get_ref().parse().ok().or_else(|| {
            self.fault(
                word,
                format!("unknown country `{}`", word.get_ref()),
                "write an ISO 3166 code such as JP",
            );
            None
        })
    }

    /// All origins where `words` is empty.
    fn origins(&mut self, words: &[Word], except: &[Word], on: Date) -> Origins {
        let mut these = if words.is_empty() {
            Origins::ALL
        } else {
            Origins::default()
        };
        let mut but = Origins::default();
        for (set, words) in [(&mut these, words), (&mut but, except)] {
            for word in words {
                if !set.add_named(word.get_ref(), on) {
                    self.fault(
                        word,
                        format!("unknown country or group `{}`", word.get_ref()),
                        "write an ISO 3166 code such as JP, `EU`, `column-2`, or `*` for all",
                    );
                }
            }
        }
        these.minus(but)
    }

    fn collect(&mut self, words: &[Word]) -> Collect {
        let mut collect = Collect::default();
        for word in words {
            let text = word.get_ref().as_str();
            if text == "*" {
                collect.everything();
            } else if let Some(name) = text.strip_prefix("list:") {
                if let Some(rows) = self.lists.get(name) {
                    rows.iter()
                        .for_each(|(code, from, to)| collect.code(*code, *from, *to));
                } else {
                    let problem =
                        Problem::at(self.source, word.span(), format!("no list `{name}`"));
                    let names = self.lists.keys().map(AsRef::as_ref);
                    let help = "add lists/NAME.csv or a [[list]] with that id";
                    self.problems.push(with_nearest(problem, name, names, help));
                }
            } else {
                match text.parse::<GoodsCode>() {
                    Ok(code) => collect.code(code, Date::MIN, Date::MAX),
                    Err(_) => self.fault(
                        word,
                        format!("`{text}` is no goods code"),
                        "write 2 to 10 digits such as 8703.23.01, `list:NAME`, or `*`",
                    ),
                }
            }
        }
        collect
    }

    fn goods(&mut self, these: &[Word], but: &[Word]) -> Arc<GoodsSet> {
        let (mut a, b) = (self.collect(these), self.collect(but));
        if these.is_empty() {
            a.everything();
        }
        Arc::new(GoodsSet::new(a, b))
    }

    fn effect(&mut self, word: &Word) -> Option<Effect> {
        let rate = us::parse_measure(word.get_ref());
        if matches!(rate, Rate::Unparsed(_) | Rate::Reference(_)) {
            self.fault(
                word,
                format!("`{}` is no rate", word.get_ref()),
                "write \"25%\", \"15% inclusive\", \"10¢/kg\" or \"greater of 5% or 10¢/kg\"",
            );
            return None;
        }
        Some(Effect::Charges {
            text: rate.to_string().into(),
            rate,
        })
    }

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
            place: Place {
                file: self.file,
                span: raw.act.span(),
            },
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
                    place: Place {
                        file: self.file,
                        span: word.span(),
                    },
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
            let kind = match dated.on.as_ref().map(|w| (w, w.get_ref().as_str())) {
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
            };
            for word in &dated.to {
                out.push(Relation {
                    selector: word.get_ref().as_str().into(),
                    kind,
                    from,
                    until,
                    known,
                    place: Place {
                        file: self.file,
                        span: word.span(),
                    },
                });
            }
        }
        out
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
            fact: raw.fact.as_deref().map(Into::into),
            asks: raw.asks.as_deref().map(Into::into),
            provisions,
            suspensions: Vec::new(),
            voidings: Vec::new(),
            relations,
            confidence,
            place: Place {
                file: self.file,
                span: raw.id.span(),
            },
        };
        measure.sort();
        Some(measure)
    }

    pub(crate) fn exemption(&mut self, raw: &RawExemption) -> Exemption {
        let goods = (!raw.goods.is_empty() || !raw.except_goods.is_empty())
            .then(|| self.goods(&raw.goods, &raw.except_goods));
        let mut periods = Vec::new();
        for period in &raw.period {
            let (from, to) = self.days(&period.from, period.to.as_ref());
            let origins = self.origins(&raw.origins, &[], from);
            if let Some(act) = self.act(&period.act) {
                periods.push((origins, from, to, act));
            }
        }
        let share_at_least = raw.share_at_least.as_ref().and_then(|word| {
            let read = word.get_ref().split_once(">=").and_then(|(name, least)| {
                let least: Decimal = least.trim().parse().ok()?;
                (Decimal::ZERO..=Decimal::ONE)
                    .contains(&least)
                    .then(|| (Arc::from(name.trim()), least))
            });
            if read.is_none() {
                self.fault(
                    word,
                    format!("`{}` is no condition on a share", word.get_ref()),
                    "write \"us_share >= 0.20\", a share from 0 to 1",
                );
            }
            read
        });
        if let Some(word) = &raw.confidence {
            confidence(self.source, word, self.problems);
        }
        let place = |word: &Word| Place {
            file: self.file,
            span: word.span(),
        };
        Exemption {
            id: raw.id.get_ref().as_str().into(),
            title: raw.title.as_str().into(),
            heading: raw.heading.as_deref().map(Into::into),
            selectors: raw
                .exempts
                .iter()
                .map(|w| (w.get_ref().as_str().into(), place(w)))
                .collect(),
            goods,
            fact: raw.fact.as_deref().map(Into::into),
            claim: raw.claim.as_deref().map(Into::into),
            loaded_before: raw
                .loaded_before
                .as_ref()
                .map(|d| read_day(self.source, d, self.problems)),
            share_at_least,
            relieves_share: raw.relieves_share.as_deref().map(Into::into),
            asks: raw.asks.as_deref().map(Into::into),
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
            place: Place {
                file: self.file,
                span: raw.measure.span(),
            },
        })
    }
}
