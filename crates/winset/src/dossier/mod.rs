//! The dossier: what the team knows, one folder of text files.
//!
//! [`Files`] is the text, [`mod@format`] its shapes, [`Dossier`] the checked whole. [`choices`] and [`package`] read
//! what people type as `issue=option`; [`record`] writes the log of the talks. Nothing here computes.

mod check;
mod files;
pub mod format;
mod log;
mod named;
mod text;
mod vault;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use winset_io::{Problem, Problems, Source, parse_toml};
use winset_talks::log::Log;

pub use check::Names;
pub use files::{DEFAULT, Files, LOG};
pub use log::{LogError, Recorded, Said, record};
pub use named::{UnknownName, choices, package};
pub use text::Text;
pub use vault::{VaultError, lock, unlock};

use crate::indicator::Indicator;
use crate::lang::Lang;
use format::{
    Assumption, AssumptionsFile, BeliefsFile, Citation, Day, DossierFile, IssuesFile, Name,
    PartiesFile, ProductsFile, SourcesFile,
};

/// A dossier whose texts were read and whose names all refer to something.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The texts.
    pub files: Files,
    /// `dossier.toml`
    pub head: DossierFile,
    /// `assumptions.toml`
    pub assumptions: Vec<Assumption>,
    /// `products.toml`
    pub products: ProductsFile,
    /// `issues.toml`
    pub issues: IssuesFile,
    /// `parties.toml`
    pub parties: PartiesFile,
    /// `beliefs.toml`
    pub beliefs: BeliefsFile,
    /// `sources.toml`
    pub sources: Vec<Citation>,
    /// `log.jsonl`, empty where there is none: who took which position when.
    pub log: Log,
    /// The as-of date.
    pub as_of: Date,
}

impl Dossier {
    /// Reads and checks a dossier; `names` are those of the economy and the law it may refer to.
    ///
    /// # Errors
    /// Everything that is wrong with the files, each with its place.
    pub fn read(
        files: Files,
        names: impl FnOnce(&DossierFile) -> Result<Names, Problems>,
    ) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let head: Option<DossierFile> = read(&files, "dossier.toml", &mut problems);
        let assumptions: Option<AssumptionsFile> = read(&files, "assumptions.toml", &mut problems);
        let products: Option<ProductsFile> = read(&files, "products.toml", &mut problems);
        let issues: Option<IssuesFile> = read(&files, "issues.toml", &mut problems);
        let parties: Option<PartiesFile> = read(&files, "parties.toml", &mut problems);
        let beliefs: Option<BeliefsFile> = read(&files, "beliefs.toml", &mut problems);
        let sources: Option<SourcesFile> = read(&files, "sources.toml", &mut problems);
        let log = problems.keep(log::read(&files));
        let (
            Some(head),
            Some(assumptions),
            Some(products),
            Some(issues),
            Some(parties),
            Some(beliefs),
            Some(sources),
            Some(log),
        ) = (
            head,
            assumptions,
            products,
            issues,
            parties,
            beliefs,
            sources,
            log,
        )
        else {
            return Err(problems);
        };
        for (file, format) in [
            ("dossier.toml", &head.format),
            ("assumptions.toml", &assumptions.format),
            ("products.toml", &products.format),
            ("issues.toml", &issues.format),
            ("parties.toml", &parties.format),
            ("beliefs.toml", &beliefs.format),
            ("sources.toml", &sources.format),
        ] {
            if *format.get_ref() != 1 {
                let source = files.get(file).map_err(Problems::from)?;
                problems.push(
                    Problem::at(
                        source,
                        format.span(),
                        format!("format {} is not known", format.get_ref()),
                    )
                    .help("this winset reads format 1; a newer dossier needs a newer winset"),
                );
            }
        }
        let as_of = problems.keep(date(files.get("dossier.toml")?, &head.as_of));
        if !problems.0.is_empty() {
            return Err(problems);
        }
        let Some(as_of) = as_of else {
            return Err(problems);
        };
        let names = names(&head)?;
        let dossier = Self {
            files,
            head,
            assumptions: assumptions.assumption,
            products,
            issues,
            parties,
            beliefs,
            sources: sources.source,
            log,
            as_of,
        };
        check::check(&dossier, &names, &mut problems);
        problems.unless_any(dossier)
    }

    /// Opens a folder or a built-in dossier; see [`Files::open`].
    ///
    /// # Errors
    /// As [`Dossier::read`].
    pub fn open(
        path: Option<&Path>,
        names: impl FnOnce(&DossierFile) -> Result<Names, Problems>,
    ) -> Result<Self, Problems> {
        Self::read(Files::open(path)?, names)
    }

    /// The text of one of its files. Only for files that [`Dossier::read`] has read.
    pub fn source(&self, file: &str) -> Source {
        self.files
            .get(file)
            .cloned()
            .unwrap_or_else(|_| Source::new(file, ""))
    }

    /// The value of an assumption that [`Dossier::read`] has checked to be there.
    pub fn assumption(&self, name: &Name) -> f64 {
        self.assumptions
            .iter()
            .find(|a| a.id.get_ref() == name.get_ref())
            .map_or(f64::NAN, |a| *a.value.get_ref())
    }

    /// A domestic act as people call it.
    pub fn act<'a>(&'a self, name: &'a str, lang: Lang) -> &'a str {
        let mut acts = self.head.acts.iter();
        let named = acts.find(|(act, _)| act.get_ref() == name);
        named.map_or(name, |(_, text)| text.of(lang))
    }

    /// Political weights of a party by sector: those named, and for the rest the weight that makes the
    /// average, weighted by value added, one.
    pub fn weights(
        &self,
        party: &str,
        value_added: &BTreeMap<String, f64>,
    ) -> BTreeMap<String, f64> {
        let named = self
            .parties
            .party
            .iter()
            .find(|p| p.id.get_ref() == party)
            .map(|p| {
                p.weights
                    .iter()
                    .map(|(k, v)| (k.get_ref().clone(), *v.get_ref()))
                    .collect::<BTreeMap<_, _>>()
            })
            .unwrap_or_default();
        let total: f64 = value_added.values().sum();
        let taken: f64 = value_added
            .iter()
            .filter_map(|(s, va)| named.get(s).map(|w| w * va))
            .sum();
        let rest: f64 = value_added
            .iter()
            .filter(|(s, _)| !named.contains_key(*s))
            .map(|(_, va)| va)
            .sum();
        let other = if rest > 0.0 {
            (total - taken) / rest
        } else {
            1.0
        };
        value_added
            .keys()
            .map(|s| (s.clone(), named.get(s).copied().unwrap_or(other)))
            .collect()
    }
}

fn read<T: serde::de::DeserializeOwned>(
    files: &Files,
    file: &str,
    problems: &mut Problems,
) -> Option<T> {
    let source = problems.keep(files.get(file))?;
    problems.keep(parse_toml(source))
}

/// A date as the dossier writes it.
pub(crate) fn date(source: &Source, name: &Day) -> Result<Date, Problem> {
    name.get_ref().0.parse::<Date>().map_err(|_| {
        Problem::at(
            source,
            name.span(),
            format!("`{}` is no date", name.get_ref().0),
        )
        .help("write year, month and day, such as 2025-04-16")
    })
}

/// An indicator as the dossier writes it.
pub(crate) fn indicator(source: &Source, name: &Name) -> Result<Indicator, Problem> {
    name.get_ref().parse::<Indicator>().map_err(|what| {
        Problem::at(source, name.span(), what)
            .help(format!("the forms are: {}", crate::indicator::FORMS))
    })
}
