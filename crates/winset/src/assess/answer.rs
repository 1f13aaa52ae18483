//! The rows of the answer, column by column.

use std::fmt::Display;
use std::io::Write as _;

use rust_decimal::Decimal;
use winset_io::stream::{Answers, Cell, Coded, Kind, Texts, push_decimal};
use winset_law::{LawError, Owed, Unasked};

use super::Summary;
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

/// The answers on a batch.
#[derive(Default)]
pub struct Answer {
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
    /// With nothing in it, in the memory of earlier columns, if they are those of an answer.
    pub fn reusing(columns: Vec<Answers>) -> Self {
        let mut answer = Self::default();
        let texts = |texts: &mut Texts, column: Option<Answers>| {
            if let Some(Answers::Texts(mut old)) = column {
                old.clear();
                *texts = old;
            }
        };
        let amounts = |amounts: &mut Vec<_>, column: Option<Answers>| {
            if let Some(Answers::Amounts(mut old)) = column {
                old.clear();
                *amounts = old;
            }
        };
        let mut columns = columns.into_iter();
        texts(&mut answer.id, columns.next());
        amounts(&mut answer.total, columns.next());
        amounts(&mut answer.payable, columns.next());
        amounts(&mut answer.fees, columns.next());
        if let Some(Answers::Reals(mut old)) = columns.next() {
            old.clear();
            answer.rate = old;
        }
        texts(&mut answer.components, columns.next());
        if let Some(Answers::Coded(mut old)) = columns.next() {
            old.clear();
            answer.headings.cells = old;
        }
        texts(&mut answer.needs, columns.next());
        texts(&mut answer.error, columns.next());
        answer
    }

    /// Takes over the name of a row; the number of the row where there is none.
    pub(super) fn id(&mut self, rows: &impl Input, row: usize) {
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
        self.total.push(Some(owed.total));
        self.payable.push(Some(owed.payable));
        self.fees.push(Some(owed.fees));
        self.rate.push(owed.rate());
        self.components.push_with(|out| owed.components(out));
        self.headings.push(&owed);
        self.needs.push_with(|out| owed.needs(out));
        self.error.push(b"");
    }

    /// Adds what is wrong with the row.
    pub(super) fn fault(&mut self, what: &dyn Display) {
        for amounts in [&mut self.total, &mut self.payable, &mut self.fees] {
            amounts.push(None);
        }
        self.rate.push(None);
        self.headings.push_none();
        self.components.push(b"");
        self.needs.push(b"");
        self.error.push_with(|out| {
            // Memory takes whatever is written.
            let _ = write!(out, "{what}");
        });
        self.summary.errors += 1;
    }

    /// Adds what a row states that nothing asks about.
    pub(super) fn unasked(&mut self, unasked: Vec<Unasked>) {
        for unasked in unasked {
            self.summary.note(unasked);
        }
    }

    /// What was done.
    pub fn summary(&self) -> Summary {
        Summary {
            rows: self.total.len() as u64,
            ..self.summary.clone()
        }
    }

    /// The columns, in the order of [`COLUMNS`].
    pub fn into_columns(self) -> Vec<Answers> {
        vec![
            Answers::Texts(self.id),
            Answers::Amounts(self.total),
            Answers::Amounts(self.payable),
            Answers::Amounts(self.fees),
            Answers::Reals(self.rate),
            Answers::Texts(self.components),
            Answers::Coded(self.headings.cells),
            Answers::Texts(self.needs),
            Answers::Texts(self.error),
        ]
    }
}
