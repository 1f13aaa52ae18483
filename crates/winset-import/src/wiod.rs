//! World Input-Output Database: the wide table of the 2016 release (`IndustryCode, …, vAUS1, …, TOT`) and the long tables of the
//! 2013 release (`row_country, row_item, col_country, col_item, value`, or `origin, sector, dest, use, value_musd`). Million USD.

use std::collections::HashMap;

use crate::error::ImportError;
use crate::input::Input;
use crate::sheet::Sheet;
use crate::stage::Stage;
use crate::world::{Choices, Described, Economy, World, year_of};

/// Columns of a long table: country and item of the row and of the column, value.
const LONG: [[&str; 2]; 5] = [
    ["row_country", "origin"],
    ["row_item", "sector"],
    ["col_country", "dest"],
    ["col_item", "use"],
    ["value", "value_musd"],
];

/// The most cells that a long table may fill: the 2016 release has 44 × 56 industries.
const MOST: usize = 3000 * 3000;

/// Reads a table and writes the economy folder into the stage.
///
/// # Errors
/// A file that is not the WIOD's; names of the mapping, tariffs or elasticities that do not fit.
pub fn import(
    input: Input,
    choices: &Choices<'_>,
    stage: &mut Stage,
) -> Result<Economy, ImportError> {
    let file = input.name().to_owned();
    let sheet = Sheet::open(input)?;
    if sheet.has("IndustryCode") {
        wide(sheet, choices, stage)
    } else {
        let year = year_of(choices, &file)?;
        long(sheet, choices, year, stage)
    }
}

fn described<'a>(
    release: &'a str,
    source: &'a str,
    year: i32,
    value_added: Option<f64>,
) -> Described<'a> {
    Described {
        table: release,
        source,
        unit: "million USD",
        year,
        value_added,
    }
}

/// What a column of the wide table is.
enum Slot {
    Use(usize),
    Final(usize),
}

/// How many industries the 2016 release has; the numbers after them are final demand.
const INDUSTRIES: usize = 56;

fn wide(
    mut sheet: Sheet,
    choices: &Choices<'_>,
    stage: &mut Stage,
) -> Result<Economy, ImportError> {
    let [code, country, number, year] = [
        sheet.column("IndustryCode")?,
        sheet.column("Country")?,
        sheet.column("RNr")?,
        sheet.column("Year")?,
    ];
    let total = sheet.column("TOT")?;
    let mut regions: Vec<String> = Vec::new();
    let mut slots = Vec::new();
    for (c, name) in sheet.header().iter().enumerate() {
        if [code, country, number, year, total].contains(&c) || name == "IndustryDescription" {
            continue;
        }
        let read = name.strip_prefix('v').and_then(|rest| {
            let (region, item) = rest.split_at_checked(3)?;
            Some((region, item.parse::<usize>().ok()?))
        });
        let Some((region, item @ 1..)) = read else {
            return Err(sheet.header_error(format!(
                "column `{name}` is not `v`, a country and a number, such as `vAUS1`"
            )));
        };
        let at = regions.iter().position(|r| r == region).unwrap_or_else(|| {
            regions.push(region.to_owned());
            regions.len() - 1
        });
        slots.push(if item <= INDUSTRIES {
            (c, Slot::Use(at * INDUSTRIES + item - 1))
        } else {
            (c, Slot::Final(at))
        });
    }
    let width = regions.len() * INDUSTRIES;
    let uses_there = slots
        .iter()
        .filter(|(_, s)| matches!(s, Slot::Use(_)))
        .count();
    if uses_there != width || width == 0 {
        return Err(sheet.header_error(format!(
            "{uses_there} columns of industries, where {} countries have {INDUSTRIES} each",
            regions.len()
        )));
    }
    // The names of industries stand in the rows: the first country's come first.
    let mut sectors: Vec<String> = Vec::new();
    let mut world: Option<World> = None;
    let mut waiting = Vec::new();
    let (mut seen, mut value_added, mut of) = (0, 0.0, None);
    while sheet.next()? {
        let when = sheet.whole_number(year)? as i32;
        if *of.get_or_insert(when) != when {
            return Err(sheet.bad(year, "the year of the rows above: give a file of one year"));
        }
        let item = sheet.whole_number(number)? as usize;
        if sheet.text(country)? == "TOT" {
            if sheet.text(code)? == "VA" {
                for (c, slot) in &slots {
                    if matches!(slot, Slot::Use(_)) {
                        value_added += sheet.number(*c)?;
                    }
                }
            }
            continue;
        }
        let region = sheet.text(country)?;
        let region = regions
            .iter()
            .position(|r| r == region)
            .ok_or_else(|| sheet.bad(country, "a country of the columns"))?;
        if !(1..=INDUSTRIES).contains(&item) || seen != region * INDUSTRIES + item - 1 {
            return Err(sheet.bad(
                number,
                "the next industry: rows are missing or in another order",
            ));
        }
        seen += 1;
        let mut uses = vec![0.0; width];
        let mut finals = vec![0.0; regions.len()];
        for (c, slot) in &slots {
            let value = sheet.number(*c)?;
            match slot {
                Slot::Use(at) => uses[*at] = value,
                Slot::Final(at) => finals[*at] += value,
            }
        }
        if region == 0 {
            sectors.push(sheet.text(code)?.to_owned());
            waiting.push((uses, finals));
            continue;
        }
        let world = match &mut world {
            Some(world) => world,
            None => world.insert(begun(&regions, &sectors, choices, &mut waiting)?),
        };
        world.row(region, item - 1, &uses, &finals);
    }
    if seen != width {
        return Err(sheet.whole(format!(
            "{seen} rows of industries where the header has {width}: the file is cut off"
        )));
    }
    let world = match world {
        Some(world) => world,
        None => begun(&regions, &sectors, choices, &mut waiting)?,
    };
    let year = choices.year.or(of).unwrap_or_default();
    let source = format!("World Input-Output Database, 2016 release, {year}");
    world.write(
        stage,
        choices,
        &described("WIOD", &source, year, Some(value_added)),
    )
}

