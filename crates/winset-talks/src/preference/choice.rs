//! How likely offers are, given what a party's payoffs are.

/// Bins of the loss between 0 (the party's best package) and the largest loss there is.
const BINS: f64 = 100.0;

/// Widths of offers beyond which a package counts as never offered.
const REACH: f64 = 4.0;

/// Offers of one party, ready to be weighed.
#[derive(Clone, Debug)]
pub(super) struct Offers {
    /// Where each issue's options begin in a flat table, and at last where they end.
    pub(super) starts: Vec<usize>,
    /// For each issue the option that each offer holds.
    pub(super) chosen: Vec<Vec<u16>>,
    /// Logarithm of the time of each offer, from 0 at the first round to 1 at the last.
    pub(super) log_times: Vec<f64>,
}

impl Offers {
    pub(super) fn issues(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn options(&self, issue: usize) -> std::ops::Range<usize> {
        self.starts[issue]..self.starts[issue + 1]
    }
}

/// How a party concedes, in the unit of the losses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Concession {
    /// The loss it aspires to at the last round.
    pub(super) depth: f64,
    /// The exponent of time.
    pub(super) power: f64,
    /// Standard deviation of the losses of offers about the aspired one.
    pub(super) width: f64,
}

/// The offers weighed for one party whose payoffs are settled but for one issue.
///
/// Each offer is drawn among all packages with weights that are normal in the distance of its loss from the aspired
/// one. The sum over all packages is taken on a grid, by convolution over the issues; what all issues but one
/// contribute is smoothed once, so that another guess at the one issue costs a few look-ups an offer.
#[derive(Clone, Debug, Default)]
pub(super) struct Scales {
    /// Width of a bin.
    step: f64,
    /// Share of the packages, of all issues but the free one, in each bin.
    mass: Vec<f64>,
    next: Vec<f64>,
    used: usize,
    /// Smoothed by the choice rule, from `reach` bins below 0.
    smooth: Vec<f64>,
    reach: usize,
    /// The smoothed share at each bin and how it goes on from there.
    lines: Vec<[f64; 2]>,
    kernel: Vec<f64>,
    how: Option<Concession>,
    /// For each offer the aspired loss.
    aspired: Vec<f64>,
    /// For each offer the loss from all issues but the free one.
    given: Vec<f64>,
    /// The losses of the free issue as kept, and what packages with each of its options add at each offer.
    kept: Vec<f64>,
    rows: Vec<f64>,
    trial: Vec<f64>,
    norms: Vec<f64>,
}

impl Scales {
    /// Settles all issues but `free`.
    pub(super) fn settle(
        &mut self,
        offers: &Offers,
        losses: &[f64],
        free: Option<usize>,
        how: Concession,
    ) {
        let largest: f64 = (0..offers.issues())
            .map(|i| {
                losses[offers.options(i)]
                    .iter()
                    .copied()
                    .fold(0.0, f64::max)
            })
            .sum();
        self.step = largest.max(1e-9) / BINS;
        self.aim(offers, how);
        let furthest = self.aspired.iter().copied().fold(0.0, f64::max);
        self.used = ((furthest * 1.3 / self.step) as usize).min(BINS as usize)
            + 2
            + (1.3 * REACH * how.width / self.step).ceil() as usize;
        self.spread(offers, losses, free);
        self.blur(how.width);
        self.how = Some(how);
        self.given.clear();
        self.given.resize(offers.log_times.len(), 0.0);
        for issue in (0..offers.issues()).filter(|i| Some(*i) != free) {
            let losses = &losses[offers.options(issue)];
            for (given, option) in self.given.iter_mut().zip(&offers.chosen[issue]) {
                *given += losses[usize::from(*option)];
            }
        }
    }

    fn aim(&mut self, offers: &Offers, how: Concession) {
        self.aspired.clear();
        let aspired = |t: &f64| how.depth * (how.power * t).exp();
        self.aspired.extend(offers.log_times.iter().map(aspired));
    }

    /// The logarithm of the probability of all offers for another concession, nothing being free.
    pub(super) fn concede(&mut self, offers: &Offers, losses: &[f64], how: Concession) -> f64 {
        self.aim(offers, how);
        let furthest = self.aspired.iter().copied().fold(0.0, f64::max);
        if furthest + REACH * how.width > self.step * (self.used - 1) as f64 {
            self.settle(offers, losses, None, how);
        } else if self
            .how
            .is_none_or(|h| h.width.to_bits() != how.width.to_bits())
        {
            self.blur(how.width);
        }
        self.how = Some(how);
        self.weigh_all()
    }

    /// The logarithm of the probability of all offers, nothing being free.
    pub(super) fn weigh_all(&self) -> f64 {
        let norms = self.aspired.iter().map(|c| self.smoothed(c / self.step));
        self.total(norms, self.given.iter().copied())
    }

    /// Lets the free issue have these losses, and weighs the offers with them.
    pub(super) fn free(&mut self, offers: &Offers, issue: usize, losses: &[f64]) -> f64 {
        self.kept.clear();
        self.kept.resize(losses.len(), f64::NAN);
        self.rows.clear();
        self.rows.resize(losses.len() * self.aspired.len(), 0.0);
        let weighed = self.weigh(offers, issue, losses);
        self.keep(losses);
        weighed
    }

