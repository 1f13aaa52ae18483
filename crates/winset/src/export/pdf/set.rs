//! Blocks onto paper.

use super::super::ExportError;
use super::super::font;
use super::paper::{Entry, Mark, Paper, Role};
use super::stack::Stack;
use super::style::{
    ANSWER, BLUE, BODY, HEADING, INK, KICKER, NOTE, NUMBER, SECTION, SMALL_HEADING, TITLE, Type,
    WARNING,
};
use super::table::{row, table};
use crate::document::{Block, Cell, Document, Figure, Lines, Row, Table, Text, numbers, words};

/// What a screen folds away, kept for the end: titles, blocks. What several titles fold away alike is set once.
#[derive(Default)]
struct Annex<'a>(Vec<(Vec<String>, &'a [Block])>);

impl<'a> Annex<'a> {
    fn add(&mut self, title: String, blocks: &'a [Block]) {
        match self.0.iter_mut().find(|(_, other)| *other == blocks) {
            Some((titles, _)) => titles.push(title),
            None => self.0.push((vec![title], blocks)),
        }
    }
}

fn paragraph(paper: &mut Paper, text: &Text, kind: Type) {
    let element = paper.element(Role::Paragraph);
    Stack::of(text, kind, paper.width()).flow(paper, element);
    paper.y += 0.45 * kind.leading;
}

fn heading(paper: &mut Paper, level: u16, title: &str, kind: Type) {
    paper.space(kind.leading * 0.8);
    // Room for a paragraph and the head of the table that follows it.
    paper.need(kind.leading + 120.0);
    paper.outline.push(Entry {
        level,
        title: title.to_owned(),
        page: paper.page(),
        y: paper.y,
    });
    let element = paper.element(Role::Heading(level, title.to_owned()));
    Stack::of(&title.into(), kind, paper.width()).flow(paper, element);
    paper.y += 0.3 * kind.leading;
}

fn list<'a>(
    paper: &mut Paper,
    items: impl Iterator<Item = (String, &'a Text)>,
    kind: Type,
    indent: f32,
) {
    paper.within(Role::List, |paper| {
        for (sign, item) in items {
            let mut stack = Stack::default();
            stack.hang((&sign, kind), item, kind, indent, paper.width());
            let element = paper.element(Role::Item);
            stack.flow(paper, element);
            paper.y += 0.25 * kind.leading;
        }
    });
    paper.y += 0.2 * kind.leading;
}

fn bullets(paper: &mut Paper, items: &[Text]) {
    list(
        paper,
        items.iter().map(|item| ("•".to_owned(), item)),
        BODY,
        10.0,
    );
}

fn figure(paper: &mut Paper, f: &Figure) -> Result<(), ExportError> {
    let drawing = font::drawing(&f.svg).map_err(|error| ExportError::Chart {
        chart: f.name,
        why: error.to_string(),
    })?;
    let (width, natural) = (paper.width(), drawing.size());
    let height = (width * natural.height() / natural.width()).min(Paper::whole() - 60.0);
    let width = height * natural.width() / natural.height();
    paper.space(6.0);
    paper.need(height + 3.0 * NOTE.leading);
    let element = paper.element(Role::Figure(f.alt.clone()));
    let (x, y) = (paper.left, paper.y);
    paper.mark(
        element,
        Mark::Chart {
            x,
            y,
            size: [width, height],
            drawing: Box::new(drawing),
        },
    );
    paper.y += height + 3.0;
    paragraph(paper, &f.caption.as_str().into(), NOTE);
    paper.y += 4.0;
    Ok(())
}

/// Lists side by side.
fn columns(paper: &mut Paper, lists: &[(String, Vec<Text>)]) {
    let gap = 14.0;
    let count = lists.len().max(1) as f32;
    let width = (paper.width() - gap * (count - 1.0)) / count;
    let stacks: Vec<Stack> = lists
        .iter()
        .map(|(title, items)| {
            let mut stack = Stack::of(&title.as_str().into(), SMALL_HEADING, width);
            for item in items {
                stack.hang(("•", BODY), item, BODY, 10.0, width);
            }
            stack
        })
        .collect();
    let height = stacks.iter().map(Stack::height).fold(0.0, f32::max);
    paper.need(height.min(Paper::whole()));
    let mut x = paper.left;
    for stack in stacks {
        let element = paper.element(Role::Paragraph);
        let at = [x, paper.y];
        stack.draw(paper, element, at, None);
        x += width + gap;
    }
    paper.y += height + 4.0;
}

fn lines<'a>(paper: &mut Paper, l: &'a Lines, annex: &mut Annex<'a>) {
    let rows = l.rows.iter().map(|(cells, _)| {
        let cells = cells.iter().cloned().map(|text| Cell {
            text,
            ..Cell::default()
        });
        Row::Cells(cells.collect())
    });
    table(
        paper,
        &Table {
            caption: None,
            columns: l.columns.clone(),
            rows: rows.collect(),
        },
    );
    for (cells, opened) in &l.rows {
        let title = cells.first().map_or_else(String::new, Text::plain);
        annex.add(title, opened);
    }
}

