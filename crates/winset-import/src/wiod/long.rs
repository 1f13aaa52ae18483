//! The long tables of the 2013 release: a row for every cell.

use std::collections::{BTreeMap, HashMap};

use super::{Column, described};
use crate::error::ImportError;
use crate::sheet::Sheet;
use crate::stage::Stage;
use crate::twice::Twice;
use crate::world::{Choices, Economy, World};

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

pub(super) fn read(
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
    // Totals by country and item.
    let mut columns: BTreeMap<(String, String), Column> = BTreeMap::new();
    let mut row_totals: Vec<(String, String, f64)> = Vec::new();
    let mut twice = Twice::default();
    twice.begin(sheet.file());
    let mut labels = Names::default();
    while sheet.next()? {
        if let Some(column) = in_year
            && sheet.whole_number(column)? != i64::from(year)
        {
            return Err(sheet.bad(column, "the year of the table: give a file of one year"));
        }
        let amount = sheet.number(value)?;
        let (origin, destination) = (sheet.text(from)?, sheet.text(to)?);
        if origin.is_empty() || destination.is_empty() {
            return Err(sheet.row_error("a country is blank"));
        }
        let [row, column] = [
            [origin, sheet.text(good)?],
            [destination, sheet.text(user)?],
        ]
        .map(|names| names.map(|name| labels.place(name)));
        twice.note((row[0], column[0]), (row[1], column[1]), sheet.row());
        // Totals, taxes and value added belong to no country.
        match (origin, destination) {
            ("TOT", "TOT") => continue,
            ("TOT", region) => {
                let user = sheet.text(user)?;
                if !is_final(user) {
                    let of = (region.to_owned(), user.to_owned());
                    columns
                        .entry(of)
                        .or_default()
                        .state(sheet.text(good)?, amount);
                }
                continue;
            }
            (region, "TOT") => {
                row_totals.push((region.to_owned(), sheet.text(good)?.to_owned(), amount));
                continue;
            }
            _ => {}
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
    if let Some(again) = twice.end() {
        let name = |place: usize| &labels.list[place];
        let ((origin, destination), (good, user)) = (again.group, again.code);
        let [origin, destination, good, user] = [origin, destination, good, user].map(name);
        let cell = format!("{good} of {origin} to {user} of {destination}");
        return Err(sheet.twice(&again, &cell));
    }
    // Without totals nothing else tells that the last number is whole.
    if !sheet.ended() {
        return Err(sheet.whole(
            "the last line does not end: the file is cut off; if it is whole, end it with a line end",
        ));
    }
    let (n, s) = (regions.list.len(), sectors.list.len());
    if cells.is_empty() || (n * s).saturating_mul(n * (s + 1)) > MOST {
        return Err(sheet.whole(format!(
            "{n} countries and {s} industries: this is no world input–output table"
        )));
    }
    // What every row, and every industry's column, adds up to.
    let mut sums = vec![(0.0, 0.0); n * s];
    for (origin, sector, destination, user, amount) in &cells {
        sums[*origin as usize * s + *sector as usize].0 += amount;
        if let Some(user) = user {
            sums[*destination as usize * s + *user as usize].1 += amount;
        }
    }
    let sum = |region: &str, item: &str| -> (f64, f64) {
        let at = regions.of.get(region).zip(sectors.of.get(item));
        at.map_or((0.0, 0.0), |(region, item)| sums[region * s + item])
    };
    for (region, item, stated) in &row_totals {
        let what = format!("the sum of row {item} of {region}");
        sheet.agree(&what, sum(region, item).0, *stated)?;
    }
    for ((region, item), column) in &mut columns {
        column.inputs = sum(region, item).1;
        column.agree(&sheet, &format!("{item} of {region}"))?;
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
