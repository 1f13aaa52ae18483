//! The question and the answer: what is owed on one entry.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::assessment::{Assessment, Component, Need, Reason, Step};
use crate::entry::{Entry, Fact, Inputs, Supposing};
use crate::goods::Within;
use crate::law::Law;
use crate::measure::{Act, Basis, Effect, Exemption, InForce, Measure, Provision, Yield};
use crate::money::{plus, times};
use crate::rate::{Rate, Term};
use crate::schedule::Line;
use crate::{Country, GoodsCode, LawError, Money, programme};

/// What the rules look at, without what only the importer knows.
#[derive(Clone, Copy)]
pub(crate) struct Question {
    pub(crate) importer: Country,
    pub(crate) goods: GoodsCode,
    pub(crate) origin: Country,
    pub(crate) on: Date,
    pub(crate) known: Option<Date>,
    pub(crate) value: Decimal,
}

/// Where the evaluation reports what it looked at. The untraced one compiles to nothing.
pub(crate) trait Sink {
    fn step(&mut self, measure: &Measure, reason: impl FnOnce() -> (Reason, Arc<str>));
    fn need(&mut self, need: impl FnOnce() -> Asked);
    fn exempt(&mut self, exemption: &Exemption, act: &Act);
}

impl Sink for () {
    fn step(&mut self, _: &Measure, _: impl FnOnce() -> (Reason, Arc<str>)) {}
    fn need(&mut self, _: impl FnOnce() -> Asked) {}
    fn exempt(&mut self, _: &Exemption, _: &Act) {}
}

/// A question to the importer.
pub(crate) struct Asked {
    fact: Arc<str>,
    asks: Arc<str>,
    loaded: Option<Date>,
}

#[derive(Default)]
struct Trace {
    steps: Vec<Step>,
    asked: Vec<Asked>,
    exemptions: Vec<Component>,
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

