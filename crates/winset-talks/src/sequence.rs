//! Talks with several in the queue: in which order to sign.

use serde::Serialize;

use crate::TalksError;

/// Partners in the queue, and what each agreement does to the others.
///
/// Amounts are over no deal with anyone, in one unit (bn USD a year).
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// Names of the partners.
    pub partners: Vec<String>,
    /// What we gain from each agreement by itself.
    pub ours: Vec<f64>,
    /// What each partner gains from its own agreement by itself.
    pub theirs: Vec<f64>,
    /// `our_change[i][j]`: what the agreement with `i` changes for us once that with `j` was signed before (what `i`
    /// claims as precedent, or margin that `i` erodes).
    pub our_change: Vec<Vec<f64>>,
    /// `their_change[i][j]`: what it changes for partner `i` that `j` signed before.
    pub their_change: Vec<Vec<f64>>,
}

/// An order of signing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Order {
    /// Who signs, first to last; who is left out would lose by signing then, or we would.
    pub partners: Vec<String>,
    /// Our gain from all of them.
    pub ours: f64,
    /// What each of them gains, in that order.
    pub theirs: Vec<f64>,
}

const MOST: usize = 16;

impl Queue {
    /// The order that is best for us when we choose whom to approach next and each signs if it does not lose by it, by
    /// dynamic programming over the sets of those who signed (Held and Karp 1962). Ties go to the earlier partner.
    ///
    /// # Errors
    /// No partner or more than 16, tables of another size, numbers that are not finite.
    pub fn best_order(&self) -> Result<Order, TalksError> {
        self.check()?;
        let count = self.partners.len();
        let sets = 1usize << count;
        let after = |own: f64, change: &[f64], set: usize| -> f64 {
            let before = (0..count).filter(|j| set >> j & 1 == 1);
            own + before.map(|j| change[j]).sum::<f64>()
        };
        // The most that can still be gained once a set has signed; larger sets first.
        let mut most = vec![0.0f64; sets];
        let mut next = vec![None; sets];
        for set in (0..sets).rev() {
            for i in (0..count).filter(|i| set >> i & 1 == 0) {
                if after(self.theirs[i], &self.their_change[i], set) < 0.0 {
                    continue;
                }
                let gain = after(self.ours[i], &self.our_change[i], set) + most[set | 1 << i];
                if gain > most[set] {
                    (most[set], next[set]) = (gain, Some(i));
                }
            }
        }
        let mut order = Order {
            partners: Vec::new(),
            ours: most[0],
            theirs: Vec::new(),
        };
        let mut set = 0;
        while let Some(i) = next[set] {
            order.partners.push(self.partners[i].clone());
            order
                .theirs
                .push(after(self.theirs[i], &self.their_change[i], set));
            set |= 1 << i;
        }
        Ok(order)
    }

    fn check(&self) -> Result<(), TalksError> {
        let count = self.partners.len();
        let fail = |what: String| Err(TalksError::Queue { what });
        if count == 0 || count > MOST {
            return fail(format!(
                "there are {count} partners; between 1 and {MOST} can be ordered"
            ));
        }
        let square = |t: &Vec<Vec<f64>>| t.len() == count && t.iter().all(|r| r.len() == count);
        if self.ours.len() != count || self.theirs.len() != count {
            return fail(format!(
                "give one gain of ours and of theirs for each of {count} partners"
            ));
        }
        if !square(&self.our_change) || !square(&self.their_change) {
            return fail(format!(
                "the tables of changes have {count} rows and columns"
            ));
        }
        let changes = self.our_change.iter().chain(&self.their_change).flatten();
        if self
            .ours
            .iter()
            .chain(&self.theirs)
            .chain(changes)
            .any(|x| !x.is_finite())
        {
            return fail("all amounts must be finite".to_owned());
        }
        Ok(())
    }
}
