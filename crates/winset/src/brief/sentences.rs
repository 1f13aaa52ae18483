//! The answer in five sentences, put together from the sections' numbers.

use super::{Brief, Edition};
use crate::lang::Lang;

/// A gain or a loss in words: `gains 1.2 bn USD a year`.
fn moves(bn: f64, lang: Lang) -> String {
    let size = lang.rough(bn.abs()).trim_start_matches('+').to_owned();
    if bn.abs() < 0.05 {
        lang.of("is left where it is", "変化なし").to_owned()
    } else if bn > 0.0 {
        lang.of(
            format!("gains {size} bn USD a year"),
            format!("年{size}億ドルの利益"),
        )
    } else {
        lang.of(
            format!("loses {size} bn USD a year"),
            format!("年{size}億ドルの損失"),
        )
    }
}

fn range(i: &super::Interval, lang: Lang) -> String {
    let (low, high) = (lang.rough(i.low), lang.rough(i.high));
    lang.of(
        format!("{low} to {high} over the draws"),
        format!("抽出では{low}～{high}"),
    )
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

fn list(items: &[String], lang: Lang) -> String {
    let items: Vec<String> = items.iter().map(|item| inside(item)).collect();
    match (items.as_slice(), lang) {
        ([], _) => lang.of("nothing", "なし").to_owned(),
        ([one], Lang::En) => one.clone(),
        ([most @ .., last], Lang::En) => format!("{}; and {last}", most.join("; ")),
        (all, Lang::Ja) => format!("「{}」", all.join("」「")),
    }
}

fn standing(b: &Brief) -> String {
    let (s, lang) = (&b.situation, b.language);
    let first = s.days.first().map_or(0.0, |d| d.weighted);
    let (now, last) = (s.rate, s.rate_after);
    let stays = (last - now).abs() < 5e-5;
    let past = b.as_of >= s.cliff;
    let [first, now, last] = [first, now, last].map(|x| lang.pct(x));
    let then = s
        .days
        .first()
        .map_or_else(String::new, |d| lang.day(&d.date));
    let (today, cliff) = (lang.day(&b.as_of), lang.day(&s.cliff));
    if past {
        return lang.of(
            format!(
                "On {today} our goods pay {now} on average at their border ({first} on {then}), {:.0} million USD a day; the cliff of {cliff} is past, and no deal below still stands for it.",
                s.a_day
            ),
            format!(
                "{today}現在、わが国の産品が相手の国境で納める関税は平均{now}（{then}は{first}）、1日あたり{}万ドル。{cliff}の期限は過ぎているが、以下の「合意なし」はこの期限によるもの。",
                lang.count(100.0 * s.a_day)
            ),
        );
    }
    if stays {
        return lang.of(
            format!(
                "On {today} our goods pay {now} on average at their border ({first} on {then}), {:.0} million USD a day; as the law now stands it is the same after {cliff}.",
                s.a_day
            ),
            format!(
                "{today}現在、わが国の産品が相手の国境で納める関税は平均{now}（{then}は{first}）、1日あたり{}万ドル。現行法令では{cliff}以降も変わらない。",
                lang.count(100.0 * s.a_day)
            ),
        );
    }
    lang.of(
        format!(
            "On {today} our goods pay {now} on average at their border ({first} on {then}), {:.0} million USD a day; unless something is agreed it is {last} from {cliff} on, as the law now stands.",
            s.a_day
        ),
        format!(
            "{today}現在、わが国の産品が相手の国境で納める関税は平均{now}（{then}は{first}）、1日あたり{}万ドル。合意がなければ、現行法令により{cliff}から{last}となる。",
            lang.count(100.0 * s.a_day)
        ),
    )
}

fn without(b: &Brief) -> String {
    let [ours, theirs, ..] = b.doubt.intervals.as_slice() else {
        return String::new();
    };
    let lang = b.language;
    let sectors = b.no_deal.no_deal.first().map(|w| w.sectors.iter());
    let hit = sectors
        .into_iter()
        .flatten()
        .filter(|s| s.ours < 0.0 && s.ours_pct <= -0.05)
        .min_by(|a, b| a.ours.total_cmp(&b.ours));
    let output = hit.map_or_else(String::new, |s| {
        let pct = format!("{:+.1}", s.ours_pct).replace('-', "−");
        lang.of(
            format!("; hardest hit at home: {}, {pct} % of output", s.label),
            format!("。国内で最も打撃を受けるのは{}で、生産{pct}%", s.label),
        )
    });
    let side = |name: &str, i: &super::Interval| {
        let (moves, range) = (moves(i.central, lang), range(i, lang));
        lang.of(
            format!("{name} {moves} ({range})"),
            format!("{name}は{moves}（{range}）"),
        )
    };
    let (ours, theirs) = (side(&b.sides[0], ours), side(&b.sides[1], theirs));
    lang.of(
        format!("No deal: {ours}, {theirs}{output}."),
        format!("合意なしの場合、{ours}、{theirs}{output}。"),
    )
}

fn zone(b: &Brief) -> String {
    let [welfare, belief, ..] = b.packages.accounts.as_slice() else {
        return String::new();
    };
    let lang = b.language;
    let count = |n: f64| match lang {
        Lang::Ja => lang.count(n),
        Lang::En if n < 1e6 => lang.count(n),
        Lang::En => format!("{:.1} million", n / 1e6),
    };
    let accounts = &b.packages.accounts[2..];
    let open = accounts.iter().filter(|a| a.zone == "exists").count();
    let (signed, all) = (
        if belief.win_set > 0.0 {
            count(belief.win_set)
        } else {
            lang.of("none", "0").to_owned()
        },
        count(belief.packages),
    );
    lang.of(
        format!(
            "{}; on what we believe they want {signed} of {all} packages can be signed and ratified, and {open} of {} accounts of what they want leave any.",
            capital(&welfare.zone_words),
            accounts.len()
        ),
        format!(
            "{}。相手の狙いについての信念によれば、{all}件のパッケージのうち{signed}件が署名・批准でき、相手の狙いの想定{}通りのうち{open}通りに合意の余地がある。",
            welfare.zone_words,
            accounts.len()
        ),
    )
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn chips(b: &Brief) -> String {
    let lang = b.language;
    let chips = b.demands.chips.iter();
    let good = chips
        .clone()
        .filter(|c| c.blocked_by.is_empty() && c.worth > 0.02);
    let good: Vec<String> = good
        .take(3)
        .map(|c| {
            lang.of(
                format!(
                    "{} (worth {:.2} bn to them, {})",
                    inside(&c.title),
                    c.worth,
                    c.label
                ),
                format!(
                    "「{}」（相手に{}億ドルの価値、{}）",
                    c.title,
                    lang.amount(c.worth),
                    c.label
                ),
            )
        })
        .collect();
    let blocked: Vec<String> = chips
        .filter(|c| !c.blocked_by.is_empty())
        .take(2)
        .map(|c| {
            let by = lang.join(&c.blocked_by);
            lang.of(
                format!("{} ({by})", inside(&c.title)),
                format!("「{}」（{by}）", c.title),
            )
        })
        .collect();
    let mut out = lang
        .of("Our best chips: ", "わが方の有力な材料：")
        .to_owned();
    let between = lang.of("; ", "、");
    if good.is_empty() {
        out.push_str(lang.of("none", "なし"));
    } else {
        out.push_str(&good.join(between));
    }
    if !blocked.is_empty() {
        out.push_str(lang.of(
            "; stopped at home if given alone: ",
            "。単独で出せば国内で止められるもの：",
        ));
        out.push_str(&blocked.join(between));
    }
    out.push_str(lang.of(".", "。"));
    out
}

fn propose(b: &Brief) -> String {
    let lang = b.language;
    let Some(p) = b.packages.proposals.first() else {
        let why = b.packages.accounts.get(1);
        let why = why.map_or_else(String::new, |a| {
            format!("{}{}", lang.of(": ", "："), a.zone_words)
        });
        return lang.of(
            format!("Nothing can be proposed as things stand{why}."),
            format!("現状で提案できるものはない{why}。"),
        );
    };
    let (our_income, their_income) = (lang.rough(p.ours.ev), lang.rough(p.theirs.ev));
    let (get, give) = (list(&p.they_give, lang), list(&p.we_give, lang));
    let terms = lang.of(
        format!("we get {get}; we give {give}"),
        format!("得るものは{get}。出すものは{give}"),
    );
    let (Some(ours), Some(theirs), Some(acceptance)) =
        (p.ours.objective, p.theirs.objective, p.acceptance)
    else {
        return lang.of(
            format!("A package: {terms}; real income against no deal, ours and theirs: {our_income} and {their_income} bn USD a year."),
            format!("パッケージ案：{terms}。実質所得（合意なし比、年）はわが国{our_income}億ドル、相手{their_income}億ドル。"),
        );
    };
    let last = if p.blocked_by.is_empty() {
        p.closest.first().map_or_else(String::new, |c| {
            lang.of(
                format!(" closest call: {c}."),
                format!("最も際どい条件は{c}。"),
            )
        })
    } else {
        let who: Vec<&str> = p.blocked_by.iter().map(|b| b.ratifier.as_str()).collect();
        let who = lang.join(&who);
        lang.of(
            format!(" stopped, once solved exactly, by {who}."),
            format!("厳密解では{who}が反対する。"),
        )
    };
    // What to aim for divides the gain; what to offer next keeps as much of it as is likely to be taken.
    let next = b.wrong.as_ref().and_then(|w| w.next_offer.as_ref());
    let open = match next {
        Some(next) if next.package.indices != p.indices => lang.of(
            " The offer to open with is in section 6.",
            "最初に示す提案は第6節にある。",
        ),
        Some(_) => lang.of(
            " It is the offer to open with as well.",
            "最初に示す提案も同じ。",
        ),
        None => "",
    };
    let (ours, theirs) = (lang.rough(ours), lang.rough(theirs));
    let likely = lang.chance(acceptance);
    lang.of(
        format!("Aim for: {terms}; worth {ours} bn USD a year to us and {theirs} to them on their objective ({our_income} and {their_income} on real income alone), acceptable to them with probability {likely};{last}{open}"),
        format!("目指す合意：{terms}。目的関数での価値はわが国に年{ours}億ドル、相手に{theirs}億ドル（実質所得だけでは{our_income}億ドルと{their_income}億ドル）、相手の受諾確率は{likely}。{last}{open}"),
    )
}

/// The five sentences; those on what can be signed and on our chips are not for sharing.
pub(super) fn write(b: &Brief) -> Vec<String> {
    match b.edition {
        Edition::Full => vec![standing(b), without(b), zone(b), chips(b), propose(b)],
        Edition::Shareable => vec![standing(b), without(b), propose(b)],
    }
}