fn block<'a>(paper: &mut Paper, b: &'a Block, annex: &mut Annex<'a>) -> Result<(), ExportError> {
    match b {
        Block::Heading(title) => heading(paper, 2, title, HEADING),
        Block::Paragraph(text) => paragraph(paper, text, BODY),
        Block::Note(text) => paragraph(paper, text, NOTE),
        Block::Warning(text) => paragraph(paper, text, WARNING),
        Block::List(items) => bullets(paper, items),
        Block::Table(t) => table(paper, t),
        Block::Lines(l) => lines(paper, l, annex),
        Block::Figure(f) => figure(paper, f)?,
        Block::Columns(lists) => columns(paper, lists),
        Block::Card(title, inner) => {
            paper.space(8.0);
            paper.need(160.0);
            let start = (paper.page(), paper.y);
            let left = paper.left;
            paper.left += 12.0;
            heading(paper, 2, title, HEADING);
            for b in inner {
                block(paper, b, annex)?;
            }
            paper.left = left;
            paper.side_rule(start, left + 2.0, BLUE);
            paper.y += 6.0;
        }
        Block::Fold(title, inner) => annex.add(title.clone(), inner),
    }
    Ok(())
}

/// Title, answer and contents.
fn front(paper: &mut Paper, d: &Document) {
    let element = paper.element(Role::Paragraph);
    Stack::of(&d.kicker.as_str().into(), KICKER, paper.width()).flow(paper, element);
    paper.y += 6.0;
    let element = paper.element(Role::Title);
    Stack::of(&d.title.as_str().into(), TITLE, paper.width()).flow(paper, element);
    paper.y += 8.0;
    paper.rule(1.4, INK);
    paper.y += 12.0;
    let answer: Vec<Text> = d.answer.iter().map(|s| s.as_str().into()).collect();
    let numbered = answer
        .iter()
        .enumerate()
        .map(|(k, s)| (format!("{}.", k + 1), s));
    list(paper, numbered, ANSWER, 18.0);
}

/// The sections with their pages, as a table below the answer.
fn contents(paper: &mut Paper, d: &Document, pages: &[usize]) {
    paper.space(10.0);
    let titles = d
        .sections
        .iter()
        .enumerate()
        .map(|(k, s)| format!("{}   {}", k + 1, s.title));
    let rows: Vec<[String; 2]> = titles
        .chain([annex_title(d).to_owned()])
        .zip(pages)
        .map(|(title, page)| [title, (page + 1).to_string()])
        .collect();
    let t = Table::new([words(""), numbers("")]);
    let widths = [paper.width() * 0.5, 30.0];
    paper.within(Role::Table, |paper| {
        for [title, page] in rows {
            row(paper, &t, &widths, &[title.into(), page.into()], false);
        }
    });
}

fn annex_title(d: &Document) -> &'static str {
    d.language.of("Annex", "付録")
}

fn section_title(paper: &mut Paper, number: &str, title: &str) {
    paper.space(20.0);
    paper.need(130.0);
    paper.outline.push(Entry {
        level: 1,
        title: if number.is_empty() {
            title.to_owned()
        } else {
            format!("{number} {title}")
        },
        page: paper.page(),
        y: paper.y,
    });
    paper.rule(0.8, INK);
    paper.y += 7.0;
    let element = paper.element(Role::Heading(1, title.to_owned()));
    let indent = if number.is_empty() { 0.0 } else { 20.0 };
    let mut stack = Stack::default();
    stack.hang(
        (number, NUMBER),
        &title.into(),
        SECTION,
        indent,
        paper.width(),
    );
    stack.flow(paper, element);
    paper.y += 6.0;
}

/// The whole document; `pages` are those on which the sections begin, as far as they are known.
fn all(d: &Document, pages: &[usize]) -> Result<(Paper, Vec<usize>), ExportError> {
    let mut paper = Paper::new();
    front(&mut paper, d);
    contents(&mut paper, d, pages);
    paper.turn();
    let mut annex = Annex::default();
    let mut begins = Vec::new();
    for (k, section) in d.sections.iter().enumerate() {
        section_title(&mut paper, &(k + 1).to_string(), &section.title);
        begins.push(paper.page());
        for b in &section.blocks {
            block(&mut paper, b, &mut annex)?;
        }
    }
    if !annex.0.is_empty() {
        paper.turn();
        section_title(&mut paper, "", annex_title(d));
        begins.push(paper.page());
    }
    // What is folded away may fold away more: that comes behind it.
    let mut next = 0;
    while let Some((titles, blocks)) = annex.0.get(next).cloned() {
        heading(
            &mut paper,
            2,
            &titles.join(d.language.of("; ", "　")),
            HEADING,
        );
        for b in blocks {
            block(&mut paper, b, &mut annex)?;
        }
        next += 1;
    }
    paper.space(10.0);
    paragraph(&mut paper, &d.footer.as_str().into(), NOTE);
    Ok((paper, begins))
}

/// Sets a document: once to find the pages of its sections, once with them in the contents.
pub(super) fn document(d: &Document) -> Result<Paper, ExportError> {
    let guess = vec![0; d.sections.len() + 1];
    let (_, pages) = all(d, &guess)?;
    Ok(all(d, &pages)?.0)
}
