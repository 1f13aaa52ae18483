//! What can be wrong with a negotiation as it was given.

/// The one error of this crate. Each message says what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TalksError {
    /// The talks have no issue, or no party.
    #[error("the talks have no {what}; give at least one")]
    Missing {
        /// `issue` or `party`.
        what: &'static str,
    },
    /// An issue has no option, or more than 65,535.
    #[error("issue `{issue}` has {found} options; an issue needs between 1 and 65535")]
    Options {
        /// The issue.
        issue: String,
        /// How many options were given.
        found: usize,
    },
    /// Two issues, two options of one issue, or two parties have the same name.
    #[error("{what} `{name}` is given twice; names must differ so that answers can be read")]
    Twice {
        /// `issue`, `party` or `issue …: option`.
        what: String,
        /// The name.
        name: String,
    },
    /// A table has another number of rows or columns than there are issues or options.
    #[error("{table}: {at} needs {expected} {of}, but has {found}")]
    Shape {
        /// Whose table.
        table: String,
        /// Which part of it.
        at: String,
        /// What is counted.
        of: &'static str,
        /// How many there must be.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// A value that is not finite, or beyond ±1,000,000.
    #[error(
        "{table}: {cell} is {value}; values must be finite and within ±1000000 (use billions where \
         the numbers are larger)"
    )]
    Value {
        /// Whose table.
        table: String,
        /// Which cell.
        cell: String,
        /// What stands there.
        value: f64,
    },
    /// The values of one table may add up to more than exact sums can hold.
    #[error("{table}: the values can add up to more than 4000000; choose a larger unit")]
    Sum {
        /// Whose table.
        table: String,
    },
    /// An index (or a name) that points at nothing.
    #[error("{place}: there is no {what} {found} (there are {there}, counted from 0)")]
    Unknown {
        /// Where it was used.
        place: String,
        /// `issue`, `option` or `party`.
        what: &'static str,
        /// The index that was given.
        found: usize,
        /// How many there are.
        there: usize,
    },
    /// A name that is no option of its issue.
    #[error("issue `{issue}` has no option `{found}` (there are: {there})")]
    Option {
        /// The issue.
        issue: String,
        /// The name that was given.
        found: String,
        /// The options there are.
        there: String,
    },
    /// A pair table that names one issue twice.
    #[error(
        "{table}: a pair table joins issue `{issue}` with itself; put such values with the options"
    )]
    Pair {
        /// Whose table.
        table: String,
        /// The issue.
        issue: String,
    },
    /// A mandate that allows no option at all.
    #[error(
        "the mandate of `{party}` on issue `{issue}` allows no option; allow at least one, or \
         take the issue off the table"
    )]
    EmptyMandate {
        /// The party.
        party: String,
        /// The issue.
        issue: String,
    },
    /// A package with another number of issues than the talks.
    #[error("a package chooses one option for each of {expected} issues, but {found} were given")]
    Package {
        /// Issues on the table.
        expected: usize,
        /// Options given.
        found: usize,
    },
    /// More parties and limits than the search can carry.
    #[error("{found} parties and limits together; at most 32 can be analysed at once")]
    TooMany {
        /// Parties plus limits.
        found: usize,
    },
    /// The frontier itself is too large to hold.
    #[error(
        "the frontier needs more than {limit} partial packages at issue `{issue}`; leave out a party \
         or an issue, or raise `AnalyseOptions::most_states`"
    )]
    TooLarge {
        /// The issue at which the search stopped.
        issue: String,
        /// The limit.
        limit: usize,
    },
    /// Weights of bargaining power that are not positive, or not one a party.
    #[error("bargaining weights must be {parties} finite positive numbers, one a party")]
    Weights {
        /// Number of parties.
        parties: usize,
    },
    /// A file of payoffs that does not read.
    #[error("{file}: {what}")]
    File {
        /// The file's name.
        file: String,
        /// What the reader said, with line and column.
        what: String,
    },
    /// Priors that are no probabilities, or do not sum to one.
    #[error("hypotheses: {what}; priors are probabilities above 0 that sum to 1")]
    Prior {
        /// What is wrong with them.
        what: String,
    },
    /// A likelihood outside (0, 1], or too few or many of them.
    #[error("evidence `{evidence}`: {what}")]
    Evidence {
        /// The item.
        evidence: String,
        /// What is wrong, and what is allowed.
        what: String,
    },
    /// Gains for another number of hypotheses than the belief has.
    #[error("gains were given for {found} hypotheses, but the belief has {expected}")]
    Gains {
        /// Hypotheses in the belief.
        expected: usize,
        /// Numbers given.
        found: usize,
    },
    /// A horizon that is too short.
    #[error(
        "the horizon is {horizon} rounds, but {offers} offers were made; give the number of rounds that the talks can \
         last, at least 2"
    )]
    Horizon {
        /// Rounds.
        horizon: usize,
        /// Offers made.
        offers: usize,
    },
    /// An offer of another length than there are issues.
    #[error(
        "offer {number} (from 0) holds {found} options; it needs one for each of {expected} issues"
    )]
    Offer {
        /// Which offer, from 0.
        number: usize,
        /// Issues on the table.
        expected: usize,
        /// Options given.
        found: usize,
    },
    /// Preferences that cannot be learned as asked.
    #[error("preferences cannot be learned: {what}")]
    Learning {
        /// Why.
        what: String,
    },
    /// A clock that cannot run.
    #[error("clock: {what}")]
    Clock {
        /// What is wrong with it.
        what: String,
    },
    /// An entry that the log cannot take.
    #[error("{what}")]
    Log {
        /// What is wrong, and what to do.
        what: String,
    },
    /// A queue of partners that does not fit together.
    #[error("queue: {what}")]
    Queue {
        /// What is wrong with it.
        what: String,
    },
}
