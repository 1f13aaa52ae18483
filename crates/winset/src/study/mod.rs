//! Everything that is computed from a dossier, before anything is written.
//!
//! [`Bench`] joins a checked dossier with the law, the border and the economy; [`Worlds`] are the baseline,
//! the status quo and each no deal; [`Payoffs`] hold what every option and pair of options does;
//! [`Table`] puts them before the parties; a [`Desk`] is all of it, computed once.

mod amended;
mod bench;
mod clock;
mod desk;
mod exact;
mod offers;
mod payoffs;
mod signable;
mod talks;
mod wanted;
mod worlds;

pub use bench::{Bench, dossier, law, names};
pub use clock::{ClockMean, ClockReport, ClockRow, ClockTerms, WeekRow, clock};
pub use desk::Desk;
pub use exact::Standing;
pub use offers::{Logged, Offer, TypedOffer, logged};
pub use payoffs::{Bought, Changes, Costs, Payoffs, Quantity, table_value};
pub use signable::{Signable, SignableReport, signable};
pub use talks::{Table, Valuation, objective, valuations};
pub use wanted::{BeliefDay, Wanted, days, loud};
pub use worlds::{Solved, Wedges, Worlds};

/// Reports progress: what is being done, how much of it, of how much.
pub type Progress<'a> = &'a (dyn Fn(&str, usize, usize) + Sync);

/// Why a study could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The dossier's text.
    #[error(transparent)]
    Text(#[from] winset_io::Problems),
    /// The law.
    #[error(transparent)]
    Law(#[from] winset_law::LawError),
    /// The trade model.
    #[error(transparent)]
    Trade(#[from] winset_trade::TradeError),
    /// The talks.
    #[error(transparent)]
    Talks(#[from] winset_talks::TalksError),
    /// An embedded table.
    #[error(transparent)]
    Data(#[from] winset_io::TableError),
    /// An issue or option that the dossier does not have.
    #[error(transparent)]
    Name(#[from] crate::dossier::UnknownName),
    /// Something the data does not hold.
    #[error("{0}")]
    Missing(String),
}

impl From<winset_io::Problem> for StudyError {
    fn from(problem: winset_io::Problem) -> Self {
        Self::Text(problem.into())
    }
}
