//! Which two measures can meet on one entry, and an example of it for each era: goods, origin and day, with the
//! facts that both ask for. What could meet is read from the text of the law; that it does is asked of the whole
//! law.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use winset_law::{Assessment, Country, Entry, GoodsCode, LawError, Measure, Reason};

use crate::common;
use crate::common::shipped::{CODES, LAW, entry};

/// Between two of these days no rule of precedence changes.
pub(crate) const ERAS: [Date; 17] = [
    date(2025, 1, 1),
    date(2025, 2, 4),
    date(2025, 3, 4),
    date(2025, 3, 12),
    date(2025, 4, 3),
    date(2025, 4, 5),
    date(2025, 5, 3),
    date(2025, 6, 4),
    date(2025, 8, 1),
    date(2025, 8, 7),
    date(2025, 10, 14),
    date(2025, 11, 1),
    date(2026, 1, 15),
    date(2026, 2, 24),
    date(2026, 4, 6),
    date(2026, 6, 8),
    date(2026, 7, 24),
];
const END: Date = date(2026, 9, 3);

/// Origins to try first: those that some act names.
const ORIGINS: [&str; 18] = [
    "CN", "JP", "CA", "MX", "GB", "KR", "DE", "CH", "TW", "BR", "IN", "RU", "VN", "NI", "LI", "HK",
    "EU", "TH",
];

/// What the text of a measure says, in so far as it is needed to find entries.
pub(crate) struct Text {
    pub(crate) id: String,
    pub(crate) authority: String,
    /// Of each code of the schedule, whether it is within.
    goods: Vec<bool>,
    when: Vec<String>,
    /// It ended at some time for some of its goods only.
    ends_partly: bool,
}

/// An entry on which two measures meet.
pub(crate) struct Example {
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) goods: GoodsCode,
    pub(crate) origin: Country,
    pub(crate) on: Date,
    pub(crate) entry: Entry,
    /// The other measures that apply to it.
    pub(crate) others: Vec<String>,
}

fn strings(table: &toml::Table, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(toml::Value::as_array);
    let words = array.into_iter().flatten().filter_map(toml::Value::as_str);
    words.map(str::to_owned).collect()
}

fn covers(words: &[String], lists: &HashMap<String, HashSet<String>>) -> Vec<bool> {
    let mut prefixes: HashSet<String> = HashSet::new();
    for word in words {
        if word == "*" {
            return vec![true; CODES.len()];
        }
        match word.strip_prefix("list:") {
            Some(name) => prefixes.extend(lists[name].iter().cloned()),
            None => {
                prefixes.insert(word.replace('.', ""));
            }
        }
    }
    let within = |code: &GoodsCode| {
        let plain = code.plain();
        (2..=plain.len()).any(|digits| prefixes.contains(&plain[..digits]))
    };
    CODES.iter().map(within).collect()
}

/// The measures of the shipped text, in the order of their names.
pub(crate) fn texts() -> Vec<Text> {
    let mut lists: HashMap<String, HashSet<String>> = HashMap::new();
    for (name, table) in common::lists() {
        let codes = table.texts("code").unwrap();
        lists.insert(name, codes.iter().map(|c| c.replace('.', "")).collect());
    }
    let mut out = Vec::new();
    let mut partly = HashSet::new();
    for file in common::files() {
        let table: toml::Table = file.text().parse().unwrap();
        let amendments = table.get("amendment").and_then(toml::Value::as_array);
        for amendment in amendments.into_iter().flatten() {
            if amendment.get("ends").is_some() && amendment.get("goods").is_some() {
                partly.insert(amendment["measure"].as_str().unwrap().to_owned());
            }
        }
        let measures = table.get("measure").and_then(toml::Value::as_array);
        for measure in measures.into_iter().flatten() {
            let measure = measure.as_table().unwrap();
            let text = |key: &str| measure[key].as_str().unwrap().to_owned();
            let mut goods = covers(&strings(measure, "goods"), &lists);
            let except = covers(&strings(measure, "except-goods"), &lists);
            for (within, out) in goods.iter_mut().zip(except) {
                *within &= !out;
            }
            out.push(Text {
                id: text("id"),
                authority: text("authority"),
                goods,
                when: strings(measure, "when"),
                ends_partly: false,
            });
        }
    }
    for text in &mut out {
        text.ends_partly = partly.contains(&text.id);
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out
}

/// What is stated of a metal, in dollars of 10,000.
pub(crate) fn content(metal: &str) -> Decimal {
    match metal {
        "steel" => 4_000.into(),
        "aluminum" => 3_000.into(),
        _ => 2_000.into(),
    }
}

/// An entry of 10,000 dollars that states what the conditions of two measures ask for; each metal has a value of
/// its own.
fn stated(texts: [&Text; 2], goods: GoodsCode, origin: Country, on: Date) -> Entry {
    let plain = goods.plain();
    let mut entry = entry(&plain, origin.iso2(), on, "10000")
        .quantity(10_000.into(), "")
        .content("steel", content("steel"))
        .content("aluminum", content("aluminum"))
        .content("copper", content("copper"));
    for condition in texts.iter().flat_map(|t| &t.when) {
        entry = common::facts::state(entry, condition, None);
    }
    // What would free the goods otherwise.
    if texts.iter().any(|t| t.authority == "Section 232 medicines") {
        entry = common::facts::state(entry, "annex_iii_company", None);
    }
    if plain.starts_with("8471") && texts.iter().any(|t| t.authority == "Section 232 autos") {
        entry = common::facts::state(entry, "auto_part", None);
    }
    entry
}

/// Why a measure applies to an entry or does not.
fn reason<'a>(answer: &'a Assessment, id: &str) -> &'a Reason {
    let step = answer.trace.iter().find(|step| &*step.measure == id);
    &step
        .unwrap_or_else(|| panic!("{id} is not in the trace"))
        .because
}

