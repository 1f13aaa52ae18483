//! A row of the input as an entry.

use jiff::civil::Date;
use winset_io::stream::Cell;
use winset_law::{Bare, Country, Currency, Entry, GoodsCode, Money, Quantity};

use super::engine::Input;
use super::value::{amount, day};

/// The columns that are read, by their places.
pub const COLUMNS: [&str; 14] = [
    "id",
    "importer",
    "goods",
    "origin",
    "entry_date",
    "known_on",
    "loaded",
    "value",
    "currency",
    "quantity",
    "unit",
    "content",
    "claims",
    "facts",
];

/// Those that must be there.
pub const NEEDED: [&str; 4] = ["goods", "origin", "entry_date", "value"];

pub(super) const ID: usize = 0;
const IMPORTER: usize = 1;
const GOODS: usize = 2;
const ORIGIN: usize = 3;
const ENTRY_DATE: usize = 4;
const KNOWN_ON: usize = 5;
const LOADED: usize = 6;
const VALUE: usize = 7;
const CURRENCY: usize = 8;
const QUANTITY: usize = 9;
const UNIT: usize = 10;
const CONTENT: usize = 11;
const CLAIMS: usize = 12;
const FACTS: usize = 13;

/// What is wrong with a cell, with its column.
fn wrong(column: usize, what: impl std::fmt::Display) -> String {
    format!("column `{}`: {what}", COLUMNS[column])
}

/// The text of a cell; nothing where it is blank.
fn text(rows: &impl Input, row: usize, column: usize) -> Result<&str, String> {
    match rows.cell(column, row) {
        Cell::Blank => Ok(""),
        Cell::Text(text) => Ok(text),
        Cell::Bytes(bytes) => {
            let shown = String::from_utf8_lossy(bytes);
            Err(wrong(column, format!("`{shown}` is not UTF-8")))
        }
        Cell::Number { .. } | Cell::Real(_) | Cell::Day(_) => Err(wrong(
            column,
            "the column holds numbers, where texts are needed",
        )),
    }
}

fn needed(rows: &impl Input, row: usize, column: usize) -> Result<&str, String> {
    match text(rows, row, column)? {
        "" => Err(wrong(column, "the cell is blank")),
        text => Ok(text),
    }
}

fn country(text: &str, column: usize) -> Result<Country, String> {
    let read = text.parse::<Country>();
    read.or_else(|_| text.to_uppercase().parse()).map_err(|_| {
        wrong(
            column,
            format!("unknown country `{text}`: write an ISO 3166 code such as JP"),
        )
    })
}

fn goods(text: &str) -> Result<GoodsCode, String> {
    let code = text.parse::<GoodsCode>().map_err(|e| wrong(GOODS, e))?;
    match code.digits() {
        6 | 8..=10 => Ok(code),
        digits => Err(wrong(
            GOODS,
            format!("`{text}` has {digits} digits: write 6, 8, 9 or 10, such as 8703.23.01"),
        )),
    }
}

/// The currency of an importer.
fn currency_of(importer: Country) -> Option<Currency> {
    match importer.iso2() {
        "US" => Some(Currency::USD),
        "JP" => Some(Currency::JPY),
        // ISO 4217: no currency.
        _ => "XXX".parse().ok(),
    }
}

/// The parts of a list, without the blank ones.
fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn pair(part: &str, column: usize, example: &str) -> Result<(String, String), String> {
    match part.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(wrong(
            column,
            format!("`{part}` is no name and value: write them as {example}"),
        )),
    }
}

/// Reads the rows that state a [`Bare`] entry.
pub(super) struct BareRows<'i, I> {
    input: &'i I,
    known_on: Option<Date>,
    /// Columns that are not blank all through.
    filled: [bool; COLUMNS.len()],
}

impl<'i, I: Input> BareRows<'i, I> {
    /// Of rows that are known on a day if they say nothing else.
    pub(super) fn new(input: &'i I, known_on: Option<Date>) -> Self {
        Self {
            input,
            known_on,
            filled: std::array::from_fn(|column| !input.is_blank(column)),
        }
    }

