//! Acts and measures as the engine holds them: checked, resolved, ready to be asked.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use winset_io::Span;

use crate::condition::Condition;
use crate::country::Origins;
use crate::goods::{GoodsSet, Within};
use crate::rate::Rate;
use crate::{Country, GoodsCode};

/// How sure a statement of law is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Read in the text of the act or the schedule.
    Verified,
    /// Stated by a secondary source.
    Secondary,
    /// Computed from verified figures.
    Inferred,
    /// From memory, not found in the texts read.
    Memory,
}

impl Confidence {
    pub(crate) fn read(letter: &str) -> Option<Self> {
        Some(match letter {
            "V" => Self::Verified,
            "S" => Self::Secondary,
            "I" => Self::Inferred,
            "M" => Self::Memory,
            _ => return None,
        })
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Verified => "read in the text",
            Self::Secondary => "secondary source",
            Self::Inferred => "computed",
            Self::Memory => "from memory",
        })
    }
}

/// What creates, suspends, amends or ends a measure.
#[derive(Clone, Debug)]
pub struct Act {
    /// The name other records use.
    pub id: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// From when it counts as known.
    pub known: Date,
    /// Citation, with its confidence where that is not *verified*.
    pub source: Arc<str>,
    /// How sure its dates and contents are.
    pub confidence: Confidence,
}

/// A place in one of the files.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) file: usize,
    pub(crate) span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    Charges { rate: Rate, text: Arc<str> },
    Ends,
}

/// What one act says about a measure for some origins, goods and dates. The later act prevails.
#[derive(Clone, Debug)]
pub(crate) struct Provision {
    pub(crate) origins: Origins,
    /// Narrower than the measure's goods, where given.
    pub(crate) goods: Option<Arc<GoodsSet>>,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) known: Date,
    pub(crate) layer: u32,
    pub(crate) act: Arc<Act>,
    pub(crate) effect: Effect,
    pub(crate) heading: Option<Arc<str>>,
    pub(crate) place: Place,
}

#[derive(Clone, Debug)]
pub(crate) struct Suspension {
    pub(crate) origins: Origins,
    pub(crate) from: Date,
    pub(crate) until: Date,
    pub(crate) act: Arc<Act>,
}

#[derive(Clone, Debug)]
pub(crate) struct Voiding {
    pub(crate) stopped: Date,
    pub(crate) act: Arc<Act>,
}

/// Which value a measure's duty is a share of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Basis {
    Value,
    /// The value of a material; the whole value where it is not stated.
    Content(Arc<str>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing is owed where the other is owed.
    YieldsWhole,
    /// Nothing is owed on the part of the value where the other is owed.
    YieldsPart,
    Adds,
    /// The other yields to this one.
    Prevails,
}

/// A stated relation to other measures, by a selector that is resolved when all files are read.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub(crate) selector: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) from: Date,
    pub(crate) until: Date,
    pub(crate) known: Date,
    pub(crate) place: Place,
}

/// One legal act's duty on some goods of some origins.
#[derive(Clone, Debug)]
pub struct Measure {
    pub(crate) id: Arc<str>,
    pub(crate) title: Arc<str>,
    pub(crate) authority: Arc<str>,
    pub(crate) importer: Country,
    pub(crate) heading: Option<Arc<str>>,
    pub(crate) heading_if_nothing_due: Option<Arc<str>>,
    pub(crate) goods: Arc<GoodsSet>,
    pub(crate) basis: Basis,
    pub(crate) when: Vec<Condition>,
    pub(crate) asks: Option<Arc<str>>,
    pub(crate) family: Option<Arc<str>>,
    pub(crate) heading_if_yields: Option<Arc<str>>,
    /// Declared for the part of the value beside the material it is on.
    pub(crate) heading_of_rest: Option<Arc<str>>,
    /// Owed in place of the base duty.
    pub(crate) replaces_base: bool,
    /// Where these hold, an inclusive rate on a part of the value counts the base duty of the whole article.
    pub(crate) whole_base_when: Vec<Condition>,
    /// The latest act first.
    pub(crate) provisions: Vec<Provision>,
    pub(crate) suspensions: Vec<Suspension>,
    pub(crate) voidings: Vec<Voiding>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) confidence: Confidence,
    pub(crate) place: Place,
}

