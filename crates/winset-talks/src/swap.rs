//! Logrolling: give one thing, get another, and both sides gain.

use serde::Serialize;

use crate::repair::{Change, changes};
use crate::{Package, Talks, TalksError, units};

/// Two changes of a package that help both sides together though neither does alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Swap {
    /// What we give: it costs us and helps them.
    pub give: Change,
    /// What we get: it helps us and costs them.
    pub get: Change,
    /// The package after both.
    pub package: Package,
    /// What we gain by both together; above 0.
    pub our_gain: f64,
    /// What they gain by both together; above 0.
    pub their_gain: f64,
}

impl Talks {
    /// All swaps from a package between two parties, the largest product of gains first. Interactions count: a
    /// swap is valued with both changes made. Mandates and ratifiers are left aside; ask [`Talks::why`].
    ///
    /// # Errors
    /// A package of another length or with an option that does not exist; a party that does not exist.
    pub fn swaps(&self, from: &Package, us: usize, them: usize) -> Result<Vec<Swap>, TalksError> {
        self.check(from)?;
        self.check_party(us)?;
        self.check_party(them)?;
        let payoffs = |package: &Package| {
            let options = package.options();
            (self.payoffs[us].of(options), self.payoffs[them].of(options))
        };
        let before = payoffs(from);
        let (mut gives, mut gets) = (Vec::new(), Vec::new());
        for (issue, stated) in self.issues.iter().enumerate() {
            for option in 0..stated.options.len() as u16 {
                let package = from.with(issue, option);
                let after = payoffs(&package);
                match (after.0.cmp(&before.0), after.1.cmp(&before.1)) {
                    (std::cmp::Ordering::Less, std::cmp::Ordering::Greater) => {
                        gives.push((issue, package));
                    }
                    (std::cmp::Ordering::Greater, std::cmp::Ordering::Less) => {
                        gets.push((issue, option));
                    }
                    _ => {}
                }
            }
        }
        let mut swaps = Vec::new();
        for (given, gift) in &gives {
            for (taken, option) in gets.iter().filter(|(taken, _)| taken != given) {
                let package = gift.with(*taken, *option);
                let after = payoffs(&package);
                let gains = (after.0 - before.0, after.1 - before.1);
                if gains.0 > 0 && gains.1 > 0 {
                    let mut both = changes(from.options(), package.options()).into_iter();
                    let (Some(first), Some(second)) = (both.next(), both.next()) else {
                        continue;
                    };
                    let (give, get) = if first.issue == *given {
                        (first, second)
                    } else {
                        (second, first)
                    };
                    let (our_gain, their_gain) = (units::value(gains.0), units::value(gains.1));
                    swaps.push(Swap {
                        give,
                        get,
                        package,
                        our_gain,
                        their_gain,
                    });
                }
            }
        }
        swaps.sort_by(|a, b| (b.our_gain * b.their_gain).total_cmp(&(a.our_gain * a.their_gain)));
        Ok(swaps)
    }
}
