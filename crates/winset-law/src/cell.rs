//! What of the law can touch some goods of an origin on a day: found once, charged often.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;

use crate::assessment::{Reason, Step};
use crate::goods::Within;
use crate::law::Law;
use crate::measure::{Act, InForce, Kind, Measure};
use crate::quota::Position;
use crate::{Country, GoodsCode, LawError};

/// Goods, an origin, and the two dates: all that decides which measures can apply, before anything is
/// known of the entry itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    pub(crate) importer: Country,
    pub(crate) goods: GoodsCode,
    pub(crate) origin: Country,
    pub(crate) on: Date,
    pub(crate) known: Option<Date>,
}

impl Scope {
    pub(crate) fn knows(&self, act: Date) -> bool {
        self.known.is_none_or(|known| act <= known)
    }
}

/// A measure in force for the goods, the origin and the dates.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Candidate {
    /// Its number in the law.
    pub(crate) measure: usize,
    /// Which of its provisions speaks.
    pub(crate) provision: usize,
    /// The exemptions that can free an entry from it.
    pub(crate) exemptions: Vec<Frees>,
    /// What its quotas tell of the day.
    pub(crate) quotas: Vec<Position>,
}

/// An exemption that can free an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Frees {
    /// Its number in the law.
    pub(crate) exemption: usize,
    /// Which of its periods speaks.
    pub(crate) period: usize,
    /// Whether its question is put for these goods.
    pub(crate) asks: bool,
}

/// Among the candidates, `who` yields to `to`, wholly or on the part of the value that both claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) who: usize,
    pub(crate) to: usize,
    pub(crate) part: bool,
}

/// The candidates with what holds between them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) edges: Vec<Edge>,
    /// The candidates that yield, each after those it yields to.
    pub(crate) order: Vec<usize>,
    /// Candidates of one family, and whether the highest is owed.
    pub(crate) families: Vec<(Vec<usize>, bool)>,
    /// The measures that yield to one another in a circle, if any do.
    pub(crate) circle: Option<Arc<str>>,
}

/// Whether a measure is in force, and if not why.
pub(crate) enum Status<'a> {
    In(usize),
    Out(Reason, &'a Act),
    /// Some lines of a short code, and not others.
    Partly,
}

impl Measure {
    /// The act whose source is named where no act in particular decides: the first that made it.
    pub(crate) fn own_act(&self) -> Option<&Act> {
        self.provisions.last().map(|p| p.act.as_ref())
    }

    /// Whether it is in force in a scope.
    pub(crate) fn status(&self, scope: &Scope) -> Option<Status<'_>> {
        let own = self.own_act()?;
        let within = self.goods.holds(scope.goods, scope.on);
        let in_force = self.in_force(scope.goods, scope.origin, scope.on, scope.known);
        Some(match in_force {
            InForce::OtherOrigin => Status::Out(Reason::OtherOrigin, own),
            InForce::OtherDate => Status::Out(Reason::OtherDate, own),
            _ if within == Within::No => Status::Out(Reason::OtherGoods, own),
            InForce::Ended(p) => Status::Out(Reason::Ended, &p.act),
            InForce::Suspended(s) => Status::Out(Reason::Suspended(s.until), &s.act),
            InForce::Voided(v) => Status::Out(Reason::Voided, &v.act),
            InForce::NotYetKnown(p) => {
                Status::Out(Reason::NotYetKnown(p.act.id.clone(), p.act.known), &p.act)
            }
            InForce::Partly => Status::Partly,
            InForce::Yes(_) if within == Within::Partly => Status::Partly,
            InForce::Yes(number) => Status::In(number),
        })
    }

    /// The step of a trace that says why it does not apply.
    pub(crate) fn step_out(&self, reason: Reason, act: &Act) -> Step {
        Step {
            measure: self.id.clone(),
            applied: false,
            because: reason,
            source: act.source.clone(),
        }
    }
}