    fn need(&mut self, need: impl FnOnce() -> Asked) {
        let need = need();
        if !self.asked.iter().any(|a| a.fact == need.fact) {
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

/// A measure that is in force for the entry and not wholly exempt.
pub(crate) struct Active<'a> {
    number: usize,
    measure: &'a Measure,
    provision: &'a Provision,
    basis: Decimal,
    amount: Decimal,
    done: bool,
    yields_to: Option<usize>,
}

impl Law {
    /// What is owed on an entry, as the law was known on a day (`None`: all acts in the data).
    ///
    /// # Errors
    /// No schedule or line, a date outside the law in the data, a code too short for one answer, a
    /// specific duty without a quantity in its unit, a value or content out of range.
    pub fn assess(&self, entry: &Entry, known_on: Option<Date>) -> Result<Assessment, LawError> {
        entry.check()?;
        let question = Question {
            importer: entry.importer,
            goods: entry.goods,
            origin: entry.origin,
            on: entry.on,
            known: known_on,
            value: entry.value.amount,
        };
        self.covered(&question)?;
        let line = self.line(&question)?;
        let mut trace = Trace::default();
        let base = base_rate(line, &question, entry);
        let base_amount = charge(base.rate, question.value, &question, Decimal::ZERO, entry)?;
        let active = self.evaluate(&question, base_amount, entry, &mut trace)?;
        let mut components = vec![Component {
            measure: "base".into(),
            heading: None,
            authority: base.column(),
            basis: question.value,
            rate: base.rate.to_string().into(),
            amount: base_amount,
            source: format!("schedule of {}, line {}", entry.importer.name(), line.code).into(),
        }];
        let mut total = base_amount;
        for a in active.iter().filter(|a| a.yields_to.is_none()) {
            let Effect::Charges { text, .. } = &a.provision.effect else {
                continue;
            };
            total = plus(total, a.amount)?;
            let heading = if a.amount.is_zero() {
                a.measure.heading_if_nothing_due.as_ref()
            } else {
                a.provision.heading.as_ref().or(a.measure.heading.as_ref())
            };
            if a.amount.is_zero() && heading.is_none() {
                continue;
            }
            components.push(Component {
                measure: a.measure.id.clone(),
                heading: heading.cloned(),
                authority: a.measure.authority.clone(),
                basis: a.basis,
                rate: text.clone(),
                amount: a.amount,
                source: a.provision.act.source.clone(),
            });
        }
        components.extend(trace.exemptions);
        let mut needs = Vec::new();
        for asked in trace.asked {
            let total_if_yes = self.supposing(&question, entry, &asked)?;
            if total_if_yes != Some(total) {
                needs.push(Need {
                    fact: asked.fact,
                    question: asked.asks,
                    total_if_yes,
                });
            }
        }
        Ok(Assessment {
            goods: entry.goods,
            origin: entry.origin,
            importer: entry.importer,
            entry_date: entry.on,
            known_on,
            value: entry.value,
            components,
            total: Money::new(total, entry.value.currency),
            effective_rate: total.checked_div(question.value),
            needs,
            trace: trace.steps,
        })
    }

    /// The total if what was asked were so; `None` where the answer is a number.
    fn supposing(
        &self,
        q: &Question,
        entry: &Entry,
        asked: &Asked,
    ) -> Result<Option<Decimal>, LawError> {
        if asked.fact.starts_with("content:") || asked.fact.ends_with("_share") {
            return Ok(None);
        }
        let inputs = Supposing {
            entry,
            what: &asked.fact,
            loaded: asked.loaded,
        };
        let line = self.line(q)?;
        let base = charge(
            base_rate(line, q, &inputs).rate,
            q.value,
            q,
            Decimal::ZERO,
            &inputs,
        )?;
        let active = self.evaluate(q, base, &inputs, &mut ())?;
        sum(base, &active).map(Some)
    }

    pub(crate) fn covered(&self, q: &Question) -> Result<(), LawError> {
        let mut outside = None;
        for covers in self.covers.iter().filter(|c| c.importer == q.importer) {
            let later = q.on >= covers.to && q.known.is_none_or(|known| known > covers.acts_to);
            if q.on >= covers.from && !later {
                return Ok(());
            }
            outside = Some(covers);
        }
        match outside {
            None => Ok(()),
            Some(covers) => Err(LawError::NotInData {
                importer: q.importer,
                on: q.on,
                from: covers.from,
                to: covers.to,
                acts_to: covers.acts_to,
            }),
        }
    }

    pub(crate) fn line(&self, q: &Question) -> Result<&Line, LawError> {
        self.schedule(q.importer)
            .ok_or(LawError::NoSchedule {
                importer: q.importer,
            })?
            .line(q.goods, q.on)
    }

    /// All measures that apply, with their amounts.
    pub(crate) fn evaluate<'a, I: Inputs, S: Sink>(
        &'a self,
        q: &Question,
        base: Decimal,
        inputs: &I,
        sink: &mut S,
    ) -> Result<Vec<Active<'a>>, LawError> {
        let mut active: Vec<Active<'a>> = Vec::with_capacity(8);
        for (number, measure) in self.measures.iter().enumerate() {
            let measure = measure.as_ref();
            if measure.importer != q.importer {
                continue;
            }
            let Some(provision) = self.in_force(measure, q, inputs, sink)? else {
                continue;
            };
            let mut basis = match &measure.basis {
                Basis::Value => q.value,
                Basis::Content(of) => inputs.content(of, q.value).unwrap_or_else(|| {
                    sink.need(|| Asked {
                        fact: format!("content:{of}").into(),
                        asks: format!("What is the value of the {of} content?").into(),
                        loaded: None,
                    });
                    q.value
                }),
            };
            let mut exempt = None;
            for number in &self.exempted_by[number] {
                let exemption = &self.exemptions[*number];
                let Some((act, relief)) = exemption.relief(q, inputs, sink)? else {
                    continue;
                };
                sink.exempt(exemption, act);
                match relief {
                    None => {
                        exempt = Some((exemption, act));
                        break;
                    }
                    Some(share) => basis = times(basis, Decimal::ONE - share)?,
                }
            }
            if let Some((exemption, act)) = exempt {
                sink.step(measure, || {
                    (Reason::Exempt(exemption.id.clone()), act.source.clone())
                });
                continue;
            }
            let Effect::Charges { rate, .. } = &provision.effect else {
                continue;
            };
            let amount = charge(rate, basis, q, base, inputs)?;
            active.push(Active {
                number,
                measure,
                provision,
                basis,
                amount,
                done: false,
                yields_to: None,
            });
        }
        self.settle(q, base, inputs, &mut active)?;
        for a in &active {
            sink.step(a.measure, || match a.yields_to {
                Some(to) => {
                    let other = active
                        .iter()
                        .find(|o| o.number == to)
                        .map(|o| &o.provision.act.source);
                    (
                        Reason::Yields(self.measures[to].id.clone()),
                        other.unwrap_or(&a.provision.act.source).clone(),
                    )
                }
                None if a.amount.is_zero() => (Reason::NothingDue, a.provision.act.source.clone()),
                None => (Reason::Owed, a.provision.act.source.clone()),
            });
        }
        Ok(active)
    }

