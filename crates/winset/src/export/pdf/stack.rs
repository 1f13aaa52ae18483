//! Lines one below the other, as high as they are, that can be cut at a page's end.

use super::line::{Line, Shaped};
use super::paper::{Element, Mark, Paper};
use super::style::Type;
use crate::document::{Style, Text};

/// A line in a stack.
struct Set {
    line: Line,
    indent: f32,
    size: f32,
    leading: f32,
}

/// Lines one below the other.
#[derive(Default)]
pub(super) struct Stack(Vec<Set>);

/// Shapes a text.
pub(super) fn shaped(text: &Text, kind: Type) -> Shaped {
    Shaped::new(
        text.0
            .iter()
            .map(|run| (run.text.as_str(), kind.ink(run.style))),
    )
}

impl Stack {
    /// A text in lines of a width.
    pub(super) fn of(text: &Text, kind: Type, width: f32) -> Self {
        let mut out = Self::default();
        out.push(&shaped(text, kind), kind, width);
        out
    }

    /// Adds shaped text below.
    pub(super) fn push(&mut self, text: &Shaped, kind: Type, width: f32) {
        self.0.extend(text.lines(width).into_iter().map(|line| Set {
            line,
            indent: 0.0,
            size: kind.size,
            leading: kind.leading,
        }));
    }

    /// Adds a text behind a sign in its own type, such as the number of an item.
    pub(super) fn hang(
        &mut self,
        (sign, sign_kind): (&str, Type),
        text: &Text,
        kind: Type,
        indent: f32,
        width: f32,
    ) {
        let first = self.0.len();
        self.push(&shaped(text, kind), kind, width - indent);
        for set in &mut self.0[first..] {
            set.indent = indent;
        }
        let signs = Shaped::new([(sign, sign_kind.ink(Style::Plain))]).lines(indent);
        if let (Some(set), Some(sign)) = (self.0.get_mut(first), signs.into_iter().next()) {
            for span in &mut set.line.spans {
                span.x += indent;
            }
            set.line.width += indent;
            set.indent = 0.0;
            set.line.spans.splice(0..0, sign.spans);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn height(&self) -> f32 {
        self.0.iter().map(|set| set.leading).sum()
    }

    /// Height of its first lines.
    fn first(&self, lines: usize) -> f32 {
        self.0.iter().take(lines).map(|set| set.leading).sum()
    }

    /// Cuts off the lines that fit into a height, at least one so that there is an end.
    pub(super) fn cut(&mut self, height: f32) -> Self {
        let mut left = height;
        let fit = self.0.iter().take_while(|set| {
            left -= set.leading;
            left >= 0.0
        });
        let count = fit.count().clamp(1.min(self.0.len()), self.0.len());
        let rest = self.0.split_off(count);
        Self(std::mem::replace(&mut self.0, rest))
    }

    /// Draws it on the page with its top left corner at a point; to the right if `right` is its right end.
    pub(super) fn draw(
        self,
        paper: &mut Paper,
        element: Element,
        [x, y]: [f32; 2],
        right: Option<f32>,
    ) {
        let mut y = y;
        for Set {
            line,
            indent,
            size,
            leading,
        } in self.0
        {
            let x = right.map_or(x + indent, |right| right - line.width);
            // The baseline that centres capitals in their leading.
            let baseline = y + 0.5 * (leading - size) + 0.86 * size;
            if !line.spans.is_empty() {
                let mark = Mark::Text {
                    x,
                    y: baseline,
                    line,
                };
                paper.mark(element, mark);
            }
            y += leading;
        }
    }

    /// Draws it at the cursor, over as many pages as it needs; two lines are never alone.
    pub(super) fn flow(mut self, paper: &mut Paper, element: Element) {
        let lines = self.0.len();
        paper.need(self.first(if lines <= 3 { lines } else { 2 }));
        while !self.is_empty() {
            if self.first(1) > paper.room() {
                paper.turn();
            }
            let part = self.cut(paper.room());
            let height = part.height();
            let at = [paper.left, paper.y];
            part.draw(paper, element, at, None);
            paper.y += height;
        }
    }
}
