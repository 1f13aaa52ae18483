//! The brief as one self-contained HTML file: readable in any browser, printable, no script needed.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Brief, ChipRow, Demand, Proposal, WorldRow};
use crate::chart;

const STYLE: &str = include_str!("brief.css");

/// bn USD with a sign, two decimals below ten, one above.
fn bn(x: f64) -> String {
    let x = if x.abs() < 0.005 { 0.0 } else { x };
    if x == 0.0 {
        "0".to_owned()
    } else if x.abs() < 9.995 {
        format!("{x:+.2}").replace('-', "−")
    } else {
        format!("{x:+.1}").replace('-', "−")
    }
}

fn plain(x: f64) -> String {
    bn(x).trim_start_matches('+').to_owned()
}

/// `2025-04-16` as people write it.
pub(super) fn day(iso: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let mut parts = iso.split('-');
    let (Some(y), Some(m), Some(d)) = (parts.next(), parts.next(), parts.next()) else {
        return iso.to_owned();
    };
    match (
        m.parse::<usize>()
            .ok()
            .and_then(|m| MONTHS.get(m.wrapping_sub(1))),
        d.parse::<u32>(),
    ) {
        (Some(month), Ok(d)) => format!("{d} {month} {y}"),
        _ => iso.to_owned(),
    }
}

fn pct(fraction: f64) -> String {
    format!("{:.1} %", 100.0 * fraction).replace('-', "−")
}

fn signed_pct(x: f64) -> String {
    if x.abs() < 0.005 {
        "0 %".to_owned()
    } else {
        format!("{x:+.2} %").replace('-', "−")
    }
}

fn many(n: f64) -> String {
    let digits = format!("{n:.0}");
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

fn section(number: &str, id: &str, title: &str, body: &Markup) -> Markup {
    html! {
        section id=(id) {
            h2 { span.no { (number) } (title) }
            (body)
        }
    }
}

fn sign_class(x: f64) -> &'static str {
    if x > 0.004 {
        "num up"
    } else if x < -0.004 {
        "num down"
    } else {
        "num"
    }
}

fn money(x: f64) -> Markup {
    html! { td class=(sign_class(x)) { (bn(x)) } }
}