    fn in_force<'a, I: Inputs, S: Sink>(
        &'a self,
        measure: &'a Measure,
        q: &Question,
        inputs: &I,
        sink: &mut S,
    ) -> Result<Option<&'a Provision>, LawError> {
        let own = || {
            measure
                .provisions
                .first()
                .map_or_else(|| "".into(), |p| p.act.source.clone())
        };
        let within = measure.goods.holds(q.goods, q.on);
        if within == Within::No {
            sink.step(measure, || (Reason::OtherGoods, own()));
            return Ok(None);
        }
        let ambiguous = || LawError::Ambiguous {
            goods: q.goods,
            why: format!("`{}` covers only some of its lines", measure.id),
            lines: self
                .schedule(q.importer)
                .map_or_else(String::new, |s| s.below(q.goods, q.on)),
        };
        let provision = match measure.in_force(q.goods, q.origin, q.on, q.known) {
            InForce::Yes(provision) => provision,
            InForce::Partly => return Err(ambiguous()),
            InForce::Ended(p) => {
                sink.step(measure, || (Reason::Ended, p.act.source.clone()));
                return Ok(None);
            }
            InForce::Suspended(s) => {
                sink.step(measure, || {
                    (Reason::Suspended(s.until), s.act.source.clone())
                });
                return Ok(None);
            }
            InForce::Voided(v) => {
                sink.step(measure, || (Reason::Voided, v.act.source.clone()));
                return Ok(None);
            }
            InForce::NotYetKnown(p) => {
                let because = || Reason::NotYetKnown(p.act.id.clone(), p.act.known);
                sink.step(measure, || (because(), p.act.source.clone()));
                return Ok(None);
            }
            InForce::OtherOrigin => {
                sink.step(measure, || (Reason::OtherOrigin, own()));
                return Ok(None);
            }
            InForce::OtherDate => {
                sink.step(measure, || (Reason::OtherDate, own()));
                return Ok(None);
            }
        };
        if within == Within::Partly {
            return Err(ambiguous());
        }
        if let Some(fact) = &measure.fact
            && !matches!(inputs.fact(fact), Some(Fact::Is(true)))
        {
            if let (Some(asks), None) = (&measure.asks, inputs.fact(fact)) {
                sink.need(|| Asked {
                    fact: fact.clone(),
                    asks: asks.clone(),
                    loaded: None,
                });
            }
            sink.step(measure, || {
                (
                    Reason::NotStated(fact.clone()),
                    provision.act.source.clone(),
                )
            });
            return Ok(None);
        }
        Ok(Some(provision))
    }

    /// Lets measures yield, each after those it yields to.
    fn settle<I: Inputs>(
        &self,
        q: &Question,
        base: Decimal,
        inputs: &I,
        active: &mut [Active<'_>],
    ) -> Result<(), LawError> {
        let holds = |r: &Yield| {
            r.from <= q.on && q.on < r.until && q.known.is_none_or(|known| r.known <= known)
        };
        // Between two measures the relation of the latest act prevails, in whichever direction.
        let latest = |i: usize, r: &Yield| {
            let (there, back) = (self.yields[i].iter(), self.yields[r.to].iter());
            !there
                .filter(|o| o.to == r.to)
                .chain(back.filter(|o| o.to == i))
                .any(|o| o.known > r.known && holds(o))
        };
        let mut left = active.len();
        while left > 0 {
            let before = left;
            for i in 0..active.len() {
                if active[i].done {
                    continue;
                }
                let number = active[i].number;
                let (mut ready, mut whole, mut part) = (true, None, Decimal::ZERO);
                for relation in &self.yields[number] {
                    let Some(other) = active.iter().find(|o| o.number == relation.to) else {
                        continue;
                    };
                    if !holds(relation) || !latest(number, relation) {
                        continue;
                    }
                    if !other.done {
                        ready = false;
                        break;
                    }
                    if other.claims() {
                        if relation.part {
                            part = plus(part, other.basis)?;
                        } else {
                            whole = whole.or(Some(relation.to));
                        }
                    }
                }
                if !ready {
                    continue;
                }
                if let Some(to) = whole {
                    active[i].yields_to = Some(to);
                    active[i].amount = Decimal::ZERO;
                } else if !part.is_zero() {
                    let basis = (active[i].basis - part).max(Decimal::ZERO);
                    if let Effect::Charges { rate, .. } = &active[i].provision.effect {
                        active[i].amount = charge(rate, basis, q, base, inputs)?;
                    }
                    active[i].basis = basis;
                }
                active[i].done = true;
                left -= 1;
            }
            if left == before {
                let names: Vec<&str> = active
                    .iter()
                    .filter(|a| !a.done)
                    .map(|a| a.measure.id.as_ref())
                    .collect();
                return Err(LawError::Circle {
                    measures: names.join(", "),
                    on: q.on,
                });
            }
        }
        Ok(())
    }
}

