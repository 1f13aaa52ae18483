//! What is owed.
//!
//! Owns: goods codes, origins, money, rates, tariff schedules with dates, measures and the acts that make
//! them, and the duty on an entry with its trace. Refuses: any economics. No trade response, no price, no
//! welfare in here.
//!
//! A question always has two dates: the *entry date* and the day as of which the law is *known*.
//!
//! ```
//! use jiff::civil::date;
//! use winset_io::{Source, Table};
//! use winset_law::{Country, Currency, Entry, Law, Money, Schedule};
//!
//! let us: Country = "US".parse()?;
//! let lines = "code,from,to,unit,general,special,column2\n84818090,2025-01-01,,kg,2%,,45%\n";
//! let schedule = Schedule::from_table(us, &Table::from_csv("us", lines.as_bytes())?)?;
//! let file = Source::new("reciprocal.toml", r#"
//! format = 1
//!
//! [[act]]
//! id = "eo-14257"
//! title = "Regulating Imports with a Reciprocal Tariff"
//! signed = 2025-04-02
//! source = "EO 14257, 90 FR 15041"
//! confidence = "V"
//!
//! [[measure]]
//! id = "reciprocal"
//! title = "Reciprocal tariff, all countries"
//! authority = "IEEPA reciprocal"
//! importer = "US"
//! heading = "9903.01.25"
//! origins = ["*"]
//! goods = ["*"]
//! rate = "10%"
//! period = [{ from = 2025-04-05, act = "eo-14257" }]
//! "#);
//! let law = Law::compile(&[file], &[], vec![schedule])?;
//!
//! let value = Money::new(10_000.into(), Currency::USD);
//! let entry = Entry::new(us, "8481.80.90".parse()?, "JP".parse()?, date(2025, 4, 16), value);
//! assert_eq!(law.assess(&entry, None)?.total.amount, 1_200.into());
//! assert_eq!(law.assess(&entry, Some(date(2025, 4, 1)))?.total.amount, 200.into());
//!
//! // An option on the table, in the same language.
//! let deal = Source::new("deal.toml", r#"
//! format = 1
//! act = [{ id = "deal", title = "A deal", signed = 2025-04-16, source = "draft", confidence = "V" }]
//! amendment = [{ measure = "reciprocal", origins = ["JP"], from = 2025-05-01, rate = "5%", act = "deal" }]
//! "#);
//! let entry = Entry::new(us, "8481.80.90".parse()?, "JP".parse()?, date(2025, 5, 1), value);
//! assert_eq!(law.with(&[deal])?.assess(&entry, None)?.total.amount, 700.into());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Law::assess`] answers for one entry and says why; [`Law::rate`] answers for a line without an entry.
//! Whoever asks many lines on one day compiles that day first, [`Law::tariff`]: a line is then a look-up
//! with the same answer. [`Law::averages`] does so for the trade of a year.

mod absorb;
mod applied;
mod assess;
mod assessment;
mod assumptions;
pub mod averages;
mod bare;
mod base;
mod base_year;
mod batch;
mod by_code;
mod cell;
mod charge;
mod classes;
mod code;
mod condition;
mod country;
mod day;
mod day_tariff;
mod entry;
mod error;
mod evaluate;
pub mod exchange;
mod facts;
mod family;
mod fault;
mod fee;
mod file;
mod filing;
mod goods;
mod law;
mod lines;
mod measure;
mod mixed;
mod money;
mod numbers;
mod on_line;
mod owed;
mod plan;
pub mod preference;
mod programme;
mod quota;
pub mod rate;
mod read;
mod reading;
mod refund;
mod relations;
mod relief;
mod rounding;
mod schedule;
mod season;
mod settle;
mod spots;
mod stateable;
mod statement;
mod store;
mod supposing;
mod trace;
mod trade;
mod untraced;

pub use applied::{AppliedRate, BaseFrom, RateOf};
pub use assessment::{Assessment, Component, Need, Reason, Step, Trace};
pub use assumptions::Assumptions;
pub use bare::Bare;
pub use batch::{Batch, Found};
pub use code::GoodsCode;
pub use country::Country;
pub use day_tariff::DayTariff;
pub use entry::{Entry, Fact, Quantity};
pub use error::LawError;
pub use exchange::ExchangeRates;
pub use facts::Asks;
pub use fee::OwedFee;
pub use law::Law;
pub use measure::{Act, Confidence, Measure};
pub use money::{Currency, Money};
pub use owed::Owed;
pub use quota::Told;
pub use reading::Reading;
pub use refund::Refund;
pub use schedule::{Column, ColumnCoverage, Coverage, Line, Schedule};
pub use season::Season;
pub use stateable::Unasked;
pub use statement::Stated;
