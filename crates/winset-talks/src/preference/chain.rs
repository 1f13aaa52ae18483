//! Draws of what a party may want, given its offers: a Markov chain.

use rand::Rng;
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::choice::{Concession, Offers, Scales};
use super::prior::Prior;

/// How an issue's values relate to the order of its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Any,
    Rising,
    Falling,
}

#[derive(Clone, Debug)]
struct State {
    /// Logarithms of gamma variates whose shares are the weights.
    sizes: Vec<f64>,
    /// Uniform variates behind the values.
    draws: Vec<f64>,
    orders: Vec<Order>,
    /// Logarithms of the issues' shapes, and of the party's.
    shapes: Vec<f64>,
    party_shape: f64,
    /// Logarithms of the depth, in the unit of the sizes, of the power and of the width, in that unit too.
    concession: [f64; 3],
}

/// One draw from the posterior.
#[derive(Clone, Debug)]
pub(super) struct Draw {
    /// Weights of the issues; they sum to 1.
    pub(super) weights: Vec<f64>,
    /// Values of the options, 0 to 1 within each issue, one issue after another.
    pub(super) values: Vec<f64>,
    pub(super) concession: Concession,
}

/// Logarithms of the least and the largest width of offers, in shares of the range of payoffs.
const WIDEST: [f64; 2] = [-4.8, -1.4];

/// A Metropolis–Hastings chain over one party's payoffs and concession.
///
/// Losses are in a unit of their own, so that another size of one issue leaves the losses of the others as they are;
/// shares are formed where the prior speaks of them.
pub(super) struct Chain<'a> {
    offers: &'a Offers,
    prior: &'a Prior,
    random: Xoshiro256PlusPlus,
    state: State,
    log_likelihood: f64,
    scales: Scales,
    losses: Vec<f64>,
    proposed: Vec<f64>,
    /// Share of the likelihood that counts; 1 but while starting up.
    pub(super) heat: f64,
}

fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    random.sample(StandardNormal)
}

impl<'a> Chain<'a> {
    pub(super) fn new(
        offers: &'a Offers,
        prior: &'a Prior,
        mut random: Xoshiro256PlusPlus,
    ) -> Self {
        let issues = offers.issues();
        let options = offers.starts[issues];
        let party_shape = prior.party_shape * normal(&mut random);
        // An issue with one option can weigh nothing.
        let mut size = |issue: usize| {
            let open = offers.options(issue).len() > 1;
            if open {
                0.3 * normal(&mut random)
            } else {
                f64::NEG_INFINITY
            }
        };
        let sizes: Vec<f64> = (0..issues).map(&mut size).collect();
        let total: f64 = sizes.iter().map(|z| z.exp()).sum();
        let [depth, power, width] = [prior.depth, prior.power, prior.width]
            .map(|[mean, sd]| mean + sd * normal(&mut random));
        let state = State {
            sizes,
            draws: (0..options).map(|_| random.random()).collect(),
            orders: vec![Order::Any; issues],
            shapes: (0..issues)
                .map(|_| party_shape + prior.issue_shape * normal(&mut random))
                .collect(),
            party_shape,
            concession: [
                total.ln() - (-depth).exp().ln_1p(),
                power,
                width + total.ln(),
            ],
        };
        let mut chain = Self {
            offers,
            prior,
            random,
            state,
            log_likelihood: 0.0,
            scales: Scales::default(),
            losses: vec![0.0; options],
            proposed: Vec::new(),
            heat: 1.0,
        };
        chain.settle_all();
        chain
    }

    fn concession(&self) -> Concession {
        let [depth, power, width] = self.state.concession.map(f64::exp);
        Concession {
            depth,
            power,
            width,
        }
    }

    /// The prior's logarithm of the concession, as a density of the logarithms in the state.
    fn log_concession(&self) -> f64 {
        let total: f64 = self.state.sizes.iter().map(|z| z.exp()).sum();
        let [depth, power, width] = self.state.concession;
        let share = depth.exp() / total;
        let width = width - total.ln();
        if share >= 0.999 || !(WIDEST[0]..WIDEST[1]).contains(&width) {
            return f64::NEG_INFINITY;
        }
        let normal = |x: f64, [mean, sd]: [f64; 2]| -0.5 * ((x - mean) / sd).powi(2);
        normal((share / (1.0 - share)).ln(), self.prior.depth) - (1.0 - share).ln()
            + normal(power, self.prior.power)
            + normal(width, self.prior.width)
    }

