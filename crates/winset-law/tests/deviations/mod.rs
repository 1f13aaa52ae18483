//! The published series of the Budget Lab at Yale as it puts itself together: its law, trade and assumptions.
//!
//! Its law is ours with the texts of this folder on top; its lists are read from the tracker's resources. What each text
//! changes, by how much and how we know, stands in `docs/deviations.md`, *Rates by partner*.
#![allow(unreachable_pub, reason = "shared by the tests of one suite")]

mod lists;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use jiff::civil::Date;
use winset_io::{Column, Problems, Source, Table};
use winset_law::averages::Trade;
use winset_law::{Assumptions, Country, GoodsCode, Law};

use crate::{FIRST, common};

pub(crate) fn unzipped(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::GzDecoder::new(file)
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

/// The law as the series reads it. `WINSET_WITHOUT` names texts of this folder to leave out, to see what they weigh.
pub(crate) fn law(sources: &Path) -> Law {
    let lists = lists::all(sources);
    let lists: Vec<(&str, &Table)> = lists.iter().map(|(n, t)| (n.as_str(), t)).collect();
    let schedule = common::full_schedule(sources);
    let law = Law::compile(&common::files(), &lists, vec![schedule]);
    let law = law.unwrap_or_else(|problems| panic!("{}", rendered(&problems)));
    let without = std::env::var("WINSET_WITHOUT").unwrap_or_default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deviations");
    let mut texts: Vec<Source> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .filter(|path| {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            without.split_whitespace().all(|name| stem != Some(name))
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            Source::new(name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    texts.sort_by_key(|text| text.name().to_owned());
    law.with(&texts)
        .unwrap_or_else(|problems| panic!("{}", rendered(&problems)))
}

fn rendered(problems: &Problems) -> String {
    let texts: Vec<String> = problems.0.iter().map(|p| p.render(false)).collect();
    texts.join("\n")
}

/// The trade that the series weights by: 3,119 billion dollars, without chapters 98 and 99, which are in no sector of its model.
pub(crate) fn trade(all: &Trade) -> Trade {
    all.only(|cell| cell.goods.chapter() < 98)
}

/// The series' metal content, USMCA use and shares of trade that enter free of the base duty.
pub(crate) fn assumptions(sources: &Path) -> Assumptions {
    let mut out = Assumptions::default();
    metal_content(sources, &mut out);
    out.claim_shares("USMCA", &usmca(sources)).unwrap();
    out.fact("usmca_content", "0.4").unwrap();
    let bytes = std::fs::read(sources.join("us/lists/mfn_exemption_shares.csv")).unwrap();
    let free = Table::from_csv("mfn_exemption_shares", &bytes).unwrap();
    let (chapters, partners) = (free.texts("hs2").unwrap(), free.texts("cty_code").unwrap());
    let shares = free.reals("exemption_share").unwrap();
    let mut europe: BTreeMap<u8, Vec<f64>> = BTreeMap::new();
    for row in 0..free.rows() {
        let Ok(partner) = Country::from_census(&partners[row]) else {
            continue;
        };
        let chapter: u8 = chapters[row].parse().unwrap();
        if partner.is_member("EU", FIRST) {
            europe.entry(chapter).or_default().push(shares[row]);
        }
        // What enters under the USMCA is told line by line.
        if !["CA", "MX"].contains(&partner.iso2()) {
            out.free_share(chapter, partner, shares[row].clamp(0.0, 1.0))
                .unwrap();
        }
    }
    for (chapter, shares) in europe {
        let mean = shares.iter().sum::<f64>() / 27.0;
        out.free_share(chapter, "EU".parse().unwrap(), mean)
            .unwrap();
    }
    out
}

/// Chapters 72, 73 and 76 are metal throughout. Of goods on the list of aluminum derivatives only, the series' steps show the
/// share of all metals together; what has no share of its own has none.
fn metal_content(sources: &Path, out: &mut Assumptions) {
    let bytes = unzipped(&sources.join("us/lists/metal_content_shares_bea_hs10.csv.gz"));
    let metals = Table::from_csv("metal_content_shares_bea_hs10", &bytes).unwrap();
    let codes = metals.texts("hs10").unwrap();
    let of_steel = lists::derivatives(sources, "steel").texts("code").unwrap();
    let together = metals.reals("metal_share").unwrap();
    for metal in ["steel", "aluminum", "copper"] {
        let shares = metals.reals(&format!("{metal}_share")).unwrap();
        for (row, code) in codes.iter().enumerate() {
            let share = match metal {
                "aluminum" if !of_steel.iter().any(|of| code.starts_with(of)) => together[row],
                _ => shares[row],
            };
            out.content_share(metal, code.parse().unwrap(), share.clamp(0.0, 1.0))
                .unwrap();
        }
        out.content_share_elsewhere(metal, 0.0).unwrap();
    }
    // Last, so that they replace the shares of the table.
    for code in codes {
        let metal = match &code[..2] {
            "72" | "73" => "steel",
            "76" => "aluminum",
            _ => continue,
        };
        out.content_share(metal, code.parse().unwrap(), 1.0)
            .unwrap();
    }
    for (metal, chapter) in [("steel", "72"), ("steel", "73"), ("aluminum", "76")] {
        out.content_share(metal, chapter.parse().unwrap(), 1.0)
            .unwrap();
    }
}

/// What claims the USMCA. The series takes the mean of July to December 2025, which the folder does not hold: twice the share
/// of 2025 less that of 2024 comes near, and what still does not claim is scaled so that the duty of 4 March 2025 is the series'.
fn usmca(sources: &Path) -> Table {
    let shares = |year: u16| -> BTreeMap<(String, String), f64> {
        let name = format!("us/lists/usmca_product_shares_{year}.csv");
        let table = Table::from_csv(&name, &std::fs::read(sources.join(&name)).unwrap()).unwrap();
        let codes = table.texts("hts10").unwrap();
        let keys = codes.into_iter().zip(table.texts("cty_code").unwrap());
        keys.zip(table.reals("usmca_share").unwrap()).collect()
    };
    let before = shares(2024);
    let (mut codes, mut partners, mut claims) = (Vec::new(), Vec::new(), Vec::new());
    for (key, share) in shares(2025) {
        let late = (2.0 * share - before.get(&key).unwrap_or(&share)).clamp(0.0, 1.0);
        let scale = if key.1 == "1220" { 0.55 } else { 0.83 };
        claims.push(1.0 - scale * (1.0 - late));
        codes.push(key.0);
        partners.push(key.1);
    }
    Table::new("USMCA shares of late 2025")
        .with("code", Column::Text(codes))
        .with("partner", Column::Text(partners))
        .with("share", Column::Real(claims))
}

/// The days on which a statistical code stands in the schedule as the series reads it: a revision counts from the day that the
/// series gives it.
pub(crate) struct Listed {
    spans: BTreeMap<GoodsCode, Vec<(Date, Date)>>,
    starts: BTreeSet<Date>,
}

impl Listed {
    pub(crate) fn read(sources: &Path) -> Self {
        let bytes = std::fs::read(sources.join("us/revision_dates.csv")).unwrap();
        let table = Table::from_csv("revision_dates", &bytes).unwrap();
        let printed = table.texts("effective_date").unwrap();
        let policy = table.texts("policy_effective_date").unwrap();
        let mut starts: BTreeMap<String, Date> = BTreeMap::new();
        for (row, revision) in table.texts("revision").unwrap().into_iter().enumerate() {
            let day = policy[row].parse().or(printed[row].parse());
            starts.insert(revision, day.unwrap());
        }
        // The schedule's table says `2025_rev_7` where the series says `rev_7`.
        let start = |name: &str| {
            let short = name.strip_prefix("2025_").unwrap_or(name);
            starts.get(short).or(starts.get(name)).copied()
        };
        let bytes = unzipped(&sources.join("us/hts_intervals_2025_2026.csv.gz"));
        let table = Table::from_csv("hts_intervals", &bytes).unwrap();
        let firsts = table.texts("first_rev").unwrap();
        let ends = table.texts("end_rev_excl").unwrap();
        let mut spans: BTreeMap<GoodsCode, Vec<(Date, Date)>> = BTreeMap::new();
        for (row, code) in table.texts("htsno").unwrap().into_iter().enumerate() {
            let code = code.replace('.', "");
            let code = if code.len() == 8 { code + "00" } else { code };
            let Ok(code) = code.parse() else { continue };
            let from = start(&firsts[row]).unwrap_or(FIRST);
            let to = start(&ends[row]).unwrap_or(Date::MAX);
            spans.entry(code).or_default().push((from, to));
        }
        let starts = starts.into_values().collect();
        Self { spans, starts }
    }

    pub(crate) fn on(&self, code: GoodsCode, day: Date) -> bool {
        let holds = |(from, to): &(Date, Date)| *from <= day && day < *to;
        let spans = self.spans.get(&code);
        spans.is_some_and(|spans| spans.iter().any(holds))
    }

    pub(crate) fn changes_on(&self, day: Date) -> bool {
        self.starts.contains(&day)
    }
}