fn applies(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::Owed | Reason::NothingDue | Reason::Yields(_)
    )
}

/// Whether other goods would not help.
fn is_final(of: &Text, reason: &Reason) -> bool {
    (*reason == Reason::Ended && !of.ends_partly)
        || matches!(
            reason,
            Reason::OtherOrigin
                | Reason::OtherDate
                | Reason::Suspended(_)
                | Reason::Voided
                | Reason::NotStated(_)
                | Reason::NotSo(_)
        )
}

/// The days of an era worth trying: its first, those on which something of either measure begins, its last.
fn days(measures: [&Measure; 2], from: Date, until: Date) -> BTreeSet<Date> {
    let mut days = BTreeSet::from([from, until.yesterday().unwrap()]);
    for measure in measures {
        let starts = measure.periods().flat_map(|(from, to, ..)| [from, to]);
        let lapses = measure.suspensions().map(|(_, until, _)| until);
        days.extend(starts.chain(lapses).filter(|d| from <= *d && *d < until));
    }
    days
}

/// An example of two measures in an era.
fn example(
    texts: &[Text],
    pair: [usize; 2],
    shared: &[usize],
    from: Date,
    until: Date,
) -> Option<Example> {
    let [a, b] = pair.map(|i| &texts[i]);
    let both = [a, b].map(|t| LAW.measure(&t.id).unwrap());
    let live = |m: &Measure| m.periods().any(|(f, t, ..)| f < until && t > from);
    if !both.iter().all(|m| live(m)) {
        return None;
    }
    let first = ORIGINS.iter().map(|o| o.parse::<Country>().unwrap());
    let mut tried = HashSet::new();
    let origins: Vec<Country> = (first.chain(Country::all()))
        .filter(|o| tried.insert(*o) && both.iter().all(|m| m.reaches(*o)))
        .take(24)
        .collect();
    // Pairs spread over the goods that they share, so that many examples fit into one law.
    let start = (pair[0] * 7919 + pair[1] * 104_729) % shared.len();
    let tries = shared.len().min(60);
    let mut nothing_due = None;
    for origin in origins {
        'days: for on in days(both, from, until) {
            for step in 0..tries {
                let at = shared[(start + step * shared.len() / tries) % shared.len()];
                let entry = stated([a, b], CODES[at], origin, on);
                let answer = match LAW.assess(&entry, None) {
                    Ok(answer) => answer,
                    Err(LawError::NotInData { .. } | LawError::NoOrigin { .. }) => continue 'days,
                    Err(_) => continue,
                };
                let reasons = [a, b].map(|t| reason(&answer, &t.id));
                if is_final(a, reasons[0]) || is_final(b, reasons[1]) {
                    continue 'days;
                }
                if !reasons.iter().all(|r| applies(r)) {
                    continue;
                }
                let others = answer
                    .trace
                    .iter()
                    .filter(|s| applies(&s.because) && *s.measure != *a.id && *s.measure != *b.id);
                let found = Example {
                    first: pair[0],
                    second: pair[1],
                    goods: CODES[at],
                    origin,
                    on,
                    others: others.map(|s| s.measure.to_string()).collect(),
                    entry,
                };
                if reasons.iter().all(|r| **r != Reason::NothingDue) {
                    return Some(found);
                }
                nothing_due.get_or_insert(found);
            }
        }
    }
    nothing_due
}

/// An example for every pair of measures in every era in which they meet.
pub(crate) fn examples(texts: &[Text]) -> Vec<Example> {
    let mut out = Vec::new();
    for i in 0..texts.len() {
        for j in i + 1..texts.len() {
            let both = texts[i].goods.iter().zip(&texts[j].goods).enumerate();
            let shared: Vec<usize> = (both.filter(|(_, (a, b))| **a && **b))
                .map(|(code, _)| code)
                .collect();
            if shared.is_empty() {
                continue;
            }
            for (era, from) in ERAS.iter().enumerate() {
                let until = ERAS.get(era + 1).copied().unwrap_or(END);
                out.extend(example(texts, [i, j], &shared, *from, until));
            }
        }
    }
    out
}

impl Example {
    /// The day after.
    pub(crate) fn next_day(&self) -> Date {
        self.on.checked_add(1.day()).unwrap()
    }
}