impl Law {
    /// The candidates among some measures, by their numbers in ascending order. The others are told to
    /// `out`.
    pub(crate) fn cell(
        &self,
        scope: &Scope,
        numbers: impl Iterator<Item = usize>,
        mut out: impl FnMut(usize, Step),
    ) -> Result<Cell, LawError> {
        let mut candidates = Vec::new();
        for number in numbers {
            let measure = self.measures[number].as_ref();
            if measure.importer != scope.importer {
                continue;
            }
            match measure.status(scope) {
                None => {}
                Some(Status::Out(reason, act)) => out(number, measure.step_out(reason, act)),
                Some(Status::Partly) => return Err(self.ambiguous(scope, &measure.id)),
                Some(Status::In(provision)) => candidates.push(Candidate {
                    measure: number,
                    provision,
                    exemptions: self.exempting(number, scope)?,
                    quotas: self.positions(number, scope),
                }),
            }
        }
        Ok(self.related(candidates, scope.on, scope.known))
    }

    fn positions(&self, measure: usize, scope: &Scope) -> Vec<Position> {
        let quotas = self.quota_of[measure].iter();
        quotas
            .filter_map(|n| self.quotas[*n].position(*n, scope.origin, scope.on, scope.known))
            .collect()
    }

    fn exempting(&self, measure: usize, scope: &Scope) -> Result<Vec<Frees>, LawError> {
        let mut found = Vec::new();
        for number in &self.exempted_by[measure] {
            let exemption = &self.exemptions[*number];
            let periods = exemption.periods.iter().enumerate();
            let held = periods.filter(|(_, p)| {
                p.origins.contains(scope.origin)
                    && p.from <= scope.on
                    && scope.on < p.to
                    && scope.knows(p.act.known)
            });
            // The latest act speaks.
            let Some((period, held)) = held.max_by_key(|(_, p)| p.act.known) else {
                continue;
            };
            if held.ends {
                continue;
            }
            match exemption
                .goods
                .as_ref()
                .map(|g| g.holds(scope.goods, scope.on))
            {
                Some(Within::No) => {}
                Some(Within::Partly) => return Err(self.ambiguous(scope, &exemption.id)),
                None | Some(Within::Yes) => {
                    let asked = exemption.asks_of.as_ref();
                    found.push(Frees {
                        exemption: *number,
                        period,
                        asks: asked.is_none_or(|of| of.holds(scope.goods, scope.on) != Within::No),
                    });
                }
            }
        }
        Ok(found)
    }

    pub(crate) fn ambiguous(&self, scope: &Scope, what: &str) -> LawError {
        LawError::Ambiguous {
            goods: scope.goods,
            why: format!("`{what}` covers only some of its lines"),
            lines: self
                .schedule(scope.importer)
                .map_or_else(String::new, |s| s.below(scope.goods, scope.on)),
        }
    }

    fn related(&self, candidates: Vec<Candidate>, on: Date, known: Option<Date>) -> Cell {
        let mut cell = Cell {
            candidates,
            ..Cell::default()
        };
        for (i, a) in cell.candidates.iter().enumerate() {
            for (j, b) in cell.candidates.iter().enumerate().skip(i + 1) {
                match self.between.on(a.measure, b.measure, on, known) {
                    Some(pair) if pair.kind != Kind::Adds => {
                        let (who, to) = if pair.who == a.measure {
                            (i, j)
                        } else {
                            (j, i)
                        };
                        let part = pair.kind == Kind::YieldsPart;
                        cell.edges.push(Edge { who, to, part });
                    }
                    _ => {}
                }
            }
        }
        for family in &self.families {
            if !family.holds(on, known) {
                continue;
            }
            let of_family =
                |c: &Candidate| self.measures[c.measure].family.as_ref() == Some(&family.id);
            let members: Vec<usize> = (0..cell.candidates.len())
                .filter(|i| of_family(&cell.candidates[*i]))
                .collect();
            if members.len() > 1 {
                cell.families.push((members, family.highest));
            }
        }
        let mut left: Vec<usize> = (0..cell.candidates.len())
            .filter(|who| cell.edges.iter().any(|e| e.who == *who))
            .collect();
        while !left.is_empty() {
            let waits =
                |who: usize| (cell.edges.iter()).any(|e| e.who == who && left.contains(&e.to));
            let ready: Vec<usize> = left.iter().copied().filter(|who| !waits(*who)).collect();
            if ready.is_empty() {
                let mut names = String::new();
                for i in &left {
                    let comma = if names.is_empty() { "" } else { ", " };
                    let id = &self.measures[cell.candidates[*i].measure].id;
                    let _ = write!(names, "{comma}{id}");
                }
                cell.circle = Some(names.into());
                break;
            }
            left.retain(|who| !ready.contains(who));
            cell.order.extend(ready);
        }
        cell
    }
}
