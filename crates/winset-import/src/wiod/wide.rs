//! The wide table of the 2016 release: a row and a column for every country and industry, and the totals of both.

use super::{Column, described};
use crate::error::ImportError;
use crate::sheet::Sheet;
use crate::stage::Stage;
use crate::world::{Choices, Economy, World};

/// What a column of the wide table is.
enum Slot {
    Use(usize),
    Final(usize),
}

/// How many industries the 2016 release has; the numbers after them are final demand.
const INDUSTRIES: usize = 56;

pub(super) fn read(
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
    let mut columns = vec![Column::default(); width];
    let (mut has_totals, mut ends) = (false, false);
    let (mut seen, mut value_added, mut of) = (0, 0.0, None);
    while sheet.next()? {
        let when = sheet.whole_number(year)? as i32;
        if *of.get_or_insert(when) != when {
            return Err(sheet.bad(year, "the year of the rows above: give a file of one year"));
        }
        let item = sheet.whole_number(number)? as usize;
        if sheet.text(country)? == "TOT" {
            let row = sheet.text(code)?;
            for (c, slot) in &slots {
                if let Slot::Use(at) = slot {
                    let value = sheet.number(*c)?;
                    columns[*at].state(row, value);
                    value_added += if row == "VA" { value } else { 0.0 };
                }
            }
            ends = row == "GO";
            has_totals = true;
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
        let mut sum = 0.0;
        for (c, slot) in &slots {
            let value = sheet.number(*c)?;
            sum += value;
            match slot {
                Slot::Use(at) => {
                    uses[*at] = value;
                    columns[*at].inputs += value;
                }
                Slot::Final(at) => finals[*at] += value,
            }
        }
        let what = format!(
            "the sum of row {} of {}",
            sheet.text(code)?,
            regions[region]
        );
        sheet.agree(&what, sum, sheet.number(total)?)?;
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
    if has_totals && !ends {
        return Err(sheet.whole("the last row, GO of TOT, is missing: the file is cut off"));
    }
    for (c, slot) in &slots {
        if let Slot::Use(at) = slot {
            columns[*at].agree(&sheet, &sheet.header()[*c])?;
        }
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
