//! The answer in five sentences, put together from the sections' numbers.

use super::write::numbers::{day, minus};
use super::{Brief, Edition};

fn percent(x: f64) -> String {
    format!("{:.1} %", 100.0 * x)
}

/// bn USD with a sign in words: `gains 1.2`, `loses 3.4`.
fn moves(x: f64) -> String {
    if x.abs() < 0.05 {
        "is left where it is".to_owned()
    } else if x > 0.0 {
        format!("gains {x:.1} bn USD a year")
    } else {
        format!("loses {:.1} bn USD a year", -x)
    }
}

fn range(i: &super::Interval) -> String {
    minus(&format!("{:+.1} to {:+.1} over the draws", i.low, i.high))
}

/// Lower-case first letter, for use inside a sentence.
fn inside(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), text.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

fn list(items: &[String]) -> String {
    match items {
        [] => "nothing".to_owned(),
        [one] => inside(one),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|m| inside(m)).collect();
            format!("{}; and {}", most.join("; "), inside(last))
        }
    }
}

fn standing(b: &Brief) -> String {
    let s = &b.situation;
    let rate = |date: &str| s.days.iter().find(|d| d.date == date).map(|d| d.weighted);
    let first = s.days.first().map_or(0.0, |d| d.weighted);
    let now = rate(&b.as_of).unwrap_or_else(|| s.timeline.last().map_or(0.0, |p| p.weighted));
    let last = s.days.last();
    format!(
        "On {} our goods pay {} on average at their border ({} on {}), {:.0} million USD a day; unless something is agreed it is {} from {} on, as the law now stands.",
        day(&b.as_of),
        percent(now),
        percent(first),
        s.days.first().map_or_else(String::new, |d| day(&d.date)),
        s.a_day,
        percent(last.map_or(0.0, |d| d.weighted)),
        day(&s.cliff),
    )
}

fn without(b: &Brief) -> String {
    let [ours, theirs, ..] = b.doubt.intervals.as_slice() else {
        return String::new();
    };
    let output = b.no_deal.no_deal.first().and_then(|w| w.sectors.first());
    format!(
        "No deal: {} {} ({}), {} {} ({}){}.",
        b.sides[0],
        moves(ours.central),
        range(ours),
        b.sides[1],
        moves(theirs.central),
        range(theirs),
        output.map_or_else(String::new, |s| format!(
            "; hardest hit at home: {}, {} of output",
            s.label,
            minus(&format!("{:+.1} %", s.ours_pct))
        )),
    )
}

fn zone(b: &Brief) -> String {
    let [welfare, belief, ..] = b.packages.accounts.as_slice() else {
        return String::new();
    };
    let count = |n: f64| {
        if n < 1e6 {
            format!("{n:.0}")
        } else {
            format!("{:.1} million", n / 1e6)
        }
    };
    let open = b.packages.accounts[2..]
        .iter()
        .filter(|a| a.zone == "exists")
        .count();
    format!(
        "{}; on what we believe they want {} of {} packages can be signed and ratified, and {} of {} accounts of what they want leave any.",
        capital(&welfare.zone_words),
        if belief.win_set > 0.0 {
            count(belief.win_set)
        } else {
            "none".to_owned()
        },
        count(belief.packages),
        open,
        b.packages.accounts.len() - 2
    )
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn chips(b: &Brief) -> String {
    let good: Vec<String> = b
        .demands
        .chips
        .iter()
        .filter(|c| c.blocked_by.is_empty() && c.worth > 0.02)
        .take(3)
        .map(|c| {
            format!(
                "{} (worth {:.2} bn to them, {})",
                inside(&c.title),
                c.worth,
                c.label
            )
        })
        .collect();
    let blocked: Vec<String> = b
        .demands
        .chips
        .iter()
        .filter(|c| !c.blocked_by.is_empty())
        .take(2)
        .map(|c| format!("{} ({})", inside(&c.title), c.blocked_by.join(", ")))
        .collect();
    let mut out = format!(
        "Our best chips: {}",
        if good.is_empty() {
            "none".to_owned()
        } else {
            good.join("; ")
        }
    );
    if !blocked.is_empty() {
        out.push_str("; not ours to give: ");
        out.push_str(&blocked.join("; "));
    }
    out.push('.');
    out
}

fn propose(b: &Brief) -> String {
    let Some(p) = b.packages.proposals.first() else {
        let why = b.packages.accounts.get(1);
        let why = why.map_or_else(String::new, |a| format!(": {}", a.zone_words));
        return format!("Nothing can be proposed as things stand{why}.");
    };
    let income = minus(&format!("{:+.1} and {:+.1}", p.ours.ev, p.theirs.ev));
    let terms = format!(
        "we get {}; we give {}",
        list(&p.they_give),
        list(&p.we_give)
    );
    let (Some(ours), Some(theirs), Some(acceptance)) =
        (p.ours.objective, p.theirs.objective, p.acceptance)
    else {
        return format!(
            "A package: {terms}; real income against no deal, ours and theirs: {income} bn USD a year."
        );
    };
    let blocked = if p.blocked_by.is_empty() {
        p.closest
            .first()
            .map_or_else(String::new, |c| format!(" closest call: {c}."))
    } else {
        let who: Vec<&str> = p.blocked_by.iter().map(|b| b.ratifier.as_str()).collect();
        format!(" stopped, once solved exactly, by {}.", who.join(", "))
    };
    format!(
        "Propose first: {terms}; worth {} bn USD a year to us and {} to them on their objective ({income} on real income alone), acceptable to them with probability {:.0} %;{blocked}",
        minus(&format!("{ours:+.1}")),
        minus(&format!("{theirs:+.1}")),
        100.0 * acceptance,
    )
}

/// The five sentences; those on what can be signed and on our chips are not for sharing.
pub(super) fn write(b: &Brief) -> Vec<String> {
    match b.edition {
        Edition::Full => vec![standing(b), without(b), zone(b), chips(b), propose(b)],
        Edition::Shareable => vec![standing(b), without(b), propose(b)],
    }
}
