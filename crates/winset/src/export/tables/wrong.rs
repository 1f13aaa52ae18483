//! Tables of section 6: what to expect of each package, what to offer and to ask next.

use super::{Kind, Table, Value, table};
use crate::brief::{Packages, ProspectRow, Wrong};

/// Packages by their numbers from 1; the next offer, which is none of them, has none.
pub(super) fn tables(p: &Packages, w: &Wrong) -> Vec<Table> {
    let prospect = |package: Value, x: &ProspectRow, ours: Option<[f64; 2]>| {
        [
            package,
            x.acceptance.into(),
            x.acceptance_worst.into(),
            x.expected.into(),
            x.worst.into(),
            x.expected_theirs.into(),
            ours.map(|r| r[0]).into(),
            ours.map(|r| r[1]).into(),
        ]
    };
    let numbered = || p.proposals.iter().zip(&w.prospects).zip(1_usize..);
    let proposed = numbered().map(|((x, row), k)| prospect(k.into(), row, x.ours_range));
    let next = w.next_offer.iter();
    let next = next.map(|o| prospect(Value::Missing, &o.prospect, o.package.ours_range));
    let ranges = numbered().flat_map(|((x, _), k)| {
        let ranges = x.theirs_range_by_hypothesis.iter();
        p.hypotheses
            .iter()
            .zip(ranges)
            .map(move |(hypothesis, [low, high])| {
                [
                    k.into(),
                    Value::from(hypothesis),
                    (*low).into(),
                    (*high).into(),
                ]
            })
    });
    let terms = w.next_offer.iter().flat_map(|o| {
        let theirs = o
            .package
            .they_give
            .iter()
            .map(|term| ["them".into(), term.into()]);
        theirs.chain(
            o.package
                .we_give
                .iter()
                .map(|term| ["us".into(), term.into()]),
        )
    });
    let answers = w.questions.iter().flat_map(|q| {
        q.answers.iter().map(|a| {
            [
                Value::from(&q.question),
                q.value.into(),
                (&a.answer).into(),
                a.probability.into(),
                a.offer.join(",").into(),
            ]
        })
    });
    vec![
        table(
            "prospects",
            [
                ("package", Kind::Whole),
                ("acceptance", Kind::Fraction),
                ("acceptance_at_worst_valuations", Kind::Fraction),
                ("expected_ours", Kind::Billions),
                ("worst_ours", Kind::Billions),
                ("expected_theirs", Kind::Billions),
                ("lowest_ours", Kind::Billions),
                ("highest_ours", Kind::Billions),
            ],
            proposed.chain(next),
        ),
        table(
            "package_ranges",
            [
                ("package", Kind::Whole),
                ("if_they_want", Kind::Text),
                ("lowest_theirs", Kind::Billions),
                ("highest_theirs", Kind::Billions),
            ],
            ranges,
        ),
        table(
            "next_offer",
            [("given_by", Kind::Text), ("term", Kind::Text)],
            terms,
        ),
        table(
            "questions",
            [
                ("question", Kind::Text),
                ("worth", Kind::Billions),
                ("answer", Kind::Text),
                ("probability", Kind::Fraction),
                ("then_offer", Kind::Text),
            ],
            answers,
        ),
    ]
}
