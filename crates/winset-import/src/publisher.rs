//! Who publishes what a reader reads, where, and under which terms.

use std::fs::File;
use std::path::Path;

use crate::error::ImportError;
use crate::manifest::{Origin, sha256_of};

/// A publisher's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publisher {
    /// The name of the reader, as `winset import` takes it.
    pub kind: &'static str,
    /// Who publishes the figures, and what they are.
    pub name: &'static str,
    /// Where they are found.
    pub page: &'static str,
    /// Under which terms.
    pub licence: &'static str,
}

/// What a user gives beside the published file: mappings, tariffs, elasticities.
const GIVEN: &str = "given with the import";

const US_GOVERNMENT: &str = "work of the US government, public domain";

/// Every file that can be read.
pub const PUBLISHERS: [Publisher; 10] = [
    Publisher {
        kind: "hts",
        name: "US International Trade Commission, Harmonized Tariff Schedule",
        page: "https://hts.usitc.gov/export",
        licence: US_GOVERNMENT,
    },
    Publisher {
        kind: "hts-notes",
        name: "US International Trade Commission, Harmonized Tariff Schedule, notes to chapter 99",
        page: "https://hts.usitc.gov/",
        licence: US_GOVERNMENT,
    },
    Publisher {
        kind: "census",
        name: "US Census Bureau, imports for consumption",
        page: "https://api.census.gov/data/timeseries/intltrade/imports/hs",
        licence: US_GOVERNMENT,
    },
    Publisher {
        kind: "japan",
        name: "Japan Customs, tariff schedule",
        page: "https://www.customs.go.jp/english/tariff/",
        licence: "figures of the Japanese government's schedule",
    },
    Publisher {
        kind: "comtrade",
        name: "United Nations, Comtrade",
        page: "https://comtradeplus.un.org/",
        licence: "UN Comtrade terms of use; redistribution needs permission",
    },
    Publisher {
        kind: "baci",
        name: "CEPII, BACI",
        page: "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
        licence: "Etalab open licence 2.0",
    },
    Publisher {
        kind: "icio",
        name: "OECD, Inter-Country Input-Output Tables",
        page: "https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
        licence: "OECD terms and conditions",
    },
    Publisher {
        kind: "wiod",
        name: "Groningen Growth and Development Centre, World Input-Output Database",
        page: "https://www.rug.nl/ggdc/valuechain/wiod/",
        licence: "2016 release: CC BY 4.0; 2013 release: as the publisher states",
    },
    Publisher {
        kind: "tariffs",
        name: "UNCTAD TRAINS through World Bank WITS, tariffs",
        page: "https://wits.worldbank.org/",
        licence: "WITS terms of use",
    },
    Publisher {
        kind: "ecb",
        name: "European Central Bank, euro foreign exchange reference rates",
        page: "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip",
        licence: "free of charge with the source named",
    },
];

/// The record of a file for a manifest; `kind` is the name of its reader, or of what else the user gave.
///
/// # Errors
/// The file cannot be read.
pub fn origin(kind: &str, path: &Path, date: &str) -> Result<Origin, ImportError> {
    let publisher = PUBLISHERS.iter().find(|p| p.kind == kind);
    let read = |error| ImportError::Read {
        file: path.display().to_string(),
        error,
    };
    Ok(Origin {
        file: path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        publisher: publisher.map_or(GIVEN, |p| p.name).to_owned(),
        date: date.to_owned(),
        licence: publisher.map_or("", |p| p.licence).to_owned(),
        sha256: File::open(path).and_then(sha256_of).map_err(read)?,
    })
}
