//! Tables of sections 1 to 4: rates, worlds, demands, chips.

use super::{Kind, Table, Value, table};
use crate::brief::{Demand, Demands, NoDealSection, Situation, WorldRow};

/// Section 1.
pub(super) fn situation(s: &Situation) -> Vec<Table> {
    let rates = s.timeline.iter().flat_map(|p| {
        p.by_authority.iter().map(|(authority, rate)| {
            [
                Value::from(&p.date),
                authority.into(),
                (*rate).into(),
                p.weighted.into(),
            ]
        })
    });
    vec![
        table(
            "timeline",
            [
                ("from", Kind::Date),
                ("authority", Kind::Text),
                ("rate", Kind::Fraction),
                ("rate_of_all", Kind::Fraction),
            ],
            rates,
        ),
        table(
            "days",
            [
                ("date", Kind::Date),
                ("weighted", Kind::Fraction),
                ("simple", Kind::Fraction),
                ("duty", Kind::Billions),
            ],
            s.days.iter().map(|d| {
                [
                    Value::from(&d.date),
                    d.weighted.into(),
                    d.simple.into(),
                    d.duty.into(),
                ]
            }),
        ),
        table(
            "sectors",
            [
                ("sector", Kind::Text),
                ("label", Kind::Text),
                ("trade", Kind::Billions),
                ("rate_before", Kind::Fraction),
                ("rate", Kind::Fraction),
                ("rate_after", Kind::Fraction),
                ("duty", Kind::Billions),
            ],
            s.sectors.iter().map(|r| {
                [
                    Value::from(&r.sector),
                    (&r.label).into(),
                    r.value.into(),
                    r.rate_before.into(),
                    r.rate.into(),
                    r.rate_after.into(),
                    r.duty.into(),
                ]
            }),
        ),
        table(
            "lines",
            [
                ("code", Kind::Text),
                ("label", Kind::Text),
                ("sector", Kind::Text),
                ("trade", Kind::Billions),
                ("rate", Kind::Fraction),
                ("rate_after", Kind::Fraction),
                ("duty", Kind::Billions),
                ("needs", Kind::Text),
            ],
            s.lines.iter().map(|l| {
                [
                    Value::from(&l.code),
                    (&l.label).into(),
                    (&l.sector).into(),
                    l.value.into(),
                    l.rate.into(),
                    l.rate_after.into(),
                    l.duty.into(),
                    l.needs.join(" ").into(),
                ]
            }),
        ),
        table(
            "line_duties",
            [
                ("code", Kind::Text),
                ("measure", Kind::Text),
                ("heading", Kind::Text),
                ("rate", Kind::Text),
                ("duty_on_100_usd", Kind::Dollars),
            ],
            s.lines.iter().flat_map(|l| {
                l.components.iter().map(|[measure, heading, rate, amount]| {
                    [
                        Value::from(&l.code),
                        measure.into(),
                        heading.into(),
                        rate.into(),
                        amount.parse::<f64>().ok().into(),
                    ]
                })
            }),
        ),
        table(
            "line_traces",
            [
                ("code", Kind::Text),
                ("measure", Kind::Text),
                ("applied", Kind::Flag),
                ("because", Kind::Text),
                ("source", Kind::Text),
            ],
            s.lines.iter().flat_map(|l| {
                l.trace.iter().map(|t| {
                    [
                        Value::from(&l.code),
                        (&t.measure).into(),
                        t.applied.into(),
                        (&t.because).into(),
                        (&t.source).into(),
                    ]
                })
            }),
        ),
    ]
}

/// Section 2.
pub(super) fn no_deal(n: &NoDealSection) -> Vec<Table> {
    let worlds = || std::iter::once(&n.status_quo).chain(&n.no_deal);
    let likely = |w: &WorldRow| (w.probability > 0.0).then_some(w.probability);
    vec![
        table(
            "worlds",
            [
                ("world", Kind::Text),
                ("probability", Kind::Fraction),
                ("balance_published", Kind::Billions),
                ("balance", Kind::Billions),
                ("residual", Kind::Number),
                ("iterations", Kind::Whole),
            ],
            worlds().map(|w| {
                [
                    Value::from(&w.title),
                    likely(w).into(),
                    w.balance_published.into(),
                    w.balance.into(),
                    w.residual.into(),
                    w.iterations.into(),
                ]
            }),
        ),
        table(
            "world_regions",
            [
                ("world", Kind::Text),
                ("region", Kind::Text),
                ("label", Kind::Text),
                ("real_income", Kind::Billions),
                ("real_income_pct", Kind::Percent),
                ("tariff_revenue", Kind::Billions),
                ("relative_wage_pct", Kind::Percent),
                ("tariff_change", Kind::Fraction),
            ],
            worlds().flat_map(|w| {
                w.regions.iter().map(|r| {
                    [
                        Value::from(&w.title),
                        (&r.region).into(),
                        (&r.label).into(),
                        r.ev.into(),
                        r.real_income_pct.into(),
                        r.revenue.into(),
                        r.relative_wage_pct.into(),
                        r.tariff_change.into(),
                    ]
                })
            }),
        ),
        table(
            "world_sectors",
            [
                ("world", Kind::Text),
                ("sector", Kind::Text),
                ("label", Kind::Text),
                ("output_ours_pct", Kind::Percent),
                ("output_theirs_pct", Kind::Percent),
                ("value_added_ours", Kind::Billions),
                ("value_added_theirs", Kind::Billions),
            ],
            worlds().flat_map(|w| {
                w.sectors.iter().map(|s| {
                    [
                        Value::from(&w.title),
                        (&s.sector).into(),
                        (&s.label).into(),
                        s.ours_pct.into(),
                        s.theirs_pct.into(),
                        s.ours.into(),
                        s.theirs.into(),
                    ]
                })
            }),
        ),
    ]
}

