//! Which law was typed.

use winset::choice::{Choice, ChoiceError};
use winset_law::{Country, Law};

use super::args::LawArgs;
use super::failure::Failure;

impl LawArgs {
    /// The law that was asked for, not looked up yet.
    pub(crate) fn choice(&self) -> Choice {
        let readings = self.reading.iter();
        Choice {
            folder: self.law.clone(),
            dossier: self.dossier.clone(),
            schedule: self.schedule.clone(),
            readings: readings
                .map(|r| (r.name.clone(), r.value.clone()))
                .collect(),
        }
    }

    /// The law that was asked for, read as was asked.
    pub(crate) fn law(&self, importer: Country) -> Result<Law, Failure> {
        let law = self.choice().law(importer)?;
        let own = self.law.is_some() || self.dossier.is_some();
        if own && law.schedule(importer).is_none() {
            let of: Vec<&str> = law.importers().map(Country::iso2).collect();
            return Err(Failure::Usage(format!(
                "this law is not of {}, of which it has no schedule: write --importer {}",
                importer.name(),
                of.join(" or ")
            )));
        }
        Ok(law)
    }
}

impl From<ChoiceError> for Failure {
    fn from(error: ChoiceError) -> Self {
        match error {
            ChoiceError::Input(problems) => Self::Input(problems),
            ChoiceError::NoReading { .. } => Self::Usage(error.to_string()),
        }
    }
}
