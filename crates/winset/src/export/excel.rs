//! The tables as a workbook: a sheet a table, numbers as numbers, ready to be filtered.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
};

use super::ExportError;
use super::tables::{Column, Kind, Table, Value};
use crate::brief::Brief;

/// Widest column, in characters; longer texts wrap.
const WIDEST: usize = 60;

/// How numbers of a kind are shown; their full precision stays in the cell.
fn shown(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Flag => "General",
        Kind::Date => "yyyy-mm-dd",
        Kind::Whole => "0",
        Kind::Number => "#,##0.####",
        Kind::Billions | Kind::Dollars => "#,##0.00",
        Kind::Millions => "#,##0.0",
        Kind::Fraction => "0.0%",
        Kind::Percent => "0.00",
    }
}

/// The name of a column with its unit; a fraction is shown as per cent, which says its unit itself.
fn heading(column: &Column) -> String {
    match column.kind {
        Kind::Fraction => column.name.replace('_', " "),
        kind if kind.unit().is_empty() => column.name.replace('_', " "),
        kind => format!("{}, {}", column.name.replace('_', " "), kind.unit()),
    }
}

fn width(table: &Table, place: usize) -> usize {
    let cells = table.rows.iter().map(|row| match &row[place] {
        Value::Text(text) => text
            .chars()
            .map(|c| if c < '\u{2e80}' { 1 } else { 2 })
            .sum(),
        _ => 10,
    });
    let heading = heading(&table.columns[place]).chars().count() + 3;
    cells.max().unwrap_or(0).max(heading).min(WIDEST)
}

fn sheet(table: &Table) -> Result<Worksheet, ExportError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(table.name)?;
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border_bottom(FormatBorder::Thin);
    for (place, column) in table.columns.iter().enumerate() {
        let at = place as u16;
        let cells = Format::new()
            .set_num_format(shown(column.kind))
            .set_align(FormatAlign::Top);
        let cells = match column.kind {
            Kind::Text => cells.set_text_wrap(),
            _ => cells,
        };
        sheet.write_with_format(0, at, heading(column), &head)?;
        sheet.set_column_width(at, width(table, place) as f64)?;
        for (row, values) in (1u32..).zip(&table.rows) {
            match &values[place] {
                Value::Missing => continue,
                Value::Text(text) if column.kind == Kind::Date => {
                    match ExcelDateTime::parse_from_str(text) {
                        Ok(day) => sheet.write_with_format(row, at, day, &cells)?,
                        Err(_) => sheet.write_with_format(row, at, text, &cells)?,
                    }
                }
                Value::Text(text) => sheet.write_with_format(row, at, text, &cells)?,
                Value::Whole(number) => sheet.write_with_format(row, at, *number as f64, &cells)?,
                Value::Number(number) => sheet.write_with_format(row, at, *number, &cells)?,
                Value::Flag(flag) => sheet.write_with_format(row, at, *flag, &cells)?,
            };
        }
    }
    let (rows, columns) = (table.rows.len() as u32, table.columns.len() as u16);
    sheet.autofilter(0, 0, rows, columns.saturating_sub(1))?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_paper_size(9); // A4
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(sheet)
}

/// The workbook; the same brief gives the same bytes.
pub(super) fn write(brief: &Brief, tables: &[Table]) -> Result<Vec<u8>, ExportError> {
    let mut book = Workbook::new();
    let mut about = DocProperties::new()
        .set_title(&brief.title)
        .set_comment(brief.language.of(
            format!(
                "Law and statements as published by {}. Computed from {}.",
                brief.as_of, brief.dossier
            ),
            format!(
                "{}までに公布・公表された法令と発言。{}から計算。",
                brief.language.day(&brief.as_of),
                brief.dossier
            ),
        ));
    if let Ok(day) = ExcelDateTime::parse_from_str(&brief.as_of) {
        about = about.set_creation_datetime(&day);
    }
    book.set_properties(&about);
    for table in tables {
        book.push_worksheet(sheet(table)?);
    }
    Ok(book.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_names_its_unit() {
        let column = |name, kind| heading(&Column { name, kind });
        assert_eq!(
            column("real_income_ours", Kind::Billions),
            "real income ours, bn USD"
        );
        assert_eq!(column("rate_after", Kind::Fraction), "rate after");
    }
}
