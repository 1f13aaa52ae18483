//! Tables of sections 5 to 8: packages, beliefs, everyone else, how sure.

use super::{Kind, Table, Value, table};
use crate::brief::{Doubt, Others, Packages, PointRow, Proposal};

/// Sections 5 and 6.
pub(super) fn packages(p: &Packages) -> Vec<Table> {
    let mut out = zone(p);
    out.extend(proposals(p));
    out.push(table(
        "beliefs",
        [
            ("published", Kind::Date),
            ("evidence", Kind::Text),
            ("they_want", Kind::Text),
            ("probability_after", Kind::Fraction),
        ],
        p.belief_path.iter().flat_map(|(published, what, after)| {
            p.hypotheses.iter().zip(after).map(move |(hypothesis, x)| {
                [
                    Value::from(published),
                    what.into(),
                    hypothesis.into(),
                    (*x).into(),
                ]
            })
        }),
    ));
    out.push(table(
        "unused_evidence",
        [("evidence", Kind::Text), ("why", Kind::Text)],
        p.unused_evidence
            .iter()
            .map(|(name, why)| [Value::from(name), why.into()]),
    ));
    out
}

fn zone(p: &Packages) -> Vec<Table> {
    let point = |set: &str, x: &PointRow| {
        [
            Value::from(set),
            x.options.join("; ").into(),
            x.ours.into(),
            x.theirs.into(),
            x.exact.into(),
        ]
    };
    let solutions = p.accounts.iter().flat_map(|a| {
        a.solutions.iter().flat_map(move |s| {
            s.points.iter().map(move |x| {
                [
                    Value::from(&a.title),
                    (&s.name).into(),
                    x.options.join("; ").into(),
                    x.ours.into(),
                    x.theirs.into(),
                    (&s.definition).into(),
                ]
            })
        })
    });
    vec![
        table(
            "accounts",
            [
                ("if_they_want", Kind::Text),
                ("probability", Kind::Fraction),
                ("zone", Kind::Text),
                ("packages", Kind::Number),
                ("inside_mandates", Kind::Number),
                ("ratified", Kind::Number),
                ("win_set", Kind::Number),
            ],
            p.accounts.iter().map(|a| {
                [
                    Value::from(&a.title),
                    a.probability.into(),
                    (&a.zone).into(),
                    a.packages.into(),
                    a.inside_mandates.into(),
                    a.ratified.into(),
                    a.win_set.into(),
                ]
            }),
        ),
        table(
            "solutions",
            [
                ("if_they_want", Kind::Text),
                ("solution", Kind::Text),
                ("options", Kind::Text),
                ("gain_ours", Kind::Billions),
                ("gain_theirs", Kind::Billions),
                ("definition", Kind::Text),
            ],
            solutions,
        ),
        table(
            "other_no_deals",
            [
                ("no_deal", Kind::Text),
                ("real_income_ours", Kind::Billions),
                ("real_income_theirs", Kind::Billions),
            ],
            p.other_no_deals.iter().map(|(title, ours, theirs)| {
                [Value::from(title), (*ours).into(), (*theirs).into()]
            }),
        ),
        table(
            "win_set_without",
            [
                ("if_they_want", Kind::Text),
                ("without", Kind::Text),
                ("win_set", Kind::Number),
            ],
            p.accounts.iter().flat_map(|a| {
                a.if_dropped
                    .iter()
                    .map(|(who, n)| [Value::from(&a.title), who.into(), (*n).into()])
            }),
        ),
        table(
            "frontier",
            [
                ("of", Kind::Text),
                ("options", Kind::Text),
                ("gain_ours", Kind::Billions),
                ("gain_theirs", Kind::Billions),
                ("solved_exactly", Kind::Flag),
            ],
            p.frontier
                .iter()
                .map(|x| point("the win-set", x))
                .chain(p.frontier_all.iter().map(|x| point("all packages", x))),
        ),
    ]
}

