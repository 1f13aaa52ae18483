//! A document as one self-contained HTML file: readable in any browser, printable, no script needed.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::document::{Block, Cell, Document, Lines, Row, Style, Table, Text, Tone};

const STYLE: &str = include_str!("page.css");

fn text(text: &Text) -> Markup {
    html! {
        @for run in &text.0 {
            @match run.style {
                Style::Plain => (run.text),
                Style::Strong => strong { (run.text) },
                Style::Emphasis => em { (run.text) },
                Style::Code => code { (run.text) },
            }
        }
    }
}

fn class(number: bool, tone: Tone) -> Option<&'static str> {
    match (number, tone) {
        (true, Tone::Even) => Some("num"),
        (true, Tone::Good) => Some("num up"),
        (true, Tone::Bad) => Some("num down"),
        (false, Tone::Even) => None,
        (false, Tone::Good) => Some("up"),
        (false, Tone::Bad) => Some("down"),
    }
}

fn cell(c: &Cell, number: bool) -> Markup {
    let columns = (c.also_covers > 0).then_some(1 + c.also_covers);
    html! {
        td class=[class(number, c.tone)] colspan=[columns] {
            (text(&c.text))
            @for (tone, note) in &c.notes { span class=(if *tone == Tone::Bad { "sub warn" } else { "sub" }) { (note) } }
        }
    }
}

fn row(r: &Row, table: &Table) -> Markup {
    match r {
        Row::Group(title) => html! { tr.group { th colspan=(table.columns.len()) { (title) } } },
        Row::Cells(cells) => {
            let mut column = 0;
            let cells = cells.iter().map(|c| {
                let number = table.columns.get(column).is_some_and(|c| c.numbers);
                column += 1 + c.also_covers;
                cell(c, number)
            });
            html! { tr { @for c in cells { (c) } } }
        }
    }
}

fn table(t: &Table) -> Markup {
    html! {
        table {
            @if let Some(caption) = &t.caption { caption { (caption) } }
            @if t.has_head() {
                thead { tr { @for c in &t.columns { th class=[class(c.numbers, Tone::Even)] { (c.title) } } } }
            }
            tbody { @for r in &t.rows { (row(r, t)) } }
        }
    }
}

fn lines(l: &Lines) -> Markup {
    html! {
        div.lines {
            div.line.head { @for c in &l.columns { span class=[class(c.numbers, Tone::Even)] { (c.title) } } }
            @for (cells, opened) in &l.rows {
                details {
                    summary.line {
                        @for (c, column) in cells.iter().zip(&l.columns) { span class=[class(column.numbers, Tone::Even)] { (text(c)) } }
                    }
                    div.trace {
                        @for inner in opened {
                            @if let Block::Table(t) = inner { (table(t)) } @else { (block(inner)) }
                        }
                    }
                }
            }
        }
    }
}

fn block(b: &Block) -> Markup {
    match b {
        Block::Heading(title) => html! { h3 { (title) } },
        Block::Paragraph(t) => html! { p { (text(t)) } },
        Block::Note(t) => html! { p.note { (text(t)) } },
        Block::Warning(t) => html! { p.warn { (text(t)) } },
        Block::List(items) => html! { ul { @for item in items { li { (text(item)) } } } },
        Block::Table(t) => html! { div.wide { (table(t)) } },
        Block::Lines(l) => lines(l),
        Block::Figure(f) => {
            html! { figure { (PreEscaped(&f.svg)) figcaption { (f.caption) } } }
        }
        Block::Card(title, inner) => html! {
            article.card { h3 { (title) } @for b in inner { (block(b)) } }
        },
        Block::Columns(columns) => html! {
            div.two {
                @for (title, items) in columns {
                    div { h4 { (title) } ul { @for item in items { li { (text(item)) } } } }
                }
            }
        },
        Block::Fold(title, inner) => html! {
            details { summary { (title) } @for b in inner { (block(b)) } }
        },
    }
}

/// The page.
pub(super) fn page(d: &Document) -> String {
    html! {
        (DOCTYPE)
        html lang=(d.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (d.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.kicker { (d.kicker) }
                    h1 { (d.title) }
                    ol.answer { @for s in &d.answer { li { (s) } } }
                    nav { @for (i, s) in d.sections.iter().enumerate() { a href={ "#" (s.id) } { (i + 1) " " (s.title) } } }
                }
                main {
                    @for (i, s) in d.sections.iter().enumerate() {
                        section id=(s.id) {
                            h2 { span.no { (i + 1) } (s.title) }
                            @for b in &s.blocks { (block(b)) }
                        }
                    }
                }
                footer { p { (d.footer) } }
            }
        }
    }
    .into_string()
}
