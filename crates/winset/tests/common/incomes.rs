//! One real income a package, whichever section of the brief tells it.

use winset::brief::Brief;

/// Sections 5, 7 and 8 and the order of the talks tell the same real incomes of every proposal.
pub(crate) fn assert_real_incomes_agree(b: &Brief) {
    for (k, p) in b.packages.proposals.iter().enumerate() {
        let sides = [p.ours.ev, p.theirs.ev];
        for (side, income) in sides.into_iter().enumerate() {
            let central = b.doubt.intervals[2 + 2 * k + side].central;
            assert!((central - income).abs() < 1e-6, "{k}: {central} {income}");
            if k == 0 {
                let alone = b.others.alone.unwrap()[side];
                assert!((alone - income).abs() < 1e-6, "{alone} {income}");
            }
        }
    }
    if let (Some(order), Some(p)) = (&b.others.order, b.packages.proposals.first()) {
        let row = &order.partners[0];
        assert!((row.own - p.ours.ev).abs() < 1e-6, "{row:?}");
        assert!((row.theirs - p.theirs.ev).abs() < 1e-6, "{row:?}");
    }
}