fn situation(b: &Brief) -> Markup {
    let s = &b.situation;
    let mut authorities: Vec<String> = Vec::new();
    for point in &s.timeline {
        for name in point.by_authority.keys() {
            if !authorities.contains(name) {
                authorities.push(name.clone());
            }
        }
    }
    authorities.sort_by_key(|a| (a != "base", a.clone()));
    let parts = authorities
        .iter()
        .map(|a| {
            let values = s
                .timeline
                .iter()
                .map(|p| p.by_authority.get(a).copied().unwrap_or(0.0))
                .collect();
            let label = if a == "base" {
                "ordinary duty".to_owned()
            } else {
                a.clone()
            };
            (label, values)
        })
        .collect();
    let svg = chart::timeline(&chart::Steps {
        dates: s.timeline.iter().map(|p| p.date.as_str()).collect(),
        parts,
        marks: vec![
            (b.as_of.clone(), "today".to_owned()),
            (s.cliff.clone(), "the cliff".to_owned()),
        ],
        until: "2025-08-15".to_owned(),
    });
    html! {
        figure { (PreEscaped(svg)) figcaption { "Applied rate on our goods, weighted by the trade of 2024, by authority, as the law was known on " (day(&b.as_of)) ". Dashed: today and the cliff of " (day(&s.cliff)) "." } }
        div.wide { table {
            caption { "Applied rate on our goods" }
            thead { tr { th { "entry on" } th.num { "trade-weighted" } th.num { "mean of lines" } th.num { "duty a year, bn USD" } } }
            tbody { @for d in &s.days { tr { td { (day(&d.date)) } td.num { (pct(d.weighted)) } td.num { (pct(d.simple)) } td.num { (plain(d.duty)) } } } }
        } }
        p.note { "Trade of 2024: " (plain(s.trade)) " bn USD; lines worth " (plain(s.no_sector)) " bn map to no sector; " (plain(s.collected_base)) " bn have a specific base rate, taken as collected in 2024." }
        h3 { "Sectors" }
        div.wide { table {
            thead { tr { th { "sector" } th.num { "trade, bn USD" } th.num { (s.days.first().map_or_else(String::new, |d| day(&d.date))) } th.num { "today" } th.num { "after the cliff" } th.num { "duty a year, bn USD" } } }
            tbody { @for r in s.sectors.iter().take(14) { tr { td { (r.label) } td.num { (plain(r.value)) } td.num { (pct(r.rate_before)) } td.num { (pct(r.rate)) } td.num { (pct(r.rate_after)) } td.num { (plain(r.duty)) } } } }
        } }
        h3 { "The twenty lines that pay most" }
        p.note { "Open a line for its trace: every measure that was looked at, applied or not, and why." }
        div.lines {
            div.line.head { span { "line" } span.num { "trade, bn USD" } span.num { "today" } span.num { "after" } span.num { "duty, bn USD" } }
            @for l in &s.lines {
                details {
                    summary.line { span { code { (l.code) } " " (l.label) } span.num { (plain(l.value)) } span.num { (pct(l.rate)) } span.num { (pct(l.rate_after)) } span.num { (plain(l.duty)) } }
                    div.trace {
                        table { caption { "Owed on 100 USD" } thead { tr { th { "measure" } th { "heading" } th { "rate" } th.num { "USD" } } }
                            tbody { @for c in &l.components { tr { @for (k, x) in c.iter().enumerate() { td class=(if k == 3 { "num" } else { "" }) { (x) } } } } } }
                        table { caption { "Looked at" } thead { tr { th { "measure" } th { "applied" } th { "because" } th { "source" } } }
                            tbody { @for t in l.trace.iter().filter(|t| t.applied || !t.because.starts_with("does not cover")) { tr { td { (t.measure) } td { @if t.applied { "yes" } @else { "no" } } td { (t.because) } td { (t.source) } } }
                                tr { td colspan="4" { (l.trace.iter().filter(|t| !t.applied && t.because.starts_with("does not cover")).count()) " more measures do not cover these goods or this origin." } } } }
                        @if !l.needs.is_empty() { p.note { "Would need to know: " (l.needs.join(" ")) } }
                    }
                }
            }
        }
    }
}

fn world_table(w: &WorldRow) -> Markup {
    html! {
        div.wide { table {
            caption { (w.title) @if w.probability > 0.0 { " (probability " (pct(w.probability)) ")" } }
            thead { tr { th { "" } th.num { "real income, bn USD" } th.num { "real income" } th.num { "tariff revenue, bn USD" } th.num { "relative wage" } th.num { "their tariff on it, change" } } }
            tbody { @for r in w.regions.iter().take(12) { tr { td { (r.label) } (money(r.ev)) td.num { (signed_pct(r.real_income_pct)) } (money(r.revenue)) td.num { (signed_pct(r.relative_wage_pct)) } td.num { (signed_pct(100.0 * r.tariff_change)) } } } }
        } }
    }
}

fn no_deal(b: &Brief) -> Markup {
    let n = &b.no_deal;
    let first = n.no_deal.first();
    html! {
        p { "Changes against 2024, when tariffs were those of 1 January 2025. “Their tariff” is the whole world that no deal stands for: what the importer charges every other origin beside us." }
        @if let Some(w) = first {
            (world_table(w))
            figure {
                (PreEscaped(chart::pairs("Output by sector without a deal", "output, per cent", [&b.sides[0], &b.sides[1]],
                    &w.sectors.iter().take(12).map(|s| (s.label.clone(), s.ours_pct, s.theirs_pct)).collect::<Vec<_>>())))
                figcaption { "Output by sector without a deal, the twelve sectors of ours that move most." }
            }
        }
        div.wide { table {
            caption { "The same under other accounts of no deal, and today" }
            thead { tr { th { "world" } th.num { (b.sides[0]) ", bn USD" } th.num { (b.sides[1]) ", bn USD" } th.num { "their goods balance with us, bn USD" } th.num { "their revenue, bn USD" } } }
            tbody { @for w in std::iter::once(&n.status_quo).chain(&n.no_deal) { tr { td { (w.title) } (money(w.regions[0].ev)) (money(w.regions[1].ev)) td.num { (plain(w.balance_published)) " → " (plain(w.balance)) } (money(w.regions[1].revenue)) } } }
        } }
        p.note { (n.note) }
        @for w in n.no_deal.iter().skip(1) { details { summary { "All regions: " (w.title) } (world_table(w)) } }
    }
}