/// Whether and how a measure is in force for an entry.
pub(crate) enum InForce<'a> {
    /// By the provision in this place.
    Yes(usize),
    Ended(&'a Provision),
    Suspended(&'a Suspension),
    Voided(&'a Voiding),
    NotYetKnown(&'a Provision),
    OtherOrigin,
    OtherDate,
    Partly,
}

impl Measure {
    /// The name other records use.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The power it rests on, such as `Section 232 autos`.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The heading to declare, where one holds for all periods.
    pub fn heading(&self) -> Option<&str> {
        self.heading.as_deref()
    }

    /// Whose border it applies at.
    pub fn importer(&self) -> Country {
        self.importer
    }

    /// How sure its contents are.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Dated provisions, the latest act first: first day, day after the last, rate as text (`None` where
    /// the act ends the measure), the act.
    pub fn periods(&self) -> impl Iterator<Item = (Date, Date, Option<&str>, &Act)> {
        self.provisions.iter().map(|p| {
            let rate = match &p.effect {
                Effect::Charges { text, .. } => Some(text.as_ref()),
                Effect::Ends => None,
            };
            (p.from, p.to, rate, p.act.as_ref())
        })
    }

    /// The periods that reach an origin; all where there is none.
    pub fn periods_on(
        &self,
        origin: Option<Country>,
    ) -> impl Iterator<Item = (Date, Date, Option<&str>, &Act)> {
        let reaches = move |p: &Provision| origin.is_none_or(|o| p.origins.contains(o));
        let provisions = self.provisions.iter();
        let here: Vec<bool> = provisions.map(reaches).collect();
        self.periods()
            .zip(here)
            .filter(|(_, here)| *here)
            .map(|(period, _)| period)
    }

    /// Whether it charges any goods of an origin on a day, by the acts known on another; suspensions and voidings aside.
    pub fn charges(&self, origin: Country, on: Date, known: Date) -> bool {
        let mut here = self.provisions.iter().filter(|p| {
            p.known <= known && (p.from..p.to).contains(&on) && p.origins.contains(origin)
        });
        // The latest act comes first; what it says of all goods hides what was said before.
        here.find_map(|p| match &p.effect {
            Effect::Charges { .. } => Some(true),
            Effect::Ends if p.goods.is_none() => Some(false),
            Effect::Ends => None,
        })
        .unwrap_or(false)
    }

    /// Whether any period of it reaches an origin.
    pub fn reaches(&self, origin: Country) -> bool {
        self.origins().contains(origin)
    }

    /// Voidings: the day from which it is no longer collected, the act.
    pub fn voidings(&self) -> impl Iterator<Item = (Date, &Act)> {
        self.voidings.iter().map(|v| (v.stopped, v.act.as_ref()))
    }

    /// Suspensions: first day, the day on which they lapse, the act.
    pub fn suspensions(&self) -> impl Iterator<Item = (Date, Date, &Act)> {
        self.suspensions
            .iter()
            .map(|s| (s.from, s.until, s.act.as_ref()))
    }

    /// The latest act first; of acts known on the same day, what is said of some goods before what is said
    /// of all.
    pub(crate) fn sort(&mut self) {
        self.provisions
            .sort_by_key(|p| std::cmp::Reverse((p.known, p.layer, p.goods.is_some())));
    }

    /// All origins of any provision.
    pub(crate) fn origins(&self) -> Origins {
        self.provisions
            .iter()
            .fold(Origins::default(), |all, p| all.or(p.origins))
    }

    pub(crate) fn in_force(
        &self,
        goods: GoodsCode,
        origin: Country,
        on: Date,
        known: Option<Date>,
    ) -> InForce<'_> {
        let is_known = |act: Date| known.is_none_or(|k| act <= k);
        let (mut unknown, mut other_date, mut chosen) = (None, false, None);
        for (place, provision) in self.provisions.iter().enumerate() {
            if !provision.origins.contains(origin) {
                continue;
            }
            if on < provision.from || on >= provision.to {
                other_date = true;
                continue;
            }
            if let Some(set) = &provision.goods {
                match set.holds(goods, on) {
                    Within::No => continue,
                    Within::Partly => return InForce::Partly,
                    Within::Yes => {}
                }
            }
            if !is_known(provision.known) {
                unknown = Some(provision);
                continue;
            }
            chosen = Some((place, provision));
            break;
        }
        let Some((place, provision)) = chosen else {
            return match unknown {
                Some(provision) => InForce::NotYetKnown(provision),
                None if other_date => InForce::OtherDate,
                None => InForce::OtherOrigin,
            };
        };
        if provision.effect == Effect::Ends {
            return InForce::Ended(provision);
        }
        for voiding in &self.voidings {
            // Known as void, it was never owed; with no date of knowledge, what was collected stays.
            let counts = match known {
                Some(known) => voiding.act.known <= known,
                None => on >= voiding.stopped,
            };
            if counts {
                return InForce::Voided(voiding);
            }
        }
        for s in &self.suspensions {
            if s.from <= on && on < s.until && is_known(s.act.known) && s.origins.contains(origin) {
                return InForce::Suspended(s);
            }
        }
        InForce::Yes(place)
    }
}

/// What frees an entry, or a share of its value, from some measures.
#[derive(Clone, Debug)]
pub(crate) struct Exemption {
    pub(crate) id: Arc<str>,
    pub(crate) title: Arc<str>,
    pub(crate) heading: Option<Arc<str>>,
    pub(crate) selectors: Vec<(Arc<str>, Place)>,
    pub(crate) goods: Option<Arc<GoodsSet>>,
    pub(crate) when: Vec<Condition>,
    pub(crate) relieves_share: Option<Arc<str>>,
    /// Declared, in place of the measure's own, for the share that is not relieved.
    pub(crate) heading_of_rest: Option<Arc<str>>,
    pub(crate) asks: Option<Arc<str>>,
    /// The goods of which it is asked; all that the exemption covers where absent.
    pub(crate) asks_of: Option<Arc<GoodsSet>>,
    pub(crate) periods: Vec<Relieved>,
}

/// When an exemption holds, or no longer does.
#[derive(Clone, Debug)]
pub(crate) struct Relieved {
    pub(crate) origins: Origins,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) act: Arc<Act>,
    /// Whether the act ends it.
    pub(crate) ends: bool,
}
