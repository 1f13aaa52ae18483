//! What is answered: components, total, what is still to be known, and the trace.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::condition::Condition;
use crate::quota::Told;
use crate::trace::{Answer, Asked};
use crate::{Country, GoodsCode, Money, OwedFee, Refund, Unasked};

/// One measure's duty on one entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// The measure; `base` for the base rate.
    pub measure: Arc<str>,
    /// The heading to declare, where there is one.
    pub heading: Option<Arc<str>>,
    /// The power it rests on.
    pub authority: Arc<str>,
    /// The value the duty is a share of, in the currency of the entry.
    pub basis: Decimal,
    /// The rate as text.
    pub rate: Arc<str>,
    /// The duty, not rounded, in the currency of the entry.
    pub amount: Decimal,
    /// The legal source.
    pub source: Arc<str>,
}

/// Something that would change the answer and is not stated.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// The fact, claim, content or `loaded`, as an entry names it.
    pub fact: Arc<str>,
    /// The question.
    pub question: Arc<str>,
    /// The total if the answer is yes; `None` where it takes a number.
    pub total_if_yes: Option<Decimal>,
    answer: Answer,
}

impl Need {
    /// What was asked, and the total if it is so, where that is known.
    pub(crate) fn new(asked: Asked, if_so: Option<Decimal>) -> Self {
        Self {
            fact: asked.fact,
            question: asked.asks,
            total_if_yes: if_so.filter(|_| matches!(asked.answer, Answer::Yes(_))),
            answer: asked.answer,
        }
    }

    /// Takes in what another line of a short code needs; where the total would differ between the lines, none is said.
    pub(crate) fn merge(needs: &mut Vec<Self>, others: Vec<Self>) {
        for other in others {
            let same = |need: &&mut Self| need.fact == other.fact && need.answer == other.answer;
            match needs.iter_mut().find(same) {
                Some(need) if need.total_if_yes != other.total_if_yes => need.total_if_yes = None,
                Some(_) => {}
                None => needs.push(other),
            }
        }
    }

    /// Its name in a table: the fact, and the word where one is asked, `firm:byd`.
    pub fn name(&self) -> Cow<'_, str> {
        match &self.answer {
            Answer::Yes(Condition::Word(name, word)) => format!("{name}:{word}").into(),
            _ => Cow::Borrowed(&*self.fact),
        }
    }

    /// What an entry states to answer yes: `certified=auto_part`, `claim USMCA`, `loaded < 2025-04-05` for a day of loading
    /// before that day; `us_share=…` where it takes a number.
    pub fn stated(&self) -> String {
        match &self.answer {
            Answer::Yes(Condition::Is(name, wanted)) => format!("{name}={wanted}"),
            Answer::Yes(Condition::Word(name, word)) => format!("{name}={word}"),
            Answer::Yes(condition) => condition.to_string(),
            Answer::Number(_) => format!("{}=…", self.fact),
            Answer::Content(of) => format!("content {of}=…"),
        }
    }
}

/// Why a measure applied or did not.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// It is owed.
    Owed,
    /// It applies, and its duty is zero.
    NothingDue,
    /// The goods are not within it.
    OtherGoods,
    /// The origin is not within it.
    OtherOrigin,
    /// No period of it covers the entry date.
    OtherDate,
    /// The act that makes it was not yet known.
    NotYetKnown(Arc<str>, Date),
    /// It is suspended until a day.
    Suspended(Date),
    /// A later act ended it.
    Ended,
    /// It is void.
    Voided,
    /// It holds only where a fact is stated.
    NotStated(Arc<str>),
    /// A condition of it does not hold.
    NotSo(Arc<str>),
    /// The law is open, and read this way; the other ways.
    Reads(Arc<str>, Arc<str>),
    /// What was left of a quota decides a condition.
    Quota(Told),
    /// Amounts of the law were converted at a rate, by a rule.
    Converted(Arc<str>),
    /// Lines below the code owe the same in all, made up in other ways: shown as of this one.
    AsOf(Arc<str>),
    /// An exemption covers the entry.
    Exempt(Arc<str>),
    /// Another measure prevails.
    Yields(Arc<str>),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owed => f.write_str("owed"),
            Self::NothingDue => f.write_str("applies, but nothing is due under it"),
            Self::OtherGoods => f.write_str("does not cover these goods"),
            Self::OtherOrigin => f.write_str("does not cover this origin"),
            Self::OtherDate => f.write_str("not in force on the entry date"),
            Self::NotYetKnown(act, known) => {
                write!(f, "not yet known: {act} became known on {known}")
            }
            Self::Suspended(until) if *until == Date::MAX => {
                f.write_str("suspended without an end")
            }
            Self::Suspended(until) => write!(f, "suspended until {until}"),
            Self::Ended => f.write_str("ended by a later act"),
            Self::Voided => f.write_str("void"),
            Self::NotStated(fact) => write!(f, "only where `{fact}` is stated"),
            Self::NotSo(condition) => write!(f, "only where `{condition}`"),
            Self::Reads(so, others) => {
                write!(f, "the law is open: read as `{so}`, not as {others}")
            }
            Self::Quota(told) => write!(f, "{told}"),
            Self::Converted(how) => write!(f, "amounts of the law converted at {how}"),
            Self::AsOf(line) => write!(
                f,
                "lines below the code differ in it, not in the total: shown as of {line}"
            ),
            Self::Exempt(by) => write!(f, "exempt: {by}"),
            Self::Yields(to) => write!(f, "yields to {to}"),
        }
    }
}

