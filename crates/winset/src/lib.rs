//! The dossier joins the three engines: what is owed, what a concession does, what can be signed.
//!
//! Owns: the dossier's files and their checks, the worlds that are compared, the payoffs of packages,
//! the brief and its formats. It alone knows all three engines.
//!
//! Refuses: to know a rate, an elasticity or a bargaining rule; those come from the engines and the text.

mod archive;
pub mod assess;
pub mod brief;
pub mod chart;
pub mod choice;
pub mod document;
pub mod dossier;
pub mod export;
pub mod fetch;
pub mod indicator;
pub mod labels;
pub mod lang;
pub mod law;
pub mod secret;
pub mod serve;
pub mod study;
pub mod world;