/// Proposals with their numbers from 1.
fn numbered(p: &Packages) -> impl Iterator<Item = (Value, &Proposal)> {
    p.proposals
        .iter()
        .enumerate()
        .map(|(k, proposal)| (Value::from(k + 1), proposal))
}

fn proposals(p: &Packages) -> Vec<Table> {
    let terms = numbered(p).flat_map(|(k, x)| {
        [("them", &x.they_give), ("us", &x.we_give)]
            .into_iter()
            .flat_map(move |(who, terms)| {
                let k = k.clone();
                terms
                    .iter()
                    .map(move |term| [k.clone(), who.into(), term.into()])
            })
    });
    let by_account = numbered(p).flat_map(|(k, x)| {
        let accounts = p.hypotheses.iter().zip(&p.probabilities);
        accounts
            .zip(&x.theirs_by_hypothesis)
            .map(move |((hypothesis, probability), gain)| {
                [
                    k.clone(),
                    hypothesis.into(),
                    (*probability).into(),
                    (*gain).into(),
                ]
            })
    });
    let ratifiers = numbered(p).flat_map(|(k, x)| {
        x.limits.iter().map(move |l| {
            let stops = l.asked && l.value < l.at_least;
            [
                k.clone(),
                (&l.ratifier).into(),
                (&l.party).into(),
                (&l.kind).into(),
                (&l.what).into(),
                l.value.into(),
                l.at_least.into(),
                l.asked.into(),
                stops.into(),
            ]
        })
    });
    vec![
        table(
            "packages",
            [
                ("package", Kind::Whole),
                ("title", Kind::Text),
                ("real_income_ours", Kind::Billions),
                ("objective_ours", Kind::Billions),
                ("real_income_theirs", Kind::Billions),
                ("objective_theirs", Kind::Billions),
                ("acceptance", Kind::Fraction),
                ("objective_ours_if_contested", Kind::Billions),
                ("their_balance_with_us", Kind::Billions),
                ("their_revenue", Kind::Billions),
                ("our_budget", Kind::Billions),
                ("domestic_acts", Kind::Text),
                ("stopped_by", Kind::Text),
                ("warnings", Kind::Text),
            ],
            numbered(p).map(|(k, x)| {
                let stopped: Vec<&str> = x.blocked_by.iter().map(|b| b.ratifier.as_str()).collect();
                [
                    k,
                    (&x.title).into(),
                    x.ours.ev.into(),
                    x.ours.objective.into(),
                    x.theirs.ev.into(),
                    x.theirs.objective.into(),
                    x.acceptance.into(),
                    x.ours_if_contested.into(),
                    x.balance.into(),
                    x.revenue.into(),
                    x.budget.into(),
                    x.acts.join("; ").into(),
                    stopped.join("; ").into(),
                    x.warnings.join(" ").into(),
                ]
            }),
        ),
        table(
            "package_terms",
            [
                ("package", Kind::Whole),
                ("given_by", Kind::Text),
                ("term", Kind::Text),
            ],
            terms,
        ),
        table(
            "package_accounts",
            [
                ("package", Kind::Whole),
                ("if_they_want", Kind::Text),
                ("probability", Kind::Fraction),
                ("gain_theirs", Kind::Billions),
            ],
            by_account,
        ),
        table(
            "ratifiers",
            [
                ("package", Kind::Whole),
                ("ratifier", Kind::Text),
                ("party", Kind::Text),
                ("kind", Kind::Text),
                ("limit", Kind::Text),
                ("value", Kind::Number),
                ("at_least", Kind::Number),
                ("asked", Kind::Flag),
                ("stops_it", Kind::Flag),
            ],
            ratifiers,
        ),
    ]
}