/// The sum of a base duty and what applies on top.
pub(crate) fn sum(base: Decimal, active: &[Active<'_>]) -> Result<Decimal, LawError> {
    active
        .iter()
        .try_fold(base, |total, a| plus(total, a.amount))
}

impl Active<'_> {
    /// Whether others yield to it. "Subject to" an action means that a duty is owed under it (CSMS
    /// 65054270), so neither an exempt article nor one without the material counts; an inclusive rate
    /// that the base already reaches does, for the article then has its own heading under the action
    /// (HTSUS 9903.94.40).
    fn claims(&self) -> bool {
        let inclusive = || {
            matches!(
                &self.provision.effect,
                Effect::Charges {
                    rate: Rate::Inclusive(_),
                    ..
                }
            )
        };
        self.yields_to.is_none()
            && (!self.amount.is_zero() || (!self.basis.is_zero() && inclusive()))
    }

    pub(crate) fn number(&self) -> usize {
        self.number
    }

    pub(crate) fn amount(&self) -> Decimal {
        self.amount
    }
}

pub(crate) struct Base<'a> {
    pub(crate) rate: &'a Rate,
    /// The programme symbol where a preference applies; `None` for column 1 general and column 2.
    symbol: Option<&'a str>,
    column2: bool,
}

impl Base<'_> {
    fn column(&self) -> Arc<str> {
        match self.symbol {
            Some(symbol) => format!("Column 1 special ({symbol})").into(),
            None if self.column2 => "Column 2".into(),
            None => "Column 1 general".into(),
        }
    }
}

/// The base rate of a line for an origin and its claims.
pub(crate) fn base_rate<'a, I: Inputs>(line: &'a Line, q: &Question, inputs: &I) -> Base<'a> {
    if q.origin.is_member("column-2", q.on) {
        return Base {
            rate: &line.column2,
            symbol: None,
            column2: true,
        };
    }
    if let Some((special, symbol)) =
        programme::find(&line.special, inputs.claimed(), q.origin, q.on)
        && !matches!(special.rate, Rate::Reference(_))
    {
        return Base {
            rate: &special.rate,
            symbol: Some(symbol),
            column2: false,
        };
    }
    Base {
        rate: &line.general,
        symbol: None,
        column2: false,
    }
}

impl Exemption {
    /// `Some((act, None))` if all is exempt, `Some((act, Some(share)))` if a share of the value is.
    fn relief<'a, I: Inputs, S: Sink>(
        &'a self,
        q: &Question,
        inputs: &I,
        sink: &mut S,
    ) -> Result<Option<(&'a Act, Option<Decimal>)>, LawError> {
        let period = self.periods.iter().find(|(origins, from, to, act)| {
            origins.contains(q.origin)
                && *from <= q.on
                && q.on < *to
                && q.known.is_none_or(|known| act.known <= known)
        });
        let Some((.., act)) = period else {
            return Ok(None);
        };
        if let Some(goods) = &self.goods {
            match goods.holds(q.goods, q.on) {
                Within::No => return Ok(None),
                Within::Yes => {}
                Within::Partly => {
                    return Err(LawError::Ambiguous {
                        goods: q.goods,
                        why: format!("`{}` covers only some of its lines", self.id),
                        lines: "the codes below it".to_owned(),
                    });
                }
            }
        }
        let mut ask = |fact: &str, loaded: Option<Date>| {
            if let Some(asks) = &self.asks {
                sink.need(|| Asked {
                    fact: fact.into(),
                    asks: asks.clone(),
                    loaded,
                });
            }
        };
        if let Some(fact) = &self.fact {
            match inputs.fact(fact) {
                Some(Fact::Is(true)) => {}
                Some(_) => return Ok(None),
                None => {
                    ask(fact, None);
                    return Ok(None);
                }
            }
        }
        if let Some(claim) = &self.claim
            && !inputs.claims(claim)
        {
            ask(claim, None);
            return Ok(None);
        }
        if let Some(before) = self.loaded_before {
            match inputs.loaded() {
                Some(loaded) if loaded < before => {}
                Some(_) => return Ok(None),
                None => {
                    ask("loaded", before.yesterday().ok());
                    return Ok(None);
                }
            }
        }
        if let Some((fact, least)) = &self.share_at_least {
            match inputs.fact(fact) {
                Some(Fact::Share(share)) if share >= *least => {}
                Some(_) => return Ok(None),
                None => {
                    ask(fact, None);
                    return Ok(None);
                }
            }
        }
        let Some(share_of) = &self.relieves_share else {
            return Ok(Some((act, None)));
        };
        match inputs.fact(share_of) {
            Some(Fact::Share(share)) => Ok(Some((act, Some(share)))),
            Some(Fact::Is(_)) => Ok(None),
            None => {
                ask(share_of, None);
                Ok(None)
            }
        }
    }
}