/// A world with the rows of its first region.
fn begun(
    regions: &[String],
    sectors: &[String],
    choices: &Choices<'_>,
    waiting: &mut Vec<(Vec<f64>, Vec<f64>)>,
) -> Result<World, ImportError> {
    let mut world = World::new(regions, sectors, choices)?;
    for (sector, (uses, finals)) in waiting.drain(..).enumerate() {
        world.row(0, sector, &uses, &finals);
    }
    Ok(world)
}

/// Names in the order in which they are met.
#[derive(Default)]
struct Names {
    list: Vec<String>,
    of: HashMap<String, usize>,
}

impl Names {
    fn place(&mut self, name: &str) -> usize {
        if let Some(at) = self.of.get(name) {
            return *at;
        }
        self.of.insert(name.to_owned(), self.list.len());
        self.list.push(name.to_owned());
        self.list.len() - 1
    }
}

/// Whether a column item is final demand: `FINAL`, or the numbers behind the 35 industries of the 2013 release.
fn is_final(item: &str) -> bool {
    item == "FINAL"
        || item
            .strip_prefix('c')
            .unwrap_or(item)
            .parse::<u32>()
            .is_ok_and(|n| (36..=42).contains(&n))
}

fn long(
    mut sheet: Sheet,
    choices: &Choices<'_>,
    year: i32,
    stage: &mut Stage,
) -> Result<Economy, ImportError> {
    sheet.only(|h| h == "year" || LONG.iter().any(|names| names.contains(&h)))?;
    let mut places = [0; 5];
    for (place, names) in places.iter_mut().zip(&LONG) {
        *place = sheet.any(names)?;
    }
    let [from, good, to, user, value] = places;
    let in_year = sheet.column("year").ok();
    let (mut regions, mut sectors) = (Names::default(), Names::default());
    // Final demand is one more user behind the industries, whose number is known at the end.
    let mut cells: Vec<(u32, u32, u32, Option<u32>, f64)> = Vec::new();
    while sheet.next()? {
        if let Some(column) = in_year
            && sheet.whole_number(column)? != i64::from(year)
        {
            return Err(sheet.bad(column, "the year of the table: give a file of one year"));
        }
        let amount = sheet.number(value)?;
        // Totals, taxes and value added belong to no country.
        if sheet.text(from)? == "TOT" || sheet.text(to)? == "TOT" {
            continue;
        }
        let (origin, destination) = (sheet.text(from)?, sheet.text(to)?);
        if origin.is_empty() || destination.is_empty() {
            return Err(sheet.row_error("a country is blank"));
        }
        let (origin, destination) = (
            regions.place(origin) as u32,
            regions.place(destination) as u32,
        );
        let sector = sheet.text(good)?;
        if sector.is_empty() || is_final(sector) {
            return Err(sheet.bad(good, "an industry"));
        }
        let sector = sectors.place(sector) as u32;
        let user = match sheet.text(user)? {
            "" => return Err(sheet.bad(user, "an industry or final demand")),
            item if is_final(item) => None,
            item => Some(sectors.place(item) as u32),
        };
        cells.push((origin, sector, destination, user, amount));
    }
    let (n, s) = (regions.list.len(), sectors.list.len());
    if cells.is_empty() || (n * s).saturating_mul(n * (s + 1)) > MOST {
        return Err(sheet.whole(format!(
            "{n} countries and {s} industries: this is no world input–output table"
        )));
    }
    let mut world = World::new(&regions.list, &sectors.list, choices)?;
    cells.sort_by_key(|cell| (cell.0, cell.1));
    let mut uses = vec![0.0; n * s];
    let mut finals = vec![0.0; n];
    for row in cells.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        uses.fill(0.0);
        finals.fill(0.0);
        for (.., destination, user, amount) in row {
            match user {
                Some(user) => uses[*destination as usize * s + *user as usize] += amount,
                None => finals[*destination as usize] += amount,
            }
        }
        world.row(row[0].0 as usize, row[0].1 as usize, &uses, &finals);
    }
    let source = format!("World Input-Output Database, {year}");
    // The long tables state no value added.
    world.write(stage, choices, &described("WIOD", &source, year, None))
}
