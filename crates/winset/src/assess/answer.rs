//! The rows of the answer, column by column.

use std::fmt::Display;
use std::io::Write as _;

use rust_decimal::Decimal;
use winset_io::stream::{Answers, Cell, Coded, Kind, Texts, push_decimal};
use winset_law::{LawError, Owed, Unasked};

use super::Summary;
use super::columns::AnswerColumns;
use super::engine::Input;
use super::row::ID;
use super::value::day_since_1970;

/// The columns of the answer.
pub const COLUMNS: [(&str, Kind); 9] = [
    ("id", Kind::Text),
    ("total", Kind::Amount),
    ("payable", Kind::Amount),
    ("fees", Kind::Amount),
    ("effective_rate", Kind::Real),
    ("components", Kind::Text),
    ("headings", Kind::Text),
    ("needs", Kind::Text),
    ("error", Kind::Text),
];

/// Their places.
const ID_PLACE: usize = 0;
const TOTAL: usize = 1;
const PAYABLE: usize = 2;
const FEES: usize = 3;
const RATE: usize = 4;
const COMPONENTS: usize = 5;
const HEADINGS: usize = 6;
const NEEDS: usize = 7;
const ERROR: usize = 8;

/// The answers on a batch.
#[derive(Default)]
pub struct Answer {
    columns: AnswerColumns,
    id: Texts,
    total: Vec<Option<Decimal>>,
    payable: Vec<Option<Decimal>>,
    fees: Vec<Option<Decimal>>,
    rate: Vec<Option<f64>>,
    components: Texts,
    headings: Headings,
    needs: Texts,
    error: Texts,
    summary: Summary,
}

/// The headings of each row, lists of which few differ.
#[derive(Default)]
struct Headings {
    cells: Coded,
    /// Where the lists of some store stand among the cells, by their number there; beyond them where they do not yet.
    known: (u64, Vec<u32>),
    none: Option<u32>,
}

impl Headings {
    /// Adds those of a row.
    fn push(&mut self, owed: &Owed<'_>) {
        let cells = &mut self.cells;
        let mut add = || cells.add_with(|out| owed.headings(out));
        let place = match owed.headings_number() {
            None => add(),
            Some((store, number)) => {
                let (of, places) = &mut self.known;
                if *of != store {
                    (*of, *places) = (store, Vec::new());
                }
                let number = usize::from(number);
                if places.len() <= number {
                    places.resize(number + 1, u32::MAX);
                }
                if places[number] == u32::MAX {
                    places[number] = add();
                }
                places[number]
            }
        };
        cells.push_place(place);
    }

    /// Adds a row without any.
    fn push_none(&mut self) {
        let none = *self.none.get_or_insert_with(|| self.cells.add_with(|_| ()));
        self.cells.push_place(none);
    }
}

impl Answer {
    /// With nothing in it, of some columns, in the memory of earlier ones if they are of such an answer.
    pub fn reusing(columns: AnswerColumns, earlier: Vec<Answers>) -> Self {
        let mut answer = Self {
            columns,
            ..Self::default()
        };
        let places = (0..COLUMNS.len()).filter(|place| columns.has(*place));
        for (place, earlier) in places.zip(earlier) {
            match earlier {
                Answers::Texts(mut texts) => {
                    texts.clear();
                    match place {
                        ID_PLACE => answer.id = texts,
                        COMPONENTS => answer.components = texts,
                        NEEDS => answer.needs = texts,
                        ERROR => answer.error = texts,
                        _ => {}
                    }
                }
                Answers::Coded(mut coded) => {
                    coded.clear();
                    answer.headings.cells = coded;
                }
                Answers::Amounts(mut amounts) => {
                    amounts.clear();
                    match place {
                        TOTAL => answer.total = amounts,
                        PAYABLE => answer.payable = amounts,
                        FEES => answer.fees = amounts,
                        _ => {}
                    }
                }
                Answers::Reals(mut rates) => {
                    rates.clear();
                    answer.rate = rates;
                }
            }
        }
        answer
    }