fn demand(asked_by: &str, d: &Demand) -> [Value; 13] {
    [
        asked_by.into(),
        (&d.issue).into(),
        (&d.issue_title).into(),
        (&d.option).into(),
        (&d.title).into(),
        (&d.vehicle).into(),
        d.triggers.join("; ").into(),
        d.claim.join("; ").into(),
        d.our_ev.into(),
        d.their_ev.into(),
        d.balance.into(),
        d.farm_exports.into(),
        d.budget.into(),
    ]
}

fn moves(d: &Demand) -> impl Iterator<Item = [Value; 7]> {
    [("us", &d.our_sectors), ("them", &d.their_sectors)]
        .into_iter()
        .flat_map(move |(side, moves)| {
            moves.iter().map(move |m| {
                [
                    Value::from(&d.issue),
                    (&d.option).into(),
                    side.into(),
                    (&m.sector).into(),
                    (&m.label).into(),
                    m.busd.into(),
                    m.pct.into(),
                ]
            })
        })
}

/// Sections 3 and 4.
pub(super) fn demands(d: &Demands) -> Vec<Table> {
    let all = || d.demands.iter().chain(&d.ours);
    let (theirs, ours) = (
        d.demands.iter().map(|row| demand("them", row)),
        d.ours.iter().map(|row| demand("us", row)),
    );
    let chip_accounts = d.chips.iter().flat_map(|c| {
        let numbers = c.worth_by_hypothesis.iter().zip(&c.rank_by_hypothesis);
        d.hypotheses
            .iter()
            .zip(numbers)
            .map(|(hypothesis, (worth, rank))| {
                [
                    Value::from(&c.issue),
                    (&c.option).into(),
                    hypothesis.into(),
                    (*worth).into(),
                    (*rank).into(),
                ]
            })
    });
    vec![
        table(
            "demands",
            [
                ("asked_by", Kind::Text),
                ("issue", Kind::Text),
                ("issue_title", Kind::Text),
                ("option", Kind::Text),
                ("title", Kind::Text),
                ("vehicle", Kind::Text),
                ("domestic_acts", Kind::Text),
                ("others_may_claim", Kind::Text),
                ("real_income_ours", Kind::Billions),
                ("real_income_theirs", Kind::Billions),
                ("their_balance_with_us", Kind::Billions),
                ("their_farm_exports_to_us", Kind::Billions),
                ("our_budget", Kind::Billions),
            ],
            theirs.chain(ours),
        ),
        table(
            "demand_sectors",
            [
                ("issue", Kind::Text),
                ("option", Kind::Text),
                ("side", Kind::Text),
                ("sector", Kind::Text),
                ("label", Kind::Text),
                ("value_added", Kind::Billions),
                ("output_pct", Kind::Percent),
            ],
            all().flat_map(moves),
        ),
        table(
            "demand_farm_gate",
            [
                ("issue", Kind::Text),
                ("option", Kind::Text),
                ("product", Kind::Text),
                ("receipts_pct", Kind::Percent),
            ],
            all().flat_map(|d| {
                d.farm_gate_pct.iter().map(|(product, x)| {
                    [
                        Value::from(&d.issue),
                        (&d.option).into(),
                        product.into(),
                        (*x).into(),
                    ]
                })
            }),
        ),
        table(
            "demand_notes",
            [
                ("issue", Kind::Text),
                ("option", Kind::Text),
                ("note", Kind::Text),
            ],
            all().flat_map(|d| {
                let notes = d.notes.iter();
                notes.map(|note| [Value::from(&d.issue), (&d.option).into(), note.into()])
            }),
        ),
        table(
            "chips",
            [
                ("rank", Kind::Whole),
                ("issue", Kind::Text),
                ("option", Kind::Text),
                ("title", Kind::Text),
                ("economic_price", Kind::Billions),
                ("political_price", Kind::Billions),
                ("compensation", Kind::Billions),
                ("worth", Kind::Billions),
                ("ratio", Kind::Number),
                ("label", Kind::Text),
                ("stopped_by", Kind::Text),
            ],
            d.chips.iter().map(|c| {
                [
                    Value::from(c.rank),
                    (&c.issue).into(),
                    (&c.option).into(),
                    (&c.title).into(),
                    c.economic_price.into(),
                    c.political_price.into(),
                    c.compensation.into(),
                    c.worth.into(),
                    c.ratio.into(),
                    (&c.label).into(),
                    c.blocked_by.join("; ").into(),
                ]
            }),
        ),
        table(
            "chip_accounts",
            [
                ("issue", Kind::Text),
                ("option", Kind::Text),
                ("if_they_want", Kind::Text),
                ("worth", Kind::Billions),
                ("rank", Kind::Whole),
            ],
            chip_accounts,
        ),
        table(
            "margin",
            [
                ("sector", Kind::Text),
                ("label", Kind::Text),
                ("real_income_ours", Kind::Millions),
                ("real_income_theirs", Kind::Millions),
                ("exact_ours", Kind::Millions),
                ("exact_theirs", Kind::Millions),
            ],
            d.margin.iter().map(|m| {
                [
                    Value::from(&m.sector),
                    (&m.label).into(),
                    m.ours.into(),
                    m.theirs.into(),
                    m.exact.map(|e| e[0]).into(),
                    m.exact.map(|e| e[1]).into(),
                ]
            }),
        ),
    ]
}