fn moved(d: &Demand) -> Markup {
    let words = |moves: &[super::SectorMove]| {
        moves
            .iter()
            .map(|m| format!("{} {}", m.label, bn(m.busd)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    html! {
        @if !d.our_sectors.is_empty() { span.sub { "ours: " (words(&d.our_sectors)) } }
        @if !d.their_sectors.is_empty() { span.sub { "theirs: " (words(&d.their_sectors)) } }
        @if !d.farm_gate_pct.is_empty() { span.sub { "farm gate: " (d.farm_gate_pct.iter().map(|(p, x)| format!("{p} {}", signed_pct(*x))).collect::<Vec<_>>().join(", ")) } }
        @for note in &d.notes { span.sub { (note) } }
    }
}

fn demand_table(b: &Brief, rows: &[Demand]) -> Markup {
    html! {
        div.wide { table.demands {
            thead { tr { th { "option" } th.num { (b.sides[0]) } th.num { (b.sides[1]) } th.num { "balance" } th.num { "farm exports" } th.num { "our budget" } } }
            tbody { @for (k, d) in rows.iter().enumerate() {
                @if k == 0 || rows[k - 1].issue != d.issue { tr.group { th colspan="6" { (d.issue_title) } } }
                tr { td { (d.title)
                        @if !d.vehicle.is_empty() { span.sub { (d.vehicle) @if !d.triggers.is_empty() { " · needs: " (d.triggers.join(", ")) } } }
                        (moved(d)) }
                    (money(d.our_ev)) (money(d.their_ev)) (money(d.balance)) (money(d.farm_exports)) (money(d.budget)) }
            } }
        } }
    }
}

fn demands(b: &Brief) -> Markup {
    html! {
        p { "Each option alone, against no deal, solved exactly: real income of both sides, their goods balance with us, their farm exports to us, our budget; bn USD a year. Sectors: real value added." }
        (demand_table(b, &b.demands.demands))
        h3 { "What we ask for, measured the same way" }
        (demand_table(b, &b.demands.ours))
    }
}

fn chip_row(c: &ChipRow) -> Markup {
    html! { tr { td.num { (c.rank) } td { (c.title) @if !c.blocked_by.is_empty() { span.sub.warn { "stopped by: " (c.blocked_by.join(", ")) } } }
    td.num { (bn(c.economic_price)) } td.num { (bn(c.political_price)) } td.num { (plain(c.compensation)) } (money(c.worth))
    td { (c.label) @if let Some(r) = c.ratio { " · " (format!("{r:.1}")) } } } }
}

fn chips(b: &Brief) -> Markup {
    let d = &b.demands;
    html! {
        p { "What we could give. Economic price: real income lost. Political price: objective lost, with what losing sectors would need beside it. Worth: their gain by the average over what we believe. A ratio stands only where price and worth are both positive; an option that is stopped at home is never called cheap." }
        figure { (PreEscaped(chart::chips("Price and worth of each chip", &d.chips.iter().map(|c| { let price = c.political_price.max(c.economic_price); let named = c.worth > 0.2 || price.abs() > 0.15; (if named { format!("{} {}", c.issue, c.option) } else { String::new() }, price, c.worth, !c.blocked_by.is_empty()) }).collect::<Vec<_>>())))
            figcaption { "Price against worth. Left of the line: good for us as well." } }
        div.wide { table {
            thead { tr { th.num { "rank" } th { "chip" } th.num { "economic price" } th.num { "political price" } th.num { "compensation" } th.num { "worth" } th { "" } } }
            tbody { @for c in &d.chips { (chip_row(c)) } }
        } }
        h3 { "At the margin" }
        p { "One per cent less cost on their goods at our border, by the model's derivatives at no deal (one linear solve for all of them), million USD a year. The first five were solved exactly; the largest difference is " (format!("{:.1} %", d.margin_error_pct)) "." }
        div.wide { table {
            thead { tr { th { "their goods" } th.num { (b.sides[0]) } th.num { (b.sides[1]) } th.num { "exact" } } }
            tbody { @for m in &d.margin { tr { td { (m.label) } td class=(sign_class(m.ours)) { (format!("{:+.1}", m.ours)) } td class=(sign_class(m.theirs)) { (format!("{:+.1}", m.theirs)) } td.num { @if let Some([a, c]) = m.exact { (format!("{a:+.1} / {c:+.1}")) } } } } }
        } }
    }
}

fn proposal(b: &Brief, k: usize, p: &Proposal) -> Markup {
    html! {
        article.proposal {
            h3 { "Package " (k + 1) ". " (p.title) }
            div.two {
                div { h4 { "They give" } ul { @for x in &p.they_give { li { (x) } } @if p.they_give.is_empty() { li { "nothing" } } } }
                div { h4 { "We give" } ul { @for x in &p.we_give { li { (x) } } @if p.we_give.is_empty() { li { "nothing" } } } }
            }
            div.wide { table {
                thead { tr { th { "against no deal, bn USD a year" } th.num { "real income" } th.num { "objective" } } }
                tbody {
                    tr { td { (b.sides[0]) } (money(p.ours.ev)) (money(p.ours.objective)) }
                    tr { td { (b.sides[1]) } (money(p.theirs.ev)) (money(p.theirs.objective)) }
                    tr { td { "their goods balance with us · their revenue · our budget" } td.num colspan="2" { (bn(p.balance)) " · " (bn(p.revenue)) " · " (bn(p.budget)) } }
                    tr { td { (b.sides[0]) ", if their promise stands only as likely as assumed" } td.num colspan="2" { (bn(p.ours_if_contested)) } }
                }
            } }
            p { "Acceptable to them with probability " strong { (format!("{:.0} %", 100.0 * p.acceptance)) } ". Domestic acts: " (if p.acts.is_empty() { "none".to_owned() } else { p.acts.join(", ") }) "." }
            @if p.blocked_by.is_empty() {
                p { "Nobody who is asked stops it. Closest calls: " } ul { @for c in &p.closest { li { (c) } } }
            } @else {
                p.warn { "Stopped, once solved exactly, by:" } ul { @for x in &p.blocked_by { li { (x.ratifier) ": “" (x.what) "”, missed by " (format!("{:.2}", x.short_by)) } } }
            }
            @for w in &p.warnings { p.note { (w) } }
        }
    }
}

fn packages(b: &Brief) -> Markup {
    let p = &b.packages;
    let belief = p.accounts.get(1);
    let gains = chart::Gains {
        sides: [&b.sides[0], &b.sides[1]],
        cloud: p.cloud.iter().map(|c| (c.ours, c.theirs)).collect(),
        all: p.frontier_all.iter().map(|r| (r.ours, r.theirs)).collect(),
        win_set: p
            .frontier
            .iter()
            .map(|r| chart::Mark {
                ours: r.ours,
                theirs: r.theirs,
                ..chart::Mark::default()
            })
            .collect(),
        here: None,
        lang: crate::lang::Lang::En,
        solutions: belief.map_or_else(Vec::new, |a| {
            a.solutions
                .iter()
                .filter_map(|s| s.points.first().map(|x| (s.name.clone(), x.ours, x.theirs)))
                .collect()
        }),
    };
    html! {
        p { "Every payoff is measured against no deal: " em { (p.no_deal) } "." }
        div.wide { table {
            caption { "Is there a zone of agreement?" }
            thead { tr { th { "if they want" } th.num { "probability" } th { "zone" } th.num { "inside both mandates" } th.num { "ratified" } th.num { "win-set" } th.num { "Nash: us" } th.num { "Nash: them" } } }
            tbody { @for a in &p.accounts { tr { td { (a.title) } td.num { @if let Some(x) = a.probability { (format!("{:.0} %", 100.0 * x)) } }
                td class=(if a.zone == "exists" { "up" } else { "down" }) { (a.zone) } td.num { (many(a.inside_mandates)) } td.num { (many(a.ratified)) } td.num { (many(a.win_set)) }
                @if let Some(x) = a.solutions.first().and_then(|s| s.points.first()) { td.num { (bn(x.ours)) } td.num { (bn(x.theirs)) } } @else { td.num { "–" } td.num { "–" } } } } }
        } }
        ul { @for o in &p.opens { li { (o) } } }
        figure { (PreEscaped(chart::frontier(&gains)))
            figcaption { "Objectives of both sides (theirs: the average over what we believe), gain against no deal. Shaded: better for a side. " (p.solved_exactly) " packages were solved exactly; the tables of options and pairs miss them by " (format!("{:.2} %", p.table_error_pct[0][0])) " of the frontier's range at the median for us (worst " (format!("{:.2} %", p.table_error_pct[0][1])) ") and " (format!("{:.2} %", p.table_error_pct[1][0])) " for them (worst " (format!("{:.2} %", p.table_error_pct[1][1])) ")." } }
        @if let Some(a) = belief {
            @for s in &a.solutions { p.note { strong { (s.name) } ": " (s.definition) } }
            @if !a.if_dropped.is_empty() { details { summary { "How large the win-set would be without one mandate or ratifier" } div.wide { table { tbody { @for (who, n) in &a.if_dropped { tr { td { (who) } td.num { (many(*n)) } } } } } } } }
        }
        h3 { "Three packages worth proposing" }
        @for (k, x) in p.proposals.iter().enumerate() { (proposal(b, k, x)) }
        @if p.proposals.is_empty() { p.warn { "None: no package is inside every mandate, ratified by all and better than no deal for both." } }
    }
}

fn wrong(b: &Brief) -> Markup {
    let p = &b.packages;
    html! {
        div.wide { table {
            caption { "Their gain from each package if they really want …, bn USD a year" }
            thead { tr { th { "" } @for (h, w) in p.hypotheses.iter().zip(&p.probabilities) { th.num { (h) " (" (format!("{:.0} %", 100.0 * w)) ")" } } th.num { "us" } } }
            tbody { @for (k, x) in p.proposals.iter().enumerate() { tr { td { "Package " (k + 1) } @for g in &x.theirs_by_hypothesis { (money(*g)) } (money(x.ours.objective)) } } }
        } }
        (prospects(b))
        p { @match p.proposals.iter().position(|x| x.theirs_by_hypothesis.iter().all(|g| *g >= 0.0)) {
            Some(k) => { "Package " (k + 1) " is safe: they are no worse off than with no deal under every account." }
            None => { "No package proposed is safe under every account of what they want." } } }
        div.wide { table {
            caption { "Rank of our chips under each account" }
            thead { tr { th { "chip" } th.num { "average" } @for h in &b.demands.hypotheses { th.num { (h) } } } }
            tbody { @for c in b.demands.chips.iter().take(12) { tr { td { (c.title) } td.num { (c.rank) } @for r in &c.rank_by_hypothesis { td.num { (r) } } } } }
        } }
        div.wide { table {
            caption { "How the belief came about" }
            thead { tr { th { "published" } th { "evidence" } @for h in &p.hypotheses { th.num { (h) } } } }
            tbody { @for (published, what, probabilities) in &p.belief_path { tr { td { (day(published)) } td { (what) } @for x in probabilities { td.num { (format!("{:.0} %", 100.0 * x)) } } } } }
        } }
        @if !p.unused_evidence.is_empty() { p.note { "Not used: " (p.unused_evidence.iter().map(|(n, w)| format!("{n} ({w})")).collect::<Vec<_>>().join("; ")) "." } }
        (next(b))
    }
}

fn per_cent(x: f64) -> String {
    format!("{:.0} %", 100.0 * x)
}

/// What to expect of each package, and over the ranges of the valuations.
fn prospects(b: &Brief) -> Markup {
    let rows = || b.packages.proposals.iter().zip(&b.wrong.prospects);
    html! {
        div.wide { table {
            caption { "What to expect, bn USD a year; a refused offer counts as no deal" }
            thead { tr { th { "" } th.num { "accepted" } th.num { "at their worst valuations" } th.num { "expected for us" } th.num { "worst for us" } th.num { "expected for them" } th.num { "us, over the range of our valuations" } } }
            tbody { @for (k, (p, x)) in rows().enumerate() { tr { td { "Package " (k + 1) } td.num { (per_cent(x.acceptance)) } td.num { (per_cent(x.acceptance_worst)) } (money(x.expected)) (money(x.worst)) (money(x.expected_theirs)) td.num { (bn(p.ours_range[0])) " … " (bn(p.ours_range[1])) } } } }
        } }
        div.wide { table {
            caption { "Their gain over the ranges of their valuations, bn USD a year" }
            thead { tr { th { "" } @for h in &b.packages.hypotheses { th.num { (h) } } } }
            tbody { @for (k, (p, _)) in rows().enumerate() { tr { td { "Package " (k + 1) } @for [low, high] in &p.theirs_range_by_hypothesis { td.num { (bn(*low)) " … " (bn(*high)) } } } } }
        } }
    }
}

/// The best next offer and the best next question.
fn next(b: &Brief) -> Markup {
    let w = &b.wrong;
    html! {
        @if w.offers_received > 0 { p.note { (w.offers_received) " offers of theirs are on record and count in the belief from their day on." } }
        h3 { "What to offer next" }
        @match &w.next_offer {
            Some(o) => {
                p { "Of " (w.candidates) " packages that can be signed under some account, this one promises us most: accepted with probability " strong { (per_cent(o.prospect.acceptance)) } ", expected gain " (bn(o.prospect.expected)) " bn USD a year, worst " (bn(o.prospect.worst)) ", solved exactly." }
                ul { @for x in &o.package.they_give { li { "they give " (x) } } @for x in &o.package.we_give { li { "we give " (x) } } }
            }
            None => { p { "Nothing: no package that can be signed is let through by everybody once it is solved exactly." } }
        }
        h3 { "What to ask next" }
        p { "A question is worth the expected gain of the best offer after each answer, less that of the best offer now. How likely each answer is under each account is an assumption." }
        div.wide { table {
            thead { tr { th { "question" } th.num { "worth, bn USD a year" } th { "answer" } th.num { "probability" } th { "then offer" } } }
            tbody { @for q in &w.questions { @for (k, a) in q.answers.iter().enumerate() { tr {
                td { @if k == 0 { (q.question) } } td.num { @if k == 0 { (format!("{:.2}", q.value)) } }
                td { (a.answer) } td.num { (per_cent(a.probability)) } td { @if a.offer.is_empty() { "nothing" } @else if k > 0 && a.offer == q.answers[k - 1].offer { "the same" } @else { (a.offer.join(", ")) } }
            } } } }
        } }
    }
}

fn others(b: &Brief) -> Markup {
    let o = &b.others;
    html! {
        p { "Real income against no deal, " (o.package) ": alone " (bn(o.alone[0])) " for us and " (bn(o.alone[1])) " for them; with its terms extended to every claimant " (bn(o.extended[0])) " and " (bn(o.extended[1])) "." }
        div.wide { table {
            thead { tr { th { "claimant" } th { "would claim" } th.num { "how likely" } th.num { "its own gain" } th.num { "us" } th.num { "them" } } }
            tbody { @for c in &o.claimants { tr { td { (c.label) } td { (c.claims.join("; ")) } td.num { @if let Some(p) = c.likelihood { (per_cent(p)) } } (money(c.own)) (money(c.ours)) (money(c.theirs)) } } }
        } }
        @if let Some([ours, theirs]) = o.expected { p { "Each claim weighed with its likelihood: " (bn(ours)) " for us, " (bn(theirs)) " for them." } }
        @if let Some(order) = &o.order {
            h3 { "The order of the talks" }
            p { "With whom " (b.sides[1]) " would sign first, if it signs where it gains and each signs where it does not lose: " @if order.order.is_empty() { "nobody" } @else { (order.order.join(", then ")) } "; " (bn(order.theirs)) " for them in all. If all others have signed before us, our package is worth " (bn(order.ours_if_last)) " to us beside what it is worth alone." }
            div.wide { table {
                thead { tr { th { "partner" } th.num { "gives, bn USD a year" } th.num { "its own gain, net" } th.num { "them, with what it gives" } } }
                tbody { @for r in &order.partners { tr { td { (r.label) } td.num { @if let Some(g) = r.gives { (plain(g)) } } (money(r.own)) (money(r.theirs)) } } }
            } }
        }
        @if !o.claims_on_us.is_empty() { h3 { "Claims on us" } ul { @for (who, what) in &o.claims_on_us { li { (who) ": " (what) } } } }
        @for n in &o.not_computed { p.note { (n) } }
    }
}

fn doubt(b: &Brief) -> Markup {
    let d = &b.doubt;
    html! {
        p { "Real income, bn USD a year. Interval: tenth to ninetieth percentile of " (d.draws) " draws (seed " (d.seed) ") of the elasticities (log-normal, spread " (d.spread) "), of input shares (" (d.spread_beside[0]) ") and of what is cut of barriers (" (d.spread_beside[1]) "). Central set " (d.central) ". First year: " (format!("{:.0} %", 100.0 * d.first_year_share)) " of the central elasticities; when trade reacts so little a large importer gains from almost any tariff: read its sign, not its size." }
        div.wide { table {
            thead { tr { th { "" } th.num { "central" } th.num { "interval" } th.num { "quartiles and median" } th.num { "above zero" } th.num { "eight published sets" } th.num { "first year" } th { "sign" } } }
            tbody { @for i in &d.intervals { tr { td { (i.what) } (money(i.central)) td.num { (bn(i.low)) " … " (bn(i.high)) } td.num { (bn(i.quartiles[0])) " … " (bn(i.median)) " … " (bn(i.quartiles[1])) } td.num { (per_cent(i.positive)) } td.num { (bn(i.sets[0])) " … " (bn(i.sets[1])) } td.num { (bn(i.first_year)) } td { @if i.sign_is_sure { "sure" } @else { span.warn { "not sure" } } } } } }
        } }
        p.note { (d.solves) " equilibria behind the tables, every one converged; largest residual of the worlds " (format!("{:.0e}", d.worst_residual)) "; " (d.not_solved) " of the draws and sets found no equilibrium." }
        h3 { "What the numbers cannot show" }
        ul { @for x in &d.limits { li { (x) } } }
        h3 { "Assumptions" }
        div.wide { table {
            thead { tr { th { "name" } th.num { "value" } th.num { "range" } th { "what it is" } th { "why" } } }
            tbody { @for a in &d.assumptions { tr { td { code { (a.id) } } td.num { (a.value) } td.num { (a.low) " … " (a.high) } td { (a.unit) } td { (a.why) } } } }
        } }
        @if !d.log.is_empty() { h3 { "Log" } ul { @for [date, who, what] in &d.log { li { (day(date)) ", " (who) ": " (what) } } } }
        details { summary { "Sources: acts, statements, data" } div.wide { table { tbody { @for s in &d.sources { tr { td { (s.date) } td { (s.title) } td { (s.publisher) } td { (s.mind) } } } } } } }
        @for n in &d.not_computed { p.note { (n) } }
    }
}

/// The page.
pub(super) fn page(b: &Brief) -> String {
    let parts: [(&str, &str, &str, Markup); 8] = [
        ("1", "situation", "Where we stand", situation(b)),
        ("2", "no-deal", "No deal", no_deal(b)),
        ("3", "demands", "Their demands, one by one", demands(b)),
        ("4", "chips", "Our chips", chips(b)),
        ("5", "packages", "Packages", packages(b)),
        ("6", "wrong", "If we are wrong about them", wrong(b)),
        ("7", "others", "Everyone else", others(b)),
        ("8", "doubt", "How sure", doubt(b)),
    ];
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (b.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.kicker { "Briefing · law and statements as published by " (day(&b.as_of)) " · computed from " (b.dossier) }
                    h1 { (b.title) }
                    ol.answer { @for s in &b.sentences { li { (s) } } }
                    nav { @for (no, id, title, _) in &parts { a href={ "#" (id) } { (no) " " (title) } } }
                }
                main { @for (no, id, title, body) in &parts { (section(no, id, title, body)) } }
                footer { p { "Money is bn USD a year unless said otherwise. Every number comes from the engines, the embedded official data and the dossier's text files; the same numbers are in brief.json." } }
            }
        }
    }
    .into_string()
}