    /// Takes over the name of a row; the number of the row where there is none.
    pub(super) fn id(&mut self, rows: &impl Input, row: usize) {
        if !self.columns.has(ID_PLACE) {
            return;
        }
        match rows.cell(ID, row) {
            Cell::Text(text) => self.id.push(text.as_bytes()),
            Cell::Bytes(bytes) => self.id.push(String::from_utf8_lossy(bytes).as_bytes()),
            Cell::Number { mantissa, scale } => {
                self.id.push_with(|out| push_decimal(out, mantissa, scale));
            }
            Cell::Real(number) => self.id.push(number.to_string().as_bytes()),
            Cell::Day(days) => match day_since_1970(days) {
                Some(day) => self.id.push(day.to_string().as_bytes()),
                None => self.id.push(days.to_string().as_bytes()),
            },
            Cell::Blank => self.id.push_with(|out| {
                push_decimal(out, i128::from(rows.first()) + row as i128, 0);
            }),
        }
    }

    /// Adds what is owed on the row, or why it is not known.
    pub(super) fn owed(&mut self, owed: Result<Owed<'_>, LawError>) {
        let owed = match owed {
            Ok(owed) => owed,
            Err(error) => return self.fault(&error),
        };
        self.summary.rows += 1;
        let columns = self.columns;
        if columns.has(TOTAL) {
            self.total.push(Some(owed.total));
        }
        if columns.has(PAYABLE) {
            self.payable.push(Some(owed.payable));
        }
        if columns.has(FEES) {
            self.fees.push(Some(owed.fees));
        }
        if columns.has(RATE) {
            self.rate.push(owed.rate());
        }
        if columns.has(COMPONENTS) {
            self.components.push_with(|out| owed.components(out));
        }
        if columns.has(HEADINGS) {
            self.headings.push(&owed);
        }
        if columns.has(NEEDS) {
            self.needs.push_with(|out| owed.needs(out));
        }
        if columns.has(ERROR) {
            self.error.push(b"");
        }
    }

    /// Adds what is wrong with the row.
    pub(super) fn fault(&mut self, what: &dyn Display) {
        self.summary.rows += 1;
        self.summary.errors += 1;
        let columns = self.columns;
        let amounts = [
            (TOTAL, &mut self.total),
            (PAYABLE, &mut self.payable),
            (FEES, &mut self.fees),
        ];
        for (place, amounts) in amounts {
            if columns.has(place) {
                amounts.push(None);
            }
        }
        if columns.has(RATE) {
            self.rate.push(None);
        }
        for (place, texts) in [(COMPONENTS, &mut self.components), (NEEDS, &mut self.needs)] {
            if columns.has(place) {
                texts.push(b"");
            }
        }
        if columns.has(HEADINGS) {
            self.headings.push_none();
        }
        if columns.has(ERROR) {
            self.error.push_with(|out| {
                // Memory takes whatever is written.
                let _ = write!(out, "{what}");
            });
        }
    }

    /// Adds what a row states that nothing asks about.
    pub(super) fn unasked(&mut self, unasked: Vec<Unasked>) {
        for unasked in unasked {
            self.summary.note(unasked);
        }
    }

    /// What was done.
    pub fn summary(&self) -> Summary {
        self.summary.clone()
    }

    /// The columns that are asked for, in the order of [`COLUMNS`].
    pub fn into_columns(self) -> Vec<Answers> {
        let columns = self.columns;
        let all = [
            Answers::Texts(self.id),
            Answers::Amounts(self.total),
            Answers::Amounts(self.payable),
            Answers::Amounts(self.fees),
            Answers::Reals(self.rate),
            Answers::Texts(self.components),
            Answers::Coded(self.headings.cells),
            Answers::Texts(self.needs),
            Answers::Texts(self.error),
        ];
        let places = all.into_iter().enumerate();
        places
            .filter_map(|(place, answers)| columns.has(place).then_some(answers))
            .collect()
    }
}
