//! The official figures that ship with winset.
//!
//! Owns: the law as text ([`law`]), the embedded tables ([`Set`]), their manifest (source, publisher, date, licence, checksum, rows,
//! control totals) and how they are made from the files their publishers issue ([`build`]).
//!
//! Refuses: to interpret a rate, a measure or an economy; the engines do that.
//!
//! ```
//! let imports = winset_data::Set::UsImports2024.table()?;
//! assert_eq!(imports.rows(), 209_616);
//! # Ok::<(), winset_io::TableError>(())
//! ```

pub mod build;
pub mod law;

pub use winset_import::{Entry, Manifest, Origin, sha256};

use winset_io::{Table, TableError};

macro_rules! sets {
    ($($(#[$doc:meta])* $variant:ident = $file:literal;)*) => {
        /// One embedded table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Set { $($(#[$doc])* $variant,)* }

        impl Set {
            /// Every embedded table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name of its file in the data folder.
            pub fn file(self) -> &'static str {
                match self { $(Self::$variant => $file,)* }
            }

            /// The bytes of the Parquet file.
            pub fn bytes(self) -> &'static [u8] {
                match self { $(Self::$variant => include_bytes!(concat!("../data/", $file)),)* }
            }
        }
    };
}

sets! {
    /// Every rate line of the US schedule, chapters 1–97, with the dates its text held: `code` (8 or 10
    /// digits), `from`, `to` (exclusive, blank: open), `unit`, `general`, `special`, `column2` as printed; and
    /// every ten-digit code below a line, whose rates are blank.
    UsSchedule = "us_schedule.parquet";
    /// US imports for consumption 2024: `code` (10 digits), `partner` (Census code; 0003 is the European
    /// Union and contains 4359), `value`, `duty` (USD).
    UsImports2024 = "us_imports_2024.parquet";
    /// US imports for consumption 2024 by chapter and every country: `chapter`, `partner`, `value`, `duty`.
    UsImports2024ByChapter = "us_imports_2024_by_chapter.parquet";
    /// Every nine-digit line of Japan's schedule of fiscal 2025 and from fiscal 2026 on: `code`, `from`, `to`
    /// (exclusive, blank: open), `season` (`12-01/05-31`; blank: all year), `unit`, then a column of rate
    /// texts as printed for `general`, `temporary`, `wto`, `gsp`, `ldc` and each agreement.
    JpSchedule = "jp_schedule.parquet";
    /// Euro reference rates: `date`, then units of each currency for one euro, as printed.
    EcbRates = "ecb_reference_rates.parquet";
    /// US trade by country and year, balance-of-payments basis: `table`, `measure`, `partner`, `year`,
    /// `million_usd`.
    BeaTrade = "bea_trade.parquet";
    /// HS 2022 six-digit codes to the sectors of the economies: `hs6`, `sector`.
    Hs6Sector = "hs6_sector.parquet";
    /// Share of imports from Canada and Mexico that claimed USMCA in 2024: `code`, `partner`, `share`.
    UsmcaShares = "usmca_shares_2024.parquet";
    /// Average metal content by value: `code`, `steel`, `aluminum`, `copper`.
    MetalShares = "metal_shares.parquet";
    /// The 17-region economy of 2022: `origin`, `destination`, `sector`, `value` (million USD), `tariff`.
    Economy17Trade = "economy_2022_17_trade.parquet";
    /// Its input shares: `region`, `input`, `user`, `share`.
    Economy17Inputs = "economy_2022_17_inputs.parquet";
    /// Its value-added shares: `region`, `sector`, `share`.
    Economy17ValueAdded = "economy_2022_17_value_added.parquet";
    /// The 77-region economy of 2022, as the 17-region one.
    Economy77Trade = "economy_2022_77_trade.parquet";
    /// Its input shares.
    Economy77Inputs = "economy_2022_77_inputs.parquet";
    /// Its value-added shares.
    Economy77ValueAdded = "economy_2022_77_value_added.parquet";
    /// Trade elasticities by sector, one column a published set.
    Elasticities = "elasticities.parquet";
}

impl Set {
    /// The table, decoded.
    ///
    /// # Errors
    /// Only if the embedded bytes were damaged.
    pub fn table(self) -> Result<Table, TableError> {
        Table::from_parquet(self.file(), self.bytes())
    }
}

/// The manifest of the embedded tables, as TOML text.
pub const MANIFEST: &str = include_str!("../data/manifest.toml");
