//! What can be signed.
//!
//! Owns: issues, options, parties and what packages are worth to them; mandates and ratifiers; the exact frontier,
//! the win-set and the bargaining solutions; who blocks a package and what would mend it; chips and swaps; beliefs
//! about the other side, also from its offers; the clock; the order of talks with several; the log of positions.
//!
//! Refuses: law and economics. Tables come in, however they were computed; no duty and no trade flow is known here.
//!
//! Payoffs are numbers in one unit, bn USD a year where money. They are rounded to multiples of 1e-12 and added as
//! integers, so that sums are exact and ties are ties. Gains are always against the stated no deal. Where no
//! package beats no deal for all, the answer is [`Zone::None`], never a point.
//!
//! # Example
//! ```
//! use winset_talks::{AnalyseOptions, Bound, Choice, Issue, Limit, Mandate, Party, Payoff, Talks, Zone};
//!
//! let issue = |name: &str, options: [&str; 2]| Issue { name: name.into(), options: options.map(Into::into).into() };
//! let talks = Talks::new(
//!     vec![issue("car tariff", ["27.5 %", "15 %"]), issue("rice", ["as now", "more from the US"])],
//!     vec![
//!         Party {
//!             name: "Japan".into(),
//!             no_deal: -6.0,
//!             payoff: Payoff::additive(vec![vec![-5.0, -2.0], vec![0.0, -0.3]]),
//!         },
//!         Party {
//!             name: "United States".into(),
//!             no_deal: 0.5,
//!             payoff: Payoff::additive(vec![vec![1.0, 0.4], vec![0.0, 0.2]]),
//!         },
//!     ],
//!     vec![Mandate { party: 0, issue: 0, allowed: vec![0, 1] }],
//!     vec![Limit {
//!         ratifier: "farm committee".into(),
//!         party: 0,
//!         what: "rice revenue at the farm gate, %".into(),
//!         quantity: Payoff::additive(vec![vec![0.0, 0.0], vec![0.0, -0.8]]),
//!         bound: Bound::AtLeast(-1.0),
//!         asked: Some(vec![Choice { issue: 1, option: 1 }]),
//!     }],
//! )?;
//! let answer = talks.analyse(&AnalyseOptions::default())?;
//! assert_eq!(answer.zone, Zone::Exists);
//! assert_eq!(answer.better_for_all.exact(), Some(3));
//!
//! let package = talks.package(&["15 %", "as now"])?;
//! let why = talks.why(&package)?;
//! assert_eq!(why.worse_than_no_deal[0].party, "United States");
//! let repair = &talks.cheapest_repair(&package, 0)?[0];
//! assert_eq!(talks.option_names(&repair.package)?, ["15 %", "more from the US"]);
//! # Ok::<(), winset_talks::TalksError>(())
//! ```

pub mod advice;
mod alone;
mod answer;
mod archive;
pub mod belief;
mod chip;
pub mod clock;
mod cloud;
mod count;
mod enumerate;
mod error;
mod frontier;
mod grid;
mod halves;
mod json;
mod layers;
pub mod log;
mod order;
mod package;
mod parts;
mod payoff;
pub mod preference;
mod reduce;
mod relax;
mod repair;
pub mod sequence;
mod solution;
mod staircase;
mod swap;
mod talks;
mod trail;
mod units;
mod walk;
mod why;

pub use answer::{AnalyseOptions, Answer, Point, Zone};
pub use chip::{Chip, ChipLabel};
pub use cloud::{Cell, Cloud};
pub use count::Count;
pub use error::TalksError;
pub use json::{Definitions, JsonAnswer, JsonPackage};
pub use package::Package;
pub use payoff::{Pair, Payoff};
pub use relax::{IfDropped, Opening, Relaxation, Restriction};
pub use repair::{Change, Repair};
pub use solution::Solution;
pub use swap::Swap;
pub use talks::{Bound, Choice, Issue, Limit, Mandate, Party, Talks};
pub use why::{Blocked, OutsideMandate, Why, WorseOff};