/// Section 7.
pub(super) fn others(o: &Others) -> Vec<Table> {
    vec![
        table(
            "claimants",
            [
                ("region", Kind::Text),
                ("label", Kind::Text),
                ("would_claim", Kind::Text),
                ("likelihood", Kind::Fraction),
                ("real_income_own", Kind::Billions),
                ("real_income_ours", Kind::Billions),
                ("real_income_theirs", Kind::Billions),
            ],
            o.claimants.iter().map(|c| {
                [
                    Value::from(&c.region),
                    (&c.label).into(),
                    c.claims.join("; ").into(),
                    c.likelihood.into(),
                    c.own.into(),
                    c.ours.into(),
                    c.theirs.into(),
                ]
            }),
        ),
        table(
            "partners",
            [
                ("region", Kind::Text),
                ("label", Kind::Text),
                ("signs", Kind::Whole),
                ("gives", Kind::Billions),
                ("gain_own", Kind::Billions),
                ("gain_theirs", Kind::Billions),
            ],
            o.order.iter().flat_map(|order| {
                order.partners.iter().map(|r| {
                    let place = order.order.iter().position(|label| *label == r.label);
                    [
                        Value::from(&r.region),
                        (&r.label).into(),
                        place.map(|k| k + 1).into(),
                        r.gives.into(),
                        r.own.into(),
                        r.theirs.into(),
                    ]
                })
            }),
        ),
        table(
            "claims_on_us",
            [("claimant", Kind::Text), ("would_claim", Kind::Text)],
            o.claims_on_us
                .iter()
                .map(|(who, what)| [Value::from(who), what.into()]),
        ),
    ]
}

/// Section 8.
pub(super) fn doubt(d: &Doubt) -> Vec<Table> {
    let sets = d.sets.iter().flat_map(|set| {
        d.intervals
            .iter()
            .zip(&set.values)
            .map(|(interval, value)| {
                [
                    Value::from(&set.name),
                    (&interval.what).into(),
                    (*value).into(),
                ]
            })
    });
    vec![
        table(
            "intervals",
            [
                ("what", Kind::Text),
                ("central", Kind::Billions),
                ("tenth_percentile", Kind::Billions),
                ("ninetieth_percentile", Kind::Billions),
                ("lower_quartile", Kind::Billions),
                ("median", Kind::Billions),
                ("upper_quartile", Kind::Billions),
                ("share_above_zero", Kind::Fraction),
                ("lowest_of_sets", Kind::Billions),
                ("highest_of_sets", Kind::Billions),
                ("first_year", Kind::Billions),
                ("sign_is_sure", Kind::Flag),
            ],
            d.intervals.iter().map(|i| {
                [
                    Value::from(&i.what),
                    i.central.into(),
                    i.low.into(),
                    i.high.into(),
                    i.quartiles[0].into(),
                    i.median.into(),
                    i.quartiles[1].into(),
                    i.positive.into(),
                    i.sets[0].into(),
                    i.sets[1].into(),
                    i.first_year.into(),
                    i.sign_is_sure.into(),
                ]
            }),
        ),
        table(
            "elasticity_sets",
            [
                ("set", Kind::Text),
                ("what", Kind::Text),
                ("value", Kind::Billions),
            ],
            sets,
        ),
        table(
            "assumptions",
            [
                ("name", Kind::Text),
                ("value", Kind::Number),
                ("low", Kind::Number),
                ("high", Kind::Number),
                ("unit", Kind::Text),
                ("why", Kind::Text),
            ],
            d.assumptions.iter().map(|a| {
                [
                    Value::from(&a.id),
                    a.value.into(),
                    a.low.into(),
                    a.high.into(),
                    (&a.unit).into(),
                    (&a.why).into(),
                ]
            }),
        ),
        table(
            "sources",
            [
                ("date", Kind::Text),
                ("title", Kind::Text),
                ("publisher", Kind::Text),
                ("mind", Kind::Text),
            ],
            d.sources.iter().map(|s| {
                [
                    Value::from(&s.date),
                    (&s.title).into(),
                    (&s.publisher).into(),
                    (&s.mind).into(),
                ]
            }),
        ),
        table(
            "log",
            [
                ("date", Kind::Date),
                ("who", Kind::Text),
                ("what", Kind::Text),
            ],
            d.log
                .iter()
                .map(|[date, who, what]| [Value::from(date), who.into(), what.into()]),
        ),
    ]
}
