//! Tables: widths from what the cells hold, rows that stay whole, the head again on every page.

use super::paper::{Paper, RIGHT, Role};
use super::stack::{Stack, shaped};
use super::style::{CAPTION, CELL, CELL_NOTE, GROUP, HAIR, HEAD, SOFT};
use crate::document::{Cell, Row, Table, Text};

/// Between two columns.
const GAP: f32 = 9.0;
/// Above and below a row.
const PAD: f32 = 2.4;

/// Least and best width of every column: the longest word, everything on one line.
fn wishes(t: &Table) -> Vec<[f32; 2]> {
    let mut out: Vec<[f32; 2]> = t
        .columns
        .iter()
        .map(|column| {
            let head = shaped(&column.title.as_str().into(), HEAD);
            // A head of many words may take several lines.
            [
                head.longest_word(),
                head.width().min(40.0).max(head.longest_word()),
            ]
        })
        .collect();
    let mut wish = |place: usize, text: &Text, kind, whole: bool| {
        let text = shaped(text, kind);
        let [least, best] = &mut out[place];
        *best = best.max(text.width());
        *least = least.max(if whole {
            text.width()
        } else {
            text.longest_word()
        });
    };
    for row in &t.rows {
        let Row::Cells(cells) = row else { continue };
        let mut place = 0;
        for cell in cells {
            if place >= t.columns.len() {
                break;
            }
            if cell.also_covers == 0 {
                wish(place, &cell.text, CELL, t.columns[place].numbers);
                for (_, note) in &cell.notes {
                    wish(place, &note.as_str().into(), CELL_NOTE, false);
                }
            }
            place += 1 + cell.also_covers;
        }
    }
    out
}

/// Widths that fill the width given: what is left beyond the least goes to all alike, until each has its best, so
/// that one long text does not starve short ones.
fn widths(t: &Table, width: f32) -> Vec<f32> {
    let wishes = wishes(t);
    let room = width - GAP * (wishes.len().saturating_sub(1)) as f32;
    let sum = |k: usize| wishes.iter().map(|w| w[k]).sum::<f32>();
    let (least, best) = (sum(0), sum(1));
    if best <= room {
        let more = (room - best) / best.max(1.0);
        return wishes.iter().map(|[_, high]| high * (1.0 + more)).collect();
    }
    if least > room {
        return wishes.iter().map(|[low, _]| low * room / least).collect();
    }
    let mut out: Vec<f32> = wishes.iter().map(|w| w[0]).collect();
    let mut left = room - least;
    while left > 0.01 {
        let wanting = |k: &usize| wishes[*k][1] - out[*k] > 0.001;
        let open: Vec<usize> = (0..out.len()).filter(wanting).collect();
        if open.is_empty() {
            break;
        }
        let share = left / open.len() as f32;
        for k in open {
            let more = share.min(wishes[k][1] - out[k]);
            out[k] += more;
            left -= more;
        }
    }
    out
}

/// A cell that is set: where it stands and what it says.
struct Placed {
    left: f32,
    right: f32,
    numbers: bool,
    stack: Stack,
}

fn place(t: &Table, widths: &[f32], cells: &[Cell], left: f32) -> Vec<Placed> {
    let mut out = Vec::new();
    let (mut column, mut x) = (0, left);
    for cell in cells {
        let last = (column + cell.also_covers).min(widths.len().saturating_sub(1));
        let Some(covered) = widths.get(column..=last) else {
            break;
        };
        let width = covered.iter().sum::<f32>() + GAP * (covered.len() - 1) as f32;
        let kind = CELL.toned(cell.tone);
        let mut stack = Stack::of(&cell.text, kind, width);
        for (tone, note) in &cell.notes {
            let kind = CELL_NOTE.toned(*tone);
            stack.push(&shaped(&note.as_str().into(), kind), kind, width);
        }
        out.push(Placed {
            left: x,
            right: x + width,
            numbers: t.columns[column].numbers,
            stack,
        });
        column = last + 1;
        x += width + GAP;
    }
    out
}

fn head(paper: &mut Paper, t: &Table, widths: &[f32]) {
    let mut x = paper.left;
    let stacks: Vec<Stack> = t
        .columns
        .iter()
        .zip(widths)
        .map(|(column, width)| Stack::of(&column.title.as_str().into(), HEAD, *width))
        .collect();
    let height = stacks.iter().map(Stack::height).fold(0.0, f32::max);
    paper.within(Role::Row, |paper| {
        for ((stack, width), column) in stacks.into_iter().zip(widths).zip(&t.columns) {
            let element = paper.element(Role::Head);
            // Heads stand on the line below them.
            let top = paper.y + height - stack.height();
            stack.draw(
                paper,
                element,
                [x, top],
                column.numbers.then_some(x + width),
            );
            x += width + GAP;
        }
    });
    paper.y += height + PAD;
    paper.rule(0.7, SOFT);
    paper.y += PAD;
}

fn height(cells: &[Placed]) -> f32 {
    cells.iter().map(|c| c.stack.height()).fold(0.0, f32::max)
}

/// A row at the cursor; one that is higher than a page is cut.
pub(super) fn row(paper: &mut Paper, t: &Table, widths: &[f32], cells: &[Cell], lined: bool) {
    let mut cells = place(t, widths, cells, paper.left);
    if height(&cells) + 2.0 * PAD > paper.room() {
        paper.turn();
        if t.has_head() {
            head(paper, t, widths);
        }
    }
    paper.within(Role::Row, |paper| {
        let elements: Vec<_> = cells.iter().map(|_| paper.element(Role::Cell)).collect();
        loop {
            let room = paper.room() - PAD;
            let mut drawn: f32 = 0.0;
            for (cell, element) in cells.iter_mut().zip(&elements) {
                let part = cell.stack.cut(room);
                drawn = drawn.max(part.height());
                let at = [cell.left, paper.y];
                part.draw(paper, *element, at, cell.numbers.then_some(cell.right));
            }
            paper.y += drawn + PAD;
            if cells.iter().all(|c| c.stack.is_empty()) {
                break;
            }
            paper.turn();
        }
    });
    if lined {
        paper.rule(0.4, HAIR);
    }
    paper.y += PAD;
}

fn group(paper: &mut Paper, t: &Table, title: &str) {
    paper.need(3.0 * GROUP.leading);
    paper.space(4.0);
    let stack = Stack::of(&title.into(), GROUP, paper.width());
    paper.within(Role::Row, |paper| {
        let element = paper.element(Role::Cell);
        stack.flow(paper, element);
    });
    paper.y += PAD;
    if !t.columns.is_empty() {
        paper.rule(0.5, SOFT);
    }
    paper.y += PAD;
}

/// A table at the cursor.
pub(super) fn table(paper: &mut Paper, t: &Table) {
    if t.rows.is_empty() {
        return;
    }
    let widths = widths(t, RIGHT - paper.left);
    paper.space(7.0);
    // Caption, head and some rows stay together.
    paper.need(95.0);
    if let Some(caption) = &t.caption {
        let element = paper.element(Role::Paragraph);
        Stack::of(&caption.as_str().into(), CAPTION, paper.width()).flow(paper, element);
        paper.y += 2.0;
    }
    paper.within(Role::Table, |paper| {
        if t.has_head() {
            head(paper, t, &widths);
        }
        for r in &t.rows {
            match r {
                Row::Group(title) => group(paper, t, title),
                Row::Cells(cells) => row(paper, t, &widths, cells, true),
            }
        }
    });
    paper.y += 8.0;
}