/// One measure that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The measure.
    pub measure: Arc<str>,
    /// Whether it applied.
    pub applied: bool,
    /// Why.
    pub because: Reason,
    /// The legal source of the reason.
    pub source: Arc<str>,
}

/// The duty on one entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// The goods.
    pub goods: GoodsCode,
    /// The origin.
    pub origin: Country,
    /// The importer.
    pub importer: Country,
    /// The entry date.
    pub entry_date: Date,
    /// The day as of which acts count; all acts in the data where absent.
    pub known_on: Option<Date>,
    /// The customs value.
    pub value: Money,
    /// The duties, the base rate first; exemptions that are declared under a heading follow with zero.
    pub components: Vec<Component>,
    /// The sum of the components, not rounded.
    pub total: Money,
    /// What is paid: the duties rounded as the importer's law says; the total where it says nothing.
    pub payable: Money,
    /// Fees beside duty.
    pub fees: Vec<OwedFee>,
    /// Total over value, as a fraction; `None` for a value of zero.
    pub effective_rate: Option<Decimal>,
    /// What comes back of what was paid at entry, where acts known since say that less is owed; only where the law is
    /// asked as known on a day after the entry date.
    pub refund: Option<Refund>,
    /// What is still to be known.
    pub needs: Vec<Need>,
    /// What is stated and nothing in the law asks about.
    pub unasked: Vec<Unasked>,
    /// Every measure of the importer that was looked at.
    pub trace: Trace,
}

/// Every measure of the importer, in the order of names, after the questions that the law leaves open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    readings: Vec<Step>,
    /// Steps that are the same for every entry of the goods, origin and dates, by the numbers of the measures.
    fixed: Arc<[(usize, Step)]>,
    own: Vec<(usize, Step)>,
}

impl Trace {
    pub(crate) fn new(
        readings: Vec<Step>,
        fixed: Arc<[(usize, Step)]>,
        mut own: Vec<(usize, Step)>,
    ) -> Self {
        own.sort_by_key(|(number, _)| *number);
        Self {
            readings,
            fixed,
            own,
        }
    }

    /// Adds what is said before all steps, unless that is said of its measure.
    pub(crate) fn tell_once(&mut self, step: Step) {
        let said = |s: &Step| s.measure == step.measure;
        if !self.readings.iter().any(said) {
            self.readings.push(step);
        }
    }

    /// The steps.
    pub fn iter(&self) -> impl Iterator<Item = &Step> {
        let (mut fixed, mut own) = (self.fixed.iter().peekable(), self.own.iter().peekable());
        let merged = std::iter::from_fn(move || {
            let own_first = match (own.peek(), fixed.peek()) {
                (Some((a, _)), Some((b, _))) => a < b,
                (own, _) => own.is_some(),
            };
            let step = if own_first { own.next() } else { fixed.next() };
            step.map(|(_, step)| step)
        });
        self.readings.iter().chain(merged)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.readings.len() + self.fixed.len() + self.own.len()
    }

    /// Whether nothing was looked at.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Assessment {
    /// The chapter 99 headings to declare, in the order of the components.
    pub fn headings(&self) -> Vec<&str> {
        self.components
            .iter()
            .filter_map(|c| c.heading.as_deref())
            .collect()
    }
}