    /// The logarithm of the probability of all offers for other losses of the free issue. What packages with an option
    /// add to the sums is worked out again for the options whose loss is not as kept.
    pub(super) fn weigh(&mut self, offers: &Offers, issue: usize, losses: &[f64]) -> f64 {
        let count = self.aspired.len();
        let mut trial = std::mem::take(&mut self.trial);
        trial.clear();
        trial.extend_from_slice(&self.rows);
        let per_step = 1.0 / self.step;
        for (o, (loss, kept)) in losses.iter().zip(&self.kept).enumerate() {
            if loss.to_bits() != kept.to_bits() {
                for (to, aspired) in trial[o * count..][..count].iter_mut().zip(&self.aspired) {
                    *to = self.smoothed((aspired - loss) * per_step);
                }
            }
        }
        self.norms.clear();
        self.norms.resize(count, 0.0);
        for row in trial.chunks_exact(count.max(1)) {
            for (norm, of_option) in self.norms.iter_mut().zip(row) {
                *norm += of_option;
            }
        }
        let share = 1.0 / losses.len() as f64;
        let own = offers.chosen[issue].iter().zip(&self.given);
        let own = own.map(|(option, given)| given + losses[usize::from(*option)]);
        let total = self.total(self.norms.iter().map(|n| share * n), own);
        self.trial = trial;
        total
    }

    /// Keeps the losses that were weighed last.
    pub(super) fn keep(&mut self, losses: &[f64]) {
        self.kept.copy_from_slice(losses);
        std::mem::swap(&mut self.rows, &mut self.trial);
    }

    fn total(&self, norms: impl Iterator<Item = f64>, losses: impl Iterator<Item = f64>) -> f64 {
        let Some(how) = self.how else { return 0.0 };
        let (mut squares, mut logs, mut product) = (0.0, 0.0, 1.0);
        for (k, ((aspired, norm), loss)) in self.aspired.iter().zip(norms).zip(losses).enumerate() {
            squares += (loss - aspired) * (loss - aspired);
            product *= norm.max(1e-30);
            // One logarithm for several offers.
            if k % 8 == 7 {
                logs += product.ln();
                product = 1.0;
            }
        }
        -0.5 * squares / (how.width * how.width) - logs - product.ln()
    }

    /// The smoothed share of packages at a loss, in bins.
    fn smoothed(&self, loss: f64) -> f64 {
        // Past either end the line is 0.
        let at = (loss + self.reach as f64).max(0.0);
        let bin = (at as usize).min(self.lines.len() - 1);
        let [low, slope] = self.lines[bin];
        low + (at - bin as f64) * slope
    }

    /// The share of packages in each bin up to `used`, each split between two bins so that the mean is kept.
    fn spread(&mut self, offers: &Offers, losses: &[f64], free: Option<usize>) {
        let used = self.used;
        for mass in [&mut self.mass, &mut self.next] {
            mass.clear();
            mass.resize(used + 2, 0.0);
        }
        // Bin k is at k + 1, so that its lower neighbour can be read without asking.
        self.mass[1] = 1.0;
        let mut top = 0;
        for issue in (0..offers.issues()).filter(|i| Some(*i) != free) {
            let options = &losses[offers.options(issue)];
            self.next.fill(0.0);
            let share = 1.0 / options.len() as f64;
            let mut reached = 0;
            for loss in options {
                let at = loss / self.step;
                let bin = at as usize;
                if bin > used {
                    continue;
                }
                let far = share * (at - bin as f64);
                let near = share - far;
                let count = (top + 2).min(used + 1 - bin);
                let to = &mut self.next[bin + 1..bin + 1 + count];
                let same = &self.mass[1..=count];
                let lower = &self.mass[..count];
                for ((to, same), lower) in to.iter_mut().zip(same).zip(lower) {
                    *to += near * same + far * lower;
                }
                reached = reached.max((bin + 1 + top).min(used));
            }
            top = reached;
            std::mem::swap(&mut self.mass, &mut self.next);
        }
    }

    fn blur(&mut self, width: f64) {
        let bins = width / self.step;
        let reach = (REACH * bins).ceil() as usize;
        self.reach = reach;
        self.kernel.clear();
        self.kernel.extend(
            (0..=2 * reach).map(|k| (-0.5 * ((k as f64 - reach as f64) / bins).powi(2)).exp()),
        );
        self.smooth.clear();
        self.smooth.resize(self.used + 2 * reach + 1, 0.0);
        for (k, mass) in self.mass[1..].iter().enumerate() {
            if *mass > 0.0 {
                for (to, kernel) in self.smooth[k..].iter_mut().zip(&self.kernel) {
                    *to += mass * kernel;
                }
            }
        }
        self.lines.clear();
        self.lines.push([0.0, 0.0]);
        self.lines
            .extend(self.smooth.windows(2).map(|w| [w[0], w[1] - w[0]]));
        self.lines.push([0.0, 0.0]);
        self.reach += 1;
    }
}