    fn cell(&self, column: usize, row: usize) -> Cell<'i> {
        if self.filled[column] {
            self.input.cell(column, row)
        } else {
            Cell::Blank
        }
    }

    /// A text, empty where blank; `None` of another kind.
    fn text(&self, column: usize, row: usize) -> Option<&'i str> {
        match self.cell(column, row) {
            Cell::Blank => Some(""),
            Cell::Text(text) => Some(text),
            Cell::Bytes(_) | Cell::Number { .. } | Cell::Real(_) | Cell::Day(_) => None,
        }
    }

    /// The bare entry of a row: the same as [`entry`] reads, or `None` where only that can tell what the row states or what is
    /// wrong with it.
    pub(super) fn read(&self, row: usize) -> Option<Bare> {
        let stated = [LOADED, CONTENT, CLAIMS, FACTS];
        let blank = |column: &usize| self.cell(*column, row) == Cell::Blank;
        if !stated.iter().all(blank) || self.input.fault(row).is_some() {
            return None;
        }
        let importer = match self.text(IMPORTER, row)? {
            "" => "US",
            text => text,
        };
        let importer = country(importer, IMPORTER).ok()?;
        let origin = country(self.text(ORIGIN, row)?, ORIGIN).ok()?;
        let code = goods(self.text(GOODS, row)?).ok()?;
        let on = day(self.cell(ENTRY_DATE, row)).ok()??;
        let known_on = day(self.cell(KNOWN_ON, row)).ok()?.or(self.known_on);
        let value = amount(self.cell(VALUE, row)).ok()??;
        let currency = match self.text(CURRENCY, row)? {
            "" => currency_of(importer)?,
            text => text.parse().ok()?,
        };
        let quantity = amount(self.cell(QUANTITY, row)).ok()?;
        if quantity.is_some_and(|quantity| !Quantity::is_in_range(quantity)) {
            return None;
        }
        // The unit does not matter where the quantity does not, but it must be a text.
        self.text(UNIT, row)?;
        let value = Money::new(value, currency);
        Bare::new(importer, code, origin, (on, known_on), value)
    }
}

/// The entry that a row states, and the day as of which acts count for it.
///
/// # Errors
/// A cell that does not read, as a sentence that names column and cell.
pub(super) fn entry(
    rows: &impl Input,
    row: usize,
    known_on: Option<Date>,
) -> Result<(Entry, Option<Date>), String> {
    let cell = |column| rows.cell(column, row);
    let dated = |column| day(cell(column)).map_err(|what| wrong(column, what));
    let counted = |column| amount(cell(column)).map_err(|what| wrong(column, what));
    let importer = match text(rows, row, IMPORTER)? {
        "" => country("US", IMPORTER)?,
        text => country(text, IMPORTER)?,
    };
    let goods = goods(needed(rows, row, GOODS)?)?;
    let origin = country(needed(rows, row, ORIGIN)?, ORIGIN)?;
    let on = dated(ENTRY_DATE)?.ok_or_else(|| wrong(ENTRY_DATE, "the cell is blank"))?;
    let known_on = dated(KNOWN_ON)?.or(known_on);
    let value = counted(VALUE)?.ok_or_else(|| wrong(VALUE, "the cell is blank"))?;
    let currency = match text(rows, row, CURRENCY)? {
        "" => currency_of(importer),
        text => Some(text.parse().map_err(|e| wrong(CURRENCY, e))?),
    };
    let currency = currency.unwrap_or(Currency::USD);
    let mut entry = Entry::new(importer, goods, origin, on, Money::new(value, currency));
    if let Some(loaded) = dated(LOADED)? {
        entry = entry.loaded(loaded);
    }
    let unit = text(rows, row, UNIT)?;
    if let Some(quantity) = counted(QUANTITY)? {
        entry = entry.quantity(quantity, unit);
    }
    let content = text(rows, row, CONTENT)?;
    let mut stated: Vec<String> = Vec::new();
    for part in parts(content) {
        let (of, value) = pair(part, CONTENT, "steel=400")?;
        let value = amount(Cell::Text(&value)).ok().flatten().ok_or_else(|| {
            let what =
                format!("`{part}` has no amount: write a material and its value, as steel=400");
            wrong(CONTENT, what)
        })?;
        if stated.contains(&of) {
            return Err(wrong(CONTENT, format!("`{of}` stands twice")));
        }
        entry = entry.content(&of, value);
        stated.push(of);
    }
    for programme in parts(text(rows, row, CLAIMS)?) {
        entry = entry.claim(programme);
    }
    for part in parts(text(rows, row, FACTS)?) {
        let (name, value) = pair(part, FACTS, "certified=auto_part")?;
        // A blank one is not stated.
        if !value.is_empty() {
            entry = entry.fact(&name, &value).map_err(|e| wrong(FACTS, e))?;
        }
    }
    Ok((entry, known_on))
}