    /// The losses of one issue's options.
    fn issue_losses(&self, issue: usize, losses: &mut [f64]) {
        let range = self.offers.options(issue);
        let shape = self.state.shapes[issue].exp();
        for (loss, draw) in losses.iter_mut().zip(&self.state.draws[range]) {
            *loss = draw.powf(shape);
        }
        match self.state.orders[issue] {
            Order::Any => {}
            Order::Rising => losses.sort_unstable_by(f64::total_cmp),
            Order::Falling => losses.sort_unstable_by(|a, b| b.total_cmp(a)),
        }
        let low = losses.iter().copied().fold(f64::INFINITY, f64::min);
        let high = losses.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let size = self.state.sizes[issue].exp() / (high - low).max(1e-9);
        for loss in losses {
            *loss = size * (high - *loss);
        }
    }

    fn settle_all(&mut self) {
        let mut losses = std::mem::take(&mut self.losses);
        for issue in 0..self.offers.issues() {
            self.issue_losses(issue, &mut losses[self.offers.options(issue)]);
        }
        self.scales
            .settle(self.offers, &losses, None, self.concession());
        self.log_likelihood = self.scales.weigh_all();
        self.losses = losses;
    }

    fn passes(&mut self, log_prior_ratio: f64, log_likelihood: f64) -> bool {
        let ratio = log_prior_ratio + self.heat * (log_likelihood - self.log_likelihood);
        ratio >= 0.0 || self.random.random::<f64>() < ratio.exp()
    }

    /// Whether a change of one issue is taken, all others being settled.
    fn try_issue(&mut self, issue: usize, log_prior_ratio: f64) -> bool {
        if log_prior_ratio == f64::NEG_INFINITY {
            return false;
        }
        let mut proposed = std::mem::take(&mut self.proposed);
        proposed.resize(self.offers.options(issue).len(), 0.0);
        self.issue_losses(issue, &mut proposed);
        let likelihood = self.scales.weigh(self.offers, issue, &proposed);
        let taken = self.passes(log_prior_ratio, likelihood);
        if taken {
            self.log_likelihood = likelihood;
            self.scales.keep(&proposed);
            self.losses[self.offers.options(issue)].copy_from_slice(&proposed);
        }
        self.proposed = proposed;
        taken
    }

    /// One pass over all issues, options and the concession; `seen` is shown the state from time to time.
    pub(super) fn sweep(&mut self, mut seen: impl FnMut(&Self)) {
        let offers = self.offers;
        for issue in (0..offers.issues()).filter(|i| offers.options(*i).len() > 1) {
            let how = self.concession();
            self.scales
                .settle(self.offers, &self.losses, Some(issue), how);
            let range = self.offers.options(issue);
            self.log_likelihood = self
                .scales
                .free(self.offers, issue, &self.losses[range.clone()]);
            self.resize(issue);
            self.reshape(issue);
            self.reorder(issue);
            for place in range {
                self.redraw(issue, place);
            }
            self.resize(issue);
            self.exchange_options(issue);
            seen(self);
        }
        self.settle_all();
        for _ in 0..2 {
            for which in 0..3 {
                self.concede(which);
            }
        }
        self.exchange_issues();
        self.shift_shapes();
        seen(self);
    }

    fn resize(&mut self, issue: usize) {
        let scale = if self.random.random::<bool>() {
            0.25
        } else {
            1.0
        };
        let old = self.state.sizes[issue];
        let new = old + scale * normal(&mut self.random);
        let log_prior = |z: f64| self.prior.concentration * z - z.exp();
        let before = self.log_concession();
        self.state.sizes[issue] = new;
        let ratio = log_prior(new) - log_prior(old) + self.log_concession() - before;
        if !self.try_issue(issue, ratio) {
            self.state.sizes[issue] = old;
        }
    }

    fn reshape(&mut self, issue: usize) {
        let old = self.state.shapes[issue];
        let new = old + 0.5 * normal(&mut self.random);
        self.state.shapes[issue] = new;
        let (mean, sd) = (self.state.party_shape, self.prior.issue_shape);
        let log_prior = |s: f64| -0.5 * ((s - mean) / sd).powi(2);
        if !self.try_issue(issue, log_prior(new) - log_prior(old)) {
            self.state.shapes[issue] = old;
        }
    }

