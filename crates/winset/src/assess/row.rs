//! A row of the input as an entry.

use jiff::civil::Date;
use winset_io::stream::{Cell, Coded};
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

/// A column that is not there but stands there in other letters (`Currency`): to pass it over would answer for dollars.
pub fn misspelt(names: &[impl AsRef<str>]) -> Option<&'static str> {
    let some = |is: &dyn Fn(&str) -> bool| names.iter().any(|name| is(name.as_ref()));
    let mut columns = COLUMNS.into_iter();
    columns.find(|column| {
        !some(&|name| name == *column) && some(&|name| name.eq_ignore_ascii_case(column))
    })
}

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

/// What the cells of a column mean: of a column by places each text is read once.
struct Memo<'i, T> {
    coded: Option<&'i Coded>,
    /// By the place of a text.
    texts: Vec<Meaning<T>>,
}

/// What a text means.
#[derive(Clone, Copy)]
enum Meaning<T> {
    Unread,
    /// `None` where it does not read.
    Read(Option<T>),
}

impl<'i, T: Copy> Memo<'i, T> {
    fn new(input: &'i impl Input, column: usize) -> Self {
        let coded = input.coded(column);
        Self {
            coded,
            texts: vec![Meaning::Unread; coded.map_or(0, |coded| coded.texts().len())],
        }
    }

    /// What the cell of a row means, which `read` tells.
    fn get(&mut self, row: usize, read: impl FnOnce() -> Option<T>) -> Option<T> {
        let place = self.coded.and_then(|coded| coded.places().get(row));
        match place.and_then(|place| self.texts.get_mut(*place as usize)) {
            Some(Meaning::Read(meaning)) => *meaning,
            Some(unread) => {
                let meaning = read();
                *unread = Meaning::Read(meaning);
                meaning
            }
            None => read(),
        }
    }
}

/// Reads the rows that state a [`Bare`] entry.
pub(super) struct BareRows<'i, I> {
    cells: Filled<'i, I>,
    known_on: Option<Date>,
    importers: Memo<'i, Country>,
    origins: Memo<'i, Country>,
    goods: Memo<'i, GoodsCode>,
    days: Memo<'i, Date>,
    currencies: Memo<'i, Currency>,
}

/// The cells of columns that are not blank all through.
struct Filled<'i, I> {
    input: &'i I,
    columns: [bool; COLUMNS.len()],
}

impl<'i, I: Input> Filled<'i, I> {
    fn cell(&self, column: usize, row: usize) -> Cell<'i> {
        if self.columns[column] {
            self.input.cell(column, row)
        } else {
            Cell::Blank
        }
    }

    fn is_blank(&self, column: usize, row: usize) -> bool {
        !self.columns[column] || self.input.is_blank_at(column, row)
    }

    /// A text, empty where blank; `None` of another kind.
    fn text(&self, column: usize, row: usize) -> Option<&'i str> {
        match self.cell(column, row) {
            Cell::Blank => Some(""),
            Cell::Text(text) => Some(text),
            Cell::Bytes(_) | Cell::Number { .. } | Cell::Real(_) | Cell::Day(_) => None,
        }
    }
}

impl<'i, I: Input> BareRows<'i, I> {
    /// Of rows that are known on a day if they say nothing else.
    pub(super) fn new(input: &'i I, known_on: Option<Date>) -> Self {
        Self {
            cells: Filled {
                input,
                columns: std::array::from_fn(|column| !input.is_blank(column)),
            },
            known_on,
            importers: Memo::new(input, IMPORTER),
            origins: Memo::new(input, ORIGIN),
            goods: Memo::new(input, GOODS),
            days: Memo::new(input, ENTRY_DATE),
            currencies: Memo::new(input, CURRENCY),
        }
    }

    /// The bare entry of a row, without claims and facts: the same as [`entry`] reads, or `None` where only that can tell what the
    /// row states or what is wrong with it.
    pub(super) fn read(&mut self, row: usize) -> Option<Bare> {
        let cells = &self.cells;
        let blank = |column| cells.is_blank(column, row);
        if !blank(LOADED) || !blank(CONTENT) || cells.input.fault(row).is_some() {
            return None;
        }
        let importer = self.importers.get(row, || {
            let importer = match cells.text(IMPORTER, row)? {
                "" => "US",
                text => text,
            };
            country(importer, IMPORTER).ok()
        })?;
        let origin = (self.origins).get(row, || country(cells.text(ORIGIN, row)?, ORIGIN).ok())?;
        let code = (self.goods).get(row, || goods(cells.text(GOODS, row)?).ok())?;
        let on = (self.days).get(row, || day(cells.cell(ENTRY_DATE, row)).ok()?)?;
        let known_on = day(cells.cell(KNOWN_ON, row)).ok()?.or(self.known_on);
        let value = amount(cells.cell(VALUE, row)).ok()??;
        let currency = self
            .currencies
            .get(row, || match cells.text(CURRENCY, row)? {
                "" => None,
                text => text.parse().ok(),
            });
        let currency = match currency {
            Some(currency) => currency,
            None if blank(CURRENCY) => currency_of(importer)?,
            None => return None,
        };
        let quantity = amount(cells.cell(QUANTITY, row)).ok()?;
        if quantity.is_some_and(|quantity| !Quantity::is_in_range(quantity)) {
            return None;
        }
        // The unit does not matter where the quantity does not, but it must be a text.
        cells.text(UNIT, row)?;
        let value = Money::new(value, currency);
        Bare::new(importer, code, origin, (on, known_on), value)
    }

    /// What the row claims and states as facts, as it is written; `None` where a cell holds no text.
    pub(super) fn stated(&self, row: usize) -> Option<(&'i str, &'i str)> {
        let blank = |column| self.cells.is_blank(column, row);
        if blank(CLAIMS) && blank(FACTS) {
            return Some(("", ""));
        }
        Some((self.cells.text(CLAIMS, row)?, self.cells.text(FACTS, row)?))
    }
}

/// The quantity of a row of which a [`Bare`] entry was read; `None` where the cell is blank.
pub(super) fn quantity(rows: &impl Input, row: usize) -> Option<Quantity> {
    Some(Quantity {
        amount: amount(rows.cell(QUANTITY, row)).ok()??,
        unit: text(rows, row, UNIT).ok()?.to_owned(),
    })
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