/// The duty of a rate on a basis.
pub(crate) fn charge<I: Inputs>(
    rate: &Rate,
    basis: Decimal,
    q: &Question,
    base: Decimal,
    inputs: &I,
) -> Result<Decimal, LawError> {
    match rate {
        Rate::Sum(terms) => terms.iter().try_fold(Decimal::ZERO, |sum, term| {
            plus(sum, charge_term(term, basis, q, inputs)?)
        }),
        Rate::Inclusive(fraction) => {
            let of_base = if basis == q.value {
                base
            } else {
                times(base, basis.checked_div(q.value).unwrap_or(Decimal::ONE))?
            };
            Ok((times(*fraction, basis)? - of_base).max(Decimal::ZERO))
        }
        Rate::Greater(a, b) => {
            Ok(charge(a, basis, q, base, inputs)?.max(charge(b, basis, q, base, inputs)?))
        }
        Rate::Lesser(a, b) => {
            Ok(charge(a, basis, q, base, inputs)?.min(charge(b, basis, q, base, inputs)?))
        }
        Rate::Reference(text) | Rate::Unparsed(text) => Err(LawError::RateText {
            goods: q.goods,
            text: text.clone(),
        }),
    }
}

fn charge_term<I: Inputs>(
    term: &Term,
    basis: Decimal,
    q: &Question,
    inputs: &I,
) -> Result<Decimal, LawError> {
    match term {
        Term::AdValorem {
            fraction,
            part: None,
        } => times(*fraction, basis),
        Term::AdValorem {
            fraction,
            part: Some(part),
        } => match inputs.content(part, q.value) {
            Some(value) => times(*fraction, value),
            None => Err(LawError::NeedsPart {
                goods: q.goods,
                part: part.clone(),
            }),
        },
        Term::Specific {
            amount,
            per,
            unit,
            of,
            ..
        } => {
            let named = || match of {
                Some(of) => format!("{unit} on {of}").into(),
                None => unit.clone(),
            };
            let Some(quantity) = inputs.quantity() else {
                return Err(LawError::NeedsQuantity {
                    goods: q.goods,
                    unit: named(),
                });
            };
            let factor = conversion(&quantity.unit, unit).ok_or_else(|| LawError::Unit {
                goods: q.goods,
                unit: named(),
                given: quantity.unit.clone(),
            })?;
            let units = times(quantity.amount, factor)?
                .checked_div(*per)
                .ok_or(LawError::TooLarge)?;
            let whole = times(*amount, units)?;
            // A split entry owes the specific duty in proportion.
            if basis == q.value {
                return Ok(whole);
            }
            times(whole, basis.checked_div(q.value).unwrap_or(Decimal::ONE))
        }
    }
}

/// How many of the duty's unit one given unit is.
fn conversion(given: &str, wanted: &str) -> Option<Decimal> {
    let lower = given.trim().trim_end_matches('.').to_ascii_lowercase();
    let name = match lower.as_str() {
        "" => return Some(Decimal::ONE),
        "l" | "litre" | "litres" | "liters" => "liter",
        "no" | "pcs" | "piece" | "each" => "each",
        "prs" => "pr",
        other => other,
    };
    let wanted_name = wanted.trim_end_matches('.').to_ascii_lowercase();
    if name == wanted_name {
        return Some(Decimal::ONE);
    }
    Some(match (name, wanted_name.as_str()) {
        ("t", "kg") => Decimal::ONE_THOUSAND,
        ("kg", "t") | ("g", "kg") => Decimal::new(1, 3),
        ("doz", "each") => Decimal::from(12),
        ("each", "doz") => Decimal::ONE.checked_div(Decimal::from(12))?,
        _ => return None,
    })
}