    fn reorder(&mut self, issue: usize) {
        let old = self.state.orders[issue];
        let u: f64 = self.random.random();
        let new = if u >= self.prior.ordered {
            Order::Any
        } else if u < 0.5 * self.prior.ordered {
            Order::Rising
        } else {
            Order::Falling
        };
        if new == old {
            return;
        }
        self.state.orders[issue] = new;
        if !self.try_issue(issue, 0.0) {
            self.state.orders[issue] = old;
        }
    }

    fn redraw(&mut self, issue: usize, place: usize) {
        let old = self.state.draws[place];
        let new = if self.random.random::<bool>() {
            self.random.random()
        } else {
            let moved = (old + 0.15 * normal(&mut self.random)).rem_euclid(2.0);
            if moved > 1.0 { 2.0 - moved } else { moved }
        };
        self.state.draws[place] = new;
        if !self.try_issue(issue, 0.0) {
            self.state.draws[place] = old;
        }
    }

    fn exchange_options(&mut self, issue: usize) {
        let range = self.offers.options(issue);
        if range.len() < 2 || self.state.orders[issue] != Order::Any {
            return;
        }
        let (a, b) = (
            self.random.random_range(range.clone()),
            self.random.random_range(range),
        );
        if a != b {
            self.state.draws.swap(a, b);
            if !self.try_issue(issue, 0.0) {
                self.state.draws.swap(a, b);
            }
        }
    }

    fn try_all(&mut self, log_prior_ratio: f64, old: State) {
        let (likelihood, losses) = (self.log_likelihood, self.losses.clone());
        self.settle_all();
        let proposed = self.log_likelihood;
        self.log_likelihood = likelihood;
        if self.passes(log_prior_ratio, proposed) {
            self.log_likelihood = proposed;
        } else {
            self.state = old;
            self.losses = losses;
        }
    }

    fn exchange_issues(&mut self) {
        let issues = self.offers.issues();
        let (a, b) = (
            self.random.random_range(0..issues),
            self.random.random_range(0..issues),
        );
        let open = |i: usize| self.offers.options(i).len() > 1;
        if a != b && open(a) && open(b) {
            let old = self.state.clone();
            self.state.sizes.swap(a, b);
            self.try_all(0.0, old);
        }
    }

    /// All shapes together, then the party's alone, which the offers do not see.
    fn shift_shapes(&mut self) {
        let by = 0.4 * normal(&mut self.random);
        let old = self.state.clone();
        self.state.party_shape += by;
        self.state.shapes.iter_mut().for_each(|s| *s += by);
        let log_prior = |s: f64| -0.5 * (s / self.prior.party_shape).powi(2);
        self.try_all(
            log_prior(old.party_shape + by) - log_prior(old.party_shape),
            old,
        );
        let each = self.prior.issue_shape.powi(-2);
        let precision = self.prior.party_shape.powi(-2) + each * self.state.shapes.len() as f64;
        let mean = each * self.state.shapes.iter().sum::<f64>() / precision;
        self.state.party_shape = mean + normal(&mut self.random) / precision.sqrt();
    }

    fn concede(&mut self, which: usize) {
        let old = self.state.concession[which];
        let before = self.log_concession();
        self.state.concession[which] = old + 0.2 * normal(&mut self.random);
        let ratio = self.log_concession() - before;
        if ratio > f64::NEG_INFINITY {
            let how = self.concession();
            let likelihood = self.scales.concede(self.offers, &self.losses, how);
            if self.passes(ratio, likelihood) {
                self.log_likelihood = likelihood;
                return;
            }
        }
        self.state.concession[which] = old;
    }

    pub(super) fn draw(&self) -> Draw {
        let total: f64 = self.state.sizes.iter().map(|z| z.exp()).sum();
        let mut values = self.losses.clone();
        for issue in 0..self.offers.issues() {
            let size = self.state.sizes[issue].exp().max(f64::MIN_POSITIVE);
            for value in &mut values[self.offers.options(issue)] {
                *value = (1.0 - *value / size).clamp(0.0, 1.0);
            }
        }
        let how = self.concession();
        Draw {
            weights: self.state.sizes.iter().map(|z| z.exp() / total).collect(),
            values,
            concession: Concession {
                depth: how.depth / total,
                width: how.width / total,
                ..how
            },
        }
    }
}
