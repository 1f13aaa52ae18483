//! The lines of Japan's tariff schedule.
//!
//! The rate that applies (Customs Tariff Act, art. 3; Temporary Tariff Measures Act, art. 2): the temporary
//! rate stands in place of the general one where there is one. Goods of members of the WTO have the bound
//! rate of the WTO column where it is lower; a bound rate in brackets never is. Where the two cannot be
//! compared before the price is known (29.8 % + 396 yen/kg against 36 % + 130 yen/kg), it is the lower duty of
//! the two. A claimed agreement's rate applies where the line has one that is not in brackets.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Column, ColumnCoverage, Read, Rows};
use crate::LawError;
use crate::preference::{Case, Offer, Preference};
use crate::rate::Rate;
use crate::rate::jp::{self, Cell};
use crate::rate::order::never_above;

/// The columns that need no claim.
const NATIONAL: [&str; 3] = ["general", "temporary", "wto"];
/// Those of them that are Japan's own.
const OWN: [&str; 2] = ["general", "temporary"];

/// The columns of preferences in a table, and the symbols of their programmes.
const PREFERENCES: [(&str, &str); 24] = [
    ("gsp", "GSP"),
    ("ldc", "LDC"),
    ("sg", "EPA-SG"),
    ("mx", "EPA-MX"),
    ("my", "EPA-MY"),
    ("cl", "EPA-CL"),
    ("th", "EPA-TH"),
    ("id", "EPA-ID"),
    ("bn", "EPA-BN"),
    ("asean", "AJCEP"),
    ("ph", "EPA-PH"),
    ("ch", "EPA-CH"),
    ("vn", "EPA-VN"),
    ("in", "EPA-IN"),
    ("pe", "EPA-PE"),
    ("au", "EPA-AU"),
    ("mn", "EPA-MN"),
    ("cptpp", "CPTPP"),
    ("eu", "JEEPA"),
    ("gb", "JUKEPA"),
    ("rcep_asean_au_nz", "RCEP-ASEAN-AU-NZ"),
    ("rcep_cn", "RCEP-CN"),
    ("rcep_kr", "RCEP-KR"),
    ("us", "USJTA"),
];

/// Cells as read, each text once.
#[derive(Default)]
struct Cells<'t>(HashMap<&'t str, Cell>);

impl<'t> Cells<'t> {
    fn read(
        &mut self,
        text: &'t str,
        coverage: &mut ColumnCoverage,
        row: &Rows<'_>,
        at: usize,
    ) -> Result<Cell, LawError> {
        let cell = self
            .0
            .entry(text)
            .or_insert_with(|| jp::parse(text))
            .clone();
        match &cell {
            Cell::Blank => {}
            Cell::Rate(rate) => coverage.count(row.code(at)?, text, [rate].into_iter()),
            Cell::Bracketed(_) => {
                coverage.cells += 1;
                coverage.not_applied += 1;
            }
            // The general and the temporary rate do not ask which of the goods of a line they are.
            Cell::Cases(_) if OWN.contains(&coverage.column.as_str()) => {
                coverage.count(
                    row.code(at)?,
                    text,
                    [&Rate::Reference(text.into())].into_iter(),
                );
            }
            Cell::Cases(offer) => {
                let rates = offer.cases.iter().filter_map(|case| case.rate.as_ref());
                coverage.count(row.code(at)?, text, rates);
            }
        }
        Ok(cell)
    }
}

pub(super) fn read(rows: &Rows<'_>) -> Result<Read, LawError> {
    let table = rows.table;
    let mut columns: Vec<ColumnCoverage> = NATIONAL.map(ColumnCoverage::of).into();
    let [general, temporary, wto] = NATIONAL.map(|name| table.text_slice(name));
    let (general, temporary, wto) = (general?, temporary?, wto?);
    let mut granting: Vec<(&[String], Arc<str>)> = Vec::new();
    for (name, symbol) in PREFERENCES {
        if table.has(name) {
            granting.push((table.text_slice(name)?, symbol.into()));
            columns.push(ColumnCoverage::of(name));
        }
    }
    let mut cells = Cells::default();
    let mut offers: HashMap<&str, Arc<Offer>> = HashMap::new();
    let mut lines = Vec::with_capacity(table.rows());
    for row in 0..table.rows() {
        let mut cell = |column: usize, text| cells.read(text, &mut columns[column], rows, row);
        let own = own_rate(
            cell(0, general[row].as_str())?,
            cell(1, temporary[row].as_str())?,
        );
        let mfn = mfn_rate(&own, cell(2, wto[row].as_str())?, &wto[row]);
        let mut preferences: Vec<Preference> = Vec::new();
        for (i, (texts, symbol)) in granting.iter().enumerate() {
            let text = texts[row].as_str();
            let offer = match cell(NATIONAL.len() + i, text)? {
                Cell::Blank | Cell::Bracketed(_) => continue,
                Cell::Rate(rate) => offers
                    .entry(text)
                    .or_insert_with(|| Offer::plain(rate).into())
                    .clone(),
                Cell::Cases(offer) => offer,
            };
            match preferences.iter_mut().find(|p| *p.offer == *offer) {
                Some(same) => same.programmes.push(symbol.clone()),
                None => preferences.push(Preference {
                    programmes: vec![symbol.clone()],
                    offer,
                }),
            }
        }
        lines.push(rows.line(row, (mfn, own), ("Preferential rate", preferences))?);
    }
    Ok(Read {
        lines,
        units: Vec::new(),
        finer: Vec::new(),
        columns,
    })
}

/// The rate of a cell that has no say on when it applies.
fn rate(cell: Cell, text: &str) -> Option<Rate> {
    match cell {
        Cell::Blank => None,
        Cell::Rate(rate) | Cell::Bracketed(rate) => Some(rate),
        Cell::Cases(_) => Some(Rate::Reference(text.into())),
    }
}

/// The temporary rate in place of the general one.
fn own_rate(general: Cell, temporary: Cell) -> Column {
    match rate(temporary, "temporary rate by case") {
        Some(rate) => Column::plain("Temporary rate", rate),
        None => Column::plain(
            "General rate",
            rate(general, "general rate by case")
                .unwrap_or_else(|| Rate::Unparsed("no rate is printed".into())),
        ),
    }
}

/// The WTO rate where it is lower.
fn mfn_rate(own: &Column, wto: Cell, text: &str) -> Column {
    let bound = match wto {
        Cell::Blank | Cell::Bracketed(_) => return own.clone(),
        Cell::Rate(rate) => rate,
        Cell::Cases(offer) => {
            // Each case has the lower of its bound rate and the rate of its own; in brackets, there is none.
            let lower = |case: &Case| {
                let rate = match &case.rate {
                    Some(bound) => lower(own, bound.clone()).rate,
                    None => own.rate.clone(),
                };
                Case {
                    rate: Some(rate),
                    ..case.clone()
                }
            };
            let cases = offer.cases.iter().map(lower).collect();
            return Column {
                name: "WTO rate",
                rate: Rate::Reference(text.into()),
                cases: Some(Offer::new(text, cases).into()),
            };
        }
    };
    lower(own, bound)
}

/// The lower of Japan's own rate and a bound one.
fn lower(own: &Column, bound: Rate) -> Column {
    if never_above(&own.rate, &bound) {
        return own.clone();
    }
    if never_above(&bound, &own.rate) || !own.rate.is_computable() {
        return Column::plain("WTO rate", bound);
    }
    let name = if own.name == "Temporary rate" {
        "Lower of temporary and WTO rate"
    } else {
        "Lower of general and WTO rate"
    };
    Column::plain(name, own.rate.clone().or_less(bound))
}
