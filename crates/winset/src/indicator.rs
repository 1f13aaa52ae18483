//! Indicators by name, as the dossier writes them: `ev:JPN`, `output_pct:USA:C29`, `balance:USA:JPN`.

use std::fmt;
use std::str::FromStr;

/// A named number of a world. Changes are against whatever the user of it says (no deal, or 2024).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Indicator {
    /// `ev:REGION` — real income as equivalent variation, bn USD a year, product modules included.
    Ev(String),
    /// `output_pct:REGION:SECTORS` — quantity of gross output, per cent.
    OutputPct(String, Vec<String>),
    /// `value_added:REGION:SECTORS` — real value added, bn USD.
    ValueAdded(String, Vec<String>),
    /// `balance:REGION:PARTNER` — bilateral goods balance anchored to the published one, bn USD.
    Balance(String, String),
    /// `exports:REGION:PARTNER` or `exports:REGION:PARTNER:SECTORS` — exports net of tariff, bn USD; all
    /// goods where no sector is named, product modules included.
    Exports(String, String, Vec<String>),
    /// `farm_exports:REGION:PARTNER` — exports of farm goods and food (A01, C10T12) with the product
    /// modules, bn USD.
    FarmExports(String, String),
    /// `revenue:REGION` — tariff revenue, bn USD. EV holds it already.
    Revenue(String),
    /// `product:PRODUCT:farm_gate_pct` — receipts of home producers of a product, per cent.
    FarmGatePct(String),
    /// `clause:NAME` — strength of a clause (0 to 1), or bn USD a year under it.
    Clause(String),
    /// `budget:REGION` — what the state receives less what it pays under the package, bn USD a year.
    Budget(String),
}

/// The sectors that `farm_exports` counts.
pub const FARM_SECTORS: [&str; 2] = ["A01", "C10T12"];

impl Indicator {
    /// Whether EV holds this already, so that a valuation of it would count it twice.
    pub fn inside_ev(&self) -> bool {
        matches!(self, Self::Revenue(_) | Self::Ev(_) | Self::Budget(_))
    }

    /// The unit it is printed in.
    pub fn unit(&self) -> &'static str {
        match self {
            Self::OutputPct(..) | Self::FarmGatePct(_) => "%",
            Self::Clause(_) => "",
            _ => "bn USD",
        }
    }

    /// The regions it names.
    pub fn regions(&self) -> Vec<&str> {
        match self {
            Self::Ev(r)
            | Self::OutputPct(r, _)
            | Self::ValueAdded(r, _)
            | Self::Revenue(r)
            | Self::Budget(r) => vec![r],
            Self::Balance(r, p) | Self::Exports(r, p, _) | Self::FarmExports(r, p) => vec![r, p],
            Self::FarmGatePct(_) | Self::Clause(_) => vec![],
        }
    }

    /// The sectors it names.
    pub fn sectors(&self) -> &[String] {
        match self {
            Self::OutputPct(_, s) | Self::ValueAdded(_, s) | Self::Exports(_, _, s) => s,
            _ => &[],
        }
    }
}

/// The forms an indicator can have, for messages.
pub const FORMS: &str = "ev:REGION, output_pct:REGION:SECTORS, value_added:REGION:SECTORS, balance:REGION:PARTNER, exports:REGION:PARTNER (all goods) or exports:REGION:PARTNER:SECTORS, farm_exports:REGION:PARTNER, revenue:REGION, product:PRODUCT:farm_gate_pct, clause:NAME, budget:REGION; several sectors are joined by +";

impl FromStr for Indicator {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let own = |t: &str| t.to_owned();
        let sectors = |t: &str| t.split('+').map(str::to_owned).collect::<Vec<_>>();
        let parts: Vec<&str> = text.split(':').collect();
        if parts.iter().any(|p| p.is_empty()) {
            return Err(format!("no indicator `{text}`: a part is empty"));
        }
        Ok(match parts.as_slice() {
            ["ev", r] => Self::Ev(own(r)),
            ["output_pct", r, s] => Self::OutputPct(own(r), sectors(s)),
            ["value_added", r, s] => Self::ValueAdded(own(r), sectors(s)),
            ["balance", r, p] => Self::Balance(own(r), own(p)),
            ["exports", r, p] => Self::Exports(own(r), own(p), Vec::new()),
            ["exports", r, p, s] => Self::Exports(own(r), own(p), sectors(s)),
            ["farm_exports", r, p] => Self::FarmExports(own(r), own(p)),
            ["revenue", r] => Self::Revenue(own(r)),
            ["product", p, "farm_gate_pct"] => Self::FarmGatePct(own(p)),
            ["clause", c] => Self::Clause(own(c)),
            ["budget", r] => Self::Budget(own(r)),
            _ => return Err(format!("no indicator `{text}`")),
        })
    }
}

impl fmt::Display for Indicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ev(r) => write!(f, "ev:{r}"),
            Self::OutputPct(r, s) => write!(f, "output_pct:{r}:{}", s.join("+")),
            Self::ValueAdded(r, s) => write!(f, "value_added:{r}:{}", s.join("+")),
            Self::Balance(r, p) => write!(f, "balance:{r}:{p}"),
            Self::Exports(r, p, s) if s.is_empty() => write!(f, "exports:{r}:{p}"),
            Self::Exports(r, p, s) => write!(f, "exports:{r}:{p}:{}", s.join("+")),
            Self::FarmExports(r, p) => write!(f, "farm_exports:{r}:{p}"),
            Self::Revenue(r) => write!(f, "revenue:{r}"),
            Self::FarmGatePct(p) => write!(f, "product:{p}:farm_gate_pct"),
            Self::Clause(c) => write!(f, "clause:{c}"),
            Self::Budget(r) => write!(f, "budget:{r}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_back_as_written() {
        for text in [
            "ev:JPN",
            "output_pct:USA:C29+C24A",
            "value_added:USA:C29",
            "balance:USA:JPN",
            "exports:USA:JPN",
            "exports:USA:JPN:A01",
            "farm_exports:USA:JPN",
            "revenue:USA",
            "product:rice:farm_gate_pct",
            "clause:currency",
            "budget:JPN",
        ] {
            assert_eq!(text.parse::<Indicator>().unwrap().to_string(), text);
        }
        assert!("ev".parse::<Indicator>().is_err());
        assert!("output_pct:USA:".parse::<Indicator>().is_err());
    }
}
