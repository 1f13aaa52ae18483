//! What is thought of a party's payoffs, and of how it concedes, before it has made an offer.

/// The prior of a party's payoffs and of its way to concede.
///
/// A party's payoff from a package is `1 − Σ loss`, the loss of an option being its issue's weight times one minus
/// its value. Weights are Dirichlet with one concentration. Values of an issue run from 0 to 1: uniform draws to the
/// power of a shape, stretched so that the worst is 0 and the best 1; on a share of issues they rise or fall in the
/// order of the options. Shapes scatter about a shape of the party's own, so that what one issue shows (one bad option
/// among good ones, say) is expected of the others.
///
/// The aspiration level starts at 1 and falls by `depth · (t / (horizon − 1)) ^ power` (Faratin, Sierra and Jennings
/// 1998, *Robotics and Autonomous Systems* 24, eqs. 2–3, polynomial tactics). Offers have payoffs about it, normal with
/// a width of their own, among all packages alike (a choice model with rationality `1 / width`).
#[derive(Clone, Debug, PartialEq)]
pub struct Prior {
    /// Concentration of the Dirichlet of issue weights; 1 is uniform, larger is more equal.
    pub concentration: f64,
    /// Standard deviation of the logarithm of the party's own shape.
    pub party_shape: f64,
    /// Standard deviation of the logarithm of an issue's shape about the party's.
    pub issue_shape: f64,
    /// Probability that an issue's values follow the order of its options, either way.
    pub ordered: f64,
    /// Mean and standard deviation of the logarithm of the power; 0 is linear, above 0 is late concession.
    pub power: [f64; 2],
    /// Mean and standard deviation of the logit of the depth, a share of the range of payoffs.
    pub depth: [f64; 2],
    /// Mean and standard deviation of the logarithm of the width of offers, in shares of the payoff's range.
    pub width: [f64; 2],
}

impl Default for Prior {
    fn default() -> Self {
        Self {
            concentration: 2.0,
            party_shape: 0.5,
            issue_shape: 0.5,
            ordered: 0.5,
            power: [0.0, 1.0],
            depth: [0.0, 1.0],
            width: [-4.0, 0.5],
        }
    }
}
